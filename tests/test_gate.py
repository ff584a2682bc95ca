"""The gate: without a session nobody gets past it, whatever is asked for and however."""

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from access import doors
from access.gate import HEADERS, OPEN, Gate
from access.guard import Guard

PASSWORD, HOST = "mật khẩu dài 2025", "kpi.test"
SOCKET = f"ws://{HOST}/_stcore/stream"
PAGE = {"accept": "text/html"}
CLOSED = (
    "/", "/ban-do", "/ban-do?period=2025-Q1", "/app/static/boundaries.json", "/media/abc.csv", "/static/js/index.js",
    "/_stcore/upload_file/a/b", "/_stcore/stream", "/_stcore/metrics", "/_stcore/host-config", "/dang-nhap/",
    "/DANG-NHAP", "/dang-nhap/../ban-do", "//dang-nhap", "/dang-xuat", "/healthz/x", "/mcp",
)  # fmt: skip


async def behind(request):
    return PlainTextResponse("figures")


async def socket(websocket):
    await websocket.accept()
    await websocket.send_text("figures")
    await websocket.close()


def client(data, monkeypatch, login: str | None = None, settings: str = "https = false\n") -> TestClient:
    monkeypatch.setenv("KPI_DATA", str(data))
    if settings:
        (data / "access.toml").write_text(f'hosts = ["{HOST}"]\n{settings}', encoding="utf-8")
        guard = Guard.of(data)
        guard.accounts.add("tinh.xem", "viewer")
        guard.accounts.set_password("tinh.xem", PASSWORD)
    forgotten = []
    gate = Middleware(
        Gate, guard=lambda: Guard.of(data), told=lambda request: login, forget=lambda *told: forgotten.append(told)
    )
    routes = [
        *doors.routes(lambda: "/auth/login?provider=x"),
        WebSocketRoute("/_stcore/stream", socket),
        Mount("/", routes=[Route("/{rest:path}", behind, methods=["GET", "POST", "PUT", "DELETE", "HEAD"])]),
    ]
    found = TestClient(Starlette(routes=routes, middleware=[gate]), f"http://{HOST}", follow_redirects=False)
    found.forgotten = forgotten
    return found


@pytest.fixture
def outside(tmp_path, monkeypatch):
    return client(tmp_path, monkeypatch)


@pytest.fixture(scope="module")
def untouched(tmp_path_factory) -> TestClient:
    """The same, for requests that change nothing."""
    with pytest.MonkeyPatch.context() as patch:
        yield client(tmp_path_factory.mktemp("gate"), patch)


def sign_in(tab: TestClient, password: str = PASSWORD, account: str = "tinh.xem", **headers: str):
    told = {"account": account, "password": password, "next": "/ban-do?period=2025-Q1"}
    return tab.post("/dang-nhap", data=told, headers={"sec-fetch-site": "same-origin", **headers})


@pytest.mark.parametrize("path", CLOSED)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "HEAD"])
def test_without_a_session_nothing_is_told(method, path, untouched):
    found = untouched.request(method, path, headers=PAGE)
    assert found.status_code in (303, 401)
    assert "figures" not in found.text
    if found.status_code == 303:
        assert found.headers["location"].startswith("/dang-nhap")


@pytest.mark.parametrize("path", CLOSED)
def test_what_is_no_page_is_refused_and_not_led_away(path, outside):
    assert outside.get(path, headers={"accept": "*/*"}).status_code == 401


def test_without_a_session_no_socket_opens(outside):
    with pytest.raises(WebSocketDisconnect) as told, outside.websocket_connect(SOCKET):
        pass
    assert told.value.code == 4401


@pytest.mark.parametrize("path", sorted(OPEN - {"/dang-nhap", "/dang-nhap/tai-khoan-tinh"}))
def test_what_must_be_open_is_open(path, outside):
    assert outside.get(path).text == "figures"


def test_who_signs_in_comes_to_the_page_that_was_asked_for(outside):
    led = outside.get("/ban-do?period=2025-Q1", headers=PAGE).headers["location"]
    assert led == "/dang-nhap?next=%2Fban-do%3Fperiod%3D2025-Q1"
    assert "/ban-do?period=2025-Q1" in outside.get(led).text
    assert sign_in(outside).headers["location"] == "/ban-do?period=2025-Q1"
    assert outside.get("/ban-do").text == "figures"
    with outside.websocket_connect(SOCKET) as opened:
        assert opened.receive_text() == "figures"


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("account", ["tinh.xem", "nobody"])
def test_a_wrong_password_says_no_more_for_an_account_that_exists(account, language, outside):
    found = outside.post(
        f"/dang-nhap?lang={language}", data={"account": account, "password": "sai mật khẩu"},
        headers={"sec-fetch-site": "same-origin"},
    )  # fmt: skip
    assert found.status_code == 401
    assert {"vi": "chưa đúng", "en": "is wrong"}[language] in found.text
    assert "set-cookie" not in found.headers
    assert "sai mật khẩu" not in found.text


