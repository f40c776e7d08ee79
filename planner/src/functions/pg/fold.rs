//! Aggregates that the engine doesn't have, or computes otherwise than PostgreSQL: each takes one value after the other.

use std::collections::{HashSet, VecDeque};
use std::fmt::Debug;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, new_empty_array};
use arrow::datatypes::{DataType, Field, FieldRef};
use datafusion::common::ScalarValue;
use datafusion::common::utils::SingleRowListArrayBuilder;
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::{Accumulator, AggregateUDF, AggregateUDFImpl, Signature, Volatility};

use super::concealed::ConcealingState;
use super::unexpected;

/// The state of an aggregate.
pub(super) trait Fold: Debug + Send + Sync {
    fn update(&mut self, columns: &[ArrayRef]) -> Result<()>;
    fn state(&self) -> Vec<u8>;
    fn merge(&mut self, state: &[u8]) -> Result<()>;
    fn finish(&self, result: &DataType) -> Result<ScalarValue>;
    /// Bytes on the heap.
    fn size(&self) -> usize {
        0
    }
}

/// An aggregate by its name.
#[derive(Debug)]
pub(super) struct FoldProc {
    pub name: &'static str,
    pub start: fn() -> Box<dyn Fold>,
}

pub(super) fn find(name: &str) -> Option<&'static FoldProc> {
    super::FOLDS.iter().copied().flatten().find(|proc| proc.name == name)
}

/// The name, if there is such an aggregate.
pub(crate) fn is_fold(name: &str) -> Option<&'static str> {
    find(name).map(|proc| proc.name)
}

/// The aggregate of a name; `result` is how its results are held.
pub(crate) fn fold(name: &str, result: DataType) -> Option<Arc<AggregateUDF>> {
    let proc = find(name)?;
    let signature = Signature::user_defined(Volatility::Immutable);
    Some(Arc::new(AggregateUDF::from(Folded {
        name: proc.name,
        start: proc.start,
        result,
        signature,
        conceals: false,
    })))
}

/// The same aggregate with errors that tell nothing of its arguments; `None` for another's.
pub(super) fn concealed(function: &AggregateUDF) -> Option<AggregateUDF> {
    let folded = function.inner().downcast_ref::<Folded>()?;
    Some(AggregateUDF::from(Folded { conceals: true, ..folded.clone() }))
}

#[derive(Debug, Clone)]
struct Folded {
    name: &'static str,
    start: fn() -> Box<dyn Fold>,
    result: DataType,
    signature: Signature,
    conceals: bool,
}

impl Folded {
    fn of_state(&self, state: impl Accumulator + 'static) -> Box<dyn Accumulator> {
        match self.conceals {
            true => Box::new(ConcealingState(Box::new(state))),
            false => Box::new(state),
        }
    }
}

impl PartialEq for Folded {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.result == other.result && self.conceals == other.conceals
    }
}

impl Eq for Folded {}

impl Hash for Folded {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
        self.result.hash(state);
        self.conceals.hash(state);
    }
}

impl AggregateUDFImpl for Folded {
    fn name(&self) -> &str {
        self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn coerce_types(&self, arguments: &[DataType]) -> Result<Vec<DataType>> {
        Ok(arguments.to_vec())
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(self.result.clone())
    }

    fn accumulator(&self, args: AccumulatorArgs<'_>) -> Result<Box<dyn Accumulator>> {
        let running = Running { fold: (self.start)(), result: self.result.clone() };
        match args.is_distinct {
            false => Ok(self.of_state(running)),
            true => {
                let types = args.expr_fields.iter().map(|field| field.data_type().clone()).collect();
                Ok(self.of_state(Distinct { running, types, seen: HashSet::new(), rows: Vec::new(), bytes: 0 }))
            }
        }
    }

    fn default_value(&self, _: &DataType) -> Result<ScalarValue> {
        (self.start)().finish(&self.result)
    }

    fn create_sliding_accumulator(&self, _: AccumulatorArgs<'_>) -> Result<Box<dyn Accumulator>> {
        Ok(self.of_state(Sliding { start: self.start, result: self.result.clone(), rows: VecDeque::new() }))
    }

    fn state_fields(&self, args: StateFieldsArgs<'_>) -> Result<Vec<FieldRef>> {
        let name = |at: usize| format!("{}[state {at}]", args.name);
        if !args.is_distinct {
            return Ok(vec![Arc::new(Field::new(name(0), DataType::Binary, true))]);
        }
        let list = |(at, field): (usize, &FieldRef)| {
            Arc::new(Field::new(name(at), DataType::new_list(field.data_type().clone(), true), true))
        };
        Ok(args.input_fields.iter().enumerate().map(list).collect())
    }
}

#[derive(Debug)]
struct Running {
    fold: Box<dyn Fold>,
    result: DataType,
}

impl Accumulator for Running {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        self.fold.update(values)
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        self.fold.finish(&self.result)
    }

