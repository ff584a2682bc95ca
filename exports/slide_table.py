"""A view's table on a slide: the columns and rows that fit at a size one can read, and how many rows do not."""

from dataclasses import dataclass, replace

from exports.text_width import LINE, lines, width
from language import Language
from views.told import WORDS, printed, told
from views.view import Column, View

SIZES = (16, 14, 13, 12, 11)  # points, the largest that fits; never smaller
BESIDE, ABOVE, MOST_ABOVE = 0.07, 0.02, 0.07  # inches within a cell: at its sides, over and under its words
LONGEST = {"prose": 8.5, "text": 3.4}  # inches of a column of words, before they are broken into lines
EASY = 12  # points; a larger size may not break words that it can leave whole
HEADED = 1.3  # inches of a heading, before it is broken into lines
NARROWEST = {"prose": 1.5, "text": 2.2}  # inches that words are broken at, at least
STRETCHED = 1.5  # so much wider than its words a table is at most: else a row is hard to follow
# What is left out first where a table is too wide for its place: the first so that the letters can be larger, the
# others only where nothing else helps; then from the right.
HARDLY_MISSED = ("denominator", "numerator", "trained", "blocked", "meeting_day", "by", "how", "behind", "reports")
DISPENSABLE = ("last", "since", "change_said", "when", "text", "district", "period_name")
MARKED = ("status", "sign")  # kinds of columns in the colour of what they say, bold
FEWEST = 4  # columns of a table in two halves
KEPT = 2  # the first columns say who and what
SAFETY = 1.03  # letters that are wider than thought


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
    columns = _that_fit(view, language, room)
    for size in sizes:
        laid = _set(view, columns, language, room, size)
        if laid is not None and laid.height <= high:
            return _loosened(laid, high)
    return _first(_set(view, columns, language, room, sizes[-1]), high)


def halves(view: View, language: Language, room: float, high: float) -> tuple[Laid, Laid] | None:
    """All rows of a table in two columns beside each other, each so wide and high; None where they do not fit.

    Parted before a section where that can be; the last columns give way to the rows.
    """
    columns = _that_fit(view, language, room)
    while len(columns) >= FEWEST:
        laid = _set(view, columns, language, room, SIZES[-1])
        for at in _partings(laid):
            parted = replace(laid, rows=laid.rows[:at]), replace(laid, rows=laid.rows[at:])
            if max(each.height for each in parted) <= high:
                return parted
        columns = dict(list(columns.items())[:-1])
    return None


def wanted(view: View, language: Language) -> float:
    """Inches at which no number and no name of the table is broken, at a middle size."""
    return sum(_best(view, name, column, language, SIZES[2]) for name, column in printed(view).items())


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


def _that_fit(view: View, language: Language, room: float) -> dict[str, Column]:
    """The columns that can stand beside each other: at an easy size, or all that matter at the smallest."""
    columns = printed(view)
    others = [*DISPENSABLE, *reversed([each for each in columns if each not in DISPENSABLE])]
    for size, dispensable in ((EASY, HARDLY_MISSED), (SIZES[-1], others)):
        needed = {name: _least(view, name, column, language, size) for name, column in columns.items()}
        for name in dispensable:
            if sum(needed[each] for each in columns) <= room or len(columns) <= KEPT:
                break
            if name in list(columns)[KEPT:]:
                columns = {each: column for each, column in columns.items() if each != name}
    return columns


def _words(view: View, name: str, column: Column, language: Language) -> list[str]:
    return [told(each, column, language) for each in view.table[name]]


def _least(view: View, name: str, column: Column, language: Language, size: float) -> float:
    """Inches that a column cannot do without: a number is never broken, words only between them."""
    words, heading = _words(view, name, column, language), column.name[language]
    longest = _in_two_lines(heading, size)
    if column.kind in NARROWEST:
        broken = max((width(part, size) for each in words for part in each.split(" ")), default=0)
        full = max((width(each, size) for each in words), default=0)
        return max(longest, broken, min(full, NARROWEST[column.kind])) * SAFETY + 2 * BESIDE
    bold = column.kind in MARKED
    return max([longest, *(width(each, size, bold) for each in words)]) * SAFETY + 2 * BESIDE


def _in_two_lines(heading: str, size: float) -> float:
    """Inches that a heading needs to take no more than two lines."""
    parts = heading.split(" ")
    cuts = [(" ".join(parts[:at]), " ".join(parts[at:])) for at in range(1, len(parts))] or [(heading, "")]
    return min(max(width(each, size, True) for each in cut) for cut in cuts)


def _best(view: View, name: str, column: Column, language: Language, size: float) -> float:
    """Inches at which no word of a column is broken, as far as that is sensible."""
    full = max((width(each, size) for each in _words(view, name, column, language)), default=0)
    heading = width(column.name[language], size, True)
    own = max(min(full, LONGEST.get(column.kind, full)), min(heading, HEADED)) * SAFETY + 2 * BESIDE
    return max(own, _least(view, name, column, language, size))


def _set(view: View, columns: dict[str, Column], language: Language, room: float, size: float) -> Laid | None:
    """The whole table at a size; None where its columns are too wide for their place."""
    least = [_least(view, name, column, language, size) for name, column in columns.items()]
    best = [_best(view, name, column, language, size) for name, column in columns.items()]
    easy = [min(each, LONGEST["text"]) for each in best]
    if sum(least if size <= EASY else easy) > room and size != SIZES[-1]:
        return None
    widths = _shared(least, best, room)
    head = _row(tuple(each.name[language] for each in columns.values()), widths, size, bold=True)
    rows = _rows(view, columns, language, widths, size)
    return Laid(tuple(columns), tuple(columns.values()), tuple(widths), size, head, tuple(rows))


def _shared(least: list[float], best: list[float], room: float) -> list[float]:
    """What each column gets: at least what it needs; what is left goes to those that want more, then to all."""
    if sum(best) <= room:
        grown = min(room / sum(best), STRETCHED)
        return [each * grown for each in best]
    wanted, left = sum(best) - sum(least), max(room - sum(least), 0)
    got = [low + (high - low) * left / wanted for low, high in zip(least, best, strict=True)] if wanted else least
    return [each * room / sum(got) for each in got]


def _rows(view: View, columns: dict[str, Column], language: Language, widths: list[float], size: float) -> list[Row]:
    rows, section = [], ""
    for values in view.table.to_dict("records"):
        if values.get("section", "") != section:
            section = values["section"]
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


def is_words(column: Column) -> bool:
    """Whether a column is written from the left."""
    return column.kind in (*WORDS, *MARKED)
