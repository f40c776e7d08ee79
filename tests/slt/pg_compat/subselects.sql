-- Sub-selects: scalar, correlated, in FROM.
SELECT (SELECT 1), (SELECT 1 WHERE false), (SELECT NULL), (SELECT 'a'), ((SELECT 2)) + 1, (SELECT 1) = (SELECT 1)
SELECT (SELECT x FROM (VALUES (1), (2)) t(x))
SELECT (SELECT x FROM (VALUES (1), (2)) t(x) ORDER BY x DESC LIMIT 1)
SELECT (SELECT)
SELECT x, (SELECT max(y) FROM (VALUES (1), (2), (3)) u(y) WHERE y <= x) FROM (VALUES (1), (2), (0)) t(x) ORDER BY x
SELECT x, (SELECT y FROM (VALUES (1, 'a'), (2, 'b')) u(k, y) WHERE k = x) FROM (VALUES (1), (2), (3)) t(x) ORDER BY x
SELECT x, (SELECT y FROM (VALUES (1, 'a'), (1, 'b')) u(k, y) WHERE k = x) FROM (VALUES (1), (2)) t(x)
SELECT x, (SELECT count(*) FROM (VALUES (1), (2), (2)) u(y) WHERE y = x) FROM (VALUES (1), (2), (3)) t(x) ORDER BY x
SELECT x, (SELECT sum(y) FROM (VALUES (1), (2), (2)) u(y) WHERE y = x) FROM (VALUES (1), (2), (3)) t(x) ORDER BY x
SELECT x, (SELECT x + 1), (SELECT x + y FROM (VALUES (10)) u(y)) FROM (VALUES (1), (2)) t(x) ORDER BY x
SELECT x, (SELECT (SELECT x * 2)) FROM (VALUES (1), (2)) t(x) ORDER BY x
SELECT x, (SELECT string_agg(y, ',' ORDER BY y) FROM (VALUES (1, 'b'), (1, 'a'), (2, 'c')) u(k, y) WHERE k = x) FROM (VALUES (1), (2), (3)) t(x) ORDER BY x
SELECT x FROM (VALUES (1), (2), (3)) t(x) WHERE x = (SELECT max(y) FROM (VALUES (1), (2)) u(y))
SELECT x FROM (VALUES (1), (2), (3)) t(x) WHERE x > (SELECT avg(y) FROM (VALUES (1), (2)) u(y)) ORDER BY x
SELECT x FROM (VALUES (1), (2), (3)) t(x) WHERE (SELECT true WHERE x > 1) ORDER BY x
SELECT x FROM (VALUES (1, 10), (2, 20), (1, 30)) t(x, y) WHERE y = (SELECT max(v) FROM (VALUES (1, 10), (1, 30), (2, 20)) u(k, v) WHERE k = x) ORDER BY x, y
SELECT x FROM (VALUES (1), (2)) t(x) ORDER BY (SELECT -x)
SELECT g, (SELECT count(*) FROM (VALUES ('a'), ('b')) u(h) WHERE h = g), sum(v) FROM (VALUES ('a', 1), ('a', 2), ('c', 3)) t(g, v) GROUP BY g ORDER BY g
SELECT g FROM (VALUES ('a', 1), ('a', 2), ('c', 3)) t(g, v) GROUP BY g HAVING sum(v) > (SELECT 2) ORDER BY g
SELECT g FROM (VALUES ('a', 1), ('a', 2), ('c', 3)) t(g, v) GROUP BY g HAVING sum(v) >= ALL (SELECT w FROM (VALUES (1), (3)) u(w)) ORDER BY g
SELECT sum((SELECT y FROM (VALUES (1, 10), (2, 20)) u(k, y) WHERE k = x)) FROM (VALUES (1), (2), (3)) t(x)
SELECT x, (SELECT t.x FROM (VALUES (5)) t(x)) FROM (VALUES (1)) t(x)
SELECT x, (SELECT u.nosuch FROM (VALUES (5)) u(y)) FROM (VALUES (1)) t(x)
SELECT x, (SELECT nosuch.y FROM (VALUES (5)) u(y)) FROM (VALUES (1)) t(x)
SELECT q.a FROM (SELECT x AS a FROM (VALUES (1), (2)) t(x)) q ORDER BY a
SELECT a.s, b.s FROM (SELECT sum(x) AS s FROM (VALUES (1), (2)) t(x)) a, (SELECT count(*) AS s FROM (VALUES (1)) t(x)) b
SELECT * FROM (SELECT * FROM (SELECT 1 AS a, 2 AS b) p) q
SELECT * FROM (SELECT 1 AS a, 2 AS a) q
SELECT a FROM (SELECT 1 AS a, 2 AS a) q
SELECT "?column?" FROM (SELECT 1) q
SELECT max FROM (SELECT max(x) FROM (VALUES (1)) t(x)) q
SELECT x, y FROM (VALUES (1), (2)) t(x), LATERAL (SELECT count(*) AS y FROM (VALUES (1), (2)) u(z) WHERE z > x) q ORDER BY x
SELECT x FROM (VALUES (1), (2), (3)) t(x) WHERE x IN (SELECT y FROM (VALUES (1, 1), (2, 3)) u(k, y) WHERE k <= x) ORDER BY x
SELECT x FROM (VALUES (1), (2), (3)) t(x) WHERE x NOT IN (SELECT y FROM (VALUES (1, 1), (2, 3)) u(k, y) WHERE k = x) ORDER BY x
SELECT x FROM (VALUES (1), (2), (3)) t(x) WHERE EXISTS (SELECT 1 FROM (VALUES (2), (3)) u(y) WHERE y > x AND EXISTS (SELECT 1 FROM (VALUES (3)) v(z) WHERE z = y AND z > x + 1)) ORDER BY x
SELECT x FROM (VALUES (1), (2), (3)) t(x) WHERE EXISTS (SELECT 1 FROM (VALUES (2)) u(y) WHERE y = x) OR x = 3 ORDER BY x
SELECT x FROM (VALUES (1), (2), (NULL)) t(x) WHERE (SELECT x) IS NULL
SELECT CASE WHEN EXISTS (SELECT 1) THEN (SELECT 'yes') ELSE (SELECT 'no') END
SELECT coalesce((SELECT 1 WHERE false), 0), (SELECT 1 WHERE false) IS NULL, nullif((SELECT 1), 1)
SELECT (SELECT 1) + 'x'
SELECT (SELECT 'x') + 1
SELECT (SELECT '1') + 1
SELECT pg_typeof((SELECT 1)), pg_typeof((SELECT 'a')), pg_typeof((SELECT NULL)), pg_typeof((SELECT 1.5))
SELECT x FROM (VALUES (1), (2)) t(x) WHERE x = (SELECT x FROM (VALUES (2)) u(x))
SELECT x FROM (VALUES (1), (2)) t(x) WHERE x = (SELECT y FROM (VALUES (1), (2)) u(y))
SELECT (SELECT count(*) FROM (VALUES (1), (2)) u(y) WHERE y < x) + 1 AS r, x FROM (VALUES (1), (2), (3)) t(x) ORDER BY r
SELECT x, (SELECT min(y) FROM (VALUES (1), (5)) u(y) WHERE y > x LIMIT 1) FROM (VALUES (1), (9)) t(x) ORDER BY x
SELECT x, (SELECT y FROM (VALUES (1), (5), (7)) u(y) WHERE y > x ORDER BY y LIMIT 1) FROM (VALUES (1), (5), (9)) t(x) ORDER BY x
SELECT x, ARRAY(SELECT y FROM (VALUES (1), (2), (3)) u(y) WHERE y < x ORDER BY y DESC) FROM (VALUES (1), (3)) t(x) ORDER BY x
SELECT x, (SELECT u FROM (VALUES (1, 'a')) u(k, v) WHERE k = x) FROM (VALUES (1), (2)) t(x) ORDER BY x
SELECT x, (SELECT DISTINCT y % 2 FROM (VALUES (1), (3)) u(y) WHERE y >= x) FROM (VALUES (1), (4)) t(x) ORDER BY x
SELECT x, (SELECT y FROM (VALUES (1)) u(y) UNION SELECT x WHERE x = 1) FROM (VALUES (1)) t(x)
SELECT x, (SELECT rank() OVER (ORDER BY x)) FROM (VALUES (1), (2)) t(x) ORDER BY x
SELECT x, (SELECT t FROM (SELECT x AS y) t) FROM (VALUES (1)) q(x)
SELECT x, y FROM (VALUES (1), (2), (3)) t(x), LATERAL (SELECT y FROM (VALUES (1), (2), (3), (4)) u(y) WHERE y > t.x ORDER BY y DESC LIMIT 2) q ORDER BY x, y
SELECT x, y FROM (VALUES (1), (4)) t(x) LEFT JOIN LATERAL (SELECT y FROM (VALUES (2), (3)) u(y) WHERE y > t.x) q ON q.y < 3 ORDER BY x, y
SELECT x, n, s FROM (VALUES (1), (5), (NULL)) t(x), LATERAL (SELECT count(*) AS n, sum(y) AS s FROM (VALUES (2), (3)) u(y) WHERE y >= x) q ORDER BY x
SELECT x, y FROM (VALUES (1), (2)) t(x), LATERAL (SELECT x AS y UNION ALL SELECT x * 10 UNION ALL SELECT 0) q ORDER BY x, y
SELECT x, y FROM (VALUES (1), (2)) t(x), LATERAL (VALUES (x), (x + 10), (7)) q(y) ORDER BY x, y
SELECT x, y, z FROM (VALUES (1), (2)) t(x), LATERAL (SELECT x + 1 AS y) q, LATERAL (SELECT y * x AS z) r ORDER BY x
SELECT x, z FROM (VALUES (1), (2)) t(x) JOIN LATERAL (SELECT y, y + x AS z FROM (VALUES (1), (2)) u(y)) q ON q.y = t.x ORDER BY x
SELECT x, r FROM (VALUES (1), (3)) t(x), LATERAL (SELECT row_number() OVER (ORDER BY y DESC) AS r, y FROM (VALUES (1), (2), (3)) u(y) WHERE y <= x) q WHERE y = 1 ORDER BY x
SELECT x, (SELECT count(*) FROM (VALUES (1), (2)) u(y) WHERE y <> x) AS n FROM (VALUES (1), (3), (NULL)) t(x) ORDER BY x
SELECT x, (SELECT count(*) FROM (VALUES (1), (2)) u(y) WHERE y > x HAVING count(*) > 1) AS n FROM (VALUES (0), (1)) t(x) ORDER BY x
SELECT x, (SELECT string_agg(y::text, ',' ORDER BY y) FROM (VALUES (3), (1), (2)) u(y) WHERE y >= x) AS s FROM (VALUES (1), (2), (9)) t(x) ORDER BY x
SELECT x, (SELECT y FROM (VALUES (1), (2)) u(y) WHERE y > x) FROM (VALUES (0)) t(x)
SELECT x, x > ALL (SELECT y FROM (VALUES (1), (2)) u(y) WHERE y <> x) AS a, x >= ANY (SELECT y FROM (VALUES (2), (NULL)) u(y)) AS b FROM (VALUES (1), (2), (NULL)) t(x) ORDER BY x
SELECT x, x IN (SELECT y FROM (VALUES (1), (NULL)) u(y)) AS a, x NOT IN (SELECT y FROM (VALUES (1), (2)) u(y)) AS b, x IN (SELECT y FROM (VALUES (1)) u(y) WHERE false) AS c FROM (VALUES (1), (3), (NULL)) t(x) ORDER BY x
SELECT x, x IN (SELECT y FROM (VALUES (1), (2), (3)) u(y) WHERE y > x - 1) AS a, x + 1 NOT IN (SELECT y FROM (VALUES (1), (2), (3)) u(y) WHERE y > x) AS b FROM (VALUES (1), (3), (NULL)) t(x) ORDER BY x
SELECT x, EXISTS (SELECT 1 FROM (VALUES (1), (2)) u(y) WHERE y > x) AS a, NOT EXISTS (SELECT 1 FROM (VALUES (1), (2)) u(y) WHERE y > x LIMIT 1) AS b FROM (VALUES (1), (2), (NULL)) t(x) ORDER BY x
SELECT x, (SELECT sum((SELECT count(*) FROM (VALUES (1), (2), (3)) v(z) WHERE z > y AND z > x)) FROM (VALUES (1), (2)) u(y)) AS s FROM (VALUES (0), (2)) t(x) ORDER BY x
SELECT g, sum(v), (SELECT max(y) FROM (VALUES (1), (5)) u(y) WHERE y < sum(v)) FROM (VALUES ('a', 1), ('a', 2), ('b', 9)) t(g, v) GROUP BY g ORDER BY g
SELECT g, (SELECT min(y) FROM (VALUES ('a'), ('c')) u(y) WHERE y > g) FROM (VALUES ('a', 1), ('a', 2), ('b', 9)) t(g, v) GROUP BY g ORDER BY g
SELECT x FROM (VALUES (1), (2), (3)) t(x) WHERE x > (SELECT avg(y) FROM (VALUES (1), (2), (3)) u(y) WHERE y <> x) ORDER BY x
SELECT x FROM (VALUES (1), (2), (3)) t(x) WHERE x = 2 OR EXISTS (SELECT 1 FROM (VALUES (3)) u(y) WHERE y = x AND y + x > 5) ORDER BY x
SELECT x, (SELECT array_agg(y ORDER BY y) FROM generate_series(1, x) y) FROM (VALUES (1), (3)) t(x) ORDER BY x
SELECT x, y FROM (VALUES (1), (2)) t(x) CROSS JOIN LATERAL (SELECT DISTINCT y % 2 AS y FROM (VALUES (1), (2), (3)) u(y) WHERE y >= x) q ORDER BY x, y
SELECT x, n FROM (VALUES (1), (2)) t(x), LATERAL (SELECT y % 2 AS k, count(*) AS n FROM (VALUES (1), (2), (3)) u(y) WHERE y >= x GROUP BY y % 2) q WHERE k = 1 ORDER BY x
SELECT x, (SELECT u.y FROM (VALUES (1), (2)) u(y) LEFT JOIN (VALUES (2), (3)) v(z) ON v.z = u.y + x WHERE v.z IS NULL) FROM (VALUES (1), (2)) t(x) ORDER BY x
SELECT x, y FROM (VALUES (1)) t(x), LATERAL (SELECT y FROM (VALUES (1), (2)) u(y) WHERE y >= x INTERSECT SELECT x + 1) q
WITH c AS (SELECT y FROM (VALUES (1), (2), (3)) u(y)) SELECT x, (SELECT count(*) FROM c WHERE c.y < t.x) FROM (VALUES (1), (3)) t(x) ORDER BY x
SELECT x, (WITH c AS (SELECT y FROM (VALUES (1), (2), (3)) u(y) WHERE y < x) SELECT count(*) FROM c a JOIN c b ON a.y <= b.y) FROM (VALUES (1), (3)) t(x) ORDER BY x
SELECT a.x, (SELECT count(*) FROM (VALUES (1), (2)) u(y) WHERE u.y < a.x + b.z) FROM (VALUES (1), (2)) a(x) JOIN (VALUES (0), (1)) b(z) ON a.x > b.z ORDER BY a.x, b.z
SELECT x, CASE WHEN x > 1 THEN (SELECT max(y) FROM (VALUES (1), (2)) u(y) WHERE y < x) ELSE 0 END FROM (VALUES (1), (2), (3)) t(x) ORDER BY x
SELECT a.x FROM (VALUES (1), (2)) a(x) LEFT JOIN (VALUES (1), (2)) b(y) ON b.y = a.x AND b.y > (SELECT min(z) FROM (VALUES (1)) c(z)) ORDER BY 1
SELECT x FROM (VALUES (1), (2)) t(x) GROUP BY x HAVING x < (SELECT max(y) FROM (VALUES (1), (2)) u(y) WHERE y <> x - 1) ORDER BY x
SELECT x FROM (VALUES (1), (3)) t(x) WHERE x NOT IN (SELECT y FROM (VALUES (1), (NULL)) u(y)) OR x = 100
SELECT x FROM (VALUES (1), (3)) t(x) WHERE (x IN (SELECT y FROM (VALUES (1), (NULL)) u(y))) IS NULL
SELECT x FROM (VALUES (1), (3), (4)) t(x) WHERE EXISTS (SELECT 1 FROM (VALUES (1), (3)) u(y) WHERE y = x AND EXISTS (SELECT 1 FROM (VALUES (3)) v(z) WHERE z = y)) OR x = 4 ORDER BY x
SELECT x, (SELECT count(*) FROM (VALUES (1), (3)) u(y) WHERE y IN (SELECT z FROM (VALUES (3), (4)) v(z)) AND y >= x) FROM (VALUES (1), (9)) t(x) ORDER BY x
SELECT (SELECT sum(v)) FROM (VALUES (1), (2)) t(v)
SELECT g, (SELECT max(y) FROM (VALUES (1), (5)) u(y) WHERE y < sum(v)) FROM (VALUES ('a', 1), ('a', 2), ('b', 9)) t(g, v) GROUP BY g ORDER BY g
SELECT (SELECT sum(v) + y FROM (VALUES (1)) u(y)) FROM (VALUES (1), (2)) t(v)
SELECT (SELECT sum(v + y) FROM (VALUES (1), (2)) u(y)) FROM (VALUES (1), (2)) t(v) ORDER BY 1
SELECT (SELECT max(sum(v)) FROM (VALUES (1)) u(y)) FROM (VALUES (1), (2)) t(v)
SELECT (SELECT max(y + sum(v)) FROM (VALUES (1), (2)) u(y)) FROM (VALUES (1), (2)) t(v)
SELECT sum((SELECT sum(v))) FROM (VALUES (1), (2)) t(v)
SELECT v FROM (VALUES (1), (2)) t(v) WHERE v > (SELECT sum(v))
SELECT v FROM (VALUES (1), (2)) t(v) GROUP BY (SELECT sum(v))
SELECT * FROM (VALUES (1), (2)) t(v), LATERAL (SELECT sum(t.v)) s
SELECT * FROM (VALUES (1), (2)) t(v) JOIN (VALUES (1)) u(w) ON (SELECT sum(v)) > w
SELECT v, (SELECT sum(v)) FROM (VALUES (1), (2)) t(v)
SELECT g FROM (VALUES ('a', 1), ('a', 2), ('b', 9)) t(g, v) GROUP BY g HAVING (SELECT sum(v) > 5) ORDER BY g
SELECT g FROM (VALUES ('a', 1), ('a', 2), ('b', 9)) t(g, v) GROUP BY g HAVING EXISTS (SELECT 1 FROM (VALUES (3)) u(y) WHERE y = sum(v)) ORDER BY g
SELECT g FROM (VALUES ('a', 1), ('a', 2), ('b', 9)) t(g, v) GROUP BY g ORDER BY (SELECT -sum(v))
SELECT g FROM (VALUES ('a', 1), ('a', 2), ('b', 9)) t(g, v) GROUP BY g HAVING 3 IN (SELECT sum(v)) ORDER BY g
SELECT g, 3 IN (SELECT y + count(*) FROM (VALUES (1), (2)) u(y)) FROM (VALUES ('a', 1), ('a', 2), ('b', 9)) t(g, v) GROUP BY g ORDER BY g
SELECT g, (SELECT count(v) FROM (VALUES (1), (2)) u(y)) FROM (VALUES ('a', 1), ('a', 2), ('b', 9)) t(g, v) GROUP BY g ORDER BY g
SELECT g, (SELECT count(v) FROM (VALUES (1)) u(y)), count(v) FROM (VALUES ('a', 1), ('a', 2), ('b', NULL)) t(g, v) GROUP BY g ORDER BY g
SELECT g, (SELECT avg(v)), (SELECT string_agg(v::text, ',' ORDER BY v DESC)), (SELECT array_agg(v ORDER BY v) FILTER (WHERE v > 1)), (SELECT count(DISTINCT v)) FROM (VALUES ('a', 1), ('a', 2), ('b', 9)) t(g, v) GROUP BY g ORDER BY g
SELECT (SELECT (SELECT sum(v))) FROM (VALUES (1), (2)) t(v)
SELECT (SELECT (SELECT sum(v) FROM (VALUES (1)) w(z)) FROM (VALUES (1)) u(y)) FROM (VALUES (1), (2)) t(v)
SELECT (SELECT sum(v) FILTER (WHERE y > 0) FROM (VALUES (1), (2)) u(y)) FROM (VALUES (1), (2)) t(v) ORDER BY 1
SELECT (SELECT sum(v) FILTER (WHERE v > 1) FROM (VALUES (1)) u(y)) FROM (VALUES (1), (2)) t(v)
SELECT (SELECT sum(v) OVER () FROM (VALUES (1), (2)) u(y) LIMIT 1) FROM (VALUES (1), (2)) t(v) ORDER BY 1
SELECT (SELECT sum(sum(v)) OVER () FROM (VALUES (1), (2)) u(y) LIMIT 1) FROM (VALUES (1), (2)) t(v)
SELECT g, (SELECT grouping(g)) FROM (VALUES ('a', 1), ('b', 9)) t(g, v) GROUP BY ROLLUP (g) ORDER BY g
SELECT f, (SELECT f + 1) FROM (VALUES (1.5::float8), (1.5), (2.5)) t(f) GROUP BY f ORDER BY f
SELECT n, (SELECT n * 2) FROM (VALUES (1.5), (1.50), (2.5)) t(n) GROUP BY n ORDER BY n
SELECT g, sum(v) > ALL (SELECT y FROM (VALUES (1), (5)) u(y)), sum(v) = ANY (SELECT y FROM (VALUES (3::int8), (9)) u(y)) FROM (VALUES ('a', 1), ('a', 2), ('b', 9)) t(g, v) GROUP BY g ORDER BY g
SELECT g FROM (VALUES ('a', 1), ('a', 2), ('b', 9)) t(g, v) GROUP BY g HAVING sum(v) >= ALL (SELECT w FROM (VALUES (1), (5)) u(w)) ORDER BY g
SELECT g FROM (VALUES ('a', 1), ('a', 2), ('b', 9)) t(g, v) GROUP BY g HAVING sum(v) >= ALL (SELECT w + sum(v) - 5 FROM (VALUES (1), (5)) u(w)) ORDER BY g
SELECT g FROM (VALUES ('a', 1), ('a', 2), ('b', 9)) t(g, v) GROUP BY g HAVING sum(v) IN (SELECT w FROM (VALUES (3), (5)) u(w)) ORDER BY g
SELECT v FROM (VALUES (1), (2)) t(v) WHERE sum(v) >= ALL (SELECT 1)
SELECT x FROM (VALUES (1), (5)) t(x) WHERE x IN (SELECT x) ORDER BY x
SELECT x FROM (VALUES (1), (NULL)) t(x) WHERE x IN (SELECT x) ORDER BY x
SELECT x, x IN (SELECT x), x = ANY (SELECT x + 1), x NOT IN (SELECT x) FROM (VALUES (1), (5), (NULL)) t(x) ORDER BY x
SELECT (SELECT sum(v) WHERE count(*) > 1) FROM (VALUES (1), (2)) t(v)
SELECT (SELECT sum(v) WHERE count(v) > 1) FROM (VALUES (1), (2)) t(v)
SELECT count(*), (SELECT y FROM (VALUES (1), (2)) u(y) ORDER BY abs(y - sum(v)) LIMIT 1) FROM (VALUES (1), (2)) t(v)
SELECT (SELECT max(v) FROM (VALUES (7)) u(v)) FROM (VALUES (1), (2)) t(v) ORDER BY 1
SELECT DISTINCT (SELECT sum(v)) FROM (VALUES ('a', 1), ('b', 1)) t(g, v) GROUP BY g
SELECT g, (SELECT sum(v) FROM (VALUES (1)) u(y) GROUP BY y) FROM (VALUES ('a', 1), ('b', 1)) t(g, v) GROUP BY g ORDER BY g
SELECT (SELECT sum(v) FROM (VALUES (1)) u(y) HAVING sum(v) > 1) FROM (VALUES (1), (2)) t(v)
SELECT g, (SELECT v) FROM (VALUES ('a', 1), ('b', 1)) t(g, v) GROUP BY g
SELECT rank(1) WITHIN GROUP (ORDER BY v), (SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY v)) FROM (VALUES (1), (2)) t(v)
SELECT 1 FROM (VALUES (1)) a(x) JOIN (VALUES (1)) b(y) ON (SELECT sum(x)) = y
SELECT 1 FROM (VALUES (1)) a(x) LEFT JOIN (VALUES (1)) b(y) ON (SELECT sum(x) + sum(y)) = 1
SELECT x FROM (VALUES (1)) a(x) UNION SELECT 2 ORDER BY (SELECT sum(x))
SELECT x FROM (VALUES (1)) a(x) LIMIT (SELECT sum(x))
SELECT (SELECT (SELECT sum(a.x) + sum(b.y)) FROM (VALUES (1), (2)) b(y)) FROM (VALUES (1), (3)) a(x)
SELECT (SELECT sum(sum(a.x)) FROM (VALUES (1), (2)) b(y)) FROM (VALUES (1), (3)) a(x)
SELECT sum((SELECT sum(a.x))) FROM (VALUES (1), (3)) a(x)
SELECT x FROM (VALUES (1), (3)) a(x) GROUP BY x HAVING EXISTS (SELECT 1 FROM (VALUES (2)) b(y) WHERE y < sum(x)) ORDER BY (SELECT -sum(x))
SELECT sum(x) OVER (ORDER BY (SELECT sum(x))) FROM (VALUES (1), (3)) a(x) GROUP BY x
-- Records and arrays of the query around.
SELECT (SELECT (r).f2) FROM (SELECT ROW(1, 2) r, 5 x) t
SELECT (SELECT t) FROM (SELECT ROW(1, 2) r, 5 x) t
SELECT (SELECT r), (SELECT r::text) FROM (VALUES (ROW(1, 2), 5), (ROW(1, 2), 6), (NULL, 7), (ROW(3, 4), 5)) t(r, x) ORDER BY x, t.r
SELECT (SELECT count(*) FROM (VALUES (1), (3)) u(y) WHERE u.y < t.x AND r IS NOT NULL) FROM (VALUES (ROW(1, 2), 5), (ROW(1, 2), 6), (NULL, 7), (ROW(3, 4), 5)) t(r, x) ORDER BY x, r
SELECT (SELECT array_agg(y) FROM (VALUES (1), (3)) u(y) WHERE ROW(y, y + 1) = r) FROM (VALUES (ROW(1, 2), 5), (ROW(1, 2), 6), (NULL, 7), (ROW(3, 4), 5)) t(r, x) ORDER BY x, r
SELECT x, l.* FROM (VALUES (ROW(1, 2), 5), (NULL, 7), (ROW(3, 4), 5)) t(r, x), LATERAL (SELECT y, row_number() OVER (PARTITION BY r IS NULL ORDER BY y) AS n FROM (VALUES (1), (3)) u(y)) l ORDER BY 1, 2, 3
SELECT (SELECT array_agg(t)), (SELECT (array_agg(t))[1]) FROM (VALUES (1), (3)) t(x)
SELECT (SELECT max(y) FROM (VALUES (1), (3)) u(y) WHERE y <> ALL (a)) FROM (VALUES (ARRAY[3]), (ARRAY[1]), (NULL), ('{{1,3}}')) t(a) ORDER BY a
SELECT (SELECT array_agg(x ORDER BY x DESC)), (SELECT length(string_agg(x::text, ','))) FROM (VALUES (1), (3)) t(x)
SELECT CASE WHEN x = 0 THEN 0 ELSE (SELECT 10 / x) END FROM (VALUES (0), (5)) t(x) ORDER BY x
SELECT k, (SELECT sum(x) + 1), (SELECT sum(x)::text || k) FROM (VALUES ('a', 0.1::float8), ('a', 0.2), ('b', 0.3)) t(k, x) GROUP BY k ORDER BY k
