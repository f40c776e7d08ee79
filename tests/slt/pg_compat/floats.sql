-- Floating point: output, special values, arithmetic, functions.
SELECT 1::float8, 1.5::float8, 0.1::float8, 1e15::float8, 1e16::float8, 123456789012345678::float8
SELECT 1e-4::float8, 1e-5::float8, 0.0001234::float8, 0.00001234::float8, 1e100::float8, 1e-100::float8
SELECT 1::float4, 0.1::float4, 1e6::float4, 1e7::float4, 123456789::float4, 1e-5::float4, 3.4e38::float4
SELECT 100000::float4, 999999::float4, 1000000::float4, 16777216::float4, 16777217::float4
SELECT 1.1::float4::float8, 1.1::float8::float4, 0.3::float8 - 0.1::float8, 0.1::float8 + 0.2::float8
SELECT 'NaN'::float8, 'Infinity'::float8, '-Infinity'::float8, 'inf'::float8, '-inf'::float8, ' nan '::float8
SELECT 'NaN'::float4, 'infinity'::float4, '-INF'::float4
SELECT '-0'::float8, -0.0::float8, 0::float8 * -1, '-0'::float4
SELECT '-0'::float8 = 0::float8, 'NaN'::float8 = 'NaN'::float8, 'NaN'::float8 > 'inf'::float8, 'NaN'::float8 < 1
SELECT '1e309'::float8
SELECT '1e-400'::float8
SELECT '1e39'::float4
SELECT '1e-46'::float4
SELECT 1e39::float8::float4
SELECT 1e-50::float8::float4
SELECT 'x'::float8
SELECT ''::float8
SELECT '1.5x'::float4
SELECT '1 5'::float8
SELECT '0x10'::float8
SELECT '1.'::float8, '.5'::float8, '1e5'::float8, '1E-5'::float8, '+1.5'::float8
SELECT 1.5::float8 + 2, 1.5::float8 * 2::float4, 1.5::float4 / 2::float4, 7::float8 / 2
SELECT 1::float8 / 0::float8
SELECT 1::float4 / 0
SELECT 'NaN'::float8 / 0
SELECT 'inf'::float8 - 'inf'::float8, 'inf'::float8 * 0, 'inf'::float8 / 'inf'::float8, 1 / 'inf'::float8
SELECT 1e308::float8 * 10::float8
SELECT 1e308::float8 + 1e308::float8
SELECT 1e-308::float8 / 1e10::float8
SELECT 1e38::float4 * 10::float4
SELECT 1e200::float8 * 1e200
SELECT -1.5::float8, abs(-1.5::float8), @ -2.5::float8, -'inf'::float8, abs('NaN'::float8)
SELECT ceil(1.2::float8), ceiling(-1.2::float8), floor(1.8::float8), floor(-1.2::float8), ceil(-0.5::float8)
SELECT round(2.5::float8), round(3.5::float8), round(-2.5::float8), round(0.4::float8), round(-0.4::float8)
SELECT trunc(2.7::float8), trunc(-2.7::float8), trunc(-0.7::float8), trunc('inf'::float8)
SELECT sign(-2.5::float8), sign(0::float8), sign('NaN'::float8), sign('-inf'::float8)
SELECT sqrt(4::float8), sqrt(2::float8), sqrt('inf'::float8), cbrt(8::float8), cbrt(-8::float8), |/ 9::float8
SELECT sqrt(-1::float8)
SELECT exp(1::float8), exp(0::float8), exp('-inf'::float8), exp(-1000::float8 * 0)
SELECT exp(1000::float8)
SELECT exp(-1000::float8)
SELECT ln(1::float8), ln(10::float8), log(100::float8), log10(1000::float8)
SELECT ln(0::float8)
SELECT ln(-1::float8)
SELECT log(0::float8)
SELECT log(-5::float8)
SELECT power(2::float8, 10), power(2::float8, 0.5), 2::float8 ^ 3, pow(9::float8, 0.5), power(0::float8, 0), power('NaN'::float8, 0), power(1, 'NaN'::float8)
SELECT power(0::float8, -1)
SELECT power(-1::float8, 0.5)
SELECT power(10::float8, 400)
SELECT 2::float8 ^ 3::float8 ^ 2::float8, -2::float8 ^ 2, 2 ^ 3 ^ 2
SELECT sin(0::float8), cos(0::float8), tan(0::float8), asin(1::float8), acos(1::float8), atan(1::float8), atan2(1::float8, 1)
SELECT asin(2::float8)
SELECT acos(-1.5::float8)
SELECT sin('inf'::float8)
SELECT sinh(0::float8), cosh(0::float8), tanh(0::float8), asinh(0::float8), acosh(1::float8), atanh(0::float8)
SELECT acosh(0.5::float8)
SELECT atanh(2::float8)
SELECT sind(30), cosd(60), tand(45), asind(0.5), acosd(0.5), atand(1), atan2d(1, 1), cotd(45)
SELECT degrees(pi()), radians(180::float8), pi(), degrees(0.5::float8)
SELECT 2.5::float8::int4, 3.5::float8::int4, -2.5::float8::int8, 1.5::float4::int2, 0.5::float8::int4
SELECT 'NaN'::float8::int4
SELECT 'inf'::float8::int8
SELECT 40000::float8::int2
SELECT 9.3e18::float8::int8
SELECT 9223372036854775807::float8, 9223372036854775807::int8::float8::numeric, 2147483647::float4
SELECT 'NaN'::float8::numeric, 'inf'::float8::numeric, 0.1::float8::numeric, 1e20::float8::numeric, 1.23456789012345678::float8::numeric
SELECT 0.1::float4::numeric, 1234567.9::float4::numeric, 1e-10::float8::numeric, 1e10::float4::numeric
SELECT 1::float8 = 1, 1::float8 = 1.0, 0.1::float4 = 0.1::float8, 0.5::float4 = 0.5::float8, 0.1::float8 = 0.1
SELECT 1.5::float8::text, 1e20::float8::text, 'NaN'::float8::text || '!', 0.1::float4::text
SELECT x FROM (VALUES ('NaN'::float8), ('inf'), ('-inf'), (0), (NULL), (1.5)) t(x) ORDER BY x
SELECT x FROM (VALUES ('NaN'::float8), ('inf'), ('-inf'), (0), (NULL), (1.5)) t(x) ORDER BY x DESC
SELECT max(x), min(x), sum(x), count(x) FROM (VALUES ('NaN'::float8), (1), (2)) t(x)
SELECT avg(x), stddev(x), variance(x), stddev_pop(x), var_pop(x) FROM (VALUES (1::float8), (2), (3), (4)) t(x)
SELECT avg(x), sum(x) FROM (VALUES (1.5::float4), (2.5), (4)) t(x)
SELECT corr(y, x), covar_pop(y, x), covar_samp(y, x), regr_slope(y, x), regr_intercept(y, x), regr_r2(y, x), regr_count(y, x), regr_avgx(y, x), regr_sxx(y, x) FROM (VALUES (1::float8, 2::float8), (2, 4), (3, 6), (4, 8)) t(x, y)
SELECT width_bucket(5.35::float8, 0.024, 10.06, 5), width_bucket('inf'::float8, 0, 10, 5)
SELECT width_bucket('NaN'::float8, 0, 10, 5)
SELECT pg_typeof(1::float4 + 1::float4), pg_typeof(1::float4 + 1::float8), pg_typeof(1::float4 + 1), pg_typeof(1::float4 * 1.5), pg_typeof(sqrt(2)), pg_typeof(sqrt(2.0))
SELECT float4 '1.5', float8 '1.5', real '1.5', double precision '1.5', float '1.5'
SELECT 1.5::float(24), 0.1::float(25), 1::float(1), 1::float(53)
SELECT 1::float(0)
SELECT 1::float(54)
SELECT float8(1), float4(2), float8('3'), float8(1.5::numeric)
SELECT 1::float8 % 2
SELECT scale(1.5::float8)
SELECT 1e0, 1.0e3::float8, 5e-324::float8, 1.7976931348623157e308::float8, 2.2250738585072014e-308::float8
SELECT 1.17549435e-38::float4, 3.40282347e38::float4, 1.4e-45::float4
SELECT 123456.789::float4, 0.3::float4, 1.0::float4 / 3, 1.0::float8 / 3, 2::float8 / 3
-- What becomes 0 by leaving the range, and NaNs, which have no sign.
SELECT a * a FROM (VALUES ('1e-300'::float8)) t(a)
SELECT a * a FROM (VALUES ('1e-30'::float4)) t(a)
SELECT a / '1e300' FROM (VALUES ('1e-300'::float8)) t(a)
SELECT a / 'Infinity', a * 0, -a FROM (VALUES ('1e-300'::float8), ('-0')) t(a)
SELECT a * a FROM (VALUES ('1e30'::float4)) t(a)
SELECT a / 0 FROM (VALUES ('NaN'::float8)) t(a)
SELECT a / 0 FROM (VALUES ('Infinity'::float8)) t(a)
SELECT 'Infinity'::float8 - a > 1, 'Infinity'::float8 - a FROM (VALUES ('1'::float8), ('Infinity')) t(a)
SELECT -a > 1, greatest('-Infinity'::float4, -a), least(-a, 1) FROM (VALUES ('NaN'::float4), ('1')) t(a)
SELECT a * 0 > 1, a - a < 5 FROM (VALUES ('Infinity'::float8), ('-Infinity')) t(a)
SELECT 5e-324::float8 / 4
SELECT x / 4, x * 0.5 FROM (VALUES (5e-324::float8)) t(x)
SELECT x * 1e-30::float4 FROM (VALUES (1e-30::float4)) t(x)
SELECT x / 'Infinity', x * 0 FROM (VALUES (1::float8)) t(x)
SELECT x / 1e-300 FROM (VALUES (1e300::float8), ('Infinity')) t(x)
