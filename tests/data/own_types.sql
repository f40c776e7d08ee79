-- A schema whose tables have columns of types of its own, and arrays of any shape; see tests/slt/pg_own_types.
CREATE SCHEMA shop;
SET search_path = shop;
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy', 'Über', '');
CREATE TYPE size AS ENUM ('small', 'large');
CREATE TYPE "Odd Name" AS ENUM ('a b', 'c"d', 'e,f', 'null', '{}');
CREATE DOMAIN shown AS mood;
CREATE TABLE people (id int4 PRIMARY KEY, m mood, s size NOT NULL, ms mood[], o "Odd Name", os "Odd Name"[], d shown, t text);
INSERT INTO people VALUES
    (1, 'happy', 'small', '{sad,happy}', 'a b', '{a b,"c\"d"}', 'ok', 'happy'),
    (2, 'sad', 'large', '{ok,NULL}', 'c"d', '{"null",NULL}', 'sad', 'ok'),
    (3, 'ok', 'small', '{}', 'e,f', '{"{}"}', NULL, 'sad'),
    (4, NULL, 'large', NULL, NULL, NULL, 'happy', NULL),
    (5, 'ok', 'small', '{{sad,ok},{happy,sad}}', 'null', '{}', 'ok', 'none'),
    (6, 'Über', 'large', '[0:1]={happy,ok}', '{}', '[2:2]={"e,f"}', 'Über', 'Über'),
    (7, '', 'small', '{""}', 'a b', '{a b}', '', '');
CREATE TABLE visits (person int4, m mood, n int4);
INSERT INTO visits VALUES (1, 'happy', 10), (1, 'sad', 20), (2, 'ok', 30), (3, 'ok', 40), (4, NULL, 50), (5, 'sad', 60);
CREATE TABLE shapes (id int4 PRIMARY KEY, i int4[], j int8[][], t text[], n numeric(6, 2)[], u numeric[], f float8[], d date[],
    z timestamptz[], b bool[], y bytea[], c char(3)[], v varchar(5)[], q uuid[], r int4range[], js jsonb[]);
INSERT INTO shapes VALUES
    (1, '{1,2,3}', '{{1,2},{3,4}}', '{a,b}', '{1.5,2}', '{1.50,2}', '{1.5,NaN}', '{2024-01-31}', '{2024-01-31 12:00+00}',
        '{t,f}', '{"\\x00"}', '{a,bc}', '{a,bc}', '{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}', '{"[1,3)"}', '{"{\"a\": 1}"}'),
    (2, '{{1,2},{3,4}}', '{1}', '{{a,b},{NULL,""}}', '{{1.25},{NULL}}', '{{1},{2.000}}', '[0:1]={0,-0}', '[-1:0]={2024-01-31,infinity}',
        '{{2024-01-31 12:00+00}}', '[5:5]={NULL}', '{{"\\x00","\\xff"}}', '{{a},{bc}}', '[0:0]={x}',
        '{{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}}', '[2:3]={empty,"[1,3)"}', '{{1,2}}'),
    (3, '[0:2]={7,8,9}', '[0:0][3:4]={{5,6}}', '[-2:-1]={x,y}', '[3:3]={9999.99}', '[0:0]={NaN}', '{{{1}}}', '{}', '{}', '{}', '{}',
        '{}', '{}', '{}', '{}', '{}'),
    (4, '{}', '{}', '{}', '{}', '{}', '{}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
    (5, NULL, NULL, NULL, NULL, NULL, NULL, '{NULL}', '{NULL}', '{NULL}', '{NULL}', '{NULL}', '{NULL}', '{NULL}', '{NULL}', '{NULL}'),
    (6, '{3,2,1}', '{{{1,2},{3,4}},{{5,6},{7,8}}}', '{a,"b c","",NULL}', '{-1.5}', '{1e10}', '{Infinity}', '{{2024-01-31,NULL}}',
        '[0:0]={infinity}', '{{t},{f}}', '{"",NULL}', '{abc,"a  "}', '{{"","b c"}}', '{NULL}', '{{"[1,3)"}}', '{null,NULL,"\"x\""}');
CREATE TYPE geo AS (lat float8, lon numeric(6, 3));
CREATE TYPE addr AS (street text, zip varchar(10), m mood, at geo, tags text[], since date, "No" char(3));
CREATE TABLE homes (id int4 PRIMARY KEY, home addr, g geo NOT NULL);
INSERT INTO homes VALUES
    (1, ROW('Main St', '10115', 'ok', ROW(52.5, 13.4)::geo, '{a,"b c"}', '2024-01-31', 'a'), ROW(1.5, 2)),
    (2, ROW('a "b", (c)', NULL, 'sad', NULL, '{}', NULL, NULL), ROW(NULL, 2.5)),
    (3, NULL, ROW(NULL, NULL)),
    (4, ROW(NULL, NULL, NULL, NULL, NULL, NULL, NULL), ROW('NaN', -1)),
    (5, ROW('', '', 'happy', ROW(NULL, 1)::geo, '{{x},{NULL}}', 'infinity', 'abc'), ROW(-0.0, 0.125)),
    (6, ROW('Main St', '10115', 'ok', ROW(52.5, 13.4)::geo, '{a,"b c"}', '2024-01-31', 'a'), ROW(1.5, 2));
