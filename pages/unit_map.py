"""Where is it high, where low, and who is silent?"""

from html import escape

import pandas as pd
import streamlit as st

from language import Text, word, written
from metrics.core.ledger import Ledger
from pages import address, frame
from pages.draw import badge, chart, table
from views import look
from views.classes import legend
from views.geography import Geography, geography
from views.shown import match, shown
from views.unit_map import tile_grid, unit_map
from views.view import Choice, View
from warehouse.store import data_folder

TITLE = Text("Bản đồ", "Map")
ADDRESS = "ban-do"
HEIGHT = 430


def show(choice: Choice, ledger: Ledger) -> list[View]:
    """The map with its list, both in one order; a click chooses a unit."""
    if choice.indicator.finest == "province":
        frame.choose_indicator(choice)
        frame.has_parts_to_show(choice, ledger)
        return []
    tiles = choice.view == "tiles" and choice.indicator.finest != "district"
    choice = choice.at("commune") if tiles or choice.level == "hamlet" else choice
    _controls(choice)
    shapes = geography(data_folder())
    view = tile_grid(choice, ledger, HEIGHT) if tiles else unit_map(choice, ledger, shapes, HEIGHT)
    st.html(f"<h3 class='view'>{escape(view.title)}</h3>")
    left, right = st.columns([2, 1], gap="medium")
    with left:
        _legend(choice, ledger)
        clicked = chart(
            view, f"{view.id}-{choice.unit}-{choice.indicator.id}-{choice.level}-{choice.period}", select=True
        )
        _below(choice, ledger, view, shapes)
    with right:
        unit = _clicked(clicked)
        _unit_card(unit, choice, ledger)
        chosen = view.table.assign(chosen=view.table.unit == unit)
        st.html(table(View(view.id, "", chosen, view.columns), choice.language, HEIGHT - (190 if unit else 40)))
    return [view]


def _controls(choice: Choice) -> None:
    language = choice.language
    which, level, view, colours = st.columns([3.2, 1.6, 1.5, 2.1], vertical_alignment="bottom")
    with which:
        frame.choose_indicator(choice)
    with level:
        names = {each: word(each, language) for each in ("district", "commune")}
        frame.segments("level", word("level", language), names, choice.level)
    with view:
        frame.segments("view", word("view", language), {k: word(k, language) for k in ("map", "tiles")}, choice.view)
    with colours:
        names = {"target": word("by_target", language), "quantile": word("by_quantile", language)}
        frame.segments("colours", word("colouring", language), names, choice.colouring)


def _legend(choice: Choice, ledger: Ledger) -> None:
    parts = [
        f"<span><i class='{escape(key.split('|')[0])}' style='background:{colour}'></i>{escape(words)} · {count}</span>"
        for key, colour, words, count in legend(shown(choice, ledger), choice)
    ]
    st.html(f"<div class='legend'>{''.join(parts)}</div>")


def _below(choice: Choice, ledger: Ledger, view: View, shapes: Geography) -> None:
    """Step through the periods; how many units the map shows."""
    same = [each for each in ledger.periods if each.kind == choice.period.kind]
    place = same.index(choice.period) if choice.period in same else 0
    earlier, name, later, said = st.columns([0.5, 2.6, 0.5, 4.6], vertical_alignment="center")
    language = choice.language
    if earlier.button("‹", key="earlier", help=word("earlier", language), disabled=place + 1 >= len(same)):
        address.ask(period=str(same[place + 1]))
        st.rerun()
    name.html(f"<div style='text-align:center'>{escape(choice.period.name(language))}</div>")
    if later.button("›", key="later", help=word("later", language), disabled=place == 0):
        address.ask(period=str(same[place - 1]))
        st.rerun()
    found = shown(choice, ledger)
    told = match(found, set(found.unit) if choice.view == "tiles" else shapes.drawn, language)
    kind = f" · {word('schematic', language)}" if shapes.kind == "schematic" and choice.view == "map" else ""
    said.caption(told + kind)


def _clicked(selection: object) -> str | None:
    points = selection["selection"]["points"] if selection else []
    ids = [point.get("customdata") or point.get("location") for point in points]
    ids = [each[0] if isinstance(each, list) else each for each in ids if each]
    return ids[0] if ids else None


def _unit_card(unit: str | None, choice: Choice, ledger: Ledger) -> None:
    """What is known of the unit that was clicked, and the way into it."""
    language, results = choice.language, ledger.results(choice.period)
    own = results[(results.unit == unit) & (results.indicator == choice.indicator.id)]
    if own.empty:
        _way_up(choice, ledger)
        st.caption(word("choose_on_map", language))
        return
    row = own.iloc[0]
    value = look.value_of(row.value, choice.indicator, language)
    said = [badge(row.status, language)]
    if not pd.isna(row["rank"]):
        place = word("of_units", language, rank=int(row["rank"]), of=int(row.ranked))
        said.append(f"{word('rank', language)} {place}")
    said.append(f"{word('reports', language)} {int(row.reports)}/{int(row.reports_due)}")
    if not pd.isna(row.missing) and row.missing > 0:
        said.append(f"{word('missing', language)} {written(row.missing, language)}")
    st.html(
        f"<div class='card chosen'><div class='name'>{escape(row.unit_name)}</div>"
        f"<div class='figure'>{escape(value)}</div><div class='status'>{' · '.join(said)}</div></div>"
    )
    if st.button(word("go_down", language, unit=row.unit_name), key="down", icon=":material/zoom_in:"):
        address.ask(unit=unit, level="commune")
        st.rerun()


def _way_up(choice: Choice, ledger: Ledger) -> None:
    units = ledger.units(choice.period)
    parent = units.parent.get(choice.unit)
    if parent in units.index:
        name = units.full_name[parent]
        if st.button(word("go_up", choice.language, unit=name), key="up", icon=":material/arrow_upward:"):
            address.ask(unit=parent)
            st.rerun()


if __name__ == "__main__":
    frame.guard()
