"""Avro files in dated folders, written by fastavro: `avro.py WHAT FOLDER [ARGUMENT...]`."""

import datetime
import decimal
import os
import sys
import uuid

import fastavro

UTC = datetime.timezone.utc
SYNC = bytes(range(16))


def write(path, schema, records, codec="null", interval=16000):
    path = os.path.join(sys.argv[2], path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as out:
        fastavro.writer(out, fastavro.parse_schema(schema), records, codec, interval, sync_marker=SYNC)


def record(*fields, name="event"):
    return {"type": "record", "name": name, "fields": [dict(field) for field in fields]}


def field(name, kind, **more):
    return {"name": name, "type": kind, **more}


def logical(kind, logical_type, /, **more):
    return {"type": kind, "logicalType": logical_type, **more}


def fixed(name, size, **more):
    return {"type": "fixed", "name": name, "size": size, **more}


def kinds():
    """Every type, once with values, once at its ends, once null."""
    types = {
        "bool": "boolean",
        "int": "int",
        "long": "long",
        "float": "float",
        "double": "double",
        "bytes": "bytes",
        "text": "string",
        "fix": fixed("fix", 3),
        "suit": {"type": "enum", "name": "suit", "symbols": ["SPADES", "HEARTS"]},
        "day": logical("int", "date"),
        "tms": logical("int", "time-millis"),
        "tus": logical("long", "time-micros"),
        "ms": logical("long", "timestamp-millis"),
        "us": logical("long", "timestamp-micros"),
        "lms": logical("long", "local-timestamp-millis"),
        "lus": logical("long", "local-timestamp-micros"),
        "ns": logical("long", "timestamp-nanos"),
        "dec": logical("bytes", "decimal", precision=10, scale=2),
        "dfix": logical("fixed", "decimal", name="dfix", size=8, precision=15, scale=3),
        "wide": logical("bytes", "decimal", precision=50, scale=10),
        "id": logical("string", "uuid"),
        "idfix": logical("fixed", "uuid", name="idfix", size=16),
        "span": logical("fixed", "duration", name="span", size=12),
    }
    wide = decimal.Decimal("1234567890123456789012345678901234567890.0123456789")
    first = {
        "bool": True, "int": 7, "long": 1 << 40, "float": 1.5, "double": 2.25, "bytes": b"\x00\xff", "text": "añ✓",
        "fix": b"abc", "suit": "HEARTS", "day": datetime.date(2024, 2, 29), "tms": datetime.time(1, 2, 3, 4000),
        "tus": datetime.time(23, 59, 59, 999999), "ms": datetime.datetime(2024, 2, 29, 12, 0, 0, 1000, UTC),
        "us": datetime.datetime(1969, 12, 31, 23, 59, 59, 999999, UTC),
        "lms": datetime.datetime(2024, 1, 1, 0, 0, 0, 5000), "lus": datetime.datetime(1900, 1, 1, 0, 0, 0, 1),
        "ns": 1_700_000_000_123_456_789, "dec": decimal.Decimal("-12345678.90"),
        "dfix": decimal.Decimal("-0.001"), "wide": wide, "id": uuid.UUID(int=0x1234567890ABCDEF1234567890ABCDEF),
        "idfix": uuid.UUID(int=255).bytes, "span": (14).to_bytes(4, "little") + (3).to_bytes(4, "little") + (1500).to_bytes(4, "little"),
    }
    ends = {
        **first, "bool": False, "int": -(1 << 31), "long": -(1 << 63), "float": float("-inf"), "double": float("nan"),
        "bytes": b"", "text": "", "suit": "SPADES", "day": datetime.date(1, 1, 1), "dec": decimal.Decimal("99999999.99"),
        "wide": wide.copy_negate(),
    }
    write(
        "kinds/2024/03/01/a.avro",
        record(*[field(name, ["null", kind], default=None) for name, kind in types.items()]),
        [first, ends, {}],
    )


def days():
    """40 files of 10 rows: 10 days, 4 files each."""
    schema = record(field("id", "long"), field("name", "string"), field("amount", "double"))
    for day in range(1, 11):
        for part in range(4):
            start = ((day - 1) * 4 + part) * 10
            rows = [{"id": i, "name": f"n{i}", "amount": i / 4} for i in range(start, start + 10)]
            write(f"orders/2024/03/{day:02}/part-{part}.avro", schema, rows)


def layouts():
    schema = record(field("id", "int"))
    paths = ["2024/03/01/a", "2024/03/02/13/b", "2024-03-03/c", "date=2024-03-04/d", "year=2024/month=3/day=5/hour=1/e",
             "20240306/f", "g", "misc/h", "2024/13/01/i"]
    for index, path in enumerate(paths):
        write(f"mixed/{path}.avro", schema, [{"id": index}])
    write("mixed/2024/03/01/_tmp.avro", schema, [{"id": 100}])
    write("mixed/.hidden/x.avro", schema, [{"id": 101}])
    write("Mixed Case/2024/03/01/a.avro", schema, [{"id": 1}])
    os.makedirs(os.path.join(sys.argv[2], "empty/2024/03/01"))
    with open(os.path.join(sys.argv[2], "mixed/2024/03/01/notes.txt"), "w") as out:
        out.write("no data")


def evolution():
    """Three versions of one topic, and files that don't fit."""
    oldest = record(
        field("id", "int"), field("amount", "float"), field("label", "bytes"), field("gone", "string"),
        field("kind", {"type": "enum", "name": "kind", "symbols": ["A", "B"]}), field("user", "string"),
        field("inner", {"type": "record", "name": "inner", "fields": [field("x", "int")]}),
    )
    middle = record(
        field("id", "long"), field("amount", ["null", "double"]), field("label", "string"),
        field("kind", {"type": "enum", "name": "kind", "symbols": ["A", "B", "C"]}), field("user", "string"),
        field("inner", {"type": "record", "name": "inner", "fields": [field("x", "long")]}),
    )
    newest = record(
        field("inner", {"type": "record", "name": "inner", "fields": [
            field("y", "string", default="none"), field("x", "double")]}),
        field("id", "long"), field("amount", "double"), field("label", "string"),
        field("kind", {"type": "enum", "name": "kind", "symbols": ["C", "B"]}),
        field("login", "string", aliases=["user"]), field("tags", {"type": "array", "items": "string"}, default=["new"]),
        field("note", ["null", "string"], default=None),
    )
    write("orders/2022/01/01/a.avro", oldest, [
        {"id": 1, "amount": 1.5, "label": b"one", "gone": "x", "kind": "A", "user": "ana", "inner": {"x": 1}}])
    write("orders/2023/01/01/a.avro", middle, [
        {"id": 1 << 40, "amount": None, "label": "two", "kind": "C", "user": "bo", "inner": {"x": 2}}])
    write("orders/2024/01/01/a.avro", newest, [
        {"inner": {"y": "y", "x": 2.5}, "id": 3, "amount": 3.5, "label": "three", "kind": "B", "login": "cy", "tags": [],
         "note": "n"}])
    write("clash/2023/01/01/a.avro", record(field("id", "string")), [{"id": "1"}])
    write("clash/2024/01/01/a.avro", record(field("id", "long")), [{"id": 1}])
    write("lacks/2023/01/01/a.avro", record(field("id", "long")), [{"id": 1}])
    write("lacks/2024/01/01/a.avro", record(field("id", "long"), field("new", ["null", "string"])), [{"id": 2, "new": "x"}])


def nested():
    point = {"type": "record", "name": "point", "fields": [field("x", "int"), field("y", ["null", "int"])]}
    schema = record(
        field("points", {"type": "array", "items": point}),
        field("by_name", {"type": "map", "values": {"type": "array", "items": ["null", "long"]}}),
        field("maybe", ["null", "point"]),
        field("either", ["null", "string", "int", "point"]),
        field("number", ["int", "null", "double"]),
        field("void", "null"),
    )
    write("trips/2024/03/01/a.avro", schema, [
        {"points": [{"x": 1, "y": 2}, {"x": 3, "y": None}], "by_name": {"a": [1, None, 3]}, "maybe": {"x": 9, "y": 9},
         "either": "text", "number": 1, "void": None},
        {"points": [], "by_name": {}, "maybe": None, "either": 5, "number": 2.5, "void": None},
        {"points": [{"x": 4, "y": 4}], "by_name": {"b": [], "c": [7]}, "maybe": None, "either": {"x": 1, "y": None},
         "number": None, "void": None},
        {"points": [], "by_name": {}, "maybe": None, "either": None, "number": None, "void": None},
    ])
    write("plain/2024/03/01/a.avro", "string", ["a", "b"])


def people():
    """Records within records, arrays and maps, with what a mask is for in each."""
    contact = {"type": "record", "name": "contact", "fields": [field("email", "string"), field("ip", ["null", "string"])]}
    customer = {"type": "record", "name": "customer", "fields": [
        field("email", "string"), field("city", "string"), field("born", logical("int", "date")),
        field("aliases", {"type": "array", "items": "string"}),
        field("contacts", {"type": "array", "items": contact}),
    ]}
    schema = record(
        field("id", "int"),
        field("customer", ["null", customer]),
        field("by_role", {"type": "map", "values": "contact"}),
    )
    day = lambda year: datetime.date(year, 5, 17)
    write("orders/2024/03/01/a.avro", schema, [
        {"id": 1, "customer": {"email": "ana@example.com", "city": "Madrid", "born": day(1990), "aliases": ["ana@a.es", "a"],
                               "contacts": [{"email": "bob@example.com", "ip": "10.1.2.3"}, {"email": "c@d.org", "ip": None}]},
         "by_role": {"boss": {"email": "eve@example.com", "ip": "10.9.9.9"}}},
        {"id": 2, "customer": None, "by_role": {}},
        {"id": 3, "customer": {"email": "zoe@example.com", "city": "Oslo", "born": day(1985), "aliases": [], "contacts": []},
         "by_role": {}},
    ])


def codecs():
    schema = record(field("id", "long"), field("name", "string"), field("tags", {"type": "array", "items": "string"}),
                    field("score", ["null", "double"]))
    rows = [{"id": i, "name": f"name {i % 50}", "tags": ["a"] * (i % 4), "score": None if i % 3 else i / 8}
            for i in range(2000)]
    for codec in ["null", "deflate", "snappy", "zstandard", "bzip2"]:
        write(f"{codec}/2024/03/01/a.avro", schema, rows, codec, 4000)


def small():
    schema = record(field("id", "int"))
    for index in range(int(sys.argv[3])):
        write(f"ticks/2024/03/{index % 28 + 1:02}/{index}.avro", schema, [{"id": index}])


def large():
    schema = record(field("id", "long"), field("name", "string"), field("amount", "double"), field("on", logical("long", "timestamp-millis")))
    rows = int(sys.argv[3])
    write("big/2024/03/01/a.avro", schema,
          ({"id": i, "name": f"customer {i % 1000}", "amount": i / 8, "on": 1_700_000_000_000 + i} for i in range(rows)),
          sys.argv[4], 64000)


globals()[sys.argv[1]]()
