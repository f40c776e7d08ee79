"""Clients that speak TLS from their first byte on, or cancel over it: `tls.py WHAT [ARGUMENT...]`."""

import socket
import ssl
import struct
import sys

import psycopg
from psycopg.pq import DiagnosticField, ExecStatus

PATIENCE = 20


def direct(port, ca, *protocols):
    """Shakes hands at once, naming these protocols (ALPN), and sends a startup message: prints how it is answered."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(ca)
    if protocols:
        context.set_alpn_protocols(protocols)
    body = struct.pack("!i", 3 << 16) + b"user\0eva\0database\0mesh\0\0"
    connection = socket.create_connection(("127.0.0.1", int(port)), PATIENCE)
    try:
        stream = context.wrap_socket(connection, server_hostname="localhost")
    except ssl.SSLError as error:
        return print("no handshake:", error)
    try:
        stream.sendall(struct.pack("!i", len(body) + 4) + body)
        answer = stream.recv(1000)
    except (ConnectionError, ssl.SSLEOFError):
        answer = b""
    if not answer:
        return print("closed")
    # Behind type, length and kind of authentication: the mechanisms.
    print(stream.selected_alpn_protocol(), chr(answer[0]), *answer[9:].decode().rstrip("\0").split("\0"))


def cancel(conninfo):
    """Cancels a statement in the middle of its rows, over a connection like the session's own: prints how it ends."""
    connection = psycopg.connect(conninfo, autocommit=True, connect_timeout=PATIENCE)
    connection.execute("SET statement_timeout = '60s'")
    session = connection.pgconn
    session.send_query(b"SELECT value FROM generate_series(1, 50000000000) AS g(value)")
    session.set_single_row_mode()
    result = session.get_result()
    connection.cancel_safe(timeout=PATIENCE)
    while result.status == ExecStatus.SINGLE_TUPLE:
        result = session.get_result()
    fields = (DiagnosticField.SQLSTATE, DiagnosticField.MESSAGE_PRIMARY)
    print(*(result.error_field(field).decode() for field in fields))


globals()[sys.argv[1]](*sys.argv[2:])
