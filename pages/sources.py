"""What is this number made of, down to the cells of the reports?"""

from html import escape

import pandas as pd
import streamlit as st

from data_ingest.archive import Archive
from language import Text, day, word
from metrics.core.ledger import Ledger
from pages import frame
from pages.address import ask, asked, link
from pages.draw import badge, draw
from pages.leads import SOURCES, to_profile, to_sources
from pages.who import exported
from views.sources import (
    SHOWN,
    above,
    contributing,
    figures,
    listed,
    named,
    number,
    path_name,
    reports_behind,
)
from views.view import Choice, View
from warehouse.receipts import Receipt
from warehouse.store import data_folder

TITLE = Text("Nguồn số liệu", "Sources of a number")
ADDRESS = SOURCES
SECTIONS = {  # what a number is made of → their names
    "contributing": "see_contributing",
    "figures": "see_figures",
    "reports_behind": "see_reports_behind",
    "cells": "see_cells",
}
HEIGHT = 380


def show(choice: Choice, ledger: Ledger) -> list[View]:
    """The number as a sum in words; then what it is made of: units, figures, reports, cells."""
    language, of = choice.language, _of(choice, ledger)
    found = number(of, choice, ledger)
    path, which = st.columns([4, 3.2], vertical_alignment="bottom")
    path.html(_breadcrumb(of, choice, ledger))
    with which:
        frame.choose_indicator(choice)
    if found is None:
        units = ledger.units(choice.period)
        st.info(
            word("number_not_told", language, indicator=choice.indicator.short[language], unit=path_name(of, units))
        )
        return []
    st.html(f"<h2 class='view'>{escape(found.said)} &nbsp;{badge(found.status, language)}</h2>")
    facts = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(said)}</dd></div>" for name, said in found.facts)
    st.html(f"<dl class='numberfacts'>{facts}</dl>")
    return _made_of(of, choice, ledger)


def _of(choice: Choice, ledger: Ledger) -> str:
    """Whose number is asked for: `of` in the address, any unit down to a khu/ấp; else the chosen unit.

    Whoever chooses another unit in the line on top means that one, not what was looked at before.
    """
    told, units = asked().get("of"), ledger.units(choice.period)
    seen = st.session_state.get("sources-of")
    if told and seen and seen[0] == told and seen[1] != choice.unit:
        ask(of=None)
        told = None
    if told and told not in units.index:
        st.warning(word("bad_address", choice.language, what=f"of={told}"))
    st.session_state["sources-of"] = (told, choice.unit)
    return told if told in units.index else choice.unit


def _breadcrumb(of: str, choice: Choice, ledger: Ledger) -> str:
    """The units above, each a link to the same number of it; and the way to the unit's profile."""
    units, language = ledger.units(choice.period), choice.language
    *up, own = above(of, units)
    steps = [
        f"<a href='{escape(to_sources(each, choice.indicator.id), quote=True)}' target='_self'>"
        f"{escape(units.full_name[each])}</a>"
        for each in up
    ]
    steps.append(f"<b aria-current='page'>{escape(units.full_name[own])}</b>")
    profile = own if units.level[own] != "hamlet" else up[-1]
    to, said = escape(to_profile(profile), quote=True), escape(word("open_profile", language))
    return f"<nav class='trail'>{' ▸ '.join(steps)}<span><a href='{to}' target='_self'>{said}</a></span></nav>"


def _made_of(of: str, choice: Choice, ledger: Ledger) -> list[View]:
    language = choice.language
    parts = contributing(of, choice, ledger)
    sections = [each for each in SECTIONS if each != "contributing" or len(parts.table)]
    section = asked().get("see")
    section = section if section in sections else sections[0]
    names = {each: word(SECTIONS[each], language) for each in sections}
    left, right = st.columns([4, 3.2], vertical_alignment="center")
    with left:
        frame.segments("see", word("made_of", language), names, section, quiet=True)
    if section == "contributing":
        links = {
            "unit_name": lambda row: None if row["unit"] == of else to_sources(row["unit"], choice.indicator.id),
            "value": lambda row: to_sources(row["unit"], choice.indicator.id),
        }
        return [draw(parts, language, HEIGHT, links)]
    cells = ledger.trace(choice.indicator, of, choice.period)
    if section == "cells":
        with right:
            cells = _of_field(cells, choice)
    return {"figures": _figures, "reports_behind": _reports, "cells": _cells}[section](cells, choice, ledger)


