-- Arrays of any shape in columns.
SELECT * FROM shapes ORDER BY id
SELECT id, i, array_dims(i), array_ndims(i), array_lower(i, 1), array_upper(i, 1), array_length(i, 1), cardinality(i) FROM shapes ORDER BY id
SELECT id, j, array_dims(j), array_lower(j, 2), array_upper(j, 2) FROM shapes ORDER BY id
SELECT id, i[1], i[0], j[1][2], j[0][3], t[1], t[-1], t[2][2] FROM shapes ORDER BY id
SELECT id, i[1:2], i[:1], j[1:1][2:2], t[-2:-2], d[0:] FROM shapes ORDER BY id
SELECT id, i || 4, 0 || i, i || i FROM shapes WHERE id NOT IN (2) ORDER BY id
SELECT id, i || '{{9,9}}' FROM shapes WHERE id = 2
SELECT id, unnest(i) FROM shapes ORDER BY id, 2
SELECT id, e FROM shapes, unnest(t) e ORDER BY id, e
SELECT id, e, o FROM shapes, unnest(j) WITH ORDINALITY x (e, o) ORDER BY id, o
SELECT id, generate_subscripts(i, 1) FROM shapes ORDER BY id, 2
SELECT id FROM shapes WHERE 2 = ANY (i) ORDER BY id
SELECT id FROM shapes WHERE 4 > ALL (i) ORDER BY id
SELECT id FROM shapes WHERE i @> '{2}' ORDER BY id
SELECT id FROM shapes WHERE i <@ ARRAY[1,2,3,4] ORDER BY id
SELECT id FROM shapes WHERE i && ARRAY[9, 1] ORDER BY id
SELECT id FROM shapes WHERE t @> ARRAY['a'] ORDER BY id
SELECT id FROM shapes WHERE i = '{1,2,3}' ORDER BY id
SELECT id FROM shapes WHERE i = '{{1,2},{3,4}}' ORDER BY id
SELECT id FROM shapes WHERE i <> '[0:2]={7,8,9}' ORDER BY id
SELECT id FROM shapes WHERE i < '{2}' ORDER BY id
SELECT id FROM shapes WHERE i IS NULL ORDER BY id
SELECT id FROM shapes WHERE i IS DISTINCT FROM '{}' ORDER BY id
SELECT id FROM shapes WHERE i IN ('{}', '{3,2,1}') ORDER BY id
SELECT id, i FROM shapes ORDER BY i, id
SELECT id, t FROM shapes ORDER BY t DESC NULLS LAST, id
SELECT i, count(*) FROM shapes GROUP BY i ORDER BY i
SELECT DISTINCT t FROM shapes ORDER BY t
SELECT min(i), max(i), count(DISTINCT i), min(t), max(j) FROM shapes
SELECT a.id, b.id FROM shapes a JOIN shapes b ON a.i = b.i ORDER BY 1, 2
SELECT a.id, b.id FROM shapes a JOIN shapes b ON b.id = ANY (a.i) ORDER BY 1, 2
SELECT i FROM shapes UNION SELECT '{1,2,3}' ORDER BY 1
SELECT i FROM shapes EXCEPT SELECT '{{1,2},{3,4}}'::int[] ORDER BY 1
SELECT CASE WHEN id < 3 THEN i ELSE '{0}' END, coalesce(i, '{-1}'), nullif(i, '{}') FROM shapes ORDER BY id
SELECT i::int8[], i::text[], i::text, n::numeric[], n::text, f::float4[], c::text[], v::text FROM shapes ORDER BY id
SELECT t::varchar(1)[], c::char(2)[], n::numeric(6,1)[], z::date[] FROM shapes ORDER BY id
SELECT array_to_string(i, ','), array_to_string(t, '|', '-'), array_to_string(n, ' ') FROM shapes ORDER BY id
SELECT array_position(i, 2), array_positions(i, 1) FROM shapes WHERE id NOT IN (2) ORDER BY id
SELECT array_remove(i, 2), array_replace(t, 'a', 'z') FROM shapes WHERE id NOT IN (2) ORDER BY id
SELECT array_replace(i, 1, 100), array_replace(t, NULL, 'z') FROM shapes ORDER BY id
SELECT array_append(i, 5), array_prepend(5, i) FROM shapes WHERE id <> 2 ORDER BY id
SELECT array_cat(i, ARRAY[1, 2]), array_cat(i, i) FROM shapes ORDER BY id
SELECT trim_array(i, 1) FROM shapes WHERE cardinality(i) > 0 ORDER BY id
SELECT to_json(i), to_jsonb(t), json_build_array(n, f), array_to_json(j) FROM shapes WHERE id IN (1, 4, 5) ORDER BY id
SELECT row_to_json(s) FROM (SELECT id, i, t FROM shapes WHERE id IN (1, 4, 5)) s ORDER BY id
SELECT row(i, t), row(id, i) = row(1, '{1,2,3}'::int[]) FROM shapes ORDER BY id
SELECT array_agg(i[1] ORDER BY id), array_agg(i ORDER BY id) FILTER (WHERE id IN (1, 6)) FROM shapes
SELECT ARRAY[i, i] FROM shapes WHERE id IN (1, 2, 4) ORDER BY id
SELECT ARRAY(SELECT unnest(i) FROM shapes s WHERE s.id = shapes.id ORDER BY 1) FROM shapes ORDER BY id
SELECT (SELECT sum(x) FROM unnest(i) x), (SELECT max(x) FROM unnest(t) x) FROM shapes ORDER BY id
SELECT id, first_value(i) OVER (ORDER BY id), lag(t) OVER (ORDER BY id) FROM shapes ORDER BY id
SELECT string_agg(array_to_string(t, ''), '|' ORDER BY id) FROM shapes
SELECT id, pg_typeof(i), pg_typeof(n), pg_typeof(c) FROM shapes WHERE id = 1
SELECT width_bucket(2, i) FROM shapes WHERE id IN (1)
SELECT percentile_cont(ARRAY[0.5, 1]) WITHIN GROUP (ORDER BY id) FROM shapes
SELECT id, b, y, q, r, js, r[2], js[1][2] FROM shapes ORDER BY id
SELECT id FROM shapes WHERE r @> ARRAY['[1,3)'::int4range] ORDER BY id
SELECT id, f, f[0], f = '{0,0}' AS e FROM shapes ORDER BY f, id
SELECT i[1]::text || t[1] FROM shapes ORDER BY id
SELECT id, x.* FROM shapes, LATERAL (SELECT count(*) n, min(e) FROM unnest(i) e) x ORDER BY id
WITH RECURSIVE w (id, a, n) AS (SELECT id, i, 1 FROM shapes WHERE id IN (1, 3) UNION ALL SELECT id, a || n, n + 1 FROM w WHERE n < 3) SELECT * FROM w ORDER BY 1, 3
SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = 'shapes'::regclass AND attnum > 0 ORDER BY attnum
SELECT column_name, data_type, udt_name FROM information_schema.columns WHERE table_name = 'shapes' ORDER BY ordinal_position
SELECT i || t FROM shapes
SELECT i[1] FROM shapes WHERE i = 'x'
SELECT id FROM shapes WHERE i = '{{1},{2,3}}'
SELECT array_append(i, 5) FROM shapes WHERE id = 2
SELECT array_position(i, 1) FROM shapes WHERE id = 2
