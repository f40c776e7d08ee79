//! Masks: which one applies to whom, and what is refused.

use crate::support::{grant, load, mistakes};
use weir_policies::{MaskKind, Period, PolicySet, RuleKind};

const SET: &str = "== policy.csv
p, role:a, *.*, select
p, role:dpo, lake.orders, select
p, role:help, lake.orders, select
== tags.toml
'pii.email' = ['*.*.email']
money = ['lake.orders.total', 'shop.*.total']
== masks.toml
[[mask]]
name = 'mail for help'
columns = ['lake.orders.email']
unless = ['a', 'dpo']
with = 'partial'
keep_first = 2

[[mask]]
name = 'mail'
tag = 'pii.email'
unless = ['dpo']
with = 'hash'

[[mask]]
name = 'money'
tag = 'money'
with = 'sql'
expression = 'round(value)'

[[mask]]
name = 'shop'
columns = ['shop.*.*']
unless = ['dpo']
with = 'redact'
text = 'gone'
";

/// The columns that are masked, each with the mask's name.
fn masked(set: &PolicySet, roles: &[&str], table: &str) -> String {
    let grant = grant(set, roles, table);
    let masked = grant.columns.iter().filter_map(|c| Some(format!("{}: {}", c.name, c.mask.as_ref()?.name)));
    masked.collect::<Vec<_>>().join(", ")
}

#[test]
fn the_first_mask_that_does_not_spare_the_principal_applies() {
    let set = load(SET);
    assert_eq!(masked(&set, &["a"], "lake.orders"), "email: mail, total: money");
    assert_eq!(masked(&set, &["help"], "lake.orders"), "email: mail for help, total: money");
    assert_eq!(masked(&set, &["help", "a"], "lake.orders"), "email: mail, total: money");
    assert_eq!(masked(&set, &["dpo", "a"], "lake.orders"), "total: money");
}

#[test]
fn patterns_and_tags_reach_every_table_that_they_match() {
    let set = load(SET);
    assert_eq!(masked(&set, &["a"], "lake.other"), "email: mail");
    assert_eq!(masked(&set, &["a"], "shop.x"), "id: shop, email: mail, total: money");
    assert_eq!(masked(&set, &["a", "dpo"], "shop.x"), "total: money");
}

#[test]
fn a_mask_says_what_it_does_and_where_it_stands() {
    let set = load(SET);
    let kinds: Vec<_> = set.masks().iter().map(|mask| (mask.line, mask.kind.clone())).collect();
    let expected = [
        (1, MaskKind::Partial { keep_first: 2, keep_last: 0 }),
        (8, MaskKind::Hash),
        (14, MaskKind::Sql { expression: "round(value)".into(), line: 18 }),
        (20, MaskKind::Redact { text: "gone".into() }),
    ];
    assert_eq!(kinds, expected);
    let rules = grant(&set, &["help"], "lake.orders").rules;
    let masks = rules.iter().filter(|rule| rule.kind == RuleKind::Mask);
    assert_eq!(masks.map(|rule| (&*rule.name, rule.line)).collect::<Vec<_>>(), [("mail for help", 1), ("money", 14)]);
}

#[test]
fn all_masks_of_a_column_are_found_for_checking() {
    let set = load(SET);
    let names = |column: &str| -> Vec<String> {
        set.masks_of("lake", "orders", column).into_iter().map(|mask| mask.name.to_string()).collect()
    };
    assert_eq!(names("email"), ["mail for help", "mail"]);
    assert_eq!(names("total"), ["money"]);
    assert!(names("id").is_empty());
}

#[test]
fn redact_has_a_text_of_its_own_and_null_has_none() {
    let set = load(
        "== policy.csv
== masks.toml
[[mask]]
name = 'a'
columns = ['*.*.a']
with = 'redact'
[[mask]]
name = 'b'
columns = ['*.*.b']
with = 'null'
[[mask]]
name = 'c'
columns = ['*.*.c']
with = 'partial'
keep_first = 0x1
keep_last = 4
",
    );
    let kinds: Vec<_> = set.masks().iter().map(|mask| mask.kind.clone()).collect();
    let partial = MaskKind::Partial { keep_first: 1, keep_last: 4 };
    assert_eq!(kinds, [MaskKind::Redact { text: "***".into() }, MaskKind::Null, partial]);
}

