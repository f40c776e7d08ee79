//! Puts the principal into a rule's expression, as values: `attr('x')`, `has_role('x')`, `current_user`.
//!
//! An attribute has the type that its value in users.toml has: text takes the type of what it meets, as a constant of a
//! query does, and a list is an array. An attribute that the principal lacks is NULL, and NULL keeps no row: so a
//! sub-select that reads it is NULL too, where `NOT EXISTS` over no rows would be true.

use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{self, BinaryOperator, VisitMut, VisitorMut};
use weir_policies::{Attribute, Principal};

use super::text::{Mentions, quoted_argument};
use crate::parse::fold;

/// What becomes of a sub-select that reads an attribute which the principal lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WithoutValue {
    /// It is NULL.
    Null,
    /// It is bound all the same, to be checked.
    Bound,
}

/// Writes the principal's values into the tree.
pub(super) fn fill(tree: &mut ast::Expr, principal: &Principal, without: WithoutValue) -> Result<(), String> {
    let mut values = Values { principal, without, problem: None };
    let _: ControlFlow<()> = tree.visit(&mut values);
    values.problem.map_or(Ok(()), Err)
}

struct Values<'a> {
    principal: &'a Principal,
    without: WithoutValue,
    problem: Option<String>,
}

impl VisitorMut for Values<'_> {
    type Break = ();

    fn pre_visit_expr(&mut self, expr: &mut ast::Expr) -> ControlFlow<()> {
        if self.without == WithoutValue::Null && self.selects_without_value(expr) {
            *expr = match expr {
                ast::Expr::Subquery(_) => null(),
                _ => unknown(),
            };
        } else if let Some(value) = self.compared_with_list(expr).or_else(|| self.value(expr)) {
            *expr = value;
        }
        ControlFlow::Continue(())
    }
}

impl Values<'_> {
    fn selects_without_value(&self, expr: &ast::Expr) -> bool {
        let query = match expr {
            ast::Expr::InSubquery { subquery, .. } | ast::Expr::Exists { subquery, .. } => subquery,
            ast::Expr::Subquery(query) => query,
            _ => return false,
        };
        Mentions::of(query.as_ref()).attributes.iter().any(|name| !self.principal.attributes.contains_key(name))
    }

    /// `x = ANY(attr('list'))` as `x IN (...)`, which every part of the engine knows how to push down, and
    /// `x <> ALL(attr('list'))` as `x NOT IN (...)`.
    fn compared_with_list(&mut self, expr: &ast::Expr) -> Option<ast::Expr> {
        let (left, right, negated) = match expr {
            ast::Expr::AnyOp { left, compare_op: BinaryOperator::Eq, right, .. } => (left, right, false),
            ast::Expr::AllOp { left, compare_op: BinaryOperator::NotEq, right } => (left, right, true),
            _ => return None,
        };
        let inner = match right.as_ref() {
            ast::Expr::Nested(inner) => inner.as_ref(),
            other => other,
        };
        let ast::Expr::Function(call) = inner else { return None };
        let name = self.argument_of(call, "attr")?;
        let list = match self.principal.attributes.get(&name) {
            // Equal to none, and different from all.
            Some(Attribute::List(items)) if items.is_empty() => return Some(boolean(negated)),
            Some(Attribute::List(items)) => items.iter().map(value_of).collect(),
            Some(other) => {
                let word = if negated { "ALL" } else { "ANY" };
                self.problem = Some(format!("{word} needs a list, attribute \"{name}\" is {}", other.kind()));
                return None;
            }
            None => vec![null()],
        };
        Some(ast::Expr::InList { expr: left.clone(), list, negated })
    }

    fn value(&mut self, expr: &ast::Expr) -> Option<ast::Expr> {
        let ast::Expr::Function(call) = expr else { return None };
        if let Some(name) = self.argument_of(call, "attr") {
            return Some(self.principal.attributes.get(&name).map_or_else(null, value_of));
        }
        if let Some(role) = self.argument_of(call, "has_role") {
            return Some(boolean(self.principal.roles.contains(&role)));
        }
        let user = ["current_user", "session_user", "user"];
        match call.name.0.as_slice() {
            [name] if name.as_ident().is_some_and(|i| user.contains(&fold(i).as_str())) => {
                Some(text(&self.principal.user))
            }
            _ => None,
        }
    }

    /// The one literal argument of a call to `function`; any other use of it is a problem.
    fn argument_of(&mut self, call: &ast::Function, function: &str) -> Option<String> {
        let argument = quoted_argument(call, function)?;
        if argument.is_none() {
            self.problem = Some(format!("{function} takes one quoted name"));
        }
        argument
    }
}

fn value_of(attribute: &Attribute) -> ast::Expr {
    match attribute {
        Attribute::Text(value) => text(value),
        Attribute::Integer(value) => number(value.to_string()),
        Attribute::Float(value) => number(value.to_string()),
        Attribute::Boolean(value) => boolean(*value),
        Attribute::List(items) => {
            ast::Expr::Array(ast::Array { elem: items.iter().map(value_of).collect(), named: true })
        }
    }
}

fn text(value: &str) -> ast::Expr {
    ast::Expr::Value(ast::Value::SingleQuotedString(value.to_owned()).into())
}

fn number(digits: String) -> ast::Expr {
    ast::Expr::Value(ast::Value::Number(digits, false).into())
}

fn boolean(value: bool) -> ast::Expr {
    ast::Expr::Value(ast::Value::Boolean(value).into())
}

/// NULL where a condition stands.
fn unknown() -> ast::Expr {
    ast::Expr::Cast {
        kind: ast::CastKind::Cast,
        expr: Box::new(null()),
        data_type: ast::DataType::Boolean,
        array: false,
        format: None,
    }
}

fn null() -> ast::Expr {
    ast::Expr::Value(ast::Value::Null.into())
}
