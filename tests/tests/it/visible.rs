//! What may not be seen doesn't exist: not by name, not in a catalog, not in `*`, a plan, or an error.

use std::time::Duration;

use weir_tests::flights::data;
use weir_tests::postgres::Postgres;
use weir_tests::run::wait_for;
use weir_tests::weir::Setup;

use crate::common;
use crate::faults::delta;

/// Pairs of a denied name and a misspelt one, of the same length so that carets and positions stay alike.
const DENIED: [(&str, &str, &str); 12] = [
    ("SELECT * FROM shop.@", "planes", "planez"),
    ("SELECT count(*) FROM shop.@ p JOIN shop.airlines a ON true", "airports", "airportz"),
    ("SELECT 1 WHERE EXISTS (SELECT 1 FROM shop.@)", "planes", "planez"),
    ("EXPLAIN SELECT * FROM shop.@", "planes", "planez"),
    ("SELECT @ FROM lake.flights", "tailnum", "tailnun"),
    ("SELECT f.@ FROM lake.flights f", "tailnum", "tailnun"),
    ("SELECT count(*) FROM lake.flights WHERE @ IS NULL", "dep_time", "dep_tyme"),
    ("SELECT origin FROM lake.flights ORDER BY @", "tailnum", "tailnun"),
    ("SELECT count(*) FROM lake.flights GROUP BY @", "minute", "minite"),
    ("SELECT count(*) FROM lake.flights a JOIN lake.flights b ON a.@ = b.@", "tailnum", "tailnun"),
    ("SELECT station, @ FROM (SELECT * FROM history.weather) w", "humid", "humit"),
    ("EXPLAIN SELECT @ FROM lake.flights", "tailnum", "tailnun"),
];

#[test]
fn denied_looks_exactly_like_misspelt() {
    let mesh = common::flights();
    let bob = mesh.weir.psql("bob");
    for (sql, denied, misspelt) in DENIED {
        let (of_denied, of_misspelt) = (bob.fails(&sql.replace('@', denied)), bob.fails(&sql.replace('@', misspelt)));
        assert!(matches!(of_denied.sqlstate.as_deref(), Some("42P01" | "42703")), "{sql}: {}", of_denied.stderr);
        assert_eq!(of_denied.stderr.replace(denied, "@"), of_misspelt.stderr.replace(misspelt, "@"), "{sql}");
    }
}

#[test]
fn who_has_no_grant_sees_an_empty_mesh() {
    let mesh = common::flights();
    let zoe = mesh.weir.psql("zoe");
    let of_denied = zoe.fails("SELECT * FROM lake.flights");
    let of_misspelt = zoe.fails("SELECT * FROM laky.flights");
    assert_eq!(of_denied.stderr.replace("lake", "@"), of_misspelt.stderr.replace("laky", "@"));
    let listed = "SELECT count(*) FROM information_schema.tables WHERE table_schema IN ('lake', 'shop', 'history')";
    assert_eq!(zoe.expect(listed), "0");
    for schema in ["lake", "shop", "history"] {
        assert!(!zoe.run(&["-c", "\\dn"]).expect("\\dn").contains(schema), "zoe sees schema {schema}");
    }
    assert_eq!(zoe.expect("SELECT 1"), "1");
}

#[test]
fn psql_lists_what_may_be_seen() {
    let mesh = common::flights();
    let show = |user: &str, command: &str| {
        mesh.weir.psql(user).run(&["-A", "-t", "-c", command]).unwrap_or_else(|e| panic!("{command}: {}", e.stderr))
    };
    for user in ["ana", "bob", "eva"] {
        let names: Vec<String> = first_fields(&show(user, "\\dn"));
        assert!(["lake", "shop", "history"].iter().all(|s| names.iter().any(|n| n == s)), "{user}: {names:?}");
        assert!(first_fields(&show(user, "\\l")).iter().any(|name| name == "mesh"));
    }
    assert_eq!(tables(&show("eva", "\\dt shop.*")), ["airlines", "airports", "planes"]);
    assert_eq!(tables(&show("bob", "\\dt shop.*")), ["airlines"]);
    assert_eq!(tables(&show("bob", "\\dt lake.*")), ["flights"]);
}

