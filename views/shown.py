"""What is shown of each unit: its result within the chosen unit, in words for a hover, a heading, a finding."""

from collections.abc import Iterable

import pandas as pd

from language import Language, Text, order, word, written
from metrics import INDICATORS
from metrics.core.fair_comparison import interval, placed
from metrics.core.indicator import Indicator
from metrics.core.ledger import Ledger
from metrics.core.memory import remembered
from views import look
from views.other_units import estimated_said
from views.view import Choice
from warehouse.fields import LEVELS, OF_A_PROVINCE, Level
from warehouse.period import Period
from warehouse.units import within as within


def shown(choice: Choice, ledger: Ledger) -> pd.DataFrame:
    """The results of the chosen indicator for the units of the level within the chosen unit, best first.

    Adds class (place in the legend), colour, hover and the units' district.
    """
    return _shown(ledger, choice.language, choice.period, choice.unit, choice.indicator.id, choice.level).copy()


def one(choice: Choice, ledger: Ledger) -> pd.DataFrame:
    """The results of the chosen indicator that a page about the chosen unit draws from (Ledger.near)."""
    return ledger.near(choice.unit, (choice.period,), (choice.indicator.id,), choice.level == "hamlet")


@remembered  # map, legend and list of one page are made from the same rows
def _shown(ledger: Ledger, language: Language, period: Period, unit: str, id: str, level: Level) -> pd.DataFrame:
    choice = Choice(language, period, unit, INDICATORS[id], level)
    results, units = one(choice, ledger), ledger.units(choice.period)
    found = results[results.level == choice.level]
    found = found[found.unit.isin(within(choice.unit, units))].copy()
    found["district"] = found.parent.map(units.full_name).fillna("")
    found["hover"] = [_hover(row, choice) for row in found.itertuples()]
    return found.sort_values(["rank", "unit"], na_position="last", ignore_index=True)


def root(units: pd.DataFrame) -> str:
    """The unit that all others are below: the province, or the top of the branch that a reader may see."""
    tops = units[~units.parent.isin(units.unit)]
    return str(tops.unit.iloc[0] if (whole := tops[tops.level == "province"]).empty else whole.unit.iloc[0])


def is_whole(unit: str, units: pd.DataFrame) -> bool:
    """Whether nothing stands above a unit: the country, or the province where the register holds one only."""
    level = units.level.get(unit)
    return level == "country" or (level == "province" and pd.isna(units.parent[unit]))


def parts_to_choose(units: pd.DataFrame) -> tuple[Level, ...]:
    """The levels at which parts are shown: of a province its districts and below, of the country its provinces too."""
    return LEVELS[1:] if units.level[root(units)] == "country" else OF_A_PROVINCE[1:]


def part_level(level: Level) -> Level:
    """The level of the parts of a unit of this level; a khu/ấp has none, so it is its own."""
    return LEVELS[min(LEVELS.index(level) + 1, len(LEVELS) - 1)]


def level_below(unit: str, units: pd.DataFrame) -> Level | None:
    """The level of a unit's parts: of a province without districts its communes; None of a khu/ấp."""
    own, there = units.level[unit], set(units.level[units.parent == unit])
    if own == LEVELS[-1]:
        return None
    return next((each for each in LEVELS if each in there), part_level(own))


def with_district(wanted: Iterable[str], units: pd.DataFrame) -> dict[str, str]:
    """The names of units, of a commune with its district: some communes bear the same name."""
    found = units.loc[list(dict.fromkeys(wanted))]
    above = found.parent.map(units["name"])  # the top of a branch stands alone
    of_commune = (found.level == "commune") & above.notna()
    names = found.full_name.mask(of_commune, found.full_name + ", " + above)
    return dict(zip(found.index.tolist(), names.tolist(), strict=True))


def behind_unit(choice: Choice, ledger: Ledger) -> set[str]:
    """Those that told of the chosen unit and of all below it: they, or in units of another day those that told then."""
    return ledger.senders(choice.period, within(choice.unit, ledger.units(choice.period)))


def ever_behind(choice: Choice, ledger: Ledger) -> set[str]:
    """The same, with all that were below the unit at any time: whoever reports, promises or asks for something."""
    return within(choice.unit, ledger.register) | behind_unit(choice, ledger)


