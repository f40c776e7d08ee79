//! The types that PostgreSQL has without any being made.

/// A type that isn't an array.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Builtin {
    pub oid: u32,
    /// As the catalog has it.
    pub name: &'static str,
    /// The type of arrays of it; 0 if there is none.
    pub array_oid: u32,
    /// As SQL writes it.
    pub sql_name: &'static str,
}

const fn of(oid: u32, name: &'static str, array_oid: u32) -> Builtin {
    Builtin { oid, name, array_oid, sql_name: name }
}

const fn named(oid: u32, name: &'static str, array_oid: u32, sql_name: &'static str) -> Builtin {
    Builtin { oid, name, array_oid, sql_name }
}

/// By their oids.
const BUILTINS: &[Builtin] = &[
    named(16, "bool", 1000, "boolean"),
    of(17, "bytea", 1001),
    named(18, "char", 1002, "\"char\""),
    of(19, "name", 1003),
    named(20, "int8", 1016, "bigint"),
    named(21, "int2", 1005, "smallint"),
    of(22, "int2vector", 1006),
    named(23, "int4", 1007, "integer"),
    of(24, "regproc", 1008),
    of(25, "text", 1009),
    of(26, "oid", 1028),
    of(27, "tid", 1010),
    of(28, "xid", 1011),
    of(29, "cid", 1012),
    of(30, "oidvector", 1013),
    of(32, "pg_ddl_command", 0),
    of(114, "json", 199),
    of(142, "xml", 143),
    of(194, "pg_node_tree", 0),
    of(269, "table_am_handler", 0),
    of(325, "index_am_handler", 0),
    of(600, "point", 1017),
    of(601, "lseg", 1018),
    of(602, "path", 1019),
    of(603, "box", 1020),
    of(604, "polygon", 1027),
    of(628, "line", 629),
    of(650, "cidr", 651),
    named(700, "float4", 1021, "real"),
    named(701, "float8", 1022, "double precision"),
    of(705, "unknown", 0),
    of(718, "circle", 719),
    of(774, "macaddr8", 775),
    of(790, "money", 791),
    of(829, "macaddr", 1040),
    of(869, "inet", 1041),
    of(1033, "aclitem", 1034),
    named(1042, "bpchar", 1014, "character"),
    named(1043, "varchar", 1015, "character varying"),
    of(1082, "date", 1182),
    named(1083, "time", 1183, "time without time zone"),
    named(1114, "timestamp", 1115, "timestamp without time zone"),
    named(1184, "timestamptz", 1185, "timestamp with time zone"),
    of(1186, "interval", 1187),
    named(1266, "timetz", 1270, "time with time zone"),
    of(1560, "bit", 1561),
    named(1562, "varbit", 1563, "bit varying"),
    of(1700, "numeric", 1231),
    of(1790, "refcursor", 2201),
    of(2202, "regprocedure", 2207),
    of(2203, "regoper", 2208),
    of(2204, "regoperator", 2209),
    of(2205, "regclass", 2210),
    of(2206, "regtype", 2211),
    of(2249, "record", 2287),
    of(2275, "cstring", 1263),
    named(2276, "any", 0, "\"any\""),
    of(2277, "anyarray", 0),
    of(2278, "void", 0),
    of(2279, "trigger", 0),
    of(2280, "language_handler", 0),
    of(2281, "internal", 0),
    of(2283, "anyelement", 0),
    of(2776, "anynonarray", 0),
    of(2950, "uuid", 2951),
    of(2970, "txid_snapshot", 2949),
    of(3115, "fdw_handler", 0),
    of(3220, "pg_lsn", 3221),
    of(3310, "tsm_handler", 0),
    of(3361, "pg_ndistinct", 0),
    of(3402, "pg_dependencies", 0),
    of(3500, "anyenum", 0),
    of(3614, "tsvector", 3643),
    of(3615, "tsquery", 3645),
    of(3642, "gtsvector", 3644),
    of(3734, "regconfig", 3735),
    of(3769, "regdictionary", 3770),
    of(3802, "jsonb", 3807),
    of(3831, "anyrange", 0),
    of(3838, "event_trigger", 0),
    of(3904, "int4range", 3905),
    of(3906, "numrange", 3907),
    of(3908, "tsrange", 3909),
    of(3910, "tstzrange", 3911),
    of(3912, "daterange", 3913),
    of(3926, "int8range", 3927),
    of(4072, "jsonpath", 4073),
    of(4089, "regnamespace", 4090),
    of(4096, "regrole", 4097),
    of(4191, "regcollation", 4192),
    of(4451, "int4multirange", 6150),
    of(4532, "nummultirange", 6151),
    of(4533, "tsmultirange", 6152),
    of(4534, "tstzmultirange", 6153),
    of(4535, "datemultirange", 6155),
    of(4536, "int8multirange", 6157),
    of(4537, "anymultirange", 0),
    of(4538, "anycompatiblemultirange", 0),
    of(4600, "pg_brin_bloom_summary", 0),
    of(4601, "pg_brin_minmax_multi_summary", 0),
    of(5017, "pg_mcv_list", 0),
    of(5038, "pg_snapshot", 5039),
    of(5069, "xid8", 271),
    of(5077, "anycompatible", 0),
    of(5078, "anycompatiblearray", 0),
    of(5079, "anycompatiblenonarray", 0),
    of(5080, "anycompatiblerange", 0),
];

/// The type of an oid.
pub fn builtin_by_oid(oid: u32) -> Option<&'static Builtin> {
    BUILTINS.binary_search_by_key(&oid, |builtin| builtin.oid).ok().and_then(|at| BUILTINS.get(at))
}

/// The type of a catalog name, as in `int4`.
pub fn builtin_by_name(name: &str) -> Option<&'static Builtin> {
    BUILTINS.iter().find(|builtin| builtin.name == name)
}

/// The type of the items of an array type.
pub fn element_type_of(array_oid: u32) -> Option<&'static Builtin> {
    BUILTINS.iter().find(|builtin| array_oid != 0 && builtin.array_oid == array_oid)
}

/// The type of arrays of a type.
pub fn array_type_of(oid: u32) -> Option<u32> {
    builtin_by_oid(oid).map(|builtin| builtin.array_oid).filter(|&oid| oid != 0)
}
