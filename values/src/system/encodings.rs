//! Encodings by their numbers and names (documentation, 23.3), and `to_ascii`.

use crate::{ValueError, code};

/// In the order of their numbers.
#[rustfmt::skip]
const NAMES: [&str; 42] = [
    "SQL_ASCII", "EUC_JP", "EUC_CN", "EUC_KR", "EUC_TW", "EUC_JIS_2004", "UTF8", "MULE_INTERNAL", "LATIN1", "LATIN2",
    "LATIN3", "LATIN4", "LATIN5", "LATIN6", "LATIN7", "LATIN8", "LATIN9", "LATIN10", "WIN1256", "WIN1258", "WIN866",
    "WIN874", "KOI8R", "WIN1251", "WIN1252", "ISO_8859_5", "ISO_8859_6", "ISO_8859_7", "ISO_8859_8", "WIN1250",
    "WIN1253", "WIN1254", "WIN1255", "WIN1257", "KOI8U", "SJIS", "BIG5", "GBK", "UHC", "GB18030", "JOHAB",
    "SHIFT_JIS_2004",
];

/// What they are called, too; `windows...` is `win...`.
const OTHER_NAMES: &[(&str, &str)] = &[
    ("abc", "WIN1258"),
    ("alt", "WIN866"),
    ("iso88591", "LATIN1"),
    ("iso885910", "LATIN6"),
    ("iso885913", "LATIN7"),
    ("iso885914", "LATIN8"),
    ("iso885915", "LATIN9"),
    ("iso885916", "LATIN10"),
    ("iso88592", "LATIN2"),
    ("iso88593", "LATIN3"),
    ("iso88594", "LATIN4"),
    ("iso88599", "LATIN5"),
    ("koi8", "KOI8R"),
    ("mskanji", "SJIS"),
    ("shiftjis", "SJIS"),
    ("tcvn", "WIN1258"),
    ("tcvn5712", "WIN1258"),
    ("unicode", "UTF8"),
    ("vscii", "WIN1258"),
    ("win", "WIN1251"),
    ("win932", "SJIS"),
    ("win936", "GBK"),
    ("win949", "UHC"),
    ("win950", "BIG5"),
];

/// `pg_encoding_to_char(number)`: nothing for a number of none.
pub fn encoding_name(number: i32) -> &'static str {
    usize::try_from(number).ok().and_then(|number| NAMES.get(number)).copied().unwrap_or_default()
}

/// `pg_char_to_encoding(name)`: -1 for a name of none. Case and what is no letter or digit don't matter.
pub fn encoding_number(name: &str) -> i32 {
    let plain = |name: &str| {
        let kept = name.chars().filter(char::is_ascii_alphanumeric);
        kept.map(|c| c.to_ascii_lowercase()).collect::<String>()
    };
    let wanted = plain(name);
    let wanted = wanted.strip_prefix("windows").map_or(wanted.clone(), |rest| format!("win{rest}"));
    let other = OTHER_NAMES.iter().find(|(other, _)| *other == wanted).map(|(_, name)| plain(name));
    let wanted = other.unwrap_or(wanted);
    let at = NAMES.iter().position(|name| plain(name) == wanted);
    at.and_then(|at| i32::try_from(at).ok()).unwrap_or(-1)
}

/// `to_ascii(text, number)`: what is ASCII already stays, and nothing else is known.
pub fn to_ascii(text: &str, encoding: i32) -> Result<&str, ValueError> {
    let refused = |message: String| Err(ValueError::new(code::FEATURE_NOT_SUPPORTED, message));
    match encoding_name(encoding) {
        "" => Err(ValueError::new(code::UNDEFINED_OBJECT, format!("{encoding} is not a valid encoding code"))),
        "LATIN1" | "LATIN2" | "LATIN9" | "WIN1250" if text.is_ascii() => Ok(text),
        "LATIN1" | "LATIN2" | "LATIN9" | "WIN1250" => {
            refused("to_ascii of other than ASCII is not supported".to_owned())
        }
        name => refused(format!("encoding conversion from {name} to ASCII not supported")),
    }
}

/// `to_ascii(text, name)`
pub fn to_ascii_by_name<'t>(text: &'t str, encoding: &str) -> Result<&'t str, ValueError> {
    match encoding_number(encoding) {
        -1 => Err(ValueError::new(code::UNDEFINED_OBJECT, format!("{encoding} is not a valid encoding name"))),
        number => to_ascii(text, number),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_have_numbers_and_names() {
        assert_eq!((encoding_name(6), encoding_name(41), encoding_name(42)), ("UTF8", "SHIFT_JIS_2004", ""));
        for (name, number) in
            [("utf-8", 6), ("Unicode", 6), ("latin-1", 8), ("iso 8859-5", 25), ("windows1252", 24), ("windows936", 37)]
        {
            assert_eq!(encoding_number(name), number, "{name}");
        }
        assert_eq!(encoding_number("nosuch"), -1);
    }

    #[test]
    fn ascii_stays() {
        assert_eq!(to_ascii_by_name("abc", "latin1"), Ok("abc"));
        assert_eq!(to_ascii("abc", 6).unwrap_err().message, "encoding conversion from UTF8 to ASCII not supported");
        assert_eq!(to_ascii_by_name("abc", "x").unwrap_err().code, code::UNDEFINED_OBJECT);
    }
}
