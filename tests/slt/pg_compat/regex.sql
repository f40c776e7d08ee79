-- POSIX regular expressions.
SELECT 'abc' ~ 'b', 'abc' ~ '^b', 'abc' ~* 'B', 'abc' !~ 'x', 'abc' !~* 'B', 'abc' ~ '', '' ~ '^$', NULL ~ 'a'
SELECT 'abc' ~ 'a.c', 'abc' ~ 'a|x', 'abc' ~ '[a-b]c', 'abc' ~ '(a)(b)(c)', 'aaa' ~ '^a{3}$', 'aaa' ~ '^a{2}$', 'aaa' ~ '^a{2,}$', 'a' ~ 'a{0,1}'
SELECT 'abc' ~ '\w+', 'a c' ~ '\s', 'a1' ~ '\d', 'abc' ~ '\Wb', 'abc' ~ '\mabc\M', 'a b' ~ '\yb\y', 'abc' ~ '[[:alpha:]]+', 'é' ~ '[[:alpha:]]', '1' ~ '[^[:digit:]]'
SELECT 'abab' ~ '^(ab)\1$', 'abc' ~ '(?i)ABC', 'abc' ~ '(?:a)b', 'abc' ~ 'a(?=b)', 'abc' ~ 'a(?!b)', 'abc' ~ '(?<=a)b', 'abc' ~ '(?<!a)b'
SELECT 'a.c' ~ 'a\.c', 'a+c' ~ 'a\+c', 'a\c' ~ 'a\\c', 'a*' ~ '***=a*', 'a]' ~ '[]]', 'a-' ~ '[a-]-', E'a\nb' ~ 'a.b', E'a\nb' ~ '(?n)a.b', E'a\nb' ~ '^b', E'a\nb' ~ '(?n)^b'
SELECT 'abc' ~ '('
SELECT 'abc' ~ '['
SELECT 'abc' ~ 'a{2,1}'
SELECT 'abc' ~ '*a'
SELECT 'abc' ~ 'a\'
SELECT 'abc' ~ '[z-a]'
SELECT 'abc' ~ '[[:nosuch:]]'
SELECT 'abc' ~ '\2'
SELECT 'abc' ~ 'a{1000}'
SELECT substring('foobar', 'o.b'), substring('foobar', 'o(.)b'), substring('foobar' from 'x'), substring('foobar', '(o)(.)b'), substring('foobar', '(?:o)(.)b'), substring('abc', 'b*')
SELECT regexp_replace('foobarbaz', 'b..', 'X'), regexp_replace('foobarbaz', 'b..', 'X', 'g'), regexp_replace('foobarbaz', 'b(..)', 'X\1Y', 'g'), regexp_replace('abc', 'B', 'x', 'i')
SELECT regexp_replace('abc', '(b)', '[\&]'), regexp_replace('abc', 'b', '\\'), regexp_replace('abc', '(a)(b)', '\2\1'), regexp_replace('abc', 'x', 'y'), regexp_replace('abc', '', '-', 'g'), regexp_replace('abc', 'b', '\3')
SELECT regexp_replace('aaa', 'a', 'b', 2), regexp_replace('aaa', 'a', 'b', 1, 2), regexp_replace('aaa', 'a', 'b', 1, 0), regexp_replace('AbC', 'b', 'x', 1, 1, 'i')
SELECT regexp_replace('a', 'a', 'b', 'z')
SELECT regexp_replace('aaa', 'a', 'b', 0)
SELECT regexp_replace('aaa', 'a', 'b', 1, -1)
SELECT regexp_match('foobarbequebaz', 'bar.*que'), regexp_match('foobarbequebaz', '(bar)(beque)'), regexp_match('abc', 'x'), regexp_match('ABC', 'b', 'i'), regexp_match('abc', '(x)?b')
SELECT regexp_match('abc', 'b', 'g')
SELECT m FROM regexp_matches('foobarbequebazilbarfbonk', '(b[^b]+)(b[^b]+)', 'g') WITH ORDINALITY t(m, n) ORDER BY n
SELECT regexp_matches('abc', 'x')
SELECT regexp_matches('abcb', 'b')
SELECT regexp_matches('abcb', 'b', 'g')
SELECT regexp_split_to_array('a, b,c', ',\s*'), regexp_split_to_array('abc', ''), regexp_split_to_array('abc', 'x'), regexp_split_to_array('', ','), regexp_split_to_array(',a,', ','), regexp_split_to_array('aXbxc', 'x', 'i')
SELECT s FROM regexp_split_to_table('a1b22c', '\d+') WITH ORDINALITY t(s, n) ORDER BY n
SELECT regexp_split_to_array('a', 'a', 'g')
SELECT regexp_count('abcabc', 'b'), regexp_count('abcabc', 'B', 1, 'i'), regexp_count('aaa', 'aa'), regexp_count('abc', 'x'), regexp_count('aaaa', 'a', 3), regexp_count('abc', '')
SELECT regexp_count('a', 'a', 0)
SELECT regexp_instr('abcabc', 'b'), regexp_instr('abcabc', 'b', 1, 2), regexp_instr('abcabc', 'b', 3), regexp_instr('abcabc', 'b', 1, 1, 1), regexp_instr('abcabc', 'a(b)c', 1, 1, 0, '', 1), regexp_instr('abc', 'x')
SELECT regexp_instr('a', 'a', 1, 0)
SELECT regexp_instr('a', 'a', 1, 1, 2)
SELECT regexp_like('abc', 'B'), regexp_like('abc', 'B', 'i'), regexp_like('abc', '^a.c$'), regexp_like(NULL, 'a')
SELECT regexp_like('a', 'a', 'g')
SELECT regexp_substr('abcabd', 'ab.'), regexp_substr('abcabd', 'ab.', 1, 2), regexp_substr('abcabd', 'ab(.)', 1, 2, '', 1), regexp_substr('abc', 'x'), regexp_substr('ABC', 'b', 1, 1, 'i')
SELECT regexp_substr('a', 'a', -1)
SELECT substring('abcde', 'a.*?d'), substring('aaabbb', 'a*?b'), substring('aaabbb', 'a+?'), substring('foo123', '\d+'), regexp_replace('2024-01-31', '(\d+)-(\d+)-(\d+)', '\3.\2.\1')
SELECT 'aXb' ~ 'a[[:upper:]]b', 'a_b' ~ '^\w+$', 'a b' ~ '^[[:alnum:]_ ]+$', E'\t' ~ '[[:space:]]', '.' ~ '[[:punct:]]', 'F' ~ '^[[:xdigit:]]$'
SELECT 'żółć' ~ '^\w{4}$', 'ŻÓŁĆ' ~* 'żółć', 'é' ~ '^.$', '日本' ~ '^..$', regexp_replace('żółć', 'ó', 'o'), regexp_instr('żółć', 'ł')
SELECT x FROM (VALUES ('a1'), ('b2'), ('c'), (NULL)) t(x) WHERE x ~ '\d$' ORDER BY x
SELECT 'abc' ~ ANY (ARRAY['x', 'b']), 'abc' ~ ALL (ARRAY['a', 'c']), 'abc' !~ ALL (ARRAY['x'])
SELECT 1 ~ '1'
SELECT 'abc'::varchar ~ 'b', 'abc'::name ~ 'b', 'abc'::char(5) ~ 'c$', 'abc'::char(5) ~ 'c *$'
SELECT 'ab' ~ 'a b', 'ab' ~ '(?x)a b', 'abc' ~ '\Aabc\Z', 'a' ~ '\x61', 'a' ~ '\u0061', E'\t' ~ '\t'
SELECT regexp_replace('foo bar', '\m(.)', '<\1>', 'g'), regexp_replace('aaa', '^a', 'b', 'g'), regexp_replace(E'a\na', '^a', 'b', 'gn'), regexp_replace('abc', '(?=b)', '|')
SELECT regexp_replace(NULL, 'a', 'b'), regexp_replace('a', NULL, 'b'), regexp_match(NULL, 'a'), regexp_split_to_array(NULL, 'a')
