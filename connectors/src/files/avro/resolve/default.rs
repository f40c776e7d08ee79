//! Encodes a field's JSON default as Avro, so that a missing field is read like one that is there.

use serde_json::Value;

use super::super::Fault;
use super::super::schema::Schema;

/// `value` in the encoding of `schema`. A union's default may be of any of its branches.
pub fn encode(schema: &Schema, value: &Value) -> Result<Vec<u8>, Fault> {
    let mut out = Vec::new();
    put(schema, value, &mut out)?;
    Ok(out)
}

fn put(schema: &Schema, value: &Value, out: &mut Vec<u8>) -> Result<(), Fault> {
    let wrong = || Fault::unresolved(format!("{value} is no default for {}", schema.name()));
    match schema {
        Schema::Null if value.is_null() => {}
        Schema::Null => return Err(wrong()),
        Schema::Boolean => out.push(u8::from(value.as_bool().ok_or_else(wrong)?)),
        Schema::Int | Schema::Date | Schema::TimeMillis => {
            let number = value.as_i64().filter(|n| i32::try_from(*n).is_ok()).ok_or_else(wrong)?;
            long(number, out);
        }
        Schema::Long | Schema::TimeMicros | Schema::Timestamp { .. } => long(value.as_i64().ok_or_else(wrong)?, out),
        Schema::Float => out.extend((value.as_f64().ok_or_else(wrong)? as f32).to_le_bytes()),
        Schema::Double => out.extend(value.as_f64().ok_or_else(wrong)?.to_le_bytes()),
        Schema::String | Schema::Uuid { fixed: false } => {
            let text = value.as_str().ok_or_else(wrong)?;
            long(text.len() as i64, out);
            out.extend(text.as_bytes());
        }
        Schema::Bytes | Schema::Decimal { size: None, .. } => {
            let bytes = bytes_of(value).ok_or_else(wrong)?;
            long(bytes.len() as i64, out);
            out.extend(bytes);
        }
        Schema::Fixed { size, .. } | Schema::Decimal { size: Some(size), .. } => fixed(*size, value, out, wrong)?,
        Schema::Uuid { fixed: true } => fixed(16, value, out, wrong)?,
        Schema::Duration => fixed(12, value, out, wrong)?,
        Schema::Enum(symbols) => {
            let symbol = value.as_str().ok_or_else(wrong)?;
            let index = symbols.symbols.iter().position(|known| known == symbol).ok_or_else(wrong)?;
            long(index as i64, out);
        }
        Schema::Record(_) | Schema::Array(_) | Schema::Map(_) => return put_nested(schema, value, out),
        Schema::Union(branches) => {
            let encoded = branches.iter().enumerate().find_map(|(i, b)| Some((i, encode(b, value).ok()?)));
            let (index, bytes) = encoded.ok_or_else(wrong)?;
            long(index as i64, out);
            out.extend(bytes);
        }
    }
    Ok(())
}

fn put_nested(schema: &Schema, value: &Value, out: &mut Vec<u8>) -> Result<(), Fault> {
    match (schema, value) {
        (Schema::Record(record), Value::Object(object)) => {
            for field in &record.fields {
                let value = object.get(&field.name).or(field.default.as_ref());
                let value = value.ok_or_else(|| Fault::unresolved(format!("default lacks \"{}\"", field.name)))?;
                put(&field.schema, value, out)?;
            }
            return Ok(());
        }
        (Schema::Array(item), Value::Array(values)) => {
            if !values.is_empty() {
                long(values.len() as i64, out);
            }
            values.iter().try_for_each(|value| put(item, value, out))?;
        }
        (Schema::Map(inner), Value::Object(object)) => {
            if !object.is_empty() {
                long(object.len() as i64, out);
            }
            for (key, value) in object {
                long(key.len() as i64, out);
                out.extend(key.as_bytes());
                put(inner, value, out)?;
            }
        }
        _ => return Err(Fault::unresolved(format!("{value} is no default for {}", schema.name()))),
    }
    out.push(0);
    Ok(())
}

fn fixed(size: usize, value: &Value, out: &mut Vec<u8>, wrong: impl Fn() -> Fault) -> Result<(), Fault> {
    out.extend(bytes_of(value).filter(|bytes| bytes.len() == size).ok_or_else(wrong)?);
    Ok(())
}

/// Bytes stand in JSON as text whose code points 0 to 255 are the bytes.
fn bytes_of(value: &Value) -> Option<Vec<u8>> {
    value.as_str()?.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect()
}

fn long(value: i64, out: &mut Vec<u8>) {
    let mut rest = ((value << 1) ^ (value >> 63)).cast_unsigned();
    while rest >= 0x80 {
        out.push((rest & 0x7f) as u8 | 0x80);
        rest >>= 7;
    }
    out.push(rest as u8);
}
