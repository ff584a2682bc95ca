"""The sample: the same every time, lifelike, and as awkward as a real office's mail."""

import hashlib

import pytest

from data_ingest.archive import Archive
from data_ingest.names import Names
from data_ingest.standing import SHIPPED
from metrics import INDICATORS
from sample_data import make, story
from sample_data.make import MISHAPS, reports
from warehouse.fields import LEVELS, OF_A_PROVINCE
from warehouse.period import Period
from warehouse.units import read_units


def test_the_same_reports_are_made_every_time(tmp_path, sample):
    import pandas as pd

    units = pd.concat([read_units(path) for path in SHIPPED], ignore_index=True)
    sender = next(each for each in story.senders(units) if each.unit == "25741")
    for sent in reports(sender, Names.of(units))[:4]:
        make.write_form(sent.template, sent.filling, tmp_path / sent.file)
        again, first = ((folder / sent.file).read_bytes() for folder in (tmp_path, sample / "reports"))
        assert hashlib.sha256(again).digest() == hashlib.sha256(first).digest()


def test_a_second_making_makes_nothing(sample):
    assert make.make(sample / "reports") is False


@pytest.mark.parametrize("kind", ["unknown_unit", "part_above_whole", "read_as", "hamlet_missing", "total_differs"])
def test_every_awkwardness_is_met_and_told(kind, ledger):
    assert len(ledger.engine.query("select 1 from problems where kind = $kind", {"kind": kind})) > 0


def test_every_mishap_happens_to_a_report_that_is_sent(sample):
    files = {receipt.file for receipt in Archive(sample).receipts()}
    for unit, period in MISHAPS:
        assert any(file.startswith(f"{unit}_{period}_") for file in files), (unit, period)


def test_some_are_late_one_is_silent_and_versions_are_superseded(ledger):
    owed = ledger.reporting(Period.parse("plan"))
    assert (owed.days_late > 0).any()
    assert owed[owed.unit == "25865"].received_at.isna().all()
    assert len(ledger.engine.query("select 1 from reports where superseded_at is not null")) >= 2


def test_last_years_form_is_read_beside_this_years(ledger):
    used = ledger.engine.query("select distinct template from reports where period = '2024-02'")
    assert {"monthly_2023", "monthly_2024"} <= set(used.template)


def test_stocks_that_only_grow_in_the_story_never_fall(ledger):
    rows = ledger.engine.query(
        "select f.unit, f.last_month, households_e_payment_any as had from facts f join reports r using (report)"
        " where level = 'hamlet' and r.superseded_at is null and had is not null order by f.unit, f.last_month"
    )
    # One month of one khu/ấp was typed wrong and corrected; what stands is the corrected one.
    assert (rows.groupby("unit").had.diff().dropna() >= 0).all()


@pytest.mark.parametrize("level", OF_A_PROVINCE)
@pytest.mark.parametrize("indicator", INDICATORS)
def test_every_indicator_has_a_row_for_every_unit_at_its_levels(level, indicator, ledger):
    period = Period.parse("2025-to-06")
    results, units = ledger.results(period), ledger.units(period)
    shown = results[(results.indicator == indicator) & (results.level == level)]
    at_level = LEVELS.index(level) <= LEVELS.index(INDICATORS[indicator].finest)
    assert len(shown) == (units.level == level).sum() * at_level


def test_districts_add_up_to_the_province(ledger):
    results = ledger.results(Period.parse("2025-to-06"))
    share = results[results.indicator == "e_wallet_household_share"]
    for part in ("numerator", "denominator", "reports", "reports_due"):
        total = share[share.level == "province"][part].item()
        assert share[share.level == "district"][part].sum() == total
        if part in ("numerator", "denominator"):
            assert share[share.level == "hamlet"][part].sum() == total
