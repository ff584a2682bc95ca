"""Where do we stand?"""

from html import escape

import streamlit as st

from language import Text, word
from metrics.core.ledger import Ledger
from pages import frame
from pages.draw import badge, chart, draw
from views.charts import CONFIG
from views.geography import geography
from views.overview import Card, around, attention, cards, changes
from views.unit_map import unit_map
from views.view import Choice, View
from warehouse.store import data_folder

TITLE = Text("Tổng quan", "Overview")
ADDRESS = ""  # the first page: the bare address


def show(choice: Choice, ledger: Ledger) -> list[View]:
    """Cards, map of the chosen card, who needs attention, what has changed."""
    found = cards(choice, ledger)
    for place, card in zip(st.columns(len(found)), found, strict=True):
        with place:
            _card(card, choice)
    left, right = st.columns([1.15, 1], gap="medium")
    shapes = geography(data_folder())
    with left:
        seen = unit_map(around(choice, ledger), ledger, shapes, height=400)
        st.html(f"<h3 class='view'>{escape(seen.title)}</h3>")
        chart(seen, "overview-map")
        if shapes.kind == "schematic":
            st.caption(word("schematic", choice.language))
    with right:
        urgent = draw(attention(choice, ledger), choice.language)
        moved = draw(changes(choice, ledger), choice.language)
    return [seen, urgent, moved]


def _card(card: Card, choice: Choice) -> None:
    chosen = " chosen" if card.id == choice.indicator.id else ""
    st.html(
        f"<div class='card{chosen}'><div class='name'>{escape(card.title)}</div>"
        f"<div class='figure'>{escape(card.value)}<small>{escape(card.target)}</small></div>"
        f"<div class='status'>{badge(card.status, choice.language)}</div>"
        f"<div class='said' title='{escape(card.said)}'>{escape(card.said)}</div>"
        f"<div class='said' title='{escape(card.pace)}'>{escape(card.pace) or '&nbsp;'}</div></div>"
    )
    st.plotly_chart(card.line, key=f"line-{card.id}", config={**CONFIG, "staticPlot": True}, theme=None)


if __name__ == "__main__":
    frame.guard()
