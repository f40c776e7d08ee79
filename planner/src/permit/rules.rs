//! A decision's filters and masks as expressions over the raw table, bound and type-checked.
//!
//! Policy files hold SQL text. It is parsed here, the principal's attributes and roles are put in as values, and the
//! names are looked up in the table's raw columns only: a filter sees raw values, and a mask only its own column.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::sync::Arc;

use arrow::compute::can_cast_types;
use arrow::datatypes::{DataType, Field, Schema};
use datafusion::common::tree_node::{Transformed, TreeNode, TreeNodeRecursion};
use datafusion::common::{Column, DFSchema, ScalarValue, TableReference};
use datafusion::logical_expr::simplify::SimplifyContext;
use datafusion::logical_expr::utils::{conjunction, disjunction};
use datafusion::logical_expr::{Expr, ExprSchemable, cast, lit, when};
use datafusion::optimizer::simplify_expressions::ExprSimplifier;
use datafusion::sql::planner::{PlannerContext, SqlToRel};
use datafusion::sql::sqlparser::ast::{self, VisitMut, VisitorMut};
use datafusion::sql::sqlparser::dialect::PostgreSqlDialect;
use datafusion::sql::sqlparser::parser::Parser;
use datafusion::sql::sqlparser::tokenizer::Token;
use weir_connectors::TableInfo;
use weir_policies::{Attribute, ColumnDecision, FilterRule, Grant, Mask, MaskKind, Principal, RowCondition};

use crate::PlanError;
use crate::bind::{BindContext, literals};
use crate::functions::mask_call;
use crate::parse::fold;
use crate::runtime::Runtime;

/// Expressions over unqualified raw columns; [`qualify`] ties them to a scan.
#[derive(Debug)]
pub(crate) struct Rules {
    /// Rows for which this isn't true don't exist.
    pub filter: Option<Expr>,
    /// For each visible column what it shows; `None`: the raw value.
    pub columns: Vec<Option<Expr>>,
}

impl Rules {
    /// Binds the rules of a grant for one principal. Errors name the rule.
    pub fn bind(runtime: &Runtime, principal: &Principal, table: &TableInfo, grant: &Grant) -> Result<Self, PlanError> {
        let binder = Binder { runtime, principal, table };
        let filter = grant.filter.as_ref().map(|condition| binder.condition(condition)).transpose()?;
        let columns = grant.columns.iter().map(|column| binder.column(column)).collect::<Result<_, _>>()?;
        Ok(Self { filter, columns })
    }
}

/// The expression with its columns tied to the scan `table`.
pub(super) fn qualify(expr: &Expr, table: &TableReference) -> Result<Expr, PlanError> {
    let qualified = expr.clone().transform(|part| match part {
        Expr::Column(column) if column.relation.is_none() => {
            Ok(Transformed::yes(Expr::Column(Column::new(Some(table.clone()), column.name))))
        }
        other => Ok(Transformed::no(other)),
    })?;
    Ok(qualified.data)
}

/// A column by its exact name; a name is never parsed again.
fn column(name: &str) -> Expr {
    Expr::Column(Column::new_unqualified(name))
}

struct Binder<'a> {
    runtime: &'a Runtime,
    principal: &'a Principal,
    table: &'a TableInfo,
}

