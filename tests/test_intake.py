"""From a workbook to facts: what is filled in is read back, whatever people do to it, and nothing is half-loaded."""

import csv
import json
import unicodedata
from dataclasses import replace
from datetime import datetime
from functools import partial
from io import BytesIO
from pathlib import Path

import duckdb
import openpyxl
import pytest
from made import COMMUNE, DISTRICT, EVERY_TEMPLATE, JUNE, MONTHLY, UNITS, filled, kinds, read, written

from data_ingest import __main__ as command_line
from data_ingest import commands
from data_ingest.archive import Archive
from data_ingest.build import build
from data_ingest.form import Row, write_form
from data_ingest.names import bare
from data_ingest.problems import KINDS, Problem
from language import LANGUAGES
from warehouse.fields import FIELDS
from warehouse.period import Period
from warehouse.store import Engine, current


@EVERY_TEMPLATE
@pytest.mark.parametrize(
    "printed", [str, partial(unicodedata.normalize, "NFD"), str.upper], ids=["NFC", "NFD", "capitals"]
)
def test_filled_in_and_read_back_it_is_the_same(template, printed, tmp_path):
    filling = filled(template)
    reading = read(written(template, tmp_path, printed=printed))
    assert reading.problems == []
    assert (reading.template, reading.unit, reading.period) == (template.id, filling.unit_code, str(filling.period))
    own = [row for row in reading.rows if row.row is None]
    texts = {field for field, value in filling.values.items() if FIELDS[field].kind == "text"}
    assert {f: v for f, v in own[0].values.items() if f not in texts} == {
        f: v for f, v in filling.values.items() if f not in texts
    }
    assert [row.values for row in reading.rows if row.row] == [row.values for row in filling.rows]


@EVERY_TEMPLATE
def test_every_number_leads_back_to_its_cell(template, tmp_path):
    path = written(template, tmp_path)
    book = openpyxl.load_workbook(path)
    for row in read(path).rows:
        for field, cell in row.cells.items():
            said = book[row.sheet][cell].value
            assert {"Có": 1}.get(said, said) == row.values[field]


@EVERY_TEMPLATE
def test_a_blank_form_is_said_to_be_blank(template, tmp_path):
    rows = tuple(Row(row.name) for row in filled(template).rows)
    assert "blank_form" in kinds(read(written(template, tmp_path, rows=rows, values={})))


@EVERY_TEMPLATE
def test_labels_are_locked_and_cells_to_fill_in_are_open_and_checked_in_vietnamese(template, tmp_path):
    path = written(template, tmp_path)
    book = openpyxl.load_workbook(path)
    for sheet in book:
        assert sheet.protection.sheet
        for check in sheet.data_validations.dataValidation:
            assert "để trống" in check.error
    row = read(path).rows[0]
    assert not any(book[row.sheet][cell].protection.locked for cell in row.cells.values())
    assert book[row.sheet]["A5"].protection.locked


def test_the_invented_are_marked_in_the_file_itself(tmp_path):
    for sheet in openpyxl.load_workbook(written(MONTHLY, tmp_path)):
        assert any("KHÔNG PHẢI SỐ LIỆU THẬT" in str(cell.value) for row in sheet.iter_rows() for cell in row)


@pytest.mark.parametrize("line", ["Cộng khu phố 1-2", "Tổng số", "Cộng:"])
def test_a_line_of_subtotals_inside_the_table_is_compared_and_not_loaded(line, tmp_path):
    rows = filled(MONTHLY).rows
    subtotal = Row(line, {field: 2 * value for field, value in rows[0].values.items()})
    reading = read(written(MONTHLY, tmp_path, rows=(*rows[:2], subtotal, *rows[2:])))
    assert len([row for row in reading.rows if row.row]) == len(rows)
    assert reading.accepted


