-- Settings and information about the session and the types.
SELECT current_setting('server_version_num') ~ '^\d+$', current_setting('server_encoding'), current_setting('client_encoding'), current_setting('standard_conforming_strings'), current_setting('DateStyle'), current_setting('IntervalStyle'), current_setting('integer_datetimes'), current_setting('bytea_output'), current_setting('extra_float_digits')
SELECT current_setting('nosuch', true), current_setting('nosuch.x', true), current_setting('datestyle', true), current_setting('transaction_isolation'), current_setting('default_transaction_isolation')
SHOW server_encoding
SHOW client_encoding
SHOW standard_conforming_strings
SHOW DateStyle
SHOW IntervalStyle
SHOW extra_float_digits
SHOW transaction_isolation
SHOW TRANSACTION ISOLATION LEVEL
SHOW search_path
SELECT current_setting('search_path')
SELECT current_schema(), current_schemas(false), current_schemas(true)
SHOW nosuch
SHOW nosuch.x
SELECT pg_typeof(1), pg_typeof('a'::text), pg_typeof(ARRAY[1]), pg_typeof(1::int4 = 1), pg_typeof(NULL), pg_typeof(pg_typeof(1)), pg_typeof('a'::char(3)), pg_typeof(current_schema), pg_typeof(version())
SELECT format_type(23, NULL), format_type(1043, 14), format_type(1700, 327686), format_type(1007, NULL), format_type(1042, 5), format_type(1114, 3), format_type(0, NULL), format_type(NULL, NULL), format_type(99999, NULL), format_type(25, -1), format_type(1560, 3)
SELECT version() LIKE 'PostgreSQL %', current_database() = current_catalog, current_user = session_user, pg_backend_pid() > 0, pg_is_in_recovery(), inet_server_port() > 0
SELECT pg_encoding_to_char(6), pg_char_to_encoding('UTF8'), getdatabaseencoding(), pg_client_encoding(), pg_column_size(1), pg_column_size(1::int8), pg_size_pretty(1024::int8), pg_size_pretty(123456789::int8), pg_size_pretty(10::int8), pg_size_bytes('1 kB'), pg_size_bytes('1.5 MB')
SELECT pg_size_bytes('x')
SELECT pg_size_pretty(1e20), pg_size_pretty(0::int8), pg_size_pretty((-1024000)::int8), pg_size_pretty(10239::int8), pg_size_pretty(10240::int8)
SELECT pg_table_is_visible('pg_class'::regclass), pg_type_is_visible('int4'::regtype), pg_function_is_visible('upper(text)'::regprocedure), has_schema_privilege('pg_catalog', 'usage'), to_regclass('nosuch'), to_regtype('int4'), to_regproc('nosuch'), to_regnamespace('pg_catalog')
SELECT typname, typlen, typtype, typcategory FROM pg_type WHERE oid IN (16, 20, 21, 23, 25, 700, 701, 1043, 1082, 1114, 1184, 1700) ORDER BY oid
SELECT t.typname, e.typname FROM pg_type t JOIN pg_type e ON t.typelem = e.oid WHERE t.oid IN (1007, 1009, 1016) ORDER BY t.oid
SELECT nspname FROM pg_namespace WHERE nspname IN ('pg_catalog', 'information_schema') ORDER BY 1
SELECT relname, relkind FROM pg_class WHERE relname IN ('pg_class', 'pg_type', 'pg_attribute') ORDER BY 1
SELECT attname, atttypid::regtype, attnum, attnotnull FROM pg_attribute WHERE attrelid = 'pg_namespace'::regclass AND attnum > 0 ORDER BY attnum
SELECT count(*) > 0 FROM pg_class WHERE relkind = 'r'
SELECT datname = current_database() FROM pg_database WHERE datname = current_database()
SELECT setting FROM pg_settings WHERE name = 'server_encoding'
SELECT schema_name FROM information_schema.schemata WHERE schema_name IN ('pg_catalog', 'information_schema') ORDER BY 1
SELECT table_name, table_type FROM information_schema.tables WHERE table_schema = 'pg_catalog' AND table_name IN ('pg_class', 'pg_type') ORDER BY 1
SELECT column_name, data_type, is_nullable FROM information_schema.columns WHERE table_schema = 'pg_catalog' AND table_name = 'pg_namespace' ORDER BY ordinal_position
SELECT obj_description(0, 'pg_class'), col_description(0, 0), shobj_description(0, 'pg_database'), pg_get_userbyid(0), pg_get_expr(NULL, 0), pg_get_viewdef(0), pg_get_constraintdef(0), pg_get_indexdef(0)
SELECT 'pg_class'::regclass::text, 'int4'::regtype::text, 'upper(text)'::regprocedure::text, 'pg_catalog'::regnamespace::text, 1259::regclass, 23::regtype, 11::regnamespace, 0::regclass, 0::regtype, 99999999::regclass
SELECT 'nosuch'::regproc
SELECT 'nosuch(text)'::regprocedure
SELECT 'nosuch'::regnamespace
SELECT 'upper'::regproc
SELECT txid_current_if_assigned() IS NULL, pg_conf_load_time() < now(), pg_postmaster_start_time() < now(), clock_timestamp() >= now(), statement_timestamp() >= now(), transaction_timestamp() = now(), timeofday() <> ''
SELECT oid, typname FROM pg_type WHERE typname = ANY (ARRAY['int4', 'text']) ORDER BY oid
SELECT rolname = current_user FROM pg_roles WHERE rolname = current_user
SELECT hashtext('a') = hashtext('a'), pg_jit_available() IS NOT NULL, pg_collation_for('a'::text), row_security_active('pg_class'::regclass), has_table_privilege('pg_class', 'select'), has_database_privilege(current_database(), 'connect')
SELECT pg_current_xact_id_if_assigned(), txid_current_if_assigned(), pg_typeof(timeofday()), pg_typeof(pg_postmaster_start_time()), length(timeofday()) > 30
-- Time zones as POSIX writes them.
SET TimeZone = 'CST7CDT'
SELECT current_setting('TimeZone'), timestamptz '2024-07-01 12:00+00', timestamptz '2024-01-01 12:00+00', to_char(timestamptz '2024-07-01 12:00+00', 'TZ OF tz')
SET TimeZone = 'EST5EDT'
SELECT current_setting('TimeZone'), timestamptz '2024-07-01 12:00+00', timestamptz '2024-01-01 12:00', timestamptz '2024-03-10 02:30'
SET TimeZone = '<+03>-3'
SELECT current_setting('TimeZone'), timestamptz '2024-07-01 12:00+00', timestamptz '2024-01-01 12:00', timestamp '2024-01-01'::timestamptz
SET TimeZone = 'UTC+3'
SELECT current_setting('TimeZone'), timestamptz '2024-07-01 12:00+00', ARRAY[timestamptz '2024-07-01 12:00+00'], to_json(timestamptz '2024-07-01 12:00+00')
SET TimeZone = 'foo5bar'
SELECT current_setting('TimeZone'), timestamptz '2024-07-01 12:00+00', timestamptz '2024-01-01 12:00+00'
SET TimeZone = 'CST7CDT,M4.1.0,M10.5.0'
SELECT current_setting('TimeZone'), timestamptz '2024-07-01 12:00+00', timestamptz '2024-03-20 12:00+00'
SET TimeZone = -8
SELECT current_setting('TimeZone'), timestamptz '2024-07-01 12:00+00'
SET TimeZone = '5.5'
SELECT current_setting('TimeZone'), timestamptz '2024-07-01 12:00+00'
SET TimeZone = 'europe/berlin'
SELECT current_setting('TimeZone'), timestamptz '2024-07-01 12:00+00', timestamptz '2500-07-01 12:00', timestamptz '1900-01-01 12:00+00'
SET TimeZone = 'FOO'
SET TimeZone = '<+03>'
SET TimeZone = 'Mars/Base'
RESET TimeZone
SELECT timestamptz '2024-07-01 12:00+00' AT TIME ZONE 'CST7CDT', timestamptz '2024-07-01 12:00+00' AT TIME ZONE '<+03>-3', timestamptz '2024-07-01 12:00+00' AT TIME ZONE 'FOO5BAR', timestamptz '2024-07-01 12:00+00' AT TIME ZONE 'UTC+3'
SELECT timestamptz '2024-07-01 12:00 CST7CDT', timestamptz '2024-07-01 12:00 UTC+3', timestamptz '2024-07-01 12:00 FOO5BAR', timestamptz '2024-07-01 12:00 PST8PDT', timetz '2024-07-01 12:00 CST7CDT'
SELECT timestamptz '2024-07-01 12:00 <+03>-3'
SELECT make_timestamptz(2024, 7, 1, 12, 0, 0, 'CST7CDT'), make_timestamptz(2014, 12, 10, 0, 0, 0, 'UTC-2'), timezone('CST7CDT', timestamp '2024-07-01 12:00'), date_trunc('day', timestamptz '2024-07-01 12:00+00', 'CST7CDT')
