//! Types as statements name them: `int4`, `pg_catalog.numeric(5, 2)`, `text[]`.

use pg_query::NodeEnum;
use pg_query::protobuf::{AConst, TypeName, a_const};

use super::expr::parts;
use super::types::{Base, PgType};
use super::{Binder, Result, not_yet};
use crate::PlanError;
use crate::error::code;
use crate::functions::ValueError;

impl Binder<'_> {
    /// The type that a statement names, with its modifier. What is wrong with it is shown where the name stands.
    pub(super) fn type_named(&self, name: Option<&TypeName>) -> Result<PgType> {
        let name = name.ok_or_else(|| not_yet("this type"))?;
        let base = self.type_without_modifier(name)?;
        let typmod = match base {
            _ if base.typmod >= 0 => base.typmod,
            // `_bit` is of any length, as bit isn't.
            _ if base.is_array && name.typmods.is_empty() => -1,
            _ => self.type_modifier(base, name)?,
        };
        Ok(PgType { typmod, is_array: base.is_array || !name.array_bounds.is_empty(), ..base })
    }

    fn type_without_modifier(&self, name: &TypeName) -> Result<PgType> {
        let names = parts(&name.names)?;
        let position = self.position(name.location);
        if name.setof || name.pct_type {
            return Err(not_yet("this type"));
        }
        let bare = match names.as_slice() {
            [bare] | ["pg_catalog", bare] => *bare,
            // Domains are what they are of.
            ["information_schema", "sql_identifier"] => return Ok(Base::Name.into()),
            ["information_schema", "cardinal_number"] => return Ok(Base::Int4.into()),
            ["information_schema", "character_data"] => return Ok(Base::Varchar.into()),
            ["information_schema", "yes_or_no"] => return Ok(PgType { typmod: 7, ..Base::Varchar.into() }),
            ["information_schema", "time_stamp"] => return Ok(PgType { typmod: 2, ..Base::Timestamptz.into() }),
            ["information_schema" | "pg_toast", _] => return Err(not_yet("this type")),
            [schema, _] if !self.knows_schema(schema) => return Err(no_schema(schema, position)),
            [_, _] => "",
            _ => return Err(not_yet("this type")),
        };
        // Of arrays there are none.
        match PgType::named(bare).filter(|base| !base.is_array || name.array_bounds.is_empty()) {
            Some(base) => Ok(base),
            None if let Some(own) =
                self.own_type_of(&names).filter(|ty| !ty.is_array || name.array_bounds.is_empty()) =>
            {
                Ok(own)
            }
            None if is_type_elsewhere(bare) => Err(not_yet("this type")),
            None => {
                let array = if name.array_bounds.is_empty() { "" } else { "[]" };
                let message = format!("type \"{}{array}\" does not exist", names.join("."));
                Err(PlanError::refused(code::UNDEFINED_OBJECT, message, position))
            }
        }
    }

    fn own_type_of(&self, names: &[&str]) -> Option<PgType> {
        match names {
            [name] => self.own_type(None, name),
            [schema, name] => self.own_type(Some(schema), name),
            _ => None,
        }
    }

    fn type_modifier(&self, base: PgType, name: &TypeName) -> Result<i32> {
        let position = self.position(name.location);
        if !name.typmods.is_empty() && !takes_modifiers(base) {
            let message = format!("type modifier is not allowed for type \"{}\"", parts(&name.names)?.join("."));
            return Err(PlanError::Grammar { message, position });
        }
        let modifiers = name.typmods.iter().map(|node| match &node.node {
            Some(NodeEnum::AConst(AConst { val: Some(a_const::Val::Ival(value)), .. })) => Ok(value.ival),
            _ => Err(not_yet("this modifier")),
        });
        let modifiers = modifiers.collect::<Result<Vec<_>>>()?;
        modifier(base.base, &modifiers)
            .map_err(|message| PlanError::Value { error: ValueError::invalid_parameter(message), position })
    }

    /// Whether names may have that schema before them.
    pub(super) fn knows_schema(&self, schema: &str) -> bool {
        matches!(schema, "pg_catalog" | "information_schema" | "pg_toast" | "public")
            || self.asker.is_some_and(|asker| asker.view.system().objects().namespace(schema).is_some())
    }
}

