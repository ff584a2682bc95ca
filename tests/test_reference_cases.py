"""Worked cases of the field (tests/reference_cases.json names their sources), through the functions that pages use."""

import json
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from metrics import INDICATORS
from metrics.core.calculate import results
from metrics.core.fair_comparison import against, are_apart, byar, rate, wilson
from metrics.core.indicator import Indicator
from metrics.core.trend import chi_squared, of_intervals, of_shares
from warehouse import period as calendar_of
from warehouse.period import Period
from warehouse.schedule import expected

CASES = json.loads(Path(__file__).with_name("reference_cases.json").read_text(encoding="utf-8"))
SETTINGS = calendar_of.calendar()
_SHARE = INDICATORS["e_wallet_household_share"]


def cases(*beginnings: str) -> pytest.MarkDecorator:
    found = [each for each in CASES if any(_is(each, beginning) for beginning in beginnings)]
    assert found
    return pytest.mark.parametrize("case", found, ids=lambda each: each["id"])


def _is(case: dict, beginning: str) -> bool:
    return case["id"] == beginning or case["id"].startswith(f"{beginning}-")


def number(value: float | None) -> float:
    return np.nan if value is None else value


@cases("phe-byars")
def test_limits_of_a_count(case):
    given = case["inputs"]
    assert byar(given["x"], given["conf"]) == pytest.approx([*map(number, case["expected"])], rel=1e-9, nan_ok=True)


@cases("phe-prop")
def test_limits_of_a_share_at_both_levels(case):
    given = case["inputs"]
    found = [given["x"] / given["n"], *wilson(given["x"], given["n"]), *wilson(given["x"], given["n"], 0.998)]
    assert [each * given["mult"] for each in found] == pytest.approx(case["expected"], rel=1e-9)


@cases("phe-wilson", "wilson")
def test_limits_of_a_share(case):
    given = case["inputs"]
    found = wilson(given["x"], given["n"], given.get("conf", 0.95))
    assert found == pytest.approx(case["expected"], abs=max(case["tol"], 5e-5 if "30pct" in case["id"] else 1e-9))


@cases("phe-rate")
def test_limits_of_a_rate_are_exact_for_few_and_byars_for_many(case):
    given = case["inputs"]
    found = [given["mult"] * given["x"] / given["n"], *rate(given["x"], given["n"], given["mult"])]
    assert found == pytest.approx(case["expected"], rel=1e-8)
    assert case["function"] == ("Exact" if given["x"] < 10 else "Byars")


@cases("ft-rag2")
def test_an_interval_against_a_benchmark_at_two_levels(case):
    better = "lower" if case["inputs"]["polarity"] == "low" else "higher"
    one, two = (against(case["inputs"]["bench"], [low], [high], better)[0] for low, high in ((2.5, 2.7), (2.3, 2.9)))
    said = {"similar": "Same", "better": "Better", "worse": "Worse"}[one]
    assert ({"better": "Best", "worse": "Worst"}.get(two) or said) == case["expected"]


@cases("ft-next")
def test_each_interval_against_its_own_benchmark(case):
    given, value = case["inputs"], np.array(case["inputs"]["values"], float)
    found = against(given["bench"], value - given["half"], value + given["half"], "higher")
    assert [each.capitalize() for each in found] == case["expected"]


@cases("ft-double")
def test_two_intervals_that_meet_are_the_same(case):
    (low, high), (other_low, other_high) = case["inputs"]
    assert bool(are_apart(low, high, other_low, other_high)) == (case["expected"] != "Same")


@cases("ft-target-3")
def test_intervals_against_a_target(case):
    low, high = np.array(case["inputs"], float).T
    words = {"better": "Better", "worse": "Worse", "similar": "Same"}
    assert [words[each] for each in against(10, low, high, "higher")] == case["expected"]


