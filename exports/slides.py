"""A meeting's pack as slides: headings, charts and tables of the office program's own, notes for the speaker."""

import io
from collections.abc import Iterator
from datetime import datetime

from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from pptx.presentation import Presentation as Deck
from pptx.slide import Slide

from exports.fixed import fixed
from exports.slide_master import PAGE, POINTS, SECTION, TITLE, empty_deck
from exports.slide_page import lay_out
from exports.slide_text import LOCALE, add_foot, add_notes, add_run, fill, say_language
from language import capital, day, word
from views.geography import Geography
from views.pack import Pack, Page

TOGETHER = 6  # draft conclusions on one slide
MANY = 13  # points of an agenda above which they are set smaller


def slides(pack: Pack, shapes: Geography) -> bytes:
    """The deck: title, agenda, a slide for each page that is no appendix; conclusions go on where they are many."""
    deck = empty_deck()
    _properties(deck, pack)
    _title(deck, pack)
    _agenda(deck, pack)
    for page in pack.body:
        if "conclusions" in page.part.views and len(page.views[0].table):
            _conclusions(deck, pack, page)
        else:
            slide = _headed(deck, pack, page, page.views[0].title)
            lay_out(slide, page, pack, shapes)
            _finished(slide, pack, (*page.sentences, *page.notes))
    out = io.BytesIO()
    deck.save(out)
    return fixed(out.getvalue(), pack.choice.as_of)


def _properties(deck: Deck, pack: Pack) -> None:
    own, language = deck.core_properties, pack.choice.language
    own.title, own.subject, own.author = pack.title, pack.subtitle, pack.unit
    own.last_modified_by, own.keywords, own.identifier = pack.unit, pack.id, pack.id
    own.language, own.revision = LOCALE[language], 1
    own.comments = word("sample_band", language) if pack.sample else ""
    own.created = own.modified = datetime.combine(pack.choice.as_of, datetime.min.time())


def _title(deck: Deck, pack: Pack) -> None:
    slide, language = deck.slides.add_slide(deck.slide_layouts[TITLE]), pack.choice.language
    slide.shapes.title.text = pack.title
    frame = slide.placeholders[1].text_frame
    held = word("as_of_day", language, day=day(pack.choice.as_of))
    fill(frame, (pack.unit, capital(held)))
    if pack.units_said:
        add_run(frame.add_paragraph(), pack.units_said, 14)
    add_run(frame.add_paragraph(), f"{word('slides_prepared_by', language)}: ………………………………", 16)
    add_run(frame.add_paragraph(), f"{word('slides_pack', language)}: {pack.id}", 11)
    _finished(slide, pack, (pack.subtitle, pack.complete))


def _agenda(deck: Deck, pack: Pack) -> None:
    """The parts that have a slide, numbered."""
    slide, language = deck.slides.add_slide(deck.slide_layouts[POINTS]), pack.choice.language
    slide.shapes.title.text = word("slides_agenda", language)
    slide.placeholders[SECTION].text_frame.text = pack.title
    parts = list(dict.fromkeys(each.part.title[language] for each in pack.body))
    _numbered(slide, [(each, "") for each in parts], 1, 18 if len(parts) <= MANY else 16)
    _finished(slide, pack, (*parts, pack.complete))


def _conclusions(deck: Deck, pack: Pack, page: Page) -> None:
    """What is proposed, who is asked and the figure it rests on; a few to a slide, in words that can be edited."""
    view, language = page.views[0], pack.choice.language
    told = [(row["text"], f"{row['who']}. {row['basis']}.") for row in view.table.to_dict("records")]
    for first in range(0, len(told), TOGETHER):
        heading = view.title + (f" {word('slides_continued', language)}" if first else "")
        slide = _headed(deck, pack, page, heading, POINTS)
        _numbered(slide, told[first : first + TOGETHER], first + 1, 16)
        _finished(slide, pack, (*page.sentences, *page.notes))


def _numbered(slide: Slide, points: list[tuple[str, str]], first: int, size: float) -> None:
    """Numbered by the office program, so that a point can be put in; a second line smaller, under its point."""
    frame = slide.placeholders[1].text_frame
    for at, (text, under) in enumerate(points):
        line = frame.paragraphs[0] if at == 0 else frame.add_paragraph()
        _number(line, first)
        add_run(line, text, size, bold=True if under else None)
        if under:
            line.add_line_break()
            add_run(line, under, 14)


def _number(line: object, first: int) -> None:
    """Hangs the paragraph behind its number, counted from `first`."""
    own = line._p.get_or_add_pPr()
    own.set("marL", "431800")
    own.set("indent", "-431800")
    own.append(parse_xml(f'<a:buFont {nsdecls("a")} typeface="+mj-lt"/>'))
    own.append(parse_xml(f'<a:buAutoNum {nsdecls("a")} type="arabicPeriod" startAt="{first}"/>'))


def _headed(deck: Deck, pack: Pack, page: Page, heading: str, layout: int = PAGE) -> Slide:
    slide = deck.slides.add_slide(deck.slide_layouts[layout])
    slide.shapes.title.text = heading
    slide.placeholders[SECTION].text_frame.text = page.title
    return slide


def _finished(slide: Slide, pack: Pack, notes: tuple[str, ...]) -> None:
    """Footer and notes; no empty placeholder is left that would ask for words."""
    for each in _empty(slide):
        each._element.getparent().remove(each._element)
    add_foot(slide, pack)
    add_notes(slide, notes)
    say_language(slide, pack.choice.language)


def _empty(slide: Slide) -> Iterator[object]:
    yield from [each for each in slide.placeholders if not each.text_frame.text]
