//! Names of tables, types, functions and other objects as numbers, `regclass` and its kin (documentation, 8.19): read and
//! printed by what the view has.

use arrow::array::ArrayRef;
use datafusion::error::Result;
use weir_values::system::{self, ids, parse_type};
use weir_values::{ValueError, code};

use super::catalogs::{Catalogs, Checked, catalogs};
use super::columns::{Args, Int8, Text, map1};
use super::{Proc, of_catalogs, strict};
use crate::pg_catalog::{
    ARGUMENTS, COLLATIONS, FUNCTIONS, Named, OPERANDS, OPERATORS, Own, TEXT_CONFIGURATIONS, TEXT_DICTIONARIES, TYPES,
};
use weir_values::text::quote_ident;

pub(super) const PROCS: &[Proc] = &[
    of_catalogs("regclassin", |args| read(args, Catalogs::class)),
    of_catalogs("text_regclass", |args| read(args, Catalogs::class)),
    of_catalogs("regtypein", |args| read(args, Catalogs::type_named)),
    of_catalogs("regprocin", |args| read(args, Catalogs::function)),
    of_catalogs("regprocedurein", |args| read(args, Catalogs::function_with_types)),
    of_catalogs("regoperin", |args| read_operator(args, Catalogs::operator)),
    of_catalogs("regoperatorin", |args| read_operator(args, Catalogs::operator_with_types)),
    of_catalogs("regnamespacein", |args| read(args, Catalogs::schema)),
    of_catalogs("regrolein", |args| read(args, Catalogs::role)),
    of_catalogs("regconfigin", |args| read(args, Catalogs::text_configuration)),
    of_catalogs("regdictionaryin", |args| read(args, Catalogs::text_dictionary)),
    of_catalogs("regcollationin", |args| read(args, Catalogs::collation)),
    of_catalogs("to_regclass", |args| find(args, Catalogs::class)),
    of_catalogs("to_regtype", |args| find(args, Catalogs::type_named)),
    of_catalogs("to_regproc", |args| find(args, Catalogs::function)),
    of_catalogs("to_regprocedure", |args| find(args, Catalogs::function_with_types)),
    of_catalogs("to_regoper", |args| find(args, Catalogs::operator)),
    of_catalogs("to_regoperator", |args| find(args, Catalogs::operator_with_types)),
    of_catalogs("to_regnamespace", |args| find(args, Catalogs::schema)),
    of_catalogs("to_regrole", |args| find(args, Catalogs::role)),
    of_catalogs("to_regcollation", |args| find(args, Catalogs::collation)),
    strict("to_regtypemod", |args| {
        map1::<Text, _>(args, |text| match parse_type(text) {
            Ok(ty) => Ok(Some(ty.typmod)),
            Err(error) if error.code == code::UNDEFINED_OBJECT => Ok(None),
            Err(error) => Err(error),
        })
    }),
    of_catalogs("regclassout", |args| print(args, Catalogs::class_text)),
    of_catalogs("regtypeout", |args| print(args, |catalogs, oid| catalogs.type_text(oid, None))),
    of_catalogs("regprocout", |args| print(args, Catalogs::function_text)),
    of_catalogs("regprocedureout", |args| print(args, Catalogs::function_with_types_text)),
    of_catalogs("regoperout", |args| print_or(args, "0", Catalogs::operator_text)),
    of_catalogs("regoperatorout", |args| print_or(args, "0", Catalogs::operator_with_types_text)),
    of_catalogs("regnamespaceout", |args| {
        print(args, |catalogs, oid| {
            let name = catalogs.objects.namespace_name(oid);
            Ok(name.map(|name| quote_ident(name).into_owned()))
        })
    }),
    of_catalogs("regroleout", |args| {
        print(args, |catalogs, oid| Ok(catalogs.role_name(oid).map(|name| quote_ident(name).into_owned())))
    }),
    of_catalogs("regconfigout", |args| print(args, |catalogs, oid| Ok(catalogs.shown(&TEXT_CONFIGURATIONS, oid)))),
    of_catalogs("regdictionaryout", |args| print(args, |catalogs, oid| Ok(catalogs.shown(&TEXT_DICTIONARIES, oid)))),
    of_catalogs("regcollationout", |args| print(args, |catalogs, oid| Ok(catalogs.shown(&COLLATIONS, oid)))),
    strict("int2vectorin", |args| map1::<Text, _>(args, |text| vector(text, "smallint"))),
    strict("oidvectorin", |args| map1::<Text, _>(args, |text| vector(text, "oid"))),
    strict("vector_array", |args| map1::<Text, _>(args, |text| Ok(array_of_vector(text)))),
];

