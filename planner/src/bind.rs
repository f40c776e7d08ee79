//! Stage 6: names against the principal's view of the catalog; types of columns and parameters.
//!
//! A bound plan names only what its principal may see, and holds no table that could be read: see
//! [`GovernedSource`](crate::view::GovernedSource).

mod context;
mod limits;
pub(crate) mod literals;
mod names;
mod numbers;
pub(crate) mod peers;
pub(crate) mod pg;
mod precomputed;
mod resolve;
mod rewrite;
pub(crate) mod weight;
mod windows;

use std::collections::HashMap;
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, FieldRef, Schema, SchemaRef};
use datafusion::common::metadata::ScalarAndMetadata;
use datafusion::common::{ParamValues, ScalarValue};
use datafusion::logical_expr::LogicalPlan;
use datafusion::sql::planner::{PlannerContext, SqlToRel};
use datafusion::sql::sqlparser::ast;

use crate::PlanError;
use crate::execute;
use crate::parse::{self, Parsed, Query};
use crate::runtime::Runtime;
use crate::session::SessionFacts;
use crate::view::View;
pub(crate) use context::BindContext;
pub(crate) use precomputed::precomputed;
pub(crate) use resolve::reads_clock;

/// A query whose names and types are settled under one view.
#[derive(Debug, Clone)]
pub struct Bound {
    pub(crate) plan: LogicalPlan,
    pub(crate) view: Arc<View>,
    /// The columns that the client gets, by PostgreSQL's names.
    pub columns: SchemaRef,
    /// Type of `$1`, `$2`, ...: as declared, else as inferred, else text.
    pub parameters: Vec<Field>,
    /// How the plan takes the parameters' values: as texts, where it reads these itself.
    held: Vec<DataType>,
    /// The plan holds values that were read from the session's settings or the clock, or reads a table that changes while
    /// the view stays: it serves one statement only.
    pub volatile: bool,
    /// It holds values that were read from the session's settings.
    pub session_dependent: bool,
    /// It holds rows that tell of the moment when it was bound: it is bound anew whenever it runs.
    pub momentary: bool,
}

/// Binds a query. `declared` are the parameters as the client declared them, `None` where it left their types open.
pub fn bind(
    query: &Query,
    parsed: &Parsed,
    view: &Arc<View>,
    facts: &dyn SessionFacts,
    declared: &[Option<Field>],
) -> Result<Bound, PlanError> {
    // By PostgreSQL's rules. The engine's reading of SQL serves columns of types that PostgreSQL lacks.
    let (bound, reads_foreign_types) = bind_tree(query, view, facts, declared);
    let mut query = match bound {
        Err(PlanError::Unsupported { what }) if reads_foreign_types => match parse::engine_query(query) {
            Ok(query) => {
                tracing::debug!(what, "a statement is left to the engine's reading of SQL");
                query
            }
            Err(_) => return Err(PlanError::Unsupported { what }),
        },
        bound => return bound,
    };
    limits::check_query(&query)?;
    names::name_columns(&mut query);
    numbers::write_out(&mut query);
    let session_dependent = rewrite::rewrite(&mut query, view, facts);
    let context = BindContext::new(view, facts, &parsed.text);
    let mut planner_context = PlannerContext::new().with_prepare_param_data_types(parameter_fields(declared));
    let planned = SqlToRel::new(&context)
        .sql_statement_to_plan_with_context(ast::Statement::Query(Box::new(query)), &mut planner_context)
        .map_err(|error| resolve::explain(error, &context, parsed));
    finish(planned?, &context, parsed, view, declared, session_dependent)
}

/// Binds by PostgreSQL's rules; also whether the query reads tables with columns of types that PostgreSQL lacks.
fn bind_tree(
    query: &Query,
    view: &Arc<View>,
    facts: &dyn SessionFacts,
    declared: &[Option<Field>],
) -> (Result<Bound, PlanError>, bool) {
    let context = BindContext::new(view, facts, &query.text);
    let text = pg::Text { parsed: &query.text, before: query.before };
    let (bound, reads_foreign_types) = pg::bind(&query.tree, text, &context, view, facts, declared);
    (bound.and_then(|bound| settled(bound, &context, view)), reads_foreign_types)
}

fn settled(bound: pg::BoundQuery, context: &BindContext<'_>, view: &Arc<View>) -> Result<Bound, PlanError> {
    limits::check_plan(&bound.plan)?;
    if bound.columns.fields().len() > limits::MAX_COLUMNS {
        return Err(PlanError::TooManyColumns { limit: limits::MAX_COLUMNS });
    }
    let analyzed = analyze(&view.runtime, bound.plan.clone())?;
    let session_dependent = bound.session_dependent;
    let volatile = session_dependent || context.reads_status() || resolve::reads_clock(&analyzed)?;
    let plan = if bound.parameters.is_empty() { analyzed } else { bound.plan };
    let (view, momentary) = (Arc::clone(view), context.reads_session());
    let (columns, parameters, held) = (bound.columns, bound.parameters, bound.held);
    Ok(Bound { plan, view, columns, parameters, held, volatile, session_dependent, momentary })
}

