"""A damaged snapshot: the last good one serves and says so, a build repairs it, no reader sees a traceback."""

import os
import shutil
from hashlib import sha256
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from made import loaded
from opening import open_at, text

from data_ingest import commands
from language import LANGUAGES, words
from metrics.core.ledger import Ledger
from pages.frame import open_ledger
from warehouse import log
from warehouse.store import DamagedError, Engine, current, serving
from warehouse.whole import sum_beside, sum_of, sum_of_pieces


def scribble(path: Path, place: float = 0.5) -> None:
    """Alter bytes in the middle of a file; its length stays."""
    with path.open("r+b") as file:
        file.seek(int(path.stat().st_size * place))
        was = file.read(64)
        file.seek(-len(was), os.SEEK_CUR)
        file.write(bytes(each ^ 0x5A for each in was))


def cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def empty_pointer(path: Path) -> None:
    (path.parent / "CURRENT").write_text("")


HARMS = {
    "deleted": Path.unlink,
    "cut": cut,
    "scribbled": scribble,
    "emptied": lambda path: path.write_bytes(b""),
    "pointer emptied": empty_pointer,
    "pointer astray": lambda path: (path.parent / "CURRENT").write_text("../nowhere.duckdb"),
}


@pytest.fixture
def data(two_months) -> Path:
    log.once.cache_clear()
    return two_months


def months(snapshot: Path) -> int:
    return len(Ledger.open(snapshot).months)


@pytest.mark.parametrize("harm", HARMS)
def test_the_last_good_snapshot_serves_and_a_build_repairs_it(harm, data, capsys):
    newest = current(data)
    assert months(newest) == 2
    HARMS[harm](newest)
    found = serving(data)
    if not harm.startswith("pointer"):  # what a broken pointer should name is still the newest that is whole
        assert found.snapshot != newest
        assert found.damaged == newest.name
        assert months(found.snapshot) == 1
    assert found.damaged
    assert '"event": "fallen_back"' in capsys.readouterr().err
    commands.build(data)
    assert serving(data).damaged == ""
    assert months(current(data)) == 2
    told, piece = sum_beside(current(data)).read_text().split()
    assert told == sum_of_pieces(current(data), int(piece))
    if harm in ("cut", "scribbled", "emptied"):
        assert not newest.exists() or newest == current(data)


@pytest.mark.parametrize("place", [n / 20 for n in range(20)])
def test_bytes_altered_anywhere_are_noticed_before_anybody_asks(place, data):
    scribble(current(data), place)
    assert serving(data).damaged


SUMS = {  # what stands beside a snapshot: its pieces' sum, of pieces small and large, or what earlier versions wrote
    "small pieces": lambda path: f"{sum_of_pieces(path, 10_000)} 10000",
    "one piece": lambda path: f"{sum_of_pieces(path, 1 << 40)} {1 << 40}",
    "an earlier version": sum_of,
}


@pytest.mark.parametrize("place", [0, 0.5, 0.999])
@pytest.mark.parametrize("sums", SUMS)
def test_whatever_sum_stands_beside_it_tells_whole_from_altered(sums, place, data):
    sum_beside(current(data)).write_text(SUMS[sums](current(data)))
    os.utime(current(data))
    assert serving(data).damaged == ""
    scribble(current(data), place)
    assert serving(data).damaged


@pytest.mark.parametrize("told", ["", "nothing like a sum", "ab 0", "ab -5", f"{'ab' * 32} ten"])
def test_a_sum_that_was_altered_itself_is_a_damage(told, data):
    sum_beside(current(data)).write_text(told)
    os.utime(current(data))
    assert serving(data).damaged


@pytest.mark.parametrize("length", [0, 1, 9, 10, 11, 20, 25])
def test_the_sum_of_pieces_is_that_of_their_sums(length, tmp_path):
    content = bytes(range(length))
    (tmp_path / "some").write_bytes(content)
    pieces = [content[start : start + 10] for start in range(0, length, 10)]
    told = sha256(b"".join(sha256(each).digest() for each in pieces)).hexdigest()
    assert sum_of_pieces(tmp_path / "some", 10) == told


def test_a_snapshot_of_an_earlier_version_has_no_sum_and_serves(data):
    sum_beside(current(data)).unlink()
    assert serving(data).damaged == ""


def test_without_a_sum_an_error_is_enough_to_fall_back(data):
    newest = current(data)
    sum_beside(newest).unlink()
    engine = Engine.open(newest)
    with newest.open("r+b") as file:
        file.seek(16_384)
        file.write(os.urandom(newest.stat().st_size - 32_768))
    with pytest.raises(DamagedError):
        engine.query("select sum(hash(f))::varchar from facts f")
    assert serving(data).damaged == newest.name


