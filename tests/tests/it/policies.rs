//! `weir policy test`, as a data team and its CI run it; and what failing tests do to a server.

use std::path::Path;
use std::process::{Command, Output};

use weir_tests::postgres::Postgres;
use weir_tests::psql::NULL;
use weir_tests::weir::{self, Setup};

const CUSTOMERS: &str = "DROP TABLE IF EXISTS customers; CREATE TABLE customers (id int, email text, country text); \
    INSERT INTO customers VALUES (1, 'ana@example.com', 'ES'), (2, 'bob@example.com', 'PT'), (3, NULL, 'ES')";

const HOLDS: &str = "
[[test]]
name = 'ana sees her country, and no address'
as = 'ana'
filtered = ['shop.customers']
masked = ['shop.customers.email']
query = 'SELECT id, email FROM shop.customers ORDER BY id'
rows = [['1', '***@example.com'], ['3', []]]
[[test]]
name = 'nobody writes'
as = 'eva'
query = 'DELETE FROM shop.customers'
error = '25006'
[[prove]]
name = 'addresses are for the dpo'
tag = 'pii.email'
never = 'raw'
unless = ['dpo']
";

fn setup(postgres: &Postgres) -> Setup {
    postgres.psql("postgres").expect(CUSTOMERS);
    let keys = format!("kind = \"postgres\"\nurl = \"{}\"", postgres.url("postgres"));
    Setup::new()
        .source("shop", &keys)
        .policy("policy.csv", "p, role:analyst, shop.*, select\np, role:dpo, shop.*, select")
        .policy("tags.toml", "'pii.email' = ['*.*.email']")
        .policy(
            "rows.toml",
            "[[filter]]\nname = 'own'\ntables = ['shop.*']\nroles = ['analyst']\nwhere = \"country = attr('country')\"",
        )
        .policy("masks.toml", "[[mask]]\nname = 'mail'\ntag = 'pii.email'\nunless = ['dpo']\nwith = 'email'")
        .user("ana", "country = 'ES'", &["analyst"])
        .user("eva", "", &["dpo"])
}

fn policy_test(folder: &Path, arguments: &[&str]) -> (Output, String) {
    let mut command = Command::new(weir::binary());
    command.args(["policy", "test", "--config"]).arg(folder.join("weir.toml")).args(arguments).current_dir(folder);
    let output = command.output().expect("weir can be run");
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    (output, text)
}

#[test]
fn tests_beside_the_rules_are_run() {
    let postgres = Postgres::start();
    let weir = setup(&postgres).policy("tests/customers.toml", HOLDS).start();
    let (output, text) = policy_test(weir.folder(), &["--junit", "report.xml"]);
    assert!(output.status.success() && text.ends_with("3 tests, 0 failed\n"), "{text}");
    let report = std::fs::read_to_string(weir.folder().join("report.xml")).expect("a report");
    assert!(report.contains("tests=\"3\" failures=\"0\"") && report.contains("name=\"nobody writes\""), "{report}");
    assert_eq!(weir.psql("ana").expect("SELECT count(*) FROM shop.customers"), "2");
}

#[test]
fn a_failing_query_says_what_came_instead() {
    let postgres = Postgres::start();
    let wrong = "
[[test]]
name = 'too <few>'
as = 'ana'
query = 'SELECT id FROM shop.customers ORDER BY id'
rows = [['1']]
[[test]]
name = 'no error'
as = 'ana'
query = 'SELECT 1'
error = '42P01'
[[test]]
name = 'another error'
as = 'ana'
query = 'SELECT * FROM shop.nothing'
rows = []
";
    let weir = setup(&postgres).policy("tests/customers.toml", wrong).start();
    let (output, text) = policy_test(weir.folder(), &["--junit", "report.xml"]);
    assert!(!output.status.success() && text.ends_with("3 tests, 3 failed\n"), "{text}");
    for part in [
        "FAIL too <few> (tests/customers.toml:2)",
        "the query returns 2 rows (1, 3), expected 1 row (1)",
        "the query returns 1 row (1), expected error 42P01",
        "the query fails with 42P01: relation \"shop.nothing\" does not exist; expected no rows",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let report = std::fs::read_to_string(weir.folder().join("report.xml")).expect("a report");
    assert!(report.contains("name=\"too &lt;few&gt;\"") && report.matches("<failure").count() == 3, "{report}");
}

#[test]
fn a_set_that_fails_its_tests_is_refused() {
    let postgres = Postgres::start();
    let wrong = "[[test]]\nname = 'hidden'\nas = 'ana'\nhidden = ['shop.customers.country']\n";
    let failure = "tests/customers.toml:4: test `hidden` fails: user `ana` sees shop.customers.country";
    let (status, output) = setup(&postgres).policy("tests/customers.toml", wrong).check();
    assert!(!status.success() && output.contains(failure), "{output}");
    let weir = setup(&postgres).policy("tests/customers.toml", HOLDS).start();
    // The rules change so that a test no longer holds: the change is refused, and the test is why.
    weir.rewrite_policy(
        "masks.toml",
        "[[mask]]\nname = 'mail'\ntag = 'pii.email'\nunless = ['analyst']\nwith = 'email'",
    );
    weir_tests::run::wait_for("the refusal", std::time::Duration::from_secs(20), || {
        weir.log().contains("user `ana` sees the raw values of shop.customers.email").then_some(())
    });
    assert_eq!(weir.psql("ana").expect("SELECT email FROM shop.customers WHERE id = 1"), "***@example.com");
}

/// A server whose source `shop` is owned by a domain that grants, filters and tests it by itself.
#[test]
fn a_domain_rules_what_it_owns_and_nothing_else() {
    let postgres = Postgres::start();
    let tests =
        "[[test]]\nname = 'own'\nas = 'leo'\nfiltered = ['shop.customers']\nmasked = ['shop.customers.email']\n";
    let domain = |setup: Setup| {
        setup
            .policy("domains.toml", "[sales]\nschemas = ['shop']")
            .policy("sales/policy.csv", "p, role:sales.clerk, shop.customers, select\ng, leo, role:sales.clerk")
            .policy(
                "sales/rows.toml",
                "[[filter]]\nname = 'spain'\ntables = ['shop.customers']\nroles = ['sales.clerk']\nwhere = \"country = 'ES'\"",
            )
            .policy("sales/tests/customers.toml", tests)
            .user("leo", "", &[])
    };
    let weir = domain(setup(&postgres)).start();
    let rows = weir.psql("leo").expect("SELECT id, email FROM shop.customers ORDER BY id");
    assert_eq!(rows, format!("1|***@example.com\n3|{NULL}"));
    let (output, text) = policy_test(weir.folder(), &[]);
    assert!(output.status.success() && text.contains("sales: own (sales/tests/customers.toml:1)"), "{text}");
    // A domain that speaks of everything is refused, with the line, and the last good set stays.
    weir.rewrite_policy("sales/policy.csv", "p, role:sales.clerk, shop.customers, select\np, leo, *.*, select");
    weir_tests::run::wait_for("the refusal", std::time::Duration::from_secs(20), || {
        weir.log().contains("sales/policy.csv:2: `*.*` reaches beyond domain `sales`: expected shop.*").then_some(())
    });
    assert_eq!(weir.psql("leo").expect("SELECT count(*) FROM shop.customers"), "2");
}
