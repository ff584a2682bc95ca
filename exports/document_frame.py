"""What stands around a report: the national title, who issues it, number and day, subject, signature, recipients."""

from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH as SIDE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Mm, Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from exports.document_parts import centred, run, two_cells
from exports.office import Office, plan_day
from language import day, word
from views.pack import Pack
from views.wording import inside

LEFT, RIGHT = 66, 99  # millimetres: together what stands between the margins


def heading(document: Document, pack: Pack, office: Office) -> None:
    """Issuing body on the left, the national title on the right; below, the number and the place and day."""
    language = pack.choice.language
    left, right = two_cells(document, LEFT, RIGHT)
    if office.above:
        _line(left, office.above, 12)
    _line(left, office.issuer, 12, bold=True)
    _rule(left, 0.35 * LEFT)
    _line(left, office.number, 13).paragraph_format.space_before = Pt(8)
    _line(right, word("paper_nation", language), 12, bold=True)
    _line(right, word("paper_motto", language), 13, bold=True)
    _rule(right, 0.56 * RIGHT)
    at = pack.choice.as_of
    month = f"{at.month:02}" if at.month < 3 else at.month  # the decree asks for the nought in these two only
    place = word("paper_place", language, place=office.place, month=month, year=at.year)
    _line(right, place, 13, italic=True).paragraph_format.space_before = Pt(8)


def _line(cell: _Cell, text: str, size: float, bold: bool = False, italic: bool = False) -> Paragraph:
    fresh = len(cell.paragraphs) == 1 and not cell.paragraphs[0].runs and not cell.paragraphs[0].text
    paragraph = cell.paragraphs[0] if fresh else cell.add_paragraph()
    paragraph.alignment = SIDE.CENTER
    run(paragraph, text, size, bold, italic)
    return paragraph


def _rule(cell: _Cell, wide: float) -> None:
    """A line of its own under the words, as the border of an almost empty paragraph between two indents."""
    paragraph = cell.add_paragraph()
    paragraph.paragraph_format.line_spacing = Pt(3)
    indent = Mm((cell.width.mm - wide) / 2)
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = indent
    _underlined(paragraph)


def _underlined(paragraph: Paragraph) -> None:
    border = f'<w:pBdr {nsdecls("w")}><w:bottom w:val="single" w:sz="6" w:space="1" w:color="000000"/></w:pBdr>'
    paragraph._p.get_or_add_pPr().insert_element_before(
        parse_xml(border), "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def subject(document: Document, pack: Pack) -> None:
    """BÁO CÁO, what about, and as of which day."""
    language = pack.choice.language
    centred(document, word("paper_report", language), bold=True).paragraph_format.space_before = Pt(14)
    period = inside(pack.choice.period.name(language), language)
    centred(document, word("paper_subject", language, period=period), bold=True)
    centred(document, f"({word('paper_as_of', language, day=day(pack.choice.as_of))})", italic=True)
    rule = document.add_paragraph()
    rule.paragraph_format.line_spacing = Pt(3)
    rule.paragraph_format.left_indent = rule.paragraph_format.right_indent = Mm(55)
    rule.paragraph_format.space_after = Pt(8)
    _underlined(rule)


def opening(document: Document, pack: Pack, office: Office) -> None:
    """On which ground it is written, and how complete its figures are."""
    language = pack.choice.language
    period = inside(pack.choice.period.name(language), language)
    told = {"said": office.said, "period": period, "day": day(pack.choice.as_of), "plan_day": plan_day()}
    document.add_paragraph(word("paper_opening", language, **told), "Body")
    document.add_paragraph(word("paper_complete", language, complete=pack.complete.replace(" · ", "; ")), "Body")


def closing(document: Document, pack: Pack, office: Office) -> None:
    """The last sentence, recipients on the left, the place of the signature on the right."""
    language = pack.choice.language
    document.add_paragraph(word("paper_end", language, said=office.said), "Body").paragraph_format.keep_with_next = True
    left, right = two_cells(document, LEFT, RIGHT)
    left.paragraphs[0].paragraph_format.space_before = Pt(10)
    run(left.paragraphs[0], word("paper_recipients", language), 12, bold=True, italic=True)
    for each in office.recipients:
        run(left.add_paragraph(), f"- {each}{'.' if each == office.recipients[-1] else ';'}", 11)
    for at, each in enumerate(office.signs.splitlines()):
        _line(right, each, 14, bold=True).paragraph_format.space_before = Pt(0 if at else 10)
    for _ in range(4):  # room for name and seal
        _line(right, "", 14)
    for row in left._tc.xpath("ancestor::w:tr"):
        row.get_or_add_trPr().append(parse_xml(f"<w:cantSplit {nsdecls('w')}/>"))
