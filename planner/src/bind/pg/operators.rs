//! Operators: which one a symbol means between types, and what computes it.

use arrow::datatypes::DataType;
use datafusion::common::ScalarValue;
use datafusion::logical_expr::expr::Like;
use datafusion::logical_expr::{Case, Expr, Operator, binary_expr, lit};

use super::arrays::both_of_one_shape;
use super::coerce::{engine_cast, freed};
use super::enums::{compare_enums, enum_key};
use super::resolve::{Chosen, Undecided, choose};
use super::types::{Base, Coercion, PgType};
use super::{Binder, Result, Typed, catalog, not_yet};
use crate::PlanError;
use crate::functions::pg::call;

pub(super) const COMPARISONS: [(&str, Operator); 6] = [
    ("=", Operator::Eq),
    ("<>", Operator::NotEq),
    ("<", Operator::Lt),
    ("<=", Operator::LtEq),
    (">", Operator::Gt),
    (">=", Operator::GtEq),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Modulo,
    Divide,
}

fn comparison(name: &str) -> Option<Operator> {
    COMPARISONS.iter().find(|(symbol, _)| *symbol == name).map(|(_, operator)| *operator)
}

impl Binder<'_> {
    /// `left op right`.
    pub(super) fn operate(&mut self, name: &str, left: Typed, right: Typed, location: i32) -> Result<Typed> {
        self.operate_at(name, left, right, [location; 3])
    }

    /// The same with the places of the operator and of its operands.
    pub(super) fn operate_at(&mut self, name: &str, left: Typed, right: Typed, places: [i32; 3]) -> Result<Typed> {
        let name = if name == "!=" { "<>" } else { name };
        let (source, left, right, result) = self.chosen(name, left, right, places)?;
        if let Some(operator) = comparison(name).filter(|_| result.is(Base::Bool)) {
            return self.compare(operator, left, right);
        }
        self.compute(name, source, left, right, result)
    }

    /// What `nullif` gives: the left value as it is compared, or NULL where both are equal.
    pub(super) fn unless_equal(&mut self, left: Typed, right: Typed, places: [i32; 3]) -> Result<Typed> {
        let (_, left, right, _) = self.chosen("=", left, right, places)?;
        let again = self.copy(&left)?;
        let equal = self.compare(Operator::Eq, again, right)?;
        let null = Expr::Literal(ScalarValue::try_from(&left.data)?, None);
        let case = Case::new(None, vec![(Box::new(equal.expr), Box::new(null))], Some(Box::new(left.expr)));
        Ok(Typed { expr: Expr::Case(case), ty: left.ty, data: left.data })
    }

    /// The function of the operator that is meant, its operands in the types that it takes, and the type of its result.
    fn chosen(
        &mut self,
        name: &str,
        left: Typed,
        right: Typed,
        places: [i32; 3],
    ) -> Result<(&'static str, Typed, Typed, PgType)> {
        let types = [left.ty.without_modifier(), right.ty.without_modifier()];
        // Points and lines, which aren't known here, have it, too.
        if name == "?|" && types.iter().all(|ty| ty.is(Base::Unknown)) {
            return Err(self.no_operator(name, &types, Undecided::Several, places[0]));
        }
        let chosen = choose(catalog::operators(name), &types)
            .map_err(|reason| self.no_operator(name, &types, reason, places[0]))?;
        let Chosen { candidate, arguments, result } = chosen;
        let [want_left, want_right] = arguments.as_slice() else { return Err(not_yet("this operator")) };
        let left = self.coerce(left, *want_left, Coercion::Implicit, places[1])?;
        let right = self.coerce(right, *want_right, Coercion::Implicit, places[2])?;
        Ok((candidate.source, left, right, result))
    }

    /// `op value`.
    pub(super) fn operate_prefix(&mut self, name: &str, value: Typed, location: i32) -> Result<Typed> {
        let types = [value.ty.without_modifier()];
        let chosen = choose(catalog::operators(name), &types)
            .map_err(|reason| self.no_operator(name, &types, reason, location))?;
        let (source, result) = (chosen.candidate.source, chosen.result);
        let value = self.coerce(value, chosen.arguments[0], Coercion::Implicit, location)?;
        let own = match (name, value.ty.base) {
            ("+", _) => return Ok(value),
            ("-", base) if base.is_integer() => "intum",
            ("-", base) if base.is_float() => "floatum",
            ("-", Base::Numeric) if !value.is_free_numeric() => "numeric_fixed_uminus",
            _ => return self.procedure(source, vec![value], result),
        };
        let ty = value.ty.without_modifier();
        Ok(Typed { expr: call(own, vec![value.expr], value.data.clone()), ty, data: value.data })
    }

    fn no_operator(&self, name: &str, types: &[PgType], why: Undecided, location: i32) -> PlanError {
        if why == Undecided::Undetermined {
            let message = "could not determine polymorphic type because input has type unknown".to_owned();
            return PlanError::Mismatch { message, position: None };
        }
        if types.iter().any(|ty| ty.base == Base::Opaque) {
            return not_yet("an operator of this type");
        }
        let operator = match types {
            [left, right] => format!("{left} {name} {right}"),
            [value] => format!("{name} {value}"),
            _ => name.to_owned(),
        };
        let is_ambiguous = why == Undecided::Several;
        PlanError::UndefinedOperator { operator, is_ambiguous, position: self.position(location) }
    }

    /// An operator that is no comparison.
    fn compute(
        &mut self,
        name: &str,
        source: &'static str,
        left: Typed,
        right: Typed,
        result: PgType,
    ) -> Result<Typed> {
        if let Some(negated) = plain_like(source, &right.expr) {
            let (expr, pattern) = (Box::new(left.expr), Box::new(right.expr));
            let like = Like { negated, expr, pattern, escape_char: None, case_insensitive: false };
            return Ok(Typed::new(Expr::Like(like), Base::Bool));
        }
        if source == "text_starts_with" {
            let expr = self.engine_function("starts_with", vec![left.expr, right.expr])?;
            return Ok(Typed::new(expr, Base::Bool));
        }
        if let Some(kind) = arithmetic(name).filter(|_| result.is(Base::Numeric) && is_numeric(&left, &right)) {
            return decimal(kind, left, right);
        }
        if let Some(function) = plain_arithmetic(name, left.ty, right.ty, result) {
            let (left, right) = (self.implicitly(left, result)?, self.implicitly(right, result)?);
            let data = result.storage();
            return Ok(Typed { expr: call(function, vec![left.expr, right.expr], data.clone()), ty: result, data });
        }
        if name == "||" && result.is(Base::Text) {
            let text = |binder: &mut Self, typed| binder.coerce(typed, Base::Text.into(), Coercion::Explicit, -1);
            let (left, right) = (text(self, left)?, text(self, right)?);
            return Ok(Typed::new(crate::functions::concatenated(left.expr, right.expr), Base::Text));
        }
        match swapped(name, left.ty, right.ty) {
            Some(source) => self.procedure(source, vec![right, left], result),
            None => self.procedure(source, vec![left, right], result),
        }
    }

    /// A comparison of two values of types that compare.
    pub(super) fn compare(&mut self, operator: Operator, left: Typed, right: Typed) -> Result<Typed> {
        let bool = |expr| Ok(Typed { expr, ty: Base::Bool.into(), data: DataType::Boolean });
        if left.ty.is(Base::Record) && !super::search::is_path(&left) {
            return self.compare_records(operator, left, right);
        }
        if left.ty.is_array || right.ty.is_array || left.ty.is(Base::Record) {
            return self.compare_by_function(operator, left, right);
        }
        if left.ty.is(Base::Numeric) && right.ty.is(Base::Numeric) {
            let common = match left.is_free_numeric() || right.is_free_numeric() {
                true => None,
                false => common_decimal(&left.data, &right.data),
            };
            return bool(match common {
                Some(common) => binary_expr(engine_cast(left, common.clone())?, operator, engine_cast(right, common)?),
                None => call(free_comparison(operator), vec![freed(left)?.expr, freed(right)?.expr], DataType::Boolean),
            });
        }
        let (left, right) = self.alike(left, right)?;
        if let Base::Enum(own) = left.ty.base {
            return bool(compare_enums(own, operator, left.expr, right.expr));
        }
        // Beside such a constant a float compares as it is, and a source may do it.
        let (left, right) = match is_plain_float(&left.expr) || is_plain_float(&right.expr) {
            true => (left.expr, right.expr),
            false => (self.key(left)?, self.key(right)?),
        };
        bool(binary_expr(left, operator, right))
    }

    /// Two values of types that compare, in one type.
    fn alike(&mut self, left: Typed, right: Typed) -> Result<(Typed, Typed)> {
        let (a, b) = (left.ty.base, right.ty.base);
        if a == b {
            return Ok((left, right));
        }
        let wider = match (a, b) {
            (a, b) if a.is_integer() && b.is_integer() => {
                if self.is_wider(a, b) {
                    a
                } else {
                    b
                }
            }
            (a, b) if a.is_float() && b.is_float() => Base::Float8,
            (Base::Date, other @ (Base::Timestamp | Base::Timestamptz)) => {
                return Ok((self.moment_of_date(left, other)?, right));
            }
            (other @ (Base::Timestamp | Base::Timestamptz), Base::Date) => {
                return Ok((left, self.moment_of_date(right, other)?));
            }
            (Base::Timestamp, Base::Timestamptz) => return Ok((self.moment_of_timestamp(left)?, right)),
            (Base::Timestamptz, Base::Timestamp) => return Ok((left, self.moment_of_timestamp(right)?)),
            (a, b) if PgType::from(a).is_string() && PgType::from(b).is_string() => Base::Text,
            (Base::Xid, Base::Int4) => {
                let right = self.procedure("to_oid", vec![right], Base::Xid.into())?;
                return Ok((left, right));
            }
            (a, b) if a.is_oid_like() && b.is_oid_like() => Base::Oid,
            _ => return Err(not_yet("this comparison")),
        };
        Ok((self.implicitly(left, wider)?, self.implicitly(right, wider)?))
    }

    /// A date beside a moment that it is compared with: there are more dates than moments.
    fn moment_of_date(&mut self, date: Typed, to: Base) -> Result<Typed> {
        let source = if to == Base::Timestamp { "date_beside_timestamp" } else { "date_beside_timestamptz" };
        self.procedure(source, vec![date], to.into())
    }

    /// A local time beside a moment: the zone may put it before the first or behind the last.
    fn moment_of_timestamp(&mut self, timestamp: Typed) -> Result<Typed> {
        self.procedure("timestamp_beside_timestamptz", vec![timestamp], Base::Timestamptz.into())
    }

    fn is_wider(&self, a: Base, b: Base) -> bool {
        [Base::Int2, Base::Int4, Base::Int8].iter().position(|base| *base == a)
            > [Base::Int2, Base::Int4, Base::Int8].iter().position(|base| *base == b)
    }

    fn compare_by_function(&mut self, operator: Operator, left: Typed, right: Typed) -> Result<Typed> {
        let are_records = [&left, &right].into_iter().all(super::records::has_fields);
        if are_records && !super::records::are_alike(&left.data, &right.data) {
            return Err(not_yet("arrays of records of several shapes"));
        }
        let (left, right) = match left.ty.is_array && right.ty.is_array {
            true => {
                let (left, right) = both_of_one_shape(left, right)?;
                (self.item_keys(left)?.expr, self.item_keys(right)?.expr)
            }
            false => (self.key(left)?, self.key(right)?),
        };
        let name = match operator {
            Operator::Eq => "array_eq",
            Operator::NotEq => "array_ne",
            Operator::Lt => "array_lt",
            Operator::LtEq => "array_le",
            Operator::Gt => "array_gt",
            _ => "array_ge",
        };
        Ok(Typed::new(call(name, vec![left, right], DataType::Boolean), Base::Bool))
    }

    /// What the engine orders and tells apart as PostgreSQL does the value.
    pub(super) fn key(&mut self, typed: Typed) -> Result<Expr> {
        if typed.ty.is_array {
            return self.array_key(typed);
        }
        let name = match typed.ty.base {
            Base::Numeric if typed.is_free_numeric() => "numeric_key",
            Base::Float4 | Base::Float8 => {
                let data = typed.data.clone();
                return Ok(call("float_key", vec![typed.expr], data));
            }
            Base::Bpchar => return Ok(call("rtrim_blanks", vec![typed.expr], DataType::Utf8)),
            Base::Enum(own) => return Ok(enum_key(own, typed.expr)),
            Base::Interval => "interval_key",
            Base::Timetz => "timetz_key",
            Base::Jsonb => "jsonb_key",
            Base::Inet | Base::Cidr => "inet_key",
            Base::Money => "money_key",
            Base::Xid8 => "xid8_key",
            Base::PgLsn => "pg_lsn_key",
            Base::Tid => "tid_key",
            base if base.range_of().is_some() => {
                return Ok(call("range_key", vec![typed.expr, lit(typed.ty.typname())], DataType::Binary));
            }
            Base::Record if super::search::is_path(&typed) => "path_row_key",
            Base::Record if super::records::has_fields(&typed) => return self.record_key(typed),
            Base::Record if super::records::is_told_by_text(&typed) => {
                return Err(not_yet("a comparison of records of several shapes"));
            }
            Base::Opaque => return Err(not_yet("a key of this type")),
            Base::Json | Base::Jsonpath | Base::Record | Base::Void => {
                return Err(super::comparable::no_equality(typed.ty, None));
            }
            _ => return Ok(typed.expr),
        };
        match crate::functions::pg::is_known(name) {
            Some(_) => Ok(call(name, vec![typed.expr], DataType::Binary)),
            None => Err(not_yet(name)),
        }
    }

    /// Whether the engine orders and tells apart the values themselves as PostgreSQL does.
    pub(super) fn is_plain_key(typed: &Typed) -> bool {
        let base = typed.ty.base;
        !typed.ty.is_array
            && !typed.is_free_numeric()
            && !base.is_float()
            && base.range_of().is_none()
            && !matches!(
                base,
                Base::Enum(_)
                    | Base::Interval
                    | Base::Bpchar
                    | Base::Timetz
                    | Base::Jsonb
                    | Base::Inet
                    | Base::Cidr
                    | Base::Money
                    | Base::Json
                    | Base::Jsonpath
                    | Base::Record
                    | Base::Void
                    | Base::Tid
                    | Base::Xid8
                    | Base::PgLsn
                    | Base::Opaque
            )
    }
}

