-- Columns of composite types.
SELECT * FROM homes ORDER BY id
SELECT id, (home).street, (home).zip, (home).m, (home).tags, (home).since FROM homes ORDER BY id
SELECT id, ((home).at).lat, ((home).at).lon, (g).lat, (g).lon + 1 FROM homes ORDER BY id
SELECT id, (homes.home).street, (h.home).zip FROM homes JOIN homes h USING (id) ORDER BY id
SELECT id, (homes.g).lat, length((home)."No") FROM homes ORDER BY id
SELECT (home).* FROM homes ORDER BY id
SELECT (g).*, id FROM homes ORDER BY id
SELECT id FROM homes WHERE (home).street = 'Main St' ORDER BY id
SELECT id FROM homes WHERE (home).m > 'sad' ORDER BY id
SELECT id FROM homes WHERE (home).m = 'bogus' ORDER BY id
SELECT id FROM homes WHERE ((home).at).lat > 50 ORDER BY id
SELECT id FROM homes WHERE 'a' = ANY ((home).tags) ORDER BY id
SELECT id FROM homes WHERE home IS NULL ORDER BY id
SELECT id FROM homes WHERE home IS NOT NULL ORDER BY id
SELECT id FROM homes WHERE g = '(1.5,2.000)' ORDER BY id
SELECT id FROM homes WHERE g = ROW(1.5, 2)::geo ORDER BY id
SELECT id FROM homes WHERE g = ROW(1.5::float8, 2::numeric) ORDER BY id
SELECT id FROM homes WHERE g < '(2,0)' ORDER BY id
SELECT id FROM homes WHERE '(0,0)' < g ORDER BY id
SELECT id FROM homes WHERE g IN ('(1.5,2)', '(,2.5)') ORDER BY id
SELECT id FROM homes WHERE home = (SELECT home FROM homes WHERE id = 1) ORDER BY id
SELECT a.id, b.id FROM homes a JOIN homes b ON a.home = b.home ORDER BY 1, 2
SELECT id, g FROM homes ORDER BY g, id
SELECT id FROM homes ORDER BY home DESC NULLS LAST, id
SELECT g, count(*) FROM homes GROUP BY g ORDER BY g
SELECT DISTINCT home FROM homes ORDER BY home
SELECT count(home), count(DISTINCT home) FROM homes
SELECT home::text, g::text FROM homes ORDER BY id
SELECT pg_typeof(home), pg_typeof(g), pg_typeof((home).m), pg_typeof((home).at) FROM homes WHERE id = 1
SELECT to_json(home), row_to_json(g) FROM homes ORDER BY id
SELECT to_jsonb(g), json_build_object('g', g) FROM homes WHERE (g).lat > 1 AND (g).lat < 100 ORDER BY id
SELECT json_agg(g ORDER BY id) FROM homes WHERE (g).lon > 0
SELECT row(id, g), (homes).g, ((homes).g).lon FROM homes ORDER BY id
SELECT row_to_json(homes) FROM homes WHERE id = 2
SELECT '(1,2.5)'::geo, ('(1,2.5)'::geo).lat, '(,)'::shop.geo, NULL::geo, ROW(1, 2)::geo, ROW('3', NULL)::geo
SELECT ('("a b",12,ok,"(1,2)","{x,y}",2024-02-29,x)'::addr).at
SELECT (ROW('s', 'z', 'ok', ROW(1, 2), '{x}', '2024-02-29', 'c')::addr).m
SELECT g FROM homes WHERE id < 3 UNION ALL SELECT '(7,8)' ORDER BY 1
SELECT g FROM homes UNION SELECT g FROM homes ORDER BY g
SELECT coalesce(home, '(x,,,,,,)') FROM homes ORDER BY id
SELECT CASE WHEN id = 1 THEN g END FROM homes ORDER BY id
SELECT x.g, (x.g).lat FROM (SELECT g FROM homes) x ORDER BY 1
WITH w AS (SELECT id, home FROM homes) SELECT id, (home).zip FROM w ORDER BY id
SELECT id, lag(g) OVER (ORDER BY id), (lag(g) OVER (ORDER BY id)).lat FROM homes ORDER BY id
SELECT array_agg(g ORDER BY id) FROM homes
SELECT id FROM homes h WHERE EXISTS (SELECT 1 FROM homes i WHERE i.id = h.id AND (i.g).lat = (h.g).lat) ORDER BY id
-- What fails.
SELECT (home).nothing FROM homes
SELECT home.street FROM homes
SELECT id FROM homes WHERE g = '(1)'
SELECT id FROM homes WHERE g = '(1,2,3)'
SELECT id FROM homes WHERE g = '(x,2)'
SELECT id FROM homes WHERE g = 'x'
SELECT id FROM homes WHERE g = 1
SELECT '(1,2'::geo
SELECT ROW(1)::geo
SELECT ROW(1, 2, 3)::geo
SELECT g + 1 FROM homes
SELECT max(g) FROM homes
SELECT g::int FROM homes
-- Catalogs.
SELECT typname, typlen, typbyval, typtype, typcategory, typrelid <> 0, typarray <> 0, typinput, typoutput, typalign, typstorage FROM pg_type WHERE typname IN ('addr', '_addr', 'geo') ORDER BY 1
SELECT t.typname, c.relname, c.relkind, c.relnatts, c.reltype = t.oid FROM pg_type t JOIN pg_class c ON c.oid = t.typrelid WHERE t.typname IN ('addr', 'geo') ORDER BY 1
SELECT c.relname, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid WHERE c.relname IN ('addr', 'geo') ORDER BY 1, 2
SELECT attname, format_type(atttypid, atttypmod), attlen, attalign, attstorage FROM pg_attribute WHERE attrelid = 'homes'::regclass AND attnum > 0 ORDER BY attnum
SELECT column_name, data_type, udt_schema, udt_name FROM information_schema.columns WHERE table_name = 'homes' ORDER BY ordinal_position
SELECT 'geo'::regtype, 'shop.addr[]'::regtype, 'geo'::regclass
SELECT table_name FROM information_schema.tables WHERE table_schema = 'shop' ORDER BY 1
