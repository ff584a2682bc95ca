"""Small worlds for the tests: a warehouse in memory with a few invented units, built in three lines."""

import gc
import os
import shutil
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path

import duckdb
import pytest
from filelock import FileLock
from streamlit.components.v2 import manifest_scanner
from xdist.scheduler import LoadScopeScheduling

from data_ingest.commands import load, log
from metrics import INDICATORS
from metrics.core.ledger import Ledger
from sample_data.entered import enter
from sample_data.make import LOG, make
from views.agenda import agendas
from views.geography import geography
from views.pack import Pack, handouts, pack
from views.view import Choice
from warehouse import store
from warehouse.period import Period
from warehouse.schedule import adds_up, expected, form_of
from warehouse.store import Engine, current

# Run on several cores, these begin: they take longest, and what begins last is waited for.
LONGEST = (
    "test_nothing_lost", "test_reading", "test_independent", "test_slides", "test_pages", "test_browser", "test_trace",
    "test_branch", "test_receiving_page", "test_security", "test_profile", "test_decisions", "test_explore",
)  # fmt: skip
PACKED = ("test_slides", "test_document", "test_pack", "test_pack_files", "test_said")  # they share packs


# For each page that a test opens the framework reads what every installed package says of itself: half of the time that
# it takes. No package comes or goes while tests run.
manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)


def pytest_collection_finish() -> None:
    """What has been loaded stays: it need not be looked through for garbage again and again."""
    gc.collect()
    gc.freeze()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    place = {name: number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(item.path.stem, len(place)))


class Together(LoadScopeScheduling):
    """The tests of a file stay on one core, for what a file makes for its tests is made once; so do those of packs."""

    def _split_scope(self, nodeid: str) -> str:
        file = Path(nodeid.partition("::")[0]).stem
        return "packs" if file in PACKED else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> Together:
    return Together(config, log)


# province > district A (communes A1, A2) and B (commune B1); each commune has two khu/ấp, A1-1, A1-2 …
TREE = {"P": None, "A": "P", "B": "P", "A1": "A", "A2": "A", "B1": "B"}
COMMUNES = ("A1", "A2", "B1")
LEVELS = {1: "district", 2: "commune"}


def level_of(unit: str) -> str:
    return "hamlet" if "-" in unit else "province" if unit == "P" else LEVELS[len(unit)]


class World:
    """A warehouse that a test fills by hand: `world.report("A1", "2024-01", {"A1-1": {"households": 10}})`."""

    def __init__(self) -> None:
        self.con = duckdb.connect()
        store.create(self.con)
        units = [(unit, level_of(unit), parent) for unit, parent in TREE.items()]
        units += [(f"{each}-{n}", "hamlet", each) for each in COMMUNES for n in (1, 2)]
        for unit, level, parent in units:
            self.con.execute(
                "insert into units (unit, level, name, full_name, parent) values (?, ?, ?, ?, ?)",
                [unit, level, unit, unit, parent],
            )
        owed = expected(self.con.execute("select * from units").df())  # noqa: F841, read by the next line
        self.con.execute("insert into expected by name select * from owed")
        self.reports = self.targets = 0

    def report(self, unit: str, period: str, rows: dict[str, dict], received: str = "2024-01-01", late=None) -> None:
        self.reports += 1
        form = form_of(level_of(unit))
        p = Period.parse(period)
        self.con.execute(
            "insert into reports (report, receipt, form, unit, period, received_at, accepted, superseded_at)"
            " values (?, ?, ?, ?, ?, ?, true, ?)",
            [self.reports, self.reports, form, unit, period, received, late],
        )
        for sender, values in rows.items():
            fact = {
                "report": self.reports, "unit": sender, "level": level_of(sender), "sheet": "1",
                "first_month": p.first_month, "last_month": p.last_month,
                "recency": p.last_month, "adds_up": adds_up(form, p.kind), **values,
            }  # fmt: skip
            self.con.execute(
                f"insert into facts ({', '.join(fact)}) values ({', '.join('?' * len(fact))})", list(fact.values())
            )

    def target(self, unit: str, indicator: str, target: float, period: str = "", received: str = "2024-01-01") -> None:
        p = Period.parse(period) if period else None
        self.targets += 1
        told = [self.targets, unit, indicator, target, received]
        self.con.execute(
            "insert into targets (receipt, unit, indicator, target, received_at, period, first_month, last_month)"
            " values (?, ?, ?, ?, ?, ?, ?, ?)",
            [*told, *((str(p), p.first_month, p.last_month) if p else (None, None, None))],
        )

    @property
    def engine(self) -> Engine:
        return Engine(self.con)


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture(scope="session")
def sample(tmp_path_factory) -> Path:
    """The data folder of the whole sample, made once: what a reader sees after the first `do.py run`.

    It is only read: tests that run side by side share it, and whoever comes second waits until it is made.
    """
    mine = tmp_path_factory.getbasetemp()
    data = (mine.parent if "PYTEST_XDIST_WORKER" in os.environ else mine) / "sample"
    with FileLock(data.with_suffix(".lock")):
        if not data.with_suffix(".made").exists():
            make(data / "reports")
            load(data, [data / "reports"], log(data / "reports" / LOG), origin="sample")
            enter(data)
            data.with_suffix(".made").touch()
    return data


