//! Arrow builders in the shape of a schema, into which the decoder pushes.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BinaryBuilder, BooleanBuilder, Date32Builder, Decimal128Builder, Decimal256Builder, Float32Builder,
    Float64Builder, Int32Builder, Int64Builder, IntervalMonthDayNanoBuilder, ListArray, MapArray, StringBuilder,
    StructArray, Time64MicrosecondBuilder, TimestampMicrosecondBuilder,
};
use arrow::buffer::{NullBuffer, OffsetBuffer};
use arrow::datatypes::{DataType, FieldRef, Fields, TimeUnit};
use arrow::error::ArrowError;

use super::Fault;

/// The column being built of one schema node.
#[derive(Debug)]
pub enum Sink {
    Boolean(BooleanBuilder),
    Int32(Int32Builder),
    Int64(Int64Builder),
    Float32(Float32Builder),
    Float64(Float64Builder),
    Date(Date32Builder),
    Time(Time64MicrosecondBuilder),
    Micros(TimestampMicrosecondBuilder),
    Decimal128(Decimal128Builder),
    Decimal256(Decimal256Builder),
    Interval(IntervalMonthDayNanoBuilder),
    Text(StringBuilder),
    Bytes(BinaryBuilder),
    List(Box<ListSink>),
    Map(Box<MapSink>),
    Struct(StructSink),
}

#[derive(Debug)]
pub struct ListSink {
    field: FieldRef,
    offsets: Vec<i32>,
    valid: Vec<bool>,
    pub item: Sink,
}

#[derive(Debug)]
pub struct MapSink {
    entries: FieldRef,
    offsets: Vec<i32>,
    valid: Vec<bool>,
    pub key: StringBuilder,
    pub value: Sink,
}

#[derive(Debug)]
pub struct StructSink {
    fields: Fields,
    valid: Vec<bool>,
    pub children: Vec<Sink>,
}

impl Sink {
    /// An empty column of a type that [`super::arrow_type`] makes.
    pub fn new(data_type: &DataType) -> Result<Self, Fault> {
        Ok(match data_type {
            DataType::Boolean => Self::Boolean(BooleanBuilder::new()),
            DataType::Int32 => Self::Int32(Int32Builder::new()),
            DataType::Int64 => Self::Int64(Int64Builder::new()),
            DataType::Float32 => Self::Float32(Float32Builder::new()),
            DataType::Float64 => Self::Float64(Float64Builder::new()),
            DataType::Date32 => Self::Date(Date32Builder::new()),
            DataType::Time64(TimeUnit::Microsecond) => Self::Time(Time64MicrosecondBuilder::new()),
            DataType::Timestamp(TimeUnit::Microsecond, _) => {
                Self::Micros(TimestampMicrosecondBuilder::new().with_data_type(data_type.clone()))
            }
            DataType::Decimal128(..) => Self::Decimal128(Decimal128Builder::new().with_data_type(data_type.clone())),
            DataType::Decimal256(..) => Self::Decimal256(Decimal256Builder::new().with_data_type(data_type.clone())),
            DataType::Interval(_) => Self::Interval(IntervalMonthDayNanoBuilder::new()),
            DataType::Utf8 => Self::Text(StringBuilder::new()),
            DataType::Binary => Self::Bytes(BinaryBuilder::new()),
            DataType::List(field) => Self::List(Box::new(ListSink {
                field: Arc::clone(field),
                offsets: vec![0],
                valid: Vec::new(),
                item: Self::new(field.data_type())?,
            })),
            DataType::Map(entries, false) => Self::Map(Box::new(MapSink::new(entries)?)),
            DataType::Struct(fields) => Self::Struct(StructSink {
                fields: fields.clone(),
                valid: Vec::new(),
                children: fields.iter().map(|field| Self::new(field.data_type())).collect::<Result<_, _>>()?,
            }),
            _ => return Err(Fault::Internal("no builder for a column type")),
        })
    }

    pub fn push_null(&mut self) {
        match self {
            Self::Boolean(b) => b.append_null(),
            Self::Int32(b) => b.append_null(),
            Self::Int64(b) => b.append_null(),
            Self::Float32(b) => b.append_null(),
            Self::Float64(b) => b.append_null(),
            Self::Date(b) => b.append_null(),
            Self::Time(b) => b.append_null(),
            Self::Micros(b) => b.append_null(),
            Self::Decimal128(b) => b.append_null(),
            Self::Decimal256(b) => b.append_null(),
            Self::Interval(b) => b.append_null(),
            Self::Text(b) => b.append_null(),
            Self::Bytes(b) => b.append_null(),
            Self::List(list) => {
                list.offsets.push(last(&list.offsets));
                list.valid.push(false);
            }
            Self::Map(map) => {
                map.offsets.push(last(&map.offsets));
                map.valid.push(false);
            }
            Self::Struct(s) => {
                s.children.iter_mut().for_each(Self::push_null);
                s.valid.push(false);
            }
        }
    }

