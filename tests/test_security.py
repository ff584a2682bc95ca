"""Words that units and senders choose never become part of a page or a program; what is foreign is refused."""

import http.client
import json
import re
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from opening import PAGES, open_at
from test_browser import Tab, serve

from access.guard import Guard
from benchmarks.holding.proxy import free_port
from exports.made import WRITERS
from metrics import INDICATORS
from metrics.core.ledger import Ledger
from views.agenda import agendas
from views.geography import geography
from views.pack import pack
from views.view import Choice
from warehouse.fields import FIELDS
from warehouse.store import current
from warehouse.whole import seal

BAIT = "<img src=x onerror=alert(1)>"
TAGS = re.compile(r"<(?:img src=x|script>alert)")
PASSWORD = "mật khẩu dài 2025"


@pytest.fixture(scope="module")
def baited(sample, tmp_path_factory) -> Path:
    """The sample, with a tag behind every name, narrative, note, file name and problem that it holds."""
    data = tmp_path_factory.mktemp("baited") / "data"
    shutil.copytree(sample, data, ignore=shutil.ignore_patterns("branches"))
    snapshot = current(data)
    with duckdb.connect(str(snapshot)) as con:
        words = [each.id for each in FIELDS.values() if each.kind == "text"]
        for table, columns in {
            "units": ["name", "full_name"], "receipts": ["file", "sender"], "facts": [*words, "note"],
            "problems": ["given"], "reports": ["sheet"],
        }.items():  # fmt: skip
            told = ", ".join(f"{each} = {each} || '{BAIT}'" for each in columns)
            con.execute(f"update {table} set {told}")
        con.execute("checkpoint")
    seal(snapshot, snapshot)
    return data


@pytest.mark.parametrize("page", PAGES)
def test_no_name_becomes_a_part_of_a_page(page, baited, monkeypatch):
    monkeypatch.setenv("KPI_DATA", str(baited))
    app = open_at(page)
    assert not app.exception
    drawn = [each.proto.body for each in app.get("html")]
    assert drawn
    assert [each for each in drawn if TAGS.search(each)] == []
    assert all(not each.allow_html for each in app.markdown)


def test_no_name_becomes_a_part_of_a_pack(baited):
    ledger = Ledger.open(current(baited))
    asked = {each.id: each for each in agendas().values()}
    agenda = next(each for each in asked.values() if each.meets and not each.district)
    choice = Choice("vi", ledger.latest, "74", next(iter(INDICATORS.values())), as_of=ledger.today)
    shapes = geography(baited)
    made = pack(agenda, choice, Ledger.open(current(baited), ledger.today), shapes)
    pages = [write(made, shapes).decode("utf-8") for ending, _, write in WRITERS.values() if ending == "html"]
    assert pages
    for text in pages:
        without_data = re.sub(r"<script[^>]*type=.application/json.[^>]*>.*?</script>", "", text, flags=re.S)
        assert TAGS.search(without_data) is None
        assert "onerror=alert" in text  # it is told, as words


# On a real server


@pytest.fixture(scope="module")
def guarded(sample, tmp_path_factory) -> Iterator[tuple[str, int, str]]:
    """A server with accounts: its address, its port, and the cookie of an officer."""
    data, port = tmp_path_factory.mktemp("security") / "data", free_port()
    shutil.copytree(sample, data, ignore=shutil.ignore_patterns("branches"))
    (data / "access.toml").write_text('hosts = ["127.0.0.1"]\nhttps = false\n', encoding="utf-8")
    guard = Guard.of(data)
    guard.accounts.add("so-tttt.tong-hop", "officer")
    guard.accounts.set_password("so-tttt.tong-hop", PASSWORD)
    token, _ = guard.sign_in("so-tttt.tong-hop", PASSWORD, "127.0.0.1")
    server = serve(data, port)
    yield next(server), port, f"kpi={token}"
    next(server, None)


