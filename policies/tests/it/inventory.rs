//! The check of all rules against the tables that there are.

use crate::support::{inventory, lines, load};

#[test]
fn what_exists_is_no_mistake() {
    let set = load(
        "== policy.csv
p, role:a, lake.orders, select
p, role:a, lake.orders.total, select
p, role:a, shop.*, select
p, role:a, *.*, select
p, role:a, weir.policies, select
== tags.toml
mail = ['*.*.email', 'lake.*.email', '*.orders.email', 'lake.orders.*', '*.*.*']
== rows.toml
[[filter]]
name = 'f'
tables = ['lake.orders', 'lake.*', '*.orders', '*.*']
roles = ['a']
where = 'true'
== masks.toml
[[mask]]
name = 'm'
tag = 'mail'
with = 'null'
",
    );
    let mut inventory = inventory(&["lake.orders"]);
    inventory.schemas.insert("shop".to_owned()); // reached, and empty today
    assert_eq!(lines(&set.check(&inventory)), "");
}

const UNKNOWN: &str = "== policy.csv
p, role:a, lake.ordres, select
p, role:a, lake.orders.totl, select, deny
p, role:a, shop.*, select
p, role:a, lake.Orders, select
== tags.toml
a = ['*.*.mail', 'lake.*.mail',
  'shop.x.y', 'lake.orders.Email']
== rows.toml
[[filter]]
name = 'f'
tables = ['lake.orders',
  'lake.ordres', '*.ordres']
roles = ['*']
where = 'true'
== masks.toml
[[mask]]
name = 'm'
tag = 'a'
with = 'null'
[[mask]]
name = 'n'
columns = ['lake.orders.mail']
with = 'null'
";

#[test]
fn what_does_not_exist_is_named_with_its_line() {
    assert_eq!(
        lines(&load(UNKNOWN).check(&inventory(&["lake.orders"]))),
        "masks.toml:7: unknown column `lake.orders.mail`
policy.csv:1: unknown table `lake.ordres`
policy.csv:2: unknown column `lake.orders.totl`
policy.csv:3: unknown schema `shop`
policy.csv:4: unknown table `lake.Orders`, did you mean `orders`?
rows.toml:4: `*.ordres` matches nothing in any schema
rows.toml:4: unknown table `lake.ordres`
tags.toml:1: `*.*.mail` matches nothing in any schema
tags.toml:1: `lake.*.mail` matches no column of any table
tags.toml:2: unknown column `lake.orders.Email`, did you mean `email`?
tags.toml:2: unknown schema `shop`"
    );
}

#[test]
fn rules_about_a_source_that_is_down_stay_unchecked() {
    let set = load(UNKNOWN);
    let mut down = inventory(&["lake.orders"]);
    down.unreachable.insert("shop".to_owned());
    let found = lines(&set.check(&down));
    assert!(!found.contains("shop") && !found.contains("*.*.mail") && !found.contains("*.ordres"), "{found}");
    assert!(found.contains("policy.csv:1: unknown table `lake.ordres`"), "{found}");
    down = inventory(&[]);
    down.unreachable.extend(["shop".to_owned(), "lake".to_owned()]);
    assert_eq!(lines(&set.check(&down)), "");
}

#[test]
fn a_filter_that_would_bind_nobody_is_refused() {
    let set = load(
        "== policy.csv
p, role:analyst, lake.orders, select
p, role:senior, lake.secret, select
g, role:senior, role:analyst
== rows.toml
[[filter]]
name = 'f'
tables = ['lake.*']
roles = [
  'senior']
where = 'true'
[[filter]]
name = 'both'
tables = ['lake.*']
roles = ['senior', 'analyst']
where = 'true'
",
    );
    assert_eq!(
        lines(&set.check(&inventory(&["lake.orders", "lake.secret"]))),
        "rows.toml:5: role `senior` sees lake.orders only through role `analyst`, which filter `f` does not name: \
it would have no effect there"
    );
    assert_eq!(lines(&set.check(&inventory(&["lake.secret", "lake.orders"]))).lines().count(), 1);
}
