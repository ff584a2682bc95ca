"""Who lacks how many members or teams, by name, down to the khu/ấp; who did not report stands apart."""

from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go

from language import Language, Text, order, word, written
from metrics.core.ledger import Ledger
from metrics.staffing import FORMATION_FLOOR, HAMLET_TEAM_FLOOR, TEAM_FLOOR
from views import look
from views.charts import Drawing
from views.shown import is_whole, within
from views.view import Choice, Column, View
from warehouse.fields import LEVELS, Level

STATES = ("without", "short", "unknown", "enough")  # what is known of a unit's team; in this order they are shown


@dataclass(frozen=True)
class Tier:
    """One kind of team: who must have it, how large it must be, and in which figures it is told."""

    level: Level
    name: Text
    team: Text
    teams: str  # the field that counts them
    members: str  # the field that is held against the floor
    trained: str
    floor: int
    indicator: str  # the same shortfall, summed


TIERS = {
    "hamlet": Tier(
        "hamlet", Text("Tổ (khu/ấp)", "Khu/ấp teams (Tổ)"), Text("Tổ", "Tổ"),
        "hamlet_teams", "hamlet_team_members", "hamlet_team_trained", HAMLET_TEAM_FLOOR, "hamlet_team_shortfall",
    ),
    "group": Tier(
        "hamlet", Text("Nhóm (tổ dân phố)", "Neighbourhood groups (Nhóm)"), Text("Nhóm", "Nhóm"),
        "groups", "groups", "", 0, "neighbourhood_group_coverage",  # the floor is one for each neighbourhood
    ),
    "commune": Tier(
        "commune", Text("Đội (xã)", "Commune teams (Đội)"), Text("Đội", "Đội"),
        "commune_teams", "commune_team_members", "commune_team_trained", TEAM_FLOOR, "commune_team_shortfall",
    ),
    "district": Tier(
        "district", Text("Đội hình (huyện)", "District formations (Đội hình)"), Text("Đội hình", "Đội hình"),
        "formations", "formation_members", "formation_trained", FORMATION_FLOOR, "district_formation_shortfall",
    ),
}  # fmt: skip


def tiers(choice: Choice, ledger: Ledger) -> dict[str, Tier]:
    """The tiers that there are within the chosen unit."""
    units = ledger.units(choice.period)
    there = set(units.level.reindex(within(choice.unit, units)))  # after the reform there are no districts
    return {id: tier for id, tier in TIERS.items() if tier.level in there}


def held_against_floor(choice: Choice, ledger: Ledger, tier: str) -> pd.DataFrame:
    """Every unit of a tier within the chosen one: teams, members, floor, lacks, trained, state (STATES)."""
    told, units = TIERS[tier], ledger.units(choice.period)
    asked = [told.teams, told.members, *([told.trained] if told.trained else ["neighbourhoods"])]
    found = ledger.figures(choice.period, tuple(dict.fromkeys(asked)))
    found = found[(found.level == told.level) & found.unit.isin(within(choice.unit, units))].reset_index(drop=True)
    table = found[["unit", "unit_name", "parent"]].assign(
        above=found.parent.map(units.full_name), top=found.parent.map(units.parent).map(units.full_name),
        teams=found[told.teams], members=found[told.members],
        floor=found.neighbourhoods if tier == "group" else told.floor,
        trained=found[told.trained] if told.trained else None,
    )  # fmt: skip
    known = table.floor.notna() & table.members.notna() if tier == "group" else found[asked[:2]].notna().any(axis=1)
    table["lacks"] = (table.floor - table.members.fillna(0)).clip(lower=0).where(known)
    table["state"] = "unknown"
    table.loc[known, "state"] = "enough"
    table.loc[known & (table.lacks > 0), "state"] = "short"
    table.loc[known & (table.lacks > 0) & (table.teams.fillna(table.members).fillna(0) == 0), "state"] = "without"
    return table


