//! Keeps policies and catalog up to date. A change takes effect whole, or not at all.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Interval, MissedTickBehavior, interval, sleep};
use tokio_util::sync::CancellationToken;
use weir_connectors::TableInfo;
use weir_planner::catalog::Catalog;
use weir_planner::{execute, permit};
use weir_policies::PolicySet;

use super::{Engine, EngineError, PolicySource, World, check, discover, inventory, warn_of_unreachable};
use crate::metrics::Load;

/// How long a folder must stay as it is before it counts.
const SETTLE: Duration = Duration::from_millis(50);

/// What has become of the policies.
enum Change {
    None,
    /// Those of this version are in force now.
    To(String),
    /// They are still being written.
    Unsettled,
}

/// An attempt that failed.
#[derive(Debug, PartialEq, Eq)]
struct Refused {
    /// Unknown, where the files can't be read as a set.
    version: Option<String>,
    text: String,
    load: Load,
}

impl Refused {
    fn of_set(set: &PolicySet, load: Load, error: &EngineError) -> Self {
        Self { version: Some(set.version().to_owned()), text: error.to_string(), load }
    }

    /// Of policies that don't even come to be a set.
    async fn of_source(source: &PolicySource, error: &EngineError) -> Self {
        let load = if source.blames_policies(error).await { Load::Refused } else { Load::Failed };
        Self { version: None, text: error.to_string(), load }
    }
}

impl Engine {
    /// Looks for changed policy files and changed tables until the shutdown, each in its own time: a source that doesn't
    /// answer holds up no revocation.
    pub async fn keep_fresh(self: Arc<Self>, shutdown: CancellationToken) {
        // A repository or a source that doesn't answer must not hold up the end.
        tokio::select! {
            () = shutdown.cancelled() => {}
            () = async { tokio::join!(self.keep_policies_fresh(), self.keep_catalog_fresh()); } => {}
        }
    }

    async fn keep_policies_fresh(&self) {
        // What was refused last: it is not complained about again and again.
        let mut refused = None;
        let mut ticks = ticks(self.policy_refresh);
        loop {
            ticks.tick().await;
            self.refresh_policies(&mut refused).await;
        }
    }

    async fn keep_catalog_fresh(&self) {
        let mut ticks = ticks(self.catalog_refresh);
        loop {
            ticks.tick().await;
            self.refresh_catalog().await;
        }
    }

    async fn refresh_policies(&self, refused: &mut Option<Refused>) {
        match self.change_policies().await {
            Ok(Change::To(version)) => {
                tracing::info!(version, "new policies are in force");
                self.loaded(&version);
                *refused = None;
            }
            Ok(Change::Unsettled) => {}
            Ok(Change::None) => {
                if refused.take().is_some() {
                    let world = self.world();
                    let version = world.policies.version();
                    tracing::info!(version, "the policies in force are those of the files again");
                    self.loaded(version);
                }
            }
            Err(refusal) => self.complain(refused, refusal),
        }
    }

    fn loaded(&self, version: &str) {
        self.runtime.policy_status.loaded(version);
        self.metrics.policies(Load::Loaded);
    }

    /// Puts the policies in force if they have changed and are sound.
    async fn change_policies(&self) -> Result<Change, Refused> {
        let version = self.world().policies.version().to_owned();
        if self.policy_source.version().await.is_some_and(|now| now == version) {
            return Ok(Change::None);
        }
        let loaded = match self.policy_source.load().await {
            Ok(loaded) => loaded,
            Err(error) => return Err(Refused::of_source(&self.policy_source, &error).await),
        };
        if loaded.set.version() == version {
            return Ok(Change::None);
        }
        // A folder may be read while its files change one after the other; a commit is always whole.
        if matches!(self.policy_source, PolicySource::Folder(_)) {
            sleep(SETTLE).await;
            if self.policy_source.version().await.as_deref() != Some(loaded.set.version()) {
                return Ok(Change::Unsettled);
            }
        }
        let _turn = self.changing.lock().await;
        let found = Arc::clone(&self.world().found);
        // Thousands of rules take a while, and sessions share this thread.
        let checked = execute::aside(|| check(&self.runtime, &loaded.set, &found));
        let refused = |load, error| Refused::of_set(&loaded.set, load, &error);
        checked.map_err(|problems| refused(Load::Refused, EngineError::Policies(problems)))?;
        let accepted = self.policy_source.accept(&loaded).await;
        accepted.map_err(|error| refused(Load::Failed, EngineError::Git(error)))?;
        let version = loaded.set.version().to_owned();
        // They fit all tables: none is withheld any more.
        self.metrics.withheld(0);
        self.swap(Arc::new(loaded.set), Arc::clone(&found), found);
        Ok(Change::To(version))
    }

    /// Every attempt is counted, and the first of several that fail alike is told of.
    fn complain(&self, refused: &mut Option<Refused>, now: Refused) {
        self.metrics.policies(now.load);
        if refused.as_ref() == Some(&now) {
            return;
        }
        let world = self.world();
        let kept = world.policies.version();
        tracing::error!(kept, "new policies are refused, the last good ones stay:\n{}", now.text);
        self.runtime.policy_status.refused(now.version.clone(), now.text.clone());
        *refused = Some(now);
    }

    async fn refresh_catalog(&self) {
        let discovered = discover(&self.runtime.sources).await;
        self.metrics.unreachable(warn_of_unreachable(&discovered));
        let _turn = self.changing.lock().await;
        let world = self.world();
        let found = Catalog::build(&world.found, &discovered);
        if found.same_as(&world.found) {
            return;
        }
        tracing::info!("the sources' tables have changed");
        let withheld = execute::aside(|| self.withheld(&world, &found));
        self.metrics.withheld(withheld.len());
        let served = found.without(&withheld);
        self.swap(Arc::clone(&world.policies), Arc::new(served), Arc::new(found));
    }

    /// New and changed tables that may be meant by a rule, or a test of rules, that doesn't fit what there is now: a mask of a
    /// column that has another name by now covers nothing. Nobody sees them until the policies fit. A rule that can't be
    /// applied to a table any more closes that table by itself; it is told here why.
    fn withheld(&self, world: &World, found: &Catalog) -> Vec<Arc<TableInfo>> {
        let policies = &world.policies;
        let Err(problems) = check(&self.runtime, policies, found) else { return Vec::new() };
        let doubts = policies.doubts(&inventory(found), &permit::shows_value);
        let is_as_it_was = |table: &TableInfo| {
            let served = world.catalog.table(&table.schema, &table.name);
            served.is_some_and(|served| served.source == table.source && served.columns == table.columns)
        };
        let doubtful = |table: &&Arc<TableInfo>| doubts.iter().any(|about| about.covers(&table.schema, &table.name));
        let withheld: Vec<_> =
            found.tables().filter(doubtful).filter(|table| !is_as_it_was(table)).map(Arc::clone).collect();
        let problems = problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
        let names: Vec<String> = withheld.iter().map(|table| format!("{}.{}", table.schema, table.name)).collect();
        let names = if names.is_empty() { "no table".to_owned() } else { names.join(", ") };
        tracing::error!("the policies no longer fit the tables; withheld until they do: {names}\n{problems}");
        self.runtime.policy_status.withheld(policies.version(), format!("{names}\n{problems}"));
        withheld
    }
}

/// The first tick comes after the period: all was read just now.
fn ticks(period: Duration) -> Interval {
    let mut ticks = interval(period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks.reset();
    ticks
}