/// A constant that isn't zero or NaN: it compares as it is.
fn is_plain_float(expr: &Expr) -> bool {
    use datafusion::common::ScalarValue::{Float32, Float64};
    match expr {
        Expr::Literal(Float64(Some(value)), _) => *value != 0.0 && !value.is_nan(),
        Expr::Literal(Float32(Some(value)), _) => *value != 0.0 && !value.is_nan(),
        _ => false,
    }
}

/// Whether it is [NOT] LIKE with a constant pattern without escapes: the engine's means the same, and a source may do it.
fn plain_like(source: &str, pattern: &Expr) -> Option<bool> {
    let Expr::Literal(ScalarValue::Utf8(Some(pattern)), _) = pattern else { return None };
    match source {
        _ if pattern.contains('\\') => None,
        "textlike" | "namelike" => Some(false),
        "textnlike" | "namenlike" => Some(true),
        _ => None,
    }
}

fn arithmetic(name: &str) -> Option<Arithmetic> {
    Some(match name {
        "+" => Arithmetic::Add,
        "-" => Arithmetic::Subtract,
        "*" => Arithmetic::Multiply,
        "/" => Arithmetic::Divide,
        "%" => Arithmetic::Modulo,
        _ => return None,
    })
}

fn is_numeric(left: &Typed, right: &Typed) -> bool {
    left.ty.is(Base::Numeric) && right.ty.is(Base::Numeric)
}

