-- Bit strings.
SELECT B'101', X'1F', B'', b'0', x'abc', B'101'::text
SELECT B'102'
SELECT X'1G'
SELECT '101'::bit(3), '10'::bit(2), '1'::bit, '1010'::varbit, '101'::bit varying(5), B'101'::bit(5), B'10101'::bit(3)
SELECT '101'::bit(2)
SELECT '101'::bit(5)
SELECT '10101'::varbit(3)
SELECT '102'::varbit
SELECT 'x1f'::varbit, 'b101'::varbit, 'X0a'::bit(8)
SELECT B'101' & B'110', B'101' | B'010', B'101' # B'111', ~B'101', B'101' << 1, B'101' >> 1, B'1101' << 5, B'1101' >> -1
SELECT B'101' & B'11'
SELECT B'101' | B'11'
SELECT B'101' # B'11'
SELECT B'10' || B'01', B'10' || B'', length(B'1010'), bit_length(B'1010'), octet_length(B'101010101'), char_length('a')
SELECT get_bit(B'101', 0), get_bit(B'101', 1), set_bit(B'101', 1, 1), bit_count(B'1011'), bit_count(B'')
SELECT get_bit(B'101', 3)
SELECT set_bit(B'101', 0, 5)
SELECT substring(B'110010' from 2 for 3), substring(B'110010', 3), overlay(B'1111' placing B'00' from 2), overlay(B'1111' placing B'0' from 2 for 2), position(B'01' in B'1101')
SELECT substring(B'1100' from 2 for -1)
SELECT B'101'::int4, B'11111111'::int8, 5::bit(4), (-1)::bit(8), 300::bit(8), 5::int8::bit(40)
SELECT B'101'::int2
SELECT 5::varbit
SELECT B'1111111111111111111111111111111111'::int4
SELECT B'101' = B'101', B'101' < B'11', B'1' < B'10', B'101' <> B'100', B'0' = B'00'
SELECT bit_and(x), bit_or(x), bit_xor(x) FROM (VALUES (B'1100'), (B'1010')) t(x)
SELECT bit_and(x), bit_or(x), bit_xor(x) FROM (VALUES (12), (10), (NULL)) t(x)
SELECT bit_and(x), bit_or(x), bit_xor(x) FROM (VALUES (12::int2), (10)) t(x)
SELECT x FROM (VALUES (B'1'), (B'01'), (B'10'), (NULL)) t(x) ORDER BY x
SELECT pg_typeof(B'1'), pg_typeof(B'1' || B'0'), pg_typeof('1'::varbit || B'1'), pg_typeof(1::bit(2))
SELECT 1::bit(0)
SELECT B'101' + 1
SELECT ~B'', B'' || B'1', ARRAY[B'1', B'10']
