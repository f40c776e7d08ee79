//! What PostgreSQL's operators and conversions compute, with PostgreSQL's errors. Each goes by its name in `pg_proc`.

mod arithmetic;
mod array_chance;
mod array_items;
mod arrays;
mod bits;
mod bytea;
mod catalog_rows;
mod catalogs;
mod columns;
mod compiled;
mod concealed;
mod convert;
mod datetime;
mod datetime_casts;
mod datetime_fields;
mod datetime_folds;
mod datetime_series;
mod datetime_text;
mod datetime_types;
mod enums;
mod fold;
mod fold_items;
mod formatting;
mod framed;
mod frames;
mod input_errors;
mod items;
mod joined;
mod json;
mod json_build;
mod json_path;
mod json_query;
mod json_records;
mod math;
mod moments;
mod money;
mod names;
mod net;
mod numeric;
mod ordered;
mod parsed;
mod paths;
mod patterns;
mod placed;
mod privileges;
mod range_folds;
mod range_inputs;
mod range_types;
mod ranges;
mod records;
mod reg;
mod regexes;
mod sample;
mod scalars;
mod series;
mod session;
mod sets;
mod shapes;
mod signatures;
mod standard;
mod strings;
mod system;
mod texts;
mod uuid;
mod wide;
mod written;

#[cfg(test)]
mod tests_datetime;
#[cfg(test)]
mod tests_held_as_text;

use std::collections::HashMap;
use std::error::Error;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, LazyLock};

use arrow::array::{ArrayRef, AsArray, BooleanArray, PrimitiveArray, StringArray, new_null_array};
use arrow::datatypes::{ArrowPrimitiveType, DataType, Field, FieldRef};
use datafusion::common::ScalarValue;
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::expr::ScalarFunction;
use datafusion::logical_expr::{
    ColumnarValue, Expr, ReturnFieldArgs, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};

pub(crate) use catalogs::Catalogs;
use columns::{Args, unexpected};
use compiled::Kept;
pub(crate) use concealed::{concealed, concealed_plan};
pub(crate) use datetime_fields::extracted;
pub(crate) use enums::invalid_label;
pub(crate) use fold::{fold, is_fold};
pub(crate) use fold_items::fold_items;
pub(crate) use framed::{Asked, framed};
pub(crate) use frames::{Bound, Exclude, Frame, Unit};
pub(crate) use input_errors::{INPUT, TOLD, input_error};
pub(crate) use items::{each_item, each_item_with};
pub(crate) use placed::{Place, placed};
pub(crate) use privileges::is_kind as has_privileges;
pub(crate) use sample::is_hashed;
pub(crate) use series::{is_long, timestamps};
pub(crate) use session::Session;
pub use weir_values::ValueError;
pub(crate) use wide::takes_any_shape;

/// All of them, by what they compute.
const TABLES: &[&[Proc]] = &[
    arithmetic::PROCS,
    array_items::PROCS,
    array_chance::PROCS,
    arrays::PROCS,
    bits::PROCS,
    bytea::PROCS,
    catalog_rows::PROCS,
    catalogs::PROCS,
    convert::PROCS,
    datetime::PROCS,
    datetime_casts::PROCS,
    datetime_fields::PROCS,
    datetime_series::PROCS,
    datetime_text::PROCS,
    enums::PROCS,
    formatting::PROCS,
    json::PROCS,
    json_build::PROCS,
    json_path::PROCS,
    json_query::PROCS,
    json_records::PROCS,
    math::PROCS,
    money::PROCS,
    names::PROCS,
    net::PROCS,
    numeric::PROCS,
    ordered::PROCS,
    paths::PROCS,
    patterns::PROCS,
    privileges::PROCS,
    reg::PROCS,
    range_inputs::PROCS,
    ranges::PROCS,
    records::PROCS,
    regexes::PROCS,
    sample::PROCS,
    scalars::PROCS,
    sets::PROCS,
    signatures::PROCS,
    standard::PROCS,
    strings::PROCS,
    system::PROCS,
    texts::PROCS,
    uuid::PROCS,
    wide::PROCS,
];

/// All aggregates that are folded.
const FOLDS: &[&[fold::FoldProc]] = &[
    bits::FOLDS,
    datetime_folds::FOLDS,
    joined::FOLDS,
    json_build::FOLDS,
    moments::FOLDS,
    money::FOLDS,
    range_folds::FOLDS,
];

/// The error of a value inside an engine error, however deeply the engine has wrapped it.
pub fn find_value_error(error: &DataFusionError) -> Option<&ValueError> {
    let mut at: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(e) = at {
        if let Some(found) = e.downcast_ref::<ValueError>() {
            return Some(found);
        }
        at = match e.downcast_ref::<DataFusionError>() {
            Some(DataFusionError::External(inner)) => Some(inner.as_ref()),
            _ => e.source(),
        };
    }
    None
}

