"""How does one unit stand: its scorecard, what it still lacks, and whether it will get there in time."""

import pandas as pd

from language import Language, Text, word, written
from metrics import INDICATORS, TOPICS
from metrics.core.indicator import Indicator
from metrics.core.ledger import Ledger
from views import look
from views.other_units import ESTIMATED, estimated_said
from views.overview import month_of
from views.shown import behind, heading, is_whole, root
from views.view import Choice, Column, View
from warehouse.fields import MEASURES
from warehouse.period import Period

POINTS = 7  # periods of a small line: the present one and those of the six months before it
TARGETED = tuple(each.id for each in INDICATORS.values() if each.target is not None)
STATES = {  # of pace.STATES, those that lack something, the most pressing first
    "backwards": Text("Đang giảm", "Going backwards"),
    "limited": Text("Còn cách xa nhịp cần có", "Far from the pace needed"),
    "accelerate": Text("Cần đẩy nhanh", "Needs to speed up"),
    "on_track": Text("Đúng nhịp", "On track"),
    "unknown": Text("Chưa đủ căn cứ để tính nhịp", "Pace not known"),
}
TOO_SLOW = ("backwards", "limited", "accelerate")


def scorecard(choice: Choice, ledger: Ledger, every: bool = False) -> View:
    """Each indicator that has a target and can be said of the unit, by topic; `every`: those without a target too."""
    chain = _chain(choice, ledger, every)
    now = _now(chain, choice, ledger)
    before = chain[chain.period == _before(chain, choice.period)].set_index("indicator")
    rows, lines = [], _lines(chain)
    present, earlier = ({row.Index: row for row in each.itertuples()} for each in (now, before))
    for topic in TOPICS:
        for each in topic.INDICATORS:
            if each.id in present and present[each.id].status != "not_applicable":
                was, line = earlier.get(each.id), lines[each.id]
                rows.append(_row(each, topic.NAME, present[each.id], was, line, choice))
    table = pd.DataFrame(rows)
    return View(
        "scorecard",
        _finding(now, choice, ledger),
        table,
        _columns(choice, ledger) | ({"estimated": ESTIMATED} if "estimated" in table and table.estimated.any() else {}),
        note=_note(choice, table),
        hint=_hint(choice, table),
    )


def standing(view: View, choice: Choice) -> str:
    """The scorecard in one line: how many have met, are near, are behind, are unknown."""
    if view.table.empty:
        return ""
    told, language = view.table.status.value_counts(), choice.language
    return " · ".join(
        f"{look.STATUS_SIGN[each]} {written(int(told[each]), language)} {look.STATUS_NAME[each][language].lower()}"
        for each in look.STATUSES
        if each in told.index
    )


def _chain(choice: Choice, ledger: Ledger, every: bool) -> pd.DataFrame:
    """The unit's results over the last periods of this kind, oldest first."""
    asked = [INDICATORS[each] for each in (INDICATORS if every else TARGETED)]
    return ledger.trend(choice.period, asked, POINTS, (choice.unit,))


def _now(chain: pd.DataFrame, choice: Choice, ledger: Ledger) -> pd.DataFrame:
    """The unit's present results with its places among the others; the province stands alone."""
    now = chain[chain.period == str(choice.period)].set_index("indicator")
    if is_whole(choice.unit, ledger.units(choice.period)):
        return now.assign(rank=float("nan"), ranked=0)
    units = ledger.units(choice.period)
    beside = root(units) if units.level[choice.unit] == "province" else choice.unit  # provinces stand beside each other
    found = ledger.near(beside, (choice.period,), tuple(now.index))
    return found[found.unit == choice.unit].set_index("indicator")


def _lines(chain: pd.DataFrame) -> dict[str, list[float | None]]:
    """The values of each indicator, oldest first."""
    lines: dict[str, list[float | None]] = {}
    for id, value in zip(chain.indicator, chain.value, strict=True):
        lines.setdefault(id, []).append(None if pd.isna(value) else float(value))
    return lines


