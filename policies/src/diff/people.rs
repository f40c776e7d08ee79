//! Whom two sets are compared for, and how those of whom the same is to be said are named at once.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use super::ChangeKind;
use super::compare::{self, Changed, Phrase};
use crate::decision::{Decision, Grant};
use crate::inventory::InventoryTable;
use crate::principal::Principal;
use crate::rights::Rights;
use crate::set::PolicySet;

/// So many members are named; of the others it is said how many they are.
const NAMED: usize = 10;

/// One for whom the sets are compared.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Someone {
    Role(String),
    /// Whoever has both roles.
    Roles(String, String),
    User(String),
}

/// What somebody is to the old set and to the new one; none where they aren't known.
struct Pair {
    old: Option<Principal>,
    new: Option<Principal>,
}

/// Those for whom the same changes, and what.
pub(super) struct Group {
    pub(super) members: Vec<Someone>,
    pub(super) phrases: Vec<Phrase>,
}

impl Group {
    fn of_one(someone: Someone, phrases: Vec<Phrase>) -> Group {
        Group { members: vec![someone], phrases }
    }
}

/// Everyone for whom something changes, each in one group.
pub(super) fn changes(old: &PolicySet, new: &PolicySet, tables: &[InventoryTable]) -> Vec<Group> {
    let comparison = Comparison { old, new, tables };
    let mut found = comparison.roles();
    found.extend(comparison.roles_together(&found));
    found.extend(comparison.users());
    found.extend(comparison.passwords());
    found.retain(|group| !group.phrases.is_empty());
    found
}

struct Comparison<'a> {
    old: &'a PolicySet,
    new: &'a PolicySet,
    tables: &'a [InventoryTable],
}

impl Comparison<'_> {
    fn roles(&self) -> Vec<Group> {
        let roles = &self.old.roles() | &self.new.roles();
        let each = roles.into_iter().map(|role| {
            let phrases = self.changes(&self.with_roles(&[role]), self.tables);
            Group::of_one(Someone::Role(role.to_owned()), phrases)
        });
        each.collect()
    }

    /// One role may hide from another: by a denial, or by not being spared of a mask. What is gained only together is found
    /// table by table, for two roles of which neither gains anything there by itself.
    fn roles_together(&self, alone: &[Group]) -> Vec<Group> {
        let gaining: HashSet<(&Someone, &str)> = alone
            .iter()
            .flat_map(|group| {
                group.members.iter().flat_map(|who| group.phrases.iter().map(move |phrase| (who, phrase)))
            })
            .filter(|(_, phrase)| phrase.kind != ChangeKind::Loss)
            .map(|(who, phrase)| (who, phrase.table.as_str()))
            .collect();
        let mut found: BTreeMap<Someone, Vec<Phrase>> = BTreeMap::new();
        for table in self.tables {
            let name = format!("{}.{}", table.schema, table.table);
            for (one, other) in self.pairs(table) {
                let gains = |role: &str| gaining.contains(&(&Someone::Role(role.to_owned()), name.as_str()));
                if gains(one) || gains(other) {
                    continue;
                }
                let phrases = self.changes(&self.with_roles(&[one, other]), std::slice::from_ref(table));
                // What isn't of a table was compared for each role alone.
                let gains = phrases.into_iter().filter(|p| p.kind != ChangeKind::Loss && p.table == name);
                found.entry(Someone::Roles(one.to_owned(), other.to_owned())).or_default().extend(gains);
            }
        }
        found.into_iter().map(|(both, phrases)| Group::of_one(both, phrases)).collect()
    }

    /// Roles that bear on the table, two by two, where one denies something of it or is spared of a mask.
    fn pairs(&self, table: &InventoryTable) -> BTreeSet<(&str, &str)> {
        let (schema, name) = (table.schema.as_str(), table.table.as_str());
        let sets = [self.old, self.new];
        let bearing: BTreeSet<&str> = sets.iter().flat_map(|set| set.roles_bearing_on(schema, name)).collect();
        let hiding: BTreeSet<&str> = sets.iter().flat_map(|set| set.roles_hiding_on(schema, name)).collect();
        let all = hiding.iter().flat_map(|one| bearing.iter().map(|other| (*one, *other)));
        all.filter(|(one, other)| one != other).map(|(one, other)| (one.min(other), one.max(other))).collect()
    }

    /// Users with the same roles and no rules of their own are compared once.
    fn users(&self) -> Vec<Group> {
        let names: BTreeSet<&str> = self.old.users_named().chain(self.new.users_named()).collect();
        let mut groups: HashMap<_, (Pair, Vec<Someone>)> = HashMap::new();
        for name in names {
            let pair = Pair { old: self.old.anyone(name), new: self.new.anyone(name) };
            let own = self.old.rules_name(name) || self.new.rules_name(name);
            let roles = |principal: &Option<Principal>| principal.as_ref().map(|p| p.roles.clone());
            let key = (own.then_some(name), roles(&pair.old), roles(&pair.new), pair.changed().attributes);
            let (_, members) = groups.entry(key).or_insert_with(|| (pair, Vec::new()));
            members.push(Someone::User(name.to_owned()));
        }
        let compared = |(pair, members)| Group { phrases: self.changes(&pair, self.tables), members };
        groups.into_values().map(compared).collect()
    }

    /// Users of both sets. What a user is that only one of them has is said of the user's tables.
    fn passwords(&self) -> Vec<Group> {
        let known: HashSet<&str> = self.new.users().collect();
        let both = self.old.users().filter(|user| known.contains(user));
        let changed = both.filter_map(|user| {
            let phrase = compare::password(self.old.verifier(user), self.new.verifier(user))?;
            Some(Group::of_one(Someone::User(user.to_owned()), vec![phrase]))
        });
        changed.collect()
    }

    /// Whoever has these roles, and those that come with them.
    fn with_roles(&self, roles: &[&str]) -> Pair {
        let principal = |set: &PolicySet| Principal {
            user: String::new(),
            roles: roles.iter().flat_map(|role| set.with_inherited(role)).collect(),
            attributes: BTreeMap::new(),
        };
        Pair { old: Some(principal(self.old)), new: Some(principal(self.new)) }
    }

    fn changes(&self, pair: &Pair, tables: &[InventoryTable]) -> Vec<Phrase> {
        let old = pair.old.as_ref().map(|principal| self.old.rights(principal));
        let new = pair.new.as_ref().map(|principal| self.new.rights(principal));
        let may = |rights: &Option<Arc<Rights>>| rights.as_ref().is_some_and(|r| r.may_see_policies());
        let changed = pair.changed();
        let mut phrases: Vec<Phrase> = compare::policies(may(&old), may(&new)).into_iter().collect();
        for table in tables {
            let columns: Vec<&str> = table.columns.iter().map(String::as_str).collect();
            let grant = |rights: &Option<Arc<Rights>>| -> Option<Grant> {
                match rights.as_ref()?.decide(&table.schema, &table.table, &columns) {
                    Decision::Granted(grant) => Some(grant),
                    Decision::Denied => None,
                }
            };
            phrases.extend(compare::table(table, grant(&old).as_ref(), grant(&new).as_ref(), &changed));
        }
        phrases
    }
}

