"""The laws of the chain from facts to results."""

from collections import Counter
from datetime import date

import duckdb
import pandas as pd
import pytest

from metrics import INDICATORS
from metrics.core.among import Among
from metrics.core.calculate import results
from metrics.core.indicator import BELOW, Indicator
from metrics.core.ledger import Ledger
from metrics.core.other_day import Shown
from warehouse.period import Period
from warehouse.schedule import expected as owed

SHARE = INDICATORS["e_wallet_household_share"]


def result(world, unit: str, period: str = "2024-to-03", indicator: Indicator = SHARE, as_of=None) -> pd.Series:
    p = Period.parse(period)
    rows = results(world.engine, [(p, p.last_day)], [indicator], as_of)
    (row,) = (each for _, each in rows[rows.unit == unit].iterrows())
    return row


def wallets(households: int | None, having: int | None) -> dict:
    return {"households": households, "households_e_payment_any": having}


def test_a_parent_is_the_ratio_of_sums_and_not_the_mean_of_ratios(world):
    world.report("A1", "2024-01", {"A1-1": wallets(10, 10), "A1-2": wallets(90, 0)})
    world.report("B1", "2024-01", {"B1-1": wallets(100, 40)})
    assert result(world, "A1").value == 10
    assert result(world, "P").value == pytest.approx(25)


def test_of_a_stock_the_last_month_that_told_counts(world):
    world.report("A1", "2024-01", {"A1-1": wallets(100, 10)})
    world.report("A1", "2024-02", {"A1-1": wallets(100, 20)})
    world.report("A1", "2024-03", {"A1-1": wallets(None, None)})
    assert result(world, "A1").numerator == 20
    assert result(world, "A1", "2024-01").numerator == 10


def test_a_flow_adds_up_over_months_and_only_over_the_shortest_reports(world):
    flow = Indicator(**{**_bare(), "numerator": "sum(guided_mooc)"})
    world.report("A1", "2024-01", {"A1-1": {"guided_mooc": 5}, "A1-2": {"guided_mooc": 1}})
    world.report("A1", "2024-02", {"A1-1": {"guided_mooc": 7}})
    assert result(world, "A1", indicator=flow).value == 13
    inspections = Indicator(**{**_bare(), "numerator": "sum(inspections_done)"})
    world.report("A", "2024-Q1", {"A": {"inspections_done": 2}})
    world.report("A", "2024-Q2", {"A": {"inspections_done": 3}})
    world.report("A", "2024-H1", {"A": {"inspections_done": 5}})
    assert result(world, "A", "2024-H1", indicator=inspections).value == 5


def test_a_unit_that_sent_nothing_still_has_a_row_and_we_do_not_say_zero(world):
    world.report("A1", "2024-01", {"A1-1": wallets(100, 10)})
    for indicator in INDICATORS.values():
        if indicator.forms == ("monthly",) and not indicator.scheduled:
            silent = result(world, "B1", indicator=indicator)
            assert silent.status == "no_report"
            assert pd.isna(silent.value)
            assert pd.isna(silent.numerator)
            assert pd.isna(silent["rank"])


def test_a_blank_is_no_zero_in_a_ratio(world):
    world.report("A1", "2024-01", {"A1-1": wallets(100, 40), "A1-2": wallets(300, None)})
    assert result(world, "A1").value == 40


def test_a_blank_is_no_shortfall_of_zero(world):
    indicator = INDICATORS["households_missing_to_e_wallet_target"]
    world.report("A1", "2024-01", {"A1-1": wallets(100, None)})
    assert result(world, "A1", indicator=indicator).status == "not_applicable"


def test_nothing_is_divided_by_zero(world):
    world.report("A1", "2024-01", {"A1-1": wallets(0, 0)})
    assert result(world, "A1").status == "not_applicable"


def test_the_parent_says_how_many_reported(world):
    world.report("A1", "2024-01", {"A1-1": wallets(100, 10)})
    world.report("A1", "2024-02", {"A1-1": wallets(100, 10)})
    assert tuple(result(world, "A")[["reports", "reports_due"]]) == (2, 6)
    assert tuple(result(world, "P")[["reports", "reports_due"]]) == (2, 9)
    assert tuple(result(world, "A1-1")[["reports", "reports_due"]]) == (2, 3)
    assert tuple(result(world, "A1-2")[["reports", "reports_due"]]) == (0, 3)


