//! One column of a batch, bound to its Arrow buffers: the match from a value's representation to its writer.

use arrow::array::*;
use arrow::buffer::{BooleanBuffer, NullBuffer};
use arrow::datatypes::*;
use bytes::BytesMut;

use super::arrays::{self, Ranges};
use super::cell::FRAMED;
use super::datetime::{self, Layout, to_micros};
use super::error::EncodeError;
use super::interval::{self, Interval};
use super::json::{self, Member};
use super::records::{self, RecordField};
use super::style::{ByteaOutput, IntervalStyle, Style};
use super::types::{Kind, fits, has_binary, is_document, kind_of, no_binary_output, oid, type_name};
use super::wide::Wide;
use super::zone::ZoneClock;
use super::{numbers, numeric, shown, strings};

/// What the writers need besides the value: the session's style, and space to work in.
pub(super) struct Context {
    pub layout: Layout,
    pub interval_style: IntervalStyle,
    pub extra_float_digits: i32,
    pub bytea_output: ByteaOutput,
    pub clock: ZoneClock,
    pub scratch: Vec<u8>,
}

impl Context {
    pub(super) fn new(style: &Style) -> Self {
        Self {
            layout: Layout::of(style),
            interval_style: style.interval_style,
            extra_float_digits: style.extra_float_digits,
            bytea_output: style.bytea_output,
            clock: ZoneClock::new(style.time_zone.clone()),
            scratch: Vec::new(),
        }
    }
}

/// A column's values in one batch and how to write them.
pub(super) struct Column<'a> {
    pub(super) nulls: Option<NullBuffer>,
    pub(super) values: Values<'a>,
    pub(super) kind: Kind,
    pub(super) binary: bool,
}

