"""The profile of a unit: what it says is what the ledger knows, and each number leads on."""

from datetime import date
from functools import partial
from pathlib import Path

import pandas as pd
import pytest
from opening import text

from language import LANGUAGES
from metrics import INDICATORS
from metrics.core.ledger import Ledger
from pages.unit_profile import SECTIONS
from views import look
from views.profile import STATES, TARGETED, changed, lacking, scorecard, standing
from views.profile_history import history
from views.profile_parts import gap, parts, peers
from views.profile_reports import own_reports, problems, promises, reports_below
from views.shown import level_below
from views.view import Choice
from warehouse.period import Period
from warehouse.store import current

WALLET = "e_wallet_household_share"
ROOT = Path(__file__).parent.parent
UNITS = ("74", "724", "25942", "25865")  # province, district, commune, one that never reported
EVERY_LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)
EVERY_UNIT = pytest.mark.parametrize("unit", UNITS)
EVERY_INDICATOR = pytest.mark.parametrize("indicator", INDICATORS)


def choice(unit: str = "724", indicator: str = WALLET, period: str = "2025-to-06", language: str = "vi") -> Choice:
    return Choice(language=language, period=Period.parse(period), unit=unit, indicator=INDICATORS[indicator])


def own(ledger: Ledger, unit: str, period: str = "2025-to-06") -> pd.DataFrame:
    found = ledger.over((Period.parse(period),), TARGETED)
    return found[found.unit == unit].set_index("indicator")


# The scorecard


@EVERY_LANGUAGE
@EVERY_UNIT
@pytest.mark.parametrize("period", ["2025-to-06", "2023-11", "plan", "2024-Q3"])
def test_every_target_that_can_be_said_of_a_unit_stands_on_its_scorecard_once(unit, period, language, ledger):
    table = scorecard(choice(unit, period=period, language=language), ledger).table
    told = own(ledger, unit, period)
    assert sorted(table.id) == sorted(told.index[told.status != "not_applicable"])
    assert list(table.id) == sorted(table.id, key=list(INDICATORS).index)


@EVERY_UNIT
def test_the_scorecard_tells_what_the_ledger_tells(unit, ledger):
    table, told = scorecard(choice(unit), ledger).table.set_index("id"), own(ledger, unit)
    for column in ("value", "target", "missing", "status"):
        pd.testing.assert_series_equal(table[column], told[column].loc[table.index], check_names=False)


def test_all_indicators_are_shown_on_request(ledger):
    few, every = (scorecard(choice(), ledger, each).table for each in (False, True))
    assert set(few.id) < set(every.id)
    assert every.target.isna().any()


def test_the_finding_counts_the_met_and_says_what_lacks_of_the_chosen_indicator(ledger):
    told = own(ledger, "724")
    judged = told[told.status.isin(["met", "near", "behind"])]
    title = scorecard(choice(), ledger).title
    assert f"{(judged.status == 'met').sum()}/{len(judged)}" in title
    assert "7.631 hộ" in title
    assert "2 Tổ" in scorecard(choice(indicator="hamlet_team_compliance"), ledger).title


def test_the_line_below_counts_every_row_once(ledger):
    view = scorecard(choice(), ledger)
    assert sum(int(part.split()[1]) for part in standing(view, choice()).split(" · ")) == len(view.table)


def test_of_a_unit_that_sent_nothing_no_number_is_told_and_it_is_said(ledger):
    view = scorecard(choice("25865"), ledger)
    silent = view.table[view.table.status == "no_report"]
    assert len(silent) > 10
    assert set(silent.value_said) == set(silent.missing_said) == set(silent.place) == {"–"}
    assert "chưa có báo cáo nào" in view.title


def test_the_small_line_ends_with_the_value_and_keeps_gaps(ledger):
    for row in scorecard(choice(), ledger).table.itertuples():
        assert row.line[-1] == pytest.approx(row.value)
    assert all(each is None for each in scorecard(choice("25865"), ledger).table.set_index("id").line[WALLET])


def result(period: str, value: float | None, enough: bool = True) -> pd.Series:
    return pd.Series({"period": period, "value": value, "enough": enough})


