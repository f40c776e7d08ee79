//! Rules over columns of types that PostgreSQL lacks, such as Avro's records, which use these in a way that the binder doesn't
//! know: they are read once more, by sqlparser, and bound by the engine's own reading of SQL, as statements are.
//!
//! The principal's values are put into the tree. An attribute that the principal lacks is NULL, and so is a sub-select that
//! reads it.

use std::ops::ControlFlow;

use arrow::compute::can_cast_types;
use arrow::datatypes::{DataType, Field, Schema};
use datafusion::common::tree_node::{Transformed, TreeNode, TreeNodeRecursion};
use datafusion::common::{Column, DFSchema, ScalarValue, TableReference};
use datafusion::logical_expr::{Expr, ExprSchemable, cast, lit};
use datafusion::sql::planner::{PlannerContext, SqlToRel};
use datafusion::sql::sqlparser::ast::{self, BinaryOperator, Visit, VisitMut, Visitor, VisitorMut};
use datafusion::sql::sqlparser::dialect::PostgreSqlDialect;
use datafusion::sql::sqlparser::parser::Parser;
use datafusion::sql::sqlparser::tokenizer::Token;
use weir_policies::{Attribute, FilterRule, Mask, Principal};

use super::rules::Binder;
use super::subselect;
use crate::PlanError;
use crate::bind::pg::rules::WithoutValue;
use crate::bind::{BindContext, literals};
use crate::parse::fold;

const MISPLACED: &str = "aggregates, window functions and parameters have no place here";

/// Binds rules by the engine's reading of SQL.
pub(super) struct Foreign<'b, 'a>(pub &'b Binder<'a>);

impl Foreign<'_, '_> {
    /// A filter over the table's columns under its own name.
    pub fn filter(
        &self,
        rule: &FilterRule,
        context: &BindContext<'_>,
        own: &TableReference,
    ) -> Result<Expr, PlanError> {
        let tree = self.tree(&rule.name, &rule.condition)?;
        let schema = DFSchema::try_from_qualified_schema(own.clone(), &self.0.table.columns)?;
        let explained = |error: PlanError| self.explained(&rule.name, error, context);
        let expr = SqlToRel::new(context).sql_to_expr(tree, &schema, &mut PlannerContext::new());
        let expr = expr.map_err(|error| explained(error.into()))?;
        if subselect::selects(&expr)? {
            let plan = self.0.filtered(expr, own).map_err(PlanError::from);
            let filter = plan.and_then(|plan| self.0.with_sub_selects(rule, plan)).map_err(explained)?;
            return self.of_one_row(&rule.name, filter);
        }
        let (expr, data_type) = self.typed(expr, &schema).map_err(explained)?;
        let expr = self.of_one_row(&rule.name, expr)?;
        match data_type {
            DataType::Boolean => Ok(expr),
            DataType::Null => Ok(lit(ScalarValue::Boolean(None))),
            other => Err(self.0.error(&rule.name, format!("a filter must be boolean, this one is {other}"))),
        }
    }

    /// A mask over `value`, which is the column.
    pub fn mask(&self, mask: &Mask, expression: &str, field: &Field) -> Result<Expr, PlanError> {
        let tree = self.tree(&mask.name, expression)?;
        let value = DFSchema::try_from(Schema::new(vec![field.clone().with_name("value")]))?;
        let context = BindContext::without_tables(self.0.runtime);
        let explained = |error: PlanError| self.explained(&mask.name, error, &context);
        let expr = SqlToRel::new(&context).sql_to_expr(tree, &value, &mut PlannerContext::new());
        let (expr, data_type) =
            expr.map_err(PlanError::from).and_then(|expr| self.typed(expr, &value)).map_err(explained)?;
        let expr = self.of_one_row(&mask.name, expr)?.transform(|part| match part {
            Expr::Column(_) => Ok(Transformed::yes(Expr::Column(Column::new_unqualified(field.name())))),
            other => Ok(Transformed::no(other)),
        })?;
        match &data_type {
            same if same == field.data_type() => Ok(expr.data),
            other if can_cast_types(other, field.data_type()) => Ok(cast(expr.data, field.data_type().clone())),
            other => Err(self.0.error(
                &mask.name,
                format!("the mask gives {other}, column \"{}\" is {}", field.name(), field.data_type()),
            )),
        }
    }

