"""Who leads, who needs help?"""

import streamlit as st

from language import Language, Text, word
from metrics.core.fair_comparison import SIZES
from metrics.core.ledger import Ledger
from pages import frame
from pages.draw import draw
from pages.leads import to_units
from views.leaderboard import SORTS, kinds, leaderboard
from views.shown import parts_to_choose
from views.view import Choice, View

TITLE = Text("Bảng xếp hạng", "Leaderboard")
ADDRESS = "xep-hang"


def show(choice: Choice, ledger: Ledger) -> list[View]:
    """The units in their order; searched, narrowed to a type, sorted otherwise on request."""
    language = choice.language
    which, level = st.columns([3, 2], vertical_alignment="bottom")
    with which:
        frame.choose_indicator(choice)
    if not frame.has_parts_to_show(choice, ledger):
        return []
    with level:
        names = {each: word(each, language) for each in parts_to_choose(ledger.units(choice.period))}
        frame.segments("level", word("level", language), names, choice.level)
    find, type_, by = st.columns([2.4, 1.6, 1.6], vertical_alignment="bottom")
    search = find.text_input(word("search", language), key="search")
    types = ["", *kinds(choice, ledger)]
    kind = type_.selectbox(
        word("kind", language),
        types,
        format_func=lambda each: _kind_name(each, language),
        key="kind",
        placeholder=word("choose_one", language),
    )
    sort = by.selectbox(
        word("sort_by", language),
        SORTS,
        format_func=lambda each: word(f"by_{each}", language),
        key="sort",
        placeholder=word("choose_one", language),
    )
    view = leaderboard(choice, ledger, search, kind, sort)
    if view.table.empty:
        st.info(word("none_found", language))
        return []
    return [draw(view, language, height=560, links=to_units(choice))]


def _kind_name(kind: str, language: Language) -> str:
    """A type of unit is called as it is, a peer group by size in words."""
    return word(kind or "all_kinds", language) if kind in ("", *SIZES) else kind


if __name__ == "__main__":
    frame.guard()
