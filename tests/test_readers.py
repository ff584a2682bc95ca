"""Several files in the hands of one reading process: a crash, a slow file, each harms only itself."""

import time
from pathlib import Path

import numpy as np
import pytest
from made import MONTHLY, NAMES, written
from test_hostile import workbook

from data_ingest import guarded
from data_ingest.guarded import Job, Readers
from data_ingest.moving import moving
from warehouse.fields import FIELDS


def large(path: Path, rows: int) -> Path:
    cells = "".join(
        f'<row r="{row}">' + "".join(f'<c r="{column}{row}"><v>7</v></c>' for column in "ABCDEFGHIJ") + "</row>"
        for row in range(1, rows)
    )
    path.write_bytes(workbook(cells))
    return path


def jobs(*paths: Path) -> list[Job]:
    return [Job(str(path), f"{number}.xlsx") for number, path in enumerate(paths)]


@pytest.fixture
def good(tmp_path) -> Path:
    return written(MONTHLY, tmp_path)


@pytest.fixture(scope="module")
def slow(tmp_path_factory) -> Path:
    return large(tmp_path_factory.mktemp("slow") / "slow.xlsx", 400_000)


def test_a_crash_amid_a_handful_blames_only_the_file_that_was_read(good, slow):
    with Readers(NAMES) as readers:
        told = readers.read(jobs(good, good, slow, good, good))
        before = [next(told), next(told)]
        assert len(readers._all) == 1  # all of them are in the hand of one process, and it is at the slow one
        readers._all[0]._running.kill()
        crashed, *after = told
    assert [each.accepted for (each,) in (*before, *after)] == [True] * 4
    assert {each.kind for each in crashed[0].problems} == {"unreadable"}
    assert "2.xlsx" in crashed[0].problems[0].says("vi")


def test_a_slow_file_amid_a_handful_is_stopped_alone(good, slow):
    with Readers(NAMES, seconds=2) as readers:
        first, late, *after = readers.read(jobs(good, slow, good, good))
    assert "2 giây" in late[0].problems[0].says("vi")
    assert [each.accepted for (each,) in (first, *after)] == [True] * 3


def test_the_time_is_that_of_each_file_and_not_of_all_in_hand(tmp_path):
    path = large(tmp_path / "large.xlsx", 60_000)
    with Readers(NAMES) as readers:
        start = time.monotonic()
        list(readers.read(jobs(path)))
        once = time.monotonic() - start
    with Readers(NAMES, seconds=3 * once + 0.5) as readers:
        told = list(readers.read(jobs(*[path] * 6)))
    assert {each.kind for (reading,) in told for each in reading.problems} == {"unknown_form"}


def test_readings_that_nobody_fetched_do_not_come_with_the_next(good, slow, tmp_path):
    (tmp_path / "none.csv").write_text("a;b\n")
    with Readers(NAMES) as readers:
        next(readers.read(jobs(good, slow, good, good)))
        asked = readers.read(jobs(*[tmp_path / "none.csv"] * 4))
        assert list(readers._all[0].in_hand) == [0, 1, 2, 3]
        told = list(asked)
    assert not any(each.accepted for (each,) in told)


def test_what_was_begun_early_is_fetched_with_the_rest_and_read_once(good, monkeypatch):
    asked: list[int] = []
    ask = guarded._Process.ask
    monkeypatch.setattr(guarded._Process, "ask", lambda self, some: (asked.extend(n for n, _ in some), ask(self, some)))
    with Readers(NAMES) as readers:
        readers.begin(jobs(*[good] * 10))
        told = list(readers.read(jobs(*[good] * 30)))
    assert [each.file for (each,) in told] == [f"{number}.xlsx" for number in range(30)]
    assert sorted(asked) == list(range(30))


def test_what_was_begun_early_and_is_not_asked_for_is_forgotten(good, tmp_path):
    (tmp_path / "none.csv").write_text("a;b\n")
    with Readers(NAMES) as readers:
        readers.begin(jobs(*[good] * 10))
        told = list(readers.read(jobs(*[tmp_path / "none.csv"] * 20)))
    assert len(told) == 20
    assert not any(each.accepted for (each,) in told)


def test_many_files_come_back_in_their_order(good, tmp_path):
    (tmp_path / "none.csv").write_text("a;b\n")
    paths = [good if number % 3 else tmp_path / "none.csv" for number in range(400)]
    with Readers(NAMES) as readers:
        told = list(readers.read(jobs(*paths)))
    assert [each.file for (each,) in told] == [f"{number}.xlsx" for number in range(400)]
    assert [each.accepted for (each,) in told] == [number % 3 > 0 for number in range(400)]


# The first look at what moves


@pytest.mark.parametrize("cumulative", [True, False])
def test_no_figure_that_falls_or_jumps_is_overlooked_at_the_first_look(cumulative):
    chance = np.random.default_rng(3)
    field = next(each for each in FIELDS.values() if each.kind == "stock" and each.cumulative == cumulative)
    odd = 0
    for _ in range(2000):
        count = int(chance.integers(1, 20))
        values = 40 + np.cumsum(chance.integers(5, 9, count)).astype(float)
        values[chance.random(count) < 0.1] = np.nan
        values[chance.integers(0, count) :] += chance.choice([0, 0, 12, 25, -25, -12])
        months = 24_000 + np.arange(count)
        found = set(moving(np.array(["A"] * count), months, {field.id: values}, [field], 10, 0.1, 6))
        if jumps(values, months) or (cumulative and falls(values)):
            odd += 1
            assert found
    assert 100 < odd < 1900


def falls(values: np.ndarray) -> bool:
    return bool((np.diff(values[~np.isnan(values)]) < 0).any())


def jumps(values: np.ndarray, months: np.ndarray) -> bool:
    """Whether a change is as far from the median of those so far as a jump must be (history.jumps)."""
    told = [(value, month) for value, month in zip(values, months, strict=True) if value > 0]
    changes = [(b - a) / (n - m) for (a, m), (b, n) in zip(told, told[1:], strict=False)]
    return any(
        abs(changes[at] - np.median(changes[: at + 1])) >= max(10, 0.1 * told[at][0]) for at in range(4, len(changes))
    )