def staffing_gaps(choice: Choice, ledger: Ledger, tier: str) -> View:
    """Those of a tier that lack something, without a team first, then the greatest lack; the silent at the end."""
    language, held = choice.language, held_against_floor(choice, ledger, tier)
    found = held[held.state != "enough"]
    by_name = {f"by_{name}": _places(found[name]) for name in ("top", "above", "unit_name")}
    found = found.assign(at=found.state.map(STATES.index), **by_name)
    found = found.sort_values(["at", "lacks", *by_name], ascending=[True, False, True, True, True], ignore_index=True)
    found["exists"] = found.state.map({each: _exists(each, language) for each in STATES})
    sections = {state: _section(state, found, tier, language) for state in found.state.unique()}
    found["section"] = found.state.map(sections)
    columns = _columns(choice, ledger, tier)
    note = word("gaps_groups_rule" if tier == "group" else "gaps_rule", language)
    return View(f"staffing_gaps_{tier}", finding(held, tier, choice), found, columns, note=note)


def _places(names: pd.Series) -> pd.Series:
    """The place of each name among all, in the order of the language."""
    among = sorted(names.dropna().unique(), key=order)
    return names.map({name: place for place, name in enumerate(among)})


def _exists(state: str, language: Language) -> str:
    if state == "unknown":
        return "–"
    return word("no" if state == "without" else "yes", language)


def _section(state: str, found: pd.DataFrame, tier: str, language: Language) -> str:
    return _said(state, int((found.state == state).sum()), TIERS[tier], language)


_SAID = {"without": "gaps_without", "short": "gaps_short", "unknown": "gaps_unknown"}


def _said(state: str, count: int, tier: Tier, language: Language) -> str:
    """57 Tổ chưa đủ 10 người; of groups there is no floor but the neighbourhoods."""
    key = _SAID[state] if tier.floor or state != "short" else "gaps_few_groups"
    places = word(f"{tier.level}s_lower", language)
    return word(
        key, language, count=written(count, language), team=tier.team[language], places=places, floor=tier.floor
    )


def finding(held: pd.DataFrame, tier: str, choice: Choice) -> str:
    """How many lack something, how many people that is, and of how many nothing is known."""
    language, told, counts = choice.language, TIERS[tier], held.state.value_counts()
    said = [_said(each, int(counts[each]), told, language) for each in ("short", "without") if each in counts]
    if said:
        what = word(
            "gaps_groups" if tier == "group" else "gaps_people", language, count=written(held.lacks.sum(), language)
        )
        said = [f"{', '.join(said)}, {what}" if language == "vi" else f"{'; '.join(said)}; {what}"]
    elif "enough" in counts:
        said = [word("gaps_none", language, count=int(counts.enough), places=word(f"{told.level}s_lower", language))]
    if "unknown" in counts:
        said.append(_said("unknown", int(counts.unknown), told, language))
    return "; ".join(said)


def _columns(choice: Choice, ledger: Ledger, tier: str) -> dict[str, Column]:
    told, units = TIERS[tier], ledger.units(choice.period)
    of_districts = is_whole(choice.unit, units) and (units.level == "district").any()  # there are none after the reform
    columns = {"unit_name": Column(Text("Đơn vị", "Unit"))}
    if told.level != "district":
        columns["above"] = Column(Text("Thuộc", "Belongs to"))
    if told.level == "hamlet":
        columns["top"] = Column(Text("Huyện", "District"), on_screen=bool(of_districts))
    columns["exists"] = Column(Text(f"Đã có {told.team.vi}", f"Has a {told.team.en}"))
    if tier == "group":
        return columns | {
            "members": Column(Text("Số Nhóm", "Groups"), "number"),
            "floor": Column(Text("Tổ dân phố", "Neighbourhoods"), "number"),
            "lacks": Column(Text("Thiếu Nhóm", "Lacks groups"), "number"),
        }
    return columns | {
        "members": Column(Text("Thành viên", "Members"), "number"),
        "floor": Column(Text("Cần có", "Needed"), "number"),
        "lacks": Column(Text("Còn thiếu", "Lacks"), "number"),
        "trained": Column(Text("Đã tập huấn", "Trained"), "number"),
    }


