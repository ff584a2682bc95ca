"""Untrusted files: each is told clearly or read rightly; none crashes, hangs, or stops the files beside it."""

import io
import zipfile

import openpyxl
import pytest
from made import MONTHLY, NAMES, values, written

from data_ingest.guarded import Job, Readers
from data_ingest.returned import mark
from data_ingest.sheet import read_workbook
from data_ingest.sniff import LARGEST
from language import LANGUAGES

CELLS = '<row r="1"><c r="A1"><v>1</v></c></row>'


def workbook(cells: str = CELLS, parts: dict[str, bytes] | None = None) -> bytes:
    """A small xlsx made by hand, so that any part of it can be odd."""
    out = io.BytesIO()
    main, office = "http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://schemas.openxmlformats.org"
    links, package = f"{office}/officeDocument/2006/relationships", f"{office}/package/2006"
    xml, rels = "application/xml", "application/vnd.openxmlformats-package.relationships+xml"

    def link(id: str, kind: str, target: str) -> str:
        inside = f'<Relationship Id="{id}" Type="{links}/{kind}" Target="{target}"/>'
        return f'<Relationships xmlns="{package}/relationships">{inside}</Relationships>'

    sheets = '<sheets><sheet name="S" sheetId="1" r:id="b"/></sheets>'
    kinds = f'<Default Extension="xml" ContentType="{xml}"/><Default Extension="rels" ContentType="{rels}"/>'
    told = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types">{kinds}</Types>',
        "_rels/.rels": link("a", "officeDocument", "xl/workbook.xml"),
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{links}">{sheets}</workbook>',
        "xl/_rels/workbook.xml.rels": link("b", "worksheet", "worksheets/sheet1.xml"),
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>',
    }
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        for name, text in told.items():
            book.writestr(name, (parts or {}).get(name, text.encode()))
        for name, data in (parts or {}).items():
            if name not in told:
                book.writestr(name, data)
    return out.getvalue()


def bomb() -> bytes:
    return workbook(parts={"xl/media/image1.png": bytes(LARGEST + 1)})


def lying_bomb() -> bytes:
    """Declares a small size for a part that unpacks to a large one."""
    data = bytearray(workbook(parts={"xl/sharedStrings.xml": b" " * 40_000_000}))
    size = (40_000_000).to_bytes(4, "little")
    at = data.find(size)
    while at >= 0:
        data[at : at + 4] = (100).to_bytes(4, "little")
        at = data.find(size, at + 1)
    return bytes(data)


def entities() -> bytes:
    text = '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><sst>&b;</sst>'
    return workbook(parts={"xl/sharedStrings.xml": text.encode()})


def entities_in_utf16() -> bytes:
    text = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE w [<!ENTITY a "aa">]><sst>&a;</sst>'
    return workbook(parts={"xl/sharedStrings.xml": text.encode("utf-16")})


def far_corner() -> bytes:
    return workbook('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')


def locked() -> bytes:
    names = "".join(f"\0{letter}" for letter in "EncryptedPackage")[1:].encode() + b"\0"
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500 + names + b"\0" * 500


def locked_ods() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as book:
        book.writestr("content.xml", b"\x93\x01scrambled")
        book.writestr("META-INF/manifest.xml", "<manifest:encryption-data/>")
    return out.getvalue()


def altered_digit() -> bytes:
    """One digit changed on the way, as a bad disk would: only the checksum tells."""
    out, good = io.BytesIO(), zipfile.ZipFile(io.BytesIO(workbook('<row r="1"><c r="A1"><v>7777</v></c></row>')))
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as book:
        for name in good.namelist():
            book.writestr(name, good.read(name))
    return out.getvalue().replace(b"7777", b"7778")


def other_archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as book:
        book.writestr("word/document.xml", "<w/>")
    return out.getvalue()


def many_parts() -> bytes:
    return workbook(parts={f"xl/x/{number}.bin": b"" for number in range(6000)})


