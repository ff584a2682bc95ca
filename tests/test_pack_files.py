"""The workbook and the phone page of a pack: every figure that of the results, nothing fetched, nothing run."""

import io
import re

import openpyxl
import pandas as pd
import pytest

from exports.book import book
from exports.leaflet import leaflet
from exports.table_files import harmless
from language import words
from metrics import INDICATORS
from metrics.core.ledger import Ledger
from metrics.dictionary import entries
from views.geography import geography
from views.pack import Pack
from views.told import printed, told


@pytest.fixture(scope="module", params=[("quarter", "vi"), ("quarter", "en"), ("district", "vi")], ids=str)
def made(request, pack_of, dated) -> tuple[Pack, Ledger]:
    return pack_of(*request.param), dated


@pytest.fixture(scope="module")
def written_book(made, sample) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(book(made[0], geography(sample))))


@pytest.fixture(scope="module")
def written_page(made, sample) -> str:
    return leaflet(made[0], geography(sample)).decode()


def tables(found: Pack) -> list:
    return [view for page in found.pages for view in page.views if len(view.table) and view.columns]


def test_each_table_of_the_pack_is_a_sheet_with_its_numbers(made, written_book):
    found, language = made[0], made[0].choice.language
    sheets = written_book.worksheets[1:-1]  # between contents and dictionary
    assert len(sheets) == len(tables(found))
    for sheet, view in zip(sheets, tables(found), strict=True):
        assert sheet["A1"].value == view.title
        assert [cell.value for cell in sheet[4]] == [each.name[language] for each in view.filed.values()]
        rows = list(sheet.iter_rows(min_row=5, max_row=4 + len(view.table), values_only=True))
        for place, (name, column) in enumerate(view.filed.items()):
            if column.kind == "number":
                wanted = [None if pd.isna(each) else round(float(each), column.digits) for each in view.table[name]]
                assert [row[place] for row in rows] == pytest.approx(wanted), (sheet.title, name)


def test_headings_are_frozen_and_filtered_and_the_invented_is_marked(made, written_book):
    for sheet in written_book.worksheets[1:]:
        assert sheet.freeze_panes == "A5" and sheet.auto_filter.ref
        assert sheet["A2"].value == words()["sample_band"][made[0].choice.language]


def test_the_contents_lead_to_every_sheet(written_book):
    contents, *others = written_book.worksheets
    led = [cell.hyperlink.location for row in contents.iter_rows(min_row=8) for cell in row[:1]]
    assert [each.split("'!")[0].strip("'").replace("''", "'") for each in led] == [each.title for each in others]


def test_the_main_figures_are_those_of_the_results(made, written_book):
    found, ledger = made
    own = ledger.results(found.choice.period)
    own = own[own.unit == found.choice.unit].set_index("indicator")
    scorecard = next(view for view in tables(found) if view.id == "scorecard")
    sheet = written_book.worksheets[1 + [view.id for view in tables(found)].index("scorecard")]
    place = list(scorecard.filed).index("value")
    for row, id in zip(sheet.iter_rows(min_row=5, values_only=True), scorecard.table.id, strict=False):
        assert row[place] == pytest.approx(None if pd.isna(own.value[id]) else round(own.value[id], 1))


def test_the_cells_listed_add_up_to_the_figure(made):
    """Behind each main target: what its cells tell is its numerator, or its denominator."""
    found, ledger = made
    page = next(
        page
        for page in found.pages
        if page.part.id == "sources" and page.choice.indicator.id == "e_wallet_household_share"
    )
    cells = page.views[0].table
    row = ledger.one(found.choice.period, page.choice.indicator).set_index("unit").loc[found.choice.unit]
    sums = cells.groupby("field").value.sum()
    assert sums["households_e_payment_any"] == row.numerator


def test_the_reports_listed_are_those_that_stand_behind_each_figure(made):
    """Of every indicator: as many reports of its forms are listed as its result says stand behind it."""
    found, ledger = made
    page = next(page for page in found.pages if page.part.id == "reports")
    figures, reports = page.views
    counts = reports.table.form.value_counts()
    own = ledger.results(found.choice.period)
    own = own[own.unit == found.choice.unit].set_index("indicator")
    assert set(figures.table.id) == set(own.index[own.status != "not_applicable"])
    for row in figures.table.itertuples():
        if not INDICATORS[row.id].scheduled:  # rates of reporting count those that are late, too
            listed = sum(counts.get(form, 0) for form in row.forms.split("; "))
            assert row.behind == f"{listed}/{own.reports_due[row.id]:.0f}", row.id


def test_the_dictionary_tells_of_every_indicator(made, written_book):
    rows = list(written_book.worksheets[-1].iter_rows(min_row=5, values_only=True))
    ids = [row[0] for row in rows if row[0]]
    assert [each["id"] for each in entries(made[0].choice.language)] == ids[: len(INDICATORS)]


def test_the_same_pack_is_the_same_file(made, sample):
    shapes = geography(sample)
    assert book(made[0], shapes) == book(made[0], shapes)
    assert leaflet(made[0], shapes) == leaflet(made[0], shapes)


def test_the_page_asks_for_nothing_from_outside_and_is_small(written_page):
    assert len(written_page.encode()) < 5_000_000
    addresses = re.findall(r"""(?:href|src|action)\s*=\s*["']([^"']+)["']""", written_page)
    assert addresses and all(each.startswith("#") for each in addresses)
    assert not re.search(r"@import|url\((?!#)", written_page)
    assert "default-src 'none'" in written_page


def test_the_page_shows_each_figure_as_the_screen_writes_it(made, written_page):
    found, language = made[0], made[0].choice.language
    shown = [view for view in tables(found) if view.id in ("scorecard", "leaderboard", "commitments")]
    assert len(shown) >= 2  # not every district has promised something
    for view in shown:
        for name, column in printed(view).items():
            for value in view.table[name]:
                assert f">{told(value, column, language)}<" in written_page.replace("&amp;", "&").replace("&#x27;", "'")


def test_the_page_is_marked_as_invented_and_bears_its_id(made, written_page):
    found = made[0]
    assert words()["sample_band"][found.choice.language] in written_page and found.id in written_page


def test_a_name_that_would_be_run_is_only_a_name(made, sample):
    """HTML and formulas in a unit's name stay words."""
    from dataclasses import replace

    found = made[0]
    odd = "<script>alert(1)</script>=1+1"
    pages = []
    for page in found.pages:
        views = tuple(
            replace(view, table=view.table.assign(unit_name=odd)) if "unit_name" in view.table else view
            for view in page.views
        )
        pages.append(replace(page, views=views))
    page = leaflet(replace(found, pages=tuple(pages)), geography(sample)).decode()
    assert odd not in page and "&lt;script&gt;" in page
    assert harmless("=1+1") == "'=1+1"
