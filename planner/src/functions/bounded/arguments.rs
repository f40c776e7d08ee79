//! The arguments of one call, as what a result's size is computed from: for one row, or for all rows at once.

use arrow::array::{Array, ArrayRef, AsArray};
use arrow::datatypes::{DataType, Int64Type};
use datafusion::common::ScalarValue;
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs};

use super::extent::{self, Extent};

/// The arguments of a call.
pub(super) struct Arguments<'a> {
    values: &'a [ColumnarValue],
    /// The room of those that are the same for all rows.
    constants: Vec<Option<Extent>>,
    rows: usize,
}

impl<'a> Arguments<'a> {
    pub fn new(call: &'a ScalarFunctionArgs) -> Self {
        let constants: Vec<_> = call
            .args
            .iter()
            .map(|value| match value {
                ColumnarValue::Scalar(constant) => Some(extent::of_constant(constant)),
                ColumnarValue::Array(_) => None,
            })
            .collect();
        // A call with nothing but constants is computed once, for however many rows.
        let rows = if constants.iter().all(Option::is_some) { 1 } else { call.number_rows };
        Self { values: &call.args, constants, rows }
    }

    pub fn rows(&self) -> usize {
        self.rows
    }

    /// All rows taken together.
    pub fn all(&'a self) -> Rows<'a> {
        Rows { arguments: self, row: None }
    }

    /// One row.
    pub fn row(&'a self, row: usize) -> Rows<'a> {
        Rows { arguments: self, row: Some(row) }
    }

    /// Room of the constants if each is written out for every row, as most functions of the engine do with them.
    pub fn spread(&self) -> u64 {
        match self.rows {
            1 => 0,
            rows => self
                .constants
                .iter()
                .flatten()
                .fold(0, |sum: u64, constant| sum.saturating_add(constant.bytes.saturating_mul(rows as u64))),
        }
    }

    /// The text of an argument in a row; `None` for NULL.
    pub fn text(&self, argument: usize, row: usize) -> Option<&'a str> {
        match self.values.get(argument)? {
            ColumnarValue::Scalar(constant) => constant.try_as_str().flatten(),
            ColumnarValue::Array(array) if array.is_null(row) => None,
            ColumnarValue::Array(array) => match array.data_type() {
                DataType::Utf8 => Some(array.as_string::<i32>().value(row)),
                DataType::LargeUtf8 => Some(array.as_string::<i64>().value(row)),
                DataType::Utf8View => Some(array.as_string_view().value(row)),
                _ => None,
            },
        }
    }

    /// The text of an argument that is the same for all rows.
    pub fn constant_text(&self, argument: usize) -> Option<&'a str> {
        match self.values.get(argument)? {
            ColumnarValue::Scalar(constant) => constant.try_as_str().flatten(),
            ColumnarValue::Array(_) => None,
        }
    }

    /// The whole number that an argument is in a row; `None` for NULL.
    pub fn number(&self, argument: usize, row: usize) -> Option<i64> {
        match self.values.get(argument)? {
            ColumnarValue::Scalar(ScalarValue::Int64(number)) => *number,
            ColumnarValue::Scalar(_) => None,
            ColumnarValue::Array(array) => {
                array.as_primitive_opt::<Int64Type>().filter(|array| array.is_valid(row)).map(|array| array.value(row))
            }
        }
    }

    /// An argument as an array, and the place in it that a row goes by: a constant has one place only.
    pub fn array(&self, argument: usize) -> Option<(ArrayRef, bool)> {
        match self.values.get(argument)? {
            ColumnarValue::Scalar(constant) => constant.to_array().ok().map(|array| (array, true)),
            ColumnarValue::Array(array) => Some((ArrayRef::clone(array), false)),
        }
    }
}

/// One row, or all of them together.
#[derive(Clone, Copy)]
pub(super) struct Rows<'a> {
    arguments: &'a Arguments<'a>,
    row: Option<usize>,
}

impl<'a> Rows<'a> {
    pub fn count(self) -> u64 {
        self.row.map_or(self.arguments.rows as u64, |_| 1)
    }

    pub fn arguments(self) -> usize {
        self.arguments.values.len()
    }

    /// The room that an argument's values take together.
    pub fn sum(self, argument: usize) -> Extent {
        match (self.arguments.values.get(argument), self.arguments.constants.get(argument)) {
            (_, Some(Some(constant))) => constant.times(self.count()),
            (Some(ColumnarValue::Array(array)), _) => match self.row {
                Some(row) => extent::of_rows(array, row, 1),
                None => extent::of_rows(array, 0, array.len()),
            },
            _ => Extent::default(),
        }
    }

    /// Bytes of an argument's longest value, or more.
    pub fn longest(self, argument: usize) -> u64 {
        match self.arguments.constants.get(argument) {
            Some(Some(constant)) => constant.bytes,
            _ => self.sum(argument).bytes,
        }
    }

    /// An argument's greatest value as a count; what is negative counts nothing.
    pub fn greatest(self, argument: usize) -> u64 {
        let number = match (self.row, self.arguments.values.get(argument)) {
            (None, Some(ColumnarValue::Array(array))) => {
                array.as_primitive_opt::<Int64Type>().and_then(arrow::compute::max)
            }
            (row, _) => self.arguments.number(argument, row.unwrap_or(0)),
        };
        number.map_or(0, |number| u64::try_from(number).unwrap_or(0))
    }

    /// The text of an argument that is the same for all rows.
    pub fn constant_text(self, argument: usize) -> Option<&'a str> {
        self.arguments.constant_text(argument)
    }

    pub fn data_type(self, argument: usize) -> Option<DataType> {
        self.arguments.values.get(argument).map(ColumnarValue::data_type)
    }

    /// Room of the constants if each is written out for every row of the call.
    pub fn spread(self) -> u64 {
        self.arguments.spread()
    }

    /// The row that is spoken of, if it is one.
    pub fn single(self) -> Option<(&'a Arguments<'a>, usize)> {
        self.row.map(|row| (self.arguments, row))
    }
}
