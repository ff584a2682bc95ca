"""A workbook as plain cells, whatever program wrote it."""

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import python_calamine

from language import Text

SUFFIXES = (".xlsx", ".xlsm", ".xls", ".ods", ".csv")
LARGEST = 300_000_000  # bytes unpacked: a report has some 100,000; more is a mistake or an attack
_OLE, _ZIP = b"\xd0\xcf\x11\xe0", b"PK\x03\x04"


class UnreadableError(ValueError):
    """The file is no workbook that can be read; `why` says so in both languages."""

    def __init__(self, why: Text):
        super().__init__(why.en)
        self.why = why


@dataclass(frozen=True)
class Sheet:
    """A visible sheet: `rows[r][c]` counts from 0 at A1; None where nothing stands."""

    name: str
    rows: list[list[object]]

    def cells(self) -> Iterator[tuple[int, int, object]]:
        """Every filled cell with its row and column."""
        for row, line in enumerate(self.rows):
            for column, value in enumerate(line):
                if value is not None:
                    yield row, column, value

    def value(self, row: int, column: int) -> object:
        return self.rows[row][column] if row < len(self.rows) and column < len(self.rows[row]) else None


def at(row: int, column: int) -> str:
    """The name of a cell: at(11, 2) is C12."""
    return f"{openpyxl.utils.get_column_letter(column + 1)}{row + 1}"


def read_workbook(path: Path) -> list[Sheet]:
    """The visible sheets of a file, told by its bytes and not by its name. Raises UnreadableError."""
    data = path.read_bytes()
    if data[:4] == _ZIP:
        _look_into_zip(data)
    elif data[:4] != _OLE:
        return [_csv(path, data)]
    return _spreadsheet(path, data)


def _look_into_zip(data: bytes) -> None:
    """Refuse, before anything is unpacked, what is too large or is no workbook."""
    try:
        inside = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except zipfile.BadZipFile:
        raise UnreadableError(Text("tệp bị hỏng hoặc tải về chưa đủ", "it is damaged or incomplete")) from None
    if sum(each.file_size for each in inside) > LARGEST:
        raise UnreadableError(Text("nội dung giải nén quá lớn", "it unpacks to more than any report holds"))
    if not any(each.filename.endswith(("workbook.xml", "workbook.bin", "content.xml")) for each in inside):
        raise UnreadableError(Text("tệp nén này không phải bảng tính", "this archive is no workbook"))


def _spreadsheet(path: Path, data: bytes) -> list[Sheet]:
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        shown = [each.name for each in book.sheets_metadata if each.visible == python_calamine.SheetVisibleEnum.Visible]
        sheets = [Sheet(name, _rows(book.get_sheet_by_name(name))) for name in shown]
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:  # a panic of the reader is no Exception
        if "password" in str(error).lower() or b"E\0n\0c\0r\0y\0p\0t\0e\0d" in data:
            raise UnreadableError(Text("tệp đặt mật khẩu", "it is protected by a password")) from None
        raise UnreadableError(Text("không phải bảng tính hoặc tệp bị hỏng", "it is no workbook, or damaged")) from None
    return _with_errors(sheets, path, data)


def _rows(sheet: python_calamine.CalamineSheet) -> list[list[object]]:
    return [[None if value == "" else value for value in line] for line in sheet.to_python(skip_empty_area=False)]


def _with_errors(sheets: list[Sheet], path: Path, data: bytes) -> list[Sheet]:
    """The fast reader returns #DIV/0! as a blank: where a workbook holds such cells, a second look puts them back."""
    if data[:4] != _ZIP or not _holds_errors(data):
        return sheets
    book = openpyxl.load_workbook(io.BytesIO(data), data_only=True, read_only=True)
    for sheet in sheets:
        if sheet.name not in book.sheetnames:
            continue
        for line in book[sheet.name].iter_rows():
            for cell in line:
                if getattr(cell, "data_type", "") == "e":
                    _put(sheet.rows, cell.row - 1, cell.column - 1, cell.value)
    return sheets


def _holds_errors(data: bytes) -> bool:
    book = zipfile.ZipFile(io.BytesIO(data))
    return any(b't="e"' in book.read(name) for name in book.namelist() if name.startswith("xl/worksheets/sheet"))


def _put(rows: list[list[object]], row: int, column: int, value: object) -> None:
    while len(rows) <= row:
        rows.append([])
    rows[row].extend([None] * (column + 1 - len(rows[row])))
    rows[row][column] = value


def _csv(path: Path, data: bytes) -> Sheet:
    """Text with commas, semicolons or tabs, in UTF-8 or UTF-16 with its mark; anything else is refused."""
    if path.suffix.lower() != ".csv":
        why = Text("không phải bảng tính (xlsx, xls, ods, csv)", "it is no workbook (xlsx, xls, ods, csv)")
        raise UnreadableError(Text("tệp rỗng", "it is empty") if not data.strip() else why)
    try:
        text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableError(Text("bảng mã không phải UTF-8", "its text is not UTF-8")) from None
    first = text[:4096]
    comma = max(";\t,", key=first.count)
    rows = [[value.strip() or None for value in line] for line in csv.reader(io.StringIO(text), delimiter=comma)]
    return Sheet("", rows)
