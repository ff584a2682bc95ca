"""Who has reported, who is late, and what do we write to those who owe?"""

import json
from html import escape

import streamlit as st

from data_ingest.problems import Problem
from data_ingest.versions import versions
from language import Language, Text, word
from metrics.core.ledger import Ledger
from pages import frame, leads
from pages.address import asked, link
from pages.draw import draw, left_out, table
from views import look
from views.reminders import reminder, reminders
from views.report_history import history, unexpected
from views.reports import PLAN, YEARS, calendar, forms, missing_now, owed, rates_said, year_of
from views.view import Choice, View
from warehouse.period import Period

TITLE = Text("Lịch báo cáo", "Reports")
ADDRESS = "lich-bao-cao"
MANY = {"monthly": 13, "periodic": 8, "provincial": 8}  # columns from which a calendar takes the whole width


def show(choice: Choice, ledger: Ledger) -> list[View]:
    """The calendar of a form and a year; beside it one unit: what it owes, what to write to it, what it has sent."""
    language = choice.language
    form, year = _controls(choice, ledger)
    seen = calendar(choice, ledger, form, year)
    missing = missing_now(choice, ledger, form)
    unit = _unit(choice, ledger, form, missing)
    if seen.table.empty:
        st.info(word("reports_none", language))
        return _below(choice, ledger, form, missing)
    wide = sum(column.kind == "report" for column in seen.columns.values()) >= MANY[form]
    left, right = (st.container(), st.container()) if wide else st.columns([1.75, 1], gap="medium")
    with left:
        _calendar(seen, choice, ledger, unit, year)
    with right:
        past = _one(choice, ledger, form, year, unit)
    return [seen, *past, *_below(choice, ledger, form, missing)]


def _controls(choice: Choice, ledger: Ledger) -> tuple[str, str]:
    """Form and year as the address says them, or the first form and the year of the period."""
    language, told = choice.language, asked()
    names = forms(choice, ledger)
    form = told.get("form") if told.get("form") in names else next(iter(names))
    year = told.get("year") if told.get("year") in YEARS else year_of(choice)
    which, when = st.columns([3, 2], vertical_alignment="bottom")
    with which:
        frame.segments("form", word("report_form", language), names, form)
    with when:
        years = {each: word("whole_plan", language) if each == PLAN else each for each in YEARS}
        frame.segments("year", word("report_year", language), years, year)
    return form, year


def _unit(choice: Choice, ledger: Ledger, form: str, missing: View) -> str:
    """The unit in the address; else the one that owes most, else the first."""
    every = owed(choice, ledger, form).unit
    if asked().get("row") in set(every):
        return asked()["row"]
    return missing.table.unit.iloc[0] if len(missing.table) else every.iloc[0]


def _calendar(seen: View, choice: Choice, ledger: Ledger, unit: str, year: str) -> None:
    st.html(f"<h2 class='view'>{escape(seen.title)}</h2>")
    st.caption(rates_said(choice, ledger, year))
    signs = "".join(
        f"<span class='report {state}'><b>{sign}</b> {escape(name[choice.language])}</span>"
        for state, (sign, name) in look.REPORTS.items()
    )
    st.html(f"<div class='legend'>{signs}</div>")
    chosen = View(seen.id, seen.title, seen.table.assign(chosen=seen.table.unit == unit), seen.columns)
    links = {name: _to_row for name, column in seen.columns.items() if column.kind != "report"}
    links |= {name: _to_row_if_open(name) for name, column in seen.columns.items() if column.kind == "report"}
    links["unit_name"] = lambda row: leads.to_profile(row["unit"])
    st.html(table(chosen, choice.language, 470, links))
    if more := left_out(chosen, choice.language):
        st.caption(more)


def _to_row(row: dict[str, object]) -> str:
    """This page with the row's unit beside the calendar."""
    return link(ADDRESS, row=str(row["unit"]))


