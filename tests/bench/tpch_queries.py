"""Writes TPC-H's 22 queries into a folder, as DuckDB has them: tpch_queries.py FOLDER."""
import pathlib
import sys

import duckdb
from duckdb_extensions import import_extension

folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
import_extension("tpch")
connection = duckdb.connect()
connection.load_extension("tpch")
for number, text in connection.execute("SELECT query_nr, query FROM tpch_queries()").fetchall():
    (folder / f"{number}.sql").write_text(text)
