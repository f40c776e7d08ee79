-- CASE, COALESCE, NULLIF, GREATEST, LEAST and tests of truth.
SELECT CASE 1 WHEN 1 THEN 'one' WHEN 2 THEN 'two' ELSE 'many' END, CASE 5 WHEN 1 THEN 'one' END, CASE WHEN NULL THEN 1 ELSE 2 END, CASE NULL WHEN NULL THEN 1 ELSE 2 END, CASE WHEN 1 > 2 THEN 'a' WHEN 2 > 1 THEN 'b' END
SELECT CASE x WHEN 1 THEN 'one' WHEN 2 THEN 'two' ELSE 'other' END FROM (VALUES (1), (2), (3), (NULL)) t(x) ORDER BY x
SELECT CASE WHEN x > 1 THEN x ELSE -x END AS y FROM (VALUES (1), (2), (NULL)) t(x) ORDER BY x
SELECT CASE WHEN true THEN 1 ELSE 1 / 0 END, CASE WHEN false THEN 1 / 0 ELSE 1 END
SELECT CASE WHEN x = 0 THEN 0 ELSE 10 / x END FROM (VALUES (0), (2)) t(x) ORDER BY 1
SELECT CASE 1 WHEN 1.0 THEN 'y' ELSE 'n' END, CASE '1' WHEN 1 THEN 'y' END, CASE 1 WHEN '1' THEN 'y' END, CASE WHEN 't' THEN 1 END
SELECT CASE 1 WHEN 'x' THEN 1 END
SELECT CASE 1 WHEN true THEN 1 END
SELECT CASE WHEN true THEN 1 ELSE 'a' END
SELECT CASE WHEN true THEN 1 WHEN false THEN true END
SELECT CASE WHEN true THEN date '2024-01-01' ELSE timestamp '2024-01-01' END
SELECT CASE WHEN false THEN date '2024-01-01' ELSE timestamptz '2024-01-01+00' END
SELECT CASE WHEN true THEN 1 ELSE NULL END, CASE WHEN true THEN NULL ELSE 1 END, CASE WHEN true THEN NULL END, CASE WHEN true THEN 'a' ELSE NULL END
SELECT CASE WHEN true THEN 1::int2 ELSE 2::int8 END, CASE WHEN true THEN 1::float4 ELSE 1.5 END, CASE WHEN true THEN 1 ELSE 1.50 END, CASE WHEN true THEN 'a'::varchar ELSE 'b'::text END, CASE WHEN true THEN 'a'::char(3) ELSE 'b'::text END
SELECT CASE
SELECT CASE WHEN true END
SELECT CASE ELSE 1 END
SELECT case, "case" FROM (VALUES (1, 2)) t("case", y)
SELECT "case" FROM (VALUES (1, 2)) t("case", y)
SELECT coalesce(NULL, NULL, 3), coalesce(NULL, 'a', 'b'), coalesce(1, 1 / 0), coalesce(NULL::int4, 2.5), coalesce(NULL, NULL), coalesce(date '2024-01-01', '2023-01-01'), coalesce(NULL::text, 'x'::varchar)
SELECT coalesce()
SELECT coalesce(1, 'a')
SELECT coalesce('a', 1)
SELECT coalesce(1, date '2024-01-01')
SELECT coalesce(x, y, 0) FROM (VALUES (1, 2), (NULL, 3), (NULL, NULL)) t(x, y) ORDER BY 1
SELECT nullif(1, 1), nullif(1, 2), nullif('a', 'a'), nullif('a', 'b'), nullif(NULL, 1), nullif(1, NULL), nullif(1, 1.0), nullif(1.5, 1), nullif(1::int8, 1), pg_typeof(nullif(1::int2, 2.5))
SELECT nullif(1, 'a')
SELECT nullif(1, true)
SELECT nullif(1)
SELECT nullif(1, 2, 3)
SELECT greatest(1, 2, 3), least(1, 2, 3), greatest(1, NULL), least(NULL, 2), greatest(NULL, NULL), greatest('a', 'b'), least(date '2024-01-01', '2023-01-01'), greatest(1, 2.5, 2), least(1, 2::int8), greatest(1.5::float8, 2)
SELECT greatest()
SELECT greatest(1, 'x')
SELECT greatest(1, true)
SELECT least('{}'::json, '[]')
SELECT greatest(ARRAY[1], ARRAY[2]), least((1, 2), (1, 1)), greatest(true, false), greatest('NaN'::float8, 1), least(interval '1 day', '23 hours')
SELECT 1 IS NULL, NULL IS NULL, 1 IS NOT NULL, NULL ISNULL, 1 NOTNULL, (NULL = NULL) IS NULL, NOT NULL IS NULL, '' IS NULL
SELECT true IS TRUE, false IS TRUE, NULL IS TRUE, true IS NOT TRUE, NULL IS NOT TRUE, true IS FALSE, NULL IS FALSE, NULL IS NOT FALSE, NULL IS UNKNOWN, true IS UNKNOWN, NULL IS NOT UNKNOWN, (1 = NULL) IS UNKNOWN
SELECT 1 IS TRUE
SELECT 'x' IS TRUE
SELECT 1 IS DISTINCT FROM 2, 1 IS DISTINCT FROM 1, NULL IS DISTINCT FROM 1, NULL IS DISTINCT FROM NULL, 1 IS NOT DISTINCT FROM NULL, 'a' IS DISTINCT FROM 'b', 1 IS DISTINCT FROM 1.0
SELECT 1 IS DISTINCT FROM 'x'
SELECT 1 IS DISTINCT FROM true
SELECT true AND false, true OR false, NOT true, true AND NULL, false AND NULL, true OR NULL, NULL OR false, NOT NULL, NULL AND NULL
SELECT a, b, a AND b AS "and", a OR b AS "or", NOT a AS "not" FROM (VALUES (true, true), (true, false), (true, NULL), (false, false), (false, NULL), (NULL, NULL)) t(a, b) ORDER BY a, b
SELECT true = false, true <> false, true > false, true >= true, false < true, bool_and(x), bool_or(x), every(x) FROM (VALUES (true), (false), (NULL)) t(x)
SELECT booland_statefunc(true, false), booleq(true, true), true::text || 'x', 't'::bool = true, pg_typeof(true AND NULL), max(x::int4) FROM (VALUES (true)) t(x)
SELECT max(true)
SELECT -true
SELECT true > 1
SELECT true = 't', true = 'x'
-- Constants are computed before a statement runs.
SELECT CASE WHEN a > 5 THEN 1 / 0 ELSE a END FROM (VALUES (1), (2)) t(a)
SELECT CASE WHEN false THEN 1 / 0 ELSE a END FROM (VALUES (1), (2)) t(a)
SELECT CASE WHEN true THEN a ELSE 1 / 0 END FROM (VALUES (1), (2)) t(a)
SELECT CASE 1 WHEN 2 THEN 1 / 0 ELSE a END FROM (VALUES (1), (2)) t(a)
SELECT CASE WHEN a > 5 THEN 'x'::text::date END FROM (VALUES (1), (2)) t(a)
SELECT CASE WHEN a > 5 THEN 'x'::text::uuid END FROM (VALUES (1), (2)) t(a)
SELECT CASE WHEN a > 5 THEN 'x'::text::int END FROM (VALUES (1), (2)) t(a)
SELECT coalesce(a, 1 / 0) FROM (VALUES (1), (2)) t(a)
SELECT coalesce(a, 2, 1 / 0) FROM (VALUES (1), (2)) t(a)
SELECT coalesce(NULL, a, 2) FROM (VALUES (1), (NULL)) t(a)
SELECT a > 0 OR 1 / 0 > 1 FROM (VALUES (1), (2)) t(a)
SELECT true OR 1 / 0 > 1, false AND 1 / 0 > 1
SELECT a > 0 OR true OR 1 / 0 > 1 FROM (VALUES (1), (2)) t(a)
SELECT a FROM (VALUES (1), (2)) t(a) WHERE false AND 1 / 0 = a
SELECT a FROM (VALUES (1), (2)) t(a) WHERE a < 0 AND 1 / 0 = a
SELECT 1 / 0 FROM (VALUES (1)) t(a) WHERE a > 1
SELECT a FROM (VALUES (1), (2)) t(a) WHERE a > 5 AND a = 1 / 0
SELECT sum(1 / 0) FROM (VALUES (1)) t(a) WHERE a > 1
SELECT a FROM (SELECT a, 1 / 0 AS b FROM (VALUES (1), (2)) t(a)) s
SELECT EXISTS (SELECT 1 / 0), EXISTS (SELECT 1 / 0 WHERE false)
SELECT greatest(a, 1 / 0) FROM (VALUES (1), (2)) t(a) WHERE a > 5
-- A constant NULL makes a call NULL whatever its other arguments are.
SELECT 10 / a + NULL FROM (VALUES (0), (1)) t(a)
SELECT (10 / a || NULL) IS NULL FROM (VALUES (0), (1)) t(a)
SELECT substr('abc', 10 / a, NULL) FROM (VALUES (0), (1)) t(a)
SELECT 10 / a > NULL, 10 / a IN (NULL), 10 / a BETWEEN NULL AND 1 FROM (VALUES (1)) t(a)
SELECT 10 / a > NULL FROM (VALUES (0), (1)) t(a)
SELECT 1 / 0 + NULL
SELECT concat(10 / a, NULL) FROM (VALUES (0)) t(a)
SELECT int8inc(1), int8dec(a), int8inc_any(a, NULL), int8inc_any(a, 'x'::text) FROM (VALUES (1::int8), (NULL)) t(a)
SELECT int8inc(9223372036854775807)
SELECT int8dec(-9223372036854775808)
SELECT int8inc_any(9223372036854775807, a) FROM (VALUES (NULL::int), (NULL)) t(a)
SELECT int8inc_any(a, NULL::text), int8dec_any(3, 'x'::text) FROM (VALUES (9223372036854775807), (1)) t(a)
SELECT coalesce(quote_literal('1999-12-31'::date), chr(-5))
SELECT CASE WHEN a > 1 THEN '-infinity'::date - 'infinity'::timestamptz::date END FROM (VALUES (1), (0)) t(a)
SELECT coalesce(a + 1, 0) IS NULL FROM (VALUES (2147483647), (1)) t(a)
SELECT coalesce(a, 0) IS NULL, coalesce(a + 1, 5) IS NOT NULL FROM (VALUES (NULL), (1)) t(a)
SELECT CASE WHEN a > 1 THEN 10 / (a - 5) ELSE 0 END IS NULL FROM (VALUES (5), (1)) t(a)
SELECT starts_with(a, NULL), a ^@ NULL, starts_with((10 / b)::text, NULL) FROM (VALUES ('a', 0), ('b', 1)) t(a, b)
SELECT concat((NULL::text[])[1 / b], 'x'), length((NULL::text[])[1]) + 1 / b FROM (VALUES (0), (1)) t(b)
-- Branches that read a query around.
SELECT x, (SELECT count(*) FROM (VALUES (1), (2)) u(y) WHERE CASE WHEN x = 0 THEN false ELSE 10 / x > y END) FROM (VALUES (0), (1), (20)) t(x) ORDER BY x
SELECT x, (SELECT coalesce(x = 0 OR NULL, 10 / x > 1)) FROM (VALUES (0), (1), (20)) t(x) ORDER BY x
SELECT x, l.* FROM (VALUES (0), (1), (20)) t(x), LATERAL (SELECT y, CASE WHEN x = 0 THEN true ELSE 10 / x > y END AS b FROM (VALUES (1), (2)) u(y)) l ORDER BY x, y
SELECT count(*) FROM (VALUES (0), (1), (20)) t(x) JOIN (VALUES (1), (2)) u(y) ON x <> 0 AND 10 / x > y
SELECT count(*) FROM (VALUES (0), (1), (20)) t(x) LEFT JOIN (VALUES (1), (2)) u(y) ON x <> 0 AND 10 / x > y
-- Conditions of joins.
SELECT count(*) FROM (VALUES (1), (2)) t(k) JOIN (VALUES (0), (1)) u(k) ON t.k = u.k WHERE 10 / t.k > 1
SELECT count(*) FROM (VALUES (0, 1, 2), (1, 2, 3), (5, 5, 5)) t(x, k, z) LEFT JOIN (VALUES (1, 1), (0, 0), (2, 2)) u(y, w) ON k = y AND x <> 0 AND 10 / x > w
SELECT count(*) FROM (VALUES (0, 1, 2), (1, 2, 3), (5, 5, 5)) t(x, k, z) JOIN (VALUES (1, 1), (0, 0), (2, 2)) u(y, w) ON k = y AND x <> 0 AND 10 / x > w
SELECT count(*) FROM (VALUES (0, 1, 2), (1, 2, 3), (5, 5, 5)) t(x, k, z) JOIN (VALUES (1, 1), (0, 0), (2, 2)) u(y, w) ON (x <> w AND 10 / (x - w) > 1) OR k = y
SELECT count(*) FROM (VALUES (0, 1, 2), (1, 2, 3), (5, 5, 5)) t(x, k, z) LEFT JOIN (VALUES (1, 1), (0, 0), (2, 2)) u(y, w) ON (x <> w AND 10 / (x - w) > 1) OR k = y
SELECT count(*) FROM (VALUES (0, 1, 2), (1, 2, 3), (5, 5, 5)) t(x, k, z) FULL JOIN (VALUES (1, 1), (0, 0), (2, 2)) u(y, w) ON k = y AND CASE WHEN x = 0 THEN true ELSE 10 / x > w END
SELECT count(*) FROM (VALUES (0, 1, 2), (1, 2, 3), (5, 5, 5)) t(x, k, z), (VALUES (1, 1), (0, 0), (2, 2)) u(y, w) WHERE x <> w AND 10 / (x - w) > 1
SELECT count(*) FROM (VALUES (0, 1, 2), (1, 2, 3), (5, 5, 5)) t(x, k, z), (VALUES (1, 1), (0, 0), (2, 2)) u(y, w) WHERE CASE WHEN x = 0 THEN true ELSE 10 / x > y END
SELECT count(*) FROM (VALUES (0, 1, 2), (1, 2, 3), (5, 5, 5)) t(x, k, z) LEFT JOIN (VALUES (1, 1), (0, 0), (2, 2)) u(y, w) ON CASE WHEN x = 0 THEN true ELSE 10 / x > y END
SELECT count(*) FROM (VALUES (0, 1, 2), (1, 2, 3), (5, 5, 5)) t(x, k, z) LEFT JOIN (VALUES (1, 1), (0, 0), (2, 2)) u(y, w) ON coalesce(x = 0 OR NULL, 10 / x > y)
SELECT count(*) FROM (VALUES (0, 1, 2), (1, 2, 3), (5, 5, 5)) t(x, k, z) LEFT JOIN (VALUES (1, 1), (0, 0), (2, 2)) u(y, w) ON CASE WHEN x = 0 THEN 0 ELSE 10 / x END > y
SELECT x, y FROM (VALUES (0, 1, 2), (1, 2, 3), (5, 5, 5)) t(x, k, z) LEFT JOIN (VALUES (1, 1), (0, 0), (2, 2)) u(y, w) ON (x = 0 OR 10 / x > 2) AND (y = 0 OR 10 / y > x) ORDER BY 1, 2
SELECT count(*) FROM (VALUES (0, 1, 2), (1, 2, 3), (5, 5, 5)) t(x, k, z) WHERE EXISTS (SELECT FROM (VALUES (1, 1), (0, 0), (2, 2)) u(y, w) WHERE x <> 0 AND 10 / x > y)
SELECT count(*) FROM (VALUES (0, 1, 2), (1, 2, 3), (5, 5, 5)) t(x, k, z) WHERE NOT EXISTS (SELECT FROM (VALUES (1, 1), (0, 0), (2, 2)) u(y, w) WHERE k = y AND x <> 0 AND 10 / x > w)
SELECT count(*) FROM (VALUES (0, 1, 2), (1, 2, 3), (5, 5, 5)) t(x, k, z) RIGHT JOIN (VALUES (1, 1), (0, 0), (2, 2)) u(y, w) ON y <> 0 AND 10 / y > x
SELECT count(*) FROM (VALUES (0, 1, 2), (1, 2, 3), (5, 5, 5)) t(x, k, z) LEFT JOIN (VALUES (1, 1), (0, 0), (2, 2)) u(y, w) ON x = y WHERE u.y IS NULL OR 10 / t.x > 1
SELECT count(*) FROM (VALUES (0, 1, 2), (1, 2, 3), (5, 5, 5)) t(x, k, z) JOIN (VALUES (1, 1), (0, 0), (2, 2)) u(y, w) ON x <> w WHERE 10 / (x - w) > 1
SELECT count(*) FROM (VALUES (0, 1, 2), (1, 2, 3), (5, 5, 5)) t(x, k, z) JOIN (VALUES (1, 1), (0, 0), (2, 2)) u(y, w) ON x <> 0 AND k = y WHERE 10 / x > 1