def test_who_tries_on_is_told_to_wait_and_the_right_password_waits_too(outside):
    told = [sign_in(outside, "sai mật khẩu").status_code for _ in range(6)]
    assert told[:4] == [401] * 4
    assert told[-1] == 429
    assert sign_in(outside).status_code == 429


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "", "origin": "http://evil.test"},
        {"sec-fetch-site": "", "referer": f"http://evil.test/?{HOST}"},
        {"sec-fetch-site": ""},
    ],
    ids=str,
)
def test_a_form_of_another_site_does_nothing(headers, outside):
    assert sign_in(outside, **headers).status_code == 403
    sign_in(outside)
    assert outside.post("/dang-xuat", headers=headers).status_code == 403
    assert outside.get("/ban-do").text == "figures"


@pytest.mark.parametrize("host", ["evil.test", "kpi.test.evil.test", "127.0.0.1", "kpi.test@evil.test", ""])
def test_a_name_that_somebody_else_points_here_is_refused(host, outside):
    sign_in(outside)
    found = outside.get("/ban-do", headers={"host": host})
    assert (found.status_code, found.text) == (421, "unknown host")


@pytest.mark.parametrize("host", ["localhost:8501", "127.0.0.1:8501", "[::1]:8501"])
def test_without_settings_this_machine_is_served_and_no_other(host, tmp_path, monkeypatch):
    tab = client(tmp_path, monkeypatch, settings="")
    assert tab.get("/ban-do", headers={"host": host}).text == "figures"
    assert tab.get("/ban-do", headers={"host": "kpi.test"}).status_code == 421
    assert tab.get("/dang-nhap", headers={"host": host}).headers["location"] == "/"


@pytest.mark.parametrize(
    "asked",
    ["https://evil.test", "//evil.test", "/\\evil.test", "javascript:alert(1)", "/a\r\nset-cookie: x=1", "evil", ""],
)
def test_signing_in_leads_to_no_other_site(asked, outside):
    assert doors.next_of(asked) == "/"
    form = outside.get("/dang-nhap", params={"next": asked}).text
    assert "evil" not in form.split("<footer>")[0]


@pytest.mark.parametrize("text", ['"><script>alert(1)</script>', "<img src=x onerror=alert(1)>"])
def test_what_is_asked_never_becomes_part_of_the_page(text, outside):
    found = outside.post(
        "/dang-nhap", params={"lang": text}, data={"account": text, "password": "x", "next": f"/{text}"},
        headers={"sec-fetch-site": "same-origin"},
    )  # fmt: skip
    assert text not in found.text
    assert "script-src" not in found.headers["content-security-policy"]
    assert "default-src 'none'" in found.headers["content-security-policy"]


@pytest.mark.parametrize("https", ["true", "false"])
def test_the_cookie_is_out_of_reach(https, tmp_path, monkeypatch):
    tab = client(tmp_path, monkeypatch, settings=f"https = {https}\n")
    cookie = sign_in(tab).headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert ("secure" in cookie) == (https == "true")
    assert cookie.startswith("__host-kpi=") == (https == "true")
    assert "max-age" not in cookie
    assert "expires" not in cookie


def test_who_signs_out_is_out_and_the_old_cookie_opens_nothing(outside):
    sign_in(outside)
    token = outside.cookies["kpi"]
    assert outside.get("/dang-xuat", headers=PAGE).status_code == 200
    assert outside.get("/ban-do").text == "figures"
    assert outside.post("/dang-xuat", headers={"sec-fetch-site": "same-origin"}).status_code == 303
    outside.cookies.set("kpi", token)
    assert outside.get("/ban-do").status_code == 401


def test_every_answer_keeps_browsers_from_guessing_and_framing(outside):
    for path in ("/dang-nhap", "/ban-do", "/healthz"):
        told = outside.get(path).headers
        assert {name: told.get(name) for name in HEADERS} == HEADERS


def test_whom_the_provider_vouches_for_gets_a_session_of_ours(tmp_path, monkeypatch):
    provider = (
        "https = false\n[oidc]\nclient_id='a'\nclient_secret='b'\nserver_metadata_url='http://id.test/x'\n"
        f"redirect_uri='http://{HOST}/oauth2callback'\n"
    )
    tab = client(tmp_path, monkeypatch, login="ai.do@binhduong.gov.vn", settings=provider)
    assert "tai-khoan-tinh" in tab.get("/dang-nhap").text
    refused = tab.get("/ban-do", headers=PAGE)
    assert refused.status_code == 403
    assert "set-cookie" not in refused.headers
    Guard.of(tmp_path).accounts.tie("tinh.xem", "ai.do@binhduong.gov.vn")
    tab.get("/dang-nhap/tai-khoan-tinh", params={"next": "/xep-hang"})
    let_in = tab.get("/", headers=PAGE)
    assert (let_in.status_code, let_in.headers["location"]) == (303, "/xep-hang")
    assert len(tab.forgotten) == 2
    assert tab.get("/ban-do").text == "figures"
