"""What pages ask of the list of receipts: read once after each change, and without all of its rows in hand."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from warehouse.receipts import Receipts, blocks_in
from warehouse.truth import RECEIPTS


@dataclass(frozen=True)
class Received:
    """How many receipts there are, and of them those that came through the page, and those of no report."""

    count: int
    through_the_page: Receipts
    of_no_report: Receipts
    last_report: datetime | None
    has_samples: bool


def received(data: Path) -> Received:
    """What the list of a data folder says now. Of a country it is read in 0.2 s, with some megabytes in hand."""
    file = data / RECEIPTS
    told = file.stat() if file.exists() else None
    return _received(data, (told.st_size, told.st_mtime_ns) if told else None)


@lru_cache(maxsize=2)
def _received(data: Path, changed: tuple[int, int] | None) -> Received:
    count, page, others, last, samples = 0, Receipts.of([]), Receipts.of([]), "", False
    for some in blocks_in(data):
        count += len(some)
        page += some.having("origin", ["page"])
        others += some.but("kind", ["report"])
        last = max([last, *some.having("kind", ["report"]).column("received_at")])
        samples = samples or some.have("origin", "sample")
    return Received(count, page, others, datetime.fromisoformat(last) if last else None, samples)