impl Binder<'_> {
    fn condition(&self, condition: &RowCondition) -> Result<Expr, PlanError> {
        let each = |parts: &[RowCondition]| parts.iter().map(|p| self.condition(p)).collect::<Result<Vec<_>, _>>();
        Ok(match condition {
            // Nothing to hold is true, nothing to choose from is false.
            RowCondition::All(parts) => conjunction(each(parts)?).unwrap_or_else(|| lit(true)),
            RowCondition::Any(parts) => disjunction(each(parts)?).unwrap_or_else(|| lit(false)),
            RowCondition::Filter(rule) => self.filter(rule)?,
        })
    }

    fn filter(&self, rule: &FilterRule) -> Result<Expr, PlanError> {
        let expr = self.bind(&rule.name, &rule.condition, &self.table.columns)?;
        match expr.1 {
            DataType::Boolean => Ok(expr.0),
            DataType::Null => Ok(lit(ScalarValue::Boolean(None))),
            other => Err(self.error(&rule.name, format!("a filter must be boolean, this one is {other}"))),
        }
    }

    fn column(&self, decision: &ColumnDecision) -> Result<Option<Expr>, PlanError> {
        let field = self
            .table
            .columns
            .field_with_name(&decision.name)
            .map_err(|_| self.error("grant", format!("column \"{}\" has gone", decision.name)))?;
        let value = match &decision.mask {
            Some(mask) => Some(self.mask(mask, field)?),
            None => None,
        };
        let Some(shown_where) = &decision.shown_where else { return Ok(value) };
        let shown = value.unwrap_or_else(|| column(field.name()));
        Ok(Some(when(self.condition(shown_where)?, shown).otherwise(null_of(field.data_type())?)?))
    }

    fn mask(&self, mask: &Mask, field: &Field) -> Result<Expr, PlanError> {
        if let MaskKind::Sql { expression, .. } = &mask.kind {
            return self.sql_mask(mask, expression, field);
        }
        mask_call(&mask.kind, field, self.runtime.mask_key.as_ref(), column(field.name()))
            .map_err(|reason| self.error(&mask.name, reason))
    }

    /// `value` stands for the column; the result is brought back to the column's type.
    fn sql_mask(&self, mask: &Mask, expression: &str, field: &Field) -> Result<Expr, PlanError> {
        let value = Schema::new(vec![field.clone().with_name("value")]);
        let (expr, data_type) = self.bind(&mask.name, expression, &value)?;
        let expr = expr.transform(|part| match part {
            Expr::Column(_) => Ok(Transformed::yes(column(field.name()))),
            other => Ok(Transformed::no(other)),
        })?;
        match &data_type {
            same if same == field.data_type() => Ok(expr.data),
            other if can_cast_types(other, field.data_type()) => Ok(cast(expr.data, field.data_type().clone())),
            other => Err(self.error(
                &mask.name,
                format!("the mask gives {other}, column \"{}\" is {}", field.name(), field.data_type()),
            )),
        }
    }

    fn bind(&self, rule: &str, text: &str, columns: &Schema) -> Result<(Expr, DataType), PlanError> {
        let tree = with_values(text, self.principal).map_err(|reason| self.error(rule, reason))?;
        let schema = DFSchema::try_from(columns.clone())?;
        let context = BindContext::without_tables(self.runtime);
        let bound = self.type_check(&context, tree, &schema).map_err(|error| match context.missing_function() {
            Some(name) => self.error(rule, format!("function {name} does not exist")),
            None => self.error(rule, error.to_string()),
        })?;
        match is_row_expression(&bound.0)? {
            true => Ok(bound),
            false => Err(self.error(rule, "only expressions over the row's own columns are supported".to_owned())),
        }
    }

    fn type_check(
        &self,
        context: &BindContext<'_>,
        tree: ast::Expr,
        schema: &DFSchema,
    ) -> datafusion::error::Result<(Expr, DataType)> {
        let expr = SqlToRel::new(context).sql_to_expr(tree, schema, &mut PlannerContext::new())?;
        let expr = literals::adopt(expr, schema)?.data;
        let options = Arc::clone(self.runtime.state.config_options());
        let simplify =
            SimplifyContext::builder().with_config_options(options).with_schema(Arc::new(schema.clone())).build();
        let expr = ExprSimplifier::new(simplify).coerce(expr, schema)?;
        let data_type = expr.get_type(schema)?;
        Ok((expr, data_type))
    }

    fn error(&self, rule: &str, reason: String) -> PlanError {
        let table = format!("{}.{}", self.table.schema, self.table.name);
        PlanError::Rule { rule: rule.to_owned(), table, reason }
    }
}

fn null_of(data_type: &DataType) -> Result<Expr, PlanError> {
    Ok(Expr::Literal(ScalarValue::try_from(data_type)?, None))
}

fn parse(text: &str) -> Result<ast::Expr, String> {
    let mut parser = Parser::new(&PostgreSqlDialect {}).try_with_sql(text).map_err(|error| error.to_string())?;
    let expr = parser.parse_expr().map_err(|error| error.to_string())?;
    match parser.peek_token().token {
        Token::EOF => Ok(expr),
        other => Err(format!("syntax error at or near \"{other}\"")),
    }
}

/// A rule's SQL with the principal's attributes, roles and name in place, as people read it; else what is wrong with it.
pub fn spelled(text: &str, principal: &Principal) -> Result<String, String> {
    with_values(text, principal).map(|tree| tree.to_string())
}

fn with_values(text: &str, principal: &Principal) -> Result<ast::Expr, String> {
    let mut tree = parse(text)?;
    let mut values = Values { principal, problem: None };
    let _: ControlFlow<()> = tree.visit(&mut values);
    values.problem.map_or(Ok(tree), Err)
}

