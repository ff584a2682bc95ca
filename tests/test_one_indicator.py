"""One indicator: every unit once, the target where it is, and nothing claimed that the figures do not say."""

import pandas as pd
import pytest

from language import LANGUAGES
from metrics import INDICATORS
from views.charts import nice
from views.compared import compared, named
from views.one_indicator import LENGTH, definition, distribution, over_time
from views.two_indicators import others, partner, two_indicators
from views.view import Choice
from warehouse.period import Period

EVERY_LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)
BELOW = [each for each in INDICATORS if INDICATORS[each].finest != "province"]


def choice(indicator: str = "e_wallet_household_share", language: str = "vi", **more) -> Choice:
    told = {"period": Period.parse("2025-to-06"), "unit": "74", **more}
    return Choice(language=language, indicator=INDICATORS[indicator], **told)


@EVERY_LANGUAGE
@pytest.mark.parametrize("indicator", INDICATORS)
def test_the_definition_tells_formula_target_section_and_traps(indicator, language):
    view = definition(choice(indicator, language))
    told = dict(zip(view.table.id, view.table.said, strict=True))
    assert {"formula", "target", "source", "traps"} <= told.keys()
    assert all(told.values())
    assert told["source"] == INDICATORS[indicator].source


@pytest.mark.parametrize("indicator", BELOW)
def test_each_unit_with_enough_reports_is_drawn_once(indicator, ledger):
    asked = choice(indicator).at("commune")
    view, found = distribution(asked, ledger), compared(asked, ledger)
    assert len(found.units) + len(found.held_back) == (9 if asked.level == "district" else 91)
    if len(found.units):
        dots = [trace for trace in view.chart.data if trace.type == "scatter"][0]
        assert sorted(dots.customdata) == sorted(found.units.unit)


def test_a_dot_lies_in_the_step_that_holds_its_value_and_never_across_the_target(ledger):
    view = distribution(choice(), ledger)
    dots = view.chart.data[0]
    values = view.table.set_index("unit").value.astype(float)
    step = nice((values.max() - values.min()) / 28)
    for unit, x in zip(dots.customdata, dots.x, strict=True):
        assert abs(values[unit] - x) <= step / 2 + 1e-9
        assert (x >= 30) == (values[unit] >= 30)


def test_many_units_are_counted_in_bars_that_hold_all_of_them(ledger):
    view = distribution(choice(level="hamlet"), ledger)
    bars = view.chart.data[0]
    assert bars.type == "bar"
    assert sum(bars.y) == len(view.table) > 160


def test_the_target_is_dashed_and_bears_its_number(ledger):
    figure = distribution(choice(), ledger).chart
    assert [(line.x0, line.line.dash) for line in figure.layout.shapes if line.line.dash == "dash"] == [(30, "dash")]
    assert any("30\u00a0%" in each.text for each in figure.layout.annotations)


def test_units_that_are_all_alike_are_still_drawn(ledger):
    figure = distribution(choice("commune_team_coverage", unit="724"), ledger).chart
    start, end = figure.layout.xaxis.range
    assert len(figure.data[0].x) == 7
    assert all(start < x < end for x in figure.data[0].x)


@pytest.mark.parametrize(
    ("indicator", "period"),
    [
        ("e_wallet_household_share", "2023-11"),
        ("e_wallet_household_share", "2025-to-06"),
        ("data_store_share", "2025-to-06"),
        ("hamlet_team_compliance", "2025-to-06"),
    ],
)
def test_what_is_written_beside_a_line_has_its_room(indicator, period, ledger):
    figure = distribution(choice(indicator, period=Period.parse(period)), ledger).chart
    start, end = figure.layout.xaxis.range
    for said in figure.layout.annotations:
        room = (said.x - start if said.xanchor == "right" else end - said.x) / (end - start)
        assert room > 0.12


@pytest.mark.parametrize(("least", "step"), [(0.9, 1), (1, 1), (1.1, 2), (2.3, 2.5), (26, 50), (0.03, 0.05), (0, 1)])
def test_steps_are_round(least, step):
    assert nice(least) == pytest.approx(step)


