"""The same figures by hand: the SQL an analyst would write, pandas, and the same tables in SQLite."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import duckdb

# Each unit below one, with the part of it in which it lies.
PART = """
    with recursive part as (
        select unit as part, unit from units where parent = '{unit}'
        union all select part.part, u.unit from part join units u on u.parent = part.unit
    )
"""
_STANDING = "r.accepted and r.superseded_at is null and f.last_month between {first} and {last} and f.level = 'hamlet'"
_FACTS = "from facts f join reports r on r.report = f.report where " + _STANDING + "{narrow}"
NARROW = " and f.unit in (select unit from part)"


class Question(NamedTuple):
    """An indicator with its SQL: $ stands for the greatest of a unit's stocks by recency, told in each dialect."""

    indicator: str
    sql: str
    columns: tuple[str, ...]


STOCK = Question(
    "e_wallet_household_share",
    "select part, 100.0 * sum(a) / sum(b) from ({last}) t join part on part.unit = t.unit group by part order by part",
    ("households_e_payment_any", "households"),
)
FLOW = Question(
    "guided_online_services",
    "select part, sum(f.guided_online_services) from facts f join reports r on r.report = f.report"
    " join part on part.unit = f.unit where " + _STANDING + "{narrow} group by part order by part",
    ("guided_online_services",),
)
RATE = Question(
    "monthly_reporting_rate",
    "select part, 100.0 * count(c.unit) / count(*) from expected e join part on part.unit = e.unit"
    " left join (select distinct unit, form, period from reports where accepted) c"
    " on c.unit = e.unit and c.form = e.form and c.period = e.period"
    " where e.form = 'monthly' and e.first_month >= {first} and e.last_month <= {last} group by part order by part",
    (),
)
QUESTIONS = (STOCK, FLOW, RATE)
_LAST = {
    "duckdb": "select f.unit, arg_max(f.{0}, f.recency) as a, arg_max(f.{1}, f.recency) as b "
    + _FACTS
    + " group by f.unit",
    "sqlite": "select f.unit, f.{0} as a, f.{1} as b, max(f.recency) " + _FACTS + " group by f.unit",
}


def text(question: Question, unit: str, span: tuple[int, int], dialect: str, whole: bool) -> str:
    """The SQL of a question about the parts of a unit over some months; of the `whole` country it is not narrowed."""
    told = {"first": span[0], "last": span[1], "narrow": "" if whole else NARROW}
    if question is STOCK:
        last = _LAST[dialect].format(*question.columns, **told)
        return PART.format(unit=unit) + question.sql.replace("{last}", last)
    return PART.format(unit=unit) + question.sql.format(**told)


def answered(ask: Callable[[str], list[tuple]], sql: str) -> dict[str, float]:
    return {part: float(value) for part, value in ask(sql) if value is not None}


class Frames:
    """The tables as pandas holds them: only the columns that are asked for, of all months."""

    def __init__(self, con: duckdb.DuckDBPyConnection):
        columns = ", ".join(dict.fromkeys(each for question in QUESTIONS for each in question.columns))
        self.facts = con.execute(
            f"select report, unit, last_month, recency, {columns} from facts where level = 'hamlet'"
        ).df()
        self.reports = con.execute("select report, unit, form, period, accepted, superseded_at from reports").df()
        self.expected = con.execute("select * from expected where form = 'monthly'").df()
        units = con.execute("select unit, parent from units").df()
        self.parent = dict(zip(units.unit, units.parent, strict=True))

    def answer(self, question: Question, unit: str, span: tuple[int, int]) -> dict[str, float]:
        part = self._parts(unit)
        if question is RATE:
            owed = self.expected[(self.expected.first_month >= span[0]) & (self.expected.last_month <= span[1])]
            owed = owed[owed.unit.isin(part)]
            came = self.reports[self.reports.accepted][["unit", "form", "period"]].drop_duplicates()
            found = owed.merge(came.assign(came=1), how="left", on=["unit", "form", "period"])
            return (100 * found.came.fillna(0).groupby(found.unit.map(part)).mean()).to_dict()
        standing = self.reports[self.reports.accepted & self.reports.superseded_at.isna()].report
        facts = self.facts[self.facts.last_month.between(*span)]
        facts = facts[facts.unit.isin(part) & facts.report.isin(standing)]
        if question is STOCK:
            facts = facts.sort_values("recency").drop_duplicates("unit", keep="last")
        sums = facts.groupby(facts.unit.map(part))[list(question.columns)].sum()
        return (100 * sums.iloc[:, 0] / sums.iloc[:, 1] if question is STOCK else sums.iloc[:, 0]).to_dict()

    def _parts(self, unit: str) -> dict[str, str]:
        part = {each: each for each, parent in self.parent.items() if parent == unit}
        more = dict(part)
        while more:
            more = {each: more[parent] for each, parent in self.parent.items() if parent in more}
            part |= more
        return part


def sqlite(snapshot: Path, to: Path) -> sqlite3.Connection:
    """The same tables in a SQLite file, with the indexes that fit the questions."""
    to.unlink(missing_ok=True)
    columns = ", ".join(dict.fromkeys(each for question in QUESTIONS for each in question.columns))
    con = sqlite3.connect(to)
    with duckdb.connect(str(snapshot), read_only=True) as source:
        for table, chosen in (
            ("units", "unit, parent"),
            ("reports", "report, unit, form, period, accepted, superseded_at::varchar as superseded_at"),
            ("expected", "form, unit, period, first_month, last_month"),
            ("facts", f"report, unit, level, last_month, recency, {columns}"),
        ):
            found = source.execute(f"select {chosen} from {table}")
            names = [each[0] for each in found.description]
            con.execute(f"create table {table} ({', '.join(names)})")
            while rows := found.fetchmany(100_000):
                con.executemany(f"insert into {table} values ({', '.join('?' * len(names))})", rows)
    for index in ("reports(report)", "facts(unit, last_month)", "facts(last_month)", "units(parent)",
                  "expected(unit)", "reports(unit, form, period)"):  # fmt: skip
        name = index.translate(str.maketrans("(), ", "____"))
        con.execute(f"create index {name} on {index}")
    con.execute("analyze")
    con.commit()
    return con
