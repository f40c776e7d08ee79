//! Values of settings: what each kind takes, its canonical form, and PostgreSQL's words for what it doesn't take.

use std::time::Duration;

use crate::sqlstate::{SqlError, code};
use weir_encode::{IntervalStyle, Style, Zone};

/// Longest name, in bytes; longer ones are cut.
const MAX_NAME_BYTES: usize = 63;

/// What a setting may hold.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    Bool,
    /// A Boolean that only holds `on`: the other value would change how SQL is read.
    OnOnly,
    /// Inclusive bounds, in the setting's own unit.
    Int {
        min: i64,
        max: i64,
        unit: Unit,
    },
    Real {
        min: f64,
        max: f64,
    },
    Enum(&'static [&'static str]),
    Text,
    /// Text that is cut to a name's length.
    Name,
    /// Names with commas between them.
    NameList,
    DateStyle,
    TimeZone,
    Encoding,
    /// A role that the session may take: its own.
    Role,
}

/// What a bare number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    None,
    Milliseconds,
    Kilobytes,
    /// Of 8 kB.
    Blocks,
}

/// Whom role settings are checked against.
#[derive(Debug, Clone, Copy)]
pub struct Role<'a> {
    pub user: &'a str,
}

impl Kind {
    /// The canonical form of a new value of the setting `name`, which holds `current`.
    pub fn check(self, name: &str, values: &[String], role: &Role<'_>, current: &str) -> Result<String, SqlError> {
        if let Kind::NameList = self {
            return Ok(values.iter().map(|value| quote_name(value)).collect::<Vec<_>>().join(", "));
        }
        if let Kind::DateStyle = self {
            return date_style(name, &values.join(", "), current);
        }
        let [value] = values else {
            return Err(SqlError::new(code::INVALID_PARAMETER_VALUE, format!("SET {name} takes only one argument")));
        };
        self.check_one(name, value, role)
    }

    fn check_one(self, name: &str, value: &str, role: &Role<'_>) -> Result<String, SqlError> {
        match self {
            Kind::Bool => bool_text(value).map(str::to_owned).ok_or_else(|| {
                SqlError::new(code::INVALID_PARAMETER_VALUE, format!("parameter \"{name}\" requires a Boolean value"))
            }),
            Kind::OnOnly => match Kind::Bool.check_one(name, value, role)?.as_str() {
                "on" => Ok("on".to_owned()),
                _ => Err(SqlError::new(code::FEATURE_NOT_SUPPORTED, format!("{name} can only be on"))),
            },
            Kind::Int { min, max, unit } => integer(name, value, unit, min, max),
            Kind::Real { min, max } => real(name, value, min, max),
            Kind::Enum(choices) => choice(name, value, choices),
            Kind::Name => Ok(cut_name(value).to_owned()),
            Kind::TimeZone => time_zone(name, value),
            Kind::Encoding => encoding(name, value),
            Kind::Role => own_role(name, value, role),
            Kind::Text | Kind::NameList | Kind::DateStyle => Ok(value.to_owned()),
        }
    }

    /// The value as SHOW prints it: numbers get the largest unit that divides them.
    pub fn show(self, value: &str) -> String {
        match (self, value.parse::<i64>()) {
            (Kind::Int { unit, .. }, Ok(number)) if number > 0 => unit.show(number),
            _ => value.to_owned(),
        }
    }
}

