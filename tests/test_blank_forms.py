"""Blank forms to send out: for whom they are, what is prefilled in them, and that they come back as they went."""

import io
import zipfile
from dataclasses import replace
from datetime import datetime

import openpyxl
import pytest
from made import COMMUNE, EVERY_TEMPLATE, JUNE, MONTHLY, NAMES, filled, place, values, written

from data_ingest import __main__ as command_line
from data_ingest import commands
from data_ingest.form import CONFIRM, write_form
from data_ingest.forms import Blanks, period_of
from data_ingest.reading import read_bytes
from data_ingest.template import TO_CONFIRM, Template
from warehouse.fields import FIELDS
from warehouse.packed import zipped
from warehouse.period import Period

JULY = Period.parse("2024-07")


@pytest.fixture
def blanks(tmp_path) -> Blanks:
    """With the report of one commune for June that counts."""
    commands.load(tmp_path / "data", [written(MONTHLY, tmp_path)], commands.Arrivals(datetime(2024, 6, 15)))
    return Blanks(tmp_path / "data")


def one(blanks: Blanks, prefilled: bool = True, period: Period = JULY) -> bytes:
    (content,) = blanks.made(blanks.of_unit(COMMUNE, period), prefilled).values()
    return content


def reading_of(content: bytes):
    (reading,) = read_bytes(content, f"{COMMUNE}_2024-07_monthly.xlsx", NAMES)
    return reading


@EVERY_TEMPLATE
def test_a_form_carries_over_states_and_never_flows_results_or_words(template):
    assert template.carried
    for field in template.carried:
        assert FIELDS[field].kind in ("stock", "flag")
        assert not FIELDS[field].cumulative


@pytest.mark.parametrize("field", ["guided_mooc", "households_e_wallet", "text_results", "nothing"])
def test_a_form_that_carries_over_anything_else_is_refused(field):
    with pytest.raises(ValueError, match="carries over"):
        replace(MONTHLY, carried=(field,))


def test_what_was_reported_last_stands_in_the_form_and_nothing_else(blanks):
    told, first = values(reading_of(one(blanks))), filled(MONTHLY)
    hamlets = [field for field in MONTHLY.carried if FIELDS[field].level == "hamlet"]
    assert told[JUNE.below[COMMUNE][0]] == {field: first.rows[0].values[field] for field in hamlets}
    assert told[COMMUNE] == {field: first.values[field] for field in MONTHLY.carried if field not in hamlets}
    assert values(reading_of(one(blanks, prefilled=False))) == {unit: {} for unit in (COMMUNE, *JUNE.below[COMMUNE])}


def test_prefilled_cells_are_seen_to_be_confirmed_and_can_be_changed(blanks):
    book = openpyxl.load_workbook(io.BytesIO(one(blanks)))
    sheet = book["Khu ấp"]
    row, column = place(sheet, "Tổng số hộ")
    cell, other = sheet.cell(row + 2, column), sheet.cell(row + 2, place(sheet, "Số hộ có ví điện tử")[1])
    assert cell.fill.start_color.rgb[-6:] == CONFIRM[1:]
    assert not cell.protection.locked
    assert other.fill.start_color.rgb[-6:] != CONFIRM[1:]
    assert all(place(each, TO_CONFIRM) for each in book)
    blank = openpyxl.load_workbook(io.BytesIO(one(blanks, False)))["Khu ấp"]
    assert TO_CONFIRM not in [each.value for line in blank for each in line]


@EVERY_TEMPLATE
def test_a_form_to_confirm_is_read_back_as_one_without(template: Template, tmp_path):
    plain, marked = io.BytesIO(), io.BytesIO()
    write_form(template, filled(template), plain)
    write_form(template, filled(template, to_confirm=True), marked)
    (was,), (now,) = (read_bytes(each.getvalue(), "report.xlsx", NAMES) for each in (plain, marked))
    assert values(now) == values(was)
    assert [row.note for row in now.rows] == [row.note for row in was.rows]
    assert [(each.kind, each.cell) for each in now.problems] == [(each.kind, each.cell) for each in was.problems]
    assert (now.unit, now.period, now.columns) == (was.unit, was.period, was.columns)


def test_a_prefilled_form_sent_back_as_it_was_is_no_report(blanks):
    reading = reading_of(one(blanks))
    assert [each.kind for each in reading.problems if each.blocks] == ["only_carried"]
    book = openpyxl.load_workbook(io.BytesIO(one(blanks)))
    sheet = book["Khu ấp"]
    row, column = place(sheet, "Số hộ có ví điện tử")
    sheet.cell(row + 2, column).value = 1
    out = io.BytesIO()
    book.save(out)
    assert reading_of(out.getvalue()).accepted


