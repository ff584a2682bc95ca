"""Who looks at a page: the reader of this session, and what the reader may do."""

from collections.abc import Callable

import streamlit as st

from access.guard import Guard
from access.reader import Deed, Reader
from language import Language, word, words
from warehouse.audit import Audit, Did
from warehouse.entries import EntryError
from warehouse.store import data_folder


def recognise() -> Reader | None:
    """Find out who looks, before anything is drawn: each time anew, as a session may have ended since. None: nobody.

    The gate has let the browser through already; this holds for what is opened and stays open.
    """
    guard = Guard.of(data_folder())
    found = guard.reader(st.context.cookies.get(guard.settings.cookie))
    if st.session_state.get("reader", found) != found:  # what one reader has begun is none of another's business
        st.session_state.clear()
    st.session_state["reader"] = found
    return found


def reader() -> Reader:
    """The reader of this session, as found out when this run began. Raises PermissionError where it is nobody."""
    found = st.session_state.get("reader")
    if found is None:
        raise PermissionError("nobody is signed in; expected recognise() to have been asked first")
    return found


def may(deed: Deed, language: Language) -> bool:
    """Whether the reader may do that; says why not."""
    if reader().may(deed):
        return True
    st.caption(word("may_not", language))
    return False


def check(deed: Deed) -> None:
    """Before anything is done in a callback, which runs ahead of the page: raises EntryError where it may not be."""
    found = recognise()
    if found is None or not found.may(deed):
        raise EntryError(words()["may_not"] if found else words()["session_over"])


def exported(name: str, make: Callable[[], bytes | str]) -> Callable[[], bytes | str]:
    """A file to download, which is made and written into the log when it is asked for."""
    audit, account = Audit(data_folder()), reader().account  # by then no page is being drawn

    def made() -> bytes | str:
        audit.note(account, "exported", file=name)
        return make()

    return made


def note(did: Did, **of: object) -> None:
    """Write into the log what this reader has done."""
    Audit(data_folder()).note(reader().account, did, **of)
