//! Functions that are not the engine's: the masks that the permit puts into plans, and limits around what the engine has.

mod bounded;
mod field;
mod masks;
mod operators;
pub(crate) mod pg;
mod settled;

use std::sync::Arc;

use datafusion::execution::FunctionRegistry;
use datafusion::execution::session_state::SessionState;
use datafusion::logical_expr::planner::ExprPlanner;

use crate::PlanError;
pub use bounded::{FunctionError, MAX_BATCH_BYTES, MAX_VALUE_BYTES};
pub use masks::MaskKey;
pub(crate) use masks::{Masked, NestedMask, Within, mask_call};
use operators::Operators;
pub(crate) use operators::concatenated;
pub use pg::find_value_error;
pub(crate) use settled::settled;
pub use weir_values::ValueError;

/// How SQL's operators become calls; to stand before the engine's own planners.
pub(crate) fn operators() -> Arc<dyn ExprPlanner> {
    Arc::new(Operators::new())
}

/// Puts limits around those registered functions whose results may outgrow their arguments, and ours in the place of those
/// that show too much.
pub(crate) fn bound(state: &mut SessionState) -> Result<(), PlanError> {
    bounded::register(state)?;
    state.register_udf(field::field())?;
    Ok(())
}