/// Numbers of what texts name.
fn read(args: &Args<'_>, named: fn(&Catalogs, &str) -> Checked<u32>) -> Result<ArrayRef> {
    let catalogs = catalogs(args)?;
    map1::<Text, _>(args, |text| number_or(text, |text| named(catalogs, text)).map(i64::from))
}

/// The same, NULL where there is nothing of the name.
fn find(args: &Args<'_>, named: fn(&Catalogs, &str) -> Checked<u32>) -> Result<ArrayRef> {
    let catalogs = catalogs(args)?;
    map1::<Text, _>(args, |text| match number_or(text, |text| named(catalogs, text)) {
        Ok(oid) => Ok(Some(i64::from(oid))),
        Err(error) if matches!(error.code, TOO_MANY_NAMES | code::FEATURE_NOT_SUPPORTED) => Err(error),
        Err(_) => Ok(None),
    })
}

/// The same of operators, one of which is `-`.
fn read_operator(args: &Args<'_>, named: fn(&Catalogs, &str) -> Checked<u32>) -> Result<ArrayRef> {
    let catalogs = catalogs(args)?;
    map1::<Text, _>(args, |text| match text {
        "-" => named(catalogs, text).map(i64::from),
        text => number_or(text, |text| named(catalogs, text)).map(i64::from),
    })
}

fn print(args: &Args<'_>, text: impl Fn(&Catalogs, u32) -> Checked<Option<String>>) -> Result<ArrayRef> {
    print_or(args, "-", text)
}

/// Names of what numbers stand for, and what is printed for none.
fn print_or(args: &Args<'_>, none: &str, text: impl Fn(&Catalogs, u32) -> Checked<Option<String>>) -> Result<ArrayRef> {
    let catalogs = catalogs(args)?;
    map1::<Int8, _>(args, |oid| match oid as u32 {
        0 => Ok(none.to_owned()),
        oid => Ok(text(catalogs, oid)?.unwrap_or_else(|| oid.to_string())),
    })
}

fn number_or(text: &str, named: impl FnOnce(&str) -> Checked<u32>) -> Checked<u32> {
    match text {
        "-" => Ok(0),
        _ if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) => ids::parse_oid(text),
        _ => named(text),
    }
}

/// A name is no longer, in bytes.
const NAME_BYTES: usize = 63;
const TOO_MANY_NAMES: &str = code::SYNTAX_ERROR;
const INVALID_NAME: &str = "42602";
const UNDEFINED_TABLE: &str = "42P01";
const UNDEFINED_FUNCTION: &str = "42883";
const AMBIGUOUS_FUNCTION: &str = "42725";
const UNDEFINED_SCHEMA: &str = "3F000";
const UNDEFINED_PARAMETER: &str = "42P02";
const TOO_MANY_ARGUMENTS: &str = "54023";

/// The parts of a name with points between them; what isn't quoted is in lower case.
fn parts(text: &str) -> Checked<Vec<String>> {
    let invalid = || ValueError::new(INVALID_NAME, "invalid name syntax");
    let mut parts = Vec::new();
    let mut rest = text.trim();
    loop {
        let (part, after) = match rest.strip_prefix('"') {
            Some(quoted) => {
                let (mut part, mut chars) = (String::new(), quoted.char_indices().peekable());
                let end = loop {
                    match chars.next() {
                        None => return Err(invalid()),
                        Some((_, '"')) if chars.next_if(|(_, next)| *next == '"').is_some() => part.push('"'),
                        Some((at, '"')) => break at + 1,
                        Some((_, c)) => part.push(c),
                    }
                };
                (part, quoted.get(end..).unwrap_or_default())
            }
            None => {
                let end = rest.find(|c: char| c == '.' || c.is_whitespace()).unwrap_or(rest.len());
                let (part, after) = rest.split_at(end);
                (part.to_ascii_lowercase(), after)
            }
        };
        if part.is_empty() {
            return Err(invalid());
        }
        parts.push(part.get(..part.floor_char_boundary(NAME_BYTES)).unwrap_or_default().to_owned());
        let after = after.trim_start();
        match after.strip_prefix('.') {
            Some(next) => rest = next.trim_start(),
            None if after.is_empty() => return Ok(parts),
            None => return Err(invalid()),
        }
    }
}

