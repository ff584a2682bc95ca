"""Who looks at a page: the reader of this session, and what the reader may do."""

import streamlit as st

from access.reader import OWN_MACHINE, Deed, Reader
from language import Language, word
from warehouse.audit import Audit, Did
from warehouse.store import data_folder


def reader() -> Reader:
    """The reader of this session, as the frame has found out before any page was drawn."""
    return st.session_state.get("reader", OWN_MACHINE)


def may(deed: Deed, language: Language) -> bool:
    """Whether the reader may do that; says why not."""
    if reader().may(deed):
        return True
    st.caption(word("may_not", language))
    return False


def note(did: Did, **of: object) -> None:
    """Write into the log what this reader has done."""
    Audit(data_folder()).note(reader().account, did, **of)
