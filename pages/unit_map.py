"""Where is it high, where low, and who is silent?"""

from dataclasses import replace
from html import escape

import pandas as pd
import streamlit as st

from language import Text, word, words, written
from metrics import INDICATORS
from metrics.core.ledger import Ledger
from pages import address, frame
from pages.address import link
from pages.draw import badge, chart, table
from pages.leads import to_profile, to_sources, to_units
from views import look
from views.classes import class_limits, legend
from views.geography import Geography
from views.shown import behind, match, one, shown
from views.unit_map import hamlet_tiles, shapes_around, tile_grid, unit_map
from views.view import Choice, Column, View
from warehouse.period import Period
from warehouse.store import data_folder

TITLE = Text("Bản đồ", "Map")
ADDRESS = "ban-do"
HEIGHT = 385
STEP = 2.0  # seconds that each period stays while they are played
BESIDE = ("none", "before", "year", "indicator")  # what a second map shows: an earlier period, or another indicator
ZOOMS = ("all", "wards")


def show(choice: Choice, ledger: Ledger) -> list[View]:
    """The map with its list, both in one order; a click chooses a unit."""
    if not frame.can_be_parted(choice, ledger):
        frame.choose_indicator(choice)
        frame.has_parts_to_show(choice, ledger)
        return []
    _controls(choice, ledger)
    shapes = shapes_around(data_folder(), choice.unit, choice.period, ledger)
    other = _other(choice)
    return _two(choice, other, ledger, shapes) if other else [_one(choice, ledger, shapes)]


def _one(choice: Choice, ledger: Ledger, shapes: Geography) -> View:
    view = _drawn(choice, ledger, shapes)
    st.html(f"<h2 class='view'>{escape(view.title)}</h2>")
    left, right = st.columns([2, 1], gap="medium")
    with left:
        _legend(choice, ledger)
        clicked = chart(view, f"{view.id}-{choice.unit}-{choice.indicator.id}-{choice.level}-{choice.period}", True)
        _below(choice, ledger, shapes)
    with right:
        unit = _clicked(clicked)
        _unit_card(unit, choice, ledger)
        _list(view, unit, choice)
    return view


def _list(view: View, unit: str | None, choice: Choice) -> None:
    """The same units by name; each leads into itself, as a click on the map and on “look inside” does."""
    rows = view.table.assign(chosen=view.table.unit == unit, inside=word("see", choice.language))
    inside = {} if choice.level == "hamlet" else {"inside": Column(words()["inside"])}
    listed = View(view.id, "", rows, view.columns | inside, alt=view.title)
    links = {**to_units(choice), "inside": lambda row: _inside(str(row["unit"]), choice)}
    st.html(table(listed, choice.language, HEIGHT - (210 if unit else 40), links))


def _inside(unit: str, choice: Choice) -> str:
    return link(ADDRESS, unit=unit, level="hamlet" if choice.level == "commune" else "commune")


def _two(choice: Choice, other: Choice, ledger: Ledger, shapes: Geography) -> list[View]:
    """Two maps side by side; of two periods the colours mean the same in both."""
    same = other.indicator is choice.indicator
    limits = class_limits(shown(choice, ledger), choice) if same else None
    views = []
    for place, each in zip(st.columns(2, gap="medium"), (choice, other), strict=True):
        with place:
            view = _drawn(each, ledger, shapes, limits)
            when = each.period.name(each.language)
            st.html(f"<h2 class='view'>{escape(when)}: {escape(view.title)}</h2>")
            _legend(each, ledger, limits)
            chart(view, f"beside-{view.id}-{each.period}-{each.indicator.id}")
            views.append(view if each is choice else replace(view, id=f"{view.id}_beside"))
    _below(choice, ledger, shapes)
    return views


def _drawn(choice: Choice, ledger: Ledger, shapes: Geography, limits: list[float] | None = None) -> View:
    if choice.level == "hamlet":
        return hamlet_tiles(choice, ledger, HEIGHT)
    if choice.view == "tiles" and choice.level == "commune" and not ledger.is_country:
        return tile_grid(choice, ledger, HEIGHT)
    return unit_map(choice, ledger, shapes, HEIGHT, _asked("zoom", ZOOMS), limits)


def _asked(key: str, among: tuple[str, ...]) -> str:
    """A choice of this page's own, in the address; the first of them where nothing, or nonsense, stands there."""
    told = address.asked().get(key, among[0])
    return told if told in among else among[0]


def _other(choice: Choice) -> Choice | None:
    """What the second map shows, if there is one."""
    beside = _asked("beside", BESIDE)
    if beside == "indicator":
        other = INDICATORS.get(address.asked().get("other", ""))
        return choice.but(indicator=other).at(choice.level) if other and other.finest != "province" else None
    period: Period | None = {"before": choice.period.previous, "year": choice.period.year_before}.get(beside)
    return choice.but(period=period) if period else None


def _controls(choice: Choice, ledger: Ledger) -> None:
    language = choice.language
    which, level, view, colours = st.columns([3.2, 2.0, 1.5, 2.1], vertical_alignment="bottom")
    with which:
        frame.choose_indicator(choice)
    with level:
        names = frame.level_names(choice, ledger)
        frame.segments("level", word("level", language), names, choice.level)
    with view:
        frame.segments("view", word("view", language), {k: word(k, language) for k in ("map", "tiles")}, choice.view)
    with colours:
        names = {"target": word("by_target", language), "quantile": word("by_quantile", language)}
        frame.segments("colours", word("colouring", language), names, choice.colouring)
    beside, other, zoom = st.columns([4.8, 2.1, 1.9], vertical_alignment="bottom")
    with beside:
        names = {each: word(f"beside_{each}", language) for each in BESIDE}
        frame.segments("beside", word("beside", language), names, _asked("beside", BESIDE), quiet=True)
    if _asked("beside", BESIDE) == "indicator":
        with other:
            names = {i.id: i.name[language] for i in INDICATORS.values() if i.finest != "province"}
            frame.select("other", language, list(names), address.asked().get("other", next(iter(names))), names.get)
    elif choice.view == "map" and choice.level != "hamlet":
        with zoom:
            names = {each: word(f"zoom_{each}", language) for each in ZOOMS}
            frame.segments("zoom", word("zoom", language), names, _asked("zoom", ZOOMS), quiet=True)