def _to_row_if_open(period: str) -> object:
    """What came in time leads nowhere: the eye should find the rest."""
    quiet = {look.REPORTS[state][0] for state in ("on_time", "not_due", "not_owed")}
    return lambda row: None if row[period] in quiet else _to_row(row)


def _one(choice: Choice, ledger: Ledger, form: str, year: str, unit: str) -> list[View]:
    """One unit: what to write to it, each version that came, what changed, what was wrong."""
    language, every = choice.language, owed(choice, ledger, form)
    rows = every.drop_duplicates("unit").itertuples()
    names = {row.unit: f"{row.unit_name}, {row.district}".strip(", ") for row in rows}
    frame.select("row", language, list(names), unit, names.get)
    where = f"<a href='{escape(str(leads.to_profile(unit)), quote=True)}' target='_self'>"
    st.html(f"<div class='lead'>{where}{escape(word('open_profile', language))}</a></div>")
    _reminder(choice, ledger, unit)
    past = history(choice, ledger, unit, year, _changes(choice, ledger))
    _drawn(past, language, 230)
    _changed(past, language)
    _problems(choice, ledger, unit, year)
    return [past]


def _reminder(choice: Choice, ledger: Ledger, unit: str) -> None:
    """Both texts, each with a button that copies it."""
    language, told = choice.language, reminder(choice, ledger, unit)
    if told is None:
        st.caption(word("nothing_open", language))
        return
    st.caption(word("reminder_message", language, count=len(told.message)))
    st.code(told.message, language=None, wrap_lines=True)
    with st.expander(word("reminder_letter", language)):
        st.code(told.letter, language=None, wrap_lines=True)


def _changes(choice: Choice, ledger: Ledger) -> object:
    """What each later version of a report told otherwise: report → words."""

    def of(unit: str, period: str) -> dict[int, list[str]]:
        found = versions(ledger.snapshot, unit, period) if ledger.snapshot else []
        return {each.report: [change.says(choice.language) for change in each.changes] for each in found}

    return of


def _changed(past: View, language: Language) -> None:
    if past.table.empty:
        return
    for row in past.table[past.table.changed > 0].itertuples():
        told = word("changed_cells", language, version=int(row.version), period=row.period_name, count=row.changed)
        _lines(told, row.changes.split("; "))


def _problems(choice: Choice, ledger: Ledger, unit: str, year: str) -> None:
    """What was wrong with the unit's reports of the year, the last ones first."""
    found = ledger.problems(Period.parse(year))
    found = found[found.unit == unit]
    lines = [
        f"{Period.parse(row.period).name(choice.language)}: "
        + Problem(row.kind, row.file, row.sheet or "", row.cell or "", row.given or "", json.loads(row.parts or "{}"))
        .says(choice.language)
        for row in found.itertuples()
    ]  # fmt: skip
    if lines:
        _lines(word("unit_problems", choice.language, count=len(lines)), lines)


def _lines(title: str, lines: list[str]) -> None:
    """A heading to open, and under it the lines."""
    with st.expander(title):
        st.html("<ul class='lines'>" + "".join(f"<li>{escape(line)}</li>" for line in lines) + "</ul>")


def _drawn(view: View, language: Language, height: int) -> View:
    """Drawn, or where there is nothing, said in one small line."""
    if view.table.empty:
        st.caption(view.title)
        return view
    return draw(view, language, height=height)


def _below(choice: Choice, ledger: Ledger, form: str, missing: View) -> list[View]:
    """Who owes what now, and what came that nobody expected; the reminders of all go into the files."""
    links = {"unit_name": lambda row: leads.to_profile(row["unit"]), "count": _to_row, "which": _to_row}
    draw(missing, choice.language, height=360, links=links)
    strange = _drawn(unexpected(choice, ledger), choice.language, 300)
    return [missing, reminders(choice, ledger, form), strange]


if __name__ == "__main__":
    frame.guard()
