"""From each figure of a pack to the reports behind it: the forms of every indicator, and all reports of those forms."""

import pandas as pd

from language import Text, order, word, written
from metrics import INDICATORS
from metrics.core.ledger import Ledger
from views.reports import form_name
from views.shown import behind, behind_unit, heading
from views.view import Choice, Column, View
from warehouse.period import Period


def figures_behind(choice: Choice, ledger: Ledger) -> View:
    """Each indicator of the unit with the forms that it is made of, and how many of their reports stand behind it."""
    language = choice.language
    results = ledger.near(choice.unit, (choice.period,), tuple(INDICATORS))
    own = results[(results.unit == choice.unit) & (results.status != "not_applicable")]
    rows = [
        {
            "id": row.indicator, "name": heading(INDICATORS[row.indicator])[language], "value": row.value,
            "numerator": row.numerator, "denominator": row.denominator, "behind": behind(row),
            "forms": "; ".join(form_name(each, language) for each in INDICATORS[row.indicator].forms),
        }
        for row in own.set_index("indicator", drop=False).reindex([i for i in INDICATORS if i in set(own.indicator)])
        .itertuples()
    ]  # fmt: skip
    columns = {
        "id": Column(Text("Mã", "Id")),
        "name": Column(Text("Chỉ tiêu", "Indicator")),
        "value": Column(Text("Giá trị", "Value"), "number", 1),
        "numerator": Column(Text("Tử số", "Numerator"), "number", 1),
        "denominator": Column(Text("Mẫu số", "Denominator"), "number", 1),
        "behind": Column(Text("Báo cáo", "Reports"), "fraction"),
        "forms": Column(Text("Từ các mẫu", "From the forms"), "prose"),
    }
    title = word("figures_behind", language, count=written(len(rows), language))
    return View("figures_behind", title, pd.DataFrame(rows), columns)


def reports_behind(choice: Choice, ledger: Ledger) -> View:
    """Every standing report of the period from the unit and all below it: file, version, when it came."""
    language, units = choice.language, ledger.register
    found = ledger.received(choice.period)
    found = found[found.standing & found.unit.isin(behind_unit(choice, ledger))]
    rows = [
        {
            "form": form_name(row.form, language), "unit": row.unit, "unit_name": units.full_name[row.unit],
            "district": units.full_name.get(units.parent[row.unit], ""),
            "period": Period.parse(row.period).name(language), "last_month": Period.parse(row.period).last_month,
            "file": row.file, "version": row.version, "received_at": row.received_at,
        }
        for row in found.itertuples()
    ]  # fmt: skip
    rows.sort(key=lambda row: (row["form"], row["last_month"], order(row["unit_name"])))
    columns = {
        "form": Column(Text("Mẫu", "Form")),
        "unit": Column(Text("Mã", "Code")),
        "unit_name": Column(Text("Đơn vị", "Unit")),
        "district": Column(Text("Thuộc", "Belongs to")),
        "period": Column(Text("Kỳ", "Period")),
        "file": Column(Text("Tệp", "File")),
        "version": Column(Text("Bản", "Version"), "number"),
        "received_at": Column(Text("Ngày nhận", "Received"), "day"),
    }
    title = word("standing_reports", language, count=written(len(rows), language))
    return View("standing_reports", title, pd.DataFrame(rows), columns)
