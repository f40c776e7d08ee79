"""The two servers under measurement, each on a free loopback port and in a folder of its own."""
import glob
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time

import deltalake
import pyarrow as pa

START_LIMIT_SECONDS = 60


def postgres_program(name):
    versions = glob.glob(f"/usr/lib/postgresql/*/bin/{name}")
    newest = max(versions, key=lambda path: int(re.search(r"/(\d+)/", path)[1]), default=None)
    return newest or shutil.which(name) or exit(f"{name} is missing: install PostgreSQL")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """What both have: a process, a port, a user with a password, the name of the large table."""
    name = user = password = database = table = None

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix=f"bench-{self.name}-"))
        self.process = None
        self.port = None

    def start(self):
        """Starts the server; gives the seconds until a session is ready for a query."""
        self.port = free_port()
        begin = time.perf_counter()
        self.process = subprocess.Popen(self.command(), cwd=self.folder, stdin=subprocess.DEVNULL,
                                        stdout=open(self.folder / "log", "ab"), stderr=subprocess.STDOUT)
        while not self.answers():
            if self.process.poll() is not None or time.perf_counter() - begin > START_LIMIT_SECONDS:
                exit(f"{self.name} doesn't start:\n{(self.folder / 'log').read_text()}")
            time.sleep(0.001)
        return time.perf_counter() - begin

    def answers(self):
        """Whether a connection is taken and its startup message is answered, as far as a request for a password."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=5) as probe:
                body = f"user\0{self.user}\0database\0{self.database}\0\0".encode()
                probe.sendall((len(body) + 8).to_bytes(4) + (196608).to_bytes(4) + body)
                return probe.recv(1) == b"R"
        except OSError:
            return False

    def stop(self):
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM if self.name == "weir" else signal.SIGINT)
            self.process.wait(30)
            self.process = None

    def remove(self):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def memory_bytes(self):
        """Memory of the server's processes; what they share counts once."""
        pids = [self.process.pid]
        for pid in pids:
            for task in glob.glob(f"/proc/{pid}/task/*/children"):
                pids += map(int, pathlib.Path(task).read_text().split())
        rollups = [pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text() for pid in pids]
        return sum(int(re.search(r"^Pss: +(\d+) kB", text, re.M)[1]) * 1024 for text in rollups)

    def dsn(self):
        return f"host=127.0.0.1 port={self.port} user={self.user} password={self.password} dbname={self.database} sslmode=disable"


class Postgres(Server):
    name, user, password, database, table = "postgres", "postgres", "none", "postgres", "numbers"

    def __init__(self, rows):
        super().__init__()
        self.as_user = []
        if os.getuid() == 0:
            self.as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]
            shutil.chown(self.folder, "postgres", "postgres")
        subprocess.run([*self.as_user, postgres_program("initdb"), "-U", self.user, "-A", "trust", "--no-sync",
                        "--locale=C.UTF-8", "-E", "UTF8", "-D", self.folder / "data"], cwd=self.folder,
                       check=True, stdout=subprocess.DEVNULL)
        self.start()
        self.run(f"CREATE TABLE numbers AS SELECT i::bigint AS id, (i % 1000)::integer AS part FROM generate_series(1, {rows}) i")
        self.run("VACUUM ANALYZE numbers")
        self.stop()

    def command(self):
        return [*self.as_user, postgres_program("postgres"), "-D", self.folder / "data", "-p", str(self.port),
                "-c", "listen_addresses=127.0.0.1", "-c", f"unix_socket_directories={self.folder}", "-c", "fsync=off"]

    def run(self, sql):
        subprocess.run([postgres_program("psql"), "-X", "-q", self.dsn(), "-c", sql], check=True)


class Weir(Server):
    name, user, password, database, table = "weir", "eva", "eva-secret", "mesh", "lake.numbers"

    def __init__(self, rows):
        super().__init__()
        policies = self.folder / "policies"
        policies.mkdir()
        verifier = subprocess.run([os.environ["WEIR_BIN"], "password"], input=self.password, text=True,
                                  check=True, capture_output=True).stdout.strip()
        (policies / "users.toml").write_text(f'[eva]\nscram = "{verifier}"\n')
        (policies / "policy.csv").write_text("p, role:chief, *.*, select\ng, eva, role:chief\n")
        identifiers = range(1, rows + 1)
        table = pa.table({"id": pa.array(identifiers, pa.int64()), "part": pa.array((i % 1000 for i in identifiers), pa.int32())})
        deltalake.write_deltalake(self.folder / "lake/numbers", table)

    def command(self):
        config = self.folder / "weir.toml"
        config.write_text(f'[server]\nlisten = "127.0.0.1:{self.port}"\n\n[policies]\npath = "policies"\n\n'
                          f'[sources.lake]\nkind = "delta"\nroot = "{self.folder}/lake"\n')
        return [os.environ["WEIR_BIN"], "serve", "--config", config]
