"""What was promised at meetings, and what has become of it: overdue, open or met, by the figures themselves."""

import pandas as pd

from language import Language, Text, day, order, word, written
from metrics import INDICATORS
from metrics.core.commitments import STATES
from metrics.core.indicator import Indicator
from metrics.core.ledger import Ledger
from views import look
from views.entered import day_of, history, units_of
from views.shown import behind_unit, is_whole, with_district, within
from views.view import Choice, Column, View
from warehouse.entries import Entry
from warehouse.fields import MEASURES
from warehouse.period import Period

SOON = 30  # days: what falls due within them is shown on the overview beside what is overdue
STATE_NAMES = {
    "overdue": Text("▼ Quá hạn, chưa đạt", "▼ Overdue, not reached"),
    "met_late": Text("▲ Đạt sau hạn", "▲ Reached after the day"),
    "open": Text("● Còn hạn", "● Not due yet"),
    "met": Text("✔ Đã đạt", "✔ Met"),
}


_STAND = {"overdue": "stand_overdue", "open": "stand_open", "met": "stand_met"}
_SECTION = {"overdue": "commitments_overdue", "open": "commitments_open", "met": "commitments_met"}


def commitments(choice: Choice, ledger: Ledger, meeting: str = "") -> View:
    """The commitments of the chosen unit and those below it, the overdue first; of one meeting (its day), or of all."""
    language, found = choice.language, followed(choice, ledger)
    if meeting:
        found = found[found.meeting.astype(str).str[:10] == meeting].reset_index(drop=True)
    counts = found.state.value_counts()
    found["section"] = [word(_SECTION[each], language, count=counts[each]) for each in found.state]
    told = ", ".join(word(_STAND[each], language, count=counts[each]) for each in STATES if each in counts)
    title = word("commitments_stand" if told else "nothing_promised", language, count=len(found), told=told)
    late = int(found.met_late.sum())
    note = word("commitments_rule", language) + (f" {word('met_late_said', language, count=late)}" if late else "")
    return View("commitments", title, found, _COLUMNS, note=note)


def followed(choice: Choice, ledger: Ledger) -> pd.DataFrame:
    """Every commitment of the chosen unit and those below it (metrics.core.commitments), with what a row says."""
    language, found = choice.language, ledger.commitments()
    units = units_of(choice, ledger, zip(found.unit, found.period, strict=True))
    found = found[found.unit.isin(within(choice.unit, units) | behind_unit(choice, ledger))].reset_index(drop=True)
    asked = [INDICATORS[each] for each in found.indicator]
    found["unit_name"], found["level"] = found.unit.map(units.full_name), found.unit.map(units.level)
    found["name"] = [each.short[language] for each in asked]
    pairs = list(zip(found.itertuples(), asked, strict=True))
    found["goal_said"] = [look.target_of(each, row.goal, language) for row, each in pairs]
    found["value_said"] = [look.value_of(row.value, each, language) for row, each in pairs]
    found["lacks"] = [_lacks(row, each) for row, each in pairs]
    found["distance"] = [_distance(*each, language) for each in zip(found.lacks, asked, strict=True)]
    found["when"] = [_when(row, language) for row in found.itertuples()]
    found["meeting_day"] = [day_of(each) for each in found.meeting]
    found["state_said"] = [
        STATE_NAMES["met_late" if row.met_late else row.state][language] for row in found.itertuples()
    ]
    found["text"] = found.text.fillna("")
    return found


def _lacks(row: object, indicator: Indicator) -> float | None:
    """How far it is from the goal, in what the indicator is measured in; below zero where it is past it."""
    if row.value is None or pd.isna(row.value):
        return None
    return round((row.goal - row.value) * (1 if indicator.better == "higher" else -1), 6)


def _distance(lacks: float | None, indicator: Indicator, language: Language) -> str:
    if lacks is None or pd.isna(lacks):
        return word("not_told", language)
    if lacks <= 0:
        return word("reached", language)
    # Never "0,0 to go" of what is not reached.
    digits = indicator.digits if lacks >= 10**-indicator.digits else 2
    what = word("percent_points", language) if indicator.is_share else MEASURES[indicator.measured_in][language]
    return word("to_go", language, count=written(lacks, language, digits), what=what)


