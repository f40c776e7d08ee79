//! THE PATH: what happens to a statement, one line per stage. Simple and extended protocol both come through here, and
//! here alone a statement is put on record.

mod receipt;
mod record;
mod rows;

use std::net::SocketAddr;
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::{Field, SchemaRef};
use chrono::{DateTime, Utc};
use datafusion::common::ScalarValue;
use parking_lot::Mutex;
use weir_connectors::QueryScope;
use weir_connectors::pgtype::OwnType;
use weir_planner::bind::{self, Bound};
use weir_planner::optimize::{Optimized, Planned};
use weir_planner::parse::{self, Explain, Kind, Refusal, Stage, Utility};
use weir_planner::permit::Permitted;
use weir_planner::session::{SessionFacts, Setting, StatementSession};
use weir_planner::view::View;
use weir_planner::{execute, explain, optimize, permit};

use crate::cancel::StatementGuard;
pub use crate::engine::Engine;
use crate::engine::Surroundings;
use crate::session::{Session, utility};
use crate::sqlstate::{SqlError, code};
pub use receipt::ReceiptSlot;
use record::Statement;
use rows::Started;
pub use rows::{Basis, Rows};
use weir_encode::{parameter_field, wire_type};
pub use weir_planner::parse::Parsed;
pub use weir_policies::Principal;

/// A statement that is understood: names resolved, types known, nothing decided yet.
pub struct Prepared {
    parsed: Parsed,
    declared: Vec<Option<Field>>,
    parameters: Vec<Field>,
    columns: Option<SchemaRef>,
    /// The query as it was bound last, under which version of the session's settings; bound anew when what it depends on has
    /// changed since.
    bound: Mutex<Option<(Surroundings, u64, Arc<Bound>)>>,
    /// What was decided and planned of it last.
    planned: Mutex<Option<(Surroundings, Kept)>>,
    /// How many bytes that may take.
    planned_bytes: usize,
}

/// What may be kept of a plan, as a multiple of what was bound, and if that is little. Filters, masks and barriers stand in the plan
/// alone, each mask with several expressions for its one column.
const PLANNED_PER_BOUND: usize = 8;
const LEAST_PLANNED_BYTES: usize = 128 << 10;
/// Bytes that the tree of a statement takes for each of its text.
const PARSED_PER_TEXT: u32 = 64;

/// What is kept of a statement without parameters that reads no clock: it is the same in the same surroundings.
enum Kept {
    /// What it reads is asked for anew each time.
    Planned(Arc<Planned>),
    /// It reads nothing but what is in the plan, so that the plan can run as it is.
    Constant(Arc<Permitted>, Optimized),
}

impl Prepared {
    /// The statement as the client wrote it.
    pub fn text(&self) -> &str {
        &self.parsed.text
    }

    /// About how many bytes it takes at most, with all that is kept of it.
    pub fn weight(&self) -> u32 {
        let bytes = self.planned_bytes + self.planned_bytes / PLANNED_PER_BOUND;
        u32::try_from(bytes).unwrap_or(u32::MAX).saturating_add(parsed_weight(&self.parsed.text))
    }

    /// The parameters, each a field of its type.
    pub fn parameters(&self) -> &[Field] {
        &self.parameters
    }

    /// The columns that the statement returns, `None` if it returns no rows. Those of FETCH are its cursor's.
    pub fn columns(&self) -> Option<&SchemaRef> {
        self.columns.as_ref()
    }

    /// What the statement asks for.
    pub fn kind(&self) -> &Kind {
        &self.parsed.kind
    }

    /// The statement, if it is one about the session.
    pub fn utility(&self) -> Option<&Utility> {
        utility::of(&self.parsed)
    }

    /// The command's tag.
    pub fn tag(&self) -> &'static str {
        match &self.parsed.kind {
            Kind::Utility(Utility::Show { .. }) => "SHOW",
            Kind::Explain(_) => "EXPLAIN",
            Kind::Copy(_) => "COPY",
            _ => "SELECT",
        }
    }
}

/// About how many bytes a statement of such a text takes that was parsed.
pub fn parsed_weight(text: &str) -> u32 {
    u32::try_from(text.len()).unwrap_or(u32::MAX).saturating_mul(PARSED_PER_TEXT)
}

