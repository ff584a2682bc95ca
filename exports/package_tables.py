"""The tables that analysts are handed: taken from the ledger, each column in the type that its description says."""

from collections.abc import Sequence
from datetime import date

import pandas as pd
import pyarrow as pa

from exports.describe import Described, Table, tables
from metrics import INDICATORS, TOPICS
from metrics.core import extract
from metrics.core.calculate import moment
from metrics.core.ledger import Ledger
from views.shown import within
from warehouse.fields import MEASURES, NUMBERS
from warehouse.period import Period
from warehouse.units import shares

TYPES = {
    "string": pa.string(), "integer": pa.int64(), "number": pa.float64(), "boolean": pa.bool_(), "date": pa.date32(),
    "datetime": pa.timestamp("s"),
}  # fmt: skip


def package_tables(ledger: Ledger, periods: Sequence[Period], unit: str) -> dict[str, pa.Table]:
    """Every table by its id, in the order and the types of its description.

    Results, facts, reports, calendar and targets are those of the unit and of all below it, or in units of another day
    of all that are shown as they; the register, crosswalk, heirs and dictionaries are whole, so that whatever is named
    can be found.
    """
    inside = set().union(*(within(unit, ledger.units(each)) for each in periods))
    told = set().union(*(ledger.senders(each, inside) for each in periods))
    asked = (ledger.engine, periods, told, moment(ledger.as_of))
    register = lives(ledger)
    found = {
        "results": _results(ledger, periods, inside),
        "facts": extract.facts(*asked),
        "units": register,
        "crosswalk": crosswalk(register),
        "heirs": heirs(ledger),
        "indicators": _indicators(),
        "fields": _fields(),
        "periods": _periods(ledger, periods),
        "reports": extract.reports(*asked),
        "expected": extract.expected(*asked),
        "targets": extract.targets(ledger.engine, inside, asked[-1]),
    }
    sample = ledger.about.get("sample") == "1"
    return {id: typed(frame.assign(sample=sample), tables()[id]) for id, frame in found.items()}


def typed(frame: pd.DataFrame, table: Table) -> pa.Table:
    """A frame as the described table: its columns only, in order and type; an empty text is nothing."""
    columns = [_typed(frame[each.id], each) for each in table.columns]
    return pa.table(columns, pa.schema([pa.field(each.id, TYPES[each.type]) for each in table.columns]))


def _typed(values: pd.Series, column: Described) -> pa.Array:
    if column.type in ("date", "datetime"):
        days = pd.to_datetime(values).to_numpy(f"datetime64[{'D' if column.type == 'date' else 's'}]")
        return pa.array(days, TYPES[column.type])
    if column.type == "string":
        values = values.astype(object).where(values.notna() & (values != ""), None)
    else:
        values = values.astype({"integer": "Int64", "number": "Float64", "boolean": "boolean"}[column.type])
    return pa.array(values.to_numpy(dtype=object, na_value=None), TYPES[column.type])


def _results(ledger: Ledger, periods: Sequence[Period], inside: set[str]) -> pd.DataFrame:
    found = pd.concat([ledger.results(each) for each in periods], ignore_index=True)
    return found[found.unit.isin(inside)]


def heirs(ledger: Ledger) -> pd.DataFrame:
    """As which units each unit is shown on days on which it does not live, the spans of days counted."""
    return ledger.engine.query(
        "select *, dense_rank() over (order by seen_since nulls first) as span from heirs order by unit, span, heir"
    )


def lives(ledger: Ledger) -> pd.DataFrame:
    """The whole register, the lives of a unit counted."""
    units = ledger.engine.query("select * from units order by unit, since nulls first")
    return units.assign(life=units.groupby("unit").cumcount() + 1)


def crosswalk(register: pd.DataFrame) -> pd.DataFrame:
    """Which unit became which, a row per pair: what the register keeps in one column, taken apart."""
    last = register.drop_duplicates("unit", keep="last").set_index("unit")
    rows = []
    for old in register[register.became.notna() & (register.became != "")].itertuples():
        parts = shares(old.became)
        largest = max(share for _, share in parts)
        for heir, share in parts:
            new = last.loc[heir]
            rows.append({
                "old_unit": old.unit, "old_code": old.code, "old_name": old.full_name, "level": old.level,
                "old_parent": old.parent, "day": old.until, "new_unit": heir, "new_code": new.code,
                "new_name": new.full_name, "relation": "whole" if len(parts) == 1 else "part",
                "area_share": share, "is_largest_share": share == largest,
            })  # fmt: skip
    return pd.DataFrame(rows, columns=[each.id for each in tables()["crosswalk"].columns])


def _indicators() -> pd.DataFrame:
    """The dictionary, in the plan's order."""
    rows = []
    for topic in TOPICS:
        for each in topic.INDICATORS:
            texts = {"topic": topic.NAME, "name": each.name, "short": each.short, "formula": each.formula,
                     "measured": each.unit_of_measure, "counts": MEASURES[each.counts], "note": each.note}  # fmt: skip
            plain = ("numerator", "denominator", "scale", "better", "target", "inferred", "digits", "finest",
                     "additive", "source", "requirement")  # fmt: skip
            rows.append(
                {"indicator": each.id, "topic": topic.__name__.rpartition(".")[2]}
                | _both(texts)
                | {name: getattr(each, name) for name in plain}
            )
    assert len(rows) == len(INDICATORS)
    return pd.DataFrame(rows)


def _fields() -> pd.DataFrame:
    rows = [
        {name: getattr(each, name) for name in ("level", "kind", "cumulative", "part_of", "requirement")}
        | {"field": each.id}
        | _both({"name": each.name, "measured": each.measured_in})
        for each in NUMBERS
    ]
    return pd.DataFrame(rows)


def _both(texts: dict[str, object]) -> dict[str, str | None]:
    """name → name_vi, name_en."""
    return {f"{name}_{each}": text[each] if text else None for name, text in texts.items() for each in ("vi", "en")}


def _periods(ledger: Ledger, periods: Sequence[Period]) -> pd.DataFrame:
    def row(each: Period) -> dict[str, str | int | date]:
        return {
            "period": str(each), "name_vi": each.name("vi"), "name_en": each.name("en"),
            "first_month": each.reports_from, "last_month": each.last_month, "first_day": each.first_day,
            "last_day": each.last_day, "units_on": ledger.day(each), "data_until": ledger.data_until(each),
        }  # fmt: skip

    return pd.DataFrame([row(each) for each in periods])
