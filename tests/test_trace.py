"""Any number to its cells: those listed make the number, and each says what stands in its file."""

import duckdb
import openpyxl
import pytest

from metrics import INDICATORS
from metrics.__main__ import main
from metrics.core.calculate import results
from metrics.core.ledger import Ledger
from warehouse import store
from warehouse.fields import FIELDS
from warehouse.period import Period
from warehouse.store import Engine

CASES = [("25750", "2025-05"), ("718", "2025-Q2"), ("74", "2024-to-12"), ("25741-01", "2024-H1"), ("724", "plan")]


@pytest.fixture(scope="module")
def emptied(ledger) -> duckdb.DuckDBPyConnection:
    """The sample's warehouse without its facts, which stand aside in `all_facts` with the files they came in."""
    con = duckdb.connect()
    store.create(con)
    for table in ("units", "expected", "reports"):
        rows = ledger.engine.query(f"select * from {table}")  # noqa: F841, read by the next line
        con.execute(f"insert into {table} by name select * from rows")
    joined = "facts f join reports r using (report) join receipts c using (receipt)"
    kept = ledger.engine.query(f"select f.*, c.file from {joined}")  # noqa: F841, read by the next line
    con.execute("create table all_facts as select * from kept")
    return con


OF_FIELDS = [each for each in INDICATORS.values() if each.fields]
# Each indicator in two of the cases, each case with dozens of indicators.
IN_TURN = [(each, CASES[(at + step) % len(CASES)]) for at, each in enumerate(OF_FIELDS) for step in (0, 2)]
OF_REPORTS = [each for each in INDICATORS.values() if each.scheduled]


@pytest.mark.parametrize(("indicator", "case"), IN_TURN, ids=lambda each: getattr(each, "id", str(each)))
def test_the_listed_cells_and_the_register_alone_make_the_number(indicator, case, ledger, emptied):
    unit, period = case[0], Period.parse(case[1])
    found = ledger.results(period)
    found = found[(found.indicator == indicator.id) & (found.unit == unit)]
    if found.empty:  # told at a higher level only
        return
    listed = ledger.trace(indicator, unit, period)
    stocks = listed[listed.field.map(lambda field: FIELDS[field].kind != "flow")]
    assert not stocks.duplicated(["field", "unit_code"]).any()  # of a stock only the last cell of each unit
    emptied.register("listed", listed)
    told = ", ".join(
        f"case when exists (select 1 from listed l where l.file = a.file and l.unit_code = a.unit"
        f" and l.field = '{field}') then {field} end as {field}"
        for field in indicator.fields
    )
    emptied.execute("delete from facts")
    emptied.execute(
        "insert into facts by name select report, unit, level, sheet, row_number, first_month, last_month, recency,"
        f" adds_up, {told} from all_facts a where file in (select file from listed)"
    )
    again = results(Engine(emptied), [(period, ledger.day(period))], [indicator])
    again = again[again.unit == unit]
    wanted, got = (rows[["numerator", "denominator"]].iloc[0].tolist() for rows in (found, again))
    assert got == pytest.approx(wanted, nan_ok=True)


@pytest.mark.parametrize("indicator", OF_REPORTS, ids=lambda each: each.id)
@pytest.mark.parametrize(("unit", "period"), CASES)
def test_behind_a_reporting_rate_stand_the_reports_one_by_one(indicator, unit, period, ledger):
    p = Period.parse(period)
    found = ledger.results(p)
    found = found[(found.indicator == indicator.id) & (found.unit == unit)]
    listed = ledger.trace(indicator, unit, p)
    if found.empty:
        assert listed.empty
        return
    counted = [int(listed.part.str.contains("numerator").sum()), len(listed)]
    assert counted == found[["numerator", "denominator"]].iloc[0].astype(int).tolist()
    assert listed[listed.part.str.contains("numerator")].file.notna().all()


@pytest.mark.parametrize(("unit", "period"), CASES[:2])
def test_each_cell_holds_its_value(unit, period, ledger, sample):
    books: dict[str, openpyxl.Workbook] = {}
    cells = ledger.trace(INDICATORS["e_wallet_household_share"], unit, Period.parse(period))
    assert len(cells)
    for cell in cells.itertuples():
        if cell.file not in books:
            books[cell.file] = openpyxl.load_workbook(sample / "reports" / cell.file)
        assert books[cell.file][cell.sheet][cell.cell].value == cell.value


def test_a_report_that_came_on_time_is_traced_to_the_file_that_came_first(world):
    """Reports are numbered as they are loaded, which may be in another order than they came."""
    world.report("A1", "2024-01", {"A1-1": {"households": 1}}, received="2024-02-05")
    world.report("A1", "2024-01", {"A1-1": {"households": 1}}, received="2024-01-17", late="2024-02-05")
    world.con.execute("insert into receipts select receipt, 'x', 'file ' || receipt, received_at, '' from reports")
    traced = Ledger(world.engine).trace(INDICATORS["monthly_on_time_rate"], "A1", Period.parse("2024-01"))
    assert list(traced.file) == ["file 2"]


def test_a_corrected_report_is_traced_to_the_version_that_counts(ledger):
    cells = ledger.trace(INDICATORS["e_wallet_household_share"], "25750", Period.parse("2025-05"))
    assert set(cells.version) == {2}
    assert set(cells.file) == {"25750_2025-05_monthly_sua.xlsx"}


def test_the_command_line_prints_the_cells(sample, capsys):
    call = ["trace", "--indicator", "e_wallet_household_share", "--unit", "25750", "--period", "2025-05"]
    assert main([*call, "--data", str(sample)]) == 0
    out, err = capsys.readouterr()
    assert out.splitlines()[0].startswith("indicator,part,field,unit_code,unit_name,period,file,sheet,cell,version")
    assert "Phường Phú Hòa" in err


def test_a_number_that_does_not_exist_is_told(sample, capsys):
    call = ["trace", "--indicator", "e_wallet_household_share", "--unit", "nobody", "--period", "2025-05"]
    assert main([*call, "--data", str(sample)]) == 1
    assert "nobody" in capsys.readouterr().err
