//! `to_char`, `to_number`, `to_date` and `to_timestamp` over columns: see [`weir_values::formatting`].

use weir_values::datetime::{self, Interval, MAX_TIMESTAMP, SECOND, Zone, timestamp_is_finite};
use weir_values::formatting::{self, DateFormat, NumberFormat, Parsed};

use super::columns::{Args, Float4, Float8, Int4, Int8, Text, Timestamp, map2};
use super::compiled::Compiled;
use super::datetime_types::Period;
use super::written::{Texts, put, put_option, write2};
use super::{Proc, ValueError, of_session, strict};

pub(super) const PROCS: &[Proc] = &[
    strict("int4_to_char", |args| {
        let mut templates = Numbers::of(args);
        write2::<Int4, Text, Texts>(args, |value, format, out| {
            templates.write(format, out, |format, text| formatting::to_char_int(value, format, text))
        })
    }),
    strict("int8_to_char", |args| {
        let mut templates = Numbers::of(args);
        write2::<Int8, Text, Texts>(args, |value, format, out| {
            templates.write(format, out, |format, text| formatting::to_char_i64(value, format, text))
        })
    }),
    strict("float4_to_char", |args| {
        let mut templates = Numbers::of(args);
        write2::<Float4, Text, Texts>(args, |value, format, out| {
            templates.write(format, out, |format, text| formatting::to_char_f32(value, format, text))
        })
    }),
    strict("float8_to_char", |args| {
        let mut templates = Numbers::of(args);
        write2::<Float8, Text, Texts>(args, |value, format, out| {
            templates.write(format, out, |format, text| formatting::to_char_f64(value, format, text))
        })
    }),
    strict("numeric_to_char", |args| {
        let mut templates = Numbers::of(args);
        write2::<Text, Text, Texts>(args, |value, format, out| {
            templates.write(format, out, |format, text| formatting::to_char_numeric(value, format, text))
        })
    }),
    strict("timestamp_to_char", |args| {
        let mut templates = Dates::of(args);
        write2::<Timestamp, Text, Texts>(args, |at, format, out| {
            templates.write(format, out, |format, text| formatting::to_char_timestamp(at, format, None, text))
        })
    }),
    of_session("timestamptz_to_char", |args| {
        let mut templates = Dates::of(args);
        let zone = args.session.zone();
        write2::<Timestamp, Text, Texts>(args, |at, format, out| {
            let clocks = zone.at(at.div_euclid(SECOND));
            let local = match timestamp_is_finite(at) {
                // Of the last days what clocks show may be out of range.
                true => at.saturating_add(i64::from(clocks.offset) * SECOND).clamp(i64::MIN + 1, MAX_TIMESTAMP),
                false => at,
            };
            let shown = Some((clocks.abbreviation, clocks.offset));
            templates.write(format, out, |format, text| formatting::to_char_timestamp(local, format, shown, text))
        })
    }),
    strict("interval_to_char", |args| {
        let mut templates = Dates::of(args);
        write2::<Period, Text, Texts>(args, |interval, format, out| {
            let Interval { months, days, micros } = interval;
            templates
                .write(format, out, |format, text| formatting::to_char_interval(months, days, micros, format, text))
        })
    }),
    strict("numeric_to_number", |args| {
        let mut known = Compiled::of(args);
        map2::<Text, Text, _>(args, |text, format| {
            formatting::to_number(text, known.get(format, "", || NumberFormat::parse(format))?)
        })
    }),
    strict("to_date", |args| {
        let mut known = Compiled::of(args);
        map2::<Text, Text, _>(args, |text, format| {
            let format = known.get(format, "", || DateFormat::parse(format))?;
            formatting::to_date(text, format, &datetime::is_zone_abbreviation)
        })
    }),
    of_session("to_timestamp", |args| {
        let mut known = Compiled::of(args);
        let zone = args.session.zone();
        map2::<Text, Text, _>(args, |text, format| {
            let format = known.get(format, "", || DateFormat::parse(format))?;
            instant(&formatting::to_timestamp(text, format, &datetime::is_zone_abbreviation)?, &zone)
        })
    }),
];

/// Templates of numbers, and the room for what is printed by them.
struct Numbers<'a> {
    known: Compiled<'a, NumberFormat>,
    text: String,
}

impl<'a> Numbers<'a> {
    fn of(args: &Args<'a>) -> Self {
        Self { known: Compiled::of(args), text: String::new() }
    }

    fn write(
        &mut self,
        format: &str,
        out: &mut Texts,
        print: impl FnOnce(&NumberFormat, &mut String) -> Result<(), ValueError>,
    ) -> Result<(), ValueError> {
        self.text.clear();
        if !format.is_empty() {
            print(self.known.get(format, "", || NumberFormat::parse(format))?, &mut self.text)?;
        }
        put(out, &self.text)
    }
}

/// The same of dates and times.
struct Dates<'a> {
    known: Compiled<'a, DateFormat>,
    text: String,
}

impl<'a> Dates<'a> {
    fn of(args: &Args<'a>) -> Self {
        Self { known: Compiled::of(args), text: String::new() }
    }

    /// `print` says whether there is a result.
    fn write(
        &mut self,
        format: &str,
        out: &mut Texts,
        print: impl FnOnce(&DateFormat, &mut String) -> Result<bool, ValueError>,
    ) -> Result<(), ValueError> {
        self.text.clear();
        let is_some = print(self.known.get(format, "", || DateFormat::parse(format))?, &mut self.text)?;
        put_option(out, is_some.then_some(self.text.as_str()))
    }
}

/// The moment in UTC of what was read: in the zone that the text names, or the session's.
fn instant(parsed: &Parsed, zone: &Zone) -> Result<i64, ValueError> {
    let local = parsed.local.div_euclid(SECOND);
    parsed.instant(match &parsed.zone {
        None => zone.offset_of_local(local),
        Some(formatting::Zone::Offset(offset)) => *offset,
        Some(formatting::Zone::Abbreviation(name)) => Zone::of_name(name)?.offset_of_local(local),
    })
}