impl Unit {
    /// Suffixes and how many of the smallest step each counts; milliseconds are counted in microseconds.
    fn suffixes(self) -> &'static [(&'static str, f64)] {
        match self {
            Unit::None => &[],
            Unit::Milliseconds => &[("us", 0.001), ("ms", 1.0), ("s", 1e3), ("min", 6e4), ("h", 3.6e6), ("d", 8.64e7)],
            Unit::Kilobytes => {
                &[("B", 1.0 / 1024.0), ("kB", 1.0), ("MB", 1024.0), ("GB", 1_048_576.0), ("TB", 1_073_741_824.0)]
            }
            Unit::Blocks => {
                &[("B", 1.0 / 8192.0), ("kB", 1.0 / 8.0), ("MB", 128.0), ("GB", 131_072.0), ("TB", 134_217_728.0)]
            }
        }
    }

    fn hint(self) -> Option<&'static str> {
        match self {
            Unit::None => None,
            Unit::Milliseconds => {
                Some("Valid units for this parameter are \"us\", \"ms\", \"s\", \"min\", \"h\", and \"d\".")
            }
            Unit::Kilobytes | Unit::Blocks => {
                Some("Valid units for this parameter are \"B\", \"kB\", \"MB\", \"GB\", and \"TB\".")
            }
        }
    }

    /// The name of the unit behind a bound, with a space before it.
    fn after_bound(self) -> &'static str {
        match self {
            Unit::None => "",
            Unit::Milliseconds => " ms",
            Unit::Kilobytes => " kB",
            Unit::Blocks => " 8kB",
        }
    }

    fn show(self, number: i64) -> String {
        let steps: &[(&str, i64)] = match self {
            Unit::None => &[],
            Unit::Milliseconds => &[("d", 86_400_000), ("h", 3_600_000), ("min", 60_000), ("s", 1000), ("ms", 1)],
            Unit::Kilobytes => &[("TB", 1 << 30), ("GB", 1 << 20), ("MB", 1 << 10), ("kB", 1)],
            Unit::Blocks => return Unit::Kilobytes.show(number * 8),
        };
        match steps.iter().find(|(_, size)| number % size == 0) {
            Some((unit, size)) => format!("{}{unit}", number / size),
            None => number.to_string(),
        }
    }
}

/// A timeout's canonical value, 0 meaning none.
pub fn timeout(value: &str) -> Option<Duration> {
    value.parse().ok().filter(|&ms| ms > 0).map(Duration::from_millis)
}

/// What PostgreSQL takes for a Boolean, by unique prefix.
fn bool_text(value: &str) -> Option<&'static str> {
    let lower = value.to_ascii_lowercase();
    let is = |word: &str, shortest: usize| lower.len() >= shortest && word.starts_with(&lower);
    if is("on", 2) || is("true", 1) || is("yes", 1) || lower == "1" {
        Some("on")
    } else if is("off", 2) || is("false", 1) || is("no", 1) || lower == "0" {
        Some("off")
    } else {
        None
    }
}

fn invalid(name: &str, value: &str) -> SqlError {
    SqlError::new(code::INVALID_PARAMETER_VALUE, format!("invalid value for parameter \"{name}\": \"{value}\""))
}

fn integer(name: &str, value: &str, unit: Unit, min: i64, max: i64) -> Result<String, SqlError> {
    let (digits, suffix) = split_unit(value.trim());
    let number: f64 = digits.parse().map_err(|_| invalid(name, value))?;
    let factor = match suffix {
        "" => 1.0,
        suffix => match unit.suffixes().iter().find(|(known, _)| *known == suffix) {
            Some((_, factor)) => *factor,
            None => {
                let error = invalid(name, value);
                return Err(match unit.hint() {
                    Some(hint) => error.hint(hint),
                    None => error,
                });
            }
        },
    };
    let number = (number * factor).round_ties_even();
    if !(min as f64..=max as f64).contains(&number) {
        let after = unit.after_bound();
        return Err(SqlError::new(
            code::INVALID_PARAMETER_VALUE,
            format!(
                "{number}{after} is outside the valid range for parameter \"{name}\" ({min}{after} .. {max}{after})"
            ),
        ));
    }
    Ok(format!("{number}"))
}

/// The number and the unit behind it.
fn split_unit(value: &str) -> (&str, &str) {
    let end = value.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '-' | '+'))).unwrap_or(value.len());
    (&value[..end], value[end..].trim())
}

fn real(name: &str, value: &str, min: f64, max: f64) -> Result<String, SqlError> {
    let number: f64 = value.trim().parse().map_err(|_| invalid(name, value))?;
    if !(min..=max).contains(&number) {
        return Err(SqlError::new(
            code::INVALID_PARAMETER_VALUE,
            format!("{number} is outside the valid range for parameter \"{name}\" ({min} .. {max})"),
        ));
    }
    Ok(format!("{number}"))
}

