"""Who leads, who needs help: places that are really apart, like with like, and who has too few reports for a place."""

import pandas as pd

from language import Text, order, plain, word, written
from metrics.core.fair_comparison import SIZES, against, moved, sizes
from metrics.core.ledger import Ledger
from views.other_units import ESTIMATED, estimated_said
from views.shown import compared, finding, heading, one, shown, span, within
from views.view import Choice, Column, View

SORTS = ("rank", "name", "change", "missing")


def leaderboard(choice: Choice, ledger: Ledger, search: str = "", kind: str = "", sort: str = "rank") -> View:
    """The units of the level within the chosen unit; places are among the units of one kind, if one is chosen.

    `search` passes over accents and case and changes no place; `kind` is a type of unit (Phường) or a peer group by
    size (SIZES); `sort` is one of SORTS. Units whose reports are not enough stand last, by name, with what is missing.
    """
    _asked(choice, ledger)
    found = of_kind(shown(choice, ledger), choice, ledger, kind)
    title = finding(found, choice)
    found = _compared(found, choice, ledger)
    if search.strip():
        words = [plain(f"{row.unit_name} {row.district}") for row in found.itertuples()]
        found = found[pd.Series([plain(search) in each for each in words], found.index, dtype=bool)]
    found = sorted_by(found, sort)
    axis = _axis(found, choice)
    return View(
        "leaderboard",
        title,
        found,
        _columns(choice, found, ledger),
        note=_note(found, choice),
        axis=axis,
        hint=_hint(found, choice),
    )


def of_kind(found: pd.DataFrame, choice: Choice, ledger: Ledger, kind: str) -> pd.DataFrame:
    """The units of one type or size, with both told of each."""
    units = ledger.units(choice.period)
    found = found.assign(kind=found.unit.map(units.type), size=found.unit.map(sizes(units)))
    return found[(found.kind == kind) | (found["size"] == kind)] if kind else found


def _compared(found: pd.DataFrame, choice: Choice, ledger: Ledger) -> pd.DataFrame:
    """Adds what a comparison needs (shown.compared), places in words, movement, judgement and trend."""
    indicator = choice.indicator
    found = compared(found, choice)
    found["places"] = [span(row.place_best, row.place_worst) for row in found.itertuples()]
    found["against"] = against(_benchmark(choice, ledger), found.low, found.high, indicator.better)
    changed = _changed(found, choice, ledger)
    found["moved"] = found.unit.map(changed.moved).astype(float)
    found["change"] = found.unit.map(changed.change).astype(float)
    found["estimated_said"] = [estimated_said(each, choice.language) for each in found.estimated]
    near = choice.unit if ledger.is_country else ""  # of a province one answer serves all
    trends = ledger.trends(choice.period, indicator.id, near, choice.level == "hamlet")
    found["trend"] = [trends.get(unit, "cannot_be_calculated") for unit in found.unit]
    return found


def _asked(choice: Choice, ledger: Ledger) -> None:
    """Asks for this period and the one before at once; what is wanted of each is taken from the one answer."""
    if before := ledger.before(choice.period):
        ledger.near(choice.unit, (before, choice.period), (choice.indicator.id,), choice.level == "hamlet")


def _benchmark(choice: Choice, ledger: Ledger) -> float:
    """The chosen unit's own value."""
    results = one(choice, ledger)
    own = results[results.unit == choice.unit].value
    return float(own.iloc[0]) if len(own) and not pd.isna(own.iloc[0]) else float("nan")


def _changed(found: pd.DataFrame, choice: Choice, ledger: Ledger) -> pd.DataFrame:
    """Movement since the period before, among the units that had a place in both."""
    period = ledger.before(choice.period)
    if period is None:
        return pd.DataFrame({"moved": [], "change": []}, dtype=float)
    before = one(choice.but(period=period), ledger)
    before = before[before.unit.isin(found.unit) & before.enough]
    now = found[found.enough].set_index("unit").value
    return moved(now, before.set_index("unit").value, choice.indicator.better)


def sorted_by(found: pd.DataFrame, sort: str) -> pd.DataFrame:
    """The rows in one of the orders SORTS; those without a place, and what has no value there, come last, by name."""
    found = found.assign(by_name=found.unit_name.map(order), held_back=found.place.isna())
    key, rising = {
        "rank": ("place", True), "name": ("by_name", True), "change": ("change", False), "missing": ("missing", False),
    }[sort]  # fmt: skip
    found[key] = found[key].where(~found.held_back) if key != "by_name" else found[key]
    rising = [True, rising, True]
    found = found.sort_values(["held_back", key, "by_name"], ascending=rising, na_position="last", ignore_index=True)
    found["bracket"] = _brackets(found.band) if sort == "rank" else ""
    return found.drop(columns=["by_name", "held_back"])


