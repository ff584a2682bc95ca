"""Lives: the register as the warehouse keeps it: which units live on a day, and as which units the others are shown."""

from datetime import date, timedelta
from functools import cached_property, partial

import pandas as pd

from metrics.core.calculate import moves
from metrics.core.memory import remembered
from warehouse.lineage import breaks
from warehouse.store import Engine
from warehouse.units import alive


class Lives:
    """The register of a warehouse. Safe to share between readers."""

    def __init__(self, engine: Engine, is_branch: bool = False):
        self._engine, self._is_branch = engine, is_branch
        self._living = remembered(self._units)
        self.moves = remembered(partial(moves, engine))  # Shown → sender, unit, share, kind

    @cached_property
    def register(self) -> pd.DataFrame:
        """Every unit that has ever lived, as it was last, indexed by unit: also those that are no more."""
        found = self._lives
        if found.since.notna().any():  # else there is one life of each, and nothing to copy
            found = found.sort_values("since", na_position="first", kind="stable").drop_duplicates("unit", keep="last")
        return found.set_index("unit", drop=False).rename_axis(None)

    @cached_property
    def _lives(self) -> pd.DataFrame:
        """Every life of every unit. What is taken from it shares its texts: a country has 100,000 of each."""
        return self._engine.query("select * from units")

    def on(self, day: date, told_on: date | None = None) -> pd.DataFrame:
        """The units that live on a day, with their census figures, indexed by unit.

        With `told_on`, a day whose units told what is shown: also khu/ấp of that day that are parts of theirs.
        """
        begun = self._begun(day)
        return self._living(begun, self._begun(told_on) if told_on else begun)

    def communes_on(self, day: date) -> int:
        """How many communes there are on a day."""
        return int((self.on(day).level == "commune").sum())

    @cached_property
    def breaks(self) -> list[date]:
        """The days on which units ended in others: reforms. A new name of the same unit is none."""
        found = self._engine.query("select unit, seen_since, seen_until from heirs order by unit, seen_since")
        return [each.date() for each in breaks(found)]

    @cached_property
    def days_to_choose(self) -> list[date]:
        """A day of each side of every reform; none where there was no reform.

        Nor of a branch of the tree: it does not know what others became.
        """
        days = [] if self._is_branch else self.breaks
        return [days[0] - timedelta(days=1), *days] if days else []

    def heir(self, unit: str, day: date) -> str | None:
        """As which unit of a day another day's unit is shown; of a split one the larger part."""
        found = self._engine.query(
            "select heir from heirs where unit = $unit and (seen_since is null or seen_since <= $day)"
            " and (seen_until is null or seen_until > $day) order by share desc, heir limit 1",
            {"unit": unit, "day": day},
        )
        return None if found.empty else str(found.heir[0])

    def _begun(self, day: date) -> date:
        """The last day up to a day on which a unit began or ended: between two of them the same units live."""
        return max((each for each in self._turns if each <= day), default=date.min)

    @cached_property
    def _turns(self) -> list[date]:
        found = self._engine.query("select since as day from units union select until from units order by day")
        return [each.date() for each in found.day.dropna()]

    def _units(self, day: date, told_on: date) -> pd.DataFrame:
        if told_on == day:
            return alive(self._lives, pd.Timestamp(day)).set_index("unit", drop=False).rename_axis(None)
        living = "(since is null or since <= ${0}) and (until is null or until > ${0})".format
        parts = f"""
            union all
            select u.* replace (h.heir as parent, u.full_name || coalesce(', ' || o.full_name, '') as full_name)
            from (select * from units where {living("told_on")}) u
            join heirs h on h.unit = u.unit
            left join (select * from units where {living("told_on")}) o on o.unit = u.parent
            where h.as_part and (h.seen_since is null or h.seen_since <= $day)
              and (h.seen_until is null or h.seen_until > $day)
        """
        found = self._engine.query(
            f"select * from units where {living('day')} {parts}", {"day": day, "told_on": told_on}
        )
        return found.set_index("unit", drop=False).rename_axis(None)
