"""How does this unit stand, what does it lack, and what is it made of?"""

from collections.abc import Callable
from dataclasses import replace
from html import escape

import streamlit as st

from data_ingest.problems import told
from language import Text, word, written
from metrics.core.ledger import Ledger
from pages import frame
from pages.address import asked, link
from pages.draw import Links, chart, draw, notes, table
from pages.leads import PROFILE, to_profile, to_sources
from views import look
from views.other_units import made_of
from views.profile import lacking, scorecard, standing
from views.profile_history import history
from views.profile_parts import gap, is_told_below, parts, peers
from views.profile_reports import own_reports, problems, promises, reports_below
from views.view import Choice, View

TITLE = Text("Hồ sơ đơn vị", "Unit profile")
ADDRESS = PROFILE
SECTIONS = {  # of the profile → their names
    "scorecard": "section_scorecard",
    "lacking": "section_lacking",
    "parts": "section_parts",
    "peers": "section_peers",
    "history": "section_history",
    "own_reports": "section_own_reports",
}
ROWS = {"target": "rows_target", "every": "rows_every"}
HEIGHT = 430


def show(choice: Choice, ledger: Ledger) -> list[View]:
    """The finding for the unit, then one section of its profile: the scorecard first."""
    language = choice.language
    section = asked().get("section")
    section = section if section in SECTIONS else "scorecard"
    which, more = st.columns([4.3, 3.2], vertical_alignment="center")
    with which:
        names = {each: word(key, language) for each, key in SECTIONS.items()}
        frame.segments("section", word("section", language), names, section, quiet=True)
    with more:
        if section == "scorecard":
            names = {each: word(key, language) for each, key in ROWS.items()}
            frame.segments("rows", word("rows", language), names, _rows(), quiet=True)
        elif section in ("lacking", "parts", "peers", "history"):
            frame.choose_indicator(choice)
    return DRAWN[section](choice, ledger)


def _rows() -> str:
    return "every" if asked().get("rows") == "every" else "target"


def _scorecard(choice: Choice, ledger: Ledger) -> list[View]:
    view = scorecard(choice, ledger, _rows() == "every")
    st.html(f"<h2 class='view'>{escape(view.title)}</h2><div class='standing'>{escape(standing(view, choice))}</div>")

    def to(section: str, column: str) -> Callable[[dict[str, object]], str | None]:
        return lambda row: link(ADDRESS, section=section, indicator=row["id"]) if row[column] != "–" else None

    links = {
        "name": to("history", "name"),
        "missing_said": to("lacking", "missing_said"),
        "place": to("peers", "place"),
        "value_said": lambda row: to_sources(choice.unit, row["id"]),
    }
    draw(replace(view, title="", alt=view.title), choice.language, HEIGHT, links)
    return [view]


def _lacking(choice: Choice, ledger: Ledger) -> list[View]:
    left, right = st.columns([1.55, 1], gap="medium")
    with left:
        links = {
            "name": lambda row: link(ADDRESS, section="history", indicator=row["id"]),
            "missing_said": lambda row: link(ADDRESS, section="lacking", indicator=row["id"]),
        }
        found = draw(lacking(choice, ledger), choice.language, HEIGHT, links)
    with right:
        made = draw(gap(choice, ledger), choice.language, HEIGHT, _to_parts(choice, ledger, "gap"))
    return [found, made]


def _to_parts(choice: Choice, ledger: Ledger, number: str) -> Links:
    """A part leads to its profile; a khu/ấp, which has none, to what its number is made of."""
    levels = ledger.units(choice.period).level

    def name(row: dict[str, object]) -> str | None:
        unit = row["unit"]
        if levels.get(unit) == "hamlet":
            return to_sources(unit, choice.indicator.id)
        return to_profile(unit)

    return {"unit_name": name, number: lambda row: to_sources(row["unit"], choice.indicator.id)}


def _parts(choice: Choice, ledger: Ledger) -> list[View]:
    view = parts(choice, ledger)
    made = made_of(choice, ledger)
    if not is_told_below(choice, ledger):
        st.info(view.title)
        return [view, *([draw(made, choice.language, HEIGHT)] if made else [])]
    links = _to_parts(choice, ledger, "value")
    st.html(f"<h2 class='view'>{escape(view.title)}</h2>")
    tiles = "".join(_tile(row, links, choice) for row in view.table.to_dict("records"))
    st.html(f"<div class='tiles' role='list'>{tiles}</div>")
    draw(View(view.id, "", view.table, view.columns, alt=view.title), choice.language, HEIGHT - 130, links)
    return [view, *([draw(made, choice.language, HEIGHT - 130)] if made else [])]


def _tile(row: dict[str, object], links: Links, choice: Choice) -> str:
    """One part as a coloured square: its name, value and status sign; it leads where its name leads."""
    value = written(row["value"], choice.language, choice.indicator.digits)
    sign = "" if row["status"] == "no_target" else look.STATUS_SIGN[row["status"]]
    colour = row["colour"]
    said = f"{row['unit_name']}: {value}, {look.STATUS_NAME[row['status']][choice.language]}"
    to = escape(links["unit_name"](row) or "#", quote=True)
    return (
        f"<a role='listitem' class='tile {row['status']}' href='{to}' target='_self'"
        f" style='background:{colour};color:{look.ink_on(colour)}' title='{escape(said, quote=True)}'>"
        f"<span>{escape(row['unit_name'])}</span><b>{sign} {escape(value)}</b></a>"
    )


def _peers(choice: Choice, ledger: Ledger) -> list[View]:
    view = peers(choice, ledger)
    links = {
        "unit_name": lambda row: to_profile(row["unit"]),
        "value": lambda row: to_sources(row["unit"], choice.indicator.id),
    }
    if view.table.empty:
        st.info(view.title)
        return [view]
    st.html(f"<h2 class='view'>{escape(view.title)}</h2>")
    st.html(f"<div class='ownrow'>{table(view, choice.language, HEIGHT, links)}</div>")  # its row stays in sight
    st.caption(notes(view))
    return [view]


def _history(choice: Choice, ledger: Ledger) -> list[View]:
    view = history(choice, ledger, HEIGHT - 40)
    if view.chart is None:
        st.info(view.title)
        return [view]
    st.html(f"<h2 class='view'>{escape(view.title)}</h2>")
    left, right = st.columns([1.2, 1], gap="medium")
    with left:
        chart(view, f"history-{choice.unit}-{choice.indicator.id}-{choice.period}")
        st.caption(notes(view))
    with right:
        links = {"value": lambda row: to_sources(choice.unit, choice.indicator.id, row["period"])}
        draw(View(view.id, "", view.table, view.columns, alt=view.title), choice.language, HEIGHT, links)
    return [view]


def _reports(choice: Choice, ledger: Ledger) -> list[View]:
    found = [
        own_reports(choice, ledger), reports_below(choice, ledger), problems(choice, ledger, told),
        promises(choice, ledger),
    ]  # fmt: skip
    own = {"period_name": lambda row: to_sources(choice.unit, choice.indicator.id, row["period"])}
    links = {"own_reports": own, "reports_below": own}
    other = {"unit_name": lambda row: to_profile(row["unit"])}
    return [draw(view, choice.language, 300, links.get(view.id, other)) for view in found if view.title]


DRAWN = {
    "scorecard": _scorecard,
    "lacking": _lacking,
    "parts": _parts,
    "peers": _peers,
    "history": _history,
    "own_reports": _reports,
}

if __name__ == "__main__":
    frame.guard()
