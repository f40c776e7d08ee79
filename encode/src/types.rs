//! PostgreSQL types: their OIDs and lengths, which one a column is sent as, and the Arrow type of a parameter.

use arrow::datatypes::{DataType, Field, IntervalUnit, TimeUnit};
use weir_connectors::pgtype::{self, OwnType};

use super::error::EncodeError;
use super::shown::text_field;
use super::wide::item_field;

/// A column's type as RowDescription tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WireType {
    pub oid: u32,
    /// `pg_type.typlen`: bytes, -1 for varying length, -2 for a C string.
    pub len: i16,
    /// `pg_attribute.atttypmod`, -1 for none.
    pub typmod: i32,
}

pub mod oid {
    //! The OIDs of `pg_type.dat` that the code names.
    pub const BOOL: u32 = 16;
    pub const BYTEA: u32 = 17;
    pub const CHAR: u32 = 18;
    pub const NAME: u32 = 19;
    pub const INT8: u32 = 20;
    pub const INT2: u32 = 21;
    pub const INT2VECTOR: u32 = 22;
    pub const INT4: u32 = 23;
    pub const TEXT: u32 = 25;
    pub const OID: u32 = 26;
    pub const TID: u32 = 27;
    pub const XID: u32 = 28;
    pub const CID: u32 = 29;
    pub const OIDVECTOR: u32 = 30;
    pub const JSON: u32 = 114;
    pub const XML: u32 = 142;
    pub const PG_NODE_TREE: u32 = 194;
    pub const CIDR: u32 = 650;
    pub const FLOAT4: u32 = 700;
    pub const FLOAT8: u32 = 701;
    pub const UNKNOWN: u32 = 705;
    pub const MACADDR8: u32 = 774;
    pub const MACADDR: u32 = 829;
    pub const INET: u32 = 869;
    pub const ACLITEM: u32 = 1033;
    pub const BPCHAR: u32 = 1042;
    pub const VARCHAR: u32 = 1043;
    pub const DATE: u32 = 1082;
    pub const TIME: u32 = 1083;
    pub const TIMESTAMP: u32 = 1114;
    pub const TIMESTAMPTZ: u32 = 1184;
    pub const INTERVAL: u32 = 1186;
    pub const TIMETZ: u32 = 1266;
    pub const BIT: u32 = 1560;
    pub const VARBIT: u32 = 1562;
    pub const NUMERIC: u32 = 1700;
    pub const UUID: u32 = 2950;
    pub const JSONB: u32 = 3802;
    pub const MONEY: u32 = 790;
    pub const RECORD: u32 = 2249;
    pub const PG_LSN: u32 = 3220;
    pub const JSONPATH: u32 = 4072;
    pub const XID8: u32 = 5069;
}

struct TypeRow {
    name: &'static str,
    oid: u32,
    array_oid: u32,
    len: i16,
}

const fn row(name: &'static str, oid: u32, array_oid: u32, len: i16) -> TypeRow {
    TypeRow { name, oid, array_oid, len }
}