/// `name(type, type)`: the name, and the types as they are written.
fn signature(text: &str) -> Checked<(&str, Vec<&str>)> {
    let invalid = |what: &str| ValueError::new(code::INVALID_TEXT_REPRESENTATION, what);
    let mut is_quoted = false;
    let open = text.find(|c: char| {
        is_quoted ^= c == '"';
        c == '(' && !is_quoted
    });
    let open = open.ok_or_else(|| invalid("expected a left parenthesis"))?;
    let (name, types) = text.split_at(open);
    let types = types.trim_end().strip_prefix('(').and_then(|types| types.strip_suffix(')'));
    let types = types.ok_or_else(|| invalid("expected a right parenthesis"))?;
    if types.trim().is_empty() {
        return Ok((name, Vec::new()));
    }
    let (mut depth, mut is_quoted) = (0_i32, false);
    let is_end = |c: char| {
        is_quoted ^= c == '"';
        match c {
            '(' | '[' if !is_quoted => depth += 1,
            ')' | ']' if !is_quoted => depth -= 1,
            _ => {}
        }
        c == ',' && depth == 0 && !is_quoted
    };
    let types: Vec<&str> = types.split(is_end).map(str::trim).collect();
    match types.iter().any(|ty| ty.is_empty()) {
        true => Err(invalid("expected a type name")),
        false => Ok((name, types)),
    }
}

impl Catalogs {
    pub(super) fn class(&self, text: &str) -> Checked<u32> {
        let parts = parts(text)?;
        let no_relation = || {
            let message = format!("relation \"{}\" does not exist", parts.join("."));
            ValueError::new(UNDEFINED_TABLE, message)
        };
        let found = match parts.as_slice() {
            [name] => self.path.iter().find_map(|schema| self.objects.relation_named(*schema, name)),
            [schema, name] => self.in_schema(schema, name),
            [database, schema, name] if *database == self.objects.database => self.in_schema(schema, name),
            [_, _, _] => {
                let message = format!("cross-database references are not implemented: \"{}\"", parts.join("."));
                return Err(ValueError::new(code::FEATURE_NOT_SUPPORTED, message));
            }
            _ => {
                let message = format!("improper relation name (too many dotted names): {}", parts.join("."));
                return Err(ValueError::new(TOO_MANY_NAMES, message));
            }
        };
        found.ok_or_else(no_relation)
    }

    fn in_schema(&self, schema: &str, name: &str) -> Option<u32> {
        self.objects.namespace(schema).and_then(|schema| self.objects.relation_named(schema, name))
    }

