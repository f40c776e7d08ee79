//! The masks: one function over a column's values each, and which columns it fits.

mod email;
mod hash;
mod ip;
mod nested;
mod number;
mod partial;
mod text;
mod time;

use arrow::datatypes::{DataType, Field};
use datafusion::common::ScalarValue;
use datafusion::logical_expr::{Expr, ScalarUDF, when};
use weir_connectors::pgtype;
use weir_policies::{MaskKind, Period};

use email::EmailMask;
pub use hash::MaskKey;
use hash::{HashMask, Shape};
use ip::IpMask;
pub(crate) use nested::{Masked, NestedMask, Within};
use number::BucketMask;
use partial::PartialMask;
use time::TruncateMask;

/// The call that masks `value`, the column `field`. The mask keeps the column's type; the error says why it can't.
pub(crate) fn mask_call(kind: &MaskKind, field: &Field, key: Option<&MaskKey>, value: Expr) -> Result<Expr, String> {
    match kind {
        MaskKind::Null => null(field),
        MaskKind::Redact { text } => {
            require_text(field, "redact")?;
            let shown = ScalarValue::Utf8(Some(text.to_string())).cast_to(field.data_type());
            let shown = Expr::Literal(shown.map_err(|error| error.to_string())?, None);
            // NULL stays NULL: that a value is missing is no secret that a mask keeps.
            when(value.is_null(), null(field)?).otherwise(shown).map_err(|error| error.to_string())
        }
        MaskKind::Partial { keep_first, keep_last } => {
            require_text(field, "partial")?;
            let mask = PartialMask::new(*keep_first as usize, *keep_last as usize);
            Ok(ScalarUDF::new_from_impl(mask).call(vec![value]))
        }
        MaskKind::Hash => {
            let key = key.ok_or("the hash mask needs hash_key under [policies] in the configuration")?;
            let mask = HashMask::new(key.clone(), shape(field)?);
            Ok(ScalarUDF::new_from_impl(mask).call(vec![value]))
        }
        MaskKind::Email => {
            require_text(field, "email")?;
            Ok(ScalarUDF::new_from_impl(EmailMask::new()).call(vec![value]))
        }
        MaskKind::Ip => {
            let is_address = pgtype::typname(field).is_some_and(|name| matches!(name, "inet" | "cidr"));
            if !is_address {
                require_text(field, "ip")?;
            }
            Ok(ScalarUDF::new_from_impl(IpMask::new(is_address)).call(vec![value]))
        }
        MaskKind::Truncate { to } => {
            if *to == Period::Day && *field.data_type() == DataType::Date32 {
                return Err("the mask truncate to day shows a date as it is".to_owned());
            }
            let mask = TruncateMask::new(*to, field.data_type())
                .ok_or_else(|| format!("the mask truncate to {to} is for {}, {}", time::types_of(*to), found(field)))?;
            Ok(ScalarUDF::new_from_impl(mask).call(vec![value]))
        }
        MaskKind::Bucket { size } => {
            if *size == 1 && field.data_type().is_integer() {
                return Err("the mask bucket with size = 1 shows an integer as it is".to_owned());
            }
            let mask = BucketMask::new(*size, field.data_type());
            let mask = mask.ok_or_else(|| format!("the mask bucket is for numbers, {}", found(field)))?;
            Ok(ScalarUDF::new_from_impl(mask).call(vec![value]))
        }
        MaskKind::Sql { .. } => Err("an SQL mask is bound, not called".to_owned()),
    }
}

fn null(field: &Field) -> Result<Expr, String> {
    Ok(Expr::Literal(ScalarValue::try_from(field.data_type()).map_err(|error| error.to_string())?, None))
}

/// Text that may hold anything; `uuid`, `json` and their like are kept as text but must stay what they are.
fn is_free_text(field: &Field) -> bool {
    matches!(field.data_type(), DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View)
        && matches!(
            pgtype::typname(field),
            None | Some("text" | "varchar" | "bpchar" | "name" | "citext" | pgtype::ENUM | pgtype::COMPOSITE)
        )
}

fn require_text(field: &Field, mask: &str) -> Result<(), String> {
    match is_free_text(field) {
        true => Ok(()),
        false => Err(format!("the mask {mask} is for text, {}", found(field))),
    }
}

fn shape(field: &Field) -> Result<Shape, String> {
    match field.data_type() {
        _ if is_free_text(field) => Ok(Shape::Hex),
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View if pgtype::typname(field) == Some("uuid") => {
            Ok(Shape::Uuid)
        }
        DataType::Int64 | DataType::Int32 | DataType::Int16 => Ok(Shape::Integer),
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView => Ok(Shape::Bytes),
        _ => Err(format!("the mask hash is for text, uuid, integers and bytes, {}", found(field))),
    }
}

fn found(field: &Field) -> String {
    let shown = pgtype::typname(field).map_or_else(|| field.data_type().to_string(), str::to_owned);
    format!("column \"{}\" is {shown}", field.name())
}
