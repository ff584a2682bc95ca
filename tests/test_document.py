"""Report and handout: the form of Decree 30, the figures of the screen, the same bytes, no page without words."""

import io
import re
import shutil
import subprocess
import zipfile

import docx
import pandas as pd
import pytest
from conftest import PACKS
from docx.oxml.ns import qn

from exports.document import LONGEST, SHOWN, document
from exports.document_table import add_table, cell_text
from exports.handout import handout
from language import Text, word, written
from metrics import INDICATORS
from views.geography import geography
from views.overview import CARDS
from views.pack import Pack
from views.told import WORDS, printed
from views.view import Column, View

CASES = list(PACKS)
EVERY_CASE = pytest.mark.parametrize("case", CASES, ids=str)


@pytest.fixture(scope="module")
def shapes(sample):
    return geography(sample)


@pytest.fixture(scope="module")
def made(packs, shapes, handed) -> dict[tuple[str, str], tuple[Pack, bytes]]:
    """A pack and its report of each case; that of the province in Vietnamese with its districts."""
    return {case: (each, document(each, shapes, handed if case == CASES[0] else ())) for case, each in packs.items()}


@pytest.fixture(scope="module")
def read(made) -> dict:
    return {case: docx.Document(io.BytesIO(data)) for case, (_, data) in made.items()}


def cells(row) -> list[str]:
    """The texts of a row, a merged cell once."""
    return ["".join(t.text or "" for t in each.iter(qn("w:t"))) for each in row._tr.tc_lst]


def data_tables(read) -> list:
    """The tables of views: those whose first row repeats."""
    return [each for each in read.tables if each.rows[0]._tr.xpath("./w:trPr/w:tblHeader")]


def expected(view: View, language: str) -> list[list[str]]:
    columns = printed(view)
    return [
        [cell_text(row.get(name), column, language) for name, column in columns.items()]
        for row in view.table.to_dict("records")
    ]


def shown_views(told: Pack) -> list[View]:
    """The views of a pack that stand in its report as tables, in order."""
    pages = list(told.body)
    return [view for page in pages for view in page.views if view.id not in ("map", "conclusions") and len(view.table)]


# The form


@EVERY_CASE
def test_paper_margins_and_typeface_are_those_of_the_decree(case, read):
    first = read[case].sections[0]
    assert (round(first.page_width.mm), round(first.page_height.mm)) == (210, 297)
    for section in read[case].sections:
        assert all(20 <= round(each.mm) <= 25 for each in (section.top_margin, section.bottom_margin))
        assert 30 <= round(section.left_margin.mm) <= 35 and 15 <= round(section.right_margin.mm) <= 20
        assert {round(section.page_width.mm), round(section.page_height.mm)} == {210, 297}
    assert read[case].styles["Normal"].font.size.pt == 14
    styles = [read[case].styles[each] for each in ("Normal", "Heading 1", "Heading 2", "Caption")]
    for each in styles:
        faces = re.findall(r'w:(?:ascii|hAnsi|cs|eastAsia)(?:Theme)?="([^"]+)"', each.element.xml)
        assert faces and set(faces) == {"Times New Roman"}
    assert "w:rFonts" not in read[case].element.xml  # no words in another


@EVERY_CASE
def test_pages_are_numbered_above_from_the_second_on(case, read):
    first = read[case].sections[0]
    assert first.different_first_page_header_footer
    assert "PAGE" in first.header._element.xml and "PAGE" not in first.first_page_header._element.xml
    for later in read[case].sections[1:]:
        assert not later.different_first_page_header_footer and later.header.is_linked_to_previous


@EVERY_CASE
def test_invented_figures_and_the_pack_are_named_on_every_page(case, made, read):
    told, language = made[case][0], case[1]
    assert told.sample
    first = read[case].sections[0]
    for footer in (first.footer, first.first_page_footer):
        text = footer.paragraphs[0].text
        assert word("sample_band", language) in text and told.id in text
    assert all(each.footer.is_linked_to_previous for each in read[case].sections[1:])


