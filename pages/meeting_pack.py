"""Everything for the meeting: slides, report, workbook, handouts, in one click."""

from collections.abc import Callable
from datetime import date
from functools import partial
from html import escape

import streamlit as st

from language import Language, Text, day, word
from metrics.core.ledger import Ledger
from pages import frame, long_work
from pages.draw import draw
from pages.who import exported, reader
from views.agenda import Agenda, agenda_for, agendas
from views.geography import geography
from views.meeting import restated_since
from views.overview import changes
from views.pack import pack_id
from views.view import Choice, View
from warehouse.store import data_folder

TITLE = Text("Tài liệu họp", "Meeting pack")
ADDRESS = "tai-lieu-hop"


def show(choice: Choice, ledger: Ledger) -> list[View]:
    """What the meeting looks at, the button that makes its files, its sentences to be edited, and what has changed."""
    language = choice.language
    units = ledger.units(choice.period)
    if units.level[choice.unit] not in ("province", "district"):
        st.info(word("pack_whose", language))
        return []
    dated = choice.but(as_of=choice.as_of or date.today())
    # Of one day, so that the same pack can be made again.
    ledger = frame.ledger_or_none(dated.as_of, reader().unit, dated.units_of)
    which, about = st.columns([1, 3], gap="large", vertical_alignment="bottom")
    with which:
        agenda = _agenda(dated, units.level[choice.unit])
    with about:
        heading = f"{agenda.name(dated.period, language)} · {units.full_name[choice.unit]}"
        st.html(f"<h2 class='view'>{escape(heading)}</h2>")
        st.caption(word("pack_what", language, day=day(dated.as_of), id=pack_id(agenda, dated, ledger)))
    left, right = st.columns([1, 1.35], gap="large")
    with left:
        _contents(agenda, dated)
    with right:
        _making(agenda, dated, ledger)
    st.html(f"<h2 class='view'>{word('pack_since', language)}</h2>")
    narrow, _ = st.columns(2)
    with narrow:
        told = [draw(changes(dated, ledger), language)]
    earlier = restated_since(dated, ledger)
    return [*told, draw(earlier, language, 360)] if earlier else told


def _agenda(choice: Choice, level: str) -> Agenda:
    """The agenda that fits, or another one of the same level."""
    fitting = {each.id: each for each in agendas().values() if each.meets and each.district == (level != "province")}
    own = agenda_for(choice.period, level)
    key = f"agenda-{choice.period}-{choice.unit}-{choice.language}"
    names = {id: each.label[choice.language] for id, each in fitting.items()}
    place, language = list(names).index(own.id), choice.language
    said = {"format_func": names.get, "key": key, "placeholder": word("choose_one", language)}
    return fitting[st.selectbox(word("agenda", language), list(names), place, **said)]


def _contents(agenda: Agenda, choice: Choice) -> None:
    """The points of the agenda, numbered."""
    language = choice.language
    points = [each for each in agenda.parts if not each.data]
    body = "".join(
        f"<li>{escape(each.title[language])}" + (f" ({len(each.each)})" if each.each else "") + "</li>"
        for each in points
    )
    st.html(f"<h3 class='agenda'>{word('pack_contents', language)}</h3><ol class='agenda'>{body}</ol>")


def _making(agenda: Agenda, choice: Choice, ledger: Ledger) -> None:
    """The button; then the files, and the sentences, which can be changed and written anew."""
    language, id = choice.language, pack_id(agenda, choice, ledger)
    made = st.session_state.get("pack")
    if made is None or made[0] != id:
        st.write(word("pack_files", language))
        if long_work.asked(word("pack_make", language), "pack-make", id, type="primary"):
            with long_work.done("pack-make"):
                st.session_state["pack"] = (id, *_made(agenda, choice, ledger))
            st.rerun()
        return
    _files(*made, language)
    _sentences(made, language)


def _made(agenda: Agenda, choice: Choice, ledger: Ledger) -> tuple[object, dict[str, bytes]]:
    """Figures, then files, with a bar that says what is being made."""
    from exports.made import Made  # the office writers take time to load, and only this button needs them

    bar = st.progress(0.0, word("pack_starts", choice.language))
    found = Made.of(agenda, choice, ledger, geography(data_folder(), ledger.day(choice.period)), _told(bar, 0.0, 0.6))
    files = found.files(_told(bar, 0.6, 1.0))
    bar.empty()
    return found, files


def _told(bar: object, start: float, end: float) -> Callable[[int, int, str], None]:
    def told(done: int, of: int, title: str) -> None:
        bar.progress(start + (end - start) * done / max(of, 1), title)

    return told


def _files(id: str, found: object, files: dict[str, bytes], language: Language) -> None:
    """All files as one, and each; the handouts behind a button of their own."""
    from exports.made import HANDOUTS
    from warehouse.packed import zipped

    st.download_button(
        word("pack_all", language), exported(f"{id}.zip", lambda: zipped(files)), f"{id}.zip", key="pack-zip",
        type="primary", on_click="ignore", icon=":material/download:",
    )  # fmt: skip
    handed = {f"{id}_{each.choice.unit}.docx" for each in found.districts}
    names = found.named(files)
    places = st.columns(2) * len(names)
    for place, (name, what) in zip(places, ((n, w) for n, w in names.items() if n not in handed), strict=False):
        place.download_button(
            what, exported(name, partial(files.get, name)), name, key=f"pack-{name}", on_click="ignore", width="stretch"
        )
    with st.popover(f"{HANDOUTS[language]} ({len(handed)})"):
        for name in (each for each in names if each in handed):
            st.download_button(
                names[name], exported(name, partial(files.get, name)), name, key=f"pack-{name}", on_click="ignore"
            )


def _sentences(made: tuple, language: Language) -> None:
    """Each page's words in a box; what is changed goes into the report, the slides' notes and the page."""
    id, found, _ = made
    with st.expander(word("pack_words", language)):
        st.caption(word("pack_words_do", language))
        told = {}
        for page in found.pack.pages:
            if page.sentences and not page.part.data:
                text = st.text_area(page.title, "\n".join(page.sentences), key=f"said-{id}-{page.id}")
                told[page.id] = tuple(line.strip() for line in text.splitlines() if line.strip())
        if long_work.asked(word("pack_again", language), "pack-again", id):
            with long_work.done("pack-again"):
                bar = st.progress(0.0)
                changed = found.but(told)
                st.session_state["pack"] = (id, changed, changed.files(_told(bar, 0.0, 1.0)))
            st.rerun()


if __name__ == "__main__":
    frame.guard()
