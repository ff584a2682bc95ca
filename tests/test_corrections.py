"""What the office does about a file that is not right: send it back marked, remember a spelling, map its headings."""

import csv
import json
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from made import COMMUNE, JUNE, MONTHLY, Row, filled, place, read, typed_over, values, written
from openpyxl.drawing.image import Image

from data_ingest import __main__ as command_line
from data_ingest import commands
from data_ingest.form import write_form
from data_ingest.versions import versions
from metrics.core.ledger import Ledger
from warehouse.period import Period
from warehouse.store import current

TABLE = "Khu ấp"


def call(*arguments: object) -> int:
    return command_line.main([str(each) for each in arguments])


def wrong(book: openpyxl.Workbook) -> None:
    """Two cells that block, one that is noted, one that is right."""
    sheet = book[TABLE]
    row, column = place(sheet, "Số hộ có ví điện tử")
    sheet.cell(row + 2, column).value = "nhiều"
    sheet.cell(row + 3, column).value = -3
    sheet.cell(row + 4, column).value = "1.0"
    sheet.cell(row + 2, column + 30).value = "=C16*2"
    book.create_sheet("Ghi nhớ")["A1"].value = "giữ nguyên"


def test_a_file_is_sent_back_with_its_wrong_cells_red_and_nothing_else_changed(tmp_path):
    path = typed_over(tmp_path, wrong)
    assert call("check", path, "--return", tmp_path / "back", "--data", tmp_path / "data") == 1
    was, now = openpyxl.load_workbook(path), openpyxl.load_workbook(tmp_path / "back" / path.name)
    assert now.sheetnames == was.sheetnames
    problems = {(each.sheet, each.cell): each for each in read(path).problems if each.cell}
    marked = set()
    for sheet in was:
        for line in sheet.iter_rows():
            for cell in line:
                other = now[sheet.title][cell.coordinate]
                assert other.value == cell.value  # formulas too
                if other.comment:
                    marked.add((sheet.title, cell.coordinate))
                    assert problems[sheet.title, cell.coordinate].told("vi") in other.comment.text
                else:
                    assert other.fill.start_color.rgb == cell.fill.start_color.rgb
                assert other.number_format == cell.number_format
    assert marked == set(problems)
    colours = {now[sheet][cell].fill.start_color.rgb[-6:] for (sheet, cell), p in problems.items() if p.blocks}
    assert colours == {"FFB3AB"}


def test_a_marked_file_that_is_mended_loads(tmp_path):
    path = typed_over(tmp_path, wrong)
    data = tmp_path / "data"
    assert call("load", path, "--return", tmp_path / "back", "--data", data) == 1
    book = openpyxl.load_workbook(tmp_path / "back" / path.name)
    row, column = place(book[TABLE], "Số hộ có ví điện tử")
    for line in range(row + 2, row + 5):
        book[TABLE].cell(line, column).value = 20
    book.save(tmp_path / "mended.xlsx")
    assert call("load", tmp_path / "mended.xlsx", "--data", data) == 0


def test_a_picture_that_cannot_be_kept_is_named(tmp_path, capsys):
    path = typed_over(tmp_path, wrong)
    with_shape(path)
    call("check", path, "--return", tmp_path / "back", "--data", tmp_path / "data")
    assert "không giữ được: 1 sơ đồ" in capsys.readouterr().out


def with_shape(path: Path) -> None:
    """Add a part that the library does not write again."""
    import zipfile

    with zipfile.ZipFile(path, "a") as book:
        book.writestr("xl/diagrams/data1.xml", "<x/>")


def test_a_picture_that_can_be_kept_is_kept(tmp_path, capsys):
    def with_picture(book: openpyxl.Workbook) -> None:
        wrong(book)
        icon = Path(__file__).parent.parent / "static" / "icon.png"
        book[TABLE].add_image(Image(icon), "AH2")

    path = typed_over(tmp_path, with_picture)
    call("check", path, "--return", tmp_path / "back", "--data", tmp_path / "data")
    assert "không giữ được" not in capsys.readouterr().out
    assert len(openpyxl.load_workbook(tmp_path / "back" / path.name)[TABLE]._images) == 1