    /// The things of a kind that have a name and can be seen.
    fn all_named<'n>(&'n self, kind: &'static Named, parts: &'n [String]) -> Vec<u32> {
        match parts {
            [name] => {
                let is_seen = |oid: &u32| kind.get(*oid).is_some_and(|(schema, _)| self.path.contains(&schema));
                kind.named(name).iter().copied().filter(is_seen).collect()
            }
            [schema, name] => match self.objects.namespace(schema) {
                Some(schema) => kind.find(name, Some(schema)).collect(),
                None => Vec::new(),
            },
            _ => Vec::new(),
        }
    }

    pub(super) fn type_named(&self, text: &str) -> Checked<u32> {
        match parse_type(text) {
            Ok(ty) => Ok(ty.oid),
            Err(error) if error.code == code::UNDEFINED_OBJECT => {
                let (name, is_array) = text.trim().strip_suffix("[]").map_or((text, false), |name| (name, true));
                let mut names = parts(name).map_err(|_| error.clone())?;
                if let Some(last) = names.last_mut().filter(|_| is_array) {
                    last.insert(0, '_');
                }
                let built_in = self.all_named(&TYPES, &names).first().copied();
                built_in.or_else(|| self.own_type_named(&names)).ok_or(error)
            }
            Err(error) => Err(error),
        }
    }

    /// The type of a source that a text names.
    pub(crate) fn own_type_in(&self, text: &str) -> Option<Own<'_>> {
        self.objects.own_type(self.type_named(text).ok()?).map(|(_, own)| own)
    }

    /// The type of a source that a name with or without a schema means.
    fn own_type_named(&self, names: &[String]) -> Option<u32> {
        let found = match names {
            [name] => self.path.iter().find_map(|schema| self.objects.own_type_named(*schema, name)),
            [schema, name] => self.objects.own_type_named(self.objects.namespace(schema)?, name),
            _ => None,
        };
        found.map(Own::oid)
    }

    fn function(&self, text: &str) -> Checked<u32> {
        let found = self.all_named(&FUNCTIONS, &parts(text)?);
        match found.as_slice() {
            [one] => Ok(*one),
            [] => Err(no_function(text)),
            _ => Err(ValueError::new(AMBIGUOUS_FUNCTION, format!("more than one function named \"{text}\""))),
        }
    }

    pub(super) fn function_with_types(&self, text: &str) -> Checked<u32> {
        let (name, types) = signature(text)?;
        let names = parts(name)?;
        let types = types.into_iter().map(|ty| self.type_named(ty)).collect::<Checked<Vec<_>>>()?;
        let takes = |oid: &u32| ARGUMENTS.get(oid) == Some(&types);
        self.all_named(&FUNCTIONS, &names).into_iter().find(takes).ok_or_else(|| no_function(text))
    }

    fn operator(&self, text: &str) -> Checked<u32> {
        match self.all_named(&OPERATORS, &parts(text)?).as_slice() {
            [one] => Ok(*one),
            [] => Err(no_operator(text)),
            _ => Err(ValueError::new(AMBIGUOUS_FUNCTION, format!("more than one operator named {text}"))),
        }
    }

    fn operator_with_types(&self, text: &str) -> Checked<u32> {
        let (name, types) = signature(text)?;
        let names = parts(name)?;
        let of = |ty: &&str| if ty.eq_ignore_ascii_case("none") { Ok(0) } else { self.type_named(ty) };
        let operands = types.iter().map(of).collect::<Checked<Vec<_>>>()?;
        let operands: [u32; 2] = match operands.as_slice() {
            [left, right] => [*left, *right],
            [] | [_] => {
                let mut error = ValueError::new(UNDEFINED_PARAMETER, "missing argument");
                error.hint = Some("Use NONE to denote the missing argument of a unary operator.".to_owned());
                return Err(error);
            }
            _ => {
                let mut error = ValueError::new(TOO_MANY_ARGUMENTS, "too many arguments");
                error.hint = Some("Provide two argument types for operator.".to_owned());
                return Err(error);
            }
        };
        let takes = |oid: &u32| OPERANDS.get(oid) == Some(&operands);
        self.all_named(&OPERATORS, &names).into_iter().find(takes).ok_or_else(|| no_operator(text))
    }

    pub(super) fn schema(&self, text: &str) -> Checked<u32> {
        let name = single(text)?;
        let missing = || ValueError::new(UNDEFINED_SCHEMA, format!("schema \"{name}\" does not exist"));
        self.objects.namespace(&name).ok_or_else(missing)
    }

    fn role(&self, text: &str) -> Checked<u32> {
        self.role_named(&single(text)?)
    }

    pub(super) fn role_named(&self, name: &str) -> Checked<u32> {
        let found = self.objects.roles().into_iter().find(|(_, known)| *known == name);
        let missing = || ValueError::new(code::UNDEFINED_OBJECT, format!("role \"{name}\" does not exist"));
        found.map(|(oid, _)| oid).ok_or_else(missing)
    }

    pub(super) fn role_name(&self, oid: u32) -> Option<&str> {
        self.objects.roles().into_iter().find(|(known, _)| *known == oid).map(|(_, name)| name)
    }

    fn text_configuration(&self, text: &str) -> Checked<u32> {
        self.the_one(&TEXT_CONFIGURATIONS, text, |name| format!("text search configuration \"{name}\" does not exist"))
    }

    fn text_dictionary(&self, text: &str) -> Checked<u32> {
        self.the_one(&TEXT_DICTIONARIES, text, |name| format!("text search dictionary \"{name}\" does not exist"))
    }

    fn collation(&self, text: &str) -> Checked<u32> {
        let missing = |name: &str| format!("collation \"{name}\" for encoding \"UTF8\" does not exist");
        self.the_one(&COLLATIONS, text, missing)
    }

    fn the_one(&self, kind: &'static Named, text: &str, missing: impl Fn(&str) -> String) -> Checked<u32> {
        let parts = parts(text)?;
        let found = self.all_named(kind, &parts).first().copied();
        found.ok_or_else(|| ValueError::new(code::UNDEFINED_OBJECT, missing(&parts.join("."))))
    }

    /// A name, with its schema if it can't be seen without.
    fn qualified(&self, schema: u32, name: &str, is_visible: bool) -> String {
        let name = quote_ident(name);
        match self.objects.namespace_name(schema).filter(|_| !is_visible) {
            Some(schema) => format!("{}.{name}", quote_ident(schema)),
            None => name.into_owned(),
        }
    }

    pub(super) fn class_text(&self, oid: u32) -> Checked<Option<String>> {
        let shown = |relation: crate::pg_catalog::Found<'_>| {
            self.qualified(relation.namespace, relation.name, self.is_visible_table(oid) == Some(true))
        };
        Ok(self.objects.relation(oid).map(shown))
    }

    fn shown(&self, kind: &'static Named, oid: u32) -> Option<String> {
        let (schema, name) = kind.get(oid)?;
        Some(self.qualified(schema, name, self.is_visible(kind, oid) == Some(true)))
    }

    /// `format_type`; `None` for what is no type.
    pub(super) fn type_text(&self, oid: u32, typmod: Option<i32>) -> Checked<Option<String>> {
        if system::builtin_by_oid(oid).or_else(|| system::element_type_of(oid)).is_some() {
            return system::format_type(oid, typmod).map(Some);
        }
        if let Some((schema, own)) = self.objects.own_type(oid) {
            let is_visible = self.objects.sees_type(&self.path, own.definition.oid());
            let name = self.qualified(schema, own.definition.name(), is_visible);
            return Ok(Some(if own.is_array { name + "[]" } else { name }));
        }
        let Some((schema, name)) = TYPES.get(oid) else { return Ok(None) };
        let element = name.strip_prefix('_').and_then(|name| TYPES.find(name, Some(schema)).next());
        Ok(match element {
            Some(element) => self.shown(&TYPES, element).map(|name| name + "[]"),
            None => self.shown(&TYPES, oid),
        })
    }

    pub(super) fn function_text(&self, oid: u32) -> Checked<Option<String>> {
        let Some((schema, name)) = FUNCTIONS.get(oid) else { return Ok(None) };
        let is_alone = self.all_named(&FUNCTIONS, &[name.to_owned()]) == [oid];
        Ok(Some(self.qualified(schema, name, is_alone)))
    }

    pub(super) fn function_with_types_text(&self, oid: u32) -> Checked<Option<String>> {
        let (Some((schema, name)), Some(types)) = (FUNCTIONS.get(oid), ARGUMENTS.get(&oid)) else { return Ok(None) };
        let name = self.qualified(schema, name, self.path.contains(&schema));
        Ok(Some(format!("{name}({})", self.types_text(types)?)))
    }

    fn types_text(&self, types: &[u32]) -> Checked<String> {
        let texts = types.iter().map(|ty| match ty {
            0 => Ok("NONE".to_owned()),
            ty => Ok(self.type_text(*ty, None)?.unwrap_or_else(|| "???".to_owned())),
        });
        Ok(texts.collect::<Checked<Vec<_>>>()?.join(","))
    }

    fn operator_text(&self, oid: u32) -> Checked<Option<String>> {
        let Some((schema, name)) = OPERATORS.get(oid) else { return Ok(None) };
        let is_alone = self.all_named(&OPERATORS, &[name.to_owned()]) == [oid];
        Ok(Some(self.operator_name(schema, name, is_alone)))
    }

    fn operator_with_types_text(&self, oid: u32) -> Checked<Option<String>> {
        let (Some((schema, name)), Some(types)) = (OPERATORS.get(oid), OPERANDS.get(&oid)) else { return Ok(None) };
        let name = self.operator_name(schema, name, self.path.contains(&schema));
        Ok(Some(format!("{name}({})", self.types_text(types)?)))
    }

    fn operator_name(&self, schema: u32, name: &str, is_visible: bool) -> String {
        match self.objects.namespace_name(schema).filter(|_| !is_visible) {
            Some(schema) => format!("{}.{name}", quote_ident(schema)),
            None => name.to_owned(),
        }
    }
}

