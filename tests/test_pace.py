"""How far, how fast, until when: distance and pace to each target."""

import pandas as pd
import pytest

from metrics import INDICATORS
from metrics.core.ledger import Ledger
from metrics.core.pace import STATES
from warehouse.period import Period

SHARE = "e_wallet_household_share"


def told(world, months: dict[str, tuple[int, int]]) -> None:
    for month, (households, having) in months.items():
        world.report("A1", month, {"A1-1": {"households": households, "households_e_payment_any": having}})


def pace(world, period: str = "2024-to-12", unit: str = "A1", indicator: str = SHARE) -> pd.Series:
    found = Ledger(world.engine).pace(Period.parse(period))
    return found[(found.unit == unit) & (found.indicator == indicator)].iloc[0]


YEAR = [f"2024-{month:02}" for month in range(1, 13)]


def test_the_pace_needed_and_the_present_one_are_in_households_a_month(world):
    """From 10 % in June to 16 % in December; 30 % by December 2025 asks 14 points in 12 months."""
    told(world, {month: (1000, 100 if month <= "2024-06" else 160) for month in YEAR})
    found = pace(world)
    assert (found.missing, found.months_left) == (140, 12)
    assert found.pace == pytest.approx(60 / 6)
    assert found.pace_needed == pytest.approx(140 / 12)
    assert found.ratio == pytest.approx(60 / 6 / (140 / 12))
    assert (found.state, found.projected) == ("accelerate", "2026-02")


@pytest.mark.parametrize(
    ("june", "december", "state"),
    [
        (100, 240, "on_track"),
        (100, 160, "accelerate"),
        (100, 130, "limited"),
        (100, 100, "limited"),
        (160, 100, "backwards"),
    ],
)
def test_each_state(june, december, state, world):
    told(world, {month: (1000, june if month <= "2024-06" else december) for month in YEAR})
    assert pace(world).state == state


def test_what_has_been_reached_says_how_much_is_to_spare(world):
    told(world, {month: (1001, 350) for month in YEAR})
    found = pace(world)
    assert (found.state, found.missing, found.spare) == ("met", 0, 49)  # 30 % of 1.001 is 300,3: 350 has 49 to spare
    assert pd.isna(found.projected)


def test_without_enough_reports_no_pace_is_told(world):
    told(world, {"2024-06": (1000, 100), "2024-12": (1000, 160)})
    found = pace(world)
    assert (found.state, found.missing) == ("unknown", 140)
    assert pd.isna(found.pace)


def test_where_it_does_not_move_no_day_is_promised(world):
    told(world, {month: (1000, 100) for month in YEAR})
    assert pd.isna(pace(world).projected)


def test_of_a_count_that_adds_up_the_pace_is_that_since_the_period_began(world):
    for month in YEAR[:6]:
        world.report("A1", month, {"A1-1": {"guided_mooc": 20}})
    world.target("A1", "guided_mooc", 360, period="2024-H1")
    found = pace(world, "2024-H1", indicator="guided_mooc")
    assert (found.missing, found.pace, found.since) == (240, 20, "2024-H1")


def test_when_the_plan_is_over_nothing_can_be_caught_up(world):
    told(world, {month.replace("2024", "2025"): (1000, 100) for month in YEAR})
    found = pace(world, "2025-to-12")
    assert found.months_left == 0
    assert pd.isna(found.pace_needed)
    assert found.state == "unknown"


@pytest.mark.parametrize("level", ["province", "district", "commune", "hamlet"])
def test_every_target_of_every_unit_has_its_distance(level, ledger):
    period = Period.parse("2025-to-06")
    found, results = ledger.pace(period), ledger.results(period)
    results = results[results.target.notna() & (results.level == level)]
    found = found[found.level == level]
    assert len(found) == len(results)
    assert set(found.state) <= set(STATES)
    met = found.merge(results[["indicator", "unit", "status"]], on=["indicator", "unit"])
    assert ((met.state == "met") == (met.status == "met")).all()
    assert (met[met.status == "met"].spare >= 0).all()
    assert met[met.status != "met"].spare.isna().all()


def test_what_is_missing_in_all_is_told_beside_what_each_unit_is_missing(ledger):
    """Per unit and in all: communes that have more than they need do not help those that lack."""
    found = ledger.pace(Period.parse("2025-to-06"))
    found = found[found.indicator == SHARE]
    whole = found[found.level == "province"].missing.iloc[0]
    assert whole < found[found.level == "commune"].missing.sum() < found[found.level == "hamlet"].missing.sum()
    assert INDICATORS[SHARE].target == 30
