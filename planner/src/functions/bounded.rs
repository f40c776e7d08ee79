//! Limits for the engine's functions whose results, or whose time, may be much larger than their arguments.
//!
//! The engine makes a result in one piece and asks no one for the room, so that a single value could take more than the
//! memory budget of all statements, and the process with it. So such a function is called only after its result's size
//! was told from its arguments ([`Growth`]). PostgreSQL's own limit is 1 GB for a value; here a value may take
//! [`MAX_VALUE_BYTES`] and the values of one batch of rows [`MAX_BATCH_BYTES`], since they all share one budget. Constants
//! count for every row of a batch, because the engine writes them out for every row.
//!
//! A constant call is computed while the statement is planned, by the same function under the same limits.

mod arguments;
mod extent;
mod growth;
mod range;

use std::error::Error;
use std::sync::Arc;

use arrow::datatypes::{DataType, FieldRef};
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::FunctionRegistry;
use datafusion::execution::session_state::SessionState;
use datafusion::logical_expr::interval_arithmetic::Interval;
use datafusion::logical_expr::preimage::PreimageResult;
use datafusion::logical_expr::simplify::SimplifyContext;
use datafusion::logical_expr::sort_properties::{ExprProperties, SortProperties};
use datafusion::logical_expr::{
    ColumnarValue, Documentation, Expr, ExpressionPlacement, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF,
    ScalarUDFImpl, Signature,
};

pub(super) use growth::Growth;

/// Bytes that one value may take.
pub const MAX_VALUE_BYTES: u64 = 64 << 20;
/// Bytes that the values of one batch of rows may take together.
pub const MAX_BATCH_BYTES: u64 = 256 << 20;

/// A call that isn't made because of the size of its arguments, or of its result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FunctionError {
    #[error("requested length too large")]
    TooLarge,
    #[error("arguments are too long to be compared with each other")]
    TooMuchWork,
    #[error("levenshtein argument exceeds maximum length of {characters} characters")]
    TooLong { characters: usize },
}

impl FunctionError {
    /// The function's error inside an engine error, however deeply the engine has wrapped it.
    pub fn find(error: &DataFusionError) -> Option<Self> {
        let mut at: Option<&(dyn Error + 'static)> = Some(error);
        while let Some(e) = at {
            if let Some(found) = e.downcast_ref::<Self>() {
                return Some(*found);
            }
            at = match e.downcast_ref::<DataFusionError>() {
                Some(DataFusionError::External(inner)) => Some(inner.as_ref()),
                _ => e.source(),
            };
        }
        None
    }
}

impl From<FunctionError> for DataFusionError {
    fn from(error: FunctionError) -> Self {
        DataFusionError::External(Box::new(error))
    }
}

/// Functions of the engine that PostgreSQL doesn't have and that make or take sizes without a limit: a type of a
/// billion places, a sketch of two billion centroids, an array of any length (or of a negative one, at which it panics).
const REMOVED: [&str; 4] = ["arrow_cast", "arrow_field", "arrow_try_cast", "array_resize"];
const REMOVED_AGGREGATES: [&str; 2] = ["approx_percentile_cont", "approx_percentile_cont_with_weight"];

/// Puts the limits around the registered functions that need them.
pub(super) fn register(state: &mut SessionState) -> Result<()> {
    for name in REMOVED {
        state.deregister_udf(name)?;
    }
    for name in REMOVED_AGGREGATES {
        state.deregister_udaf(name)?;
    }
    // A function is registered under its aliases too, and registering it replaces it under all of them.
    let growing: Vec<_> = state
        .scalar_functions()
        .iter()
        .filter(|(name, function)| name.as_str() == function.name() && Growth::of(name).is_some())
        .map(|(_, function)| Arc::clone(function))
        .collect();
    for function in growing {
        state.register_udf(bounded(function))?;
    }
    Ok(())
}

/// The function with its limits, if it needs any.
pub(super) fn bounded(function: Arc<ScalarUDF>) -> Arc<ScalarUDF> {
    match Growth::of(function.name()) {
        Some(growth) => Arc::new(ScalarUDF::from(Bounded { function, growth })),
        None => function,
    }
}

/// A function of the engine that is called only within the limits; in all else it is the function.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Bounded {
    function: Arc<ScalarUDF>,
    growth: Growth,
}

impl ScalarUDFImpl for Bounded {
    fn name(&self) -> &str {
        self.function.name()
    }

    fn aliases(&self) -> &[String] {
        self.function.aliases()
    }

    fn schema_name(&self, args: &[Expr]) -> Result<String> {
        self.function.schema_name(args)
    }

    fn signature(&self) -> &Signature {
        self.function.signature()
    }

    fn return_type(&self, arguments: &[DataType]) -> Result<DataType> {
        self.function.return_type(arguments)
    }

    fn return_field_from_args(&self, args: ReturnFieldArgs<'_>) -> Result<FieldRef> {
        self.function.return_field_from_args(args)
    }

    fn is_strict(&self) -> bool {
        self.function.is_strict()
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        self.growth.check(&args)?;
        self.function.inner().invoke_with_args(args)
    }

    // Not the function's `simplify`: of those here only `concat` and `concat_ws` have one, which joins neighbouring
    // constants without a limit.

    fn preimage(&self, args: &[Expr], literal: &Expr, info: &SimplifyContext) -> Result<PreimageResult> {
        self.function.preimage(args, literal, info)
    }

    fn short_circuits(&self) -> bool {
        self.function.short_circuits()
    }

    fn conditional_arguments<'a>(&self, args: &'a [Expr]) -> Option<(Vec<&'a Expr>, Vec<&'a Expr>)> {
        self.function.conditional_arguments(args)
    }

    fn evaluate_bounds(&self, input: &[&Interval]) -> Result<Interval> {
        self.function.evaluate_bounds(input)
    }

    fn propagate_constraints(&self, interval: &Interval, inputs: &[&Interval]) -> Result<Option<Vec<Interval>>> {
        self.function.propagate_constraints(interval, inputs)
    }

    fn output_ordering(&self, inputs: &[ExprProperties]) -> Result<SortProperties> {
        self.function.output_ordering(inputs)
    }

    fn preserves_lex_ordering(&self, inputs: &[ExprProperties]) -> Result<bool> {
        self.function.preserves_lex_ordering(inputs)
    }

    fn strictly_order_preserving(&self, inputs: &[ExprProperties]) -> Result<bool> {
        self.function.strictly_order_preserving(inputs)
    }

    fn coerce_types(&self, arguments: &[DataType]) -> Result<Vec<DataType>> {
        self.function.coerce_types(arguments)
    }

    fn documentation(&self) -> Option<&Documentation> {
        self.function.documentation()
    }

    fn placement(&self, args: &[ExpressionPlacement]) -> ExpressionPlacement {
        self.function.placement(args)
    }
}

#[cfg(test)]
mod tests;