fn single(text: &str) -> Checked<String> {
    let mut parts = parts(text)?;
    match (parts.pop(), parts.is_empty()) {
        (Some(name), true) => Ok(name),
        _ => Err(ValueError::new(INVALID_NAME, "invalid name syntax")),
    }
}

fn no_function(text: &str) -> ValueError {
    ValueError::new(UNDEFINED_FUNCTION, format!("function \"{text}\" does not exist"))
}

fn no_operator(text: &str) -> ValueError {
    ValueError::new(UNDEFINED_FUNCTION, format!("operator does not exist: {text}"))
}

/// Numbers with blanks between them, as `int2vector` and `oidvector` are printed.
fn vector(text: &str, item: &str) -> Checked<String> {
    let number = |word: &str| match (item, word.parse::<i64>()) {
        ("oid", _) => Ok(ids::parse_oid(word)?.to_string()),
        (_, Ok(number)) if i16::try_from(number).is_ok() => Ok(number.to_string()),
        (_, Ok(_)) => {
            let message = format!("value \"{word}\" is out of range for type {item}");
            Err(ValueError::new(code::NUMERIC_OUT_OF_RANGE, message))
        }
        (_, Err(_)) => {
            let message = format!("invalid input syntax for type {item}: \"{word}\"");
            Err(ValueError::new(code::INVALID_TEXT_REPRESENTATION, message))
        }
    };
    Ok(text.split_ascii_whitespace().map(number).collect::<Checked<Vec<_>>>()?.join(" "))
}

