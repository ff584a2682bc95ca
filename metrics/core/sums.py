"""Indicators that are nothing but the sum of one field, declared in a line each."""

from language import Text
from metrics.core.indicator import Indicator
from warehouse.fields import FIELDS

_FLOW = Text("Tổng các báo cáo trong kỳ", "Sum of the reports in the period")
_STOCK = Text("Tổng số hiện có, lấy báo cáo cuối của kỳ", "Sum of what there is, by the last report of the period")


def sum_of(
    field: str, short: Text, source: str, name: Text | None = None, note: Text | None = None, digits: int = 0
) -> Indicator:
    """The sum of a field over a unit and all below it: a flow's months add up, of a stock the last report counts."""
    told = FIELDS[field]
    return Indicator(
        id=field,
        name=name or told.name,
        short=short,
        source=source,
        requirement=told.requirement,
        measured_in=told.measure,
        counts=told.measure,
        numerator=f"sum({field})",
        digits=digits,
        formula=_FLOW if told.kind == "flow" else _STOCK,
        note=note,
        example=([{field: 12}] if told.level == "province" else [{field: 7}, {field: 5}, {field: None}], 12),
    )
