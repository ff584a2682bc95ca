"""Killed at any moment, on a full disk, twice at once, tampered with: nothing received is lost, nothing half-shown."""

import csv
import errno
import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import zipfile
from datetime import datetime
from pathlib import Path

import duckdb
import pytest
from killed import Rounds
from made import MONTHLY, filled, written

from data_ingest import __main__ as command_line
from data_ingest import archive as archives
from data_ingest import commands
from data_ingest.archive import Archive
from data_ingest.build import build
from data_ingest.form import write_form
from warehouse.period import Period
from warehouse.store import current

ROOT = Path(__file__).parent.parent
KILLS = 200
ROWS = len(filled(MONTHLY).rows) + 1  # facts of one whole report: the Đội's and one for each khu/ấp

LOADING = """
from datetime import datetime
from pathlib import Path
from data_ingest import commands, history, versions
def work(data, file):
    commands.load(Path(data), [Path(file)], commands.Arrivals(datetime(2024, 6, 15)))
"""


def month_files(folder: Path, count: int) -> list[Path]:
    files = []
    for number in range(count):
        period = Period("month", 2024 + number // 12, number % 12 + 1)
        write_form(MONTHLY, filled(MONTHLY, period=period), folder / f"{period}.xlsx")
        files.append(folder / f"{period}.xlsx")
    return files


def another(file: Path, comment: str) -> Path:
    """The same report as a file of its own, as if it were sent again."""
    with zipfile.ZipFile(file, "a") as book:
        book.comment = comment.encode()
    return file


def whole(data: Path) -> tuple[int, int]:
    """Checks that what is there is whole; the number of receipts and of reports that are shown."""
    receipts = Archive(data).receipts()
    for receipt in receipts:
        kept = Archive(data).path(receipt).read_bytes()
        assert hashlib.sha256(kept).hexdigest() == receipt.sha256
    assert [each.receipt for each in receipts] == list(range(1, len(receipts) + 1))
    serving = current(data)
    if serving is None:
        return len(receipts), 0
    with duckdb.connect(str(serving), read_only=True) as con:
        shown = con.execute("select report, count(*) from facts group by report").fetchall()
        assert {rows for _, rows in shown} <= {ROWS}
        assert con.execute("select count(*) from reports where accepted").fetchone() == (len(shown),)
    return len(receipts), len(shown)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_killed_at_any_moment_nothing_is_lost_and_nothing_half_shown(tmp_path):
    files = month_files(tmp_path, 18)  # until the commune ends, in June 2025
    chance = random.Random(7)
    data, killed, received, rounds_made = tmp_path / "data", 0, 0, 0
    with Rounds(LOADING) as rounds:
        for file in files[:3]:  # how long a load takes here
            status, took = rounds.once(tmp_path / "unkilled", file)
            assert status == 0
        while killed < KILLS:
            rounds_made += 1
            file = another(chance.choice(files), f"round {rounds_made}")
            status, _ = rounds.once(data, file, after=chance.uniform(0, took))
            killed += status == signal.SIGKILL
            now, _ = whole(data)
            assert now >= received
            received = now
        assert received > KILLS / 10  # some kills fell late enough, too
        for file in files:
            assert rounds.once(data, another(file, "last"))[0] == 0
    assert whole(data) == (received + len(files), received + len(files))
    left = {each.name for each in (data / "archive").iterdir()}
    assert left == {each.stored_as for each in Archive(data).receipts()}
    assert not list(data.glob("*.wal"))
    assert len(list(data.glob("warehouse-*.duckdb"))) <= 3
    assert not list(data.glob("CURRENT.*"))


def test_two_loads_at_once_both_come_in(tmp_path):
    files, data = month_files(tmp_path, 2), tmp_path / "data"
    call = [sys.executable, "-m", "data_ingest", "--data", str(data), "load"]
    running = [subprocess.Popen([*call, str(file)], cwd=ROOT, stdout=subprocess.DEVNULL) for file in files]
    assert [each.wait() for each in running] == [0, 0]
    assert whole(data) == (2, 2)


# Disks


@pytest.fixture(scope="module")
def first_loaded(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("loaded")
    commands.load(folder / "data", month_files(folder, 2)[:1], commands.Arrivals(datetime(2024, 1, 15)))
    return folder


@pytest.fixture
def loaded(first_loaded, tmp_path) -> tuple[Path, list[Path]]:
    """A data folder of one's own with the first of two reports."""
    folder = shutil.copytree(first_loaded, tmp_path / "loaded")
    return folder / "data", sorted(folder.glob("*.xlsx"))


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES])
@pytest.mark.parametrize("where", ["archive", "receipts", "snapshot", "pointer"])
def test_what_cannot_be_written_is_told_and_what_was_there_still_serves(number, where, loaded, monkeypatch, capsys):
    data, files = loaded
    before, receipts = current(data), (data / "receipts.csv").read_bytes()

    def fail(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number), str(data))

    if where == "archive":
        monkeypatch.setattr(archives.os, "replace", fail)
    elif where == "receipts":
        monkeypatch.setattr(archives, "_append", fail)
    elif where == "snapshot":
        monkeypatch.setattr("warehouse.store.begun", fail)
    else:
        monkeypatch.setattr("warehouse.store.write", fail)
    assert command_line.main(["load", str(files[1]), "--data", str(data)]) == 3
    told = capsys.readouterr().err
    assert str(data) in told
    assert "ghi" in told
    monkeypatch.undo()
    assert current(data) == before
    if where in ("archive", "receipts"):
        assert (data / "receipts.csv").read_bytes() == receipts
    assert command_line.main(["load", str(files[1]), "--data", str(data)]) == 0
    assert whole(data) == (2, 2)


