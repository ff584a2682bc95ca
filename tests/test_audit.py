"""The log of deeds only grows, and whoever alters it is found out."""

from datetime import date

import pytest

from warehouse.audit import DEEDS, Audit
from warehouse.lines import append, last_line


def filled(data, count: int = 4) -> Audit:
    audit = Audit(data)
    for number in range(count):
        audit.note("so-tttt", "exported", file=f"Xã {number}.csv")
    return audit


@pytest.mark.parametrize("did", DEEDS)
def test_a_deed_is_told_as_it_was_noted(did, tmp_path):
    audit = Audit(tmp_path)
    audit.note("so-tttt", did, unit="724", count=3)
    (deed,) = audit.all(date.today(), date.today())
    assert (deed.number, deed.who, deed.did, deed.of) == (1, "so-tttt", did, {"unit": "724", "count": 3})
    assert audit.broken() is None


def test_a_deed_of_no_known_kind_is_refused(tmp_path):
    with pytest.raises(ValueError, match="unknown deed"):
        Audit(tmp_path).note("so-tttt", "looked")
    assert list(Audit(tmp_path).all()) == []


def test_what_was_written_stays_as_it_is(tmp_path):
    audit = filled(tmp_path)
    before = audit.file.read_bytes()
    audit.note("so-tttt", "accepted", receipt=7)
    assert audit.file.read_bytes().startswith(before)


@pytest.mark.parametrize(
    ("broken", "number"),
    [
        (lambda lines: [*lines[:1], lines[1].replace("Xã 1", "Xã 9"), *lines[2:]], 3),
        (lambda lines: [lines[0], *lines[2:]], 2),
        (lambda lines: [lines[1], lines[0], *lines[2:]], 1),
        (lambda lines: [*lines[:2], "not a deed", *lines[3:]], 3),
    ],
    ids=["a word altered", "a line taken out", "lines exchanged", "a line spoilt"],
)
def test_an_altered_log_is_found_out(broken, number, tmp_path):
    audit = filled(tmp_path)
    lines = audit.file.read_text(encoding="utf-8").split("\n")
    audit.file.write_text("\n".join(broken(lines)), encoding="utf-8")
    assert audit.broken() == number


def test_half_a_line_of_a_power_cut_is_no_deed_and_spoils_none(tmp_path):
    audit = filled(tmp_path)
    with audit.file.open("ab") as file:
        file.write('{"number": 5, "who": "Sở'.encode()[:-1])
    assert len(list(audit.all())) == 4
    audit.note("so-tttt", "accepted")
    assert [deed.number for deed in audit.all()] == [1, 2, 3, 4, 5]
    assert audit.broken() is None


@pytest.mark.parametrize("length", [0, 1, 8190, 8191, 8192, 8193, 20_000])
def test_the_last_line_is_found_however_long_lines_are(length, tmp_path):
    path = tmp_path / "lines"
    for text in ("ă" * length, "đầu", "x" * length):
        append(path, f"{text}\n")
        assert last_line(path) == text
