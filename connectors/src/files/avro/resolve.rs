//! Avro's schema resolution, done once per file: which operation reads each part of a record, and what is skipped.
//!
//! After the specification's "Schema Resolution", with these choices: names of records, enums and fixed types count only
//! to choose between a union's branches; timestamps and times of any unit become microseconds; a decimal may have fewer digits
//! than the table's.

use super::Fault;
use super::decode::{Op, RecordOp, Skip, Step};
use super::merge::simplify;
use super::schema::{Enum, Field, Record, Schema, Unit};

mod default;

/// How to read records of `writer` as records of `table`. Fails if some value of `writer` never resolves.
pub fn compile(writer: &Record, table: &Record) -> Result<RecordOp, Fault> {
    let matches: Vec<Option<usize>> = table.fields.iter().map(|field| writer_field(field, table, writer)).collect();
    let mut steps = Vec::with_capacity(writer.fields.len());
    for (index, field) in writer.fields.iter().enumerate() {
        match matches.iter().position(|found| *found == Some(index)) {
            Some(child) => {
                let op =
                    resolve(&field.schema, &table.fields[child].schema).map_err(|fault| inside(&field.name, fault))?;
                steps.push(Step::Read { child, op });
            }
            None => steps.push(Step::Skip(skip(&field.schema))),
        }
    }
    for (child, field) in table.fields.iter().enumerate().filter(|(child, _)| matches[*child].is_none()) {
        let value = field.default.as_ref().ok_or_else(|| {
            Fault::unresolved(format!("field \"{}\" is missing from the file and has no default", field.name))
        })?;
        let bytes = default::encode(&field.schema, value).map_err(|fault| inside(&field.name, fault))?;
        steps.push(Step::Default { child, op: resolve(&field.schema, &field.schema)?, bytes });
    }
    Ok(RecordOp { steps: merge_skips(steps) })
}

/// The index of the writer's field that `field` of `table` reads: of its name, else of one of its aliases, unless
/// another field of the table has that name.
pub fn writer_field(field: &Field, table: &Record, writer: &Record) -> Option<usize> {
    let at = |name: &str| writer.fields.iter().position(|other| other.name == name);
    at(&field.name).or_else(|| {
        let free = |alias: &&String| !table.fields.iter().any(|other| other.name == **alias);
        field.aliases.iter().filter(free).find_map(|alias| at(alias))
    })
}

fn resolve(writer: &Schema, table: &Schema) -> Result<Op, Fault> {
    if let Schema::Union(branches) = writer {
        return resolve_union(branches, table);
    }
    let (nullable, branches) = table.split();
    match (writer, branches.as_slice()) {
        (Schema::Null, _) if nullable => Ok(Op::Null),
        (_, [one]) => resolve_one(writer, one),
        (_, many) => {
            // The branch of the same kind and name comes first, then the first that can hold the value.
            let same = many.iter().position(|branch| simplify(writer).name() == branch.name());
            let order = same.into_iter().chain(0..many.len());
            let mut found = order.filter_map(|index| Some((index, resolve_one(writer, many[index]).ok()?)));
            let (index, op) = found.next().ok_or_else(|| mismatch(writer, table))?;
            Ok(Op::Variant { index, op: Box::new(op) })
        }
    }
}

/// A writer's union: each branch resolves on its own; one that doesn't is an error only when a value of it comes.
fn resolve_union(branches: &[Schema], table: &Schema) -> Result<Op, Fault> {
    let mut ops: Vec<Result<Op, Fault>> = branches.iter().map(|branch| resolve(branch, table)).collect();
    let useful = ops.iter().zip(branches).any(|(op, branch)| op.is_ok() && !matches!(branch, Schema::Null));
    let only_null = branches.iter().all(|branch| matches!(branch, Schema::Null));
    if !useful && !only_null {
        let fault = ops.into_iter().zip(branches).find(|(_, branch)| !matches!(branch, Schema::Null));
        return Err(match fault {
            Some((Err(fault), _)) => fault,
            _ => Fault::schema("a union without branches"),
        });
    }
    let null = ops.iter().position(|op| matches!(op, Ok(Op::Null)));
    match (null, ops.len()) {
        (Some(null), 2) if ops.iter().all(Result::is_ok) => {
            let value = ops.swap_remove(1 - null)?;
            Ok(Op::Nullable { null: null as i64, value: Box::new(value) })
        }
        _ => Ok(Op::Union(ops)),
    }
}

