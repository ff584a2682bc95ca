"""Kept: backed up while it serves, killed at any moment, brought back from nothing, and looked through."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

import duckdb
import pytest
from killed import Rounds
from made import MONTHLY, filled

from data_ingest import commands
from data_ingest.archive import Archive
from data_ingest.form import write_form
from language import LANGUAGES
from metrics.core.ledger import Ledger
from warehouse import __main__ as command_line
from warehouse.audit import Audit
from warehouse.backup import backup, restore
from warehouse.entries import Entries
from warehouse.period import Period
from warehouse.rebuilt import build
from warehouse.receipts import receipts_in
from warehouse.results import differences
from warehouse.shelf import Shelf, ShelfError
from warehouse.store import current
from warehouse.truth import content, everything, kept
from warehouse.verify import verify
from warehouse.verify_shelf import verify_shelf
from warehouse.whole import seal

ROOT = Path(__file__).parent.parent
KILLS = 30


@pytest.fixture
def data(two_months) -> Path:
    """Two reports, some entries, deeds, an account, boundaries, a file that nobody knows, and what is passed over."""
    Entries(two_months).add("meeting", {"day": "2024-03-01", "title": "Họp tháng 2", "unit": "74"})
    for number in range(3):
        Audit(two_months).note("so-tttt", "exported", file=f"{number}.csv")
    (two_months / "accounts.jsonl").write_text('{"account": "so-tttt"}\n{"half', encoding="utf-8")
    (two_months / "access.toml").write_text("closed = true\n")
    (two_months / "boundaries").mkdir()
    for age, name in ((100, "communes.aa.geojson"), (50, "communes.bb.geojson")):
        (two_months / "boundaries" / name).write_text("{}")
        os.utime(two_months / "boundaries" / name, (time.time() - age, time.time() - age))
    (two_months / "later" / "deep").mkdir(parents=True)
    (two_months / "later" / "deep" / "anything.bin").write_bytes(b"\x00\xff")
    for name in ("logs", "sample", "sessions", "access", "branches"):
        (two_months / name).mkdir()
        (two_months / name / "x.jsonl").write_text("{}\n")
    return two_months


def truth(data: Path) -> dict[str, bytes]:
    return {path: content(data, path) for path in everything(data) if path != "audit.jsonl"}


def report(folder: Path, number: int) -> Path:
    period = Period("month", 2024, number)
    write_form(MONTHLY, filled(MONTHLY, period=period), folder / f"{period}.xlsx")
    return folder / f"{period}.xlsx"


def load(data: Path, file: Path, month: int) -> None:
    commands.load(data, [file], commands.Arrivals(datetime(2024, month, 15)))


def run(*arguments: object) -> int:
    return command_line.main([str(each) for each in arguments])


# What is kept


def test_all_is_kept_but_what_can_be_made_anew_or_is_of_the_moment(data):
    assert [path for path in kept(data) if "/" not in path] == [
        "access.toml", "accounts.jsonl", "audit.jsonl", "entries.jsonl", "receipts.csv",
    ]  # fmt: skip
    assert {path.split("/")[0] for path in kept(data) if "/" in path} == {"boundaries", "later"}


def test_receipts_are_read_after_what_points_at_them(data):
    (data / "zz.csv").write_text("receipt\n1\n")
    assert kept(data)[-1] == "receipts.csv"


def test_half_a_line_is_not_in_a_backup(data, tmp_path):
    backup(data, tmp_path / "shelf")
    restore(tmp_path / "shelf", tmp_path / "back")
    assert (tmp_path / "back" / "accounts.jsonl").read_text() == '{"account": "so-tttt"}\n'


def test_a_copy_is_found_where_the_head_of_the_list_is_older_than_its_last_column(data):
    """An .xls that held personal data is kept as .xlsx; what it came as stands behind the columns that are named."""
    path = data / "receipts.csv"
    head, *rows = path.read_text(encoding="utf-8").splitlines()
    assert head.endswith(",came")
    number, *rest = rows[0].split(",")
    copied = ",".join([str(len(rows) + 1), *rest])[: -len(",")].replace(".xlsx", ".xls")
    path.write_text("\n".join([head.removesuffix(",came"), *rows, f"{copied},{'0' * 64}", ""]), encoding="utf-8")
    assert {Path(name).suffix for name in receipts_in(data).archived()} == {".xlsx"}
    assert [each.came for each in Archive(data).receipts()] == ["", "", "0" * 64]


# From nothing


def test_after_everything_is_deleted_all_comes_back_with_the_same_results(data, tmp_path, capsys):
    before, period = truth(data), Period.parse("2024-Q1")
    results, snapshot = Ledger.open(current(data)).results(period), tmp_path / "was.duckdb"
    shutil.copy(current(data), snapshot)
    assert run("backup", tmp_path / "shelf", "--data", data) == 0
    shutil.rmtree(data)
    assert run("restore", tmp_path / "shelf", "--data", data) == 0
    assert "đúng như khi sao lưu" in capsys.readouterr().out
    assert truth(data) == before
    assert differences(snapshot, current(data)) == {}
    assert Ledger.open(current(data)).results(period).equals(results)
    assert Entries(data).standing("meeting").title.tolist() == ["Họp tháng 2"]
    assert run("verify", "--data", data) == 0
    assert [each.did for each in Audit(data).all()][-1] == "restored"
    assert Audit(data).broken() is None


def test_of_two_boundaries_the_newer_one_is_the_newer_one_still(data, tmp_path):
    backup(data, tmp_path / "shelf")
    restore(tmp_path / "shelf", tmp_path / "back")
    a, b = ((tmp_path / "back" / "boundaries" / f"communes.{each}.geojson").stat().st_mtime for each in ("aa", "bb"))
    assert a < b


def test_a_backup_adds_only_what_is_new_and_takes_nothing_away(data, tmp_path):
    shelf = Shelf(tmp_path / "shelf")
    first = backup(data, shelf.place)
    was = {path: path.read_bytes() for path in shelf.place.rglob("*") if path.is_file() and path.name != ".lock"}
    before = truth(data)
    new = report(tmp_path, 3)
    load(data, new, 3)
    second = backup(data, shelf.place)
    assert first.new > second.new
    assert second.new < new.stat().st_size + 1_000
    assert all(path.read_bytes() == text for path, text in was.items())
    assert backup(data, shelf.place).new == 0
    for number, expected in ((1, before), (2, truth(data)), (None, truth(data))):
        restore(shelf.place, tmp_path / f"back-{number}", number)
        assert truth(tmp_path / f"back-{number}") == expected
    assert len(second.manifest.files["receipts.csv"].pieces) == 2


def test_the_files_can_be_put_together_by_hand(data, tmp_path):
    backup(data, tmp_path / "shelf")
    load(data, report(tmp_path, 3), 3)
    backup(data, tmp_path / "shelf")
    told = json.loads(Shelf(tmp_path / "shelf").all()[-1].read_text())
    pieces = tmp_path / "shelf" / "pieces"
    joined = b"".join((pieces / each[:2] / each).read_bytes() for each, _ in told["files"]["receipts.csv"]["pieces"])
    assert joined == (data / "receipts.csv").read_bytes()


def test_a_list_that_was_altered_is_told_and_both_are_kept(data, tmp_path, capsys):
    run("backup", tmp_path / "shelf", "--data", data)
    was = (data / "entries.jsonl").read_bytes()
    (data / "entries.jsonl").write_bytes(was.replace(b"Q1", b"Q2").replace(b"2024-03-01", b"2024-03-02"))
    assert run("backup", tmp_path / "shelf", "--data", data) == 1
    assert "entries.jsonl" in capsys.readouterr().err
    for number, expected in ((1, was), (2, (data / "entries.jsonl").read_bytes())):
        restore(tmp_path / "shelf", tmp_path / f"back-{number}", number)
        assert (tmp_path / f"back-{number}" / "entries.jsonl").read_bytes() == expected


@pytest.mark.parametrize("harm", [Path.unlink, lambda path: path.write_bytes(b"other")], ids=["gone", "altered"])
def test_a_file_that_the_archive_has_lost_is_told_and_comes_from_an_earlier_backup(harm, data, tmp_path, capsys):
    run("backup", tmp_path / "shelf", "--data", data)
    lost = next((data / "archive").iterdir())
    text = lost.read_bytes()
    harm(lost)
    assert run("backup", tmp_path / "shelf", "--data", data) == 0  # the shelf has it
    assert run("backup", tmp_path / "other", "--data", data) == 1
    assert lost.name in capsys.readouterr().err
    restore(tmp_path / "shelf", tmp_path / "back")
    assert (tmp_path / "back" / "archive" / lost.name).read_bytes() == text


# Where it may go


def test_what_is_there_is_not_overwritten(data, tmp_path, capsys):
    run("backup", tmp_path / "shelf", "--data", data)
    load(data, report(tmp_path, 3), 3)
    before = truth(data)
    for language in LANGUAGES:
        assert run("restore", tmp_path / "shelf", "--data", data, "--language", language) == 2
    assert "không ghi đè" in capsys.readouterr().err
    assert truth(data) == before


def test_a_folder_that_holds_the_same_may_be_restored_again(data, tmp_path):
    run("backup", tmp_path / "shelf", "--data", data)
    for _ in range(2):
        assert run("restore", tmp_path / "shelf", "--data", data) == 0
    assert Audit(data).broken() is None


def test_a_restore_that_was_cut_off_goes_on(data, tmp_path):
    backup(data, tmp_path / "shelf")
    restore(tmp_path / "shelf", tmp_path / "back")
    for path in ("receipts.csv", "entries.jsonl"):
        (tmp_path / "back" / path).unlink()
    next((tmp_path / "back" / "archive").iterdir()).unlink()
    restore(tmp_path / "shelf", tmp_path / "back")
    assert truth(tmp_path / "back") == truth(data)


@pytest.mark.parametrize("place", ["data/inside", ".", "full"])
def test_a_backup_goes_nowhere_where_it_would_mix(place, data, tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("x")
    assert run("backup", tmp_path / place, "--data", data) == 2


def test_what_is_not_there_is_a_wrong_call(data, tmp_path):
    assert run("backup", tmp_path / "shelf", "--data", tmp_path / "nowhere") == 2
    assert run("restore", tmp_path / "nowhere", "--data", tmp_path / "back") == 2
    assert run("verify", tmp_path / "nowhere") == 2
    backup(data, tmp_path / "shelf")
    assert run("restore", tmp_path / "shelf", "--number", "7", "--data", tmp_path / "back") == 2
    assert not (tmp_path / "back").exists()


def test_a_backup_of_a_newer_program_is_not_guessed_at(data, tmp_path):
    backup(data, tmp_path / "shelf")
    shelf = Shelf(tmp_path / "shelf")
    shelf.close(type(shelf.newest())(**{**vars(shelf.newest()), "number": 2, "format": 99}))
    with pytest.raises(ShelfError, match="newer version"):
        shelf.number(None)


# At any moment

BACKING_UP = """
from pathlib import Path
from warehouse.backup import backup
def work(data, place):
    backup(Path(data), Path(place))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_killed_at_any_moment_the_backups_before_stay_usable(data, tmp_path):
    chance, place = random.Random(11), tmp_path / "shelf"
    numbers, killed = 2, 0
    with Rounds(BACKING_UP) as rounds:
        assert rounds.once(data, place)[0] == 0
        _, took = rounds.once(data, place)
        while killed < KILLS:
            (data / f"file-{killed}.bin").write_bytes(chance.randbytes(200_000))
            Audit(data).note("so-tttt", "exported", count=killed)
            status, _ = rounds.once(data, place, after=chance.uniform(0, took * 1.5))
            killed += status == signal.SIGKILL
            manifests = [Shelf(place).read(each) for each in Shelf(place).all()]
            assert None not in manifests
            assert len(manifests) >= numbers
            numbers = len(manifests)
        assert verify_shelf(place, rebuild=False) == []
        assert rounds.once(data, place)[0] == 0
    restore(place, tmp_path / "back")
    assert truth(tmp_path / "back") == truth(data)
    assert not list(place.rglob("*.part"))


