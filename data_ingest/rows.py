"""The rows of a table: which unit each tells of, which are totals or headings of a section, and what they add up to."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from data_ingest.layout import Found
from data_ingest.names import Day
from data_ingest.numerals import is_count, number
from data_ingest.places import Columns
from data_ingest.sheet import at
from language import plain
from warehouse.fields import FIELDS, LEVELS

_TOTAL = re.compile(
    r"^(?:(?:tong|cong)(?: cong| so| chung|:)?(?: .*)?|toan (?:tinh|huyen|thanh pho|thi xa|xa|phuong|thi tran)|luy ke)$"
)
_GRAND = re.compile(
    r"^(?:tong|cong)(?: cong| so| chung)?(?: toan (?:tinh|huyen|thanh pho|thi xa|xa|phuong|thi tran))?$|^toan .*$"
)
_ROMAN = re.compile(r"^(?:x{0,3}(?:ix|iv|v?i{0,3}))$")
_NUMBERING = re.compile(r"^\(?(?:[a-z]|\d{1,2})\)?$")
_RANK = {level: rank for rank, level in enumerate(LEVELS)}
_SIGNED = re.compile(r"^(?:noi nhan|nguoi lap|thu truong|tm\.|kt\.|ghi chu|luu:|ky ten|ngay \.)")


@dataclass
class Row:
    """What one unit told in one row, or in a list: its values by field, what was noted beside it, where each stood.

    `row` is the row's number on the sheet, None for a list; `columns` are those of its report (Places.columns).
    """

    unit: str
    level: str
    sheet: str
    row: int | None
    values: dict[str, object] = field(default_factory=dict)
    note: str = ""
    columns: Columns = field(default_factory=Columns)

    def cell(self, field_id: str) -> str:
        """The cell of a field, like C12; '' where it is not known."""
        place = self.columns.get(field_id, ("", ""))[1]
        return f"{place}{self.row or ''}" if place else ""

    @property
    def cells(self) -> dict[str, str]:
        """The cell of each value."""
        return {field_id: self.cell(field_id) for field_id in self.values}

    @property
    def has_figures(self) -> bool:
        """Whether anything but texts was filled in."""
        return self.has_more_than(())

    def has_more_than(self, fields: tuple[str, ...]) -> bool:
        """Whether a figure was filled in that is none of these fields."""
        return any(
            value is not None and FIELDS[field_id].kind != "text" and field_id not in fields
            for field_id, value in self.values.items()
        )


@dataclass
class _Sum:
    """A line that says what the rows below it add up to: a section's heading, or a total that stands on top."""

    row: int
    name: str
    rows: list[Row] = field(default_factory=list)


Taken = Callable[[str, str, object, int, int], object]
FLAGS = frozenset(each.id for each in FIELDS.values() if each.kind == "flag")
COUNTS = frozenset(each.id for each in FIELDS.values() if each.whole and each.kind in ("stock", "flow"))


class _Said(NamedTuple):
    """What the name of a line may be: the end of the table, a total, the total of all, a number of a column."""

    signed: bool
    total: bool
    grand: bool
    numbering: bool


@lru_cache(maxsize=5_000)
def _said(name: str) -> _Said:
    told = plain(name).strip(" :.")
    found = (_SIGNED.match(told), _TOTAL.match(told), _GRAND.match(told), _NUMBERING.match(told.strip("()")))
    return _Said(*map(bool, found))