def _legend(choice: Choice, ledger: Ledger, limits: list[float] | None = None) -> None:
    parts = [
        f"<span><i class='{escape(key.split('|')[0])}' style='background:{colour}'></i>{escape(words)} · {count}</span>"
        for key, colour, words, count in legend(shown(choice, ledger), choice, limits)
    ]
    st.html(f"<div class='legend'>{''.join(parts)}</div>")


def _below(choice: Choice, ledger: Ledger, shapes: Geography) -> None:
    """Step through the periods, or let them play; how many units the map shows."""
    same = [each for each in ledger.periods if each.kind == choice.period.kind]
    place = same.index(choice.period) if choice.period in same else 0
    earlier, name, later, play, said = st.columns([0.5, 2.4, 0.5, 0.5, 4.3], vertical_alignment="center")
    language = choice.language
    if earlier.button("‹", key="earlier", help=word("earlier", language), disabled=place + 1 >= len(same)):
        _go_to(same[place + 1])
    name.html(f"<div style='text-align:center'>{escape(choice.period.name(language))}</div>")
    if later.button("›", key="later", help=word("later", language), disabled=place == 0):
        _go_to(same[place - 1])
    with play:
        _player(same, place, language)
    found = shown(choice, ledger)
    drawn = set(found.unit) if choice.view == "tiles" or choice.level == "hamlet" else shapes.drawn
    kind = f" · {word('schematic', language)}" if drawn is shapes.drawn and shapes.kind == "schematic" else ""
    said.caption(match(found, drawn, language) + kind)


def _go_to(period: Period) -> None:
    address.ask(period=str(period))
    st.rerun()


def _player(periods: list[Period], place: int, language: str) -> None:
    """Play the periods from the first, or from where one stands, to the last; pressed again it stops."""
    playing = st.session_state.get("playing", False)
    sign, says = ("❚❚", "stop") if playing else ("▶", "play")
    if st.button(sign, key="play", help=word(says, language), disabled=len(periods) < 2):
        st.session_state.playing = not playing
        if not playing and place == 0:
            _go_to(periods[-1])
        st.rerun()
    if playing:
        _tick(periods, place)


@st.fragment(run_every=STEP)
def _tick(periods: list[Period], place: int) -> None:
    """Go on by one period each time; the first call comes with the page itself and waits."""
    mark = f"{periods[place]}"
    if st.session_state.get("ticked") != mark:
        st.session_state.ticked = mark
        return
    if place == 0:
        st.session_state.playing = False
    else:
        address.ask(period=str(periods[place - 1]))
    st.rerun(scope="app")


def _clicked(selection: object) -> str | None:
    points = selection["selection"]["points"] if selection else []
    ids = [point.get("customdata") or point.get("location") for point in points]
    ids = [each[0] if isinstance(each, list) else each for each in ids if each]
    return ids[0] if ids else None


def _unit_card(unit: str | None, choice: Choice, ledger: Ledger) -> None:
    """What is known of the unit that was clicked, and the ways on from it."""
    language, results = choice.language, one(choice, ledger)
    own = results[results.unit == unit]
    if own.empty:
        _way_up(choice, ledger)
        st.caption(word("choose_on_map", language))
        return
    row = own.iloc[0]
    number = f"<a href='{escape(to_sources(unit, choice.indicator.id))}' target='_self'>" + escape(
        look.value_of(row.value, choice.indicator, language)
    )
    st.html(
        f"<div class='card chosen'><div class='name'>{escape(row.unit_name)}</div>"
        f"<div class='figure'>{number}</a></div><div class='status'>{' · '.join(_said(row, language))}</div></div>"
    )
    if row.level == "hamlet":
        return
    inside, profile = st.columns(2)
    if inside.button(word("go_down", language), key="down", icon=":material/zoom_in:", width="stretch"):
        address.ask(unit=unit, level="hamlet" if row.level == "commune" else "commune")
        st.rerun()
    profile.html(
        f"<a class='lead' href='{escape(to_profile(unit))}' target='_self'>{escape(word('profile', language))}</a>"
    )


def _said(row: pd.Series, language: str) -> list[str]:
    said = [badge(row.status, language)]
    if not pd.isna(row["rank"]):
        place = word("of_units", language, rank=int(row["rank"]), of=int(row.ranked))
        said.append(f"{word('rank', language)} {place}")
    said.append(f"{word('reports', language)} {behind(row)}")
    if not pd.isna(row.missing) and row.missing > 0:
        said.append(f"{word('missing', language)} {written(row.missing, language)}")
    return said


def _way_up(choice: Choice, ledger: Ledger) -> None:
    units = ledger.units(choice.period)
    parent = units.parent.get(choice.unit)
    if parent in units.index:
        name = units.full_name[parent]
        if st.button(word("go_up", choice.language, unit=name), key="up", icon=":material/arrow_upward:"):
            address.ask(unit=parent, level="commune")
            st.rerun()


if __name__ == "__main__":
    frame.guard()
