//! Keeps policies and catalog up to date. A change takes effect whole, or not at all.

use std::sync::Arc;

use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;
use weir_planner::catalog::Catalog;
use weir_policies::PolicySet;

use super::{Engine, EngineError, World, check, discover, load, warn_of_unreachable};

/// An attempt that failed.
#[derive(Debug, PartialEq, Eq)]
struct Refused {
    /// Unknown, where the files can't be read as a set.
    version: Option<String>,
    text: String,
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
            tokio::select! {
                () = shutdown.cancelled() => return,
                _ = policies.tick() => self.refresh_policies(&mut refused).await,
                _ = catalog.tick() => self.refresh_catalog().await,
            }
        }
    }

    async fn refresh_policies(&self, refused: &mut Option<Refused>) {
        let loaded = load(self.policy_folder.clone()).await;
        let world = self.world();
        let version = loaded.as_ref().ok().map(|set| set.version().to_owned());
        let checked = loaded.and_then(|set| {
            let new = set.version() != world.policies.version();
            match new {
                true => check(&self.runtime, &set, &world.catalog).map_err(EngineError::Policies).map(|()| Some(set)),
                false => Ok(None),
            }
        });
        match checked {
            Ok(Some(set)) => {
                tracing::info!(version = set.version(), "new policies take effect");
                self.runtime.policy_status.loaded(set.version());
                self.swap(Arc::new(set), Arc::clone(&world.catalog));
                *refused = None;
            }
            Ok(None) => {
                if refused.take().is_some() {
                    tracing::info!(
                        version = world.policies.version(),
                        "the policies in force are those of the files again"
                    );
                    self.runtime.policy_status.loaded(world.policies.version());
                }
            }
            Err(error) => self.complain(refused, Refused { version, text: error.to_string() }, &world),
        }
    }

    fn complain(&self, refused: &mut Option<Refused>, now: Refused, world: &World) {
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
        warn_of_unreachable(&discovered);
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
