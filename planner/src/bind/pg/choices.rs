//! Expressions of which one is the result: CASE, COALESCE, GREATEST and LEAST, in the type that all of them share.

use arrow::datatypes::DataType;
use datafusion::common::ScalarValue;
use datafusion::common::tree_node::TreeNode;
use datafusion::logical_expr::expr::ScalarFunction;
use datafusion::logical_expr::{Case, Expr, Operator, cast, lit};
use pg_query::NodeEnum;
use pg_query::protobuf::{CaseExpr, CoalesceExpr, MinMaxExpr, MinMaxOp, Node};

use super::expr::{inner, is_null, location};
use super::resolve::common_type;
use super::scope::Scope;
use super::types::{Base, Coercion, PgType};
use super::{Binder, Result, Typed, not_yet};
use crate::PlanError;
use crate::error::code;
use crate::functions::pg::makes_key;

impl Binder<'_> {
    /// COALESCE
    pub(super) fn coalesced(&mut self, call: &CoalesceExpr, scope: &Scope<'_>) -> Result<Typed> {
        let alternatives = |binder: &mut Self| binder.alternatives(&call.args, scope, "COALESCE");
        let (arguments, ty, data) = self.within("COALESCE", alternatives)?;
        let expr = match ty.base {
            Base::Record if !ty.is_array => first_of(arguments),
            Base::Bool if !ty.is_array && arguments.iter().skip(1).any(may_fail) => first_of(arguments),
            _ => coalesce(arguments),
        };
        Ok(Typed { expr, ty, data })
    }

    pub(super) fn case(&mut self, case: &CaseExpr, scope: &Scope<'_>) -> Result<Typed> {
        let subject = case.arg.as_deref().map(|arg| self.expr_of(Some(arg), scope)).transpose()?;
        let subject = subject.map(|subject| self.settled(subject)).transpose()?;
        let (mut conditions, mut results) = (Vec::new(), Vec::new());
        for branch in &case.args {
            let NodeEnum::CaseWhen(when) = inner(Some(branch))? else { return Err(not_yet("this CASE")) };
            let test = inner(when.expr.as_deref())?;
            conditions.push(match &subject {
                None => self.condition(test, scope, "CASE/WHEN")?,
                Some(subject) => {
                    let value = self.expr(test, scope)?;
                    let subject = self.copy(subject)?;
                    self.operate_at("=", subject, value, [when.location, -1, location(test)])?.expr
                }
            });
            let result = inner(when.result.as_deref())?;
            results.push((self.expr(result, scope)?, location(result)));
        }
        // The last alternative comes first where types are compared.
        let otherwise = match case.defresult.as_deref() {
            Some(result) => (self.expr_of(Some(result), scope)?, location(inner(Some(result))?)),
            None => (Typed::null(), -1),
        };
        results.insert(0, otherwise);
        let (results, ty, data) = self.shared(results, "CASE")?;
        let mut results = results.into_iter();
        let otherwise = results.next().map(Box::new);
        let branches = conditions.into_iter().zip(results).map(|(when, then)| (Box::new(when), Box::new(then)));
        let branches: Vec<_> = branches.collect();
        // The engine makes AND and OR of a CASE that gives truth values or is compared with one of its constants, and computes
        // both sides for all rows; not of one that has a subject.
        let results = || branches.iter().map(|(_, then)| then).chain(&otherwise);
        let is_taken_apart = ty.is(Base::Bool) || results().all(|result| matches!(**result, Expr::Literal(..)));
        let guarded = || branches.iter().skip(1).map(|(when, _)| when).chain(results());
        let subject = is_taken_apart && guarded().any(|part| may_fail(part));
        let subject = subject.then(|| Box::new(lit(true)));
        Ok(Typed { expr: Expr::Case(Case::new(subject, branches, otherwise)), ty, data })
    }

    /// GREATEST or LEAST: NULLs don't count.
    pub(super) fn greatest(&mut self, call: &MinMaxExpr, scope: &Scope<'_>) -> Result<Typed> {
        let is_greatest = call.op == MinMaxOp::IsGreatest as i32;
        let name = if is_greatest { "GREATEST" } else { "LEAST" };
        let (arguments, ty, data) = self.alternatives(&call.args, scope, name)?;
        self.check_comparison(ty)?;
        let held = Typed { expr: lit(true), ty, data: data.clone() };
        if Self::is_plain_key(&held) {
            let core = datafusion::functions::core::greatest();
            let core = if is_greatest { core } else { datafusion::functions::core::least() };
            return Ok(Typed { expr: Expr::ScalarFunction(ScalarFunction::new_udf(core, arguments)), ..held });
        }
        let operator = if is_greatest { Operator::GtEq } else { Operator::LtEq };
        let mut chosen: Option<Typed> = None;
        for expr in arguments {
            let next = Typed { expr, ..held.clone() };
            chosen = Some(match chosen {
                None => next,
                Some(so_far) => {
                    let (a, b) = (self.copy(&so_far)?, self.copy(&next)?);
                    let wins = self.compare(operator, a.clone(), b.clone())?.expr.or(b.expr.is_null());
                    let branches = vec![(Box::new(wins.and(a.expr.is_not_null())), Box::new(so_far.expr))];
                    Typed { expr: Expr::Case(Case::new(None, branches, Some(Box::new(next.expr)))), ..held.clone() }
                }
            });
        }
        chosen.ok_or_else(|| not_yet("no alternatives"))
    }

    /// Expressions of which one is the result, in the type that they share.
    fn alternatives(&mut self, nodes: &[Node], scope: &Scope<'_>, what: &str) -> Result<(Vec<Expr>, PgType, DataType)> {
        let placed = nodes.iter().map(|node| {
            let node = inner(Some(node))?;
            Ok((self.expr(node, scope)?, location(node)))
        });
        let placed = placed.collect::<Result<Vec<_>>>()?;
        self.shared(placed, what)
    }

    /// Expressions with their places, in the type that they share.
    pub(super) fn shared(&mut self, placed: Vec<(Typed, i32)>, what: &str) -> Result<(Vec<Expr>, PgType, DataType)> {
        let types: Vec<PgType> = placed.iter().map(|(typed, _)| typed.ty).collect();
        let ty = common_type(&types).map_err(|(chosen, at)| {
            let message = format!("{what} types {chosen} and {} cannot be matched", types[at]);
            PlanError::Mismatch { message, position: self.position(placed[at].1) }
        })?;
        // PostgreSQL doesn't look into records of which one is chosen.
        let ty = if ty.base == Base::Record { ty.without_modifier() } else { ty };
        let coerced = placed.into_iter().enumerate().map(|(number, (typed, at))| {
            let shared = self.coerce(typed, ty, Coercion::Implicit, at);
            shared.map_err(|error| unshared(error, what, number))
        });
        let coerced = coerced.collect::<Result<Vec<_>>>()?;
        let mut scales = coerced.iter().filter(|t| !is_null(&t.expr)).map(|t| scale(&t.data));
        let first = scales.next();
        let coerced = match ty.is(Base::Numeric) && scales.any(|scale| Some(scale) != first) {
            true => coerced.into_iter().map(super::coerce::freed).collect::<Result<_>>()?,
            false => coerced,
        };
        let (exprs, data) = one_storage(self.records_alike(coerced)?)?;
        Ok((exprs, ty, data))
    }
}

