"""Counts only: what tells of a person in a file never reaches the data folder, and is said to have been left out."""

import csv
import os
import random
import signal
import subprocess
import sys
import unicodedata
import zipfile
from datetime import datetime
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape

import duckdb
import openpyxl
import pytest
from made import EVERY_TEMPLATE, MONTHLY, NAMES, filled, place, read, typed_over, values, written
from openpyxl.comments import Comment
from test_hostile import locked
from test_tolerance import to_tcvn3, to_vni

from data_ingest import __main__ as command_line
from data_ingest import archive as archives
from data_ingest import commands
from data_ingest.archive import Archive
from data_ingest.clean import clean
from data_ingest.form import Row
from data_ingest.personal import announces
from data_ingest.reading import read_bytes
from data_ingest.suspect import suspect
from language import LANGUAGES
from language.persons import MASK, is_name, masked
from warehouse.receipts import Receipts
from warehouse.store import current

ROOT = Path(__file__).parent.parent
PEOPLE = ["Nguyễn Văn Ẩn", "Trần Thị Bích", "Lê Hoàng Cường", "Phạm Dũng", "Y Bhiu Niê", "Võ Thị Em"]
SIGNS, TOLD = "Đặng Thị Ký", "Bùi Văn Khó"
PHONES = [f"09876543{n}1" for n in range(6)]
CITIZENS = [f"07409900123{n}" for n in range(6)]
BORN = [f"1{n}/02/1987" for n in range(6)]
SECRETS = [
    *PEOPLE,
    SIGNS,
    TOLD,
    *PHONES,
    *CITIZENS,
    *BORN,
    "0912 345 678",
    "mai.tran@gmail.com",
    "Hồ Văn Chú",
    "281234567",
]
COLUMNS = {"Họ và tên trưởng khu": PEOPLE, "SĐT": PHONES, "Số CCCD": CITIZENS, "Ngày sinh": BORN}
TABLE, LIST = "Khu ấp", "Đội cấp xã"


def add_persons(book: openpyxl.Workbook) -> None:
    """What units put beside their counts: columns of persons, a narrative, a signature; a comment, a hidden sheet."""
    table, own = book[TABLE], book[LIST]
    row, _ = place(table, "Khu phố, ấp")
    first, right = place(table, filled(MONTHLY).rows[0].name)[0], table.max_column
    for number, (heading, told) in enumerate(COLUMNS.items(), start=1):
        table.cell(row, right + number).value = heading
        for below, each in enumerate(told[: len(filled(MONTHLY).rows)]):
            table.cell(first + below, right + number).value = each
    row, column = place(own, "Khó khăn, vướng mắc")
    own.cell(row, column + 1).value = f"Ông {TOLD} gọi số 0912 345 678, CMND 281234567, hỏi mai.tran@gmail.com."
    row, column = place(own, "(Ký tên, đóng dấu)")
    own.cell(row + 4, column).value = SIGNS


def add_around(book: openpyxl.Workbook) -> None:
    book[TABLE].cell(*place(book[TABLE], filled(MONTHLY).rows[0].name)).comment = Comment(
        "Hỏi anh Hồ Văn Chú, 0912 345 678", "Hồ Văn Chú"
    )
    hidden = book.create_sheet("Danh sách")
    hidden.append(["Họ và tên", "Điện thoại"])
    for each in zip(PEOPLE, PHONES, strict=True):
        hidden.append(each)
    hidden.sheet_state = "hidden"


def with_persons(folder: Path, suffix: str) -> Path:
    """A good report with persons in it, in some format."""
    path = typed_over(folder, lambda book: (add_persons(book), suffix.startswith("xls") and add_around(book)))
    return {"csv": as_csv, "ods": as_ods}.get(suffix, lambda path: path.rename(path.with_suffix(f".{suffix}")))(path)


def lines(path: Path) -> list[list[list]]:
    book = openpyxl.load_workbook(path)
    return [[[cell.value for cell in line] for line in sheet.iter_rows()] for sheet in book]