/// The function of integers or of floats, both of the result's type.
fn plain_arithmetic(name: &str, left: PgType, right: PgType, result: PgType) -> Option<&'static str> {
    let all = |test: fn(Base) -> bool| [left, right, result].iter().all(|ty| !ty.is_array && test(ty.base));
    if all(Base::is_integer) {
        return Some(match name {
            "+" => "intpl",
            "-" => "intmi",
            "*" => "intmul",
            "/" => "intdiv",
            "%" => "intmod",
            _ => return None,
        });
    }
    if all(Base::is_float) {
        return Some(match name {
            "+" => "floatpl",
            "-" => "floatmi",
            "*" => "floatmul",
            "/" => "floatdiv",
            "^" => "dpow",
            _ => return None,
        });
    }
    None
}

/// Operators that are defined by the one with the operands in the other order, and its function.
fn swapped(name: &str, left: PgType, right: PgType) -> Option<&'static str> {
    if name != "+" || left.is_array || right.is_array {
        return None;
    }
    Some(match (left.base, right.base) {
        (Base::Time, Base::Date) => "datetime_timestamp",
        (Base::Timetz, Base::Date) => "datetimetz_timestamptz",
        (Base::Interval, Base::Time) => "time_pl_interval",
        (Base::Interval, Base::Date) => "date_pl_interval",
        (Base::Interval, Base::Timetz) => "timetz_pl_interval",
        (Base::Interval, Base::Timestamp) => "timestamp_pl_interval",
        (Base::Interval, Base::Timestamptz) => "timestamptz_pl_interval",
        (Base::Int4, Base::Date) => "date_pli",
        (Base::Int8, Base::Inet) => "inetpl",
        (Base::Numeric, Base::PgLsn) => "pg_lsn_pli",
        _ => return None,
    })
}

fn free_comparison(operator: Operator) -> &'static str {
    match operator {
        Operator::Eq => "numeric_eq",
        Operator::NotEq => "numeric_ne",
        Operator::Lt => "numeric_lt",
        Operator::LtEq => "numeric_le",
        Operator::Gt => "numeric_gt",
        _ => "numeric_ge",
    }
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
                Arithmetic::Add => "numeric_add",
                Arithmetic::Subtract => "numeric_sub",
                Arithmetic::Multiply => "numeric_mul",
                Arithmetic::Modulo => "numeric_mod",
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
        Arithmetic::Add => Some(("numeric_fixed_add", decimal_type(whole + 1 + scale, scale)?)),
        Arithmetic::Subtract => Some(("numeric_fixed_sub", decimal_type(whole + 1 + scale, scale)?)),
        Arithmetic::Multiply => Some(("numeric_fixed_mul", decimal_type(p1 + p2, s1 + s2)?)),
        Arithmetic::Modulo => Some(("numeric_fixed_mod", decimal_type(whole + scale, scale)?)),
        Arithmetic::Divide => None,
    }
}