# Where the lack is


def gaps_by_part(choice: Choice, ledger: Ledger, tier: str) -> View | None:
    """What is lacking in each part of the chosen unit as bars; None where the parts are no larger than its units, and
    where it has none: of the khu/ấp after the reform of 2025 nobody has told yet.
    """
    language, units = choice.language, ledger.units(choice.period)
    parts = units[units.parent == choice.unit]
    if parts.empty or LEVELS.index(parts.level.iloc[0]) >= LEVELS.index(TIERS[tier].level):
        return None
    held = held_against_floor(choice, ledger, tier)
    if held.empty:
        return None
    above, those = dict(zip(units.index, units.parent, strict=True)), set(parts.unit)
    held["part"] = [_part_of(unit, those, above) for unit in held.unit]
    found = held.groupby("part").agg(
        lacks=("lacks", "sum"), unknown=("state", lambda states: (states == "unknown").sum())
    )
    for state in ("without", "short"):
        found[state] = held[held.state == state].groupby("part").size().reindex(found.index, fill_value=0)
    found = found.assign(unit=found.index, unit_name=parts["name"].reindex(found.index))
    found = found.sort_values(["lacks", "unit"], ascending=[False, True], ignore_index=True)
    found["told"] = [_bar_said(row, language) for row in found.itertuples()]
    what = word("gaps_groups_where" if tier == "group" else "gaps_people_where", language)
    alt = f"{what}: {'; '.join(f'{row.unit_name} {row.told}' for row in found.itertuples())}"
    columns = {
        "unit_name": Column(Text("Đơn vị", "Unit")),
        "lacks": Column(Text("Còn thiếu", "Lacks"), "number"),
        "short": Column(Text("Chưa đủ", "Too few"), "number"),
        "without": Column(Text("Chưa có", "Without"), "number"),
        "unknown": Column(Text("Chưa báo cáo", "No report"), "number"),
    }
    title = _most(found, tier, language)
    return View(f"staffing_gaps_{tier}_by_part", title, found, columns, _bars(found, language), alt)


def _most(found: pd.DataFrame, tier: str, language: Language) -> str:
    """Where most is lacking, as a finding; all of them alike is none."""
    most = found[found.lacks == found.lacks.max()]
    told = {"names": ", ".join(most.unit_name), "count": written(most.lacks.iloc[0], language)}
    if len(most) == len(found):
        return word("gaps_groups_where" if tier == "group" else "gaps_people_where", language)
    return word("gaps_groups_most" if tier == "group" else "gaps_people_most", language, **told)


def _part_of(unit: str, parts: set[str], above: dict[str, str]) -> str:
    while unit not in parts:
        unit = above[unit]
    return unit


def _bar_said(row: object, language: Language) -> str:
    """The number at the end of a bar, with those of whom nothing is known: a short bar must not look good for that."""
    lacks = written(row.lacks, language)
    return word("gaps_and_unknown", language, lacks=lacks, unknown=row.unknown) if row.unknown else lacks


def _bars(found: pd.DataFrame, language: Language) -> go.Figure:
    drawing = Drawing()
    drawing.add(
        "bar", x=found.lacks, y=found.unit_name, orientation="h", marker={"color": look.ACCENT}, width=0.62,
        text=found.told, textposition="outside", cliponaxis=False, hoverinfo="skip",
    )  # fmt: skip
    top = float(found.lacks.max()) or 1
    drawing.axis("xaxis", visible=False, fixedrange=True, range=[0, top * 1.75])
    drawing.axis("yaxis", autorange="reversed", fixedrange=True, ticksuffix="  ", automargin=True)
    return drawing.plain(language, 28 * len(found) + 16)
