"""Numbers as people type them."""

import pytest

from data_ingest.numerals import number
from data_ingest.problems import digits


@pytest.mark.parametrize(
    ("given", "value"),
    [
        (5, 5), (5.0, 5), ("5", 5), (" 15 ", 15), ("1.234", 1234), ("1,234", 1234), ("1.234.567", 1234567),
        ("1 234", 1234), ("1\u00a0234", 1234), ("12", 12), (0, 0), ("0", 0),
    ],
)  # fmt: skip
def test_a_count_is_never_broken_so_its_marks_part_thousands(given, value):
    assert number(given, whole=True).value == value


@pytest.mark.parametrize(("given", "value"), [("1.234,5", 1234.5), ("1,234.5", 1234.5), ("12,5", 12.5), (12.5, 12.5)])
def test_money_may_be_broken(given, value):
    assert number(given, whole=False).value == value


@pytest.mark.parametrize("given", ["", None, "  ", "-", "–", "…"])
def test_a_blank_is_no_zero(given):
    assert number(given, whole=True) == (None, "")


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ("abc", "not_a_number"), ("12,5", "not_whole"), (5.5, "not_whole"), (-3, "negative"), ("-3", "negative"),
        ("#DIV/0!", "formula_error"), (True, "not_a_number"), (float("nan"), "not_a_number"), ("1.2.3", "not_a_number"),
        ("1e5", "not_a_number"), ("0x1F", "not_a_number"), ("1.234.56", "not_a_number"),
    ],
)  # fmt: skip
def test_what_is_no_count_is_told_and_not_loaded(given, kind):
    assert number(given, whole=True) == (None, kind)


@pytest.mark.parametrize("given", ["1.234", "1,234", "1 234"])
def test_how_an_ambiguous_number_was_read_is_noted(given):
    assert number(given, whole=True).kind == "read_as"


@pytest.mark.parametrize(("value", "told"), [(1234567.0, "1234567"), (12, "12"), (12.5, "12.5"), (0.0, "0")])
def test_a_message_repeats_a_number_with_all_its_digits(value, told):
    assert digits(value) == told
