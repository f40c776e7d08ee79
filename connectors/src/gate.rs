//! Which filters of a running plan sink into a node's input: the engine itself lets all of them or none.

use std::sync::Arc;

use datafusion::error::Result;
use datafusion::physical_expr::expressions::Column;
use datafusion::physical_plan::filter_pushdown::FilterDescription;
use datafusion::physical_plan::{ExecutionPlan, PhysicalExpr};

/// No column is called so: the engine takes a filter on it for one that can't sink, and leaves the filter above.
const NO_COLUMN: &str = "__weir_stays_above";

/// What a node answers when it is asked which of the filters its inputs take: those that `may_sink`.
pub fn sinking(
    node: &dyn ExecutionPlan,
    filters: Vec<Arc<dyn PhysicalExpr>>,
    may_sink: impl Fn(&Arc<dyn PhysicalExpr>) -> bool,
) -> Result<FilterDescription> {
    let gate = |filter: Arc<dyn PhysicalExpr>| match may_sink(&filter) {
        true => filter,
        false => Arc::new(Column::new(NO_COLUMN, usize::MAX)),
    };
    FilterDescription::from_children(filters.into_iter().map(gate).collect(), &node.children())
}
