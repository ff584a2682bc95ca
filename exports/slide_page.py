"""What stands under a slide's heading: a target's figure, what is said of it, and the views beside each other."""

import io

import pandas as pd
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.slide import Slide
from pptx.util import Inches

from exports.native_chart import can_be_native, draw
from exports.pictures import map_picture
from exports.slide_columns import SIZES, wanted
from exports.slide_grid import draw_table, say_left_out
from exports.slide_master import EDGE, HEADING, LEAD, ROOM, Box
from exports.slide_table import MORE, halves, lay
from exports.slide_text import STATUS_INK, add_run, add_words, fill
from exports.text_width import height, lines, width
from language import capital, word
from views import look
from views.geography import Geography
from views.pack import Pack, Page
from views.view import View

GAP = 0.4  # between two views
FLOOR = 6.85  # where the footer's air begins
CAPTION = 14  # points
WORDS = 14  # points of sentences
SAID = 2  # sentences at most
LEAST = 0.36  # of the slide's width that a view has at least
BROAD = 1.8  # of its height that a map is wide
LETTERS = 1.3  # a map's letters are made so much larger than on paper
DOTS = 200  # to the inch of the slide


def lay_out(slide: Slide, page: Page, pack: Pack, shapes: Geography) -> None:
    """All that is under the heading, from the top down."""
    used = lines(slide.shapes.title.text, 24, ROOM, bold=True) * 24 * 1.2 / 72
    top = HEADING[1] + min(used, HEADING[3]) + 0.12
    left_top, right_top = _target(slide, page, top) if page.part.each else _sentences(slide, page, pack, top)
    shown = [each for each in page.views if each.chart is not None or len(each.table)]
    if len(shown) == 1:
        _alone(slide, shown[0], page, shapes, max(left_top, right_top))
        return
    rooms = _rooms(shown, page)
    named = [each for each in shown if each is not page.views[0]]  # the first one's title is the heading
    under = max(
        (
            height([each.title], CAPTION, room, True) + 0.08
            for each, room in zip(shown, rooms, strict=True)
            if each in named
        ),
        default=0,
    )
    left = EDGE
    for view, room in zip(shown, rooms, strict=True):
        start = right_top + under if view in named or not page.part.each else left_top
        if view in named:
            add_words(slide, view.title, (left, right_top, room, under), CAPTION, bold=True)
        _view(slide, view, page, shapes, (left, start, room, FLOOR - start))
        left += room + GAP


def _rooms(shown: list[View], page: Page) -> list[float]:
    """How wide each view stands: alike, but a small table leaves room for a wide one beside it."""
    room = ROOM - GAP * (len(shown) - 1)
    if len(shown) != 2 or any(each.chart is not None for each in shown):
        return [room / max(len(shown), 1)] * len(shown)
    wants = [wanted(each, page.choice.language) for each in shown]
    first = min(max(wants[0] / sum(wants), LEAST), 1 - LEAST) * room
    return [first, room - first]


def _sentences(slide: Slide, page: Page, pack: Pack, top: float) -> tuple[float, float]:
    """The first sentences that no heading says already; where nothing else is on the page, how complete it is.

    Gives where what follows may begin, left and right.
    """
    told = [each for each in page.views if each is page.views[0] or each.chart is not None or len(each.table)]
    titles = {each.title.rstrip(".") for each in told}
    said = [each for each in page.sentences if each.rstrip(".") not in titles][:SAID]
    if not said and not any(each.chart is not None or len(each.table) for each in page.views):
        said = [pack.complete]
    end = _lead(slide, said, (EDGE, top, ROOM, 1.0)) + (0.1 if said else 0)
    return end, end


def _lead(slide: Slide, said: list[str], box: Box) -> float:
    """Sentences in their placeholder; gives where they end."""
    if not said:
        return box[1]
    high = height(said, WORDS, box[2]) + 0.09 * (len(said) - 1)
    lead = slide.placeholders[LEAD]
    lead.left, lead.top, lead.width, lead.height = (Inches(each) for each in (box[0], box[1], box[2], high))
    fill(lead.text_frame, said)
    return box[1] + high


