//! `information_schema`: schemata, tables, views and columns, by the SQL standard's names for types.

use std::sync::Arc;

use arrow::array::{ArrayRef, Int32Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, IntervalUnit, Schema};
use datafusion::catalog::{MemTable, TableProvider};
use weir_connectors::pgtype;

use super::names::Names;
use crate::PlanError;

/// One of the schema's tables, or `None` if there is none of that name.
pub(super) fn table(names: &Names, table: &str) -> Result<Option<Arc<dyn TableProvider>>, PlanError> {
    let batch = match table {
        "schemata" => schemata(names)?,
        "tables" => tables(names)?,
        "views" => views()?,
        "columns" => columns(names)?,
        _ => return Ok(None),
    };
    Ok(Some(Arc::new(MemTable::try_new(batch.schema(), vec![vec![batch]])?)))
}

fn schemata(names: &Names) -> Result<RecordBatch, PlanError> {
    let schemas: Vec<&str> = names.schemas.keys().map(String::as_str).collect();
    let rows = schemas.len();
    batch(vec![
        ("catalog_name", text(vec![&*names.database; rows])),
        ("schema_name", text(schemas)),
        ("schema_owner", text(vec!["weir"; rows])),
    ])
}

fn tables(names: &Names) -> Result<RecordBatch, PlanError> {
    let all: Vec<(&str, &str)> =
        names.schemas.iter().flat_map(|(s, tables)| tables.keys().map(move |t| (s.as_str(), t.as_str()))).collect();
    let rows = all.len();
    batch(vec![
        ("table_catalog", text(vec![&*names.database; rows])),
        ("table_schema", text(all.iter().map(|(schema, _)| *schema).collect())),
        ("table_name", text(all.iter().map(|(_, table)| *table).collect())),
        ("table_type", text(vec!["BASE TABLE"; rows])),
        ("is_insertable_into", text(vec!["NO"; rows])),
        ("is_typed", text(vec!["NO"; rows])),
    ])
}

fn views() -> Result<RecordBatch, PlanError> {
    let names = ["table_catalog", "table_schema", "table_name", "view_definition", "check_option", "is_updatable"];
    batch(names.map(|name| (name, text(Vec::new()))).into())
}

fn columns(names: &Names) -> Result<RecordBatch, PlanError> {
    let all: Vec<(&str, &str, usize, &Arc<Field>)> = names
        .schemas
        .iter()
        .flat_map(|(schema, tables)| tables.iter().map(move |(table, columns)| (schema, table, columns)))
        .flat_map(|(schema, table, columns)| {
            columns.fields().iter().enumerate().map(move |(i, f)| (schema.as_str(), table.as_str(), i, f))
        })
        .collect();
    let described: Vec<Described> = all.iter().map(|(_, _, _, field)| describe(field)).collect();
    let integers = |f: &dyn Fn(&Described) -> Option<i32>| -> ArrayRef {
        Arc::new(Int32Array::from(described.iter().map(f).collect::<Vec<_>>()))
    };
    let ordinal = all.iter().map(|(_, _, index, _)| i32::try_from(index + 1).ok());
    let nothing: ArrayRef = Arc::new(StringArray::new_null(all.len()));
    batch(vec![
        ("table_catalog", text(vec![&*names.database; all.len()])),
        ("table_schema", text(all.iter().map(|row| row.0).collect())),
        ("table_name", text(all.iter().map(|row| row.1).collect())),
        ("column_name", text(all.iter().map(|row| row.3.name().as_str()).collect())),
        ("ordinal_position", Arc::new(Int32Array::from(ordinal.collect::<Vec<_>>()))),
        ("column_default", Arc::clone(&nothing)),
        ("is_nullable", text(all.iter().map(|row| if row.3.is_nullable() { "YES" } else { "NO" }).collect())),
        ("data_type", text(described.iter().map(|d| d.data_type).collect())),
        ("character_maximum_length", integers(&|d| d.length)),
        ("numeric_precision", integers(&|d| d.precision)),
        ("numeric_scale", integers(&|d| d.scale)),
        ("datetime_precision", integers(&|d| d.datetime_precision)),
        ("udt_catalog", text(vec![&*names.database; all.len()])),
        ("udt_schema", text(vec!["pg_catalog"; all.len()])),
        ("udt_name", text(described.iter().map(|d| d.udt.as_str()).collect())),
        ("is_identity", text(vec!["NO"; all.len()])),
        ("is_generated", text(vec!["NEVER"; all.len()])),
        ("is_updatable", text(vec!["NO"; all.len()])),
        ("collation_name", nothing),
    ])
}

