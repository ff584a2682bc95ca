"""How a view is drawn on the screen: heading, chart, table in the page's language, note."""

from collections.abc import Callable
from html import escape

import numpy as np
import pandas as pd
import streamlit as st

from language import Language, word, written
from pages.spark import sparkline
from views import look
from views.charts import CONFIG
from views.told import is_nothing, sectioned, told
from views.view import Column, View

MOST_ROWS = 1000  # of a table on a screen: a browser takes seconds over more, and nobody reads them
Links = dict[str, Callable[[dict[str, object]], str | None]]  # column → the address that a row's cell leads to


def draw(view: View, language: Language, height: int | None = None, links: Links | None = None) -> View:
    """Draw a view; returns it, so that a page can offer what it showed as files."""
    if view.title:
        st.html(f"<h2 class='view'>{escape(view.title)}</h2>")
    if view.chart is not None:
        chart(view, f"chart-{view.id}")
    if len(view.table) and view.columns:
        st.html(table(view, language, height, links))
    if said := f"{left_out(view, language)} {notes(view)}".strip():
        st.caption(said)
    return view


def notes(view: View) -> str:
    """What stands below a view on a screen."""
    return f"{view.note} {view.hint}".strip()


def chart(view: View, key: str, select: bool = False) -> object:
    """The view's chart, with its words for who cannot see it; with `select`, what was clicked comes back."""
    how = {"on_select": "rerun", "selection_mode": "points"} if select else {}
    said = {"alt": view.alt or view.title}
    return st.plotly_chart(view.chart, key=key, config=CONFIG, width="stretch", theme=None, **said, **how)


def table(view: View, language: Language, height: int | None = None, links: Links | None = None) -> str:
    """An HTML table: numbers right-aligned and written as the language writes them, every word escaped."""
    columns = view.drawn
    head = "".join(
        f"<th scope='col' class='{_align(each)}'>{escape(each.name[language])}</th>" for each in columns.values()
    )
    rows = []
    for section, row in sectioned(first_rows(view.table)):
        if section:
            rows.append(f"<tr class='section'><td colspan='{len(columns)}'>{escape(section)}</td></tr>")
        rows.append(_row(row, view, language, links or {}))
    scroll = f"max-height:{height}px" if height else ""
    caption = f"<caption>{escape(view.title or view.alt)}</caption>"
    return (
        f"<div class='tablebox' style='{scroll}' tabindex='0'><table class='view'>{caption}"
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )


def first_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """As many rows as a screen can take, the chosen one among them."""
    if len(rows) <= MOST_ROWS:
        return rows
    shown = np.arange(len(rows)) < MOST_ROWS
    if "chosen" in rows:
        shown |= rows.chosen.to_numpy(dtype=bool)
    return rows[shown]


def left_out(view: View, language: Language) -> str:
    """What is said below a table of which a screen cannot take all rows: files have them."""
    shown, of = len(first_rows(view.table)), len(view.table)
    if shown == of or not view.columns:
        return ""
    return word("more_in_file", language, shown=shown, of=of)


def _row(row: dict[str, object], view: View, language: Language, links: Links) -> str:
    chosen = " class='chosen'" if row.get("chosen") else ""
    cells = ""
    for name, column in view.drawn.items():
        told = _cell(row, name, view, language)
        if name in links and (leads := links[name](row)):
            told = f"<a href='{escape(leads, quote=True)}' target='_self'>{told}</a>"
        cells += f"<td class='{_align(column)}{_bracket(column, row)}'>{told}</td>"
    return f"<tr{chosen}>{cells}</tr>"


ALIGNED = {  # by a column's kind; all others are numbers
    "text": "words", "prose": "words long", "status": "words", "trend": "words", "judgement": "words", "sign": "sign",
    "bracket": "bracket", "interval": "number interval", "line": "line", "bar": "number bar", "report": "sign report",
}  # fmt: skip


def _align(column: Column) -> str:
    return ALIGNED.get(column.kind, "number")


def _bracket(column: Column, row: dict[str, object]) -> str:
    return f" {row['bracket']}" if column.kind == "bracket" and row["bracket"] else ""


def _cell(row: dict[str, object], name: str, view: View, language: Language) -> str:
    column, value = view.columns[name], row[name]
    if column.kind == "interval":
        return interval(row, column, view, language)
    if column.kind in SIGNED:
        return SIGNED[column.kind](value, language)
    if column.kind == "place_change" and not is_nothing(value):
        return _moved(int(value), told(value, column, language))
    return escape(told(value, column, language))


def interval(row: dict[str, object], column: Column, view: View, language: Language) -> str:
    """A value, and beside it where it lies and how far it may stray, with the target as a line."""
    told = escape(written(None if pd.isna(row["value"]) else row["value"], language, column.digits))
    start, end, target = view.axis

    def at(value: float) -> float:
        return round(100 * (value - start) / ((end - start) or 1), 2)

    marks = "" if target is None else f"<i class='goal' style='left:{at(target)}%'></i>"
    if not pd.isna(row["value"]):
        if not pd.isna(row["low"]):
            low, high = at(row["low"]), at(row["high"])
            marks += f"<i class='range' style='left:{low}%;width:{max(high - low, 0.5)}%'></i>"
        marks += f"<i class='dot' style='left:{at(row['value'])}%'></i>"
    limits = ""
    if not pd.isna(row["low"]):
        ends = " – ".join(written(row[each], language, column.digits) for each in ("low", "high"))
        limits = f" title='95 %: {escape(ends)}'"
    return f"<span class='told'>{told}</span><span class='axis'{limits}>{marks}</span>"


def _moved(places: int, said: str) -> str:
    """Places won or lost since the period before."""
    return f"<span class='{'up' if places > 0 else 'down' if places else 'still'}'>{said}</span>"


def _sign(value: object, language: Language) -> str:
    name, sign = look.STATUS_NAME[value][language], look.STATUS_SIGN[value]
    return f"<span class='badge {value}' title='{name}'><b>{sign}</b></span>"


def _judgement(value: object, language: Language) -> str:
    sign, name = look.JUDGEMENTS[str(value)]
    return f"<span class='judgement {value}'>{sign} {escape(name[language])}</span>" if name else "–"


def badge(status: str, language: Language) -> str:
    """A status as sign, colour and word."""
    sign, name = look.STATUS_SIGN[status], look.STATUS_NAME[status][language]
    return f"<span class='badge {status}'><b>{sign}</b> {escape(name)}</span>"


def report(value: object, language: Language) -> str:
    """What became of a report, by its sign; days late stand beside it."""
    state = look.REPORT_OF[str(value)[0]]
    return f"<span class='{state}' title='{escape(look.REPORTS[state][1][language])}'>{escape(str(value))}</span>"


def _line(value: object, language: Language) -> str:
    """The last periods as a small line; what they are stands in words elsewhere on the page."""
    return sparkline(tuple(value), None) if sum(each is not None for each in value) > 1 else ""


def _bar(value: object, language: Language) -> str:
    """A share of the whole, from 0 to 100, as a number and a bar."""
    if pd.isna(value):
        return "–"
    filled = f"<i class='fill' style='width:{float(value):.1f}%'></i>"
    return f"<span class='told'>{escape(written(float(value), language))}</span><span class='axis'>{filled}</span>"


SIGNED = {
    "line": _line,
    "bar": _bar,
    "status": lambda value, language: badge(str(value), language),
    "sign": _sign,
    "judgement": _judgement,
    "bracket": lambda value, language: "",
    "report": report,
}