/// The principal of a user who has just proven who they are.
pub fn login(engine: &Engine, user: &str) -> Result<Arc<Principal>, SqlError> {
    engine
        .world()
        .policies
        .principal(user)
        .map(Arc::new)
        .ok_or_else(|| SqlError::new(code::INVALID_AUTHORIZATION, format!("role \"{user}\" does not exist")))
}

/// All statements of a client's text.
pub fn parse(engine: &Engine, session: &Session, sql: &str) -> Result<Vec<Parsed>, SqlError> {
    if let Some(known) = engine.parsed.get(sql) {
        return Ok(known.to_vec());
    }
    let parsed = if Engine::keeps(sql) { parse::parse(sql) } else { execute::aside(|| parse::parse(sql)) };
    let statements = parsed.map_err(|error| {
        let error = SqlError::from(error);
        record::failed(engine, session, sql, &error);
        error
    })?;
    if Engine::keeps(sql) {
        engine.parsed.insert(sql.into(), statements.clone().into());
    }
    Ok(statements)
}

/// Binds a statement as far as that goes without its parameters' values. A failure is put on record.
pub async fn prepare(
    engine: &Engine,
    session: &Session,
    parsed: Parsed,
    parameter_oids: &[u32],
) -> Result<Arc<Prepared>, SqlError> {
    let text = Arc::clone(&parsed.text);
    prepare_unrecorded(engine, session, parsed, parameter_oids).inspect_err(|error| {
        record::failed(engine, session, &text, error);
    })
}

fn prepare_unrecorded(
    engine: &Engine,
    session: &Session,
    parsed: Parsed,
    parameter_oids: &[u32],
) -> Result<Arc<Prepared>, SqlError> {
    on_record(engine)?;
    let query = match (&parsed.kind, parsed.query()) {
        (_, Some(query)) => query,
        (Kind::Utility(utility), _) => return Ok(Prepared::of_utility(utility::columns(utility), parsed)),
        (Kind::Refused(refusal), _) => return Err(refused(*refusal)),
        _ => return Ok(Prepared::of_utility(None, parsed)),
    };
    let view = view(engine, session)?;
    let surroundings = surroundings(&view, session);
    let key = (surroundings.clone(), Arc::clone(&parsed.text));
    let keeps = parameter_oids.is_empty() && Engine::keeps(&parsed.text);
    if keeps && let Some(known) = engine.prepared.get(&key) {
        return Ok(known);
    }
    let declared = parameter_oids.iter().map(|&oid| declared_type(oid, &view)).collect::<Result<Vec<_>, _>>()?;
    let bound = execute::aside(|| bind::bind(query, &parsed, &view, session, &declared))?;
    let prepared = Arc::new(Prepared::of_query(parsed, declared, surroundings, session.settings().version(), bound)?);
    if keeps && !prepared.is_session_bound() {
        engine.prepared.insert(key, Arc::clone(&prepared));
    }
    Ok(prepared)
}

/// Runs a query: decides, plans, and starts it. What comes of it is put on record when its rows end.
pub async fn run(
    engine: &Engine,
    session: &Session,
    prepared: &Arc<Prepared>,
    values: Vec<ScalarValue>,
    guard: &StatementGuard,
) -> Result<Rows, SqlError> {
    let scope = QueryScope::new(record::query_id(), session.user().to_owned(), guard.token().clone());
    let mut statement = Statement::begin(engine, session, &prepared.parsed.text, Arc::clone(&scope));
    match run_stages(engine, session, prepared, values, guard, &scope, &mut statement).await {
        Ok(started) => Ok(Rows::new(started, statement, guard.clone())),
        Err(error) => {
            let error = match guard.token().is_cancelled() {
                true => guard.error(),
                // EXPLAIN ANALYZE runs its query here, and a filter that fails would show a hidden value.
                false if statement.is_discreet() => error.without_values(),
                false => error,
            };
            statement.fail(&error);
            Err(error)
        }
    }
}

