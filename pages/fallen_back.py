"""What a reader is told when the newest figures cannot be read: older ones stand in, or the page could not be drawn."""

from datetime import datetime
from html import escape

import streamlit as st

from language import Language, day, word
from metrics.core.ledger import Ledger
from pages.who import reader
from warehouse.findings import BUILD
from warehouse.store import data_folder, serving


def band(ledger: Ledger, language: Language) -> None:
    """On each page, as long as a snapshot serves in the place of a newer one that is damaged."""
    found = serving(data_folder())
    if found and found.damaged:
        built = datetime.fromisoformat(ledger.about["built_at"]).astimezone()
        told = word("fallen_back", language, day=f"{built:%H:%M} {day(built.date())}")
        if reader().may("receive"):
            told += " " + word("fallen_back_do", language, command=BUILD)
        st.html(f"<div class='damagedband' role='alert'>{escape(told)}</div>")


def not_drawn(language: Language) -> None:
    """The snapshot broke under a question. The next run looks at it again, and takes the last good one."""
    st.title(word("not_drawn", language))
    st.write(word("not_drawn_why", language))
    st.button(word("open_again", language), type="primary")  # any click is a new run
    if reader().may("receive"):
        st.code(BUILD, language="bash")
