-- Arrays: input, output, subscripts, operators, functions.
SELECT ARRAY[1, 2, 3], '{1,2,3}'::int4[], ARRAY['a', 'b c', NULL, '', 'NULL', 'x"y', 'a,b', '{}'], ARRAY[1.5, 2], ARRAY[true, false], ARRAY[[1, 2], [3, 4]], '{}'::int4[], ARRAY[]::text[], '{{1,2},{3,4}}'::int4[]
SELECT ARRAY[]
SELECT ARRAY[1, 'x']
SELECT ARRAY[1, true]
SELECT ARRAY[1, 2.5, '3'], ARRAY[1, NULL], ARRAY[NULL, NULL], ARRAY['1', '2'], pg_typeof(ARRAY[1, 2.5]), pg_typeof(ARRAY['a']), pg_typeof(ARRAY[NULL]), pg_typeof(ARRAY[1::int2, 2::int8])
SELECT ARRAY[[1, 2], [3]]
SELECT '{1,2'::int4[]
SELECT '{1,x}'::int4[]
SELECT '{{1,2},{3}}'::int4[]
SELECT '1,2'::int4[]
SELECT '{1,,2}'::int4[]
SELECT '{a,"b,c","d\"e",NULL,"NULL", f g }'::text[], '{"a\\b",null}'::text[], '{ 1 , 2 }'::int4[], '[2:3]={1,2}'::int4[], '[0:1][1:2]={{1,2},{3,4}}'::int4[], '{2024-01-01,infinity}'::date[], '{t,f,NULL}'::bool[]
SELECT '[1:2]={1}'::int4[]
SELECT (ARRAY[1, 2, 3])[1], (ARRAY[1, 2, 3])[0], (ARRAY[1, 2, 3])[4], (ARRAY[1, 2, 3])[2:3], (ARRAY[1, 2, 3])[:2], (ARRAY[1, 2, 3])[2:], (ARRAY[1, 2, 3])[:], (ARRAY[1, 2, 3])[3:2], (ARRAY[1, 2, 3])[NULL]
SELECT (ARRAY[[1, 2], [3, 4]])[1][2], (ARRAY[[1, 2], [3, 4]])[1], (ARRAY[[1, 2], [3, 4]])[1:2][2:2], (ARRAY[[1, 2], [3, 4]])[2:2], (ARRAY[[1, 2], [3, 4]])[2][1:1], ('[0:2]={1,2,3}'::int4[])[0], ('{1,2}'::int4[])['1']
SELECT (ARRAY[1, 2])['a']
SELECT (ARRAY[1, 2])[1.4], (ARRAY[1, 2])[1::int8]
SELECT (1)[1]
SELECT ARRAY[1, 2] || 3, 0 || ARRAY[1, 2], ARRAY[1] || ARRAY[2, 3], ARRAY[[1, 2]] || ARRAY[3, 4], ARRAY[1, 2] || NULL, NULL || ARRAY[1], '{}'::int4[] || 1, ARRAY[1] || '{2}', ARRAY['a'] || 'b'::text, ARRAY[1] || 2.5
SELECT ARRAY[1] || 'x'
SELECT ARRAY['a'] || 'b'
SELECT ARRAY[1, 2] || ARRAY['a']
SELECT ARRAY[[1, 2]] || ARRAY[3]
SELECT ARRAY[1, 2] = ARRAY[1, 2], ARRAY[1, 2] < ARRAY[1, 3], ARRAY[1, 2] < ARRAY[1, 2, 0], ARRAY[2] > ARRAY[1, 9], ARRAY[1, NULL] = ARRAY[1, NULL], ARRAY[1] <> ARRAY[2], ARRAY[[1, 2]] = ARRAY[1, 2], '{}'::int4[] < ARRAY[1], ARRAY[1, NULL] > ARRAY[1, 2], ARRAY['a'] = '{a}'
SELECT ARRAY[1] = ARRAY['1'::text]
SELECT ARRAY[1] = ARRAY[1.0]
SELECT ARRAY[1, 2, 3] @> ARRAY[2], ARRAY[1] <@ ARRAY[1, 2], ARRAY[1, 2] && ARRAY[2, 3], ARRAY[1] && ARRAY[2], ARRAY[1, 2] @> '{}', ARRAY[1, NULL] @> ARRAY[NULL]::int4[], ARRAY[1, 1] <@ ARRAY[1], ARRAY[[1, 2], [3, 4]] @> ARRAY[4], '{}'::int4[] && '{}'
SELECT array_length(ARRAY[1, 2, 3], 1), array_length(ARRAY[[1, 2, 3], [4, 5, 6]], 2), array_length('{}'::int4[], 1), array_length(ARRAY[1], 2), cardinality(ARRAY[[1, 2], [3, 4]]), cardinality('{}'::int4[]), array_ndims(ARRAY[[1], [2]]), array_dims(ARRAY[[1, 2], [3, 4]]), array_dims('{}'::int4[]), array_lower('[2:3]={1,2}'::int4[], 1), array_upper('[2:3]={1,2}'::int4[], 1)
SELECT array_append(ARRAY[1, 2], 3), array_prepend(0, ARRAY[1]), array_cat(ARRAY[1], ARRAY[2]), array_append(NULL, 1), array_append('{}'::text[], 'a'), array_prepend(NULL, ARRAY[1]), array_append(ARRAY[1, 2], NULL), array_cat(NULL, ARRAY[1])
SELECT array_remove(ARRAY[1, 2, 1, NULL], 1), array_remove(ARRAY[1, NULL], NULL), array_replace(ARRAY[1, 2, 1], 1, 9), array_replace(ARRAY[1, NULL], NULL, 0), array_position(ARRAY['a', 'b', 'a'], 'a'), array_position(ARRAY['a', 'b', 'a'], 'a', 2), array_position(ARRAY[1], 5), array_positions(ARRAY[1, 2, 1], 1), array_positions(ARRAY[1], 2), array_position(ARRAY[1, NULL], NULL)
SELECT array_remove(ARRAY[[1, 2]], 1)
SELECT array_position(ARRAY[[1, 2]], 1)
SELECT array_fill(0, ARRAY[3]), array_fill('x'::text, ARRAY[2, 2]), array_fill(7, ARRAY[2], ARRAY[0]), array_fill(NULL::int4, ARRAY[2]), array_fill(1, '{}')
SELECT array_fill(0, ARRAY[NULL]::int4[])
SELECT array_fill(0, ARRAY[-1])
SELECT array_fill(0, NULL)
SELECT trim_array(ARRAY[1, 2, 3], 1), trim_array(ARRAY[1, 2, 3], 0), trim_array(ARRAY[1, 2, 3], 3), trim_array(ARRAY[[1, 2], [3, 4]], 1)
SELECT trim_array(ARRAY[1], 2)
SELECT trim_array(ARRAY[1], -1)
SELECT unnest(ARRAY[3, 1, 2])
SELECT unnest(ARRAY[[1, 2], [3, 4]])
SELECT unnest('{}'::int4[])
SELECT x, n FROM unnest(ARRAY['a', 'b', NULL]) WITH ORDINALITY t(x, n) ORDER BY n
SELECT a, b FROM unnest(ARRAY[1, 2, 3], ARRAY['x', 'y']) t(a, b) ORDER BY a
SELECT * FROM unnest(ARRAY[1, 2]) a, unnest(ARRAY['a', 'b']) b ORDER BY 1, 2
SELECT array_agg(x ORDER BY x), array_agg(x ORDER BY x DESC NULLS LAST), array_agg(DISTINCT x), array_agg(x ORDER BY x) FILTER (WHERE x > 1) FROM (VALUES (2), (1), (NULL), (2)) t(x)
SELECT array_agg(x) FROM (VALUES (1)) t(x) WHERE false
SELECT array_agg(x ORDER BY x) FROM (VALUES (ARRAY[1, 2]), (ARRAY[3, 4])) t(x)
SELECT array_agg(x ORDER BY x) FROM (VALUES (ARRAY[1, 2]), (ARRAY[3])) t(x)
SELECT ARRAY(SELECT x FROM (VALUES (3), (1), (2)) t(x) ORDER BY x), ARRAY(SELECT 1 WHERE false), ARRAY(SELECT ARRAY[x, x + 1] FROM (VALUES (1), (2)) t(x) ORDER BY x), ARRAY(VALUES ('a'), ('b'))
SELECT ARRAY(SELECT 1, 2)
SELECT 1 = ANY (ARRAY[1, 2]), 3 = ANY (ARRAY[1, 2]), 1 = ANY (ARRAY[2, NULL]), 1 < ALL (ARRAY[2, 3]), 1 = ALL ('{}'::int4[]), 1 = ANY ('{}'::int4[]), NULL = ANY (ARRAY[1]), 1 = ANY (NULL::int4[]), 2 <> ALL (ARRAY[1, NULL]), 1 = SOME (ARRAY[1])
SELECT 1 = ANY ('{1,2}'), 'a' = ANY ('{a,b}'), 1 = ANY (ARRAY['1', '2']::int4[])
SELECT 1 = ANY (ARRAY['a'])
SELECT 1 = ANY (1)
SELECT 1 + ANY (ARRAY[1])
SELECT generate_subscripts(ARRAY[4, 5, 6], 1)
SELECT i, (ARRAY['x', 'y'])[i] FROM generate_subscripts(ARRAY['x', 'y'], 1, true) i
SELECT array_to_string(ARRAY[1, NULL, 3], ',', '*'), array_to_string(ARRAY[date '2024-01-01'], '/'), string_to_array('1,2,3', ',')::int4[], array_to_string(ARRAY['a', ''], '-'), ARRAY[1, 2]::text, ARRAY['a']::text || 'x'
SELECT x FROM (VALUES (ARRAY[2]), (ARRAY[1, 2]), ('{}'), (NULL), (ARRAY[1])) t(x) ORDER BY x
SELECT x, count(*) FROM (VALUES (ARRAY[1, 2]), (ARRAY[1, 2]), (ARRAY[2, 1])) t(x) GROUP BY x ORDER BY x
SELECT max(x), min(x) FROM (VALUES (ARRAY[1, 2]), (ARRAY[1, 3])) t(x)
SELECT ARRAY[ROW(1, 'a'), ROW(2, 'b c')], ARRAY[date '2024-01-01'], ARRAY[timestamp '2024-01-01 10:00'], ARRAY[interval '1 day'], ARRAY['\x01'::bytea], ARRAY['{"a": 1}'::jsonb], ARRAY[1.50, NULL]
SELECT array_ndims(1)
SELECT array_append(1, 2)
SELECT array_append(ARRAY[1], 'x')
SELECT cardinality(NULL), array_length(NULL::int4[], 1)
SELECT cardinality(NULL::int4[]), array_ndims(NULL::int4[]), array_dims(NULL::int4[]), NULL::int4[] || NULL::int4[], (NULL::int4[])[1]
SELECT pg_typeof(ARRAY[1, 2] || 3), pg_typeof((ARRAY[1])[1]), pg_typeof((ARRAY[[1]])[1:1]), pg_typeof(ARRAY(SELECT 'a')), pg_typeof(array_agg(1.5)), pg_typeof(string_to_array('a', ','))
SELECT a[1], a[2:], a FROM (VALUES (ARRAY[1, 2, 3]), (ARRAY[4])) t(a) ORDER BY a
SELECT a[1] AS one, a[2:] AS rest FROM (VALUES (ARRAY[1, 2, 3]), (ARRAY[4])) t(a) ORDER BY t.a
SELECT ARRAY[1, 2, 3] IS NULL, ARRAY[NULL]::int4[] IS NULL, coalesce(NULL, ARRAY[1]), CASE WHEN true THEN ARRAY[1] ELSE '{2}' END, nullif(ARRAY[1], '{1}')
SELECT ARRAY[1, 2] + 1
SELECT -ARRAY[1]
SELECT sum(x) FROM (VALUES (ARRAY[1])) t(x)
SELECT ARRAY[ARRAY[1, 2], '{3,4}'], ARRAY[[[1], [2]], [[3], [4]]], ARRAY[[]]::int4[], ARRAY[[], []]::text[], ARRAY[['a'], ['b']], ARRAY[[1], [2.5]], ARRAY[[1, 2]]::float8[], ARRAY[[1, 2]]::text[]
SELECT ARRAY['[0:1]={1,2}'::int4[], '[0:1]={3,4}']
SELECT ARRAY[ARRAY[1], NULL]
SELECT ARRAY[1, ARRAY[2]]
SELECT ARRAY[x, y] FROM (VALUES (ARRAY[1, 2], ARRAY[3, 4])) t(x, y)
SELECT ARRAY[x, x], (ARRAY[x, x])[2][1], pg_typeof(ARRAY[x, x]) FROM (VALUES (ARRAY['a', NULL]), (ARRAY['c'])) t(x)
SELECT (ARRAY[1])[1][1][1][1][1][1][1]
SELECT (ARRAY[1])[1.5], (ARRAY[1])[2::int8]
SELECT (ARRAY[1])[true]
SELECT ('x')[1]
SELECT ('[0:2]={1,2,3}'::int4[])[:1], ('[0:2]={1,2,3}'::int4[])[1:], ('[0:2]={1,2,3}'::int4[])[:], (ARRAY[[1, 2], [3, 4]])[:][2:], (ARRAY[1, 2])[1:2][1:1], (ARRAY[1, 2])[NULL:2], (ARRAY[1, 2])[NULL], (ARRAY[[1, 2]])[1][NULL]
SELECT x[1], x[1][1], x[1:1], x[0], x[:][1:1] FROM (VALUES (ARRAY[[1, 2]]), (ARRAY[3, 4]), ('[0:1]={5,6}'), ('{}'), (NULL)) t(x)
SELECT x FROM (VALUES (ARRAY[[1, 2]]), (ARRAY[1, 2]), ('[0:1]={1,2}'), ('{}'), (NULL), (ARRAY[1]), (ARRAY[1, NULL])) t(x) ORDER BY x
SELECT x FROM (VALUES (ARRAY[['b']]), (ARRAY['a', 'c']), (ARRAY['b']), (NULL)) t(x) ORDER BY x DESC
SELECT x, count(*) FROM (VALUES (ARRAY[[1, 2]]), (ARRAY[1, 2]), (ARRAY[[1, 2]])) t(x) GROUP BY x ORDER BY x
SELECT DISTINCT x FROM (VALUES (ARRAY[[1.0, 2]]), (ARRAY[[1.0, 2]]), (ARRAY[[3.5]])) t(x) ORDER BY x
SELECT max(x), min(x), count(DISTINCT x) FROM (VALUES (ARRAY[[1, 2]]), (ARRAY[1, 2]), (ARRAY[1, NULL]), (NULL)) t(x)
SELECT ARRAY[[1, 2]] UNION ALL SELECT ARRAY[3] ORDER BY 1
SELECT x FROM (SELECT ARRAY[[1, 2]] AS x UNION SELECT ARRAY[3] UNION SELECT '{{1,2}}') t ORDER BY x
SELECT COALESCE(NULL, ARRAY[[1]]), CASE WHEN true THEN ARRAY[1] ELSE ARRAY[[1]] END, NULLIF(ARRAY[[1]], ARRAY[[1]]), NULLIF(ARRAY[[1]], ARRAY[1]), GREATEST(ARRAY[[1]], ARRAY[2]), ARRAY[[1]] IS NULL, ARRAY[[1]] IS DISTINCT FROM ARRAY[1]
SELECT ARRAY[[1, 2]] IN (ARRAY[1, 2], ARRAY[[1, 2]]), ARRAY[1] IN (ARRAY[[1]]), 1 = ANY (ARRAY[[1, 2], [3, 4]]), 5 <> ALL (ARRAY[[1, 2], [3, 4]]), 'b' = ANY (ARRAY[['a', 'b']])
SELECT a.x, b.y FROM (VALUES (ARRAY[[1]]), (ARRAY[[2]])) a(x) JOIN (VALUES (ARRAY[1]), (ARRAY[[2]])) b(y) ON a.x = b.y
SELECT array_agg(x) FROM (VALUES (ARRAY[1, 2]), (NULL)) t(x)
SELECT array_agg(x) FROM (VALUES (ARRAY[1, 2]), ('{}')) t(x)
SELECT array_agg(x) FROM (VALUES ('{}'::int4[]), ('{}')) t(x)
SELECT array_agg(x) FROM (VALUES (ARRAY[1, 2])) t(x) WHERE false
SELECT g, array_agg(x ORDER BY x DESC) FROM (VALUES (1, ARRAY[[1, 2]]), (1, ARRAY[[3, 4]]), (2, ARRAY[[5, 6]])) t(g, x) GROUP BY g ORDER BY g
SELECT ARRAY(SELECT x FROM (VALUES (ARRAY[1, 2])) t(x) WHERE false), ARRAY(SELECT x FROM (VALUES (ARRAY[[1, 2]])) t(x))
SELECT ARRAY(SELECT x FROM (VALUES (ARRAY[1, 2]), (NULL)) t(x))
SELECT width_bucket(1, ARRAY[[1]])
SELECT width_bucket(1, ARRAY[NULL, 1])
SELECT width_bucket(2.5, ARRAY[1, 2.50, 3]), width_bucket('b'::text, ARRAY['a', 'b']), width_bucket(1, '{}'::int4[]), width_bucket(NULL, ARRAY[1]), width_bucket('NaN'::float8, ARRAY[1, 2]::float8[])
SELECT array_position(ARRAY[1], 1, NULL)
SELECT array_position(ARRAY[1.0, 2], 2.00), array_positions(ARRAY[1.0, 1], 1.00), array_remove(ARRAY[1.0, 2], 1.00), array_replace(ARRAY[1.0, 2], 1.00, 3), ARRAY[1.0] @> ARRAY[1.00], ARRAY[1.0] && ARRAY[2.00, 1.000], array_position(ARRAY['a '::char(2)], 'a'), array_position(ARRAY[0.0::float8], -0.0)
SELECT array_remove('[5:7]={1,2,3}'::int4[], 2), array_replace('[5:7]={1,2,3}'::int4[], 2, 9), array_positions('[5:7]={1,2,1}'::int4[], 1), array_position('[5:7]={1,2,1}'::int4[], 1, 6), array_replace(ARRAY[[1, 2]], 2, NULL), array_remove('[5:5]={1}'::int4[], 1)
SELECT array_positions(ARRAY[[1]], 1)
SELECT array_append(ARRAY[[1]], 2)
SELECT array_prepend(2, ARRAY[[1]])
SELECT '[0:1]={1,2}'::int4[] || 3, 0 || '[0:1]={1,2}'::int4[], ARRAY[1, 2] || ARRAY[[3, 4]], array_cat(NULL::int4[], ARRAY[[1]]), NULL::int4[] || NULL::int4[], '{}'::int4[] || ARRAY[[1]], ARRAY[[1]] || '{}'::int4[], array_dims(ARRAY[1, 2] || ARRAY[[3, 4]])
SELECT ARRAY[1] || ARRAY[[[2]]]
SELECT x || ARRAY[[9, 9]] FROM (VALUES (ARRAY[[1, 2]]), (ARRAY[3, 4]), ('{}'), (NULL)) t(x)
SELECT array_fill(0, ARRAY[[1]])
SELECT array_fill(0, ARRAY[2], ARRAY[1, 2])
SELECT array_fill(0, ARRAY[2], NULL)
SELECT array_fill(0, ARRAY[1, 1, 1, 1, 1, 1, 1])
SELECT array_fill(x, ARRAY[x, 2], ARRAY[x, 0]), array_fill(x::text, '{}') FROM (VALUES (1), (2)) t(x)
SELECT trim_array(ARRAY[[1, 2], [3, 4]], 3)
SELECT trim_array('[0:2]={1,2,3}'::int4[], 1), trim_array(ARRAY[[1, 2]], 0), trim_array('[0:2]={1,2,3}'::int4[], 3)
SELECT x, y FROM unnest(ARRAY[[1, 2], [3, 4]], '[0:1]={a,b}'::text[]) AS t(x, y)
SELECT * FROM unnest(ARRAY[[1, 2], [3, NULL]]) WITH ORDINALITY AS t(x, n)
SELECT generate_subscripts('[3:4][5:6]={{1,2},{3,4}}'::int4[], 2, true), generate_subscripts(ARRAY[[1, 2]], 1)
SELECT * FROM generate_subscripts('[0:1]={a,b}'::text[], 1) AS s
SELECT array_ndims(x::int4[]), x::int4[], (x::int4[])[1], array_length(x::int4[], 1), array_upper(x::int4[], 1), cardinality(x::int4[]) FROM (VALUES ('{1}'), ('{{1,2}}'), ('[0:0]={5}'), ('{}'), (NULL)) t(x)
SELECT x::int4[] FROM (VALUES ('{1'), ('{{1,2}}')) t(x)
SELECT x::int4[] FROM (VALUES ('{a}')) t(x)
SELECT array_to_string(ARRAY[[1, 2], [NULL, 4]], ',', '*'), array_to_string('[0:1]={a,b}'::text[], '-'), ARRAY[[1, 2]]::text, 'x' || ARRAY[[1.5]]::text, concat(ARRAY[[1]]), format('%s', ARRAY[['a b']])
SELECT '{1.234}'::numeric(5, 2)[], ARRAY['abc', 'd']::varchar(2)[], ARRAY[1.255]::numeric(5, 2)[], ARRAY[['abc']]::varchar(1)[]
SELECT array_to_json('[0:1]={1,2}'::int4[]), array_to_json(ARRAY[[[1], [2]]]), to_jsonb(ARRAY[['a', NULL], ['b', 'c']]), json_build_array(ARRAY[[1]], 1), jsonb_build_object('k', ARRAY[[1, 2]])
SELECT json_build_array(VARIADIC ARRAY[[1, 2], [3, 4]]), to_json('{}'::int4[]), to_jsonb(ARRAY[[date '2024-01-02']]), json_agg(x) FROM (VALUES (ARRAY[[1, 2]])) t(x)
SELECT jsonb_object('{{a,1},{b,NULL}}'), json_object('{{a,1}}'), jsonb_object('{a,b}', '{1,2}')
SELECT json_object('{{a,1,2}}')
SELECT json_object('{{{a,b}}}')
SELECT json_object('{{a,b}}', '{1,2}')
SELECT string_to_array('1,2', ',')::int4[] || ARRAY[[1, 2]]
SELECT '{{1,2},{3,4}}'::int8[] = ARRAY[[1, 2], [3, 4]]::int8[], '{{1,2}}'::int4[]::int8[], ARRAY[[1.5]]::int4[], '{{t}}'::bool[]::text[], ARRAY[[1, 2]] < ARRAY[[1, 3]], ARRAY[[1]] > ARRAY[1], ARRAY[[1]] <> ARRAY[[1.0]]::int4[]
SELECT '[2:1]={}'::int4[]
SELECT '{{1},2}'::int4[]
SELECT '{a,b}'::int4[]
SELECT '[0:1]={"a b",NULL}'::text[], '[-2:-1][3:3]={{x},{y}}'::text[], '{{"a,b","c\"d"},{"",NULL}}'::text[]
SELECT (('{"a":{"b":[10,20]}}'::jsonb)['a'])['b'], ('{"a":1}'::jsonb)[NULL], (x)['a'][0] FROM (VALUES ('{"a":[7]}'::jsonb)) t(x)
SELECT ('{"a":1}'::jsonb)[true]
SELECT ('{"a":1}'::jsonb)[1::int8]
SELECT array_length(ARRAY[[1, 2, 3], [4, 5, 6]], 0), array_length(ARRAY[[1]], NULL), array_lower(ARRAY[1], 2), array_upper('[0:1][5:7]={{1,2,3},{4,5,6}}'::int4[], 2), array_dims('[0:1][5:7]={{1,2,3},{4,5,6}}'::int4[])
SELECT count(x), count(DISTINCT x) FROM (VALUES (ARRAY[[1, 2]]), (ARRAY[[1, 2]]), (NULL)) t(x)
SELECT x, row_number() OVER (PARTITION BY x ORDER BY x) FROM (VALUES (ARRAY[[1]]), (ARRAY[[1]]), (ARRAY[1])) t(x) ORDER BY 1, 2
SELECT array_sample(ARRAY[1], 2)
SELECT array_sample('{}'::int4[], 0), array_sample('[5:5]={1}'::int4[], 1), array_shuffle('[5:5]={1}'::int4[]), array_shuffle('[5:5][3:4]={{1,2}}'::int4[]), array_sample('[5:5][3:4]={{1,2}}'::int4[], 1), array_sample(ARRAY[1, 2], 0), array_shuffle('{}'::int4[])
SELECT array_eq(ARRAY[1], ARRAY[[1]]), array_lt(ARRAY[1], ARRAY[[1]]), array_eq(ARRAY[1.0], ARRAY[1.00]), array_ne(ARRAY[[1]], ARRAY[[2]])
SELECT array_larger('{{1,2},{3,4}}'::int4[], '{NULL,1}'), array_smaller('{1,2,3}', '[0:1]={5,6}'::int4[]), array_larger('{}'::text[], '{{a,b},{c,d}}'::text[])
SELECT array_position('{1,2,3}'::int4[], NULL::int4, NULL::int4), array_position('[0:1]={5,6}', NULL::int4, NULL::int4)
SELECT array_position('{1,NULL,3}'::int4[], NULL::int4, NULL::int4)
-- Where a part of an array that is NULL stands isn't computed.
SELECT a[10 / b], a[10 / b : 3] FROM (VALUES (NULL::int[], 0), ('{1,2,3}', 5)) t(a, b)
SELECT a[10 / b] FROM (VALUES ('{1,2,3}'::int[], 0)) t(a, b)
SELECT (NULL::int[])[10 / b] FROM (VALUES (0), (1)) t(b)
-- Each numeric keeps its digits.
SELECT ARRAY[1, 2, 3, 4.5]::numeric[], ARRAY[1, 2.50]::numeric(5, 2)[], unnest(ARRAY[1, 4.5]::numeric[])
SELECT (NULL::int[])[1 / 0 : b] FROM (VALUES (0), (1)) t(b)
SELECT (NULL::int[])[b + 2147483647] FROM (VALUES (0), (1)) t(b)
-- Arrays by the names of their types.
SELECT '{1,2}'::_int4, '{a}'::_text, '{1.50}'::_numeric, CAST('{1}' AS pg_catalog._int8), pg_typeof(NULL::_varchar), '{101,1}'::_bit, '{{1,2}}'::_int2
SELECT NULL::_int4[]
SELECT * FROM json_to_record('{"ia": [1, "2", null, 4]}') AS x(ia _int4)
SELECT * FROM json_to_record('{"ia": 123}') AS x(ia _int4)
SELECT '{1}'::_nothing
SELECT '{1.555}'::_numeric(3,1)
