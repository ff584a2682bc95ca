"""From facts to results in one SQL text of named steps: reported → measured → judged → ranked.

Its laws, each a test by that name: a flow adds up and of a stock the last month counts · a parent is the ratio of
sums · a unit that sent nothing still has a row · of a unit that sent nothing we do not say zero · the parent says how
many reported · the best is first · a unit whose reports are not enough has no place · what was assigned to a unit goes
before the plan's floor.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime, time, timedelta

import pandas as pd

from metrics.core.among import Among
from metrics.core.formulas import aggregates, of_parts, shared
from metrics.core.indicator import BELOW, Indicator
from metrics.core.other_day import PERIOD, Shown, estimated, still, tree, units_shown, with_steps
from metrics.core.standing import (
    MONTHS,
    NOTHING_REPORTED,
    OPEN,
    OPEN_ONE,
    OWED,
    Span,
    due,
    reported,
    standing,
    times,
    turns,
)
from warehouse.fields import FIELDS, LEVELS
from warehouse.period import Period
from warehouse.schedule import DUTIES, FORMS, Duty
from warehouse.store import Engine

STATUSES = ("met", "near", "behind", "no_target", "not_applicable", "no_report")
NEAR = 0.1  # a result within this share of the target is "near"
ENOUGH = 0.8  # share of the reports due that must stand behind a result before it is given a place among others
COLUMNS = [
    "indicator", "unit", "unit_name", "level", "parent", "period", "numerator", "denominator", "value", "target",
    "assigned", "missing", "status", "enough", "rank", "ranked", "rank_in_parent", "reports", "reports_due",
    "estimated",
]  # fmt: skip
PLACES = ["rank", "ranked", "rank_in_parent"]  # what a unit has among others


def results(
    engine: Engine,
    periods: Sequence[Shown | tuple[Period, date]],
    indicators: Sequence[Indicator],
    as_of: date | None = None,
    among: Among | None = None,
) -> pd.DataFrame:
    """One row per period, unit and indicator (COLUMNS), also for a unit that sent nothing.

    `periods` are Shown: each with the day whose units told, and the day whose units are shown. `as_of` takes only what
    had come by the end of that day. `missing` is what is still lacking to the target, in what the numerator counts;
    `assigned` says that the target is the unit's own (III.3) and not the plan's; `enough` that enough reports stand
    behind it to be ranked; `estimated` by what the share of a unit that was split was reckoned, where one is in it. A
    place is that among the units of a level in one province. `among` some units only it is a part of the work; some of
    them have no PLACES (Among).
    """
    periods, whose = [Shown(*each) for each in periods], among or Among()
    given: dict[str, object] = {"moment": moment(as_of)} | whose.given
    given |= {"first": min(each.period.reports_from for each in periods)}
    given |= {"last": max(each.period.last_month for each in periods)}
    for place, each in enumerate(periods):
        given |= {f"{name}_{place}": told for name, told in zip(PERIOD, each.row, strict=True)}
    span = OPEN_ONE if len(periods) == 1 else OPEN
    found = engine.query(_question(_open_rows(len(periods)), indicators, whose, _moved(periods), span), given)
    # The province has no parent: asked of alone, its column would be of another type than beside others.
    return found if isinstance(found.parent.dtype, pd.StringDtype) else found.astype({"parent": "str"})


def figures(
    engine: Engine, period: Shown, fields: Collection[str], as_of: date | None = None, sums: bool = True
) -> pd.DataFrame:
    """What each unit of the register told of some fields in a period, by the same laws: unit, unit_name, level, parent,
    and the fields, null where it told nothing. In units of another day: what those told that are shown as it.

    `sums` is false where it is known that no report tells of a commune in one sum.
    """
    moved = _moved([period])
    steps = {"periods": period_rows([period]), **units_shown(moved), "standing": standing(OPEN_ONE, fields=fields)}
    steps |= {"turns": turns(OPEN_ONE)} if sums else {}
    steps |= {"reported": reported(fields, sums, OPEN_ONE)}
    told = ", ".join(f"r.{each}" for each in fields)
    source = "reported"
    if moved:
        sums = ", ".join(f"sum(m.share * {still(each, 'r', 's')}) as {each}" for each in fields)
        source = f"""(
            select m.period, m.unit, {sums}
            from moves m
            join senders s on s.period = m.period and s.unit = m.sender
            join reported r on r.period = m.period and r.unit = m.sender
            group by m.period, m.unit
        )"""
    return engine.query(
        f"""
        {with_steps(steps, apart=("standing",))}
        select l.unit, l.full_name as unit_name, l.level, l.parent, {told}
        from lives l left join {source} r on r.period = l.period and r.unit = l.unit
        order by l.level, l.unit
        """,
        {"moment": moment(as_of), "first": period.period.reports_from, "last": period.period.last_month},
    )


def moves(engine: Engine, period: Shown) -> pd.DataFrame:
    """As which units those are shown that told, in units of another day: sender, unit, share, kind."""
    steps = {"periods": period_rows([period]), **units_shown(True)}
    return engine.query(f"{with_steps(steps)} select sender, unit, share, kind from moves order by sender, unit")


def moment(as_of: date | None) -> datetime:
    """The first instant that is too late to count: the midnight after `as_of`, or after today.

    Not the end of time: what falls due next month is not missing today.
    """
    return datetime.combine((as_of or date.today()) + timedelta(days=1), time())


def _moved(periods: Sequence[Shown]) -> bool:
    return any(each.seen for each in periods)


def sql(periods: Sequence[Shown | tuple[Period, date]], indicators: Sequence[Indicator]) -> str:
    """The whole question as SQL text, with $moment left open; an analyst can read it and run it."""
    told = [Shown(*each) for each in periods]
    return _question(period_rows(told), indicators, Among(), _moved(told))


def _question(
    periods: str, indicators: Sequence[Indicator], whose: Among, moved: bool, span: Span | None = None
) -> str:
    """The text of a question about all units, or about some of them; `moved`: in units of another day; `span` are its
    first and last month.
    """
    shown = units_shown(moved)
    fields = {each for i in indicators for each in i.fields}
    told = moved or any(i.finest == "hamlet" or i.below for i in indicators)  # khu/ấp tell of something
    summed = told and not (moved or whose.has_hamlets)
    counted = whose.has_hamlets and told  # how many times khu/ấp were told of
    steps = {
        "periods": periods,
        **({} if span and span.is_one else {"months": MONTHS}),
        "indicators": _indicators(indicators),
        **shown,
        **whose.steps(shown["lives"], told),
        "standing": standing(span, whose.heard, fields),
        **({"turns": turns(span)} if whose.has_sums else {}),
        "reported": reported(fields, whose.has_sums, span) if fields else NOTHING_REPORTED,
        **({"times": times(span)} if counted else {}),
        "due": due(span, whose.heard),
        "owed": OWED,
        **tree(moved, whose.is_all, not summed),
        "bricks": _bricks(indicators, moved, counted),
        **({"summed": _summed(indicators)} if summed else {}),
        **({"assigned": ASSIGNED} if whose.has_targets else {}),
        "measured": _measured_of_sums(indicators) if summed else _measured(indicators, moved),
        "listed": _listed(indicators, moved, "lives" if whose.is_all else "asked", whose.has_targets),
        "judged": JUDGED,
    }
    if not whose.placed:
        columns = ", ".join(each for each in COLUMNS if each not in PLACES)
        last = f"select {columns} from judged order by period, indicator, level, unit"
    else:
        steps |= {} if whose.in_one else {"homes": homes(moved, whose.is_all)}
        steps |= {"placed": placed(whose.in_one, whose.of_a_province), "ranked": RANKED}
        last = "select * from ranked order by period, indicator, level, rank nulls last, unit"
    # Facts are many: each step takes of them what it needs, instead of all that any of them does. Those of a few units
    # are found once.
    return f"{with_steps(steps, apart=() if whose.heard else ('standing',))}\n{last}"


def period_rows(periods: Sequence[Shown]) -> str:
    """The periods asked for, as rows (PERIOD)."""
    rows = ", ".join("(" + ", ".join(_literal(each) for each in told.row) + ")" for told in periods)
    return f"select * from (values {rows}) as p({', '.join(PERIOD)})"


def _literal(value: object) -> str:
    return str(value) if isinstance(value, int) else f"{'date ' if isinstance(value, date) else ''}'{value}'"


def _open_rows(count: int) -> str:
    """The same, with $period_0, … left open: so the text is the same of every period, and read only once."""
    rows = ", ".join("(" + ", ".join(f"${each}_{place}" for each in PERIOD) + ")" for place in range(count))
    return f"select * from (values {rows}) as p({', '.join(PERIOD)})"


def _indicators(indicators: Sequence[Indicator]) -> str:
    rows = ", ".join(
        f"({place}, '{i.id}', {LEVELS.index(i.finest)}, {1 if i.better == 'higher' else -1}, {i.scale},"
        f" {'null' if i.target is None else i.target}::double, {bool(i.scheduled)}, {i.accumulates})"
        for place, i in enumerate(indicators)
    )
    return (
        f"select * from (values {rows}) as i(place, indicator, finest, sign, scale, floor, of_reporting, accumulates)"
    )


def _bricks(indicators: Sequence[Indicator], moved: bool, times: bool) -> str:
    """One row per unit that tells: what it told, and what is known of its reports, form by form; of khu/ấp, too, where
    it was counted how many times each was told of.
    """
    known, joins, who = "", "", "senders" if moved else "lives"
    used, named = {each for i in indicators for each in i.fields}, {each for i in indicators for each in i.scheduled}
    told = "".join(f", {still(each, 'r', 'l') if moved else f'r.{each}'} as {each}" for each in FIELDS if each in used)
    if below := [each for each in FIELDS if any(each in i.below for i in indicators)]:
        told += "".join(f", g.{BELOW}{each}" for each in below)
        joins = f"left join ({_gathered(below, who)}) g on g.period = l.period and g.parent = l.unit"
    for number, duty in enumerate(each for each in DUTIES if each.form in _forms(indicators)):
        columns, join = _duty(duty, f"o{number}", times, named)
        known, joins = f"{known}, {columns}", f"{joins} {join}"
    return f"""
    select l.period, l.unit as sender, l.parent, {_level(moved)}{told}{known}
    from {who} l
    left join reported r on r.period = l.period and r.unit = l.unit
    {joins}
    """


def _level(moved: bool) -> str:
    """The level that formulas count units by: of one that has ended none, or it would be counted beside its heirs."""
    level = "case when l.living then l.level end" if moved else "l.level"
    return f"{level} as level, l.level as told_as"


def _forms(indicators: Sequence[Indicator]) -> list[str]:
    """The forms behind the indicators: of others nothing needs to be known."""
    return [each for each in FORMS if any(each in i.forms for i in indicators)]


def _gathered(below: Sequence[str], who: str) -> str:
    """Of each commune, what its khu/ấp told of some fields, added up."""
    sums = "".join(f", sum(r.{each}) as {BELOW}{each}" for each in below)
    return f"""
        select l.period, l.parent{sums}
        from {who} l join reported r on r.period = l.period and r.unit = l.unit
        where l.level = 'hamlet' group by l.period, l.parent
    """


def _duty(duty: Duty, own: str, of_hamlets: bool, named: Collection[str]) -> tuple[str, str]:
    """What is known of the reports of one form, as far as it is `named`, and the join that it comes from.

    A khu/ấp has no report of its own: it is told of in its commune's, which is owed.
    """
    whose, times, more = "l.unit", f"coalesce({own}.received, 0)", ""
    if of_hamlets and LEVELS.index(duty.level) == len(LEVELS) - 2:
        whose = "case when l.level = 'hamlet' then l.parent else l.unit end"
        times = f"case when l.level = 'hamlet' then coalesce(times.times, 0) else {times} end"
        more = "left join times on times.period = l.period and times.unit = l.unit"
    columns = [f"{times} as {duty.form}_reports", f"coalesce({own}.due, 0) as {duty.form}_due"]
    columns += [
        f"case when l.level <> 'hamlet' then {own}.{what} end as {duty.form}_{what}"
        for what in ("expected", "accepted", "on_time")
        if f"{duty.form}_{what}" in named
    ]
    join = f"left join owed {own} on {own}.period = l.period and {own}.unit = {whose} and {own}.form = '{duty.form}'"
    return ", ".join(columns), f"{join} {more}"


# What was assigned to a unit for just this period, or for a longer one around it, or for any; the last sheet counts.
# Of a number that adds up, what is to be reached in a year is not what is to be reached in its quarter.
ASSIGNED = """
    select period, place, unit, target from (
        select p.period, i.place, t.unit, t.target,
               row_number() over (partition by p.period, i.place, t.unit order by t.receipt desc, t.cell) as turn
        from periods p
        join targets t on t.received_at < $moment
        join indicators i on i.indicator = t.indicator
        where t.period is null or t.period = p.period
           or (not i.accumulates and p.first_month >= t.first_month and p.last_month <= t.last_month)
    ) where turn = 1
