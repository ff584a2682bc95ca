"""A data folder with an invented country: register, receipts and a snapshot, as the program itself would leave them."""

import json
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pandas as pd

from benchmarks.nation import shapes
from benchmarks.nation.register import register
from benchmarks.nation.told import HAMLET, of_level
from data_ingest.archive import Archive
from data_ingest.build import inputs_of, read_with
from data_ingest.standing import Standing
from warehouse import store
from warehouse.fields import FIELDS
from warehouse.schedule import expected
from warehouse.units import COLUMNS

_START = 12 * 2023 + 10  # the first month of the plan, months since January of year 0
_FIRST, _LAST = 12 * 2023, 12 * 2025 + 11
_SEASON = (0.8, 0.45, 1.0, 1.0, 1.1, 1.5, 1.8, 1.5, 1.0, 1.1, 1.1, 1.25)


def make(data: Path, provinces: int) -> pd.DataFrame:
    """Fill an empty data folder with so many provinces, 36 months of reports; the register's table."""
    archive = Archive(data)
    units = register(provinces)
    data.mkdir(parents=True, exist_ok=True)
    _receive_register(archive, units)
    standing = Standing.of(archive, archive.receipts())
    with store.new_snapshot(data, "country") as con:
        fill(con, standing.units)
        _receipts(con, data)
        told = {"snapshot": "country", "calendar": standing.calendar, **read_with(standing)}
        told |= {"inputs": inputs_of(read_with(standing), archive.receipts()), "sample": "1"}
        told["built_at"] = datetime.now(UTC).isoformat(timespec="seconds")
        con.executemany("insert into about values (?, ?)", list(told.items()))
    shapes.keep(units, data / "boundaries")
    return units


def _receive_register(archive: Archive, units: pd.DataFrame) -> None:
    """The register comes in as any other does: a file in the archive, with a receipt."""
    path = archive.data / "register.csv"
    units[COLUMNS].to_csv(path, index=False)
    said = {"received_at": datetime(2023, 1, 1), "kind": "units", "origin": "sample"}
    archive.receive([(path, said)], copies=lambda files: [None for _ in files])
    path.unlink()


def fill(con: duckdb.DuckDBPyConnection, units: pd.DataFrame) -> None:
    """Units, what they owe, and 36 months of what they sent, into the empty tables of a warehouse."""
    for table, incoming in (("units", units), ("expected", expected(units))):
        con.register("incoming", incoming)
        con.execute(f"insert into {table} by name select * from incoming")
    con.unregister("incoming")
    forms = [("monthly", "commune", "hamlet"), ("periodic", "district"), ("provincial", "province")]
    printed = {form: json.dumps(_printed(set(levels))) for form, *levels in forms}
    con.execute("create temp table printed (form varchar, columns varchar)")
    con.executemany("insert into printed values (?, ?)", list(printed.items()))
    con.execute(Path(__file__).with_name("reports.sql").read_text(encoding="utf-8"))
    for month in range(_FIRST, _LAST + 1):  # in the order in which a build leaves them
        con.execute(facts_of(month))


def _printed(levels: set[str]) -> dict[str, list[str]]:
    """Where in the workbook each field stands, as a reading says it."""
    fields = [each for each in FIELDS.values() if each.level in levels]
    return {
        each.id: ["Khu ấp", chr(ord("C") + number % 24)] if each.level == "hamlet" else ["Báo cáo", f"D{15 + number}"]
        for number, each in enumerate(fields)
    }


def facts_of(month: int) -> str:
    """The facts of the reports whose last month it is, by unit (SQL)."""
    at, season = month - _START, _SEASON[month % 12]
    when = "s.first_month, s.last_month, 10 * s.last_month + s.recency as recency, s.adds_up"
    given = f"{at} as age, {season} as season"
    parts = [
        f"""
        select s.receipt * 1000 as report, u.unit, u.level, 'Báo cáo' as sheet, null::bigint as row_number, {when},
               {_columns(of_level(level))}
        from sent s join units u on u.unit = s.unit, (select {given})
        where s.last_month = {month} and u.level = '{level}'
        """
        for level in ("commune", "district", "province")
    ]
    parts.append(f"""
        select s.receipt * 1000 as report, h.unit, 'hamlet' as level, 'Khu ấp' as sheet,
               7 + right(h.unit, 2)::bigint as row_number, {when}, {_columns(HAMLET)}
        from sent s join (
            select *, {given}, ({at} >= team_month)::int as active,
                   households * grown({at}, ceiling, middle) as reached,
                   households * grown({at} - 1, ceiling, middle) as before
            from homes
        ) h on h.parent = s.unit
        where s.last_month = {month}
    """)
    rows = " union all by name ".join(f"select * from ({part})" for part in parts)
    return f"insert into facts by name select * from ({rows}) order by unit, report"


def _columns(told: dict[str, str]) -> str:
    return ", ".join(f"({sql})::{FIELDS[id].column.split()[1]} as {id}" for id, sql in told.items())


def _receipts(con: duckdb.DuckDBPyConnection, data: Path) -> None:
    """The receipts of the reports behind that of the register, as lines of receipts.csv."""
    lines = """
        select receipt, sha256, file, strftime(received_at, '%Y-%m-%dT%H:%M:%S') as received_at, sender,
               'report' as kind, 'sample' as origin, '' as option, '' as came
        from receipts order by receipt
    """
    told = data / "told.csv"
    con.execute(f"copy ({lines}) to '{told}' (header false)")
    with (data / "receipts.csv").open("ab") as file:
        file.write(told.read_bytes())
    told.unlink()
    for name in Archive(data).receipts().archived():  # empty: how many files lie there counts, not what they hold
        (data / "archive" / name).touch()
    con.execute("insert into receipts by name select 1 as receipt, '' as sha256, 'register.csv' as file, "
                "timestamp '2023-01-01' as received_at")  # fmt: skip