def test_a_total_that_does_not_add_up_is_noted_with_its_cell(tmp_path):
    path = written(MONTHLY, tmp_path)
    book = openpyxl.load_workbook(path)
    sheet = book["Khu ấp"]
    (row,) = [line[1].row for line in sheet.iter_rows() if line[1].value == "Tổng cộng"]
    sheet.cell(row, 3).value = 7
    for column in range(4, sheet.max_column + 1):
        sheet.cell(row, column).value = None
    book.save(path)
    (problem,) = read(path).problems
    assert (problem.kind, problem.cell, problem.given, problem.blocks) == ("total_differs", f"C{row}", "7", False)


def changed(tmp_path: Path, sheet: str, label: str, value: object, below: int = 2) -> tuple[Path, str]:
    """A good form in which one cell was typed over: the one right of, or `below`, a label."""
    path = written(MONTHLY, tmp_path)
    book = openpyxl.load_workbook(path)
    (place,) = [cell for row in book[sheet].iter_rows() for cell in row if cell.value == label]
    cell = book[sheet].cell(place.row + below, place.column) if below else book[sheet].cell(place.row, 4)
    cell.value = value
    book.save(path)
    return path, cell.coordinate


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("nhiều", "not_a_number"), (-4, "negative"), (2.5, "not_whole"), ("12,5", "not_whole"),
        ("#REF!", "formula_error"), (10_000, "part_above_whole"), (10_000_000, "too_large"),
    ],
)  # fmt: skip
def test_a_wrong_cell_blocks_its_report_and_is_named(value, kind, tmp_path):
    path, cell = changed(tmp_path, "Khu ấp", "Số hộ có ví điện tử", value)
    reading = read(path)
    problem = next(each for each in reading.problems if each.kind == kind)
    assert (problem.sheet, problem.cell, reading.accepted) == ("Khu ấp", cell, False)
    assert all(cell in problem.says(language) for language in LANGUAGES)


def test_one_blocking_cell_does_not_hide_the_others(tmp_path):
    rows = filled(MONTHLY).rows
    wrong = [replace(row, values={**row.values, "people": "?", "households_e_wallet": -1}) for row in rows]
    assert len([p for p in read(written(MONTHLY, tmp_path, rows=tuple(wrong))).problems if p.blocks]) == 2 * len(rows)


def test_an_error_that_the_fast_reader_takes_for_a_blank_is_a_problem(tmp_path):
    path, cell = changed(tmp_path, "Đội cấp xã", "Số thành viên Đội", None, below=0)
    book = openpyxl.load_workbook(path)
    book["Đội cấp xã"][cell].value = "#DIV/0!"
    book["Đội cấp xã"][cell].data_type = "e"
    book.save(path)
    problem = next(each for each in read(path).problems if each.kind == "formula_error")
    assert (problem.cell, problem.given) == (cell, "#DIV/0!")


@pytest.mark.parametrize(
    ("name", "code", "kind", "unit"),
    [
        ("Phường Bình An, Thành phố Dĩ An", "", "", COMMUNE),
        ("P. Bình An", "", "", COMMUNE),
        ("phuong binh an", "", "", COMMUNE),
        ("", COMMUNE, "", COMMUNE),
        ("Phường Tân Bình, TP. Dĩ An", "", "", "25945"),
        ("Phường Bình Ann", "", "unknown_unit", ""),
        ("An Bình", "", "ambiguous_unit", ""),
        ("Phường Tân Bình", COMMUNE, "unit_code_differs", COMMUNE),
    ],
)
def test_the_unit_is_known_by_code_or_name_and_never_guessed(name, code, kind, unit, tmp_path):
    reading = read(written(MONTHLY, tmp_path, unit_name=name, unit_code=code))
    assert reading.unit == unit
    assert kinds(reading) & {"unknown_unit", "ambiguous_unit", "unit_code_differs"} == ({kind} if kind else set())


def test_a_misspelt_unit_is_offered_the_nearest_name(tmp_path):
    reading = read(written(MONTHLY, tmp_path, unit_name="Phường Bình Ann", unit_code=""))
    (problem,) = [each for each in reading.problems if each.kind == "unknown_unit"]
    assert "Phường Bình An, Thành phố Dĩ An" in problem.says("vi")


