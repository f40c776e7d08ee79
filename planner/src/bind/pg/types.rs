//! PostgreSQL's types as binding sees them: their categories, which of a category is preferred, and how the engine holds
//! their values.

use std::collections::HashMap;
use std::fmt;
use std::sync::LazyLock;

use arrow::datatypes::{DataType, Field, IntervalUnit, TimeUnit};
use weir_connectors::pgtype::{self, Member, OwnType};

use super::composite_types::Composite;
use super::enum_types::{ON_PATH_KEY, OwnEnum};

macro_rules! bases {
    ($($(#[$doc:meta])* $base:ident $name:literal,)*) => {
        /// A type without its modifier. The polymorphic ones stand in signatures only.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub(crate) enum Base {
            /// An enum type of a source.
            Enum(OwnEnum),
            $($(#[$doc])* $base,)*
        }

        /// Those of PostgreSQL's own with their `pg_type.typname`, in the order of their definition.
        const BASES: &[(Base, &str)] = &[$((Base::$base, $name),)*];

        impl Base {
            /// Where it stands among [`BASES`], or the type of a source that it is.
            fn place(self) -> Result<usize, OwnEnum> {
                enum Place { $($base,)* }
                match self {
                    Base::Enum(own) => Err(own),
                    $(Base::$base => Ok(Place::$base as usize),)*
                }
            }
        }
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
pub(super) struct Line {
    pub category: Category,
    pub is_preferred: bool,
    /// `format_type()`
    pub shown: &'static str,
    pub oid: u32,
    /// `pg_type.typarray`, 0 for none.
    pub array_oid: u32,
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

    pub fn is_enum(self) -> bool {
        matches!(self, Enum(_))
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
        match self.place() {
            Ok(at) => &LINES[at],
            Err(own) => own.line(),
        }
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

    /// The same type. Which composite type a record is of is no modifier.
    pub fn without_modifier(self) -> Self {
        if self.element().is_composite() { self } else { Self { typmod: -1, ..self } }
    }

    /// A record of a composite type of a source: its modifier tells which, see [`Composite`].
    pub fn is_composite(self) -> bool {
        self.composite_number().is_some()
    }

    pub(super) fn composite_number(self) -> Option<usize> {
        let number = if self.is(Record) { self.typmod.checked_sub(1)? } else { return None };
        usize::try_from(number).ok()
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

    pub fn is_enum(self) -> bool {
        self.base.is_enum() && !self.is_array
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
        if let Some(composite) = Composite::get(self.element()) {
            let data = composite.data.clone();
            return if self.is_array { DataType::new_list(data, true) } else { data };
        }
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
        if pgtype::typname(field).is_some() {
            let Some(ty) = Self::of_mark(field) else {
                // A composite type with fields that aren't known here comes as text.
                let is_composite = matches!(OwnType::of(field), Some(OwnType::Composite(_)));
                return (is_composite && *field.data_type() == DataType::Utf8).then_some(Text.into());
            };
            let held = match pgtype::wide_item(field.data_type()) {
                Some(item) => ty.is_array && ty.element().storage() == *item.data_type(),
                None => ty.storage() == *field.data_type(),
            };
            return held.then_some(Self { typmod, ..ty });
        }
        if let Some(item) = pgtype::wide_item(field.data_type()) {
            let item = Self::of_field(item)?;
            return (!item.is_array).then_some(Self { is_array: true, ..item });
        }
        if let DataType::List(item) = field.data_type() {
            let item = Self::of_field(item)?;
            return (!item.is_array).then_some(Self { is_array: true, ..item });
        }
        Self::of_arrow(field.data_type())
    }

    /// The type that a field is marked with, without its modifier.
    pub fn of_mark(field: &Field) -> Option<Self> {
        let name = pgtype::typname(field)?;
        match OwnType::of(field) {
            Some(own) => {
                let ty = Self::of_own(&own, field.metadata().contains_key(ON_PATH_KEY))?;
                Some(if name.starts_with('_') { ty.array_of() } else { ty })
            }
            None => Self::of_typname(name),
        }
    }

    /// A type of a source, shown as one that its name alone does or doesn't mean.
    pub fn of_own(own: &OwnType, is_on_path: bool) -> Option<Self> {
        match own {
            OwnType::Enum(definition) => Some(Enum(OwnEnum::of(definition.clone()).on_path(is_on_path)).into()),
            OwnType::Composite(definition) => Composite::of(definition, is_on_path),
        }
    }

    /// The type of a field of a composite type.
    pub fn of_member(member: &Member, is_on_path: bool) -> Option<Self> {
        match &member.own {
            Some(own) => {
                let ty = Self::of_own(own, is_on_path)?;
                Some(if member.typname.starts_with('_') { ty.array_of() } else { ty })
            }
            None => {
                let ty = Self::named(&member.typname).filter(|ty| ty.base != Record)?;
                Some(Self { typmod: member.typmod, ..ty })
            }
        }
    }

    /// The field, marked as being of the type.
    pub fn mark(self, field: Field) -> Field {
        match self.base {
            Enum(own) => own.mark(field, self.is_array),
            _ if let Some(composite) = Composite::get(self.element()) => composite.mark(field, self.is_array),
            _ if self.is_array => pgtype::mark(field, &format!("_{}", self.typname()), self.typmod),
            _ => pgtype::mark(field, self.typname(), self.typmod),
        }
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
        if let Some(composite) = Composite::get(self.element()) {
            return if self.is_array { composite.own.array_oid() } else { composite.own.oid() };
        }
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
        match self.base.place() {
            Ok(at) => BASES[at].1,
            Err(own) => &own.definition().name,
        }
    }
}

/// `format_type()` without the modifier, as errors name types.
impl fmt::Display for PgType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match Composite::get(self.element()) {
            Some(composite) => f.write_str(&composite.shown)?,
            None => f.write_str(self.base.line().shown)?,
        }
        if self.is_array { f.write_str("[]") } else { Ok(()) }
    }
}
