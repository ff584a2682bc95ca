"""Blank forms to send out: of one unit, of a district's communes, of everybody."""

from collections import Counter
from html import escape

import streamlit as st

from data_ingest.forms import Blanks, Wanted
from language import Language, order, small, word
from pages import long_work, who
from views.reports import form_name
from warehouse.packed import zipped
from warehouse.period import Period
from warehouse.store import current, data_folder

ALL, DISTRICT = "all", "district:"


@st.cache_resource(max_entries=2, show_spinner=False)
def _blanks(data: str, snapshot: str) -> Blanks:
    return Blanks(data_folder(data))


def show(language: Language, period: Period | None) -> None:
    """Choose for whom and for when; then they are made, and can be taken away."""
    blanks = _blanks(str(data_folder()), str(current(data_folder())))
    whose, when = st.columns([2, 1], vertical_alignment="bottom")
    with whose:
        chosen = _whose(blanks, language)
    with when:
        asked = _when(blanks, chosen, period, language)
    prefilled = st.checkbox(word("forms_prefilled", language), True, key="forms-prefilled")
    st.caption(word("forms_prefilled_how", language))
    if asked is None:
        st.info(word("forms_none", language))
        return
    wanted = _wanted(blanks, chosen, asked)
    if not wanted:
        st.info(word("forms_none", language))
        return
    st.html(f"<div class='standing'>{escape(_which(wanted, language))}</div>")
    _made(blanks, wanted, (chosen, str(asked), prefilled), language)


def _whose(blanks: Blanks, language: Language) -> str:
    """Everybody, the communes of a district, or one unit."""
    day = blanks.day(blanks.months()[-1]) if blanks.months() else None
    names = {ALL: word("forms_all", language)}
    every, names_of = blanks.names.last_day, blanks.names
    level = every.level | (day.level if day else {})
    titles = {each: names_of.title(each) for each in level if level[each] != "hamlet"}
    ordered = sorted(titles, key=lambda each: order(titles[each]))
    names |= {
        f"{DISTRICT}{each}": word("forms_district", language, unit=titles[each])
        for each in ordered
        if level[each] == "district"
    }
    names |= {each: titles[each] for each in ordered if blanks.periods(each)}
    return st.selectbox(
        word("forms_whose", language), list(names), format_func=names.get, key=f"forms-whose-{language}",
        placeholder=word("choose_one", language),
    ) or ALL  # fmt: skip


def _when(blanks: Blanks, chosen: str, period: Period | None, language: Language) -> Period | None:
    """The periods that are owed; first the month after the one that is looked at."""
    one = chosen != ALL and not chosen.startswith(DISTRICT)
    periods = blanks.periods(chosen) if one else blanks.months()
    if not periods:
        return None
    last = period.last_month if period else periods[0].first_month - 1
    next_ = next((each for each in periods if each.last_month > last), periods[-1])
    names = {str(each): each.name(language) for each in periods}
    told = st.selectbox(
        word("forms_when", language), list(names), list(names).index(str(next_)), format_func=names.get,
        key=f"forms-when-{chosen}-{language}", placeholder=word("choose_one", language),
    )  # fmt: skip
    return Period.parse(told)


def _wanted(blanks: Blanks, chosen: str, period: Period) -> list[Wanted]:
    if chosen == ALL:
        return blanks.of_all(period)
    if chosen.startswith(DISTRICT):
        return blanks.of_district(chosen.removeprefix(DISTRICT), period)
    return blanks.of_unit(chosen, period)


def _which(wanted: list[Wanted], language: Language) -> str:
    """How many forms of which kind, for when."""
    counts = Counter((each.form, each.period) for each in wanted)
    told = [
        word("forms_of", language, form=form_name(form, language), period=small(period.name(language)), count=count)
        for (form, period), count in counts.items()
    ]
    return word("forms_which", language, count=len(wanted), which=" · ".join(told))


def _made(blanks: Blanks, wanted: list[Wanted], asked: tuple, language: Language) -> None:
    """The button, the bar, then the file; another choice makes others."""
    made = st.session_state.get("forms-made")
    if made is None or made[0] != asked:
        if not long_work.asked(word("forms_make", language), "forms-make", asked, type="primary"):
            return
        with long_work.done("forms-make"):
            bar = st.progress(0.0)
            files = blanks.made(
                wanted, asked[2],
                lambda done, of: bar.progress(done / of, word("forms_making", language, done=done, of=of)),
            )  # fmt: skip
            bar.empty()
            made = st.session_state["forms-made"] = (asked, *_as_one(files, asked))
        st.rerun()
    _, name, content = made
    st.download_button(
        word("forms_ready", language, file=name), who.exported(name, lambda: content), name, key="forms-file",
        type="primary", on_click="ignore", icon=":material/download:",
    )  # fmt: skip


def _as_one(files: dict[str, bytes], asked: tuple) -> tuple[str, bytes]:
    """The one workbook, or all of them as a zip."""
    if len(files) == 1:
        ((name, content),) = files.items()
        return name, content
    chosen, period, _ = asked
    return f"bieu-mau_{chosen.removeprefix(DISTRICT)}_{period}.zip", zipped(files)
