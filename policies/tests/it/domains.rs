//! Data domains: what their files may say, how far their roles carry, and that they never weaken the house's rules.

use std::fs;

use weir_policies::PolicySet;

use crate::support::{
    COLUMNS, decide, files, grant, inventory, lines, load, mistakes, principal, sees, show, try_load,
};

/// The house, and two domains with rules of their own.
const MESH: &str = "== domains.toml
[logistics]
schemas = ['lake', 'events']
[sales]
schemas = ['shop']
== policy.csv
p, role:analyst, *.*, select
g, ana, role:analyst
== users.toml
[ana]
[bob]
== tags.toml
'pii.email' = ['*.*.email']
== masks.toml
[[mask]]
name = 'house'
columns = ['lake.orders.email']
with = 'null'
== logistics/policy.csv
p, role:logistics.dispatcher, lake.*, select
p, role:clerk, lake.orders.id, select
g, bob, role:logistics.dispatcher
== logistics/rows.toml
# comes later
[[filter]]
name = 'own'
tables = ['lake.orders']
roles = ['logistics.dispatcher']
where = 'id > 1'
== logistics/masks.toml
[[mask]]
name = 'mail'
tag = 'pii.email'
unless = ['analyst']
with = 'hash'
== logistics/tests/orders.toml
[[test]]
name = 'a dispatcher'
as = 'bob'
hidden = ['lake.orders.id']
== sales/tags.toml
'pii.email' = ['shop.customers.total']
";

#[test]
fn a_domain_speaks_of_what_it_owns() {
    let set = load(MESH);
    assert_eq!(sees(&set, &["logistics.dispatcher"], "lake.orders"), "id email total");
    assert_eq!(sees(&set, &["logistics.dispatcher"], "shop.orders"), "denied");
    assert_eq!(sees(&set, &["clerk"], "lake.orders"), "id");
    let bob = set.principal("bob").expect("listed");
    assert_eq!(bob.roles.iter().collect::<Vec<_>>(), ["logistics.dispatcher"]);
    let orders = grant(&set, &["logistics.dispatcher"], "lake.orders");
    assert_eq!(show(orders.filter.as_ref()), "id > 1");
    let rules: Vec<_> = orders.rules.iter().map(|rule| (&*rule.file, rule.line, &*rule.name)).collect();
    let expected = [
        ("logistics/policy.csv", 1, "role:logistics.dispatcher lake.*"),
        ("logistics/rows.toml", 2, "own"),
        ("masks.toml", 1, "house"),
    ];
    assert_eq!(rules, expected);
    assert_eq!(lines(&set.check(&inventory(&["lake.orders", "events.e", "shop.customers"]))), "");
}

#[test]
fn the_tests_of_a_domain_are_held_and_tell_the_domain() {
    let set = load(MESH);
    assert_eq!(
        lines(&set.failing_tests(&inventory(&["lake.orders"]), &|_, _| false)),
        "logistics/tests/orders.toml:4: test `logistics: a dispatcher` fails: user `bob` sees lake.orders.id"
    );
}

#[test]
fn a_filter_of_a_domain_may_read_what_the_domain_owns() {
    let set = load(MESH);
    let [own] = set.filters() else { panic!("one filter") };
    assert!(own.may_read("lake") && own.may_read("events") && !own.may_read("shop"));
    let house = load("== policy.csv\n== rows.toml\n[[filter]]\nname='f'\ntables=['a.b']\nroles=['*']\nwhere='true'\n");
    assert!(house.filters()[0].may_read("shop"));
}

/// The mask of a column for a role: name and kind.
fn mask(set: &PolicySet, role: &str, table: &str, column: usize) -> String {
    let mask = grant(set, &[role], table).columns[column].mask.clone();
    mask.map_or("raw".to_owned(), |mask| format!("{} {:?}", mask.name, mask.kind))
}

#[test]
fn the_masks_of_the_house_go_first() {
    let set = load(MESH);
    assert_eq!(mask(&set, "logistics.dispatcher", "lake.orders", 1), "house Null");
    assert_eq!(mask(&set, "analyst", "lake.orders", 1), "house Null", "a domain's `unless` spares of its own masks");
    assert_eq!(mask(&set, "logistics.dispatcher", "lake.couriers", 1), "mail Hash");
    assert_eq!(mask(&set, "analyst", "shop.customers", 1), "raw", "a tag means a domain's own columns to the domain");
    assert_eq!(set.masks().len(), 2);
}

