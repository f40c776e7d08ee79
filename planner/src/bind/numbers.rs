//! Numbers with an exponent, written out: the engine would make a decimal of negative scale of `1e30`, which its rules
//! don't expect.

use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{Expr, Query, Value, VisitMut, VisitorMut};

/// Longest number that is written out; one with more digits is more than any type holds.
const MAX_DIGITS: usize = 400;

/// Writes out the query's numbers.
pub(super) fn write_out(query: &mut Query) {
    let _: ControlFlow<()> = query.visit(&mut Numbers);
}

struct Numbers;

impl VisitorMut for Numbers {
    type Break = ();

    fn pre_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
        if let Expr::Value(value) = expr
            && let Value::Number(number, _) = &mut value.value
            && let Some(written_out) = without_exponent(number)
        {
            *number = written_out;
        }
        ControlFlow::Continue(())
    }
}

/// `1.5e3` as `1500`, `15e-1` as `1.5`; `None` for a number without an exponent, and for one too long to write out.
fn without_exponent(number: &str) -> Option<String> {
    let (mantissa, exponent) = number.split_once(['e', 'E'])?;
    let exponent: i32 = exponent.replace('_', "").parse().ok()?;
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits: String = whole.chars().chain(fraction.chars()).filter(char::is_ascii_digit).collect();
    let places = whole.chars().filter(char::is_ascii_digit).count();
    // Where the point stands among the digits: before them if negative, behind them if past their number.
    let point = i64::try_from(places).ok()? + i64::from(exponent);
    let length = digits.len().checked_add(usize::try_from(point.unsigned_abs()).ok()?)?;
    if length > MAX_DIGITS {
        return None;
    }
    let zeros = |count: i64| "0".repeat(usize::try_from(count).unwrap_or(0));
    let missing = point - i64::try_from(digits.len()).ok()?;
    Some(match usize::try_from(point) {
        Ok(0) | Err(_) => format!("0.{}{digits}", zeros(-point)),
        Ok(point) if point < digits.len() => format!("{}.{}", &digits[..point], &digits[point..]),
        Ok(_) => format!("{digits}{}", zeros(missing)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_point_moves_by_the_exponent() {
        for (number, expected) in [
            ("1e3", "1000"),
            ("1.5e3", "1500"),
            ("1.2345E2", "123.45"),
            ("15e-1", "1.5"),
            ("15e-2", "0.15"),
            ("1e-3", "0.001"),
            (".5e1", "5"),
            (".5e0", "0.5"),
            ("5.e+2", "500"),
            ("1_0e1", "100"),
        ] {
            assert_eq!(without_exponent(number).as_deref(), Some(expected), "{number}");
        }
        for number in ["15", "1.5", "1e2000000000", "1e99999999999", "1e-1000"] {
            assert_eq!(without_exponent(number), None, "{number}");
        }
    }
}
