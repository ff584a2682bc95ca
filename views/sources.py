"""What is a number made of: its formula, the units that contribute, the reports and the cells behind it."""

from dataclasses import dataclass

import pandas as pd

from language import Language, Text, day, order, word, written
from metrics.core.indicator import Indicator
from metrics.core.ledger import Ledger
from views import look
from views.shown import behind, level_below, value_heading
from views.view import Choice, Column, View
from warehouse.fields import FIELDS, LEVELS
from warehouse.period import Period
from warehouse.schedule import DUTY_OF

SHOWN = 200  # cells listed on a screen; a file holds all
PART_NAMES = {
    "numerator": Text("tử số", "numerator"),
    "denominator": Text("mẫu số", "denominator"),
    "numerator + denominator": Text("tử số, mẫu số", "numerator, denominator"),
}


@dataclass(frozen=True)
class Number:
    """One number as a sum in words, and what is to be known of it."""

    said: str
    facts: tuple[tuple[str, str], ...]  # what, how much
    status: str


def number(of: str, choice: Choice, ledger: Ledger) -> Number | None:
    """The number of a unit, khu/ấp among them; None where the indicator cannot be said of it."""
    language, indicator = choice.language, choice.indicator
    results = ledger.near(of, (choice.period,), (indicator.id,), hamlets=True)
    own = results[results.unit == of]
    if own.empty:
        return None
    row = own.iloc[0]
    name, period = path_name(of, ledger.units(choice.period)), choice.period.name(language)
    told = {"indicator": indicator.short[language], "unit": name, "period": period}
    value = look.value_of(row.value, indicator, language)
    said = word("number_is", language, value=_quotient(row, indicator, value, language), **told)
    if pd.isna(row.value):
        key = "number_not_applicable" if row.status == "not_applicable" else "number_unknown"
        said = word(key, language, reports=int(row.reports), due=int(row.reports_due), **told)
    return Number(said, tuple(_facts(row, indicator, language)), row.status)


def path_name(of: str, units: pd.DataFrame) -> str:
    """A khu/ấp with its commune: many bear the same name."""
    own = units.loc[of]
    return own.full_name if own.level != "hamlet" else f"{own.full_name}, {units.full_name[own.parent]}"


def _quotient(row: pd.Series, indicator: Indicator, value: str, language: Language) -> str:
    """25,4 % = 42.100 / 165.768; a sum alone is no quotient."""
    if indicator.denominator == "1":
        return f"{value} {indicator.unit_of_measure[language]}"
    scale = f" × {written(indicator.scale, language)}" if indicator.scale > 1 and not indicator.is_share else ""
    return f"{value} = {figure(row.numerator, language)} / {figure(row.denominator, language)}{scale}"


def figure(value: float | None, language: Language) -> str:
    """A count without decimals, an amount with one."""
    if value is None or pd.isna(value):
        return written(None, language)
    return written(float(value), language, 0 if float(value).is_integer() else 1)


def _facts(row: pd.Series, indicator: Indicator, language: Language) -> list[tuple[str, str]]:
    """Formula, numerator, denominator, target, completeness, in words."""
    told = [(word("formula", language), indicator.formula[language])]
    if indicator.denominator != "1":
        told += [(word(each, language), figure(row[each], language)) for each in ("numerator", "denominator")]
    if not pd.isna(row.target):
        target = look.target_of(indicator, row.target, language)
        key = "target_assigned" if row.assigned else "target_of_plan"
        told.append((word("target", language), word(key, language, target=target)))
    behind = word("reports_behind", language, reports=int(row.reports), due=int(row.reports_due))
    return [*told, (word("completeness", language), behind)]


def above(of: str, units: pd.DataFrame) -> list[str]:
    """The unit and those above it, the highest first."""
    path = [of]
    while (parent := units.parent.get(path[0])) in units.index:
        path.insert(0, parent)
    return path


# The units that contribute


