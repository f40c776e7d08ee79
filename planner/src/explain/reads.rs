//! What a statement itself reads of the tables that it names, whatever its principal's rules read beside; for
//! `weir policy diff --replay`, which tells a statement of no decision but those on what it reads.

use std::collections::{BTreeMap, BTreeSet};

use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::logical_expr::LogicalPlan;

use crate::PlanError;
use crate::bind::Bound;
use crate::optimize;
use crate::runtime::Runtime;
use crate::session::StatementSession;
use crate::view::GovernedSource;

/// The columns that are read of each table, by schema and name. Of a table whose rows are only counted there are none.
pub type Reads = BTreeMap<(String, String), BTreeSet<String>>;

/// Read off the plan that the rules would make if nothing were filtered or masked. Only names come out of it: a bound
/// plan has no data behind its tables.
pub fn reads(bound: &Bound, runtime: &Runtime, session: &StatementSession) -> Result<Reads, PlanError> {
    let plan = optimize::logical(runtime, session, bound.plan.clone())?;
    let mut found = Reads::new();
    plan.apply_with_subqueries(|node| {
        if let LogicalPlan::TableScan(scan) = node
            && let Some(GovernedSource(table)) = scan.source.as_ref().downcast_ref::<GovernedSource>()
        {
            let name = (table.info.schema.clone(), table.info.name.clone());
            let columns = scan.projected_schema.fields().iter().map(|field| field.name().clone());
            let filters = scan.filters.iter().flat_map(|filter| filter.column_refs()).map(|column| column.name.clone());
            found.entry(name).or_default().extend(columns.chain(filters));
        }
        Ok(TreeNodeRecursion::Continue)
    })?;
    Ok(found)
}
