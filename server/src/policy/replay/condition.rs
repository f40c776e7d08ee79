//! Row conditions with a principal's values in place, in a form in which two of them can be compared: where a rule stands,
//! what it is called, and in which order roles or filters come makes no difference.

use std::collections::BTreeSet;

use weir_policies::{Principal, RowCondition};

use crate::policy::words;

/// A condition on rows.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Condition {
    All(BTreeSet<Condition>),
    Any(BTreeSet<Condition>),
    /// A filter's SQL.
    Filter(String),
}

impl Condition {
    pub fn of(condition: &RowCondition, principal: &Principal) -> Self {
        let each = |parts: &[RowCondition]| parts.iter().map(|part| Self::of(part, principal)).collect();
        match condition {
            RowCondition::All(parts) => sole(each(parts)).unwrap_or_else(Self::All),
            RowCondition::Any(parts) => sole(each(parts)).unwrap_or_else(Self::Any),
            RowCondition::Filter(filter) => Self::Filter(words::filter_sql(filter, principal)),
        }
    }

    /// What holds of every row: none of it, where there is no condition.
    pub fn parts(condition: Option<&RowCondition>, principal: &Principal) -> BTreeSet<Self> {
        match condition.map(|condition| Self::of(condition, principal)) {
            None => BTreeSet::new(),
            Some(Self::All(parts)) => parts,
            Some(other) => BTreeSet::from([other]),
        }
    }
}

/// Of two filters that say the same, one is enough.
fn sole(mut parts: BTreeSet<Condition>) -> Result<Condition, BTreeSet<Condition>> {
    match (parts.len(), parts.pop_first()) {
        (1, Some(only)) => Ok(only),
        (_, first) => {
            parts.extend(first);
            Err(parts)
        }
    }
}

#[cfg(test)]
mod tests {
    use weir_policies::{Decision, PolicySet};

    use super::*;

    /// What ana may see of lake.orders, with these filters: name, role, condition.
    fn parts(roles: &str, filters: &[(&str, &str, &str)]) -> BTreeSet<Condition> {
        let filter = |(name, role, sql): &(&str, &str, &str)| {
            format!("[[filter]]\nname = '{name}'\ntables = ['lake.*']\nroles = ['{role}']\nwhere = \"{sql}\"\n")
        };
        let links: String = roles.split(' ').map(|role| format!("g, ana, role:{role}\n")).collect();
        let files = [
            ("policy.csv", format!("p, role:a, lake.*, select\np, role:b, lake.*, select\n{links}")),
            ("users.toml", "[ana]\ncountry = 'ES'\n".to_owned()),
            ("rows.toml", filters.iter().map(filter).collect()),
        ];
        let set = PolicySet::from_files(files.map(|(name, text)| (name.to_owned(), text.into_bytes()))).unwrap();
        let ana = set.principal("ana").unwrap();
        let Decision::Granted(grant) = set.rights(&ana).decide("lake", "orders", &["id"]) else { panic!("denied") };
        Condition::parts(grant.filter.as_ref(), &ana)
    }

    #[test]
    fn order_names_and_spelling_make_no_difference() {
        let one = parts("a", &[("x", "a", "id > 1"), ("y", "a", "country = attr('country')")]);
        let other = parts("a", &[("z", "*", "country  =  'ES'"), ("w", "a", "id>1")]);
        assert_eq!(one, other);
        assert_eq!(one.len(), 2);
        assert_eq!(parts("a b", &[("x", "a", "id > 1"), ("y", "b", "id > 1")]), parts("a", &[("x", "a", "id > 1")]));
    }

    #[test]
    fn what_adds_up_is_not_what_holds_together() {
        let both = [("x", "a", "id > 1"), ("y", "b", "id > 2")];
        let together = [("x", "a", "id > 1"), ("y", "a", "id > 2")];
        assert_ne!(parts("a b", &both), parts("a", &together));
        assert_eq!(parts("a b", &both).len(), 1);
        assert!(parts("a b", &both[..1]).is_empty(), "role b sees every row");
    }
}
