//! How functions are declared: their arguments and results, and the statements that would make them.

use arrow::array::ArrayRef;
use datafusion::error::Result;
use weir_values::ValueError;
use weir_values::text::quote_ident;

use super::catalogs::{Catalogs, Checked, catalogs};
use super::columns::{Args, Int4, Int8, map1, map2};
use super::{Proc, of_catalogs, strict};
use crate::pg_catalog::{FUNCTIONS, PROCEDURES, Parameter, Procedure};

pub(super) const PROCS: &[Proc] = &[
    of_catalogs("pg_get_function_arguments", |args| {
        told(args, |catalogs, function| catalogs.arguments_text(function, true).map(Some))
    }),
    of_catalogs("pg_get_function_identity_arguments", |args| {
        told(args, |catalogs, function| catalogs.arguments_text(function, false).map(Some))
    }),
    of_catalogs("pg_get_function_result", |args| told(args, Catalogs::result_text)),
    strict("pg_get_function_arg_default", |args| {
        map2::<Int8, Int4, _>(args, |oid, place| {
            let function = PROCEDURES.get(&(oid as u32));
            Ok(function.zip(usize::try_from(place - 1).ok()).and_then(|(function, at)| function.default_of(at)))
        })
    }),
    strict("pg_get_function_sqlbody", |args| {
        map1::<Int8, _>(args, |oid| {
            let body = PROCEDURES.get(&(oid as u32)).and_then(|function| function.body.as_deref());
            Ok(body.map(str::to_owned))
        })
    }),
    of_catalogs("pg_get_functiondef", |args| {
        let catalogs = catalogs(args)?;
        map1::<Int8, _>(args, |oid| catalogs.statement(oid as u32))
    }),
];

fn told(args: &Args<'_>, text: impl Fn(&Catalogs, &Procedure) -> Checked<Option<String>>) -> Result<ArrayRef> {
    let catalogs = catalogs(args)?;
    map1::<Int8, _>(args, |oid| match PROCEDURES.get(&(oid as u32)) {
        Some(function) => text(catalogs, function),
        None => Ok(None),
    })
}

impl Procedure {
    fn goes_in(parameter: &Parameter) -> bool {
        matches!(parameter.mode, 'i' | 'b' | 'v')
    }

    /// What the argument at a place among all is if it is left out.
    fn default_of(&self, at: usize) -> Option<String> {
        self.arguments.get(at).filter(|parameter| Self::goes_in(parameter))?;
        let place = self.arguments.iter().take(at).filter(|parameter| Self::goes_in(parameter)).count();
        let count = self.arguments.iter().filter(|parameter| Self::goes_in(parameter)).count();
        let at = place.checked_sub(count.checked_sub(self.defaults)?)?;
        items(&self.default_values).get(at).map(|text| (*text).to_owned())
    }
}

impl Catalogs {
    /// The arguments that a function takes and gives, which are the same for all of its uses.
    fn arguments_text(&self, function: &Procedure, with_defaults: bool) -> Checked<String> {
        let mut shown = Vec::with_capacity(function.arguments.len());
        for (at, parameter) in function.arguments.iter().enumerate() {
            let mode = match parameter.mode {
                'o' => "OUT ",
                'b' => "INOUT ",
                'v' => "VARIADIC ",
                'i' if function.kind == "p" => "IN ",
                _ => "",
            };
            let name = match parameter.name.as_str() {
                "" => String::new(),
                name => format!("{} ", quote_ident(name)),
            };
            let default = function.default_of(at).filter(|_| with_defaults);
            let default = default.map_or_else(String::new, |value| format!(" DEFAULT {value}"));
            shown.push(format!("{mode}{name}{}{default}", self.type_or_unknown(parameter.ty)?));
        }
        let Some(direct) = function.direct else { return Ok(shown.join(", ")) };
        // An ordering aggregate of any arguments takes as many twice.
        let (before, by) = match (shown.split_at_checked(direct), shown.last()) {
            (Some((before, [])), Some(last)) => (before, std::slice::from_ref(last)),
            (Some(parts), _) => parts,
            (None, _) => (shown.as_slice(), [].as_slice()),
        };
        let before = if before.is_empty() { String::new() } else { before.join(", ") + " " };
        Ok(format!("{before}ORDER BY {}", by.join(", ")))
    }

    /// What a function gives; procedures give nothing.
    fn result_text(&self, function: &Procedure) -> Checked<Option<String>> {
        if function.kind == "p" {
            return Ok(None);
        }
        let set = if function.returns_set { "SETOF " } else { "" };
        Ok(Some(format!("{set}{}", self.type_or_unknown(function.result)?)))
    }

