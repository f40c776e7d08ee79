-- json: input, output, operators, functions.
SELECT '{"a": 1, "b":[1,2]}'::json, '[1, "a", null, true]'::json, ' 1 '::json, '"x"'::json, 'null'::json, '1.50e1'::json, '{}'::json, '{"a":1,"a":2}'::json
SELECT '{a:1}'::json
SELECT '{"a":1,}'::json
SELECT '[1,2'::json
SELECT ''::json
SELECT '01'::json
SELECT '1.'::json
SELECT 'nul'::json
SELECT '"a'::json
SELECT '{"a" 1}'::json
SELECT '"\x"'::json
SELECT '"\u12"'::json
SELECT '[1] 2'::json
SELECT '{"a":1, "b":{"c":"x"}}'::json -> 'a', '{"a":1, "b":{"c":"x"}}'::json ->> 'b', '{"a":1}'::json -> 'z', '[1,2,3]'::json -> 0, '[1,2,3]'::json -> -1, '[1,2,3]'::json ->> 5, '{"a":null}'::json ->> 'a', '{"a":null}'::json -> 'a'
SELECT '{"a":{"b":[10,20]}}'::json #> '{a,b,1}', '{"a":{"b":[10,20]}}'::json #>> '{a,b,-1}', '{"a":1}'::json #> '{}', '{"a":1}'::json #>> '{a,b}', '[[1,2],[3]]'::json #> '{1,0}', '"x"'::json ->> 0, '"x"'::json #>> '{}'
SELECT '[1,2]'::json -> 'a', '{"a":1}'::json -> 0, '"\u00e9\n"'::json ->> 0, '{"a":"\u0041\"b"}'::json ->> 'a', '["\u00e9"]'::json ->> 0
SELECT '["\u0000"]'::json ->> 0
SELECT json_array_length('[1,2,3]'), json_array_length('[]'), json_typeof('{}'), json_typeof('[]'), json_typeof('1'), json_typeof('"a"'), json_typeof('true'), json_typeof('null')
SELECT json_array_length('{}')
SELECT json_array_length('1')
SELECT json_build_array(1, 'a', NULL, true, 1.5, date '2024-01-01', ARRAY[1, 2], ROW(1, 'x')), json_build_array(), json_build_object('a', 1, 'b', NULL, 'c', '{"x":1}'::json), json_build_object(), json_build_object(1, 2, true, 3)
SELECT json_build_object('a')
SELECT json_build_array(VARIADIC ARRAY[1, 2]), json_build_object(VARIADIC ARRAY['a', 'b']), json_object('{a,1,b,2}'), json_object('{{a,1},{b,NULL}}'), json_object('{a,b}', '{1,2}')
SELECT json_object('{a,1,b}')
SELECT json_object('{a,b}', '{1}')
SELECT to_json(1), to_json('a'::text), to_json(1.50), to_json(true), to_json(NULL::int4), to_json(date '2024-01-01'), to_json(timestamp '2024-01-01 10:00:00.5'), to_json(timestamptz '2024-01-01 10:00+00'), to_json(interval '1 day'), to_json(ARRAY[[1, 2], [3, 4]]), to_json(E'a"b\\c\n'::text)
SELECT to_json(ROW(1, 'a')), to_json('inf'::float8), to_json('NaN'::numeric), to_json(1e20::float8), to_json('\x01'::bytea), to_json('{"a": 1}'::json), to_json('{"a": 1}'::jsonb), to_json('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid), to_json(time '10:00'), to_json('é'::text)
SELECT to_json('a')
SELECT row_to_json(t) FROM (VALUES (1, 'a'), (2, NULL)) t(x, y) ORDER BY x
SELECT row_to_json(ROW(1, 'foo')), row_to_json(ROW(1, 'foo'), true), row_to_json(t, true) FROM (SELECT 1 AS a, ARRAY[1, 2] AS b, ROW(1, 2) AS c) t
SELECT array_to_json(ARRAY[1, 2, NULL]), array_to_json('{{1,5},{99,100}}'::int4[]), array_to_json('{{1,5},{99,100}}'::int4[], true), array_to_json('{}'::int4[]), array_to_json(ARRAY['a', 'b"c'])
SELECT json_agg(x ORDER BY x), json_object_agg(y, x ORDER BY x), json_agg(x ORDER BY x DESC) FROM (VALUES (1, 'a'), (2, 'b'), (NULL, 'c')) t(x, y)
SELECT json_agg(t ORDER BY x) FROM (VALUES (1, 'a'), (2, 'b')) t(x, y)
SELECT json_agg(x) FROM (VALUES (1)) t(x) WHERE false
SELECT key, value FROM json_each('{"a":1,"b":"x","c":null,"d":[1]}')
SELECT key, value FROM json_each_text('{"a":1,"b":"x","c":null,"d":[1, 2]}')
SELECT value FROM json_array_elements('[1,"a",null,{"b": 2}]')
SELECT value, n FROM json_array_elements_text('[1,"a",null,{"b": 2}]') WITH ORDINALITY t(value, n)
SELECT json_object_keys('{"b":1,"a":2}')
SELECT json_each('[1]')
SELECT json_array_elements('{}')
SELECT json_object_keys('[1]')
SELECT json_extract_path('{"a":{"b":1}}', 'a', 'b'), json_extract_path_text('{"a":{"b":"x"}}', 'a', 'b'), json_extract_path('{"a":1}', 'z'), json_extract_path('[1,[2]]', '1', '0')
SELECT a, b FROM json_to_record('{"a":1,"b":"x","c":true}') AS t(a int4, b text)
SELECT * FROM json_to_recordset('[{"a":1,"b":"x"},{"a":"2"},{"b":null}]') AS t(a int4, b text)
SELECT a, b, c FROM json_to_record('{"a":[1,2],"b":{"x":1},"c":"2024-01-01"}') AS t(a int4[], b jsonb, c date)
SELECT a FROM json_to_record('{"a":"x"}') AS t(a int4)
SELECT json_strip_nulls('{"a":1,"b":null,"c":[null,{"d":null}]}'), json_strip_nulls('[1,null]'), json_strip_nulls('null')
SELECT '{"a":1}'::json = '{"a":1}'::json
SELECT DISTINCT x FROM (VALUES ('{}'::json)) t(x)
SELECT x FROM (VALUES ('{}'::json)) t(x) ORDER BY x
SELECT x FROM (VALUES ('{}'::json)) t(x) GROUP BY x
SELECT '{"a":1}'::json::text, '{"a": 1}'::json::jsonb, '{"a":1}'::json IS NULL, pg_typeof('{}'::json -> 'a'), pg_typeof('{}'::json ->> 'a')
SELECT ('{"a":5}'::json ->> 'a')::int4 + 1, ('{"a":true}'::json ->> 'a')::bool, '{"a":1}'::json -> 'a' ->> 'b', '{"a":{"b":2}}'::json -> 'a' -> 'b'
SELECT '{"a":1}'::json -> 'a' + 1
SELECT '{"a":1}' -> 'a'
SELECT json '{"a":1}' -> 'a', json '[1,2]' -> 1, CAST('[1]' AS json) -> 0
SELECT json_populate_record(NULL::record, '{"a":1}')
SELECT '{"a":1}'::json || '{"b":2}'::json
SELECT '{"a":1}'::json ? 'a'
SELECT '{"a":1}'::json @> '{"a":1}'
SELECT json_populate_record(NULL::record, NULL)
SELECT json_populate_record(NULL, '{"a":1}')
SELECT json_populate_record(1, '{"a":1}')
SELECT * FROM json_populate_record(NULL::record, '{"a":1}')
SELECT * FROM json_populate_record(NULL::record, '{"a":1}') AS t(a int4, b text)
SELECT * FROM json_populate_recordset(NULL::record, '[{"a":1},{"b":2}]') AS t(a int4, b text)
SELECT json_to_record('{"a":1}')
SELECT json_to_record(NULL)
SELECT json_to_recordset('[{"a":1}]')
SELECT * FROM json_to_record(NULL) AS t(a int4)
SELECT * FROM json_to_recordset(NULL) AS t(a int4)
SELECT * FROM json_to_record('[1]') AS t(a int4)
SELECT * FROM json_to_record('1') AS t(a int4)
SELECT * FROM json_to_recordset('{"a":1}') AS t(a int4)
SELECT * FROM json_to_recordset('1') AS t(a int4)
SELECT * FROM json_to_recordset('[{"a":1},[2]]') AS t(a int4)
SELECT * FROM json_to_record('{"a":1}') AS t(a int4[])
SELECT * FROM json_to_record('{"a":"{1,2}"}') AS t(a int4[])
SELECT * FROM json_to_record('{"a":"x"}') AS t(a int4[])
SELECT * FROM json_to_record('{"a":[1,"x"]}') AS t(a int4[])
SELECT * FROM json_to_record('{"a":[1,[2]]}') AS t(a int4[])
SELECT * FROM json_to_record('{"a":[[1,2],[3,4]]}') AS t(a int4[])
SELECT * FROM json_to_record('{"a":[],"b":[1,null,"x y",{"b": 1}],"c":[1,null,"x y",{"b": 1}]}') AS t(a int4[], b text[], c json[])
SELECT * FROM json_to_record('{"a": {"b": 1}, "b":  "x\u0041", "c": null, "d":[1, 2]}') AS t(a json, b json, c json, d json)
SELECT * FROM json_to_record('{"a": {"b": 1}, "b":  "x\u0041", "c": null, "d":[1, 2]}') AS t(a jsonb, b jsonb, c jsonb, d jsonb)
SELECT * FROM json_to_record('{"a": {"b": 1}, "b":  "x\u0041", "c": null, "d":[1, 2]}') AS t(a text, b text, c text, d text)
SELECT * FROM json_to_record('{"a":"abc"}') AS t(a varchar(2))
SELECT * FROM json_to_record('{"a":"ab  ","b":"a"}') AS t(a varchar(2), b char(3))
SELECT * FROM json_to_record('{"a":1.255,"b":true,"c":"2024-01-01","d":"1 day","e":1.50}') AS t(a numeric(5,2), b bool, c timestamp(0), d interval, e numeric)
SELECT * FROM json_to_record('{"a":1,"a":2}') AS t(a int4)
SELECT * FROM json_to_record('{"A":1,"a":2}') AS t("A" int4)
SELECT a FROM json_to_record('{"a":1,"b":"x"}') AS t(a int4, b int4)
SELECT * FROM json_to_record('{"a":1}') AS t(a int4, a text)
SELECT * FROM json_to_record('{"a":1}') AS (a int4, b text)
SELECT * FROM json_to_record('{"a":1}') t
SELECT * FROM json_to_record('{"a":1}') AS t(a)
SELECT * FROM json_each('{"a":1}') AS t(a text, b json)
SELECT * FROM generate_series(1, 2) AS t(a int4)
SELECT * FROM ROWS FROM (json_to_record('{"a":1}') AS (a int4, b text), generate_series(1, 2)) AS t(x, y, z)
SELECT * FROM ROWS FROM (json_to_record('{"a":1}') AS (a int4, b text), generate_series(1, 2)) WITH ORDINALITY
SELECT * FROM ROWS FROM (generate_series(1, 2), generate_series(1, 3)) AS t(a int4, b int4)
SELECT * FROM json_to_record('{"a":1}') WITH ORDINALITY AS t(a int4)
SELECT * FROM unnest(ARRAY[1], ARRAY[2]) AS t(a int4, b int4)
SELECT * FROM json_to_record('{"a":"\u0000"}') AS t(a text)
SELECT x, a FROM (VALUES (1, '{"a":1}'::json), (2, '{}'), (3, NULL)) v(x, j), json_to_record(j) AS t(a int4) ORDER BY x
SELECT x, a FROM (VALUES (1, '[{"a":1},{"a":2}]'::json), (2, '[]'), (3, NULL)) v(x, j) LEFT JOIN json_to_recordset(j) AS t(a int4) ON true ORDER BY 1, 2
SELECT sum(a), count(b) FROM json_to_recordset('[{"a":1,"b":"x"},{"a":2.5}]') AS t(a numeric, b text)
SELECT x FROM (VALUES ('{}'::json)) t(x) ORDER BY x DESC
SELECT 1 FROM (VALUES ('{}'::json)) t(x) ORDER BY x
SELECT DISTINCT ON (x) x FROM (VALUES ('{}'::json)) t(x)
SELECT count(DISTINCT x) FROM (VALUES ('{}'::json)) t(x)
SELECT array_agg(x ORDER BY x) FROM (VALUES ('{}'::json)) t(x)
SELECT x FROM (SELECT ARRAY['{}'::json] AS x) t ORDER BY x
SELECT j FROM (VALUES ('$.a'::jsonpath)) t(j) ORDER BY j
SELECT '{}'::json IN ('{}')
SELECT greatest('{}'::json, '[]')
SELECT '{}'::json INTERSECT SELECT '{}'::json
SELECT NULL UNION SELECT '{}'::json
SELECT '{}'::json UNION ALL SELECT '{}'::json
SELECT 1, '{}'::json ORDER BY 2
SELECT num_nulls(VARIADIC NULL::int4[]), num_nulls(VARIADIC '{1,NULL}'::text[]), num_nonnulls(VARIADIC ARRAY[NULL, 2])
SELECT format('%s %s', VARIADIC a) FROM (VALUES (ARRAY['x', 'y']), (ARRAY['z', NULL])) t(a) ORDER BY 1
SELECT format('%s', VARIADIC NULL::text[])
SELECT format('x', VARIADIC NULL::text[])
SELECT format('%s', VARIADIC 'x')
SELECT format('%s %s', VARIADIC ARRAY[1, 2])
SELECT json_build_array(VARIADIC a), json_build_object(VARIADIC a), concat(VARIADIC a), concat_ws('-', VARIADIC a), num_nulls(VARIADIC a) FROM (VALUES (ARRAY['x', 'y']), (ARRAY['z', NULL]), (NULL)) t(a) ORDER BY 3
SELECT jsonb_path_exists('[]'::jsonb, 'strict $.a', silent => true) IS UNKNOWN, ('{"a": 1}'::jsonb @? 'strict $.x') IS NULL, ('{"a": 1}'::jsonb @@ '$.a') IS NULL
SELECT '{"a": 1}'::jsonb @? CASE WHEN true THEN x ELSE '$.a' END FROM (VALUES ('strict $.x'::jsonpath), ('$.a')) t(x)
SELECT JSON_EXISTS(x, 'strict $.b' UNKNOWN ON ERROR), JSON_EXISTS(x, 'strict $.b' UNKNOWN ON ERROR) IS NULL FROM (VALUES (jsonb '{"a": 1}'), ('{"b": 1}')) t(x) ORDER BY x::text
-- Records that JSON is put into.
SELECT json_populate_record(row(1, 2), '{"f1":5}'), jsonb_populate_record(row(1, 2), '{"f2":null}'), json_populate_record(row(1, 2), '{}')
SELECT json_populate_record(t, '{"x":5}') FROM (VALUES (1, 'a'), (2, 'b')) t(x, y)
SELECT json_populate_record(t, j) FROM (VALUES (1, 'a', '{"y":"c"}'::json), (2, 'b', NULL)) t(x, y, j)
SELECT json_populate_recordset(row(1, 2), '[{"f1":5},{"f2":7}]')
SELECT json_populate_recordset(row(1, 2), '[]')
SELECT json_populate_recordset(row(1, 2), NULL), 1
SELECT * FROM json_populate_recordset(row(1, 'x'::text), '[{"f1":5},{"f2":7}]') AS t(a int, b text)
SELECT * FROM json_populate_record(row(1, 'x'::text), '{"b":5}') AS t(a int, b text)
SELECT jsonb_populate_record(row(1, 'x'::text, NULL::int[]), '{"f3":[1,2]}')
SELECT jsonb_populate_record(row(1, 2), '[1]')
SELECT json_populate_recordset(row(1, 2), '5')
SELECT jsonb_populate_record(row(1, 2), '{"f1":"x"}')
SELECT pg_typeof(json_populate_record(row(1, 2), '{}'))
SELECT (json_populate_record(row(1, 2), '{}')).f1
-- Aggregates of the query around.
SELECT (SELECT json_agg(t)) FROM (VALUES (1), (3)) t(x)
SELECT (SELECT jsonb_object_agg(x, x + 1)), (SELECT json_agg(x ORDER BY x DESC)), (SELECT json_arrayagg(x ORDER BY x)) FROM (VALUES (1), (3)) t(x)
SELECT k, (SELECT json_agg(x ORDER BY x) FROM (VALUES (1), (2)) u(y) WHERE y = 1) FROM (VALUES (1, 1), (1, 3), (2, 5)) t(k, x) GROUP BY k ORDER BY k
SELECT (SELECT json_agg(json_agg(x))) FROM (VALUES (1), (3)) t(x)
SELECT (SELECT json_agg(y) FROM (VALUES (1), (2)) u(y)), x FROM (VALUES (1), (3)) t(x) ORDER BY x
-- Arrays that differ.
SELECT json_agg(DISTINCT x), jsonb_agg(DISTINCT x), json_agg(DISTINCT x ORDER BY x DESC) FROM (VALUES (ARRAY[2]), (ARRAY[1, 3]), (NULL), (ARRAY[2])) t(x)
SELECT json_agg(DISTINCT x) FROM (VALUES ('[2:3]={1,2}'::int[]), ('{{1,2}}'), ('{1,2}'), ('{1,2}')) t(x)
SELECT jsonb_agg(DISTINCT x) FROM (VALUES (ARRAY[1.0, 2]), (ARRAY[1, 2.00]), (ARRAY[0.5])) t(x)
SELECT json_agg(DISTINCT x) OVER () FROM (VALUES (ARRAY[2])) t(x)
