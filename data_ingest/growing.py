"""Growing: a snapshot that differs from the last one by a few receipts begins as its copy, and only they are added."""

from dataclasses import dataclass

import duckdb
import numpy as np

from warehouse.receipts import Receipts

LEAST, SHARE = 50, 0.05  # so many receipts, or this share of all, may lie behind the facts that are in order


@dataclass(frozen=True)
class Growing:
    """What a new snapshot takes over: the receipts of the last one, and how many came since its facts were in order."""

    kept: np.ndarray
    behind: int


def grows(last: duckdb.DuckDBPyConnection, about: dict[str, str], receipts: Receipts) -> Growing | None:
    """What of the last snapshot is kept; None where a receipt counts no more, or all is better put in order."""
    held = last.execute("select receipt from receipts").fetchnumpy()["receipt"]
    new, behind = len(receipts.but("receipt", held)), int(about.get("behind", 0))
    if len(held) + new != len(receipts) or behind + new > max(LEAST, SHARE * len(receipts)):
        return None
    return Growing(held, behind)
