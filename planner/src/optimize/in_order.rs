//! Makes AND and OR compute what stands to the right only for rows that the left doesn't decide, as PostgreSQL does:
//! `n <> 0 AND 10 / n > 1` mustn't divide by the zeros that it leaves out. The engine computes both sides for all rows of a
//! batch, unless the left decides all of them.

use std::collections::HashSet;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, BooleanArray, NullArray, RecordBatch, RecordBatchOptions};
use arrow::compute::{and_kleene, is_null, not, or, or_kleene};
use arrow::datatypes::{DataType, Field, FieldRef, Schema};
use datafusion::common::cast::as_boolean_array;
use datafusion::common::tree_node::{Transformed, TransformedResult, TreeNode, TreeNodeRecursion};
use datafusion::config::ConfigOptions;
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::{ColumnarValue, Operator};
use datafusion::physical_expr::expressions::{BinaryExpr, Column};
use datafusion::physical_expr::utils::collect_columns;
use datafusion::physical_expr::{PhysicalExpr, ScalarFunctionExpr};
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::filter::{FilterExec, FilterExecBuilder};
use datafusion::physical_plan::joins::HashJoinExec;
use datafusion::physical_plan::joins::utils::JoinFilter;
use datafusion::physical_plan::projection::{ProjectionExec, ProjectionExpr};

use crate::functions::pg::makes_key;

/// Runs when conditions stand where they are computed. Those of joins without keys are [`super::guarded`]'s.
#[derive(Debug)]
pub(super) struct InOrder;

impl PhysicalOptimizerRule for InOrder {
    fn optimize(&self, plan: Arc<dyn ExecutionPlan>, _: &ConfigOptions) -> Result<Arc<dyn ExecutionPlan>> {
        plan.transform_up(|node| {
            let other = if let Some(filter) = node.downcast_ref::<FilterExec>() {
                filtered(filter)?
            } else if let Some(join) = node.downcast_ref::<HashJoinExec>() {
                joined(join)?
            } else if let Some(projection) = node.downcast_ref::<ProjectionExec>() {
                projected(projection)?
            } else {
                None
            };
            Ok(other.map_or_else(|| Transformed::no(node), Transformed::yes))
        })
        .data()
    }

    fn name(&self) -> &str {
        "in_order"
    }

    fn schema_check(&self) -> bool {
        true
    }
}

/// What another node stands in for; `None`: nothing does.
type Other = Result<Option<Arc<dyn ExecutionPlan>>>;

fn filtered(filter: &FilterExec) -> Other {
    let predicate = in_order(Arc::clone(filter.predicate()))?;
    let ordered = match predicate.transformed {
        true => Some(FilterExecBuilder::from(filter).with_predicate(predicate.data).build()?),
        false => None,
    };
    match before_projection(ordered.as_ref().unwrap_or(filter))? {
        Some(projection) => Ok(Some(projection)),
        None => Ok(ordered.map(|filter| Arc::new(filter) as Arc<dyn ExecutionPlan>)),
    }
}

/// A filter and the projection that it reads, the other way round: the engine brings a projection that leaves columns out below
/// a filter, and what may fail there would be computed for rows that the filter takes away.
fn before_projection(filter: &FilterExec) -> Other {
    let Some(projection) = filter.input().downcast_ref::<ProjectionExec>() else { return Ok(None) };
    let mut may_fail = false;
    for part in projection.expr() {
        may_fail |= can_fail(&part.expr)?;
    }
    if !may_fail {
        return Ok(None);
    }
    let mut reads_columns = true;
    let predicate = Arc::clone(filter.predicate()).transform_up(|part| {
        let Some(column) = part.downcast_ref::<Column>() else { return Ok(Transformed::no(part)) };
        let read = projection.expr().get(column.index()).map(|read| &read.expr);
        match read.filter(|read| read.is::<Column>()) {
            Some(read) => Ok(Transformed::yes(Arc::clone(read))),
            None => {
                reads_columns = false;
                Ok(Transformed::no(part))
            }
        }
    })?;
    if !reads_columns {
        return Ok(None);
    }
    let below = FilterExecBuilder::from(filter).with_input(Arc::clone(projection.input()));
    let below = below.with_predicate(predicate.data).apply_projection(None)?.build()?;
    let exprs = match filter.projection() {
        Some(kept) => kept.iter().filter_map(|at| projection.expr().get(*at)).cloned().collect(),
        None => projection.expr().to_vec(),
    };
    Ok(Some(Arc::new(ProjectionExec::try_new(exprs, Arc::new(below))?)))
}