#[test]
fn psql_describes_only_granted_columns() {
    let mesh = common::flights();
    let columns = |user: &str, table: &str| {
        let text = mesh.weir.psql(user).run(&["-A", "-t", "-c", &format!("\\d {table}")]);
        first_fields(&text.unwrap_or_else(|e| panic!("\\d {table}: {}", e.stderr)))
    };
    let granted = ["month", "day", "arr_delay", "carrier", "flight", "origin", "dest", "distance", "time_hour"];
    assert_eq!(columns("bob", "lake.flights"), granted);
    assert_eq!(columns("eva", "lake.flights").len(), 19);
    assert_eq!(columns("eva", "shop.airlines"), ["carrier", "name"]);
    let describe = |table: &str| {
        let describe = format!("\\d shop.{table}");
        let output = mesh.weir.psql("bob").command().args(["-c", &describe]).output().expect("psql can be run");
        (output.status.code(), output.stdout, String::from_utf8_lossy(&output.stderr).replace(table, "@"))
    };
    assert_eq!(describe("planes"), describe("planets"), "denied looks like misspelt");
}

#[test]
fn catalogs_show_only_granted_columns() {
    let mesh = common::flights();
    let bob = mesh.weir.psql("bob");
    let hidden = "('tailnum', 'dep_time', 'humid', 'manufacturer', 'tzone')";
    for catalog in [
        format!("SELECT count(*) FROM information_schema.columns WHERE column_name IN {hidden}"),
        format!("SELECT count(*) FROM pg_catalog.pg_attribute WHERE attname IN {hidden}"),
        "SELECT count(*) FROM pg_catalog.pg_class WHERE relname IN ('planes', 'airports')".to_owned(),
        "SELECT count(*) FROM information_schema.tables WHERE table_name IN ('planes', 'airports')".to_owned(),
    ] {
        assert_eq!(bob.expect(&catalog), "0", "{catalog}");
        assert_ne!(mesh.weir.psql("eva").expect(&catalog), "0", "{catalog}");
    }
}

/// Every one of them is read, whole; what isn't served says so.
#[test]
fn no_relation_of_the_catalogs_names_what_is_hidden() {
    let mesh = common::flights();
    let bob = mesh.weir.psql("bob");
    let relations = bob.expect(
        "SELECT c.oid::regclass FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname IN ('pg_catalog', 'information_schema') ORDER BY 1",
    );
    assert!(relations.lines().count() > 190, "{relations}");
    for relation in relations.lines() {
        let text = match bob.rows(&format!("SELECT * FROM {relation}")) {
            Ok(rows) => rows,
            Err(failure) => {
                assert_eq!(failure.sqlstate.as_deref(), Some("0A000"), "{relation}: {}", failure.stderr);
                failure.stderr
            }
        };
        for hidden in ["tailnum", "dep_time", "humid", "manufacturer", "tzone", "airports", "eva", "ana"] {
            let is_named = text.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == hidden);
            assert!(!is_named, "{relation} shows {hidden}");
        }
    }
}

#[test]
fn a_star_leaves_out_what_is_not_granted() {
    let mesh = common::flights();
    let names = |sql: &str| mesh.weir.psql("bob").csv(sql).expect(sql).lines().next().unwrap_or_default().to_owned();
    let granted = "month,day,arr_delay,carrier,flight,origin,dest,distance,time_hour";
    assert_eq!(names("SELECT * FROM lake.flights LIMIT 1"), granted);
    assert_eq!(names("SELECT f.* FROM lake.flights f LIMIT 1"), granted);
    assert_eq!(names("TABLE lake.flights LIMIT 1"), granted);
    assert_eq!(names("SELECT * FROM (SELECT * FROM lake.flights) f LIMIT 1"), granted);
}

