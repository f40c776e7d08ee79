//! Aggregates over floats: sums of squared differences from the mean, by Youngs and Cramer's way.

use super::add_f64;
use crate::{Result, ValueError};

/// State of avg, var_pop, var_samp, stddev_pop and stddev_samp over floats.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Moments {
    count: f64,
    sum: f64,
    /// Of the squared differences from the mean.
    squares: f64,
}

impl Moments {
    pub fn add(&mut self, value: f64) -> Result<()> {
        let before = *self;
        self.count += 1.0;
        self.sum += value;
        if before.count == 0.0 {
            if !value.is_finite() {
                self.squares = f64::NAN;
            }
            return Ok(());
        }
        let difference = value * self.count - self.sum;
        self.squares += difference * difference / (self.count * before.count);
        if self.sum.is_infinite() || self.squares.is_infinite() {
            if !before.sum.is_infinite() && !value.is_infinite() {
                return Err(ValueError::overflow());
            }
            self.squares = f64::NAN;
        }
        Ok(())
    }

    pub fn merge(&mut self, other: &Self) -> Result<()> {
        if other.count == 0.0 {
            return Ok(());
        }
        if self.count == 0.0 {
            *self = *other;
            return Ok(());
        }
        let count = self.count + other.count;
        let sum = add_f64(self.sum, other.sum)?;
        let difference = self.sum / self.count - other.sum / other.count;
        let squares = self.squares + other.squares + self.count * other.count * difference * difference / count;
        if squares.is_infinite() && !self.squares.is_infinite() && !other.squares.is_infinite() {
            return Err(ValueError::overflow());
        }
        *self = Self { count, sum, squares };
        Ok(())
    }

    pub fn count(&self) -> f64 {
        self.count
    }

    pub fn avg(&self) -> Option<f64> {
        (self.count > 0.0).then(|| self.sum / self.count)
    }

    pub fn var_pop(&self) -> Option<f64> {
        (self.count > 0.0).then(|| self.squares / self.count)
    }

    pub fn var_samp(&self) -> Option<f64> {
        (self.count > 1.0).then(|| self.squares / (self.count - 1.0))
    }

    pub fn stddev_pop(&self) -> Option<f64> {
        self.var_pop().map(f64::sqrt)
    }

    pub fn stddev_samp(&self) -> Option<f64> {
        self.var_samp().map(f64::sqrt)
    }

    /// Count, sum, and sum of the squared differences from the mean: PostgreSQL's transition state.
    pub fn to_parts(&self) -> [f64; 3] {
        [self.count, self.sum, self.squares]
    }

    pub fn from_parts([count, sum, squares]: [f64; 3]) -> Self {
        Self { count, sum, squares }
    }
}

/// State of the regression aggregates, corr and covar_*, over pairs of floats.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PairMoments {
    count: f64,
    sum_x: f64,
    squares_x: f64,
    sum_y: f64,
    squares_y: f64,
    products: f64,
}

impl PairMoments {
    /// Adds a pair, in the aggregates' order of arguments.
    pub fn add(&mut self, y: f64, x: f64) -> Result<()> {
        let before = *self;
        self.count += 1.0;
        self.sum_x += x;
        self.sum_y += y;
        if before.count == 0.0 {
            if !x.is_finite() {
                (self.squares_x, self.products) = (f64::NAN, f64::NAN);
            }
            if !y.is_finite() {
                (self.squares_y, self.products) = (f64::NAN, f64::NAN);
            }
            return Ok(());
        }
        let difference_x = x * self.count - self.sum_x;
        let difference_y = y * self.count - self.sum_y;
        let scale = 1.0 / (self.count * before.count);
        self.squares_x += difference_x * difference_x * scale;
        self.squares_y += difference_y * difference_y * scale;
        self.products += difference_x * difference_y * scale;

        let finite_x = !before.sum_x.is_infinite() && !x.is_infinite();
        let finite_y = !before.sum_y.is_infinite() && !y.is_infinite();
        let overflow = ((self.sum_x.is_infinite() || self.squares_x.is_infinite()) && finite_x)
            || ((self.sum_y.is_infinite() || self.squares_y.is_infinite()) && finite_y)
            || (self.products.is_infinite() && finite_x && finite_y);
        if overflow {
            return Err(ValueError::overflow());
        }
        for squares in [&mut self.squares_x, &mut self.squares_y, &mut self.products] {
            if squares.is_infinite() {
                *squares = f64::NAN;
            }
        }
        Ok(())
    }

