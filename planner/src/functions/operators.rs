//! How operators and constructors become function calls that have limits.
//!
//! The engine's own planners would call its functions as they are. `||` on texts is no function there at all: here it is
//! one over all the operands of a chain, which is computed in one piece, and typed without walking the chain at each link.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray};
use arrow::compute::kernels::concat_elements::{concat_elements_dyn, concat_elements_utf8_many};
use arrow::datatypes::{DataType, Field, FieldRef};
use datafusion::common::utils::list_ndims;
use datafusion::common::{Column, DFSchema, ScalarValue, TableReference};
use datafusion::error::{DataFusionError, Result};
use datafusion::functions::core::overlay;
use datafusion::functions::unicode::strpos;
use datafusion::functions_nested::array_has::array_has_all_udf;
use datafusion::functions_nested::concat::{array_append_udf, array_concat_udf, array_prepend_udf};
use datafusion::functions_nested::make_array::make_array_udf;
use datafusion::functions_nested::map::map_udf;
use datafusion::logical_expr::binary::BinaryTypeCoercer;
use datafusion::logical_expr::expr::{Placeholder, ScalarFunction};
use datafusion::logical_expr::planner::{ExprPlanner, PlannerResult, RawBinaryExpr, RawFieldAccessExpr};
use datafusion::logical_expr::{
    ColumnarValue, Expr, ExprSchemable, GetFieldAccess, Operator, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF,
    ScalarUDFImpl, Signature, Volatility, lit,
};
use datafusion::sql::sqlparser::ast::BinaryOperator;

use super::bounded::{Growth, bounded};
use super::field::field;

/// Plans what would otherwise become calls without limits; it stands before the engine's own planners.
#[derive(Debug)]
pub(crate) struct Operators {
    text_concat: Arc<ScalarUDF>,
    array_concat: Arc<ScalarUDF>,
    array_append: Arc<ScalarUDF>,
    array_prepend: Arc<ScalarUDF>,
    make_array: Arc<ScalarUDF>,
    overlay: Arc<ScalarUDF>,
    array_has_all: Arc<ScalarUDF>,
    strpos: Arc<ScalarUDF>,
    field: Arc<ScalarUDF>,
}

impl Operators {
    pub fn new() -> Self {
        Self {
            text_concat: Arc::new(ScalarUDF::from(TextConcat::new())),
            array_concat: bounded(array_concat_udf()),
            array_append: bounded(array_append_udf()),
            array_prepend: bounded(array_prepend_udf()),
            make_array: bounded(make_array_udf()),
            overlay: bounded(overlay()),
            array_has_all: bounded(array_has_all_udf()),
            strpos: bounded(strpos()),
            field: field(),
        }
    }

    fn concat(&self, expr: RawBinaryExpr, schema: &DFSchema) -> Result<PlannerResult<RawBinaryExpr>> {
        let RawBinaryExpr { op, left, right } = expr;
        let continues = self.is_text_concat(&left);
        let right_type = right.get_type(schema)?;
        // A chain that goes on with a text remains one: its own type needn't be asked for.
        if !(continues && is_text(&right_type)) {
            let left_type = left.get_type(schema)?;
            if let Some(of_arrays) = self.of_arrays(&left_type, &right_type) {
                return Ok(PlannerResult::Planned(call(of_arrays, vec![left, right])));
            }
            let typed = !is_untyped(&left) && !is_untyped(&right);
            let joined = BinaryTypeCoercer::new(&left_type, &Operator::StringConcat, &right_type).get_result_type();
            if typed && joined.is_err() {
                // The engine says what is wrong.
                return Ok(PlannerResult::Original(RawBinaryExpr { op, left, right }));
            }
        }
        let mut operands = match left {
            Expr::ScalarFunction(chain) if continues => chain.args,
            first => vec![as_text(first)],
        };
        operands.push(as_text(right));
        Ok(PlannerResult::Planned(call(&self.text_concat, operands)))
    }

