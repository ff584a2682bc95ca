"""Formulas of numerators and denominators (SQL): taken apart into what they add up, and put together in other ways.

Each is built of sums and counts over the rows of units, `sum(…)` and `count(…)` with or without a `filter (where …)`.
"""

import re
from collections.abc import Callable, Collection

_AGGREGATE = re.compile(r"\b(sum|count)\(")
_FILTER = " filter ("


def aggregates(formulas: Collection[str]) -> dict[str, str]:
    """Each sum and count that stands in some formulas, with a name for it."""
    found: dict[str, None] = {}
    for formula in formulas:
        _replaced(formula, lambda each: found.setdefault(each) or "")
    return {each: f"a{number}" for number, each in enumerate(found)}


def of_parts(formula: str, names: dict[str, str]) -> str:
    """The formula over rows that hold its sums and counts of some units each, by their names: these add up."""
    return _replaced(formula, lambda each: f"sum({names[each]})")


def shared(formula: str) -> str:
    """The formula over rows of which only a `share` counts.

    Each sum adds up shares of rows, each count of units adds up shares; conditions see the rows as they were told.
    """
    return _replaced(formula, _of_shares)


def _of_shares(aggregate: str) -> str:
    start = aggregate.index("(") + 1
    end = _closing(aggregate, start)
    what, narrowed = aggregate[start : end - 1], aggregate[end:]
    if aggregate.startswith("sum"):
        return f"sum(share * ({what})){narrowed}"
    return f"coalesce(sum(share){narrowed}, 0)" if what == "*" else aggregate


def _replaced(formula: str, by: Callable[[str], str]) -> str:
    """The formula with something else in the place of each sum and count."""
    pieces, rest = "", formula
    while match := _AGGREGATE.search(rest):
        end = _closing(rest, match.end())
        if rest[end:].startswith(_FILTER):
            end = _closing(rest, end + len(_FILTER))
        pieces += rest[: match.start()] + by(rest[match.start() : end])
        rest = rest[end:]
    return pieces + rest


def _closing(text: str, after: int) -> int:
    """The place behind the bracket that closes the one that stands before `after`."""
    depth, place = 1, after
    while depth:
        depth += {"(": 1, ")": -1}.get(text[place], 0)
        place += 1
    return place
