"""Where everything of a report of a known form stands: decided from its labels alone, before any value is taken."""

import json
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import NamedTuple

from data_ingest.layout import Found, Labels, Place, complete, find_table
from data_ingest.sheet import Sheet, at, letters
from data_ingest.template import Part, Template, key
from data_ingest.who_and_when import Heads, Spot, inside, right_of, spots_of

MOST_TEXTS = 100  # ways in which the texts of a form stand that are remembered
Odd = tuple[str, str, str, object]  # kind of problem, sheet, cell, given


class Columns(dict[str, list[str]]):
    """Where each field stands: [sheet, column] of a table or [sheet, cell] of a list. The same for many reports."""

    @cached_property
    def text(self) -> str:
        """As it is kept and sent."""
        return json.dumps(self)

    @staticmethod
    @lru_cache(maxsize=256)
    def of(text: str) -> "Columns":
        return Columns(json.loads(text))


class Line(NamedTuple):
    """A field in a list: where its value stands, and its note; what is odd about its label."""

    field: str
    label: str
    value: Spot | None
    note: Spot | None
    odd: tuple[Odd, ...]


class Table(NamedTuple):
    """A table, and which of the sheets it is on."""

    found: Found
    sheet: int

    def on(self, sheets: list[Sheet]) -> Found:
        """The same table on the sheet of another report."""
        return replace(self.found, sheet=sheets[self.sheet])


class Words(NamedTuple):
    """A text: where its label stands, and the text if it stands in the same cell; else right of it, or it is blank."""

    labels: tuple[Spot, ...]
    inside: Spot | None

    def on(self, sheets: list[Sheet]) -> Spot | None:
        return right_of(sheets, self.labels) or self.inside


@dataclass(frozen=True)
class Places:
    """Where everything stands, part by part: lines of a list, a table, or texts by field.

    `sure` says that every label was found word for word, so that no text but labels had a say.
    """

    template: Template
    heads: Heads
    parts: tuple[list[Line] | Table | dict[str, Words] | None, ...]
    columns: Columns
    sure: bool
    _with_texts: dict[tuple, Columns] = field(default_factory=dict)

    def columns_with(self, texts: tuple[tuple[str, str, str], ...]) -> Columns:
        """All columns, with texts that were found: field, sheet, cell."""
        if not texts:
            return self.columns
        if len(self._with_texts) > MOST_TEXTS:
            self._with_texts.clear()
        if texts not in self._with_texts:
            found = {field_id: [sheet, cell] for field_id, sheet, cell in texts}
            self._with_texts[texts] = Columns(self.columns | found)
        return self._with_texts[texts]


def places_of(labels: Labels, template: Template, heads: Heads) -> Places:
    """Find all parts of a form on the sheets of one report."""
    guesses = _Guesses(labels, {key(label) for label in template.fields.values()})
    of_kind = {"list": _lines, "table": _table, "text": _texts}
    parts = tuple(of_kind[part.kind](part, labels, guesses) for part in template.part)
    columns = Columns()
    for each in parts:
        columns |= _columns(each, labels.sheets)
    return Places(template, heads, parts, columns, guesses.sure)


def _columns(part: list[Line] | Table | dict[str, Words] | None, sheets: list[Sheet]) -> dict[str, list[str]]:
    """Where the figures of a part stand."""
    if isinstance(part, Table):
        return found_at(part.found)
    lines = [] if part is None or isinstance(part, dict) else [line for line in part if line.value]
    return {line.field: [sheets[line.value.sheet].name, at(line.value.row, line.value.column)] for line in lines}


def found_at(found: Found) -> Columns:
    """Where each field of a table stands: [sheet, letters of its column]."""
    return Columns({field_id: [found.sheet.name, letters(column)] for field_id, column in found.columns.items()})


@dataclass
class _Guesses:
    """Labels that are worded almost so; each text is taken for one only."""

    labels: Labels
    used: set[str]
    sure: bool = True

    def near(self, label: str) -> tuple[list[Place], tuple[Odd, ...]]:
        """The place of a line's label that is nearly this one; told, as it is a guess."""
        self.sure = False
        found = self.labels.near(label, self.used)
        if not found:
            return [], ()
        (sheet, row, column), words = found
        self.used.add(words)
        return [(sheet, row, column)], (("heading_read_as", sheet.name, at(row, column), sheet.value(row, column)),)


def _lines(part: Part, labels: Labels, guesses: _Guesses) -> list[Line]:
    """One field a line; its value stands below the heading of values, its note below that of notes."""
    heads = labels.places(part.columns["value"])
    notes = labels.places(part.columns.get("note", ""))
    lines = []
    for field_id, label in part.fields.items():
        places, odd = labels.of_field(field_id, label), ()
        if not places:
            places, odd = guesses.near(label)
        sheet, row, column = next(iter(places), (None, 0, 0))
        under = next((h[2] for h in heads if h[0] is sheet and h[1] < row and h[2] > column), None)
        if under is None:
            lines.append(Line(field_id, label, None, None, (*odd, ("column_missing", part.sheet, "", ""))))
            continue
        number = labels.number_of(sheet)
        note = next((Spot(number, row, h[2]) for h in notes if h[0] is sheet), None)
        lines.append(Line(field_id, label, Spot(number, row, under), note, odd))
    return lines


def _texts(part: Part, labels: Labels, guesses: _Guesses) -> dict[str, Words]:
    return {field_id: Words(spots_of(labels, label), inside(labels, label)) for field_id, label in part.fields.items()}


def _table(part: Part, labels: Labels, guesses: _Guesses) -> Table | None:
    found = table_of(labels, part.fields, part)
    whole = found and not found.guessed and not found.read_as and len(found.columns) == len(part.fields)
    if not whole or found.sheet is not _by_labels(labels, part.fields)[0]:
        guesses.sure = False
    return found and Table(found, labels.number_of(found.sheet))


def table_of(labels: Labels, fields: dict[str, str], part: Part | None) -> Found | None:
    """The table with most of these fields, over all sheets."""
    found: Found | None = None
    for sheet in _by_labels(labels, fields):
        table = find_table(sheet, fields, part)
        if table and (found is None or len(table.columns) > len(found.columns)):
            found = table
        if found and len(found.columns) == len(fields):
            break
    if found:
        complete(found, fields)
    return found


def _by_labels(labels: Labels, fields: dict[str, str]) -> list[Sheet]:
    """The sheets, those first on which most of these labels stand."""
    found = [sheet for label in fields.values() for sheet, _, _ in labels.places(label)]
    return sorted(labels.sheets, key=lambda each: -sum(sheet is each for sheet in found))
