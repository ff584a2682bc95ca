"""One indicator: what it means, how its units are spread, and how each of them has gone."""

import numpy as np
import pandas as pd

from language import Text, order, word, written
from metrics.core.ledger import Ledger
from metrics.dictionary import COLUMNS, entries
from views import look
from views.charts import Drawing, nice
from views.compared import Compared, compared, held_back
from views.shown import heading, level_below, within
from views.small_lines import small_lines
from views.view import Choice, Column, View
from warehouse.period import Period

TOLD = ("formula", "target", "better", "source", "level", "traps")  # of its entry in the dictionary
DOTS = 160  # of so many units each is a dot; of more, a bar counts them
BINS = 28
LENGTH = 12  # periods in a small line


def definition(choice: Choice) -> View:
    """What it says and how it is worked out, a row each: as in the dictionary."""
    language = choice.language
    entry = next(each for each in entries(language) if each["id"] == choice.indicator.id)
    rows = [
        {"id": each, "name": COLUMNS[each][language], "said": " ".join(told), "lines": told}
        for each in TOLD
        for told in [entry[each] if isinstance(entry[each], list) else [entry[each]]]
    ]
    columns = {"name": Column(Text("Mục", "Item")), "said": Column(Text("Nội dung", "Content"), "prose")}
    return View("definition", choice.indicator.name[language], pd.DataFrame(rows), columns)


# How the units are spread


def distribution(choice: Choice, ledger: Ledger, height: int = 230) -> View:
    """Each unit a dot over its value, with target and median; many units as bars that count them."""
    found = compared(choice, ledger)
    language, values = choice.language, found.units.value.astype(float)
    columns = {
        "unit_name": Column(Text("Đơn vị", "Unit")),
        "district": Column(Text("Thuộc", "Belongs to"), on_screen=choice.level != "district"),
        "value": Column(heading(choice.indicator), "number", choice.indicator.digits),
        "status": Column(Text("Đánh giá", "Status"), "status"),
    }
    note = " ".join(each for each in (_whole_said(found), held_back(found)) if each)
    if values.empty:
        return View("distribution", word("one_nobody", language, what=found.what), note=note)
    drawing = _dots(found, height) if len(values) <= DOTS else _bars(found)
    _marked(drawing, found)
    drawing.axis(
        "xaxis", fixedrange=True, zeroline=False, gridcolor=look.LINE,
        ticksuffix="\u00a0%" if choice.indicator.is_share else "",
    )  # fmt: skip
    title = _spread_said(found)
    margin = {"l": 40 if len(values) > DOTS else 4, "r": 4, "t": 24, "b": 22}
    figure = drawing.plain(language, height, margin=margin, bargap=0.06)
    return View("distribution", title, found.units, columns, figure, alt=f"{title}. {note}", note=note)


def _dots(found: Compared, height: int) -> Drawing:
    """Dots of equal values stand on one another."""
    units = found.units.sort_values("value")
    step = nice(float(units.value.max() - units.value.min()) / BINS)
    bins = np.floor(units.value.astype(float) / step + 1e-9)
    places = units.groupby(bins).cumcount()
    size = max(4.0, min(13.0, (height - 60) / (int(places.max()) + 1)))
    own, alike = units.unit == found.chosen, units.value.nunique() == 1
    drawing = Drawing()
    drawing.add(
        "scatter", x=units.value if alike else (bins + 0.5) * step, y=places + 0.5, mode="markers",
        customdata=units.unit, hovertext=units.hover,
        hovertemplate="%{hovertext}<extra></extra>",
        marker={
            "size": size, "color": [look.INK if each else look.SEQUENCE[2] for each in own],
            "symbol": ["diamond" if each else "circle" for each in own], "line": {"width": 0},
        },
    )  # fmt: skip
    most = max(int(places.max()) + 1, (height - 60) / 13)
    drawing.axis("yaxis", visible=False, fixedrange=True, range=[0, most])
    return drawing


def _bars(found: Compared) -> Drawing:
    values = found.units.value.astype(float)
    step = nice(float(values.max() - values.min()) / BINS)
    bins = np.floor(values / step + 1e-9)
    counts = bins.value_counts().sort_index()
    language, digits = found.choice.language, 0 if step == int(step) else 1
    said = [
        f"{written(at * step, language, digits)} – {written((at + 1) * step, language, digits)}: <b>{count}</b>"
        for at, count in counts.items()
    ]
    drawing = Drawing()
    drawing.add(
        "bar", x=(counts.index + 0.5) * step, y=counts, width=step * 0.94, hovertext=said,
        marker={"color": look.SEQUENCE[2]}, hovertemplate="%{hovertext}<extra></extra>",
    )  # fmt: skip
    drawing.axis("yaxis", fixedrange=True, gridcolor=look.LINE, rangemode="tozero")
    return drawing


