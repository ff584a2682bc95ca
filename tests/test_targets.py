"""Sheets of targets assigned to units (III.3): taken whole, read as people write them, before the plan's floor."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from made import JUNE, NAMES

from data_ingest.__main__ import main
from data_ingest.targets import read_targets, write_blank
from metrics import INDICATORS
from metrics.core.ledger import Ledger
from warehouse.period import Period
from warehouse.store import current

SHARE, FLOW = INDICATORS["e_wallet_household_share"], INDICATORS["guided_mooc"]
YEAR = Period.parse("2024")
ASKED = [SHARE, FLOW]


@pytest.fixture
def filled(tmp_path) -> Callable:
    """A blank sheet for the communes of Dĩ An, changed by hand: filled(lambda sheet: …)."""

    def made(change: Callable, period: Period | None = YEAR, unit: str = "724") -> Path:
        path = tmp_path / "giao chỉ tiêu.xlsx"
        write_blank(path, unit, JUNE, ASKED, period)
        book = openpyxl.load_workbook(path)
        change(book.active)
        book.save(path)
        return path

    return made


def put(**cells: object) -> Callable:
    """Type into cells: put(C7=35)."""

    def change(sheet) -> None:
        for cell, value in cells.items():
            sheet[cell] = value

    return change


def read(path: Path):
    return read_targets(path, path.name, NAMES, date(2024, 6, 30))


def kinds(path: Path) -> list[tuple[str, str]]:
    return [(each.kind, each.cell) for each in read(path).problems]


def test_a_blank_has_a_row_for_each_part_and_a_column_for_each_indicator(filled):
    sheet = openpyxl.load_workbook(filled(put())).active
    assert [sheet.cell(row, 1).value for row in range(7, 14)] == JUNE.below["724"]
    assert sheet["C6"].value.startswith(SHARE.name.vi)
    assert sheet["D6"].value.startswith(FLOW.name.vi)


@pytest.mark.parametrize(
    ("typed", "target"), [(35, 35), ("35", 35), ("32,5 %", 32.5), (" 40 ", 40), ("1.234,5", None), (100, 100)]
)
def test_targets_are_read_as_people_type_them(typed, target, filled):
    found = read(filled(put(C7=typed)))
    assert [each.target for each in found.targets] == ([target] if target else [])


def test_a_target_knows_its_unit_its_period_and_its_cell(filled):
    (told,) = read(filled(put(D8=500))).targets
    assert (told.unit, told.indicator, told.target, told.period) == (JUNE.below["724"][1], FLOW.id, 500, YEAR)
    assert (told.sheet, told.cell) == ("Giao chỉ tiêu", "D8")


def _renamed(sheet) -> None:
    """By short name and by id, units by name alone, a column of notes, a total below."""
    sheet["A6"], sheet["B6"] = "STT", "Đơn vị"
    sheet["C6"], sheet["D6"] = SHARE.short.vi, FLOW.id
    sheet["E6"] = "Ghi chú"
    for row in range(7, 14):
        sheet.cell(row, 1).value = row - 6
        sheet.cell(row, 3).value = 31
    sheet["B14"], sheet["C14"] = "Tổng cộng", 217


def test_headings_by_short_name_or_id_and_units_by_name_are_understood(filled):
    found = read(filled(_renamed))
    assert found.problems == []
    assert [each.unit for each in found.targets] == JUNE.below["724"]


@pytest.mark.parametrize(
    ("change", "period", "expected"),
    [
        (put(C7=0.35), YEAR, ("target_is_fraction", "C7")),
        (put(C7=120), YEAR, ("target_above_100", "C7")),
        (put(C7="ba mươi"), YEAR, ("not_a_number", "C7")),
        (put(C7=-5), YEAR, ("negative", "C7")),
        (put(D7=500), None, ("target_needs_period", "D7")),
        (put(B4="sang năm", C7=40), YEAR, ("no_period", "B4")),
        (put(E6="Tỷ lệ hộ có trâu", C7=40), YEAR, ("no_such_indicator", "E6")),
        (put(A7=None, B7="Xã Trên Trời", C7=9), YEAR, ("unknown_unit", "B7")),
        (put(A7=None, B7="An Bình", C7=9), YEAR, ("ambiguous_unit", "B7")),
        (put(C7=40, A14=JUNE.below["724"][0], C14=41), YEAR, ("target_twice", "C14")),
        (put(), YEAR, ("blank_form", "")),
        (lambda sheet: sheet.delete_rows(6), YEAR, ("no_targets", "")),
    ],
    ids=lambda each: each[0] if isinstance(each, tuple) else "",
)
def test_what_is_wrong_is_told_with_its_cell_in_both_languages(change, period, expected, filled):
    path = filled(change, period)
    assert expected in kinds(path)
    found = read(path)
    assert not found.accepted
    assert all(path.name in each.says(language) for each in found.problems for language in ("vi", "en"))


def test_an_indicator_that_is_not_told_of_a_unit_is_no_target_of_it(tmp_path):
    path = tmp_path / "targets.xlsx"
    write_blank(path, "724", JUNE, [INDICATORS["district_formation_coverage"]], None)
    book = openpyxl.load_workbook(path)
    book.active["C7"] = 100
    book.save(path)
    assert kinds(path) == [("indicator_not_of_level", "C7")]


def test_a_sheet_is_taken_whole_and_goes_before_the_plans_floor(filled, tmp_path, capsys):
    data = tmp_path / "data"
    assert main(["--data", str(data), "build"]) == 0
    wrong = filled(put(C7=40, C8=0.4))
    assert main(["--data", str(data), "targets", str(wrong)]) == 1
    assert "C8" in capsys.readouterr().err
    assert Ledger.open(current(data)).engine.query("select * from targets").empty
    right = filled(put(C7=40, C8=35))
    assert main(["--data", str(data), "targets", str(right)]) == 0
    ledger = Ledger.open(current(data))
    found = ledger.results(Period.parse("2024-06"))
    found = found[found.indicator == SHARE.id].set_index("unit")
    first, second, third = JUNE.below["724"][:3]
    assert list(found.target[[first, second, third, "724"]]) == [40, 35, 30, 30]
    assert list(found.assigned[[first, second, third, "724"]]) == [True, True, False, False]


def test_a_sheet_that_would_tell_others_without_what_looks_personal_is_not_taken(filled, tmp_path, capsys):
    """Targets of nine digits look like telephones: kept without them, the sheet would say nothing of these units."""
    data, path = tmp_path / "data", filled(put(D7=912_345_678, D8=987_654_321, D9=901_234_567))
    assert len(read(path).targets) == 3
    assert main(["--data", str(data), "targets", str(path)]) == 2
    assert "D7:D9" in capsys.readouterr().err
    assert not (data / "receipts.csv").exists()


def test_a_later_sheet_goes_before_an_earlier_one_and_a_rebuild_loses_neither(filled, tmp_path):
    data = tmp_path / "data"
    for target in (40, 45):
        main(["--data", str(data), "targets", str(filled(put(C7=target)))])
    current(data).unlink()
    assert main(["--data", str(data), "build"]) == 0
    found = Ledger.open(current(data)).results(Period.parse("2024-06"))
    assert found[(found.indicator == SHARE.id) & (found.unit == JUNE.below["724"][0])].target.iloc[0] == 45
