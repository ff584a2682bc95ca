"""What reports are read with: the register is taken from the snapshot made with it, and is the same as in its files."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter
from pandas.testing import assert_frame_equal

from benchmarks.nation.register import register
from data_ingest import commands, program
from data_ingest import standing as standing_module
from data_ingest.archive import Archive
from data_ingest.names import Lives, Names
from data_ingest.standing import SHIPPED, Standing
from warehouse.store import current
from warehouse.units import COLUMNS, read_units

KHU_AP = [("Xã", "Khu/ấp", "Số hộ"), ("25741", "Khu phố 1", 400), ("25741", "Ấp “Hai”", None)]


def standing(data: Path) -> Standing:
    archive = Archive(data)
    return Standing.of(archive, archive.receipts())


def nothing(folder: Path) -> None:
    """The register is as it is shipped."""


def a_country(folder: Path) -> Path:
    register(1)[COLUMNS].to_csv(folder / "country.csv", index=False)
    return folder / "country.csv"


def khu_ap(folder: Path) -> Path:
    with xlsxwriter.Workbook(str(folder / "khu-ap.xlsx")) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(KHU_AP):
            sheet.write_row(number, 0, row)
    return folder / "khu-ap.xlsx"


def renamed(folder: Path) -> Path:
    """Texts that a list of lists might not bear: quotes, backslashes, line ends, letters of two words."""
    units = pd.concat([read_units(path) for path in SHIPPED], ignore_index=True)
    units.loc[units.unit == "25741", "full_name"] = 'Phường "Chánh\\Nghĩa"\n𝒳'
    units[COLUMNS].to_csv(folder / "renamed.csv", index=False)
    return folder / "renamed.csv"


REGISTERS = [nothing, a_country, khu_ap, renamed]


@pytest.fixture
def received(two_months, tmp_path, request) -> Path:
    if file := request.param(tmp_path):
        commands.units(two_months, file, None)
    return two_months


@pytest.mark.parametrize("received", REGISTERS, indirect=True)
def test_the_snapshot_tells_the_register_as_its_files_do(received):
    found, read = standing(received), replace(standing(received), snapshot=None)
    assert_frame_equal(found.units, read.units)
    assert all(type(a) is type(b) for name in COLUMNS for a, b in zip(found.units[name], read.units[name], strict=True))
    assert standing(received).names.lives == read.names.lives


@pytest.mark.parametrize("received", REGISTERS, indirect=True)
@pytest.mark.parametrize("asked", ["units", "names"])
def test_its_files_are_not_read_again(received, asked, monkeypatch):
    for each in ("read_units", "read_register"):
        monkeypatch.setattr(standing_module, each, None)
    assert len(standing(received).names.lives.unit if asked == "names" else standing(received).units) > 100


def other_register(data: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = {"received_at": pd.Timestamp(2025, 1, 1).to_pydatetime(), "kind": "units"}
    Archive(data).receive([(khu_ap(folder), said)], copies=lambda files: [None for _ in files])


def other_program(data: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program, "REGISTER", ("metrics/*.py",))


def damaged(data: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot = current(data)
    with snapshot.open("r+b") as file:
        file.seek(16_384)
        file.write(b"\0" * (snapshot.stat().st_size - 32_768))


def gone(data: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    current(data).unlink()


@pytest.mark.parametrize("harm", [other_register, other_program, damaged, gone])
def test_what_was_made_with_another_register_or_is_damaged_tells_nothing(
    harm: Callable, two_months, tmp_path, monkeypatch
):
    harm(two_months, tmp_path, monkeypatch)
    read, real = [], standing_module.read_units
    monkeypatch.setattr(standing_module, "read_units", lambda path: read.append(path) or real(path))
    found = standing(two_months)
    assert len(found.names.lives.unit) == len(found.units)
    assert tuple(read) == SHIPPED
    khu = found.units[found.units.parent == "25741"].full_name
    assert list(khu) == ["Khu phố 1", "Ấp “Hai”"] if harm is other_register else len(khu) > 2


DAY = date(2024, 5, 1)
LIVES = [
    Lives([], [], [], [], [], []),
    Lives(
        ["1", "2"], ["province", "commune"], ["Tỉnh A", 'Xã "B"'], [None, "1"], [None, date(2024, 5, 1)], [None, None]
    ),
]


@pytest.mark.parametrize("lives", LIVES)
def test_lives_are_the_same_after_they_were_told_to_another_process(lives):
    told = Names(lives).as_json()
    assert b"\n" not in told
    assert Names(told).lives == lives
    assert Names(told).as_json() == told
