-- What fails, over rows that all have a part in it, or none.
SELECT id FROM facts WHERE 1 / (id - id) = 1
SELECT 10 / (i4 - i4) FROM facts WHERE i4 IS NOT NULL
SELECT sum(i4 / 0) FROM facts WHERE i4 IS NULL
SELECT id FROM facts WHERE id > 1000 AND 1 / (id - id) = 1
SELECT 1 / (id - 3) FROM facts WHERE id < 3
SELECT i4 + 2147483647 FROM facts WHERE i4 > 0
SELECT i2 * 1000::int2 FROM facts WHERE i2 > 100
SELECT i8 * 4 FROM facts WHERE i8 > 4294967296
SELECT -i4 FROM facts WHERE i4 = -2147483648
SELECT abs(i8) FROM facts WHERE i8 < -100
SELECT i4::int2 FROM facts WHERE i4 > 40000
SELECT f8::int8 FROM facts WHERE f8 = 'NaN'
SELECT f8::int4 FROM facts WHERE f8 > 1e200
SELECT f8::float4 FROM facts WHERE f8 > 1e200 AND f8 < 'Infinity'
SELECT f8 * 1e300 FROM facts WHERE f8 = 1e300
SELECT sqrt(f8) FROM facts WHERE f8 = -2.5
SELECT ln(n) FROM facts WHERE n <= 0
SELECT n::numeric(4,2) FROM facts WHERE n > 1000
SELECT t::int4 FROM facts WHERE t = 'abc'
SELECT t::int4 FROM facts WHERE t = '12'
SELECT t::date FROM facts WHERE t LIKE '2024%'
SELECT t::date FROM facts WHERE t = 'abc'
SELECT s::numeric FROM facts WHERE s = 'x y'
SELECT t::uuid FROM facts WHERE t = 'b'
SELECT t::jsonb FROM facts WHERE t = 'abc'
SELECT d + 2147483647 FROM facts WHERE d = '2024-01-31'
SELECT ts + interval '300000 years' FROM facts WHERE ts = '2024-01-31 10:30:00'
SELECT chr(i4) FROM facts WHERE i4 = -5
SELECT substr(t, 1, -1) FROM facts WHERE t = 'abc'
SELECT repeat(t, 1000000000) FROM facts WHERE t = 'abc'
SELECT to_date(t, 'YYYY-MM-DD') FROM facts WHERE t = 'abc'
SELECT convert_from(by, 'UTF8') FROM facts WHERE by = '\xe9'
SELECT t LIKE 'a\' FROM facts WHERE t = 'a\b'
SELECT t ~ '(' FROM facts WHERE t = 'abc'
SELECT t + 1 FROM facts
SELECT nosuch FROM facts
SELECT id FROM facts WHERE i4 = 'x'
SELECT id FROM facts WHERE d = '2024-02-30'
SELECT id FROM facts WHERE d = 'yesterdays'
SELECT id FROM facts WHERE ts = 'abc'
SELECT id FROM facts WHERE b = 'maybe'
SELECT id FROM facts WHERE u::uuid = 'abc'
SELECT id FROM facts WHERE i2 = 99999999999999999999
SELECT id FROM facts WHERE i4 = '99999999999'
SELECT id FROM facts WHERE by = '\x1'
SELECT id FROM facts WHERE f4 = '1e50'
SELECT id FROM facts WHERE ai = 'abc'
SELECT id FROM facts WHERE t
SELECT id FROM facts WHERE i4
SELECT id FROM facts WHERE t > 1
SELECT id FROM facts WHERE b > 1
SELECT id FROM facts WHERE d > 1
SELECT id FROM facts WHERE sum(i4) > 1
SELECT id, sum(i4) FROM facts
SELECT (SELECT id FROM facts)
SELECT min(b) FROM facts
SELECT sum(t) FROM facts
SELECT sum(d) FROM facts
SELECT id FROM facts ORDER BY j::json
SELECT DISTINCT j::json FROM facts
SELECT id FROM facts WHERE id < 0 OR CASE WHEN i4 <> 0 THEN 1 / i4 > 5 END ORDER BY id
SELECT id FROM facts WHERE i4 <> 0 AND 10 / i4 > 1 ORDER BY id
SELECT id FROM facts WHERE i4 = 0 OR 10 / i4 > 1 ORDER BY id
SELECT id FROM facts WHERE NOT (i4 = 0 OR 10 / i4 > 1) ORDER BY id
SELECT id FROM facts WHERE b AND (i4 = 0 OR 10 / i4 > 1) AND i8 <> 0 AND 10 / i8 < 5 ORDER BY id
SELECT id, i4 <> 0 AND 10 / i4 > 1 FROM facts ORDER BY id
SELECT id, i4 = 0 OR 10 / i4 > 1 FROM facts ORDER BY id
SELECT id, i4 IS NULL OR i4 = 0 OR 10 / i4 > 1 FROM facts ORDER BY id
SELECT id FROM facts WHERE t = '12' AND t::int4 = 12 ORDER BY id
SELECT id FROM facts WHERE t ~ '^[0-9]+$' AND t::int4 > 5 ORDER BY id
SELECT id FROM facts WHERE f8 BETWEEN 0 AND 100 AND f8::int4 > 1 ORDER BY id
SELECT id FROM facts WHERE CASE WHEN i4 = 0 THEN NULL WHEN 10 / i4 > 3 THEN true ELSE b END ORDER BY id
SELECT id FROM facts WHERE CASE WHEN i4 = 0 THEN 'none' WHEN 10 / i4 > 3 THEN 'much' ELSE 'little' END = 'little' ORDER BY id
SELECT count(*) FILTER (WHERE i4 <> 0 AND 10 / i4 > 1) FROM facts
SELECT bool_or(i4 <> 0 AND 10 / i4 > 1), k FROM facts GROUP BY k ORDER BY k
SELECT sum(CASE WHEN i4 <> 0 THEN 100 / i4 END) FROM facts
SELECT i4 <> 0 AND 10 / i4 > 1 AS much, count(*) FROM facts GROUP BY 1 ORDER BY 1
SELECT id FROM facts ORDER BY i4 <> 0 AND 10 / i4 > 1, id
SELECT id FROM facts GROUP BY id HAVING sum(i4) <> 0 AND 10 / sum(i4) > 1 ORDER BY id
-- What fails on rows alone that a row filter hides.
SELECT count(*) FROM facts WHERE 10 / (id - 6) < 0
SELECT count(*) FROM facts WHERE 10 / (id - 7) < 0
SELECT id FROM facts WHERE id % 3 = 0 AND 1 / (id - id) = 1
SELECT id FROM facts WHERE (CASE WHEN id = 9 THEN 'x' ELSE id::text END)::int4 < 4 ORDER BY id
SELECT sum(1 / (id - 6)) FROM facts
SELECT max(1 / (id % 3)) FROM facts
SELECT id FROM facts ORDER BY 1 / (id % 3), id LIMIT 3
SELECT a.id FROM facts a JOIN facts b ON b.id = a.id AND 1 / (b.id % 3) > 0 ORDER BY 1
SELECT a.id FROM lake.facts a JOIN shop.facts b ON b.id = a.id WHERE 1 / (a.id % 3) > 0 AND 1 / (b.id - 6) < 1 ORDER BY 1
SELECT id FROM facts WHERE EXISTS (SELECT 1 FROM history.facts h WHERE h.id = facts.id AND 1 / (h.id % 3) > 0) ORDER BY id
SELECT id, row_number() OVER (ORDER BY 1 / (id % 3), id) FROM facts ORDER BY id
SELECT count(*) FROM facts WHERE f8 = 1.5 AND 1 / (id % 3) > 0
SELECT count(*) FROM facts WHERE t = 'abc' OR 1 / (id % 3) > 0
SELECT count(*) FROM facts WHERE k IS NOT NULL AND b AND 1 / (id % 3) > 0
SELECT count(*) FILTER (WHERE 1 / (id % 3) > 0) FROM facts
SELECT DISTINCT 1 / (id % 3) FROM facts ORDER BY 1
SELECT 1 / (id % 3), count(*) FROM facts GROUP BY 1 ORDER BY 1
SELECT count(*) FROM facts WHERE id % 3 <> 0 AND 1 / (id % 3) > 0
SELECT count(*) FROM facts WHERE id IN (6, 9) AND 1 / (id % 3) > 0
SELECT id FROM facts WHERE coalesce(i4 = 0, false) OR coalesce(10 / nullif(i4, 0) > 3, b) ORDER BY id
SELECT id FROM facts WHERE coalesce(CASE WHEN i4 = 0 THEN true END, 10 / i4 > 3) ORDER BY id
SELECT id FROM facts WHERE i4 <> 0 AND 10 / i4 > 1 AND 10 / i4 < 8 ORDER BY id
SELECT q FROM (SELECT id, 10 / i4 AS q FROM facts WHERE i4 <> 0) s WHERE q > 1 ORDER BY id
SELECT a.id FROM facts a JOIN facts b ON a.id = b.id WHERE a.i4 <> 0 AND 10 / a.i4 > 1 AND b.i8 <> 0 AND 10 / b.i8 > 1 ORDER BY 1
SELECT a.id FROM facts a LEFT JOIN facts b ON a.id = b.id + 1 WHERE a.i4 <> 0 AND 10 / a.i4 > 1 AND (b.i8 = 0 OR 10 / b.i8 > 1) ORDER BY 1
WITH s AS (SELECT * FROM facts WHERE i4 > 0) SELECT id FROM s WHERE 10 / i4 > 1 ORDER BY id
SELECT k, sum(i4) FROM facts GROUP BY k HAVING sum(i4) <> 0 AND 1000000 / sum(i4) > -5 ORDER BY k
