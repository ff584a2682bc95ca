"""Which engine is asked: what KPI_ENGINE names, and what to say where it names none that there is."""

import os
from dataclasses import dataclass
from typing import Literal
from urllib.parse import SplitResult, urlsplit

from language import Text, TextError

VARIABLE, PASSWORD = "KPI_ENGINE", "KPI_ENGINE_PASSWORD"
Kind = Literal["duckdb", "clickhouse", "spark"]
_PORTS = {"clickhouse": 8123, "clickhouse+https": 8443}  # of its HTTP interface, without and with encryption
_DATABASE = "kpi"


class EngineError(TextError):
    """The engine cannot be asked; `text` says why and what to do. A password is never in it."""


@dataclass(frozen=True)
class Chosen:
    """An engine, and where it is: without an address it runs within the program."""

    kind: Kind
    address: str = ""  # http://host:port of a ClickHouse server, spark://host:port of a Spark master
    user: str = "default"
    database: str = _DATABASE  # what the names of the databases on a server begin with

    @classmethod
    def now(cls) -> "Chosen":
        """The engine that KPI_ENGINE names; without it DuckDB. Raises EngineError."""
        return cls.read(os.environ.get(VARIABLE, ""))

    @classmethod
    def read(cls, name: str) -> "Chosen":
        """duckdb, clickhouse, spark, clickhouse://user@host:port/database, clickhouse+https://…, spark://host:port.

        Raises EngineError for any other name, and for a password in it.
        """
        name = name.strip() or "duckdb"
        if name in ("duckdb", "clickhouse", "spark"):
            return cls(name)
        try:
            parts = urlsplit(name)
            port = parts.port
        except ValueError:
            raise _unknown(name) from None
        if parts.password is not None:
            raise EngineError(
                Text(
                    f"{VARIABLE} không được chứa mật khẩu; đặt mật khẩu vào biến môi trường {PASSWORD}.",
                    f"{VARIABLE} must not hold a password; put it into the environment variable {PASSWORD}.",
                )
            )
        if parts.scheme == "spark" and parts.hostname:
            return cls("spark", name)
        if parts.scheme in _PORTS and parts.hostname:
            return _server(parts, port)
        raise _unknown(name)


def _server(parts: SplitResult, port: int | None) -> Chosen:
    scheme = "https" if parts.scheme.endswith("https") else "http"
    database = parts.path.strip("/") or _DATABASE
    if not database.isidentifier() or not database.isascii():
        raise _unknown(parts.geturl())
    address = f"{scheme}://{parts.hostname}:{port or _PORTS[parts.scheme]}"
    return Chosen("clickhouse", address, parts.username or "default", database)


def _unknown(name: str) -> EngineError:
    where = name.rpartition("@")[2]  # what stands before an @ may be a password
    return EngineError(
        Text(
            f"{VARIABLE}: không có hệ tính toán “{where}”. Dùng một trong: duckdb, clickhouse, spark,"
            " clickhouse://người-dùng@máy:cổng/cơ-sở-dữ-liệu, spark://máy:cổng.",
            f"{VARIABLE}: there is no engine “{where}”. Use one of: duckdb, clickhouse, spark,"
            " clickhouse://user@host:port/database, spark://host:port.",
        )
    )


def not_installed(package: str) -> EngineError:
    """What to say where the package of an engine is not there."""
    return EngineError(
        Text(
            f"Chưa cài gói {package} cho hệ tính toán mà {VARIABLE} yêu cầu. Chạy: python3 do.py setup --engines,"
            f" hoặc bỏ {VARIABLE} để dùng DuckDB.",
            f"The package {package} of the engine that {VARIABLE} names is not installed. Run: python3 do.py setup"
            f" --engines, or leave {VARIABLE} out to use DuckDB.",
        )
    )