/// The text of the array that a vector is.
fn array_of_vector(text: &str) -> String {
    let items: Vec<&str> = text.split_ascii_whitespace().collect();
    match items.len() {
        0 => "{}".to_owned(),
        count => format!("[0:{}]={{{}}}", count - 1, items.join(",")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_parts() {
        let of = |text: &str| parts(text).map(|parts| parts.join("|")).map_err(|error| error.message);
        assert_eq!(of("Pg_Class").unwrap(), "pg_class");
        assert_eq!(of(" a . \"B\"\"c\".d ").unwrap(), "a|B\"c|d");
        assert_eq!(of("pg_catalog.+").unwrap(), "pg_catalog|+");
        for invalid in ["", ".x", "a.", "a b", "\"a", "\"\""] {
            assert_eq!(of(invalid).unwrap_err(), "invalid name syntax", "{invalid}");
        }
    }

    #[test]
    fn signatures_have_types() {
        assert_eq!(signature("f(int, numeric(5,2))").unwrap(), ("f", vec!["int", "numeric(5,2)"]));
        assert_eq!(signature("f()").unwrap(), ("f", vec![]));
        assert_eq!(signature("f").unwrap_err().message, "expected a left parenthesis");
        assert_eq!(signature("f(int").unwrap_err().message, "expected a right parenthesis");
    }

    #[test]
    fn vectors_begin_at_0() {
        assert_eq!(array_of_vector("7 8"), "[0:1]={7,8}");
        assert_eq!(vector(" 1  2 ", "smallint").unwrap(), "1 2");
        assert_eq!(vector("70000", "smallint").unwrap_err().code, "22003");
    }
}
