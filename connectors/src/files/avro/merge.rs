//! The schema under which all files of a table are read.
//!
//! It is the newest file's, changed as little as possible so that older files resolve to it ([`widen`]):
//! - `int` becomes `long` or `double`, `long` becomes `double`, `float` becomes `double` where an older file holds the
//!   wider type (`double`, not `float`: no integer that fits 53 bits loses a digit);
//! - a type becomes nullable where an older file's is;
//! - an enum without a default gets the older file's further symbols;
//! - records, arrays and maps are widened inside.
//!
//! All else is left to Avro's resolution: a field that only older files have isn't shown; a field that they lack takes
//! its default, and without one those files can't be read.

use super::schema::{Enum, Field, Record, Schema, Unit};

/// `schema` with its unions of numbers as one number type. Done to every schema that becomes a table's.
pub fn simplify(schema: &Schema) -> Schema {
    match schema {
        Schema::Record(record) => Schema::Record(simplify_record(record)),
        Schema::Array(item) => Schema::Array(Box::new(simplify(item))),
        Schema::Map(value) => Schema::Map(Box::new(simplify(value))),
        Schema::Union(_) => simplify_union(schema),
        other => other.clone(),
    }
}

/// [`simplify`] for a record.
pub fn simplify_record(record: &Record) -> Record {
    let fields = record.fields.iter().map(|field| Field { schema: simplify(&field.schema), ..field.clone() }).collect();
    Record { fields, ..record.clone() }
}

/// `table` widened so that what `older` wrote resolves to it, as far as the rules above reach.
pub fn widen_record(table: &Record, older: &Record) -> Record {
    let widened = |field: &Field| match super::resolve::writer_field(field, table, older) {
        Some(index) => Field { schema: widen(&field.schema, &older.fields[index].schema), ..field.clone() },
        None => field.clone(),
    };
    Record { fields: table.fields.iter().map(widened).collect(), ..table.clone() }
}

fn widen(table: &Schema, older: &Schema) -> Schema {
    let ((table_null, table_branches), (older_null, older_branches)) = (table.split(), older.split());
    let mut branches: Vec<Schema> = table_branches.iter().map(|branch| (*branch).clone()).collect();
    match (branches.as_mut_slice(), older_branches.as_slice()) {
        ([one], [other]) => *one = widen_one(one, other),
        _ => {
            let missing = older_branches.iter().filter(|o| !table_branches.iter().any(|t| kind(t) == kind(o)));
            let missing: Vec<Schema> = missing.map(|branch| simplify(branch)).collect();
            branches.extend(missing);
        }
    }
    let merged = match (table_null || older_null, branches.len()) {
        (_, 0) => Schema::Null,
        (false, 1) => branches.remove(0),
        (nullable, _) => {
            branches.splice(0..0, nullable.then_some(Schema::Null));
            Schema::Union(branches)
        }
    };
    simplify(&merged)
}

fn widen_one(table: &Schema, older: &Schema) -> Schema {
    match (table, older) {
        (Schema::Int, Schema::Long) => Schema::Long,
        (Schema::Int | Schema::Long, Schema::Float | Schema::Double) | (Schema::Float, Schema::Double) => {
            Schema::Double
        }
        (Schema::Timestamp { utc, .. }, Schema::Timestamp { unit: Unit::Nano, utc: same }) if utc == same => {
            older.clone()
        }
        (Schema::Enum(table), Schema::Enum(older)) => Schema::Enum(widen_enum(table, older)),
        (Schema::Record(table), Schema::Record(older)) => Schema::Record(widen_record(table, older)),
        (Schema::Array(table), Schema::Array(older)) => Schema::Array(Box::new(widen(table, older))),
        (Schema::Map(table), Schema::Map(older)) => Schema::Map(Box::new(widen(table, older))),
        (Schema::Decimal { precision, scale, .. }, Schema::Decimal { precision: wider, scale: same, .. })
            if scale == same && wider > precision =>
        {
            older.clone()
        }
        _ => table.clone(),
    }
}

fn widen_enum(table: &Enum, older: &Enum) -> Enum {
    let mut merged = table.clone();
    if merged.default.is_none() {
        merged.symbols.extend(older.symbols.iter().filter(|symbol| !table.symbols.contains(symbol)).cloned());
    }
    merged
}

fn simplify_union(schema: &Schema) -> Schema {
    let (nullable, branches) = schema.split();
    let integers = branches.iter().all(|branch| matches!(branch, Schema::Int | Schema::Long));
    let numbers = branches.iter().all(|b| matches!(b, Schema::Int | Schema::Long | Schema::Float | Schema::Double));
    let mut merged: Vec<Schema> = match branches.as_slice() {
        [] => return Schema::Null,
        [_, _, ..] if integers => vec![Schema::Long],
        [_, _, ..] if numbers => vec![Schema::Double],
        other => other.iter().map(|branch| simplify(branch)).collect(),
    };
    match (nullable, merged.len()) {
        (false, 1) => merged.remove(0),
        (false, _) => Schema::Union(merged),
        (true, _) => {
            merged.insert(0, Schema::Null);
            Schema::Union(merged)
        }
    }
}

/// Branches of one kind are never added twice to a union.
fn kind(schema: &Schema) -> &str {
    match schema {
        Schema::Int | Schema::Long | Schema::Float | Schema::Double => "number",
        Schema::Bytes | Schema::String => "string",
        other => other.name(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(table: &str, older: &str, expect: &str) {
        let parse = |text: &str| simplify(&Schema::parse(text).unwrap());
        assert_eq!(widen(&parse(table), &parse(older)), parse(expect));
    }

    #[test]
    fn the_table_takes_the_wider_type() {
        check(r#""int""#, r#""long""#, r#""long""#);
        check(r#""long""#, r#""float""#, r#""double""#);
        check(r#""long""#, r#"["null","int"]"#, r#"["null","long"]"#);
        check(r#"["null","string"]"#, r#""bytes""#, r#"["null","string"]"#);
        check(
            r#"{"type":"array","items":"int"}"#,
            r#"{"type":"array","items":"double"}"#,
            r#"{"type":"array","items":"double"}"#,
        );
        check(
            r#"{"type":"enum","name":"E","symbols":["B"]}"#,
            r#"{"type":"enum","name":"E","symbols":["A","B"]}"#,
            r#"{"type":"enum","name":"E","symbols":["B","A"]}"#,
        );
    }

    #[test]
    fn unions_of_numbers_are_one_number() {
        let parse = |text: &str| simplify(&Schema::parse(text).unwrap());
        assert_eq!(parse(r#"["null","int","long"]"#), parse(r#"["null","long"]"#));
        assert_eq!(parse(r#"["int","float"]"#), Schema::Double);
        assert_eq!(parse(r#"["int"]"#), Schema::Int);
    }
}
