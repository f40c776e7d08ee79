//! What people ask of a policy set: which roles there are, how someone came to a role, which tags a column carries.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;

use crate::grants::{RoleLink, Subject};
use crate::principal::Principal;
use crate::rows::Placed;
use crate::set::PolicySet;

/// A `g` line: `member` has `role`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// A user, or a role with its prefix.
    pub member: String,
    /// A role with its prefix.
    pub role: String,
    pub file: Arc<str>,
    pub line: u32,
}

impl PolicySet {
    /// Someone who has this role, and the roles that it has, and nothing else: no grant to a user's own name, no attribute.
    /// `None` if policy.csv doesn't name the role.
    pub fn principal_of_role(&self, role: &str) -> Option<Principal> {
        let subject = Subject::Role((*self.roles().get(role)?).into());
        let mut roles = self.enforcer.implicit_roles(&subject);
        roles.insert(role.to_owned());
        Some(Principal { user: subject.to_string(), roles, attributes: BTreeMap::new() })
    }

    /// The shortest chain of `g` lines through which a member (`ana` or `role:analyst`) has the role; empty if it hasn't.
    pub fn membership(&self, member: &str, role: &str) -> Vec<Membership> {
        let Ok(start) = Subject::parse(member) else { return Vec::new() };
        let mut came_by: HashMap<&Subject, &RoleLink> = HashMap::new();
        let mut asked = VecDeque::from([&start]);
        while let Some(member) = asked.pop_front() {
            if member.role().is_some_and(|name| **name == *role) {
                return chain(&came_by, &start, member);
            }
            for link in self.rules.links.iter().filter(|link| link.member == *member) {
                if link.role != start && !came_by.contains_key(&link.role) {
                    came_by.insert(&link.role, link);
                    asked.push_back(&link.role);
                }
            }
        }
        Vec::new()
    }

    /// The tags that a column carries, or a field at the end of a way from it, by name; those of what holds the field count.
    pub fn tags_of(&self, schema: &str, table: &str, path: &[&str]) -> Vec<&str> {
        let covers = |placed: &Placed| placed.pattern.covers(schema, table) && placed.pattern.leads_into(path);
        self.tags.holding(covers)
    }
}

/// The links from `start` to `end`, in this order.
fn chain(came_by: &HashMap<&Subject, &RoleLink>, start: &Subject, end: &Subject) -> Vec<Membership> {
    let mut links = Vec::new();
    let mut at = end;
    while at != start
        && let Some(link) = came_by.get(at)
    {
        links.push(Membership {
            member: link.member.to_string(),
            role: link.role.to_string(),
            file: link.origin.file.clone(),
            line: link.line,
        });
        at = &link.member;
    }
    links.reverse();
    links
}
