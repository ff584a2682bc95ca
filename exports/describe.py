"""What is handed to analysts, described: every table and every column of the package, in both languages."""

import tomllib
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Literal

from language import Text
from metrics import INDICATORS
from warehouse.fields import LEVELS, NUMBERS, Field, Level

Type = Literal["string", "integer", "number", "boolean", "date", "datetime", "geojson"]
FIGURES = "facts"  # its columns go on with one for each figure that units report


@dataclass(frozen=True)
class Described:
    """A column: its title, all that should be known of it, and what may stand in it."""

    id: str
    type: Type
    title: Text
    said: Text
    required: bool = False
    enum: tuple[str, ...] = ()
    minimum: float | None = None


@dataclass(frozen=True)
class Table:
    """A table: its key, and which of its columns name something in another table (column, table, column)."""

    id: str
    said: Text
    columns: tuple[Described, ...]
    key: tuple[str, ...]
    refers: tuple[tuple[str, str, str], ...] = ()


@cache
def tables() -> dict[str, Table]:
    """Every table of the package by its id, in order; `shapes` is that of the boundaries, without the indicators."""
    told = tomllib.loads(Path(__file__).with_name("package.toml").read_text(encoding="utf-8"))
    return {id: _table(id, each) for id, each in told.items()}


def _table(id: str, told: dict) -> Table:
    columns = [_described(name, each) for name, each in told["columns"].items()]
    if id == FIGURES:
        columns += [_figure(field) for field in NUMBERS]
    refers = tuple(tuple(each) for each in told.get("refers", ()))
    return Table(id, Text(told["vi"], told["en"]), tuple(columns), tuple(told["key"]), refers)


def _described(id: str, told: dict) -> Described:
    title = Text(told["vi"], told["en"])
    more = told.get("more")
    said = Text(f"{title.vi}: {more['vi']}", f"{title.en}: {more['en']}") if more else title
    return Described(
        id, told["type"], title, said, told.get("required", False), tuple(told.get("enum", ())), told.get("minimum")
    )


_NATURE = {
    "stock": Text("số hiện có", "a state"),
    "flow": Text("phát sinh trong kỳ", "adds up over months"),
    "flag": Text("1 có, 0 không", "1 yes, 0 no"),
}
_BLANK = Text("trống: ô để trống, không phải 0", "blank: the cell was left blank, which is not 0")


def _figure(field: Field) -> Described:
    """A figure that units report: what is counted, how, and that blank is not zero."""
    said = Text(
        *(
            f"{field.name[each]} ({field.measured_in[each]}; {_NATURE[field.kind][each]}; {_BLANK[each]})"
            for each in ("vi", "en")
        )
    )
    return Described(field.id, "integer" if field.whole else "number", field.name, said)


_VALUE = Text("Giá trị: {name} ({measured})", "Value: {name} ({measured})")
_STATUS = Text("Đánh giá: {name}", "Status: {name}")


def shapes(level: Level) -> Table:
    """The table of boundaries of a level: the value and the status of every indicator that can be said of it."""
    base = tables()["shapes"]
    status = next(each for each in tables()["results"].columns if each.id == "status")
    columns = list(base.columns)
    for each in INDICATORS.values():
        if LEVELS.index(each.finest) >= LEVELS.index(level):
            said = _VALUE.format(name=each.name, measured=each.unit_of_measure)
            judged = _STATUS.format(name=each.name)
            columns.append(Described(each.id, "number", each.name, said))
            columns.append(replace(status, id=f"{each.id}_status", title=judged, said=judged, required=False))
    return replace(base, columns=tuple(columns))
