"""Indicator: one thing the plan asks for. Declared once; all else about it is derived."""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from language import Text
from warehouse.fields import FIELDS, LEVELS, MEASURES, Level

PERCENT = Text("%", "%")


def both(field: str, other: str) -> str:
    """The sum of a field over the units that told both: what was left blank is not taken for zero in a ratio."""
    return f"sum({field}) filter (where {other} is not null)"


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """A numerator over a denominator, as SQL over one row per unit (its fields, and `level`).

    The rows are those of a unit and of all below it, so a parent is the ratio of sums, never the mean of ratios.
    A field is null where its unit said nothing; `count(*)` counts the units of the register.
    """

    id: str
    name: Text
    short: Text  # for cards and axes
    source: str  # section of plan 5681/KH-UBND
    requirement: str  # A5
    measured_in: str  # "%", or a measure of warehouse/fields.py
    counts: str  # what the numerator counts, a measure of warehouse/fields.py
    numerator: str
    denominator: str = "1"
    better: Literal["higher", "lower"] = "higher"
    target: float | None = None
    inferred: bool = False  # the plan says "each", not a number
    digits: int = 0
    formula: Text  # in words
    note: Text | None = None  # what a reader may take wrongly
    example: tuple[list[dict[str, object]], float]  # the rows of some units, and the result they give

    def __post_init__(self):
        wrong = [each for each in (self.measured_in, self.counts) if each not in MEASURES and each != "%"]
        if wrong or not self.fields:
            raise ValueError(f"indicator {self.id}: unknown measures {wrong}, fields found: {self.fields}")

    @property
    def is_share(self) -> bool:
        return self.measured_in == "%"

    @property
    def unit_of_measure(self) -> Text:
        return PERCENT if self.is_share else MEASURES[self.measured_in]

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """The fields it is built from, in the order of the form."""
        named = set(re.findall(r"[a-z_]+", f"{self.numerator} {self.denominator}"))
        return tuple(each for each in FIELDS if each in named)

    @property
    def forms(self) -> tuple[str, ...]:
        """The forms that these fields come from."""
        return tuple(
            dict.fromkeys("periodic" if FIELDS[each].level == "district" else "monthly" for each in self.fields)
        )

    @property
    def finest(self) -> Level:
        """The lowest level at which it can be said."""
        return max((FIELDS[each].level for each in self.fields), key=LEVELS.index)