#[test]
fn a_domain_puts_columns_under_the_tags_of_the_house() {
    let set = load(
        "== domains.toml
[sales]
schemas = ['shop']
== policy.csv
p, role:a, *.*, select
== tags.toml
pii = ['lake.orders.email']
== masks.toml
[[mask]]
name = 'weak'
tag = 'pii'
with = 'hash'
[[mask]]
name = 'strict'
columns = ['shop.cards.total']
with = 'null'
== sales/tags.toml
pii = ['shop.cards.total', 'shop.cards.email']
own = ['shop.cards.id']
== sales/masks.toml
[[mask]]
name = 'sales'
tag = 'own'
with = 'redact'
[[mask]]
name = 'weaker'
columns = ['shop.*.*']
with = 'partial'
keep_first = 3
",
    );
    // Under the tag, the column would come to the weaker mask, which stands first in the house's file.
    assert_eq!(mask(&set, "a", "shop.cards", 2), "strict Null");
    assert_eq!(mask(&set, "a", "shop.cards", 1), "weak Hash");
    assert_eq!(mask(&set, "a", "shop.cards", 0), "sales Redact { text: \"***\" }");
    assert_eq!(mask(&set, "a", "lake.orders", 1), "weak Hash");
    let names: Vec<&str> = set.masks().iter().map(|mask| &*mask.name).collect();
    assert_eq!(names, ["weak", "strict", "sales", "weaker"]);
    let of_column: Vec<&str> = set.masks_of("shop", "cards", "total").iter().map(|mask| &*mask.name).collect();
    assert_eq!(of_column, ["strict", "weak", "weaker"]);
}

#[test]
fn a_file_that_reaches_beyond_is_refused() {
    let found = mistakes(
        "== domains.toml
[logistics]
schemas = ['lake', 'events']
[sales]
schemas = ['shop']
== policy.csv
p, role:a, lake.x, select
== tags.toml
house = ['shop.x.y']
== logistics/policy.csv
p, role:a, *.*, select
p, role:a, shop.customers, select
p, role:a, shop.customers, select, deny
p, role:a, weir.policies, select
p, role:a, Lake.x, select
== logistics/rows.toml
[[filter]]
name = 'f'
tables = ['lake.x', '*.x']
roles = ['*']
where = 'true'
== logistics/tags.toml
t = [
  '*.*.email', 'shop.x.y']
== logistics/masks.toml
[[mask]]
name = 'm'
columns = ['*.x.y']
with = 'null'
[[mask]]
name = 'n'
tag = 'house'
with = 'null'
== logistics/tests/t.toml
[[test]]
name = 't'
as = 'ana'
hidden = ['shop.x']
[[prove]]
name = 'p'
columns = ['*.*.email']
never = 'raw'
",
    );
    assert_eq!(
        found,
        "logistics/masks.toml:3: `*.x.y` reaches beyond domain `logistics`: expected events.x.y, lake.x.y
logistics/masks.toml:7: tag `house` has no column in what domain `logistics` owns: events, lake
logistics/policy.csv:1: `*.*` reaches beyond domain `logistics`: expected events.*, lake.*
logistics/policy.csv:2: `shop.customers` reaches beyond domain `logistics`, which owns events, lake
logistics/policy.csv:3: `shop.customers` reaches beyond domain `logistics`, which owns events, lake
logistics/policy.csv:4: `weir.policies` reaches beyond domain `logistics`, which owns events, lake
logistics/policy.csv:5: `Lake.x` reaches beyond domain `logistics`, which owns events, lake
logistics/rows.toml:3: `*.x` reaches beyond domain `logistics`: expected events.x, lake.x
logistics/tags.toml:2: `*.*.email` reaches beyond domain `logistics`: expected events.*.email, lake.*.email
logistics/tags.toml:2: `shop.x.y` reaches beyond domain `logistics`, which owns events, lake
logistics/tests/t.toml:4: `shop.x` reaches beyond domain `logistics`, which owns events, lake
logistics/tests/t.toml:7: `*.*.email` reaches beyond domain `logistics`: expected events.*.email, lake.*.email"
    );
}

