//! Templates of dates and times: compiled into patterns and the characters between them.

use super::date_plan::Plan;
use crate::{Result, ValueError, code};

/// A compiled template of `to_char`, `to_date` and `to_timestamp`.
#[derive(Debug, Clone)]
pub struct DateFormat {
    pub(super) nodes: Vec<Node>,
    pub(super) plan: Option<Plan>,
    /// A text must have what the template has, and nothing else.
    pub(super) is_strict: bool,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Node {
    Field(Field),
    /// White space outside quotes.
    Space(char),
    /// Printable ASCII outside quotes that is neither a letter nor a digit.
    Separator(char),
    /// Any other character, and all within quotes.
    Letter(char),
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Field {
    keyword: &'static Keyword,
    /// Written in small letters.
    pub lower: bool,
    /// FM: no padding.
    pub fill: bool,
    /// TM: the locale's names, which aren't padded.
    pub localized: bool,
    pub ordinal: Option<Ordinal>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ordinal {
    Upper,
    Lower,
}

#[derive(Debug)]
struct Keyword {
    name: &'static str,
    pattern: Pattern,
    /// Its text is digits: what stands before it then must have its exact length.
    digits: bool,
    convention: Option<Convention>,
}

/// By what a date is given. They don't mix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Convention {
    Gregorian,
    IsoWeek,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pattern {
    Era { dotted: bool },
    Meridiem { dotted: bool },
    Century,
    DayName { capital: bool },
    DayShort { capital: bool },
    DayOfYear,
    DayOfMonth,
    DayOfWeek,
    Fraction(u8),
    Fixed,
    Hour12,
    Hour24,
    IsoDayOfYear,
    IsoDay,
    IsoWeek,
    IsoYear(u8),
    Julian,
    Minute,
    Month,
    MonthName { capital: bool },
    MonthShort { capital: bool },
    Milliseconds,
    Offset,
    Quarter,
    RomanMonth,
    SecondsOfDay,
    Second,
    ZoneHour,
    ZoneMinute,
    Zone,
    Microseconds,
    WeekOfYear,
    WeekOfMonth,
    CommaYear,
    Year(u8),
}

const fn text(name: &'static str, pattern: Pattern) -> Keyword {
    Keyword { name, pattern, digits: false, convention: None }
}

const fn number(name: &'static str, pattern: Pattern) -> Keyword {
    Keyword { name, pattern, digits: true, convention: None }
}

const fn gregorian(name: &'static str, pattern: Pattern) -> Keyword {
    Keyword { name, pattern, digits: true, convention: Some(Convention::Gregorian) }
}

const fn gregorian_name(name: &'static str, pattern: Pattern) -> Keyword {
    Keyword { name, pattern, digits: false, convention: Some(Convention::Gregorian) }
}

const fn iso(name: &'static str, pattern: Pattern) -> Keyword {
    Keyword { name, pattern, digits: true, convention: Some(Convention::IsoWeek) }
}

/// The keywords that start with a letter; of those that start alike, longer ones come first. All may be written in
/// small letters, too.
fn keywords(initial: u8) -> &'static [Keyword] {
    use Pattern::*;
    match initial.to_ascii_uppercase() {
        b'A' => {
            const {
                &[
                    text("A.D.", Era { dotted: true }),
                    text("A.M.", Meridiem { dotted: true }),
                    text("AD", Era { dotted: false }),
                    text("AM", Meridiem { dotted: false }),
                ]
            }
        }
        b'B' => const { &[text("B.C.", Era { dotted: true }), text("BC", Era { dotted: false })] },
        b'C' => const { &[number("CC", Century)] },
        b'D' => {
            const {
                &[
                    text("DAY", DayName { capital: false }),
                    text("Day", DayName { capital: true }),
                    gregorian("DDD", DayOfYear),
                    gregorian("DD", DayOfMonth),
                    text("DY", DayShort { capital: false }),
                    text("Dy", DayShort { capital: true }),
                    gregorian("D", DayOfWeek),
                ]
            }
        }
        b'F' => {
            const {
                &[
                    number("FF1", Fraction(1)),
                    number("FF2", Fraction(2)),
                    number("FF3", Fraction(3)),
                    number("FF4", Fraction(4)),
                    number("FF5", Fraction(5)),
                    number("FF6", Fraction(6)),
                    text("FX", Fixed),
                ]
            }
        }
        b'H' => const { &[number("HH24", Hour24), number("HH12", Hour12), number("HH", Hour12)] },
        b'I' => {
            const {
                &[
                    iso("IDDD", IsoDayOfYear),
                    iso("ID", IsoDay),
                    iso("IW", IsoWeek),
                    iso("IYYY", IsoYear(4)),
                    iso("IYY", IsoYear(3)),
                    iso("IY", IsoYear(2)),
                    iso("I", IsoYear(1)),
                ]
            }
        }
        b'J' => const { &[number("J", Julian)] },
        b'M' => {
            const {
                &[
                    number("MI", Minute),
                    gregorian("MM", Month),
                    gregorian_name("MONTH", MonthName { capital: false }),
                    gregorian_name("Month", MonthName { capital: true }),
                    gregorian_name("MON", MonthShort { capital: false }),
                    gregorian_name("Mon", MonthShort { capital: true }),
                    number("MS", Milliseconds),
                ]
            }
        }
        b'O' => const { &[text("OF", Offset)] },
        b'P' => const { &[text("P.M.", Meridiem { dotted: true }), text("PM", Meridiem { dotted: false })] },
        b'Q' => const { &[number("Q", Quarter)] },
        b'R' => const { &[gregorian_name("RM", RomanMonth)] },
        b'S' => const { &[number("SSSSS", SecondsOfDay), number("SSSS", SecondsOfDay), number("SS", Second)] },
        b'T' => const { &[text("TZH", ZoneHour), number("TZM", ZoneMinute), text("TZ", Zone)] },
        b'U' => const { &[number("US", Microseconds)] },
        b'W' => const { &[gregorian("WW", WeekOfYear), gregorian("W", WeekOfMonth)] },
        b'Y' => {
            const {
                &[
                    gregorian("Y,YYY", CommaYear),
                    gregorian("YYYY", Year(4)),
                    gregorian("YYY", Year(3)),
                    gregorian("YY", Year(2)),
                    gregorian("Y", Year(1)),
                ]
            }
        }
        _ => &[],
    }
}

impl Field {
    pub fn pattern(&self) -> Pattern {
        self.keyword.pattern
    }

    pub fn convention(&self) -> Option<Convention> {
        self.keyword.convention
    }

    pub fn is_number(&self) -> bool {
        self.keyword.digits
    }

    /// Length of its keyword.
    pub fn len(&self) -> usize {
        self.keyword.name.len()
    }

    /// As it is written in the template.
    pub fn name(&self) -> String {
        if self.lower { self.keyword.name.to_ascii_lowercase() } else { self.keyword.name.to_owned() }
    }

    /// The field at the start of a template, if one is, without what may stand before and behind it.
    fn at(format: &str) -> Option<Self> {
        let bytes = format.as_bytes();
        for keyword in keywords(*bytes.first()?) {
            let name = keyword.name.as_bytes();
            let Some(written) = bytes.get(..name.len()) else { continue };
            let upper = written == name;
            let lower = !upper && name.iter().zip(written).all(|(n, w)| n.to_ascii_lowercase() == *w);
            if upper || lower {
                return Some(Self { keyword, lower, fill: false, localized: false, ordinal: None });
            }
        }
        None
    }
}

impl DateFormat {
    /// Every text is a template: what isn't a pattern stands for itself.
    pub fn parse(format: &str) -> Result<Self> {
        Self::parse_as(format, false)
    }

    /// A template as the SQL standard has them: between patterns stand few separators, or what is in quotes.
    pub fn parse_strict(format: &str) -> Result<Self> {
        Self::parse_as(format, true)
    }

    fn parse_as(format: &str, is_strict: bool) -> Result<Self> {
        let mut nodes = Vec::new();
        let mut rest = format;
        while !rest.is_empty() {
            let (fill, localized);
            (rest, fill, localized) = without_prefix(rest);
            if let Some(field) = Field::at(rest) {
                rest = rest.get(field.len()..).unwrap_or_default();
                let ordinal;
                (rest, ordinal) = without_postfix(rest);
                nodes.push(Node::Field(Field { fill, localized, ordinal, ..field }));
            } else if let Some(quoted) = rest.strip_prefix('"') {
                rest = quoted_text(quoted, |letter| nodes.push(Node::Letter(letter)));
            } else if is_strict {
                let mut chars = rest.chars();
                let letter = chars.next().unwrap_or_default();
                if !"-./,':; ".contains(letter) {
                    let message = format!("invalid datetime format separator: \"{letter}\"");
                    return Err(ValueError::new(code::INVALID_DATETIME_FORMAT, message));
                }
                nodes.push(literal(letter));
                rest = chars.as_str();
            } else {
                // Outside quotes a backslash only keeps a quote from starting a quoted text.
                let unescaped = rest.strip_prefix('\\').filter(|after| after.starts_with('"')).unwrap_or(rest);
                let mut chars = unescaped.chars();
                nodes.extend(chars.next().map(literal));
                rest = chars.as_str();
            }
        }
        let plan = Plan::of(&nodes);
        Ok(Self { nodes, plan, is_strict })
    }

    /// Of an empty template `to_char` is NULL.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }
}

/// Reads up to the closing quote, and gives what follows it. A backslash takes the character behind it as it is.
pub(super) fn quoted_text(text: &str, mut each: impl FnMut(char)) -> &str {
    let mut chars = text.chars();
    while let Some(letter) = chars.next() {
        match letter {
            '"' => break,
            '\\' => each(chars.next().unwrap_or('\\')),
            _ => each(letter),
        }
    }
    chars.as_str()
}

fn without_prefix(text: &str) -> (&str, bool, bool) {
    if let Some(rest) = text.strip_prefix("FM").or_else(|| text.strip_prefix("fm")) {
        (rest, true, false)
    } else if let Some(rest) = text.strip_prefix("TM").or_else(|| text.strip_prefix("tm")) {
        (rest, false, true)
    } else {
        (text, false, false)
    }
}

fn without_postfix(text: &str) -> (&str, Option<Ordinal>) {
    if let Some(rest) = text.strip_prefix("TH") {
        (rest, Some(Ordinal::Upper))
    } else if let Some(rest) = text.strip_prefix("th") {
        (rest, Some(Ordinal::Lower))
    } else {
        // SP (spell) is known, but does nothing.
        (text.strip_prefix("SP").unwrap_or(text), None)
    }
}

fn literal(letter: char) -> Node {
    if is_separator(letter as u32) {
        Node::Separator(letter)
    } else if u8::try_from(letter).is_ok_and(super::is_space) {
        Node::Space(letter)
    } else {
        Node::Letter(letter)
    }
}

/// Printable ASCII that is neither a letter nor a digit.
pub(super) fn is_separator(letter: u32) -> bool {
    matches!(u8::try_from(letter), Ok(byte) if byte.is_ascii_punctuation())
}