def _before(chain: pd.DataFrame, period: Period) -> str:
    earlier = [each for each in chain.period.unique() if each != str(period)]
    return earlier[-1] if earlier else ""


def _row(
    indicator: Indicator, topic: Text, now: object, was: object | None, line: list[float | None], choice: Choice
) -> dict[str, object]:
    language = choice.language
    change = changed(indicator, now, was)
    return {
        "id": indicator.id, "section": topic[language], "topic": topic[language],
        "name": heading(indicator)[language], "value": now.value, "target": now.target, "status": now.status,
        "value_said": written(None if pd.isna(now.value) else now.value, language, indicator.digits),
        "target_said": look.target_of(indicator, now.target, language).removesuffix("\u00a0%"),
        "missing": now.missing, "missing_said": missing_said(now.missing, indicator, language),
        "place": f"{int(now.rank)}/{int(now.ranked)}" if not pd.isna(now.rank) and now.ranked > 1 else "–",
        "change": change, "change_said": written(change, language, indicator.digits, signed=True),
        "line": line, "reports": behind(now), "estimated": estimated_said(now.estimated, language),
        "chosen": indicator.id == choice.indicator.id,
    }  # fmt: skip


def changed(indicator: Indicator, now: object, was: object | None) -> float | None:
    """By how much a result has changed, where enough reports stand behind both.

    A count of the year so far begins anew each January: over the turn of a year no change is told of it.
    """
    if was is None or not (now.enough and was.enough) or pd.isna(now.value) or pd.isna(was.value):
        return None
    new, old = Period.parse(now.period), Period.parse(was.period)
    if indicator.accumulates and new.kind == "so_far" and new.year != old.year and new.number != old.number:
        return None
    return float(now.value - was.value)


def missing_said(missing: float, indicator: Indicator, language: Language) -> str:
    """What lacks to the target, in people, households, teams."""
    if pd.isna(missing) or missing <= 0:
        return "–"
    return f"{written(missing, language)} {MEASURES[indicator.counts][language]}"


def _finding(now: pd.DataFrame, choice: Choice, ledger: Ledger) -> str:
    """How many targets the unit has met, and what lacks of the chosen one."""
    language, unit = choice.language, ledger.units(choice.period).full_name[choice.unit]
    judged = now[now.target.notna() & now.status.isin(["met", "near", "behind"])]
    if now.reports.max() == 0 and now.reports_due.max() > 0:
        return word("profile_silent", language, unit=unit, due=int(now.reports_due.max()))
    if judged.empty:
        return word("profile_unknown", language, unit=unit)
    said = word("profile_met", language, unit=unit, met=int((judged.status == "met").sum()), of=len(judged))
    first = choice.indicator.id if choice.indicator.id in judged.index else TARGETED[0]
    for id in (first, "e_wallet_household_share"):
        if id in judged.index and judged.missing[id] > 0:
            missing, name = missing_said(judged.missing[id], INDICATORS[id], language), INDICATORS[id].short[language]
            return f"{said}; {word('profile_lacks', language, indicator=name, missing=missing)}"
    return said


def _columns(choice: Choice, ledger: Ledger) -> dict[str, Column]:
    several = not is_whole(choice.unit, ledger.units(choice.period))
    return {
        "topic": Column(Text("Chủ đề", "Topic"), on_screen=False),
        "name": Column(Text("Chỉ tiêu", "Indicator")),
        "value_said": Column(Text("Giá trị", "Value"), "fraction", in_files=False),
        "value": Column(Text("Giá trị", "Value"), "number", 1, on_screen=False),
        "target_said": Column(Text("Mục tiêu", "Target"), "fraction", in_files=False),
        "target": Column(Text("Mục tiêu", "Target"), "number", 1, on_screen=False),
        "status": Column(Text("Đánh giá", "Status"), "status"),
        "missing_said": Column(Text("Còn thiếu", "Missing"), "fraction"),
        "place": Column(Text("Hạng", "Rank"), "fraction", on_screen=several, in_files=several),
        "change_said": Column(Text("So kỳ trước", "Change"), "fraction", in_files=False),
        "change": Column(Text("So kỳ trước", "Change"), "number", 2, on_screen=False),
        "line": Column(Text("Các kỳ gần đây", "Recent periods"), "line", in_files=False),
        "reports": Column(Text("Báo cáo", "Reports"), "fraction"),
    }


