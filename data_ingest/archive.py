"""Receipts and the archive: every file ever received, unchanged, and when it came. These two are the truth."""

import csv
import hashlib
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Literal

from filelock import FileLock

Kind = Literal["report", "units", "boundaries"]


@dataclass(frozen=True)
class Receipt:
    """One file received. `receipt` counts from 1; `option` is what was said with it (the province of a register)."""

    receipt: int
    sha256: str
    file: str
    received_at: datetime
    sender: str = ""
    kind: Kind = "report"
    origin: Literal["office", "sample"] = "office"
    option: str = ""

    @property
    def stored_as(self) -> str:
        return f"{self.sha256}{Path(self.file).suffix.lower()}"


_COLUMNS = [each.name for each in fields(Receipt)]


class Archive:
    """The folder `data/archive/` and the list `data/receipts.csv`, which only ever grows."""

    def __init__(self, data: Path):
        self.folder, self.list = data / "archive", data / "receipts.csv"
        self._data = data

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Only one writer at a time: a second load waits until the first is done."""
        self._data.mkdir(parents=True, exist_ok=True)
        with FileLock(self._data / ".lock"):
            yield

    def receipts(self) -> list[Receipt]:
        """Every receipt, in order of arrival. A last line that was cut off by a power cut is not one yet."""
        if not self.list.exists():
            return []
        text = self.list.read_text(encoding="utf-8")
        whole = text[: text.rfind("\n") + 1]
        rows = csv.DictReader(io.StringIO(whole, newline=""))
        return [
            Receipt(
                **{**row, "receipt": int(row["receipt"]), "received_at": datetime.fromisoformat(row["received_at"])}
            )
            for row in rows
        ]

    def path(self, receipt: Receipt) -> Path:
        return self.folder / receipt.stored_as

    def receive(self, files: list[tuple[Path, dict]]) -> list[Receipt]:
        """Keep files and note their receipts, in the order given; what is already there is kept once.

        `files` pairs a path with what the receipt says: received_at, sender, kind, origin, option. Returns the new
        receipts. The file is on the disk before its receipt is: a receipt never points at nothing.
        """
        known = self.receipts()
        have = {(each.sha256, each.kind, each.option) for each in known}
        new: list[Receipt] = []
        for path, said in files:
            data = path.read_bytes()
            sha = hashlib.sha256(data).hexdigest()
            receipt = Receipt(len(known) + len(new) + 1, sha, path.name, **said)
            if (sha, receipt.kind, receipt.option) in have:
                continue
            have.add((sha, receipt.kind, receipt.option))
            self._keep(receipt, data)
            new.append(receipt)
        self._append(new, first=not known)
        return new

    def _keep(self, receipt: Receipt, data: bytes) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.path(receipt)
        if not path.exists():
            draft = path.with_suffix(f".{os.getpid()}.part")
            draft.write_bytes(data)
            os.replace(draft, path)

    def _append(self, receipts: list[Receipt], first: bool) -> None:
        if not receipts:
            return
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, _COLUMNS, lineterminator="\n")
        if first:
            writer.writeheader()
        writer.writerows({**asdict(each), "received_at": each.received_at.isoformat()} for each in receipts)
        self._mend()
        with self.list.open("ab") as file:
            file.write(text.getvalue().encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())

    def _mend(self) -> None:
        """Cut off a last line that a power cut left half written, so that the next one begins on its own."""
        if self.list.exists() and (data := self.list.read_bytes()) and not data.endswith(b"\n"):
            with self.list.open("r+b") as file:
                file.truncate(data.rfind(b"\n") + 1)
