//! Column grants: which columns exist, and on which rows each shows.

use crate::support::{grant, load, sees, show};
use weir_policies::{Grant, PolicySet};

const SET: &str = "== policy.csv
p, role:es, lake.orders, select
p, role:sums, lake.orders.total, select
p, role:sums, lake.orders.id, select
p, role:wide, lake.orders.total, select
p, role:mail, lake.orders.email, select
== rows.toml
[[filter]]
name = 'spain'
tables = ['lake.orders']
roles = ['es', 'mail']
where = 'es'
[[filter]]
name = 'recent'
tables = ['lake.orders']
roles = ['sums']
where = 'recent'
[[filter]]
name = 'live'
tables = ['lake.orders']
roles = ['*']
where = 'live'
";

/// Each column with the rows on which it shows.
fn cells(grant: &Grant) -> String {
    let cell = |c: &weir_policies::ColumnDecision| format!("{}: {}", c.name, show(c.shown_where.as_ref()));
    grant.columns.iter().map(cell).collect::<Vec<_>>().join(", ")
}

fn table(set: &PolicySet, roles: &[&str]) -> (String, String) {
    let grant = grant(set, roles, "lake.orders");
    (show(grant.filter.as_ref()), cells(&grant))
}

fn expect(roles: &[&str], filter: &str, columns: &str) {
    assert_eq!(table(&load(SET), roles), (filter.to_owned(), columns.to_owned()));
}

#[test]
fn only_granted_columns_exist_and_keep_the_tables_order() {
    assert_eq!(sees(&load(SET), &["sums"], "lake.orders"), "id total");
    assert_eq!(sees(&load(SET), &["mail", "wide"], "lake.orders"), "email total");
}

#[test]
fn one_role_shows_its_columns_on_all_its_rows() {
    expect(&["sums"], "(live & recent)", "id: all rows, total: all rows");
}

#[test]
fn a_column_shows_only_on_the_rows_of_the_roles_that_grant_it() {
    expect(&["es", "sums"], "(live & (es | recent))", "id: all rows, email: es, total: all rows");
}

#[test]
fn a_role_without_filter_shows_its_columns_everywhere() {
    expect(&["es", "wide"], "live", "id: es, email: es, total: all rows");
    expect(&["sums", "wide"], "live", "id: recent, total: all rows");
}

#[test]
fn roles_with_the_same_rows_need_no_condition() {
    expect(&["es", "mail"], "(live & es)", "id: all rows, email: all rows, total: all rows");
}

#[test]
fn a_role_whose_columns_are_all_denied_shows_no_rows() {
    let set = load(
        "== policy.csv
p, role:es, lake.orders, select
p, role:wide, lake.orders.total, select
p, role:none, lake.orders.total, select, deny
== rows.toml
[[filter]]
name = 'spain'
tables = ['lake.orders']
roles = ['es']
where = 'es'
",
    );
    assert_eq!(table(&set, &["es", "wide"]).0, "all rows");
    assert_eq!(table(&set, &["es", "wide", "none"]), ("es".to_owned(), "id: all rows, email: all rows".to_owned()));
}
