"""What was promised at meetings, and has it been kept?"""

from datetime import date

import pandas as pd
import streamlit as st

from language import Language, Text, word
from metrics import INDICATORS
from metrics.core.commitments import faults
from metrics.core.ledger import Ledger
from pages import frame
from pages.address import asked
from pages.draw import draw
from pages.entering import answer, entries, kept, may_enter, refused
from pages.leads import to_profile, to_sources
from pages.who import note, reader
from views.commitments import changes_of, commitments, level_of, meetings, units_to_choose
from views.entered import PART_NAMES, day_of
from views.shown import root
from views.view import Choice, View

TITLE = Text("Kết luận, cam kết", "Commitments")
ADDRESS = "ket-luan-cam-ket"
PARTS = ("unit", "indicator", "goal", "due", "meeting", "text")
LINKS = {
    "unit_name": lambda row: to_profile(row["unit"]),
    "value_said": lambda row: to_sources(row["unit"], row["indicator"], row["period"]),
}


def show(choice: Choice, ledger: Ledger) -> list[View]:
    """Every commitment by its state; below it what can be entered, and what was."""
    language = choice.language
    answer("commitment", language)
    held = meetings(choice, ledger)
    meeting = asked().get("meeting") if asked().get("meeting") in held else ""
    which, _ = st.columns([1.6, 3])
    with which:
        names = {"": word("all_meetings", language), **held}
        frame.select("meeting", language, list(names), meeting, names.get)
    view = draw(commitments(choice, ledger, meeting), language, 430, LINKS)
    if view.table.empty and choice.as_of is None:
        st.info(word("no_commitments_do", language))
    every = choice.but(unit=root(ledger.units(choice.period)))
    changes = changes_of(units_to_choose(every, ledger), choice, ledger)
    if not reader().may("enter"):
        return [view, _past(changes, language)]
    with st.expander(word("enter_commitments", language)):
        add, change, meet, past = st.tabs([
            word("tab_add", language), word("tab_change", language), word("tab_meeting", language),
            word("tab_history", language, count=len(changes.table)),
        ])  # fmt: skip
        with past:
            draw(changes, language, 360)
        if not may_enter(choice):
            return [view, changes]
        version = len(changes.table)
        with add:
            _add(choice, ledger, held, version)
        with change:
            _change(view.table, choice, ledger, held, version)
        with meet:
            _meeting(choice, version)
    return [view, changes]


def _past(changes: View, language: Language) -> View:
    """For whom may only look: what was entered, and when."""
    with st.expander(word("tab_history", language, count=len(changes.table))):
        return draw(changes, language, 360)


# Entering


def _add(choice: Choice, ledger: Ledger, held: dict[str, str], version: int) -> None:
    """A new commitment of a meeting that was entered."""
    if not held:
        st.caption(word("no_meeting_yet", choice.language))
        return
    was = {"unit": choice.unit, "indicator": choice.indicator.id, "goal": None, "due": None, "text": ""}
    key = f"add-{version}-{choice.language}-{choice.unit}-{choice.indicator.id}"
    with st.form(key):
        _widgets(key, {**was, "meeting": next(iter(held))}, choice, ledger, held)
        st.form_submit_button(
            word("save", choice.language),
            on_click=lambda: kept("commitment", lambda: _keep(key, {}, "", choice, ledger)),
        )


def _change(table: pd.DataFrame, choice: Choice, ledger: Ledger, held: dict[str, str], version: int) -> None:
    """One of the commitments shown, to change or to withdraw."""
    language = choice.language
    rows = {row["id"]: row for row in table.to_dict("records")}
    if not rows:
        st.caption(word("nothing_promised", language))
        return
    names = {id: f"{row['unit_name']}, {row['name']}: {row['goal_said']}" for id, row in rows.items()}
    id = st.selectbox(
        word("which_commitment", language),
        names,
        format_func=names.get,
        key=f"which-{version}-{language}",
        placeholder=word("choose_one", language),
    )
    days = {part: str(rows[id][part])[:10] for part in ("due", "meeting")}
    was = {**{part: rows[id][part] for part in PARTS}, **days, "goal": float(rows[id]["goal"])}
    key = f"change-{id}-{version}-{language}"
    with st.form(key):
        _widgets(key, was, choice, ledger, held)
        save, withdraw, _ = st.columns([1, 1, 4])
        save.form_submit_button(
            word("save", language), on_click=lambda: kept("commitment", lambda: _keep(key, was, id, choice, ledger))
        )
        withdraw.form_submit_button(
            word("withdraw", language), on_click=lambda: kept("commitment", lambda: _withdraw(id))
        )


