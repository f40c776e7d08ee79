//! One column being built: bytes of PostgreSQL's binary form in, an Arrow array out.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BinaryBuilder, BooleanBuilder, Date32Builder, Decimal128Builder, Float32Builder, Float64Builder,
    Int16Builder, Int32Builder, Int64Builder, IntervalMonthDayNanoBuilder, ListArray, NullBufferBuilder, StringBuilder,
    Time64MicrosecondBuilder, TimestampMicrosecondBuilder,
};
use arrow::buffer::{OffsetBuffer, ScalarBuffer};
use arrow::datatypes::{Field, FieldRef, IntervalMonthDayNano};
use arrow::error::ArrowError;

use super::super::kind::Kind;
use super::value::{self, Fault, fixed};

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
    Array(Box<List>),
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
            Kind::Text { .. } | Kind::Bpchar | Kind::Blanks | Kind::Inet | Kind::AsText => {
                Self::Text(StringBuilder::new())
            }
            Kind::Array(element) => Self::Array(Box::new(List::new(element))),
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
            Self::Array(list) => list.append(bytes)?,
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
            Self::Array(list) => list.append_null(),
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
            Self::Array(list) => Arc::new(list.finish()?),
        })
    }
}

/// Arrays of one dimension: a list column over a column of elements.
pub struct List {
    element: Column,
    field: FieldRef,
    ends: Vec<i32>,
    validity: NullBufferBuilder,
    count: i32,
}

impl List {
    fn new(element: &Kind) -> Self {
        Self {
            element: Column::new(element),
            field: Arc::new(Field::new_list_field(element.data_type(), true)),
            ends: vec![0],
            validity: NullBufferBuilder::new(0),
            count: 0,
        }
    }

    /// Dimensions, a flag for NULLs, the element's type; length and lower bound of each dimension; the elements.
    fn append(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        let mut rest = bytes;
        let dimensions = next_i32(&mut rest)?;
        let _has_nulls = next_i32(&mut rest)?;
        let _element_type = next_i32(&mut rest)?;
        match dimensions {
            0 => {}
            1 => {
                let length = next_i32(&mut rest)?;
                if next_i32(&mut rest)? != 1 {
                    return Err(Fault::Range(
                        "an array that doesn't start at 1; a view can cast it to text".to_owned(),
                    ));
                }
                self.elements(length, &mut rest)?;
            }
            _ => {
                let reason = format!("an array of {dimensions} dimensions; a view can cast it to text");
                return Err(Fault::Range(reason));
            }
        }
        if !rest.is_empty() {
            return Err(Fault::Shape("bytes after an array".to_owned()));
        }
        self.ends.push(self.count);
        self.validity.append_non_null();
        Ok(())
    }

    fn elements(&mut self, length: i32, rest: &mut &[u8]) -> Result<(), Fault> {
        for _ in 0..length {
            match next_i32(rest)? {
                -1 => self.element.append_null(),
                bytes => {
                    let bytes = usize::try_from(bytes).ok().filter(|n| *n <= rest.len()).ok_or_else(cut_array)?;
                    let (value, after) = rest.split_at(bytes);
                    self.element.append(value)?;
                    *rest = after;
                }
            }
            self.count = self.count.checked_add(1).ok_or_else(|| Fault::Range("too many elements".to_owned()))?;
        }
        Ok(())
    }

    fn append_null(&mut self) {
        self.ends.push(self.count);
        self.validity.append_null();
    }

    fn finish(&mut self) -> Result<ListArray, ArrowError> {
        let ends = std::mem::replace(&mut self.ends, vec![0]);
        self.count = 0;
        let offsets = OffsetBuffer::new(ScalarBuffer::from(ends));
        ListArray::try_new(Arc::clone(&self.field), offsets, self.element.finish()?, self.validity.finish())
    }
}

fn next_i32(rest: &mut &[u8]) -> Result<i32, Fault> {
    let (bytes, after) = rest.split_first_chunk().ok_or_else(cut_array)?;
    *rest = after;
    Ok(i32::from_be_bytes(*bytes))
}

fn cut_array() -> Fault {
    Fault::Shape("a cut array".to_owned())
}
