"""The register: a row per life of a unit, with the day it began, the day it ended and what it became."""

import weakref
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path

import duckdb
import pandas as pd

from warehouse.fields import LEVELS
from warehouse.joined import joined

COLUMNS = [
    "unit", "code", "level", "type", "name", "full_name", "parent", "since", "until", "became", "people_2019",
    "households_2019", "area_km2", "lat", "lon", "invented",
]  # fmt: skip
_WHOLE, _BROKEN, _DAYS = ("people_2019", "households_2019", "invented"), ("area_km2", "lat", "lon"), ("since", "until")


def read_units(path: Path) -> pd.DataFrame:
    """A register from a csv of COLUMNS: codes as text, counts as Int64, days as datetime.date, blanks as null."""
    text = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
    return typed(text[COLUMNS])


def units_in(snapshot: Path | None, register: str) -> pd.DataFrame | None:
    """The register that a snapshot was made with, typed as `typed` does; None where that is another one."""
    found = _asked(snapshot, register, f"select {', '.join(COLUMNS)} from units")
    if found is None:
        return None
    types = {**dict.fromkeys(COLUMNS, object), **dict.fromkeys(_WHOLE, "Int64"), **dict.fromkeys(_BROKEN, "Float64")}
    return pd.DataFrame({name: pd.Series(found[name].to_pylist(), dtype=type_) for name, type_ in types.items()})


def columns_in(snapshot: Path | None, register: str, columns: Sequence[str]) -> bytes:
    """Columns of the register that a snapshot was made with, as a JSON list of lists; b'' where that is another one."""
    texts = ", ".join(f"coalesce(to_json({each})::varchar, 'null') as {each}" for each in columns)
    found = _asked(snapshot, register, f"select {texts} from units")
    return b"[[%b]]" % b"],[".join(joined(each, ",").to_pybytes() for each in found.columns) if found else b""


def _asked(snapshot: Path | None, register: str, sql: str) -> "pyarrow.Table | None":  # noqa: F821
    """The answer of a snapshot that was made with a register.

    Whether its file is as it was written is not looked at: the database itself checks what it reads of it.
    """
    if snapshot is None:
        return None
    try:
        with duckdb.connect(str(snapshot), read_only=True) as con:
            if con.execute("select value from about where key = 'register'").fetchall() != [(register,)]:
                return None
            return con.sql(sql).to_arrow_table()
    except duckdb.Error:  # damaged, or taken away by a build just now
        return None


def typed(units: pd.DataFrame) -> pd.DataFrame:
    """The same register with each column in its type; an empty text is null."""
    units = units.astype(object).where(units.notna() & (units != ""), None)
    for column in _WHOLE:
        units[column] = pd.to_numeric(units[column]).astype("Int64")
    for column in _BROKEN:
        units[column] = pd.to_numeric(units[column]).astype("Float64")
    for column in _DAYS:
        days = [each if each is None or isinstance(each, date) else date.fromisoformat(each) for each in units[column]]
        units[column] = pd.Series(days, index=units.index, dtype=object)
    return units


def alive(units: pd.DataFrame, on: date) -> pd.DataFrame:
    """The units that live on a day, one row each; where all do, without a copy of what is in memory."""
    begun = units.since.map(lambda day: day is None or pd.isna(day) or day <= on)
    not_ended = units.until.map(lambda day: day is None or pd.isna(day) or day > on)
    living = begun & not_ended
    return units.copy(deep=False) if living.all() else units[living]


def within(unit: str, units: pd.DataFrame) -> frozenset[str]:
    """The unit with all that is below it; `units` are indexed by unit."""
    return _below(units)(unit)


# A register is asked about many units, one after the other: who is below whom is found once for each table.
_known: dict[int, tuple[weakref.ref, Callable[[str], frozenset[str]]]] = {}
_REMEMBERED = 16  # units of a table that one page after the other asks for


def _below(units: pd.DataFrame) -> Callable[[str], frozenset[str]]:
    """Tells of a table who is below whom."""
    known = _known.get(id(units))
    if known and known[0]() is units:
        return known[1]
    below: dict[str | None, list[str]] = {}
    for each, parent in zip(units.index.tolist(), units.parent.tolist(), strict=True):
        below.setdefault(parent, []).append(each)

    @lru_cache(maxsize=_REMEMBERED)
    def inside(unit: str) -> frozenset[str]:
        found, more = set(), [unit]
        while more:
            found.update(more)
            more = [each for above in more for each in below.get(above, ()) if each not in found]
        return frozenset(found)

    key = id(units)
    _known[key] = weakref.ref(units, lambda _: _known.pop(key, None)), inside
    return inside


def check(units: pd.DataFrame) -> None:
    """Raise ValueError naming everything that is wrong with a register at once."""
    wrong = [*_twice(units), *_overlaps(units), *_strangers(units), *_heirs(units)]
    if wrong:
        raise ValueError("register of units: " + "; ".join(wrong))


def _twice(units: pd.DataFrame) -> Iterator[str]:
    for row in units[units.duplicated(["unit", "since"])].itertuples():
        yield f"{row.unit} begins twice on {row.since}"
    for row in units[~units.level.isin(LEVELS)].itertuples():
        yield f"{row.unit} has the unknown level {row.level!r}"


def _overlaps(units: pd.DataFrame) -> Iterator[str]:
    for unit, lives in units[units.duplicated("unit", keep=False)].groupby("unit"):
        spans = sorted((row.since or date.min, row.until or date.max) for row in lives.itertuples())
        for (_, end), (begin, _) in zip(spans, spans[1:], strict=False):
            if begin < end:
                yield f"{unit} has two lives on {begin}"


def _strangers(units: pd.DataFrame) -> Iterator[str]:
    known = dict(zip(units.unit, units.level, strict=True))
    for row in units[units.parent.notna()].drop_duplicates(["unit", "parent"]).itertuples():
        if row.parent not in known:
            yield f"{row.unit} belongs to {row.parent}, which is not in the register"
        elif {row.level, known[row.parent]} <= set(LEVELS) and LEVELS.index(known[row.parent]) >= LEVELS.index(
            row.level
        ):
            yield f"{row.unit} ({row.level}) belongs to {row.parent} ({known[row.parent]})"


def shares(became: str | None) -> list[tuple[str, float]]:
    """What a unit became, as a register writes it ("N:0.6 M:0.4"): each heir with its share of the area."""
    told = (part.rpartition(":") for part in (became or "").split())
    return [(heir, float(share)) for heir, _, share in told]


def _heirs(units: pd.DataFrame) -> Iterator[str]:
    known = set(units.unit)
    for row in units[units.became.notna()].itertuples():
        told = shares(row.became)
        if unknown := [heir for heir, _ in told if heir not in known]:
            yield f"{row.unit} became {unknown}, not in the register"
        if abs(sum(share for _, share in told) - 1) > 0.001:
            yield f"{row.unit}: the shares of what it became add up to {sum(share for _, share in told):.4f}"
