//! What is computed over the frames of a window that the engine doesn't know, or of which it can't take rows back.

use std::cmp::Ordering;
use std::ops::Range;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, UInt64Array, make_comparator, new_empty_array};
use arrow::compute::{SortOptions, filter, prep_null_mask_filter, take};
use arrow::datatypes::{DataType, Field, FieldRef, Int32Type, Schema};
use datafusion::common::ScalarValue;
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::function::{AccumulatorArgs, PartitionEvaluatorArgs, WindowUDFFieldArgs};
use datafusion::logical_expr::{
    Accumulator, AggregateUDF, PartitionEvaluator, Signature, Volatility, WindowUDF, WindowUDFImpl,
};
use datafusion::physical_expr::PhysicalExpr;
use weir_values::{ValueError, code};

use super::columns::{bounded, external, unexpected};
use super::fold;
use super::frames::{Frame, Frames};
use crate::execute::interrupt;

/// What is asked of the rows of a frame.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Asked {
    Aggregate(Arc<AggregateUDF>),
    First,
    Last,
    /// The second argument says which.
    Nth,
    /// By the second argument.
    Least,
    Greatest,
}

/// A window function whose arguments are those of what is asked, its FILTER, the columns of the frame's bounds, and the keys
/// of the window's order.
pub(crate) fn framed(asked: Asked, arguments: usize, has_filter: bool, frame: Frame, result: DataType) -> WindowUDF {
    let signature = Signature::user_defined(Volatility::Immutable);
    WindowUDF::from(Framed { asked, arguments, has_filter, frame, result, signature })
}

