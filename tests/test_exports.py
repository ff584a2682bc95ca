"""Files made of views: every number equal, every word harmless, the invented marked."""

import csv
import io

import openpyxl
import pandas as pd
import pytest
from pyarrow import parquet as parquet_files

from exports import WRITERS
from exports.table_files import harmless
from language import LANGUAGES, words
from metrics import INDICATORS
from views.leaderboard import leaderboard
from views.view import Choice
from warehouse.period import Period


@pytest.fixture(params=LANGUAGES)
def shown(request, ledger):
    choice = Choice(request.param, Period.parse("2025-to-06"), "74", INDICATORS["e_wallet_household_share"])
    return leaderboard(choice, ledger), request.param


def test_a_workbook_holds_the_numbers_of_the_screen_as_numbers(shown):
    view, language = shown
    sheet = openpyxl.load_workbook(io.BytesIO(WRITERS["xlsx"](view, language, True))).active
    rows = list(sheet.iter_rows(min_row=5, max_row=4 + len(view.table), values_only=True))
    place = list(view.filed).index("value")
    for row, value in zip(rows, view.table.value, strict=True):
        assert row[place] == (None if pd.isna(value) else round(value, 1))
    assert sheet["A2"].value == words()["sample_band"][language]
    assert sheet.freeze_panes == "A5"


def test_a_csv_opens_in_a_spreadsheet_with_its_accents(shown):
    view, language = shown
    data = WRITERS["csv"](view, language, True)
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert rows[0] == [column.name[language] for column in view.filed.values()]
    assert len(rows) == len(view.table) + 2


def test_a_parquet_file_holds_every_number_unrounded_and_what_its_columns_are_called(shown):
    view, language = shown
    table = parquet_files.read_table(io.BytesIO(WRITERS["parquet"](view, language, True)))
    assert table.column_names == list(view.filed)
    for told, value in zip(table["value"].to_pylist(), view.table.value, strict=True):
        assert told is None if pd.isna(value) else told == value
    heading = view.columns["value"].name[language]
    assert table.schema.field("value").metadata[b"name"].decode() == heading
    assert table.schema.metadata[b"sample"].decode() == words()["sample_band"][language]


@pytest.mark.parametrize("text", ["=1+1", "+84", "-x", "@sum", " =cmd", "\t=x"])
def test_words_that_a_spreadsheet_would_run_are_made_harmless_and_stay_readable(text):
    assert harmless(text) == f"'{text}"
    assert harmless("Phường An Phú") == "Phường An Phú"
