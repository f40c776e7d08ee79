"""Lays out generated tables: `mesh.py SPEC FOLDER [SPEC FOLDER]...`. SPEC is a JSON file that tests/src/generated/folder.rs writes: the
tables of the lake and the topics with their rows, every value as PostgreSQL writes it. Columns `r.a` and `r.b` are fields of
a record `r`."""

import datetime
import decimal
import json
import pathlib
import sys

import fastavro
import pyarrow as pa
from deltalake import write_deltalake

READ = {
    "Int": int,
    "Long": int,
    "Text": str,
    "Bool": lambda text: text == "true",
    "Date": datetime.date.fromisoformat,
    "Moment": datetime.datetime.fromisoformat,
    "Money": decimal.Decimal,
    "Real": float,
}
ARROW = {
    "Int": pa.int32(),
    "Long": pa.int64(),
    "Text": pa.string(),
    "Bool": pa.bool_(),
    "Date": pa.date32(),
    "Moment": pa.timestamp("us", "UTC"),
    "Money": pa.decimal128(10, 2),
    "Real": pa.float64(),
}
AVRO = {
    "Int": "int",
    "Long": "long",
    "Text": "string",
    "Bool": "boolean",
    "Date": {"type": "int", "logicalType": "date"},
    "Moment": {"type": "long", "logicalType": "timestamp-micros"},
    "Money": {"type": "bytes", "logicalType": "decimal", "precision": 10, "scale": 2},
    "Real": "double",
}


def read(kind, text):
    return None if text is None else READ[kind](text)


def wholes(table):
    """The columns as they are stored: for each name the fields with their kinds and places in a row. The one field of what is no
    record has no name."""
    found = {}
    for at, (name, kind) in enumerate(table["columns"]):
        whole, _, field = name.partition(".")
        found.setdefault(whole, []).append((field, kind, at))
    return found


def is_record(fields):
    return fields[0][0] != ""


def value(fields, row):
    """A record is never NULL as a whole."""
    values = {field: read(kind, row[at]) for field, kind, at in fields}
    return values if is_record(fields) else values[""]


def arrow_type(fields):
    types = [(field, ARROW[kind]) for field, kind, _ in fields]
    return pa.struct(types) if is_record(fields) else types[0][1]


def avro_fields(fields):
    return [{"name": field, "type": ["null", AVRO[kind]], "default": None} for field, kind, _ in fields]


def avro_field(name, fields):
    record = {"type": "record", "name": f"of_{name}", "fields": avro_fields(fields)}
    return {"name": name, "type": ["null", record], "default": None} if is_record(fields) else {**avro_fields(fields)[0], "name": name}


def delta(folder, table):
    """Each file is a commit of its own; one without rows is none."""
    target = folder / "lake" / table["name"]
    columns = wholes(table)
    schema = pa.schema([(name, arrow_type(fields)) for name, fields in columns.items()])
    for rows in [[], *table["files"]]:
        if not rows and target.exists():
            continue
        arrays = [pa.array([value(fields, row) for row in rows], arrow_type(fields)) for fields in columns.values()]
        by = [table["partition"]] if table["partition"] else None
        write_deltalake(target, pa.table(arrays, schema=schema), mode="append", partition_by=by)


def avro(folder, table):
    columns = wholes(table)
    all_fields = [avro_field(name, fields) for name, fields in columns.items()]
    schema = fastavro.parse_schema({"type": "record", "name": table["name"], "fields": all_fields})
    for number, (path, rows) in enumerate(zip(table["paths"], table["files"])):
        path = folder / "history" / path
        path.parent.mkdir(parents=True, exist_ok=True)
        records = [{name: value(fields, row) for name, fields in columns.items()} for row in rows]
        with open(path, "wb") as out:
            # Small blocks in every other file, so that a table's rows lie in several.
            fastavro.writer(out, schema, records, codec="deflate", sync_interval=200 if number % 2 else 16000)


if __name__ == "__main__":
    for path, folder in zip(sys.argv[1::2], sys.argv[2::2]):
        for spec in json.loads(pathlib.Path(path).read_text()):
            {"lake": delta, "history": avro}[spec["schema"]](pathlib.Path(folder), spec)
