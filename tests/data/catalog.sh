#!/usr/bin/env bash
# Writes the tables by which names, operators, functions and conversions are resolved, from the catalogs of a live
# PostgreSQL 17: `catalog.sh 'host=127.0.0.1 user=postgres'`. Types that Weir doesn't have are left out.
set -euo pipefail
dsn=${1:?a connection string of a PostgreSQL 17}
out="$(dirname "$0")/../../planner/src/bind/pg/catalog"

known="('bool','bytea','char','name','int8','int2','int4','text','oid','json','jsonb','float4','float8','money','unknown',
 'bpchar','varchar','date','time','timestamp','timestamptz','interval','timetz','bit','varbit','numeric','uuid','inet','cidr',
 'macaddr','macaddr8','jsonpath','int4range','int8range','numrange','daterange','tsrange','tstzrange','int4multirange',
 'int8multirange','nummultirange','datemultirange','tsmultirange','tstzmultirange','regclass','regtype','regproc',
 'regprocedure','regnamespace','regrole','record','void','any','anyelement','anyarray','anynonarray','anyenum','anyrange',
 'anymultirange','anycompatible','anycompatiblearray','anycompatiblenonarray','anycompatiblerange',
 'anycompatiblemultirange','xid','cid','tid','xid8','pg_lsn')"
# A type's name, as `_name` for an array.
names="create temp view known as
 select oid, typname::text as name from pg_type where typnamespace = 'pg_catalog'::regnamespace and typname in $known
 union all
 select a.oid, '_' || e.typname from pg_type e join pg_type a on a.oid = e.typarray
 where e.typnamespace = 'pg_catalog'::regnamespace and e.typname in $known;"

table() {
    psql -X -q -A -t -F $'\t' -v ON_ERROR_STOP=1 "$dsn" -c "$names" -c "$2" >"$out/$1.tsv"
}

table operators "
select o.oprname, coalesce(l.name, ''), r.name, t.name, p.prosrc
from pg_operator o left join known l on l.oid = o.oprleft join known r on r.oid = o.oprright
join known t on t.oid = o.oprresult join pg_proc p on p.oid = o.oprcode
where o.oprleft = 0 or l.oid is not null
order by o.oprname collate \"C\", o.oid"

table casts "
select s.name, t.name, c.castcontext, c.castmethod, coalesce(p.prosrc, '')
from pg_cast c join known s on s.oid = c.castsource join known t on t.oid = c.casttarget left join pg_proc p on p.oid = c.castfunc
order by 1, 2"

# Defaults are constants; of arguments that only go out, name and type follow.
table functions "
select p.proname, p.prokind, coalesce(a.types, ''), case when p.provariadic <> 0 then 'v' else '' end, p.pronargdefaults,
 coalesce(pg_get_expr(p.proargdefaults, 0), ''), case when p.proretset then 's' else '' end, t.name,
 case when p.proisstrict then 's' else '' end, p.provolatile, p.prosrc, coalesce(array_to_string(p.proargnames, ','), ''),
 coalesce(o.types, '')
from pg_proc p join known t on t.oid = p.prorettype
left join lateral (select string_agg(k.name, ',' order by n) as types, count(*) as found
 from unnest(p.proargtypes) with ordinality as u(oid, n) join known k on k.oid = u.oid) a on true
left join lateral (select string_agg(m::text || ':' || k.name, ',' order by n) as types, count(*) as found
 from unnest(p.proallargtypes, p.proargmodes) with ordinality as u(oid, m, n) join known k on k.oid = u.oid) o on true
where p.pronamespace = 'pg_catalog'::regnamespace and p.prokind <> 'p' and a.found = p.pronargs
 and (p.proallargtypes is null or o.found = cardinality(p.proallargtypes))
 and p.proname !~ '^(pg_stat|pg_replication|pg_logical|binary_upgrade|brin|gin|gist|hash|spg|bt(?!rim)|pg_wal|pg_ls(?!n)|pg_read|pg_control|pg_create|pg_drop|pg_extension|pg_import|pg_log|pg_get_wal|pg_get_replication|pg_show|pg_sync|pg_switch|lo_|ts_|satisfies|pg_try|pg_advisory|loread|lowrite|pg_notify|pg_export|pg_file|pg_promote|pg_reload|pg_rotate|pg_backup|pg_current_wal|pg_last|pg_nextoid|pg_stop|pg_start|array_send|.*_send$|.*_recv$)'
order by p.proname collate \"C\", p.oid"

# How many functions have a name, those that are left out above included.
table function_names "
select proname, count(*) from pg_proc where pronamespace = 'pg_catalog'::regnamespace
group by proname order by proname collate \"C\""

table types "
select k.name, t.oid, t.typcategory, case when t.typispreferred then 'p' else '' end, format_type(t.oid, null)
from known k join pg_type t on t.oid = k.oid order by t.oid"
