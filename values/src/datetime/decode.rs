//! What the fields of a date and time mean together.

use super::abbreviations::{self, Abbreviation};
use super::fault::{Decoded, Fault};
use super::parts::{Parts, read_displacement, set};
use super::scan::{fraction, leading_i32};
use super::token::{Fields, Kind};
use super::unit::Unit;
use super::words::{self, Word};
use super::{DAY, LAST_JULIAN, MIN_DATE, SECOND, Style, Zone, split_local};
use crate::civil;

/// A summer's time is an hour ahead.
const SUMMER_SECS: i32 = 3_600;

/// What the text of a date or timestamp says.
pub(super) enum Moment {
    At { parts: Parts, offset: i32 },
    Epoch,
    Infinity,
    NegInfinity,
}

/// What a word before a number, or before a time, says that it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Label {
    Julian,
    IsoTime,
    Other,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Meridiem {
    Am,
    Pm,
}

struct Decoder<'a> {
    fields: &'a Fields,
    style: &'a Style,
    now: i64,
    parts: Parts,
    /// The parts that there are.
    known: u32,
    label: Option<Label>,
    meridiem: Option<Meridiem>,
    is_bc: bool,
    is_julian: bool,
    has_named_month: bool,
    /// Seconds east of UTC.
    offset: i32,
    /// The zone that the offset is to be taken from.
    zone: Option<Zone>,
    special: Option<Moment>,
}

/// A date, with or without a time and a zone.
pub(super) fn datetime(fields: &Fields, style: &Style, now: i64) -> Decoded<Moment> {
    let mut decoder = Decoder::new(fields, style, now);
    for at in 0..fields.len() {
        let found = decoder.datetime_field(at)?;
        decoder.add(found)?;
    }
    decoder.finish_datetime()
}

/// A time, with or without a zone, for which there may be a date.
pub(super) fn time(fields: &Fields, style: &Style, now: i64) -> Decoded<(Parts, i32)> {
    let mut decoder = Decoder::new(fields, style, now);
    for at in 0..fields.len() {
        let found = decoder.time_field(at)?;
        decoder.add(found)?;
    }
    decoder.finish_time()
}

impl<'a> Decoder<'a> {
    fn new(fields: &'a Fields, style: &'a Style, now: i64) -> Self {
        Self {
            fields,
            style,
            now,
            parts: Parts::default(),
            known: 0,
            label: None,
            meridiem: None,
            is_bc: false,
            is_julian: false,
            has_named_month: false,
            offset: 0,
            zone: None,
            special: None,
        }
    }

    /// No part may be given twice.
    fn add(&mut self, found: u32) -> Decoded<()> {
        if self.known & found != 0 {
            return Err(Fault::Format);
        }
        self.known |= found;
        Ok(())
    }

    fn has(&self, parts: u32) -> bool {
        self.known & parts == parts
    }

    fn datetime_field(&mut self, at: usize) -> Decoded<u32> {
        let text = self.fields.text(at);
        let order = self.style.date_order;
        match self.fields.kind(at).ok_or(Fault::Format)? {
            Kind::Date if self.label == Some(Label::Julian) => {
                let (julian, rest) = leading_i32(text);
                self.set_julian(julian)?;
                self.offset = read_displacement(rest)?;
                self.label = None;
                Ok(set::DATE | set::TIME | set::ZONE)
            }
            // With a month and a day this is no date: it is a zone, or a time with one.
            Kind::Date if self.label.is_some() || self.has(set::MONTH | set::DAY) => {
                if self.label.is_none() && !text.first().is_some_and(u8::is_ascii_digit) {
                    return self.named_zone(text);
                }
                if self.label.take().is_some_and(|label| label != Label::IsoTime) {
                    return Err(Fault::Format);
                }
                self.time_with_zone(text, self.known)
            }
            Kind::Date => self.parts.read_date(text, self.known, order),
            Kind::Time => {
                if self.label.take().is_some_and(|label| label != Label::IsoTime) {
                    return Err(Fault::Format);
                }
                self.parts.read_time(text)?;
                if self.parts.time_overflows() {
                    return Err(Fault::Field);
                }
                Ok(set::TIME)
            }
            Kind::Signed => {
                self.offset = read_displacement(text)?;
                Ok(set::ZONE)
            }
            Kind::Number if self.label.is_some() => self.labelled_number(text),
            Kind::Number => {
                let point = text.iter().position(|byte| *byte == b'.');
                match point {
                    Some(_) if self.known & set::DATE == 0 => self.parts.read_date(text, self.known, order),
                    Some(point) if point > 2 => self.parts.read_run(text, self.known),
                    // Six digits or more are a date or a time while either is missing, and a year after that.
                    _ if text.len() >= 6 && (self.known & set::DATE == 0 || !self.has(set::TIME)) => {
                        self.parts.read_run(text, self.known)
                    }
                    _ => self.parts.read_number(text, self.has_named_month, self.known, order),
                }
            }
            Kind::Word | Kind::SignedWord => self.datetime_word(text),
        }
    }

