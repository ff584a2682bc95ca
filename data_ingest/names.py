"""Which unit is meant by a written name: with or without its type, its district, its accents; 1 for Một."""

import json
import re
import unicodedata
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import cached_property, lru_cache
from itertools import compress
from typing import NamedTuple

from language import plain
from warehouse.period import Period

LAST_DAY = date(2025, 6, 30)  # of the units that the plan speaks of
_TYPE = re.compile(
    r"^(?:(?P<city>thanh pho|tp)|(?P<town>thi xa|tx)|(?P<rural>huyen|h)|(?P<ward>phuong|p)|(?P<market>thi tran|tt)"
    r"|(?P<commune>xa|x)|(?P<province>tinh|t)|(?P<khu>khu pho|khu|kp)|(?P<ap>ap))"
    r"(?:[. :]+|(?=\d))(?=\S)"
)
_MOST_FOUND, _LONGEST = 10_000, 200  # answers that are remembered, and letters of a name that is
_AGAIN = re.compile(r"^(?:khu pho|khu|ap|phuong|xa|thi tran)[. :]+(?=\d)")
_LEVELS_OF = {  # at which a type of unit can stand: 'Phường Dĩ An' is never 'Thành phố Dĩ An'
    "city": ("province", "district"), "town": ("district",), "rural": ("district",), "province": ("province",),
    "ward": ("commune",), "market": ("commune",), "commune": ("commune",), "khu": ("hamlet",), "ap": ("hamlet",),
}  # fmt: skip
_NUMBERS = {  # as words and in Roman figures: 'Thủ Dầu 1', 'Cây Trường 2'
    "mot": "1", "hai": "2", "ba": "3", "bon": "4", "tu": "4", "nam": "5", "sau": "6", "bay": "7", "tam": "8",
    "chin": "9", "muoi": "10", "i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6",
}  # fmt: skip


@lru_cache(maxsize=20_000)
def bare(name: str) -> tuple[str, str]:
    """A name without accents and type, and its type: 'P. Tân Bình' → ('tan binh', 'ward'). 'Ấp Hai' → ('2', 'ap')."""
    text = re.sub(r"\s+", " ", plain(name).replace(".", ". ").replace("–", "-")).strip(" .:;,-")
    kind = ""
    if match := _TYPE.match(text):
        kind = next(kind for kind, found in match.groupdict().items() if found)
        text = _AGAIN.sub("", text[match.end() :])  # 'Khu phố khu 3'
    words = [_NUMBERS.get(word, word.lstrip("0") if word.isdigit() else word) for word in text.split()]
    return " ".join(words).replace(". ", ".").strip(" ."), kind


@lru_cache(maxsize=20_000)
def _toned(name: str) -> str:
    """A name with its accents, the place of the tone mark set aside: Hoà and Hòa are one, Hoa is another."""
    letters = unicodedata.normalize("NFD", name.casefold())
    tones = [each for each in letters if each in "\u0300\u0301\u0303\u0309\u0323"]
    return "".join(each for each in letters if each.isalnum() or each in "\u0302\u0306\u031b") + "".join(tones)


class Lives(NamedTuple):
    """Units as they are called from one day to another: a column for what is told of them, of equal length."""

    unit: list[str]
    level: list[str]
    full_name: list[str]
    parent: list[str | None]
    since: list[date | None]
    until: list[date | None]

    @classmethod
    def of_json(cls, text: bytes) -> "Lives":
        """From a JSON list of the columns, days as they are written."""
        *texts, since, until = json.loads(text)
        days = ([each and date.fromisoformat(each) for each in column] for column in (since, until))
        return cls(*texts, *days)

    def on(self, day: date) -> "Lives":
        """Those of a day."""
        last = zip(self.since, self.until, strict=True)
        alive = [(since is None or since <= day) and (until is None or day < until) for since, until in last]
        return Lives(*(list(compress(column, alive)) for column in self))


