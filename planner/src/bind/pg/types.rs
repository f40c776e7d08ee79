//! PostgreSQL's types as binding sees them: their categories, which of a category is preferred, and how the engine holds
//! their values.

use std::collections::HashMap;
use std::fmt;
use std::sync::LazyLock;

use arrow::datatypes::{DataType, Field, IntervalUnit, TimeUnit};
use weir_connectors::pgtype;

macro_rules! bases {
    ($($(#[$doc:meta])* $base:ident $name:literal,)*) => {
        /// A type without its modifier. The polymorphic ones stand in signatures only.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub(crate) enum Base { $($(#[$doc])* $base,)* }

        /// All of them with their `pg_type.typname`, in the order of their definition.
        const BASES: &[(Base, &str)] = &[$((Base::$base, $name),)*];
    };
}

bases! {
    Bool "bool", Int2 "int2", Int4 "int4", Int8 "int8", Float4 "float4", Float8 "float8", Numeric "numeric",
    Text "text", Varchar "varchar", Bpchar "bpchar", Name "name", Char "char", Bytea "bytea",
    Date "date", Time "time", Timetz "timetz", Timestamp "timestamp", Timestamptz "timestamptz", Interval "interval",
    Uuid "uuid", Json "json", Jsonb "jsonb", Jsonpath "jsonpath", Bit "bit", Varbit "varbit", Money "money",
    Inet "inet", Cidr "cidr", Macaddr "macaddr", Macaddr8 "macaddr8",
    Int4range "int4range", Int8range "int8range", Numrange "numrange", Daterange "daterange", Tsrange "tsrange",
    Tstzrange "tstzrange", Int4multirange "int4multirange", Int8multirange "int8multirange",
    Nummultirange "nummultirange", Datemultirange "datemultirange", Tsmultirange "tsmultirange",
    Tstzmultirange "tstzmultirange",
    Oid "oid", Xid "xid", Cid "cid", Tid "tid", Xid8 "xid8", PgLsn "pg_lsn",
    Regclass "regclass", Regtype "regtype", Regproc "regproc", Regprocedure "regprocedure",
    Regnamespace "regnamespace", Regrole "regrole", Regoper "regoper", Regoperator "regoperator",
    Regconfig "regconfig", Regdictionary "regdictionary", Regcollation "regcollation",
    /// Arrays that begin at 0, held as they are printed.
    Int2vector "int2vector", Oidvector "oidvector",
    PgNodeTree "pg_node_tree", Aclitem "aclitem",
    Record "record", Void "void",
    /// What isn't known here: it can be shown, and nothing else.
    Opaque "opaque", Unknown "unknown",
    Any "any", Anyelement "anyelement", Anyarray "anyarray", Anynonarray "anynonarray", Anyenum "anyenum",
    Anyrange "anyrange", Anymultirange "anymultirange", Anycompatible "anycompatible",
    Anycompatiblearray "anycompatiblearray", Anycompatiblenonarray "anycompatiblenonarray",
    Anycompatiblerange "anycompatiblerange", Anycompatiblemultirange "anycompatiblemultirange",
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
pub(crate) struct Category(pub char);

impl Category {
    pub const ARRAY: Self = Self('A');
    pub const STRING: Self = Self('S');
}

/// Where a conversion is asked for, from the least to the most permissive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Coercion {
    Implicit,
    Assignment,
    Explicit,
}

use Base::*;

/// A line of `pg_type`.
struct Line {
    category: Category,
    is_preferred: bool,
    /// `format_type()`
    shown: &'static str,
    oid: u32,
    /// `pg_type.typarray`, 0 for none.
    array_oid: u32,
}

static LINES: LazyLock<Vec<Line>> = LazyLock::new(|| {
    let mut by_name = HashMap::new();
    for line in include_str!("catalog/types.tsv").lines() {
        let mut fields = line.split('\t');
        let mut next = || fields.next().unwrap_or_default();
        let [name, oid, category, preferred, shown, array_oid] = std::array::from_fn(|_| next());
        by_name.insert(name, (category, preferred, shown, oid, array_oid));
    }
    let line = |(_, name): &(Base, &'static str)| {
        let (category, preferred, shown, oid, array_oid) =
            by_name.get(name).copied().unwrap_or(("X", "", name, "", ""));
        Line {
            category: Category(category.chars().next().unwrap_or('X')),
            is_preferred: preferred == "p",
            shown,
            oid: oid.parse().unwrap_or(0),
            array_oid: array_oid.parse().unwrap_or(0),
        }
    };
    BASES.iter().map(line).collect()
});

impl From<Base> for PgType {
    fn from(base: Base) -> Self {
        Self { base, is_array: false, typmod: -1 }
    }
}

impl Base {
    /// A number that the engine holds as an integer of 64 bits.
    pub fn is_oid_like(self) -> bool {
        matches!(self, Oid | Xid | Cid) || self.is_reg()
    }

    /// The number of something that has a name, which is printed.
    pub fn is_reg(self) -> bool {
        (Regclass..=Regcollation).contains(&self)
    }

    /// What the items of a vector are.
    pub fn vector_of(self) -> Option<Base> {
        match self {
            Int2vector => Some(Int2),
            Oidvector => Some(Oid),
            _ => None,
        }
    }

    pub fn is_integer(self) -> bool {
        matches!(self, Int2 | Int4 | Int8)
    }

    pub fn is_float(self) -> bool {
        matches!(self, Float4 | Float8)
    }

    /// What a range is of.
    pub fn range_of(self) -> Option<Base> {
        Some(match self {
            Int4range | Int4multirange => Int4,
            Int8range | Int8multirange => Int8,
            Numrange | Nummultirange => Numeric,
            Daterange | Datemultirange => Date,
            Tsrange | Tsmultirange => Timestamp,
            Tstzrange | Tstzmultirange => Timestamptz,
            _ => return None,
        })
    }

    /// The range of a multirange, the multirange of a range.
    pub fn other_range(self) -> Option<Base> {
        const PAIRS: [(Base, Base); 6] = [
            (Int4range, Int4multirange),
            (Int8range, Int8multirange),
            (Numrange, Nummultirange),
            (Daterange, Datemultirange),
            (Tsrange, Tsmultirange),
            (Tstzrange, Tstzmultirange),
        ];
        PAIRS.iter().find_map(|(range, multi)| match self {
            base if base == *range => Some(*multi),
            base if base == *multi => Some(*range),
            _ => None,
        })
    }

    pub fn is_multirange(self) -> bool {
        self.range_of().is_some() && self >= Int4multirange
    }

    /// Stands in signatures for what a call gives.
    pub fn is_polymorphic(self) -> bool {
        self >= Any
    }

    fn line(self) -> &'static Line {
        &LINES[self as usize]
    }
}

impl PgType {
    pub fn is(self, base: Base) -> bool {
        self.base == base && !self.is_array
    }

    /// The same but for modifiers.
    pub fn same(self, other: Self) -> bool {
        self.base == other.base && self.is_array == other.is_array
    }

    pub fn without_modifier(self) -> Self {
        Self { typmod: -1, ..self }
    }

    pub fn array_of(self) -> Self {
        Self { is_array: true, typmod: self.typmod, ..self }
    }

    pub fn element(self) -> Self {
        Self { is_array: false, ..self }
    }

    pub fn category(self) -> Category {
        if self.is_array { Category::ARRAY } else { self.base.line().category }
    }

    pub fn is_string(self) -> bool {
        self.category() == Category::STRING
    }

    pub fn is_preferred(self) -> bool {
        !self.is_array && self.base.line().is_preferred
    }

    /// How values are held where nothing else says so: what the engine has no type for as the text that PostgreSQL
    /// prints. A numeric's digits depend on where it comes from.
    pub fn storage(self) -> DataType {
        let item = match self.base {
            Bool => DataType::Boolean,
            Int2 => DataType::Int16,
            Int4 => DataType::Int32,
            base if base == Int8 || base.is_oid_like() => DataType::Int64,
            Float4 => DataType::Float32,
            Float8 => DataType::Float64,
            Numeric => match self.precision_and_scale() {
                Some((precision, scale)) if precision <= 38 => DataType::Decimal128(precision, scale),
                Some((precision, scale)) => DataType::Decimal256(precision, scale),
                None => DataType::Utf8,
            },
            Bytea => DataType::Binary,
            Date => DataType::Date32,
            Time => DataType::Time64(TimeUnit::Microsecond),
            Timestamp => DataType::Timestamp(TimeUnit::Microsecond, None),
            Timestamptz => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
            Interval => DataType::Interval(IntervalUnit::MonthDayNano),
            _ => DataType::Utf8,
        };
        if self.is_array { DataType::new_list(item, true) } else { item }
    }

    /// Of `numeric(p, s)`, where the engine can hold as many digits.
    pub fn precision_and_scale(self) -> Option<(u8, i8)> {
        let (precision, scale) = self.digits()?;
        let (precision, scale) = (u8::try_from(precision).ok()?, i8::try_from(scale).ok()?);
        (precision <= 76 && (0..=precision as i8).contains(&scale)).then_some((precision, scale))
    }

    /// p and s of `numeric(p, s)`.
    pub fn digits(self) -> Option<(i32, i32)> {
        let packed = self.typmod.checked_sub(4).filter(|packed| *packed >= 0)?;
        // The scale is a signed number of 11 bits.
        Some(((packed >> 16) & 0xffff, ((packed & 0x7ff) ^ 1024) - 1024))
    }

    /// The type of a table's column; `None` for one that isn't known here.
    pub fn of_field(field: &Field) -> Option<Self> {
        let typmod = pgtype::typmod(field);
        if let Some(name) = pgtype::typname(field) {
            let ty = Self::of_typname(name)?;
            let held = ty.storage() == *field.data_type();
            return held.then_some(Self { typmod, ..ty });
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

    /// By `pg_type.typname`, where an array's begins with an underscore.
    pub fn of_typname(name: &str) -> Option<Self> {
        static NAMES: LazyLock<HashMap<&str, Base>> =
            LazyLock::new(|| BASES.iter().map(|(base, name)| (*name, *base)).collect());
        match NAMES.get(name) {
            Some(base) => Some(Self::from(*base)),
            None => NAMES.get(name.strip_prefix('_')?).map(|base| Self::from(*base).array_of()),
        }
    }

    /// The type that a statement may name so; signatures know more.
    pub fn named(name: &str) -> Option<Self> {
        Self::of_typname(name).filter(|ty| ty.base < Void)
    }

    /// `pg_type.oid`
    pub fn oid(self) -> u32 {
        let line = self.base.line();
        if self.is_array { line.array_oid } else { line.oid }
    }

    /// The array that a vector is, each other type itself.
    pub fn or_array(self) -> Self {
        match self.base.vector_of() {
            Some(item) if !self.is_array => Self::from(item).array_of(),
            _ => self,
        }
    }

    /// `pg_type.typname`, of an array its element's.
    pub fn typname(self) -> &'static str {
        BASES[self.base as usize].1
    }
}

/// `format_type()` without the modifier, as errors name types.
impl fmt::Display for PgType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.base.line().shown)?;
        if self.is_array { f.write_str("[]") } else { Ok(()) }
    }
}
