//! Parses the JSON of an Avro schema.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::{Enum, Fault, Field, Record, Schema, Unit};

/// A schema that is larger once its names are written out is refused: names can double it at every step.
const MAX_NODES: usize = 10_000;
const MAX_DEPTH: usize = 64;
/// Digits that Arrow's widest decimal holds.
const MAX_PRECISION: u64 = 76;

pub fn parse(json: &str) -> Result<Schema, Fault> {
    let value: Value = serde_json::from_str(json).map_err(|e| Fault::schema(e.to_string()))?;
    let mut parser = Parser { named: HashMap::new(), nodes: 0 };
    parser.schema(&value, "", 0)
}

struct Parser {
    /// Named types by full name; `None` while their own definition is being read.
    named: HashMap<String, Option<Schema>>,
    nodes: usize,
}

impl Parser {
    fn schema(&mut self, value: &Value, namespace: &str, depth: usize) -> Result<Schema, Fault> {
        self.count(1)?;
        if depth > MAX_DEPTH {
            return Err(Fault::schema(format!("nested more than {MAX_DEPTH} deep")));
        }
        match value {
            Value::String(name) => self.by_name(name, namespace),
            Value::Array(branches) => self.union(branches, namespace, depth),
            Value::Object(object) => self.object(object, namespace, depth),
            other => Err(Fault::schema(format!("{other} is no schema"))),
        }
    }

    fn count(&mut self, nodes: usize) -> Result<(), Fault> {
        self.nodes += nodes;
        if self.nodes > MAX_NODES {
            return Err(Fault::schema(format!("it has more than {MAX_NODES} types")));
        }
        Ok(())
    }

    fn by_name(&mut self, name: &str, namespace: &str) -> Result<Schema, Fault> {
        if let Some(primitive) = primitive(name) {
            return Ok(primitive);
        }
        let full = full_name(name, namespace);
        let found = self.named.get(&full).or_else(|| self.named.get(name));
        match found {
            Some(Some(schema)) => {
                let schema = schema.clone();
                self.count(schema.nodes())?;
                Ok(schema)
            }
            Some(None) => Err(Fault::schema(format!("type \"{full}\" is recursive"))),
            None => Err(Fault::schema(format!("unknown type \"{name}\""))),
        }
    }

    fn union(&mut self, branches: &[Value], namespace: &str, depth: usize) -> Result<Schema, Fault> {
        let branches: Vec<Schema> =
            branches.iter().map(|branch| self.schema(branch, namespace, depth + 1)).collect::<Result<_, _>>()?;
        if branches.iter().any(|branch| matches!(branch, Schema::Union(_))) {
            return Err(Fault::schema("a union directly in a union"));
        }
        Ok(Schema::Union(branches))
    }

    fn object(&mut self, object: &Map<String, Value>, namespace: &str, depth: usize) -> Result<Schema, Fault> {
        let kind = match object.get("type") {
            Some(Value::String(kind)) => kind.as_str(),
            // `{"type": {...}}` is the inner schema.
            Some(inner) => return self.schema(inner, namespace, depth + 1),
            None => return Err(Fault::schema("a type without \"type\"")),
        };
        match kind {
            "record" | "error" => self.record(object, namespace, depth),
            "enum" => self.enumeration(object, namespace),
            "fixed" => self.fixed(object, namespace),
            "array" => Ok(Schema::Array(Box::new(self.part(object, "items", namespace, depth)?))),
            "map" => Ok(Schema::Map(Box::new(self.part(object, "values", namespace, depth)?))),
            name => Ok(logical(self.by_name(name, namespace)?, object)),
        }
    }

    fn part(&mut self, object: &Map<String, Value>, key: &str, namespace: &str, depth: usize) -> Result<Schema, Fault> {
        let inner = object.get(key).ok_or_else(|| Fault::schema(format!("\"{key}\" is missing")))?;
        self.schema(inner, namespace, depth + 1)
    }

    fn record(&mut self, object: &Map<String, Value>, namespace: &str, depth: usize) -> Result<Schema, Fault> {
        let name = self.open(object, namespace)?;
        let inside = name.rsplit_once('.').map_or("", |(space, _)| space).to_owned();
        let Some(Value::Array(list)) = object.get("fields") else {
            return Err(Fault::schema(format!("record \"{name}\" has no \"fields\"")));
        };
        let mut fields: Vec<Field> = Vec::with_capacity(list.len());
        for entry in list {
            let Value::Object(entry) = entry else {
                return Err(Fault::schema(format!("a field of record \"{name}\" is no object")));
            };
            let field = self.field(entry, &inside, depth)?;
            if fields.iter().any(|other| other.name == field.name) {
                return Err(Fault::schema(format!("record \"{name}\" has two fields \"{}\"", field.name)));
            }
            fields.push(field);
        }
        let doc = object.get("doc").and_then(Value::as_str).map(str::to_owned);
        Ok(self.close(object, Schema::Record(Record { name, doc, fields })))
    }

    fn field(&mut self, entry: &Map<String, Value>, namespace: &str, depth: usize) -> Result<Field, Fault> {
        Ok(Field {
            name: text(entry, "name")?.to_owned(),
            aliases: strings(entry, "aliases"),
            schema: self.part(entry, "type", namespace, depth)?,
            default: entry.get("default").cloned(),
        })
    }

