"""A view's table as a native table of a document: widths by what stands in it, its heading on every page."""

from xml.sax.saxutils import escape

from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from language import Language
from views import look
from views.told import WORDS, printed, told
from views.view import Column, View

NARROW, WIDEST = 6, 46  # letters: below and above a column is not counted
LETTER = 0.5  # of its size a letter is wide, on average
_NAMED = {"status": look.STATUS_NAME, "sign": look.STATUS_NAME}


def cell_text(value: object, column: Column, language: Language) -> str:
    """As views.told writes it, but without the sign of a status: its words say the same, in the paper's own typeface."""
    said = told(value, column, language)
    if column.kind in ("status", "sign", "trend"):
        return said.split(" ", 1)[-1]
    return said


def rows_of(view: View, language: Language) -> list[list[str]]:
    """What the cells of a table say, row by row."""
    columns = printed(view)
    return [
        [cell_text(row.get(name), column, language) for name, column in columns.items()]
        for row in view.table.to_dict("records")
    ]


def needs(view: View, language: Language, size: float) -> float:
    """The least width in millimetres at which no word of the table breaks."""
    return sum(_least(each, size) for each in _columns(view, language))


def _columns(view: View, language: Language) -> list[list[str]]:
    heads = [column.name[language] for column in printed(view).values()]
    return [list(each) for each in zip(heads, *rows_of(view, language), strict=True)]


def _mm(letters: float, size: float) -> float:
    return letters * LETTER * size * 0.3528 + 3.4  # with the margins of a cell


def _least(texts: list[str], size: float) -> float:
    """The longest word; of a heading too."""
    longest = max(len(word) for text in texts for word in (text.split() or [""]))
    return _mm(max(longest, 3) * 1.12, size)


def widths(view: View, language: Language, wide: float, size: float) -> list[float]:
    """Millimetres of each column, `wide` in all: each its longest word, the rest by how much there is to say."""
    columns = _columns(view, language)
    least = [_least(each, size) for each in columns]
    asked = [
        max(_mm(min(max(map(len, each[1:]), default=0), WIDEST), size), low)
        for each, low in zip(columns, least, strict=True)
    ]
    rest, wish = wide - sum(least), sum(asked) - sum(least)
    if rest <= 0:
        return [each * wide / sum(least) for each in least]
    if rest <= wish:
        return [low + (want - low) * rest / wish for low, want in zip(least, asked, strict=True)]
    return [want * wide / sum(asked) for want in asked]


def add_table(
    document: Document, view: View, language: Language, wide: float, size: float, first: int | None = None
) -> None:
    """The table at the end of the document; `first`: only so many rows of it."""
    columns, table = printed(view), rows_of(view, language)[:first]
    told_widths = [round(each * 56.7) for each in widths(view, language, wide, size)]
    right = [column.kind not in WORDS for column in columns.values()]
    grid = "".join(f'<w:gridCol w:w="{each}"/>' for each in told_widths)
    heads = [column.name[language] for column in columns.values()]
    body = [_row(heads, told_widths, ["center"] * len(heads), size, head=True)]
    section = ""
    for at, cells in enumerate(table):
        named = str(view.table["section"].iloc[at]) if "section" in view.table else ""
        if named and named != section:
            body.append(_section(named, told_widths, size))
        section = named
        body.append(_row(cells, told_widths, ["right" if each else "left" for each in right], size))
    document._body._element.insert_element_before(parse_xml(_TABLE.format(
        ns=nsdecls("w"), wide=sum(told_widths), grid=grid, rows="".join(body), alt=escape(view.title, {'"': "&quot;"}),
    )), "w:sectPr")  # fmt: skip


_TABLE = (
    '<w:tbl {ns}><w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="{wide}" w:type="dxa"/><w:jc w:val="center"/>'
    '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="80" w:type="dxa"/><w:right w:w="80" w:type="dxa"/>'
    '</w:tblCellMar><w:tblCaption w:val="{alt}"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>'
)


def _row(cells: list[str], wide: list[int], sides: list[str], size: float, head: bool = False) -> str:
    inside = "".join(_cell(text, at, side, size, head) for text, at, side in zip(cells, wide, sides, strict=True))
    repeated = "<w:tblHeader/>" if head else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{repeated}</w:trPr>{inside}</w:tr>"


def _section(text: str, wide: list[int], size: float) -> str:
    """A row across the table that names what follows, kept with it."""
    cell = _cell(text, sum(wide), "left", size, True, len(wide), italic=True)
    return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cell}</w:tr>"


def _cell(text: str, wide: int, side: str, size: float, head: bool, span: int = 1, italic: bool = False) -> str:
    over = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    ground = '<w:shd w:val="clear" w:color="auto" w:fill="F2F2F2"/>' if head and not italic else ""
    bold = ("<w:b/>" if head else "") + ("<w:i/>" if italic else "")
    kept = "<w:keepNext/>" if head else ""
    half = round(size * 2)
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{wide}" w:type="dxa"/>{over}{ground}<w:vAlign w:val="center"/></w:tcPr>'
        f'<w:p><w:pPr><w:pStyle w:val="Cell"/>{kept}<w:jc w:val="{side}"/></w:pPr><w:r><w:rPr>{bold}'
        f'<w:sz w:val="{half}"/><w:szCs w:val="{half}"/></w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'
        "</w:p></w:tc>"
    )
