"""How a value of a table is written on paper, where there is no colour to rely on and nothing to point at."""

from collections.abc import Iterator

import pandas as pd

from language import Language, day, printable, written
from views import look
from views.view import Column, View

ON_SCREENS = ("line", "bracket")  # kinds of columns that are drawn, and say nothing in words
WORDS = ("text", "prose", "status", "judgement", "trend")  # written from the left; all others are numbers


def told(value: object, column: Column, language: Language) -> str:
    """A value in words and digits: '1.234,5', '✔ Đạt', '▲3', '–' for nothing."""
    if column.kind in _SIGNED:
        return _SIGNED[column.kind](value, language)
    if is_nothing(value):
        return "–"
    if column.kind == "day":
        return day(pd.Timestamp(value).date())
    if column.kind == "place_change":
        return _moved(int(value))
    if column.kind == "change":
        return written(value, language, column.digits, signed=True)
    is_number = column.kind in ("number", "interval", "bar")
    return written(value, language, column.digits) if is_number else printable(str(value))


def is_nothing(value: object) -> bool:
    """Whether a cell is blank."""
    return value is None or (not isinstance(value, str | tuple | list) and bool(pd.isna(value)))


def printed(view: View) -> dict[str, Column]:
    """The columns of a view that are printed: those of the screen that say something in words."""
    return {name: column for name, column in view.drawn.items() if column.kind not in ON_SCREENS}


def sectioned(table: pd.DataFrame) -> Iterator[tuple[str, dict[str, object]]]:
    """Each row of a table with the heading of the section that begins with it; '' where none does."""
    section = ""
    for row in table.to_dict("records"):
        before, section = section, row.get("section", "")
        yield (section if section != before else ""), row


def _moved(places: int) -> str:
    """Places won or lost since the period before."""
    return "–" if places == 0 else f"▲{places}" if places > 0 else f"▼{-places}"


def _status(value: object, language: Language) -> str:
    return f"{look.STATUS_SIGN[str(value)]} {look.STATUS_NAME[str(value)][language]}"


def _judgement(value: object, language: Language) -> str:
    sign, name = look.JUDGEMENTS[str(value)]
    return f"{sign} {name[language]}" if name else "–"


def _trend(value: object, language: Language) -> str:
    sign, name = look.TRENDS[str(value)]
    return f"{sign} {name[language]}"


_SIGNED = {"status": _status, "sign": _status, "judgement": _judgement, "trend": _trend}