fn resolve_one(writer: &Schema, table: &Schema) -> Result<Op, Fault> {
    match (writer, table) {
        (Schema::Record(writer), Schema::Record(table)) => Ok(Op::Record(compile(writer, table)?)),
        (Schema::Array(writer), Schema::Array(table)) => {
            let item = Box::new(resolve(writer, table).map_err(|fault| inside("item", fault))?);
            Ok(Op::Array { item, min_bytes: writer.min_bytes() })
        }
        (Schema::Map(writer), Schema::Map(table)) => {
            let value = Box::new(resolve(writer, table).map_err(|fault| inside("value", fault))?);
            Ok(Op::Map { value, min_bytes: writer.min_bytes().saturating_add(1) })
        }
        (Schema::Enum(writer), Schema::Enum(table)) => Ok(Op::Enum(symbols(writer, table))),
        (Schema::Decimal { .. }, Schema::Decimal { .. }) => resolve_decimal(writer, table),
        _ => resolve_logical(writer, table).ok_or_else(|| mismatch(writer, table)),
    }
}

fn resolve_logical(writer: &Schema, table: &Schema) -> Option<Op> {
    let narrow = matches!(base(writer), Schema::Int);
    let integer = |factor: i64| Some(Op::Integer { narrow, factor });
    match (writer, table) {
        (Schema::Date | Schema::Int, Schema::Date) => integer(1),
        (Schema::TimeMillis, Schema::TimeMillis | Schema::TimeMicros) | (Schema::Int, Schema::TimeMillis) => {
            integer(1000)
        }
        (Schema::TimeMicros | Schema::Int | Schema::Long, Schema::TimeMicros) => integer(1),
        (Schema::TimeMicros, Schema::TimeMillis) => integer(1),
        (Schema::Timestamp { unit, utc }, Schema::Timestamp { utc: same, .. }) if utc == same => {
            Some(moment(*unit, narrow))
        }
        (Schema::Int | Schema::Long, Schema::Timestamp { unit, .. }) => Some(moment(*unit, narrow)),
        (Schema::Uuid { fixed: false } | Schema::String, Schema::Uuid { .. }) => Some(Op::UuidText),
        (Schema::Uuid { fixed: true } | Schema::Fixed { size: 16, .. }, Schema::Uuid { .. }) => Some(Op::UuidFixed),
        (Schema::Duration | Schema::Fixed { size: 12, .. }, Schema::Duration) => Some(Op::Duration),
        (_, Schema::Date | Schema::TimeMillis | Schema::TimeMicros | Schema::Timestamp { .. }) => None,
        _ => resolve_primitive(&base(writer), table),
    }
}

fn resolve_primitive(writer: &Schema, table: &Schema) -> Option<Op> {
    use Schema::{Boolean, Bytes, Double, Fixed, Float, Int, Long, String};
    Some(match (writer, table) {
        (Boolean, Boolean) => Op::Boolean,
        (Int, Int | Long | Float | Double) => Op::Integer { narrow: true, factor: 1 },
        (Long, Long | Float | Double) => Op::Integer { narrow: false, factor: 1 },
        (Float, Float | Double) => Op::Float,
        (Double, Double) => Op::Double,
        (Bytes | String, Bytes | String) => Op::Bytes,
        (Fixed { size, .. }, Fixed { size: same, .. }) if size == same => Op::Fixed(*size),
        _ => return None,
    })
}