def _target(slide: Slide, page: Page, top: float) -> tuple[float, float]:
    """The unit's value large, its target and status beside it, and what is said to the right of them.

    Gives where what follows may begin, left and right.
    """
    half = (ROOM - GAP) / 2
    row = page.result
    if row is None or pd.isna(row["value"]):
        end = _lead(slide, list(page.sentences[:SAID]), (EDGE, top, ROOM, 1.0)) + 0.15
        return end, end
    language, indicator = page.choice.language, page.choice.indicator
    value = look.value_of(row["value"], indicator, language)
    size = min(40, 40 * 2.3 / width(value, 40, True))
    add_words(slide, value, (EDGE, top - 0.06, 2.5, 0.72), size, True, MSO_THEME_COLOR.ACCENT_1)
    frame = add_words(slide, "", (EDGE + 2.6, top, half - 2.6, 0.72), 18)
    if not pd.isna(row["target"]):
        target = word("target_is", language, target=look.target_of(indicator, row["target"], language))
        add_run(frame.paragraphs[0], capital(target), 18)
        status = str(row["status"])
        said = f"{look.STATUS_SIGN[status]} {look.STATUS_NAME[status][language]}"
        add_run(frame.add_paragraph(), said, 20, True, STATUS_INK[status])
    add_words(
        slide, page.choice.period.name(language), (EDGE, top + 0.68, half, 0.26), WORDS, colour=MSO_THEME_COLOR.TEXT_2
    )
    end = _lead(slide, list(page.sentences[:SAID]), (EDGE + half + GAP, top, half, 1.0))
    return top + 1.1, max(top + 1.1, end + 0.18)


# The views


def _alone(slide: Slide, view: View, page: Page, shapes: Geography, top: float) -> None:
    """One view over the whole slide: a chart with its table beside it, a long table in two columns if it then fits."""
    box = (EDGE, top, ROOM, FLOOR - top)
    half = (ROOM - GAP) / 2
    if can_be_native(view):
        _view(slide, view, page, shapes, (EDGE, top, half, FLOOR - top))
        _table(slide, view, page, (EDGE + half + GAP, top, half, FLOOR - top))
        return
    if view.chart is None and lay(view, page.choice.language, ROOM, box[3]).left_out:
        parted = halves(view, page.choice.language, half, box[3])
        for at, each in enumerate(parted or ()):
            left = EDGE + at * (half + GAP)
            end = draw_table(slide, each, left, top, view.title)
            say_left_out(slide, each, left, end, page.choice.language)
        if parted:
            return
    _view(slide, view, page, shapes, box)


def _view(slide: Slide, view: View, page: Page, shapes: Geography, box: Box) -> None:
    if can_be_native(view):
        frame = draw(slide.shapes, view, page.choice.language, box)
        frame._element.nvGraphicFramePr.cNvPr.set("descr", view.alt)
    elif view.chart is not None:
        _map(slide, view, page, shapes, box)
    else:
        _table(slide, view, page, box)


def _map(slide: Slide, view: View, page: Page, shapes: Geography, box: Box) -> None:
    """A picture in the middle of its place, drawn smaller and enlarged, so that its letters can be read from afar."""
    left, top, room, high = box
    wide = min(room, high * BROAD)
    small = (wide / LETTERS, high / LETTERS)
    picture = map_picture(view, page.choice, shapes, small, dots=round(DOTS * LETTERS))
    placed = (left + (room - wide) / 2, top, wide, high)
    drawn = slide.shapes.add_picture(io.BytesIO(picture), *(Inches(each) for each in placed))
    drawn._element.nvPicPr.cNvPr.set("descr", view.alt)


def _table(slide: Slide, view: View, page: Page, box: Box) -> None:
    language = page.choice.language
    left, top, room, high = box
    sizes = SIZES if room > ROOM / 2 and len(page.views) == 1 else SIZES[1:]  # beside others not larger than they
    laid = lay(view, language, room, high, sizes)
    if laid.left_out:
        laid = lay(view, language, room, high - MORE, sizes)
    end = draw_table(slide, laid, left, top, view.title)
    say_left_out(slide, laid, left, end, language)
