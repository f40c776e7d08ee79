//! Row filters that read other tables: who sees which rows, and that nobody sees what was read for it.

use std::fs;
use std::time::Duration;

use weir_tests::flights::data;
use weir_tests::generated::data::{Column, Kind, Row, Table};
use weir_tests::generated::mesh::Mesh;
use weir_tests::postgres::Postgres;
use weir_tests::raw::{bind, execute, parse, sync, tags};
use weir_tests::run::wait_for;
use weir_tests::weir::{Setup, Weir};

use crate::faults::delta;

const SOON: Duration = Duration::from_secs(20);

const SHOP: &str = "DROP TABLE IF EXISTS areas, trips; CREATE TABLE areas (airport text, region text); \
    INSERT INTO areas VALUES ('JFK', 'queens'), ('LGA', 'queens'), ('EWR', 'jersey'), (NULL, 'queens'), ('JFK', NULL); \
    CREATE TABLE trips (id int, origin text); \
    INSERT INTO trips VALUES (1, 'JFK'), (2, 'LGA'), (3, 'EWR'), (4, NULL), (5, 'SFO')";

const OWN_REGION: &str =
    "EXISTS (SELECT 1 FROM shop.areas a WHERE a.airport = origin AND a.region = ANY(attr('regions')))";

/// The tables of three kinds of sources that one filter is for.
const TABLES: [&str; 3] = ["lake.flights", "history.weather", "shop.trips"];

fn setup(postgres: &Postgres, filter: &str) -> Setup {
    postgres.psql("postgres").expect(SHOP);
    let rows = format!(
        "[[filter]]\nname = \"own region\"\ntables = [\"lake.flights\", \"history.weather\", \"shop.trips\"]\n\
         roles = [\"analyst\"]\nwhere = \"{filter}\"\n"
    );
    let grants = "p, role:analyst, lake.flights, select\np, role:analyst, history.weather, select\n\
                  p, role:analyst, shop.trips, select\np, role:chief, *.*, select\np, role:chief, weir.policies, select\n";
    Setup::new()
        .source("shop", &format!("kind = \"postgres\"\nurl = \"{}\"", postgres.url("postgres")))
        .source("lake", &delta(&data().join("lake")))
        .source("history", &format!("kind = \"avro\"\nroot = \"{}\"", data().join("history").display()))
        .policy("policy.csv", grants)
        .policy("rows.toml", &rows)
        .user("ana", "regions = [\"queens\"]", &["analyst"])
        .user("joe", "regions = [\"jersey\", \"nowhere\"]", &["analyst"])
        .user("max", "", &["analyst"])
        .user("eva", "", &["chief"])
}

/// For each table what `user` sees and what the rows of these airports are.
fn compare(weir: &Weir, user: &str, airports: &str) {
    for table in TABLES {
        let by_origin = |condition: &str| {
            format!("SELECT origin, count(*) FROM {table} WHERE {condition} GROUP BY origin ORDER BY origin")
        };
        let seen = weir.psql(user).expect(&by_origin("true"));
        assert_eq!(seen, weir.psql("eva").expect(&by_origin(&format!("origin IN ({airports})"))), "{user}: {table}");
        assert!(!seen.is_empty(), "{user}: {table}");
    }
}

#[test]
fn a_filter_reads_another_table_whatever_the_sources() {
    let postgres = Postgres::start();
    for filter in
        [OWN_REGION, "origin IN (SELECT airport FROM shop.areas WHERE region = ANY(attr('regions'))) AND 1 = 1"]
    {
        let weir = setup(&postgres, filter).start();
        compare(&weir, "ana", "'JFK', 'LGA'");
        compare(&weir, "joe", "'EWR'");
        for table in TABLES {
            let rows = weir.psql("max").expect(&format!("SELECT count(*) FROM {table}"));
            assert_eq!(rows, "0", "who lacks the attribute sees no row of {table}");
        }
    }
}

