"""The register of units: which there are now; a list that is put in its place once it has been looked at."""

from html import escape
from pathlib import Path

import streamlit as st

from data_ingest import commands
from data_ingest.register import RegisterError
from data_ingest.standing import replaced
from data_ingest.waiting import register
from language import Text, word
from metrics.core.ledger import Ledger
from pages.draw import draw
from pages.entering import answer
from pages.given import came_of_it, given, take, written
from pages.who import note
from views.registered import changes, registered
from views.view import Choice, View
from warehouse.store import data_folder


def show(choice: Choice, ledger: Ledger) -> list[View]:
    """What stands; a file, what it would change, and the button that takes it."""
    language = choice.language
    answer("units", language)
    came_of_it("units", language)
    before = register(data_folder()).units
    view = draw(registered(before, choice), language)
    upload = given("units", word("units_give", language), ["csv", "xlsx", "xls", "ods"], language)
    if upload is None:
        st.caption(word("units_give_help", language))
        return [view]
    try:
        with written(upload) as path:
            after = replaced(before, path, None)
    except RegisterError as error:
        st.error(word("file_refused", language))
        st.html("<ul class='lines'>" + "".join(f"<li>{escape(line[language])}</li>" for line in error.lines) + "</ul>")
        return [view]
    new = draw(changes(before, after, choice), language, 320)
    if len(new.table):
        take("units", language, _taken, lambda name: note("units", file=name, count=len(new.table)))
    return [view, new]


def _taken(path: Path) -> tuple[list[Text], bool]:
    return commands.units(data_folder(), path, None), True
