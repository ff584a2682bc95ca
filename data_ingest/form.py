"""A template as a workbook: the blank form that units are sent, and, filled in, what sample data is made of."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from pathlib import Path

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from data_ingest.template import TO_CONFIRM, Part, Template
from warehouse.fields import FIELDS
from warehouse.period import Period

MADE = datetime(2023, 11, 3)  # the plan's day, in every file: the same form gives the same bytes
FONT, INK, HEAD, INPUT, CONFIRM = "Times New Roman", "#1B2430", "#E8EEF5", "#FFFBE6", "#CFE8F7"
YES, NO = "Có", "Không"


@dataclass(frozen=True)
class Row:
    """A row of the table: the name as printed and, when filled in, its values by field."""

    name: str
    values: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Filling:
    """What is put into a form: whose it is, for when, the rows of the table, and the values of the lists.

    `to_confirm` says that the values are of the last report, for the unit to look at.
    """

    unit_name: str
    unit_code: str
    parent_name: str
    period: Period
    rows: tuple[Row, ...] = ()
    values: dict[str, object] = field(default_factory=dict)
    invented: bool = False
    to_confirm: bool = False
    printed: Callable[[str], str] = str  # how words are typed, NFD for one


def write_form(template: Template, filling: Filling, out: Path | BytesIO) -> None:
    """Write the workbook: labels locked, cells to fill in open, each with a check and a message in Vietnamese."""
    book = xlsxwriter.Workbook(str(out) if isinstance(out, Path) else out, {"in_memory": isinstance(out, BytesIO)})
    book.set_properties({"title": f"{template.title} – {template.mark}", "created": MADE})
    pen = _Pen(book, filling.printed)
    sheets: dict[str, _Sheet] = {}
    for part in template.part:
        if part.sheet not in sheets:
            sheets[part.sheet] = _Sheet(book.add_worksheet(part.sheet), pen, template, filling)
            sheets[part.sheet].head(wide=part.kind == "table", rows=len(part.fields))
        getattr(sheets[part.sheet], f"write_{part.kind}")(part)
    next(iter(sheets.values())).signature()
    book.close()


class _Pen:
    """The few formats of a form, made once for a workbook."""

    def __init__(self, book: xlsxwriter.Workbook, printed: Callable[[str], str]):
        self.printed = printed
        font = {"font_name": FONT, "font_size": 12, "font_color": INK, "valign": "vcenter", "text_wrap": True}
        line = {**font, "border": 1, "border_color": "#8A97A6"}
        self.plain = book.add_format({**font, "text_wrap": False})
        self.bold = book.add_format({**font, "bold": True, "text_wrap": False})
        self.centre = book.add_format({**font, "align": "center"})
        self.title = book.add_format({**font, "bold": True, "font_size": 15, "align": "center"})
        self.letter = book.add_format({**font, "bold": True, "align": "center"})
        self.invented = book.add_format({**font, "bold": True, "font_color": "#C0392B", "text_wrap": False})
        self.heading = book.add_format({**line, "bold": True, "align": "center", "bg_color": HEAD})
        self.group = book.add_format({**line, "bold": True, "bg_color": "#F6F8FA"})
        self.label = book.add_format(line)
        self.middle = book.add_format({**line, "align": "center"})
        self.number = book.add_format(
            {**line, "align": "right", "num_format": "#,##0.###", "bg_color": INPUT, "locked": False}
        )
        self.choice = book.add_format({**line, "align": "center", "bg_color": INPUT, "locked": False})
        self.number_to_confirm = book.add_format(
            {**line, "align": "right", "num_format": "#,##0.###", "bg_color": CONFIRM, "locked": False}
        )
        self.choice_to_confirm = book.add_format({**line, "align": "center", "bg_color": CONFIRM, "locked": False})
        self.to_confirm = book.add_format({**font, "bold": True, "bg_color": CONFIRM, "text_wrap": False})
        self.text = book.add_format({**line, "valign": "top", "bg_color": INPUT, "locked": False})
        self.total = book.add_format({**line, "bold": True, "align": "right", "num_format": "#,##0", "bg_color": HEAD})


class _Sheet:
    """One sheet of a form, written from top to bottom; `at` is the next free row."""

    def __init__(self, sheet: object, pen: _Pen, template: Template, filling: Filling):
        self.sheet, self.pen, self.template, self.filling = sheet, pen, template, filling
        self.at = 0
        sheet.protect("", {"format_columns": True, "format_rows": True, "select_locked_cells": True})
        sheet.set_paper(9)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.hide_gridlines(2)

    def write(self, row: int, column: int, value: object, style: object) -> None:
        self.sheet.write(row, column, self.pen.printed(value) if isinstance(value, str) else value, style)

    def merge(self, row: int, first: int, last: int, words: str, style: object) -> None:
        self.sheet.merge_range(row, first, row, last, self.pen.printed(words), style)

    def head(self, wide: bool, rows: int) -> None:
        """Letterhead, title, whose report it is and for when."""
        template, filling, pen = self.template, self.filling, self.pen
        last = max(rows + 1, 6) if wide else 4
        self._columns(wide, last)
        names = {"parent": filling.parent_name.upper(), "unit": filling.unit_name.partition(",")[0].upper()}
        half = 4 if wide else 1
        for line, (left, right) in enumerate(
            zip(*(template.letterhead[side] for side in ("left", "right")), strict=True)
        ):
            self.merge(line, 0, half, left.format(**names), pen.letter)
            self.merge(line, half + 1, min(last, half + 12), right, pen.letter)
            self.sheet.set_row(line, 34 if not wide else 20)
        self.write(2, 0, template.mark, pen.plain)
        if filling.invented:
            self.write(2, half + 1, "SỐ LIỆU MINH HỌA, KHÔNG PHẢI SỐ LIỆU THẬT", pen.invented)
        self.merge(4, 0, min(last, 16), template.title, pen.title)
        self.merge(5, 0, min(last, 16), template.subtitle, pen.centre)
        self.sheet.set_row(5, 32)
        told = {"unit": filling.unit_name, "code": filling.unit_code, "period": filling.period.name("vi")}
        for line, (what, label) in enumerate(template.head.items(), start=7):
            self.write(line, 0 if wide else 1, f"{label}:", pen.bold)
            self.write(line, 3 if wide else 2, told[what], pen.plain)
        if filling.to_confirm:
            for column in range(min(last, 6) + 1):
                self.write(10, column, TO_CONFIRM if not column else None, pen.to_confirm)
        self.at = 11

    def _columns(self, wide: bool, last: int) -> None:
        if wide:
            self.sheet.set_paper(8)  # A3: 27 columns are not legible on A4
        widths = [6, 24, *[9.3] * (last - 1)] if wide else [6, 62, 16, 20, 34]
        for column, width in enumerate(widths):
            self.sheet.set_column(column, column, width)

    def write_list(self, part: Part) -> None:
        """One field a line: number, label, unit of measure, value, note."""
        self._part_title(part, 4)
        for column, label in enumerate(part.columns.values()):
            self.write(self.at, column, label, self.pen.heading)
        self.at += 1
        number = 0
        for group, letter in zip(part.group, ("I", "II", "III", "IV", "V", "VI", "VII", "VIII"), strict=False):
            self.write(self.at, 0, letter, self.pen.group)
            self.merge(self.at, 1, 4, group.title, self.pen.group)
            self.at += 1
            for field_id, label in group.fields.items():
                number += 1
                self._line(number, field_id, label)

    def _line(self, number: int, field_id: str, label: str) -> None:
        pen, row = self.pen, self.at
        self.write(row, 0, number, pen.middle)
        self.write(row, 1, label, pen.label)
        self.write(row, 2, FIELDS[field_id].measured_in["vi"], pen.middle)
        self._value(row, 3, field_id, self.filling.values.get(field_id))
        self.write(row, 4, None, pen.text)
        self._check(row, 3, row, 3, field_id)
        self.at += 1

    def write_table(self, part: Part) -> None:
        """One khu/ấp a row: group headings over field headings over units of measure, and a line of totals."""
        pen, fields = self.pen, part.fields
        self._part_title(part, 6)
        top = self.at
        for column, label in enumerate((part.columns["number"], part.columns["label"])):
            self.sheet.merge_range(top, column, top + 1, column, pen.printed(label), pen.heading)
            self.write(top + 2, column, None, pen.heading)
        column = 2
        for group in part.group:
            self.merge(top, column, column + len(group.fields) - 1, group.title, pen.heading)
            for field_id, label in group.fields.items():
                self.write(top + 1, column, label, pen.heading)
                self.write(top + 2, column, FIELDS[field_id].measured_in["vi"], pen.heading)
                column += 1
        self.sheet.set_row(top + 1, 112)
        self.sheet.freeze_panes(top + 3, 2)
        self.at = top + 3
        self._rows(list(fields), part.total)

    def _rows(self, fields: list[str], total: str) -> None:
        pen, first = self.pen, self.at
        for number, row in enumerate(self.filling.rows, start=1):
            self.write(self.at, 0, number, pen.middle)
            self.write(self.at, 1, row.name, pen.label)
            for column, field_id in enumerate(fields, start=2):
                self._value(self.at, column, field_id, row.values.get(field_id))
            self.at += 1
        last = max(self.at - 1, first)
        for column, field_id in enumerate(fields, start=2):
            self._check(first, column, last, column, field_id)
        self.write(self.at, 0, None, pen.total)
        self.write(self.at, 1, total, pen.group)
        for column, field_id in enumerate(fields, start=2):
            name = xl_col_to_name(column)
            numbers = [v for row in self.filling.rows if isinstance(v := row.values.get(field_id), int | float)]
            self.sheet.write_formula(
                self.at, column, f"=SUM({name}{first + 1}:{name}{last + 1})", pen.total, sum(numbers)
            )
        self.at += 2

    def write_text(self, part: Part) -> None:
        """Words: a label, and beside it room to write."""
        self.at += 1
        self._part_title(part, 4)
        for field_id, label in part.fields.items():
            self.write(self.at, 0, None, self.pen.label)
            self.write(self.at, 1, label, self.pen.label)
            told = self.filling.values.get(field_id)
            self.merge(self.at, 2, 4, str(told or ""), self.pen.text)
            self.sheet.set_row(self.at, 64)
            self.at += 1

    def signature(self) -> None:
        """Recipients at the left; at the right the day and the place to sign."""
        self.at += 1
        where = self.filling.unit_name.partition(",")[0].split(" ", 1)[-1]
        self.merge(self.at, 2, 4, f"{where}, ngày …… tháng …… năm 20……", self.pen.centre)
        self.write(self.at + 1, 1, self.template.signature["place"], self.pen.plain)
        self.merge(self.at + 1, 2, 4, self.template.signature["title"], self.pen.letter)
        self.merge(self.at + 2, 2, 4, self.template.signature["hint"], self.pen.centre)

    def _part_title(self, part: Part, last: int) -> None:
        self.merge(self.at, 0, last, part.title, self.pen.bold)
        self.at += 1

    def _value(self, row: int, column: int, field_id: str, value: object) -> None:
        flag = FIELDS[field_id].kind == "flag"
        if flag and value is not None:
            value = {1: YES, 0: NO}.get(value, value)
        pen, told = self.pen, self.filling.to_confirm and value is not None
        styles = (pen.choice_to_confirm, pen.number_to_confirm) if told else (pen.choice, pen.number)
        style = styles[0] if flag else styles[1]
        if isinstance(value, str):
            self.sheet.write_string(row, column, self.pen.printed(value), style)
        else:
            self.sheet.write(row, column, value, style)

    def _check(self, first_row: int, first: int, last_row: int, last: int, field_id: str) -> None:
        self.sheet.data_validation(first_row, first, last_row, last, _validation(field_id))


def _validation(field_id: str) -> dict[str, object]:
    """What the spreadsheet itself refuses, and what it says then."""
    field = FIELDS[field_id]
    if field.kind == "flag":
        return {
            "validate": "list", "source": [YES, NO],
            "error_title": "Chưa đúng", "error_message": f"Chỉ chọn “{YES}” hoặc “{NO}”. Chưa rõ thì để trống.",
        }  # fmt: skip
    kind = "số nguyên" if field.whole else "số"
    return {
        "validate": "integer" if field.whole else "decimal", "criteria": ">=", "value": 0,
        "input_title": field.name["vi"][:32],
        "input_message": f"Đơn vị tính: {field.measured_in['vi']}. Không có số liệu thì để trống, không ghi 0.",
        "error_title": "Chưa đúng",
        "error_message": f"Ô này chỉ nhận {kind} từ 0 trở lên. Chưa có số liệu thì để trống.",
    }  # fmt: skip
