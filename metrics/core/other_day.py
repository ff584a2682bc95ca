"""Units of another day: the steps by which what some units told is shown as the units of a day before or after them.

A unit that does not live on that day is shown as its heirs (table `heirs`, warehouse/lineage.py), each with its share:
so a formula adds up shares of rows, and counts shares of units, and a total is the same in the units of any day. What
a unit that ended within the period told of its state no longer counts: its heirs tell it now.
"""

import re
from collections.abc import Collection, Sequence
from datetime import date
from typing import NamedTuple

from metrics.core.indicator import Indicator
from warehouse.fields import FIELDS
from warehouse.period import Period, month

_LIVES = """
    select p.period, u.unit, u.full_name, u.level, u.parent
    from periods p
    join units u on (u.since is null or u.since <= p.day) and (u.until is null or u.until > p.day)
"""

# Each unit with itself and with all below it.
_TREE = """
    select period, unit, unit as sender from lives
    union all
    select t.period, l.parent, t.sender
    from tree t join lives l on l.period = t.period and l.unit = t.unit
    where l.parent is not null
"""

# The same of the units asked for only (among.py), from each down to all below it.
_BELOW_ASKED = """
    select period, unit, unit as sender from asked
    union all
    select t.period, t.unit, l.unit
    from tree t join {lives} l on l.period = t.period and l.parent = t.sender
"""
_ABOVE_HAMLETS = "select period, unit, parent from lives where level <> 'hamlet'"

# Who told of any part of the period, as it was last; `living` tells whether it lived to the period's day.
_SENDERS = """
    select period, unit, full_name, level, parent, living from (
        select p.period, u.unit, u.full_name, u.level, u.parent, u.until is null or u.until > p.day as living,
               row_number() over (partition by p.period, u.unit order by u.since desc nulls last) as turn
        from periods p
        join units u on (u.since is null or u.since <= p.day) and (u.until is null or u.until > p.first_day)
    ) where turn = 1
"""

_HEIRS = """
    select p.period, h.unit, h.heir, h.share, h.kind, h.as_part
    from periods p
    join heirs h on (h.seen_since is null or h.seen_since <= p.seen) and (h.seen_until is null or h.seen_until > p.seen)
"""

_MOVES = """
    select s.period, s.unit as sender, case when h.heir is null or h.as_part then s.unit else h.heir end as unit,
           case when h.heir is null or h.as_part then 1.0 else h.share end as share, h.kind
    from senders s
    left join moved_to h on h.period = s.period and h.unit = s.unit
"""

# A khu/ấp bears the name of the commune that it was of: of several that have become one, each has a khu phố 1.
_LIVES_SEEN = """
    select p.period, u.unit, u.full_name, u.level, u.parent
    from periods p
    join units u on (u.since is null or u.since <= p.seen) and (u.until is null or u.until > p.seen)
    union all
    select s.period, s.unit, s.full_name || coalesce(', ' || o.full_name, '') as full_name, s.level, h.heir as parent
    from senders s
    join moved_to h on h.period = s.period and h.unit = s.unit
    left join senders o on o.period = s.period and o.unit = s.parent
    where h.as_part
"""

_CLIMBED = """
    select period, unit, sender, share, kind from moves
    union all
    select c.period, l.parent, c.sender, c.share, c.kind
    from climbed c join lives l on l.period = c.period and l.unit = c.unit
    where l.parent is not null
"""

# The parts of a unit that was split meet again in what is above them: there it is whole.
_TREE_SEEN = """
    select c.period, c.unit, c.sender, sum(c.share) as share, case when sum(c.share) < 1 then min(c.kind) end as kind
    from climbed c {asked}
    group by c.period, c.unit, c.sender
"""


class Shown(NamedTuple):
    """A period, the day whose units told of it, and the day whose units are shown; None: they are the same."""

    period: Period
    told_on: date
    seen: date | None = None

    @property
    def row(self) -> tuple[str, int, int, date, date, date]:
        """Its values, in the order of PERIOD."""
        first = self.period.reports_from
        day = month(first).first_day
        return str(self.period), first, self.period.last_month, day, self.told_on, self.seen or self.told_on


PERIOD = ("period", "first_month", "last_month", "first_day", "day", "seen")  # the columns of the step `periods`


def with_steps(steps: dict[str, str], apart: Collection[str] = ()) -> str:
    """Named steps as the beginning of a SQL text; those `apart` are computed anew by each step that uses them."""
    how = dict.fromkeys(apart, "not materialized ")
    named = (f"{name} as {how.get(name, '')}({step.strip()})" for name, step in steps.items())
    return "with recursive " + ",\n".join(named)


def units_shown(moved: bool) -> dict[str, str]:
    """The steps up to `lives`, the units that are shown: of the period's day, or where they are moved of its `seen`.

    Then `senders` are those that told, and `moves` as which of the units shown: sender, unit, share, kind.
    """
    if not moved:
        return {"lives": _LIVES}
    return {"senders": _SENDERS, "moved_to": _HEIRS, "moves": _MOVES, "lives": _LIVES_SEEN}


def tree(moved: bool, of_all: bool = True, hamlets: bool = True) -> dict[str, str]:
    """The steps up to `tree`: each unit shown, or asked for, with itself and all below it, as senders; if moved, with
    share and kind, else without khu/ấp where none are wanted.
    """
    if not (moved or hamlets):
        return {"above": _ABOVE_HAMLETS, "tree": _BELOW_ASKED.format(lives="above")}
    if not moved:
        return {"tree": _TREE if of_all else _BELOW_ASKED.format(lives="lives")}
    asked = "" if of_all else "join asked a on a.period = c.period and a.unit = c.unit"
    return {"climbed": _CLIMBED, "tree": _TREE_SEEN.format(asked=asked)}


def still(field: str, told: str, sender: str) -> str:
    """A field that a sender told, if it counts: a state does only of one that lived to the period's day (SQL)."""
    return f"{told}.{field}" if FIELDS[field].kind == "flow" else f"case when {sender}.living then {told}.{field} end"


def estimated(indicators: Sequence[Indicator]) -> str:
    """Columns e0, e1 …: by what a share was reckoned that is in a unit's indicator; null where it is exact (SQL)."""
    return "".join(
        f", min(kind) filter (where share < 1 and ({_is_in(each)})) as e{place}"
        for place, each in enumerate(indicators)
    )


def _is_in(indicator: Indicator) -> str:
    """Whether a row is in the formula of an indicator (SQL)."""
    told = [f"{field} is not null" for field in indicator.fields]
    told += [f"{each} > 0" for each in indicator.scheduled]
    counted = re.findall(r"'([a-z]+)'", f"{indicator.numerator} {indicator.denominator}")
    told += [f"level = '{level}'" for level in dict.fromkeys(counted)]
    return " or ".join(told)
