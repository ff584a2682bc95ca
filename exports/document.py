"""The report of a pack in the form of Decree 30/2020: what is said, the tables, one map, appendices by themselves."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH as SIDE
from docx.section import Section
from docx.shared import Cm

from exports import document_frame as frame
from exports.document_names import caption
from exports.document_parts import (
    MARGINS,
    PAPER,
    add_picture,
    centred,
    inner_width,
    new_document,
    new_section,
    running,
    written_out,
)
from exports.document_table import SIZES, add_table, asks, size_for
from exports.office import Office, office_of
from exports.pictures import map_picture
from language import Language, word, written
from views.geography import Geography
from views.pack import Pack, Page
from views.view import View

LONGEST, SHOWN = 50, 12  # a table of more rows shows its first ones, and stands whole in an appendix
WIDE = PAPER[0] - MARGINS["left"] - MARGINS["right"]  # millimetres between the margins of an upright page
APPENDED = 100  # rows: one that is longer still is left to the workbook
CROWDED = 1.15  # of the width between the margins a table may ask for before its appendix is laid across
SAID = ("leaderboard",)  # whose note the sentences of their page say already
_ROMAN = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


@dataclass
class _Counts:
    """Numbers run through the whole document."""

    tables: int = 0
    pictures: int = 0
    appendices: int = 0


def document(pack: Pack, shapes: Geography, districts: Sequence[Pack] = (), office: Office | None = None) -> bytes:
    """A docx: the agenda's parts as numbered sections, then its appendices, then one for each district's pack.

    `districts` are packs of the agenda "handout" (views.pack.handouts); `office` are the words around the report.
    """
    made, office, count = new_document(pack), office or office_of(pack), _Counts()
    running(made, pack)
    frame.heading(made, pack, office)
    frame.subject(made, pack)
    frame.opening(made, pack, office)
    long = _body(made, pack, shapes, count)
    frame.closing(made, pack, office)
    for page, views in [*_appendices(pack), *long]:
        _appendix(made, pack, page, views, count)
    for each in districts:
        _district(made, each, count)
    return written_out(made, pack)


def _body(made: Document, pack: Pack, shapes: Geography, count: _Counts) -> list[tuple[Page, list[View]]]:
    """A section for each part, a sub-section for each of its pages; what is too long for it is handed back."""
    language, long = pack.choice.language, []
    for number, (_, pages) in enumerate(groupby(pack.body, key=lambda page: page.part.id), start=1):
        pages = list(pages)
        made.add_heading(f"{_roman(number)}. {pages[0].part.title[language].upper()}", 1)
        for at, page in enumerate(pages, start=1):
            if page.part.each:
                made.add_heading(f"{at}. {page.title}", 2)
            cut = list(_page(made, page, shapes, count))
            long += [(page, cut)] if cut else []
    return long


def _roman(number: int) -> str:
    """How sections and appendices are numbered."""
    for value, sign in _ROMAN:
        if number >= value:
            return sign + _roman(number - value)
    return ""


def _page(made: Document, page: Page, shapes: Geography, count: _Counts) -> Iterator[View]:
    """What is said of a page, then its views; gives those of which only the first rows are shown."""
    language = page.choice.language
    for sentence in page.sentences:
        made.add_paragraph(sentence, "Body")
    for view in page.views:
        if view.id == "map":
            _map(made, page, view, shapes, count)
        elif view.id == "conclusions":
            _conclusions(made, view)
        elif len(view.table):
            cut = len(view.table) > LONGEST or asks(view, language, SIZES[-1]) > 2 * CROWDED * WIDE
            _table(made, page, view, count, WIDE, SHOWN if cut else None)
            if cut:
                yield from _shortened(made, view, language)


def _shortened(made: Document, view: View, language: Language) -> Iterator[View]:
    """Says where the whole of a table stands; gives it where that is an appendix."""
    rows = len(view.table)
    key = "paper_first_rows" if rows <= APPENDED else "paper_first_rows_book"
    _note(made, word(key, language, shown=written(min(SHOWN, rows), language), of=written(rows, language)))
    if rows <= APPENDED:
        yield view


def _table(made: Document, page: Page, view: View, count: _Counts, wide: float, first: int | None = None) -> None:
    language = page.choice.language
    count.tables += 1
    title = made.add_paragraph(word("paper_table", language, number=count.tables, title=caption(view, page)), "Caption")
    title.alignment = SIDE.CENTER
    add_table(made, view, language, wide, size_for(view, language, wide), first)
    made.add_paragraph().paragraph_format.line_spacing = 0.6


def _map(made: Document, page: Page, view: View, shapes: Geography, count: _Counts) -> None:
    count.pictures += 1
    picture = map_picture(view, page.choice, shapes, (6.4, 5.2))
    add_picture(made, picture, 0.97 * WIDE, view.alt, count.pictures)
    told = word("paper_picture", page.choice.language, number=count.pictures, title=caption(view, page))
    made.add_paragraph(told, "Caption").alignment = SIDE.CENTER


def _conclusions(made: Document, view: View) -> None:
    """Each proposal a numbered paragraph: what, who, and the figure it rests on."""
    for number, row in enumerate(view.table.to_dict("records"), start=1):
        paragraph = made.add_paragraph(f"{number}. {row['text']}.", "Body")
        paragraph.add_run(f" {row['who']}.").bold = True
        paragraph.add_run(f" ({row['basis']}.)").italic = True
    if view.note:
        _note(made, view.note)


def _note(made: Document, text: str) -> None:
    paragraph = made.add_paragraph(style="Body")
    paragraph.paragraph_format.first_line_indent = Cm(0)
    paragraph.add_run(text).italic = True


# Appendices


def _appendices(pack: Pack) -> list[tuple[Page, list[View]]]:
    return [(page, [each for each in page.views if len(each.table)]) for page in pack.appendices]


def _appendix(made: Document, pack: Pack, page: Page, views: list[View], count: _Counts) -> None:
    """A page of the agenda behind the signature, across the paper where a table is wide."""
    language = page.choice.language
    wide = any(asks(each, language, SIZES[1]) > CROWDED * WIDE for each in views)
    title = page.part.title[language].removeprefix(word("paper_appendix_title", language))
    section = _titled(made, pack, title, count, wide)
    if page.part.appendix:
        for sentence in page.sentences:
            made.add_paragraph(sentence, "Body")
    for view in views:
        _table(made, page, view, count, inner_width(section))
    for note in dict.fromkeys(each.note for each in views if each.note and each.id not in SAID):
        _note(made, note)


def _titled(made: Document, pack: Pack, title: str, count: _Counts, wide: bool = False) -> Section:
    """A section of its own with the appendix' number, its title, and to which report it belongs."""
    language = pack.choice.language
    section = new_section(made, wide)
    count.appendices += 1
    number = _roman(count.appendices)
    line = made.add_heading(word("paper_appendix", language, number=number), 1)
    line.alignment, line.paragraph_format.first_line_indent = SIDE.CENTER, Cm(0)
    centred(made, title.upper(), bold=True)
    centred(made, word("paper_attached", language), italic=True)
    return section


def _district(made: Document, pack: Pack, count: _Counts) -> None:
    """One district: its main targets, communes, gaps, reports and commitments."""
    language = pack.choice.language
    section = _titled(made, pack, word("paper_district", language, unit=pack.unit), count)
    pages = [each for each in pack.pages if any(view.id != "map" for view in each.views)]
    for number, page in enumerate(pages, start=1):
        made.add_heading(f"{number}. {page.title}", 2)
        for sentence in page.sentences:
            made.add_paragraph(sentence, "Body")
        for view in page.views:
            if len(view.table) and view.id != "map":
                _table(made, page, view, count, inner_width(section))
