//! Sums, averages and deviations that the engine computes otherwise than PostgreSQL: see [`weir_values::numeric`] and
//! [`weir_values::float`].

use arrow::array::ArrayRef;
use arrow::datatypes::DataType;
use datafusion::common::ScalarValue;
use datafusion::error::{DataFusionError, Result};
use weir_values::ValueError;
use weir_values::float::{self, PairMoments};
use weir_values::numeric::{self, Numeric, Sum};

use super::columns::{Arg, Float8, Text, external};
use super::fold::{Fold, FoldProc};

pub(super) const FOLDS: &[FoldProc] = &[
    FoldProc { name: "numeric_sum", start: || Box::new(Total(Sum::default(), Sum::sum)) },
    FoldProc { name: "numeric_avg", start: || Box::new(Total(Sum::default(), Sum::avg)) },
    FoldProc { name: "numeric_var_pop", start: || spread(numeric::Moments::var_pop) },
    FoldProc { name: "numeric_var_samp", start: || spread(numeric::Moments::var_samp) },
    FoldProc { name: "numeric_stddev_pop", start: || spread(numeric::Moments::stddev_pop) },
    FoldProc { name: "numeric_stddev_samp", start: || spread(numeric::Moments::stddev_samp) },
    FoldProc { name: "float8_sum", start: || Box::new(Plain::default()) },
    FoldProc { name: "float8_avg", start: || single(float::Moments::avg) },
    FoldProc { name: "float8_var_pop", start: || single(float::Moments::var_pop) },
    FoldProc { name: "float8_var_samp", start: || single(float::Moments::var_samp) },
    FoldProc { name: "float8_stddev_pop", start: || single(float::Moments::stddev_pop) },
    FoldProc { name: "float8_stddev_samp", start: || single(float::Moments::stddev_samp) },
    FoldProc { name: "corr", start: || pair(PairMoments::corr) },
    FoldProc { name: "covar_pop", start: || pair(PairMoments::covar_pop) },
    FoldProc { name: "covar_samp", start: || pair(PairMoments::covar_samp) },
    FoldProc { name: "regr_avgx", start: || pair(PairMoments::regr_avgx) },
    FoldProc { name: "regr_avgy", start: || pair(PairMoments::regr_avgy) },
    FoldProc { name: "regr_intercept", start: || pair(PairMoments::regr_intercept) },
    FoldProc { name: "regr_slope", start: || pair(PairMoments::regr_slope) },
    FoldProc { name: "regr_r2", start: || pair(PairMoments::regr_r2) },
    FoldProc { name: "regr_sxx", start: || pair(PairMoments::regr_sxx) },
    FoldProc { name: "regr_sxy", start: || pair(PairMoments::regr_sxy) },
    FoldProc { name: "regr_syy", start: || pair(PairMoments::regr_syy) },
    FoldProc { name: "regr_count", start: || Box::new(Pairs(PairMoments::default(), Kept::Count)) },
];

type Checked<T> = std::result::Result<T, ValueError>;

fn broken() -> DataFusionError {
    DataFusionError::Internal("the state of an aggregate is broken".to_owned())
}

fn column(columns: &[ArrayRef], at: usize) -> Result<&ArrayRef> {
    columns.get(at).ok_or_else(|| DataFusionError::Internal("an aggregate lacks an argument".to_owned()))
}

fn numeric_text(value: Checked<Option<Numeric>>) -> Result<ScalarValue> {
    Ok(ScalarValue::Utf8(value.map_err(external)?.map(|value| value.to_string())))
}

/// Calls with each number of a column that isn't NULL.
fn each_numeric(columns: &[ArrayRef], mut call: impl FnMut(&Numeric)) -> Result<()> {
    for text in Text::column(column(columns, 0)?)?.iter().flatten() {
        call(&Numeric::parse(text).map_err(external)?);
    }
    Ok(())
}

#[derive(Debug)]
struct Total(Sum, fn(&Sum) -> Checked<Option<Numeric>>);

impl Fold for Total {
    fn update(&mut self, columns: &[ArrayRef]) -> Result<()> {
        each_numeric(columns, |value| self.0.add(value))
    }

    fn state(&self) -> Vec<u8> {
        self.0.to_bytes()
    }

    fn merge(&mut self, state: &[u8]) -> Result<()> {
        self.0.merge(&Sum::from_bytes(state).ok_or_else(broken)?);
        Ok(())
    }

    fn finish(&self, _: &DataType) -> Result<ScalarValue> {
        numeric_text((self.1)(&self.0))
    }
}

#[derive(Debug)]
struct Spread(numeric::Moments, fn(&numeric::Moments) -> Checked<Option<Numeric>>);

