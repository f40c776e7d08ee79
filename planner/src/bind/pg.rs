//! Binding by PostgreSQL's rules: its own parse tree in, the engine's plan out, with the type that PostgreSQL gives each
//! expression.
//!
//! What isn't known here is refused, unless a table has columns of types that PostgreSQL lacks, such as Avro's records:
//! then the engine's reading of SQL serves for the whole statement, see [`super::bind`].

mod aggregate;
mod aggregate_checks;
mod aggregates;
mod arrays;
mod calls;
mod catalog;
mod choices;
mod coerce;
mod collation;
mod comparable;
mod constants;
mod containers;
mod definitions;
mod expr;
mod frame;
mod from;
mod from_errors;
mod from_functions;
mod functions_of_operators;
mod grouping;
mod hypothetical;
mod input_checks;
mod input_output;
mod json;
mod json_table;
mod levels;
mod limit;
mod locking;
mod named;
mod operators;
mod places;
mod polymorphic;
mod record_folds;
mod records;
mod recursive;
mod resolve;
mod sample;
mod scalar;
mod scope;
mod search;
mod select;
mod setops;
mod sets;
mod sqljson;
mod sublink;
mod subscripts;
mod targets;
mod type_names;
pub(crate) mod types;
mod ungrouped;
mod unnest;
mod window;

use std::collections::{HashMap, HashSet};

use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::common::{Column, ExprSchema, TableReference};
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder};
use pg_query::protobuf::SelectStmt;
use std::sync::Arc;
use weir_connectors::pgtype;

use super::BindContext;
use crate::PlanError;
use crate::functions::pg::{Catalogs, Session, is_of_catalogs};
use crate::session::SessionFacts;
use crate::view::View;
pub(super) use catalog::is_settled;
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
    /// Characters of the client's text before it.
    before: usize,
    parameters: Vec<Option<Parameter>>,
    /// Qualifiers that were given to relations, each of which has its own.
    qualifiers: HashSet<TableReference>,
    /// Tables that FROM has had to hide, until its scope knows them.
    hidden: Vec<from_errors::Hidden>,
    /// Columns that a star doesn't stand for.
    unexpanded: HashSet<Column>,
    /// What sub-selects read of groups of queries around that are still being bound.
    outer_aggregates: Vec<levels::OuterAggregate>,
    /// The query that is being bound.
    query: usize,
    /// Makes names unique.
    counter: usize,
    /// Expressions that stand in the plan once more than in the text.
    copied: usize,
    /// Tables that have been read so far, those of a CTE as often as it is.
    reads: usize,
    /// The sub-selects in expressions that binding is in.
    sub_selects: usize,
    /// What functions read of the session.
    session: Arc<Session>,
    /// The same for functions that look into the catalogs.
    over_catalogs: Option<Arc<Session>>,
    /// The numbers of the catalogs' tables, which their `tableoid` tells.
    numbers: HashMap<TableReference, u32>,
    /// Where each column is named first, and its name with its table's.
    places: HashMap<Column, (i32, String)>,
    pub session_dependent: bool,
    /// The sub-select that is bound next tells the order of its rows.
    keeps_order: bool,
    /// The select list that is bound next leaves constants without a type.
    keeps_unknown: bool,
    /// A table has columns of types that PostgreSQL lacks.
    reads_foreign_types: bool,
    /// What can't be computed for several rows, and is being bound.
    within: Option<&'static str>,
}

/// Type of a parameter, declared or found.
#[derive(Clone, Debug)]
struct Parameter {
    ty: PgType,
    data: DataType,
}

/// A query bound by PostgreSQL's rules.
pub(crate) struct BoundQuery {
    pub plan: LogicalPlan,
    pub columns: SchemaRef,
    pub parameters: Vec<Field>,
    pub session_dependent: bool,
}

/// Whether a parameter is the name of something.
fn is_named(field: &Field) -> bool {
    let ty = pgtype::typname(field).and_then(PgType::of_typname);
    *field.data_type() == DataType::Utf8 && ty.is_some_and(|ty| ty.base.is_reg() && !ty.is_array)
}

