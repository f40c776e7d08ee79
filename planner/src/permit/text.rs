//! A rule's SQL text: its tree, what it names, and how it reads for a principal.
//!
//! What it names is told from its tokens, and so from all of it, whatever stands around.

use std::collections::BTreeSet;

use pg_query::NodeEnum;
use pg_query::protobuf::{self, a_const};
use weir_policies::{Attribute, Principal};

use crate::parse;

/// The text as one expression.
pub(super) fn parse(text: &str) -> Result<NodeEnum, String> {
    parse::expression(text).map_err(|error| error.to_string())
}

/// What an expression, its sub-selects included, says of the world. It may name more than is meant, and nothing less.
#[derive(Debug, Default)]
pub(crate) struct Mentions {
    /// Names in `attr('NAME')`.
    pub attributes: BTreeSet<String>,
    /// Names in `has_role('NAME')`.
    pub roles: BTreeSet<String>,
    /// Whether it holds a sub-select.
    pub selects: bool,
    /// Names before a dot: of schemas, tables and their aliases.
    pub qualifiers: BTreeSet<String>,
}

impl Mentions {
    /// The error is that of a text that isn't SQL.
    pub fn of(text: &str) -> Result<Self, String> {
        let mut mentions = Self::default();
        let tokens = Tokens::of(text)?;
        for at in 0..tokens.all.len() {
            match tokens.principals(at) {
                Some(Ok((Of::Attribute(name), _))) => mentions.attributes.extend([name]),
                Some(Ok((Of::Role(name), _))) => mentions.roles.extend([name]),
                _ => {}
            }
            let opens = tokens.is(at, protobuf::Token::Ascii40);
            let begins_query = [protobuf::Token::Values, protobuf::Token::Table, protobuf::Token::With]
                .into_iter()
                .any(|word| opens && tokens.is(at + 1, word));
            mentions.selects |= begins_query || tokens.is(at, protobuf::Token::Select);
            if tokens.is(at + 1, protobuf::Token::Ascii46) {
                mentions.qualifiers.insert(tokens.name(at));
            }
        }
        Ok(mentions)
    }
}

/// A rule's SQL with the principal's attributes, roles and name in place, as people read it; else what is wrong with it.
pub fn spelled(text: &str, principal: &Principal) -> Result<String, String> {
    let tokens = Tokens::of(text)?;
    let mut shown = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(token) = tokens.all.get(at) {
        if at > 0 && !tokens.touch(at) {
            shown.push(' ');
        }
        let length = match tokens.principals(at).transpose()? {
            Some((of, length)) => {
                shown.push_str(&of.spelled(principal));
                length
            }
            None => {
                shown.push_str(token.text);
                1
            }
        };
        at += length;
    }
    Ok(shown)
}

/// Something of the principal's.
enum Of {
    Attribute(String),
    Role(String),
    User,
}

impl Of {
    fn spelled(&self, principal: &Principal) -> String {
        match self {
            Of::Attribute(name) => principal.attributes.get(name).map_or_else(|| "NULL".to_owned(), literal),
            Of::Role(role) => principal.roles.contains(role).to_string(),
            Of::User => quoted(&principal.user),
        }
    }
}

fn literal(value: &Attribute) -> String {
    match value {
        Attribute::Text(text) => quoted(text),
        Attribute::Integer(number) => number.to_string(),
        Attribute::Float(number) => number.to_string(),
        Attribute::Boolean(flag) => flag.to_string(),
        Attribute::List(items) if items.is_empty() => "'{}'".to_owned(),
        Attribute::List(items) => {
            format!("ARRAY[{}]", items.iter().map(literal).collect::<Vec<_>>().join(", "))
        }
    }
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// A text's tokens without its comments.
struct Tokens<'t> {
    all: Vec<Token<'t>>,
}

struct Token<'t> {
    kind: i32,
    keyword: i32,
    text: &'t str,
}

impl Token<'_> {
    /// Whether parentheses behind it hold its arguments.
    fn is_called(&self) -> bool {
        use protobuf::{KeywordKind as K, Token as T};
        let is = |kinds: &[T]| kinds.iter().any(|kind| self.kind == *kind as i32);
        let is_name = self.keyword == K::UnreservedKeyword as i32 || self.keyword == K::ColNameKeyword as i32;
        is(&[T::Ident, T::Any, T::Some, T::All, T::Left, T::Right]) || is_name
    }
}

impl<'t> Tokens<'t> {
    fn of(text: &'t str) -> Result<Self, String> {
        let scanned = pg_query::scan(text).map_err(|error| error.to_string())?;
        let is_comment =
            |kind: i32| kind == protobuf::Token::SqlComment as i32 || kind == protobuf::Token::CComment as i32;
        let tokens = scanned.tokens.into_iter().filter(|token| !is_comment(token.token));
        let all = tokens.filter_map(|token| {
            let (start, end) = (usize::try_from(token.start).ok()?, usize::try_from(token.end).ok()?);
            Some(Token { kind: token.token, keyword: token.keyword_kind, text: text.get(start..end)? })
        });
        Ok(Self { all: all.collect() })
    }

