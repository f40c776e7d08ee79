//! Many rules: what a decision looks at doesn't grow with them.

use std::fmt::Write;
use std::sync::Arc;

use weir_policies::{Decision, PolicySet};

use crate::support::{files, principal, rights, try_load};

const ROLES: usize = 100;
const TABLES: usize = 100;

/// 10,000 grants: each role on each table of its own schema.
fn large() -> PolicySet {
    let mut rules = String::new();
    for role in 0..ROLES {
        for table in 0..TABLES {
            writeln!(rules, "p, role:r{role}, s{role}.t{table}, select").expect("text");
        }
    }
    let mut files = files("== policy.csv\n");
    files.insert("policy.csv", rules);
    try_load(&files).expect("loads")
}

#[test]
fn ten_thousand_rules_are_decided_through_the_index() {
    let set = large();
    let all: Vec<String> = (0..ROLES).map(|role| format!("r{role}")).collect();
    let everyone = rights(&set, &all.iter().map(String::as_str).collect::<Vec<_>>());
    for schema in 0..ROLES {
        for table in 0..TABLES {
            let (schema, table) = (format!("s{schema}"), format!("t{table}"));
            assert_eq!(everyone.rules_bearing_on(&schema, &table), 1);
            assert!(matches!(everyone.decide(&schema, &table, &["c"]), Decision::Granted(_)));
        }
    }
    let one = rights(&set, &["r7"]);
    assert_eq!((one.rules_bearing_on("s7", "t3"), one.rules_bearing_on("s8", "t3")), (1, 0));
    assert_eq!(one.decide("s8", "t3", &["c"]), Decision::Denied);
}

#[test]
fn rights_are_made_once_per_user_and_roles() {
    let set = large();
    let mut ana = principal("ana", &["r1"]);
    let first = set.rights(&ana);
    ana.attributes.insert("country".to_owned(), weir_policies::Attribute::Text("ES".to_owned()));
    assert!(Arc::ptr_eq(&first, &set.rights(&ana)), "attributes don't change rights");
    assert!(!Arc::ptr_eq(&first, &set.rights(&principal("ana", &["r2"]))));
    assert!(!Arc::ptr_eq(&first, &set.rights(&principal("bob", &["r1"]))));
}
