//! Runs a compiled resolution: reads one value of the writer's schema and pushes it into the table's column.

use arrow::datatypes::{IntervalMonthDayNano, i256};

use super::Fault;
use super::column::Sink;
use super::cursor::Cursor;

mod convert;

/// How one value of the writer's schema becomes one value of a column.
#[derive(Debug)]
pub enum Op {
    Null,
    Boolean,
    /// An int (`narrow`) or long, times `factor`: also dates, times and timestamps.
    Integer {
        narrow: bool,
        factor: i64,
    },
    /// A timestamp of nanoseconds.
    Nanos,
    Float,
    Double,
    /// Length-prefixed, into text or bytes.
    Bytes,
    Fixed(usize),
    UuidText,
    UuidFixed,
    /// In `size` bytes or length-prefixed, of at most so many digits.
    Decimal {
        size: Option<usize>,
        digits: u8,
    },
    Duration,
    /// The table's symbol for each of the writer's, or the writer's if the table has none.
    Enum(Vec<Result<Box<str>, Box<str>>>),
    Record(RecordOp),
    Array {
        item: Box<Op>,
        min_bytes: usize,
    },
    Map {
        value: Box<Op>,
        min_bytes: usize,
    },
    /// A union of null, at branch `null`, and one other.
    Nullable {
        null: i64,
        value: Box<Op>,
    },
    /// Any other union; a branch that doesn't resolve is an error once a value of it comes.
    Union(Vec<Result<Op, Fault>>),
    /// Into one branch of the table's union, which is a struct.
    Variant {
        index: usize,
        op: Box<Op>,
    },
}

/// How a record is read: the writer's fields in order, then defaults.
#[derive(Debug)]
pub struct RecordOp {
    pub steps: Vec<Step>,
}

#[derive(Debug)]
pub enum Step {
    Read { child: usize, op: Op },
    Skip(Skip),
    Default { child: usize, op: Op, bytes: Vec<u8> },
}

/// How a value that nobody reads is passed over.
#[derive(Debug)]
pub enum Skip {
    Fixed(usize),
    Long,
    Bytes,
    Record(Vec<Skip>),
    Items { key: bool, min_bytes: usize, item: Box<Skip> },
    Union(Vec<Skip>),
}

impl RecordOp {
    /// Reads one record into `children`, the columns of the table's fields. On a fault the child that was being read
    /// is known, if it was one; the columns are then of uneven length and of no more use.
    #[inline]
    pub fn read(&self, from: &mut Cursor<'_>, children: &mut [Sink]) -> Result<(), (Fault, Option<usize>)> {
        for step in &self.steps {
            match step {
                Step::Read { child, op } => op.read(from, &mut children[*child]).map_err(|f| (f, Some(*child)))?,
                Step::Skip(skip) => skip.pass(from).map_err(|fault| (fault, None))?,
                Step::Default { child, op, bytes } => {
                    op.read(&mut Cursor::new(bytes), &mut children[*child]).map_err(|f| (f, Some(*child)))?;
                }
            }
        }
        Ok(())
    }
}

impl Op {
    #[inline]
    fn read(&self, from: &mut Cursor<'_>, into: &mut Sink) -> Result<(), Fault> {
        match self {
            Self::Nullable { null, value } => match from.long()? {
                branch if branch == *null => into.push_null(),
                0 | 1 => return value.read(from, into),
                branch => return Err(Fault::Branch(branch)),
            },
            Self::Integer { narrow, factor } => {
                let value = if *narrow { i64::from(from.int()?) } else { from.long()? };
                return convert::push_integer(value, *factor, into);
            }
            Self::Nanos => return convert::push_nanos(from.long()?, into),
            Self::Bytes => return convert::push_bytes(from.bytes()?, into),
            Self::Float => return convert::push_float(f32::from_le_bytes(from.array()?), into),
            Self::Double => return convert::push_double(f64::from_le_bytes(from.array()?), into),
            Self::Boolean => match into {
                Sink::Boolean(column) => column.append_value(from.boolean()?),
                _ => return Err(MISMATCH),
            },
            Self::Null => into.push_null(),
            Self::Fixed(size) => return convert::push_bytes(from.take(*size)?, into),
            Self::Enum(symbols) => return read_symbol(symbols, from, into),
            Self::Record(record) => return read_struct(record, from, into),
            Self::Array { item, min_bytes } => return read_array(item, *min_bytes, from, into),
            Self::Map { value, min_bytes } => return read_map(value, *min_bytes, from, into),
            Self::Decimal { size, digits } => {
                let bytes = match size {
                    Some(size) => from.take(*size)?,
                    None => from.bytes()?,
                };
                return convert::push_decimal(bytes, *digits, into);
            }
            Self::UuidText => return convert::push_uuid_text(from.bytes()?, into),
            Self::UuidFixed => return convert::push_uuid(from.array()?, into),
            Self::Duration => return read_duration(from, into),
            Self::Union(branches) => return read_union(branches, from, into),
            Self::Variant { index, op } => return read_variant(*index, op, from, into),
        }
        Ok(())
    }
}

