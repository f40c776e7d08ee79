//! The fast way to print timestamps by a template whose result has always the same length, as 'YYYY-MM-DD HH24:MI' has:
//! the digits are put into a copy of the result.

use super::date_format::{Node, Pattern};

const MAX_LEN: usize = 64;

#[derive(Debug, Clone)]
pub(super) struct Plan {
    result: [u8; MAX_LEN],
    len: usize,
    /// What number stands where.
    numbers: Vec<(usize, Pattern)>,
}

/// The fields of a timestamp of the years 1 to 9999.
pub(super) struct Clock {
    pub year: u32,
    pub month: u32,
    pub day: u32,
    pub hour: u32,
    pub minute: u32,
    pub second: u32,
    pub micros: u32,
}

impl Plan {
    /// `None`: the result's length isn't always the same, or it is too long.
    pub fn of(nodes: &[Node]) -> Option<Self> {
        let mut plan = Self { result: [0; MAX_LEN], len: 0, numbers: Vec::new() };
        for node in nodes {
            let len = match node {
                Node::Field(field) => {
                    let pattern = field.pattern();
                    if field.fill || field.ordinal.is_some() {
                        return None;
                    }
                    plan.numbers.push((plan.len, pattern));
                    width(pattern)?
                }
                Node::Space(letter) | Node::Separator(letter) | Node::Letter(letter) => {
                    let byte = u8::try_from(*letter).ok().filter(u8::is_ascii)?;
                    *plan.result.get_mut(plan.len)? = byte;
                    1
                }
            };
            plan.len += len;
            if plan.len > MAX_LEN {
                return None;
            }
        }
        Some(plan)
    }

    pub fn write(&self, clock: &Clock, out: &mut String) {
        let mut result = self.result;
        for (at, pattern) in &self.numbers {
            let Some(place) = result.get_mut(*at..) else { continue };
            match pattern {
                Pattern::Year(_) => {
                    pair(place, 0, clock.year / 100);
                    pair(place, 2, clock.year % 100);
                }
                Pattern::Month => pair(place, 0, clock.month),
                Pattern::DayOfMonth => pair(place, 0, clock.day),
                Pattern::Hour24 => pair(place, 0, clock.hour),
                Pattern::Hour12 => pair(place, 0, (clock.hour + 11) % 12 + 1),
                Pattern::Minute => pair(place, 0, clock.minute),
                Pattern::Second => pair(place, 0, clock.second),
                Pattern::Milliseconds | Pattern::Fraction(3) => {
                    let millis = clock.micros / 1000;
                    pair(place, 0, millis / 10);
                    if let Some(last) = place.get_mut(2) {
                        *last = b'0' + (millis % 10) as u8;
                    }
                }
                _ => {
                    pair(place, 0, clock.micros / 10_000);
                    pair(place, 2, clock.micros / 100 % 100);
                    pair(place, 4, clock.micros % 100);
                }
            }
        }
        let result = result.get(..self.len).unwrap_or_default();
        out.push_str(str::from_utf8(result).unwrap_or_default());
    }
}

/// Length of a pattern's number, if it is always the same and [`Plan::write`] knows it.
fn width(pattern: Pattern) -> Option<usize> {
    use Pattern::*;
    match pattern {
        Year(4) => Some(4),
        Month | DayOfMonth | Hour24 | Hour12 | Minute | Second => Some(2),
        Milliseconds | Fraction(3) => Some(3),
        Microseconds | Fraction(6) => Some(6),
        _ => None,
    }
}

/// "00" to "99".
static PAIRS: [[u8; 2]; 100] = {
    let mut pairs = [[b'0'; 2]; 100];
    let mut index = 0;
    while index < 100 {
        pairs[index] = [b'0' + (index / 10) as u8, b'0' + (index % 10) as u8];
        index += 1;
    }
    pairs
};

#[inline]
fn pair(place: &mut [u8], at: usize, value: u32) {
    if let (Some(place), Some(digits)) = (place.get_mut(at..at + 2), PAIRS.get(value as usize)) {
        place.copy_from_slice(digits);
    }
}