#[test]
fn a_plan_shows_nothing_hidden() {
    let mesh = common::flights();
    let plan = |user: &str, sql: &str| mesh.weir.psql(user).expect(sql).to_lowercase();
    for sql in [
        "EXPLAIN SELECT * FROM lake.flights",
        "EXPLAIN SELECT count(*) FROM lake.flights",
        "EXPLAIN SELECT * FROM lake.flights f JOIN shop.airlines a USING (carrier) JOIN history.weather w USING (origin)",
    ] {
        let text = plan("bob", sql);
        for hidden in ["tailnum", "dep_time", "air_time", "humid", "wind_dir", "planes", "airports"] {
            assert!(!text.contains(hidden), "bob's {sql} shows {hidden}:\n{text}");
        }
    }
    // Neither the value that binds her nor how her values are masked is for Ana to read.
    let text = plan("ana", "EXPLAIN SELECT * FROM lake.flights f JOIN shop.planes p USING (tailnum)");
    for hidden in ["own airport", "jfk", "hash", "redact", "***", "sha", "hmac"] {
        assert!(!text.contains(hidden), "ana's plan shows {hidden}:\n{text}");
    }
}

/// A division fails on a row with a certain value. Whoever can make it run on a row that a filter hides, or on a value
/// that a mask hides, can ask for any value by whether there is an error.
#[test]
fn errors_tell_nothing_about_hidden_rows() {
    let mesh = common::flights();
    let (ana, oracle) = (mesh.weir.psql("ana"), mesh.oracle("ana"));
    for sql in [
        // 'E' of the hidden EWR is 69.
        "SELECT count(*) FROM lake.flights WHERE 10 / (ascii(origin) - 69) <> 99",
        "SELECT sum(10 / (ascii(origin) - 69)) FROM lake.flights",
        "SELECT count(*) FROM lake.flights WHERE CASE WHEN origin = 'EWR' THEN 1 / (month - month) ELSE 1 END = 1",
        "SELECT count(*) FROM lake.flights f JOIN shop.airlines a ON a.carrier = f.carrier AND 10 / (ascii(f.origin) - 69) <> 99",
        "SELECT count(*) FROM (SELECT origin FROM lake.flights ORDER BY 10 / (ascii(origin) - 69) LIMIT 10) f",
        "SELECT count(*) FROM history.weather WHERE 10 / (ascii(origin) - 69) <> 99",
        // Hidden airports have tz -10 and 8; this filter could be sent to PostgreSQL.
        "SELECT count(*) FROM shop.airports WHERE 10 / (tz + 10) <> 99",
        "SELECT count(*) FROM shop.airports WHERE 10 / (tz - 8) <> 99 AND faa LIKE 'A%'",
        // BOEING has six letters; masked it has three.
        "SELECT count(*) FROM shop.planes WHERE 10 / (length(manufacturer) - 6) <> 99",
        "SELECT count(*) FROM shop.planes p JOIN lake.flights f USING (tailnum) WHERE 10 / (length(p.manufacturer) - 6) <> 99",
    ] {
        assert_eq!(ana.expect(sql), oracle.expect(sql), "{sql}");
    }
    // The same on rows that she may see is her own error.
    let own = ana.fails("SELECT count(*) FROM lake.flights WHERE 10 / (ascii(origin) - 74) <> 99");
    assert_eq!(own.sqlstate.as_deref(), Some("22012"), "{}", own.stderr);
}

