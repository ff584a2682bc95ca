"""Which published figures are other now than they were on a day, and by which submission."""

from datetime import date

import pandas as pd

from language import Language, Text, day, word, written
from metrics import INDICATORS
from metrics.core.indicator import Indicator
from metrics.core.ledger import Ledger
from views import look
from views.view import Choice, Column, View
from warehouse.period import Period


def restated(choice: Choice, ledger: Ledger, since: date, parts: bool = False) -> View:
    """Which figures of the unit (or of its parts) that were published by a day have changed, by which submission."""
    language, units = choice.language, ledger.register
    found = ledger.restatements(since)
    own = found.unit.map(units.parent) == choice.unit if parts else found.unit == choice.unit
    found = found[own & found.indicator.isin(INDICATORS)].copy()
    asked = [INDICATORS[each] for each in found.indicator]
    found["indicator_name"] = [each.short[language] for each in asked]
    found["measure"] = [each.unit_of_measure[language] for each in asked]
    found["period_name"] = [Period.parse(each).name(language) for each in found.period]
    found["change"] = found.value - found.value_before
    found["how"] = [word("restated_late" if each == "late" else "restated_changed", language) for each in found.kind]
    found["by"] = [_files(each, language) for each in found.files]
    for name in ("value_before", "value"):
        found[f"{name}_said"] = [
            look.value_with_measure(value, each, language) for value, each in zip(found[name], asked, strict=True)
        ]
    found["change_said"] = [_change(value, each, language) for value, each in zip(found.change, asked, strict=True)]
    found = _in_order(found)
    note = word("restated_note", language, meeting=day(ledger.last_meeting))
    return View("restated", _title(found, since, language), found, _columns(parts), note=note)


def _title(found: pd.DataFrame, since: date, language: Language) -> str:
    """How many were told otherwise and how many late; what is none is not said."""
    late = int((found.kind == "late").sum())
    changed = len(found) - late
    keys = {"restated_finding": changed, "restated_late_too" if changed else "restated_only_late": late}
    said = [word(key, language, count=written(n, language), day=day(since)) for key, n in keys.items() if n]
    return "".join(said) or word("restated_none", language, day=day(since))


def _columns(parts: bool) -> dict[str, Column]:
    """On a screen values with what they count, in files as numbers."""
    return {
        "unit_name": Column(Text("Đơn vị", "Unit"), on_screen=parts),
        "period_name": Column(Text("Kỳ", "Period")),
        "indicator_name": Column(Text("Chỉ tiêu", "Indicator"), "prose"),
        "measure": Column(Text("Đơn vị tính", "In"), on_screen=False),
        "value_before": Column(Text("Khi đó", "Then"), "number", 2, on_screen=False),
        "value": Column(Text("Nay", "Now"), "number", 2, on_screen=False),
        "change": Column(Text("Thay đổi", "Change"), "change", 2, on_screen=False),
        "value_before_said": Column(Text("Khi đó", "Then"), "fraction", in_files=False),
        "value_said": Column(Text("Nay", "Now"), "fraction", in_files=False),
        "change_said": Column(Text("Thay đổi", "Change"), "fraction", in_files=False),
        "how": Column(Text("Loại", "Kind")),
        "by": Column(Text("Do tệp", "By file"), "prose", in_files=False),
        "files": Column(Text("Do các tệp", "By files"), "prose", on_screen=False),
    }


def _in_order(found: pd.DataFrame) -> pd.DataFrame:
    """What was told otherwise before what was told late; first what has a target, then by how far it has moved."""
    found["aims"] = [INDICATORS[each].target is not None for each in found.indicator]
    found["size"] = (found.change / found.value_before.where(found.value_before != 0)).abs()
    rising = [True, False, False]
    found = found.sort_values(["kind", "aims", "size"], ascending=rising, na_position="last", ignore_index=True)
    return found.drop(columns=["aims", "size"])


def _change(value: float, indicator: Indicator, language: Language) -> str:
    if pd.isna(value):
        return "–"
    measure = word("points", language) if indicator.is_share else indicator.unit_of_measure[language]
    return f"{written(value, language, indicator.digits, signed=True)} {measure}"


def _files(names: str, language: Language) -> str:
    """The first of a list of files, and how many more."""
    first, *more = names.split(", ")
    return word("many_files", language, first=first, count=len(more)) if more else first
