-- Row values and composite values.
SELECT ROW(1, 'a', NULL), (1, 2), ROW(), ROW(1), ROW('a b', 'c,d', '"', '', NULL), ROW(1, ROW(2, 'x')), ROW(ARRAY[1, 2]), (1, 'a')::text, ROW(1.50, true, date '2024-01-01')
SELECT (1, 2) = (1, 2), (1, 2) < (1, 3), (1, 2) < (2, 0), (1, NULL) = (1, 2), (1, NULL) < (2, 1), (1, 2) <> (1, 3), (1, 2) >= (1, 2), ROW(1, 'a') = ROW(1, 'a'), (1, NULL) = (2, NULL), (2, NULL) > (1, 5)
SELECT (1, 2) = 1
SELECT (1, 'a') = ('a', 1)
SELECT ROW() = ROW()
SELECT (1, 2) + (1, 2)
SELECT (1, 2) || 'x'
SELECT ROW(1, NULL) IS NULL, ROW(NULL, NULL) IS NULL, ROW(1, NULL) IS NOT NULL, ROW(1, 2) IS NOT NULL, NOT (ROW(1, NULL) IS NULL), ROW() IS NULL, ROW(NULL, ROW(NULL)) IS NULL
SELECT (1, 2) IN ((1, 2), (3, 4)), (1, NULL) IN ((1, 2)), (1, 2) NOT IN ((3, 4)), (1, 2) IN (SELECT 1, 2), (1, 2) IN (SELECT 1, 3), (1, 2) = ANY (SELECT 1, 2), (1, 2) < ALL (SELECT 2, 1)
SELECT (1, 2) IN (SELECT 1)
SELECT (1, 2) IN ((1, 2, 3))
SELECT (1, 2) IS DISTINCT FROM (1, 2), (1, NULL) IS DISTINCT FROM (1, NULL), (1, NULL) IS NOT DISTINCT FROM (1, NULL), (1, 2) IS DISTINCT FROM (1, 3), ROW(NULL) IS DISTINCT FROM NULL
SELECT (1, 2) BETWEEN (1, 1) AND (1, 3), (1, 2) = ROW(1, 2), ROW(1, 2) IN (ROW(1, 2)), (1, 2, 3) < (1, 2, 4), ('a', 1) < ('b', 0), (1, 2.5) = (1, 2.50)
SELECT t FROM (VALUES (1, 'a'), (2, NULL)) t(x, y) ORDER BY x
SELECT t.* FROM (VALUES (1, 'a')) t(x, y)
SELECT (t).x, (t).y FROM (VALUES (1, 'a')) t(x, y)
SELECT (t).* FROM (VALUES (1, 'a'), (2, 'b')) t(x, y) ORDER BY (t).x DESC
SELECT (t).z FROM (VALUES (1, 'a')) t(x, y)
SELECT (ROW(1, 2)).f1, (ROW(1, 'a')).f2
SELECT (ROW(1, 2)).f3
SELECT (ROW(1, 2)).*
SELECT (1).x
SELECT t = (1, 'a'::text), t IS NULL, t IS NOT NULL FROM (VALUES (1, 'a'::text), (2, NULL)) t(x, y) ORDER BY x
SELECT t::text, count(t), count(t.*) FROM (VALUES (1, 'a')) t(x, y) GROUP BY t
SELECT DISTINCT t FROM (VALUES (1, 'a'), (1, 'a'), (2, 'b')) t(x, y) ORDER BY t
SELECT t FROM (VALUES (2, 'a'), (1, 'b'), (1, NULL)) t(x, y) ORDER BY t
SELECT max(t) FROM (VALUES (2, 'a')) t(x, y)
SELECT pg_typeof(ROW(1, 2)), pg_typeof(t), pg_typeof((t).x) FROM (VALUES (1)) t(x)
SELECT r.f1 FROM (SELECT ROW(1, 2) AS r) s
SELECT (r).f2 FROM (SELECT ROW(1, 2) AS r) s
SELECT r FROM (SELECT ROW(x, x + 1) AS r FROM (VALUES (2), (1)) t(x)) s ORDER BY r
SELECT ROW(t.*, 3), ROW(t, 3) FROM (VALUES (1, 2)) t(a, b)
SELECT (SELECT ROW(1, 2)), (SELECT t FROM (VALUES (1, 2)) t(a, b)), (SELECT (t).b FROM (VALUES (1, 2)) t(a, b))
SELECT CASE WHEN (1, 2) = (1, 2) THEN 'same' ELSE 'other' END, coalesce(NULL, (1, 2)), ARRAY[(1, 2), (3, 4)], (1, 2)::record
SELECT x, y FROM (VALUES (1, 2), (2, 1), (2, 2)) t(x, y) WHERE (x, y) > (1, 5) ORDER BY x, y
SELECT x, y FROM (VALUES (1, 2), (2, 1), (2, 2)) t(x, y) WHERE (x, y) IN (VALUES (1, 2), (2, 2)) ORDER BY x, y
SELECT * FROM (VALUES (1, (2, 'a')), (2, (1, 'b'))) t(x, r) ORDER BY r
SELECT num_nulls(1, NULL, 'a'), num_nonnulls(1, NULL, 'a'), num_nulls(VARIADIC ARRAY[1, NULL]), num_nonnulls(NULL)
SELECT num_nulls()
