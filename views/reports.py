"""Who has reported, who is late, who is silent: the calendar of reports, what is missing now, what became of each."""

from collections.abc import Sequence

import pandas as pd

from language import Language, Text, capital, day, order, small, word, written
from metrics import INDICATORS
from metrics.core.ledger import Ledger
from metrics.core.memory import remembered
from views import look
from views.shown import root, within
from views.view import Choice, Column, View
from warehouse.period import PLAN_FIRST, PLAN_LAST, Period
from warehouse.rows import rows
from warehouse.schedule import DUTIES, DUTY_OF

PLAN = "plan"
YEARS = (*(str(year) for year in range(PLAN_FIRST[0], PLAN_LAST[0] + 1)), PLAN)
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
OPEN = ("missing", "blocked")  # what is still to come
RATES = ("reporting_rate", "on_time_rate")  # of all forms together


def owed(choice: Choice, ledger: Ledger, form: str = "") -> pd.DataFrame:
    """Every report that the chosen unit and all below it owe during the plan, with what has become of it.

    form, unit, unit_name, parent, district, period, due, received_at, days_late, state (look.REPORTS), blocked_at,
    file. Due today is owed today, as in the rates.
    """
    return _within(ledger, choice.unit, form).copy()


@remembered  # every part of the page begins with it
def _within(ledger: Ledger, unit: str, form: str) -> pd.DataFrame:
    every = _owed(ledger)
    plan = Period(PLAN)
    inside = within(unit, ledger.register) | ledger.senders(plan, within(unit, ledger.units(plan)))
    inside = every.unit.isin(inside)
    inside = inside & (every.form == form) if form else inside
    return every if inside.all() else every[inside].reset_index(drop=True)


@remembered  # a page asks several times
def _owed(ledger: Ledger) -> pd.DataFrame:
    """What all units owe during the plan."""
    units, found = ledger.register, ledger.reporting(Period(PLAN))
    refused = ledger.received(Period(PLAN), only_refused=True)
    refused = refused.drop_duplicates(["form", "unit", "period"], keep="last")
    refused = refused.rename(columns={"received_at": "blocked_at"})[["form", "unit", "period", "blocked_at", "file"]]
    found = found.merge(refused, on=["form", "unit", "period"], how="left")
    found["state"] = _states(found)
    found["unit_name"], found["parent"] = found.unit.map(units.full_name), found.unit.map(units.parent)
    found["district"] = found.parent.map(units.full_name).where(found.parent.map(units.level) == "district", "")
    return found.fillna({"district": ""})


def _states(found: pd.DataFrame) -> pd.Series:
    states = found.due_by_now.map({True: "missing", False: "not_due"})
    states = states.mask(found.blocked_at.notna(), "blocked")
    came = (found.days_late > 0).map({True: "late", False: "on_time"})
    return states.mask(found.received_at.notna(), came)


def forms(choice: Choice, ledger: Ledger) -> dict[str, str]:
    """The forms that somebody within the chosen unit owes, with their names."""
    found = set(owed(choice, ledger).form)
    return {each.form: form_name(each.form, choice.language) for each in DUTIES if each.form in found}


def form_name(form: str, language: Language) -> str:
    """What a form is called, as a heading."""
    return capital(DUTY_OF[form].name[language])


def year_of(choice: Choice) -> str:
    """The year that the chosen period lies in; of the whole plan, all of it."""
    return str(choice.period.year) if choice.period.kind != PLAN else PLAN