def test_a_report_that_is_not_due_yet_is_not_missed(world):
    world.report("A1", "2024-01", {"A1-1": wallets(100, 10)}, received="2024-01-10")
    early = result(world, "A", as_of=date(2024, 1, 12))
    assert tuple(early[["reports", "reports_due"]]) == (1, 1)
    later = result(world, "A", as_of=date(2024, 2, 1))
    assert tuple(later[["reports", "reports_due"]]) == (1, 2)


def test_the_best_is_first_and_places_are_shared(world):
    world.report("A1", "2024-01", {"A1-1": wallets(100, 10)})
    world.report("A2", "2024-01", {"A2-1": wallets(100, 40)})
    world.report("B1", "2024-01", {"B1-1": wallets(200, 80)})
    assert [result(world, each, "2024-01")["rank"] for each in ("A1", "A2", "B1")] == [3, 1, 1]
    fewer = INDICATORS["households_missing_to_e_wallet_target"]
    assert [result(world, each, "2024-01", fewer)["rank"] for each in ("A1", "A2", "B1")] == [3, 1, 1]


def test_a_unit_whose_reports_are_not_enough_has_no_place_and_takes_none_from_others(world):
    for month in ("2024-01", "2024-02", "2024-03"):
        world.report("A1", month, {"A1-1": wallets(100, 10)})
    world.report("B1", "2024-01", {"B1-1": wallets(100, 90)})
    few = result(world, "B1")
    assert (few.value, few.enough, tuple(few[["reports", "reports_due"]])) == (90, False, (1, 3))
    assert pd.isna(few["rank"])
    assert tuple(result(world, "A1")[["rank", "ranked"]]) == (1, 1)


def test_of_a_unit_that_sent_nothing_the_reporting_rate_is_zero_and_never_unknown(world):
    world.report("A1", "2024-01", {"A1-1": wallets(100, 10)}, received="2024-01-10")
    rate = INDICATORS["monthly_reporting_rate"]
    assert result(world, "B1", indicator=rate).value == 0
    assert result(world, "A1", indicator=rate).value == pytest.approx(100 / 3)
    assert result(world, "P", indicator=rate).value == pytest.approx(100 / 9)


def test_what_nobody_expected_does_not_raise_the_reporting_rate(world):
    world.report("A", "2024-H2", {"A": {"formations": 1}}, received="2024-12-10")  # the plan asks for no such report
    rate = INDICATORS["periodic_reporting_rate"]
    assert result(world, "A", "2024-H2", indicator=rate).numerator == 0


def test_a_correction_after_the_due_day_does_not_make_a_report_late(world):
    world.report("A1", "2024-01", {"A1-1": wallets(100, 90)}, received="2024-01-17", late="2024-02-05")
    world.report("A1", "2024-01", {"A1-1": wallets(100, 9)}, received="2024-02-05")
    world.report("A2", "2024-01", {"A2-1": wallets(100, 9)}, received="2024-01-18")
    rate = INDICATORS["monthly_on_time_rate"]
    assert [result(world, each, "2024-01", rate).value for each in ("A1", "A2", "P")] == [
        100,
        0,
        pytest.approx(100 / 3),
    ]


def test_one_month_of_three_is_not_the_quarter(world):
    world.report("A1", "2024-02", {"A1-1": wallets(100, 90)}, received="2024-02-10")
    assert result(world, "A1", "2024-Q1", INDICATORS["monthly_reporting_rate"]).value == pytest.approx(100 / 3)


@pytest.mark.parametrize(
    ("opens", "closes", "expected"), [("2024-02-01", "2024-07-31", 5), ("2024-02-01", "2024-08-01", 6)]
)
def test_a_unit_that_opens_or_closes_changes_what_is_expected(opens, closes, expected):
    """A unit owes the months on whose last day it lives: open from February and closed after July, six."""
    units = pd.DataFrame(
        {
            "unit": ["A1"],
            "level": ["commune"],
            "since": [date.fromisoformat(opens)],
            "until": [date.fromisoformat(closes)],
        }
    )
    assert len(owed(units)) == expected