@pytest.mark.parametrize("unit", [u for u in UNITS[(UNITS.level == "commune") & UNITS.until.notna()].unit.unique()])
def test_every_commune_is_found_by_its_printed_title(unit):
    assert JUNE.find(JUNE.title(unit), "commune") == [unit]


@pytest.mark.parametrize(
    ("written_name", "expected"),
    [
        ("P. Phú Lợi", "phu loi"),
        ("TT Lai Uyên", "lai uyen"),
        ("Ấp 2", "2"),
        ("KP.3", "3"),
        ("TP. Thủ Dầu Một", "thu dau mot"),
    ],
)
def test_a_name_is_the_same_with_and_without_its_type(written_name, expected):
    assert bare(written_name)[0] == bare(expected)[0]


def test_khu_ap_that_are_missing_are_noted_and_unknown_ones_block(tmp_path):
    rows = filled(MONTHLY).rows
    reading = read(written(MONTHLY, tmp_path, rows=rows[:-1]))
    assert kinds(reading) == {"hamlet_missing"}
    assert reading.accepted
    strange = (*rows[:-1], replace(rows[-1], name="Khu phố 99"))
    assert not read(written(MONTHLY, tmp_path, rows=strange)).accepted
    assert "hamlet_twice" in kinds(read(written(MONTHLY, tmp_path, rows=(*rows, rows[0]))))


