"""An invented register of some provinces of a country: the same counts every time, from a seed."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from warehouse.units import COLUMNS, typed

COUNTRY = "VN"
PROVINCES, DISTRICTS, COMMUNES, HAMLETS = 63, 705, 10_600, 100_000  # of the whole country
SEED = 5681
_TYPES = {"district": ("Huyện", "Thị xã", "Thành phố"), "commune": ("Xã", "Phường", "Thị trấn")}
_SPREAD = {"district": (0.8, 0.12, 0.08), "commune": (0.77, 0.17, 0.06)}


@dataclass(frozen=True)
class Size:
    """How many units of each level a register holds."""

    provinces: int
    districts: int
    communes: int
    hamlets: int


def shared(whole: int, parts: int, chance: np.random.Generator) -> np.ndarray:
    """A number shared out among parts of unlike size, at least one each, so that they add up to it."""
    weights = chance.gamma(4.0, size=parts)
    counts = 1 + np.floor((whole - parts) * weights / weights.sum()).astype(int)
    counts[: whole - counts.sum()] += 1
    return counts


def register(provinces: int = PROVINCES) -> pd.DataFrame:
    """The country with its first provinces, as a register's table (warehouse.units.COLUMNS)."""
    chance = np.random.default_rng(SEED)
    rows = [_row(COUNTRY, "country", "", "Việt Nam", None)]
    districts = shared(DISTRICTS, PROVINCES, chance)
    communes = shared(COMMUNES, DISTRICTS, chance)
    hamlets = shared(HAMLETS, COMMUNES, chance)
    households = chance.integers(120, 420, size=HAMLETS)
    types = {level: chance.choice(_TYPES[level], p=_SPREAD[level], size=len(of))
             for level, of in (("district", communes), ("commune", hamlets))}  # fmt: skip
    first_commune, first_hamlet = _firsts(communes), _firsts(hamlets)
    for province, first in enumerate(_firsts(districts)[:provinces]):
        top = f"{province + 1:02}"
        rows.append(_row(top, "province", "Tỉnh", f"Số {province + 1}", COUNTRY))
        for district in range(first, first + districts[province]):
            town = f"{district + 1:03}"
            rows.append(_row(town, "district", types["district"][district], f"Số {district + 1}", top))
            for commune in range(first_commune[district], first_commune[district] + communes[district]):
                place, type = f"{commune + 1:05}", types["commune"][commune]
                rows.append(_row(place, "commune", type, f"Số {commune + 1}", town))
                own = slice(first_hamlet[commune], first_hamlet[commune] + hamlets[commune])
                rows += _hamlets(place, type, households[own])
    return typed(_with_sums(pd.DataFrame(rows, columns=COLUMNS)))


def _firsts(counts: np.ndarray) -> list[int]:
    """The number of the first of each, where they are counted through."""
    return [0, *np.cumsum(counts).tolist()][:-1]


def _row(unit: str, level: str, type: str, name: str, parent: str | None, households: int | None = None) -> dict:
    people = None if households is None else round(3.4 * households)
    return {
        "unit": unit, "code": None if level == "hamlet" else unit, "level": level, "type": type, "name": name,
        "full_name": f"{type} {name}".strip(), "parent": parent, "people_2019": people,
        "households_2019": households, "invented": 1,
    }  # fmt: skip


def _hamlets(commune: str, type: str, households: np.ndarray) -> Iterator[dict]:
    kind = "Ấp" if type == "Xã" else "Khu phố"
    for number, count in enumerate(households, start=1):
        yield _row(f"{commune}-{number:02}", "hamlet", kind, str(number), commune, int(count))


def _with_sums(units: pd.DataFrame) -> pd.DataFrame:
    """The census of each unit is the sum of those below it."""
    units = units.set_index("unit", drop=False)
    for level in ("hamlet", "commune", "district", "province"):
        for column in ("people_2019", "households_2019"):
            sums = units[units.level == level].groupby("parent")[column].sum()
            units.loc[sums.index, column] = sums
    return units.reset_index(drop=True)


def size(units: pd.DataFrame) -> Size:
    counts = units.level.value_counts()
    return Size(*(int(counts.get(level, 0)) for level in ("province", "district", "commune", "hamlet")))
