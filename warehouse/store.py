"""Snapshots: immutable DuckDB files, a pointer to the one that serves, and the one way to ask it."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock

import duckdb
import pandas as pd

from warehouse import log
from warehouse.fields import FIELDS
from warehouse.folder import data_folder as data_folder
from warehouse.truth import write
from warehouse.whole import SUM, doubt, doubt_seriously, is_known_damaged, is_whole, seal, take_as_whole

# Tables of some thousand rows: text kept as Python's own is compared with a list twenty times as fast as Arrow's.
pd.set_option("mode.string_storage", "python")

POINTER, DRAFT = "CURRENT", "building"
BRANCHES = "branches"  # the folder of branches of snapshots (branch.py)
KEPT = 3  # snapshots that stay: readers may still have the last but one open


@dataclass(frozen=True)
class Serving:
    """The snapshot that serves; `damaged` names the newer one in whose place it does, where that cannot be read."""

    snapshot: Path
    damaged: str = ""


def serving(data: Path, anew: bool = False) -> Serving | None:
    """The newest snapshot that is whole, or None where there is none. `anew`: read it through whatever is known of it.

    The one that the pointer names; else the last good one, which a build then replaces.
    """
    newest = named(data)
    if newest and anew:
        doubt(newest)
    if newest and is_whole(newest):
        return Serving(newest)
    for each in _newest_first(data):
        if each != newest and is_whole(each):
            fallen_back = Serving(each, newest.name if newest else POINTER)
            log.once("fallen_back", snapshot=each.name, damaged=fallen_back.damaged)
            return fallen_back
    if newest and newest.exists():
        log.once("damaged", damaged=newest.name)
    return None


def current(data: Path) -> Path | None:
    """The file of the snapshot that serves, or None where there is none that is whole."""
    found = serving(data)
    return found.snapshot if found else None


def named(data: Path) -> Path | None:
    """What the pointer names, whether it is there and whole or not."""
    try:
        name = (data / POINTER).read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        return None
    return data / Path(name).name if name else None


def _newest_first(data: Path) -> list[Path]:
    return sorted(data.glob("warehouse-*.duckdb"), key=_written, reverse=True)


def _written(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:  # a build has just taken it away
        return 0


def free_name(data: Path, name: str) -> str:
    """The name, or the name with a number behind it where a snapshot of that name stands there already."""
    number, free = 1, name
    while (data / f"warehouse-{free}.duckdb").exists():
        number += 1
        free = f"{name}-{number}"
    return free


@contextmanager
def copied(data: Path) -> Iterator[Callable[[], Path | None]]:
    """A copy of what serves, read through before, while the caller does something else: a build may begin with it.

    The caller holds the archive. What is given waits for the copy; None where nothing serves, or there is no room. What
    serves is open meanwhile: whoever opens it once more need not wait.
    """
    draft = data / f"{DRAFT}-copy.duckdb"
    try:
        with ExitStack() as opened, ThreadPoolExecutor(2) as aside:
            aside.submit(_open, data, opened)
            yield aside.submit(_copy, data, draft).result
    finally:
        draft.unlink(missing_ok=True)


def _open(data: Path, until: ExitStack) -> None:
    with suppress(duckdb.Error):  # nothing serves yet, or it is damaged: who asks it is told so
        if newest := named(data):
            until.enter_context(duckdb.connect(str(newest), read_only=True))


def _copy(data: Path, draft: Path) -> Path | None:
    found = serving(data, anew=True)
    try:
        return shutil.copyfile(found.snapshot, draft) if found else None
    except OSError:  # whether it is needed is not known yet; the build says what is wrong, if it is
        return None


@contextmanager
def new_snapshot(data: Path, name: str, like: Path | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A new warehouse to fill: empty, or `like` a snapshot, of which it begins as a copy, or as what `copied` gave.

    It serves from the moment the block ends well; else nothing has changed. The pointer is replaced, never the file: a
    reader that has the old file open goes on reading the old one.
    """
    data.mkdir(parents=True, exist_ok=True)
    _clear(data, but=like)
    draft, path = data / f"{DRAFT}-{name}.duckdb", data / f"warehouse-{name}.duckdb"
    con = None
    try:
        con = begun(draft, like)
        with ThreadPoolExecutor(1) as aside:
            settled = aside.submit(_settle, data, draft)
            yield con
            settled.result()
        con.execute("commit")
        con.execute("checkpoint")  # closing alone says nothing when the disk is full, and leaves a log beside the file
        con.close()
        _on_disk(draft)
        seal(draft, path)
        os.replace(draft, path)
        take_as_whole(path)
        write(data / POINTER, path.name.encode())
    except BaseException:
        if con:
            con.close()
        _clear(data)
        raise
    _prune(data, path)


def _settle(data: Path, draft: Path) -> None:
    """What takes its time and may be done beside: the commit would wait until all of a copy is on the disk, and the end
    until there is room for one more.
    """
    if os.name != "nt":  # there a file that is in use is not opened once more
        _on_disk(draft)
    _prune(data, current(data), KEPT - 1)


