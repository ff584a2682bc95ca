"""The same form again and again is read faster, and never otherwise: nothing of one report gets into the next."""

import io
import random
import zipfile
from collections.abc import Callable
from dataclasses import replace

import openpyxl
import pytest
from made import COMMUNE, EVERY_TEMPLATE, JUNE, MONTHLY, NAMES, filled, kinds, place, read, typed_over, written
from test_hostile import workbook
from test_tolerance import CHANGES, TABLE

from data_ingest import remembered, sheet, usual
from data_ingest.form import Row
from data_ingest.reading import read_report
from data_ingest.sheet import read_workbook, workbook_of
from data_ingest.sniff import UnreadableError, sniff
from warehouse.period import Period

STYLES = (
    '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>'
)
TEXTS = (
    '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>a</t></si><si><t>b</t></si></sst>'
)
PARTS = {"xl/styles.xml": STYLES.encode(), "xl/sharedStrings.xml": TEXTS.encode()}


@pytest.fixture(autouse=True)
def nothing_remembered():
    remembered._memory.clear()


def told(path) -> list:
    """All that is read of a file, with every problem in its place."""
    return [
        (each.as_json(), [row.cells for row in each.rows], each.accepted)
        for each in read_report(path, "report.xlsx", NAMES)
    ]


def afresh(path) -> list:
    """The same by a reader that has seen nothing before."""
    remembered._memory.clear()
    usual._frame.cache_clear()
    return told(path)


def is_remembered(path) -> bool:
    return remembered.recall(read_workbook(path).sheets) is not None


# Where figures stand


@EVERY_TEMPLATE
def test_a_form_read_once_is_remembered(template, tmp_path):
    path = written(template, tmp_path)
    first = told(path)
    assert is_remembered(path)
    assert told(path) == first


def test_a_report_of_another_unit_for_another_month_is_its_own(tmp_path):
    others = [each for each in JUNE.below["724"] if each != COMMUNE]
    read(written(MONTHLY, tmp_path))
    for number, unit in enumerate(others):
        figures = {field: value + number for field, value in filled(MONTHLY).rows[0].values.items()}
        rows = tuple(Row(JUNE.full_name[each], figures) for each in JUNE.below[unit])
        period = Period("month", 2024, number + 1)
        path = written(MONTHLY, tmp_path, unit_name=JUNE.title(unit), unit_code=unit, rows=rows, period=period)
        assert is_remembered(path)  # however many khu/ấp there are
        reading = read(path)
        assert (reading.unit, reading.period) == (unit, str(period))
        assert {row.unit for row in reading.rows if row.row} == set(JUNE.below[unit])
        assert told(path) == afresh(path)
        read(written(MONTHLY, tmp_path))


def test_blank_cells_and_texts_do_not_come_from_the_report_before(tmp_path):
    full = filled(MONTHLY)
    read(written(MONTHLY, tmp_path))
    chance = random.Random(5)

    def some(values: dict) -> dict:
        return {field: value for field, value in values.items() if chance.random() < 0.7}

    for _ in range(10):
        rows = tuple(replace(row, values=some(row.values)) for row in full.rows)
        path = written(MONTHLY, tmp_path, rows=rows, values=some(full.values))
        assert is_remembered(path)
        assert told(path) == afresh(path)


def moved(book: openpyxl.Workbook) -> None:
    """Two headings have changed places, their figures have not."""
    table = book[TABLE]
    one, other = (table.cell(*place(table, label)) for label in ("Tổng số hộ", "Số nhân khẩu"))
    one.value, other.value = other.value, one.value


def renamed(book: openpyxl.Workbook) -> None:
    table = book[TABLE]
    table.cell(*place(table, "Số nhân khẩu")).value = "Số con trâu"


def merged_otherwise(book: openpyxl.Workbook) -> None:
    """A group's heading stands over other columns."""
    table = book[TABLE]
    top = place(table, "STT")[0]
    wide = next(each for each in table.merged_cells.ranges if each.min_row == top and each.max_col > each.min_col)
    first, last = wide.min_col, wide.max_col
    table.unmerge_cells(str(wide))
    table.merge_cells(start_row=top, end_row=top, start_column=first, end_column=last - 1)


def head_filled_otherwise(book: openpyxl.Workbook) -> None:
    """Something stands between a label of the head and its value."""
    front = book.worksheets[0]
    row, column = place(front, "Kỳ báo cáo:")
    front.cell(row, column + 1).value = "Tháng 05/2024"


def label_as_note(book: openpyxl.Workbook) -> None:
    """A note reads like a label of a form."""
    front = book.worksheets[0]
    front.cell(place(front, "Số thành viên Đội")[0], place(front, "Ghi chú")[1]).value = "Số liệu"


