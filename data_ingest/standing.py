"""What reports are read with: the register that stands, the spellings confirmed, the mappings of foreign tables."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from data_ingest.archive import Archive
from data_ingest.names import Names, Spelling
from data_ingest.register import read_register
from data_ingest.template import Template
from warehouse.receipts import Receipts
from warehouse.units import read_units

SHIPPED = tuple(Path(__file__).parent.parent / "sample_data" / name for name in ("units.csv", "hamlets.csv"))


@dataclass(frozen=True)
class Standing:
    """The register as a table, and what the office has confirmed; a reading depends on nothing else but its file."""

    units: pd.DataFrame
    spellings: tuple[Spelling, ...] = ()
    mappings: tuple[tuple[str, str], ...] = ()  # id, TOML
    calendar: str = ""  # TOML of the settings of due days; blank: as shipped

    @classmethod
    def of(cls, archive: Archive, receipts: Receipts) -> "Standing":
        mappings = {
            Path(each.file).stem: archive.path(each).read_text(encoding="utf-8")
            for each in receipts.having("kind", ["mapping"])
        }
        set_ = [archive.path(each).read_text("utf-8") for each in receipts.having("kind", ["calendar"])][-1:]
        return cls(standing_units(archive, receipts), archive.spellings(), tuple(mappings.items()), "".join(set_))

    @property
    def names(self) -> Names:
        return Names.of(self.units, self.spellings)

    @property
    def mapped(self) -> list[Template]:
        return [Template.of(id, text) for id, text in self.mappings]


def standing_units(archive: Archive, receipts: Receipts) -> pd.DataFrame:
    """Every life of every unit: the shipped register, then each register received put in its place, in order."""
    units = pd.concat([read_units(path) for path in SHIPPED], ignore_index=True)
    for receipt in receipts.having("kind", ["units"]):
        units = replaced(units, archive.path(receipt), receipt.option or None, checked=True)
    return units


def replaced(units: pd.DataFrame, path: Path, province: str | None, checked: bool = False) -> pd.DataFrame:
    """A register with a newer one in its place, all of it or only the khu/ấp. Raises register.RegisterError."""
    newer = read_register(path, province, units, checked)
    if newer.replaces == "all":
        return newer.units
    return pd.concat([units[units.level != "hamlet"], newer.units], ignore_index=True)
