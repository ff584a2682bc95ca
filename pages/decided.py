"""Accepting and rejecting on the page: done at once, written into the log, and said with what it has changed.

Both are callbacks: the page is drawn anew after them, and who comes second is told so though the file is there no more.
"""

from collections.abc import Sequence
from html import escape

import streamlit as st

from data_ingest import waiting
from data_ingest.effect import Effect, effects
from data_ingest.waiting import Outcome, Waiting
from language import LANGUAGES, Language, Text, word
from pages import dropping, leads, who
from pages.address import ask, link
from warehouse.entries import EntryError, refuse_personal
from warehouse.period import Period
from warehouse.store import current, data_folder

MOST_SHOWN = 12  # reports of which each change is said after they were accepted
MOST_CHANGES = 8  # of one report


def accept(files: Sequence[Waiting], language: Language) -> None:
    """Let files count (a callback); what they change is looked up before, and said after."""
    if not _may():
        return
    data, places = data_folder(), [(file, each) for file in files for each in file.readings]
    before = effects(current(data), [(file.receipt.received_at, each) for file, each in places])
    numbers = [each.receipt.receipt for each in files]
    with st.spinner(word("receive_counting", language)):
        try:
            done = waiting.accept(data, numbers, who.reader().account)
        except waiting.NotBuiltError as error:
            _log(numbers)
            _keep([(st.error, _text("receive_not_built", error=str(error)))])
            return
        except OSError as error:
            _keep([(st.error, _text("receive_writing", error=str(error)))])
            return
    accepted = {each.receipt.receipt for each in done.accepted}
    _log(sorted(accepted))
    changed = [
        (_report(each, effect, file), each.unit)
        for (file, each), effect in zip(places, before, strict=True)
        if file.receipt.receipt in accepted
    ]
    _keep(_lines(done, files), changed)
    ask(receipt=None)


def _may() -> bool:
    """Whether whoever has clicked may still receive: a callback runs before the page finds out."""
    try:
        who.check("receive")
    except EntryError as error:
        _keep([(st.error, error.text)])
        return False
    return True


def _log(numbers: list[int]) -> None:
    """Write down what is decided now; of what somebody else has decided nothing."""
    mine = waiting.decided_by(data_folder(), numbers, who.reader().account, "accepted")
    if mine:
        who.note("accepted", receipts=mine, files=len(mine))


def reject(file: Waiting, key: str) -> None:
    """Refuse a file (a callback), with the reason that stands in a field, which names nobody."""
    reason = st.session_state[key]
    if not _may():
        return
    try:
        refuse_personal(reason)
    except EntryError as error:
        _keep([(st.error, error.text)])
        return
    if not reason.strip():
        _keep([(st.error, _text("receive_needs_reason"))])
        return
    account = who.reader().account
    was_open = any(each.receipt == file.receipt.receipt for each in waiting.receipts(data_folder()))
    try:
        done = waiting.reject(data_folder(), file.receipt.receipt, account, reason)
    except OSError as error:
        _keep([(st.error, _text("receive_writing", error=str(error)))])
        return
    if was_open and done.decided == "rejected" and done.by == account:
        who.note("rejected", receipt=done.receipt)
        _keep([(st.success, _text("receive_rejected", file=file.receipt.file))])
    else:
        _keep([(st.warning, _by_another(file.receipt.file, done))])
    ask(receipt=None)


# What is said after it


def _lines(done: Outcome, files: Sequence[Waiting]) -> list[dropping.Said]:
    names = {each.receipt.receipt: each.receipt.file for each in files}
    lines: list[dropping.Said] = []
    if done.accepted:
        lines.append((st.success, _text("receive_accepted", count=len(done.accepted))))
    lines += [(st.warning, _by_another(names[each.receipt], each)) for each in done.decided]
    lines += [(st.error, _text("receive_still_blocked", file=each.receipt.file)) for each in done.blocked]
    return lines


def _by_another(file: str, done: waiting.Decision) -> Text:
    key = {"accepted": "receive_was_accepted", "rejected": "receive_was_rejected"}[done.decided]
    at = done.at.strftime("%d/%m/%Y %H:%M")
    return Text(
        *(word("receive_decided", each, file=file, by=done.by, at=at, decided=word(key, each)) for each in LANGUAGES)
    )


def _report(reading: object, effect: Effect, file: Waiting) -> tuple[Text, list[Text]]:
    """A report in one line, and what it has changed."""
    if not effect.file:
        key = "receive_report_first"
    elif not effect.replaces:
        key = "receive_report_stays"
    else:
        key = "receive_report_changes" if effect.changes else "receive_report_same"
    period, name = Period.parse(reading.period), waiting.register(data_folder()).names.title(reading.unit)
    head = Text(
        *(
            word(key, each, unit=name, period=period.name(each), count=len(effect.changes))
            if key == "receive_report_changes"
            else word(key, each, unit=name, period=period.name(each))
            for each in LANGUAGES
        )
    )
    shown = effect.changes[:MOST_CHANGES] if effect.replaces else ()
    return head, [Text(*(change.says(each) for each in LANGUAGES)) for change in shown]


def _text(key: str, **parts: object) -> Text:
    return Text(*(word(key, language, **parts) for language in LANGUAGES))


def _keep(lines: list[dropping.Said], changed: list | None = None) -> None:
    st.session_state["receive-decided"] = (lines, changed or [])


def say(text: Text) -> None:
    """Say something well done when the page is drawn anew."""
    _keep([(st.success, text)])


def said(language: Language) -> None:
    """Once, what was dropped or decided last; each report with the ways to its unit's profile and to the calendar."""
    dropping.say_once(language)
    lines, changed = st.session_state.pop("receive-decided", ([], []))
    for show, text in lines:
        show(text[language])
    if changed:
        st.html("".join(_shown(head, rows, unit, language) for (head, rows), unit in changed[:MOST_SHOWN]))


def _shown(head: Text, rows: list[Text], unit: str, language: Language) -> str:
    ways = {leads.to_profile(unit): "receive_to_profile", link(leads.REPORTS, row=unit): "receive_to_reports"}
    links = " · ".join(
        f"<a href='{escape(str(to), quote=True)}' target='_self'>{escape(word(key, language))}</a>"
        for to, key in ways.items()
    )
    inside = "".join(f"<li>{escape(each[language])}</li>" for each in rows)
    told = f"<ul class='lines'>{inside}</ul>" if rows else ""
    return f"<div class='accepted'><b>{escape(head[language])}</b> · {links}{told}</div>"
