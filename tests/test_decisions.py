"""What comes through the page counts when it has been accepted: once, wholly, by whoever decided first."""

import csv
import os
import random
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest
from killed import Rounds
from made import COMMUNE, JUNE, MONTHLY, Row, filled, place, typed_over
from test_nothing_lost import whole

from data_ingest import __main__ as command_line
from data_ingest import commands, guarded, waiting
from data_ingest.archive import Archive
from data_ingest.build import build
from data_ingest.effect import effects
from data_ingest.form import write_form
from metrics.core.ledger import Ledger
from warehouse.audit import COMMAND_LINE, Audit
from warehouse.decisions import Decision, Decisions
from warehouse.period import Period
from warehouse.store import current

ROOT = Path(__file__).parent.parent
CAME = datetime(2024, 6, 15)
UNIT = Period.parse("2024-06")


def report(tmp_path: Path, name: str = "1.xlsx", period: str = "2024-06", **changes: object) -> tuple[str, bytes]:
    """A good report with other figures in its first khu/ấp."""
    first, *others = filled(MONTHLY).rows
    rows = (Row(first.name, {**first.values, **changes}), *others)
    write_form(MONTHLY, filled(MONTHLY, rows=rows, period=Period.parse(period)), tmp_path / name)
    return name, (tmp_path / name).read_bytes()


def wrong(tmp_path: Path) -> tuple[str, bytes]:
    def change(book) -> None:
        row, column = place(book["Khu ấp"], "Số hộ có ví điện tử")
        book["Khu ấp"].cell(row + 2, column).value = "nhiều"

    return "wrong.xlsx", typed_over(tmp_path, change).read_bytes()


def ask(data: Path, sql: str) -> list[tuple]:
    with duckdb.connect(str(current(data)), read_only=True) as con:
        return con.execute(sql).fetchall()


def come(data: Path, *files: tuple[str, bytes], at: datetime = CAME) -> list[int]:
    return [each.receipt for each in waiting.receive(data, files, at=at).new]


@pytest.fixture
def data(tmp_path) -> Path:
    """A folder with one report that counts, loaded as ever."""
    name, content = report(tmp_path, "may.xlsx", "2024-05")
    commands.load(tmp_path / "data", [tmp_path / name], commands.Arrivals(datetime(2024, 5, 15)))
    return tmp_path / "data"


def test_a_file_of_the_page_is_kept_and_counts_for_nothing_until_it_is_accepted(data, tmp_path):
    before = current(data)
    (number,) = come(data, report(tmp_path))
    build(data)
    assert current(data) == before
    assert ask(data, "select count(*) from receipts") == [(1,)]
    assert len(Archive(data).receipts()) == 2
    done = waiting.accept(data, [number], "so-tttt")
    assert [each.receipt.receipt for each in done.accepted] == [number]
    assert ask(data, "select period from reports where accepted order by period") == [("2024-05",), ("2024-06",)]
    assert whole(data) == (2, 2)


def test_what_was_read_when_it_came_is_not_read_again_when_it_is_accepted(data, tmp_path, monkeypatch):
    (number,) = come(data, report(tmp_path))
    assert waiting.waiting(data)[0].state != "blocked"
    monkeypatch.setattr(guarded.Readers, "begin", lambda *_: pytest.fail("a file was read again"))
    assert waiting.accept(data, [number], "so-tttt").accepted


def test_a_file_that_waits_survives_a_restart_a_rebuild_and_a_load(data, tmp_path):
    (number,) = come(data, report(tmp_path))
    for each in data.glob("warehouse-*"):
        each.unlink()
    build(data)
    name, _ = report(tmp_path, "april.xlsx", "2024-04")
    commands.load(data, [tmp_path / name], commands.Arrivals(datetime(2024, 4, 15)))
    told = subprocess.run(
        [sys.executable, "-m", "data_ingest", "--data", str(data), "waiting"], cwd=ROOT, capture_output=True, text=True
    ).stdout
    assert told.startswith(f"{number}. 1.xlsx · {COMMUNE} 2024-06")
    assert ask(data, "select count(*) from reports") == [(2,)]