"""


def _measured(indicators: Sequence[Indicator], moved: bool) -> str:
    """One row per unit that is asked for: every numerator and denominator, and the reports behind them."""
    formula, columns, estimates = (shared, ", share, kind", estimated(indicators)) if moved else (str, "", "")
    counts = _counts(indicators, " filter (where b.told_as <> 'hamlet' or t.unit = t.sender)")
    return f"""
    select t.period, t.unit{counts}{_values(indicators, formula)}{estimates}
    from (select period, unit, sender{columns} from tree) t
    join bricks b on b.period = t.period and b.sender = t.sender
    group by t.period, t.unit
"""


def _summed(indicators: Sequence[Indicator]) -> str:
    """One row per commune and unit above: what it told, and in it its khu/ấp, in the sums that formulas are made of.

    Of a country's units nine in ten are khu/ấp: where none is asked for, none need climb the tree.
    """
    sums = "".join(f", {sum} as {name}" for sum, name in _sums(indicators).items())
    return f"""
    select period, case when told_as = 'hamlet' then parent else sender end as sender{_counts(indicators)}{sums}
    from bricks
    group by period, case when told_as = 'hamlet' then parent else sender end
"""


def _measured_of_sums(indicators: Sequence[Indicator]) -> str:
    """The same as _measured, from the rows of _summed."""
    names = _sums(indicators)
    return f"""
    select t.period, t.unit{_counts(indicators)}{_values(indicators, lambda formula: of_parts(formula, names))}
    from tree t
    join summed b on b.period = t.period and b.sender = t.sender
    group by t.period, t.unit
