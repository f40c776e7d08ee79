-- Texts: literals, comparison, concatenation, functions.
SELECT 'x', 'it''s', E'a\nb', U&'\0061', $$dollar$$, $q$a'b$q$, 'a' 'b'
SELECT 'abc' || 1, 1 || 'abc', 'a' || 'b' || 'c', 'a' || NULL, 'a' || true, 'a' || 1.50
SELECT 'abc' = 'abc', 'abc' < 'abd', 'B' < 'a', 'abc' <> 'ABC', '' = '', 'a' = 'a '
SELECT 'a'::char(3) = 'a', 'a '::varchar = 'a', length('a'::char(3)), 'abc'::varchar(2), 'abc'::char(2)
SELECT 'a'::char(3), 'a'::char(3) || 'b', 'a'::name, 'abc'::text
SELECT length('abc'), char_length('abc'), octet_length('ab'), upper('x'), lower('X'), reverse('abc')
SELECT substring('hello' from 2 for 3), substring('hello', 2), substr('hello', 2, 2), position('l' in 'hello'), strpos('hello', 'l')
SELECT trim(both 'x' from 'xax'), trim('  a '), ltrim('xxa', 'x'), rtrim('axx', 'x'), btrim(' a ')
SELECT replace('abcabc', 'b', 'x'), split_part('a,b,c', ',', 2), starts_with('abc', 'ab'), md5('abc')
SELECT 'abc' LIKE 'a%', 'abc' NOT LIKE 'b%', 'ABC' ILIKE 'a%', 'abc' LIKE '_b_', NULL LIKE 'a'
SELECT 'abc' ~ 'b', 'abc' !~ 'b', 'ABC' ~* 'b', 'ABC' !~* 'x'
SELECT 'a' IN ('a', 'b'), 'c' IN ('a', NULL), 'b' BETWEEN 'a' AND 'c'
SELECT length(1)
SELECT upper(1)
SELECT 'a' + 'b'
SELECT 'a' || 'b' COLLATE "C"
SELECT 'a' LIKE 1
SELECT nosuch(1)
SELECT nosuch('a', 1.5, NULL)
SELECT coalesce(NULL, 'a', 'b'), nullif('a', 'a'), nullif('a', 'b'), coalesce('a', NULL)
SELECT greatest('a', 'b'), least('a', 'b', NULL)
SELECT md5('')
SELECT 'true'::bool, 't'::bool, 'yes'::bool, 'on'::bool, 'off'::bool, '0'::bool, 'f'::bool
SELECT 'maybe'::bool
