"""Measures what it takes to plan statements, and to compute over many rows, with PostgreSQL's meaning. Run by sql.sh."""
import argparse
import decimal
import itertools
import os
import statistics
import subprocess
import time

import deltalake
import psycopg
import pyarrow as pa
import pyarrow.compute as pc

from servers import Postgres, Server

TABLES = 10
# As a dashboard asks: ten tables joined, filtered, grouped and ordered.
DASHBOARD = """SELECT t0.label, date_trunc('month', t0.at) AS month, count(*) AS n, sum(t1.amount) AS total,
    sum(CASE WHEN t2.label = 'a' THEN t3.amount ELSE 0 END) AS some, max(coalesce(t4.label, 'none')) AS last
FROM {0}t0 t0 {joins}
WHERE t0.at >= timestamp '2024-01-01' AND t0.at < timestamp '2025-01-01' AND t5.label IN ('a', 'b', 'c')
    AND (t6.amount > 10.5 OR t7.label LIKE 'x%') AND t8.id <> 7
GROUP BY t0.label, date_trunc('month', t0.at) HAVING count(*) > 3 ORDER BY total DESC, month LIMIT 50"""
# What psql 17 asks for \\d.
CATALOG = r"""SELECT a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod),
  (SELECT pg_catalog.pg_get_expr(d.adbin, d.adrelid, true) FROM pg_catalog.pg_attrdef d
   WHERE d.adrelid = a.attrelid AND d.adnum = a.attnum AND a.atthasdef), a.attnotnull,
  (SELECT c.collname FROM pg_catalog.pg_collation c, pg_catalog.pg_type t
   WHERE c.oid = a.attcollation AND t.oid = a.atttypid AND a.attcollation <> t.typcollation) AS attcollation,
  a.attidentity, a.attgenerated
FROM pg_catalog.pg_attribute a WHERE a.attrelid = '{0}' AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum"""
# Of each: what is computed, as Weir, DataFusion and DuckDB write it, and the most that it may take of a peer's time.
COMPUTED = [
    ("checked int4 addition", ["max(a + b)"] * 3, ("datafusion", 1.3)),
    ("numeric(12,2) multiplication", ["max(m * n)"] * 3, ("duckdb", 1.0)),
    ("date_trunc", ["max(date_trunc('hour', t))"] * 3, ("duckdb", 1.0)),
    ("LIKE", ["count(*) FILTER (WHERE s LIKE '%7a%')"] * 3, ("duckdb", 1.0)),
    ("to_char", ["max(to_char(t, 'YYYY-MM-DD HH24:MI'))", "max(to_char(t, '%Y-%m-%d %H:%M'))", "max(strftime(t, '%Y-%m-%d %H:%M'))"],
     ("duckdb", 1.0)),
]
READ = ("what reading alone takes", ["max(a), max(b), max(m), max(n), max(t), max(s)"] * 3, None)


class Weir(Server):
    name, user, password, database = "weir", "eva", "eva-secret", "mesh"

    def command(self):
        policies = self.folder / "policies"
        policies.mkdir(exist_ok=True)
        verifier = subprocess.run([os.environ["WEIR_BIN"], "password"], input=self.password, text=True, check=True, capture_output=True)
        (policies / "users.toml").write_text(f'[eva]\nscram = "{verifier.stdout.strip()}"\n')
        (policies / "policy.csv").write_text("p, role:chief, *.*, select\ng, eva, role:chief\n")
        config = self.folder / "weir.toml"
        config.write_text(f'[server]\nlisten = "127.0.0.1:{self.port}"\n\n[policies]\npath = "policies"\n\n'
                          f'[sources.lake]\nkind = "delta"\nroot = "{self.folder}/lake"\n')
        return [os.environ["WEIR_BIN"], "serve", "--config", config]


def median(runs, ask):
    ask()
    return statistics.median(timed(ask) for _ in range(runs))


def timed(ask):
    begin = time.perf_counter()
    ask()
    return time.perf_counter() - begin