@pytest.mark.parametrize(
    ("indicator", "now", "was", "change"),
    [
        (WALLET, result("2025-to-06", 25.0), result("2025-to-05", 24.0), 1.0),
        (WALLET, result("2025-to-06", 25.0, enough=False), result("2025-to-05", 24.0), None),
        (WALLET, result("2025-to-06", 25.0), result("2025-to-05", 24.0, enough=False), None),
        (WALLET, result("2025-to-06", None), result("2025-to-05", 24.0), None),
        (WALLET, result("2025-to-01", 25.0), result("2024-to-12", 24.0), 1.0),
        ("guided_mooc", result("2025-to-01", 10.0), result("2024-to-12", 90.0), None),  # it began anew
        ("guided_mooc", result("2025-to-06", 60.0), result("2024-to-06", 40.0), 20.0),
        ("guided_mooc", result("2025-02", 6.0), result("2025-01", 4.0), 2.0),
        (WALLET, result("2025-to-06", 25.0), None, None),
    ],
)
def test_a_change_is_told_only_between_what_can_be_compared(indicator, now, was, change):
    assert changed(INDICATORS[indicator], now, was) == change


# What it lacks, and of whom


@EVERY_UNIT
def test_what_lacks_is_the_ledgers_pace_the_most_pressing_first(unit, ledger):
    table, pace = lacking(choice(unit), ledger).table, ledger.pace(Period.parse("2025-to-06"), TARGETED)
    pace = pace[(pace.unit == unit) & (pace.state != "met") & pace.value.notna()].set_index("indicator")
    assert set(table.id) == set(pace.index)
    assert list(table.missing) == list(pace.missing.loc[table.id])
    order = [list(STATES).index(pace.state[each]) for each in table.id]
    assert order == sorted(order)


def test_in_the_first_month_of_the_plan_no_pace_is_told(ledger):
    table = lacking(choice(period="2023-11"), ledger).table.set_index("id")
    assert table.pace_said[WALLET] == "–"
    assert table.state[WALLET] == STATES["unknown"].vi


@pytest.mark.parametrize("unit", ["74", "724", "25942"])
def test_what_the_parts_lack_adds_up_to_what_the_unit_lacks(unit, ledger):
    row = own(ledger, unit).loc[WALLET]
    table = gap(choice(unit), ledger).table
    assert table.gap.sum() == pytest.approx(row.target * row.denominator / 100 - row.numerator)
    assert table.percent.sum() == pytest.approx(100)
    assert list(table.gap) == sorted(table.gap, reverse=True)


@pytest.mark.parametrize("indicator", ["households_per_volunteer", "households_missing_to_e_wallet_target_as_a_whole"])
def test_where_a_gap_cannot_be_shared_out_it_is_said(indicator, ledger):
    view = gap(choice(indicator=indicator), ledger)
    assert view.table.empty
    assert INDICATORS[indicator].short.vi in view.title


# Parts and peers


@EVERY_UNIT
@EVERY_INDICATOR
def test_each_part_stands_once_or_it_is_said_that_nothing_is_told_of_parts(indicator, unit, ledger):
    view, units = parts(choice(unit, indicator), ledger), ledger.units(Period.parse("2025-to-06"))
    assert view.title
    if len(view.table):
        assert sorted(view.table.unit) == sorted(units.unit[units.parent == unit])
        assert view.table.colour.str.fullmatch("#[0-9A-F]{6}").all()


def test_every_tile_can_be_read():
    for colour in [*look.STATUS_COLOUR.values(), *look.SEQUENCE]:
        assert contrast(colour, look.ink_on(colour)) >= 4.0


