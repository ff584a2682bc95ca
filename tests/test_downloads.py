"""Every table that a page shows can be taken away whole: as xlsx, csv and parquet, in expanders and tabs too."""

import csv
import io
import re
from html import unescape

import openpyxl
import pytest
from opening import PAGES
from pyarrow import parquet

from exports import WRITERS
from language import LANGUAGES, words
from pages import data_quality, frame, sources, unit_profile
from views.view import View

PARTS = [  # page, and what its address says beside the page's own first part
    *((page, {}) for page in PAGES if page not in ("unit_profile", "sources", "data_quality")),
    *(("unit_profile", {"section": each, "unit": "724"}) for each in unit_profile.SECTIONS),
    *(("sources", {"see": each, "unit": "25750"}) for each in sources.SECTIONS),
    *(("data_quality", {"part": each}) for each in data_quality.PARTS),
    ("explore", {"way": "sql"}),
    ("staffing_gaps", {"tier": "commune"}),
    ("unit_map", {"beside": "before", "level": "district"}),
    ("unit_map", {"level": "hamlet", "unit": "724"}),
    ("one_indicator", {"indicator": "provincial_committee_coverage"}),
]
WHOLE = 500  # rows up to which the workbook is read back


@pytest.fixture
def offered(opened, monkeypatch):
    """Open a page; returns it with the views that it offers as files."""
    seen: list[tuple[View, str]] = []
    offer = frame.downloads

    def noted(place, views, choice, sample):
        seen.extend((view, choice.language) for view in views)
        offer(place, views, choice, sample)

    monkeypatch.setattr(frame, "downloads", noted)

    def run(page: str, **address: str):
        seen.clear()
        return opened(page, **address), [view for view, _ in seen]

    return run


LEADS = [words()["inside"][language] for language in LANGUAGES]  # a column that only leads somewhere holds no data


def drawn(app) -> list[tuple[list[str], int]]:
    """Headings and number of rows of every table on the page, wherever it stands."""
    html = " ".join(each.proto.body for each in app.get("html"))
    found = []
    for table in re.findall(r"<table class='view'>.*?</table>", html, re.DOTALL):
        headings = [unescape(each) for each in re.findall(r"<th [^>]*>(.*?)</th>", table, re.DOTALL)]
        body = table.partition("<tbody>")[2]
        told = [each for each in headings if each not in LEADS]
        found.append((told, len(re.findall(r"<tr(?! class='section')", body))))
    return found


@pytest.mark.parametrize(("page", "address"), PARTS, ids=str)
def test_every_table_of_a_page_downloads_whole_in_every_format(page, address, offered):
    language = LANGUAGES[len(page) % 2]
    app, views = offered(page, lang=language, **address)
    assert not app.exception
    assert not [*app.dataframe, *app.table]  # tables are drawn from views, and from nothing else
    tables = [view for view in views if len(view.table) and view.columns]
    for headings, rows in drawn(app):
        same = [view for view in tables if set(headings) <= {each.name[language] for each in view.columns.values()}]
        assert any(rows <= len(view.table) for view in same), (headings, [view.id for view in tables])
    labels = [each.proto.label for each in app.get("download_button")]
    assert len(set(labels)) == len(labels)
    for view in tables:
        own = [each for each in labels if re.match(rf"{view.id}_[\w.]+_[\w-]+\.\w+$", each)]
        assert {each.rpartition(".")[2] for each in own} == set(WRITERS), labels
        assert_whole(view, language)


def assert_whole(view: View, language: str) -> None:
    files = {suffix: write(view, language, False) for suffix, write in WRITERS.items()}
    assert len(list(csv.reader(io.StringIO(files["csv"].decode("utf-8-sig"))))) == len(view.table) + 1
    assert parquet.read_table(io.BytesIO(files["parquet"])).num_rows == len(view.table)
    if len(view.table) <= WHOLE:
        sheet = openpyxl.load_workbook(io.BytesIO(files["xlsx"]), read_only=True).active
        rows = list(sheet.iter_rows(min_row=5, max_row=4 + len(view.table), max_col=len(view.filed), values_only=True))
        assert len(rows) == len(view.table)
        assert all(any(value is not None for value in row) for row in rows)