async fn run_stages(
    engine: &Engine,
    session: &Session,
    prepared: &Prepared,
    values: Vec<ScalarValue>,
    guard: &StatementGuard,
    scope: &Arc<QueryScope>,
    statement: &mut Statement,
) -> Result<Started, SqlError> {
    on_record(engine)?;
    let view = view(engine, session)?;
    statement.viewed(&view);
    let surroundings = surroundings(&view, session);
    let planning = StatementSession::new(&engine.runtime, session.time_zone(), session.now(), Arc::clone(scope));
    if let Some(kept) = prepared.kept(&surroundings)? {
        return resume(engine, kept, &planning, guard, statement).await;
    }
    let bound = prepared.bound(&surroundings, &view, session)?.with_values(values)?;
    let permitted = Arc::new(permit::permit(&bound)?);
    statement.decided(&permitted);
    if let Kind::Explain(asked) = &prepared.parsed.kind {
        return explained(engine, asked, &bound, permitted, &planning, guard, statement).await;
    }
    let planned = Arc::new(optimize::plan(permitted, &engine.runtime, &planning)?);
    let optimized = optimize::optimize(&planned, &engine.runtime, &planning).await?;
    statement.reads(&planned.permitted, &planned.reads);
    if !planned.permitted.volatile && prepared.parameters.is_empty() {
        prepared.keep(surroundings, &planned, &optimized)?;
    }
    stream(optimized, &planned.permitted, &planning, guard)
}

/// Goes on from what an earlier run has decided and planned under the same view.
async fn resume(
    engine: &Engine,
    kept: Kept,
    planning: &StatementSession,
    guard: &StatementGuard,
    statement: &mut Statement,
) -> Result<Started, SqlError> {
    let planned = match kept {
        Kept::Constant(permitted, plan) => return stream(plan, &permitted, planning, guard),
        Kept::Planned(planned) => planned,
    };
    statement.decided(&planned.permitted);
    let optimized = optimize::optimize(&planned, &engine.runtime, planning).await?;
    statement.reads(&planned.permitted, &planned.reads);
    stream(optimized, &planned.permitted, planning, guard)
}

/// Starts the plan.
fn stream(
    plan: Optimized,
    permitted: &Arc<Permitted>,
    planning: &StatementSession,
    guard: &StatementGuard,
) -> Result<Started, SqlError> {
    let stream = execute::execute(&plan, planning, guard.token())?;
    let basis = Basis::Decided(Arc::clone(permitted));
    Ok(Started { columns: plan.columns, source: rows::Source::Stream(stream), basis })
}

/// The lines of EXPLAIN. It goes no further than the stage that was asked for, and runs the query only for ANALYZE.
async fn explained(
    engine: &Engine,
    asked: &Explain,
    bound: &Bound,
    permitted: Arc<Permitted>,
    planning: &StatementSession,
    guard: &StatementGuard,
    statement: &mut Statement,
) -> Result<Started, SqlError> {
    let lines = |lines| -> Result<Started, SqlError> {
        let source = rows::Source::Batch(Some(explain::batch(lines)?));
        Ok(Started { columns: explain::columns(), source, basis: Basis::View(bound.view().id) })
    };
    if !asked.analyze && asked.stage != Stage::Optimized {
        return lines(explain::explain(asked.stage, bound, &permitted, None)?);
    }
    let planned = optimize::plan(Arc::clone(&permitted), &engine.runtime, planning)?;
    let optimized = optimize::optimize(&planned, &engine.runtime, planning).await?;
    statement.reads(&planned.permitted, &planned.reads);
    if !asked.analyze {
        return lines(explain::explain(asked.stage, bound, &permitted, Some(&optimized))?);
    }
    let rows = rows::drain(execute::execute(&optimized, planning, guard.token())?).await?;
    lines(explain::analyzed(bound, &permitted, &optimized, rows))
}

/// Rows that were begun go on only if all that was decided on them would be decided the same now.
pub fn confirm(engine: &Engine, session: &Session, rows: &mut Rows) -> Result<(), SqlError> {
    on_record(engine)?;
    rows.confirm(&*view(engine, session)?)
}

/// The same of rows that were all at hand.
pub fn confirm_basis(engine: &Engine, session: &Session, basis: &Basis) -> Result<(), SqlError> {
    on_record(engine)?;
    basis.confirm(&*view(engine, session)?)
}

/// Puts a statement on record that was refused before it came to [`prepare`] or [`run`].
pub fn record_refused(engine: &Engine, session: &Session, text: &str, error: &SqlError) {
    record::refused(engine, session, text, error);
}

