"""A shelf of backups: a folder of pieces named by their SHA-256, and a manifest for each backup that names its pieces.

A folder and not one packed file: the next backup adds only what is new, what was written is never touched again, any
copying program can carry it on, and whoever has only this folder can put the files together (README.txt in it). A list
that grows costs each time only its new lines: its file is made of pieces, one behind the other.
"""

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

from language import Text, TextError
from warehouse.truth import sum_of_bytes, sync, write
from warehouse.whole import sum_of

PIECES, MANIFESTS, FORMAT = "pieces", "manifests", 1
README = """Đây là các bản sao lưu của bảng điều khiển. Khôi phục: python -m warehouse restore NƠI_NÀY --data NƠI_MỚI
Không có chương trình: tệp mới nhất trong manifests/ nêu từng tệp và các mảnh của nó; nối các mảnh trong pieces/ theo
thứ tự. archive.sha256 nêu tên mỗi tệp trong archive/; mảnh của nó mang chính mã đó.

These are backups of the dashboard. To restore: python -m warehouse restore THIS_FOLDER --data A_NEW_FOLDER
Without the program: the newest file in manifests/ names each file and its pieces; join the pieces in pieces/ in that
order. archive.sha256 names each file of archive/; its piece bears that very sum.
"""


class ShelfError(TextError):
    """A backup cannot be made or read; `text` says why, and what to do, in both languages."""


@dataclass(frozen=True)
class Kept:
    """One file of a backup: its size, its sum, the pieces that make it up (sum, size), and when it was written.

    The latter in nanoseconds, 0 for lists that grow: of two files of boundaries the newer one counts.
    """

    size: int
    sha256: str
    pieces: list[tuple[str, int]]
    written: int = 0


@dataclass(frozen=True)
class Manifest:
    """One backup: its files by their paths in the data folder, and the list of its archived files.

    `lost` are archived files that could be found nowhere any more; `results` is what served then (results.py).
    """

    number: int
    at: datetime
    files: dict[str, Kept]
    archive: Kept
    lost: list[str] = field(default_factory=list)
    results: dict[str, object] = field(default_factory=dict)
    format: int = FORMAT


class Shelf:
    """A folder of backups."""

    def __init__(self, place: Path):
        self.place, self.pieces, self.manifests = place, place / PIECES, place / MANIFESTS

    @property
    def is_one(self) -> bool:
        return self.manifests.is_dir()

    def all(self) -> list[Path]:
        """The manifests, oldest first."""
        return sorted(self.manifests.glob("*.json")) if self.is_one else []

    def read(self, path: Path) -> Manifest | None:
        """A manifest, or None where it is not what was written: its name bears its sum."""
        text = path.read_bytes()
        if not path.stem.endswith(sum_of_bytes(text)[:16]):
            return None
        told = json.loads(text)
        if told["format"] > FORMAT:
            said = f"{path.name}: bản sao lưu do phiên bản mới hơn lập; cần phiên bản đó của chương trình."
            raise ShelfError(Text(said, f"{path.name}: made by a newer version of the program, which is needed."))
        files = {name: Kept(**each) for name, each in told["files"].items()}
        at = datetime.fromisoformat(told["at"])
        return Manifest(**{**told, "at": at, "files": files, "archive": Kept(**told["archive"])})

    def newest(self) -> Manifest | None:
        """The last backup that can be read."""
        return next(filter(None, (self.read(each) for each in reversed(self.all()))), None)

    def number(self, number: int | None) -> Manifest:
        """The backup of a number, else the last one. Raises ShelfError where there is none, or it is damaged."""
        found = [each for each in self.all() if number is None or int(each.name.split("-")[0]) == number]
        if not found:
            raise ShelfError(Text("Không có bản sao lưu nào ở đó.", "There is no such backup there."))
        manifest = self.read(found[-1])
        if manifest is None:
            whole = [str(each.number) for each in map(self.read, self.all()) if each]
            raise ShelfError(
                Text(
                    f"{found[-1].name} bị hỏng. Còn nguyên: {', '.join(whole) or '–'} (chọn bằng --number).",
                    f"{found[-1].name} is damaged. Whole are: {', '.join(whole) or '–'} (choose with --number).",
                )
            )
        return manifest

    def path(self, piece: str) -> Path:
        return self.pieces / piece[:2] / piece

    def has(self, piece: str, look: bool = False) -> bool:
        """Whether a piece is there; `look`: and is what its name says."""
        path = self.path(piece)
        return path.exists() and (not look or sum_of(path) == piece)

    def keep(self, text: bytes, look: bool = False) -> tuple[str, int]:
        """Put a piece there, unless it is: its sum, and how many bytes were written."""
        sha = sum_of_bytes(text)
        if self.has(sha, look):
            return sha, 0
        write(self.path(sha), text)
        return sha, len(text)

    def text(self, kept: Kept, what: str) -> bytes:
        """A file put together. Raises ShelfError where a piece is gone or altered."""
        parts = [self.path(each).read_bytes() if self.has(each) else b"" for each, _ in kept.pieces]
        text = b"".join(parts)
        if sum_of_bytes(text) != kept.sha256:
            names = (each for each, _ in kept.pieces)
            bad = next((each for each, part in zip(names, parts, strict=True) if sum_of_bytes(part) != each), "?")
            raise ShelfError(
                Text(
                    f"Bản sao lưu bị hỏng: {what}, mảnh {bad}. Dùng bản sao lưu ở nơi khác, hoặc số khác (--number).",
                    f"The backup is damaged: {what}, piece {bad}. Take one from another place, or another number"
                    " (--number).",
                )
            )
        return text

    def close(self, manifest: Manifest) -> Path:
        """Write the manifest, last of all: from here on the backup counts. Nothing written before is touched."""
        for folder in [*self.pieces.iterdir(), self.pieces] if self.pieces.exists() else []:
            sync(folder)
        told = {**asdict(manifest), "at": manifest.at.isoformat()}
        text = json.dumps(told, ensure_ascii=False, indent=1).encode("utf-8")
        name = f"{manifest.number:06}-{manifest.at:%Y%m%d-%H%M%S}-{sum_of_bytes(text)[:16]}.json"
        write(self.manifests / name, text)
        sync(self.manifests)
        return self.manifests / name
