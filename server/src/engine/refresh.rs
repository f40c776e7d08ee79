//! Keeps policies and catalog up to date. A change takes effect whole, or not at all.

use std::sync::Arc;

use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;
use weir_planner::catalog::Catalog;
use weir_policies::PolicySet;

use super::{Engine, EngineError, check, discover, load, warn_of_unreachable};

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
        // The version that was refused last: it is not complained about again and again.
        let mut refused = String::new();
        loop {
            tokio::select! {
                () = shutdown.cancelled() => return,
                _ = policies.tick() => self.refresh_policies(&mut refused).await,
                _ = catalog.tick() => self.refresh_catalog().await,
            }
        }
    }

    async fn refresh_policies(&self, refused: &mut String) {
        let loaded = load(self.policy_folder.clone()).await;
        let world = self.world();
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
                self.swap(Arc::new(set), Arc::clone(&world.catalog));
                refused.clear();
            }
            Ok(None) => refused.clear(),
            Err(error) => complain(refused, world.policies.version(), &error),
        }
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

fn complain(refused: &mut String, version: &str, error: &EngineError) {
    let text = error.to_string();
    if *refused != text {
        tracing::error!(kept = version, "new policies are refused, the last good ones stay:\n{text}");
        *refused = text;
    }
}
