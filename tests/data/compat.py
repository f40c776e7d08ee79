"""Asks a PostgreSQL and a server under test the same statements: `compat.py POSTGRES SERVER GAPS FILE...`, two conninfos, the
file of known gaps, and files with one statement a line (`--` begins a comment). Answers differ in names, types, values,
order, SQLSTATE, message or position. Types that are no PostgreSQL's own are told by their names, as their numbers differ.

Each line of GAPS is a statement whose answers are known to differ, behind the SQLSTATE that the server gives, or `other` if it
gives an answer. Prints what differs and isn't known, and what is known and no longer differs. With `--write` as the first
argument GAPS is written instead.
"""

import sys

import psycopg
from psycopg.pq import DiagnosticField, ExecStatus


# The least number of what isn't built in.
FIRST_OID = 16384


def ask(connection, sql):
    result = connection.pgconn.exec_(sql.encode())
    if result.status == ExecStatus.TUPLES_OK:
        columns = [(result.fname(i).decode(), named(connection, result.ftype(i))) for i in range(result.nfields)]
        rows = [[value(result, row, i) for i in range(result.nfields)] for row in range(result.ntuples)]
        return columns, rows
    fields = (DiagnosticField.SQLSTATE, DiagnosticField.MESSAGE_PRIMARY, DiagnosticField.STATEMENT_POSITION)
    return tuple((result.error_field(field) or b"").decode() for field in fields)


def named(connection, oid):
    if oid < FIRST_OID:
        return oid
    return connection.execute("SELECT format_type(%s::oid, NULL)", [oid]).fetchone()[0]


def value(result, row, column):
    data = result.get_value(row, column)
    return None if data is None else data.decode()


def statements(file):
    lines = (line.strip() for line in open(file, encoding="utf-8"))
    return [line for line in lines if line and not line.startswith("--")]


arguments = sys.argv[1:]
writes = arguments[0] == "--write"
theirs, ours, gaps, *files = arguments[writes:]
connections = [psycopg.connect(conninfo, autocommit=True) for conninfo in (theirs, ours)]
known = {} if writes else dict(reversed(line.split(" ", 1)) for line in statements(gaps))
found = {}
for file in files:
    for statement in statements(file):
        wanted, given = (ask(connection, statement) for connection in connections)
        if wanted == given:
            if statement in known:
                print(f"{statement}\n  no longer differs: take it out of {gaps}")
            continue
        found[statement] = given[0] if len(given) == 3 else "other"
        if not writes and known.get(statement) != found[statement]:
            print(f"{statement}\n  PostgreSQL: {wanted}\n  Weir:       {given}")
if writes:
    with open(gaps, "w", encoding="utf-8") as out:
        out.write("-- Statements whose answers differ from PostgreSQL's, by the SQLSTATE that Weir gives; see compat.py.\n")
        out.writelines(f"{code} {statement}\n" for statement, code in found.items())