def planning(options):
    weir, postgres = Weir(), Postgres(1)
    try:
        small = pa.table({"id": pa.array([1, 2], pa.int64()), "label": pa.array(["a", "b"]),
                          "at": pa.array([0, 1], pa.timestamp("us")), "amount": pa.array([decimal.Decimal("1.50")] * 2, pa.decimal128(12, 2))})
        for number in range(TABLES):
            deltalake.write_deltalake(weir.folder / f"lake/t{number}", small)
        for server in (weir, postgres):
            server.start()
        postgres.run(";".join(f"CREATE TABLE t{n} (id bigint, label text, at timestamp, amount numeric(12,2))" for n in range(TABLES)))
        connections = {server.name: psycopg.connect(server.dsn(), autocommit=True) for server in (weir, postgres)}
        oids = {name: connection.execute("SELECT oid FROM pg_class WHERE relname = 't0'").fetchone()[0]
                for name, connection in connections.items()}
        schemas = {"weir": "lake.", "postgres": ""}
        joins = lambda schema: " ".join(f"JOIN {schema}t{n} t{n} ON t{n}.id = t{n - 1}.id" for n in range(1, TABLES))
        statements = [
            ("SELECT 1", lambda _: "SELECT 1"),
            ("dashboard query over 10 tables", lambda name: DASHBOARD.format(schemas[name], joins=joins(schemas[name]))),
            ("psql's query for a table's columns", lambda name: CATALOG.format(oids[name])),
        ]
        number = itertools.count()

        # A text that wasn't seen before is parsed and bound anew.
        unseen = lambda sql: f"{sql} /* {next(number)} */"

        def explained(name, sql):
            return median(options.runs * 20, lambda: connections[name].execute(f"EXPLAIN {unseen(sql)}").fetchall()) * 1000

        def prepared(name, sql):
            wire = connections[name].pgconn

            def ask():
                if wire.prepare(b"", unseen(sql).encode()).status != psycopg.pq.ExecStatus.COMMAND_OK:
                    raise RuntimeError(f"{name} can't prepare: {sql}")

            return median(options.runs * 20, ask) * 1000

        print("milliseconds until Parse, and until EXPLAIN is answered\n")
        print("| statement | Weir, Parse | PostgreSQL, Parse | Weir, EXPLAIN | PostgreSQL, EXPLAIN | ratio |\n|---|---|---|---|---|---|", flush=True)
        for title, written in statements:
            parse, theirs_parse = (prepared(name, written(name)) for name in ("weir", "postgres"))
            planned, theirs = (explained(name, written(name)) for name in ("weir", "postgres"))
            print(f"| {title} | {parse:.2f} | {theirs_parse:.2f} | {planned:.2f} | {theirs:.2f} | {planned / theirs:.1f} |", flush=True)
    finally:
        weir.remove()
        postgres.remove()


def written(folder, rows):
    """The same rows for all: a Delta table is a folder of Parquet files."""
    for first in range(0, rows, 1_000_000):
        numbers = lambda factor, modulus: pa.array(
            ((n * factor) % modulus for n in range(first, min(first + 1_000_000, rows))), pa.int32())
        cents = lambda factor: pc.cast(pc.multiply(pc.cast(numbers(factor, 9_999_991), pa.decimal128(10, 0)),
                                                   pa.scalar(decimal.Decimal("0.01"))), pa.decimal128(12, 2))
        large = pc.cast(numbers(7919, 1_000_003), pa.int64())
        table = pa.table({
            "a": numbers(7919, 1_000_003), "b": numbers(104_729, 1_000_033), "m": cents(31), "n": cents(37),
            "t": pc.cast(pc.add(pc.multiply(large, 60_000_000), 1_700_000_000_000_000), pa.timestamp("us")),
            "s": pc.binary_join_element_wise(pc.cast(large, pa.string()), "abc", "a"),
        })
        # Functions are measured, so there is nothing to decompress.
        plain = deltalake.WriterProperties(compression="UNCOMPRESSED")
        deltalake.write_deltalake(folder, table, mode="append", writer_properties=plain)


def rows(options):
    import datafusion
    import duckdb
    weir = Weir()
    try:
        written(weir.folder / "lake/t", options.rows)
        files = f"{weir.folder}/lake/t/*.parquet"
        weir.start()
        connection = psycopg.connect(weir.dsn(), autocommit=True)
        duck = duckdb.connect()
        duck.execute(f"SET threads = {os.cpu_count()}")
        fusion = datafusion.SessionContext(datafusion.SessionConfig().with_target_partitions(os.cpu_count()))
        fusion.register_parquet("t", f"{weir.folder}/lake/t/")
        asks = {
            "weir": lambda computed: connection.execute(f"SELECT {computed} FROM lake.t").fetchall(),
            "datafusion": lambda computed: fusion.sql(f"SELECT {computed} FROM t").collect(),
            "duckdb": lambda computed: duck.execute(f"SELECT {computed} FROM '{files}'").fetchall(),
        }
        print(f"{options.rows:,} rows, seconds, medians of {options.runs} runs\n")
        print("| computed | Weir | DataFusion | DuckDB | aim |\n|---|---|---|---|---|", flush=True)
        for title, spelled, aim in [READ, *COMPUTED]:
            took = {name: median(options.runs, lambda: ask(text)) for (name, ask), text in zip(asks.items(), spelled)}
            reached = ""
            if aim is not None:
                ratio = took["weir"] / took[aim[0]]
                reached = f"{ratio:.2f} of {aim[0]}'s, at most {aim[1]}: {'reached' if ratio <= aim[1] else 'not reached'}"
            print(f"| {title} | {took['weir']:.3f} | {took['datafusion']:.3f} | {took['duckdb']:.3f} | {reached} |", flush=True)
    finally:
        weir.remove()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["planning", "rows"])
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--rows", type=int, default=10_000_000)
    options = parser.parse_args()
    (planning if options.what == "planning" else rows)(options)


if __name__ == "__main__":
    main()
