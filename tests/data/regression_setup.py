"""What a run of PostgreSQL's regression tests needs: a database, a server over it, and rows like those of its files."""

import pathlib
import socket
import subprocess
import tempfile
import time

import psycopg
from psycopg import conninfo, sql

START_LIMIT_SECONDS = 60


def numbered(table, rows):
    """The table of the Wisconsin benchmark: numbers in a mixed order, their remainders, and letters for them."""
    small = rows // 10
    letters = "chr(65 + {0} % 26) || chr(65 + {0} / 26 % 26) || 'AAAA'"
    return f"""INSERT INTO {table}
        SELECT a, b, a % 2, a % 4, a % 10, a % 20, a % {small // 10}, a % {small}, a % {small * 2}, a % {small * 5}, a,
            a % {small // 10} * 2, a % {small // 10} * 2 + 1, {letters.format("a")}, {letters.format("b")},
            (ARRAY['AAAA', 'HHHH', 'OOOO', 'VVVV'])[b % 4 + 1] || 'xx'
        FROM (SELECT (n * 7919 + 8800) % {rows} AS a, n AS b FROM generate_series(0, {rows - 1}) n) numbers"""


PEOPLE = "'person ' || n, n * 7 % 60 + 10, point(n % 5, n)"
# Rows for tables that the tests load from files.
MADE = {
    "onek": numbered("onek", 1000),
    "tenk1": numbered("tenk1", 10000),
    "aggtest": "INSERT INTO aggtest VALUES (56, 7.8), (100, 99.097), (0, 0.09561), (42, 324.78)",
    "person": f"INSERT INTO person SELECT {PEOPLE} FROM generate_series(1, 50) n",
    "emp": f"INSERT INTO emp SELECT {PEOPLE}, n * 100, 'sam' FROM generate_series(1, 3) n",
    "student": f"INSERT INTO student SELECT {PEOPLE}, n * 1.25 FROM generate_series(1, 2) n",
    "stud_emp": f"INSERT INTO stud_emp SELECT {PEOPLE}, n * 100, 'sam', n * 1.25, n * 10 FROM generate_series(1, 3) n",
    "road": """INSERT INTO road SELECT k || n, path(format('((%s,1),(%s,2))', n, n + 1))
        FROM unnest(ARRAY['I- ', 'State Hwy ', 'Main ']) k, generate_series(1, 20) n""",
    "testjsonb": """INSERT INTO testjsonb SELECT jsonb_strip_nulls(jsonb_build_object('line', n, 'wait',
            CASE WHEN n % 3 = 0 THEN NULL WHEN n % 80 = 1 THEN 'CC' END, 'date', CASE WHEN n % 2 = 0 THEN 'CB' END, 'node',
            CASE WHEN n % 7 = 0 THEN chr(65 + n % 26) || 'B' END, 'status', n % 5, 'pos', n, 'public', n % 4 = 0,
            'age', CASE WHEN n % 11 = 0 THEN 25 END, 'bar', CASE WHEN n % 13 = 0 THEN 'baz' END))
        FROM generate_series(1, 1000) n""",
    "array_op_test": """INSERT INTO array_op_test SELECT n, ARRAY(SELECT n * k * 37 % 100 FROM generate_series(1, n % 9) k),
            ARRAY(SELECT 'AAAA' || n * k * 91 % 300 FROM generate_series(1, n % 7) k)
        FROM generate_series(1, 100) n""",
}


def fresh_database(maintenance, name):
    """Makes the database anew, and gives its conninfo."""
    with psycopg.connect(maintenance, autocommit=True) as connection:
        for statement in ("DROP DATABASE IF EXISTS {} WITH (FORCE)", "CREATE DATABASE {} TEMPLATE template0"):
            connection.execute(sql.SQL(statement).format(sql.Identifier(name)))
    return conninfo.make_conninfo(maintenance, dbname=name)


class Started:
    """A server over the schema `public` of a database, which its one user may read."""

    def __init__(self, binary, database):
        self.binary, self.database = binary, conninfo.conninfo_to_dict(database)

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="weir-regression-")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.configure(pathlib.Path(self.folder.name), port)
        config = pathlib.Path(self.folder.name, "weir.toml")
        self.log = open(config.with_name("log"), "wb")
        self.process = subprocess.Popen(
            [self.binary, "serve", "--config", config], stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log
        )
        self.conninfo = conninfo.make_conninfo(host="127.0.0.1", port=port, user="eva", password="eva-secret", dbname="mesh")
        self.wait(port)
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.log.close()
        self.folder.cleanup()

    def configure(self, folder, port):
        of = self.database
        # Without a password in the conninfo the server asks for none.
        password = f":{of['password']}" if "password" in of else ""
        url = f"postgres://{of.get('user', 'postgres')}{password}@{of['host']}:{of.get('port', 5432)}/{of['dbname']}"
        verifier = subprocess.run(
            [self.binary, "password"], input="eva-secret\n", capture_output=True, text=True, check=True
        ).stdout.strip()
        policies = folder / "policies"
        policies.mkdir()
        (policies / "policy.csv").write_text("p, role:chief, *.*, select\ng, eva, role:chief\n")
        (policies / "users.toml").write_text(f'[eva]\nscram = "{verifier}"\n')
        (folder / "hash.key").write_text("a key for tests")
        (folder / "weir.toml").write_text(
            f'[server]\nlisten = "127.0.0.1:{port}"\ndatabase = "mesh"\ncatalog_refresh = "200ms"\n'
            f'[policies]\npath = "{policies}"\nhash_key = "file:{folder / "hash.key"}"\n'
            f'[audit]\npath = "{folder / "audit.jsonl"}"\n'
            f'[sources.shop]\nkind = "postgres"\nurl = "{url}"\nschemas = {{ public = "public" }}\n'
        )

    def wait(self, port):
        deadline = time.monotonic() + START_LIMIT_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                return
            except OSError:
                time.sleep(0.05)
        raise SystemExit("the server doesn't start:\n" + pathlib.Path(self.folder.name, "log").read_text())
