-- SQL/JSON path.
SELECT '$'::jsonpath, '$.a'::jsonpath, '$.a.b[*]'::jsonpath, 'lax $.a'::jsonpath, 'strict $.a'::jsonpath, '$."a b"'::jsonpath, '$[0 to last]'::jsonpath, '$.a ? (@ > 1)'::jsonpath, '$.*'::jsonpath, '$.**'::jsonpath, '$.**{2}'::jsonpath, '$.**{1 to last}'::jsonpath
SELECT '$.a+1'::jsonpath, '($.a + 1) * 2'::jsonpath, '-$.a'::jsonpath, '$.a ? (@ like_regex "^a" flag "i")'::jsonpath, '$ ? (exists (@.a) && !(@.b == 1) || @.c != "x")'::jsonpath, '$.a.type()'::jsonpath, '$.a.size().double()'::jsonpath, '1 == $.a'::jsonpath, '$x'::jsonpath, '$ ? (@ starts with "a")'::jsonpath, '$ ? ((@ > 1) is unknown)'::jsonpath, '1.50'::jsonpath, '"a"'::jsonpath, 'null'::jsonpath
SELECT ''::jsonpath
SELECT '$.'::jsonpath
SELECT '$ ? (@ >'::jsonpath
SELECT '@'::jsonpath
SELECT 'last'::jsonpath
SELECT '$.a.nosuch()'::jsonpath
SELECT '$ ? (@ like_regex "(")'::jsonpath
SELECT jsonb_path_query('{"a":[1,2,3]}', '$.a[*]')
SELECT jsonb_path_query('{"a":[1,2,3]}', '$.a[*] ? (@ >= 2)')
SELECT jsonb_path_query('{"a":[1,2,3]}', '$.a[*] ? (@ >= $min && @ <= $max)', '{"min":2,"max":3}')
SELECT jsonb_path_query('{"a":[1,2,3]}', '$.a[0]'), jsonb_path_query('{"a":[1,2,3]}', '$.a[last]'), jsonb_path_query('{"a":[1,2,3]}', '$.a[last - 1]')
SELECT jsonb_path_query('{"a":[1,2,3]}', '$.a[0 to 1]')
SELECT jsonb_path_query('{"a":[1,2,3]}', '$.a[0, 2]')
SELECT jsonb_path_query('{"a":{"b":1,"c":2}}', '$.a.*')
SELECT jsonb_path_query('{"a":{"b":{"c":1}}}', '$.**')
SELECT jsonb_path_query('{"a":{"b":{"c":1}}}', '$.**{2}')
SELECT jsonb_path_query('[1,"a",null,true,{},[]]', '$[*].type()')
SELECT jsonb_path_query('[1.7,-1.7]', '$[*].floor()')
SELECT jsonb_path_query('[1.2,-1.2]', '$[*].ceiling()')
SELECT jsonb_path_query('[-1,2.5]', '$[*].abs()')
SELECT jsonb_path_query('["1.5", 2]', '$[*].double()')
SELECT jsonb_path_query('{"a":1,"b":"x"}', '$.keyvalue()')
SELECT jsonb_path_query('[1,2,3]', '$.size()'), jsonb_path_query('5', '$.size()'), jsonb_path_query('[1]', '$[*] + 1')
SELECT jsonb_path_query('{"a":5}', '$.a + 2'), jsonb_path_query('{"a":5}', '$.a * 1.5'), jsonb_path_query('{"a":5}', '$.a / 2'), jsonb_path_query('{"a":5}', '$.a % 3'), jsonb_path_query('{"a":5}', '-$.a')
SELECT jsonb_path_query('{"a":5}', '$.a / 0')
SELECT jsonb_path_query('{"a":[1,2]}', '$.a + 1')
SELECT jsonb_path_query('{"a":1}', 'strict $.b')
SELECT jsonb_path_query('{"a":1}', 'lax $.b')
SELECT jsonb_path_query('[1]', 'strict $[5]')
SELECT jsonb_path_query('{"a":1}', 'strict $.a[*]')
SELECT jsonb_path_query('{"a":1}', 'lax $.a[*]')
SELECT jsonb_path_query('{"a":1}', 'strict $.b', '{}', true)
SELECT jsonb_path_query('{"a":1}', '$.a ? (@ == $x)')
SELECT jsonb_path_query('["abc","ABC","xyz"]', '$[*] ? (@ like_regex "^a")')
SELECT jsonb_path_query('["abc","ABC","xyz"]', '$[*] ? (@ like_regex "^a" flag "i")')
SELECT jsonb_path_query('["abc","abd","xyz"]', '$[*] ? (@ starts with "ab")')
SELECT jsonb_path_query('[{"a":1},{"b":2}]', '$[*] ? (exists (@.a))')
SELECT jsonb_path_query('[1,"1",null]', '$[*] ? (@ == 1)')
SELECT jsonb_path_query('[1,"1",null]', '$[*] ? (@ != null)')
SELECT jsonb_path_query('[1,"a"]', '$[*] ? ((@ > 0) is unknown)')
SELECT jsonb_path_query('["2024-01-01","2024-06-01"]', '$[*].datetime() ? (@ < "2024-03-01".datetime())')
SELECT jsonb_path_query('["10:00:00","2024-01-01 10:00:00","2024-01-01"]', '$[*].datetime().type()')
SELECT jsonb_path_query('"01.02.2024"', '$.datetime("DD.MM.YYYY")')
SELECT jsonb_path_query('"x"', '$.datetime()')
SELECT jsonb_path_query_array('{"a":[1,2,3]}', '$.a[*] ? (@ > 1)'), jsonb_path_query_array('{}', '$.x'), jsonb_path_query_first('{"a":[1,2,3]}', '$.a[*] ? (@ > 1)'), jsonb_path_query_first('{}', '$.x')
SELECT jsonb_path_exists('{"a":[1,2]}', '$.a[*] ? (@ > 1)'), jsonb_path_exists('{"a":1}', '$.b'), jsonb_path_exists('{"a":1}', 'strict $.b', '{}', true), jsonb_path_match('{"a":1}', '$.a == 1'), jsonb_path_match('{"a":1}', 'exists($.b)')
SELECT jsonb_path_exists('{"a":1}', 'strict $.b')
SELECT jsonb_path_match('{"a":1}', '$.a')
SELECT '{"a":[1,2]}'::jsonb @? '$.a[*] ? (@ > 1)', '{"a":1}'::jsonb @? 'strict $.b', '{"a":[1,2]}'::jsonb @@ '$.a[*] > 1', '{"a":1}'::jsonb @@ '$.a', '{"a":1}'::jsonb @@ '$.b == 1'
SELECT x FROM (VALUES (1, '{"p":10}'::jsonb), (2, '{"p":20}'), (3, '{}')) t(x, j) WHERE j @? '$.p ? (@ > 15)'
SELECT x, p FROM (VALUES (1, '{"p":[1,2]}'::jsonb), (2, '{"p":[3]}')) t(x, j), jsonb_path_query(j, '$.p[*]') p ORDER BY x, p
SELECT jsonb_path_query_tz('["2024-01-01 10:00:00+02"]', '$[*].datetime()')
-- Dates and times by a template.
SELECT jsonb_path_query('"10-03-2017"', '$.datetime("dd-mm-yyyy")'), jsonb_path_query('"10-03-2017"', '$.datetime("dd-mm-yyyy").type()')
SELECT jsonb_path_query('"10-03-2017 12:34"', '$.datetime("dd-mm-yyyy HH24:MI")'), jsonb_path_query('"10-03-2017 12:34 +05:20"', '$.datetime("dd-mm-yyyy HH24:MI TZH:TZM")'), jsonb_path_query('"10-03-2017 12:34 -5"', '$.datetime("dd-mm-yyyy HH24:MI TZH").type()')
SELECT jsonb_path_query('"12:34:56"', '$.datetime("HH24:MI:SS")'), jsonb_path_query('"12:34:56 +05:20"', '$.datetime("HH24:MI:SS TZH:TZM")'), jsonb_path_query('"12:34:56.789"', '$.datetime("HH24:MI:SS.FF2")')
SELECT jsonb_path_query('"2017-03-10T12:34:56"', '$.datetime("YYYY-MM-DD\"T\"HH24:MI:SS")')
SELECT jsonb_path_query('"10-03-2017 12:34"', '$.datetime("dd-mm-yyyy")')
SELECT jsonb_path_query('"10-03-2017"', '$.datetime("dd-mm-yyyy HH24:MI")')
SELECT jsonb_path_query('"10-03-2017t12:34:56"', '$.datetime("dd-mm-yyyy\"T\"HH24:MI:SS")')
SELECT jsonb_path_query('"10-03-2017 12:34:56"', '$.datetime("dd-mm-yyyy\"T\"HH24:MI:SS")')
SELECT jsonb_path_query('"10/03/2017"', '$.datetime("dd-mm-yyyy")')
SELECT jsonb_path_query('"aaaa"', '$.datetime("HH24")')
SELECT jsonb_path_query('"10-03-2017"', '$.datetime("dd_mm_yyyy")')
SELECT jsonb_path_query('"10-03-2017 +01"', '$.datetime("dd-mm-yyyy TZH")')
SELECT jsonb_path_query('"x"', '$.datetime("\"x\"")')
SELECT jsonb_path_query('"bogus"', '$.datetime("HH24")', silent => true), jsonb_path_exists('"10-03-2017"', '$.datetime("dd-mm-yyyy") ? (@ < "11.03.2017".datetime("dd.mm.yyyy"))')
SELECT jsonb_path_query_array('["2017-03-10", "2017-03-11"]', '$[*].datetime("yyyy-mm-dd") ? (@ > "10.03.2017".datetime("dd.mm.yyyy"))')
SELECT jsonb_path_query_tz('"10.03.2017 12:34 CEST"', '$.datetime("dd.mm.yyyy HH24:MI TZ")')
