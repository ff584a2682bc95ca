"""Files as they are dropped, zips of them opened: what may be read, and what is refused, before anything is kept."""

import io
import stat
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from data_ingest.sheet import SUFFIXES
from language import Text

LARGEST_FILE = 20_000_000  # bytes of one file: a report has some 20,000
LARGEST_ZIP = 200_000_000  # bytes of all files of a zip, unpacked
MOST_FILES = 500  # of a zip: a province sends a hundred or two in a month
_PACKED = (".zip", ".rar", ".7z", ".gz", ".tgz", ".bz2", ".xz", ".tar", ".cab")
_OF_SYSTEMS = ("thumbs.db", "desktop.ini", ".ds_store")
_BOOK_PARTS = ("workbook.xml", "workbook.bin", "content.xml")  # a zip that is a workbook, whatever it is called
_LONGEST = 150  # letters of a name; with accents a file system has room for no more
_STEP = 1_000_000
_UTF8 = 0x800  # flag of an entry whose name is UTF-8


@dataclass
class Dropped:
    """Files to read, each name with its bytes; what was refused, each with its reason."""

    files: list[tuple[str, bytes]] = field(default_factory=list)
    refused: list[Text] = field(default_factory=list)


class _RefusedError(ValueError):
    """A zip that is not opened at all."""

    def __init__(self, vi: str, en: str):
        super().__init__(en)
        self.text = Text(vi, en)


def dropped(files: Iterable[tuple[str, bytes]]) -> Dropped:
    """What was dropped on the page, zips opened. A zip with a trick in it gives nothing; one that holds something
    else beside workbooks gives the workbooks.
    """
    found = Dropped()
    for name, content in files:
        if len(content) > LARGEST_FILE:
            found.refused.append(_too_large(name, LARGEST_FILE))
        elif name.lower().endswith(".zip") and not _is_workbook(content):
            _open(found, name, content)
        else:
            found.files.append((_plain(name), content))
    return found


def _is_workbook(content: bytes) -> bool:
    try:
        names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    except Exception:  # what a broken archive raises has many names
        return False
    return any(name.endswith(_BOOK_PARTS) for name in names)


def _open(found: Dropped, name: str, content: bytes) -> None:
    try:
        inside, left_out = _inside(name, content)
    except _RefusedError as error:
        found.refused.append(error.text)
        return
    found.files += inside
    found.refused += left_out
    if not inside and not left_out:
        found.refused.append(Text(f"{name}: tệp zip không có tệp nào.", f"{name}: there is no file in the zip."))


def _inside(name: str, content: bytes) -> tuple[list[tuple[str, bytes]], list[Text]]:
    """The workbooks in a zip, and what else is in it. Raises _RefusedError."""
    try:
        book = zipfile.ZipFile(io.BytesIO(content))
    except Exception:
        raise _RefusedError(f"{name}: tệp zip bị hỏng.", f"{name}: the zip is damaged.") from None
    entries = [each for each in book.infolist() if not _is_of_a_system(each)]
    _look_at_all(name, entries)
    inside, left_out = [], []
    for each in entries:
        own = _named(each)
        if own.lower().endswith(SUFFIXES):
            inside.append((_plain(own), _bytes(name, book, each)))
        else:
            left_out.append(_no_workbook(name, own))
    return inside, left_out


def _is_of_a_system(entry: zipfile.ZipInfo) -> bool:
    """Folders, and what systems and office programs put beside files of their own accord."""
    path = PurePosixPath(entry.filename)
    last = path.name.lower()
    return entry.is_dir() or "__MACOSX" in path.parts or last in _OF_SYSTEMS or last.startswith(("._", "~$", ".~lock"))


def _look_at_all(name: str, entries: list[zipfile.ZipInfo]) -> None:
    """Refuse a zip for a path that leads out of it, a password, and for what it declares to hold."""
    if len(entries) > MOST_FILES:
        count = len(entries)
        raise _RefusedError(
            f"{name}: có {count} tệp, nhiều hơn {MOST_FILES}; hãy chia nhỏ.",
            f"{name}: it holds {count} files, more than {MOST_FILES}; send them in parts.",
        )
    for each in entries:
        own = _named(each)
        if _leads_out(own) or stat.S_ISLNK(each.external_attr >> 16):
            raise _RefusedError(
                f"{name} › {own}: đường dẫn trong tệp zip không hợp lệ nên không mở tệp zip này.",
                f"{name} › {own}: a path that leads out of the zip, so the zip is not opened.",
            )
        if each.flag_bits & 1:
            raise _RefusedError(
                f"{name} › {own}: tệp đặt mật khẩu; hãy gửi lại không có mật khẩu.",
                f"{name} › {own}: it is protected by a password; send it without.",
            )
        if each.file_size > LARGEST_FILE:
            raise _RefusedError(*_both(_too_large(f"{name} › {own}", LARGEST_FILE)))
    if sum(each.file_size for each in entries) > LARGEST_ZIP:
        raise _RefusedError(*_both(_too_large(name, LARGEST_ZIP)))


def _leads_out(own: str) -> bool:
    """An absolute name, a drive, a step upwards; also with the other system's strokes."""
    path = own.replace("\\", "/")
    return path.startswith("/") or ".." in path.split("/") or (len(path) > 1 and path[1] == ":") or "\0" in path


def _bytes(name: str, book: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """An entry unpacked, never more of it than a file may have, whatever it declares."""
    own, parts, size = _named(entry), [], 0
    try:
        with book.open(entry) as packed:
            while part := packed.read(_STEP):
                parts.append(part)
                size += len(part)
                if size > LARGEST_FILE:
                    break
    except Exception:
        raise _RefusedError(
            f"{name} › {own}: nội dung không đúng như tệp zip khai, hoặc bị hỏng.",
            f"{name} › {own}: it is not what the zip declares, or damaged.",
        ) from None
    if size > LARGEST_FILE:
        raise _RefusedError(*_both(_too_large(f"{name} › {own}", LARGEST_FILE)))
    return b"".join(parts)


def _named(entry: zipfile.ZipInfo) -> str:
    """An entry's name. Programs that do not say so write UTF-8 all the same, which then was read as CP437."""
    told = entry.orig_filename if "\0" in entry.orig_filename else entry.filename
    if not entry.flag_bits & _UTF8:
        with suppress(UnicodeError):
            told = told.encode("cp437").decode("utf-8")
    return unicodedata.normalize("NFC", told)


def _plain(name: str) -> str:
    """The last part of a name, without what no file system takes; its ending stays."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    last = "".join(_harmless(last)).strip(" .") or "tep"
    stem, dot, ending = last.rpartition(".")
    return f"{stem[:_LONGEST]}{dot}{ending[:10]}" if dot else last[:_LONGEST]


def _harmless(name: str) -> Iterator[str]:
    for letter in name:
        yield letter if letter.isprintable() and letter not in '<>:"|?*' else "_"


def _no_workbook(name: str, own: str) -> Text:
    if own.lower().endswith(_PACKED):
        return Text(
            f"{name} › {own}: tệp nén trong tệp nén, không mở; hãy gửi riêng.",
            f"{name} › {own}: an archive within an archive is not opened; send it by itself.",
        )
    return Text(f"{name} › {own}: không phải bảng tính, bỏ qua.", f"{name} › {own}: no workbook, left out.")


def _too_large(name: str, most: int) -> Text:
    size = most // 1_000_000
    return Text(f"{name}: lớn hơn {size} MB, không nhận.", f"{name}: larger than {size} MB, not taken.")


def _both(text: Text) -> tuple[str, str]:
    return text.vi, text.en