fn spread(of: fn(&numeric::Moments) -> Checked<Option<Numeric>>) -> Box<dyn Fold> {
    Box::new(Spread(numeric::Moments::default(), of))
}

impl Fold for Spread {
    fn update(&mut self, columns: &[ArrayRef]) -> Result<()> {
        each_numeric(columns, |value| self.0.add(value))
    }

    fn state(&self) -> Vec<u8> {
        self.0.to_bytes()
    }

    fn merge(&mut self, state: &[u8]) -> Result<()> {
        self.0.merge(&numeric::Moments::from_bytes(state).ok_or_else(broken)?);
        Ok(())
    }

    fn finish(&self, _: &DataType) -> Result<ScalarValue> {
        numeric_text((self.1)(&self.0))
    }
}

/// A sum of floats, one after the other.
#[derive(Debug, Default)]
struct Plain(Option<f64>);

impl Plain {
    fn add(&mut self, value: f64) -> Result<()> {
        let sum = match self.0 {
            None => value,
            Some(sum) => float::add_f64(sum, value).map_err(external)?,
        };
        self.0 = Some(sum);
        Ok(())
    }
}

impl Fold for Plain {
    fn update(&mut self, columns: &[ArrayRef]) -> Result<()> {
        Float8::column(column(columns, 0)?)?.iter().flatten().try_for_each(|value| self.add(value))
    }

    fn state(&self) -> Vec<u8> {
        self.0.map_or_else(Vec::new, |sum| bytes(&[sum]))
    }

    fn merge(&mut self, state: &[u8]) -> Result<()> {
        match state.is_empty() {
            true => Ok(()),
            false => self.add(parts::<1>(state)?[0]),
        }
    }

    fn finish(&self, _: &DataType) -> Result<ScalarValue> {
        Ok(ScalarValue::Float64(self.0))
    }
}

#[derive(Debug)]
struct Single(float::Moments, fn(&float::Moments) -> Option<f64>);

fn single(of: fn(&float::Moments) -> Option<f64>) -> Box<dyn Fold> {
    Box::new(Single(float::Moments::default(), of))
}

impl Fold for Single {
    fn update(&mut self, columns: &[ArrayRef]) -> Result<()> {
        for value in Float8::column(column(columns, 0)?)?.iter().flatten() {
            self.0.add(value).map_err(external)?;
        }
        Ok(())
    }

    fn state(&self) -> Vec<u8> {
        bytes(&self.0.to_parts())
    }

    fn merge(&mut self, state: &[u8]) -> Result<()> {
        self.0.merge(&float::Moments::from_parts(parts(state)?)).map_err(external)
    }

    fn finish(&self, _: &DataType) -> Result<ScalarValue> {
        Ok(ScalarValue::Float64((self.1)(&self.0)))
    }
}

/// What is told of pairs.
#[derive(Debug)]
enum Kept {
    Count,
    Measure(fn(&PairMoments) -> Option<f64>),
}

#[derive(Debug)]
struct Pairs(PairMoments, Kept);

fn pair(of: fn(&PairMoments) -> Option<f64>) -> Box<dyn Fold> {
    Box::new(Pairs(PairMoments::default(), Kept::Measure(of)))
}

impl Fold for Pairs {
    fn update(&mut self, columns: &[ArrayRef]) -> Result<()> {
        let (ys, xs) = (Float8::column(column(columns, 0)?)?, Float8::column(column(columns, 1)?)?);
        for pair in ys.iter().zip(xs) {
            if let (Some(y), Some(x)) = pair {
                self.0.add(y, x).map_err(external)?;
            }
        }
        Ok(())
    }

    fn state(&self) -> Vec<u8> {
        bytes(&self.0.to_parts())
    }

    fn merge(&mut self, state: &[u8]) -> Result<()> {
        self.0.merge(&PairMoments::from_parts(parts(state)?)).map_err(external)
    }

    fn finish(&self, _: &DataType) -> Result<ScalarValue> {
        Ok(match self.1 {
            Kept::Count => ScalarValue::Int64(Some(self.0.regr_count())),
            Kept::Measure(of) => ScalarValue::Float64(of(&self.0)),
        })
    }
}

fn bytes(parts: &[f64]) -> Vec<u8> {
    parts.iter().flat_map(|part| part.to_le_bytes()).collect()
}

fn parts<const N: usize>(state: &[u8]) -> Result<[f64; N]> {
    let mut parts = [0.0; N];
    let (chunks, rest) = state.as_chunks::<8>();
    if chunks.len() != N || !rest.is_empty() {
        return Err(broken());
    }
    for (part, chunk) in parts.iter_mut().zip(chunks) {
        *part = f64::from_le_bytes(*chunk);
    }
    Ok(parts)
}
