"""Sends parameters of every type to a PostgreSQL and to Weir, as texts and in binary, asks for them back in both formats, and
prints what differs: types, bytes, SQLSTATEs and messages. Run by tests/it/parameters.rs."""
import struct
import sys

import psycopg

TEXT, BINARY = 0, 1

# By type: texts, some of them no such values.
VALUES = {
    "bool": ["t", "off", "x"],
    "int2": ["7", "-32768", "40000"],
    "int4": ["7", "0x10", "x"],
    "int8": ["9223372036854775807", "1.5"],
    "oid": ["4294967295", "-1"],
    "float4": ["1.5", "NaN", "-Infinity", "1e400"],
    "float8": ["0.1", "NaN", "Infinity", "x"],
    "numeric": ["NaN", "Infinity", "-Infinity", "0", "1.500", "1e-400", "1e200", "-12345.678900", "1.2.3"],
    "money": ["12.5", "-$1,000.00", "x"],
    "text": ["a b", ""],
    "varchar": ["ab  "],
    "bpchar": ["ab  "],
    "name": ["x" * 70],
    '"char"': ["abc", "", "\\351"],
    "bytea": ["\\xdeadbeef", "a\\000b", "\\xz"],
    "uuid": ["A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11", "{a0eebc999c0b4ef8bb6d6bb9bd380a11}", "1"],
    "json": ['{"b":1,  "a":2}', "x"],
    "jsonb": ['{"b":1,  "a":2}', "[1, null]", "x"],
    "jsonpath": ["$.a  ", "strict $[*] ? (@ > 1)", "$."],
    "inet": ["10.1.2.3/8", "10.0.0.1/32", "::1", "x"],
    "cidr": ["10.0.0.0/8", "10.1.0.0/8"],
    "macaddr": ["08-00-2b-01-02-03", "x"],
    "macaddr8": ["08:00:2b:01:02:03", "08002b0102030405"],
    "bit": ["101", "2"],
    "varbit": ["B101", "", "X1F"],
    "date": ["2024-02-29", "infinity", "0044-03-15 BC", "2024-02-30"],
    "time": ["12:34:56.789", "24:00:00", "25:00:00"],
    "timetz": ["10:00+02", "23:59:59.999999-15:59:59"],
    "timestamp": ["2024-02-29 12:00:00.5", "-infinity", "x"],
    "timestamptz": ["2024-02-29 12:00+03", "infinity"],
    "interval": ["1 mon -2 days 03:04:05.6", "P1Y", "x"],
    "int4range": ["[1,3]", "(,)", "empty", "[3,1]", "x"],
    "int8range": ["(1,5)"],
    "numrange": ["[1.50,2)", "(,NaN]"],
    "daterange": ["[2020-01-01,2020-01-05]", "[,infinity)"],
    "tsrange": ['["2020-01-01 10:00",)'],
    "tstzrange": ["[2020-01-01 00:00+02,)"],
    "int4multirange": ["{[1,2],[2,5]}", "{}", "{x}"],
    "datemultirange": ["{[2020-01-01,2020-01-02],[2021-01-01,)}"],
    "regclass": ["pg_class", "1259", "-", "no_such_table"],
    "regtype": ["int4", "integer[]", "0"],
    "regproc": ["now"],
    "regnamespace": ["pg_catalog"],
    "tid": ["(1,2)", "(x)"],
    "int2vector": ["1 2", ""],
    "oidvector": ["1 2 3", "x"],
    "xid": ["5"],
    "cid": ["5"],
    "xid8": ["18446744073709551615"],
    "pg_lsn": ["0/16B3748", "x"],
    "record": ["(1,2)"],
    "int4[]": ["{1,NULL,3}", "{}", "{{1,2},{3,4}}", "[0:1][2:3]={{1,2},{3,NULL}}", "[5:5]={7}", "{{1,2},{3}}", "{1,2", "[1:3]={1,2}", "{1,x}"],
    "text[]": ['{a,"b \\"c","",NULL,"NULL"}', "{{a},{b}}"],
    "numeric[]": ["{1.50,NaN,0.123456789012345678901234,1e50}", "{1,x}"],
    "timestamptz[]": ['{"2020-01-01 00:00+02",infinity}'],
    "bytea[]": ['{"\\\\x01ff",NULL}'],
    "jsonb[]": ['{"{\\"b\\": 1,  \\"a\\": 2}"}'],
    "inet[]": ["{10.0.0.1/32,::1}"],
    "uuid[]": ["{A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11}"],
    "bool[]": ["{t,f}"],
    "int4range[]": ['{"[1,3]","[5,6)"}'],
    "regtype[]": ["{int4,text}"],
}

