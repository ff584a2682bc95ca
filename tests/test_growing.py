"""A snapshot that grew by a few receipts holds what a build from nothing would: row for row, whatever came."""

import random
import shutil
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from made import COMMUNE, DISTRICT, MONTHLY, NAMES, filled

from data_ingest import build as building
from data_ingest import commands, growing, program, waiting
from data_ingest.__main__ import main
from data_ingest.form import Row, write_form
from data_ingest.template import template_for
from warehouse import store
from warehouse.period import Period
from warehouse.store import DRAFT, current

TABLES = ("units", "heirs", "receipts", "reports", "facts", "problems", "targets", "expected")
START = datetime(2024, 7, 1)


def rows(data: Path, table: str) -> list[tuple]:
    """Every row of a table, in an order of their own."""
    with duckdb.connect(str(current(data)), read_only=True) as con:
        return con.execute(f"select * from {table} order by all").fetchall()


def anew(data: Path, tmp_path: Path) -> Path:
    """The same data folder without any snapshot, built from its archive."""
    other = tmp_path / "anew"
    shutil.rmtree(other, ignore_errors=True)
    shutil.copytree(data, other, ignore=shutil.ignore_patterns("warehouse-*", "CURRENT", ".lock"))
    commands.build(other)
    return other


def is_same(data: Path, tmp_path: Path) -> bool:
    other = anew(data, tmp_path)
    return all(rows(data, table) == rows(other, table) for table in TABLES)


def report(folder: Path, unit: str, period: Period, times: int, numbers: random.Random) -> Path:
    """A commune's report, or its correction: the figures are others each time."""
    day = NAMES.on(min(period.last_day, datetime(2025, 6, 30).date()))
    plain = filled(MONTHLY)
    by = numbers.randint(0, 9)
    table = tuple(
        Row(day.full_name[each], {field: value + by for field, value in plain.rows[0].values.items()})
        for each in day.below[unit]
    )
    told = filled(
        MONTHLY, unit_name=day.title(unit), unit_code=unit, parent_name=day.full_name[day.parent[unit]],
        period=period, rows=table,
    )  # fmt: skip
    path = folder / f"{unit}_{period}_{times}.xlsx"
    write_form(template_for("monthly", period), told, path)
    return path


@pytest.fixture
def grown(monkeypatch) -> list[bool]:
    """Of each build that follows, whether it began with a copy of the last snapshot."""
    told, real = [], growing.grows

    def noted(*given: object) -> object:
        told.append((found := real(*given)) is not None)
        return found

    monkeypatch.setattr(building.growing, "grows", noted)
    return told


def sent(tmp_path: Path, seed: int) -> list[tuple[Path, datetime]]:
    """Reports of three communes out of order: early, late, corrected; and one of a district that sums them up."""
    numbers = random.Random(seed)
    units, files = (COMMUNE, *sorted(set(NAMES.on(START.date()).below[DISTRICT]) - {COMMUNE})[:2]), []
    for times in range(8):
        period = Period("month", 2024, numbers.randint(1, 6))
        path = report(tmp_path, numbers.choice(units), period, times, numbers)
        files.append((path, START + timedelta(days=times, hours=numbers.randint(-80, 80))))
    path = tmp_path / "district.xlsx"
    periodic = template_for("periodic", Period.parse("2024-Q2"))
    write_form(periodic, filled(periodic), path)
    files.insert(numbers.randint(2, 7), (path, START))
    return files


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_what_grew_report_by_report_is_what_a_build_from_nothing_makes(tmp_path, grown, seed):
    data = tmp_path / "data"
    for path, at in sent(tmp_path, seed):
        commands.load(data, [path], commands.Arrivals(at))
    assert grown.count(True) >= 7
    assert is_same(data, tmp_path)


def test_what_an_officer_accepts_later_is_added_as_if_it_had_always_been_there(two_months, tmp_path, grown):
    path = report(tmp_path, COMMUNE, Period("month", 2024, 5), 0, random.Random(4))
    (came,) = waiting.receive(two_months, [(path.name, path.read_bytes())], at=START).new
    commands.load(two_months, [report(tmp_path, COMMUNE, Period("month", 2024, 6), 0, random.Random(5))])
    waiting.accept(two_months, [came.receipt], "so-tttt")
    assert grown[-2:] == [True, True]
    assert is_same(two_months, tmp_path)


def test_a_copy_of_the_last_snapshot_leaves_that_as_it_was(two_months, tmp_path):
    before = current(two_months)
    told = before.read_bytes()
    commands.load(two_months, [report(tmp_path, COMMUNE, Period("month", 2024, 6), 0, random.Random(6))])
    assert before.read_bytes() == told and current(two_months) != before


