-- Queries: FROM, joins, grouping, order, set operations, WITH, sub-queries, names of columns.
SELECT count(*), sum(x), avg(x), min(x), max(x) FROM (VALUES (1), (2), (4)) AS t(x)
SELECT count(*), sum(x), avg(x), min(x) FROM (VALUES (1.50), (2.25)) AS t(x)
SELECT sum(x), avg(x) FROM (VALUES (1::int8), (2)) AS t(x)
SELECT sum(x), avg(x) FROM (VALUES (1::float8), (2), (4)) AS t(x)
SELECT sum(x), avg(x), count(x), max(x) FROM (VALUES (1)) AS t(x) WHERE false
SELECT count(DISTINCT x), sum(DISTINCT x) FROM (VALUES (1), (1), (2), (NULL)) AS t(x)
SELECT bool_and(x > 1), bool_or(x > 1), every(x > 0) FROM (VALUES (1), (2)) AS t(x)
SELECT g, count(*) FILTER (WHERE x > 1), string_agg(x::text, ',' ORDER BY x DESC) FROM (VALUES (1, 'a'), (2, 'a'), (3, 'b')) t(x, g) GROUP BY g ORDER BY g
SELECT g, sum(x) AS total FROM (VALUES (1, 'a'), (2, 'a'), (3, 'b')) t(x, g) GROUP BY 1 HAVING sum(x) > 2 ORDER BY total DESC, 1
SELECT x + 1 AS y, count(*) FROM (VALUES (1), (1), (2)) t(x) GROUP BY x + 1 ORDER BY y
SELECT x + 1 AS y, count(*) FROM (VALUES (1), (1), (2)) t(x) GROUP BY y ORDER BY 2, 1
SELECT x, count(*) FROM (VALUES (1)) t(x)
SELECT t.x FROM (VALUES (1, 2)) t(x, y) GROUP BY y
SELECT count(*) FROM (VALUES (1)) t(x) WHERE count(*) > 1
SELECT x FROM (VALUES (1)) t(x) GROUP BY 2
SELECT x FROM (VALUES (1)) t(x) ORDER BY 2
SELECT x FROM (VALUES (2), (NULL), (1)) t(x) ORDER BY x
SELECT x FROM (VALUES (2), (NULL), (1)) t(x) ORDER BY x DESC
SELECT x FROM (VALUES (2), (NULL), (1)) t(x) ORDER BY x NULLS FIRST LIMIT 2
SELECT x FROM (VALUES (2), (NULL), (1)) t(x) ORDER BY -x OFFSET 1
SELECT x AS y FROM (VALUES (2), (3), (1)) t(x) ORDER BY y, x LIMIT 2 OFFSET 1
SELECT x FROM (VALUES (1), (2), (2)) t(x) ORDER BY x DESC FETCH FIRST 1 ROW WITH TIES
SELECT x FROM (VALUES (1), (2), (3)) t(x) ORDER BY x FETCH FIRST ROW ONLY
SELECT DISTINCT x FROM (VALUES (1), (2), (2)) t(x) ORDER BY x
SELECT DISTINCT x FROM (VALUES (1, 2)) t(x, y) ORDER BY y
SELECT DISTINCT ON (g) g, x FROM (VALUES (1, 'a'), (2, 'a'), (3, 'b')) t(x, g) ORDER BY g, x DESC
SELECT DISTINCT ON (g) g, x FROM (VALUES (1, 'a')) t(x, g) ORDER BY x
SELECT x, sum(x) OVER (ORDER BY x ROWS BETWEEN 1 PRECEDING AND CURRENT ROW), rank() OVER (ORDER BY x) FROM (VALUES (1), (2), (4)) t(x) ORDER BY x
SELECT x, row_number() OVER (PARTITION BY x % 2 ORDER BY x), count(*) OVER (), sum(x) OVER (PARTITION BY x % 2) FROM (VALUES (1), (2), (3)) t(x) ORDER BY x
SELECT g, sum(sum(x)) OVER (ORDER BY g) FROM (VALUES (1, 'a'), (2, 'b')) t(x, g) GROUP BY g ORDER BY g
SELECT * FROM (VALUES (1, 'a')) a(id, n) JOIN (VALUES (1, 2.5)) b(id, v) USING (id)
SELECT * FROM (VALUES (1, 'a'), (2, 'b')) a(id, n) LEFT JOIN (VALUES (1, 2.5)) b(id, v) USING (id) ORDER BY id
SELECT * FROM (VALUES (1, 'a')) a(id, n) FULL JOIN (VALUES (2, 2.5)) b(id, v) USING (id) ORDER BY id
SELECT * FROM (VALUES (1, 'a')) a(id, n) NATURAL JOIN (VALUES (1, 2.5)) b(id, v)
SELECT a.*, b.v FROM (VALUES (1, 'a')) a(id, n) JOIN (VALUES (1, 2.5)) b(id, v) ON a.id = b.id
SELECT a.id, b.id FROM (VALUES (1), (2)) a(id), (VALUES (1), (3)) b(id) WHERE a.id < b.id ORDER BY 1, 2
SELECT a.id, b.id FROM (VALUES (1), (2)) a(id) CROSS JOIN (VALUES (1), (3)) b(id) ORDER BY 1, 2
SELECT id FROM (VALUES (1)) a(id), (VALUES (1)) b(id)
SELECT 1 FROM (VALUES (1)) a(id), (VALUES (1)) a(id)
SELECT nosuch FROM (VALUES (1)) t(x)
SELECT t.nosuch FROM (VALUES (1)) t(x)
SELECT * FROM nosuch
SELECT *
SELECT (SELECT max(x) FROM (VALUES (1), (2)) t(x)), EXISTS (SELECT 1)
SELECT x FROM (VALUES (1), (2)) t(x) WHERE x IN (SELECT y FROM (VALUES (2), (3)) u(y))
SELECT x FROM (VALUES (1), (2)) t(x) WHERE EXISTS (SELECT 1 FROM (VALUES (2)) u(y) WHERE y = x)
SELECT x, (SELECT count(*) FROM (VALUES (1), (2)) u(y) WHERE y = x) FROM (VALUES (1), (3)) t(x) ORDER BY x
SELECT (SELECT 1, 2)
VALUES (1), (2.5)
VALUES (1, 'a'), (2, NULL) ORDER BY column1 DESC LIMIT 1
VALUES (1), (2, 3)
VALUES (1), (true)
SELECT 1 UNION SELECT 2 ORDER BY 1
SELECT 1 AS a UNION ALL SELECT 1 ORDER BY a
SELECT 1 UNION ALL SELECT 2.5 ORDER BY 1
SELECT 'a' UNION ALL SELECT NULL ORDER BY 1
SELECT 1 UNION SELECT 'x'::text
SELECT 1 UNION SELECT 1, 2
SELECT x FROM (VALUES (1), (2), (2)) t(x) INTERSECT SELECT 2
SELECT x FROM (VALUES (1), (2), (2)) t(x) EXCEPT SELECT 2
WITH a AS (SELECT 1 AS x), b(y) AS (SELECT x + 1 FROM a) SELECT * FROM a, b
WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 4) SELECT n FROM r ORDER BY n
WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1.5 FROM r WHERE n < 4) SELECT n FROM r
WITH a AS MATERIALIZED (SELECT 1 AS x) SELECT x FROM a
SELECT upper('a'), 1 + 1, x, t.x, x::text, 'a'::text, CASE WHEN true THEN x END, CASE WHEN true THEN 1 ELSE x END FROM (VALUES (1)) t(x)
SELECT (SELECT 1 AS one), coalesce(1), nullif(1, 2), greatest(1, 2), 1::int8, true AND false, -x, count(*) FROM (VALUES (1)) t(x) GROUP BY x
SELECT x AS "X", "t"."x" FROM (VALUES (1)) t(x)
SELECT x FROM (SELECT 1 AS x) AS s
SELECT a, a FROM (SELECT 1 AS a) s
SELECT * FROM (SELECT 1 AS a, 2 AS a) s
SELECT a FROM (SELECT 1 AS a, 2 AS a) s
SELEC 1
SELECT 1 FROM FROM t
SELECT 1 FROM
SELECT (1
SELECT 1)
SELECT 'abc
SELECT "abc
SELECT 1 +
SELECT * FROM t WHERE
SELECT a b c
/* open
SELECT 1 FROM (VALUES (1)) a FOR UPDATE OF a
SELECT 1 FROM (SELECT count(*) FROM (VALUES (1)) b) a FOR UPDATE
SELECT 1 FROM (SELECT 1) a FOR UPDATE OF b
SELECT 1 FROM (SELECT 1) c FOR UPDATE OF x.c
SELECT 1 FROM ((SELECT 1) c JOIN (SELECT 2) t ON true) j FOR UPDATE OF j
SELECT 1 FROM generate_series(1, 2) g FOR UPDATE OF g
SELECT 1 FROM generate_series(1, 2) g FOR NO KEY UPDATE
WITH g AS (SELECT 1) SELECT 1 FROM g FOR UPDATE OF g
WITH g AS (SELECT 1) SELECT 1 FROM g FOR UPDATE
VALUES (1) FOR UPDATE
SELECT 1 UNION SELECT 2 FOR UPDATE
(SELECT 1 FOR UPDATE) UNION SELECT 2
SELECT 1 UNION (SELECT 2 FOR SHARE)
SELECT DISTINCT 1 FOR UPDATE
SELECT 1 GROUP BY 1 FOR UPDATE
SELECT 1 HAVING true FOR UPDATE
SELECT count(*) FOR UPDATE
SELECT row_number() OVER () FOR UPDATE
SELECT generate_series(1, 2) FOR KEY SHARE
SELECT 1 FROM (SELECT 1) a WHERE nosuch FOR UPDATE
SELECT 1 FROM (VALUES (1)) a FOR UPDATE SKIP LOCKED
WITH a AS (SELECT 1) SELECT * FROM a TABLESAMPLE BERNOULLI (10)
SELECT nosuch1 FROM (VALUES (1)) a(x) WHERE nosuch2 GROUP BY nosuch3 HAVING nosuch4 ORDER BY nosuch5
SELECT x FROM (VALUES (1)) a(x) GROUP BY nosuch3 ORDER BY nosuch5
SELECT x FROM (VALUES (1)) a(x) WHERE nosuch2 GROUP BY x HAVING nosuch4
SELECT * FROM (SELECT 1 AS x), (SELECT 2 AS y)
SELECT * FROM (SELECT 1 AS x), (VALUES (1), (2)) WHERE x = column1
SELECT unnamed_subquery.x FROM (SELECT 1 AS x)
