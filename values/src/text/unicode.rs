//! Unicode's normal forms.

use std::sync::OnceLock;

use regex_syntax::hir::ClassUnicode;
use unicode_normalization::{
    IsNormalized, UnicodeNormalization, is_nfc_quick, is_nfd_quick, is_nfkc_quick, is_nfkd_quick,
};

use super::bounded;
use super::character::unicode_class;
use crate::{Result, ValueError};

#[derive(Clone, Copy)]
enum Form {
    Nfc,
    Nfd,
    Nfkc,
    Nfkd,
}

impl Form {
    fn read(name: &str) -> Result<Self> {
        let forms = [("NFC", Self::Nfc), ("NFD", Self::Nfd), ("NFKC", Self::Nfkc), ("NFKD", Self::Nfkd)];
        let found = forms.into_iter().find(|(form, _)| name.eq_ignore_ascii_case(form));
        found
            .map(|(_, form)| form)
            .ok_or_else(|| ValueError::invalid_parameter(format!("invalid normalization form: {name}")))
    }
}

/// `normalize(text, form)`
pub fn normalize(text: &str, form: &str) -> Result<String> {
    let form = Form::read(form)?;
    if text.is_ascii() {
        return Ok(text.to_owned());
    }
    let mut result = String::with_capacity(text.len());
    match form {
        Form::Nfc => collect(text.nfc(), &mut result)?,
        Form::Nfd => collect(text.nfd(), &mut result)?,
        Form::Nfkc => collect(text.nfkc(), &mut result)?,
        Form::Nfkd => collect(text.nfkd(), &mut result)?,
    }
    Ok(result)
}

/// A character may become eighteen.
fn collect(chars: impl Iterator<Item = char>, result: &mut String) -> Result<()> {
    for c in chars {
        result.push(c);
        bounded(result.len())?;
    }
    Ok(())
}

/// `text IS form NORMALIZED`
pub fn is_normalized(text: &str, form: &str) -> Result<bool> {
    let form = Form::read(form)?;
    if text.is_ascii() {
        return Ok(true);
    }
    let quick = match form {
        Form::Nfc => is_nfc_quick(text.chars()),
        Form::Nfd => is_nfd_quick(text.chars()),
        Form::Nfkc => is_nfkc_quick(text.chars()),
        Form::Nfkd => is_nfkd_quick(text.chars()),
    };
    Ok(match (quick, form) {
        (IsNormalized::Yes, _) => true,
        (IsNormalized::No, _) => false,
        (IsNormalized::Maybe, Form::Nfc) => text.nfc().eq(text.chars()),
        (IsNormalized::Maybe, Form::Nfd) => text.nfd().eq(text.chars()),
        (IsNormalized::Maybe, Form::Nfkc) => text.nfkc().eq(text.chars()),
        (IsNormalized::Maybe, Form::Nfkd) => text.nfkd().eq(text.chars()),
    })
}

/// `unicode_assigned(text)`
pub fn unicode_assigned(text: &str) -> bool {
    static UNASSIGNED: OnceLock<ClassUnicode> = OnceLock::new();
    let ranges = UNASSIGNED.get_or_init(|| unicode_class(r"\p{Cn}")).ranges();
    let is_unassigned = |c: char| {
        let after = ranges.partition_point(|range| range.start() <= c);
        after.checked_sub(1).and_then(|at| ranges.get(at)).is_some_and(|range| c <= range.end())
    };
    text.is_ascii() || !text.chars().any(is_unassigned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_take_normal_forms() {
        for (form, result) in [("NFC", "éﬁ"), ("nfd", "e\u{301}ﬁ"), ("NFKC", "éfi"), ("NFKD", "e\u{301}fi")] {
            assert_eq!(normalize("e\u{301}ﬁ", form).as_deref(), Ok(result));
            assert_eq!(is_normalized(result, form), Ok(true));
        }
        assert_eq!(is_normalized("e\u{301}", "NFC"), Ok(false));
        assert_eq!(normalize("a", "x").unwrap_err().message, "invalid normalization form: x");
        assert!(unicode_assigned("aé") && !unicode_assigned("\u{378}"));
    }
}
