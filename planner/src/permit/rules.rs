//! A decision's filters and masks as expressions over the raw table, bound and type-checked.
//!
//! Policy files hold SQL text. It is bound as a statement's conditions are ([`pg`]), with the principal's attributes and roles as
//! values, over the table's raw columns: a filter sees raw values, and a mask only its own column. Sub-selects of filters read
//! any table, with their author's rights. As with statements, a rule over columns of types that PostgreSQL lacks, of which the
//! binder doesn't know a part, is left to the engine's reading of SQL ([`super::foreign`]).

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, FieldRef, Schema};
use datafusion::common::tree_node::{Transformed, TreeNode, TreeNodeRecursion};
use datafusion::common::{Column, DFSchema, ScalarValue, TableReference};
use datafusion::datasource::provider_as_source;
use datafusion::error::DataFusionError;
use datafusion::logical_expr::logical_plan::Filter;
use datafusion::logical_expr::simplify::SimplifyContext;
use datafusion::logical_expr::utils::{conjunction, disjunction};
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder, ScalarUDF, lit, when};
use datafusion::optimizer::simplify_expressions::ExprSimplifier;
use pg_query::NodeEnum;
use weir_connectors::TableInfo;
use weir_policies::{Attribute, ColumnDecision, FieldMask, FilterRule, Grant, Mask, MaskKind, Principal, RowCondition};

use super::author::{self, AuthorSource};
use super::fields;
use super::foreign::Foreign;
use super::subselect;
use super::text;
use crate::PlanError;
use crate::bind::pg::rules::{self as pg, Rule, WithoutValue};
use crate::bind::{BindContext, analyze, precomputed};
use crate::catalog::{Catalog, SourceTable};
use crate::functions::pg::{concealed, concealed_plan};
use crate::functions::{Masked, NestedMask, find_value_error, mask_call, settled};
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
        let (runtime, catalog, principal, items) =
            (&view.runtime, &view.catalog, &view.principal, &view.items_of_lists);
        let binder = Binder { runtime, catalog, principal, table, items, without: WithoutValue::Null };
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
    pub items: &'a BTreeMap<String, Attribute>,
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
        let condition = self.parsed(&rule.name, &rule.condition)?;
        let context = BindContext::of_author(self.runtime, self.catalog, rule);
        let own = own_name(self.table);
        let whom = self.whom(Some(&self.table.name));
        let (bound, reads_foreign_types) =
            pg::bind_filter(&condition, &own, self.table.columns.fields(), &context, self.runtime, whom);
        match bound {
            Err(PlanError::Unsupported { what }) if reads_foreign_types => {
                tracing::debug!(rule = &*rule.name, what, "a filter is left to the engine's reading of SQL");
                Foreign(self).filter(rule, &context, &own)
            }
            bound => {
                let bound = bound.map_err(|error| self.bind_error(&rule.name, error))?;
                self.settled_filter(rule, bound, &own)
            }
        }
    }

    /// A filter in a form that can stand below a barrier: over the table's columns under its own name.
    fn settled_filter(&self, rule: &FilterRule, filter: Expr, own: &TableReference) -> Result<Expr, PlanError> {
        // What fails for whatever row isn't left to the rows that come.
        let plan = self.filtered(filter, own).and_then(precomputed);
        let settled = plan.map_err(PlanError::from).and_then(|plan| match plan {
            LogicalPlan::Filter(filter) if !subselect::selects(&filter.predicate)? => Ok(concealed(filter.predicate)?),
            plan => self.with_sub_selects(rule, plan),
        });
        settled.map_err(|error| self.bind_error(&rule.name, error))
    }

    /// The table with a filter, which can be typed, but not read.
    pub(super) fn filtered(&self, filter: Expr, own: &TableReference) -> datafusion::error::Result<LogicalPlan> {
        let table = Arc::new(AuthorSource(Arc::clone(self.table)));
        let plan = LogicalPlanBuilder::scan(own.clone(), table, None)?.build()?;
        analyze(self.runtime, LogicalPlan::Filter(Filter::try_new(filter, Arc::new(plan))?))
    }

    /// The condition of such a table, whose sub-selects read what their author may read.
    pub(super) fn with_sub_selects(&self, rule: &FilterRule, filtered: LogicalPlan) -> Result<Expr, PlanError> {
        let plan = author::readable(concealed_plan(filtered)?, self.runtime, &rule.name)?;
        match subselect::decided(plan)? {
            LogicalPlan::Filter(filter) => Ok(filter.predicate),
            _ => Err(PlanError::Unsupported { what: "such a filter".to_owned() }),
        }
    }

    /// The expression with its operands in the types that the engine computes with.
    pub(super) fn coerced(&self, expr: Expr, schema: &DFSchema) -> datafusion::error::Result<Expr> {
        let options = Arc::clone(self.runtime.state.config_options());
        let simplify =
            SimplifyContext::builder().with_config_options(options).with_schema(Arc::new(schema.clone())).build();
        ExprSimplifier::new(simplify).coerce(expr, schema)
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
        let tree = self.parsed(&mask.name, expression)?;
        let column: FieldRef = Arc::new(field.clone());
        let (bound, reads_foreign_types) = pg::bind_mask(&tree, &column, self.runtime, self.whom(None));
        let masked = match bound {
            Err(PlanError::Unsupported { what }) if reads_foreign_types => {
                tracing::debug!(mask = &*mask.name, what, "a mask is left to the engine's reading of SQL");
                Foreign(self).mask(mask, expression, field)?
            }
            bound => {
                let bound = bound.map_err(|error| self.bind_error(&mask.name, error))?;
                let schema = DFSchema::try_from(Schema::new(vec![column]))?;
                let coerced = self.coerced(bound, &schema).and_then(concealed);
                coerced.map_err(|error| self.bind_error(&mask.name, error.into()))?
            }
        };
        Ok(settled(masked, field.data_type()))
    }

    fn parsed(&self, rule: &str, text: &str) -> Result<NodeEnum, PlanError> {
        text::parse(text).map_err(|reason| self.error(rule, reason))
    }

    fn whom<'s>(&'s self, decides_on: Option<&'s str>) -> Rule<'s> {
        Rule { principal: self.principal, items: self.items, without: self.without, decides_on }
    }

    pub(super) fn bind_error(&self, rule: &str, error: PlanError) -> PlanError {
        match error {
            // That a source is down is no mistake of the rule.
            down @ PlanError::SourceDown { .. } => down,
            PlanError::UndefinedTable { name, .. } => {
                self.error(rule, format!("table {name} does not exist; a filter names tables as schema.table"))
            }
            PlanError::Engine(error) => {
                let own = find_value_error(&error).map(|own| own.message.clone());
                self.error(rule, own.unwrap_or_else(|| error.strip_backtrace()))
            }
            error => self.error(rule, error.to_string()),
        }
    }

    pub(super) fn error(&self, rule: &str, reason: String) -> PlanError {
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
