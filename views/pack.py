"""The pack of a meeting: the views of an agenda in order, with what is said of them; the same on paper and screen."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from hashlib import sha256

import pandas as pd

from language import Text, day, printable, small, word
from metrics import INDICATORS
from metrics.core.ledger import Ledger
from views import meeting, said
from views.agenda import Agenda, Part, agendas
from views.commitments import commitments
from views.difficulties import gathered, sayings
from views.emulation import the_list
from views.geography import Geography
from views.handout import main_targets, parts_by_target
from views.leaderboard import leaderboard
from views.other_units import told_in_others
from views.overview import CARDS, attention, changes, completeness
from views.profile import scorecard
from views.profile_history import history
from views.profile_parts import parts
from views.shown import level_below, one, within
from views.staffing_gaps import gaps_by_part, staffing_gaps, tiers
from views.standing_reports import figures_behind, reports_behind
from views.unit_map import unit_map
from views.view import Choice, View
from warehouse.fields import LEVELS

Shown = Callable[[Choice, Ledger, Geography], View | None]
Progress = Callable[[int, int, str], None]


def _gaps(tier: str) -> Shown:
    """Where a kind of team lacks most; on paper no tab above says which kind it is, so that the title does."""

    def shown(choice: Choice, ledger: Ledger, _: Geography) -> View | None:
        told = tiers(choice, ledger).get(tier)
        found = gaps_by_part(choice, ledger, tier) if told else None
        return found and replace(found, title=f"{told.name[choice.language]} – {small(found.title)}")

    return shown


def _gap_list(tier: str) -> Shown:
    return lambda choice, ledger, _: staffing_gaps(choice, ledger, tier) if tier in tiers(choice, ledger) else None


# The views that an agenda may name. Each is what a page of the screen shows, for the same choice.
VIEWS: dict[str, Shown] = {
    "scorecard": lambda choice, ledger, _: scorecard(choice, ledger),
    "main_targets": lambda choice, ledger, _: main_targets(choice, ledger),
    "parts_by_target": lambda choice, ledger, _: parts_by_target(choice, ledger),
    "history": lambda choice, ledger, _: history(choice, ledger),
    "parts": lambda choice, ledger, _: parts(choice, ledger),
    "map": unit_map,
    "leaderboard": lambda choice, ledger, _: leaderboard(choice, ledger),
    "leaders": lambda choice, ledger, _: meeting.leaders(choice, ledger),
    "movement": lambda choice, ledger, _: meeting.movement(choice, ledger),
    "changes": lambda choice, ledger, _: changes(choice, ledger),
    "restated": lambda choice, ledger, _: meeting.restated_since(choice, ledger),
    "gaps_hamlet": _gaps("hamlet"),
    "gaps_commune": _gaps("commune"),
    "gap_list_hamlet": _gap_list("hamlet"),
    "gap_list_commune": _gap_list("commune"),
    "late": lambda choice, ledger, _: meeting.late(choice, ledger),
    "attention": lambda choice, ledger, _: attention(choice, ledger),
    "difficulties": lambda choice, ledger, _: gathered(sayings(choice, ledger), choice),
    "commitments": lambda choice, ledger, _: commitments(choice, ledger),
    "conclusions": lambda choice, ledger, _: meeting.conclusions(choice, ledger),
    "emulation": lambda choice, ledger, _: the_list(choice.at("commune"), ledger),
    "figures_behind": lambda choice, ledger, _: figures_behind(choice, ledger),
    "reports_behind": lambda choice, ledger, _: reports_behind(choice, ledger),
    "cells": lambda choice, ledger, _: meeting.cells(choice, ledger),
}


NAMES = {  # of the same views, for the sheets of a workbook
    "scorecard": Text("Chỉ tiêu", "Targets"),
    "history": Text("diễn biến", "over time"),
    "parts": Text("theo đơn vị", "by unit"),
    "map": Text("Bản đồ", "Map"),
    "leaderboard": Text("Xếp hạng đầy đủ", "Whole ranking"),
    "leaders": Text("Đầu và cuối bảng", "Both ends"),
    "movement": Text("Biến động hạng", "Movement"),
    "changes": Text("Thay đổi", "Changes"),
    "restated": Text("Số đã sửa", "Restated"),
    "gaps_hamlet": Text("Thiếu ở Tổ", "Gaps, Tổ"),
    "gaps_commune": Text("Thiếu ở Đội", "Gaps, Đội"),
    "gap_list_hamlet": Text("Danh sách Tổ thiếu", "Tổ that lack"),
    "gap_list_commune": Text("Danh sách Đội thiếu", "Đội that lack"),
    "late": Text("Báo cáo còn thiếu", "Reports owed"),
    "attention": Text("Cần quan tâm", "Needs attention"),
    "difficulties": Text("Khó khăn, kiến nghị", "Difficulties"),
    "commitments": Text("Cam kết", "Commitments"),
    "conclusions": Text("Dự thảo kết luận", "Draft conclusions"),
    "emulation": Text("Khen thưởng", "Emulation"),
    "figures_behind": Text("Mẫu của từng chỉ tiêu", "Forms by indicator"),
    "reports_behind": Text("Các báo cáo nguồn", "Source reports"),
    "cells": Text("nguồn", "sources"),
    "main_targets": Text("Chỉ tiêu chính", "Main targets"),
    "parts_by_target": Text("Đơn vị theo chỉ tiêu", "Units by target"),
}


@dataclass(frozen=True)
class Page:
    """One page of a pack: `title` is its heading, `sentences` what is said of it, `notes` what a speaker should know.

    `notes` hold the definition of the indicator and how complete the figures are.
    """

    id: str
    part: Part
    title: str
    choice: Choice
    views: tuple[View, ...]
    names: tuple[str, ...]  # of its views, as in NAMES
    sentences: tuple[str, ...]
    notes: tuple[str, ...]
    result: pd.Series | None = None  # of a page of one indicator: the unit's own row (calculate.COLUMNS)


@dataclass(frozen=True)
class Pack:
    """Everything that a meeting is given. `id` names snapshot, day and choice: the same id, the same figures."""

    id: str
    agenda: Agenda
    choice: Choice
    title: str
    unit: str  # its full name
    complete: str  # how complete and how fresh the figures are
    sample: bool  # invented figures
    snapshot: str
    units_said: str  # in the units of which other day; nothing where those who told are shown
    pages: tuple[Page, ...] = field(repr=False)

    @property
    def body(self) -> tuple[Page, ...]:
        """The pages that a meeting goes through; neither appendices nor long lists."""
        return tuple(each for each in self.pages if not (each.part.appendix or each.part.data))

    @property
    def appendices(self) -> tuple[Page, ...]:
        """What stands behind the report."""
        return tuple(each for each in self.pages if each.part.appendix)

    @property
    def subtitle(self) -> str:
        """What stands under the title: the unit, and the day as of which it holds."""
        return f"{self.unit} · {word('as_of_day', self.choice.language, day=day(self.choice.as_of))}"

    def but(self, sentences: dict[str, tuple[str, ...]]) -> "Pack":
        """The same pack with other words for some of its pages (by their id): no figure of a table changes."""
        told = {id: tuple(map(printable, each)) for id, each in sentences.items()}
        pages = [replace(each, sentences=told.get(each.id, each.sentences)) for each in self.pages]
        return replace(self, pages=tuple(pages))


def pack_id(agenda: Agenda, choice: Choice, ledger: Ledger) -> str:
    """The id of a pack, before it is made: period, unit, day, and a hash of all that its figures come from.

    The indicator of the choice is among it: map and rankings are of that one.
    """
    entered = [(each.number, each.id, each.said) for kind in ("meeting", "commitment", "difficulty")
               for each in ledger.entered_of(kind)]  # fmt: skip
    agenda_text = repr(agenda)
    branch = [ledger.about["branch"]] if "branch" in ledger.about else []  # there nothing is known of other units
    units_of = [str(choice.units_of)] if choice.units_of else []
    told = [ledger.about.get("snapshot"), *branch, *units_of, str(choice.as_of), choice.unit, str(choice.period),
            choice.language, _mapped(choice).indicator.id, entered]  # fmt: skip
    digest = sha256(json.dumps([*told, agenda_text], ensure_ascii=False, default=str).encode()).hexdigest()
    return f"{choice.period}_{choice.unit}_{choice.as_of}_{choice.language}_{digest[:8]}"


def pack(
    agenda: Agenda, choice: Choice, ledger: Ledger, shapes: Geography, progress: Progress = lambda done, of, title: None
) -> Pack:
    """Make every page of an agenda. A choice without a day is taken as of the ledger's: a pack is of one day.

    ValueError when the ledger is of another day than the choice.
    """
    choice = _mapped(choice.but(as_of=choice.as_of or ledger.today))
    if ledger.as_of != choice.as_of:
        raise ValueError(f"a pack of {choice.as_of} from a ledger of {ledger.as_of}; expected the same day")
    asked, complete, pages = list(_asked(agenda, choice, ledger)), _complete(choice, ledger), []
    for done, (part, own) in enumerate(asked):
        title = _title(part, own)
        progress(done, len(asked), title)
        pages.append(_page(part, title, own, ledger, shapes, complete))
    progress(len(asked), len(asked), "")
    return Pack(
        id=pack_id(agenda, choice, ledger), agenda=agenda, choice=choice,
        title=agenda.name(choice.period, choice.language),
        unit=ledger.units(choice.period).full_name[choice.unit], complete=complete,
        sample=ledger.about.get("sample") == "1", snapshot=ledger.about.get("snapshot", ""),
        units_said=told_in_others(choice, ledger),
        pages=tuple(each for each in pages if each.views),
    )  # fmt: skip


def _complete(choice: Choice, ledger: Ledger) -> str:
    """How complete and how fresh, and in whose units, if others told."""
    told = completeness(choice, ledger), told_in_others(choice, ledger)
    return " · ".join(each for each in told if each)


def _mapped(choice: Choice) -> Choice:
    """The choice with an indicator that a map and a ranking of communes can show."""
    mapped = LEVELS.index(choice.indicator.finest) >= LEVELS.index("commune")
    return choice if mapped else choice.but(indicator=INDICATORS[CARDS[0]])


def _asked(agenda: Agenda, choice: Choice, ledger: Ledger) -> Iterator[tuple[Part, Choice]]:
    """Each page with its own choice: the parts that fit the unit, an indicator each where an agenda asks for some."""
    units = ledger.units(choice.period)
    own = LEVELS.index(units.level[choice.unit])
    for part in agenda.parts:
        for indicator in [INDICATORS[each] for each in part.each] or [choice.indicator]:
            below = level_below(choice.unit, units) or LEVELS[own]
            level = part.level if part.level and LEVELS.index(part.level) > own else below
            own_choice = choice.but(indicator=indicator, level=level).at(level)
            silent = part.each and _result(own_choice, ledger).status == "not_applicable"  # a district form in a month
            if LEVELS.index(indicator.finest) >= own and not silent:
                yield part, own_choice


def _result(choice: Choice, ledger: Ledger) -> pd.Series:
    """The chosen unit's own result of the chosen indicator."""
    found = one(choice, ledger)
    own = found[found.unit == choice.unit]
    return own.iloc[0] if len(own) else pd.Series({"value": None, "status": "not_applicable"})


