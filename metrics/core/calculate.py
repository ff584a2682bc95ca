"""From facts to results in one SQL text of named steps: reported → measured → judged → ranked.

Its laws, each a test by that name: a flow adds up and of a stock the last month counts · a parent is the ratio of
sums · a unit that sent nothing still has a row · of a unit that sent nothing we do not say zero · the parent says how
many reported · the best is first.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

import pandas as pd

from metrics.core.indicator import Indicator
from warehouse.fields import FIELDS, LEVELS
from warehouse.period import Period
from warehouse.schedule import FORMS
from warehouse.store import Engine

STATUSES = ("met", "near", "behind", "no_target", "not_applicable", "no_report")
NEAR = 0.1  # a result within this share of the target is "near"
COLUMNS = [
    "indicator", "unit", "unit_name", "level", "parent", "period", "numerator", "denominator", "value", "target",
    "missing", "status", "rank", "ranked", "rank_in_parent", "reports", "reports_due",
]  # fmt: skip


def results(
    engine: Engine, periods: Sequence[tuple[Period, date]], indicators: Sequence[Indicator], as_of: date | None = None
) -> pd.DataFrame:
    """One row per period, unit and indicator (COLUMNS), also for a unit that sent nothing.

    `periods` pairs each period with the day whose units are shown; `as_of` takes only what had come by the end of
    that day. `missing` is what is still lacking to the target, in what the numerator counts.
    """
    return engine.query(sql(periods, indicators), {"moment": moment(as_of)})[COLUMNS]


def moment(as_of: date | None) -> datetime:
    """The first instant that is too late to count: the midnight after `as_of`."""
    return datetime.combine(as_of + timedelta(days=1), time()) if as_of else datetime.max


def sql(periods: Sequence[tuple[Period, date]], indicators: Sequence[Indicator]) -> str:
    """The whole question as SQL text, with $moment left open; an analyst can read it and run it."""
    steps = {
        "periods": period_rows(periods),
        "indicators": _indicators(indicators),
        "lives": LIVES,
        "standing": STANDING,
        "turns": TURNS,
        "reported": _reported(indicators),
        "owed": OWED,
        "tree": TREE,
        "bricks": BRICKS,
        "measured": _measured(indicators),
        "listed": _listed(indicators),
        "judged": JUDGED,
        "ranked": RANKED,
    }
    named = ",\n".join(f"{name} as ({step.strip()})" for name, step in steps.items())
    return f"with recursive {named}\nselect * from ranked order by period, indicator, level, rank nulls last, unit"


def period_rows(periods: Sequence[tuple[Period, date]]) -> str:
    """The periods asked for, as rows: period, first_month, last_month, day."""
    rows = ", ".join(f"('{p}', {p.first_month}, {p.last_month}, date '{day}')" for p, day in periods)
    return f"select * from (values {rows}) as p(period, first_month, last_month, day)"


def _indicators(indicators: Sequence[Indicator]) -> str:
    rows = ", ".join(
        f"({place}, '{i.id}', {LEVELS.index(i.finest)}, {1 if i.better == 'higher' else -1},"
        f" {100 if i.is_share else 1}, {'null' if i.target is None else i.target}::double)"
        for place, i in enumerate(indicators)
    )
    return f"select * from (values {rows}) as i(place, indicator, finest, sign, scale, target)"


LIVES = """
    select p.period, u.unit, u.full_name, u.level, u.parent
    from periods p
    join units u on (u.since is null or u.since <= p.day) and (u.until is null or u.until > p.day)
"""

STANDING = """
    select f.*, r.form, r.unit as reporter, f.unit = r.unit and f.row_number is not null as in_one_sum
    from facts f
    join reports r on r.report = f.report
    where r.accepted and r.received_at < $moment and (r.superseded_at is null or r.superseded_at >= $moment)
"""


def _reported(indicators: Sequence[Indicator]) -> str:
    """One row per unit that sent anything: its fields over the months, and how many reports tell of it."""
    used = {each for i in indicators for each in i.fields}
    columns = "".join(f", {FIELDS[each].over_months} as {each}" for each in FIELDS if each in used)
    return f"""
    select period, unit, count(distinct report) filter (where adds_up) as times{columns}
    from (
        select p.period, s.*, {lasts("s", "t")} as lasts
        from periods p
        join standing s on s.first_month >= p.first_month and s.last_month <= p.last_month
        left join turns t on t.period = p.period and t.reporter = s.reporter
    )
    group by period, unit
    """


def lasts(fact: str, turn: str) -> str:
    """Whether a stock in a standing fact still counts, beside what TURNS says of its commune (SQL)."""
    return f"""case
        when {turn}.in_one_sum is null then true
        when {fact}.in_one_sum then {fact}.recency > coalesce({turn}.in_rows, 0)
        else {fact}.level <> 'hamlet' or {fact}.recency > {turn}.in_one_sum end"""


# A district's table tells of a commune in one sum, its own report in a row for each khu/ấp. When one commune is told of
# in both ways, the last report of each kind: a stock must not be counted in both.
TURNS = """
    select p.period, s.reporter, max(s.recency) filter (where s.in_one_sum) as in_one_sum,
           max(s.recency) filter (where s.level = 'hamlet') as in_rows
    from periods p
    join standing s on s.first_month >= p.first_month and s.last_month <= p.last_month
    where s.reporter in (select reporter from standing where in_one_sum)
    group by p.period, s.reporter
