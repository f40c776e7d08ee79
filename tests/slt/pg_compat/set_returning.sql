-- Set-returning functions.
SELECT * FROM generate_series(1, 5)
SELECT * FROM generate_series(5, 1, -2)
SELECT * FROM generate_series(1, 0)
SELECT * FROM generate_series(1, 10, 4) AS t
SELECT * FROM generate_series(1, 2) AS t(n)
SELECT t FROM generate_series(1, 2) t
SELECT t.t FROM generate_series(1, 2) t
SELECT n + 1 FROM generate_series(1, 2) AS n
SELECT generate_series FROM generate_series(1, 2)
SELECT * FROM generate_series(1, 3, 0)
SELECT * FROM generate_series(1.5, 3.5)
SELECT * FROM generate_series(0, 1, 0.25)
SELECT * FROM generate_series(1, NULL)
SELECT * FROM generate_series(1::int8, 3)
SELECT * FROM generate_series('a', 'b')
SELECT * FROM generate_series(1)
SELECT * FROM generate_series(2147483646, 2147483647)
SELECT * FROM generate_series(9223372036854775806, 9223372036854775807)
SELECT * FROM generate_series(1, 3) WITH ORDINALITY
SELECT * FROM generate_series(10, 12) WITH ORDINALITY AS t(x, n)
SELECT * FROM unnest(ARRAY['a', 'b']) WITH ORDINALITY AS t(x, n) WHERE n > 1
SELECT * FROM unnest(ARRAY['a', 'b']) WITH ORDINALITY
SELECT * FROM generate_series(1, 2) AS t(a, b)
SELECT * FROM ROWS FROM (generate_series(1, 3), generate_series(1, 2)) AS t(a, b)
SELECT * FROM ROWS FROM (generate_series(1, 2), unnest(ARRAY['x', 'y', 'z'])) WITH ORDINALITY AS t(a, b, n)
SELECT generate_series(1, 3)
SELECT generate_series(1, 3) AS n, 'x'
SELECT generate_series(1, 2), generate_series(1, 3)
SELECT generate_series(1, 2) + 10
SELECT generate_series(1, generate_series(1, 3))
SELECT abs(generate_series(-2, 0)), unnest(ARRAY['a', 'b'])
SELECT x, generate_series(1, x) FROM (VALUES (1), (2), (0)) t(x) ORDER BY 1, 2
SELECT x, unnest(a) FROM (VALUES (1, ARRAY[10, 20]), (2, '{}'), (3, NULL)) t(x, a) ORDER BY 1, 2
SELECT generate_series(1, 3) ORDER BY 1 DESC
SELECT generate_series(1, 5) LIMIT 2
SELECT DISTINCT generate_series(1, 3) % 2 ORDER BY 1
SELECT count(*), sum(n) FROM generate_series(1, 100) n
SELECT generate_series(1, 3) AS n GROUP BY n ORDER BY n
SELECT unnest(ARRAY[1, 1, 2]) AS n, count(*) GROUP BY 1 ORDER BY 1
SELECT sum(generate_series(1, 3))
SELECT 1 WHERE generate_series(1, 2) = 1
SELECT CASE WHEN true THEN generate_series(1, 2) END
SELECT coalesce(generate_series(1, 2), 0)
SELECT x FROM (VALUES (1)) t(x) ORDER BY generate_series(1, 2)
SELECT max(x) FROM (SELECT generate_series(1, 3) AS x) q
SELECT x FROM (SELECT generate_series(1, 3) AS x) q WHERE x > 1
SELECT (SELECT generate_series(1, 2))
SELECT (SELECT generate_series(1, 1))
SELECT 2 IN (SELECT generate_series(1, 3)), 5 = ANY (SELECT generate_series(1, 3)), ARRAY(SELECT generate_series(1, 3) * 2)
SELECT generate_series(1, 2) UNION SELECT generate_series(2, 3) ORDER BY 1
SELECT * FROM upper('a')
SELECT * FROM upper('a') AS t(x)
SELECT x FROM abs(-5) x
SELECT * FROM now() t WHERE false
SELECT * FROM current_schema() t WHERE false
SELECT * FROM sum(1)
SELECT * FROM nosuch(1)
SELECT * FROM json_each('{"a":1}') AS t
SELECT * FROM json_each('{"a":1,"b":2}') WITH ORDINALITY
SELECT t FROM json_each('{"a":1}') t
SELECT (json_each('{"a":1,"b":2}')).*
SELECT (json_each('{"a":1,"b":2}')).key
SELECT json_each('{"a":1}')
SELECT * FROM regexp_matches('abab', 'a(b)', 'g')
SELECT * FROM regexp_split_to_table('a,b', ',')
SELECT * FROM string_to_table('a,b', ',') AS s
SELECT * FROM jsonb_array_elements('[1,2]') AS e
SELECT * FROM jsonb_to_recordset('[{"a":1}]') AS t(a int4, b text)
SELECT a.x, b.y FROM generate_series(1, 2) a(x), generate_series(a.x, 2) b(y) ORDER BY 1, 2
SELECT a.x, b.y FROM generate_series(1, 2) a(x) CROSS JOIN LATERAL unnest(ARRAY[a.x, a.x * 10]) b(y) ORDER BY 1, 2
SELECT n FROM generate_series(1, 3) n WHERE n IN (SELECT generate_series(2, 5)) ORDER BY n
SELECT pg_typeof(generate_series(1, 1)), pg_typeof(generate_series(1::int8, 1)), pg_typeof(generate_series(1.0, 1))
SELECT generate_subscripts(ARRAY[[1, 2], [3, 4]], 2)
SELECT generate_subscripts(ARRAY[1, 2], 3)
SELECT row_number() OVER (ORDER BY n DESC), n FROM generate_series(1, 3) n ORDER BY n
SELECT date '2024-01-01' + n AS d FROM generate_series(0, 2) n ORDER BY d
SELECT generate_series(1, generate_series(1, 3)), generate_series(1, 2)
SELECT generate_series(1, generate_series(1, 2)), unnest(ARRAY[generate_series(5, 7), 9])
SELECT generate_series(generate_series(1, 2), generate_series(2, 4))
SELECT * FROM generate_series(1, generate_series(1, 2))
SELECT x, generate_series(1, 2) AS g, count(*) FROM (VALUES (1), (1), (2)) t(x) GROUP BY x, g ORDER BY 1, 2
SELECT generate_series(1, 2) GROUP BY generate_series(1, 2) ORDER BY 1
SELECT (json_each('{"a":1}')).key, count(*) GROUP BY 1
SELECT 1 FROM (VALUES (1)) t(x) GROUP BY x HAVING generate_series(1, 2) > 1
SELECT 1 LIMIT generate_series(1, 2)
SELECT count(generate_series(1, 2))
SELECT json_agg(generate_series(1, 2))
SELECT count(*) FILTER (WHERE generate_series(1, 2) = 1)
SELECT sum(generate_series(1, 2)) OVER ()
SELECT generate_series(1, 2) + sum(1)
SELECT generate_series(1, 2) IN (1, 2)
SELECT 1 FROM generate_series(1, sum(1))
SELECT 1 FROM generate_series(1, row_number() OVER ())
SELECT * FROM count(*)
SELECT * FROM row_number()
SELECT 1 FROM (VALUES (1)) t(x) JOIN generate_series(1, 2) g ON generate_series(1, 2) = g
SELECT (json_each('{"a":1}')).nosuch
SELECT json_each('{"a":1,"b":2}'), generate_series(1, 3)
SELECT (json_each('{"a":1,"b":2}')).*, generate_series(1, 3)
SELECT json_each_text('{"a":"x y","b":null}')
SELECT (json_each(NULL)).*
SELECT (jsonb_each_text(j)).key FROM (VALUES ('{"a":1,"b":2}'::jsonb), ('{}')) t(j) ORDER BY 1
SELECT (json_each('{"b":1,"a":2}')).key ORDER BY 1
SELECT x FROM (SELECT (json_each('{"b":1,"a":2}')).*) t(x, y) ORDER BY x
SELECT ARRAY(SELECT (json_each('{"b":1,"a":2}')).key)
SELECT * FROM unnest(ARRAY[1, 2], ARRAY['a', 'b', 'c']) WITH ORDINALITY AS t(a, b, n)
SELECT * FROM unnest(ARRAY[1, 2], NULL::text[], ARRAY['a', 'b', 'c']) WITH ORDINALITY
SELECT * FROM unnest(NULL::int4[]) WITH ORDINALITY
SELECT * FROM unnest(ARRAY[1], 'x')
SELECT x, b, n FROM (VALUES (1, ARRAY[1]), (2, NULL)) v(x, a) LEFT JOIN unnest(a) WITH ORDINALITY t(b, n) ON true ORDER BY x
SELECT * FROM ROWS FROM (json_each('{"a":1,"b":2}'), generate_series(1, 3)) AS t
SELECT * FROM ROWS FROM (generate_series(1, 2)) WITH ORDINALITY
SELECT * FROM ROWS FROM (upper('a'), generate_series(1, 2))
SELECT x, y FROM generate_series(1, 3) x RIGHT JOIN generate_series(2, 4) y ON x = y ORDER BY y
SELECT x, y FROM generate_series(1, 3) x FULL JOIN generate_series(2, 4) y ON x = y ORDER BY 1, 2
SELECT x, y FROM generate_series(1, 3) x LEFT JOIN generate_series(2, 4) y ON x = y ORDER BY x
SELECT x FROM generate_series(1, 3) x JOIN generate_series(2, 4) y(x) USING (x) ORDER BY x
SELECT x, y FROM generate_series(1, 3) x LEFT JOIN LATERAL generate_series(2, x) y ON y > 2 ORDER BY 1, 2
SELECT x, y FROM generate_series(1, 3) x RIGHT JOIN LATERAL generate_series(2, x) y ON x = y
SELECT x, key FROM (VALUES (1, '{"a":1}'::json), (2, '{}'), (3, NULL)) v(x, j) LEFT JOIN json_each(j) ON true ORDER BY x
-- Rows are made of rows that are in order already, where the order doesn't hang on them.
SELECT x, generate_series(1, 3) FROM (VALUES (2), (1)) t(x) ORDER BY x LIMIT 4
SELECT x, generate_series(1, 3) AS g FROM (VALUES (2), (1)) t(x) ORDER BY g, x LIMIT 4
SELECT x, generate_series(1, x) AS g FROM (VALUES (2), (1), (3)) t(x) ORDER BY x DESC OFFSET 1
SELECT x, generate_series(1, 2), unnest(ARRAY['a', 'b', 'c']) FROM (VALUES (2), (1)) t(x) ORDER BY x
SELECT x, generate_series(1, generate_series(1, 3)) FROM (VALUES (2), (1)) t(x) ORDER BY x LIMIT 8
SELECT DISTINCT x, generate_series(1, 3) AS g FROM (VALUES (2), (1)) t(x) ORDER BY x, g LIMIT 4
SELECT DISTINCT ON (x) x, generate_series(1, 3) AS g FROM (VALUES (2), (1)) t(x) ORDER BY x LIMIT 4
SELECT DISTINCT ON (x) x, y, generate_series(1, 2) AS g FROM (VALUES (2, 1), (1, 5), (1, 4)) t(x, y) ORDER BY x, y
SELECT DISTINCT ON (x) x, generate_series(3, 1, -1) AS g FROM (VALUES (2), (1)) t(x) ORDER BY x, g
SELECT x, generate_series(1, 3) AS g, count(*) FROM (VALUES (2), (1), (2)) t(x) GROUP BY x ORDER BY x DESC LIMIT 4
SELECT x, generate_series(1, 3) AS g, row_number() OVER (ORDER BY x) FROM (VALUES (2), (1)) t(x) ORDER BY x DESC LIMIT 4
SELECT x, generate_series(1, 3) FROM (VALUES (2), (1), (1)) t(x) ORDER BY x FETCH FIRST 2 ROWS WITH TIES
SELECT generate_series(1, 3) FROM (VALUES (2), (1)) t(x) ORDER BY x DESC LIMIT (SELECT 4)
SELECT x, jsonb_array_elements('[3, 1, 2]') FROM (VALUES (2), (1)) t(x) ORDER BY -x
-- Series that are too long for one value.
SELECT count(*), min(x), max(x) FROM generate_series(timestamp '2023-01-01', '2023-12-31', '1 min') x
SELECT count(*), min(x), max(x) FROM generate_series(timestamptz '2024-01-01', '2023-06-01', '-1 min') AS g(x)
SELECT count(*) FROM (SELECT generate_series(timestamp '2023-01-01', '2023-12-31', '1 min')) s
SELECT count(*), sum(x) FROM generate_series(1.0, 200000.0) x
SELECT count(*) FROM (SELECT generate_series(1, 500000)) s
SELECT count(*) FROM generate_series(timestamp '2023-01-01', '2023-12-31', '0 min') x
SELECT count(*), count(ordinality) FROM generate_series(timestamp '2023-01-01', '2023-12-31', '1 min') WITH ORDINALITY
SELECT x, generate_series(1, 2) AS g, count(*) FROM (VALUES (2), (1), (2)) t(x) GROUP BY x ORDER BY x, g DESC
SELECT x, g FROM (SELECT x FROM (VALUES (2), (1), (2)) t(x) GROUP BY x) s, generate_series(1, 3) g ORDER BY x, g DESC
