"""How has one unit come here: the chosen indicator over time, beside its target and the year before."""

import pandas as pd

from language import Language, Text, word, written
from metrics.core.indicator import Indicator
from metrics.core.ledger import Ledger
from views import look
from views.charts import Drawing
from views.profile import changed
from views.shown import behind, value_heading
from views.view import Choice, Column, View
from warehouse.period import Period

LENGTH = 26  # periods: the whole plan by months
TICKS = 8  # names on the axis of time at most


def history(choice: Choice, ledger: Ledger, height: int = 300) -> View:
    """The indicator of the unit over all periods of this kind: a line of a state, columns of what adds up."""
    language, indicator = choice.language, choice.indicator
    period = ledger.latest if choice.period.kind == "plan" else choice.period  # one plan alone has no course
    found = ledger.trend(period, [indicator], LENGTH, (choice.unit,)).copy()
    name = indicator.short[language]
    if found.value.notna().sum() == 0:
        return View("history", word("history_unknown", language, indicator=name))
    found = _beside(found, indicator, language)
    title = _finding(found, indicator, language)
    alt = f"{title}. " + "; ".join(
        f"{row.label}: {look.value_of(row.value, indicator, language)}" for row in found.itertuples()
    )
    chart = _drawn(found, indicator, language).plain(language, height, margin={"l": 4, "r": 12, "t": 22, "b": 26})
    hint = word("history_note_flow" if indicator.accumulates else "history_note", language)
    table = found.iloc[::-1].reset_index(drop=True)
    return View("history", title, table, _columns(indicator), chart, alt, hint=hint)


def _beside(found: pd.DataFrame, indicator: Indicator, language: Language) -> pd.DataFrame:
    """Adds each period's name, its change since the period before and since the same one a year before."""
    rows = {row.period: row for row in found.itertuples()}
    periods = [Period.parse(each) for each in found.period]
    steps = list(zip([None, *found.period[:-1]], found.period, strict=True))
    found["label"] = [each.short() for each in periods]
    found["period_name"] = [each.name(language) for each in periods]
    found["change"] = [changed(indicator, rows[now], rows.get(was)) for was, now in steps]
    years = [str(each.year_before) for each in periods]
    found["year_before"] = [rows[each].value if each in rows and rows[each].enough else None for each in years]
    found["on_year"] = [
        changed(indicator, rows[now], rows.get(was)) for now, was in zip(found.period, years, strict=True)
    ]
    found["behind"] = [behind(row) for row in found.itertuples()]
    for each in ("change", "year_before", "on_year"):
        found[each] = found[each].astype(float)
    return found


def _finding(found: pd.DataFrame, indicator: Indicator, language: Language) -> str:
    last, name = found.iloc[-1], indicator.short[language]
    value = look.value_of(last.value, indicator, language)
    if pd.isna(last.value):
        return word("history_none_now", language, indicator=name, period=last.period_name)
    if pd.isna(last.on_year):
        return word("history_now", language, indicator=name, value=value)
    change = written(last.on_year, language, indicator.digits, signed=True)
    what = word("points", language) if indicator.is_share else indicator.unit_of_measure[language]
    year = Period.parse(last.period).year - 1
    return word("history_on_year", language, indicator=name, value=value, change=change, what=what, year=year)


def _drawn(found: pd.DataFrame, indicator: Indicator, language: Language) -> Drawing:
    drawing = Drawing()
    hover = [
        f"{row.period_name}: <b>{look.value_of(row.value, indicator, language)}</b><br>"
        f"{word('reports', language)}: {row.behind}"
        for row in found.itertuples()
    ]
    told = {"x": found.label, "y": found.value, "hovertext": hover, "hovertemplate": "%{hovertext}<extra></extra>"}
    if indicator.accumulates:
        drawing.add(
            "bar", **told, marker={"color": [look.SEQUENCE[4] if each else look.SEQUENCE[1] for each in found.enough]}
        )
    else:
        _year_before(drawing, found, language)
        filled = [look.ACCENT if each else look.GROUND for each in found.enough]
        marker = {"color": filled, "size": 7, "line": {"color": look.ACCENT, "width": 1.5}}
        drawing.add("scatter", **told, mode="lines+markers", line={"color": look.ACCENT, "width": 2.2}, marker=marker)
    _target(drawing, found, indicator, language)
    _last(drawing, found, indicator, language)
    _axes(drawing, found, indicator)
    return drawing


def _axes(drawing: Drawing, found: pd.DataFrame, indicator: Indicator) -> None:
    """So few names of periods that they stand upright, the last among them; columns stand on zero."""
    every = -(-len(found) // TICKS)
    names = list(found.label)[::-1][::every]
    quiet = {"color": look.SECOND_INK, "size": 12}
    drawing.axis(
        "xaxis", type="category", fixedrange=True, tickfont=quiet, showgrid=False, tickvals=names, ticktext=names, 
        tickangle=0,
    )  # fmt: skip
    base = "tozero" if indicator.accumulates else "normal"
    drawing.axis(
        "yaxis", fixedrange=True, gridcolor=look.LINE, zeroline=False, tickfont=quiet, rangemode=base, automargin=True,
        tickformat=",~f", nticks=7,
    )  # fmt: skip


def _year_before(drawing: Drawing, found: pd.DataFrame, language: Language) -> None:
    """The same periods a year before, thin and named at their end."""
    known = found[found.year_before.notna()]
    if len(known) < 2:
        return
    drawing.add(
        "scatter", x=found.label, y=found.year_before, mode="lines", hoverinfo="skip",
        line={"color": look.SECOND_INK, "width": 1.2},
    )  # fmt: skip
    first = known.iloc[0]
    drawing.note(
        word("a_year_before", language), x=first.label, y=first.year_before, yshift=-11, xanchor="left",
        font={"color": look.SECOND_INK, "size": 12},
    )  # fmt: skip


def _target(drawing: Drawing, found: pd.DataFrame, indicator: Indicator, language: Language) -> None:
    target = found.target.iloc[-1]
    if pd.isna(target):
        return
    said = word("target_is", language, target=look.target_of(indicator, target, language))
    drawing.across(target, line={"color": look.SECOND_INK, "width": 1.4, "dash": "dash"})
    drawing.note(
        said, x=0, xref="x domain", xanchor="left", y=target, yref="y", yanchor="bottom",
        font={"color": look.SECOND_INK, "size": 12},
    )  # fmt: skip


def _last(drawing: Drawing, found: pd.DataFrame, indicator: Indicator, language: Language) -> None:
    """The last known value, written where it stands."""
    last = found[found.value.notna()].iloc[-1]
    drawing.note(
        f"<b>{look.value_of(last.value, indicator, language)}</b>", x=last.label, y=last.value, yshift=13,
        xanchor="center" if indicator.accumulates else "right", font={"color": look.ACCENT, "size": 14},
    )  # fmt: skip


def _columns(indicator: Indicator) -> dict[str, Column]:
    return {
        "label": Column(Text("Kỳ", "Period")),
        "value": Column(value_heading(indicator), "number", indicator.digits),
        "change": Column(Text("So kỳ trước", "Change"), "change", indicator.digits),
        "year_before": Column(Text("Năm trước", "Year before"), "number", indicator.digits),
        "on_year": Column(Text("So cùng kỳ", "On the year"), "change", indicator.digits),
        "behind": Column(Text("Báo cáo", "Reports"), "fraction"),
    }