@pytest.fixture(scope="session")
def ledger(sample) -> Ledger:
    return Ledger.open(current(sample))


@pytest.fixture(scope="session")
def first_two_months(tmp_path_factory) -> Path:
    from made import loaded

    return loaded(tmp_path_factory.mktemp("two-months"))


@pytest.fixture
def two_months(first_two_months, tmp_path) -> Path:
    """A data folder of one's own, to be harmed: two reports of one commune, and a snapshot of each load."""
    return Path(shutil.copytree(first_two_months, tmp_path / "data"))


MET = date(2025, 6, 20)  # the day as of which the packs of the tests are made
PACKS = (("quarter", "vi"), ("half", "en"), ("district", "vi"), ("district", "en"))  # agenda, language
PERIODS = {"month": "2025-06", "half": "2025-H1", "year": "2025", "whole_plan": "plan"}  # of agendas; else a quarter


@pytest.fixture(scope="session")
def dated(sample) -> Ledger:
    return Ledger.open(current(sample), MET)


def choice_of(agenda: str, language: str) -> Choice:
    """What such a pack is asked for: the province, or of a district's agenda one of the nine."""
    unit = "720" if agendas()[agenda].district else "74"
    period = Period.parse(PERIODS.get(agenda, "2025-Q2"))
    return Choice(language, period, unit, INDICATORS["e_wallet_household_share"], as_of=MET)


@pytest.fixture(scope="session")
def pack_of(dated, sample) -> Callable[[str, str], Pack]:
    """The pack of an agenda in a language, made once: pack_of("quarter", "vi")."""
    return cache(
        lambda agenda, language: pack(agendas()[agenda], choice_of(agenda, language), dated, geography(sample))
    )


@pytest.fixture(scope="session")
def packs(pack_of) -> dict[tuple[str, str], Pack]:
    """A pack of each of PACKS."""
    return {each: pack_of(*each) for each in PACKS}


@pytest.fixture(scope="session")
def handed(dated, sample) -> list[Pack]:
    """What each of the nine districts is handed, in Vietnamese."""
    return handouts(choice_of("quarter", "vi"), dated, geography(sample))


@pytest.fixture
def opened(sample, monkeypatch):
    """Open a page over the sample: opened('unit_map', lang='en')."""
    from opening import ROOT, open_at

    monkeypatch.setenv("KPI_DATA", str(sample))
    monkeypatch.chdir(ROOT)
    return open_at


@pytest.fixture(scope="module")
def browser():
    """A headless Chromium for the tests of a file."""
    from playwright.sync_api import sync_playwright
    from test_browser import ARGUMENTS, BROWSER

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=BROWSER, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def served(sample):
    """The address of a server of the sample."""
    from test_browser import serve

    yield from serve(sample)


@pytest.fixture(scope="module")
def kept_tab(browser, served):
    """One tab for a file: to read the framework's bundle is most of what opening a page in a new one costs."""
    from test_browser import Tab

    opened = Tab(browser, served)
    yield opened
    opened.page.close()


@pytest.fixture
def tab(kept_tab):
    return kept_tab.forget()
