"""Indicator: one thing the plan asks for. Declared once; all else about it is derived."""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from language import Text
from warehouse.fields import FIELDS, LEVELS, MEASURES, Level
from warehouse.schedule import DUTY_OF, FORMS, form_of

PERCENT = Text("%", "%")
# What the schedule knows of a unit's reports, beside the fields that it tells: of each form how many were expected,
# accepted, and accepted in time.
SCHEDULED = tuple(f"{form}_{what}" for form in FORMS for what in ("expected", "accepted", "on_time"))
BELOW = "below_"  # of a commune: what its khu/ấp told of a field, added up


def both(field: str, other: str) -> str:
    """The sum of a field over the units that told both: what was left blank is not taken for zero in a ratio."""
    return f"sum({field}) filter (where {other} is not null)"


def names_in(formula: str) -> set[str]:
    """Every name that stands in a formula."""
    return set(re.findall(r"[a-z_][a-z0-9_]*", formula))


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
    per: int = 1  # a rate per so many of the denominator
    better: Literal["higher", "lower"] = "higher"
    target: float | None = None
    inferred: bool = False  # the plan says "each", not a number
    digits: int = 0
    additive: bool = True  # numerator and denominator of a unit are the sums of those of its parts
    formula: Text  # in words
    note: Text | None = None  # what a reader may take wrongly
    example: tuple[list[dict[str, object]], float]  # the rows of some units, and the result they give

    def __post_init__(self):
        wrong = [each for each in (self.measured_in, self.counts) if each not in MEASURES and each != "%"]
        if wrong or not (self.fields or self.scheduled):
            raise ValueError(f"indicator {self.id}: unknown measures {wrong}, fields found: {self.fields}")

    @property
    def is_share(self) -> bool:
        return self.measured_in == "%"

    @property
    def scale(self) -> int:
        """By what numerator / denominator is multiplied."""
        return 100 if self.is_share else self.per

    @property
    def unit_of_measure(self) -> Text:
        return PERCENT if self.is_share else MEASURES[self.measured_in]

    @cached_property
    def _named(self) -> set[str]:
        return names_in(f"{self.numerator} {self.denominator}")

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """The fields it is built from, in the order of the form."""
        return tuple(each for each in FIELDS if each in self._named or BELOW + each in self._named)

    @cached_property
    def below(self) -> tuple[str, ...]:
        """Those of them that a commune's row carries as the sum of its khu/ấp."""
        return tuple(each for each in FIELDS if BELOW + each in self._named)

    @cached_property
    def scheduled(self) -> tuple[str, ...]:
        """What it is built from of SCHEDULED: it measures reporting itself."""
        return tuple(each for each in SCHEDULED if each in self._named)

    @cached_property
    def forms(self) -> tuple[str, ...]:
        """The forms that all this comes from."""
        told = [form_of(FIELDS[each].level) for each in self.fields]
        told += [form for form in FORMS if any(each.startswith(f"{form}_") for each in self.scheduled)]
        return tuple(dict.fromkeys(told))

    @cached_property
    def finest(self) -> Level:
        """The lowest level at which it can be said."""
        levels = ["commune" if each in self.below else FIELDS[each].level for each in self.fields]
        levels += [DUTY_OF[form].level for form in self.forms] if self.scheduled else []
        return max(levels, key=LEVELS.index)

    @cached_property
    def accumulates(self) -> bool:
        """Whether a longer period has more of it: its numerator adds up flows."""
        flows = {each for each in self.fields if FIELDS[each].kind == "flow"}
        return bool(flows & names_in(self.numerator))

    @property
    def interval(self) -> Literal["share", "rate", ""]:
        """What kind of interval says how far small numbers may stray; none where nothing is counted."""
        if self.counts == "million_vnd" or self.denominator == "1" or self.scale == 1:
            return ""
        return "share" if self.is_share else "rate"
