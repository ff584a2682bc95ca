"""The empty deck: 16:9, white, one typeface and one accent colour, layouts that an office program can restyle."""

import re

from pptx import Presentation
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.presentation import Presentation as Deck
from pptx.util import Inches

from views import look

WIDE, HIGH = 13.333, 7.5  # inches
EDGE = 0.5  # left and right of everything
ROOM = WIDE - 2 * EDGE
FONT = "Arial"  # with every office, and with every Vietnamese letter
TITLE, POINTS, PAGE = 0, 1, 2  # the layouts, by their place
SECTION, LEAD, FOOTER, NUMBER = 13, 14, 11, 12  # placeholders, by their idx
Box = tuple[float, float, float, float]  # left, top, width, height in inches

HEADING: Box = (EDGE, 0.56, ROOM, 0.84)
BODY: Box = (EDGE, 1.45, ROOM, 5.3)
_FOOT = 7.02
_EMU = 914400
_COLOURS = {
    "dk1": look.INK, "lt1": look.GROUND, "dk2": look.SECOND_INK, "lt2": look.LINE, "accent1": look.ACCENT,
    "accent2": look.SEQUENCE[2], "accent3": look.SECOND_INK, "accent4": look.STATUS_COLOUR["met"],
    "accent5": look.STATUS_COLOUR["near"], "accent6": look.STATUS_COLOUR["behind"], "hlink": look.ACCENT,
    "folHlink": look.SECOND_INK,
}  # fmt: skip
_APP = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Properties xmlns="http://schemas.openxmlformats.org/'
    'officeDocument/2006/extended-properties"><Application>Microsoft Office PowerPoint</Application></Properties>'
)


def empty_deck() -> Deck:
    """A deck without slides, with three layouts: title, points, page."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(WIDE), Inches(HIGH)
    del deck.part._element.find(qn("p:sldSz")).attrib["type"]  # the library's own deck is 4:3
    for layout in [each for at, each in enumerate(deck.slide_layouts) if at not in (0, 1, 5)]:
        deck.slide_layouts.remove(layout)
    for master in (deck.slide_master, deck.notes_master):
        _themed(master.part.part_related_by(RT.THEME))
    _master(deck)
    _layouts(deck)
    _without_traces(deck)
    return deck


def _themed(theme: object) -> None:
    """Our colours and typeface: no other typeface for Vietnamese, as the library's theme would have."""
    text = theme.blob.decode("utf-8")
    colours = "".join(f'<a:{key}><a:srgbClr val="{value[1:]}"/></a:{key}>' for key, value in _COLOURS.items())
    text = re.sub(r"(<a:clrScheme[^>]*>).*?(</a:clrScheme>)", rf"\g<1>{colours}\g<2>", text, flags=re.S)
    face = f'<a:latin typeface="{FONT}"/><a:ea typeface=""/><a:cs typeface="{FONT}"/>'
    fonts = f"<a:majorFont>{face}</a:majorFont><a:minorFont>{face}</a:minorFont>"
    text = re.sub(r"(<a:fontScheme[^>]*>).*?(</a:fontScheme>)", rf"\g<1>{fonts}\g<2>", text, flags=re.S)
    if hasattr(theme, "_element"):  # of the notes
        theme._element = parse_xml(text.encode("utf-8"))
    else:
        theme._blob = text.encode("utf-8")


def _without_traces(deck: Deck) -> None:
    """Neither the picture nor the printer of whoever made the library's deck."""
    package = deck.part.package
    for owner, kind in ((package, RT.THUMBNAIL), (deck.part, RT.PRINTER_SETTINGS)):
        rels = owner._rels
        for key in [key for key, each in rels.items() if each.reltype == kind]:
            rels.pop(key)
    package.part_related_by(RT.EXTENDED_PROPERTIES)._blob = _APP.encode("utf-8")


# Master and layouts


def _level(size: float, colour: str = "tx1", bold: bool = False, align: str = "l", more: str = "") -> str:
    """One level of text; {tag} is filled with its place."""
    font = "mj" if bold else "mn"
    return (
        f'<a:lvl1pPr marL="0" indent="0" algn="{align}">{more}<a:buNone/>'
        f'<a:defRPr sz="{round(size * 100)}" b="{int(bold)}"><a:solidFill><a:schemeClr val="{colour}"/></a:solidFill>'
        f'<a:latin typeface="+{font}-lt"/><a:ea typeface="+{font}-ea"/><a:cs typeface="+{font}-cs"/>'
        f"</a:defRPr></a:lvl1pPr>"
    )


