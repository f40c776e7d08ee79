-- Integers: ranges, arithmetic, bits, functions.
SELECT 32767::int2, (-32768)::int2, 2147483647::int4, (-2147483648)::int4, 9223372036854775807::int8
SELECT 32768::int2
SELECT -32768::int2
SELECT (-32769)::int2
SELECT 2147483648::int4
SELECT (-2147483649)::int4
SELECT 9223372036854775808::int8
SELECT '32768'::int2
SELECT '2147483648'::int4
SELECT '9223372036854775808'::int8
SELECT '-9223372036854775808'::int8
SELECT '-9223372036854775809'::int8
SELECT '  42'::int2, '42  '::int2, E'\t42\n'::int4
SELECT '4 2'::int4
SELECT '42x'::int8
SELECT ''::int2
SELECT '-'::int4
SELECT '+ 1'::int4
SELECT '1e3'::int4
SELECT '0042'::int4, '-0'::int4, '+0'::int8
SELECT 5 / 2, -5 / 2, 5 / -2, -5 / -2, 0 / 5
SELECT 5 % 2, -5 % 2, 5 % -2, -5 % -2, 0 % 5
SELECT mod(5, 2), mod(-5, 2), mod(5::int2, 3::int2), mod(9223372036854775807, 10)
SELECT mod(5, 0)
SELECT div(7, 2)
SELECT 1::int2 / 0::int2
SELECT 1::int8 / 0
SELECT (-2147483648) / -1
SELECT (-2147483648)::int4 / (-1)::int4
SELECT (-9223372036854775808)::int8 / (-1)::int8
SELECT (-32768)::int2 / (-1)::int2
SELECT (-2147483648)::int4 % (-1)::int4, (-9223372036854775808)::int8 % (-1)::int8
SELECT 300::int2 * 300::int2
SELECT (-32768)::int2 - 1::int2
SELECT 65536 * 65536
SELECT 4294967296 * 4294967296
SELECT 9223372036854775807 - (-1)
SELECT 1000000000 + 2000000000::int8
SELECT abs(-5), abs(5::int2), abs(-9223372036854775807::int8), @ -5
SELECT abs((-2147483648)::int4)
SELECT abs((-32768)::int2)
SELECT abs((-9223372036854775808)::int8)
SELECT -(-32768)::int2
SELECT - ((-9223372036854775808)::int8)
SELECT sign(-3), sign(0), sign(12345678901)
SELECT pg_typeof(sign(1)), pg_typeof(abs(1::int2)), pg_typeof(1::int2 + 1::int2), pg_typeof(1 / 2), pg_typeof(1::int2 * 1::int8)
SELECT 91 & 15, 32 | 3, 17 # 5, ~1, 1 << 4, 8 >> 2
SELECT 91::int8 & 15, 32::int8 | 3::int8, 17::int8 # 5::int8, ~1::int8, 1::int8 << 40, (-8)::int8 >> 1
SELECT 91::int2 & 15::int2, 32::int2 | 3::int2, 17::int2 # 5::int2, ~1::int2, 1::int2 << 4, 8::int2 >> 2
SELECT -8 >> 1, -1 >> 31, 1 << 31, 1 << 30
SELECT ~0, ~(-1), ~2147483647
SELECT 5 & 3 | 8, 5 | 3 & 8, 5 # 3 & 1, 1 + 2 & 3, 2 * 3 << 1
SELECT gcd(12, 18), gcd(-12, 18), gcd(0, 5), gcd(0, 0), gcd(12::int8, 8)
SELECT lcm(4, 6), lcm(-4, 6), lcm(0, 5), lcm(12::int8, 8)
SELECT lcm(2147483647, 2147483646)
SELECT gcd((-2147483648)::int4, (-2147483648)::int4)
SELECT 0!
SELECT factorial(5), factorial(0), factorial(20), factorial(25)
SELECT factorial(-1)
SELECT 2 ^ 10, 2 ^ 0, 0 ^ 0, (-2) ^ 3, 2 ^ -2
SELECT |/ 16, ||/ 8, |/ 2
SELECT to_hex(255), to_hex(-1), to_hex(4294967296), to_hex(0)
SELECT 1::int2 = 1::int4, 1::int2 < 2::int8, 3::int8 >= 3::int2, 4 <> 5::int8
SELECT int2 '7', int4 '7', int8 '7', bigint '7', smallint '7', integer '7'
SELECT 1 + NULL, NULL * 2, NULL::int4 / 0, 0 / NULL
SELECT int4(3.5), int8(4.5::float8), int2('7'::int8), int4('12'::text::int8)
SELECT width_bucket(5, 0, 10, 5), width_bucket(-1, 0, 10, 5), width_bucket(10, 0, 10, 5), width_bucket(0, 0, 10, 5)
SELECT width_bucket(35, ARRAY[10, 20, 30, 40]), width_bucket(5, ARRAY[10, 20]), width_bucket(40, ARRAY[10, 20])
SELECT width_bucket(5, 0, 10, 0)
SELECT width_bucket(5, 10, 10, 3)
SELECT int4larger(1, 2), int4smaller(1, 2), int8larger(3, 2), int2smaller(3::int2, 2::int2)
SELECT x, x % 3, x / 3, -x FROM (VALUES (-7), (-3), (0), (3), (7)) t(x) ORDER BY x
SELECT 1::int4::bool, 5::bool, 0::bool, true::int4, false::int4
SELECT 1::int8::bool
SELECT true::int2
SELECT 65::"char", 'A'::"char"::int4
SELECT 200::"char"
SELECT 10::oid, '4294967295'::oid, 0::oid
SELECT '4294967296'::oid
SELECT '-1'::oid, (-1)::oid
SELECT 5000000000::oid
SELECT 1::oid < 2::oid, 10::oid = 10, 3000000000::oid > 5
SELECT 1::int4::text || 'x', 1 || 'x', 'x' || 1, 1 || 2::text
SELECT 10 BETWEEN 1 AND 10, 10 BETWEEN SYMMETRIC 10 AND 1, 10 NOT BETWEEN SYMMETRIC 20 AND 15
SELECT int4 '1' + int8 '2', int2 '1' - int4 '5', -int2 '5'
SELECT +5::int2, + -5, - + 5
SELECT bit_count(5::bit(8)), bit_count('\x0f'::bytea)
SELECT 0x80000000, 0b10000000000000000000000000000000, 0o20000000000, -0x80000000, -0x80000001, 0x7FFFFFFFFFFFFFFF, -0x8000000000000000, 0xFFFFFFFFFFFFFFFFFF, 1_000_000, 10_000_000_000, 1_000.5
