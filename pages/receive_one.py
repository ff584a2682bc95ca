"""One file that waits: what is wrong with it, its figures, what it would change, and the decision about it."""

import tempfile
from collections.abc import Callable
from html import escape
from pathlib import Path

import streamlit as st

from data_ingest import corrections
from data_ingest.archive import Archive
from data_ingest.commands import CommandError
from data_ingest.effect import Effect, effects
from data_ingest.names import Day
from data_ingest.reading import Reading
from data_ingest.taken import taken
from data_ingest.waiting import Register, Waiting
from language import LANGUAGES, Language, Text, day, order, small, word
from pages import decided, who
from pages.draw import draw
from views.receiving import by_part, change_table, figures, own_figures, problem_table
from views.view import View
from warehouse.period import Period
from warehouse.store import current, data_folder

HEIGHT = 330


def show(file: Waiting, register: Register, language: Language) -> list[View]:
    """The file with its decision; then problems, changes, figures."""
    whose = unit_name(file, register.names.on, language)
    st.html(f"<h2 class='view opened'>{escape(file.receipt.file)} · {escape(whose)}</h2>")
    problems = problem_table(
        [
            {
                "blocks": each.blocks, "file": file.receipt.file, "sheet": each.sheet, "cell": each.cell,
                **dict(zip(("what", "do"), each.what_and_do(language), strict=True)),
            }
            for each in file.problems
        ],
        language,
    )  # fmt: skip
    _deeds(file, language)
    with st.container(key="received-problems"):
        draw(problems, language, HEIGHT)
    _spellings(file, register, language)
    reading = _reading(file, register, language)
    return [problems, *_changes(file, reading, language), *_figures(reading, register, language)]


def unit_name(file: Waiting, on: Callable[[object], Day], language: Language) -> str:
    """Whose file it is: the unit, or who told of several and of how many; what is not known is said."""
    readings = file.readings
    first = readings[0]
    if not first.unit:
        return word("receive_unknown", language)
    latest = on(Period.parse(first.period).last_day) if first.period else on(file.receipt.received_at.date())
    names = latest.full_name
    if len(readings) > 1:
        above = first.told_by or latest.parent.get(first.unit) or ""
        return word("receive_several", language, unit=names.get(above, above), count=len(readings))
    return latest.title(first.unit) if first.unit in names else first.unit


# The decision


def _deeds(file: Waiting, language: Language) -> None:
    """Both files to take away; accept where nothing blocks, reject with a reason."""
    accept, reject, marked, came = st.columns([1.35, 0.9, 1.35, 1], vertical_alignment="center")
    number = file.receipt.receipt
    if file.state != "blocked":
        notes = len(file.problems)
        said = word("receive_accept_seen", language, count=notes) if notes else word("receive_accept", language)
        told = {"on_click": decided.accept, "args": ([file], language)}
        accept.button(said, key=f"accept-{number}", type="primary", width="stretch", **told)
    with reject.popover(word("receive_reject", language), width="stretch"), st.form(f"reject-{number}", border=False):
        blocked = word("receive_reason_fix", language) if file.state == "blocked" else ""
        key = f"reason-{number}-{language}"
        st.text_input(word("receive_reason", language), blocked, key=key)
        st.form_submit_button(word("receive_reject", language), on_click=decided.reject, args=(file, key))
    _marked(file, marked, language)
    archive = Archive(data_folder())
    if archive.is_whole(file.receipt):
        came.download_button(
            word("receive_as_it_came", language),
            who.exported(file.receipt.kept_as, archive.path(file.receipt).read_bytes), file.receipt.kept_as,
            key=f"came-{number}", on_click="ignore", icon=":material/download:", width="stretch",
        )  # fmt: skip
    if file.state == "blocked":
        accept.caption(word("receive_cannot", language))


def _marked(file: Waiting, place: st.delta_generator.DeltaGenerator, language: Language) -> None:
    """The sender's own workbook with its cells marked, where there is anything to mark; and what it could not keep."""
    if not file.problems:
        return
    name, content, lines = _marked_workbook(str(data_folder()), file.receipt.receipt, _told(file), file)
    if content is None:
        place.caption(word("receive_unmarked", language))
        return
    place.download_button(
        word("receive_marked", language), who.exported(name, lambda: content), name,
        key=f"marked-{file.receipt.receipt}", on_click="ignore", icon=":material/edit_note:", width="stretch",
    )  # fmt: skip
    for line in lines:
        st.caption(line[language])


def _told(file: Waiting) -> str:
    return "|".join(each.says("vi") for each in file.problems)