@cases("ft-target-2")
def test_where_less_is_better_the_target_itself_is_met(case, world):
    fewer = Indicator(**{**_count(), "better": "lower", "target": 10, "numerator": "sum(outings)"})
    for unit, value in zip(("A1", "A2", "B1"), case["inputs"], strict=True):
        world.report(unit, "2024-01", {unit: {"outings": value}})
    told = _of(world, fewer)
    met = ["Better" if told[unit].status == "met" else "Worse" for unit in ("A1", "A2", "B1")]
    assert met == case["expected"]


@cases("ft-trend")
def test_trends_of_five_points(case):
    points = np.array(case["inputs"], float)
    found = (of_shares if points.shape[1] == 2 else of_intervals)(points)
    expected_trend, statistic = case["expected"] if isinstance(case["expected"], list) else (case["expected"], None)
    assert found.replace("_", "") == expected_trend.lower().replace("_", "")
    if statistic:
        assert chi_squared(points) == pytest.approx(statistic, abs=0.01)


def test_missing_uncertainty_is_never_called_no_change():
    assert of_intervals(np.array([[1, np.nan, np.nan]] * 5)) == "cannot_be_calculated"
    assert of_shares(np.array([[994, 40299], [1023, 41527], [1199, 42811], [1332, 44064]])) == "cannot_be_calculated"


@cases("plan-due")
def test_due_days_fall_before_the_period_ends(case, monkeypatch):
    """The offsets hold where the department counts the 20th itself as on time; strictly it is a day less."""
    for strict, shift in ((False, 0), (True, -1)):
        monkeypatch.setattr(calendar_of, "calendar", lambda strict=strict: {**SETTINGS, "strict": strict})
        for quarter, days in case["expected"].items():
            period = Period("quarter", case["inputs"]["year"], int(quarter))
            assert (period.due - period.last_day).days == days + shift


@cases("plan-q4")
def test_the_fourth_quarter_is_due_after_the_year(case):
    year = case["inputs"]["year"]
    assert (Period("quarter", year, 4).due - Period("year", year).due).days == case["expected"]


@cases("cutoff-half", "cutoff-month", "cutoff-quarter", "cutoff-year")
def test_the_days_whose_figures_a_period_counts(case):
    kind, year, number_ = case["inputs"]
    found = Period(kind, year, number_ or (1 if kind == "half" else 0)).window
    assert [each.isoformat() for each in found] == case["expected"]


@cases("cutoff-days")
def test_the_window_of_a_quarter_is_as_long_as_the_quarter(case):
    quarter = Period("quarter", 2024, 1)
    first, last = quarter.window
    assert [(last - first).days + 1, (quarter.last_day - quarter.first_day).days + 1] == case["expected"]