@pytest.mark.parametrize(("least", "step"), [(2.3, 5), (2, 2), (0.21, 0.5), (6, 10)])
def test_steps_are_those_that_are_asked_for(least, step):
    assert nice(least, (1, 2, 5, 10)) == pytest.approx(step)


# Two indicators


def test_what_rises_together_is_said_and_what_does_not_is_not(ledger):
    same = two_indicators(choice(), INDICATORS["e_payment_account_share"], ledger)
    assert "cùng cao" in same.title
    assert "không có nghĩa" in same.note
    assert "không thấy liên hệ rõ" in two_indicators(choice(), partner(choice().indicator, INDICATORS), ledger).title


def test_only_units_with_enough_reports_for_both_are_compared(ledger):
    other = INDICATORS["commune_team_compliance"]
    told = set(two_indicators(choice(), other, ledger).table.unit)
    both = [ledger.one(Period.parse("2025-to-06"), each) for each in (choice().indicator, other)]
    enough = [set(each.unit[each.enough & each.value.notna() & (each.level == "commune")]) for each in both]
    assert told == enough[0] & enough[1]


def test_of_few_units_no_connection_is_told(ledger):
    view = two_indicators(choice(unit="724"), INDICATORS["e_payment_account_share"], ledger)
    assert len(view.table) == 7
    assert "chưa đủ căn cứ" in view.title


@pytest.mark.parametrize("indicator", BELOW)
def test_any_indicator_can_be_held_against_its_partner(indicator, ledger):
    other = partner(INDICATORS[indicator], INDICATORS)
    assert other.id != indicator and other in others(INDICATORS[indicator], INDICATORS)
    view = two_indicators(choice(indicator, "en"), other, ledger)
    assert view.title
    if view.chart is not None:
        assert list(view.chart.data[0].customdata) == list(view.table.unit)
        assert view.table.other.notna().all()


def test_names_do_not_lie_on_one_another_and_the_chosen_one_is_always_named():
    points = pd.DataFrame({
        "unit": ["a", "b", "c"], "unit_name": ["A", "B", "C"], "level": "commune", "district": "",
        "x": [0.0, 0.01, 1.0], "y": [0.0, 0.01, 1.0],
    })  # fmt: skip
    assert named(points, ["a", "b", "c"], "") == ["A", "", "C"]
    assert named(points, ["a"], "b") == ["", "B", ""]


# Over time


@pytest.mark.parametrize(("unit", "lines"), [("74", 9), ("724", 7), ("25942", 7)])
def test_each_part_has_a_line_on_the_same_axes_with_the_target(unit, lines, ledger):
    view = over_time(choice(unit=unit), ledger)
    assert len(view.table) == lines
    drawn = [trace for trace in view.chart.data if trace.mode == "lines"]
    assert len(drawn) == lines
    assert {len(trace.x) for trace in drawn} == {LENGTH}
    ranges = {tuple(axis.range) for axis in view.chart.select_yaxes()}
    assert len(ranges) == 1
    assert all(line.y0 == 30 and line.line.dash == "dash" for line in view.chart.layout.shapes)


def test_a_period_without_enough_reports_is_a_gap_and_not_zero(ledger):
    view = over_time(choice(unit="721"), ledger)  # with a silent commune
    results = ledger.trend(Period.parse("2025-to-06"), [INDICATORS["e_wallet_household_share"]], LENGTH)
    known = results[results.enough & results.unit.isin(view.table.unit)]
    for row in view.table.itertuples(index=False):
        own = known[known.unit == row.unit].set_index("period").value
        values = dict(zip(view.table.columns, row, strict=True))
        for period in results.period.unique():
            if period not in own.index:
                assert pd.isna(values[period])


@pytest.mark.parametrize("period", ["2023-11", "2025-to-06", "2025-Q2", "2024", "plan"])
@pytest.mark.parametrize("unit", ["74", "724", "25942", "25865"])
@pytest.mark.parametrize("indicator", ["e_wallet_household_share", "district_formation_coverage", "guided_mooc"])
def test_every_view_stands_for_any_unit_and_period(indicator, unit, period, ledger):
    asked = choice(indicator, "en", unit=unit, period=Period.parse(period)).at("commune")
    for view in (distribution(asked, ledger), over_time(asked, ledger)):
        assert view.title
        assert view.chart is None or view.alt
