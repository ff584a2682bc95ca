"""Growing: a snapshot that differs from the last one by a few receipts begins as its copy, and only they are added."""

from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np

from warehouse.receipts import Receipts

LEAST, SHARE = 50, 0.05  # so many receipts, or this share of all, may lie behind the facts that are in order


@dataclass(frozen=True)
class Growing:
    """The snapshot to begin with, the receipts it holds, and how many came since its facts were put in order."""

    snapshot: Path
    receipts: np.ndarray
    behind: int


def grows(serving: Path | None, receipts: Receipts) -> Growing | None:
    """What to begin with; None where a receipt counts no more, or so many are new that all is better put in order."""
    if serving is None:
        return None
    with duckdb.connect(str(serving), read_only=True) as con:
        held = con.execute("select receipt from receipts").fetchnumpy()["receipt"]
        told = con.execute("select value from about where key = 'behind'").fetchone()
    new, behind = len(receipts.but("receipt", held)), int(told[0]) if told else 0
    if len(held) + new != len(receipts) or behind + new > max(LEAST, SHARE * len(receipts)):
        return None
    return Growing(serving, held, behind)