#[test]
fn a_predicate_without_columns_waits_above_the_filter() {
    // The source can't take this filter, so nothing but the barrier keeps hidden rows from the user's predicate.
    let filter = "[[filter]]\nname = \"own\"\ntables = [\"lake.flights\"]\nroles = [\"analyst\"]\n\
                  where = \"upper(origin) = attr('airport')\"\n";
    let weir = Setup::new()
        .source("lake", &delta(&data().join("lake")))
        .policy("policy.csv", "p, role:analyst, lake.flights, select\n")
        .policy("rows.toml", filter)
        .user("ana", "airport = \"JFK\"", &["analyst"])
        .start();
    let ana = weir.psql("ana");
    let asked =
        |origin: &str, failing: &str| format!("SELECT 1 FROM lake.flights WHERE origin = '{origin}' AND {failing}");
    let failing = "1 / CASE WHEN random() < 2 THEN 0 ELSE 1 END = 1";
    // LGA is there but hidden, ZZZ isn't there.
    for origin in ["LGA", "ZZZ"] {
        assert_eq!(ana.expect(&asked(origin, failing)), "", "{origin}");
    }
    assert_eq!(ana.fails(&asked("JFK", failing)).sqlstate.as_deref(), Some("22012"));
    // A constant fails before any row is read, whatever rows there are.
    for origin in ["LGA", "ZZZ", "JFK"] {
        assert_eq!(ana.fails(&asked(origin, "1 / 0 = 1")).sqlstate.as_deref(), Some("22012"), "{origin}");
    }
}

#[test]
fn a_filter_that_fails_shows_no_value() {
    let filter = "[[filter]]\nname = \"own\"\ntables = [\"lake.flights\"]\nroles = [\"analyst\"]\n\
                  where = \"cast(origin as integer) = 1\"\n";
    let weir = Setup::new()
        .source("lake", &delta(&data().join("lake")))
        .policy("policy.csv", "p, role:analyst, lake.flights, select\n")
        .policy("rows.toml", filter)
        .user("ana", "", &["analyst"])
        .start();
    for sql in ["SELECT count(*) FROM lake.flights", "EXPLAIN ANALYZE SELECT count(*) FROM lake.flights"] {
        let failed = weir.psql("ana").fails(sql);
        assert_eq!(failed.sqlstate.as_deref(), Some("22P02"), "{sql}: {}", failed.stderr);
        assert!(!["JFK", "LGA", "EWR"].iter().any(|airport| failed.stderr.contains(airport)), "{}", failed.stderr);
    }
}

fn first_fields(rows: &str) -> Vec<String> {
    rows.lines().filter_map(|line| line.split('|').next()).filter(|f| !f.is_empty()).map(str::to_owned).collect()
}

/// The names in the output of `\dt`: schema, name, type, owner.
fn tables(rows: &str) -> Vec<String> {
    rows.lines().filter_map(|line| line.split('|').nth(1)).map(str::to_owned).collect()
}

/// A pattern that is too large to compile fails as soon as a row comes to it: no hidden row may.
#[test]
fn a_pattern_tells_nothing_of_hidden_rows() {
    let mesh = common::flights();
    let ana = mesh.weir.psql("ana");
    for (table, column) in [("lake.flights", "carrier"), ("history.weather", "origin")] {
        let ask = |origin: &str, pattern: &str| {
            let sql = format!("SELECT count(*) FROM {table} WHERE NOT (origin = '{origin}' AND {column} {pattern})");
            ana.rows(&sql).map_err(|failure| (failure.sqlstate, failure.stderr))
        };
        for pattern in ["LIKE repeat('_', 300000)", "ILIKE repeat('_', 300000)", "LIKE repeat('%a', 100000)"] {
            let (hidden, absent) = (ask("EWR", pattern), ask("XXX", pattern));
            assert_eq!(hidden, absent, "{table} {pattern:.20}");
            assert!(hidden.is_ok(), "{table} {pattern:.20}: no row that ana sees comes to the pattern: {hidden:?}");
        }
    }
}

