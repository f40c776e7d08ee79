//! Who sees which tables.

use weir_policies::{Decision, RuleKind};

use crate::support::{COLUMNS, decide, grant, load, mistakes, principal, rights, sees};

#[test]
fn nothing_is_visible_unless_granted() {
    let set = load("== policy.csv\np, role:analyst, lake.orders, select\n");
    assert_eq!(sees(&set, &["analyst"], "lake.orders"), "id email total");
    assert_eq!(sees(&set, &["analyst"], "lake.other"), "denied");
    assert_eq!(sees(&set, &["analyst"], "other.orders"), "denied");
    assert_eq!(sees(&set, &["other"], "lake.orders"), "denied");
    assert_eq!(sees(&set, &[], "lake.orders"), "denied");
    assert_eq!(sees(&load("== policy.csv\n"), &["analyst"], "lake.orders"), "denied");
}

#[test]
fn wildcards_cover_whole_schemas_and_everything() {
    let set = load("== policy.csv\np, role:shop, shop.*, select\np, role:all, *.*, select\n");
    assert_eq!(sees(&set, &["shop"], "shop.anything"), "id email total");
    assert_eq!(sees(&set, &["shop"], "shops.anything"), "denied");
    assert_eq!(sees(&set, &["all"], "lake.orders"), "id email total");
}

#[test]
fn names_are_compared_exactly() {
    let set = load("== policy.csv\np, role:a, lake.Orders, select\np, role:a, lake.x.y, select\n");
    assert_eq!(sees(&set, &["a"], "lake.orders"), "denied");
    assert_eq!(sees(&set, &["a"], "lake.Orders"), "id email total");
    assert_eq!(sees(&set, &["A"], "lake.Orders"), "denied");
    // A table whose name has a dot is no column of another one.
    assert_eq!(rights(&set, &["a"]).decide("lake", "x.y", &COLUMNS), Decision::Denied);
}

#[test]
fn users_can_be_granted_directly_but_never_pass_as_roles() {
    let set = load("== policy.csv\np, ana, lake.orders, select\np, role:dpo, lake.secret, select\n");
    let of = |user: &str, table: &str| set.rights(&principal(user, &[])).decide("lake", table, &COLUMNS);
    assert!(matches!(of("ana", "orders"), Decision::Granted(_)));
    assert_eq!(of("bob", "orders"), Decision::Denied);
    assert_eq!(of("role:dpo", "secret"), Decision::Denied, "a user's name that reads as a role");
    assert_eq!(of("", "orders"), Decision::Denied, "casbin takes an empty name for anyone");
    assert_eq!(sees(&set, &["ana"], "lake.orders"), "denied", "a role of a user's name");
    assert_eq!(sees(&set, &[""], "lake.orders"), "denied");
}

#[test]
fn a_denial_wins_over_every_grant() {
    let set = load(
        "== policy.csv
p, role:a, lake.*, select
p, role:a, lake.orders.total, select, deny
p, role:b, lake.secret, select, deny
p, role:b, lake.secret, select, allow
p, role:c, lake.*, select, deny
",
    );
    assert_eq!(sees(&set, &["a"], "lake.orders"), "id email");
    assert_eq!(sees(&set, &["a"], "lake.secret"), "id email total");
    assert_eq!(sees(&set, &["a", "b"], "lake.secret"), "denied");
    assert_eq!(sees(&set, &["b"], "lake.secret"), "denied");
    assert_eq!(sees(&set, &["a", "c"], "lake.orders"), "denied");
}

#[test]
fn a_table_of_which_nothing_is_left_is_denied() {
    let set = load(
        "== policy.csv
p, role:a, lake.orders.total, select
p, role:b, lake.orders.total, select, deny
p, role:a, lake.other.gone, select
p, role:c, lake.empty, select
",
    );
    assert_eq!(sees(&set, &["a", "b"], "lake.orders"), "denied");
    assert_eq!(sees(&set, &["a"], "lake.other"), "denied", "a grant of a column that the table lacks");
    assert!(matches!(rights(&set, &["c"]).decide("lake", "empty", &[]), Decision::Granted(_)));
    assert_eq!(rights(&set, &["a"]).decide("lake", "orders", &[]), Decision::Denied);
}

#[test]
fn roles_inherit() {
    let set = load(
        "== policy.csv
p, role:analyst, lake.orders, select
g, role:senior, role:analyst
g, role:lead, role:senior
g, ana, role:lead
== users.toml
[ana]
[bob]
",
    );
    let ana = set.principal("ana").expect("ana");
    assert_eq!(ana.roles.iter().map(String::as_str).collect::<Vec<_>>(), ["analyst", "lead", "senior"]);
    assert!(matches!(set.rights(&ana).decide("lake", "orders", &COLUMNS), Decision::Granted(_)));
    let bob = set.principal("bob").expect("bob");
    assert!(bob.roles.is_empty());
    assert_eq!(set.rights(&bob).decide("lake", "orders", &COLUMNS), Decision::Denied);
    assert!(set.principal("eve").is_none());
}

#[test]
fn roles_that_inherit_in_a_circle_are_equal() {
    let set = load(
        "== policy.csv
p, role:a, lake.orders, select
g, role:a, role:b
g, role:b, role:a
g, ana, role:b
== users.toml
[ana]
",
    );
    assert_eq!(set.principal("ana").expect("ana").roles.len(), 2);
}

