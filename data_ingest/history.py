"""Checks of a report against what stands beside it: the census, earlier reports, the parts of a sum, who sends."""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import duckdb
import numpy as np
import pandas as pd

from data_ingest.moving import moving
from data_ingest.problems import Problem, digits
from warehouse.cells import cell_of
from warehouse.fields import FIELDS
from warehouse.period import month

JUMP = 3.5  # modified z-score from which a change is out of line (Iglewicz and Hoaglin, 1993)
FEWEST_MONTHS = 6  # with fewer points no score means anything
LEAST_CHANGE, LEAST_SHARE = 10, 0.1  # smaller changes are never told, whatever their score
CENSUS_RANGE = (0.5, 2.5)  # households reported over households of the 2019 census
HOUSEHOLDS_MOVE = 0.1  # share by which the households of a khu/ấp may change from one report to the next
SUMS_DIFFER = 0.005  # share by which a district's sum may differ from its communes' reports
_ALWAYS = ("households", "people")  # looked at whether they move or not
SENDER_KNOWN = 3  # reports after which the sender of a unit is known

_STOCKS = [each for each in FIELDS.values() if each.kind == "stock"]
_SUMMED = {  # a district's own sum, and the field of the communes' khu/ấp that it adds up
    "households_total_reported": "households",
    "households_e_payment_any_reported": "households_e_payment_any",
    "hamlet_teams_reported": "hamlet_teams",
}
_OF_TABLES = [each.id for each in FIELDS.values() if each.kind in ("stock", "flow") and each.level == "hamlet"]


class Found(NamedTuple):
    """A problem of a report that only others show. It is noted and never blocks."""

    report: int
    problem: Problem


def look_back(con: duckdb.DuckDBPyConnection, receipts: set[int]) -> list[Found]:
    """Everything odd about the reports of the units that sent these receipts, and of those above them.

    Their earlier reports are looked at anew too: one that comes late changes what the later ones are held against.
    What was found of them before is deleted from the table of problems.
    """
    if not receipts:
        return []
    con.execute(_LOOKED_AT, {"new": list(receipts)})
    for table in (_THEIRS, _STANDING, _TOLD, _CALLED):
        con.execute(table)
    con.execute(_series({*_ALWAYS, *_look_at_moving(con)}))
    kinds = [check.__name__ for check in CHECKS]
    con.execute(
        "delete from problems where kind in (select unnest($kinds))"
        " and report in (select report from reports join looked_at using (receipt))",
        {"kinds": kinds},
    )
    found = [each for check in CHECKS for each in sorted(check(con), key=_place)]
    for table in _TABLES:
        con.execute(f"drop table if exists {table}")
    return found


_TABLES = (
    "looked_at", "theirs", "standing", "told", "called", "moving", "series", "looked_at_reports", "told_sums",
    "communes", "beneath", "told_for", "themselves", "told_themselves",
)  # fmt: skip


def _place(found: Found) -> tuple:
    return found.report, found.problem.sheet, found.problem.cell, found.problem.given


_LOOKED_AT = """
    create or replace temp table looked_at as
    with senders as (select distinct unit from reports where receipt in (select unnest($new)))
    select distinct receipt from reports
    where unit in (select unit from senders)
       or unit in (select parent from units where unit in (select unit from senders))
"""

# The reports of these units, and of them the monthly ones that stand.
_THEIRS = """
    create or replace temp table theirs as
    select report, receipt, unit, form, period, told_by, received_at, superseded_at, columns from reports
    where accepted and unit in (select unit from reports join looked_at using (receipt))
"""
_STANDING = """
    create or replace temp table standing as
    select report, receipt, unit, received_at, columns from theirs
    where superseded_at is null and form = 'monthly' and told_by is null
"""


def _facts_of(reports: str, columns: str, that: str = "true") -> str:
    """Some columns of the facts `f` of a table of reports `r`; of those facts `that` are asked for.

    Where they stand is looked for first: the table is wide, and of a country only some rows are then read at all.
    """
    return f"""
        select {columns} from facts f join {reports} r using (report)
        where f.rowid in (select f.rowid from facts f join {reports} using (report) where {that})
    """