fn choice(name: &str, value: &str, choices: &[&'static str]) -> Result<String, SqlError> {
    let found = choices.iter().find(|choice| choice.eq_ignore_ascii_case(value)).copied();
    // Choices that double as a switch take its other spellings too.
    let switch = || bool_text(value).filter(|text| choices.contains(text));
    found
        .or_else(switch)
        .map(str::to_owned)
        .ok_or_else(|| invalid(name, value).hint(format!("Available values: {}.", choices.join(", "))))
}

fn date_style(name: &str, value: &str, current: &str) -> Result<String, SqlError> {
    let mut style = Style::default();
    let known = style.set_date_style(current).is_some();
    if value.eq_ignore_ascii_case("default") {
        return Ok("ISO, MDY".to_owned());
    }
    if !known || style.set_date_style(value).is_none() {
        let error = invalid(name, value);
        let mut parts = value.split(',').map(str::trim);
        return Err(match parts.find(|part| Style::default().set_date_style(part).is_none()) {
            Some(part) => error.detail(format!("Unrecognized key word: \"{part}\".")),
            None => error,
        });
    }
    use weir_encode::{DateOrder, DateStyle};
    let format = match style.date_style {
        DateStyle::Iso => "ISO",
        DateStyle::Sql => "SQL",
        DateStyle::Postgres => "Postgres",
        DateStyle::German => "German",
    };
    let order = match style.date_order {
        DateOrder::Dmy => "DMY",
        DateOrder::Mdy => "MDY",
        DateOrder::Ymd => "YMD",
    };
    Ok(format!("{format}, {order}"))
}

fn time_zone(name: &str, value: &str) -> Result<String, SqlError> {
    match value.to_ascii_lowercase().as_str() {
        "default" | "local" => Ok("UTC".to_owned()),
        // By its own spelling: clients look it up by that.
        _ => Zone::parse(value).map(|zone| zone.name().to_owned()).ok_or_else(|| invalid(name, value)),
    }
}

/// Text travels as UTF-8. `SQL_ASCII` asks for no conversion, which is the same.
fn encoding(name: &str, value: &str) -> Result<String, SqlError> {
    let plain: String = value.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    match plain.as_str() {
        "utf8" | "unicode" => Ok("UTF8".to_owned()),
        "sqlascii" => Ok("SQL_ASCII".to_owned()),
        other if KNOWN_ENCODINGS.contains(&other) => Err(SqlError::new(
            code::FEATURE_NOT_SUPPORTED,
            format!("conversion between {} and UTF8 is not supported", value.to_ascii_uppercase()),
        )
        .hint("Set client_encoding to UTF8.")),
        _ => Err(invalid(name, value)),
    }
}

/// Encodings of PostgreSQL that aren't converted here, without punctuation.
const KNOWN_ENCODINGS: &[&str] = &[
    "latin1",
    "latin2",
    "latin3",
    "latin4",
    "latin5",
    "latin6",
    "latin7",
    "latin8",
    "latin9",
    "latin10",
    "iso88591",
    "iso885915",
    "win1250",
    "win1251",
    "win1252",
    "win1253",
    "win1254",
    "win1255",
    "win1256",
    "win1257",
    "win1258",
    "windows1252",
    "win866",
    "win874",
    "koi8r",
    "koi8u",
    "koi8",
    "euccn",
    "eucjp",
    "euckr",
    "euctw",
    "big5",
    "gbk",
    "gb18030",
    "sjis",
    "uhc",
    "johab",
];

fn own_role(name: &str, value: &str, role: &Role<'_>) -> Result<String, SqlError> {
    if value == role.user || (name == "role" && value.eq_ignore_ascii_case("none")) {
        return Ok(value.to_owned());
    }
    // The same for roles that exist and for others, so that names can't be probed.
    let what = if name == "role" { "set role" } else { "set session authorization" };
    Err(SqlError::new(code::INSUFFICIENT_PRIVILEGE, format!("permission denied to {what} \"{value}\"")))
}

/// Cut to a name's length, at a character's border.
fn cut_name(value: &str) -> &str {
    &value[..value.floor_char_boundary(MAX_NAME_BYTES)]
}

/// A name as it has to be written to mean itself.
fn quote_name(name: &str) -> String {
    let plain = name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if plain { name.to_owned() } else { format!("\"{}\"", name.replace('"', "\"\"")) }
}

/// A list of names as [`Kind::NameList`] keeps it, apart again.
pub fn split_names(list: &str) -> Vec<String> {
    let (mut names, mut name, mut quoted, mut any) = (Vec::new(), String::new(), false, false);
    let mut chars = list.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => name.extend(chars.next()),
            '"' => (quoted, any) = (!quoted, true),
            ',' if !quoted => {
                names.push(std::mem::take(&mut name));
                any = false;
            }
            ' ' if !quoted => {}
            c if quoted => name.push(c),
            c => name.extend(c.to_lowercase()),
        }
    }
    if any || !name.is_empty() {
        names.push(name);
    }
    names
}

