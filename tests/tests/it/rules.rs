//! Filters and masks mean what PostgreSQL makes of them: a filter keeps the rows that a WHERE of the same text keeps, and a mask
//! shows what a select list of the same text gives. Both fail where PostgreSQL fails, and then quote no value.

use weir_tests::postgres::Postgres;
use weir_tests::weir::{Setup, Weir};

const TABLES: &str = "
CREATE TYPE mood AS ENUM ('ok', 'bad');
CREATE TABLE things (id int, big bigint, code char(3), country varchar(2), name text, price numeric(12,2), digits numeric, d date,
    ts timestamp, seen timestamptz, f float8, flag bool, u uuid, m mood, tags text[], nums int[], j jsonb);
INSERT INTO things VALUES
(1, 10, 'a', 'ES', 'ana', 1.50, 1.5, '2024-02-28', '2024-02-28 23:30', '2024-02-28 23:30+00', 1.5, true,
    '11111111-1111-1111-1111-111111111111', 'ok', '{ES,PT}', '{1,2}', '{\"a\": 1}'),
(2, 20, 'ab', 'PT', 'bob', 2.25, 10, '2024-02-29', '2024-02-29 00:30', '2024-02-29 00:30+00', -0.5, false,
    '22222222-2222-2222-2222-222222222222', 'bad', '{FR}', '{3}', '{\"a\": 2, \"b\": null}'),
(3, 9223372036854775806, 'abc', 'FR', '7', -3.75, 0.00001, '1999-12-31', '1999-12-31 12:00', '1999-12-31 12:00+00', 'NaN', null,
    null, null, null, '{}', null),
(4, null, null, null, null, null, null, null, null, null, null, null, null, null, '{}', null, '[]'),
(2147483647, -5, '   ', '', '', 0, 'NaN', 'infinity', 'infinity', '-infinity', 'infinity', true,
    '33333333-3333-3333-3333-333333333333', 'ok', '{x,NULL}', '{NULL,5}', '\"s\"');
CREATE TABLE others (id int, code char(3), country varchar(2), n int);
INSERT INTO others VALUES (1, 'a', 'ES', 1), (2, 'ab', 'PT', 0), (3, null, 'FR', null), (2147483647, 'zz', 'ES', 5), (7, 'abc', null, 9);
";

/// Attributes, and the constants that they are.
const ATTRIBUTES: &[(&str, &str, &str)] = &[
    ("country", "'ES'", "'ES'"),
    ("code", "'a'", "'a'"),
    ("level", "2", "2"),
    ("big", "9223372036854775806", "9223372036854775806"),
    ("ratio", "1.5", "1.5"),
    ("vip", "true", "true"),
    ("mood", "'ok'", "'ok'"),
    ("uid", "'11111111-1111-1111-1111-111111111111'", "'11111111-1111-1111-1111-111111111111'"),
    ("since", "'2024-02-29'", "'2024-02-29'"),
    ("teams", "['ES', 'FR']", "ARRAY['ES', 'FR']"),
    ("ids", "[1, 3]", "ARRAY[1, 3]"),
    ("none", "[]", "'{}'::text[]"),
];