impl Skip {
    #[inline]
    fn pass(&self, from: &mut Cursor<'_>) -> Result<(), Fault> {
        match self {
            Self::Fixed(width) => from.take(*width).map(drop),
            Self::Long => from.long().map(drop),
            Self::Bytes => from.bytes().map(drop),
            Self::Record(fields) => fields.iter().try_for_each(|field| field.pass(from)),
            Self::Union(branches) => branch(branches, from.long()?)?.pass(from),
            Self::Items { key, min_bytes, item } => pass_items(*key, *min_bytes, item, from),
        }
    }
}

fn pass_items(key: bool, min_bytes: usize, item: &Skip, from: &mut Cursor<'_>) -> Result<(), Fault> {
    loop {
        match from.items(min_bytes)? {
            (0, _) => return Ok(()),
            (_, Some(size)) => from.take(size).map(drop)?,
            (count, None) => {
                for _ in 0..count {
                    if key {
                        from.bytes()?;
                    }
                    item.pass(from)?;
                }
            }
        }
    }
}

fn read_struct(record: &RecordOp, from: &mut Cursor<'_>, into: &mut Sink) -> Result<(), Fault> {
    let Sink::Struct(sink) = into else { return Err(MISMATCH) };
    record.read(from, &mut sink.children).map_err(|(fault, _)| fault)?;
    sink.end();
    Ok(())
}

fn read_array(item: &Op, min_bytes: usize, from: &mut Cursor<'_>, into: &mut Sink) -> Result<(), Fault> {
    let Sink::List(list) = into else { return Err(MISMATCH) };
    let mut total = 0;
    loop {
        let (count, _) = from.items(min_bytes)?;
        if count == 0 {
            return list.end(total);
        }
        total = grown(total, count, min_bytes)?;
        for _ in 0..count {
            item.read(from, &mut list.item)?;
        }
    }
}

fn read_map(value: &Op, min_bytes: usize, from: &mut Cursor<'_>, into: &mut Sink) -> Result<(), Fault> {
    let Sink::Map(map) = into else { return Err(MISMATCH) };
    let mut total = 0;
    loop {
        let (count, _) = from.items(min_bytes)?;
        if count == 0 {
            return map.end(total);
        }
        total = grown(total, count, min_bytes)?;
        for _ in 0..count {
            convert::push_text(from.bytes()?, &mut map.key)?;
            value.read(from, &mut map.value)?;
        }
    }
}

/// Items so far. Items without bytes are bounded over all blocks of an array too, as many blocks could follow.
fn grown(total: usize, count: usize, min_bytes: usize) -> Result<usize, Fault> {
    let sum = total.saturating_add(count);
    let limit = if min_bytes == 0 { MAX_EMPTY_TOTAL } else { i32::MAX as usize };
    if sum > limit { Err(Fault::Length(sum as i64)) } else { Ok(sum) }
}

fn read_symbol(symbols: &[Result<Box<str>, Box<str>>], from: &mut Cursor<'_>, into: &mut Sink) -> Result<(), Fault> {
    let Sink::Text(column) = into else { return Err(MISMATCH) };
    let index = from.int()?;
    let symbol = usize::try_from(index).ok().and_then(|index| symbols.get(index));
    match symbol.ok_or(Fault::Symbol(i64::from(index)))? {
        Ok(symbol) => column.append_value(symbol),
        Err(unknown) => return Err(Fault::UnknownSymbol(unknown.clone())),
    }
    Ok(())
}

fn read_union(branches: &[Result<Op, Fault>], from: &mut Cursor<'_>, into: &mut Sink) -> Result<(), Fault> {
    match branch(branches, from.long()?)? {
        Ok(op) => op.read(from, into),
        Err(fault) => Err(fault.clone()),
    }
}

fn read_variant(index: usize, op: &Op, from: &mut Cursor<'_>, into: &mut Sink) -> Result<(), Fault> {
    let Sink::Struct(sink) = into else { return Err(MISMATCH) };
    for (at, child) in sink.children.iter_mut().enumerate() {
        if at == index { op.read(from, child)? } else { child.push_null() }
    }
    sink.end();
    Ok(())
}

/// Months, days and milliseconds as little-endian unsigned numbers.
fn read_duration(from: &mut Cursor<'_>, into: &mut Sink) -> Result<(), Fault> {
    let Sink::Interval(column) = into else { return Err(MISMATCH) };
    let (months, days) = (u32::from_le_bytes(from.array()?), u32::from_le_bytes(from.array()?));
    let millis = u32::from_le_bytes(from.array()?);
    let fit = |value: u32| i32::try_from(value).map_err(|_| Fault::Range("interval out of range".into()));
    column.append_value(IntervalMonthDayNano::new(fit(months)?, fit(days)?, i64::from(millis) * 1_000_000));
    Ok(())
}

fn branch<T>(branches: &[T], index: i64) -> Result<&T, Fault> {
    usize::try_from(index).ok().and_then(|at| branches.get(at)).ok_or(Fault::Branch(index))
}

const MAX_EMPTY_TOTAL: usize = 1 << 16;
/// The compiled operation and the column always come from the same schema.
const MISMATCH: Fault = Fault::Internal("operation and column differ in type");

/// The largest number of so many digits.
fn decimal_bound(digits: u8) -> i256 {
    i256::from_i128(10).wrapping_pow(u32::from(digits))
}
