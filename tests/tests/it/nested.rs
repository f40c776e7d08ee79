//! Masks of fields within records, arrays and maps.

use std::path::Path;

use weir_tests::python;
use weir_tests::weir::{Setup, Weir};

const TAGS: &str = "
'pii.email' = ['history.*.customer.email', 'history.orders.customer.contacts.*', 'history.orders.by_role.email']
";

const MASKS: &str = "
[[mask]]
name = 'network'
columns = ['history.orders.customer.contacts.ip']
unless = ['dpo']
with = 'ip'
[[mask]]
name = 'mail'
tag = 'pii.email'
unless = ['dpo']
with = 'email'
[[mask]]
name = 'year'
columns = ['*.*.*.born']
unless = ['dpo']
with = 'truncate'
to = 'year'
[[mask]]
name = 'aliases'
columns = ['history.orders.customer.aliases']
unless = ['dpo']
with = 'redact'
[[mask]]
name = 'city'
columns = ['history.orders.customer.city']
unless = ['dpo']
with = 'sql'
expression = \"substr(value, 1, 1)\"
";

fn events(folder: &Path) -> Setup {
    python::script("avro.py", &["people", folder.to_str().expect("a path in UTF-8")]);
    let source = format!("kind = \"avro\"\nroot = \"{}\"", folder.display());
    let policy = "p, role:analyst, history.*, select\np, role:dpo, history.*, select";
    let setup = Setup::new().source("history", &source).policy("policy.csv", policy);
    setup.user("ana", "", &["analyst"]).user("eva", "", &["dpo"])
}

fn masked(folder: &Path) -> Weir {
    events(folder).policy("tags.toml", TAGS).policy("masks.toml", MASKS).start()
}

#[test]
fn fields_are_masked_wherever_they_stand() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let weir = masked(folder.path());
    let (ana, eva) = (weir.psql("ana"), weir.psql("eva"));
    let all = "SELECT id, customer, by_role FROM history.orders ORDER BY id";
    let raw = eva.expect(all);
    for secret in
        ["ana@example.com", "bob@example.com", "eve@example.com", "10.1.2.3", "Madrid", "1990-05-17", "ana@a.es"]
    {
        assert!(raw.contains(secret), "{secret} in {raw}");
    }
    let shown = ana.expect(all);
    for secret in ["ana@", "bob@", "c@d", "eve@", "zoe@", "10.1.2.3", "Madrid", "Oslo", "05-17", "a.es"] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
    for left in ["***@example.com", "***@d.org", "10.1.2.0", "1990-01-01", "1985-01-01", "M", "O", "10.9.9.9"] {
        assert!(shown.contains(left), "{left} in {shown}");
    }
    for (sql, answer) in [
        ("SELECT customer['email'] FROM history.orders WHERE id = 1", "***@example.com"),
        ("SELECT count(*) FROM history.orders WHERE customer['email'] = 'ana@example.com'", "0"),
        ("SELECT count(*) FROM history.orders WHERE customer['city'] = 'M'", "1"),
        ("SELECT count(*) FROM history.orders WHERE customer IS NULL", "1"),
        ("SELECT min(customer['email']), max(customer['city']) FROM history.orders", "***@example.com|O"),
        ("SELECT customer['contacts'][1]['ip'] FROM history.orders WHERE id = 1", "10.1.2.0"),
        ("SELECT array_length(customer['aliases'], 1) FROM history.orders WHERE id = 1", "2"),
        ("SELECT customer['aliases'][1] FROM history.orders WHERE id = 1", "***"),
    ] {
        assert_eq!(ana.expect(sql), answer, "{sql}");
    }
    assert_eq!(eva.expect("SELECT customer['email'] FROM history.orders WHERE id = 1"), "ana@example.com");
}

/// The column's own mask has the last word, over its fields as they were masked.
#[test]
fn the_whole_column_is_masked_after_its_fields() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let whole = "
[[mask]]
name = 'nothing'
columns = ['history.orders.by_role']
unless = ['dpo']
with = 'null'
[[mask]]
name = 'in oslo'
columns = ['history.orders.customer']
unless = ['dpo']
with = 'sql'
expression = \"CASE WHEN value['city'] = 'O' THEN value END\"
";
    let weir = events(folder.path()).policy("tags.toml", TAGS).policy("masks.toml", &format!("{MASKS}{whole}")).start();
    let ana = weir.psql("ana");
    let sql = "SELECT id, customer['email'], by_role IS NULL FROM history.orders ORDER BY id";
    assert_eq!(ana.expect(sql), "1|∅|t\n2|∅|t\n3|***@example.com|t");
    // Nor is it there for a function that looks behind the NULL.
    let behind = ana.expect("SELECT id, unnest(customer) FROM history.orders WHERE id < 3");
    assert!(!behind.contains('@') && !behind.contains("19"), "{behind}");
}

