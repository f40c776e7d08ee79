//! PostgreSQL's types as binding sees them: their categories, which of a category is preferred, how the engine holds their
//! values, and what converts into what (`pg_type.dat` and `pg_cast.dat`).

use std::fmt;

use arrow::datatypes::{DataType, Field, IntervalUnit, TimeUnit};
use weir_connectors::pgtype;

/// A type without its modifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Base {
    Bool,
    Int2,
    Int4,
    Int8,
    Float4,
    Float8,
    Numeric,
    Text,
    Varchar,
    Bpchar,
    Name,
    Bytea,
    Date,
    Time,
    Timestamp,
    Timestamptz,
    Interval,
    /// A quoted constant, or NULL, whose place hasn't told its type yet.
    Unknown,
}

/// A type with its modifier, or an array of such.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct PgType {
    pub base: Base,
    pub is_array: bool,
    /// As in `pg_attribute.atttypmod`, -1 for none.
    pub typmod: i32,
}

/// `pg_type.typcategory`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Category {
    Array,
    Boolean,
    Numeric,
    String,
    DateTime,
    TimeSpan,
    User,
    Unknown,
}

/// Where a conversion is asked for, from the least to the most permissive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Coercion {
    Implicit,
    Explicit,
}

use Base::*;

impl From<Base> for PgType {
    fn from(base: Base) -> Self {
        Self { base, is_array: false, typmod: -1 }
    }
}

impl PgType {
    pub fn is(self, base: Base) -> bool {
        self.base == base && !self.is_array
    }

    pub fn without_modifier(self) -> Self {
        Self { typmod: -1, ..self }
    }

    pub fn category(self) -> Category {
        if self.is_array {
            return Category::Array;
        }
        match self.base {
            Bool => Category::Boolean,
            Int2 | Int4 | Int8 | Float4 | Float8 | Numeric => Category::Numeric,
            Text | Varchar | Bpchar | Name => Category::String,
            Date | Time | Timestamp | Timestamptz => Category::DateTime,
            Interval => Category::TimeSpan,
            Bytea => Category::User,
            Unknown => Category::Unknown,
        }
    }

    pub fn is_preferred(self) -> bool {
        !self.is_array && matches!(self.base, Bool | Float8 | Text | Timestamptz | Interval)
    }

    /// How values are held where nothing else says so. A numeric's digits depend on where it comes from.
    pub fn storage(self) -> DataType {
        let item = match self.base {
            Bool => DataType::Boolean,
            Int2 => DataType::Int16,
            Int4 => DataType::Int32,
            Int8 => DataType::Int64,
            Float4 => DataType::Float32,
            Float8 => DataType::Float64,
            Numeric => match self.precision_and_scale() {
                Some((precision, scale)) if precision <= 38 => DataType::Decimal128(precision, scale),
                Some((precision, scale)) => DataType::Decimal256(precision, scale),
                None => DataType::Decimal128(38, 10),
            },
            Text | Varchar | Bpchar | Name | Unknown => DataType::Utf8,
            Bytea => DataType::Binary,
            Date => DataType::Date32,
            Time => DataType::Time64(TimeUnit::Microsecond),
            Timestamp => DataType::Timestamp(TimeUnit::Microsecond, None),
            Timestamptz => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
            Interval => DataType::Interval(IntervalUnit::MonthDayNano),
        };
        if self.is_array { DataType::new_list(item, true) } else { item }
    }

    /// Of `numeric(p, s)`, where the engine can hold as many digits.
    pub fn precision_and_scale(self) -> Option<(u8, i8)> {
        let packed = u32::try_from(self.typmod).ok()?.checked_sub(4)?;
        let (precision, scale) = ((packed >> 16) & 0xffff, packed & 0x7ff);
        (precision <= 76 && scale <= precision).then_some((precision as u8, scale as i8))
    }

    /// The type of a table's column; `None` for one that isn't known here.
    pub fn of_field(field: &Field) -> Option<Self> {
        let typmod = pgtype::typmod(field);
        if let Some(name) = pgtype::typname(field) {
            let known = match name {
                "varchar" => Varchar,
                "bpchar" => Bpchar,
                "name" => Name,
                "text" => Text,
                _ => return None,
            };
            return (*field.data_type() == DataType::Utf8).then_some(Self { typmod, ..known.into() });
        }
        if let DataType::List(item) = field.data_type() {
            let item = Self::of_field(item)?;
            return (!item.is_array).then_some(Self { is_array: true, ..item });
        }
        Self::of_arrow(field.data_type())
    }

