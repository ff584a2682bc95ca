"""Targets assigned to units (III.3): what stands, a blank sheet to fill in, and a filled one that is taken."""

import tempfile
from datetime import date
from functools import partial
from html import escape
from pathlib import Path

import streamlit as st

from data_ingest import commands
from data_ingest.targets import read_targets
from data_ingest.waiting import register
from language import word, written
from metrics.core.ledger import Ledger
from pages.draw import draw
from pages.entering import answer
from pages.given import came_of_it, given, take
from pages.given import written as put_aside
from pages.who import exported, note
from views.assigned import assigned
from views.view import Choice, View
from warehouse.store import data_folder


def show(choice: Choice, ledger: Ledger) -> list[View]:
    """What is assigned; a blank sheet; a file, everything wrong with it, and the button that takes it."""
    language = choice.language
    answer("targets", language)
    came_of_it("targets", language)
    view = draw(assigned(choice, ledger), language, 300)
    _blank(choice, ledger)
    upload = given("targets", word("targets_give", language), ["xlsx", "xls", "ods"], language)
    if upload is None:
        return [view]
    names = register(data_folder()).names
    with put_aside(upload) as path:
        found = read_targets(path, upload.name, names, date.today())
    if found.problems:
        lines = "".join(
            f"<li>{'✕' if each.blocks else '•'} {escape(each.says(language))}</li>" for each in found.problems
        )
        st.html(f"<ul class='lines'>{lines}</ul>")
    if not found.accepted:
        st.error(word("file_refused", language))
        return [view]
    units = len({each.unit for each in found.targets})
    st.success(
        word("targets_would", language, count=written(len(found.targets), language), units=written(units, language))
    )
    take(
        "targets",
        language,
        partial(commands.targets, data_folder()),
        lambda name: note("targets", file=name, count=len(found.targets)),
    )
    return [view]


def _blank(choice: Choice, ledger: Ledger) -> None:
    """A sheet with the parts of the chosen unit, to be filled in."""
    language, unit = choice.language, choice.unit
    if ledger.units(choice.period).level[unit] not in ("province", "district"):
        return
    name = f"chi-tieu-giao_{unit}.xlsx"
    st.download_button(
        word("targets_blank", language), exported(name, lambda: _sheet(unit)), name, key=f"blank-{unit}",
        on_click="ignore", icon=":material/download:",
    )  # fmt: skip


def _sheet(unit: str) -> bytes:
    with tempfile.TemporaryDirectory(prefix="blank-") as folder:
        path = Path(folder) / "blank.xlsx"
        commands.targets_blank(data_folder(), path, unit, [], None)
        return path.read_bytes()
