-- CASE and its kin, and logic of three values.
SELECT CASE WHEN true THEN 1 ELSE 2.5 END, CASE WHEN false THEN 1 END, CASE 1 WHEN 1 THEN 'a' ELSE 'b' END
SELECT CASE WHEN true THEN 'a' ELSE 1 END
SELECT CASE WHEN 1 THEN 2 END
SELECT CASE WHEN true THEN 1 ELSE 'x'::text END
SELECT CASE 'a' WHEN 'b' THEN 1 WHEN 'a' THEN 2 END AS x
SELECT coalesce(NULL, 1, 2.0), coalesce(1, 2.5), nullif(1, 2), nullif(1, 1), nullif(1, 1.0), coalesce(NULL)
SELECT greatest(1, 2, NULL), least(1, 2), greatest(1, NULL), greatest(1.5, 2.5)
SELECT coalesce(1, 'x')
SELECT coalesce(1, true)
SELECT true AND NULL, false AND NULL, true OR NULL, false OR NULL, NOT NULL, NOT true
SELECT NULL AND NULL, true IS TRUE, NULL IS TRUE, false IS NOT TRUE, NULL IS UNKNOWN, true IS NOT UNKNOWN, NULL IS FALSE
SELECT 1 AND true
SELECT NOT 1
SELECT 'a' AND true
SELECT 't' AND true
SELECT 1 WHERE 1
SELECT 1 WHERE NULL
SELECT 1 WHERE 'f'
SELECT true = false, true > false, true <> NULL
SELECT nullif('abc'::varchar, 'abc'), nullif(NULL::varchar, 'a'::varchar), nullif('12', 'abc'::varchar(3)), nullif('10.0.0.0/8'::cidr, '10.0.0.0/8'), nullif('a'::char(3), 'b'), nullif('a'::name, 'b'::text)
SELECT nullif(1, 1.5::float8), nullif(1, 2::int8), nullif(1, 1.50), nullif(1::int2, 2), nullif(date '2024-01-01', timestamp '2024-01-02'), nullif('{1,2}'::int4[], '{{1,2}}'), nullif(NULL, 'a'), nullif(1.5, 1)
-- What stands right of AND and OR is computed only where the left doesn't decide.
SELECT a <> 0 AND 10 / a > 1 FROM (VALUES (0), (1), (20)) t(a)
SELECT a = 0 OR 10 / a > 1 FROM (VALUES (0), (1), (20)) t(a)
SELECT a FROM (VALUES (0), (1), (20)) t(a) WHERE a <> 0 AND 10 / a > 1
SELECT a FROM (VALUES (0), (1), (20), (NULL)) t(a) WHERE a = 0 OR 10 / a > 1
SELECT a, a <> 0 AND 10 / b > 1 FROM (VALUES (0, 0), (1, 3), (NULL, 20), (NULL, NULL)) t(a, b)
SELECT a, a <> 0 AND 10 / b > 1 FROM (VALUES (0, 0), (NULL, 0)) t(a, b)
SELECT NOT (a <> 0 AND (b <> 0 AND 10 / a / b = 1)) FROM (VALUES (0, 1), (1, 0), (3, 3)) t(a, b)
SELECT a IS NOT NULL AND a::int > 1 FROM (VALUES ('2'), (NULL), ('0')) t(a)
SELECT a ~ '^[0-9]+$' AND a::int > 1 FROM (VALUES ('2'), ('x'), ('0')) t(a)
SELECT count(*) FROM (VALUES ('2'), ('x'), ('0')) t(a) WHERE a ~ '^[0-9]+$' AND a::int > 1
-- Lists that read columns.
SELECT a IN (CASE WHEN b THEN 1 ELSE 2 END, 7), a NOT IN (CASE WHEN b THEN 1 ELSE 2 END, 7) FROM (VALUES (1, true), (1, false), (7, NULL), (NULL, true)) t(a, b)
SELECT a IN (CASE WHEN b THEN 1 ELSE 2 END) FROM (VALUES (1, true), (1, false), (7, NULL), (NULL, true)) t(a, b)
SELECT a, b FROM (VALUES (1, true), (1, false), (7, NULL), (NULL, true)) t(a, b) WHERE a IN (CASE WHEN b THEN 1 ELSE 2 END, 7)
SELECT a IN (c, 7) FROM (SELECT a, CASE WHEN b THEN 1 ELSE 2 END AS c FROM (VALUES (1, true), (1, false), (7, NULL)) t(a, b)) s
SELECT least('{}'::int4multirange, c) IN (greatest('{}'::int4multirange, c), least('{[1,3),[5,8)}'::int4multirange, c)) FROM (VALUES ('{[1,3),[5,8)}'::int4multirange), ('{}')) t(c)
SELECT a IN (b, NULL), a NOT IN (b, NULL), a IN (b, 1, NULL), a NOT IN (b + 1) FROM (VALUES (1, 1), (2, 1), (NULL, 1), (1, NULL)) t(a, b)
SELECT x FROM (VALUES (0), (1), (2), (20)) t(x) WHERE x <> 0 AND 10 / x > 1 ORDER BY x
SELECT x FROM (VALUES (0), (1), (2), (20)) t(x) WHERE x = 0 OR 10 / x > 1 ORDER BY x
SELECT x, x <> 0 AND 10 / x > 1, x = 0 OR 10 / x > 1 FROM (VALUES (0), (1), (NULL), (20)) t(x) ORDER BY x
SELECT x FROM (VALUES (0), (1), (2), (20)) t(x) WHERE CASE WHEN x = 0 THEN false ELSE 10 / x > 1 END ORDER BY x
SELECT x FROM (VALUES (0), (1), (2), (20)) t(x) WHERE CASE WHEN x = 0 THEN 'none' WHEN 10 / x > 3 THEN 'much' ELSE 'little' END = 'little' ORDER BY x
SELECT x FROM (VALUES ('a'), ('12'), ('x')) t(x) WHERE x ~ '^[0-9]+$' AND x::int4 > 5
