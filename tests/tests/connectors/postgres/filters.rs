//! Filters keep the same rows whether PostgreSQL or the engine evaluates them, and hostile names and values stay what
//! they are.

use super::Shop;

const TABLE: &str = r#"
    CREATE COLLATION nocase (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
    CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
    CREATE TABLE t (id int4, i2 int2, i8 int8, f4 float4, f8 float8, n numeric(10, 2), b bool, s text, v varchar(20),
        c char(6), ci text COLLATE nocase, d date, tm time, ts timestamp, tz timestamptz, u uuid, m mood, by bytea, o oid,
        "select" int4, ip inet);
    INSERT INTO t SELECT i, i % 7, i * 1000000007::int8, i / 4.0, CASE WHEN i % 11 = 0 THEN 'NaN' ELSE i / 8.0 END, i * 1.25,
        i % 3 = 0, (ARRAY['a', 'B', 'b', 'Ä', 'z', 'a%b', 'a_b', 'a\b', 'it''s', ''])[1 + i % 10], 'v' || i % 5,
        'c' || i % 4, (ARRAY['x', 'X', 'y'])[1 + i % 3], '1969-12-01'::date + i, '12:00'::time + i * interval '1 minute',
        '1969-12-31 23:00'::timestamp + i * interval '1 hour', '1969-12-31 23:00Z'::timestamptz + i * interval '1 hour',
        md5((i % 5)::text)::uuid, (ARRAY['sad', 'ok', 'happy'])[1 + i % 3]::mood, decode(to_hex(16 + i % 16), 'hex'),
        i % 6, i, ('10.0.0.' || i)::inet
    FROM generate_series(-20, 100) i WHERE i >= 0;
    INSERT INTO t (id, d, ts, tz) VALUES (-1, 'infinity', '-infinity', 'infinity'), (-2, '0044-03-15 BC', '0044-03-15 BC', NULL);
    INSERT INTO t (id) VALUES (-3)"#;

/// Predicates that go to PostgreSQL.
const PUSHED: &[&str] = &[
    "id = 5",
    "5 < id",
    "id <> 5",
    "id BETWEEN 3 AND 7",
    "id NOT BETWEEN 3 AND 90",
    "i2 = 3",
    "i8 >= 5000000035",
    "i8 = -1",
    "f4 = 2.5",
    "f8 > 10.125",
    "f8 = 'NaN'",
    "f8 < 3e0",
    "n = 12.50",
    "n >= 100",
    "b",
    "NOT b",
    "b IS NOT TRUE",
    "b IS UNKNOWN",
    "b = false",
    "s = 'it''s'",
    r"s = 'a\b'",
    "s <> 'a'",
    "s > 'a'",
    "s >= 'B' AND s < 'b'",
    "s = 'Ä'",
    "s = ''",
    "s LIKE 'a%'",
    "s LIKE 'a_b'",
    "s NOT LIKE '%b'",
    "v = 'v3'",
    "v IN ('v1', 'v2')",
    "c = 'c1'",
    "ci = 'x'",
    "ci > 'X'",
    "ci LIKE 'x'",
    "d = DATE '1969-12-25'",
    "d > DATE '1970-01-10'",
    "d < DATE '0001-01-01'",
    "tm < '12:30:00'",
    "ts >= TIMESTAMP '1970-01-01 00:00:00'",
    "tz < TIMESTAMP '1969-12-31T23:30:00Z'",
    "u = 'cfcd2084-95d5-65ef-66e7-dff9f98764da'",
    "u > '9f000000-0000-0000-0000-000000000000'",
    "m = 'ok'",
    "m = 'no such mood'",
    "m < 'ok'",
    "o = 3",
    "\"select\" = 4",
    "ip = '10.0.0.4'",
    "id IS NULL",
    "s IS NULL",
    "m IS NOT NULL",
    "id IN (1, 2, 3)",
    "id NOT IN (1, 2, 3)",
    "id IN (1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20)",
    r#"s IN ('a','B','x','y','''','a\b','{','}','""','1','2','3','4','5','6','NULL','a,b')"#,
    "id NOT IN (1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20)",
    "id < 3 OR (b AND s = 'z') OR NOT (i2 = 1)",
    "i2 IS DISTINCT FROM 3",
    "id = \"select\"",
    "s = v",
];

/// Predicates that the engine keeps.
const KEPT: &[&str] = &[
    "s ILIKE 'A%'",
    r"s LIKE 'a\%b'",
    "lower(s) = 'b'",
    "id + 1 = 5",
    "id % 2 = 0",
    "length(s) = 1",
    "CAST(s AS VARCHAR) || 'x' = 'ax'",
    "c = 'c1  '",
    "s ~ '^[ab]$'",
];

async fn ids(shop: &Shop, push: bool, predicate: &str) -> String {
    let sql = format!("SELECT id FROM t WHERE {predicate} ORDER BY id");
    if push { shop.rows(&sql).await } else { shop.keeping_filters().rows(&sql).await }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filter_keeps_the_same_rows_here_and_there() {
    let shop = Shop::with(TABLE);
    for predicate in PUSHED.iter().chain(KEPT) {
        assert_eq!(ids(&shop, true, predicate).await, ids(&shop, false, predicate).await, "{predicate}");
    }
    // NULL and infinity are among the rows, so that these are no empty comparisons.
    assert!(ids(&shop, true, "d > DATE '1970-01-10'").await.contains("| -1 "));
    assert!(ids(&shop, true, "ts < TIMESTAMP '1900-01-01 00:00:00'").await.contains("| -2 "));
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_go_where_they_can() {
    let shop = Shop::with(TABLE);
    let statement = shop.statement().await;
    for predicate in PUSHED {
        let plan = statement.explain(&format!("SELECT id FROM t WHERE {predicate}")).await;
        assert!(plan.contains(" WHERE ") && !plan.contains("FilterExec"), "{predicate}\n{plan}");
    }
    for predicate in KEPT {
        let plan = statement.explain(&format!("SELECT id FROM t WHERE {predicate}")).await;
        assert!(!plan.contains(" WHERE ") && plan.contains("FilterExec"), "{predicate}\n{plan}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn postgresql_decides_what_equals_a_uuid_in_capitals_and_a_negative_zero() {
    let shop = Shop::with(
        "CREATE TABLE t (id int4, u uuid, f float8);
        INSERT INTO t VALUES (1, 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '-0')",
    );
    for predicate in ["u = 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'", "f = 0.0", "f >= 0.0"] {
        assert!(ids(&shop, true, predicate).await.contains("| 1 "), "{predicate}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn projection_and_limit_go_to_the_source() {
    let shop = Shop::with(TABLE);
    let statement = shop.statement().await;
    let plan = statement.explain("SELECT s, id FROM t WHERE b LIMIT 3").await;
    assert!(plan.contains(r#"sql=SELECT "id"::int4, "s"::text FROM "public"."t" WHERE "b" LIMIT 3"#), "{plan}");
    assert!(shop.rows("SELECT count(*) AS n FROM (SELECT id FROM t WHERE b LIMIT 3) x").await.contains("| 3 |"));
    // A filter that stays here must see all rows.
    let plan = statement.explain("SELECT id FROM t WHERE lower(s) = 'b' LIMIT 3").await;
    assert!(!plan.contains("LIMIT 3"), "{plan}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_count_needs_no_column() {
    let shop = Shop::with(TABLE);
    let statement = shop.statement().await;
    let plan = statement.explain("SELECT count(*) FROM t WHERE id > 90").await;
    assert!(plan.contains(r#"sql=SELECT FROM "public"."t" WHERE"#), "{plan}");
    assert!(shop.rows("SELECT count(*) AS n FROM t WHERE id > 90").await.contains("| 10 |"));
    assert!(shop.rows("SELECT count(*) AS n FROM t").await.contains("| 104 |"));
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_names_and_values_stay_names_and_values() {
    let shop = Shop::with(
        r#"CREATE TABLE safe (id int4); INSERT INTO safe VALUES (1);
        CREATE TABLE "x"";DROP TABLE safe;--" ("a""b; DROP TABLE safe" text, "\" int4, "naïve ☃" int4);
        INSERT INTO "x"";DROP TABLE safe;--" VALUES ('''; DROP TABLE safe; --', 1, 2), ('\''; DROP', 3, 4)"#,
    );
    let table = r#""x"";DROP TABLE safe;--""#;
    for value in ["''; DROP TABLE safe; --", r"\''; DROP"] {
        let sql =
            format!(r#"SELECT count(*) AS n FROM {table} WHERE "a""b; DROP TABLE safe" IN ('{value}', '$$', '"')"#);
        assert!(shop.rows(&sql).await.contains("| 1 |"), "{value}");
    }
    let all = shop.rows(&format!("SELECT * FROM {table}")).await;
    assert!(all.contains("| 1 | 2 ") && all.contains("naïve ☃"), "{all}");
    assert!(shop.rows("SELECT count(*) AS n FROM safe").await.contains("| 1 |"));
}
