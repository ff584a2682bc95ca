"""A file without its personal data: the copy that is kept in its place, and what is said of it; reader.py asks."""

import hashlib
import io
import json
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from xml.etree import ElementTree

from lxml import etree

from data_ingest.emptied import Book, Edits, as_bytes, cell_names
from data_ingest.legacy import LEGACY, written_in
from data_ingest.personal import Cells, Group, look
from data_ingest.problems import Problem
from data_ingest.sheet import Sheet, Workbook, at, workbook_of
from data_ingest.sniff import DAMAGED, TOO_LARGE, Parts, UnreadableError, sniff
from language import LANGUAGES, Text
from language.persons import values_masked

_NOTES = "customXml/kept.xml"  # the part of a copy that holds what was said of the file it is a copy of
_XL = "xl/_rels/workbook.xml.rels"
_LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/customXml"
_MOMENT = re.compile(rb">\d{4}-\d\d-\d\dT[\d:.]+Z<")
_ODD = (etree.XMLSyntaxError, LookupError, ValueError, TypeError, AttributeError)
_BLANK = "Tệp này không được lưu · This file was not kept"

WHAT = {  # what personal.py and persons.py tell of
    "name": Text("Họ tên", "Names"),
    "signature": Text("Tên người ký", "Names of those who sign"),
    "phone": Text("Số điện thoại", "Telephone numbers"),
    "identity": Text("Số định danh", "Identity numbers"),
    "birth": Text("Ngày sinh, năm sinh", "Dates of birth"),
    "mail": Text("Thư điện tử", "Mail addresses"),
    "account": Text("Số tài khoản", "Account numbers"),
    "address": Text("Địa chỉ của người", "Addresses of persons"),
}


@dataclass(frozen=True)
class Clean:
    """What a look into a file found; `data` is the copy without it, None where nothing is personal."""

    problems: tuple[Problem, ...] = ()
    data: bytes | None = None


def clean(data: bytes) -> Clean:
    """Look through a file. Raises UnreadableError where that cannot be done."""
    kind, parts = sniff(data)
    if kind == "zip" and _XL in parts and not any(part[:2] in (b"\xff\xfe", b"\xfe\xff") for part in parts.values()):
        try:
            return _own(data, parts)
        except _ODD:
            pass  # its cells are read all the same, and written anew
    return _anew(workbook_of(data))


def _own(data: bytes, parts: Parts) -> Clean:
    """Of an xlsx or xlsm itself: hidden sheets and what stands around the cells are looked through, too."""
    book = Book(data, parts)
    sheets = book.sheets()
    turned = _turned([value for cells in sheets.values() for value in cells.values()])
    found = {name: look(cells, turned) for name, cells in sheets.items()}
    around = book.mask_around()
    if not any(found.values()) and not around:
        return Clean()
    for name, groups in found.items():
        book.edit(name, _edits(groups))
    problems = _said(found)
    if around:
        problems.append(Problem("personal_around", parts={"count": str(around)}))
    return Clean(tuple(problems), _checked(book.written(_noted(parts, problems))))


def _anew(read: Workbook) -> Clean:
    """Of xls, ods and csv: the cells that can be seen, in the same places of an xlsx."""
    found = {sheet.name: look({(row, column): told for row, column, told in sheet.cells()}) for sheet in read.sheets}
    if not any(found.values()):
        return Clean()
    sheets = []
    for sheet in read.sheets:
        rows = [list(row) for row in sheet.rows]
        for (row, column), text in _edits(found[sheet.name]).items():
            rows[row][column] = text
        sheets.append(Sheet(sheet.name, rows, sheet.merged))
    copy = _xlsx(Workbook(sheets))
    problems = [replace(each, sheet=each.sheet or "Sheet1") for each in _said(found)]
    said = workbook_of(copy).notes  # hidden rows, old encodings: what only the original could tell goes with the copy
    lost = [each for each in read.notes if each not in said]
    return Clean(tuple(problems), _checked(_with_notes(copy, [*problems, *lost])))