@cases("dhis2-rr-1", "dhis2-rr-2", "dhis2-rr-7", "dhis2-rr-8")
def test_reporting_rates(case, world):
    given = case["inputs"]
    actual, target = given["actual"] or 0, given["target"]
    # As many of one commune's months as are expected; 500 of 1,000 are 13 of the 26 months of the plan.
    period = Period("quarter", 2024, 1) if target == 3 else Period("plan")
    months = period.months[: actual if target == 3 else 26 * actual // target]
    for month in months:
        world.report("A1", str(month), {"A1-1": {"households": 1}})
    rows = results(world.engine, [(period, period.last_day)], [INDICATORS["monthly_reporting_rate"]])
    assert rows[rows.unit == "A1"].value.iloc[0] == pytest.approx(case["expected"], abs=0.005)


@cases("dhis2-rr-10")
def test_nothing_is_rounded_before_it_is_shown(case, world):
    """Two of three reports: a rate that is rounded first (66.67) would make 199.34 of the 299."""
    for month in ("2024-01", "2024-02"):
        world.report("A1", month, {"A1-1": {"households": 1}})
    rows = results(
        world.engine, [(Period("quarter", 2024, 1), date(2024, 3, 31))], [INDICATORS["monthly_reporting_rate"]]
    )
    assert round(case["inputs"]["a"] * rows[rows.unit == "A1"].value.iloc[0] / 100, 2) == case["expected"]


@cases("dhis2-exp")
def test_a_unit_that_opens_in_february_and_closes_after_july_owes_six_months(case):
    units = pd.DataFrame(
        {"unit": ["A1"], "level": ["commune"], "since": [date(2024, 2, 1)], "until": [date(2024, 8, 1)]}
    )
    assert len(expected(units)) == case["expected"]


def _count() -> dict:
    said = {"name": _SHARE.name, "short": _SHARE.short, "formula": _SHARE.formula, "source": "III", "requirement": "A5"}
    return {"id": "x", "measured_in": "occasion", "counts": "occasion", "example": ([], 0), **said}


def _of(world, indicator: Indicator, period: str = "2024-01") -> dict[str, pd.Series]:
    p = Period.parse(period)
    rows = results(world.engine, [(p, p.last_day)], [indicator])
    return {row.unit: row for row in rows.itertuples()}


@cases("dhis2-ind-1", "dhis2-ind-4")
def test_an_indicator_is_numerator_times_factor_over_denominator(case, world):
    given = case["inputs"]
    world.report("A1", "2024-01", {"A1-1": {"households_e_payment_any": given["num"], "households": given["den"]}})
    assert number(_of(world, _SHARE)["A1"].value) == pytest.approx(number(case["expected"]), nan_ok=True)


@cases("agg-type-2")
def test_of_a_stock_the_last_in_time_is_summed_over_units(case, world):
    stock = Indicator(**{**_count(), "numerator": "sum(households)"})
    for unit, values in zip(("A1-1", "A1-2"), case["inputs"].values(), strict=True):
        for month, value in enumerate(values, start=1):
            world.report("A1", f"2024-{month:02}", {unit: {"households": value}})
    assert _of(world, stock, "2024-Q1")["P"].value == case["expected"]


@cases("dhis2-agg-2")
def test_a_flow_is_a_sum(case, world):
    flow = Indicator(**{**_count(), "numerator": "sum(guided_mooc)"})
    for month, value in enumerate(case["inputs"], start=1):
        world.report("A1", f"2024-{month:02}", {"A1-1": {"guided_mooc": value}})
    assert _of(world, flow, "2024-Q1")["P"].value == case["expected"]


@cases("hisp-round")
def test_29_6_has_not_met_30(case, world):
    """The trap: a scorecard that rounds before it colours calls 29.6 met."""
    world.report("A1", "2024-01", {"A1-1": {"households": 1000, "households_e_payment_any": case["inputs"] * 10}})
    assert _of(world, _SHARE)["A1"].value == pytest.approx(29.6)
    assert _of(world, _SHARE)["A1"].status == "near"


# Not ours, on purpose, each with its reason.
LEFT = {
    "pace-linear": "set against the whole way from the start: ours against what is left, in tests/test_pace.py",
    "dhis2-rr-4": "reports expected of nobody: there a rate of 0, here no rate at all",
    "dhis2-ind-2": "annualised indicators: the plan has none",
    "dhis2-ind-3": "annualised indicators: the plan has none",
    "dhis2-agg-5": "an expression over three data elements: our formulas are tested by their own examples",
    "dhis2-out-2": "outliers are scored on changes, in tests/test_beside.py",
}


def test_every_case_is_reproduced_or_left_with_a_reason():
    text = Path(__file__).read_text(encoding="utf-8")
    named = {
        beginning for line in text.splitlines() if line.startswith("@cases(") for beginning in line.split('"')[1::2]
    }
    left = [each["id"] for each in CASES if not any(_is(each, name) for name in named) and each["id"] not in LEFT]
    assert left == []


def test_of_nobody_who_is_expected_to_report_no_rate_is_told(world):
    world.con.execute("delete from expected where unit = 'B1'")
    rows = results(
        world.engine, [(Period("month", 2024, 1), date(2024, 1, 31))], [INDICATORS["monthly_reporting_rate"]]
    )
    assert rows[rows.unit == "B1"].status.iloc[0] == "not_applicable"