    fn datetime_word(&mut self, text: &[u8]) -> Decoded<u32> {
        if let Some(abbreviation) = abbreviations::find(text) {
            return self.abbreviation(text, abbreviation);
        }
        let Some(word) = words::date_word(text) else { return self.zone_word(text) };
        let whole = set::DATE | set::TIME | set::ZONE;
        match word {
            Word::Allballs => {
                self.offset = 0;
                self.common_word(word)
            }
            Word::Now => {
                self.set_now();
                Ok(whole)
            }
            Word::Yesterday => self.set_day(-1),
            Word::Today => self.set_day(0),
            Word::Tomorrow => self.set_day(1),
            Word::Epoch => self.set_special(Moment::Epoch),
            Word::Infinity => self.set_special(Moment::Infinity),
            Word::NegInfinity => self.set_special(Moment::NegInfinity),
            Word::Month(month) => {
                // A number before it, taken for the month, is the day.
                let has_number = self.known & (set::MONTH | set::DAY) == set::MONTH && !self.has_named_month;
                let is_day = has_number && (1..=31).contains(&self.parts.month);
                if is_day {
                    self.parts.day = self.parts.month;
                }
                self.has_named_month = true;
                self.parts.month = month;
                Ok(if is_day { set::DAY } else { set::MONTH })
            }
            Word::Weekday => Ok(set::WEEKDAY),
            Word::IsoTime if !self.has(set::DATE) => Err(Fault::Format),
            _ => self.common_word(word),
        }
    }

    fn time_field(&mut self, at: usize) -> Decoded<u32> {
        let text = self.fields.text(at);
        let order = self.style.date_order;
        let with_date = self.known | set::DATE;
        let last = self.fields.len() - 1;
        let last_is_date = at == 0 && last > 0 && self.fields.kind(last) == Some(Kind::Date);
        match self.fields.kind(at).ok_or(Fault::Format)? {
            Kind::Date if last_is_date || (at == 0 && self.fields.kind(1) == Some(Kind::Time)) => {
                self.parts.read_date(text, self.known, order)
            }
            Kind::Date if text.first().is_some_and(u8::is_ascii_digit) => self.time_with_zone(text, with_date),
            Kind::Date => self.named_zone(text),
            Kind::Time => {
                if self.label.take().is_some_and(|label| label != Label::IsoTime) {
                    return Err(Fault::Format);
                }
                self.parts.read_time(text)?;
                Ok(set::TIME)
            }
            Kind::Signed => {
                self.offset = read_displacement(text)?;
                Ok(set::ZONE)
            }
            Kind::Number if self.label.is_some() => self.labelled_number(text),
            Kind::Number => match text.iter().position(|byte| *byte == b'.') {
                Some(_) if last_is_date => self.parts.read_date(text, self.known, order),
                Some(point) if point > 2 => self.parts.read_run(text, with_date),
                Some(_) => Err(Fault::Format),
                None if text.len() > 4 => self.parts.read_run(text, with_date),
                None => self.parts.read_number(text, false, with_date, order),
            },
            Kind::Word | Kind::SignedWord => self.time_word(text),
        }
    }

