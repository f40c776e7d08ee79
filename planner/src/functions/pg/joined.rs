//! `string_agg`: texts, or bytes, one behind the other.

use arrow::array::ArrayRef;
use arrow::datatypes::DataType;
use datafusion::common::ScalarValue;
use datafusion::error::{DataFusionError, Result};

use super::columns::{Arg, Bytes, Text};
use super::fold::{Fold, FoldProc};
use crate::functions::{FunctionError, MAX_BATCH_BYTES};

pub(super) const FOLDS: &[FoldProc] = &[FoldProc { name: "string_agg", start: || Box::new(Joined::default()) }];

/// Delimiters and values as they come; the first delimiter isn't shown.
#[derive(Debug, Default)]
struct Joined {
    bytes: Vec<u8>,
    first: Option<usize>,
}

impl Joined {
    fn push(&mut self, value: &[u8], delimiter: &[u8]) -> Result<()> {
        self.first.get_or_insert(delimiter.len());
        self.bytes.extend_from_slice(delimiter);
        self.bytes.extend_from_slice(value);
        match self.bytes.len() as u64 <= MAX_BATCH_BYTES {
            true => Ok(()),
            false => Err(FunctionError::TooLarge.into()),
        }
    }
}

impl Fold for Joined {
    fn update(&mut self, columns: &[ArrayRef]) -> Result<()> {
        let [values, delimiters] = columns else {
            return Err(DataFusionError::Internal("string_agg takes two arguments".to_owned()));
        };
        if values.data_type() == &DataType::Binary {
            let delimiters = Bytes::column(delimiters)?;
            for (value, delimiter) in Bytes::column(values)?.iter().zip(delimiters) {
                if let Some(value) = value {
                    self.push(value, delimiter.unwrap_or_default())?;
                }
            }
            return Ok(());
        }
        let delimiters = Text::column(delimiters)?;
        for (value, delimiter) in Text::column(values)?.iter().zip(delimiters) {
            if let Some(value) = value {
                self.push(value.as_bytes(), delimiter.unwrap_or_default().as_bytes())?;
            }
        }
        Ok(())
    }

    fn state(&self) -> Vec<u8> {
        match self.first {
            None => Vec::new(),
            Some(first) => (first as u64).to_le_bytes().into_iter().chain(self.bytes.iter().copied()).collect(),
        }
    }

    fn merge(&mut self, state: &[u8]) -> Result<()> {
        if let Some((first, bytes)) = state.split_first_chunk::<8>() {
            self.first.get_or_insert(u64::from_le_bytes(*first) as usize);
            self.push(bytes, &[])?;
        }
        Ok(())
    }

    fn finish(&self, result: &DataType) -> Result<ScalarValue> {
        let shown = self.first.and_then(|first| self.bytes.get(first..)).map(<[u8]>::to_vec);
        if result == &DataType::Binary {
            return Ok(ScalarValue::Binary(shown));
        }
        let text = shown.map(String::from_utf8).transpose();
        Ok(ScalarValue::Utf8(text.map_err(|error| DataFusionError::External(Box::new(error)))?))
    }

    fn size(&self) -> usize {
        self.bytes.capacity()
    }
}