def test_a_target_assigned_to_a_unit_goes_before_the_plans_and_holds_for_no_other(world):
    world.report("A1", "2024-01", {"A1-1": wallets(100, 35)})
    world.target("A1", SHARE.id, 40)
    world.target("A1", SHARE.id, 37.5, period="2024-Q1", received="2024-02-01")
    told = result(world, "A1", "2024-01")
    assert (told.target, told.assigned, told.status, told.missing) == (37.5, True, "near", 3)
    assert (result(world, "A1", "2024-04").target, result(world, "A1", "2024-04").assigned) == (40, True)
    assert (result(world, "A").target, result(world, "A").assigned, result(world, "A").status) == (30, False, "met")
    assert result(world, "A1", "2024-01", as_of=date(2024, 1, 20)).target == 40


def test_what_was_assigned_for_a_year_of_a_number_that_adds_up_is_not_asked_of_its_quarter(world):
    flow = INDICATORS["guided_mooc"]
    world.report("A1", "2024-01", {"A1-1": {"guided_mooc": 5}})
    world.target("A1", flow.id, 60, period="2024")
    assert result(world, "A1", "2024", flow).target == 60
    assert pd.isna(result(world, "A1", "2024-Q1", flow).target)


@pytest.mark.parametrize(
    ("having", "status"), [(300, "met"), (301, "met"), (299, "near"), (270, "near"), (269, "behind"), (0, "behind")]
)
def test_colours_compare_unrounded_values(world, having, status):
    world.report("A1", "2024-01", {"A1-1": wallets(1000, having)})
    assert result(world, "A1").status == status


@pytest.mark.parametrize(("households", "having", "missing"), [(150, 44, 1), (150, 45, 0), (151, 45, 1), (10, 0, 3)])
def test_what_is_missing_is_in_whole_households(world, households, having, missing):
    world.report("A1", "2024-01", {"A1-1": wallets(households, having)})
    assert result(world, "A1").missing == missing


def test_as_of_an_earlier_day_the_version_of_that_day_stands(world):
    world.report("A1", "2024-01", {"A1-1": wallets(100, 90)}, received="2024-01-10", late="2024-02-05")
    world.report("A1", "2024-01", {"A1-1": wallets(100, 9)}, received="2024-02-05")
    assert result(world, "A1").value == 9
    assert result(world, "A1", as_of=date(2024, 2, 4)).value == 90
    assert result(world, "A1", as_of=date(2024, 2, 5)).value == 9
    assert result(world, "A1", as_of=date(2024, 1, 9)).status == "not_applicable"


def test_the_register_is_the_denominator_of_coverage_not_the_reports(world):
    world.report("A1", "2024-01", {"A1-1": {"hamlet_teams": 1}})
    coverage = result(world, "P", indicator=INDICATORS["hamlet_team_coverage"])
    assert (coverage.numerator, coverage.denominator) == (1, 6)


def test_the_ledger_opens_on_the_year_so_far(world):
    world.report("A1", "2024-02", {"A1-1": wallets(100, 10)})
    assert str(Ledger(world.engine).latest) == "2024-to-02"


EVERY_INDICATOR = pytest.mark.parametrize("indicator", INDICATORS.values(), ids=INDICATORS)


@EVERY_INDICATOR
def test_the_worked_example_of_every_indicator_comes_true_by_its_formula(indicator):
    """The formula over the rows of the example, and nothing else: the names that it uses, as columns."""
    rows, expected = indicator.example
    names = [*indicator.fields, *(BELOW + each for each in indicator.below), *indicator.scheduled]
    con = duckdb.connect()
    con.execute(f"create table rows (level varchar, {', '.join(f'{each} double' for each in names)})")
    for row in rows:
        told = {"level": indicator.finest, **row}
        con.execute(f"insert into rows ({', '.join(told)}) values ({', '.join('?' * len(told))})", list(told.values()))
    (told,) = con.execute(f"select {indicator.numerator}, {indicator.denominator} from rows").fetchall()
    assert indicator.scale * told[0] / told[1] == pytest.approx(expected)