#[test]
fn null_hides_what_is_not_known() {
    let postgres = Postgres::start();
    let ids = "SELECT id FROM shop.trips ORDER BY id";
    for (filter, kept) in [
        ("origin NOT IN (SELECT airport FROM shop.areas WHERE region = 'jersey')", "1\n2\n5"),
        ("origin NOT IN (SELECT airport FROM shop.areas)", ""),
        ("origin NOT IN (SELECT airport FROM shop.areas) OR origin = 'SFO'", "5"),
        ("origin NOT IN (SELECT airport FROM shop.areas WHERE region = 'none')", "1\n2\n3\n4\n5"),
        ("NOT EXISTS (SELECT 1 FROM shop.areas a WHERE a.airport = trips.origin)", "4\n5"),
        ("origin = (SELECT max(airport) FROM shop.areas)", "2"),
    ] {
        let rows = format!(
            "[[filter]]\nname = \"f\"\ntables = [\"shop.trips\"]\nroles = [\"analyst\"]\nwhere = \"{filter}\"\n"
        );
        let weir = setup(&postgres, "true").policy("rows.toml", &rows).start();
        assert_eq!(weir.psql("ana").expect(ids), kept, "{filter}");
        // The same rules in PostgreSQL.
        let oracle = format!("SELECT id FROM trips WHERE {} ORDER BY id", filter.replace("shop.areas", "areas"));
        assert_eq!(postgres.psql("postgres").expect(&oracle), kept, "{filter}");
    }
}

const TENANTS: &str = "
DROP TABLE IF EXISTS docs, members, projects, approvals;
CREATE TABLE docs (id int, tenant text, project int);
CREATE TABLE members (tenant text, project int, login text);
CREATE TABLE projects (tenant text, id int);
CREATE TABLE approvals (doc int, id int);
INSERT INTO docs VALUES (1, 'a', 7), (2, 'b', 7), (3, 'a', 8), (4, NULL, 7), (5, 'b', NULL);
INSERT INTO members VALUES ('a', 7, 'ana'), ('b', 7, 'ana'), ('b', 8, 'ana'), ('a', 8, 'joe');
INSERT INTO projects VALUES ('b', 7), ('a', 8), ('c', 8);
INSERT INTO approvals VALUES (1, 1), (2, 2), (2, 3), (3, 5), (5, 2);
";