#[test]
fn a_down_source_is_named_to_those_who_could_see_it() {
    let set = load(
        "== policy.csv
p, role:a, lake.orders.id, select
p, role:b, *.*, select
p, role:c, lake.*, select, deny
",
    );
    let may = |roles: &[&str], schema: &str| rights(&set, roles).may_see_schema(schema);
    assert!(may(&["a"], "lake") && may(&["b"], "lake") && may(&["b"], "shop"));
    assert!(!may(&["a"], "shop") && !may(&["b", "c"], "lake") && !may(&["b"], "weir") && !may(&[], "lake"));
}

#[test]
fn policies_are_seen_by_those_who_are_granted_them_by_name() {
    let set = load(
        "== policy.csv
p, role:auditor, weir.policies, select
p, role:all, *.*, select
p, role:none, *.*, select, deny
p, role:not, weir.policies, select, deny
",
    );
    let may = |roles: &[&str]| rights(&set, roles).may_see_policies();
    assert!(may(&["auditor"]) && may(&["auditor", "all"]));
    assert!(!may(&["all"]) && !may(&["auditor", "none"]) && !may(&["auditor", "not"]) && !may(&["not"]) && !may(&[]));
    assert_eq!(decide(&set, &["auditor", "all"], "weir.policies"), Decision::Denied, "it is no data");
}

#[test]
fn a_decision_names_the_rules_behind_it() {
    let set = load(
        "== policy.csv
# a comment counts as a line
p, role:a, \"lake.orders\", select
p, role:b, lake.orders.email, select
p, role:a, lake.orders.email, select, deny
p, role:a, shop.*, select
",
    );
    let rules = grant(&set, &["a", "b"], "lake.orders").rules;
    let shown: Vec<_> = rules.iter().map(|rule| (rule.kind, &*rule.name, &*rule.file, rule.line)).collect();
    assert_eq!(shown, [(RuleKind::Grant, "role:a lake.orders", "policy.csv", 2)]);
}

#[test]
fn every_wrong_rule_is_named() {
    let found = mistakes(
        "== policy.csv
p, role:a, lake.orders, insert
p, role:a, lake.orders
p, role:a, lake.orders, select, maybe
p, role:a, lake.orders, select, allow, more
p, role:a, orders, select
p, role:a, lake.ord*, select
p, role:a, *.orders, select
p, role:a, lake.orders.*, select
p, role:a, *, select
p, role:a, weir.users, select
p, role:a, weir.*, select
p, role:, lake.orders, select
p, rolle:a, lake.orders, select
p, *, lake.orders, select
p2, role:a, lake.orders, select
g, ana, analyst
g, ana
g, role:a, role:a
p, role:a, \"lake.orders, select
p, role:a, lake.\"orders\", select
p, role:a, lake.orders, select # why
p, role:a, lake.orders, select,
P, role:a, lake.orders, select
g, ana, role:a, domain
",
    );
    let found: Vec<&str> = found.lines().collect();
    let expected = [
        "unknown action `insert`, expected `select`",
        "expected `p, SUBJECT, OBJECT, select`",
        "unknown effect `maybe`, expected `allow` or `deny`",
        "expected `p, SUBJECT, OBJECT, select`",
        "expected schema.table",
        "`*` stands for a whole name",
        "expected schema.table",
        "expected schema.table",
        "expected schema.table",
        "only weir.policies is known",
        "only weir.policies is known",
        "the name is empty",
        "expected a user's name or role:NAME",
        "`*` can't stand for names here",
        "unknown kind of rule `p2`",
        "`analyst` is not a role",
        "expected `g, USER or role:NAME, role:NAME`",
        "can't have itself as a role",
        "expected a closing `\"`",
        "expected `\"` only around a whole field",
        "unknown action `select # why`",
        "unknown effect ``",
        "unknown kind of rule `P`",
        "expected `g, USER or role:NAME, role:NAME`",
    ];
    assert_eq!(found.len(), expected.len(), "{found:#?}");
    for (number, (found, expected)) in (1..).zip(found.iter().zip(expected)) {
        assert!(found.starts_with(&format!("policy.csv:{number}: ")) && found.contains(expected), "{found}");
    }
}

/// With a misspelt role, what binds the right one wouldn't bind who was meant to have it.
#[test]
fn a_role_that_does_nothing_is_a_misspelling() {
    let found = mistakes(
        "== policy.csv
p, role:analyst, lake.orders, select
p, ben, lake.orders, select
g, ben, role:analist
== rows.toml
[[filter]]
name = 'own'
tables = ['lake.*']
roles = ['analyst']
where = 'id = 1'
",
    );
    let expected = "policy.csv:3: role `analist` does nothing: no grant, filter or mask names it";
    assert!(found.starts_with(expected), "{found}");
    load("== policy.csv\np, role:a, lake.*, select\ng, role:b, role:a\ng, ben, role:b\n");
    load(
        "== policy.csv\np, ben, lake.*, select\ng, ben, role:dpo\n== masks.toml\n[[mask]]\nname = 'm'\ncolumns = ['*.*.c']\nunless = ['dpo']\nwith = 'null'\n",
    );
}
