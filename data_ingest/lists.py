"""What others are read with (a register, targets, a mapping, days, boundaries) is kept as it is read, or not at all."""

import tempfile
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path

from data_ingest.archive import Archive
from data_ingest.guarded import Readers
from data_ingest.looking import Copy, copies
from data_ingest.register import RegisterError
from data_ingest.standing import Standing
from language import Text, TextError

Reads = Callable[[Path], bool]


class ListError(TextError):
    """A list cannot be kept; `text` says why, and what to do, in both languages. Nothing has changed."""


def receive(archive: Archive, file: Path, kind: str, option: str, reads: Reads = lambda copy: True) -> None:
    """Keep a file that is no report. Raises ListError.

    `reads`: whether a copy of it without what looks like personal data is read as the file itself was.
    """
    now = datetime.now().replace(microsecond=0)
    said = {"received_at": now, "kind": kind, "option": option}
    with archive.writing(), Readers(Standing.of(archive, archive.receipts()).names) as lookers:
        archive.receive([(file, said)], copies=partial(_whole_copies, lookers, reads))


def _whole_copies(lookers: Readers, reads: Reads, files: list[tuple[Path, str]]) -> list[Copy | None]:
    made = copies(lookers, files)
    for (path, _), copy in zip(files, made, strict=True):
        if copy and not copy.whole:
            why = "không xem được bên trong nên không lưu", "it cannot be looked through, so it is not kept"
            raise ListError(Text(*(f"{path.name}: {each}." for each in why)))
        if copy and not _still(reads, copy.data):
            raise ListError(_in_the_way(path, copy.data))
    return made


def _still(reads: Reads, copy: bytes) -> bool:
    with tempfile.TemporaryDirectory(prefix="copy-") as folder:
        path = Path(folder) / "copy.xlsx"
        path.write_bytes(copy)
        try:
            return reads(path)
        except RegisterError:
            return False


def _in_the_way(path: Path, copy: bytes) -> Text:
    """Which cells look as if they held personal data, of a list that is another without them."""
    from data_ingest.clean import notes  # seldom needed

    told = [each.parts for each in notes(copy) if "cells" in each.parts]
    vi, en = ("; ".join(f"{each[what]}: {each['cells']}" for each in told) for what in ("what", "what_en"))
    return Text(
        f"{path.name}: có ô trông như chứa dữ liệu cá nhân ({vi}), mà thiếu các ô đó thì danh sách không còn như cũ."
        " Chưa có gì thay đổi. Hãy sửa hoặc xóa nội dung các ô đó rồi nạp lại.",
        f"{path.name}: cells look as if they held personal data ({en}), and without them the list is another."
        " Nothing has changed. Mend or empty these cells and load it again.",
    )