@pytest.mark.parametrize(
    "indicator", [i for i in INDICATORS.values() if not (i.scheduled or i.below)], ids=lambda each: each.id
)
def test_the_worked_example_comes_true_when_units_report_it(indicator):
    from conftest import World

    rows, expected = indicator.example
    world = World()
    for level in {row.get("level", indicator.finest) for row in rows} - {"province"}:
        world.con.execute("delete from units where level = ?", [level])
    placed = Counter()
    for row in rows:
        level = row.get("level", indicator.finest)
        placed[level] += 1
        _place(world, level, placed[level] - 1, {k: v for k, v in row.items() if k != "level"})
    period = "plan" if placed["province"] else "2024-to-03"
    assert result(world, "P", period, indicator).value == pytest.approx(expected)


def _place(world, level: str, place: int, values: dict) -> None:
    """Put one row of an example into the world, under a parent that is there."""
    parent = {"province": None, "district": "P", "commune": "A", "hamlet": "A1"}[level]
    unit = {"province": "P", "district": "ABCD"[place], "commune": f"A{place + 1}", "hamlet": f"A1-{place + 1}"}[level]
    if level != "province":
        world.con.execute("delete from units where unit = ?", [unit])
        world.con.execute(
            "insert into units (unit, level, name, full_name, parent) values (?, ?, ?, ?, ?)",
            [unit, level, unit, unit, parent],
        )
    sender = "A1" if level in ("commune", "hamlet") else unit
    world.report(sender, {"province": "2023", "district": "2024-Q1"}.get(level, "2024-01"), {unit: values})


def _bare() -> dict:
    said = {"name": SHARE.name, "short": SHARE.short, "formula": SHARE.formula, "source": "III", "requirement": "A5"}
    return {"id": "x", "measured_in": "person", "counts": "person", "example": ([], 0), **said}


ALL = list(INDICATORS.values())


def _shown(ledger: Ledger, periods: list[str]) -> list[Shown]:
    return [ledger.shown(Period.parse(each)) for each in periods]


def test_a_period_asked_for_alone_is_what_it_is_among_several(ledger):
    """A question about one period takes all that it looks for; one about several joins it by months."""
    periods = ["2024", "2024-Q4", "2024-12", "2025-to-06", "plan"]
    several = results(ledger.engine, _shown(ledger, periods), ALL)
    for each in periods:
        alone = results(ledger.engine, _shown(ledger, [each]), ALL)
        told = several[several.period == str(Period.parse(each))].reset_index(drop=True)
        pd.testing.assert_frame_equal(alone, told, check_dtype=False)
        assert alone.value.notna().any()


@pytest.mark.parametrize("period", ["2025-Q2", "plan"])
def test_where_all_lie_in_one_province_their_places_are_the_same_without_looking_for_it(ledger, period):
    shown = _shown(ledger, [period])
    by_homes, without = (results(ledger.engine, shown, ALL, among=Among(in_one=each)) for each in (False, True))
    pd.testing.assert_frame_equal(by_homes, without)
    assert without["rank"].max() > 50


def test_where_no_target_was_assigned_none_is_looked_for_and_where_one_was_it_counts(world):
    world.report("A1", "2024-01", {"A1-1": {"households": 10, "households_e_payment_any": 3}})
    month, share = Period.parse("2024-01"), INDICATORS["e_wallet_household_share"]
    looked_for, not_looked_for = (
        results(world.engine, [(month, month.last_day)], ALL, among=Among(has_targets=each)) for each in (True, False)
    )
    pd.testing.assert_frame_equal(looked_for, not_looked_for)
    told = Ledger(world.engine).one(month, share).set_index("unit")
    assert (told.target["A1"], told.assigned["A1"]) == (share.target, False)
    world.target("A1", share.id, 55)
    told = Ledger(world.engine).one(month, share).set_index("unit")
    assert (told.target["A1"], told.assigned["A1"]) == (55, True)
