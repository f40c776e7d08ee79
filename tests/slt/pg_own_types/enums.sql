-- Columns of enum types.
SELECT * FROM people ORDER BY id
SELECT id, m FROM people ORDER BY m, id
SELECT id, m FROM people ORDER BY m DESC NULLS LAST, id
SELECT m, count(*) FROM people GROUP BY m ORDER BY m
SELECT DISTINCT m FROM people ORDER BY m DESC
SELECT DISTINCT ON (m) m, id FROM people ORDER BY m, id DESC
SELECT min(m), max(m), count(m), count(DISTINCT m) FROM people
SELECT min(o), max(o) FROM people
SELECT s, min(m), max(m) FROM people GROUP BY s ORDER BY s
SELECT id FROM people WHERE m = 'ok' ORDER BY id
SELECT id FROM people WHERE 'ok' = m ORDER BY id
SELECT id FROM people WHERE m <> 'ok' ORDER BY id
SELECT id FROM people WHERE m < 'happy' ORDER BY id
SELECT id FROM people WHERE m <= 'happy' ORDER BY id
SELECT id FROM people WHERE m > 'ok' ORDER BY id
SELECT id FROM people WHERE m >= 'ok' ORDER BY id
SELECT id FROM people WHERE 'ok' < m ORDER BY id
SELECT id FROM people WHERE 'ok' >= m ORDER BY id
SELECT id FROM people WHERE m < 'sad' ORDER BY id
SELECT id FROM people WHERE m >= 'sad' ORDER BY id
SELECT id FROM people WHERE m > '' ORDER BY id
SELECT id FROM people WHERE m BETWEEN 'ok' AND 'happy' ORDER BY id
SELECT id FROM people WHERE m NOT BETWEEN 'ok' AND 'happy' ORDER BY id
SELECT id FROM people WHERE m BETWEEN SYMMETRIC 'happy' AND 'ok' ORDER BY id
SELECT id FROM people WHERE m IN ('sad', 'happy') ORDER BY id
SELECT id FROM people WHERE m NOT IN ('sad', 'happy') ORDER BY id
SELECT id FROM people WHERE m IN ('sad', NULL) ORDER BY id
SELECT id FROM people WHERE m = ANY ('{sad,ok}') ORDER BY id
SELECT id FROM people WHERE m <> ALL ('{sad,ok}'::mood[]) ORDER BY id
SELECT id FROM people WHERE m > ANY (ARRAY['sad', 'happy']::mood[]) ORDER BY id
SELECT id FROM people WHERE m = ANY (ms) ORDER BY id
SELECT id FROM people WHERE m IS DISTINCT FROM 'ok' ORDER BY id
SELECT id FROM people WHERE m IS NOT DISTINCT FROM NULL ORDER BY id
SELECT id FROM people WHERE m IS NULL ORDER BY id
SELECT id FROM people WHERE m::text = t ORDER BY id
SELECT id FROM people WHERE m::text LIKE '%a%' ORDER BY id
SELECT id, m = 'ok', m < 'ok', m >= 'happy' FROM people ORDER BY id
SELECT id FROM people WHERE o = 'c"d' ORDER BY id
SELECT id FROM people WHERE o > 'e,f' ORDER BY id
SELECT id FROM people WHERE o IN ('null', '{}') ORDER BY id
SELECT id, o FROM people ORDER BY o DESC, id
-- Joins, sets and sub-selects.
SELECT p.id, v.n FROM people p JOIN visits v ON v.m = p.m ORDER BY 1, 2
SELECT p.id, v.n FROM people p JOIN visits v ON v.m < p.m ORDER BY 1, 2
SELECT p.id, v.n FROM people p LEFT JOIN visits v USING (m) ORDER BY 1, 2
SELECT id FROM people WHERE m IN (SELECT m FROM visits) ORDER BY id
SELECT id FROM people p WHERE EXISTS (SELECT 1 FROM visits v WHERE v.m = p.m AND v.n > 20) ORDER BY id
SELECT id FROM people WHERE m = (SELECT max(m) FROM visits) ORDER BY id
SELECT id FROM people WHERE m >= ALL (SELECT m FROM visits WHERE m IS NOT NULL) ORDER BY id
SELECT m FROM people UNION SELECT m FROM visits ORDER BY m
SELECT m FROM people INTERSECT SELECT m FROM visits ORDER BY m
SELECT m FROM people EXCEPT SELECT m FROM visits ORDER BY m
SELECT m FROM people UNION ALL SELECT 'sad' ORDER BY m
SELECT * FROM (VALUES ('sad'::mood), ('ok'), (NULL)) v (m) ORDER BY m
WITH w AS (SELECT m, id FROM people) SELECT m, id FROM w WHERE m > 'sad' ORDER BY m, id
SELECT id, m, rank() OVER (ORDER BY m), max(m) OVER (PARTITION BY s), lag(m) OVER (ORDER BY id) FROM people ORDER BY id
SELECT id, max(m) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM people ORDER BY id
SELECT m, s, count(*) FROM people GROUP BY GROUPING SETS ((m), (s)) ORDER BY m, s
SELECT m, count(*) FROM people GROUP BY m HAVING m > 'sad' ORDER BY m
SELECT CASE WHEN m > 'ok' THEN m ELSE 'sad' END FROM people ORDER BY id
SELECT coalesce(m, 'happy'), nullif(m, 'ok'), greatest(m, 'ok'), least(m, d, 'ok') FROM people ORDER BY id
SELECT CASE m WHEN 'sad' THEN 1 WHEN 'ok' THEN 2 END FROM people ORDER BY id
SELECT array_agg(m ORDER BY m, id), array_agg(DISTINCT m) FROM people
SELECT array_agg(DISTINCT m ORDER BY m DESC) FROM people
SELECT string_agg(m::text, ',' ORDER BY m, id) FROM people
SELECT mode() WITHIN GROUP (ORDER BY m), percentile_disc(0.5) WITHIN GROUP (ORDER BY m) FROM people
-- Conversions.
SELECT m::text, m::varchar(2), m::mood, pg_typeof(m) FROM people ORDER BY id
SELECT id, t::mood FROM people WHERE id IN (1, 2, 3, 6, 7) ORDER BY id
SELECT 'sad'::mood, 'ok'::shop.mood, CAST('happy' AS mood), mood 'sad'
SELECT NULL::mood, pg_typeof('sad'::mood), 'sad'::mood < 'ok', 'sad'::mood::text
SELECT 'a b'::"Odd Name", '{"a b",NULL}'::"Odd Name"[], pg_typeof('{}'::"Odd Name"[])
SELECT ARRAY['sad', 'ok']::mood[], ARRAY['sad'::mood, 'happy'], ARRAY[m, 'ok'] FROM people WHERE id = 1
SELECT ('{sad,ok}'::text[])::mood[], ('{sad,ok}'::mood[])::text[]
SELECT id FROM people WHERE m = 'ok'::text::mood ORDER BY id
SELECT m || '!', 'x' || m, m || m::text FROM people WHERE id = 1
SELECT length(m::text), upper(m::text) FROM people ORDER BY id
SELECT format('%s %L', m, m), concat(m, '-', s), quote_literal(m) FROM people ORDER BY id
SELECT row(m, 1), row(m, s) = row('ok'::mood, 'small'::size) FROM people ORDER BY id
SELECT id FROM people WHERE (m, id) > ('sad', 2) ORDER BY id
SELECT to_json(m), to_jsonb(m), json_build_object('m', m), row_to_json(p) FROM people p ORDER BY id
SELECT json_agg(m ORDER BY id), json_object_agg(id, m ORDER BY id) FROM people
-- Functions.
SELECT enum_first(NULL::mood), enum_last(NULL::mood), enum_range(NULL::mood)
SELECT enum_first(m), enum_last(m) FROM people ORDER BY id
SELECT enum_range('ok'::mood, 'happy'), enum_range('ok'::mood, NULL), enum_range(NULL, 'ok'::mood), enum_range('happy', 'ok'::mood)
SELECT id, enum_range(m, 'happy') FROM people ORDER BY id
SELECT enum_range(m) FROM people WHERE id = 4
SELECT enum_cmp('sad'::mood, 'ok'), enum_lt('sad'::mood, 'ok'), enum_eq(m, 'ok'), enum_larger(m, 'ok'), enum_smaller(m, 'ok') FROM people ORDER BY id
SELECT unnest(enum_range(NULL::mood)) ORDER BY 1 DESC
SELECT e, n FROM unnest(enum_range(NULL::size)) WITH ORDINALITY u (e, n)
SELECT m, n FROM unnest(enum_range(NULL::mood)) m LEFT JOIN (SELECT m, sum(n) n FROM visits GROUP BY m) v USING (m) ORDER BY m
SELECT pg_input_is_valid('sad', 'mood'), pg_input_is_valid('bad', 'mood'), pg_input_is_valid('{sad,bad}', 'mood[]')
SELECT * FROM pg_input_error_info('bad', 'mood')
-- Arrays of them.
SELECT id, ms, ms[1], ms[1:1], cardinality(ms), array_dims(ms) FROM people ORDER BY id
SELECT id FROM people WHERE 'sad' = ANY (ms) ORDER BY id
SELECT id FROM people WHERE ms @> '{sad}' ORDER BY id
SELECT id FROM people WHERE ms && ARRAY['ok', 'happy']::mood[] ORDER BY id
SELECT id, ms FROM people ORDER BY ms, id
SELECT id FROM people WHERE ms = '{sad,happy}' ORDER BY id
SELECT id FROM people WHERE ms < '{ok}' ORDER BY id
SELECT ms, count(*) FROM people GROUP BY ms ORDER BY ms
SELECT id, u FROM people, unnest(ms) u ORDER BY u, id
SELECT array_position(ms, 'ok'), array_remove(ms, 'sad'), array_append(ms, 'ok'), ms || 'sad'::mood FROM people WHERE id <> 5 ORDER BY id
SELECT array_to_string(ms, '|', '-'), to_json(ms), ms::text FROM people ORDER BY id
SELECT id, os, os::text, os[1] FROM people ORDER BY id
-- What fails.
SELECT id FROM people WHERE m = 'bogus'
SELECT id FROM people WHERE m IN ('sad', 'bogus')
SELECT id FROM people WHERE m BETWEEN 'ok' AND 'bogus'
SELECT id FROM people WHERE m = ANY ('{bogus}')
SELECT 'bogus'::mood
SELECT '{sad,bogus}'::mood[]
SELECT 'Sad'::mood
SELECT ' sad'::mood
SELECT 'x'::"Odd Name"
SELECT t::mood FROM people WHERE id = 5
SELECT id FROM people WHERE m = t
SELECT id FROM people WHERE m = s
SELECT id FROM people WHERE m = 'ok'::text
SELECT id FROM people WHERE m = 1
SELECT m::int FROM people
SELECT m + 1 FROM people
SELECT m LIKE 'a%' FROM people
SELECT upper(m) FROM people
SELECT sum(m) FROM people
SELECT 1::mood
SELECT s::mood FROM people
SELECT m::size FROM people
SELECT m FROM people UNION SELECT s FROM people
SELECT CASE WHEN true THEN m ELSE s END FROM people
SELECT coalesce(m, t) FROM people
SELECT enum_range(1)
SELECT enum_range(NULL)
SELECT enum_first('sad')
SELECT enum_range('ok'::mood, 'small'::size)
SELECT 'x'::nothing
SELECT 'x'::shop.nothing
SELECT 'sad'::mood(3)
SELECT 'sad'::pg_catalog.mood
SELECT array_agg(m) = ARRAY[1] FROM people
-- Catalogs.
SELECT typname, typlen, typbyval, typtype, typcategory, typispreferred, typisdefined, typdelim, typrelid, typelem = 0, typarray <> 0, typinput, typoutput, typreceive, typsend, typalign, typstorage, typnotnull, typbasetype, typtypmod, typndims, typcollation FROM pg_type WHERE typname IN ('mood', '_mood', 'size', 'Odd Name', '_Odd Name') ORDER BY typname
SELECT t.typname, a.typname, e.typname FROM pg_type t JOIN pg_type a ON a.oid = t.typarray JOIN pg_type e ON e.oid = a.typelem WHERE t.typtype = 'e' ORDER BY 1
SELECT n.nspname, t.typname FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.typtype = 'e' ORDER BY 2
SELECT t.typname, enumsortorder, enumlabel FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid ORDER BY 1, 2
SELECT count(*), count(DISTINCT oid) FROM pg_enum
SELECT attname, format_type(atttypid, atttypmod), attlen, attbyval, attalign, attstorage, attndims > 0, attcollation FROM pg_attribute WHERE attrelid = 'people'::regclass AND attnum > 0 AND attname <> 'd' ORDER BY attnum
SELECT column_name, data_type, udt_schema, udt_name FROM information_schema.columns WHERE table_name = 'people' AND column_name <> 'd' ORDER BY ordinal_position
SELECT 'mood'::regtype, 'shop.mood'::regtype, 'mood[]'::regtype, '"Odd Name"'::regtype, 'shop."Odd Name"[]'::regtype
SELECT to_regtype('mood'), to_regtype('nothing'), to_regtype('shop.size[]')
SELECT 'mood'::regtype::oid = pg_typeof(m)::oid FROM people WHERE id = 1
SELECT pg_type_is_visible('mood'::regtype), format_type('mood'::regtype, NULL), format_type('_mood'::regtype, NULL)
SELECT 'bogus'::regtype
SELECT enumlabel FROM pg_enum WHERE enumtypid = 'mood'::regtype ORDER BY enumsortorder
SELECT count(*) FROM pg_type WHERE typnamespace = 'shop'::regnamespace AND typtype = 'e'
