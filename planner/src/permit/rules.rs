//! A decision's filters and masks as expressions over the raw table, bound and type-checked.
//!
//! Policy files hold SQL text. It is parsed here, the principal's attributes and roles are put in as values, and the
//! names are looked up in the table's raw columns: a filter sees raw values, and a mask only its own column. Sub-selects
//! of filters read any table, with their author's rights.

use std::sync::Arc;

use arrow::compute::can_cast_types;
use arrow::datatypes::{DataType, Field, FieldRef, Schema};
use datafusion::common::tree_node::{Transformed, TreeNode, TreeNodeRecursion};
use datafusion::common::{Column, DFSchema, ScalarValue, TableReference};
use datafusion::datasource::provider_as_source;
use datafusion::error::DataFusionError;
use datafusion::logical_expr::logical_plan::Filter;
use datafusion::logical_expr::simplify::SimplifyContext;
use datafusion::logical_expr::utils::{conjunction, disjunction};
use datafusion::logical_expr::{Expr, ExprSchemable, LogicalPlan, LogicalPlanBuilder, ScalarUDF, cast, lit, when};
use datafusion::optimizer::simplify_expressions::ExprSimplifier;
use datafusion::sql::planner::{PlannerContext, SqlToRel};
use datafusion::sql::sqlparser::ast;
use weir_connectors::TableInfo;
use weir_policies::{ColumnDecision, FieldMask, FilterRule, Grant, Mask, MaskKind, Principal, RowCondition};

use super::author::{self, AuthorSource};
use super::fields;
use super::subselect;
use super::text::{self, Mentions};
use super::values::{self, WithoutValue};
use crate::PlanError;
use crate::bind::{BindContext, analyze, literals};
use crate::catalog::{Catalog, SourceTable};
use crate::functions::{Masked, NestedMask, mask_call, settled};
use crate::runtime::Runtime;
use crate::view::View;

/// What a principal sees of a table; [`qualify`] ties its expressions to a scan. Equal rules show the same.
#[derive(Debug, PartialEq)]
pub(crate) struct Rules {
    pub rows: Rows,
    /// For each visible column what it shows, over raw columns; `None`: the raw value.
    pub columns: Vec<Option<Expr>>,
}

/// The rows that exist.
#[derive(Debug, PartialEq)]
pub(crate) enum Rows {
    All,
    /// Those for which this is true, over raw columns.
    Where(Expr),
    /// Those that this plan reads, which has all raw columns under the table's own name: the filter has sub-selects.
    Selected(LogicalPlan),
}

impl Rules {
    /// Binds the rules of a grant for one principal. Errors name the rule.
    pub fn bind(view: &View, table: &Arc<TableInfo>, grant: &Grant) -> Result<Self, PlanError> {
        let (runtime, catalog, principal) = (&view.runtime, &view.catalog, &view.principal);
        let binder = Binder { runtime, catalog, principal, table, without: WithoutValue::Null };
        let rows = match &grant.filter {
            Some(condition) => binder.rows(binder.condition(condition)?)?,
            None => Rows::All,
        };
        let columns = grant.columns.iter().map(|column| binder.column(column)).collect::<Result<_, _>>()?;
        Ok(Self { rows, columns })
    }
}

/// The expression with its columns tied to the scan `table`.
pub(super) fn qualify(expr: &Expr, table: &TableReference) -> Result<Expr, PlanError> {
    let qualified = expr.clone().transform(|part| match part {
        Expr::Column(column) => Ok(Transformed::yes(Expr::Column(Column::new(Some(table.clone()), column.name)))),
        other => Ok(Transformed::no(other)),
    })?;
    Ok(qualified.data)
}

/// The name under which a filter speaks of its own table.
pub(super) fn own_name(table: &TableInfo) -> TableReference {
    TableReference::partial(table.schema.as_str(), table.name.as_str())
}

/// A column by its exact name; a name is never parsed again.
fn column(name: &str) -> Expr {
    Expr::Column(Column::new_unqualified(name))
}

