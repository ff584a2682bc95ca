"""One unit between its parts and its peers: how its parts stand, which make up its gap, how others like it do."""

import pandas as pd

from language import Text, order, word, written
from metrics.core.fair_comparison import sizes
from metrics.core.ledger import Ledger
from views.classes import classes, legend
from views.shown import behind, compared, heading, is_whole, level_below, root, shown, value_heading
from views.view import Choice, Column, View
from warehouse.fields import LEVELS, MEASURES

MOST = 0.8  # the first parts that make up so much of what lacks are named in the heading
SIZE_NAMES = {
    "small": Text("ít hộ", "fewest households"),
    "middle": Text("số hộ trung bình", "middle by households"),
    "large": Text("đông hộ", "most households"),
}
FEW = 4  # with fewer of the same size, all of the same type are peers


def is_told_below(choice: Choice, ledger: Ledger) -> bool:
    """Whether the chosen indicator can be said of the unit's parts."""
    level = level_below(choice.unit, ledger.units(choice.period))
    return level is not None and LEVELS.index(choice.indicator.finest) >= LEVELS.index(level)


def parts(choice: Choice, ledger: Ledger) -> View:
    """The unit's own parts, best first, with the colour of their tile; those that sent nothing stand last."""
    language, indicator = choice.language, choice.indicator
    if not is_told_below(choice, ledger):
        return View("parts", word("parts_not_told", language, indicator=indicator.short[language]))
    level = level_below(choice.unit, ledger.units(choice.period))
    asked = choice.but(level=level, colouring="target")
    found = shown(asked, ledger)
    found = found[found.parent == choice.unit].reset_index(drop=True)
    colours = {key: colour for key, colour, _, _ in legend(found, asked)}
    found["colour"] = classes(found, asked).map(colours)
    found["behind"] = [behind(row) for row in found.itertuples()]
    told = int(found.value.notna().sum())
    met = int((found.status == "met").sum())
    key = "parts_finding" if indicator.target is not None and told else "plain_finding"
    what = word(f"{level}s_lower", language)
    name = indicator.short[language]
    title = word(key, language, count=told, met=met, what=what, indicator=name)
    return View("parts", title, found, _part_columns(choice, found))


def _part_columns(choice: Choice, found: pd.DataFrame) -> dict[str, Column]:
    indicator = choice.indicator
    columns = {
        "unit_name": Column(Text("Đơn vị", "Unit")),
        "value": Column(value_heading(indicator), "number", indicator.digits),
    }
    if found.target.notna().any():
        columns |= {
            "status": Column(Text("Đánh giá", "Status"), "status"),
            "missing": Column(_counted(choice, Text("Còn thiếu", "Missing")), "number"),
        }
    if indicator.denominator != "1":
        columns |= {
            "numerator": Column(Text("Tử số", "Numerator"), "number"),
            "denominator": Column(Text("Mẫu số", "Denominator"), "number"),
        }
    return {**columns, "behind": Column(Text("Báo cáo", "Reports"), "fraction")}


def _counted(choice: Choice, name: Text) -> Text:
    """A heading with what is counted: Còn thiếu (hộ)."""
    what = MEASURES[choice.indicator.counts]
    return Text(f"{name.vi} ({what.vi})", f"{name.en} ({what.en})")


# Which of them make up the gap


def gap(choice: Choice, ledger: Ledger) -> View:
    """What each part adds to the gap between the unit and its target, the most first."""
    language, name = choice.language, choice.indicator.short[choice.language]
    found = ledger.contributions(choice.indicator, choice.unit, choice.period)
    if found.empty:
        return View("gap", word("gap_not_told", language, indicator=name))
    found = found.assign(
        unit_name=found.unit_name.fillna(word("gap_rest", language)),
        section=[word("gap_lacks" if each > 0 else "gap_beyond", language) for each in found.gap],
        percent=(100 * found.share).where(found.gap > 0).astype(float),
    )
    lacks = found[(found.gap > 0) & found.unit.notna()]
    if lacks.empty:
        return View("gap", word("gap_none", language, indicator=name), found, _gap_columns(choice))
    few = int((lacks.share.cumsum() < MOST - 1e-9).sum()) + 1
    share = written(100 * lacks.share.head(few).sum(), language)
    title = word("gap_finding", language, count=few, of=int(found.unit.notna().sum()), share=share, indicator=name)
    return View("gap", title, found, _gap_columns(choice), note=word("gap_note", language))