fn joined(join: &HashJoinExec) -> Other {
    let Some(filter) = join.filter() else { return Ok(None) };
    let condition = in_order(Arc::clone(filter.expression()))?;
    if !condition.transformed {
        return Ok(None);
    }
    let filter = JoinFilter::new(condition.data, filter.column_indices().to_vec(), Arc::clone(filter.schema()));
    join.builder().with_filter(Some(filter)).build_exec().map(Some)
}

fn projected(projection: &ProjectionExec) -> Other {
    let mut is_other = false;
    let mut exprs = Vec::with_capacity(projection.expr().len());
    for part in projection.expr() {
        let ordered = in_order(Arc::clone(&part.expr))?;
        is_other |= ordered.transformed;
        exprs.push(ProjectionExpr { expr: ordered.data, alias: part.alias.clone() });
    }
    match is_other {
        true => Ok(Some(Arc::new(ProjectionExec::try_new(exprs, Arc::clone(projection.input()))?))),
        false => Ok(None),
    }
}

pub(super) fn in_order(expr: Arc<dyn PhysicalExpr>) -> Result<Transformed<Arc<dyn PhysicalExpr>>> {
    expr.transform_up(|expr| {
        let Some(binary) = expr.downcast_ref::<BinaryExpr>() else { return Ok(Transformed::no(expr)) };
        let op = *binary.op();
        if !matches!(op, Operator::And | Operator::Or) || !can_fail(binary.right())? {
            return Ok(Transformed::no(expr));
        }
        let (left, right) = (Arc::clone(binary.left()), Arc::clone(binary.right()));
        Ok(Transformed::yes(Arc::new(Ordered { left, op, right }) as Arc<dyn PhysicalExpr>))
    })
}

/// Whether computing it may end in an error: a function may, but for those that make keys to compare by.
pub(super) fn can_fail(expr: &Arc<dyn PhysicalExpr>) -> Result<bool> {
    let mut can_fail = false;
    expr.apply(|part| {
        let function = part.downcast_ref::<ScalarFunctionExpr>().map(ScalarFunctionExpr::name);
        let operator = part.downcast_ref::<BinaryExpr>().map(BinaryExpr::op);
        can_fail |=
            function.is_some_and(|name| !makes_key(name)) || operator.is_some_and(Operator::is_numerical_operators);
        Ok(if can_fail { TreeNodeRecursion::Stop } else { TreeNodeRecursion::Continue })
    })?;
    Ok(can_fail)
}

/// AND or OR of two conditions, from left to right.
#[derive(Debug, Eq)]
pub(super) struct Ordered {
    pub(super) left: Arc<dyn PhysicalExpr>,
    pub(super) op: Operator,
    pub(super) right: Arc<dyn PhysicalExpr>,
}

impl PartialEq for Ordered {
    fn eq(&self, other: &Self) -> bool {
        self.op == other.op && self.left.eq(&other.left) && self.right.eq(&other.right)
    }
}

impl Hash for Ordered {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.left.hash(state);
        self.op.hash(state);
        self.right.hash(state);
    }
}

