"""What a page says before all else: its one heading, its language, and on paper where, when and from which address."""

from datetime import date
from html import escape
from urllib.parse import urlsplit

import streamlit as st

from language import day, word
from pages.address import link
from views.view import Choice


def head(title: str, address: str, where: str, choice: Choice, sample: bool) -> None:
    """The page's heading, which a screen reader finds first and paper shows, and the band of invented figures.

    The framework says in every page that it is English; a reader's voice and the browser go by that.
    """
    language = choice.language
    told = word(
        "printed", language, unit=where, period=choice.period.name(language), day=day(choice.as_of or date.today())
    )
    band = f"<div class='sampleband' role='note'>{escape(word('sample_band', language))}</div>" if sample else ""
    st.html(
        f"<h1 class='page'>{escape(title)}</h1>"
        f"<div class='printed'>{escape(told)}<br>{escape(_whole(link(address)))}</div>{band}"
        f"<script>document.documentElement.lang = '{language}'</script>",
        unsafe_allow_javascript=True,
    )


def _whole(address: str) -> str:
    """An address of this server with the server's name, as far as the browser has told it."""
    told = urlsplit(st.context.url or "")
    return f"{told.scheme}://{told.netloc}{address}" if told.netloc else address