def _doubles(fields: Iterable[str]) -> str:
    return ", ".join(f"f.{each}::double as {each}" for each in fields)


# What they tell, read once for all that is held against it, and how those are called of whom they tell.
_TOLD = "create or replace temp table told as" + _facts_of(
    "standing",
    "f.report, r.receipt, f.unit, f.last_month as month, f.note, f.sheet, f.row_number, "
    + _doubles(each.id for each in _STOCKS),
)
_CALLED = """
    create or replace temp table called as
    select unit, max(full_name) as name from units where unit in (select unit from told) group by unit
"""


def _look_at_moving(con: duckdb.DuckDBPyConnection) -> set[str]:
    """The table `moving`: of which units and fields the figures are looked at with care. Returns those fields."""
    columns = ", ".join(each.id for each in _STOCKS)
    found = con.execute(f"select unit, month, {columns} from told order by unit, month").fetchnumpy()
    told = {each.id: np.ma.filled(found[each.id], np.nan) for each in _STOCKS}
    lines = list(moving(found["unit"], found["month"], told, _STOCKS, LEAST_CHANGE, LEAST_SHARE, FEWEST_MONTHS))
    units, fields = zip(*lines, strict=True) if lines else ((), ())
    con.execute("create or replace temp table moving (unit varchar, field varchar)")
    con.execute("insert into moving select unnest($units), unnest($fields)", {"units": units, "fields": fields})
    return set(fields)


def _series(fields: set[str]) -> str:
    """Makes the table `series`: every stock of them that moves, month by month, with what was told the time before."""
    stocks = [each.id for each in _STOCKS if each.id in fields]  # few: a column that is not asked for takes no time
    return f"""
        create or replace temp table series as
        select *, lag(value) over line as before, lag(month) over line as before_month from (
            select * from (
                unpivot (
                    select report, receipt, unit, month, note, sheet, row_number, {", ".join(stocks)} from told
                ) on {", ".join(stocks)} into name field value value
            )
            where field in ('{"', '".join(_ALWAYS)}') or (unit, field) in (select (unit, field) from moving)
        )
        window line as (partition by unit, field order by month)
    """


def _by_field(table: str, fields: Iterable[str], rows: str) -> str:
    """Makes a table of rows with a column a field: one row for each field that is told, its name and its value."""
    return (
        f"create or replace temp table {table} as unpivot ({rows}) on {', '.join(fields)} into name field value value"
    )


def _told(kind: str, rows: pd.DataFrame, **parts: Callable[[object], str]) -> Iterator[Found]:
    """A problem for each row: where the field stood, what was given, and what else the message says."""
    for row in rows.itertuples():
        said = {"label": FIELDS[row.field].name.vi, "label_en": FIELDS[row.field].name.en}
        said |= {name: told(row) for name, told in parts.items()}
        cell = cell_of(row.columns, row.field, None if pd.isna(row.row_number) else row.row_number)
        yield Found(row.report, Problem(kind, "", row.sheet or "", cell, digits(row.value), said))


def _unit(row: object) -> str:
    return row.name


def falls(con: duckdb.DuckDBPyConnection) -> Iterator[Found]:
    """A figure that counts up has fallen since the report before, and no note beside it says why."""
    counting_up = ", ".join(f"'{each.id}'" for each in _STOCKS if each.cumulative)
    rows = con.execute(f"""
        select s.*, u.name, r.columns from series s
        {_OF_THESE}
        where s.field in ({counting_up}) and s.value < s.before and s.note is null
    """).df()
    yield from _told("falls", rows, unit=_unit, before=_before, when=_when, when_en=_when_en)


def _before(row: object) -> str:
    return digits(row.before)


def _when(row: object) -> str:
    return month(int(row.before_month)).name("vi")


def _when_en(row: object) -> str:
    return month(int(row.before_month)).name("en")


_OF_THESE = """
    join looked_at using (receipt)
    join standing r using (report)
    join called u on u.unit = s.unit
"""


