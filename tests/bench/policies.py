"""Measures what policies cost. Run by policies.sh."""
import argparse
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import threading
import time

import deltalake
import psycopg
import pyarrow.parquet as pq

from servers import Postgres, Server

TABLES = ["customer", "lineitem", "nation", "orders", "part", "partsupp", "region", "supplier"]
# The row filters' column of each large table; the small ones are left whole, so that joins still find something.
KEYS = {"lineitem": "l_orderkey", "orders": "o_orderkey"}
MASKED = {"customer": "c_comment", "orders": "o_comment", "part": "p_comment", "supplier": "s_comment"}
RULES, KEPT = [0, 1, 10, 100], [1, 10, 100]
AIM_RATIO, AIM_ADDED_MS, AIM_RELOAD_S = 1.03, 0.2, 1.0


class Weir(Server):
    """With a source of the caller's and rules of the caller's."""
    name, user, password, database = "weir", "plain", "secret", "mesh"

    def __init__(self, source, users, files):
        super().__init__()
        self.source = source
        (self.folder / "policies").mkdir()
        (self.folder / "hash.key").write_text("a key for benchmarks")
        verifier = subprocess.run([os.environ["WEIR_BIN"], "password"], input=self.password, text=True, check=True,
                                  capture_output=True).stdout.strip()
        self.write("users.toml", "".join(f'[{user}]\nscram = "{verifier}"\n' for user in users))
        for file, text in files.items():
            self.write(file, text)

    def write(self, file, text):
        """At once, so that it is never read half written."""
        unfinished = self.folder / "policies" / f".{file}.new"
        unfinished.write_text(text)
        unfinished.rename(self.folder / "policies" / file)

    def command(self):
        config = self.folder / "weir.toml"
        config.write_text(f'[server]\nlisten = "127.0.0.1:{self.port}"\n\n[policies]\npath = "policies"\nrefresh = "100ms"\n'
                          f'hash_key = "file:hash.key"\n\n{self.source}')
        return [os.environ["WEIR_BIN"], "serve", "--config", config]

    def connect(self, user):
        return psycopg.connect(f"host=127.0.0.1 port={self.port} user={user} password={self.password} dbname=mesh sslmode=disable "
                               "options='-c search_path=lake'", autocommit=True, prepare_threshold=None)


def predicates(table, rules, kept):
    """The first keeps so many percent of the rows; the others keep all, and are evaluated all the same."""
    key = KEYS[table]
    if rules == 0:
        return []
    return [f"{key} % 100 < {kept}"] + [f"{key} + {number} > 0" for number in range(1, rules)]


def tpch(options):
    lake = pathlib.Path(os.environ["TPCH"]) / "lake"
    for table in TABLES:
        if not (lake / table / "_delta_log").exists():
            data = pq.read_table(lake.parent / "parquet" / f"{table}.parquet")
            clean = data.cast(data.schema.remove_metadata()).replace_schema_metadata(None)
            deltalake.write_deltalake(lake / table, clean.cast(_without_ids(clean.schema)))
    configurations = [(rules, kept, masked) for rules in RULES for kept in (KEPT if rules else [100]) for masked in (False, True)]
    user = lambda rules, kept, masked: f"r{rules}_k{kept}{'_m' if masked else ''}"
    users = ["plain"] + [user(*configuration) for configuration in configurations]
    policy, rows, masks = ["p, role:all, lake.*, select"], [], []
    for name in users:
        policy += [f"p, role:{name}, lake.*, select", f"g, {name}, role:{name}"]
    for rules, kept, masked in configurations:
        for table in KEYS:
            for number, predicate in enumerate(predicates(table, rules, kept)):
                rows.append(f"[[filter]]\nname = \"{user(rules, kept, masked)} {table} {number}\"\ntables = [\"lake.{table}\"]\n"
                            f"roles = [\"{user(rules, kept, masked)}\"]\nwhere = \"{predicate}\"\n")
    spared = [name for name in users if not name.endswith("_m")]
    for table, column in MASKED.items():
        masks.append(f"[[mask]]\nname = \"{column}\"\ncolumns = [\"lake.{table}.{column}\"]\nunless = {spared}\nwith = \"hash\"\n")
    server = Weir(f"[sources.lake]\nkind = \"delta\"\nroot = \"{lake}\"\n", users,
                  {"policy.csv": "\n".join(policy) + "\n", "rows.toml": "\n".join(rows), "masks.toml": "\n".join(masks)})
    queries = sorted((int(path.stem), path.read_text()) for path in lake.parent.glob("queries/*.sql"))
    try:
        server.start()
        plain = server.connect("plain")
        works = [(number, sql) for number, sql in queries if answers(plain, number, sql)]
        print(f"{len(works)} of {len(queries)} queries; seconds for all of them, each the median of {options.runs} runs\n")
        print("| rules a table | rows kept | hash masks | rules | by hand | ratio | aim |\n|---|---|---|---|---|---|---|", flush=True)
        for rules, kept, masked in configurations:
            governed = server.connect(user(rules, kept, masked))
            ruled, by_hand = paired(governed, plain, works, lambda sql: written_in(sql, rules, kept), options.runs)
            governed.close()
            ratio = ruled / by_hand
            print(f"| {rules} | {kept} % | {'yes' if masked else 'no'} | {ruled:.2f} | {by_hand:.2f} | {ratio:.3f} | "
                  f"{'reached' if ratio <= AIM_RATIO else 'not reached'} |", flush=True)
    finally:
        server.remove()


