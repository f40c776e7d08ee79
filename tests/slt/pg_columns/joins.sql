-- Within a source and across sources.
SELECT a.id, b.id FROM facts a JOIN facts b ON b.id = a.i4 ORDER BY 1, 2
SELECT a.id, b.id FROM facts a JOIN facts b ON b.i8 = a.i4 AND b.id < 20 AND a.id < 20 ORDER BY 1, 2
SELECT a.id, b.id FROM facts a JOIN facts b ON a.f8 = b.f8 AND a.id < b.id ORDER BY 1, 2
SELECT a.id, b.id FROM facts a JOIN facts b ON a.f4 = b.f8 WHERE a.id < 40 ORDER BY 1, 2
SELECT a.id, b.id FROM facts a JOIN facts b ON a.t = b.s ORDER BY 1, 2
SELECT a.id, b.id FROM facts a JOIN facts b ON a.c = b.s ORDER BY 1, 2
SELECT a.id, b.id FROM facts a JOIN facts b ON a.c = b.c AND a.id < b.id ORDER BY 1, 2
SELECT a.id, b.id FROM facts a JOIN facts b ON a.n = b.i4 ORDER BY 1, 2
SELECT a.id, b.id FROM facts a JOIN facts b ON a.n = b.f8 ORDER BY 1, 2
SELECT a.id, b.id FROM facts a JOIN facts b ON a.d = b.ts ORDER BY 1, 2
SELECT a.id, b.id FROM facts a JOIN facts b ON a.d = b.tz::date AND a.id <> b.id ORDER BY 1, 2
SELECT a.id, b.id FROM facts a LEFT JOIN facts b ON b.id = a.i4 AND b.b ORDER BY 1, 2
SELECT a.id, b.id FROM facts a RIGHT JOIN facts b ON b.k = a.i4 AND a.id < 10 ORDER BY 1, 2
SELECT a.id, b.id FROM facts a FULL JOIN facts b ON b.id = a.i4 ORDER BY 1, 2
SELECT id FROM facts a WHERE EXISTS (SELECT 1 FROM facts b WHERE b.i4 = a.k AND b.id > a.id) ORDER BY id
SELECT id FROM facts a WHERE NOT EXISTS (SELECT 1 FROM facts b WHERE b.f8 = a.f8 AND b.id <> a.id) ORDER BY id
SELECT id FROM facts WHERE i4 IN (SELECT k FROM facts) ORDER BY id
SELECT id FROM facts WHERE i4 NOT IN (SELECT k FROM facts) ORDER BY id
SELECT id FROM facts WHERE i4 NOT IN (SELECT k FROM facts WHERE k IS NOT NULL) ORDER BY id
SELECT id FROM facts WHERE f8 = (SELECT max(f8) FROM facts) ORDER BY id
SELECT id FROM facts WHERE f8 = (SELECT min(f8) FROM facts) ORDER BY id
SELECT id FROM facts WHERE t = (SELECT min(t) FROM facts) ORDER BY id
SELECT id FROM facts a WHERE n > (SELECT avg(n) FROM facts b WHERE b.k = a.k) ORDER BY id
SELECT id FROM facts WHERE i4 > ALL (SELECT k FROM facts WHERE k < 3) ORDER BY id
SELECT id FROM facts WHERE d = ANY (SELECT ts::date FROM facts) ORDER BY id
SELECT f8 FROM facts WHERE f8 <> 0 UNION SELECT f4 FROM facts WHERE f4 <> 0 ORDER BY 1
SELECT count(*) FROM (SELECT i4 FROM facts UNION SELECT n FROM facts) x
SELECT t FROM facts INTERSECT SELECT s FROM facts ORDER BY 1
SELECT k FROM facts EXCEPT SELECT i4 FROM facts ORDER BY 1
SELECT i1 FROM facts UNION SELECT i2 FROM facts ORDER BY 1
SELECT c, octet_length(c) FROM (SELECT c FROM facts UNION ALL SELECT s FROM facts) x ORDER BY 1, 2
SELECT d FROM facts UNION SELECT ts FROM facts ORDER BY 1
SELECT tn FROM facts UNION SELECT tz FROM facts ORDER BY 1
SELECT l.id, s.id, h.id FROM lake.facts l JOIN shop.facts s ON s.id = l.id JOIN history.facts h ON h.id = s.id WHERE l.f8 = s.f8 AND s.f8 = h.f8 ORDER BY 1
SELECT l.id FROM lake.facts l JOIN shop.facts s USING (id) WHERE l.f8 IS DISTINCT FROM s.f8 OR l.f4 IS DISTINCT FROM s.f4 OR l.n IS DISTINCT FROM s.n OR l.t IS DISTINCT FROM s.t OR l.tn IS DISTINCT FROM s.tn OR l.i1 IS DISTINCT FROM s.i1 ORDER BY 1
SELECT h.id FROM history.facts h JOIN shop.facts s USING (id) WHERE h.f8 IS DISTINCT FROM s.f8 OR h.f4 IS DISTINCT FROM s.f4 OR h.n IS DISTINCT FROM s.n OR h.n0 IS DISTINCT FROM s.n0 OR h.nw IS DISTINCT FROM s.nw OR h.d IS DISTINCT FROM s.d OR h.ts IS DISTINCT FROM s.ts OR h.tz IS DISTINCT FROM s.tz OR h.tn IS DISTINCT FROM s.tn OR h.tm IS DISTINCT FROM s.tm OR h.u IS DISTINCT FROM s.u OR h.du IS DISTINCT FROM s.du OR h.by IS DISTINCT FROM s.by ORDER BY 1
SELECT l.id FROM lake.facts l JOIN shop.facts s USING (id) WHERE l.ai IS DISTINCT FROM s.ai OR l.at IS DISTINCT FROM s.at OR l.af IS DISTINCT FROM s.af OR l.an IS DISTINCT FROM s.an OR l.ad IS DISTINCT FROM s.ad ORDER BY 1
SELECT h.id FROM history.facts h JOIN shop.facts s USING (id) WHERE h.ai IS DISTINCT FROM s.ai OR h.at IS DISTINCT FROM s.at OR h.af IS DISTINCT FROM s.af OR h.an IS DISTINCT FROM s.an OR h.ad IS DISTINCT FROM s.ad ORDER BY 1
SELECT l.id, s.id FROM lake.facts l JOIN shop.facts s ON l.f8 = s.f8 ORDER BY 1, 2
SELECT l.id, s.id FROM lake.facts l JOIN shop.facts s ON l.f4 = s.f8 ORDER BY 1, 2
SELECT l.id, h.id FROM lake.facts l JOIN history.facts h ON l.f8 = h.f4 ORDER BY 1, 2
SELECT l.id, s.id FROM lake.facts l JOIN shop.facts s ON l.s = s.s AND l.k = s.k ORDER BY 1, 2
SELECT l.id, s.id FROM lake.facts l JOIN shop.facts s ON l.c = s.c AND l.k = s.k ORDER BY 1, 2
SELECT l.id, s.id FROM lake.facts l JOIN shop.facts s ON l.t = s.c ORDER BY 1, 2
SELECT l.id, s.id FROM lake.facts l JOIN shop.facts s ON l.u = s.u::text AND l.id < s.id AND l.k = s.k ORDER BY 1, 2
SELECT h.id, s.id FROM history.facts h JOIN shop.facts s ON h.u = s.u AND h.id < s.id AND h.k = s.k ORDER BY 1, 2
SELECT l.id, s.id FROM lake.facts l JOIN shop.facts s ON l.i1 = s.i2 AND l.id < 20 AND s.id < 20 ORDER BY 1, 2
SELECT h.id, s.id FROM history.facts h JOIN shop.facts s ON h.i2 = s.i2 AND h.k = s.k ORDER BY 1, 2
SELECT h.id, s.id FROM history.facts h JOIN shop.facts s ON h.nw = s.nw AND h.k = s.k ORDER BY 1, 2
SELECT l.id, s.id FROM lake.facts l JOIN shop.facts s ON l.n = s.nu ORDER BY 1, 2
SELECT l.id, s.id FROM lake.facts l JOIN shop.facts s ON l.n0 = s.n0 AND l.k = s.k ORDER BY 1, 2
SELECT l.id, s.id FROM lake.facts l JOIN shop.facts s ON l.d = s.d AND l.k = s.k ORDER BY 1, 2
SELECT l.id, h.id FROM lake.facts l JOIN history.facts h ON l.ts = h.ts AND l.k = h.k ORDER BY 1, 2
SELECT h.id, s.id FROM history.facts h JOIN shop.facts s ON h.tn = s.tz ORDER BY 1, 2
SELECT h.id, s.id FROM history.facts h JOIN shop.facts s ON h.tz = s.tz AND h.k = s.k ORDER BY 1, 2
SELECT h.id, s.id FROM history.facts h JOIN shop.facts s ON h.du = s.du AND h.k = s.k ORDER BY 1, 2
SELECT h.id, s.id FROM history.facts h JOIN shop.facts s ON h.du = s.iv AND h.k = s.k ORDER BY 1, 2
SELECT l.id, s.id FROM lake.facts l JOIN shop.facts s ON l.ai = s.ai AND l.k = s.k ORDER BY 1, 2
SELECT l.id, s.id FROM lake.facts l JOIN shop.facts s ON l.af = s.af AND l.k = s.k ORDER BY 1, 2
SELECT l.id FROM lake.facts l WHERE l.f8 IN (SELECT f8 FROM shop.facts WHERE f8 > 100) ORDER BY 1
SELECT l.id FROM lake.facts l WHERE l.t IN (SELECT s FROM shop.facts) ORDER BY 1
SELECT s.id FROM shop.facts s WHERE s.i4 IN (SELECT i4 FROM lake.facts WHERE f8 > 1) ORDER BY 1
SELECT s.id FROM shop.facts s WHERE s.t NOT IN (SELECT t FROM lake.facts WHERE t IS NOT NULL AND id < 20) ORDER BY 1
SELECT s.id FROM shop.facts s WHERE NOT EXISTS (SELECT 1 FROM history.facts h WHERE h.f8 = s.f8 AND h.id < 30) ORDER BY 1
SELECT h.k, sum(l.i4), count(s.t) FROM history.facts h LEFT JOIN lake.facts l ON l.id = h.i4 LEFT JOIN shop.facts s ON s.id = h.i8 AND s.id < 100 GROUP BY h.k ORDER BY 1
SELECT s.id, max(l.f8) OVER (ORDER BY s.id) FROM shop.facts s LEFT JOIN lake.facts l ON l.id = s.id + 1 ORDER BY 1
SELECT l.f8 FROM lake.facts l UNION SELECT s.f8 FROM shop.facts s WHERE s.f8 <> 0 EXCEPT SELECT 0::float8 ORDER BY 1
SELECT count(*) FROM (SELECT f8 FROM lake.facts UNION SELECT f8 FROM shop.facts UNION SELECT f8 FROM history.facts) x
SELECT count(*) FROM (SELECT f8, f4, af FROM lake.facts UNION SELECT f8, f4, af FROM shop.facts UNION SELECT f8, f4, af FROM history.facts) x
SELECT t FROM lake.facts INTERSECT SELECT t FROM shop.facts INTERSECT SELECT t FROM history.facts ORDER BY 1
SELECT tn FROM history.facts EXCEPT SELECT tn FROM shop.facts ORDER BY 1
SELECT du FROM history.facts EXCEPT SELECT du FROM shop.facts ORDER BY 1
SELECT i1 FROM lake.facts EXCEPT SELECT i1 FROM shop.facts ORDER BY 1
SELECT f8 FROM lake.facts EXCEPT SELECT f8 FROM history.facts ORDER BY 1
WITH h AS (SELECT id, f8, n FROM history.facts WHERE n > 1) SELECT h.id, s.t FROM h JOIN shop.facts s ON s.id = h.id AND s.f8 >= h.f8 ORDER BY 1
SELECT l.id FROM lake.facts l JOIN lake.grouped g ON g.id = l.id JOIN lake.parted p ON p.id = g.id WHERE l.d = g.d AND g.d = p.d ORDER BY 1
SELECT p.id FROM lake.parted p JOIN shop.facts s ON p.k = s.k AND p.d = s.d AND s.id < 12 ORDER BY 1
SELECT s.id, o, na, ch, mo, bi FROM shop.facts s ORDER BY s.id
SELECT s.id FROM shop.facts s WHERE ip = '192.168.1.5' ORDER BY 1
SELECT s.id FROM shop.facts s WHERE ip << '10.0.0.0/7' OR ip > '::' ORDER BY 1
SELECT s.id FROM shop.facts s WHERE ci = '10.0.0.0/8' OR ma > '08:00:2b:01:02:03' ORDER BY 1
SELECT s.id FROM shop.facts s WHERE mo > 9::money ORDER BY 1
SELECT s.id FROM shop.facts s WHERE mo = '100' OR mo < '0' ORDER BY 1
SELECT s.id FROM shop.facts s WHERE bi > B'001' OR vb = B'1' ORDER BY 1
SELECT s.id FROM shop.facts s WHERE ri @> 3 AND rn && '[1,2]' ORDER BY 1
SELECT s.id FROM shop.facts s WHERE ri < '[2,10)' OR mi = '{}' ORDER BY 1
SELECT s.id FROM shop.facts s WHERE o > 16000 OR na = 'abc' OR ch = 'b' ORDER BY 1
SELECT s.id FROM shop.facts s WHERE o = 4294967295 OR na < 'b' ORDER BY 1
SELECT min(ip), max(ip), count(DISTINCT ip), max(mo), sum(mo), min(o), count(DISTINCT ri) FROM shop.facts
SELECT ip, count(*) FROM shop.facts GROUP BY ip ORDER BY ip
SELECT mo, count(*) FROM shop.facts GROUP BY mo ORDER BY mo DESC
SELECT ri, count(*) FROM shop.facts GROUP BY ri ORDER BY ri
SELECT id FROM shop.facts ORDER BY na, ch, bi, vb, id
SELECT id, ac, ac[1] || 'x', length(ac[1]), to_jsonb(ac), array_to_string(ac, ',') FROM shop.facts ORDER BY id
SELECT id, x || '.', octet_length(x), x LIKE 'ab', x = 'ab' FROM shop.facts, unnest(ac) x ORDER BY id, x
SELECT id FROM shop.facts WHERE 'ab' = ANY (ac) OR ac = '{a}' ORDER BY id
SELECT id FROM shop.facts WHERE ac[1] LIKE 'ab_' ORDER BY id
SELECT id, az, ag, au, aj, ao, vn FROM shop.facts ORDER BY id
SELECT id, az[1]::date, ag[1] + 1, au[1]::text, aj[1] -> 'a', ao + interval '0.5 s' FROM shop.facts ORDER BY id
SELECT id FROM shop.facts WHERE ag = '{1.5,2.00}' OR ag = '{0}' ORDER BY id
SELECT id FROM shop.facts WHERE az[1] = '2024-01-31 05:30:00' ORDER BY id
SELECT id FROM shop.facts WHERE ag IN ('{1.5,2}', '{NaN,NULL}') ORDER BY id
SELECT id FROM shop.facts WHERE vn > 'abc' OR vn = '' ORDER BY id
SELECT id FROM shop.facts WHERE bp = 'ab' ORDER BY id
SELECT id, bp || '.', octet_length(bp), length(bp), bp LIKE 'ab%', to_json(bp) FROM shop.facts ORDER BY id
SELECT count(DISTINCT bp), count(DISTINCT ac), count(DISTINCT ag) FROM shop.facts
SELECT s.id FROM shop.facts s JOIN shop.facts z ON s.bp = z.c AND z.id = 4 ORDER BY 1
SELECT s.id, z.id FROM shop.facts s JOIN shop.facts z ON s.c = z.bp AND z.id < 9 ORDER BY 1, 2
