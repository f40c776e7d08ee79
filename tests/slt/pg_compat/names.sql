-- Names: of columns, of tables, folding, quoting, keywords.
SELECT 1, 'a', 1.5, NULL, true
SELECT 1 AS one, 2 two, 3 AS "Three", 4 AS "a b", 5
SELECT 1 AS ""
SELECT 1 AS ONE, 2 AS "ONE"
SELECT 1 + 1, -1, 1 = 1, NOT true, 1 || 'a', 1 IS NULL, 1 IN (1), 1 BETWEEN 0 AND 2, 'a' LIKE 'a'
SELECT upper('a'), count(*), sum(1), now() IS NULL, coalesce(1, 2), nullif(1, 2), greatest(1, 2), least(1, 2), array_agg(1)
SELECT 1::int4, '1'::text, CAST(1 AS numeric), CAST('1' AS numeric(5,2)), int4 '1', date '2024-01-01', interval '1 day', '1'::pg_catalog.int8, 'a'::char(3), '{1}'::int4[]
SELECT CASE WHEN true THEN 1 END, CASE WHEN true THEN 1 ELSE 2 END, CASE 1 WHEN 1 THEN 'a' END
SELECT CASE WHEN true THEN x END, CASE WHEN true THEN 1 ELSE x END, CASE WHEN true THEN 1 ELSE upper('a') END IS NULL FROM (VALUES (1)) t(x)
SELECT CASE WHEN true THEN 'a' ELSE upper('b') END
SELECT (SELECT 1), (SELECT 1 AS x), (SELECT upper('a')), ARRAY(SELECT 1), ARRAY[1, 2], ROW(1, 2), (1, 2), EXISTS (SELECT 1), (SELECT x FROM (VALUES (1)) t(x))
SELECT (ARRAY[1, 2])[1], (x)[1], x[1:2], (ROW(1, 2)).f1 FROM (VALUES (ARRAY[1, 2])) t(x)
SELECT x::int8, x::text, (x), -x, +x, x + 1, t.x, (t.x), t, (t).x FROM (VALUES (1)) t(x)
SELECT x::int8 AS y, x::int8::text, upper(x::text), (x + 1)::text FROM (VALUES (1)) t(x)
SELECT extract(year from date '2024-01-01'), substring('abc' from 1 for 1), position('a' in 'a'), trim(' a '), overlay('a' placing 'b' from 1), ltrim(' a')
SELECT trim(leading from ' a'), trim(trailing from 'a '), trim(both from ' a '), timestamp '2024-01-01' AT TIME ZONE 'UTC', 'a' COLLATE "C", normalize('a'), 'a' IS NORMALIZED
SELECT current_date IS NULL, current_schema, current_catalog IS NULL, current_user IS NULL, session_user IS NULL, user IS NULL
SELECT current_date AS d WHERE false
SELECT current_date WHERE false
SELECT current_timestamp, current_time, localtime, localtimestamp, current_timestamp(3), now(), current_user, user, session_user, current_role, current_catalog, current_schema WHERE false
SELECT count(*) OVER (), row_number() OVER (), sum(1) FILTER (WHERE true) OVER (), percentile_disc(0.5) WITHIN GROUP (ORDER BY 1), mode() WITHIN GROUP (ORDER BY 1)
SELECT row_number() OVER (), rank() OVER (ORDER BY 1), lag(1) OVER ()
SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY 1), mode() WITHIN GROUP (ORDER BY 1), string_agg('a', ',')
SELECT grouping(x), x FROM (VALUES (1)) t(x) GROUP BY ROLLUP (x) ORDER BY 1
SELECT '1'::bool, 'a'::varchar(3), '1'::float4, '1'::float8, '1'::int2, 1::bit(2), '10:00'::time, '2024-01-01'::timestamp, '2024-01-01'::timestamptz, '10:00'::timetz, B'1'::varbit
SELECT '{}'::json -> 'a', '{}'::jsonb #> '{a}', '{"a":1}'::jsonb ->> 'a', ('{"a":1}'::jsonb)['a']
SELECT 1 AS select
SELECT 1 select
SELECT 1 AS from
SELECT 1 value, 2 name, 3 type, 4 text, 5 AS year
SELECT 1 year
SELECT 1 AS x, 2 AS x
SELECT x, x FROM (VALUES (1)) t(x)
SELECT *, * FROM (VALUES (1, 2)) t(x, y)
SELECT t.*, x FROM (VALUES (1, 2)) t(x, y)
SELECT T.X, "t"."x" FROM (VALUES (1)) t(x)
SELECT "T".x FROM (VALUES (1)) t(x)
SELECT "X" FROM (VALUES (1)) t(x)
SELECT X FROM (VALUES (1)) t("X")
SELECT "X" FROM (VALUES (1)) t("X")
SELECT é FROM (VALUES (1)) t(é)
SELECT É FROM (VALUES (1)) t("É")
SELECT x$1, _y FROM (VALUES (1, 2)) t(x$1, _y)
SELECT "a""b" FROM (VALUES (1)) t("a""b")
SELECT U&"\0061" FROM (VALUES (1)) t(a)
SELECT aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaabbb FROM (VALUES (1)) t(aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaccc)
SELECT 1 AS aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaabbb
SELECT nosuch.x FROM (VALUES (1)) t(x)
SELECT pg_catalog.upper('a'), pg_catalog.abs(-1)
SELECT nosuch.upper('a')
SELECT a.b.c.d FROM (VALUES (1)) t(x)
SELECT a.b.c FROM (VALUES (1)) t(x)
SELECT t.x.y FROM (VALUES (1)) t(x)
SELECT * FROM a.b.c.d
SELECT * FROM nosuch.nosuch
SELECT nosuch.* FROM (VALUES (1)) t(x)
SELECT 1 AS x FROM (VALUES (2)) t(x) WHERE x = 2
SELECT 1 AS y FROM (VALUES (2)) t(x) WHERE y = 1
SELECT x y FROM (VALUES (2)) t(x)
SELECT xx FROM (VALUES (2)) t(x)
SELECT t FROM (VALUES (1)) t(t)
SELECT t.t FROM (VALUES (1)) t(t)
SELECT oid FROM (VALUES (1)) t(x)
SELECT ctid FROM (VALUES (1)) t(x)
SELECT column1 FROM (VALUES (1)) t
SELECT t.column1, column2 FROM (VALUES (1, 2)) t
SELECT /* comment */ 1 -- rest
SELECT /* a /* nested */ comment */ 1
SELECT 1 /* open
SELECT 1;
;
SELECT 1; SELECT 2
SELECT
SELECT FROM (VALUES (1), (2)) t(x)
SELECT $1
SELECT 1 AS a, a + 1 AS b
SELECT count(*) c, max(x) "M" FROM (VALUES (1)) t(x)
SELECT 'a'::varchar(5), 'a'::char(3), 1::numeric(5, -2), '1'::bit(3), '10:00:01.5'::time(0)
SELECT int4eq(1, 1), int4pl(1, 2), int4lt(1, 2), numeric_add(1.5, 2), textcat('a', 'b'), float8mul(2, 3), int4um(3), date_mi('2024-01-02', '2024-01-01')
SELECT boolor_statefunc(false, NULL), booland_statefunc(true, true), boolne(true, false)
SELECT date_larger('2024-01-01', '2023-01-01'), numeric_smaller(1.50, 1.5), bpchar_larger('a', 'a '), timestamp_smaller('2024-01-01', 'infinity'), int4larger(NULL, 1), interval_larger('1 day', '24:00')
SELECT bit_and(x), bit_or(x), bit_xor(x) FROM (VALUES (B'11')) t(x) WHERE false
SELECT k, bit_xor(x) FROM (VALUES (1, B'11'), (1, B'10'), (2, NULL)) t(k, x) GROUP BY k ORDER BY k
SELECT pg_encoding_to_char(8), pg_encoding_to_char(-1), pg_char_to_encoding('iso 8859-1'), pg_char_to_encoding('nosuch'), pg_char_to_encoding('windows1252'), to_ascii('abc', 'latin9')
SELECT pg_column_size(true), pg_column_size(interval '1 day'), pg_column_size(NULL::int4), pg_column_size(now())
SELECT pg_typeof(current_schemas(true)), (current_schemas(true))[1]
SELECT j.y, j.z, x FROM ((VALUES (1, 2)) a(x, y) LEFT JOIN (VALUES (3, 4)) b(x, z) USING (x)) j
SELECT j.* FROM ((VALUES (1, 2)) a(x, y) CROSS JOIN (VALUES (3)) b(z)) AS j(p) WHERE p = 1
SELECT k.* FROM (VALUES (1, 2)) a(x, y) FULL JOIN (VALUES (1, 3), (2, 4)) b(x, z) USING (x) AS k ORDER BY 1
SELECT ('{"a":[1,2]}'::jsonb)['a']['1'], ('{"a":1}'::jsonb)[NULL], ('[[1,2],[3]]'::jsonb)[0][1]
SELECT width_bucket(1.5, ARRAY[1, 1.5, 2]), width_bucket(date '2024-01-02', ARRAY[date '2024-01-01', '2024-01-03']), width_bucket('NaN'::float8, ARRAY[1::float8, 2]), width_bucket(NULL, ARRAY[1]), width_bucket(5, '{}'::int4[])
SELECT 'a' COLLATE "C" = 'a' COLLATE "C", 'a' COLLATE pg_catalog."C"
SELECT collation for ('a'), collation for ('a'::name)
SELECT 'NaN'::numeric(3, 1) + 1, 'NaN'::numeric(3)
SELECT 'current_database'::regproc, 'pg_catalog.current_database'::regproc::text, '-'::regproc, 'upper(text)'::regprocedure, 'substr(text, int4, int)'::regprocedure::text, 'current_database()'::regprocedure, 'array_append(anycompatiblearray,anycompatible)'::regprocedure
SELECT 'pg_catalog'::regnamespace, 'information_schema'::regnamespace::text
SELECT pg_typeof('current_database'::regproc), pg_typeof('pg_catalog'::regnamespace)
-- A sub-select without an alias has no name.
SELECT unnamed_subquery.* FROM (SELECT 1 AS x)
SELECT x FROM (SELECT 1 AS x)
SELECT * FROM (SELECT 1 AS x), (SELECT 2 AS x)
SELECT x FROM (SELECT 1 AS x), (SELECT 2 AS x)
SELECT y FROM (SELECT 1 AS x)
SELECT unnamed_subquery.x FROM (SELECT 1 AS x) unnamed_subquery
SELECT unnamed_subquery.x FROM (SELECT 1 AS x) unnamed_subquery, (SELECT 3 AS y)
SELECT unnamed_subquery.y FROM (SELECT 1 AS x) unnamed_subquery, (SELECT 3 AS y)
SELECT (SELECT x FROM (SELECT max(y) AS x)) FROM (VALUES (3)) u(y)
SELECT *, count(*) FROM (SELECT 1 AS x)
SELECT x FROM (SELECT 1 AS x) JOIN (SELECT 1 AS y) ON unnamed_subquery.x = y
SELECT (VALUES (1)), (VALUES (3) UNION SELECT 4 ORDER BY 1 LIMIT 1), (WITH c(f) AS (VALUES (2)) VALUES ((SELECT f FROM c)))