    fn typed(&self, expr: Expr, schema: &DFSchema) -> Result<(Expr, DataType), PlanError> {
        let expr = self.0.coerced(literals::adopt(expr, schema)?.data, schema)?;
        let data_type = expr.get_type(schema)?;
        Ok((expr, data_type))
    }

    fn explained(&self, rule: &str, error: PlanError, context: &BindContext<'_>) -> PlanError {
        match (error, context.missing_function()) {
            (PlanError::Engine(_), Some(name)) => self.0.error(rule, format!("function {name} does not exist")),
            (error, _) => self.0.bind_error(rule, error),
        }
    }

    /// No aggregate or window: the value depends on the one row.
    fn of_one_row(&self, rule: &str, expr: Expr) -> Result<Expr, PlanError> {
        let mut plain = true;
        expr.apply(|part| {
            plain &= !matches!(part, Expr::AggregateFunction(_) | Expr::WindowFunction(_) | Expr::Placeholder(_));
            Ok(if plain { TreeNodeRecursion::Continue } else { TreeNodeRecursion::Stop })
        })?;
        if plain { Ok(expr) } else { Err(self.0.error(rule, MISPLACED.to_owned())) }
    }

    /// The rule's text with the principal's values in it.
    fn tree(&self, rule: &str, text: &str) -> Result<ast::Expr, PlanError> {
        let parsed = || {
            let mut parser =
                Parser::new(&PostgreSqlDialect {}).try_with_sql(text).map_err(|error| error.to_string())?;
            let expr = parser.parse_expr().map_err(|error| error.to_string())?;
            match parser.peek_token().token {
                Token::EOF => Ok(expr),
                other => Err(format!("syntax error at or near \"{other}\"")),
            }
        };
        let mut tree = parsed().map_err(|reason| self.0.error(rule, reason))?;
        let mut values = Values { principal: self.0.principal, without: self.0.without, problem: None };
        let _: ControlFlow<()> = VisitMut::visit(&mut tree, &mut values);
        match values.problem {
            Some(reason) => Err(self.0.error(rule, reason)),
            None => Ok(tree),
        }
    }
}

/// Puts the principal's values into a tree.
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
        let mut lacks = Lacks { principal: self.principal };
        Visit::visit(query.as_ref(), &mut lacks).is_break()
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

/// Looks for an attribute that the principal lacks.
struct Lacks<'a> {
    principal: &'a Principal,
}

impl Visitor for Lacks<'_> {
    type Break = ();

    fn pre_visit_expr(&mut self, expr: &ast::Expr) -> ControlFlow<()> {
        match expr {
            ast::Expr::Function(call) => match quoted_argument(call, "attr") {
                Some(Some(name)) if !self.principal.attributes.contains_key(&name) => ControlFlow::Break(()),
                _ => ControlFlow::Continue(()),
            },
            _ => ControlFlow::Continue(()),
        }
    }
}

/// The one quoted argument of a call to `function`: `None` if another function is called, `Some(None)` if this one is
/// called with anything else.
fn quoted_argument(call: &ast::Function, function: &str) -> Option<Option<String>> {
    let named = matches!(call.name.0.as_slice(), [name] if name.as_ident().is_some_and(|i| fold(i) == function));
    if !named {
        return None;
    }
    if let ast::FunctionArguments::List(list) = &call.args
        && let [ast::FunctionArg::Unnamed(ast::FunctionArgExpr::Expr(ast::Expr::Value(value)))] = list.args.as_slice()
        && let ast::Value::SingleQuotedString(name) = &value.value
    {
        return Some(Some(name.clone()));
    }
    Some(None)
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
