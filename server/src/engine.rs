//! What all sessions share: the policy set and the catalog in force, the views made of them, the audit log.
//!
//! Policies and catalog change only as one: a [`World`] is swapped in whole, and each statement reads one world.

mod observed;
mod refresh;
mod rehearsal;
mod source;

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use futures::future::join_all;
use moka::sync::Cache;
use parking_lot::RwLock;
use weir_connectors::Sources;
use weir_planner::PlanError;
use weir_planner::catalog::{Catalog, Discovered};
use weir_planner::functions::MaskKey;
use weir_planner::parse::Parsed;
use weir_planner::permit::{self, fields};
use weir_planner::runtime::{Runtime, RuntimeOptions};
use weir_planner::view::View;
use weir_policies::{Inventory, InventoryTable, PolicyError, PolicySet, Verdict};

use crate::audit::Audit;
use crate::auth::{Credentials, DEFAULT_ITERATIONS, Verifier};
use crate::config::{Config, ConfigError};
use crate::git::GitError;
use crate::metrics::{Load, Metrics};
use crate::query::{self, Prepared};
pub use observed::Observed;
pub use rehearsal::Rehearsal;
pub use source::PolicySource;

/// Views that are kept: one per principal, policy set and catalog.
const KEPT_VIEWS: u64 = 1000;
/// About how many bytes the statements take that are kept parsed, and those that are kept bound.
const KEPT_PARSED_BYTES: u64 = 64 << 20;
const KEPT_BOUND_BYTES: u64 = 256 << 20;
/// Longer texts are not kept.
const KEPT_TEXT_BYTES: usize = 4096;

/// Why the server can't start.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error("{}", list(.0))]
    Policies(Vec<PolicyError>),
    #[error("audit log {}: {error}", path.display())]
    Audit { path: PathBuf, error: std::io::Error },
    #[error(transparent)]
    Plan(#[from] PlanError),
    #[error(transparent)]
    Git(#[from] GitError),
    #[error("the reading of the policies was interrupted")]
    Interrupted,
}

/// The policies and the catalog in force.
pub struct World {
    pub id: u64,
    pub policies: Arc<PolicySet>,
    /// The tables that there are for people: those that the policies fit.
    pub catalog: Arc<Catalog>,
    /// All that the sources have.
    pub(crate) found: Arc<Catalog>,
}

/// Shared by all sessions.
pub struct Engine {
    pub(crate) runtime: Arc<Runtime>,
    pub(crate) audit: Audit,
    pub(crate) metrics: Arc<Metrics>,
    world: RwLock<Arc<World>>,
    /// Held by whoever holds policies against tables and then swaps one of them: neither changes meanwhile.
    changing: tokio::sync::Mutex<()>,
    views: Cache<(u64, String), Arc<View>>,
    pub(crate) parsed: Cache<Arc<str>, Arc<[Parsed]>>,
    pub(crate) prepared: Cache<(Surroundings, Arc<str>), Arc<Prepared>>,
    /// For sessions that set none.
    pub(crate) statement_timeout: Option<Duration>,
    /// How long the rest of a session's rows waits to be fetched.
    pub(crate) idle_cursor_timeout: Option<Duration>,
    policy_source: PolicySource,
    policy_refresh: Duration,
    catalog_refresh: Duration,
}

/// What a statement's meaning depends on beside its text: the view, which holds principal, policies and catalog, and
/// those settings of the session that say which table a name is and which moment a time.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Surroundings {
    pub view: u64,
    pub search_path: Vec<String>,
    pub time_zone: String,
}

impl Engine {
    /// Reads policies, asks all sources what they hold, checks the one against the other, and holds the policies
    /// against their own tests.
    pub async fn start(config: Config) -> Result<Arc<Self>, EngineError> {
        Self::start_checked(config, check).await
    }

    /// The same with policies whose tests may fail, for those who run them.
    pub async fn start_untested(config: Config) -> Result<Arc<Self>, EngineError> {
        Self::start_checked(config, check_rules).await
    }

