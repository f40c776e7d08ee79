//! What PostgreSQL's operators and conversions compute, with PostgreSQL's errors. Each goes by its name in `pg_proc`.

mod arithmetic;
mod convert;
mod datetime;
mod numeric;

use std::error::Error;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, PrimitiveArray, StringArray, new_null_array};
use arrow::datatypes::{ArrowPrimitiveType, DataType, Field, FieldRef};
use datafusion::common::ScalarValue;
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::expr::ScalarFunction;
use datafusion::logical_expr::{
    ColumnarValue, Expr, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

pub(crate) use convert::{invalid_text, parse_integer};

/// What is wrong with a value, in PostgreSQL's words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ValueError {
    /// 22003
    #[error("{0} out of range")]
    OutOfRange(&'static str),
    /// 22003, of a float.
    #[error("value out of range: overflow")]
    Overflow,
    /// 22003, of a text.
    #[error("value \"{value}\" is out of range for type {type_name}")]
    TextOutOfRange { value: String, type_name: &'static str },
    /// 22003, of a text that reads as a float.
    #[error("\"{value}\" is out of range for type {type_name}")]
    FloatOutOfRange { value: String, type_name: &'static str },
    /// 22012
    #[error("division by zero")]
    DivisionByZero,
    /// 22P02
    #[error("invalid input syntax for type {type_name}: \"{value}\"")]
    InvalidText { type_name: &'static str, value: String },
    /// 22008
    #[error("{0} out of range")]
    DatetimeOutOfRange(&'static str),
    /// 2201F
    #[error("a negative number raised to a non-integer power yields a complex result")]
    ComplexPower,
    /// 22003
    #[error("numeric field overflow")]
    NumericOverflow,
}

impl ValueError {
    /// The error inside an engine error, however deeply the engine has wrapped it.
    pub fn find(error: &DataFusionError) -> Option<&Self> {
        let mut at: Option<&(dyn Error + 'static)> = Some(error);
        while let Some(e) = at {
            if let Some(found) = e.downcast_ref::<Self>() {
                return Some(found);
            }
            at = match e.downcast_ref::<DataFusionError>() {
                Some(DataFusionError::External(inner)) => Some(inner.as_ref()),
                _ => e.source(),
            };
        }
        None
    }
}

impl From<ValueError> for DataFusionError {
    fn from(error: ValueError) -> Self {
        DataFusionError::External(Box::new(error))
    }
}

/// Computes a column of results of a type from columns of arguments, which are all of one length.
type Kernel = fn(&[ArrayRef], &DataType) -> Result<ArrayRef>;

/// A function of PostgreSQL's.
#[derive(Debug)]
pub(crate) struct Proc {
    /// `pg_proc.proname`.
    pub name: &'static str,
    kernel: Kernel,
}

/// The call of a function whose arguments have the types that it takes; `result` is how its results are held.
pub(crate) fn call(name: &'static str, arguments: Vec<Expr>, result: DataType) -> Expr {
    let function =
        ScalarUDF::from(Call { proc: proc(name), result, signature: Signature::user_defined(Volatility::Immutable) });
    Expr::ScalarFunction(ScalarFunction::new_udf(Arc::new(function), arguments))
}

fn proc(name: &'static str) -> &'static Proc {
    static UNKNOWN: Proc =
        Proc { name: "unknown", kernel: |_, _| Err(DataFusionError::Internal("no such function".to_owned())) };
    let all = arithmetic::PROCS.iter().chain(convert::PROCS).chain(datetime::PROCS).chain(numeric::PROCS);
    all.into_iter().find(|proc| proc.name == name).unwrap_or(&UNKNOWN)
}

#[derive(Debug)]
struct Call {
    proc: &'static Proc,
    result: DataType,
    signature: Signature,
}

impl PartialEq for Call {
    fn eq(&self, other: &Self) -> bool {
        self.proc.name == other.proc.name && self.result == other.result
    }
}

impl Eq for Call {}

impl Hash for Call {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.proc.name.hash(state);
        self.result.hash(state);
    }
}

impl ScalarUDFImpl for Call {
    fn name(&self) -> &str {
        self.proc.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn coerce_types(&self, arguments: &[DataType]) -> Result<Vec<DataType>> {
        Ok(arguments.to_vec())
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Ok(self.result.clone())
    }

    fn return_field_from_args(&self, args: ReturnFieldArgs<'_>) -> Result<FieldRef> {
        let nullable = args.arg_fields.iter().any(|field| field.is_nullable());
        Ok(Arc::new(Field::new(self.name(), self.result.clone(), nullable)))
    }

    fn is_strict(&self) -> bool {
        true
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let is_constant = args.args.iter().all(|argument| matches!(argument, ColumnarValue::Scalar(_)));
        let rows = if is_constant { 1 } else { args.number_rows };
        let arguments = args.args.iter().map(|argument| argument.to_array(rows)).collect::<Result<Vec<_>>>()?;
        // The engine asks what comes of NULLs without a type.
        let result = match arguments.iter().any(|argument| argument.data_type() == &DataType::Null) {
            true => new_null_array(&self.result, rows),
            false => (self.proc.kernel)(&arguments, &self.result)?,
        };
        match is_constant {
            true => Ok(ColumnarValue::Scalar(ScalarValue::try_from_array(&result, 0)?)),
            false => Ok(ColumnarValue::Array(result)),
        }
    }
}

fn unexpected(array: &ArrayRef) -> DataFusionError {
    DataFusionError::Internal(format!("an argument of type {}", array.data_type()))
}

fn primitive<T: ArrowPrimitiveType>(array: &ArrayRef) -> Result<&PrimitiveArray<T>> {
    array.as_primitive_opt::<T>().ok_or_else(|| unexpected(array))
}

fn string(array: &ArrayRef) -> Result<&StringArray> {
    array.as_string_opt::<i32>().ok_or_else(|| unexpected(array))
}

fn boolean(array: &ArrayRef) -> Result<&BooleanArray> {
    array.as_boolean_opt().ok_or_else(|| unexpected(array))
}

fn argument(arguments: &[ArrayRef], at: usize) -> Result<&ArrayRef> {
    arguments.get(at).ok_or_else(|| DataFusionError::Internal("a call lacks an argument".to_owned()))
}
