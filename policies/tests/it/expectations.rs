//! Tests beside the rules: what they say, what they miss, and what is refused.

use std::collections::BTreeSet;

use weir_policies::{Inventory, InventoryTable, Outcome, Principal};

use crate::support::{COLUMNS, files, lines, load, mistakes, try_load};

const RULES: &str = "== policy.csv
p, role:analyst, lake.orders, select
p, role:clerk, lake.orders.id, select
p, role:dpo, lake.*, select
g, ana, role:analyst
g, bob, role:clerk
g, eva, role:dpo
== users.toml
[ana]
[bob]
[eva]
== tags.toml
'pii.email' = ['*.*.email']
== rows.toml
[[filter]]
name = 'own'
tables = ['lake.orders']
roles = ['analyst']
where = 'id > 1'
== masks.toml
[[mask]]
name = 'mail'
tag = 'pii.email'
unless = ['dpo']
with = 'null'
";

fn inventory() -> Inventory {
    let table = |name: &str| InventoryTable {
        schema: "lake".to_owned(),
        table: name.to_owned(),
        columns: COLUMNS.iter().map(|name| (*name).to_owned()).collect(),
        fields: Vec::new(),
    };
    Inventory { tables: vec![table("orders"), table("couriers")], ..Inventory::default() }
}

/// What fails of these tests under the rules above, one line each.
fn failures(tests: &str) -> String {
    failures_under(RULES, tests)
}

fn failures_under(rules: &'static str, tests: &str) -> String {
    let mut files = files(rules);
    files.insert("tests/all.toml", tests.to_owned());
    let set = try_load(&files).unwrap_or_else(|errors| panic!("refused: {}", lines(&errors)));
    lines(&set.failing_tests(&inventory(), &|_, _| false))
}

#[test]
fn what_holds_is_silent() {
    let tests = "
[[test]]
name = 'an analyst'
as = 'ana'
sees = ['lake.orders', 'lake.orders.total']
hidden = ['lake.couriers', 'lake.couriers.id']
masked = ['lake.orders.email']
raw = ['lake.orders.total']
filtered = ['lake.orders']
[[test]]
name = 'a clerk'
as = 'bob'
hidden = ['lake.orders.email']
raw = ['lake.orders.id']
[[prove]]
name = 'addresses are for the dpo'
tag = 'pii.email'
never = 'raw'
unless = ['dpo']
[[prove]]
name = 'so are couriers'
columns = ['lake.couriers.*']
never = 'visible'
unless = ['dpo']
";
    assert_eq!(failures(tests), "");
}

#[test]
fn what_does_not_hold_is_named_with_its_line() {
    for (claim, failure) in [
        ("sees = ['lake.couriers']", "user `bob` doesn't see lake.couriers"),
        ("hidden = ['lake.orders.id']", "user `bob` sees lake.orders.id"),
        ("hidden = ['lake.orders']", "user `bob` sees lake.orders"),
        ("masked = ['lake.orders.id']", "user `bob` sees the raw values of lake.orders.id"),
        ("masked = ['lake.orders.email']", "user `bob` doesn't see lake.orders.email"),
        ("raw = ['lake.orders.email']", "user `bob` doesn't see lake.orders.email"),
        ("filtered = ['lake.orders']", "user `bob` sees all rows of lake.orders"),
        ("hidden = ['lake.orders.emial']", "`lake.orders.emial` isn't there: no rule can be tested on it"),
    ] {
        let found = failures(&format!("[[test]]\nname = 'x'\nas = 'bob'\n{claim}\n"));
        assert_eq!(found, format!("tests/all.toml:4: test `x` fails: {failure}"), "{claim}");
    }
    let unknown = failures("[[test]]\nname = 'x'\nas = 'max'\nsees = ['lake.orders']\n");
    assert_eq!(unknown, "tests/all.toml:1: test `x` fails: unknown user `max`: users.toml has no [max]");
}