/// Binds single rules to a table.
pub(super) struct Binder<'a> {
    pub runtime: &'a Runtime,
    pub catalog: &'a Catalog,
    pub principal: &'a Principal,
    pub table: &'a Arc<TableInfo>,
    pub without: WithoutValue,
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
        let tree = self.tree(&rule.name, &rule.condition)?;
        let schema = DFSchema::try_from_qualified_schema(own_name(self.table), &self.table.columns)?;
        let mentions = Mentions::of(&tree);
        if mentions.selects {
            return self.selecting(rule, tree, &schema, &mentions);
        }
        let (expr, data_type) = self.bind(&rule.name, tree, &schema)?;
        match data_type {
            DataType::Boolean => Ok(expr),
            DataType::Null => Ok(lit(ScalarValue::Boolean(None))),
            other => Err(self.error(&rule.name, format!("a filter must be boolean, this one is {other}"))),
        }
    }

    /// A filter with sub-selects, over the table's columns under its own name.
    fn selecting(
        &self,
        rule: &FilterRule,
        tree: ast::Expr,
        schema: &DFSchema,
        mentions: &Mentions,
    ) -> Result<Expr, PlanError> {
        if mentions.aliases.contains(&self.table.name) {
            let reason =
                format!("\"{}\" is the filtered table's own name, and can't stand for another", self.table.name);
            return Err(self.error(&rule.name, reason));
        }
        let context = BindContext::of_author(self.runtime, self.catalog, rule);
        let bound = self.bind_selects(&context, tree, schema).and_then(|plan| {
            let plan = author::readable(plan, self.runtime, &rule.name)?;
            Ok(subselect::decided(plan)?)
        });
        match bound.map_err(|error| self.bind_error(&rule.name, error, &context))? {
            LogicalPlan::Filter(filter) if is_row_expression(&filter.predicate)? => Ok(filter.predicate),
            _ => Err(self.error(&rule.name, MISPLACED.to_owned())),
        }
    }

    fn bind_selects(
        &self,
        context: &BindContext<'_>,
        tree: ast::Expr,
        schema: &DFSchema,
    ) -> Result<LogicalPlan, PlanError> {
        let predicate = SqlToRel::new(context).sql_to_expr(tree, schema, &mut PlannerContext::new())?;
        let table = Arc::new(AuthorSource(Arc::clone(self.table)));
        let plan = LogicalPlanBuilder::scan(own_name(self.table), table, None)?.build()?;
        let plan = LogicalPlan::Filter(Filter::try_new(predicate, Arc::new(plan))?);
        Ok(analyze(self.runtime, plan)?)
    }

    /// The rows that a bound filter keeps.
    pub fn rows(&self, filter: Expr) -> Result<Rows, PlanError> {
        if !subselect::selects(&filter)? {
            return Ok(Rows::Where(filter));
        }
        let table = SourceTable::new(Arc::clone(self.table), &self.runtime.sources).map_err(DataFusionError::from)?;
        let plan =
            LogicalPlanBuilder::scan(own_name(self.table), provider_as_source(Arc::new(table)), None)?.build()?;
        let plan = LogicalPlan::Filter(Filter::try_new(filter, Arc::new(plan))?);
        subselect::joined(plan).map(Rows::Selected).map_err(|error| self.error("filter", error.strip_backtrace()))
    }

    fn column(&self, decision: &ColumnDecision) -> Result<Option<Expr>, PlanError> {
        let field = self
            .table
            .columns
            .field_with_name(&decision.name)
            .map_err(|_| self.error("grant", format!("column \"{}\" has gone", decision.name)))?;
        let value = self.shown(decision, field)?;
        let Some(shown_where) = &decision.shown_where else { return Ok(value) };
        let shown = value.unwrap_or_else(|| column(field.name()));
        let shown_where = self.condition(shown_where)?;
        if subselect::selects(&shown_where)? {
            // The value would be computed above the barrier, where no sub-select of an author has its place.
            let reason = format!(
                "column \"{}\" shows on some of the rows only, by a filter with a sub-select: grant it to all roles that \
                 see the table, or to none",
                decision.name
            );
            return Err(self.error("grant", reason));
        }
        let shown = when(shown_where, shown).otherwise(null_of(field.data_type())?)?;
        Ok(Some(settled(shown, field.data_type())))
    }

    /// What shows of a column where it shows: its fields masked first, then the whole; `None` for the raw value.
    fn shown(&self, decision: &ColumnDecision, field: &Field) -> Result<Option<Expr>, PlanError> {
        let within = self.within(&decision.fields, field)?;
        Ok(match (within, &decision.mask) {
            (None, None) => None,
            (Some(within), None) => Some(within),
            (None, Some(mask)) => Some(self.mask(mask, field)?),
            (Some(within), Some(mask)) => Some(replaced(self.mask(mask, field)?, field.name(), &within)?),
        })
    }

    /// The masks of fields within a column; `None` if none falls on any of its fields.
    pub fn within(&self, masks: &[FieldMask], field: &Field) -> Result<Option<Expr>, PlanError> {
        let within = fields::within(field, masks, &|mask, field| self.masked(mask, field))?;
        let call = |within| ScalarUDF::new_from_impl(NestedMask::new(within)).call(vec![column(field.name())]);
        Ok(within.map(call))
    }

    /// A mask ready to run on arrays, for what is no column of a plan.
    fn masked(&self, mask: &Mask, field: &FieldRef) -> Result<Masked, PlanError> {
        if mask.kind == MaskKind::Null && !field.is_nullable() {
            return Err(self.error(&mask.name, format!("field \"{}\" is never NULL by its type", field.name())));
        }
        // A field of a struct that is NULL has no value, whatever the field says of itself.
        let over: FieldRef = Arc::new(field.as_ref().clone().with_nullable(true));
        let schema = DFSchema::try_from(Schema::new(vec![Arc::clone(&over)]))?;
        let mask = self.runtime.state.create_physical_expr(self.mask(mask, &over)?, &schema)?;
        Ok(Masked { mask, over })
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
        let tree = self.tree(&mask.name, expression)?;
        if Mentions::of(&tree).selects {
            let reason = "a mask is an expression over `value` alone, found a sub-select".to_owned();
            return Err(self.error(&mask.name, reason));
        }
        let value = DFSchema::try_from(Schema::new(vec![field.clone().with_name("value")]))?;
        let (expr, data_type) = self.bind(&mask.name, tree, &value)?;
        let expr = expr.transform(|part| match part {
            Expr::Column(_) => Ok(Transformed::yes(column(field.name()))),
            other => Ok(Transformed::no(other)),
        })?;
        match &data_type {
            same if same == field.data_type() => Ok(settled(expr.data, same)),
            other if can_cast_types(other, field.data_type()) => {
                Ok(settled(cast(expr.data, field.data_type().clone()), field.data_type()))
            }
            other => Err(self.error(
                &mask.name,
                format!("the mask gives {other}, column \"{}\" is {}", field.name(), field.data_type()),
            )),
        }
    }

    /// The rule's text with the principal's values in it.
    fn tree(&self, rule: &str, text: &str) -> Result<ast::Expr, PlanError> {
        let mut tree = text::parse(text).map_err(|reason| self.error(rule, reason))?;
        values::fill(&mut tree, self.principal, self.without).map_err(|reason| self.error(rule, reason))?;
        Ok(tree)
    }

    fn bind(&self, rule: &str, tree: ast::Expr, schema: &DFSchema) -> Result<(Expr, DataType), PlanError> {
        let context = BindContext::without_tables(self.runtime);
        let bound = self
            .type_check(&context, tree, schema)
            .map_err(|error| self.bind_error(rule, PlanError::from(error), &context))?;
        match is_row_expression(&bound.0)? {
            true => Ok(bound),
            false => Err(self.error(rule, MISPLACED.to_owned())),
        }
    }

    fn bind_error(&self, rule: &str, error: PlanError, context: &BindContext<'_>) -> PlanError {
        match (error, context.missing_function()) {
            // That a source is down is no mistake of the rule.
            (down @ PlanError::SourceDown { .. }, _) => down,
            (PlanError::UndefinedTable { name, .. }, _) => {
                self.error(rule, format!("table {name} does not exist; a filter names tables as schema.table"))
            }
            (_, Some(name)) => self.error(rule, format!("function {name} does not exist")),
            (PlanError::Engine(error), None) => self.error(rule, error.strip_backtrace()),
            (error, None) => self.error(rule, error.to_string()),
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

/// The expression with `value` instead of the column.
fn replaced(expr: Expr, column: &str, value: &Expr) -> Result<Expr, PlanError> {
    let replaced = expr.transform_down(|part| match &part {
        Expr::Column(found) if found.relation.is_none() && found.name == column => {
            Ok(Transformed::new(value.clone(), true, TreeNodeRecursion::Jump))
        }
        _ => Ok(Transformed::no(part)),
    })?;
    Ok(replaced.data)
}

fn null_of(data_type: &DataType) -> Result<Expr, PlanError> {
    Ok(Expr::Literal(ScalarValue::try_from(data_type)?, None))
}

const MISPLACED: &str = "aggregates, window functions and parameters have no place here";

/// A rule's SQL with the principal's attributes, roles and name in place, as people read it; else what is wrong with it.
pub fn spelled(text: &str, principal: &Principal) -> Result<String, String> {
    let mut tree = text::parse(text)?;
    values::fill(&mut tree, principal, WithoutValue::Bound)?;
    Ok(tree.to_string())
}

/// No aggregate or window: the value depends on the one row.
fn is_row_expression(expr: &Expr) -> Result<bool, PlanError> {
    let mut plain = true;
    expr.apply(|part| {
        plain &= !matches!(part, Expr::AggregateFunction(_) | Expr::WindowFunction(_) | Expr::Placeholder(_));
        Ok(if plain { TreeNodeRecursion::Continue } else { TreeNodeRecursion::Stop })
    })?;
    Ok(plain)
}
