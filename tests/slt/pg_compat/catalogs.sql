-- What every PostgreSQL has in its catalogs: types, operators, functions, conversions, aggregates, indexable operators.
SELECT t.typname, t.typlen, t.typbyval, t.typtype, t.typcategory, t.typispreferred, t.typdelim, t.typinput, t.typoutput, t.typreceive, t.typsend, t.typalign, t.typstorage FROM pg_type t WHERE t.typnamespace = 'pg_catalog'::regnamespace AND t.typtype IN ('b', 'p', 'r', 'm') AND t.typcategory <> 'A' ORDER BY t.oid
SELECT count(*), min(oid), max(oid) FROM pg_type WHERE typnamespace = 'pg_catalog'::regnamespace AND typtype IN ('b', 'p', 'r', 'm') AND typrelid = 0 AND oid < 10000
SELECT t.oid, t.typname, e.typname AS item, t.typelem::regtype, e.typarray::regtype FROM pg_type t JOIN pg_type e ON e.oid = t.typelem WHERE t.typarray = 0 AND e.typarray = t.oid AND e.typtype = 'b' AND t.oid < 10000 ORDER BY t.oid
SELECT typname, format_type(oid, NULL), format_type(oid, typtypmod), oid::regtype FROM pg_type WHERE typnamespace = 'pg_catalog'::regnamespace AND typtype = 'b' AND typcategory <> 'A' ORDER BY typname
SELECT o.oprname, l.typname AS l, r.typname AS r, b.typname AS result, o.oprcode, o.oprcom::regoper, o.oprnegate, o.oprrest, o.oprjoin, o.oprcanhash, o.oprcanmerge FROM pg_operator o LEFT JOIN pg_type l ON l.oid = o.oprleft JOIN pg_type r ON r.oid = o.oprright JOIN pg_type b ON b.oid = o.oprresult WHERE o.oprname IN ('=', '<', '||', '@>', '-') ORDER BY o.oid
SELECT oprname, count(*) FROM pg_operator WHERE oid < 16384 GROUP BY oprname HAVING count(*) > 5 ORDER BY 2 DESC, 1
SELECT oid::regoperator, oprcode::regprocedure FROM pg_operator WHERE oprname IN ('~', '!~', '~~*') ORDER BY oid
SELECT s.typname AS source, t.typname AS target, c.castcontext, c.castmethod, c.castfunc::regprocedure FROM pg_cast c JOIN pg_type s ON s.oid = c.castsource JOIN pg_type t ON t.oid = c.casttarget WHERE c.oid < 16384 ORDER BY 1, 2
SELECT castcontext, castmethod, count(*) FROM pg_cast WHERE oid < 16384 GROUP BY 1, 2 ORDER BY 1, 2
SELECT p.proname, p.pronargs, p.prorettype::regtype, p.proretset, p.provolatile, p.proisstrict, l.lanname, p.prosrc FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang WHERE p.proname IN ('abs', 'lower', 'substring', 'generate_series', 'now', 'count', 'unnest', 'format_type') ORDER BY p.oid
SELECT count(*), count(DISTINCT proname) FROM pg_proc WHERE oid < 10000 AND prokind = 'a'
SELECT prokind, provolatile, count(*) FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace AND oid < 10000 GROUP BY 1, 2 ORDER BY 1, 2
SELECT oid::regprocedure, pg_get_function_arguments(oid), pg_get_function_identity_arguments(oid), pg_get_function_result(oid) FROM pg_proc WHERE proname IN ('lpad', 'make_interval', 'jsonb_path_query', 'json_each', 'format', 'percentile_cont', 'rank', 'mode', 'string_agg', 'int4multirange', 'aclexplode', 'jsonb_set_lax', 'xmlexists', 'random_normal', 'parse_ident') ORDER BY oid
SELECT oid::regprocedure, pg_get_functiondef(oid) FROM pg_proc WHERE proname IN ('lpad', 'make_interval', 'generate_series', 'booleq', 'pg_get_keywords', 'row_number', 'starts_with', 'bit_length', 'overlaps') ORDER BY oid
SELECT p.oid::regprocedure, n, pg_get_function_arg_default(p.oid, n) FROM pg_proc p, generate_series(0, 8) n WHERE p.proname IN ('make_interval', 'jsonb_set', 'json_each') ORDER BY p.oid, n
SELECT pg_get_functiondef('count(*)'::regprocedure)
SELECT pg_get_functiondef('sum(int4)'::regprocedure)
SELECT pg_get_functiondef(0), pg_get_function_result(0), pg_get_function_arguments(NULL)
SELECT p.oid::regprocedure, a.aggkind, a.aggnumdirectargs, a.aggtransfn, a.aggfinalfn, a.aggcombinefn, a.aggtranstype::regtype, a.agginitval, a.aggsortop::regoperator FROM pg_aggregate a JOIN pg_proc p ON p.oid = a.aggfnoid WHERE p.proname IN ('sum', 'avg', 'min', 'count', 'bool_and', 'percentile_disc', 'array_agg') ORDER BY p.oid
SELECT aggkind, count(*) FROM pg_aggregate WHERE aggfnoid < 16384 GROUP BY 1 ORDER BY 1
SELECT r.rngtypid::regtype, r.rngsubtype::regtype, r.rngmultitypid::regtype, r.rngsubopc, r.rngcanonical, r.rngsubdiff FROM pg_range r WHERE r.rngtypid < 16384 ORDER BY r.rngtypid
SELECT amname, amhandler, amtype FROM pg_am WHERE oid < 16384 ORDER BY oid
SELECT am.amname, f.opfname, c.opcname, c.opcintype::regtype, c.opcdefault, c.opckeytype::regtype FROM pg_opclass c JOIN pg_am am ON am.oid = c.opcmethod JOIN pg_opfamily f ON f.oid = c.opcfamily WHERE am.amname IN ('btree', 'hash') ORDER BY c.oid
SELECT f.opfname, a.amopstrategy, a.amopopr::regoperator, a.amoppurpose FROM pg_amop a JOIN pg_opfamily f ON f.oid = a.amopfamily WHERE f.opfname IN ('integer_ops', 'text_ops', 'range_ops') ORDER BY a.oid
SELECT f.opfname, p.amprocnum, p.amproc, p.amproclefttype::regtype FROM pg_amproc p JOIN pg_opfamily f ON f.oid = p.amprocfamily WHERE f.opfname IN ('float_ops', 'jsonb_ops') ORDER BY p.oid
SELECT conname, pg_encoding_to_char(conforencoding), pg_encoding_to_char(contoencoding), conproc, condefault FROM pg_conversion WHERE conname ~ '^utf8_to_iso' ORDER BY conname
SELECT lanname, lanispl, lanpltrusted FROM pg_language WHERE oid < 16 ORDER BY oid
SELECT cfgname, cfgparser FROM pg_ts_config ORDER BY cfgname
SELECT m.maptokentype, m.mapseqno, m.mapdict::regdictionary FROM pg_ts_config_map m WHERE m.mapcfg = 'english'::regconfig ORDER BY 1, 2
SELECT tmplname, tmplinit, tmpllexize FROM pg_ts_template ORDER BY 1
SELECT spcname FROM pg_tablespace ORDER BY 1
SELECT collname, collprovider, collisdeterministic, collencoding FROM pg_collation WHERE collname IN ('default', 'C', 'POSIX') ORDER BY oid
-- Their relations and columns.
SELECT c.relname, c.relkind, c.relnatts, c.relpersistence FROM pg_class c WHERE c.relnamespace = 'pg_catalog'::regnamespace AND c.relkind IN ('r', 'v') ORDER BY c.relname
SELECT c.relname, a.attname, a.atttypid::regtype, a.attlen, a.attnum, a.attbyval, a.attalign, a.attstorage, a.attnotnull FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid WHERE c.relname IN ('pg_class', 'pg_type', 'pg_index', 'pg_proc', 'pg_roles', 'pg_stat_activity', 'pg_locks', 'pg_settings', 'columns', 'tables', 'key_column_usage') AND a.attnum > 0 ORDER BY c.relname, a.attnum
SELECT count(*) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid WHERE c.relnamespace = 'information_schema'::regnamespace AND c.relkind = 'v' AND a.attnum > 0
SELECT pg_get_viewdef('pg_class'::regclass), pg_get_viewdef('pg_class'), pg_get_viewdef(0, true)
SELECT viewname, viewowner = pg_get_userbyid(10) FROM pg_views WHERE viewname IN ('pg_user', 'pg_group') ORDER BY 1
SELECT * FROM pg_locks WHERE false
SELECT * FROM pg_stat_activity WHERE false
SELECT * FROM pg_stat_user_tables WHERE false
SELECT * FROM pg_stat_database WHERE false
SELECT * FROM pg_indexes WHERE false
SELECT * FROM pg_policies WHERE false
SELECT * FROM pg_roles WHERE false
SELECT * FROM pg_sequences WHERE false
SELECT * FROM pg_matviews WHERE false
SELECT * FROM pg_available_extensions WHERE false
SELECT * FROM information_schema.table_constraints WHERE false
SELECT * FROM information_schema.key_column_usage WHERE false
SELECT * FROM information_schema.referential_constraints WHERE false
SELECT * FROM information_schema.routines WHERE false
SELECT * FROM information_schema.views WHERE false
SELECT * FROM information_schema.columns WHERE false
SELECT * FROM information_schema.table_privileges WHERE false
SELECT column_name, ordinal_position, is_nullable, data_type, character_maximum_length, character_octet_length, numeric_precision, numeric_precision_radix, numeric_scale, datetime_precision, udt_name FROM information_schema.columns WHERE table_schema = 'pg_catalog' AND table_name IN ('pg_class', 'pg_stat_activity', 'pg_index') ORDER BY table_name, ordinal_position
SELECT state, backend_type, query ~ 'pg_stat_activity', pid = pg_backend_pid(), datname = current_database(), usename = current_user, wait_event, leader_pid FROM pg_stat_activity WHERE pid = pg_backend_pid()
SELECT name, setting, unit, vartype, min_val, max_val, enumvals FROM pg_settings WHERE name IN ('work_mem', 'DateStyle', 'extra_float_digits', 'bytea_output', 'statement_timeout') ORDER BY name
-- Words, privileges, hashes.
SELECT catcode, catdesc, barelabel, count(*) FROM pg_get_keywords() GROUP BY 1, 2, 3 ORDER BY 1, 3
SELECT word, catcode FROM pg_get_keywords() WHERE word < 'b' ORDER BY word
SELECT k, (SELECT string_agg(privilege_type || CASE WHEN grantee = 0 THEN ' to all' ELSE '' END, ', ' ORDER BY grantee, privilege_type) FROM aclexplode(acldefault(k::"char", 10))) FROM unnest(ARRAY['r', 's', 'd', 'f', 'l', 'n', 'T', 'S']) k ORDER BY k
SELECT count(*) FROM aclexplode(NULL)
SELECT (aclexplode(acldefault('d', 10))).privilege_type
SELECT has_table_privilege('pg_class', 'SELECT'), has_schema_privilege('pg_catalog', 'USAGE'), has_type_privilege('int4', 'USAGE'), has_function_privilege('abs(int4)', 'EXECUTE')
SELECT has_table_privilege('pg_class', 'NOSUCH')
SELECT has_table_privilege('nosuch', 'SELECT')
SELECT hashtext('abc'), hashtext(''), hashtext(NULL), hashtextextended('abc', 7), hashint4(5), hashint8(-5000000000), hashint2(-3::int2), hashoid(16384), hashname('abc')
-- Numbers of what has a name.
SELECT 'pg_class'::regclass::oid, 'pg_catalog.pg_type'::regclass, '"pg_attribute"'::regclass, 1259::regclass, 0::regclass, 4294967295::oid::regclass
SELECT 'abs(int4)'::regprocedure, 'now'::regproc, '+(int4,int4)'::regoperator, 'pg_catalog'::regnamespace, 'simple'::regdictionary, 'english'::regconfig, '"C"'::regcollation
SELECT 'abs'::regproc
SELECT '+'::regoper
SELECT 'nosuch.x'::regclass
SELECT 'a.b.c.d'::regclass
SELECT ''::regclass
SELECT 'nosuch(int4)'::regprocedure
SELECT 'abs(nosuch)'::regprocedure
SELECT to_regclass('a.b.c.d')
SELECT oid::regclass, relname FROM pg_class WHERE oid = 'pg_class'::regclass OR oid IN ('pg_type'::regclass, 1249) ORDER BY oid
SELECT c.oid::regclass::text || '!' FROM pg_class c WHERE c.relname = 'pg_tables'
SELECT array_agg(oid::regtype ORDER BY oid) FROM pg_type WHERE typname IN ('int4', 'bpchar', 'timestamptz')
SELECT ARRAY[23, 25]::regtype[], ARRAY['pg_class'::regclass]
SELECT relname FROM pg_class WHERE oid = $$pg_type$$::regclass::int8
-- Vectors begin at 0.
SELECT '1 2 3'::int2vector, ('1 2 3'::int2vector)[0], ('1 2 3'::int2vector)[2], array_lower('1 2'::int2vector, 1), array_upper('1 2'::oidvector, 1), 2 = ANY ('1 2'::int2vector)
SELECT array_length(proargtypes, 1), proargtypes[0]::regtype, proargtypes::oid[], proargtypes FROM pg_proc WHERE oid = 'substring(text,int4,int4)'::regprocedure
SELECT * FROM information_schema._pg_expandarray('4 5 6'::int2vector)
SELECT (information_schema._pg_expandarray(ARRAY['a', 'b'])).n, (information_schema._pg_expandarray(ARRAY['a', 'b'])).x
SELECT r.a, (r.keys).x, (r.keys).n FROM (SELECT 1 AS a, information_schema._pg_expandarray('7 8'::int2vector) AS keys) r WHERE (r.keys).n > 1
SELECT information_schema._pg_expandarray(ARRAY[4, NULL])
SELECT unnest(proargtypes)::regtype FROM pg_proc WHERE oid = 'make_interval'::regproc
SELECT p.proname, (SELECT string_agg(t.typname, ',' ORDER BY k.n) FROM unnest(p.proargtypes) WITH ORDINALITY AS k(oid, n) JOIN pg_type t ON t.oid = k.oid) FROM pg_proc p WHERE p.proname IN ('lpad', 'substring') ORDER BY p.oid
SELECT information_schema._pg_char_max_length(1043, 14), information_schema._pg_char_octet_length(25, -1), information_schema._pg_numeric_precision(1700, 655366), information_schema._pg_numeric_scale(1700, 655366), information_schema._pg_numeric_precision_radix(23, -1), information_schema._pg_datetime_precision(1114, 3), information_schema._pg_interval_type(1186, 458751), information_schema._pg_index_position(0, 1::int2)
SELECT _pg_expandarray(ARRAY[1])
-- What isn't there.
SELECT pg_get_viewdef(0), pg_get_constraintdef(0), pg_get_indexdef(0), pg_get_triggerdef(0), pg_get_ruledef(0), pg_get_partkeydef(0), pg_get_statisticsobjdef(0), pg_get_userbyid(0), pg_get_function_sqlbody(0)
SELECT pg_relation_size(0), pg_table_is_visible(0), pg_type_is_visible(0), pg_function_is_visible(0), pg_operator_is_visible(0), pg_statistics_obj_is_visible(0), pg_tablespace_location(0)
SELECT count(*) FROM pg_partition_ancestors('pg_class'), pg_partition_tree('pg_class')
SELECT pg_partition_root('pg_class'), pg_describe_object('pg_class'::regclass, 'pg_type'::regclass, 2), pg_describe_object('pg_type'::regclass, 23, 0), pg_describe_object('pg_proc'::regclass, 'now'::regproc, 0), pg_describe_object('pg_namespace'::regclass, 11, 0)
SELECT option_name, option_value FROM pg_options_to_table(ARRAY['a=b', 'c', 'd=e=f'])
SELECT obj_description('pg_class'::regclass), obj_description(0, 'pg_class'), col_description('pg_class'::regclass, 1) IS NULL
SELECT * FROM nosuch.t
SELECT * FROM pg_catalog.nosuch
SELECT nosuch FROM pg_class
SELECT pg_catalog.nosuch(1)
SELECT information_schema.nosuch(1)
SELECT '-'::regoper
SELECT '-(int4,int4)'::regoperator, 0::regoper, '0'::regoperator, 0::regprocedure
SELECT DISTINCT tableoid::regclass FROM pg_language
SELECT l.lanname, d.description FROM pg_language l LEFT JOIN pg_description d ON d.classoid = l.tableoid AND d.objoid = -1 WHERE l.oid = 12
SELECT p.tableoid, c.tableoid::regclass FROM pg_proc p JOIN pg_class c ON c.oid = p.tableoid LIMIT 1
SELECT name, current_setting(name) FROM pg_settings WHERE name IN ('work_mem', 'server_encoding', 'standard_conforming_strings') ORDER BY name
SELECT current_setting('nosuch' || count(*)::text, true), current_setting(lower('DATESTYLE')) FROM pg_am WHERE false
SELECT t.typname, ARRAY(SELECT x FROM unnest(t.typname::text::"char"[] || ARRAY['z'::"char"]) x) FROM pg_type t WHERE false
SELECT p.proname, ARRAY(SELECT x || '!' FROM unnest(p.proargnames) x) FROM pg_proc p WHERE p.proname IN ('make_interval', 'lpad', 'json_each') ORDER BY p.oid
SELECT count(*), count(DISTINCT names) FROM (SELECT (SELECT string_agg(n, '/') FROM unnest(p.proargnames) n) AS names FROM pg_proc p WHERE p.oid < 1000) t
SELECT g, (SELECT sum(x) FROM unnest(a) x), ARRAY(SELECT x + g FROM unnest(a) x ORDER BY 1) FROM (VALUES (1, ARRAY[1, 2]), (2, NULL), (3, '{}'), (4, ARRAY[1, 2]), (5, ARRAY[NULL, 3])) t(g, a) ORDER BY g
SELECT g, b FROM (VALUES (1, ARRAY['a', 'b,c']), (2, ARRAY['a,b', 'c']), (3, NULL)) t(g, a) LEFT JOIN LATERAL (SELECT string_agg(x, '|') AS b FROM unnest(a) x) s ON true ORDER BY g
SELECT (r.pair).key, (r.pair).value FROM (SELECT json_each('{"a":1,"b":[2]}') AS pair) r ORDER BY 1
SELECT r.pair FROM (SELECT jsonb_each('{"a":1}') AS pair) r
SELECT (r.pair).nosuch FROM (SELECT json_each('{"a":1}') AS pair) r
SELECT * FROM pg_timezone_names WHERE name IN ('UTC', 'Asia/Tokyo', 'America/New_York', 'Europe/Berlin', 'Asia/Kolkata') ORDER BY name
