"""What officers have decided about files that came through the page: a list beside the receipts that only grows."""

import csv
import io
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Literal

from warehouse.lines import append, whole_lines
from warehouse.receipts import Receipt, Receipts

Decided = Literal["accepted", "rejected"]


@dataclass(frozen=True)
class Decision:
    """What was decided about a receipt, when, by which account (never a person), and why it was rejected."""

    receipt: int
    decided: Decided
    at: datetime
    by: str
    reason: str = ""


_COLUMNS = [each.name for each in fields(Decision)]


class Decisions:
    """The file `data/decisions.csv`, part of the truth as receipts are. Of two decisions the first stands."""

    def __init__(self, data: Path):
        self.list = data / "decisions.csv"

    def all(self) -> dict[int, Decision]:
        """The decision that stands for each receipt."""
        told: dict[int, Decision] = {}
        for row in csv.DictReader(io.StringIO(whole_lines(self.list), newline="")):
            typed = {**row, "receipt": int(row["receipt"]), "at": datetime.fromisoformat(row["at"])}
            told.setdefault(typed["receipt"], Decision(**typed))
        return told

    def refused(self) -> set[int]:
        """The receipts that were rejected: the same file may come again."""
        return {each.receipt for each in self.all().values() if each.decided == "rejected"}

    def add(self, decisions: list[Decision]) -> None:
        """Keep decisions, on the disk before this returns; the caller holds the archive (Archive.writing)."""
        if not decisions:
            return
        text = io.StringIO(newline="")
        rows = [{**vars(each), "at": each.at.isoformat()} for each in decisions]
        csv.DictWriter(text, _COLUMNS, lineterminator="\n").writerows(rows)
        append(self.list, text.getvalue(), head=f"{','.join(_COLUMNS)}\n")


def counting(receipts: Receipts, decided: dict[int, Decision]) -> Receipts:
    """Those that count: what did not come through the page, and what was accepted of what did."""
    return receipts.but("receipt", not_counting(receipts, decided).numbers)


def not_counting(receipts: Receipts, decided: dict[int, Decision]) -> Receipts:
    """The others: what came through the page and was not accepted."""
    accepted = [each.receipt for each in decided.values() if each.decided == "accepted"]
    return _through_the_page(receipts).but("receipt", accepted)


def undecided(receipts: Receipts, decided: dict[int, Decision]) -> list[Receipt]:
    """Those that wait for somebody to accept or reject them."""
    return list(_through_the_page(receipts).but("receipt", decided))


def _through_the_page(receipts: Receipts) -> Receipts:
    return receipts.having("origin", ["page"])
