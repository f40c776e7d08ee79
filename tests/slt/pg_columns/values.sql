-- Each column as it is, converted, and computed with.
SELECT id, k, b, i1, i2, i4, i8 FROM facts ORDER BY id
SELECT id, f4, f8 FROM facts ORDER BY id
SELECT id, n, n0, nw, nu FROM facts ORDER BY id
SELECT id, t, s, c, by FROM facts ORDER BY id
SELECT id, d, ti, ts, tz FROM facts ORDER BY id
SELECT id, tm, tn, tt, iv, du FROM facts ORDER BY id
SELECT id, u, j, jb, e FROM facts ORDER BY id
SELECT id, ai, at, af, an, ad FROM facts ORDER BY id
SELECT id, b::text, i1::text, i2::text, i4::text, i8::text FROM facts ORDER BY id
SELECT id, f4::text, f8::text, f4::float8, f4::numeric FROM facts WHERE f4 <> 'Infinity' AND f4 <> '-Infinity' ORDER BY id
SELECT id, n::text, n0::text, nw::text, nu::text FROM facts ORDER BY id
SELECT id, t::text, s::text, c::text, c::varchar, t::varchar(3), t::char(3), t::name FROM facts ORDER BY id
SELECT id, d::text, ti::text, ts::text, tz::text, tm::text, tn::text FROM facts ORDER BY id
SELECT id, tt::text, iv::text, du::text, u::text, j::text, jb::text, e::text FROM facts ORDER BY id
SELECT id, ai::text, at::text, af::text, an::text, ad::text FROM facts ORDER BY id
SELECT id, n::float8, n::float4, n::int8, n::int4, round(n), round(n, 1), trunc(n, 2), ceil(n), floor(n) FROM facts ORDER BY id
SELECT id, n0::float8, n0 / 3, n0 % 7, n0 + 1, n0 * 2, n0 - 0.5 FROM facts ORDER BY id
SELECT id, n + 1, n - i4, n * 2.50, n / 3, n % 2, -n, abs(n), sign(n), n ^ 2 FROM facts ORDER BY id
SELECT id, nw::numeric + 1, nw::numeric * 2, nw::numeric / 7, round(nw::numeric, 3) FROM facts ORDER BY id
SELECT id, nu::numeric + 1, nu::numeric * 2, -nu::numeric, round(nu::numeric, 1), trunc(nu::numeric) FROM facts ORDER BY id
SELECT id, i4 / 2, i4 % 3, i8 / 7, -i2, i2 + i1, i4 & 255, i4 | 1, i4 # 3, ~i4, i4 >> 2 FROM facts ORDER BY id
SELECT id, i1 + 1, i1 * i1, i1 / 2, i1 % 3, -i1, abs(i1::int4), i1::float8, i1::numeric, i1::text FROM facts ORDER BY id
SELECT id, i1 + i2, i1 + i4 / 2, i1 = i2, i1 < i8, i1 & 3::int2 FROM facts ORDER BY id
SELECT id, i4::float4, i8::float4, i8::float8, i4::numeric(20,2), i2::int8 FROM facts ORDER BY id
SELECT id, f8 + 1, f8 * 2, f8 / 4, -f8, abs(f8), sign(f8), f8::numeric(30,3) FROM facts WHERE abs(f8) < 1e9 ORDER BY id
SELECT id, floor(f8), ceil(f8), round(f8), trunc(f8), f8 = f8, f8 > 'NaN', f8 IS NULL FROM facts ORDER BY id
SELECT id, f4 + f4, f4 * f8, f4 / 3, f4::float8 + 1 FROM facts WHERE abs(f4) < 1e9 ORDER BY id
SELECT id, greatest(f8, 0), least(f8, f4), greatest(i4, i8), least(t, s), greatest(d, ts), nullif(f8, 0) FROM facts ORDER BY id
SELECT id, coalesce(t, s, c, 'none'), coalesce(i4, i8), coalesce(d, ts), coalesce(n, f8) FROM facts ORDER BY id
SELECT id, CASE WHEN b THEN i4 ELSE n END, CASE k WHEN 1 THEN 'one' WHEN 2 THEN t END FROM facts ORDER BY id
SELECT id, length(t), octet_length(t), char_length(c), upper(t), lower(t), initcap(t), reverse(t) FROM facts ORDER BY id
SELECT id, t || s, t || i4, c || t, c || c, t || NULL, concat(t, c, i4, d), concat_ws('-', t, s, n) FROM facts ORDER BY id
SELECT id, substr(t, 2, 2), left(t, 2), right(t, -1), lpad(t, 5, '*'), rpad(c, 8, '.'), ltrim(t), btrim(t, 'ab ') FROM facts ORDER BY id
SELECT id, position('b' IN t), strpos(t, 'c'), replace(t, 'a', 'é'), translate(t, 'abc', 'xy'), split_part(t, ' ', 1) FROM facts ORDER BY id
SELECT id, md5(t), encode(by, 'hex'), encode(by, 'base64'), length(by), get_byte(by || '\x00', 0), by || '\x01', substr(by, 2) FROM facts ORDER BY id
SELECT id, ascii(t), quote_literal(t), quote_ident(t), to_json(t), regexp_replace(t, '[a-b]', '_', 'g') FROM facts ORDER BY id
SELECT id, t::bytea FROM facts WHERE t NOT LIKE '%\\%' ORDER BY id
SELECT id, string_to_array(t, ' '), regexp_split_to_array(t, 'b'), format('%s|%L|%I', t, s, t) FROM facts ORDER BY id
SELECT id, d + 1, d - 1, d - date '2000-01-01', d + interval '1 mon', d + time '01:00' FROM facts WHERE isfinite(d) ORDER BY id
SELECT id, d::timestamp, d::timestamptz, to_char(d, 'YYYY-MM-DD BC Day') FROM facts ORDER BY id
SELECT id, extract(year FROM d), extract(doy FROM d), extract(isodow FROM d), extract(century FROM d), extract(epoch FROM d), date_part('week', d) FROM facts WHERE isfinite(d) ORDER BY id
SELECT id, extract(year FROM ts), extract(microseconds FROM ts), extract(epoch FROM ts), extract(julian FROM ts), date_part('hour', ts) FROM facts WHERE isfinite(ts) ORDER BY id
SELECT id, extract(hour FROM tz), extract(epoch FROM tz), extract(timezone FROM tz), extract(day FROM tz) FROM facts WHERE isfinite(tz) ORDER BY id
SELECT id, extract(year FROM tn), extract(century FROM tn), extract(microseconds FROM tn), tn + interval '1 day', tn::date, tn::timestamp FROM facts ORDER BY id
SELECT id, extract(milliseconds FROM tm), tm + interval '0.5 ms', tm::time, tm::timestamptz FROM facts ORDER BY id
SELECT id, tn - tz, tn < tz, greatest(tn, tz), coalesce(tn, tz), date_trunc('hour', tn), tn AT TIME ZONE 'UTC' FROM facts ORDER BY id
SELECT id, ts + interval '1 mon', ts - interval '1 day', ts - timestamp '2000-01-01', ts::date, ts::time, ts::timestamptz FROM facts ORDER BY id
SELECT id, tz + interval '1 day', tz - timestamptz '2000-01-01', tz::date, tz::time, tz::timetz, tz::timestamp FROM facts ORDER BY id
SELECT id, ts AT TIME ZONE 'Asia/Kolkata', tz AT TIME ZONE 'Asia/Kolkata', tz AT TIME ZONE INTERVAL '-3 hours' FROM facts ORDER BY id
SELECT id, date_trunc('month', ts), date_trunc('week', tz), date_trunc('day', tz, 'Asia/Kolkata'), date_trunc('century', ts) FROM facts ORDER BY id
SELECT id, age(ts, '2000-01-01'), age(tz, '2000-01-01 00:00:00+00') FROM facts WHERE isfinite(ts) AND isfinite(tz) ORDER BY id
SELECT id, to_char(ts, 'YYYY-MM-DD HH24:MI:SS.US'), to_char(tz, 'Mon DD YYYY TZ OF'), to_char(n, '999D99'), to_char(i4, 'S0000') FROM facts ORDER BY id
SELECT id, ts::timestamp(0), tz::timestamptz(3), ts::date = d, ts - tz::timestamp FROM facts ORDER BY id
SELECT id, date_bin('15 minutes', ts, '2000-01-01'), ts <= tz, d + ti::time FROM facts WHERE isfinite(ts) AND isfinite(d) ORDER BY id
SELECT id, ti::time + interval '1 hour', ti::time - time '01:00', extract(second FROM ti::time), ti::time::interval, ti::time(0) FROM facts ORDER BY id
SELECT id, tt::timetz AT TIME ZONE 'UTC', extract(timezone_hour FROM tt::timetz), tt::timetz::time FROM facts ORDER BY id
SELECT id, iv::interval + interval '1 day', iv::interval * 2.5, iv::interval / 3, -iv::interval, justify_interval(iv::interval), extract(epoch FROM iv::interval) FROM facts ORDER BY id
SELECT id, du::interval * 2, justify_days(du::interval), extract(month FROM du::interval), to_char(du::interval, 'YY MM DD HH24:MI:SS') FROM facts ORDER BY id
SELECT id, j::json -> 'a', j::json ->> 'a', json_typeof(j::json), json_array_length(j::json) FROM facts WHERE json_typeof(j::json) = 'array' ORDER BY id
SELECT id, jb::jsonb -> 'b', jb::jsonb ->> 0, jsonb_typeof(jb::jsonb), jb::jsonb || '{"z": 1}', jb::jsonb #> '{a,b}' FROM facts WHERE jsonb_typeof(jb::jsonb) = 'object' ORDER BY id
SELECT id, jsonb_pretty(jb::jsonb), jb::jsonb @? '$.a', jsonb_path_query_first(jb::jsonb, '$.b[*] ? (@ > 1)') FROM facts ORDER BY id
SELECT id, u::uuid, u::text || 'x', upper(u::text) FROM facts ORDER BY id
SELECT id, to_json(f8), to_json(n), to_json(d), to_json(tz), to_json(b), to_json(ai), to_json(by::text) FROM facts WHERE id <= 24 ORDER BY id
SELECT id, to_jsonb(t), to_jsonb(c), to_jsonb(i8), to_jsonb(n0), to_jsonb(ts), to_jsonb(at) FROM facts ORDER BY id
SELECT id, json_build_object('n', n, 't', t, 'd', d), json_build_array(f8, b, c) FROM facts WHERE id <= 24 ORDER BY id
SELECT row_to_json(x) FROM (SELECT id, t, n, ts FROM facts) x ORDER BY (x.id)
SELECT id, ai || 9, array_length(ai, 1), cardinality(ai), ai[1], ai[2:3], array_to_string(ai, ',', '*'), array_position(ai, 3) FROM facts ORDER BY id
SELECT id, at || 'z'::text, at[1], array_remove(at, 'a'), array_to_string(at, '|'), 'a' = ANY (at), array_append(at, t) FROM facts ORDER BY id
SELECT id, af[1], af || 1.0::float8, af = af, an[1] + 1, an || 2, ad[1] + 1, array_upper(ad, 1) FROM facts ORDER BY id
SELECT id, unnest(ai) FROM facts ORDER BY id, 2
SELECT id, item, place FROM facts, unnest(at) WITH ORDINALITY AS u(item, place) ORDER BY id, place
SELECT id, item FROM facts LEFT JOIN LATERAL unnest(af) AS u(item) ON item > 0 ORDER BY id, item
SELECT id, generate_series(1, k) FROM facts WHERE k <= 3 ORDER BY 1, 2
SELECT id, s::varchar(2), c::char(2), c::char(8) || '|', s || '|', t::varchar(2) || '|' FROM facts ORDER BY id
SELECT pg_typeof(i1), pg_typeof(i4), pg_typeof(f4), pg_typeof(n), pg_typeof(t), pg_typeof(d), pg_typeof(ts), pg_typeof(tz), pg_typeof(tn), pg_typeof(ai) FROM facts WHERE id = 2
SELECT id, (i4 > 0)::int, b::int, b::text, i4::bool, k::text::int8 FROM facts ORDER BY id
SELECT id, hashtext(t) IS NOT NULL, i4 BETWEEN 0 AND 5, t COLLATE "C" < 'b', (i4, f8) < (1, 2) FROM facts ORDER BY id