/// As the engine writes the same condition.
impl fmt::Display for Ordered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_or = |side: &Arc<dyn PhysicalExpr>| {
            let ordered = side.downcast_ref::<Self>().map(|ordered| ordered.op);
            ordered.or(side.downcast_ref::<BinaryExpr>().map(|binary| *binary.op())) == Some(Operator::Or)
        };
        let side =
            |f: &mut fmt::Formatter<'_>, side: &Arc<dyn PhysicalExpr>| match self.op == Operator::And && is_or(side) {
                true => write!(f, "({side})"),
                false => write!(f, "{side}"),
            };
        side(f, &self.left)?;
        write!(f, " {} ", self.op)?;
        side(f, &self.right)
    }
}

impl Ordered {
    /// The batch with nothing in the columns that the right doesn't read: rows of them needn't be picked.
    fn read_by_right(&self, batch: &RecordBatch) -> Result<RecordBatch> {
        let read: HashSet<usize> = collect_columns(&self.right).iter().map(Column::index).collect();
        let schema = batch.schema();
        let mut fields: Vec<FieldRef> = Vec::with_capacity(read.len());
        let mut columns: Vec<ArrayRef> = Vec::with_capacity(read.len());
        for (at, (field, column)) in schema.fields().iter().zip(batch.columns()).enumerate() {
            match read.contains(&at) {
                true => {
                    fields.push(Arc::clone(field));
                    columns.push(Arc::clone(column));
                }
                false => {
                    fields.push(Arc::new(Field::new(field.name(), DataType::Null, true)));
                    columns.push(Arc::new(NullArray::new(batch.num_rows())));
                }
            }
        }
        let options = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
        Ok(RecordBatch::try_new_with_options(Arc::new(Schema::new(fields)), columns, &options)?)
    }
}

impl PhysicalExpr for Ordered {
    fn data_type(&self, _: &Schema) -> Result<DataType> {
        Ok(DataType::Boolean)
    }

    fn nullable(&self, schema: &Schema) -> Result<bool> {
        Ok(self.left.nullable(schema)? || self.right.nullable(schema)?)
    }

    fn return_field(&self, schema: &Schema) -> Result<FieldRef> {
        Ok(Arc::new(Field::new(self.to_string(), DataType::Boolean, self.nullable(schema)?)))
    }

    fn evaluate(&self, batch: &RecordBatch) -> Result<ColumnarValue> {
        let left = self.left.evaluate(batch)?.into_array(batch.num_rows())?;
        let left = as_boolean_array(&left)?;
        // NULL decides nothing: it is NULL only if the right decides nothing either.
        let undecided = match self.op {
            Operator::And => or(&is_true(left), &is_null(left)?)?,
            _ => or(&is_true(&not(left)?), &is_null(left)?)?,
        };
        if !undecided.has_true() {
            return Ok(ColumnarValue::Array(Arc::new(left.clone())));
        }
        let read = self.read_by_right(batch)?;
        let right = self.right.evaluate_selection(&read, &undecided)?.into_array(batch.num_rows())?;
        let right = as_boolean_array(&right)?;
        let both = match self.op {
            Operator::And => and_kleene(left, right)?,
            _ => or_kleene(left, right)?,
        };
        Ok(ColumnarValue::Array(Arc::new(both)))
    }

    fn children(&self) -> Vec<&Arc<dyn PhysicalExpr>> {
        vec![&self.left, &self.right]
    }

    fn with_new_children(self: Arc<Self>, children: Vec<Arc<dyn PhysicalExpr>>) -> Result<Arc<dyn PhysicalExpr>> {
        let [left, right] = <[_; 2]>::try_from(children)
            .map_err(|_| DataFusionError::Internal("a condition of other than two parts".to_owned()))?;
        Ok(Arc::new(Self { left, op: self.op, right }))
    }

    fn fmt_sql(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.left.fmt_sql(f)?;
        write!(f, " {} ", self.op)?;
        self.right.fmt_sql(f)
    }
}

/// Whether each is true, without NULLs.
fn is_true(values: &BooleanArray) -> BooleanArray {
    match values.nulls() {
        None => values.clone(),
        Some(nulls) => BooleanArray::new(values.values() & nulls.inner(), None),
    }
}