/// Filters that the engine's own rules for sub-selects get wrong: they mean what they mean in PostgreSQL, or are refused.
#[test]
fn references_to_the_row_mean_what_they_mean_in_postgresql() {
    let postgres = Postgres::start();
    postgres.psql("postgres").expect(TENANTS);
    let both =
        "@members m JOIN @projects p ON p.id = m.project WHERE m.tenant = docs.tenant AND p.tenant = docs.tenant";
    for (filter, refused) in [
        (format!("EXISTS (SELECT 1 FROM {both})"), None),
        (format!("NOT EXISTS (SELECT 1 FROM {both})"), None),
        (format!("(SELECT count(*) FROM {both}) > 0"), None),
        (format!("project IN (SELECT m.project FROM {both})"), None),
        (format!("project NOT IN (SELECT m.project FROM {both})"), None),
        (
            "id IN (SELECT a.id FROM @approvals a JOIN @projects p ON p.id > a.id WHERE p.id = docs.project)"
                .to_owned(),
            None,
        ),
        ("docs.id IN (SELECT a.doc AS id FROM @approvals a WHERE a.id = docs.id)".to_owned(), None),
        (
            "id NOT IN (SELECT a.id FROM @approvals a WHERE a.doc = docs.id AND a.id > docs.project - 9)".to_owned(),
            None,
        ),
        ("id = (SELECT max(a.id) FROM @approvals a WHERE a.doc = docs.id)".to_owned(), None),
        ("(SELECT count(*) FROM @approvals a WHERE a.doc = docs.id) < 2".to_owned(), None),
        (
            "EXISTS (SELECT a.doc FROM @approvals a WHERE a.doc = docs.id GROUP BY a.doc HAVING count(*) > 1)"
                .to_owned(),
            None,
        ),
        (
            "NOT EXISTS (SELECT 1 FROM @approvals a WHERE a.doc = docs.id HAVING count(*) < 2)".to_owned(),
            Some("an aggregate of all rows"),
        ),
        (
            "0 NOT IN (SELECT count(*) FROM @approvals a WHERE a.doc = docs.id)".to_owned(),
            Some("an aggregate of all rows"),
        ),
        ("EXISTS (SELECT 1 FROM @approvals a WHERE a.doc = docs.id OFFSET 1)".to_owned(), Some("OFFSET")),
    ] {
        let rows = format!(
            "[[filter]]\nname = \"f\"\ntables = [\"shop.docs\"]\nroles = [\"analyst\"]\nwhere = \"{}\"\n",
            filter.replace('@', "shop.")
        );
        let setup = Setup::new()
            .source("shop", &format!("kind = \"postgres\"\nurl = \"{}\"", postgres.url("postgres")))
            .policy("policy.csv", "p, role:analyst, shop.docs, select")
            .policy("rows.toml", &rows)
            .user("ana", "", &["analyst"]);
        match refused {
            Some(reason) => {
                let (status, text) = setup.check();
                assert!(!status.success() && text.contains(reason), "{filter}: {text}");
            }
            None => {
                let ids = |filter: &str| format!("SELECT id FROM docs WHERE {filter} ORDER BY id");
                let kept = postgres.psql("postgres").expect(&ids(&filter.replace('@', "")));
                let seen = setup.start().psql("ana").expect("SELECT id FROM shop.docs ORDER BY id");
                assert_eq!(seen, kept, "{filter}");
            }
        }
    }
}

/// What a user joins with a filtered table narrows nothing of what the filter reads, though columns have the same names.
#[test]
fn what_a_filter_reads_is_not_narrowed_by_what_a_user_asks_for() {
    let int = |name: &str| Column { name: name.to_owned(), kind: Kind::Int };
    let table = |name: &str, columns: [&str; 2], rows: &[[i32; 2]]| Table {
        schema: "lake",
        name: name.to_owned(),
        columns: columns.map(int).to_vec(),
        rows: rows.iter().map(|row| Row { cells: row.map(|cell| Some(cell.to_string())).to_vec(), file: 0 }).collect(),
        files: 1,
        partition: None,
    };
    let staff = table("staff", ["id", "boss"], &[[7, 1], [8, 1], [9, 2]]);
    let chain = table("chain", ["manager", "id"], &[[7, 40], [8, 50], [9, 2]]);
    let postgres = Postgres::start();
    let mesh = Mesh::laid_out(&postgres, "narrowed", vec![staff, chain]);
    let filter = "EXISTS (SELECT 1 FROM lake.chain c WHERE c.manager = staff.id AND c.id <> staff.boss)";
    let weir = mesh
        .setup()
        .policy("policy.csv", "p, role:analyst, lake.staff, select")
        .policy(
            "rows.toml",
            &format!("[[filter]]\nname = 'f'\ntables = ['lake.staff']\nroles = ['analyst']\nwhere = \"{filter}\"\n"),
        )
        .user("ana", "", &["analyst"])
        .start();
    let ana = weir.psql("ana");
    assert_eq!(ana.expect("SELECT id FROM lake.staff ORDER BY id"), "7\n8");
    for other in ["31", "40", "50"] {
        let sql = format!("SELECT s.id FROM (VALUES (7), ({other})) v(k) JOIN lake.staff s ON s.id = v.k ORDER BY 1");
        assert_eq!(ana.expect(&sql), "7", "{sql}");
    }
    assert_eq!(ana.expect("SELECT s.id FROM lake.staff s JOIN lake.staff t ON s.id = t.id ORDER BY 1"), "7\n8");
    assert_eq!(ana.expect("SELECT id FROM lake.staff ORDER BY id DESC LIMIT 1"), "8");
}

