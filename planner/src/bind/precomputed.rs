//! What PostgreSQL computes of a statement before it runs (`eval_const_expressions`): calls of constants, and calls that a constant
//! NULL makes NULL, which then need none of their other arguments. A constant that fails, fails here, be it in a branch that
//! no row takes or beside a table without rows.
//!
//! The engine folds constants too, but leaves those that fail to the rows that come to them, and computes a call's other
//! arguments before it sees the NULL.

use std::collections::HashSet;
use std::sync::{Arc, LazyLock};

use arrow::array::{RecordBatch, RecordBatchOptions};
use arrow::datatypes::{DataType, Schema};
use datafusion::common::tree_node::{Transformed, TreeNode, TreeNodeRecursion};
use datafusion::common::{Column, DFSchema, ScalarValue};
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::context::ExecutionProps;
use datafusion::functions::core::coalesce::CoalesceFunc;
use datafusion::logical_expr::expr::{Case, Exists, InSubquery, ScalarFunction};
use datafusion::logical_expr::expr_rewriter::NamePreserver;
use datafusion::logical_expr::physical_planning_context::PhysicalPlanningContext;
use datafusion::logical_expr::utils::merge_schema;
use datafusion::logical_expr::{
    BinaryExpr, ColumnarValue, Expr, ExprSchemable, LogicalPlan, Operator, ScalarUDF, Subquery, Volatility, lit,
};
use datafusion::physical_expr::create_physical_expr;

use super::pg::is_settled;
use crate::functions::pg::{self, find_value_error, name_of};

/// The plan with what can be computed of it.
pub(crate) fn precomputed(plan: LogicalPlan) -> Result<LogicalPlan> {
    within(plan, Shown::All)
}

/// Whether all that a part of a plan makes is asked for. What isn't is left out by PostgreSQL before it computes anything,
/// so nothing in it may fail.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    /// Its columns are the query's.
    All,
    /// It is below the select list: what is computed of groups and frames is read there.
    Inside,
    /// Perhaps not.
    Unknown,
}

fn within(plan: LogicalPlan, shown: Shown) -> Result<LogicalPlan> {
    let (here, below) = match (&plan, shown) {
        (LogicalPlan::Projection(projection), Shown::All) => {
            (true, if reads_all(&projection.expr, &projection.input) { Shown::All } else { Shown::Inside })
        }
        (LogicalPlan::Projection(_) | LogicalPlan::SubqueryAlias(_), Shown::Inside) => (false, Shown::Unknown),
        (LogicalPlan::Union(_), Shown::Inside) => (false, Shown::Unknown),
        (LogicalPlan::Window(_), shown) => (shown == Shown::Inside, shown),
        // Of what is below it reads what it names.
        (LogicalPlan::Aggregate(_), Shown::All) => (true, Shown::Inside),
        (LogicalPlan::Aggregate(_), shown) => (shown == Shown::Inside, shown),
        // Conditions decide on rows, whichever of their columns are read.
        (LogicalPlan::Filter(_), shown) => (true, shown),
        (LogicalPlan::Join(_), Shown::Inside) => (true, Shown::Unknown),
        (LogicalPlan::Join(_), shown) => (true, shown),
        (LogicalPlan::Sort(_), shown) => (shown != Shown::Unknown, shown),
        (_, shown) => (false, shown),
    };
    let plan = plan.map_children(|child| within(child, below).map(Transformed::yes))?.data;
    // What these hold has a meaning of its own.
    if matches!(plan, LogicalPlan::Extension(_) | LogicalPlan::TableScan(_) | LogicalPlan::Values(_)) {
        return Ok(plan);
    }
    let inputs = plan.inputs();
    let schema = if inputs.is_empty() { DFSchema::empty() } else { merge_schema(&inputs) };
    let folding = Folding { schema, fails: here };
    let groups = matches!(plan, LogicalPlan::Aggregate(_));
    let names = NamePreserver::new(&plan);
    let folded = plan.map_expressions(|expr| {
        // Columns above go by the text of a group's expression.
        if groups && !is_aggregate(&expr) {
            return Ok(Transformed::no(expr));
        }
        let name = names.save(&expr);
        Ok(Transformed::yes(name.restore(folding.fold(expr)?)))
    })?;
    Ok(folded.data)
}

