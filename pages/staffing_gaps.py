"""Who lacks how many people, and where?"""

from html import escape

import streamlit as st

from language import Text, word
from metrics.core.ledger import Ledger
from pages import frame
from pages.address import asked
from pages.draw import Links, chart, draw
from pages.leads import to_profile, to_sources
from views.staffing_gaps import TIERS, gaps_by_part, staffing_gaps, tiers
from views.view import Choice, View

TITLE = Text("Nhân lực còn thiếu", "Staffing gaps")
ADDRESS = "nhan-luc-con-thieu"


def show(choice: Choice, ledger: Ledger) -> list[View]:
    """The units of a tier that lack something, and beside them where most is lacking."""
    language = choice.language
    there = tiers(choice, ledger)
    tier = asked().get("tier") if asked().get("tier") in there else "hamlet"
    frame.segments("tier", word("tier", language), {id: each.name[language] for id, each in there.items()}, tier)
    gaps, parts = staffing_gaps(choice, ledger, tier), gaps_by_part(choice, ledger, tier)
    if parts is None:
        return [_draw(gaps, choice, tier)]
    left, right = st.columns([2.5, 1], gap="medium")
    with left:
        _draw(gaps, choice, tier)
    with right:
        st.html(f"<h2 class='view'>{escape(parts.title)}</h2>")
        chart(parts, f"chart-{parts.id}-{choice.unit}-{choice.period}")
    return [gaps, parts]


def _draw(view: View, choice: Choice, tier: str) -> View:
    draw(view, choice.language, height=470, links=_links(tier))
    if view.table.empty:
        st.info(word("gaps_nothing", choice.language))
    return view


def _links(tier: str) -> Links:
    """A unit to its profile, a khu/ấp to its commune's; what it lacks to where that comes from."""
    hamlet = TIERS[tier].level == "hamlet"
    return {
        "unit_name": lambda row: None if hamlet else to_profile(row["unit"]),
        "above": lambda row: to_profile(row["parent"]),
        "lacks": lambda row: None if row["state"] == "unknown" else to_sources(row["unit"], TIERS[tier].indicator),
    }


if __name__ == "__main__":
    frame.guard()
