"""python -m metrics: the figures as other programs read them."""

import csv
import io
import json

import pytest

from metrics import INDICATORS
from metrics.__main__ import PRINTED, main


def printed(capsys, *call: str) -> str:
    assert main(list(call)) == 0
    return capsys.readouterr().out


def test_results_print_the_columns_promised(sample, capsys):
    call = ("results", "--period", "2025-Q2", "--level", "commune", "--format", "csv", "--data", str(sample))
    rows = list(csv.DictReader(io.StringIO(printed(capsys, *call))))
    assert list(rows[0]) == PRINTED
    assert len(rows) == 91 * sum(each.finest != "district" for each in INDICATORS.values())


@pytest.mark.parametrize("indicator", INDICATORS)
def test_one_indicator_is_printed_best_first(indicator, sample, capsys):
    call = ("results", "--period", "2025-to-06", "--level", "district", "--indicator", indicator, "--format", "json")
    rows = json.loads(printed(capsys, *call, "--data", str(sample)))
    assert {row["indicator"] for row in rows} == {indicator}
    ranks = [row["rank"] for row in rows if row["rank"] is not None]
    assert len(rows) == 9
    assert ranks == sorted(ranks)


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
