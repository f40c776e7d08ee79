//! Refuses queries whose planning would take out of all proportion to their text: a chain of CTEs that each name the
//! one before twice doubles the plan with every link, and the engine's rules walk each copy.

use std::collections::{HashMap, VecDeque};
use std::ops::ControlFlow;
use std::ptr;

use datafusion::common::ScalarValue;
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::error::Result;
use datafusion::logical_expr::{Expr, LogicalPlan};
use datafusion::sql::sqlparser::ast::{self, Ident, ObjectName, ObjectNamePart, Query, Select, Visit, Visitor};

use super::windows;
use crate::PlanError;
use crate::error::code;

/// PostgreSQL's limit of a select list (MaxTupleAttributeNumber), which clients rely on.
pub const MAX_COLUMNS: usize = 1664;
/// Operators of a plan, each counted as often as it is read. The engine plans a thousand in about a second.
const MAX_NODES: usize = 5000;
/// Tables that a query reads, counted alike: what the engine makes of them takes a moment each.
const MAX_RELATIONS: usize = 1000;
/// Joins of a plan, counted alike. The engine's time for them grows with their cube: a hundred take two seconds.
const MAX_JOINS: usize = 100;
/// PostgreSQL's limit of the columns of a join. Each join above holds them once more.
const MAX_JOINED_COLUMNS: usize = 32767;

/// How deep sub-selects may nest in expressions. The engine's time for them doubles with each level: sixteen take 0.1 s.
const MAX_SUB_SELECTS: usize = 16;

/// PostgreSQL's limit: 4096 grouping sets.
const MAX_CUBE: usize = 12;

/// While a query is bound: tables as often as they are read.
pub fn check_reads(tables: usize) -> Result<(), PlanError> {
    if tables <= MAX_RELATIONS { Ok(()) } else { Err(too_large("tables", tables, MAX_RELATIONS)) }
}

/// While a query is bound: the columns of a select list.
pub fn check_columns(columns: usize) -> Result<(), PlanError> {
    if columns <= MAX_COLUMNS { Ok(()) } else { Err(PlanError::TooManyColumns { limit: MAX_COLUMNS }) }
}

/// While a query is bound: the columns of both sides of a join.
pub fn check_joined(columns: usize) -> Result<(), PlanError> {
    match columns <= MAX_JOINED_COLUMNS {
        true => Ok(()),
        false => {
            let message = format!("joins can have at most {MAX_JOINED_COLUMNS} columns");
            Err(PlanError::refused(code::PROGRAM_LIMIT_EXCEEDED, message, None))
        }
    }
}

/// While a query is bound: sub-selects in expressions, one within the other.
pub fn check_sub_selects(depth: usize) -> Result<(), PlanError> {
    if depth <= MAX_SUB_SELECTS { Ok(()) } else { Err(PlanError::TooComplex) }
}

/// The same of a query that the engine reads, before it does.
pub fn check_query(query: &Query) -> Result<(), PlanError> {
    let mut written = Written::default();
    match query.visit(&mut written) {
        ControlFlow::Break(error) => Err(error),
        ControlFlow::Continue(()) => Ok(()),
    }
}

/// What a query reads, counted while its tree is walked.
#[derive(Default)]
struct Written {
    /// The queries that the walk is in, outermost first.
    within: Vec<Frame>,
    /// The sub-selects in expressions that the walk is in.
    sub_selects: usize,
    /// How many tables a read of each CTE reads. Of several of one name the greatest counts, wherever each may be seen.
    ctes: HashMap<String, usize>,
}

#[derive(Default)]
struct Frame {
    /// Its own name, if it is a CTE.
    name: Option<String>,
    /// Names of its CTEs that the walk has not come to. Their queries come first, in this order.
    ctes: VecDeque<String>,
    relations: usize,
}

impl Visitor for Written {
    type Break = PlanError;

    fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<PlanError> {
        let name = self.within.last_mut().and_then(|parent| parent.ctes.pop_front());
        let ctes = query.with.iter().flat_map(|with| &with.cte_tables).map(|cte| folded(&cte.alias.name));
        self.within.push(Frame { name, ctes: ctes.collect(), relations: 0 });
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, _query: &Query) -> ControlFlow<PlanError> {
        let Some(frame) = self.within.pop() else { return ControlFlow::Continue(()) };
        match (frame.name, self.within.last_mut()) {
            (Some(name), _) => {
                let known = self.ctes.entry(name).or_default();
                *known = frame.relations.max(*known).max(1);
            }
            (None, Some(parent)) => parent.relations = parent.relations.saturating_add(frame.relations),
            (None, None) => {}
        }
        match frame.relations <= MAX_RELATIONS {
            true => ControlFlow::Continue(()),
            false => ControlFlow::Break(too_large("tables", frame.relations, MAX_RELATIONS)),
        }
    }

    fn pre_visit_relation(&mut self, relation: &ObjectName) -> ControlFlow<PlanError> {
        let cte = match relation.0.as_slice() {
            [ObjectNamePart::Identifier(name)] => self.ctes.get(&folded(name)).copied(),
            _ => None,
        };
        if let Some(frame) = self.within.last_mut() {
            frame.relations = frame.relations.saturating_add(cte.unwrap_or(1));
        }
        ControlFlow::Continue(())
    }

    /// The engine counts the sets of several such clauses, but not those of one.
    fn pre_visit_expr(&mut self, expr: &ast::Expr) -> ControlFlow<PlanError> {
        self.sub_selects += usize::from(is_sub_select(expr));
        match expr {
            _ if self.sub_selects > MAX_SUB_SELECTS => ControlFlow::Break(PlanError::TooComplex),
            ast::Expr::Cube(columns) if columns.len() > MAX_CUBE => {
                ControlFlow::Break(too_large("columns in a CUBE", columns.len(), MAX_CUBE))
            }
            _ => ControlFlow::Continue(()),
        }
    }

    fn post_visit_expr(&mut self, expr: &ast::Expr) -> ControlFlow<PlanError> {
        self.sub_selects -= usize::from(is_sub_select(expr));
        ControlFlow::Continue(())
    }

    fn pre_visit_select(&mut self, select: &Select) -> ControlFlow<PlanError> {
        match select.projection.len() <= MAX_COLUMNS {
            true => ControlFlow::Continue(()),
            false => ControlFlow::Break(PlanError::TooManyColumns { limit: MAX_COLUMNS }),
        }
    }
}

fn is_sub_select(expr: &ast::Expr) -> bool {
    matches!(expr, ast::Expr::Subquery(_) | ast::Expr::Exists { .. } | ast::Expr::InSubquery { .. })
}

/// A name without regard to case: which names are one doesn't matter here as long as no two that are one look different.
fn folded(name: &Ident) -> String {
    name.value.to_lowercase()
}

fn too_large(what: &'static str, count: usize, limit: usize) -> PlanError {
    PlanError::TooLarge { what, count, limit }
}

/// After names are resolved, before any rule walks the plan: its operators, with all that is written once and read
/// often.
pub fn check_plan(plan: &LogicalPlan) -> Result<(), PlanError> {
    let size = size(plan, &mut HashMap::new())?;
    for (what, count, limit) in [("joins", size.joins, MAX_JOINS), ("plan nodes", size.nodes, MAX_NODES)] {
        if count > limit {
            return Err(too_large(what, count, limit));
        }
    }
    Ok(())
}

/// The engine would say so only when it makes the plan to run.
fn check_limit(plan: &LogicalPlan) -> Result<()> {
    let LogicalPlan::Limit(limit) = plan else { return Ok(()) };
    let negative = |expr: &Option<Box<Expr>>| matches!(expr.as_deref(), Some(Expr::Literal(ScalarValue::Int64(Some(count)), _)) if *count < 0);
    match (negative(&limit.fetch), negative(&limit.skip)) {
        (true, _) => Err(PlanError::NegativeCount { clause: "LIMIT" }.into()),
        (_, true) => Err(PlanError::NegativeCount { clause: "OFFSET" }.into()),
        _ => Ok(()),
    }
}

#[derive(Debug, Clone, Copy, Default)]
struct Size {
    nodes: usize,
    joins: usize,
}

impl Size {
    fn add(&mut self, other: Self) {
        self.nodes = self.nodes.saturating_add(other.nodes);
        self.joins = self.joins.saturating_add(other.joins);
    }
}