/// No sub-query, aggregate or window: the value depends on the one row.
fn is_row_expression(expr: &Expr) -> Result<bool, PlanError> {
    let mut plain = true;
    expr.apply(|part| {
        plain &= !matches!(
            part,
            Expr::AggregateFunction(_)
                | Expr::WindowFunction(_)
                | Expr::ScalarSubquery(_)
                | Expr::InSubquery(_)
                | Expr::Exists(_)
                | Expr::SetComparison(_)
                | Expr::Placeholder(_)
        );
        Ok(if plain { TreeNodeRecursion::Continue } else { TreeNodeRecursion::Stop })
    })?;
    Ok(plain)
}

/// Puts the principal into an expression: `attr('x')`, `has_role('x')`, `current_user`.
struct Values<'a> {
    principal: &'a Principal,
    problem: Option<String>,
}

impl VisitorMut for Values<'_> {
    type Break = ();

    fn pre_visit_expr(&mut self, expr: &mut ast::Expr) -> ControlFlow<()> {
        if let Some(value) = self.any_of_list(expr).or_else(|| self.value(expr)) {
            *expr = value;
        }
        ControlFlow::Continue(())
    }
}

impl Values<'_> {
    /// `x = ANY(attr('list'))` as `x IN (...)`, which every part of the engine knows how to push down.
    fn any_of_list(&mut self, expr: &ast::Expr) -> Option<ast::Expr> {
        let ast::Expr::AnyOp { left, compare_op: ast::BinaryOperator::Eq, right, .. } = expr else { return None };
        let inner = match right.as_ref() {
            ast::Expr::Nested(inner) => inner.as_ref(),
            other => other,
        };
        let ast::Expr::Function(call) = inner else { return None };
        let name = self.argument_of(call, "attr")?;
        let list = match self.principal.attributes.get(&name) {
            Some(Attribute::List(values)) => values.iter().map(|v| text(v)).collect(),
            Some(_) => {
                self.problem = Some(format!("ANY needs a list, attribute \"{name}\" is none"));
                return None;
            }
            None => vec![null()],
        };
        Some(ast::Expr::InList { expr: left.clone(), list, negated: false })
    }

    fn value(&mut self, expr: &ast::Expr) -> Option<ast::Expr> {
        let ast::Expr::Function(call) = expr else { return None };
        if let Some(name) = self.argument_of(call, "attr") {
            return Some(self.attribute(&name));
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

    /// An attribute that the principal lacks is NULL, and NULL keeps no row.
    fn attribute(&self, name: &str) -> ast::Expr {
        match self.principal.attributes.get(name) {
            None => null(),
            Some(Attribute::Text(value)) => text(value),
            Some(Attribute::Integer(value)) => number(value.to_string()),
            Some(Attribute::Float(value)) => number(value.to_string()),
            Some(Attribute::Boolean(value)) => boolean(*value),
            Some(Attribute::List(values)) => {
                ast::Expr::Array(ast::Array { elem: values.iter().map(|v| text(v)).collect(), named: true })
            }
        }
    }

    /// The one literal argument of a call to `function`; any other use of it is a problem.
    fn argument_of(&mut self, call: &ast::Function, function: &str) -> Option<String> {
        let named = matches!(call.name.0.as_slice(), [name] if name.as_ident().is_some_and(|i| fold(i) == function));
        if !named {
            return None;
        }
        if let ast::FunctionArguments::List(list) = &call.args
            && let [ast::FunctionArg::Unnamed(ast::FunctionArgExpr::Expr(ast::Expr::Value(value)))] =
                list.args.as_slice()
            && let ast::Value::SingleQuotedString(name) = &value.value
        {
            return Some(name.clone());
        }
        self.problem = Some(format!("{function} takes one quoted name"));
        None
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

fn null() -> ast::Expr {
    ast::Expr::Value(ast::Value::Null.into())
}

/// Tries single rules on a table, for a principal who has nothing: an attribute that is missing must not be a mistake.
pub(super) struct RuleCheck<'a> {
    runtime: &'a Runtime,
    table: &'a TableInfo,
    nobody: Principal,
}

impl<'a> RuleCheck<'a> {
    pub fn new(runtime: &'a Runtime, table: &'a TableInfo) -> Self {
        let nobody = Principal { user: String::new(), roles: BTreeSet::new(), attributes: BTreeMap::new() };
        Self { runtime, table, nobody }
    }

    pub fn filter(&self, rule: &FilterRule) -> Result<(), String> {
        self.binder().filter(rule).map(drop).map_err(reason)
    }

    pub fn mask(&self, mask: &Mask, field: &Field) -> Result<(), String> {
        self.binder().mask(mask, field).map(drop).map_err(reason)
    }

    fn binder(&self) -> Binder<'_> {
        Binder { runtime: self.runtime, principal: &self.nobody, table: self.table }
    }
}

fn reason(error: PlanError) -> String {
    match error {
        PlanError::Rule { reason, .. } => reason,
        other => other.to_string(),
    }
}
