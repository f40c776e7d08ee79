//! Names of functions and schemas as values: constants of `regproc`, `regprocedure` and `regnamespace` (documentation, 8.19).
//! They are held as they are printed.

use weir_values::system::{format_type, parse_type};
use weir_values::text::quote_ident;

use super::type_names::no_schema;
use super::types::{Base, PgType};
use super::{Binder, Result, catalog, not_yet};
use crate::PlanError;
use crate::error::code;

impl Binder<'_> {
    /// What a text names, if it is to be of such a type.
    pub(super) fn reg_name(&self, text: &str, to: PgType) -> Option<Result<String>> {
        let is_none = text == "-";
        Some(match to.base {
            _ if to.is_array => return None,
            Base::Regproc | Base::Regprocedure | Base::Regnamespace if is_none => Ok(text.to_owned()),
            Base::Regproc => function_name(text),
            Base::Regprocedure => function_with_types(text),
            Base::Regnamespace => self.namespace(text),
            _ => return None,
        })
    }

    fn namespace(&self, text: &str) -> Result<String> {
        match plain(text) {
            None => Err(not_yet("this name of a schema")),
            Some(name) if self.knows_schema(name) => Ok(quote_ident(name).into_owned()),
            Some(name) => Err(no_schema(name, None)),
        }
    }
}

/// A function that alone has its name.
fn function_name(text: &str) -> Result<String> {
    let name = of_catalog(text).ok_or_else(|| not_yet("this name of a function"))?;
    match catalog::functions_named(name) {
        0 => Err(no_function(text)),
        1 => Ok(quote_ident(name).into_owned()),
        _ => {
            let message = format!("more than one function named \"{text}\"");
            Err(PlanError::refused(code::AMBIGUOUS_FUNCTION, message, None))
        }
    }
}

/// `name(type, type)`
fn function_with_types(text: &str) -> Result<String> {
    let parts = text.strip_suffix(')').and_then(|text| text.split_once('('));
    let (name, types) = parts.ok_or_else(|| not_yet("this name of a function"))?;
    let name = of_catalog(name.trim()).ok_or_else(|| not_yet("this name of a function"))?;
    if types.contains(['(', '"']) {
        return Err(not_yet("this name of a function"));
    }
    let refused = |error| PlanError::Value { error, position: None };
    let mut shown = Vec::new();
    for ty in types.split(',').filter(|_| !types.trim().is_empty()) {
        let oid = parse_type(ty.trim()).map_err(refused)?.oid;
        shown.push(format_type(oid, None).map_err(refused)?);
    }
    let functions = catalog::functions(name);
    let has = |function: &&catalog::Function| {
        function.arguments.len() == shown.len()
            && function.arguments.iter().zip(&shown).all(|(ty, shown)| ty.to_string() == *shown)
    };
    match functions.iter().find(has) {
        Some(_) => Ok(format!("{}({})", quote_ident(name), shown.join(","))),
        None if catalog::functions_named(name) > functions.len() => Err(not_yet("this function")),
        None => Err(no_function(text)),
    }
}

fn no_function(text: &str) -> PlanError {
    PlanError::refused(code::UNDEFINED_FUNCTION, format!("function \"{text}\" does not exist"), None)
}

/// A name of the catalog's, with its schema or without.
fn of_catalog(text: &str) -> Option<&str> {
    plain(text.strip_prefix("pg_catalog.").unwrap_or(text))
}

/// A name that is written as it is.
fn plain(text: &str) -> Option<&str> {
    let is_part = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    (text.starts_with(|c: char| c.is_ascii_lowercase() || c == '_') && text.chars().all(is_part)).then_some(text)
}
