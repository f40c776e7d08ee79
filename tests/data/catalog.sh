#!/usr/bin/env bash
# Writes the tables by which names, operators, functions and conversions are resolved, from the catalogs of a live
# PostgreSQL 17: `catalog.sh 'host=127.0.0.1 user=postgres'`. Types that Weir doesn't have are left out. Also writes what the
# system catalogs themselves hold of a PostgreSQL without any objects of its own, whole.
set -euo pipefail
dsn=${1:?a connection string of a PostgreSQL 17}
out="$(dirname "$0")/../../planner/src/bind/pg/catalog"

known="('bool','bytea','char','name','int8','int2','int4','text','oid','json','jsonb','float4','float8','money','unknown',
 'bpchar','varchar','date','time','timestamp','timestamptz','interval','timetz','bit','varbit','numeric','uuid','inet','cidr',
 'macaddr','macaddr8','jsonpath','int4range','int8range','numrange','daterange','tsrange','tstzrange','int4multirange',
 'int8multirange','nummultirange','datemultirange','tsmultirange','tstzmultirange','regclass','regtype','regproc',
 'regprocedure','regnamespace','regrole','record','void','any','anyelement','anyarray','anynonarray','anyenum','anyrange',
 'anymultirange','anycompatible','anycompatiblearray','anycompatiblenonarray','anycompatiblerange',
 'anycompatiblemultirange','xid','cid','tid','xid8','pg_lsn','int2vector','oidvector','pg_node_tree','aclitem','regoper',
 'regoperator','regconfig','regdictionary','regcollation')"
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

# Defaults are constants; of arguments that only go out, name and type follow. What is of information_schema is known by its name.
table functions "
select p.proname, p.prokind, coalesce(a.types, ''), case when p.provariadic <> 0 then 'v' else '' end, p.pronargdefaults,
 coalesce(pg_get_expr(p.proargdefaults, 0), ''), case when p.proretset then 's' else '' end, t.name,
 case when p.proisstrict then 's' else '' end, p.provolatile,
 case when p.pronamespace = 'pg_catalog'::regnamespace then p.prosrc else p.proname end, coalesce(array_to_string(p.proargnames, ','), ''),
 coalesce(o.types, '')
from pg_proc p join known t on t.oid = p.prorettype
left join lateral (select string_agg(k.name, ',' order by n) as types, count(*) as found
 from unnest(p.proargtypes) with ordinality as u(oid, n) join known k on k.oid = u.oid) a on true
left join lateral (select string_agg(m::text || ':' || k.name, ',' order by n) as types, count(*) as found
 from unnest(p.proallargtypes, p.proargmodes) with ordinality as u(oid, m, n) join known k on k.oid = u.oid) o on true
where p.pronamespace in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace) and p.prokind <> 'p' and a.found = p.pronargs
 and (p.proallargtypes is null or o.found = cardinality(p.proallargtypes))
 and p.proname !~ '^(pg_stat_(reset|clear|force|file)|pg_replication|pg_logical|binary_upgrade|brin|gin|gist|hash(?!(text|textextended|name|int2|int4|int8|oid)$)|spg|bt(?!rim)|pg_wal|pg_ls(?!n)|pg_read|pg_control|pg_create|pg_drop|pg_extension|pg_import|pg_log|pg_get_wal(?!_senders)|pg_show_all|pg_sync|pg_switch|lo_|ts_|satisfies|pg_try|pg_advisory|loread|lowrite|pg_notify|pg_export|pg_file|pg_promote|pg_reload|pg_rotate|pg_backup|pg_current_wal|pg_last|pg_nextoid|pg_stop|pg_start|array_send|.*_send$|.*_recv$)'
order by p.proname collate \"C\", p.oid"

table types "
select k.name, t.oid, t.typcategory, case when t.typispreferred then 'p' else '' end, format_type(t.oid, null), t.typarray
from known k join pg_type t on t.oid = k.oid order by t.oid"

