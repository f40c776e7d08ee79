//! What a query says about its session, written into it as values: `current_user`, `current_setting('x')`, and their
//! kin. Function names lose their `pg_catalog.` prefix.

use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{
    self, Expr, FunctionArg, FunctionArgExpr, FunctionArguments, ObjectNamePart, Query, Value, VisitMut, VisitorMut,
};

use crate::parse::fold;
use crate::session::SessionFacts;
use crate::view::View;

/// Rewrites the query; returns whether anything of the session was written into it.
pub(super) fn rewrite(query: &mut Query, view: &View, facts: &dyn SessionFacts) -> bool {
    let mut rewriter = Rewriter { view, facts, session_dependent: false };
    let _: ControlFlow<()> = query.visit(&mut rewriter);
    rewriter.session_dependent
}

struct Rewriter<'a> {
    view: &'a View,
    facts: &'a dyn SessionFacts,
    session_dependent: bool,
}

impl VisitorMut for Rewriter<'_> {
    type Break = ();

    fn pre_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
        if let Expr::Function(function) = expr {
            strip_schema(function);
            if let Some(value) = self.value_of(function) {
                *expr = value;
                self.session_dependent = true;
            }
        }
        ControlFlow::Continue(())
    }
}

fn strip_schema(function: &mut ast::Function) {
    let parts = &mut function.name.0;
    let prefixed = parts.len() == 2 && parts[0].as_ident().is_some_and(|ident| fold(ident) == "pg_catalog");
    if prefixed {
        parts.remove(0);
    }
}

impl Rewriter<'_> {
    /// The value of a function of the session, or `None` if it is another function.
    fn value_of(&self, function: &ast::Function) -> Option<Expr> {
        let [ObjectNamePart::Identifier(name)] = function.name.0.as_slice() else { return None };
        let arguments = literal_arguments(&function.args);
        let name = fold(name);
        Some(match (name.as_str(), arguments.as_deref()) {
            ("current_user" | "session_user" | "user" | "current_role", None | Some([])) => text(self.facts.user()),
            ("current_database" | "current_catalog", None | Some([])) => text(&self.view.runtime.database),
            ("current_schema", None | Some([])) => self.current_schema(),
            ("version", Some([])) => text(&version(self.facts)),
            ("pg_backend_pid", Some([])) => number(i64::from(self.facts.backend_pid())),
            ("current_setting", Some([setting])) => text(&self.facts.setting(setting)?),
            ("current_setting", Some([setting, missing_ok])) => match self.facts.setting(setting) {
                Some(value) => text(&value),
                None if missing_ok == "true" => null(),
                None => return None,
            },
            ("pg_is_in_recovery", Some([])) => boolean(false),
            _ => return None,
        })
    }

    fn current_schema(&self) -> Expr {
        match self.facts.search_path().iter().find(|schema| self.view.schemas().contains_key(*schema)) {
            Some(schema) => text(schema),
            None => text("public"),
        }
    }
}

/// What `version()` says.
pub(super) fn version(facts: &dyn SessionFacts) -> String {
    let version = facts.setting("server_version").unwrap_or_default();
    format!("PostgreSQL {version} on {}, Weir {}", std::env::consts::ARCH, env!("CARGO_PKG_VERSION"))
}

/// The arguments as text if all are plain values; `None` for a call without parentheses.
fn literal_arguments(arguments: &FunctionArguments) -> Option<Vec<String>> {
    let FunctionArguments::List(list) = arguments else { return None };
    list.args
        .iter()
        .map(|argument| match argument {
            FunctionArg::Unnamed(FunctionArgExpr::Expr(Expr::Value(value))) => match &value.value {
                Value::SingleQuotedString(text) => Some(text.clone()),
                Value::Boolean(flag) => Some(flag.to_string()),
                _ => None,
            },
            _ => None,
        })
        .collect()
}

fn text(value: &str) -> Expr {
    Expr::Value(Value::SingleQuotedString(value.to_owned()).into())
}

fn number(value: i64) -> Expr {
    Expr::Value(Value::Number(value.to_string(), false).into())
}

fn boolean(value: bool) -> Expr {
    Expr::Value(Value::Boolean(value).into())
}

fn null() -> Expr {
    Expr::Value(Value::Null.into())
}
