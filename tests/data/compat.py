"""Asks a PostgreSQL and a server under test the same statements: `compat.py POSTGRES SERVER FILE...`, two conninfos and
files with one statement a line (`--` begins a comment). Prints each statement whose answers differ in names, types, values,
order, SQLSTATE, message or position, with both answers.
"""

import sys

import psycopg
from psycopg.pq import DiagnosticField, ExecStatus


def ask(connection, sql):
    result = connection.pgconn.exec_(sql.encode())
    if result.status == ExecStatus.TUPLES_OK:
        columns = [(result.fname(i).decode(), result.ftype(i)) for i in range(result.nfields)]
        rows = [[value(result, row, i) for i in range(result.nfields)] for row in range(result.ntuples)]
        return columns, rows
    fields = (DiagnosticField.SQLSTATE, DiagnosticField.MESSAGE_PRIMARY, DiagnosticField.STATEMENT_POSITION)
    return tuple((result.error_field(field) or b"").decode() for field in fields)


def value(result, row, column):
    data = result.get_value(row, column)
    return None if data is None else data.decode()


connections = [psycopg.connect(conninfo, autocommit=True) for conninfo in sys.argv[1:3]]
for file in sys.argv[3:]:
    for line in open(file, encoding="utf-8"):
        statement = line.strip()
        if not statement or statement.startswith("--"):
            continue
        wanted, given = (ask(connection, statement) for connection in connections)
        if wanted != given:
            print(f"{statement}\n  PostgreSQL: {wanted}\n  Weir:       {given}")
