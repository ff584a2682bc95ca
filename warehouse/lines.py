"""Files that only grow: lines are added whole and on the disk, and half a line that a power cut left is not one."""

import os
from pathlib import Path


def whole_lines(path: Path) -> str:
    """The text of a file up to the end of its last whole line; nothing where there is no file yet."""
    if not path.exists():
        return ""
    data = path.read_bytes()  # cut before it is read as text: the cut may lie within a letter
    return data[: data.rfind(b"\n") + 1].decode("utf-8")


def append(path: Path, lines: str, head: str = "") -> None:
    """Add lines, on the disk before this returns; `head` goes before the first ones.

    Half a line that was left there is cut off first, so that the next one begins on its own.
    """
    with path.open("a+b") as file:
        file.seek(0)
        data = file.read()
        whole = data.rfind(b"\n") + 1
        if whole < len(data):
            file.truncate(whole)
        file.write((lines if whole else head + lines).encode("utf-8"))
        file.flush()
        os.fsync(file.fileno())
