"""Reports like one read before: the same labels in the same places mean the same form, and each figure its place.

What decides is compared whole: the frame of every sheet (which cells hold texts and numbers, what is merged), every
text that is a label of any form or stands among a table's headings, and that no other text has become a label. Only
what was recognised by its mark and word for word is remembered, and values never are.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import cache, lru_cache
from operator import itemgetter
from typing import NamedTuple

from data_ingest.layout import MOST_HEAD_ROWS, NAME_HEADS, NOTE_HEADS, NUMBER_HEADS, Found
from data_ingest.places import Places, Table
from data_ingest.sheet import Sheet
from data_ingest.template import all_templates, key, synonyms
from data_ingest.who_and_when import Spot

MOST_FRAMES, MOST_OF_ONE = 500, 8
_Frames = tuple[tuple[str, object], ...]


class _Remembered(NamedTuple):
    """The labels of one report, and where everything stood in it."""

    labels: Callable[[list[str]], tuple[str, ...]]  # of all texts those that are labels …
    told: tuple[str, ...]  # … and what they said
    others: Callable[[list[str]], tuple[str, ...]]
    owners: tuple[tuple[Spot, ...], ...]
    places: Places


_memory: dict[_Frames, list[_Remembered]] = {}


def recall(sheets: list[Sheet]) -> Places | None:
    """Where everything stands in a workbook whose labels are those of one read before; else None."""
    words = [text for sheet in sheets for text in sheet.words]
    for each in _memory.get(_frames(sheets), ()):
        if each.labels(words) == each.told and not any(map(_is_label, each.others(words))):
            return each.places if len({owner(sheets, spots) for spots in each.owners}) <= 1 else None
    return None


def remember(sheets: list[Sheet], places: Places, owners: list[tuple[Spot, ...]]) -> None:
    """Keep where everything stood in a workbook that is one report, if nothing in it had to be guessed.

    `owners` are, of each sheet, the spots that name its unit and period.
    """
    frames = _frames(sheets)
    if not frames or not places.sure:
        return
    headings = {
        (table.sheet, row) for table in places.parts if isinstance(table, Table) for row in _head_rows(table.found)
    }
    words = [(number, row, text) for number, sheet in enumerate(sheets) for row, _, text in sheet.texts]
    is_label = [(number, row) in headings or _is_label(text) for number, row, text in words]
    labels, others = ([at for at, each in enumerate(is_label) if each is wanted] for wanted in (True, False))
    if min(len(labels), len(others)) < 2:  # itemgetter gives one alone as no tuple; and a report has many of both
        return
    if len(_memory) >= MOST_FRAMES:
        _memory.clear()
    told = tuple(words[at][2] for at in labels)
    parts = tuple(_without_sheet(each) for each in places.parts)
    kept = _Remembered(
        itemgetter(*labels), told, itemgetter(*others), tuple(filter(None, owners)), replace(places, parts=parts)
    )
    _memory[frames] = [kept, *_memory.get(frames, ())][:MOST_OF_ONE]


def owner(sheets: list[Sheet], spots: tuple[Spot, ...]) -> tuple[str, ...]:
    """What a sheet says of whose it is and for when, so far that two sheets can be held against each other."""
    return tuple(key(str(spot.told(sheets).value)) for spot in spots)


def _frames(sheets: list[Sheet]) -> _Frames:
    """The name and the frame of each sheet; nothing where one has no frame."""
    return tuple((sheet.name, sheet.frame) for sheet in sheets) if all(sheet.frame for sheet in sheets) else ()


def _head_rows(found: Found) -> list[int]:
    """The rows of a table's headings, and those below that were looked at to find their end: up to a number."""
    rows = list(range(found.top, found.first))
    for row in range(found.first, min(found.top + MOST_HEAD_ROWS, len(found.sheet.rows))):
        if any(isinstance(value, float) for value in found.sheet.rows[row]):
            break
        rows.append(row)
    return rows


def _without_sheet(part: object) -> object:
    return Table(replace(part.found, sheet=None), part.sheet) if isinstance(part, Table) else part


@lru_cache(maxsize=50_000)
def _is_label(text: str) -> bool:
    """Whether a text is one that could decide where something stands, on whatever form."""
    return key(text) in _vocabulary() or (":" in text and key(text.partition(":")[0]) in _vocabulary())


@cache
def _vocabulary() -> frozenset[str]:
    words = {""} | NAME_HEADS | NUMBER_HEADS | NOTE_HEADS | synonyms().keys()
    for template in all_templates():
        words.update(map(key, (template.mark, *template.head.values(), *template.fields.values())))
        for part in template.part:
            words.update(map(key, part.columns.values()))
    return frozenset(words)
