//! A decision's filters and masks as expressions over the raw table, bound and type-checked.
//!
//! Policy files hold SQL text. It is parsed here, the principal's attributes and roles are put in as values, and the
//! names are looked up in the table's raw columns only: a filter sees raw values, and a mask only its own column.

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
use datafusion::sql::sqlparser::ast;
use weir_connectors::TableInfo;
use weir_policies::{ColumnDecision, FilterRule, Grant, Mask, MaskKind, Principal, RowCondition};

use super::text::{self, Mentions};
use super::values;
use crate::PlanError;
use crate::bind::{BindContext, literals};
use crate::functions::mask_call;
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

/// Binds single rules to a table.
pub(super) struct Binder<'a> {
    pub runtime: &'a Runtime,
    pub principal: &'a Principal,
    pub table: &'a TableInfo,
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

    pub fn filter(&self, rule: &FilterRule) -> Result<Expr, PlanError> {
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

    pub fn mask(&self, mask: &Mask, field: &Field) -> Result<Expr, PlanError> {
        if let MaskKind::Sql { expression, .. } = &mask.kind {
            return self.sql_mask(mask, expression, field);
        }
        mask_call(&mask.kind, field, self.runtime.mask_key.as_ref(), column(field.name()))
            .map_err(|reason| self.error(&mask.name, reason))
    }

    /// `value` stands for the column; the result is brought back to the column's type.
    fn sql_mask(&self, mask: &Mask, expression: &str, field: &Field) -> Result<Expr, PlanError> {
        let tree = text::parse(expression).map_err(|reason| self.error(&mask.name, reason))?;
        if Mentions::of(&tree).selects {
            let reason = "a mask is an expression over `value` alone, found a sub-select".to_owned();
            return Err(self.error(&mask.name, reason));
        }
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
        let mut tree = text::parse(text).map_err(|reason| self.error(rule, reason))?;
        values::fill(&mut tree, self.principal).map_err(|reason| self.error(rule, reason))?;
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