def _note(choice: Choice, table: pd.DataFrame) -> str:
    if table.empty:
        return ""
    return word("scorecard_note", choice.language, period=choice.period.name(choice.language))


def _hint(choice: Choice, table: pd.DataFrame) -> str:
    return "" if table.empty else word("scorecard_hint", choice.language)


# What it lacks


def lacking(choice: Choice, ledger: Ledger) -> View:
    """Every target that the unit has not met: how much lacks, its pace, the pace needed, when it is reached."""
    language = choice.language
    pace = ledger.pace(choice.period, TARGETED, (choice.unit,))
    own = pace[(pace.state != "met") & pace.value.notna()]
    own = own.assign(order=own.state.map(list(STATES).index), place=own.indicator.map(TARGETED.index))
    own = own.sort_values(["order", "place"])
    table = pd.DataFrame([_lack(row, choice) for row in own.itertuples()])
    slow = int(own.state.isin(TOO_SLOW).sum())
    unit = ledger.units(choice.period).full_name[choice.unit]
    if table.empty:
        return View("lacking", word("lacks_nothing", language, unit=unit))
    key = "lacking_finding" if slow else "lacking_known" if (own.state == "on_track").any() else "lacking_unknown"
    title = word(key, language, unit=unit, count=len(own), slow=slow)
    return View("lacking", title, table, _LACKING, note=word("lacking_note", language))


def _lack(row: object, choice: Choice) -> dict[str, object]:
    indicator, language = INDICATORS[row.indicator], choice.language
    return {
        "id": row.indicator, "section": STATES[row.state][language], "state": STATES[row.state][language],
        "name": indicator.short[language], "missing": row.missing,
        "missing_said": missing_said(row.missing, indicator, language), "counted": MEASURES[indicator.counts][language],
        "pace": row.pace, "pace_said": _speed(row.pace, language),
        "needed": row.pace_needed, "needed_said": _speed(row.pace_needed, language),
        "projected": month_of(row.projected) if isinstance(row.projected, str) else "–",
        "chosen": row.indicator == choice.indicator.id,
    }  # fmt: skip


def _speed(pace: float, language: Language) -> str:
    if pd.isna(pace):
        return written(None, language)
    return written(pace, language, 0 if abs(pace) >= 10 or float(pace).is_integer() else 1)


_LACKING = {
    "state": Column(Text("Tiến độ", "Progress"), on_screen=False),
    "name": Column(Text("Chỉ tiêu", "Indicator")),
    "missing_said": Column(Text("Còn thiếu", "Missing"), "fraction", in_files=False),
    "missing": Column(Text("Còn thiếu", "Missing"), "number", on_screen=False),
    "counted": Column(Text("Tính bằng", "Counted in"), on_screen=False),
    "pace_said": Column(Text("Nhịp nay/tháng", "Now/month"), "fraction", in_files=False),
    "pace": Column(Text("Nhịp nay/tháng", "Now/month"), "number", 1, on_screen=False),
    "needed_said": Column(Text("Nhịp cần/tháng", "Needed/month"), "fraction", in_files=False),
    "needed": Column(Text("Nhịp cần/tháng", "Needed/month"), "number", 1, on_screen=False),
    "projected": Column(Text("Dự kiến đạt", "Reached in"), "fraction"),
}
