"""One set of rows, and the tables that hold it: in a PostgreSQL that is a source, in Delta tables, in Avro files, and, as each of
these formats can hold it, in a PostgreSQL that says what is right: `column_rows.py POSTGRES FOLDER`, a conninfo of a superuser
and a folder for the files.

The database `source` holds `facts` and what joins with it. The database `reference` has a schema for each source of the server
under test (`shop`, `lake`, `history`), whose `facts` has the columns as that source's format knows them. `hidden` is the same
without the rows that a row filter hides.
"""

import os
import random
import struct
import sys

import fastavro
import psycopg
import pyarrow as pa
from deltalake import WriterProperties, write_deltalake

# Rows with everyday values, and rows with anything.
TAME, ALL = 24, 64
# A row filter of the server under test hides the others.
SHOWN = "id % 3 <> 0"
FILES = 16
GROUP = 4

# The negative quiet NaN, as a division gives it on most processors.
NEGATIVE_NAN = struct.unpack("<d", struct.pack("<Q", 0xFFF8000000000000))[0]
NEGATIVE_NAN4 = struct.unpack("<f", struct.pack("<I", 0xFFC00000))[0]


class Column:
    """Its type in PostgreSQL, in Delta and in Avro, and the values: everyday ones, and further ones."""

    def __init__(self, kind, delta, avro, tame, wild=()):
        self.kind, self.delta, self.avro = kind, delta, avro
        self.tame, self.wild = tame, [*tame, *wild]


class Held:
    """How a format holds a column: the format's type, PostgreSQL's that it stands for, what selects it there, and what makes the
    format's value of it."""

    def __init__(self, held, kind, select="{0}", make=lambda value: value):
        self.held, self.kind, self.select, self.make = held, kind, select, make


def logical(kind, logical_type, /, **more):
    return {"type": kind, "logicalType": logical_type, **more}


def items(kind):
    return {"type": "array", "items": ["null", kind]}


def micros(seconds):
    greatest, least = f"'{2**63 - 1}'::int8", f"'{-(2**63)}'::int8"
    return f"CASE WHEN {{0}} = 'infinity' THEN {greatest} WHEN {{0}} = '-infinity' THEN {least} ELSE {seconds} END"


MICROS = micros("(extract(epoch FROM {0}) * 1000000)::int8")
DAYS = f"CASE WHEN {{0}} = 'infinity' THEN {2**31 - 1} WHEN {{0}} = '-infinity' THEN -{2**31} ELSE {{0}} - date '1970-01-01' END"
# No writer of Delta's logs gets an infinity past its statistics.
FINITE = "CASE WHEN isfinite({{0}}) THEN {} END"
DAYS_OF_ITEMS = "CASE WHEN {0} IS NOT NULL THEN ARRAY(SELECT i - date '1970-01-01' FROM unnest({0}) i) END"
# Months, days and milliseconds.
PARTS = "extract(year FROM {0}) * 12 + extract(month FROM {0}), extract(day FROM {0}), "
PARTS = f"ARRAY[{PARTS}extract(epoch FROM {{0}} - date_trunc('day', {{0}})) * 1000]::int4[]"


def as_double(value):
    return NEGATIVE_NAN if value is not None and value != value else value


def as_doubles(value):
    return value and [as_double(item) for item in value]


def as_float(value):
    return NEGATIVE_NAN4 if value is not None and value != value else value


def packed(value):
    return None if None in value else struct.pack("<III", *value)


def text(kind="text"):
    return Held(pa.string(), "text", "{0}::" + kind), Held("string", "text", "{0}::" + kind)


def same(arrow, avro, kind, make=lambda value: value):
    return Held(arrow, kind, make=make), Held(avro, kind, make=make)


AS_TEXT = Held(pa.string(), "text", "{0}::text")
LOCAL, INSTANT = pa.timestamp("us"), pa.timestamp("us", "UTC")
DECIMAL_ITEM = logical("bytes", "decimal", precision=6, scale=2)
LONG = "x" * 60