def calendar(choice: Choice, ledger: Ledger, form: str, year: str) -> View:
    """A row per unit, a column per period that somebody owes in the year: signs of look.REPORTS, days late beside.

    The units stand under their district, which carries its own rates.
    """
    language = choice.language
    found = _of_year(owed(choice, ledger, form), year)
    periods = _periods(found)
    signs = {(row.unit, row.period): _sign(row) for row in rows(found, "unit", "period", "state", "days_late")}
    rates = _rates(choice, ledger, form, year)
    lines = [
        {
            **row._asdict(),
            **{each: signs.get((row.unit, each), look.REPORTS["not_owed"][0]) for each in periods},
            **{name: rates[name].get(row.unit) for name in rates},
            "section": _section(row, rates, choice) if form == "monthly" else "",
        }
        for row in rows(found[["unit", "unit_name", "district", "parent"]].drop_duplicates())
    ]
    lines.sort(key=lambda row: (order(row["district"] or "\uffff"), order(row["unit_name"])))
    columns = {
        "unit_name": Column(Text("Đơn vị", "Unit")),
        "district": Column(Text("Thuộc", "Belongs to"), on_screen=False),
        **{each: Column(_head(Period.parse(each), year), "report") for each in periods},
        "received": Column(Text("Đã nộp (%)", "Received (%)"), "number"),
        "on_time": Column(Text("Đúng hạn (%)", "On time (%)"), "number"),
    }
    return View(
        f"reports_{form}_{year}", _finding(found, choice, form, year), pd.DataFrame(lines), columns,
        note=" · ".join(f"{sign} {name[language]}" for sign, name in look.REPORTS.values()),
    )  # fmt: skip


def _of_year(found: pd.DataFrame, year: str) -> pd.DataFrame:
    """Those of a year; of the whole plan, all that have fallen due, and what comes next."""
    if year != PLAN:
        inside = [each for each in found.period.unique() if str(Period.parse(each).year) == year]
        return found[found.period.isin(inside)]
    return found[found.state != "not_due"]


def _periods(found: pd.DataFrame) -> list[str]:
    """In the order in which they fall due."""
    return list(found.sort_values(["due", "period"]).period.drop_duplicates())


def _head(period: Period, year: str) -> Text:
    """T6, or 6/25 where several years stand side by side; quarters and years as they are called in a meeting."""
    tail = f"/{period.year % 100}" if year == PLAN else ""
    if period.kind == "month":
        number = f"{period.number}{tail}"
        return Text(number, number) if tail else Text(f"T{number}", MONTHS[period.number - 1])
    if period.kind == "half":
        return Text(f"6 tháng{tail}", f"H1{tail}")
    if period.kind == "quarter":
        return Text(f"Quý {period.short()[1:].split('/')[0]}{tail}", f"Q{period.number}{tail}")
    return Text("Cả giai đoạn", "Plan") if period.kind == PLAN else Text(f"Năm {period.year}", f"Year {period.year}")


def _sign(row: object) -> str:
    sign = look.REPORTS[row.state][0]
    return f"{sign}\u00a0{int(row.days_late)}" if row.state == "late" else sign


def _rates(choice: Choice, ledger: Ledger, form: str, year: str) -> dict[str, dict[str, float]]:
    """received and on_time: unit → its rate, as metrics/reporting.py defines it, over the year or the plan."""
    asked = {"received": f"{form}_reporting_rate", "on_time": f"{form}_on_time_rate"}
    # With those that `rates_said` asks for; who reports does so as the unit that it is, whatever others it is shown as.
    own, period = ledger.in_own_units, Period.parse(year)
    units = own.units(period)
    unit = choice.unit if choice.unit in units.index else root(units)
    ids = (*asked.values(), *RATES)
    if units.level[unit] == "country":  # near it are no communes, and here each has its row
        found = own.over((period,), ids, tuple(sorted(units.unit[units.level != "hamlet"])))
    else:
        found = own.near(unit, (period,), ids)
    return {
        name: dict(found[found.indicator == id][["unit", "value"]].itertuples(index=False))
        for name, id in asked.items()
    }


def _section(row: object, rates: dict[str, dict[str, float]], choice: Choice) -> str:
    """The district that heads its communes, with its rates."""
    if not row.district:
        return ""
    told = [written(rates[name].get(row.parent), choice.language, 1) for name in ("received", "on_time")]
    return word("district_rates", choice.language, district=row.district, received=told[0], on_time=told[1])


def _finding(found: pd.DataFrame, choice: Choice, form: str, year: str) -> str:
    language, due = choice.language, found[found.state != "not_due"]
    count = {state: int((due.state == state).sum()) for state in look.REPORTS}
    numbers = {"due": len(due), "received": count["on_time"] + count["late"]}
    told = {name: written(number, language) for name, number in numbers.items()}
    said = word("reports_finding", language, form=form_name(form, language), when=when(year, language), **told)
    keys = {"late": "reports_late", "missing": "reports_missing", "blocked": "reports_blocked"}
    for state, key in keys.items():
        if count[state]:
            said += word(key, language, count=written(count[state], language))
    return said


