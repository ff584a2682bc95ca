"""Periods and the plan's calendar (III.3, V, VII.7)."""

from datetime import date

import pytest

from data_ingest.spoken import spoken_period
from warehouse.period import Period

WRITTEN = ["2024-06", "2025-Q2", "2025-H1", "2024", "2025-to-06", "plan"]


@pytest.mark.parametrize("text", WRITTEN)
def test_what_is_written_is_read_again(text):
    assert str(Period.parse(text)) == text


@pytest.mark.parametrize("text", ["2024-13", "2024-Q5", "2024-H3", "24", "June", "", "2024-00"])
def test_what_is_no_period_is_refused_and_told_how(text):
    with pytest.raises(ValueError, match="expected one like"):
        Period.parse(text)


@pytest.mark.parametrize(
    ("period", "due"),
    [
        ("2024-Q1", date(2024, 3, 19)),
        ("2024-Q2", date(2024, 6, 19)),
        ("2024-Q3", date(2024, 9, 19)),
        ("2024-Q4", date(2024, 12, 19)),
        ("2024-H1", date(2024, 6, 19)),
        ("2024", date(2024, 12, 4)),
    ],
)
def test_before_the_20th_means_that_the_19th_is_the_last_day(period, due):
    assert Period.parse(period).due == due


def test_the_annual_report_is_due_before_the_fourth_quarters():
    assert Period.parse("2024").due < Period.parse("2024-Q4").due


@pytest.mark.parametrize(
    ("period", "months"),
    [("2024-Q1", 3), ("2024-H2", 6), ("2024", 12), ("2024-to-05", 5), ("plan", 26), ("2024-02", 1)],
)
def test_a_period_is_its_months(period, months):
    assert len(Period.parse(period).months) == months


@pytest.mark.parametrize(
    ("period", "before"),
    [
        ("2024-01", "2023-12"),
        ("2024-Q1", "2023-Q4"),
        ("2024-H1", "2023-H2"),
        ("2024", "2023"),
        ("2024-to-06", "2024-to-05"),
    ],
)
def test_the_period_before_is_of_the_same_kind(period, before):
    assert str(Period.parse(period).previous) == before


@pytest.mark.parametrize(
    ("spoken", "period"),
    [
        ("Tháng 06/2024", "2024-06"),
        ("tháng 6 năm 2024", "2024-06"),
        ("6/2024", "2024-06"),
        ("Quý II/2024", "2024-Q2"),
        ("Quý 2 năm 2024", "2024-Q2"),
        ("6 tháng đầu năm 2024", "2024-H1"),
        ("Năm 2024", "2024"),
        ("Tha\u0301ng 6/2024", "2024-06"),
        ("2024-06", "2024-06"),
        ("Cả giai đoạn 2023–2025", "plan"),
    ],
)
def test_periods_are_read_as_people_write_them(spoken, period):
    assert str(spoken_period(spoken)) == period


@pytest.mark.parametrize("spoken", ["Tháng 13/2024", "", "tháng sáu", "2024-06-17", "Quý V/2024"])
def test_what_is_no_period_is_none(spoken):
    assert spoken_period(spoken) is None


@pytest.mark.parametrize("period", [p for p in WRITTEN if "to" not in p])
def test_the_name_printed_on_a_form_is_read_again(period):
    assert str(spoken_period(Period.parse(period).name("vi"))) == period


def test_figures_count_to_the_14th_because_reports_are_due_before_the_month_ends():
    assert Period.parse("2024-06").cut_off == date(2024, 6, 14)
    assert Period.parse("2024-06").cut_off < Period.parse("2024-06").due
