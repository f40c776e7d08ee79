//! PostgreSQL's names for columns that the query leaves unnamed (its FigureColname), put into the tree as aliases.
//!
//! The engine wants distinct names within one select list, PostgreSQL doesn't: repeated ones get a suffix behind a
//! character that no client can type by accident, which [`client_name`] takes off again.

use std::collections::HashSet;
use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{
    self, Expr, Ident, Query, Select, SelectItem, SetExpr, Value, VisitMut, VisitorMut,
};

use crate::parse::fold;

const SUFFIX: char = '\u{1}';

/// The name that the client gets for a column of the plan.
pub(super) fn client_name(name: &str) -> &str {
    name.split(SUFFIX).next().unwrap_or(name)
}

/// Names every column of every select list of the query.
pub(super) fn name_columns(query: &mut Query) {
    let _: ControlFlow<()> = query.visit(&mut Namer);
}

struct Namer;

impl VisitorMut for Namer {
    type Break = ();

    fn pre_visit_select(&mut self, select: &mut Select) -> ControlFlow<()> {
        let wildcard = select
            .projection
            .iter()
            .any(|item| matches!(item, SelectItem::Wildcard(_) | SelectItem::QualifiedWildcard(..)));
        let mut taken = HashSet::new();
        for (index, item) in select.projection.iter_mut().enumerate() {
            name_item(item, index, wildcard, &mut taken);
        }
        ControlFlow::Continue(())
    }
}

fn name_item(item: &mut SelectItem, index: usize, wildcard: bool, taken: &mut HashSet<String>) {
    let (name, plain) = match item {
        SelectItem::UnnamedExpr(expr) => (figure(expr).unwrap_or_else(|| "?column?".to_owned()), is_column(expr)),
        SelectItem::ExprWithAlias { alias, .. } => (fold(alias), false),
        _ => return,
    };
    let fresh = taken.insert(name.clone());
    let unique = match fresh && !(wildcard && plain) {
        true if plain || matches!(item, SelectItem::ExprWithAlias { .. }) => return,
        true => name,
        false => format!("{name}{SUFFIX}{index}"),
    };
    let alias = Ident::with_quote('"', unique);
    let expr = match std::mem::replace(item, SelectItem::Wildcard(ast::WildcardAdditionalOptions::default())) {
        SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. } => expr,
        other => {
            *item = other;
            return;
        }
    };
    *item = SelectItem::ExprWithAlias { expr, alias };
}

/// A bare column keeps its own name; an alias would only hide its table from ORDER BY.
fn is_column(expr: &Expr) -> bool {
    match expr {
        Expr::Identifier(_) => true,
        Expr::CompoundIdentifier(parts) => parts.len() <= 3,
        _ => false,
    }
}

/// The name that PostgreSQL figures for an expression; `None` where it has none better than `?column?`.
fn figure(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Identifier(ident) => Some(fold(ident)),
        Expr::CompoundIdentifier(parts) => parts.last().map(fold),
        Expr::Nested(inner) | Expr::Collate { expr: inner, .. } => figure(inner),
        Expr::Cast { expr: inner, data_type, .. } => figure(inner).or_else(|| type_name(data_type)),
        Expr::TypedString(typed) => type_name(&typed.data_type),
        Expr::Interval(_) => Some("interval".to_owned()),
        Expr::Function(function) => function.name.0.last().and_then(|part| part.as_ident()).map(fold),
        Expr::Case { else_result, .. } => {
            else_result.as_deref().and_then(figure_strong).or_else(|| Some("case".to_owned()))
        }
        Expr::Exists { .. } => Some("exists".to_owned()),
        Expr::Subquery(query) => figure_subquery(query),
        Expr::Array(_) => Some("array".to_owned()),
        Expr::Tuple(_) => Some("row".to_owned()),
        Expr::Extract { .. } => Some("extract".to_owned()),
        Expr::Position { .. } => Some("position".to_owned()),
        Expr::Substring { .. } => Some("substring".to_owned()),
        Expr::Overlay { .. } => Some("overlay".to_owned()),
        Expr::Ceil { .. } => Some("ceil".to_owned()),
        Expr::Floor { .. } => Some("floor".to_owned()),
        Expr::AtTimeZone { .. } => Some("timezone".to_owned()),
        Expr::Trim { trim_where, .. } => Some(trim_name(trim_where.as_ref())),
        Expr::CompoundFieldAccess { root, access_chain } => figure_access(root, access_chain),
        _ => None,
    }
}

/// Only names that PostgreSQL prefers over a construct's own: columns and functions.
fn figure_strong(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Value(_) | Expr::TypedString(_) | Expr::Cast { .. } | Expr::Case { .. } => None,
        other => figure(other),
    }
}

fn figure_subquery(query: &Query) -> Option<String> {
    let SetExpr::Select(select) = query.body.as_ref() else { return None };
    match select.projection.first()? {
        SelectItem::UnnamedExpr(expr) => figure(expr),
        SelectItem::ExprWithAlias { alias, .. } => Some(client_name(&fold(alias)).to_owned()),
        _ => None,
    }
}

fn figure_access(root: &Expr, chain: &[ast::AccessExpr]) -> Option<String> {
    let field = chain.iter().rev().find_map(|access| match access {
        ast::AccessExpr::Dot(Expr::Identifier(ident)) => Some(fold(ident)),
        ast::AccessExpr::Subscript(ast::Subscript::Index { index: Expr::Value(value) }) => match &value.value {
            Value::SingleQuotedString(text) => Some(text.clone()),
            _ => None,
        },
        _ => None,
    });
    field.or_else(|| figure(root))
}

fn trim_name(side: Option<&ast::TrimWhereField>) -> String {
    match side {
        Some(ast::TrimWhereField::Leading) => "ltrim",
        Some(ast::TrimWhereField::Trailing) => "rtrim",
        Some(ast::TrimWhereField::Both) | None => "btrim",
    }
    .to_owned()
}

/// A type's name in pg_type, as PostgreSQL names the column of a cast.
fn type_name(data_type: &ast::DataType) -> Option<String> {
    use ast::DataType as T;
    let name = match data_type {
        T::SmallInt(_) | T::Int2(_) => "int2",
        T::Int(_) | T::Integer(_) | T::Int4(_) => "int4",
        T::BigInt(_) | T::Int8(_) => "int8",
        T::Real | T::Float4 => "float4",
        T::Double(_) | T::DoublePrecision | T::Float8 | T::Float(_) => "float8",
        T::Numeric(_) | T::Decimal(_) | T::Dec(_) => "numeric",
        T::Text => "text",
        T::Varchar(_) | T::CharacterVarying(_) => "varchar",
        T::Char(_) | T::Character(_) => "bpchar",
        T::Boolean | T::Bool => "bool",
        T::Date => "date",
        T::Time(_, ast::TimezoneInfo::WithTimeZone | ast::TimezoneInfo::Tz) => "timetz",
        T::Time(..) => "time",
        T::Timestamp(_, ast::TimezoneInfo::WithTimeZone | ast::TimezoneInfo::Tz) => "timestamptz",
        T::Timestamp(..) => "timestamp",
        T::Interval { .. } => "interval",
        T::Uuid => "uuid",
        T::Bytea => "bytea",
        T::JSON => "json",
        T::JSONB => "jsonb",
        T::Custom(name, _) => return name.0.last().and_then(|part| part.as_ident()).map(fold),
        _ => return None,
    };
    Some(name.to_owned())
}