    fn size(&self) -> usize {
        size_of_val(self) + self.fold.size()
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        Ok(vec![ScalarValue::Binary(Some(self.fold.state()))])
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        for states in states {
            let states = states.as_binary_opt::<i32>().ok_or_else(|| unexpected(states))?;
            for state in states.iter().flatten() {
                self.fold.merge(state)?;
            }
        }
        Ok(())
    }
}

/// Over the frames of a window: each is folded anew, so that nothing has to be taken back of what was counted in.
#[derive(Debug)]
struct Sliding {
    start: fn() -> Box<dyn Fold>,
    result: DataType,
    /// Batches of the frame's rows.
    rows: VecDeque<Vec<ArrayRef>>,
}

impl Accumulator for Sliding {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        self.rows.push_back(values.to_vec());
        Ok(())
    }

    fn retract_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        let mut gone = values.first().map_or(0, Array::len);
        while gone > 0 {
            let Some(first) = self.rows.front_mut() else { break };
            let rows = first.first().map_or(0, Array::len);
            if rows > gone {
                first.iter_mut().for_each(|column| *column = column.slice(gone, rows - gone));
                break;
            }
            gone -= rows;
            self.rows.pop_front();
        }
        Ok(())
    }

    fn supports_retract_batch(&self) -> bool {
        true
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        let mut fold = (self.start)();
        for batch in &self.rows {
            fold.update(batch)?;
        }
        fold.finish(&self.result)
    }

    fn size(&self) -> usize {
        let bytes = |batch: &Vec<ArrayRef>| batch.iter().map(Array::get_array_memory_size).sum::<usize>();
        size_of_val(self) + self.rows.iter().map(bytes).sum::<usize>()
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        Err(DataFusionError::Internal("the frame of a window has no state".to_owned()))
    }

    fn merge_batch(&mut self, _: &[ArrayRef]) -> Result<()> {
        Err(DataFusionError::Internal("the frame of a window has no state".to_owned()))
    }
}

/// With DISTINCT the last argument is the key by which rows are told apart; the first of each is folded in the end.
#[derive(Debug)]
struct Distinct {
    running: Running,
    types: Vec<DataType>,
    seen: HashSet<ScalarValue>,
    rows: Vec<Vec<ScalarValue>>,
    bytes: usize,
}

impl Distinct {
    fn add(&mut self, columns: &[ArrayRef]) -> Result<()> {
        let Some((keys, _)) = columns.split_last() else { return Ok(()) };
        for row in 0..keys.len() {
            let key = ScalarValue::try_from_array(keys, row)?;
            if !self.seen.contains(&key) {
                let values = columns.iter().map(|column| ScalarValue::try_from_array(column, row));
                let values = values.collect::<Result<Vec<_>>>()?;
                self.bytes += key.size() + values.iter().map(ScalarValue::size).sum::<usize>();
                self.seen.insert(key);
                self.rows.push(values);
            }
        }
        Ok(())
    }

    fn column(&self, at: usize) -> Result<ArrayRef> {
        let data = self.types.get(at).cloned().unwrap_or(DataType::Null);
        let values: Vec<ScalarValue> = self.rows.iter().filter_map(|row| row.get(at).cloned()).collect();
        match values.is_empty() {
            true => Ok(new_empty_array(&data)),
            false => ScalarValue::iter_to_array(values),
        }
    }
}

impl Accumulator for Distinct {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        self.add(values)
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        let arguments = self.types.len().saturating_sub(1);
        let columns = (0..arguments).map(|at| self.column(at)).collect::<Result<Vec<_>>>()?;
        self.running.fold.update(&columns)?;
        self.running.evaluate()
    }

    fn size(&self) -> usize {
        self.running.size() + self.bytes
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        let list = |at: usize| {
            let array = SingleRowListArrayBuilder::new(self.column(at)?).build_list_array();
            Ok(ScalarValue::List(Arc::new(array)))
        };
        (0..self.types.len()).map(list).collect()
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        let rows = states.first().map_or(0, Array::len);
        for row in 0..rows {
            let column = |states: &ArrayRef| {
                let lists = states.as_list_opt::<i32>().ok_or_else(|| unexpected(states))?;
                Ok(lists.value(row))
            };
            let columns = states.iter().map(column).collect::<Result<Vec<_>>>()?;
            self.add(&columns)?;
        }
        Ok(())
    }
}
