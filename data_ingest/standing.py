"""What reports are read with: the register that stands, the spellings confirmed, the mappings of foreign tables."""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from data_ingest import program
from data_ingest.archive import Archive
from data_ingest.names import Lives, Names, Spelling
from data_ingest.register import read_register
from data_ingest.template import Template
from warehouse.receipts import Receipt, Receipts
from warehouse.store import named
from warehouse.units import columns_in, read_units, units_in

SHIPPED = tuple(Path(__file__).parent.parent / "sample_data" / name for name in ("units.csv", "hamlets.csv"))


@dataclass(frozen=True)
class Standing:
    """The register, and what the office has confirmed; a reading depends on nothing else but its file.

    `register` says in a word what the register is made of. A country's takes its time to be read: of one that a
    snapshot was made with the table stands there.
    """

    register: str
    received: tuple[tuple[Path, str], ...] = ()  # the registers that came, each with the province chosen
    snapshot: Path | None = None  # where the table of the register may stand
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
        came = list(receipts.having("kind", ["units"]))
        return cls(
            _made_of(came),
            tuple((archive.path(each), each.option) for each in came),
            named(archive.data),
            archive.spellings(),
            tuple(mappings.items()),
            "".join(set_),
        )

    @cached_property
    def units(self) -> pd.DataFrame:
        """Every life of every unit: the shipped register, then each register received put in its place, in order."""
        found = units_in(self.snapshot, self.register)
        if found is not None:
            return found
        units = pd.concat([read_units(path) for path in SHIPPED], ignore_index=True)
        for path, province in self.received:
            units = replaced(units, path, province or None, checked=True)
        return units

    @cached_property
    def names(self) -> Names:
        """The units by name. Of a country much to hold: made when a file or a form asks for it."""
        found = columns_in(self.snapshot, self.register, Lives._fields)
        return Names(found, self.spellings) if found else Names.of(self.units, self.spellings)

    @property
    def mapped(self) -> list[Template]:
        return [Template.of(id, text) for id, text in self.mappings]


def _made_of(received: list[Receipt]) -> str:
    """Of which files the register is made, and with which program."""
    digest = hashlib.sha256(program.fingerprint(program.REGISTER).encode())
    for path in SHIPPED:
        digest.update(path.read_bytes())
    digest.update(repr([(each.sha256, each.option) for each in received]).encode())
    return digest.hexdigest()[:16]


def replaced(units: pd.DataFrame, path: Path, province: str | None, checked: bool = False) -> pd.DataFrame:
    """A register with a newer one in its place, all of it or only the khu/ấp. Raises register.RegisterError."""
    newer = read_register(path, province, units, checked)
    if newer.replaces == "all":
        return newer.units
    return pd.concat([units[units.level != "hamlet"], newer.units], ignore_index=True)
