//! Quoting: the only place where a name or a value becomes part of SQL text that goes to PostgreSQL.

/// `name` as a quoted identifier. PostgreSQL's names hold any character but NUL, which no catalog can return.
pub fn identifier(name: &str) -> String {
    let mut quoted = String::with_capacity(name.len() + 2);
    quoted.push('"');
    for c in name.chars() {
        if c == '"' {
            quoted.push('"');
        }
        quoted.push(c);
    }
    quoted.push('"');
    quoted
}

/// `schema.table`, both quoted.
pub fn table(schema: &str, table: &str) -> String {
    format!("{}.{}", identifier(schema), identifier(table))
}

/// `text` as a string literal that reads the same whatever `standard_conforming_strings` says: a backslash switches
/// to the `E''` form. `None` if the text holds NUL, which PostgreSQL's strings can't.
pub fn literal(text: &str) -> Option<String> {
    if text.contains('\0') {
        return None;
    }
    let mut quoted = String::with_capacity(text.len() + 4);
    if text.contains('\\') {
        // The space keeps the E apart from any word before it.
        quoted.push_str(" E");
    }
    quoted.push('\'');
    for c in text.chars() {
        if c == '\'' || c == '\\' {
            quoted.push(c);
        }
        quoted.push(c);
    }
    quoted.push('\'');
    Some(quoted)
}

/// `text` as a literal of the type `type_name`, which is one of this module's callers' own constants or a name that [`table`] has
/// quoted.
pub fn typed_literal(text: &str, type_name: &str) -> Option<String> {
    Some(format!("{}::{type_name}", literal(text)?))
}

/// The texts of values as one literal of the array type over `type_name`, such as `'{"1","2"}'::int4[]`.
pub fn array_literal<'a>(texts: impl Iterator<Item = &'a str>, type_name: &str) -> Option<String> {
    let mut array = String::from("{");
    for (index, text) in texts.enumerate() {
        if index > 0 {
            array.push(',');
        }
        array.push('"');
        for c in text.chars() {
            if c == '"' || c == '\\' {
                array.push('\\');
            }
            array.push(c);
        }
        array.push('"');
    }
    array.push('}');
    typed_literal(&array, &format!("{type_name}[]"))
}

/// The name that a statement's connection shows in `pg_stat_activity`: `weir <user> <query id>`, at most 63 bytes of
/// printable ASCII. A long user name is cut, never the query id, by which the statement is found again.
pub fn application_name(user: &str, query_id: &str) -> String {
    const LIMIT_BYTES: usize = 63;
    let printable = |c: char| if c.is_ascii_graphic() { c } else { '?' };
    let id: String = query_id.chars().map(printable).take(40).collect();
    let room = LIMIT_BYTES - "weir ".len() - 1 - id.len();
    let user: String = user.chars().map(printable).take(room).collect();
    format!("weir {user} {id}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_in_names_and_values_stay_inside() {
        assert_eq!(identifier(r#"a"; DROP TABLE t; --"#), r#""a""; DROP TABLE t; --""#);
        assert_eq!(literal("it's").unwrap(), "'it''s'");
        assert_eq!(literal(r"a\'b").unwrap(), r" E'a\\''b'");
        assert_eq!(literal("a\0b"), None);
    }

    #[test]
    fn array_elements_are_quoted_twice() {
        let written = array_literal([r#"a"b"#, r"c\d", "it's", "NULL", ""].into_iter(), "text").unwrap();
        assert_eq!(written, r#" E'{"a\\"b","c\\\\d","it''s","NULL",""}'::text[]"#);
    }

    #[test]
    fn application_names_are_short_and_printable() {
        let name = application_name(&"é'\n".repeat(50), "q-17");
        assert!(name.len() <= 63 && name.is_ascii(), "{name}");
        assert!(name.ends_with(" q-17"), "{name}");
        assert!(application_name("ana", &"x".repeat(500)).len() <= 63);
    }
}
