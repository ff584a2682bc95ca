"""One page for one district: main targets, map, who needs attention, late reports, commitments."""

from dataclasses import replace

from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH as SIDE
from docx.shared import Mm, Pt
from docx.table import _Cell

from exports.document_names import caption
from exports.document_parts import centred, described, new_document, run, running, two_cells, written_out
from exports.document_table import add_table
from exports.pictures import map_picture
from language import word, written
from views.geography import Geography
from views.pack import Pack, Page
from views.view import View

WIDE = 180  # millimetres between the margins: a handout is no letter, and must be one page
MARGIN = 15
SIZE = 9.5
ROWS = {"main_targets": 8, "attention": 5, "late": 5, "commitments": 4}  # so many rows of each; the page holds them
LEFT_OUT = {"commitments": ("distance", "meeting_day", "text"), "late": ("district", "blocked")}


def handout(pack: Pack, shapes: Geography) -> bytes:
    """A docx of exactly one page, of a pack of the agenda "handout"."""
    made = new_document(pack, 11)
    section = made.sections[0]
    section.left_margin = section.right_margin = Mm(MARGIN)
    section.top_margin = section.bottom_margin = Mm(14)
    running(made, pack, numbered=False)
    centred(made, f"{pack.title}: {pack.unit}".upper(), 14, bold=True)
    centred(made, f"{pack.subtitle}", 11, italic=True)
    centred(made, pack.complete, 9)
    for page in pack.pages:
        for view in page.views:
            if view.id == "main_targets":
                _shown(made, page, view)
                _beside(made, pack, page, shapes)
            elif view.id in ROWS:
                _shown(made, page, _short(view))
    return written_out(made, pack)


def _short(view: View) -> View:
    """Without what goes without saying here: commitments that are met, and of which district the communes are."""
    table = view.table
    if view.id == "commitments" and len(table):
        table = table[table.state != "met"].reset_index(drop=True)
    columns = {name: each for name, each in view.columns.items() if name not in LEFT_OUT.get(view.id, ())}
    return replace(view, table=table, columns=columns)


def _shown(made: Document, page: Page, view: View) -> None:
    """A heading, the first rows, and how many more there are; of an empty table what is said of it."""
    language, most = page.choice.language, ROWS[view.id]
    _head(made, page.title)
    if view.table.empty:
        _small(made, page.sentences[0] if page.sentences else view.title)
        return
    add_table(made, view, language, WIDE, SIZE, most)
    more = len(view.table) - most
    if more > 0:
        _small(made, word("handout_more", language, count=written(more, language)))


def _head(made: Document, text: str) -> None:
    paragraph = made.add_paragraph()
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(6), Pt(2)
    paragraph.paragraph_format.keep_with_next = True
    run(paragraph, text, 11, bold=True)


def _small(made: Document | _Cell, text: str) -> None:
    run(made.add_paragraph(), text, SIZE, italic=True)


def _beside(made: Document, pack: Pack, page: Page, shapes: Geography) -> None:
    """The map on the left, what is said of the targets and of it on the right."""
    mapped = next((each for each in pack.pages if each.part.id == "map"), None)
    if mapped is None:
        return
    made.add_paragraph().paragraph_format.line_spacing = 0.4  # else the two tables would be one
    left, right = two_cells(made, 95, WIDE - 95)
    view = mapped.views[0]
    picture = map_picture(view, mapped.choice, shapes, (6.6, 4.2))
    described(left.paragraphs[0], picture, 91, view.alt, 1)
    right.paragraphs[0].paragraph_format.space_before = Pt(6)
    run(right.paragraphs[0], caption(view, mapped), SIZE, bold=True)
    for sentence in (*page.sentences, *mapped.sentences):
        line = right.add_paragraph()
        line.paragraph_format.space_before, line.alignment = Pt(3), SIDE.JUSTIFY
        run(line, sentence, SIZE)
