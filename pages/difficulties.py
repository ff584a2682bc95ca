"""What troubles the units, what do they ask for, and who has answered?"""

from html import escape

import pandas as pd
import streamlit as st

from language import Text, order, word
from metrics.core.ledger import Ledger
from pages import frame
from pages.address import ask, asked, link
from pages.draw import draw
from pages.entering import answer, entries, kept, may_enter, refused
from pages.leads import to_profile
from pages.who import note, reader
from views.difficulties import ABOUT, OPEN, STATES, changes_of, gathered, said_by, saying, sayings
from views.entered import PART_NAMES, STATUS_NAMES
from views.view import Choice, View
from warehouse.entries import STATUSES

TITLE = Text("Khó khăn, kiến nghị", "Difficulties and proposals")
ADDRESS = "kho-khan-kien-nghi"
HEIGHT = 430


def show(choice: Choice, ledger: Ledger) -> list[View]:
    """What is said, gathered, at the left; at the right who says the one that is opened, and what is done about it."""
    language = choice.language
    answer("difficulty", language)
    search, about, state = _filters(choice)
    found = sayings(choice, ledger, search, about, state)
    view = gathered(found, choice, about)
    if view.table.empty:
        st.html(f"<h2 class='view'>{escape(view.title)}</h2>")
        st.info(word("nothing_said_do", language))
        return []
    items = list(view.table["item"])
    item = asked().get("item") if asked().get("item") in items else items[0]
    view.table["chosen"] = view.table["item"] == item
    left, right = st.columns([1.5, 1], gap="medium")
    with left:
        draw(view, language, HEIGHT, {"text": lambda row: link(ADDRESS, item=str(row["item"]))})
    with right:
        return [view, *_opened(found, item, choice, ledger)]


def _filters(choice: Choice) -> tuple[str, str, str]:
    """Words, kind and status: what the address says, and what the reader changes in it."""
    language, told = choice.language, asked()
    find, which, how = st.columns([2.4, 1.6, 1.4], vertical_alignment="bottom")
    with find:
        search = told.get("words", "")
        widget = f"words-{search}"
        st.text_input(
            word("search_words", language), search, key=widget,
            on_change=lambda: ask(words=st.session_state[widget] or None),
        )  # fmt: skip
    about = told.get("about") if told.get("about") in ABOUT else ""
    with which:
        names = {"": word("asked_for", language), **{each: kind.name[language] for each, kind in ABOUT.items()}}
        frame.select("about", language, list(names), about, names.get)
    state = told.get("state") if told.get("state") in STATES else ""
    if about and not ABOUT[about].asked:
        return search, about, ""
    with how:
        names = {each: name[language] for each, name in STATUS_NAMES.items()}
        names = {"": word("any_state", language), **names, "overdue": word("overdue_said", language)}
        frame.select("state", language, list(names), state, names.get)
    return search, about, state


def _opened(found: pd.DataFrame, item: str, choice: Choice, ledger: Ledger) -> list[View]:
    """The one that is opened: who says it, the form, the history."""
    language, units = choice.language, ledger.units(choice.period)
    names = dict(units.full_name[units.level != "hamlet"])
    view = said_by(found, item, names, choice)
    said, links = view.table, {"unit_name": lambda row: to_profile(row["unit"])}
    st.html(f"<h2 class='view'>{escape(said.text.iloc[0])}</h2>")
    if not ABOUT[said.about.iloc[0]].asked:
        return [draw(view, language, HEIGHT, links)]
    changes = changes_of(said, names, choice, ledger)
    names_of_tabs = [
        word("tab_said_by", language, count=len(said)),
        *([word("tab_handle", language)] if reader().may("enter") else []),
        word("tab_history", language, count=len(changes.table)),
    ]
    by, *handle, past = st.tabs(names_of_tabs)
    with by:
        draw(view, language, HEIGHT - 60, links)
    for each in handle:
        with each:
            _form(said, names, choice, len(ledger.entered_of("difficulty")))
    with past:
        draw(changes, language, HEIGHT - 80)
    return [view, changes]


