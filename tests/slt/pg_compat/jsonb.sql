-- jsonb: input, output, operators, functions.
SELECT '{"b":1,"a":[1, 2],"aa":null}'::jsonb, '{"a":1,"a":2}'::jsonb, ' [1,  "x"] '::jsonb, '1.50'::jsonb, '1e3'::jsonb, '-0.0'::jsonb, '"\u00e9"'::jsonb, 'null'::jsonb, 'true'::jsonb, '{}'::jsonb, '[]'::jsonb
SELECT '{a:1}'::jsonb
SELECT '[1,]'::jsonb
SELECT ''::jsonb
SELECT '"\u0000"'::jsonb
SELECT '"\ud800"'::jsonb
SELECT '1e200000'::jsonb
SELECT '{"a":1} x'::jsonb
SELECT 'True'::jsonb
SELECT '{"a":1, "b":{"c":"x"}}'::jsonb -> 'b', '{"a":1, "b":{"c":"x"}}'::jsonb ->> 'b', '{"a":1}'::jsonb -> 'z', '[1,2,3]'::jsonb -> 0, '[1,2,3]'::jsonb -> -1, '[1,2,3]'::jsonb ->> 5, '{"a":null}'::jsonb ->> 'a', '"x"'::jsonb ->> 0
SELECT '{"a":{"b":[10,20]}}'::jsonb #> '{a,b,1}', '{"a":{"b":[10,20]}}'::jsonb #>> '{a,b,-1}', '{"a":1}'::jsonb #> '{}', '{"a":1}'::jsonb #>> '{a,b}', '"x"'::jsonb #>> '{}'
SELECT ('{"a":{"b":[10,20]}}'::jsonb)['a'], ('{"a":{"b":[10,20]}}'::jsonb)['a']['b'][1], ('[1,2]'::jsonb)[-1], ('[1,2]'::jsonb)['0'], ('{"a":1}'::jsonb)['z']
SELECT ('[1,2]'::jsonb)[1.5]
SELECT ('[1,2]'::jsonb)[0:1]
SELECT '{"a":1,"b":2}'::jsonb @> '{"a":1}', '{"a":1}'::jsonb @> '{"a":2}', '[1,2,3]'::jsonb @> '[3,1]', '[1,2]'::jsonb @> '1', '{"a":[1,2]}'::jsonb @> '{"a":[2]}', '{"a":1}'::jsonb <@ '{"a":1,"b":2}', '[]'::jsonb <@ '[1]', '[[1,2]]'::jsonb @> '[[1]]', '{"a":{}}'::jsonb @> '{"a":{}}', '1'::jsonb @> '1'
SELECT '{"a":1,"b":2}'::jsonb ? 'a', '["a","b"]'::jsonb ? 'b', '"a"'::jsonb ? 'a', '{"a":1}'::jsonb ?| ARRAY['x', 'a'], '{"a":1}'::jsonb ?& ARRAY['x', 'a'], '{"a":1}'::jsonb ?& '{}', '[1]'::jsonb ? '1'
SELECT '{"a":1}'::jsonb || '{"b":2}', '{"a":1}'::jsonb || '{"a":2}', '[1]'::jsonb || '[2]', '[1]'::jsonb || '2', '1'::jsonb || '2', '{"a":1}'::jsonb || '[1]', '[]'::jsonb || '{}', '{"a":1}'::jsonb || NULL
SELECT '1'::jsonb || '{"a":1}'::jsonb
SELECT '{"a":1,"b":2}'::jsonb - 'a', '["a","b","a"]'::jsonb - 'a', '[1,2,3]'::jsonb - 1, '[1,2,3]'::jsonb - -1, '{"a":1,"b":2,"c":3}'::jsonb - ARRAY['a', 'c'], '{"a":{"b":1,"c":2}}'::jsonb #- '{a,b}', '[1,[2,3]]'::jsonb #- '{1,0}', '[1]'::jsonb - 5
SELECT '1'::jsonb - 'a'
SELECT '{"a":1}'::jsonb - 1
SELECT '1'::jsonb #- '{a}'
SELECT '[1,2]'::jsonb #- '{a}'
SELECT '{"a":1}'::jsonb = '{"a": 1.0}', '1'::jsonb = '1.00', '{"a":1}'::jsonb < '{"a":2}', '[1]'::jsonb < '{}', 'null'::jsonb < '"a"', '"a"'::jsonb < '1', 'false'::jsonb < 'true', '[]'::jsonb < '1', '[1,2]'::jsonb > '[3]', '{"a":1,"b":1}'::jsonb > '{"c":1}'
SELECT x FROM (VALUES ('1'::jsonb), ('"a"'), ('null'), ('true'), ('[]'), ('{}'), ('[1]'), ('{"a":1}'), (NULL), ('false'), ('10'), ('9'), ('"b"')) t(x) ORDER BY x
SELECT DISTINCT x FROM (VALUES ('{"a":1}'::jsonb), ('{"a": 1}'), ('1.0'), ('1')) t(x) ORDER BY x
SELECT x, count(*) FROM (VALUES ('{"a":1}'::jsonb), ('{"a": 1}'), ('2')) t(x) GROUP BY x ORDER BY x
SELECT max(x) FROM (VALUES ('1'::jsonb)) t(x)
SELECT jsonb_array_length('[1,2,3]'), jsonb_typeof('{}'), jsonb_typeof('[]'), jsonb_typeof('1'), jsonb_typeof('"a"'), jsonb_typeof('null'), jsonb_typeof(NULL)
SELECT jsonb_array_length('{}')
SELECT jsonb_build_array(1, 'a', NULL, true, 1.50, date '2024-01-01', ARRAY[1, 2]), jsonb_build_object('b', 1, 'a', NULL), jsonb_build_object('a', jsonb_build_array(1, jsonb_build_object())), jsonb_object('{a,1,b,2}'), jsonb_object('{b,a}', '{1,2}')
SELECT jsonb_build_object('a', 1, 'b')
SELECT jsonb_build_object(NULL, 1)
SELECT to_jsonb(1), to_jsonb('a'::text), to_jsonb(1.50), to_jsonb(true), to_jsonb(NULL::int4), to_jsonb(ARRAY['a', NULL]), to_jsonb(ROW(1, 'a')), to_jsonb(date '2024-01-01'), to_jsonb('{"b":1,"a":2}'::json), to_jsonb('inf'::float8), to_jsonb(interval '1 day'), to_jsonb(1e15::float8)
SELECT jsonb_agg(x ORDER BY x), jsonb_object_agg(y, x), jsonb_agg(t ORDER BY x) FROM (VALUES (1, 'a'), (2, 'b'), (NULL, 'c')) t(x, y)
SELECT jsonb_agg(x), jsonb_object_agg(x, x) FROM (VALUES (1)) t(x) WHERE false
SELECT jsonb_object_agg(y, x) FROM (VALUES (1, NULL)) t(x, y)
SELECT key, value FROM jsonb_each('{"b":"x","a":1,"c":null}')
SELECT key, value FROM jsonb_each_text('{"b":"x","a":1,"c":null,"d":{"e": 1}}')
SELECT value FROM jsonb_array_elements('[1,"a",null,{"b":2}]')
SELECT value FROM jsonb_array_elements_text('[1,"a",null,{"b":2}]')
SELECT jsonb_object_keys('{"b":1,"aa":2,"a":3}')
SELECT x, value FROM (VALUES (1, '[10,20]'::jsonb), (2, '[]'), (3, NULL)) t(x, j), jsonb_array_elements(j) ORDER BY x, value
SELECT jsonb_array_elements('{}')
SELECT jsonb_array_elements('1')
SELECT jsonb_each('[1]')
SELECT jsonb_set('{"a":1}', '{a}', '2'), jsonb_set('{"a":1}', '{b}', '2'), jsonb_set('{"a":1}', '{b}', '2', false), jsonb_set('{"a":[1,2]}', '{a,0}', '9'), jsonb_set('[1,2]', '{-1}', '9'), jsonb_set('[1,2]', '{5}', '9'), jsonb_set('{"a":1}', '{a,b}', '2'), jsonb_set('{"a":1}', '{}', '2'), jsonb_set('{"a":1}', '{a}', NULL)
SELECT jsonb_set('1', '{a}', '2')
SELECT jsonb_set('[1]', '{a}', '2')
SELECT jsonb_set_lax('{"a":1}', '{a}', NULL), jsonb_set_lax('{"a":1}', '{a}', NULL, true, 'delete_key'), jsonb_set_lax('{"a":1}', '{a}', NULL, true, 'return_target'), jsonb_set_lax('{"a":1}', '{b}', '5')
SELECT jsonb_set_lax('{"a":1}', '{a}', NULL, true, 'raise_exception')
SELECT jsonb_insert('{"a":[0,1]}', '{a,1}', '9'), jsonb_insert('{"a":[0,1]}', '{a,1}', '9', true), jsonb_insert('{"a":1}', '{b}', '2'), jsonb_insert('[1]', '{-1}', '0')
SELECT jsonb_insert('{"a":1}', '{a}', '2')
SELECT jsonb_strip_nulls('{"a":1,"b":null,"c":[null,{"d":null}]}'), jsonb_pretty('{"a":[1,{"b":2}],"c":{}}'), jsonb_pretty('[]'), jsonb_pretty('1')
SELECT jsonb_extract_path('{"a":{"b":1}}', 'a', 'b'), jsonb_extract_path_text('{"a":{"b":"x"}}', 'a', 'b'), jsonb_extract_path('{"a":1}', VARIADIC ARRAY['a'])
SELECT jsonb_concat('[1]', '[2]'), jsonb_exists('{"a":1}', 'a'), jsonb_contains('{"a":1}', '{}'), jsonb_delete('{"a":1}', 'a')
SELECT a, b, c FROM jsonb_to_record('{"a":1,"b":"x","c":[1,2]}') AS t(a int4, b text, c int4[])
SELECT * FROM jsonb_to_recordset('[{"a":1,"b":"x"},{"a":2,"b":null}]') AS t(a int4, b text)
SELECT a FROM jsonb_to_record('{"a":{"x":1}}') AS t(a int4)
SELECT * FROM jsonb_to_recordset('{"a":1}') AS t(a int4)
SELECT * FROM jsonb_to_record('{"a":1}')
SELECT '"a"'::jsonb::text, '1'::jsonb::int4, '1.7'::jsonb::int4, '2.5'::jsonb::numeric, 'true'::jsonb::bool, '1'::jsonb::int2, '5'::jsonb::int8, '1.5'::jsonb::float4
SELECT '99999999999'::jsonb::int4
SELECT '{"a":1}'::jsonb::numeric
SELECT '"a"'::jsonb::bool
SELECT pg_typeof('{}'::jsonb -> 'a'), pg_typeof('{}'::jsonb || '{}'), pg_typeof(jsonb_agg(1)), pg_typeof('{}'::jsonb #>> '{a}')
SELECT j ->> 'n' AS n, (j ->> 'v')::int4 * 2 AS v FROM (VALUES ('{"n":"a","v":1}'::jsonb), ('{"n":"b","v":2}')) t(j) WHERE j @> '{"v":2}'
SELECT j -> 'k' AS k, count(*), sum((j ->> 'v')::numeric) FROM (VALUES ('{"k":"a","v":1}'::jsonb), ('{"k":"a","v":2.5}'), ('{"k":"b"}')) t(j) GROUP BY j -> 'k' ORDER BY 1
SELECT '{"a":1}'::jsonb + 1
SELECT '{"a":1}'::jsonb -> 1.5
SELECT '{"a":1}'::jsonb ->> 'a' = 1
SELECT '[1,2]'::jsonb - '1', '{"a":"b"}'::jsonb ->> 'a' || 'c', '{"a":[1]}'::jsonb -> 'a' -> 0 = '1'
SELECT jsonb_path_exists('{"a":1}', '$.a'), '{"a":1}'::jsonb @? '$.b', '{"a":1}'::jsonb @@ '$.a == 1', jsonb_path_query_array('[1,2,3]', '$[*] ? (@ > 1)')
SELECT '{"a":"\"\\\/\b\f\n\r\t"}'::jsonb, '{"a":"<>&''"}'::jsonb, '"日本"'::jsonb, '"\ud83d\ude00"'::jsonb, '{"":1}'::jsonb -> '', '" "'::jsonb
SELECT '123456789012345678901234567890.123456789'::jsonb, '1E+2'::jsonb, '0.00001'::jsonb, '1e-10'::jsonb, '-5'::jsonb
SELECT ('{"a":1}'::jsonb)['a':'b'], 1
SELECT ('{"a":1}'::jsonb)[NULL], ('[1,2]'::jsonb)[1], ('[[1,2]]'::jsonb)[0][1], ('{"1":2}'::jsonb)[1], ('"x"'::jsonb)['a'], ('[1,2]'::jsonb)[1::int2], ('[1,2]'::jsonb)['a'::varchar]
SELECT ('[1,2]'::jsonb)[1::int8]
SELECT ('[1,2]'::jsonb)[true]
SELECT ('[1,2]'::json)[1]
SELECT j['a']['b'], j['a'][k] FROM (VALUES ('{"a":{"b":1}}'::jsonb, 'b'::text)) t(j, k)
SELECT jsonb_delete('[1,2]', 0), jsonb_delete('{"a":1,"b":2}', 'a', 'b'), jsonb_delete('{"a":1}', VARIADIC ARRAY['a']), jsonb_exists_any('{"a":1}', '{a,b}'), jsonb_delete_path('{"a":1}', '{a}')
SELECT * FROM jsonb_to_record('[1]') AS t(a int4)
SELECT * FROM jsonb_to_recordset('1') AS t(a int4)
SELECT * FROM jsonb_to_recordset('[1]') AS t(a int4)
SELECT * FROM jsonb_to_record('{"a":{"x":1}}') AS t(a int4[])
SELECT * FROM jsonb_to_record('{"a": {"b": 1}, "b":  "x\u0041", "c": null, "d":[1, 2]}') AS t(a json, b jsonb, c json, d json)
SELECT * FROM jsonb_to_record('{"a": {"b": 1}, "b":  true, "c": 1.50, "d":[1, 2]}') AS t(a text, b text, c text, d text)
SELECT * FROM jsonb_to_record('{"a":[1,null,"x y",{"b": 1}],"b":[1,"x"]}') AS t(a jsonb[], b json[])
SELECT * FROM jsonb_populate_recordset(NULL::record, '[{"a":1,"b":{"c":2}}]') AS t(a int8, b jsonb)
SELECT JSON_VALUE('"abc"', '$' RETURNING varchar(2)), JSON_VALUE('"a"', '$' RETURNING char(3)), JSON_VALUE('"abc"', '$' RETURNING char(2)), JSON_QUERY('"abc"', '$' RETURNING varchar(2)), JSON_QUERY('"abc"', '$' RETURNING varchar(3) OMIT QUOTES)
SELECT JSON_VALUE('"abc"', '$' RETURNING varchar(2) ERROR ON ERROR)
SELECT JSON_VALUE('12345.678', '$' RETURNING numeric(5,2)), JSON_VALUE('1.678', '$' RETURNING numeric(5,2))
SELECT JSON_QUERY('[1,2]', '$' RETURNING int4[]), JSON_QUERY('[1,"x"]', '$' RETURNING int4[]), JSON_QUERY('1', '$' RETURNING int4[])
SELECT JSON_QUERY('[1,"x"]', '$' RETURNING int4[] ERROR ON ERROR)
SELECT JSON_QUERY('{"a":1}', '$' RETURNING int4[] ERROR ON ERROR)
SELECT JSON_QUERY('"{4,5}"', '$' RETURNING int4[] ERROR ON ERROR)
SELECT JSON_QUERY('"{4,5}"', '$' RETURNING int4[] OMIT QUOTES)
SELECT JSON_QUERY('[]', '$' RETURNING int4[]), JSON_QUERY('[1,2]', '$[*]' RETURNING int4[] WITH WRAPPER), JSON_QUERY('{}', '$.a' RETURNING int4[] EMPTY ARRAY ON EMPTY), JSON_QUERY('{}', '$.a' RETURNING int4[] DEFAULT '{7}' ON EMPTY)
SELECT JSON_QUERY('[1,2]', '$' RETURNING text[]), JSON_QUERY('["a",null,{"b": 1}]', '$' RETURNING jsonb[]), JSON_QUERY('["a",null]', '$' RETURNING text[])
SELECT JSON_QUERY('"5"', '$' RETURNING int4), JSON_QUERY('5', '$' RETURNING int4), JSON_QUERY('"5"', '$' RETURNING int4 OMIT QUOTES), JSON_QUERY('[1]', '$' RETURNING int4), JSON_QUERY('true', '$' RETURNING bool), JSON_QUERY('1.50', '$' RETURNING numeric)
SELECT JSON_QUERY('"5"', '$' RETURNING int4 ERROR ON ERROR)
SELECT 'true' ?| '{a}'
SELECT '{"a": 1}'::jsonb ?| '{a}', '["a"]' ?| ARRAY['a']
