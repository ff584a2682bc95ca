"""Files that only grow: lines are added whole and on the disk, and half a line that a power cut left is not one."""

import io
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

_STEERING = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_BLOCK = 8192  # bytes looked at in one step, from the end backwards


def whole_lines(path: Path) -> str:
    """The text of a file up to the end of its last whole line; nothing where there is no file yet."""
    if not path.exists():
        return ""
    data = path.read_bytes()  # cut before it is read as text: the cut may lie within a letter
    return data[: data.rfind(b"\n") + 1].decode("utf-8")


@contextmanager
def only_whole_lines(path: Path) -> Iterator[io.RawIOBase]:
    """The same as a file to read bit by bit."""
    with path.open("rb") as file:
        length = _end(file)
        file.seek(0)
        yield _Beginning(file, length)


class _Beginning(io.RawIOBase):
    """The first bytes of a file."""

    def __init__(self, file: BinaryIO, length: int):
        self._file, self._left = file, length

    def readable(self) -> bool:
        return True

    def readinto(self, room: memoryview) -> int:
        read = self._file.readinto(memoryview(room)[: self._left])
        self._left -= read
        return read


def one_line(text: str) -> str:
    """A text that a list can hold: signs that steer a printer, a line break for one, become blanks."""
    return _STEERING.sub(" ", text)


def last_line(path: Path) -> str:
    """The last whole line without its end; nothing where there is none. Takes no longer for a long file."""
    if not path.exists():
        return ""
    with path.open("rb") as file:
        end = _end(file)
        if not end:
            return ""
        start = _end(file, end - 1)
        file.seek(start)
        return file.read(end - 1 - start).decode("utf-8")


def append(path: Path, lines: str, head: str = "") -> None:
    """Add lines, on the disk before this returns; `head` goes before the first ones.

    Half a line that was left there is cut off first, so that the next one begins on its own.
    """
    with path.open("a+b") as file:
        whole = _end(file)
        if whole < file.seek(0, os.SEEK_END):
            file.truncate(whole)
        file.write((lines if whole else head + lines).encode("utf-8"))
        file.flush()
        os.fsync(file.fileno())


def _end(file: BinaryIO, before: int | None = None) -> int:
    """Where the last whole line ends that ends at or before a place; 0 where there is none."""
    place = file.seek(0, os.SEEK_END) if before is None else before
    while place:
        start = max(place - _BLOCK, 0)
        file.seek(start)
        found = file.read(place - start).rfind(b"\n")
        if found >= 0:
            return start + found + 1
        place = start
    return 0