/// The representations, each with what its writer needs to get at a value.
pub(super) enum Values<'a> {
    Null,
    Bool(&'a BooleanBuffer),
    Int8(&'a [i8]),
    Int16(&'a [i16]),
    Int32(&'a [i32]),
    Int64(&'a [i64]),
    UInt8(&'a [u8]),
    UInt16(&'a [u16]),
    UInt32(&'a [u32]),
    UInt64(&'a [u64]),
    Float16(&'a Float16Array),
    Float32(&'a [f32]),
    Float64(&'a [f64]),
    Decimal32(&'a [i32], i8),
    Decimal64(&'a [i64], i8),
    Decimal128(&'a [i128], i8),
    Decimal256(&'a [i256], i8),
    /// Strings that are sent as they are.
    Utf8(&'a [i32], &'a [u8]),
    Plain(Bytes<'a>),
    /// Strings of a type with a form of its own.
    Typed(Bytes<'a>),
    Bytea(Bytes<'a>),
    Uuid(Bytes<'a>),
    Date32(&'a [i32]),
    Date64(&'a [i64]),
    Time32(&'a [i32], TimeUnit),
    Time64(&'a [i64], TimeUnit),
    Timestamp(&'a [i64], TimeUnit),
    Timestamptz(&'a [i64], TimeUnit),
    YearMonth(&'a [i32]),
    DayTime(&'a [IntervalDayTime]),
    MonthDayNano(&'a [IntervalMonthDayNano]),
    Duration(&'a [i64], TimeUnit),
    /// A dictionary or run-end encoding: the row's place among the values.
    Indexed(Index<'a>, Box<Column<'a>>),
    List(Ranges<'a>, Box<Column<'a>>),
    /// Arrays of any shape.
    Wide(Wide<'a>),
    Struct(Vec<Member<'a>>),
    Record(Vec<RecordField<'a>>),
    Map(Ranges<'a>, Box<Column<'a>>, Box<Column<'a>>),
}

/// Byte strings in any of Arrow's layouts.
pub(super) enum Bytes<'a> {
    Small(&'a [i32], &'a [u8]),
    Large(&'a [i64], &'a [u8]),
    StringView(&'a StringViewArray),
    BinaryView(&'a BinaryViewArray),
    Fixed(usize, &'a [u8]),
}

impl<'a> Bytes<'a> {
    #[inline(always)]
    pub(super) fn get(&self, row: usize) -> &'a [u8] {
        match self {
            Self::Small(offsets, data) => &data[offsets[row] as usize..offsets[row + 1] as usize],
            Self::Large(offsets, data) => &data[offsets[row] as usize..offsets[row + 1] as usize],
            Self::StringView(array) => array.value(row).as_bytes(),
            Self::BinaryView(array) => array.value(row),
            Self::Fixed(size, data) => &data[row * size..(row + 1) * size],
        }
    }
}

/// Where the values of encoded rows are.
pub(super) enum Index<'a> {
    Int8(&'a [i8]),
    Int16(&'a [i16]),
    Int32(&'a [i32]),
    Int64(&'a [i64]),
    UInt8(&'a [u8]),
    UInt16(&'a [u16]),
    UInt32(&'a [u32]),
    UInt64(&'a [u64]),
    Run16(&'a RunArray<Int16Type>),
    Run32(&'a RunArray<Int32Type>),
    Run64(&'a RunArray<Int64Type>),
}

impl Index<'_> {
    #[inline]
    pub(super) fn at(&self, row: usize) -> usize {
        match self {
            Self::Int8(keys) => keys[row] as usize,
            Self::Int16(keys) => keys[row] as usize,
            Self::Int32(keys) => keys[row] as usize,
            Self::Int64(keys) => keys[row] as usize,
            Self::UInt8(keys) => usize::from(keys[row]),
            Self::UInt16(keys) => usize::from(keys[row]),
            Self::UInt32(keys) => keys[row] as usize,
            Self::UInt64(keys) => keys[row] as usize,
            Self::Run16(runs) => runs.get_physical_index(row),
            Self::Run32(runs) => runs.get_physical_index(row),
            Self::Run64(runs) => runs.get_physical_index(row),
        }
    }
}

impl<'a> Column<'a> {
    /// Binds an array that is to be written as `kind`. An array of another type than `kind` was made for is an error.
    pub(super) fn bind(array: &'a dyn Array, kind: Kind, binary: bool) -> Result<Self, EncodeError> {
        if !fits(array.data_type(), kind) {
            return Err(EncodeError::schema_mismatch(type_name(kind.oid), array.data_type()));
        }
        if binary && !has_binary(kind.oid) {
            return Err(no_binary_output(kind.oid));
        }
        if let Some(bound) = shown::bind(array, kind, binary) {
            return bound;
        }
        let nulls = array.logical_nulls().filter(|nulls| nulls.null_count() > 0);
        // json has one form, and it is text.
        let binary = binary && (kind.oid == oid::RECORD || !is_document(array.data_type()));
        Ok(Self { nulls, values: values(array, kind, binary)?, kind, binary })
    }

    #[inline(always)]
    pub(super) fn is_null(&self, row: usize) -> bool {
        self.nulls.as_ref().is_some_and(|nulls| nulls.is_null(row))
    }

    /// Appends the value with its length before it, or the length -1 for NULL.
    #[inline(always)]
    pub(super) fn write_field(&self, row: usize, out: &mut BytesMut, context: &mut Context) -> Result<(), EncodeError> {
        if self.is_null(row) {
            out.extend_from_slice(&(-1_i32).to_be_bytes());
            return Ok(());
        }
        self.write_value::<FRAMED>(row, out, context)
    }

    /// Appends a value that isn't NULL.
    #[inline(always)]
    pub(super) fn write_value<const FRAME: bool>(
        &self,
        row: usize,
        out: &mut BytesMut,
        context: &mut Context,
    ) -> Result<(), EncodeError> {
        match &self.values {
            Values::Int32(values) => self.write_int::<FRAME>(i64::from(values[row]), out)?,
            Values::Int64(values) => self.write_int::<FRAME>(values[row], out)?,
            Values::Utf8(offsets, data) => {
                strings::write_range::<FRAME>(data, offsets[row] as usize, offsets[row + 1] as usize, out)?;
            }
            Values::Float64(values) => {
                numbers::write_float8::<FRAME>(values[row], self.binary, context.extra_float_digits, out);
            }
            Values::Timestamp(values, unit) => {
                let micros = to_micros(values[row], *unit).ok_or_else(|| EncodeError::out_of_range("timestamp"))?;
                datetime::write_timestamp::<FRAME>(micros, self.binary, context.layout, None, out)?;
            }
            Values::Date32(values) => {
                datetime::write_date::<FRAME>(i64::from(values[row]), self.binary, context.layout, out)?;
            }
            Values::Bool(values) => numbers::write_bool::<FRAME>(values.value(row), self.binary, out),
            Values::Decimal128(values, scale) => numeric::write_i128::<FRAME>(values[row], *scale, self.binary, out),
            _ => self.write_other::<FRAME>(row, out, context)?,
        }
        Ok(())
    }

    #[inline(always)]
    fn write_int<const FRAME: bool>(&self, value: i64, out: &mut BytesMut) -> Result<(), EncodeError> {
        if self.binary {
            return numbers::write_int_binary::<FRAME>(value, self.kind.oid, out);
        }
        numbers::write_int_text::<FRAME>(value, out);
        Ok(())
    }

    /// The representations that are rarer or that cost more than a call anyway.
    #[inline(never)]
    fn write_other<const FRAME: bool>(
        &self,
        row: usize,
        out: &mut BytesMut,
        context: &mut Context,
    ) -> Result<(), EncodeError> {
        let binary = self.binary;
        match &self.values {
            Values::Int8(values) => self.write_int::<FRAME>(i64::from(values[row]), out)?,
            Values::Int16(values) => self.write_int::<FRAME>(i64::from(values[row]), out)?,
            Values::UInt8(values) => self.write_int::<FRAME>(i64::from(values[row]), out)?,
            Values::UInt16(values) => self.write_int::<FRAME>(i64::from(values[row]), out)?,
            Values::UInt32(values) => self.write_int::<FRAME>(i64::from(values[row]), out)?,
            Values::UInt64(values) => numeric::write_i128::<FRAME>(i128::from(values[row]), 0, binary, out),
            Values::Float16(values) => {
                numbers::write_float4::<FRAME>(values.value(row).to_f32(), binary, context.extra_float_digits, out);
            }
            Values::Float32(values) => {
                numbers::write_float4::<FRAME>(values[row], binary, context.extra_float_digits, out);
            }
            Values::Decimal32(values, scale) => {
                numeric::write_i128::<FRAME>(i128::from(values[row]), *scale, binary, out);
            }
            Values::Decimal64(values, scale) => {
                numeric::write_i128::<FRAME>(i128::from(values[row]), *scale, binary, out);
            }
            Values::Decimal256(values, scale) => numeric::write_i256::<FRAME>(values[row], *scale, binary, out),
            Values::Plain(bytes) => strings::write_bytes::<FRAME>(bytes.get(row), out)?,
            Values::Typed(bytes) => {
                strings::write_typed::<FRAME>(bytes.get(row), self.kind.oid, self.kind.typmod, binary, out)?;
            }
            Values::Bytea(bytes) => {
                strings::write_bytea::<FRAME>(bytes.get(row), binary, context.bytea_output, out)?;
            }
            Values::Uuid(bytes) => strings::write_uuid::<FRAME>(bytes.get(row), binary, out)?,
            Values::Indexed(index, column) => column.write_value::<FRAME>(index.at(row), out, context)?,
            Values::Record(fields) => records::write::<FRAME>(fields, row, out, context)?,
            Values::Struct(_) | Values::Map(..) => json::write_document::<FRAME>(self, row, out, context)?,
            Values::List(..) if self.kind.depth == 0 => json::write_document::<FRAME>(self, row, out, context)?,
            Values::List(..) => arrays::write::<FRAME>(self, row, out, context)?,
            Values::Wide(wide) => wide.write::<FRAME>(row, self, out, context)?,
            _ => self.write_temporal::<FRAME>(row, out, context)?,
        }
        Ok(())
    }

    fn write_temporal<const FRAME: bool>(
        &self,
        row: usize,
        out: &mut BytesMut,
        context: &mut Context,
    ) -> Result<(), EncodeError> {
        let (binary, layout) = (self.binary, context.layout);
        match &self.values {
            Values::Date64(values) => {
                datetime::write_date::<FRAME>(values[row].div_euclid(86_400_000), binary, layout, out)
            }
            Values::Time32(values, unit) => {
                datetime::write_time::<FRAME>(time_of(i64::from(values[row]), *unit)?, binary, out)
            }
            Values::Time64(values, unit) => datetime::write_time::<FRAME>(time_of(values[row], *unit)?, binary, out),
            Values::Timestamptz(values, unit) => {
                let micros = to_micros(values[row], *unit).ok_or_else(|| EncodeError::out_of_range("timestamp"))?;
                datetime::write_timestamp::<FRAME>(micros, binary, layout, Some(&mut context.clock), out)
            }
            _ => {
                interval::write::<FRAME>(self.interval(row)?, binary, context.interval_style, out);
                Ok(())
            }
        }
    }

    fn interval(&self, row: usize) -> Result<Interval, EncodeError> {
        let interval = |months, days, micros| Interval { months, days, micros };
        Ok(match &self.values {
            Values::YearMonth(values) => interval(values[row], 0, 0),
            Values::DayTime(values) => interval(0, values[row].days, i64::from(values[row].milliseconds) * 1000),
            Values::MonthDayNano(values) => {
                let value = values[row];
                let micros = match value.nanoseconds {
                    // The extremes are the infinities' and have no microseconds.
                    i64::MAX | i64::MIN => value.nanoseconds,
                    nanoseconds => nanoseconds / 1000,
                };
                interval(value.months, value.days, micros)
            }
            Values::Duration(values, unit) => {
                let micros = to_micros(values[row], *unit).ok_or_else(|| EncodeError::out_of_range("interval"))?;
                interval(0, 0, micros)
            }
            _ => return Err(EncodeError::new("XX000", "value has no form on the wire")),
        })
    }
}

fn time_of(value: i64, unit: TimeUnit) -> Result<i64, EncodeError> {
    to_micros(value, unit).ok_or_else(|| EncodeError::out_of_range("time"))
}

/// The values of a primitive array of type `T`.
fn slice<T: ArrowPrimitiveType>(array: &dyn Array) -> Result<&[T::Native], EncodeError> {
    array
        .as_primitive_opt::<T>()
        .map(|array| &array.values()[..])
        .ok_or_else(|| EncodeError::schema_mismatch("another primitive", array.data_type()))
}

fn values<'a>(array: &'a dyn Array, kind: Kind, binary: bool) -> Result<Values<'a>, EncodeError> {
    use DataType as T;
    Ok(match array.data_type() {
        T::Null => Values::Null,
        T::Boolean => Values::Bool(array.as_boolean().values()),
        T::Int8 => Values::Int8(slice::<Int8Type>(array)?),
        T::Int16 => Values::Int16(slice::<Int16Type>(array)?),
        T::Int32 => Values::Int32(slice::<Int32Type>(array)?),
        T::Int64 => Values::Int64(slice::<Int64Type>(array)?),
        T::UInt8 => Values::UInt8(slice::<UInt8Type>(array)?),
        T::UInt16 => Values::UInt16(slice::<UInt16Type>(array)?),
        T::UInt32 => Values::UInt32(slice::<UInt32Type>(array)?),
        T::UInt64 => Values::UInt64(slice::<UInt64Type>(array)?),
        T::Float16 => Values::Float16(array.as_primitive()),
        T::Float32 => Values::Float32(slice::<Float32Type>(array)?),
        T::Float64 => Values::Float64(slice::<Float64Type>(array)?),
        T::Decimal32(_, scale) => Values::Decimal32(slice::<Decimal32Type>(array)?, *scale),
        T::Decimal64(_, scale) => Values::Decimal64(slice::<Decimal64Type>(array)?, *scale),
        T::Decimal128(_, scale) => Values::Decimal128(slice::<Decimal128Type>(array)?, *scale),
        T::Decimal256(_, scale) => Values::Decimal256(slice::<Decimal256Type>(array)?, *scale),
        T::Utf8 | T::LargeUtf8 | T::Utf8View | T::Binary | T::LargeBinary | T::BinaryView | T::FixedSizeBinary(_) => {
            bytes_values(array, kind)?
        }
        T::Dictionary(_, _) | T::RunEndEncoded(_, _) => indexed(array, kind, binary)?,
        T::List(_) | T::LargeList(_) | T::ListView(_) | T::LargeListView(_) | T::FixedSizeList(_, _) => {
            list(array, kind, binary)?
        }
        T::Struct(_) if kind.depth > 0 => Values::Wide(Wide::bind(array, kind, binary)?),
        T::Struct(fields) if kind.oid == oid::RECORD => match binary {
            true => Values::Record(records::fields(fields, array.as_struct())?),
            false => return Err(EncodeError::new("XX000", "a record came without its text")),
        },
        T::Struct(fields) => Values::Struct(json::members(fields, array.as_struct())?),
        T::Map(_, _) => map(array.as_map())?,
        temporal => temporal_values(array, temporal)?,
    })
}

fn temporal_values<'a>(array: &'a dyn Array, data_type: &DataType) -> Result<Values<'a>, EncodeError> {
    use DataType as T;
    use TimeUnit::{Microsecond, Millisecond, Nanosecond, Second};
    Ok(match data_type {
        T::Date32 => Values::Date32(slice::<Date32Type>(array)?),
        T::Date64 => Values::Date64(slice::<Date64Type>(array)?),
        T::Time32(Second) => Values::Time32(slice::<Time32SecondType>(array)?, Second),
        T::Time32(_) => Values::Time32(slice::<Time32MillisecondType>(array)?, Millisecond),
        T::Time64(Nanosecond) => Values::Time64(slice::<Time64NanosecondType>(array)?, Nanosecond),
        T::Time64(_) => Values::Time64(slice::<Time64MicrosecondType>(array)?, Microsecond),
        T::Timestamp(unit, zone) => {
            let values = match unit {
                Second => slice::<TimestampSecondType>(array)?,
                Millisecond => slice::<TimestampMillisecondType>(array)?,
                Microsecond => slice::<TimestampMicrosecondType>(array)?,
                Nanosecond => slice::<TimestampNanosecondType>(array)?,
            };
            if zone.is_some() { Values::Timestamptz(values, *unit) } else { Values::Timestamp(values, *unit) }
        }
        T::Duration(unit) => {
            let values = match unit {
                Second => slice::<DurationSecondType>(array)?,
                Millisecond => slice::<DurationMillisecondType>(array)?,
                Microsecond => slice::<DurationMicrosecondType>(array)?,
                Nanosecond => slice::<DurationNanosecondType>(array)?,
            };
            Values::Duration(values, *unit)
        }
        T::Interval(IntervalUnit::YearMonth) => Values::YearMonth(slice::<IntervalYearMonthType>(array)?),
        T::Interval(IntervalUnit::DayTime) => Values::DayTime(slice::<IntervalDayTimeType>(array)?),
        T::Interval(IntervalUnit::MonthDayNano) => Values::MonthDayNano(slice::<IntervalMonthDayNanoType>(array)?),
        other => return Err(EncodeError::unsupported(format!("columns of type {other} can't be sent"))),
    })
}

fn bytes_values<'a>(array: &'a dyn Array, kind: Kind) -> Result<Values<'a>, EncodeError> {
    use DataType as T;
    let bytes = match array.data_type() {
        T::Utf8 => small(array.as_string::<i32>()),
        T::LargeUtf8 => large(array.as_string::<i64>()),
        T::Utf8View => Bytes::StringView(array.as_string_view()),
        T::Binary => small(array.as_binary::<i32>()),
        T::LargeBinary => large(array.as_binary::<i64>()),
        T::BinaryView => Bytes::BinaryView(array.as_binary_view()),
        _ => {
            let fixed = array.as_fixed_size_binary();
            Bytes::Fixed(fixed.value_length() as usize, fixed.value_data())
        }
    };
    let is_text = matches!(array.data_type(), T::Utf8 | T::LargeUtf8 | T::Utf8View);
    Ok(match (is_text, kind.oid) {
        (false, oid::UUID) => Values::Uuid(bytes),
        (false, _) => Values::Bytea(bytes),
        (true, oid::TEXT | oid::VARCHAR | oid::NAME | oid::JSON | oid::XML) => match bytes {
            Bytes::Small(offsets, data) => Values::Utf8(offsets, data),
            other => Values::Plain(other),
        },
        (true, _) => Values::Typed(bytes),
    })
}

fn small<T: ByteArrayType<Offset = i32>>(array: &GenericByteArray<T>) -> Bytes<'_> {
    Bytes::Small(array.value_offsets(), array.value_data())
}

fn large<T: ByteArrayType<Offset = i64>>(array: &GenericByteArray<T>) -> Bytes<'_> {
    Bytes::Large(array.value_offsets(), array.value_data())
}

fn indexed<'a>(array: &'a dyn Array, kind: Kind, binary: bool) -> Result<Values<'a>, EncodeError> {
    let (index, values): (Index<'a>, &'a ArrayRef) = match array.data_type() {
        DataType::RunEndEncoded(ends, _) => match ends.data_type() {
            DataType::Int16 => run(array, Index::Run16)?,
            DataType::Int32 => run(array, Index::Run32)?,
            _ => run(array, Index::Run64)?,
        },
        _ => {
            let dictionary = array.as_any_dictionary();
            (keys(dictionary.keys())?, dictionary.values())
        }
    };
    Ok(Values::Indexed(index, Box::new(Column::bind(values.as_ref(), kind, binary)?)))
}

fn run<'a, T: RunEndIndexType>(
    array: &'a dyn Array,
    index: fn(&'a RunArray<T>) -> Index<'a>,
) -> Result<(Index<'a>, &'a ArrayRef), EncodeError> {
    let runs = array.as_any().downcast_ref::<RunArray<T>>();
    let runs = runs.ok_or_else(|| EncodeError::schema_mismatch("another run end", array.data_type()))?;
    Ok((index(runs), runs.values()))
}

fn keys(keys: &dyn Array) -> Result<Index<'_>, EncodeError> {
    Ok(match keys.data_type() {
        DataType::Int8 => Index::Int8(slice::<Int8Type>(keys)?),
        DataType::Int16 => Index::Int16(slice::<Int16Type>(keys)?),
        DataType::Int32 => Index::Int32(slice::<Int32Type>(keys)?),
        DataType::Int64 => Index::Int64(slice::<Int64Type>(keys)?),
        DataType::UInt8 => Index::UInt8(slice::<UInt8Type>(keys)?),
        DataType::UInt16 => Index::UInt16(slice::<UInt16Type>(keys)?),
        DataType::UInt32 => Index::UInt32(slice::<UInt32Type>(keys)?),
        _ => Index::UInt64(slice::<UInt64Type>(keys)?),
    })
}

fn list<'a>(array: &'a dyn Array, kind: Kind, binary: bool) -> Result<Values<'a>, EncodeError> {
    let (ranges, items) = Ranges::of_list(array)?;
    // A list of documents is one document, whose parts are written each as its own type.
    let item_kind = match (kind.depth, items.data_type()) {
        (0, data_type) => kind_of(&Field::new("item", data_type.clone(), true))?,
        (depth, _) => Kind { depth: depth - 1, ..kind },
    };
    Ok(Values::List(ranges, Box::new(Column::bind(items.as_ref(), item_kind, binary && kind.depth > 0)?)))
}

fn map(array: &MapArray) -> Result<Values<'_>, EncodeError> {
    let kind = |array: &ArrayRef| kind_of(&Field::new("item", array.data_type().clone(), true));
    let keys = Column::bind(array.keys().as_ref(), kind(array.keys())?, false)?;
    let values = Column::bind(array.values().as_ref(), kind(array.values())?, false)?;
    Ok(Values::Map(Ranges::Small(array.value_offsets()), Box::new(keys), Box::new(values)))
}
