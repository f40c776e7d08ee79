//! Date and time input cut into fields: runs of digits, letters and what joins them, in lower case.

use super::words;

/// No input has more fields.
const MAX_FIELDS: usize = 25;
/// The characters of all fields, with one more for each: PostgreSQL takes no longer input.
const MAX_BYTES: usize = 256;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Digits, perhaps with a point.
    Number,
    /// Digits with separators, or with letters; a zone's name with them, too.
    Date,
    /// Digits with colons.
    Time,
    /// Letters alone.
    Word,
    /// Letters after a sign.
    SignedWord,
    /// A sign and digits: an offset of a zone, or a number with a sign.
    Signed,
}

#[derive(Clone, Copy)]
struct Field {
    kind: Kind,
    start: u16,
    end: u16,
}

/// The fields of an input.
pub(super) struct Fields {
    bytes: [u8; MAX_BYTES],
    used: usize,
    /// How much of `bytes` this type's input may take.
    limit: usize,
    fields: [Field; MAX_FIELDS],
    count: usize,
}

impl Fields {
    /// None if the input has what can't be in any date, or too much of it.
    pub fn split(text: &str, limit: usize) -> Option<Self> {
        let empty = Field { kind: Kind::Number, start: 0, end: 0 };
        let mut fields =
            Self { bytes: [0; MAX_BYTES], used: 0, limit: limit.min(MAX_BYTES), fields: [empty; MAX_FIELDS], count: 0 };
        let mut rest = text.as_bytes();
        while let Some((&first, after)) = rest.split_first() {
            if is_space(first) {
                rest = after;
                continue;
            }
            if fields.count >= MAX_FIELDS {
                return None;
            }
            let start = fields.used;
            let mut cursor = Cursor { fields: &mut fields, rest };
            let kind = match first {
                b'0'..=b'9' => cursor.digits_first()?,
                b'.' => {
                    cursor.take(1)?;
                    cursor.take_while(|byte| byte.is_ascii_digit())?;
                    Kind::Number
                }
                b'+' | b'-' => cursor.sign_first()?,
                _ if first.is_ascii_alphabetic() => cursor.letters_first(start)?,
                // Other punctuation separates.
                _ if first.is_ascii_punctuation() => {
                    rest = after;
                    continue;
                }
                _ => return None,
            };
            rest = cursor.rest;
            fields.finish(kind, start)?;
        }
        Some(fields)
    }

    fn finish(&mut self, kind: Kind, start: usize) -> Option<()> {
        let field = self.fields.get_mut(self.count)?;
        *field = Field { kind, start: u16::try_from(start).ok()?, end: u16::try_from(self.used).ok()? };
        self.count += 1;
        self.used += 1;
        Some(())
    }

    pub fn len(&self) -> usize {
        self.count
    }

    pub fn kind(&self, at: usize) -> Option<Kind> {
        (at < self.count).then(|| self.fields.get(at).map(|field| field.kind)).flatten()
    }

    /// Empty past the last.
    pub fn text(&self, at: usize) -> &[u8] {
        self.fields.get(at).and_then(|field| self.bytes.get(field.start.into()..field.end.into())).unwrap_or_default()
    }

    fn push(&mut self, byte: u8) -> Option<()> {
        if self.used + 1 >= self.limit {
            return None;
        }
        *self.bytes.get_mut(self.used)? = byte.to_ascii_lowercase();
        self.used += 1;
        Some(())
    }
}

/// What is left of the input while one field is taken from it.
struct Cursor<'a, 't> {
    fields: &'a mut Fields,
    rest: &'t [u8],
}

impl Cursor<'_, '_> {
    fn peek(&self) -> u8 {
        self.rest.first().copied().unwrap_or(0)
    }

