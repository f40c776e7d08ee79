-- Joins.
SELECT id, title FROM (VALUES (1, 'ann', 10), (2, 'bob', 20), (3, 'cid', NULL), (4, 'dan', 10)) e(id, name, dept) JOIN (VALUES (10, 'lab'), (20, 'ops'), (30, 'hr')) d(dept, title) ON e.dept = d.dept ORDER BY id
SELECT id, title FROM (VALUES (1, 'ann', 10), (2, 'bob', 20), (3, 'cid', NULL), (4, 'dan', 10)) e(id, name, dept) INNER JOIN (VALUES (10, 'lab'), (20, 'ops'), (30, 'hr')) d(dept, title) USING (dept) ORDER BY id
SELECT * FROM (VALUES (1, 'ann', 10), (2, 'bob', 20), (3, 'cid', NULL), (4, 'dan', 10)) e(id, name, dept) JOIN (VALUES (10, 'lab'), (20, 'ops'), (30, 'hr')) d(dept, title) USING (dept) ORDER BY id
SELECT * FROM (VALUES (1, 'ann', 10), (2, 'bob', 20), (3, 'cid', NULL), (4, 'dan', 10)) e(id, name, dept) LEFT JOIN (VALUES (10, 'lab'), (20, 'ops'), (30, 'hr')) d(dept, title) USING (dept) ORDER BY id
SELECT * FROM (VALUES (1, 'ann', 10), (2, 'bob', 20), (3, 'cid', NULL), (4, 'dan', 10)) e(id, name, dept) RIGHT JOIN (VALUES (10, 'lab'), (20, 'ops'), (30, 'hr')) d(dept, title) USING (dept) ORDER BY dept, id
SELECT * FROM (VALUES (1, 'ann', 10), (2, 'bob', 20), (3, 'cid', NULL), (4, 'dan', 10)) e(id, name, dept) FULL JOIN (VALUES (10, 'lab'), (20, 'ops'), (30, 'hr')) d(dept, title) USING (dept) ORDER BY dept, id
SELECT * FROM (VALUES (1, 'ann', 10), (2, 'bob', 20), (3, 'cid', NULL), (4, 'dan', 10)) e(id, name, dept) NATURAL JOIN (VALUES (10, 'lab'), (20, 'ops'), (30, 'hr')) d(dept, title) ORDER BY id
SELECT * FROM (VALUES (1, 'ann', 10), (2, 'bob', 20), (3, 'cid', NULL), (4, 'dan', 10)) e(id, name, dept) NATURAL LEFT JOIN (VALUES (10, 'lab'), (20, 'ops'), (30, 'hr')) d(dept, title) ORDER BY id
SELECT * FROM (VALUES (1, 'ann', 10), (2, 'bob', 20), (3, 'cid', NULL), (4, 'dan', 10)) e(id, name, dept) NATURAL FULL OUTER JOIN (VALUES (10, 'lab'), (20, 'ops'), (30, 'hr')) d(dept, title) ORDER BY dept, id
SELECT * FROM (VALUES (1, 'ann', 10), (2, 'bob', 20), (3, 'cid', NULL), (4, 'dan', 10)) e(id, name, dept) LEFT JOIN (VALUES (10, 'lab'), (20, 'ops'), (30, 'hr')) d(dept, title) ON e.dept = d.dept ORDER BY id
SELECT * FROM (VALUES (1, 'ann', 10), (2, 'bob', 20), (3, 'cid', NULL), (4, 'dan', 10)) e(id, name, dept) FULL JOIN (VALUES (10, 'lab'), (20, 'ops'), (30, 'hr')) d(dept, title) ON e.dept = d.dept ORDER BY id, d.dept
SELECT * FROM (VALUES (1, 'ann', 10), (2, 'bob', 20), (3, 'cid', NULL), (4, 'dan', 10)) e(id, name, dept) LEFT OUTER JOIN (VALUES (10, 'lab'), (20, 'ops'), (30, 'hr')) d(dept, title) ON e.dept = d.dept AND title = 'ops' ORDER BY id
SELECT * FROM (VALUES (1, 'ann', 10), (2, 'bob', 20), (3, 'cid', NULL), (4, 'dan', 10)) e(id, name, dept) LEFT JOIN (VALUES (10, 'lab'), (20, 'ops'), (30, 'hr')) d(dept, title) ON e.dept = d.dept WHERE d.dept IS NULL ORDER BY id
SELECT * FROM (VALUES (1, 'ann', 10), (2, 'bob', 20), (3, 'cid', NULL), (4, 'dan', 10)) e(id, name, dept) LEFT JOIN (VALUES (10, 'lab'), (20, 'ops'), (30, 'hr')) d(dept, title) ON false ORDER BY id
SELECT * FROM (VALUES (1, 'ann', 10), (2, 'bob', 20), (3, 'cid', NULL), (4, 'dan', 10)) e(id, name, dept) JOIN (VALUES (10, 'lab'), (20, 'ops'), (30, 'hr')) d(dept, title) ON true WHERE id = 1 ORDER BY title
SELECT count(*) FROM (VALUES (1, 'ann', 10), (2, 'bob', 20), (3, 'cid', NULL), (4, 'dan', 10)) e(id, name, dept) CROSS JOIN (VALUES (10, 'lab'), (20, 'ops'), (30, 'hr')) d(dept, title)
SELECT count(*) FROM (VALUES (1, 'ann', 10), (2, 'bob', 20), (3, 'cid', NULL), (4, 'dan', 10)) e(id, name, dept), (VALUES (10, 'lab'), (20, 'ops'), (30, 'hr')) d(dept, title)
SELECT id, title FROM (VALUES (1, 'ann', 10), (2, 'bob', 20), (3, 'cid', NULL), (4, 'dan', 10)) e(id, name, dept), (VALUES (10, 'lab'), (20, 'ops'), (30, 'hr')) d(dept, title) WHERE e.dept = d.dept AND id > 1 ORDER BY id
SELECT e.id, f.id FROM (VALUES (1, 'ann', 10), (2, 'bob', 20), (3, 'cid', NULL), (4, 'dan', 10)) e(id, name, dept) JOIN (VALUES (1), (2), (4)) f(id) ON e.id < f.id ORDER BY 1, 2
SELECT a.name, b.name FROM (VALUES (1, 'ann', 10), (2, 'bob', 20), (3, 'cid', NULL), (4, 'dan', 10)) e(id, name, dept) JOIN (VALUES (10, 'zoe'), (20, 'yan')) b(dept, name) USING (dept) JOIN (VALUES (1)) a(name) ON true ORDER BY 2
SELECT dept, e.dept, d.dept FROM (VALUES (1, 'ann', 10), (2, 'bob', 20), (3, 'cid', NULL), (4, 'dan', 10)) e(id, name, dept) FULL JOIN (VALUES (10, 'lab'), (20, 'ops'), (30, 'hr')) d(dept, title) USING (dept) ORDER BY 1, 2, 3
SELECT dept FROM (VALUES (1, 'ann', 10), (2, 'bob', 20), (3, 'cid', NULL), (4, 'dan', 10)) e(id, name, dept) RIGHT JOIN (VALUES (10, 'lab'), (20, 'ops'), (30, 'hr')) d(dept, title) USING (dept) GROUP BY dept ORDER BY dept
SELECT e.dept FROM (VALUES (1, 'ann', 10), (2, 'bob', 20), (3, 'cid', NULL), (4, 'dan', 10)) e(id, name, dept) JOIN (VALUES (10, 'lab'), (20, 'ops'), (30, 'hr')) d(dept, title) ON e.dept = d.dept ORDER BY id
SELECT dept FROM (VALUES (1, 'ann', 10), (2, 'bob', 20), (3, 'cid', NULL), (4, 'dan', 10)) e(id, name, dept) JOIN (VALUES (10, 'lab'), (20, 'ops'), (30, 'hr')) d(dept, title) ON e.dept = d.dept
SELECT * FROM (VALUES (1, 'ann', 10), (2, 'bob', 20), (3, 'cid', NULL), (4, 'dan', 10)) e(id, name, dept) JOIN (VALUES (10, 'lab'), (20, 'ops'), (30, 'hr')) d(dept, title) USING (nosuch)
SELECT * FROM (VALUES (1, 'ann', 10), (2, 'bob', 20), (3, 'cid', NULL), (4, 'dan', 10)) e(id, name, dept) JOIN (VALUES (10, 'lab'), (20, 'ops'), (30, 'hr')) d(dept, title) USING (title)
SELECT * FROM (VALUES (1, 'ann', 10), (2, 'bob', 20), (3, 'cid', NULL), (4, 'dan', 10)) e(id, name, dept) JOIN (VALUES (10, 'lab'), (20, 'ops'), (30, 'hr')) d(dept, title) ON nosuch = 1
SELECT * FROM (VALUES (1, 'ann', 10), (2, 'bob', 20), (3, 'cid', NULL), (4, 'dan', 10)) e(id, name, dept) JOIN (VALUES (10, 'lab'), (20, 'ops'), (30, 'hr')) d(dept, title) ON e.dept
SELECT * FROM (VALUES (1, 'ann', 10), (2, 'bob', 20), (3, 'cid', NULL), (4, 'dan', 10)) e(id, name, dept) JOIN (VALUES (10, 'lab'), (20, 'ops'), (30, 'hr')) d(dept, title)
SELECT * FROM (VALUES (1, 'ann', 10), (2, 'bob', 20), (3, 'cid', NULL), (4, 'dan', 10)) e(id, name, dept) CROSS JOIN (VALUES (10, 'lab'), (20, 'ops'), (30, 'hr')) d(dept, title) ON true
SELECT * FROM (VALUES (1)) a(x) JOIN (VALUES (1)) a(y) ON true
SELECT * FROM (VALUES (1)) a(x), (SELECT a.x) b
SELECT * FROM (VALUES (1)) a(x) JOIN (SELECT a.x + 1) b(y) ON true
SELECT * FROM (VALUES (1), (2)) a(x), LATERAL (SELECT a.x + 1) b(y) ORDER BY x
SELECT * FROM (VALUES (1), (2)) a(x) CROSS JOIN LATERAL (SELECT x * 10 AS y) b ORDER BY x
SELECT x, y FROM (VALUES (1), (2), (3)) a(x) LEFT JOIN LATERAL (SELECT y FROM (VALUES (1), (2), (2)) b(y) WHERE y = x) c ON true ORDER BY x, y
SELECT x, y FROM (VALUES (1), (2), (3)) a(x) LEFT JOIN LATERAL (SELECT max(y) AS y FROM (VALUES (1), (2), (5)) b(y) WHERE y > x) c ON true ORDER BY x
SELECT x, y FROM (VALUES (1), (2), (3)) a(x), LATERAL (SELECT y FROM (VALUES (1), (2), (5)) b(y) WHERE y >= x ORDER BY y LIMIT 1) c ORDER BY x
SELECT x, y FROM (VALUES (1), (2)) a(x), generate_series(1, x) y ORDER BY x, y
SELECT x, y FROM (VALUES (1), (2)) a(x), LATERAL generate_series(x, 2) AS y ORDER BY x, y
SELECT x, y FROM (VALUES (1), (0)) a(x) LEFT JOIN generate_series(1, x) y ON true ORDER BY x, y
SELECT x, y FROM (VALUES (1)) a(x) RIGHT JOIN LATERAL (SELECT x) b(y) ON true
SELECT a.x, b.x FROM (VALUES (1), (NULL)) a(x) JOIN (VALUES (1), (NULL)) b(x) ON a.x = b.x
SELECT a.x, b.x FROM (VALUES (1), (NULL)) a(x) JOIN (VALUES (1), (NULL)) b(x) ON a.x IS NOT DISTINCT FROM b.x ORDER BY a.x
SELECT a.x, b.x FROM (VALUES (1), (NULL)) a(x) FULL JOIN (VALUES (1), (NULL)) b(x) ON a.x = b.x ORDER BY a.x, b.x
SELECT a.x, b.y FROM (VALUES (1::int2), (2)) a(x) JOIN (VALUES (1::int8), (3)) b(y) ON x = y
SELECT a.x, b.y FROM (VALUES (1), (2)) a(x) JOIN (VALUES (1.0), (2.5)) b(y) ON x = y
SELECT * FROM (VALUES (1::int2)) a(x) JOIN (VALUES (1::int8)) b(x) USING (x)
SELECT pg_typeof(x) FROM (VALUES (1::int2)) a(x) JOIN (VALUES (1::int8)) b(x) USING (x)
SELECT pg_typeof(x) FROM (VALUES (1::int2)) a(x) FULL JOIN (VALUES (1::int8)) b(x) USING (x)
SELECT * FROM (VALUES (1, 2)) a(x, y) JOIN (VALUES (1, 2)) b(x, y) USING (x, y)
SELECT * FROM (VALUES (1, 2)) a(x, y) JOIN (VALUES (1, 3)) b(x, z) USING (x) JOIN (VALUES (1, 4)) c(x, w) USING (x)
SELECT j.* FROM ((VALUES (1, 2)) a(x, y) JOIN (VALUES (1, 3)) b(x, z) USING (x)) j
SELECT j.x FROM ((VALUES (1, 2)) a(x, y) JOIN (VALUES (1, 3)) b(x, z) USING (x)) AS j(x, p, q)
SELECT k.x, a.y FROM (VALUES (1, 2)) a(x, y) JOIN (VALUES (1, 3)) b(x, z) USING (x) AS k
SELECT a.x FROM ((VALUES (1)) a(x) JOIN (VALUES (1)) b(y) ON x = y) j
SELECT * FROM (VALUES (1), (2)) a(x) LEFT JOIN ((VALUES (1), (3)) b(y) JOIN (VALUES (3), (1)) c(z) ON y = z) ON x = y ORDER BY x
SELECT * FROM (VALUES (1), (2)) a(x) LEFT JOIN (VALUES (1)) b(y) ON x = y LEFT JOIN (VALUES (1)) c(z) ON y = z ORDER BY x
SELECT * FROM (VALUES (1), (2)) a(x) LEFT JOIN (VALUES (1), (1)) b(y) ON x = y AND x > 1 ORDER BY x
SELECT a.x FROM (VALUES (1), (2)) a(x) JOIN (VALUES (2)) b(x) ON a.x = b.x OR b.x IS NULL
SELECT name, (SELECT title FROM (VALUES (10, 'lab'), (20, 'ops'), (30, 'hr')) d(dept, title) WHERE d.dept = e.dept) FROM (VALUES (1, 'ann', 10), (2, 'bob', 20), (3, 'cid', NULL), (4, 'dan', 10)) e(id, name, dept) ORDER BY id
SELECT dept, count(*), count(id) FROM (VALUES (1, 'ann', 10), (2, 'bob', 20), (3, 'cid', NULL), (4, 'dan', 10)) e(id, name, dept) FULL JOIN (VALUES (10, 'lab'), (20, 'ops'), (30, 'hr')) d(dept, title) USING (dept) GROUP BY dept ORDER BY dept
SELECT title, string_agg(name, ',' ORDER BY name) FROM (VALUES (10, 'lab'), (20, 'ops'), (30, 'hr')) d(dept, title) LEFT JOIN (VALUES (1, 'ann', 10), (2, 'bob', 20), (3, 'cid', NULL), (4, 'dan', 10)) e(id, name, dept) USING (dept) GROUP BY title ORDER BY title
SELECT * FROM (SELECT 1 AS a) x NATURAL JOIN (SELECT 2 AS b) y
SELECT * FROM (SELECT 1 AS a, 2 AS b) x NATURAL JOIN (SELECT 1 AS a, 3 AS b) y
SELECT * FROM (SELECT 1 AS a, 1 AS a) x NATURAL JOIN (SELECT 1 AS a) y
SELECT e.* FROM (VALUES (1, 'ann', 10), (2, 'bob', 20), (3, 'cid', NULL), (4, 'dan', 10)) e(id, name, dept) WHERE e.dept IN (SELECT d.dept FROM (VALUES (10, 'lab'), (20, 'ops'), (30, 'hr')) d(dept, title)) ORDER BY 1
SELECT x.*, y.* FROM (SELECT 1 AS a) x, (SELECT 2 AS a) y
SELECT * FROM (SELECT 1 AS a) AS x(b), (SELECT 2) AS y(c)
SELECT * FROM (SELECT 1, 2) AS x(a)
SELECT * FROM (SELECT 1) AS x(a, b)
SELECT x.nosuch FROM (SELECT 1 AS a) x
SELECT y.a FROM (SELECT 1 AS a) x
SELECT x.a FROM (SELECT 1 AS a) AS "X"
SELECT "X".a FROM (SELECT 1 AS a) AS "X"
SELECT count(*) FROM (VALUES (1), (NULL)) a(x) JOIN (VALUES (1), (NULL)) b(y) ON a.x = b.y JOIN (VALUES (1), (NULL)) c(z) ON c.z IS NOT DISTINCT FROM a.x
SELECT count(*) FROM (VALUES (1, 1), (NULL, NULL)) a(x, v) JOIN (VALUES (1), (NULL)) b(y) ON a.x = b.y, LATERAL (SELECT min(z) FROM (VALUES (1), (2)) c(z) WHERE z = a.v) d
SELECT count(*) FROM (VALUES (1), (NULL)) a(x) JOIN (VALUES (1), (NULL)) b(y) ON a.x IS NOT DISTINCT FROM b.y JOIN (VALUES (1), (NULL)) c(z) ON c.z = a.x
SELECT x, y FROM (VALUES (1)) a(x) FULL JOIN LATERAL (SELECT a.x) b(y) ON true
SELECT x, f FROM (VALUES (1), (2), (3)) a(x) LEFT JOIN LATERAL generate_series(1, x) f ON f > (SELECT 1) ORDER BY x, f
SELECT x, f FROM (VALUES (1), (2), (3)) a(x) LEFT JOIN LATERAL generate_series(1, x) f ON f IN (SELECT y FROM (VALUES (2), (3)) u(y) WHERE y < x) ORDER BY x, f
SELECT x, f, n FROM (VALUES (1), (2), (3)) a(x) LEFT JOIN LATERAL generate_series(1, x) WITH ORDINALITY f(f, n) ON n > 1 ORDER BY x, f
SELECT x, f FROM (VALUES (1), (2), (0)) a(x) LEFT JOIN LATERAL generate_series(1, x) f ON EXISTS (SELECT 1 WHERE f = x) ORDER BY x, f
SELECT x, y FROM (VALUES (1), (2), (3)) a(x) LEFT JOIN (VALUES (1), (2), (2), (NULL)) b(y) ON (SELECT x + y) = 4 ORDER BY x, y
SELECT x, y FROM (VALUES (1), (2), (3)) a(x) LEFT JOIN (VALUES (1), (2), (2), (NULL)) b(y) ON EXISTS (SELECT 1 FROM (VALUES (3), (4)) u(z) WHERE z = x + y) ORDER BY x, y
SELECT x, y FROM (VALUES (1), (2), (3)) a(x) RIGHT JOIN (VALUES (1), (2), (2), (NULL)) b(y) ON EXISTS (SELECT 1 FROM (VALUES (3), (4)) u(z) WHERE z = x + y) ORDER BY x, y
SELECT x, y FROM (VALUES (1), (2), (3)) a(x) LEFT JOIN (VALUES (1), (2), (5)) b(y) ON x + y IN (SELECT z FROM (VALUES (3), (4)) u(z) WHERE z > y) ORDER BY x, y
SELECT x, y FROM (VALUES (1), (2), (3)) a(x) LEFT JOIN (VALUES (1), (2), (5)) b(y) ON x > ALL (SELECT z FROM (VALUES (0), (1)) u(z) WHERE z < y) ORDER BY x, y
SELECT x, y FROM (VALUES (1), (2), (3)) a(x) FULL JOIN (VALUES (1), (2), (5)) b(y) ON (SELECT max(z) FROM (VALUES (0), (1)) u(z) WHERE z < x) = y ORDER BY x, y
SELECT x, y FROM (VALUES (1), (2), (3)) a(x) FULL JOIN (VALUES (1), (2), (5)) b(y) ON x = y AND EXISTS (SELECT 1 FROM (VALUES (1)) u(z) WHERE z < y) ORDER BY x, y
SELECT x, y FROM (VALUES (1), (NULL), (3)) a(x) LEFT JOIN (VALUES (1), (2)) b(y) ON (SELECT coalesce(x, y)) = y ORDER BY x, y
SELECT x, y FROM (VALUES (1), (2)) a(x) LEFT JOIN (VALUES (1), (2), (NULL)) b(y) ON y IN (SELECT z FROM (VALUES (1), (NULL)) u(z)) ORDER BY x, y
SELECT s.* FROM (VALUES (1, 'a'), (2, 'b')) t(x, y), LATERAL (SELECT t.*, x + 1) s ORDER BY 1
SELECT (SELECT count(*) FROM (SELECT t.*) s) FROM (VALUES (1, 'a'), (2, 'b')) t(x, y)
SELECT * FROM (VALUES (1)) x(a) JOIN ((VALUES (2)) x(b) CROSS JOIN (VALUES (3)) y(c)) j ON a = y.c