/// What a query was read from.
#[derive(Clone, Copy)]
pub(crate) struct Text<'a> {
    pub parsed: &'a str,
    /// Characters of the client's text before it.
    pub before: usize,
}

/// Binds a query; also tells whether it reads tables with columns of types that PostgreSQL lacks.
pub(crate) fn bind(
    query: &SelectStmt,
    text: Text<'_>,
    context: &BindContext<'_>,
    view: &View,
    facts: &dyn SessionFacts,
    declared: &[Option<Field>],
) -> (Result<BoundQuery>, bool) {
    let mut reads_foreign_types = false;
    let bound = bind_query(query, text, context, view, facts, declared, &mut reads_foreign_types);
    (bound, reads_foreign_types)
}

fn bind_query(
    query: &SelectStmt,
    text: Text<'_>,
    context: &BindContext<'_>,
    view: &View,
    facts: &dyn SessionFacts,
    declared: &[Option<Field>],
    reads_foreign_types: &mut bool,
) -> Result<BoundQuery> {
    let declared = declared.iter().map(|declared| match declared {
        None => Ok(None),
        Some(field) if is_named(field) => {
            let ty = pgtype::typname(field).and_then(PgType::of_typname);
            Ok(ty.map(Parameter::of))
        }
        Some(field) => {
            let ty = PgType::of_field(field).ok_or_else(|| not_yet("a parameter of this type"))?.without_modifier();
            let data = if ty.is(Base::Numeric) { DataType::Utf8 } else { field.data_type().clone() };
            Ok(Some(Parameter { ty, data }))
        }
    });
    let mut binder = Binder {
        context,
        view,
        facts,
        text: text.parsed,
        before: text.before,
        parameters: declared.collect::<Result<_>>()?,
        qualifiers: HashSet::new(),
        hidden: Vec::new(),
        unexpanded: HashSet::new(),
        outer_aggregates: Vec::new(),
        query: 0,
        counter: 0,
        copied: 0,
        reads: 0,
        sub_selects: 0,
        session: Arc::new(session(facts)),
        over_catalogs: None,
        numbers: HashMap::new(),
        places: HashMap::new(),
        session_dependent: false,
        keeps_order: false,
        keeps_unknown: false,
        reads_foreign_types: false,
        within: None,
    };
    let relation = binder.query(query, &Scope::default());
    *reads_foreign_types = binder.reads_foreign_types;
    let relation = binder.shown(relation?)?;
    let plan = unnest::unnest(relation.plan)?;
    if let Some(column) = unnest::ungrouped(&plan)? {
        return Err(binder.ungrouped(&column));
    }
    let relation = Relation { plan, ..relation };
    let columns = relation.columns.iter().map(|column| output_field(column, &relation.plan));
    let columns = Arc::new(Schema::new(columns.collect::<Vec<_>>()));
    let parameter = |parameter: &Option<Parameter>| match parameter {
        Some(Parameter { ty, data }) => told(Field::new("", data.clone(), true), *ty),
        None => Field::new("", DataType::Utf8, true),
    };
    let parameters = binder.parameters.iter().map(parameter).collect();
    Ok(BoundQuery { plan: relation.plan, columns, parameters, session_dependent: binder.session_dependent })
}