    /// Whether people write a token right behind the one before: one spelling for all ways to set blanks.
    fn touch(&self, at: usize) -> bool {
        use protobuf::Token as T;
        let one_of = |at: usize, kinds: &[T]| kinds.iter().any(|kind| self.is(at, *kind));
        let before = at.saturating_sub(1);
        one_of(at, &[T::Ascii41, T::Ascii44, T::Ascii46, T::Ascii91, T::Ascii93, T::Typecast])
            || one_of(before, &[T::Ascii40, T::Ascii46, T::Ascii91, T::Typecast])
            || (self.is(at, T::Ascii40) && self.all.get(before).is_some_and(Token::is_called))
    }

    fn is(&self, at: usize, kind: protobuf::Token) -> bool {
        self.all.get(at).is_some_and(|token| token.kind == kind as i32)
    }

    /// A name as it is looked up.
    fn name(&self, at: usize) -> String {
        let text = self.all.get(at).map_or("", |token| token.text);
        match text.strip_prefix('"').and_then(|text| text.strip_suffix('"')) {
            Some(quoted) => quoted.replace("\"\"", "\""),
            None => text.to_lowercase(),
        }
    }

    /// What of the principal begins with a token, and how many tokens it takes; the error says what is wrong with a call.
    fn principals(&self, at: usize) -> Option<Result<(Of, usize), String>> {
        use protobuf::Token as T;
        if at.checked_sub(1).is_some_and(|before| self.is(before, T::Ascii46)) {
            return None;
        }
        if [T::CurrentUser, T::SessionUser, T::CurrentRole, T::User].into_iter().any(|word| self.is(at, word)) {
            return Some(Ok((Of::User, 1)));
        }
        let name = self.name(at);
        let of: fn(String) -> Of = match name.as_str() {
            "attr" => Of::Attribute,
            "has_role" => Of::Role,
            _ => return None,
        };
        if !self.is(at + 1, T::Ascii40) {
            return None;
        }
        let argument =
            self.all.get(at + 2).filter(|_| self.is(at + 3, T::Ascii41)).and_then(|token| string(token.text));
        Some(argument.map(|argument| (of(argument), 4)).ok_or_else(|| format!("{name} takes one quoted name")))
    }
}

/// The text that a quoted constant is.
fn string(token: &str) -> Option<String> {
    if !token.contains('\'') && !token.starts_with('$') {
        return None;
    }
    match parse::expression(token).ok()? {
        NodeEnum::AConst(constant) => match constant.val? {
            a_const::Val::Sval(text) => Some(text.sval),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn names(set: &BTreeSet<String>) -> Vec<&str> {
        set.iter().map(String::as_str).collect()
    }

    #[test]
    fn all_of_a_text_is_looked_at() {
        let text = "ATTR('a') = x AND has_role( E'b\\'s' ) /* attr('c') */ AND json_object('k': attr($$d$$)) IS NOT NULL \
                    AND id IN (SELECT s.id FROM \"Shop\".t s) -- attr('e')";
        let mentions = Mentions::of(text).unwrap();
        assert_eq!(names(&mentions.attributes), ["a", "d"]);
        assert_eq!(names(&mentions.roles), ["b's"]);
        assert_eq!(names(&mentions.qualifiers), ["Shop", "s"]);
        assert!(mentions.selects && !Mentions::of("\"select\" = 'select' AND values > 1").unwrap().selects);
        for selects in ["x IN (VALUES (1))", "(TABLE t) = 1", "(WITH a AS (TABLE t) TABLE a) = 1"] {
            assert!(Mentions::of(selects).unwrap().selects, "{selects}");
        }
    }

    #[test]
    fn a_rule_reads_as_it_holds_for_someone() {
        let list = Attribute::List(vec![Attribute::Text("ES".to_owned()), Attribute::Text("D'F".to_owned())]);
        let attributes = BTreeMap::from([
            ("teams".to_owned(), list),
            ("level".to_owned(), Attribute::Integer(-3)),
            ("none".to_owned(), Attribute::List(Vec::new())),
        ]);
        let ana = Principal { user: "ana".to_owned(), roles: BTreeSet::from(["dpo".to_owned()]), attributes };
        for (written, read) in [
            ("country = ANY(attr('teams'))", "country = ANY(ARRAY['ES', 'D''F'])"),
            ("x  >\n attr('level') -- why", "x > -3"),
            ("attr('absent') IS NULL AND has_role('dpo')", "NULL IS NULL AND true"),
            ("o.user = current_user AND x=ANY ( attr('none') )", "o.user = 'ana' AND x = ANY('{}')"),
            ("lower (a) IN(1,2)AND b[1]::int>2", "lower(a) IN (1, 2) AND b[1]::int > 2"),
            ("'attr(''x'')' = x", "'attr(''x'')' = x"),
        ] {
            assert_eq!(spelled(written, &ana).as_deref(), Ok(read), "{written}");
        }
        assert_eq!(spelled("attr(x) = 1", &ana), Err("attr takes one quoted name".to_owned()));
    }

    #[test]
    fn a_rule_is_one_expression() {
        for text in
            ["true; true", "true;", "id = 1 UNION SELECT 1", "id = 1 ORDER BY 1", "id = 1, true", "", "true) OR (true"]
        {
            assert!(parse(text).is_err(), "{text}");
        }
        assert!(parse("id = 1 -- one").is_ok());
    }
}
