"""What was assigned to units (III.3): the targets that stand, each with the value reached."""

import pandas as pd

from language import Language, Text, order, word, written
from metrics import INDICATORS
from metrics.core.indicator import Indicator
from metrics.core.ledger import Ledger
from views.shown import within
from views.view import Choice, Column, View


def assigned(choice: Choice, ledger: Ledger) -> View:
    """The assigned targets of the chosen unit and its parts that hold in the period, without those of the plan."""
    language, units = choice.language, ledger.units(choice.period)
    results = ledger.near(choice.unit, (choice.period,), tuple(INDICATORS), hamlets=not ledger.is_country)
    mine = results[results.assigned & results.unit.isin(within(choice.unit, units))]
    rows = [
        {
            "unit_name": units.full_name[row.unit],
            "name": _called(INDICATORS[row.indicator], language),
            "target": row.target,
            "value": row.value,
            "status": row.status,
        }
        for row in mine.itertuples()
    ]
    rows.sort(key=lambda row: (order(row["name"]), order(row["unit_name"])))
    columns = {
        "unit_name": Column(Text("Đơn vị", "Unit")),
        "name": Column(Text("Chỉ tiêu", "Indicator")),
        "target": Column(Text("Được giao", "Assigned"), "number", 1),
        "value": Column(Text("Đạt được", "Reached"), "number", 1),
        "status": Column(Text("Đánh giá", "Status"), "status"),
    }
    title = word("targets_title" if rows else "targets_none", language, count=written(len(rows), language))
    return View("assigned", title, pd.DataFrame(rows, columns=list(columns)), columns)


def _called(indicator: Indicator, language: Language) -> str:
    return f"{indicator.short[language]} ({indicator.unit_of_measure[language]})"
