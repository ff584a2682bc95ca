"""The data folder: where archive, lists and snapshots are."""

import os
from pathlib import Path


def data_folder(given: str | Path | None = None) -> Path:
    """What was given, else KPI_DATA, else data/ beside the program."""
    return Path(given or os.environ.get("KPI_DATA") or Path(__file__).parent.parent / "data")