/// Makes the style that a session's values ask for. Each was checked when it was set.
pub fn style(date_style: &str, interval_style: &str, time_zone: &str, float_digits: &str, bytea_output: &str) -> Style {
    let mut style = Style::default();
    // A value that doesn't parse leaves the default, as it can't be there.
    let _ = style.set_date_style(date_style);
    style.interval_style = IntervalStyle::parse(interval_style).unwrap_or_default();
    style.time_zone = Zone::parse(time_zone).unwrap_or_else(Zone::utc);
    style.extra_float_digits = float_digits.parse().unwrap_or(1);
    if bytea_output == "escape" {
        style.bytea_output = weir_encode::ByteaOutput::Escape;
    }
    style
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIMEOUT: Kind = Kind::Int { min: 0, max: 2_147_483_647, unit: Unit::Milliseconds };

    fn check(kind: Kind, value: &str) -> Result<String, String> {
        let role = Role { user: "ana" };
        kind.check("x", &[value.to_owned()], &role, "ISO, MDY").map_err(|error| error.message)
    }

    #[test]
    fn numbers_take_units() {
        assert_eq!(check(TIMEOUT, "5s"), Ok("5000".to_owned()));
        assert_eq!(check(TIMEOUT, " 100 ms"), Ok("100".to_owned()));
        assert_eq!(check(TIMEOUT, "1.5min"), Ok("90000".to_owned()));
        assert_eq!(check(TIMEOUT, "1000us"), Ok("1".to_owned()));
        assert_eq!(check(Kind::Int { min: 64, max: 1 << 30, unit: Unit::Kilobytes }, "64MB"), Ok("65536".to_owned()));
        assert_eq!(
            check(TIMEOUT, "5 fortnights"),
            Err("invalid value for parameter \"x\": \"5 fortnights\"".to_owned())
        );
        assert_eq!(check(TIMEOUT, "abc"), Err("invalid value for parameter \"x\": \"abc\"".to_owned()));
        assert_eq!(
            check(TIMEOUT, "-1"),
            Err("-1 ms is outside the valid range for parameter \"x\" (0 ms .. 2147483647 ms)".to_owned())
        );
    }

    #[test]
    fn numbers_show_their_largest_unit() {
        assert_eq!(TIMEOUT.show("5000"), "5s");
        assert_eq!(TIMEOUT.show("90000"), "90s");
        assert_eq!(TIMEOUT.show("120000"), "2min");
        assert_eq!(TIMEOUT.show("0"), "0");
        assert_eq!(Unit::Blocks.show(16_384), "128MB");
    }

    #[test]
    fn booleans_by_prefix() {
        for on in ["on", "TRUE", "t", "y", "1"] {
            assert_eq!(check(Kind::Bool, on), Ok("on".to_owned()), "{on}");
        }
        for off in ["off", "of", "f", "No", "0"] {
            assert_eq!(check(Kind::Bool, off), Ok("off".to_owned()), "{off}");
        }
        assert_eq!(check(Kind::Bool, "o"), Err("parameter \"x\" requires a Boolean value".to_owned()));
    }

    #[test]
    fn date_styles_change_the_part_they_name() {
        assert_eq!(check(Kind::DateStyle, "German"), Ok("German, DMY".to_owned()));
        assert_eq!(check(Kind::DateStyle, "dmy"), Ok("ISO, DMY".to_owned()));
        assert!(check(Kind::DateStyle, "klingon").is_err());
    }

    #[test]
    fn time_zones_get_their_own_spelling() {
        assert_eq!(check(Kind::TimeZone, "europe/madrid"), Ok("Europe/Madrid".to_owned()));
        assert_eq!(
            check(Kind::TimeZone, "mars/olympus"),
            Err("invalid value for parameter \"x\": \"mars/olympus\"".to_owned())
        );
    }

    #[test]
    fn name_lists_keep_what_must_be_quoted() {
        let role = Role { user: "ana" };
        let names = ["$user".to_owned(), "public".to_owned(), "A \"b\", c".to_owned()];
        let list = Kind::NameList.check("search_path", &names, &role, "").unwrap();
        assert_eq!(list, "\"$user\", public, \"A \"\"b\"\", c\"");
        assert_eq!(split_names(&list), names);
        assert_eq!(split_names("\"\""), [""]);
        assert!(split_names("").is_empty());
    }

    #[test]
    fn nobody_takes_another_role() {
        assert_eq!(check(Kind::Role, "ana"), Ok("ana".to_owned()));
        assert!(check(Kind::Role, "root").is_err());
    }
}
