"""Checks of a report against what stands beside it: the census, earlier reports, the parts of a sum, who sends."""

from collections.abc import Callable, Iterator
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
    con.execute(_series({*_ALWAYS, *_look_at_moving(con)}))
    kinds = [check.__name__ for check in CHECKS]
    con.execute(
        "delete from problems where kind in (select unnest($kinds))"
        " and report in (select report from reports join looked_at using (receipt))",
        {"kinds": kinds},
    )
    found = [each for check in CHECKS for each in sorted(check(con), key=_place)]
    con.execute("drop table looked_at")
    con.execute("drop table series")
    con.execute("drop table moving")
    return found


def _place(found: Found) -> tuple:
    return found.report, found.problem.sheet, found.problem.cell, found.problem.given


_LOOKED_AT = """
    create or replace temp table looked_at as
    with senders as (select distinct unit from reports where receipt in (select unnest($new)))
    select distinct receipt from reports
    where unit in (select unit from senders)
       or unit in (select parent from units where unit in (select unit from senders))
"""

# The standing monthly reports of these units.
_STANDING = """
    r.accepted and r.superseded_at is null and r.form = 'monthly' and r.told_by is null
    and r.unit in (select unit from reports join looked_at using (receipt))
"""


def _look_at_moving(con: duckdb.DuckDBPyConnection) -> set[str]:
    """The table `moving`: of which units and fields the figures are looked at with care. Returns those fields."""
    columns = ", ".join(f"f.{each.id}::double as {each.id}" for each in _STOCKS)
    found = con.execute(f"""
        select f.unit, f.last_month, {columns} from facts f join reports r using (report)
        where {_STANDING} order by f.unit, f.last_month
    """).fetchnumpy()
    told = {each.id: np.ma.filled(found[each.id], np.nan) for each in _STOCKS}
    lines = list(moving(found["unit"], found["last_month"], told, _STOCKS, LEAST_CHANGE, LEAST_SHARE, FEWEST_MONTHS))
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
                    select f.report, r.receipt, f.unit, f.last_month as month, f.note, f.sheet, f.row_number,
                           {", ".join(f"{each}::double as {each}" for each in stocks)}
                    from facts f
                    join reports r using (report)
                    where {_STANDING}
                ) on {", ".join(stocks)} into name field value value
            )
            where field in ('{"', '".join(_ALWAYS)}') or (unit, field) in (select (unit, field) from moving)
        )
        window line as (partition by unit, field order by month)
    """


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
    join reports r using (report)
    join (select unit, max(full_name) as name from units group by unit) u on u.unit = s.unit
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
        join reports r using (report)
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
            from reports r join receipts c using (receipt)
            where r.accepted and c.sender <> ''
              and r.unit in (select unit from reports join looked_at using (receipt))
            window earlier as (partition by r.unit, r.form order by r.received_at, r.report
                               rows between unbounded preceding and 1 preceding)
        ) join looked_at using (receipt)
        where times >= $known and not list_contains(senders, sender)
        """,
        {"known": SENDER_KNOWN},
    ).df()
    for row in rows.itertuples():
        yield Found(row.report, Problem("other_sender", "", given=row.sender, parts={"usual": row.usual}))


# What the standing monthly reports of the communes of the districts that are looked at tell of each khu/ấp.
_BENEATH = f"""
    create or replace temp table beneath as
    select c.unit as commune, u.parent, f.unit, f.last_month, f.recency, {", ".join(_SUMMED.values())}
    from reports c
    join facts f on f.report = c.report
    join (
        select distinct unit, parent from units
        where parent in (select unit from reports join looked_at using (receipt))
    ) u on u.unit = c.unit
    where c.accepted and c.superseded_at is null and c.form = 'monthly'
"""


def sums_differ(con: duckdb.DuckDBPyConnection) -> Iterator[Found]:
    """A district's sum is not what its communes have reported themselves up to then."""
    asked = ", ".join(f"count({each})" for each in _SUMMED)
    counts = con.execute(f"select {asked} from facts join reports using (report) join looked_at using (receipt)")
    told = dict(zip(_SUMMED, counts.fetchone(), strict=True))
    if any(told.values()):
        con.execute(_BENEATH)
    for summed, part in ((summed, part) for summed, part in _SUMMED.items() if told[summed]):
        rows = con.execute(
            f"""
            select d.report, d.sheet, r.columns, d.row_number, '{summed}' as field, d.{summed}::double as value, own.*
            from facts d
            join reports r using (report)
            join looked_at using (receipt)
            cross join lateral (
                select sum(last) as own, count(distinct commune) as communes from (
                    select commune, arg_max({part}, recency) as last from beneath b
                    where b.last_month between d.first_month and d.last_month and b.parent = d.unit
                    group by commune, b.unit
                )
            ) own
            where r.accepted and r.superseded_at is null and d.{summed} is not null and own.communes > 0
              and abs(own.own - d.{summed}) > $share * own.own
            """,
            {"share": SUMS_DIFFER},
        ).df()
        yield from _told(
            "sums_differ", rows, own=lambda row: digits(row.own), communes=lambda row: digits(row.communes)
        )


def tables_differ(con: duckdb.DuckDBPyConnection) -> Iterator[Found]:
    """What a district tells of a commune in its table is not what the commune reports itself."""
    if not con.execute("select 1 from reports join looked_at using (receipt) where told_by is not null").fetchone():
        return
    for each in (each for each in FIELDS.values() if each.kind in ("stock", "flow") and each.level == "hamlet"):
        rows = con.execute(
            f"""
            select o.report, d.sheet, o.columns, d.row_number, '{each.id}' as field, d.{each.id}::double as value,
                   own.own, u.name
            from reports o
            join looked_at using (receipt)
            join facts d on d.report = o.report and d.unit = o.unit
            join (select unit, max(full_name) as name from units group by unit) u on u.unit = o.unit
            join (
                select r.unit, r.period, sum(f.{each.id}) as own
                from reports r join facts f using (report)
                where r.accepted and r.superseded_at is null and r.told_by is null and r.form = 'monthly'
                group by r.unit, r.period
            ) own on own.unit = o.unit and own.period = o.period
            where o.accepted and o.told_by is not null and d.{each.id} <> own.own
            """
        ).df()
        yield from _told("tables_differ", rows, unit=_unit, own=lambda row: digits(row.own))


CHECKS: tuple[Callable[[duckdb.DuckDBPyConnection], Iterator[Found]], ...] = (
    falls, jumps, households_move, far_from_census, other_sender, sums_differ, tables_differ,
)  # fmt: skip
