"""Agenda: what a meeting looks at, in its order; views/agendas/*.toml, one file a kind of meeting."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from language import Language, Text
from metrics import INDICATORS
from views.overview import CARDS
from views.wording import inside
from warehouse.fields import LEVELS, Level
from warehouse.period import Period

MAIN = "main"  # in an agenda: each of the main targets, those of the overview
FOLDER = Path(__file__).with_name("agendas")


@dataclass(frozen=True, kw_only=True)
class Part:
    """One point of an agenda: the views shown under it, side by side; for each of some indicators where it says so."""

    id: str
    title: Text
    views: tuple[str, ...]  # names in views.pack.VIEWS
    each: tuple[str, ...] = ()  # indicators; a page for each
    level: Level | None = None  # at which units are compared; else the parts of the chosen unit
    appendix: bool = False  # in the document behind the signature, no slide
    data: bool = False  # long lists: in the workbook only

    def __post_init__(self):
        unknown = [each for each in self.each if each not in INDICATORS]
        if unknown or (self.level and self.level not in LEVELS) or not self.views:
            raise ValueError(
                f"part {self.id}: no indicators {unknown}, or level {self.level!r} is none of {LEVELS}, or no views"
            )


@dataclass(frozen=True, kw_only=True)
class Agenda:
    """The points of one kind of meeting. `kinds` are the kinds of period that it is for."""

    id: str
    label: Text  # to choose it by
    title: Text  # the period stands behind it
    kinds: tuple[str, ...]
    district: bool  # for one district, not for the province
    meets: bool = True  # a meeting goes along it; else it is what somebody is handed
    parts: tuple[Part, ...]

    def name(self, period: Period, language: Language) -> str:
        """'Họp giao ban quý II/2025'; what is summed up since January is no name of a meeting and stands apart."""
        apart = "," if period.kind == "so_far" and not self.title[language].endswith(",") else ""
        return f"{self.title[language]}{apart} {inside(period.name(language), language)}"


@cache
def agendas() -> dict[str, Agenda]:
    """Every agenda by its id, in the order of their files; ValueError, with the file, for one that cannot be used."""
    return {each.id: each for each in map(_read, sorted(FOLDER.glob("*.toml")))}


def _read(path: Path) -> Agenda:
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    try:
        parts = tuple(_part(each) for each in told["part"])
        flags = {"district": told.get("district", False), "meets": told.get("meets", True)}
        words = {each: Text(**told[each]) for each in ("label", "title")}
        return Agenda(id=path.stem, kinds=tuple(told["kinds"]), parts=parts, **words, **flags)
    except (KeyError, TypeError, ValueError) as wrong:
        raise ValueError(f"{path.name}: {wrong}") from wrong


def _part(told: dict[str, object]) -> Part:
    each = CARDS if told.get("each") == MAIN else tuple(told.get("each", ()))
    return Part(**{**told, "views": tuple(told["views"]), "each": each, "title": Text(**told["title"])})


def agenda_for(period: Period, level: Level) -> Agenda:
    """The agenda that fits a period and the level of the unit that meets."""
    district = level != "province"
    fitting = [each for each in agendas().values() if each.meets and each.district == district]
    return next((each for each in fitting if period.kind in each.kinds), fitting[0])
