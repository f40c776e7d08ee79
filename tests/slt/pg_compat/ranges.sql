-- Ranges and multiranges.
SELECT '[1,5)'::int4range, '(1,5]'::int4range, '[1,1)'::int4range, 'empty'::int4range, '(,5)'::int4range, '[1,)'::int4range, '(,)'::int4range, '[1.5,2.5]'::numrange, '["2024-01-01","2024-02-01"]'::daterange, '[2024-01-01 10:00,2024-01-02)'::tsrange, '[1,5]'::int8range
SELECT '[5,1)'::int4range
SELECT '[1,5'::int4range
SELECT '1,5'::int4range
SELECT '[a,b]'::int4range
SELECT '[1,2147483647]'::int4range
SELECT int4range(1, 5), int4range(1, 5, '[]'), int4range(1, 5, '(]'), int4range(NULL, 5), int4range(1, NULL), int4range(3, 3), numrange(1.1, 2.2), daterange(date '2024-01-01', date '2024-02-01'), tsrange(timestamp '2024-01-01', NULL), int4range(1, 2, '()')
SELECT int4range(5, 1)
SELECT int4range(1, 5, 'x')
SELECT int4range(1, 5, NULL)
SELECT lower(int4range(1, 5)), upper(int4range(1, 5, '[]')), lower('(,5)'::int4range), isempty('empty'::int4range), isempty(int4range(1, 2)), lower_inc(int4range(1, 5)), upper_inc(numrange(1, 5, '[]')), lower_inf('(,5)'::int4range), upper_inf('[1,)'::int4range), lower('empty'::int4range)
SELECT int4range(1, 10) @> 5, int4range(1, 10) @> 10, int4range(1, 10) @> int4range(2, 5), 5 <@ int4range(1, 10), int4range(1, 5) && int4range(4, 8), int4range(1, 5) && int4range(5, 8), 'empty'::int4range <@ int4range(1, 2), int4range(1, 5) @> 'empty'::int4range, daterange('2024-01-01', '2024-02-01') @> date '2024-01-15'
SELECT int4range(1, 5) << int4range(6, 8), int4range(6, 8) >> int4range(1, 5), int4range(1, 5) &< int4range(1, 8), int4range(3, 8) &> int4range(1, 5), int4range(1, 5) -|- int4range(5, 8), int4range(1, 5) -|- int4range(6, 8), numrange(1, 2) -|- numrange(2, 3, '(]')
SELECT int4range(1, 5) + int4range(3, 8), int4range(1, 5) * int4range(3, 8), int4range(1, 5) - int4range(3, 8), int4range(1, 3) * int4range(5, 8), int4range(1, 5) + int4range(5, 8), range_merge(int4range(1, 2), int4range(5, 8)), int4range(1, 5) - int4range(1, 5)
SELECT int4range(1, 3) + int4range(5, 8)
SELECT int4range(1, 10) - int4range(3, 5)
SELECT int4range(1, 5) = int4range(1, 4, '[]'), int4range(1, 5) < int4range(2, 3), 'empty'::int4range < int4range(1, 2), int4range(1, 5) < int4range(1, 6), '(,5)'::int4range < int4range(1, 5), numrange(1, 2) = '[1.0,2.00)', numrange(1, 2, '[]') > numrange(1, 2)
SELECT int4range(1, 5) = int8range(1, 5)
SELECT x FROM (VALUES (int4range(1, 5)), ('empty'), ('(,3)'), (NULL), ('[1,)'), (int4range(1, 3))) t(x) ORDER BY x
SELECT x, count(*) FROM (VALUES (int4range(1, 5)), ('[1,4]'), ('empty')) t(x) GROUP BY x ORDER BY x
SELECT int4range(1, 5)::text, '[1,5)'::int4range IS NULL, pg_typeof(int4range(1, 5)), pg_typeof(lower(daterange('2024-01-01', NULL))), coalesce(NULL, int4range(1, 2)), ARRAY[int4range(1, 2), NULL], ROW(int4range(1, 2), 'a')
SELECT '{[1,3),[5,8)}'::int4multirange, '{}'::int4multirange, '{[1,5),[3,8)}'::int4multirange, '{[5,8),[1,3)}'::int4multirange, '{[1,3),[3,5)}'::int4multirange, '{empty}'::int4multirange, int4multirange(int4range(1, 3), int4range(5, 8)), int4multirange(), multirange(int4range(1, 3)), datemultirange(daterange('2024-01-01', '2024-01-05'))
SELECT '{[1,3)'::int4multirange
SELECT '[1,3)'::int4multirange
SELECT '{[1,3),[5,8)}'::int4multirange @> 6, '{[1,3),[5,8)}'::int4multirange @> int4range(1, 2), '{[1,3)}'::int4multirange && '{[2,5)}'::int4multirange, int4range(1, 2) <@ '{[1,3)}'::int4multirange, '{[1,3)}'::int4multirange << int4range(5, 8), '{[1,3)}'::int4multirange -|- int4range(3, 5), '{[1,3)}'::int4multirange = '{[1,2]}'
SELECT '{[1,3),[5,8)}'::int4multirange + '{[3,5)}'::int4multirange, '{[1,8)}'::int4multirange - '{[3,5)}'::int4multirange, '{[1,3),[5,8)}'::int4multirange * '{[2,6)}'::int4multirange, lower('{[1,3),[5,8)}'::int4multirange), upper('{[1,3),[5,8)}'::int4multirange), isempty('{}'::int4multirange), range_merge('{[1,3),[5,8)}'::int4multirange), lower_inf('{(,3)}'::int4multirange)
SELECT unnest('{[1,3),[5,8)}'::int4multirange)
SELECT range_agg(x), range_intersect_agg(x) FROM (VALUES (int4range(1, 5)), (int4range(3, 8)), (NULL)) t(x)
SELECT range_agg(x) FROM (VALUES (int4range(1, 3)), (int4range(5, 8))) t(x) WHERE false
SELECT int4range(1, 5) @> 'x'
SELECT int4range(1, 5) + 1
SELECT numrange(1, 5) @> 3
SELECT numrange(1, 5) @> 3.5, int8range(1, 5) @> 3::int8, tsrange('2024-01-01', '2024-02-01') @> timestamp '2024-01-15', tstzrange('2024-01-01+00', '2024-02-01+00') @> timestamptz '2024-01-15+00', '[2024-01-01,2024-02-01]'::daterange, tstzrange('2024-01-01 10:00+02', NULL)
SELECT int4range(1, 5) @> 3.5
