"""What only a meeting looks at: both ends of a ranking, who has moved, who owes reports, what might be concluded."""

import pandas as pd

from language import Text, capital, day, order, word, written
from metrics import INDICATORS
from metrics.core.ledger import Ledger
from views.commitments import followed
from views.entered import day_of
from views.leaderboard import leaderboard
from views.overview import CARDS, owed_below
from views.reports import forms, missing_now
from views.restated import restated
from views.said_target import lacking_most
from views.shown import ever_behind, heading
from views.sources import listed
from views.view import Choice, Column, View
from views.wording import counted, inside, unit

ENDS = 6  # units shown at each end of a ranking
PLACES = ("place", "moved", "unit_name", "district", "value", "status", "missing", "behind")
LATEST = 3  # units named in a conclusion


def leaders(choice: Choice, ledger: Ledger) -> View:
    """The first and the last of the leaderboard, those that have a place."""
    whole = leaderboard(choice, ledger)
    return _ends(whole, whole.table[whole.table.place.notna()], "leaders", "highest", "lowest", choice)


def movement(choice: Choice, ledger: Ledger) -> View:
    """Those that have won or lost most places since the period before, of those that had one in both."""
    whole = leaderboard(choice, ledger)
    found = whole.table[whole.table.moved.notna() & (whole.table.moved != 0)]
    found = found.sort_values(["moved", "change"], ascending=False)
    before = ledger.before(choice.period)
    if found.empty or before is None:
        return View("movement", word("no_movement", choice.language))
    title = _moved_most(found.iloc[0], found.iloc[-1], inside(before.name(choice.language), choice.language), choice)
    return _ends(whole, found, "movement", "risen", "fallen", choice, title)


def _moved_most(best: pd.Series, worst: pd.Series, before: str, choice: Choice) -> str:
    """Who has won and who has lost most places; one of them where all have moved the same way."""
    language = choice.language
    if best.moved > 0 > worst.moved:
        told = {"up": best.unit_name, "by": int(best.moved), "down": worst.unit_name, "less": int(-worst.moved)}
        return word("movement_finding", language, before=before, **told)
    key, most = ("say_risen", best) if best.moved > 0 else ("say_fallen", worst)
    said = word(key, language, names=most.unit_name, count=int(abs(most.moved)))
    return word("say_movement", language, before=before, said=said)


