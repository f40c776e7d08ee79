SELECT id, f8 FROM facts ORDER BY f8, id
SELECT id, f8 FROM facts ORDER BY f8 DESC, id
SELECT id, f8 FROM facts ORDER BY f8 NULLS FIRST, id LIMIT 12
SELECT id, f8 FROM facts ORDER BY f8 DESC NULLS LAST, id LIMIT 12
SELECT id, f4 FROM facts ORDER BY f4 DESC, id LIMIT 20
SELECT id, f4 FROM facts ORDER BY f4, id DESC LIMIT 20 OFFSET 5
SELECT id, i4 FROM facts ORDER BY i4 DESC, id LIMIT 10
SELECT id, i1 FROM facts ORDER BY i1, id LIMIT 10
SELECT id, n FROM facts ORDER BY n DESC, id
SELECT id, n0 FROM facts ORDER BY n0, id
SELECT id, nu FROM facts ORDER BY nu::numeric, id
SELECT id, nu FROM facts ORDER BY nu::numeric DESC NULLS LAST, id LIMIT 9
SELECT id, nw FROM facts ORDER BY nw::numeric, id
SELECT id, t FROM facts ORDER BY t, id
SELECT id, t FROM facts ORDER BY t DESC, id LIMIT 15
SELECT id, t FROM facts ORDER BY t COLLATE "C", id
SELECT id, c FROM facts ORDER BY c, id
SELECT id, s FROM facts ORDER BY s DESC NULLS LAST, id
SELECT id, by FROM facts ORDER BY by, id
SELECT id, d FROM facts ORDER BY d, id
SELECT id, d FROM facts ORDER BY d DESC, id LIMIT 10
SELECT id, ts FROM facts ORDER BY ts DESC, id LIMIT 14
SELECT id, ts FROM facts ORDER BY ts, id LIMIT 14
SELECT id, tz FROM facts ORDER BY tz, id
SELECT id, tm FROM facts ORDER BY tm, id
SELECT id, tn FROM facts ORDER BY tn DESC, id
SELECT id, ti FROM facts ORDER BY ti, id
SELECT id, tt FROM facts ORDER BY tt::timetz, id
SELECT id, iv FROM facts ORDER BY iv::interval, id
SELECT id, du FROM facts ORDER BY du::interval DESC, id
SELECT id, u FROM facts ORDER BY u, id
SELECT id, jb FROM facts ORDER BY jb::jsonb, id
SELECT id, j FROM facts ORDER BY id
SELECT id, e FROM facts ORDER BY e::text, id
SELECT id, b FROM facts ORDER BY b, id
SELECT id, ai FROM facts ORDER BY ai, id
SELECT id, at FROM facts ORDER BY at DESC, id
SELECT id, af FROM facts ORDER BY af, id
SELECT id, an FROM facts ORDER BY an, id
SELECT id, ad FROM facts ORDER BY ad, id
SELECT id, k, f8 FROM facts ORDER BY k DESC NULLS LAST, f8 NULLS FIRST, id
SELECT id FROM facts ORDER BY f8 + i4, id
SELECT id FROM facts ORDER BY i4 % 3, id DESC
SELECT id FROM facts ORDER BY -f8, id
SELECT k FROM facts ORDER BY k FETCH FIRST 3 ROWS WITH TIES
SELECT id FROM facts WHERE f8 > 0 ORDER BY f8, id LIMIT 4
SELECT id FROM facts WHERE t LIKE 'a%' ORDER BY t DESC, id LIMIT 4
SELECT id, row_number() OVER (ORDER BY f8, id) FROM facts ORDER BY id
SELECT id, rank() OVER (ORDER BY f8) FROM facts ORDER BY id
SELECT id, dense_rank() OVER (ORDER BY t) FROM facts ORDER BY id
SELECT id, dense_rank() OVER (ORDER BY c DESC) FROM facts ORDER BY id
SELECT id, rank() OVER (PARTITION BY k ORDER BY n DESC) FROM facts ORDER BY id
SELECT id, rank() OVER (PARTITION BY f8 ORDER BY id) FROM facts ORDER BY id
SELECT id, rank() OVER (PARTITION BY c ORDER BY id) FROM facts ORDER BY id
SELECT id, rank() OVER (ORDER BY nu::numeric) FROM facts ORDER BY id
SELECT id, rank() OVER (ORDER BY iv::interval) FROM facts ORDER BY id
SELECT id, rank() OVER (ORDER BY jb::jsonb) FROM facts ORDER BY id
SELECT id, percent_rank() OVER (ORDER BY tz), cume_dist() OVER (ORDER BY tz) FROM facts ORDER BY id
SELECT id, sum(i4) OVER (PARTITION BY k ORDER BY id) FROM facts ORDER BY id
SELECT id, sum(n) OVER (ORDER BY id ROWS 2 PRECEDING) FROM facts ORDER BY id
SELECT id, avg(i2) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) FROM facts ORDER BY id
SELECT id, count(*) OVER (ORDER BY i4 RANGE BETWEEN 1 PRECEDING AND 1 FOLLOWING) FROM facts ORDER BY id
SELECT id, count(*) OVER (ORDER BY f8 RANGE BETWEEN 1 PRECEDING AND CURRENT ROW) FROM facts ORDER BY id
SELECT id, count(*) OVER (ORDER BY d RANGE BETWEEN '30 days' PRECEDING AND CURRENT ROW) FROM facts WHERE isfinite(d) ORDER BY id
SELECT id, count(*) OVER (ORDER BY k GROUPS 1 PRECEDING) FROM facts ORDER BY id
SELECT id, lag(t) OVER (ORDER BY id), lead(f8, 2, 0) OVER (ORDER BY id) FROM facts ORDER BY id
SELECT id, first_value(d) OVER (PARTITION BY b ORDER BY id), last_value(n) OVER (PARTITION BY b ORDER BY id) FROM facts ORDER BY id
SELECT id, nth_value(c, 2) OVER (PARTITION BY k ORDER BY id) FROM facts ORDER BY id
SELECT id, ntile(5) OVER (ORDER BY id) FROM facts ORDER BY id
SELECT id, nullif(max(f8) OVER (ORDER BY id), 0), nullif(min(f4) OVER (ORDER BY id ROWS 3 PRECEDING), 0) FROM facts ORDER BY id
SELECT id, bool_or(i4 <> 0 AND 10 / i4 > 1) OVER (ORDER BY id) FROM facts ORDER BY id
SELECT id, string_agg(t, ',') OVER (PARTITION BY k ORDER BY id) FROM facts ORDER BY id
SELECT id, array_agg(i4) OVER (PARTITION BY b ORDER BY id ROWS 1 PRECEDING) FROM facts ORDER BY id
SELECT id, bool_or(b) OVER (ORDER BY id ROWS 2 PRECEDING) FROM facts ORDER BY id
SELECT * FROM (SELECT id, row_number() OVER (PARTITION BY k ORDER BY id DESC) AS place FROM facts) x WHERE place = 1 ORDER BY id
SELECT id FROM (SELECT id, rank() OVER (ORDER BY f8 DESC) AS place FROM facts) x WHERE place <= 5 ORDER BY id