impl Binder<'_> {
    /// Ranges of dates and moments as the session prints them: they are held in texts that depend on no setting. And the names
    /// of what is held as a number. Records are shown as their texts.
    fn shown(&mut self, relation: Relation) -> Result<Relation> {
        let is_printed = |ty: PgType| {
            ty.base.is_reg()
                || !ty.is_array && matches!(ty.base.range_of(), Some(Base::Date | Base::Timestamp | Base::Timestamptz))
        };
        let is_shown_otherwise =
            |typed: &Typed| is_printed(typed.ty) || search::is_path(typed) || records::has_fields(typed);
        if !relation.columns.iter().any(|column| is_shown_otherwise(&column.typed)) {
            return Ok(relation);
        }
        let (mut exprs, mut columns) = (Vec::new(), Vec::new());
        for column in relation.columns {
            let typed = match column.typed {
                typed if typed.ty.is_array && typed.ty.base.is_reg() => {
                    let ty = typed.ty;
                    Typed { ty, ..self.each_of(typed, |binder, item| binder.printed(item))? }
                }
                typed if is_printed(typed.ty) => Typed { ty: typed.ty, ..self.printed(typed)? },
                typed if search::is_path(&typed) => self.path_texts(typed)?,
                typed if records::has_fields(&typed) => {
                    let ty = typed.ty.without_modifier();
                    let texts = match ty.is_array {
                        true => self.each_of(typed, |binder, record| binder.printed(record))?,
                        false => self.printed(typed)?,
                    };
                    Typed { ty, ..texts }
                }
                typed => typed,
            };
            let unique = self.unique(&column.name);
            exprs.push(typed.expr.alias(unique.clone()));
            let expr = Expr::Column(Column::new_unqualified(unique));
            columns.push(Named { name: column.name, typed: Typed { expr, ..typed } });
        }
        let plan = LogicalPlanBuilder::from(relation.plan).project(exprs)?.build()?;
        Ok(Relation { plan, columns })
    }
}

/// A column as the client is told of it.
fn output_field(column: &Named, plan: &LogicalPlan) -> Field {
    let nullable = match &column.typed.expr {
        Expr::Column(column) => plan.schema().field_from_column(column).is_ok_and(|field| field.is_nullable()),
        _ => true,
    };
    let field = Field::new(&column.name, column.typed.data.clone(), nullable);
    let ty = column.typed.ty;
    if ty.base == Base::Opaque
        && let Expr::Column(inside) = &column.typed.expr
        && let Ok(known) = plan.schema().field_from_column(inside)
    {
        return field.with_metadata(known.metadata().clone());
    }
    told(field, ty)
}

/// The field with its type, where the engine's type doesn't tell.
fn told(field: Field, ty: PgType) -> Field {
    let known = PgType::of_arrow(field.data_type());
    match (known.is_some_and(|known| known.same(ty) && ty.typmod < 0), ty.is_array) {
        (true, _) => field,
        (false, true) => pgtype::mark(field, &format!("_{}", ty.typname()), ty.typmod),
        (false, false) => pgtype::mark(field, ty.typname(), ty.typmod),
    }
}

fn session(facts: &dyn SessionFacts) -> Session {
    let known = Session::default();
    let setting = |name, default: String| facts.setting(name).unwrap_or(default);
    Session {
        time_zone: facts.time_zone().to_owned(),
        date_style: setting("DateStyle", known.date_style),
        interval_style: setting("IntervalStyle", known.interval_style),
        bytea_output: setting("bytea_output", known.bytea_output),
        extra_float_digits: setting("extra_float_digits", String::new()).parse().unwrap_or(known.extra_float_digits),
        now: facts.now().timestamp_micros(),
        catalogs: None,
    }
}

/// What is left to the engine's reading of SQL.
fn not_yet(what: &str) -> PlanError {
    PlanError::Unsupported { what: what.to_owned() }
}

impl Binder<'_> {
    /// What a function reads of the session, and of the catalogs if it looks into these.
    fn session_of(&mut self, source: &str) -> Arc<Session> {
        if !is_of_catalogs(source) {
            return Arc::clone(&self.session);
        }
        let made = self.over_catalogs.get_or_insert_with(|| {
            let objects = Arc::clone(self.view.system().objects());
            let catalogs = Some(Catalogs::new(objects, self.facts.search_path()));
            Arc::new(Session { catalogs, ..Session::clone(&self.session) })
        });
        Arc::clone(made)
    }

    /// The character of the client's text that a location means, counted from 1.
    fn position(&self, location: i32) -> Option<usize> {
        let location = usize::try_from(location).ok()?;
        Some(self.before + self.text.get(..location)?.chars().count() + 1)
    }

    /// What a sub-select reads of the query around must be grouped by there.
    fn ungrouped(&self, column: &Column) -> PlanError {
        let place = self.places.get(column);
        let position = place.and_then(|(location, _)| self.position(*location));
        let name = place.map_or(column.name.as_str(), |(_, name)| name);
        let message = format!("subquery uses ungrouped column \"{name}\" from outer query");
        PlanError::Grouping { message, position }
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