@pytest.mark.skipif(sys.platform != "linux", reason="limits of a process are set as on Linux")
@pytest.mark.parametrize("room", [0, 4_000, 20_000, 200_000, 400_000])
def test_on_a_disk_that_fills_up_nothing_is_half_kept(room, loaded):
    data, files = loaded
    call = (
        "import resource,signal,sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({room}, {room}));"
        "from data_ingest.__main__ import main; sys.exit(main(sys.argv[1:]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", call, "load", str(files[1]), "--data", str(data)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 3
    assert "Traceback" not in done.stderr
    whole(data)
    assert command_line.main(["load", str(files[1]), "--data", str(data)]) == 0
    assert whole(data) == (2, 2)


# The archive


def test_an_archived_file_that_was_altered_is_told_and_mended_by_sending_it_again(loaded, capsys):
    data, files = loaded
    (receipt,) = Archive(data).receipts()
    Archive(data).path(receipt).write_bytes(written(MONTHLY, data, invented=False).read_bytes())
    for each in data.glob("warehouse-*"):
        each.unlink()
    command_line.main(["build", "--data", str(data)])
    assert problems(data) == [("archive_altered",)]
    assert command_line.main(["status", "--data", str(data)]) == 1
    assert "bị thay đổi" in capsys.readouterr().out
    command_line.main(["load", str(files[0]), "--data", str(data)])
    assert problems(data) == []
    assert whole(data) == (1, 1)


def test_an_archived_file_that_is_gone_is_told_and_the_others_are_read(loaded):
    data, files = loaded
    commands.load(data, files[1:], commands.Arrivals(datetime(2024, 2, 15)))
    Archive(data).path(Archive(data).receipts()[0]).unlink()
    for each in data.glob("warehouse-*"):
        each.unlink()
    build(data)
    assert problems(data) == [("archive_missing",)]
    with duckdb.connect(str(current(data)), read_only=True) as con:
        assert con.execute("select count(distinct report) from facts").fetchone() == (1,)


def problems(data: Path) -> list[tuple]:
    with duckdb.connect(str(current(data)), read_only=True) as con:
        return con.execute("select kind from problems where blocks").fetchall()


@pytest.mark.parametrize("harm", ["deleted", "cut", "scribbled"])
def test_a_warehouse_that_is_harmed_is_built_anew(harm, loaded):
    data, files = loaded
    serving = current(data)
    if harm == "deleted":
        serving.unlink()
    else:
        content = serving.read_bytes()
        serving.write_bytes(content[: len(content) // 2] if harm == "cut" else b"\xff" * len(content))
    build(data)
    assert whole(data) == (1, 1)


def test_receipts_only_ever_grow(loaded):
    data, files = loaded
    before = (data / "receipts.csv").read_bytes()
    commands.load(data, files, commands.Arrivals(datetime(2024, 2, 15)))
    after = (data / "receipts.csv").read_bytes()
    assert after.startswith(before)
    assert len(list(csv.DictReader(after.decode().splitlines()))) == 2