def _widgets(key: str, was: dict[str, object], choice: Choice, ledger: Ledger, held: dict[str, str]) -> None:
    language = choice.language
    told = {part: text[language] for part, text in PART_NAMES.items()}
    units = units_to_choose(choice, ledger)
    indicators = {each.id: each.name[language] for each in INDICATORS.values()}
    who, what = st.columns([1, 1.6])
    _list(who, told["unit"], units, was["unit"], f"{key}-unit", language)
    _list(what, told["indicator"], indicators, was["indicator"], f"{key}-indicator", language)
    goal, due, meeting = st.columns([1, 1, 2])
    goal.number_input(told["goal"], value=was["goal"], key=f"{key}-goal", help=word("goal_help", language), step=0.1)
    due.date_input(told["due"], day_of(was["due"]), key=f"{key}-due", format="DD/MM/YYYY")
    _list(meeting, told["meeting"], held, was["meeting"], f"{key}-meeting", language)
    st.text_input(told["text"], was["text"], key=f"{key}-text", max_chars=300, help=word("no_persons", language))


def _list(place: object, label: str, names: dict[str, str], chosen: object, key: str, language: Language) -> None:
    """A list that keeps what stands, also where it is in none of the choices any more."""
    names = names if chosen in names else {chosen: str(chosen), **names}
    place.selectbox(
        label,
        names,
        list(names).index(chosen),
        format_func=names.get,
        key=key,
        placeholder=word("choose_one", language),
    )


def _keep(key: str, was: dict[str, object], id: str, choice: Choice, ledger: Ledger) -> int:
    """Keep a commitment, or what has changed of it; EntryError says all that is wrong with it."""
    said = {part: st.session_state[f"{key}-{part}"] for part in PARTS}
    level = level_of(said["unit"], choice.period, ledger)
    wrong = faults(INDICATORS[said["indicator"]], level, said["goal"], said["due"], day_of(said["meeting"]))
    if wrong := list(wrong):
        raise refused(*wrong)
    said["due"] = said["due"].isoformat()
    anew = {part: value for part, value in said.items() if value != was.get(part)}
    if anew:
        id = entries().add("commitment", anew, id)
        note("commitment", id=id, unit=said["unit"], changed=sorted(anew))
    return len(anew) and 1


def _withdraw(id: str) -> int:
    entries().withdraw(id, "commitment")
    note("commitment", id=id, changed=["withdrawn"])
    return 1


def _meeting(choice: Choice, version: int) -> None:
    """A meeting: its day and what it is called."""
    language, key = choice.language, f"meeting-{version}-{choice.language}"
    with st.form(key):
        day, title = st.columns([1, 3])
        day.date_input(
            PART_NAMES["day"][language], date.today(), key=f"{key}-day", format="DD/MM/YYYY", max_value=date.today()
        )
        title.text_input(PART_NAMES["title"][language], key=f"{key}-title", max_chars=120)
        st.form_submit_button(
            word("save", language), on_click=lambda: kept("commitment", lambda: _keep_meeting(key, choice))
        )


def _keep_meeting(key: str, choice: Choice) -> int:
    day, title = (st.session_state[f"{key}-{part}"] for part in ("day", "title"))
    if not day or not title.strip():
        raise refused(Text("Cần có ngày họp và tên cuộc họp.", "A meeting needs its day and its title."))
    id = entries().add("meeting", {"day": day.isoformat(), "title": title.strip(), "unit": choice.unit})
    note("meeting", id=id, day=day.isoformat(), unit=choice.unit)
    return 1


if __name__ == "__main__":
    frame.guard()
