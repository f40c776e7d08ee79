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

-- Records as values: their fields, whole rows, what they meet.
SELECT pg_typeof((ROW('a')).f1), pg_typeof((ROW(NULL)).f1)
SELECT pg_typeof((r).f1) FROM (SELECT ROW('a') r) s
SELECT pg_typeof((r).column1) FROM (VALUES ('a')) r
SELECT ROW(1,'a') = t FROM (VALUES (1,'a')) t(x,y)
SELECT t = (1, 'a'::text), t = (1,'a') FROM (VALUES (1, 'a'::text), (2, NULL)) t(x, y)
SELECT (1,2) = 1
SELECT ROW(1,2) = 'x'
SELECT ROW(1,2) = NULL
SELECT r = (1,2) FROM (SELECT ROW(1,2) r) s
SELECT r = ROW(1,2,3), r < ROW(2) FROM (SELECT ROW(1,2) r) s
SELECT r < ROW(2) FROM (SELECT ROW(1,2) r) s
SELECT r = ROW(1,2,3) FROM (SELECT ROW(1,2) r) s
SELECT r = ROW(1,2.0) FROM (SELECT ROW(1,2) r) s
SELECT r = ROW(2,2.0) FROM (SELECT ROW(1,2) r) s
SELECT r < ROW('{}'::json) FROM (SELECT ROW('{}'::json) r) s
SELECT r = ROW('{}'::json) FROM (SELECT ROW('{}'::json) r) s
SELECT r FROM (SELECT ROW('{}'::json) r UNION ALL SELECT ROW('{}'::json) r) s ORDER BY r
SELECT DISTINCT r FROM (SELECT ROW('{}'::json) r UNION ALL SELECT ROW('{}'::json) r) s
SELECT (ROW(1,2)).f3
SELECT (r).f3 FROM (SELECT ROW(1,2) r) s
SELECT (t).z FROM (VALUES (1,2)) t(x,y)
SELECT (1,2) + (1,2)
SELECT (1,2) || 'x'
SELECT (1,2) IN (SELECT 1)
SELECT (1,2) IN (SELECT 1,2,3)
SELECT 1 IN (SELECT 1,2)
SELECT (1,2) = (SELECT 1,2)
SELECT (1,2) < (SELECT 1,3)
SELECT (1,2) = (SELECT 1,2,3)
SELECT (1,2) = (SELECT 1)
SELECT (1,2) = (SELECT 1,2 WHERE false)
SELECT (1,2) = (SELECT 1,2 UNION ALL SELECT 1,3)
SELECT (1,2) + ANY (SELECT 1,2)
SELECT r IN (SELECT ROW(1,2)) FROM (SELECT ROW(1,2) r) s
SELECT ROW(1,2) IN (SELECT ROW(1,2))
SELECT ROW(ROW(1,2)) IN (SELECT ROW(1,2))
SELECT (1,NULL) IN (SELECT 1,2), (1,NULL) NOT IN (SELECT 2,2), (1,2) <> ALL (SELECT 1,3), (1, 2) <> ANY (SELECT 1,2)
SELECT (1,2) IS DISTINCT FROM (1,2,3)
SELECT (1,2) IS DISTINCT FROM NULL, ROW(NULL) IS DISTINCT FROM NULL, ROW(NULL) IS NOT DISTINCT FROM NULL
SELECT (1,'a') = ('a', 1)
SELECT nullif((1,2),(1,2)), nullif((1,2),(1,3))
SELECT greatest((1,2),(1,3)), least((1,2),(1,NULL))
SELECT (1,2) BETWEEN (1,1) AND (1,3)
SELECT CASE (1,2) WHEN (1,2) THEN 'y' END
SELECT r IN ((1,2),(3,4)) FROM (SELECT ROW(1,2) r) s
SELECT r IN ((1,2,3),(3,4)) FROM (SELECT ROW(1,2) r) s
SELECT r = ANY (ARRAY[(1,2),(3,4)]) FROM (SELECT ROW(1,2) r) s
SELECT (1,2) = ANY (ARRAY[(1,2),(3,4)])
SELECT max(r) FROM (SELECT ROW(1,2) r) s
SELECT min(t) FROM (VALUES (1,2)) t(x,y)
SELECT '(1,2)'::text::record
SELECT ROW(1,2)::int
SELECT 1::record
SELECT * FROM (SELECT ROW(1,2) r) s WHERE r
SELECT (ROW(1,2)).*
SELECT (r).* FROM (SELECT ROW(1,2) r) s
SELECT (t).* FROM (VALUES (1,2)) t(x,y)
SELECT (t).*, 1 FROM (VALUES (1,2)) t(x,y) WHERE (t).x = 1
SELECT (1).*
SELECT (ARRAY[(1,2)])[1].f1
SELECT ((ARRAY[(1,2)])[1]).f1
SELECT (a[1]).f1 FROM (SELECT ARRAY[(1,2)] a) s
SELECT ROW(t.*), ROW(t.*, 3), ROW(t, 3), ROW(*) FROM (VALUES (1,2)) t(x,y)
SELECT count(t.*), count(t), num_nulls(t), num_nulls(t.*) FROM (VALUES (1,2),(NULL,NULL)) t(x,y)
SELECT t.t FROM (VALUES (1,2)) t(x,t)
SELECT t.t FROM (VALUES (1,2)) t(x,y)
SELECT t FROM (VALUES (1,2)) t(x,t)
SELECT t FROM (VALUES (1,2)) t(x,y) LEFT JOIN (VALUES (3,4)) u(x,y) USING (x)
SELECT u, t FROM (VALUES (1,2)) t(x,y) LEFT JOIN (VALUES (3,4)) u(x,y) USING (x)
SELECT u IS NULL, u IS NOT NULL, u.* IS NULL FROM (VALUES (1,2),(3,NULL)) t(x,y) LEFT JOIN (VALUES (3,NULL)) u(x,y) USING (x) ORDER BY t.x
SELECT t.x.y FROM (VALUES (1,2)) t(x,y)
SELECT s.r.f1 FROM (SELECT ROW(1,2) r) s
SELECT (s.r).f1 FROM (SELECT ROW(1,2) r) s
SELECT (s).r FROM (SELECT ROW(1,2) r) s
SELECT ((s).r).f2 FROM (SELECT ROW(1,2) r) s
SELECT (s).r.f2 FROM (SELECT ROW(1,2) r) s
SELECT ROW(1,2) UNION SELECT ROW(1,2)
SELECT r::text FROM (SELECT ROW(1,2) UNION ALL SELECT ROW(1,'a')) t(r) ORDER BY 1
SELECT ROW(1,2) UNION SELECT ROW(1,'a')
SELECT ROW(1,2) UNION SELECT ROW(2,'a')
SELECT r::text FROM (SELECT ROW(1,2) UNION ALL SELECT ROW(1,2.5)) t(r) ORDER BY 1
SELECT ROW(1,2) UNION SELECT 1
SELECT ARRAY[ROW(1,2),ROW(1,2.5)]
VALUES (ROW(1,2)),(ROW(1,'a',3))
SELECT upper(ROW(1,2))
SELECT ROW(1,2)::text || 'a'
SELECT concat(ROW(1,2), 'a'), format('%s', ROW(1,2))
SELECT pg_typeof(ARRAY[(1,2)]), pg_typeof(ROW(1,2))
SELECT array_agg(t ORDER BY t DESC), array_agg(DISTINCT t) FROM (VALUES (1,2),(1,3),(1,2)) t(x,y)
SELECT string_agg(t::text, ';') FROM (VALUES (1,2),(1,3),(1,2)) t(x,y)
SELECT unnest(ARRAY[(1,2),(3,4)])
SELECT * FROM unnest(ARRAY[(1,2),(3,4)])
SELECT * FROM unnest(ARRAY[(1,2),(3,4)]) t
SELECT * FROM unnest(ARRAY[(1,2),(3,4)]) AS t(a int, b int)
SELECT ROW(1,2) ORDER BY 1
SELECT t FROM (VALUES (1,'{}'::json)) t(x,y) ORDER BY t
SELECT t FROM (VALUES (1,'{}'::json)) t(x,y) GROUP BY t
SELECT ARRAY[ARRAY[(1,2)]]
SELECT xmin FROM (VALUES (1)) t(x)
SELECT (t).x, (t).y, count(*) FROM (VALUES (1,2)) t(x,y) GROUP BY t
SELECT (r).f1, count(*) FROM (SELECT ROW(1,2) r) t GROUP BY r
SELECT row_to_json(r), to_json(r), to_jsonb(r), json_build_array(r, 1), json_agg(r), jsonb_agg(r) FROM (SELECT ROW(1,'a',ROW(2,NULL)) r) s GROUP BY r
SELECT row_to_json(ARRAY[(1,2)])
SELECT to_json(ARRAY[(1,2)]), json_agg(t ORDER BY t DESC) FROM (VALUES (1,2),(3,4)) t(x,y)
SELECT json_agg(DISTINCT t) FROM (VALUES (1,2),(3,4)) t(x,y)
SELECT (r).f1 FROM (SELECT ROW(1,2) r UNION ALL SELECT ROW(3,4)) s ORDER BY s.r
SELECT (column1).f1 FROM (VALUES (ROW(1,2))) v
SELECT ((SELECT ROW(1,2))).f1
SELECT (CASE WHEN true THEN ROW(1,2) END).f1
SELECT (coalesce(ROW(1,2))).f1
SELECT (any_value(r)).f1 FROM (SELECT ROW(1,2) r) s
SELECT (ROW(ROW(1,2),3)).f1
SELECT ((ROW(ROW(1,2),3)).f1).f2
SELECT (ROW(ROW(1,2),3)).f1.f2
SELECT ((r).f1).f2 FROM (SELECT ROW(ROW(1,2),3) r) s
SELECT (r).* FROM (SELECT ROW(1,2) r UNION ALL SELECT ROW(3,4)) s ORDER BY s.r
SELECT (x).f1 FROM (SELECT max(1) OVER (), first_value(r) OVER () x FROM (SELECT ROW(1,2) r) s) q
WITH c AS (SELECT ROW(1,2) r) SELECT (r).f1, (c).r, (c).r.f2 FROM c
SELECT (SELECT (r).f2), (SELECT (t).x), (SELECT t) FROM (SELECT ROW(1,2) r, 5 x) t
SELECT t, count(*) FROM (VALUES (1,2)) t(x,y)
SELECT count(x.*) FROM (VALUES (1,2)) t(x,y)
SELECT upper((t).*) FROM (VALUES (1,2)) t(x,y)
SELECT ROW((t).*) FROM (VALUES (1,2)) t(x,y)
SELECT 1 WHERE (ROW(1,2)).*
SELECT (1,'a') LIKE (1,'b')
SELECT ROW('a') LIKE ROW('b')
SELECT ('a','a') LIKE ('a','b')
SELECT (ROW(1,2))[1]
SELECT unnest(ARRAY[(1,2)]) = (1,2)
SELECT (1,2) NOT BETWEEN (1,1) AND (1,3), (1,2) BETWEEN SYMMETRIC (1,3) AND (1,1)
SELECT (ROW(1.50)).f1, (ROW('a')).f1
SELECT (t).x + 1 AS z FROM (VALUES (1,2)) t(x,y) GROUP BY (t).x
SELECT json_build_object('a', t, 'b', t.*) FROM (VALUES (1,2)) t(x,y)
SELECT t.x, (SELECT row_to_json(t)) FROM (VALUES (1,2)) t(x,y)
SELECT rank() OVER (ORDER BY t), row_number() OVER (PARTITION BY t ORDER BY t) FROM (VALUES (1,2),(1,2),(0,3)) t(x,y)
SELECT count(DISTINCT t), count(DISTINCT (x,y)) FROM (VALUES (1,2),(1,2),(0,3),(NULL,NULL)) t(x,y)
SELECT t FROM (VALUES (1,2)) t(x,y) INTERSECT SELECT ROW(1,2)
SELECT t FROM (VALUES (1,2),(3,4)) t(x,y) EXCEPT SELECT ROW(1,2)
SELECT DISTINCT ON (t) t, x FROM (VALUES (1,2),(3,4)) t(x,y) ORDER BY t, x
SELECT t FROM (VALUES (1,2),(NULL,4),(1,NULL)) t(x,y) ORDER BY t DESC
SELECT array_append(ARRAY[(1,2)], (3,4)), ARRAY[(1,2)] || (3,4), ARRAY[(1,2)] || ARRAY[(3,4)], array_length(ARRAY[(1,2)],1), ARRAY[(1,2)] = ARRAY[(1,2)], ARRAY[(1,2)] < ARRAY[(1,3)]
SELECT array(SELECT t FROM (VALUES (1,2),(3,4)) t(x,y) ORDER BY t DESC)
SELECT string_agg(t, ',') FROM (VALUES (1,2)) t(x,y)
SELECT sum(t) FROM (VALUES (1,2)) t(x,y)
SELECT lag(t) OVER (ORDER BY x), first_value(t) OVER (ORDER BY x DESC) FROM (VALUES (1,2),(3,4)) t(x,y) ORDER BY x
SELECT a.*, b FROM (VALUES (1)) a(x) JOIN (VALUES (1,2)) b(x,y) ON a.x = b.x WHERE b = (1,2)
SELECT a, b FROM (VALUES (1,2)) a(x,y) JOIN (VALUES (1,2),(3,4)) b(x,y) ON a = b
SELECT a FROM (VALUES (1,2)) a(x,y) WHERE a IN (SELECT b FROM (VALUES (1,2),(3,4)) b(x,y))
SELECT t IS DISTINCT FROM (1,2), t IS DISTINCT FROM NULL, t IS NOT DISTINCT FROM t FROM (VALUES (1,2),(NULL,NULL)) t(x,y)
SELECT ROW(), ROW() IS NULL, pg_typeof(ROW()), row_to_json(ROW()), ROW() IS NOT DISTINCT FROM ROW()
SELECT r = r FROM (SELECT ROW() r) s
SELECT t.*, t FROM (SELECT 1 AS a, 2 AS a) t
SELECT (t).a FROM (SELECT 1 AS a, 2 AS a) t
SELECT ROW(1,2) = ROW(1,2) AND true, NOT (ROW(1,2) = ROW(1,3))
SELECT ROW(1,'x') = ANY (SELECT 1, 'x'), (1,2) >= ALL (SELECT 1,2 UNION ALL SELECT 0, 5), (1,2) = ALL (SELECT 1,2 WHERE false), (1,NULL) = ANY (SELECT 1,2)
-- Pairs behind one that decides aren't computed.
SELECT (a, 10 / b) < (1, 3) FROM (VALUES (0, 0), (2, 0), (NULL, 0), (1, 5)) t(a, b)
SELECT (a, 10 / b) < (1, 3) FROM (VALUES (0, 0), (1, 0)) t(a, b)
SELECT (a, 10 / b) >= (1, NULL) FROM (VALUES (0, 0), (1, 5)) t(a, b)
SELECT (a, 10 / b) >= (1, NULL) FROM (VALUES (0, 0), (1, 0)) t(a, b)
SELECT (NULL, 10 / b) >= (a, 2) FROM (VALUES (0, 0), (1, 0)) t(a, b)
SELECT (10 / b, 1) < (NULL, 2) FROM (VALUES (0, 0), (1, 0)) t(a, b)
-- Records of several shapes.
VALUES (ROW(1)), (ROW('a')), (NULL)
SELECT CASE WHEN x > 1 THEN ROW(x, 2.5) ELSE ROW(1) END, pg_typeof(CASE WHEN x > 1 THEN ROW(x, 2.5) ELSE ROW(1) END) FROM (VALUES (1), (2)) t(x) ORDER BY x
SELECT coalesce(CASE WHEN x > 1 THEN ROW(x) END, ROW('a', NULL)) FROM (VALUES (1), (2)) t(x) ORDER BY x
SELECT ARRAY[ROW(1), ROW('a b', 2), NULL]
SELECT r::text || '!', count(r) OVER () FROM (VALUES (ROW(1)), (ROW('a')), (NULL)) t(r) ORDER BY 1
SELECT r::text FROM (SELECT ROW(1, 2) UNION ALL SELECT ROW(1, 'a') UNION ALL SELECT ROW(1, 2)) t(r) ORDER BY 1
SELECT (r).f1 FROM (SELECT ROW(1, 2) UNION ALL SELECT ROW(1, 'a')) t(r)
SELECT array_agg(r) FROM (VALUES (ROW(1)), (ROW('a'))) t(r)
