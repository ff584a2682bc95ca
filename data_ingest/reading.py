"""One report file, read: which form, whose, for when, its facts, and everything that is wrong with it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from data_ingest import checks
from data_ingest.layout import Found, Labels, find_table
from data_ingest.names import Day, Names, days_of
from data_ingest.numerals import is_count, number
from data_ingest.places import Columns, Line, Places, Table, Words, found_at, places_of, table_of
from data_ingest.problems import Problem
from data_ingest.remembered import owner, recall, remember
from data_ingest.rows import COUNTS, FLAGS, Row, Rows
from data_ingest.sheet import Sheet, Workbook, at, workbook_of
from data_ingest.sniff import UnreadableError
from data_ingest.template import TO_CONFIRM, Part, Template, all_templates, key
from data_ingest.who_and_when import Heads, Spot, beside, find_period, find_unit
from language import Text
from language.persons import MASK, is_name
from warehouse.fields import FIELDS, LEVELS
from warehouse.period import Period

ENOUGH = 0.5  # share of the labels of a form, or of a part of it, that must be printed on a file to call it that form
FEWEST = 3  # and so many at least
NEARLY_ALL = 0.9  # share of the headings of a mapping
_MAY_NAME = ("unknown_unit", "unknown_hamlet", "not_a_number", "not_yes_no")  # a person's name is not said again
_YES, _NO = {"co", "x", "1", "yes", "roi", "da", "v"}, {"khong", "0", "no", "chua"}


@dataclass
class Reading:
    """A report as it was understood. A file is taken whole when nothing in it blocks, else not at all.

    `told_by` is the unit that told of this one in a table of its own, a district of its communes; '' when a unit
    reports for itself.
    """

    file: str
    template: str = ""
    form: str = ""
    unit: str = ""
    period: str = ""
    told_by: str = ""
    rows: list[Row] = field(default_factory=list)
    columns: Columns = field(default_factory=Columns)
    problems: list[Problem] = field(default_factory=list)

    def problem(self, kind: str, sheet: str = "", cell: str = "", given: object = "", **parts: object) -> None:
        told = {name: str(value) for name, value in parts.items()}
        if isinstance(given, float) and given.is_integer():
            given = int(given)  # as the spreadsheet shows it
        said = MASK if kind in _MAY_NAME and is_name(str(given)) else str(given)
        self.problems.append(Problem(kind, self.file, sheet, cell, said, told))

    @property
    def accepted(self) -> bool:
        return not any(problem.blocks for problem in self.problems)

    def as_json(self) -> dict[str, object]:
        """As plain values, for the process that asked: the names of fields once, and the values of rows without."""
        told = {name: getattr(self, name) for name in _PLAIN}
        fields: dict[tuple[str, ...], int] = {}
        rows = [
            (fields.setdefault(tuple(row.values), len(fields)), row.unit, row.level, row.sheet, row.row, row.note,
             *row.values.values())
            for row in self.rows
        ]  # fmt: skip
        told |= {"columns": self.columns.text, "fields": list(map(" ".join, fields)), "rows": rows}
        return {**told, "problems": [vars(problem) for problem in self.problems]}

    @classmethod
    def of_json(cls, told: dict) -> "Reading":
        columns, fields = Columns.of(told.pop("columns")), [each.split() for each in told.pop("fields")]
        rows = [
            Row(unit, level, sheet, row, dict(zip(fields[which], values, strict=True)), note, columns)
            for which, unit, level, sheet, row, note, *values in told.pop("rows")
        ]
        problems = [Problem(**problem) for problem in told.pop("problems")]
        return cls(**told, rows=rows, columns=columns, problems=problems)


_PLAIN = ("file", "template", "form", "unit", "period", "told_by")


def unreadable(name: str, why: Text) -> Reading:
    """The reading of a file that could not be opened."""
    reading = Reading(name)
    reading.problem("unreadable", why=why.vi, why_en=why.en)
    return reading


def read_report(path: Path, name: str, names: Names, mapped: Sequence[Template] = ()) -> list[Reading]:
    """Read one file: a reading for each unit that it tells of. Never raises for what a file holds.

    `name` is how it came (the archive calls it by its hash); `mapped` are the mappings of foreign tables.
    """
    return read_bytes(path.read_bytes(), name, names, mapped)


def read_bytes(data: bytes, name: str, names: Names, mapped: Sequence[Template] = ()) -> list[Reading]:
    """Read what stood in a file, as read_report does."""
    try:
        book = workbook_of(data)
    except UnreadableError as error:
        return [unreadable(name, error.why)]
    readings = _readings(book, name, names, mapped)
    readings[0].problems[:0] = [replace(each, file=name) for each in book.notes]
    return _whole(readings)


def _readings(book: Workbook, name: str, names: Names, mapped: Sequence[Template]) -> list[Reading]:
    """The reports of a workbook, along what is remembered of one with the same labels, or found out anew."""
    if places := recall(book.sheets):
        reading = Reading(name, places.template.id, places.template.form)
        return _Form(reading, places.template, Labels(book.sheets), names, places).read()
    groups = _groups(book.sheets)
    readings = [reading for labels in groups for reading in _read_group(labels, book, name, names, mapped)]
    known = [each for each in readings if each.template]
    return known or readings[:1] or [_unknown(name, book.sheets)]


def _whole(readings: list[Reading]) -> list[Reading]:
    """A file is taken whole or not at all: what is right in it waits until the rest is."""
    if len(readings) > 1 and not all(each.accepted for each in readings):
        for reading in readings:
            if reading.accepted:
                reading.problem("file_blocked")
    return readings


def _groups(sheets: list[Sheet]) -> list[Labels]:
    """Sheets that belong to one report: those whose heads name the same unit and period; one without joins the last."""
    groups: dict[tuple[str, ...], Labels] = {}
    last: tuple[str, ...] = ()
    for sheet in sheets:
        labels = Labels([sheet])
        last = owner([sheet], _owners(labels)) or last
        groups[last] = groups[last] + labels if last in groups else labels
    if () in groups and len(groups) > 1:  # sheets before the first head go with it
        first = next(each for each in groups if each)
        groups[first] = groups.pop(()) + groups[first]
    return list(groups.values())


def _owners(labels: Labels) -> tuple[Spot, ...]:
    """Where a sheet names its unit and its period, in the words of any form."""
    heads = sorted({label for template in all_templates() for label in template.head.values()})
    return tuple(spot for label in heads if (spot := beside(labels, label)))


def _read_group(labels: Labels, book: Workbook, name: str, names: Names, mapped: Sequence[Template]) -> list[Reading]:
    template = _recognise(labels, mapped)
    if template is None:
        return [_unknown(name, book.sheets)]
    form = _Form(Reading(name, template.id, template.form), template, labels, names)
    readings = form.read()
    if form.places and template.mark in labels and len(labels.sheets) == len(book.sheets):
        owners = [_owners(Labels([sheet])) for sheet in book.sheets]
        numbered = [tuple(spot._replace(sheet=number) for spot in spots) for number, spots in enumerate(owners)]
        remember(book.sheets, form.places, numbered)
    return readings


def _recognise(labels: Labels, mapped: Sequence[Template]) -> Template | None:
    """The version whose mark is printed and most of whose labels are; without a mark, the one with most labels."""

    def fit(template: Template) -> tuple[float, int]:
        printed = sum(label in labels for label in template.fields.values())
        return printed / len(template.fields), printed

    marked = [each for each in all_templates() if each.mark in labels and _is_likely(each, labels)]
    likely = marked or [each for each in (*all_templates(), *mapped) if _is_likely(each, labels)]
    return max(likely, key=fit, default=None)


def _is_likely(template: Template, labels: Labels) -> bool:
    """Whether enough of a form is printed, or of one part of it: a district's table holds only that part."""
    if template.mapped:
        return any(_is_mapped(template.part[0], sheet) for sheet in labels.sheets)
    for part in template.part:
        found = sum(bool(labels.of_field(field_id, label)) for field_id, label in part.fields.items())
        if part.kind != "text" and found >= ENOUGH * len(part.fields) and found >= min(FEWEST, len(part.fields)):
            return True
    marked = bool(template.mark) and template.mark in labels
    return marked and sum(label in labels for label in template.fields.values()) >= FEWEST