@dataclass(frozen=True)
class Spelling:
    """A way of writing a unit's name that somebody in the office has confirmed."""

    written: str
    unit: str


class Names:
    """The register by name, and the spellings confirmed; only units alive on the day are found."""

    def __init__(self, lives: Lives | bytes, spellings: Iterable[Spelling] = ()):
        """`lives` may be the text of Lives.of_json, which is read when somebody asks."""
        self._given, self.spellings = lives, list(spellings)
        self._days: dict[int, Day] = {}

    @cached_property
    def lives(self) -> Lives:
        return self._given if isinstance(self._given, Lives) else Lives.of_json(self._given)

    def as_json(self) -> bytes:
        """The lives as Lives.of_json reads them, in one line."""
        return json.dumps(self._given, default=str).encode() if isinstance(self._given, Lives) else self._given

    @cached_property
    def _turns(self) -> list[date]:
        """Days on which units begin or end; between two of them all days are alike."""
        return sorted({*self.lives.since, *self.lives.until} - {None})

    @classmethod
    def of(cls, units: "pandas.DataFrame", spellings: Iterable[Spelling] = ()) -> "Names":  # noqa: F821
        """From the register's table (warehouse.units.COLUMNS). Reading processes go without pandas."""
        told = units[list(Lives._fields)].astype(object)
        return cls(Lives(*(column.tolist() for _, column in told.where(told.notna(), None).items())), spellings)

    def on(self, day: date) -> "Day":
        """The names of the units alive on a day."""
        stretch = bisect_right(self._turns, day)
        if stretch not in self._days:
            self._days[stretch] = Day(self.lives.on(day), self.spellings)
        return self._days[stretch]

    def for_period(self, period: Period, unit: str = "") -> "Day":
        """The names by which a unit, or else anybody, reports on a period."""
        days = [self.on(each) for each in days_of(period)]
        return next((day for day in days if unit in day.level), days[0])

    @property
    def last_day(self) -> "Day":
        """The units on the last day of those that the plan speaks of."""
        return self.on(LAST_DAY)

    def title(self, unit: str) -> str:
        """A unit's name with its district's, on that day or on the last of the plan; '' where it lives on neither."""
        days = (self.last_day, self.on(Period("plan").last_day))
        return next((day.title(unit) for day in days if unit in day.level), "")


def days_of(period: Period) -> tuple[date, ...]:
    """The days whose units may report on a period: its last; on a year that a reform ended some of them in, first those
    of the day before it.
    """
    over = period.kind in ("plan", "year") and period.last_day > LAST_DAY
    return (LAST_DAY, period.last_day) if over else (period.last_day,)


_ByName = dict[str, list[str]]