/// Whether each column of what is below is read, be it by a sort between.
fn reads_all(list: &[Expr], below: &LogicalPlan) -> bool {
    let mut read: HashSet<&Column> = list.iter().flat_map(Expr::column_refs).collect();
    let mut below = below;
    while let LogicalPlan::Sort(sort) = below {
        read.extend(sort.expr.iter().flat_map(|sorted| sorted.expr.column_refs()));
        below = &sort.input;
    }
    matches!(below, LogicalPlan::Projection(_)) && below.schema().columns().iter().all(|column| read.contains(column))
}

fn is_aggregate(expr: &Expr) -> bool {
    match expr {
        Expr::AggregateFunction(_) => true,
        Expr::Alias(alias) => is_aggregate(&alias.expr),
        _ => false,
    }
}

/// Folds the expressions of one node.
struct Folding {
    /// The columns that they read.
    schema: DFSchema,
    /// Whether constants that fail do so here.
    fails: bool,
}

impl Folding {
    fn fold(&self, expr: Expr) -> Result<Expr> {
        match expr {
            Expr::Literal(..) | Expr::Column(_) => Ok(expr),
            Expr::Case(case) => self.case(case),
            Expr::ScalarFunction(call) if call.func.inner().is::<CoalesceFunc>() => self.coalesce(call),
            Expr::BinaryExpr(BinaryExpr { left, op: op @ (Operator::And | Operator::Or), right }) => {
                self.logic(*left, op, *right)
            }
            Expr::ScalarSubquery(subquery) => Ok(Expr::ScalarSubquery(self.subquery(subquery)?)),
            Expr::InSubquery(InSubquery { expr, subquery, negated }) => {
                let (expr, subquery) = (Box::new(self.fold(*expr)?), self.subquery(subquery)?);
                Ok(Expr::InSubquery(InSubquery { expr, subquery, negated }))
            }
            // Its list isn't computed.
            Expr::Exists(Exists { subquery, negated }) => {
                let plan = within(Arc::unwrap_or_clone(subquery.subquery), Shown::Unknown)?;
                let subquery = Subquery { subquery: Arc::new(plan), ..subquery };
                Ok(Expr::Exists(Exists { subquery, negated }))
            }
            other => self.computed(other.map_children(|child| self.fold(child).map(Transformed::yes))?.data),
        }
    }

    fn subquery(&self, subquery: Subquery) -> Result<Subquery> {
        let shown = if self.fails { Shown::All } else { Shown::Unknown };
        let plan = within(Arc::unwrap_or_clone(subquery.subquery), shown)?;
        Ok(Subquery { subquery: Arc::new(plan), ..subquery })
    }

    /// Branches whose condition is false are left out before what they give is looked at, and all behind one that is true.
    fn case(&self, case: Case) -> Result<Expr> {
        let subject = case.expr.map(|subject| self.fold(*subject).map(Box::new)).transpose()?;
        // The subject `true` holds the engine off from making AND and OR of a CASE.
        let is_searched = subject.as_ref().is_none_or(|subject| truth(subject) == Some(true));
        let mut branches = Vec::with_capacity(case.when_then_expr.len());
        let mut otherwise = case.else_expr;
        let mut left_out = None;
        for (when, then) in case.when_then_expr {
            let when = self.fold(*when)?;
            match truth(&when).filter(|_| is_searched) {
                Some(true) => {
                    otherwise = Some(then);
                    break;
                }
                Some(false) => left_out = Some(then),
                None => branches.push((Box::new(when), Box::new(self.fold(*then)?))),
            }
        }
        let otherwise = otherwise.map(|otherwise| self.fold(*otherwise).map(Box::new)).transpose()?;
        if let ([(when, then)], Some(otherwise)) = (branches.as_slice(), &otherwise)
            && let Some(is_null) = is_constant_array_null(when)
            && matches!((then.as_ref(), otherwise.as_ref()), (Expr::Literal(..), Expr::Literal(..)))
        {
            return Ok(if is_null { then.as_ref().clone() } else { otherwise.as_ref().clone() });
        }
        match (branches.is_empty(), otherwise, left_out) {
            (true, Some(otherwise), _) => Ok(*otherwise),
            // Nothing is left of it but its type.
            (true, None, Some(then)) => Ok(Expr::Literal(ScalarValue::try_from(&then.get_type(&self.schema)?)?, None)),
            (_, otherwise, _) => Ok(Expr::Case(Case::new(subject, branches, otherwise))),
        }
    }