def test_of_a_text_file_a_marked_workbook_is_written(tmp_path):
    rows = openpyxl.load_workbook(typed_over(tmp_path, wrong), data_only=True)[TABLE].iter_rows(values_only=True)
    with (tmp_path / "x.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows(rows)
    call("check", tmp_path / "x.csv", "--return", tmp_path / "back", "--data", tmp_path / "data")
    sheet = openpyxl.load_workbook(tmp_path / "back" / "x.xlsx").worksheets[0]
    assert [cell.value for line in sheet.iter_rows() for cell in line if cell.comment and "✕" in cell.comment.text] == [
        "nhiều", "-3",
    ]  # fmt: skip


def test_the_original_is_never_written_over(tmp_path, capsys):
    path = typed_over(tmp_path, wrong)
    before = path.read_bytes()
    assert call("check", path, "--return", tmp_path, "--data", tmp_path / "data") == 2
    assert path.read_bytes() == before
    assert "thư mục khác" in capsys.readouterr().err


def test_a_file_without_problems_is_not_sent_back(tmp_path):
    call("check", written(MONTHLY, tmp_path), "--return", tmp_path / "back", "--data", tmp_path / "data")
    assert not (tmp_path / "back").exists() or not list((tmp_path / "back").iterdir())


# Versions


def changed(tmp_path: Path, name: str, **changes: object) -> Path:
    first, *others = filled(MONTHLY).rows
    write_form(MONTHLY, filled(MONTHLY, rows=(Row(first.name, {**first.values, **changes}), *others)), tmp_path / name)
    return tmp_path / name


def test_what_changed_between_versions_is_listed_cell_by_cell(tmp_path, capsys):
    data = tmp_path / "data"
    commands.load(data, [changed(tmp_path, "1.xlsx")], commands.Arrivals(datetime(2024, 6, 15)))
    commands.load(data, [changed(tmp_path, "2.xlsx", households_e_wallet=-1)], commands.Arrivals(datetime(2024, 6, 16)))
    commands.load(
        data,
        [changed(tmp_path, "3.xlsx", households_e_wallet=19, people=None)],
        commands.Arrivals(datetime(2024, 6, 17)),
    )
    told = versions(current(data), COMMUNE, "2024-06")
    assert [each.status.en for each in told] == ["superseded", "blocked", "stands"]
    assert [(c.field, c.sheet, c.cell, c.before, c.after) for c in told[2].changes] == [
        ("people", TABLE, "D16", filled(MONTHLY).rows[0].values["people"], None),
        ("households_e_wallet", TABLE, "N16", 20, 19),
    ]
    assert call("versions", "--unit", COMMUNE, "--period", "2024-06", "--data", data) == 0
    assert "Khu ấp › N16" in capsys.readouterr().out


def test_loading_a_resubmission_says_what_it_changes(tmp_path, capsys):
    data = tmp_path / "data"
    call("load", changed(tmp_path, "1.xlsx"), "--received", "2024-06-15", "--data", data)
    call("load", changed(tmp_path, "2.xlsx", households_e_wallet=19), "--received", "2024-06-16", "--data", data)
    assert "Khu ấp › N16: Khu phố 1, “Số hộ có ví điện tử”: 20 → 19" in capsys.readouterr().out


# Spellings


def test_a_spelling_once_confirmed_lets_in_what_waited_and_what_comes(tmp_path):
    data, name = tmp_path / "data", "Phường Bình Annn"
    first = written(MONTHLY, tmp_path, unit_name=name, unit_code="")
    assert call("load", first, "--data", data) == 1
    assert call("spelling", name, "--unit", COMMUNE, "--data", data) == 0
    second = written(MONTHLY, tmp_path, unit_name=name, unit_code="", period=Period.parse("2024-07"))
    assert call("load", second, "--data", data) == 0
    assert len(Ledger.open(current(data)).months) == 2


@pytest.mark.parametrize(("name", "unit"), [("Phường Bình Annn", "x"), ("Phường An Bình", COMMUNE)])
def test_a_spelling_of_nobody_or_of_somebody_else_is_refused(name, unit, tmp_path):
    assert call("spelling", name, "--unit", unit, "--data", tmp_path / "data") == 2


# Mappings


def foreign(path: Path, period: str = "THÁNG 6 NĂM 2024", households: int = 500) -> Path:
    """A district's own table: other headings, in two rows, and a column that nobody asked for."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["A1"] = "UBND THÀNH PHỐ DĨ AN"
    sheet["A3"] = f"TỔNG HỢP CHUYỂN ĐỔI SỐ CỘNG ĐỒNG {period}"
    sheet.append([])
    sheet.append(["TT", "Phường", "Hộ gia đình", None, None, "Cán bộ theo dõi"])
    sheet.append([None, None, "Số hộ gia đình", "Hộ dùng ví", "Hộ có VNeID", None])
    sheet.merge_cells("C5:E5")
    for column in "ABF":
        sheet.merge_cells(f"{column}5:{column}6")
    for number, unit in enumerate(JUNE.below["724"], start=1):
        sheet.append([number, JUNE.full_name[unit], households + number, 100 + number, 200, "…"])
    book.save(path)
    return path


def test_a_foreign_table_loads_by_itself_once_its_mapping_is_confirmed(tmp_path, capsys):
    data = tmp_path / "data"
    assert call("load", foreign(tmp_path / "a.xlsx"), "--data", data) == 1  # unknown, and kept
    assert call("map", tmp_path / "a.xlsx", "--out", tmp_path / "di-an.toml", "--data", data) == 0
    proposal = (tmp_path / "di-an.toml").read_text(encoding="utf-8")
    assert 'households = "Hộ gia đình – Số hộ gia đình"' in proposal
    assert 'rows = "commune"' in proposal
    chosen = proposal.replace(
        '# ??? = "Hộ gia đình – Hộ dùng ví"', 'households_e_payment_any = "Hộ gia đình – Hộ dùng ví"'
    )
    (tmp_path / "di-an.toml").write_text(chosen, encoding="utf-8")
    assert call("map", tmp_path / "di-an.toml", "--confirm", "--data", data) == 0
    assert call("load", foreign(tmp_path / "b.xlsx", "THÁNG 7 NĂM 2024", 600), "--data", data) == 0
    results = Ledger.open(current(data)).results(Period.parse("2024-07"))
    found = results[(results.indicator == "e_wallet_household_share") & (results.unit == "724")].iloc[0]
    count = len(JUNE.below["724"])
    assert found.denominator == sum(600 + n for n in range(1, count + 1))
    assert found.numerator == sum(100 + n for n in range(1, count + 1))
    june = Ledger.open(current(data)).results(Period.parse("2024-06"))
    assert june[(june.indicator == "e_wallet_household_share") & (june.unit == "724")].denominator.iloc[0] > 0


@pytest.mark.parametrize("text", ["form = ", 'form = "monthly"\n', "kinds = [1]\npart = []\n"])
def test_a_mapping_that_cannot_be_used_is_refused(text, tmp_path):
    (tmp_path / "m.toml").write_text(text, encoding="utf-8")
    assert call("map", tmp_path / "m.toml", "--confirm", "--data", tmp_path / "data") == 2


def test_a_mapping_of_an_unknown_figure_is_refused(tmp_path):
    call("map", foreign(tmp_path / "a.xlsx"), "--out", tmp_path / "m.toml", "--data", tmp_path / "data")
    text = (tmp_path / "m.toml").read_text(encoding="utf-8").replace("households =", "number_of_cats =")
    (tmp_path / "m.toml").write_text(text, encoding="utf-8")
    assert call("map", tmp_path / "m.toml", "--confirm", "--data", tmp_path / "data") == 2


def test_our_own_forms_are_read_as_before_beside_a_mapping(tmp_path):
    data = tmp_path / "data"
    call("map", foreign(tmp_path / "a.xlsx"), "--out", tmp_path / "m.toml", "--data", data)
    assert call("map", tmp_path / "m.toml", "--confirm", "--data", data) == 0
    own = written(MONTHLY, tmp_path)
    ((_, (reading,)),) = commands.check(data, [own])
    assert (reading.template, values(reading)) == (MONTHLY.id, values(read(own)))


def test_check_tells_other_programs_the_same_as_people(tmp_path, capsys):
    path = typed_over(tmp_path, wrong)
    call("check", path, "--json", "--data", tmp_path / "data")
    (told,) = json.loads(capsys.readouterr().out)
    assert {each["cell"] for each in told["problems"] if each["blocks"]} == {"N16", "N17"}
    assert not told["accepted"]
