//! users.toml: verifiers and attributes.

use std::hash::{DefaultHasher, Hash, Hasher};

use crate::support::{SCRAM, files, lines, load, mistakes, try_load};
use weir_policies::{Attribute, PolicySet, ScramVerifier};

fn with_users(users: String) -> Result<PolicySet, String> {
    let mut files = files("== policy.csv\n");
    files.insert("users.toml", users);
    try_load(&files).map_err(|errors| lines(&errors))
}

#[test]
fn a_verifier_is_parsed_and_never_shown() {
    let set = with_users(format!("[ana]\nscram = '{SCRAM}'\n[bob]\ncountry = 'ES'\n")).expect("loads");
    let verifier = set.verifier("ana").expect("ana has one");
    assert_eq!((verifier.iterations, verifier.salt.len()), (4096, 16));
    assert_ne!(verifier.stored_key, verifier.server_key);
    assert_eq!(format!("{verifier:?}"), "ScramVerifier { iterations: 4096, .. }");
    assert!(!format!("{set:?}").contains("SCRAM"));
    assert!(set.verifier("bob").is_none() && set.verifier("eve").is_none() && set.verifier("").is_none());
}

#[test]
fn a_wrong_verifier_is_named_but_not_repeated() {
    let (head, keys) = SCRAM.rsplit_once('$').expect("keys");
    let (stored, server) = keys.split_once(':').expect("two keys");
    let cases = [
        ("md5abcdef".to_owned(), "expected \"SCRAM-SHA-256$"),
        (head.to_owned(), "expected \"SCRAM-SHA-256$"),
        (SCRAM.replace("4096", "100"), "iterations: expected a whole number of at least 4096"),
        (SCRAM.replace("4096", "+4096"), "iterations"),
        (SCRAM.replace("4096", "99999999999"), "iterations"),
        (SCRAM.replace("QSXCR+Q6sek8bf92QSXCRw==", ""), "salt: expected base64, not empty"),
        (SCRAM.replace("QSXCR+Q6sek8bf92QSXCRw==", "%%"), "salt: expected base64"),
        (format!("{head}${stored}:AAAA"), "server key: expected 32 bytes in base64"),
        (format!("{head}$AAAA:{server}"), "stored key: expected 32 bytes in base64"),
        (format!("{SCRAM}x"), "server key"),
    ];
    for (text, expected) in cases {
        let found = with_users(format!("\n[ana]\nscram = '{text}'\n")).expect_err(&text);
        assert!(found.starts_with("users.toml:3: `scram`: ") && found.contains(expected), "{text}: {found}");
        assert!(!found.contains(stored) && !found.contains(server), "{found}");
        assert!(ScramVerifier::parse(&text).is_err());
    }
}

#[test]
fn every_other_key_is_an_attribute() {
    let set = load(
        "== policy.csv
== users.toml
[ana]
country = 'ES'
level = 3
share = 0.5
intern = false
regions = ['north', 'south']
levels = [1, 2]
none = []
",
    );
    let ana = set.principal("ana").expect("ana");
    let text = |text: &str| text.to_owned();
    let expected = [
        (text("country"), Attribute::Text(text("ES"))),
        (text("intern"), Attribute::Boolean(false)),
        (text("level"), Attribute::Integer(3)),
        (text("levels"), Attribute::List(vec![Attribute::Integer(1), Attribute::Integer(2)])),
        (text("none"), Attribute::List(vec![])),
        (text("regions"), Attribute::List(["north", "south"].map(|name| Attribute::Text(text(name))).to_vec())),
        (text("share"), Attribute::Float(0.5)),
    ];
    assert_eq!(ana.attributes, expected.into_iter().collect());
}

#[test]
fn attributes_are_keys_of_caches() {
    let hash = |attribute: &Attribute| {
        let mut hasher = DefaultHasher::new();
        attribute.hash(&mut hasher);
        hasher.finish()
    };
    let (nan, one) = (Attribute::Float(f64::NAN), Attribute::Float(1.0));
    assert_eq!((nan.clone(), hash(&nan)), (nan.clone(), hash(&nan.clone())));
    assert_ne!(Attribute::Float(0.0), Attribute::Float(-0.0));
    assert_ne!(one, Attribute::Integer(1));
    assert_ne!(hash(&one), hash(&nan));
}

#[test]
fn what_would_silently_be_no_rule_is_refused() {
    let mut users = files(
        "== policy.csv
== users.toml
stray = 1
[ana]
roles = ['analyst']
password = 'secret'
born = 2020-01-01
mixed = ['a', 1]
big = 99999999999999999999
[ana.address]
city = 'Vigo'
['role:dpo']
['*']
",
    );
    let secret = format!("[bob]\nscrm = '{SCRAM}'\n");
    users.get_mut("users.toml").expect("users").push_str(&secret);
    let found = lines(&try_load(&users).expect_err("refused"));
    assert_eq!(
        found,
        "users.toml:1: `stray`: expected a table [USER], found an integer
users.toml:3: `roles`: roles are given in policy.csv: g, USER, role:NAME
users.toml:4: `password`: a password is never kept: expected `scram`, as `weir password` prints it
users.toml:5: `born`: expected a string, integer, float, boolean or list of these, found a date or time
users.toml:6: `mixed`: a list holds values of one kind, found an integer beside a string
users.toml:7: `big`: the integer is out of range, expected 64 bits
users.toml:8: `address`: expected a string, integer, float, boolean or list of these, found a table
users.toml:10: user `role:dpo`: expected a user's name or role:NAME
users.toml:11: user `*`: `*` can't stand for names here
users.toml:13: `scrm`: a password verifier belongs under `scram`; here every row filter could read it"
    );
}

/// A filter is checked once for all users: what `attr('level')` is must not depend on who asks.
#[test]
fn an_attribute_has_one_kind_for_all_users() {
    let found = mistakes(
        "== policy.csv
== users.toml
[ana]
level = 3
teams = []
spare = [1]
[bob]
level = '3'
teams = ['a']
spare = []
[eva]
level = 3.0
teams = [1]
spare = 'none'
",
    );
    assert_eq!(
        found,
        "users.toml:6: `level`: expected an integer, as [ana] has it, found a string: an attribute has one kind
users.toml:10: `level`: expected an integer, as [ana] has it, found a float: an attribute has one kind
users.toml:11: `teams`: expected a list of strings, as [bob] has it, found a list of integers: an attribute has one kind
users.toml:12: `spare`: expected a list of integers, as [ana] has it, found a string: an attribute has one kind"
    );
}

#[test]
fn a_rule_for_a_user_that_is_not_listed_is_refused() {
    let found = mistakes(
        "== policy.csv
g, ana, role:a
g, anna, role:a
p, analyst, lake.orders, select, deny
== users.toml
[ana]
",
    );
    assert_eq!(
        found,
        "policy.csv:2: unknown user `anna`: users.toml has no [anna], and a role is written role:anna
policy.csv:3: unknown user `analyst`: users.toml has no [analyst], and a role is written role:analyst"
    );
    load("== policy.csv\ng, ana, role:a\n"); // without the file, users come from elsewhere
}