def test_an_unknown_form_is_told_what_was_looked_for_and_what_was_found(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["Thống kê khám chữa bệnh"])
    book.active.append(["Mã cơ sở", "Số lượt"])
    book.save(tmp_path / "other.xlsx")
    (problem,) = read(tmp_path / "other.xlsx").problems
    assert problem.kind == "unknown_form"
    for language in LANGUAGES:
        assert MONTHLY.mark in problem.says(language)
        assert "Thống kê khám chữa bệnh" in problem.says(language)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("empty.xlsx", b""), ("text.xlsx", b"hello"), ("cut.xlsx", b"PK\x03\x04 and no more"),
        ("page.xls", b"<html></html>"),
        ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 60), ("latin.csv", b"t\xeat;1\n"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_workbook_is_told_and_does_not_stop_the_others(name, data, tmp_path):
    (tmp_path / name).write_bytes(data)
    reading = read(tmp_path / name)
    assert kinds(reading) - {"encoding"} in ({"unreadable"}, {"unknown_form"})
    assert not reading.accepted


@pytest.mark.parametrize("kind", KINDS)
def test_every_problem_says_what_to_do_in_both_languages(kind):
    import string

    names = {
        name for text in (KINDS[kind].says.vi, KINDS[kind].do.vi) for _, name, _, _ in string.Formatter().parse(text)
    }
    parts = {name: f"<{name}>" for name in names if name and name != "given"}
    problem = Problem(kind, "tệp.xlsx", "Khu ấp", "C12", "7", parts)
    for language in LANGUAGES:
        said = problem.says(language)
        assert said.startswith("tệp.xlsx › Khu ấp › C12: ")
        assert said.endswith(KINDS[kind].do[language])


# Archive and build


@pytest.fixture
def received(tmp_path) -> tuple[Path, Path]:
    """A data folder into which one good report has been loaded, and the report."""
    path = written(MONTHLY, tmp_path)
    data = tmp_path / "data"
    commands.load(data, [path], commands.Arrivals(datetime(2024, 6, 15)))
    return data, path


def ask(data: Path, sql: str) -> list[tuple]:
    with duckdb.connect(str(current(data)), read_only=True) as con:
        return con.execute(sql).fetchall()


def test_a_file_is_kept_unchanged_under_its_hash(received):
    data, path = received
    (receipt,) = Archive(data).receipts()
    assert Archive(data).path(receipt).read_bytes() == path.read_bytes()
    assert receipt.received_at == datetime(2024, 6, 15)


def test_the_same_file_twice_is_one_receipt_and_said(received, capsys):
    data, path = received
    assert command_line.main(["--data", str(data), "load", str(path)]) == 0
    assert len(Archive(data).receipts()) == 1
    assert "đã nhận từ trước" in capsys.readouterr().out


def test_a_build_in_which_nothing_changed_reads_nothing(received):
    data, _ = received
    before = current(data)
    assert build(data).read == 0
    assert current(data) == before


def test_a_new_file_is_read_and_the_others_are_reused(received, tmp_path):
    data, _ = received
    later = filled(MONTHLY, period=Period.parse("2024-07"))
    write_form(MONTHLY, later, tmp_path / "july.xlsx")
    built = commands.load(data, [tmp_path / "july.xlsx"]).built
    assert (built.read, built.reused) == (1, 1)
    assert len(ask(data, "select distinct report from facts")) == 2


def test_reused_facts_equal_facts_read_anew(received, tmp_path):
    data, _ = received
    write_form(MONTHLY, filled(MONTHLY, period=Period.parse("2024-07")), tmp_path / "july.xlsx")
    commands.load(data, [tmp_path / "july.xlsx"], commands.Arrivals(datetime(2024, 7, 15)))
    grown = ask(data, "select * from facts order by all")
    for snapshot in data.glob("warehouse-*"):
        snapshot.unlink()
    build(data)
    assert ask(data, "select * from facts order by all") == grown


def test_the_warehouse_can_be_deleted_and_comes_back_the_same(received):
    data, _ = received
    before = ask(data, "select * from facts order by all")
    current(data).unlink()
    build(data)
    assert ask(data, "select * from facts order by all") == before


def test_a_resubmission_supersedes_and_the_earlier_version_stays(received, tmp_path):
    data, _ = received
    rows = filled(MONTHLY).rows
    better = (replace(rows[0], values={**rows[0].values, "households_e_wallet": 21}), *rows[1:])
    write_form(MONTHLY, filled(MONTHLY, rows=better), tmp_path / "again.xlsx")
    commands.load(data, [tmp_path / "again.xlsx"], commands.Arrivals(datetime(2024, 6, 20)))
    versions = ask(data, "select receipt, superseded_at is null from reports order by report")
    assert versions == [(1, False), (2, True)]


def test_a_blocked_report_leaves_no_fact_and_the_good_one_stands(received, tmp_path):
    data, _ = received
    rows = filled(MONTHLY).rows
    bad = (replace(rows[0], values={**rows[0].values, "households_e_wallet": -1}), *rows[1:])
    write_form(MONTHLY, filled(MONTHLY, rows=bad), tmp_path / "bad.xlsx")
    assert command_line.main(["load", str(tmp_path / "bad.xlsx"), "--data", str(data)]) == 1
    assert ask(data, "select distinct receipt from facts join reports using (report)") == [(1,)]
    assert ask(data, "select accepted, superseded_at is null from reports order by report") == [
        (True, True),
        (False, True),
    ]
    assert ask(data, "select kind, cell is not null from problems where blocks") == [("negative", True)]


def test_a_build_that_is_broken_off_leaves_the_old_one_serving(received, tmp_path, monkeypatch):
    data, _ = received
    before = current(data)
    write_form(MONTHLY, filled(MONTHLY, period=Period.parse("2024-07")), tmp_path / "july.xlsx")
    monkeypatch.setattr("data_ingest.build.keep", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        commands.load(data, [tmp_path / "july.xlsx"])
    assert current(data) == before
    monkeypatch.undo()
    assert build(data).read == 1


def test_a_receipt_cut_off_by_a_power_cut_is_none_and_the_next_is_whole(received, tmp_path):
    data, path = received
    with (data / "receipts.csv").open("ab") as file:
        file.write(b"2,abcdef,half")
    assert len(Archive(data).receipts()) == 1
    write_form(MONTHLY, filled(MONTHLY, period=Period.parse("2024-07")), tmp_path / "july.xlsx")
    commands.load(data, [tmp_path / "july.xlsx"])
    assert [each.receipt for each in Archive(data).receipts()] == [1, 2]


def test_readers_are_not_locked_out_by_a_build(received, tmp_path):
    data, _ = received
    reader = duckdb.connect(str(current(data)), read_only=True)
    write_form(MONTHLY, filled(MONTHLY, period=Period.parse("2024-07")), tmp_path / "july.xlsx")
    commands.load(data, [tmp_path / "july.xlsx"])
    assert reader.execute("select count(distinct report) from facts").fetchone() == (1,)
    assert ask(data, "select count(distinct report) from facts") == [(2,)]


# The command line


def test_check_tells_everything_as_json_and_keeps_nothing(tmp_path, capsys):
    path, cell = changed(tmp_path, "Khu ấp", "Số hộ có ví điện tử", "nhiều")
    assert command_line.main(["check", str(path), "--json", "--data", str(tmp_path / "data")]) == 1
    (said,) = json.loads(capsys.readouterr().out)
    assert said["accepted"] is False
    problem = next(each for each in said["problems"] if each["cell"] == cell)
    assert {"file", "sheet", "cell", "given", "vi", "en"} <= problem.keys()
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_path_that_is_not_there_is_told_and_ends_with_2(language, tmp_path, capsys):
    call = ["--language", language, "--data", str(tmp_path / "d"), "load", str(tmp_path / "none.xlsx")]
    assert command_line.main(call) == 2
    assert "none.xlsx" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "unit", "period"),
    [
        ("monthly", COMMUNE, "2024-06"),
        ("monthly", COMMUNE, "2023-11"),
        ("periodic", DISTRICT, "2024-Q2"),
        ("periodic", DISTRICT, "plan"),
    ],
)
def test_a_blank_form_is_prefilled_with_unit_period_and_khu_ap(name, unit, period, tmp_path):
    out = tmp_path / "form.xlsx"
    assert command_line.main(["form", name, "--unit", unit, "--period", period, str(out), "--data", str(tmp_path)]) == 0
    reading = read(out)
    assert (reading.unit, reading.period) == (unit, period)
    assert kinds(reading) == {"blank_form"}