def test_a_rejected_file_stays_in_the_archive_counts_for_nothing_and_may_come_again(data, tmp_path):
    file = report(tmp_path)
    (number,) = come(data, file)
    assert waiting.reject(data, number, "so-tttt", "sai  kỳ\n").reason == "sai kỳ"
    build(data)
    assert ask(data, "select count(*) from reports") == [(1,)]
    assert Archive(data).is_whole(Archive(data).receipts()[-1])
    assert waiting.waiting(data) == ()
    (again,) = come(data, file)
    assert again == number + 1
    assert waiting.accept(data, [again], "so-tttt").accepted


def test_a_file_that_blocks_is_never_accepted(data, tmp_path):
    (number,) = come(data, wrong(tmp_path))
    before = current(data)
    done = waiting.accept(data, [number], "so-tttt")
    assert [each.state for each in done.blocked] == ["blocked"]
    assert done.accepted == ()
    assert Decisions(data).all() == {}
    assert current(data) == before


def test_of_two_who_decide_the_first_stands_and_the_other_is_told(data, tmp_path):
    (number,) = come(data, report(tmp_path))
    waiting.accept(data, [number], "first")
    (told,) = waiting.accept(data, [number], "second").decided
    assert (told.decided, told.by) == ("accepted", "first")
    assert waiting.reject(data, number, "second", "no").decided == "accepted"
    assert [each.by for each in Decisions(data).all().values()] == ["first"]


def test_officers_who_decide_at_once_leave_one_decision(data, tmp_path):
    (number,) = come(data, report(tmp_path))
    call = f"from pathlib import Path; from data_ingest import waiting; waiting.%s(Path({str(data)!r}), %s)"
    calls = [call % ("accept", f"[{number}], 'a'"), call % ("reject", f"{number}, 'b', 'x'")]
    running = [subprocess.Popen([sys.executable, "-c", each], cwd=ROOT) for each in calls]
    assert [each.wait() for each in running] == [0, 0]
    (decision,) = Decisions(data).all().values()
    assert len((data / "decisions.csv").read_text(encoding="utf-8").splitlines()) == 2
    counts = ask(data, "select count(*) from reports where period = '2024-06'") == [(1,)]
    assert counts == (decision.decided == "accepted")


def test_decisions_only_ever_grow_and_half_a_line_is_none(data, tmp_path):
    numbers = come(data, report(tmp_path), report(tmp_path, "2.xlsx", "2024-07"))
    waiting.accept(data, numbers[:1], "a")
    before = (data / "decisions.csv").read_bytes()
    (data / "decisions.csv").write_bytes(before + b"3,accep")
    assert set(Decisions(data).all()) == set(numbers[:1])
    waiting.reject(data, numbers[1], "a", "x")
    after = (data / "decisions.csv").read_bytes()
    assert after.startswith(before)
    assert set(Decisions(data).all()) == set(numbers)


def test_of_two_decisions_in_the_list_the_first_counts(tmp_path):
    at = datetime(2024, 6, 1)
    Decisions(tmp_path).add([Decision(1, "rejected", at, "a", "x"), Decision(1, "accepted", at, "b")])
    assert Decisions(tmp_path).all()[1].decided == "rejected"
    assert Decisions(tmp_path).refused() == {1}


