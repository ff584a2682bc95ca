"""Signing in as a reader does it, in a browser: no page before it, the asked page after it, nothing left behind it."""

import shutil
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from identity import CLIENT, SECRET, identity
from test_browser import Tab, free_port, serve

from access.guard import Guard
from pages.contents import CONTENTS
from warehouse.audit import Audit

pytestmark = pytest.mark.browser
PASSWORD = "mật khẩu dài 2025"
ADDRESSES = [page.ADDRESS for each in CONTENTS.values() for page in each]


def accounts(data: Path) -> None:
    guard = Guard.of(data)
    for name, role, unit in (
        ("so-tttt.quan-tri", "administrator", ""), ("so-tttt.tong-hop", "officer", ""), ("huyen.xem", "viewer", "724"),
    ):  # fmt: skip
        guard.accounts.add(name, role, unit)
        guard.accounts.set_password(name, PASSWORD)


@pytest.fixture(scope="module")
def provider():
    with identity() as found:
        yield found


@pytest.fixture(scope="module")
def data(sample, tmp_path_factory, provider) -> tuple[Path, int]:
    """The sample with accounts and a provider; and the port that the provider leads back to."""
    folder, port = tmp_path_factory.mktemp("signing") / "data", free_port()
    shutil.copytree(sample, folder, ignore=shutil.ignore_patterns("branches"))
    (folder / "access.toml").write_text(
        f'hosts = ["127.0.0.1"]\nhttps = false\n[oidc]\nclient_id = "{CLIENT}"\nclient_secret = "{SECRET}"\n'
        f'server_metadata_url = "{provider.address}/.well-known/openid-configuration"\n'
        f'redirect_uri = "http://127.0.0.1:{port}/oauth2callback"\n',
        encoding="utf-8",
    )
    accounts(folder)
    return folder, port


@pytest.fixture(scope="module")
def guarded(data) -> Iterator[str]:
    yield from serve(*data)


@pytest.fixture(scope="module")
def kept_page(browser):
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    yield context.new_page()
    context.close()


@pytest.fixture
def page(kept_page):
    """A browser of which nothing here is known: all that it keeps is the framework's bundle."""
    kept_page.goto("about:blank")
    kept_page.context.clear_cookies()
    return kept_page


def sign_in(page, name: str, password: str = PASSWORD) -> None:
    page.fill("[name=account]", name)
    page.fill("[name=password]", password)
    page.click("button")


def test_a_deep_link_to_a_fresh_server_leads_to_the_door_and_then_to_its_page(page, guarded):
    page.goto(f"{guarded}/xep-hang?period=2025-Q1&unit=724")
    assert page.locator("[name=password]").count() == 1
    assert "figures" not in page.content()
    sign_in(page, "so-tttt.tong-hop", "sai mật khẩu rồi")
    assert "chưa đúng" in page.inner_text("[role=alert]")
    sign_in(page, "so-tttt.tong-hop")
    page.wait_for_selector("table.view", timeout=60_000)
    assert page.url == f"{guarded}/xep-hang?period=2025-Q1&unit=724"
    assert "so-tttt.tong-hop" in page.inner_text(".wholooks")


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_page_is_told_to_who_has_not_signed_in(address, guarded):
    request = urllib.request.Request(f"{guarded}/{address}", headers={"accept": "text/html"})
    with urllib.request.urlopen(request) as answer:
        assert answer.url.startswith(f"{guarded}/dang-nhap")


def test_a_viewer_of_a_district_sees_it_and_nothing_to_do(page, guarded):
    page.goto(f"{guarded}/?unit=718")
    sign_in(page, "huyen.xem")
    page.wait_for_selector(".completeness", timeout=60_000)
    page.wait_for_selector(".card", timeout=60_000)
    words = page.inner_text("body")
    assert "Thành phố Dĩ An" in words
    assert "Thủ Dầu Một" not in words.replace("unit=718", "")
    links = page.locator("[data-testid=stSidebarNavLink]").all_inner_texts()
    assert "Tổng quan" in links
    assert {"Quản trị", "Nhật ký"} & set(links) == set()


def test_a_session_that_has_ended_shows_nothing_more(page, guarded, data):
    page.goto(f"{guarded}/")
    sign_in(page, "so-tttt.tong-hop")
    page.wait_for_selector(".card", timeout=60_000)
    Guard.of(data[0]).accounts.set_password("so-tttt.tong-hop", PASSWORD, "so-tttt.quan-tri")
    page.get_by_text("EN", exact=True).click()
    page.wait_for_selector("a.door", timeout=60_000)
    assert page.locator(".card").count() == 0
    page.click("a.door")
    page.wait_for_selector("[name=password]")


def test_who_signs_out_is_out(page, guarded):
    page.goto(f"{guarded}/tu-dien")
    sign_in(page, "so-tttt.tong-hop")
    page.wait_for_selector(".wholooks a", timeout=60_000)
    page.click(".wholooks a")
    page.click("form button")
    page.wait_for_selector("[name=password]")
    page.goto(f"{guarded}/tu-dien")
    assert page.locator("[name=password]").count() == 1


def test_through_the_provider_one_comes_in_by_an_account_that_is_tied(page, guarded, data):
    page.goto(f"{guarded}/tu-dien")
    page.click("a.button")
    assert "chưa được gắn" in page.inner_text("[role=alert]")
    Guard.of(data[0]).accounts.tie("so-tttt.quan-tri", "ai.do@binhduong.gov.vn")
    page.goto(f"{guarded}/tu-dien")
    page.click("a.button")
    page.wait_for_selector(".wholooks", timeout=60_000)
    assert page.url.startswith(f"{guarded}/tu-dien")
    assert "so-tttt.quan-tri" in page.inner_text(".wholooks")
    kept = {each["name"] for each in page.context.cookies()}
    assert "kpi" in kept
    assert not any(name.startswith("_streamlit_user") for name in kept)
    told = [(each.who, each.did, each.of.get("by", each.of.get("why"))) for each in Audit(data[0]).all()]
    assert ("unknown", "refused", "login") in told
    assert ("so-tttt.quan-tri", "signed_in", "provider") in told


def test_a_mail_address_that_nobody_has_verified_is_none(page, guarded, data, provider):
    Guard.of(data[0]).accounts.tie("huyen.xem", "khac@binhduong.gov.vn")
    provider.who = {"email": "khac@binhduong.gov.vn", "email_verified": False}
    page.goto(f"{guarded}/dang-nhap/tai-khoan-tinh")
    page.goto(f"{guarded}/tu-dien")
    assert page.locator("[name=password]").count() == 1


def test_the_dashboard_behind_the_door_is_sound(browser, guarded):
    tab = Tab(browser, guarded)
    tab.page.goto(f"{guarded}/")
    sign_in(tab.page, "so-tttt.quan-tri")
    for path in ("", "quan-tri", "nhat-ky?lang=en"):
        tab.open(path).is_sound()
    tab.page.close()
