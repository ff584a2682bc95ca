"""Which parts make up a gap, what has changed in a year, and which published figures have been restated by what."""

from datetime import date

import pandas as pd
import pytest

from metrics import INDICATORS
from metrics.core.ledger import Ledger
from warehouse.period import Period

SHARE = INDICATORS["e_wallet_household_share"]
SO_FAR = Period.parse("2025-to-06")


@pytest.mark.parametrize("unit", ["74", "724", "25942"])
@pytest.mark.parametrize("indicator", [i for i in INDICATORS.values() if i.target is not None], ids=lambda i: i.id)
def test_the_gaps_of_the_parts_are_the_gap_of_the_whole(indicator, unit, ledger):
    found = ledger.contributions(indicator, unit, SO_FAR)
    results = ledger.results(SO_FAR)
    own = results[(results.indicator == indicator.id) & (results.unit == unit)]
    if own.empty or not indicator.additive or pd.isna(own.value.iloc[0]):
        assert found.empty
        return
    row = own.iloc[0]
    sign = 1 if indicator.better == "higher" else -1
    assert found.gap.sum() == pytest.approx(sign * (row.target * row.denominator / indicator.scale - row.numerator))
    assert found.share.fillna(0).sum() == pytest.approx(1 if (found.gap[found.unit.notna()] > 0).any() else 0)
    named = found[found.unit.notna()]
    assert list(named.gap) == sorted(named.gap, reverse=True)


def test_a_part_that_has_more_than_its_due_stands_below_zero(world):
    world.report("A1", "2024-01", {"A1-1": {"households": 100, "households_e_payment_any": 50}})
    world.report("A2", "2024-01", {"A2-1": {"households": 200, "households_e_payment_any": 10}})
    found = Ledger(world.engine).contributions(SHARE, "A", Period.parse("2024-01")).set_index("unit")
    assert dict(found.gap) == {"A2": 50, "A1": -20}
    assert dict(found.share) == {"A2": 1, "A1": 0}


def test_what_a_district_tells_of_itself_is_a_row_of_its_own(ledger):
    found = ledger.contributions(INDICATORS["organising_committee_coverage"], "74", SO_FAR)
    assert found.unit.notna().sum() == 9
    inside = ledger.contributions(INDICATORS["organising_committee_coverage"], "724", SO_FAR)
    # the district's own committee is set up: one unit of its eight is no commune and lacks nothing
    assert inside.gap.sum() == pytest.approx(0, abs=1e-9) or inside.unit.isna().any()


def test_a_year_is_compared_only_between_units_with_enough_reports_in_both(ledger):
    now = Period.parse("2025-Q2")
    found = ledger.compared(now, now.year_before)
    assert str(now.year_before) == "2024-Q2"
    shares = found[(found.indicator == SHARE.id) & (found.level == "commune")].set_index("unit")
    assert not shares.comparable["25777"]  # it stopped in 2025
    assert pd.isna(shares.change["25777"])
    row = shares[shares.comparable].iloc[0]
    assert row.change == pytest.approx(row.value - row.value_before)


@pytest.mark.parametrize(
    ("period", "before"), [("2024-Q3", None), ("2024-Q4", "2023-Q4"), ("2024", "2023"), ("plan", None)]
)
def test_the_year_before_begins_with_the_plan(period, before):
    assert str(Period.parse(period).year_before) == str(before)


def restated(world, since: date, as_of: date | None = None) -> pd.DataFrame:
    world.con.execute(
        "insert into receipts select distinct receipt, '', 'report-' || receipt || '.xlsx', received_at, ''"
        " from reports where receipt not in (select receipt from receipts)"
    )
    return Ledger(world.engine, as_of).restatements(since)


def test_a_correction_restates_what_had_been_published_and_is_named(world):
    wallets = {"households": 100, "households_e_payment_any": 40}
    world.report("A1", "2024-01", {"A1-1": wallets}, received="2024-01-10", late="2024-03-05")
    world.report("A1", "2024-01", {"A1-1": {**wallets, "households_e_payment_any": 20}}, received="2024-03-05")
    world.report("B1", "2024-01", {"B1-1": wallets}, received="2024-01-10")
    found = restated(world, date(2024, 2, 1))
    found = found[(found.indicator == SHARE.id) & (found.period == "2024-01")].set_index("unit")
    assert set(found.index) == {"A1-1", "A1", "A", "P"}  # and nothing of B
    assert (found.value_before["A1"], found.value["A1"]) == (40, 20)
    assert set(found.kind) == {"changed"}
    assert set(found.files) == {"report-2.xlsx"}


def test_a_report_that_came_late_is_told_apart_from_a_correction(world):
    wallets = {"households": 100, "households_e_payment_any": 40}
    world.report("B1", "2024-01", {"B1-1": wallets}, received="2024-01-10")
    world.report("A1", "2024-01", {"A1-1": wallets}, received="2024-03-05")
    found = restated(world, date(2024, 2, 1))
    found = found[(found.indicator == SHARE.id) & (found.period == "2024-01")].set_index("unit")
    assert found.kind["A1"] == "late"
    assert found.kind["P"] == "changed"


def test_what_was_not_due_yet_had_not_been_published(world):
    world.report("A1", "2024-01", {"A1-1": {"households": 9}}, received="2024-01-10", late="2024-01-12")
    world.report("A1", "2024-01", {"A1-1": {"households": 8}}, received="2024-01-12")
    assert restated(world, date(2024, 1, 11)).empty


def test_of_the_sample_the_correction_of_a_ward_is_found_and_nothing_else_of_it(ledger):
    found = ledger.restatements(date(2025, 5, 20))
    own = found[(found.indicator == SHARE.id) & (found.unit == "25750")]
    assert set(own.period) == {"2025-05"}
    assert set(own.kind) == {"changed"}
    assert set(own.files) == {"25750_2025-05_monthly_sua.xlsx"}
