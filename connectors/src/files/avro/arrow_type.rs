//! The Arrow column that an Avro schema becomes.
//!
//! | Avro | Arrow |
//! |---|---|
//! | int, long, float, double, boolean | Int32, Int64, Float32, Float64, Boolean |
//! | bytes, fixed | Binary |
//! | string, enum, null | Utf8 |
//! | uuid (string or fixed) | Utf8, marked `uuid` |
//! | date | Date32 |
//! | time-millis, time-micros | Time64(Microsecond) |
//! | timestamp-millis, -micros | Timestamp(Microsecond, UTC); local ones without a zone |
//! | timestamp-nanos | Timestamp(Microsecond, UTC): PostgreSQL's has no further digits, they are cut off; local ones without a zone |
//! | decimal | Decimal128 up to 38 digits, Decimal256 up to 76 |
//! | duration | Interval(MonthDayNano) |
//! | array, map, record | List, Map, Struct |
//! | union of null and one type | that type, nullable |
//! | union of numbers only | Int64, or Float64 if one of them is a float or double |
//! | any other union | Struct with one nullable field per branch, named after the branch's type |

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Fields, IntervalUnit, TimeUnit};

use super::schema::{Record, Schema};
use crate::pgtype;

/// The zone of every instant.
pub const UTC: &str = "UTC";

/// The columns of a record.
pub fn columns(record: &Record) -> Fields {
    record.fields.iter().map(|field| column(&field.name, &field.schema)).collect()
}

/// The fields of a record within a column. Each may be NULL, whatever the record says: a mask may make it so, and must
/// not change the column's type.
fn fields(record: &Record) -> Fields {
    columns(record).iter().map(|field| field.as_ref().clone().with_nullable(true)).collect()
}

/// The column `name` of a schema that [`super::merge::simplify`] has been through.
pub fn column(name: &str, schema: &Schema) -> Field {
    let (nullable, branches) = schema.split();
    match branches.as_slice() {
        [] => Field::new(name, DataType::Utf8, true),
        [only] => mark(Field::new(name, data_type(only), nullable), only),
        many => Field::new(name, DataType::Struct(branch_fields(many)), nullable),
    }
}

/// The names of a union's branches as fields of a struct; a name that comes twice gets a number.
fn branch_fields(branches: &[&Schema]) -> Fields {
    let mut fields: Vec<Field> = Vec::with_capacity(branches.len());
    for (index, branch) in branches.iter().enumerate() {
        let taken = fields.iter().any(|field| field.name() == branch.name());
        let name = if taken { format!("{}_{index}", branch.name()) } else { branch.name().to_owned() };
        fields.push(mark(Field::new(name, data_type(branch), true), branch));
    }
    fields.into()
}

fn mark(field: Field, schema: &Schema) -> Field {
    if matches!(schema, Schema::Uuid { .. }) { pgtype::mark(field, "uuid", -1) } else { field }
}

fn data_type(schema: &Schema) -> DataType {
    match schema {
        Schema::Boolean => DataType::Boolean,
        Schema::Int => DataType::Int32,
        Schema::Long => DataType::Int64,
        Schema::Float => DataType::Float32,
        Schema::Double => DataType::Float64,
        Schema::Bytes | Schema::Fixed { .. } => DataType::Binary,
        Schema::Null | Schema::String | Schema::Enum(_) | Schema::Uuid { .. } => DataType::Utf8,
        Schema::Date => DataType::Date32,
        Schema::TimeMillis | Schema::TimeMicros => DataType::Time64(TimeUnit::Microsecond),
        Schema::Timestamp { utc, .. } => DataType::Timestamp(TimeUnit::Microsecond, utc.then(|| UTC.into())),
        Schema::Decimal { precision, scale, .. } if *precision <= 38 => DataType::Decimal128(*precision, *scale),
        Schema::Decimal { precision, scale, .. } => DataType::Decimal256(*precision, *scale),
        Schema::Duration => DataType::Interval(IntervalUnit::MonthDayNano),
        Schema::Record(record) => DataType::Struct(fields(record)),
        Schema::Array(item) => DataType::List(Arc::new(column("item", item))),
        Schema::Map(value) => DataType::Map(map_entries(value), false),
        Schema::Union(_) => column("", schema).data_type().clone(),
    }
}

/// The entries of a map: text to value.
fn map_entries(value: &Schema) -> Arc<Field> {
    let fields = vec![Field::new("key", DataType::Utf8, false), column("value", value)];
    Arc::new(Field::new("entries", DataType::Struct(fields.into()), false))
}