def contrast(colour: str, other: str) -> float:
    """As the accessibility guidelines define it."""

    def light(code: str) -> float:
        parts = [int(code[k : k + 2], 16) / 255 for k in (1, 3, 5)]
        parts = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    high, low = sorted([light(colour), light(other)], reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("unit", ["724", "718", "720", "25942", "25865", "25777"])
def test_peers_are_of_the_same_level_and_type_and_the_unit_is_marked_among_them(unit, ledger):
    view, units = peers(choice(unit), ledger), ledger.units(Period.parse("2025-to-06"))
    assert list(view.table.unit[view.table.chosen]) == [unit]
    assert {units.level[each] for each in view.table.unit} == {units.level[unit]}
    assert {units.type[each] for each in view.table.unit} == {units.type[unit]}
    ranked = view.table[view.table.enough]
    assert list(ranked.place) == sorted(ranked.place)
    assert view.table[~view.table.enough].place.isna().all()


def test_the_province_has_no_peers(ledger):
    assert peers(choice("74"), ledger).table.empty


def test_the_lowest_level_has_no_parts_and_a_province_without_districts_has_communes(ledger, sample):
    units = ledger.units(Period.parse("2025-to-06"))
    assert [level_below(each, units) for each in ("74", "720", "25741", "25741-01")] == [
        "district", "commune", "hamlet", None,
    ]  # fmt: skip
    since = Ledger.open(current(sample), units_of=date(2025, 7, 1))
    assert level_below("79", since.units(Period.parse("2025-to-06"))) == "commune"


# Over time


@EVERY_UNIT
@pytest.mark.parametrize("indicator", [WALLET, "guided_mooc", "on_time_rate", "district_formation_compliance"])
@pytest.mark.parametrize("period", ["2025-to-06", "2025-06", "2025-Q2", "plan", "2023-11"])
def test_the_course_of_an_indicator_is_the_ledgers_with_its_words(unit, indicator, period, ledger):
    view = history(choice(unit, indicator, period), ledger)
    assert view.title
    if view.chart is None:
        assert view.table.empty
        return
    assert view.alt
    drawn = next(trace for trace in view.chart.data if trace.hovertext is not None)
    assert len(drawn.x) == len(view.table)
    assert drawn.type == ("bar" if INDICATORS[indicator].accumulates else "scatter")
    for row in view.table[view.table.value.notna()].itertuples():
        assert look.value_of(row.value, INDICATORS[indicator], "vi") in view.alt


def test_the_year_before_is_the_same_stretch_of_the_year_before(ledger):
    table = history(choice(), ledger).table.set_index("period")
    assert table.year_before["2025-to-06"] == table.value["2024-to-06"]
    assert table.on_year["2025-to-06"] == pytest.approx(table.value["2025-to-06"] - table.value["2024-to-06"])
    assert pd.isna(table.year_before["2024-to-06"])


@EVERY_INDICATOR
def test_columns_stand_on_zero(indicator, ledger):
    view = history(choice("74", indicator), ledger)
    if INDICATORS[indicator].accumulates and view.chart:
        assert view.chart.layout.yaxis.rangemode == "tozero"


# Reports, problems, commitments


@EVERY_UNIT
@pytest.mark.parametrize("period", ["2025-to-06", "2023-11", "plan", "2024"])
def test_every_report_that_a_unit_owes_is_listed_once(unit, period, ledger):
    asked = choice(unit, period=period)
    owed = ledger.reporting(asked.period)
    assert len(own_reports(asked, ledger).table) == (owed.unit == unit).sum()
    if unit == "724":
        units = ledger.units(asked.period)
        of_communes = owed[owed.unit.isin(units.unit[units.parent == unit])]
        assert reports_below(asked, ledger).table.owed.sum() == len(of_communes)


def test_a_report_held_back_by_an_error_is_neither_missing_nor_received(ledger):
    table = own_reports(choice("25864"), ledger).table.set_index("period")
    assert table.state["2025-06"] == "blocked"


def test_the_same_problem_in_many_cells_is_one_row(ledger):
    view = problems(choice("25942"), ledger, lambda kind, given, parts, language: f"{kind} {given}")
    every = ledger.problems(Period.parse("2025-to-06"))
    assert 0 < len(view.table) < 10 < (every.unit == "25942").sum()


@EVERY_UNIT
def test_commitments_are_those_of_the_unit_and_of_those_below_it(unit, ledger):
    told = promises(choice(unit), ledger).table
    every = ledger.commitments()
    assert set(told.get("id", [])) >= set(every.id[every.unit == unit])
    if unit == "74":
        assert len(told) == len(every)


# The page


@pytest.fixture
def page(opened):
    return partial(opened, "unit_profile")


@EVERY_LANGUAGE
@EVERY_UNIT
@pytest.mark.parametrize("section", SECTIONS)
def test_every_section_stands_for_every_unit_in_both_languages(section, unit, language, page):
    app = page(section=section, unit=unit, lang=language)
    assert not app.exception
    assert not app.warning
    assert app.get("html")


@pytest.mark.parametrize("section", SECTIONS)
def test_a_section_on_a_day_in_the_past(section, page):
    assert not page(section=section, unit="724", as_of="2024-06-20").exception


def test_an_unknown_section_falls_back_to_the_scorecard(page):
    assert "Thành phố Dĩ An: đạt 17/36" in text(page(section="nothing", unit="724"))


def test_every_value_leads_to_its_sources_and_every_part_to_its_profile(page):
    scored = text(page(unit="724"))
    assert f"/nguon-so-lieu?unit=724&amp;of=724&amp;indicator={TARGETED[1]}" in scored
    told = text(page(unit="724", section="parts"))
    assert "/ho-so?unit=25942" in told
    assert "of=25942-01" in text(page(unit="25942", section="parts"))
