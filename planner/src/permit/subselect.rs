//! Sub-selects of row filters, made into joins before any statement's plan is near.
//!
//! The engine would make joins of them too, but together with the statement's own sub-queries, and it takes
//! `NOT IN` under OR for false where a NULL makes it unknown: a row would stay that the filter hides. So each filter is
//! first brought into a form that has no such place ([`decided`]), and then made into joins by itself ([`joined`]): what
//! comes below the barrier holds no reference to anything above. What the engine's rules for that get wrong is refused, or
//! written so that they get it right.

use std::sync::Arc;

use datafusion::common::tree_node::{Transformed, TreeNode, TreeNodeRecursion};
use datafusion::common::{Column, DFSchema};
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::expr::{Exists, InSubquery};
use datafusion::logical_expr::logical_plan::{Aggregate, Distinct, Filter, Subquery};
use datafusion::logical_expr::utils::{conjunction, split_conjunction_owned};
use datafusion::logical_expr::{
    BinaryExpr, Expr, ExprSchemable, JoinType, LogicalPlan, LogicalPlanBuilder, Operator, lit,
};
use datafusion::optimizer::decorrelate_predicate_subquery::DecorrelatePredicateSubquery;
use datafusion::optimizer::scalar_subquery_to_join::ScalarSubqueryToJoin;
use datafusion::optimizer::{Optimizer, OptimizerContext};

/// Whether the expression holds a sub-select.
pub(super) fn selects(expr: &Expr) -> Result<bool> {
    expr.exists(|part| Ok(is_predicate(part) || matches!(part, Expr::ScalarSubquery(_))))
}

/// The plan with each filter that holds IN or EXISTS in a form where NULL and false may be taken for one another. The
/// same rows pass.
pub(super) fn decided(plan: LogicalPlan) -> Result<LogicalPlan> {
    check_correlations(&plan)?;
    let plan = told_apart(plan)?;
    let decided = plan.transform_up_with_subqueries(|node| match node {
        LogicalPlan::Filter(filter) if filter.predicate.exists(|part| Ok(is_predicate(part)))? => {
            let predicate = when(filter.predicate, true, filter.input.schema())?;
            Ok(Transformed::yes(LogicalPlan::Filter(Filter::try_new(predicate, filter.input)?)))
        }
        other => Ok(Transformed::no(other)),
    })?;
    Ok(decided.data)
}

/// The plan with joins in place of sub-selects. Scalar ones that don't look at the row stay: they are computed once.
pub(super) fn joined(plan: LogicalPlan) -> Result<LogicalPlan> {
    let rules = Optimizer::with_rules(vec![
        Arc::new(DecorrelatePredicateSubquery::new()),
        Arc::new(ScalarSubqueryToJoin::new()),
    ]);
    let plan = selected_first(rules.optimize(plan, &OptimizerContext::new(), |_, _| {})?)?;
    plan.apply_with_subqueries(|node| {
        node.apply_expressions(|expr| {
            expr.apply(|part| match part {
                Expr::OuterReferenceColumn(..) => Err(unsupported(
                    "a sub-select of this form can't refer to the row; EXISTS with equalities in its WHERE can",
                )),
                part if is_predicate(part) => {
                    Err(unsupported("IN and EXISTS with a sub-select have their place in the condition and in WHERE"))
                }
                Expr::Placeholder(_) => Err(unsupported("parameters have no place in a filter")),
                _ => Ok(TreeNodeRecursion::Continue),
            })
        })
    })?;
    Ok(plan)
}

/// The plan with what is selected on the left of each join that only asks whether there is a match: the engine holds the
/// left side in memory, and a filtered table may be of any size.
fn selected_first(plan: LogicalPlan) -> Result<LogicalPlan> {
    let turned = plan.transform_up_with_subqueries(|node| {
        let LogicalPlan::Join(join) = node else { return Ok(Transformed::no(node)) };
        let turned = match join.join_type {
            JoinType::LeftSemi => JoinType::RightSemi,
            JoinType::LeftAnti if !join.null_aware => JoinType::RightAnti,
            _ => return Ok(Transformed::no(LogicalPlan::Join(join))),
        };
        if !join.on.is_empty() {
            return Ok(Transformed::no(LogicalPlan::Join(join)));
        }
        let (table, selected) = (Arc::unwrap_or_clone(join.left), Arc::unwrap_or_clone(join.right));
        let plan = LogicalPlanBuilder::from(selected).join_on(table, turned, join.filter)?.build()?;
        Ok(Transformed::yes(plan))
    })?;
    Ok(turned.data)
}