/// The same window function with errors that tell nothing of its arguments; `None` for another's.
pub(super) fn concealed(function: &WindowUDF) -> Option<WindowUDF> {
    let framed = function.inner().downcast_ref::<Framed>()?;
    let Asked::Aggregate(aggregate) = &framed.asked else { return None };
    let asked = Asked::Aggregate(Arc::new(fold::concealed(aggregate)?));
    Some(WindowUDF::from(Framed { asked, ..framed.clone() }))
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Framed {
    asked: Asked,
    arguments: usize,
    has_filter: bool,
    frame: Frame,
    result: DataType,
    signature: Signature,
}

impl WindowUDFImpl for Framed {
    fn name(&self) -> &str {
        match &self.asked {
            Asked::Aggregate(_) => "aggregate_over",
            Asked::First => "first_value",
            Asked::Last => "last_value",
            Asked::Nth => "nth_value",
            Asked::Least => "min",
            Asked::Greatest => "max",
        }
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn coerce_types(&self, arguments: &[DataType]) -> Result<Vec<DataType>> {
        Ok(arguments.to_vec())
    }

    fn partition_evaluator(&self, args: PartitionEvaluatorArgs<'_>) -> Result<Box<dyn PartitionEvaluator>> {
        let fields = args.input_fields().to_vec();
        let schema = Schema::new(fields.clone());
        let exprs = args.input_exprs().to_vec();
        Ok(Box::new(Evaluator { function: self.clone(), exprs, fields, schema }))
    }

    fn field(&self, args: WindowUDFFieldArgs<'_>) -> Result<FieldRef> {
        Ok(Arc::new(Field::new(args.name(), self.result.clone(), true)))
    }
}

#[derive(Debug)]
struct Evaluator {
    function: Framed,
    exprs: Vec<Arc<dyn PhysicalExpr>>,
    fields: Vec<FieldRef>,
    schema: Schema,
}

impl PartitionEvaluator for Evaluator {
    fn evaluate_all(&mut self, values: &[ArrayRef], rows: usize) -> Result<ArrayRef> {
        let Framed { asked, arguments, has_filter, frame, result, .. } = &self.function;
        if rows == 0 {
            return Ok(new_empty_array(result));
        }
        let behind = arguments + usize::from(*has_filter);
        let offsets = behind + frame.columns();
        if values.len() < offsets {
            return Err(DataFusionError::Internal("a window function without its arguments".to_owned()));
        }
        let frames = Frames::new(*frame, &values[behind..offsets], &values[offsets..], rows)?;
        let counted = match has_filter {
            true => Some(values[*arguments].as_boolean_opt().ok_or_else(|| unexpected(&values[*arguments]))?),
            false => None,
        };
        let given = &values[..*arguments];
        match asked {
            Asked::Aggregate(function) => self.aggregate(function, given, counted, &frames, rows),
            asked => {
                let picked = pick(asked, given, counted, &frames, rows)?;
                let value = given.first().ok_or_else(|| DataFusionError::Internal("no argument".to_owned()))?;
                Ok(take(value, &picked, None)?)
            }
        }
    }
}

impl Evaluator {
    fn accumulator(&self, function: &AggregateUDF) -> Result<Box<dyn Accumulator>> {
        let arguments = self.function.arguments;
        function.accumulator(AccumulatorArgs {
            return_field: Arc::new(Field::new(function.name(), self.function.result.clone(), true)),
            schema: &self.schema,
            ignore_nulls: false,
            order_bys: &[],
            is_reversed: false,
            name: function.name(),
            is_distinct: false,
            exprs: &self.exprs[..arguments],
            expr_fields: &self.fields[..arguments],
        })
    }

    /// Each frame is counted anew, but for those that only grow.
    fn aggregate(
        &self,
        function: &AggregateUDF,
        values: &[ArrayRef],
        counted: Option<&BooleanArray>,
        frames: &Frames,
        rows: usize,
    ) -> Result<ArrayRef> {
        let grows = function.name() != "array_agg";
        let mut results: Vec<ScalarValue> = Vec::with_capacity(rows);
        let mut bytes = 0;
        let (mut pieces, mut before): (Vec<Range<usize>>, Vec<Range<usize>>) = (Vec::new(), Vec::new());
        let mut accumulator = self.accumulator(function)?;
        for row in 0..rows {
            frames.of(row, &mut pieces);
            let value = match results.last() {
                Some(last) if pieces == before => last.clone(),
                _ => {
                    let added = match (before.as_slice(), pieces.as_slice()) {
                        ([], _) if row == 0 || grows => pieces.clone(),
                        ([old], [new]) if grows && old.start == new.start && old.end <= new.end => {
                            std::iter::once(old.end..new.end).collect()
                        }
                        _ => {
                            accumulator = self.accumulator(function)?;
                            pieces.clone()
                        }
                    };
                    for piece in added {
                        interrupt::after(piece.len())?;
                        accumulator.update_batch(&piece_of(values, counted, &piece)?)?;
                    }
                    accumulator.evaluate()?
                }
            };
            interrupt::after(1)?;
            bytes += value.size().saturating_sub(size_of::<ScalarValue>());
            bounded(bytes)?;
            results.push(value);
            std::mem::swap(&mut before, &mut pieces);
        }
        ScalarValue::iter_to_array(results)
    }
}

/// The rows of a piece that count.
fn piece_of(values: &[ArrayRef], counted: Option<&BooleanArray>, piece: &Range<usize>) -> Result<Vec<ArrayRef>> {
    let length = piece.len();
    let slices = values.iter().map(|column| column.slice(piece.start, length));
    match counted {
        None => Ok(slices.collect()),
        Some(counted) => {
            let counted = counted.slice(piece.start, length);
            let counted = if counted.null_count() > 0 { prep_null_mask_filter(&counted) } else { counted };
            slices.map(|column| Ok(filter(&column, &counted)?)).collect()
        }
    }
}

/// Which row's value each row has.
fn pick(
    asked: &Asked,
    values: &[ArrayRef],
    counted: Option<&BooleanArray>,
    frames: &Frames,
    rows: usize,
) -> Result<UInt64Array> {
    let by = values.get(1);
    let counts = match (asked, by) {
        (Asked::Nth, Some(by)) => Some(by.as_primitive_opt::<Int32Type>().ok_or_else(|| unexpected(by))?),
        _ => None,
    };
    let compare = match (asked, by) {
        (Asked::Least | Asked::Greatest, Some(by)) => {
            Some(make_comparator(by, by, SortOptions { descending: false, nulls_first: false })?)
        }
        _ => None,
    };
    let is_counted = |row: usize| counted.is_none_or(|counted| counted.is_valid(row) && counted.value(row));
    let better = if *asked == Asked::Least { Ordering::Greater } else { Ordering::Less };
    let mut pieces = Vec::new();
    let mut before: Vec<Range<usize>> = Vec::new();
    let mut picked: Vec<Option<usize>> = Vec::with_capacity(rows);
    for row in 0..rows {
        frames.of(row, &mut pieces);
        picked.push(match (asked, counts, &compare, by) {
            (Asked::First, ..) => pieces.first().map(|piece| piece.start),
            (Asked::Last, ..) => pieces.last().map(|piece| piece.end - 1),
            (_, Some(counts), ..) => nth(counts.is_valid(row).then(|| counts.value(row)), &pieces)?,
            (_, _, Some(compare), Some(by)) => {
                let (known, added) = added(picked.last().copied().flatten(), &before, &pieces);
                interrupt::after(added.iter().map(Range::len).sum())?;
                let there = added.into_iter().flatten().filter(|at| by.is_valid(*at) && is_counted(*at));
                // Of equal values the last one stays.
                let best = |best: usize, at: usize| match compare(best, at) {
                    Ordering::Equal => at,
                    order if order == better => at,
                    _ => best,
                };
                known.into_iter().chain(there).reduce(best)
            }
            _ => None,
        });
        std::mem::swap(&mut before, &mut pieces);
    }
    Ok(picked.into_iter().map(|at| at.map(|at| at as u64)).collect())
}

/// What is known of a frame from the one before, and the rows that it has beside those.
fn added(known: Option<usize>, before: &[Range<usize>], pieces: &[Range<usize>]) -> (Option<usize>, Vec<Range<usize>>) {
    match (before, pieces) {
        ([old], [new]) if old.start == new.start && old.end <= new.end => {
            (known, std::iter::once(old.end..new.end).collect())
        }
        (old, new) if !old.is_empty() && old == new => (known, Vec::new()),
        _ => (None, pieces.to_vec()),
    }
}

fn nth(count: Option<i32>, pieces: &[Range<usize>]) -> Result<Option<usize>> {
    let Some(count) = count else { return Ok(None) };
    let before = usize::try_from(count).ok().and_then(|count| count.checked_sub(1)).ok_or_else(|| {
        external(ValueError::new(code::INVALID_NTH_VALUE, "argument of nth_value must be greater than zero"))
    })?;
    Ok(pieces.iter().cloned().flatten().nth(before))
}