const FILTERS: &[&str] = &[
    // Blanks of char(n) count for its text alone.
    "code = 'a'",
    "code = 'a  '",
    "code || 'x' = 'ax'",
    "length(code) = 1",
    "octet_length(code) = 3",
    "code LIKE 'a'",
    "code LIKE 'a%'",
    "code::text = 'a'",
    "code = attr('code')",
    "code IN ('a', 'abc')",
    // Attributes take the type of what they meet.
    "country = attr('country')",
    "country = ANY(attr('teams'))",
    "country <> ALL(attr('teams'))",
    "country > ANY(attr('teams'))",
    "country = ANY(attr('none'))",
    "country <> ALL(attr('none'))",
    "code = ANY(attr('teams'))",
    "id = attr('level')",
    "big = attr('big')",
    "big > attr('level')",
    "price = attr('ratio')",
    "f = attr('ratio')",
    "digits = attr('ratio')",
    "flag = attr('vip')",
    "id = ANY(attr('ids'))",
    "big = ANY(attr('ids'))",
    "price <> ALL(attr('ids'))",
    "u = attr('uid')",
    "m = attr('mood')",
    "d = attr('since')",
    "ts >= attr('since')",
    "seen < attr('since')",
    "tags && attr('teams')",
    "tags @> ARRAY[attr('country')]",
    "attr('country') = ANY(tags)",
    "country IN (SELECT unnest(attr('teams')))",
    // Numbers.
    "id / 2 = 1",
    "id / 2.0 = 1",
    "id % 2 = 1",
    "price / 3 > 0.5",
    "price * 2 = 3.00",
    "round(price) = 2",
    "digits = 'NaN'",
    "f = 'NaN'",
    "f > 1",
    "id::text || name = '1ana'",
    "id IN (1, 2.0, 3)",
    "id NOT IN (1, NULL)",
    "id BETWEEN 2 AND 4",
    "id = '2'",
    "id = 2.0",
    // Dates.
    "d > date '2024-02-28'",
    "d - date '2024-02-28' = 1",
    "ts - interval '1 hour' < '2024-02-29'",
    "seen::date = '2024-02-28'",
    "date_trunc('month', ts) = '2024-02-01'",
    "isfinite(d) AND extract(year FROM d) = 2024",
    "d < current_date",
    "age(ts) > '100 years' IS NOT NULL",
    // Texts.
    "upper(name) = 'ANA'",
    "substring(name FROM 1 FOR 1) = 'b'",
    "name ~ '^[ab]'",
    "name ILIKE 'A%'",
    "name SIMILAR TO '(ana|bob)'",
    "coalesce(name, country, 'none') = 'none'",
    "nullif(name, '') IS NULL",
    "name IS DISTINCT FROM 'ana'",
    "split_part(name, 'n', 1) = 'a'",
    // Conditions.
    "CASE WHEN flag THEN id > 1 ELSE id < 3 END",
    "CASE code WHEN 'a' THEN true WHEN 'ab' THEN flag END",
    "id <> 1 AND 10 / (id - 1) > 3",
    "flag IS NOT TRUE",
    "(id, country) IN ((1, 'ES'), (2, 'PT'))",
    "nums[1] = 1",
    "cardinality(nums) = 2",
    "j->>'a' = '1'",
    "j @> '{\"a\": 2}'",
    "attr('absent') IS NULL",
    "country = ANY(attr('absent'))",
    // Sub-selects.
    "EXISTS (SELECT 1 FROM shop.others WHERE others.id = things.id)",
    "EXISTS (SELECT 1 FROM shop.others o WHERE o.code = things.code)",
    "id IN (SELECT id FROM shop.others WHERE country = attr('country'))",
    "id NOT IN (SELECT n FROM shop.others WHERE n IS NOT NULL)",
    "id = ANY (SELECT n FROM shop.others)",
    "id NOT IN (SELECT n FROM shop.others) OR id = 2",
    "code = (SELECT max(code) FROM shop.others WHERE code < 'b')",
    "(SELECT count(*) FROM shop.others o WHERE o.country = things.country) = 2",
    // What fails.
    "id * 2 > 3",
    "big + 2 > 0",
    "10 / (id - 1) > 3",
    "name::int = 7",
    "id IN (SELECT 10 / n FROM shop.others)",
];

/// Columns and what is shown of them; of a mask that gives another type, what PostgreSQL converts it to.
const MASKS: &[(&str, &str)] = &[
    ("id", "value / 2"),
    ("id", "CASE WHEN value > 2 THEN value END"),
    ("id", "left(value::text, 1)"),
    ("id", "round(value / 2.0)"),
    ("big", "value / 1000"),
    ("code", "upper(value)"),
    ("code", "CASE WHEN value = 'a' THEN 'b' ELSE '-' END"),
    ("country", "left(value, 1) || '*'"),
    ("name", "left(value, 1) || repeat('*', greatest(length(value) - 1, 0))"),
    ("name", "CASE WHEN attr('vip') THEN value ELSE '-' END"),
    ("price", "value / 3"),
    ("price", "floor(value / 10) * 10"),
    ("digits", "round(value, 1)"),
    ("d", "date_trunc('year', value)"),
    ("d", "'2000-01-01'"),
    ("ts", "date_trunc('hour', value)"),
    ("seen", "date_trunc('day', value)"),
    ("flag", "NOT value"),
    ("u", "'00000000-0000-0000-0000-000000000000'"),
    ("tags", "ARRAY['x']"),
    ("nums", "ARRAY[1, 2]"),
    ("j", "value - 'a'"),
    ("id", "value * 10"),
    ("name", "value::int"),
];

/// As PostgreSQL reads it.
fn as_constants(rule: &str) -> String {
    let absent = rule.replace("attr('absent')", "NULL").replace("shop.", "");
    let filled =
        |text: String, (name, _, constant): &(&str, &str, &str)| text.replace(&format!("attr('{name}')"), constant);
    ATTRIBUTES.iter().fold(absent, filled)
}

fn setup(postgres: &Postgres) -> Setup {
    postgres.psql("postgres").expect(TABLES);
    Setup::new().source("shop", &format!("kind = \"postgres\"\nurl = \"{}\"", postgres.url("postgres")))
}

fn attributes() -> String {
    ATTRIBUTES.iter().map(|(name, value, _)| format!("{name} = {value}\n")).collect()
}

