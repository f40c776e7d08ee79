-- Numeric: scales, rounding, special values, functions.
SELECT 1.10, 1.10 + 2.205, 1.10 * 2.205, 3.00 - 1.5, 0.10 * 0.10
SELECT 10.0 / 3, 1 / 7.0, 22 / 7.000, 1e10 / 3, 1.0 / 1e10, 100 / 3.0
SELECT 1.0 / 3.0 * 3.0, 2.0 / 3, -2.0 / 3, 0.0 / 5
SELECT 5.5 % 2, -5.5 % 2, 5.5 % -2, 5.5 % 2.25, mod(5.5, 2), 10 % 2.5
SELECT 5.5 % 0
SELECT div(7.5, 2), div(-7.5, 2), div(7.5, 0.3), div(1, 3.0)
SELECT div(1.0, 0)
SELECT round(2.5), round(-2.5), round(3.5), round(2.567, 2), round(2.565, 2), round(1234.5, -2), round(-1250, -2), round(0.4)
SELECT round(2.5, 0), round(2.0, 3), round(1.23456789, 20), round(99.99, 1), round(5, -1), round(4.9, -1)
SELECT trunc(2.7), trunc(-2.7), trunc(2.567, 2), trunc(1234.5, -2), trunc(1.5, 5)
SELECT ceil(1.2), ceil(-1.2), ceiling(5.0), floor(1.8), floor(-1.2), floor(-5.00)
SELECT abs(-1.50), sign(-1.5), sign(0.00), sign(2.5), -(-1.50), @ -1.25
SELECT sqrt(2.0), sqrt(4.00), sqrt(1e10), sqrt(0.0), sqrt(1000000.0), sqrt(2.000000000000000000000000000000)
SELECT sqrt(-1.0)
SELECT exp(1.0), exp(0.0), exp(-1.0), exp(10.5)
SELECT ln(2.0), ln(10.0), ln(1.0), log(100.0), log(2.0), log(2.0, 8.0), log(10.0, 1000.0), log10(50.0)
SELECT ln(0.0)
SELECT ln(-1.0)
SELECT log(0.0)
SELECT log(1.0, 5.0)
SELECT log(-2.0, 8.0)
SELECT power(2.0, 0.5), 2.0 ^ 3, 2.0 ^ -3, 1.5 ^ 2, 0.0 ^ 0, (-2.0) ^ 3
SELECT 0.0 ^ -1
SELECT (-1.0) ^ 0.5
SELECT 10.0 ^ 200000
SELECT 1.1 ^ 10, 7.0 ^ 2.5, 0.5 ^ 0.5, 9.0 ^ 0.5, 1.5 ^ -1.5
SELECT 'NaN'::numeric, 'Infinity'::numeric, '-inf'::numeric, 'nan'::numeric + 1, 'inf'::numeric - 'inf'::numeric, 'inf'::numeric * -1
SELECT 'NaN'::numeric = 'NaN'::numeric, 'NaN'::numeric > 'inf'::numeric, 'inf'::numeric > 1e100, '-inf'::numeric < -1e100
SELECT 'inf'::numeric / 0
SELECT 1 / 'inf'::numeric, 'inf'::numeric % 2, 5 % 'inf'::numeric, 'inf'::numeric / 'inf'::numeric
SELECT round('inf'::numeric, 2), ceil('-inf'::numeric), abs('-inf'::numeric), sign('-inf'::numeric), sqrt('inf'::numeric)
SELECT 'inf'::numeric::int4
SELECT 'NaN'::numeric::int8
SELECT 'inf'::numeric(5,2)
SELECT 'NaN'::numeric(5,2)
SELECT 1.005::numeric(10,2), 1.995::numeric(3,2), 99.994::numeric(4,2), -0.005::numeric(3,2), 12345::numeric(5)
SELECT 99.995::numeric(4,2)
SELECT 100000::numeric(5)
SELECT 12345::numeric(5,-2), 1250::numeric(5,-2), 0.00123::numeric(3,5)
SELECT 0.1::numeric(3,5)
SELECT 1::numeric(0)
SELECT 1::numeric(1001)
SELECT 1::numeric(5,1001)
SELECT 1::numeric(5,2)::numeric(10,4), 1.23456::numeric(10,4)::numeric(10,1), 1.5::numeric(10,3)::numeric
SELECT '1.50'::numeric, '1e5'::numeric, '1.5e-5'::numeric, '-1.5E3'::numeric, '.5'::numeric, '5.'::numeric, ' 7 '::numeric, '+3'::numeric
SELECT ''::numeric
SELECT '1.2.3'::numeric
SELECT '1e'::numeric
SELECT '--1'::numeric
SELECT '1 2'::numeric
SELECT '1e200000'::numeric
SELECT '1e-20000'::numeric
SELECT 0.00, -0.0, '-0'::numeric, 000.100, 1e2, 1e-2, 1.5e1, 123e-1
SELECT 1.0 = 1.00, 1.0 = 1, 1.5 > 1, 2.0 <> 2, 1.5 < 1.50001
SELECT scale(1.50), scale(1.5::numeric(10,4)), min_scale(1.500), trim_scale(1.500), trim_scale(100.00), scale(100), min_scale(100.0), scale('NaN'::numeric)
SELECT 1.5::int4, 2.5::int4, -1.5::int4, 0.5::int4, 1e5::int4, 2147483647.4::int4
SELECT 2147483647.5::int4
SELECT 32767.5::int2
SELECT 9223372036854775807.5::int8
SELECT 1.1::float8, 123456789.123456789::float8, 1e-7::numeric::float8, 3.3::float4
SELECT 1e400::numeric::float8
SELECT 12345678901234567890123456789, 0.12345678901234567890123456789, 12345678901234567890.123456789 * 98765432109876543210.987654321
SELECT 99999999999999999999999999999999999999 + 1, 1e50 + 1, 1e50 - 1, 1e30 * 1e30, 1e-30 * 1e-30
SELECT 1e100, 1e-100, 123456789012345678901234567890 / 7, 1 / 123456789012345678901234567890.0
SELECT factorial(30), gcd(12.5, 7.5), lcm(1.5, 2.5), gcd(12.0, 18.00), lcm(4.0, 6.0)
SELECT width_bucket(5.35, 0.024, 10.06, 5), width_bucket(10.06, 0.024, 10.06, 5), width_bucket(0, 10, 0, 4.0::int)
SELECT width_bucket(5.0, 3.0, 3.0, 888)
SELECT width_bucket('NaN', 3.0, 4.0, 888)
SELECT sum(x), avg(x), min(x), max(x), count(x) FROM (VALUES (1.10), (2.205), (NULL), (-3)) t(x)
SELECT avg(x) FROM (VALUES (1), (2)) t(x)
SELECT avg(x) FROM (VALUES (1), (1), (2)) t(x)
SELECT avg(x) FROM (VALUES (100000000000), (100000000001), (5)) t(x)
SELECT avg(x) FROM (VALUES (0.001), (0.002)) t(x)
SELECT sum(x) FROM (VALUES (9223372036854775807), (1)) t(x)
SELECT sum(x) FROM (VALUES (2147483647), (1)) t(x)
SELECT sum(x), pg_typeof(sum(x)) FROM (VALUES (1::int2), (2::int2)) t(x) GROUP BY ()
SELECT stddev(x), variance(x), stddev_pop(x), var_pop(x) FROM (VALUES (1), (2), (3), (4)) t(x)
SELECT stddev(x), variance(x) FROM (VALUES (1.5), (2.5), (4.25)) t(x)
SELECT stddev_samp(x), var_samp(x), stddev_pop(x), var_pop(x) FROM (VALUES (1.5)) t(x)
SELECT sum(x), avg(x) FROM (VALUES ('NaN'::numeric), (1)) t(x)
SELECT sum(x), avg(x) FROM (VALUES ('inf'::numeric), (1)) t(x)
SELECT sum(x) FROM (VALUES ('inf'::numeric), ('-inf')) t(x)
SELECT x FROM (VALUES (1.10), (1.1), (1.100)) t(x) GROUP BY x
SELECT DISTINCT scale(x) FROM (VALUES (1.10), (1.1)) t(x) ORDER BY 1
SELECT x FROM (VALUES (2.50), ('NaN'), (-1), ('inf'), ('-inf'), (NULL)) t(x) ORDER BY x
SELECT 1.5::text, 1.50::text, 1e3::text, 0.1::text || 'x', (10 / 4.0)::text
SELECT pg_typeof(1.5), pg_typeof(1e3), pg_typeof(1 + 1.5), pg_typeof(round(1.5)), pg_typeof(1.5::numeric(5,2) + 1), pg_typeof(9999999999999999999)
SELECT numeric '1.5', decimal '2.50', dec '3', numeric(5,1) '1.55', decimal(4,2) '1.005'
SELECT numeric_inc(1.5), 1.255::numeric(10,2) = 1.26
SELECT to_char(1.5, '9.99'), 1.5 || '', 'a' || 2.50
SELECT 1.5 & 1
SELECT ~1.5
SELECT 1.5 << 1
SELECT log(2, 8), log(2), ln(2), exp(1), power(2, 3), sqrt(2), cbrt(8), log(10)
SELECT greatest(1.5, 2), least(1.50, 1.5, 2), greatest(1, 2.50)
-- NaN among values with a precision.
SELECT x::numeric(5,2), x::text::numeric(4), (x::numeric / 3)::numeric(6,3) FROM (VALUES ('NaN'::float8), (1.005), (NULL), (-2.5)) t(x)
SELECT sum(x::numeric(5,2)), max(x::numeric(5,2)), count(DISTINCT x::numeric(5,1)), avg(x::numeric(5,2)) FROM (VALUES ('NaN'::float8), (1.004), (1.04)) t(x)
SELECT x::numeric(5,2) + 1, x::numeric(5,2) > 1, ARRAY[x::numeric(5,2)], ROW(x::numeric(5,2)) FROM (VALUES ('NaN'::float8), (1.004), (0.996)) t(x) ORDER BY x::numeric(5,2)
SELECT x::numeric(5,2) FROM (VALUES (1.5::float8), (1234.5)) t(x)
SELECT CASE WHEN x > 1 THEN x::numeric(5,2) ELSE 1 END, coalesce(x::numeric(5,2), 0.5) FROM (VALUES (1.5::float8), (NULL), ('NaN')) t(x)
SELECT x::numeric(5,2) FROM (VALUES (1.5::float8)) t(x) UNION ALL SELECT 2.25::numeric(5,2) UNION ALL SELECT 'NaN' ORDER BY 1
WITH RECURSIVE t(n, x) AS (SELECT 1, 1.5::numeric(10,2) UNION ALL SELECT n + 1, (x / 2)::numeric(10,2) FROM t WHERE n < 4) SELECT n, x FROM t ORDER BY n
SELECT pg_typeof(x::numeric(5,2)), round(x::numeric(5,2), 1), trunc(x::numeric(5,2)), x::numeric(5,2)::int, x::numeric(5,2)::text FROM (VALUES (1.55::float8), (2)) t(x)
SELECT x::numeric(5,2) IN (1.25, 2), x::numeric IN (1.250, 'NaN', 3), x::numeric NOT IN (2, 3.5) FROM (VALUES ('NaN'::float8), (1.25), (NULL), (2)) t(x)