    fn type_or_unknown(&self, oid: u32) -> Checked<String> {
        Ok(self.type_text(oid, None)?.unwrap_or_else(|| "???".to_owned()))
    }

    /// The statement that would make a function.
    fn statement(&self, oid: u32) -> Checked<Option<String>> {
        let (Some(function), Some((schema, name))) = (PROCEDURES.get(&oid), FUNCTIONS.get(oid)) else {
            return Ok(None);
        };
        if function.kind == "a" {
            let message = format!("\"{name}\" is an aggregate function");
            return Err(ValueError::new(WRONG_OBJECT_TYPE, message));
        }
        let kind = if function.kind == "p" { "PROCEDURE" } else { "FUNCTION" };
        let name = match self.objects.namespace_name(schema) {
            Some(schema) => format!("{}.{}", quote_ident(schema), quote_ident(name)),
            None => quote_ident(name).into_owned(),
        };
        let arguments = self.arguments_text(function, true)?;
        let result = self.result_text(function)?.map_or_else(String::new, |result| format!(" RETURNS {result}\n"));
        let language = quote_ident(function.language);
        let properties = self.properties(function)?;
        let body = match &function.body {
            Some(body) => format!("{body}\n"),
            None => quoted(&function.source, kind),
        };
        Ok(Some(format!(
            "CREATE OR REPLACE {kind} {name}({arguments})\n{result} LANGUAGE {language}\n{properties}{body}"
        )))
    }

    /// The properties that aren't as they would be anyway.
    fn properties(&self, function: &Procedure) -> Checked<String> {
        let mut shown = String::new();
        let mut add = |is_told: bool, property: &str| {
            if is_told {
                shown.push(' ');
                shown.push_str(property);
            }
        };
        add(function.kind == "w", "WINDOW");
        add(function.volatility == "i", "IMMUTABLE");
        add(function.volatility == "s", "STABLE");
        add(function.parallel == "s", "PARALLEL SAFE");
        add(function.parallel == "r", "PARALLEL RESTRICTED");
        add(function.is_strict, "STRICT");
        add(function.is_definers, "SECURITY DEFINER");
        add(function.is_leakproof, "LEAKPROOF");
        let usual_cost = if matches!(function.language, "internal" | "c") { "1" } else { "100" };
        add(function.cost != usual_cost, &format!("COST {}", function.cost));
        let usual_rows = if function.returns_set { "1000" } else { "0" };
        add(function.rows != usual_rows, &format!("ROWS {}", function.rows));
        if function.support != 0 {
            let name = self.function_text(function.support)?.unwrap_or_else(|| function.support.to_string());
            add(true, &format!("SUPPORT {name}"));
        }
        if !shown.is_empty() {
            shown.push('\n');
        }
        Ok(shown)
    }
}

const WRONG_OBJECT_TYPE: &str = "42809";

/// A text between signs that it doesn't hold.
fn quoted(source: &str, kind: &str) -> String {
    let mut sign = format!("${}", kind.to_ascii_lowercase());
    while source.contains(&sign) {
        sign.push('x');
    }
    format!("AS {sign}${source}{sign}$\n")
}

/// The items of a list of expressions.
fn items(list: &str) -> Vec<&str> {
    let (mut depth, mut quote) = (0_i32, None);
    let is_end = |c: char| {
        match (quote, c) {
            (Some(open), c) if open == c => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(c),
            (None, '(' | '[') => depth += 1,
            (None, ')' | ']') => depth -= 1,
            _ => {}
        }
        c == ',' && depth == 0 && quote.is_none()
    };
    list.split(is_end).map(str::trim).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_have_items() {
        assert_eq!(items("'{}'::jsonb, false"), ["'{}'::jsonb", "false"]);
        assert_eq!(items("f(1, 2), 'a, ''b'''::text, \"x,\"[1, 2]"), ["f(1, 2)", "'a, ''b'''::text", "\"x,\"[1, 2]"]);
    }

    #[test]
    fn defaults_belong_to_the_last_arguments() {
        let interval = FUNCTIONS.named("make_interval").first().and_then(|oid| PROCEDURES.get(oid)).unwrap();
        assert_eq!(interval.arguments.len(), 7);
        assert_eq!(interval.default_of(0).as_deref(), Some("0"));
        assert_eq!(interval.default_of(6).as_deref(), Some("0.0"));
        let pad = FUNCTIONS.named("lpad").iter().filter_map(|oid| PROCEDURES.get(oid));
        assert!(pad.clone().any(|pad| pad.body.as_deref() == Some("RETURN lpad($1, $2, ' '::text)")));
        assert!(pad.clone().all(|pad| pad.default_of(0).is_none()));
    }
}
