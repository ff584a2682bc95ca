"""Any number can be followed to its cells, and its file can be taken out of the archive as it came."""

import shutil
from functools import partial
from itertools import product
from pathlib import Path

import pandas as pd
import pytest
from opening import text

from data_ingest.archive import Archive
from language import LANGUAGES, words
from metrics import INDICATORS
from pages.sources import SECTIONS
from views.sources import SHOWN, above, contributing, figures, listed, number, path_name, reports_behind
from views.view import Choice
from warehouse.period import Period

WALLET = "e_wallet_household_share"
ROOT = Path(__file__).parent.parent
UNITS = ("74", "724", "25942", "25865", "25942-01")
EVERY_UNIT = pytest.mark.parametrize("of", UNITS)
EVERY_INDICATOR = pytest.mark.parametrize("indicator", INDICATORS)
YEAR = Period.parse("2025-to-06")


def choice(indicator: str = WALLET, period: str = "2025-to-06", language: str = "vi") -> Choice:
    return Choice(language=language, period=Period.parse(period), unit="74", indicator=INDICATORS[indicator])


def test_the_number_is_told_as_numerator_over_denominator(ledger):
    found = number("724", choice(), ledger)
    assert found.said.endswith("25,4\u00a0% = 42.100 / 165.768")
    assert found.status == "behind"
    assert ("Mức đầy đủ", "40/42 báo cáo phải có") in found.facts
    assert found.facts[0] == ("Công thức", INDICATORS[WALLET].formula.vi)


@EVERY_INDICATOR
def test_every_number_can_be_told_or_it_is_none_of_this_unit(indicator, ledger):
    known = set(ledger.one(YEAR, INDICATORS[indicator]).unit)
    for of, language in product(UNITS, LANGUAGES):
        found = number(of, choice(indicator, language=language), ledger)
        assert (found is None) == (of not in known), of
        assert found is None or all(name and said for name, said in found.facts), (of, language)


@EVERY_INDICATOR
def test_the_parts_that_contribute_add_up_or_the_rest_is_told(indicator, ledger):
    units = ledger.units(YEAR)
    for of in UNITS:
        view = contributing(of, choice(indicator), ledger)
        if view.table.empty:
            continue
        table = view.table
        assert table.unit.iloc[-1] == of
        parts, whole = table.numerator.iloc[:-1].sum(), table.numerator.iloc[-1]
        if INDICATORS[indicator].additive and not pd.isna(whole) and "đúng" in view.note:
            assert parts == pytest.approx(whole), of
        assert sorted(table.unit.iloc[:-1]) == sorted(units.unit[units.parent == of])


@pytest.mark.parametrize("of", ["74", "724", "25942", "25942-01"])
def test_the_cells_of_each_figure_add_up_to_numerator_and_denominator(of, ledger):
    table = figures(ledger.trace(INDICATORS[WALLET], of, YEAR), choice()).table.set_index("field")
    results = ledger.one(YEAR, INDICATORS[WALLET]).set_index("unit")
    assert table["sum"]["households_e_payment_any"] == results.numerator[of]
    assert table["sum"]["households"] == results.denominator[of]


@EVERY_INDICATOR
def test_figures_files_and_cells_are_named_for_every_indicator(indicator, ledger):
    cells = ledger.trace(INDICATORS[indicator], "724", YEAR)
    for asked in (choice(indicator, language=each) for each in LANGUAGES):
        views = figures(cells, asked), reports_behind(cells, asked), listed(cells, asked, ledger)
        for view in views:
            assert view.title
            assert set(view.columns) <= set(view.table.columns) or view.table.empty
        _, files, every = (view.table for view in views)
        assert len(every) == len(cells)
        assert files.get("cells", pd.Series(dtype=int)).sum() == cells.file.notna().sum()


