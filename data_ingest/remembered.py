"""Reports like one read before: the same labels in the same places mean the same form, and each figure its place.

What decides is compared whole: every text that is a label of any form, and where it stands; which cells are filled in
the rows in which a value stands beside its label; and all that stands among the headings of a table. Only what was
recognised by its mark and word for word is remembered. How many rows a table has, which figures are blank, who sends
and for when, never decides where something stands, and is no part of it.
"""

from dataclasses import dataclass, replace
from functools import cache

from data_ingest.layout import LONGEST, MOST_HEAD_ROWS, NAME_HEADS, NOTE_HEADS, NUMBER_HEADS, Found
from data_ingest.places import Places, Table
from data_ingest.sheet import Sheet
from data_ingest.template import all_templates, key, synonyms
from data_ingest.who_and_when import Spot

MOST_LABELS, MOST_ALIKE = 500, 4  # sets of labels that are kept, and reports with the same that differ otherwise
MOST_TEXTS = 20_000
Row = tuple[int, int]  # number of the sheet, row
_Marks = tuple[tuple[str, tuple[tuple[tuple[int, int], str], ...]], ...]  # of each sheet its name, and its labels


@dataclass(frozen=True)
class _Remembered:
    """What decided, beside the labels, where everything stood in one report."""

    filled: dict[Row, list[int]]  # rows with a value beside its label: the columns of all filled cells
    headings: dict[Row, list[object]]  # rows of headings: their texts, and a type for whatever is no text
    below: tuple[Row, ...]  # the rows of figures at which the headings end
    merged: list[tuple[tuple[int, ...], ...]]  # of each table: what is merged from a row of its headings
    owners: tuple[tuple[Spot, ...], ...]
    places: Places

    def fits(self, sheets: list[Sheet]) -> bool:
        """Whether the same stands there in another workbook with the same labels."""
        return (
            all(_filled(sheets, row) == filled for row, filled in self.filled.items())
            and all(_headings(sheets, row) == told for row, told in self.headings.items())
            and all(_has_figures(sheets, row) for row in self.below)
            and _merged(sheets, self.places) == self.merged
            and len({owner(sheets, spots) for spots in self.owners}) <= 1
        )


_memory: dict[_Marks, list[_Remembered]] = {}


def recall(sheets: list[Sheet]) -> Places | None:
    """Where everything stands in a workbook whose labels are those of one read before; else None."""
    alike = _memory.get(_marks(sheets), ())
    return next((each.places for each in alike if each.fits(sheets)), None)


def remember(sheets: list[Sheet], places: Places, owners: list[tuple[Spot, ...]]) -> None:
    """Keep where everything stood in a workbook that is one report, if nothing in it had to be guessed.

    `owners` are, of each sheet, the spots that name its unit and period.
    """
    if not places.sure:
        return
    marks = _marks(sheets)
    beside = {
        (number, row)
        for number, (_, labels) in enumerate(marks)
        for (row, _), text in labels
        if key(text.partition(":")[0]) in _beside()
    }
    tables = [part for part in places.parts if isinstance(part, Table)]
    ends = [(table, _end_of_headings(table.found)) for table in tables]
    headings = [(table.sheet, row) for table, end in ends for row in range(table.found.top, end)]
    kept = _Remembered(
        {row: _filled(sheets, row) for row in beside},
        {row: _headings(sheets, row) for row in headings},
        tuple((table.sheet, end) for table, end in ends if end < table.found.top + MOST_HEAD_ROWS),
        _merged(sheets, places),
        tuple(filter(None, owners)),
        replace(places, parts=tuple(_without_sheet(part) for part in places.parts)),
    )
    if len(_memory) >= MOST_LABELS:
        _memory.clear()
    _memory[marks] = [kept, *_memory.get(marks, ())][:MOST_ALIKE]


def owner(sheets: list[Sheet], spots: tuple[Spot, ...]) -> tuple[str, ...]:
    """What a sheet says of whose it is and for when, so far that two sheets can be held against each other."""
    return tuple(key(str(spot.value(sheets))) for spot in spots)


def _marks(sheets: list[Sheet]) -> _Marks:
    return tuple((sheet.name, tuple(each for each in sheet.placed if _says_label[each[1]])) for sheet in sheets)


def _line(sheets: list[Sheet], place: Row) -> list[object]:
    number, row = place
    return sheets[number].rows[row] if row < len(sheets[number].rows) else []


def _filled(sheets: list[Sheet], place: Row) -> list[int]:
    return [column for column, value in enumerate(_line(sheets, place)) if value is not None]


def _headings(sheets: list[Sheet], place: Row) -> list[object]:
    told = enumerate(_line(sheets, place))
    return [(column, value if type(value) is str else type(value)) for column, value in told if value is not None]


def _has_figures(sheets: list[Sheet], place: Row) -> bool:
    return any(value is not None and type(value) is not str for value in _line(sheets, place))


def _end_of_headings(found: Found) -> int:
    """The row behind the headings, and behind those that were looked at to find their end: up to one with figures."""
    end = max(found.top + MOST_HEAD_ROWS, found.first)
    return next((row for row in range(found.first, end) if _has_figures([found.sheet], (0, row))), end)


def _merged(sheets: list[Sheet], places: Places) -> list[tuple[tuple[int, ...], ...]]:
    return [
        tuple(each for each in sheets[part.sheet].merged if part.found.top <= each[0] < part.found.first)
        for part in places.parts
        if isinstance(part, Table)
    ]


def _without_sheet(part: object) -> object:
    return Table(replace(part.found, sheet=None), part.sheet) if isinstance(part, Table) else part


class _SaysLabel(dict[str, bool]):
    """Whether a text is one that could decide where something stands, on whatever form.

    The same labels and names stand in report after report, and a dict answers quicker than a function.
    """

    def __missing__(self, text: str) -> bool:
        if len(text) >= LONGEST:
            return _holds_label(text)
        if len(self) >= MOST_TEXTS:
            self.clear()
        self[text] = says = key(text) in _vocabulary() or _holds_label(text)
        return says


_says_label = _SaysLabel()


def _holds_label(text: str) -> bool:
    """Whether a text is a label with its value behind a colon."""
    return ":" in text and key(text.partition(":")[0]) in _vocabulary()


@cache
def _beside() -> frozenset[str]:
    """Labels beside which it stands whose report it is and for when."""
    return frozenset(key(word) for each in all_templates() for word in each.head.values())


@cache
def _vocabulary() -> frozenset[str]:
    words = {""} | NAME_HEADS | NUMBER_HEADS | NOTE_HEADS | synonyms().keys()
    for template in all_templates():
        words.update(map(key, (template.mark, *template.head.values(), *template.fields.values())))
        for part in template.part:
            words.update(map(key, part.columns.values()))
    return frozenset(words)