def test_while_loads_go_on_every_backup_is_whole(data, tmp_path):
    """Loads in another process; what each backup holds has its files, and builds."""
    files = [report(tmp_path, number) for number in range(3, 9)]
    code = (
        "import sys; from pathlib import Path; from data_ingest import commands\n"
        "for file in sys.argv[2:]: commands.load(Path(sys.argv[1]), [Path(file)])"
    )
    loader = subprocess.Popen([sys.executable, "-c", code, str(data), *map(str, files)], cwd=ROOT)
    made = 0
    while loader.poll() is None:
        backup(data, tmp_path / "shelf")
        made += 1
    assert loader.returncode == 0
    backup(data, tmp_path / "shelf")
    shelf = Shelf(tmp_path / "shelf")
    assert made > 3
    held = []
    for number in range(1, made + 2):
        restore(shelf.place, tmp_path / f"back-{number}", number)
        archive = Archive(tmp_path / f"back-{number}")
        assert all(archive.is_whole(each) for each in archive.receipts())
        held.append(len(archive.receipts()))
    assert held == sorted(held)
    assert held[-1] == 8
    assert len(set(held)) > 2
    assert verify_shelf(shelf.place) == []


@pytest.mark.skipif(sys.platform != "linux", reason="limits of a process are set as on Linux")
@pytest.mark.parametrize("room", [0, 500, 2_000])
def test_on_a_disk_that_is_full_nothing_half_counts(room, data, tmp_path):
    backup(data, tmp_path / "shelf")
    load(data, report(tmp_path, 3), 3)
    call = (
        "import resource,signal,sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({room}, {room}));"
        "from warehouse.__main__ import main; sys.exit(main(sys.argv[1:]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", call, "backup", str(tmp_path / "shelf"), "--data", str(data)],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 3
    assert "Traceback" not in done.stderr
    assert len(Shelf(tmp_path / "shelf").all()) == 1
    assert verify_shelf(tmp_path / "shelf", rebuild=False) == []


