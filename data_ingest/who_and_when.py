"""Whose report it is and for when: beside the head's labels, else in the title or the letterhead, and then said."""

import re
from dataclasses import dataclass
from pathlib import PurePath
from typing import NamedTuple

from data_ingest.layout import Labels
from data_ingest.names import Day
from data_ingest.sheet import Sheet, at
from data_ingest.spoken import periods_in, spoken_period
from data_ingest.template import Template, key
from language import plain
from warehouse.fields import LEVELS
from warehouse.period import Period

HEAD_ROWS = 16  # a letterhead and a title are no longer


@dataclass(frozen=True)
class Told:
    """A value of the head and where it stands."""

    value: object
    sheet: str = ""
    cell: str = ""


class Spot(NamedTuple):
    """Where a value of the head stands: in which of the sheets, and whether behind its label in the same cell."""

    sheet: int
    row: int
    column: int
    inside: bool = False

    def value(self, sheets: list[Sheet]) -> object:
        """What stands there."""
        value = sheets[self.sheet].rows[self.row][self.column]
        return value.partition(":")[2].strip() if self.inside else value

    def told(self, sheets: list[Sheet]) -> Told:
        """What stands there, and where that is."""
        return Told(self.value(sheets), sheets[self.sheet].name, at(self.row, self.column))


def beside(labels: Labels, label: str) -> Spot | None:
    """The first filled cell right of a label on its own row; or what follows the label in its own cell."""
    return right_of(labels.sheets, spots_of(labels, label)) or inside(labels, label)


def spots_of(labels: Labels, label: str) -> tuple[Spot, ...]:
    """Where a label stands."""
    return tuple(Spot(labels.number_of(sheet), row, column) for sheet, row, column in labels.places(label))


def right_of(sheets: list[Sheet], labels: tuple[Spot, ...]) -> Spot | None:
    """The first filled cell right of where a label stands."""
    for number, row, column, _ in labels:
        line = sheets[number].rows[row]
        for right in range(column + 1, len(line)):
            if line[right] is not None:
                return Spot(number, row, right)
    return None


def inside(labels: Labels, label: str) -> Spot | None:
    """A cell of the head that holds the label and, behind a colon, its value."""
    for number, sheet in enumerate(labels.sheets):
        for row, column, value in _head(sheet):
            if ":" in value and key(value.partition(":")[0]) == key(label) and value.partition(":")[2].strip(" .…"):
                return Spot(number, row, column, inside=True)
    return None


def _head(sheet: Sheet) -> list[tuple[int, int, str]]:
    return [each for each in sheet.texts if each[0] < HEAD_ROWS]


class Heads(NamedTuple):
    """Where a report says whose it is and for when."""

    unit: Spot | None
    code: Spot | None
    period: Spot | None

    @classmethod
    def of(cls, labels: Labels, template: Template) -> "Heads":
        return cls(*(beside(labels, template.head[each]) for each in cls._fields))


def find_period(reading: object, template: Template, labels: Labels, heads: Heads) -> Period | None:
    """The period, or None with the problem that says why."""
    told = heads.period and heads.period.told(labels.sheets)
    period = spoken_period(told.value) if told else None
    if told and period is None and isinstance(told.value, str):
        spoken_of = periods_in(told.value)
        period = spoken_of[0] if len(spoken_of) == 1 else None
    if not told:
        told, period = _period_in_title(template, labels)
        if period:
            reading.problem(
                "period_in_title",
                told.sheet,
                told.cell,
                told.value,
                period=period.name("vi"),
                period_en=period.name("en"),
            )
    if period is None and not told:
        period = _period_in_name(reading, template)
    if period is None:
        reading.problem("no_period", *((told.sheet, told.cell, told.value) if told else ()))
        return None
    if period.kind not in template.kinds:
        reading.problem("wrong_period", told.sheet, told.cell, told.value, form=template.mark or template.title)
        return None
    return period


def _period_in_title(template: Template, labels: Labels) -> tuple[Told | None, Period | None]:
    """The one period of a kind that the form is for, of which the title speaks."""
    found: dict[Period, Told] = {}
    for sheet in labels.sheets:
        for row, column, value in _head(sheet):
            for period in periods_in(value):
                if period.kind in template.kinds and period.kind != "plan":
                    found.setdefault(period, Told(value, sheet.name, at(row, column)))
    return (next(iter(found.values())), next(iter(found))) if len(found) == 1 else (None, None)


def _period_in_name(reading: object, template: Template) -> Period | None:
    """The one period that the file's name speaks of, where the sheet says nothing."""
    named = [each for each in periods_in(PurePath(reading.file).stem.replace("_", " ")) if each.kind in template.kinds]
    if len(named) != 1:
        return None
    reading.problem("period_in_title", given=reading.file, period=named[0].name("vi"), period_en=named[0].name("en"))
    return named[0]


def find_unit(reading: object, template: Template, labels: Labels, heads: Heads, day: Day) -> str | None:
    """Who reports: by code where there is one, which the name must not contradict; else by name; else by letterhead.

    It may be a unit above the form's level: a district that tells of all its communes in one table.
    """
    code, name = (each and each.told(labels.sheets) for each in (heads.code, heads.unit))
    by_code = str(code.value).split(".")[0].strip() if code else ""
    written = str(name.value) if name else ""
    where = (name.sheet, name.cell) if name else ("", "")
    levels = _levels(template)
    found = next((units for level in levels if (units := day.find(written, level))), []) if written else []
    if day.level.get(by_code) in levels:
        if written and by_code not in found:
            reading.problem("unit_code_differs", *where, written, code=by_code, by_code=day.title(by_code))
        return by_code
    if code and not written:
        where, written = (code.sheet, code.cell), by_code
    if not written:
        return _in_letterhead(reading, template, labels, day)
    if len(found) == 1:
        return found[0]
    kind = "ambiguous_unit" if found else "unknown_unit"
    offers = ", ".join(f"“{day.title(unit)}” ({unit})" for unit in found)
    reading.problem(kind, *where, written, nearest=offers or day.nearest(written, template.level))
    return None


def _levels(template: Template) -> list[str]:
    """The form's level, then those above it, the nearest first."""
    return list(reversed(LEVELS[: LEVELS.index(template.level) + 1]))


def _in_letterhead(reading: object, template: Template, labels: Labels, day: Day) -> str | None:
    """The one unit of the form's level that title and letterhead name; else the one above it."""
    lines = [
        (line, sheet.name, at(row, column))
        for sheet in labels.sheets
        for row, column, value in _head(sheet)
        for line in value.splitlines()
    ]
    for level in _levels(template):
        found: dict[str, tuple[str, str, str]] = {}
        for line, sheet, cell in lines:
            for unit in _named(line, level, day):
                found.setdefault(unit, (sheet, cell, line))
        if len(found) == 1:
            (unit, where), *_ = found.items()
            reading.problem("unit_in_letterhead", *where, unit=day.title(unit))
            return unit
    if template.unit in day.level:
        return template.unit
    reading.problem("no_unit")
    return None


def _named(line: str, level: str, day: Day) -> list[str]:
    """The units of a level that the end of a line names: 'BAN TỔ CHỨC … PHƯỜNG BÌNH AN'."""
    told, found = plain(line), []
    for match in re.finditer(r"\b(?:tinh|thanh pho|thi xa|huyen|phuong|xa|thi tran|tp|tx|tt)[. ]+\S", told):
        units = day.find(told[match.start() :], level)
        if len(units) == 1:
            found += units
    return found
