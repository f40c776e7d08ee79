//! Casbin's own `enforce` as the oracle: for random rules, a column is visible exactly if casbin allows it.

use casbin::{CoreApi, DefaultModel, Enforcer, StringAdapter};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use weir_policies::{Decision, PolicySet};

const MODEL: &str = "
[request_definition]
r = sub, obj, act
[policy_definition]
p = sub, obj, act, eft
[role_definition]
g = _, _
[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))
[matchers]
m = g(r.sub, p.sub) && keyMatch(r.obj, p.obj) && r.act == p.act
";

const SUBJECTS: [&str; 6] = ["ana", "bob", "role:a", "role:b", "role:c", "role:d"];
const TABLES: [&str; 3] = ["lake.orders", "lake.other", "shop.orders"];
const COLUMNS: [&str; 2] = ["x", "y"];

fn random_rules(random: &mut StdRng) -> String {
    let objects =
        ["*.*", "lake.*", "shop.*", "lake.orders", "lake.other", "shop.orders", "lake.orders.x", "shop.orders.y"];
    let mut rules = String::new();
    for _ in 0..random.random_range(0..8) {
        let (subject, object) = (SUBJECTS.choose(random).unwrap(), objects.choose(random).unwrap());
        let effect = if random.random_bool(0.2) { "deny" } else { "allow" };
        rules += &format!("p, {subject}, {object}, select, {effect}\n");
    }
    for _ in 0..random.random_range(0..6) {
        let (member, role) = (SUBJECTS.choose(random).unwrap(), SUBJECTS[2..].choose(random).unwrap());
        if member != role {
            rules += &format!("g, {member}, {role}\n");
        }
    }
    rules
}

/// Whether casbin allows the column by a rule on its table or on itself, and denies neither.
fn allowed(casbin: &Enforcer, user: &str, table: &str, column: &str) -> bool {
    // One request can't ask for both, so the rules on tables count for columns by asking twice.
    let column = format!("{table}.{column}");
    let asked = |object: &str| casbin.enforce((user, object, "select")).expect("casbin answers");
    let denied = |object: &str| {
        let rules = casbin.get_model().get_policy("p", "p");
        rules.iter().any(|rule| {
            rule[3] == "deny"
                && casbin::function_map::key_match(object, &rule[1])
                && (rule[0] == user || casbin.get_role_manager().write().has_link(user, &rule[0], None))
        })
    };
    (asked(table) || asked(&column)) && !denied(table) && !denied(&column)
}

#[tokio::test]
async fn decisions_agree_with_casbin() {
    let mut random = StdRng::seed_from_u64(7);
    let (mut granted, mut denied) = (0, 0);
    for _ in 0..400 {
        let rules = random_rules(&mut random);
        let files = [("policy.csv", rules.clone()), ("users.toml", "[ana]\n[bob]\n".to_owned())];
        let set = PolicySet::from_files(files.map(|(name, text)| (name.to_owned(), text.into_bytes()))).expect("loads");
        let model = DefaultModel::from_str(MODEL).await.expect("a model");
        let casbin = Enforcer::new(model, StringAdapter::new(&rules)).await.expect("casbin loads");
        for user in ["ana", "bob"] {
            let rights = set.rights(&set.principal(user).expect("listed"));
            for table in TABLES {
                let (schema, name) = table.split_once('.').expect("schema.table");
                let visible: Vec<String> = match rights.decide(schema, name, &COLUMNS) {
                    Decision::Denied => vec![],
                    Decision::Granted(grant) => grant.columns.into_iter().map(|column| column.name).collect(),
                };
                let expected: Vec<&str> = COLUMNS.into_iter().filter(|c| allowed(&casbin, user, table, c)).collect();
                assert_eq!(visible, expected, "{user} on {table} under\n{rules}");
                if visible.is_empty() { denied += 1 } else { granted += 1 }
            }
        }
    }
    assert!(granted > 200 && denied > 200, "the rules are varied: {granted} granted, {denied} denied");
}