    async fn start_checked(config: Config, check: Check) -> Result<Arc<Self>, EngineError> {
        let runtime = runtime(&config)?;
        let unless_zero = |timeout: Duration| (timeout > Duration::ZERO).then_some(timeout);
        let statement_timeout = unless_zero(config.limits.statement_timeout);
        let idle_cursor_timeout = unless_zero(config.limits.idle_cursor_timeout);
        let source = config.policies.source;
        let (policies, discovered) = tokio::join!(source.load_first(), discover(&runtime.sources));
        let metrics = Arc::new(Metrics::default());
        metrics.unreachable(warn_of_unreachable(&discovered));
        let catalog = Arc::new(Catalog::build(&Catalog::default(), &discovered));
        let policies = policies?;
        check(&runtime, &policies.set, &catalog).map_err(EngineError::Policies)?;
        source.accept(&policies).await?;
        runtime.policy_status.loaded(policies.set.version());
        metrics.policies(Load::Loaded);
        let path = config.audit.path;
        let audit = Audit::open(&path).map_err(|error| EngineError::Audit { path, error })?;
        Ok(Arc::new(Self {
            runtime,
            audit,
            metrics,
            world: RwLock::new(world(Arc::new(policies.set), Arc::clone(&catalog), catalog)),
            changing: tokio::sync::Mutex::default(),
            views: Cache::new(KEPT_VIEWS),
            parsed: Cache::builder()
                .max_capacity(KEPT_PARSED_BYTES)
                .weigher(|text: &Arc<str>, _| query::parsed_weight(text))
                .build(),
            prepared: Cache::builder()
                .max_capacity(KEPT_BOUND_BYTES)
                .weigher(|_, prepared: &Arc<Prepared>| prepared.weight())
                .build(),
            statement_timeout,
            idle_cursor_timeout,
            policy_source: source,
            policy_refresh: config.policies.refresh,
            catalog_refresh: config.server.catalog_refresh,
        }))
    }

    /// Name of the one database.
    pub fn database(&self) -> &str {
        &self.runtime.database
    }

    /// The policies and the catalog that a statement which starts now is decided under.
    pub fn world(&self) -> Arc<World> {
        Arc::clone(&self.world.read())
    }

    /// What becomes of the policies' tests, as far as the rules alone tell.
    pub fn verdicts(&self) -> Vec<Verdict> {
        let world = self.world();
        world.policies.verdicts(&inventory(&world.catalog), &permit::shows_value)
    }

    /// What `user` sees now; `None` if the policy set doesn't know the user any more.
    pub fn view(&self, user: &str) -> Option<Arc<View>> {
        let world = self.world();
        let key = (world.id, user.to_owned());
        if let Some(view) = self.views.get(&key) {
            return Some(view);
        }
        let principal = Arc::new(world.policies.principal(user)?);
        Some(self.views.get_with(key, || {
            Arc::new(View::new(Arc::clone(&self.runtime), &world.policies, &world.catalog, principal))
        }))
    }

    /// Whether statements of such a text are kept.
    pub(crate) fn keeps(text: &str) -> bool {
        text.len() <= KEPT_TEXT_BYTES
    }

    fn swap(&self, policies: Arc<PolicySet>, catalog: Arc<Catalog>, found: Arc<Catalog>) {
        *self.world.write() = world(policies, catalog, found);
        // Nothing of the old world is found any more; what it held is let go.
        self.views.invalidate_all();
        self.prepared.invalidate_all();
    }
}

impl Credentials for Engine {
    fn verifier(&self, user: &str) -> Option<Verifier> {
        let world = self.world();
        let verifier = world.policies.verifier(user)?;
        Some(Verifier {
            iterations: verifier.iterations,
            salt: verifier.salt.clone(),
            stored_key: verifier.stored_key,
            server_key: verifier.server_key,
        })
    }

    fn usual_iterations(&self) -> u32 {
        self.world().policies.usual_iterations().unwrap_or(DEFAULT_ITERATIONS)
    }
}

