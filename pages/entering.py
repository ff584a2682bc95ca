"""Entering by hand: what was kept or refused is said in the reader's language; an earlier day is only looked at."""

from collections.abc import Callable
from datetime import date

import streamlit as st

from access.reader import Deed
from language import Language, Text, TextError, word, words
from pages import who
from views.view import Choice
from warehouse.entries import Entries, EntryError
from warehouse.store import data_folder


def may_enter(choice: Choice) -> bool:
    """Whether anything may be entered; says why not."""
    if not who.may("enter", choice.language):
        return False
    if choice.as_of is None or choice.as_of >= date.today():
        return True
    st.caption(word("only_looked_at", choice.language))
    return False


def entries() -> Entries:
    return Entries(data_folder())


def kept(place: str, do: Callable[[], int], deed: Deed = "enter") -> None:
    """Do what was asked for in a form (a callback); remember for `answer` how many things were kept, or why none."""
    try:
        who.check(deed)
        count = do()
    except TextError as error:
        st.session_state[f"answer-{place}"] = (st.error, error.text)
        return
    key = "kept" if count else "nothing_new"
    st.session_state[f"answer-{place}"] = (st.success if count else st.info, words()[key].format(count=count))


def answer(place: str, language: Language) -> None:
    """Say once what became of what was entered."""
    show, text = st.session_state.pop(f"answer-{place}", (None, None))
    if show:
        show(text[language])


def refused(*wrong: Text) -> EntryError:
    """All that is wrong at once, as one error."""
    return EntryError(Text(*(" ".join(each[language] for each in wrong) for language in ("vi", "en"))))