def contributing(of: str, choice: Choice, ledger: Ledger) -> View:
    """The parts of a unit with numerator and denominator, and whether they add up to it."""
    language, indicator, units = choice.language, choice.indicator, ledger.units(choice.period)
    level = level_below(of, units)
    results = ledger.near(of, (choice.period,), (indicator.id,), hamlets=True)
    found = results[(results.parent == of) & (results.level == level)].copy()
    if level is None or LEVELS.index(indicator.finest) < LEVELS.index(level) or found.empty:
        return View("contributing", word("no_contributing", language))
    own = results[results.unit == of].iloc[0]
    found["behind"] = [behind(row) for row in found.itertuples()]
    found["by_name"] = found.unit_name.map(order)
    found = found.sort_values("by_name", ignore_index=True)
    told = int(found.numerator.notna().sum())
    what = word(f"{level}s_lower", language)
    title = word("contributing_finding", language, count=told, of=len(found), what=what)
    total = {
        "unit": of, "unit_name": word("whole", language, unit=own.unit_name), "numerator": own.numerator,
        "denominator": own.denominator, "value": own.value, "status": own.status, "chosen": True,
        "behind": behind(own),
    }  # fmt: skip
    table = pd.concat([found.assign(chosen=False), pd.DataFrame([total])], ignore_index=True)
    return View("contributing", title, table, _contributing_columns(indicator), note=_sums(found, own, choice))


def _sums(found: pd.DataFrame, own: pd.Series, choice: Choice) -> str:
    """Whether the parts add up to the whole, in figures."""
    language, indicator = choice.language, choice.indicator
    if not indicator.additive:
        return word("not_additive", language)
    parts, whole = found.numerator.sum(), own.numerator
    if pd.isna(whole):
        return ""
    if abs(parts - whole) < 1e-6:
        return word("sums_agree", language, sum=figure(whole, language))
    return word("sums_rest", language, sum=figure(parts, language), rest=figure(whole - parts, language))


def _contributing_columns(indicator: Indicator) -> dict[str, Column]:
    digits = 1 if indicator.counts == "million_vnd" else 0
    columns = {"unit_name": Column(Text("Đơn vị", "Unit"))}
    if indicator.denominator != "1":
        columns |= {
            "numerator": Column(Text("Tử số", "Numerator"), "number", digits),
            "denominator": Column(Text("Mẫu số", "Denominator"), "number", digits),
        }
    return {
        **columns,
        "value": Column(value_heading(indicator), "number", indicator.digits),
        "status": Column(Text("Đánh giá", "Status"), "status"),
        "behind": Column(Text("Báo cáo", "Reports"), "fraction"),
    }


# The figures, the reports, the cells


def named(field: str, language: Language) -> str:
    """A field in words; of a reporting rate, the reports that were due."""
    if field in FIELDS:
        return FIELDS[field].name[language]
    return word("reports_due_of", language, form=DUTY_OF[field.split("_", 1)[0]].name[language])


def figures(cells: pd.DataFrame, choice: Choice) -> View:
    """Each figure that the number is built from, with the sum of its cells."""
    language = choice.language
    if cells.empty:
        return View("figures", word("no_cells", language))
    found = cells.assign(part=cells.part.where(cells.part != "", "numerator"))
    rows = [
        {
            "field": field, "name": named(field, language), "part": PART_NAMES[part][language],
            "sum": (pd.to_numeric(same.value) * same.share).sum(), "cells": len(same),
            "senders": same.unit_code.nunique(),
        }
        for (field, part), same in found.groupby(["field", "part"], sort=False)
    ]  # fmt: skip
    title = word("figures_finding", language, cells=written(len(cells), language), fields=cells.field.nunique())
    note = word("figures_note", language) + (f" {word('shares_note', language)}" if _is_shared(cells) else "")
    return View("figures", title, pd.DataFrame(rows), _FIGURES, note=note)


