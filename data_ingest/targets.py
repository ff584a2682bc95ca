"""Targets assigned to units (III.3): a sheet with a unit in each row and an indicator in each column, and its blank."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import xlsxwriter

from data_ingest.layout import Labels
from data_ingest.names import LAST_DAY, Day, Names
from data_ingest.numerals import number
from data_ingest.problems import Problem
from data_ingest.sheet import Sheet, UnreadableError, at, read_workbook
from data_ingest.spoken import spoken_period
from data_ingest.template import key
from data_ingest.who_and_when import beside
from metrics import INDICATORS
from metrics.core.indicator import Indicator
from warehouse.fields import LEVELS
from warehouse.period import Period

PERIOD_LABEL = "Kỳ áp dụng"
_UNIT_HEADS, _CODE_HEADS = {"don vi", "don vi duoc giao", "ten don vi", "unit"}, {"ma don vi", "ma", "code"}
_HEAD_WITHIN = 30  # rows from the top in which the headings are looked for


@dataclass(frozen=True)
class Assigned:
    """A target of one unit: what is to be reached, in which period (None: whenever it is looked at), and its cell."""

    unit: str
    indicator: str
    target: float
    period: Period | None
    sheet: str
    cell: str


@dataclass
class Sheetful:
    """What a file assigns, and everything wrong with it; it is taken whole or not at all."""

    file: str
    targets: list[Assigned] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def accepted(self) -> bool:
        return not any(problem.blocks for problem in self.problems)

    def problem(self, kind: str, sheet: str = "", cell: str = "", given: object = "", **parts: str) -> None:
        self.problems.append(Problem(kind, self.file, sheet, cell, str(given), parts))


def read_targets(path: Path, name: str, names: Names, received: date) -> Sheetful:
    """Read a file of assigned targets: every sheet that has a unit column and a column of an indicator."""
    found = Sheetful(name)
    try:
        sheets = read_workbook(path).sheets
    except UnreadableError as error:
        found.problem("unreadable", why=error.why.vi, why_en=error.why.en)
        return found
    tables = [(sheet, head) for sheet in sheets if (head := _head(sheet))]
    if not tables:
        found.problem("no_targets")
    for sheet, head in tables:
        _Table(found, sheet, head, names, received).read()
    if tables and not found.targets and found.accepted:
        found.problem("blank_form")
    return found


def _known() -> dict[str, Indicator]:
    """Indicators by what their columns may be headed: id, name or short name, in either language."""
    told: dict[str, set[str]] = {}
    for each in INDICATORS.values():
        for words in (each.id, each.name.vi, each.name.en, each.short.vi, each.short.en):
            told.setdefault(key(words), set()).add(each.id)
    return {words: INDICATORS[next(iter(ids))] for words, ids in told.items() if len(ids) == 1}


@dataclass(frozen=True)
class _Head:
    """The row of headings: where units, codes and indicators stand, and headings that mean nothing here."""

    row: int
    unit: int
    code: int
    indicators: dict[int, Indicator]
    strangers: dict[int, str]


def _head(sheet: Sheet) -> _Head | None:
    """The first row with a heading for units, or codes, and one for an indicator."""
    known = _known()
    for row, line in enumerate(sheet.rows[:_HEAD_WITHIN]):
        heads = {
            column: key(str(value).rpartition(" (")[0] or str(value)) for column, value in enumerate(line) if value
        }
        whole = {column: key(str(value)) for column, value in enumerate(line) if value}
        indicators = {c: known.get(whole[c]) or known.get(heads[c]) for c in heads}
        indicators = {column: each for column, each in indicators.items() if each}
        unit = next((column for column, words in whole.items() if words in _UNIT_HEADS), -1)
        code = next((column for column, words in whole.items() if words in _CODE_HEADS), -1)
        if indicators and max(unit, code) >= 0:
            named = {unit, code, *indicators, *(c for c, words in whole.items() if words in ("stt", "tt", "ghi chu"))}
            strangers = {column: str(line[column]) for column in whole if column not in named}
            return _Head(row, unit, code, indicators, strangers)
    return None


class _Table:
    """Reads one sheet of assigned targets from top to bottom."""

    def __init__(self, found: Sheetful, sheet: Sheet, head: _Head, names: Names, received: date):
        self.found, self.sheet, self.head = found, sheet, head
        self.period = self._period()
        # A year's targets are assigned to the units that live when it begins.
        self.day = names.on(min(self.period.first_day if self.period else received, LAST_DAY))
        self.told: set[tuple[str, str]] = set()

    def read(self) -> None:
        for column, words in self.head.strangers.items():
            self._problem("no_such_indicator", self.head.row, column, words)
        for row in range(self.head.row + 1, len(self.sheet.rows)):
            cells = {column: self.sheet.value(row, column) for column in self.head.indicators}
            if any(value is not None for value in cells.values()) and (unit := self._unit(row)):
                for column, value in cells.items():
                    self._target(row, column, unit, value)

    def _problem(self, kind: str, row: int, column: int, given: object, **parts: str) -> None:
        self.found.problem(kind, self.sheet.name, at(row, column), given, **parts)

    def _period(self) -> Period | None:
        spot = beside(Labels([self.sheet]), PERIOD_LABEL)
        told = spot and spot.told([self.sheet])
        period = spoken_period(told.value) if told else None
        if told and period is None:
            self.found.problem("no_period", told.sheet, told.cell, told.value)
        return period

    def _unit(self, row: int) -> str | None:
        """Whose row it is: by code, else by name with its district; None with the problem that says why."""
        code = self.sheet.value(row, self.head.code) if self.head.code >= 0 else None
        code = str(code).removesuffix(".0").strip() if code is not None else ""
        if code in self.day.level:
            return code
        column = self.head.unit if self.head.unit >= 0 else self.head.code
        name = self.sheet.value(row, column)
        if name is None or key(str(name)).startswith(("tong", "cong")):
            return None
        found = next((units for level in LEVELS if (units := self.day.find(name, level))), [])
        if len(found) == 1:
            return found[0]
        offers = ", ".join(f"“{self.day.title(unit)}” ({unit})" for unit in found)
        kind = "ambiguous_unit" if found else "unknown_unit"
        self._problem(kind, row, column, name, nearest=offers or self.day.nearest(name, "commune"))
        return None

    def _target(self, row: int, column: int, unit: str, given: object) -> None:
        indicator = self.head.indicators[column]
        read = number(given, whole=False)
        if read.value is None:
            if read.kind:
                self._problem(read.kind, row, column, given, label=indicator.name.vi, label_en=indicator.name.en)
            return
        if kind := self._wrong(indicator, unit, read.value):
            self._problem(kind, row, column, given, label=indicator.name.vi, label_en=indicator.name.en)
            return
        self.told.add((unit, indicator.id))
        place = (self.sheet.name, at(row, column))
        self.found.targets.append(Assigned(unit, indicator.id, float(read.value), self.period, *place))

    def _wrong(self, indicator: Indicator, unit: str, value: float) -> str:
        """The kind of problem with a target, '' for none."""
        if indicator.is_share and 0 < value <= 1:
            return "target_is_fraction"
        if indicator.is_share and value > 100:
            return "target_above_100"
        if indicator.accumulates and not indicator.is_share and self.period is None:
            return "target_needs_period"
        if LEVELS.index(self.day.level[unit]) > LEVELS.index(indicator.finest):
            return "indicator_not_of_level"
        return "target_twice" if (unit, indicator.id) in self.told else ""


# The blank


def write_blank(path: Path, unit: str, day: Day, indicators: Sequence[Indicator], period: Period | None) -> None:
    """A sheet to fill in for a unit's parts: a row for each, a column for each indicator, all else locked."""
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Giao chỉ tiêu")
        bold, wrap = book.add_format({"bold": True}), book.add_format({"bold": True, "text_wrap": True, "border": 1})
        free = book.add_format({"locked": False, "border": 1, "num_format": "#,##0.##"})
        sheet.protect("", {"format_columns": True, "format_rows": True, "sort": True, "autofilter": True})
        sheet.write(0, 0, f"GIAO CHỈ TIÊU CHO CÁC ĐƠN VỊ THUỘC {day.full_name[unit].upper()}", bold)
        sheet.write(
            1,
            0,
            "Kế hoạch 5681/KH-UBND, mục III.3. Ô để trống: giữ mục tiêu của kế hoạch. Tỷ lệ ghi 35, không ghi 0,35.",
        )
        sheet.write(3, 0, PERIOD_LABEL, bold)
        sheet.write(3, 1, period.name("vi") if period else "", free)
        for column, words in enumerate(("Mã đơn vị", "Đơn vị", *(_heading(each) for each in indicators))):
            sheet.write(5, column, words, wrap)
        for row, part in enumerate(_parts(unit, day), start=6):
            sheet.write_string(row, 0, part)
            sheet.write_string(row, 1, day.title(part))
            for column in range(2, 2 + len(indicators)):
                sheet.write_blank(row, column, None, free)
        sheet.set_column(0, 0, 12)
        sheet.set_column(1, 1, 38)
        sheet.set_column(2, 1 + len(indicators), 20)
        sheet.freeze_panes(6, 2)


def _heading(indicator: Indicator) -> str:
    return f"{indicator.name.vi} ({indicator.unit_of_measure.vi})"


def _parts(unit: str, day: Day) -> Iterator[str]:
    """The unit's parts down to the communes, each district before its communes."""
    for part in day.below.get(unit, []):
        if day.level[part] != "hamlet" or day.level[unit] == "commune":
            yield part
            yield from _parts(part, day) if day.level[part] == "district" else ()