def _is_mapped(part: Part, sheet: Sheet) -> bool:
    """Whether a sheet has the headings of a mapping, nearly all and word for word."""
    found = find_table(sheet, part.fields, part)
    return found is not None and len(found.columns) >= NEARLY_ALL * len(part.fields)


def _unknown(name: str, sheets: list[Sheet]) -> Reading:
    reading = Reading(name)
    looked_for = "; ".join(f"“{each.title}” ({each.mark})" for each in all_templates())
    words = [str(value) for sheet in sheets for _, _, value in sheet.cells() if isinstance(value, str)]
    seen = list(dict.fromkeys(" ".join(word.split())[:40] for word in words))
    found = ", ".join(f"“{word}”" for word in seen[:10]) + (f" … ({len(seen)})" if len(seen) > 10 else "")
    first = next(((sheet.name, at(row, column)) for sheet in sheets for row, column, _ in sheet.cells()), ("", ""))
    reading.problem("unknown_form", *first, looked_for=looked_for, found=found or "–")
    return reading


class _Form:
    """Reads sheets along a template: head, then each part by the labels that are printed."""

    def __init__(
        self, reading: Reading, template: Template, labels: Labels, names: Names, places: Places | None = None
    ):
        self.reading, self.template, self.labels, self.names = reading, template, labels, names
        self.places = places
        self.own = Row("", template.level, "", None)

    def read(self) -> list[Reading]:
        heads = self.places.heads if self.places else Heads.of(self.labels, self.template)
        period = find_period(self.reading, self.template, self.labels, heads)
        # Without a period the names are still looked up, so that the other problems are told at once.
        self.day, unit = self._who(period or Period("plan"), heads)
        self.reading.period, self.reading.unit = str(period or ""), unit or ""
        above = unit and LEVELS.index(self.day.level[unit]) < LEVELS.index(self.template.level)
        readings = self._of_others(unit) if above else self._of_one(unit, heads)
        for reading in readings:
            if not any(row.has_figures for row in reading.rows):
                reading.problem("blank_form")
            elif not self._told_anew(reading):
                reading.problem("only_carried")
            reading.problems += checks.rows(reading.file, self.template, reading.rows)
            checks.file_name(reading, self.day)
        return readings

    def _who(self, period: Period, heads: Heads) -> tuple[Day, str | None]:
        """Who reports, among the units of which day. On a year with a reform in it those of before and of after it may;
        whom no day knows is asked for among those of the first.
        """
        first, *others = (self.names.on(each) for each in days_of(period))
        for day in (first, *others) if others else ():
            tried = Reading(self.reading.file)
            unit = find_unit(tried, self.template, self.labels, heads, day)
            if unit and not tried.problems:
                return day, unit
        return first, find_unit(self.reading, self.template, self.labels, heads, first)

    def _told_anew(self, reading: Reading) -> bool:
        """Whether more stands in it than what its blank form had been prefilled with."""
        carried = self.template.carried
        return any(row.has_more_than(carried) for row in reading.rows) or TO_CONFIRM not in self.labels

    def _of_one(self, unit: str | None, heads: Heads) -> list[Reading]:
        """A unit's own report."""
        self.own.unit = unit or ""
        self.places = self.places or places_of(self.labels, self.template, heads)
        self.reading.columns = self.own.columns = self.places.columns
        for part, where in zip(self.template.part, self.places.parts, strict=True):
            if part.kind == "table":
                self._table(part, where, unit)
            else:
                {"list": self._list, "text": self._text}[part.kind](where)
        if self.own.values:
            self.reading.rows.insert(0, self.own)
        return [self.reading]

    def _of_others(self, above: str) -> list[Reading]:
        """A table in which a unit tells of those below it: a report for each of them."""
        fields = {f: label for f, label in self.template.fields.items() if FIELDS[f].kind not in ("text", "flag")}
        table = next((each for each in self.template.part if each.kind == "table"), None)
        found = self._headings(table_of(self.labels, fields, table), fields)
        if found is None:
            self.reading.problem("no_table")
            return [self.reading]
        finest = self.template.rows or self.template.level
        columns = found_at(found)
        rows = Rows(self.reading, found, fields, self.day, finest, self._taken, columns).read(above)
        readings: dict[str, Reading] = {}
        for row in rows:
            unit = row.unit if row.level == self.template.level else self.day.parent[row.unit]
            if unit not in readings:
                template, form, period = self.template.id, self.template.form, self.reading.period
                readings[unit] = Reading(self.reading.file, template, form, unit, period, above, [], columns)
            readings[unit].rows.append(row)
        for unit, reading in readings.items():
            if reading.rows[0].level != self.template.level:
                self._missing(reading, found.sheet.name, unit)
        if not readings:
            return [self.reading]
        next(iter(readings.values())).problems[:0] = self.reading.problems
        return list(readings.values())

    def _headings(self, found: Found | None, fields: dict[str, str]) -> Found | None:
        """Tell what is odd in the headings of a table."""
        if found is None:
            return None
        name = found.sheet.name
        for field_id, heading in found.read_as.items():
            cell = at(found.first - 1, found.columns[field_id])
            self.reading.problem("heading_read_as", name, cell, heading, label=fields[field_id])
        for field_id, cells in found.twice.items():
            self.reading.problem("column_twice", name, cells[-1], label=fields[field_id], cells=", ".join(cells))
        for cell, heading in found.unknown.items():
            self.reading.problem("column_unknown", name, cell, heading)
        return found

    def _list(self, lines: list[Line]) -> None:
        """One field a line."""
        told = []
        for field_id, label, value, note, odd in lines:
            for each in odd:
                self.reading.problem(*each, label=label)
            if value is None:
                continue
            sheet = self.labels.sheets[value.sheet]
            self.own.sheet = self.own.sheet or sheet.name
            given = sheet.value(value.row, value.column)
            if given is None:
                self.own.values[field_id] = None
            elif field_id in COUNTS and is_count(given):
                self.own.values[field_id] = int(given)
            else:
                self.own.values[field_id] = self._taken(field_id, label, sheet, value.row, value.column)
            if note and (beside_it := sheet.value(note.row, note.column)) is not None:
                told.append(f"{field_id}: {beside_it}")
        self.own.note = "; ".join(told)

    def _text(self, words: dict[str, Words]) -> None:
        """One field a label; its text stands beside it."""
        found = []
        for field_id, each in words.items():
            if spot := each.on(self.labels.sheets):
                told = spot.told(self.labels.sheets)
                self.own.values[field_id] = " ".join(str(told.value).split())
                found.append((field_id, told.sheet, told.cell))
        self.reading.columns = self.own.columns = self.places.columns_with(tuple(found))

    def _table(self, part: Part, table: Table | None, unit: str | None) -> None:
        """One unit a row, below the lowest of the headings."""
        found = self._headings(table and table.on(self.labels.sheets), part.fields)
        for field_id, label in part.fields.items():
            if found is None or field_id not in found.columns:
                self.reading.problem("column_missing", part.sheet, label=label)
        if found is None or unit is None:
            return
        finest = self.template.rows or self.template.level
        rows = Rows(self.reading, found, part.fields, self.day, finest, self._taken, self.reading.columns)
        self.reading.rows += rows.read(unit)
        self._missing(self.reading, found.sheet.name, unit)

    def _missing(self, reading: Reading, sheet: str, unit: str) -> None:
        told = {row.unit for row in reading.rows}
        missing = [each for each in self.day.below[unit] if each not in told]
        if missing:
            names = ", ".join(self.day.full_name[each] for each in missing)
            reading.problem("hamlet_missing", sheet, count=len(missing), names=names)

    def _taken(self, field_id: str, label: str, sheet: Sheet, row: int, column: int) -> object:
        """The value of a cell; what is wrong with it is told."""
        given = sheet.value(row, column)
        if given is None:
            return None
        value, wrong = _flag(given) if field_id in FLAGS else number(given, FIELDS[field_id].whole)
        if wrong:
            self.reading.problem(wrong, sheet.name, at(row, column), given, label=label, value=value)
        return value


def _flag(given: object) -> tuple[int | None, str]:
    if given is None or not str(given).strip():
        return None, ""
    told = key(str(given).removesuffix(".0"))
    return (1, "") if told in _YES else (0, "") if told in _NO else (None, "not_yes_no")