def jumps(con: duckdb.DuckDBPyConnection) -> Iterator[Found]:
    """A stock changes far more than it ever did: the modified z-score of its change from month to month.

    0.6745 · |x − median| / MAD; where most changes are the same (MAD 0), |x − median| / (1.2533 · mean deviation).
    """
    rows = con.execute(
        f"""
        with changes as (
            select * replace (lag(value) over line as before, lag(month) over line as before_month),
                   -- by month, and only from the month after the count began
                   (value - lag(value) over line) / (month - lag(month) over line) as change
            from series semi join moving using (unit, field) where value > 0
            window line as (partition by unit, field order by month)
        )
        select s.*, u.name, r.columns from (
            select *, abs(change - middle) as off,
                   mad(change) over line as spread, avg(abs(change - middle)) over line as mean_spread,
                   count(change) over line as months
            from (
                select *, median(change) over line as middle
                from changes
                window line as (partition by unit, field order by month)
            )
            window line as (partition by unit, field order by month)
        ) s
        {_OF_THESE}
        where s.months + 1 >= $months and s.off >= greatest($least, $share * s.before)
          and case when s.spread > 0 then 0.6745 * s.off / s.spread
                   else s.off / nullif(1.253314 * s.mean_spread, 0) end >= $jump
        """,
        {"months": FEWEST_MONTHS, "least": LEAST_CHANGE, "share": LEAST_SHARE, "jump": JUMP},
    ).df()
    yield from _told("jumps", rows, unit=_unit, before=_before, when=_when, when_en=_when_en)


def households_move(con: duckdb.DuckDBPyConnection) -> Iterator[Found]:
    """The households of a khu/ấp are others than a month ago, by more than people move."""
    rows = con.execute(
        f"""
        select s.*, u.name, r.columns from series s
        {_OF_THESE}
        where s.field in ('{"', '".join(_ALWAYS)}') and abs(s.value - s.before) > greatest($least, $share * s.before)
        """,
        {"least": LEAST_CHANGE, "share": HOUSEHOLDS_MOVE},
    ).df()
    yield from _told("households_move", rows, unit=_unit, before=_before, when=_when, when_en=_when_en)


def far_from_census(con: duckdb.DuckDBPyConnection) -> Iterator[Found]:
    """A commune reports far fewer or far more households than the census counted in 2019."""
    rows = con.execute(
        """
        select s.report, min(s.sheet) as sheet, null as columns, null as row_number, 'households' as field,
               sum(s.value) as value, u.households_2019 as census, u.full_name as name
        from series s
        join looked_at using (receipt)
        join standing r using (report)
        join units u on u.unit = r.unit and (u.since is null or u.since <= r.received_at)
                    and (u.until is null or u.until > r.received_at)
        where s.field = 'households' and u.households_2019 > 0
          -- where a khu/ấp is missing, their sum says nothing
          and not exists (select 1 from problems p where p.report = s.report and p.kind = 'hamlet_missing')
        group by s.report, u.households_2019, u.full_name
        having sum(s.value) / u.households_2019 not between $low and $high
        """,
        {"low": CENSUS_RANGE[0], "high": CENSUS_RANGE[1]},
    ).df()
    yield from _told("far_from_census", rows, unit=_unit, census=lambda row: digits(row.census))


def other_sender(con: duckdb.DuckDBPyConnection) -> Iterator[Found]:
    """A report comes from somebody who has never sent for this unit, while others have several times."""
    rows = con.execute(
        """
        select report, unit, sender, usual from (
            select r.report, r.receipt, r.unit, c.sender, count(*) over earlier as times,
                   list(c.sender) over earlier as senders, mode(c.sender) over earlier as usual
            from theirs r join receipts c using (receipt)
            where c.sender <> ''
            window earlier as (partition by r.unit, r.form order by r.received_at, r.report
                               rows between unbounded preceding and 1 preceding)
        ) join looked_at using (receipt)
        where times >= $known and not list_contains(senders, sender)
        """,
        {"known": SENDER_KNOWN},
    ).df()
    for row in rows.itertuples():
        yield Found(row.report, Problem("other_sender", "", given=row.sender, parts={"usual": row.usual}))


