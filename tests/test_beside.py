"""A report held against what stands beside it: last month, the census, the other reports, who usually sends."""

from datetime import datetime
from pathlib import Path

import duckdb
import openpyxl
import pytest
from made import COMMUNE, DISTRICT, JUNE, MONTHLY, Row, filled, written

from data_ingest import commands
from data_ingest.build import _with_history, numbered
from data_ingest.form import write_form
from data_ingest.history import FEWEST_MONTHS, Found
from data_ingest.problems import Problem
from data_ingest.reading import Reading
from data_ingest.template import all_templates
from metrics.core.ledger import Ledger
from warehouse.period import Period, month
from warehouse.receipts import Receipt
from warehouse.store import current

FIRST = Period("month", 2024, 1).first_month
PERIODIC = next(each for each in all_templates() if each.form == "periodic")


def sent(folder: Path, months: list[dict], **filling: object) -> Path:
    """A data folder into which a commune has sent a report each month: khu/ấp 1's figures as given, from 01/2024."""
    folder.mkdir(parents=True, exist_ok=True)
    files, came = folder / "files", {}
    files.mkdir()
    for count, changes in enumerate(months):
        period = month(FIRST + count)
        first, *others = filled(MONTHLY).rows
        told = filled(MONTHLY, period=period, rows=(Row(first.name, {**first.values, **changes}), *others), **filling)
        write_form(MONTHLY, told, files / f"{period}.xlsx")
        came[f"{period}.xlsx"] = (datetime(period.year, period.number, 15), "Phường Bình An")
    commands.load(folder, [files], commands.Arrivals(log=came))
    return folder


def found(data: Path) -> list[tuple]:
    """Kind, period, sheet and cell of what was found beside the report itself."""
    with duckdb.connect(str(current(data)), read_only=True) as con:
        return con.execute(
            "select kind, period, p.sheet, cell from problems p join reports using (report)"
            " where not blocks and kind not in ('far_from_census', 'total_differs') order by all"
        ).fetchall()


def test_a_figure_that_counts_up_and_falls_is_noted_with_its_cell(tmp_path):
    data = sent(tmp_path / "data", [{"households_visited": 20}, {"households_visited": 19}])
    assert found(data) == [("falls", "2024-02", "Khu ấp", "L16")]


def test_a_figure_that_may_fall_is_not_noted(tmp_path):
    assert found(sent(tmp_path / "data", [{"hamlet_team_members": 40}, {"hamlet_team_members": 38}])) == []


def test_a_fall_with_a_note_beside_it_is_not_noted(tmp_path):
    data = sent(tmp_path / "data", [{"households_visited": 20}])
    first, *others = filled(MONTHLY).rows
    rows = (Row(first.name, {**first.values, "households_visited": 19}), *others)
    path = written(MONTHLY, tmp_path, period=Period.parse("2024-02"), rows=rows)
    book = openpyxl.load_workbook(path)
    sheet = book["Khu ấp"]
    sheet.cell(13, sheet.max_column + 1).value = "Ghi chú"
    sheet.cell(16, sheet.max_column).value = "Tách khu phố"
    book.save(path)
    commands.load(data, [path], commands.Arrivals(datetime(2024, 2, 15)))
    assert found(data) == []


@pytest.mark.parametrize(
    ("told", "noted"),
    [
        ([100, 101, 102, 103, 104, 105, 300], True),
        ([100, 110, 120, 130, 140, 150, 160], False),  # steady growth is no jump
        ([100, 101, 102, 300], False),  # too few months to say
        ([100, 100, 100, 100, 100, 100, 101], False),  # a change of one is none
        ([0, 0, 0, 0, 0, 0, 90], False),  # a beginning is no jump
    ],
)
def test_a_stock_that_changes_out_of_line_is_noted_from_enough_months_on(told, noted, tmp_path):
    big = {"households": 1000, "people": 3000, "adults": 2000}
    months = [{**big, "people_digital_signature": value} for value in told]
    kinds = {kind for kind, *_ in found(sent(tmp_path / "data", months))}
    assert ("jumps" in kinds) == noted
    assert len(told) > FEWEST_MONTHS or not noted


def test_households_that_move_more_than_people_do_are_noted(tmp_path):
    data = sent(tmp_path / "data", [{"households": 500}, {"households": 510}, {"households": 700}])
    assert found(data) == [("households_move", "2024-03", "Khu ấp", "C16")]


def test_households_far_from_the_census_are_noted(tmp_path):
    data = sent(tmp_path / "data", [{}])
    with duckdb.connect(str(current(data)), read_only=True) as con:
        (parts,) = con.execute("select parts from problems where kind = 'far_from_census'").fetchone()
    assert "Phường Bình An" in parts


