"""What people enter is kept like receipts, and commitments become met or missed by themselves."""

import time
from datetime import date, datetime, timedelta

import pandas as pd
import pytest

from data_ingest.build import build
from data_ingest.commands import Arrivals
from metrics import INDICATORS
from metrics.core.commitments import judged
from metrics.core.ledger import Ledger
from sample_data.entered import enter
from warehouse.entries import Entries, EntryError, difficulty_id
from warehouse.period import Period
from warehouse.store import current

SHARE = "e_wallet_household_share"
COMMITMENT = {"unit": "724", "indicator": SHARE, "goal": 30, "due": "2025-06-19", "meeting": "2025-03-20"}


def test_what_is_entered_stands_and_what_is_entered_later_changes_only_what_it_says(tmp_path):
    entries = Entries(tmp_path)
    id = entries.add("commitment", COMMITMENT, at=datetime(2025, 3, 20))
    entries.add("commitment", {"goal": 32}, id, at=datetime(2025, 4, 1))
    (now,) = entries.standing("commitment").itertuples()
    assert (now.goal, now.unit, now.changes) == (32, "724", 1)
    (then,) = entries.standing("commitment", date(2025, 3, 31)).itertuples()
    assert (then.goal, then.changes) == (30, 0)
    assert entries.standing("commitment", date(2025, 3, 19)).empty


def test_the_file_only_grows_and_a_thing_withdrawn_stays_in_it(tmp_path):
    entries = Entries(tmp_path)
    id = entries.add("commitment", COMMITMENT)
    before = entries.file.read_bytes()
    entries.withdraw(id, "commitment")
    assert entries.file.read_bytes().startswith(before)
    assert entries.standing("commitment").empty
    assert len(entries.all()) == 2


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="this system sets its zone elsewhere")
@pytest.mark.parametrize("zone", ["<+14>-14", "<-12>12"])  # in one of them it is always another day than in Greenwich
def test_an_entry_counts_on_the_same_day_as_a_file_that_comes_with_it(zone, tmp_path, monkeypatch):
    with monkeypatch.context() as there:
        there.setenv("TZ", zone)
        time.tzset()
        received, _ = Arrivals().of("report.xlsx", "")
        id = Entries(tmp_path).add("commitment", COMMITMENT)
        Entries(tmp_path).withdraw(id, "commitment")
    time.tzset()
    day = received.date()
    assert len(Entries(tmp_path).all(day)) == 2
    assert Entries(tmp_path).all(day - timedelta(days=1)) == []


@pytest.mark.parametrize("half", [b'{"number": 2, "kind": "comm', '{"text": "Xã'.encode()[:-1]])
def test_half_a_line_of_a_power_cut_is_no_entry_and_spoils_none(half, tmp_path):
    entries = Entries(tmp_path)
    entries.add("commitment", COMMITMENT)
    with entries.file.open("ab") as file:
        file.write(half)
    assert len(entries.all()) == 1
    entries.add("commitment", {**COMMITMENT, "goal": 31})
    assert [each.said["goal"] for each in entries.all()] == [30, 31]


@pytest.mark.parametrize("text", ["one\u2028two", "one\x85two", "one\r\ntwo"])
def test_words_pasted_with_line_breaks_of_any_kind_are_kept_as_they_are(text, tmp_path):
    Entries(tmp_path).add("commitment", {**COMMITMENT, "text": text})
    assert [each.said["text"] for each in Entries(tmp_path).all()] == [text]


@pytest.mark.parametrize(
    "text",
    [
        "gọi anh Nam 0912 345 678", "CCCD 074099001234", "+84912345678", "viết cho nam@binhduong.gov.vn",
        "giao ông Nguyễn Văn An", "đ/c Trần Thị Bình phụ trách", "đồng chí Bí thư Lê Văn Cường",
    ],
)  # fmt: skip
def test_numbers_and_addresses_of_persons_are_never_kept(text, tmp_path):
    with pytest.raises(EntryError) as told:
        Entries(tmp_path).add("commitment", {**COMMITMENT, "text": text})
    assert told.value.text.vi
    assert told.value.text.en
    assert not Entries(tmp_path).file.exists()


def test_figures_and_days_are_no_numbers_of_persons(tmp_path):
    said = {**COMMITMENT, "text": "Từ 21.630 hộ lên 25.000 hộ trước 19/6/2025, mã 25942."}
    assert Entries(tmp_path).add("commitment", said)


