"""How a view is drawn on the screen: heading, chart, table in the page's language, note."""

from html import escape

import pandas as pd
import streamlit as st

from language import Language, written
from views import look
from views.charts import CONFIG
from views.view import Column, View


def draw(view: View, language: Language, height: int | None = None) -> View:
    """Draw a view; returns it, so that a page can offer what it showed as files."""
    if view.title:
        st.html(f"<h3 class='view'>{escape(view.title)}</h3>")
    if view.chart is not None:
        chart(view, f"chart-{view.id}")
    if len(view.table) and view.columns:
        st.html(table(view, language, height))
    if view.note:
        st.caption(view.note)
    return view


def chart(view: View, key: str, select: bool = False) -> object:
    """The view's chart; with `select`, what the reader has clicked comes back."""
    how = {"on_select": "rerun", "selection_mode": "points"} if select else {}
    return st.plotly_chart(view.chart, key=key, config=CONFIG, width="stretch", theme=None, **how)


def table(view: View, language: Language, height: int | None = None) -> str:
    """An HTML table: numbers right-aligned and written as the language writes them, every word escaped."""
    head = "".join(f"<th class='{_align(each)}'>{escape(each.name[language])}</th>" for each in view.columns.values())
    rows = "".join(_row(row, view, language) for row in view.table.to_dict("records"))
    scroll = f"max-height:{height}px" if height else ""
    caption = f"<caption>{escape(view.title)}</caption>"
    return (
        f"<div class='tablebox' style='{scroll}' tabindex='0'><table class='view'>{caption}"
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _row(row: dict[str, object], view: View, language: Language) -> str:
    chosen = " class='chosen'" if row.get("chosen") else ""
    cells = "".join(
        f"<td class='{_align(column)}'>{_cell(row[name], column, language)}</td>"
        for name, column in view.columns.items()
    )
    return f"<tr{chosen}>{cells}</tr>"


def _align(column: Column) -> str:
    return {"text": "words", "status": "words", "sign": "sign"}.get(column.kind, "number")


def _cell(value: object, column: Column, language: Language) -> str:
    if column.kind == "status":
        return badge(str(value), language)
    if column.kind == "sign":
        name, sign = look.STATUS_NAME[value][language], look.STATUS_SIGN[value]
        return f"<span class='badge {value}' title='{name}'><b>{sign}</b></span>"
    if value is None or (not isinstance(value, str) and pd.isna(value)):
        return "–"
    if column.kind == "place_change":
        return _moved(int(value))
    if column.kind == "change":
        return escape(written(value, language, column.digits, signed=True))
    return escape(written(value, language, column.digits) if column.kind == "number" else str(value))


def _moved(places: int) -> str:
    """Places won or lost since the period before."""
    if places == 0:
        return "<span class='still'>–</span>"
    return f"<span class='up'>▲{places}</span>" if places > 0 else f"<span class='down'>▼{-places}</span>"


def badge(status: str, language: Language) -> str:
    """A status as sign, colour and word."""
    sign, name = look.STATUS_SIGN[status], look.STATUS_NAME[status][language]
    return f"<span class='badge {status}'><b>{sign}</b> {escape(name)}</span>"
