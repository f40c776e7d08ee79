//! EXPLAIN: a statement's plan at one of its stages, as lines of text.
//!
//! Only the bound plan is made of nothing but what the principal sees. The later ones hold filters, masks and counts of
//! hidden rows, so they are shown to those who may read the policies, and to all where nothing is hidden.

mod barriers;
mod names;
mod reads;

use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::physical_plan::display::DisplayableExecutionPlan;

use crate::PlanError;
use crate::bind::Bound;
use crate::optimize::Optimized;
use crate::parse::Stage;
use crate::permit::Permitted;
pub use barriers::{Predicates, predicates};
pub use names::{NamedTable, named_tables};
pub use reads::{Reads, reads};

/// The one column of EXPLAIN's result.
pub fn columns() -> SchemaRef {
    Arc::new(Schema::new(vec![Field::new("QUERY PLAN", DataType::Utf8, false)]))
}

/// Whether the plan that runs may be shown as it is.
pub fn may_see_all(permitted: &Permitted) -> bool {
    permitted.view.may_see_policies || permitted.is_open()
}

/// The lines of an EXPLAIN without ANALYZE.
pub fn explain(
    stage: Stage,
    bound: &Bound,
    permitted: &Permitted,
    optimized: Option<&Optimized>,
) -> Result<Vec<String>, PlanError> {
    match stage {
        Stage::Permitted if !may_see_all(permitted) => Err(PlanError::Forbidden { what: "policies".to_owned() }),
        Stage::Permitted => Ok(lines(permitted.plan.display_indent().to_string())),
        Stage::Optimized if may_see_all(permitted) => match optimized {
            Some(plan) => Ok(lines(DisplayableExecutionPlan::new(plan.physical.as_ref()).indent(false).to_string())),
            None => Ok(lines(bound.plan.display_indent().to_string())),
        },
        Stage::Bound | Stage::Optimized => Ok(lines(bound.plan.display_indent().to_string())),
    }
}

/// The lines of an EXPLAIN ANALYZE, after the plan ran to its end.
pub fn analyzed(bound: &Bound, permitted: &Permitted, optimized: &Optimized, rows: usize) -> Vec<String> {
    let mut shown = match may_see_all(permitted) {
        true => lines(DisplayableExecutionPlan::with_metrics(optimized.physical.as_ref()).indent(false).to_string()),
        false => lines(bound.plan.display_indent().to_string()),
    };
    shown.push(format!("Rows: {rows}"));
    shown
}

/// The lines as the batch that the client gets.
pub fn batch(lines: Vec<String>) -> Result<RecordBatch, PlanError> {
    let array: ArrayRef = Arc::new(StringArray::from(lines));
    RecordBatch::try_new(columns(), vec![array])
        .map_err(|error| PlanError::from(datafusion::error::DataFusionError::from(error)))
}

fn lines(text: String) -> Vec<String> {
    text.lines().map(str::to_owned).collect()
}
