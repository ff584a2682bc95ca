"""A workbook as plain cells, whatever program wrote it: visible sheets and rows, errors kept as errors."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path

import python_calamine

from data_ingest import legacy, second_look
from data_ingest.problems import Problem
from data_ingest.sniff import DAMAGED, PASSWORD, TOO_LARGE, Parts, UnreadableError, sniff
from data_ingest.usual import Frame, usual
from language import Text

SUFFIXES = (".xlsx", ".xlsm", ".xls", ".ods", ".csv", ".tsv")
MOST_CELLS = 5_000_000  # of a sheet from A1 to its last filled cell: a report has some 2,000
_WIDE = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\0<": "utf-16-be", b"<\0": "utf-16-le"}
_DECLARED = re.compile(r"<\?xml[^>]*\?>")
Merged = tuple[int, int, int, int]  # first row, first column, last row, last column


@dataclass(frozen=True)
class Sheet:
    """A visible sheet: `rows[r][c]` counts from 0 at A1; None where nothing stands, or where the row is hidden.

    Of a usual workbook its frame and its texts are known, too.
    """

    name: str
    rows: list[list[object]]
    merged: tuple[Merged, ...] = ()
    frame: Frame | None = None
    words: list[str] = field(default_factory=list)

    def cells(self) -> Iterator[tuple[int, int, object]]:
        """Every filled cell with its row and column."""
        for row, line in enumerate(self.rows):
            for column, value in enumerate(line):
                if value is not None:
                    yield row, column, value

    @cached_property
    def texts(self) -> list[tuple[int, int, str]]:
        """Every text with its row and column."""
        return [(*place, text) for place, text in self.placed]

    @property
    def placed(self) -> list[tuple[tuple[int, int], str]]:
        """Every text with its place, which is its row and column."""
        if self.frame:
            return list(zip(self.frame.places, self.words, strict=True))
        return [
            ((row, column), value)
            for row, line in enumerate(self.rows)
            for column, value in enumerate(line)
            if type(value) is str
        ]

    def value(self, row: int, column: int) -> object:
        return self.rows[row][column] if row < len(self.rows) and column < len(self.rows[row]) else None


@dataclass(frozen=True)
class Workbook:
    """The visible sheets of a file, and what had to be said while opening it (problems that do not name the file)."""

    sheets: list[Sheet]
    notes: list[Problem] = field(default_factory=list)


@lru_cache
def letters(column: int) -> str:
    """The letters of a column: letters(27) is AB."""
    told = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        told = chr(65 + rest) + told
    return told


def at(row: int, column: int) -> str:
    """The name of a cell: at(11, 2) is C12."""
    return f"{letters(column)}{row + 1}"


def read_workbook(path: Path) -> Workbook:
    """Read a file. Raises UnreadableError."""
    return workbook_of(path.read_bytes())


def workbook_of(data: bytes) -> Workbook:
    """What a file holds, told by its bytes and not by its name. Raises UnreadableError."""
    kind, parts = sniff(data)
    if kind == "text":
        return _in_unicode(_text(data))
    if wide := {name: _WIDE[part[:2]] for name, part in parts.items() if part[:2] in _WIDE}:
        data, parts = _in_utf8(data, parts, wide)
    elif seen := usual(parts):
        sheets, hidden = seen
        return _in_unicode(Workbook([Sheet(*each) for each in sheets], _hidden(hidden)))
    _refuse_far_cells(parts)
    return _in_unicode(_spreadsheet(data, kind, parts))


def _in_utf8(data: bytes, parts: Parts, wide: dict[str, str]) -> tuple[bytes, Parts]:
    """The same workbook with its XML parts in UTF-8, which the fast reader asks for; UTF-16 is allowed and rare."""
    turned = {name: _DECLARED.sub("", parts[name].decode(utf_16), 1).encode() for name, utf_16 in wide.items()}
    book, out = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as to:
        for name in book.namelist():
            to.writestr(name, turned.get(name) or book.read(name))
    return out.getvalue(), parts | turned


def _spreadsheet(data: bytes, kind: str, parts: Parts) -> Workbook:
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        all_sheets = [each.name for each in book.sheets_metadata if "sheet" in str(each.typ).lower()]
        visible = python_calamine.SheetVisibleEnum.Visible
        shown = [each.name for each in book.sheets_metadata if each.visible == visible and each.name in all_sheets]
        sheets = [_sheet(book.get_sheet_by_name(name)) for name in shown]
    except (KeyboardInterrupt, SystemExit, MemoryError, UnreadableError):
        raise
    except BaseException as error:  # a panic of the reader is no Exception
        if isinstance(error, python_calamine.PasswordError) or "password" in str(error).lower():
            raise UnreadableError(PASSWORD) from None
        if kind == "zip":
            raise UnreadableError(DAMAGED) from None
        raise UnreadableError(Text("không phải bảng tính hoặc tệp bị hỏng", "it is no workbook, or damaged")) from None
    hidden = _hidden([name for name in all_sheets if name not in shown])
    return _looked_at_twice(Workbook(sheets, hidden), data, parts)


def _hidden(sheets: list[str]) -> list[Problem]:
    return [Problem("hidden_sheet", sheet=name) for name in sheets]


def _refuse_far_cells(parts: Parts) -> None:
    """The fast reader makes room for every cell up to the last: one stray cell in a far corner would fill memory."""
    rows: dict[str, int] = {}
    columns: dict[str, int] = {}
    for sheet, cell, row, column in second_look.far_cells(parts):
        rows[sheet], columns[sheet] = max(row, rows.get(sheet, 0)), max(column, columns.get(sheet, 0))
        if (rows[sheet] + 1) * (columns[sheet] + 1) > MOST_CELLS:
            raise _too_wide(sheet, cell)


def _too_wide(sheet: str, cell: str) -> UnreadableError:
    return UnreadableError(
        Text(
            f"trang “{sheet}” kéo dài đến ô {cell}; hãy xóa ô lẻ nằm xa ngoài bảng",
            f"sheet “{sheet}” reaches to cell {cell}; delete the stray cell far outside the table",
        )
    )


def _sheet(found: python_calamine.CalamineSheet) -> Sheet:
    if found.total_height * found.total_width > MOST_CELLS:
        raise _too_wide(found.name, at(found.total_height - 1, found.total_width - 1))
    rows = [[None if value == "" else value for value in line] for line in found.to_python(skip_empty_area=False)]
    merged = tuple((*first, *last) for first, last in found.merged_cell_ranges or ())
    return Sheet(found.name, rows, merged)


def _looked_at_twice(book: Workbook, data: bytes, parts: Parts) -> Workbook:
    """Put back what the fast reader returns as blank (errors, formulas never computed); leave hidden rows out."""
    seen = second_look.look(data, parts, [sheet.name for sheet in book.sheets])
    for sheet in book.sheets:
        more = seen.get(sheet.name)
        if more is None:
            continue
        for (row, column), value in more.values.items():
            _put(sheet.rows, row, column, value)
        filled = [row for row in sorted(more.hidden) if row < len(sheet.rows) and any(sheet.rows[row])]
        for row in filled:
            sheet.rows[row] = []
        if filled:
            told = ", ".join(str(row + 1) for row in filled[:20]) + (" …" if len(filled) > 20 else "")
            parts = {"count": str(len(filled)), "rows": told}
            book.notes.append(Problem("hidden_rows", "", sheet.name, at(filled[0], 0), parts=parts))
    return book


def _put(rows: list[list[object]], row: int, column: int, value: object) -> None:
    if (row + 1) * (column + 1) > MOST_CELLS:
        raise UnreadableError(TOO_LARGE)
    while len(rows) <= row:
        rows.append([])
    rows[row].extend([None] * (column + 1 - len(rows[row])))
    rows[row][column] = value


def _text(data: bytes) -> Workbook:
    """Text with commas, semicolons or tabs between its cells, in any encoding that Vietnamese offices have used."""
    try:
        text, encoding = legacy.decode(data)
    except UnicodeDecodeError:
        why = Text("không phải bảng tính (xlsx, xls, ods, csv)", "it is no workbook (xlsx, xls, ods, csv)")
        raise UnreadableError(why) from None
    lines = text.splitlines()
    comma = max(";\t,", key=lambda mark: sum(mark in line for line in lines[:50]))
    try:
        rows = [[value.strip() or None for value in line] for line in csv.reader(io.StringIO(text), delimiter=comma)]
    except csv.Error:
        raise UnreadableError(DAMAGED) from None
    sheet = Sheet("", rows)
    notes = [] if encoding in ("UTF-8", "UTF-16") else [Problem("encoding", given=encoding)]
    for row, column, value in sheet.cells():
        if "\ufffd" in str(value):
            notes.append(Problem("bad_byte", cell=at(row, column), given=str(value)))
    return Workbook([sheet], notes)


def _in_unicode(book: Workbook) -> Workbook:
    """Texts typed in TCVN3 or VNI fonts are letters of another alphabet: the file's words tell which, or neither."""
    name = legacy.written_in([each for sheet in book.sheets for each in sheet.words or [t for _, _, t in sheet.texts]])
    if not name:
        return book
    turned = legacy.LEGACY[name]
    sheets = []
    for sheet in book.sheets:
        rows = [[turned(value) if isinstance(value, str) else value for value in line] for line in sheet.rows]
        sheets.append(Sheet(sheet.name, rows, sheet.merged))
    return Workbook(sheets, [*book.notes, Problem("encoding", given=name)])
