"""Reports as people really send them: moved, reworded, merged, re-saved, re-typed. What is read is the same."""

import csv
import io
import random
import subprocess
import unicodedata
from shutil import which

import openpyxl
import pytest
from made import COMMUNE, EVERY_TEMPLATE, JUNE, MONTHLY, NAMES, filled, kinds, place, read, typed_over, values, written

from data_ingest.form import Row, write_form
from data_ingest.layout import alike
from data_ingest.legacy import LEGACY, tcvn3, vni
from data_ingest.reading import read_report
from data_ingest.sheet import read_workbook

TABLE, LIST = "Khu ấp", "Đội cấp xã"
NOTED_ONLY = {"heading_read_as", "column_unknown", "hidden_rows", "hidden_sheet", "encoding", "unit_in_letterhead",
              "period_in_title", "read_as", "total_differs", "column_missing"}  # fmt: skip


@pytest.fixture(scope="module")
def as_sent(tmp_path_factory) -> dict:
    """What the untouched form says."""
    return values(read(written(MONTHLY, tmp_path_factory.mktemp("good"))))


def shuffled(book: openpyxl.Workbook) -> None:
    """The columns of the table in another order, merged headings taken apart."""
    sheet = book[TABLE]
    top, first = place(sheet, "STT")[0], place(sheet, "Tổng số hộ")[1]
    for merged in list(sheet.merged_cells.ranges):
        if merged.min_row >= top - 1:
            sheet.unmerge_cells(str(merged))
    columns = list(range(first, sheet.max_column + 1))
    order = random.Random(3).sample(columns, len(columns))
    lines = [[sheet.cell(row, column).value for column in order] for row in range(top, sheet.max_row + 1)]
    for row, line in enumerate(lines, start=top):
        for column, value in zip(columns, line, strict=True):
            sheet.cell(row, column).value = value
    for column in columns:  # the groups' headings would now stand over strangers
        sheet.cell(top, column).value = None


def with_column(book: openpyxl.Workbook) -> None:
    sheet = book[TABLE]
    row, column = place(sheet, "Tổng số hộ")
    sheet.insert_cols(column)
    sheet.cell(row, column).value = "Số hộ nghèo theo chuẩn mới"
    for line in range(row + 2, row + 5):
        sheet.cell(line, column).value = 7


def taller(book: openpyxl.Workbook) -> None:
    for sheet in book:
        merged = [str(each) for each in sheet.merged_cells.ranges]
        for each in merged:
            sheet.unmerge_cells(each)
        sheet.insert_rows(1, 5)
        sheet["A1"].value = "ĐẢNG ỦY – HỘI ĐỒNG NHÂN DÂN"


def reworded(book: openpyxl.Workbook) -> None:
    for sheet_name, was, now in (
        (TABLE, "Tổng số hộ", "Tổng số hộ dân"),  # another form's or the dictionary's word
        (TABLE, "Số hộ có ví điện tử", "Số hộ có ví điện tử (Momo, Zalopay)"),  # nearly so
        (LIST, "Số thành viên Đội", "Số thành viên của Đội"),
        (TABLE, "Khu phố, ấp", "Đơn vị"),
    ):
        sheet = book[sheet_name]
        sheet.cell(*place(sheet, was)).value = now


def three_rows_of_headings(book: openpyxl.Workbook) -> None:
    sheet = book[TABLE]
    row, column = place(sheet, "Số hộ có ví điện tử")
    sheet.cell(row, column).value = "Ví điện tử"
    sheet.cell(row + 1, column).value = "Số hộ"
    sheet.cell(row, column).value = "Số hộ có"
    sheet.cell(row + 1, column).value = "ví điện tử"


def without_units_of_measure(book: openpyxl.Workbook) -> None:
    sheet = book[TABLE]
    row = place(sheet, "Tổng số hộ")[0] + 1
    for column in range(1, sheet.max_column + 1):
        sheet.cell(row, column).value = None


def numbered_columns(book: openpyxl.Workbook) -> None:
    sheet = book[TABLE]
    row = place(sheet, "Tổng số hộ")[0] + 1
    for column in range(1, sheet.max_column + 1):
        sheet.cell(row, column).value = f"({column})"