def paired(governed, plain, works, written, runs):
    """The sums over all queries of the medians, one after the other and in turns, so that neither is always the first."""
    ruled = by_hand = 0.0
    for _, sql in works:
        asks = [(governed, sql, []), (plain, written(sql), [])]
        for connection, text, _ in asks:
            seconds(connection, text)
        for run in range(runs):
            for connection, text, took in asks if run % 2 == 0 else reversed(asks):
                took.append(seconds(connection, text))
        ruled += statistics.median(asks[0][2])
        by_hand += statistics.median(asks[1][2])
    return ruled, by_hand


def _without_ids(schema):
    import pyarrow as pa
    return pa.schema([field.remove_metadata() for field in schema])


def answers(connection, number, sql):
    try:
        connection.execute(sql).fetchall()
        return True
    except psycopg.Error as error:
        print(f"query {number} is left out: {error.diag.sqlstate} {error.diag.message_primary}")
        return False


def seconds(connection, sql):
    begin = time.perf_counter()
    connection.execute(sql).fetchall()
    return time.perf_counter() - begin


def written_in(sql, rules, kept):
    """The query over tables with the predicates written into it, as a view would have them."""
    if rules == 0:
        return sql
    for table in KEYS:
        where = " AND ".join(f"({predicate})" for predicate in predicates(table, rules, kept))
        sql = f"WITH {table}_kept AS (SELECT * FROM {table} WHERE {where}) " + re.sub(rf"\b{table}\b", f"{table}_kept", sql) \
            if not re.match(r"\s*with\b", sql, re.I) else \
            re.sub(r"^\s*with\b", f"WITH {table}_kept AS (SELECT * FROM {table} WHERE {where}),", re.sub(rf"\b{table}\b", f"{table}_kept", sql), flags=re.I)
    return sql


def many(options):
    postgres = Postgres(1)
    server = None
    try:
        postgres.start()
        count = 10_000
        for first in range(0, count, 500):
            postgres.run(";".join(f"CREATE TABLE t{n} (id int, country text)" for n in range(first, first + 500)))
        rules = lambda total: "".join(
            f"[[filter]]\nname = \"f{n}\"\ntables = [\"shop.t{n % count}\"]\nroles = [\"bound\"]\nwhere = \"country = 'c{n}'\"\n" for n in range(total))
        hundred = "".join(f"[[filter]]\nname = \"f{n}\"\ntables = [\"shop.t0\"]\nroles = [\"bound\"]\nwhere = \"id > -{n}\"\n" for n in range(100))
        source = (f"[sources.shop]\nkind = \"postgres\"\nurl = \"postgres://postgres@127.0.0.1:{postgres.port}/postgres\"\n"
                  "schemas = { shop = \"public\" }\n")
        grants = "p, role:free, shop.*, select\np, role:bound, shop.*, select\ng, plain, role:free\ng, bound, role:bound\n"
        server = Weir(source, ["plain", "bound"], {"policy.csv": grants, "rows.toml": hundred})
        server.start()
        by_hand = "SELECT count(*) FROM shop.t0 WHERE " + " AND ".join(f"id > -{n}" for n in range(100))
        free, bound = server.connect("plain"), server.connect("bound")
        latencies = {"plain": [], "bound": []}
        for _ in range(options.runs * 100):
            latencies["bound"].append(seconds(bound, "SELECT count(*) FROM shop.t0") * 1000)
            latencies["plain"].append(seconds(free, by_hand) * 1000)
        medians = {name: statistics.median(values) for name, values in latencies.items()}
        added = medians["bound"] - medians["plain"]
        print("| among 10,000 tables | ms |\n|---|---|")
        print(f"| statement under 100 rules | {medians['bound']:.3f} |\n| the same predicates by hand | {medians['plain']:.3f} |")
        print(f"| added | {added:.3f} (aim {AIM_ADDED_MS}: {'reached' if added < AIM_ADDED_MS else 'not reached'}) |")
        reloads, failures, statements = reload(server, rules(10_000), hundred, options.runs)
        worst = max(reloads)
        print(f"| reload of 10,000 rules, seconds until in force | {worst:.2f} at most of {len(reloads)} "
              f"(aim {AIM_RELOAD_S} beside the look every 0.1 s: {'reached' if worst < AIM_RELOAD_S + 0.15 else 'not reached'}) |")
        print(f"| statements of 16 clients meanwhile, failed | {statements}, {failures} |")
    finally:
        if server is not None:
            server.remove()
        postgres.remove()


def reload(server, large, small, runs):
    """Swaps the rules while 16 clients query; seconds until the new version is in force."""
    stop, counts, failures = threading.Event(), [0] * 16, [0] * 16

    def client(at):
        with server.connect("plain") as connection:
            while not stop.is_set():
                try:
                    connection.execute("SELECT count(*) FROM shop.t1").fetchall()
                    counts[at] += 1
                except psycopg.Error:
                    failures[at] += 1

    threads = [threading.Thread(target=client, args=(at,)) for at in range(16)]
    for thread in threads:
        thread.start()
    took = []
    for run in range(runs):
        for rules in (large, small):
            log = (server.folder / "log").read_text().count("new policies are in force")
            begin = time.perf_counter()
            server.write("rows.toml", f"# {run}\n{rules}")
            while (server.folder / "log").read_text().count("new policies are in force") == log:
                if time.perf_counter() - begin > 60:
                    exit(f"the rules never take effect:\n{(server.folder / 'log').read_text()[-2000:]}")
                time.sleep(0.005)
            if rules is large:
                took.append(time.perf_counter() - begin)
    stop.set()
    for thread in threads:
        thread.join()
    return took, sum(failures), sum(counts)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["tpch", "many"])
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    (tpch if options.what == "tpch" else many)(options)


if __name__ == "__main__":
    main()