/// Puts a statement about the session on record.
pub fn record_utility(engine: &Engine, session: &Session, prepared: &Prepared, error: Option<&SqlError>) {
    record::utility(engine, session, &prepared.parsed.text, error);
}

/// The rows of `SHOW weir.receipt`, and what they rest on; none before the session's first statement that has one.
pub fn receipt(engine: &Engine, session: &Session) -> Result<(RecordBatch, Basis), SqlError> {
    let view = view(engine, session)?;
    let rows = match session.receipt().lock().as_ref() {
        Some(receipt) => receipt.rows(&view)?,
        None => RecordBatch::new_empty(receipt::columns()),
    };
    Ok((rows, Basis::View(view.id)))
}

/// The columns of `SHOW weir.receipt`.
pub fn receipt_columns() -> SchemaRef {
    receipt::columns()
}

/// What the session's user sees now. A right that was revoked is gone with the next statement.
fn view(engine: &Engine, session: &Session) -> Result<Arc<View>, SqlError> {
    engine.view(session.user()).ok_or_else(|| {
        SqlError::new(code::INVALID_AUTHORIZATION, format!("role \"{}\" does not exist", session.user()))
    })
}

/// What isn't on record must not happen.
fn on_record(engine: &Engine) -> Result<(), SqlError> {
    match engine.audit.is_sound() {
        true => Ok(()),
        false => Err(SqlError::new(code::SYSTEM_ERROR, "the audit log can't be written")),
    }
}

fn surroundings(view: &View, session: &Session) -> Surroundings {
    Surroundings { view: view.id, search_path: session.search_path(), time_zone: session.time_zone().to_owned() }
}

fn refused(refusal: Refusal) -> SqlError {
    match refusal {
        Refusal::ReadOnly(what) => {
            SqlError::new(code::READ_ONLY_TRANSACTION, format!("cannot execute {what} in a read-only transaction"))
        }
        Refusal::Unsupported(what) => SqlError::new(code::FEATURE_NOT_SUPPORTED, format!("{what} is not supported")),
    }
}

/// OID 0 leaves the type open, and so does `unknown`.
fn declared_type(oid: u32, view: &View) -> Result<Option<Field>, SqlError> {
    const UNKNOWN: u32 = 705;
    match oid {
        0 | UNKNOWN => Ok(None),
        oid => parameter_field(oid).or_else(|| view.parameter_of_own_type(oid)).map(Some).ok_or_else(|| {
            SqlError::new(
                code::FEATURE_NOT_SUPPORTED,
                format!("parameters of the type with OID {oid} are not supported"),
            )
        }),
    }
}

/// A parameter as a client declares it that knows its type.
fn declared_again(parameter: &Field) -> Option<Field> {
    match OwnType::of(parameter) {
        Some(_) => Some(parameter.clone()),
        None => parameter_field(wire_type(parameter).oid),
    }
}

fn no_parameter() -> SqlError {
    SqlError::new(code::UNDEFINED_PARAMETER, "there is no parameter $1")
}

impl Prepared {
    /// Refuses parameters, for which a simple query has no values.
    pub fn without_parameters(&self) -> Result<(), SqlError> {
        match self.parameters.is_empty() {
            true => Ok(()),
            false => Err(self.parsed.query().map_or_else(no_parameter, |query| query.no_parameter().into())),
        }
    }

    fn of_utility(columns: Option<SchemaRef>, parsed: Parsed) -> Arc<Self> {
        Arc::new(Self {
            parsed,
            declared: Vec::new(),
            parameters: Vec::new(),
            columns,
            bound: Mutex::new(None),
            planned: Mutex::new(None),
            planned_bytes: 0,
        })
    }

    fn of_query(
        parsed: Parsed,
        declared: Vec<Option<Field>>,
        surroundings: Surroundings,
        settings: u64,
        bound: Bound,
    ) -> Result<Self, SqlError> {
        let columns = match &parsed.kind {
            Kind::Explain(_) => Some(explain::columns()),
            Kind::Query(_) => Some(Arc::clone(&bound.columns)),
            // Their rows don't come as such.
            _ => None,
        };
        if matches!(parsed.kind, Kind::Copy(_)) && !bound.parameters.is_empty() {
            return Err(parsed.query().map_or_else(no_parameter, |query| query.no_parameter().into()));
        }
        let planned_bytes = bound.weight()?.saturating_mul(PLANNED_PER_BOUND).max(LEAST_PLANNED_BYTES);
        Ok(Self {
            parameters: bound.parameters.clone(),
            columns,
            parsed,
            declared,
            bound: Mutex::new(Some((surroundings, settings, Arc::new(bound)))),
            planned: Mutex::new(None),
            planned_bytes,
        })
    }

