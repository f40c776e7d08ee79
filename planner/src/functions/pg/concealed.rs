//! Functions in rules of policies: they read values that whoever asks may not see, and PostgreSQL's errors quote what they fail
//! on. So their errors say what kind of mistake it is, and no more.

use std::sync::Arc;

use arrow::array::ArrayRef;
use arrow::datatypes::{DataType, FieldRef};
use arrow::error::ArrowError;
use datafusion::common::ScalarValue;
use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::expr::ScalarFunction;
use datafusion::logical_expr::{
    Accumulator, ColumnarValue, Expr, LogicalPlan, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl,
    Signature, WindowFunctionDefinition,
};
use weir_values::{ValueError, code};

use super::fold_items::FoldItems;
use super::items::EachItem;
use super::{Call, find_value_error, fold, framed};

/// The plan with functions whose errors tell nothing of the values that they read.
pub(crate) fn concealed_plan(plan: LogicalPlan) -> Result<LogicalPlan> {
    Ok(plan.transform_up_with_subqueries(|node| node.map_expressions(within))?.data)
}

/// The same of an expression without sub-selects.
pub(crate) fn concealed(expr: Expr) -> Result<Expr> {
    Ok(within(expr)?.data)
}

fn within(expr: Expr) -> Result<Transformed<Expr>> {
    expr.transform_up(|part| {
        Ok(match part {
            Expr::ScalarFunction(ScalarFunction { func, args }) => match of_function(&func) {
                Some(func) => Transformed::yes(Expr::ScalarFunction(ScalarFunction { func: Arc::new(func), args })),
                None => Transformed::no(Expr::ScalarFunction(ScalarFunction { func, args })),
            },
            Expr::AggregateFunction(mut call) => match fold::concealed(&call.func) {
                Some(func) => {
                    call.func = Arc::new(func);
                    Transformed::yes(Expr::AggregateFunction(call))
                }
                None => Transformed::no(Expr::AggregateFunction(call)),
            },
            Expr::WindowFunction(mut call) => {
                let own = match &call.fun {
                    WindowFunctionDefinition::AggregateUDF(function) => {
                        fold::concealed(function).map(|own| WindowFunctionDefinition::AggregateUDF(Arc::new(own)))
                    }
                    WindowFunctionDefinition::WindowUDF(function) => {
                        framed::concealed(function).map(|own| WindowFunctionDefinition::WindowUDF(Arc::new(own)))
                    }
                };
                let is_own = own.is_some();
                call.fun = own.unwrap_or(call.fun);
                Transformed::new_transformed(Expr::WindowFunction(call), is_own)
            }
            other => Transformed::no(other),
        })
    })
}

fn of_function(function: &ScalarUDF) -> Option<ScalarUDF> {
    let inner = function.inner();
    if let Some(call) = inner.downcast_ref::<Call>() {
        return Some(ScalarUDF::from(call.concealed()));
    }
    let computes_inside = inner.is::<EachItem>() || inner.is::<FoldItems>();
    computes_inside.then(|| ScalarUDF::from(Concealing(function.clone())))
}

/// The error without the value on which a rule has failed.
pub(super) fn conceal(error: DataFusionError) -> DataFusionError {
    let code = match (find_value_error(&error), error.find_root()) {
        (Some(own), _) => own.code,
        (None, DataFusionError::ArrowError(arrow, _)) => match arrow.as_ref() {
            ArrowError::DivideByZero | ArrowError::ArithmeticOverflow(_) => return error,
            _ => code::DATA_EXCEPTION,
        },
        _ => return error,
    };
    tracing::error!(%error, "a policy rule fails on a value");
    let told = ValueError::new(code, "a policy rule fails on a value").hint("The server's log says more.");
    DataFusionError::External(Box::new(told))
}

/// A function that computes others inside of it.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Concealing(ScalarUDF);

impl ScalarUDFImpl for Concealing {
    fn name(&self) -> &str {
        self.0.name()
    }

    fn signature(&self) -> &Signature {
        self.0.signature()
    }

    fn coerce_types(&self, arguments: &[DataType]) -> Result<Vec<DataType>> {
        self.0.inner().coerce_types(arguments)
    }

    fn return_type(&self, arguments: &[DataType]) -> Result<DataType> {
        self.0.inner().return_type(arguments)
    }

    fn return_field_from_args(&self, args: ReturnFieldArgs<'_>) -> Result<FieldRef> {
        self.0.inner().return_field_from_args(args)
    }

    fn is_strict(&self) -> bool {
        self.0.inner().is_strict()
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        self.0.inner().invoke_with_args(args).map_err(conceal)
    }
}

/// The state of an aggregate.
#[derive(Debug)]
pub(super) struct ConcealingState(pub Box<dyn Accumulator>);

impl Accumulator for ConcealingState {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        self.0.update_batch(values).map_err(conceal)
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        self.0.evaluate().map_err(conceal)
    }

    fn size(&self) -> usize {
        size_of_val(self) + self.0.size()
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        self.0.state().map_err(conceal)
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        self.0.merge_batch(states).map_err(conceal)
    }

    fn retract_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        self.0.retract_batch(values).map_err(conceal)
    }

    fn supports_retract_batch(&self) -> bool {
        self.0.supports_retract_batch()
    }
}