    pub fn merge(&mut self, other: &Self) -> Result<()> {
        if other.count == 0.0 {
            return Ok(());
        }
        if self.count == 0.0 {
            *self = *other;
            return Ok(());
        }
        let count = self.count + other.count;
        let difference_x = self.sum_x / self.count - other.sum_x / other.count;
        let difference_y = self.sum_y / self.count - other.sum_y / other.count;
        let weight = self.count * other.count;
        let merged = |ours: f64, others: f64, difference: f64| {
            let sum = ours + others + difference / count;
            match sum.is_infinite() && !ours.is_infinite() && !others.is_infinite() {
                true => Err(ValueError::overflow()),
                false => Ok(sum),
            }
        };
        *self = Self {
            count,
            sum_x: add_f64(self.sum_x, other.sum_x)?,
            squares_x: merged(self.squares_x, other.squares_x, weight * difference_x * difference_x)?,
            sum_y: add_f64(self.sum_y, other.sum_y)?,
            squares_y: merged(self.squares_y, other.squares_y, weight * difference_y * difference_y)?,
            products: merged(self.products, other.products, weight * difference_x * difference_y)?,
        };
        Ok(())
    }

    fn some(&self) -> Option<&Self> {
        (self.count > 0.0).then_some(self)
    }

    pub fn regr_count(&self) -> i64 {
        self.count as i64
    }

    pub fn regr_sxx(&self) -> Option<f64> {
        self.some().map(|state| state.squares_x)
    }

    pub fn regr_syy(&self) -> Option<f64> {
        self.some().map(|state| state.squares_y)
    }

    pub fn regr_sxy(&self) -> Option<f64> {
        self.some().map(|state| state.products)
    }

    pub fn regr_avgx(&self) -> Option<f64> {
        self.some().map(|state| state.sum_x / state.count)
    }

    pub fn regr_avgy(&self) -> Option<f64> {
        self.some().map(|state| state.sum_y / state.count)
    }

    pub fn covar_pop(&self) -> Option<f64> {
        self.some().map(|state| state.products / state.count)
    }

    pub fn covar_samp(&self) -> Option<f64> {
        (self.count > 1.0).then(|| self.products / (self.count - 1.0))
    }

    pub fn corr(&self) -> Option<f64> {
        let state = self.some().filter(|state| state.squares_x != 0.0 && state.squares_y != 0.0)?;
        Some(state.products / (state.squares_x * state.squares_y).sqrt())
    }

    pub fn regr_r2(&self) -> Option<f64> {
        let state = self.some().filter(|state| state.squares_x != 0.0)?;
        if state.squares_y == 0.0 {
            return Some(1.0);
        }
        Some((state.products * state.products) / (state.squares_x * state.squares_y))
    }

    pub fn regr_slope(&self) -> Option<f64> {
        let state = self.some().filter(|state| state.squares_x != 0.0)?;
        Some(state.products / state.squares_x)
    }

    pub fn regr_intercept(&self) -> Option<f64> {
        let state = self.some().filter(|state| state.squares_x != 0.0)?;
        Some((state.sum_y - state.sum_x * state.products / state.squares_x) / state.count)
    }

    /// PostgreSQL's transition state: count, sums of x and its squared differences, the same of y, products.
    pub fn to_parts(&self) -> [f64; 6] {
        [self.count, self.sum_x, self.squares_x, self.sum_y, self.squares_y, self.products]
    }

    pub fn from_parts([count, sum_x, squares_x, sum_y, squares_y, products]: [f64; 6]) -> Self {
        Self { count, sum_x, squares_x, sum_y, squares_y, products }
    }
}
