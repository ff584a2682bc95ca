"""What is wrong with the reports: by kind, by unit, and each problem with its file and cell."""

import json
from collections.abc import Callable

import pandas as pd

from language import Language, Text, order, word, written
from metrics import INDICATORS
from metrics.core.ledger import Ledger
from metrics.core.memory import remembered
from views.shown import ever_behind, is_whole
from views.view import Choice, Column, View
from warehouse.fields import FIELDS
from warehouse.period import Period
from warehouse.rows import each_once, rows

NameOf = Callable[[str, Language], str]  # what a kind of problem is called
Told = Callable[[str, str, dict[str, str], Language], str]  # a problem in words, and what to do
PLACE = {
    "file": Column(Text("Tệp", "File"), "prose"),
    "sheet": Column(Text("Trang", "Sheet")),
    "cell": Column(Text("Ô", "Cell")),
}
_FIELD_OF = {each.name.vi: each.id for each in FIELDS.values()}


def faults(choice: Choice, ledger: Ledger) -> tuple[pd.DataFrame, int]:
    """What is wrong with the reports of the chosen unit and those below it that count or wait for a better one.

    And how many problems are settled: those of versions that another has replaced. A file of which nobody knows whose
    it is belongs to the whole province.
    """
    return _faults(ledger, choice.language, choice.period, choice.unit, frozenset(ever_behind(choice, ledger)))


@remembered  # every part of the page begins with it
def _faults(
    ledger: Ledger, language: Language, period: Period, unit: str, behind: frozenset[str]
) -> tuple[pd.DataFrame, int]:
    units, found = ledger.register, ledger.problems(period)
    inside = found.unit.isin(behind)
    if is_whole(unit, units):
        inside |= found.unit.isna()
    found = found[inside].copy()
    came = ledger.reporting(Period("plan"))
    replaced = set(came[came.received_at.notna()][["unit", "period"]].itertuples(index=False, name=None))
    settled = pd.Series(
        [
            not row.standing and (row.accepted or (row.unit, row.period) in replaced)
            for row in rows(found, "standing", "accepted", "unit", "period")
        ],
        index=found.index, dtype=bool,
    )  # fmt: skip
    kept = found[~settled].reset_index(drop=True)
    kept["unit_name"] = kept.unit.map(units.full_name).fillna(word("unknown_reporter", language))
    parents = kept.unit.map(units.parent)
    kept["district"] = parents.map(units.full_name).where(parents.map(units.level) == "district", "").fillna("")
    kept["period_name"] = each_once(kept.period, lambda each: Period.parse(each).name(language)).fillna("")
    kept["said"] = [json.loads(each or "{}") for each in kept.parts.tolist()]
    kept["field"] = [_FIELD_OF.get(each.get("label", ""), "") for each in kept.said]
    return kept, int(settled.sum())


def by_kind(choice: Choice, ledger: Ledger, name_of: NameOf) -> View:
    """Each kind of problem: how many, in how many reports of how many units; what blocks first."""
    language = choice.language
    found, settled = faults(choice, ledger)
    lines = [
        {
            "kind": kind, "name": name_of(str(kind), language), "weight": weight(blocks, language),
            "problems": len(those), "reports": those.report.nunique(), "units": those.unit_name.nunique(),
        }
        for (blocks, kind), those in found.groupby(["blocks", "kind"])
    ]  # fmt: skip
    blocking = set(found[found.blocks].kind)
    lines.sort(key=lambda row: (row["kind"] not in blocking, -row["problems"]))
    columns = {
        "name": Column(Text("Loại", "Kind"), "prose"),
        "weight": Column(Text("Mức", "Weight")),
        "problems": Column(Text("Số lỗi", "Problems"), "number"),
        "reports": Column(Text("Báo cáo", "Reports"), "number"),
        "units": Column(Text("Đơn vị", "Units"), "number"),
    }
    title, note = _finding(found, choice, ledger), _settled(settled, language)
    return View("problems_by_kind", title, pd.DataFrame(lines), columns, note=note)