def facts(data: Path) -> list[tuple]:
    """What a snapshot says, whatever the order in which it came to say it; not when things were decided."""
    told = []
    for table in ("facts", "problems", "receipts"):
        told += sorted(map(repr, ask(data, f"select * from {table}")))
    columns = "report, unit, period, accepted, superseded_at is null, columns"
    return told + sorted(map(repr, ask(data, f"select {columns} from reports")))


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_in_whatever_order_files_are_accepted_the_same_figures_stand(order, data, tmp_path):
    numbers = [
        *come(data, report(tmp_path, "1.xlsx", households_e_wallet=19), at=CAME),
        *come(data, report(tmp_path, "2.xlsx", households_e_wallet=18), at=datetime(2024, 6, 16)),
        *come(data, report(tmp_path, "3.xlsx", "2024-07", households_e_wallet=5), at=datetime(2024, 7, 16)),
    ]
    for place_ in order:
        waiting.accept(data, [numbers[place_]], "a")
    found = facts(data)
    standing = "select households_e_wallet from facts f join reports r using (report) where r.superseded_at is null"
    assert (18,) in ask(data, f"{standing} and r.period = '2024-06'")
    assert (19,) not in ask(data, f"{standing} and r.period = '2024-06'")
    for each in data.glob("warehouse-*"):
        each.unlink()
    build(data)
    assert facts(data) == found


def test_late_is_by_when_a_file_came_and_known_is_by_when_it_was_accepted(data, tmp_path):
    (number,) = come(data, report(tmp_path), at=datetime(2024, 6, 15))
    archive = Archive(data)
    with archive.writing():
        archive.decisions.add([Decision(number, "accepted", datetime(2024, 7, 10), "a")])
    build(data)
    before, after = Ledger.open(current(data), date(2024, 7, 9)), Ledger.open(current(data), date(2024, 7, 10))
    assert (len(before.months), len(after.months)) == (1, 2)
    owed = after.reporting(UNIT)
    row = owed[owed.unit == COMMUNE].iloc[0]
    assert (row.received_at, row.days_late) == (datetime(2024, 6, 15), 0)
    owed = before.reporting(UNIT)
    assert owed[owed.unit == COMMUNE].received_at.isna().all()


def test_what_is_accepted_later_takes_its_place_only_then(data, tmp_path):
    first, second = (
        *come(data, report(tmp_path, "1.xlsx", households_e_wallet=19), at=datetime(2024, 6, 15)),
        *come(data, report(tmp_path, "2.xlsx", households_e_wallet=18), at=datetime(2024, 6, 16)),
    )
    archive = Archive(data)
    with archive.writing():
        archive.decisions.add([Decision(second, "accepted", datetime(2024, 6, 20), "a")])
        archive.decisions.add([Decision(first, "accepted", datetime(2024, 6, 25), "a")])
    build(data)

    def wallets(day: date) -> int:
        figures = Ledger.open(current(data), day).figures(UNIT, ("households_e_wallet",))
        return int(figures[figures.unit == JUNE.below[COMMUNE][0]].households_e_wallet.iloc[0])

    assert [wallets(date(2024, 6, day)) for day in (20, 25, 30)] == [18, 18, 18]


def test_what_a_report_would_change_is_told_before_it_is_accepted(data, tmp_path):
    come(data, report(tmp_path, "new.xlsx", "2024-05", households_e_wallet=19), at=datetime(2024, 5, 16))
    come(data, report(tmp_path, "old.xlsx", "2024-05", households_e_wallet=18), at=datetime(2024, 5, 14))
    come(data, report(tmp_path, "june.xlsx"))
    found = {each.receipt.file: each for each in waiting.waiting(data)}
    told = {
        name: effects(current(data), [(each.receipt.received_at, each.readings[0])])[0] for name, each in found.items()
    }
    assert [(each.before, each.after, each.cell) for each in told["new.xlsx"].changes] == [(20, 19, "N16")]
    assert told["new.xlsx"].replaces
    assert not told["old.xlsx"].replaces
    assert told["june.xlsx"].file == ""


def test_files_that_wait_are_held_against_what_stands(data, tmp_path):
    come(data, report(tmp_path, households_e_wallet=3))
    (found,) = waiting.waiting(data)
    assert found.state == "noted"
    assert "falls" in {each.kind for each in found.problems}