def _turned(values: list[object]) -> Callable[[str], str]:
    """What makes these texts Unicode."""
    name = written_in([each for each in values if isinstance(each, str)])
    return LEGACY[name] if name else str


def _edits(groups: list[Group]) -> Edits:
    return {
        place: text
        for group in groups
        for place, text in zip(group.cells, group.texts or (None,) * len(group.cells), strict=True)
    }


def _said(found: dict[str, list[Group]]) -> list[Problem]:
    """A problem for each column or kind of text, with its cells and never with what stood in them."""
    told = []
    for sheet, groups in found.items():
        for each in groups:
            cells = cell_names(each.cells)
            vi, en = (", ".join(WHAT[what][language] for what in each.what.split()) for language in LANGUAGES)
            parts = {"label": cells, "what": vi, "what_en": en, "cells": cells, "count": str(len(each.cells))}
            kind = "personal_in_text" if each.texts else "personal_data"
            told.append(Problem(kind, "", sheet, at(*(each.heading or each.cells[0])), parts=parts))
    return told


def _checked(copy: bytes) -> bytes:
    """A copy in which a second look finds nothing; else it cannot be kept."""
    _, parts = sniff(copy)
    sheets: list[Cells] = list(Book(copy, parts).sheets().values())
    turned = _turned([value for cells in sheets for value in cells.values()])
    if any(look(cells, turned) for cells in sheets):
        raise UnreadableError(DAMAGED)
    return copy


# What was said of a file goes with its copy


def _xlsx(read: Workbook) -> bytes:
    from data_ingest.returned import written_anew  # takes long to load, and is seldom needed

    out = io.BytesIO()
    written_anew(read).save(out)
    return out.getvalue()


def _noted(parts: Parts, problems: list[Problem]) -> Parts:
    told = etree.Element("kept")
    told.text = json.dumps([asdict(each) for each in problems], ensure_ascii=False)
    links = etree.fromstring(parts[_XL])
    if not any(each.get("Id") == "rIdKept" for each in links):
        etree.SubElement(links, links[0].tag, Id="rIdKept", Type=_LINK, Target=f"/{_NOTES}")
    return {_NOTES: as_bytes(told), _XL: as_bytes(links)}


def _with_notes(copy: bytes, problems: list[Problem]) -> bytes:
    """A workbook written anew, with notes; without the moment at which it was written."""
    _, parts = sniff(copy)
    core = {path: _MOMENT.sub(b">2000-01-01T00:00:00Z<", part) for path, part in parts.items() if "core.xml" in path}
    return Book(copy, parts | core).written(_noted(parts, problems))


def copy_of(data: bytes, name: str) -> tuple[bytes | None, bool]:
    """What is kept in the place of a file, and whether that is a whole copy; None where it may be kept as it is."""
    try:
        return clean(data).data, True
    except UnreadableError as error:
        return not_kept(name, hashlib.sha256(data).hexdigest(), error.why), False
    except (MemoryError, RecursionError):
        return not_kept(name, hashlib.sha256(data).hexdigest(), TOO_LARGE), False


def not_kept(name: str, came: str, why: Text) -> bytes:
    """What is kept in the place of a file that cannot be looked through: why, and the hash that tells it again."""
    sheet = Sheet("Sheet1", [[_BLANK], [values_masked(name)], [came]])
    unreadable = Problem("unreadable", parts={"why": why.vi, "why_en": why.en})
    return _with_notes(_xlsx(Workbook([sheet])), [unreadable, Problem("not_kept")])


def notes(data: bytes) -> list[Problem]:
    """What was said of the file that this is a copy of."""
    _, parts = sniff(data)
    told = ElementTree.fromstring(parts[_NOTES]).text if _NOTES in parts else "[]"
    return [Problem(**each) for each in json.loads(told)]