"""


def _sums(indicators: Sequence[Indicator]) -> dict[str, str]:
    return aggregates([each for i in indicators for each in (i.numerator, i.denominator)])


def _counts(indicators: Sequence[Indicator], narrowed: str = "") -> str:
    """Columns: the reports behind each form's figures, and those due. A khu/ấp's are those of its commune."""
    columns = [f"{form}_{what}" for form in _forms(indicators) for what in ("reports", "due")]
    return "".join(f", sum({each}){narrowed}::bigint as {each}" for each in columns)


def _values(indicators: Sequence[Indicator], formula: Callable[[str], str]) -> str:
    """Columns n0, d0, n1 …: each numerator and denominator, its formula put in another way."""
    return "".join(
        f", {_number(formula(i.numerator), i)} as n{place}, {_number(formula(i.denominator), i)} as d{place}"
        for place, i in enumerate(indicators)
    )


def _number(formula: str, indicator: Indicator) -> str:
    """A formula as a number. Broken numbers added up in another order differ in the last bit, which is rounded away."""
    whole = all(FIELDS[each].whole for each in indicator.fields)
    return f"({formula})::double" if whole else f"round(({formula})::double, 6)"


def _listed(indicators: Sequence[Indicator], moved: bool, units: str, assigned: bool) -> str:
    """One row per indicator and one of `units`. A case: a union would compute its input anew each time."""

    def chosen(what: str) -> str:
        return " ".join(f"when {place} then {what.format(place=place)}" for place in range(len(indicators)))

    def counted(what: str) -> str:
        sums = (" + ".join(f"{form}_{what}" for form in i.forms) for i in indicators)
        return " ".join(f"when {place} then {each}" for place, each in enumerate(sums))

    levels = " ".join(f"when '{level}' then {place}" for place, level in enumerate(LEVELS))
    target = "coalesce(a.target, i.floor) as target, a.target is not null as assigned"
    join = "left join assigned a on a.period = m.period and a.place = i.place and a.unit = m.unit"
    if not assigned:
        target, join = "i.floor as target, false as assigned", ""
    return f"""
    select i.*, m.period, m.unit, l.full_name as unit_name, l.level, l.parent,
           case i.place {chosen("n{place}")} end as told, case i.place {chosen("d{place}")} end as denominator,
           case i.place {counted("reports")} end as reports, case i.place {counted("due")} end as reports_due,
           {target},
           {f"case i.place {chosen('e{place}')} end" if moved else "null::varchar"} as estimated
    from measured m
    join {units} l on l.period = m.period and l.unit = m.unit
    join indicators i on case l.level {levels} end <= i.finest
    {join}
