"""Can we trust the figures: what is wrong, out of line, blank, or other than it was published?"""

from dataclasses import replace
from datetime import date, timedelta

import streamlit as st

from data_ingest.problem_names import NAMES
from data_ingest.problems import told
from language import Language, Text, day, word
from metrics.core.ledger import Ledger
from pages import frame, leads
from pages.address import ask, asked, link
from pages.draw import Links, draw
from views import data_quality as quality
from views import doubtful
from views.restated import restated
from views.view import Choice, View

TITLE = Text("Chất lượng số liệu", "Data quality")
ADDRESS = "chat-luong-so-lieu"
HEIGHT = 430


def show(choice: Choice, ledger: Ledger) -> list[View]:
    """One part at a time, as the address says."""
    language = choice.language
    names = {each: word(each, language) for each in PARTS}
    part = asked().get("part") if asked().get("part") in PARTS else next(iter(PARTS))
    frame.segments("part", word("quality_part", language), names, part)
    return PARTS[part](choice, ledger)


def _kinds(choice: Choice, ledger: Ledger) -> list[View]:
    """Which kinds, and whose: side by side."""
    kinds = quality.by_kind(choice, ledger, _name)
    units = quality.by_unit(choice, ledger, _name)
    left, right = st.columns([1, 1.25], gap="medium")
    with left:
        _shown(kinds, choice, {"name": lambda row: link(ADDRESS, part="quality_list", fault=str(row["kind"]))})
    with right:
        if len(units.table):
            links: Links = {name: _own_list for name in ("blocking", "noted", "reports")}
            _shown(units, choice, {"unit_name": _profile, **links})
    return [kinds, units]


def _list(choice: Choice, ledger: Ledger) -> list[View]:
    """Every problem in words, of one kind on request."""
    language, every = choice.language, quality.faults(choice, ledger)[0]
    kinds = list(every.kind.value_counts().index)
    kind = asked().get("fault") if asked().get("fault") in kinds else ""
    with st.columns([1, 1.5])[0]:
        _choose_kind(kinds, kind, language)
    return [_shown(quality.listed(choice, ledger, _name, told, kind), choice, _LINKS)]


def _choose_kind(kinds: list[str], kind: str, language: Language) -> None:
    widget = f"fault-{kind}-{language}-{len(kinds)}"

    def taken() -> None:
        ask(fault=st.session_state[widget] or None)

    options = ["", *kinds]
    st.selectbox(
        word("fault_kind", language), options, options.index(kind), key=widget, on_change=taken,
        format_func=lambda each: _name(each, language) if each else word("all_faults", language),
        placeholder=word("choose_one", language),
    )  # fmt: skip


def _outliers(choice: Choice, ledger: Ledger) -> list[View]:
    return [_shown(doubtful.outliers(choice, ledger, _name), choice, _LINKS)]


def _sums(choice: Choice, ledger: Ledger) -> list[View]:
    return [_shown(doubtful.sums(choice, ledger), choice, _LINKS)]


def _blanks(choice: Choice, ledger: Ledger) -> list[View]:
    def sources(row: dict[str, object]) -> str | None:
        indicator = quality.indicator_of(str(row["field"]))
        return leads.to_sources(choice.unit, indicator) if indicator else None

    view = doubtful.blanks(choice, ledger)
    _shown(replace(view, table=view.table[view.table.blank > 0]), choice, {"name": sources})
    return [view]


def _restated(choice: Choice, ledger: Ledger) -> list[View]:
    """What has been published and is another now, of the unit itself or of its parts."""
    language = choice.language
    since, parts = _since(ledger), asked().get("whose") == "parts"
    when, whose = st.columns([1, 3], vertical_alignment="bottom")
    with when:
        _choose_day(since, ledger, language)
    with whose:
        names = {"own": word("whose_own", language), "parts": word("whose_parts", language)}
        frame.segments("whose", word("whose", language), names, "parts" if parts else "own")
    with st.spinner(word("restated_working", language, day=day(since))):
        view = restated(choice, ledger, since, parts)
    links: Links = {
        "unit_name": _profile,
        "value_said": lambda row: leads.to_sources(row["unit"], row["indicator"], row["period"]),
    }
    return [_shown(view, choice, links)]


def _since(ledger: Ledger) -> date:
    """The day in the address, if it lies before the day looked at; else the last meeting; else three months ago."""
    try:
        since = date.fromisoformat(asked().get("since", ""))
    except ValueError:
        since = ledger.last_meeting or ledger.today - timedelta(days=90)
    return min(since, ledger.today - timedelta(days=1))


def _choose_day(since: date, ledger: Ledger, language: Language) -> None:
    widget = f"since-{since}-{language}"

    def taken() -> None:
        chosen = st.session_state[widget]
        ask(since=chosen.isoformat() if chosen else None)

    st.date_input(
        word("since", language), since, key=widget, on_change=taken, format="DD/MM/YYYY",
        min_value=min(date(2023, 11, 1), since), max_value=ledger.today - timedelta(days=1),
    )  # fmt: skip


# What the views ask of the intake, and where their cells lead


def _name(kind: str, language: Language) -> str:
    return NAMES[kind][language] if kind in NAMES else kind


def _profile(row: dict[str, object]) -> str | None:
    return leads.to_profile(row["unit"]) if isinstance(row["unit"], str) else None


def _own_list(row: dict[str, object]) -> str | None:
    """The unit's problems one by one."""
    return link(ADDRESS, part="quality_list", unit=row["unit"]) if isinstance(row["unit"], str) else None


def _sources(row: dict[str, object]) -> str | None:
    """What the figure goes into, in the period of the report."""
    indicator = quality.indicator_of(str(row.get("field") or ""))
    known = indicator and isinstance(row["unit"], str)
    return leads.to_sources(row["unit"], indicator, row["period"]) if known else None


_LINKS: Links = {
    "unit_name": _profile, "period_name": _sources, "cell": _sources, "given_number": _sources, "file": _sources,
}  # fmt: skip


def _shown(view: View, choice: Choice, links: Links) -> View:
    if view.table.empty:
        st.info(view.title)
        st.caption(view.note)
        return view
    return draw(view, choice.language, HEIGHT, links)


PARTS = {
    "quality_kinds": _kinds,
    "quality_list": _list,
    "quality_outliers": _outliers,
    "quality_sums": _sums,
    "quality_blanks": _blanks,
    "quality_restated": _restated,
}


if __name__ == "__main__":
    frame.guard()