#[test]
fn what_a_domain_hands_out_carries_nowhere_else() {
    let found = mistakes(
        "== domains.toml
[logistics]
schemas = ['lake']
[sales]
schemas = ['shop']
== policy.csv
p, role:dpo, *.*, select
p, role:logistics.x, lake.a, select
p, role:logistics.x, shop.a, select
p, role:logistics.x, weir.policies, select
g, role:logistics.x, role:dpo
g, role:dpo, role:logistics.x
== masks.toml
[[mask]]
name = 'm'
columns = ['*.*.email']
unless = [
  'logistics.x', 'dpo']
with = 'null'
[[mask]]
name = 'n'
columns = ['lake.*.id']
unless = ['logistics.x']
with = 'null'
== logistics/policy.csv
g, ana, role:dpo
g, ana, role:sales.y
g, ana, role:logistics.x
g, role:dpo, role:logistics.x
g, role:sales.y, role:logistics.x
g, role:logistics.y, role:logistics.x
p, role:sales.y, lake.a, select
== sales/policy.csv
p, role:sales.y, shop.*, select
p, role:logistics.x, shop.*, select
== sales/masks.toml
[[mask]]
name = 'm'
columns = ['shop.a.id']
unless = ['logistics.x', 'dpo']
with = 'null'
",
    );
    assert_eq!(
        found,
        "logistics/policy.csv:1: domain `logistics` gives only its own roles: expected role:logistics.NAME, found role:dpo
logistics/policy.csv:2: domain `logistics` gives only its own roles: expected role:logistics.NAME, found role:sales.y
logistics/policy.csv:5: `role:sales.y` is a role of domain `sales`, which says who has it: expected only roles of that \
domain for it, role:sales.NAME, found role:logistics.x
logistics/policy.csv:7: `role:sales.y` is a role of domain `sales`, which says who has it: expected only what the domain \
owns (shop), found `lake.a`
masks.toml:5: role `logistics.x` is one of domain `logistics`, which says who has it: expected a mask on what the domain \
owns only (lake), found `*.*.email`
policy.csv:3: `role:logistics.x` is a role of domain `logistics`, which says who has it: expected only what the domain \
owns (lake), found `shop.a`
policy.csv:4: `role:logistics.x` is a role of domain `logistics`, which says who has it: expected only what the domain \
owns (lake), found `weir.policies`
policy.csv:5: `role:logistics.x` is a role of domain `logistics`, which says who has it: expected only roles of that \
domain for it, role:logistics.NAME, found role:dpo
sales/masks.toml:4: role `logistics.x` is one of domain `logistics`, which says who has it: expected a mask on what the \
domain owns only (lake), found `shop.a.id`
sales/policy.csv:2: `role:logistics.x` is a role of domain `logistics`, which says who has it: expected only what the \
domain owns (lake), found `shop.*`"
    );
}

/// Whatever a domain's files say, someone without a role of that domain sees nothing more elsewhere.
#[test]
fn a_denial_of_the_house_stands() {
    let mut files = files(MESH);
    files.get_mut("policy.csv").expect("a file").push_str("p, bob, lake.*, select, deny\n");
    let set = try_load(&files).expect("loads");
    let bob = set.principal("bob").expect("listed");
    assert_eq!(set.rights(&bob).decide("lake", "orders", &COLUMNS), weir_policies::Decision::Denied);
    assert_eq!(decide(&set, &["logistics.dispatcher"], "events.e"), weir_policies::Decision::Denied);
    assert!(!set.rights(&principal("bob", &["logistics.dispatcher"])).may_see_schema("shop"));
}

