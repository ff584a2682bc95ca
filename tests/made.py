"""Reports as units fill them in, for the tests: good ones, and workbooks changed by hand as people change them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from data_ingest import commands
from data_ingest.form import Filling, Row, write_form
from data_ingest.names import Names
from data_ingest.reading import Reading, read_report
from data_ingest.standing import SHIPPED
from data_ingest.template import Template, all_templates
from warehouse.fields import FIELDS
from warehouse.period import Period
from warehouse.units import read_units

UNITS = pd.concat([read_units(path) for path in SHIPPED], ignore_index=True)
NAMES = Names.of(UNITS)
JUNE = NAMES.on(date(2024, 6, 30))
COMMUNE, DISTRICT, PROVINCE = "25951", "724", "74"
PERIODS = {"monthly": "2024-06", "periodic": "2024-Q2", "provincial": "2024-H1"}


def filled(template: Template, **changes: object) -> Filling:
    """A form filled in with numbers that contradict nothing: each field its own, each part below its whole."""
    unit = {"commune": COMMUNE, "district": DISTRICT, "province": PROVINCE}[template.level]
    numbers = {field: 40 + place if not FIELDS[field].part_of else 20 for place, field in enumerate(template.fields)}
    numbers["sellers_any"] = 100  # at least each floor, at most all together
    values = {
        field: {"flag": 1, "text": "Không có khó khăn."}.get(FIELDS[field].kind, numbers[field])
        for part in template.part
        if part.kind != "table"
        for field in part.fields
    }
    rows = [field for part in template.part if part.kind == "table" for field in part.fields]
    table = tuple(
        Row(JUNE.full_name[hamlet], {field: numbers[field] for field in rows}) for hamlet in JUNE.below[unit] if rows
    )
    period = Period.parse(PERIODS[template.form])
    filling = Filling(
        JUNE.title(unit), unit, JUNE.full_name.get(JUNE.parent[unit], ""), period, table, values, invented=True
    )
    return replace(filling, **changes)


def written(template: Template, folder: Path, **changes: object) -> Path:
    path = folder / "report.xlsx"
    write_form(template, filled(template, **changes), path)
    return path


def read(path: Path) -> Reading:
    """The one report in a file."""
    (reading,) = read_report(path, path.name, NAMES)
    return reading


def kinds(reading: Reading) -> set[str]:
    return {problem.kind for problem in reading.problems}


EVERY_TEMPLATE = pytest.mark.parametrize("template", all_templates(), ids=lambda each: each.id)
MONTHLY = next(each for each in all_templates() if each.id == "monthly_2024")


def typed_over(tmp_path: Path, change: Callable[[openpyxl.Workbook], None], **filling: object) -> Path:
    """A good monthly form that somebody has changed in a spreadsheet program."""
    path = written(MONTHLY, tmp_path, **filling)
    book = openpyxl.load_workbook(path)
    for sheet in book:
        sheet.protection.sheet = False
    change(book)
    book.save(path)
    return path


def place(sheet: Worksheet, label: str) -> tuple[int, int]:
    """Row and column (from 1) of the first cell with this text."""
    return next((cell.row, cell.column) for line in sheet.iter_rows() for cell in line if cell.value == label)


def values(reading: Reading) -> dict[str, dict[str, object]]:
    """What a reading says, without its texts: unit → field → value; blanks are left out."""
    return {
        row.unit: {f: v for f, v in row.values.items() if FIELDS[f].kind != "text" and v is not None}
        for row in reading.rows
    }


def loaded(folder: Path, months: int = 2) -> Path:
    """A data folder with a report each month, and a snapshot for each load."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(months):
        period = Period("month", 2024, number + 1)
        write_form(MONTHLY, filled(MONTHLY, period=period), folder / f"{period}.xlsx")
        commands.load(
            folder / "data", [folder / f"{period}.xlsx"], commands.Arrivals(datetime(2024, number + 1, 15))
        )  # fmt: skip
    return folder / "data"