#[test]
fn a_proof_is_over_everyone() {
    let never = |keys: &str| failures(&format!("[[prove]]\nname = 'x'\n{keys}\n"));
    assert_eq!(
        never("tag = 'pii.email'\nnever = 'raw'"),
        "tests/all.toml:1: test `x` fails: user `eva` sees lake.orders.email raw\n\
         tests/all.toml:1: test `x` fails: whoever has the roles analyst, clerk, dpo sees lake.orders.email raw\n\
         tests/all.toml:1: test `x` fails: whoever has the roles analyst, dpo sees lake.orders.email raw\n\
         tests/all.toml:1: test `x` fails: whoever has the roles clerk, dpo sees lake.orders.email raw\n\
         tests/all.toml:1: test `x` fails: role `dpo` sees lake.orders.email raw\n\
         tests/all.toml:1: test `x` fails: user `eva` sees lake.couriers.email raw\n\
         tests/all.toml:1: test `x` fails: role `dpo` sees lake.couriers.email raw"
    );
    let seen = never("columns = ['lake.orders.total']\nnever = 'visible'\nunless = ['dpo', 'analyst']");
    assert_eq!(seen, "", "the clerk sees another column");
}

/// Neither role alone sees a raw address: one has the table, the other is spared by the mask.
#[test]
fn a_proof_finds_two_roles_that_add_up() {
    let rules = "== policy.csv
p, role:analyst, lake.orders, select
p, role:help, lake.couriers.id, select
== tags.toml
'pii.email' = ['*.*.email']
== masks.toml
[[mask]]
name = 'mail'
tag = 'pii.email'
unless = ['help']
with = 'null'
";
    let found = failures_under(rules, "[[prove]]\nname = 'x'\ntag = 'pii.email'\nnever = 'raw'\n");
    assert_eq!(
        found,
        "tests/all.toml:1: test `x` fails: whoever has the roles analyst, help sees lake.orders.email raw"
    );
}

#[test]
fn what_cannot_be_reached_is_not_judged() {
    let mut files = files(RULES);
    let tests = "[[test]]\nname = 'x'\nas = 'ana'\nsees = ['shop.customers', 'lake.orders']\n";
    files.insert("tests/all.toml", tests.to_owned());
    let set = try_load(&files).unwrap();
    let inventory = Inventory { unreachable: BTreeSet::from(["shop".to_owned()]), ..inventory() };
    let verdicts = set.verdicts(&inventory, &|_, _| false);
    assert_eq!((verdicts.len(), verdicts[0].failures.len()), (1, 0));
    assert_eq!(verdicts[0].unchecked, ["shop.customers"]);
}

#[test]
fn queries_are_kept_for_those_who_have_data() {
    let set = load(
        "== policy.csv
== users.toml
[ana]
== tests/queries.toml
[[test]]
name = 'rows'
as = 'ana'
query = 'SELECT 1, NULL'
rows = [['1', []]]
[[test]]
name = 'an error'
as = 'ana'
query = 'SELECT * FROM lake.couriers'
error = '42P01'
",
    );
    let outcomes: Vec<_> = set.tests().iter().filter_map(|test| test.query()).map(|query| &query.outcome).collect();
    let rows = Outcome::Rows(vec![vec![Some("1".to_owned()), None]]);
    assert_eq!(outcomes, [&rows, &Outcome::Error("42P01".to_owned())]);
}