"""


# Rounded before it is rounded up: 35,7 % of 1.000 is 357, not 357,0000001.
JUDGED = f"""
    select *,
           case when value is null or target is null then null
                when sign > 0 and scale > 1 then greatest(0, ceil(round(target * denominator / scale, 6)) - numerator)
                else greatest(0, sign * (target - value)) end as missing,
           case
               when reports = 0 and reports_due = 0 then 'not_applicable'
               when reports = 0 and not of_reporting then 'no_report'
               when value is null then 'not_applicable'
               when target is null then 'no_target'
               when sign * value >= sign * target then 'met'
               when sign * value >= sign * target - {NEAR} * abs(target) then 'near'
               else 'behind' end as status,
           value is not null and (of_reporting or reports >= {ENOUGH} * reports_due) as enough
    from (
        select *, case when reports > 0 or of_reporting then told end as numerator,
               case when reports > 0 or of_reporting then scale * told / nullif(denominator, 0) end as value
        from listed
    )
"""


def homes(moved: bool, of_all: bool) -> str:
    """In which province each unit lies that is below one; above it nobody lies in any.

    The tree says so of those that told, who are those that are shown, but in units of another day.
    """
    if moved:
        return """
    select l.period, l.unit, l.level, l.unit as province from lives l where l.level = 'province'
    union all
    select h.period, l.unit, l.level, h.province from homes h join lives l on l.period = h.period and l.parent = h.unit