def as_csv(path: Path) -> Path:
    with (out := path.with_suffix(".csv")).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows(line for sheet in lines(path) for line in sheet)
    return out


def as_ods(path: Path) -> Path:
    """As small as a spreadsheet in that format can be."""
    names = openpyxl.load_workbook(path).sheetnames

    def cell(value: object) -> str:
        if value is None:
            return "<table:table-cell/>"
        kind = f'office:value-type="float" office:value="{value}"'
        kind = 'office:value-type="string"' if isinstance(value, str) else kind
        return f"<table:table-cell {kind}><text:p>{escape(str(value))}</text:p></table:table-cell>"

    tables = "".join(
        f'<table:table table:name="{name}">'
        + "".join(f"<table:table-row>{''.join(map(cell, line))}</table:table-row>" for line in sheet)
        + "</table:table>"
        for name, sheet in zip(names, lines(path), strict=True)
    )
    space = "urn:oasis:names:tc:opendocument:xmlns"
    head = " ".join(f'xmlns:{each}="{space}:{each}:1.0"' for each in ("office", "table", "text"))
    body = f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
    with zipfile.ZipFile(out := path.with_suffix(".ods"), "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        book.writestr("content.xml", f"<office:document-content {head}>{body}</office:document-content>")
        book.writestr("META-INF/manifest.xml", '<manifest xmlns="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>')
    return out


def everything_in(folder: Path) -> str:
    """Every byte of a folder as text, zips unpacked and databases opened, and the names of the files."""
    told = []
    for path in (each for each in folder.rglob("*") if each.is_file()):
        told += [path.name, *_texts(path.read_bytes())]
        if path.suffix == ".duckdb":
            with duckdb.connect(str(path), read_only=True) as con:
                tables = [name for (name,) in con.execute("select table_name from duckdb_tables()").fetchall()]
                told += [str(con.execute(f"select * from {name}").fetchall()) for name in tables]
    return unicodedata.normalize("NFC", "\n".join(told))


def _texts(data: bytes) -> list[str]:
    told = [data.decode("utf-8", "ignore"), data.decode("utf-16-le", "ignore"), data.decode("latin-1")]
    if data.startswith(b"PK"):
        book = zipfile.ZipFile(BytesIO(data))
        told += [text for name in book.namelist() for text in _texts(book.read(name))]
    return told


def found_in(text: str, secrets: list[str] = SECRETS) -> list[str]:
    return [each for each in secrets if each in text]


def call(*arguments: object) -> int:
    return command_line.main([str(each) for each in arguments])


# Not stored, and said


@pytest.mark.parametrize("suffix", ["xlsx", "xlsm", "ods", "csv"])
def test_no_personal_value_of_a_file_reaches_the_data_folder(suffix, tmp_path, capfd, caplog):
    path, data = with_persons(tmp_path, suffix), tmp_path / "data"
    assert len(found_in(everything_in(tmp_path))) > 15  # they would be seen
    assert call("load", path, "--return", tmp_path / "back", "--received", "2024-06-15", "--data", data) == 0
    call("check", path, "--json", "--data", data)
    call("status", "--data", data)
    out, err = capfd.readouterr()
    for place_of in (everything_in(data), everything_in(tmp_path / "back"), out, err, caplog.text):
        assert found_in(place_of) == []
    assert "Không được lưu" in err or "không được lưu" in err


@pytest.mark.parametrize("suffix", ["xlsx", "xlsm", "ods", "csv"])
def test_the_counts_beside_them_are_read_from_the_same_cells(suffix, tmp_path):
    path, data = with_persons(tmp_path, suffix), tmp_path / "data"
    commands.load(data, [path], commands.Arrivals(datetime(2024, 6, 15)))
    (receipt,) = Archive(data).receipts()
    (kept,), (came,) = (read_bytes(each.read_bytes(), "x", NAMES) for each in (Archive(data).path(receipt), path))
    assert values(kept) == values(came)
    assert len(values(kept)) > 1
    assert [row.cells for row in kept.rows] == [row.cells for row in came.rows]


def test_formats_formulas_and_every_other_cell_of_a_workbook_stay(tmp_path):
    path = with_persons(tmp_path, "xlsx")
    copy = clean(path.read_bytes()).data
    before, after = (openpyxl.load_workbook(each) for each in (path, BytesIO(copy)))
    assert before.sheetnames == after.sheetnames
    changed = 0
    for sheet in before:
        assert sheet.merged_cells.ranges == after[sheet.title].merged_cells.ranges
        assert sheet.sheet_state == after[sheet.title].sheet_state
        for line in sheet.iter_rows():
            for cell in line:
                kept = after[sheet.title][cell.coordinate]
                assert (kept.number_format, kept.font.b, kept.fill.start_color.rgb) == (
                    cell.number_format, cell.font.b, cell.fill.start_color.rgb,
                )  # fmt: skip
                changed += kept.value != cell.value
    rows = len(filled(MONTHLY).rows)
    assert changed == 4 * rows + 2 + 2 * len(PEOPLE)  # columns, narrative and signature, the hidden sheet
    assert clean(copy).data is None


def test_shared_texts_that_no_cell_shows_any_more_are_gone(tmp_path):
    told = f"Ông {TOLD} gọi số 0912 345 678."
    filling = filled(MONTHLY)
    path = written(MONTHLY, tmp_path, values={**filling.values, "text_difficulties": told})
    assert "xl/sharedStrings.xml" in zipfile.ZipFile(path).namelist()
    assert suspect(path.read_bytes())
    copy = clean(path.read_bytes()).data
    assert found_in("\n".join(_texts(copy))) == []
    (reading,) = read_bytes(copy, "x", NAMES)
    assert reading.rows[0].values["text_difficulties"] == f"Ông {MASK} gọi số {MASK}."
    assert values(reading) == values(read(path))


def test_it_is_said_with_sheet_cells_and_count_in_both_languages_and_stays_said(tmp_path):
    path, data = with_persons(tmp_path, "xlsx"), tmp_path / "data"
    commands.load(data, [path], commands.Arrivals(datetime(2024, 6, 15)))
    for again in (False, True):
        if again:
            for each in data.glob("warehouse-*"):
                each.unlink()
            commands.build(data)
        with duckdb.connect(str(current(data)), read_only=True) as con:
            found = con.execute(
                "select kind, sheet, parts, blocks from problems where kind like 'personal%'"
            ).fetchall()
        assert {kind for kind, *_ in found} == {"personal_data", "personal_in_text", "personal_around"}
        assert not any(blocks for *_, blocks in found)
        assert {sheet for _, sheet, *_ in found} >= {TABLE, LIST, "Danh sách"}
    ((_, (reading,)),) = commands.check(data, [path])
    said = [each for each in reading.problems if each.kind.startswith("personal")]
    assert len(said) == len(found)
    for language, word in zip(LANGUAGES, ("Số điện thoại", "Telephone numbers"), strict=True):
        assert any(word in each.says(language) and "5 " in each.says(language) for each in said)


def test_the_marked_workbook_says_it_too(tmp_path):
    path = with_persons(tmp_path, "xlsx")
    call("load", path, "--return", tmp_path / "back", "--data", tmp_path / "data")
    book = openpyxl.load_workbook(tmp_path / "back" / path.name)
    comments = [cell.comment.text for sheet in book for line in sheet.iter_rows() for cell in line if cell.comment]
    assert any("không được lưu" in each for each in comments)


def test_the_same_file_twice_is_one_receipt_that_remembers_what_came(tmp_path, capsys):
    path, data = with_persons(tmp_path, "xlsx"), tmp_path / "data"
    for _ in range(2):
        call("load", path, "--received", "2024-06-15", "--data", data)
    assert "đã nhận từ trước" in capsys.readouterr().out
    (receipt,) = Archive(data).receipts()
    assert receipt.came == archives.hashlib.sha256(path.read_bytes()).hexdigest() != receipt.sha256
    call("status", "--data", data)
    assert "Lưu không kèm dữ liệu cá nhân: 1 tệp" in capsys.readouterr().out


@pytest.mark.parametrize("suffix", ["xlsx", "csv"])
def test_a_copy_that_was_lost_is_mended_by_sending_the_file_again(suffix, tmp_path):
    path, data = with_persons(tmp_path, suffix), tmp_path / "data"
    commands.load(data, [path])
    (receipt,) = Archive(data).receipts()
    Archive(data).path(receipt).unlink()
    commands.load(data, [path])
    assert Archive(data).receipts() == Receipts.of([receipt])
    assert Archive(data).is_whole(receipt)


def test_nothing_of_a_person_is_written_however_short_it_would_stay(tmp_path, monkeypatch):
    drafts = []
    replace = os.replace
    monkeypatch.setattr(
        archives.os, "replace", lambda old, new: (drafts.append(Path(old).read_bytes()), replace(old, new))
    )
    commands.load(tmp_path / "data", [with_persons(tmp_path, "xlsx")])
    assert drafts
    assert all(found_in("\n".join(_texts(each))) == [] for each in drafts)


ROUND = """
import sys
from pathlib import Path
from data_ingest import commands
commands.load(Path(sys.argv[1]), [Path(sys.argv[2])])
"""


@pytest.mark.skipif(os.name != "posix", reason="processes are killed as on Unix")
def test_killed_at_any_moment_no_person_is_in_the_data_folder(tmp_path):
    path, data, chance = with_persons(tmp_path, "xlsx"), tmp_path / "data", random.Random(5)
    for _ in range(8):
        running = subprocess.Popen([sys.executable, "-c", ROUND, str(data), str(path)], cwd=ROOT)
        try:
            running.wait(chance.uniform(0.5, 4))
        except subprocess.TimeoutExpired:
            running.send_signal(signal.SIGKILL)
            running.wait()
        assert not data.exists() or found_in(everything_in(data)) == []
        assert all(Archive(data).is_whole(each) for each in Archive(data).receipts())
    commands.load(data, [path])
    assert len(Archive(data).receipts()) == 1


def test_a_file_that_cannot_be_looked_through_is_not_kept_and_can_be_sent_again(tmp_path, capsys):
    data, path = tmp_path / "data", tmp_path / "danh sach.xlsx"
    whole = with_persons(tmp_path, "xlsx").read_bytes()
    for bad in (locked(), whole[:-500]):
        path.write_bytes(bad)
        assert call("load", path, "--data", data) == 1
        assert "không lưu tệp này" in capsys.readouterr().err
    path.write_bytes(locked())
    assert call("load", path, "--data", data) == 0
    assert "đã nhận từ trước" in capsys.readouterr().out
    assert [each.is_lost for each in Archive(data).receipts()] == [True, True]
    assert found_in(everything_in(data)) == []
    assert locked() not in [each.read_bytes() for each in (data / "archive").iterdir()]
    call("status", "--data", data)
    assert "không lưu: 2 tệp" in capsys.readouterr().out
    path.write_bytes(whole)
    assert call("load", path, "--data", data) == 0
    assert len(Archive(data).receipts()) == 3


def test_what_was_kept_before_is_found_when_it_is_asked_for(tmp_path, capsys, monkeypatch):
    data = tmp_path / "data"
    monkeypatch.setattr(archives, "suspect", lambda data: False)
    commands.load(data, [with_persons(tmp_path, "xlsx")])
    monkeypatch.undo()
    call("status", "--personal", "--data", data)
    assert "lưu từ trước: 1 tệp: report.xlsx" in capsys.readouterr().out


def test_a_list_of_receipts_from_before_is_read_and_goes_on(tmp_path):
    data, path = tmp_path / "data", with_persons(tmp_path, "xlsx")
    (tmp_path / "first").mkdir()
    commands.load(data, [written(MONTHLY, tmp_path / "first")])
    text = (data / "receipts.csv").read_text(encoding="utf-8")
    old = "\n".join(line.removesuffix(",came").removesuffix(",") for line in text.splitlines()) + "\n"
    (data / "receipts.csv").write_text(old, encoding="utf-8")
    commands.load(data, [path])
    assert (data / "receipts.csv").read_text(encoding="utf-8").startswith(old)
    before, after = Archive(data).receipts()
    assert before.came == ""
    assert after.came == archives.hashlib.sha256(path.read_bytes()).hexdigest()


def test_without_somebody_to_make_copies_nothing_suspicious_is_kept(tmp_path):
    path = with_persons(tmp_path, "xlsx")
    with pytest.raises(ValueError, match="copies"):
        Archive(tmp_path / "data").receive([(path, {"received_at": datetime(2024, 6, 15)})])
    assert found_in(everything_in(tmp_path / "data")) == []


def test_numbers_of_persons_in_the_name_of_a_file_are_masked(tmp_path):
    path = with_persons(tmp_path, "xlsx")
    path = path.rename(tmp_path / "BC 074099001234 - 0912 345 678.xlsx")
    commands.load(tmp_path / "data", [path])
    assert [each.file for each in Archive(tmp_path / "data").receipts()] == [f"BC {MASK} - {MASK}.xlsx"]
    assert found_in(everything_in(tmp_path / "data")) == []


def test_a_name_where_a_unit_should_stand_is_not_said_again(tmp_path):
    rows = filled(MONTHLY).rows
    path = written(MONTHLY, tmp_path, rows=(Row(PEOPLE[0], rows[0].values), *rows[1:]), unit_name=SIGNS, unit_code="")
    ((_, (reading,)),) = commands.check(tmp_path / "data", [path])
    assert not reading.accepted
    assert found_in("\n".join(each.says("vi") for each in reading.problems)) == []


@pytest.mark.parametrize("turned", [to_tcvn3, to_vni])
def test_persons_in_an_old_font_are_left_out_too(turned, tmp_path):
    def old_font(book: openpyxl.Workbook) -> None:
        add_persons(book)
        for cell in (cell for sheet in book for line in sheet.iter_rows() for cell in line):
            if isinstance(cell.value, str) and not cell.value.startswith("="):
                cell.value = in_font(cell.value)

    def in_font(text: str) -> str:
        return "".join(each if each.isascii() else turned(each) for each in text)

    secrets = [each for each in SECRETS if each != SIGNS]  # these fonts have no capital Đ of their own here
    path, data = typed_over(tmp_path, old_font), tmp_path / "data"
    commands.load(data, [path])
    assert len(found_in(everything_in(tmp_path), [in_font(each) for each in secrets])) > 10
    assert found_in(everything_in(data), [*map(in_font, secrets), *secrets]) == []
    with duckdb.connect(str(current(data)), read_only=True) as con:
        assert con.execute("select bool_and(accepted) from reports").fetchone() == (True,)


# What is ours is clean


@EVERY_TEMPLATE
def test_our_forms_blank_and_filled_in_hold_nothing_personal(template, tmp_path):
    for changes in ({}, {"rows": tuple(Row(row.name) for row in filled(template).rows), "values": {}}):
        data = written(template, tmp_path, **changes).read_bytes()
        assert not suspect(data)
        assert clean(data).data is None
    assert not any(announces(label) or is_name(label) or masked(label) != label for label in template.fields.values())


def test_every_report_of_the_sample_is_clean(sample):
    files = sorted((sample / "reports").glob("*.xlsx"))
    assert [each.name for each in files if suspect(each.read_bytes())] == []
    assert [each.name for each in files[::40] if clean(each.read_bytes()).data] == []
    assert not any(each.came for each in Archive(sample).receipts())
