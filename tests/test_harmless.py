"""No words become a formula in somebody's spreadsheet, and all stay readable."""

import csv
import io
import re
import zipfile

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from openpyxl.utils.escape import unescape

from exports import WRITERS
from exports.table_files import harmless, harmless_csv
from language import Text
from views.view import Column, View

SIGNS = "=+-@＝＋－＠"
AHEAD = ["", " ", "\u00a0", "\t", "\r", "\n", "\u3000", "\u200b", "\ufeff"]
# Letters that a cell may hold: no half of a pair, and nothing that xml cannot say.
LETTERS = some.characters(exclude_categories=["Cs", "Cc", "Cn"]) | some.sampled_from("\t\n")
WORDS = some.builds(
    "".join,
    some.lists(
        some.text(LETTERS, max_size=5) | some.sampled_from([*SIGNS, *AHEAD, ";", '"', ",", "-5", "(1)"]), max_size=8
    ),
).filter(lambda text: "\r" not in text)  # a workbook keeps \r as \n
NUMBER = re.compile(r"-\d[\d.,]*([ \u00a0]?%|([ \u00a0][^\W\d_]+)+)?")


def runs(text: str) -> bool:
    """Whether some spreadsheet may take a cell for a formula."""
    seen = text.lstrip("".join(chr(code) for code in range(33)) + "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff").lstrip()
    return (seen[:1] in SIGNS and bool(seen)) and not NUMBER.fullmatch(text)


def seen_in(words: str) -> View:
    """A table with such words wherever words may stand, beside a number below zero."""
    table = pd.DataFrame({"name": [words], "value": [-5.5]})
    columns = {"name": Column(Text(words or "x", words or "x")), "value": Column(Text("Giá trị", "Value"), "number", 1)}
    return View("seen", words, table, columns, note=words)


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("ahead", AHEAD, ids=ascii)
def test_a_sign_after_anything_that_is_passed_over_is_made_harmless(ahead, sign):
    text = f"{ahead}{sign}cmd|' /C calc'!A0"
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", ["\tx", "\rx", "\nx"])
def test_so_is_a_tab_or_an_end_of_line_in_front(text):
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize(
    "text", ["-5 điểm", "-5", "-5,2 %", "-1.234,5\u00a0triệu đồng", "−5", "–", "5 - 3", "a=b", "'=x"]
)
def test_numbers_below_zero_with_their_measure_and_words_with_a_sign_inside_stay_as_they_are(text):
    assert harmless(text) == harmless_csv(text) == text


@pytest.mark.parametrize("text", ["-5+1", "-5 A1", "-1-cmd", "-2(3)", "-x", "+84 912 345", "-5 điểm=1", "-5!A0"])
def test_what_only_begins_like_a_number_is_no_number(text):
    assert harmless(text) == f"'{text}"


@settings(max_examples=150, deadline=None)
@given(WORDS)
def test_no_cell_of_a_csv_runs_however_it_is_parted(words):
    told = WRITERS["csv"](seen_in(words), "vi", True).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(told, newline="")))
    assert rows[1][1] == "-5.5"
    for cell in (rows[0][0], rows[1][0]):
        assert not runs(cell)
        assert not [part for part in re.split(r"[;\t\n]", cell)[1:] if runs(part) and part.lstrip()[:1] in SIGNS]
    assert rows[1][0].replace("'", "") == words.replace("'", "")  # readable: only apostrophes have come in


@settings(max_examples=60, deadline=None)
@given(WORDS)
def test_no_cell_of_a_workbook_runs_and_numbers_stay_numbers(words):
    book = openpyxl.load_workbook(io.BytesIO(WRITERS["xlsx"](seen_in(words), "vi", True)))
    cells = {cell.coordinate: cell for row in book.active.iter_rows() for cell in row if cell.value is not None}
    assert not [cell for cell in cells.values() if cell.data_type == "f"]
    assert (cells["B5"].value, cells["B5"].data_type) == (-5.5, "n")
    for place in ("A1", "A4", "A5", "A7"):  # title, heading, cell, note
        told = unescape(cells[place].value) if place in cells else ""
        assert not runs(told)
        assert told.removeprefix("'") == words.removeprefix("'") or (place == "A4" and not words)


def test_words_too_long_for_a_cell_are_cut_and_not_lost():
    words = "ấp " * 20_000
    book = openpyxl.load_workbook(io.BytesIO(WRITERS["xlsx"](seen_in(words), "vi", False)))
    told = book.active["A5"].value
    assert told.endswith("…")
    assert words.startswith(told[:-1])
    assert len(told) > 30_000


def test_no_formula_stands_in_the_sheets_themselves():
    data = WRITERS["xlsx"](seen_in("=1+1"), "vi", True)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert not [name for name in archive.namelist() if b"<f>" in archive.read(name)]