def with_sections(book: openpyxl.Workbook) -> None:
    """Roman sections with sums of their own, over the khu/ấp that they add up."""
    sheet = book[TABLE]
    first = place(sheet, "Tổng số hộ")[0] + 2
    count = len(JUNE.below[COMMUNE])
    for merged in list(sheet.merged_cells.ranges):
        if merged.min_row > first:
            sheet.unmerge_cells(str(merged))
    for number, (at, rows) in enumerate(((first, 2), (first + 3, count - 2))):
        sheet.insert_rows(at)
        sheet.cell(at, 1).value = "I" * (number + 1)
        sheet.cell(at, 2).value = f"Khu vực {number + 1}"
        sheet.cell(at, 3).value = rows * sheet.cell(at + 1, 3).value


def total_on_top(book: openpyxl.Workbook) -> None:
    sheet = book[TABLE]
    first = place(sheet, "Tổng số hộ")[0] + 2
    sheet.insert_rows(first)
    sheet.cell(first, 2).value = "TỔNG SỐ"
    sheet.cell(first, 3).value = len(JUNE.below[COMMUNE]) * sheet.cell(first + 1, 3).value


def short_names(book: openpyxl.Workbook) -> None:
    sheet = book[TABLE]
    first = place(sheet, "Tổng số hộ")[0] + 2
    for number, row in enumerate(range(first, first + len(JUNE.below[COMMUNE]))):
        name = sheet.cell(row, 2).value
        sheet.cell(row, 2).value = name.replace("Khu phố", ("KP", "kp.", "Khu", "KHU PHO 0")[number % 4])


CHANGES = [
    shuffled, with_column, taller, reworded, three_rows_of_headings, without_units_of_measure, numbered_columns,
    with_sections, total_on_top, short_names,
]  # fmt: skip


@pytest.mark.parametrize("change", CHANGES, ids=lambda each: each.__name__)
def test_a_form_changed_by_people_says_the_same(change, as_sent, tmp_path):
    reading = read(typed_over(tmp_path, change))
    assert values(reading) == as_sent
    assert kinds(reading) <= NOTED_ONLY
    assert reading.accepted


def test_an_added_column_is_named_and_not_loaded(tmp_path):
    (problem,) = [each for each in read(typed_over(tmp_path, with_column)).problems if each.kind == "column_unknown"]
    assert "Số hộ nghèo theo chuẩn mới" in problem.given
    assert not problem.blocks


def test_a_heading_that_was_guessed_is_always_said(tmp_path):
    told = {p.given for p in read(typed_over(tmp_path, reworded)).problems if p.kind == "heading_read_as"}
    assert "Số hộ có ví điện tử (Momo, Zalopay)" in " ".join(told)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Số hộ có ví điện tử", "Số người có ví điện tử"),
        ("Số thành viên Tổ", "Số thành viên Đội"),
        ("Số hộ có tài khoản", "Số hộ không có tài khoản"),
        ("Tháng 6", "Tháng 5"),
    ],
)
def test_what_is_counted_is_never_confused(one, other):
    assert alike(one, other) == 0


def test_two_columns_with_the_same_heading_block_and_both_are_named(tmp_path):
    def twice(book: openpyxl.Workbook) -> None:
        sheet = book[TABLE]
        row, column = place(sheet, "Số nhân khẩu")
        sheet.cell(row, column).value = "Tổng số hộ"

    (problem,) = [each for each in read(typed_over(tmp_path, twice)).problems if each.kind == "column_twice"]
    assert problem.blocks
    assert len(problem.parts["cells"].split(", ")) == 2


def test_hidden_rows_and_sheets_are_left_out_and_said(as_sent, tmp_path):
    def hide(book: openpyxl.Workbook) -> None:
        sheet = book[TABLE]
        sheet.row_dimensions[place(sheet, "Tổng số hộ")[0] + 2].hidden = True
        book.create_sheet("Nháp").sheet_state = "hidden"
        book["Nháp"]["A1"].value = "Tổng số hộ"

    reading = read(typed_over(tmp_path, hide))
    hamlets = JUNE.below[COMMUNE]
    assert {row.unit for row in reading.rows} == {COMMUNE, *hamlets[1:]}
    assert {"hidden_rows", "hidden_sheet", "hamlet_missing"} <= kinds(reading)