/// What `weir check` reports.
pub struct Survey {
    pub sources: Vec<Discovered>,
    pub policies: Result<PolicySet, Vec<PolicyError>>,
}

/// Reads everything that a server would read, and starts none.
pub async fn survey(config: Config) -> Result<Survey, EngineError> {
    let runtime = runtime(&config)?;
    let (policies, sources) = tokio::join!(config.policies.source.load(), discover(&runtime.sources));
    let catalog = Catalog::build(&Catalog::default(), &sources);
    let policies = match policies {
        Ok(loaded) => check(&runtime, &loaded.set, &catalog).map(|()| loaded.set),
        Err(EngineError::Policies(problems)) => Err(problems),
        Err(other) => return Err(other),
    };
    Ok(Survey { sources, policies })
}

fn runtime(config: &Config) -> Result<Arc<Runtime>, EngineError> {
    runtime_with(config, config.hash_key()?.map(|secret| MaskKey::derive(&secret)))
}

fn runtime_with(config: &Config, mask_key: Option<MaskKey>) -> Result<Arc<Runtime>, EngineError> {
    let sources = Sources::new(config.connectors()?);
    let options = RuntimeOptions {
        database: config.server.database.clone(),
        memory_bytes: usize::try_from(config.limits.memory).unwrap_or(usize::MAX),
        spill_bytes: config.limits.spill,
        spill_folder: config.limits.spill_folder.clone(),
        parallelism: config.limits.parallelism.unwrap_or_else(processors).get(),
        mask_key,
    };
    Ok(Runtime::new(options, sources)?)
}

/// A source that is down holds up no other, and not the start. Gives how many are.
fn warn_of_unreachable(discovered: &[Discovered]) -> usize {
    let failed = |answer: &&Discovered| match &answer.tables {
        Ok(_) => false,
        Err(error) => {
            tracing::warn!(source = %answer.source, %error, "a source can't be asked for its tables");
            true
        }
    };
    discovered.iter().filter(failed).count()
}

/// Asks all sources at once what they hold.
pub async fn discover(sources: &Sources) -> Vec<Discovered> {
    join_all(sources.iter().map(|connector| async move {
        let tables = connector.discover().await;
        Discovered { source: Arc::clone(connector.name()), schemas: connector.schemas(), tables }
    }))
    .await
}

type Check = fn(&Runtime, &PolicySet, &Catalog) -> Result<(), Vec<PolicyError>>;

/// Every rule against the tables that there are, and then what the rules must do against what they do.
fn check(runtime: &Runtime, policies: &PolicySet, catalog: &Catalog) -> Result<(), Vec<PolicyError>> {
    check_rules(runtime, policies, catalog)?;
    none(policies.failing_tests(&inventory(catalog), &permit::shows_value))
}

/// Names first, then types.
fn check_rules(runtime: &Runtime, policies: &PolicySet, catalog: &Catalog) -> Result<(), Vec<PolicyError>> {
    none(policies.check(&inventory(catalog)))?;
    none(permit::check(runtime, policies, catalog))
}

fn none(problems: Vec<PolicyError>) -> Result<(), Vec<PolicyError>> {
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

fn inventory(catalog: &Catalog) -> Inventory {
    let tables = catalog.tables().map(|table| InventoryTable {
        schema: table.schema.clone(),
        table: table.name.clone(),
        columns: table.columns.fields().iter().map(|field| field.name().clone()).collect(),
        fields: table.columns.fields().iter().flat_map(|field| fields::paths(field)).collect(),
    });
    Inventory {
        tables: tables.collect(),
        schemas: catalog.schemas().keys().cloned().collect(),
        unreachable: catalog.down().keys().cloned().collect(),
    }
}

fn world(policies: Arc<PolicySet>, catalog: Arc<Catalog>, found: Arc<Catalog>) -> Arc<World> {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    Arc::new(World { id: NEXT.fetch_add(1, Ordering::Relaxed), policies, catalog, found })
}

fn processors() -> NonZeroUsize {
    std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN)
}

fn list(problems: &[PolicyError]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}
