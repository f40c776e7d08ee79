//! Random damage to valid files, and hostile shapes: never a panic, never half a set, never much time.

use std::time::{Duration, Instant};

use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use weir_policies::{Decision, PolicyError, PolicySet};

use crate::support::{COLUMNS, SCRAM, inventory, principal};

const ROUNDS: usize = 10_000;

/// What one set of small files may take, on a machine that has much else to do.
const LIMIT: Duration = Duration::from_secs(10);

fn valid() -> Vec<(String, Vec<u8>)> {
    let users = format!("[ana]\nscram = \"{SCRAM}\"\ncountry = \"ES\"\nlevel = 3\nregions = [\"a\", 'b']\n[bob]\n");
    let files = [
        ("policy.csv", "# roles\np, role:a, lake.orders, select\np, ana, \"shop.*\", select, deny\ng, ana, role:a\n".to_owned()),
        ("model.conf", "[role_definition]\ng = _, _\n[request_definition]\nr = sub, obj, act\n[policy_definition]\np = sub, obj, act, eft\n[policy_effect]\ne = some(where (p.eft == allow)) && !some(where (p.eft == deny))\n[matchers]\nm = g(r.sub, p.sub) && keyMatch(r.obj, p.obj) && r.act == p.act\n".to_owned()),
        ("users.toml", users),
        ("tags.toml", "\"pii.email\" = [\"*.*.email\", \"lake.orders.total\"]\n".to_owned()),
        ("rows.toml", "[[filter]]\nname = \"f\"\ntables = [\"lake.orders\"]\nroles = [\"a\"]\nwhere = \"country = attr('country')\"\n".to_owned()),
        ("masks.toml", "[[mask]]\nname = \"m\"\ntag = \"pii.email\"\nunless = [\"a\"]\nwith = \"partial\"\nkeep_first = 2\n".to_owned()),
        ("tests/a.toml", "[[test]]\nname = \"t\"\nas = \"ana\"\nsees = [\"lake.orders\"]\nquery = \"SELECT 1\"\nrows = [[\"1\", []]]\n[[prove]]\nname = \"p\"\ntag = \"pii.email\"\nnever = \"raw\"\nunless = [\"a\"]\n".to_owned()),
        ("domains.toml", "[sales]\nschemas = [\"shop\"]\n[empty]\nschemas = [\"lake\"]\n".to_owned()),
        ("sales/policy.csv", "p, role:sales.b, shop.x, select\np, role:a, shop.x.id, select\ng, bob, role:sales.b\n".to_owned()),
        ("sales/tags.toml", "\"pii.email\" = [\"shop.x.total\"]\n".to_owned()),
        ("sales/rows.toml", "[[filter]]\nname = \"g\"\ntables = [\"shop.*\"]\nroles = [\"*\"]\nwhere = 'true'\n".to_owned()),
        ("sales/masks.toml", "[[mask]]\nname = \"n\"\ncolumns = [\"shop.*.id\"]\nwith = \"truncate\"\nto = \"day\"\n".to_owned()),
        ("sales/tests/b.toml", "[[test]]\nname = \"t\"\nas = \"bob\"\nhidden = [\"shop.y\"]\n".to_owned()),
    ];
    files.into_iter().map(|(name, text)| (name.to_owned(), text.into_bytes())).collect()
}

/// Damages one of the files: its bytes, its lines, its keys, or which file it is.
fn damage(random: &mut StdRng, files: &mut [(String, Vec<u8>)]) {
    let number = random.random_range(0..files.len());
    match random.random_range(0..20) {
        0..8 => damage_bytes(random, &mut files[number].1),
        8..14 => damage_lines(random, &mut files[number].1),
        14..19 => rename_a_word(random, &mut files[number].1),
        _ => {
            let other = files[random.random_range(0..files.len())].1.clone();
            files[number].1 = other;
        }
    }
}

/// Drops, doubles or moves a line.
fn damage_lines(random: &mut StdRng, bytes: &mut Vec<u8>) {
    let mut lines: Vec<Vec<u8>> = bytes.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    if lines.is_empty() {
        return;
    }
    let (from, to) = (random.random_range(0..lines.len()), random.random_range(0..lines.len()));
    match random.random_range(0..4) {
        0 => drop(lines.remove(from)),
        1 => lines.insert(to, lines[from].clone()),
        2 => lines.swap(from, to),
        _ => {
            let copies = vec![lines[from].clone(); random.random_range(1..50)];
            drop(lines.splice(to..to, copies));
        }
    }
    *bytes = lines.concat();
}

/// Puts one word of the files' language where another stands: keys, headers, kinds, names.
fn rename_a_word(random: &mut StdRng, bytes: &mut Vec<u8>) {
    const WORDS: [&str; 30] = [
        "name",
        "tables",
        "roles",
        "where",
        "columns",
        "tag",
        "unless",
        "with",
        "keep_first",
        "to",
        "filter",
        "mask",
        "test",
        "prove",
        "as",
        "sees",
        "rows",
        "never",
        "schemas",
        "sales",
        "lake",
        "shop",
        "scram",
        "hash",
        "null",
        "sql",
        "role:a",
        "deny",
        "p",
        "x-1",
    ];
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let starts: Vec<usize> =
        (0..bytes.len()).filter(|at| is_word(&bytes[*at]) && (*at == 0 || !is_word(&bytes[at - 1]))).collect();
    let Some(&start) = starts.choose(random) else { return };
    let end = bytes[start..].iter().position(|byte| !is_word(byte)).map_or(bytes.len(), |length| start + length);
    let word = WORDS.choose(random).expect("words");
    drop(bytes.splice(start..end, word.bytes()));
}

