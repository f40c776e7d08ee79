//! The words of date and time input: months, days of the week, and what else has a meaning in it.

use super::unit::Unit;

/// Words are told apart by so many characters.
const MAX_WORD: usize = 10;

/// What a word says in a date or a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    Now,
    Yesterday,
    Today,
    Tomorrow,
    /// Midnight of UTC.
    Allballs,
    Epoch,
    Infinity,
    NegInfinity,
    Month(i32),
    /// The day of the week that is given with a date isn't looked at.
    Weekday,
    /// Summer time, after an abbreviation.
    Dst,
    Am,
    Pm,
    Ad,
    Bc,
    /// A label of the number that follows.
    Unit(Unit),
    /// `T` before a time.
    IsoTime,
    Ignored,
}

pub(super) fn date_word(word: &[u8]) -> Option<Word> {
    use Word::*;
    Some(match first_ten(word) {
        b"now" => Now,
        b"yesterday" => Yesterday,
        b"today" => Today,
        b"tomorrow" => Tomorrow,
        b"allballs" => Allballs,
        b"epoch" => Epoch,
        b"infinity" | b"+infinity" => Infinity,
        b"-infinity" => NegInfinity,
        b"jan" | b"january" => Month(1),
        b"feb" | b"february" => Month(2),
        b"mar" | b"march" => Month(3),
        b"apr" | b"april" => Month(4),
        b"may" => Month(5),
        b"jun" | b"june" => Month(6),
        b"jul" | b"july" => Month(7),
        b"aug" | b"august" => Month(8),
        b"sep" | b"sept" | b"september" => Month(9),
        b"oct" | b"october" => Month(10),
        b"nov" | b"november" => Month(11),
        b"dec" | b"december" => Month(12),
        b"sun" | b"sunday" | b"mon" | b"monday" | b"tue" | b"tues" | b"tuesday" | b"wed" | b"weds" | b"wednesday"
        | b"thu" | b"thur" | b"thurs" | b"thursday" | b"fri" | b"friday" | b"sat" | b"saturday" => Weekday,
        b"dst" => Dst,
        b"am" => Am,
        b"pm" => Pm,
        b"ad" => Ad,
        b"bc" => Bc,
        b"d" => Unit(self::Unit::Day),
        b"dow" => Unit(self::Unit::Dow),
        b"doy" => Unit(self::Unit::Doy),
        b"h" => Unit(self::Unit::Hour),
        b"isodow" => Unit(self::Unit::Isodow),
        b"isoyear" => Unit(self::Unit::Isoyear),
        b"j" | b"jd" | b"julian" => Unit(self::Unit::Julian),
        b"m" => Unit(self::Unit::Month),
        b"mm" => Unit(self::Unit::Minute),
        b"s" => Unit(self::Unit::Second),
        b"y" => Unit(self::Unit::Year),
        b"t" => IsoTime,
        b"at" | b"on" => Ignored,
        _ => return None,
    })
}

/// What a word says in an interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SpanWord {
    Unit(Unit),
    Ago,
}

pub(super) fn span_word(word: &[u8]) -> Option<SpanWord> {
    Some(SpanWord::Unit(match first_ten(word) {
        b"us" | b"usec" | b"usecs" | b"usecond" | b"useconds" | b"microsecon" => Unit::Microsecond,
        b"ms" | b"msec" | b"msecs" | b"msecond" | b"mseconds" | b"millisecon" => Unit::Millisecond,
        b"s" | b"sec" | b"secs" | b"second" | b"seconds" => Unit::Second,
        b"m" | b"min" | b"mins" | b"minute" | b"minutes" => Unit::Minute,
        b"h" | b"hr" | b"hrs" | b"hour" | b"hours" => Unit::Hour,
        b"d" | b"day" | b"days" => Unit::Day,
        b"w" | b"week" | b"weeks" => Unit::Week,
        b"mon" | b"mons" | b"month" | b"months" => Unit::Month,
        b"qtr" | b"quarter" => Unit::Quarter,
        b"y" | b"yr" | b"yrs" | b"year" | b"years" => Unit::Year,
        b"dec" | b"decs" | b"decade" | b"decades" => Unit::Decade,
        b"c" | b"cent" | b"century" | b"centuries" => Unit::Century,
        b"mil" | b"mils" | b"millennium" | b"millennia" => Unit::Millennium,
        b"timezone" => Unit::Timezone,
        b"timezone_h" => Unit::TimezoneHour,
        b"timezone_m" => Unit::TimezoneMinute,
        b"ago" => return Some(SpanWord::Ago),
        _ => return None,
    }))
}

fn first_ten(word: &[u8]) -> &[u8] {
    word.get(..MAX_WORD).unwrap_or(word)
}
