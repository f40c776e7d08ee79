//! The engine's way to look names up, answered from one principal's view.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock};

use arrow::datatypes::{DataType, SchemaRef};
use datafusion::catalog::TableFunctionArgs;
use datafusion::common::{DFSchema, TableReference};
use datafusion::config::ConfigOptions;
use datafusion::datasource::cte_worktable::CteWorkTable;
use datafusion::datasource::provider_as_source;
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::planner::{ContextProvider, ExprPlanner};
use datafusion::logical_expr::simplify::SimplifyContext;
use datafusion::logical_expr::{AggregateUDF, Expr, HigherOrderUDF, ScalarUDF, TableSource, WindowUDF};
use datafusion::optimizer::simplify_expressions::ExprSimplifier;
use parking_lot::Mutex;
use weir_policies::FilterRule;

use crate::PlanError;
use crate::catalog::Catalog;
use crate::permit::FunctionSource;
use crate::permit::author::AuthorSource;
use crate::pg_catalog::{self, OWN_SCHEMA, System};
use crate::runtime::Runtime;
use crate::session::SessionFacts;
use crate::view::{GovernedSource, View};

/// Table functions that read nothing but their arguments. All others are unknown to a client.
static TABLE_FUNCTIONS: LazyLock<HashSet<&str>> = LazyLock::new(|| HashSet::from(["generate_series", "range"]));

/// Functions that would reach past the permit or tell of the engine.
static HIDDEN_FUNCTIONS: LazyLock<HashSet<&str>> =
    LazyLock::new(|| HashSet::from(["arrow_metadata", "input_file_name", "file_row_index"]));

/// Which tables can be named.
enum Names<'a> {
    None,
    /// What one principal sees.
    View(&'a View),
    /// All that the author of this filter may read, by schema and name.
    Author(&'a Catalog, &'a FilterRule),
}

/// Looks names up in a view.
pub(crate) struct BindContext<'a> {
    runtime: &'a Runtime,
    names: Names<'a>,
    search_path: Vec<String>,
    facts: Option<&'a dyn SessionFacts>,
    /// What the client asks, which the session's own row of `pg_stat_activity` shows.
    statement: &'a str,
    /// The first function that was asked for and isn't there: it names the error that follows.
    missing_function: Mutex<Option<String>>,
    reads_status: AtomicBool,
    reads_session: AtomicBool,
}

impl<'a> BindContext<'a> {
    pub fn new(view: &'a View, facts: &'a dyn SessionFacts, statement: &'a str) -> Self {
        let search_path = facts.search_path();
        Self {
            runtime: &view.runtime,
            names: Names::View(view),
            search_path,
            facts: Some(facts),
            statement,
            missing_function: Mutex::default(),
            reads_status: AtomicBool::default(),
            reads_session: AtomicBool::default(),
        }
    }

    /// For masks, which read the value at hand and no table.
    pub fn without_tables(runtime: &'a Runtime) -> Self {
        Self {
            runtime,
            names: Names::None,
            search_path: Vec::new(),
            facts: None,
            statement: "",
            missing_function: Mutex::default(),
            reads_status: AtomicBool::default(),
            reads_session: AtomicBool::default(),
        }
    }

    /// For row filters, whose sub-selects read any table; those of a domain, any that the domain owns.
    pub fn of_author(runtime: &'a Runtime, catalog: &'a Catalog, rule: &'a FilterRule) -> Self {
        Self { names: Names::Author(catalog, rule), ..Self::without_tables(runtime) }
    }

    /// The function that was looked for in vain, if any.
    pub fn missing_function(&self) -> Option<String> {
        self.missing_function.lock().clone()
    }

    /// Whether a table was looked for that holds something else whenever it is read: Weir's own, or what tells of the session.
    pub fn reads_status(&self) -> bool {
        self.reads_status.load(Ordering::Relaxed)
    }

    /// Whether a table was looked for whose rows are what its session and the time were when the statement was bound.
    pub fn reads_session(&self) -> bool {
        self.reads_session.load(Ordering::Relaxed)
    }

    /// What a name in FROM stands for.
    pub fn relation(&self, name: &TableReference) -> Result<System, PlanError> {
        if let Some(catalog) = name.catalog()
            && catalog != self.runtime.database
        {
            return Err(PlanError::CrossDatabase { name: name.to_string() });
        }
        match name.schema() {
            Some(schema) => self.table_in(schema, name.table()).unwrap_or_else(|| Err(self.undefined(name))),
            None => self.table_on_path(name),
        }
    }

    fn table(&self, name: &TableReference) -> Result<Arc<dyn TableSource>, PlanError> {
        match self.relation(name)? {
            System::Table(table) | System::Catalog(table, _) => Ok(table),
        }
    }

