"""Views: every unit once, nothing unknown drawn as zero, numbers as the language writes them, nothing from outside."""

import pandas as pd
import pytest

from language import LANGUAGES, order
from metrics import INDICATORS
from views import look
from views.classes import class_limits, classes, legend
from views.geography import geography
from views.leaderboard import SORTS, leaderboard
from views.overview import attention, cards, changes, completeness
from views.shown import match, shown
from views.unit_map import tile_grid, unit_map
from views.view import Choice
from warehouse.period import Period

EVERY_LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)
EVERY_INDICATOR = pytest.mark.parametrize("indicator", INDICATORS)
EVERY_COLOURING = pytest.mark.parametrize("colouring", ["target", "quantile"])


def choice(indicator: str = "e_wallet_household_share", language: str = "vi", **more) -> Choice:
    told = {"period": Period.parse("2025-to-06"), "unit": "74", **more}
    return Choice(language=language, indicator=INDICATORS[indicator], **told)


@pytest.fixture(scope="module")
def shapes(tmp_path_factory):
    return geography(tmp_path_factory.mktemp("no_real_boundaries"))


@EVERY_COLOURING
@EVERY_INDICATOR
def test_the_legend_counts_every_unit_once(indicator, colouring, ledger):
    asked = choice(indicator, colouring=colouring)
    found = shown(asked, ledger)
    assert sum(count for _, _, _, count in legend(found, asked)) == len(found)


@EVERY_COLOURING
@pytest.mark.parametrize("level", ["district", "commune"])
def test_every_unit_is_on_the_map_exactly_once(level, colouring, ledger, shapes):
    view = unit_map(choice(level=level, colouring=colouring), ledger, shapes)
    drawn = [unit for trace in view.chart.data if trace.type == "choropleth" for unit in trace.locations]
    assert sorted(drawn) == sorted(view.table.unit)
    assert len(drawn) == {"district": 9, "commune": 91}[level]


def test_every_commune_has_its_tile(ledger):
    view = tile_grid(choice(), ledger)
    assert sum(len(trace.customdata) for trace in view.chart.data if trace.customdata is not None) == 91


@EVERY_COLOURING
def test_a_unit_that_sent_nothing_is_drawn_as_unknown_and_not_as_zero(colouring, ledger, shapes):
    asked = choice(colouring=colouring)
    found = shown(asked, ledger)
    silent = found[found.status == "no_report"]
    assert set(silent.unit) == {"25865", "25777"}
    assert set(classes(found, asked)[silent.index]) == {"no_report"}


@EVERY_INDICATOR
def test_a_target_in_reach_is_a_limit_between_classes(indicator, ledger):
    asked = choice(indicator, colouring="quantile")
    found = shown(asked, ledger)
    values, target = found.value.dropna(), INDICATORS[indicator].target
    if target is not None and len(values) and values.min() < target < values.max():
        assert target in class_limits(found, asked)


@EVERY_LANGUAGE
def test_hover_and_card_write_numbers_as_the_language_does(language, ledger):
    found = shown(choice(language=language), ledger)
    row = found.iloc[0]
    assert look.value_of(row.value, INDICATORS["e_wallet_household_share"], language) in row.hover
    assert ("," if language == "vi" else ".") in row.hover.split("<b>")[2]


@EVERY_LANGUAGE
def test_no_figure_knows_an_address_outside(language, ledger, shapes):
    for view in (unit_map(choice(language=language), ledger, shapes), tile_grid(choice(language=language), ledger)):
        assert "http" not in view.chart.to_json()
        assert view.alt


def test_what_is_not_on_the_map_is_named(ledger):
    found = shown(choice(), ledger)
    said = match(found, set(found.unit) - {"25741"}, "vi")
    assert "90/91" in said
    assert "Hiệp Thành" in said
    assert "An Thái" in said


@EVERY_INDICATOR
def test_the_leaderboards_order_is_the_ledgers(indicator, ledger):
    view = leaderboard(choice(indicator), ledger)
    results = ledger.results(Period.parse("2025-to-06"))
    ranks = results[results.indicator == indicator].set_index("unit")["rank"]
    ranked = view.table[view.table.place.notna()]
    assert list(ranked.place.astype(int)) == list(ranks.loc[ranked.unit].astype(int))


