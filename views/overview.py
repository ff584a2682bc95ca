"""The plan at a glance: each target with value, status, distance and trend; who needs attention; what has changed."""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from language import Text, day, order, word, written
from metrics import INDICATORS
from metrics.core.indicator import Indicator
from metrics.core.ledger import Ledger
from views import look
from views.shown import behind, behind_unit, within
from views.view import Choice, Column, View
from warehouse.fields import MEASURES
from warehouse.period import Period

CARDS = (
    "e_wallet_household_share",
    "online_service_account_person_share",
    "hamlet_team_compliance",
    "commune_team_compliance",
    "district_formation_compliance",
    "on_time_rate",
)
TREND = 12  # periods in a sparkline
WORST = 5


@dataclass(frozen=True)
class Card:
    """One target of the plan, in words and one small line."""

    id: str
    title: str
    value: str
    target: str
    status: str
    said: str  # the distance
    pace: str  # whether it will be reached in time
    line: tuple[float | None, ...]  # the last periods, oldest first
    goal: float | None


def cards(choice: Choice, ledger: Ledger) -> list[Card]:
    """A card for each main target of the chosen unit, reports in time among them."""
    shown, own_only = [INDICATORS[id] for id in CARDS], (choice.unit,)
    trend = ledger.trend(choice.period, shown, TREND, own_only)
    own = ledger.over((choice.period,), CARDS, own_only).set_index("indicator")
    paces = ledger.pace(choice.period, CARDS, own_only).set_index("indicator")
    return [
        _card(own.loc[each.id], paces.loc[each.id], each, trend, choice, ledger)
        for each in shown
        if each.id in own.index
    ]


def _card(
    row: pd.Series, pace: pd.Series, indicator: Indicator, trend: pd.DataFrame, choice: Choice, ledger: Ledger
) -> Card:
    values = trend[trend.indicator == indicator.id].value
    return Card(
        id=indicator.id,
        title=indicator.short[choice.language],
        value=look.value_of(row.value, indicator, choice.language),
        target=word("target_is", choice.language, target=look.target_of(indicator, row.target, choice.language)),
        status=row.status,
        said=_reports_said(choice, ledger) if indicator.scheduled else distance(row, indicator, choice),
        pace=pace_said(pace, choice),
        line=tuple(None if pd.isna(each) else float(each) for each in values),
        goal=None if pd.isna(row.target) else float(row.target),
    )


def pace_said(pace: pd.Series, choice: Choice) -> str:
    """Whether the target will be reached before the plan ends, if it goes on so; else nothing."""
    language = choice.language
    if pace.state in ("met", "unknown"):
        return ""
    if pace.state == "on_track":
        return word("pace_on_track", language, month=month_of(pace.projected))
    needed, now = (written(each, language, 0 if abs(each) >= 10 else 1) for each in (pace.pace_needed, pace.pace))
    return word("pace_short", language, needed=needed, now=now)


def month_of(text: str) -> str:
    """2025-07 as it is said in both languages: 7/2025."""
    return f"{int(text[5:])}/{text[:4]}"


def distance(row: pd.Series, indicator: Indicator, choice: Choice) -> str:
    """How far it still is to the target, or how far past it, in what the numerator counts."""
    language = choice.language
    if pd.isna(row.value):
        return f"{word('reports', language)}: {behind(row)}"
    if pd.isna(row.target):
        return word("no_target_said", language)
    what = MEASURES[indicator.counts][language]
    if row.missing > 0:
        return word("still_missing", language, count=written(row.missing, language), what=what)
    spare = row.numerator - row.target * row.denominator / 100 if indicator.is_share else 0
    if spare < 1:
        return word("reached", language)
    return word("reached_by", language, count=written(int(spare), language), what=what)


def _reports_said(choice: Choice, ledger: Ledger) -> str:
    """How many reports came late, and how many have not come."""
    owed, language = owed_below(choice, ledger), choice.language
    late, missing = int((owed.days_late > 0).sum()), int(owed.received_at.isna().sum())
    return word("on_time_said", language, late=written(late, language), missing=written(missing, language))


def owed_below(choice: Choice, ledger: Ledger) -> pd.DataFrame:
    """Every report that the chosen unit and those below it owed by the day looked at (Ledger.reporting)."""
    owed = ledger.reporting(choice.period)
    return owed[owed.unit.isin(behind_unit(choice, ledger)) & owed.due_by_now]


