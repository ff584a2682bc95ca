"""Zips that are dropped: workbooks come out by their names, tricks come to nothing and are named in both languages."""

import io
import struct
import zipfile

import pytest
from made import MONTHLY, written

from data_ingest import unpacked
from data_ingest.unpacked import dropped


def zipped(*entries: tuple[str | zipfile.ZipInfo, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as book:
        for name, content in entries:
            book.writestr(name, content)
    return out.getvalue()


def only_refusal(content: bytes, name: str = "all.zip") -> str:
    found = dropped([(name, content)])
    assert found.files == []
    (told,) = found.refused
    assert told.vi != told.en
    return told.en


def test_workbooks_of_a_zip_come_out_with_their_names_and_the_rest_of_a_system_does_not():
    content = zipped(
        ("Dĩ An/Báo cáo.xlsx", b"1"), ("b.CSV", b"2"), ("__MACOSX/._b.csv", b"x"), (".DS_Store", b"x"),
        ("folder/", b""), ("~$b.xlsx", b"x"), ("Thumbs.db", b"x"),
    )  # fmt: skip
    found = dropped([("all.zip", content), ("c.ods", b"3")])
    assert found.files == [("Báo cáo.xlsx", b"1"), ("b.CSV", b"2"), ("c.ods", b"3")]
    assert found.refused == []


def test_a_workbook_is_not_unpacked_whatever_it_is_called(tmp_path):
    content = written(MONTHLY, tmp_path).read_bytes()
    assert dropped([("a.xlsx", content), ("b.zip", content)]).files == [("a.xlsx", content), ("b.zip", content)]


def unflagged(name: bytes) -> bytes:
    """A zip whose entry's name is in bytes of which it does not say what they are."""
    content = bytearray(zipped(("x" * len(name), b"1"), how=zipfile.ZIP_STORED))
    for start in (b"PK\x03\x04", b"PK\x01\x02"):
        at = content.index(b"x" * len(name), content.index(start))
        content[at : at + len(name)] = name
    return bytes(content)


@pytest.mark.parametrize(
    ("name", "told"), [("Xã Tân Định.csv".encode(), "Xã Tân Định.csv"), ("Café.csv".encode("cp437"), "Café.csv")]
)
def test_names_are_read_in_utf8_and_in_cp437(name, told):
    assert [each for each, _ in dropped([("all.zip", unflagged(name))]).files] == [told]


@pytest.mark.parametrize(
    "name", ["../a.csv", "a/../../b.csv", "/etc/a.csv", "C:/a.csv", "..\\a.csv", "\\\\server\\a.csv", "C:a.csv"]
)
def test_a_path_that_leads_out_is_refused_by_name(name):
    said = only_refusal(zipped(("good.csv", b"1"), (name, b"2")))
    assert "all.zip › " in said
    assert "leads out" in said


def test_a_link_is_refused():
    link = zipfile.ZipInfo("a.csv")
    link.external_attr = 0o120777 << 16
    assert "leads out" in only_refusal(zipped((link, b"/etc/passwd")))


@pytest.mark.parametrize("name", ["b.zip", "b.rar", "b.7z", "b.tar.gz"])
def test_an_archive_within_is_left_out_by_name_and_the_others_are_taken(name):
    found = dropped([("all.zip", zipped(("a.csv", b"1"), (name, b"PK")))])
    assert [each for each, _ in found.files] == ["a.csv"]
    assert f"all.zip › {name}" in found.refused[0].vi


def test_what_is_no_workbook_is_left_out_by_name():
    found = dropped([("all.zip", zipped(("a.csv", b"1"), ("b.pdf", b"2")))])
    assert "b.pdf" in found.refused[0].en
    assert len(found.files) == 1


def test_a_bomb_is_known_by_what_it_declares():
    assert "MB" in only_refusal(zipped(("a.csv", b"0" * (unpacked.LARGEST_FILE + 1))))


def test_many_that_are_too_much_together_are_refused(monkeypatch):
    monkeypatch.setattr(unpacked, "LARGEST_ZIP", 1000)
    assert "MB" in only_refusal(zipped(*((f"{n}.csv", b"0" * 400) for n in range(3))))


def test_a_bomb_that_declares_little_gives_no_more_than_that(monkeypatch):
    content = bytearray(zipped(("a.csv", b"0" * 3_000_000)))
    size = struct.pack("<I", 3_000_000)
    while (at := content.find(size)) >= 0:
        content[at : at + 4] = struct.pack("<I", 10)
    assert "declares" in only_refusal(bytes(content))


def test_a_password_is_told():
    content = bytearray(zipped(("a.csv", b"1")))
    for start, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(start) + flags] |= 1
    said = only_refusal(bytes(content))
    assert "password" in said
    assert "a.csv" in said


def test_too_many_files_are_refused():
    content = zipped(*((f"{n}.csv", b"1") for n in range(unpacked.MOST_FILES + 1)), how=zipfile.ZIP_STORED)
    assert str(unpacked.MOST_FILES) in only_refusal(content)


DAMAGED = {
    "empty": b"", "head alone": b"PK\x03\x04", "cut short": zipped(("a.csv", b"1" * 500))[:-30], "none": b"not a zip",
}  # fmt: skip


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED)
def test_what_is_damaged_is_told(content):
    assert "damaged" in only_refusal(content)


def test_an_empty_zip_is_told():
    assert "no file" in only_refusal(zipped())


def test_a_file_larger_than_allowed_is_told():
    said = only_refusal(b"0" * (unpacked.LARGEST_FILE + 1), "big.xlsx")
    assert "big.xlsx" in said


@pytest.mark.parametrize(
    ("name", "kept"),
    [("a\nb.csv", "a_b.csv"), ("x" * 300 + ".xlsx", "x" * 150 + ".xlsx"), ("a/b/c.csv", "c.csv"), ("?.csv", "_.csv")],
)
def test_a_name_is_one_that_any_file_system_takes(name, kept):
    assert dropped([(name, b"1")]).files == [(kept, b"1")]
