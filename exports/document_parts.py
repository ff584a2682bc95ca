"""The parts of an office document: paper, typeface, headings, paragraphs, fields (Decree 30/2020, appendix I)."""

import io
from datetime import UTC, datetime

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH as SIDE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.section import Section
from docx.shared import Cm, Length, Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import _Cell
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from exports.fixed import fixed
from language import word
from views.pack import Pack

FACE, SIZE = "Times New Roman", 14
PAPER = (210, 297)  # A4, in millimetres
MARGINS = {"top": 20, "bottom": 20, "left": 30, "right": 15}
BLACK, MARKED = RGBColor(0, 0, 0), RGBColor(0xB0, 0x1E, 0x1E)


def new_document(pack: Pack, size: float = SIZE) -> Document:
    """An empty A4 document with the styles of an office and the pack's id in its properties."""
    document = docx.Document()
    _styles(document, size)
    _paper(document.sections[0])
    at = datetime(*pack.choice.as_of.timetuple()[:3], tzinfo=UTC)
    about = document.core_properties
    about.title, about.subject, about.identifier = pack.title, pack.unit, pack.id
    about.author = about.last_modified_by = about.comments = about.keywords = ""
    about.language = pack.choice.language
    about.created = about.modified = at
    return document


def written_out(document: Document, pack: Pack) -> bytes:
    """The document as bytes, the same for the same pack."""
    out = io.BytesIO()
    document.save(out)
    return fixed(out.getvalue(), pack.choice.as_of)


def _styles(document: Document, size: float) -> None:
    styles = document.styles
    normal = styles["Normal"]
    _face(normal, size)
    normal.paragraph_format.space_after = normal.paragraph_format.space_before = Pt(0)
    normal.paragraph_format.line_spacing = 1.0
    for level in (1, 2, 3):
        style = styles[f"Heading {level}"]
        _face(style, size, bold=True, italic=level == 3)
        told = style.paragraph_format
        told.space_before, told.space_after, told.keep_with_next = Pt(8), Pt(4), True
        told.first_line_indent = Cm(1.27)
    _face(styles["Caption"], min(size, 13), bold=True)
    styles["Caption"].paragraph_format.keep_with_next = True
    styles["Caption"].paragraph_format.space_before, styles["Caption"].paragraph_format.space_after = Pt(8), Pt(4)
    body = styles.add_style("Body", WD_STYLE_TYPE.PARAGRAPH)
    body.base_style = normal
    told = body.paragraph_format
    told.alignment, told.first_line_indent = SIDE.JUSTIFY, Cm(1.27)
    told.space_before, told.space_after, told.line_spacing = Pt(3), Pt(3), 1.1
    told.widow_control = True
    cell = styles.add_style("Cell", WD_STYLE_TYPE.PARAGRAPH)
    cell.base_style = normal
    cell.paragraph_format.space_before = cell.paragraph_format.space_after = Pt(1)


def _face(style: ParagraphStyle, size: float, bold: bool = False, italic: bool = False) -> None:
    """One typeface for all scripts: a theme's own would come before the one that is named."""
    style.font.name, style.font.size, style.font.bold, style.font.italic = FACE, Pt(size), bold, italic
    style.font.color.rgb = BLACK
    faces = style.element.get_or_add_rPr().get_or_add_rFonts()
    for each in list(faces.attrib):
        if each.endswith("Theme"):
            del faces.attrib[each]
    for each in ("ascii", "hAnsi", "cs", "eastAsia"):
        faces.set(qn(f"w:{each}"), FACE)


def _paper(section: Section, landscape: bool = False) -> None:
    wide, high = reversed(PAPER) if landscape else PAPER
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(wide), Mm(high)
    for side, told in MARGINS.items():
        setattr(section, f"{side}_margin", Mm(told))
    section.header_distance = section.footer_distance = Mm(9)


def new_section(document: Document, landscape: bool = False) -> Section:
    """A section on a new page, with the headers and footers of the one before."""
    section = document.add_section(WD_SECTION.NEW_PAGE)
    # The paragraph that ends the section before has no room of its own: at the foot of a full page it would be a page.
    last = document.paragraphs[-1].paragraph_format
    last.line_spacing, last.space_before, last.space_after = Pt(1), Pt(0), Pt(0)
    _paper(section, landscape)
    section.different_first_page_header_footer = False
    return section


def inner_width(section: Section) -> float:
    """Millimetres between the margins."""
    return Length(section.page_width - section.left_margin - section.right_margin).mm


def running(document: Document, pack: Pack, numbered: bool = True) -> None:
    """Page numbers centred in the upper margin, not on the first page; below, the mark of invented figures, the id."""
    section = document.sections[0]
    section.different_first_page_header_footer = True
    if numbered:
        number = section.header.paragraphs[0]
        number.alignment = SIDE.CENTER
        _field(number, "PAGE")
    for footer in (section.footer, section.first_page_footer):
        line = footer.paragraphs[0]
        line.alignment = SIDE.CENTER
        if pack.sample:
            run(line, word("sample_band", pack.choice.language), 10, bold=True).font.color.rgb = MARKED
            run(line, " · ", 8)
        run(line, pack.id, 8)


def _field(paragraph: Paragraph, instruction: str) -> None:
    made = paragraph.add_run()
    made.font.size = Pt(SIZE)
    for kind in ("begin", None, "end"):
        element = OxmlElement("w:instrText" if kind is None else "w:fldChar")
        if kind is None:
            element.set(qn("xml:space"), "preserve")
            element.text = instruction
        else:
            element.set(qn("w:fldCharType"), kind)
        made._r.append(element)


def run(paragraph: Paragraph, text: str, size: float | None = None, bold: bool = False, italic: bool = False) -> Run:
    """Words with a look of their own."""
    made = paragraph.add_run(text)
    made.bold, made.italic = bold or None, italic or None
    if size:
        made.font.size = Pt(size)
    return made


def centred(document: Document, text: str, size: float = SIZE, bold: bool = False, italic: bool = False) -> Paragraph:
    """A line in the middle of the page."""
    paragraph = document.add_paragraph()
    paragraph.alignment = SIDE.CENTER
    run(paragraph, text, size, bold, italic)
    return paragraph


def add_picture(document: Document, picture: bytes, wide: float, alt: str, number: int) -> Paragraph:
    """A picture in the middle of the page, told in words to those who cannot see it."""
    paragraph = document.add_paragraph()
    paragraph.alignment = SIDE.CENTER
    paragraph.paragraph_format.keep_with_next = True
    described(paragraph, picture, wide, alt, number)
    return paragraph


def described(paragraph: Paragraph, picture: bytes, wide: float, alt: str, number: int) -> None:
    """Puts a picture, `wide` millimetres, at the end of a paragraph."""
    shape = paragraph.add_run().add_picture(io.BytesIO(picture), width=Mm(wide))
    told = shape._inline.docPr
    told.set("id", str(number))
    told.set("name", f"Picture {number}")
    told.set("descr", alt)


def two_cells(document: Document, left: float, right: float) -> tuple[_Cell, _Cell]:
    """A table without lines, whose two cells of so many millimetres stand beside one another."""
    table = document.add_table(1, 2)
    table.autofit = False
    for cell, column, wide in zip(table.rows[0].cells, table.columns, (left, right), strict=True):
        cell.width = column.width = Mm(wide)
    none = '<w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/>'
    table._tbl.tblPr.append(parse_xml(f"<w:tblCellMar {nsdecls('w')}>{none}</w:tblCellMar>"))
    return tuple(table.rows[0].cells)
