"""Writes the Delta tables that the connector's tests read: `delta.py WHAT FOLDER [ARGUMENT...]`."""

import datetime as dt
import decimal
import glob
import json
import os
import struct
import sys
import uuid

import pyarrow as pa
from deltalake import write_deltalake

DAYS = [dt.date(2024, 3, day) for day in range(1, 7)]
UTC = dt.timezone.utc


def partitioned(folder, count="600"):
    """`orders`: one file per day and region; 600 rows, regions `north`, `south` and NULL."""
    rows = range(int(count))
    start = dt.datetime(2024, 3, 1, tzinfo=UTC)
    table = pa.table({
        "id": pa.array(rows, pa.int64()),
        "day": pa.array([DAYS[i % 6] for i in rows], pa.date32()),
        "region": pa.array([["north", "south", None][i // 6 % 3] for i in rows], pa.string()),
        "amount": pa.array([decimal.Decimal(i * 7 % 1000) / 100 for i in rows], pa.decimal128(10, 2)),
        "at": pa.array([start + dt.timedelta(microseconds=i * 1_000_003) for i in rows], pa.timestamp("us", "UTC")),
        "note": pa.array([None if i % 11 == 0 else f"note {i % 97} {'x' * 40}" for i in rows], pa.string()),
        "score": pa.array([float("nan") if i % 50 == 0 else i / 3 for i in rows], pa.float64()),
        "paid": pa.array([None if i % 13 == 0 else i % 2 == 0 for i in rows], pa.bool_()),
    })
    write_deltalake(f"{folder}/orders", table, partition_by=["day", "region"], description="all orders")


def append(folder, name, first, count):
    """Commits a version to `name`: rows with ids from `first` on. Makes the table if there is none."""
    ids = list(range(int(first), int(first) + int(count)))
    write_deltalake(f"{folder}/{name}", pa.table({"id": pa.array(ids, pa.int64())}), mode="append")


def retype(folder, name):
    """Replaces `name` by a table whose `id` is a string."""
    table = pa.table({"id": pa.array(["a", "b"], pa.string())})
    write_deltalake(f"{folder}/{name}", table, mode="overwrite", schema_mode="overwrite")


def types(folder):
    """`types`: every type that Delta has, a row of values, a row of other ends, and a row of NULL."""
    struct_type = pa.struct([("a", pa.int32()), ("b", pa.string())])
    columns = {
        "b": (pa.bool_(), [True, False]),
        "i8": (pa.int8(), [-128, 127]),
        "i16": (pa.int16(), [-32768, 32767]),
        "i32": (pa.int32(), [-2**31, 2**31 - 1]),
        "i64": (pa.int64(), [-2**63, 2**63 - 1]),
        "f32": (pa.float32(), [1.5, float("-inf")]),
        "f64": (pa.float64(), [-0.0, float("nan")]),
        "dec": (pa.decimal128(38, 10), [decimal.Decimal("1.0000000001"), decimal.Decimal("-" + "9" * 28 + ".5")]),
        "s": (pa.string(), ["", "déjà vu \U0001f600"]),
        "bin": (pa.binary(), [b"", b"\x00\xff"]),
        "d": (pa.date32(), [dt.date(1, 1, 1), dt.date(9999, 12, 31)]),
        "ts": (pa.timestamp("us", "UTC"), [dt.datetime(1969, 12, 31, 23, 59, 59, 999999, UTC),
                                            dt.datetime(2200, 1, 1, 0, 0, 0, 1, UTC)]),
        "ntz": (pa.timestamp("us"), [dt.datetime(1, 1, 1), dt.datetime(9999, 12, 31, 23, 59, 59, 999999)]),
        "list": (pa.list_(pa.int64()), [[1, None, 3], []]),
        "st": (struct_type, [{"a": 1, "b": "x"}, {"a": None, "b": None}]),
        "m": (pa.map_(pa.string(), pa.int32()), [[("k", 1)], []]),
        "deep": (pa.list_(struct_type), [[{"a": 1, "b": "x"}, None], None]),
    }
    table = pa.table({name: pa.array(values + [None], kind) for name, (kind, values) in columns.items()})
    write_deltalake(f"{folder}/types", table)


def mapped(folder):
    """`mapped`: columns that have other names in the files, among them the partition's."""
    table = pa.table({"id": pa.array(range(100), pa.int64()),
                      "part": pa.array([["a", "b", None][i % 3] for i in range(100)], pa.string()),
                      "st": pa.array([{"x": i} for i in range(100)], pa.struct([("x", pa.int64())]))})
    write_deltalake(f"{folder}/mapped", table, partition_by=["part"],
                    configuration={"delta.columnMapping.mode": "name"})


def feature(folder, name, wanted):
    """Makes the table `name` and says in its log that readers need the feature `wanted`."""
    append(folder, name, 0, 3)
    commit = f"{folder}/{name}/_delta_log/{0:020}.json"
    lines = [json.loads(line) for line in open(commit)]
    for action in lines:
        if "protocol" in action:
            action["protocol"] = {"minReaderVersion": 3, "minWriterVersion": 7,
                                  "readerFeatures": [wanted], "writerFeatures": [wanted]}
    with open(commit, "w") as out:
        out.writelines(json.dumps(action) + "\n" for action in lines)


def deleted(folder, name, *rows):
    """Makes the table `name` with ids 0 to 99 in one file, and deletes `rows` of it by a deletion vector."""
    append(folder, name, 0, 100)
    log = f"{folder}/{name}/_delta_log"
    add = next(json.loads(line)["add"] for line in open(f"{log}/{0:020}.json") if '"add"' in line)
    positions = sorted(int(row) for row in rows)
    bitmap = roaring(positions)
    blob = b"\x01" + struct.pack(">i", len(bitmap)) + bitmap + struct.pack(">I", crc32(bitmap))
    file_id = uuid.uuid4()
    with open(f"{folder}/{name}/deletion_vector_{file_id}.bin", "wb") as out:
        out.write(blob)
    vector = {"storageType": "u", "pathOrInlineDv": z85(file_id.bytes), "offset": 1,
              "sizeInBytes": len(bitmap), "cardinality": len(positions)}
    features = ["deletionVectors"]
    actions = [
        {"protocol": {"minReaderVersion": 3, "minWriterVersion": 7,
                      "readerFeatures": features, "writerFeatures": features}},
        {"remove": {"path": add["path"], "deletionTimestamp": 1, "dataChange": True}},
        {"add": add | {"deletionVector": vector, "dataChange": True}},
        {"commitInfo": {"timestamp": 1, "operation": "DELETE"}},
    ]
    with open(f"{log}/{1:020}.json", "w") as out:
        out.writelines(json.dumps(action) + "\n" for action in actions)


def roaring(positions):
    """Delta's RoaringBitmapArray with one bitmap of one array container: positions below 65,536."""
    container = struct.pack(f"<{len(positions)}H", *positions)
    header = struct.pack("<IIHHI", 12346, 1, 0, len(positions) - 1, 16)
    return struct.pack("<IQI", 1681511377, 1, 0) + header + container


def crc32(data):
    import zlib
    return zlib.crc32(data)


def z85(data):
    letters = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#"
    text = ""
    for at in range(0, len(data), 4):
        value, part = int.from_bytes(data[at:at + 4], "big"), ""
        for _ in range(5):
            value, digit = divmod(value, 85)
            part = letters[digit] + part
        text += part
    return text


def spoil(folder, name):
    """Overwrites the middle of the one data file of `name`; prints the file's path."""
    file, = glob.glob(f"{folder}/{name}/*.parquet")
    with open(file, "r+b") as out:
        out.seek(4)
        out.write(b"\xff" * (os.path.getsize(file) // 4))
    print(file)


def s3(endpoint, bucket):
    """Makes `tables/orders` in a bucket."""
    options = {"AWS_ENDPOINT_URL": endpoint, "AWS_ALLOW_HTTP": "true", "AWS_REGION": "us-east-1",
               "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "aws_conditional_put": "etag"}
    ids = pa.array(range(1000), pa.int64())
    write_deltalake(f"s3://{bucket}/tables/orders", pa.table({"id": ids}), storage_options=options)


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
