"""What one district is handed: its main targets, and each of its communes beside them."""

import pandas as pd

from language import Text, order, word
from metrics import INDICATORS
from metrics.core.ledger import Ledger
from views.overview import CARDS
from views.profile import scorecard
from views.shown import behind, heading
from views.view import Choice, Column, View
from warehouse.fields import LEVELS


def main_targets(choice: Choice, ledger: Ledger) -> View:
    """The rows of the scorecard that are main targets, in their order."""
    whole = scorecard(choice, ledger)
    if whole.table.empty:
        return whole
    found = whole.table[whole.table["id"].isin(CARDS)]
    found = found.sort_values("id", key=lambda ids: ids.map(CARDS.index), ignore_index=True)
    return View("main_targets", whole.title, found.drop(columns="section"), whole.columns, note=whole.note)


def parts_by_target(choice: Choice, ledger: Ledger) -> View | None:
    """The parts of the unit, a row each, with their value in every main target that can be said of them."""
    units = ledger.units(choice.period)
    parts = units[units.parent == choice.unit]
    if parts.empty:
        return None
    level = parts.level.iloc[0]
    asked = [INDICATORS[each] for each in CARDS if LEVELS.index(INDICATORS[each].finest) >= LEVELS.index(level)]
    found = ledger.near(choice.unit, (choice.period,), tuple(each.id for each in asked), level == "hamlet")
    found = found[found.unit.isin(parts.unit)]
    table = found.pivot(index="unit", columns="indicator", values="value").reindex(parts.unit)
    reports = found[found.indicator == CARDS[0]].set_index("unit")
    table["behind"] = [behind(reports.loc[each]) for each in table.index]
    table = pd.DataFrame(table.reset_index())
    table.insert(1, "unit_name", table.unit.map(parts.full_name))
    table = table.sort_values("unit_name", key=lambda names: names.map(order), ignore_index=True)
    columns = {"unit_name": Column(Text("Đơn vị", "Unit"))}
    columns |= {each.id: Column(heading(each), "number", each.digits) for each in asked}
    columns["behind"] = Column(Text("Báo cáo", "Reports"), "fraction")
    return View("parts_by_target", word("by_target_title", choice.language), table, columns)
