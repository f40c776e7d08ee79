//! Binding by PostgreSQL's rules: its own parse tree in, the engine's plan out, with the type that PostgreSQL gives each
//! expression.
//!
//! What isn't known here yet is left to the engine's reading of SQL, as a whole statement: see [`super::bind`].

mod aggregate;
mod calls;
mod coerce;
mod expr;
mod from;
mod operators;
mod resolve;
mod scope;
mod select;
mod targets;
pub(crate) mod types;

use std::collections::{HashMap, HashSet};

use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::common::{Column, ExprSchema, TableReference};
use datafusion::logical_expr::{Expr, LogicalPlan};
use pg_query::protobuf::SelectStmt;
use std::sync::Arc;
use weir_connectors::pgtype;

use super::BindContext;
use crate::PlanError;
use crate::session::SessionFacts;
use crate::view::View;
use scope::Scope;
use types::{Base, PgType};

/// Expressions that may be written into a plan more than once.
const MAX_COPIED: usize = 1 << 16;

type Result<T> = std::result::Result<T, PlanError>;

/// An expression with the type that PostgreSQL gives it, and how the engine holds its values.
#[derive(Clone, Debug)]
pub(crate) struct Typed {
    pub expr: Expr,
    pub ty: PgType,
    pub data: DataType,
}

impl Typed {
    /// A numeric whose digits behind the point are each value's own: it is held as text.
    pub fn is_free_numeric(&self) -> bool {
        self.ty.is(Base::Numeric) && self.data == DataType::Utf8
    }
}

/// A column that a name may mean.
#[derive(Clone, Debug)]
pub(crate) struct Named {
    pub name: String,
    pub typed: Typed,
}

/// A query that was bound: its plan, and its columns as they are named outside.
pub(crate) struct Relation {
    pub plan: LogicalPlan,
    pub columns: Vec<Named>,
}

/// What binding a statement needs and learns.
pub(crate) struct Binder<'a> {
    context: &'a BindContext<'a>,
    view: &'a View,
    facts: &'a dyn SessionFacts,
    /// The statement's text as it was parsed: locations count its bytes.
    text: &'a str,
    parameters: Vec<Option<Parameter>>,
    /// Qualifiers that were given to relations, each of which has its own.
    qualifiers: HashSet<TableReference>,
    /// Makes names unique.
    counter: usize,
    /// Expressions that stand in the plan once more than in the text.
    copied: usize,
    /// Where each column is named first, and its name with its table's.
    places: HashMap<Column, (i32, String)>,
    pub session_dependent: bool,
}

/// Type of a parameter, declared or found.
#[derive(Clone, Debug)]
struct Parameter {
    ty: PgType,
    data: DataType,
}

/// A statement bound by PostgreSQL's rules.
pub(crate) struct BoundQuery {
    pub plan: LogicalPlan,
    pub columns: SchemaRef,
    pub parameters: Vec<DataType>,
    pub session_dependent: bool,
}

pub(crate) fn bind(
    query: &SelectStmt,
    text: &str,
    context: &BindContext<'_>,
    view: &View,
    facts: &dyn SessionFacts,
    declared: &[Option<DataType>],
) -> Result<BoundQuery> {
    let declared = declared.iter().map(|declared| match declared {
        None => Ok(None),
        Some(data) => {
            let ty = PgType::of_arrow(data).ok_or_else(|| not_yet("a parameter of this type"))?;
            Ok(Some(Parameter { ty: ty.without_modifier(), data: data.clone() }))
        }
    });
    let mut binder = Binder {
        context,
        view,
        facts,
        text,
        parameters: declared.collect::<Result<_>>()?,
        qualifiers: HashSet::new(),
        counter: 0,
        copied: 0,
        places: HashMap::new(),
        session_dependent: false,
    };
    let relation = binder.query(query, &Scope::default())?;
    let columns = relation.columns.iter().map(|column| output_field(column, &relation.plan));
    let columns = Arc::new(Schema::new(columns.collect::<Vec<_>>()));
    let parameters = binder.parameters.iter().map(|p| p.as_ref().map_or(DataType::Utf8, |p| p.data.clone())).collect();
    Ok(BoundQuery { plan: relation.plan, columns, parameters, session_dependent: binder.session_dependent })
}

/// A column as the client is told of it.
fn output_field(column: &Named, plan: &LogicalPlan) -> Field {
    let nullable = match &column.typed.expr {
        Expr::Column(column) => plan.schema().field_from_column(column).is_ok_and(|field| field.is_nullable()),
        _ => true,
    };
    let field = Field::new(&column.name, column.typed.data.clone(), nullable);
    let ty = column.typed.ty;
    match (ty.is_array, ty.base) {
        (false, Base::Varchar | Base::Bpchar | Base::Name | Base::Numeric) => {
            pgtype::mark(field, ty.typname(), ty.typmod)
        }
        _ => field,
    }
}

/// What is left to the engine's reading of SQL.
fn not_yet(what: &str) -> PlanError {
    PlanError::Unsupported { what: what.to_owned() }
}

impl Binder<'_> {
    /// The character that a location means, counted from 1.
    fn position(&self, location: i32) -> Option<usize> {
        let location = usize::try_from(location).ok()?;
        Some(self.text.get(..location)?.chars().count() + 1)
    }

    /// A name that no other column of the statement has.
    fn unique(&mut self, name: &str) -> String {
        self.counter += 1;
        format!("{name}#{}", self.counter)
    }

    /// The same expression for another place. What is nested would double with each level, so there is a limit.
    fn copy(&mut self, typed: &Typed) -> Result<Typed> {
        typed.expr.apply(|_| {
            self.copied += 1;
            Ok(TreeNodeRecursion::Continue)
        })?;
        if self.copied > MAX_COPIED { Err(PlanError::TooComplex) } else { Ok(typed.clone()) }
    }

    /// A qualifier that no other relation of the statement has.
    fn qualifier(&mut self, wanted: TableReference) -> TableReference {
        if self.qualifiers.insert(wanted.clone()) {
            return wanted;
        }
        let other = TableReference::bare(self.unique(wanted.table()));
        self.qualifiers.insert(other.clone());
        other
    }
}