/// The types that can be sent. A column of any other type goes out as `text`.
const TYPES: &[TypeRow] = &[
    row("bool", oid::BOOL, 1000, 1),
    row("bytea", oid::BYTEA, 1001, -1),
    row("char", oid::CHAR, 1002, 1),
    row("name", oid::NAME, 1003, 64),
    row("int8", oid::INT8, 1016, 8),
    row("int2", oid::INT2, 1005, 2),
    row("int4", oid::INT4, 1007, 4),
    row("text", oid::TEXT, 1009, -1),
    row("oid", oid::OID, 1028, 4),
    row("xid", oid::XID, 1011, 4),
    row("cid", oid::CID, 1012, 4),
    row("json", oid::JSON, 199, -1),
    row("xml", oid::XML, 143, -1),
    row("cidr", oid::CIDR, 651, -1),
    row("float4", oid::FLOAT4, 1021, 4),
    row("float8", oid::FLOAT8, 1022, 8),
    row("macaddr8", oid::MACADDR8, 775, 8),
    row("macaddr", oid::MACADDR, 1040, 6),
    row("inet", oid::INET, 1041, -1),
    row("bpchar", oid::BPCHAR, 1014, -1),
    row("varchar", oid::VARCHAR, 1015, -1),
    row("date", oid::DATE, 1182, 4),
    row("time", oid::TIME, 1183, 8),
    row("timestamp", oid::TIMESTAMP, 1115, 8),
    row("timestamptz", oid::TIMESTAMPTZ, 1185, 8),
    row("interval", oid::INTERVAL, 1187, 16),
    row("timetz", oid::TIMETZ, 1270, 12),
    row("bit", oid::BIT, 1561, -1),
    row("varbit", oid::VARBIT, 1563, -1),
    row("numeric", oid::NUMERIC, 1231, -1),
    row("uuid", oid::UUID, 2951, 16),
    row("jsonb", oid::JSONB, 3807, -1),
    row("regproc", 24, 1008, 4),
    row("tid", oid::TID, 1010, 6),
    row("money", oid::MONEY, 791, 8),
    row("regprocedure", 2202, 2207, 4),
    row("regclass", 2205, 2210, 4),
    row("regtype", 2206, 2211, 4),
    row("regoper", 2203, 2208, 4),
    row("regoperator", 2204, 2209, 4),
    row("regconfig", 3734, 3735, 4),
    row("regdictionary", 3769, 3770, 4),
    row("regcollation", 4191, 4192, 4),
    row("int2vector", oid::INT2VECTOR, 1006, -1),
    row("oidvector", oid::OIDVECTOR, 1013, -1),
    row("pg_node_tree", oid::PG_NODE_TREE, 0, -1),
    row("aclitem", oid::ACLITEM, 1034, 16),
    row("record", oid::RECORD, 2287, -1),
    row("pg_lsn", oid::PG_LSN, 3221, 8),
    row("int4range", 3904, 3905, -1),
    row("numrange", 3906, 3907, -1),
    row("tsrange", 3908, 3909, -1),
    row("tstzrange", 3910, 3911, -1),
    row("daterange", 3912, 3913, -1),
    row("int8range", 3926, 3927, -1),
    row("jsonpath", oid::JSONPATH, 4073, -1),
    row("regnamespace", 4089, 4090, 4),
    row("regrole", 4096, 4097, 4),
    row("int4multirange", 4451, 6150, -1),
    row("nummultirange", 4532, 6151, -1),
    row("tsmultirange", 4533, 6152, -1),
    row("tstzmultirange", 4534, 6153, -1),
    row("datemultirange", 4535, 6155, -1),
    row("int8multirange", 4536, 6157, -1),
    row("xid8", oid::XID8, 271, 8),
];

/// How a column's values are written: one PostgreSQL type, or an array of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Kind {
    /// The type of a value, or of an array's elements.
    pub oid: u32,
    /// The dimensions of the Arrow list, 0 for a scalar.
    pub depth: usize,
    pub typmod: i32,
    /// A source's own type, whose values are sent as those of `oid` are.
    pub own: Option<Own>,
}

/// What `pg_type` says of a source's own type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Own {
    oid: u32,
    array_oid: u32,
    len: i16,
}

impl Kind {
    /// The number of an array's element type.
    pub(super) fn element_oid(self) -> u32 {
        self.own.map_or(self.oid, |own| own.oid)
    }

    pub(super) fn wire(self) -> WireType {
        match self.own {
            Some(own) if self.depth > 0 => return WireType { oid: own.array_oid, len: -1, typmod: -1 },
            Some(own) => return WireType { oid: own.oid, len: own.len, typmod: -1 },
            None => {}
        }
        let row = TYPES.iter().find(|row| row.oid == self.oid);
        match row {
            Some(row) if self.depth > 0 => WireType { oid: row.array_oid, len: -1, typmod: self.typmod },
            Some(row) => WireType { oid: row.oid, len: row.len, typmod: self.typmod },
            None => WireType { oid: oid::TEXT, len: -1, typmod: -1 },
        }
    }
}