def test_nothing_that_is_whole_means_that_nothing_serves(data):
    for each in data.glob("warehouse-*.duckdb"):
        scribble(each)
    assert current(data) is None
    commands.build(data)
    assert months(current(data)) == 2


def test_a_question_in_wrong_sql_is_no_damage(data):
    with pytest.raises(duckdb.BinderException):
        Engine.open(current(data)).query("select no_such_column from about")
    assert serving(data).damaged == ""


def test_a_file_is_read_through_once_and_again_when_it_has_changed(data, monkeypatch):
    read = []
    monkeypatch.setattr(
        "warehouse.whole.sum_of_pieces", lambda path, piece: read.append(path) or sum_of_pieces(path, piece)
    )
    for _ in range(3):
        assert serving(data).damaged == ""
    assert len(read) <= 1
    os.utime(current(data))
    read.clear()
    serving(data)
    assert len(read) == 1


def test_sums_go_with_their_snapshots(tmp_path):
    data = loaded(tmp_path, 5)
    snapshots, sums = ({each.stem for each in data.glob(f"warehouse-*{end}")} for end in (".duckdb", ".sha256"))
    assert snapshots == sums
    assert len(snapshots) == 3


# On the pages


@pytest.fixture
def harmed(data, monkeypatch) -> Path:
    monkeypatch.setenv("KPI_DATA", str(data))
    return data


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_says_that_older_figures_stand_in_and_an_officer_what_to_run(language, harmed):
    assert "class='damagedband'" not in text(open_at(lang=language))
    scribble(current(harmed))
    for page in ("overview", "reports", "dictionary"):
        told = text(open_at(page, lang=language))
        assert words()["fallen_back"][language].split("{")[0] in told
        assert "python -m data_ingest build" in told
    commands.build(harmed)
    assert "class='damagedband'" not in text(open_at(lang=language))


def broken_under_a_question(data: Path, monkeypatch) -> None:
    """The file changes after this run has looked at it: the next question finds it."""
    newest = current(data)
    asked = Engine.query

    def harm_first(self: Engine, sql: str, params: dict | None = None) -> object:
        monkeypatch.setattr(Engine, "query", asked)
        with newest.open("r+b") as file:
            file.seek(16_384)
            file.write(os.urandom(newest.stat().st_size - 32_768))
        return asked(self, "select sum(hash(f))::varchar from facts f")

    monkeypatch.setattr(Engine, "query", harm_first)


@pytest.mark.parametrize("language", LANGUAGES)
def test_damage_under_a_question_is_told_in_words_and_the_next_run_shows_the_page(language, harmed, monkeypatch):
    open_ledger.clear()
    broken_under_a_question(harmed, monkeypatch)
    app = open_at(lang=language)
    assert not app.exception
    assert app.title[0].value == words()["not_drawn"][language]
    (again,) = app.button
    app = again.click().run()
    assert not app.exception
    assert not app.title
    assert "damagedband" in text(app)


def test_a_copied_folder_serves_as_the_first(data, tmp_path):
    shutil.copytree(data, tmp_path / "copy")
    assert serving(tmp_path / "copy").damaged == ""


class Failing:
    """A connection to a database that fails at some questions, and after that at every one."""

    def __init__(self, con: duckdb.DuckDBPyConnection, at: str):
        self.con, self.at, self.failed = con, at, False

    def cursor(self) -> "Failing":
        return self

    def extract_statements(self, sql: str) -> list[duckdb.Statement]:
        return self.con.extract_statements(sql)

    def execute(self, statement: duckdb.Statement, params: object) -> duckdb.DuckDBPyConnection:
        if self.failed:
            raise duckdb.FatalException("database has been invalidated because of a previous fatal error")
        if self.at in statement.query:
            self.failed = True
            raise duckdb.InternalException("global dictionary column 17 changed identity")
        return self.con.execute(statement, params)


def test_a_question_at_which_the_database_fails_is_answered_and_so_are_those_after_it(data, capsys):
    path = current(data)
    sound, failing = Engine.open(path), Engine(Failing(duckdb.connect(str(path), read_only=True), "problems"), path)
    asked = [f"select * from {table} order by all" for table in ("units", "problems", "reports", "units")]
    for sql in asked:
        pd.testing.assert_frame_equal(failing.query(sql), sound.query(sql))
    assert capsys.readouterr().err.count("asked_again") == 1
    assert (serving(data).snapshot, serving(data).damaged) == (path, "")