#[test]
fn masks_of_addresses_times_and_numbers_are_read() {
    let set = load(
        "== policy.csv
== masks.toml
[[mask]]
name = 'a'
columns = ['*.*.a']
with = 'email'
[[mask]]
name = 'b'
columns = ['*.*.b']
with = 'ip'
[[mask]]
name = 'c'
columns = ['*.*.c']
with = 'truncate'
to = 'month'
[[mask]]
name = 'd'
columns = ['*.*.d']
with = 'bucket'
size = 10
",
    );
    let kinds: Vec<_> = set.masks().iter().map(|mask| mask.kind.clone()).collect();
    let expected =
        [MaskKind::Email, MaskKind::Ip, MaskKind::Truncate { to: Period::Month }, MaskKind::Bucket { size: 10 }];
    assert_eq!(kinds, expected);
}

/// The mistakes of one mask whose keys after its name are these.
fn wrong(keys: &str) -> String {
    let mut files = crate::support::files("== policy.csv\np, role:a, *.*, select\n== tags.toml\nt = ['*.*.c']\n");
    files.insert("masks.toml", format!("[[mask]]\nname = 'm'\n{keys}\n"));
    crate::support::lines(&crate::support::try_load(&files).expect_err(keys))
}

#[test]
fn every_wrong_mask_is_named() {
    let cases = [
        ("with = 'null'", "masks.toml:1: expected either `tag` or `columns`"),
        ("with = 'null'\ntag = 't'\ncolumns = ['a.b.c']", "masks.toml:1: expected either `tag` or `columns`"),
        ("tag = 't'", "masks.toml:1: missing `with`, expected a string"),
        ("tag = 'u'\nwith = 'null'", "masks.toml:3: unknown tag `u`: tags.toml has no such key"),
        ("columns = ['a.b']\nwith = 'null'", "masks.toml:3: expected schema.table.column, found `a.b`"),
        (
            "columns = ['a.b.c*']\nwith = 'null'",
            "masks.toml:3: `a.b.c*`: `*` stands for a whole name, not for a part of `c*`",
        ),
        (
            "columns = []\nwith = 'null'",
            "masks.toml:3: expected `columns` = [\"schema.table.column\", ...], found an empty list",
        ),
        ("tag = 't'\nwith = 'null'\nunless = ['*']", "masks.toml:5: role `*`: `*` can't stand for names here"),
        ("tag = 't'\nwith = 'null'\nunles = ['a']", "masks.toml:5: unknown key `unles`"),
        ("tag = 't'\nwith = 'null'\nkeep_first = 1", "masks.toml:1: `keep_first` belongs to with = \"partial\""),
        ("tag = 't'\nwith = 'partial'", "masks.toml:1: with = \"partial\" expects `keep_first`, `keep_last` or both"),
        ("tag = 't'\nwith = 'partial'\nkeep_last = -1", "masks.toml:5: `keep_last`: expected a whole number from 0 up"),
        ("tag = 't'\nwith = 'sql'", "masks.toml:4: with = \"sql\" expects an `expression` over `value`"),
        (
            "tag = 't'\nwith = 'sha'",
            "masks.toml:4: unknown mask `sha`, expected null, redact, hash, partial, email, ip",
        ),
        ("tag = 't'\nwith = 'email'\nto = 'day'", "masks.toml:1: `to` belongs to with = \"truncate\", found"),
        ("tag = 't'\nwith = 'truncate'", "masks.toml:1: with = \"truncate\" expects `to`: minute, hour, day, week"),
        ("tag = 't'\nwith = 'truncate'\nto = 'days'", "masks.toml:5: `to`: expected minute, hour, day, week, month"),
        ("tag = 't'\nwith = 'bucket'", "masks.toml:1: with = \"bucket\" expects `size`, a whole number from 1 up"),
        ("tag = 't'\nwith = 'bucket'\nsize = 0", "masks.toml:5: `size`: expected a whole number from 1 up"),
        ("tag = 't'\nwith = { sql = 'x' }", "masks.toml:4: `with`: expected a string, found a table"),
    ];
    for (keys, expected) in cases {
        let found = wrong(keys);
        assert!(found.starts_with(expected) && found.lines().count() == 1, "{keys}\ngave {found}");
    }
}

#[test]
fn tags_are_lists_of_columns() {
    let found = mistakes(
        "== policy.csv
== tags.toml
pii.email = ['*.*.email']
empty = []
text = 'a.b.c'
table = ['a.b']
",
    );
    assert_eq!(
        found,
        "tags.toml:1: `pii` is a table: a tag with a dot is quoted, as in \"pii.email\" = [...]
tags.toml:2: expected `empty` = [\"schema.table.column\", ...], found an empty list
tags.toml:3: expected `text` = [\"schema.table.column\", ...], found a string
tags.toml:4: expected schema.table.column, found `a.b`"
    );
}