/// The type that a column is described and sent as: by the metadata of [`pgtype`] where it fits, else by its Arrow type.
/// Structs, maps and lists of them are sent as `json`; types that have no binary form here as `text`.
pub fn wire_type(field: &Field) -> WireType {
    kind_of(field).map_or(WireType { oid: oid::TEXT, len: -1, typmod: -1 }, Kind::wire)
}

pub(super) fn kind_of(field: &Field) -> Result<Kind, EncodeError> {
    let kind = kind_of_type(field.data_type(), pgtype::typname(field), pgtype::typmod(field))?;
    let is_held_so = |own: &OwnType| match own {
        OwnType::Enum(_) => kind.oid == oid::TEXT,
        OwnType::Composite(_) => kind.oid == oid::RECORD,
    };
    let own = OwnType::of(field).filter(is_held_so);
    let own = own.map(|own| Own { oid: own.oid(), array_oid: own.array_oid(), len: own.length() });
    Ok(Kind { own, ..kind })
}

fn kind_of_type(data_type: &DataType, marked: Option<&str>, typmod: i32) -> Result<Kind, EncodeError> {
    match data_type {
        DataType::Dictionary(_, values) => kind_of_type(values, marked, typmod),
        DataType::RunEndEncoded(_, values) => {
            kind_of_type(values.data_type(), marked.or_else(|| pgtype::typname(values)), typmod)
        }
        DataType::List(item)
        | DataType::LargeList(item)
        | DataType::ListView(item)
        | DataType::LargeListView(item)
        | DataType::FixedSizeList(item, _) => {
            let marked_item = marked.and_then(|name| name.strip_prefix('_'));
            let element = kind_of_type(
                item.data_type(),
                marked_item.or_else(|| pgtype::typname(item)),
                pgtype::typmod(item).max(typmod),
            )?;
            // A list of records is an array, one of documents a document.
            let is_document = element.oid != oid::RECORD && is_document(item.data_type());
            Ok(if is_document { element } else { Kind { depth: element.depth + 1, ..element } })
        }
        other => match (item_field(other), text_field(other)) {
            (Some(item), _) => {
                let marked_item = marked.and_then(|name| name.strip_prefix('_'));
                Ok(Kind { depth: 1, ..kind_of_type(item.data_type(), marked_item, typmod)? })
            }
            (None, Some(text)) => kind_of_type(text.data_type(), marked, typmod),
            (None, None) => scalar_kind(other, marked, typmod),
        },
    }
}

/// Whether values of the type are sent as one json document.
pub(super) fn is_document(data_type: &DataType) -> bool {
    match data_type {
        DataType::Struct(_) => item_field(data_type).is_none() && text_field(data_type).is_none(),
        DataType::Map(_, _) => true,
        DataType::Dictionary(_, values) => is_document(values),
        DataType::RunEndEncoded(_, values) => is_document(values.data_type()),
        DataType::List(item)
        | DataType::LargeList(item)
        | DataType::ListView(item)
        | DataType::LargeListView(item)
        | DataType::FixedSizeList(item, _) => is_document(item.data_type()),
        _ => false,
    }
}

fn scalar_kind(data_type: &DataType, marked: Option<&str>, typmod: i32) -> Result<Kind, EncodeError> {
    let default = oid_of_arrow(data_type)
        .ok_or_else(|| EncodeError::unsupported(format!("columns of type {data_type} can't be sent")))?;
    let wanted = match marked {
        Some(pgtype::COMPOSITE) => Some(oid::RECORD),
        _ => marked.and_then(|name| TYPES.iter().find(|row| row.name == name)).map(|row| row.oid),
    };
    match wanted.filter(|wanted| can_be_sent_as(data_type, *wanted)) {
        Some(oid) => Ok(Kind { oid, depth: 0, typmod, own: None }),
        None => Ok(Kind { oid: default, depth: 0, typmod: default_typmod(data_type), own: None }),
    }
}

