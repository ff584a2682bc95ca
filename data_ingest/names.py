"""Which unit is meant by a written name: with or without its type, its district, its accents."""

import re
from collections import defaultdict
from datetime import date
from difflib import get_close_matches

import pandas as pd

from language import plain

_TYPE = re.compile(
    r"^(?:(?P<city>thanh pho|tp)|(?P<town>thi xa|tx)|(?P<rural>huyen|h)|(?P<ward>phuong|p)|(?P<market>thi tran|tt)"
    r"|(?P<commune>xa|x)|(?P<province>tinh|t)|(?P<khu>khu pho|khu|kp)|(?P<ap>ap))\b[. ]*(?=\S)"
)


def bare(name: object) -> tuple[str, str]:
    """A name without accents and type, and its type: 'P. Tân Bình' → ('tan binh', 'ward'). 'Ấp 2' → ('2', 'ap')."""
    text = re.sub(r"\s+", " ", plain(name).replace(".", ". ")).strip(" .:;,")
    if match := _TYPE.match(text):
        kind = next(kind for kind, found in match.groupdict().items() if found)
        return text[match.end() :].replace(". ", ".").strip(), kind
    return text, ""


class Names:
    """The register by name. `lives` are all rows of the register; only units alive on the day are found."""

    def __init__(self, lives: pd.DataFrame):
        self._lives = lives[["unit", "level", "full_name", "parent", "since", "until"]].astype(object)
        self._days: dict[date, _Day] = {}

    def on(self, day: date) -> "_Day":
        """The names of the units alive on a day."""
        if day not in self._days:
            lives = self._lives
            alive = lives[(lives.since.isna() | (lives.since <= day)) & (lives.until.isna() | (lives.until > day))]
            self._days[day] = _Day(alive)
        return self._days[day]


class _Day:
    def __init__(self, alive: pd.DataFrame):
        self.full_name: dict[str, str] = dict(zip(alive.unit, alive.full_name, strict=True))
        self.level: dict[str, str] = dict(zip(alive.unit, alive.level, strict=True))
        self.parent: dict[str, str] = dict(zip(alive.unit, alive.parent, strict=True))
        self.below: dict[str, list[str]] = defaultdict(list)
        self._by_name: dict[tuple[str, str], list[str]] = defaultdict(list)
        for unit, name in self.full_name.items():
            self.below[self.parent[unit]].append(unit)
            self._by_name[self.level[unit], bare(name)[0]].append(unit)

    def find(self, written: object, level: str) -> list[str]:
        """The units of a level that a name may mean, 'Phường Tân Bình, TP Dĩ An' being one; [] when there is none."""
        name, _, above = str(written).partition(",")
        base, kind = bare(name)
        found = self._by_name.get((level, base), [])
        if above.strip():
            district = bare(above)[0]
            found = [unit for unit in found if bare(self.full_name.get(self.parent[unit], ""))[0] == district]
        of_kind = [unit for unit in found if kind and bare(self.full_name[unit])[1] == kind]
        return of_kind if len(found) > 1 and of_kind else found

    def find_below(self, written: object, parent: str) -> list[str]:
        """The children of a unit that a name may mean."""
        base, _ = bare(written)
        return [unit for unit in self.below[parent] if bare(self.full_name[unit])[0] == base]

    def title(self, unit: str) -> str:
        """A unit with the one above it: 'Phường Tân Bình, Thành phố Dĩ An'; a district stands alone."""
        parent = self.parent.get(unit)
        if self.level[unit] in ("commune", "hamlet") and parent in self.full_name:
            return f"{self.full_name[unit]}, {self.full_name[parent]}"
        return self.full_name[unit]

    def nearest(self, written: object, level: str, parent: str | None = None) -> str:
        """The names closest to what was written, to be offered: “Phường Hiệp Thành (25741)”."""
        among = [unit for unit in self.full_name if self.level[unit] == level and parent in (None, self.parent[unit])]
        by_key: dict[str, str] = {bare(self.full_name[unit])[0]: unit for unit in among}
        close = get_close_matches(bare(str(written).partition(",")[0])[0], by_key, n=2, cutoff=0.4) or list(by_key)[:1]
        return ", ".join(f"“{self.title(by_key[each])}” ({by_key[each]})" for each in close)