/// A row that can't be read fails the statement. If a predicate of the user's decided which rows are read, the error would
/// tell what the hidden row holds.
#[test]
fn a_hidden_row_that_cannot_be_read_tells_nothing_of_itself() {
    let postgres = Postgres::start();
    postgres.psql("postgres").expect(
        "CREATE TABLE t (id int, country text, secret int, paid numeric(10,2), lists int[]); \
         INSERT INTO t VALUES (1, 'es', 1, 10, '{1}'), (2, 'de', 100, 'NaN', '{2}'), (3, 'de', 200, 1, '{{1,2},{3,4}}')",
    );
    let source = format!("kind = \"postgres\"\nurl = \"{}\"", postgres.url("postgres"));
    let seen = |filter: &str| {
        let filter =
            format!("[[filter]]\nname = 'own'\ntables = ['shop.t']\nroles = ['analyst']\nwhere = \"{filter}\"\n");
        let weir = Setup::new()
            .source("shop", &source)
            .policy("policy.csv", "p, role:analyst, shop.*, select")
            .policy("rows.toml", &filter)
            .user("ana", "", &["analyst"])
            .start();
        let ana = weir.psql("ana");
        ["secret > 99 AND secret < 101", "secret > 150", "secret > 1000", "secret = 1"].map(|predicate| {
            let rows = ana.rows(&format!("SELECT id, paid, lists FROM shop.t WHERE {predicate}"));
            rows.map_err(|failure| (failure.sqlstate, failure.stderr))
        })
    };
    // PostgreSQL itself leaves the hidden rows out.
    let none = Ok(String::new());
    assert_eq!(seen("country = 'es'"), [none.clone(), none.clone(), none, Ok("1|10.00|{1}".to_owned())]);
    // It can't say this as Weir means it, so all rows come over: the same for every predicate.
    let [one, two, three, four] = seen("left(upper(country), 2) = 'ES'");
    assert!(one == two && two == three && three == four, "{one:?}, {two:?}, {three:?}, {four:?}");
}

/// A view computes its columns where it is read: a condition on one of them may fail on a hidden row, and PostgreSQL takes
/// conditions in an order of its own.
#[test]
fn a_view_computes_nothing_of_hidden_rows() {
    let postgres = Postgres::start();
    postgres.psql("postgres").expect(
        "CREATE TABLE t (id int, owner text, editor text, reviewer text, backup text, code text, amount int, qty int); \
         INSERT INTO t VALUES (1, 'ana', '', '', '', '5', 10, 2), (42, 'bob', '', '', '', 'hidden7f3e', 10, 0); \
         CREATE VIEW v AS SELECT id, owner, editor, reviewer, backup, code::int AS code, amount / qty AS rate FROM t",
    );
    let filter =
        "owner = attr('login') OR editor = attr('login') OR reviewer = attr('login') OR backup = attr('login')";
    let weir = Setup::new()
        .source("shop", &format!("kind = \"postgres\"\nurl = \"{}\"", postgres.url("postgres")))
        .policy("policy.csv", "p, role:analyst, shop.v, select\np, role:chief, shop.*, select")
        .policy(
            "rows.toml",
            &format!("[[filter]]\nname = 'own'\ntables = ['shop.v']\nroles = ['analyst']\nwhere = \"{filter}\"\n"),
        )
        .user("ana", "login = 'ana'", &["analyst"])
        .user("eva", "", &["chief"])
        .start();
    let ana = weir.psql("ana");
    for (condition, found) in [
        ("code = 5 AND id = 42", ""),
        ("rate = 5 AND id = 42", ""),
        ("code = 5", "1"),
        ("rate = 5", "1"),
        ("code IN (5, 6) AND rate > 1", "1"),
    ] {
        assert_eq!(ana.expect(&format!("SELECT id FROM shop.v WHERE {condition}")), found, "{condition}");
    }
    let join = "SELECT v.id FROM (VALUES (5), (6)) k(n) JOIN shop.v ON v.code = k.n AND v.rate = k.n";
    assert_eq!(ana.expect(join), "1");
    // Whoever sees all rows meets the view's own error.
    assert!(weir.psql("eva").fails("SELECT id FROM shop.v WHERE code = 5").stderr.contains("hidden7f3e"));
}

