"""The reader's choice as words of the address: it can be sent to a colleague, and survives a change of page."""

from contextvars import ContextVar
from datetime import date
from urllib.parse import urlencode

import streamlit as st

from language import LANGUAGES, Language

# What was asked when this page began to be drawn: of a thousand links not each one asks the framework for it.
_CHOSEN: ContextVar[dict[str, str]] = ContextVar("chosen")

DEFAULT_INDICATOR = "e_wallet_household_share"
DEFAULTS = {  # left out of the address
    "lang": "vi", "indicator": DEFAULT_INDICATOR, "level": "commune", "view": "map", "colours": "target",
}  # fmt: skip


def asked() -> dict[str, str]:
    """What the reader has chosen, as words of the address: of this session, or of the address that was opened.

    Going to another page empties the address; then the session's choice is written into it anew. An address that
    the reader has opened or gone back to differs from the one last written, and wins.
    """
    state, address = st.session_state, st.query_params.to_dict()
    if "asked" not in state or (address and address != state.get("written")):
        state.asked = address
    _CHOSEN.set(state.asked)
    return state.asked


def ask(**changes: str | None) -> None:
    """Change the choice: ask(unit="724"). None puts a part back to its default."""
    chosen = {**asked(), **changes}
    st.session_state.asked = {key: value for key, value in chosen.items() if value not in (None, DEFAULTS.get(key))}
    # The address must not win over what has just been chosen.
    st.session_state.written = st.query_params.to_dict()


def link(to: str, **changes: str | None) -> str:
    """The address of another page (its ADDRESS), with the reader's choice and some of it changed.

    A real address: it opens in a new tab, can be sent, and leads to the same page on a fresh server.
    """
    chosen = {**(_CHOSEN.get(None) or asked()), **changes}
    told = {key: value for key, value in chosen.items() if value not in (None, "", DEFAULTS.get(key))}
    return f"/{to}?{urlencode(told)}" if told else f"/{to}"


def write_address() -> None:
    st.query_params.from_dict(st.session_state.asked)
    st.session_state.written = dict(st.session_state.asked)


def language_asked() -> Language:
    return asked()["lang"] if asked().get("lang") in LANGUAGES else "vi"


def day_asked(key: str) -> tuple[date | None, bool]:
    """The day that stands under a key (as_of: looked at; units_of: whose units), and whether it was readable there."""
    text = asked().get(key)
    try:
        return (date.fromisoformat(text) if text else None), True
    except ValueError:
        return None, False
