//! Row filters: who is bound by which, and what several roles see together.

use crate::support::{grant, load, mistakes, principal, show};
use weir_policies::{Decision, PolicySet};

const SET: &str = "== policy.csv
p, role:es, lake.orders, select
p, role:fr, lake.orders, select
p, role:all, lake.orders, select
p, role:both, lake.orders, select
p, role:idle, shop.x, select
p, ana, lake.orders, select
== rows.toml
[[filter]]
name = 'spain'
tables = ['lake.orders']
roles = ['es', 'both', 'idle']
where = 'es'

[[filter]]
name = 'france'
tables = ['lake.*']
roles = ['fr', 'both']
where = 'fr'
";

fn filter(set: &PolicySet, roles: &[&str]) -> String {
    show(grant(set, roles, "lake.orders").filter.as_ref())
}

#[test]
fn a_filter_binds_the_roles_that_it_names() {
    let set = load(SET);
    assert_eq!(filter(&set, &["es"]), "es");
    assert_eq!(filter(&set, &["all"]), "all rows");
}

#[test]
fn within_one_role_all_filters_hold_and_roles_add_up() {
    let set = load(SET);
    assert_eq!(filter(&set, &["both"]), "(es & fr)");
    assert_eq!(filter(&set, &["es", "fr"]), "(es | fr)");
    assert_eq!(filter(&set, &["es", "fr", "all"]), "all rows");
    // The narrower alternative adds no row.
    assert_eq!(filter(&set, &["es", "both"]), "es");
    assert_eq!(grant(&set, &["es", "both"], "lake.orders").filter, grant(&set, &["es"], "lake.orders").filter);
}

#[test]
fn a_role_that_grants_nothing_of_the_table_adds_no_rows() {
    assert_eq!(filter(&load(SET), &["idle", "fr"]), "fr");
}

#[test]
fn a_grant_to_the_user_itself_is_not_bound_by_the_filters_of_roles() {
    let set = load(SET);
    let Decision::Granted(grant) = set.rights(&principal("ana", &["es"])).decide("lake", "orders", &["id"]) else {
        panic!("denied");
    };
    assert_eq!(show(grant.filter.as_ref()), "all rows");
}

#[test]
fn a_filter_for_everyone_binds_whatever_the_roles() {
    let set = load(
        "== policy.csv
p, role:es, lake.orders, select
p, role:fr, lake.orders, select
p, role:all, *.*, select
== rows.toml
[[filter]]
name = 'spain'
tables = ['lake.orders']
roles = ['es']
where = 'es'
[[filter]]
name = 'live'
tables = ['lake.orders', 'lake.*']
roles = ['*']
where = 'live'
[[filter]]
name = 'france'
tables = ['lake.orders']
roles = ['fr']
where = 'fr'
[[filter]]
name = 'small'
tables = ['*.orders']
roles = ['*']
where = 'small'
",
    );
    assert_eq!(filter(&set, &["all"]), "(live & small)");
    assert_eq!(filter(&set, &["es"]), "(live & small & es)");
    assert_eq!(filter(&set, &["es", "fr"]), "(live & small & (es | fr))");
    assert_eq!(show(grant(&set, &["all"], "lake.other").filter.as_ref()), "live");
    assert_eq!(show(grant(&set, &["all"], "shop.other").filter.as_ref()), "all rows");
}

#[test]
fn a_condition_knows_where_it_stands() {
    let grant = grant(&load(SET), &["fr"], "lake.orders");
    let filters = grant.filter.as_ref().map(|filter| filter.filters()).unwrap_or_default();
    let [filter] = filters.as_slice() else { panic!("{filters:?}") };
    assert_eq!((&*filter.name, &*filter.file, filter.line, filter.condition_line), ("france", "rows.toml", 7, 11));
}

#[test]
fn every_wrong_filter_is_named() {
    let found = mistakes(
        "== policy.csv
p, role:a, lake.orders, select
== rows.toml
[[filter]]
name = 'one'
tables = ['lake.orders']
roles = ['a']
when = 'true'

[[filter]]
name = 'one'
tables = ['orders', 'weir.policies']
roles = ['role:a', 'b', '*']
where = ' '

[[filter]]
name = 'two'
tables = []
roles = 'a'
where = 1

[[filter]]
name = 'one'
tables = ['lake.orders']
roles = ['a']
where = 'true'

[[filter]]
name = 'one'
tables = ['lake.orders']
roles = ['a']
where = 'true'

[[filters]]
name = 'x'
",
    );
    let expected = [
        "rows.toml:1: missing `where`, expected a string",
        "rows.toml:5: unknown key `when`, expected one of: name, tables, roles, where",
        "rows.toml:9: expected schema.table, found `orders`",
        "rows.toml:9: schema `weir` is reserved",
        "rows.toml:10: expected the role without its prefix: \"a\"",
        "rows.toml:10: role `*`",
        "rows.toml:11: `where` is empty",
        "rows.toml:15: expected `tables` = [\"schema.table\", ...], found an empty list",
        "rows.toml:16: expected `roles`",
        "rows.toml:17: `where`: expected a string, found an integer",
        "rows.toml:25: there is already a filter `one`",
        "rows.toml:31: unexpected `filters`, expected only [[filter]] tables",
    ];
    for expected in expected {
        assert!(found.lines().any(|line| line.starts_with(expected)), "no `{expected}` in:\n{found}");
    }
    assert_eq!(found.lines().count(), expected.len(), "{found}");
}

#[test]
fn a_role_that_policy_csv_never_names_is_unknown() {
    let found = mistakes(
        "== policy.csv
p, role:a, lake.orders, select
== rows.toml
[[filter]]
name = 'one'
tables = ['lake.orders']
roles = [
  'a',
  'anlyst']
where = 'true'
== masks.toml
[[mask]]
name = 'm'
columns = ['lake.orders.email']
unless = ['dpo']
with = 'null'
",
    );
    assert_eq!(
        found,
        "masks.toml:4: unknown role `dpo`: policy.csv never names role:dpo\n\
         rows.toml:6: unknown role `anlyst`: policy.csv never names role:anlyst"
    );
}
