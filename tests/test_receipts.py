"""The list of receipts: what was written comes back, whatever files are called; an older list is read as well."""

import csv
import io
from datetime import datetime
from pathlib import PurePath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_ingest.archive import Archive
from warehouse.decisions import Decision, counting, undecided
from warehouse.lines import one_line
from warehouse.receipts import COLUMNS, Receipt, Receipts, blocks_in, receipts_in
from warehouse.received import received
from warehouse.truth import stored_as

AT = datetime(2024, 5, 6, 7, 8, 9)
SHA = [f"{number:064x}" for number in range(6)]
SOME = [
    Receipt(1, SHA[1], "danh mục.csv", AT, kind="units", option="74"),
    Receipt(2, SHA[2], 'Báo cáo "tháng 5", bản\ncuối.xlsx', AT, "Xã An Điền"),
    Receipt(3, SHA[3], "bc.xlsx", AT, origin="page"),
    Receipt(4, SHA[4], "bc.xls", AT, origin="page", came=SHA[5]),
]
# More than are read at once; each but the last line of some length of its own.
MANY = [
    each._replace(receipt=number, came=each.came * (number % 2), sender="x" * (number % 50))
    for number in range(1, 20_000)
    for each in [SOME[number % 4]]
]
TEXTS = st.text(st.characters(codec="utf-8"), max_size=20).map(one_line)


def as_list(receipts: list[Receipt], columns: int = len(COLUMNS)) -> bytes:
    """A list as it lies in the data folder; one of an earlier version had fewer columns."""
    text = io.StringIO(newline="")
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(COLUMNS[:columns])
    lines.writerows([[*each._replace(received_at=each.received_at.isoformat())][:columns] for each in receipts])
    return text.getvalue().encode()


@given(st.lists(st.tuples(TEXTS, TEXTS, TEXTS), max_size=5))
def test_whatever_was_received_comes_back_as_it_was(told):
    receipts = [
        Receipt(number, SHA[0], file, AT, sender, option=option)
        for number, (file, sender, option) in enumerate(told, start=1)
    ]
    assert list(Receipts.read(as_list(receipts))) == receipts


def test_what_is_received_stands_in_the_list(tmp_path):
    path = tmp_path / 'a, "b"\r\nc.xlsx'
    path.write_bytes(b"no workbook")
    archive = Archive(tmp_path / "data")
    told = archive.receive(
        [(path, {"received_at": AT, "sender": "Xã An Điền\rvăn phòng"})], copies=lambda files: [None]
    )
    assert (told[0].file, told[0].sender) == ('a, "b"  c.xlsx', "Xã An Điền văn phòng")
    assert list(archive.receipts()) == told
    assert archive.receipts()[0] == archive.receipts()[-1] == told[0]


@pytest.mark.parametrize("columns", range(4, len(COLUMNS)))
def test_an_older_list_with_fewer_columns_is_read_with_what_they_meant(columns):
    older, newer = SOME[1], SOME[3]
    kept = as_list([older], columns) + as_list([newer]).split(b"\n", 1)[1]
    blank = Receipt(2, SHA[2], older.file, AT)
    assert list(Receipts.read(kept)) == [blank._replace(**dict(list(older._asdict().items())[:columns])), newer]


@pytest.mark.parametrize("length", range(1, 40))
def test_a_line_that_was_cut_off_is_no_receipt_yet(tmp_path, length):
    (tmp_path / "receipts.csv").write_bytes(as_list(SOME[:1]) + as_list(SOME[2:3]).split(b"\n", 1)[1][:length])
    assert list(receipts_in(tmp_path)) == SOME[:1]


