"""Figures to ask about: out of line with others, told otherwise by the district, or left blank."""

import pandas as pd

from language import Language, Text, word, written
from metrics.core.ledger import Ledger
from views.data_quality import PLACE, NameOf, faults, nothing
from views.shown import ever_behind
from views.view import Choice, Column, View
from warehouse.fields import FIELDS, LEVEL_NAMES

OUTLIERS = ("falls", "jumps", "households_move", "far_from_census")
SUMS = ("sums_differ", "tables_differ")


def outliers(choice: Choice, ledger: Ledger, name_of: NameOf) -> View:
    """Figures that do not fit what was told before or what the census counted: what to ask about."""
    language, (found, _) = choice.language, faults(choice, ledger)
    found = _compared(found[found.kind.isin(OUTLIERS)], choice, "before", "census")
    found["kind_name"] = [name_of(each, language) for each in found.kind]
    found["place"] = [each.get("unit", "") for each in found.said]
    columns = {
        "unit_name": Column(Text("Đơn vị", "Unit")),
        "place": Column(Text("Khu/ấp", "Khu/ấp")),
        "period_name": Column(Text("Kỳ", "Period")),
        "kind_name": Column(Text("Vì sao", "Why"), "prose"),
        "label": Column(Text("Số liệu", "Figure"), "prose"),
        "other": Column(Text("Trước đó", "Before"), "number"),
        "given_number": Column(Text("Báo cáo", "Told"), "number"),
        "change": Column(Text("Thay đổi", "Change"), "change"),
        "share": Column(Text("Thay đổi (%)", "Change (%)"), "change", 1),
        **PLACE,
    }
    title = nothing("outliers_none", choice, ledger)
    if len(found):
        title = word("outliers_finding", language, count=written(len(found), language))
    return View("outliers", title, found, columns, note=word("outliers_note", language))


def sums(choice: Choice, ledger: Ledger) -> View:
    """What the district tells of its communes beside what they tell themselves, the greatest difference first."""
    language, (found, _) = choice.language, faults(choice, ledger)
    found = _compared(found[found.kind.isin(SUMS)], choice, "own")
    found["of"] = [each.get("unit") or each.get("communes", "") for each in found.said]
    found["size"] = found["share"].abs()
    found = found.sort_values("size", ascending=False, ignore_index=True).drop(columns="size")
    columns = {
        "unit_name": Column(Text("Đơn vị", "Unit")),
        "period_name": Column(Text("Kỳ", "Period")),
        "label": Column(Text("Số liệu", "Figure"), "prose"),
        "given_number": Column(Text("Huyện ghi", "District says"), "number"),
        "other": Column(Text("Các xã cộng lại", "Communes add up to"), "number"),
        "of": Column(Text("Số xã", "Communes"), "fraction"),
        "change": Column(Text("Chênh lệch", "Difference"), "change"),
        "share": Column(Text("Chênh lệch (%)", "Difference (%)"), "change", 1),
        **PLACE,
    }
    title = nothing("sums_none", choice, ledger)
    if ledger.register.level.get(choice.unit) == "commune":
        title = word("sums_of_districts", language)
    if len(found):
        told = {"count": written(len(found), language), "units": written(found.unit.nunique(), language)}
        title = word("sums_finding", language, most=written(found["share"].abs().max(), language, 1), **told)
    return View("sums", title, found, columns, note=word("sums_note", language))


def _compared(found: pd.DataFrame, choice: Choice, *against: str) -> pd.DataFrame:
    """Adds what was given and what it is held against as numbers, their difference, and the figure's name."""
    language = choice.language
    other = [next((_number(said[each]) for each in against if each in said), None) for said in found.said]
    found = found.assign(
        given_number=pd.Series([_number(each) for each in found.given], index=found.index, dtype=float),
        other=pd.Series(other, index=found.index, dtype=float),
        label=[_label(row, language) for row in found.itertuples()],
    )
    found["change"] = found.given_number - found.other
    found["share"] = (100 * found.change / found.other).where(found.other != 0)
    return found.reset_index(drop=True)


def _label(row: object, language: Language) -> str:
    """What the figure is called; one that no field is called so, as the form prints it."""
    return FIELDS[row.field].name[language] if row.field else row.said.get("label", "")


def _number(text: object) -> float | None:
    try:
        return float(str(text))
    except ValueError:
        return None


def blanks(choice: Choice, ledger: Ledger) -> View:
    """How many cells of each figure were left blank in the standing reports of the unit and of all below it."""
    language, found = choice.language, ledger.filled(choice.period)
    found = found[found.unit.isin(ever_behind(choice, ledger))]
    total = found.groupby("field", sort=False)[["cells", "filled"]].sum().reset_index()
    total["blank"] = total.cells - total.filled
    total["share"] = 100 * total.blank / total.cells
    total["name"] = [FIELDS[each].name[language] for each in total.field]
    total["level_name"] = [LEVEL_NAMES[FIELDS[each].level][language] for each in total.field]
    total = total.sort_values(["share", "cells"], ascending=False, ignore_index=True)
    columns = {
        "name": Column(Text("Số liệu", "Figure"), "prose"),
        "level_name": Column(Text("Cấp", "Level")),
        "cells": Column(Text("Số ô", "Cells"), "number"),
        "blank": Column(Text("Để trống", "Blank"), "number"),
        "share": Column(Text("Để trống (%)", "Blank (%)"), "number", 1),
    }
    return View("blanks", _blank_title(total, language), total, columns, note=word("blanks_note", language))


def _blank_title(total: pd.DataFrame, language: Language) -> str:
    cells, blank = int(total.cells.sum()), int(total.blank.sum())
    if not cells:
        return word("blanks_nothing", language)
    if not blank:
        return word("blanks_none", language, cells=written(cells, language))
    share, most = (written(each, language, 1) for each in (100 * blank / cells, total["share"].max()))
    return word("blanks_finding", language, share=share, field=total.name.iloc[0], most=most)