def _title(part: Part, choice: Choice) -> str:
    return choice.indicator.name[choice.language] if part.each else part.title[choice.language]


def _page(part: Part, title: str, choice: Choice, ledger: Ledger, shapes: Geography, complete: str) -> Page:
    made = {each: VIEWS[each](choice, ledger, shapes) for each in part.views}
    made = {name: view for name, view in made.items() if view is not None}
    views = tuple(made.values())
    id = f"{part.id}-{choice.indicator.id}" if part.each else part.id
    return Page(
        id,
        part,
        title,
        choice,
        views,
        tuple(made),
        said.sentences(part, choice, ledger, views),
        (*_notes(part, choice, views), complete),
        _result(choice, ledger) if part.each else None,
    )


def _notes(part: Part, choice: Choice, views: tuple[View, ...]) -> tuple[str, ...]:
    """What stands behind the figures: the definition where an indicator is shown, the notes of the views."""
    language, indicator = choice.language, choice.indicator
    told = []
    if part.each or {"map", "leaders", "movement", "leaderboard"} & set(part.views):
        source = word("plan_section", language, section=indicator.source)
        told.append(f"{indicator.name[language]}: {indicator.formula[language]} ({source})")
        told += [indicator.note[language]] if indicator.note else []
    told += [each.note for each in views if each.note]
    return tuple(dict.fromkeys(told))


def districts(choice: Choice, ledger: Ledger) -> list[str]:
    """The districts within the chosen unit, each with its own appendix and handout; itself when it is one."""
    units = ledger.units(choice.period)
    inside = units[units.unit.isin(within(choice.unit, units)) & (units.level == "district")]
    return sorted(inside.unit)


def handouts(
    choice: Choice, ledger: Ledger, shapes: Geography, progress: Progress = lambda done, of, title: None
) -> list[Pack]:
    """What each district within the chosen unit is handed; the appendices of a report are made of the same."""
    found, names = districts(choice, ledger), ledger.units(choice.period).full_name
    made = []
    for done, unit in enumerate(found):
        progress(done, len(found), names[unit])
        made.append(pack(agendas()["handout"], choice.but(unit=unit), ledger, shapes))
    progress(len(found), len(found), "")
    return made