class Day:
    """The units alive on one day: by code, by name, and who is below whom."""

    def __init__(self, alive: Lives, spellings: Iterable[Spelling] = ()):
        self.full_name: dict[str, str] = dict(zip(alive.unit, alive.full_name, strict=True))
        self.level: dict[str, str] = dict(zip(alive.unit, alive.level, strict=True))
        self.parent: dict[str, str | None] = dict(zip(alive.unit, alive.parent, strict=True))
        self.below: dict[str, list[str]] = defaultdict(list)
        self._spellings = [each for each in spellings if each.unit in self.level]
        # By bare name, of the levels and the parents that were asked about: a country has 100,000 khu/ấp.
        self._of_level: dict[str, _ByName] = {}
        self._of_parent: dict[str, _ByName] = {}
        self._found: dict[tuple[str, str, str | None], list[str]] = {}  # the same names stand in report after report
        for unit, parent in self.parent.items():
            self.below[parent].append(unit)

    def find(self, written: object, level: str, within: str | None = None) -> list[str]:
        """The units of a level that a name may mean, 'Phường Tân Bình, TP Dĩ An' being one; [] when there is none.

        `within` is a unit that they must belong to, near or far.
        """
        asked = str(written), level, within
        if len(asked[0]) > _LONGEST:
            return self._find(*asked)
        if asked not in self._found:
            if len(self._found) >= _MOST_FOUND:
                self._found.clear()
            self._found[asked] = self._find(*asked)
        return self._found[asked]

    def _find(self, written: str, level: str, within: str | None) -> list[str]:
        name, above = _with_parent(written)
        base, kind = bare(name)
        if kind and level not in _LEVELS_OF[kind]:
            return []
        found = self._named(base, level, within)
        if above:
            found = [unit for unit in found if _same_or_short(above, self.full_name.get(self.parent[unit], ""))]
        return self._narrowed(found, name, kind)

    def _named(self, base: str, level: str, within: str | None) -> list[str]:
        """The units of a level with this bare name: all, or those in a unit."""
        if within is None:
            return self._at(level, base)
        below = self.below.get(within, [])
        if within not in self._of_parent:
            self._of_parent[within] = self._by_name(below)
        near = [unit for unit in self._of_parent[within].get(base, []) if self.level[unit] == level]
        if near or not below or self.level[below[0]] == level:
            return near
        return [unit for unit in self._at(level, base) if self.belongs(unit, within)]

    def _at(self, level: str, base: str) -> list[str]:
        """The units of a level with this bare name."""
        if level not in self._of_level:
            self._of_level[level] = self._by_name(unit for unit, own in self.level.items() if own == level)
        return self._of_level[level].get(base, [])

    def _by_name(self, units: Iterable[str]) -> "_ByName":
        """Units by the bare names that they have, and those that were confirmed for them."""
        among = dict.fromkeys(units)
        found: _ByName = defaultdict(list)
        for unit in among:
            found[bare(self.full_name[unit])[0]].append(unit)
        for each in self._spellings:
            if each.unit in among and each.unit not in (known := found[bare(each.written)[0]]):
                known.append(each.unit)
        return found

    def _narrowed(self, found: list[str], name: str, kind: str) -> list[str]:
        """Of several, those of the type that was written, then those with the same accents."""
        for test in (
            lambda unit: kind and bare(self.full_name[unit])[1] == kind,
            lambda unit: _toned(name).endswith(_toned(self.full_name[unit].split(" ", 1)[-1])),
        ):
            fitting = [unit for unit in found if test(unit)]
            if len(found) > 1 and fitting:
                found = fitting
        return found

    def find_below(self, written: object, parent: str) -> list[str]:
        """The children of a unit that a name may mean."""
        level = next((self.level[unit] for unit in self.below.get(parent, [])), "")
        return self.find(str(written).partition(",")[0], level, parent) if level else []

    def belongs(self, unit: str, above: str) -> bool:
        """Whether a unit is `above` itself or stands anywhere below it."""
        while unit is not None and unit != above:
            unit = self.parent.get(unit)
        return unit == above

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
        wanted = bare(_with_parent(str(written))[0])[0]
        close = get_close_matches(wanted, by_key, n=2, cutoff=0.4) or list(by_key)[:1]
        return ", ".join(f"“{self.title(by_key[each])}” ({by_key[each]})" for each in close)


def _same_or_short(written: str, full_name: str) -> bool:
    """Whether a district is written out, or by its initials: 'TP. Thủ Dầu 1', 'TP.TDM'."""
    initials = "".join(word[0] for word in _TYPE.sub("", plain(full_name)).split())
    return bare(written)[0] in (bare(full_name)[0], initials)


def _with_parent(written: str) -> tuple[str, str]:
    """A name and the one above it: 'Phường An Bình, TP Dĩ An', 'P. An Bình (Dĩ An)', 'P. An Bình - TP Dĩ An'."""
    parts = re.split(r"\s*[,(;]\s*|\s+[-–]\s+", written.strip().rstrip(")"), maxsplit=1)
    return parts[0], parts[1] if len(parts) > 1 else ""
