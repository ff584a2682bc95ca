"""In the units of which day figures are shown, when others told them: said on every page, in every pack and file."""

from dataclasses import replace
from datetime import date, timedelta

import pandas as pd

from language import Language, Text, day, word, written
from metrics.core.ledger import Ledger
from views.view import Choice, Column, View

ESTIMATED = Column(Text("Ước tính", "Estimated"))
_BY = {"people": Text("≈ theo dân số", "≈ by people"), "area": Text("≈ theo diện tích", "≈ by area")}


def units_of_said(of: date, ledger: Ledger, language: Language) -> str:
    """The units of a day in a few words: 'Từ 1/7/2025: 36 xã'; a day that is no turn is said itself."""
    breaks, count = ledger.lives.breaks, ledger.lives.communes_on(of)
    if (after := of + timedelta(days=1)) in breaks:
        return word("units_before", language, day=day(after), count=count)
    return word("units_since" if of in breaks else "units_on", language, day=day(of), count=count)


def told_in_others(choice: Choice, ledger: Ledger) -> str:
    """Who told, in whose units it is shown, and what is estimated; nothing where those who told are shown."""
    shown = ledger.shown(choice.period)
    if not shown.seen:
        return ""
    language, split = choice.language, ledger.split(choice.period)
    said = _top_said(choice, ledger) + word(
        "told_in_others", language, day=day(shown.seen), shown=ledger.lives.communes_on(shown.seen),
        told=ledger.lives.communes_on(shown.told_on), told_on=day(shown.told_on),
    )  # fmt: skip
    if split.empty:
        return said
    by = " / ".join(word(f"by_{kind}", language) for kind in sorted(set(split.kind)))
    return f"{said} {word('some_estimated', language, count=written(split.sender.nunique(), language), by=by)}"


def _top_said(choice: Choice, ledger: Ledger) -> str:
    """That the province of after a reform is here only the part of it that reports: it is larger than that."""
    units, register = ledger.units(choice.period), ledger.register
    top = units[units.level == "province"]
    before = register[(register.level == "province") & ~register.unit.isin(units.unit)]
    if top.empty or before.empty or pd.isna(top.since.iloc[0]):
        return ""
    told = word("only_part", choice.language, top=top.full_name.iloc[0], before=before.name.iloc[0])
    return f"{told} "


def made_of(choice: Choice, ledger: Ledger) -> View | None:
    """Of a unit told by others: which units told, and how much of each is shown as it; nothing where it told itself."""
    shown, language = ledger.shown(choice.period), choice.language
    if not shown.seen:
        return None
    found, register = ledger.lives.moves(shown), ledger.register
    found = found[(found.unit == choice.unit) & (found.sender != choice.unit)].reset_index(drop=True)
    if found.empty:
        return None
    found["unit_name"] = found.sender.map(register.full_name)
    found["district"] = found.sender.map(register.parent).map(register.full_name).fillna("")
    found["percent"] = 100 * found.share
    found["by"] = [estimated_said(each, language) for each in found.kind]
    title = word(
        "told_by_others", language, unit=register.full_name[choice.unit], count=len(found), day=day(shown.told_on)
    )
    return View("made_of", title, found.sort_values(["district", "unit_name"], ignore_index=True), _MADE_OF)


_MADE_OF = {
    "unit_name": Column(Text("Đơn vị báo cáo", "Unit that told")),
    "district": Column(Text("Thuộc", "Belongs to")),
    "percent": Column(Text("Phần được tính (%)", "Share counted (%)"), "number", 2),
    "by": Column(Text("Cách chia", "Shared out")),
}


def estimated_said(kind: object, language: Language) -> str:
    """'≈ theo dân số' of a result that holds the share of a unit that was split; else nothing."""
    return "" if pd.isna(kind) else _BY[str(kind)][language]


def with_units(views: list[View], choice: Choice, ledger: Ledger) -> list[View]:
    """Views for files: their notes say in whose units they are, if others told them."""
    if not (told := told_in_others(choice, ledger)):
        return views
    return [replace(view, note=" ".join(each for each in (view.note, told) if each)) for view in views]