HOSTILE = {  # how it is made, and a word of what is said in Vietnamese
    "bomb.xlsx": (bomb, "quá lớn"),
    "lying_bomb.xlsx": (lying_bomb, "hỏng"),
    "entities.xlsx": (entities, "thực thể XML"),
    "entities_in_utf16.xlsx": (entities_in_utf16, "thực thể XML"),
    "far_corner.xlsx": (far_corner, "XFD1048576"),
    "locked.xlsx": (locked, "mật khẩu"),
    "locked.ods": (locked_ods, "mật khẩu"),
    "altered_digit.xlsx": (altered_digit, "hỏng"),
    "letter.xlsx": (other_archive, "Word"),
    "many_parts.xlsx": (many_parts, "quá lớn"),
    "scan.xlsx": (lambda: b"%PDF-1.7 ...", "PDF"),
    "photo.xlsx": (lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "ảnh"),
    "packed.xlsx": (lambda: b"Rar!\x1a\x07\0", "RAR"),
    "page.xls": (lambda: "<html><table><tr><td>Số hộ</td></tr></table></html>".encode(), "HTML"),
    "page_with_mark.xls": (lambda: "\ufeff<!DOCTYPE html><html></html>".encode(), "HTML"),
    "book.xml": (lambda: b'<?xml version="1.0"?><Workbook/>', "XML"),
    "empty.csv": (lambda: b"", "rỗng"),
    "blank.csv": (lambda: b" \r\n ", "rỗng"),
    "zeros.csv": (lambda: b"a;b\0\0c" * 40, "không phải bảng tính"),
    "cut.xlsx": (lambda: workbook()[:300], "hỏng"),
    "no_end.xlsx": (lambda: workbook()[:-30], "hỏng"),
    "broken_sheet.xlsx": (lambda: workbook(parts={"xl/worksheets/sheet1.xml": b"<worksheet><sheetData><row"}), ""),
    "not_really.xls": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 3000, "không phải bảng tính"),
}  # fmt: skip


@pytest.fixture(scope="module")
def told(tmp_path_factory) -> dict:
    """Every hostile file read in one go, with a good report after each."""
    folder = tmp_path_factory.mktemp("hostile")
    good = written(MONTHLY, folder)
    jobs = []
    for name, (made, _) in HOSTILE.items():
        (folder / name).write_bytes(made())
        jobs += [Job(str(folder / name), name), Job(str(good), f"after {name}")]
    with Readers(NAMES) as readers:
        return {job.name: readings for job, readings in zip(jobs, readers.read(jobs), strict=True)}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_told_in_both_languages(name, told):
    (reading,) = told[name]
    blocking = [each for each in reading.problems if each.blocks]
    assert blocking
    for language in LANGUAGES:
        assert blocking[0].says(language).startswith(name)
    assert HOSTILE[name][1] in blocking[0].says("vi")


@pytest.mark.parametrize("name", HOSTILE)
def test_the_file_beside_it_is_read(name, told):
    (reading,) = told[f"after {name}"]
    assert reading.accepted
    assert len(values(reading)) > 1


def test_a_file_that_takes_too_long_is_stopped_and_the_next_is_read(tmp_path):
    slow = tmp_path / "slow.xlsx"
    rows = "".join(
        f'<row r="{row}">' + "".join(f'<c r="{column}{row}"><v>7</v></c>' for column in "ABCDEFGHIJ") + "</row>"
        for row in range(1, 400_000)
    )
    slow.write_bytes(workbook(rows))
    good = written(MONTHLY, tmp_path)
    with Readers(NAMES, seconds=2) as readers:
        late, after = readers.read([Job(str(slow), "slow.xlsx"), Job(str(good), "good.xlsx")])
    assert "2 giây" in late[0].problems[0].says("vi")
    assert after[0].accepted


def test_a_reader_that_dies_takes_only_its_file_with_it(tmp_path):
    good = written(MONTHLY, tmp_path)
    with Readers(NAMES) as readers:
        (first,) = readers.read([Job(str(good), "a.xlsx")])
        readers._all[0]._running.kill()
        second, third = readers.read([Job(str(good), "b.xlsx"), Job(str(good), "c.xlsx")])
    assert first[0].accepted
    assert {each.kind for each in second[0].problems} == {"unreadable"}
    assert third[0].accepted


# What is allowed though it is odd


@pytest.mark.parametrize(
    ("parts", "cells"),
    [
        ({}, '<row r="1"><c r="A1"><v>1</v></c></row>'),
        ({}, "<row><c><v>1</v></c></row>"),  # places left out
        ({}, '<row r="1"><c r="A1" t="inlineStr"><is><t>1</t></is></c></row>'),
    ],
)
def test_odd_but_lawful_workbooks_are_read(parts, cells, tmp_path):
    (tmp_path / "x.xlsx").write_bytes(workbook(cells, parts))
    assert str(read_workbook(tmp_path / "x.xlsx").sheets[0].value(0, 0)).removesuffix(".0") == "1"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_parts_in_utf16_are_read(encoding, tmp_path):
    data = workbook()
    sheet = zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml").decode()
    declared = f'<?xml version="1.0" encoding="UTF-16"?>{sheet}'.encode(encoding)
    (tmp_path / "x.xlsx").write_bytes(workbook(parts={"xl/worksheets/sheet1.xml": declared}))
    assert read_workbook(tmp_path / "x.xlsx").sheets[0].value(0, 0) == 1


def test_a_formula_in_a_text_file_stays_a_text(tmp_path):
    (tmp_path / "x.csv").write_text('=cmd|"/c calc"!A1;1\n', encoding="utf-8")
    mark((tmp_path / "x.csv").read_bytes(), "x.csv", [], tmp_path / "back")
    cell = openpyxl.load_workbook(tmp_path / "back" / "x.xlsx").active["A1"]
    assert cell.data_type == "s"
