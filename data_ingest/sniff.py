"""What a file really is, told by its bytes before any reader opens it; what is refused there, and why."""

import io
import re
import struct
import zipfile
import zlib
from functools import lru_cache
from typing import Literal

from language import Text

Kind = Literal["zip", "ole", "text"]
Parts = dict[str, bytes]  # the XML parts of a zip, unpacked, by name

LARGEST_FILE = 50_000_000  # bytes as they come: a report has some 20,000
LARGEST = 300_000_000  # bytes unpacked: more is a mistake or an attack
MOST_PARTS = 5_000
_OLE, _ZIP = b"\xd0\xcf\x11\xe0", b"PK\x03\x04"
_REMEMBERED = 100_000  # bytes of a part unpacked; of larger ones none is the same twice
_LOCAL_HEADER, _LENGTHS = 30, 26  # bytes before a part's name in a zip, and where the lengths of name and extra stand
_NOT_PLAIN = 0x61  # flags of a part: encrypted, patched, strongly encrypted
_HEAD = 2_000  # bytes of an XML part in which a document type would stand
_DOCTYPE = re.compile(rb"<\0?!\0?(?:D\0?O\0?C\0?T\0?Y\0?P\0?E|E\0?N\0?T\0?I\0?T\0?Y)", re.IGNORECASE)
_BOOK_PARTS = ("workbook.xml", "workbook.bin", "content.xml")

DAMAGED = Text("tệp bị hỏng hoặc tải về chưa đủ", "it is damaged or incomplete")
PASSWORD = Text("tệp đặt mật khẩu", "it is protected by a password")
TOO_LARGE = Text("nội dung quá lớn so với một báo cáo", "it holds far more than any report")
_OTHERS: tuple[tuple[bytes, Text], ...] = (  # how other kinds of files begin
    (b"%PDF", Text("đây là tệp PDF", "it is a PDF")),
    (b"\x89PNG", Text("đây là tệp ảnh", "it is a picture")),
    (b"\xff\xd8\xff", Text("đây là tệp ảnh", "it is a picture")),
    (b"GIF8", Text("đây là tệp ảnh", "it is a picture")),
    (b"{\\rtf", Text("đây là văn bản RTF", "it is an RTF document")),
    (b"Rar!", Text("đây là tệp nén RAR", "it is a RAR archive")),
    (b"7z\xbc\xaf", Text("đây là tệp nén 7z", "it is a 7z archive")),
    (b"\x1f\x8b", Text("đây là tệp nén gzip", "it is a gzip archive")),
)
_PAGE = Text(
    "đây là trang web (HTML) đặt tên như bảng tính; mở bằng Excel rồi lưu thành .xlsx",
    "it is a web page (HTML) named like a workbook; open it in a spreadsheet program and save it as .xlsx",
)
_XML = Text("đây là tệp XML, không phải bảng tính .xlsx", "it is an XML file, not an .xlsx workbook")


class UnreadableError(ValueError):
    """The file is no workbook that can be read; `why` says so in both languages."""

    def __init__(self, why: Text):
        super().__init__(why.en)
        self.why = why


def sniff(data: bytes) -> tuple[Kind, Parts]:
    """Tell a zip (xlsx, ods) with its parts, an OLE file (xls) and text (csv) apart. UnreadableError for all others."""
    if not data.strip():
        raise UnreadableError(Text("tệp rỗng", "it is empty"))
    if len(data) > LARGEST_FILE:
        raise UnreadableError(TOO_LARGE)
    for begins, what in _OTHERS:
        if data.startswith(begins):
            raise UnreadableError(what)
    if data.startswith(_ZIP):
        return "zip", _look_into_zip(data)
    if data.startswith(_OLE):
        _look_into_ole(data)
        return "ole", {}
    _look_at_text(data)
    return "text", {}