#[test]
fn domains_are_declared() {
    let found = mistakes(
        "== domains.toml
[logistics]
schemas = ['lake', 'weir', 'a.b', '*', 'lake']
owner = 'team'
[sales]
schemas = ['lake']
[empty]
[tests]
schemas = ['t']
['a/b']
schemas = ['u']
[README]
schemas = ['v']
== policy.csv
== Sales/policy.csv
== Sales/masks.toml
== other/rows.toml
",
    );
    assert_eq!(
        found,
        "Sales: unknown domain `Sales`: domains.toml has no [Sales] with schemas = [...]
domains.toml:2: expected the name of one schema, found `*`
domains.toml:2: expected the name of one schema, found `a.b`
domains.toml:2: schema `lake` is owned by domain `logistics` already, and has one owner
domains.toml:2: schema `weir` is reserved: it holds no data
domains.toml:3: unknown key `owner`, expected one of: schemas
domains.toml:5: schema `lake` is owned by domain `logistics` already, and has one owner
domains.toml:6: missing `schemas`, expected [\"SCHEMA\", ...]
domains.toml:7: `tests`: a domain is named by letters, digits, `_` and `-`, and neither `tests` nor as a README, LICENSE or \
CODEOWNERS is
domains.toml:9: `a/b`: a domain is named by letters, digits, `_` and `-`, and neither `tests` nor as a README, LICENSE or \
CODEOWNERS is
domains.toml:11: `README`: a domain is named by letters, digits, `_` and `-`, and neither `tests` nor as a README, LICENSE \
or CODEOWNERS is
other: unknown domain `other`: domains.toml has no [other] with schemas = [...]"
    );
    assert_eq!(
        mistakes("== domains.toml\nlogistics = ['lake']\n== policy.csv\n"),
        "domains.toml:1: `logistics`: expected a table [logistics] with schemas = [...]"
    );
    let broken = mistakes("== domains.toml\n[\n== policy.csv\n== sales/policy.csv\n");
    assert!(broken.starts_with("domains.toml:1:") && !broken.contains("unknown domain"), "{broken}");
}

#[test]
fn a_schema_that_no_source_has_is_a_mistake() {
    let set = load("== domains.toml\n[logistics]\nschemas = ['lake',\n 'lakes']\n== policy.csv\n");
    let mut inventory = inventory(&["lake.orders"]);
    assert_eq!(lines(&set.check(&inventory)), "domains.toml:3: unknown schema `lakes`");
    inventory.unreachable.insert("lakes".to_owned());
    assert_eq!(lines(&set.check(&inventory)), "");
}

#[test]
fn what_is_the_houses_alone_stands_in_no_domain() {
    let found = mistakes(
        "== domains.toml
[logistics]
schemas = ['lake']
== policy.csv
== logistics/users.toml
== logistics/model.conf
== logistics/domains.toml
== logistics/row.toml
== logistics/README.md
== logistics/tests/notes.txt
== logistics/tests/deep/a.toml
== logistics/more/policy.csv
",
    );
    let known = "policy.csv, tags.toml, rows.toml, masks.toml, README and *.md";
    let expected = format!(
        "logistics/domains.toml: which domain owns what is for the house to say, in domains.toml of the policy folder itself
logistics/model.conf: the model is the house's: it stands in the policy folder itself
logistics/more/policy.csv: unexpected folder, expected only tests, those of domains, and tests in these
logistics/row.toml: unexpected file, expected only {known}
logistics/tests/deep/a.toml: unexpected file, expected only *.toml in the folder of tests
logistics/tests/notes.txt: unexpected file, expected only *.toml in the folder of tests
logistics/users.toml: users are the house's: they stand in users.toml of the policy folder itself"
    );
    assert_eq!(found, expected);
}

#[test]
fn the_folder_on_disk_is_what_its_files_are() {
    let dir = tempfile::tempdir().expect("a folder");
    for (name, content) in files(MESH) {
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, content).expect("a file");
    }
    let version = PolicySet::load(dir.path()).expect("loads").version().to_owned();
    assert_eq!(version, load(MESH).version());
    fs::create_dir_all(dir.path().join("logistics/tests/deep")).expect("a folder");
    fs::create_dir_all(dir.path().join("logistics/more")).expect("a folder");
    assert_eq!(
        lines(&PolicySet::load(dir.path()).expect_err("refused")),
        "logistics/more: unexpected folder, expected only tests, those of domains, and tests in these
logistics/tests/deep: unexpected folder: tests are files, *.toml"
    );
    let mut changed = files(MESH);
    changed.get_mut("logistics/rows.toml").expect("a file").push('#');
    assert_ne!(try_load(&changed).expect("loads").version(), version);
}

/// What a link in a domain's folder leads to would be told of in messages.
#[cfg(unix)]
#[test]
fn a_domain_has_no_links_out_of_its_folder() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    let write = |name: &str, text: &str| std::fs::write(path(name), text).expect("a file");
    for name in ["policies", "policies/logistics", "policies/logistics/..data"] {
        std::fs::create_dir(path(name)).expect("a folder");
    }
    write("policies/policy.csv", "");
    write("policies/domains.toml", "[logistics]\nschemas = ['lake']\n");
    write("policies/logistics/..data/policy.csv", "p, role:logistics.a, lake.*, select\n");
    write("secret", "hidden7f3e, of the machine\n");
    let link = |to: &str| {
        let from = path("policies/logistics/policy.csv");
        let _ = std::fs::remove_file(&from);
        std::os::unix::fs::symlink(to, from).expect("a link");
        weir_policies::PolicySet::load(&path("policies"))
    };
    assert!(link("..data/policy.csv").is_ok(), "mounted configurations are made of links");
    for out in ["../../secret", "../policy.csv", "/etc/passwd"] {
        let refused = lines(&link(out).expect_err(out));
        assert_eq!(refused, "logistics/policy.csv: expected nothing that leads out of the domain's folder");
    }
}
