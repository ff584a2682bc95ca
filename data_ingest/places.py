"""Where everything of a report of a known form stands: decided from its labels alone, before any value is taken."""

from dataclasses import dataclass, replace
from typing import NamedTuple

from data_ingest.layout import Found, Labels, Place, complete, find_table
from data_ingest.sheet import Sheet, at, letters
from data_ingest.template import Part, Template, key
from data_ingest.who_and_when import Heads, Spot, beside

Odd = tuple[str, str, str, object]  # kind of problem, sheet, cell, given


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


@dataclass(frozen=True)
class Places:
    """Where everything stands, part by part: lines of a list, a table, spots of texts by field.

    `columns` tells the same by field: [sheet, column] of a table or [sheet, cell] of a list. `sure` says that every
    label was found word for word, so that no text but labels had a say.
    """

    template: Template
    heads: Heads
    parts: tuple[list[Line] | Table | dict[str, Spot] | None, ...]
    columns: dict[str, list[str]]
    sure: bool


def places_of(labels: Labels, template: Template, heads: Heads) -> Places:
    """Find all parts of a form on the sheets of one report."""
    guesses = _Guesses(labels, {key(label) for label in template.fields.values()})
    of_kind = {"list": _lines, "table": _table, "text": _texts}
    parts = tuple(of_kind[part.kind](part, labels, guesses) for part in template.part)
    columns: dict[str, list[str]] = {}
    for each in parts:
        columns |= _columns(each, labels.sheets)
    return Places(template, heads, parts, columns, guesses.sure)


def _columns(part: list[Line] | Table | dict[str, Spot] | None, sheets: list[Sheet]) -> dict[str, list[str]]:
    if isinstance(part, Table):
        return found_at(part.found)
    spots = part if isinstance(part, dict) else {line.field: line.value for line in part or () if line.value}
    return {
        field_id: [sheets[number].name, at(row, column)] for field_id, (number, row, column, _) in spots.items()
    }


def found_at(found: Found) -> dict[str, list[str]]:
    """Where each field of a table stands: [sheet, letters of its column]."""
    return {field_id: [found.sheet.name, letters(column)] for field_id, column in found.columns.items()}


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


def _texts(part: Part, labels: Labels, guesses: _Guesses) -> dict[str, Spot]:
    return {field_id: spot for field_id, label in part.fields.items() if (spot := beside(labels, label))}


def _table(part: Part, labels: Labels, guesses: _Guesses) -> Table | None:
    found = table_of(labels, part.fields, part)
    if found is None or found.guessed or found.read_as or len(found.columns) < len(part.fields):
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
