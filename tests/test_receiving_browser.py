"""The journey of an officer in a real browser: drop, look, accept, and the figure on the profile has changed."""

from collections.abc import Iterator
from pathlib import Path

import dropped
import pytest
from test_browser import BROWSER, Tab, serve

pytestmark = [pytest.mark.browser, pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed here")]
PROFILE = f"ho-so?unit={dropped.UNIT}&period={dropped.PERIOD}&section=history&indicator=e_wallet_household_share"


@pytest.fixture(scope="module")
def served(sample, tmp_path_factory) -> Iterator[str]:
    """A server with an office of its own."""
    yield from serve(dropped.office(sample, tmp_path_factory.mktemp("office") / "data"))


@pytest.fixture
def first_tab(browser, sample, tmp_path) -> Iterator[Tab]:
    """A page of a server with an office that has received nothing yet but the sample."""
    server = serve(dropped.office(sample, tmp_path / "data"))
    opened = Tab(browser, next(server))
    yield opened
    opened.page.close()
    next(server, None)


def files(folder: Path, *given: tuple[str, bytes]) -> list[str]:
    folder.mkdir(exist_ok=True)
    for name, content in given:
        (folder / name).write_bytes(content)
    return [str(folder / name) for name, _ in given]


def sources(tab: Tab) -> str:
    """What the profile's number is made of."""
    tab.open(f"nguon-so-lieu?of={dropped.UNIT}&period={dropped.PERIOD}&indicator=e_wallet_household_share")
    return tab.page.locator("h2.view").first.inner_text()


def test_a_drop_is_looked_at_accepted_and_counts(first_tab, sample, tmp_path):
    tab = first_tab
    before = sources(tab)
    name, content = dropped.noted(sample, "25960")
    bundle = ("kem.zip", dropped.zipped(**{f"a/{name}": content, "b/trong.zip": b"PK"}))
    given = [dropped.good(sample), dropped.noted(sample), dropped.blocked(sample), bundle]
    page = tab.open("nhan-bao-cao").page
    page.set_input_files(".st-key-dropzone input[type=file]", files(tmp_path / "up", *given))
    page.wait_for_selector(".opened", timeout=60_000)
    tab.settle()
    assert page.locator("table.view caption", has_text="4 tệp chờ duyệt").count() == 1
    assert page.get_by_text("kem.zip › b/trong.zip").count() == 1
    tab.is_sound()
    _looks_at_the_blocked(tab)
    page.get_by_role("button", name="Chấp nhận các tệp không có lỗi").click()
    page.wait_for_selector(".accepted", timeout=60_000)
    tab.settle()
    assert "533 → 544" in page.locator(".accepted").inner_text()
    tab.is_sound()
    page.locator(".accepted a[href*='ho-so']").click()
    page.wait_for_url(lambda url: "ho-so" in url and f"unit={dropped.UNIT}" in url, timeout=30_000)
    page.wait_for_selector("table.view", timeout=60_000)
    tab.settle()
    tab.is_sound()
    assert "27,7" in page.locator("table.view").first.inner_text()
    assert sources(tab) != before


def _looks_at_the_blocked(tab: Tab) -> None:
    """The problems by cell, the marked file; and no way to accept it."""
    page = tab.page
    page.locator("table.view a", has_text="_loi.xlsx").click()
    page.wait_for_selector("h2.opened:has-text('_loi.xlsx')", timeout=60_000)
    tab.settle()
    rows = page.locator(".st-key-received-problems table.view tbody tr").all_inner_texts()
    assert len(rows) == 2
    assert ["N16" in rows[0], "N17" in rows[1], "nhiều" in rows[0]] == [True] * 3
    assert page.locator("[class*=st-key-accept-] button:has-text('Chấp nhận')").count() == 1  # that of the good ones
    with page.expect_download(timeout=30_000) as marked:
        page.get_by_role("button", name="Tệp đánh dấu để trả lại").click()
    assert marked.value.suggested_filename.endswith("_loi.xlsx")
    tab.is_sound()


@pytest.mark.parametrize("language", ["vi", "en"])
def test_blank_forms_are_made_and_taken_away(language, tab):
    page = tab.open(f"nhan-bao-cao?lang={language}").page
    page.get_by_text({"vi": "Biểu mẫu trống", "en": "Blank forms"}[language]).click()
    page.locator(".st-key-forms-make button").click(timeout=60_000)
    page.wait_for_selector(".st-key-forms-file button", timeout=60_000)
    with page.expect_download(timeout=30_000) as made:
        page.locator(".st-key-forms-file button").click()
    assert made.value.suggested_filename.endswith(".zip")
    tab.settle()
    tab.is_sound()


def test_the_page_can_be_used_without_a_mouse(tab, sample, tmp_path):
    page = tab.open("nhan-bao-cao").page
    page.set_input_files(".st-key-dropzone input[type=file]", files(tmp_path / "up", dropped.good(sample)))
    page.wait_for_selector(".opened", timeout=60_000)
    tab.settle()
    page.locator(".st-key-receive-task button").first.focus()
    for _ in range(40):
        page.keyboard.press("Tab")
        if "Chấp nhận" in page.evaluate("document.activeElement.innerText || ''"):
            break
    page.keyboard.press("Enter")
    page.wait_for_selector(".accepted", timeout=60_000)
    tab.is_sound()
