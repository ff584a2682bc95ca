"""A table as an office program's own: headed, ruled with hairlines, sections over all columns, numbers to the right."""

from pptx.enum.dml import MSO_THEME_COLOR
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.slide import Slide
from pptx.table import Table, _Cell
from pptx.util import Inches

from exports.slide_columns import BESIDE, is_words
from exports.slide_table import MORE, Laid, Row
from exports.slide_text import STATUS_INK, add_run, add_words
from language import Language, word, written

PLAIN = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # the office programs' style without fills and lines
HAIRLINE, RULE = 6350, 12700  # of lines under rows and under the heading, in the file's units


def draw_table(slide: Slide, laid: Laid, left: float, top: float, said: str) -> float:
    """The table on the slide; `said` describes it for those who do not see it. Gives where it ends, in inches."""
    rows = [laid.head, *laid.rows]
    box = (left, top, sum(laid.widths), laid.height)
    frame = slide.shapes.add_table(len(rows), len(laid.columns), *(Inches(each) for each in box))
    frame._element.nvGraphicFramePr.cNvPr.set("descr", said)
    table = frame.table
    table._tbl.tblPr.find(qn("a:tableStyleId")).text = PLAIN
    table.horz_banding = False
    for column, wide in zip(table.columns, laid.widths, strict=True):
        column.width = Inches(wide)
    for at, row in enumerate(rows):
        table.rows[at].height = Inches(row.height)
        for cell in table.rows[at].cells:
            cell.margin_top = cell.margin_bottom = Inches(laid.above)
        _row(table, at, row, laid)
    return top + laid.height


def say_left_out(slide: Slide, laid: Laid, left: float, top: float, language: Language) -> None:
    """How many rows are not on the slide, and where they are."""
    if laid.left_out:
        text = word("slides_more_rows", language, count=written(laid.left_out, language))
        add_words(slide, text, (left, top + 0.06, sum(laid.widths), MORE - 0.06), 12, colour=MSO_THEME_COLOR.TEXT_2)


def _row(table: Table, at: int, row: Row, laid: Laid) -> None:
    cells = list(table.rows[at].cells)
    if row.section:
        cells[0].merge(cells[-1])
        _write(cells[0], row.cells[0], laid.size, True, MSO_THEME_COLOR.ACCENT_1, left=True)
        for each in cells:
            _rule(each, HAIRLINE, "bg2")
        return
    statuses = row.statuses or ("",) * len(cells)
    for cell, text, status, column in zip(cells, row.cells, statuses, laid.columns, strict=True):
        colour = STATUS_INK.get(status) or (MSO_THEME_COLOR.TEXT_2 if at == 0 else None)
        _write(cell, text, laid.size, at == 0 or bool(status), colour, is_words(column))
        _rule(cell, RULE if at == 0 else HAIRLINE, "accent1" if at == 0 else "bg2")
        cell.vertical_anchor = MSO_ANCHOR.BOTTOM if at == 0 else MSO_ANCHOR.TOP


def _write(cell: _Cell, text: str, size: float, bold: bool, colour: object, left: bool) -> None:
    cell.margin_left = cell.margin_right = Inches(BESIDE)
    line = cell.text_frame.paragraphs[0]
    line.alignment = PP_ALIGN.LEFT if left else PP_ALIGN.RIGHT
    if text:
        add_run(line, text, size, bold or None, colour)
    else:  # an empty cell too has the size of letters, which else are 18 points high
        line._p.get_or_add_endParaRPr().set("sz", str(round(size * 100)))


def _rule(cell: _Cell, width: int, colour: str) -> None:
    """A line under the cell."""
    line = parse_xml(
        f'<a:lnB {nsdecls("a")} w="{width}"><a:solidFill><a:schemeClr val="{colour}"/></a:solidFill></a:lnB>'
    )
    cell._tc.get_or_add_tcPr().insert(0, line)
