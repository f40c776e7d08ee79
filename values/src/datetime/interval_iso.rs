//! Intervals as ISO 8601 writes them: `P1Y2M3DT4H5M6S`, `P0001-02-03T04:05:06`, `P00010203T040506`.

use super::fault::{Decoded, Fault};
use super::span::Span;
use super::unit::Unit;

/// Larger numbers aren't exact together with a fraction.
const MAX_NUMBER: f64 = 1e15;

pub(super) fn read(text: &[u8]) -> Decoded<Span> {
    let mut reader = Reader { rest: text.strip_prefix(b"P").ok_or(Fault::Format)?, span: Span::default() };
    if reader.rest.is_empty() {
        return Err(Fault::Format);
    }
    let mut is_date = true;
    // Whether this part, the date's or the time's, has had a number with a designator: then all have one.
    let mut has_designators = false;
    while let Some(first) = reader.rest.first() {
        if *first == b'T' {
            reader.rest = reader.rest.get(1..).unwrap_or_default();
            (is_date, has_designators) = (false, false);
            continue;
        }
        let number = reader.number()?;
        let designator = reader.rest.split_first();
        let unit = match designator {
            Some((b'Y', _)) if is_date => Some(Unit::Year),
            Some((b'M', _)) if is_date => Some(Unit::Month),
            Some((b'W', _)) if is_date => Some(Unit::Week),
            Some((b'D', _)) if is_date => Some(Unit::Day),
            Some((b'H', _)) if !is_date => Some(Unit::Hour),
            Some((b'M', _)) if !is_date => Some(Unit::Minute),
            Some((b'S', _)) if !is_date => Some(Unit::Second),
            _ => None,
        };
        if let (Some(unit), Some((_, after))) = (unit, designator) {
            reader.rest = after;
            reader.span.add(number.whole, number.fraction, unit)?;
            has_designators = true;
            continue;
        }
        if has_designators {
            // What runs together stands alone: other than that only a designator was missing.
            return Err(Fault::Format);
        }
        if is_date {
            reader.plain_date(&number)?;
            is_date = false;
        } else {
            reader.plain_time(&number)?;
        }
    }
    Ok(reader.span)
}

struct Number {
    whole: i64,
    fraction: f64,
    /// Digits before the point.
    width: usize,
}

struct Reader<'t> {
    rest: &'t [u8],
    span: Span,
}

impl Reader<'_> {
    /// A date without designators, of which the first number was read. After it a time may follow.
    fn plain_date(&mut self, first: &Number) -> Decoded<()> {
        let ends = matches!(self.rest.first(), None | Some(b'T'));
        if ends && first.width == 8 {
            self.span.add(first.whole / 10_000, 0.0, Unit::Year)?;
            self.span.add(first.whole / 100 % 100, 0.0, Unit::Month)?;
            self.span.add(first.whole % 100, first.fraction, Unit::Day)?;
            return Ok(());
        }
        self.span.add(first.whole, first.fraction, Unit::Year)?;
        for unit in [Unit::Month, Unit::Day] {
            match self.rest.split_first() {
                None | Some((b'T', _)) => return Ok(()),
                Some((b'-', after)) => self.rest = after,
                Some(_) => return Err(Fault::Format),
            }
            let number = self.number()?;
            self.span.add(number.whole, number.fraction, unit)?;
        }
        if matches!(self.rest.first(), None | Some(b'T')) { Ok(()) } else { Err(Fault::Format) }
    }

    /// A time without designators, of which the first number was read, to the end.
    fn plain_time(&mut self, first: &Number) -> Decoded<()> {
        if self.rest.is_empty() && first.width == 6 {
            self.span.add(first.whole / 10_000, 0.0, Unit::Hour)?;
            self.span.add(first.whole / 100 % 100, 0.0, Unit::Minute)?;
            self.span.add(first.whole % 100, 0.0, Unit::Second)?;
            // The fraction counts for microseconds, of which it is none.
            return self.span.add(0, first.fraction, Unit::Microsecond);
        }
        self.span.add(first.whole, first.fraction, Unit::Hour)?;
        for unit in [Unit::Minute, Unit::Second] {
            match self.rest.split_first() {
                None => return Ok(()),
                Some((b':', after)) => self.rest = after,
                Some(_) => return Err(Fault::Format),
            }
            let number = self.number()?;
            self.span.add(number.whole, number.fraction, unit)?;
        }
        if self.rest.is_empty() { Ok(()) } else { Err(Fault::Format) }
    }

    /// A number as C reads one, with an exponent if it has one.
    fn number(&mut self) -> Decoded<Number> {
        let text = self.rest;
        let (is_negative, unsigned) = match text.strip_prefix(b"-") {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let count = |text: &[u8]| text.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let width = count(unsigned);
        let mut length = width;
        let mut digits = width;
        if unsigned.get(length) == Some(&b'.') {
            let decimals = count(unsigned.get(length + 1..).unwrap_or_default());
            length += 1 + decimals;
            digits += decimals;
        }
        if digits == 0 {
            return Err(Fault::Format);
        }
        if let Some((b'e' | b'E', after)) = unsigned.get(length..).and_then(<[u8]>::split_first) {
            let sign = usize::from(matches!(after.first(), Some(b'+' | b'-')));
            let exponent = count(after.get(sign..).unwrap_or_default());
            if exponent > 0 {
                length += 1 + sign + exponent;
            }
        }
        let (number, rest) = unsigned.split_at(length);
        let value = str::from_utf8(number).ok().and_then(|text| text.parse::<f64>().ok()).ok_or(Fault::Format)?;
        if value.is_infinite() || (value == 0.0 && number.iter().any(|byte| (b'1'..=b'9').contains(byte))) {
            return Err(Fault::Format);
        }
        let value = if is_negative { -value } else { value };
        if !(-MAX_NUMBER..=MAX_NUMBER).contains(&value) {
            return Err(Fault::Field);
        }
        self.rest = rest;
        Ok(Number { whole: value.trunc() as i64, fraction: value.fract(), width })
    }
}
