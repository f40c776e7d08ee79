//! Principals that rules are tried for before a policy set takes effect: whoever may ask, by the kinds of attributes.

use std::collections::{BTreeMap, BTreeSet};

use weir_policies::{Attribute, PolicySet, Principal};

/// A text that is no number, no date and no other value's form: what takes it takes any text.
const ANY_TEXT: &str = "\u{1}";

pub(super) struct Samples {
    /// Has nothing.
    pub nobody: Principal,
    /// Has every attribute that any user has, in its kind.
    pub typical: Principal,
    users: Vec<Principal>,
}

impl Samples {
    pub fn of(policies: &PolicySet) -> Self {
        let mut users: Vec<Principal> =
            policies.attributes().map(|(user, attributes)| principal(user, attributes.clone())).collect();
        users.sort_by(|one, other| one.user.cmp(&other.user));
        let mut typical = BTreeMap::new();
        for (name, value) in users.iter().flat_map(|user| &user.attributes) {
            let kept: &mut Attribute = typical.entry(name.clone()).or_insert_with(|| typical_of(value));
            // What an empty list would hold, another one says; and what fits a large integer, fits others.
            if *kept == Attribute::List(Vec::new()) || kept.takes_less_than(value) {
                *kept = typical_of(value);
            }
        }
        Self { nobody: principal("", BTreeMap::new()), typical: principal("", typical), users }
    }

    /// Those of the attributes that any user has.
    pub fn known<'n>(&self, names: &'n BTreeSet<String>) -> BTreeSet<&'n str> {
        names.iter().map(String::as_str).filter(|name| self.typical.attributes.contains_key(*name)).collect()
    }

    /// One user for each combination of values that the attributes have.
    pub fn differing_in(&self, names: &BTreeSet<&str>) -> impl Iterator<Item = &Principal> {
        let mut seen: BTreeSet<String> = BTreeSet::new();
        self.users.iter().filter(move |user| {
            let values: Vec<_> = names.iter().map(|name| user.attributes.get(*name)).collect();
            seen.insert(format!("{values:?}"))
        })
    }
}

fn principal(user: &str, attributes: BTreeMap<String, Attribute>) -> Principal {
    Principal { user: user.to_owned(), roles: BTreeSet::new(), attributes }
}

fn typical_of(value: &Attribute) -> Attribute {
    match value {
        Attribute::Text(_) => Attribute::Text(ANY_TEXT.to_owned()),
        Attribute::List(items) => Attribute::List(items.first().map(typical_of).into_iter().collect()),
        other => other.clone(),
    }
}
