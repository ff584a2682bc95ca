"""Slides of a pack: the figures of its views, in charts and tables that an office program can edit."""

import io
import shutil
import subprocess
import zipfile
from functools import cache

import conftest
import pandas as pd
import plotly.graph_objects as go
import pytest
from pptx import Presentation
from pptx.util import Emu

from exports.native_chart import can_be_native, draw, translated
from exports.slide_master import SECTION, empty_deck
from exports.slides import TOGETHER, slides
from language import LANGUAGES, Text, word, words
from views import look
from views.agenda import agendas
from views.geography import geography
from views.told import printed, told
from views.view import Column, View

# Every agenda in one of the languages, in turn, and the packs that other tests have made: a pack takes seconds to make.
IN_TURN = [(each.id, LANGUAGES[at % 2]) for at, each in enumerate(one for one in agendas().values() if one.meets)]
PACKS = sorted({*conftest.PACKS, *(each for each in IN_TURN if each[0] not in dict(conftest.PACKS))})
IDS = [f"{agenda}-{language}" for agenda, language in PACKS]


@pytest.fixture(scope="session")
def made(sample, pack_of):
    """Pack and bytes of each agenda and language, each made once."""

    @cache
    def make(agenda, language):
        one = pack_of(agenda, language)
        return one, slides(one, geography(sample))

    return make


@pytest.fixture(params=PACKS, ids=IDS)
def deck(request, made):
    """A pack, and its slides as a reader opens them."""
    one, data = made(*request.param)
    return one, Presentation(io.BytesIO(data))


def of_page(opened, page):
    """The slides of a page: those that come one after another under its name and one of its headings."""
    heading = page.views[0].title
    return [
        each
        for each in opened.slides
        if each.shapes.title.text.startswith(heading) and section(each) == page.title
    ]  # fmt: skip


def section(slide):
    return next((each.text_frame.text for each in slide.placeholders if each.placeholder_format.idx == SECTION), "")


def cells(table):
    return [[cell.text_frame.text for cell in row.cells if not cell.is_spanned] for row in table.rows]


# Order and headings