    /// The alternatives as far as the first that is a constant.
    fn coalesce(&self, call: ScalarFunction) -> Result<Expr> {
        let mut alternatives = Vec::with_capacity(call.args.len());
        let mut null = None;
        for alternative in call.args {
            match self.fold(alternative)? {
                Expr::Literal(value, _) if value.is_null() => null = Some(value),
                constant @ Expr::Literal(..) => {
                    alternatives.push(constant);
                    break;
                }
                other => alternatives.push(other),
            }
        }
        match (alternatives.len(), null) {
            (0, Some(null)) => Ok(Expr::Literal(null, None)),
            (1, _) => Ok(alternatives.remove(0)),
            _ => Ok(Expr::ScalarFunction(ScalarFunction { args: alternatives, ..call })),
        }
    }

    /// AND and OR: nothing is looked at behind what decides.
    fn logic(&self, left: Expr, op: Operator, right: Expr) -> Result<Expr> {
        let decides = op == Operator::Or;
        let left = self.fold(left)?;
        match constant_truth(&left) {
            Some(Some(truth)) if truth == decides => return Ok(left),
            Some(Some(_)) => return self.fold(right),
            _ => {}
        }
        let right = self.fold(right)?;
        match (constant_truth(&left), constant_truth(&right)) {
            (_, Some(Some(truth))) if truth == decides => Ok(right),
            (_, Some(Some(_))) | (Some(None), Some(None)) => Ok(left),
            _ => Ok(Expr::BinaryExpr(BinaryExpr::new(Box::new(left), op, Box::new(right)))),
        }
    }

    /// An expression whose parts are folded.
    fn computed(&self, expr: Expr) -> Result<Expr> {
        if is_null_by_a_part(&expr) {
            return Ok(match expr.get_type(&self.schema).and_then(|data| ScalarValue::try_from(&data)) {
                Ok(null) => Expr::Literal(null, None),
                Err(_) => expr,
            });
        }
        if let Some(inlined) = inlined(&expr) {
            return self.fold(inlined);
        }
        if !can_be_computed(&expr) {
            return Ok(match is_decided_by_range(&expr) {
                Some(truth) => lit(truth),
                None => expr,
            });
        }
        match value_of(&expr) {
            Ok(value) if expr.get_type(&self.schema).is_ok_and(|data| data == value.data_type()) => {
                Ok(Expr::Literal(value, None))
            }
            Err(error) if self.fails && is_call(&expr) && find_value_error(&error).is_some() => Err(error),
            _ => Ok(expr),
        }
    }
}

/// Whether the array of which a part is asked for is NULL, of one that is a constant: PostgreSQL computes where the part stands
/// before it looks.
fn is_constant_array_null(condition: &Expr) -> Option<bool> {
    let Expr::IsNull(array) = condition else { return None };
    let Expr::ScalarFunction(call) = array.as_ref() else { return None };
    match (name_of(&call.func), call.args.as_slice()) {
        (Some("nullable"), [Expr::Literal(array, _)]) => Some(array.is_null()),
        _ => None,
    }
}

/// What a condition that is a constant says of a branch.
fn truth(condition: &Expr) -> Option<bool> {
    constant_truth(condition).map(|truth| truth.unwrap_or(false))
}

fn constant_truth(condition: &Expr) -> Option<Option<bool>> {
    match condition {
        Expr::Literal(ScalarValue::Boolean(truth), _) => Some(*truth),
        _ => None,
    }
}

fn is_null(expr: &Expr) -> bool {
    matches!(expr, Expr::Literal(value, _) if value.is_null())
}

/// Whether it is NULL since a part of it is.
fn is_null_by_a_part(expr: &Expr) -> bool {
    match expr {
        Expr::ScalarFunction(call) => is_strict(&call.func) && call.args.iter().any(is_null),
        Expr::BinaryExpr(BinaryExpr { left, op, right }) => {
            let is_strict = !matches!(op, Operator::IsDistinctFrom | Operator::IsNotDistinctFrom);
            is_strict && (is_null(left) || is_null(right))
        }
        Expr::Like(like) => is_null(&like.expr) || is_null(&like.pattern),
        Expr::Cast(cast) => is_null(&cast.expr),
        Expr::Not(value) => is_null(value),
        _ => false,
    }
}

