"""Who may be proposed for commendation?"""

import streamlit as st

from language import Text, word
from metrics.core.emulation import levels
from metrics.core.ledger import Ledger
from pages import frame
from pages.address import DEFAULTS, asked
from pages.draw import draw
from pages.leads import to_profile
from views.emulation import evidence, the_list, types
from views.shown import with_district
from views.view import Choice, View

TITLE = Text("Thi đua", "Emulation")
ADDRESS = "thi-dua"


def show(choice: Choice, ledger: Ledger) -> list[View]:
    """The shortlist of a level, narrowed to a type on request, and the evidence of one of its units."""
    language = choice.language
    # As asked for: here no indicator limits the level.
    level = asked().get("level", DEFAULTS["level"])
    choice = choice.but(level=level if level in levels() else DEFAULTS["level"])
    which, type_, one = st.columns([1.6, 1.6, 2.4], vertical_alignment="bottom")
    with which:
        names = frame.level_names(choice, ledger, levels())
        frame.segments("level", word("level", language), names, choice.level)
    # A key for each list: what was taken from one may not stand in another.
    key = f"{choice.level}-{choice.unit}-{choice.period}-{language}"
    kind = type_.selectbox(
        word("kind", language), ["", *types(choice, ledger)], key=f"emulation-kind-{key}",
        format_func=lambda each: each or word("all_kinds", language), placeholder=word("choose_one", language),
    )  # fmt: skip
    listed = the_list(choice, ledger, kind)
    names = ledger.units(choice.period)
    units = with_district(listed.table.unit, names)
    own = list(units).index(choice.unit) if choice.unit in units else 0
    unit = one.selectbox(
        word("emulation_unit", language),
        units,
        own,
        format_func=units.get,
        key=f"emulation-unit-{kind}-{key}",
        placeholder=word("choose_one", language),
    )
    links = {"unit_name": lambda row: to_profile(row["unit"])}
    return [
        draw(listed, language, height=420, links=links),
        draw(evidence(choice, ledger, kind, unit), language),
    ]


if __name__ == "__main__":
    frame.guard()
