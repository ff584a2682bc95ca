"""The sender's own workbook, unchanged but for red cells, each with a comment that says what is wrong with it."""

import io
import zipfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.workbook import Workbook as Book
from openpyxl.worksheet.worksheet import Worksheet

from data_ingest.problems import Problem
from data_ingest.sheet import Workbook, workbook_of

BLOCKS, NOTED = "FFB3AB", "FFE7A3"  # red for what must be corrected, yellow for what should be looked at
AUTHOR = "Kiểm tra số liệu"
_KEPT = (".xlsx", ".xlsm")
_LOST = {  # parts of a workbook that the library does not write again
    "xl/media/": "picture", "xl/charts/": "chart", "xl/embeddings/": "embedded_object", "xl/slicers/": "slicer",
    "xl/diagrams/": "diagram", "xl/ctrlProps/": "form_control", "xl/activeX/": "form_control",
    "xl/threadedComments/": "threaded_comment", "xl/drawings/drawing": "drawing",
}  # fmt: skip


@dataclass(frozen=True)
class Returned:
    """The marked workbook: where it is, whether it was written anew, and how much was lost of what (kinds: _LOST)."""

    path: str
    anew: bool = False
    lost: dict[str, int] = field(default_factory=dict)


def mark(data: bytes, name: str, problems: Sequence[Problem], out: Path) -> Returned:
    """Write the marked workbook of a file into the folder `out`, under the name it came with.

    An xlsx or xlsm keeps its formats, formulas and other sheets; of xls, ods and csv the values are written into a new
    xlsx. Raises sniff.UnreadableError where the file cannot be read at all.
    """
    book = _own(data, name)
    anew = book is None
    if anew:
        book = written_anew(workbook_of(data))
    for (sheet, cell), told in _by_cell(problems, book).items():
        _mark_cell(book[sheet], cell, told)
    target = out / (name if not anew or name.lower().endswith(".xlsx") else f"{Path(name).stem}.xlsx")
    out.mkdir(parents=True, exist_ok=True)
    book.save(target)
    return Returned(str(target), anew, {} if anew else _lost(data, target))


def _own(data: bytes, name: str) -> Book | None:
    """The workbook itself, or None where the library cannot write it back (xls, ods, csv, strict OOXML)."""
    if not data.startswith(b"PK") or not name.lower().endswith(_KEPT):
        return None
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), keep_vba=name.lower().endswith(".xlsm"), rich_text=True)
    except (InvalidFileException, KeyError, ValueError, TypeError, AttributeError, zipfile.BadZipFile):
        return None
    empty = all(sheet.max_row == 1 and sheet.max_column == 1 for sheet in book.worksheets)
    return None if empty else book


def written_anew(read: Workbook) -> Book:
    """The cells of a workbook that was read, in the same places of a new xlsx."""
    book = Book()
    book.remove(book.active)
    for number, sheet in enumerate(read.sheets, start=1):
        to = book.create_sheet(sheet.name[:31] or f"Sheet{number}")
        for row, column, value in sheet.cells():
            cell = to.cell(row + 1, column + 1)
            cell.value = value
            if isinstance(value, str) and value.startswith("="):
                cell.data_type = "s"  # a text that only looks like a formula must not become one
        for first, left, last, right in sheet.merged:
            to.merge_cells(start_row=first + 1, start_column=left + 1, end_row=last + 1, end_column=right + 1)
    if not book.sheetnames:
        book.create_sheet("Sheet1")
    return book


def _by_cell(problems: Sequence[Problem], book: Book) -> dict[tuple[str, str], list[Problem]]:
    """The problems of each cell; those without one stand at the top of their sheet, or of the first."""
    told: dict[tuple[str, str], list[Problem]] = {}
    for each in problems:
        sheet = each.sheet if each.sheet in book.sheetnames else book.sheetnames[0]
        told.setdefault((sheet, each.cell or "A1"), []).append(each)
    return told


def _mark_cell(sheet: Worksheet, place: str, problems: list[Problem]) -> None:
    cell = sheet[place]
    for merged in sheet.merged_cells.ranges:
        if place in merged:
            cell = sheet.cell(merged.min_row, merged.min_col)
    colour = BLOCKS if any(each.blocks for each in problems) else NOTED
    cell.fill = PatternFill("solid", start_color=colour, end_color=colour)
    before = [cell.comment.text] if cell.comment else []
    words = [("✕ " if each.blocks else "• ") + each.told("vi") for each in problems]
    comment = Comment("\n".join([*before, *words]), AUTHOR)
    comment.width, comment.height = 360, 60 + 40 * len(words)
    cell.comment = comment


def _lost(data: bytes, target: Path) -> dict[str, int]:
    """What stood in the file and stands no more in the one returned, by kind."""

    def count(names: list[str]) -> Counter:
        return Counter(kind for name in names for start, kind in _LOST.items() if name.startswith(start))

    before = count(zipfile.ZipFile(io.BytesIO(data)).namelist())
    after = count(zipfile.ZipFile(target).namelist())
    return {kind: number - after[kind] for kind, number in before.items() if number > after[kind]}