# Statements with the types and texts of their parameters.
STATEMENTS = [
    ("SELECT $1 + 1, array_ndims($2), $2[2][1], cardinality($2)", ["int4", "int4[]"], ["5", "{{1,2},{3,4}}"]),
    ("SELECT 3 = ANY($1), $1 || ARRAY[7, 8], array_to_string($1, ','), array_agg($1)", ["int4[]"], ["{{1,2},{3,4}}"]),
    ("SELECT $1 || 5", ["int4[]"], ["{{1,2},{3,4}}"]),
    ("SELECT x FROM unnest($1) x", ["text[]"], ['{{a,"b c"},{3,4}}']),
    ("SELECT x FROM unnest($1, $2) u(x, y)", ["int4[]", "text[]"], ["{1,2}", "{a}"]),
    ("SELECT i FROM generate_series(1, 9) i WHERE i = ANY($1) AND i <> ALL($2)", ["int4[]", "int4[]"], ["{1,2,3}", "{2}"]),
    ("SELECT $1 @> 2, $1 * '[2,9)'::int4range, upper($1)", ["int4range"], ["[1,3]"]),
    ("SELECT $1 -> 'a', $1 @> '{\"b\": 1}'", ["jsonb"], ['{"b": 1, "a": [1]}']),
    ("SELECT $1 + 0.1, $1 > 1, $1 = 'NaN'", ["numeric"], ["NaN"]),
    ("SELECT $1::numeric(5, 2), round($1, 1)", ["numeric"], ["123.456"]),
    ("SELECT $1::varchar(2), $2::char(4) || 'x', length($1)", ["text", "text"], ["abc", "ab"]),
    ("SELECT host($1), masklen($1), $1 << '10.0.0.0/7'", ["inet"], ["10.1.2.3/8"]),
    ("SELECT $1 + interval '1 day', extract(year FROM $1)", ["date"], ["2024-02-29"]),
    ("SELECT relname FROM pg_class WHERE oid = $1", ["regclass"], ["pg_class"]),
    ("SELECT oid FROM pg_type WHERE oid = $1 ORDER BY 1", ["regtype"], ["integer"]),
    ("SELECT $1::text::int4[], $2::text::jsonb", ["text", "text"], ["{{1},{2}}", '{"b":1}']),
    ("SELECT $1, $2::int4[], $3::inet, $4::int4range = '[1,4)'", None, ["a", "{{1}}", "10.0.0.1", "[1,3]"]),
    ("SELECT ROW(1, 'a', NULL, 1.50, ARRAY[1, 2], ROW(true)), ARRAY[ROW(1, 'x'::text), ROW(2, 'y'::text)]", [], []),
    ("SELECT 'pg_class'::regclass, ARRAY['int4'::regtype, 'text'::regtype], 'now'::regproc, 0::regclass", [], []),
    ("SELECT int4range(1, 5), daterange('2020-01-01', NULL), ARRAY[int8range(1, 2)], '{[1,2],[5,6]}'::int4multirange", [], []),
    ("SELECT tstzrange('2020-01-01 00:00+02', 'infinity'), '(1,2)'::tid, '1 2'::int2vector, '3 4'::oidvector", [], []),
    ("SELECT NULL::regclass, NULL::int4range, NULL::record, ROW()", [], []),
]


