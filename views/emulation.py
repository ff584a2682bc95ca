"""Who may be proposed for commendation, how firm that is, and what each unit's points are made of."""

import pandas as pd

from language import Language, Text, order, word, written
from metrics import INDICATORS
from metrics.core.emulation import FULL, SHIFT, TOP, CriteriaSet, criteria, head, scores, sensitivity, shortlist
from metrics.core.ledger import Ledger
from metrics.core.memory import remembered
from views import look
from views.shown import behind, span, within
from views.view import Choice, Column, View
from warehouse.fields import LEVELS, Level
from warehouse.period import Period

POINTS = 2  # decimals
FEW = 5  # so many unknown criteria are named below the list; more stand in the evidence


def emulation(choice: Choice, ledger: Ledger, kind: str = "", top: int = TOP) -> list[View]:
    """The shortlist of a level, and the evidence of the chosen unit or of the first.

    Compared are the units within the chosen one; is that itself of the level, all of the level. `kind` narrows them
    to one type (Phường); `top` is how many are shortlisted at most (metrics.core.emulation.head).
    """
    return [the_list(choice, ledger, kind, top), evidence(choice, ledger, kind)]


def types(choice: Choice, ledger: Ledger) -> list[str]:
    """The types among the units compared (Phường, Thị trấn, Xã)."""
    units = ledger.units(choice.period)
    return sorted(set(units.type[units.index.isin(_compared(choice, ledger))]) - {None, ""}, key=order)


def _compared(choice: Choice, ledger: Ledger, kind: str = "") -> set[str]:
    units = ledger.units(choice.period)
    of_level = units[units.level == choice.level]
    if LEVELS.index(units.level[choice.unit]) < LEVELS.index(choice.level):
        of_level = of_level[of_level.unit.isin(within(choice.unit, units))]
    return set(of_level.unit[of_level.type == kind] if kind else of_level.unit)


def _scores(choice: Choice, ledger: Ledger, kind: str) -> pd.DataFrame:
    return _scored(ledger, choice.period, choice.level, tuple(sorted(_compared(choice, ledger, kind))))


@remembered  # the list and its evidence are made from the same scores
def _scored(ledger: Ledger, period: Period, level: Level, units: tuple[str, ...]) -> pd.DataFrame:
    chosen = criteria(level)
    return scores(ledger.over((period,), tuple(each.id for each in chosen.criteria), units), chosen)


# The list


def the_list(choice: Choice, ledger: Ledger, kind: str = "", top: int = TOP) -> View:
    """Units in the order of their points, with the ranks they have while weights move; those not ranked come last."""
    told, chosen, language = _scores(choice, ledger, kind), criteria(choice.level), choice.language
    if told.empty:
        return View("emulation", word("none_found", language))
    firm = sensitivity(told, SHIFT, top)
    found = shortlist(told).merge(firm.drop(columns="rank"), on="unit", how="left")
    points = told.pivot(index="unit", columns="criterion", values="points")
    parts = points.T.groupby(_part_of(chosen)).sum(skipna=False).T  # of a part not all known, no sum is told
    found = _said(found.join(points, on="unit").join(parts, on="unit"), chosen, language)
    units = ledger.units(choice.period)
    found["district"], found["kind"] = found.parent.map(units["name"]).fillna(""), found.unit.map(units.type)
    found["chosen"], found["level"] = found.unit == choice.unit, choice.level
    title = _finding(firm, kind, choice)
    return View("emulation", title, found, _columns(chosen, found), note=_note(found, chosen, top, language))


def _said(found: pd.DataFrame, chosen: CriteriaSet, language: Language) -> pd.DataFrame:
    """Adds in words what a row says, and puts those not ranked in the order of their names."""
    rows = list(found.itertuples())
    found["ranks"] = [span(row.rank_best, row.rank_worst) for row in rows]
    found["section"] = [_section(row, language) for row in rows]
    found["lacks"] = [_lacks(row, chosen) for row in rows]
    found["missing"] = [_names(names, language) for names in found.unknown]
    found["crossing"] = [_names(names, language) for names in found.crosses.astype(object).fillna("")]
    found["moved_most"] = [_names(names, language) for names in found.moved_by.astype(object).fillna("")]
    found["by_name"] = found.unit_name.map(order)
    return found.sort_values(["rank", "by_name", "unit"], na_position="last", ignore_index=True)


def _part_of(chosen: CriteriaSet) -> dict[str, str]:
    """criterion → the column that holds the points of its part of the plan."""
    return {each.id: f"part_{each.part.en}" for each in chosen.criteria}


def _section(row: object, language: Language) -> str:
    if not row.complete:
        return word("emulation_unranked", language)
    return word("emulation_listed" if row.in_top else "emulation_next", language)


def _lacks(row: object, chosen: CriteriaSet) -> str:
    """How many criteria are unknown: 13/15. Which they are stands in the evidence, and in files."""
    return "" if row.complete else f"{len(row.unknown.split())}/{len(chosen.criteria)}"


def _names(ids: str, language: Language) -> str:
    return ", ".join(INDICATORS[id].short[language] for id in ids.split())


def _first(ids: str, language: Language) -> str:
    """One criterion by name, the others counted: the full list stands in files."""
    first, *more = ids.split()
    name = _names(first, language)
    return word("emulation_more", language, names=name, count=len(more)) if more else name


def _finding(firm: pd.DataFrame, kind: str, choice: Choice) -> str:
    """Who leads, and how many of them would be on the list with other weights too."""
    language, listed = choice.language, firm[firm.in_top]
    what = word(f"{choice.level}s_lower", language)
    if kind:
        what = Text(kind.lower(), f"{what} ({kind})")[language]
    if listed.empty:
        return word("emulation_nobody", language, what=what)
    told = {"count": len(listed), "what": what, "by": written(100 * SHIFT, language)}
    if firm.stays.all():
        return word("emulation_firm", language, **told)
    return word("emulation_finding", language, **told, stay=int(listed.stays.sum()))


