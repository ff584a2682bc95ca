"""A second look into a workbook, for what the fast reader leaves out: error cells, uncomputed formulas, hidden rows."""

import io
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree

from data_ingest.sniff import Parts

Places = dict[tuple[int, int], str]
UNCOMPUTED = "="  # begins the value of a formula that no program has computed yet

# Cheap to search in bytes; only a sheet in which one of these stands is read a second time.
_ERROR, _HIDDEN, _FORMULA = b't="e"', b"hidden=", re.compile(rb"<(?:\w+:)?f\b[^>]*/>|:f>")
_NO_VALUE = (b"</f></c>", b"</f><v></v>", b"</f><v/>", b"</f><v />")
# A filled cell further right or down than any table of ours; cells that only have a format end in "/>".
_FAR = re.compile(rb'<(?:\w+:)?c\b[^>]*?\sr="([A-Z]{3}\d+|[A-Z]+\d{6,})"(?:[^>]*[^/])?>')
_MAYBE_FAR = re.compile(rb'r="(?:[A-Z]{3}\d|[A-Z]{1,2}\d{6})')
_ODD = (ElementTree.ParseError, KeyError, ValueError, IndexError, OSError)
_CELL = re.compile(r"([A-Z]+)(\d+)")


@dataclass
class More:
    """Of one sheet: values by (row, column) that the fast reader took for blanks, and the rows that are hidden."""

    values: Places = field(default_factory=dict)
    hidden: set[int] = field(default_factory=set)


def far_cells(parts: Parts) -> Iterator[tuple[str, str, int, int]]:
    """Filled cells of an xlsx far outside any table: sheet, cell, row and column (from 0)."""
    try:
        for name, part in _sheets(parts):
            for found in _FAR.finditer(part) if _MAYBE_FAR.search(part) else ():
                cell = found[1].decode()
                letters = cell.rstrip("0123456789")
                yield name, cell, int(cell[len(letters) :]) - 1, column_of(cell, -1)
    except _ODD:
        return  # told by the reader itself


def look(data: bytes, parts: Parts, sheets: list[str]) -> dict[str, More]:
    """What a workbook holds beyond its plain values, by sheet; empty where it cannot be told."""
    try:
        if not parts:
            return _xls(data)
        if "content.xml" in parts:
            return _ods(parts["content.xml"])
        return {name: _sheet_part(part) for name, part in _sheets(parts) if name in sheets and _is_worth(part)}
    except _ODD:
        return {}


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _attribute(element: ElementTree.Element, name: str) -> str:
    """An attribute by its name without namespace; '' when it is not there."""
    return next((value for key, value in element.attrib.items() if _local(key) == name), "")


# xlsx


def _is_worth(data: bytes) -> bool:
    """Whether a sheet may hold errors, hidden rows or formulas without a value."""
    if _ERROR in data or (_HIDDEN in data and re.search(rb"<(?:\w+:)?row\b[^>]*\shidden=", data)):
        return True
    return any(each in data for each in _NO_VALUE) or bool(
        _FORMULA.search(data) if b"<f " in data or b":f>" in data else 0
    )


def _sheets(parts: Parts) -> Iterator[tuple[str, bytes]]:
    """Each sheet's name and what stands in its part."""
    return ((name, parts[path]) for name, path in sheet_parts(parts))


def sheet_parts(parts: Parts) -> Iterator[tuple[str, str]]:
    """Each sheet's name, hidden ones too, and the part that it stands in."""
    names = {name.lower(): name for name in parts}
    workbook = next((name for name in parts if name.lower().endswith("workbook.xml")), None)
    if workbook is None:
        return
    folder, base = posixpath.split(workbook)
    links = ElementTree.fromstring(parts[names[f"{folder}/_rels/{base}.rels".lstrip("/").lower()]])
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    for element in ElementTree.fromstring(parts[workbook]).iter():
        if _local(element.tag) == "sheet":
            target = targets.get(_attribute(element, "id"), "")
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            if path.lower() in names:
                yield element.get("name", ""), names[path.lower()]


def _sheet_part(data: bytes) -> More:
    more, row, column = More(), -1, -1
    for event, element in ElementTree.iterparse(io.BytesIO(data), ("start", "end")):
        tag = _local(element.tag)
        if event == "start" and tag == "row":
            row, column = int(element.get("r", row + 2)) - 1, -1
            if element.get("hidden") in ("1", "true"):
                more.hidden.add(row)
        elif event == "end" and tag == "c":
            column = column_of(element.get("r", ""), column)
            if value := _left_out(element):
                more.values[row, column] = value
            element.clear()
    return more


def column_of(place: str, before: int) -> int:
    """The column of a cell; one without a name stands right of the one before."""
    if not (match := _CELL.fullmatch(place)):
        return before + 1
    number = 0
    for letter in match[1]:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _left_out(cell: ElementTree.Element) -> str:
    """The error of a cell, or '=' and the formula that has no value; '' for any other cell."""
    inside = {_local(each.tag): each for each in cell}
    value = inside["v"].text if "v" in inside else None
    if cell.get("t") == "e":
        return value or "#ERROR"
    if "f" in inside and not value and "is" not in inside and cell.get("t") != "str":
        return UNCOMPUTED + (inside["f"].text or "")
    return ""


# ods


def _ods(content: bytes) -> dict[str, More]:
    found: dict[str, More] = {}
    more, row = More(), 0
    for event, element in ElementTree.iterparse(io.BytesIO(content), ("start", "end")):
        tag = _local(element.tag)
        if event == "start" and tag == "table":
            more, row = found.setdefault(_attribute(element, "name"), More()), 0
        elif event == "end" and tag == "table-row":
            times = int(_attribute(element, "number-rows-repeated") or 1)
            if _attribute(element, "visibility") in ("collapse", "filter") and times < 100_000:
                more.hidden.update(range(row, row + times))
            for column, value in _ods_cells(element):
                more.values[row, column] = value
            row += times
            element.clear()
    return found


def _ods_cells(row: ElementTree.Element) -> Iterator[tuple[int, str]]:
    column = 0
    for cell in row:
        if _local(cell.tag) not in ("table-cell", "covered-table-cell"):
            continue
        formula, told = _attribute(cell, "formula"), "".join(cell.itertext()).strip()
        if formula and (told.startswith(("#", "Err:")) or not (told or _attribute(cell, "value"))):
            yield column, told or UNCOMPUTED + formula.partition("=")[2]
        column += int(_attribute(cell, "number-columns-repeated") or 1)


# xls


def _xls(data: bytes) -> dict[str, More]:
    import xlrd  # seldom needed, and takes time to load

    try:
        book = xlrd.open_workbook(file_contents=data, formatting_info=True, logfile=io.StringIO())
    except xlrd.XLRDError:
        return {}
    found = {}
    for sheet in book.sheets():
        hidden = {row for row, told in sheet.rowinfo_map.items() if told.hidden}
        errors = {
            (row, column): xlrd.error_text_from_code.get(cell.value, "#ERROR")
            for row in range(sheet.nrows)
            for column, cell in enumerate(sheet.row(row))
            if cell.ctype == xlrd.XL_CELL_ERROR
        }
        found[sheet.name] = More(errors, hidden)
    return found