/// Computes a column of results from columns of arguments.
type Kernel = fn(&Args<'_>) -> Result<ArrayRef>;

/// A function of PostgreSQL's.
#[derive(Debug)]
pub(crate) struct Proc {
    /// `pg_proc.prosrc`.
    pub name: &'static str,
    kernel: Kernel,
    nulls: Nulls,
    depends: Depends,
}

/// What its results depend on beside its arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Depends {
    Nothing,
    /// The session's settings.
    Session,
    /// The catalogs of the view, which a statement reads under one search path.
    Catalogs,
    /// Chance: each row's is another.
    Chance,
}

/// What a function makes of NULLs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Nulls {
    /// One of them makes the result NULL.
    Strict,
    /// One of them does, and so do some values that aren't NULL, of functions that give booleans: of others any may.
    StrictAtLeast,
    /// It sees them.
    Seen,
}

/// A function that gives NULL for NULL.
const fn strict(name: &'static str, kernel: Kernel) -> Proc {
    Proc { name, kernel, nulls: Nulls::Strict, depends: Depends::Nothing }
}

/// The function may give NULL for what is none, though it gives booleans.
const fn giving_nulls(proc: Proc) -> Proc {
    Proc { nulls: Nulls::StrictAtLeast, ..proc }
}

/// A function that sees NULLs.
const fn seeing_nulls(name: &'static str, kernel: Kernel) -> Proc {
    Proc { name, kernel, nulls: Nulls::Seen, depends: Depends::Nothing }
}

/// A strict function whose results depend on the session's settings.
const fn of_session(name: &'static str, kernel: Kernel) -> Proc {
    Proc { name, kernel, nulls: Nulls::Strict, depends: Depends::Session }
}

/// One that sees NULLs and reads the session's settings.
const fn of_session_seeing_nulls(name: &'static str, kernel: Kernel) -> Proc {
    Proc { name, kernel, nulls: Nulls::Seen, depends: Depends::Session }
}

/// A strict function that looks into the catalogs.
const fn of_catalogs(name: &'static str, kernel: Kernel) -> Proc {
    Proc { name, kernel, nulls: Nulls::Strict, depends: Depends::Catalogs }
}

/// One that sees NULLs and looks into the catalogs.
const fn of_catalogs_seeing_nulls(name: &'static str, kernel: Kernel) -> Proc {
    Proc { name, kernel, nulls: Nulls::Seen, depends: Depends::Catalogs }
}

/// A strict function that gives something else each time.
const fn volatile(name: &'static str, kernel: Kernel) -> Proc {
    Proc { name, kernel, nulls: Nulls::Strict, depends: Depends::Chance }
}

/// The call of a function whose arguments have the types that it takes; `result` is how its results are held.
pub(crate) fn call(name: &'static str, arguments: Vec<Expr>, result: DataType) -> Expr {
    called(name, arguments, result, &Arc::default())
}

/// The call of a function that may read the session's settings.
pub(crate) fn called(name: &'static str, arguments: Vec<Expr>, result: DataType, session: &Arc<Session>) -> Expr {
    static UNKNOWN: Proc = strict("unknown", |_| Err(DataFusionError::Internal("no such function".to_owned())));
    let proc = find(name).unwrap_or(&UNKNOWN);
    let volatility = match proc.depends {
        Depends::Nothing | Depends::Catalogs => Volatility::Immutable,
        Depends::Session => Volatility::Stable,
        Depends::Chance => Volatility::Volatile,
    };
    called_as(proc, volatility, arguments, result, session)
}

/// The same, computed when the statement runs even if all arguments are constants: the engine does so with what is another each
/// time.
pub(crate) fn called_late(
    name: &'static str,
    arguments: Vec<Expr>,
    result: DataType,
    session: &Arc<Session>,
) -> Option<Expr> {
    Some(called_as(find(name)?, Volatility::Volatile, arguments, result, session))
}

fn called_as(
    proc: &'static Proc,
    volatility: Volatility,
    arguments: Vec<Expr>,
    result: DataType,
    session: &Arc<Session>,
) -> Expr {
    let session = match proc.depends {
        Depends::Session | Depends::Catalogs => Arc::clone(session),
        Depends::Nothing | Depends::Chance => Arc::default(),
    };
    let function = ScalarUDF::from(Call {
        proc,
        result,
        session,
        signature: Signature::user_defined(volatility),
        kept: Kept::default(),
        conceals: false,
    });
    Expr::ScalarFunction(ScalarFunction::new_udf(Arc::new(function), arguments))
}