def _on_disk(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def begun(draft: Path, like: Path | None) -> duckdb.DuckDBPyConnection:
    """A draft with a transaction under way: without a row in its tables, or with all that a snapshot holds."""
    if like and like.name.startswith(DRAFT):
        os.replace(like, draft)
    elif like:
        shutil.copyfile(like, draft)  # by the system, which need not copy what both share
    con = duckdb.connect(str(draft))
    con.execute("set checkpoint_threshold = '1KB'")  # into the file at once, not into a log first
    con.execute("begin")
    if not like:
        create(con)
    return con


def _clear(data: Path, but: Path | None = None) -> None:
    """Take away the drafts of builds that were cut off."""
    for left in [*data.glob(f"{DRAFT}-*"), *data.glob(f"{POINTER}.*")]:
        if left != but:
            left.unlink()


def create(con: duckdb.DuckDBPyConnection) -> None:
    """The tables of tables.sql, and in the facts a column for each field."""
    text = Path(__file__).with_name("tables.sql").read_text(encoding="utf-8")
    columns = "".join(f", {field.column}" for field in FIELDS.values())
    con.execute(re.sub(r"/\* and a column for each field .*?\*/", columns, text))


def _prune(data: Path, serving: Path | None, kept: int = KEPT) -> None:
    """Take away what no reader needs: all but the last few, those that are damaged, sums whose snapshot is gone."""
    for number, old in enumerate(_newest_first(data)):
        if old != serving and (number >= kept or is_known_damaged(old)):
            try:
                old.unlink()
            except OSError:  # Windows keeps a file that is still open; the next build takes it
                continue
    for left in data.glob(f"warehouse-*{SUM}"):
        if not left.with_suffix(".duckdb").exists():
            left.unlink()


def attach(con: duckdb.DuckDBPyConnection, snapshot: Path, name: str) -> None:
    """Make a snapshot's tables readable as name.table; `detach name` ends it."""
    quoted = str(snapshot).replace("'", "''")
    con.execute(f"attach '{quoted}' as {name} (read_only)")


class DamagedError(Exception):
    """The snapshot cannot be read to its end; the next one who asks what serves is given another (`serving`)."""


# What the database raises when a file is not what it was: too short, unreadable, no more to be trusted. Of a block
# whose checksum is wrong it raises its plainest error, of which all others are kinds.
_DAMAGE = (duckdb.IOException, duckdb.FatalException, duckdb.InternalException, duckdb.SerializationException)


@contextmanager
def asking(snapshot: Path | None) -> Iterator[None]:
    """Turn an error that tells of a damaged file into DamagedError; the file is read through when next asked for."""
    try:
        yield
    except duckdb.Error as error:
        if snapshot is None or not (isinstance(error, _DAMAGE) or type(error) is duckdb.Error):
            raise
        if snapshot.parent.name == BRANCHES:  # a part of one, which is made anew when next asked for
            snapshot.unlink(missing_ok=True)
        else:
            doubt_seriously(snapshot)
        raise DamagedError(snapshot.name) from error


# With these the database says that it is itself at fault; then it answers no question more, until it is opened anew.
_FAULT = (duckdb.InternalException, duckdb.FatalException)
_Opened = tuple[duckdb.DuckDBPyConnection, str]


class Engine:
    """Asks a snapshot. One connection; a cursor per question, so that many readers may ask at once.

    A question at which the database fails (2.0.0 can, of joined texts) is asked once more without its optimizer.
    """

    def __init__(self, con: duckdb.DuckDBPyConnection, snapshot: Path | None = None):
        self._opened, self._snapshot = (con, ""), snapshot  # and what its cursors use, if not what is there first
        self._lock = Lock()
        # To read a long text takes an eighth of the time of its answer; many differ only in their parameters.
        self._read = lru_cache(maxsize=64)(self._statement)

    @classmethod
    def open(cls, snapshot: Path) -> "Engine":
        """Read-only, so that a reader never locks out a build, nor a build a reader. Raises DamagedError."""
        with asking(snapshot):
            return cls(_given_back(duckdb.connect(str(snapshot), read_only=True)), snapshot)

    def query(self, sql: str, params: dict[str, object] | None = None) -> pd.DataFrame:
        """The rows of a SQL text with $named parameters, as a DataFrame. Raises DamagedError."""
        with asking(self._snapshot):
            opened = self._opened
            try:
                return _sharing(_cursor(*opened).execute(self._read(sql), params or {}).df())
            except _FAULT as error:
                if self._snapshot is None:
                    raise
                log.event("asked_again", error, snapshot=self._snapshot.name)
                plain = _cursor(*self._opened_anew(opened))
                plain.execute("pragma disable_optimizer")
                return plain.execute(sql, params or {}).df()

    def _opened_anew(self, failed: _Opened) -> _Opened:
        """A database that has not failed, for this question and those after it: none is shared with others that have.

        Whether the file is to blame is looked at when next it is asked what serves.
        """
        with self._lock:
            if self._opened is failed:
                doubt_seriously(self._snapshot)
                con = _given_back(duckdb.connect())
                attach(con, self._snapshot, "snapshot")
                self._opened = con, "use snapshot"
            return self._opened

    def _statement(self, sql: str) -> duckdb.Statement:
        (statement,) = self._opened[0].cursor().extract_statements(sql)
        return statement


_LARGE = 20_000  # rows of an answer whose texts take room


def _sharing(found: pd.DataFrame) -> pd.DataFrame:
    """The same answer, in which a text that stands in many rows is one in memory: the database makes each anew."""
    if len(found) >= _LARGE:
        for name, column in found.items():
            if isinstance(column.dtype, pd.StringDtype):
                codes, texts = column.factorize()
                if len(texts) < len(found) / 2:
                    found[name] = texts.array.take(codes, allow_fill=True)
    return found


def _given_back(con: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """The same database, which gives memory back after a question: else it keeps all that the largest one took."""
    con.execute("set allocator_background_threads = true")
    return con


def _cursor(con: duckdb.DuckDBPyConnection, use: str) -> duckdb.DuckDBPyConnection:
    cursor = con.cursor()
    if use:  # which a cursor does not take over from its connection
        cursor.execute(use)
    return cursor
