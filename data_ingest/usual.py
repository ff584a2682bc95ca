"""The usual workbook, read straight from its unpacked parts: only what is exactly of the shape that programs write.

Offices send the same few forms again and again. What is left of a sheet's XML when the contents of its cells are taken
out is its frame: that is looked at with care when it is first seen, and known from then on. What is not as usual makes
`usual` say None, and the general reader is asked (sheet.py). Where both can read, both say the same.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from operator import itemgetter
from typing import NamedTuple
from xml.etree import ElementTree

from data_ingest.sniff import Parts

_WORKBOOK, _LINKS, _STYLES, _TEXTS = (
    "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml", "xl/sharedStrings.xml",
)  # fmt: skip
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_ID = f"{{{_OFFICE}}}id"
LARGEST_PART = 100_000  # bytes of what is remembered, or its frame; a report's sheet has some 20,000
_DECLARED = r'(?:<\?xml version="1\.0" encoding="(?:UTF|utf)-8"(?: standalone="yes")?\s*\?>\s*)?'
_ATTRIBUTES = r'(?: [A-Za-z0-9:]+="[^"<&]*")*'
# In a frame each `<v>content</v>` has become `<v>v>`.
_CELL = (
    r'<c r="([A-Z]{1,2}[1-9]\d{0,4})"(?: s="(\d{1,4})")?'
    r'(?: ?/>|( t="s")><v>v></c>|(?: t="n")?>(?:<f(?: aca="false")?>[^<&]*</f>)?<v>(v>)</c>)'
)
_EACH_CELL = re.compile(_CELL.encode())
_ROWS = re.compile((rf'(?:<row r="\d{{1,5}}"{_ATTRIBUTES}(?: ?/>|>(?:{_CELL})*</row>))*').encode())
_NUMBERS = re.compile(rb"(?:-?\d{1,18}(?:\.\d{1,18})?(?:E[+-]?\d\d?)?</)*")
_TEXTS_BEGIN = re.compile(f"{_DECLARED}<sst{_ATTRIBUTES}><si><t>")
_BETWEEN, _TEXTS_END = "</t></si><si><t>", "</t></si></sst>"
_TRIMMED = re.compile(r"<t>(?:\s|[^<]*\s<)")  # programs leave out white space that is not said to be kept
_ENTITIES = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'", "&amp;": "&"}
_ENTITY = re.compile("&[^;]*;?")
_NO_DAY = re.compile(r'(?:[#0?,.%() _-]|E\+|"[^"]*"|\\.|;|@|General|\[Red\])*')
_PLAIN_FORMATS = {0, 1, 2, 3, 4, 9, 10, 11, 37, 38, 39, 40, 48, 49}  # of those that every program knows
_COUNTED = {b"%d" % number: number for number in range(5_000)}  # a report has some hundred texts
Merged = tuple[int, int, int, int]  # first row, first column, last row, last column


@dataclass(frozen=True, eq=False)
class Frame:
    """A sheet without the contents of its cells: how large it is, where the filled cells are, and of what kind.

    Two sheets with the same frame have their texts, their numbers and their merged cells in the same places.
    """

    height: int
    width: int
    texts: tuple[tuple[int, int], ...]  # row × width + column of each shared text, and which content is its number
    numbers: tuple[tuple[int, int], ...]  # the same of each number
    merged: tuple[Merged, ...]

    @cached_property
    def places(self) -> tuple[tuple[int, int], ...]:
        """Row and column of each text."""
        return tuple(divmod(place, self.width) for place, _ in self.texts)

    @cached_property
    def take_texts(self) -> Callable[[list[bytes]], Sequence[bytes]]:
        """Of all contents those that are numbers of shared texts."""
        return _taking([at for _, at in self.texts])

    @cached_property
    def take_numbers(self) -> Callable[[list[bytes]], Sequence[bytes]]:
        return _taking([at for _, at in self.numbers])

    @cached_property
    def laid_out(self) -> Callable[[list[object]], Sequence[object]]:
        """Every cell, row by row, from a blank, the texts and the numbers one after the other."""
        filled = [0] * (self.height * self.width)
        for number, (place, _) in enumerate((*self.texts, *self.numbers), start=1):
            filled[place] = number
        return _taking(filled)


def _taking(places: list[int]) -> Callable[[list], Sequence]:
    """Takes many items of a list at once."""
    return itemgetter(*places) if len(places) > 1 else lambda items: [items[each] for each in places]


class UsualSheet(NamedTuple):
    """A visible sheet as sheet.Sheet wants it: `words` are its texts, in the order of frame.texts."""

    name: str
    rows: list[list[object]]
    merged: tuple[Merged, ...]
    frame: Frame
    words: list[str]


class _Listed(NamedTuple):
    """A sheet as the workbook lists it."""

    name: str
    part: str
    visible: bool


class _UnusualError(Exception):
    """Something that this module does not read."""


# What an unusual part makes the functions below raise: a name that is not there, an element without an attribute …
_UNUSUAL = (_UnusualError, LookupError, ValueError, TypeError, AttributeError, ElementTree.ParseError)


def usual(parts: Parts) -> tuple[list[UsualSheet], list[str]] | None:
    """The visible sheets and the names of the hidden ones; None where anything is not as usual."""
    try:
        if max(len(parts[each]) for each in (_WORKBOOK, _LINKS, _STYLES)) > LARGEST_PART:
            return None
        listed = _listed(parts[_WORKBOOK], parts[_LINKS])
        days = _styles_of_days(parts[_STYLES])
        texts = _texts(parts[_TEXTS]) if _TEXTS in parts else []
        sheets = [_sheet(each.name, parts[each.part], texts, days) for each in listed if each.visible]
    except _UNUSUAL:
        return None
    return sheets, [each.name for each in listed if not each.visible]


@lru_cache(maxsize=64)
def _listed(workbook: bytes, links: bytes) -> tuple[_Listed, ...]:
    targets = {
        link.get("Id"): link.get("Target").removeprefix("/xl/")
        for link in ElementTree.fromstring(links)
        if link.get("Type") == f"{_OFFICE}/worksheet"
    }
    root = ElementTree.fromstring(workbook)
    listed = [
        _Listed(each.get("name"), f"xl/{targets[each.get(_ID)]}", each.get("state") in (None, "visible"))
        for each in root.find(f"{_MAIN}sheets")
    ]
    names = {each.name for each in listed}
    if root.tag != f"{_MAIN}workbook" or len(names) < len(listed) or not all(names) or any(map(_is_odd, names)):
        raise _UnusualError
    return tuple(listed)


def _is_odd(text: str) -> bool:
    """Whether there is something that programs read in different ways: white space at the ends, codes, line ends."""
    return text != text.strip() or "_x" in text or "\r" in text


@lru_cache(maxsize=64)
def _styles_of_days(styles: bytes) -> frozenset[int]:
    """The numbers of the cell formats in which a number may be a day."""
    root = ElementTree.fromstring(styles)
    own = {int(each.get("numFmtId")): each.get("formatCode") for each in root.iter(f"{_MAIN}numFmt")}
    formats = [int(each.get("numFmtId", 0)) for each in root.find(f"{_MAIN}cellXfs")]
    return frozenset(
        style
        for style, each in enumerate(formats)
        if not (_NO_DAY.fullmatch(own[each]) if each in own else each in _PLAIN_FORMATS)
    )


def _texts(part: bytes) -> list[str]:
    """The shared texts, in their order."""
    told = part.decode()
    kept = '<t xml:space="preserve">'
    some_kept = kept in told
    if some_kept and _TRIMMED.search(told):
        raise _UnusualError
    told = told.replace(kept, "<t>") if some_kept else told
    begin = _TEXTS_BEGIN.match(told)
    if not begin or not told.endswith(_TEXTS_END):
        raise _UnusualError
    inside = told[begin.end() : -len(_TEXTS_END)]
    texts = inside.split(_BETWEEN)
    if inside.count("<") != _BETWEEN.count("<") * (len(texts) - 1) or "_x" in inside or "\r" in inside:
        raise _UnusualError
    if not all(texts) or (not some_kept and [text.strip() for text in texts] != texts):
        raise _UnusualError
    return [_unescaped(text) for text in texts] if "&" in inside else texts


def _unescaped(text: str) -> str:
    return _ENTITY.sub(lambda found: _ENTITIES[found[0]], text) if "&" in text else text


def _sheet(name: str, part: bytes, texts: list[str], days: frozenset[int]) -> UsualSheet:
    """The cells of a sheet: `<v>` and `</v>` both end in `v>`, so that every other piece between is a content."""
    if len(part) > LARGEST_PART:
        raise _UnusualError
    pieces = part.split(b"v>")
    frame = _frame(b"v>v>".join(pieces[::2]), days)
    told = b"".join(pieces[1::2])
    if told.translate(None, b"0123456789</") and not _NUMBERS.fullmatch(told):
        raise _UnusualError
    contents = told.split(b"</")
    if len(contents) != len(frame.numbers) + len(frame.texts) + 1 or contents[-1]:
        raise _UnusualError
    words = [texts[each] for each in map(_COUNTED.__getitem__, frame.take_texts(contents))]
    cells = list(frame.laid_out([None, *words, *map(float, frame.take_numbers(contents))]))
    width = frame.width
    rows = [cells[at : at + width] for at in range(0, len(cells), width or 1)]
    return UsualSheet(name, rows, frame.merged, frame, words)


@lru_cache(maxsize=128)
def _frame(told: bytes, days: frozenset[int]) -> Frame:
    """Look at a frame with care; raises what is in _UNUSUAL where anything in it is of another shape."""
    start, end = told.find(b"<sheetData>") + len(b"<sheetData>"), told.rfind(b"</sheetData>")
    head, inside, tail = told[:start], told[start:end], told[end:]
    if end < start or not head.endswith(b"<sheetData>") or b"v>v>" in head + tail or not _ROWS.fullmatch(inside):
        raise _UnusualError
    if b" hidden=" in inside or not re.match(f"{_DECLARED}<worksheet ".encode(), head):
        raise _UnusualError
    inside.decode()
    found = _EACH_CELL.findall(inside)
    cells = [(_place(ref), style, shared) for ref, style, shared, number in found if shared or number]
    places = [place for place, _, _ in cells]
    if places != sorted(set(places)) or any(style and int(style) in days for _, style, shared in cells if not shared):
        raise _UnusualError
    height, width = (places[-1][0] + 1, max(column for _, column in places) + 1) if places else (0, 0)
    if height * width > LARGEST_PART:
        raise _UnusualError
    flat = [(row * width + column, at) for at, (row, column) in enumerate(places)]
    texts = tuple(each for each, (_, _, shared) in zip(flat, cells, strict=True) if shared)
    numbers = tuple(each for each, (_, _, shared) in zip(flat, cells, strict=True) if not shared)
    return Frame(height, width, texts, numbers, _merged(head + tail))


@lru_cache(maxsize=20_000)
def _place(ref: bytes) -> tuple[int, int]:
    """Row and column of a cell, from 0: C12 is (11, 2)."""
    letters = ref.rstrip(b"0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + letter - 64
    return int(ref[len(letters) :]) - 1, column - 1


def _merged(around: bytes) -> tuple[Merged, ...]:
    """The merged ranges, from what stands before and behind the rows."""
    root = ElementTree.fromstring(around)
    if root.tag != f"{_MAIN}worksheet":
        raise _UnusualError
    ranges = [each.get("ref").encode().split(b":") for each in root.iter(f"{_MAIN}mergeCell")]
    return tuple((*_place(first), *_place(last)) for first, last in ranges)