    fn time_word(&mut self, text: &[u8]) -> Decoded<u32> {
        if let Some(abbreviation) = abbreviations::find(text) {
            return self.abbreviation(text, abbreviation);
        }
        match words::date_word(text) {
            None => self.zone_word(text),
            Some(Word::Now) => {
                let offset = self.offset;
                self.set_now();
                self.offset = offset;
                Ok(set::TIME)
            }
            Some(
                Word::Yesterday
                | Word::Today
                | Word::Tomorrow
                | Word::Epoch
                | Word::Infinity
                | Word::NegInfinity
                | Word::Month(_)
                | Word::Weekday,
            ) => Err(Fault::Format),
            Some(word) => self.common_word(word),
        }
    }

    /// What a word says in a time as in a date.
    fn common_word(&mut self, word: Word) -> Decoded<u32> {
        match word {
            Word::Allballs => {
                (self.parts.hour, self.parts.minute, self.parts.second) = (0, 0, 0);
                Ok(set::TIME | set::ZONE)
            }
            Word::Dst => {
                self.offset += SUMMER_SECS;
                Ok(set::DST | set::SUMMER)
            }
            Word::Am | Word::Pm => {
                self.meridiem = Some(if word == Word::Am { Meridiem::Am } else { Meridiem::Pm });
                Ok(set::MERIDIEM)
            }
            Word::Ad | Word::Bc => {
                self.is_bc = word == Word::Bc;
                Ok(set::ERA)
            }
            Word::Unit(unit) => self.set_label(if unit == Unit::Julian { Label::Julian } else { Label::Other }),
            Word::IsoTime => self.set_label(Label::IsoTime),
            Word::Ignored => Ok(0),
            _ => Err(Fault::Format),
        }
    }

    fn set_label(&mut self, label: Label) -> Decoded<u32> {
        match self.label.replace(label) {
            Some(_) => Err(Fault::Format),
            None => Ok(0),
        }
    }

    fn labelled_number(&mut self, text: &[u8]) -> Decoded<u32> {
        let label = self.label.take();
        let (value, rest) = leading_i32(text);
        let value = value.ok_or(Fault::Field)?;
        if !matches!(rest.first(), None | Some(b'.')) {
            return Err(Fault::Format);
        }
        match label {
            Some(Label::Julian) => {
                self.set_julian(Some(value))?;
                if rest.is_empty() {
                    return Ok(set::DATE);
                }
                self.parts.set_time((fraction(rest)? * DAY as f64) as i64);
                Ok(set::DATE | set::TIME)
            }
            Some(Label::IsoTime) => match self.parts.read_run(text, self.known | set::DATE)? {
                set::TIME => Ok(set::TIME),
                _ => Err(Fault::Format),
            },
            _ => Err(Fault::Format),
        }
    }

    /// Digits of a time with a displacement at their end.
    fn time_with_zone(&mut self, text: &[u8], known: u32) -> Decoded<u32> {
        if self.has(set::TIME) {
            return Err(Fault::Format);
        }
        let minus = text.iter().position(|byte| *byte == b'-').ok_or(Fault::Format)?;
        let (digits, displacement) = text.split_at(minus);
        self.offset = read_displacement(displacement)?;
        Ok(self.parts.read_run(digits, known)? | set::ZONE)
    }

    fn abbreviation(&mut self, text: &[u8], abbreviation: Abbreviation) -> Decoded<u32> {
        match abbreviation {
            Abbreviation::Standard(offset) => {
                self.offset = offset;
                Ok(set::ZONE)
            }
            Abbreviation::Daylight(offset) => {
                self.offset = offset;
                Ok(set::ZONE | set::SUMMER)
            }
            Abbreviation::InZone(name) => {
                let word = String::from_utf8_lossy(text);
                let zone = Zone::full(name).ok_or_else(|| Fault::UnknownZone(name.to_owned()))?;
                self.zone = Some(zone.by_abbreviation(&word));
                Ok(set::ZONE | set::VARYING)
            }
        }
    }

    fn named_zone(&mut self, text: &[u8]) -> Decoded<u32> {
        let name = String::from_utf8_lossy(text);
        self.zone = Some(Zone::full(&name).ok_or_else(|| Fault::UnknownZone(name.into_owned()))?);
        Ok(set::ZONE)
    }