def test_a_row_with_figures_and_no_name_blocks(tmp_path):
    def nameless(book: openpyxl.Workbook) -> None:
        sheet = book[TABLE]
        sheet.cell(place(sheet, "Tổng số hộ")[0] + 3, 2).value = None

    assert "row_without_name" in kinds(read(typed_over(tmp_path, nameless)))


@pytest.mark.parametrize(
    ("value", "kind"),
    [("=Z99*2", "not_computed"), ("12,5 %", "percentage"), ("#VALUE!", "formula_error")],
)
def test_a_cell_without_a_number_is_a_problem_and_never_a_blank(value, kind, tmp_path):
    def put(book: openpyxl.Workbook) -> None:
        sheet = book[TABLE]
        row, column = place(sheet, "Số hộ có ví điện tử")
        sheet.cell(row + 2, column).value = value

    path = typed_over(tmp_path, put)
    (problem,) = [each for each in read(path).problems if each.blocks]
    assert (problem.kind, problem.cell) == (kind, openpyxl.load_workbook(path)[TABLE].cell(
        *[n + d for n, d in zip(place(openpyxl.load_workbook(path)[TABLE], "Số hộ có ví điện tử"), (2, 0), strict=True)]
    ).coordinate)  # fmt: skip


# Who and when


def test_without_labels_unit_and_period_are_found_in_the_title_and_said(as_sent, tmp_path):
    def title_only(book: openpyxl.Workbook) -> None:
        for sheet in book:
            for label in ("Đơn vị báo cáo:", "Mã đơn vị:", "Kỳ báo cáo:"):
                row, _ = place(sheet, label)
                for column in range(1, 8):
                    sheet.cell(row, column).value = None
            sheet["A5"].value = "BÁO CÁO THÁNG 6 NĂM 2024"
            sheet["A1"].value = "UBND THÀNH PHỐ DĨ AN\nỦY BAN NHÂN DÂN PHƯỜNG BÌNH AN"

    reading = read(typed_over(tmp_path, title_only))
    assert (reading.unit, reading.period) == (COMMUNE, "2024-06")
    assert {"unit_in_letterhead", "period_in_title"} <= kinds(reading)
    assert values(reading) == as_sent


def test_a_name_that_fits_two_communes_asks_for_the_district(tmp_path):
    (problem,) = [
        each
        for each in read(written(MONTHLY, tmp_path, unit_name="An Bình", unit_code="")).problems
        if each.kind == "ambiguous_unit"
    ]
    assert "Dĩ An" in problem.says("vi")
    assert "Phú Giáo" in problem.says("vi")


@pytest.mark.parametrize("name", ["Thành phố Thủ Dầu 1", "TP. Thủ Dầu Một", "thu dau mot", "TP Thủ Dầu Môt"])
def test_thu_dau_mot_however_it_is_written(name):
    assert JUNE.find(name, "district") == ["718"]


@pytest.mark.parametrize(
    ("name", "told"), [("2024-05.xlsx", True), ("25741_bao cao.xlsx", True), ("T6-2024 Binh An.xlsx", False)]
)
def test_a_file_name_that_says_otherwise_is_noted(name, told, tmp_path):
    path = written(MONTHLY, tmp_path).rename(tmp_path / name)
    reading = read(path)
    assert ("file_name_differs" in kinds(reading)) == told
    assert reading.accepted


# Other programs, other encodings


def as_csv(path, encoding: str, comma: str, turned=str) -> bytes:
    """The table's sheet as a text file, with the head that is on it."""
    out = io.StringIO(newline="")
    sheet = openpyxl.load_workbook(path, data_only=True)[TABLE]
    writer = csv.writer(out, delimiter=comma)
    for line in sheet.iter_rows(values_only=True):
        writer.writerow(["" if value is None else turned(str(value)) for value in line])
    return out.getvalue().encode(encoding)


def table_only(as_sent: dict) -> dict:
    return {unit: told for unit, told in as_sent.items() if unit != COMMUNE}