/// What stands for a call of a function that PostgreSQL defines in SQL, and of which a part may be a constant.
fn inlined(expr: &Expr) -> Option<Expr> {
    let Expr::ScalarFunction(call) = expr else { return None };
    match (name_of(&call.func)?, call.args.as_slice()) {
        ("similar_substring", [text, pattern, escape]) => {
            let pattern = pg::call("similar_to_escape_2", vec![pattern.clone(), escape.clone()], DataType::Utf8);
            Some(pg::call("textregexsubstr", vec![text.clone(), pattern], DataType::Utf8))
        }
        _ => None,
    }
}

/// Whether a constant range that is empty, or without bounds, contains whatever it is asked for, be that NULL
/// (`elem_contained_by_range_support` and its kin).
fn is_decided_by_range(expr: &Expr) -> Option<bool> {
    let Expr::ScalarFunction(call) = expr else { return None };
    let range = match (name_of(&call.func)?, call.args.as_slice()) {
        ("elem_contained_by_range", [_, range, ..]) | ("range_contains_elem", [range, _, ..]) => range,
        _ => return None,
    };
    let Expr::Literal(range, _) = range else { return None };
    match range.try_as_str().flatten()? {
        "empty" => Some(false),
        "(,)" => Some(true),
        _ => None,
    }
}

/// Whether PostgreSQL takes it for a call of a strict function: to it, a part of an array is none.
fn is_strict(function: &ScalarUDF) -> bool {
    const OF_ENGINE: [&str; 3] = ["starts_with", "ceil", "floor"];
    const OF_SYNTAX: [&str; 5] = ["array_subscript", "array_element", "array_slices", "any_of", "all_of"];
    match name_of(function) {
        Some(name) => function.is_strict() && !OF_SYNTAX.contains(&name),
        None => function.is_strict() || OF_ENGINE.contains(&function.name()),
    }
}

/// Whether it is a call of a function of PostgreSQL's, whose errors are PostgreSQL's.
fn is_call(expr: &Expr) -> bool {
    matches!(expr, Expr::ScalarFunction(call) if name_of(&call.func).is_some())
}

/// Whether its parts are constants, and it gives the same for them whenever it is computed.
fn can_be_computed(expr: &Expr) -> bool {
    let is_settled = match expr {
        Expr::ScalarFunction(call) => {
            call.func.signature().volatility == Volatility::Immutable && name_of(&call.func).is_none_or(is_settled)
        }
        Expr::BinaryExpr(_)
        | Expr::Like(_)
        | Expr::Cast(_)
        | Expr::Not(_)
        | Expr::IsNull(_)
        | Expr::IsNotNull(_)
        | Expr::IsTrue(_)
        | Expr::IsNotTrue(_)
        | Expr::IsFalse(_)
        | Expr::IsNotFalse(_)
        | Expr::IsUnknown(_)
        | Expr::IsNotUnknown(_) => true,
        _ => false,
    };
    let mut is_constant = true;
    let visited = expr.apply_children(|part| {
        is_constant &= matches!(part, Expr::Literal(..));
        Ok(if is_constant { TreeNodeRecursion::Continue } else { TreeNodeRecursion::Stop })
    });
    is_settled && is_constant && visited.is_ok()
}

fn value_of(expr: &Expr) -> Result<ScalarValue> {
    static ONE_ROW: LazyLock<Option<RecordBatch>> = LazyLock::new(|| {
        let options = RecordBatchOptions::new().with_row_count(Some(1));
        RecordBatch::try_new_with_options(Arc::new(Schema::empty()), Vec::new(), &options).ok()
    });
    let row = ONE_ROW.as_ref().ok_or_else(|| DataFusionError::Internal("no row without columns".to_owned()))?;
    let context = PhysicalPlanningContext::default();
    let expr = create_physical_expr(expr, &DFSchema::empty(), &ExecutionProps::new(), &context)?;
    match expr.evaluate(row)? {
        ColumnarValue::Scalar(value) => Ok(value),
        ColumnarValue::Array(values) => ScalarValue::try_from_array(&values, 0),
    }
}