def _hover(row: object, choice: Choice) -> str:
    language, indicator = choice.language, choice.indicator
    place = "" if pd.isna(row.rank) else word("of_units", language, rank=int(row.rank), of=int(row.ranked))
    lines = [
        f"<b>{row.unit_name}</b>" + (f", {row.district}" if choice.level in ("commune", "hamlet") else ""),
        f"{indicator.short[language]}: <b>{look.value_of(row.value, indicator, language)}</b>"
        f"  {look.STATUS_SIGN[row.status]} {look.STATUS_NAME[row.status][language]}",
    ]
    if not pd.isna(row.value) and indicator.is_share:
        lines.append(f"{written(row.numerator, language)} / {written(row.denominator, language)}")
    if place:
        lines.append(f"{word('rank', language)}: {place}")
    lines.append(f"{word('reports', language)}: {behind(row)}")
    if told := estimated_said(row.estimated, language):
        lines.append(told)
    return "<br>".join(lines)


def behind(row: object) -> str:
    """How many reports stand behind a result, of those due: '3/4'."""
    return f"{row.reports:.0f}/{row.reports_due:.0f}"


def span(first: float, last: float) -> str:
    """From a place to a place: '3–9'; '3' where they are one; '' where there is none."""
    if pd.isna(first):
        return ""
    return f"{first:.0f}" if first == last else f"{first:.0f}–{last:.0f}"


def compared(found: pd.DataFrame, choice: Choice) -> pd.DataFrame:
    """Adds to results what a comparison needs: low and high, place, place_best, place_worst and band among those whose
    reports are enough (fair_comparison.placed), the reports behind them, and the section of those that have no place.
    """
    indicator = choice.indicator
    low, high = interval(indicator, found.numerator, found.denominator)
    found = found.assign(low=low, high=high)
    ranked = placed(found[found.enough], indicator.better)
    for column in ("place", "place_best", "place_worst", "band"):
        found[column] = ranked[column]
    found["section"] = ["" if each else word("not_ranked", choice.language) for each in found.enough]
    found["behind"] = [behind(row) for row in found.itertuples()]
    return found


def heading(indicator: Indicator) -> Text:
    """What stands above values: the short name with its unit of measure."""
    measure = indicator.unit_of_measure
    return Text(f"{indicator.short.vi} ({measure.vi})", f"{indicator.short.en} ({measure.en})")


def value_heading(indicator: Indicator) -> Text:
    """The same where the indicator is already named above: only what it is measured in."""
    measure = indicator.unit_of_measure
    return Text(f"Giá trị ({measure.vi})", f"Value ({measure.en})")


def finding(found: pd.DataFrame, choice: Choice) -> str:
    """The heading as a finding: how many units are below the target."""
    language, indicator = choice.language, choice.indicator
    what = word(f"{choice.level}s_lower", language)
    told = found[found.value.notna()]
    below = int(told.status.isin(["near", "behind"]).sum())
    name = indicator.short[language]
    if indicator.target is None or told.empty:  # all of none have met nothing
        return word("plain_finding", language, indicator=name, count=len(told), what=what)
    if not below:
        return word("all_met", language, count=len(told), what=what, indicator=name)
    target = look.target_of(indicator, indicator.target, language)
    return word("behind_finding", language, count=below, what=what, target=target, indicator=name)


def match(found: pd.DataFrame, drawn: frozenset[str] | set[str], language: str) -> str:
    """How many units the map shows, which have no shape, and which sent nothing."""
    lost = found[~found.unit.isin(drawn)].unit_name
    silent = found[found.status == "no_report"].unit_name
    said = [word("matched", language, count=len(found) - len(lost), of=len(found))]
    if len(lost):
        said.append(word("not_on_map", language, names=_names(lost, language)))
    if len(silent):
        said.append(word("not_reported", language, names=_names(silent, language)))
    return " · ".join(said)


def _names(names: pd.Series, language: str) -> str:
    first = ", ".join(sorted(names, key=order)[:4])
    return first if len(names) <= 4 else word("and_more", language, names=first, count=len(names) - 4)
