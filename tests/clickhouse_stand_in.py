"""Not a ClickHouse server: a stand-in that speaks as much of its HTTP interface as is used, and answers through chdb.

python tests/clickhouse_stand_in.py PORT PASSWORD. One user, kpi.
"""

import os
import sys
import tempfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock
from urllib.parse import parse_qsl, urlsplit

from chdb.session import Session

SESSION, LOCK = Session(), Lock()
USER = "kpi"


class Answering(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        given = dict(parse_qsl(urlsplit(self.path).query))
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if (self.headers.get("X-ClickHouse-User"), self.headers.get("X-ClickHouse-Key")) != (USER, sys.argv[2]):
            self._say(403, b"Code: 516. DB::Exception: kpi: Authentication failed. (AUTHENTICATION_FAILED)")
            return
        try:
            with LOCK:
                self._say(200, insert(given["query"], body) if "query" in given else ask(given, body.decode()))
        except RuntimeError as error:
            self._say(500, str(error).encode())

    def _say(self, status: int, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *told: object) -> None:
        """Nothing: the tests look at what is answered."""


def ask(given: dict[str, str], text: str) -> bytes:
    SESSION.query(f"use {given.get('database', 'default')}")
    params = {name.removeprefix("param_"): value for name, value in given.items() if name.startswith("param_")}
    return bytes(SESSION.query(text, given.get("default_format", "CSV"), params=params).bytes())


def insert(query: str, rows: bytes) -> bytes:
    """`insert into TABLE format Parquet`, the file as the body."""
    table = query.removeprefix("insert into ").removesuffix(" format Parquet")
    with tempfile.NamedTemporaryFile(suffix=".parquet", delete=False) as file:
        file.write(rows)
    try:
        SESSION.query(f"insert into {table} select * from file('{file.name}', Parquet)")
    finally:
        os.unlink(file.name)
    return b""


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Answering).serve_forever()
