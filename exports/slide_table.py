"""A view's table on a slide: the columns and rows that fit at a size one can read, and how many rows do not."""

from dataclasses import dataclass, replace

from exports.slide_columns import BESIDE, EASY, LONGEST, MARKED, SAFETY, SIZES, best, least, shared, that_fit
from exports.text_width import LINE, lines
from language import Language
from views.told import sectioned, told
from views.view import Column, View

ABOVE, MOST_ABOVE = 0.02, 0.07  # inches within a cell over and under its words
MORE = 0.3  # inches that the line takes which says how many rows are left out
FEWEST, LEFT_OUT = 4, 0.2  # of a table in two halves: columns at least, and the part of its rows that may not fit


@dataclass(frozen=True)
class Row:
    """One line of a table: a section's heading over all columns, or the words of each cell."""

    cells: tuple[str, ...]
    statuses: tuple[str, ...] = ()  # of each cell, '' where it tells none
    section: bool = False
    height: float = 0.0


@dataclass(frozen=True)
class Laid:
    """A table as it is set."""

    names: tuple[str, ...]  # ids of its columns
    columns: tuple[Column, ...]
    widths: tuple[float, ...]
    size: float
    head: Row
    rows: tuple[Row, ...]
    left_out: int = 0  # rows of figures that did not fit
    above: float = ABOVE

    @property
    def height(self) -> float:
        """Inches from the top of the heading to the last row."""
        return self.head.height + sum(each.height for each in self.rows)


def lay(view: View, language: Language, room: float, high: float, sizes: tuple[float, ...] = SIZES) -> Laid:
    """The table of a view in a place so wide and high: the largest letters that hold all of it, else its first rows."""
    columns = that_fit(view, language, room)
    for size in sizes:
        laid = _set(view, columns, language, room, size)
        if laid is not None and laid.height <= high:
            return _loosened(laid, high)
    return _first(_set(view, columns, language, room, sizes[-1]), high)


def halves(view: View, language: Language, room: float, high: float) -> tuple[Laid, Laid] | None:
    """A table in two columns beside each other, each so wide and high; None where all or nearly all do not fit.

    Parted before a section where that can be, else its heading stands over both; the last columns give way to rows.
    """
    columns = that_fit(view, language, room)
    if len(columns) < FEWEST:
        return None
    while len(columns) >= FEWEST:
        laid = _set(view, columns, language, room, SIZES[-1])
        for at in _partings(laid):
            parted = replace(laid, rows=laid.rows[:at]), replace(laid, rows=_goes_on(laid.rows, at))
            if max(each.height for each in parted) <= high:
                return parted
        columns = dict(list(columns.items())[:-1])
    return _most(laid, high - MORE)


def _most(laid: Laid, high: float) -> tuple[Laid, Laid] | None:
    """Two halves that hold nearly all rows; None where too many would be left out."""
    first = _first(laid, high)
    second = _first(replace(laid, rows=_goes_on(laid.rows, len(first.rows))), high)
    few = second.left_out <= LEFT_OUT * sum(not each.section for each in laid.rows)
    return (replace(first, left_out=0), second) if few else None


def _goes_on(rows: tuple[Row, ...], at: int) -> tuple[Row, ...]:
    """The rows from one on, under the heading of their section."""
    over = [each for each in rows[:at] if each.section][-1:] if not rows[at].section else []
    return (*over, *rows[at:])


def _loosened(laid: Laid, high: float) -> Laid:
    """More air in the rows of a short table, so that it is easier to follow."""
    air = min(MOST_ABOVE - ABOVE, (high - laid.height) / (len(laid.rows) + 1) / 2)
    head, *rows = (replace(each, height=each.height + 2 * air) for each in (laid.head, *laid.rows))
    return replace(laid, head=head, rows=tuple(rows), above=ABOVE + air)


def _partings(laid: Laid) -> list[int]:
    """Rows before which a table may be parted: sections first, those nearest the middle first."""
    middle = len(laid.rows) / 2
    near = sorted(range(1, len(laid.rows)), key=lambda at: abs(at - middle))
    sections = [at for at in near if laid.rows[at].section]
    return sections + [at for at in near if at not in sections and not laid.rows[at - 1].section]


def _set(view: View, columns: dict[str, Column], language: Language, room: float, size: float) -> Laid | None:
    """The whole table at a size; None where its columns are too wide for their place."""
    needed = [least(view, name, column, language, size) for name, column in columns.items()]
    wished = [best(view, name, column, language, size) for name, column in columns.items()]
    easy = [min(each, LONGEST["text"]) for each in wished]
    if sum(needed if size <= EASY else easy) > room and size != SIZES[-1]:
        return None
    widths = shared(needed, wished, room)
    head = _row(tuple(each.name[language] for each in columns.values()), widths, size, bold=True)
    rows = _rows(view, columns, language, widths, size)
    return Laid(tuple(columns), tuple(columns.values()), tuple(widths), size, head, tuple(rows))


def _rows(view: View, columns: dict[str, Column], language: Language, widths: list[float], size: float) -> list[Row]:
    rows = []
    for section, values in sectioned(view.table):
        if section:
            rows.append(Row((section,), section=True, height=_high(lines(section, size, sum(widths), True), size)))
        cells = tuple(told(values[name], column, language) for name, column in columns.items())
        statuses = tuple(str(values[name]) if column.kind in MARKED else "" for name, column in columns.items())
        rows.append(_row(cells, widths, size, statuses))
    return rows


def _row(cells: tuple[str, ...], widths: list[float], size: float, statuses: tuple[str, ...] = (), bold=False) -> Row:
    rooms = [each - 2 * BESIDE for each in widths]
    most = max(lines(text, size * SAFETY, room, bold) for text, room in zip(cells, rooms, strict=True))
    return Row(cells, statuses, height=_high(most, size))


def _high(count: int, size: float) -> float:
    return count * size * LINE / 72 + 2 * ABOVE


def _first(laid: Laid, high: float) -> Laid:
    """As many rows as fit; no section's heading stands without a row."""
    kept, used = [], laid.head.height
    for each in laid.rows:
        used += each.height
        if used > high:
            break
        kept.append(each)
    while kept and kept[-1].section:
        kept.pop()
    left_out = sum(not each.section for each in laid.rows) - sum(not each.section for each in kept)
    return replace(laid, rows=tuple(kept), left_out=left_out)