def _placeholder(id: int, name: str, ph: str, box: Box, style: str = "", anchor: str = "t", text: str = "") -> str:
    left, top, width, height = (round(each * _EMU) for each in box)
    inside = text or "<a:p><a:endParaRPr/></a:p>"
    return (
        f'<p:sp {nsdecls("p", "a")}><p:nvSpPr><p:cNvPr id="{id}" name="{name}"/><p:cNvSpPr><a:spLocks noGrp="1"/>'
        f'</p:cNvSpPr><p:nvPr><p:ph {ph}/></p:nvPr></p:nvSpPr><p:spPr><a:xfrm><a:off x="{left}" y="{top}"/>'
        f'<a:ext cx="{width}" cy="{height}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr>'
        f'<p:txBody><a:bodyPr vert="horz" wrap="square" lIns="0" tIns="0" rIns="0" bIns="0" anchor="{anchor}">'
        f"<a:normAutofit/></a:bodyPr><a:lstStyle>{style}</a:lstStyle>{inside}</p:txBody></p:sp>"
    )


_SLIDE_NUMBER = (
    '<a:p><a:fld id="{C1FF6DA9-008F-8B48-92A6-B652298478BF}" type="slidenum"><a:rPr/><a:t>‹#›</a:t></a:fld></a:p>'
)
_AFTER = '<a:spcBef><a:spcPts val="600"/></a:spcBef>'


def _feet(first: int, offset: int) -> list[str]:
    """Footer and page number; `offset` is what is added to the idx of the master's."""
    quiet = _level(10, "tx2")
    return [
        _placeholder(first, "Footer", f'type="ftr" sz="quarter" idx="{3 + offset}"',
                     (EDGE, _FOOT, ROOM - 0.8, 0.3), quiet, "ctr"),
        _placeholder(first + 1, "Slide Number", f'type="sldNum" sz="quarter" idx="{4 + offset}"',
                     (WIDE - EDGE - 0.7, _FOOT, 0.7, 0.3), _level(12, "tx2", align="r"), "ctr", _SLIDE_NUMBER),
    ]  # fmt: skip


def _master(deck: Deck) -> None:
    tree = deck.slide_master._element.cSld.spTree
    shapes = [
        _placeholder(2, "Title", 'type="title"', HEADING, anchor="t"),
        _placeholder(3, "Text", 'type="body" idx="1"', BODY),
        *_feet(5, 0),
    ]
    _replace(tree, shapes)
    styles = deck.slide_master._element.find(qn("p:txStyles"))
    for name, level in (("p:titleStyle", _level(24, bold=True)), ("p:bodyStyle", _level(18, more=_AFTER))):
        old = styles.find(qn(name))
        styles.replace(old, parse_xml(f"<{name} {nsdecls('p', 'a')}>{level}</{name}>"))


def _layouts(deck: Deck) -> None:
    section = _placeholder(
        4, "Section", f'type="body" sz="quarter" idx="{SECTION}"', (EDGE, 0.27, ROOM, 0.28), _level(14, "accent1")
    )
    title = _placeholder(2, "Title", 'type="title"', HEADING)
    first = [
        _placeholder(2, "Title", 'type="ctrTitle"', (1.0, 2.0, WIDE - 2, 1.3), _level(40, "accent1", True), "b"),
        _placeholder(3, "Subtitle", 'type="subTitle" idx="1"', (1.0, 3.5, WIDE - 2, 2.2), _level(20, more=_AFTER)),
    ]
    lead = _placeholder(
        5, "Lead", f'type="body" sz="quarter" idx="{LEAD}"', (EDGE, 1.45, ROOM, 0.6), _level(14, more=_AFTER)
    )
    points = _placeholder(3, "Points", 'type="body" idx="1"', BODY, _level(18, more=_AFTER))
    layouts = {
        TITLE: ("Title", first),
        POINTS: ("Points", [title, section, points]),
        PAGE: ("Page", [title, section, lead]),
    }
    for place, (name, shapes) in layouts.items():
        element = deck.slide_layouts[place]._element
        element.attrib.pop("type", None)
        element.cSld.set("name", name)
        _replace(element.cSld.spTree, [*shapes, *_feet(8, 8)])


def _replace(tree: object, shapes: list[str]) -> None:
    for old in tree.findall(qn("p:sp")):
        tree.remove(old)
    for each in shapes:
        tree.append(parse_xml(each))