/// What is said of an alternative that isn't of the type that all are to share, by its number.
fn unshared(error: PlanError, what: &str, number: usize) -> PlanError {
    let PlanError::CannotCast { from, to, position } = error else { return error };
    let what = match (what, number) {
        ("CASE", 0) => "CASE/ELSE",
        ("CASE", _) => "CASE/WHEN",
        (other, _) => other,
    };
    PlanError::refused(code::CANNOT_COERCE, format!("{what} could not convert type {from} to {to}"), position)
}

fn coalesce(arguments: Vec<Expr>) -> Expr {
    Expr::ScalarFunction(ScalarFunction::new_udf(datafusion::functions::core::coalesce(), arguments))
}

/// The same of what the engine's own doesn't take, and of truth values: it would make AND and OR of these, and compute all of
/// them for all rows.
fn first_of(mut arguments: Vec<Expr>) -> Expr {
    let last = arguments.pop().map(Box::new);
    let branches = arguments.into_iter().map(|argument| (Box::new(argument.clone().is_not_null()), Box::new(argument)));
    Expr::Case(Case::new(Some(Box::new(lit(true))), branches.collect(), last))
}

/// Whether computing it may be an error for some row, be it one of a query around. Sub-selects are computed beforehand, and so
/// are constants.
pub(crate) fn may_fail(expr: &Expr) -> bool {
    if expr.column_refs().is_empty() && !expr.contains_outer() {
        return false;
    }
    let computes = |part: &Expr| {
        Ok(match part {
            Expr::ScalarFunction(call) => !makes_key(call.name()),
            Expr::Cast(_) | Expr::Negative(_) => true,
            Expr::BinaryExpr(binary) => {
                !crate::pushdown::leakproof::is_comparison(binary.op)
                    && !matches!(binary.op, Operator::And | Operator::Or)
            }
            _ => false,
        })
    };
    expr.exists(computes).unwrap_or(true)
}

fn scale(data: &DataType) -> Option<i8> {
    match data {
        DataType::Decimal128(_, scale) | DataType::Decimal256(_, scale) => Some(*scale),
        _ => None,
    }
}

/// Expressions of one type, held in one way.
pub(super) fn one_storage(typed: Vec<Typed>) -> Result<(Vec<Expr>, DataType)> {
    let typed = super::records::one_shape(super::arrays::one_shape(typed)?)?;
    let mut data = typed.iter().find(|t| !is_null(&t.expr)).or(typed.first()).map(|t| t.data.clone());
    for next in typed.iter().filter(|t| !is_null(&t.expr)) {
        if let Some(so_far) = data.as_ref().filter(|so_far| **so_far != next.data) {
            let common = super::operators::common_decimal(so_far, &next.data);
            data = Some(common.ok_or_else(|| not_yet("so many digits"))?);
        }
    }
    let data = data.ok_or_else(|| not_yet("no alternatives"))?;
    let cast_to = |t: Typed| match t.data == data {
        true => t.expr,
        false => cast(t.expr, data.clone()),
    };
    let exprs = typed.into_iter().map(|t| match (&t.expr, t.data == data) {
        (Expr::Literal(value, _), false) if value.is_null() => match ScalarValue::try_from(&data) {
            Ok(null) => Expr::Literal(null, None),
            Err(_) => cast_to(t),
        },
        (Expr::Literal(value, _), false) => {
            value.cast_to(&data).map(|value| Expr::Literal(value, None)).unwrap_or_else(|_| cast_to(t))
        }
        _ => cast_to(t),
    });
    Ok((exprs.collect(), data.clone()))
}
