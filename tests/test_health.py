"""Health: each sign turns when it should, who may see the page, and what /healthz tells a watchman."""

import asyncio
import json
import shutil
from collections import namedtuple
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from opening import open_at, text
from starlette.applications import Starlette

from access.healthz import routes
from access.reader import Reader
from data_ingest.archive import Archive
from language import LANGUAGES
from warehouse import __main__ as command_line
from warehouse import health, whole
from warehouse.audit import Audit
from warehouse.health import signs
from warehouse.store import current
from warehouse.truth import in_archive

Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def data(two_months) -> Path:
    Audit(two_months).note("command_line", "backup", number=1)
    return two_months


def states(data: Path, now: datetime | None = None) -> dict[str, str]:
    return {each.name.en: each.state for each in signs(data, now) if each.state != "good"}


def cut(data: Path) -> None:
    current(data).write_bytes(b"short")


def receive_only(data: Path) -> None:
    (data / "new.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    said = {"received_at": datetime(2024, 3, 15)}
    Archive(data).receive([(data / "new.csv", said)], copies=lambda files: [None for _ in files])


def alter_the_log(data: Path) -> None:
    audit = Audit(data)
    audit.note("so-tttt", "exported", count=1)
    audit.note("so-tttt", "exported", count=2)
    audit.file.write_text(audit.file.read_text().replace('"count": 1', '"count": 7'))


HARMS = {
    "damaged": (cut, {"Figures that serve": "bad", "Files received": "look"}),
    "gone": (lambda data: [each.unlink() for each in data.glob("warehouse-*.duckdb")],
             {"Figures that serve": "bad", "Files received": "look"}),
    "waiting": (receive_only, {"Files received": "look"}),
    "lost": (lambda data: next((data / "archive").iterdir()).unlink(), {"Archive": "bad"}),
    "no archive": (lambda data: shutil.rmtree(data / "archive"), {"Archive": "bad"}),
    "log": (alter_the_log, {"Log of deeds": "bad"}),
    "no backup": (lambda data: (data / "audit.jsonl").unlink(), {"Last backup": "look"}),
}  # fmt: skip


@pytest.mark.parametrize("harm", HARMS)
def test_each_sign_turns_and_says_what_to_do(harm, data):
    assert states(data) == {}
    do, expected = HARMS[harm]
    do(data)
    assert states(data) == expected
    assert all(each.do.en != "–" for each in signs(data) if each.state != "good")


def test_a_file_that_comes_while_the_archive_is_looked_at_is_not_missing(data, monkeypatch):
    def listed(folder: Path) -> set[str]:
        there = in_archive(folder)
        receive_only(folder)
        return there

    monkeypatch.setattr(health, "in_archive", listed)
    assert "Archive" not in states(data)


def test_an_old_backup_and_a_full_disk_are_told(data, monkeypatch):
    assert states(data, datetime.now() + timedelta(hours=49)) == {}
    assert states(data, datetime.now() + timedelta(hours=51)) == {"Last backup": "look"}
    monkeypatch.setattr("warehouse.health.shutil.disk_usage", lambda path: Usage(10**12, 10**12, 10**9))
    assert states(data) == {"Free on the disk": "bad"}


def test_of_an_empty_folder_it_says_so(tmp_path):
    assert states(tmp_path)["Figures that serve"] == "bad"


@pytest.mark.parametrize("language", LANGUAGES)
def test_on_the_command_line_too(language, data, capsys):
    call = ["health", "--data", str(data), "--language", language]
    assert command_line.main(call) == 0
    cut(data)
    assert command_line.main(call) == 1
    assert "python -m data_ingest build" in capsys.readouterr().out


@pytest.mark.parametrize(("role", "sees"), [("viewer", False), ("officer", True), ("administrator", True)])
@pytest.mark.parametrize("language", LANGUAGES)
def test_only_who_receives_or_administers_sees_the_page(role, sees, language, data, monkeypatch):
    monkeypatch.setenv("KPI_DATA", str(data))
    monkeypatch.setattr("pages.who.reader", lambda: Reader("so-tttt", role))
    app = open_at("health", lang=language)
    assert not app.exception
    assert ("duckdb 2" in text(app)) == sees


# /healthz


@dataclass
class Answer:
    status_code: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> object:
        return json.loads(self.body)


def asked(path: str, method: str = "GET") -> Answer:
    """What the routes answer, as a server asks them."""
    told = []

    async def send(message: dict) -> None:
        told.append(message)

    async def receive() -> dict:
        return {"type": "http.request", "body": b"", "more_body": False}

    scope = {"type": "http", "method": method, "path": path, "query_string": b"", "headers": [], "http_version": "1.1"}
    asyncio.run(Starlette(routes=routes())(scope, receive, send))
    headers = {key.decode(): value.decode() for key, value in told[0]["headers"]}
    return Answer(told[0]["status"], headers, b"".join(each.get("body", b"") for each in told[1:]))


@pytest.fixture
def watched(data, monkeypatch) -> Path:
    monkeypatch.setenv("KPI_DATA", str(data))
    return data


def test_a_watchman_hears_what_serves(watched):
    found = asked("/healthz")
    assert (found.status_code, found.json()) == (200, {"status": "ok", "snapshot": current(watched).stem})
    assert found.headers["cache-control"] == "no-store"
    newest = current(watched)
    cut(watched)
    found = asked("/healthz")
    assert (found.status_code, found.json()["status"]) == (200, "fallen_back")
    assert found.json()["snapshot"] != newest.stem
    for each in watched.glob("warehouse-*.duckdb"):
        each.unlink()
    found = asked("/healthz")
    assert (found.status_code, found.json()) == (503, {"status": "none", "snapshot": None})


def test_asking_again_and_again_reads_no_file_through(watched, monkeypatch):
    asked("/healthz")
    monkeypatch.setattr(whole, "sum_of", lambda path: pytest.fail("read through"))
    monkeypatch.setattr("duckdb.connect", lambda *_, **__: pytest.fail("asked"))
    for _ in range(50):
        assert asked("/healthz").status_code == 200


def test_only_a_look_is_allowed(watched):
    assert asked("/healthz", "POST").status_code == 405
