"""Whole or damaged: each snapshot has its sum in a file beside it, held against it when it is first opened.

The database checks a block only when it reads it, and a reader should not be the one who finds out.
"""

import hashlib
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock

import duckdb

SUM = ".sha256"
_ROOM = 4_000_000
_PIECE = 16 << 20  # bytes of a snapshot that are summed up by one thread
State = tuple[str, int, int, int]
_known: dict[State, bool] = {}  # a file that has not been touched since is not read again
_doubted: set[State] = set()  # gave an error when it was asked
_one_at_a_time = Lock()  # many readers come at once after a build; the first one does the work


def sum_of(path: Path) -> str:
    """The SHA-256 of a file."""
    return _digest(path).hex()


def sum_of_pieces(path: Path, piece: int) -> str:
    """The SHA-256 of the SHA-256 of a file's pieces of so many bytes, on as many cores as there are."""
    starts = range(0, path.stat().st_size, piece)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return hashlib.sha256(b"".join(pool.map(lambda start: _digest(path, start, piece), starts))).hexdigest()


def _digest(path: Path, start: int = 0, length: int = sys.maxsize) -> bytes:
    digest, room = hashlib.sha256(), memoryview(bytearray(min(_ROOM, length)))
    with path.open("rb", buffering=0) as file:  # much at a time: other threads are waited for after each
        file.seek(start)
        while read := file.readinto(room[:length]):
            digest.update(room[:read])
            length -= read
    return digest.digest()


def sum_beside(snapshot: Path) -> Path:
    return snapshot.with_suffix(SUM)


def seal(draft: Path, snapshot: Path) -> None:
    """Note the sum of a finished draft that is about to become a snapshot, on the disk before this returns."""
    with sum_beside(snapshot).open("w", encoding="utf-8") as file:
        file.write(f"{sum_of_pieces(draft, _PIECE)} {_PIECE}")
        file.flush()
        os.fsync(file.fileno())


def take_as_whole(snapshot: Path) -> None:
    """Of one that this process has just written and sealed: to read it once more would tell nothing new."""
    with _one_at_a_time:
        if state := _state(snapshot):
            _known[state] = True


def is_whole(snapshot: Path) -> bool:
    """Whether a snapshot is there and as it was written; reads it through once, and again after each change."""
    with _one_at_a_time:
        state = _state(snapshot)
        if state is None:
            return False
        if state not in _known:
            _known[state] = _looked_at(snapshot, state)
        return _known[state]


def is_known_damaged(snapshot: Path) -> bool:
    """Whether it has been found damaged already: no work."""
    state = _state(snapshot)
    return state is not None and _known.get(state) is False


def doubt(snapshot: Path) -> None:
    """Have it read through again when it is next asked for: a question to it has failed, or much depends on it."""
    with _one_at_a_time:
        if state := _state(snapshot):
            _known.pop(state, None)


def doubt_seriously(snapshot: Path) -> None:
    """The same after an error. A snapshot without a sum, made by an earlier version, then counts as damaged."""
    if state := _state(snapshot):
        _doubted.add(state)
    doubt(snapshot)


def _looked_at(snapshot: Path, state: State) -> bool:
    try:
        told, *piece = sum_beside(snapshot).read_text(encoding="utf-8").split() or [""]
    except (OSError, ValueError):
        return state not in _doubted and _opens(snapshot)
    try:
        # One alone was written by an earlier version: of the whole file.
        return told == (sum_of_pieces(snapshot, int(piece[0])) if piece else sum_of(snapshot))
    except (OSError, ValueError):
        return False


def _opens(snapshot: Path) -> bool:
    try:
        with duckdb.connect(str(snapshot), read_only=True) as con:
            return bool(con.execute("select count(*) from about").fetchone())
    except duckdb.Error:
        return False


def _state(snapshot: Path) -> State | None:
    try:
        told = snapshot.stat()
    except OSError:
        return None
    return str(snapshot.resolve()), told.st_size, told.st_mtime_ns, told.st_ino