def attention(choice: Choice, ledger: Ledger) -> View:
    """The five parts of the unit that need attention: the silent first, then those with most households missing."""
    language, units = choice.language, ledger.units(choice.period)
    # All that the page tells of the present, the map included: one question instead of several.
    level = {"commune": "hamlet", "country": "province"}.get(units.level.get(choice.unit), "commune")
    asked = tuple(dict.fromkeys((*CARDS, around(choice, ledger).indicator.id)))
    results = ledger.near(choice.unit, (choice.period,), asked, level == "hamlet")
    wallets = results[(results.indicator == CARDS[0]) & (results.level == level)]
    wallets = wallets[wallets.unit.isin(within(choice.unit, units))]
    teams = results[results.indicator == "hamlet_team_compliance"].set_index("unit")
    wallets = wallets.assign(
        silent=wallets.reports == 0, name=wallets.unit_name.map(order), lack=wallets.missing.fillna(0)
    )
    first = wallets[wallets.silent | (wallets.lack > 0)]
    first = first.sort_values(["silent", "lack", "name"], ascending=[False, False, True]).head(WORST)
    rows = [
        {"unit": row.unit, "name": row.unit_name, "why": _why(row, teams.loc[row.unit], choice)}
        for row in first.itertuples()
    ]
    columns = {"name": Column(Text("Đơn vị", "Unit")), "why": Column(Text("Vì sao", "Why"), "prose")}
    note = word("attention_rule" if rows else "nothing_urgent", language)
    return View("attention", word("attention", language), pd.DataFrame(rows), columns, note=note)


def around(choice: Choice, ledger: Ledger) -> Choice:
    """What the small map shows: the communes of the chosen unit; of a commune, those of its district.

    What is told of the province only has no map: then the first card's.
    """
    units = ledger.units(choice.period)
    if choice.indicator.finest == "province":
        choice = choice.but(indicator=INDICATORS[CARDS[0]])
    above = units.parent.get(choice.unit) if units.level.get(choice.unit) == "commune" else None
    around_it = choice.but(unit=above if above in units.index else choice.unit)
    return around_it.at("province" if units.level.get(choice.unit) == "country" else "commune")


def _why(row: object, team: pd.Series, choice: Choice) -> str:
    language = choice.language
    if row.silent:
        return word("silent", language, count=int(row.reports_due - row.reports), due=int(row.reports_due))
    value, missing = written(row.value, language, 1), written(row.missing, language)
    said = [word("lacks", language, value=value, missing=missing)]
    if team.missing > 0:
        said.append(word("small_teams", language, count=written(team.missing, language)))
    return "; ".join(said)


def changes(choice: Choice, ledger: Ledger) -> View:
    """Each main figure of the unit now, and as it stood at the last meeting, or else in the period before."""
    language, met = choice.language, ledger.meeting_before(choice.period)
    before = _at_meeting(choice, ledger, met) if met else _period_before(choice, ledger)
    if not before:
        return View("changes", word("change", language), note=word("no_before", language))
    now = ledger.over((choice.period,), CARDS, (choice.unit,)).set_index("indicator").value
    rows = []
    for id in CARDS:
        was, value = before.get(id), now.get(id)
        change = None if pd.isna(value) or pd.isna(was) else round(value - was, INDICATORS[id].digits)
        rows.append(
            {"indicator": id, "name": INDICATORS[id].short[language], "before": was, "now": value, "change": change}
        )
    columns = {
        "name": Column(Text("Chỉ tiêu (%)", "Indicator (%)")),
        "before": Column(Text("Trước", "Before"), "number", 1),
        "now": Column(Text("Nay", "Now"), "number", 1),
        "change": Column(Text("Thay đổi", "Change"), "change", 1),
    }
    title = word("since_meeting", language, day=day(met)) if met else word("since_before", language)
    return View("changes", title, pd.DataFrame(rows), columns)


def _at_meeting(choice: Choice, ledger: Ledger, met: date) -> dict[str, float]:
    """What the meeting had before it: the year so far up to its month, as it stood on that day."""
    period = Period("so_far", met.year, met.month)
    found = ledger.at(period, CARDS, met, (choice.unit,))
    return dict(zip(found.indicator, found.value, strict=True))


def _period_before(choice: Choice, ledger: Ledger) -> dict[str, float]:
    before = ledger.before(choice.period)
    if before is None:
        return {}
    found = ledger.over((before,), CARDS, (choice.unit,))
    return dict(zip(found.indicator, found.value, strict=True))


def completeness(choice: Choice, ledger: Ledger) -> str:
    """How complete and how fresh: who has reported the last month, how many reports of the period have come."""
    language = choice.language
    owed = owed_below(choice, ledger)
    monthly = owed[owed.form == "monthly"]
    if monthly.empty:
        return word("no_report_yet", language)
    last = monthly.period.max()
    of_last = monthly[monthly.period == last]
    received = ledger.last_received
    said = word(
        "complete", language,
        reported=int(of_last.received_at.notna().sum()), units=len(of_last), month=month_of(last),
        reports=int(monthly.received_at.notna().sum()), due=len(monthly), received=day(received),
    )  # fmt: skip
    told = [said, word("data_until", language, day=day(ledger.data_until(choice.period)))]
    if met := ledger.last_meeting:
        told.append(word("last_meeting", language, day=day(met)))
    return " · ".join(told)
