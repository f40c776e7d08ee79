"""Serves git repositories on a free loopback port, which it prints: `git_host.py https ROOT USER PASSWORD CERTIFICATES` or
`git_host.py ssh ROOT USER PUBLIC_KEY HOST_KEY`. Nobody else gets in. It ends when its standard input does.
"""

import asyncio
import base64
import http.server
import os
import shlex
import ssl
import subprocess
import sys
import threading


def end_with_input():
    sys.stdin.read()
    os._exit(0)


def serve_https(root, user, password, certificates):
    """The smart protocol, which `git http-backend` speaks as a CGI program."""
    expected = "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()

    class Backend(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            body = self.body()
            if self.headers.get("Authorization") != expected:
                return self.answer(401, [("WWW-Authenticate", 'Basic realm="rules"')], b"")
            path, _, query = self.path.partition("?")
            environment = {
                **os.environ,
                "GIT_PROJECT_ROOT": root,
                "GIT_HTTP_EXPORT_ALL": "1",
                "REQUEST_METHOD": self.command,
                "PATH_INFO": path,
                "QUERY_STRING": query,
                "REMOTE_USER": user,
                "CONTENT_TYPE": self.headers.get("Content-Type", ""),
                "CONTENT_LENGTH": str(len(body)),
                "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
                "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
            }
            ended = subprocess.run(["git", "http-backend"], input=body, capture_output=True, env=environment, check=True)
            head, _, content = ended.stdout.partition(b"\r\n\r\n")
            fields = dict(line.split(": ", 1) for line in head.decode().splitlines())
            status = int(fields.pop("Status", "200").split()[0])
            self.answer(status, fields.items(), content)

        do_POST = do_GET

        def body(self):
            if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
                return self.rfile.read(int(self.headers.get("Content-Length", "0")))
            body = b""
            while size := int(self.rfile.readline(), 16):
                body += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
            return body

        def answer(self, status, fields, content):
            self.send_response(status)
            for name, value in fields:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_):
            pass

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(f"{certificates}/server.pem", f"{certificates}/server.key")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Backend)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    print(server.server_port, flush=True)
    server.serve_forever()


def serve_ssh(root, user, public_key, host_key):
    """What `git` asks an ssh server to run: `git-upload-pack 'PATH'`."""
    import asyncssh

    async def upload_pack(process):
        program, path = shlex.split(process.command)
        if program != "git-upload-pack":
            return process.exit(127)
        environment = {**os.environ, "GIT_PROTOCOL": process.env.get("GIT_PROTOCOL", "")}
        child = await asyncio.create_subprocess_exec(
            "git", "upload-pack", root + path, env=environment,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )
        await process.redirect(stdin=child.stdin, stdout=child.stdout, stderr=child.stderr)
        process.exit(await child.wait())

    class Server(asyncssh.SSHServer):
        def begin_auth(self, username):
            return True

        def validate_public_key(self, username, key):
            return username == user and key == asyncssh.read_public_key(public_key)

        def public_key_auth_supported(self):
            return True

    async def serve():
        server = await asyncssh.create_server(
            Server, "127.0.0.1", 0, server_host_keys=[host_key], process_factory=upload_pack, encoding=None,
        )
        print(server.sockets[0].getsockname()[1], flush=True)
        await asyncio.Event().wait()

    asyncio.run(serve())


threading.Thread(target=end_with_input, daemon=True).start()
{"https": serve_https, "ssh": serve_ssh}[sys.argv[1]](*sys.argv[2:])
