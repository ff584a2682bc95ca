"""A workbook's own XML with some cells emptied or told otherwise; formats, formulas and all other cells stay."""

import io
import re
import zipfile
from collections.abc import Iterable
from xml.sax.saxutils import escape

from lxml import etree

from data_ingest.personal import Cells, Place
from data_ingest.second_look import column_of, sheet_parts
from data_ingest.sheet import at
from data_ingest.sniff import Parts
from language.persons import MASK, composed, masked, spans

Edits = dict[Place, str | None]  # what a cell is to say; None: nothing
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
_DECLARED = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_SHORTEST = 6  # letters of a value that is looked for outside the cells
_WRITTEN = re.compile(r"xl/(?:comments|threadedComments|drawings|persons)|docProps/", re.IGNORECASE)
_AUTHORS = {"creator", "lastModifiedBy", "manager", "author"}


def _local(element: etree._Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


class Book:
    """The parts of an xlsx or xlsm: its sheets, hidden ones too, as cells, and how to write it with others in them."""

    def __init__(self, data: bytes, parts: Parts):
        self._data, self._parts = data, dict(parts)
        self._paths = dict(sheet_parts(parts))
        self._sheets = {name: etree.fromstring(parts[path], _PARSER) for name, path in self._paths.items()}
        self._texts_path = next((path for path in parts if path.lower().endswith("sharedstrings.xml")), "")
        self._texts = etree.fromstring(parts[self._texts_path], _PARSER) if self._texts_path else None
        self._shared = [_text(each) for each in self._texts] if self._texts is not None else []
        self._placed = {name: dict(_placed(root)) for name, root in self._sheets.items()}
        self._gone: set[str] = set()

    def sheets(self) -> dict[str, Cells]:
        """The filled cells of each sheet."""
        return {
            name: {place: told for place, cell in cells.items() if (told := self._value(cell)) not in (None, "")}
            for name, cells in self._placed.items()
        }

    def _value(self, cell: etree._Element) -> object:
        kind, inside = cell.get("t", "n"), {_local(each): each for each in cell}
        if kind == "inlineStr":
            return _text(inside["is"]) if "is" in inside else None
        told = inside["v"].text if "v" in inside else None
        if told is None or kind in ("b", "e"):
            return None
        if kind == "s":
            return self._shared[int(told)]
        return told if kind in ("str", "d") else float(told)

    def edit(self, name: str, edits: Edits) -> None:
        """Empty cells of a sheet, or let them say something else."""
        for place, text in edits.items():
            cell = self._placed[name][place]
            before = self._value(cell)
            if isinstance(before, str):
                parts = [before[each.start : each.end] for each in spans(composed(before))] if text else [before]
                self._gone |= {each for each in parts if len(each) >= _SHORTEST}
            _put(cell, text)

    def written(self, more: Parts) -> bytes:
        """The workbook as a file, `more` parts in it; nothing of what was emptied stands anywhere in its XML."""
        self._drop_texts()
        for name, path in self._paths.items():
            self._parts[path] = as_bytes(self._sheets[name])
        if self._texts is not None:
            self._parts[self._texts_path] = as_bytes(self._texts)
        for path, part in self._parts.items():
            if path not in (self._texts_path, *self._paths.values()):
                self._parts[path] = _without(part, self._gone)
        return _zipped(self._data, self._parts | more)

    def _drop_texts(self) -> None:
        """Shared texts that no cell shows any more."""
        cells = [cell for placed in self._placed.values() for cell in placed.values() if cell.get("t") == "s"]
        used = {int(each.text) for cell in cells for each in cell if _local(each) == "v" and each.text}
        for number, each in enumerate(self._texts if self._texts is not None else ()):
            if number not in used:
                _say(each, MASK)

    def mask_around(self) -> int:
        """Mask comments, text boxes, headers and footers, and say how many; empty the names of who wrote them."""
        found = 0
        for sheet in self._sheets.values():
            found += sum(map(_masked_in, sheet.iter("{*}headerFooter")))
        for path, part in self._parts.items():
            if _WRITTEN.match(path) and path.endswith(".xml"):
                root = etree.fromstring(part, _PARSER)
                masks = _masked_in(root)
                self._parts[path] = as_bytes(root)
                found += masks if not path.startswith("docProps") else 0
        return found


def _masked_in(root: etree._Element) -> int:
    """Mask the texts of an element and say how many; empty the names of authors."""
    found = 0
    for each in root.iter():
        name, before = _local(each), each.text or ""
        if name in _AUTHORS:
            each.text = None
        elif before and (told := masked(before)) != before:
            each.text, found = told, found + 1
        if name == "person" and each.get("displayName"):
            each.set("displayName", MASK)
    return found


def _placed(root: etree._Element) -> Iterable[tuple[Place, etree._Element]]:
    """Every cell of a sheet with its place; one without a name stands right of the one before."""
    row = -1
    for line in root.iter("{*}row"):
        row, column = int(line.get("r", row + 2)) - 1, -1
        for cell in line.iterchildren("{*}c"):
            column = column_of(cell.get("r", ""), column)
            yield (row, column), cell


def _text(element: etree._Element) -> str:
    """The text of a shared or an inline string: all its runs, without the readings beside them."""
    return "".join(
        each.text or ""
        for each in element.iter("{*}t")
        if not any(_local(above) == "rPh" for above in each.iterancestors())
    )


def _put(cell: etree._Element, text: str | None) -> None:
    """Let a cell say a text, or nothing; its formula stays only beside a text, and if it says nothing personal."""
    space = etree.QName(cell).namespace
    formula = next((each for each in cell if _local(each) == "f"), None)
    for each in list(cell):
        cell.remove(each)
    cell.attrib.pop("t", None)
    if text is None:
        return
    if formula is not None and masked(formula.text or "") == (formula.text or ""):
        cell.append(formula)
        cell.set("t", "str")
        etree.SubElement(cell, f"{{{space}}}v").text = text
        return
    cell.set("t", "inlineStr")
    _say(etree.SubElement(cell, f"{{{space}}}is"), text)


def _say(element: etree._Element, text: str) -> None:
    """Make a string element say a text and nothing else."""
    for each in list(element):
        element.remove(each)
    told = etree.SubElement(element, f"{{{etree.QName(element).namespace}}}t")
    told.text = text
    told.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def as_bytes(root: etree._Element) -> bytes:
    """An element as a part of a workbook."""
    return _DECLARED + etree.tostring(root, encoding="UTF-8")  # declared as programs do, so that it is read as usual


def _without(part: bytes, gone: set[str]) -> bytes:
    """A part in which copies of what was emptied are masked, as pivot tables and charts keep them."""
    for each in gone:
        for told in {escape(each), escape(each, {'"': "&quot;"})}:
            part = part.replace(told.encode(), MASK.encode())
    return part


def _zipped(data: bytes, parts: Parts) -> bytes:
    """The zip with some parts in other words, in the same order, and new ones behind."""
    book, out = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as to:
        for each in book.infolist():
            to.writestr(_entry(each.filename), parts.get(each.filename) or book.read(each))
        for name in parts.keys() - set(book.namelist()):
            to.writestr(_entry(name), parts[name])
    return out.getvalue()


def _entry(name: str) -> zipfile.ZipInfo:
    """A part that bears no time of its own: the same file makes the same copy, byte for byte."""
    entry = zipfile.ZipInfo(name)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def cell_names(places: Iterable[Place]) -> str:
    """B5, B6, B7 as B5:B7; of what does not lie together some, and how many more."""
    told = sorted(places, key=lambda each: (each[1], each[0]))
    first, last = told[0], told[-1]
    if len(told) > 2 and first[1] == last[1]:
        return f"{at(*first)}:{at(*last)}"
    names = [at(*each) for each in told]
    return ", ".join(names[:8]) + (f" … (+{len(names) - 8})" if len(names) > 8 else "")
