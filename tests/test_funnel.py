"""Funnel: limits as the field publishes them, and who is said to lie outside."""

import numpy as np
import pytest

from metrics import INDICATORS
from metrics.core.fair_comparison import wilson
from metrics.core.funnel import ALARM, WARNING, limits, placed, z_of
from views import look
from views.compared import compared
from views.funnel import PLACES, funnel, no_funnel
from views.view import Choice
from warehouse.period import Period

P0 = 0.80642448  # of the funnel plot methods of Public Health England


def choice(indicator: str = "e_wallet_household_share", language: str = "vi", **more) -> Choice:
    told = {"period": Period.parse("2025-to-06"), "unit": "74", **more}
    return Choice(language=language, indicator=INDICATORS[indicator], **told)


@pytest.mark.parametrize(("confidence", "low"), [(WARNING, 0.56154344), (ALARM, 0.4203259)])
def test_limits_of_a_share_are_those_published_and_are_cut_at_all(confidence, low):
    found = limits("share", P0, [10], confidence)
    assert (found[0][0], found[1][0]) == (pytest.approx(low, abs=1e-7), 1)


@pytest.mark.parametrize(
    ("count", "n", "place"),
    [
        (35078.488, 41980, "far_above"),  # New Forest
        (24803.6256, 31824, "far_below"),  # Norwich
        (50050.7443, 61921, "inside"),  # South Gloucestershire
    ],
)
def test_the_published_places_are_told(count, n, place):
    drawn = [limits("share", P0, [n], each) for each in (WARNING, ALARM)]
    assert list(placed([count / n], *drawn)) == [place]


@pytest.mark.parametrize(
    ("benchmark", "value", "n", "at_95", "at_998"),  # of an indicator of which little is good
    [
        (8.9611087, 7.7065767, 5930, "below", "below"),
        (8.9611087, 9.8988121, 2273, "", ""),
        (8.9611087, 12.4746450, 1972, "above", "above"),
        (12.8379547, 10.9783420, 1339, "below", ""),
        (12.8379547, 15.9065629, 899, "above", ""),
    ],
)
def test_wilsons_limits_around_a_benchmark_tell_the_published_labels(benchmark, value, n, at_95, at_998):
    for confidence, told in ((WARNING, at_95), (ALARM, at_998)):
        low, high = (100 * float(each) for each in wilson(n * benchmark / 100, n, confidence))
        assert ("below" if value < low else "above" if value > high else "") == told


@pytest.mark.parametrize("n", [0, -1])
def test_without_a_denominator_there_are_no_limits(n):
    for found in (limits("share", 0.3, [n], WARNING), limits("rate", 3, [n], WARNING, 1000)):
        assert np.isnan(found).all()
    assert list(placed([0.5], limits("share", 0.3, [n], WARNING), limits("share", 0.3, [n], ALARM))) == [""]


def test_limits_of_a_rate_are_of_a_count():
    low, high = limits("rate", 50, [200], WARNING, 1000)  # 10 are expected: 10 ± 1.96·√10
    assert (low[0], high[0]) == pytest.approx(((10 - z_of(WARNING) * 10**0.5) * 5, (10 + z_of(WARNING) * 10**0.5) * 5))
    assert limits("rate", 1, [10], ALARM, 1000)[0][0] == 0


@pytest.mark.parametrize("kind", ["share", "rate"])
def test_limits_close_in_on_the_benchmark_as_units_grow(kind):
    sizes = np.geomspace(5, 1e6, 40)
    for confidence in (WARNING, ALARM):
        low, high = limits(kind, 0.4, sizes, confidence)
        assert (np.diff(low) >= 0).all() and (np.diff(high) <= 0).all()
        assert (low <= 0.4).all() and (high >= 0.4).all()
    wide, narrow = (limits(kind, 0.4, sizes, each) for each in (ALARM, WARNING))
    assert (wide[0] <= narrow[0]).all() and (wide[1] >= narrow[1]).all()


# What is shown


@pytest.mark.parametrize("indicator", INDICATORS)
def test_a_funnel_is_drawn_only_of_counts_out_of_a_whole_and_else_it_is_said_why(indicator, ledger):
    if INDICATORS[indicator].finest == "province":
        return
    asked = choice(indicator).at("commune")
    view = funnel(asked, ledger)
    why = no_funnel(compared(asked, ledger))
    assert view.title
    if why:
        assert "place" not in view.table
        assert bool(view.chart) == bool(len(view.table))
    else:
        assert INDICATORS[indicator].interval
        assert set(view.table.place) <= PLACES.keys()
        assert view.alt
    if view.chart is not None:
        assert "http" not in view.chart.to_json()


def test_the_funnel_lies_around_the_ratio_of_sums_and_tells_each_unit_by_its_own_size(ledger):
    view, found = funnel(choice(), ledger), compared(choice(), ledger)
    whole = ledger.one(Period.parse("2025-to-06"), INDICATORS["e_wallet_household_share"]).set_index("unit").value["74"]
    assert float(found.whole.value) == whole
    for row in view.table.itertuples():
        half = 3.0902323 * (whole * (100 - whole) / row.denominator) ** 0.5
        assert (row.low_998, row.high_998) == pytest.approx((whole - half, whole + half), abs=1e-4)
        assert row.place.startswith("far") == (abs(row.value - whole) > half)
    assert len(view.table) == int(found.units.enough.sum()) == 87


def test_units_without_enough_reports_are_left_out_and_named(ledger):
    view = funnel(choice(), ledger)
    assert not set(view.table.unit) & {"25865", "25777"}
    assert "An Thái" in view.note


def test_a_count_is_set_against_the_households_of_each_unit(ledger):
    view = funnel(choice("guided_mooc"), ledger)
    whole = ledger.one(Period.parse("2025-to-06"), INDICATORS["guided_mooc"]).set_index("unit").value["74"]
    homes = ledger.units(Period.parse("2025-to-06")).households_2019["74"]
    row = view.table.iloc[0]
    assert row.even == pytest.approx(float(whole) * row.homes / homes)


@pytest.mark.parametrize(("unit", "level", "whole"), [("25942", "commune", "724"), ("724", "district", "74"),
                                                      ("25942", "hamlet", "25942")])  # fmt: skip
def test_a_unit_is_shown_among_those_it_stands_beside(unit, level, whole, ledger):
    found = compared(choice(unit=unit, level=level), ledger)
    assert (found.whole.unit, found.chosen) == (whole, unit)
    assert len(found.units) > 1


def test_better_is_never_told_by_colour_alone(ledger):
    drawn = [trace for trace in funnel(choice(), ledger).chart.data if trace.customdata is not None]
    symbols = {trace.marker.symbol: trace.marker.color for trace in drawn}
    assert symbols["triangle-up"] == look.STATUS_COLOUR["met"]
    assert symbols["triangle-down"] == look.STATUS_COLOUR["behind"]