/// A column's type in the standard's words.
#[derive(Default)]
struct Described {
    data_type: &'static str,
    udt: String,
    length: Option<i32>,
    precision: Option<i32>,
    scale: Option<i32>,
    datetime_precision: Option<i32>,
}

fn describe(field: &Field) -> Described {
    let typmod = pgtype::typmod(field);
    let udt = match pgtype::typname(field) {
        Some(name) => name.to_owned(),
        None => typname(field.data_type()),
    };
    let mut described = Described { data_type: standard_name(&udt), ..Described::default() };
    match udt.as_str() {
        "varchar" | "bpchar" => described.length = (typmod >= 4).then(|| typmod - 4),
        "int2" => (described.precision, described.scale) = (Some(16), Some(0)),
        "int4" => (described.precision, described.scale) = (Some(32), Some(0)),
        "int8" => (described.precision, described.scale) = (Some(64), Some(0)),
        "float4" => described.precision = Some(24),
        "float8" => described.precision = Some(53),
        "date" => described.datetime_precision = Some(0),
        "time" | "timetz" | "timestamp" | "timestamptz" | "interval" => described.datetime_precision = Some(6),
        "numeric" => {
            if let DataType::Decimal128(precision, scale) | DataType::Decimal256(precision, scale) = field.data_type() {
                (described.precision, described.scale) = (Some((*precision).into()), Some((*scale).into()));
            }
        }
        _ => {}
    }
    described.udt = udt;
    described
}

/// The name in pg_type of the type that stands for an Arrow type on the wire.
fn typname(data_type: &DataType) -> String {
    use DataType as T;
    let name = match data_type {
        T::Boolean => "bool",
        T::Int8 | T::UInt8 | T::Int16 => "int2",
        T::UInt16 | T::Int32 => "int4",
        T::UInt32 | T::Int64 => "int8",
        T::Float16 | T::Float32 => "float4",
        T::Float64 => "float8",
        T::UInt64 | T::Decimal32(..) | T::Decimal64(..) | T::Decimal128(..) | T::Decimal256(..) => "numeric",
        T::Binary | T::LargeBinary | T::BinaryView | T::FixedSizeBinary(_) => "bytea",
        T::Date32 | T::Date64 => "date",
        T::Time32(_) | T::Time64(_) => "time",
        T::Timestamp(_, None) => "timestamp",
        T::Timestamp(_, Some(_)) => "timestamptz",
        T::Duration(_) | T::Interval(IntervalUnit::YearMonth | IntervalUnit::DayTime | IntervalUnit::MonthDayNano) => {
            "interval"
        }
        T::Struct(_) | T::Map(..) => "json",
        T::Dictionary(_, values) => return typname(values),
        T::List(item) | T::LargeList(item) | T::FixedSizeList(item, _) => {
            return match item.data_type() {
                T::Struct(_) | T::Map(..) => "json".to_owned(),
                scalar => format!("_{}", typname(scalar)),
            };
        }
        _ => "text",
    };
    name.to_owned()
}

fn standard_name(udt: &str) -> &'static str {
    match udt {
        "bool" => "boolean",
        "int2" => "smallint",
        "int4" => "integer",
        "int8" => "bigint",
        "float4" => "real",
        "float8" => "double precision",
        "numeric" => "numeric",
        "varchar" => "character varying",
        "bpchar" => "character",
        "char" => "\"char\"",
        "name" => "name",
        "bytea" => "bytea",
        "date" => "date",
        "time" => "time without time zone",
        "timetz" => "time with time zone",
        "timestamp" => "timestamp without time zone",
        "timestamptz" => "timestamp with time zone",
        "interval" => "interval",
        "uuid" => "uuid",
        "json" => "json",
        "jsonb" => "jsonb",
        "text" => "text",
        array if array.starts_with('_') => "ARRAY",
        _ => "USER-DEFINED",
    }
}

fn text(values: Vec<&str>) -> ArrayRef {
    Arc::new(StringArray::from(values))
}

fn batch(columns: Vec<(&str, ArrayRef)>) -> Result<RecordBatch, PlanError> {
    let fields = columns.iter().map(|(name, array)| Field::new(*name, array.data_type().clone(), true));
    let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
    let arrays = columns.into_iter().map(|(_, array)| array).collect();
    RecordBatch::try_new(schema, arrays)
        .map_err(|error| PlanError::from(datafusion::error::DataFusionError::from(error)))
}