#[test]
fn mistakes_in_tests_are_named() {
    let wrong = |keys: &str| {
        let mut files = files("== policy.csv\np, role:a, *.*, select\n== users.toml\n[ana]\n");
        files.insert("tests/all.toml", format!("{keys}\n"));
        lines(&try_load(&files).expect_err(keys))
    };
    for (keys, expected) in [
        ("[[tset]]", "tests/all.toml:1: unexpected `tset`, expected only [[test]] and [[prove]] tables"),
        ("[[test]]\nname = 'x'\nas = 'ana'", "tests/all.toml:1: a test expects one of: sees, hidden"),
        ("[[test]]\nname = 'x'\nsees = ['a.b']", "tests/all.toml:1: missing `as`"),
        ("[[test]]\nname = 'x'\nas = 'ana'\nsees = ['a']", "tests/all.toml:4: `sees`: expected schema.table or"),
        ("[[test]]\nname = 'x'\nas = 'ana'\nhidden = ['a.*']", "tests/all.toml:4: `hidden`: expected schema.table or"),
        ("[[test]]\nname = 'x'\nas = 'ana'\nraw = ['a.b']", "tests/all.toml:4: `raw`: expected schema.table.column"),
        ("[[test]]\nname = 'x'\nas = 'ana'\nseen = ['a.b']\nsees = ['a.b']", "tests/all.toml:4: unknown key `seen`"),
        ("[[test]]\nname = 'x'\nas = 'ana'\nquery = 'q'", "tests/all.toml:1: `query` expects either `rows` or"),
        (
            "[[test]]\nname = 'x'\nas = 'ana'\nquery = 'q'\nrows = [1]",
            "tests/all.toml:5: `rows`: expected rows of texts",
        ),
        ("[[prove]]\nname = 'x'\nnever = 'seen'\ncolumns = ['a.b.c']", "tests/all.toml:3: `never`: expected raw or"),
        ("[[prove]]\nname = 'x'\nnever = 'raw'", "tests/all.toml:1: expected either `tag` or `columns`"),
        (
            "[[prove]]\nname = 'x'\nnever = 'raw'\ncolumns = ['a.b.c']\nunless = ['b']",
            "tests/all.toml:5: unknown role `b`: policy.csv never names role:b",
        ),
    ] {
        let found = wrong(keys);
        assert!(found.starts_with(expected), "{keys}\ngave {found}");
    }
    assert!(mistakes("== policy.csv\n== tests/notes.txt\n").contains("expected only *.toml in the folder of tests"));
}

/// The SQL of a mask may show the value to some.
#[test]
fn a_mask_that_shows_the_value_hides_nothing() {
    let mut files = files(RULES);
    let masks = files.get_mut("masks.toml").expect("a file");
    *masks = masks.replace("with = 'null'", "with = 'sql'\nexpression = 'of the principal'");
    let test = "[[test]]\nname = 't'\nas = 'ana'\nmasked = ['lake.orders.email']\n\
                [[prove]]\nname = 'p'\ntag = 'pii.email'\nnever = 'raw'\nunless = ['dpo']\n";
    files.insert("tests/all.toml", test.to_owned());
    let set = try_load(&files).unwrap_or_else(|errors| panic!("refused: {}", lines(&errors)));
    assert_eq!(lines(&set.failing_tests(&inventory(), &|_, _| false)), "");
    let shows = |sql: &str, who: &Principal| sql == "of the principal" && who.roles.contains("analyst");
    let failing = lines(&set.failing_tests(&inventory(), &shows));
    assert!(failing.contains("user `ana` sees the raw values of lake.orders.email"), "{failing}");
    assert!(failing.contains("role `analyst` sees lake.orders.email raw"), "{failing}");
    assert!(!failing.contains("bob"), "{failing}");
}

/// What tests and rules that don't fit are about.
#[test]
fn doubts_are_about_the_tables_that_a_rule_may_mean() {
    let mut files = files(RULES);
    files.insert("tests/all.toml", "[[test]]\nname = 't'\nas = 'ana'\nmasked = ['lake.orders.email']\n".to_owned());
    let set = try_load(&files).unwrap_or_else(|errors| panic!("refused: {}", lines(&errors)));
    let about = |change: &dyn Fn(&mut Inventory)| {
        let mut inventory = inventory();
        change(&mut inventory);
        let doubts = set.doubts(&inventory, &|_, _| false);
        ["orders", "couriers", "later"].map(|table| doubts.iter().any(|about| about.covers("lake", table)))
    };
    assert_eq!(about(&|_| {}), [false, false, false]);
    let renamed = |inventory: &mut Inventory| inventory.tables[0].columns[1] = "mail".to_owned();
    assert_eq!(about(&renamed)[1..], [true, true], "a test that names what isn't there may be about any table");
    assert_eq!(about(&|inventory| drop(inventory.tables.remove(0))), [true, true, true]);
}
