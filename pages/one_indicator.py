"""What does one indicator tell: what it means, how the units are spread, which differ by more than chance?"""

from html import escape

import streamlit as st

from language import Text, word
from metrics import INDICATORS
from metrics.core.ledger import Ledger
from pages import dictionary, frame
from pages.address import asked, link
from pages.draw import chart, table
from pages.leads import to_profile, to_units
from views.funnel import funnel
from views.one_indicator import definition, distribution, over_time
from views.two_indicators import others, partner, two_indicators
from views.view import Choice, View

TITLE = Text("Một chỉ tiêu", "One indicator")
ADDRESS = "mot-chi-tieu"


def show(choice: Choice, ledger: Ledger) -> list[View]:
    """Definition and spread; funnel and a second indicator; the small lines of the parts."""
    language = choice.language
    which, level = st.columns([3, 2], vertical_alignment="bottom")
    with which:
        frame.choose_indicator(choice)
    meaning = definition(choice)
    if not frame.has_parts_to_show(choice, ledger):
        _meaning(meaning, choice)
        return [meaning]
    with level:
        names = frame.level_names(choice, ledger)
        frame.segments("level", word("level", language), names, choice.level)
    left, right = st.columns([1, 1.25], gap="medium")
    asked = choice.indicator.id, _other(choice).id
    ledger.near(choice.unit, (choice.period,), asked, choice.level == "hamlet")  # both at once; each is taken from it
    with left:
        _meaning(meaning, choice)
    with right:
        spread = _seen(distribution(choice, ledger), choice)
    left, right = st.columns(2, gap="medium")
    with left:
        frame_ = _seen(funnel(choice, ledger), choice)
    with right:
        beside = _seen(two_indicators(choice, _other(choice), ledger), choice)
        _choose_other(choice)
    return [meaning, spread, frame_, beside, _seen(over_time(choice, ledger), choice)]


def _meaning(view: View, choice: Choice) -> None:
    """The definition, with the way to the whole entry."""
    items = "".join(_item(row) for row in view.table.to_dict("records"))
    whole = f"<a class='lead' href='{escape(link(dictionary.ADDRESS), quote=True)}' target='_self'>"
    st.html(
        f"<h2 class='view'>{escape(view.title)}</h2><section class='entries'><dl class='told narrow'>{items}</dl>"
        f"{whole}{escape(word('one_whole_entry', choice.language))}</a></section>"
    )


def _item(row: dict[str, object]) -> str:
    """One line of the definition; what is easily misread is long, and opens on a click."""
    name, lines = escape(row["name"]), [escape(each) for each in row["lines"]]
    if row["id"] != "traps":
        return f"<div><dt>{name}</dt><dd>{lines[0]}</dd></div>"
    listed = "".join(f"<li>{each}</li>" for each in lines)
    return f"<div><dt>{name}</dt><dd><details><summary>{lines[0]}</summary><ul>{listed}</ul></details></dd></div>"


def _seen(view: View, choice: Choice) -> View:
    """Heading, chart, note, and the same as a table; a click on a point leads to the unit's profile."""
    st.html(f"<h2 class='view'>{escape(view.title)}</h2>")
    if view.chart is not None:
        key = f"{view.id}-{choice.unit}-{choice.indicator.id}-{choice.level}-{choice.period}-{choice.language}"
        _open(chart(view, key, select=True), view, choice)
    if view.note:
        st.caption(view.note)
    if len(view.table) and view.columns:
        rows = table(view, choice.language, 320, to_units(choice))
        said = escape(word("one_as_table", choice.language))
        st.html(f"<details class='astable'><summary>{said}</summary><p>{escape(view.alt)}</p>{rows}</details>")
    return view


def _open(selection: object, view: View, choice: Choice) -> None:
    """The way to the profile of the unit that was clicked."""
    points = selection["selection"]["points"] if selection else []
    told = [each.get("customdata") for each in points if each.get("customdata")]
    unit = told[0][0] if told and isinstance(told[0], list) else next(iter(told), None)
    names = dict(zip(view.table.unit, view.table.unit_name, strict=True)) if "unit" in view.table else {}
    if unit in names and "-" not in str(unit):  # a khu/ấp has no profile of its own
        name = escape(word("one_open_profile", choice.language, unit=names[unit]))
        st.html(f"<a class='lead' href='{escape(to_profile(unit), quote=True)}' target='_self'>{name}</a>")


def _other(choice: Choice) -> object:
    told = {each.id: each for each in others(choice.indicator, INDICATORS)}
    return told.get(asked().get("other"), partner(choice.indicator, INDICATORS))


def _choose_other(choice: Choice) -> None:
    names = {each.id: each.name[choice.language] for each in others(choice.indicator, INDICATORS)}
    frame.select("other", choice.language, list(names), _other(choice).id, names.get)


if __name__ == "__main__":
    frame.guard()
