"""Words on a slide: in its placeholders, its footer, its notes, each in the language they are written in."""

import copy
from collections.abc import Iterable

from pptx.dml.color import RGBColor
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.oxml.ns import qn
from pptx.slide import Slide
from pptx.text.text import TextFrame, _Paragraph, _Run
from pptx.util import Inches, Pt

from exports.slide_master import FOOTER, NUMBER, Box
from language import Language, word
from views import look
from views.pack import Pack

LOCALE = {"vi": "vi-VN", "en": "en-GB"}
# As text on white the colours of the map are too light or nothing; these can be read from the last row.
STATUS_INK = {**look.STATUS_COLOUR, "near": "#9A5B00", "no_report": look.SECOND_INK, "not_applicable": look.SECOND_INK}


def rgb(colour: str) -> RGBColor:
    """A colour of views.look as the library takes it."""
    return RGBColor.from_string(colour.lstrip("#"))


def add_run(
    paragraph: _Paragraph, text: str, size: float | None = None, bold: bool | None = None, colour: object = None
) -> _Run:
    """Words within a paragraph; what is not said is as the layout has it. `colour`: of the theme, or '#RRGGBB'."""
    run = paragraph.add_run()
    run.text, run.font.bold = text, bold
    if size:
        run.font.size = Pt(size)
    if isinstance(colour, str):
        run.font.color.rgb = rgb(colour)
    elif colour is not None:
        run.font.color.theme_color = colour
    return run


def fill(frame: TextFrame, paragraphs: Iterable[str], size: float | None = None) -> None:
    """A frame's paragraphs, plain."""
    for at, text in enumerate(paragraphs):
        add_run(frame.paragraphs[0] if at == 0 else frame.add_paragraph(), text, size)


def add_words(
    slide: Slide, text: str, box: Box, size: float, bold: bool = False, colour: object = MSO_THEME_COLOR.TEXT_1
) -> TextFrame:
    """A text box without margins, where there is no placeholder for the words."""
    frame = slide.shapes.add_textbox(*(Inches(each) for each in box)).text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    if text:
        add_run(frame.paragraphs[0], text, size, bold, colour)
    return frame


def add_foot(slide: Slide, pack: Pack) -> None:
    """Unit, day, the mark of invented figures, the pack's id; and the number of the page."""
    for shape in slide.slide_layout.placeholders:
        if shape.placeholder_format.idx in (FOOTER, NUMBER):
            slide.shapes._spTree.append(copy.deepcopy(shape._element))
    used = max(int(each) for each in slide.shapes._spTree.xpath("//@id[number() = number()]"))
    for shape in slide.placeholders:
        if shape.placeholder_format.idx in (FOOTER, NUMBER):
            used += 1
            shape._element.nvSpPr.cNvPr.set("id", str(used))
            for own in (shape._element.spPr, shape._element.txBody.find(qn("a:lstStyle"))):
                own.clear()  # place and style are the layout's
        if shape.placeholder_format.idx == FOOTER:
            line = shape.text_frame.paragraphs[0]
            add_run(line, pack.subtitle)
            if pack.sample:
                add_run(line, "  ·  ")
                add_run(line, word("sample_band", pack.choice.language), bold=True, colour=STATUS_INK["behind"])
            add_run(line, f"  ·  {pack.id}", 8)


def add_notes(slide: Slide, paragraphs: Iterable[str]) -> None:
    """What the speaker reads, a paragraph each."""
    slide.notes_slide.notes_text_frame.text = "\n".join(paragraphs)


def say_language(slide: Slide, language: Language) -> None:
    """Marks every word of a slide, its charts and its notes, so that no speller takes it for another language."""
    trees = [slide._element, slide.notes_slide._element]
    trees += [shape.chart._chartSpace for shape in slide.shapes if shape.has_chart]
    for tree in trees:
        for run in tree.iter(qn("a:r"), qn("a:fld")):
            own = run.find(qn("a:rPr"))
            (run.get_or_add_rPr() if own is None else own).set("lang", LOCALE[language])