#[test]
fn fields_that_are_not_there_or_do_not_fit_refuse_the_set() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mask = |columns: &str, with: &str| format!("[[mask]]\nname = 'm'\ncolumns = ['{columns}']\nwith = '{with}'\n");
    for (columns, with, said) in [
        ("history.orders.customer.mail", "email", "masks.toml:3: `history.orders.customer.mail` matches nothing"),
        ("history.orders.id.email", "email", "masks.toml:3:"),
        ("*.*.*.mail", "email", "masks.toml:3: `*.*.*.mail` matches nothing"),
        ("history.orders.customer.born", "email", "masks.toml:1: m on history.orders: the mask email is for text"),
        ("history.orders.customer.contacts", "email", "masks.toml:1:"),
    ] {
        let (status, text) = events(folder.path()).policy("masks.toml", &mask(columns, with)).check();
        assert!(!status.success(), "{columns} with {with} is accepted");
        assert!(text.contains(said), "{columns} with {with}: {text}");
    }
}

#[test]
fn tests_and_proofs_speak_of_fields() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let setup = |tests: &str| {
        events(folder.path()).policy("tags.toml", TAGS).policy("masks.toml", MASKS).policy("tests/all.toml", tests)
    };
    let holds = "
[[test]]
name = 'ana'
as = 'ana'
masked = ['history.orders.customer.email', 'history.orders.customer.contacts.ip']
raw = ['history.orders.customer', 'history.orders.by_role.ip']
[[prove]]
name = 'no raw mail'
tag = 'pii.email'
never = 'raw'
unless = ['dpo']
";
    let (status, text) = setup(holds).check();
    assert!(status.success(), "{text}");
    let fails = "
[[prove]]
name = 'no raw address'
columns = ['history.orders.by_role.*']
never = 'raw'
unless = ['dpo']
";
    let (status, text) = setup(fails).check();
    assert!(!status.success());
    assert!(text.contains("user `ana` sees history.orders.by_role.ip raw"), "{text}");
}

/// The engine would bring the reading of a field down to where it is stored, past filters and masks, and take the other
/// columns from there, too.
#[test]
fn a_field_is_read_above_filters_and_masks() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let number =
        "[[mask]]\nname = 'number'\ncolumns = ['history.orders.id']\nunless = ['dpo']\nwith = 'bucket'\nsize = 1000\n";
    let filter = "[[filter]]\nname = 'known'\ntables = ['history.orders']\nroles = ['analyst']\nwhere = 'customer IS NOT NULL'\n";
    let weir = events(folder.path())
        .policy("masks.toml", number)
        .policy("rows.toml", filter)
        .policy("policy.csv", "p, role:reviewer, weir.policies, select\ng, ana, role:reviewer")
        .start();
    let ana = weir.psql("ana");
    assert_eq!(ana.expect("SELECT DISTINCT id FROM history.orders"), "0");
    for sql in [
        "SELECT id, customer['city'] FROM history.orders",
        "SELECT id, customer['city'] FROM history.orders WHERE customer['email'] LIKE '%e%'",
        "SELECT id, c FROM (SELECT id, customer['city'] AS c FROM history.orders) o ORDER BY c",
        "SELECT min(id), customer['city'] FROM history.orders GROUP BY 2",
        "SELECT a.id, b.customer['city'] FROM history.orders a JOIN history.orders b ON a.customer['city'] = b.customer['city']",
        "SELECT id, rank() OVER (ORDER BY customer['city']) FROM history.orders",
    ] {
        let rows = ana.expect(sql);
        assert!(!rows.is_empty() && rows.lines().all(|row| row.starts_with("0|")), "{sql}\n{rows}");
        let plan = ana.expect(&format!("EXPLAIN {sql}"));
        let barriers: Vec<&str> = plan.split("BarrierExec").collect();
        let scanned = |part: &&str| part.split("AvroScanExec").next().is_some_and(|below| below.contains("get_field"));
        assert!(plan.contains("get_field") && barriers.len() > 1, "{sql}\n{plan}");
        assert!(!barriers[1..].iter().any(scanned), "a field is read below a barrier: {sql}\n{plan}");
    }
}