def test_of_many_cells_it_is_said_how_many_are_shown_and_all_are_in_the_file(ledger):
    cells = ledger.trace(INDICATORS[WALLET], "74", YEAR)
    view = listed(cells, choice(), ledger)
    assert len(view.table) == len(cells) > SHOWN
    assert f"{SHOWN}/1.152" in view.hint  # of the screen; a file lists all
    few = listed(cells.head(SHOWN), choice(), ledger)
    assert view.note == few.note == few.hint == ""


@EVERY_UNIT
def test_the_way_up_leads_from_the_province_to_the_unit(of, ledger):
    units = ledger.units(YEAR)
    path = above(of, units)
    assert (path[0], path[-1]) == ("74", of)
    assert [units.parent[each] for each in path[1:]] == path[:-1]


def test_a_hamlet_is_named_with_its_commune(ledger):
    assert path_name("25942-01", ledger.units(YEAR)) == "Khu phố 1, Phường Dĩ An"


# The page


@pytest.fixture
def page(opened):
    return partial(opened, "sources")


# Each section of each unit, in turn in the one and the other language: all of both have been seen in both.
SEEN = [(see, of, LANGUAGES[(one + two) % 2]) for one, see in enumerate(SECTIONS) for two, of in enumerate(UNITS)]


@pytest.mark.parametrize(("see", "of", "language"), SEEN)
def test_every_section_stands_for_every_unit_in_both_languages(see, of, language, page):
    app = page(see=see, of=of, lang=language)
    assert not app.exception
    assert not app.warning


@pytest.mark.parametrize("see", SECTIONS)
@pytest.mark.parametrize("indicator", ["on_time_rate", "funds_total", "hamlet_team_coverage", "management_tool_done"])
def test_every_kind_of_indicator_can_be_followed(indicator, see, page):
    assert not page(see=see, indicator=indicator, as_of="2025-01-15").exception


def test_whose_number_it_is_stands_in_the_address_and_what_cannot_be_read_is_said(page):
    assert "Khu phố 1, Phường Dĩ An" in text(page(of="25942-01"))
    app = page(of="no such unit", unit="724")
    assert "no such unit" in app.warning[0].value
    assert "Thành phố Dĩ An, " in text(app)


def test_who_chooses_another_unit_on_top_is_shown_that_unit(page):
    app = page(of="25942", unit="724")
    assert "<b aria-current='page'>Phường Dĩ An</b>" in text(app)
    next(each for each in app.selectbox if each.label == "Đơn vị").set_value("718").run()
    assert "<b aria-current='page'>Thành phố Thủ Dầu Một</b>" in text(app)


def test_not_more_cells_than_can_be_read_are_drawn(page):
    assert text(page(see="cells")).count("<tr") == SHOWN + 1


def test_a_report_can_be_taken_out_of_the_archive_as_it_came(page, sample):
    app = page(see="reports_behind", of="25942")
    assert not app.warning
    assert any(each.label == words()["download_file"]["vi"] for each in app.get("download_button"))
    receipt = next(each for each in Archive(sample).receipts() if each.file == "25942_2025-06_monthly.xlsx")
    assert receipt.sha256[:16] in " ".join(each.value for each in app.caption)


@pytest.mark.parametrize(("harm", "language"), [("lost", "vi"), ("altered", "en")])
def test_a_file_that_is_lost_or_altered_is_said_and_not_given(harm, language, sample, tmp_path, page, monkeypatch):
    shutil.copytree(sample, tmp_path / "data", ignore=shutil.ignore_patterns("reports", "archive"))
    archive = Archive(tmp_path / "data")
    receipt = next(each for each in archive.receipts() if each.file == "25942_2025-06_monthly.xlsx")
    archive.folder.mkdir()
    if harm == "altered":
        archive.path(receipt).write_bytes(b"PK")
    monkeypatch.setenv("KPI_DATA", str(tmp_path / "data"))
    app = page(see="reports_behind", of="25942", lang=language)
    assert not app.exception
    assert receipt.file in app.warning[0].value
    assert not any(each.label == words()["download_file"][language] for each in app.get("download_button"))