/// The plan with a name of its own for each column that a sub-select compares with the row: the engine draws these columns
/// out of the sub-select and then finds them by their bare names, of which two tables may have the same.
fn told_apart(plan: LogicalPlan) -> Result<LogicalPlan> {
    let mut count = 0;
    let told = plan.transform_up_with_subqueries(|node| match node {
        LogicalPlan::Filter(filter) if refers_out(&filter.predicate)? => {
            let shown: Vec<Expr> = filter.input.schema().columns().into_iter().map(Expr::Column).collect();
            let mut names: Vec<(Column, String)> = Vec::new();
            let parts = split_conjunction_owned(filter.predicate).into_iter().map(|part| match refers_out(&part)? {
                true => part.transform(|piece| match piece {
                    Expr::Column(column) => {
                        let known = names.iter().find(|(known, _)| *known == column).map(|(_, name)| name.clone());
                        let name = known.unwrap_or_else(|| {
                            count += 1;
                            let name = format!("__weir_compared_{count}");
                            names.push((column, name.clone()));
                            name
                        });
                        Ok(Transformed::yes(Expr::Column(Column::new_unqualified(name))))
                    }
                    piece => Ok(Transformed::no(piece)),
                }),
                false => Ok(Transformed::no(part)),
            });
            let parts: Vec<Expr> = parts.map(|part| Ok(part?.data)).collect::<Result<_>>()?;
            let named = names.iter().map(|(column, name)| Expr::Column(column.clone()).alias(name));
            let wide = shown.iter().cloned().chain(named);
            let predicate = conjunction(parts).unwrap_or_else(|| lit(true));
            let plan = LogicalPlanBuilder::from(filter.input).project(wide)?.filter(predicate)?.project(shown)?;
            Ok(Transformed::yes(plan.build()?))
        }
        other => Ok(Transformed::no(other)),
    })?;
    Ok(told.data)
}

fn refers_out(expr: &Expr) -> Result<bool> {
    expr.exists(|part| Ok(matches!(part, Expr::OuterReferenceColumn(..))))
}

fn is_predicate(expr: &Expr) -> bool {
    matches!(expr, Expr::InSubquery(_) | Expr::Exists(_) | Expr::SetComparison(_))
}

/// A condition that is true exactly where `expr` is true, or with `wanted` false, where `expr` is false.
fn when(expr: Expr, wanted: bool, row: &DFSchema) -> Result<Expr> {
    Ok(match expr {
        Expr::BinaryExpr(BinaryExpr { left, op: op @ (Operator::And | Operator::Or), right }) => {
            let (left, right) = (when(*left, wanted, row)?, when(*right, wanted, row)?);
            if (op == Operator::And) == wanted { left.and(right) } else { left.or(right) }
        }
        Expr::Not(inner) => when(*inner, !wanted, row)?,
        Expr::InSubquery(found) if found.negated != wanted => Expr::InSubquery(InSubquery { negated: false, ..found }),
        Expr::InSubquery(found) => absent(*found.expr, &found.subquery, row)?,
        Expr::Exists(Exists { subquery, negated }) => Expr::Exists(Exists { subquery, negated: negated == wanted }),
        other if other.exists(|part| Ok(is_predicate(part)))? => {
            return Err(unsupported(
                "IN and EXISTS with a sub-select may stand below AND, OR and NOT alone, and ANY and ALL take a list",
            ));
        }
        other if wanted => other,
        other => Expr::Not(Box::new(other)),
    })
}

/// Where `value NOT IN (select)` is true: the select gives nothing, or neither NULL nor the value, which isn't NULL.
fn absent(value: Expr, select: &Subquery, row: &DFSchema) -> Result<Expr> {
    let plan = &select.subquery;
    let (relation, field) = plan.schema().qualified_field(0);
    let found = Expr::Column(Column::new(relation.cloned(), field.name()));
    let (outer, references) = as_outer(&value, row)?;
    let equal = none(select, Some(outer.eq(found.clone())), references)?;
    let known = match field.is_nullable() {
        true => equal.and(none(select, Some(found.is_null()), Vec::new())?),
        false => equal,
    };
    Ok(match value.nullable(row)? {
        true => known.and(value.is_not_null().or(none(select, None, Vec::new())?)),
        false => known,
    })
}

