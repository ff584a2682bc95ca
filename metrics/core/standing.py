"""The steps from what stands in the warehouse to what each unit told in a period, and what it owes (SQL text).

A report stands when it is accepted, known of, and none has come in its place; of corrections the first one tells when a
report came.
"""

from collections.abc import Collection
from typing import NamedTuple

from warehouse.fields import FIELDS
from warehouse.period import Period

# Since when a report r is known of: since it came, or, where an officer had to accept it first, since then.
KNOWN = "coalesce(r.decided_at, r.received_at)"
# A report r that stands: accepted, and none has come in its place.
STANDS = f"r.accepted and {KNOWN} < $moment and (r.superseded_at is null or r.superseded_at >= $moment)"


class Span(NamedTuple):
    """The first and the last month that a question is about (SQL); and whether one period alone lies between them."""

    first: str
    last: str
    is_one: bool = False


OPEN = Span("$first", "$last")  # of a question whose periods are left open
OPEN_ONE = OPEN._replace(is_one=True)

_TOLD = ("report", "unit", "level", "first_month", "last_month", "recency", "adds_up")  # what is asked of every fact


def standing(span: Span | None = None, heard: str = "", fields: Collection[str] | None = None) -> str:
    """Every standing fact; between two months, and of the units heard (SQL), only those.

    With some `fields` only; else with all that a fact tells, which takes the longer to plan.
    """
    told = "f.*" if fields is None else ", ".join(f"f.{each}" for each in (*_TOLD, *(f for f in FIELDS if f in fields)))
    within = f" and f.last_month between {span.first} and {span.last} and f.first_month >= {span.first}" if span else ""
    within += f" and f.unit in ({heard}) and r.unit in ({heard})" if heard else ""
    return f"""
    select {told}, r.form, r.unit as reporter,
           f.level <> 'hamlet' and f.unit = r.unit and f.row_number is not null as in_one_sum
    from facts f
    join reports r on r.report = f.report
    where {STANDS}{within}
"""


STANDING = standing()

# Each month of a period: what lies in a period is joined by the last of its months, as a range would first be sorted.
_LONGEST = Period("plan").last_month - Period("plan").reports_from + 1  # months of the longest period
MONTHS = f"""
    select p.period, p.first_month, p.first_month + n.i as last_month
    from periods p
    join (values {", ".join(f"({each})" for each in range(_LONGEST))}) as n(i) on p.first_month + n.i <= p.last_month
"""


def _in_periods(what: str, name: str, span: Span | None) -> str:
    """The periods (p), each with what lies in it, by months; of one alone that is all that was looked for (SQL)."""
    if span and span.is_one:
        return f"periods p cross join {what} {name}"
    return f"""months p
    join {what} {name} on {name}.last_month = p.last_month and {name}.first_month >= p.first_month"""


def _standing_in_periods(span: Span | None) -> tuple[str, str]:
    """What names the period of a standing fact (s), and where it lies in it; of one alone it is named at last (SQL)."""
    return ("", "standing s") if span and span.is_one else ("p.period, ", _in_periods("standing", "s", span))


def _each_unit(columns: str, rows: str, span: Span | None) -> str:
    """One row per period and unit: columns over the rows that tell of it (SQL).

    To put a country's facts together by two texts, the period's and the unit's, takes a tenth longer than by one.
    """
    if span and span.is_one:
        return f"select p.period, r.* from periods p cross join (select unit{columns} from ({rows}) group by unit) r"
    return f"select period, unit{columns} from ({rows}) group by period, unit"


def reported(used: Collection[str], sums: bool = True, span: Span | None = None) -> str:
    """One row per unit that sent anything: its fields over the months; `sums`: some were told in one sum (turns)."""
    columns = "".join(f", {FIELDS[each].over_months(sums)} as {each}" for each in FIELDS if each in used)
    period, told = _standing_in_periods(span)
    if not sums:
        return _each_unit(columns, f"select {period}s.* from {told}", span)
    told += f" left join turns t on t.reporter = s.reporter{' and t.period = p.period' if period else ''}"
    return _each_unit(columns, f"select {period}s.*, {lasts('s', 't')} as lasts from {told}", span)


# Of what is known from the reports owed alone no fact is read.
NOTHING_REPORTED = "select null::varchar as period, null::varchar as unit where false"


def times(span: Span | None = None) -> str:
    """How many reports tell of each khu/ấp.

    Apart from what they tell: beside a hundred sums, a distinct count would take all their rows twice.
    """
    period, told = _standing_in_periods(span)
    rows = f"select distinct {period}s.unit, s.report from {told} where s.adds_up and s.level = 'hamlet'"
    return _each_unit(", count(*) as times", rows, span)


def lasts(fact: str, turn: str) -> str:
    """Whether a stock in a standing fact still counts, beside what `turns` says of its commune (SQL)."""
    return f"""case
        when {turn}.in_one_sum is null then true
        when {fact}.in_one_sum then {fact}.recency > coalesce({turn}.in_rows, 0)
        else {fact}.level <> 'hamlet' or {fact}.recency > {turn}.in_one_sum end"""


def turns(span: Span | None = None) -> str:
    """Of each commune that is told of in both ways, the last report of each kind: a stock must not be counted in both.

    A district's table tells of a commune in one sum, its own report in a row for each khu/ấp.
    """
    return f"""
    select p.period, s.reporter, max(s.recency) filter (where s.in_one_sum) as in_one_sum,
           max(s.recency) filter (where s.level = 'hamlet') as in_rows
    from {_in_periods("standing", "s", span)}
    group by p.period, s.reporter
    having count(*) filter (where s.in_one_sum) > 0
    """


def first_accepted(asked: str = "true") -> str:
    """The first one accepted of each report (of several that came at once, the lowest), of those asked for (SQL).

    A correction does not make it later, nor does an officer who takes long to accept it.
    """
    return f"""
    select r.unit, r.form, r.period, min(r.received_at) as came, arg_min(r.report, (r.received_at, r.report)) as report,
           count(*) filter (where {STANDS}) as standing
    from reports r where r.accepted and {KNOWN} < $moment and {asked}
    group by r.unit, r.form, r.period
"""


FIRST = first_accepted()


def due(span: Span | None = None, heard: str = "") -> str:
    """Each report owed, with the first one accepted for it; between two months, and of the units heard, only those.

    A report that is not due yet is owed only once it has come: so the share that reported never exceeds 100 %.
    """
    asked = [f"first_month >= {span.first} and last_month <= {span.last}"] if span else []
    asked += [f"unit in ({heard})"] if heard else []
    owed = f"(select * from expected{' where ' if asked else ''}{' and '.join(asked)})"
    # Of a few units all reports are few; of all those of some periods are looked for.
    first = f"r.unit in ({heard})" if heard else f"r.period in (select period from {owed})" if asked else "true"
    return f"""
    select p.period, e.unit, e.form, e.period as owed_for, e.adds_up, e.due, r.came, r.report,
           coalesce(r.came < e.due + interval 1 day, false) as on_time
    from {_in_periods(owed, "e", span)}
    left join ({first_accepted(first)}) r
           on r.unit = e.unit and r.form = e.form and r.period = e.period and r.standing > 0
    where e.due < $moment or r.came is not null
"""


# `due` and `received` are of the reports that figures are made of, the others of every kind of a form.
OWED = """
    select period, unit, form,
           count(*) filter (where adds_up) as due, count(came) filter (where adds_up) as received,
           count(*) as expected, count(came) as accepted, count(*) filter (where on_time) as on_time
    from due
    group by period, unit, form
"""
