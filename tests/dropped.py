"""Files as they are dropped on the page, for the tests: changed from reports of the sample that stand."""

import io
import os
import shutil
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import openpyxl
from made import place
from openpyxl.worksheet.worksheet import Worksheet

from data_ingest.archive import Archive

TABLE = "Khu ấp"
UNIT, PERIOD = "25750", "2025-06"  # of the good file
WALLETS, ANY = "Số hộ có ví điện tử", "Số hộ có ít nhất một trong ba loại"


@cache
def good(sample: Path) -> tuple[str, bytes]:
    """A correction that nothing is wrong with: a few more households with some kind of account, 533 → 544."""

    def more(sheet: Worksheet, row: int, column: int) -> None:
        _add(sheet, row, place(sheet, ANY)[1], 11)

    return f"{UNIT}_{PERIOD}_sua.xlsx", _changed(sample, UNIT, more)


@cache
def noted(sample: Path, unit: str = "25756") -> tuple[str, bytes]:
    """A figure that counts up and has fallen."""
    return f"{unit}_{PERIOD}_giam.xlsx", _changed(
        sample, unit, lambda sheet, row, column: _add(sheet, row, column, -60)
    )


@cache
def blocked(sample: Path, unit: str = "25747") -> tuple[str, bytes]:
    """Words where a number belongs, and a number below nothing."""

    def wrong(sheet: Worksheet, row: int, column: int) -> None:
        sheet.cell(row, column).value = "nhiều"
        sheet.cell(row + 1, column).value = -3

    return f"{unit}_{PERIOD}_loi.xlsx", _changed(sample, unit, wrong)


@cache
def misspelt(sample: Path, unit: str = "25951") -> tuple[str, bytes]:
    """A name that no unit bears, and no code."""

    def rename(sheet: Worksheet, row: int, column: int) -> None:
        for each in sheet.parent:
            for label, value in (("Đơn vị báo cáo:", "Phường Bình Annn"), ("Mã đơn vị:", None)):
                at, first = place(each, label)
                cell = next(c for c in each[at][first:] if c.value is not None)
                cell.value = value

    return "binh-annn.xlsx", _changed(sample, unit, rename)


def zipped(**files: bytes) -> bytes:
    """A zip of files by their names."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as book:
        for name, content in files.items():
            book.writestr(name, content)
    return out.getvalue()


def _add(sheet: Worksheet, row: int, column: int, by: int) -> None:
    sheet.cell(row, column).value += by


def _changed(sample: Path, unit: str, change: Callable[[Worksheet, int, int], None]) -> bytes:
    """The last report of a unit for the period, with a change at the first khu/ấp's households with an e-wallet."""
    archive = Archive(sample)
    receipt = [each for each in archive.receipts() if each.file.startswith(f"{unit}_{PERIOD}_monthly")][-1]
    book = openpyxl.load_workbook(archive.path(receipt))
    sheet = book[TABLE]
    row, column = place(sheet, WALLETS)
    change(sheet, row + 2, column)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def office(sample: Path, folder: Path) -> Path:
    """A data folder of one's own with all that the sample's has: the archive by links, lists and snapshot as copies."""
    folder.mkdir()
    for path in sample.iterdir():
        if path.name == "archive":
            (folder / "archive").mkdir()
            for each in path.iterdir():
                os.link(each, folder / "archive" / each.name)
        elif path.is_file() and not path.name.endswith(".lock"):
            shutil.copy(path, folder / path.name)
    return folder