    /// `None` if the schema holds no such table.
    fn table_in(&self, schema: &str, table: &str) -> Option<Result<System, PlanError>> {
        let (found, down) = match self.names {
            Names::None => return None,
            Names::View(view) => {
                if matches!(schema, "pg_catalog" | "information_schema" | OWN_SCHEMA) {
                    let facts = self.facts.filter(|_| schema == "pg_catalog" && pg_catalog::is_of_session(table));
                    // What changes while the view stays.
                    self.reads_status.fetch_or(schema == OWN_SCHEMA || facts.is_some(), Ordering::Relaxed);
                    self.reads_session.fetch_or(facts.is_some(), Ordering::Relaxed);
                    let system = view.system();
                    let found = match facts {
                        Some(facts) => system.of_session(table, facts, self.statement),
                        None => system.relation(schema, table),
                    };
                    return found.transpose();
                }
                let visible = view.table(schema, table).cloned();
                (visible.map(|table| Arc::new(GovernedSource(table)) as Arc<dyn TableSource>), view.down(schema))
            }
            Names::Author(_, rule) if !rule.may_read(schema) => {
                let what = format!("table {schema}.{table}, which the domain of the filter doesn't own");
                return Some(Err(PlanError::Forbidden { what }));
            }
            Names::Author(catalog, _) => {
                let info = catalog.schemas().get(schema).and_then(|tables| tables.get(table)).cloned();
                let source = info.map(|info| Arc::new(AuthorSource(info)) as Arc<dyn TableSource>);
                (source, catalog.down().get(schema))
            }
        };
        if let Some(found) = found {
            return Some(Ok(System::Table(found)));
        }
        let down = down?;
        Some(Err(PlanError::SourceDown { source_name: down.source.clone(), reason: down.reason.clone() }))
    }

    fn table_on_path(&self, name: &TableReference) -> Result<System, PlanError> {
        let implicit = std::iter::once("pg_catalog");
        let path = implicit.chain(self.search_path.iter().map(String::as_str));
        path.filter_map(|schema| self.table_in(schema, name.table()))
            .next()
            .unwrap_or_else(|| Err(self.undefined(name)))
    }

    fn undefined(&self, name: &TableReference) -> PlanError {
        let shown = match name {
            TableReference::Bare { table } => table.to_string(),
            TableReference::Partial { schema, table } | TableReference::Full { schema, table, .. } => {
                format!("{schema}.{table}")
            }
        };
        PlanError::UndefinedTable { name: shown, position: None }
    }

    fn known<T>(&self, name: &str, found: Option<T>) -> Option<T> {
        let elsewhere = self.runtime.state.window_functions().contains_key(name);
        if found.is_none() && !elsewhere {
            self.missing_function.lock().get_or_insert_with(|| name.to_owned());
            return None;
        }
        found
    }
}

impl ContextProvider for BindContext<'_> {
    fn get_table_source(&self, name: TableReference) -> Result<Arc<dyn TableSource>> {
        self.table(&name).map_err(DataFusionError::from)
    }

    fn get_table_function_source(&self, name: &str, args: Vec<Expr>) -> Result<Arc<dyn TableSource>> {
        let state = &self.runtime.state;
        let function = match TABLE_FUNCTIONS.contains(name) {
            true => state.table_functions().get(name),
            false => None,
        };
        let Some(function) = function else {
            return Err(PlanError::UndefinedFunction {
                name: format!("{name}()"),
                is_ambiguous: false,
                position: None,
            }
            .into());
        };
        let context = SimplifyContext::builder().with_config_options(Arc::clone(state.config_options())).build();
        let simplifier = ExprSimplifier::new(context);
        let schema = DFSchema::empty();
        let args = args
            .into_iter()
            .map(|arg| simplifier.coerce(arg, &schema).and_then(|arg| simplifier.simplify(arg)))
            .collect::<Result<Vec<_>>>()?;
        let provider = function.create_table_provider_with_args(TableFunctionArgs::new(&args, state))?;
        Ok(Arc::new(FunctionSource(provider)))
    }

    fn create_cte_work_table(&self, name: &str, schema: SchemaRef) -> Result<Arc<dyn TableSource>> {
        Ok(provider_as_source(Arc::new(CteWorkTable::new(name, schema))))
    }

    fn get_expr_planners(&self) -> &[Arc<dyn ExprPlanner>] {
        self.runtime.state.expr_planners()
    }

    fn get_function_meta(&self, name: &str) -> Option<Arc<ScalarUDF>> {
        self.runtime.state.scalar_functions().get(name).filter(|_| !HIDDEN_FUNCTIONS.contains(name)).cloned()
    }

    fn get_higher_order_meta(&self, name: &str) -> Option<Arc<HigherOrderUDF>> {
        self.runtime.state.higher_order_functions().get(name).cloned()
    }

    fn get_aggregate_meta(&self, name: &str) -> Option<Arc<AggregateUDF>> {
        // The engine asks for aggregates last: what isn't one either isn't there.
        self.known(name, self.runtime.state.aggregate_functions().get(name).cloned())
    }

    fn get_window_meta(&self, name: &str) -> Option<Arc<WindowUDF>> {
        self.runtime.state.window_functions().get(name).cloned()
    }

    fn get_variable_type(&self, _variable_names: &[String]) -> Option<DataType> {
        None
    }

    fn options(&self) -> &ConfigOptions {
        self.runtime.state.config_options()
    }

    fn udf_names(&self) -> Vec<String> {
        Vec::new()
    }

    fn higher_order_function_names(&self) -> Vec<String> {
        Vec::new()
    }

    fn udaf_names(&self) -> Vec<String> {
        Vec::new()
    }

    fn udwf_names(&self) -> Vec<String> {
        Vec::new()
    }
}
