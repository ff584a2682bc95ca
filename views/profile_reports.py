"""What one unit has sent: its reports by period with their versions, what is wrong with them, what it has promised."""

import json
from collections.abc import Callable

import pandas as pd

from language import Language, Text, capital, word, written
from metrics.core.ledger import Ledger
from views import look
from views.commitments import followed
from views.reports import owed
from views.shown import behind_unit
from views.view import Choice, Column, View
from warehouse.period import Period
from warehouse.schedule import DUTY_OF

STATES = ("on_time", "late", "missing", "blocked", "not_due")  # of look.REPORTS
Told = Callable[[str, str, dict[str, str], Language], str]  # a problem's kind, what was given, parts → its words


def _owed(choice: Choice, ledger: Ledger) -> pd.DataFrame:
    """What the unit and those below it owe in the period (reports.owed), with version and notes of what stands."""
    found, keys = owed(choice, ledger), ["form", "unit", "period"]
    asked = ledger.reporting(choice.period)
    found = found.drop(columns="file").merge(asked[keys], on=keys)
    came = ledger.received(choice.period)
    standing = came[came.standing][[*keys, "version", "file", "noted"]].drop_duplicates(keys, keep="last")
    return found.merge(standing, on=keys, how="left")


def own_reports(choice: Choice, ledger: Ledger) -> View:
    """The unit's own reports, the latest first."""
    language, every = choice.language, _owed(choice, ledger)
    whose = {choice.unit} | ledger.senders(choice.period, {choice.unit})
    own = every[every.unit.isin(whose)].sort_values(["due", "form"], ascending=False, ignore_index=True)
    unit = ledger.units(choice.period).full_name[choice.unit]
    if own.empty:
        return View("own_reports", word("owes_nothing", language, unit=unit))
    own["period_name"] = [Period.parse(each).name(language) for each in own.period]
    own["form_name"] = [capital(DUTY_OF[each].name[language]) for each in own.form]
    own["said"] = [_said(row.state, language) for row in own.itertuples()]
    own["late"] = own.days_late.where(own.state == "late").astype(float)
    counts = own.state.value_counts()
    told = {each: int(counts.get(each, 0)) for each in ("on_time", "late", "missing", "blocked")}
    title = word("own_reports_finding", language, unit=unit, of=len(own), **told)
    several = {"unit_name": Column(Text("Đơn vị", "Unit"))} if own.unit.nunique() > 1 else {}
    return View("own_reports", title, own, several | _OWN)


def _said(state: str, language: Language) -> str:
    sign, name = look.REPORTS[state]
    return f"{sign} {name[language]}"


_OWN = {
    "period_name": Column(Text("Kỳ", "Period")),
    "form_name": Column(Text("Loại báo cáo", "Report")),
    "due": Column(Text("Hạn nộp", "Due"), "day"),
    "received_at": Column(Text("Ngày nhận", "Received"), "day"),
    "said": Column(Text("Tình trạng", "State")),
    "late": Column(Text("Trễ (ngày)", "Days late"), "number"),
    "version": Column(Text("Bản", "Version"), "number"),
    "noted": Column(Text("Lưu ý", "Notes"), "number"),
    "file": Column(Text("Tệp", "File"), on_screen=False),
}


def reports_below(choice: Choice, ledger: Ledger) -> View:
    """The reports of the units below, a row per period: how many came in time, late, not."""
    language, every = choice.language, _owed(choice, ledger)
    under = every[every.unit != choice.unit]
    if under.empty:
        return View("reports_below", "")
    counts = under.groupby(["form", "period", "due"]).state.value_counts().unstack(fill_value=0)
    table = counts.reindex(columns=list(STATES), fill_value=0).reset_index()
    table["owed"] = table[list(STATES)].sum(axis=1)
    table["rate"] = 100 * table.on_time / (table.owed - table.not_due).where(table.owed > table.not_due)
    table["period_name"] = [Period.parse(each).name(language) for each in table.period]
    table["section"] = [capital(DUTY_OF[each].name[language]) for each in table.form]
    table = table.sort_values(["form", "due"], ascending=[True, False], ignore_index=True)
    due = under[under.state != "not_due"]
    title = word(
        "reports_below_finding", language, on_time=written(int((due.state == "on_time").sum()), language),
        of=written(len(due), language),
    )  # fmt: skip
    return View("reports_below", title, table, _BELOW)


