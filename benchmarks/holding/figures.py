"""Which figures a page shows, and which it should: what its views say of a copy of the snapshot that served."""

import hashlib
import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from html import unescape
from pathlib import Path

from language import word, words
from metrics import INDICATORS
from metrics.core.ledger import Ledger
from pages.address import DEFAULT_INDICATOR
from pages.draw import table
from pages.explore import FIRST
from views.dictionary import dictionary
from views.explore import SHAPES, Built, built, level_for
from views.geography import geography
from views.leaderboard import leaderboard
from views.one_indicator import distribution, over_time
from views.overview import attention, cards, changes, completeness
from views.profile import scorecard, standing
from views.reports import calendar, forms, missing_now, year_of
from views.shown import root
from views.sources import contributing, number
from views.staffing_gaps import staffing_gaps
from views.unit_map import unit_map
from views.view import Choice, Column, View
from warehouse.period import Period

Told = dict[str, str]  # what is told where on a page → its words, or their sum where they are many
_PLAIN = (
    ("completeness", re.compile(r"<div class='completeness'>(.*?)</div>")),
    ("standing", re.compile(r"<div class='standing'>(.*?)</div>")),
    ("figures", re.compile(r"<div class='figure'>(.*?)</div>")),
)
_TABLE = re.compile(r"<table class='view'><caption>(.*?)</caption>(.*?)</table>", re.DOTALL)
_HEADING = re.compile(r"<h2 class='view'>(.*?)</h2>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


def seen(html: list[str]) -> Told:
    """The figures on a page that was drawn."""
    told: Told = {}
    for body in html:
        for name, pattern in _PLAIN:
            if found := pattern.findall(body):
                told[name] = _words("\t".join(found))
        for caption, rows in _TABLE.findall(body):
            told[f"table {_words(caption)}"] = _sum(rows)
        for heading in _HEADING.findall(body):
            told[_headed(_words(heading))] = ""
    return told


def _headed(text: str) -> str:
    """A heading, without the badge that may stand behind a wide space."""
    return "heading " + text.split("\xa0")[0].strip()


def _words(html: str) -> str:
    return unescape(_TAG.sub("", html))


def _sum(rows: str) -> str:
    """Of a table its words, cell by cell; links between them do not count."""
    return hashlib.sha256(_words(rows.replace("</td>", "\t")).encode()).hexdigest()[:16]


class Views:
    """What views say of one snapshot, asked as the pages ask them."""

    def __init__(self, snapshot: Path, data: Path):
        self._data = data
        self._ledger = lru_cache(maxsize=8)(lambda as_of, unit: Ledger.open(snapshot, as_of, unit))
        self.say = lru_cache(maxsize=4000)(self._say)

    def _say(self, page: str, asked: tuple[tuple[str, str], ...], unit: str) -> Told:
        """What a page should tell a reader who sees a branch (blank: all) and has asked for that."""
        told = dict(asked)
        as_of = date.fromisoformat(told["as_of"]) if "as_of" in told else None
        ledger = self._ledger(as_of, unit)
        choice = choice_of(told, ledger)
        found = {"completeness": completeness(choice, ledger), **OTHERS.get(page, _nothing)(choice, ledger)}
        for view in VIEWS[page](choice, ledger, self._data):
            if view is not None and len(view.table) and view.columns:
                found |= {key: each for key, each in seen([table(view, choice.language)]).items() if "table" in key}
        return found


def choice_of(told: dict[str, str], ledger: Ledger) -> Choice:
    """As the frame reads an address."""
    period = Period.parse(told["period"]) if "period" in told else ledger.latest
    choice = Choice(
        language=told.get("lang", "vi"),
        period=period,
        unit=told.get("unit") or root(ledger.units(period)),
        indicator=INDICATORS[told.get("indicator", DEFAULT_INDICATOR)],
        level=told.get("level", "commune"),
        as_of=ledger.as_of,
    )
    return choice.at(choice.level)


# The views of each page; of charts the table that stands beside them


def _map(choice: Choice, ledger: Ledger, data: Path) -> list[View]:
    view = unit_map(choice, ledger, geography(data))
    rows = view.table.assign(inside=word("see", choice.language))
    see = {} if choice.level == "hamlet" else {"inside": Column(words()["inside"])}
    return [View(view.id, "", rows, view.columns | see, alt=view.title)]


def _reports(choice: Choice, ledger: Ledger, data: Path) -> list[View]:
    form = next(iter(forms(choice, ledger)))
    return [calendar(choice, ledger, form, year_of(choice)), missing_now(choice, ledger, form)]


def _explore(choice: Choice, ledger: Ledger, data: Path) -> list[View]:
    indicators = tuple(dict.fromkeys([choice.indicator.id, *FIRST]))[: len(FIRST)]
    level = level_for(choice, ledger, None)
    view = built(choice, Built(indicators, (choice.period,), level, ("value",), SHAPES[0]), ledger)
    return [view] if len(view.table) else []


VIEWS: dict[str, Callable[[Choice, Ledger, Path], list[View]]] = {
    "": lambda choice, ledger, data: [attention(choice, ledger), changes(choice, ledger)],
    "ban-do": _map,
    "xep-hang": lambda choice, ledger, data: [leaderboard(choice, ledger)],
    "ho-so": lambda choice, ledger, data: [scorecard(choice, ledger)],
    "lich-bao-cao": _reports,
    "nhan-luc-con-thieu": lambda choice, ledger, data: [staffing_gaps(choice, ledger, "hamlet")],
    "mot-chi-tieu": lambda choice, ledger, data: [distribution(choice, ledger), over_time(choice, ledger)],
    "kham-pha": _explore,
    "nguon-so-lieu": lambda choice, ledger, data: [contributing(choice.unit, choice, ledger)],
    "tu-dien": lambda choice, ledger, data: [],
}


def _nothing(choice: Choice, ledger: Ledger) -> Told:
    return {}


def _number(choice: Choice, ledger: Ledger) -> Told:
    found = number(choice.unit, choice, ledger)
    return {_headed(found.said): ""} if found else {}


OTHERS: dict[str, Callable[[Choice, Ledger], Told]] = {  # what stands outside of tables
    "": lambda choice, ledger: {"figures": "\t".join(card.value for card in cards(choice, ledger))},
    "ho-so": lambda choice, ledger: {"standing": standing(scorecard(choice, ledger), choice)},
    "nguon-so-lieu": _number,
    "tu-dien": lambda choice, ledger: {_headed(dictionary(choice, ledger, "", "").title): ""},
}