@pytest.mark.parametrize("year", [2024, 2023], ids=["known", "new"])
def test_a_load_leaves_no_draft_behind_whether_it_built_or_not(two_months, tmp_path, year):
    again = report(tmp_path, COMMUNE, Period("month", year, 12), 0, random.Random(10))
    if year == 2024:
        commands.load(two_months, [again])
    before = current(two_months)
    commands.load(two_months, [again])
    assert (current(two_months) == before) == (year == 2024)
    assert list(two_months.glob(f"{DRAFT}*")) == []


def test_without_room_for_a_copy_what_is_known_is_known_and_what_is_new_fails(two_months, tmp_path, monkeypatch):
    known = report(tmp_path, COMMUNE, Period("month", 2024, 12), 0, random.Random(12))
    commands.load(two_months, [known])
    before = current(two_months)

    def full(source: Path, draft: Path) -> Path:
        draft.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store.shutil, "copyfile", full)
    assert commands.load(two_months, [known]).new == []
    new = report(tmp_path, COMMUNE, Period("month", 2024, 11), 0, random.Random(13))
    with pytest.raises(OSError, match="No space"):
        commands.load(two_months, [new])
    assert current(two_months) == before and list(two_months.glob(f"{DRAFT}*")) == []
    monkeypatch.undo()
    commands.build(two_months)
    assert is_same(two_months, tmp_path)


def test_a_damaged_snapshot_is_never_begun_with(two_months, tmp_path, grown):
    """Though what is copied is read through by another thread."""
    last = current(two_months)
    with last.open("r+b") as file:
        file.seek(-1000, 2)
        file.write(b"x" * 1000)
    commands.load(two_months, [report(tmp_path, COMMUNE, Period("month", 2024, 6), 0, random.Random(11))])
    assert last.name not in (current(two_months).name, *(each.name for each in two_months.glob("warehouse-*.duckdb")))
    assert is_same(two_months, tmp_path)


def test_when_much_is_new_all_is_put_in_order(two_months, tmp_path, grown, monkeypatch):
    monkeypatch.setattr(growing, "LEAST", 1)  # one report came since the facts were in order
    commands.load(two_months, [report(tmp_path, COMMUNE, Period("month", 2024, 1), 0, random.Random(7))])
    assert grown == [False]
    with duckdb.connect(str(current(two_months)), read_only=True) as con:
        found = con.execute("select last_month, unit from facts").fetchall()
    assert found == sorted(found)
    assert is_same(two_months, tmp_path)


@pytest.mark.parametrize(("part", "read"), [("WRITER", 1), ("READER", 3)])
def test_another_program_writes_all_anew(two_months, tmp_path, grown, monkeypatch, part, read):
    """What units became or owe is reckoned by the writer; it does not read the files again."""
    monkeypatch.setattr(program, part, ("metrics/*.py",))
    done = commands.load(two_months, [report(tmp_path, COMMUNE, Period("month", 2024, 6), 0, random.Random(8))])
    assert (grown, done.built.read) == ([], read)
    assert is_same(two_months, tmp_path)


def test_a_build_that_puts_less_in_order_than_was_read_changes_nothing(two_months, tmp_path, monkeypatch):
    before, real = current(two_months), building.keep
    monkeypatch.setattr(growing, "LEAST", 0)
    monkeypatch.setattr(building, "keep", lambda con, readings, facts: real(con, readings[:0], facts))
    with pytest.raises(RuntimeError, match="put in order"):
        commands.load(two_months, [report(tmp_path, COMMUNE, Period("month", 2024, 6), 0, random.Random(9))])
    assert current(two_months) == before


@pytest.mark.parametrize(("language", "said"), [("vi", "1 được nạp, 0 có lỗi"), ("en", "1 loaded, 0 blocked")])
def test_a_load_counts_its_own_files_whatever_another_program_reads_again(
    two_months, tmp_path, monkeypatch, capsys, language, said
):
    bad = tmp_path / "empty.xlsx"
    bad.write_bytes(b"")
    ask = ["--data", str(two_months), "--language", language, "load"]
    assert main([*ask, str(bad)]) == 1
    monkeypatch.setattr(program, "READER", ("metrics/*.py",))
    good = report(tmp_path, COMMUNE, Period("month", 2024, 6), 0, random.Random(10))
    assert main([*ask, str(good)]) == 0
    assert said in capsys.readouterr().out
