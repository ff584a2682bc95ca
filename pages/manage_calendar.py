"""When reports are due, and which days' figures a month counts: what holds, and another setting in its place."""

from datetime import date

import streamlit as st

from data_ingest import commands
from language import Language, word
from metrics.core.ledger import Ledger
from pages.draw import draw
from pages.entering import answer, kept
from pages.who import note
from views.due_days import due_days
from views.view import Choice, View
from warehouse import calendar
from warehouse.store import data_folder


def show(choice: Choice, ledger: Ledger) -> list[View]:
    """The due days of the year by the settings that hold; below them the settings."""
    language, holds = choice.language, commands.standing_calendar(data_folder())
    answer("calendar", language)
    view = draw(due_days(choice), language, 360)
    _form(holds, language)
    return [view]


def _form(holds: dict[str, calendar.Setting], language: Language) -> None:
    key = f"calendar-{hash(calendar.written(holds))}-{language}"
    names = {name: text[language] for name, text in calendar.NAMES.items()}
    with st.form(key):
        monthly, cut_off, plan, year = st.columns(4, vertical_alignment="bottom")
        for place, name, least in ((monthly, "monthly_day", 1), (cut_off, "cut_off_day", 0)):
            place.number_input(names[name], least, 28, int(holds[name]), key=f"{key}-{name}")
        plan.date_input(
            names["plan_due"], holds["plan_due"], key=f"{key}-plan_due", format="DD/MM/YYYY",
            min_value=date(2023, 11, 3), max_value=date(2027, 12, 31),
        )  # fmt: skip
        year.text_input(names["year_closes"], str(holds["year_closes"]), key=f"{key}-year_closes", max_chars=5)
        st.checkbox(names["strict"], bool(holds["strict"]), key=f"{key}-strict")
        st.caption(word("calendar_help", language))
        st.form_submit_button(
            word("save", language), on_click=lambda: kept("calendar", lambda: _set(holds, key), "administer")
        )


def _set(holds: dict[str, calendar.Setting], key: str) -> int:
    told = {name: st.session_state[f"{key}-{name}"] for name in calendar.NAMES}
    anew = sorted(name for name in told if told[name] != holds[name])
    if not anew:
        return 0
    commands.set_calendar(data_folder(), calendar.written(calendar.checked(told)))
    note("calendar", changed=anew)
    return len(anew)