/// Whether there is a function of that name (`pg_proc.prosrc`), and whether it depends on more than its arguments.
pub(crate) fn is_known(name: &str) -> Option<bool> {
    find(name).map(|proc| matches!(proc.depends, Depends::Session | Depends::Chance))
}

/// Whether a function looks into the catalogs.
pub(crate) fn is_of_catalogs(name: &str) -> bool {
    find(name).is_some_and(|proc| proc.depends == Depends::Catalogs)
}

/// Whether each call of it gives something else.
pub(crate) fn is_volatile(name: &str) -> bool {
    find(name).is_some_and(|proc| proc.depends == Depends::Chance)
}

/// Whether a function of this name makes keys to compare by, of which none can fail.
pub(crate) fn makes_key(name: &str) -> bool {
    name.ends_with("_key") || name == "rtrim_blanks"
}

/// The name of such a function (`pg_proc.prosrc`), if it is one.
pub(crate) fn name_of(function: &ScalarUDF) -> Option<&'static str> {
    function.inner().downcast_ref::<Call>().map(|call| call.proc.name)
}

/// Whether a function is told the name of a range's type behind its arguments.
pub(crate) fn is_of_ranges(name: &str) -> bool {
    ranges::PROCS.iter().any(|proc| proc.name == name)
}

/// What a function gives for constants.
pub(crate) fn evaluate(
    name: &'static str,
    arguments: &[ScalarValue],
    result: &DataType,
    session: &Session,
) -> Result<ScalarValue> {
    let proc = find(name).ok_or_else(|| DataFusionError::Internal(format!("no function {name}")))?;
    let values: Vec<ColumnarValue> = arguments.iter().cloned().map(ColumnarValue::Scalar).collect();
    let column = (proc.kernel)(&Args { values: &values, rows: 1, result, session, kept: &Kept::default() })?;
    ScalarValue::try_from_array(&column, 0)
}

fn find(name: &str) -> Option<&'static Proc> {
    static ALL: LazyLock<HashMap<&str, &Proc>> =
        LazyLock::new(|| TABLES.iter().copied().flatten().map(|proc| (proc.name, proc)).collect());
    ALL.get(name).copied()
}

#[derive(Debug)]
struct Call {
    proc: &'static Proc,
    result: DataType,
    session: Arc<Session>,
    signature: Signature,
    kept: Kept,
    /// Its errors tell nothing of its arguments.
    conceals: bool,
}

impl PartialEq for Call {
    fn eq(&self, other: &Self) -> bool {
        self.proc.name == other.proc.name
            && self.result == other.result
            && self.session == other.session
            && self.conceals == other.conceals
    }
}

impl Eq for Call {}

impl Hash for Call {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.proc.name.hash(state);
        self.result.hash(state);
        self.conceals.hash(state);
    }
}

impl Call {
    fn concealed(&self) -> Self {
        Self {
            proc: self.proc,
            result: self.result.clone(),
            session: Arc::clone(&self.session),
            signature: self.signature.clone(),
            kept: Kept::default(),
            conceals: true,
        }
    }

    fn compute(&self, args: &Args<'_>) -> Result<ArrayRef> {
        match self.conceals {
            true => (self.proc.kernel)(args).map_err(concealed::conceal),
            false => (self.proc.kernel)(args),
        }
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
        let nullable = self.proc.nulls != Nulls::Strict || args.arg_fields.iter().any(|field| field.is_nullable());
        // Some give NULL for what is none.
        let nullable = nullable || !matches!(self.result, DataType::Boolean) || args.arg_fields.is_empty();
        Ok(Arc::new(Field::new(self.name(), self.result.clone(), nullable)))
    }

    fn is_strict(&self) -> bool {
        self.proc.nulls != Nulls::Seen
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let is_constant = self.proc.depends != Depends::Chance
            && args.args.iter().all(|argument| matches!(argument, ColumnarValue::Scalar(_)));
        let rows = if is_constant { 1 } else { args.number_rows };
        // The engine asks what comes of NULLs without a type.
        let is_null = |argument: &ColumnarValue| argument.data_type() == DataType::Null;
        let result = match self.is_strict() && args.args.iter().any(is_null) {
            true => new_null_array(&self.result, rows),
            false => {
                let args =
                    Args { values: &args.args, rows, result: &self.result, session: &self.session, kept: &self.kept };
                self.compute(&args)?
            }
        };
        match is_constant {
            true => Ok(ColumnarValue::Scalar(ScalarValue::try_from_array(&result, 0)?)),
            false => Ok(ColumnarValue::Array(result)),
        }
    }
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
