//! A rule's SQL text as a tree, and what it names.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{self, Visit, Visitor};
use datafusion::sql::sqlparser::dialect::PostgreSqlDialect;
use datafusion::sql::sqlparser::parser::Parser;
use datafusion::sql::sqlparser::tokenizer::Token;

use crate::parse::fold;

/// The text as one expression.
pub(crate) fn parse(text: &str) -> Result<ast::Expr, String> {
    let mut parser = Parser::new(&PostgreSqlDialect {}).try_with_sql(text).map_err(|error| error.to_string())?;
    let expr = parser.parse_expr().map_err(|error| error.to_string())?;
    match parser.peek_token().token {
        Token::EOF => Ok(expr),
        other => Err(format!("syntax error at or near \"{other}\"")),
    }
}

/// What an expression, its sub-selects included, says of the world.
#[derive(Debug, Default)]
pub(crate) struct Mentions {
    /// Names in `attr('NAME')`.
    pub attributes: BTreeSet<String>,
    /// Names in `has_role('NAME')`.
    pub roles: BTreeSet<String>,
    /// Whether it holds a sub-select.
    pub selects: bool,
    /// Schemas of the tables that its sub-selects name.
    pub schemas: BTreeSet<String>,
    /// What its sub-selects call their tables: aliases, and names of common table expressions.
    pub aliases: BTreeSet<String>,
}

impl Mentions {
    pub fn of(tree: &impl Visit) -> Self {
        let mut mentions = Self::default();
        let _: ControlFlow<()> = tree.visit(&mut mentions);
        mentions
    }
}

impl Visitor for Mentions {
    type Break = ();

    fn pre_visit_query(&mut self, query: &ast::Query) -> ControlFlow<()> {
        self.selects = true;
        let ctes = query.with.iter().flat_map(|with| &with.cte_tables);
        self.aliases.extend(ctes.map(|cte| fold(&cte.alias.name)));
        ControlFlow::Continue(())
    }

    fn pre_visit_relation(&mut self, relation: &ast::ObjectName) -> ControlFlow<()> {
        if let [.., schema, _table] = relation.0.as_slice() {
            self.schemas.extend(schema.as_ident().map(fold));
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_table_factor(&mut self, table: &ast::TableFactor) -> ControlFlow<()> {
        use ast::TableFactor as T;
        let alias = match table {
            T::Table { alias, .. }
            | T::Derived { alias, .. }
            | T::NestedJoin { alias, .. }
            | T::Function { alias, .. }
            | T::TableFunction { alias, .. }
            | T::UNNEST { alias, .. } => alias.as_ref(),
            _ => None,
        };
        self.aliases.extend(alias.map(|alias| fold(&alias.name)));
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expr: &ast::Expr) -> ControlFlow<()> {
        if let ast::Expr::Function(call) = expr {
            if let Some(Some(name)) = quoted_argument(call, "attr") {
                self.attributes.insert(name);
            }
            if let Some(Some(name)) = quoted_argument(call, "has_role") {
                self.roles.insert(name);
            }
        }
        ControlFlow::Continue(())
    }
}

/// The one quoted argument of a call to `function`: `None` if another function is called, `Some(None)` if this one is
/// called with anything else.
pub(super) fn quoted_argument(call: &ast::Function, function: &str) -> Option<Option<String>> {
    let named = matches!(call.name.0.as_slice(), [name] if name.as_ident().is_some_and(|i| fold(i) == function));
    if !named {
        return None;
    }
    if let ast::FunctionArguments::List(list) = &call.args
        && let [ast::FunctionArg::Unnamed(ast::FunctionArgExpr::Expr(ast::Expr::Value(value)))] = list.args.as_slice()
        && let ast::Value::SingleQuotedString(name) = &value.value
    {
        return Some(Some(name.clone()));
    }
    Some(None)
}
