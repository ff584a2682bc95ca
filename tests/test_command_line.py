"""python -m metrics: the figures as other programs read them."""

import csv
import io
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from metrics import INDICATORS
from metrics.__main__ import PRINTED, main

ROOT = Path(__file__).parent.parent


def printed(capsys, *call: str) -> str:
    assert main(list(call)) == 0
    return capsys.readouterr().out


def test_results_print_the_columns_promised(sample, capsys):
    call = ("results", "--period", "2025-Q2", "--level", "commune", "--format", "csv", "--data", str(sample))
    rows = list(csv.DictReader(io.StringIO(printed(capsys, *call))))
    assert list(rows[0]) == PRINTED
    assert len(rows) == 91 * sum(each.finest in ("commune", "hamlet") for each in INDICATORS.values())


@pytest.mark.parametrize("indicator", [each.id for each in INDICATORS.values() if each.finest != "province"])
def test_one_indicator_is_printed_best_first(indicator, sample, capsys):
    call = ("results", "--period", "2025-to-06", "--level", "district", "--indicator", indicator, "--format", "json")
    rows = json.loads(printed(capsys, *call, "--data", str(sample)))
    assert {row["indicator"] for row in rows} == {indicator}
    ranks = [row["rank"] for row in rows if row["rank"] is not None]
    assert len(rows) == 9
    assert ranks == sorted(ranks)


@pytest.mark.parametrize(
    ("call", "column"),
    [
        ("pace --period 2025-to-06 --level commune", "pace_needed"),
        ("gaps --indicator e_wallet_household_share --unit 74 --period 2025-to-06", "gap"),
        ("compare --period 2025-Q2 --level district", "change"),
        ("compare --period 2025-Q2 --with 2025-Q1 --level district --indicator guided_mooc", "change"),
        ("restatements --since 2025-05-20 --level commune", "files"),
        ("reporting --period 2025-Q2", "days_late"),
        ("reporting --period 2025-Q2 --missing", "due"),
        ("reporting --period plan --unexpected", "file"),
        ("trace --indicator on_time_rate --unit 74 --period 2025-06", "received_at"),
    ],
    ids=lambda each: each.split()[0],
)
def test_every_question_prints_a_table(call, column, sample, capsys):
    rows = list(csv.reader(io.StringIO(printed(capsys, *call.split(), "--data", str(sample)))))
    assert column in rows[0]
    assert all(len(row) == len(rows[0]) for row in rows)


def test_what_is_missing_now_are_the_reports_due_that_have_not_come(sample, capsys):
    call = ("reporting", "--period", "2025-Q2", "--missing", "--as-of", "2025-05-31", "--data", str(sample))
    rows = list(csv.DictReader(io.StringIO(printed(capsys, *call))))
    assert {("25865", "2025-04"), ("25865", "2025-05")} <= {(row["unit"], row["period"]) for row in rows}
    assert all(row["due"] <= "2025-05-31" and not row["received_at"] for row in rows)


def test_before_the_plan_there_is_no_year_to_compare_with(sample, capsys):
    assert main(["compare", "--period", "2024-Q1", "--level", "district", "--data", str(sample)]) == 1
    assert "2024-Q1" in capsys.readouterr().err


def test_as_of_an_earlier_day_a_later_correction_does_not_count(sample, capsys):
    call = ("results", "--period", "2025-05", "--level", "commune", "--indicator", "e_wallet_household_share")
    values = {}
    for day in ("2025-05-20", "2025-06-30"):
        rows = csv.DictReader(io.StringIO(printed(capsys, *call, "--as-of", day, "--data", str(sample))))
        values[day] = next(row["value"] for row in rows if row["unit_code"] == "25750")
    assert values["2025-05-20"] != values["2025-06-30"]


def test_without_a_warehouse_it_says_what_to_run(tmp_path, capsys):
    assert main(["results", "--period", "2025", "--level", "commune", "--data", str(tmp_path)]) == 1
    assert "data_ingest build" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["metrics", "data_ingest", "exports", "warehouse", "access", "sample_data"])
def test_every_command_tells_what_it_can_do(command):
    done = subprocess.run([sys.executable, "-m", command, "--help"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    verbs = re.search(r"{([a-z,_-]+)}", done.stdout)
    for verb in verbs[1].split(",") if verbs and command in ("metrics", "exports") else ():
        told = subprocess.run([sys.executable, "-m", command, verb, "--help"], cwd=ROOT, capture_output=True, text=True)
        assert told.returncode == 0, (verb, told.stderr)


def test_results_are_told_in_the_units_of_any_day(sample, capsys):
    call = ("results", "--period", "2025-Q2", "--level", "commune", "--units-of", "2025-07-01", "--data", str(sample))
    rows = list(csv.DictReader(io.StringIO(printed(capsys, *call))))
    assert len({row["unit_code"] for row in rows}) == 36
    assert {row["estimated"] for row in rows} == {"", "people"}