class Server:
    def __init__(self, conninfo):
        self.wire = psycopg.connect(conninfo, autocommit=True).pgconn

    def ask(self, sql, types, values, formats, shown):
        result = self.wire.exec_params(sql.encode(), values, types, formats, shown)
        if result.status != psycopg.pq.ExecStatus.TUPLES_OK:
            field = psycopg.pq.DiagnosticField
            return tuple((result.error_field(code) or b"").decode() for code in (field.SQLSTATE, field.MESSAGE_PRIMARY))
        columns = range(result.nfields)
        rows = [[result.get_value(row, column) for column in columns] for row in range(result.ntuples)]
        return [(result.fname(column), result.ftype(column)) for column in columns], rows


def main(theirs, ours):
    postgres, weir = Server(theirs), Server(ours)

    def compare(sql, types, values, formats):
        for shown in (TEXT, BINARY):
            wanted, given = (server.ask(sql, types, values, formats, shown) for server in (postgres, weir))
            if wanted != given:
                print(sql, types, values, "binary" if formats else "text", "to", "binary" if shown else "text")
                print(f"  PostgreSQL: {wanted}\n  Weir:       {given}")

    def number(kind):
        sql = f"SELECT '{kind}'::regtype::oid"
        return int(postgres.ask(sql, [], [], None, TEXT)[1][0][0])

    def in_binary(kind, text):
        """None where the text is no such value, or has no binary form."""
        found = postgres.ask(f"SELECT $1::text::{kind}", [number("text")], [text.encode()], None, BINARY)
        return found[1][0][0] if isinstance(found, tuple) and isinstance(found[0], list) else None

    for kind, texts in VALUES.items():
        own = number(kind)
        compare("SELECT $1", [own], [None], None)
        for text in texts:
            compare("SELECT $1", [own], [text.encode()], None)
            binary = in_binary(kind, text)
            if binary is None:
                continue
            compare("SELECT $1", [own], [binary], [BINARY])
            # Less of it, and more.
            for broken in {binary[:-1], binary + b"\x00", binary[: len(binary) // 2], b""} - {binary}:
                compare("SELECT $1", [own], [broken], [BINARY])
    items = lambda *numbers: b"".join(struct.pack(">ii", 4, value) for value in numbers)
    for header, rest in [
        ((7, 0, 23), b""),
        ((-1, 0, 23), b""),
        ((1, 2, 23, 0, 1), b""),
        ((1, 0, 20, 0, 1), b""),
        ((1, 0, 23, 1 << 30, 1), b""),
        ((1, 0, 23, -1, 1), b""),
        ((1, 0, 23, 1, 2147483647), items(7)),
        ((2, 0, 23, 20000, 1, 20000, 1), b""),
        ((1, 0, 23, 1, 5), items(7)),
        ((1, 0, 23, 2, 1), items(7)),
        ((1, 1, 23, 1, 1), struct.pack(">i", -1)),
        ((1, 0, 23, 1, 1), struct.pack(">ihh", 2, 7, 7)),
        ((1, 0, 23, 1, 1), struct.pack(">iih", 6, 7, 7)),
    ]:
        compare("SELECT $1", [number("int4[]")], [struct.pack(f">{len(header)}i", *header) + rest], [BINARY])
    for sql, kinds, texts in STATEMENTS:
        types = None if kinds is None else [number(kind) for kind in kinds]
        compare(sql, types, [text.encode() for text in texts], None)
        binaries = [in_binary(kind, text) for kind, text in zip(kinds or [], texts)]
        if binaries and None not in binaries:
            compare(sql, types, binaries, [BINARY] * len(binaries))


if __name__ == "__main__":
    main(*sys.argv[1:])