    /// A word that isn't known may still be a zone's name.
    fn zone_word(&mut self, text: &[u8]) -> Decoded<u32> {
        self.named_zone(text).map_err(|_| Fault::Format)
    }

    fn set_julian(&mut self, julian: Option<i32>) -> Decoded<()> {
        let julian = julian.filter(|julian| *julian >= 0).ok_or(Fault::Field)?;
        self.parts.set_days(civil::days_from_julian(julian.into()) as i32);
        self.is_julian = true;
        Ok(())
    }

    fn set_special(&mut self, moment: Moment) -> Decoded<u32> {
        self.special = Some(moment);
        Ok(set::DATE | set::TIME | set::ZONE)
    }

    /// The local time of now, and its offset.
    fn local_now(&self) -> (i32, i64, i32) {
        let offset = self.style.zone.offset_at(self.now.div_euclid(SECOND));
        let (days, time) = split_local(self.now, offset);
        (days, time, offset)
    }

    fn set_now(&mut self) {
        let (days, time, offset) = self.local_now();
        self.parts.set_days(days);
        self.parts.set_time(time);
        self.offset = offset;
    }

    fn set_day(&mut self, after_today: i32) -> Decoded<u32> {
        self.parts.set_days(self.local_now().0 + after_today);
        Ok(set::DATE)
    }

    fn apply_meridiem(&mut self) -> Decoded<()> {
        let Some(meridiem) = self.meridiem else { return Ok(()) };
        if self.parts.hour > 12 {
            return Err(Fault::Field);
        }
        match meridiem {
            Meridiem::Am if self.parts.hour == 12 => self.parts.hour = 0,
            Meridiem::Pm if self.parts.hour != 12 => self.parts.hour += 12,
            _ => {}
        }
        Ok(())
    }

    fn finish_datetime(mut self) -> Decoded<Moment> {
        if self.label.is_some() {
            return Err(Fault::Format);
        }
        if let Some(special) = self.special {
            return Ok(special);
        }
        self.parts.finish_date(self.known, self.is_julian, self.is_bc)?;
        self.apply_meridiem()?;
        if !self.has(set::DATE) {
            return Err(Fault::Format);
        }
        let zone = match &self.zone {
            Some(zone) => Some(zone),
            None if !self.has(set::ZONE) => Some(&self.style.zone),
            None => None,
        };
        if let Some(zone) = zone {
            if self.has(set::DST) {
                return Err(Fault::Format);
            }
            self.offset = offset_of_parts(zone, &self.parts, None);
        }
        Ok(Moment::At { parts: self.parts, offset: self.offset })
    }

    fn finish_time(mut self) -> Decoded<(Parts, i32)> {
        if self.label.is_some() {
            return Err(Fault::Format);
        }
        self.parts.finish_date(self.known, self.is_julian, self.is_bc)?;
        self.apply_meridiem()?;
        if self.parts.time_overflows() {
            return Err(Fault::Field);
        }
        if !self.has(set::TIME) {
            return Err(Fault::Format);
        }

        let zone = match &self.zone {
            Some(zone) => Some(zone),
            None if !self.has(set::ZONE) => Some(&self.style.zone),
            None => None,
        };
        let Some(zone) = zone else { return Ok((self.parts, self.offset)) };
        if self.has(set::DST) {
            return Err(Fault::Format);
        }
        let needs_date = self.zone.is_some() && !self.has(set::VARYING);
        if needs_date && let Some(offset) = zone.only_offset() {
            return Ok((self.parts, offset));
        }
        let today = match self.known & set::DATE {
            0 if !needs_date => Some(self.local_now().0),
            set::DATE => None,
            _ => return Err(Fault::Format),
        };
        let offset = offset_of_parts(zone, &self.parts, today);
        Ok((self.parts, offset))
    }
}

/// The offset of a zone at the local time, on another day if so wanted; none where there are no days.
fn offset_of_parts(zone: &Zone, parts: &Parts, days: Option<i32>) -> i32 {
    match days.map(i64::from).or_else(|| parts.days()) {
        Some(days) if (i64::from(MIN_DATE)..=LAST_JULIAN).contains(&days) => {
            zone.offset_of_local(days * (DAY / SECOND) + parts.seconds())
        }
        _ => 0,
    }
}
