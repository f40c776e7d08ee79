//! Every type arrives as what it is, and no column ever vanishes.

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{
    DataType, Date32Type, Decimal128Type, Float32Type, Float64Type, Int16Type, Int32Type, Int64Type,
    IntervalMonthDayNanoType, Time64MicrosecondType, TimestampMicrosecondType,
};
use arrow::util::display::array_value_to_string;
use weir_connectors::{ConnectorError, pgtype};

use super::Shop;
use crate::common::kind;

const SCALARS: &str = "CREATE TABLE scalars (
        id int4 PRIMARY KEY, b bool, i2 int2, i4 int4, i8 int8, f4 float4, f8 float8, n numeric(12, 3), wide numeric,
        d date, t time, ts timestamp, tz timestamptz, iv interval, s text, v varchar(10), c char(5), ch \"char\", nm name,
        u uuid, j json, jb jsonb, by bytea, o oid);
    INSERT INTO scalars VALUES
        (1, true, -32768, -2147483648, -9223372036854775808, 'NaN', 'Infinity', -123456789.125, 'NaN', '0044-03-15 BC',
        '24:00', '1969-12-31 23:59:59.999999', '1900-01-01 00:00+02', '-1 month 2 days 03:00:00.000001', 'naïve ☃', 'abc',
        'ab', 'x', 'name', 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11', '{\"a\": 1}', '{\"b\":  2}', '\\x00ff', 4294967295),
        (2, false, 32767, 0, 1, -0.5, 1e300, 0, 1234567890123456789012345678901234567890.5, 'infinity', '00:00',
        'infinity', '-infinity', '0', '', '', '', '', '', '00000000-0000-0000-0000-000000000000', '[]', '{}', '', 0);
    INSERT INTO scalars (id) VALUES (3)";

#[tokio::test(flavor = "multi_thread")]
async fn numbers_and_times() {
    let shop = Shop::with(SCALARS);
    let batches = shop.statement().await.run("SELECT * FROM scalars ORDER BY id").await.unwrap();
    let [batch] = batches.as_slice() else { panic!("one batch") };
    let column = |name: &str| batch.column_by_name(name).unwrap();
    for (field, values) in batch.schema().fields().iter().zip(batch.columns()).skip(1) {
        assert!(values.is_null(2), "{} of the third row is NULL", field.name());
        assert!(values.is_valid(0) && values.is_valid(1), "{} of the others isn't", field.name());
    }
    assert!(column("b").as_boolean().value(0) && !column("b").as_boolean().value(1));
    assert_eq!(column("i2").as_primitive::<Int16Type>().values()[..2], [i16::MIN, i16::MAX]);
    assert_eq!(column("i4").as_primitive::<Int32Type>().values()[..2], [i32::MIN, 0]);
    assert_eq!(column("i8").as_primitive::<Int64Type>().values()[..2], [i64::MIN, 1]);
    assert!(column("f4").as_primitive::<Float32Type>().value(0).is_nan());
    assert_eq!(column("f8").as_primitive::<Float64Type>().values()[..2], [f64::INFINITY, 1e300]);
    assert_eq!(column("n").data_type(), &DataType::Decimal128(12, 3));
    assert_eq!(column("n").as_primitive::<Decimal128Type>().values()[..2], [-123_456_789_125, 0]);
    // 44 BC is the year -43: 735,598 days before 1970.
    assert_eq!(column("d").as_primitive::<Date32Type>().value(1), i32::MAX);
    assert_eq!(column("t").as_primitive::<Time64MicrosecondType>().values()[..2], [86_400_000_000, 0]);
    assert_eq!(column("ts").as_primitive::<TimestampMicrosecondType>().values()[..2], [-1, i64::MAX]);
    assert_eq!(
        column("tz").as_primitive::<TimestampMicrosecondType>().values()[..2],
        [-2_208_996_000_000_000, i64::MIN]
    );
    let interval = column("iv").as_primitive::<IntervalMonthDayNanoType>().value(0);
    assert_eq!((interval.months, interval.days, interval.nanoseconds), (-1, 2, 10_800_000_001_000));
    assert_eq!(column("by").as_binary::<i32>().value(0), [0, 255]);
    assert_eq!(column("o").as_primitive::<Int64Type>().value(0), 4_294_967_295);
    let days = shop.psql("SELECT d - '1970-01-01'::date FROM scalars WHERE id = 1");
    assert_eq!(column("d").as_primitive::<Date32Type>().value(0).to_string(), days);
}

#[tokio::test(flavor = "multi_thread")]
async fn texts_are_what_postgresql_writes() {
    let shop = Shop::with(SCALARS);
    let batches = shop.statement().await.run("SELECT * FROM scalars ORDER BY id").await.unwrap();
    let [batch] = batches.as_slice() else { panic!("one batch") };
    for name in ["wide", "s", "v", "c", "ch", "nm", "u", "j", "jb"] {
        let values = batch.column_by_name(name).unwrap().as_string::<i32>();
        for row in 0..2 {
            // char(n) is kept without its padding, which the cast takes off as well.
            let there = shop.psql(&format!("SELECT {name}::text FROM scalars WHERE id = {}", row + 1));
            assert_eq!(values.value(row), there, "{name}");
        }
    }
    let schema = batch.schema();
    let marks = |name: &str| {
        let field = schema.field_with_name(name).unwrap();
        (pgtype::typname(field).map(str::to_owned), pgtype::typmod(field))
    };
    assert_eq!(marks("s"), (None, -1));
    assert_eq!(marks("v"), (Some("varchar".to_owned()), 14));
    assert_eq!(marks("c"), (Some("bpchar".to_owned()), 9));
    assert_eq!(marks("ch"), (Some("char".to_owned()), -1));
    assert_eq!(marks("u"), (Some("uuid".to_owned()), -1));
    assert_eq!(marks("jb"), (Some("jsonb".to_owned()), -1));
    assert_eq!(marks("wide"), (Some("numeric".to_owned()), -1));
    assert!(!schema.field_with_name("id").unwrap().is_nullable());
}

#[tokio::test(flavor = "multi_thread")]
async fn arrays_with_nulls() {
    let shop = Shop::with(
        "CREATE TYPE mood AS ENUM ('sad', 'ok');
         CREATE TABLE lists (id int4, i int4[], s text[], n numeric(5, 1)[], u uuid[], m mood[], g int4[][]);
         INSERT INTO lists VALUES
            (1, '{1,NULL,3}', '{a,NULL,\"\"}', '{1.5,-2}', '{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}', '{ok}', '{{1,2},{3,4}}'),
            (2, '{}', '{}', '{}', '{NULL}', '{}', NULL), (3, NULL, NULL, NULL, NULL, NULL, '{7}')",
    );
    let batches = shop.statement().await.run("SELECT * FROM lists ORDER BY id").await.unwrap();
    let [batch] = batches.as_slice() else { panic!("one batch") };
    let shown = |name: &str| shown_arrays(batch, name);
    assert_eq!(shown("i"), ["[1] [3] [1, , 3]", "[] [] []", "NULL"]);
    assert_eq!(shown("s"), ["[1] [3] [a, , ]", "[] [] []", "NULL"]);
    assert_eq!(shown("n"), ["[1] [2] [1.5, -2.0]", "[] [] []", "NULL"]);
    assert_eq!(shown("u"), ["[1] [1] [a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11]", "[1] [1] []", "NULL"]);
    assert_eq!(shown("m"), ["[1] [1] [ok]", "[] [] []", "NULL"]);
    assert_eq!(shown("g"), ["[1, 1] [2, 2] [1, 2, 3, 4]", "NULL", "[1] [1] [7]"]);
    let schema = batch.schema();
    assert_eq!(pgtype::typname(schema.field_with_name("u").unwrap()), Some("_uuid"));
    let mood = pgtype::OwnType::of(schema.field_with_name("m").unwrap());
    let Some(pgtype::OwnType::Enum(mood)) = mood else { panic!("{mood:?}") };
    assert_eq!(
        (mood.schema.as_str(), mood.name.as_str(), mood.labels),
        ("shop", "mood", vec!["sad".to_owned(), "ok".to_owned()])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn arrays_of_any_shape() {
    let shop = Shop::with(
        "CREATE TABLE shapes (id int4, a int4[], t text[][]);
         INSERT INTO shapes VALUES (1, '[0:1]={1,2}', '{{a},{NULL}}'), (2, '{{{1}}}', '[-1:-1][2:3]={{x,y}}'), (3, '{4}', '{z}')",
    );
    let batches = shop.statement().await.run("SELECT * FROM shapes ORDER BY id").await.unwrap();
    let [batch] = batches.as_slice() else { panic!("one batch") };
    assert_eq!(shown_arrays(batch, "a"), ["[0] [2] [1, 2]", "[1, 1, 1] [1, 1, 1] [1]", "[1] [1] [4]"]);
    assert_eq!(shown_arrays(batch, "t"), ["[1, 1] [2, 1] [a, ]", "[-1, 2] [1, 2] [x, y]", "[1] [1] [z]"]);
}

/// Lower bounds, lengths and items of each array of a column.
fn shown_arrays(batch: &RecordBatch, name: &str) -> Vec<String> {
    let column = batch.column_by_name(name).unwrap().as_struct();
    let shown = |row: usize| {
        let parts = column.columns().iter().map(|part| array_value_to_string(part, row).unwrap());
        parts.collect::<Vec<_>>().join(" ")
    };
    (0..column.len()).map(|row| if column.is_null(row) { "NULL".to_owned() } else { shown(row) }).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_arrow_cannot_hold_is_an_error_that_names_the_column() {
    let shop = Shop::with(
        "CREATE TABLE bad (nan numeric(5, 2), late timestamp, long interval);
         INSERT INTO bad VALUES ('NaN', '294276-01-01', '3000000 hours')",
    );
    for column in ["nan", "late", "long"] {
        match kind(&shop.error(&format!("SELECT {column} FROM bad")).await) {
            ConnectorError::OutOfRange { column: named, .. } => assert_eq!(named, column),
            other => panic!("{column}: {other:?}"),
        }
    }
}

/// A column of each type that PostgreSQL has, with a value where one can be made from an empty or a common text.
#[tokio::test(flavor = "multi_thread")]
async fn no_column_vanishes() {
    let shop = Shop::with(
        "CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE TYPE pair AS (a int, b text);
         CREATE DOMAIN cents AS numeric(8, 2) CHECK (VALUE >= 0); CREATE DOMAIN price AS cents;
         CREATE TABLE own (m mood, p pair, c price, r int4range, mr int4multirange, i inet, mo money, bi bit(3), x xml,
            tt timetz, l pg_lsn, pt point, cs price[], ps pair[], am mood[]);
         INSERT INTO own VALUES ('ok', ROW(1, NULL), 1.5, '[1,3)', '{[1,3)}', '10.0.0.1', 12.5, '101', '<a/>', '12:00+02',
            '0/16', '(1,2)', '{1.25}', '{\"(1,)\"}', '{sad,NULL}')",
    );
    shop.psql(
        "DO $$ DECLARE columns text; BEGIN
            SELECT string_agg(format('%I %s', 'c_' || oid, oid::regtype), ', ') INTO columns FROM pg_type
            WHERE typnamespace = 'pg_catalog'::regnamespace AND typtype IN ('b', 'r', 'm') AND typisdefined AND oid < 10000
                AND typelem NOT IN (SELECT oid FROM pg_type WHERE typtype IN ('c', 'p'));
            EXECUTE 'CREATE TABLE everything (' || columns || ')'; END $$;
         INSERT INTO everything DEFAULT VALUES",
    );
    let tables = shop.source.discover().await.unwrap();
    let everything = tables.iter().find(|t| t.name == "everything").unwrap();
    let count = shop.psql("SELECT count(*) FROM pg_attribute WHERE attrelid = 'everything'::regclass AND attnum > 0");
    assert_eq!(everything.columns.fields().len().to_string(), count);
    let batches = shop.statement().await.run("SELECT * FROM everything").await.unwrap();
    assert_eq!(batches.iter().map(|b| b.num_rows()).sum::<usize>(), 1);

    let batches = shop.statement().await.run("SELECT * FROM own").await.unwrap();
    let [batch] = batches.as_slice() else { panic!("one batch") };
    for name in ["m", "p", "r", "mr", "i", "mo", "bi", "x", "tt", "l", "pt"] {
        let there = shop.psql(&format!("SELECT {name} FROM own"));
        assert_eq!(batch.column_by_name(name).unwrap().as_string::<i32>().value(0), there, "{name}");
    }
    assert_eq!(batch.column_by_name("c").unwrap().data_type(), &DataType::Decimal128(8, 2));
    assert_eq!(shown_arrays(batch, "cs"), ["[1] [1] [1.25]"]);
    assert_eq!(shown_arrays(batch, "ps"), ["[1] [1] [(1,)]"]);
    assert_eq!(shown_arrays(batch, "am"), ["[1] [2] [sad, ]"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_relation_and_no_other_schema() {
    let shop = Shop::with(
        "CREATE TABLE t (a int); COMMENT ON TABLE t IS 'a table'; CREATE VIEW v AS SELECT 1 AS a;
         CREATE MATERIALIZED VIEW m AS SELECT 2 AS a; CREATE TABLE p (a int) PARTITION BY LIST (a);
         CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); INSERT INTO p VALUES (1); CREATE TABLE nothing ();
         CREATE SCHEMA hidden; CREATE TABLE hidden.secret (a int)",
    );
    let tables = shop.source.discover().await.unwrap();
    let names: Vec<_> = tables.iter().map(|t| format!("{}.{}", t.schema, t.name)).collect();
    assert_eq!(names, ["shop.m", "shop.nothing", "shop.p", "shop.p1", "shop.t", "shop.v"]);
    assert_eq!(tables[4].comment.as_deref(), Some("a table"));
    let sum = shop.rows("SELECT (SELECT a FROM v) + (SELECT a FROM m) + (SELECT a FROM p) AS s").await;
    assert!(sum.contains("| 4 |"), "{sum}");
}