@pytest.mark.parametrize(
    ("encoding", "comma"),
    [("utf-8", ","), ("utf-8-sig", ";"), ("utf-8", "\t"), ("utf-16", "\t"), ("utf-16-le", ";"), ("utf-16-be", ",")],
)
def test_a_text_file_in_any_unicode_says_the_same(encoding, comma, as_sent, tmp_path):
    (tmp_path / "x.csv").write_bytes(as_csv(written(MONTHLY, tmp_path), encoding, comma))
    reading = read(tmp_path / "x.csv")
    assert values(reading) == table_only(as_sent)
    assert reading.accepted


def to_tcvn3(text: str) -> str:
    return "".join(_BACK.get(each, each) for each in text.lower())


_BACK = {tcvn3(chr(code)): chr(code) for code in range(0xA1, 0x100)}
_VNI_BACK = {
    vni(vowel + mark): vowel + mark
    for vowel in "aeouyôö"
    for mark in ["", *"øùûõïâàáåãäêèéúüë"]
    if len(vni(vowel + mark)) == 1
} | {vni(each): each for each in "ôöñæóòîíì"}


def to_vni(text: str) -> str:
    return "".join(_VNI_BACK.get(each, each) for each in text.lower())


@pytest.mark.parametrize(("name", "turned"), [("TCVN3", to_tcvn3), ("VNI", to_vni)])
def test_a_workbook_typed_in_an_old_font_says_the_same_and_it_is_noted(name, turned, as_sent, tmp_path):
    def old_font(book: openpyxl.Workbook) -> None:
        for sheet in book:
            for line in sheet.iter_rows():
                for cell in line:
                    if isinstance(cell.value, str) and not cell.value.startswith("="):
                        cell.value = turned(cell.value)

    reading = read(typed_over(tmp_path, old_font))
    assert values(reading) == as_sent
    assert next(each.given for each in reading.problems if each.kind == "encoding") == name


@pytest.mark.parametrize("name", LEGACY)
def test_unicode_is_never_taken_for_an_old_font(name, tmp_path):
    assert "encoding" not in kinds(read(written(MONTHLY, tmp_path)))


def decomposed(text: str) -> str:
    """As code page 1258 writes it: the vowel with its hat, and the tone mark behind it."""
    out = ""
    for each in unicodedata.normalize("NFC", text):
        parts = unicodedata.normalize("NFD", each)
        tone = "".join(mark for mark in parts if mark in "\u0300\u0301\u0303\u0309\u0323")
        out += unicodedata.normalize("NFC", "".join(mark for mark in parts if mark not in tone)) + tone
    return out.replace("–", "-").replace("…", "...")


@pytest.mark.parametrize(("encoding", "told", "turned"), [
    ("cp1258", "Windows-1258", decomposed), ("latin-1", "TCVN3", to_tcvn3), ("cp1252", "VNI", to_vni),
])  # fmt: skip
def test_a_text_file_in_an_old_code_page_says_the_same(encoding, told, turned, as_sent, tmp_path):
    (tmp_path / "x.csv").write_bytes(as_csv(written(MONTHLY, tmp_path), encoding, ";", turned))
    reading = read(tmp_path / "x.csv")
    assert [each.given for each in reading.problems if each.kind == "encoding"] == [told]
    assert values(reading) == table_only(as_sent)


def test_one_bad_byte_is_named_and_the_rest_is_read(as_sent, tmp_path):
    data = as_csv(written(MONTHLY, tmp_path), "utf-8", ";").replace("DÂN\n".encode(), b"D\xff\n")
    broken = data.replace("ĐỘC LẬP".encode(), b"\xff\xfe").replace("Độc lập".encode(), b"\xc3c l\xe1p")
    (tmp_path / "x.csv").write_bytes(broken)
    reading = read(tmp_path / "x.csv")
    assert {each.cell for each in reading.problems if each.kind == "bad_byte"}
    assert values(reading) == table_only(as_sent)


@pytest.mark.skipif(not which("soffice"), reason="LibreOffice is not installed")
@pytest.mark.parametrize("form", ["xls", "ods"])
@EVERY_TEMPLATE
def test_a_form_saved_by_another_program_in_another_format_says_the_same(template, form, tmp_path):
    path = written(template, tmp_path)
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/office", "--convert-to", form, "--outdir",
         str(tmp_path), str(path)], check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    assert values(read(path.with_suffix(f".{form}"))) == values(read(path))


