//! What the sources hold, and what planning over them needs, for commands that plan statements and run none.

use std::sync::Arc;

use weir_planner::catalog::Catalog;
use weir_planner::functions::MaskKey;
use weir_planner::runtime::Runtime;
use weir_planner::view::View;
use weir_policies::{Inventory, PolicyError, PolicySet, Principal};

use super::{EngineError, check, discover, inventory, runtime_with, warn_of_unreachable};
use crate::config::Config;

/// Keys the `hash` mask here. Nothing runs, so it never meets a value.
const STAND_IN: &str = "a stand-in that masks nothing";

/// The tables of all sources, asked for once. Whoever has it may plan, under any policies; no session comes to it.
pub struct Rehearsal {
    pub runtime: Arc<Runtime>,
    catalog: Arc<Catalog>,
}

impl Rehearsal {
    /// Asks the sources of a config, as far as they can be asked. That the config names a key for the `hash` mask has to be
    /// known, as it decides whether such a mask is accepted; the secret itself isn't read.
    pub async fn over(config: Config) -> Result<Self, EngineError> {
        let key = config.policies.hash_key.as_ref().map(|_| MaskKey::derive(STAND_IN));
        let runtime = runtime_with(&config, key)?;
        let discovered = discover(&runtime.sources).await;
        warn_of_unreachable(&discovered);
        let catalog = Arc::new(Catalog::build(&Catalog::default(), &discovered));
        Ok(Self { runtime, catalog })
    }

    /// What rules are held against.
    pub fn inventory(&self) -> Inventory {
        inventory(&self.catalog)
    }

    /// What a server would refuse the policies for.
    pub fn check(&self, policies: &PolicySet) -> Result<(), Vec<PolicyError>> {
        check(&self.runtime, policies, &self.catalog)
    }

    /// What a principal would see under the policies.
    pub fn view(&self, policies: &PolicySet, principal: Arc<Principal>) -> Arc<View> {
        Arc::new(View::new(Arc::clone(&self.runtime), policies, &self.catalog, principal))
    }
}
