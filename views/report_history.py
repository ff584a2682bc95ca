"""What has come from one unit, version by version, and what came that nobody was to send."""

from collections.abc import Callable

import pandas as pd

from language import Language, Text, word, written
from metrics.core.ledger import Ledger
from views.reports import when
from views.shown import ever_behind
from views.view import Choice, Column, View
from warehouse.period import Period
from warehouse.rows import each_once


def history(
    choice: Choice, ledger: Ledger, unit: str, year: str, changes: Callable[[str, str], dict[int, list[str]]]
) -> View:
    """Each version of a unit's reports of a year, the last period first; `changes`: unit, period → report → words."""
    language, found = choice.language, ledger.received(Period.parse(year), unit)
    owed = ledger.reporting(Period("plan"))
    due = dict(owed[owed.unit == unit][["period", "due"]].itertuples(index=False))
    several = [period for period, rows in found.groupby("period") if rows.accepted.sum() > 1]
    said = {report: lines for period in several for report, lines in changes(unit, period).items()}
    rows = [
        {
            "unit": unit, "period": row.period, "period_name": Period.parse(row.period).name(language),
            "last_month": Period.parse(row.period).last_month, "version": row.version, "received_at": row.received_at,
            "late": _days_late(row, due.get(row.period)),
            "state": _version_state(row, language), "problems": int(row.blocking + row.noted), "file": row.file,
            "changed": len(said.get(row.report, [])), "changes": "; ".join(said.get(row.report, [])),
        }
        for row in found.itertuples()
    ]  # fmt: skip
    rows.sort(key=lambda row: (-row["last_month"], row["period"], row["received_at"]))
    columns = {
        "period_name": Column(Text("Kỳ", "Period"), "prose"),
        "version": Column(Text("Bản", "Version"), "number"),
        "received_at": Column(Text("Nhận ngày", "Received"), "day"),
        "late": Column(Text("Trễ (ngày)", "Late (days)"), "number"),
        "state": Column(Text("Tình trạng", "Status")),
        "problems": Column(Text("Lỗi và lưu ý", "Errors and remarks"), "number", on_screen=False),
        "changed": Column(Text("Ô sửa so bản trước", "Cells changed"), "number", on_screen=False),
        "changes": Column(Text("Nội dung sửa", "What changed"), "prose", on_screen=False),
        "file": Column(Text("Tệp", "File"), on_screen=False),
    }
    name = ledger.register.full_name.get(unit, unit)
    key = "history_title" if rows else "history_empty"
    title = word(key, language, unit=name, when=when(year, language), count=len(rows))
    return View(f"history_{unit}", title, pd.DataFrame(rows), columns)


def _days_late(row: object, due: object) -> int | None:
    """Of the first accepted version only: a correction after the due day makes nothing late."""
    if due is None or pd.isna(row.version) or row.version != 1:
        return None
    return max(0, (row.received_at.date() - pd.Timestamp(due).date()).days)


def _version_state(row: object, language: Language) -> str:
    return word("blocked_version" if not row.accepted else "stands" if row.standing else "superseded", language)


def unexpected(choice: Choice, ledger: Ledger) -> View:
    """Accepted reports that nobody was to send: counted apart, in no rate."""
    found, language = ledger.unexpected(Period("plan")), choice.language
    found = found[found.unit.isin(ever_behind(choice, ledger))]
    found = found.assign(
        unit_name=found.unit.map(ledger.register.full_name),
        period_name=each_once(found.period, lambda each: Period.parse(each).name(language)),
    )
    columns = {
        "unit_name": Column(Text("Đơn vị", "Unit")),
        "period_name": Column(Text("Kỳ", "Period")),
        "received_at": Column(Text("Nhận ngày", "Received"), "day"),
        "file": Column(Text("Tệp", "File"), "prose"),
    }
    key = "unexpected_title" if len(found) else "unexpected_none"
    return View("unexpected", word(key, language, count=written(len(found), language)), found, columns)
