-- Byte strings.
SELECT '\x616263'::bytea, 'abc'::bytea, '\141\142'::bytea, ''::bytea, '\x'::bytea, '\x61 62'::bytea
SELECT '\x6'::bytea
SELECT '\xzz'::bytea
SELECT '\14'::bytea
SELECT '\\'::bytea, E'\\001\\377'::bytea, 'a\\b'::bytea
SELECT length('\x0102'::bytea), octet_length('\x0102'::bytea), bit_length('\x0102'::bytea), length(''::bytea)
SELECT '\x01'::bytea || '\x02'::bytea, '\x01'::bytea || 'a', '\x'::bytea || NULL
SELECT substring('\x01020304'::bytea from 2 for 2), substring('\x01020304'::bytea, 3), substr('\x01020304'::bytea, 2, 1), substring('\x0102'::bytea from -1 for 3)
SELECT substring('\x01'::bytea from 1 for -1)
SELECT position('\x02'::bytea in '\x0102'::bytea), overlay('\x010203'::bytea placing '\xff'::bytea from 2), overlay('\x010203'::bytea placing '\xffff'::bytea from 2 for 1)
SELECT get_byte('\x0102'::bytea, 1), set_byte('\x0102'::bytea, 0, 255), get_bit('\x01'::bytea, 0), get_bit('\x80'::bytea, 7), set_bit('\x00'::bytea, 3, 1)
SELECT get_byte('\x01'::bytea, 5)
SELECT set_byte('\x01'::bytea, -1, 0)
SELECT get_bit('\x01'::bytea, 8)
SELECT set_bit('\x01'::bytea, 0, 2)
SELECT trim('\x00'::bytea from '\x0001020000'::bytea), btrim('\x0102'::bytea, '\x01'::bytea), ltrim('\x0102'::bytea, '\x01'::bytea), rtrim('\x0102'::bytea, '\x02'::bytea)
SELECT '\x01'::bytea < '\x02'::bytea, '\x0100'::bytea > '\x01'::bytea, '\x01'::bytea = '\x01', '\xff'::bytea >= '\x7f'
SELECT encode('\x00ff'::bytea, 'hex'), encode('\x00ff'::bytea, 'base64'), encode('\x00ff5c'::bytea, 'escape'), decode('AP8=', 'base64'), decode('', 'hex')
SELECT md5('\x00'::bytea), sha224('\x00'::bytea), sha256(''::bytea), sha384('\x'::bytea), sha512('\x61'::bytea)
SELECT '\x41'::bytea LIKE '\x41', '\x4142'::bytea LIKE 'A%', '\x4142'::bytea NOT LIKE '%B'
SELECT convert_from('\x616263'::bytea, 'UTF8'), encode('é'::bytea, 'hex'), length('é'::bytea)
SELECT x FROM (VALUES ('\x02'::bytea), ('\x'), ('\xff'), (NULL), ('\x0201')) t(x) ORDER BY x
SELECT count(DISTINCT x), string_agg(x, '\x00' ORDER BY x) FROM (VALUES ('\x02'::bytea), ('\x01'), ('\x02')) t(x)
SELECT '\x01'::bytea::text, '\x6162'::bytea::text, ''::bytea::text
SELECT '\x01'::bytea + 1
SELECT '\x01'::bytea::int4
SELECT upper('\x61'::bytea)
SELECT bit_count('\xff01'::bytea), pg_typeof('\x01'::bytea || '\x02'::bytea), coalesce(NULL, '\x01'::bytea)
SELECT reverse('\x01'::bytea::text), '\x00'::bytea IS NULL, nullif('\x01'::bytea, '\x01')
SELECT ARRAY['\x01'::bytea, '\x22'], ROW('\x01'::bytea, 'a')
-- Values as the protocol sends them.
SELECT float4send('1.17549435e-38'::float4), float8send('2.2250738585072014E-308'::float8), int2send(1::int2), int4send(-2), int8send(3), boolsend(true), textsend('aä'), byteasend('\x01')
SELECT float4send('NaN'::float4), float8send('-Infinity'::float8), float8send(NULL)
