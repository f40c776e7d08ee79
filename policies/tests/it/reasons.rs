//! What a set says of the reasons behind a decision.

use crate::support::{grant, load, rights};

const MESH: &str = "\
== policy.csv
p, role:analyst, lake.orders, select
p, role:audit, lake.*, select
p, role:audit, lake.orders.total, select, deny
p, role:temp, lake.secret, select, deny
g, ana, role:senior
g, role:senior, role:analyst
g, ana, role:dpo
== users.toml
[ana]
country = 'ES'
== tags.toml
'pii.email' = ['*.*.email']
'pii.any' = ['lake.orders.*']
== rows.toml
[[filter]]
name = 'own'
tables = ['lake.orders']
roles = ['analyst']
where = 'a'
[[filter]]
name = 'live'
tables = ['lake.*']
roles = ['*']
where = 'b'
== masks.toml
[[mask]]
name = 'mail'
tag = 'pii.email'
unless = ['dpo']
with = 'email'
";

#[test]
fn reasons_name_each_grantor_with_its_filters() {
    let set = load(MESH);
    let roles = ["analyst", "audit", "dpo"];
    let reasons = rights(&set, &roles).reasons("lake", "orders", &grant(&set, &roles, "lake.orders"));
    let filters = |filters: &[std::sync::Arc<weir_policies::FilterRule>]| {
        filters.iter().map(|filter| filter.name.to_string()).collect::<Vec<_>>()
    };
    let grantors: Vec<_> = reasons
        .grantors
        .iter()
        .map(|g| (g.subject.as_str(), g.grants.iter().map(|rule| rule.line).collect::<Vec<_>>(), filters(&g.filters)))
        .collect();
    assert_eq!(
        grantors,
        [("role:analyst", vec![1], vec!["own".to_owned()]), ("role:audit", vec![2], Vec::<String>::new())]
    );
    assert_eq!(filters(&reasons.everyone), ["live"]);
    assert_eq!(reasons.denials.iter().map(|rule| rule.line).collect::<Vec<_>>(), [3]);
    let spared: Vec<_> = reasons.spared.iter().map(|s| (s.column.as_str(), &*s.mask.name, &*s.role)).collect();
    assert_eq!(spared, [("email", "mail", "dpo")]);
}

#[test]
fn a_denial_of_the_whole_table_is_named() {
    let set = load(MESH);
    let denials = rights(&set, &["audit", "temp"]).denials("lake", "secret", None);
    assert_eq!(denials.iter().map(|rule| (&*rule.name, rule.line)).collect::<Vec<_>>(), [("role:temp lake.secret", 4)]);
}

#[test]
fn what_bears_on_a_column_is_told_apart_from_what_bears_on_others() {
    let set = load(MESH);
    let rights = rights(&set, &["analyst", "audit"]);
    let lines = |rules: Vec<weir_policies::RuleRef>| rules.iter().map(|rule| rule.line).collect::<Vec<_>>();
    assert_eq!(lines(rights.denials("lake", "orders", Some("total"))), [3]);
    assert_eq!(lines(rights.denials("lake", "orders", Some("id"))), [0; 0]);
    assert_eq!(lines(rights.grants("lake", "orders", Some("total"))), [1, 2]);
    assert_eq!(lines(rights.grants("lake", "couriers", None)), [2]);
}

#[test]
fn a_membership_is_told_link_by_link() {
    let set = load(MESH);
    let links = |member: &str, role: &str| {
        let found = set.membership(member, role);
        found.iter().map(|link| format!("{} {} {}", link.member, link.role, link.line)).collect::<Vec<_>>()
    };
    assert_eq!(links("ana", "analyst"), ["ana role:senior 5", "role:senior role:analyst 6"]);
    assert_eq!(links("role:senior", "analyst"), ["role:senior role:analyst 6"]);
    assert_eq!(links("role:senior", "senior"), Vec::<String>::new());
    assert_eq!(links("ana", "audit"), Vec::<String>::new());
}

#[test]
fn a_role_alone_is_a_principal_without_attributes() {
    let set = load(MESH);
    let senior = set.principal_of_role("senior").expect("a role of the set");
    assert_eq!(senior.roles.iter().collect::<Vec<_>>(), ["analyst", "senior"]);
    assert!(senior.attributes.is_empty());
    assert!(set.principal_of_role("nobody").is_none());
    assert_eq!(set.roles().into_iter().collect::<Vec<_>>(), ["analyst", "audit", "dpo", "senior", "temp"]);
}

#[test]
fn tags_of_a_column() {
    let set = load(MESH);
    assert_eq!(set.tags_of("lake", "orders", &["email"]), ["pii.any", "pii.email"]);
    assert_eq!(set.tags_of("lake", "couriers", &["email"]), ["pii.email"]);
    assert_eq!(set.tags_of("lake", "couriers", &["phone"]), Vec::<&str>::new());
}
