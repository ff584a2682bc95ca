"""What of a data folder is the truth, and what is passed over because it can be made anew or belongs to a moment."""

import hashlib
import os
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

RECEIPTS, ARCHIVE, ARRIVING = "receipts.csv", "archive", "arriving"
# All that lies in a data folder is kept, a file that is not known here too, except:
PASSED_OVER = (
    "warehouse-*",  # snapshots and their sums: built anew from the archive
    "building-*",  # a snapshot that is being built
    "CURRENT*",  # which snapshot serves
    ".*",  # locks
    ARRIVING,  # what a load that is under way has announced
    "*.part",  # files being written
    "*.tmp",
    "*.wal",
    "sessions*",  # who is signed in at the moment
    "access",  # the same, and attempts to sign in; accounts are kept in accounts.jsonl
    "branches",  # parts of a snapshot, made when first asked for
    "engines",  # tables of a snapshot for another engine, handed over when first asked for
    "logs",  # for whoever runs the server; they say nothing that counts
    "sample",  # invented reports: made anew, and those loaded lie in the archive
)
GROWING = ("*.csv", "*.jsonl")  # lists that only grow, line by line


def grows(path: str) -> bool:
    """Whether a file, by its path in the data folder, is a list that only grows."""
    return any(fnmatch(path, pattern) for pattern in GROWING) and "/" not in path


def kept(data: Path) -> list[str]:
    """The paths of all that is the truth, but for the archive, in the order in which they must be read.

    What points at something is read before that: other lists name receipts, and receipts name archived files. So
    whatever is read points only at what is read after it, also while the program goes on writing.
    """
    found = []
    for each in sorted(data.iterdir()) if data.exists() else []:
        if each.name != ARCHIVE and not any(fnmatch(each.name, pattern) for pattern in PASSED_OVER):
            found += [each.name] if each.is_file() else _inside(each, data)
    return sorted(found, key=lambda path: path == RECEIPTS)


def _inside(folder: Path, data: Path) -> list[str]:
    files = (each for each in sorted(folder.rglob("*")) if each.is_file() and not each.name.endswith(".part"))
    return [each.relative_to(data).as_posix() for each in files]


def content(data: Path, path: str) -> bytes:
    """A file as it is now; of a list that grows, its whole lines."""
    text = (data / path).read_bytes()
    return text[: text.rfind(b"\n") + 1] if grows(path) else text


def kept_as(file: str, came: str) -> str:
    """A file's name as that of what is kept: of what came with personal data (`came`) it is a copy, xlsx or xlsm."""
    is_book = not came or file.lower().endswith((".xlsx", ".xlsm"))
    return file if is_book else f"{file}.xlsx"


def stored_as(sha256: str, file: str, came: str = "") -> str:
    """The name in the archive of a file that was received under some name."""
    name = kept_as(file, came)  # not by way of a path: some hundred thousand names are asked for at once
    dot = name.rfind(".")
    return sha256 + (name[dot:].lower() if 0 < dot < len(name) - 1 else "")


def receipts_of(data: Path) -> bytes:
    """The text of the list of receipts, its whole lines; nothing where no file has come yet."""
    return content(data, RECEIPTS) if (data / RECEIPTS).exists() else b""


def in_archive(data: Path) -> set[str]:
    """The names of the files in the archive. A draft is not one yet."""
    folder = data / ARCHIVE  # no paths are made: there may be some hundred thousand
    return {name for name in os.listdir(folder) if not name.endswith(".part")} if folder.exists() else set()


def everything(data: Path) -> Iterator[str]:
    """The paths of all that is the truth, the archive too: as it lies there, whatever receipts say."""
    yield from (f"{ARCHIVE}/{name}" for name in sorted(in_archive(data)))
    yield from kept(data)


def write(path: Path, text: bytes) -> None:
    """Put a file there whole or not at all, on the disk before this returns."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}.part")
    with draft.open("wb") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, path)


def sync(folder: Path) -> None:
    """The names in a folder on the disk too, not only the contents of its files (Windows does so by itself)."""
    if os.name == "posix":
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


def sum_of_bytes(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()