def _finding(found: pd.DataFrame, choice: Choice, ledger: Ledger) -> str:
    """How many, in how many reports; of none, whether anything has come that could be wrong."""
    language = choice.language
    if found.empty:
        return nothing("faults_none", choice, ledger)
    numbers = {
        "problems": len(found), "reports": found.report.nunique(), "units": found.unit.nunique(),
        "blocked": found[found.blocks].report.nunique(),
    }  # fmt: skip
    return word("faults_finding", language, **{name: written(each, language) for name, each in numbers.items()})


def nothing(key: str, choice: Choice, ledger: Ledger) -> str:
    """The word that says that nothing was found; where no report has come, that says nothing."""
    came = ledger.received(choice.period).unit
    silent = not came.isin(ever_behind(choice, ledger)).any()
    return word("nothing_to_check" if silent else key, choice.language)


def _settled(count: int, language: Language) -> str:
    return word("faults_settled", language, count=written(count, language)) if count else ""


def weight(blocks: object, language: Language) -> str:
    """By sign and word: whether a problem keeps a report out."""
    return word("blocks" if blocks else "remarks", language)


def by_unit(choice: Choice, ledger: Ledger, name_of: NameOf) -> View:
    """Each reporting unit with problems, most first: what blocks and what is noted apart, and of which kinds."""
    language, (found, _) = choice.language, faults(choice, ledger)
    who = ["unit_name", "district"]
    units = found.groupby(who).agg(
        unit=("unit", "first"), count=("kind", "size"), blocking=("blocks", "sum"), reports=("report", "nunique")
    )
    kinds: dict[tuple[str, str], list[str]] = {}
    for row in rows(found.value_counts([*who, "kind"]).reset_index()):  # the most first
        told = f"{name_of(str(row.kind), language)} {written(int(row.count), language)}"
        kinds.setdefault((row.unit_name, row.district), []).append(told)
    lines = [
        {**row._asdict(), "noted": row.count - row.blocking, "kinds": "; ".join(kinds[row.unit_name, row.district])}
        for row in rows(units.reset_index())
    ]
    lines.sort(key=lambda row: (-row["blocking"], -row["count"], order(row["unit_name"])))
    columns = {
        "unit_name": Column(Text("Đơn vị", "Unit")),
        "district": Column(Text("Thuộc", "Belongs to"), on_screen=False),
        "blocking": Column(Text("✕ Chặn", "✕ Blocking"), "number"),
        "noted": Column(Text("• Lưu ý", "• Remarks"), "number"),
        "reports": Column(Text("Báo cáo", "Reports"), "number"),
        "kinds": Column(Text("Loại và số lượng", "Kinds and how many"), "prose"),
    }
    title = ""
    if lines:
        worst = max(lines, key=lambda row: row["count"])
        title = word("faults_by_unit", language, unit=worst["unit_name"], count=written(worst["count"], language))
    return View("problems_by_unit", title, pd.DataFrame(lines), columns)


def listed(choice: Choice, ledger: Ledger, name_of: NameOf, told: Told, kind: str = "") -> View:
    """Every problem in words, with file, sheet and cell; of one kind, if one is chosen."""
    language, (found, settled) = choice.language, faults(choice, ledger)
    found = found[found.kind == kind] if kind else found
    found = found.assign(
        weight=each_once(found.blocks, lambda each: weight(each, language)),
        kind_name=each_once(found.kind, lambda each: name_of(each, language)),
        told=[told(row.kind, row.given or "", row.said, language) for row in rows(found, "kind", "given", "said")],
    )
    columns = {
        "unit_name": Column(Text("Đơn vị", "Unit")),
        "district": Column(Text("Thuộc", "Belongs to"), on_screen=False),
        "period_name": Column(Text("Kỳ", "Period")),
        "weight": Column(Text("Mức", "Weight")),
        "kind_name": Column(Text("Loại", "Kind"), on_screen=False),
        "told": Column(Text("Nội dung và cách xử lý", "What is wrong, and what to do"), "prose"),
        **PLACE,
    }
    title, note = _finding(found, choice, ledger), _settled(settled, language)
    return View("problems", title, found, columns, note=note)


def indicator_of(field: str) -> str | None:
    """An indicator that a figure goes into: the way to its sources."""
    # What a district sums up leads to what it is the sum of.
    field = field.removesuffix("_reported").removesuffix("_total")
    return next((each.id for each in INDICATORS.values() if field in each.fields), None)
