"""What is said of how units stand: scorecard, map, ranking, movement, gaps in staffing, shortlist."""

import pandas as pd

from language import day, word, written
from metrics import INDICATORS
from metrics.core.ledger import Ledger
from views import look
from views.overview import CARDS
from views.shown import within
from views.staffing_gaps import TIERS
from views.view import Choice, View
from views.wording import LEVEL_SAID, counted, inside, of_level, some, unit

JUDGED = ("met", "near", "behind")


def _scorecard(view: View, choice: Choice, ledger: Ledger) -> list[str]:
    """How many targets are met, near, behind, unknown; then the main ones."""
    language, counts = choice.language, view.table.status.value_counts()
    judged = int(sum(counts.get(each, 0) for each in JUDGED))
    if not judged:
        return [view.title]
    told = {each: written(int(counts.get(each, 0)), language) for each in JUDGED}
    name = unit(ledger.units(choice.period).full_name[choice.unit], language)
    said = word(
        "say_scorecard", language, period=choice.period.name(language), day=day(ledger.today), unit=name,
        of=written(judged, language), **told,
    )  # fmt: skip
    unknown = len(view.table) - judged
    more = word("say_scorecard_unknown", language, count=written(unknown, language)) if unknown else ""
    return [said, more, *_main_targets(view, choice, ledger)]


def _main_targets(view: View, choice: Choice, ledger: Ledger) -> list[str]:
    """Of the main targets, how many are met, and by how much the others are missed."""
    language = choice.language
    found = view.table[view.table["id"].isin(CARDS) & view.table.status.isin(JUDGED)]
    if found.empty:
        return []
    told = {"met": int((found.status == "met").sum()), "of": len(found)}
    lacking = found[found.missing > 0]
    if lacking.empty:
        return [word("say_main", language, **told)]
    names = "; ".join(
        f"{inside(INDICATORS[row.id].short[language], language)}"
        f" ({counted(row.missing, INDICATORS[row.id].counts, language)})"
        for row in lacking.itertuples()
    )
    return [word("say_main_lacks", language, **told, names=names)]


def _map(view: View, choice: Choice, ledger: Ledger) -> list[str]:
    """How many units have reached the target, how many have not, of how many nothing is known."""
    language, indicator, counts = choice.language, choice.indicator, view.table.status.value_counts()
    judged = int(sum(counts.get(each, 0) for each in JUDGED))
    if indicator.target is None or not judged:
        return [view.title]
    met, silent = int(counts.get("met", 0)), int(counts.get("no_report", 0))
    said = word(
        "say_map", language, met=written(met, language), of=written(len(view.table), language),
        below=written(judged - met, language), what=LEVEL_SAID[choice.level][language],
        indicator=inside(indicator.name[language], language),
        target=look.target_of(indicator, indicator.target, language),
    )  # fmt: skip
    return [said, word("say_silent", language, units=of_level(silent, choice.level, language)) if silent else ""]


def _leaders(view: View, choice: Choice, ledger: Ledger) -> list[str]:
    """Who stands first and who last, with their values."""
    language, table = choice.language, view.table
    if len(table) < 2:
        return [view.title]
    names = [_valued(row, choice) for row in table.itertuples()]
    indicator = inside(choice.indicator.name[language], language)
    return [word("say_leaders", language, indicator=indicator, first="; ".join(names[:3]), last=names[-1])]


def _valued(row: object, choice: Choice) -> str:
    value = look.value_with_measure(row.value, choice.indicator, choice.language)
    return f"{unit(row.unit_name, choice.language)} ({value})"


def _leaderboard(view: View, choice: Choice, ledger: Ledger) -> list[str]:
    language, placed = choice.language, int(view.table.place.notna().sum())
    told = {"units": of_level(len(view.table), choice.level, language), "placed": written(placed, language)}
    indicator = inside(choice.indicator.name[language], language)
    rest = written(len(view.table) - placed, language)
    return [word("say_leaderboard", language, indicator=indicator, rest=rest, **told)]