def _gap_columns(choice: Choice) -> dict[str, Column]:
    digits = 1 if choice.indicator.counts == "million_vnd" else 0
    return {
        "unit_name": Column(Text("Đơn vị", "Unit")),
        "gap": Column(_counted(choice, Text("Thiếu", "Short")), "number", digits),
        "percent": Column(Text("Tỷ trọng (%)", "Share (%)"), "bar", 0),
    }


# Others like it


def peers(choice: Choice, ledger: Ledger) -> View:
    """The units of the same type and size beside the unit, places counted among them; its own row is marked."""
    language, indicator, units = choice.language, choice.indicator, ledger.units(choice.period)
    level, name = units.level[choice.unit], indicator.short[choice.language]
    if is_whole(choice.unit, units) or LEVELS.index(indicator.finest) < LEVELS.index(level):
        return View("peers", word("no_peers", language, indicator=name))
    alike, by_size = _alike(choice.unit, units)
    found = shown(choice.but(level=level, unit=root(units)), ledger)
    found = _compared(found[found.unit.isin(alike)], choice)
    own = found[found.unit == choice.unit].iloc[0]
    group = _group(choice, units, by_size)
    if pd.isna(own.place):
        title = word("peers_unknown", language, indicator=name, unit=own.unit_name, count=len(found), group=group)
    else:
        told = {"place": int(own.place), "of": int(found.place.notna().sum())}
        title = word("peers_finding", language, indicator=name, unit=own.unit_name, group=group, **told)
    axis = (0.0, max([1.0, *found.high.dropna(), *found.value.dropna()]), indicator.target)
    return View("peers", title, found, _peer_columns(choice), note=word("peers_note", language), axis=axis)


def _alike(unit: str, units: pd.DataFrame) -> tuple[set[str], bool]:
    """Units of the level and type, and of the same third by households where there are enough of them."""
    own, size = units.loc[unit], sizes(units)
    of_type = set(units.unit[(units.level == own.level) & (units.type == own.type)])
    of_size = {each for each in of_type if size[each] == size[unit]}
    by_size = len(of_size) >= FEW and bool(size[unit])
    return (of_size if by_size else of_type), by_size


def _group(choice: Choice, units: pd.DataFrame, by_size: bool) -> str:
    """Who is compared: phường đông hộ."""
    kind = str(units.type[choice.unit] or "")
    kind = kind.lower() if choice.language == "vi" else kind
    if not by_size:
        return kind
    size = SIZE_NAMES[str(sizes(units)[choice.unit])]
    return Text(f"{kind} {size.vi}", f"{kind}, {size.en}")[choice.language]


def _compared(found: pd.DataFrame, choice: Choice) -> pd.DataFrame:
    found = compared(found, choice)
    found["chosen"], found["by_name"] = found.unit == choice.unit, found.unit_name.map(order)
    return found.sort_values(["enough", "place", "by_name"], ascending=[False, True, True], ignore_index=True)


def _peer_columns(choice: Choice) -> dict[str, Column]:
    indicator = choice.indicator
    columns = {
        "place": Column(Text("Hạng", "Rank"), "number"),
        "unit_name": Column(Text("Đơn vị", "Unit")),
        "district": Column(Text("Thuộc", "Belongs to")),
        "value": Column(heading(indicator), "interval", indicator.digits),
    }
    if indicator.target is not None:
        columns |= {
            "status": Column(Text("Đánh giá", "Status"), "status"),
            "missing": Column(_counted(choice, Text("Còn thiếu", "Missing")), "number"),
        }
    return {**columns, "behind": Column(Text("Báo cáo", "Reports"), "fraction")}
