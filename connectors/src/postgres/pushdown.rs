//! The engine's predicates as PostgreSQL's: only those that keep exactly the same rows there.
//!
//! - Both sides of a comparison are of one type; nothing relies on an implicit conversion of either system.
//! - Text is compared by its bytes, as the engine does it: ordering under `COLLATE "C"`; equality and patterns by the
//!   column's own collation where that is the same, so that an index can be used.
//! - NaN equals itself and is the largest number on both sides (the decoder makes all NaNs one). Of the two zeros
//!   PostgreSQL knows only one when it compares: it decides.
//! - Functions, arithmetic, casts that can fail, ILIKE and regular expressions stay with the engine.

use datafusion::arrow::datatypes::{DataType, Schema};
use datafusion::logical_expr::expr::{InList, Like};
use datafusion::logical_expr::{Between, BinaryExpr, Expr, Operator};
use datafusion::scalar::ScalarValue;

use super::discover::RemoteTable;
use super::kind::Kind;
use super::{literals, sql};

/// How deep a predicate may be nested: it is walked recursively, here and by PostgreSQL.
const DEPTH: usize = 64;
/// From so many elements on, an IN list is sent as one array.
const LONG_LIST: usize = 16;

/// Writes predicates over the columns of one table.
pub struct Writer<'a> {
    pub columns: &'a Schema,
    pub remote: &'a RemoteTable,
}

/// One side of a comparison.
#[derive(Clone)]
struct Operand {
    sql: String,
    kind: Kind,
}