#[test]
fn what_a_filter_reads_is_seen_by_nobody() {
    let postgres = Postgres::start();
    let weir = setup(&postgres, OWN_REGION).start();
    let ana = weir.psql("ana");
    let (denied, misspelt) = (ana.fails("SELECT * FROM shop.areas"), ana.fails("SELECT * FROM shop.areaz"));
    assert_eq!(denied.stderr.replace("areas", "@"), misspelt.stderr.replace("areaz", "@"));
    assert_eq!(ana.expect("SELECT count(*) FROM information_schema.tables WHERE table_name = 'areas'"), "0");
    for table in TABLES {
        for explain in ["EXPLAIN", "EXPLAIN ANALYZE"] {
            let plan = ana.expect(&format!("{explain} SELECT count(*) FROM {table}")).to_lowercase();
            for hidden in ["areas", "region", "queens", "join", "barrier"] {
                assert!(!plan.contains(hidden), "{explain} of {table} shows {hidden}:\n{plan}");
            }
        }
    }
    // Failing predicates, limits and joins of hers come to no row that the filter hides.
    for (sql, found) in [
        ("SELECT count(*) FROM shop.trips WHERE 10 / (id - 5) <> 99", "2"),
        ("SELECT max(id) FROM shop.trips", "2"),
        ("SELECT id FROM shop.trips ORDER BY id DESC LIMIT 1", "2"),
        ("SELECT count(*) FROM shop.trips WHERE (SELECT count(*) FROM shop.trips) = 2", "2"),
        (
            "SELECT count(*) FROM shop.trips t WHERE EXISTS (SELECT 1 FROM shop.trips u WHERE u.id = t.id AND 10 / (u.id - 5) <> 99)",
            "2",
        ),
        ("SELECT count(*) FROM shop.trips WHERE id IN (SELECT max(id) FROM shop.trips)", "1"),
    ] {
        assert_eq!(ana.expect(sql), found, "{sql}");
    }
}

#[test]
fn what_a_filter_reads_is_on_record_as_the_filters() {
    let postgres = Postgres::start();
    let weir = setup(&postgres, OWN_REGION).start();
    weir.psql("ana").expect("SELECT 'for the record', count(*) FROM lake.flights");
    let tables = wait_for("the record", SOON, || {
        let log = fs::read_to_string(weir.folder().join("audit.jsonl")).ok()?;
        let line = log.lines().find(|line| line.contains("for the record"))?.to_owned();
        serde_json::from_str::<serde_json::Value>(&line).ok().map(|record| record["tables"].clone())
    });
    let read = |name: &str| {
        let tables = tables.as_array().expect("a list");
        tables.iter().find(|table| table["table"] == name).unwrap_or_else(|| panic!("{name} in {tables:?}")).clone()
    };
    assert_eq!(read("shop.areas")["filter"], "own region");
    assert!(read("lake.flights").get("filter").is_none());
}

#[test]
fn a_prepared_statement_sees_changed_attributes() {
    let postgres = Postgres::start();
    let weir = setup(&postgres, OWN_REGION).start();
    let mut raw = weir.raw("ana");
    raw.send(&[parse("s", "SELECT count(*) FROM shop.trips"), sync()].concat());
    assert_eq!(tags(&raw.until_ready()), "1Z");
    let mut count = || {
        raw.send(&[bind("", "s", &[], false), execute("", 0), sync()].concat());
        let answer = raw.until_ready();
        let row = answer.iter().find(|message| message.tag == 'D').expect("a row");
        String::from_utf8(row.values().remove(0).expect("a count")).expect("text")
    };
    assert_eq!(count(), "2");
    let users = weir.policy("users.toml");
    weir.rewrite_policy("users.toml", &users.replace("regions = [\"queens\"]", "regions = [\"queens\", \"jersey\"]"));
    wait_for("the new region", SOON, || (count() == "3").then_some(()));
    weir.rewrite_policy("users.toml", &users.replace("regions = [\"queens\"]", ""));
    wait_for("the loss of all regions", SOON, || (count() == "0").then_some(()));
}