    /// `@>` and `<@` of arrays.
    fn contains(&self, expr: RawBinaryExpr, schema: &DFSchema) -> Result<PlannerResult<RawBinaryExpr>> {
        let is_array = |expr: &Expr| Ok::<_, DataFusionError>(list_ndims(&expr.get_type(schema)?) > 0);
        if !is_array(&expr.left)? || !is_array(&expr.right)? {
            return Ok(PlannerResult::Original(expr));
        }
        let RawBinaryExpr { op, left, right } = expr;
        let (whole, part) = if op == BinaryOperator::AtArrow { (left, right) } else { (right, left) };
        Ok(PlannerResult::Planned(call(&self.array_has_all, vec![whole, part])))
    }

    /// `||` of arrays with each other, or with an element.
    fn of_arrays(&self, left: &DataType, right: &DataType) -> Option<&Arc<ScalarUDF>> {
        match (list_ndims(left), list_ndims(right)) {
            (0, 0) => None,
            (left, right) if left == right => Some(&self.array_concat),
            (left, right) if left > right => Some(&self.array_append),
            _ => Some(&self.array_prepend),
        }
    }

    fn is_text_concat(&self, expr: &Expr) -> bool {
        matches!(expr, Expr::ScalarFunction(call) if Arc::ptr_eq(&call.func, &self.text_concat))
    }
}

fn call(function: &Arc<ScalarUDF>, arguments: Vec<Expr>) -> Expr {
    Expr::ScalarFunction(ScalarFunction::new_udf(Arc::clone(function), arguments))
}

/// `left || right` of texts: a chain goes on where `left` is one.
pub(crate) fn concatenated(left: Expr, right: Expr) -> Expr {
    let mut operands = match left {
        Expr::ScalarFunction(chain) if chain.func.inner().is::<TextConcat>() => chain.args,
        first => vec![first],
    };
    operands.push(right);
    call(&Arc::new(ScalarUDF::from(TextConcat::new())), operands)
}

fn is_text(data_type: &DataType) -> bool {
    matches!(data_type, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View)
}

fn is_untyped(expr: &Expr) -> bool {
    matches!(expr, Expr::Placeholder(Placeholder { field: None, .. }))
}

/// A parameter beside `||` is a text, as in PostgreSQL, unless it was declared otherwise.
fn as_text(operand: Expr) -> Expr {
    match operand {
        Expr::Placeholder(Placeholder { id, field: None }) => {
            let field = Arc::new(Field::new("", DataType::Utf8, true));
            Expr::Placeholder(Placeholder::new_with_field(id, Some(field)))
        }
        other => other,
    }
}

impl ExprPlanner for Operators {
    fn plan_binary_op(&self, expr: RawBinaryExpr, schema: &DFSchema) -> Result<PlannerResult<RawBinaryExpr>> {
        match expr.op {
            BinaryOperator::StringConcat => self.concat(expr, schema),
            BinaryOperator::AtArrow | BinaryOperator::ArrowAt => self.contains(expr, schema),
            _ => Ok(PlannerResult::Original(expr)),
        }
    }

    fn plan_array_literal(&self, elements: Vec<Expr>, _schema: &DFSchema) -> Result<PlannerResult<Vec<Expr>>> {
        Ok(PlannerResult::Planned(call(&self.make_array, elements)))
    }

    fn plan_overlay(&self, arguments: Vec<Expr>) -> Result<PlannerResult<Vec<Expr>>> {
        Ok(PlannerResult::Planned(call(&self.overlay, arguments)))
    }

    fn plan_position(&self, arguments: Vec<Expr>) -> Result<PlannerResult<Vec<Expr>>> {
        Ok(PlannerResult::Planned(call(&self.strpos, arguments)))
    }

    fn plan_make_map(&self, arguments: Vec<Expr>) -> Result<PlannerResult<Vec<Expr>>> {
        if !arguments.len().is_multiple_of(2) {
            return Ok(PlannerResult::Original(arguments));
        }
        let (keys, values): (Vec<_>, Vec<_>) = arguments.into_iter().enumerate().partition(|(at, _)| at % 2 == 0);
        let array = |pairs: Vec<(usize, Expr)>| call(&self.make_array, pairs.into_iter().map(|(_, e)| e).collect());
        Ok(PlannerResult::Planned(call(&map_udf(), vec![array(keys), array(values)])))
    }