impl Writer<'_> {
    /// The predicate in PostgreSQL's SQL, in parentheses where it needs them; `None` if it has to stay with the engine.
    pub fn predicate(&self, expr: &Expr) -> Option<String> {
        self.nested(expr, DEPTH)
    }

    fn nested(&self, expr: &Expr, depth: usize) -> Option<String> {
        let depth = depth.checked_sub(1)?;
        let suffixed = |inner: &Expr, suffix| Some(format!("({} IS {suffix})", self.nested(inner, depth)?));
        match expr {
            Expr::Alias(alias) => self.nested(&alias.expr, depth),
            Expr::Column(_) => self.operand(expr).filter(|o| o.kind == Kind::Bool).map(|o| o.sql),
            Expr::Literal(ScalarValue::Boolean(value), _) => Some(truth(*value).to_owned()),
            Expr::BinaryExpr(BinaryExpr { left, op: Operator::And, right }) => {
                Some(format!("({} AND {})", self.nested(left, depth)?, self.nested(right, depth)?))
            }
            Expr::BinaryExpr(BinaryExpr { left, op: Operator::Or, right }) => {
                Some(format!("({} OR {})", self.nested(left, depth)?, self.nested(right, depth)?))
            }
            Expr::BinaryExpr(BinaryExpr { left, op, right }) => self.comparison(left, *op, right),
            Expr::Not(inner) => Some(format!("(NOT {})", self.nested(inner, depth)?)),
            Expr::IsNull(inner) => self.null_test(inner).map(|test| format!("({test} IS NULL)")),
            Expr::IsNotNull(inner) => self.null_test(inner).map(|test| format!("({test} IS NOT NULL)")),
            Expr::IsTrue(inner) => suffixed(inner, "TRUE"),
            Expr::IsFalse(inner) => suffixed(inner, "FALSE"),
            Expr::IsUnknown(inner) => suffixed(inner, "UNKNOWN"),
            Expr::IsNotTrue(inner) => suffixed(inner, "NOT TRUE"),
            Expr::IsNotFalse(inner) => suffixed(inner, "NOT FALSE"),
            Expr::IsNotUnknown(inner) => suffixed(inner, "NOT UNKNOWN"),
            Expr::Between(between) => self.between(between),
            Expr::InList(list) => self.in_list(list),
            Expr::Like(like) => self.like(like),
            _ => None,
        }
    }

    fn comparison(&self, left: &Expr, op: Operator, right: &Expr) -> Option<String> {
        if let Expr::Literal(value, _) = left {
            let operand = self.operand(right)?;
            return self.against_literal(&operand, op.swap()?, value);
        }
        let operand = self.operand(left)?;
        if let Expr::Literal(value, _) = right {
            return self.against_literal(&operand, op, value);
        }
        let other = self.operand(right)?;
        let comparable = operand.kind == other.kind && !matches!(operand.kind, Kind::Array(_) | Kind::Interval);
        // Two columns may have two collations.
        let (left, right) = (bytewise(&operand)?, bytewise(&other)?);
        comparable.then(|| Some(format!("({left} {} {right})", operator(op)?)))?
    }

    fn against_literal(&self, operand: &Operand, op: Operator, value: &ScalarValue) -> Option<String> {
        let ordered = matches!(op, Operator::Lt | Operator::LtEq | Operator::Gt | Operator::GtEq);
        let operand = &match ordered {
            true => as_text(operand),
            false => beside(operand, [value]),
        };
        let literal = self.literal(&operand.kind, value)?;
        let left = if ordered { bytewise(operand)? } else { equality(operand)? };
        Some(format!("({left} {} {literal})", operator(op)?))
    }

    fn between(&self, between: &Between) -> Option<String> {
        let low = self.comparison(&between.expr, Operator::GtEq, &between.low)?;
        let high = self.comparison(&between.expr, Operator::LtEq, &between.high)?;
        Some(if between.negated { format!("(NOT ({low} AND {high}))") } else { format!("({low} AND {high})") })
    }

    fn in_list(&self, list: &InList) -> Option<String> {
        let operand = self.operand(&list.expr)?;
        let literals = list.list.iter().filter_map(|item| match item {
            Expr::Literal(value, _) => Some(value),
            _ => None,
        });
        let operand = beside(&operand, literals);
        let values = list.list.iter().map(|item| match item {
            Expr::Literal(value, _) => literals::text(&operand.kind, value).filter(|text| self.can_send(text)),
            _ => None,
        });
        let values = values.collect::<Option<Vec<String>>>().filter(|values| !values.is_empty())?;
        let left = equality(&operand)?;
        let type_name = operand.kind.literal_type();
        if values.len() >= LONG_LIST {
            let array = sql::array_literal(values.iter().map(String::as_str), &type_name)?;
            let test = if list.negated { "<> ALL" } else { "= ANY" };
            return Some(format!("({left} {test} ({array}))"));
        }
        let literals: Option<Vec<String>> = values.iter().map(|v| sql::typed_literal(v, &type_name)).collect();
        let test = if list.negated { "NOT IN" } else { "IN" };
        Some(format!("({left} {test} ({}))", literals?.join(", ")))
    }

    /// A pattern without a backslash: both sides take one as an escape, but not alike at the pattern's end.
    fn like(&self, like: &Like) -> Option<String> {
        if like.case_insensitive || like.escape_char.is_some() {
            return None;
        }
        let operand = self.operand(&like.expr)?;
        let Expr::Literal(pattern, _) = like.pattern.as_ref() else { return None };
        let pattern = literals::string(pattern).filter(|p| !p.contains('\\') && self.can_send(p))?;
        // The bytes of char(n) include its padding in PostgreSQL's patterns.
        let text = match operand.kind {
            Kind::Text { .. } | Kind::AsText | Kind::Inet => equality(&operand)?,
            Kind::Enum(_) => bytewise(&operand)?,
            _ => return None,
        };
        let test = if like.negated { "NOT LIKE" } else { "LIKE" };
        Some(format!("({text} {test} {})", sql::typed_literal(pattern, "text")?))
    }

    fn literal(&self, kind: &Kind, value: &ScalarValue) -> Option<String> {
        let text = literals::text(kind, value).filter(|text| self.can_send(text))?;
        sql::typed_literal(&text, &kind.literal_type())
    }

    /// Another encoding than UTF-8 may lack a character, which would be an error.
    fn can_send(&self, text: &str) -> bool {
        self.remote.utf8 || text.is_ascii()
    }

    /// A column for a test on NULL; of what is shown as text, the text is tested, as a row of NULLs isn't one.
    fn null_test(&self, expr: &Expr) -> Option<String> {
        let Expr::Column(column) = expr else { return None };
        let (index, _) = self.columns.column_with_name(&column.name)?;
        match self.remote.kinds.get(index)? {
            kind @ Kind::AsText => Some(kind.select(&column.name)),
            _ => Some(sql::identifier(&column.name)),
        }
    }

    /// A column, or one in a cast that keeps every value what it is.
    fn operand(&self, expr: &Expr) -> Option<Operand> {
        match expr {
            Expr::Column(column) => {
                let (index, _) = self.columns.column_with_name(&column.name)?;
                let kind = self.remote.kinds.get(index)?.clone();
                Some(Operand { sql: sql::identifier(&column.name), kind })
            }
            Expr::Cast(cast) => widened(self.operand(&cast.expr)?, cast.field.data_type()),
            _ => None,
        }
    }
}

