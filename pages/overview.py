"""Where do we stand?"""

from html import escape

import streamlit as st

from language import Text, word
from metrics.core.ledger import Ledger
from pages import frame
from pages.address import link
from pages.draw import badge, chart, draw
from pages.leads import COMMITMENTS, to_profile, to_sources
from pages.spark import sparkline
from views.commitments import commitments_due
from views.overview import Card, around, attention, cards, changes
from views.unit_map import shapes_around, unit_map
from views.view import Choice, View
from warehouse.store import data_folder

TITLE = Text("Tổng quan", "Overview")
ADDRESS = ""  # the first page: the bare address


def show(choice: Choice, ledger: Ledger) -> list[View]:
    """Cards, map of the chosen card, who needs attention, what has changed, what was promised."""
    chosen, pressing = choice.indicator.id, attention(choice, ledger)
    st.html("<div class='cards'>" + "".join(_card(each, chosen, choice) for each in cards(choice, ledger)) + "</div>")
    left, right = st.columns([1.15, 1], gap="medium")
    shapes = shapes_around(data_folder(), choice.unit, choice.period, ledger)
    with left:
        seen = unit_map(around(choice, ledger), ledger, shapes, height=370)
        st.html(f"<h2 class='view'>{escape(seen.title)}</h2>")
        chart(seen, "overview-map")
        if shapes.kind == "schematic":
            st.caption(word("schematic", choice.language))
    with right:
        urgent = draw(pressing, choice.language, links={"name": lambda row: to_profile(row["unit"])})
        to_number = {"now": lambda row: to_sources(choice.unit, row["indicator"])}
        moved = draw(changes(choice, ledger), choice.language, links=to_number)
    to_unit = {"unit_name": lambda row: to_profile(row["unit"]), "state_said": lambda row: link(COMMITMENTS)}
    promised = draw(commitments_due(choice, ledger), choice.language, links=to_unit)
    return [seen, urgent, moved, promised]


def _card(card: Card, chosen: str, choice: Choice) -> str:
    """A card as HTML; its name puts its indicator on the map."""
    mark = " chosen" if card.id == chosen else ""
    return (
        f"<div class='card{mark}'><div class='name'><a href='{link('', indicator=card.id)}' target='_self'>"
        f"{escape(card.title)}</a></div>"
        f"<div class='figure'>{escape(card.value)}</div>"
        f"<div class='status'>{badge(card.status, choice.language)}<small>{escape(card.target)}</small></div>"
        f"<div class='said' title='{escape(card.said)}'>{escape(card.said)}</div>"
        f"<div class='said pace' title='{escape(card.pace)}'>{escape(card.pace) or '&nbsp;'}</div>"
        f"{sparkline(card.line, card.goal)}</div>"
    )


if __name__ == "__main__":
    frame.guard()
