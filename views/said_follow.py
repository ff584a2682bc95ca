"""What is said of what is to be followed up: changes, reports, attention, difficulties, commitments, conclusions."""

import pandas as pd

from language import day, word, written
from metrics import INDICATORS
from metrics.core.ledger import Ledger
from views import look
from views.entered import day_of
from views.reports import RATES, year_of
from views.view import Choice, View
from views.wording import counted, inside, some, unit
from warehouse.period import Period


def _changes(view: View, choice: Choice, ledger: Ledger) -> list[str]:
    """Each main figure then and now; what cannot be compared is passed over."""
    said = [_moved(row, choice) for row in view.table.itertuples() if not pd.isna(row.change)]
    if not said:
        return [word("say_not_compared", choice.language)]
    return [f"{_since(choice, ledger)}: {'; '.join(said)}"]


def _since(choice: Choice, ledger: Ledger) -> str:
    language, before = choice.language, ledger.before(choice.period)
    met = ledger.meeting_before(choice.period)
    if met:
        return word("say_since_meeting", language, day=day(met))
    return word("say_since_period", language, period=inside(before.name(language), language) if before else "")


def _moved(row: object, choice: Choice) -> str:
    language, indicator = choice.language, INDICATORS[row.indicator]
    key = "say_changed_same" if row.change == 0 else "say_changed_up" if row.change > 0 else "say_changed_down"
    return word(
        key, language, name=inside(indicator.short[language], language),
        count=written(abs(row.change), language, indicator.digits),
        before=look.value_of(row.before, indicator, language), now=look.value_of(row.now, indicator, language),
    )  # fmt: skip


def _restated(view: View, choice: Choice, ledger: Ledger) -> list[str]:
    """How many published figures are others now, and how many were not yet told then."""
    language, late = choice.language, int((view.table.kind == "late").sum())
    told = {"say_restated": len(view.table) - late, "say_restated_late": late}
    since = day(ledger.meeting_before(choice.period))
    return [word(key, language, count=written(n, language), day=since) for key, n in told.items() if n]


def _late(view: View, choice: Choice, ledger: Ledger) -> list[str]:
    """The rates of the year; who owes how many reports on the day."""
    language, owed = choice.language, view.table.groupby("unit")["count"].sum()
    names = view.table.drop_duplicates("unit").set_index("unit").unit_name
    first = owed.sort_values(ascending=False, kind="stable")
    most = [f"{unit(names[each], language)} ({counted(count, 'report', language)})" for each, count in first.items()]
    told = word(
        "say_late", language, day=day(ledger.today), units=written(len(owed), language),
        reports=counted(owed.sum(), "report", language), names="; ".join(most[:3]),
    )  # fmt: skip
    return [_rates(choice, ledger), told]


def _rates(choice: Choice, ledger: Ledger) -> str:
    """How many reports of the year have come, and how many in time, all forms together."""
    language, year = choice.language, Period.parse(year_of(choice))
    found = ledger.near(choice.unit, (year,), RATES)
    own = found[found.unit == choice.unit].set_index("indicator")
    if own.empty:  # the unit is not one of those that the year's figures are of
        return ""
    if own.value.isna().any():
        return word("reports_no_rate", language)
    told = {"period": year.name(language)}
    for name, id in zip(("received", "on_time"), RATES, strict=True):
        told[name] = "/".join(written(each, language) for each in own.loc[id, ["numerator", "denominator"]])
        told[f"{name}_share"] = look.value_of(own.value[id], INDICATORS[id], language)
    return word("say_rates", language, **told)


def _attention(view: View, choice: Choice, ledger: Ledger) -> list[str]:
    names = "; ".join(f"{unit(row.name_, choice.language)} ({row.why})" for row in _renamed(view).itertuples())
    return [word("say_attention", choice.language, count=written(len(view.table), choice.language), names=names)]


def _renamed(view: View) -> pd.DataFrame:
    return view.table.rename(columns={"name": "name_"})  # a row of a frame has a name of its own


def _difficulties(view: View, choice: Choice, ledger: Ledger) -> list[str]:
    """How many things are said how often, how many wait for an answer, and what most units say."""
    language, table = choice.language, view.table
    counts = {"count": len(table), "times": table.times.sum(), "open": table.open.sum()}
    told = {name: written(int(number), language) for name, number in counts.items()}
    said = [word("say_difficulties", language, **told)]
    if overdue := int(table.overdue.sum()):
        said.append(word("say_difficulties_overdue", language, count=written(overdue, language)))
    first = table.iloc[0]
    return [*said, word("say_difficulties_first", language, text=str(first.text).rstrip(". "), who=first.who)]


def _commitments(view: View, choice: Choice, ledger: Ledger) -> list[str]:
    """How many are met, open and overdue; the overdue by name, with goal and result."""
    language, table, counts = choice.language, view.table, view.table.state.value_counts()
    told = {each: written(int(counts.get(each, 0)), language) for each in ("met", "open", "overdue")}
    said = [word("say_commitments", language, count=written(len(table), language), **told)]
    late = [
        word(
            "say_commitment", language, unit=unit(row["unit_name"], language), goal=row.goal_said,
            name=row["name"], value=row.value_said, due=day(day_of(row.due)),
        )
        for _, row in table[table.state == "overdue"].iterrows()
    ]  # fmt: skip
    return [*said, word("say_commitments_overdue", language, names=some(late, language)) if late else ""]


def _conclusions(view: View, choice: Choice, ledger: Ledger) -> list[str]:
    return [word("say_conclusions", choice.language, count=written(len(view.table), choice.language))]


SAYS = {
    "changes": _changes,
    "restated": _restated,
    "late": _late,
    "attention": _attention,
    "difficulties": _difficulties,
    "commitments": _commitments,
    "conclusions": _conclusions,
}