def _figures(cells: pd.DataFrame, choice: Choice, ledger: Ledger) -> list[View]:
    links = {"cells": lambda row: link(ADDRESS, see="cells", field=row["field"])}
    view = draw(figures(cells, choice), choice.language, HEIGHT, links)
    asked = {"numerator": choice.indicator.numerator, "denominator": choice.indicator.denominator}
    told = "".join(
        f"<div><dt>{escape(word(part, choice.language))}</dt><dd><code>{escape(formula)}</code></dd></div>"
        for part, formula in asked.items()
        if formula != "1"
    )
    if len(view.table):
        st.html(f"<dl class='numberfacts code'>{told}</dl>")
    return [view]


# Reports and their files


def _reports(cells: pd.DataFrame, choice: Choice, ledger: Ledger) -> list[View]:
    view = reports_behind(cells, choice)
    if view.table.empty:
        return [draw(view, choice.language)]
    archive, receipts = Archive(data_folder()), _receipts(ledger)
    found = [receipts.get((row.file, row.received_at)) for row in view.table.itertuples()]
    numbers = [str(each.receipt) if each else "" for each in found]
    chosen = asked().get("file")
    place = numbers.index(chosen) if chosen in numbers else 0
    table = view.table.assign(receipt=numbers, chosen=[k == place for k in range(len(numbers))])
    left, right = st.columns([1.2, 1], gap="medium")
    with left:
        links = {"file": lambda row: link(ADDRESS, file=row["receipt"]) if row["receipt"] else None}
        draw(View(view.id, view.title, table, view.columns), choice.language, HEIGHT, links)
    with right:
        row = view.table.iloc[place]
        inside = cells[(cells.file == row.file) & (cells.received_at == row.received_at)]
        one = _one_file(found[place], row, archive, inside, choice, ledger)
    return [view, one]


def _receipts(ledger: Ledger) -> dict[tuple[str, pd.Timestamp], Receipt]:
    """The receipts that the reader may see, by name and moment; one without a hash tells of other units, too."""
    found = [Receipt(**{**row, "sender": row["sender"] or ""}) for row in ledger.receipts.to_dict("records")]
    return {(each.file, pd.Timestamp(each.received_at)): each for each in found}


def _one_file(
    receipt: Receipt | None, row: pd.Series, archive: Archive, cells: pd.DataFrame, choice: Choice, ledger: Ledger
) -> View:
    """The file as it was received, to download; and which of its cells count in the number."""
    language = choice.language
    st.html(f"<h2 class='view'>{escape(str(row.file))}</h2>")
    if receipt and not receipt.sha256:
        st.info(word("file_shared", language))
    elif receipt is None or not archive.is_whole(receipt):
        st.warning(word("file_lost", language, file=row.file))
    else:
        st.caption(word("file_whole", language, day=day(receipt.received_at.date()), sha=receipt.sha256[:16]))
        st.download_button(
            word("download_file", language), exported(receipt.kept_as, archive.path(receipt).read_bytes),
            receipt.kept_as, on_click="ignore",
            icon=":material/download:", key=f"archived-{receipt.receipt}",
        )  # fmt: skip
    view = listed(cells, choice, ledger)
    few = {
        name: column
        for name, column in view.columns.items()
        if name not in ("unit_code", "file", "period_name", "version")
    }
    few = View("cells_of_file", "", view.table.head(SHOWN), few)
    draw(few, language, HEIGHT - 80)
    return View("cells_of_file", f"{row.file}: {view.title}", view.table, view.columns)


# Cells


def _of_field(cells: pd.DataFrame, choice: Choice) -> pd.DataFrame:
    """The cells of one figure, if one is chosen."""
    fields, chosen = list(dict.fromkeys(cells.field)), asked().get("field")
    if len(fields) < 2:
        return cells
    names = {"": word("every_field", choice.language), **{each: named(each, choice.language) for each in fields}}
    frame.select("field", choice.language, list(names), chosen or "", names.get)
    return cells[cells.field == chosen] if chosen in fields else cells


def _cells(cells: pd.DataFrame, choice: Choice, ledger: Ledger) -> list[View]:
    """The first cells on the screen, all in the file."""
    view = listed(cells, choice, ledger)
    links = {"unit_name": lambda row: to_sources(row["unit_code"], choice.indicator.id)}
    few = View(view.id, view.title, view.table.head(SHOWN), view.columns, hint=view.hint)
    draw(few, choice.language, HEIGHT - 70, links)
    return [view]


if __name__ == "__main__":
    frame.guard()
