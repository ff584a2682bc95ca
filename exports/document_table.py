"""A view's table as a native table of a document: widths by what stands in it, its heading on every page."""

from xml.sax.saxutils import escape

from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from language import Language
from views.told import WORDS, printed, sectioned, told
from views.view import Column, View

SIZES = (12, 11, 10)  # the largest at which the table is not crowded
WIDEST = 44  # letters: a column does not ask for more
WHOLE = (14, 10, 0)  # letters: what is no longer than that is not broken into lines while there is room
ROOM = 0.3  # of what the longer columns ask for must be left to them
NARROWEST = 4.5  # letters
UNBROKEN = 14  # rows: a table of so many stands on one page
LETTER = 0.5  # of its size a letter is wide, on average
BOLD = 1.25  # by so much wider in a heading


def cell_text(value: object, column: Column, language: Language) -> str:
    """As views.told writes it, but without the sign of a status: its words say the same, in the paper's typeface."""
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


def size_for(view: View, language: Language, wide: float) -> int:
    """The size of its letters in a table `wide` millimetres across."""
    return next((each for each in SIZES if asks(view, language, each) <= wide), SIZES[-1])


def asks(view: View, language: Language, size: float) -> float:
    """The width in millimetres at which a table is comfortable."""
    return sum(ask for _, ask in _needs(view, language, size))


def _needs(view: View, language: Language, size: float) -> list[tuple[float, float]]:
    """Of each column the least width, at which no word breaks, and the one it asks for."""
    heads = [column.name[language] for column in printed(view).values()]
    columns = zip(heads, *rows_of(view, language), strict=True)
    return [_column(head, cells, size) for head, *cells in columns]


def _column(head: str, cells: list[str], size: float) -> tuple[float, float]:
    words = max((len(word) for cell in cells for word in cell.split(" ")), default=0)
    least = max(words, BOLD * max(len(word) for word in head.split()), NARROWEST)
    longest = max([*map(len, cells), min(len(head) * BOLD / 2, 18)])
    return _mm(least, size), _mm(max(min(longest, WIDEST), least), size)


def _mm(letters: float, size: float) -> float:
    return letters * LETTER * size * 0.3528 + 3.2  # with the margins of a cell


def widths(view: View, language: Language, wide: float, size: float) -> list[float]:
    """Millimetres of each column, `wide` in all: first what may not be broken, the rest by how much there is to say."""
    needed = _needs(view, language, size)
    asked = sum(ask for _, ask in needed)
    for whole in WHOLE:
        least = [ask if ask <= _mm(whole, size) else low for low, ask in needed]
        rest, wish = wide - sum(least), asked - sum(least)
        if rest >= ROOM * wish:
            break
    if rest <= 0:
        return [each * wide / sum(least) for each in least]
    if rest <= wish:
        return [low + (ask - low) * rest / wish for low, (_, ask) in zip(least, needed, strict=True)]
    return [ask * wide / asked for _, ask in needed]


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
    together = len(table) <= UNBROKEN
    for at, (cells, (section, _)) in enumerate(zip(table, sectioned(view.table), strict=False)):
        if section:
            body.append(_section(section, told_widths, size))
        kept = together and at < len(table) - 1
        body.append(_row(cells, told_widths, ["right" if each else "left" for each in right], size, kept=kept))
    document._body._element.insert_element_before(parse_xml(_TABLE.format(
        ns=nsdecls("w"), wide=sum(told_widths), grid=grid, rows="".join(body), alt=escape(view.title, {'"': "&quot;"}),
    )), "w:sectPr")  # fmt: skip


_TABLE = (
    '<w:tbl {ns}><w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="{wide}" w:type="dxa"/><w:jc w:val="center"/>'
    '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="80" w:type="dxa"/><w:right w:w="80" w:type="dxa"/>'
    '</w:tblCellMar><w:tblCaption w:val="{alt}"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>'
)


def _row(
    cells: list[str], wide: list[int], sides: list[str], size: float, head: bool = False, kept: bool = False
) -> str:
    inside = "".join(
        _cell(text, at, side, size, head, kept=kept) for text, at, side in zip(cells, wide, sides, strict=True)
    )
    repeated = "<w:tblHeader/>" if head else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{repeated}</w:trPr>{inside}</w:tr>"


def _section(text: str, wide: list[int], size: float) -> str:
    """A row across the table that names what follows, kept with it."""
    cell = _cell(text, sum(wide), "left", size, True, len(wide), italic=True)
    return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cell}</w:tr>"


def _cell(
    text: str, wide: int, side: str, size: float, head: bool, span: int = 1, italic: bool = False, kept: bool = False
) -> str:
    over = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    ground = '<w:shd w:val="clear" w:color="auto" w:fill="F2F2F2"/>' if head and not italic else ""
    bold = ("<w:b/>" if head else "") + ("<w:i/>" if italic else "")
    next_to = "<w:keepNext/>" if head or kept else ""
    half = round(size * 2)
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{wide}" w:type="dxa"/>{over}{ground}<w:vAlign w:val="center"/></w:tcPr>'
        f'<w:p><w:pPr><w:pStyle w:val="Cell"/>{next_to}<w:jc w:val="{side}"/></w:pPr><w:r><w:rPr>{bold}'
        f'<w:sz w:val="{half}"/><w:szCs w:val="{half}"/></w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'
        "</w:p></w:tc>"
    )
