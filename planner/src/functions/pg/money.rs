//! `money`: see [`weir_values::money`].

use arrow::array::ArrayRef;
use arrow::datatypes::DataType;
use datafusion::common::ScalarValue;
use datafusion::error::{DataFusionError, Result};
use weir_values::{ValueError, money};

use super::columns::{Arg, Args, Float4, Float8, Int2, Int4, Int8, Text, external, map1, map2};
use super::fold::{Fold, FoldProc};
use super::{Proc, strict};

pub(super) const PROCS: &[Proc] = &[
    strict("cash_in", |args| map1::<Text, _>(args, |text| Ok(money::print(money::parse(text)?)))),
    strict("money_key", |args| map1::<Text, _>(args, |text| Ok(ordered(money::parse(text)?)))),
    strict("cash_words", |args| map1::<Text, _>(args, |text| Ok(money::cash_words(money::parse(text)?)))),
    strict("cash_numeric", |args| map1::<Text, _>(args, |text| Ok(money::to_numeric(money::parse(text)?)))),
    strict("numeric_cash", |args| map1::<Text, _>(args, |text| Ok(money::print(money::from_numeric(text)?)))),
    strict("int4_cash", |args| map1::<Int4, _>(args, |value| Ok(money::print(money::from_int(value.into())?)))),
    strict("int8_cash", |args| map1::<Int8, _>(args, |value| Ok(money::print(money::from_int(value)?)))),
    strict("cash_pl", |args| both(args, money::add)),
    strict("cash_mi", |args| both(args, money::subtract)),
    strict("cashlarger", |args| both(args, |a, b| Ok(a.max(b)))),
    strict("cashsmaller", |args| both(args, |a, b| Ok(a.min(b)))),
    strict("cash_cmp", |args| map2::<Text, Text, _>(args, |a, b| Ok(money::parse(a)?.cmp(&money::parse(b)?) as i32))),
    strict("cash_div_cash", |args| {
        map2::<Text, Text, _>(args, |a, b| money::ratio(money::parse(a)?, money::parse(b)?))
    }),
    strict("cash_mul_flt4", |args| with::<Float4, f64>(args, money::multiply_float)),
    strict("cash_mul_flt8", |args| with::<Float8, f64>(args, money::multiply_float)),
    strict("cash_mul_int2", |args| with::<Int2, i64>(args, money::multiply_int)),
    strict("cash_mul_int4", |args| with::<Int4, i64>(args, money::multiply_int)),
    strict("cash_mul_int8", |args| with::<Int8, i64>(args, money::multiply_int)),
    strict("cash_div_flt4", |args| with::<Float4, f64>(args, money::divide_float)),
    strict("cash_div_flt8", |args| with::<Float8, f64>(args, money::divide_float)),
    strict("cash_div_int2", |args| with::<Int2, i64>(args, money::divide_int)),
    strict("cash_div_int4", |args| with::<Int4, i64>(args, money::divide_int)),
    strict("cash_div_int8", |args| with::<Int8, i64>(args, money::divide_int)),
    strict("flt4_mul_cash", |args| before::<Float4, f64>(args, money::multiply_float)),
    strict("flt8_mul_cash", |args| before::<Float8, f64>(args, money::multiply_float)),
    strict("int2_mul_cash", |args| before::<Int2, i64>(args, money::multiply_int)),
    strict("int4_mul_cash", |args| before::<Int4, i64>(args, money::multiply_int)),
    strict("int8_mul_cash", |args| before::<Int8, i64>(args, money::multiply_int)),
];

pub(super) const FOLDS: &[FoldProc] = &[FoldProc { name: "money_sum", start: || Box::new(Total(None)) }];

type Checked<T> = std::result::Result<T, ValueError>;

/// Bytes in the order of the amounts.
fn ordered(cents: i64) -> Vec<u8> {
    (cents.cast_unsigned() ^ (1 << 63)).to_be_bytes().to_vec()
}

fn both(args: &Args<'_>, compute: fn(i64, i64) -> Checked<i64>) -> Result<ArrayRef> {
    map2::<Text, Text, _>(args, |a, b| Ok(money::print(compute(money::parse(a)?, money::parse(b)?)?)))
}

/// An amount and a number of any type.
fn with<N, W>(args: &Args<'_>, compute: fn(i64, W) -> Checked<i64>) -> Result<ArrayRef>
where
    N: for<'c> Arg<Value<'c>: Into<W>>,
{
    map2::<Text, N, _>(args, |amount, number| Ok(money::print(compute(money::parse(amount)?, number.into())?)))
}

/// The same in the other order.
fn before<N, W>(args: &Args<'_>, compute: fn(i64, W) -> Checked<i64>) -> Result<ArrayRef>
where
    N: for<'c> Arg<Value<'c>: Into<W>>,
{
    map2::<N, Text, _>(args, |number, amount| Ok(money::print(compute(money::parse(amount)?, number.into())?)))
}

/// `sum`: NULL of nothing.
#[derive(Debug)]
struct Total(Option<i64>);

impl Total {
    fn add(&mut self, cents: i64) -> Result<()> {
        self.0 = Some(money::add(self.0.unwrap_or(0), cents).map_err(external)?);
        Ok(())
    }
}

impl Fold for Total {
    fn update(&mut self, columns: &[ArrayRef]) -> Result<()> {
        let lacking = || DataFusionError::Internal("an aggregate lacks an argument".to_owned());
        for text in Text::column(columns.first().ok_or_else(lacking)?)?.iter().flatten() {
            self.add(money::parse(text).map_err(external)?)?;
        }
        Ok(())
    }

    fn state(&self) -> Vec<u8> {
        self.0.map_or_else(Vec::new, |cents| cents.to_le_bytes().to_vec())
    }

    fn merge(&mut self, state: &[u8]) -> Result<()> {
        match <[u8; 8]>::try_from(state) {
            Ok(bytes) => self.add(i64::from_le_bytes(bytes)),
            Err(_) if state.is_empty() => Ok(()),
            Err(_) => Err(DataFusionError::Internal("the state of an aggregate is broken".to_owned())),
        }
    }

    fn finish(&self, _: &DataType) -> Result<ScalarValue> {
        Ok(ScalarValue::Utf8(self.0.map(money::print)))
    }
}
