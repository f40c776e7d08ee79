-- Errors: of syntax, names, types, at run time; with their position.
SELECT FROM WHERE
SELECT 1 WHERE
SELECT 1 GROUP
SELECT 1 ORDER 1
SELECT 1, , 2
SELECT 1 2
SELECT 'a
SELECT "a
SELECT $$a
SELECT 1 FROM (VALUES (1)) t(x) WHERE x = = 1
SELECT 1 AS
SELECT * * FROM (VALUES (1)) t(x)
SELECT 1 FROM t JOIN
SELECT CAST(1 AS)
SELECT CAST(1, int4)
SELECT 1 ::
SELECT 1 IN 1
SELECT 1 BETWEEN 2
SELECT CASE WHEN 1 THEN 2
SELECT EXTRACT(year, date '2024-01-01')
SELECT 1 UNION
SELECT a FROM (VALUES (1)) t(a) LIMIT
SELECT @
SELECT 1 @@@ 2
SELECT 1 !
SELECT 1e
SELECT ""
SELECT '' ''
SELECT 1 LIKE
SELECT NOT
SELECT nosuch
SELECT nosuch(1, 'a', NULL)
SELECT upper(1, 2)
SELECT abs('a'::text)
SELECT abs()
SELECT lower(true)
SELECT substr(1, 2)
SELECT date_part(1, 2)
SELECT round('a')
SELECT round(1.5::float8, 2)
SELECT round(true)
SELECT concat_ws()
SELECT power('a', 2)
SELECT to_char(1)
SELECT length(true)
SELECT make_date('a', 1, 1)
SELECT make_date(y => 2024, month => 1, day => 1)
SELECT make_date(year => 2024, month => 1, day => 5)
SELECT make_date(2024, day => 5, month => 1)
SELECT upper(x => 'a')
SELECT make_date(year => 2024, 1, 1)
SELECT make_date(year => 2024, year => 1, day => 1)
SELECT abs(1) FROM nosuch
SELECT * FROM (VALUES (1)) t(x) WHERE nosuch = 1
SELECT * FROM (VALUES (1)) t(x) WHERE x = 'a'
SELECT * FROM (VALUES (1)) t(x) WHERE x
SELECT * FROM (VALUES (1)) t(x) WHERE x = true
SELECT * FROM (VALUES ('a')) t(x) WHERE x = 1
SELECT * FROM (VALUES ('a')) t(x) WHERE x > 1.5
SELECT * FROM (VALUES ('a')) t(x) WHERE x + 1 > 0
SELECT * FROM (VALUES (date '2024-01-01')) t(x) WHERE x = 1
SELECT * FROM (VALUES (date '2024-01-01')) t(x) WHERE x > 'yesterdayish'
SELECT 1 + date '2024-01-01' + 'x'
SELECT 'a' * 2
SELECT 'a'::text * 2
SELECT true * 2
SELECT NOT 'a'
SELECT NOT 1.5
SELECT 1 AND 2
SELECT 'a' OR true
SELECT - 'a'
SELECT - 'a'::text
SELECT + date '2024-01-01'
SELECT @ 'a'::text
SELECT 1 ~ 2
SELECT 1 || 2
SELECT ARRAY[1] || 1.5
SELECT 1 -> 2
SELECT '1' -> 2
SELECT 1 <> ALL (ARRAY['a'])
SELECT 1 IS DISTINCT FROM 'a'
SELECT 1 / 0.0
SELECT 1 / (x - 1) FROM (VALUES (1), (2)) t(x)
SELECT 10 / x FROM (VALUES (1), (0)) t(x)
SELECT x::int4 FROM (VALUES ('1'), ('a')) t(x)
SELECT x::date FROM (VALUES ('2024-01-01'), ('2024-13-01')) t(x)
SELECT sqrt(x) FROM (VALUES (-1)) t(x)
SELECT 2147483647 + x FROM (VALUES (1)) t(x)
SELECT 9223372036854775807 + x FROM (VALUES (1)) t(x)
SELECT 32767::int2 + x::int2 FROM (VALUES (1)) t(x)
SELECT substring('abc', 1, x) FROM (VALUES (-1)) t(x)
SELECT chr(x) FROM (VALUES (0)) t(x)
SELECT x FROM (VALUES (1)) t(x) WHERE 1 / (x - 1) > 0
SELECT count(*) FROM (VALUES (1)) t(x) WHERE x / 0 = 1
SELECT x, count(*) FROM (VALUES (1, 2)) t(x, y) GROUP BY y
SELECT x FROM (VALUES (1)) t(x) GROUP BY y
SELECT x FROM (VALUES (1)) t(x) HAVING x > 1
SELECT * FROM (VALUES (1)) t(x) GROUP BY ()
SELECT sum(x), x + 1 FROM (VALUES (1)) t(x)
SELECT x FROM (VALUES (1)) t(x) WHERE sum(x) > 1
SELECT 1 FROM (VALUES (1)) t(x) JOIN (VALUES (1)) u(y) ON sum(x) = 1
SELECT x FROM (VALUES (1)) t(x) LIMIT sum(x)
SELECT array_agg(x) || 1.5 FROM (VALUES (1)) t(x)
SELECT x FROM (VALUES (1)) a(x), (VALUES (2)) b(x)
SELECT x FROM (VALUES (1)) a(x), (VALUES (2)) b(x) WHERE x = 1
SELECT a.x FROM (VALUES (1)) a(x), (VALUES (2)) b(x) ORDER BY x
SELECT * FROM (VALUES (1)) t(x), t
SELECT 1 FROM (VALUES (1)) t(x), (VALUES (1)) t(x)
SELECT (1, 2) = (1, 2, 3)
SELECT (SELECT 1, 2) = 1
SELECT ROW(1, 2) = 1
SELECT * FROM (SELECT 1 UNION SELECT 'a') t
SELECT 'a'::int4
SELECT 'a'::int4 FROM (VALUES (1)) t(x)
SELECT CAST('a' AS float8)
SELECT 'a'::bool
SELECT '{'::int4[]
SELECT '{'::json
SELECT 'x'::jsonb
SELECT 'x'::uuid
SELECT 'x'::inet
SELECT 'x'::interval
SELECT 'x'::timestamp
SELECT '25:00'::time
SELECT '2024-02-30'::date
SELECT '10000-13-01'::date
SELECT '\xg'::bytea
SELECT '2'::bit
SELECT '[1,'::int4range
SELECT 1::nosuch
SELECT 1::int4(5)
SELECT 'a'::varchar(-1)
SELECT 'a'::varchar(1, 2)
SELECT 1::numeric(5, 2, 1)
SELECT '2024-01-01'::date(3)
SELECT 'a'::text(5)
SELECT 1::nosuch.nosuch
SELECT nosuch '1'
SELECT ARRAY[1]::int4
SELECT now()::int4
SELECT 1::text::bool
SELECT '1'::text = 1
SELECT json '{}' = json '{}'
SELECT current_setting('nosuch.nosuch')
SELECT current_setting('nosuch')
SELECT pg_typeof()
SELECT '2024-01-01'::date + '2024-01-01'::date
SELECT interval '1 day' > 5
SELECT time '10:00' > interval '1 hour'
SELECT CASE WHEN 'a' THEN 1 END
SELECT CASE 1 WHEN 'a' THEN 1 END
SELECT greatest(1, 'a')
SELECT 1 IN (1, 'a')
SELECT x FROM (VALUES (1), ('a')) t(x)
SELECT repeat('a', 2000000000)
SELECT 'a' LIKE 'a' ESCAPE 'bc'
SELECT regexp_replace('a', '(', '')
SELECT to_date('a', 'YYYY')
SELECT to_number('a', '9')
SELECT encode('a', 'x')
SELECT decode('x', 'hex')
SELECT format('%x', 1)
SELECT string_agg(1, 2)
SELECT lag(1)
SELECT sum(1) OVER (PARTITION BY sum(1) OVER ())
SELECT generate_series(1, 2, 0)
SELECT 'a'::nosuch[]
SELECT 1::public.nosuch
SELECT 1::pg_catalog.int4(3)
SELECT 1::numeric(0, 1, 2)
SELECT CAST('x' AS bit(0))
SELECT public.upper(1)
SELECT pg_catalog.upper(1)
SELECT bit_and(x) FROM (VALUES (B'11'), (B'1')) t(x)
SELECT to_ascii('abc')
SELECT to_ascii('abc', 'nosuch')
SELECT to_ascii('abc', 99)
SELECT convert_to('€', 'LATIN1')
SELECT convert_from('\xe9', 'UTF8')
SELECT 1 BETWEEN 'a' AND 2
SELECT 1 BETWEEN 0 AND 'b'
SELECT 1 NOT BETWEEN SYMMETRIC 2 AND 'b'
SELECT x IN (1, 'b') FROM (VALUES (1)) t(x)
SELECT greatest(1, date '2024-01-01')
SELECT DEFAULT
SELECT t.* FROM (VALUES (1)) a(t), (SELECT nosuch.x) b
SELECT * FROM ((VALUES (1)) a(x) CROSS JOIN (VALUES (3)) b(z)) AS j(p, q, r)
SELECT k.y FROM (VALUES (1, 2)) a(x, y) JOIN (VALUES (1, 3)) b(x, z) USING (x) AS k
SELECT * FROM (VALUES (1, 2)) a(x, y) JOIN (VALUES (1, 3)) b(x, z) USING (x) AS a
SELECT * FROM (VALUES (1)) a(x) JOIN (VALUES (1)) b(x) USING (x, x)
SELECT * FROM (VALUES (1)) a(x) JOIN (VALUES (1)) b(y) USING (x)
SELECT a.x FROM (VALUES (1)) a(x), (VALUES (2)) b(y) WHERE c.z = 1
SELECT 1 + (SELECT nosuch.x)
SELECT a.b.c.d.e FROM (VALUES (1)) t(x)
SELECT least('$.a'::jsonpath, '$.b')
SELECT ('[1,2]'::jsonb)[true]
SELECT (date '2024-01-01').x
SELECT (true)[1]
SELECT width_bucket(1, ARRAY[1, NULL])
SELECT 'a' COLLATE nosuch."C"
SELECT collation for (1)
SELECT make_interval(days => 1, 2)
SELECT E'a\nb\U0001'
SELECT 'a'::float(0)
SELECT $2 + 1
SELECT 'pg_catalog.nosuch'::regproc
SELECT 'upper(nosuch)'::regprocedure
SELECT 'upper(int4)'::regprocedure
SELECT regnamespace 'nosuch'
-- Which of two errors comes first.
SELECT '99999999999x'::int2
SELECT '32769x'::int2
SELECT '12345678901234567890.12'::int4
SELECT '12345678901234567890.12'::int8
SELECT '[1,99999999999x)'::int4range
SELECT format('%*s', '99999999999x', 'a')
SELECT regexp_substr('abc', '+', -1)
SELECT regexp_instr('abc', '+', 1, 0)
SELECT regexp_count('abc', '+', 0, 'z')
SELECT regexp_replace('abc', '+', 'x', 1, -1, 'z')
SELECT substring(a, 'abc', 'abc') FROM (VALUES (NULL::text), (NULL)) t(a)
SELECT substring(NULL::text, 'abc', 'abc'), substring(NULL || 'a', 'abc', 'abc')
VALUES (substring('foobar', '%#"o_b#"%', '#'), substring('foobar', '#"o_b#"%', '#'))
SELECT substring(a SIMILAR '%#"o_b#"%' ESCAPE '#'), substring(a SIMILAR '%o_b' ESCAPE '#') FROM (VALUES ('foobar'), ('oob'), (NULL)) t(a)
SELECT '12.34'::money IN ('12.34'::money, '1'::float4)
SELECT 1::numeric IN (1::float4, '1'::money)
SELECT c <@ '(,)'::int4range, '(,)'::int4range @> c, c <@ 'empty'::int4range, 'empty'::int4range @> c, c <@ '[1,)'::int4range, c <@ '{}'::int4multirange FROM (VALUES (NULL::int), (1)) t(c)
SELECT 1 / c <@ 'empty'::int4range FROM (VALUES (0), (0)) t(c)