def _ends(whole: View, found: pd.DataFrame, id: str, first: str, last: str, choice: Choice, title: str = "") -> View:
    """Both ends of a table, each under its heading; whole where it is short."""
    count = min(ENDS, -(-len(found) // 2))
    top, bottom = found.head(count), found.tail(min(ENDS, len(found) - count))
    if id == "movement":
        top, bottom = top[top.moved > 0], bottom[bottom.moved < 0]
    table = pd.concat([
        top.assign(section=word(first, choice.language)), bottom.assign(section=word(last, choice.language))
    ], ignore_index=True)  # fmt: skip
    columns = {name: whole.columns[name] for name in PLACES if name in whole.columns}
    columns["value"] = Column(heading(choice.indicator), "number", choice.indicator.digits)
    note = word(
        "ends_note",
        choice.language,
        shown=written(len(table), choice.language),
        of=written(len(found), choice.language),
    )
    return View(id, title or whole.title, table, columns, note=note)


def restated_since(choice: Choice, ledger: Ledger) -> View | None:
    """Which figures that lay before the meeting that changes are told since are others now; None without one."""
    met = ledger.meeting_before(choice.period)
    return restated(choice, ledger, met) if met else None


def cells(choice: Choice, ledger: Ledger) -> View:
    """Every cell of every report behind the unit's result: those listed reproduce its numerator and denominator."""
    return listed(ledger.trace(choice.indicator, choice.unit, choice.period), choice, ledger)


# Reports


def late(choice: Choice, ledger: Ledger) -> View:
    """Who still owes which reports on the day of the pack, form by form, the most first."""
    language = choice.language
    told = {form: (name, missing_now(choice, ledger, form)) for form, name in forms(choice, ledger).items()}
    tables = [view.table.assign(section=name, form=name) for name, view in told.values() if len(view.table)]
    if not tables:
        return View("late", word("nothing_missing_at_all", language, day=day(ledger.today)))
    found = pd.concat(tables, ignore_index=True)
    columns = next(view.columns for _, view in told.values() if len(view.table))
    title = word(
        "late_finding", language, units=written(found.unit.nunique(), language),
        count=written(found["count"].sum(), language), day=day(ledger.today),
    )  # fmt: skip
    return View("late", title, found, {"form": Column(Text("Mẫu", "Form"), on_screen=False), **columns})


# What might be concluded


def conclusions(choice: Choice, ledger: Ledger) -> View:
    """Proposals for the chairman to decide on: each says who is asked for what, and on which figure it rests.

    They follow from figures alone: parts with the largest gaps to a target, reports that are owed, commitments
    that are overdue. No cause is claimed.
    """
    rows = [*_targets(choice, ledger), *_reports(choice, ledger), *_overdue(choice, ledger)]
    columns = {
        "text": Column(Text("Nội dung đề nghị", "What is proposed"), "prose"),
        "who": Column(Text("Đơn vị thực hiện", "Who"), "prose"),
        "basis": Column(Text("Căn cứ số liệu", "Figure it rests on"), "prose"),
    }
    title = word("conclusions_count" if rows else "no_conclusions", choice.language, count=len(rows))
    return View("conclusions", title, pd.DataFrame(rows), columns, note=word("conclusions_note", choice.language))


def _targets(choice: Choice, ledger: Ledger) -> list[dict[str, str]]:
    """For each main target that the unit has not reached: its parts that lack most."""
    language, rows = choice.language, []
    own = ledger.near(choice.unit, (choice.period,), CARDS)
    own = own[own.unit == choice.unit].set_index("indicator")
    for id in CARDS:
        if id not in own.index or not own.missing[id] > 0 or INDICATORS[id].scheduled:
            continue
        indicator, lack = INDICATORS[id], own.missing[id]
        found = lacking_most(choice.but(indicator=indicator), ledger)
        if not found:
            continue
        each = "; ".join(
            f"{unit(name, language)} ({counted(lacks, indicator.counts, language)})" for name, lacks in found
        )
        told = {"indicator": inside(indicator.name[language], language)}
        rows.append({
            "text": word("conclude_target", language, count=counted(lack, indicator.counts, language), **told),
            "who": capital(", ".join(unit(name, language) for name, _ in found)),
            "basis": word("conclude_target_basis", language, each=each),
        })  # fmt: skip
    return rows


def _reports(choice: Choice, ledger: Ledger) -> list[dict[str, str]]:
    """Units that owe reports of the period."""
    language, owed = choice.language, owed_below(choice, ledger)
    silent = owed[owed.received_at.isna()]
    if silent.empty:
        return []
    names = ledger.register.full_name
    counts = silent.groupby("unit").size()
    who = sorted(counts.index, key=lambda each: (-counts[each], order(names.get(each, each))))
    first = capital(", ".join(unit(names.get(each, each), language) for each in who[:LATEST]))
    told = first if len(who) <= LATEST else word("and_more", language, names=first, count=len(who) - LATEST)
    return [{
        "text": word("conclude_reports", language, period=inside(choice.period.name(language), language)),
        "who": told,
        "basis": word("conclude_reports_basis", language, units=len(who), count=len(silent), day=day(ledger.today)),
    }]  # fmt: skip


def _overdue(choice: Choice, ledger: Ledger) -> list[dict[str, str]]:
    """Each commitment that is overdue is asked about."""
    language, found = choice.language, followed(choice, ledger)
    found = found[(found.state == "overdue") & found.unit.isin(ever_behind(choice, ledger))]
    return [
        {
            "text": word("conclude_overdue", language, indicator=row["name"], goal=row.goal_said),
            "who": row.unit_name,
            "basis": word(
                "conclude_overdue_basis", language, value=row.value_said, due=day(day_of(row.due)),
                met=day(row.meeting_day),
            ),
        }
        for _, row in found.iterrows()
    ]  # fmt: skip
