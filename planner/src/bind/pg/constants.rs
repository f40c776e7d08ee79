//! Constants as they are written: numbers, texts that have no type yet, bit strings.

use arrow::datatypes::DataType;
use datafusion::logical_expr::{Expr, lit};
use pg_query::protobuf::{AConst, a_const};

use super::types::{Base, PgType};
use super::{Binder, Result, Typed};
use crate::PlanError;
use crate::functions::ValueError;

impl Binder<'_> {
    pub(super) fn literal(&self, constant: &AConst) -> Result<Typed> {
        let Some(value) = &constant.val else { return Ok(Typed::null()) };
        let refused = |error| PlanError::Value { error, position: self.position(constant.location) };
        Ok(match value {
            a_const::Val::Ival(integer) => Typed::new(lit(integer.ival), Base::Int4),
            a_const::Val::Fval(number) => match integer(&number.fval) {
                Some(big) => match i32::try_from(big) {
                    Ok(small) => Typed::new(lit(small), Base::Int4),
                    Err(_) => Typed::new(lit(big), Base::Int8),
                },
                None => {
                    let value = super::coerce::numeric(&number.fval).map_err(refused)?;
                    let data = value.data_type();
                    Typed { expr: Expr::Literal(value, None), ty: Base::Numeric.into(), data }
                }
            },
            a_const::Val::Boolval(flag) => Typed::new(lit(flag.boolval), Base::Bool),
            a_const::Val::Sval(text) => Typed::new(lit(text.sval.as_str()), Base::Unknown),
            a_const::Val::Bsval(bits) => bit_string(&bits.bsval).map_err(refused)?,
        })
    }
}

/// An integer as the grammar leaves it if it is too large for an int4, or a numeric with a sign before it: in any base, with `_`
/// between digits.
fn integer(text: &str) -> Option<i64> {
    let text = text.replace('_', "");
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", text.as_str()),
    };
    let (radix, digits) = match digits.get(..2).map(str::to_ascii_lowercase).as_deref() {
        Some("0x") => (16, &digits[2..]),
        Some("0o") => (8, &digits[2..]),
        Some("0b") => (2, &digits[2..]),
        _ => (10, digits),
    };
    i64::from_str_radix(&format!("{sign}{digits}"), radix).ok()
}

/// `B'01'` and `X'1f'`, which the grammar gives as `b01` and `x1f`.
fn bit_string(text: &str) -> std::result::Result<Typed, ValueError> {
    let mut bits = String::new();
    match text.split_at_checked(1) {
        Some(("x", digits)) => {
            for digit in digits.chars() {
                let value = digit.to_digit(16).ok_or_else(|| wrong_digit(digit, "hexadecimal"))?;
                bits.push_str(&format!("{value:04b}"));
            }
        }
        Some((_, digits)) => {
            if let Some(wrong) = digits.chars().find(|digit| !matches!(digit, '0' | '1')) {
                return Err(wrong_digit(wrong, "binary"));
            }
            bits.push_str(digits);
        }
        None => {}
    }
    let typmod = i32::try_from(bits.len()).unwrap_or(-1);
    let ty = PgType { typmod, ..Base::Bit.into() };
    Ok(Typed { expr: lit(bits), ty, data: DataType::Utf8 })
}

fn wrong_digit(digit: char, kind: &str) -> ValueError {
    let message = format!("\"{digit}\" is not a valid {kind} digit");
    ValueError::new(weir_values::code::INVALID_TEXT_REPRESENTATION, message)
}