    fn take(&mut self, count: usize) -> Option<()> {
        let (taken, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        taken.iter().try_for_each(|byte| self.fields.push(*byte))
    }

    fn take_while(&mut self, wanted: impl Fn(u8) -> bool) -> Option<()> {
        self.take(self.rest.iter().take_while(|byte| wanted(**byte)).count())
    }

    fn digits_first(&mut self) -> Option<Kind> {
        self.take_while(|byte| byte.is_ascii_digit())?;
        let separator = self.peek();
        match separator {
            b':' => {
                self.take_while(|byte| byte.is_ascii_digit() || matches!(byte, b':' | b'.'))?;
                Some(Kind::Time)
            }
            b'-' | b'/' | b'.' => {
                self.take(1)?;
                if !self.peek().is_ascii_digit() {
                    // A month's name may follow.
                    self.take_while(|byte| byte.is_ascii_alphanumeric() || byte == separator)?;
                    return Some(Kind::Date);
                }
                self.take_while(|byte| byte.is_ascii_digit())?;
                if self.peek() == separator {
                    self.take_while(|byte| byte.is_ascii_digit() || byte == separator)?;
                    return Some(Kind::Date);
                }
                Some(if separator == b'.' { Kind::Number } else { Kind::Date })
            }
            _ => Some(Kind::Number),
        }
    }

    fn letters_first(&mut self, start: usize) -> Option<Kind> {
        self.take_while(|byte| byte.is_ascii_alphabetic())?;
        // A date may go on with a separator, a zone's name also with a sign or a digit: but after a word that has a
        // meaning of its own these begin the next field.
        let goes_on = match self.peek() {
            b'-' | b'/' | b'.' => true,
            b'+' | b'0'..=b'9' => {
                let word = self.fields.bytes.get(start..self.fields.used)?;
                words::date_word(word).is_none()
            }
            _ => false,
        };
        if !goes_on {
            return Some(Kind::Word);
        }
        self.take(1)?;
        self.take_while(|byte| {
            byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'/' | b'_' | b'.' | b':')
        })?;
        Some(Kind::Date)
    }

    fn sign_first(&mut self) -> Option<Kind> {
        self.take(1)?;
        self.rest = self.rest.trim_ascii_start();
        while let Some((b'\x0b', after)) = self.rest.split_first() {
            self.rest = after.trim_ascii_start();
        }
        match self.peek() {
            b'0'..=b'9' => {
                self.take_while(|byte| byte.is_ascii_digit() || matches!(byte, b':' | b'.' | b'-'))?;
                Some(Kind::Signed)
            }
            byte if byte.is_ascii_alphabetic() => {
                self.take_while(|byte| byte.is_ascii_alphabetic())?;
                Some(Kind::SignedWord)
            }
            _ => None,
        }
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t'..=b'\r')
}

#[cfg(test)]
mod tests {
    use super::*;
    use Kind::*;

    #[test]
    fn fields() {
        let split = |text: &str| {
            let fields = Fields::split(text, 150)?;
            let each = |at| (fields.kind(at).unwrap(), String::from_utf8_lossy(fields.text(at)).into_owned());
            Some((0..fields.len()).map(each).collect::<Vec<_>>())
        };
        for (text, expected) in [
            ("1999-01-08 04:05:06.7-08:00", &[(Date, "1999-01-08"), (Time, "04:05:06.7"), (Signed, "-08:00")][..]),
            ("Jan 8, 1999", &[(Word, "jan"), (Number, "8"), (Number, "1999")]),
            ("08-Jan-99 America/New_York", &[(Date, "08-jan-99"), (Date, "america/new_york")]),
            ("20011225T040506.789-07", &[(Number, "20011225"), (Word, "t"), (Number, "040506.789"), (Signed, "-07")]),
            ("- infinity", &[(SignedWord, "-infinity")]),
            ("J2451187 utc+3", &[(Word, "j"), (Number, "2451187"), (Date, "utc+3")]),
            ("@ 1 day", &[(Number, "1"), (Word, "day")]),
            ("+1-2 .5", &[(Signed, "+1-2"), (Number, ".5")]),
        ] {
            let expected = expected.iter().map(|(kind, text)| (*kind, (*text).to_owned())).collect::<Vec<_>>();
            assert_eq!(split(text), Some(expected), "{text}");
        }
        assert_eq!(split("1999-01-08 -"), None);
        assert_eq!(split("é"), None);
        assert_eq!(split(&"1 ".repeat(26)), None);
    }
}
