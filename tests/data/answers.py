"""What a server answers to a statement, for scripts that compare two servers."""

import select
import time

import psycopg
from psycopg.pq import ConnStatus, DiagnosticField, ExecStatus, TransactionStatus

# Of a statement that has no answer within its time, or whose connection was lost.
LOST = "lost"
FIELDS = (DiagnosticField.SQLSTATE, DiagnosticField.MESSAGE_PRIMARY)


# The least number of what isn't built in.
FIRST_OID = 16384


def are_types_alike(one, other):
    """By their oids. Types that aren't PostgreSQL's own have other ones on each server."""
    return one == other or min(one, other) >= FIRST_OID


def are_told_alike(some, others):
    """Whether columns have the same names and types."""
    alike = (a[0] == b[0] and are_types_alike(a[1], b[1]) for a, b in zip(some, others))
    return len(some) == len(others) and all(alike)


class Rows:
    """Columns as names and type oids, and rows as text."""

    def __init__(self, result):
        self.columns = [(result.fname(i).decode(), result.ftype(i)) for i in range(result.nfields)]
        cells = range(result.nfields)
        self.rows = [tuple(text(result.get_value(row, i)) for i in cells) for row in range(result.ntuples)]

    def __repr__(self):
        names = "|".join(f"{name}:{kind}" for name, kind in self.columns)
        lines = ["|".join("∅" if cell is None else cell for cell in row) for row in self.rows[:12]]
        more = [f"... {len(self.rows)} rows"] if len(self.rows) > 12 else []
        return "\n      ".join([names, *lines, *more])


class Failed:
    """An error, or a statement without rows (an empty SQLSTATE)."""

    def __init__(self, code, message=""):
        self.code, self.message = code, message

    def __repr__(self):
        return f"{self.code}: {self.message}"


def text(value):
    return None if value is None else value.decode("utf-8", "replace")


class Session:
    """A connection that is made anew after it was lost. No statement takes longer than `seconds`."""

    def __init__(self, conninfo, seconds=20, setup=()):
        self.conninfo, self.seconds, self.setup = conninfo, seconds, setup
        self.connect()

    def connect(self):
        self.connection = psycopg.connect(self.conninfo, autocommit=True, prepare_threshold=None)
        self.pq = self.connection.pgconn
        for statement in self.setup:
            self.ask(statement)

    def close(self):
        self.connection.close()

    def in_transaction(self):
        return self.pq.transaction_status != TransactionStatus.IDLE

    def ask(self, sql, data=None, values=None):
        """The answer to the last of the statements in `sql`; `data` is what COPY reads, `values` are those of parameters."""
        deadline = time.monotonic() + self.seconds
        try:
            if values is None:
                self.pq.send_query(sql.encode())
            else:
                self.pq.send_query_params(sql.encode(), [value.encode() for value in values])
            return self.answer(deadline, data)
        except (psycopg.Error, TimeoutError) as error:
            self.close()
            self.connect()
            return Failed(LOST, str(error).strip())

    def answer(self, deadline, data):
        answer = Failed("")
        while (result := self.result(deadline)) is not None:
            if result.status == ExecStatus.TUPLES_OK:
                answer = Rows(result)
            elif result.status == ExecStatus.COPY_IN:
                self.pq.put_copy_data((data or "").encode())
                self.pq.put_copy_end()
            elif result.status == ExecStatus.COPY_OUT:
                raise TimeoutError("COPY TO STDOUT isn't read")
            elif result.status == ExecStatus.FATAL_ERROR:
                answer = Failed(*(text(result.error_field(field) or b"") for field in FIELDS))
                # An error without a code is the driver's own: the connection is lost.
                if self.pq.status == ConnStatus.BAD:
                    raise TimeoutError(answer.message or "the server closed the connection")
            else:
                answer = Failed("")
        return answer

    def result(self, deadline):
        while self.pq.flush():
            self.wait(deadline, writes=True)
        while self.pq.is_busy():
            self.wait(deadline)
            self.pq.consume_input()
        return self.pq.get_result()

    def wait(self, deadline, writes=False):
        left = deadline - time.monotonic()
        sockets = [self.pq.socket]
        if left <= 0 or not any(select.select(sockets, sockets if writes else [], [], left)):
            raise TimeoutError(f"no answer within {self.seconds} seconds")
