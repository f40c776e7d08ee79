//! Texts taken apart into lists and put together.

use super::{MAX_BYTES, bounded};
use crate::{Result, ValueError};

/// `string_to_array`: without a delimiter each character is an item; an item that is `null` is NULL.
pub fn string_to_array(text: &str, delimiter: Option<&str>, null: Option<&str>) -> Vec<Option<String>> {
    let item = |part: &str| (Some(part) != null).then(|| part.to_owned());
    match (text, delimiter) {
        ("", _) => Vec::new(),
        (text, None) => text.chars().map(|c| item(c.encode_utf8(&mut [0; 4]))).collect(),
        (text, Some("")) => vec![item(text)],
        (text, Some(delimiter)) => text.split(delimiter).map(item).collect(),
    }
}

/// `array_to_string`: NULLs are left out, unless there is a text for them.
pub fn array_to_string<'i>(
    items: impl IntoIterator<Item = Option<&'i str>>,
    delimiter: &str,
    null: Option<&str>,
) -> Result<String> {
    let mut result = String::new();
    let mut is_first = true;
    for item in items {
        let Some(item) = item.or(null) else { continue };
        if !is_first {
            result.push_str(delimiter);
        }
        is_first = false;
        result.push_str(item);
        bounded(result.len())?;
    }
    Ok(result)
}

/// `concat`: NULLs are left out.
pub fn concat(items: &[Option<&str>]) -> Result<String> {
    let length = items.iter().flatten().map(|item| item.len()).fold(0, usize::saturating_add);
    if length > MAX_BYTES {
        return Err(ValueError::too_long());
    }
    let mut result = String::with_capacity(length);
    result.extend(items.iter().flatten().copied());
    Ok(result)
}

/// `concat_ws`: NULLs are left out. (A separator that is NULL makes the result NULL.)
pub fn concat_ws(separator: &str, items: &[Option<&str>]) -> Result<String> {
    array_to_string(items.iter().copied(), separator, None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_taken_apart_and_put_together() {
        let list = |text, delimiter, null| {
            string_to_array(text, delimiter, null)
                .into_iter()
                .map(|i| i.unwrap_or("NULL".into()))
                .collect::<Vec<_>>()
                .join("|")
        };
        assert_eq!(list("a,b,,c", Some(","), Some("")), "a|b|NULL|c");
        assert_eq!(list("añb", None, Some("b")), "a|ñ|NULL");
        assert_eq!(list("a,b", Some(""), None), "a,b");
        assert_eq!(string_to_array("", None, None).len(), 0);
        let items = [Some("a"), None, Some(""), Some("b")];
        assert_eq!(array_to_string(items, ",", None).as_deref(), Ok("a,,b"));
        assert_eq!(array_to_string(items, ",", Some("*")).as_deref(), Ok("a,*,,b"));
        assert_eq!(concat(&items).as_deref(), Ok("ab"));
        assert_eq!(concat_ws("-", &[None, Some("x"), Some("y")]).as_deref(), Ok("x-y"));
    }
}
