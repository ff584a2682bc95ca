"""A quick look at bytes: whether a file may hold personal data, and so must be looked through with care (clean.py).

It is asked of every file before that is kept. Texts of a form come again and again, so each is looked at once; what is
not the usual xlsx is always looked through. Nothing is parsed here, and no more unpacked than a report holds.
"""

import re
import struct
import zlib
from functools import cache
from html import unescape
from typing import NamedTuple

from data_ingest.personal import NUMBER_ALONE, announces
from data_ingest.sniff import LARGEST_FILE
from data_ingest.template import all_templates
from language.persons import composed, is_name, spans

_END, _LISTED = b"PK\x05\x06", b"PK\x01\x02"
_ENTRY = struct.Struct("<HH8xIIHHH8xI")
_MOST = 5_000_000  # bytes of a part unpacked
_SHARED, _SHEETS = b"xl/sharedStrings.xml", b"xl/worksheets/sheet"
_LOOKED_INTO = (_SHARED, _SHEETS, b"xl/comments", b"xl/threadedComments/", b"xl/drawings/drawing")
_BINARY = (b"xl/workbook.bin", b"xl/embeddings/")
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"\0<", b"<\0")
# Numbers that may be telephones or identity numbers; money is mostly round.
_LONG = re.compile(rb">(?!\d*000<)\d{9,15}<")
_OTHER_TEXTS = re.compile(rb"<(?:\w+:)?(?:t|v|text|odd\w+|even\w+|first\w+)(?: [^>]*)?>([^<]*[A-Za-z@\x80-\xff][^<]*)<")
_TAG = re.compile(rb"<rPh.*?</rPh>|<[^>]*>")
_OLD_LETTERS = re.compile("[¡-¦¨-¯±-¿øïåäëüöñæ]")  # of fonts like .VnTime and VNI-Times, and of no Vietnamese text
_KNOWN: set[bytes] = set()  # texts that tell nothing
_MOST_KNOWN = 50_000


def suspect(data: bytes) -> bool:
    """Whether a file must be looked through; True where that cannot be told.

    Of a form of ours the texts tell enough: they are shared, and its numbers stand under headings.
    """
    if not data.startswith(b"PK\x03\x04") or len(data) > LARGEST_FILE:
        return True
    try:
        parts = _listed(data)
        shared = parts.get(_SHARED)
        texts = set(_unpacked(data, shared).split(b"</si>")) if shared else set()
        ours = any(map(_marks().search, texts))
        for name, entry in parts.items():
            if name != _SHARED and not (ours and name.startswith(_SHEETS)):
                part = _unpacked(data, entry)
                texts.update(_OTHER_TEXTS.findall(part))
                if name.startswith(_SHEETS) and len(_LONG.findall(part)) >= NUMBER_ALONE:
                    return True
        return any(map(_tells, texts - _KNOWN))
    except (ValueError, struct.error, zlib.error, IndexError):
        return True


@cache
def _marks() -> re.Pattern:
    """What is printed on every form of ours: 01-TNTN/2024."""
    marks = (re.escape(each.mark.split()[-1]) for each in all_templates())
    return re.compile("|".join(marks).encode())


def _tells(text: bytes) -> bool:
    """Whether a text may be or announce something personal; one that does not is known from then on."""
    told = composed(unescape(_TAG.sub(b"", text).decode())).strip()
    if announces(told) or is_name(told) or spans(told) or _OLD_LETTERS.search(told):
        return True
    if len(_KNOWN) > _MOST_KNOWN:
        _KNOWN.clear()
    _KNOWN.add(text)
    return False


class _Entry(NamedTuple):
    """A part of the zip as it is listed there."""

    flags: int
    method: int
    packed: int
    size: int
    name: int
    extra: int
    comment: int
    start: int


def _listed(data: bytes) -> dict[bytes, _Entry]:
    """The parts of a zip in which people write. ValueError where it is no xlsx as most are."""
    count, _, place = struct.unpack_from("<HII", data, data.rindex(_END) + 10)
    found, book = {}, False
    for _ in range(count):
        entry = _Entry._make(_ENTRY.unpack_from(data, place + 8))
        if not data.startswith(_LISTED, place):
            raise ValueError
        name = data[place + 46 : place + 46 + entry.name]
        place += 46 + entry.name + entry.extra + entry.comment
        book = book or name == b"xl/workbook.xml"
        if name.startswith(_BINARY):
            raise ValueError
        if name.startswith(_LOOKED_INTO) and name.endswith(b".xml"):
            found[name] = entry
    if not book:
        raise ValueError
    return found


def _unpacked(data: bytes, entry: _Entry) -> bytes:
    """A part unpacked, never more of it than is declared. ValueError where it is not what it is declared to be."""
    name, extra = struct.unpack_from("<HH", data, entry.start + 26)
    begin = entry.start + 30 + name + extra
    if entry.flags & 1 or entry.size > _MOST or entry.method not in (0, 8):
        raise ValueError
    told = data[begin : begin + entry.packed]
    if entry.method:
        told = zlib.decompressobj(-zlib.MAX_WBITS).decompress(told, entry.size + 1)
    if len(told) != entry.size or told[:2] in _WIDE:
        raise ValueError
    return told
