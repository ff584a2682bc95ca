"""Rows of a table, one by one, and as many as a screen takes."""

from datetime import date

import pandas as pd
import pytest

from language import Text, written
from pages.draw import MOST_ROWS, first_rows, left_out, table
from views.view import Column, View
from warehouse.rows import each_once, rows

TABLE = pd.DataFrame({
    "unit": ["74", None, "25741"], "count": [1, 2, 3], "share": [0.5, None, 1.0], "known": [True, False, True],
    "day": pd.to_datetime([date(2024, 5, 1), None, date(2024, 6, 1)]), "list": [["a"], [], None],
})  # fmt: skip


def test_rows_are_those_of_itertuples():
    found, told = list(rows(TABLE)), list(TABLE.itertuples(index=False))
    assert [each._fields for each in found] == [each._fields for each in told]
    for one, other in zip(found, told, strict=True):
        for value, expected in zip(one, other, strict=True):
            assert value is expected or value == expected or (pd.isna(value) and pd.isna(expected))


def test_rows_hold_the_columns_that_are_asked_for_in_that_order():
    assert [tuple(each) for each in rows(TABLE, "count", "known")] == [(1, True), (2, False), (3, True)]


@pytest.mark.parametrize(("count", "chosen", "last"), [
    (MOST_ROWS, None, MOST_ROWS - 1), (MOST_ROWS + 1, None, MOST_ROWS - 1), (3 * MOST_ROWS, 5, MOST_ROWS - 1),
    (3 * MOST_ROWS, 2 * MOST_ROWS, 2 * MOST_ROWS),
])  # fmt: skip
def test_a_screen_gets_the_first_rows_and_the_chosen_one_and_is_told_of_the_others(count, chosen, last):
    long = pd.DataFrame({"unit": range(count)})
    long = long if chosen is None else long.assign(chosen=long.unit == chosen)
    shown = list(first_rows(long).unit)
    assert shown[:MOST_ROWS] == list(range(MOST_ROWS)) and shown[-1] == last
    view = View("any", "", long, {"unit": Column(Text("Đơn vị", "Unit"))})
    assert table(view, "en").count("<tr") == 1 + len(shown)
    told = f"{written(len(shown), 'en')} of {written(count, 'en')} rows are shown; download to have all."
    assert left_out(view, "en") == (told if len(shown) < count else "")


def test_of_values_that_are_the_same_something_is_told_once_and_blanks_stay():
    asked = []

    def told(each: object) -> str:
        asked.append(each)
        return f"said of {each}"

    found = each_once(pd.Series(["a", None, "b", "a"], index=[4, 3, 2, 1]), told)
    assert asked == ["a", "b"]
    assert list(found.index) == [4, 3, 2, 1]
    assert list(found.fillna("–")) == ["said of a", "–", "said of b", "said of a"]
