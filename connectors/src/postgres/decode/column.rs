//! One column being built: bytes of PostgreSQL's binary form in, an Arrow array out.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BinaryBuilder, BooleanBuilder, Date32Builder, Decimal128Builder, Float32Builder, Float64Builder,
    Int16Builder, Int32Builder, Int64Builder, IntervalMonthDayNanoBuilder, ListArray, NullBufferBuilder, StringBuilder,
    StructArray, Time64MicrosecondBuilder, TimestampMicrosecondBuilder,
};
use arrow::buffer::{OffsetBuffer, ScalarBuffer};
use arrow::datatypes::{DataType, Fields, IntervalMonthDayNano};
use arrow::error::ArrowError;

use super::super::kind::Kind;
use super::value::{self, Fault, fixed};
use crate::pgtype;

pub enum Column {
    Bool(BooleanBuilder),
    Int2(Int16Builder),
    Int4(Int32Builder),
    Int8(Int64Builder),
    Oid(Int64Builder),
    Float4(Float32Builder),
    Float8(Float64Builder),
    Numeric(Decimal128Builder, u8, i8),
    Date(Date32Builder),
    Time(Time64MicrosecondBuilder),
    Timestamp(TimestampMicrosecondBuilder),
    Interval(IntervalMonthDayNanoBuilder),
    Bytea(BinaryBuilder),
    Uuid(StringBuilder),
    Text(StringBuilder),
    Array(Box<Arrays>),
}

impl Column {
    pub fn new(kind: &Kind) -> Self {
        match kind {
            Kind::Bool => Self::Bool(BooleanBuilder::new()),
            Kind::Int2 => Self::Int2(Int16Builder::new()),
            Kind::Int4 => Self::Int4(Int32Builder::new()),
            Kind::Int8 => Self::Int8(Int64Builder::new()),
            Kind::Oid => Self::Oid(Int64Builder::new()),
            Kind::Float4 => Self::Float4(Float32Builder::new()),
            Kind::Float8 => Self::Float8(Float64Builder::new()),
            Kind::Numeric(precision, scale) => {
                Self::Numeric(Decimal128Builder::new().with_data_type(kind.data_type()), *precision, *scale)
            }
            Kind::Date => Self::Date(Date32Builder::new()),
            Kind::Time => Self::Time(Time64MicrosecondBuilder::new()),
            Kind::Timestamp | Kind::Timestamptz => {
                Self::Timestamp(TimestampMicrosecondBuilder::new().with_data_type(kind.data_type()))
            }
            Kind::Interval => Self::Interval(IntervalMonthDayNanoBuilder::new()),
            Kind::Bytea => Self::Bytea(BinaryBuilder::new()),
            Kind::Uuid => Self::Uuid(StringBuilder::new()),
            Kind::Text { .. } | Kind::Bpchar | Kind::Blanks | Kind::Inet | Kind::Enum(_) | Kind::AsText => {
                Self::Text(StringBuilder::new())
            }
            Kind::Array(element) => Self::Array(Box::new(Arrays::new(element))),
        }
    }

    pub fn append(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        match self {
            Self::Bool(b) => b.append_value(fixed::<1>(bytes)? != [0]),
            Self::Int2(b) => b.append_value(i16::from_be_bytes(fixed(bytes)?)),
            Self::Int4(b) => b.append_value(i32::from_be_bytes(fixed(bytes)?)),
            Self::Int8(b) => b.append_value(i64::from_be_bytes(fixed(bytes)?)),
            Self::Oid(b) => b.append_value(i64::from(u32::from_be_bytes(fixed(bytes)?))),
            Self::Float4(b) => {
                let value = f32::from_be_bytes(fixed(bytes)?);
                b.append_value(if value.is_nan() { f32::NAN } else { value });
            }
            Self::Float8(b) => {
                let value = f64::from_be_bytes(fixed(bytes)?);
                b.append_value(if value.is_nan() { f64::NAN } else { value });
            }
            Self::Numeric(b, precision, scale) => b.append_value(value::numeric(bytes, *precision, *scale)?),
            Self::Date(b) => b.append_value(value::date(bytes)?),
            Self::Time(b) => b.append_value(i64::from_be_bytes(fixed(bytes)?)),
            Self::Timestamp(b) => b.append_value(value::timestamp(bytes)?),
            Self::Interval(b) => {
                let (months, days, nanoseconds) = value::interval(bytes)?;
                b.append_value(IntervalMonthDayNano { months, days, nanoseconds });
            }
            Self::Bytea(b) => b.append_value(bytes),
            Self::Uuid(b) => b.append_value(value::text(&value::uuid(bytes)?)?),
            Self::Text(b) => b.append_value(value::text(bytes)?),
            Self::Array(arrays) => arrays.append(bytes)?,
        }
        Ok(())
    }

    pub fn append_null(&mut self) {
        match self {
            Self::Bool(b) => b.append_null(),
            Self::Int2(b) => b.append_null(),
            Self::Int4(b) => b.append_null(),
            Self::Int8(b) | Self::Oid(b) => b.append_null(),
            Self::Float4(b) => b.append_null(),
            Self::Float8(b) => b.append_null(),
            Self::Numeric(b, ..) => b.append_null(),
            Self::Date(b) => b.append_null(),
            Self::Time(b) => b.append_null(),
            Self::Timestamp(b) => b.append_null(),
            Self::Interval(b) => b.append_null(),
            Self::Bytea(b) => b.append_null(),
            Self::Uuid(b) | Self::Text(b) => b.append_null(),
            Self::Array(arrays) => arrays.append_null(),
        }
    }