    pub fn of_arrow(data_type: &DataType) -> Option<Self> {
        Some(Self::from(match data_type {
            DataType::Boolean => Bool,
            DataType::Int16 => Int2,
            DataType::Int32 => Int4,
            DataType::Int64 => Int8,
            DataType::Float32 => Float4,
            DataType::Float64 => Float8,
            DataType::Decimal128(precision, scale) | DataType::Decimal256(precision, scale) if *scale >= 0 => {
                let typmod = ((i32::from(*precision) << 16) | i32::from(*scale)) + 4;
                return Some(Self { base: Numeric, is_array: false, typmod });
            }
            DataType::Utf8 => Text,
            DataType::Binary => Bytea,
            DataType::Date32 => Date,
            DataType::Time64(TimeUnit::Microsecond) => Time,
            DataType::Timestamp(TimeUnit::Microsecond, None) => Timestamp,
            DataType::Timestamp(TimeUnit::Microsecond, Some(_)) => Timestamptz,
            DataType::Interval(IntervalUnit::MonthDayNano) => Interval,
            DataType::List(item) => {
                let item = Self::of_field(item)?;
                return (!item.is_array).then_some(Self { is_array: true, ..item });
            }
            _ => return None,
        }))
    }

    /// By `pg_type.typname` or a name of the SQL standard, which the grammar has made into the former.
    pub fn named(name: &str) -> Option<Self> {
        Some(Self::from(match name {
            "bool" => Bool,
            "int2" => Int2,
            "int4" => Int4,
            "int8" => Int8,
            "float4" => Float4,
            "float8" => Float8,
            "numeric" => Numeric,
            "text" => Text,
            "varchar" => Varchar,
            "bpchar" => Bpchar,
            "name" => Name,
            "bytea" => Bytea,
            "date" => Date,
            "time" => Time,
            "timestamp" => Timestamp,
            "timestamptz" => Timestamptz,
            "interval" => Interval,
            _ => return None,
        }))
    }

    /// `pg_type.typname`.
    pub fn typname(self) -> &'static str {
        match self.base {
            Bool => "bool",
            Int2 => "int2",
            Int4 => "int4",
            Int8 => "int8",
            Float4 => "float4",
            Float8 => "float8",
            Numeric => "numeric",
            Text => "text",
            Varchar => "varchar",
            Bpchar => "bpchar",
            Name => "name",
            Bytea => "bytea",
            Date => "date",
            Time => "time",
            Timestamp => "timestamp",
            Timestamptz => "timestamptz",
            Interval => "interval",
            Unknown => "unknown",
        }
    }
}

/// `format_type()`, as errors name types.
impl fmt::Display for PgType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self.base {
            Bool => "boolean",
            Int2 => "smallint",
            Int4 => "integer",
            Int8 => "bigint",
            Float4 => "real",
            Float8 => "double precision",
            Varchar => "character varying",
            Bpchar => "character",
            Time => "time without time zone",
            Timestamp => "timestamp without time zone",
            Timestamptz => "timestamp with time zone",
            _ => self.typname(),
        };
        f.write_str(name)?;
        if self.is_array { f.write_str("[]") } else { Ok(()) }
    }
}

/// Whether a value converts, by `pg_cast` or as text of every type does.
pub(crate) fn can_coerce(from: PgType, to: PgType, how: Coercion) -> bool {
    if from.is(Unknown) || (from.base == to.base && from.is_array == to.is_array) {
        return true;
    }
    if from.is_array && to.is_array {
        return can_coerce(from.base.into(), to.base.into(), how);
    }
    if from.is_array || to.is_array {
        return how == Coercion::Explicit && (to.category() == Category::String || from.category() == Category::String);
    }
    if is_implicit(from.base, to.base) {
        return true;
    }
    let text = |t: PgType| t.category() == Category::String;
    how == Coercion::Explicit && (text(to) || text(from) || is_explicit(from.base, to.base))
}

fn is_implicit(from: Base, to: Base) -> bool {
    match from {
        Int2 => matches!(to, Int4 | Int8 | Float4 | Float8 | Numeric),
        Int4 => matches!(to, Int8 | Float4 | Float8 | Numeric),
        Int8 => matches!(to, Float4 | Float8 | Numeric),
        Float4 => to == Float8,
        Numeric => matches!(to, Float4 | Float8),
        Varchar => matches!(to, Text | Bpchar | Name),
        Bpchar => matches!(to, Text | Varchar | Name),
        Text => matches!(to, Varchar | Bpchar | Name),
        Name => to == Text,
        Date => matches!(to, Timestamp | Timestamptz),
        Timestamp => to == Timestamptz,
        Time => to == Interval,
        _ => false,
    }
}

fn is_explicit(from: Base, to: Base) -> bool {
    let number = |base| matches!(base, Int2 | Int4 | Int8 | Float4 | Float8 | Numeric);
    match (from, to) {
        (Int4, Bool) | (Bool, Int4) => true,
        (from, to) if number(from) && number(to) => true,
        (Timestamp, Date | Time) | (Timestamptz, Date | Time | Timestamp) => true,
        (Interval, Time) => true,
        _ => false,
    }
}