"""

# A report that is not due yet is owed only once it has come: so the share that reported never exceeds 100 %.
OWED = """
    select p.period, e.unit, e.form,
           count(*) filter (where e.due < $moment or r.unit is not null) as due,
           count(*) filter (where r.unit is not null) as received
    from periods p
    join expected e on e.adds_up and e.first_month >= p.first_month and e.last_month <= p.last_month
    left join (
        select distinct unit, form, period from reports
        where accepted and received_at < $moment and (superseded_at is null or superseded_at >= $moment)
    ) r on r.unit = e.unit and r.form = e.form and r.period = e.period
    group by p.period, e.unit, e.form
"""

# Each unit with itself and with all below it.
TREE = """
    select period, unit, unit as sender, level from lives
    union all
    select t.period, l.parent, t.sender, t.level
    from tree t join lives l on l.period = t.period and l.unit = t.unit
    where l.parent is not null
"""

# A khu/ấp has no report of its own: it is told of in its commune's.
BRICKS = """
    select l.period, l.unit as sender, l.level, r.* exclude (period, unit, times),
           case when l.level = 'hamlet' then coalesce(r.times, 0) else coalesce(m.received, 0) end as monthly_reports,
           case when l.level = 'hamlet' then coalesce(o.due, 0) else coalesce(m.due, 0) end as monthly_due,
           coalesce(q.received, 0) as periodic_reports,
           coalesce(q.due, 0) as periodic_due
    from lives l
    left join reported r on r.period = l.period and r.unit = l.unit
    left join owed m on m.period = l.period and m.unit = l.unit and m.form = 'monthly'
    left join owed q on q.period = l.period and q.unit = l.unit and q.form = 'periodic'
    left join owed o on o.period = l.period and o.unit = l.parent and o.form = 'monthly'
"""


def _measured(indicators: Sequence[Indicator]) -> str:
    """One row per unit: every numerator and denominator, and the reports behind them."""
    own = "where b.level <> 'hamlet' or t.unit = t.sender"
    counts = "".join(
        f", sum({form}_{what}) filter ({own})::bigint as {form}_{what}" for form in FORMS for what in ("reports", "due")
    )
    values = "".join(
        f", ({i.numerator})::double as n{place}, ({i.denominator})::double as d{place}"
        for place, i in enumerate(indicators)
    )
    return f"""
    select t.period, t.unit{counts}{values}
    from (select period, unit, sender from tree) t
    join bricks b on b.period = t.period and b.sender = t.sender
    group by t.period, t.unit
"""


def _listed(indicators: Sequence[Indicator]) -> str:
    """One row per unit and indicator. A case, not a union: a union would compute its input anew each time."""

    def chosen(what: str) -> str:
        return " ".join(f"when {place} then {what.format(place=place)}" for place in range(len(indicators)))

    def counted(what: str) -> str:
        sums = (" + ".join(f"{form}_{what}" for form in i.forms) for i in indicators)
        return " ".join(f"when {place} then {each}" for place, each in enumerate(sums))

    levels = " ".join(f"when '{level}' then {place}" for place, level in enumerate(LEVELS))
    return f"""
    select i.*, m.period, m.unit, l.full_name as unit_name, l.level, l.parent,
           case i.place {chosen("n{place}")} end as told, case i.place {chosen("d{place}")} end as denominator,
           case i.place {counted("reports")} end as reports, case i.place {counted("due")} end as reports_due
    from measured m
    join lives l on l.period = m.period and l.unit = m.unit
    join indicators i on case l.level {levels} end <= i.finest
"""


JUDGED = f"""
    select *,
           case when value is null or target is null then null
                when sign > 0 and scale = 100 then greatest(0, ceil(target * denominator / 100) - numerator)
                else greatest(0, sign * (target - value)) end as missing,
           case
               when reports = 0 and reports_due = 0 then 'not_applicable'
               when reports = 0 then 'no_report'
               when value is null then 'not_applicable'
               when target is null then 'no_target'
               when sign * value >= sign * target then 'met'
               when sign * value >= sign * target - {NEAR} * abs(target) then 'near'
               else 'behind' end as status
    from (
        select *, case when reports > 0 then told end as numerator,
               case when reports > 0 then scale * told / nullif(denominator, 0) end as value
        from listed
    )
"""

RANKED = """
    select *,
           case when value is not null then rank() over (
               partition by period, indicator, level order by sign * value desc nulls last) end as rank,
           count(value) over (partition by period, indicator, level) as ranked,
           case when value is not null then rank() over (
               partition by period, indicator, level, parent order by sign * value desc nulls last
           ) end as rank_in_parent
    from judged
"""