@pytest.mark.parametrize(
    ("name", "unit", "period"),
    [
        ("monthly", DISTRICT, "2024-06"),
        ("monthly", COMMUNE, "2024-Q2"),
        ("weekly", COMMUNE, "2024-06"),
        ("monthly", "x", "2024-06"),
    ],
)
def test_a_form_that_cannot_be_is_told_and_ends_with_2(name, unit, period, tmp_path, capsys):
    call = ["form", name, "--unit", unit, "--period", period, str(tmp_path / "o.xlsx"), "--data", str(tmp_path)]
    assert command_line.main(call) == 2
    assert capsys.readouterr().err


def test_when_files_came_is_read_from_the_book_of_incoming_mail(tmp_path):
    path = written(MONTHLY, tmp_path)
    with (tmp_path / "received.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(
            [["file", "received_at", "sender"], [path.name, "2024-06-17 09:00:00", "Phường Bình An"]]
        )
    data = tmp_path / "data"
    command_line.main(["load", str(path), "--received", str(tmp_path / "received.csv"), "--data", str(data)])
    (receipt,) = Archive(data).receipts()
    assert (receipt.received_at, receipt.sender) == (datetime(2024, 6, 17, 9), "Phường Bình An")


def test_the_form_can_be_made_in_memory():
    out = BytesIO()
    write_form(MONTHLY, filled(MONTHLY), out)
    assert openpyxl.load_workbook(BytesIO(out.getvalue())).sheetnames == ["Đội cấp xã", "Khu ấp"]


def test_before_the_first_report_there_is_a_warehouse_of_units_and_of_what_is_owed(tmp_path):
    engine = Engine.open(build(tmp_path).snapshot)
    counted = "select (select count(*) from units) units, (select count(*) from expected) owed from about limit 1"
    (row,) = engine.query(counted).itertuples(index=False)
    assert row.units > 100
    assert row.owed > 1000
    assert engine.query("select * from receipts").empty
