"""Measures Weir and PostgreSQL in turns and prints medians, ratios and the aims. Run by run.sh."""
import argparse
import os
import re
import statistics
import subprocess
import tempfile
import time

import psycopg

from servers import Postgres, Weir, postgres_program

IDLE_SECONDS = 2


def start_up(server, _options):
    server.stop()
    return server.start() * 1000


def idle_memory(server, _options):
    server.stop()
    server.start()
    time.sleep(IDLE_SECONDS)
    return server.memory_bytes() / (1 << 20)


def select_1(clients, mode):
    def measure(server, options):
        with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
            script.write("SELECT 1;\n")
            script.flush()
            command = [postgres_program("pgbench"), "-n", "-f", script.name, "-M", mode, "-c", str(clients),
                       "-j", str(min(clients, 2)), "-T", str(options.seconds), "-h", "127.0.0.1", "-p", str(server.port),
                       "-U", server.user, server.database]
            result = subprocess.run(command, env={**os.environ, "PGPASSWORD": server.password, "PGSSLMODE": "disable"},
                                    text=True, capture_output=True)
        rate = re.search(r"tps = ([\d.]+)", result.stdout)
        return float(rate[1]) if rate and result.returncode == 0 else exit(f"pgbench against {server.name}:\n{result.stderr}")
    return measure


def stream(server, options):
    command = [postgres_program("psql"), "-X", "-A", "-t", "-o", "/dev/null", server.dsn(),
               "-c", f"SELECT id, part FROM {server.table}"]
    begin = time.perf_counter()
    subprocess.run(command, check=True)
    return options.rows / (time.perf_counter() - begin)


def first_row(server, _options):
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        connection.execute("SELECT 1")
        cursor = connection.cursor()
        begin = time.perf_counter()
        rows = cursor.stream(f"SELECT id, part FROM {server.table}")
        next(rows)
        elapsed = time.perf_counter() - begin
        connection.cancel_safe()
        try:
            for _ in rows:
                pass
        except psycopg.errors.QueryCanceled:
            pass
    return elapsed * 1000


# What is measured, how, its unit, and what Weir is to reach: `ratio` of PostgreSQL at least, or `most` in the unit.
MEASURES = [
    ("start until ready", start_up, "ms", {"most": 1000}),
    ("idle memory", idle_memory, "MB", {"most": 100}),
    ("SELECT 1, 1 client, simple", select_1(1, "simple"), "/s", {"ratio": 0.3}),
    ("SELECT 1, 1 client, prepared", select_1(1, "prepared"), "/s", {"ratio": 0.3}),
    ("SELECT 1, 32 clients, simple", select_1(32, "simple"), "/s", {"ratio": 0.3}),
    ("SELECT 1, 32 clients, prepared", select_1(32, "prepared"), "/s", {"ratio": 0.3}),
    ("rows streamed to psql", stream, "rows/s", {"ratio": 0.7}),
    ("first row of a large result", first_row, "ms", {"most": 20}),
]


def line(name, unit, aim, values):
    weir, postgres = (statistics.median(values[server]) for server in ("weir", "postgres"))
    ratio = weir / postgres
    reached = weir <= aim["most"] if "most" in aim else ratio >= aim["ratio"]
    target = f"at most {aim['most']} {unit}" if "most" in aim else f"ratio of at least {aim['ratio']}"
    spread = " ".join(f"{value:,.0f}" for value in sorted(values["weir"]))
    return f"| {name} | {weir:,.1f} {unit} | {postgres:,.1f} {unit} | {ratio:.2f} | {target} | {'yes' if reached else 'no'} | {spread} |"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="turns of each measure")
    parser.add_argument("--seconds", type=int, default=3, help="length of one pgbench run")
    parser.add_argument("--rows", type=int, default=5_000_000, help="rows of the large table")
    options = parser.parse_args()
    servers = []
    try:
        servers += [Weir(options.rows), Postgres(options.rows)]
        for server in servers:
            server.start()
        print("| measure | Weir | PostgreSQL | ratio | aim | reached | all runs of Weir |\n|---|---|---|---|---|---|---|", flush=True)
        for name, measure, unit, aim in MEASURES:
            values = {server.name: [] for server in servers}
            for _ in range(options.runs):
                for server in servers:
                    values[server.name].append(measure(server, options))
            print(line(name, unit, aim, values), flush=True)
    finally:
        for server in servers:
            server.remove()


if __name__ == "__main__":
    main()
