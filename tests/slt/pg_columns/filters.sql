-- Conditions that a source, a file's statistics or a partition may decide before a row is read.
SELECT id FROM facts WHERE f8 = 'NaN' ORDER BY id
SELECT id FROM facts WHERE f8 <> 'NaN' ORDER BY id
SELECT id FROM facts WHERE f8 > 'Infinity' ORDER BY id
SELECT id FROM facts WHERE f8 >= 'Infinity' ORDER BY id
SELECT id FROM facts WHERE f8 < 'NaN' ORDER BY id
SELECT id FROM facts WHERE f8 <= 1.5 ORDER BY id
SELECT id, f8, f4 FROM facts WHERE f8 < 2 AND f4 < 2 ORDER BY id
SELECT id, n0, n, nw FROM facts WHERE n < 2 AND n0 > 3 ORDER BY id
SELECT id, ts, tz, tm, tn FROM facts WHERE ts > '2024-01-01' AND tz < '9999-01-01' ORDER BY id
SELECT id, t, by FROM facts WHERE t > 'x' AND by > '\x00' ORDER BY id
SELECT id, d, i8, i2, b FROM facts WHERE d > '2000-01-01' AND i8 > 0 AND i2 > 0 AND b ORDER BY id
SELECT id FROM facts WHERE f8 < -2 ORDER BY id
SELECT id FROM facts WHERE f8 = 0 ORDER BY id
SELECT id FROM facts WHERE f8 = -0.0 ORDER BY id
SELECT id FROM facts WHERE f8 = '-0' ORDER BY id
SELECT id FROM facts WHERE f8 < 0 ORDER BY id
SELECT id FROM facts WHERE f8 >= '-0' ORDER BY id
SELECT id FROM facts WHERE f8 > 1e308 ORDER BY id
SELECT id FROM facts WHERE f8 IN (0, 'NaN', 1.5) ORDER BY id
SELECT id FROM facts WHERE f8 NOT IN (0, 'NaN') ORDER BY id
SELECT id FROM facts WHERE f8 BETWEEN -1 AND 'NaN' ORDER BY id
SELECT id FROM facts WHERE f8 BETWEEN SYMMETRIC 5 AND -1 ORDER BY id
SELECT id FROM facts WHERE f4 = 0.1 ORDER BY id
SELECT id FROM facts WHERE f4 = 0.1::real ORDER BY id
SELECT id FROM facts WHERE f4 = '0.1' ORDER BY id
SELECT id FROM facts WHERE f4 = f8 ORDER BY id
SELECT id FROM facts WHERE f4 < f8 ORDER BY id
SELECT id FROM facts WHERE f4 IN (0.1, 3) ORDER BY id
SELECT id FROM facts WHERE f4 > 1e38 ORDER BY id
SELECT id FROM facts WHERE f4 < 1.4e-45::float8 ORDER BY id
SELECT id FROM facts WHERE f4 = 16777217 ORDER BY id
SELECT id FROM facts WHERE f4 = 16777216 ORDER BY id
SELECT id FROM facts WHERE f8 = 9007199254740993 ORDER BY id
SELECT id FROM facts WHERE i8 = 9007199254740993.0 ORDER BY id
SELECT id FROM facts WHERE i8 = 9007199254740993::float8 ORDER BY id
SELECT id FROM facts WHERE i8 < f8 ORDER BY id
SELECT id FROM facts WHERE i4 = i8 ORDER BY id
SELECT id FROM facts WHERE i2 = i4 ORDER BY id
SELECT id FROM facts WHERE i2 = 32768 ORDER BY id
SELECT id FROM facts WHERE i2 < 32768 ORDER BY id
SELECT id FROM facts WHERE i2 > -32769 ORDER BY id
SELECT id FROM facts WHERE i4 < 2147483648 ORDER BY id
SELECT id FROM facts WHERE i4 = 1.0 ORDER BY id
SELECT id FROM facts WHERE i4 = 1.5 ORDER BY id
SELECT id FROM facts WHERE i4 < 1.5 ORDER BY id
SELECT id FROM facts WHERE i4 = '7' ORDER BY id
SELECT id FROM facts WHERE i4 = '7.0' ORDER BY id
SELECT id FROM facts WHERE i8 > 9223372036854775806 ORDER BY id
SELECT id FROM facts WHERE i8 > 9223372036854775808 ORDER BY id
SELECT id FROM facts WHERE i8 < 9223372036854775808 ORDER BY id
SELECT id FROM facts WHERE i4 IN (1, 2147483648, NULL) ORDER BY id
SELECT id FROM facts WHERE i4 NOT IN (1, NULL) ORDER BY id
SELECT id FROM facts WHERE (i4 NOT IN (1, NULL)) IS NULL ORDER BY id
SELECT id FROM facts WHERE i4 NOT IN (1, 7, -5) ORDER BY id
SELECT id FROM facts WHERE i4 = ANY (ARRAY[1, 7, NULL]) ORDER BY id
SELECT id FROM facts WHERE i4 = ANY ('{1,7}') ORDER BY id
SELECT id FROM facts WHERE i4 <> ALL (ARRAY[1, 7]) ORDER BY id
SELECT id FROM facts WHERE i4 < ALL (ARRAY[1, 7, NULL]) ORDER BY id
SELECT id FROM facts WHERE i4 + 0 = 7 ORDER BY id
SELECT id FROM facts WHERE -i2 = 1 ORDER BY id
SELECT id FROM facts WHERE i1 = 127 ORDER BY id
SELECT id FROM facts WHERE i1 = 128 ORDER BY id
SELECT id FROM facts WHERE i1 < -128 ORDER BY id
SELECT id FROM facts WHERE i1 + 1 > 127 ORDER BY id
SELECT id FROM facts WHERE i1 IN (1, 7, 300) ORDER BY id
SELECT id FROM facts WHERE i1 BETWEEN -1 AND 300 ORDER BY id
SELECT id FROM facts WHERE i1 = i2 ORDER BY id
SELECT id FROM facts WHERE i1 IS DISTINCT FROM i2 ORDER BY id
SELECT id FROM facts WHERE b ORDER BY id
SELECT id FROM facts WHERE NOT b ORDER BY id
SELECT id FROM facts WHERE b IS NOT TRUE ORDER BY id
SELECT id FROM facts WHERE b IS UNKNOWN ORDER BY id
SELECT id FROM facts WHERE b = 'yes' ORDER BY id
SELECT id FROM facts WHERE b > false ORDER BY id
SELECT id FROM facts WHERE b <> (i4 > 0) ORDER BY id
SELECT id FROM facts WHERE b OR i4 > 5 ORDER BY id
SELECT id FROM facts WHERE b AND NULL ORDER BY id
SELECT id FROM facts WHERE b OR NULL ORDER BY id
SELECT id FROM facts WHERE k IS NULL ORDER BY id
SELECT id FROM facts WHERE k = 2 AND b ORDER BY id
SELECT id FROM facts WHERE k <> 2 AND b IS NOT NULL ORDER BY id
SELECT id FROM facts WHERE k = 2 AND d = '2024-01-31' ORDER BY id
SELECT id FROM facts WHERE k > 98 OR d IS NULL ORDER BY id
SELECT id FROM facts WHERE n = 1.5 ORDER BY id
SELECT id FROM facts WHERE n = 1.50000 ORDER BY id
SELECT id FROM facts WHERE n = 1.50001 ORDER BY id
SELECT id FROM facts WHERE n < 1.50001 ORDER BY id
SELECT id FROM facts WHERE n > 99999999.99989 ORDER BY id
SELECT id FROM facts WHERE n < 1e20 ORDER BY id
SELECT id FROM facts WHERE n < 'NaN' ORDER BY id
SELECT id FROM facts WHERE n < 'Infinity'::numeric ORDER BY id
SELECT id FROM facts WHERE n = 3 ORDER BY id
SELECT id FROM facts WHERE n = 3::int8 ORDER BY id
SELECT id FROM facts WHERE n = 1.5::float8 ORDER BY id
SELECT id FROM facts WHERE n = 0.1::float4 ORDER BY id
SELECT id FROM facts WHERE n = f8 ORDER BY id
SELECT id FROM facts WHERE n = n0 ORDER BY id
SELECT id FROM facts WHERE n > i4 ORDER BY id
SELECT id FROM facts WHERE n IN (1.5, 3, 0.00005) ORDER BY id
SELECT id FROM facts WHERE n NOT IN (1.5, 3) ORDER BY id
SELECT id FROM facts WHERE n BETWEEN 0 AND 12.34560 ORDER BY id
SELECT id FROM facts WHERE n0 = 99999999999999999999999999999999999999 ORDER BY id
SELECT id FROM facts WHERE n0 = 99999999999999999999999999999999999998 ORDER BY id
SELECT id FROM facts WHERE n0 >= 99999999999999999999999999999999999999 ORDER BY id
SELECT id FROM facts WHERE n0 < 100000000000000000000000000000000000000 ORDER BY id
SELECT id FROM facts WHERE n0 = 9007199254740993 ORDER BY id
SELECT id FROM facts WHERE n0 = 9007199254740992 ORDER BY id
SELECT id FROM facts WHERE n0 > 9007199254740992 ORDER BY id
SELECT id FROM facts WHERE n0 = 0.5 ORDER BY id
SELECT id FROM facts WHERE n0 < 0.5 ORDER BY id
SELECT id FROM facts WHERE nw::numeric > 1e39 ORDER BY id
SELECT id FROM facts WHERE nw::numeric = 1.5 ORDER BY id
SELECT id FROM facts WHERE nu::numeric = 'NaN' ORDER BY id
SELECT id FROM facts WHERE nu::numeric = 1.5 ORDER BY id
SELECT id FROM facts WHERE nu::numeric > 1e19 ORDER BY id
SELECT id FROM facts WHERE nu::numeric IN (0, 1.50, 'NaN') ORDER BY id
SELECT id FROM facts WHERE nu = '1.50' ORDER BY id
SELECT id FROM facts WHERE nu = '0' ORDER BY id
SELECT id FROM facts WHERE nu > '1' ORDER BY id
SELECT id FROM facts WHERE t = 'abc' ORDER BY id
SELECT id FROM facts WHERE t = 'abc ' ORDER BY id
SELECT id FROM facts WHERE t = '' ORDER BY id
SELECT id FROM facts WHERE t <> '' ORDER BY id
SELECT id FROM facts WHERE t < 'abc ' ORDER BY id
SELECT id FROM facts WHERE t > 'Z' ORDER BY id
SELECT id FROM facts WHERE t > 'zz' ORDER BY id
SELECT id FROM facts WHERE t >= 'é' ORDER BY id
SELECT id FROM facts WHERE t COLLATE "C" > 'B' ORDER BY id
SELECT id FROM facts WHERE t = E'\u00e9' ORDER BY id
SELECT id FROM facts WHERE t = E'e\u0301' ORDER BY id
SELECT id FROM facts WHERE t > 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxa' ORDER BY id
SELECT id FROM facts WHERE t = 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxb' ORDER BY id
SELECT id FROM facts WHERE t > 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' ORDER BY id
SELECT id FROM facts WHERE t >= U&'\FFFF' ORDER BY id
SELECT id FROM facts WHERE t > U&'\FFFF' ORDER BY id
SELECT id FROM facts WHERE t LIKE 'ab%' ORDER BY id
SELECT id FROM facts WHERE t NOT LIKE 'ab%' ORDER BY id
SELECT id FROM facts WHERE t LIKE '%b' ORDER BY id
SELECT id FROM facts WHERE t LIKE '%b%' ORDER BY id
SELECT id FROM facts WHERE t LIKE 'a_c' ORDER BY id
SELECT id FROM facts WHERE t LIKE 'a\%c\_' ORDER BY id
SELECT id FROM facts WHERE t LIKE 'a%c_' ORDER BY id
SELECT id FROM facts WHERE t LIKE 'a\\b' ORDER BY id
SELECT id FROM facts WHERE t LIKE 'a\' ORDER BY id
SELECT id FROM facts WHERE t LIKE 'az%cz_' ESCAPE 'z' ORDER BY id
SELECT id FROM facts WHERE t LIKE '' ORDER BY id
SELECT id FROM facts WHERE t LIKE '%' ORDER BY id
SELECT id FROM facts WHERE t LIKE 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx%' ORDER BY id
SELECT id FROM facts WHERE t LIKE U&'\FFFF%' ORDER BY id
SELECT id FROM facts WHERE t LIKE 'ż%' ORDER BY id
SELECT id FROM facts WHERE t LIKE '____' ORDER BY id
SELECT id FROM facts WHERE t ILIKE 'ABC%' ORDER BY id
SELECT id FROM facts WHERE t ILIKE 'ŻÓŁĆ' ORDER BY id
SELECT id FROM facts WHERE t SIMILAR TO '(abc|b)%' ORDER BY id
SELECT id FROM facts WHERE t ~ '^[a-c]+$' ORDER BY id
SELECT id FROM facts WHERE t !~* 'B' ORDER BY id
SELECT id FROM facts WHERE t ^@ 'ab' ORDER BY id
SELECT id FROM facts WHERE starts_with(t, 'ab') ORDER BY id
SELECT id FROM facts WHERE t IN ('abc', '', NULL) ORDER BY id
SELECT id FROM facts WHERE t NOT IN ('abc', 'b') ORDER BY id
SELECT id FROM facts WHERE t NOT IN ('abc', NULL) ORDER BY id
SELECT id FROM facts WHERE t = s ORDER BY id
SELECT id FROM facts WHERE t = c ORDER BY id
SELECT id FROM facts WHERE s = c ORDER BY id
SELECT id FROM facts WHERE c = 'ab' ORDER BY id
SELECT id FROM facts WHERE c = 'ab    ' ORDER BY id
SELECT id FROM facts WHERE c = 'ab '::char(3) ORDER BY id
SELECT id FROM facts WHERE c = 'ab '::text ORDER BY id
SELECT id FROM facts WHERE c <> 'abc' ORDER BY id
SELECT id FROM facts WHERE c < 'ab' ORDER BY id
SELECT id FROM facts WHERE c > 'a' ORDER BY id
SELECT id FROM facts WHERE c > E'a\t' ORDER BY id
SELECT id FROM facts WHERE c < E'a\tb' ORDER BY id
SELECT id FROM facts WHERE c = '' ORDER BY id
SELECT id FROM facts WHERE c LIKE 'ab%' ORDER BY id
SELECT id FROM facts WHERE c LIKE 'ab' ORDER BY id
SELECT id FROM facts WHERE c LIKE 'ab    ' ORDER BY id
SELECT id FROM facts WHERE c LIKE '%c' ORDER BY id
SELECT id FROM facts WHERE c IN ('ab', '12 ') ORDER BY id
SELECT id FROM facts WHERE c::text LIKE '%b' ORDER BY id
SELECT id FROM facts WHERE length(c) = 3 ORDER BY id
SELECT id FROM facts WHERE octet_length(c) = 6 ORDER BY id
SELECT id FROM facts WHERE c || 'x' = 'abx' ORDER BY id
SELECT id FROM facts WHERE s = 'abc ' ORDER BY id
SELECT id FROM facts WHERE s = 'abc '::char(4) ORDER BY id
SELECT id FROM facts WHERE s LIKE 'abc_' ORDER BY id
SELECT id FROM facts WHERE s > 'abc' ORDER BY id
SELECT id FROM facts WHERE s::varchar(2) = 'ab' ORDER BY id
SELECT id FROM facts WHERE by = '\x' ORDER BY id
SELECT id FROM facts WHERE by > '\x00' ORDER BY id
SELECT id FROM facts WHERE by >= '\x6162' ORDER BY id
SELECT id FROM facts WHERE by < '\xff' ORDER BY id
SELECT id FROM facts WHERE by IN ('\x00ff', 'abc') ORDER BY id
SELECT id FROM facts WHERE by LIKE '\x61%' ORDER BY id
SELECT id FROM facts WHERE by LIKE 'a%' ORDER BY id
SELECT id FROM facts WHERE d = '2024-01-31' ORDER BY id
SELECT id FROM facts WHERE d < '0001-01-01' ORDER BY id
SELECT id FROM facts WHERE d = '0044-03-15 BC' ORDER BY id
SELECT id FROM facts WHERE d <= '4713-01-01 BC' ORDER BY id
SELECT id FROM facts WHERE d > '9999-12-31' ORDER BY id
SELECT id FROM facts WHERE d = 'infinity' ORDER BY id
SELECT id FROM facts WHERE d = '-infinity' ORDER BY id
SELECT id FROM facts WHERE d < 'infinity' ORDER BY id
SELECT id FROM facts WHERE d = 'epoch' ORDER BY id
SELECT id FROM facts WHERE isfinite(d) ORDER BY id
SELECT id FROM facts WHERE d < tz ORDER BY id
SELECT id FROM facts WHERE d < ts ORDER BY id
SELECT id FROM facts WHERE d = ts ORDER BY id
SELECT id FROM facts WHERE d < '2024-01-31 05:00:00+00'::timestamptz ORDER BY id
SELECT id FROM facts WHERE d = '2024-01-31 05:00:00+00'::timestamptz ORDER BY id
SELECT id FROM facts WHERE d = '2024-01-31 00:00:00'::timestamp ORDER BY id
SELECT id FROM facts WHERE d >= '2024-01-31 00:00:00.000001'::timestamp ORDER BY id
SELECT id FROM facts WHERE d = '2024-01-31'::text::date ORDER BY id
SELECT id FROM facts WHERE d - date '2024-01-01' > 20 ORDER BY id
SELECT id FROM facts WHERE d + 1 = '2024-02-01' ORDER BY id
SELECT id FROM facts WHERE d + interval '1 month' > '2024-02-28' ORDER BY id
SELECT id FROM facts WHERE d IN ('2024-01-31', '0044-03-15 BC', 'infinity') ORDER BY id
SELECT id FROM facts WHERE d NOT IN ('2024-01-31', '1999-12-31') ORDER BY id
SELECT id FROM facts WHERE extract(year FROM d) = 2024 ORDER BY id
SELECT id FROM facts WHERE date_trunc('month', d) = '2024-01-01' ORDER BY id
SELECT id FROM facts WHERE ts = '2024-01-31 10:30:00' ORDER BY id
SELECT id FROM facts WHERE ts = '2024-01-31 10:30:00.000001' ORDER BY id
SELECT id FROM facts WHERE ts > '2024-01-31 10:30:00' ORDER BY id
SELECT id FROM facts WHERE ts > '2024-01-31 10:30:00.0000001' ORDER BY id
SELECT id FROM facts WHERE ts < '0001-01-01' ORDER BY id
SELECT id FROM facts WHERE ts >= '9999-12-31 23:59:59.999999' ORDER BY id
SELECT id FROM facts WHERE ts > '9999-12-31 23:59:59.999' AND ts < '10000-01-01' ORDER BY id
SELECT id FROM facts WHERE ts = 'infinity' ORDER BY id
SELECT id FROM facts WHERE ts <> '-infinity' ORDER BY id
SELECT id FROM facts WHERE ts < tz ORDER BY id
SELECT id FROM facts WHERE ts = tz ORDER BY id
SELECT id FROM facts WHERE ts = '2024-01-31 10:30:00+05' ORDER BY id
SELECT id FROM facts WHERE ts = '2024-01-31 10:30:00'::timestamptz ORDER BY id
SELECT id FROM facts WHERE ts::date = '2024-01-31' ORDER BY id
SELECT id FROM facts WHERE ts::time = '10:30' ORDER BY id
SELECT id FROM facts WHERE ts BETWEEN '1969-12-31 23:59:59.999999' AND '2024-01-31 10:30' ORDER BY id
SELECT id FROM facts WHERE ts - interval '1 day' < '2024-01-31' ORDER BY id
SELECT id FROM facts WHERE ts IN ('2024-01-31 10:30', '1700-01-01 00:00:00.5') ORDER BY id
SELECT id FROM facts WHERE date_trunc('day', ts) = '2024-01-31' ORDER BY id
SELECT id FROM facts WHERE tz = '2024-01-31 05:30:00' ORDER BY id
SELECT id FROM facts WHERE tz = '2024-01-31 10:30:00+00' ORDER BY id
SELECT id FROM facts WHERE tz >= '2024-01-31' ORDER BY id
SELECT id FROM facts WHERE tz >= '2024-01-31'::date ORDER BY id
SELECT id FROM facts WHERE tz < '2024-01-31 00:00:00'::timestamp ORDER BY id
SELECT id FROM facts WHERE tz::date = '2024-01-30' ORDER BY id
SELECT id FROM facts WHERE tz::date = '2024-01-31' ORDER BY id
SELECT id FROM facts WHERE tz::timestamp = '2024-03-10 03:30' ORDER BY id
SELECT id FROM facts WHERE (tz AT TIME ZONE 'Asia/Kolkata')::date = '2024-01-31' ORDER BY id
SELECT id FROM facts WHERE date_trunc('day', tz) = '2024-01-31' ORDER BY id
SELECT id FROM facts WHERE tz < '0001-01-01 00:00:00+00' ORDER BY id
SELECT id FROM facts WHERE tz = 'infinity' OR tz = '-infinity' ORDER BY id
SELECT id FROM facts WHERE tz > '1883-11-18 12:00:00 LMT' ORDER BY id
SELECT id FROM facts WHERE tz > ts AT TIME ZONE 'UTC' ORDER BY id
SELECT id FROM facts WHERE tm = '2024-01-31 10:30:00.001' ORDER BY id
SELECT id FROM facts WHERE tm > '2024-01-31 10:30:00.0005' ORDER BY id
SELECT id FROM facts WHERE tm < '1970-01-01' ORDER BY id
SELECT id FROM facts WHERE tn = '2024-01-31 05:30:00.000001' ORDER BY id
SELECT id FROM facts WHERE tn > '2024-01-31 05:30:00' ORDER BY id
SELECT id FROM facts WHERE tn < '1969-12-31 19:00:00' ORDER BY id
SELECT id FROM facts WHERE tn < tz ORDER BY id
SELECT id FROM facts WHERE tn::date = '2024-01-31' ORDER BY id
SELECT id FROM facts WHERE tn IN ('2024-01-31 10:30:00.000001+00', '1800-01-01 00:00:00+00') ORDER BY id
SELECT id FROM facts WHERE ti = '10:30:00' ORDER BY id
SELECT id FROM facts WHERE ti > '12:00:00' ORDER BY id
SELECT id FROM facts WHERE ti::time > '12:00:00.4' ORDER BY id
SELECT id FROM facts WHERE ti::time + interval '1 hour' < '02:00' ORDER BY id
SELECT id FROM facts WHERE tt::timetz = '10:30:00+00' ORDER BY id
SELECT id FROM facts WHERE tt::timetz > '20:00:00' ORDER BY id
SELECT id FROM facts WHERE iv::interval = '1 mon' ORDER BY id
SELECT id FROM facts WHERE iv::interval = '30 days' ORDER BY id
SELECT id FROM facts WHERE iv::interval > '24:00:00' ORDER BY id
SELECT id FROM facts WHERE iv::interval IN ('1 day', '720 hours') ORDER BY id
SELECT id FROM facts WHERE du::interval = '24:00:00' ORDER BY id
SELECT id FROM facts WHERE du::interval BETWEEN '1 hour' AND '1 year' ORDER BY id
SELECT id FROM facts WHERE u = 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11' ORDER BY id
SELECT id FROM facts WHERE u::uuid = 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11' ORDER BY id
SELECT id FROM facts WHERE u::uuid = '{a0eebc999c0b4ef8bb6d6bb9bd380a11}' ORDER BY id
SELECT id FROM facts WHERE u::uuid > '00000000-0000-0000-0000-000000000000' ORDER BY id
SELECT id FROM facts WHERE u::uuid IN ('ffffffff-ffff-ffff-ffff-ffffffffffff', NULL) ORDER BY id
SELECT id FROM facts WHERE u::text LIKE 'a0%' ORDER BY id
SELECT id FROM facts WHERE j::text = 'null' ORDER BY id
SELECT id FROM facts WHERE j::jsonb = '1.5' ORDER BY id
SELECT id FROM facts WHERE j::json ->> 'a' = '1' ORDER BY id
SELECT id FROM facts WHERE jb::jsonb = '{"b": [1, 2, null], "a": 1}' ORDER BY id
SELECT id FROM facts WHERE jb::jsonb @> '{"a": 1}' ORDER BY id
SELECT id FROM facts WHERE jb::jsonb > '1' ORDER BY id
SELECT id FROM facts WHERE jb::jsonb ? 'a' ORDER BY id
SELECT id FROM facts WHERE jb::jsonb #>> '{a,b}' = 'x' ORDER BY id
SELECT id FROM facts WHERE jb::text LIKE '{%' ORDER BY id
SELECT id FROM facts WHERE e::text = 'ok' ORDER BY id
SELECT id FROM facts WHERE e::text > 'ok' ORDER BY id
SELECT id FROM facts WHERE ai = '{1,2,3}' ORDER BY id
SELECT id FROM facts WHERE ai = '{}' ORDER BY id
SELECT id FROM facts WHERE ai <> ARRAY[7] ORDER BY id
SELECT id FROM facts WHERE ai > '{1,2}' ORDER BY id
SELECT id FROM facts WHERE ai < '{7}' ORDER BY id
SELECT id FROM facts WHERE ai IS NULL ORDER BY id
SELECT id FROM facts WHERE ai @> '{1}' ORDER BY id
SELECT id FROM facts WHERE ai && '{7,3}' ORDER BY id
SELECT id FROM facts WHERE 7 = ANY (ai) ORDER BY id
SELECT id FROM facts WHERE i4 = ANY (ai) ORDER BY id
SELECT id FROM facts WHERE ai[1] = 1 ORDER BY id
SELECT id FROM facts WHERE ai[1] IS NULL ORDER BY id
SELECT id FROM facts WHERE at = '{a,b}' ORDER BY id
SELECT id FROM facts WHERE at > '{a,b}' ORDER BY id
SELECT id FROM facts WHERE 'x y' = ANY (at) ORDER BY id
SELECT id FROM facts WHERE at && ARRAY['c', 'NULL'] ORDER BY id
SELECT id FROM facts WHERE af = '{NaN}' ORDER BY id
SELECT id FROM facts WHERE af = '{0}' ORDER BY id
SELECT id FROM facts WHERE af > '{1.5}' ORDER BY id
SELECT id FROM facts WHERE 'NaN' = ANY (af) ORDER BY id
SELECT id FROM facts WHERE an = '{1.5,2}' ORDER BY id
SELECT id FROM facts WHERE an[1] = 0.05 ORDER BY id
SELECT id FROM facts WHERE ad[1] = '2000-01-01' ORDER BY id
SELECT id FROM facts WHERE ad = ARRAY[date '2024-01-31', NULL] ORDER BY id
SELECT id FROM facts WHERE (i4, t) = (1, 'abc') ORDER BY id
SELECT id FROM facts WHERE (i4, id) < (1, 30) ORDER BY id
SELECT id FROM facts WHERE (b, k) IN ((true, 1), (false, 2)) ORDER BY id
SELECT id FROM facts WHERE (b, k) NOT IN ((true, 1), (false, NULL)) ORDER BY id
SELECT id FROM facts WHERE (i4, i8) IS DISTINCT FROM (1, 1) ORDER BY id
SELECT id FROM facts WHERE (i4, i8) IS NULL ORDER BY id
SELECT id FROM facts WHERE CASE WHEN i4 = 0 THEN false ELSE 10 / i4 > 1 END ORDER BY id
SELECT id FROM facts WHERE coalesce(i4, 0) = 0 ORDER BY id
SELECT id FROM facts WHERE nullif(i4, 7) IS NULL ORDER BY id
SELECT id FROM facts WHERE greatest(i4, 5) = 5 ORDER BY id
SELECT id FROM facts WHERE least(f8, 'NaN') = f8 ORDER BY id
SELECT id FROM facts WHERE NOT (i4 > 0 AND f8 > 0) ORDER BY id
SELECT id FROM facts WHERE NOT (i4 > 0 OR f8 > 0) ORDER BY id
SELECT id FROM facts WHERE (i4 > 0) IS DISTINCT FROM b ORDER BY id
SELECT id FROM facts WHERE i4 > 0 AND t LIKE 'a%' AND d < '2024-02-01' AND f8 > 0 ORDER BY id
SELECT id FROM facts WHERE f8 > 0 AND f8 < 'NaN' AND n > 0 ORDER BY id
SELECT id FROM facts WHERE t IS NULL AND f8 IS NOT NULL ORDER BY id
SELECT id FROM facts WHERE false ORDER BY id
SELECT id FROM facts WHERE NULL ORDER BY id
SELECT id FROM facts WHERE i4 = NULL ORDER BY id
SELECT id FROM facts WHERE i4 IS NOT DISTINCT FROM NULL ORDER BY id
SELECT count(*) FROM facts WHERE f8 > -1e400::numeric
SELECT count(*) FROM facts WHERE i4::text = '7'
SELECT count(*) FROM facts WHERE i4::int8 = 7
SELECT count(*) FROM facts WHERE i8 BETWEEN 0 AND 10 AND i8::int4 = 7
SELECT count(*) FROM facts WHERE f8 BETWEEN 1 AND 3 AND f8::int4 = 2
SELECT count(*) FROM facts WHERE n::int4 = 2
SELECT count(*) FROM facts WHERE n::numeric(6,1) = 12.3
SELECT count(*) FROM facts WHERE ts::timestamp(0) = '2024-03-01'
SELECT count(*) FROM facts WHERE b::int = 1
SELECT count(*) FROM facts WHERE k::bool
