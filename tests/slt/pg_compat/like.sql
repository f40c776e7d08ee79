-- LIKE, ILIKE and SIMILAR TO.
SELECT 'abc' LIKE 'abc', 'abc' LIKE 'a%', 'abc' LIKE '_b_', 'abc' LIKE 'c', 'abc' LIKE '%', '' LIKE '%', '' LIKE '_', '' LIKE ''
SELECT 'abc' NOT LIKE 'a%', NULL LIKE 'a', 'a' LIKE NULL, 'abc' LIKE '%b%', 'abc' LIKE '%%', 'abc' LIKE '___', 'abc' LIKE '____'
SELECT 'a%c' LIKE 'a\%c', 'abc' LIKE 'a\%c', 'a_c' LIKE 'a\_c', 'a\c' LIKE 'a\\c', 'abc' LIKE 'a\bc'
SELECT 'a%c' LIKE 'a#%c' ESCAPE '#', 'a#c' LIKE 'a##c' ESCAPE '#', 'a\c' LIKE 'a\c' ESCAPE '', 'abc' LIKE '%' ESCAPE 'x', 'a%' LIKE 'axx%' ESCAPE 'x'
SELECT 'abc' LIKE 'a\'
SELECT 'ab' LIKE 'a#' ESCAPE '#'
SELECT 'a' LIKE 'a' ESCAPE 'ab'
SELECT 'ABC' ILIKE 'abc', 'ABC' ILIKE 'a%', 'ŻÓŁĆ' ILIKE 'żó%', 'abc' NOT ILIKE 'B', 'A%' ILIKE 'a\%'
SELECT 'abc' ~~ 'a%', 'abc' !~~ 'a%', 'ABC' ~~* 'a%', 'ABC' !~~* 'a%', like('abc', 'a%'), notlike('abc', 'a%')
SELECT 'żółć' LIKE 'ż_łć', 'żółć' LIKE '____', '日本' LIKE '_本', E'a\nb' LIKE 'a_b', E'a\nb' LIKE 'a%b'
SELECT 'hello' LIKE 'h%o', 'hello' LIKE 'h%l%o', 'hello' LIKE '%lo', 'hello' LIKE 'he%x', 'aaa' LIKE 'a%a%a', 'aa' LIKE 'a%a%a'
SELECT 'abc' SIMILAR TO 'abc', 'abc' SIMILAR TO 'a', 'abc' SIMILAR TO '%(b|d)%', 'abc' SIMILAR TO '(b|c)%', 'abc' NOT SIMILAR TO 'a_c'
SELECT 'aaa' SIMILAR TO 'a{3}', 'aaa' SIMILAR TO 'a{2}', 'aaa' SIMILAR TO 'a+', 'b' SIMILAR TO 'a?b', 'abc' SIMILAR TO '[a-c]+', 'a.c' SIMILAR TO 'a.c', 'abc' SIMILAR TO 'a.c'
SELECT 'a%' SIMILAR TO 'a\%', 'a%' SIMILAR TO 'a#%' ESCAPE '#', 'a|b' SIMILAR TO 'a\|b', NULL SIMILAR TO 'a', 'abc' SIMILAR TO NULL
SELECT 'abc' SIMILAR TO '(abc'
SELECT 'abc' SIMILAR TO 'a' ESCAPE 'xy'
SELECT similar_to_escape('a%b_c'), similar_to_escape('a|b', '#'), similar_escape('a%', NULL)
SELECT substring('abcdef' SIMILAR 'a#"%#"f' ESCAPE '#'), substring('abcdef' SIMILAR 'x#"%#"f' ESCAPE '#'), substring('abcdef' SIMILAR '%' ESCAPE '#')
SELECT x FROM (VALUES ('apple'), ('banana'), ('cherry'), (NULL)) t(x) WHERE x LIKE '%an%' ORDER BY x
SELECT x FROM (VALUES ('apple'), ('banana'), ('cherry'), (NULL)) t(x) WHERE x NOT LIKE '%an%' ORDER BY x
SELECT x, x LIKE p FROM (VALUES ('a%', 'a\%'), ('ab', 'a\%'), ('ab', 'a_'), ('', '')) t(x, p) ORDER BY x, p
SELECT 'abc' LIKE ANY (ARRAY['x%', 'a%']), 'abc' LIKE ALL (ARRAY['a%', '%c']), 'abc' NOT LIKE ALL (ARRAY['x%', 'y%']), 'ABC' ILIKE ANY (ARRAY['a%'])
SELECT 1 LIKE 1
SELECT 1 LIKE '1'
SELECT date '2024-01-01' LIKE '2024%'
SELECT 'abc'::varchar LIKE 'a%', 'abc'::name LIKE 'a%', 'abc'::char(5) LIKE 'abc%', 'abc'::char(5) LIKE 'abc'
SELECT like_escape('a%b', '#'), like_escape('a#%b', '#'), like_escape('a\b', '')