/// Whether an array of the type can be written as `kind`; encoded and nested ones are asked about their values instead.
pub(super) fn fits(data_type: &DataType, kind: Kind) -> bool {
    use DataType::*;
    match data_type {
        Dictionary(_, _) | RunEndEncoded(_, _) => true,
        List(_) | LargeList(_) | ListView(_) | LargeListView(_) | FixedSizeList(_, _) => {
            kind.depth > 0 || kind.oid == oid::JSON
        }
        Null => true,
        Struct(_) if text_field(data_type).is_some() => true,
        Struct(_) if item_field(data_type).is_some() => kind.depth == 1,
        scalar => kind.depth == 0 && (oid_of_arrow(scalar) == Some(kind.oid) || can_be_sent_as(scalar, kind.oid)),
    }
}

/// Whether the encoder can write values of the Arrow type as the PostgreSQL type.
fn can_be_sent_as(data_type: &DataType, wanted: u32) -> bool {
    use DataType::*;
    match data_type {
        Int8 | Int16 | Int32 | Int64 | UInt8 | UInt16 | UInt32 => {
            matches!(wanted, oid::INT2 | oid::INT4 | oid::INT8 | oid::OID | oid::XID | oid::CID) || is_reg(wanted)
        }
        // The engine has no columns for the others, which are held as their texts.
        Utf8 | LargeUtf8 | Utf8View => !matches!(
            wanted,
            oid::BOOL
                | oid::BYTEA
                | oid::INT2
                | oid::INT4
                | oid::INT8
                | oid::OID
                | oid::XID
                | oid::CID
                | oid::FLOAT4
                | oid::FLOAT8
                | oid::DATE
                | oid::TIME
                | oid::TIMESTAMP
                | oid::TIMESTAMPTZ
                | oid::INTERVAL
        ),
        FixedSizeBinary(16) => matches!(wanted, oid::UUID | oid::BYTEA),
        Struct(_) => matches!(wanted, oid::JSON | oid::RECORD),
        Map(_, _) => wanted == oid::JSON,
        _ => oid_of_arrow(data_type) == Some(wanted),
    }
}

fn default_typmod(data_type: &DataType) -> i32 {
    match data_type {
        DataType::Decimal32(precision, scale)
        | DataType::Decimal64(precision, scale)
        | DataType::Decimal128(precision, scale)
        | DataType::Decimal256(precision, scale)
            if *scale >= 0 =>
        {
            // numeric's modifier: precision and scale in halves, behind the four bytes that every varlena modifier adds.
            ((i32::from(*precision) << 16) | i32::from(*scale)) + 4
        }
        _ => -1,
    }
}

/// The PostgreSQL type of an Arrow type that carries no metadata. Lists give the array type. `None`: can't be sent.
pub fn oid_of_arrow(data_type: &DataType) -> Option<u32> {
    use DataType::*;
    Some(match data_type {
        Null | Utf8 | LargeUtf8 | Utf8View => oid::TEXT,
        Boolean => oid::BOOL,
        Int8 | Int16 | UInt8 => oid::INT2,
        Int32 | UInt16 => oid::INT4,
        Int64 | UInt32 => oid::INT8,
        UInt64 | Decimal32(_, _) | Decimal64(_, _) | Decimal128(_, _) | Decimal256(_, _) => oid::NUMERIC,
        Float16 | Float32 => oid::FLOAT4,
        Float64 => oid::FLOAT8,
        Binary | LargeBinary | BinaryView | FixedSizeBinary(_) => oid::BYTEA,
        Date32 | Date64 => oid::DATE,
        Time32(_) | Time64(_) => oid::TIME,
        Timestamp(_, None) => oid::TIMESTAMP,
        Timestamp(_, Some(_)) => oid::TIMESTAMPTZ,
        Interval(_) | Duration(_) => oid::INTERVAL,
        Struct(_) if !is_document(data_type) => {
            return kind_of_type(data_type, None, -1).ok().map(|kind| kind.wire().oid);
        }
        Struct(_) | Map(_, _) => oid::JSON,
        Dictionary(_, values) => return oid_of_arrow(values),
        RunEndEncoded(_, values) => return oid_of_arrow(values.data_type()),
        List(item) | LargeList(item) | ListView(item) | LargeListView(item) | FixedSizeList(item, _) => {
            return kind_of_type(data_type, None, -1)
                .ok()
                .map(|kind| kind.wire().oid)
                .or(oid_of_arrow(item.data_type()));
        }
        Union(_, _) => return None,
    })
}