    fn plan_field_access(
        &self,
        access: RawFieldAccessExpr,
        schema: &DFSchema,
    ) -> Result<PlannerResult<RawFieldAccessExpr>> {
        let RawFieldAccessExpr { expr, field_access } = access;
        match field_access {
            GetFieldAccess::NamedStructField { name } => {
                Ok(PlannerResult::Planned(call(&self.field, vec![expr, Expr::Literal(name, None)])))
            }
            GetFieldAccess::ListIndex { key } if matches!(expr.get_type(schema), Ok(DataType::Map(..))) => {
                Ok(PlannerResult::Planned(call(&self.field, vec![expr, *key])))
            }
            field_access => Ok(PlannerResult::Original(RawFieldAccessExpr { expr, field_access })),
        }
    }

    fn plan_compound_identifier(
        &self,
        field: &Field,
        qualifier: Option<&TableReference>,
        nested_names: &[String],
    ) -> Result<PlannerResult<Vec<Expr>>> {
        let column = Expr::Column(Column::from((qualifier, field)));
        let within = |record, name: &String| call(&self.field, vec![record, lit(name.as_str())]);
        Ok(PlannerResult::Planned(nested_names.iter().fold(column, within)))
    }
}

/// `||` over texts, or over bytes: NULL if any operand is.
#[derive(Debug, PartialEq, Eq, Hash)]
struct TextConcat {
    signature: Signature,
}

impl TextConcat {
    fn new() -> Self {
        Self { signature: Signature::user_defined(Volatility::Immutable) }
    }
}

impl ScalarUDFImpl for TextConcat {
    /// PostgreSQL's function behind the operator.
    fn name(&self) -> &str {
        "textcat"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    /// The type that the engine finds from link to link.
    fn coerce_types(&self, operands: &[DataType]) -> Result<Vec<DataType>> {
        let (first, others) = operands.split_first().ok_or_else(no_operands)?;
        let link = |joined: DataType, next: &DataType| {
            BinaryTypeCoercer::new(&joined, &Operator::StringConcat, next).get_result_type()
        };
        let joined = match others.iter().try_fold(first.clone(), link)? {
            DataType::FixedSizeBinary(_) => DataType::Binary,
            joined => joined,
        };
        Ok(vec![joined; operands.len()])
    }

    fn return_type(&self, operands: &[DataType]) -> Result<DataType> {
        operands.first().cloned().ok_or_else(no_operands)
    }

    fn return_field_from_args(&self, args: ReturnFieldArgs<'_>) -> Result<FieldRef> {
        let operand = args.arg_fields.first().ok_or_else(no_operands)?;
        let nullable = args.arg_fields.iter().any(|field| field.is_nullable());
        Ok(Arc::new(Field::new(self.name(), operand.data_type().clone(), nullable)))
    }

    fn is_strict(&self) -> bool {
        true
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        Growth::Sum.check(&args)?;
        let constant = args.args.iter().all(|operand| matches!(operand, ColumnarValue::Scalar(_)));
        let rows = if constant { 1 } else { args.number_rows };
        let operands = args.args.iter().map(|operand| operand.to_array(rows)).collect::<Result<Vec<_>>>()?;
        let joined = join(&operands)?;
        Ok(match constant {
            true => ColumnarValue::Scalar(ScalarValue::try_from_array(&joined, 0)?),
            false => ColumnarValue::Array(joined),
        })
    }
}

fn no_operands() -> DataFusionError {
    DataFusionError::Plan("|| needs operands".to_owned())
}

fn join(operands: &[ArrayRef]) -> Result<ArrayRef> {
    let (first, others) = operands.split_first().ok_or_else(no_operands)?;
    Ok(match first.data_type() {
        DataType::Utf8 => {
            let texts: Vec<_> = operands.iter().map(|operand| operand.as_string::<i32>()).collect();
            Arc::new(concat_elements_utf8_many(&texts)?)
        }
        DataType::LargeUtf8 => {
            let texts: Vec<_> = operands.iter().map(|operand| operand.as_string::<i64>()).collect();
            Arc::new(concat_elements_utf8_many(&texts)?)
        }
        _ => others.iter().try_fold(Arc::clone(first), |joined, next| concat_elements_dyn(&joined, next))?,
    })
}

#[cfg(test)]
mod tests;