# Entering


def _form(said: pd.DataFrame, names: dict[str, str], choice: Choice, version: int) -> None:
    """Status, owner, day and answer: of all that nobody has answered, or of one."""
    language = choice.language
    if not may_enter(choice):
        return
    unanswered = said[said.status.isin(OPEN)]
    whom = saying(said, language)
    if len(unanswered) > 1:
        whom = {"": word("all_unanswered", language, count=len(unanswered)), **whom}
    item = said["item"].iloc[0]
    of = st.selectbox(
        word("enter_for", language),
        whom,
        format_func=whom.get,
        key=f"whom-{item}-{version}-{language}",
        placeholder=word("choose_one", language),
    )
    chosen = said[said.id == of] if of else unanswered
    was = standing_alike(chosen)
    key = f"handle-{item}-{of}-{version}-{language}"
    with st.form(key):
        _widgets(key, was, names, choice)
        st.form_submit_button(
            word("save", language), on_click=lambda: kept("difficulty", lambda: _keep(chosen, was, key))
        )


def _widgets(key: str, was: dict[str, object], names: dict[str, str], choice: Choice) -> None:
    language = choice.language
    state, day = st.columns(2)
    at = STATUSES.index(was["status"]) if was["status"] else None
    told = {name: text[language] for name, text in PART_NAMES.items()}
    state.selectbox(
        told["status"], STATUSES, at, lambda each: STATUS_NAMES[each][language],
        key=f"{key}-status", placeholder=word("as_they_are", language),
    )  # fmt: skip
    day.date_input(told["due"], was["due"], key=f"{key}-due", format="DD/MM/YYYY")
    owners = ["", *sorted(names, key=lambda unit: (len(unit), order(names[unit])))]
    at = owners.index(was["owner"]) if was["owner"] in owners else 0
    st.selectbox(
        told["owner"],
        owners,
        at,
        lambda each: names.get(each, "–"),
        key=f"{key}-owner",
        placeholder=word("choose_one", language),
    )
    st.text_area(
        told["answer"], was["answer"], key=f"{key}-answer", height=80, help=word("no_persons", language), max_chars=1000
    )


def standing_alike(chosen: pd.DataFrame) -> dict[str, object]:
    """What stands of all the chosen alike; blank where they differ: what stays blank in the form stays as it was."""
    blank = {"status": None, "due": None, "owner": "", "answer": ""}
    return {part: chosen[part].iloc[0] if len(set(chosen[part])) == 1 else nothing for part, nothing in blank.items()}


def said_anew(row: dict[str, object], was: dict[str, object], now: dict[str, object]) -> dict[str, object]:
    """What an officer has changed of one saying; EntryError where that makes no sense."""
    changed = {part: "" if value is None else value for part, value in now.items() if value != was[part]}
    stands = {part: row[part] for part in was} | changed
    if stands["status"] == "answered" and not str(stands["answer"]).strip():
        raise refused(
            Text("Tình trạng “Đã trả lời” cần có nội dung trả lời.", "What is answered needs the words of the answer.")
        )
    return {part: str(value) for part, value in changed.items() if value != row[part]}


def _keep(chosen: pd.DataFrame, was: dict[str, object], key: str) -> int:
    now = {part: st.session_state[f"{key}-{part}"] for part in was}
    told = [(row, said_anew(row, was, now)) for row in chosen.to_dict("records")]
    told = [(row, anew) for row, anew in told if anew]
    for row, anew in told:
        about = {} if row["entered"] else {part: row[part] for part in ("unit", "period", "field", "status")}
        entries().add("difficulty", {**about, **anew}, row["id"])
        note("difficulty", id=row["id"], changed=sorted(anew))
    return len(told)


if __name__ == "__main__":
    frame.guard()
