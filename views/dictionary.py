"""What does a number mean: every indicator with its formula, figures, target, worked example and traps."""

import pandas as pd

from language import plain, word, written
from metrics import INDICATORS
from metrics.core.ledger import Ledger
from metrics.dictionary import COLUMNS, LISTS, Entry, entries
from views.view import Choice, Column, View

_JOINED = {"fields": "; ", "example": "; ", "traps": " "}  # several lines in one cell of a sheet


def dictionary(choice: Choice, ledger: Ledger, search: str = "", topic: str = "") -> View:
    """The entries of a topic, or of all, that say what is searched for.

    `search` passes over accents and case; what stands nowhere as a phrase is looked for word by word.

    The columns are those of `entries`; the lines of LISTS stand joined in one cell, and as lists in `<column>_lines`.
    """
    language = choice.language
    every = entries(language, topic)
    found = _that_say(every, [plain(search)]) or _that_say(every, plain(search).split())
    table = pd.DataFrame([_row(each) for each in found], columns=[*COLUMNS, *(f"{name}_lines" for name in LISTS)])
    told = {"found": written(len(found), language), "of": written(len(INDICATORS), language)}
    title = word("dictionary_title", language, **told)
    return View("dictionary", title, table, {name: Column(label) for name, label in COLUMNS.items()})


def _that_say(every: list[Entry], wanted: list[str]) -> list[Entry]:
    return [entry for entry in every if all(each in _said(entry) for each in wanted)]


def _said(entry: Entry) -> str:
    return plain(" ".join(part if isinstance(part, str) else " ".join(part) for part in entry.values()))


def _row(entry: Entry) -> Entry:
    joined = {name: between.join(entry[name]) for name, between in _JOINED.items()}
    return {**entry, **joined, **{f"{name}_lines": entry[name] for name in LISTS}}
