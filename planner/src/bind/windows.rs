//! Refuses window calls that the engine would answer with a panic, or with all of the memory.

use datafusion::common::ScalarValue;
use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::expr::WindowFunction;
use datafusion::logical_expr::{Expr, LogicalPlan, WindowFrame, WindowFrameBound};

/// Aggregates whose result grows with their rows.
const LISTS: [&str; 2] = ["array_agg", "string_agg"];

/// Rows that a frame may reach: the engine adds them to places without a look at the sum.
pub(super) const MAX_REACH: u64 = 1 << 40;

pub fn check(plan: &LogicalPlan) -> Result<()> {
    let LogicalPlan::Window(window) = plan else { return Ok(()) };
    for expr in &window.window_expr {
        expr.apply(|part| match part {
            Expr::WindowFunction(call) => check_call(call).map(|()| TreeNodeRecursion::Continue),
            _ => Ok(TreeNodeRecursion::Continue),
        })?;
    }
    Ok(())
}

fn check_call(call: &WindowFunction) -> Result<()> {
    // The engine writes the list out anew for every row of the window: a hundred thousand rows would take 80 GB.
    if LISTS.contains(&call.fun.name()) {
        let what = format!("{} as a window function is not supported", call.fun.name());
        return Err(DataFusionError::NotImplemented(what));
    }
    let WindowFrame { start_bound, end_bound, .. } = &call.params.window_frame;
    match reaches_too_far(start_bound) || reaches_too_far(end_bound) {
        true => Err(DataFusionError::NotImplemented(format!("frames of more than {MAX_REACH} rows are not supported"))),
        false => Ok(()),
    }
}

/// Of frames in rows or groups; those in values are of the values' type.
fn reaches_too_far(bound: &WindowFrameBound) -> bool {
    match bound {
        WindowFrameBound::Preceding(ScalarValue::UInt64(Some(reach)))
        | WindowFrameBound::Following(ScalarValue::UInt64(Some(reach))) => *reach > MAX_REACH,
        _ => false,
    }
}