#[test]
fn a_wrong_sub_select_is_told_with_file_and_line() {
    let postgres = Postgres::start();
    for (filter, found) in [
        ("origin IN (SELECT airport FROM shop.area)", "table shop.area does not exist"),
        ("origin IN (SELECT airport FROM areas)", "a filter names tables as schema.table"),
        ("origin IN (SELECT airprt FROM shop.areas)", "airprt"),
        ("(origin IN (SELECT airport FROM shop.areas)) IS NULL", "AND, OR and NOT"),
        ("has_role('analist')", "unknown role `analist`"),
        ("origin = attr('regions')", "own region on "),
    ] {
        let (status, text) = setup(&postgres, filter).check();
        assert!(!status.success(), "{filter}: {text}");
        assert!(
            text.contains("rows.toml:5: ") && text.contains(found) && !text.contains("panicked"),
            "{filter}: {text}"
        );
    }
    let mask = "[[mask]]\nname = \"m\"\ncolumns = [\"shop.trips.origin\"]\nwith = \"sql\"\n\
                expression = \"(SELECT max(airport) FROM shop.areas)\"\n";
    let (status, text) = setup(&postgres, "true").policy("masks.toml", mask).check();
    assert!(!status.success() && text.contains("masks.toml:1: ") && text.contains("found a sub-select"), "{text}");
}

#[test]
fn a_column_of_some_rows_only_cannot_hang_on_a_sub_select() {
    let postgres = Postgres::start();
    let mixed = "p, role:clerk, shop.trips.origin, select\ng, ana, role:clerk";
    let (status, text) = setup(&postgres, OWN_REGION).policy("policy.csv", mixed).check();
    assert!(!status.success(), "{text}");
    assert!(text.contains("rows.toml:5: ") && text.contains("`ana` sees column"), "{text}");
    let (status, text) = setup(&postgres, "origin = 'JFK'").policy("policy.csv", mixed).check();
    assert!(status.success(), "without a sub-select it can: {text}");
}

#[test]
fn a_source_that_decides_on_rows_hides_them_while_it_is_away() {
    let postgres = Postgres::start();
    let weir = setup(&postgres, OWN_REGION).start();
    // Gone since it was found: the statement fails, and names nothing.
    postgres.psql("postgres").expect("DROP TABLE areas");
    let failed = weir.psql("ana").fails("SELECT count(*) FROM lake.flights");
    assert!(matches!(failed.sqlstate.as_deref(), Some("HV000" | "42501")), "{}", failed.stderr);
    assert!(!failed.stderr.contains("areas") && !failed.stderr.contains("shop"), "{}", failed.stderr);
    assert_ne!(weir.psql("eva").expect("SELECT count(*) FROM lake.flights"), "0");
    drop(weir);
    // Never reached: the filter is unchecked, and what it decides on isn't there; the rest is.
    let nowhere = "kind = \"postgres\"\nurl = \"postgres://weir@127.0.0.1:1/shop\"";
    let weir = Setup::new()
        .source("shop", nowhere)
        .source("lake", &delta(&data().join("lake")))
        .policy("policy.csv", "p, role:analyst, lake.flights, select\np, role:chief, *.*, select\n")
        .policy(
            "rows.toml",
            &format!("[[filter]]\nname = \"f\"\ntables = [\"lake.flights\"]\nroles = [\"analyst\"]\nwhere = \"{OWN_REGION}\"\n"),
        )
        .user("ana", "regions = [\"queens\"]", &["analyst"])
        .user("eva", "", &["chief"])
        .start();
    let hidden = weir.psql("ana").fails("SELECT count(*) FROM lake.flights");
    assert_eq!(hidden.sqlstate.as_deref(), Some("42P01"), "{}", hidden.stderr);
    assert_ne!(weir.psql("eva").expect("SELECT count(*) FROM lake.flights"), "0");
}