/// Binds a query whose parameters have no values, for who looks at its plan and doesn't run it.
pub fn bind_open(
    query: &Query,
    parsed: &Parsed,
    view: &Arc<View>,
    facts: &dyn SessionFacts,
) -> Result<Bound, PlanError> {
    let bound = bind(query, parsed, view, facts, &[])?;
    if bound.parameters.is_empty() {
        return Ok(bound);
    }
    // The engine's rules ask a parameter for its type, which is known now.
    let types: Vec<_> = bound.parameters.into_iter().map(Some).collect();
    let typed = bind(query, parsed, view, facts, &types)?;
    Ok(Bound { plan: analyze(&view.runtime, typed.plan.clone())?, ..typed })
}

fn finish(
    plan: LogicalPlan,
    context: &BindContext<'_>,
    parsed: &Parsed,
    view: &Arc<View>,
    declared: &[Option<Field>],
    session_dependent: bool,
) -> Result<Bound, PlanError> {
    limits::check_plan(&plan)?;
    let parameters = parameter_types(&plan, declared)?;
    let analyzed = analyze(&view.runtime, plan.clone()).map_err(|error| resolve::explain(error, context, parsed))?;
    let columns = client_columns(&analyzed);
    if columns.fields().len() > limits::MAX_COLUMNS {
        return Err(PlanError::TooManyColumns { limit: limits::MAX_COLUMNS });
    }
    let volatile = session_dependent || context.reads_status() || resolve::reads_clock(&analyzed)?;
    // A plan with parameters is analyzed again with their values; one without is ready.
    let plan = if parameters.is_empty() { analyzed } else { plan };
    let (view, momentary) = (Arc::clone(view), context.reads_session());
    let held = parameters.iter().map(|field| field.data_type().clone()).collect();
    Ok(Bound { plan, view, columns, parameters, held, volatile, session_dependent, momentary })
}

impl Bound {
    /// The same query as it is run: with its parameters' values in place, and what can be computed of it.
    pub fn with_values(&self, values: Vec<ScalarValue>) -> Result<Self, PlanError> {
        let mut filled = self.filled(values)?;
        filled.plan = execute::aside(|| precomputed(filled.plan))?;
        Ok(filled)
    }

    fn filled(&self, values: Vec<ScalarValue>) -> Result<Self, PlanError> {
        if self.parameters.is_empty() {
            return Ok(self.clone());
        }
        let held = |(at, value): (usize, ScalarValue)| match self.held.get(at) {
            Some(DataType::List(_)) => Err(PlanError::Unsupported { what: "an array as a parameter here".to_owned() }),
            Some(wanted) if *wanted != value.data_type() => Ok(value.cast_to(wanted)?),
            _ => Ok(value),
        };
        let values = values.into_iter().enumerate().map(|value| Ok(ScalarAndMetadata::from(held(value)?)));
        let values = values.collect::<Result<_, PlanError>>()?;
        let plan = self.plan.clone().with_param_values(ParamValues::List(values))?;
        limits::check_plan(&plan)?;
        Ok(Self { plan: analyze(&self.view.runtime, plan)?, parameters: Vec::new(), ..self.clone() })
    }

    /// About how many bytes its plan takes.
    pub fn weight(&self) -> Result<usize, PlanError> {
        Ok(weight::weight(&self.plan)?)
    }

    /// The view under which names were resolved.
    pub fn view(&self) -> &Arc<View> {
        &self.view
    }
}

/// Type coercion and the engine's other analyzer rules.
pub(crate) fn analyze(runtime: &Runtime, plan: LogicalPlan) -> datafusion::error::Result<LogicalPlan> {
    let state = &runtime.state;
    state.analyzer().execute_and_check(plan, state.config_options(), |_, _| {})
}

fn parameter_fields(declared: &[Option<Field>]) -> Vec<Option<FieldRef>> {
    declared.iter().map(|field| field.clone().map(|field| Arc::new(engine_field(field)))).collect()
}

/// A parameter as the engine's reading of SQL takes it: it knows numerics as decimals alone.
fn engine_field(field: Field) -> Field {
    match weir_connectors::pgtype::typname(&field) {
        Some("numeric") if *field.data_type() == DataType::Utf8 => Field::new("", DataType::Decimal128(38, 10), true),
        _ => field,
    }
}

fn parameter_types(plan: &LogicalPlan, declared: &[Option<Field>]) -> Result<Vec<Field>, PlanError> {
    let inferred: HashMap<String, Option<DataType>> = plan.get_parameter_types()?;
    let numbers = inferred.keys().map(|name| resolve::parameter_number(name)).collect::<Result<Vec<_>, _>>()?;
    let count = numbers.into_iter().max().unwrap_or(0).max(declared.len());
    let placed = resolve::placed_parameters(plan)?;
    let of = |n: usize| {
        let declared = declared.get(n - 1).cloned().flatten().map(engine_field);
        let inferred = || inferred.get(&format!("${n}")).cloned().flatten();
        let found = || inferred().or_else(|| placed.get(&n).cloned()).unwrap_or(DataType::Utf8);
        declared.unwrap_or_else(|| Field::new("", found(), true))
    };
    Ok((1..=count).map(of).collect())
}

fn client_columns(plan: &LogicalPlan) -> SchemaRef {
    let fields =
        plan.schema().fields().iter().map(|field| field.as_ref().clone().with_name(names::client_name(field.name())));
    Arc::new(Schema::new(fields.collect::<Vec<_>>()))
}
