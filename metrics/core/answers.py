"""Answers: the results that have been asked for; a question that lies within one of them is answered from it."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

import pandas as pd

from metrics.core.calculate import PLACES
from warehouse.period import Period

MOST = 24  # answers kept: a reader returns to the same few


@dataclass(frozen=True)
class Question:
    """Some indicators (ids) over some periods; of some units, without their places among the others, or of all."""

    periods: tuple[Period, ...]
    indicators: tuple[str, ...]
    units: tuple[str, ...] | None = None

    def lies_in(self, other: "Question") -> bool:
        """Whether the answer to another question holds the answer to this one."""
        of_units = other.units is None or (self.units is not None and set(self.units) <= set(other.units))
        return of_units and set(self.periods) <= set(other.periods) and set(self.indicators) <= set(other.indicators)


class Answers:
    """Safe to share between readers. Bounded: the answer that nobody has needed for longest is forgotten first."""

    def __init__(self, ask: Callable[[Question], pd.DataFrame]):
        self._ask, self._lock = ask, Lock()
        self._kept: OrderedDict[Question, pd.DataFrame] = OrderedDict()

    def to(self, question: Question) -> pd.DataFrame:
        """The results in the order of the question's periods (calculate.results)."""
        with self._lock:
            wider = next((each for each in reversed(self._kept) if question.lies_in(each)), None)
            if wider is not None:
                self._kept.move_to_end(wider)
                found = self._kept[wider]
        if wider is None:
            found, wider = self._ask(question), question
            with self._lock:
                self._kept[question] = found
                while len(self._kept) > MOST:
                    self._kept.popitem(last=False)
        return found if wider == question else _part(found, question, wider)

    def forget(self) -> None:
        with self._lock:
            self._kept.clear()


def _part(found: pd.DataFrame, question: Question, wider: Question) -> pd.DataFrame:
    if set(question.periods) < set(wider.periods):
        found = found[found.period.isin({str(each) for each in question.periods})]
    if set(question.indicators) < set(wider.indicators):
        found = found[found.indicator.isin(question.indicators)]
    if question.units is not None and question.units != wider.units:
        found = found[found.unit.isin(question.units)]
        if wider.units is None:  # which are in the order of their places
            found = found.drop(columns=PLACES).sort_values(["period", "indicator", "level", "unit"])
    return in_order(found, question.periods)


def in_order(found: pd.DataFrame, periods: tuple[Period, ...]) -> pd.DataFrame:
    """The results with their periods in the order given."""
    if len(periods) == 1:
        return found.reset_index(drop=True)
    place = {str(each): number for number, each in enumerate(periods)}
    return found.sort_values("period", key=lambda column: column.map(place), kind="stable", ignore_index=True)