def _is_shared(cells: pd.DataFrame) -> bool:
    """Whether of some cells only a share counts: those of units that were split."""
    return bool((cells.share < 1).any())


_FIGURES = {
    "name": Column(Text("Số liệu", "Figure")),
    "part": Column(Text("Dùng cho", "Used in")),
    "sum": Column(Text("Tổng các ô", "Sum of cells"), "number"),
    "cells": Column(Text("Số ô", "Cells"), "number"),
    "senders": Column(Text("Số đơn vị", "Units"), "number"),
}


def reports_behind(cells: pd.DataFrame, choice: Choice) -> View:
    """The report files that the cells stand in, the latest first."""
    language = choice.language
    known = cells[cells.file.notna()]
    if known.empty:
        return View("reports_behind", word("no_files", language))
    groups = known.groupby(["file", "received_at", "period"], sort=False, dropna=False)
    rows = [
        {
            "file": file, "received_at": received, "period": period, "version": same.version.max(),
            "period_name": Period.parse(period).name(language), "cells": len(same),
            "sheets": ", ".join(dict.fromkeys(same.sheet.dropna())),
        }
        for (file, received, period), same in groups
    ]  # fmt: skip
    table = pd.DataFrame(rows).sort_values(["received_at", "file"], ascending=[False, True], ignore_index=True)
    title = word("files_finding", language, files=written(len(table), language), last=day(table.received_at[0].date()))
    return View("reports_behind", title, table, _FILES)


_FILES = {
    "file": Column(Text("Tệp báo cáo", "Report file")),
    "period_name": Column(Text("Kỳ", "Period")),
    "version": Column(Text("Bản", "Version"), "number"),
    "received_at": Column(Text("Ngày nhận", "Received"), "day"),
    "sheets": Column(Text("Trang tính", "Sheets")),
    "cells": Column(Text("Số ô dùng", "Cells used"), "number"),
}


def listed(cells: pd.DataFrame, choice: Choice, ledger: Ledger) -> View:
    """Every cell: whose, of which report, sheet and cell, and what stands in it. A page lists the first SHOWN."""
    language = choice.language
    if cells.empty:
        return View("cells", word("no_cells", language))
    units = ledger.units(choice.period)
    names = {each: path_name(each, units) for each in cells.unit_code.unique() if each in units.index}
    table = cells.assign(
        unit_name=[names.get(code, name) for code, name in zip(cells.unit_code, cells.unit_name, strict=True)],
        name=[named(each, language) for each in cells.field],
        part=[PART_NAMES.get(each, PART_NAMES["numerator"])[language] for each in cells.part],
        period_name=[Period.parse(each).short() for each in cells.period],
        value=pd.to_numeric(cells.value).astype(float),
        percent=100 * cells.share,
    )
    columns = _CELLS | (_SHARE if _is_shared(cells) else {})
    title = word("cells_finding", language, count=written(len(cells), language))
    if len(cells) > SHOWN:
        told = {"shown": written(SHOWN, language), "of": written(len(cells), language)}
        return View("cells", title, table, columns, hint=word("cells_shown", language, **told))
    return View("cells", title, table, columns)


_SHARE = {"percent": Column(Text("Tỷ lệ tính (%)", "Share (%)"), "number", 2)}
_CELLS = {
    "unit_name": Column(Text("Đơn vị", "Unit")),
    "unit_code": Column(Text("Mã", "Code")),
    "name": Column(Text("Số liệu", "Figure"), "prose"),
    "part": Column(Text("Dùng cho", "Used in"), on_screen=False),
    "period_name": Column(Text("Kỳ", "Period")),
    "file": Column(Text("Tệp", "File")),
    "sheet": Column(Text("Trang tính", "Sheet")),
    "cell": Column(Text("Ô", "Cell")),
    "version": Column(Text("Bản", "Version"), "number"),
    "value": Column(Text("Giá trị", "Value"), "number"),
}
