//! Keeps policies and catalog up to date. A change takes effect whole, or not at all.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval, sleep};
use tokio_util::sync::CancellationToken;
use weir_planner::catalog::Catalog;
use weir_policies::PolicySet;

use super::source::Loaded;
use super::{Engine, EngineError, PolicySource, World, check, discover, warn_of_unreachable};

/// How long a folder must stay as it is before it counts.
const SETTLE: Duration = Duration::from_millis(50);

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
        let world = self.world();
        match self.changed_policies(&world).await {
            Ok(Some(loaded)) => {
                if let Err(error) = self.policy_source.accept(&loaded).await {
                    return complain(refused, world.policies.version(), &error.into());
                }
                tracing::info!(version = loaded.set.version(), "new policies take effect");
                self.swap(Arc::new(loaded.set), Arc::clone(&world.catalog));
                refused.clear();
            }
            Ok(None) => refused.clear(),
            Err(error) => complain(refused, world.policies.version(), &error),
        }
    }

    /// Policies other than those in force, if they are sound; none while they are still being written.
    async fn changed_policies(&self, world: &World) -> Result<Option<Loaded>, EngineError> {
        let loaded = self.policy_source.load().await?;
        if loaded.set.version() == world.policies.version() {
            return Ok(None);
        }
        // A folder may be read while its files change one after the other; a commit is always whole.
        if matches!(self.policy_source, PolicySource::Folder(_)) {
            sleep(SETTLE).await;
            if self.policy_source.load().await?.set.version() != loaded.set.version() {
                return Ok(None);
            }
        }
        check(&self.runtime, &loaded.set, &world.catalog).map_err(EngineError::Policies)?;
        Ok(Some(loaded))
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
