//! `sum` and `avg` of intervals.

use arrow::array::ArrayRef;
use arrow::datatypes::DataType;
use datafusion::common::ScalarValue;
use datafusion::error::{DataFusionError, Result};
use weir_values::datetime::Interval;

use super::ValueError;
use super::columns::{Arg, external};
use super::datetime_types::{Checked, Period, held, interval};
use super::fold::{Fold, FoldProc};

pub(super) const FOLDS: &[FoldProc] = &[
    FoldProc { name: "interval_sum", start: || Box::new(Total::new(false)) },
    FoldProc { name: "interval_avg", start: || Box::new(Total::new(true)) },
];

/// The finite ones' sum; the infinite ones count apart.
#[derive(Debug)]
struct Total {
    is_average: bool,
    count: u64,
    sum: Interval,
    has_infinity: bool,
    has_neg_infinity: bool,
}

impl Total {
    fn new(is_average: bool) -> Self {
        Self { is_average, count: 0, sum: Interval::default(), has_infinity: false, has_neg_infinity: false }
    }

    fn add(&mut self, value: Interval) -> Checked<()> {
        self.count += 1;
        match value {
            Interval::INFINITY => self.has_infinity = true,
            Interval::NEG_INFINITY => self.has_neg_infinity = true,
            finite => self.sum = self.sum.plus(finite)?,
        }
        Ok(())
    }

    /// NULL of nothing.
    fn value(&self) -> Checked<Option<Interval>> {
        match (self.has_infinity, self.has_neg_infinity) {
            _ if self.count == 0 => Ok(None),
            (true, true) => Err(ValueError::datetime_out_of_range("interval")),
            (true, false) => Ok(Some(Interval::INFINITY)),
            (false, true) => Ok(Some(Interval::NEG_INFINITY)),
            (false, false) if self.is_average => self.sum.divided(self.count as f64).map(Some),
            (false, false) => Ok(Some(self.sum)),
        }
    }
}

impl Fold for Total {
    fn update(&mut self, columns: &[ArrayRef]) -> Result<()> {
        let lacking = || DataFusionError::Internal("an aggregate lacks an argument".to_owned());
        for value in Period::column(columns.first().ok_or_else(lacking)?)?.iter().flatten() {
            self.add(interval(value)).map_err(external)?;
        }
        Ok(())
    }

    fn state(&self) -> Vec<u8> {
        let Interval { months, days, micros } = self.sum;
        let mut state = vec![u8::from(self.has_infinity), u8::from(self.has_neg_infinity)];
        state.extend(self.count.to_le_bytes());
        state.extend(micros.to_le_bytes());
        state.extend(months.to_le_bytes());
        state.extend(days.to_le_bytes());
        state
    }

    fn merge(&mut self, state: &[u8]) -> Result<()> {
        let read = || {
            let (&[infinity, neg_infinity], rest) = state.split_first_chunk()?;
            let (count, rest) = rest.split_first_chunk()?;
            let (micros, rest) = rest.split_first_chunk()?;
            let (months, days) = rest.split_first_chunk()?;
            let (months, days) = (i32::from_le_bytes(*months), i32::from_le_bytes(days.try_into().ok()?));
            let sum = Interval::new(months, days, i64::from_le_bytes(*micros));
            Some((infinity != 0, neg_infinity != 0, u64::from_le_bytes(*count), sum))
        };
        let broken = || DataFusionError::Internal("the state of an aggregate is broken".to_owned());
        let (infinity, neg_infinity, count, sum) = read().ok_or_else(broken)?;
        self.has_infinity |= infinity;
        self.has_neg_infinity |= neg_infinity;
        self.count += count;
        self.sum = self.sum.plus(sum).map_err(external)?;
        Ok(())
    }

    fn finish(&self, _: &DataType) -> Result<ScalarValue> {
        let value = self.value().and_then(|value| value.map(held).transpose()).map_err(external)?;
        Ok(ScalarValue::IntervalMonthDayNano(value))
    }
}
