//! Sets of characters: named classes, collating elements, and both cases of letters.

use std::sync::OnceLock;

use regex_syntax::hir::{ClassUnicode, ClassUnicodeRange};

use crate::text::{simple_lower, simple_upper, unicode_class};

/// The classes that PostgreSQL knows by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Named {
    Alnum,
    Alpha,
    Ascii,
    Blank,
    Cntrl,
    Digit,
    Graph,
    Lower,
    Print,
    Punct,
    Space,
    Upper,
    Xdigit,
    Word,
}

const NAMES: [(&str, Named); 14] = [
    ("alnum", Named::Alnum),
    ("alpha", Named::Alpha),
    ("ascii", Named::Ascii),
    ("blank", Named::Blank),
    ("cntrl", Named::Cntrl),
    ("digit", Named::Digit),
    ("graph", Named::Graph),
    ("lower", Named::Lower),
    ("print", Named::Print),
    ("punct", Named::Punct),
    ("space", Named::Space),
    ("upper", Named::Upper),
    ("xdigit", Named::Xdigit),
    ("word", Named::Word),
];

impl Named {
    pub(super) fn of(name: &str) -> Option<Self> {
        NAMES.iter().find(|(other, _)| *other == name).map(|(_, named)| *named)
    }

    /// The characters of the class; where case doesn't matter, `lower` and `upper` are all letters.
    pub(super) fn class(self, is_insensitive: bool) -> &'static ClassUnicode {
        static CLASSES: [OnceLock<ClassUnicode>; NAMES.len()] = [const { OnceLock::new() }; NAMES.len()];
        let named = match self {
            Self::Lower | Self::Upper if is_insensitive => Self::Alpha,
            named => named,
        };
        CLASSES[named as usize].get_or_init(|| named.build())
    }

    /// As the C library has them in C.UTF-8.
    fn build(self) -> ClassUnicode {
        unicode_class(match self {
            Self::Alnum => r"[\p{Alphabetic}\p{Nd}]",
            Self::Alpha => r"[[\p{Alphabetic}\p{Nd}]--[0-9]]",
            Self::Ascii => r"[\x00-\x7f]",
            Self::Blank => r"[\t ]",
            Self::Cntrl => r"[\x00-\x1f\x7f-\x9f]",
            Self::Digit => r"[0-9]",
            Self::Graph => r"[[[^\p{Cc}\p{Cn}\p{Z}]\x{a0}\x{2007}\x{202f}]]",
            Self::Lower => return cased(|c| c.is_lowercase() || simple_upper(c) != c),
            Self::Print => r"[^\p{Cc}\p{Cn}\p{Zl}\p{Zp}]",
            Self::Punct => r"[[[^\p{Cc}\p{Cn}\p{Z}]\x{a0}\x{2007}\x{202f}]--[\p{Alphabetic}\p{Nd}]]",
            Self::Space => r"[\t-\r \x{1680}\x{2000}-\x{2006}\x{2008}-\x{200a}\x{2028}\x{2029}\x{205f}\x{3000}]",
            Self::Upper => return cased(|c| c.is_uppercase() || simple_lower(c) != c),
            Self::Xdigit => r"[0-9A-Fa-f]",
            Self::Word => r"[\p{Alphabetic}\p{Nd}_]",
        })
    }
}

/// No character from here on has cases.
const CASELESS: u32 = 0x2_0000;

fn cased(has: impl Fn(char) -> bool) -> ClassUnicode {
    let chars = (0..CASELESS).filter_map(char::from_u32).filter(|c| has(*c));
    ClassUnicode::new(chars.map(|c| ClassUnicodeRange::new(c, c)))
}

/// A character that a pattern has written; numbers beyond Unicode match nothing.
pub(super) fn add_char(class: &mut Vec<ClassUnicodeRange>, point: u32, is_insensitive: bool) {
    let Some(c) = char::from_u32(point) else { return };
    if is_insensitive {
        for c in [simple_lower(c), simple_upper(c)] {
            class.push(ClassUnicodeRange::new(c, c));
        }
    } else {
        class.push(ClassUnicodeRange::new(c, c));
    }
}

/// Answers how many characters were looked at.
pub(super) fn add_range(class: &mut Vec<ClassUnicodeRange>, first: u32, last: u32, is_insensitive: bool) -> u32 {
    let last = last.min(char::MAX as u32);
    // Surrogates are no characters.
    let start = if char::from_u32(first).is_none() { first.max(0xe000) } else { first };
    let end = if char::from_u32(last).is_none() { 0xd7ff } else { last };
    let (Some(start), Some(end)) = (char::from_u32(start), char::from_u32(end)) else { return 0 };
    if start > end {
        return 0;
    }
    class.push(ClassUnicodeRange::new(start, end));
    if !is_insensitive {
        return 0;
    }
    let cased = start as u32..=(end as u32).min(CASELESS);
    for c in cased.clone().filter_map(char::from_u32) {
        for other in [simple_lower(c), simple_upper(c)] {
            if other < start || other > end {
                class.push(ClassUnicodeRange::new(other, other));
            }
        }
    }
    cased.end().saturating_sub(*cased.start())
}

