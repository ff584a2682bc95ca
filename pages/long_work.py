"""Work that takes seconds, begun by a button: a press is told to one run alone, and a run can be broken off."""

from collections.abc import Hashable, Iterator
from contextlib import contextmanager

import streamlit as st


def asked(said: str, key: str, what: Hashable, **how: object) -> bool:
    """Whether exactly that was asked for and is not done yet, by the button shown here."""
    kept = _kept(key)
    st.button(said, key=key, on_click=lambda: st.session_state.update({kept: what}), **how)
    return st.session_state.get(kept) == what


@contextmanager
def done(key: str) -> Iterator[None]:
    """Around the work: after it, or when it has failed, nothing is asked for; when it is broken off, it still is."""
    try:
        yield
    except Exception:  # what breaks a run off is none
        del st.session_state[_kept(key)]
        raise
    del st.session_state[_kept(key)]


def _kept(key: str) -> str:
    return f"{key}-asked"
