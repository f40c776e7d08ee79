//! Casbin, hidden: it holds policy.csv's rules and answers which roles someone has and which rules there are. Its own
//! `enforce` is never asked, as it walks all rules each time; decisions come from an index over its answers.

use std::collections::{BTreeSet, VecDeque};
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use casbin::{CoreApi, DefaultModel, MgmtApi, NullAdapter};

use crate::grants::{GrantRule, PolicyRules, SELECT, Subject};
use crate::model;

/// Why casbin refused rules that had passed our own reading.
#[derive(Debug, thiserror::Error)]
pub(crate) enum EnforcerError {
    #[error("casbin: {0}")]
    Casbin(#[from] casbin::Error),
    #[error("casbin waits for something, though its rules are in memory")]
    Pending,
    #[error("casbin holds a rule that policy.csv doesn't: {0}")]
    Unknown(String),
}

pub(crate) struct Enforcer {
    casbin: casbin::Enforcer,
}

impl Enforcer {
    pub(crate) fn new(rules: &PolicyRules) -> Result<Enforcer, EnforcerError> {
        let model = at_once(DefaultModel::from_str(model::BUILT_IN))??;
        let mut casbin = at_once(casbin::Enforcer::new(model, NullAdapter))??;
        let store = casbin.get_mut_model();
        for grant in &rules.grants {
            store.add_policy("p", "p", rule(grant));
        }
        for link in &rules.links {
            store.add_policy("g", "g", vec![link.member.to_string(), link.role.to_string()]);
        }
        casbin.build_role_links()?;
        Ok(Enforcer { casbin })
    }

    /// All rules as `[subject, object, action, effect]`, each once, in the order of the file.
    pub(crate) fn rules(&self) -> Vec<Vec<String>> {
        self.casbin.get_policy()
    }

    /// The names of the subject's roles, and of the roles that these have, without the prefix.
    pub(crate) fn implicit_roles(&self, subject: &Subject) -> BTreeSet<String> {
        let manager = self.casbin.get_role_manager();
        let manager = manager.read();
        let mut roles = BTreeSet::new();
        let mut asked = VecDeque::from([subject.to_string()]);
        while let Some(name) = asked.pop_front() {
            for found in manager.get_roles(&name, None) {
                if let Ok(Subject::Role(role)) = Subject::parse(&found)
                    && roles.insert(role.to_string())
                {
                    asked.push_back(found);
                }
            }
        }
        roles
    }
}

/// A grant as casbin holds it.
pub(crate) fn rule(grant: &GrantRule) -> Vec<String> {
    vec![grant.subject.to_string(), grant.object.to_string(), SELECT.to_owned(), grant.effect.to_string()]
}

/// The result of a future that has nothing to wait for. Casbin's API is async for adapters that do I/O; ours is memory, and
/// without a runtime of its own this works on any thread, inside a runtime or not.
fn at_once<F: Future>(future: F) -> Result<F::Output, EnforcerError> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => Ok(output),
        Poll::Pending => Err(EnforcerError::Pending),
    }
}