_BELOW = {
    "section": Column(Text("Loại báo cáo", "Report"), on_screen=False),
    "period_name": Column(Text("Kỳ", "Period")),
    "due": Column(Text("Hạn nộp", "Due"), "day"),
    "owed": Column(Text("Phải nộp", "Owed"), "number"),
    "on_time": Column(Text("● Đúng hạn", "● On time"), "number"),
    "late": Column(Text("◐ Trễ", "◐ Late"), "number"),
    "missing": Column(Text("✕ Chưa nộp", "✕ Missing"), "number"),
    "blocked": Column(Text("⚠ Còn lỗi", "⚠ Blocked"), "number"),
    "not_due": Column(Text("◌ Chưa đến hạn", "◌ Not due"), "number"),
    "rate": Column(Text("Đúng hạn (%)", "On time (%)"), "number", 1),
}


# What is wrong with them


def problems(choice: Choice, ledger: Ledger, told: Told) -> View:
    """What was found wrong with the reports of the unit and of those below it; the same thing in many cells, once."""
    language, units = choice.language, ledger.register
    found = ledger.problems(choice.period)
    found = found[found.unit.isin(behind_unit(choice, ledger))]
    if found.empty:
        return View("unit_problems", word("no_problems", language))
    groups = found.groupby(["blocks", "received_at", "report", "unit", "period", "kind", "sheet"], dropna=False)
    rows = [_problem(of, units, told, language) for _, of in groups]
    table = pd.DataFrame(rows).sort_values(["blocks", "received_at"], ascending=False, ignore_index=True)
    title = word("problems_finding", language, stopped=int(found.blocks.sum()), noted=int((~found.blocks).sum()))
    return View("unit_problems", title, table, _PROBLEMS)


def _problem(same: pd.DataFrame, units: pd.DataFrame, told: Told, language: Language) -> dict[str, object]:
    """One kind of problem in one sheet: its words for the first cell, and how many cells there are."""
    first = same.iloc[0]
    cells = [each for each in same.cell.fillna("") if each]
    more = word("and_cells", language, cell=cells[0], count=len(cells) - 1) if len(cells) > 1 else "".join(cells)
    period = Period.parse(first.period).name(language) if first.period else "–"
    return {
        "unit": first.unit, "unit_name": units.full_name.get(first.unit, ""), "period": first.period,
        "period_name": period, "blocks": bool(first.blocks), "received_at": first.received_at,
        "weight": word("stops" if first.blocks else "noted", language),
        "said": told(first.kind, first.given or "", json.loads(first.parts or "{}"), language),
        "where": f"{first.sheet} › {more}" if first.sheet and more else more or first.sheet or "–",
        "file": first.file,
    }  # fmt: skip


_PROBLEMS = {
    "unit_name": Column(Text("Đơn vị", "Unit")),
    "period_name": Column(Text("Kỳ", "Period")),
    "weight": Column(Text("Mức độ", "Weight")),
    "said": Column(Text("Vấn đề và cách xử lý", "What is wrong, and what to do"), "prose"),
    "where": Column(Text("Ở đâu", "Where"), "prose"),
    "file": Column(Text("Tệp", "File"), on_screen=False),
}


# What it has promised


def promises(choice: Choice, ledger: Ledger) -> View:
    """The commitments of the unit and of those below it (commitments.followed), the overdue first."""
    language, found = choice.language, followed(choice, ledger)
    if found.empty:
        return View("unit_commitments", word("no_commitments", language))
    counts = {state: int((found.state == state).sum()) for state in ("met", "overdue")}
    title = word("commitments_finding", language, of=len(found), **counts)
    return View("unit_commitments", title, found, _PROMISES)


_PROMISES = {
    "unit_name": Column(Text("Đơn vị", "Unit")),
    "name": Column(Text("Chỉ tiêu", "Indicator")),
    "goal_said": Column(Text("Cam kết", "Goal"), "fraction"),
    "value_said": Column(Text("Kết quả", "Result"), "fraction"),
    "due": Column(Text("Hạn", "Due"), "day"),
    "state_said": Column(Text("Tình trạng", "State")),
    "text": Column(Text("Nội dung", "What was agreed"), "prose"),
}
