-- Numbers: literals, arithmetic, comparison, conversion.
SELECT 1, 1.5, NULL, true, 3000000000, 1e3, 1e-3, .5, 5., 9223372036854775807, 9223372036854775808
SELECT -1, - 1, +1, -1.5, - -1, -2147483648, -9223372036854775808
SELECT 1 + 1, 5 - 7, 6 * 7, 7 / 2, -7 / 2, 7 % 3, -7 % 3, 7 % -3
SELECT 2147483647 + 1
SELECT 2147483647 * 2
SELECT -2147483647 - 2
SELECT 9223372036854775807 + 1
SELECT 9223372036854775807::int8 * 2
SELECT 32767::int2 + 1::int2
SELECT 32767::int2 + 1
SELECT 1::int2 + 1::int8, 1::int2 * 2::int2, 1::int8 - 1::int4
SELECT 1 / 0
SELECT 1 % 0
SELECT 1.0 / 0
SELECT 1::float8 / 0
SELECT 0::float8 / 0
SELECT 2 ^ 3, 2 ^ 0.5::float8, 2 ^ -1
SELECT 0.1 + 0.2, 0.1 - 0.30, 1.50 * 2.0, 1.0 / 3, 10 / 4.0, 7.5 % 2, -7.5 % 2
SELECT 1 / 3.0, 100000 / 3.0, 1 / 30000.0, -2 / 3.0, 0 / 3.0, 1234567890123 / 7.0
SELECT 1.5 + 1, 1 + 1.5, 1.5 * 2, 1.5 + 1::int8, 1.5 + 1::int2, 1.5 + 1::float8, 1.5::float4 + 1::float8
SELECT 1::float8 + 1, 1::float4 + 1, 1::float4 * 1.5::float4, 3::float8 - 0.5
SELECT 1e308::float8 * 10
SELECT 'NaN'::float8 = 'NaN'::float8, 'NaN'::float8 > 'Infinity'::float8, 'Infinity'::float8 > 1e308
SELECT 3.7::int, 2.5::int, 3.5::int, -2.5::int, 2.5::float8::int, 3.5::float8::int, (-2.5)::float8::int
SELECT 3000000000::int
SELECT 3e9::float8::int
SELECT 40000::int2
SELECT 1e19::numeric::int8
SELECT 1::bool, 0::bool, true::int, false::int
SELECT '1' + 1, '5'::int * 2, '7' - '2'::int, 1 + '2'
SELECT 1 + 'x'
SELECT 'x' + 1
SELECT 'x'::int
SELECT ' 12 '::int, '-12'::int, '+12'::int
SELECT '1.5'::int
SELECT ''::int
SELECT '99999999999'::int
SELECT '1e400'::float8
SELECT '1.5'::numeric, '1.50'::numeric(5,1), 2::numeric(5,2), 1.005::numeric(5,2), 1.5::numeric(3)
SELECT 12345.678::numeric(5,2)
SELECT '1e5'::numeric, '-0.00'::numeric, 'NaN'::numeric, '.5'::numeric
SELECT 'abc'::numeric
SELECT '12'::text::int, 'x'::text::int
SELECT 1 < 2, 1 <= 1, 1 <> 2, 1 != 2, 2 > 1.5, 1 = 1.0, 1 = 1::float8, 1.5 = 1.50, 1::int2 = 1::int8
SELECT 1 BETWEEN 0 AND 2, 1 NOT BETWEEN 0 AND 2, 1.5 BETWEEN 1 AND 2, NULL BETWEEN 1 AND 2
SELECT 1 IN (1, 2, NULL), 3 IN (1, 2, NULL), 3 NOT IN (1, 2), 1.0 IN (1, 2), 2 IN (1.5, 2)
SELECT 1 IS DISTINCT FROM NULL, NULL IS DISTINCT FROM NULL, 1 IS NOT DISTINCT FROM 1
SELECT 1 IS NULL, NULL IS NULL, 1 IS NOT NULL
SELECT 1.0 / 3 * 3, (1.0 / 3)::float8, (2.0 / 3)::int, (1 / 3.0)::numeric(5,2), 1 / 3.0 > 0.3, 1 / 3.0 = 0.3333
SELECT 0.1::float8::numeric, 1e20::float8::numeric, 0.1::float4::numeric, 123456789.123456789::float8::numeric
SELECT 1 + true
SELECT true + true
SELECT 1 = 'a'
SELECT 1 = true
SELECT 1.5::text, 1::text, true::text, (1 / 3.0)::text
SELECT -(-2147483648)
SELECT 1 AS a, 2 AS "B", 3 AS "a b"