def test_a_report_from_an_unusual_sender_is_noted(tmp_path):
    data = sent(tmp_path / "data", [{}, {}, {}])
    path = written(MONTHLY, tmp_path, period=Period.parse("2024-04"))
    commands.load(data, [path], commands.Arrivals(datetime(2024, 4, 15)), sender="Phường An Bình")
    assert [kind for kind, *_ in found(data)] == ["other_sender"]


def test_a_districts_sum_is_held_against_its_communes_own_reports(tmp_path):
    data = sent(tmp_path / "data", [{}, {}, {}])
    own = sum(row.values["households"] for row in filled(MONTHLY).rows)
    period = Period.parse("2024-Q1")
    values = {**filled(PERIODIC).values, "households_total_reported": own, "hamlet_teams_reported": 7}
    write_form(PERIODIC, filled(PERIODIC, period=period, values=values), tmp_path / "q.xlsx")
    commands.load(data, [tmp_path / "q.xlsx"], commands.Arrivals(datetime(2024, 3, 19)))
    with duckdb.connect(str(current(data)), read_only=True) as con:
        sql = "select parts->>'label_en', given, parts->>'own' from problems where kind = 'sums_differ' order by all"
        told = con.execute(sql).fetchall()
    hamlets, numbers = len(JUNE.below[COMMUNE]), filled(MONTHLY).rows[0].values
    assert told == [  # and nothing of the households, which agree
        ("Hamlet teams as summed by the district", "7", str(hamlets * numbers["hamlet_teams"])),
        (
            "Households with at least one of the three, as summed by the district",
            "20",
            str(hamlets * numbers["households_e_payment_any"]),
        ),
    ]


def test_checking_a_file_holds_it_against_what_is_there_and_keeps_nothing(tmp_path):
    data = sent(tmp_path / "data", [{"households_visited": 20}])
    before = sorted(each.name for each in data.iterdir())
    first, *others = filled(MONTHLY).rows
    rows = (Row(first.name, {**first.values, "households_visited": 3}), *others)
    path = written(MONTHLY, tmp_path, period=Period.parse("2024-02"), rows=rows)
    ((_, (reading,)),) = commands.check(data, [path])
    assert "falls" in {each.kind for each in reading.problems}
    assert sorted(each.name for each in data.iterdir()) == before


# A district's table, and the communes' own reports


def table_of(folder: Path, period: Period, households: int) -> Path:
    """A district tells of one of its communes in a row."""
    number = {field: 20 for part in MONTHLY.part if part.kind == "table" for field in part.fields}
    number |= {"households": households, "people": 400}
    rows = (Row(JUNE.full_name[COMMUNE], number),)
    write_form(
        MONTHLY, filled(MONTHLY, unit_name="Thành phố Dĩ An", unit_code=DISTRICT, rows=rows, period=period, values={}),
        folder / f"table-{period}.xlsx",
    )  # fmt: skip
    return folder / f"table-{period}.xlsx"


def standing(data: Path) -> list[tuple]:
    with duckdb.connect(str(current(data)), read_only=True) as con:
        return con.execute(
            "select period, told_by from reports where accepted and superseded_at is distinct from received_at"
            " and superseded_at is null order by period"
        ).fetchall()


@pytest.mark.parametrize("own_first", [True, False])
def test_a_communes_own_report_stands_before_its_districts_table(own_first, tmp_path):
    data = tmp_path / "data"
    own = written(MONTHLY, tmp_path)
    table = table_of(tmp_path, Period.parse("2024-06"), 500)
    for day, path in zip((15, 20), (own, table) if own_first else (table, own), strict=True):
        commands.load(data, [path], commands.Arrivals(datetime(2024, 6, day)))
    assert standing(data) == [("2024-06", None)]
    assert "tables_differ" in {kind for kind, *_ in found(data)}


def test_a_stock_told_by_khu_ap_and_then_in_one_sum_is_counted_once(tmp_path):
    data = sent(tmp_path / "data", [{}])
    commands.load(data, [table_of(tmp_path, Period.parse("2024-02"), 500)], commands.Arrivals(datetime(2024, 2, 15)))
    results = Ledger.open(current(data)).results(Period.parse("2024-Q1"))
    row = results[(results.indicator == "e_wallet_household_share") & (results.unit == COMMUNE)].iloc[0]
    assert (row.numerator, row.denominator) == (20, 500)


def test_what_is_found_of_the_second_report_in_a_file_is_told_of_it_also_when_the_first_is_left_out():
    receipt = Receipt(7, "", "tong hop.xlsx", datetime(2024, 6, 15))
    first, second = numbered(receipt, [Reading("tong hop.xlsx"), Reading("tong hop.xlsx")])
    _with_history([second], [Found(first.report, Problem("jumps")), Found(second.report, Problem("falls"))])
    assert [each.kind for each in second.reading.problems] == ["falls"]