/// How a timestamp of the unit becomes one of microseconds.
fn moment(unit: Unit, narrow: bool) -> Op {
    match unit {
        Unit::Milli => Op::Integer { narrow, factor: 1000 },
        Unit::Micro => Op::Integer { narrow, factor: 1 },
        // Read as a long, of which an int is one.
        Unit::Nano => Op::Nanos,
    }
}

fn resolve_decimal(writer: &Schema, table: &Schema) -> Result<Op, Fault> {
    match (writer, table) {
        (Schema::Decimal { precision, scale, size }, Schema::Decimal { precision: most, scale: same, .. })
            if scale == same && precision <= most =>
        {
            Ok(Op::Decimal { size: *size, digits: *most })
        }
        _ => Err(mismatch(writer, table)),
    }
}

fn symbols(writer: &Enum, table: &Enum) -> Vec<Result<Box<str>, Box<str>>> {
    let known = |symbol: &String| table.symbols.contains(symbol).then(|| symbol.as_str().into());
    let default = || table.default.as_ref().map(|symbol| symbol.as_str().into());
    writer.symbols.iter().map(|symbol| known(symbol).or_else(default).ok_or_else(|| symbol.as_str().into())).collect()
}

/// The type under a logical type.
fn base(schema: &Schema) -> Schema {
    match schema {
        Schema::Date | Schema::TimeMillis => Schema::Int,
        Schema::TimeMicros | Schema::Timestamp { .. } => Schema::Long,
        Schema::Uuid { fixed: false } => Schema::String,
        Schema::Uuid { fixed: true } => Schema::Fixed { name: String::new(), size: 16 },
        Schema::Duration => Schema::Fixed { name: String::new(), size: 12 },
        Schema::Decimal { size: Some(size), .. } => Schema::Fixed { name: String::new(), size: *size },
        Schema::Decimal { size: None, .. } => Schema::Bytes,
        other => other.clone(),
    }
}

fn skip(schema: &Schema) -> Skip {
    match base(schema) {
        Schema::Null => Skip::Fixed(0),
        Schema::Boolean => Skip::Fixed(1),
        Schema::Float => Skip::Fixed(4),
        Schema::Double => Skip::Fixed(8),
        Schema::Fixed { size, .. } => Skip::Fixed(size),
        Schema::Bytes | Schema::String => Skip::Bytes,
        Schema::Record(record) => Skip::Record(record.fields.iter().map(|field| skip(&field.schema)).collect()),
        Schema::Array(item) => Skip::Items { key: false, min_bytes: item.min_bytes(), item: Box::new(skip(&item)) },
        Schema::Map(value) => {
            Skip::Items { key: true, min_bytes: value.min_bytes().saturating_add(1), item: Box::new(skip(&value)) }
        }
        Schema::Union(branches) => Skip::Union(branches.iter().map(skip).collect()),
        // Integers, and the index of an enum's symbol.
        _ => Skip::Long,
    }
}

/// Fixed-width fields side by side are skipped in one step.
fn merge_skips(steps: Vec<Step>) -> Vec<Step> {
    let mut merged: Vec<Step> = Vec::with_capacity(steps.len());
    for step in steps {
        match (merged.last_mut(), step) {
            (Some(Step::Skip(Skip::Fixed(width))), Step::Skip(Skip::Fixed(more))) => {
                *width = width.saturating_add(more)
            }
            (_, step) => merged.push(step),
        }
    }
    merged
}

fn mismatch(writer: &Schema, table: &Schema) -> Fault {
    Fault::unresolved(format!("{} can't be read as {}", describe(writer), describe(table)))
}

fn describe(schema: &Schema) -> String {
    match schema {
        Schema::Decimal { precision, scale, .. } => format!("decimal({precision},{scale})"),
        Schema::Fixed { size, .. } => format!("fixed({size})"),
        Schema::Enum(_) => "enum".to_owned(),
        Schema::Record(_) => "record".to_owned(),
        other => other.name().to_owned(),
    }
}

fn inside(field: &str, fault: Fault) -> Fault {
    match fault {
        Fault::Unresolved(reason) => Fault::unresolved(format!("{field}: {reason}")),
        other => other,
    }
}