fn widened(operand: Operand, to: &DataType) -> Option<Operand> {
    let wider = match (&operand.kind, to) {
        (kind, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View) if kind.data_type() == DataType::Utf8 => {
            return Some(operand);
        }
        (Kind::Int2, DataType::Int32) => Kind::Int4,
        (Kind::Int2 | Kind::Int4, DataType::Int64) => Kind::Int8,
        (Kind::Int2 | Kind::Int4 | Kind::Float4, DataType::Float64) => Kind::Float8,
        _ => return None,
    };
    Some(Operand { sql: format!("{}::{}", operand.sql, wider.sql_type()), kind: wider })
}

/// The operand such that it is equal to what its bytes are equal to.
fn equality(operand: &Operand) -> Option<String> {
    match &operand.kind {
        Kind::Text { bytewise: true } => Some(operand.sql.clone()),
        // A domain over the type has no operators with it.
        kind @ Kind::Enum(labelled) if labelled.is_nameable => {
            Some(format!("{}::{}", operand.sql, kind.literal_type()))
        }
        _ => bytewise(operand),
    }
}

/// The operand such that it compares with the literals: what is no label can't be one of the column's type.
fn beside<'v>(operand: &Operand, literals: impl IntoIterator<Item = &'v ScalarValue>) -> Operand {
    let is_label = |value: &ScalarValue| literals::text(&operand.kind, value).is_some();
    match literals.into_iter().all(is_label) {
        true => operand.clone(),
        false => as_text(operand),
    }
}

/// Labels as texts: the engine orders them so, whichever order their type has.
fn as_text(operand: &Operand) -> Operand {
    match operand.kind {
        Kind::Enum(_) => Operand { kind: Kind::AsText, ..operand.clone() },
        _ => operand.clone(),
    }
}

/// The operand such that it is ordered by its bytes, if it is text.
fn bytewise(operand: &Operand) -> Option<String> {
    let column = &operand.sql;
    match &operand.kind {
        Kind::Array(_) | Kind::Interval | Kind::Blanks => None,
        Kind::Text { .. } | Kind::Bpchar | Kind::Enum(_) | Kind::AsText => {
            Some(format!("{column}::text COLLATE \"C\""))
        }
        Kind::Inet => Some(format!("textin(inet_out({column})) COLLATE \"C\"")),
        _ => Some(column.clone()),
    }
}

fn operator(op: Operator) -> Option<&'static str> {
    Some(match op {
        Operator::Eq => "=",
        Operator::NotEq => "<>",
        Operator::Lt => "<",
        Operator::LtEq => "<=",
        Operator::Gt => ">",
        Operator::GtEq => ">=",
        Operator::IsDistinctFrom => "IS DISTINCT FROM",
        Operator::IsNotDistinctFrom => "IS NOT DISTINCT FROM",
        _ => return None,
    })
}

fn truth(value: Option<bool>) -> &'static str {
    match value {
        Some(true) => "true",
        Some(false) => "false",
        None => "NULL::bool",
    }
}
