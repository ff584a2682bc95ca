"""Which reports have come, what is wrong with them, and which of them count from now on?"""

from datetime import datetime
from html import escape

import streamlit as st

from data_ingest import waiting
from data_ingest.build import build
from data_ingest.names import Day
from data_ingest.waiting import Waiting
from language import Language, Text, word
from metrics.core.ledger import Ledger
from pages import decided, dropping, entering, frame, receive_forms, receive_one, who
from pages.address import asked, link
from pages.draw import table
from views.receiving import waiting_list
from views.reports import form_name
from views.view import Choice, View
from warehouse.period import Period
from warehouse.store import data_folder

TITLE = Text("Nhận báo cáo", "Receive reports")
ADDRESS = "nhan-bao-cao"
NEEDS = "receive"
PARTS = {"files": "receive_files", "forms": "receive_forms"}
HEIGHT = 260


def show(choice: Choice, ledger: Ledger) -> list[View]:
    """Files to be dropped, what waits, one of them opened; or blank forms to send out."""
    language = choice.language
    if not who.may("receive", language) or not entering.may_enter(choice):
        return []
    return _task(language, choice.period)


def first(language: Language) -> None:
    """The same where there is no report yet."""
    if who.may("receive", language):
        _task(language, None)


def _task(language: Language, period: Period | None) -> list[View]:
    part = asked().get("task") if asked().get("task") in PARTS else "files"
    names = {each: word(key, language) for each, key in PARTS.items()}
    with st.container(key="receive-task"):
        frame.segments("task", word("receive_part", language), names, part, quiet=True)
    if part == "forms":
        receive_forms.show(language, period)
        return []
    return _files(language)


def _files(language: Language) -> list[View]:
    """The place to drop, what has just been done, the list, and one file."""
    data = data_folder()
    if waiting.is_behind(data):  # a build was cut off after somebody had accepted
        with st.spinner(word("receive_counting", language)):
            build(data)
        st.rerun()
    register = waiting.register(data)
    dropping.drop(language, register.units)
    bar = st.empty()
    decided.said(language)
    found = waiting.waiting(data, dropping.reading(bar, language))
    bar.empty()
    if not found:
        st.info(waiting_list([], language).title)
        return []
    latest = register.names.on(datetime.now().date())
    opened = _opened(found)
    seen = _list(found, opened, register.names.on, latest, language)
    return [seen, *receive_one.show(opened, register, language)]


def _opened(found: tuple[Waiting, ...]) -> Waiting:
    """The file that the address names, else the first."""
    chosen = asked().get("receipt")
    return next((each for each in found if str(each.receipt.receipt) == chosen), found[0])


def _list(found: tuple[Waiting, ...], opened: Waiting, on: object, latest: Day, language: Language) -> View:
    """What waits, each row leading to its file; the good ones may be accepted at once."""
    rows = [_row(each, on, language) for each in found]
    seen = waiting_list(rows, language)
    st.html(f"<h2 class='view'>{escape(seen.title)}</h2>")
    chosen = seen.table.assign(chosen=seen.table.receipt == opened.receipt.receipt)
    links = {name: _to_file for name in ("unit_name", "file", "state_said")}
    st.html(table(View(seen.id, seen.title, chosen, seen.columns), language, HEIGHT, links))
    which, every = st.columns([2, 1], vertical_alignment="bottom")
    names = {str(row["receipt"]): f"{row['unit_name']} · {row['period_name']} · {row['file']}" for row in rows}
    with which:
        frame.select("receipt", language, list(names), str(opened.receipt.receipt), names.get)
    good = [each for each in found if each.state == "good"]
    if good:
        said = word("receive_accept_all", language, count=len(good))
        told = {"on_click": decided.accept, "args": (good, language)}
        every.button(said, key="accept-all", width="stretch", type="primary", **told)
    return seen


def _to_file(row: dict[str, object]) -> str:
    return link(ADDRESS, receipt=str(row["receipt"]))


def _row(each: Waiting, on: object, language: Language) -> dict[str, object]:
    """A file in the list: whose, for when, when it came, in time or late, and how it stands."""
    receipt, readings = each.receipt, each.readings
    periods = list(dict.fromkeys(one.period for one in readings if one.period))
    read = Period.parse(periods[0]) if periods else None
    blocking = sum(problem.blocks for problem in each.problems)
    said = {
        "good": word("receive_good", language),
        "noted": word("receive_noted", language, count=len(each.problems)),
        "blocked": word("receive_blocked", language, count=blocking),
    }
    return {
        "receipt": receipt.receipt, "unit_name": receive_one.unit_name(each, on, language),
        "period_name": read.name(language) if read else word("receive_unknown", language),
        "form_name": form_name(readings[0].form, language) if readings[0].form else word("receive_unknown", language),
        "received_at": receipt.received_at, "late": _late(read, receipt.received_at, language),
        "state": each.state, "state_said": said[each.state], "file": receipt.file,
    }  # fmt: skip


def _late(period: Period | None, came: datetime, language: Language) -> str:
    if period is None:
        return "–"
    days = (came.date() - period.due).days
    return word("receive_late", language, count=days) if days > 0 else word("receive_in_time", language)


if __name__ == "__main__":
    frame.guard()
