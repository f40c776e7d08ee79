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
mod composite_types;
mod composites;
mod constants;
mod containers;
mod definitions;
mod enum_types;
mod enums;
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
pub(crate) mod rules;
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
use crate::error::code;
use crate::functions::pg::{Catalogs, Session, call, is_of_catalogs};
use crate::runtime::Runtime;
use crate::session::SessionFacts;
use crate::view::View;
pub(super) use catalog::is_settled;
pub(crate) use choices::may_fail;
use rules::Rule;
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
    runtime: &'a Runtime,
    /// Who asks; nobody where a rule is bound.
    asker: Option<Asker<'a>>,
    /// The rule of a policy that is bound, and for whom.
    rule: Option<Rule<'a>>,
    /// The rule has read an attribute that its principal lacks.
    lacks: bool,
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

/// The session that a statement comes from, and what it sees.
#[derive(Clone, Copy)]
struct Asker<'a> {
    view: &'a View,
    facts: &'a dyn SessionFacts,
}

/// Type of a parameter, declared or found.
#[derive(Clone, Debug)]
struct Parameter {
    ty: PgType,
}

/// A query bound by PostgreSQL's rules.
pub(crate) struct BoundQuery {
    pub plan: LogicalPlan,
    pub columns: SchemaRef,
    pub parameters: Vec<Field>,
    /// How the plan takes the parameters' values: as texts, where it reads these itself.
    pub held: Vec<DataType>,
    pub session_dependent: bool,
}

/// The type of a parameter that was declared. Names of the catalogs come as such, and aren't held so.
fn declared_type(field: &Field) -> Option<PgType> {
    let named = pgtype::typname(field).and_then(PgType::of_typname).filter(|ty| ty.base.is_reg());
    named.or_else(|| PgType::of_field(field))
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
        Some(field) => match declared_type(field) {
            Some(ty) => Ok(Some(Parameter::of(ty))),
            None => Err(not_yet("a parameter of this type")),
        },
    });
    let mut binder = Binder::new(context, &view.runtime, session(facts));
    binder.asker = Some(Asker { view, facts });
    (binder.text, binder.before) = (text.parsed, text.before);
    binder.parameters = declared.collect::<Result<_>>()?;
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
        Some(Parameter { ty }) => told(Field::new("", ty.storage(), true), *ty),
        None => Field::new("", DataType::Utf8, true),
    };
    let parameters = binder.parameters.iter().map(parameter).collect();
    let held = binder.parameters.iter().map(|parameter| parameter.as_ref().map_or(DataType::Utf8, Parameter::held));
    let (held, session_dependent) = (held.collect(), binder.session_dependent);
    Ok(BoundQuery { plan: relation.plan, columns, parameters, held, session_dependent })
}

impl<'a> Binder<'a> {
    fn new(context: &'a BindContext<'a>, runtime: &'a Runtime, session: Session) -> Self {
        Self {
            context,
            runtime,
            asker: None,
            rule: None,
            lacks: false,
            text: "",
            before: 0,
            parameters: Vec::new(),
            qualifiers: HashSet::new(),
            hidden: Vec::new(),
            unexpanded: HashSet::new(),
            outer_aggregates: Vec::new(),
            query: 0,
            counter: 0,
            copied: 0,
            reads: 0,
            sub_selects: 0,
            session: Arc::new(session),
            over_catalogs: None,
            numbers: HashMap::new(),
            places: HashMap::new(),
            session_dependent: false,
            keeps_order: false,
            keeps_unknown: false,
            reads_foreign_types: false,
            within: None,
        }
    }

    /// Who asks. A rule means the same in all sessions: there is nobody to ask in one.
    fn asker(&self) -> Result<Asker<'a>> {
        let refused = || "a policy rule can't read what tells of the session or of the catalogs".to_owned();
        self.asker.ok_or_else(|| PlanError::refused(code::FEATURE_NOT_SUPPORTED, refused(), None))
    }
}

impl Binder<'_> {
    /// Values that are printed otherwise than they are held, beside their texts: ranges of dates and moments, which are held in texts
    /// that depend on no setting, what is held as a number and has a name, and records.
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
                typed if search::is_path(&typed) => self.path_texts(typed)?,
                typed if is_printed(typed.ty) || records::has_fields(&typed) => self.beside_text(typed)?,
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

impl Binder<'_> {
    fn beside_text(&mut self, typed: Typed) -> Result<Typed> {
        let value = self.copy(&typed)?;
        let ty = match typed.ty.is(Base::Record) || typed.ty.is_array {
            true => typed.ty.without_modifier(),
            false => typed.ty,
        };
        let text = match ty.is_array {
            true => self.each_of(typed, |binder, item| binder.printed(item))?,
            false => self.printed(typed)?,
        };
        let data = weir_encode::shown(text.data, value.data);
        Ok(Typed { expr: call("beside_text", vec![text.expr, value.expr], data.clone()), ty, data })
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
    match known.is_some_and(|known| known.same(ty) && ty.typmod < 0) {
        true => field,
        false => ty.mark(field),
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
        now: Some(facts.now().timestamp_micros()),
        catalogs: None,
    }
}

/// What is left to the engine's reading of SQL.
fn not_yet(what: &str) -> PlanError {
    PlanError::Unsupported { what: what.to_owned() }
}

impl Binder<'_> {
    /// What a function reads of the session, and of the catalogs if it looks into these.
    fn session_of(&mut self, source: &str) -> Result<Arc<Session>> {
        if !is_of_catalogs(source) {
            return Ok(Arc::clone(&self.session));
        }
        let Asker { view, facts } = self.asker()?;
        let made = self.over_catalogs.get_or_insert_with(|| {
            let objects = Arc::clone(view.system().objects());
            let catalogs = Some(Catalogs::new(objects, facts.search_path()));
            Arc::new(Session { catalogs, ..Session::clone(&self.session) })
        });
        Ok(Arc::clone(made))
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
