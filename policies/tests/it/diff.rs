//! What changes for whom between two sets: each kind of change, whom it is said of, and that no gain goes unsaid.

use weir_policies::{ChangeKind, Inventory, InventoryTable, PolicySet};

use crate::support::{Files, files, inventory, lines, try_load};

const RULES: &str = "== policy.csv
p, role:analyst, lake.orders, select
p, role:clerk, lake.orders.id, select
p, role:dpo, lake.*, select
g, ana, role:analyst
g, bob, role:analyst
g, leo, role:clerk
g, eva, role:dpo
== users.toml
[ana]
country = 'ES'
[bob]
[eva]
[leo]
== rows.toml
[[filter]]
name = 'own'
tables = ['lake.orders']
roles = ['analyst']
where = \"country = attr('country')\"
== masks.toml
[[mask]]
name = 'mail'
columns = ['lake.*.email']
unless = ['dpo']
with = 'hash'
";

fn set(files: &Files) -> PolicySet {
    try_load(files).unwrap_or_else(|errors| panic!("refused: {}", lines(&errors)))
}

fn tables() -> Inventory {
    inventory(&["lake.orders", "lake.couriers"])
}

/// The changes from one set to another, one line each.
fn between(old: &Files, new: &Files, inventory: &Inventory) -> String {
    let changes = set(old).changes(&set(new), inventory);
    changes.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// What changes if `to` stands in `file` instead of `from`.
fn edit(file: &'static str, from: &str, to: &str) -> String {
    let old = files(RULES);
    let mut new = old.clone();
    let text = new.get_mut(file).expect("a file");
    assert!(text.contains(from), "{from}");
    *text = text.replace(from, to);
    between(&old, &new, &tables())
}

#[test]
fn the_same_rules_elsewhere_change_nothing() {
    assert_eq!(edit("policy.csv", "p, role:analyst", "# a comment\np, role:analyst"), "");
    assert_eq!(edit("rows.toml", "name = 'own'", "name = 'another name'"), "");
    assert_eq!(edit("masks.toml", "'mail'", "'another name'"), "");
    assert_eq!(edit("users.toml", "'ES'", "\"ES\""), "");
}

#[test]
fn tables_and_columns_are_gained_and_lost() {
    assert_eq!(
        edit("policy.csv", "lake.orders.id", "lake.orders.total"),
        "gain   role clerk (leo) gains lake.orders.total
loss   role clerk (leo) loses lake.orders.id"
    );
    assert_eq!(
        edit("policy.csv", "p, role:clerk, lake.orders.id", "p, role:clerk, lake.*"),
        "gain   role clerk (leo) gains lake.* with *, email; email masked by `mail` (hash)
gain   role clerk (leo) gains lake.couriers with id, email, total, *; email masked by `mail` (hash)
gain   role clerk (leo) gains lake.orders.*, lake.orders.total
gain   role clerk (leo) gains lake.orders.email, masked by `mail` (hash)"
    );
    assert_eq!(
        edit("policy.csv", "p, role:dpo, lake.*", "p, role:dpo, lake.orders"),
        "loss   role dpo (eva) loses lake.*, lake.couriers"
    );
    assert_eq!(
        edit("policy.csv", "lake.orders.id, select", "lake.orders, select, deny"),
        "loss   role clerk (leo) loses lake.orders"
    );
}

#[test]
fn a_right_to_see_rules_is_a_gain() {
    let rules = "p, role:clerk, lake.orders.id, select";
    assert_eq!(
        edit("policy.csv", rules, &format!("{rules}\np, role:clerk, weir.policies, select")),
        "gain   role clerk (leo) gains weir.policies, the right to see what rules are applied"
    );
}

#[test]
fn roles_are_given_and_taken() {
    assert_eq!(
        edit("policy.csv", "g, bob,", "g, bob, role:dpo\ng, bob,"),
        "gain   user bob gains lake.* with *, email
gain   user bob gains lake.couriers with id, email, total, *
gain   user bob sees all rows of lake.orders, and saw those where `country = attr('country')`
gain   user bob sees lake.orders.email raw, and saw it masked by `mail` (hash)"
    );
    // The clerk's grant has no filter, but is of one column: the others show on no more rows than before.
    assert_eq!(
        edit("policy.csv", "g, bob,", "g, bob, role:clerk\ng, bob,"),
        "gain   user bob sees all rows of lake.orders, and saw those where `country = attr('country')`"
    );
    assert_eq!(
        edit("policy.csv", "g, eva, role:dpo\n", ""),
        "loss   user eva loses lake.*, lake.couriers, lake.orders"
    );
    assert_eq!(edit("users.toml", "[eva]", "[eva]\n[zoe]"), "");
    // A role that comes with another is said of by that other one.
    let senior = edit("policy.csv", "g, ana,", "g, role:senior, role:analyst\ng, ana,");
    assert!(senior.starts_with("gain   role senior gains lake.orders with id, email, total, *; "), "{senior}");
    let mut old = files(RULES);
    old.get_mut("policy.csv").expect("a file").push_str("g, role:senior, role:dpo\n");
    let mut new = old.clone();
    new.get_mut("policy.csv").expect("a file").push_str("p, role:dpo, shop.x, select\n");
    assert_eq!(
        between(&old, &new, &inventory(&["lake.orders", "shop.x"])),
        "gain   role dpo (role senior, eva) gains shop.x with id, email, total, *"
    );
}

#[test]
fn row_filters_come_go_and_change() {
    let mut without = files(RULES);
    without.remove("rows.toml");
    let with = files(RULES);
    assert_eq!(
        between(&without, &with, &tables()),
        "loss   role analyst (ana, bob) sees only some rows of lake.orders, those where `country = attr('country')`"
    );
    assert_eq!(
        between(&with, &without, &tables()),
        "gain   role analyst (ana, bob) sees all rows of lake.orders, and saw those where `country = attr('country')`"
    );
    assert_eq!(
        edit("rows.toml", "country = attr", "true OR  country = attr"),
        "gain?  role analyst (ana, bob) may see other rows of lake.orders, those where `true OR country = attr('country')`, \
and saw those where `country = attr('country')`"
    );
    let more = "\n[[filter]]\nname = 'more'\ntables = ['lake.*']\nroles = ['*']\nwhere = 'id > 1'\n";
    let narrower =
        edit("rows.toml", "\"country = attr('country')\"\n", &format!("\"country = attr('country')\"\n{more}"));
    assert!(narrower.lines().all(|line| line.starts_with("loss ")), "{narrower}");
    assert!(
        narrower
            .contains("role analyst (ana, bob) sees fewer rows of lake.orders, those where `id > 1` and `country = "),
        "{narrower}"
    );
}

#[test]
fn masks_come_go_and_change() {
    assert_eq!(
        edit("masks.toml", "with = 'hash'", "with = 'null'"),
        "loss   role analyst (ana, bob) sees lake.orders.email masked by `mail` (null), and saw it masked by `mail` (hash)"
    );
    assert_eq!(
        edit("masks.toml", "with = 'hash'", "with = 'partial'\nkeep_first = 3"),
        "gain?  role analyst (ana, bob) sees lake.orders.email masked by `mail` (partial, 3 first and 0 last), and saw it \
masked by `mail` (hash)"
    );
    assert_eq!(
        edit("masks.toml", "['lake.*.email']", "['lake.*.id']"),
        "gain   role analyst (ana, bob) sees lake.orders.email raw, and saw it masked by `mail` (hash)
loss   role analyst (ana, bob) sees lake.orders.id masked by `mail` (hash), and saw it raw
loss   role clerk (leo) sees lake.orders.id masked by `mail` (hash), and saw it raw"
    );
}

#[test]
fn masks_of_fields_come_go_and_change() {
    let way = |path: &str| path.split('.').map(str::to_owned).collect();
    let mut inventory = tables();
    inventory.tables[0].fields = ["id.mail", "id.phone", "id.phone.home"].map(way).to_vec();
    let with = |masks: &str| {
        let mut files = files("== policy.csv\np, role:a, lake.orders, select\n");
        files.insert("masks.toml", masks.to_owned());
        files
    };
    let mask =
        |columns: &str, with: &str| format!("[[mask]]\nname = '{with}'\ncolumns = ['{columns}']\nwith = '{with}'\n");
    let (none, all, mail) = (with(""), with(&mask("lake.orders.id.*", "hash")), mask("lake.orders.id.mail", "null"));
    let hashed = "masked by `hash` (hash)";
    assert_eq!(
        between(&none, &all, &inventory),
        format!(
            "loss   role a sees lake.orders.id.*, lake.orders.id.mail, lake.orders.id.phone {hashed}, and saw it raw"
        )
    );
    assert_eq!(
        between(&all, &none, &inventory),
        format!(
            "gain   role a sees lake.orders.id.*, lake.orders.id.mail, lake.orders.id.phone raw, and saw it {hashed}"
        )
    );
    let stricter = with(&(mail.clone() + &*mask("lake.orders.id.*", "hash")));
    assert_eq!(
        between(&all, &stricter, &inventory),
        format!("loss   role a sees lake.orders.id.mail masked by `null` (null), and saw it {hashed}")
    );
    let behind = with(&(mask("lake.orders.id.*", "hash") + &*mail));
    assert_eq!(between(&all, &behind, &inventory), "", "the first mask that covers a field applies");
    let down = Inventory { unreachable: ["lake".to_owned()].into(), ..Inventory::default() };
    assert_eq!(
        between(&stricter, &all, &down),
        format!("gain?  role a sees lake.orders.id.mail {hashed}, and saw it masked by `null` (null)")
    );
    let nobody = Files::from([("policy.csv", String::new())]);
    let granted = between(&nobody, &all, &inventory);
    assert_eq!(granted, format!("gain   role a gains lake.orders with id, email, total, *; id with id.* {hashed}"));
}

/// What a change of a mask is, from the first to the second.
fn mask_change(old: &str, new: &str) -> Option<ChangeKind> {
    let with = |mask: &str| {
        let mut files = files("== policy.csv\np, role:a, lake.orders, select\n");
        files.insert("masks.toml", format!("[[mask]]\nname = 'm'\ncolumns = ['lake.orders.id']\n{mask}\n"));
        set(&files)
    };
    with(old).changes(&with(new), &tables()).first().map(|change| change.kind)
}

#[test]
fn a_stricter_mask_is_told_from_another() {
    use ChangeKind::{Loss, PossibleGain};
    let (day, week, month) = ("with='truncate'\nto='day'", "with='truncate'\nto='week'", "with='truncate'\nto='month'");
    let partial = |first| format!("with='partial'\nkeep_first={first}");
    let bucket = |size| format!("with='bucket'\nsize={size}");
    let sql = "with='sql'\nexpression='value'";
    for (old, new, kind) in [
        ("with='hash'", "with='hash'", None),
        ("with='hash'", "with='redact'", Some(Loss)),
        ("with='redact'", "with='redact'\ntext='-'", Some(Loss)),
        ("with='null'", "with='redact'", Some(PossibleGain)),
        (sql, "with='redact'", Some(PossibleGain)),
        (sql, "with='null'", Some(Loss)),
        (sql, "with='sql'\n\nexpression='value'", None),
        (sql, "with='sql'\nexpression='value + 1'", Some(PossibleGain)),
        (day, week, Some(Loss)),
        (day, month, Some(Loss)),
        (week, month, Some(PossibleGain)),
        (month, day, Some(PossibleGain)),
        (&partial(4), &partial(2), Some(PossibleGain)),
        (&bucket(10), &bucket(100), Some(Loss)),
        (&bucket(10), &bucket(15), Some(PossibleGain)),
        (&bucket(10), &bucket(5), Some(PossibleGain)),
    ] {
        assert_eq!(mask_change(old, new), kind, "{old} to {new}");
    }
}

#[test]
fn what_conditions_read_of_a_user_counts() {
    assert_eq!(
        edit("users.toml", "'ES'", "'PT'"),
        "gain?  user ana may see other rows of lake.orders: `country = attr('country')` reads the attribute country, which \
changes"
    );
    assert_eq!(edit("users.toml", "'ES'", "'ES'\ncity = 'Vigo'"), "", "no condition reads it");
    let mut old = files(RULES);
    let rows = old.get_mut("rows.toml").expect("a file");
    *rows = rows.replace("country = attr('country')", "has_role('boss') or id = 1");
    let mut new = old.clone();
    new.get_mut("policy.csv").expect("a file").push_str("g, ana, role:boss\np, role:boss, lake.couriers.id, select\n");
    let found = between(&old, &new, &tables());
    assert!(
        found.contains("user ana may see other rows of lake.orders: `has_role('boss') or id = 1` reads roles"),
        "{found}"
    );
}

/// Neither role gains anything alone: one has the table, the other is spared of its mask, or denies it.
#[test]
fn two_roles_gain_together_what_neither_gains_alone() {
    let mut old = files(RULES);
    old.get_mut("policy.csv").expect("a file").push_str("p, role:help, lake.couriers.id, select\ng, bob, role:help\n");
    let mut new = old.clone();
    let masks = new.get_mut("masks.toml").expect("a file");
    *masks = masks.replace("['dpo']", "['dpo', 'help']");
    assert_eq!(
        between(&old, &new, &tables()),
        "gain   whoever has the roles analyst and help (bob) sees lake.orders.email raw, and saw it masked by `mail` (hash)"
    );
    let mut denied = old.clone();
    denied.get_mut("policy.csv").expect("a file").push_str("p, role:help, lake.orders.total, select, deny\n");
    assert_eq!(
        between(&denied, &old, &tables()),
        "gain   whoever has the roles analyst and help (bob) gains lake.orders.total
gain   whoever has the roles dpo and help gains lake.orders.total"
    );
}

#[test]
fn a_source_that_is_down_is_compared_by_what_rules_name() {
    let down = Inventory { unreachable: ["lake".to_owned()].into(), ..Inventory::default() };
    let old = files(RULES);
    let mut new = old.clone();
    let rules = new.get_mut("policy.csv").expect("a file");
    *rules = rules.replace("lake.orders.id", "lake.*");
    let found = between(&old, &new, &down);
    assert!(found.contains("role clerk (leo) gains lake.* with *, email; email masked by `mail` (hash)"), "{found}");
    assert!(found.contains("role clerk (leo) gains lake.orders.*"), "{found}");
}

/// What a rule about everything shows tomorrow, one about all that there is today doesn't.
#[test]
fn tables_columns_and_fields_to_come_count() {
    let listed = "p, role:dpo, lake.orders, select\np, role:dpo, lake.couriers, select";
    assert_eq!(edit("policy.csv", "p, role:dpo, lake.*, select", listed), "loss   role dpo (eva) loses lake.*");
    let mut old = files(RULES);
    let rules = old.get_mut("policy.csv").expect("a file");
    *rules = rules.replace("p, role:dpo, lake.*, select", listed);
    let gained = between(&old, &files(RULES), &tables());
    assert!(gained.starts_with("gain   role dpo (eva) gains lake.* with "), "{gained}");
    let columns = "p, role:clerk, lake.orders.id, select\np, role:clerk, lake.orders.email, select\n\
                   p, role:clerk, lake.orders.total, select";
    let mut old = files(RULES);
    let rules = old.get_mut("policy.csv").expect("a file");
    *rules = rules.replace("p, role:clerk, lake.orders.id, select", columns);
    let mut new = old.clone();
    let rules = new.get_mut("policy.csv").expect("a file");
    *rules = rules.replace(columns, "p, role:clerk, lake.orders, select");
    assert_eq!(between(&old, &new, &tables()), "gain   role clerk (leo) gains lake.orders.*");
    let today = edit("masks.toml", "['lake.*.email']", "['lake.orders.email', 'lake.couriers.email']");
    assert_eq!(today, "", "no role but dpo, who is spared, sees a table to come");
    let filter = edit("rows.toml", "tables = ['lake.orders']", "tables = ['lake.*']");
    assert_eq!(filter, "", "the role sees no other table");
}

/// Fewer rows by the texts of filters are no fewer if what a filter reads of the user changes with them.
#[test]
fn a_filter_more_hides_no_change_of_what_filters_read() {
    let more = "\n[[filter]]\nname = 'more'\ntables = ['lake.orders']\nroles = ['analyst']\nwhere = 'id > 1'\n";
    let old = files(RULES);
    let mut new = old.clone();
    new.get_mut("rows.toml").expect("a file").push_str(more);
    let users = new.get_mut("users.toml").expect("a file");
    *users = users.replace("'ES'", "'PT'");
    let found = between(&old, &new, &tables());
    assert!(found.contains("gain?  user ana may see other rows of lake.orders"), "{found}");
    assert!(found.contains("loss   ") && found.contains("bob"), "for others they are fewer: {found}");
}

#[test]
fn another_password_counts() {
    let verifier = |salt: char| {
        let (salt, key) = (salt.to_string().repeat(22) + "==", "A".repeat(43) + "=");
        format!("scram = 'SCRAM-SHA-256$4096:{salt}${key}:{key}'\n")
    };
    let with = |salt: char| format!("[eva]\n{}", verifier(salt));
    assert_eq!(edit("users.toml", "[eva]", &with('A')), "gain?  user eva can log in with a password, and couldn't");
    let mut old = files(RULES);
    let users = old.get_mut("users.toml").expect("a file");
    *users = users.replace("[eva]", &with('A'));
    let mut new = old.clone();
    let users = new.get_mut("users.toml").expect("a file");
    *users = users.replace(&verifier('A'), &verifier('Q'));
    assert_eq!(
        between(&old, &new, &tables()),
        "gain?  user eva has another password: who knows it sees what this user sees"
    );
    assert_eq!(between(&new, &files(RULES), &tables()), "loss   user eva loses the password, and can't log in");
}

#[test]
fn many_users_are_counted_and_decided_once() {
    let mut users = String::new();
    let mut rules = "p, role:a, lake.orders, select\n".to_owned();
    for user in 0..1000 {
        users += &format!("[u{user:04}]\n");
        rules += &format!("g, u{user:04}, role:a\n");
    }
    let mut old = files("== policy.csv\n");
    old.insert("users.toml", users);
    old.insert("policy.csv", rules);
    let mut new = old.clone();
    new.get_mut("policy.csv").expect("a file").push_str("p, role:a, wide.*, select\n");
    let table = |number: usize| InventoryTable {
        schema: "wide".to_owned(),
        table: format!("t{number}"),
        columns: vec!["id".to_owned()],
        ..InventoryTable::default()
    };
    let inventory = Inventory { tables: (0..1000).map(table).collect(), ..tables() };
    let changes = set(&old).changes(&set(&new), &inventory);
    // Those that there are, and those to come.
    assert_eq!(changes.len(), 2);
    let sentence = &changes[1].sentence;
    assert!(
        sentence.starts_with(
            "role a (u0000, u0001, u0002, u0003, u0004, u0005, u0006, u0007, u0008, u0009, 990 more) gains wide.t0, "
        ),
        "{sentence}"
    );
    assert!(sentence.ends_with("wide.t999 with id, *"), "{sentence}");
}