# What is in the catalogs of a database without objects of its own, with the names of the columns before it. Functions, types
# and relations by their numbers; nothing that tells of roles, indexes or files. Expressions as they are printed.
rows="$(dirname "$0")/../../planner/src/pg_catalog/rows"
mkdir -p "$rows"
schemas="('pg_catalog'::regnamespace, 'information_schema'::regnamespace)"
shown="(select c.oid from pg_class c where c.relnamespace in $schemas and c.relkind in ('r', 'v'))"

# dump RELATION CONDITION ORDER [COLUMN=VALUE ...]
dump() {
    local relation=$1 condition=$2 order=$3 replaced="('', '')" columns one value
    shift 3
    for one in "$@"; do
        value=${one#*=}
        replaced+=", ('${one%%=*}', '${value//\'/\'\'}')"
    done
    columns="$(psql -X -q -A -t -v ON_ERROR_STOP=1 "$dsn" -c "
        select string_agg(coalesce(r.value, case when a.atttypid = 'regproc'::regtype then quote_ident(attname) || '::oid'
          else quote_ident(attname) end) || ' as ' || quote_ident(attname), ', ' order by attnum)
        from pg_attribute a left join (values $replaced) r(name, value) on r.name = a.attname
        where attrelid = 'pg_catalog.$relation'::regclass and attnum > 0 and not attisdropped")"
    psql -X -q -v ON_ERROR_STOP=1 "$dsn" \
        -c "copy (select $columns from pg_catalog.$relation t where $condition order by $order) to stdout (header)" >"$rows/$relation.tsv"
}

own="oid < 16384"
# The owner by the name that it has here; what PostgreSQL hides holds nothing that is hidden.
acl="'{weir=arwdDxtm/weir,=r/weir}'"
schema_acl="'{weir=UC/weir,=U/weir}'"
dump pg_class "oid in $shown" oid "relacl=$acl" reltoastrelid=0::oid relhasindex=false relpages=0 reltuples=-1 relallvisible=0 relhasrules=false relfilenode=0::oid
dump pg_attribute "attrelid in $shown and attnum > 0" "attrelid, attnum" attacl=null attmissingval=null::text
dump pg_type "$own and typnamespace in $schemas and (typrelid = 0 or typrelid in $shown) and (typcategory <> 'A'
  or typelem in (select oid from pg_type where typrelid = 0 or typrelid in $shown))" oid typacl=null
dump pg_namespace "oid in $schemas" oid "nspacl=$schema_acl"
dump pg_proc "$own and pronamespace in $schemas and prolang in (12, 13, 14) and proname !~ '^plpgsql'" oid proacl=null "proargdefaults=pg_get_expr(proargdefaults, 0)" "prosqlbody=pg_get_function_sqlbody(oid)"
dump pg_aggregate "aggfnoid < 16384" aggfnoid
dump pg_operator "$own" oid
dump pg_cast "$own" oid
dump pg_range "rngtypid < 16384" rngtypid
dump pg_am "$own" oid
dump pg_amop "$own" oid
dump pg_amproc "$own" oid
dump pg_opclass "$own" oid
dump pg_opfamily "$own" oid
dump pg_language "oid in (12, 13, 14)" oid lanacl=null
dump pg_collation "collname in ('default', 'C', 'POSIX')" oid
dump pg_conversion "$own" oid
dump pg_tablespace "$own" oid spcacl=null
dump pg_ts_config "$own" oid
dump pg_ts_config_map "mapcfg < 16384" "mapcfg, maptokentype, mapseqno"
dump pg_ts_dict "$own" oid
dump pg_ts_parser "$own" oid
dump pg_ts_template "$own" oid
# What is told of settings whatever their values, but for their descriptions.
psql -X -q -v ON_ERROR_STOP=1 "$dsn" -c "copy (select name, unit, category, context, vartype, min_val, max_val, enumvals
 from pg_settings order by name collate \"C\") to stdout (header)" >"$rows/settings.tsv"

psql -X -q -v ON_ERROR_STOP=1 "$dsn" -c "copy (select * from pg_get_keywords() order by word collate \"C\") to stdout (header)" >"$rows/keywords.tsv"
