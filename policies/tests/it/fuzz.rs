//! Random damage to valid files: never a panic, and never half a set.

use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use weir_policies::{Decision, PolicyError, PolicySet};

use crate::support::{COLUMNS, SCRAM, inventory, principal};

const ROUNDS: usize = 20_000;

fn valid() -> Vec<(String, Vec<u8>)> {
    let users = format!("[ana]\nscram = \"{SCRAM}\"\ncountry = \"ES\"\nlevel = 3\nregions = [\"a\", 'b']\n[bob]\n");
    let files = [
        ("policy.csv", "# roles\np, role:a, lake.orders, select\np, ana, \"shop.*\", select, deny\ng, ana, role:a\n".to_owned()),
        ("model.conf", "[role_definition]\ng = _, _\n[request_definition]\nr = sub, obj, act\n[policy_definition]\np = sub, obj, act, eft\n[policy_effect]\ne = some(where (p.eft == allow)) && !some(where (p.eft == deny))\n[matchers]\nm = g(r.sub, p.sub) && keyMatch(r.obj, p.obj) && r.act == p.act\n".to_owned()),
        ("users.toml", users),
        ("tags.toml", "\"pii.email\" = [\"*.*.email\", \"lake.orders.total\"]\n".to_owned()),
        ("rows.toml", "[[filter]]\nname = \"f\"\ntables = [\"lake.orders\"]\nroles = [\"a\"]\nwhere = \"country = attr('country')\"\n".to_owned()),
        ("masks.toml", "[[mask]]\nname = \"m\"\ntag = \"pii.email\"\nunless = [\"a\"]\nwith = \"partial\"\nkeep_first = 2\n".to_owned()),
    ];
    files.into_iter().map(|(name, text)| (name.to_owned(), text.into_bytes())).collect()
}

fn damage(random: &mut StdRng, bytes: &mut Vec<u8>) {
    let tokens: [&[u8]; 16] = [
        b"*",
        b".",
        b",",
        b"\"",
        b"'",
        b"[",
        b"]]",
        b"=",
        b"\n",
        b"\\",
        b"#",
        b"role:",
        b"\xff",
        "é".as_bytes(),
        b"{",
        b"\r",
    ];
    let at = random.random_range(0..=bytes.len());
    let end = (at + random.random_range(0..12)).min(bytes.len());
    match random.random_range(0..5) {
        0 => drop(bytes.drain(at..end)),
        1 => bytes.insert(at, random.random()),
        2 => drop(bytes.splice(at..end, tokens.choose(random).unwrap().iter().copied())),
        3 => {
            let copy = bytes[at..end].repeat(random.random_range(1..40));
            drop(bytes.splice(at..at, copy));
        }
        _ => bytes.truncate(at),
    }
}

#[test]
fn damaged_files_are_refused_or_mean_something() {
    let seed = 20_240_917;
    let mut random = StdRng::seed_from_u64(seed);
    let inventory = inventory(&["lake.orders", "shop.x"]);
    let (mut loaded, mut refused) = (0, 0);
    for _ in 0..ROUNDS {
        let mut files = valid();
        for _ in 0..random.random_range(1..4) {
            let number = random.random_range(0..files.len());
            damage(&mut random, &mut files[number].1);
        }
        match PolicySet::from_files(files.clone()) {
            Ok(set) => {
                loaded += 1;
                use_set(&set, &inventory);
                assert_whole(&set, &files);
            }
            Err(errors) => {
                refused += 1;
                assert_placed(&errors);
            }
        }
    }
    assert!(loaded > ROUNDS / 50 && refused > ROUNDS / 4, "seed {seed}: {loaded} loaded, {refused} refused");
}

/// Every kind of question, for its panics.
fn use_set(set: &PolicySet, inventory: &weir_policies::Inventory) {
    assert_placed(&set.check(inventory));
    let listed = set.principal("ana");
    for principal in listed.into_iter().chain([principal("", &["a"]), principal("role:a", &["*", ""])]) {
        let rights = set.rights(&principal);
        for (schema, table) in [("lake", "orders"), ("shop", "x"), ("", ""), ("weir", "policies"), ("é", "*")] {
            if let Decision::Granted(grant) = rights.decide(schema, table, &COLUMNS) {
                assert!(!grant.columns.is_empty() && !grant.rules.is_empty());
            }
            rights.may_see_schema(schema);
        }
        rights.may_see_policies();
    }
}

/// A set that loads has every table header of its files: nothing was skipped.
fn assert_whole(set: &PolicySet, files: &[(String, Vec<u8>)]) {
    let count = |name: &str, header: &str| {
        let (_, bytes) = files.iter().find(|(file, _)| file == name).expect("the file");
        let text = std::str::from_utf8(bytes).expect("only UTF-8 loads");
        let parsed: toml::Table = text.trim_start_matches('\u{feff}').parse().expect("only TOML loads");
        parsed.get(header).and_then(|tables| tables.as_array()).map_or(0, Vec::len)
    };
    assert_eq!(set.filters().len(), count("rows.toml", "filter"));
    assert_eq!(set.masks().len(), count("masks.toml", "mask"));
}

fn assert_placed(errors: &[PolicyError]) {
    for error in errors {
        assert!(!error.file.is_empty() && !error.message.trim().is_empty(), "{error:?}");
        assert!(!error.message.contains('\n'), "one line each: {error:?}");
    }
}