def _marked(drawing: Drawing, found: Compared) -> None:
    """The target dashed, the median dotted, each with its number, on the sides where they do not meet."""
    indicator, language = found.choice.indicator, found.choice.language
    median, target = float(found.units.value.astype(float).median()), indicator.target
    said = word("one_median", language, value=look.value_of(median, indicator, language))
    lines = [(median, said, "dot", look.INK)]
    if target is not None:
        said = word("target_is", language, target=look.target_of(indicator, target, language))
        lines.append((target, said, "dash", look.SECOND_INK))
    lines.sort()
    for place, (at, said, dash, colour) in enumerate(lines):
        drawing.upright(at, line={"color": colour, "width": 1.5, "dash": dash})
        anchor = "right" if place == 0 and len(lines) == 2 else "left"
        drawing.note(said, x=at, y=1, yref="paper", yanchor="bottom", xanchor=anchor, font={"color": colour})
    # Room for the dots at the ends, and for what is written beside a line near them.
    ends = [float(found.units.value.min()), float(found.units.value.max()), *(each[0] for each in lines)]
    span = max(ends) - min(ends) or 2.0
    if len(set(ends)) == 1:  # a scale around one value would only show numbers that nobody has
        drawing.axis("xaxis", tickvals=ends[:1])
    start = min(min(ends) - 0.08 * span, lines[0][0] - 0.2 * span)
    drawing.axis("xaxis", range=[start, max(max(ends) + 0.08 * span, lines[-1][0] + 0.2 * span)])


def _spread_said(found: Compared) -> str:
    """How many reach the target, and between which values the middle half lies."""
    indicator, language = found.choice.indicator, found.choice.language
    values = found.units.value.astype(float)
    low, high = (look.value_of(float(values.quantile(each)), indicator, language) for each in (0.25, 0.75))
    half = word("one_half_alike" if low == high else "one_half", language, low=low, high=high)
    told = {"count": written(len(values), language), "what": found.what, "half": half}
    if found.units.target.isna().all():
        return word("one_spread", language, **told)
    return word("one_spread_met", language, **told, met=written(int((found.units.status == "met").sum()), language))


def _whole_said(found: Compared) -> str:
    value = look.value_of(found.whole.value, found.choice.indicator, found.choice.language)
    return word("one_whole", found.choice.language, unit=found.whole.unit_name, value=value)


# How each has gone


def over_time(choice: Choice, ledger: Ledger) -> View:
    """A small line for each part of the chosen unit over the last periods, all on the same axes."""
    choice = _parts(choice, ledger)
    language, indicator = choice.language, choice.indicator
    units = ledger.units(choice.period)
    inside = within(choice.unit, units) - {choice.unit}
    asked = tuple(units.unit[(units.level == choice.level) & units.unit.isin(inside)])
    found = ledger.trend(choice.period, [indicator], LENGTH, asked)
    periods = list(found.period.unique())
    found = found.assign(when=found.period, told=found.value.where(found.enough).astype(float))
    table = found.pivot(index="unit", columns="when", values="told").reindex(columns=periods)
    table = table.loc[table.notna().any(axis=1)]
    names = units.full_name
    table = table.loc[sorted(table.index, key=lambda unit: order(names[unit]))]
    what = word(f"{choice.level}s_lower", language)
    if table.empty:
        return View("over_time", word("one_nobody", language, what=what))
    title = _course_said(table, what, choice)
    note = word("one_restarts", language) if indicator.accumulates and choice.period.kind == "so_far" else ""
    columns = {"unit_name": Column(Text("Đơn vị", "Unit"))}
    columns |= {each: Column(_both(Period.parse(each)), "number", indicator.digits) for each in periods}
    shown = table.reset_index().assign(unit_name=[names[unit] for unit in table.index])
    figure = small_lines(table, [names[unit] for unit in table.index], choice)
    return View("over_time", title, shown, columns, figure, alt=f"{title}. {note}".strip(), note=note)


def _parts(choice: Choice, ledger: Ledger) -> Choice:
    """The next level below the chosen unit at which the indicator can be said; else the units beside it."""
    units = ledger.units(choice.period)
    below = level_below(choice.unit, units) or units.level[choice.unit]
    down = choice.but(level=below)
    return down if down.at(below).level == below else _parts(choice.but(unit=units.parent[choice.unit]), ledger)


def _both(period: Period) -> Text:
    return Text(period.short(), period.short())


def _course_said(table: pd.DataFrame, what: str, choice: Choice) -> str:
    """How many are better than at the beginning."""
    language, first, last = choice.language, table.columns[0], table.columns[-1]
    both = table[table[first].notna() & table[last].notna()]
    restarts = choice.indicator.accumulates and choice.period.kind == "so_far"
    if len(table.columns) < 2 or both.empty or restarts:
        return word("one_course", language, what=what, count=len(table))
    sign = 1 if choice.indicator.better == "higher" else -1
    better = int((sign * (both[last] - both[first]) > 0).sum())
    since = Period.parse(first).short()
    return word("one_better_since", language, better=better, count=len(both), what=what, since=since)
