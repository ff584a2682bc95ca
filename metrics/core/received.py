"""What has come in: reports with their versions, what they say in words, and what was found wrong with them."""

import json
from datetime import datetime

import pandas as pd

from metrics.core.standing import FIRST, KNOWN, STANDS
from warehouse.fields import FIELDS, NUMBERS
from warehouse.period import Period
from warehouse.store import Engine

TEXTS = [each.id for each in FIELDS.values() if each.kind == "text"]


def reports(
    engine: Engine, period: Period, moment: datetime, unit: str = "", only_refused: bool = False
) -> pd.DataFrame:
    """Every report that has come for a period, of all or of one unit, each version of it: report, receipt, form, unit,
    told_by, period, file, sha256, received_at, accepted, standing, version (of the accepted), blocking and noted
    problems.
    """
    narrow = f"{' and r.unit = $unit' if unit else ''}{' and not r.accepted' if only_refused else ''}"
    return engine.query(
        f"""
        select r.report, r.receipt, r.form, r.unit, r.told_by, r.period, c.file, c.sha256, r.received_at, r.accepted,
               {STANDS} as standing,
               case when r.accepted then row_number() over (
                   partition by r.unit, r.form, r.period, r.accepted order by r.received_at, r.report) end as version,
               coalesce(p.blocking, 0) as blocking, coalesce(p.noted, 0) as noted
        from reports r
        join receipts c on c.receipt = r.receipt
        left join (
            select report, count(*) filter (where blocks) as blocking, count(*) filter (where not blocks) as noted
            from problems group by report
        ) p on p.report = r.report
        where {KNOWN} < $moment{narrow} and exists (
            select 1 from expected e where e.period = r.period
              and e.first_month >= $first and e.last_month <= $last)
        order by r.form, r.unit, r.period, r.received_at, r.report
        """,
        _asked(period, moment) | ({"unit": unit} if unit else {}),
    )


def owed(engine: Engine, moment: datetime) -> pd.DataFrame:
    """Each report that is owed at any time: form, unit, period, due, due_by_now, adds_up, received_at (NaT: nothing
    accepted), days_late, first_month, last_month.
    """
    return engine.query(
        f"""
        select e.form, e.unit, e.period, e.due, e.due < $moment as due_by_now, e.adds_up, r.came as received_at,
               greatest(0, date_diff('day', e.due, r.came::date)) as days_late, e.first_month, e.last_month
        from expected e
        left join ({FIRST}) r on r.form = e.form and r.unit = e.unit and r.period = e.period
        order by e.form, e.unit, e.period
        """,
        {"moment": moment},
    )


def narratives(engine: Engine, period: Period, moment: datetime) -> pd.DataFrame:
    """What standing reports of a period say: report, unit, period, field, text, file, received_at, sheet, cell."""
    asked, names = _asked(period, moment), ", ".join(f"('{each}')" for each in TEXTS)
    told = " ".join(f"when '{each}' then f.{each}" for each in TEXTS)
    within = "f.first_month >= $first and f.last_month <= $last"
    # No text goes through a join: of a country's file that has grown the database (2.0.0) loses track of the texts
    # beside the facts, fails and cannot be asked again.
    texts = engine.query(
        f"""
        select report, field, text from (
            select f.report, n.field, trim(case n.field {told} end) as text
            from facts f cross join (values {names}) as n(field)
            where {within}
        ) as told
        where text <> ''
        """,
        {each: asked[each] for each in ("first", "last")},
    )
    standing = engine.query(
        f"""
        select r.report, r.receipt, r.unit, r.period, r.received_at from reports r
        where {STANDS} and r.report in (select f.report from facts f where {within})
        """,
        asked,
    )
    # Where each field stands is a long text that most reports share: it is read once, and not with every report.
    layouts = engine.query(
        "select columns, array_agg(report) as reports from reports where columns <> '' group by columns"
    )
    layout = {report: number for number, reports in enumerate(layouts.reports) for report in reports}
    files = engine.query("select receipt, file from receipts").set_index("receipt").file
    found = texts.merge(standing.assign(file=standing.receipt.map(files)), on="report")
    found = found.sort_values(
        ["received_at", "unit", "field", "report"], ascending=[False, True, True, True], ignore_index=True
    )
    read = [json.loads(each) for each in layouts["columns"]] + [{}]
    places = [
        read[layout.get(report, -1)].get(field, ["", ""])
        for report, field in zip(found.report, found.field, strict=True)
    ]
    found = found[["report", "unit", "period", "field", "text", "file", "received_at"]]
    return found.assign(sheet=[each[0] for each in places], cell=[each[1] for each in places])


def problems(engine: Engine, period: Period, moment: datetime) -> pd.DataFrame:
    """Every problem of the reports that came for a period: report, unit, period, file, sha256, kind, blocks, sheet,
    cell, given, parts (json), accepted, standing. The words of a kind are with the intake.
    """
    return engine.query(
        f"""
        select p.report, r.unit, r.period, c.file, c.sha256, r.received_at, p.kind, p.blocks, p.sheet, p.cell, p.given,
               p.parts, r.accepted,
               {STANDS} as standing
        from problems p
        join reports r on r.report = p.report
        join receipts c on c.receipt = r.receipt
        where {KNOWN} < $moment and (r.period is null or exists (
            select 1 from expected e where e.period = r.period
              and e.first_month >= $first and e.last_month <= $last))
        order by p.blocks desc, r.received_at desc, r.unit, p.kind, p.sheet, p.cell
        """,
        _asked(period, moment),
    )


def filled(engine: Engine, period: Period, moment: datetime) -> pd.DataFrame:
    """How many cells of each figure the standing reports of a period have filled in, by who reports.

    unit, level, field, filled, cells. Cells are the rows of the field's level; words are not asked of anybody.
    """
    counts = ", ".join(f"count(f.{each.id}) as {each.id}" for each in NUMBERS)
    wide = engine.query(
        f"""
        select r.unit, f.level, count(*) as cells, {counts}
        from facts f
        join reports r on r.report = f.report
        where {STANDS} and r.told_by is null
          and f.first_month >= $first and f.last_month <= $last
        group by r.unit, f.level
        order by r.unit, f.level
        """,
        _asked(period, moment),
    )
    long = wide.melt(["unit", "level", "cells"], var_name="field", value_name="filled")
    return long[long.level == long.field.map({each.id: each.level for each in NUMBERS})].reset_index(drop=True)


def _asked(period: Period, moment: datetime) -> dict[str, object]:
    return {"moment": moment, "first": period.reports_from, "last": period.last_month}
