"""The emulation shortlist (III.5, VII.2): weighted criteria, points with their evidence, how firm the order is."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, get_args

import numpy as np
import pandas as pd

from language import Text
from metrics import INDICATORS
from metrics.core.indicator import Indicator
from warehouse.fields import LEVELS, Level

FILE = Path(__file__).parent.parent / "emulation.toml"
FULL = 100.0  # what weights sum to, and the best score
SHIFT = 0.1  # by how much of itself a weight is moved, to see what changes
TOP = 10  # how many are shortlisted at most
ALIKE = 9  # decimals: what differs beyond them is the same, and shares a place
Score = Literal["target", "place"]
EVIDENCE = [
    "unit", "unit_name", "parent", "criterion", "value", "score_by", "target", "place", "compared", "known", "score",
    "weight", "points", "numerator", "denominator", "reports", "reports_due",
]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Criterion:
    """One indicator in a set, with what it weighs and how it is scored; ValueError when it cannot be scored so."""

    id: str  # of an indicator
    part: Text  # the heading under which its points are shown together
    weight: float
    score: Score
    target: float | None = None  # goes before the one assigned to the unit, and the plan's

    def __post_init__(self):
        if self.id not in INDICATORS:
            raise ValueError(f"criterion {self.id}: there is no such indicator; expected one of {[*INDICATORS]}")
        if self.score not in get_args(Score) or not self.weight > 0:
            raise ValueError(
                f"criterion {self.id}: got score {self.score!r} and weight {self.weight};"
                f" expected one of {get_args(Score)} and a weight above 0"
            )
        if self.score == "place" and self.target is not None:
            raise ValueError(f"criterion {self.id}: got the target {self.target}, but is scored by place")
        if self.score == "target" and not self._goal:  # of a target of 0 nothing can be a share
            raise ValueError(
                f"criterion {self.id}: scored by target, got the target {self._goal}; expected one above 0, here or in"
                " the plan"
            )

    @property
    def indicator(self) -> Indicator:
        return INDICATORS[self.id]

    @property
    def _goal(self) -> float | None:
        return self.indicator.target if self.target is None else self.target


@dataclass(frozen=True)
class CriteriaSet:
    """The criteria for the units of one level; ValueError when they do not fit it or do not sum to 100."""

    level: Level
    criteria: tuple[Criterion, ...]
    basis: Text  # who has decided on it

    def __post_init__(self):
        ids = [each.id for each in self.criteria]
        coarse = [each.id for each in self.criteria if not _told_at(each.indicator, self.level)]
        total = sum(each.weight for each in self.criteria)
        if coarse or len(set(ids)) < len(ids):
            raise ValueError(
                f"criteria for a {self.level}: got {coarse or ids}; expected what is told at it, each once"
            )
        if abs(total - FULL) > 1e-6:
            raise ValueError(f"criteria for a {self.level}: got weights that sum to {total:g}; expected {FULL:g}")


def _told_at(indicator: Indicator, level: Level) -> bool:
    return LEVELS.index(indicator.finest) >= LEVELS.index(level)


@cache
def criteria(level: Level, file: Path = FILE) -> CriteriaSet:
    """The set for a level (emulation.toml); ValueError, with the file, when it cannot be used."""
    try:
        told = tomllib.loads(file.read_text(encoding="utf-8"))
        parts = {key: Text(**both) for key, both in told["parts"].items()}
        listed = [Criterion(id=id, **{**each, "part": parts[each["part"]]}) for id, each in told[level].items()]
        return CriteriaSet(level, tuple(listed), Text(**told["basis"]))
    except KeyError as missing:
        raise ValueError(f"{file.name}: [{level}]: there is no {missing}") from missing
    except (TypeError, ValueError) as wrong:
        raise ValueError(f"{file.name}: [{level}]: {wrong}") from wrong


@cache
def levels(file: Path = FILE) -> tuple[Level, ...]:
    """The levels for which there is a set."""
    told = tomllib.loads(file.read_text(encoding="utf-8"))
    return tuple(level for level in LEVELS if level in told)


def scores(results: pd.DataFrame, chosen: CriteriaSet) -> pd.DataFrame:
    """One row per unit and criterion (EVIDENCE), from Ledger.results; compared are the units of its level in `results`.

    A criterion of which nothing is known, or behind which there are not enough reports, has no score.
    """
    told = results[results.level == chosen.level]
    units = told[["unit", "unit_name", "parent"]].drop_duplicates("unit").sort_values("unit")
    columns = ["unit", "indicator", "value", "target", "enough", "numerator", "denominator", "reports", "reports_due"]
    found = units.merge(_declared(chosen), how="cross").merge(
        told[columns].rename(columns={"indicator": "criterion"}), on=["unit", "criterion"], how="left"
    )
    found["target"] = found.own_target.fillna(found.target.astype(float)).where(found.score_by == "target")
    found["known"] = found.value.notna() & found.enough.eq(True)
    counted = (-found.sign * found.value.astype(float)).round(ALIKE).where(found.known)
    groups = counted.groupby(found.criterion)
    by_place = found.score_by == "place"
    found["place"], found["compared"] = groups.rank().where(by_place), groups.transform("count").where(by_place)
    found["score"] = np.where(by_place, _by_place(found), _by_target(found))
    found["score"] = found.score.where(found.known)
    return found.assign(points=found.weight * found.score / FULL)[EVIDENCE]


def _declared(chosen: CriteriaSet) -> pd.DataFrame:
    rows = [
        (each.id, each.weight, each.score, each.target, 1 if each.indicator.better == "higher" else -1)
        for each in chosen.criteria
    ]
    names = ["criterion", "weight", "score_by", "own_target", "sign"]
    return pd.DataFrame(rows, columns=names).astype({"weight": float, "own_target": float})


def _by_target(found: pd.DataFrame) -> np.ndarray:
    """How much of the way to the target is done; all of it, once it is reached."""
    value, target, sign = (found[each].to_numpy(float) for each in ("value", "target", "sign"))
    with np.errstate(invalid="ignore", divide="ignore"):
        done = np.where(sign > 0, value / target, target / value)
        return FULL * np.where(sign * value >= sign * target, 1, np.clip(done, 0, 1))


def _by_place(found: pd.DataFrame) -> np.ndarray:
    """From the first (100) to the last (0) in even steps; a unit that is alone is level with all."""
    place, count = found.place.to_numpy(float), found.compared.to_numpy(float)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(count > 1, FULL * (count - place) / (count - 1), FULL / 2)


def shortlist(evidence: pd.DataFrame) -> pd.DataFrame:
    """One row per unit: total, complete, which criteria are unknown, rank (ties share it); best first.

    A unit with an unknown criterion has neither total nor rank.
    """
    units = evidence.groupby("unit")
    found = units.agg(unit_name=("unit_name", "first"), parent=("parent", "first"))
    found["total"], found["complete"] = units.points.sum(skipna=False), units.known.all()
    unknown = evidence[~evidence.known].groupby("unit").criterion.agg(" ".join)
    found["unknown"] = unknown.reindex(found.index, fill_value="")
    found["rank"] = _ranks(found.total)
    return found.reset_index().sort_values(["rank", "unit"], na_position="last", ignore_index=True)


def _ranks(totals: pd.Series | pd.DataFrame) -> pd.Series | pd.DataFrame:
    return totals.round(ALIKE).rank(ascending=False, method="min")


def head(ranked: int, top: int = TOP) -> int:
    """How many of so many are shortlisted: a third of them, but at least one and no more than `top`."""
    return max(1, min(top, ranked // 3))


def moved_weights(weights: pd.Series, by: float = SHIFT) -> pd.DataFrame:
    """Each weight in turn moved up and down by a share of itself, the others rescaled: rows (criterion, +1 or -1)."""
    own = np.tile(weights.to_numpy(float), 2)
    moved = np.minimum(own * (1 + np.repeat([by, -by], len(weights))), FULL)
    rest = FULL - own
    # A criterion that is alone has no others that could make room for it.
    factor = np.divide(FULL - moved, rest, out=np.ones_like(own), where=rest > 0)
    varied = np.outer(factor, weights.to_numpy(float))
    rows = np.arange(len(own))
    varied[rows, rows % len(weights)] = np.where(rest > 0, moved, own)
    index = pd.MultiIndex.from_product([[1, -1], weights.index], names=["direction", "criterion"])
    return pd.DataFrame(varied, index=index, columns=weights.index)


def sensitivity(evidence: pd.DataFrame, by: float = SHIFT, top: int = TOP) -> pd.DataFrame:
    """How firm each ranked unit's place is while every weight moves in turn by a share of itself.

    rank, rank_best, rank_worst; moved_by: the criterion whose weight shifts it most ('' none); in_top: on the list of
    `head`; stays: whether on or off, it is so throughout; crosses: the criteria that take it on or off the list.
    """
    order = evidence.criterion.drop_duplicates()
    weights = evidence.drop_duplicates("criterion").set_index("criterion").weight
    table = evidence.pivot(index="unit", columns="criterion", values="score")[order].dropna()
    rank = _ranks(table @ weights / FULL)
    varied = _ranks(table @ moved_weights(weights, by).T / FULL)
    listed = head(len(table), top)
    crossed = varied.le(listed).ne(rank.le(listed), axis=0).T.groupby(level="criterion").any().T[order]
    names = order.to_numpy()
    shift = varied.sub(rank, axis=0).abs().T.groupby(level="criterion").max().T[order]
    return pd.DataFrame({
        "rank": rank,
        "rank_best": np.minimum(rank, varied.min(axis=1)),
        "rank_worst": np.maximum(rank, varied.max(axis=1)),
        "moved_by": [names[row.argmax()] if row.any() else "" for row in shift.to_numpy()],
        "in_top": rank.le(listed), "stays": ~crossed.any(axis=1),
        "crosses": [" ".join(names[row]) for row in crossed.to_numpy()],
    }).sort_values(["rank"], kind="stable").reset_index()  # fmt: skip
