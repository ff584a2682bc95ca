"""What does a number mean, and where does it come from?"""

from html import escape
from itertools import groupby

import streamlit as st

from language import Language, Text, word
from metrics.core.ledger import Ledger
from metrics.dictionary import CODE, COLUMNS, LISTS, topics
from pages import frame
from views.dictionary import dictionary
from views.view import Choice, View

TITLE = Text("Từ điển", "Dictionary")
ADDRESS = "tu-dien"
FEW = 6  # when no more are found, the reader has found what was sought: they stand open
SIDE_BY_SIDE = ("measured", "level", "source", "requirement", "better", "target", "interval")  # short: in one row


def show(choice: Choice, ledger: Ledger) -> list[View]:
    """The entries under their topics, the chosen indicator's open; searched and narrowed to a topic on request."""
    language = choice.language
    find, which = st.columns([3, 2], vertical_alignment="bottom")
    search = find.text_input(word("search_dictionary", language), key="dictionary-search")
    names = {"": word("all_topics", language), **topics(language)}
    topic = which.selectbox(
        word("topic", language),
        names,
        format_func=names.get,
        key=f"topic-{language}",
        placeholder=word("choose_one", language),
    )
    view = dictionary(choice, ledger, search, topic)
    if view.table.empty:
        st.info(word("no_indicator_found", language))
        return []
    st.html(f"<h2 class='view'>{escape(view.title)}</h2>")
    rows = view.table.to_dict("records")
    opened = {row["id"] for row in rows} if len(rows) <= FEW else {choice.indicator.id}
    for name, entries in groupby(rows, key=lambda row: row["topic"]):
        blocks = "".join(_entry(each, each["id"] in opened, language) for each in entries)
        st.html(f"<section class='entries'><h3>{escape(name)}</h3>{blocks}</section>")
    return [view]


def _entry(row: dict[str, object], opened: bool, language: Language) -> str:
    """One indicator: its name and target to open, then what is told of it, long things first."""
    summary = f"<h4>{escape(row['name'])}</h4> <code>{escape(row['id'])}</code>"
    long = [name for name in COLUMNS if name not in ("id", "topic", "name", *SIDE_BY_SIDE)]
    facts = "".join(_item(name, row, language) for name in SIDE_BY_SIDE)
    told = "".join(_item(name, row, language) for name in long)
    return (
        f"<details{' open' if opened else ''}><summary>{summary}</summary>"
        f"<dl class='facts'>{facts}</dl><dl class='told'>{told}</dl></details>"
    )


def _item(name: str, row: dict[str, object], language: Language) -> str:
    said = escape(str(row[name]))
    if name in LISTS:
        said = f"<ul>{''.join(f'<li>{escape(line)}</li>' for line in row[f'{name}_lines'])}</ul>"
    elif name in CODE and "(" in row[name]:
        said = f"<code>{said}</code>"
    return f"<div class='{name}'><dt>{escape(COLUMNS[name][language])}</dt><dd>{said}</dd></div>"


if __name__ == "__main__":
    frame.guard()
