"""Lines of the log: each is JSON, says what was done, and holds nothing of anybody's."""

import json
import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from made import MONTHLY, written
from opening import open_at

from data_ingest import commands
from data_ingest.__main__ import main as intake
from metrics.core.ledger import Ledger
from pages import overview
from warehouse import log

PRIVATE = ("ong.ba@example.vn", "0912 345 678", "0912345678", "074085001234", "Nguyễn Văn Thử", "48151623")


def fresh(monkeypatch, where: str) -> None:
    """As a process that has just begun."""
    for each in list(logging.getLogger("kpi").handlers):
        logging.getLogger("kpi").removeHandler(each)
        each.close()
    log.handlers.cache_clear()
    log.once.cache_clear()
    monkeypatch.setenv("KPI_LOG", where)


@pytest.fixture
def lines(tmp_path, monkeypatch) -> Iterator[callable]:
    monkeypatch.setenv("KPI_DATA", str(tmp_path / "data"))
    fresh(monkeypatch, "tested")
    yield lambda: [json.loads(line) for line in (tmp_path / "data/logs/tested.jsonl").read_text("utf-8").splitlines()]
    fresh(monkeypatch, "")


def a_private_report(folder: Path) -> Path:
    """A good report into which somebody has written what does not belong there."""
    path = written(MONTHLY, folder)
    book = openpyxl.load_workbook(path)
    for number, words in enumerate(PRIVATE):
        book.worksheets[0].cell(60 + number, 2).value = words
    book.save(path)
    return path


def test_what_is_done_is_told_in_lines_that_programs_read(lines, tmp_path):
    commands.load(tmp_path / "data", [written(MONTHLY, tmp_path)], commands.Arrivals())
    assert not open_at("overview", lang="en").exception
    told = {each["event"]: each for each in lines()}
    assert {"built", "loaded", "started", "page"} <= set(told)
    assert (told["loaded"]["files"], told["built"]["read"]) == (1, 1)
    page = told["page"]
    assert (page["page"], page["who"], page["level"]) == ("start", "own_machine", "info")
    assert page["ms"] > 0
    assert set(page) == {"time", "level", "event", "page", "ms", "who"}


def test_an_error_is_told_by_its_kind_and_place_and_never_by_its_words(lines, tmp_path, monkeypatch, capfd):
    commands.load(tmp_path / "data", [a_private_report(tmp_path)], commands.Arrivals())

    def fail(*_: object) -> None:
        try:
            int(PRIVATE[0])
        except ValueError as error:
            raise RuntimeError(f"cell B7 holds {PRIVATE}") from error

    monkeypatch.setattr(overview, "show", fail)
    open_at("overview", unit=PRIVATE[1], day=PRIVATE[0])
    (failed, *more) = [each for each in lines() if each["event"] == "failed"]
    assert failed["error"]["kind"] == "RuntimeError"
    assert failed["error"]["because"]["kind"] == "ValueError"
    assert any(each.startswith("app.py:") for each in failed["error"]["at"])
    text = json.dumps(lines(), ensure_ascii=False) + "".join(capfd.readouterr())
    assert [each for each in PRIVATE if each in text] == []


def test_nothing_of_a_report_stands_in_the_log(lines, tmp_path, capfd):
    path = a_private_report(tmp_path)
    assert intake(["load", str(path), "--data", str(tmp_path / "data")]) in (0, 1)
    capfd.readouterr()  # what is told to who runs the command is another matter
    for page in ("overview", "reports", "data_quality", "sources"):
        open_at(page)
    text = (tmp_path / "data/logs/tested.jsonl").read_text("utf-8") + "".join(capfd.readouterr())
    assert [each for each in (*PRIVATE, path.name) if each in text] == []


@pytest.mark.parametrize("words", PRIVATE[:-1])
@pytest.mark.parametrize("key", [*sorted(log.CODES), "undeclared"])
def test_words_that_are_no_codes_are_left_out(key, words, lines):
    log.event("page", **{key: words})
    (line,) = lines()
    assert words not in json.dumps(line, ensure_ascii=False)


def test_what_is_said_as_a_count_and_is_none_is_left_out(lines):
    log.event("page", ms="0912345678", files=3.7)
    (line,) = lines()
    assert "ms" not in line
    assert line["files"] == 4


def test_other_libraries_lines_become_ours_without_their_words(lines, capfd):
    log.take_over(["some.library"])
    logging.getLogger("some.library").error("could not read %s", PRIVATE[0])
    (line,) = lines()
    assert (line["event"], line["logger"], line["level"]) == ("other", "some.library", "error")
    assert PRIVATE[0] not in json.dumps(line) + "".join(capfd.readouterr())


@pytest.mark.parametrize(("where", "told"), [("", False), ("journal", True)])
def test_without_a_name_only_what_is_wrong_goes_to_the_error_output(where, told, monkeypatch, capfd):
    fresh(monkeypatch, where)
    log.event("page", page="start")
    log.event("fallen_back", snapshot="warehouse-a.duckdb")
    said = [json.loads(line)["event"] for line in capfd.readouterr().err.splitlines()]
    assert said == (["page"] if told else []) + ["fallen_back"]
    fresh(monkeypatch, "")


@pytest.mark.parametrize("where", ["../outside", "a/b", "x" * 99])
def test_a_name_that_leads_elsewhere_writes_no_file(where, tmp_path, monkeypatch):
    monkeypatch.setenv("KPI_DATA", str(tmp_path))
    fresh(monkeypatch, where)
    log.event("page", page="start")
    assert list(tmp_path.rglob("*")) == []
    fresh(monkeypatch, "")


def test_files_are_turned_over_before_they_fill_the_disk(lines, monkeypatch, tmp_path):
    monkeypatch.setattr(log.handlers()[1], "maxBytes", 500)
    for number in range(100):
        log.event("page", ms=number)
    files = sorted((tmp_path / "data/logs").iterdir())
    assert len(files) == 6
    assert all(each.stat().st_size <= 500 for each in files)


def test_a_line_is_never_in_the_way_of_what_it_tells_of(lines):
    log.event("page", ms=float("nan"), page=object(), msg="x", args=(1,), name="y")
    assert lines()[0]["event"] == "page"


def test_names_of_places_in_libraries_say_nothing_of_the_machine(lines):
    try:
        Ledger.open(Path("no such file"))
    except Exception as error:
        log.event("failed", error)
    text = json.dumps(lines())
    assert str(Path(sys.prefix)) not in text
    assert "warehouse/store.py" in text
