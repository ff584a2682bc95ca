"""Whether the backups on a shelf are sound: every piece against its sum, the last one put together and built."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from language import Text
from warehouse.backup import Progress, archive_of, restore
from warehouse.findings import BACK, Finding, again, some
from warehouse.rebuilt import build
from warehouse.results import results_of
from warehouse.shelf import Manifest, Shelf, ShelfError
from warehouse.store import current
from warehouse.verify import files, lists

VERIFY = "python -m warehouse verify"


def verify_shelf(place: Path, progress: Progress = lambda done, of: None, rebuild: bool = True) -> list[Finding]:
    """Everything that is wrong with the backups on a shelf; the last one is put together and built from nothing."""
    shelf, found, names = Shelf(place), [], {}
    for path in shelf.all():
        try:
            manifest = shelf.read(path)
            if manifest is None:
                wrong = Text(f"{path.name} bị thay đổi.", f"{path.name} was altered.")
                found.append(Finding(wrong, again(place)))
                continue
            names |= {piece: path for path, piece in _pieces(shelf, manifest)}
        except ShelfError as error:
            found.append(Finding(error.text, again(place)))
    bad = []
    for done, piece in enumerate(names, start=1):
        bad += [names[piece]] if not shelf.has(piece, look=True) else []
        progress(done, len(names))
    if bad:
        wrong = Text(f"Mảnh bị mất hoặc bị thay đổi: {some(bad)}", f"Pieces lost or altered: {some(bad)}")
        found.append(Finding(wrong, again(place)))
    return found or _last_one(shelf, rebuild)


def _pieces(shelf: Shelf, manifest: Manifest) -> Iterator[tuple[str, str]]:
    """What each piece of a backup is of."""
    for path, file in [*manifest.files.items(), ("archive.sha256", manifest.archive)]:
        yield from ((path, piece) for piece, _ in file.pieces)
    if all(shelf.has(each) for each, _ in manifest.archive.pieces):
        yield from archive_of(shelf, manifest).items()


def _last_one(shelf: Shelf, rebuild: bool) -> list[Finding]:
    """Put the last backup together in a folder that goes away again, and look at that."""
    manifest = shelf.number(None)
    with tempfile.TemporaryDirectory(prefix="verify-", ignore_cleanup_errors=True) as temporary:
        data = Path(temporary) / "data"
        restore(shelf.place, data)
        found = [*files(data, lambda done, of: None), *lists(data)]
        if found or not rebuild:
            return found
        try:
            build(data)
        except ShelfError as error:
            return [Finding(error.text, BACK)]
        return _as_then(manifest.results, results_of(current(data)))


def _as_then(then: dict[str, object], now: dict[str, object]) -> list[Finding]:
    """Whether the same was built of the same; of another version of program or database nothing can be said."""
    if any(then.get(key) != now[key] for key in ("inputs", "reader", "database")):
        return []
    other = [name for name, told in then["tables"].items() if now["tables"].get(name) != told]
    wrong = Text(f"Dựng lại cho kết quả khác: {some(other)}", f"A rebuild gives other results: {some(other)}")
    return (
        [Finding(wrong, Text(f"Kiểm tra thư mục số liệu: {VERIFY}", f"Look at the data folder: {VERIFY}"))]
        if other
        else []
    )