def _look_into_zip(data: bytes) -> Parts:
    """Refuse what is too large, declared or real, locked, no workbook, or holds XML entities."""
    try:
        book = zipfile.ZipFile(io.BytesIO(data))
        parts = book.infolist()
        if sum(each.file_size for each in parts) > LARGEST or len(parts) > MOST_PARTS:
            raise UnreadableError(TOO_LARGE)
        _is_book([each.filename for each in parts])
        _is_open(book, parts)
        xml = [each for each in parts if each.filename.endswith((".xml", ".rels"))]
        # A part that unpacks to another size or checksum than it declares fails here; the fast reader looks at neither.
        return {each.filename: _unpacked(book, data, each) for each in xml}
    except UnreadableError:
        raise
    except Exception:  # what a broken archive raises has many names: BadZipFile, zlib.error, EOFError, ValueError
        raise UnreadableError(DAMAGED) from None


def _unpacked(book: zipfile.ZipFile, data: bytes, part: zipfile.ZipInfo) -> bytes:
    """A part of the zip, its size and checksum looked at. Raises where they are others than declared."""
    name, extra = struct.unpack_from("<HH", data, part.header_offset + _LENGTHS)
    start = part.header_offset + _LOCAL_HEADER + name + extra
    packed = data[start : start + part.compress_size]
    plain = part.compress_type == zipfile.ZIP_DEFLATED and not part.flag_bits & _NOT_PLAIN
    here = data.startswith(_ZIP, part.header_offset) and data.startswith(part.filename.encode(), start - name - extra)
    if not (plain and here) or part.file_size > _REMEMBERED:  # zipfile reads it, or says what is wrong with it
        unpacked = book.read(part)
        _look_at_part(unpacked[:_HEAD])
        return unpacked
    return _inflated(packed, part.file_size, part.CRC)


@lru_cache(maxsize=128)
def _inflated(packed: bytes, size: int, checksum: int) -> bytes:
    """A part unpacked and looked at; most of those of a form are the same in every report."""
    unpacked = zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, size + 1)  # never more than was declared
    if len(unpacked) != size or zlib.crc32(unpacked) != checksum:
        raise UnreadableError(DAMAGED)
    _look_at_part(unpacked[:_HEAD])
    return unpacked


def _is_open(book: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> None:
    manifest = "META-INF/manifest.xml"
    locked = manifest in book.namelist() and b"encryption-data" in book.read(manifest)
    if locked or any(each.flag_bits & 1 for each in parts):
        raise UnreadableError(PASSWORD)


def _is_book(names: list[str]) -> None:
    if any(name.endswith(_BOOK_PARTS) for name in names):
        return
    for folder, vi, en in (("word/", "văn bản Word", "a Word document"), ("ppt/", "tệp trình chiếu", "a presentation")):
        if any(name.startswith(folder) for name in names):
            raise UnreadableError(Text(f"đây là {vi}, không phải bảng tính", f"it is {en}, no workbook"))
    raise UnreadableError(Text("tệp nén này không phải bảng tính", "this archive is no workbook"))


def _look_at_part(head: bytes) -> None:
    if (b"<!" in head or b"<\0!" in head or b"\0<\0!" in head) and _DOCTYPE.search(head):
        why = "trong tệp có khai báo thực thể XML, không được phép", "it declares XML entities, which no report needs"
        raise UnreadableError(Text(*why))


def _look_into_ole(data: bytes) -> None:
    """The names of its streams stand in UTF-16: an encrypted package, a Word document, a workbook."""

    def holds(name: str) -> bool:
        return name.encode("utf-16-le") in data

    if holds("EncryptedPackage"):
        raise UnreadableError(PASSWORD)
    if holds("WordDocument") and not holds("Workbook"):
        raise UnreadableError(Text("đây là văn bản Word, không phải bảng tính", "it is a Word document, no workbook"))


def _look_at_text(data: bytes) -> None:
    head = data[:_HEAD].lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t").replace(b"\0", b"").lower()
    if head.startswith(b"<?xml") or b"<!entity" in head:
        raise UnreadableError(_PAGE if b"<html" in head else _XML)
    if head.startswith((b"<!doctype html", b"<html", b"<table", b"<body", b"<head", b"<div")) or b"<html" in head:
        raise UnreadableError(_PAGE)
