//! Patterns of LIKE that are safe to try on rows which the reader may not see.

/// Whether a pattern only compares: a text with at most one `%` at its beginning and one at its end. All others become a
/// regular expression, which is compiled once the first row comes to it. That can fail and takes time, and either would
/// tell that there is a row.
pub fn is_compared(pattern: &str) -> bool {
    let body = pattern.strip_prefix('%').unwrap_or(pattern);
    let body = body.strip_suffix('%').unwrap_or(body);
    !body.contains(['%', '_', '\\'])
}

#[cfg(test)]
mod tests {
    use super::is_compared;

    #[test]
    fn what_needs_no_regular_expression_is_compared() {
        for pattern in ["", "%", "%%", "abc", "abc%", "%abc", "%abc%", "ñ%"] {
            assert!(is_compared(pattern), "{pattern}");
        }
        for pattern in ["_", "a_c", "a%c", "abc%%", "%%abc", "%a%c%", "a\\%", "abc_%", "%%%"] {
            assert!(!is_compared(pattern), "{pattern}");
        }
    }
}