COLUMNS = {
    "id": Column("int4", *same(pa.int32(), "int", "int4"), []),
    "k": Column("int4", *same(pa.int32(), "int", "int4"), ["1", "2", "3"], ["4", "5", "99"]),
    "b": Column("bool", *same(pa.bool_(), "boolean", "bool"), ["t", "f"]),
    "i1": Column("int2", Held(pa.int8(), "int2"), Held("int", "int4"), ["1", "0", "-1", "7"], ["127", "-128"]),
    "i2": Column(
        "int2",
        Held(pa.int16(), "int2"),
        Held("int", "int4"),
        ["1", "0", "-1", "7", "3"],
        ["-32768", "32767", "100"],
    ),
    "i4": Column(
        "int4",
        *same(pa.int32(), "int", "int4"),
        ["1", "0", "-1", "2", "7", "-5", "100"],
        ["-2147483648", "2147483647", "65536"],
    ),
    "i8": Column(
        "int8",
        *same(pa.int64(), "long", "int8"),
        ["1", "0", "-1", "12", "3"],
        ["-9223372036854775808", "9223372036854775807", "4294967296", "9007199254740993"],
    ),
    "f4": Column(
        "float4",
        *same(pa.float32(), "float", "float4", as_float),
        ["1.5", "0", "-2.25", "0.1", "3"],
        ["-0", "1e10", "3.4e38", "1e-45", "NaN", "Infinity", "-Infinity", "16777217"],
    ),
    "f8": Column(
        "float8",
        *same(pa.float64(), "double", "float8", as_double),
        ["1.5", "0", "-2.5", "0.1", "3", "123456789.125"],
        ["-0", "1e300", "1e-300", "NaN", "Infinity", "-Infinity", "5e-324", "9007199254740993"],
    ),
    "n": Column(
        "numeric(12,4)",
        Held(pa.decimal128(12, 4), "numeric(12,4)"),
        Held(logical("bytes", "decimal", precision=12, scale=4), "numeric(12,4)"),
        ["1.5", "0", "-2.5000", "3", "0.0001", "12.3456"],
        ["99999999.9999", "-99999999.9999", "100", "0.05"],
    ),
    "n0": Column(
        "numeric(38,0)",
        Held(pa.decimal128(38, 0), "numeric(38,0)"),
        Held(logical("bytes", "decimal", precision=38, scale=0), "numeric(38,0)"),
        ["1", "0", "-3", "7"],
        ["9" * 38, "-" + "9" * 38, "9007199254740993", "12345678901234567890"],
    ),
    "nw": Column(
        "numeric(50,10)",
        AS_TEXT,
        Held(logical("bytes", "decimal", precision=50, scale=10), "numeric(50,10)"),
        ["1.5", "0", "-2.5", "3.0000000001"],
        ["9" * 40 + "." + "9" * 10, "-" + "9" * 40, "1e30"],
    ),
    "nu": Column(
        "numeric",
        *text(),
        ["1.5", "0", "-2.50", "3", "0.0001"],
        ["NaN", "Infinity", "-Infinity", "1e20", "0.00", "12345678901234567890.12", "1.50", "1e-20", "100"],
    ),
    "t": Column(
        "text",
        *same(pa.string(), "string", "text"),
        ["abc", "b", "abd", "ABC def", "12", "1.5"],
        ["", "a b", "żółć", "Zoë", "a%c_", "a\\b", "  x ", "abc ", LONG + "a", LONG + "b", "\U0001f600", "\uffff"]
        + ["e\u0301", "é", "a'b", "NaN", "2024-01-31"],
    ),
    "s": Column("varchar(10)", *text(), ["abc", "x y", "12", "b"], ["", "abc ", "ABC", "żółć", "0123456789"]),
    "c": Column("char(6)", *text(), ["abc", "ab", "12"], ["", "abcdef", "a\tb", " a", "żół"]),
    "by": Column(
        "bytea",
        *same(pa.binary(), "bytes", "bytea"),
        ["\\x616263", "\\x00ff", "\\xe9"],
        ["\\x", "\\x00", "\\xffffffff", "\\x6162"],
    ),
    "d": Column(
        "date",
        Held(pa.date32(), "date", FINITE.format(DAYS)),
        Held(logical("int", "date"), "date", DAYS),
        ["2024-01-31", "2024-02-29", "1999-12-31", "2000-01-01", "2023-07-15"],
        ["infinity", "-infinity", "0044-03-15 BC", "0001-01-01", "9999-12-31", "12024-01-31", "4713-01-01 BC", "1970-01-01"],
    ),
    "ti": Column(
        "time",
        AS_TEXT,
        Held(logical("long", "time-micros"), "time", "(extract(epoch FROM {0}) * 1000000)::int8"),
        ["10:30:00", "00:00:00", "23:59:59.999999", "12:00:00.5"],
        ["00:00:00.000001"],
    ),
    "ts": Column(
        "timestamp",
        Held(LOCAL, "timestamp", FINITE.format(MICROS)),
        Held(logical("long", "local-timestamp-micros"), "timestamp", MICROS),
        ["2024-01-31 10:30:00", "2024-02-29 23:59:59.999999", "1999-12-31 00:00:00", "2024-03-10 02:30:00"],
        ["infinity", "-infinity", "0044-03-15 12:00:00 BC", "0001-01-01 00:00:00", "9999-12-31 23:59:59.999999"]
        + ["20000-01-01 00:00:00", "1969-12-31 23:59:59.999999", "2024-01-31 10:30:00.000001", "1700-01-01 00:00:00.5"],
    ),
    "tz": Column(
        "timestamptz",
        Held(INSTANT, "timestamptz", FINITE.format(MICROS)),
        Held(logical("long", "timestamp-micros"), "timestamptz", MICROS),
        ["2024-01-31 10:30:00+00", "2024-07-01 00:00:00-05", "2024-03-10 07:30:00+00", "2000-01-01 00:00:00+00"],
        ["infinity", "-infinity", "0044-03-15 12:00:00+00 BC", "0001-01-01 00:00:00+00", "9999-12-31 23:59:59.999999+00"]
        + ["2024-01-31 04:59:59.999999+00", "2024-01-31 05:00:00+00", "1883-11-18 17:00:00+00", "20000-01-01 00:00:00+00"],
    ),
    "tm": Column(
        "timestamp(3)",
        Held(LOCAL, "timestamp", MICROS),
        Held(logical("long", "local-timestamp-millis"), "timestamp", "(extract(epoch FROM {0}) * 1000)::int8"),
        ["2024-01-31 10:30:00.001", "1969-12-31 23:59:59.999", "2000-01-01 00:00:00"],
        ["0044-03-15 12:00:00.5 BC"],
    ),
    "tn": Column(
        "timestamptz",
        Held(INSTANT, "timestamptz", MICROS),
        Held(logical("long", "timestamp-nanos"), "timestamptz", "(extract(epoch FROM {0}) * 1000000000 + 999)::int8"),
        ["2024-01-31 10:30:00.000001+00", "1969-12-31 23:59:59.999999+00"],
        ["1800-01-01 00:00:00+00", "2200-01-01 00:00:00+00"],
    ),
    "tt": Column("timetz", *text(), ["10:30:00+00", "23:59:59.5-08", "00:00:00+02"]),
    "iv": Column(
        "interval",
        *text(),
        ["1 day", "0", "1 mon", "-1 day 02:03:04.5", "1 year 2 mons 3 days"],
        ["36:00:00", "-00:00:01", "30 days", "24:00:00", "720:00:00"],
    ),
    "du": Column(
        "interval",
        AS_TEXT,
        Held(logical("fixed", "duration", name="duration", size=12), "interval", PARTS, packed),
        ["1 day", "0", "1 mon", "1 year 2 mons 3 days", "02:03:04.5"],
        ["30 days", "24:00:00", "100 years"],
    ),
    "u": Column(
        "uuid",
        AS_TEXT,
        Held(logical("string", "uuid"), "uuid", "{0}::text"),
        ["a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "00000000-0000-0000-0000-000000000000"]
        + ["ffffffff-ffff-ffff-ffff-ffffffffffff"],
    ),
    "j": Column(
        "json",
        *text(),
        ['{"a": 1, "b": [1, 2, null]}', '[1, "a", true]', '{"a": {"b": "x"}}'],
        ["null", '"x"', "{}", "1.50", '{"a": 1, "a": 2}'],
    ),
    "jb": Column(
        "jsonb",
        *text(),
        ['{"a": 1, "b": [1, 2, null]}', '[1, "a", true]', '{"a": {"b": "x"}}'],
        ["null", '"x"', "{}", "1.50", "[]", "true", "10"],
    ),
    "e": Column(
        "mood",
        AS_TEXT,
        Held({"type": "enum", "name": "mood", "symbols": ["sad", "ok", "happy"]}, "text", "{0}::text"),
        ["sad", "ok", "happy"],
    ),
    "ai": Column(
        "int4[]",
        *same(pa.list_(pa.int32()), items("int"), "int4[]"),
        ["{1,2,3}", "{}", "{7}"],
        ["{NULL,1}", "{2147483647}", "{NULL}"],
    ),
    "at": Column(
        "text[]",
        *same(pa.list_(pa.string()), items("string"), "text[]"),
        ["{a,b}", "{}", "{c}"],
        ['{NULL,"x y",""}', '{"NULL","a\\"b","{x}"}', "{żółć}"],
    ),
    "af": Column(
        "float8[]",
        *same(pa.list_(pa.float64()), items("double"), "float8[]", as_doubles),
        ["{1.5,2}", "{}", "{0}"],
        ["{NaN}", "{-0}", "{Infinity,NULL}"],
    ),
    "an": Column(
        "numeric(6,2)[]",
        *same(pa.list_(pa.decimal128(6, 2)), items(DECIMAL_ITEM), "numeric(6,2)[]"),
        ["{1.5,2}", "{}", "{0.05}"],
        ["{NULL,-9999.99}"],
    ),
    "ad": Column(
        "date[]",
        Held(pa.list_(pa.date32()), "date[]"),
        Held(items(logical("int", "date")), "date[]", DAYS_OF_ITEMS),
        ["{2024-01-31,NULL}", "{}", "{2000-01-01}"],
    ),
}
# What only PostgreSQL has.
COLUMNS |= {
    name: Column(kind, None, None, tame, wild)
    for name, kind, tame, wild in [
        ("ip", "inet", ["192.168.1.5", "192.168.1.5/24", "10.0.0.0/8"], ["::1", "2001:db8::5/64"]),
        ("ci", "cidr", ["10.0.0.0/8", "192.168.1.0/24"], ["::/0"]),
        ("ma", "macaddr", ["08:00:2b:01:02:03", "ff:ff:ff:ff:ff:ff"], []),
        ("mo", "money", ["12.34", "0", "-1.50"], ["100.00", "9.00"]),
        ("bi", "bit(3)", ["101", "000", "001"], []),
        ("vb", "varbit", ["101", "11110000", "1"], [""]),
        ("ri", "int4range", ["[1,5)", "empty", "[2,10)"], ["(,3]", "[2,)", "(,)"]),
        ("rn", "numrange", ["[1.5,2.5]", "empty", "(0,2]"], ["(0,)"]),
        ("rd", "daterange", ["[2024-01-01,2024-02-01)", "empty"], ["(,2024-01-15]"]),
        ("mi", "int4multirange", ["{[1,3),[5,8)}", "{}"], ["{(,3)}"]),
        ("o", "oid", ["1", "0", "16384"], ["4294967295"]),
        ("na", "name", ["abc", "b", "pg_class"], [""]),
        ("ch", '"char"', ["a", "b"], [""]),
        ("jp", "jsonpath", ["$.a", "$[*]"], ["strict $.x"]),
        ("ac", "char(3)[]", ["{ab,abc}", "{}", "{a}"], ['{NULL,""}']),
        ("az", "timestamptz[]", ['{"2024-01-31 10:30:00+00"}', "{}"], ["{infinity,NULL}"]),
        ("ag", "numeric[]", ["{1.50,2}", "{}", "{0}"], ["{NaN,NULL}", "{0.00}"]),
        ("au", "uuid[]", ["{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}", "{}"], []),
        ("aj", "jsonb[]", ['{"{\\"a\\": 1}",null}', "{}"], ["{1}"]),
        ("ao", "timestamp(0)", ["2024-01-31 10:30:00", "2000-01-01 00:00:00"], ["1900-01-01 00:00:00"]),
        ("vn", "varchar", ["abc", "b"], ["", "abc "]),
        ("bp", "bpchar", ["abc", "ab"], ["ab  ", ""]),
    ]
}


def values():
    """Rows of texts by column, always the same."""
    chooser = random.Random(17)
    columns = {"id": [str(number + 1) for number in range(ALL)]}
    for name, column in COLUMNS.items():
        if name != "id":
            columns[name] = spread(chooser, column.tame, TAME) + spread(chooser, column.wild, ALL - TAME)
    return columns


def spread(chooser, found, count):
    """Each of the values as often as another, and NULL as one of eight."""
    repeated = [*found, *found[: len(found) // 7 + 1]]
    nulls = max(1, count // 8)
    made = [None] * nulls + [repeated[number % len(repeated)] for number in range(count - nulls)]
    chooser.shuffle(made)
    return made


def fill(connection, schema, kinds, shown):
    """`facts` and `few` in a schema of the database."""
    connection.execute(f"CREATE SCHEMA {schema}")
    columns = ", ".join(f"{name} {kind}" for name, kind in kinds.items())
    connection.execute(f"CREATE TABLE {schema}.facts ({columns})")
    made = values()
    names = ", ".join(kinds)
    places = ", ".join(f"%s::text::{COLUMNS[name].kind}::{kind}" for name, kind in kinds.items())
    with connection.cursor() as cursor:
        for number in range(ALL):
            row = [made[name][number] for name in kinds]
            cursor.execute(f"INSERT INTO {schema}.facts ({names}) VALUES ({places})", row)
    if shown:
        connection.execute(f"DELETE FROM {schema}.facts WHERE NOT ({shown})")


def in_source(connection):
    connection.execute("CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy')")
    fill(connection, "shop", {name: column.kind for name, column in COLUMNS.items()}, None)
    connection.execute("ANALYZE")


def in_reference(connection, shown):
    connection.execute("CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy')")
    fill(connection, "shop", {name: column.kind for name, column in COLUMNS.items()}, shown)
    for schema, held in (("lake", "delta"), ("history", "avro")):
        formats = {name: getattr(column, held) for name, column in COLUMNS.items()}
        fill(connection, schema, {name: column.kind for name, column in formats.items() if column}, shown)
    for name in ("d", "ts", "tz"):
        connection.execute(f"UPDATE lake.facts SET {name} = NULL WHERE NOT isfinite({name})")
    connection.execute("CREATE VIEW lake.grouped AS TABLE lake.facts")
    connection.execute("CREATE VIEW lake.parted AS TABLE lake.facts")
    connection.execute("ANALYZE")


def database(conninfo, name):
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return psycopg.connect(conninfo, autocommit=True, dbname=name)


def read(connection, held):
    """The format's values, row by row."""
    found = {name: getattr(column, held) for name, column in COLUMNS.items() if getattr(column, held)}
    connection.execute("SET TimeZone = 'UTC'")
    selected = ", ".join(f"{column.select.format(name)} AS {name}" for name, column in found.items())
    rows = connection.execute(f"SELECT {selected} FROM shop.facts ORDER BY id").fetchall()
    makes = [column.make for column in found.values()]
    return found, [{name: make(value) for name, make, value in zip(found, makes, row)} for row in rows]


def write_delta(folder, connection):
    """`facts` in many files, `grouped` in one of many row groups, `parted` with partitions."""
    found, rows = read(connection, "delta")
    columns = {name: pa.array([row[name] for row in rows], held.held) for name, held in arrow_types(found).items()}
    table = pa.table({name: column.cast(found[name].held) for name, column in columns.items()})
    for start in range(0, ALL, ALL // FILES):
        write_deltalake(f"{folder}/facts", table.slice(start, ALL // FILES), mode="append")
    write_deltalake(f"{folder}/grouped", table, writer_properties=WriterProperties(max_row_group_size=GROUP))
    write_deltalake(f"{folder}/parted", table, partition_by=["b", "k", "d"])


def arrow_types(found):
    """Dates and times come as numbers, which are cast to what they are."""
    numbers = {pa.date32(): pa.int32(), pa.timestamp("us"): pa.int64(), pa.timestamp("us", "UTC"): pa.int64()}
    numbered = lambda held: numbers.get(held.held, held.held) if "epoch" in held.select or "1970" in held.select else held.held
    return {name: Held(numbered(held), held.kind) for name, held in found.items()}


def write_avro(folder, connection):
    """`facts` in files of a day each."""
    found, rows = read(connection, "avro")
    fields = [{"name": name, "type": ["null", held.held]} for name, held in found.items()]
    schema = fastavro.parse_schema({"type": "record", "name": "fact", "fields": fields})
    for number in range(4):
        path = f"{folder}/facts/2024/03/{number + 1:02}/a.avro"
        os.makedirs(os.path.dirname(path))
        with open(path, "wb") as out:
            fastavro.writer(out, schema, rows[number::4], "deflate", sync_interval=500)


def main(conninfo, folder):
    with database(conninfo, "source") as connection:
        in_source(connection)
        write_delta(f"{folder}/lake", connection)
        write_avro(f"{folder}/history", connection)
    with database(conninfo, "reference") as connection:
        in_reference(connection, None)
    with database(conninfo, "hidden") as connection:
        in_reference(connection, SHOWN)


if __name__ == "__main__":
    main(*sys.argv[1:])
