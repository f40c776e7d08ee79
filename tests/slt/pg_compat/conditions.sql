-- CASE and its kin, and logic of three values.
SELECT CASE WHEN true THEN 1 ELSE 2.5 END, CASE WHEN false THEN 1 END, CASE 1 WHEN 1 THEN 'a' ELSE 'b' END
SELECT CASE WHEN true THEN 'a' ELSE 1 END
SELECT CASE WHEN 1 THEN 2 END
SELECT CASE WHEN true THEN 1 ELSE 'x'::text END
SELECT CASE 'a' WHEN 'b' THEN 1 WHEN 'a' THEN 2 END AS x
SELECT coalesce(NULL, 1, 2.0), coalesce(1, 2.5), nullif(1, 2), nullif(1, 1), nullif(1, 1.0), coalesce(NULL)
SELECT greatest(1, 2, NULL), least(1, 2), greatest(1, NULL), greatest(1.5, 2.5)
SELECT coalesce(1, 'x')
SELECT coalesce(1, true)
SELECT true AND NULL, false AND NULL, true OR NULL, false OR NULL, NOT NULL, NOT true
SELECT NULL AND NULL, true IS TRUE, NULL IS TRUE, false IS NOT TRUE, NULL IS UNKNOWN, true IS NOT UNKNOWN, NULL IS FALSE
SELECT 1 AND true
SELECT NOT 1
SELECT 'a' AND true
SELECT 't' AND true
SELECT 1 WHERE 1
SELECT 1 WHERE NULL
SELECT 1 WHERE 'f'
SELECT true = false, true > false, true <> NULL
SELECT nullif('abc'::varchar, 'abc'), nullif(NULL::varchar, 'a'::varchar), nullif('12', 'abc'::varchar(3)), nullif('10.0.0.0/8'::cidr, '10.0.0.0/8'), nullif('a'::char(3), 'b'), nullif('a'::name, 'b'::text)
SELECT nullif(1, 1.5::float8), nullif(1, 2::int8), nullif(1, 1.50), nullif(1::int2, 2), nullif(date '2024-01-01', timestamp '2024-01-02'), nullif('{1,2}'::int4[], '{{1,2}}'), nullif(NULL, 'a'), nullif(1.5, 1)