@st.cache_data(max_entries=16, show_spinner=False)
def _marked_workbook(data: str, receipt: int, told: str, _file: Waiting) -> tuple[str, bytes | None, list[Text]]:
    """Name and bytes of the marked workbook, None where it cannot be marked; and what was lost in it."""
    archive = Archive(Path(data))
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        lines = corrections.send_back(Path(data), [(archive.path(_file.receipt), list(_file.readings))], out)
        made = next(out.iterdir(), None)
        if made is None:
            return _file.receipt.file, None, lines
        return made.name, made.read_bytes(), lines[1:]  # the first says where it was written


# Who is meant


def _spellings(file: Waiting, register: Register, language: Language) -> None:
    """For each name that nobody bears: which unit is meant by it."""
    asked: set[str] = set()
    for reading in file.readings:
        for each in reading.problems:
            if each.kind in ("unknown_unit", "unknown_hamlet") and each.given and each.given not in asked:
                asked.add(each.given)
                _spelling(each.given, _candidates(reading, each.kind, register), len(asked), language)


def _candidates(reading: Reading, kind: str, register: Register) -> dict[str, str]:
    """The units that may be meant, by their codes."""
    known = register.names.on(Period.parse(reading.period).last_day) if reading.period else register.names.last_day
    if kind == "unknown_hamlet" and reading.unit:
        names = {unit: known.full_name[unit] for unit in known.below.get(reading.unit, [])}
    else:
        names = {unit: known.title(unit) for unit, level in known.level.items() if level in ("commune", "district")}
    return {unit: names[unit] for unit in sorted(names, key=lambda each: order(names[each]))}


def _spelling(written: str, names: dict[str, str], number: int, language: Language) -> None:
    with st.form(f"spelling-{written}", border=True):
        which, keep = st.columns([3, 1], vertical_alignment="bottom")
        unit = which.selectbox(
            word("receive_spelling", language, written=written), list(names), None, format_func=names.get,
            key=f"meant-{written}-{language}", placeholder=word("choose_one", language),
        )  # fmt: skip
        if not keep.form_submit_button(word("receive_remember", language), width="stretch") or not unit:
            return
    try:
        with st.spinner(word("receive_counting", language)):
            corrections.confirm_spelling(data_folder(), written, unit)
    except CommandError as error:
        st.error(error.text[language])
        return
    who.note("spelling", unit=unit)
    said = (word("receive_remembered", each, written=written, unit=names[unit]) for each in LANGUAGES)
    decided.say(Text(*said))
    st.rerun()


# Figures, and what changes


def _reading(file: Waiting, register: Register, language: Language) -> Reading:
    """Of a file with several units the one that is looked at."""
    if len(file.readings) == 1:
        return file.readings[0]
    names = {number: register.names.title(each.unit) or "?" for number, each in enumerate(file.readings)}
    chosen = st.selectbox(
        word("receive_unit_shown", language), list(names), format_func=names.get,
        key=f"reading-{file.receipt.receipt}-{language}", placeholder=word("choose_one", language),
    )  # fmt: skip
    return file.readings[chosen or 0]


def _changes(file: Waiting, reading: Reading, language: Language) -> list[View]:
    if not (reading.unit and reading.period and reading.rows):
        return []
    (effect,) = effects(current(data_folder()), [(file.receipt.received_at, reading)])
    rows = [
        {"unit_name": each.unit_name, "field": each.field, "sheet": each.sheet, "cell": each.cell,
         "before": each.before, "after": each.after}
        for each in effect.changes
    ]  # fmt: skip
    view = change_table(rows if effect.file and effect.replaces else [], _said(effect, language), language)
    with st.container(key="received-changes"):
        draw(view, language, HEIGHT)
    return [view]


def _said(effect: Effect, language: Language) -> str:
    if not effect.file:
        return word("receive_first", language)
    stands = {"file": effect.file, "day": day(effect.received_at.date())}
    if not effect.replaces:
        return word("receive_stays", language, **stands)
    if not effect.changes:
        return word("receive_same", language, **stands)
    return word("receive_changes", language, count=len(effect.changes), **stands)


def _figures(reading: Reading, register: Register, language: Language) -> list[View]:
    """What a unit tells of itself, and its khu/ấp under each heading of the form."""
    if not reading.period or not reading.rows:
        return []
    known = register.names.on(Period.parse(reading.period).last_day)
    told = taken(reading, known, register.mapped)
    whose = register.names.title(reading.unit) or word("receive_unknown", language)
    every = figures(told, whose, small(Period.parse(reading.period).name(language)), not reading.accepted, language)
    st.html(f"<h2 class='view'>{escape(every.title)}</h2>")
    own, parts = own_figures(told, reading.unit, whose, language), by_part(told, reading.unit, language)
    with st.container(key="received-figures"):
        left, right = st.columns(2, gap="medium")
        places = [right, left] * len(parts)
        if len(own.table):
            with left:
                draw(own, language, 520)
        else:
            places = [left, right] * len(parts)
        for place, part in zip(places, parts, strict=False):
            with place:
                draw(part, language)
    return [every]
