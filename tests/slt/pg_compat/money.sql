-- money, in the C locale.
SELECT '12.34'::money, '$1,234.56'::money, '-12.3'::money, '(5.00)'::money, 12::money, 12.345::money, 0::money, '.5'::money, '1'::money
SELECT 'abc'::money
SELECT '92233720368547758.08'::money
SELECT '12.34'::money + '1'::money, '12.34'::money - '20'::money, '12.34'::money * 2, 2 * '12.34'::money, '12.34'::money * 1.5::float8, '12.34'::money / 3, '12.34'::money / '2'::money
SELECT -'1'::money
SELECT '1'::money / 0
SELECT '1'::money / '0'::money
SELECT '92233720368547758.07'::money + '0.01'::money
SELECT '1'::money < '2'::money, '1.00'::money = '1', '1'::money > 0::money, max(x), min(x), sum(x) FROM (VALUES ('1.5'::money), ('2')) t(x)
SELECT avg(x) FROM (VALUES ('1'::money)) t(x)
SELECT '12.34'::money::numeric, '12.34'::money::text, cash_words('12.34'), '12.34'::money::numeric(10,1), pg_typeof('1'::money * 2), pg_typeof('1'::money / '1'::money)
SELECT '1'::money::int4
SELECT '1'::money + 1
SELECT '1'::money = 1
SELECT x FROM (VALUES ('2'::money), ('-1'), (NULL), ('10')) t(x) ORDER BY x
