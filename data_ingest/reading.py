"""One report file, read: which form, whose, for when, its facts, and everything that is wrong with it."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from data_ingest import checks
from data_ingest.names import Names
from data_ingest.numerals import number
from data_ingest.problems import Problem
from data_ingest.sheet import Sheet, UnreadableError, at, read_workbook
from data_ingest.template import Part, Template, all_templates, key, spoken_period
from language import plain
from warehouse.fields import FIELDS
from warehouse.period import Period

ENOUGH = 0.5  # share of a form's labels that must be printed on a file to call it that form
_TOTALS = ("tong cong", "tong so", "tong", "cong", "toan xa", "toan phuong", "toan thi tran")
_YES, _NO = {"co", "x", "1", "yes", "roi", "da"}, {"khong", "0", "no", "chua"}


@dataclass
class Row:
    """What one unit told in one row: its values by field, and where each stood."""

    unit: str
    sheet: str
    row: int | None
    values: dict[str, object] = field(default_factory=dict)
    cells: dict[str, str] = field(default_factory=dict)


@dataclass
class Reading:
    """A file as it was understood. It is taken whole when nothing blocks, else not at all."""

    file: str
    template: str = ""
    form: str = ""
    unit: str = ""
    period: str = ""
    rows: list[Row] = field(default_factory=list)
    columns: dict[str, list[str]] = field(default_factory=dict)  # field → [sheet, column or cell]
    problems: list[Problem] = field(default_factory=list)

    def problem(self, kind: str, sheet: str = "", cell: str = "", given: object = "", **parts: object) -> None:
        told = {name: str(value) for name, value in parts.items()}
        self.problems.append(Problem(kind, self.file, sheet, cell, str(given), told))

    @property
    def accepted(self) -> bool:
        return not any(problem.blocks for problem in self.problems)


def read_report(path: Path, name: str, names: Names) -> Reading:
    """Read one file; `name` is how it came (the archive calls it by its hash). Never raises for what a file holds."""
    reading = Reading(name)
    try:
        sheets = read_workbook(path)
    except UnreadableError as error:
        reading.problem("unreadable", why=error.why.vi)
        reading.problems[-1].parts["why_en"] = error.why.en
        return reading
    labels = _labels(sheets)
    template = _recognise(labels)
    if template is None:
        _unknown(reading, sheets)
        return reading
    reading.template, reading.form = template.id, template.form
    _Form(reading, template, sheets, labels, names).read()
    return reading


Label = tuple[Sheet, int, int]


def _labels(sheets: list[Sheet]) -> dict[str, list[Label]]:
    """Where each printed text stands, by its key."""
    found: dict[str, list[Label]] = {}
    for sheet in sheets:
        for row, column, value in sheet.cells():
            if isinstance(value, str):
                found.setdefault(key(value), []).append((sheet, row, column))
    return found


def _recognise(labels: dict[str, list[Label]]) -> Template | None:
    """The version whose mark is printed and most of whose labels are; without a mark, the one with most labels."""

    def fit(template: Template) -> tuple[bool, float, int]:
        printed = sum(label in labels for label in template.by_label)
        return (key(template.mark) in labels, printed / len(template.by_label), printed)

    likely = [each for each in all_templates() if fit(each)[1] >= ENOUGH]
    return max(likely, key=fit, default=None)


def _unknown(reading: Reading, sheets: list[Sheet]) -> None:
    looked_for = "; ".join(f"“{each.title}” ({each.mark})" for each in all_templates())
    words = [str(value) for sheet in sheets for _, _, value in sheet.cells() if isinstance(value, str)]
    seen = list(dict.fromkeys(" ".join(word.split())[:40] for word in words))
    found = ", ".join(f"“{word}”" for word in seen[:10]) + (f" … ({len(seen)})" if len(seen) > 10 else "")
    first = next(((sheet.name, at(row, column)) for sheet in sheets for row, column, _ in sheet.cells()), ("", ""))
    reading.problem("unknown_form", *first, looked_for=looked_for, found=found or "–")


class _Form:
    """Reads a file along its template: head, then each part by the labels that are printed."""

    def __init__(self, reading: Reading, template: Template, sheets: list[Sheet], labels: dict, names: Names):
        self.reading, self.template, self.sheets, self.labels, self.names = reading, template, sheets, labels, names
        self.own = Row("", "", None)

    def read(self) -> None:
        period, unit = self._period(), None
        if period:
            self.day = self.names.on(_day(period))
            unit = self._unit()
        self.reading.unit, self.own.unit = unit or "", unit or ""
        for part in self.template.part:
            {"list": self._list, "table": self._table, "text": self._text}[part.kind](part)
        if self.own.values:
            self.reading.rows.insert(0, self.own)
        if not any(
            v is not None for row in self.reading.rows for f, v in row.values.items() if FIELDS[f].kind != "text"
        ):
            self.reading.problem("blank_form")
        for found in checks.rows(self.reading.file, self.template, self.reading.rows):
            self.reading.problems.append(found)

    def _beside(self, label: str) -> tuple[Sheet, int, int, object] | None:
        """The first filled cell right of a label, on the label's own row."""
        for sheet, row, column in self.labels.get(key(label), []):
            for right in range(column + 1, len(sheet.rows[row])):
                if (value := sheet.value(row, right)) is not None:
                    return sheet, row, right, value
        return None

    def _period(self) -> Period | None:
        found = self._beside(self.template.head["period"])
        where = (found[0].name, at(found[1], found[2])) if found else ("", "")
        period = spoken_period(found[3]) if found else None
        if period is None:
            self.reading.problem("no_period", *where, given=found[3] if found else "")
        elif period.kind not in self.template.kinds:
            self.reading.problem("wrong_period", *where, given=found[3], form=self.template.mark)
            return None
        else:
            self.reading.period = str(period)
        return period

    def _unit(self) -> str | None:
        """Who reports: by code where there is one, which the name must not contradict; else by name."""
        level = self.template.level
        code, name = self._beside(self.template.head["code"]), self._beside(self.template.head["unit"])
        by_code = str(code[3]).split(".")[0].strip() if code else ""
        written = str(name[3]) if name else ""
        where = (name[0].name, at(name[1], name[2])) if name else ("", "")
        found = self.day.find(written, level)
        if self.day.level.get(by_code) == level:
            if written and by_code not in found:
                told = self.day.title(by_code)
                self.reading.problem("unit_code_differs", *where, given=written, code=by_code, by_code=told)
            return by_code
        if len(found) == 1:
            return found[0]
        kind = "ambiguous_unit" if found else "unknown_unit"
        offers = ", ".join(f"“{self.day.title(unit)}” ({unit})" for unit in found)
        self.reading.problem(kind, *where, given=written, nearest=offers or self.day.nearest(written, level))
        return None

    def _list(self, part: Part) -> None:
        """One field a line; its value stands below the heading of values."""
        heads = self.labels.get(key(part.columns["value"]), [])
        for field_id, label in part.fields.items():
            place = next(iter(self.labels.get(key(label), [])), None)
            head = place and next((h for h in heads if h[0] is place[0] and h[1] < place[1] and h[2] > place[2]), None)
            if not place or not head:
                self.reading.problem("column_missing", part.sheet, label=label)
                continue
            sheet, row, column = place[0], place[1], head[2]
            self.reading.columns[field_id] = [sheet.name, at(row, column)]
            self._take(self.own, field_id, label, sheet, row, column)

    def _text(self, part: Part) -> None:
        for field_id, label in part.fields.items():
            found = self._beside(label)
            if found:
                self.reading.columns[field_id] = [found[0].name, at(found[1], found[2])]
                self.own.values[field_id] = " ".join(str(found[3]).split())

    def _table(self, part: Part) -> None:
        """One unit a row, below the lowest of the headings."""
        heads = {f: self.labels[key(label)][0] for f, label in part.fields.items() if key(label) in self.labels}
        name_head = next(iter(self.labels.get(key(part.columns["label"]), [])), None)
        for field_id, label in part.fields.items():
            if field_id not in heads:
                self.reading.problem("column_missing", part.sheet, label=label)
        if not heads or not name_head:
            return
        sheet = name_head[0]
        columns = {field_id: place[2] for field_id, place in heads.items() if place[0] is sheet}
        letters = {field_id: at(0, column).rstrip("1") for field_id, column in columns.items()}
        self.reading.columns |= {field_id: [sheet.name, letter] for field_id, letter in letters.items()}
        first = max(place[1] for place in heads.values()) + 1
        self._table_rows(part, sheet, first, name_head[2], columns)

    def _table_rows(self, part: Part, sheet: Sheet, first: int, name_column: int, columns: dict[str, int]) -> None:
        since_total: list[Row] = []
        told: set[str] = set()
        for row in range(first, len(sheet.rows)):
            name = sheet.value(row, name_column)
            if name is None or not str(name).strip():
                continue
            if plain(name).startswith(_TOTALS):
                self._total(part, sheet, row, str(name), columns, since_total)
                if key(name) == key(part.total):
                    break
                since_total = []
                continue
            found = self._row(part, sheet, row, name_column, columns, told)
            since_total.append(found)
        self._missing(sheet, told)

    def _row(
        self, part: Part, sheet: Sheet, row: int, name_column: int, columns: dict[str, int], told: set[str]
    ) -> Row:
        written = sheet.value(row, name_column)
        where = (sheet.name, at(row, name_column))
        units = self.day.find_below(written, self.reading.unit) if self.reading.unit else []
        taken = Row(units[0] if len(units) == 1 else "", sheet.name, row + 1)
        for field_id, column in columns.items():
            self._take(taken, field_id, part.fields[field_id], sheet, row, column)
        if taken.unit in told:
            self.reading.problem("hamlet_twice", *where, given=written)
        elif taken.unit:
            told.add(taken.unit)
            self.reading.rows.append(taken)
        elif self.reading.unit:
            nearest = self.day.nearest(written, self.template.rows, self.reading.unit)
            self.reading.problem("unknown_hamlet", *where, given=written, nearest=nearest)
        return taken

    def _total(self, part: Part, sheet: Sheet, row: int, name: str, columns: dict[str, int], since: list[Row]) -> None:
        """A line of totals is compared with its rows and not loaded; the last adds up all, one between only its own."""
        rows = self.reading.rows if key(name) == key(part.total) else since
        for field_id, column in columns.items():
            given = number(sheet.value(row, column), FIELDS[field_id].whole).value
            total = sum(each.values.get(field_id) or 0 for each in rows)
            if given is not None and rows and given != total:
                parts = {"row": name, "label": part.fields[field_id], "sum": total}
                self.reading.problem("total_differs", sheet.name, at(row, column), given, **parts)

    def _missing(self, sheet: Sheet, told: set[str]) -> None:
        if not self.reading.unit:
            return
        missing = [unit for unit in self.day.below[self.reading.unit] if unit not in told]
        if missing:
            names = ", ".join(self.day.full_name[unit] for unit in missing)
            self.reading.problem("hamlet_missing", sheet.name, count=len(missing), names=names)

    def _take(self, into: Row, field_id: str, label: str, sheet: Sheet, row: int, column: int) -> None:
        """Put a cell's value into a row, or tell what is wrong with it."""
        given, kind = sheet.value(row, column), FIELDS[field_id].kind
        into.cells[field_id] = at(row, column)
        into.sheet = into.sheet or sheet.name
        if kind == "flag":
            value, wrong = _flag(given)
        else:
            value, wrong = number(given, FIELDS[field_id].whole)
        if wrong:
            self.reading.problem(wrong, sheet.name, at(row, column), given, label=label, value=value)
        into.values[field_id] = value


def _flag(given: object) -> tuple[int | None, str]:
    if given is None or not str(given).strip():
        return None, ""
    told = key(str(given).removesuffix(".0"))
    return (1, "") if told in _YES else (0, "") if told in _NO else (None, "not_yes_no")


def _day(period: Period) -> date:
    """The day whose units report on a period: its last, but of the whole plan the last before the reform of 2025."""
    return min(period.last_day, date(2025, 6, 30)) if period.kind in ("plan", "year") else period.last_day