# The sums that the reports looked at tell, as they stand.
_LOOKED_AT_REPORTS = """
    create or replace temp table looked_at_reports as
    select report, columns from theirs join looked_at using (receipt) where superseded_at is null
"""
_TOLD_SUMS = _by_field(
    "told_sums",
    _SUMMED,
    _facts_of(
        "looked_at_reports",
        f"f.report, f.unit, f.sheet, f.row_number, f.first_month, f.last_month, r.columns, {_doubles(_SUMMED)}",
        " or ".join(f"{each} is not null" for each in _SUMMED),
    ),
)
# The communes of the districts that told them, and what each of their standing monthly reports tells of each khu/ấp.
_COMMUNES = """
    create or replace temp table communes as
    select report, r.unit, parent
    from reports r
    join (select distinct unit, parent from units where parent in (select unit from told_sums)) using (unit)
    where accepted and superseded_at is null and form = 'monthly'
"""
_BENEATH = _by_field(
    "beneath",
    _SUMMED,
    _facts_of(
        "communes",
        "r.unit as commune, r.parent, f.unit, f.last_month as month, f.recency, "
        + ", ".join(f"f.{part}::double as {summed}" for summed, part in _SUMMED.items()),
    ),
)


def sums_differ(con: duckdb.DuckDBPyConnection) -> Iterator[Found]:
    """A district's sum is not what its communes have reported themselves up to then."""
    con.execute(_LOOKED_AT_REPORTS)
    con.execute(_TOLD_SUMS)
    if not con.execute("select 1 from told_sums limit 1").fetchone():
        return
    con.execute(_COMMUNES)
    con.execute(_BENEATH)
    rows = con.execute(
        """
        select s.*, own, communes from told_sums s join (
            select report, field, sum(last) as own, count(distinct commune) as communes from (
                select s.report, s.field, commune, arg_max(b.value, recency) as last
                from told_sums s join beneath b on b.parent = s.unit and b.field = s.field
                 and month between first_month and last_month
                group by s.report, s.field, commune, b.unit
            )
            group by report, field
        ) using (report, field)
        where abs(own - value) > $share * own
        """,
        {"share": SUMS_DIFFER},
    ).df()
    yield from _told("sums_differ", rows, own=_own, communes=lambda row: digits(row.communes))


def _own(row: object) -> str:
    return digits(row.own)


# The tables in which a unit tells of those below it, and what these have told themselves of the same period.
_TOLD_FOR = _by_field(
    "told_for",
    _OF_TABLES,
    f"""
    select report, r.unit, r.period, f.sheet, f.row_number, r.columns, {_doubles(_OF_TABLES)}
    from facts f join theirs r using (report, unit) join looked_at using (receipt)
    where told_by is not null
    """,
)
_THEMSELVES = """
    create or replace temp table themselves as
    select report, unit, period from reports
    where accepted and superseded_at is null and told_by is null and form = 'monthly'
      and (unit, period) in (select (unit, period) from told_for)
"""
_TOLD_THEMSELVES = _by_field(
    "told_themselves",
    _OF_TABLES,
    f"""
    select unit, period, {", ".join(f"sum({each}) as {each}" for each in _OF_TABLES)}
    from ({_facts_of("themselves", f"r.unit, r.period, {_doubles(_OF_TABLES)}")})
    group by unit, period
    """,
)


def tables_differ(con: duckdb.DuckDBPyConnection) -> Iterator[Found]:
    """What a district tells of a commune in its table is not what the commune reports itself."""
    if not con.execute("select 1 from theirs join looked_at using (receipt) where told_by is not null").fetchone():
        return
    for table in (_TOLD_FOR, _THEMSELVES, _TOLD_THEMSELVES):
        con.execute(table)
    rows = con.execute("""
        select t.*, own.value as own, u.name from told_for t join told_themselves own using (unit, period, field)
        join (select unit, max(full_name) as name from units group by unit) u using (unit)
        where t.value <> own.value
    """).df()
    yield from _told("tables_differ", rows, unit=_unit, own=_own)


CHECKS: tuple[Callable[[duckdb.DuckDBPyConnection], Iterator[Found]], ...] = (
    falls, jumps, households_move, far_from_census, other_sender, sums_differ, tables_differ,
)  # fmt: skip