    /// The array so far; the column starts anew.
    pub fn finish(&mut self) -> Result<ArrayRef, ArrowError> {
        Ok(match self {
            Self::Bool(b) => Arc::new(b.finish()),
            Self::Int2(b) => Arc::new(b.finish()),
            Self::Int4(b) => Arc::new(b.finish()),
            Self::Int8(b) | Self::Oid(b) => Arc::new(b.finish()),
            Self::Float4(b) => Arc::new(b.finish()),
            Self::Float8(b) => Arc::new(b.finish()),
            Self::Numeric(b, ..) => Arc::new(b.finish()),
            Self::Date(b) => Arc::new(b.finish()),
            Self::Time(b) => Arc::new(b.finish()),
            Self::Timestamp(b) => Arc::new(b.finish()),
            Self::Interval(b) => Arc::new(b.finish()),
            Self::Bytea(b) => Arc::new(b.finish()),
            Self::Uuid(b) | Self::Text(b) => Arc::new(b.finish()),
            Self::Array(arrays) => Arc::new(arrays.finish()?),
        })
    }
}

/// Arrays of any shape, see [`pgtype::wide_array`]: a column of items, with bounds and lengths of dimensions beside it.
pub struct Arrays {
    item: Column,
    fields: Fields,
    lower: Int32Builder,
    lengths: Int32Builder,
    /// Where each array's dimensions end, and how many there are so far.
    dimension_ends: Vec<i32>,
    dimensions: i32,
    /// The same of the items.
    item_ends: Vec<i32>,
    items: i32,
    validity: NullBufferBuilder,
}

impl Arrays {
    fn new(item: &Kind) -> Self {
        let fields = match pgtype::wide_array(item.data_type()) {
            DataType::Struct(fields) => fields,
            _ => Fields::empty(),
        };
        Self {
            item: Column::new(item),
            fields,
            lower: Int32Builder::new(),
            lengths: Int32Builder::new(),
            dimension_ends: vec![0],
            dimensions: 0,
            item_ends: vec![0],
            items: 0,
            validity: NullBufferBuilder::new(0),
        }
    }

    /// Dimensions, a flag for NULLs, the items' type; length and lower bound of each dimension; the items.
    fn append(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        let mut rest = bytes;
        let dimensions = next_i32(&mut rest)?;
        let _has_nulls = next_i32(&mut rest)?;
        let _item_type = next_i32(&mut rest)?;
        let mut items = i32::from(dimensions > 0);
        for _ in 0..dimensions {
            let (length, lower) = (next_i32(&mut rest)?, next_i32(&mut rest)?);
            items = items.checked_mul(length).ok_or_else(too_many)?;
            self.lengths.append_value(length);
            self.lower.append_value(lower);
        }
        for _ in 0..items {
            match next_i32(&mut rest)? {
                -1 => self.item.append_null(),
                bytes => {
                    let bytes = usize::try_from(bytes).ok().filter(|n| *n <= rest.len()).ok_or_else(cut_array)?;
                    let (value, after) = rest.split_at(bytes);
                    self.item.append(value)?;
                    rest = after;
                }
            }
        }
        if !rest.is_empty() {
            return Err(Fault::Shape("bytes after an array".to_owned()));
        }
        self.dimensions = self.dimensions.checked_add(dimensions).ok_or_else(too_many)?;
        self.items = self.items.checked_add(items).ok_or_else(too_many)?;
        self.end(true);
        Ok(())
    }

    fn append_null(&mut self) {
        self.end(false);
    }

    fn end(&mut self, is_valid: bool) {
        self.dimension_ends.push(self.dimensions);
        self.item_ends.push(self.items);
        self.validity.append(is_valid);
    }

    fn finish(&mut self) -> Result<StructArray, ArrowError> {
        let offsets = |ends: &mut Vec<i32>| OffsetBuffer::new(ScalarBuffer::from(std::mem::replace(ends, vec![0])));
        let (dimensions, ends) = (offsets(&mut self.dimension_ends), offsets(&mut self.item_ends));
        (self.dimensions, self.items) = (0, 0);
        let parts: [(OffsetBuffer<i32>, ArrayRef); 3] = [
            (dimensions.clone(), Arc::new(self.lower.finish())),
            (dimensions, Arc::new(self.lengths.finish())),
            (ends, self.item.finish()?),
        ];
        let lists = parts.into_iter().zip(&self.fields).map(|((offsets, values), field)| {
            let DataType::List(item) = field.data_type() else {
                return Err(ArrowError::SchemaError("a part of an array is a list".to_owned()));
            };
            let list = ListArray::try_new(Arc::clone(item), offsets, values, None)?;
            Ok(Arc::new(list) as ArrayRef)
        });
        StructArray::try_new(self.fields.clone(), lists.collect::<Result<_, _>>()?, self.validity.finish())
    }
}

fn too_many() -> Fault {
    Fault::Range("too many elements".to_owned())
}

fn next_i32(rest: &mut &[u8]) -> Result<i32, Fault> {
    let (bytes, after) = rest.split_first_chunk().ok_or_else(cut_array)?;
    *rest = after;
    Ok(i32::from_be_bytes(*bytes))
}

fn cut_array() -> Fault {
    Fault::Shape("a cut array".to_owned())
}