def _when(row: object, language: Language) -> str:
    if row.state == "met":
        return ""
    key = "days_past" if row.days < 0 else "days_left"
    return word(key, language, count=written(abs(row.days), language))


_COLUMNS = {
    "unit_name": Column(Text("Đơn vị", "Unit")),
    "name": Column(Text("Chỉ tiêu", "Indicator"), "prose"),
    "goal_said": Column(Text("Cam kết", "Goal"), "fraction", in_files=False),
    "value_said": Column(Text("Kết quả", "Result"), "fraction", in_files=False),
    "goal": Column(Text("Cam kết", "Goal"), "number", 1, on_screen=False),
    "value": Column(Text("Kết quả", "Result"), "number", 1, on_screen=False),
    "lacks": Column(Text("Còn cách", "To go"), "number", 1, on_screen=False),
    "distance": Column(Text("Còn cách", "To go"), in_files=False),
    "due": Column(Text("Hạn", "Due"), "day"),
    "when": Column(Text("Thời gian", "Time"), in_files=False),
    "days": Column(Text("Số ngày còn lại", "Days left"), "number", on_screen=False),
    "state_said": Column(Text("Tình trạng", "State"), on_screen=False),
    "meeting_day": Column(Text("Cuộc họp", "Meeting"), "day"),
    "text": Column(Text("Nội dung đã hứa", "What was said"), "prose"),
}


def commitments_due(choice: Choice, ledger: Ledger) -> View:
    """For the overview: what is overdue, and what falls due within SOON days; short."""
    language, found = choice.language, followed(choice, ledger)
    found = found[(found.state == "overdue") | ((found.state == "open") & (found.days <= SOON))].reset_index(drop=True)
    overdue = int((found.state == "overdue").sum())
    told = {"overdue": overdue, "soon": len(found) - overdue, "days": SOON}
    title = word("commitments_due" if len(found) else "no_commitments_due", language, **told)
    columns = {
        "unit_name": Column(Text("Đơn vị", "Unit")),
        "name": Column(Text("Chỉ tiêu", "Indicator"), "prose"),
        "goal_said": Column(Text("Cam kết", "Goal"), "fraction"),
        "value_said": Column(Text("Kết quả", "Result"), "fraction"),
        "due": Column(Text("Hạn", "Due"), "day"),
        "state_said": Column(Text("Tình trạng", "State")),
    }
    return View("commitments_due", title, found, columns)


def meetings(choice: Choice, ledger: Ledger) -> dict[str, str]:
    """The meetings that were entered, the last first: day → '20/3/2025, Giao ban quý I/2025'."""
    found = ledger.entered("meeting").sort_values("day", ascending=False)
    return {str(row.day)[:10]: f"{day(day_of(row.day))}, {row.title}" for row in found.itertuples()}


def changes_of(names: dict[str, str], choice: Choice, ledger: Ledger) -> View:
    """What was entered about commitments and meetings, the last first."""
    entered = [*ledger.entered_of("meeting"), *ledger.entered_of("commitment")]
    first: dict[str, Entry] = {}
    for each in entered:
        first.setdefault(each.id, each)
    units = set(units_to_choose(choice, ledger))
    every = is_whole(choice.unit, ledger.units(choice.period))
    entered = [each for each in entered if every or each.kind == "meeting" or first[each.id].said["unit"] in units]

    def about(entry: Entry) -> str:
        said = first[entry.id].said
        if entry.kind == "meeting":
            return f"{word('meeting', choice.language)} {day(day_of(said['day']))}"
        indicator = INDICATORS.get(str(said["indicator"]))
        name = indicator.short[choice.language] if indicator else said["indicator"]
        return f"{names.get(str(said['unit']), said['unit'])}, {name}"

    return history(sorted(entered, key=lambda each: each.number), about, names, choice.language)


def units_to_choose(choice: Choice, ledger: Ledger) -> dict[str, str]:
    """Who may promise something: the chosen unit and those below it, down to the communes, parents first."""
    units = ledger.units(choice.period)
    found = units[units.unit.isin(within(choice.unit, units)) & (units.level != "hamlet")]
    names = with_district(found.unit, units)
    return dict(sorted(names.items(), key=lambda pair: (len(pair[0]), order(pair[1]))))


def level_of(unit: str, period: Period, ledger: Ledger) -> str:
    """The level of a unit on a period's day."""
    return str(ledger.units(period).level[unit])