/// What a source says when it can't read a row may hold the row's values.
#[test]
fn an_error_of_a_source_shows_no_value_to_those_from_whom_some_are_hidden() {
    let postgres = Postgres::start();
    postgres.psql("postgres").expect(
        "CREATE TABLE t (id int, code text); INSERT INTO t VALUES (1, '5'), (42, 'hidden7f3e'); \
         CREATE VIEW v AS SELECT id, code::int AS code FROM t",
    );
    let weir = Setup::new()
        .source("shop", &format!("kind = \"postgres\"\nurl = \"{}\"", postgres.url("postgres")))
        .policy("policy.csv", "p, role:analyst, shop.*, select")
        .policy("masks.toml", "[[mask]]\nname = 'm'\ncolumns = ['shop.v.code']\nwith = 'null'\n")
        .policy("masks.toml", "[[mask]]\nname = 'n'\ncolumns = ['shop.v.id']\nwith = 'hash'\n")
        .user("ana", "", &["analyst"])
        .start();
    for sql in ["SELECT id, code + 1 FROM shop.v", "SELECT count(code), max(code) FROM shop.v", "SELECT * FROM shop.v"]
    {
        if let Err(failed) = weir.psql("ana").rows(sql) {
            assert!(!failed.stderr.contains("hidden7f3e"), "{sql}: {}", failed.stderr);
        }
    }
}

/// The engine writes its plan into some errors, and the plan holds filters, files and hidden tables.
#[test]
fn an_error_holds_no_plan() {
    let lake = data().join("lake");
    let filter = "[[filter]]\nname = 'early'\ntables = ['*.*']\nroles = ['*']\nwhere = \"month < 4 AND coalesce(month, 0) <> 7777\"\n";
    let weir = Setup::new()
        .source("lake", &delta(&lake))
        .policy("policy.csv", "p, role:analyst, lake.*, select")
        .policy("rows.toml", filter)
        .user("ana", "", &["analyst"])
        .start();
    let ana = weir.psql("ana");
    let sql = "SELECT month AS a, CAST(NULL AS timestamptz) AS b, month AS c FROM lake.flights \
               UNION ALL SELECT month, time_hour, month FROM lake.flights ORDER BY 1, 2, 3 NULLS FIRST LIMIT 5";
    if let Err(failure) = ana.rows(sql) {
        for told in ["7777", "coalesce", "Exec", "parquet", "plan"] {
            assert!(!failure.stderr.contains(told), "{told} in {}", failure.stderr);
        }
    }
}

/// However often its statement was run before, a filter reads the clock as it is.
#[test]
fn a_filter_reads_the_clock_at_each_run() {
    let postgres = Postgres::start();
    postgres.psql("postgres").expect("CREATE TABLE t AS SELECT 1 AS id, now() + interval '8 seconds' AS until");
    let weir = Setup::new()
        .source("shop", &format!("kind = \"postgres\"\nurl = \"{}\"", postgres.url("postgres")))
        .policy("policy.csv", "p, role:analyst, shop.*, select")
        .policy(
            "rows.toml",
            "[[filter]]\nname = 'fresh'\ntables = ['shop.t']\nroles = ['analyst']\nwhere = 'until > now()'\n",
        )
        .user("ana", "", &["analyst"])
        .start();
    let ana = weir.psql("ana");
    let count = || ana.expect("SELECT count(*) FROM shop.t");
    assert_eq!([count(), count()], ["1", "1"]);
    wait_for("the row's end", Duration::from_secs(20), || (count() == "0").then_some(()));
    let told = ana.fails("SELECT arrow_field(id) FROM shop.t");
    assert_eq!(told.sqlstate.as_deref(), Some("42883"), "what a mask is made of would be told: {}", told.stderr);
}