def _note(found: pd.DataFrame, chosen: CriteriaSet, top: int, language: Language) -> str:
    """How to read it: who has decided on the weights, what is unknown, who may come on or leave the list."""
    ranked, lacking = int(found.complete.sum()), dict.fromkeys(" ".join(found.unknown).split())
    said = [chosen.basis[language]]
    if 0 < len(lacking) <= FEW:
        said.append(word("emulation_lacking", language, names=_names(" ".join(lacking), language)))
    edge = found[found.stays.eq(False)].sort_values("rank")
    if len(edge):
        names = "; ".join(f"{row.unit_name} ({_first(row.crosses, language)})" for row in edge.itertuples())
        said.append(word("emulation_edge", language, names=names))
    if ranked:
        said.append(
            word("emulation_rule", language, count=head(ranked, top), ranked=ranked, by=written(100 * SHIFT, language))
        )
    return " ".join(said)


def _columns(chosen: CriteriaSet, found: pd.DataFrame) -> dict[str, Column]:
    """On a screen the points of each part of the plan, in files those of each criterion too."""
    columns = {
        "rank": Column(Text("Hạng", "Rank"), "number"),
        "ranks": Column(Text("±10 %", "±10 %"), "fraction"),
        "unit_name": Column(Text("Đơn vị", "Unit")),
        "district": Column(Text("Thuộc", "Belongs to"), on_screen=chosen.level == "commune"),
        "kind": Column(Text("Nhóm", "Type"), on_screen=False),  # the name begins with it
        "total": Column(Text("Điểm", "Points"), "number", POINTS),
    }
    for each in chosen.criteria:
        weight = sum(other.weight for other in chosen.criteria if other.part == each.part)
        columns[f"part_{each.part.en}"] = Column(_of(each.part, weight), "number", POINTS)
    for each in chosen.criteria:
        columns[each.id] = Column(_of(each.indicator.short, each.weight), "number", POINTS, on_screen=False)
    columns["moved_most"] = Column(
        Text("Tiêu chí làm đổi hạng nhiều nhất", "Criterion that moves it most"), on_screen=False
    )
    columns["crossing"] = Column(
        Text("Tiêu chí làm vào hoặc ra khỏi danh sách", "Criteria that take it on or off the list"), on_screen=False
    )
    if not found.complete.all():
        columns["lacks"] = Column(Text("Thiếu", "Missing"), "fraction")
        columns["missing"] = Column(
            Text("Tiêu chí chưa đủ căn cứ", "Criteria without enough to go by"), on_screen=False
        )
    return columns


def _of(name: Text, weight: float) -> Text:
    """A heading with the points there are to win."""
    return Text(f"{name.vi} ({weight:g})", f"{name.en} ({weight:g})")


# The evidence


def evidence(choice: Choice, ledger: Ledger, kind: str = "", unit: str | None = None) -> View:
    """What the points of a unit, else of the chosen one, are made of; of the first where it is not compared."""
    told, language = _scores(choice, ledger, kind), choice.language
    units = shortlist(told)
    if units.empty:
        return View("emulation_evidence", "")
    row = units.iloc[int((units.unit == (unit or choice.unit)).argmax())]
    found = told[told.unit == row.unit].reset_index(drop=True)
    indicators = [INDICATORS[each] for each in found.criterion]
    found["name"] = [each.short[language] for each in indicators]
    found["measure"] = [each.unit_of_measure[language] for each in indicators]
    found["how"] = [_how(each, language) for each in found.itertuples()]
    found["behind"] = [behind(each) for each in found.itertuples()]
    blank = dict.fromkeys(["measure", "how", "behind"], "")
    total = {"name": word("emulation_total", language), **blank, "weight": FULL, "points": row.total, "chosen": True}
    found = pd.concat([found.assign(chosen=False), pd.DataFrame([total])], ignore_index=True)
    key = "emulation_evidence" if row.complete else "emulation_no_total"
    told = {"total": written(row.total, language, POINTS), "count": len(row.unknown.split())}
    title = word(key, language, unit=row.unit_name, **told)
    return View("emulation_evidence", title, found, _evidence_columns(found), note=word("emulation_how", language))


def _evidence_columns(found: pd.DataFrame) -> dict[str, Column]:
    digits = 0 if found.weight.eq(found.weight.round()).all() else 1
    return {
        "name": Column(Text("Tiêu chí", "Criterion")),
        "value": Column(Text("Kết quả", "Result"), "number", 1),
        "measure": Column(Text("Đơn vị tính", "Measured in")),
        "numerator": Column(Text("Tử số", "Numerator"), "number"),
        "denominator": Column(Text("Mẫu số", "Denominator"), "number"),
        "how": Column(Text("So với", "Scored against")),
        "score": Column(Text("Điểm đạt (100)", "Score (100)"), "number", 1),
        "weight": Column(Text("Trọng số", "Weight"), "number", digits),
        "points": Column(Text("Điểm tính", "Points"), "number", POINTS),
        "behind": Column(Text("Báo cáo", "Reports"), "fraction"),
    }


def _how(row: object, language: Language) -> str:
    """Against what it is scored: the target, or its place among the others."""
    if row.score_by == "target":
        target = look.target_of(INDICATORS[row.criterion], row.target, language)
        return word("target_is", language, target=target)
    if not row.known:
        return word("emulation_place_unknown", language)
    place = written(row.place, language, 0 if row.place == int(row.place) else 1)
    return word("emulation_place", language, place=place, of=int(row.compared))
