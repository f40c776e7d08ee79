-- JSON_TABLE.
SELECT * FROM JSON_TABLE(jsonb '[{"a":1,"b":"x"},{"a":2}]', '$[*]' COLUMNS (id FOR ORDINALITY, a int4 PATH '$.a', b text)) AS t
SELECT * FROM JSON_TABLE(jsonb '[{"a":1,"b":"x"},{"a":2}]', '$[*]' COLUMNS (a int4, c text DEFAULT 'none' ON EMPTY))
SELECT * FROM JSON_TABLE('[{"a":1}]', '$[*]' COLUMNS (a int4, e bool EXISTS PATH '$.a', f int4 EXISTS PATH '$.z', g text EXISTS PATH '$.a'))
SELECT * FROM JSON_TABLE('[{"a":[1,2]},{"a":[]},{"b":1}]', '$[*]' COLUMNS (n FOR ORDINALITY, NESTED PATH '$.a[*]' COLUMNS (m FOR ORDINALITY, x int4 PATH '$')))
SELECT * FROM JSON_TABLE('[{"a":[1,2],"b":[3]},{"a":[],"b":[]}]', '$[*]' COLUMNS (n FOR ORDINALITY, NESTED PATH '$.a[*]' COLUMNS (x int4 PATH '$'), NESTED PATH '$.b[*]' COLUMNS (y int4 PATH '$'), z text PATH '$.a[0]'))
SELECT * FROM JSON_TABLE('[{"a":[1,2],"b":{"c":1}}]', '$[*]' COLUMNS (a jsonb, b json PATH '$.b', w jsonb PATH '$.a[*]' WITH WRAPPER, q text FORMAT JSON PATH '$.b', k text PATH '$.s' KEEP QUOTES))
SELECT * FROM JSON_TABLE('[{"a":"x"}]', '$[*]' COLUMNS (a int4))
SELECT * FROM JSON_TABLE('[{"a":"x"}]', '$[*]' COLUMNS (a int4 ERROR ON ERROR))
SELECT * FROM JSON_TABLE('[{"a":"x"}]', '$[*]' COLUMNS (a int4) ERROR ON ERROR)
SELECT * FROM JSON_TABLE('[{"b":"x"}]', '$[*]' COLUMNS (a int4) ERROR ON ERROR)
SELECT * FROM JSON_TABLE('[{"b":"x"}]', '$[*]' COLUMNS (a int4 ERROR ON EMPTY))
SELECT * FROM JSON_TABLE('[{"b":"x"}]', '$[*]' COLUMNS (a int4 ERROR ON EMPTY ERROR ON ERROR))
SELECT * FROM JSON_TABLE('[{"a":[1,2]}]', '$[*]' COLUMNS (a int4 PATH '$.a[*]' ERROR ON ERROR))
SELECT * FROM JSON_TABLE('[{"a":[1,2]}]', '$[*]' COLUMNS (a int4 PATH '$.a' ERROR ON ERROR))
SELECT * FROM JSON_TABLE('[{"a":[1,2]}]', '$[*]' COLUMNS (a jsonb PATH '$.a[*]' ERROR ON ERROR))
SELECT * FROM JSON_TABLE('1', 'strict $.a' COLUMNS (a int4))
SELECT * FROM JSON_TABLE('1', 'strict $.a' COLUMNS (a int4) ERROR ON ERROR)
SELECT * FROM JSON_TABLE('1', 'strict $.a' COLUMNS (a int4) EMPTY ON ERROR)
SELECT * FROM JSON_TABLE('1', 'strict $.a' COLUMNS (a int4) NULL ON ERROR)
SELECT * FROM JSON_TABLE('[1,2,3]', '$[*] ? (@ > $x)' PASSING 1 AS x COLUMNS (a int4 PATH '$', b int4 PATH '$x'))
SELECT * FROM JSON_TABLE(NULL::jsonb, '$' COLUMNS (a int4))
SELECT * FROM JSON_TABLE('[1]', '$[' COLUMNS (a int4))
SELECT * FROM JSON_TABLE('[1]', '$[*]' COLUMNS (a int4, a text))
SELECT * FROM JSON_TABLE('[1]', '$[*]' AS p COLUMNS (p int4))
SELECT * FROM JSON_TABLE(5, '$' COLUMNS (a int4 PATH '$'))
SELECT jt.a FROM (VALUES ('[{"a":1},{"a":2}]'::jsonb), ('[]')) v(j), JSON_TABLE(v.j, '$[*]' COLUMNS (a int4)) AS jt ORDER BY 1
SELECT jt.a FROM (VALUES (1, '[{"a":1},{"a":2}]'::jsonb), (2, '[]')) v(i, j) LEFT JOIN JSON_TABLE(v.j, '$[*]' COLUMNS (a int4)) AS jt ON true ORDER BY 1
SELECT * FROM JSON_TABLE('[{"a":"abc"}]', '$[*]' COLUMNS (a varchar(2))) t
SELECT * FROM JSON_TABLE('[{"a":1.256, "d":"2024-01-01"}]', '$[*]' COLUMNS (a numeric(5,2), d date)) t
SELECT * FROM JSON_TABLE('[{"a":1}]', '$[*]' COLUMNS (a int4 PATH '$.a')) AS t(z)
SELECT pg_typeof(t.n), pg_typeof(t.a) FROM JSON_TABLE('[1]', '$[*]' COLUMNS (n FOR ORDINALITY, a text PATH '$')) t
SELECT * FROM JSON_TABLE('[{"a":{"b":1}}]', '$[*]' COLUMNS (a text))
SELECT * FROM JSON_TABLE('[{"a":null},{"a":true}]', '$[*]' COLUMNS (a text, b jsonb PATH '$.a'))
SELECT * FROM JSON_TABLE('[1,2]', '$[*]' COLUMNS (a int4[] PATH '$'))
SELECT * FROM JSON_TABLE('{"a":[{"b":[1,2]},{"b":[3]}]}', '$' COLUMNS (NESTED '$.a[*]' COLUMNS (i FOR ORDINALITY, NESTED PATH '$.b[*]' COLUMNS (v int4 PATH '$'))))
SELECT * FROM JSON_TABLE('[1]', '$[*]' COLUMNS (a FOR ORDINALITY, b FOR ORDINALITY))
SELECT * FROM JSON_TABLE('[1]', '$[*]' COLUMNS (a text EXISTS PATH '$' ERROR ON ERROR, b bool EXISTS PATH 'strict $.x' ERROR ON ERROR))
SELECT * FROM JSON_TABLE('[1]', '$[*]' COLUMNS (b bool EXISTS PATH 'strict $.x', c bool EXISTS PATH 'strict $.x' TRUE ON ERROR, d bool EXISTS PATH 'strict $.x' UNKNOWN ON ERROR))
SELECT json_table FROM JSON_TABLE('[{"a":1}]', '$[*]' COLUMNS (a int4, b text))
SELECT sum(a), string_agg(b, ',') FROM JSON_TABLE('[{"a":1,"b":"x"},{"a":2,"b":"y"}]', '$[*]' COLUMNS (a int4, b text))
SELECT x, a FROM (VALUES (1, 2), (2, 0)) v(x, y), JSON_TABLE('[1,2,3]', '$[*] ? (@ > $low)' PASSING y AS low COLUMNS (a int4 PATH '$', low int4 PATH '$low')) ORDER BY 1, 2
SELECT * FROM JSON_TABLE('[{"a":1}]', '$[*]' COLUMNS (a int4 PATH '$.b' DEFAULT 7 ON EMPTY, c int4 PATH '$.a' DEFAULT 'x' ON ERROR))
SELECT * FROM JSON_TABLE('{"a":1}'::json, '$' COLUMNS ("A" int4 PATH '$.a', "x y" text PATH '$.a')) AS t
