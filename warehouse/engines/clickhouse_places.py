"""Where ClickHouse is: within the program, through chdb, or on a server, through its HTTP interface."""

import os
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Protocol

import httpx
import pyarrow as pa

from language import Text
from warehouse.engines.chosen import PASSWORD, VARIABLE, Chosen, EngineError, not_installed

_DATABASES = """
    select d.name as name, dateDiff('second', max(t.metadata_modification_time), now()) as age
    from system.databases d left join system.tables t on t.database = d.name
    where startsWith(d.name, '{prefix}') group by d.name order by age, name
"""
_UNKNOWN, _REFUSED, _NO_SETTING = "UNKNOWN_DATABASE", "AUTHENTICATION_FAILED", "UNKNOWN_SETTING"
_TIMES = httpx.Timeout(600, connect=5)  # seconds: of a question, of finding the server


class UnknownDatabaseError(Exception):
    """The database is not there."""


class Place(Protocol):
    """What is asked of ClickHouse, wherever it is. Each raises EngineError."""

    def ask(self, text: str, params: dict[str, str], database: str) -> pa.Table:
        """The rows of a question to a database. Raises UnknownDatabaseError where there is no such database."""

    def do(self, text: str) -> None:
        """Carry out what gives no rows."""

    def insert(self, table: str, path: Path) -> None:
        """Put the rows of a parquet file into a table (database.table)."""

    def databases(self, prefix: str) -> dict[str, float]:
        """The databases whose names begin so, the youngest first, with their age in seconds."""


@cache
def place_of(chosen: Chosen) -> Place:
    """The place that was chosen; one for all readers."""
    return Server(chosen) if chosen.address else Embedded()


class Embedded:
    """Within the program: its tables lie in a folder of the moment, and go with it. One question after the other."""

    def __init__(self) -> None:
        try:
            from chdb.session import Session
        except ModuleNotFoundError:
            raise not_installed("chdb") from None
        self._session, self._lock = Session(), Lock()

    def ask(self, text: str, params: dict[str, str], database: str) -> pa.Table:
        with self._lock:
            self._run(f"use {database}")
            return self._run(text, "ArrowTable", params)

    def do(self, text: str) -> None:
        with self._lock:
            self._run(text)

    def insert(self, table: str, path: Path) -> None:
        quoted = str(path).replace("\\", "\\\\").replace("'", "\\'")
        self.do(f"insert into {table} select * from file('{quoted}', Parquet)")

    def databases(self, prefix: str) -> dict[str, float]:
        with self._lock:
            return _ages(self._run(_DATABASES.format(prefix=prefix), "ArrowTable"))

    def _run(self, text: str, form: str = "CSV", params: dict[str, str] | None = None) -> object:
        try:
            return self._session.query(text, form, params=params or {})
        except RuntimeError as error:  # of which chdb's own error is one
            raise _failed(str(error)) from None


class Server:
    """On a server, by its address; the password is taken from the environment."""

    def __init__(self, chosen: Chosen) -> None:
        who = {"X-ClickHouse-User": chosen.user, "X-ClickHouse-Key": os.environ.get(PASSWORD, "")}
        self._address, self._client = chosen.address, httpx.Client(headers=who, timeout=_TIMES)

    def ask(self, text: str, params: dict[str, str], database: str) -> pa.Table:
        given = {f"param_{name}": value for name, value in params.items()} | {"database": database}
        given["default_format"] = "ArrowStream"
        return pa.ipc.open_stream(self._post(given, text.encode())).read_all()

    def do(self, text: str) -> None:
        self._post({}, text.encode())

    def insert(self, table: str, path: Path) -> None:
        with path.open("rb") as file:
            self._post({"query": f"insert into {table} format Parquet"}, file)

    def databases(self, prefix: str) -> dict[str, float]:
        return _ages(self.ask(_DATABASES.format(prefix=prefix), {}, "default"))

    def _post(self, given: dict[str, str], content: object) -> bytes:
        try:
            answer = self._client.post(self._address, params=given, content=content)
        except httpx.TransportError as error:
            raise EngineError(
                Text(
                    f"Không kết nối được máy chủ ClickHouse {self._address} ({type(error).__name__}). Kiểm tra máy chủ"
                    f" có đang chạy, địa chỉ trong {VARIABLE} và tường lửa; hoặc bỏ {VARIABLE} để dùng DuckDB.",
                    f"The ClickHouse server {self._address} cannot be reached ({type(error).__name__}). Look whether it"
                    f" runs, to the address in {VARIABLE} and to the firewall; or leave {VARIABLE} out to use DuckDB.",
                )
            ) from None
        if answer.status_code != httpx.codes.OK:
            raise _failed(answer.text)
        return answer.content


def _ages(found: pa.Table) -> dict[str, float]:
    return {row["name"]: row["age"] or 0 for row in found.to_pylist()}


def _failed(message: str) -> Exception:
    """What to raise for what ClickHouse says."""
    if _UNKNOWN in message:
        return UnknownDatabaseError(message)
    if _REFUSED in message:
        return EngineError(
            Text(
                f"Máy chủ ClickHouse từ chối người dùng hoặc mật khẩu. Người dùng lấy từ {VARIABLE}, mật khẩu từ biến"
                f" môi trường {PASSWORD}.",
                f"The ClickHouse server refuses the user or the password. The user is taken from {VARIABLE}, the"
                f" password from the environment variable {PASSWORD}.",
            )
        )
    if _NO_SETTING in message:
        return EngineError(
            Text(
                "Phiên bản ClickHouse của máy chủ quá cũ; hãy nâng cấp máy chủ.",
                "The ClickHouse of the server is too old; a newer one is needed.",
            )
        )
    line = message.strip().partition("\n")[0][:500]
    return EngineError(Text(f"ClickHouse không trả lời được: {line}", f"ClickHouse could not answer: {line}"))
