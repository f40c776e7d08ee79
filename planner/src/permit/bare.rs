//! Whether the SQL of a mask may show a value as it is: for tests and proofs of policies, which must not take any mask for
//! one that hides.

use datafusion::sql::sqlparser::ast::{self, BinaryOperator, UnaryOperator};
use weir_policies::Principal;

use super::text;
use super::values::{self, WithoutValue};
use crate::parse::fold;

/// Functions that give one of their arguments, or one that can be told from what they give.
const TELLING: [&str; 15] = [
    "coalesce",
    "nullif",
    "greatest",
    "least",
    "concat",
    "lower",
    "upper",
    "initcap",
    "reverse",
    "trim",
    "btrim",
    "ltrim",
    "rtrim",
    "quote_literal",
    "to_char",
];

/// Whether the expression may show `principal` the `value` as it is, or so that it can be told. What depends on the
/// principal alone is decided, so that `CASE WHEN has_role('dpo') THEN value ELSE '***' END` shows it to those with the role.
/// An expression that can't be read is taken to show it.
pub fn shows_value(expression: &str, principal: &Principal) -> bool {
    let Ok(mut tree) = text::parse(expression) else { return true };
    values::fill(&mut tree, principal, WithoutValue::Null).is_err() || shows(&tree)
}

fn shows(expr: &ast::Expr) -> bool {
    use ast::Expr as E;
    match expr {
        E::Identifier(name) => fold(name) == "value",
        E::CompoundIdentifier(_) | E::CompoundFieldAccess { .. } | E::Subquery(_) => true,
        E::Nested(inner) | E::Collate { expr: inner, .. } | E::Cast { expr: inner, .. } => shows(inner),
        E::UnaryOp { op: UnaryOperator::Plus | UnaryOperator::Minus, expr } => shows(expr),
        E::Trim { expr, .. } => shows(expr),
        E::BinaryOp { left, op, right } => {
            use BinaryOperator::{Minus, Multiply, Plus, StringConcat};
            matches!(op, Plus | Minus | Multiply | StringConcat) && (shows(left) || shows(right))
        }
        E::Case { operand: None, conditions, else_result, .. } => {
            for branch in conditions {
                match constant(&branch.condition) {
                    Some(true) => return shows(&branch.result),
                    Some(false) => {}
                    None if shows(&branch.result) => return true,
                    None => {}
                }
            }
            else_result.as_ref().is_some_and(|otherwise| shows(otherwise))
        }
        E::Case { conditions, else_result, .. } => {
            conditions.iter().any(|branch| shows(&branch.result))
                || else_result.as_ref().is_some_and(|otherwise| shows(otherwise))
        }
        E::Function(call) => {
            let name = call.name.0.last().and_then(|part| part.as_ident()).map(fold);
            name.is_none_or(|name| TELLING.contains(&name.as_str())) && arguments(call).any(shows)
        }
        _ => false,
    }
}

fn arguments(call: &ast::Function) -> impl Iterator<Item = &ast::Expr> {
    let list = match &call.args {
        ast::FunctionArguments::List(list) => list.args.as_slice(),
        _ => &[],
    };
    list.iter().filter_map(|argument| match argument {
        ast::FunctionArg::Unnamed(ast::FunctionArgExpr::Expr(expr))
        | ast::FunctionArg::Named { arg: ast::FunctionArgExpr::Expr(expr), .. }
        | ast::FunctionArg::ExprNamed { arg: ast::FunctionArgExpr::Expr(expr), .. } => Some(expr),
        _ => None,
    })
}

/// What a condition is if it depends on nothing but the principal, whose values stand in it.
fn constant(expr: &ast::Expr) -> Option<bool> {
    use ast::Expr as E;
    match expr {
        E::Value(value) => match &value.value {
            ast::Value::Boolean(value) => Some(*value),
            // NULL holds for nothing.
            ast::Value::Null => Some(false),
            _ => None,
        },
        E::Nested(inner) => constant(inner),
        E::UnaryOp { op: UnaryOperator::Not, expr } => match expr.as_ref() {
            E::Value(value) if value.value == ast::Value::Null => Some(false),
            inner => constant(inner).map(|value| !value),
        },
        E::BinaryOp { left, op: BinaryOperator::And, right } => match (constant(left), constant(right)) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (Some(true), Some(true)) => Some(true),
            _ => None,
        },
        E::BinaryOp { left, op: BinaryOperator::Or, right } => match (constant(left), constant(right)) {
            (Some(true), _) | (_, Some(true)) => Some(true),
            (Some(false), Some(false)) => Some(false),
            _ => None,
        },
        E::BinaryOp { left, op: BinaryOperator::Eq, right } => match (left.as_ref(), right.as_ref()) {
            (E::Value(left), E::Value(right)) => match (&left.value, &right.value) {
                (ast::Value::SingleQuotedString(left), ast::Value::SingleQuotedString(right)) => Some(left == right),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    fn shown(expression: &str, roles: &[&str]) -> bool {
        let roles: BTreeSet<String> = roles.iter().map(|role| (*role).to_owned()).collect();
        shows_value(expression, &Principal { user: "ana".to_owned(), roles, attributes: BTreeMap::new() })
    }

    #[test]
    fn what_gives_the_value_back_shows_it() {
        for expression in [
            "value",
            "\"value\"",
            "(Value)::text",
            "coalesce(value, '-')",
            "CASE WHEN value > 'm' THEN value END",
            "value || ''",
            "lower(trim(value))",
            "- value",
            "value + 1",
            "CASE value WHEN 'x' THEN 'y' ELSE value END",
            "value COLLATE \"C\"",
            "not an expression (",
        ] {
            assert!(shown(expression, &[]), "{expression}");
        }
        for expression in [
            "'***'",
            "left(value, 2)",
            "md5(value)",
            "CASE WHEN value = 'x' THEN 'y' ELSE '-' END",
            "length(value)",
            "NULL",
            "split_part(value, '@', 2)",
            "value / 1000",
            "value IS NULL",
        ] {
            assert!(!shown(expression, &[]), "{expression}");
        }
    }

    #[test]
    fn who_asks_decides() {
        let by_role = "CASE WHEN has_role('dpo') AND NOT has_role('guest') THEN value ELSE '***' END";
        assert!(shown(by_role, &["dpo"]));
        assert!(!shown(by_role, &["dpo", "guest"]) && !shown(by_role, &[]));
        assert!(shown("CASE WHEN current_user = 'ana' THEN value ELSE '-' END", &[]));
        assert!(!shown("CASE WHEN current_user = 'bob' OR attr('vip') THEN value ELSE '-' END", &[]));
        assert!(shown("CASE WHEN left(value, 1) = 'x' OR has_role('dpo') THEN value END", &[]));
    }
}