"""
    return f"""
    select t.period, l.unit, l.level, t.unit as province
    from tree t
    join lives p on p.period = t.period and p.unit = t.unit and p.level = 'province'
    join {"lives" if of_all else "asked"} l on l.period = t.period and l.unit = t.sender
"""


_HOME = " left join homes h on h.period = j.period and h.unit = j.unit and h.level <> 'province'"


def placed(in_one: bool, below: bool) -> str:
    """The places of each result: among its level in a province, and among those of the same parent.

    Only those that enough reports stand behind are given a place, and counted among the ranked. `in_one`: all lie in
    one province; `below`: that has no place itself. They are narrow rows: a window carries each column of its rows
    through every sort.
    """
    province, home, apart = ("", "", "") if in_one else (" h.province,", _HOME, ", province")
    of_level = f"partition by period, place, level{apart} order by height desc nulls last"
    beside = "partition by period, place, level, parent order by height desc nulls last"
    return f"""
    select period, place, unit, case when height is not null then rank() over ({of_level}) end as rank,
           count(height) over ({of_level} rows between unbounded preceding and unbounded following) as ranked,
           case when height is not null then rank() over ({beside}) end as rank_in_parent
    from (
        select j.period, j.place, j.unit, j.level, j.parent,{province}
               case when j.enough then j.sign * j.value end as height
        from judged j{home}{" where j.level <> 'province'" if below else ""}
    )
"""


RANKED = f"""
    select {", ".join(f"{'p' if each in PLACES else 'j'}.{each}" for each in COLUMNS)}
    from judged j
    left join placed p on p.period = j.period and p.place = j.place and p.unit = j.unit
"""
