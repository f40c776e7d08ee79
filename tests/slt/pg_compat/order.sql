-- DISTINCT, ORDER BY, LIMIT, OFFSET, FETCH.
SELECT x FROM (VALUES (3), (1), (NULL), (2)) t(x) ORDER BY x ASC
SELECT x FROM (VALUES (3), (1), (NULL), (2)) t(x) ORDER BY x NULLS FIRST
SELECT x FROM (VALUES (3), (1), (NULL), (2)) t(x) ORDER BY x DESC NULLS LAST
SELECT x FROM (VALUES (3), (1), (NULL), (2)) t(x) ORDER BY 1 DESC
SELECT x FROM (VALUES (3), (1), (2)) t(x) ORDER BY -x
SELECT x FROM (VALUES (3), (1), (2)) t(x) ORDER BY x % 2, x DESC
SELECT x FROM (VALUES (3), (1), (2)) t(x) ORDER BY x USING >
SELECT x FROM (VALUES (3), (1), (2)) t(x) ORDER BY x USING <
SELECT x FROM (VALUES (3), (1), (2)) t(x) ORDER BY x USING =
SELECT x AS y FROM (VALUES (3), (1), (2)) t(x) ORDER BY y
SELECT x AS y FROM (VALUES (3), (1), (2)) t(x) ORDER BY x
SELECT x AS y FROM (VALUES (3), (1), (2)) t(x) ORDER BY y + 1
SELECT -x AS x FROM (VALUES (3), (1), (2)) t(x) ORDER BY x
SELECT -x AS x FROM (VALUES (3), (1), (2)) t(x) ORDER BY x + 0
SELECT x, x AS x FROM (VALUES (2), (1)) t(x) ORDER BY x
SELECT x, -x AS x FROM (VALUES (2), (1)) t(x) ORDER BY x
SELECT 1 AS a FROM (VALUES (3, 'c'), (1, 'a')) t(x, y) ORDER BY y
SELECT y FROM (VALUES (3, 'c'), (1, 'd')) t(x, y) ORDER BY x
SELECT x FROM (VALUES (3), (1)) t(x) ORDER BY 0
SELECT x FROM (VALUES (3), (1)) t(x) ORDER BY 3
SELECT x FROM (VALUES (3), (1)) t(x) ORDER BY 1.5
SELECT x FROM (VALUES (3)) t(x) ORDER BY 'a'
SELECT x FROM (VALUES (3)) t(x) ORDER BY NULL
SELECT x FROM (VALUES (3), (1)) t(x) ORDER BY nosuch
SELECT x FROM (VALUES (3), (1), (2)) t(x) ORDER BY (SELECT -x)
SELECT x FROM (VALUES ('b'), ('a')) t(x) ORDER BY x || 'z'
SELECT x FROM (VALUES (true), (false), (NULL)) t(x) ORDER BY x
SELECT x, y FROM (VALUES (1, NULL), (1, 2), (NULL, 1)) t(x, y) ORDER BY x NULLS FIRST, y NULLS FIRST
SELECT x, y FROM (VALUES (1, 'b'), (1, 'a'), (0, 'c')) t(x, y) ORDER BY 1, 2
SELECT x, y FROM (VALUES (1, 'b'), (1, 'a'), (0, 'c')) t(x, y) ORDER BY (x, y)
SELECT x FROM (VALUES (1), (2), (3)) t(x) ORDER BY x LIMIT 2
SELECT x FROM (VALUES (1), (2), (3)) t(x) ORDER BY x LIMIT 0
SELECT x FROM (VALUES (1), (2), (3)) t(x) ORDER BY x LIMIT ALL
SELECT x FROM (VALUES (1), (2), (3)) t(x) ORDER BY x LIMIT NULL
SELECT x FROM (VALUES (1), (2), (3)) t(x) ORDER BY x LIMIT 1 + 1
SELECT x FROM (VALUES (1), (2), (3)) t(x) ORDER BY x LIMIT 1.5
SELECT x FROM (VALUES (1), (2), (3)) t(x) ORDER BY x LIMIT '2'
SELECT x FROM (VALUES (1), (2), (3)) t(x) ORDER BY x LIMIT (SELECT 1)
SELECT x FROM (VALUES (1), (2), (3)) t(x) ORDER BY x LIMIT 9223372036854775807
SELECT x FROM (VALUES (1), (2), (3)) t(x) ORDER BY x LIMIT -1
SELECT x FROM (VALUES (1), (2), (3)) t(x) ORDER BY x LIMIT 'x'
SELECT x FROM (VALUES (1), (2), (3)) t(x) ORDER BY x LIMIT x
SELECT x FROM (VALUES (1), (2), (3)) t(x) ORDER BY x LIMIT true
SELECT x FROM (VALUES (1), (2), (3)) t(x) ORDER BY x LIMIT 1, 2
SELECT x FROM (VALUES (1), (2), (3)) t(x) ORDER BY x OFFSET 1
SELECT x FROM (VALUES (1), (2), (3)) t(x) ORDER BY x OFFSET 1 ROWS
SELECT x FROM (VALUES (1), (2), (3)) t(x) ORDER BY x OFFSET 5
SELECT x FROM (VALUES (1), (2), (3)) t(x) ORDER BY x OFFSET -1
SELECT x FROM (VALUES (1), (2), (3)) t(x) ORDER BY x OFFSET NULL
SELECT x FROM (VALUES (1), (2), (3)) t(x) ORDER BY x OFFSET 1 LIMIT 1
SELECT x FROM (VALUES (1), (2), (3)) t(x) ORDER BY x LIMIT 1 LIMIT 2
SELECT x FROM (VALUES (1), (2), (3)) t(x) ORDER BY x FETCH FIRST 2 ROWS ONLY
SELECT x FROM (VALUES (1), (2), (3)) t(x) ORDER BY x FETCH NEXT ROW ONLY
SELECT x FROM (VALUES (1), (2), (3)) t(x) ORDER BY x OFFSET 1 ROW FETCH FIRST 1 ROW ONLY
SELECT x FROM (VALUES (1), (2), (2), (2), (3)) t(x) ORDER BY x FETCH FIRST 2 ROWS WITH TIES
SELECT x FROM (VALUES (1), (2), (2), (3)) t(x) ORDER BY x OFFSET 1 FETCH FIRST 1 ROWS WITH TIES
SELECT x FROM (VALUES (1), (NULL), (NULL)) t(x) ORDER BY x DESC FETCH FIRST 1 ROWS WITH TIES
SELECT x FROM (VALUES (1), (2)) t(x) FETCH FIRST 1 ROWS WITH TIES
SELECT x, y FROM (VALUES (1, 1), (1, 2), (2, 3)) t(x, y) ORDER BY x, y FETCH FIRST 1 ROWS WITH TIES
SELECT DISTINCT x FROM (VALUES (2), (1), (2), (NULL), (NULL)) t(x) ORDER BY x
SELECT DISTINCT x, y FROM (VALUES (1, 'a'), (1, 'a'), (1, NULL)) t(x, y) ORDER BY x, y
SELECT DISTINCT x % 2 AS m FROM (VALUES (1), (2), (3)) t(x) ORDER BY m
SELECT DISTINCT x FROM (VALUES (1), (2)) t(x) ORDER BY -x
SELECT DISTINCT x FROM (VALUES (1), (2)) t(x) ORDER BY x DESC LIMIT 1
SELECT DISTINCT -x FROM (VALUES (1), (2)) t(x) ORDER BY -x
SELECT DISTINCT count(*) FROM (VALUES (1), (2)) t(x) GROUP BY x
SELECT DISTINCT '{}'::json
SELECT ALL x FROM (VALUES (1), (1)) t(x)
SELECT DISTINCT ON (x) x, y FROM (VALUES (1, 'b'), (1, 'a'), (2, 'c'), (NULL, 'd'), (NULL, 'e')) t(x, y) ORDER BY x, y
SELECT DISTINCT ON (x) x, y FROM (VALUES (1, 'b'), (1, 'a'), (2, 'c')) t(x, y) ORDER BY x, y DESC
SELECT DISTINCT ON (x) y FROM (VALUES (1, 'b'), (1, 'a'), (2, 'c')) t(x, y) ORDER BY x DESC, y
SELECT DISTINCT ON (x, y) x, y, z FROM (VALUES (1, 1, 3), (1, 1, 2), (1, 2, 1)) t(x, y, z) ORDER BY y, x, z
SELECT DISTINCT ON (x % 2) x FROM (VALUES (1), (2), (3)) t(x) ORDER BY x % 2, x DESC
SELECT DISTINCT ON (1) x FROM (VALUES (2), (1), (2)) t(x) ORDER BY 1
SELECT DISTINCT ON (y) x FROM (VALUES (1, 2)) t(x, y) ORDER BY x, y
SELECT DISTINCT ON (2) x FROM (VALUES (1)) t(x)
SELECT DISTINCT ON (nosuch) x FROM (VALUES (1)) t(x)
SELECT DISTINCT ON (m) x % 2 AS m, x FROM (VALUES (1), (2), (3)) t(x) ORDER BY m, x LIMIT 1
SELECT * FROM (SELECT x FROM (VALUES (3), (1), (2)) t(x) ORDER BY x LIMIT 2) q ORDER BY x DESC
SELECT array_agg(x) FROM (SELECT x FROM (VALUES (3), (1), (2)) t(x) ORDER BY x DESC OFFSET 1) q
SELECT x FROM (VALUES (1), (2), (3)) t(x) ORDER BY x LIMIT (SELECT 1) OFFSET (SELECT 1)
SELECT x FROM (VALUES (1), (2), (3)) t(x) ORDER BY x LIMIT (SELECT NULL::int8)
SELECT x FROM (VALUES (1), (2), (3)) t(x) ORDER BY x LIMIT (SELECT -1)
SELECT x FROM (VALUES (1), (2), (3)) t(x) ORDER BY x OFFSET (SELECT -1)
SELECT x FROM (VALUES (1), (2), (3)) t(x) ORDER BY x LIMIT count(*)
SELECT x FROM (VALUES (1), (2), (3)) t(x) ORDER BY x OFFSET x
SELECT x FROM (VALUES (1), (1), (2)) t(x) ORDER BY x FETCH FIRST (SELECT 1) ROWS WITH TIES
SELECT x FROM (VALUES (1), (1), (2)) t(x) ORDER BY x OFFSET 1 FETCH FIRST 0 ROWS WITH TIES
SELECT x FROM (VALUES (1)) t(x) ORDER BY x FETCH FIRST NULL ROWS WITH TIES
SELECT '{}'::json AS j ORDER BY j
-- Keys that came before.
SELECT i, a[1:3] FROM (SELECT i % 3, array_agg(i ORDER BY ar DESC, ar) FROM (SELECT i, ARRAY[i] FROM generate_series(1, 3000) g(i)) t(i, ar) GROUP BY 1) q(i, a) ORDER BY 1
SELECT array_agg(ar ORDER BY ar, ar DESC) FROM (VALUES (ARRAY[3]), (ARRAY[1]), (ARRAY[2])) t(ar)
SELECT length(string_agg(i::text, '' ORDER BY i::text, i::text DESC)) FROM generate_series(1, 30000) g(i)
SELECT array_agg(n ORDER BY s, s DESC, n) FROM (VALUES ('b', 1), ('a', 2), ('b', 0)) t(s, n)
SELECT json_agg(n ORDER BY n, n DESC), jsonb_object_agg(s, n ORDER BY n, n DESC) FROM (VALUES ('b', 1), ('a', 2), ('b', 0)) t(s, n)
SELECT rank(1, 2) WITHIN GROUP (ORDER BY n, n DESC), dense_rank(1, 2) WITHIN GROUP (ORDER BY n, n DESC) FROM (VALUES ('b', 1), ('a', 2), ('b', 0)) t(s, n)
SELECT n, sum(n) OVER (ORDER BY n, n RANGE 1 PRECEDING), rank() OVER (ORDER BY s, s DESC) FROM (VALUES ('b', 1), ('a', 2), ('b', 0)) t(s, n) ORDER BY n
SELECT s FROM (VALUES ('b'), ('a'), ('b')) t(s) ORDER BY s, s DESC
