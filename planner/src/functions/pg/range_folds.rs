//! `range_agg` and `range_intersect_agg`, for each element type.

use std::fmt;

use arrow::array::ArrayRef;
use arrow::datatypes::DataType;
use datafusion::common::ScalarValue;
use datafusion::error::{DataFusionError, Result};
use weir_values::range::{self, Multirange, RangeAgg, Span};

use super::columns::{Arg, Text, external};
use super::fold::{Fold, FoldProc};
use super::range_types::{Dates, Element, Moments, Numerics, Spans, multirange_text, range_text, read};

pub(super) const FOLDS: &[FoldProc] = &[
    FoldProc { name: "range_agg_int4", start: joined::<range::Int4> },
    FoldProc { name: "range_agg_int8", start: joined::<range::Int8> },
    FoldProc { name: "range_agg_numeric", start: joined::<Numerics> },
    FoldProc { name: "range_agg_date", start: joined::<Dates> },
    FoldProc { name: "range_agg_timestamp", start: joined::<Moments<false>> },
    FoldProc { name: "range_agg_timestamptz", start: joined::<Moments<true>> },
    FoldProc { name: "range_intersect_agg_int4", start: common::<range::Int4> },
    FoldProc { name: "range_intersect_agg_int8", start: common::<range::Int8> },
    FoldProc { name: "range_intersect_agg_numeric", start: common::<Numerics> },
    FoldProc { name: "range_intersect_agg_date", start: common::<Dates> },
    FoldProc { name: "range_intersect_agg_timestamp", start: common::<Moments<false>> },
    FoldProc { name: "range_intersect_agg_timestamptz", start: common::<Moments<true>> },
];

/// Calls with the text of each value that isn't NULL.
fn each(columns: &[ArrayRef], mut call: impl FnMut(&str) -> Result<()>) -> Result<()> {
    let lacking = || DataFusionError::Internal("an aggregate lacks an argument".to_owned());
    Text::column(columns.first().ok_or_else(lacking)?)?.iter().flatten().try_for_each(&mut call)
}

/// The text that a state is; an empty one is of no values.
fn text_of(state: &[u8]) -> Result<&str> {
    let broken = |_| DataFusionError::Internal("the state of an aggregate is broken".to_owned());
    std::str::from_utf8(state).map_err(broken)
}

/// `range_agg`: what is in any of them.
struct Joined<S: Element> {
    subtype: S,
    ranges: RangeAgg<S::Value>,
}

fn joined<S: Element>() -> Box<dyn Fold> {
    Box::new(Joined { subtype: S::held(), ranges: RangeAgg::default() })
}

impl<S: Element> Joined<S> {
    fn add(&mut self, text: &str) -> Result<()> {
        let spans = read(&self.subtype, text).map_err(external)?;
        self.ranges.add(&self.subtype, spans.as_slice());
        Ok(())
    }

    fn text(&self) -> Option<String> {
        self.ranges.clone().finish(&self.subtype).map(|spans| multirange_text(&self.subtype, &spans))
    }
}

impl<S: Element> fmt::Debug for Joined<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Joined").finish_non_exhaustive()
    }
}

impl<S: Element> Fold for Joined<S> {
    fn update(&mut self, columns: &[ArrayRef]) -> Result<()> {
        each(columns, |text| self.add(text))
    }

    fn state(&self) -> Vec<u8> {
        self.text().unwrap_or_default().into_bytes()
    }

    fn merge(&mut self, state: &[u8]) -> Result<()> {
        match text_of(state)? {
            "" => Ok(()),
            text => self.add(text),
        }
    }

    fn finish(&self, _: &DataType) -> Result<ScalarValue> {
        Ok(ScalarValue::Utf8(self.text()))
    }

    fn size(&self) -> usize {
        self.ranges.kept() * size_of::<Span<S::Value>>()
    }
}

/// `range_intersect_agg`: what is in all of them.
struct Common<S: Element> {
    subtype: S,
    spans: Option<Multirange<S::Value>>,
    /// Whether they are ranges, and so is the result.
    is_range: bool,
}

fn common<S: Element>() -> Box<dyn Fold> {
    Box::new(Common { subtype: S::held(), spans: None, is_range: false })
}

impl<S: Element> Common<S> {
    fn add(&mut self, text: &str) -> Result<()> {
        let next = read(&self.subtype, text).map_err(external)?;
        self.is_range = matches!(next, Spans::Range(_));
        self.spans = Some(range::range_intersect_agg(&self.subtype, self.spans.take(), next.as_slice()));
        Ok(())
    }

    fn text(&self) -> Option<String> {
        let spans = self.spans.as_ref()?;
        Some(match self.is_range {
            true => range_text(&self.subtype, spans.first()),
            false => multirange_text(&self.subtype, spans),
        })
    }
}

impl<S: Element> fmt::Debug for Common<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Common").finish_non_exhaustive()
    }
}

impl<S: Element> Fold for Common<S> {
    fn update(&mut self, columns: &[ArrayRef]) -> Result<()> {
        each(columns, |text| self.add(text))
    }

    fn state(&self) -> Vec<u8> {
        self.text().unwrap_or_default().into_bytes()
    }

    fn merge(&mut self, state: &[u8]) -> Result<()> {
        match text_of(state)? {
            "" => Ok(()),
            text => self.add(text),
        }
    }

    fn finish(&self, _: &DataType) -> Result<ScalarValue> {
        Ok(ScalarValue::Utf8(self.text()))
    }

    fn size(&self) -> usize {
        self.spans.as_ref().map_or(0, Vec::len) * size_of::<Span<S::Value>>()
    }
}
