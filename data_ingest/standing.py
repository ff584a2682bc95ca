"""The register that stands: the one that comes with the program, or what the office has given in its place."""

from pathlib import Path

import pandas as pd

from data_ingest.archive import Archive, Receipt
from data_ingest.register import read_register
from warehouse.units import read_units

SHIPPED = tuple(Path(__file__).parent.parent / "sample_data" / name for name in ("units.csv", "hamlets.csv"))


def standing_units(archive: Archive, receipts: list[Receipt]) -> pd.DataFrame:
    """Every life of every unit: the shipped register, then each register received put in its place, in order."""
    units = pd.concat([read_units(path) for path in SHIPPED], ignore_index=True)
    for receipt in receipts:
        if receipt.kind == "units":
            units = replaced(units, archive.path(receipt), receipt.option or None)
    return units


def replaced(units: pd.DataFrame, path: Path, province: str | None) -> pd.DataFrame:
    """A register with a newer one in its place, all of it or only the khu/ấp. Raises register.RegisterError."""
    newer = read_register(path, province, units=units)
    if newer.replaces == "all":
        return newer.units
    return pd.concat([units[units.level != "hamlet"], newer.units], ignore_index=True)
