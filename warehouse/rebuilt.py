"""The results that serve, held against a rebuild from nothing in a folder that goes away again."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
from filelock import FileLock

from language import Text
from warehouse.findings import BACK, BUILD, BUILD_ANEW, Finding
from warehouse.results import about, differences
from warehouse.shelf import ShelfError
from warehouse.store import asking, current
from warehouse.truth import ARCHIVE, content, kept, write

ROOT = Path(__file__).parent.parent


def rebuilt(data: Path) -> list[Finding]:
    """What a rebuild shows: that it cannot be done, or gives other results than those that serve."""
    with copied(data) as (copy, snapshot):
        return _compared(copy, snapshot)


@contextmanager
def copied(data: Path) -> Iterator[tuple[Path, Path | None]]:
    """A folder with the truth as it is now, and the snapshot that serves it: taken while nobody loads.

    Folders are only pointed at where the system can do so, as a build reads them and writes nothing there.
    """
    with tempfile.TemporaryDirectory(prefix="verify-", ignore_cleanup_errors=True) as temporary:
        copy = Path(temporary)
        with FileLock(data / ".lock"):
            snapshot = current(data)
            paths = kept(data)
            for path in paths:
                if "/" not in path:
                    write(copy / path, content(data, path))
            if snapshot:
                shutil.copy(snapshot, copy / f"serving-{snapshot.name}")
        for folder in {ARCHIVE, *(path.split("/")[0] for path in paths if "/" in path)}:
            if (data / folder).exists():
                _point(copy / folder, (data / folder).resolve())
        yield copy, copy / f"serving-{snapshot.name}" if snapshot else None


def _point(link: Path, folder: Path) -> None:
    try:
        os.symlink(folder, link, target_is_directory=True)
    except OSError:  # Windows lets only few accounts do that
        shutil.copytree(folder, link)


def build(data: Path) -> None:
    """Build a folder's snapshot as a process of its own: this floor knows nothing of how. Raises ShelfError."""
    call = [sys.executable, "-m", "data_ingest", "--data", str(data.resolve()), "build"]
    if subprocess.run(call, cwd=ROOT, stdout=subprocess.DEVNULL, check=False).returncode:
        raise ShelfError(
            Text("Không dựng lại được số liệu, lý do ở trên.", "It could not be built anew; the reason stands above.")
        )


def _compared(copy: Path, snapshot: Path | None) -> list[Finding]:
    """What a rebuild shows: that it cannot be done, or gives other results than those that serve."""
    if snapshot is None:
        return []
    try:
        build(copy)
    except ShelfError as error:
        return [Finding(error.text, BACK)]
    anew = current(copy)
    before, after = (_about(each) for each in (snapshot, anew))
    if before.get("inputs") != after.get("inputs"):
        why = (
            Text("do phiên bản khác của chương trình dựng", "another version of the program built it")
            if before.get("reader") != after.get("reader")
            else Text("có tệp đã nhận mà chưa nạp xong", "something that was received has not been built in yet")
        )
        told = f"Số liệu đang phục vụ chưa đủ: {why.vi}.", f"What serves is not up to date: {why.en}."
        return [Finding(Text(*told), BUILD_ANEW)]
    return [
        Finding(
            Text(
                f"Bảng {table}: {ours} dòng đang phục vụ không có khi dựng lại, {theirs} dòng chỉ có khi dựng lại.",
                f"Table {table}: {ours} rows that serve do not come of a rebuild, {theirs} come only of a rebuild.",
            ),
            Text(
                f"Xóa {snapshot.name.removeprefix('serving-')} rồi chạy: {BUILD}",
                f"Delete {snapshot.name.removeprefix('serving-')}, then run: {BUILD}",
            ),
        )
        for table, (ours, theirs) in differences(snapshot, anew).items()
    ]


def _about(snapshot: Path) -> dict[str, str]:
    with asking(snapshot), duckdb.connect(str(snapshot), read_only=True) as con:
        return about(con)