def ask(port: int, method: str, path: str, body: bytes = b"", **headers: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
    return connection.getresponse()


@pytest.mark.parametrize(
    "path",
    [
        "/app/static/../app.py", "/app/static/..%2f..%2fapp.py", "/app/static/%2e%2e/access.toml",
        "/static/../../app.py", "/app/static//etc/passwd", "/media/../../receipts.csv", "/component/../app.py",
        "/..%5c..%5capp.py",
    ],
)  # fmt: skip
def test_no_address_leads_to_a_file_of_the_program_or_of_the_data(path, guarded):
    _, port, cookie = guarded
    told = ask(port, "GET", path, cookie=cookie).read()
    assert b"st.navigation" not in told
    assert b"sha256" not in told
    assert b"root:" not in told
    assert b"https = false" not in told


@pytest.mark.parametrize("origin", ["http://evil.test", "null", "http://127.0.0.1.evil.test"])
def test_a_socket_opens_to_no_other_site(origin, guarded):
    _, port, cookie = guarded
    told = handshake(port, cookie, origin)
    assert not told.startswith("HTTP/1.1 101")


def test_a_socket_opens_to_a_page_of_its_own(guarded):
    address, port, cookie = guarded
    assert handshake(port, cookie, address).startswith("HTTP/1.1 101")
    assert not handshake(port, "kpi=forged", address).startswith("HTTP/1.1 101")


def handshake(port: int, cookie: str, origin: str) -> str:
    lines = [
        "GET /_stcore/stream HTTP/1.1", f"Host: 127.0.0.1:{port}", "Upgrade: websocket", "Connection: Upgrade",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Protocol: streamlit", f"Cookie: {cookie}", f"Origin: {origin}", "", "",
    ]  # fmt: skip
    with socket.create_connection(("127.0.0.1", port), timeout=10) as peer:
        peer.sendall("\r\n".join(lines).encode())
        return peer.recv(200).decode(errors="replace")


@pytest.mark.parametrize("session", ["none", "forged/../../x"])
def test_an_upload_without_a_session_of_a_page_is_refused(session, guarded):
    _, port, cookie = guarded
    boundary = "x"
    body = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="f"; filename="../../x.xlsx"\r\n\r\nx\r\n--{boundary}--'
    )
    kind = f"multipart/form-data; boundary={boundary}"
    told = ask(port, "PUT", f"/_stcore/upload_file/{session}/1", body.encode(), cookie=cookie, content_type=kind)
    assert told.status in (400, 403, 404)
    told = ask(port, "PUT", f"/_stcore/upload_file/{session}/1", body.encode(), content_type=kind)
    assert told.status == 401


def test_what_is_told_about_the_server_tells_nothing_of_its_data(guarded):
    _, port, _ = guarded
    for path in ("/healthz", "/_stcore/health"):
        told = ask(port, "GET", path)
        text = told.read().decode()
        assert told.status == 200
        assert "so-tttt" not in text
        assert path == "/_stcore/health" or set(json.loads(text)) == {"status", "snapshot"}
    assert ask(port, "GET", "/_stcore/metrics").status == 401


@pytest.mark.browser
def test_no_name_runs_in_a_browser(browser, baited):
    """The whole way: what the framework and the chart library make of names, in a real browser."""
    port = free_port()
    server = serve(baited, port)
    tab = Tab(browser, next(server))
    said: list[str] = []
    tab.page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    tab.open("?lang=en")
    for page in PAGES.values():
        tab.page.locator(f"[data-testid=stSidebarNavLink][href$='/{page.ADDRESS}']").click()
        tab.page.locator("h1.page", has_text=page.TITLE["en"]).wait_for(timeout=60_000)
        tab.settle()
        assert tab.page.locator("img[src='x']").count() == 0
    assert said == []
    assert [each for each in tab.outside if "x" in each] == []
    tab.page.close()
    next(server, None)