/// `NOT EXISTS` of the select's rows for which the condition holds.
fn none(select: &Subquery, condition: Option<Expr>, references: Vec<Expr>) -> Result<Expr> {
    let plan = match condition {
        Some(condition) => Arc::new(LogicalPlan::Filter(Filter::try_new(condition, Arc::clone(&select.subquery))?)),
        None => Arc::clone(&select.subquery),
    };
    let outer_ref_columns = select.outer_ref_columns.iter().cloned().chain(references).collect();
    let subquery = Subquery { subquery: plan, outer_ref_columns, spans: select.spans.clone() };
    Ok(Expr::Exists(Exists { subquery, negated: true }))
}

/// An expression over the row as a sub-select refers to it, and the references.
fn as_outer(value: &Expr, row: &DFSchema) -> Result<(Expr, Vec<Expr>)> {
    let mut references = Vec::new();
    let outer = value.clone().transform(|part| match part {
        Expr::Column(column) => {
            let (relation, field) = row.qualified_field(row.index_of_column(&column)?);
            let column = Column::new(relation.cloned(), field.name());
            let reference = Expr::OuterReferenceColumn(Arc::clone(field), column);
            references.push(reference.clone());
            Ok(Transformed::yes(reference))
        }
        part if selects(&part)? => Err(unsupported("the left side of NOT IN can't be a sub-select itself")),
        part => Ok(Transformed::no(part)),
    })?;
    Ok((outer.data, references))
}

/// Refuses sub-selects whose references to the row the engine would draw out from where they don't commute: from
/// below a window, an outer join or a set operation, from below OFFSET, and for EXISTS and IN from below an aggregate of all
/// rows, which gives a row where there are none.
fn check_correlations(plan: &LogicalPlan) -> Result<()> {
    plan.apply_with_subqueries(|node| {
        node.apply_expressions(|expr| {
            expr.apply(|part| {
                match part {
                    Expr::InSubquery(InSubquery { subquery, .. }) | Expr::Exists(Exists { subquery, .. }) => {
                        check_correlation(&subquery.subquery, false)?;
                        if matches!(part, Expr::InSubquery(_)) && gives_outer(&subquery.subquery)? {
                            return Err(unsupported("the select list of IN can't refer to the row"));
                        }
                    }
                    Expr::ScalarSubquery(subquery) => check_correlation(&subquery.subquery, true)?,
                    _ => {}
                }
                Ok(TreeNodeRecursion::Continue)
            })
        })
    })?;
    Ok(())
}

fn check_correlation(plan: &LogicalPlan, is_scalar: bool) -> Result<()> {
    if plan.all_out_ref_exprs().is_empty() {
        return Ok(());
    }
    let commutes = match plan {
        LogicalPlan::Join(join) => join.join_type == JoinType::Inner,
        LogicalPlan::Aggregate(aggregate) if !is_scalar && may_group_nothing(aggregate) => {
            return Err(unsupported(
                "EXISTS and IN can't refer to the row from within an aggregate of all rows; compare a scalar sub-select instead",
            ));
        }
        LogicalPlan::Limit(limit) if limit.skip.is_some() => {
            return Err(unsupported("a sub-select can't refer to the row from below OFFSET"));
        }
        LogicalPlan::Projection(_)
        | LogicalPlan::Filter(_)
        | LogicalPlan::Aggregate(_)
        | LogicalPlan::SubqueryAlias(_)
        | LogicalPlan::Sort(_)
        | LogicalPlan::Limit(_)
        | LogicalPlan::Distinct(Distinct::All(_)) => true,
        _ => false,
    };
    match commutes {
        true => plan.inputs().into_iter().try_for_each(|input| check_correlation(input, is_scalar)),
        false => Err(unsupported(
            "a sub-select can't refer to the row from within a window function, an outer join or a set operation",
        )),
    }
}

/// Whether what a sub-select gives is computed of the row: the engine would compare that with the row itself.
fn gives_outer(plan: &LogicalPlan) -> Result<bool> {
    plan.exists(|node| match node {
        LogicalPlan::Projection(projection) => {
            projection.expr.iter().try_fold(false, |found, expr| Ok(found || refers_out(expr)?))
        }
        _ => Ok(false),
    })
}

/// Whether the aggregate gives a row where there are none to aggregate.
fn may_group_nothing(aggregate: &Aggregate) -> bool {
    aggregate.group_expr.is_empty() || aggregate.group_expr.iter().any(|expr| matches!(expr, Expr::GroupingSet(_)))
}

fn unsupported(what: &str) -> DataFusionError {
    DataFusionError::Plan(what.to_owned())
}