@pytest.mark.parametrize("text", ["Bà con đường Nguyễn Trãi, khu phố Lê Hồng Phong", "chi đoàn Trần Phú", "ấp Bà Đen"])
def test_names_of_places_are_no_names_of_persons(text, tmp_path):
    assert Entries(tmp_path).add("commitment", {**COMMITMENT, "text": text})


@pytest.mark.parametrize("said", [{**COMMITMENT, "person": "x"}, {"unit": "724"}, {**COMMITMENT, "due": ""}])
def test_what_is_missing_or_unknown_is_refused(said, tmp_path):
    with pytest.raises(EntryError):
        Entries(tmp_path).add("commitment", said)


def test_a_rebuild_loses_nothing_that_was_entered(tmp_path):
    build(tmp_path)
    entries = Entries(tmp_path)
    entries.add("commitment", COMMITMENT)
    current(tmp_path).unlink()
    build(tmp_path)
    assert len(Ledger.open(current(tmp_path)).entered("commitment")) == 1


def _state(due: str, today: str, values: dict[str, float | None]) -> pd.Series:
    entered = pd.DataFrame([{**COMMITMENT, "id": "c", "due": due, "text": "", "owner": "", "origin": "office"}])
    found = judged(
        entered,
        INDICATORS,
        date.fromisoformat(today),
        Period("so_far", 2025, 12),
        lambda unit, indicator, period, day: values.get(day.isoformat()),
    )
    return found.iloc[0]


@pytest.mark.parametrize(
    ("due", "today", "values", "state", "met_late"),
    [
        ("2025-06-19", "2025-05-01", {"2025-05-01": 29.9}, "open", False),
        ("2025-06-19", "2025-05-01", {"2025-05-01": 30}, "met", False),
        ("2025-06-19", "2025-06-19", {"2025-06-19": 29.9}, "open", False),
        ("2025-06-19", "2025-06-20", {"2025-06-19": 29.9}, "overdue", False),
        ("2025-06-19", "2025-08-01", {"2025-06-19": 29.9, "2025-08-01": 31}, "overdue", True),
        ("2025-06-19", "2025-08-01", {"2025-06-19": 30, "2025-08-01": 20}, "met", False),  # what was met stays met
        ("2025-06-19", "2025-08-01", {"2025-06-19": None}, "overdue", False),
    ],
)
def test_a_commitment_is_met_or_missed_by_itself(due, today, values, state, met_late):
    found = _state(due, today, values)
    assert (found.state, bool(found.met_late)) == (state, met_late)


def test_on_the_sample_the_overdue_come_first_and_as_of_an_earlier_day_they_are_open(sample):
    snapshot = current(sample)
    found = Ledger.open(snapshot, date(2025, 6, 25)).commitments()
    assert list(found.state) == sorted(found.state, key=("overdue", "open", "met").index)
    assert {"overdue", "open", "met"} == set(found.state)
    earlier = Ledger.open(snapshot, date(2025, 3, 25)).commitments()
    assert "overdue" not in set(earlier.state)
    assert Ledger.open(snapshot, date(2025, 3, 19)).last_meeting == date(2024, 12, 24)


def test_the_invented_entries_are_made_once_and_marked(sample):
    assert enter(sample) == 0
    assert {each.origin for each in Entries(sample).all()} == {"sample"}


def test_what_is_done_about_a_difficulty_holds_for_every_version_of_its_report(tmp_path):
    entries, id = Entries(tmp_path), difficulty_id("25942", "2025-04", "text_difficulties")
    said = {"unit": "25942", "period": "2025-04", "field": "text_difficulties", "status": "new"}
    entries.add("difficulty", said, id)
    entries.add("difficulty", {"status": "answered", "answer": "Đã hướng dẫn."}, id)
    (stands,) = entries.standing("difficulty").itertuples()
    assert (stands.status, stands.answer, stands.changes) == ("answered", "Đã hướng dẫn.", 1)


@pytest.mark.parametrize(
    ("period", "met"),
    [("2025-to-06", "2025-03-20"), ("2025-03", "2025-03-20"), ("2025-to-02", "2024-12-24"), ("2024-Q2", "2024-06-28"),
     ("2024-05", None), ("2023-11", None), ("plan", "2025-03-20")],
)  # fmt: skip
def test_a_period_is_held_against_a_meeting_that_had_not_seen_later_ones(sample, period, met):
    found = Ledger.open(current(sample)).meeting_before(Period.parse(period))
    assert (found and found.isoformat()) == met