# Looked through


def flip(path: Path) -> None:
    text = path.read_bytes()
    path.write_bytes(text[:-1] + bytes([text[-1] ^ 1]))


def change_a_line(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def first_archived(data: Path) -> Path:
    return sorted((data / "archive").iterdir())[0]


def change_the_snapshot(data: Path) -> None:
    """A figure is altered by somebody who also knows of the sum."""
    snapshot = current(data)
    with duckdb.connect(str(snapshot)) as con:
        con.execute("update facts set recency = recency + 1 where rowid = 0")
        con.execute("checkpoint")
    seal(snapshot, snapshot)


HARMS = {
    "file gone": (lambda data: first_archived(data).unlink(), "no longer in the archive"),
    "file altered": (lambda data: flip(first_archived(data)), "Altered in the archive"),
    "file without receipt": (lambda data: (data / "archive" / "x.xlsx").write_bytes(b"x"), "without a receipt"),
    "receipt taken out": (lambda data: change_a_line(data / "receipts.csv", "\n1,", "\n3,"), "numbers do not follow"),
    "log altered": (lambda data: change_a_line(data / "audit.jsonl", "1.csv", "9.csv"), "altered from line 3"),
    "entry unreadable": (lambda data: change_a_line(data / "entries.jsonl", "{", "["), "line 1 cannot be read"),
    "entry not understood": (lambda data: change_a_line(data / "entries.jsonl", '"kind"', '"sort"'), "understood"),
    "figure altered": (change_the_snapshot, "Table facts: 1 rows"),
    "snapshot cut": (lambda data: os.truncate(current(data), 9_000), "damaged"),
    "nothing serves": (lambda data: [each.unlink() for each in data.glob("warehouse-*")], "No snapshot serves"),
    "no build yet": (lambda data: Archive(data).receive([(another(data), {"received_at": datetime(2024, 3, 15)})]),
                     "has not been built in yet"),
}  # fmt: skip


def another(data: Path) -> Path:
    return report(data.parent, 3)


@pytest.mark.parametrize("harm", HARMS)
def test_each_harm_is_told_with_what_to_do(harm, data, capsys):
    do, told = HARMS[harm]
    do(data)
    assert run("verify", data, "--language", "en") == 1
    said = capsys.readouterr().err
    assert told in said
    assert "→" in said


def test_a_folder_that_is_sound_is_told_to_be(data, capsys):
    assert run("verify", "--data", data) == 0
    assert "nguyên vẹn" in capsys.readouterr().out


def test_what_a_verify_says_to_do_mends_it(data):
    change_the_snapshot(data)
    current(data).unlink()
    commands.build(data)
    assert verify(data) == []


def test_a_load_under_way_is_no_finding(data):
    (data / "archive" / "new.xlsx").write_bytes(b"x")
    (data / "arriving").write_text("new.xlsx\n")
    assert verify(data, rebuild=False) == []


def test_looking_changes_nothing(data):
    before = sorted((path, path.stat().st_mtime_ns) for path in data.rglob("*") if path.name != ".lock")
    verify(data)
    assert sorted((path, path.stat().st_mtime_ns) for path in data.rglob("*") if path.name != ".lock") == before


@pytest.mark.parametrize("harm", [Path.unlink, flip])
def test_every_piece_and_manifest_of_a_backup_is_looked_at_and_mended(harm, data, tmp_path, capsys):
    place = tmp_path / "shelf"
    run("backup", place, "--data", data)
    run("backup", place, "--data", data)
    assert run("verify", place) == 0
    for piece in sorted((place / "pieces").glob("*/*")):
        harm(piece)
        assert run("verify", place, "--no-rebuild") == 1
        assert "--look" in capsys.readouterr().err
        assert run("backup", place, "--data", data, "--look") == 0
    assert run("verify", place, "--no-rebuild") == 0


def test_a_damaged_manifest_is_told_and_the_one_before_can_be_chosen(data, tmp_path, capsys):
    place = tmp_path / "shelf"
    run("backup", place, "--data", data)
    run("backup", place, "--data", data)
    flip(Shelf(place).all()[-1])
    assert run("verify", place) == 1
    assert run("restore", place, "--data", tmp_path / "back") == 2
    assert "--number" in capsys.readouterr().err
    assert run("restore", place, "--number", "1", "--data", tmp_path / "back") == 0


def test_a_damaged_piece_is_never_restored(data, tmp_path):
    backup(data, tmp_path / "shelf")
    for piece in (tmp_path / "shelf" / "pieces").glob("*/*"):
        flip(piece)
    with pytest.raises(ShelfError, match="damaged"):
        restore(tmp_path / "shelf", tmp_path / "back")
    assert list(everything(tmp_path / "back")) == []


def test_the_rebuild_of_a_folder_that_cannot_be_built_is_told(tmp_path):
    (tmp_path / "receipts.csv").write_text("receipt,sha256\n1,x\n")
    with pytest.raises(ShelfError, match="built anew"):
        build(tmp_path)
