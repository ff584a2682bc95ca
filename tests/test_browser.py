"""Real runs in headless Chromium: a reader's ways through the app. What every page is asked: test_reading.py."""

import asyncio
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from benchmarks.holding.protocol import Browser, Place
from benchmarks.holding.proxy import free_port
from language import LANGUAGES
from pages.contents import CONTENTS

ROOT = Path(__file__).parent.parent
BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
ARGUMENTS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        BROWSER is None and not os.environ.get("KPI_BROWSER_REQUIRED"), reason="no Chromium is installed here"
    ),
]
# The framework looks for its own health address beside every deep link first; it is its own server that it asks.
HARMLESS = ("_stcore/health", "_stcore/host-config")


_asked = count()


def serve(data: Path, port: int = 0) -> Iterator[str]:
    port = port or free_port()
    call = [sys.executable, "-m", "pages", "--server.port", str(port), "--server.headless", "true"]
    server = subprocess.Popen(
        call, cwd=ROOT, env={**os.environ, "KPI_DATA": str(data)}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    address = f"http://127.0.0.1:{port}"
    for _ in range(150):
        try:
            urllib.request.urlopen(f"{address}/_stcore/health", timeout=1).read()
            break
        except OSError:
            time.sleep(0.2)
    yield address
    server.terminate()
    server.wait(10)


@pytest.fixture(scope="module")
def unvisited(sample) -> Iterator[str]:
    """A server whose first page nobody has opened."""
    yield from serve(sample)


@pytest.fixture
def fresh(sample) -> Iterator[str]:
    """A server that nobody has visited yet."""
    yield from serve(sample)


# Tables that are wider than their box, and words of headings and cards of which a part is hidden.
CUT_OFF = """
    () => {
        const every = selectors => [...document.querySelectorAll(selectors)];
        const wide = each => each.scrollWidth > each.clientWidth + 1;
        const group = '[data-testid=stButtonGroup]';  // alternatives side by side, of which too many fade away
        const faded = each => each.clientWidth && wide(each) && getComputedStyle(each).overflowX !== 'visible';
        return [
            ...every('.tablebox, h2.view, .card .name, .card .figure').filter(wide),
            ...every(`${group}, ${group} *`).filter(faded),
        ].map(each => each.className + ': ' + each.innerText.slice(0, 60));
    }
"""


# The script has ended, and for 300 ms nothing on the page has changed since this was first asked (`asked`).
STILL = """
    asked => {
        const now = performance.now();
        if (!window.watched) {
            window.watched = new MutationObserver(() => { window.changed = performance.now() });
            window.watched.observe(document, {subtree: true, childList: true, attributes: true, characterData: true});
        }
        const state = document.querySelector('[data-testid=stApp]')?.getAttribute('data-test-script-state');
        const busy = state !== 'notRunning' || document.querySelector('[data-testid=stStatusWidget]');
        if (window.asked !== asked || busy) window.changed = now;
        window.asked = asked;
        return now - window.changed > 300;
    }
"""
WIDE = {"width": 1366, "height": 768}


class Tab:
    """A page in the browser that notes every request to the outside and every error on its console."""

    def __init__(self, browser, address: str):
        self.page = browser.new_page(viewport=WIDE)
        self.address, self.outside, self.errors = address, [], []
        self.page.on("request", self._request)
        self.page.on("console", self._console)

    def _request(self, request) -> None:
        if not request.url.startswith((self.address, self.address.replace("http", "ws"), "data:", "blob:")):
            self.outside.append(request.url)

    def _console(self, message) -> None:
        if message.type == "error" and not any(each in message.location.get("url", "") for each in HARMLESS):
            self.errors.append(message.text)

    def open(self, path: str) -> "Tab":
        self.page.goto(f"{self.address}/{path}")
        self.page.wait_for_selector(".completeness", timeout=60_000)
        self.page.wait_for_selector("table.view, .entries, .view, [data-testid=stFileUploader]", timeout=60_000)
        self.settle()
        return self

    def forget(self) -> "Tab":
        """As a new tab once the next page is opened, but for the bundle that the browser keeps."""
        self.page.emulate_media(media="screen", color_scheme="light")
        self.page.set_viewport_size(WIDE)
        self.outside.clear()
        self.errors.clear()
        return self

    def settle(self) -> None:
        self.page.wait_for_function(STILL, arg=next(_asked))

    def is_sound(self) -> None:
        """No request to the outside, no error, nothing that scrolls sideways or is cut off."""
        assert self.outside == []
        assert self.errors == []
        assert self.page.evaluate("document.documentElement.scrollWidth") <= 1366
        assert self.page.get_by_text("error", exact=False).filter(has_text="encountered").count() == 0
        assert self.page.evaluate(CUT_OFF) == []


ADDRESSES = [page.ADDRESS for each in CONTENTS.values() for page in each]


@pytest.mark.parametrize("level", ["commune", "district"])
def test_the_map_draws_every_unit_and_fetches_its_shapes_once(level, tab):
    fetched = []
    tab.page.on("request", lambda request: fetched.append(request.url) if request.url.endswith(".geojson") else None)
    tab.open(f"ban-do?level={level}")
    tab.page.wait_for_selector(".choroplethlayer path", timeout=20_000)
    assert tab.page.locator(".choroplethlayer path").count() == {"commune": 91, "district": 9}[level]
    tab.page.get_by_role("button", name="‹").click()
    tab.settle()
    assert len(fetched) == 1
    tab.is_sound()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_of_the_maps_controls_fit(language, tab):
    tab.open(f"ban-do?lang={language}").is_sound()


def test_a_click_on_the_map_chooses_a_unit_and_leads_into_it(tab):
    tab.open("ban-do?level=district")
    shape = tab.page.locator(".choroplethlayer path").first
    shape.wait_for(timeout=20_000)
    box = shape.bounding_box()
    tab.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    tab.page.wait_for_selector(".card.chosen .figure", timeout=20_000)
    tab.page.get_by_role("button", name="Xem bên trong").click()
    tab.page.wait_for_url(lambda url: "unit=7" in url and "level" not in url, timeout=20_000)
    tab.is_sound()


def test_the_choice_stays_in_the_address_from_page_to_page(tab):
    tab.open("?unit=724&period=2025-Q1&lang=en")
    tab.page.get_by_role("link", name="Leaderboard").click()
    tab.page.wait_for_selector("text=Search a unit", timeout=20_000)
    wanted = ("xep-hang", "unit=724", "period=2025-Q1", "lang=en")
    tab.page.wait_for_url(lambda url: all(part in url for part in wanted), timeout=20_000)
    tab.is_sound()


def test_one_click_changes_the_language(tab):
    tab.open("xep-hang")
    tab.page.get_by_text("EN", exact=True).click()
    tab.page.wait_for_selector("text=communes below the target", timeout=20_000)
    tab.is_sound()


def test_from_the_overview_over_the_map_to_a_unit_a_number_and_its_cells(tab):
    tab.open("").page.get_by_role("link", name="Bản đồ").click()
    shape = tab.page.locator(".choroplethlayer path").first
    shape.wait_for(timeout=30_000)
    tab.settle()
    box = shape.bounding_box()
    tab.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    tab.page.locator("a.lead").click()
    tab.page.wait_for_url(lambda url: "ho-so" in url and "unit=" in url, timeout=30_000)
    tab.page.wait_for_selector("table.view a[href*='nguon-so-lieu']", timeout=60_000)
    tab.settle()
    tab.is_sound()
    tab.page.locator("table.view a[href*='nguon-so-lieu']").first.click()
    tab.page.wait_for_url(lambda url: "nguon-so-lieu" in url and "of=" in url, timeout=30_000)
    tab.page.wait_for_selector("table.view", timeout=60_000)
    tab.settle()
    tab.is_sound()


def test_back_leads_to_where_one_came_from(tab):
    tab.open("xep-hang?unit=724")
    tab.page.locator("table.view a[href*='ho-so']").first.click()
    tab.page.wait_for_url(lambda url: "ho-so" in url, timeout=30_000)
    tab.page.wait_for_selector("table.view", timeout=60_000)
    tab.page.go_back()
    tab.page.wait_for_selector("text=Tìm đơn vị", timeout=60_000)
    tab.settle()
    assert "unit=724" in tab.page.url
    tab.is_sound()


def test_periods_play_from_the_first_to_the_last(tab):
    tab.open("ban-do?period=2025-to-05")
    tab.page.get_by_role("button", name="▶").click()
    tab.page.wait_for_url(lambda url: "2025-to-05" not in url, timeout=40_000)
    tab.page.get_by_role("button", name="▶").wait_for(timeout=40_000)  # it has stopped at the last
    tab.is_sound()


@pytest.mark.parametrize("path", ["", "ho-so", "lich-bao-cao", "kham-pha"])
def test_a_deep_link_on_a_fresh_server_shows_the_page_in_its_frame(path, browser, fresh):
    opened = Tab(browser, fresh).open(f"{path}?unit=724")
    assert opened.page.locator(".sampleband").count() == 1
    assert "84" not in opened.page.locator(".completeness").inner_text().split("/")[0]  # of Dĩ An, not of the province
    opened.is_sound()
    opened.page.close()


FILES = sorted(path.stem for path in (ROOT / "pages").glob("[a-z]*.py"))


def test_a_pages_file_name_in_a_browser_shows_nothing_without_the_frame(browser, unvisited):
    opened = Tab(browser, unvisited)
    for name in ("leaderboard", "frame"):
        opened.page.goto(f"{unvisited}/{name}")
        opened.settle()
        tables, frames = (opened.page.locator(each).count() for each in ("table.view", ".completeness"))
        assert tables == 0 or frames == 1
    opened.page.close()


@pytest.mark.parametrize("name", FILES)
def test_to_a_pages_file_name_the_server_sends_nothing_without_the_frame(name, unvisited):
    async def sent() -> list[str]:
        asking = Browser(Place(urlsplit(unvisited).port), "127.0.0.1")
        await asking.open(name, {})
        await asking.close()
        return asking.screen.html

    with ThreadPoolExecutor(1) as aside:  # in this thread the browser's own loop runs
        told = aside.submit(asyncio.run, sent()).result()
    tables, frames = (sum(each in html for html in told) for each in ("<table", "class='completeness'"))
    assert tables == 0 or frames == 1