def other_heads(book: openpyxl.Workbook) -> None:
    """The second sheet is of another month than the first."""
    table = book[TABLE]
    row, column = place(table, "Kỳ báo cáo:")
    cell = next(cell for cell in table[row][column:] if cell.value)
    cell.value = "Tháng 05/2024"


ALTERED = [*CHANGES, moved, renamed, merged_otherwise, head_filled_otherwise, label_as_note, other_heads]


@pytest.mark.parametrize("change", ALTERED, ids=lambda each: each.__name__)
def test_a_form_changed_by_people_is_read_as_if_no_other_had_been_before(change, tmp_path):
    (tmp_path / "changed").mkdir()
    (tmp_path / "again").mkdir()
    good, again = written(MONTHLY, tmp_path), typed_over(tmp_path / "again", lambda book: None)
    changed = typed_over(tmp_path / "changed", change)
    alone, good_alone = afresh(changed), afresh(good)
    remembered._memory.clear()
    assert told(good) == good_alone
    told(again)  # as a spreadsheet program saves it: other cells, the same labels
    assert told(changed) == alone
    assert told(good) == good_alone


def as_sent(book: openpyxl.Workbook) -> None:
    """Nothing is changed."""


def lower_list(book: openpyxl.Workbook) -> None:
    """The list begins a row further down, the table does not."""
    book.worksheets[0].insert_rows(place(book.worksheets[0], "STT")[0])


def with_column(heading: str) -> Callable[[openpyxl.Workbook], None]:
    """A column of the sender's own, behind all others."""

    def change(book: openpyxl.Workbook) -> None:
        table = book[TABLE]
        table.cell(place(table, "Tổng số hộ")[0], table.max_column + 1).value = heading

    return change


def in_pieces(merged: bool) -> Callable[[openpyxl.Workbook], None]:
    """A heading whose first half stands over the column left of it: only where it is merged is it whole."""

    def change(book: openpyxl.Workbook) -> None:
        table = book[TABLE]
        row, column = place(table, "Số hộ có ví điện tử")
        for each in list(table.merged_cells.ranges):
            if each.min_row in (row - 1, row) and each.min_col <= column <= each.max_col:
                table.unmerge_cells(str(each))
        table.cell(row - 1, column - 1).value, table.cell(row, column).value = "Số hộ có", "ví điện tử"
        table.cell(row + 1, column).value = None
        if merged:
            table.merge_cells(start_row=row - 1, end_row=row - 1, start_column=column - 1, end_column=column)

    return change


def period_further_right(book: openpyxl.Workbook) -> None:
    for each in book:
        row, column = place(each, "Kỳ báo cáo:")
        cell = next(cell for cell in each[row][column:] if cell.value)
        each.cell(row, cell.column + 1).value, cell.value = cell.value, None
        for merged in list(each.merged_cells.ranges):
            if merged.min_row == row:
                each.unmerge_cells(str(merged))


def without_measures(book: openpyxl.Workbook) -> None:
    """The rows of figures begin right below the headings."""
    table = book[TABLE]
    table.delete_rows(place(table, "Tổng số hộ")[0] + 1)


def first_row_in_words(book: openpyxl.Workbook) -> None:
    """What stands under the headings reads like one more row of them."""
    without_measures(book)
    table = book[TABLE]
    for column in range(1, table.max_column + 1):
        table.cell(place(table, "Tổng số hộ")[0] + 1, column).value = "chờ" if column < 6 else None


PAIRS = [
    (as_sent, lower_list), (lower_list, as_sent), (with_column("Số hộ có lò gạch"), with_column("Số con trâu")),
    (in_pieces(True), in_pieces(False)), (as_sent, period_further_right), (without_measures, first_row_in_words),
]  # fmt: skip


@pytest.mark.parametrize(("first", "then"), PAIRS)
def test_two_forms_alike_but_for_one_thing_are_told_apart(first, then, tmp_path):
    paths = []
    for name, change in (("first", first), ("then", then)):
        (tmp_path / name).mkdir()
        paths.append(typed_over(tmp_path / name, change))
    alone = afresh(paths[1])
    afresh(paths[0])
    assert is_remembered(paths[0])
    assert told(paths[1]) == alone


def test_headings_in_each_others_place_change_the_figures(tmp_path):
    good = read(written(MONTHLY, tmp_path))
    other = read(typed_over(tmp_path, moved))
    assert other.columns["households"] == good.columns["people"]


# The usual workbook


