-- Strings: literals, functions, formatting, splitting, encoding.
SELECT 'it''s', E'a\tb', E'\x41\102', E'\u00e9', E'a\\b', 'a\b', $$it's$$, $x$a$$b$x$
SELECT U&'d\0061t\+000061', U&'\00e9', N'abc'
SELECT E'\'', E'\q', E'a\nb'
SELECT 'unterminated
SELECT E'\u00'
SELECT length('abc'), length(''), length('żółć'), char_length('日本'), character_length('a'), octet_length('żółć'), bit_length('ab')
SELECT upper('abcŻ'), lower('ABCż'), initcap('hello wORLD foo_bar 1st'), upper(''), lower(NULL)
SELECT substring('hello' from 2 for 3), substring('hello' from 2), substring('hello' for 2), substring('hello', 2, 3), substr('hello', 2), substr('hello', 2, 2)
SELECT substring('hello' from 0 for 3), substring('hello' from -1 for 4), substring('hello' from 10), substring('hello', 2, 100), substr('hello', -5, 3)
SELECT substring('hello', 2, -1)
SELECT substr('hello', 1, -2)
SELECT substring('hello', 2147483647, 2147483647), substring('hello' from 2 for 0)
SELECT left('hello', 2), left('hello', -2), left('hello', 0), left('hello', 10), left('hello', -10), right('hello', 2), right('hello', -2), right('żółć', 2)
SELECT position('l' in 'hello'), position('' in 'hello'), position('z' in 'hello'), strpos('hello', 'lo'), strpos('', ''), position('ć' in 'żółć')
SELECT overlay('Txxxxas' placing 'hom' from 2 for 4), overlay('abcdef' placing 'X' from 3), overlay('abc' placing 'XYZ' from 2 for 0), overlay('abcdef', 'X', 3, 2)
SELECT overlay('abc' placing 'X' from 0)
SELECT trim('  a  '), trim(both 'x' from 'xxaxx'), trim(leading from '  a '), trim(trailing 'xy' from 'axyx'), trim('xx' from 'xax'), trim(from ' a ')
SELECT btrim('xyaxy', 'xy'), ltrim('xxa', 'x'), rtrim('axx', 'x'), ltrim('  a'), rtrim('a  ') || '|', btrim('a', ''), btrim('', 'a')
SELECT lpad('hi', 5, 'xy'), lpad('hi', 5), lpad('hello', 2), lpad('hi', -1), lpad('hi', 5, ''), rpad('hi', 5, 'xy'), rpad('hello', 2), rpad('hi', 4) || '|'
SELECT repeat('ab', 3), repeat('ab', 0), repeat('ab', -1), repeat('', 1000000), reverse('hello'), reverse('żó'), reverse('')
SELECT length(repeat('a', 100000))
SELECT repeat('abcdefgh', 200000000)
SELECT lpad('a', 2000000000)
SELECT replace('hello', 'l', 'L'), replace('hello', '', 'x'), replace('', 'a', 'b'), replace('aaa', 'aa', 'b'), replace('abc', 'b', '')
SELECT translate('12345', '143', 'ax'), translate('abc', '', 'x'), translate('hello', 'lo', 'LO'), translate('aab', 'aa', 'xy')
SELECT ascii('A'), ascii(''), ascii('é'), chr(65), chr(233), chr(8364), chr(128512)
SELECT chr(0)
SELECT chr(-1)
SELECT chr(1114112)
SELECT chr(55296)
SELECT concat('a', 1, NULL, true, 1.5), concat(NULL), concat_ws(',', 'a', NULL, 'b', 1), concat_ws(NULL, 'a'), concat_ws(',')
SELECT concat(date '2024-01-01', '|', timestamp '2024-01-01', '|', ARRAY[1, 2], '|', ROW(1, 'a'))
SELECT concat_ws('-', VARIADIC ARRAY['a', NULL, 'b']), concat(VARIADIC ARRAY[1, 2, 3])
SELECT concat(VARIADIC 1)
SELECT split_part('a,b,c', ',', 2), split_part('a,b,c', ',', 4), split_part('a,b,c', ',', -1), split_part('a,b,c', '', 1), split_part('', ',', 1), split_part('abc', ',', 1), split_part('a,b,c', ',', -4)
SELECT split_part('a,b', ',', 0)
SELECT string_to_array('a,b,c', ','), string_to_array('a,b,c', NULL), string_to_array('', ','), string_to_array('abc', ''), string_to_array('a,,b', ',', ''), string_to_array(NULL, ',')
SELECT array_to_string(ARRAY[1, 2, NULL, 3], ','), array_to_string(ARRAY[1, NULL], ',', '*'), array_to_string('{}'::int4[], ','), array_to_string(ARRAY[[1, 2], [3, 4]], ',')
SELECT s FROM string_to_table('a,b,,c', ',') s
SELECT s FROM string_to_table('a,b,,c', ',', '') WITH ORDINALITY t(s, n) ORDER BY n
SELECT starts_with('hello', 'he'), starts_with('hello', ''), starts_with('', 'a'), 'hello' ^@ 'he', 'hello' ^@ 'lo'
SELECT quote_ident('abc'), quote_ident('Abc'), quote_ident('a b'), quote_ident('select'), quote_ident('a"b'), quote_ident('1a'), quote_ident('name'), quote_ident('')
SELECT quote_literal('it''s'), quote_literal('a\b'), quote_literal(42), quote_literal(NULL), quote_nullable(NULL), quote_nullable('x'), quote_literal(1.50)
SELECT format('Hello %s', 'World'), format('%s %s', 1, NULL), format('%I.%I', 'a', 'B c'), format('%L', 'it''s'), format('%L', NULL), format('%%')
SELECT format('|%10s|%-10s|', 'a', 'b'), format('%2$s %1$s', 'a', 'b'), format('%*s|', 5, 'x'), format('%-*s|', 5, 'x'), format('%1$s %s %s', 'a', 'b', 'c')
SELECT format('%s')
SELECT format('%d', 1)
SELECT format('%I', NULL)
SELECT format('%')
SELECT format('%3$s', 'a')
SELECT format('%0$s', 'a')
SELECT format(NULL), format('abc'), format('%s', VARIADIC ARRAY['a', 'b']), format('%2$s', VARIADIC ARRAY['a', 'b'])
SELECT md5(''), md5('abc'), md5('żółć'), sha256('abc'), sha224('abc'), encode(sha512('a'), 'base64')
SELECT encode('abc', 'hex'), encode('abc', 'base64'), encode('a\001'::bytea, 'escape'), decode('616263', 'hex'), decode('YWJj', 'base64'), decode('a\\001', 'escape')
SELECT encode('abc', 'nosuch')
SELECT decode('6', 'hex')
SELECT decode('6g', 'hex')
SELECT decode('YWJ', 'base64')
SELECT decode('Y*Jj', 'base64')
SELECT encode(repeat('a', 60)::bytea, 'base64')
SELECT to_hex(10), to_ascii('abc', 'LATIN1'), convert_from('\xc3a9', 'UTF8'), convert_to('é', 'UTF8'), convert_to('é', 'LATIN1'), convert('\xe9', 'LATIN1', 'UTF8')
SELECT convert_from('\xff', 'UTF8')
SELECT convert_from('a', 'nosuch')
SELECT convert_to('日', 'LATIN1')
SELECT unistr('d\0061t\+000061'), unistr('\u0061\U00000062'), unistr('a\\b')
SELECT unistr('\00')
SELECT unistr('\xyz')
SELECT normalize('é', NFD) = 'é', length(normalize('é', NFD)), normalize('é'), 'é' IS NORMALIZED, 'é' IS NFD NORMALIZED, 'abc' IS NOT NFC NORMALIZED
SELECT normalize('a', 'x')
SELECT parse_ident('a.b."C d"'), parse_ident('Foo'), parse_ident('a.b', false)
SELECT parse_ident('a..b')
SELECT parse_ident('a b')
SELECT parse_ident('')
SELECT 'abc' < 'abd', 'a' < 'B', 'Z' < 'a', 'a' < 'ab', '' < 'a', 'é' > 'z', 'a' = 'A'
SELECT x FROM (VALUES ('b'), ('B'), ('a'), ('A'), ('é'), (''), (NULL), ('_'), ('1')) t(x) ORDER BY x
SELECT x FROM (VALUES ('b'), ('a '), ('a'), ('A')) t(x) ORDER BY x DESC
SELECT max(x), min(x) FROM (VALUES ('b'), ('B'), ('é')) t(x)
SELECT greatest('a', 'B', 'c'), least('a', 'B'), 'abc' BETWEEN 'a' AND 'b', 'a' IN ('a', 'b')
SELECT 'a' || 1, 1 || 'a', 'a' || 1.5, 'a' || true, 'a' || NULL, 'a' || date '2024-01-01', 'a'::text || 'b'::varchar, 'a'::char(3) || 'b'
SELECT true || false
SELECT string_agg(x, ',' ORDER BY x), string_agg(x, '' ORDER BY x DESC), string_agg(DISTINCT x, '-'), string_agg(x, NULL ORDER BY x) FROM (VALUES ('b'), ('a'), (NULL), ('a')) t(x)
SELECT string_agg(x, ',') FROM (VALUES ('a')) t(x) WHERE false
SELECT string_agg(x, ',') FROM (VALUES (1)) t(x)
SELECT ltrim('zzzytest', 'xyz'), substring('Thomas' from '...$'), substring('foobar', 'o(.)b'), substring('foobar' similar '%#"o_b#"%' escape '#'), substring('foobar' from '%#"o_b#"%' for '#')
SELECT textcat('a', 'b'), text_larger('a', 'b'), text_smaller('a', 'b'), texteq('a', 'a'), textlen('abc'), text('a'::char(3)) || '|'
SELECT bpchar('a') = 'a ', 'ab'::char(4) LIKE 'ab', 'ab'::char(4) LIKE 'ab  ', 'ab'::char(4)::text LIKE 'ab', 'a'::char(2) < 'b'
SELECT pg_typeof(upper('a')), pg_typeof('a'::varchar || 'b'::varchar), pg_typeof('a'::char(2) || 'b'), pg_typeof(left('a'::varchar, 1)), pg_typeof(substring('a'::char(3), 1))
SELECT upper('abc'::varchar(3)), lower('ABC'::char(5)) || '|', initcap('abc'::name), length('abc'::name), replace('a'::varchar, 'a', 'b')
SELECT concat()
SELECT 'a' 'b'
SELECT substring(1, 1)
SELECT lpad(1, 3)
SELECT upper('a', 'b')
SELECT nosuch('a')
SELECT 'a' - 'b'
SELECT 'a' + 1
SELECT -'a'
SELECT 'a'::text + 'b'::text
SELECT 'a' COLLATE "C" < 'B' COLLATE "C", 'a' COLLATE "POSIX" = 'a', 'a' COLLATE "default" || 'b'
SELECT 'a' COLLATE "C" < 'b' COLLATE "POSIX"
SELECT 'a' COLLATE nosuch
SELECT 1 COLLATE "C"
SELECT collation for ('a'::text), collation for ('a' COLLATE "C")
SELECT x FROM (VALUES ('b'), ('A'), ('a')) t(x) ORDER BY x COLLATE "C"
-- Escapes that are none.
SELECT U&'\00zz'
SELECT U&'wrong: \061'
SELECT U&'wrong: \+0061'
SELECT U&'wrong: +0061' UESCAPE +
SELECT U&'wrong: +0061' UESCAPE '+'
SELECT U&'\D83D'
SELECT U&'\D83Dx'
SELECT U&'\DE00'
SELECT U&'\D83D\0061'
SELECT U&'\+110000'
SELECT U&'\0000'
SELECT U&'a\\b', U&'d!0061t!!' UESCAPE '!', U&'\0061\+000062'
SELECT U&"d\00zz" FROM (SELECT 1 AS "data") t
SELECT E'\u00zz'
SELECT 'ä', E'\u061'
SELECT E'\U0061'
SELECT E'\uD83D'
SELECT E'\uD83Dx'
SELECT E'\uD83D\u0061'
SELECT E'\uDE00'
SELECT E'\U00110000'
SELECT E'\u0000'
SELECT E'\xff'
SELECT E'\000'
