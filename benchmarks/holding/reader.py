"""A reader at work: opens a page, looks, changes a choice or goes to another page, and comes back when cut off."""

import asyncio
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple

from benchmarks.holding.figures import Told, seen
from benchmarks.holding.place import PASSWORD, Running
from benchmarks.holding.protocol import Browser, LostError
from language import LANGUAGES, word
from metrics import INDICATORS

PAGES = {  # address → how often it is gone to
    "": 20, "ban-do": 14, "xep-hang": 14, "ho-so": 14, "lich-bao-cao": 8, "nhan-luc-con-thieu": 6, "mot-chi-tieu": 8,
    "kham-pha": 6, "nguon-so-lieu": 6, "tu-dien": 4,
}  # fmt: skip
HAS_INDICATOR = {"ban-do", "xep-hang", "nguon-so-lieu", "mot-chi-tieu"}
SHOWN = ("e_wallet_household_share", "online_service_account_person_share", "hamlet_team_compliance")
DEFAULTS = {"lang": "vi", "indicator": SHOWN[0]}  # the program leaves them out of the address
BACK = 30  # seconds in which a reader who was cut off must be back
How = Literal["opened", "gone to", "changed", "came back"]


class Menu(NamedTuple):
    """What there is to choose for who sees a branch on a day: period and unit → their words in each language."""

    periods: dict[str, dict[str, str]]
    units: dict[str, dict[str, str]]


@dataclass
class Redraw:
    """One redraw: what was asked of which page, from when to when, what was seen, or what went wrong."""

    reader: int
    page: str
    how: How
    asked: tuple[tuple[str, str], ...]
    unit: str  # the branch that the reader sees
    sent: float
    ended: float
    told: Told = field(default_factory=dict)
    band: bool = False  # that older figures stand in for damaged ones
    wrong: str = ""


@dataclass
class Cut:
    """A connection that was lost, and when the reader saw a page again (0: never)."""

    reader: int
    at: float
    back: float = 0.0
    why: str = ""