@EVERY_CASE
def test_national_title_stands_right_of_the_issuing_body_and_the_signature_right_of_the_recipients(case, read):
    tables = [each for each in read[case].tables if not each._tbl.xpath(".//w:tblHeader")]
    head, foot = tables[0].rows[0].cells, tables[1].rows[0].cells
    assert word("paper_nation", case[1]) in head[1].text and word("paper_motto", case[1]) in head[1].text
    assert "/BC-" in head[0].text and "2025" in head[1].text
    assert word("paper_recipients", case[1]) in foot[0].text and foot[1].text.strip()


@EVERY_CASE
def test_each_part_of_the_agenda_has_its_section_in_order(case, made, read):
    told, language = made[case][0], case[1]
    inside = dict.fromkeys(page.part.title[language].upper() for page in told.body)
    heads = [each.text.split(". ", 1) for each in read[case].paragraphs if each.style.name == "Heading 1"]
    heads = [each for each in heads if len(each) == 2]
    assert [name for _, name in heads] == list(inside)
    assert [number for number, _ in heads][:5] == ["I", "II", "III", "IV", "V"]
    below = [each.text for each in read[case].paragraphs if each.style.name == "Heading 2"]
    targets = [page.title for page in told.body if page.part.each]
    assert [each.split(". ", 1)[1] for each in below][: len(targets)] == targets


def test_each_district_has_an_appendix(handed, read):
    titles = [each.text for each in read[CASES[0]].paragraphs]
    assert [word("paper_district", "vi", unit=each.unit).upper() in titles for each in handed] == [True] * 9


# The figures


@EVERY_CASE
def test_every_table_says_what_its_view_says(case, made, read):
    told, language = made[case][0], case[1]
    tables = data_tables(read[case])
    for table, view in zip(tables, shown_views(told), strict=False):
        rows = [cells(row) for row in table.rows]
        assert rows[0] == [column.name[language] for column in printed(view).values()]
        body = [each for each in rows[1:] if len(each) > 1 or len(rows[0]) == 1]
        whole = expected(view, language)
        assert body == (whole[:SHOWN] if len(whole) > LONGEST else whole)
    assert len(tables) >= len(shown_views(told))


@EVERY_CASE
def test_main_targets_equal_the_ledger(case, made, read, dated):
    told, language = made[case][0], case[1]
    found = dated.over((told.choice.period,), CARDS)
    own = found[found.unit == told.choice.unit].set_index("indicator")
    rows = {row[0]: row for row in map(cells, data_tables(read[case])[0].rows)}
    for id in set(CARDS) & set(own.index):
        indicator = INDICATORS[id]
        name = f"{indicator.short[language]} ({indicator.unit_of_measure[language]})"
        assert rows[name][1] == written(own.value[id], language, indicator.digits)


@EVERY_CASE
def test_headings_of_tables_repeat_and_rows_stay_whole(case, read):
    for table in data_tables(read[case]):
        assert all(row._tr.xpath("./w:trPr/w:cantSplit") for row in table.rows)
        assert len(table._tbl.xpath(".//w:tblHeader")) == 1
        wide = sum(int(each.get(qn("w:w"))) for each in table._tbl.xpath("./w:tblGrid/w:gridCol"))
        assert wide <= (297 - 45 + 1) * 56.7  # between the margins, also of a page laid across


@EVERY_CASE
def test_numbers_stand_right_and_words_left(case, made, read):
    for table, view in zip(data_tables(read[case]), shown_views(made[case][0]), strict=False):
        expected_sides = ["left" if each.kind in WORDS else "right" for each in printed(view).values()]
        last = table.rows[-1]._tr.tc_lst
        assert [each.xpath("./w:p/w:pPr/w:jc/@w:val")[0] for each in last] == expected_sides


@EVERY_CASE
def test_the_map_is_told_in_words_too(case, made, read):
    view = next(view for page in made[case][0].pages for view in page.views if view.id == "map")
    alts = re.findall(r'<wp:docPr[^>]*descr="([^"]+)"', read[case].element.xml)
    assert len(alts) == 1 and alts[0][:40] == view.alt[:40]