@EVERY_TEMPLATE
def test_the_usual_workbook_says_what_the_general_reader_says(template, tmp_path, monkeypatch):
    path = written(template, tmp_path)
    assert usual.usual(sniff(path.read_bytes())[1])
    fast = read_workbook(path)
    monkeypatch.setattr(sheet, "usual", lambda parts: None)
    general = read_workbook(path)
    assert [(each.name, each.rows, each.merged) for each in fast.sheets] == [
        (each.name, each.rows, each.merged) for each in general.sheets
    ]


CELLS = {  # what the fast way does not read; and whether there is something to read at all
    "an error": '<c r="A1" t="e"><v>#REF!</v></c>',
    "a formula never computed": '<c r="A1"><f>B1+1</f></c>',
    "a day": '<c r="A1" s="1"><v>45000</v></c>',
    "a text in the cell": '<c r="A1" t="inlineStr"><is><t>x</t></is></c>',
    "yes or no": '<c r="A1" t="b"><v>1</v></c>',
    "a text of a formula": '<c r="A1" t="str"><f>B1</f><v>x</v></c>',
    "a cell without a place": "<c><v>1</v></c>",
    "a cell twice": '<c r="A1"><v>1</v></c><c r="A1"><v>2</v></c>',
    "cells out of order": '<c r="B1"><v>1</v></c><c r="A1"><v>2</v></c>',
    "no number": '<c r="A1"><v>1_0</v></c>',
    "a number not of this world": '<c r="A1"><v>NaN</v></c>',
    "spaces": '<c r="A1"><v> 7 </v></c>',
    "two contents": '<c r="A1"><v>1</v><v>2</v></c>',
    "a text that is not there": '<c r="A1" t="s"><v>2</v></c>',
    "a text from the end": '<c r="A1" t="s"><v>-1</v></c>',
    "a far corner": '<c r="XFD1"><v>1</v></c>',
}


@pytest.mark.parametrize("cell", CELLS)
def test_what_is_not_usual_goes_to_the_general_reader(cell):
    good = '<row r="1"><c r="A1"><v>7</v></c><c r="B1" t="s"><v>1</v></c></row>'
    assert workbook_of(workbook(good, PARTS)).sheets[0].frame
    data = workbook(f'<row r="1">{CELLS[cell]}</row>', PARTS)
    assert usual.usual(sniff(data)[1]) is None


def test_a_hidden_row_is_never_usual():
    assert usual.usual(sniff(workbook('<row r="1" hidden="1"><c r="A1"><v>7</v></c></row>', PARTS))[1]) is None


ODD_TEXTS = [
    "<r><t>a</t></r>", "<t>a </t>", "<t> a</t>", "<t>_x0041_</t>", "<t>a\rb</t>", "<t></t>", "<t>a&#10;b</t>",
    '<t xml:space="preserve"> b</t></si><si><t> a</t>',
]  # fmt: skip


@pytest.mark.parametrize("text", ODD_TEXTS)
def test_texts_that_programs_read_in_different_ways_are_never_usual(text):
    parts = {**PARTS, "xl/sharedStrings.xml": TEXTS.replace("<t>a</t>", text).encode()}
    assert usual.usual(sniff(workbook('<row r="1"><c r="A1" t="s"><v>0</v></c></row>', parts))[1]) is None


@pytest.mark.parametrize("text", ['<t xml:space="preserve"> a </t>', "<t>a\nb</t>", "<t>a&lt;&amp;&quot;b</t>"])
def test_texts_are_those_of_the_general_reader(text, monkeypatch):
    parts = {**PARTS, "xl/sharedStrings.xml": TEXTS.replace("<t>a</t>", text).encode()}
    data = workbook('<row r="1"><c r="A1" t="s"><v>0</v></c></row>', parts)
    fast = workbook_of(data).sheets[0]
    monkeypatch.setattr(sheet, "usual", lambda parts: None)
    assert fast.frame
    assert fast.rows == workbook_of(data).sheets[0].rows


def test_the_same_frame_with_other_contents_has_other_values():
    for one, other in ((1, 2), (30, 4), (-5, 0.25)):
        cells = f'<row r="1"><c r="A1"><v>{one}</v></c><c r="B1"><v>{other}</v></c><c r="C1" t="s"><v>1</v></c></row>'
        assert workbook_of(workbook(cells, PARTS)).sheets[0].rows == [[one, other, "b"]]


def test_a_part_seen_before_is_held_against_its_checksum_again(tmp_path):
    good = written(MONTHLY, tmp_path)
    assert kinds(read(good)) == set()
    data = bytearray(good.read_bytes())
    part = zipfile.ZipFile(io.BytesIO(data)).getinfo("xl/sharedStrings.xml")
    checksum = part.CRC.to_bytes(4, "little")
    at = data.rfind(checksum)
    data[at] ^= 1
    with pytest.raises(UnreadableError):
        workbook_of(bytes(data))
