//! Keeps policies and catalog up to date. A change takes effect whole, or not at all.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval, sleep};
use tokio_util::sync::CancellationToken;
use weir_planner::catalog::Catalog;
use weir_planner::execute;
use weir_policies::PolicySet;

use super::source::Loaded;
use super::{Engine, EngineError, PolicySource, World, check, discover, warn_of_unreachable};
use crate::metrics::Load;

/// How long a folder must stay as it is before it counts.
const SETTLE: Duration = Duration::from_millis(50);

/// How the policies differ from those in force.
enum Change {
    None,
    To(Box<Loaded>),
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
    /// Looks for changed policy files and changed tables until the shutdown.
    pub async fn keep_fresh(self: Arc<Self>, shutdown: CancellationToken) {
        let mut policies = interval(self.policy_refresh);
        let mut catalog = interval(self.catalog_refresh);
        for ticks in [&mut policies, &mut catalog] {
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            // The first tick comes at once, and all was read just now.
            ticks.reset();
        }
        // What was refused last: it is not complained about again and again.
        let mut refused = None;
        loop {
            let refresh = async {
                tokio::select! {
                    _ = policies.tick() => self.refresh_policies(&mut refused).await,
                    _ = catalog.tick() => self.refresh_catalog().await,
                }
            };
            // A repository or a source that doesn't answer must not hold up the end.
            tokio::select! {
                () = shutdown.cancelled() => return,
                () = refresh => {}
            }
        }
    }

    async fn refresh_policies(&self, refused: &mut Option<Refused>) {
        let world = self.world();
        match self.changed_policies(&world).await {
            Ok(Change::To(loaded)) => {
                let policies = Arc::new(loaded.set);
                self.swap(Arc::clone(&policies), Arc::clone(&world.catalog));
                tracing::info!(version = policies.version(), "new policies are in force");
                self.loaded(policies.version());
                *refused = None;
            }
            Ok(Change::Unsettled) => {}
            Ok(Change::None) => {
                if refused.take().is_some() {
                    tracing::info!(
                        version = world.policies.version(),
                        "the policies in force are those of the files again"
                    );
                    self.loaded(world.policies.version());
                }
            }
            Err(refusal) => self.complain(refused, refusal, &world),
        }
    }

    fn loaded(&self, version: &str) {
        self.runtime.policy_status.loaded(version);
        self.metrics.policies(Load::Loaded);
    }

    /// What has become of the policies, if they are sound.
    async fn changed_policies(&self, world: &World) -> Result<Change, Refused> {
        if self.policy_source.version().await.is_some_and(|version| version == world.policies.version()) {
            return Ok(Change::None);
        }
        let loaded = match self.policy_source.load().await {
            Ok(loaded) => loaded,
            Err(error) => return Err(Refused::of_source(&self.policy_source, &error).await),
        };
        if loaded.set.version() == world.policies.version() {
            return Ok(Change::None);
        }
        // A folder may be read while its files change one after the other; a commit is always whole.
        if matches!(self.policy_source, PolicySource::Folder(_)) {
            sleep(SETTLE).await;
            if self.policy_source.version().await.as_deref() != Some(loaded.set.version()) {
                return Ok(Change::Unsettled);
            }
        }
        // Thousands of rules take a while, and sessions share this thread.
        let checked = execute::aside(|| check(&self.runtime, &loaded.set, &world.catalog));
        let refused = |load, error| Refused::of_set(&loaded.set, load, &error);
        checked.map_err(|problems| refused(Load::Refused, EngineError::Policies(problems)))?;
        let accepted = self.policy_source.accept(&loaded).await;
        accepted.map_err(|error| refused(Load::Failed, EngineError::Git(error)))?;
        Ok(Change::To(Box::new(loaded)))
    }

    /// Every attempt is counted, and the first of several that fail alike is told of.
    fn complain(&self, refused: &mut Option<Refused>, now: Refused, world: &World) {
        self.metrics.policies(now.load);
        if refused.as_ref() == Some(&now) {
            return;
        }
        let kept = world.policies.version();
        tracing::error!(kept, "new policies are refused, the last good ones stay:\n{}", now.text);
        self.runtime.policy_status.refused(now.version.clone(), now.text.clone());
        *refused = Some(now);
    }

    async fn refresh_catalog(&self) {
        let world = self.world();
        let discovered = discover(&self.runtime.sources).await;
        self.metrics.unreachable(warn_of_unreachable(&discovered));
        let catalog = Catalog::build(&world.catalog, &discovered);
        if catalog.same_as(&world.catalog) {
            return;
        }
        self.warn_of_rules(&world.policies, &catalog);
        tracing::info!("the sources' tables have changed");
        // Policies may have been swapped in the meantime; theirs is the newer word.
        let policies = Arc::clone(&self.world().policies);
        self.swap(policies, Arc::new(catalog));
    }

    /// A rule that a changed table made unsound closes that table by itself; it is told here why.
    fn warn_of_rules(&self, policies: &PolicySet, catalog: &Catalog) {
        if let Err(problems) = check(&self.runtime, policies, catalog) {
            for problem in problems {
                tracing::warn!(%problem, "a policy no longer fits its table");
            }
        }
    }
}