    fn enumeration(&mut self, object: &Map<String, Value>, namespace: &str) -> Result<Schema, Fault> {
        let name = self.open(object, namespace)?;
        let symbols = strings(object, "symbols");
        let default = object.get("default").and_then(Value::as_str).map(str::to_owned);
        Ok(self.close(object, Schema::Enum(Enum { name, symbols, default })))
    }

    fn fixed(&mut self, object: &Map<String, Value>, namespace: &str) -> Result<Schema, Fault> {
        let name = self.open(object, namespace)?;
        let size = object.get("size").and_then(Value::as_u64).and_then(|size| usize::try_from(size).ok());
        let size = size.ok_or_else(|| Fault::schema(format!("fixed \"{name}\" has no valid \"size\"")))?;
        let schema = logical(Schema::Fixed { name, size }, object);
        Ok(self.close_as(object, namespace, schema))
    }

    /// Reads a named type's name and marks it as being defined.
    fn open(&mut self, object: &Map<String, Value>, namespace: &str) -> Result<String, Fault> {
        let own = object.get("namespace").and_then(Value::as_str).unwrap_or(namespace);
        let name = full_name(text(object, "name")?, own);
        if self.named.insert(name.clone(), None).is_some() {
            return Err(Fault::schema(format!("type \"{name}\" is defined twice")));
        }
        Ok(name)
    }

    fn close(&mut self, object: &Map<String, Value>, schema: Schema) -> Schema {
        self.close_as(object, "", schema)
    }

    fn close_as(&mut self, object: &Map<String, Value>, namespace: &str, schema: Schema) -> Schema {
        let name = match &schema {
            Schema::Record(Record { name, .. }) | Schema::Enum(Enum { name, .. }) | Schema::Fixed { name, .. } => {
                name.clone()
            }
            // A fixed with a logical type: its name isn't kept in the schema.
            _ => {
                let own = object.get("namespace").and_then(Value::as_str).unwrap_or(namespace);
                full_name(object.get("name").and_then(Value::as_str).unwrap_or_default(), own)
            }
        };
        self.named.insert(name, Some(schema.clone()));
        schema
    }
}

fn primitive(name: &str) -> Option<Schema> {
    Some(match name {
        "null" => Schema::Null,
        "boolean" => Schema::Boolean,
        "int" => Schema::Int,
        "long" => Schema::Long,
        "float" => Schema::Float,
        "double" => Schema::Double,
        "bytes" => Schema::Bytes,
        "string" => Schema::String,
        _ => return None,
    })
}

/// `schema` with the logical type that `object` gives it, if that is known and fits.
fn logical(schema: Schema, object: &Map<String, Value>) -> Schema {
    let Some(kind) = object.get("logicalType").and_then(Value::as_str) else { return schema };
    match (&schema, kind) {
        (Schema::Int, "date") => Schema::Date,
        (Schema::Int, "time-millis") => Schema::TimeMillis,
        (Schema::Long, "time-micros") => Schema::TimeMicros,
        (Schema::Long, "timestamp-millis") => Schema::Timestamp { unit: Unit::Milli, utc: true },
        (Schema::Long, "timestamp-micros") => Schema::Timestamp { unit: Unit::Micro, utc: true },
        (Schema::Long, "timestamp-nanos") => Schema::Timestamp { unit: Unit::Nano, utc: true },
        (Schema::Long, "local-timestamp-millis") => Schema::Timestamp { unit: Unit::Milli, utc: false },
        (Schema::Long, "local-timestamp-micros") => Schema::Timestamp { unit: Unit::Micro, utc: false },
        (Schema::Long, "local-timestamp-nanos") => Schema::Timestamp { unit: Unit::Nano, utc: false },
        (Schema::String, "uuid") => Schema::Uuid { fixed: false },
        (Schema::Fixed { size: 16, .. }, "uuid") => Schema::Uuid { fixed: true },
        (Schema::Fixed { size: 12, .. }, "duration") => Schema::Duration,
        (Schema::Bytes, "decimal") => decimal(object, None).unwrap_or(schema),
        (Schema::Fixed { size, .. }, "decimal") => decimal(object, Some(*size)).unwrap_or(schema),
        _ => schema,
    }
}

fn decimal(object: &Map<String, Value>, size: Option<usize>) -> Option<Schema> {
    let precision = object.get("precision")?.as_u64()?;
    let scale = object.get("scale").map_or(Some(0), Value::as_u64)?;
    if !(1..=MAX_PRECISION).contains(&precision) || scale > precision {
        return None;
    }
    Some(Schema::Decimal { precision: u8::try_from(precision).ok()?, scale: i8::try_from(scale).ok()?, size })
}

fn text<'a>(object: &'a Map<String, Value>, key: &str) -> Result<&'a str, Fault> {
    object.get(key).and_then(Value::as_str).ok_or_else(|| Fault::schema(format!("\"{key}\" is missing")))
}

fn strings(object: &Map<String, Value>, key: &str) -> Vec<String> {
    let list = object.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    list.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

fn full_name(name: &str, namespace: &str) -> String {
    if name.contains('.') || namespace.is_empty() { name.to_owned() } else { format!("{namespace}.{name}") }
}
