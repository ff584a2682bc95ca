"""The units that stand side by side where one indicator is looked at: those of the level, within one whole."""

from dataclasses import dataclass

import pandas as pd

from language import order, word
from metrics.core.ledger import Ledger
from views.shown import one, shown
from views.view import Choice
from warehouse.fields import LEVELS


@dataclass(frozen=True)
class Compared:
    """Units with enough reports, best first; those held back; the whole that they belong to, by name and result."""

    choice: Choice  # its unit is the whole
    chosen: str  # the unit that the reader is at: lit where it is one of those compared
    units: pd.DataFrame
    held_back: pd.DataFrame
    whole: pd.Series

    @property
    def what(self) -> str:
        """What the units are: xã."""
        return word(f"{self.choice.level}s_lower", self.choice.language)


def compared(choice: Choice, ledger: Ledger) -> Compared:
    """The units compared. A unit of the level itself, or below it, is shown among those it stands beside."""
    units = ledger.units(choice.period)
    whole = choice.unit
    while LEVELS.index(units.level[whole]) >= LEVELS.index(choice.level) and units.parent[whole] in units.index:
        whole = units.parent[whole]
    inside = choice.but(unit=whole)
    found = shown(inside, ledger)
    results = one(inside, ledger)
    own = results[results.unit == whole].iloc[0]
    enough = found.enough & found.value.notna()
    return Compared(inside, choice.unit, found[enough].reset_index(drop=True), found[~enough], own)


def named(points: pd.DataFrame, first: list[str], always: str) -> list[str]:
    """The names to write beside points (columns unit, unit_name, x, y): of the units in `first`, those whose names
    would not lie on one another, and always that of the chosen one.
    """
    wide, high = (float(points[axis].max() - points[axis].min()) or 1 for axis in ("x", "y"))
    places = points.set_index("unit")[["x", "y"]].astype(float)
    taken: dict[str, tuple[float, float]] = {}
    for unit in dict.fromkeys([always, *first]):
        if unit not in places.index:
            continue
        x, y = places.x[unit] / wide, places.y[unit] / high
        if unit == always or all(abs(x - a) > 0.3 or abs(y - b) > 0.06 for a, b in taken.values()):
            taken[unit] = (x, y)
    return [_called(row) if row.unit in taken else "" for row in points.itertuples()]


def _called(row: object) -> str:
    """A khu/ấp with its commune: each commune has one of that number."""
    return f"{row.unit_name}, {row.district}" if row.level == "hamlet" else row.unit_name


def beside(x: pd.Series) -> list[str]:
    """Where each point's name stands: near an edge on the side away from it."""
    low, wide = float(x.min()), float(x.max() - x.min()) or 1
    places = [(float(each) - low) / wide for each in x]
    return ["middle right" if at < 0.16 else "middle left" if at > 0.84 else "top center" for at in places]


def held_back(found: Compared) -> str:
    """Who is left out, by name: nothing where nobody is."""
    names, language = sorted(found.held_back.unit_name, key=order), found.choice.language
    if not names:
        return ""
    first = ", ".join(names[:3])
    told = first if len(names) <= 3 else word("and_more", language, names=first, count=len(names) - 3)
    return word("one_held_back", language, count=len(names), names=told)
