"""A git server on this machine: git's own backend behind Python's HTTP server."""

from __future__ import annotations

import base64
import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class GitServer:
    """Serves the repositories below `root`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.login = ""
        """`user:password` to ask for; empty asks for none."""
        self.redirect = ""
        """Where every request is sent on to."""
        self.seen: list[str] = []
        """Headers `Authorization` that came, in plain."""
        self.cut_off = 0
        """Bytes after which a pack breaks off; 0 sends all."""
        self.refs: list[tuple[str, str]] = []
        """Ids and names that are advertised in place of those that are there."""
        self.head = ""
        """What HEAD is said to stand for, beside those."""
        self.error = ""
        """What is answered in place of refs."""
        self.port = 0

    def url(self, name: str, login: str = "") -> str:
        """The address of a repository."""
        return f"http://{login}{'@' * bool(login)}127.0.0.1:{self.port}/{name}"


def _line(text: str) -> bytes:
    return f"{len(text) + 4:04x}{text}".encode()


def _advertised(server: GitServer) -> bytes:
    """Refs in the first version of git's protocol."""
    if server.error:
        return _line("# service=git-upload-pack\n") + b"0000" + _line(f"ERR {server.error}\n")
    lines = [f"{oid} {name}" for oid, name in server.refs]
    lines[0] += f"\0symref=HEAD:{server.head} ofs-delta"
    refs = b"".join(_line(f"{one}\n") for one in lines)
    return _line("# service=git-upload-pack\n") + b"0000" + refs + b"0000"


def _handler(server: GitServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Say nothing."""

        def do_GET(self) -> None:
            self._answer(b"")

        def do_POST(self) -> None:
            if self.headers.get("Transfer-Encoding") == "chunked":
                body = b""
                while size := int(self.rfile.readline(), 16):
                    body += self.rfile.read(size)
                    self.rfile.readline()
            else:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self._answer(body)

        def _answer(self, body: bytes) -> None:
            given = self.headers.get("Authorization", "")
            plain = base64.b64decode(given.removeprefix("Basic ")).decode()
            if plain:
                server.seen.append(plain)
            if server.redirect:
                self.send_response(302)
                self.send_header("Location", server.redirect + self.path)
                self.end_headers()
                return
            if server.login and plain != server.login:
                self.send_response(401)
                self.send_header("WWW-Authenticate", 'Basic realm="here"')
                self.end_headers()
                return
            path, _, query = self.path.partition("?")
            if (server.refs or server.error) and path.endswith("/info/refs"):
                self.send_response(200)
                self.send_header("Content-Type", "application/x-git-upload-pack-advertisement")
                self.end_headers()
                self.wfile.write(_advertised(server))
                return
            told = subprocess.run(
                ["git", "http-backend"],
                input=body, stdout=subprocess.PIPE, check=True,
                env={
                    "PATH": os.environ["PATH"], "GIT_PROJECT_ROOT": str(server.root),
                    "GIT_HTTP_EXPORT_ALL": "1", "REQUEST_METHOD": self.command,
                    "PATH_INFO": path, "QUERY_STRING": query,
                    "CONTENT_TYPE": self.headers.get("Content-Type", ""),
                    "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
                    "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
                    "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1",
                },
            ).stdout  # fmt: skip
            head, _, content = told.partition(b"\r\n\r\n")
            fields = dict(line.split(": ", 1) for line in head.decode().splitlines())
            self.send_response(int(fields.pop("Status", "200").split()[0]))
            for name, value in fields.items():
                self.send_header(name, value)
            self.end_headers()
            cut = server.cut_off if b"PACK" in content else 0
            self.wfile.write(content[:cut] if cut else content)

    return Handler


@contextmanager
def serving(root: Path) -> Iterator[GitServer]:
    """A server, for as long as the context lasts."""
    server = GitServer(root)
    http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(server))
    server.port = http.server_address[1]
    thread = threading.Thread(target=http.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        http.shutdown()
        http.server_close()
        thread.join()