def test_title_agenda_and_every_page_that_is_no_appendix_have_their_slides_in_order(deck):
    one, opened = deck
    first, agenda, *rest = opened.slides
    assert (first.shapes.title.text, section(agenda)) == (one.title, one.title)
    assert one.unit in first.placeholders[1].text_frame.text and one.id in first.placeholders[1].text_frame.text
    expected = []
    for page in one.body:
        many = len(page.views[0].table) if "conclusions" in page.part.views else 1
        expected += [(page.title, page.views[0].title)] * max(-(-many // TOGETHER), 1)
    told_on = [(section(each), each.shapes.title.text) for each in rest]
    continued = f" {word('slides_continued', one.choice.language)}"
    assert [(name, heading.removesuffix(continued)) for name, heading in told_on] == expected
    points = [each.text for each in agenda.placeholders[1].text_frame.paragraphs]
    assert points == list(dict.fromkeys(page.part.title[one.choice.language] for page in one.body))


def test_every_slide_says_unit_day_pack_and_that_the_figures_are_invented(deck):
    one, opened = deck
    for at, slide in enumerate(opened.slides, start=1):
        text = " ".join(each.text_frame.text for each in slide.placeholders)
        for needed in (one.subtitle, one.id, word("sample_band", one.choice.language)):
            assert needed in text, f"slide {at}"
        assert any("slidenum" in field.get("type", "") for field in slide._element.iter("{*}fld")), f"slide {at}"


# Figures


def test_every_chart_is_one_to_edit_and_draws_its_views_table(deck):
    one, opened = deck
    for page in one.body:
        (slide, *_), charts = of_page(opened, page), [each for each in page.views if can_be_native(each)]
        drawn = [shape.chart for shape in slide.shapes if shape.has_chart]
        assert len(drawn) == len(charts)
        for chart, view in zip(drawn, charts, strict=True):
            name = "value" if view.id == "history" else "lacks"
            main = next(each for each in chart.series if each.name == view.columns[name].name[one.choice.language])
            values = dict(zip(chart.plots[0].categories, main.values, strict=True))
            known = view.table.set_index("label" if view.id == "history" else "unit_name")[name]
            assert values == {key: None if pd.isna(value) else pytest.approx(value) for key, value in known.items()}


def test_the_last_point_and_the_target_line_of_a_target_are_the_ledgers(deck, dated):
    one, opened = deck
    if one.choice.period.kind == "plan":
        pytest.skip("the plan as a whole has no course over time")
    for page in (each for each in one.body if each.part.each):
        found = dated.over((one.choice.period,), (page.choice.indicator.id,))
        own = found[found.unit == one.choice.unit].iloc[0]
        slide = of_page(opened, page)[0]
        if pd.isna(own.value):  # then nothing is drawn, and the sentence says so
            assert page.sentences[0] in [each.text_frame.text for each in slide.placeholders]
            continue
        chart = next(shape.chart for shape in slide.shapes if shape.has_chart)
        heading = next(view for view in page.views if view.id == "history").columns["value"].name[one.choice.language]
        line = next(each for each in chart.series if each.name == heading)
        assert line.values[-1] == pytest.approx(own.value)
        target = look.target_of(page.choice.indicator, own.target, one.choice.language)
        assert any(set(each.values) == {own.target} and target in each.name for each in chart.series)
        said = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
        assert look.value_of(own.value, page.choice.indicator, one.choice.language) in said
        assert any(look.STATUS_NAME[own.status][one.choice.language] in each and target in each for each in said)


def test_every_cell_of_a_table_is_its_views_and_what_does_not_fit_is_counted(deck):
    one, opened = deck
    language = one.choice.language
    for page in one.body:
        slide = of_page(opened, page)[0]
        tables = [cells(shape.table) for shape in slide.shapes if shape.has_table]
        texts = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
        for view in page.views:
            columns = {column.name[language]: name for name, column in printed(view).items()}
            own = [each for each in tables if set(each[0]) <= set(columns) and len(view.table)]
            rows = [dict(zip(each[0], row, strict=True)) for each in own for row in each[1:] if len(row) > 1]
            expected = [
                {head: told(row[columns[head]], view.columns[columns[head]], language) for head in own[0][0]}
                for row in view.table.to_dict("records")
            ] if own else []  # fmt: skip
            assert rows == expected[: len(rows)], page.id
            if own and len(rows) < len(expected):
                more = words()["slides_more_rows"][language].replace("{count}", str(len(expected) - len(rows)))
                assert more in texts, page.id


def test_each_view_with_figures_is_on_its_slide(deck):
    one, opened = deck
    for page in (each for each in one.body if "conclusions" not in each.part.views):
        (slide,) = of_page(opened, page)
        full = [view for view in page.views if view.chart is not None or len(view.table)]
        drawn = [each for each in slide.shapes if each.has_chart or each.has_table or each.shape_type == 13]
        assert len(drawn) >= len(full), page.id
        for each in drawn:
            described = each._element.xpath(".//p:cNvPr/@descr")
            assert described and described[0], f"{page.id}: {each.name} is told to no one who cannot see it"


def test_every_draft_conclusion_is_told_with_who_and_why_a_few_to_a_slide(deck):
    one, opened = deck
    page = next(each for each in one.body if "conclusions" in each.part.views)
    told_on = [each.placeholders[1].text_frame.paragraphs for each in of_page(opened, page)]
    assert all(len(each) <= TOGETHER for each in told_on)
    rows = page.views[0].table.to_dict("records")
    for row, line in zip(rows, [line.text for each in told_on for line in each], strict=True):
        assert all(row[key] in line for key in ("text", "who", "basis"))


def test_the_notes_say_sentences_definition_and_how_complete_the_figures_are(deck):
    one, opened = deck
    for page in one.body:
        for slide in of_page(opened, page):
            assert slide.notes_slide.notes_text_frame.text.split("\n") == [*page.sentences, *page.notes]
    assert all(one.complete in each.notes_slide.notes_text_frame.text for each in opened.slides)


# Form


def test_nothing_lies_outside_the_slide_and_no_letters_are_too_small_to_read(deck):
    one, opened = deck
    for at, slide in enumerate(opened.slides, start=1):
        for shape in slide.shapes:
            right, bottom = shape.left + shape.width, shape.top + shape.height
            assert shape.left >= 0 and shape.top >= 0, f"{at} {shape.name}"
            assert right <= opened.slide_width and bottom <= opened.slide_height, f"{at} {shape.name}"
            assert not shape.has_table or bottom <= Emu(int(7.02 * 914400)), f"{at} {shape.name} over the footer"
        tables = [shape.table._tbl for shape in slide.shapes if shape.has_table]
        sizes = [int(each) for table in tables for each in table.xpath(".//a:r/a:rPr/@sz")]
        assert min(sizes, default=1100) >= 1100, f"slide {at}"


def test_every_word_is_marked_with_its_language_and_set_in_one_typeface(deck):
    one, opened = deck
    locale = {"vi": "vi-VN", "en": "en-GB"}[one.choice.language]
    for slide in opened.slides:
        for tree in (slide._element, slide.notes_slide._element):
            assert set(tree.xpath(".//a:r/a:rPr/@lang")) == {locale}
            assert not tree.xpath(".//a:r[not(a:rPr/@lang)]") and not tree.xpath(".//a:latin")
    theme = zipfile.ZipFile(io.BytesIO(_saved(opened))).read("ppt/theme/theme1.xml").decode()
    assert theme.count('<a:latin typeface="Arial"/>') == 2


def _saved(opened):
    out = io.BytesIO()
    opened.save(out)
    return out.getvalue()


def test_the_same_pack_gives_the_same_bytes_on_another_day(made, sample, monkeypatch):
    one, data = made("quarter", "vi")
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)  # what a workbook in a chart would note
    monkeypatch.setattr("time.localtime", lambda *_: (2033, 5, 18, 3, 33, 20, 2, 138, 0))
    assert slides(one, geography(sample)) == data
    with zipfile.ZipFile(io.BytesIO(data)) as whole:
        assert {entry.date_time[:3] for entry in whole.infolist()} == {(2025, 6, 20)}
        assert whole.read("docProps/core.xml").count(b">2025-06-20T00:00:00Z<") == 2
        inner = zipfile.ZipFile(io.BytesIO(whole.read(next(n for n in whole.namelist() if n.endswith(".xlsx")))))
    assert inner.read("docProps/core.xml").count(b">2025-06-20T00:00:00Z<") == 2


def test_bars_with_a_target_are_bars_and_a_line_over_them():
    figure = go.Figure(go.Bar(x=["1/2025", "2/2025"], y=[4.0, 6.0], marker={"color": [look.ACCENT, look.LINE]}))
    figure.add_hline(y=5.0, annotation_text="mục tiêu 5")
    table = pd.DataFrame({"label": ["2/2025", "1/2025"], "value": [6.0, 4.0]})
    columns = {"label": Column(Text("Kỳ", "Period")), "value": Column(Text("Giá trị", "Value"), "number", 1)}
    view = View("history", "Buổi tập huấn", table, columns, figure)
    deck = empty_deck()
    chart = draw(deck.slides.add_slide(deck.slide_layouts[2]).shapes, view, "vi", (1, 1, 8, 5)).chart
    bars, lines = chart.plots
    assert [(each.name, tuple(each.values)) for each in bars.series] == [("Giá trị", (4.0, 6.0))]
    assert [(each.name, tuple(each.values)) for each in lines.series] == [("Mục tiêu 5", (5.0, 5.0))]


def test_a_figure_that_was_kept_and_brought_back_gives_the_same_chart(made):
    one, _ = made("quarter", "vi")
    view = next(view for page in one.pages for view in page.views if view.id == "history")
    again = View(view.id, view.title, view.table, view.columns, go.Figure(view.chart.to_dict()))
    assert translated(again, "vi") == translated(view, "vi")


@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs an office program")
def test_an_office_program_shows_each_slide_and_none_is_empty(made, tmp_path):
    _, data = made("quarter", "vi")
    (tmp_path / "deck.pptx").write_bytes(data)
    subprocess.run(
        ["soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--convert-to", "pdf",
         "--outdir", str(tmp_path), str(tmp_path / "deck.pptx")],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    text = subprocess.run(["pdftotext", str(tmp_path / "deck.pdf"), "-"], check=True, capture_output=True).stdout
    pages = text.decode().split("\f")[:-1]
    assert len(pages) == len(Presentation(io.BytesIO(data)).slides)
    assert min(len(each.split()) for each in pages) > 30