class Reader:
    """One of many; half of them look at an earlier day (`as_of`)."""

    def __init__(
        self, number: int, account: str, unit: str, as_of: date | None, menu: Menu, running: Running, think: float,
        note: Callable[[Redraw | Cut], None], browser: Browser,
    ):  # fmt: skip
        self.number, self.account, self.unit, self.as_of, self.menu = number, account, unit, as_of, menu
        self.running, self.think, self.note, self.browser = running, think, note, browser
        self.random = random.Random(f"reader {number}")
        self.page, self.asked = "", dict[str, str]()

    async def live(self, over: Callable[[], bool]) -> None:
        """Sign in, then look at pages until it is over."""
        await self.browser.sign_in(self.account, PASSWORD)
        await asyncio.sleep(self.random.uniform(0, self.think))
        await self._tried(self._open)
        while not over():
            if await self.browser.is_lost_within(self.random.expovariate(1 / self.think)):
                await self._come_back(Cut(self.number, time.monotonic(), why="while looking"))
            elif not over():
                await self._tried(self.random.choices((self._change, self._go, self._open), (45, 40, 15))[0])
        await self.browser.close()

    async def _tried(self, step: Callable) -> None:
        try:
            await step()
        except LostError as error:
            await self._come_back(Cut(self.number, time.monotonic(), why=str(error)))

    # What a reader does

    async def _open(self) -> None:
        """An address that somebody has sent, or a bookmark."""
        self.page = self._some_page()
        told = {"period": self._some(self.menu.periods), "unit": self._some(self.menu.units)}
        told |= {"lang": self.random.choice(LANGUAGES), "indicator": self.random.choice(SHOWN)}
        told = {key: value for key, value in told.items() if value != DEFAULTS.get(key)}
        self.asked = told | ({"as_of": self.as_of.isoformat()} if self.as_of else {})
        await self._timed("opened", lambda: self.browser.open(self.page, self.asked))

    async def _go(self) -> None:
        """Another page by the table of contents; one chosen anew where it is not there, as after an error."""
        self.page = self._some_page()
        if self.page not in self.browser.screen.pages:
            await self._open()
            return
        await self._timed("gone to", lambda: self.browser.go_to(self.page))

    async def _change(self) -> None:
        """Another period, unit, language or indicator, by the list on the page."""
        kinds = ["period", "period", "unit", "unit", "lang", *(["indicator"] if self.page in HAS_INDICATOR else [])]
        kind, language = self.random.choice(kinds), self.asked.get("lang", "vi")
        told = {"period": self.menu.periods, "unit": self.menu.units}
        if kind in told:
            chosen = self._some(told[kind])
            option = told[kind][chosen][language]
        elif kind == "lang":
            chosen = "en" if language == "vi" else "vi"
            option = chosen.upper()
        else:
            chosen = self.random.choice(SHOWN)
            option = INDICATORS[chosen].name[language]
        label = word("language" if kind == "lang" else kind, language)
        if not self.browser.offers(label, option):
            await self._open()
            return
        self.asked = {**self.asked, kind: chosen}
        self.asked = {key: value for key, value in self.asked.items() if value != DEFAULTS.get(key)}
        await self._timed("changed", lambda: self.browser.choose(label, option))

    def _some_page(self) -> str:
        return self.random.choices(list(PAGES), list(PAGES.values()))[0]

    def _some(self, told: dict[str, dict[str, str]]) -> str:
        return self.random.choice(list(told))

    # What comes of it

    async def _timed(self, how: How, step: Callable) -> None:
        """Do it, and note what was on the page then. Raises LostError."""
        sent = time.monotonic()
        drawn = Redraw(self.number, self.page, how, tuple(sorted(self.asked.items())), self.unit, sent, sent)
        try:
            await step()
        except TimeoutError:
            drawn.wrong = "no answer"
            drawn.ended = time.monotonic()
            self.note(drawn)
            raise LostError("no answer") from None
        drawn.sent, drawn.ended = max(sent, self.browser.began), time.monotonic()
        self.page = drawn.page = self.browser.path
        self._look(drawn)
        self.note(drawn)

    def _look(self, drawn: Redraw) -> None:
        """What stands on the page, and whether it is the page that was asked for."""
        screen, language = self.browser.screen, self.asked.get("lang", "vi")
        drawn.told, drawn.band = seen(screen.html), any("class='damagedband'" in each for each in screen.html)
        if screen.broken:
            drawn.wrong = screen.broken
        elif word("not_drawn", language) in screen.said:
            drawn.wrong = "not drawn"
        elif any(word("no_warehouse", each) in screen.said for each in LANGUAGES):
            drawn.wrong = "no warehouse"
        elif word("no_room_for_branch", language) in screen.said:
            drawn.wrong = "no room"
        elif "completeness" not in drawn.told:
            drawn.wrong = f"no page: {' '.join([*screen.said, *screen.html])[-80:]}"
        elif self.browser.strange:
            drawn.wrong = f"foreign: {sorted(self.browser.strange)[0]}"
        elif self.browser.asked() != self.asked:
            drawn.wrong = f"address: {self.browser.query}"

    async def _come_back(self, cut: Cut) -> None:
        """As a browser does it: ask whether the server is there, then connect and draw the same page anew."""
        await self.browser.close()
        if not self.browser.query:  # cut off on the way to another page, which empties the address
            self.asked = {}
        while time.monotonic() - cut.at < BACK:
            self.browser.place = self.running.place(self.number + int(time.monotonic() - cut.at + 1))
            try:
                await self.browser.connect()
                await self._timed("came back", self.browser.again)
                cut.back = time.monotonic()
                break
            except LostError as error:
                cut.why = cut.why or str(error)
                await asyncio.sleep(0.5)
        self.note(cut)
        if not cut.back:
            await self._open()  # a person would press reload; raises LostError, which ends this reader