def test_a_form_without_the_sentence_may_hold_only_states(tmp_path):
    first, *others = filled(MONTHLY).rows
    rows = tuple(replace(each, values={"households": 100}) for each in (first, *others))
    out = io.BytesIO()
    write_form(MONTHLY, filled(MONTHLY, rows=rows, values={}), out)
    assert "only_carried" not in {each.kind for each in reading_of(out.getvalue()).problems}


def test_what_is_prefilled_is_of_the_period_before_never_of_a_later_one(blanks):
    assert values(reading_of(one(blanks, period=Period.parse("2024-06"))))[COMMUNE] == {}


def test_everybody_is_each_that_owes_a_form_once(blanks):
    wanted = blanks.of_all(Period.parse("2025-06"))
    counts = {form: sum(each.form == form for each in wanted) for form in ("monthly", "periodic", "provincial")}
    assert counts == {"monthly": 91, "periodic": 9, "provincial": 1}
    assert len({(each.form, each.unit) for each in wanted}) == len(wanted)
    assert {str(each.period) for each in wanted} == {"2025-06", "2025-Q2", "2025-H1"}


@pytest.mark.parametrize(
    ("form", "month", "period"),
    [
        ("monthly", "2024-02", "2024-02"), ("periodic", "2024-02", "2024-Q1"), ("periodic", "2024-12", "2024-Q4"),
        ("provincial", "2024-06", "2024-H1"), ("provincial", "2024-07", "2024"), ("provincial", "2023-11", "2023"),
    ],
)  # fmt: skip
def test_the_period_of_a_form_is_that_in_which_the_month_lies(form, month, period):
    assert str(period_of(form, Period.parse(month))) == period


def test_a_districts_forms_are_those_of_its_communes_in_its_folder(blanks):
    wanted = blanks.of_district("724", JULY)
    assert {each.unit for each in wanted} == set(JUNE.below["724"])
    names = list(blanks.made(wanted, True))
    assert names[0] == "thanh-pho-di-an/25942_2024-07_monthly.xlsx"
    assert len(names) == len(wanted)


def test_the_same_forms_are_the_same_bytes(blanks, tmp_path):
    wanted = blanks.of_district("724", JULY)
    one, other = (zipped(each.made(wanted, True)) for each in (blanks, Blanks(tmp_path / "data")))
    assert one == other
    with zipfile.ZipFile(io.BytesIO(one)) as book:
        assert {each.date_time for each in book.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_sample_figures_are_marked_in_a_prefilled_form(tmp_path):
    commands.load(tmp_path / "data", [written(MONTHLY, tmp_path)], origin="sample")
    blanks = Blanks(tmp_path / "data")
    words = [c.value for sheet in openpyxl.load_workbook(io.BytesIO(one(blanks))) for line in sheet for c in line]
    assert any("SỐ LIỆU MINH HỌA" in str(each) for each in words)


def test_after_the_reform_the_new_units_have_forms(blanks):
    wanted = blanks.of_all(Period.parse("2025-07"))
    communes = {each.unit for each in wanted if each.form == "monthly"}
    assert len(communes) == 36
    assert all(each.endswith(".2025") for each in communes)
    assert [(each.form, each.unit, str(each.period)) for each in wanted if each.unit not in communes] == [
        ("provincial", "79", "2025")
    ]
    assert len(blanks.made(wanted[:2], True)) == 2


def test_the_command_line_writes_one_form_a_districts_or_everybodys(tmp_path):
    data = tmp_path / "data"
    commands.load(data, [written(MONTHLY, tmp_path)], commands.Arrivals(datetime(2024, 6, 15)))

    def call(*arguments: object) -> int:
        asked = ["--data", data, "form", "monthly", "--period", "2024-07", "--prefilled", *arguments]
        return command_line.main([str(each) for each in asked])

    assert call("--unit", COMMUNE, tmp_path / "one.xlsx") == 0
    assert values(reading_of((tmp_path / "one.xlsx").read_bytes()))[COMMUNE]
    assert call("--district", "724", tmp_path / "some.zip") == 0
    assert len(zipfile.ZipFile(tmp_path / "some.zip").namelist()) == len(JUNE.below["724"])
    assert call("--district", "no", tmp_path / "none.zip") == 2
    assert call("--unit", "724", tmp_path / "none.xlsx") == 2