fn damage_bytes(random: &mut StdRng, bytes: &mut Vec<u8>) {
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
    let sound = PolicySet::from_files(valid()).expect("the undamaged files load");
    assert_eq!(sound.check(&inventory), []);
    let (mut loaded, mut refused) = (0, 0);
    for _ in 0..ROUNDS {
        let mut files = valid();
        for _ in 0..random.random_range(1..4) {
            damage(&mut random, &mut files);
        }
        let start = Instant::now();
        match PolicySet::from_files(files.clone()) {
            Ok(set) => {
                loaded += 1;
                use_set(&set, &inventory);
                sound.changes(&set, &inventory).iter().for_each(|change| assert!(!change.sentence.contains('\n')));
                assert_whole(&set, &files);
            }
            Err(errors) => {
                refused += 1;
                assert!(!errors.is_empty(), "refused for a reason");
                assert_placed(&errors);
            }
        }
        assert!(start.elapsed() < LIMIT, "seed {seed}: {:?} for\n{files:?}", start.elapsed());
    }
    assert!(loaded > ROUNDS / 50 && refused > ROUNDS / 4, "seed {seed}: {loaded} loaded, {refused} refused");
}

/// Every kind of question, for its panics.
fn use_set(set: &PolicySet, inventory: &weir_policies::Inventory) {
    assert_placed(&set.check(inventory));
    assert_placed(&set.failing_tests(inventory, &|_, _| false));
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

/// A set that loads has every table of its files, of the house and of its domains: nothing was skipped.
fn assert_whole(set: &PolicySet, files: &[(String, Vec<u8>)]) {
    let parsed = |bytes: &[u8]| -> toml::Table {
        let text = std::str::from_utf8(bytes).expect("only UTF-8 loads");
        text.trim_start_matches('\u{feff}').parse().expect("only TOML loads")
    };
    let count = |wanted: &str, header: &str| -> usize {
        let tables = |bytes: &[u8]| parsed(bytes).get(header).and_then(|found| found.as_array()).map_or(0, Vec::len);
        files.iter().filter(|(name, _)| name.contains(wanted)).map(|(_, bytes)| tables(bytes)).sum()
    };
    assert_eq!(set.filters().len(), count("rows.toml", "filter"));
    assert_eq!(set.masks().len(), count("masks.toml", "mask"));
    assert_eq!(set.tests().len(), count("tests/", "test") + count("tests/", "prove"));
    for (_, bytes) in files.iter().filter(|(name, _)| name == "users.toml") {
        assert!(parsed(bytes).keys().all(|user| set.principal(user).is_some()));
    }
}

/// Shapes that grow with no end: deep, long, many, and not text at all. Each is refused or read, and soon.
#[test]
fn hostile_shapes_end_soon() {
    const MANY: usize = 30_000;
    let numbered = |line: fn(usize) -> String| (0..MANY / 10).map(line).collect::<String>();
    let shapes: Vec<Vec<u8>> = vec![
        "[".repeat(MANY).into_bytes(),
        format!("a = {}", "[".repeat(MANY)).into_bytes(),
        format!("a = {}{}", "[".repeat(MANY), "]".repeat(MANY)).into_bytes(),
        format!("a = {}", "{a = ".repeat(MANY)).into_bytes(),
        format!("{}a = 1", "a.".repeat(MANY)).into_bytes(),
        format!("[{}a]", "a.".repeat(MANY)).into_bytes(),
        format!("[[{}a]]", "a.".repeat(MANY)).into_bytes(),
        format!("a = \"{}", "\\".repeat(MANY)).into_bytes(),
        "a = 'x'\n".repeat(MANY / 10).into_bytes(),
        "[[filter]]\n".repeat(MANY / 10).into_bytes(),
        "[[mask]]\nname = 'm'\n".repeat(MANY / 10).into_bytes(),
        numbered(|n| format!("[u{n}]\na{n} = {n}\n")).into_bytes(),
        numbered(|n| format!("g, role:r{n}, role:r{}\n", n + 1)).into_bytes(),
        numbered(|n| format!("p, role:r{n}, s{n}.t{n}, select\n")).into_bytes(),
        "p, ".repeat(MANY).into_bytes(),
        "\"\"".repeat(MANY).into_bytes(),
        "*.".repeat(MANY).into_bytes(),
        "\n".repeat(MANY).into_bytes(),
        "\u{feff}".repeat(MANY).into_bytes(),
        vec![0; MANY],
        vec![0xff; MANY],
    ];
    for (name, _) in valid() {
        for shape in &shapes {
            let mut files = valid();
            let file = files.iter_mut().find(|(file, _)| *file == name).expect("the file");
            file.1.clone_from(shape);
            let start = Instant::now();
            if let Err(errors) = PolicySet::from_files(files) {
                assert!(!errors.is_empty());
                assert_placed(&errors);
            }
            let begin = String::from_utf8_lossy(&shape[..20]).into_owned();
            assert!(start.elapsed() < LIMIT, "{name} of {begin:?}...: {:?}", start.elapsed());
        }
    }
}

fn assert_placed(errors: &[PolicyError]) {
    for error in errors {
        assert!(!error.file.is_empty() && !error.message.trim().is_empty(), "{error:?}");
        assert!(!error.message.contains('\n'), "one line each: {error:?}");
    }
}
