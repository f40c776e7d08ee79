SELECT count(*), count(i4), count(DISTINCT i4), sum(i4), avg(i4), min(i4), max(i4) FROM facts
SELECT count(i1), count(DISTINCT i1), sum(i1), avg(i1), min(i1), max(i1) FROM facts
SELECT count(i2), sum(i2), avg(i2), min(i2), max(i2), stddev(i2), var_pop(i2) FROM facts
SELECT sum(i8) FROM facts
SELECT avg(i8), min(i8), max(i8), count(DISTINCT i8) FROM facts
SELECT sum(DISTINCT i4), avg(DISTINCT i2) FROM facts
SELECT sum(f8), avg(f8) FROM facts
SELECT min(f8), max(f8), count(DISTINCT f8) FROM facts
SELECT min(f4), max(f4), count(DISTINCT f4) FROM facts
SELECT sum(f4), avg(f4) FROM facts WHERE f4 IN (1.5, -2.25, 3)
SELECT sum(f8), avg(f8), round(stddev(f8)::numeric, 9), round(variance(f8)::numeric, 9) FROM facts WHERE f8 IN (1.5, 3, -2.5, 0)
SELECT min(f8), max(f8) FROM facts WHERE f8 <> 'NaN'
SELECT sum(n), avg(n), min(n), max(n), count(DISTINCT n) FROM facts
SELECT stddev(n), variance(n), stddev_pop(n), var_pop(n) FROM facts WHERE n < 1000
SELECT sum(n0), avg(n0), min(n0), max(n0) FROM facts
SELECT sum(nw::numeric), avg(nw::numeric), min(nw::numeric), max(nw::numeric) FROM facts
SELECT sum(nu::numeric), avg(nu::numeric), min(nu::numeric), max(nu::numeric) FROM facts
SELECT sum(nu::numeric), avg(nu::numeric), count(DISTINCT nu::numeric) FROM facts WHERE nu::numeric < 1e10 AND nu::numeric > -1e10
SELECT max(nu), count(DISTINCT nu) FROM facts WHERE nu::numeric BETWEEN 0 AND 1
SELECT min(t), max(t), count(DISTINCT t) FROM facts
SELECT min(s), max(s), count(DISTINCT s) FROM facts
SELECT min(c), max(c), count(DISTINCT c) FROM facts
SELECT min(by), max(by), count(DISTINCT by) FROM facts
SELECT min(d), max(d), count(DISTINCT d) FROM facts
SELECT min(ts), max(ts), count(DISTINCT ts) FROM facts
SELECT min(tz), max(tz), count(DISTINCT tz) FROM facts
SELECT min(tm), max(tm), min(tn), max(tn), count(DISTINCT tn) FROM facts
SELECT min(ti), max(ti), count(DISTINCT ti) FROM facts
SELECT min(tt::timetz), max(tt::timetz), count(DISTINCT tt) FROM facts
SELECT min(iv::interval), max(iv::interval), sum(iv::interval), avg(iv::interval), count(DISTINCT iv::interval) FROM facts
SELECT min(du::interval), max(du::interval), sum(du::interval), avg(du::interval), count(DISTINCT du::interval) FROM facts
SELECT count(DISTINCT u), count(DISTINCT jb), count(DISTINCT e) FROM facts
SELECT min(ai), max(ai), count(DISTINCT ai) FROM facts
SELECT min(at), max(at), count(DISTINCT at) FROM facts
SELECT min(af), max(af), count(DISTINCT af) FROM facts
SELECT bool_and(b), bool_or(b), every(i4 > -10), bool_and(i4 > 0) FROM facts
SELECT bit_and(i4), bit_or(i4), bit_xor(i4), bit_and(i2), bit_or(i8) FROM facts
SELECT string_agg(t, ',' ORDER BY id) FROM facts
SELECT string_agg(t, '|' ORDER BY t DESC NULLS FIRST, id) FROM facts
SELECT string_agg(DISTINCT t, ',' ORDER BY t) FROM facts
SELECT string_agg(c, ',' ORDER BY id) FROM facts
SELECT string_agg(by, '\x2c' ORDER BY id) FROM facts
SELECT array_agg(i4 ORDER BY id) FROM facts
SELECT array_agg(f8 ORDER BY f8, id) FROM facts
SELECT array_agg(DISTINCT n ORDER BY n) FROM facts
SELECT array_agg(nu ORDER BY id) FROM facts
SELECT array_agg(d ORDER BY d NULLS FIRST) FROM facts
SELECT array_agg(tz ORDER BY tz DESC) FROM facts
SELECT array_agg(t ORDER BY t) FROM facts
SELECT array_agg(ai ORDER BY id) FROM facts WHERE ai = '{1,2,3}'
SELECT json_agg(n ORDER BY id), json_agg(f8 ORDER BY id) FROM facts WHERE id <= 24
SELECT json_agg(tz ORDER BY id), json_agg(t ORDER BY id) FROM facts
SELECT jsonb_agg(d ORDER BY id), jsonb_agg(c ORDER BY id) FROM facts
SELECT json_object_agg(id, i4 ORDER BY id) FROM facts
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY i4), percentile_disc(0.9) WITHIN GROUP (ORDER BY f8) FROM facts
SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY t), mode() WITHIN GROUP (ORDER BY k) FROM facts
SELECT rank(2) WITHIN GROUP (ORDER BY k), dense_rank('b') WITHIN GROUP (ORDER BY t) FROM facts
SELECT round(corr(i4, f4)::numeric, 9), round(covar_pop(i2, i4)::numeric, 9), regr_count(f8, i4) FROM facts WHERE id <= 24
SELECT count(*) FILTER (WHERE b), sum(i4) FILTER (WHERE NOT b), max(t) FILTER (WHERE t < 'b') FROM facts
SELECT k, count(*), sum(i4), max(f8), min(t) FROM facts GROUP BY k ORDER BY k
SELECT k, count(*) FROM facts GROUP BY k ORDER BY k DESC NULLS LAST
SELECT b, k, count(*) FROM facts GROUP BY b, k ORDER BY b, k
SELECT nullif(f8, 0), count(*) FROM facts GROUP BY f8 ORDER BY f8
SELECT nullif(f4, 0), count(*), sum(id) FROM facts GROUP BY f4 ORDER BY f4
SELECT count(*), sum(id) FROM facts GROUP BY f8 ORDER BY 2
SELECT n, count(*) FROM facts GROUP BY n ORDER BY n
SELECT nu::numeric * 1 > 0, count(*) FROM facts GROUP BY 1 ORDER BY 1
SELECT count(*), sum(id) FROM facts GROUP BY nu::numeric ORDER BY 2
SELECT t, count(*) FROM facts GROUP BY t ORDER BY t
SELECT c, count(*) FROM facts GROUP BY c ORDER BY c
SELECT c || '.', length(c), count(*) FROM facts GROUP BY c ORDER BY c
SELECT s, count(*) FROM facts GROUP BY s ORDER BY s
SELECT by, count(*) FROM facts GROUP BY by ORDER BY by
SELECT d, count(*) FROM facts GROUP BY d ORDER BY d
SELECT ts, count(*) FROM facts GROUP BY ts ORDER BY ts
SELECT tz, count(*) FROM facts GROUP BY tz ORDER BY tz
SELECT tz::date, count(*) FROM facts GROUP BY 1 ORDER BY 1
SELECT date_trunc('month', tz), count(*) FROM facts GROUP BY 1 ORDER BY 1
SELECT extract(year FROM ts), count(*) FROM facts WHERE isfinite(ts) GROUP BY 1 ORDER BY 1
SELECT count(*), sum(id) FROM facts GROUP BY iv::interval ORDER BY 2
SELECT u, count(*) FROM facts GROUP BY u ORDER BY u
SELECT jb::jsonb, count(*) FROM facts GROUP BY 1 ORDER BY 1
SELECT e, count(*) FROM facts GROUP BY e ORDER BY e::text
SELECT ai, count(*) FROM facts GROUP BY ai ORDER BY ai
SELECT at, count(*) FROM facts GROUP BY at ORDER BY at
SELECT count(*), sum(id) FROM facts GROUP BY af ORDER BY 2
SELECT an, count(*) FROM facts GROUP BY an ORDER BY an
SELECT i1, count(*) FROM facts GROUP BY i1 ORDER BY i1
SELECT tn, count(*) FROM facts GROUP BY tn ORDER BY tn
SELECT tm, count(*) FROM facts GROUP BY tm ORDER BY tm
SELECT k, b, sum(i4) FROM facts GROUP BY ROLLUP (k, b) ORDER BY k, b, 3
SELECT k, b, count(*), grouping(k, b) FROM facts GROUP BY CUBE (k, b) ORDER BY 4, k, b
SELECT k, count(*) FROM facts GROUP BY k HAVING count(*) > 5 AND max(f8) > 2 ORDER BY k
SELECT count(*) FROM facts HAVING min(i4) < 0
SELECT count(*) FROM facts WHERE false GROUP BY k
SELECT count(*), sum(i4), min(t), max(d), bool_and(b), array_agg(i4) FROM facts WHERE false
SELECT k + 1, count(*) FROM facts GROUP BY k + 1 ORDER BY 1
SELECT lower(t), count(*) FROM facts GROUP BY lower(t) ORDER BY 1
SELECT sum(i4 * i2), sum(n * i4) FROM facts WHERE id <= 24
SELECT sum(i4::numeric / 3), avg(n / 7) FROM facts WHERE id <= 24
SELECT max(i4) - min(i4) FROM facts WHERE id <= 24
SELECT max(length(t)), min(octet_length(t)), sum(length(c)) FROM facts
SELECT (SELECT count(*) FROM facts b WHERE b.k = a.k), a.id FROM facts a ORDER BY a.id
SELECT any_value(k) FROM facts WHERE k = 2
SELECT DISTINCT k FROM facts ORDER BY k
SELECT DISTINCT f8 FROM facts WHERE f8 <> 0 ORDER BY f8
SELECT DISTINCT t FROM facts ORDER BY t
SELECT DISTINCT c, s FROM facts ORDER BY c, s
SELECT DISTINCT n FROM facts ORDER BY n DESC
SELECT DISTINCT d FROM facts ORDER BY d
SELECT DISTINCT ts, tz FROM facts ORDER BY ts, tz
SELECT DISTINCT ON (k) k, id FROM facts ORDER BY k, id
SELECT DISTINCT ON (f8) f8, id FROM facts WHERE id <= 24 ORDER BY f8, id
SELECT DISTINCT ON (c) c, id FROM facts ORDER BY c DESC, id DESC
SELECT count(*) FROM (SELECT DISTINCT f8 FROM facts) x
SELECT count(*) FROM (SELECT DISTINCT jb::jsonb FROM facts) x
SELECT count(*) FROM (SELECT DISTINCT iv::interval FROM facts) x
SELECT count(*) FROM (SELECT DISTINCT af FROM facts) x
SELECT count(*) FROM (SELECT DISTINCT nu::numeric FROM facts) x