    /// The finished column; the sink is empty again.
    pub fn finish(&mut self) -> Result<ArrayRef, ArrowError> {
        Ok(match self {
            Self::Boolean(b) => Arc::new(b.finish()),
            Self::Int32(b) => Arc::new(b.finish()),
            Self::Int64(b) => Arc::new(b.finish()),
            Self::Float32(b) => Arc::new(b.finish()),
            Self::Float64(b) => Arc::new(b.finish()),
            Self::Date(b) => Arc::new(b.finish()),
            Self::Time(b) => Arc::new(b.finish()),
            Self::Micros(b) => Arc::new(b.finish()),
            Self::Decimal128(b) => Arc::new(b.finish()),
            Self::Decimal256(b) => Arc::new(b.finish()),
            Self::Interval(b) => Arc::new(b.finish()),
            Self::Text(b) => Arc::new(b.finish()),
            Self::Bytes(b) => Arc::new(b.finish()),
            Self::List(list) => Arc::new(list.finish()?),
            Self::Map(map) => Arc::new(map.finish()?),
            Self::Struct(s) => Arc::new(s.finish()?),
        })
    }
}

impl ListSink {
    /// Ends one array of `count` items that were pushed.
    pub fn end(&mut self, count: usize) -> Result<(), Fault> {
        self.offsets.push(advance(&self.offsets, count)?);
        self.valid.push(true);
        Ok(())
    }

    fn finish(&mut self) -> Result<ListArray, ArrowError> {
        let offsets = offsets(&mut self.offsets);
        ListArray::try_new(Arc::clone(&self.field), offsets, self.item.finish()?, nulls(&mut self.valid))
    }
}

impl MapSink {
    fn new(entries: &FieldRef) -> Result<Self, Fault> {
        let DataType::Struct(fields) = entries.data_type() else {
            return Err(Fault::Internal("a map without entries"));
        };
        let [_, value] = fields.as_ref() else { return Err(Fault::Internal("a map without key and value")) };
        Ok(Self {
            entries: Arc::clone(entries),
            offsets: vec![0],
            valid: Vec::new(),
            key: StringBuilder::new(),
            value: Sink::new(value.data_type())?,
        })
    }

    /// Ends one map of `count` entries that were pushed.
    pub fn end(&mut self, count: usize) -> Result<(), Fault> {
        self.offsets.push(advance(&self.offsets, count)?);
        self.valid.push(true);
        Ok(())
    }

    fn finish(&mut self) -> Result<MapArray, ArrowError> {
        let DataType::Struct(fields) = self.entries.data_type() else {
            return Err(ArrowError::SchemaError("a map without entries".to_owned()));
        };
        let columns = vec![Arc::new(self.key.finish()) as ArrayRef, self.value.finish()?];
        let entries = StructArray::try_new(fields.clone(), columns, None)?;
        let offsets = offsets(&mut self.offsets);
        MapArray::try_new(Arc::clone(&self.entries), offsets, entries, nulls(&mut self.valid), false)
    }
}

impl StructSink {
    /// Ends one record whose fields were pushed.
    pub fn end(&mut self) {
        self.valid.push(true);
    }

    fn finish(&mut self) -> Result<StructArray, ArrowError> {
        let (length, nulls) = (self.valid.len(), nulls(&mut self.valid));
        if self.children.is_empty() {
            return Ok(StructArray::new_empty_fields(length, nulls));
        }
        let columns = self.children.iter_mut().map(Sink::finish).collect::<Result<_, _>>()?;
        StructArray::try_new(self.fields.clone(), columns, nulls)
    }
}

fn last(offsets: &[i32]) -> i32 {
    offsets.last().copied().unwrap_or(0)
}

fn advance(offsets: &[i32], count: usize) -> Result<i32, Fault> {
    let next = i32::try_from(count).ok().and_then(|count| last(offsets).checked_add(count));
    next.ok_or(Fault::TooLong { what: "batch of arrays", bytes: count as u64, limit: i32::MAX as u64 })
}

fn offsets(offsets: &mut Vec<i32>) -> OffsetBuffer<i32> {
    OffsetBuffer::new(std::mem::replace(offsets, vec![0]).into())
}

fn nulls(valid: &mut Vec<bool>) -> Option<NullBuffer> {
    let nulls = NullBuffer::from(std::mem::take(valid));
    (nulls.null_count() > 0).then_some(nulls)
}