/// The character of a collating element's name.
pub(super) fn collating_element(name: &str) -> Option<char> {
    let mut chars = name.chars();
    if let (Some(c), None) = (chars.next(), chars.next()) {
        return Some(c);
    }
    let control = CONTROLS.iter().position(|names| names.contains(&name));
    let printable = || PRINTABLES.iter().find(|(_, names)| names.contains(&name)).map(|(c, _)| *c);
    control.and_then(|place| char::from_u32(place as u32)).or_else(printable)
}

/// POSIX's names of the control characters, by number.
#[rustfmt::skip]
const CONTROLS: [&[&str]; 32] = [
    &["NUL"], &["SOH"], &["STX"], &["ETX"], &["EOT"], &["ENQ"], &["ACK"], &["BEL", "alert"],
    &["BS", "backspace"], &["HT", "tab"], &["LF", "newline"], &["VT", "vertical-tab"], &["FF", "form-feed"],
    &["CR", "carriage-return"], &["SO"], &["SI"], &["DLE"], &["DC1"], &["DC2"], &["DC3"], &["DC4"], &["NAK"],
    &["SYN"], &["ETB"], &["CAN"], &["EM"], &["SUB"], &["ESC"], &["IS4", "FS"], &["IS3", "GS"], &["IS2", "RS"],
    &["IS1", "US"],
];

#[rustfmt::skip]
const PRINTABLES: &[(char, &[&str])] = &[
    (' ', &["space"]), ('!', &["exclamation-mark"]), ('"', &["quotation-mark"]), ('#', &["number-sign"]),
    ('$', &["dollar-sign"]), ('%', &["percent-sign"]), ('&', &["ampersand"]), ('\'', &["apostrophe"]),
    ('(', &["left-parenthesis"]), (')', &["right-parenthesis"]), ('*', &["asterisk"]), ('+', &["plus-sign"]),
    (',', &["comma"]), ('-', &["hyphen", "hyphen-minus"]), ('.', &["period", "full-stop"]),
    ('/', &["slash", "solidus"]), ('0', &["zero"]), ('1', &["one"]), ('2', &["two"]), ('3', &["three"]),
    ('4', &["four"]), ('5', &["five"]), ('6', &["six"]), ('7', &["seven"]), ('8', &["eight"]), ('9', &["nine"]),
    (':', &["colon"]), (';', &["semicolon"]), ('<', &["less-than-sign"]), ('=', &["equals-sign"]),
    ('>', &["greater-than-sign"]), ('?', &["question-mark"]), ('@', &["commercial-at"]),
    ('[', &["left-square-bracket"]), ('\\', &["backslash", "reverse-solidus"]), (']', &["right-square-bracket"]),
    ('^', &["circumflex", "circumflex-accent"]), ('_', &["underscore", "low-line"]), ('`', &["grave-accent"]),
    ('{', &["left-brace", "left-curly-bracket"]), ('|', &["vertical-line"]),
    ('}', &["right-brace", "right-curly-bracket"]), ('~', &["tilde"]), ('\x7f', &["DEL"]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_those_of_the_c_library() {
        let has =
            |named: Named, c| named.class(false).ranges().iter().any(|range| range.start() <= c && c <= range.end());
        assert!(has(Named::Alpha, 'é') && has(Named::Alpha, '٣') && !has(Named::Alpha, '3') && has(Named::Word, '_'));
        assert!(has(Named::Upper, 'ǅ') && has(Named::Lower, 'ǅ') && has(Named::Lower, 'ª') && !has(Named::Lower, 'ᾈ'));
        assert!(has(Named::Punct, '€') && has(Named::Punct, '\u{a0}') && !has(Named::Punct, ' '));
        assert!(has(Named::Print, '\u{3000}') && !has(Named::Graph, '\u{3000}') && !has(Named::Space, '\u{85}'));
        assert!(NAMES.iter().enumerate().all(|(place, (_, named))| *named as usize == place));
    }

    #[test]
    fn elements_have_names() {
        assert_eq!(collating_element("tab"), Some('\t'));
        assert_eq!(collating_element("hyphen-minus"), Some('-'));
        assert_eq!((collating_element("é"), collating_element("foo")), (Some('é'), None));
    }
}