def _brackets(band: pd.Series) -> list[str]:
    """Where each row stands in its band: first, middle, last; '' where it stands alone."""
    same_before, same_after = band.eq(band.shift()), band.eq(band.shift(-1))
    names = {(False, True): "first", (True, True): "middle", (True, False): "last"}
    return [names.get(pair, "") for pair in zip(same_before, same_after, strict=True)]


def kinds(choice: Choice, ledger: Ledger) -> list[str]:
    """What the units shown may be compared within: types (Phường, Thị trấn, Xã), then thirds by size."""
    units = ledger.units(choice.period)
    inside = units.index[(units.level == choice.level) & units.unit.isin(within(choice.unit, units))]
    types = sorted(set(units.type.loc[inside]) - {None, ""}, key=order)
    known = set(sizes(units).loc[inside])
    return [*types, *(each for each in SIZES if each in known and choice.level == "commune")]


def _axis(found: pd.DataFrame, choice: Choice) -> tuple[float, float, float | None]:
    """Where the drawn values begin and end, and the target between."""
    target = choice.indicator.target
    ends = pd.concat([found.value, found.low, found.high]).dropna()
    told = [0.0, *([float(ends.min()), float(ends.max())] if len(ends) else []), *([] if target is None else [target])]
    return min(told), max(told) or 1.0, target


def _note(found: pd.DataFrame, choice: Choice) -> str:
    """Who has no place."""
    held_back = int(found.place.isna().sum())
    return word("held_back", choice.language, count=held_back) if held_back else ""


def _hint(found: pd.DataFrame, choice: Choice) -> str:
    """How the brackets are to be read."""
    if not choice.indicator.interval:
        return ""
    return word("bands_said", choice.language, bands=written(found.band.dropna().nunique(), choice.language))


def _columns(choice: Choice, found: pd.DataFrame, ledger: Ledger) -> dict[str, Column]:
    indicator = choice.indicator
    columns = {
        "place": Column(Text("Hạng", "Rank"), "number"),
        "bracket": Column(Text("Ngang nhau", "Alike"), "bracket", in_files=False),
        "band": Column(Text("Nhóm ngang nhau", "Group of alike"), "number", on_screen=False),
        "moved": Column(Text("±", "±"), "place_change"),
        "unit_name": Column(Text("Đơn vị", "Unit")),
        "district": Column(Text("Thuộc", "Belongs to")),
        "kind": Column(Text("Nhóm", "Type"), on_screen=False),  # the name begins with it
        "value": Column(heading(indicator), "interval", indicator.digits),
        "low": Column(Text("Cận dưới 95 %", "Lower 95 %"), "number", indicator.digits, on_screen=False),
        "high": Column(Text("Cận trên 95 %", "Upper 95 %"), "number", indicator.digits, on_screen=False),
        "places": Column(Text("Hạng có thể", "Possible ranks"), on_screen=bool(indicator.interval)),
        "change": Column(Text("So kỳ trước", "Change"), "change", indicator.digits),
        "against": Column(_against(choice, ledger), "judgement", on_screen=bool(indicator.interval)),
    }
    if indicator.accumulates:
        columns["trend"] = Column(Text("Xu hướng (tham khảo)", "Trend (indicative)"), "trend")
    if found.target.notna().any():
        columns |= {
            "target": Column(Text("Mục tiêu", "Target"), "number", on_screen=bool(found.assigned.any())),
            "status": Column(Text("Đánh giá", "Status"), "status"),
            "missing": Column(Text("Còn thiếu", "Missing"), "number"),
        }
    if found.estimated.notna().any():
        columns["estimated_said"] = ESTIMATED
    return {**columns, "behind": Column(Text("Báo cáo", "Reports"), "fraction")}


def _against(choice: Choice, ledger: Ledger) -> Text:
    level = ledger.units(choice.period).level.get(choice.unit, "province")
    return {
        "country": Text("So với cả nước", "Against country"),
        "province": Text("So với tỉnh", "Against province"),
        "district": Text("So với huyện", "Against district"),
        "commune": Text("So với xã", "Against commune"),
    }[level]