class Rows:
    """Reads a table's lines from top to bottom. `whose` is the unit that sent it; rows are of units below that."""

    def __init__(
        self,
        reading: object,
        found: Found,
        fields: dict[str, str],
        day: Day,
        finest: str,
        taken: Taken,
        columns: Columns,
    ):
        self.reading, self.found, self.fields, self.day, self.taken = reading, found, fields, day, taken
        self.figures = [(each, at, each in COUNTS) for each, at in found.columns.items()]
        self.columns = columns
        self.finest = finest
        self.rows: list[Row] = []
        self.above: list[tuple[str, Row | None]] = []  # the sections we are in: unit, and its own line
        self.since: list[Row] = []  # since the last total
        self.open: list[_Sum] = []  # sums whose rows are still to come
        self.told: set[str] = set()

    def read(self, whose: str | None) -> list[Row]:
        """The rows of units; lines of totals and sections are compared with their rows, not returned."""
        self.whose = whose
        for row in range(self.found.first, len(self.found.sheet.rows)):
            if self._line(row) == "end":
                break
        for each in self.open:
            self._compare(each.row, each.name, each.rows)
        parents = {self.day.parent[row.unit] for row in self.rows}  # a line of a unit whose parts have rows is a sum
        for line in self.rows:
            if line.unit in parents:
                below = [row for row in self.rows if self.day.parent[row.unit] == line.unit]
                self._compare(line.row - 1, self.day.full_name[line.unit], below)
        return [row for row in self.rows if row.unit not in parents]

    def _line(self, row: int) -> str:
        """What a line is: a total, a section, a unit's row, or nothing; 'end' when the table is over."""
        name, over = self._text(row, self.found.name), self._text(row, self.found.over)
        if over and not name:
            name = over
        elif over:
            self._enter(over)
        if not name:
            return self._nameless(row)
        said = _said(name)
        if said.signed and not self._numbers(row):
            return "end" if self.rows else "nothing"
        units = self._units(name)
        if not units:
            own = bool(self.whose) and self.whose in self.day.find(name, self.day.level[self.whose])
            if own or said.total:
                return self._total(row, name, grand=own or said.grand)
        if said.numbering and self._is_numbering(row) and not self.rows:
            return "nothing"
        return self._unit_line(row, name, units)

    def _text(self, row: int, column: int | None) -> str:
        value = None if column is None else self.found.sheet.value(row, column)
        if value is None:
            return ""
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return " ".join(str(value).split())

    def _numbers(self, row: int) -> dict[str, int | float]:
        """The figures of a line, by field; what cannot be read is left out."""
        line = self.found.sheet.rows[row]
        read = {}
        for field_id, column, _ in self.figures:
            given = line[column] if column < len(line) else None
            if given is not None and (value := number(given, FIELDS[field_id].whole)[0]) is not None:
                read[field_id] = value
        return read

    def _is_numbering(self, row: int) -> bool:
        """A line like (1) (2) (3) under the headings."""
        told = [value for value in self.found.sheet.rows[row] if value is not None]
        return all(_NUMBERING.match(plain(str(value).removesuffix(".0")).strip("()")) for value in told)

    def _nameless(self, row: int) -> str:
        """A line without a name: empty, or figures that belong to nobody."""
        if self._numbers(row) and not self._is_numbering(row) and self.rows:
            self.reading.problem("row_without_name", self.found.sheet.name, at(row, self.found.name))
        return "nothing"

    def _units(self, name: str) -> list[str]:
        """The units that a line may tell of: parts of the section we are in, else of those around it."""
        for within in [*(unit for unit, _ in reversed(self.above)), self.whose]:
            top = _RANK[self.day.level[within]] + 1 if within else 1
            for level in LEVELS[top : _RANK[self.finest] + 1]:
                if units := self.day.find(name, level, within):
                    return units
        return []

    def _enter(self, over: str) -> None:
        """Begin the section of a unit that a column of its own names, once for all its rows."""
        units = self.day.find(over, LEVELS[LEVELS.index(self.finest) - 1], self.whose)
        if len(units) == 1 and (not self.above or self.above[-1][0] != units[0]):
            self.above = [(units[0], None)]

    def _unit_line(self, row: int, name: str, units: list[str]) -> str:
        if len(units) == 1:
            return self._row(row, name, units[0])
        figures = self._numbers(row)
        numbered = self._text(row, self.found.number)
        if _ROMAN.match(plain(numbered)) and numbered and not units:
            self.since = []
            self.open = [each for each in self.open if not self._close(each)]
            if figures:
                self.open.append(_Sum(row, name))
            return "section"
        if not figures and not numbered:
            return "nothing"
        self._unknown(row, name, units)
        return "unknown"

    def _close(self, each: _Sum) -> bool:
        """End a section; a grand total on top stays open to the end."""
        if _GRAND.match(plain(each.name).strip(" :.")):
            return False
        self._compare(each.row, each.name, each.rows)
        return True

    def _unknown(self, row: int, name: str, units: list[str]) -> None:
        where = (self.found.sheet.name, at(row, self.found.name), name)
        if units:
            offers = ", ".join(f"“{self.day.title(unit)}” ({unit})" for unit in units)
            self.reading.problem("ambiguous_unit", *where, nearest=offers)
            return
        within = self.above[-1][0] if self.above else self.whose
        below = self.day.below.get(within, []) if within else []
        level = self.day.level[below[0]] if below else self.finest
        kind = "unknown_hamlet" if level == "hamlet" and within else "unknown_unit"
        self.reading.problem(kind, *where, nearest=self.day.nearest(name, level, within if below else None))
        self._take(row, Row("", level, self.found.sheet.name, row + 1))

    def _row(self, row: int, name: str, unit: str) -> str:
        level = self.day.level[unit]
        taken = self._take(row, Row(unit, level, self.found.sheet.name, row + 1))
        if unit in self.told:
            self.reading.problem("hamlet_twice", self.found.sheet.name, at(row, self.found.name), name)
            return "twice"
        self.told.add(unit)
        if level != self.finest:
            self.above = [each for each in self.above if each[0] != unit and self.day.belongs(unit, each[0])]
            self.above.append((unit, taken))
        if taken.values or level == self.finest:
            self.rows.append(taken)
        self.since.append(taken)
        for each in self.open:
            each.rows.append(taken)
        return "row"

    def _take(self, row: int, into: Row) -> Row:
        """Put a line's cells into a row; each problem of a cell is told, also where the unit is not known."""
        line, values = self.found.sheet.rows[row], into.values
        for field_id, column, count in self.figures:
            given = line[column] if column < len(line) else None
            if given is None:
                values[field_id] = None
            elif count and is_count(given):
                values[field_id] = int(given)
            else:
                values[field_id] = self.taken(field_id, self.fields[field_id], self.found.sheet, row, column)
        into.note, into.columns = self._text(row, self.found.note), self.columns
        if into.level != self.finest and not any(value is not None for value in values.values()):
            into.values = {}
        return into

    def _total(self, row: int, name: str, grand: bool) -> str:
        """A grand total adds up all rows and ends the table, unless it stands on top; one between, those since."""
        if grand and not self.rows:
            self.open.append(_Sum(row, name))
            return "total"
        self._compare(row, name, self.rows if grand else self.since)
        self.since = []
        return "end" if grand and self._is_last(row) else "total"

    def _is_last(self, row: int) -> bool:
        """Whether no unit's row follows."""
        return not any(
            self._numbers(later) and self._units(self._text(later, self.found.name))
            for later in range(row + 1, len(self.found.sheet.rows))
        )

    def _compare(self, row: int, name: str, rows: list[Row]) -> None:
        parents = {self.day.parent[each.unit] for each in rows}
        rows = [each for each in rows if each.unit not in parents]
        summed = [each.values.values() for each in rows if each.values]  # each in the order of the figures
        totals = [sum(filter(None, column)) for column in zip(*summed, strict=True)] or [0] * len(self.figures)
        sums = {field_id: total for (field_id, *_), total in zip(self.figures, totals, strict=True)}
        for field_id, given in self._numbers(row).items():
            total = sums[field_id]
            if rows and given != total:
                cell = at(row, self.found.columns[field_id])
                told = {"row": name, "label": self.fields[field_id], "sum": total}
                self.reading.problem("total_differs", self.found.sheet.name, cell, given, **told)
