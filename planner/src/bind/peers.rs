//! Frames of a row and its peers, over keys between which the engine knows no distances.
//!
//! It refuses a frame by values over such a key (a text of bytes, as a numeric whose digits are each value's own is ordered
//! by, a time of day, an interval), even if nothing is counted from the row's own value. Without such distances a frame by
//! groups of peers has the same rows.

use std::sync::Arc;

use arrow::datatypes::DataType;
use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::common::{DFSchema, ScalarValue};
use datafusion::config::ConfigOptions;
use datafusion::error::Result;
use datafusion::logical_expr::expr_rewriter::NamePreserver;
use datafusion::logical_expr::{Expr, ExprSchemable, LogicalPlan, WindowFrame, WindowFrameBound, WindowFrameUnits};
use datafusion::optimizer::AnalyzerRule;

/// The rule over whole plans; it runs before the engine's own type coercion.
#[derive(Debug)]
pub(crate) struct PeersByGroups;

impl AnalyzerRule for PeersByGroups {
    fn name(&self) -> &str {
        "peers_by_groups"
    }

    fn analyze(&self, plan: LogicalPlan, _config: &ConfigOptions) -> Result<LogicalPlan> {
        let grouped = plan.transform_up_with_subqueries(|node| {
            let LogicalPlan::Window(window) = &node else { return Ok(Transformed::no(node)) };
            let schema = Arc::clone(window.input.schema());
            let names = NamePreserver::new(&node);
            node.map_expressions(|expr| {
                let name = names.save(&expr);
                Ok(by_groups(expr, &schema)?.update_data(|expr| name.restore(expr)))
            })
        })?;
        Ok(grouped.data)
    }
}

fn by_groups(expr: Expr, schema: &DFSchema) -> Result<Transformed<Expr>> {
    expr.transform_up(|part| {
        let Expr::WindowFunction(mut call) = part else { return Ok(Transformed::no(part)) };
        let key = call.params.order_by.first().map(|key| key.expr.get_type(schema)).transpose()?;
        if key.is_some_and(|key| !has_distances(&key))
            && let Some(frame) = of_peers(&call.params.window_frame)
        {
            call.params.window_frame = frame;
            return Ok(Transformed::yes(Expr::WindowFunction(call)));
        }
        Ok(Transformed::no(Expr::WindowFunction(call)))
    })
}

/// The frame by groups of one by values that counts no distance.
fn of_peers(frame: &WindowFrame) -> Option<WindowFrame> {
    let bound = |bound: &WindowFrameBound| match bound {
        WindowFrameBound::CurrentRow => Some(WindowFrameBound::CurrentRow),
        WindowFrameBound::Preceding(value) if value.is_null() => {
            Some(WindowFrameBound::Preceding(ScalarValue::UInt64(None)))
        }
        WindowFrameBound::Following(value) if value.is_null() => {
            Some(WindowFrameBound::Following(ScalarValue::UInt64(None)))
        }
        _ => None,
    };
    let (start, end) = (bound(&frame.start_bound)?, bound(&frame.end_bound)?);
    (frame.units == WindowFrameUnits::Range).then(|| WindowFrame::new_bounds(WindowFrameUnits::Groups, start, end))
}

/// Whether the engine takes frames by values of the type.
fn has_distances(data: &DataType) -> bool {
    let is_moment = matches!(data, DataType::Date32 | DataType::Date64 | DataType::Timestamp(..));
    let is_compared = matches!(data, DataType::Boolean | DataType::Null | DataType::List(_));
    data.is_numeric() || data.is_string() || is_moment || is_compared
}