def test_a_file_known_already_is_told_with_its_receipt(data, tmp_path):
    file = report(tmp_path)
    (number,) = come(data, file)
    done = waiting.receive(data, [file, report(tmp_path, "may.xlsx", "2024-05")])
    assert done.new == ()
    assert [(name, receipt.receipt) for name, receipt in done.known] == [("1.xlsx", number), ("may.xlsx", 1)]


def test_nothing_of_a_dropped_file_stays_behind_but_in_the_archive(data, tmp_path, monkeypatch):
    (tmp_path / "private").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "private"))
    come(data, report(tmp_path))
    assert list((tmp_path / "private").iterdir()) == []


def test_a_list_of_receipts_from_before_is_read_as_ever(data):
    with (data / "receipts.csv").open(encoding="utf-8") as file:
        assert csv.DictReader(file).fieldnames[-1] == "came"
    assert {each.origin for each in Archive(data).receipts()} == {"office"}
    assert not (data / "decisions.csv").exists()


# Killed

ACCEPTING = """
from pathlib import Path
from data_ingest import history, versions, waiting
def work(data, number):
    waiting.accept(Path(data), [int(number)], "a")
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_killed_while_accepting_a_file_counts_wholly_or_not_at_all(tmp_path):
    data, chance = tmp_path / "data", random.Random(3)
    months = [f"2024-{month:02}" for month in range(1, 13)] + [f"2025-{month:02}" for month in range(1, 6)]
    numbers = come(data, *(report(tmp_path, f"{each}.xlsx", each) for each in months))
    with Rounds(ACCEPTING) as rounds:
        _, took = rounds.once(data, numbers[0])
        for number in numbers[1:]:
            rounds.once(data, number, after=chance.uniform(0, took))
            decided = Decisions(data).all()
            receipts, shown = whole(data)
            assert receipts == len(numbers)
            assert shown <= len(decided)
            assert waiting.is_behind(data) == (shown < len(decided))
    for number in numbers:
        waiting.accept(data, [number], "b")
    if waiting.is_behind(data):
        build(data)
    assert whole(data) == (len(numbers), len(numbers))


# The command line


def call(data: Path, *arguments: object) -> int:
    return command_line.main(["--data", str(data), "--language", "en", *map(str, arguments)])


def test_the_command_line_lists_accepts_and_rejects_and_writes_it_down(data, tmp_path, capsys):
    good, bad = come(data, report(tmp_path), wrong(tmp_path))
    assert call(data, "status") == 0
    assert "Waiting to be accepted: 2" in capsys.readouterr().out
    assert call(data, "waiting") == 1
    told = capsys.readouterr().out
    assert "with notes" in told
    assert "N16" in told
    assert call(data, "accept", good, bad) == 1
    assert "blocked" in capsys.readouterr().out
    assert call(data, "reject", bad, "--reason", "call 0912 345 678") == 2
    assert call(data, "reject", bad, "--reason", "wrong cells") == 0
    assert call(data, "reject", bad, "--reason", "again") == 1
    assert call(data, "accept", 1) == 2
    assert call(data, "waiting") == 0
    deeds = [(each.who, each.did) for each in Audit(data).all()]
    assert deeds == [(COMMAND_LINE, "accepted"), (COMMAND_LINE, "rejected")]
    assert "wrong cells" not in (data / "audit.jsonl").read_text(encoding="utf-8")


def test_loading_a_file_that_waits_says_so(data, tmp_path, capsys):
    name, _ = file = report(tmp_path)
    (number,) = come(data, file)
    assert call(data, "load", tmp_path / name) == 0
    assert f"accept {number}" in capsys.readouterr().out
    assert ask(data, "select count(*) from reports") == [(1,)]


def test_what_the_command_line_does_is_in_the_log(data, tmp_path):
    name, _ = report(tmp_path, "april.xlsx", "2024-04")
    call(data, "load", tmp_path / name)
    call(data, "spelling", "Phường Bình Annn", "--unit", COMMUNE)
    assert [each.did for each in Audit(data).all()] == ["loaded", "spelling"]
    assert Audit(data).broken() is None