def test_conclusions_are_numbered(made, read):
    view = next(view for page in made[CASES[0]][0].pages for view in page.views if view.id == "conclusions")
    texts = [each.text for each in read[CASES[0]].paragraphs]
    for number, row in enumerate(view.table.itertuples(), start=1):
        assert any(text.startswith(f"{number}. {row.text}") and row.basis in text for text in texts)


# The same again, and other words


@pytest.mark.parametrize("case", [CASES[3]], ids=str)
def test_the_same_pack_gives_the_same_bytes(case, made, shapes):
    told, data = made[case]
    assert document(told, shapes) == data
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        assert {each.date_time[:3] for each in parts.infolist()} == {(2025, 6, 20)}
        assert b"2025-06-20T00:00:00Z" in parts.read("docProps/core.xml")


def test_other_sentences_change_no_table(made, read, shapes):
    told, case = made[CASES[3]][0], CASES[3]
    edited = told.but({"late": ("The chair's own words about 123 reports.",)})
    again = docx.Document(io.BytesIO(document(edited, shapes)))
    texts = [each.text for each in again.paragraphs]
    assert "The chair's own words about 123 reports." in texts
    late = next(page for page in told.pages if page.id == "late")
    assert not set(late.sentences) & set(texts)
    assert [[cells(row) for row in each.rows] for each in data_tables(again)] == [
        [cells(row) for row in each.rows] for each in data_tables(read[case])
    ]


# The handout


def test_a_handout_holds_the_main_targets_and_says_what_it_leaves_out(handed, shapes, dated):
    for told in handed[:3]:
        opened = docx.Document(io.BytesIO(handout(told, shapes)))
        rows = [cells(row) for row in data_tables(opened)[0].rows][1:]
        found = dated.over((told.choice.period,), CARDS)
        own = found[found.unit == told.choice.unit].set_index("indicator")
        assert [row[1] for row in rows] == [
            written(own.value[id], "vi", INDICATORS[id].digits) for id in CARDS if id in own.index
        ]
        late = next(view for page in told.pages for view in page.views if view.id == "late")
        if len(late.table) > 5:
            said = word("handout_more", "vi", count=len(late.table) - 5)
            assert said in [each.text for each in opened.paragraphs]


@pytest.mark.skipif(not shutil.which("soffice"), reason="no office program here")
def test_handouts_are_one_page_and_no_page_of_a_report_is_empty(handed, made, shapes, tmp_path):
    for told in handed:
        (tmp_path / f"handout_{told.choice.unit}.docx").write_bytes(handout(told, shapes))
    for case in CASES[1:]:
        (tmp_path / f"report_{'_'.join(case)}.docx").write_bytes(made[case][1])
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    files = sorted(map(str, tmp_path.glob("*.docx")))
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), *files],
        check=True, capture_output=True,
    )  # fmt: skip
    for path in sorted(tmp_path.glob("*.pdf")):
        text = subprocess.run(["pdftotext", "-layout", path, "-"], check=True, capture_output=True, text=True).stdout
        pages = text.split("\f")[:-1]
        if path.name.startswith("handout"):
            assert len(pages) == 1, path.name
        for page in pages:
            lines = [each.strip() for each in page.splitlines() if each.strip()]
            assert len(lines) > 2, (path.name, lines)  # more than what runs along each page
        assert "\ufffd" not in text


def test_what_was_pasted_with_control_characters_spoils_no_document(packs, shapes):
    """A soft end of line of a word processor is one: an office file that holds it cannot be written."""
    made = docx.Document()
    view = View("said", "", pd.DataFrame({"text": ["một\x0bhai\x01"]}), {"text": Column(Text("Lời", "Words"), "prose")})
    add_table(made, view, "vi", 160, 12)
    assert made.tables[0].rows[1].cells[0].text == "một hai "
    told = packs[CASES[-1]]
    edited = told.but({told.pages[0].id: ("Câu\x0bsửa.",)})
    read = docx.Document(io.BytesIO(document(edited, shapes)))
    assert "Câu sửa." in [each.text for each in read.paragraphs]
