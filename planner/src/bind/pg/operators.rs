//! Operators: which one a symbol means between two types (`pg_operator.dat`), and what computes it.

use std::collections::HashMap;
use std::sync::LazyLock;

use arrow::datatypes::DataType;
use datafusion::logical_expr::{Expr, Operator, binary_expr};

use super::coerce::{convert, engine_cast, freed};
use super::resolve::{Candidate, Undecided, choose};
use super::types::{Base, Coercion, PgType};
use super::{Binder, Result, Typed, not_yet};
use crate::PlanError;
use crate::functions::pg::call;

/// An operator between two types.
pub(super) struct Row {
    arguments: [PgType; 2],
    result: PgType,
    means: Means,
}

#[derive(Clone, Copy)]
enum Means {
    /// A comparison by the engine, between values of one kind.
    Compare(Operator, Base),
    /// A function of integers or floats, both of the result's type.
    Same(&'static str),
    Decimal(Arithmetic),
    /// A function of the two as they are.
    Proc(&'static str),
    /// The same with the two in the other order.
    Swapped(&'static str),
    /// The engine's operator on texts.
    Text(Operator),
    Concat,
    /// There is one, which isn't known here yet.
    NotYet,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Modulo,
    Divide,
}

impl Candidate for Row {
    fn arguments(&self) -> &[PgType] {
        &self.arguments
    }
}

static OPERATORS: LazyLock<HashMap<&'static str, Vec<Row>>> = LazyLock::new(table);

const INTEGERS: [Base; 3] = [Base::Int2, Base::Int4, Base::Int8];

fn table() -> HashMap<&'static str, Vec<Row>> {
    use Base::*;
    let mut all: HashMap<&'static str, Vec<Row>> = HashMap::new();
    let mut add = |name, left: Base, right: Base, result: Base, means| {
        let row = Row { arguments: [left.into(), right.into()], result: result.into(), means };
        all.entry(name).or_default().push(row);
    };
    for (name, int, float, decimal) in [
        ("+", "intpl", "floatpl", Arithmetic::Add),
        ("-", "intmi", "floatmi", Arithmetic::Subtract),
        ("*", "intmul", "floatmul", Arithmetic::Multiply),
        ("/", "intdiv", "floatdiv", Arithmetic::Divide),
        ("%", "intmod", "", Arithmetic::Modulo),
    ] {
        for (at, left) in INTEGERS.into_iter().enumerate() {
            for (to, right) in INTEGERS.into_iter().enumerate() {
                // There is no % between integers of different widths.
                if name != "%" || at == to {
                    add(name, left, right, INTEGERS[at.max(to)], Means::Same(int));
                }
            }
        }
        add(name, Numeric, Numeric, Numeric, Means::Decimal(decimal));
        if !float.is_empty() {
            for (left, right, result) in
                [(Float4, Float4, Float4), (Float8, Float8, Float8), (Float4, Float8, Float8), (Float8, Float4, Float8)]
            {
                add(name, left, right, result, Means::Same(float));
            }
        }
    }
    add("^", Float8, Float8, Float8, Means::Same("dpow"));
    add("^", Numeric, Numeric, Numeric, Means::NotYet);
    add("+", Date, Int4, Date, Means::Proc("date_pli"));
    add("+", Int4, Date, Date, Means::Swapped("date_pli"));
    add("-", Date, Int4, Date, Means::Proc("date_mii"));
    add("-", Date, Date, Int4, Means::Proc("date_mi"));
    for (moment, result) in [(Date, Timestamp), (Timestamp, Timestamp)] {
        add("+", moment, Interval, result, Means::Proc("timestamp_pl_interval"));
        add("+", Interval, moment, result, Means::Swapped("timestamp_pl_interval"));
        add("-", moment, Interval, result, Means::Proc("timestamp_mi_interval"));
    }
    add("-", Timestamp, Timestamp, Interval, Means::Proc("timestamp_mi"));
    add("*", Interval, Float8, Interval, Means::Proc("interval_mul"));
    add("*", Float8, Interval, Interval, Means::Swapped("interval_mul"));
    for (name, operator) in COMPARISONS {
        let mut compare = |left, right, through| add(name, left, right, Bool, Means::Compare(operator, through));
        for (at, left) in INTEGERS.into_iter().enumerate() {
            for (to, right) in INTEGERS.into_iter().enumerate() {
                compare(left, right, INTEGERS[at.max(to)]);
            }
        }
        for (left, right) in [(Float4, Float4), (Float8, Float8), (Float4, Float8), (Float8, Float4)] {
            compare(left, right, if left == right { left } else { Float8 });
        }
        for base in [Bool, Numeric, Text, Bpchar, Name, Bytea, Date, Time, Timestamp, Timestamptz] {
            compare(base, base, base);
        }
        compare(Date, Timestamp, Timestamp);
        compare(Timestamp, Date, Timestamp);
    }
    for (name, operator) in [
        ("~", Operator::RegexMatch),
        ("~*", Operator::RegexIMatch),
        ("!~", Operator::RegexNotMatch),
        ("!~*", Operator::RegexNotIMatch),
        ("~~", Operator::LikeMatch),
        ("~~*", Operator::ILikeMatch),
        ("!~~", Operator::NotLikeMatch),
        ("!~~*", Operator::NotILikeMatch),
    ] {
        add(name, Text, Text, Bool, Means::Text(operator));
    }
    add("||", Text, Text, Text, Means::Concat);
    all
}

pub(super) const COMPARISONS: [(&str, Operator); 6] = [
    ("=", Operator::Eq),
    ("<>", Operator::NotEq),
    ("<", Operator::Lt),
    ("<=", Operator::LtEq),
    (">", Operator::Gt),
    (">=", Operator::GtEq),
];

impl Binder<'_> {
    /// `left op right`.
    pub(super) fn operate(&mut self, name: &str, left: Typed, right: Typed, location: i32) -> Result<Typed> {
        self.operate_at(name, left, right, [location; 3])
    }

    /// The same with the places of the operator and of its operands.
    pub(super) fn operate_at(&mut self, name: &str, left: Typed, right: Typed, places: [i32; 3]) -> Result<Typed> {
        let location = places[0];
        let types = [left.ty.without_modifier(), right.ty.without_modifier()];
        let row = match choose(OPERATORS.get(name).map_or(&[][..], Vec::as_slice), &types) {
            Ok(row) => row,
            Err(_) if name == "||" && is_concat(types) => {
                let row = OPERATORS.get("||").and_then(|rows| rows.first()).ok_or_else(|| not_yet("this operator"))?;
                return self.apply(row, left, right, Coercion::Explicit, places);
            }
            Err(reason) => return Err(self.no_operator(name, types, reason, location)),
        };
        self.apply(row, left, right, Coercion::Implicit, places)
    }

    fn no_operator(&self, name: &str, [left, right]: [PgType; 2], why: Undecided, location: i32) -> PlanError {
        // Types that aren't all known here: it may be there.
        let is_complete =
            |ty: PgType| !ty.is_array && !matches!(ty.base, Base::Interval | Base::Timestamptz | Base::Time);
        if !OPERATORS.contains_key(name) || !is_complete(left) || !is_complete(right) {
            return not_yet("this operator");
        }
        let operator = format!("{left} {name} {right}");
        let is_ambiguous = why == Undecided::Several;
        PlanError::UndefinedOperator { operator, is_ambiguous, position: self.position(location) }
    }

    fn apply(&mut self, row: &Row, left: Typed, right: Typed, how: Coercion, places: [i32; 3]) -> Result<Typed> {
        let [want_left, want_right] = row.arguments;
        let left = self.coerce(left, want_left, how, places[1])?;
        let right = self.coerce(right, want_right, how, places[2])?;
        let result = |expr| Typed { expr, ty: row.result, data: row.result.storage() };
        Ok(match row.means {
            Means::Compare(operator, through) => compare(operator, through, left, right)?,
            Means::Same(name) => {
                let (left, right) = (convert(left, row.result)?, convert(right, row.result)?);
                result(call(name, vec![left.expr, right.expr], row.result.storage()))
            }
            Means::Decimal(kind) => decimal(kind, left, right)?,
            Means::Proc(name) => result(call(name, vec![left.expr, right.expr], row.result.storage())),
            Means::Swapped(name) => result(call(name, vec![right.expr, left.expr], row.result.storage())),
            Means::Text(operator) => result(binary_expr(left.expr, operator, right.expr)),
            Means::NotYet => return Err(not_yet("this operator")),
            Means::Concat => result(crate::functions::concatenated(left.expr, right.expr)),
        })
    }

    /// `-value`.
    pub(super) fn negate(&mut self, value: Typed, location: i32) -> Result<Typed> {
        let value = match value.ty.is(Base::Unknown) {
            true => self.coerce(value, Base::Float8.into(), Coercion::Implicit, location)?,
            false => value,
        };
        let name = match (value.ty.is_array, value.ty.base) {
            (false, Base::Int2 | Base::Int4 | Base::Int8) => "intum",
            (false, Base::Float4 | Base::Float8) => "floatum",
            (false, Base::Numeric) if value.is_free_numeric() => "numeric_text_uminus",
            (false, Base::Numeric) => "numeric_uminus",
            _ => return Err(not_yet("this operator")),
        };
        let ty = value.ty.without_modifier();
        Ok(Typed { expr: call(name, vec![value.expr], value.data.clone()), ty, data: value.data })
    }
}

fn is_concat([left, right]: [PgType; 2]) -> bool {
    use super::types::Category;
    let is_string = |ty: PgType| ty.category() == Category::String || ty.is(Base::Unknown);
    !left.is_array && !right.is_array && (is_string(left) || is_string(right))
}

fn compare(operator: Operator, through: Base, left: Typed, right: Typed) -> Result<Typed> {
    let bool = |expr| Typed { expr, ty: Base::Bool.into(), data: DataType::Boolean };
    let (left, right) = match through {
        Base::Numeric if left.is_free_numeric() || right.is_free_numeric() => {
            let name = match operator {
                Operator::Eq => "numeric_eq",
                Operator::NotEq => "numeric_ne",
                Operator::Lt => "numeric_lt",
                Operator::LtEq => "numeric_le",
                Operator::Gt => "numeric_gt",
                _ => "numeric_ge",
            };
            return Ok(bool(call(name, vec![freed(left)?.expr, freed(right)?.expr], DataType::Boolean)));
        }
        Base::Numeric => {
            let common = common_decimal(&left.data, &right.data).ok_or_else(|| not_yet("so many digits"))?;
            (engine_cast(left, common.clone())?, engine_cast(right, common)?)
        }
        // Blanks at the end don't count.
        Base::Bpchar => (convert(left, Base::Text.into())?.expr, convert(right, Base::Text.into())?.expr),
        through => (convert(left, through.into())?.expr, convert(right, through.into())?.expr),
    };
    Ok(bool(binary_expr(left, operator, right)))
}

fn digits(data: &DataType) -> Option<(u8, i8)> {
    match data {
        DataType::Decimal128(precision, scale) | DataType::Decimal256(precision, scale) => Some((*precision, *scale)),
        _ => None,
    }
}

/// The decimal that holds both exactly.
pub(super) fn common_decimal(left: &DataType, right: &DataType) -> Option<DataType> {
    let ((p1, s1), (p2, s2)) = (digits(left)?, digits(right)?);
    let scale = s1.max(s2);
    let whole = (i16::from(p1) - i16::from(s1)).max(i16::from(p2) - i16::from(s2));
    decimal_type(whole + i16::from(scale), scale.into())
}

fn decimal_type(precision: i16, scale: i16) -> Option<DataType> {
    let scale = i8::try_from(scale).ok()?;
    match u8::try_from(precision).ok()? {
        precision @ ..=38 => Some(DataType::Decimal128(precision, scale)),
        precision @ ..=76 => Some(DataType::Decimal256(precision, scale)),
        _ => None,
    }
}

/// Arithmetic on numerics. Where the result has as many digits behind the point whatever the values, as those of a sum do,
/// the engine's decimals serve.
fn decimal(kind: Arithmetic, left: Typed, right: Typed) -> Result<Typed> {
    match fixed(kind, &left, &right) {
        Some((name, data)) => {
            let widened = |typed: Typed| match (&data, &typed.data) {
                (DataType::Decimal256(..), DataType::Decimal128(precision, scale)) => {
                    let wide = DataType::Decimal256(*precision, *scale);
                    engine_cast(typed, wide)
                }
                _ => Ok(typed.expr),
            };
            let expr: Expr = call(name, vec![widened(left)?, widened(right)?], data.clone());
            Ok(Typed { expr, ty: Base::Numeric.into(), data })
        }
        None => {
            let name = match kind {
                Arithmetic::Add => "numeric_text_add",
                Arithmetic::Subtract => "numeric_text_sub",
                Arithmetic::Multiply => "numeric_text_mul",
                Arithmetic::Modulo => "numeric_text_mod",
                Arithmetic::Divide => "numeric_div",
            };
            Ok(free(name, left, right)?)
        }
    }
}

/// A numeric that has each value's own digits, from two of any.
pub(super) fn free(name: &'static str, left: Typed, right: Typed) -> Result<Typed> {
    let arguments = vec![freed(left)?.expr, freed(right)?.expr];
    Ok(Typed { expr: call(name, arguments, DataType::Utf8), ty: Base::Numeric.into(), data: DataType::Utf8 })
}

/// The function, and what holds all of its results.
fn fixed(kind: Arithmetic, left: &Typed, right: &Typed) -> Option<(&'static str, DataType)> {
    let ((p1, s1), (p2, s2)) = (digits(&left.data)?, digits(&right.data)?);
    let (p1, s1, p2, s2) = (i16::from(p1), i16::from(s1), i16::from(p2), i16::from(s2));
    let (whole, scale) = ((p1 - s1).max(p2 - s2), s1.max(s2));
    match kind {
        Arithmetic::Add => Some(("numeric_add", decimal_type(whole + 1 + scale, scale)?)),
        Arithmetic::Subtract => Some(("numeric_sub", decimal_type(whole + 1 + scale, scale)?)),
        Arithmetic::Multiply => Some(("numeric_mul", decimal_type(p1 + p2, s1 + s2)?)),
        Arithmetic::Modulo => Some(("numeric_mod", decimal_type(whole + scale, scale)?)),
        Arithmetic::Divide => None,
    }
}
