"""Backup and restore: the truth of a data folder onto a shelf and back, while the program serves and loads."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from filelock import FileLock

from language import Text
from warehouse.receipts import Receipts
from warehouse.results import results_of
from warehouse.shelf import README, Kept, Manifest, Shelf, ShelfError
from warehouse.store import current
from warehouse.truth import ARCHIVE, RECEIPTS, content, everything, grows, kept, sum_of_bytes, sync, write

Progress = Callable[[int, int], None]
_AT_ONCE = 8  # files on their way side by side: most of the time goes by waiting for the disk
GOES_ON = ("audit.jsonl",)  # is written to by a restore itself


@dataclass(frozen=True)
class Made:
    """What a backup did: its manifest, how many bytes were new, and lists that no longer begin as they once did."""

    manifest: Manifest
    new: int
    rewritten: list[str]


def backup(data: Path, place: Path, progress: Progress = lambda done, of: None, look: bool = False) -> Made:
    """Add a backup to a shelf. Killed at any moment, the backups before it stay as they were.

    `look`: also look through the pieces that are there already, and write those anew that are damaged.
    """
    _check_places(data, place)
    place.mkdir(parents=True, exist_ok=True)
    with FileLock(place / ".lock"):
        shelf = Shelf(place)
        for left in place.rglob("*.part"):  # of a backup that was cut off; nobody else writes now
            left.unlink()
        if not (place / "README.txt").exists():
            write(place / "README.txt", README.encode("utf-8"))
        before = shelf.newest()
        texts = {path: content(data, path) for path in kept(data)}  # receipts last, and before the files they name
        sums = Receipts.read(texts.get(RECEIPTS, b"")).archived()
        copied, lost = _copy_archive(shelf, data, sums, progress, look)
        found = {
            path: _keep(shelf, text, before and before.files.get(path), look)
            if grows(path)
            else _keep_whole(shelf, text, look, (data / path).stat().st_mtime_ns)
            for path, text in texts.items()
        }
        listed = "".join(f"{sha}  {ARCHIVE}/{name}\n" for name, sha in sums.items()).encode("utf-8")
        archive, listed_new = _keep(shelf, listed, before and before.archive, look)
        files = {path: file for path, (file, _) in found.items()}
        number = 1 + max((int(each.name.split("-")[0]) for each in shelf.all()), default=0)
        serving = current(data)
        results = results_of(serving) if serving else {}
        manifest = Manifest(number, datetime.now().replace(microsecond=0), files, archive, lost, results)
        shelf.close(manifest)
    rewritten = [path for path, text in texts.items() if before and _begins_anew(before, path, text)]
    return Made(manifest, copied + listed_new + sum(new for _, new in found.values()), rewritten)


def _check_places(data: Path, place: Path) -> None:
    here, there = data.resolve(), place.resolve()
    if not here.is_dir():
        raise ShelfError(Text(f"Không có thư mục số liệu {data}.", f"There is no data folder {data}."))
    if there.is_relative_to(here) or here.is_relative_to(there):
        told = "Nơi sao lưu phải nằm ngoài thư mục số liệu.", "A backup must lie outside of the data folder."
        raise ShelfError(Text(*told))
    if place.exists() and any(place.iterdir()) and not any((place / each).exists() for each in ("manifests", ".lock")):
        told = f"{place} chứa thứ khác; hãy chọn thư mục trống.", f"{place} holds something else; take an empty folder."
        raise ShelfError(Text(*told))


def _begins_anew(before: Manifest, path: str, text: bytes) -> bool:
    was = before.files.get(path)
    return grows(path) and was is not None and sum_of_bytes(text[: was.size]) != was.sha256


def _keep(shelf: Shelf, text: bytes, was: Kept | None, look: bool) -> tuple[Kept, int]:
    """Keep a list that grows: where it still begins as it did, its pieces of before and one with the new lines."""
    if not was or sum_of_bytes(text[: was.size]) != was.sha256:
        return _keep_whole(shelf, text, look)
    sizes = [size for _, size in was.pieces] + ([len(text) - was.size] if len(text) > was.size else [])
    pieces, new, place = [], 0, 0
    for size in sizes:
        sha, written = shelf.keep(text[place : place + size], look)
        pieces.append((sha, size))
        new, place = new + written, place + size
    return Kept(len(text), sum_of_bytes(text), pieces), new


def _keep_whole(shelf: Shelf, text: bytes, look: bool, written: int = 0) -> tuple[Kept, int]:
    sha, new = shelf.keep(text, look)
    return Kept(len(text), sha, [(sha, len(text))], written), new


def _copy_archive(
    shelf: Shelf, data: Path, sums: dict[str, str], progress: Progress, look: bool
) -> tuple[int, list[str]]:
    """Copy the archived files that are not there yet: bytes written, and the names of those that could not be found."""

    def copy(each: tuple[str, str]) -> int | None:
        name, sha = each
        if shelf.has(sha, look):
            return 0
        try:
            text = (data / ARCHIVE / name).read_bytes()
        except FileNotFoundError:
            return None
        return shelf.keep(text, look)[1] if sum_of_bytes(text) == sha else None

    lost, copied = [], 0
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for done, (name, new) in enumerate(zip(sums, pool.map(copy, sums.items()), strict=True), start=1):
            copied += new or 0
            lost += [name] if new is None else []
            progress(done, len(sums))
    return copied, lost


# And back


def restore(place: Path, data: Path, number: int | None = None, progress: Progress = lambda done, of: None) -> Manifest:
    """Put a backup into a folder that is empty, or holds nothing but parts of it. What is written is held against sums.

    Receipts come last: cut off at any moment, it leaves no receipt without its file, and can be called again.
    """
    shelf = Shelf(place)
    manifest = shelf.number(number)
    sums = archive_of(shelf, manifest)
    _refuse_other_things(shelf, manifest, sums, data)
    with ThreadPoolExecutor(_AT_ONCE) as pool:

        def copy(each: tuple[str, str]) -> None:
            path, sha = each
            if not (data / path).exists():  # else it has been looked at above
                write(data / path, shelf.text(Kept(0, sha, [(sha, 0)]), path))

        for done, _ in enumerate(pool.map(copy, sums.items()), start=1):
            progress(done, len(sums))
    for path, file in sorted(manifest.files.items(), key=lambda each: each[0] == RECEIPTS):
        if not (data / path).exists():
            write(data / path, shelf.text(file, path))
            if file.written:
                os.utime(data / path, ns=(file.written, file.written))
    for folder in filter(Path.exists, (data / ARCHIVE, data)):
        sync(folder)
    return manifest


def archive_of(shelf: Shelf, manifest: Manifest) -> dict[str, str]:
    """Path in the data folder → SHA-256 of every archived file of a backup that was not lost by then."""
    lines = shelf.text(manifest.archive, "archive.sha256").decode("utf-8").splitlines()
    told = (line.split("  ", 1) for line in lines)
    return {path: sha for sha, path in told if path.removeprefix(f"{ARCHIVE}/") not in manifest.lost}


def _refuse_other_things(shelf: Shelf, manifest: Manifest, sums: dict[str, str], data: Path) -> None:
    """Raises ShelfError where the folder holds what the backup does not, or holds it otherwise."""
    for path in everything(data):
        sha = sums.get(path) or (manifest.files[path].sha256 if path in manifest.files else None)
        here = content(data, path)
        if sha == sum_of_bytes(here):
            continue
        if sha and path in GOES_ON and here.startswith(shelf.text(manifest.files[path], path)):
            continue
        raise ShelfError(
            Text(
                f"{data} đã có số liệu khác ({path}); không ghi đè. Hãy chọn thư mục trống, hoặc dời thư mục này đi.",
                f"{data} holds other data ({path}), which is not overwritten. Take an empty folder, or move this one.",
            )
        )