pub(super) fn no_schema(schema: &str, position: Option<usize>) -> PlanError {
    PlanError::refused(code::INVALID_SCHEMA_NAME, format!("schema \"{schema}\" does not exist"), position)
}

/// Types that PostgreSQL has and that aren't known here.
fn is_type_elsewhere(name: &str) -> bool {
    const OTHERS: [&str; 15] = [
        "xml",
        "point",
        "line",
        "lseg",
        "box",
        "path",
        "polygon",
        "circle",
        "tsvector",
        "tsquery",
        "refcursor",
        "txid_snapshot",
        "pg_snapshot",
        "gtsvector",
        "cstring",
    ];
    OTHERS.contains(&name)
}

/// `pg_type.typmodin`
fn takes_modifiers(ty: PgType) -> bool {
    use Base::*;
    matches!(ty.base, Numeric | Varchar | Bpchar | Bit | Varbit | Time | Timetz | Timestamp | Timestamptz | Interval)
}

/// `atttypmod` of a type with modifiers, or what is wrong with them.
fn modifier(base: Base, modifiers: &[i32]) -> std::result::Result<i32, String> {
    Ok(match (base, modifiers) {
        (Base::Bit, []) => 1,
        (_, []) => -1,
        (Base::Numeric, [precision, ..]) if modifiers.len() <= 2 && !(1..=1000).contains(precision) => {
            return Err(format!("NUMERIC precision {precision} must be between 1 and 1000"));
        }
        (Base::Numeric, [precision]) => (precision << 16) + 4,
        (Base::Numeric, [precision, scale]) if (-1000..=1000).contains(scale) => {
            ((precision << 16) | (scale & 0x7ff)) + 4
        }
        (Base::Numeric, [_, scale]) => return Err(format!("NUMERIC scale {scale} must be between -1000 and 1000")),
        (Base::Numeric, _) => return Err("invalid NUMERIC type modifier".to_owned()),
        (Base::Varchar, [length]) => checked_length("varchar", *length, 10_485_760)? + 4,
        (Base::Bpchar, [length]) => checked_length("char", *length, 10_485_760)? + 4,
        (Base::Bit, [length]) => checked_length("bit", *length, 83_886_080)?,
        (Base::Varbit, [length]) => checked_length("varbit", *length, 83_886_080)?,
        (Base::Time | Base::Timetz | Base::Timestamp | Base::Timestamptz, [digits]) => {
            let (name, zone) = match base {
                Base::Time => ("TIME", ""),
                Base::Timetz => ("TIME", " WITH TIME ZONE"),
                Base::Timestamp => ("TIMESTAMP", ""),
                _ => ("TIMESTAMP", " WITH TIME ZONE"),
            };
            checked_digits(*digits, name, zone)?
        }
        // Fields alone, or fields and digits; all fields are 0x7FFF.
        (Base::Interval, [fields]) => (fields << 16) | 0xffff,
        (Base::Interval, [fields, digits]) => (fields << 16) | checked_digits(*digits, "INTERVAL", "")?,
        (Base::Interval, _) => return Err("invalid INTERVAL type modifier".to_owned()),
        _ => return Err("invalid type modifier".to_owned()),
    })
}

fn checked_length(name: &str, length: i32, most: i32) -> std::result::Result<i32, String> {
    match length {
        ..=0 => Err(format!("length for type {name} must be at least 1")),
        _ if length > most => Err(format!("length for type {name} cannot exceed {most}")),
        _ => Ok(length),
    }
}

/// Digits of seconds: no more than there are.
fn checked_digits(digits: i32, name: &str, zone: &str) -> std::result::Result<i32, String> {
    match digits < 0 {
        true => Err(format!("{name}({digits}){zone} precision must not be negative")),
        false => Ok(digits.min(6)),
    }
}