impl Pair {
    fn changed(&self) -> Changed {
        let (Some(old), Some(new)) = (&self.old, &self.new) else {
            return Changed { attributes: BTreeSet::new(), roles: false };
        };
        let names: BTreeSet<&String> = old.attributes.keys().chain(new.attributes.keys()).collect();
        let attributes = names.into_iter().filter(|name| old.attributes.get(*name) != new.attributes.get(*name));
        Changed { attributes: attributes.cloned().collect(), roles: old.roles != new.roles }
    }
}

/// The roles of each, those that come with others included, under the old set and under the new one.
pub(super) type RolesOf = BTreeMap<Someone, [BTreeSet<String>; 2]>;

pub(super) fn roles<'s>(everyone: impl Iterator<Item = &'s Someone>, sets: [&PolicySet; 2]) -> RolesOf {
    let mut roles = RolesOf::new();
    for someone in everyone {
        if !roles.contains_key(someone) {
            roles.insert(someone.clone(), sets.map(|set| roles_of(someone, set)));
        }
    }
    roles
}

fn roles_of(someone: &Someone, set: &PolicySet) -> BTreeSet<String> {
    match someone {
        Someone::User(user) => set.anyone(user).map(|principal| principal.roles).unwrap_or_default(),
        Someone::Role(role) => set.with_inherited(role),
        Someone::Roles(one, other) => &set.with_inherited(one) | &set.with_inherited(other),
    }
}

/// Names everyone: roles and two roles together with their members behind them, then the users that are left.
pub(super) fn folded(everyone: &BTreeSet<Someone>, roles: &RolesOf) -> Vec<String> {
    let mut open: BTreeSet<&Someone> = everyone.iter().collect();
    let mut lines = Vec::new();
    for head in everyone.iter().filter(|someone| is_head(someone, everyone, roles)) {
        let members: Vec<&Someone> = everyone.iter().filter(|one| *one != head && belongs(one, head, roles)).collect();
        open.remove(head);
        open.retain(|one| !members.contains(one));
        lines.push(with_members(head, "", members.into_iter().map(described).collect()));
    }
    let mut alone = open.into_iter();
    if let Some(first) = alone.next() {
        lines.push(with_members(first, "also ", alone.map(described).collect()));
    }
    lines
}

/// Of roles that come one with the other it is the one that the others have; of those that have each other, the first.
fn is_head(someone: &Someone, everyone: &BTreeSet<Someone>, roles: &RolesOf) -> bool {
    let above = |other: &Someone| {
        matches!(other, Someone::Role(_))
            && other != someone
            && belongs(someone, other, roles)
            && (!belongs(other, someone, roles) || other < someone)
    };
    match someone {
        Someone::User(_) => false,
        _ => !everyone.iter().any(above),
    }
}

/// Whether what is said of `head` is said of this one too, as it has the role, or both.
fn belongs(one: &Someone, head: &Someone, roles: &RolesOf) -> bool {
    let wanted: &[&String] = match head {
        Someone::Role(role) => &[role],
        Someone::Roles(one, other) => &[one, other],
        Someone::User(_) => return false,
    };
    let both = roles.get(one).into_iter().flatten();
    both.into_iter().any(|roles| wanted.iter().all(|role| roles.contains(*role)))
}

fn with_members(head: &Someone, also: &str, members: Vec<String>) -> String {
    let who = match head {
        Someone::User(name) => format!("user {name}"),
        other => described(other),
    };
    let more = members.len().saturating_sub(NAMED);
    let mut named: Vec<String> = members.into_iter().take(NAMED).collect();
    if more > 0 {
        named.push(format!("{more} more"));
    }
    if named.is_empty() { who } else { format!("{who} ({also}{})", named.join(", ")) }
}

fn described(someone: &Someone) -> String {
    match someone {
        Someone::Role(role) => format!("role {role}"),
        Someone::Roles(one, other) => format!("whoever has the roles {one} and {other}"),
        Someone::User(name) => name.clone(),
    }
}
