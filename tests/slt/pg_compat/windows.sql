-- Window functions and frames.
SELECT i, row_number() OVER (ORDER BY i), rank() OVER (ORDER BY v), dense_rank() OVER (ORDER BY v) FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v) ORDER BY i
SELECT i, percent_rank() OVER (ORDER BY v), cume_dist() OVER (ORDER BY v), ntile(4) OVER (ORDER BY i) FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v) ORDER BY i
SELECT i, lag(v) OVER (ORDER BY i), lead(v) OVER (ORDER BY i), lag(v, 2) OVER (ORDER BY i), lead(v, 2, -1) OVER (ORDER BY i), lag(v, 0) OVER (ORDER BY i), lag(v, -1) OVER (ORDER BY i) FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v) ORDER BY i
SELECT i, first_value(v) OVER (ORDER BY i), last_value(v) OVER (ORDER BY i), nth_value(v, 2) OVER (ORDER BY i) FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v) ORDER BY i
SELECT i, g, row_number() OVER (PARTITION BY g ORDER BY i), sum(v) OVER (PARTITION BY g), count(*) OVER (PARTITION BY g ORDER BY i) FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v) ORDER BY i
SELECT i, sum(v) OVER (), count(*) OVER (), avg(v) OVER () FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v) ORDER BY i
SELECT i, sum(v) OVER (ORDER BY v), sum(i) OVER (ORDER BY g) FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v) ORDER BY i
SELECT i, sum(i) OVER (ORDER BY i ROWS UNBOUNDED PRECEDING), sum(i) OVER (ORDER BY i ROWS 1 PRECEDING), sum(i) OVER (ORDER BY i ROWS CURRENT ROW) FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v) ORDER BY i
SELECT i, sum(i) OVER (ORDER BY i ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING), sum(i) OVER (ORDER BY i ROWS BETWEEN 2 PRECEDING AND 1 PRECEDING), sum(i) OVER (ORDER BY i ROWS BETWEEN 1 FOLLOWING AND 2 FOLLOWING) FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v) ORDER BY i
SELECT i, sum(i) OVER (ORDER BY i ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING), sum(i) OVER (ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v) ORDER BY i
SELECT i, v, sum(i) OVER (ORDER BY v RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW), sum(i) OVER (ORDER BY v RANGE CURRENT ROW) FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v) ORDER BY v, i
SELECT i, v, sum(i) OVER (ORDER BY v RANGE BETWEEN 10 PRECEDING AND 10 FOLLOWING) FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v) ORDER BY v, i
SELECT i, v, count(*) OVER (ORDER BY v DESC RANGE BETWEEN 10 PRECEDING AND CURRENT ROW) FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v) ORDER BY v, i
SELECT i, v, count(*) OVER (ORDER BY v NULLS FIRST RANGE BETWEEN UNBOUNDED PRECEDING AND 5 FOLLOWING) FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v) ORDER BY v, i
SELECT i, v, sum(i) OVER (ORDER BY v GROUPS BETWEEN 1 PRECEDING AND CURRENT ROW), sum(i) OVER (ORDER BY v GROUPS BETWEEN CURRENT ROW AND 1 FOLLOWING) FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v) ORDER BY v, i
SELECT i, v, array_agg(i) OVER (ORDER BY v, i GROUPS 1 PRECEDING) FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v) ORDER BY v, i
SELECT i, sum(i) OVER (ORDER BY i ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING EXCLUDE CURRENT ROW), sum(i) OVER (ORDER BY i ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING EXCLUDE NO OTHERS) FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v) ORDER BY i
SELECT i, v, sum(i) OVER (ORDER BY v RANGE UNBOUNDED PRECEDING EXCLUDE TIES), sum(i) OVER (ORDER BY v RANGE UNBOUNDED PRECEDING EXCLUDE GROUP) FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v) ORDER BY v, i
SELECT d, sum(x) OVER (ORDER BY d RANGE BETWEEN interval '1 day' PRECEDING AND interval '1 day' FOLLOWING) FROM (VALUES (date '2024-01-01', 1), ('2024-01-02', 2), ('2024-01-04', 4), ('2024-01-05', 8)) t(d, x) ORDER BY d
SELECT d, count(*) OVER (ORDER BY d RANGE interval '1 month' PRECEDING) FROM (VALUES (timestamp '2024-01-31'), ('2024-02-29'), ('2024-03-30')) t(d) ORDER BY d
SELECT x, sum(x) OVER (ORDER BY x RANGE BETWEEN 0.5 PRECEDING AND 0.5 FOLLOWING) FROM (VALUES (1.0), (1.5), (2.1)) t(x) ORDER BY x
SELECT x, sum(x) OVER (ORDER BY x RANGE BETWEEN 0.5 PRECEDING AND 0.5 FOLLOWING) FROM (VALUES (1.0::float8), (1.5), (2.1), ('NaN'), ('inf')) t(x) ORDER BY x
SELECT i, sum(v) OVER w, count(v) OVER w, max(v) OVER w FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v) WINDOW w AS (PARTITION BY g ORDER BY i) ORDER BY i
SELECT i, sum(v) OVER (w ORDER BY i), sum(v) OVER (w) FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v) WINDOW w AS (PARTITION BY g) ORDER BY i
SELECT i, sum(v) OVER (w ROWS 1 PRECEDING) FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v) WINDOW w AS (ORDER BY i) ORDER BY i
SELECT i, rank() OVER w2 FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v) WINDOW w1 AS (PARTITION BY g), w2 AS (w1 ORDER BY v DESC NULLS LAST, i) ORDER BY i
SELECT sum(v) OVER nosuch FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v)
SELECT sum(v) OVER (nosuch) FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v)
SELECT sum(v) OVER (w ORDER BY v) FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v) WINDOW w AS (ORDER BY i)
SELECT sum(v) OVER (w PARTITION BY g) FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v) WINDOW w AS (ORDER BY i)
SELECT sum(v) OVER (w) FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v) WINDOW w AS (ORDER BY i ROWS 1 PRECEDING)
SELECT 1 FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v) WINDOW w AS (ORDER BY i), w AS (ORDER BY v)
SELECT i, sum(v) FILTER (WHERE g = 'a') OVER (ORDER BY i), count(*) FILTER (WHERE v > 10) OVER () FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v) ORDER BY i
SELECT row_number() FILTER (WHERE true) OVER () FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v)
SELECT i, string_agg(g, '' ) OVER (ORDER BY i), array_agg(v) OVER (ORDER BY i ROWS 1 PRECEDING), bool_and(v > 10) OVER (ORDER BY i) FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v) ORDER BY i
SELECT i, min(v) OVER (ORDER BY i ROWS 2 PRECEDING), max(v) OVER (ORDER BY i ROWS 2 PRECEDING), avg(v) OVER (ORDER BY i ROWS 2 PRECEDING), stddev(v) OVER (ORDER BY i ROWS 2 PRECEDING) FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v) ORDER BY i
SELECT i, sum(x) OVER (ORDER BY i ROWS 1 PRECEDING) FROM (VALUES (1, 1.10), (2, 2.205), (3, 3)) t(i, x) ORDER BY i
SELECT i, sum(x) OVER (ORDER BY i ROWS 1 PRECEDING) FROM (VALUES (1, 'NaN'::numeric), (2, 2.5), (3, 3)) t(i, x) ORDER BY i
SELECT i, sum(x) OVER (ORDER BY i ROWS 1 PRECEDING) FROM (VALUES (1, 1e20::float8), (2, 1), (3, 1)) t(i, x) ORDER BY i
SELECT i, sum(x) OVER (ORDER BY i) FROM (VALUES (1, interval '1 day'), (2, '2 hours')) t(i, x) ORDER BY i
SELECT g, sum(v), sum(sum(v)) OVER (ORDER BY g), rank() OVER (ORDER BY count(*) DESC, g) FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v) GROUP BY g ORDER BY g
SELECT g, sum(v) OVER () FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v) GROUP BY g
SELECT DISTINCT g, count(*) OVER (PARTITION BY g) FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v) ORDER BY g
SELECT i FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v) ORDER BY row_number() OVER (ORDER BY i DESC)
SELECT i FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v) WHERE row_number() OVER () = 1
SELECT g FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v) GROUP BY rank() OVER ()
SELECT count(*) FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v) HAVING rank() OVER () = 1
SELECT sum(rank() OVER ()) FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v)
SELECT rank() OVER (ORDER BY rank() OVER ()) FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v)
SELECT rank() FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v)
SELECT upper(g) OVER () FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v)
SELECT sum(DISTINCT v) OVER () FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v)
SELECT count(DISTINCT v) OVER () FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v)
SELECT string_agg(g, ',' ORDER BY i) OVER () FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v)
SELECT ntile(0) OVER (ORDER BY i) FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v)
SELECT nth_value(v, 0) OVER (ORDER BY i) FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v)
SELECT sum(v) OVER (ORDER BY i ROWS BETWEEN 1 FOLLOWING AND 1 PRECEDING) FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v)
SELECT sum(v) OVER (ORDER BY i ROWS BETWEEN UNBOUNDED FOLLOWING AND CURRENT ROW) FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v)
SELECT sum(v) OVER (ORDER BY i ROWS BETWEEN CURRENT ROW AND 1 PRECEDING) FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v)
SELECT sum(v) OVER (ORDER BY i ROWS -1 PRECEDING) FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v)
SELECT sum(v) OVER (ORDER BY i ROWS NULL PRECEDING) FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v)
SELECT sum(v) OVER (ORDER BY i ROWS i PRECEDING) FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v)
SELECT sum(v) OVER (ORDER BY i ROWS 'x' PRECEDING) FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v)
SELECT sum(v) OVER (RANGE 1 PRECEDING) FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v)
SELECT sum(v) OVER (ORDER BY i, v RANGE 1 PRECEDING) FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v)
SELECT sum(v) OVER (ORDER BY g RANGE 1 PRECEDING) FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v)
SELECT sum(v) OVER (GROUPS 1 PRECEDING) FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v)
SELECT sum(v) OVER (ORDER BY i RANGE -1 PRECEDING) FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v)
SELECT sum(x) OVER (ORDER BY d RANGE 1 PRECEDING) FROM (VALUES (date '2024-01-01', 1)) t(d, x)
SELECT i, first_value(v) OVER w, last_value(v) OVER w, nth_value(v, 2) OVER w FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v) WINDOW w AS (ORDER BY i ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) ORDER BY i
SELECT i, first_value(i) OVER (PARTITION BY g ORDER BY v DESC, i), last_value(i) OVER (PARTITION BY g ORDER BY i RANGE BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v) ORDER BY i
SELECT i, lag(g, 1, 'none') OVER (PARTITION BY g ORDER BY i), lead(i, 1, 0) OVER (PARTITION BY v ORDER BY i) FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v) ORDER BY i
SELECT i, lag(v, 1, 1.5) OVER (ORDER BY i) FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v) ORDER BY i
SELECT i, v - lag(v) OVER (ORDER BY i) AS d, 100.0 * v / sum(v) OVER () AS share FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v) ORDER BY i
SELECT * FROM (SELECT i, g, row_number() OVER (PARTITION BY g ORDER BY v DESC NULLS LAST, i) AS n FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v)) q WHERE n = 1 ORDER BY g
SELECT pg_typeof(row_number() OVER ()), pg_typeof(rank() OVER ()), pg_typeof(ntile(2) OVER ()), pg_typeof(percent_rank() OVER ()), pg_typeof(sum(i) OVER ()), pg_typeof(lag(v) OVER ()) FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v) LIMIT 1
SELECT row_number() OVER (), count(*) OVER () FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v) WHERE false
SELECT i, sum(i) OVER (PARTITION BY i % 2 ORDER BY i), sum(i) OVER (PARTITION BY i % 3 ORDER BY i DESC) FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v) ORDER BY i
SELECT i, count(*) OVER (PARTITION BY g, v), count(*) OVER (PARTITION BY NULL) FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v) ORDER BY i
SELECT i, sum(1) OVER (ORDER BY 1), row_number() OVER (ORDER BY g, i) FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v) ORDER BY i
SELECT sum(v) OVER (PARTITION BY nosuch) FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v)
SELECT i, v, sum(i) OVER (ORDER BY v RANGE BETWEEN 10 PRECEDING AND 10 FOLLOWING), count(*) OVER (ORDER BY v DESC RANGE 10 PRECEDING), sum(i) OVER (ORDER BY v NULLS FIRST RANGE BETWEEN 5 FOLLOWING AND UNBOUNDED FOLLOWING) FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v) ORDER BY v, i
SELECT i, first_value(i) OVER x, last_value(i) OVER x, nth_value(i, 2) OVER x FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v) WINDOW x AS (ORDER BY i ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING EXCLUDE CURRENT ROW) ORDER BY i
SELECT i, sum(i) FILTER (WHERE g = 'a') OVER (ORDER BY v GROUPS BETWEEN 1 PRECEDING AND CURRENT ROW EXCLUDE TIES) FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v) ORDER BY v, i
SELECT i, min(v::numeric) OVER (ORDER BY i ROWS 1 PRECEDING), max(i * interval '1 day') OVER (ORDER BY i ROWS BETWEEN 2 PRECEDING AND 1 PRECEDING) FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v) ORDER BY i
SELECT i, lag(v, i - 1) OVER (ORDER BY i), lead(v, 2, i) OVER (ORDER BY i), lag(v, NULL) OVER (ORDER BY i), lag(v, -1) OVER (ORDER BY i) FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v) ORDER BY i
SELECT i, ntile(4) OVER (ORDER BY i), ntile(NULL) OVER (ORDER BY i), ntile(10) OVER (ORDER BY i) FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v) ORDER BY i
SELECT d, sum(x) OVER (ORDER BY d RANGE BETWEEN '1 day' PRECEDING AND interval '2 days' FOLLOWING) FROM (VALUES (date '2024-01-01', 1), ('2024-01-02', 2), ('2024-01-05', 4)) t(d, x) ORDER BY d
SELECT d, count(*) OVER (ORDER BY d DESC RANGE '1 month' PRECEDING) FROM (VALUES (timestamp '2024-01-31'), ('2024-02-29'), ('2024-03-31')) t(d) ORDER BY d
SELECT x, sum(x) OVER (ORDER BY x RANGE BETWEEN 0.5 PRECEDING AND 0.5 FOLLOWING) FROM (VALUES (1.0), (1.5), (2.25)) t(x) ORDER BY x
SELECT x, count(*) OVER (ORDER BY x RANGE BETWEEN 1 PRECEDING AND CURRENT ROW) FROM (VALUES (1::float8), (1.5), ('Infinity'), ('NaN')) t(x) ORDER BY x
SELECT sum(v) OVER (ORDER BY v RANGE 1.5 PRECEDING) FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v)
SELECT sum(v) OVER (ORDER BY v RANGE -1 PRECEDING) FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v)
SELECT sum(v) OVER (ORDER BY v RANGE BETWEEN 1 PRECEDING AND NULL FOLLOWING) FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v)
SELECT sum(v) OVER (ORDER BY i ROWS true PRECEDING) FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v)
SELECT sum(v) OVER (ORDER BY i ROWS 1.5 PRECEDING) FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v)
SELECT sum(v) OVER (ORDER BY i ROWS (SELECT 1) PRECEDING) FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v)
SELECT sum(v) OVER (ORDER BY i ROWS count(*) PRECEDING) FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v)
SELECT i, count(*) OVER (ORDER BY i GROUPS BETWEEN 2 FOLLOWING AND 3 FOLLOWING), every(v < 50) OVER (ORDER BY i ROWS 2 PRECEDING), bit_or(i) OVER (ORDER BY i ROWS 1 PRECEDING) FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v) ORDER BY i
SELECT rank(1) WITHIN GROUP (ORDER BY i) OVER () FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v)
SELECT lag(sum(v)) OVER (ORDER BY g), rank() OVER (ORDER BY count(*)), g FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v) GROUP BY g ORDER BY g
SELECT lag(rank() OVER ()) OVER () FROM (VALUES (1, 'a', 10), (2, 'a', 20), (3, 'b', 20), (4, 'b', NULL), (5, 'b', 50), (6, 'a', 10)) w(i, g, v)
SELECT g, rank() OVER (ORDER BY avg(x) DESC), sum(count(*)) OVER (ORDER BY avg(x)) FROM (VALUES (1, 2), (1, 3), (2, 4), (3, 4)) t(g, x) GROUP BY g ORDER BY g
SELECT x, row_number() OVER (ORDER BY x), sum(y) OVER (ORDER BY x), last_value(y) OVER (ORDER BY x) FROM (VALUES (1.5, 1), (2, 2), (1.50, 3), (NULL, 4)) t(x, y) WHERE y <> 3 ORDER BY x
SELECT x, sum(1) OVER (ORDER BY x), sum(1) OVER (ORDER BY x DESC RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING), dense_rank() OVER (PARTITION BY x ORDER BY x) FROM (VALUES ('\x01'::bytea), ('\x01'), ('\x02')) t(x) ORDER BY x
SELECT x, count(*) OVER (ORDER BY x), lag(x) OVER (ORDER BY x), first_value(x) OVER (ORDER BY x) FROM (VALUES (interval '1 day'), ('2 days'), ('1 mon')) t(x) ORDER BY x
SELECT x, count(*) OVER (ORDER BY x), ntile(2) OVER (ORDER BY x) FROM (VALUES (time '10:00'), ('09:00'), ('11:00')) t(x) ORDER BY x
SELECT x FROM (VALUES ('\x01'::bytea), ('\x01'), ('\x02')) t(x) ORDER BY x FETCH FIRST 1 ROW WITH TIES
SELECT DISTINCT ON (x) x, y FROM (VALUES ('\x01'::bytea, 1), ('\x02', 2), ('\x02', 1)) t(x, y) ORDER BY x, y
SELECT x, (SELECT y FROM (VALUES (1.5), (2)) u(y) WHERE y > x ORDER BY y LIMIT 1) FROM (VALUES (1), (5)) t(x) ORDER BY x
SELECT sum(v) OVER (ORDER BY v ROWS (SELECT v) PRECEDING) FROM (VALUES (1), (2)) t(v)
SELECT sum(v) OVER (ORDER BY v ROWS (SELECT max(w) FROM (VALUES (1)) u(w) WHERE w = v) PRECEDING) FROM (VALUES (1), (2)) t(v)
SELECT sum(v) OVER (ORDER BY v RANGE (SELECT v) PRECEDING) FROM (VALUES (1), (2)) t(v)
SELECT sum(v) OVER (ORDER BY v RANGE (SELECT 1) PRECEDING) FROM (VALUES (1), (2)) t(v)
SELECT sum(v) OVER (ORDER BY v GROUPS BETWEEN (SELECT 1) PRECEDING AND (SELECT count(*) FROM (VALUES (1), (2)) u(w)) FOLLOWING) FROM (VALUES (1), (2), (2), (3)) t(v)
SELECT sum(v) OVER (ORDER BY v ROWS (SELECT -1) PRECEDING) FROM (VALUES (1), (2)) t(v)
SELECT sum(v) OVER (ORDER BY v ROWS (SELECT NULL::int) PRECEDING) FROM (VALUES (1), (2)) t(v)
SELECT sum(v) OVER (ORDER BY v ROWS (SELECT 1 WHERE false) PRECEDING) FROM (VALUES (1), (2)) t(v)
SELECT sum(v) OVER (ORDER BY v ROWS (SELECT sum(v)) PRECEDING) FROM (VALUES (1), (2)) t(v)
SELECT t, count(*) OVER (ORDER BY t RANGE '1 hour' PRECEDING) FROM (VALUES (time '01:00'), ('01:30'), ('02:45'), ('03:00'), ('24:00'), ('00:00'), (NULL)) a(t)
SELECT t, count(*) OVER (ORDER BY t RANGE BETWEEN '1 hour' FOLLOWING AND '2 hours' FOLLOWING) FROM (VALUES (time '01:00'), ('01:30'), ('02:45'), ('03:00'), ('24:00'), ('00:00'), (NULL)) a(t)
SELECT t, count(*) OVER (ORDER BY t DESC RANGE BETWEEN '1 hour' PRECEDING AND '1 month' FOLLOWING) FROM (VALUES (time '01:00'), ('01:30'), ('02:45'), ('03:00'), ('24:00'), ('00:00'), (NULL)) a(t)
SELECT t, count(*) OVER (ORDER BY t RANGE '1 day' PRECEDING) FROM (VALUES (time '01:00'), ('01:30'), ('02:45')) a(t)
SELECT t, count(*) OVER (ORDER BY t RANGE '-1 day' PRECEDING) FROM (VALUES (time '01:00'), ('01:30'), ('02:45')) a(t)
SELECT t, count(*) OVER (ORDER BY t RANGE '1 month -1 hour' PRECEDING) FROM (VALUES (time '01:00'), ('01:30'), ('02:45')) a(t)
SELECT t, count(*) OVER (ORDER BY t RANGE 'infinity' PRECEDING) FROM (VALUES (time '01:00'), ('01:30'), ('02:45')) a(t)
SELECT t, count(*) OVER (ORDER BY t RANGE BETWEEN 'infinity' FOLLOWING AND 'infinity' FOLLOWING) FROM (VALUES (time '01:00'), ('01:30'), ('02:45')) a(t)
SELECT t, count(*) OVER (ORDER BY t RANGE '1 hour' PRECEDING) FROM (VALUES (timetz '01:00+01'), ('01:30+00'), ('02:45+02'), ('03:00-01'), ('24:00+00'), ('00:00+00'), (NULL)) a(t)
SELECT t, count(*) OVER (ORDER BY t RANGE BETWEEN '1 hour' FOLLOWING AND '1 mon 2 hour' FOLLOWING) FROM (VALUES (timetz '01:00+01'), ('01:30+00'), ('02:45+02'), ('03:00-01'), ('24:00+00'), ('00:00+00'), (NULL)) a(t)
SELECT t, count(*) OVER (ORDER BY t RANGE BETWEEN 'infinity' PRECEDING AND '1 hour' FOLLOWING) FROM (VALUES (timetz '01:00+01'), ('01:30+00'), ('02:45+02'), ('03:00-01'), ('24:00+00'), ('00:00+00'), (NULL)) a(t)
-- Infinitely far from what is infinite is every number, but NaN.
SELECT id, first_value(id) OVER w, last_value(id) OVER w FROM (VALUES (0, '-Infinity'::float8), (1, -3), (2, 0), (3, 'Infinity'), (4, 'NaN')) t(id, x) WINDOW w AS (ORDER BY x RANGE BETWEEN 'inf' PRECEDING AND 'inf' FOLLOWING) ORDER BY id
SELECT id, first_value(id) OVER w, last_value(id) OVER w FROM (VALUES (0, '-Infinity'::numeric), (1, -3), (2, 0), (3, 'Infinity'), (4, 'NaN')) t(id, x) WINDOW w AS (ORDER BY x RANGE BETWEEN 'inf' FOLLOWING AND 'inf' FOLLOWING) ORDER BY id
SELECT id, first_value(id) OVER w, last_value(id) OVER w FROM (VALUES (0, '-Infinity'::float4), (1, -3), (2, 0), (3, 'Infinity'), (4, 'NaN')) t(id, x) WINDOW w AS (ORDER BY x DESC RANGE BETWEEN 'inf' PRECEDING AND 'inf' PRECEDING) ORDER BY id
SELECT id, first_value(id) OVER w, last_value(id) OVER w FROM (VALUES (0, '-Infinity'::float8), (1, -3), (2, 0), (3, 'Infinity'), (4, 'NaN'), (5, NULL)) t(id, x) WINDOW w AS (ORDER BY x DESC RANGE BETWEEN 'inf' FOLLOWING AND 'inf' FOLLOWING) ORDER BY id