def test_units_without_enough_reports_stand_last_by_name_and_have_no_place(ledger):
    table = leaderboard(choice(), ledger).table
    held_back = table[~table.enough]
    assert list(held_back.unit_name) == sorted(held_back.unit_name, key=order)
    assert list(table.tail(len(held_back)).unit) == list(held_back.unit)
    assert set(held_back.unit) >= {"25865", "25777"}
    assert held_back[["place", "band", "moved"]].isna().all(axis=None)
    assert (table[table.enough].reports >= 0.8 * table[table.enough].reports_due).all()


def test_movement_is_told_only_of_units_that_had_a_place_in_both_periods(ledger):
    first = leaderboard(choice(period=Period.parse("2023-11")), ledger).table
    assert first.moved.isna().all()
    later = leaderboard(choice(), ledger).table
    before = leaderboard(choice(period=Period.parse("2025-to-05")), ledger).table.set_index("unit")
    in_both = later.enough & later.unit.map(before.enough)
    assert later[in_both].moved.notna().all()
    assert later[~in_both].moved.isna().all()
    assert later.moved.sum() == pytest.approx(0, abs=len(later))


def test_places_among_wards_are_counted_among_wards(ledger):
    table = leaderboard(choice(), ledger, kind="Phường").table
    assert set(table.kind) == {"Phường"}
    assert table.place.min() == 1
    assert table.place.max() <= len(table)


def test_a_search_changes_no_place(ledger):
    every = leaderboard(choice(), ledger).table.set_index("unit")
    found = leaderboard(choice(), ledger, search="dĩ an").table.set_index("unit")
    assert (found.place == every.place.loc[found.index]).all()


def test_the_first_of_a_group_of_alike_is_really_apart_from_the_first_of_the_next(ledger):
    table = leaderboard(choice(), ledger).table
    firsts = table[table.enough].groupby("band").first()
    assert len(firsts) > 2
    assert (firsts.low.iloc[:-1].to_numpy() > firsts.high.iloc[1:].to_numpy()).all()


@pytest.mark.parametrize("search", ["dĩ an", "DI AN", "di  an", "Di\u0303 An"])
def test_search_passes_over_accents_and_case(search, ledger):
    found = leaderboard(choice(), ledger, search=search).table
    assert {"Phường Dĩ An"} <= set(found.unit_name)
    assert set(found.district) == {"Thành phố Dĩ An"}


@pytest.mark.parametrize("sort", SORTS)
def test_sorting_keeps_every_unit(sort, ledger):
    assert len(leaderboard(choice(), ledger, sort=sort).table) == 91


@EVERY_LANGUAGE
@pytest.mark.parametrize("unit", ["74", "724", "25942", "25865"])
@pytest.mark.parametrize("period", ["2025-to-06", "2023-11", "2025-Q2", "2024", "plan"])
def test_the_overview_stands_for_any_unit_and_period(language, unit, period, ledger):
    asked = choice(language=language, unit=unit, period=Period.parse(period))
    found = cards(asked, ledger)
    assert all(card.title and card.value and card.said and card.status in look.STATUSES for card in found)
    assert found[-1].id == "on_time_rate"
    assert attention(asked, ledger).title
    assert changes(asked, ledger).title
    assert completeness(asked, ledger)


def test_a_cards_distance_is_what_is_missing_in_the_ledger(ledger):
    results = ledger.results(Period.parse("2025-to-06"))
    row = results[(results.unit == "74") & (results.indicator == "e_wallet_household_share")].iloc[0]
    card = cards(choice(), ledger)[0]
    assert f"{row.missing:,.0f}".replace(",", ".") in card.said


def test_the_first_to_need_attention_are_the_silent(ledger):
    names = list(attention(choice(), ledger).table.name)
    assert set(names[:2]) == {"Xã An Thái", "Thị trấn Dầu Tiếng"}
    assert len(names) == 5


def test_a_report_that_came_late_is_not_on_time(ledger):
    owed = ledger.reporting(Period.parse("2024-06"))
    late = owed[owed.days_late > 0]
    assert len(late) > 0
    assert (pd.to_datetime(late.received_at).dt.date > pd.to_datetime(late.due).dt.date).all()