@pytest.mark.parametrize("columns", [len(COLUMNS), len(COLUMNS) - 1])
@pytest.mark.parametrize("cut", [0, 3])
def test_a_list_is_the_same_whole_and_block_by_block(tmp_path, columns, cut):
    """Whatever version wrote it, and where a power cut left half a line."""
    text = as_list(MANY, columns)
    (tmp_path / "receipts.csv").write_bytes(text[: len(text) - cut])
    every = list(receipts_in(tmp_path))
    assert len(every) == len(MANY) - bool(cut)
    blocks = list(blocks_in(tmp_path))
    assert [each for some in blocks for each in some] == every
    assert columns < len(COLUMNS) or len(blocks) > 1
    assert [each.came for each in every] == [
        each.came if columns == len(COLUMNS) else "" for each in MANY[: len(every)]
    ]


def test_pages_are_told_of_a_list_what_has_come(tmp_path):
    (tmp_path / "receipts.csv").write_bytes(as_list(SOME))
    told = received(tmp_path)
    assert (told.count, told.last_report, told.has_samples) == (4, AT, False)
    assert list(told.through_the_page) == SOME[2:]
    assert list(told.of_no_report) == SOME[:1]
    more = Receipt(5, SHA[0], "e.xlsx", AT.replace(year=2025), origin="sample")
    (tmp_path / "receipts.csv").write_bytes(as_list([*SOME, more]))
    told = received(tmp_path)
    assert (told.count, told.last_report, told.has_samples) == (5, more.received_at, True)


@pytest.mark.parametrize("text", [None, b"", b"receipt,sha256"])
def test_of_a_list_that_has_nothing_yet_pages_are_told_so(tmp_path, text):
    if text is not None:
        (tmp_path / "receipts.csv").write_bytes(text)
    told = received(tmp_path)
    assert (told.count, len(told.through_the_page), len(told.of_no_report), told.last_report) == (0, 0, 0, None)


@pytest.mark.parametrize("text", [b"", as_list([])], ids=["nothing", "the head alone"])
def test_a_list_without_a_receipt_is_empty(text):
    found = Receipts.read(text)
    assert (len(found), list(found), found.archived(), found.have("kind", "report")) == (0, [], {}, False)
    assert list(found + SOME) == SOME


def test_receipts_are_found_by_what_they_say_in_their_order():
    receipts = Receipts.of(SOME)
    assert [each.receipt for each in receipts.having("kind", ["report"])] == [2, 3, 4]
    assert [each.receipt for each in receipts.but("receipt", [3, 1, 99])] == [2, 4]
    assert [each.receipt for each in receipts.of_bytes([SHA[5], SHA[2]])] == [2, 4]
    assert list(receipts.but("receipt", [])) == SOME
    assert list(receipts.having("receipt", [])) == []
    assert receipts.have("origin", "page")
    assert not receipts.having("kind", ["units"]).have("origin", "page")
    with pytest.raises(IndexError):
        receipts[4]


def test_what_came_through_the_page_counts_once_it_was_accepted():
    receipts = Receipts.of(SOME)
    decided = {3: Decision(3, "accepted", AT, "a"), 4: Decision(4, "rejected", AT, "a", "no")}
    assert counting(receipts, {}).column("receipt") == [1, 2]
    assert counting(receipts, decided).column("receipt") == [1, 2, 3]
    assert undecided(receipts, {3: decided[3]}) == SOME[3:]


def test_the_sum_tells_other_receipts_and_other_bytes_apart():
    sums = [Receipts.of(some).sum for some in ([], SOME[:1], SOME[1:2], SOME, [SOME[0]._replace(sha256=SHA[2])])]
    assert len(set(sums)) == len(sums)
    assert (Receipts.of(SOME[:2]) + SOME[2:]).sum == Receipts.of(SOME).sum


@pytest.mark.parametrize("name", ["bc.xlsx", "BC.XLSX", "a.b.xls", "bc", ".xlsx", "bc.", "bc..", "a.tar.gz"])
def test_a_file_is_archived_under_its_hash_and_its_ending(name):
    assert stored_as(SHA[1], name) == SHA[1] + PurePath(name).suffix.lower()