/// The Arrow type of a parameter that is declared with the PostgreSQL type. Types that the engine has no column for are
/// strings. `None`: the OID isn't of a type known here.
pub fn arrow_type_of_oid(oid: u32) -> Option<DataType> {
    if let Some(item) = element_oid(oid) {
        return arrow_type_of_oid(item).map(|item| DataType::new_list(item, true));
    }
    Some(match oid {
        oid::BOOL => DataType::Boolean,
        oid::BYTEA => DataType::Binary,
        oid::INT8 | oid::OID | oid::XID | oid::CID => DataType::Int64,
        oid::INT2 => DataType::Int16,
        oid::INT4 => DataType::Int32,
        oid::FLOAT4 => DataType::Float32,
        oid::FLOAT8 => DataType::Float64,
        oid::DATE => DataType::Date32,
        oid::TIME => DataType::Time64(TimeUnit::Microsecond),
        oid::TIMESTAMP => DataType::Timestamp(TimeUnit::Microsecond, None),
        oid::TIMESTAMPTZ => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
        oid::INTERVAL => DataType::Interval(IntervalUnit::MonthDayNano),
        oid::UNKNOWN | 0 => DataType::Utf8,
        known if TYPES.iter().any(|row| row.oid == known) => DataType::Utf8,
        _ => return None,
    })
}

/// A parameter that is declared with the PostgreSQL type, marked where its Arrow type doesn't tell.
pub fn parameter_field(oid: u32) -> Option<Field> {
    let field = Field::new("", arrow_type_of_oid(oid)?, true);
    if oid_of_arrow(field.data_type()) == Some(oid) {
        return Some(field);
    }
    match name_of(oid) {
        Some(name) => Some(pgtype::mark(field, &name, -1)),
        None => Some(field),
    }
}

/// `pg_type.typname`
fn name_of(oid: u32) -> Option<String> {
    let name = |row: &TypeRow| match oid != 0 && row.array_oid == oid {
        true => Some(format!("_{}", row.name)),
        false => (row.oid == oid).then(|| row.name.to_owned()),
    };
    TYPES.iter().find_map(name)
}

/// Whether values of the type have a binary form.
pub(super) fn has_binary(oid: u32) -> bool {
    oid != oid::ACLITEM
}

/// 42883: the type has no binary form.
pub(super) fn no_binary_output(oid: u32) -> EncodeError {
    EncodeError::new("42883", format!("no binary output function available for type {}", type_name(oid)))
}

/// 42883: the type can't be received.
pub(super) fn no_binary_input(oid: u32) -> EncodeError {
    EncodeError::new("42883", format!("no binary input function available for type {}", type_name(oid)))
}

/// Whether it is the number of something that has a name.
pub(super) fn is_reg(oid: u32) -> bool {
    matches!(oid, 24 | 2202..=2206 | 3734 | 3769 | 4089 | 4096 | 4191)
}

/// The element type of an array type.
pub(super) fn element_oid(array_oid: u32) -> Option<u32> {
    TYPES.iter().find(|row| array_oid != 0 && row.array_oid == array_oid).map(|row| row.oid)
}

/// The name that PostgreSQL's messages give the type.
pub(super) fn type_name(oid: u32) -> &'static str {
    match oid {
        oid::BOOL => "boolean",
        oid::INT8 => "bigint",
        oid::INT2 => "smallint",
        oid::INT4 => "integer",
        oid::FLOAT4 => "real",
        oid::FLOAT8 => "double precision",
        oid::BPCHAR => "character",
        oid::VARCHAR => "character varying",
        oid::TIMESTAMPTZ => "timestamp with time zone",
        oid::TIMETZ => "time with time zone",
        oid::VARBIT => "bit varying",
        oid::CHAR => "\"char\"",
        other => TYPES.iter().find(|row| row.oid == other).map_or("text", |row| row.name),
    }
}

/// Name, OID, array OID and length of every type known here.
#[cfg(test)]
pub(super) fn table() -> impl Iterator<Item = (&'static str, u32, u32, i16)> {
    TYPES.iter().map(|row| (row.name, row.oid, row.array_oid, row.len))
}