def test_a_macro_workbook_is_read_like_any_other(as_sent, tmp_path):
    path = written(MONTHLY, tmp_path)
    assert values(read(path.rename(path.with_suffix(".xlsm")))) == as_sent


# Several units in one file


def consolidated(tmp_path, units: list[str], by_hamlet: bool = False, name="Thành phố Dĩ An"):
    """A district's table of its communes: the form's table with a commune in each row, or over its khu/ấp."""
    number = {field: 50 for part in MONTHLY.part if part.kind == "table" for field in part.fields}
    rows = []
    for unit in units:
        hamlets = JUNE.below[unit]
        rows.append(Row(JUNE.full_name[unit], {f: v * (len(hamlets) if by_hamlet else 1) for f, v in number.items()}))
        if by_hamlet:
            rows += [Row(JUNE.full_name[each], number) for each in hamlets]
    path = tmp_path / "tong hop.xlsx"
    filling = filled(MONTHLY, unit_name=name, unit_code="724", rows=tuple(rows), values={})
    write_form(MONTHLY, filling, path)
    return path


@pytest.mark.parametrize("by_hamlet", [False, True])
def test_a_districts_table_is_a_report_for_each_of_its_communes(by_hamlet, tmp_path):
    communes = JUNE.below["724"]
    readings = read_report(consolidated(tmp_path, communes, by_hamlet), "tong hop.xlsx", NAMES)
    assert [each.unit for each in readings] == communes
    assert {each.told_by for each in readings} == {"724"}
    told = {row.unit for each in readings for row in each.rows}
    assert told == ({h for c in communes for h in JUNE.below[c]} if by_hamlet else set(communes))
    assert all(each.accepted for each in readings)


def test_a_file_of_several_units_is_taken_whole_or_not_at_all(tmp_path):
    path = consolidated(tmp_path, JUNE.below["724"])
    book = openpyxl.load_workbook(path)
    sheet = book[TABLE]
    row, column = place(sheet, "Tổng số hộ")
    sheet.cell(row + 2, column).value = "?"
    book.save(path)
    readings = read_report(path, path.name, NAMES)
    assert not any(each.accepted for each in readings)
    assert sum("file_blocked" in kinds(each) for each in readings) == len(readings) - 1


def test_several_reports_in_one_workbook_are_told_apart_by_their_heads(tmp_path):
    first = openpyxl.load_workbook(written(MONTHLY, tmp_path))
    other = JUNE.below["724"][1]
    (tmp_path / "b").mkdir()
    rows = tuple(Row(JUNE.full_name[each], filled(MONTHLY).rows[0].values) for each in JUNE.below[other])
    second = openpyxl.load_workbook(
        written(MONTHLY, tmp_path / "b", unit_name=JUNE.title(other), unit_code=other, rows=rows)
    )
    for sheet in second:
        copy = first.create_sheet(f"{sheet.title} 2")
        for line in sheet.iter_rows():
            for cell in line:
                if cell.value is not None:
                    copy[cell.coordinate].value = cell.value
        for merged in sheet.merged_cells.ranges:
            copy.merge_cells(str(merged))
    first.save(tmp_path / "two.xlsx")
    readings = read_report(tmp_path / "two.xlsx", "two.xlsx", NAMES)
    assert [each.unit for each in readings] == [COMMUNE, other]
    assert all(each.accepted for each in readings)


def test_the_sheets_of_a_workbook_are_read_whatever_stands_between_them(as_sent, tmp_path):
    def more_sheets(book: openpyxl.Workbook) -> None:
        book.create_sheet("Bìa", 0)["B3"].value = "HỒ SƠ BÁO CÁO"
        book.create_sheet("Ảnh")

    assert values(read(typed_over(tmp_path, more_sheets))) == as_sent


def test_cells_count_from_a1_wherever_the_first_filled_one_is(tmp_path):
    book = openpyxl.Workbook()
    book.active["C5"].value = "x"
    book.save(tmp_path / "x.xlsx")
    assert read_workbook(tmp_path / "x.xlsx").sheets[0].value(4, 2) == "x"