/// The answer of both, or the code with which both fail; an error of Weir's may not quote what PostgreSQL's quotes.
fn compare(weir: &Weir, user: &str, sql: &str, postgres: &Postgres, own: &str) -> Result<(), String> {
    match (weir.psql(user).rows(sql), postgres.psql("postgres").rows(own)) {
        (Ok(shown), Ok(wanted)) if shown == wanted => Ok(()),
        (Err(failed), Err(wanted)) if failed.sqlstate == wanted.sqlstate => {
            let quoted = wanted.stderr.split('"').nth(1).filter(|_| failed.sqlstate.as_deref() == Some("22P02"));
            match quoted {
                Some(value) if failed.stderr.contains(&format!("\"{value}\"")) => Err(failed.stderr),
                _ => Ok(()),
            }
        }
        (shown, wanted) => Err(format!("{shown:?}, and PostgreSQL {wanted:?}")),
    }
}

#[test]
fn a_filter_keeps_what_the_same_condition_keeps() {
    let postgres = Postgres::start_17();
    let mut grants = String::new();
    let mut rows = String::new();
    let mut setup = setup(&postgres);
    for (at, filter) in FILTERS.iter().enumerate() {
        grants += &format!("p, role:r{at}, shop.things, select\n");
        rows += &format!(
            "[[filter]]\nname = 'f{at}'\ntables = ['shop.things']\nroles = ['r{at}']\nwhere = '''{filter}'''\n"
        );
        setup = setup.user(&format!("u{at}"), &attributes(), &[&format!("r{at}")]);
    }
    let weir = setup.policy("policy.csv", &grants).policy("rows.toml", &rows).start();
    let mut differ = Vec::new();
    for (at, filter) in FILTERS.iter().enumerate() {
        let own = format!("SELECT id FROM things WHERE {} ORDER BY id", as_constants(filter));
        let sql = "SELECT id FROM shop.things ORDER BY id";
        if let Err(found) = compare(&weir, &format!("u{at}"), sql, &postgres, &own) {
            differ.push(format!("{filter}: {found}"));
        }
    }
    assert!(differ.is_empty(), "{}", differ.join("\n"));
}

#[test]
fn a_mask_shows_what_the_same_expression_gives() {
    let postgres = Postgres::start_17();
    let mut masks = String::new();
    let setup = setup(&postgres);
    let columns: Vec<String> = MASKS.iter().enumerate().map(|(at, (column, _))| format!("{column} AS c{at}")).collect();
    postgres
        .psql("postgres")
        .expect(&format!("CREATE TABLE shown AS SELECT id AS line, {} FROM things", columns.join(", ")));
    for (at, (_, expression)) in MASKS.iter().enumerate() {
        masks += &format!(
            "[[mask]]\nname = 'm{at}'\ncolumns = ['shop.shown.c{at}']\nwith = 'sql'\nexpression = '''{expression}'''\n"
        );
    }
    let weir = setup
        .policy("policy.csv", "p, role:analyst, shop.shown, select\n")
        .policy("masks.toml", &masks)
        .user("ana", &attributes(), &["analyst"])
        .start();
    let types = postgres.psql("postgres");
    let mut differ = Vec::new();
    for (at, (_, expression)) in MASKS.iter().enumerate() {
        let own_type = types.expect(&format!(
            "SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = 'shown'::regclass AND attname = 'c{at}'"
        ));
        let computed = as_constants(expression).replace("value", &format!("c{at}"));
        let own = format!("SELECT (({computed})::{own_type})::text FROM shown ORDER BY line");
        let sql = format!("SELECT c{at}::text FROM shop.shown ORDER BY line");
        if let Err(found) = compare(&weir, "ana", &sql, &postgres, &own) {
            differ.push(format!("{expression}: {found}"));
        }
    }
    assert!(differ.is_empty(), "{}", differ.join("\n"));
}

/// A session's settings bend no rule.
#[test]
fn a_rule_is_the_same_in_all_sessions() {
    let postgres = Postgres::start_17();
    let filter = "seen::date = '2024-02-28' AND seen::text LIKE '2024-02-28 %'";
    let rows = format!("[[filter]]\nname = 'f'\ntables = ['shop.things']\nroles = ['analyst']\nwhere = \"{filter}\"\n");
    let weir = setup(&postgres)
        .policy("policy.csv", "p, role:analyst, shop.things, select\n")
        .policy("rows.toml", &rows)
        .user("ana", "", &["analyst"])
        .start();
    for set in ["TimeZone = 'Asia/Tokyo'", "DateStyle = 'German'", "search_path = 'pg_catalog'"] {
        let rows = weir.psql("ana").expect(&format!("SET {set}; SELECT id FROM shop.things"));
        assert_eq!(rows, "1", "{set}");
    }
}
