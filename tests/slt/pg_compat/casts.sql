-- Casts: explicit, implicit, by unknown literals, by function and by type name.
SELECT CAST(1 AS text), CAST('1' AS int4), CAST(1.5 AS int4), CAST('t' AS bool), CAST(NULL AS date)
SELECT 1::int2::int4::int8::numeric::float8::text
SELECT 'true'::bool, 'yes'::bool, 'on'::bool, '1'::bool, 't'::bool, 'tr'::bool, 'Y'::bool, ' TRUE '::bool
SELECT 'false'::bool, 'no'::bool, 'off'::bool, '0'::bool, 'f'::bool, 'fal'::bool, 'N'::bool, 'of'::bool
SELECT 'o'::bool
SELECT ''::bool
SELECT '2'::bool
SELECT 'yess'::bool
SELECT true::text, false::text, true::varchar, true::char(2), true::char
SELECT true::int4, false::int4, 1::int4::bool, 2::bool
SELECT true::float8
SELECT true::numeric
SELECT 1.5::bool
SELECT 1.0::float8::bool
SELECT 'abc'::varchar(2), 'abc'::char(2), 'abc'::char(5), 'abc'::varchar(5), 'abc'::char, 'abc'::varchar
SELECT 'abc'::char(5) || '|', 'abc  '::varchar || '|', 'abc'::char(5)::text || '|', 'abc  '::char(5)::varchar || '|'
SELECT 'a'::char(3) = 'a  ', 'a'::char(3) = 'a'::text, 'a  '::text = 'a'::char(3), 'a '::varchar = 'a'
SELECT length('abc'::char(5)), octet_length('abc'::char(5)), char_length('abc  '::char(5)), length('abc  '::text)
SELECT 'abc'::varchar(0)
SELECT 'abc'::char(0)
SELECT 'abc'::varchar(10485761)
SELECT 12345::varchar(3), 12345::char(3), 1.5::varchar(2), true::varchar(2)
SELECT 'abcdef'::name, length('a'::name), repeat('x', 70)::name, 'abc'::name || 'd'
SELECT 'abc'::name = 'abc', 'abc'::name::text, 'abc'::name < 'abd'::text, pg_typeof('abc'::name || 'x')
SELECT 'a'::"char", 'abc'::"char", ''::"char", 'a'::"char"::text, 'a'::"char" = 'a'
SELECT '12'::text::int4, '12'::varchar::int8, '12'::char(4)::int4, '1.5'::text::numeric, '1.5'::text::float8
SELECT 'x'::text::int8
SELECT '1.5'::text::int4
SELECT 12::int4::date
SELECT date '2024-01-01'::int4
SELECT true::date
SELECT 1::json
SELECT '1'::json::int4
SELECT '1'::jsonb::int4, '1.5'::jsonb::numeric, 'true'::jsonb::bool, '1.5'::jsonb::int4, '2'::jsonb::float8
SELECT '"1"'::jsonb::int4
SELECT 'null'::jsonb::int4
SELECT '[1]'::jsonb::int4
SELECT 'true'::jsonb::int4
SELECT int4 '12', text 'abc', bool 't', numeric '1.5', date '2024-01-01', varchar 'abc', bytea '\x01'
SELECT int4 'x'
SELECT int4('12'), text(12), float8('1.5'), bool('t'), date('2024-01-01'), int8(5)
SELECT varchar(12)
SELECT numeric('2.5')
SELECT "char"('abc'), "varchar"('abc'), name('abc'), bpchar('abc')
SELECT int4(date '2024-01-01')
SELECT '{1,2}'::int4[], '{1.5,2}'::int4[]
SELECT '{1.4,2.6}'::numeric[]::int4[], ARRAY[1, 2]::text[], ARRAY['1', '2']::int4[], '{}'::text[]::int4[]
SELECT ARRAY['x']::int4[]
SELECT ARRAY[1, 2]::int4
SELECT 1::int4[]
SELECT '(1,2)'::record
SELECT ROW(1, 2)::text, ROW(1, 'a b')::text, ROW(NULL, '')::text
SELECT 1 + '2', '2' + 1, 1.5 + '2', '1' + 1.5, '3' * 2::int8, 1::float8 + '0.5'
SELECT '1' + '2'
SELECT '1' || '2', '1' || 2, NULL || 'a', 'a' || NULL
SELECT '2024-01-01' + 1
SELECT date '2024-01-01' + '1'
SELECT date '2024-01-01' - '2023-12-31', date '2024-01-01' > '2023-12-31', '2023-12-31' < date '2024-01-01'
SELECT 1 = '1', 1.0 = '1', '1' = 1::int8, true = 't', 'x' = 'x'::name, 1::int2 = '1'
SELECT 1 = '1.0'
SELECT 1 = '1'::text
SELECT 1::text = 1
SELECT 'a' = 'a', pg_typeof('a'), pg_typeof(NULL), pg_typeof('a' || 'b')
SELECT pg_typeof(CASE WHEN true THEN 'a' ELSE 'b' END), pg_typeof(coalesce('a', 'b')), pg_typeof(coalesce(NULL, 1)), pg_typeof(greatest('a', 'b'))
SELECT pg_typeof(CASE WHEN true THEN 1 ELSE 1.5 END), pg_typeof(coalesce(1, 2::int8)), pg_typeof(greatest(1::float4, 1.5)), pg_typeof(nullif(1, 2.5))
SELECT pg_typeof(x) FROM (SELECT 'a' AS x) t
SELECT pg_typeof(x) FROM (VALUES ('a'), (NULL)) t(x) LIMIT 1
SELECT pg_typeof(x) FROM (SELECT NULL AS x UNION ALL SELECT 1) t LIMIT 1
SELECT x + 1 FROM (SELECT '1' AS x) t
SELECT 3.7::float8::int8::text, '3'::text::float4, 3::text::numeric(5,2), '3.456'::varchar::numeric(5,2)
SELECT '1 day'::interval::text, '10:00'::time::text, '10:00'::time::interval, '1 day 10:00'::interval::time
SELECT '2024-01-01'::date::timestamp, '2024-01-01 10:30'::timestamp::date, '2024-01-01 10:30'::timestamp::time, '2024-01-01 10:30:45+02'::timestamptz::timestamp
SELECT '2024-01-01'::date::time
SELECT '2024-01-01'::date::interval
SELECT '10:00'::time::date
SELECT '10:00'::time::timestamp
SELECT 'a'::nosuchtype
SELECT CAST(1 AS nosuch.int4)
SELECT 1::pg_catalog.int4, '1'::"pg_catalog"."int8", 'x'::pg_catalog.text, CAST('1' AS pg_catalog.numeric)
SELECT 1::int, 1::integer, 1::bigint, 1::smallint, 1::real, 1::double precision, 1::decimal, 'a'::character varying, 'a'::character, 'a'::national character varying(3)
SELECT '1'::bit, B'1'::bit(1), 5::bit(8), 5::int8::bit(4), B'101'::int4, B'101'::bit(5), '101'::varbit
SELECT 'a'::bytea, 'a'::text::bytea, '\x61'::bytea::text
SELECT 23::regtype, 'int4'::regtype, 'integer'::regtype::oid, 'character varying'::regtype, 'int4[]'::regtype
SELECT 'nosuch'::regtype
SELECT 'pg_class'::regclass, 'pg_catalog.pg_type'::regclass, 1259::regclass, 'pg_class'::regclass::oid
SELECT 'nosuch'::regclass
SELECT 1::int4::oid::int8, '23'::oid::regtype::text, 'int4'::regtype = 23, 'int4'::regtype = 'integer'::regtype
SELECT to_regtype('int4'), to_regtype('nosuch'), to_regclass('pg_class'), to_regclass('nosuch')
SELECT '1.2.3.4'::text::inet, '10.0.0.0/8'::cidr::inet, '10.0.0.1/8'::inet::cidr, '10.0.0.1'::inet::text
SELECT 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::text::uuid, 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid::text
SELECT 1::uuid
SELECT 12.5::money, 12::money, '12.5'::money::numeric, 100::int8::money
SELECT 12.5::float8::money
SELECT (1.5)::int4, -1.5::int4, (-1.5)::int4, - 1.5::int4
SELECT CAST('1' || '2' AS int4), ('1' || '2')::int4, (SELECT '12')::int4, CASE WHEN true THEN '1' ELSE '2' END::int4
SELECT NULL::int4, NULL::text || 'x', NULL::bool AND true, NULL::numeric(5,2), CAST(NULL AS varchar(3))
SELECT try_cast('1' AS int4)
SELECT convert(int4, '1')
-- What a cast would say.
SELECT pg_input_is_valid('34', 'int4'), pg_input_is_valid('asdf', 'integer'), pg_input_is_valid('40000', 'int2'), pg_input_is_valid(NULL, 'int4'), pg_input_is_valid('1', NULL)
SELECT * FROM pg_input_error_info('50000', 'int2')
SELECT * FROM pg_input_error_info('1', 'int4')
SELECT message, sql_error_code FROM pg_input_error_info('asdf', 'int8') AS e
SELECT (pg_input_error_info('asdf', 'int4')).message, (pg_input_error_info('asdf', 'int4')).*
SELECT pg_input_error_info('asdf', 'int4'), pg_input_error_info('1', 'int4')
SELECT x, pg_input_is_valid(x, 'numeric(5,2)'), (pg_input_error_info(x, 'numeric(5,2)')).detail FROM (VALUES ('1'), ('12345.6'), (NULL), ('x')) t(x)
SELECT x, e.* FROM (VALUES ('1'), ('x')) t(x), pg_input_error_info(x, 'float8') e
SELECT t, pg_input_is_valid('junk', 'bool'), (pg_input_error_info('junk', 'bool')).message FROM (VALUES (1)) v(t)
SELECT * FROM pg_input_error_info('abcde', 'varchar(4)')
SELECT * FROM pg_input_error_info('abcde', 'char(4)')
SELECT * FROM pg_input_error_info('ab', 'char(4)')
SELECT * FROM pg_input_error_info('10', 'bit(3)')
SELECT * FROM pg_input_error_info('10101', 'bit varying(3)')
SELECT * FROM pg_input_error_info('01010Z01', 'bit(8)')
SELECT * FROM pg_input_error_info('garbage', 'date')
SELECT * FROM pg_input_error_info('6874898-01-01', 'date')
SELECT * FROM pg_input_error_info('25:00:00', 'time')
SELECT * FROM pg_input_error_info('2022-13-01', 'timestamp(3)')
SELECT * FROM pg_input_error_info('garbage', 'timestamptz')
SELECT * FROM pg_input_error_info('@ 30 eons ago', 'interval')
SELECT * FROM pg_input_error_info('123', 'interval year')
SELECT * FROM pg_input_error_info('1234', 'uuid')
SELECT * FROM pg_input_error_info('\xDe00BeE', 'bytea')
SELECT * FROM pg_input_error_info('{"a":', 'json')
SELECT * FROM pg_input_error_info('{"a":true', 'jsonb')
SELECT * FROM pg_input_error_info('$.a[', 'jsonpath')
SELECT * FROM pg_input_error_info('{1,zed}', 'int4[]')
SELECT * FROM pg_input_error_info('{1,2', 'int4[]')
SELECT * FROM pg_input_error_info('1.1.1.1.1', 'inet')
SELECT * FROM pg_input_error_info('08:00:2b:01:02:ZZ', 'macaddr')
SELECT * FROM pg_input_error_info('192.168.1.2/24', 'cidr')
SELECT * FROM pg_input_error_info('(1,4', 'int4range')
SELECT * FROM pg_input_error_info('{[1,2),}x', 'int4multirange')
SELECT * FROM pg_input_error_info('$1x', 'money')
SELECT * FROM pg_input_error_info('16AE7F7', 'pg_lsn')
SELECT * FROM pg_input_error_info('-1x', 'xid8')
SELECT * FROM pg_input_error_info('99999999999999999999', 'oid')
SELECT * FROM pg_input_error_info('1e400', 'float8')
SELECT * FROM pg_input_error_info('1e4000', 'numeric(3)')
SELECT pg_input_is_valid('1', 'nosuch')
SELECT pg_input_is_valid('1')
SELECT pg_input_is_valid('1', 'numeric(2000)')
SELECT pg_lsn(23783416::numeric), pg_lsn(0::numeric), pg_lsn(18446744073709551615::numeric)
SELECT pg_lsn(-1::numeric)
SELECT pg_lsn('NaN'::numeric)
