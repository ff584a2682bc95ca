"""Who leads, who needs help: units in order, their movement, the target, and how many reports stand behind."""

import pandas as pd

from language import Text, order, plain, word
from metrics.core.ledger import Ledger
from views.shown import finding, heading, shown
from views.view import Choice, Column, View

SORTS = ("rank", "name", "change", "missing")


def leaderboard(choice: Choice, ledger: Ledger, search: str = "", kind: str = "", sort: str = "rank") -> View:
    """The units of the level within the chosen unit. Those without a value stand last, in the order of their names.

    `search` passes over accents and case; `kind` is a type of unit (Phường); `sort` is one of SORTS.
    """
    found = _with_movement(choice, ledger)
    units = ledger.units(choice.period)
    found["kind"] = found.unit.map(units.type)
    title = finding(found, choice)
    if search.strip():
        found = found[[plain(search) in plain(f"{row.unit_name} {row.district}") for row in found.itertuples()]]
    if kind:
        found = found[found.kind == kind]
    found = sorted_by(found, sort)
    found["behind"] = [f"{int(row.reports)}/{int(row.reports_due)}" for row in found.itertuples()]
    silent = int((found.status == "no_report").sum())
    note = f"{word('not_ranked', choice.language)}: {silent}" if silent else ""
    return View("leaderboard", title, found, _columns(choice), note=note)


def _with_movement(choice: Choice, ledger: Ledger) -> pd.DataFrame:
    """The units with places won (positive) and change of value since the period before, of units that had both."""
    found = shown(choice, ledger)
    before = ledger.trend(choice.period, [choice.indicator], 2)
    before = before[(before.period != str(choice.period)) & before.unit.isin(found.unit)].set_index("unit")
    # Places within what is shown: of a district's communes, not of the province's.
    sign = -1 if choice.indicator.better == "higher" else 1
    found["place"] = (sign * found.value).rank(method="min")
    was = (sign * before.value).rank(method="min") if len(before) else pd.Series(dtype=float)
    found["moved"] = found.unit.map(was).astype(float) - found.place
    found["change"] = found.value - found.unit.map(before.value if len(before) else was).astype(float)
    return found


def sorted_by(found: pd.DataFrame, sort: str) -> pd.DataFrame:
    """The rows in one of the orders SORTS; what has no value there comes last, by name."""
    found = found.assign(by_name=found.unit_name.map(order))
    key, rising = {
        "rank": ("place", True), "name": ("by_name", True), "change": ("change", False), "missing": ("missing", False),
    }[sort]  # fmt: skip
    return found.sort_values([key, "by_name"], ascending=[rising, True], na_position="last").drop(columns="by_name")


def kinds(choice: Choice, ledger: Ledger) -> list[str]:
    """The types of the units shown: Phường, Thị trấn, Xã."""
    units = ledger.units(choice.period)
    return sorted(set(units.type.loc[shown(choice, ledger).unit]), key=order)


def _columns(choice: Choice) -> dict[str, Column]:
    indicator = choice.indicator
    columns = {
        "place": Column(Text("Hạng", "Rank"), "number"),
        "moved": Column(Text("±", "±"), "place_change"),
        "unit_name": Column(Text("Đơn vị", "Unit")),
        "district": Column(Text("Thuộc", "Belongs to")),
        "kind": Column(Text("Nhóm", "Type")),
        "value": Column(heading(indicator), "number", indicator.digits),
        "change": Column(Text("So kỳ trước", "Change"), "change", indicator.digits),
    }
    if indicator.target is not None:
        columns |= {
            "target": Column(Text("Mục tiêu", "Target"), "number"),
            "status": Column(Text("Đánh giá", "Status"), "status"),
            "missing": Column(Text("Còn thiếu", "Missing"), "number"),
        }
    return {**columns, "behind": Column(Text("Báo cáo", "Reports"), "fraction")}
