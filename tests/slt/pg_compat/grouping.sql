-- GROUP BY, HAVING, grouping sets.
SELECT g, count(*), count(v), sum(v) FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', 1, NULL), (NULL, 3, 5)) s(g, k, v) GROUP BY g ORDER BY g
SELECT g, k, sum(v) FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', 1, NULL), (NULL, 3, 5)) s(g, k, v) GROUP BY g, k ORDER BY g, k
SELECT k, g FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', 1, NULL), (NULL, 3, 5)) s(g, k, v) GROUP BY k, g ORDER BY k, g
SELECT g FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', 1, NULL), (NULL, 3, 5)) s(g, k, v) GROUP BY g HAVING count(*) > 1 ORDER BY g
SELECT g FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', 1, NULL), (NULL, 3, 5)) s(g, k, v) GROUP BY g HAVING sum(v) IS NOT NULL AND max(k) > 1 ORDER BY g
SELECT count(*) FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', 1, NULL), (NULL, 3, 5)) s(g, k, v) HAVING count(*) > 10
SELECT count(*) FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', 1, NULL), (NULL, 3, 5)) s(g, k, v) HAVING true
SELECT 1 FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', 1, NULL), (NULL, 3, 5)) s(g, k, v) HAVING count(*) > 1
SELECT 1 HAVING true
SELECT g FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', 1, NULL), (NULL, 3, 5)) s(g, k, v) HAVING true
SELECT k + 1, count(*) FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', 1, NULL), (NULL, 3, 5)) s(g, k, v) GROUP BY k + 1 ORDER BY 1
SELECT k + 1 AS n, count(*) FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', 1, NULL), (NULL, 3, 5)) s(g, k, v) GROUP BY n ORDER BY n
SELECT k % 2 AS k, count(*) FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', 1, NULL), (NULL, 3, 5)) s(g, k, v) GROUP BY k ORDER BY 1, 2
SELECT upper(g) AS u, sum(k) FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', 1, NULL), (NULL, 3, 5)) s(g, k, v) GROUP BY upper(g) ORDER BY u
SELECT upper(g) || '!' AS u, sum(k) FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', 1, NULL), (NULL, 3, 5)) s(g, k, v) GROUP BY g ORDER BY u
SELECT upper(g), g FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', 1, NULL), (NULL, 3, 5)) s(g, k, v) GROUP BY upper(g)
SELECT g, v FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', 1, NULL), (NULL, 3, 5)) s(g, k, v) GROUP BY g
SELECT g FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', 1, NULL), (NULL, 3, 5)) s(g, k, v) GROUP BY g ORDER BY v
SELECT g FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', 1, NULL), (NULL, 3, 5)) s(g, k, v) GROUP BY 1 ORDER BY 1
SELECT g, k FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', 1, NULL), (NULL, 3, 5)) s(g, k, v) GROUP BY 1, 2 ORDER BY 2, 1
SELECT g FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', 1, NULL), (NULL, 3, 5)) s(g, k, v) GROUP BY 0
SELECT g FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', 1, NULL), (NULL, 3, 5)) s(g, k, v) GROUP BY 2
SELECT g FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', 1, NULL), (NULL, 3, 5)) s(g, k, v) GROUP BY 'x'
SELECT 'x' AS c, count(*) FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', 1, NULL), (NULL, 3, 5)) s(g, k, v) GROUP BY c
SELECT g, count(*) FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', 1, NULL), (NULL, 3, 5)) s(g, k, v) GROUP BY nosuch
SELECT count(*) AS c FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', 1, NULL), (NULL, 3, 5)) s(g, k, v) GROUP BY c
SELECT count(*) FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', 1, NULL), (NULL, 3, 5)) s(g, k, v) GROUP BY count(*)
SELECT g FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', 1, NULL), (NULL, 3, 5)) s(g, k, v) WHERE count(*) > 1 GROUP BY g
SELECT sum(count(*)) FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', 1, NULL), (NULL, 3, 5)) s(g, k, v)
SELECT g, sum(v) AS t FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', 1, NULL), (NULL, 3, 5)) s(g, k, v) GROUP BY g HAVING t > 1
SELECT g, sum(v) FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', 1, NULL), (NULL, 3, 5)) s(g, k, v) GROUP BY g ORDER BY sum(v) DESC NULLS LAST, g
SELECT g, sum(v) + 1 AS t FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', 1, NULL), (NULL, 3, 5)) s(g, k, v) GROUP BY g ORDER BY t, g
SELECT g FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', 1, NULL), (NULL, 3, 5)) s(g, k, v) GROUP BY g ORDER BY count(*) DESC, g
SELECT count(*) FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', 1, NULL), (NULL, 3, 5)) s(g, k, v) GROUP BY g ORDER BY g
SELECT count(*) FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', 1, NULL), (NULL, 3, 5)) s(g, k, v) GROUP BY ()
SELECT count(*) FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', 1, NULL), (NULL, 3, 5)) s(g, k, v) WHERE false GROUP BY ()
SELECT count(*) FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', 1, NULL), (NULL, 3, 5)) s(g, k, v) WHERE false
SELECT g, count(*) FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', 1, NULL), (NULL, 3, 5)) s(g, k, v) WHERE false GROUP BY g
SELECT sum(v), max(v), min(v), avg(v), count(v) FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', 1, NULL), (NULL, 3, 5)) s(g, k, v) WHERE false
SELECT g, k, sum(v) FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', 1, NULL), (NULL, 3, 5)) s(g, k, v) GROUP BY ROLLUP (g, k) ORDER BY g, k, sum(v)
SELECT g, k, count(*), grouping(g), grouping(k), grouping(g, k) FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', 1, NULL), (NULL, 3, 5)) s(g, k, v) GROUP BY ROLLUP (g, k) ORDER BY grouping(g, k), g, k
SELECT g, k, count(*), grouping(g, k) FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', 1, NULL), (NULL, 3, 5)) s(g, k, v) GROUP BY CUBE (g, k) ORDER BY 4, 1, 2
SELECT g, k, sum(v) FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', 1, NULL), (NULL, 3, 5)) s(g, k, v) GROUP BY GROUPING SETS ((g), (k)) ORDER BY g, k
SELECT g, k, sum(v) FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', 1, NULL), (NULL, 3, 5)) s(g, k, v) GROUP BY GROUPING SETS ((g, k), (g), ()) ORDER BY g, k, sum(v)
SELECT g, k, count(*) FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', 1, NULL), (NULL, 3, 5)) s(g, k, v) GROUP BY g, ROLLUP (k) ORDER BY g, k, count(*)
SELECT g, k, count(*) FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', 1, NULL), (NULL, 3, 5)) s(g, k, v) GROUP BY ROLLUP ((g, k)) ORDER BY g, k, count(*)
SELECT g, count(*) FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', 1, NULL), (NULL, 3, 5)) s(g, k, v) GROUP BY GROUPING SETS ((g), (g)) ORDER BY g, 2
SELECT g, count(*) FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', 1, NULL), (NULL, 3, 5)) s(g, k, v) GROUP BY DISTINCT GROUPING SETS ((g), (g)) ORDER BY g
SELECT count(*) FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', 1, NULL), (NULL, 3, 5)) s(g, k, v) WHERE false GROUP BY GROUPING SETS ((), ())
SELECT g, count(*) FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', 1, NULL), (NULL, 3, 5)) s(g, k, v) WHERE false GROUP BY GROUPING SETS ((), (g))
SELECT g, sum(k) FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', 1, NULL), (NULL, 3, 5)) s(g, k, v) GROUP BY ROLLUP (g) HAVING sum(k) > 2 ORDER BY g, 2
SELECT coalesce(g, 'all') AS g, sum(k) FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', 1, NULL), (NULL, 3, 5)) s(g, k, v) WHERE g IS NOT NULL GROUP BY ROLLUP (g) ORDER BY 2
SELECT CASE WHEN grouping(g) = 1 THEN 'total' ELSE g END AS g, sum(k) FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', 1, NULL), (NULL, 3, 5)) s(g, k, v) GROUP BY ROLLUP (g) ORDER BY grouping(g), g
SELECT g, k + 1 AS n, count(*) FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', 1, NULL), (NULL, 3, 5)) s(g, k, v) GROUP BY GROUPING SETS ((g), (k + 1)) ORDER BY g, n
SELECT grouping(g) FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', 1, NULL), (NULL, 3, 5)) s(g, k, v)
SELECT grouping(v) FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', 1, NULL), (NULL, 3, 5)) s(g, k, v) GROUP BY g
SELECT g, rank() OVER (ORDER BY sum(k)) FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', 1, NULL), (NULL, 3, 5)) s(g, k, v) GROUP BY ROLLUP (g) ORDER BY 2, 1
SELECT DISTINCT g FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', 1, NULL), (NULL, 3, 5)) s(g, k, v) GROUP BY g, k ORDER BY g
SELECT max(c) FROM (SELECT count(*) AS c FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', 1, NULL), (NULL, 3, 5)) s(g, k, v) GROUP BY g) q
SELECT g, array_agg(k ORDER BY k, v) FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', 1, NULL), (NULL, 3, 5)) s(g, k, v) GROUP BY g ORDER BY g
SELECT s.g, sum(s.v) FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', 1, NULL), (NULL, 3, 5)) s(g, k, v) GROUP BY s.g ORDER BY s.g
SELECT s.* FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', 1, NULL), (NULL, 3, 5)) s(g, k, v) GROUP BY g, k, v ORDER BY g, k, v
SELECT s FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', 1, NULL), (NULL, 3, 5)) s(g, k, v) GROUP BY s ORDER BY s
SELECT g, (SELECT max(k) FROM (VALUES (1), (2)) q(k)) FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', 1, NULL), (NULL, 3, 5)) s(g, k, v) GROUP BY g ORDER BY g
SELECT g, (SELECT count(*) FROM (VALUES ('a')) q(h) WHERE h = g) FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', 1, NULL), (NULL, 3, 5)) s(g, k, v) GROUP BY g ORDER BY g
SELECT g, (SELECT count(*) FROM (VALUES (1)) q(h) WHERE h = k) FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', 1, NULL), (NULL, 3, 5)) s(g, k, v) GROUP BY g ORDER BY g
SELECT k IS NULL AS e, count(*) FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', 1, NULL), (NULL, 3, 5)) s(g, k, v) GROUP BY k IS NULL
SELECT g = 'a' AS e, count(*) FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', 1, NULL), (NULL, 3, 5)) s(g, k, v) GROUP BY 1 ORDER BY 1
SELECT CASE WHEN k > 1 THEN 'big' ELSE 'small' END AS size, count(*) FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', 1, NULL), (NULL, 3, 5)) s(g, k, v) GROUP BY size ORDER BY size
SELECT v / 10.0 AS r, count(*) FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', 1, NULL), (NULL, 3, 5)) s(g, k, v) GROUP BY r ORDER BY r
SELECT x, count(*) FROM (VALUES (1.0), (1.00), (1)) t(x) GROUP BY x
SELECT x, count(*) FROM (VALUES ('a'), ('A'), ('a ')) t(x) GROUP BY x ORDER BY x
SELECT x, count(*) FROM (VALUES ('a'::char(3)), ('a '), ('b')) t(x) GROUP BY x ORDER BY x
SELECT x, count(*) FROM (VALUES ('NaN'::float8), ('NaN'), ('-0'), ('0')) t(x) GROUP BY x ORDER BY x, 2
SELECT x, count(*) FROM (VALUES (NULL::int4), (NULL), (1)) t(x) GROUP BY x ORDER BY x
SELECT g, k + v FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', 1, NULL), (NULL, 3, 5)) s(g, k, v) GROUP BY g, k
SELECT g FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', 1, NULL), (NULL, 3, 5)) s(g, k, v) GROUP BY g ORDER BY k
SELECT g FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', 1, NULL), (NULL, 3, 5)) s(g, k, v) GROUP BY g HAVING v > 1
SELECT sum(v) OVER (), g FROM (VALUES ('a', 1, 10), ('a', 2, 20), ('b', 1, 30), ('b', 1, NULL), (NULL, 3, 5)) s(g, k, v) GROUP BY g
SELECT x, count(*), grouping(x) FROM (VALUES (1.5::float8), (1.5), (NULL)) t(x) GROUP BY ROLLUP (x) ORDER BY grouping(x), x
SELECT x, sum(n), grouping(x, d) FROM (VALUES (interval '1 day', 1.0, 1), ('24 hours', 2.50, 2)) t(d, x, n) GROUP BY GROUPING SETS ((x), (d), ()) ORDER BY x, 2, 3
SELECT x IS TRUE, count(*) FROM (VALUES (true), (NULL)) t(x) GROUP BY x IS TRUE ORDER BY 1
SELECT bool_or(x IS TRUE), bool_and(x IS NOT TRUE), count(*) FILTER (WHERE x IS DISTINCT FROM y) FROM (VALUES (true, NULL), (NULL, NULL)) t(x, y)
SELECT x IS DISTINCT FROM y, sum(1) FROM (VALUES (1, NULL), (NULL, NULL), (2, 2)) t(x, y) GROUP BY 1 ORDER BY 1
SELECT x IS NOT DISTINCT FROM y AS same, max(x) FROM (VALUES (1, NULL), (NULL, NULL), (2, 2)) t(x, y) GROUP BY same HAVING bool_or(x IS DISTINCT FROM y) ORDER BY 1
-- Keys that are one column, or constant, and that some sets leave out.
SELECT a, b, count(*) FROM (SELECT x AS a, x AS b FROM (VALUES (1), (2)) t(x)) s GROUP BY a, ROLLUP (b) ORDER BY 1, 2
SELECT x AS a, x AS b, count(*) FROM (VALUES (1), (2)) t(x) GROUP BY 1, ROLLUP (2) ORDER BY 1, 2
SELECT x, count(*) FROM (VALUES (1), (2)) t(x) GROUP BY x, ROLLUP (x) ORDER BY 1, 2
SELECT x, count(*), grouping(x) FROM (VALUES (1), (2)) t(x) GROUP BY ROLLUP (x), ROLLUP (x) ORDER BY 1, 2, 3
SELECT x, count(*), grouping(x) FROM (VALUES (1), (2)) t(x) GROUP BY GROUPING SETS ((x), (x), ()) ORDER BY 1, 2, 3
SELECT x + 1 AS y, x + 1, count(*) FROM (VALUES (1), (2)) t(x) GROUP BY x + 1, ROLLUP (x + 1) ORDER BY 1, 2, 3
SELECT a, (SELECT a + 1), (SELECT count(*) FROM (VALUES (1), (2)) u(y) WHERE y = a) FROM (VALUES (1), (2)) t(a) GROUP BY ROLLUP (a) ORDER BY a
SELECT g, (SELECT grouping(g) + 1), (SELECT sum(v) + grouping(g)) FROM (VALUES ('a', 1), ('b', 9)) t(g, v) GROUP BY ROLLUP (g) ORDER BY g
SELECT x + 1 AS a, x + 1 AS b, count(*) FROM (VALUES (1), (2)) t(x) GROUP BY a, ROLLUP (b) ORDER BY 1, 2
