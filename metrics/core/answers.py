"""Answers: the results that have been asked for; what lies within them is taken from them, only the rest is asked."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Lock

import pandas as pd

from metrics.core.calculate import PLACES
from metrics.core.memory import recall, remember
from warehouse.period import Period

MOST = 24  # answers looked through: a reader returns to the same few


@dataclass(frozen=True)
class Question:
    """Some indicators (ids) over some periods; of some units, without their places among the others, or of all.

    `within` one unit all that a page about it draws from (Ledger.near), with its khu/ấp or without.
    """

    periods: tuple[Period, ...]
    indicators: tuple[str, ...]
    units: tuple[str, ...] | None = None
    within: str = ""
    hamlets: bool = True

    def lies_in(self, other: "Question") -> bool:
        """Whether another answer holds what this question wants to know of the other's periods."""
        if other.within or self.within:
            of_units = other.within == self.within and other.hamlets >= self.hamlets
        else:
            of_units = other.units is None or (self.units is not None and set(self.units) <= set(other.units))
        return of_units and set(self.indicators) <= set(other.indicators)


class Answers:
    """Safe to share between readers. What is forgotten (memory.py) is asked anew."""

    def __init__(self, ask: Callable[[Question], pd.DataFrame]):
        self._ask, self._lock, self._own = ask, Lock(), object()
        self._asked: OrderedDict[Question, None] = OrderedDict()

    def to(self, question: Question) -> pd.DataFrame:
        """The results, in the order of the question's periods (calculate.results)."""
        if (found := self._kept(question)) is not None:
            return found
        left, parts = list(question.periods), []
        for wider, found in self._holding(question):
            if here := tuple(each for each in left if each in wider.periods):
                left = [each for each in left if each not in here]
                parts.append(_part(found, replace(question, periods=here), wider))
        if left:
            parts.append(self._ask(replace(question, periods=tuple(left))))
        found = in_order(pd.concat(parts) if len(parts) > 1 else parts[0], question.periods)
        if left:
            self._keep(question, found)
        return found

    def _holding(self, question: Question) -> list[tuple[Question, pd.DataFrame]]:
        """The answers that hold some of it, those that hold most of it first; they are the last to be forgotten."""
        with self._lock:
            wider = [
                each for each in self._asked if question.lies_in(each) and set(question.periods) & set(each.periods)
            ]
            wider.sort(key=lambda each: len(set(question.periods) & set(each.periods)), reverse=True)
            for each in wider:
                self._asked.move_to_end(each)
        found = [(each, self._kept(each)) for each in wider]
        return [(each, answer) for each, answer in found if answer is not None]

    def _kept(self, question: Question) -> pd.DataFrame | None:
        return recall((self._own, question))

    def _keep(self, question: Question, found: pd.DataFrame) -> None:
        remember((self._own, question), found)
        with self._lock:
            self._asked[question] = None
            while len(self._asked) > MOST:
                self._asked.popitem(last=False)


def _part(found: pd.DataFrame, question: Question, wider: Question) -> pd.DataFrame:
    """The rows of a wider answer that answer a question."""
    if set(question.periods) < set(wider.periods):
        found = found[found.period.isin([str(each) for each in question.periods])]
    if set(question.indicators) < set(wider.indicators):
        found = found[found.indicator.isin(question.indicators)]
    if wider.hamlets and not question.hamlets:
        found = found[found.level != "hamlet"]
    if question.units is not None and question.units != wider.units:
        found = found[found.unit.isin(question.units)]
        if wider.units is None:  # which are in the order of their places
            found = found.drop(columns=PLACES).sort_values(["period", "indicator", "level", "unit"])
    return found


def in_order(found: pd.DataFrame, periods: tuple[Period, ...]) -> pd.DataFrame:
    """The results with their periods in the order given."""
    if len(periods) == 1:
        return found.reset_index(drop=True)
    place = {str(each): number for number, each in enumerate(periods)}
    return found.sort_values("period", key=lambda column: column.map(place), kind="stable", ignore_index=True)