def _movement(view: View, choice: Choice, ledger: Ledger) -> list[str]:
    """Who has won and who has lost most places; several may have moved alike."""
    language, before, said = choice.language, ledger.before(choice.period), []
    for key, most in (("say_risen", view.table.moved.max()), ("say_fallen", view.table.moved.min())):
        if (most > 0) == (key == "say_risen") and most:
            alike = [unit(each, language) for each in view.table.unit_name[view.table.moved == most]]
            said.append(word(key, language, names=some(alike, language, ", "), count=written(abs(most), language)))
    if not said or before is None:
        return [view.title]
    return [word("say_movement", language, before=inside(before.name(language), language), said="; ".join(said))]


def _gaps(view: View, choice: Choice, ledger: Ledger) -> list[str]:
    """How many people a kind of team lacks, where most, and of whom nothing is known."""
    language, table = choice.language, view.table
    tier = TIERS[view.id.removeprefix("staffing_gaps_").removesuffix("_by_part")]
    sums = {each: int(table[each].fillna(0).sum()) for each in ("lacks", "short", "without", "unknown")}
    told = {name: written(count, language) for name, count in sums.items()}
    names = {"team": tier.team[language], "floor": tier.floor}
    level = LEVEL_SAID[tier.level][language]
    said = [word("say_gaps" if sums["lacks"] else "say_no_gaps", language, what=level, **names, **told)]
    units = ledger.units(choice.period)
    if sums["unknown"] >= (units.unit.isin(within(choice.unit, units)) & (units.level == tier.level)).sum():
        said = []  # nobody has reported: nothing is said of those that have
    most = table[(table.lacks == table.lacks.max()) & (table.lacks > 0)]
    if 0 < len(most) < len(table):
        name = ledger.units(choice.period).full_name
        where = some([unit(name.get(each, each), language) for each in most.unit], language, ", ")
        said.append(
            word("say_gaps_most", language, names=where, people=counted(most.lacks.iloc[0], "person", language))
        )
    if sums["unknown"]:
        said.append(word("say_gaps_unknown", language, units=of_level(sums["unknown"], tier.level, language), **names))
    return said


def _gap_list(view: View, choice: Choice, ledger: Ledger) -> list[str]:
    counts = view.table.state.value_counts()
    sums = {each: [int(counts.get(each, 0))] for each in ("short", "without", "unknown")}
    summed = pd.DataFrame({"lacks": [view.table.lacks.fillna(0).sum()], "unit": [""], **sums})
    return _gaps(View(f"{view.id}_by_part", view.title, summed), choice, ledger)


def _emulation(view: View, choice: Choice, ledger: Ledger) -> list[str]:
    """Who leads with which points; how firm that is says the finding."""
    language, table = choice.language, view.table
    listed = table[table.in_top.eq(True)]
    names = [
        f"{unit(row.unit_name, language)} ({written(row.total, language, 2)} {word('say_points', language)})"
        for row in listed.itertuples()
    ]
    return [view.title, word("say_shortlist", language, names=some(names, language)) if names else ""]


def _parts_by_target(view: View, choice: Choice, ledger: Ledger) -> list[str]:
    level = ledger.units(choice.period).level[view.table.unit.iloc[0]]
    return [word("say_by_target", choice.language, units=of_level(len(view.table), level, choice.language))]


SAYS = {
    "scorecard": _scorecard,
    "main_targets": _main_targets,
    "parts_by_target": _parts_by_target,
    "map": _map,
    "leaders": _leaders,
    "leaderboard": _leaderboard,
    "movement": _movement,
    "staffing_gaps_hamlet_by_part": _gaps,
    "staffing_gaps_commune_by_part": _gaps,
    "staffing_gaps_hamlet": _gap_list,
    "staffing_gaps_commune": _gap_list,
    "emulation": _emulation,
}
