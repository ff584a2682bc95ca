"""What people have entered: how it is called, what has changed when, and the units of other days that it names."""

from collections.abc import Callable, Iterable
from datetime import date
from itertools import groupby
from operator import itemgetter

import pandas as pd

from language import Language, Text, day, word, written
from metrics import INDICATORS
from metrics.core.ledger import Ledger
from views.view import Choice, Column, View
from warehouse.entries import Entry
from warehouse.fields import FIELDS
from warehouse.period import Period

STATUS_NAMES = {
    "new": Text("Mới", "New"),
    "in_progress": Text("Đang xử lý", "In progress"),
    "answered": Text("Đã trả lời", "Answered"),
    "closed": Text("Đã xong", "Closed"),
}
PART_NAMES = {  # what an entry says
    "status": Text("Tình trạng", "Status"),
    "owner": Text("Đơn vị xử lý", "In charge"),
    "due": Text("Hạn", "Due"),
    "answer": Text("Trả lời", "Answer"),
    "unit": Text("Đơn vị", "Unit"),
    "indicator": Text("Chỉ tiêu", "Indicator"),
    "goal": Text("Mức cam kết", "Goal"),
    "meeting": Text("Cuộc họp", "Meeting"),
    "text": Text("Nội dung", "Words"),
    "day": Text("Ngày họp", "Day"),
    "title": Text("Tên cuộc họp", "Title"),
    "field": Text("Mục", "Part of the report"),
    "period": Text("Kỳ", "Period"),
}


def day_of(text: object) -> date | None:
    """A day as it was entered; None where there is none."""
    return None if text is None or pd.isna(text) or not str(text) else date.fromisoformat(str(text)[:10])


def short(period: str, language: Language) -> str:
    """A period as a column has room for it: T6/2025, 6T đầu 2025."""
    told = Period.parse(period)
    if told.kind != "half":
        return told.short()
    return word("first_half" if told.number == 1 else "second_half", language, year=told.year)


def units_of(choice: Choice, ledger: Ledger, named: Iterable[tuple[str, str]]) -> pd.DataFrame:
    """The units of the chosen period, and those named (unit, period) that do not live then: reforms end no promise."""
    units, named = ledger.units(choice.period), list(named)
    for period in sorted({period for unit, period in named if unit not in units.index}):
        others = ledger.units(Period.parse(period))
        units = pd.concat([units, others[~others.index.isin(units.index)]])
    lost = {unit for unit, _ in named} - set(units.index)  # shown in units of another day
    return pd.concat([units, ledger.register[ledger.register.unit.isin(lost)]]) if lost else units


def history(entries: list[Entry], of: Callable[[Entry], str], names: dict[str, str], language: Language) -> View:
    """Every entry, the last first: on which day, of what, and what it said anew. Never by whom: nobody is named.

    What was entered of several things at once stands in one row.
    """
    told = [(each.entered_at.date(), _said(each, names, language), of(each)) for each in reversed(entries)]
    rows = []
    for (on, said), each in groupby(told, key=itemgetter(0, 1)):
        first, *more = [about for *_, about in each]
        about = word("and_others", language, first=first, count=len(more)) if more else first
        rows.append({"day": on, "of": about, "said": said})
    columns = {
        "day": Column(Text("Ngày nhập", "Entered"), "day"),
        "of": Column(Text("Về việc", "About"), "prose"),
        "said": Column(Text("Đã nhập", "What was entered"), "prose"),
    }
    title = word("history" if rows else "no_history", language)
    return View("history", title, pd.DataFrame(rows, columns=list(columns)), columns)


def _said(entry: Entry, names: dict[str, str], language: Language) -> str:
    if entry.said.get("withdrawn"):
        return word("withdrawn", language)
    told = {key: value for key, value in entry.said.items() if not (entry.kind == "difficulty" and key in _ALREADY)}
    return "; ".join(
        f"{PART_NAMES[key][language]}: {_value(key, value, names, language)}" for key, value in told.items()
    )


_ALREADY = ("unit", "period", "field")  # of a difficulty: what it is about, not what was said of it


def _value(key: str, value: object, names: dict[str, str], language: Language) -> str:
    if value in (None, ""):
        return word("left_blank", language)
    if key in ("unit", "owner"):
        return names.get(str(value), str(value))
    if key in ("due", "meeting", "day"):
        return day(day_of(value))
    return _NAMED[key](value, language) if key in _NAMED else str(value)


_NAMED = {
    "status": lambda value, language: STATUS_NAMES[value][language],
    "indicator": lambda value, language: INDICATORS[value].short[language] if value in INDICATORS else value,
    "goal": lambda value, language: written(value, language, 0 if value == int(value) else 1),
    "field": lambda value, language: FIELDS[value].name[language],
    "period": lambda value, language: Period.parse(value).name(language),
}
