"""Lays out generated tables: `mesh.py SPEC FOLDER [SPEC FOLDER]...`. SPEC is a JSON file that tests/src/generated/folder.rs writes: the
tables of the lake and the topics with their rows, every value as PostgreSQL writes it."""

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


def delta(folder, table):
    """Each file is a commit of its own; one without rows is none."""
    target = folder / "lake" / table["name"]
    schema = pa.schema([(name, ARROW[kind]) for name, kind in table["columns"]])
    for rows in [[], *table["files"]]:
        if not rows and target.exists():
            continue
        columns = [
            pa.array([read(kind, row[at]) for row in rows], ARROW[kind]) for at, (_, kind) in enumerate(table["columns"])
        ]
        by = [table["partition"]] if table["partition"] else None
        write_deltalake(target, pa.table(columns, schema=schema), mode="append", partition_by=by)


def avro(folder, table):
    fields = [{"name": name, "type": ["null", AVRO[kind]], "default": None} for name, kind in table["columns"]]
    schema = fastavro.parse_schema({"type": "record", "name": table["name"], "fields": fields})
    for number, (path, rows) in enumerate(zip(table["paths"], table["files"])):
        path = folder / "history" / path
        path.parent.mkdir(parents=True, exist_ok=True)
        records = [{name: read(kind, row[at]) for at, (name, kind) in enumerate(table["columns"])} for row in rows]
        with open(path, "wb") as out:
            # Small blocks in every other file, so that a table's rows lie in several.
            fastavro.writer(out, schema, records, codec="deflate", sync_interval=200 if number % 2 else 16000)


if __name__ == "__main__":
    for path, folder in zip(sys.argv[1::2], sys.argv[2::2]):
        for spec in json.loads(pathlib.Path(path).read_text()):
            {"lake": delta, "history": avro}[spec["schema"]](pathlib.Path(folder), spec)