/// What is shared is walked once: plans share their inputs, and `known` goes by where these lie.
fn size(plan: &LogicalPlan, known: &mut HashMap<*const LogicalPlan, Size>) -> Result<Size> {
    if let Some(size) = known.get(&ptr::from_ref(plan)) {
        return Ok(*size);
    }
    windows::check(plan)?;
    check_limit(plan)?;
    let mut sum = Size { nodes: 1, joins: usize::from(matches!(plan, LogicalPlan::Join(_))) };
    for input in plan.inputs() {
        sum.add(size(input, known)?);
    }
    plan.apply_subqueries(|wrapper| {
        // The wrapper is made for this call; only what it holds stays where it is.
        for input in wrapper.inputs() {
            sum.add(size(input, known)?);
        }
        Ok(TreeNodeRecursion::Continue)
    })?;
    known.insert(ptr::from_ref(plan), sum);
    Ok(sum)
}

#[cfg(test)]
mod tests {
    use datafusion::logical_expr::LogicalPlanBuilder;

    use super::*;

    /// Each step joins the step before with itself, so that the plan doubles and its text doesn't.
    fn doubled(steps: usize) -> LogicalPlan {
        let mut plan = LogicalPlanBuilder::empty(true).build().unwrap();
        for step in 0..steps {
            let side = |name: &str| {
                LogicalPlanBuilder::from(plan.clone()).alias(format!("{name}{step}")).unwrap().build().unwrap()
            };
            plan = LogicalPlanBuilder::from(side("a")).cross_join(side("b")).unwrap().build().unwrap();
        }
        plan
    }

    #[test]
    fn what_is_read_twice_counts_twice() {
        let nodes = |steps| size(&doubled(steps), &mut HashMap::new()).unwrap().nodes;
        assert_eq!(nodes(0), 1);
        assert_eq!(nodes(2), 1 + 2 + 2 * (1 + 2 + 2));
        assert!(matches!(check_plan(&doubled(7)), Err(PlanError::TooLarge { what: "joins", count: 127, .. })));
    }

    fn check(sql: &str) -> Result<(), PlanError> {
        let kind = crate::parse::parse(sql).unwrap().remove(0).kind;
        let crate::parse::Kind::Query(query) = kind else { panic!("no query: {sql}") };
        check_query(&crate::parse::engine_query(&query).unwrap())
    }

    #[test]
    fn a_chain_of_ctes_counts_by_what_it_reads() {
        let chain = |links: usize, from: &str| {
            let mut sql = "WITH c0 AS (SELECT 1 AS x)".to_owned();
            for link in 1..=links {
                sql += &format!(", C{link} AS (SELECT a.x FROM c{0} a, \"c{0}\" b)", link - 1);
            }
            format!("{sql} {}", from.replace('@', &format!("c{links}")))
        };
        check(&chain(9, "SELECT * FROM @")).unwrap();
        for from in [
            "SELECT * FROM @",
            "SELECT (SELECT max(x) FROM @)",
            "SELECT * FROM (WITH d AS (SELECT * FROM @) SELECT * FROM d) e",
        ] {
            assert!(matches!(check(&chain(30, from)), Err(PlanError::TooLarge { what: "tables", .. })), "{from}");
        }
        check("WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r WHERE n < 9) SELECT * FROM r").unwrap();
        assert!(matches!(
            check(&format!("SELECT {}", vec!["1"; 1665].join(","))),
            Err(PlanError::TooManyColumns { .. })
        ));
    }

    #[test]
    fn sub_selects_nest_so_deep_and_no_deeper() {
        let nested = |levels: usize| format!("SELECT {}1{}", "(SELECT ".repeat(levels), ")".repeat(levels));
        check(&nested(MAX_SUB_SELECTS)).unwrap();
        check(&["(SELECT 1)"; 40].join(" + ").replacen("(", "SELECT (", 1)).unwrap();
        assert!(matches!(check(&nested(MAX_SUB_SELECTS + 1)), Err(PlanError::TooComplex)));
        let exists = format!("{}SELECT 1{}", "SELECT 1 WHERE EXISTS (".repeat(20), ")".repeat(20));
        assert!(matches!(check(&exists), Err(PlanError::TooComplex)));
    }

    /// Counted without being walked: the plan has more nodes than could be.
    #[test]
    fn a_plan_of_any_size_is_counted_at_once() {
        assert!(matches!(check_plan(&doubled(200)), Err(PlanError::TooLarge { count: usize::MAX, .. })));
    }
}