def when(year: str, language: Language) -> str:
    """A year or the plan inside a sentence."""
    return small(Period.parse(year).name(language))


def rates_said(choice: Choice, ledger: Ledger, year: str) -> str:
    """The rates of the chosen unit with all below it, all forms together."""
    found = ledger.near(choice.unit, (Period.parse(year),), RATES)
    own = found[found.unit == choice.unit].set_index("indicator")
    if own.empty or own.value.isna().all():
        return word("reports_no_rate", choice.language)
    told = {
        name: f"{look.value_of(own.value[id], INDICATORS[id], choice.language)}"
        f" ({written(own.numerator[id], choice.language)}/{written(own.denominator[id], choice.language)})"
        for name, id in zip(("received", "on_time"), RATES, strict=True)
    }
    return word("reports_rates", choice.language, when=when(year, choice.language), **told)


def missing_now(choice: Choice, ledger: Ledger, form: str) -> View:
    """Which units owe which reports on the day looked at, of the whole plan: most first."""
    language, found = choice.language, owed(choice, ledger, form)
    found = found[found.state.isin(OPEN)]
    lines = []
    for unit, of_unit in by_unit(found).items():
        since = min(row.due for row in of_unit)
        lines.append({
            "unit": unit, "unit_name": of_unit[0].unit_name, "district": of_unit[0].district, "count": len(of_unit),
            "blocked": sum(row.state == "blocked" for row in of_unit),
            "which": listed([row.period for row in of_unit], language),
            "since": since, "days": (ledger.today - pd.Timestamp(since).date()).days,
        })  # fmt: skip
    lines.sort(key=lambda row: (-row["count"], order(row["unit_name"])))
    columns = {
        "unit_name": Column(Text("Đơn vị", "Unit")),
        "district": Column(Text("Thuộc", "Belongs to")),
        "count": Column(Text("Còn thiếu", "Missing"), "number"),
        "blocked": Column(Text("Trong đó còn lỗi", "Of these blocked"), "number"),
        "which": Column(Text("Báo cáo", "Reports"), "prose"),
        "since": Column(Text("Hạn sớm nhất", "Earliest due"), "day"),
        "days": Column(Text("Quá hạn (ngày)", "Overdue (days)"), "number"),
    }
    told = {"units": written(len(lines), language), "count": written(len(found), language), "day": day(ledger.today)}
    title = word("missing_now" if lines else "nothing_missing", language, **told)
    return View(f"missing_{form}", title, pd.DataFrame(lines), columns)


def by_unit(found: pd.DataFrame) -> dict[str, list]:
    """The rows of each unit, units in the order of their codes."""
    found_of: dict[str, list] = {unit: [] for unit in sorted(found.unit.unique())}
    for row in rows(found):
        found_of[row.unit].append(row)
    return found_of


def listed(periods: Sequence[str], language: Language) -> str:
    """Periods in words, months that follow each other as one run: 'tháng 2/2025, 4–6/2025, Quý II/2025'."""
    read = sorted((Period.parse(each) for each in periods), key=lambda each: (each.last_month, each.first_month))
    runs: list[list[Period]] = []
    for each in (each for each in read if each.kind == "month"):
        if runs and each.first_month == runs[-1][-1].first_month + 1:
            runs[-1].append(each)
        else:
            runs.append([each])
    months = [word("months_said", language, spans=", ".join(_run(each) for each in runs))] if runs else []
    return ", ".join([*months, *(each.name(language) for each in read if each.kind != "month")])


def _run(months: list[Period]) -> str:
    """4–6/2025; over the turn of a year 11/2024–2/2025."""
    first, last = months[0], months[-1]
    end = f"{last.number}/{last.year}"
    if first == last:
        return end
    return f"{first.number}–{end}" if first.year == last.year else f"{first.number}/{first.year}–{end}"