    /// Holds something of one session, such as its user's name.
    fn is_session_bound(&self) -> bool {
        self.bound.lock().as_ref().is_some_and(|(.., bound)| bound.volatile)
    }

    /// The query in the surroundings of now. What it returns must not have changed: the client was told.
    fn bound(&self, surroundings: &Surroundings, view: &Arc<View>, session: &Session) -> Result<Arc<Bound>, SqlError> {
        let settings = session.settings().version();
        let holds = |(then, version, bound): &&(Surroundings, u64, Arc<Bound>)| {
            then == surroundings && !bound.momentary && (*version == settings || !bound.session_dependent)
        };
        if let Some((.., bound)) = self.bound.lock().as_ref().filter(holds) {
            return Ok(Arc::clone(bound));
        }
        let Some(query) = self.parsed.query() else {
            return Err(SqlError::new(code::INTERNAL_ERROR, "not a query"));
        };
        let declared: Vec<_> = match self.declared.is_empty() {
            true => self.parameters.iter().map(declared_again).collect(),
            false => self.declared.clone(),
        };
        let bound = Arc::new(execute::aside(|| bind::bind(query, &self.parsed, view, session, &declared))?);
        let told = self.columns.as_ref().filter(|_| matches!(self.parsed.kind, Kind::Query(_)));
        if told.is_some_and(|told| told.fields() != bound.columns.fields()) {
            return Err(SqlError::new(code::FEATURE_NOT_SUPPORTED, "cached plan must not change result type"));
        }
        *self.bound.lock() = Some((surroundings.clone(), settings, Arc::clone(&bound)));
        Ok(bound)
    }

    fn kept(&self, surroundings: &Surroundings) -> Result<Option<Kept>, SqlError> {
        match self.planned.lock().as_ref().filter(|(then, _)| then == surroundings) {
            Some((_, Kept::Planned(planned))) => Ok(Some(Kept::Planned(Arc::clone(planned)))),
            Some((_, Kept::Constant(permitted, plan))) => {
                Ok(Some(Kept::Constant(Arc::clone(permitted), plan.again()?)))
            }
            None => Ok(None),
        }
    }

    /// Keeps what was planned, unless the values that were computed for it make it much larger than the statement.
    fn keep(&self, surroundings: Surroundings, planned: &Arc<Planned>, optimized: &Optimized) -> Result<(), SqlError> {
        if planned.weight()? > self.planned_bytes {
            return Ok(());
        }
        let kept = match planned.permitted.reads_sources() {
            true => Kept::Planned(Arc::clone(planned)),
            false => Kept::Constant(Arc::clone(&planned.permitted), optimized.again()?),
        };
        *self.planned.lock() = Some((surroundings, kept));
        Ok(())
    }
}

impl SessionFacts for Session {
    fn user(&self) -> &str {
        Session::user(self)
    }

    fn search_path(&self) -> Vec<String> {
        let own = |schema: &String| if schema == "$user" { self.user().to_owned() } else { schema.clone() };
        self.settings().search_path().iter().map(own).collect()
    }

    fn time_zone(&self) -> &str {
        self.settings().get("timezone").unwrap_or("UTC")
    }

    fn backend_pid(&self) -> i32 {
        self.pid()
    }

    fn addresses(&self) -> Option<[SocketAddr; 2]> {
        Session::addresses(self)
    }

    fn connected(&self) -> DateTime<Utc> {
        Session::connected(self)
    }

    fn setting(&self, name: &str) -> Option<String> {
        self.settings().show(name).ok().map(|(_, value)| value)
    }

    fn settings(&self) -> Vec<Setting> {
        Session::settings(self).held()
    }

    fn now(&self) -> DateTime<Utc> {
        self.transaction().begun()
    }
}
