"""Lineage: what has become of each unit, so that what one told can be shown in the units of any day.

A register's row says what its unit became, and how its area was shared out. Of a commune that was split, what it told
in one sum is shared out by the people of its khu/ấp, each of which went whole to one heir; where those are not known,
by area. Told in units of an earlier day, what a unit told is shared among those that it was made of by the people that
each brought in.
"""

from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import NamedTuple

import pandas as pd

from warehouse.units import shares

COLUMNS = ["unit", "seen_since", "seen_until", "heir", "share", "kind", "as_part"]
AREA, PEOPLE = "area", "people"  # by what a share was reckoned
# A share is a whole number of so many parts. So a whole number times each share, added up again, is the number itself:
# in binary nothing is rounded below 2^33.
_PARTS = 2**20


class Share(NamedTuple):
    """What an heir takes over: how much of it, and by what that was reckoned; nothing where it takes all."""

    heir: str
    share: float
    kind: str | None


def heirs(units: pd.DataFrame) -> pd.DataFrame:
    """For every day, as which units those are shown that do not live on it: a row per unit, span of days, and heir.

    `seen_since` and `seen_until` bound the days (None: without end), as in the register. The shares of a unit add up to
    exactly 1. `as_part`: a khu/ấp that ended without a khu/ấp in its place is shown itself, as a part of its heir.
    """
    lives, rows = _Lives(units), []
    days = sorted({day for each in lives.all for day in (each.since, each.until) if day})
    for since, until in zip([None, *days], [*days, None], strict=True):
        told = _Day(lives, since or date.min)
        shown = ((unit, share) for unit in told.gone for share in told.of(unit))
        rows += [(unit, since, until, *share, told.is_part(unit, share)) for unit, share in shown]
    return pd.DataFrame(rows, columns=COLUMNS)


def breaks(found: pd.DataFrame) -> list[date]:
    """The days on which units ended in others (`found`: heirs): reforms. A new name of the same unit is none."""
    gone, gone_before = (
        set(found[["unit", column]].dropna().itertuples(index=False, name=None))
        for column in ("seen_since", "seen_until")
    )
    return sorted({day for _, day in gone - gone_before})


class _Life(NamedTuple):
    """One row of the register, with None for what is blank."""

    unit: str
    level: str
    parent: str | None
    since: date | None
    until: date | None
    became: str | None
    people_2019: float | None
    area_km2: float | None

    @property
    def shares(self) -> list[tuple[str, float]]:
        return shares(self.became)

    def is_there(self, on: date) -> bool:
        return (self.since is None or self.since <= on) and (self.until is None or self.until > on)


class _Lives:
    """The register: each unit's lives in their order, the parts of each unit, and what was made of others."""

    def __init__(self, units: pd.DataFrame):
        columns = [units[each].astype(object).where(units[each].notna(), None) for each in _Life._fields]
        self.all = [_Life(*row) for row in zip(*columns, strict=True)]
        self.of: dict[str, list[_Life]] = {}
        self.below: dict[str | None, list[_Life]] = {}
        self.made_of: dict[str, list[_Life]] = {}
        for each in sorted(self.all, key=lambda life: life.since or date.min):
            self.of.setdefault(each.unit, []).append(each)
            self.below.setdefault(each.parent, []).append(each)
            if each.level != "hamlet":
                for heir in (heir for heir, _ in each.shares if heir != each.unit):
                    self.made_of.setdefault(heir, []).append(each)


class _Day:
    """The units of one day, and the way to them from those that do not live on it."""

    def __init__(self, lives: _Lives, on: date):
        self._lives, self._on = lives, on
        self._there = {each.unit: each.level for each in lives.all if each.is_there(on)}
        self.gone = [each for each in lives.of if each not in self._there]
        self.of = cache(self._of)

    def is_part(self, unit: str, share: Share) -> bool:
        return self._last(unit).level == "hamlet" and self._there[share.heir] != "hamlet"

    def _of(self, unit: str) -> tuple[Share, ...]:
        """The units of the day that a unit is shown as; none where nothing of it is left."""
        if unit in self._there:
            return (Share(unit, 1.0, None),)
        ended = self._last(unit).until
        return tuple(_exact(self._forward(unit) if ended and ended <= self._on else self._backward(unit)))

    def _last(self, unit: str) -> _Life:
        """Its last life before the day, else its first one after it."""
        lives = self._lives.of[unit]
        return ([each for each in lives if (each.since or date.min) <= self._on] or lives[:1])[-1]

    def _forward(self, unit: str) -> dict[str, tuple[float, str | None]]:
        life = self._last(unit)
        if not life.became:  # a district that ended without an heir is told of in what its province became
            return self._together([(life.parent, 1.0, None)] if life.parent else [])
        return self._together(self._shared_out(life))

    def _shared_out(self, life: _Life) -> list[tuple[str, float, str | None]]:
        told = life.shares
        if len(told) == 1:
            return [(told[0][0], 1.0, None)]
        if by_people := self._people_of_parts(life, [heir for heir, _ in told]):
            return [(heir, share, PEOPLE) for heir, share in by_people.items() if share]
        return [(heir, share, AREA) for heir, share in told]

    def _people_of_parts(self, life: _Life, heirs: list[str]) -> dict[str, float]:
        """heir → its share of the people of a commune's khu/ấp; nothing where not every one is counted and placed."""
        people = dict.fromkeys(heirs, 0.0)
        for part in (each for each in self._lives.below.get(life.unit, []) if each.until == life.until):
            heir = part.shares[0][0] if len(part.shares) == 1 else ""
            if heir not in people or part.people_2019 is None:
                return {}
            people[heir] += part.people_2019
        whole = sum(people.values())
        return {heir: each / whole for heir, each in people.items()} if whole else {}

    def _backward(self, unit: str) -> dict[str, tuple[float, str | None]]:
        """What it was made of, each by the people it brought in, else by its area."""
        made = self._lives.made_of.get(unit, [])
        if not made:  # a district of a later day is told of in its province
            parent = self._last(unit).parent
            return self._together([(parent, 1.0, None)] if parent else [])
        counted = all(each.people_2019 is not None for each in made)
        kind = None if len(made) == 1 else PEOPLE if counted else AREA
        brought = {each.unit: (each.people_2019 if counted else each.area_km2 or 0) for each in made}
        for each in made:
            brought[each.unit] *= sum(share for heir, share, _ in self._shared_out(each) if heir == unit)
        brought = {each: weight for each, weight in brought.items() if weight} or dict.fromkeys(brought, 1.0)
        whole = sum(brought.values())
        return self._together([(each, weight / whole, kind) for each, weight in brought.items()])

    def _together(self, shares: list[tuple[str, float, str | None]]) -> dict[str, tuple[float, str | None]]:
        """The same in units of the day, each once."""
        found: dict[str, tuple[float, str | None]] = {}
        for unit, share, kind in shares:
            for heir, part, why in self.of(unit):
                before, known = found.get(heir, (0.0, None))
                found[heir] = before + share * part, known or kind or why
        return found


def _exact(found: dict[str, tuple[float, str | None]]) -> Iterator[Share]:
    """The shares rounded to whole parts, which the last one fills up to exactly 1."""
    left = _PARTS
    for number, (heir, (share, kind)) in enumerate(found.items(), start=1):
        parts = left if number == len(found) else round(share * _PARTS)
        left -= parts
        yield Share(heir, parts / _PARTS, kind if len(found) > 1 else None)
