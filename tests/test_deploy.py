"""As it is deployed: deploy/nginx.conf itself before two processes of the program, with TLS, in a real browser."""

import base64
import gzip
import hashlib
import http.client
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import streamlit
from test_browser import BROWSER, Tab

from benchmarks.holding import proxy
from benchmarks.holding.proxy import CONF, DEPLOY, HOST, NGINX, OPENSSL, call_of, free_ports, trusted
from data_ingest.__main__ import _parser as intake
from language import LANGUAGES
from warehouse.__main__ import _parser as warehouse

ROOT = Path(__file__).parent.parent
needs_nginx = pytest.mark.skipif(not (NGINX and OPENSSL), reason="no nginx or no openssl is installed here")
needs_browser = pytest.mark.skipif(
    BROWSER is None and not os.environ.get("KPI_BROWSER_REQUIRED"), reason="no Chromium is installed here"
)


@dataclass
class Deployed:
    """The proxy and the two processes behind it, on ports of this machine that are free."""

    folder: Path
    data: Path
    ports: list[int] = field(default_factory=free_ports)
    running: dict[int | str, subprocess.Popen] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return f"https://{HOST}:{self.ports[1]}"

    def start(self) -> None:
        for port in self.ports[2:]:
            self.serve(port)
        self.running["nginx"] = proxy.serve(self.folder, self.ports)
        for port in self.ports[2:]:
            _wait_for(lambda port=port: _is_up(port))
        _wait_for(lambda: self.get("/_stcore/health").status == 200)

    def serve(self, port: int) -> None:
        """One process, as deploy/kpi@.service starts it."""
        told = {"KPI_DATA": str(self.data), "KPI_LOG": "journal"}
        self.running[port] = subprocess.Popen(
            call_of(port), cwd=ROOT, env={**os.environ, **told},
            stdout=subprocess.DEVNULL, stderr=(self.folder / f"{port}.log").open("ab"),
        )  # fmt: skip

    def get(self, path: str, method: str = "GET", source: str | None = None, body: bytes = b"", **headers: str):
        """An answer, its body in `.content`; `source` is the address to ask from."""
        trust = ssl.create_default_context(cafile=str(trusted(self.folder)))
        place = (source, 0) if source else None
        asked = http.client.HTTPSConnection(HOST, self.ports[1], context=trust, timeout=30, source_address=place)
        try:
            asked.request(method, path, body or None, headers)
            answer = asked.getresponse()
            answer.content = answer.read()
            return answer
        finally:
            asked.close()

    def went_to(self) -> list[tuple[str, int]]:
        """Each request that was answered from behind, as path and port."""
        lines = (self.folder / "access.log").read_text().splitlines()
        found = (re.match(r"\S+ \S+ \S+ (\S+) .* \S*127\.0\.0\.1:(\d+)$", line) for line in lines)
        return [(each[1], int(each[2])) for each in found if each]

    def stop(self) -> None:
        for each in self.running.values():
            each.terminate()
            try:
                each.wait(15)
            except subprocess.TimeoutExpired:
                each.kill()


def _wait_for(happens, seconds: float = 90) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if happens():
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise AssertionError("it did not happen in time")


def _is_up(port: int) -> bool:
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        asked.request("GET", "/_stcore/health")
        return asked.getresponse().status == 200
    finally:
        asked.close()


@pytest.fixture(scope="module")
def deployed(sample, tmp_path_factory) -> Iterator[Deployed]:
    found = Deployed(tmp_path_factory.mktemp("deployed"), sample)
    try:
        found.start()
        yield found
    finally:
        found.stop()


# What can be seen without a browser


@needs_nginx
def test_headers_say_what_a_browser_may_do(deployed):
    told = deployed.get("/").headers
    assert told["Strict-Transport-Security"].startswith("max-age=31536000")
    assert (told["X-Content-Type-Options"], told["X-Frame-Options"]) == ("nosniff", "DENY")
    assert told["Referrer-Policy"] == "same-origin"
    policy = told["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy
    scripts = re.search(r"script-src ([^;]*);", policy)[1]
    assert "unsafe" not in scripts
    assert "http:" not in policy
    assert "nginx/" not in told["Server"]


@needs_nginx
@pytest.mark.parametrize("path", ["/static/nothing.js", "/healthz", "/dang-nhap"])
def test_they_stand_on_every_answer(path, deployed):
    assert "Content-Security-Policy" in deployed.get(path, source="127.0.0.2").headers


@needs_nginx
def test_plain_http_leads_to_tls(deployed):
    asked = http.client.HTTPConnection("127.0.0.1", deployed.ports[0], timeout=10)
    asked.request("GET", "/ban-do?unit=724", headers={"Host": HOST})
    answer = asked.getresponse()
    assert (answer.status, answer.getheader("Location")) == (301, f"https://{HOST}/ban-do?unit=724")
    asked.close()


@needs_nginx
@pytest.mark.parametrize(("version", "taken"), [("TLSv1_1", False), ("TLSv1_2", True), ("TLSv1_3", True)])
def test_only_present_day_tls_is_spoken(version, taken, deployed):
    trust = ssl.create_default_context(cafile=str(trusted(deployed.folder)))
    with warnings.catch_warnings(action="ignore"):  # of the old one it says that it is old
        trust.minimum_version = trust.maximum_version = getattr(ssl.TLSVersion, version)
    asked = http.client.HTTPSConnection(HOST, deployed.ports[1], context=trust, timeout=10)
    try:
        asked.request("GET", "/_stcore/health")
        assert (asked.getresponse().status == 200) == taken
    except ssl.SSLError:
        assert not taken
    finally:
        asked.close()


@needs_nginx
def test_the_bundle_is_packed_and_may_be_kept(deployed):
    script = re.search(rb'src="\./(static/js/index[^"]*)"', deployed.get("/").content)[1].decode()
    plain, packed = deployed.get(f"/{script}"), deployed.get(f"/{script}", **{"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert len(packed.content) < len(plain.content) / 2
    assert packed.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert deployed.get("/").headers["Cache-Control"] == "no-cache"


@needs_nginx
def test_what_is_no_file_is_not_kept_as_one(deployed):
    answer = deployed.get("/static/js/index.of-another-version.js")
    assert answer.status == 404 or "immutable" not in (answer.headers["Cache-Control"] or "")


@needs_nginx
@pytest.mark.parametrize(("megabytes", "taken"), [(1, True), (25, False)])
def test_a_file_over_the_limit_is_refused_in_words(megabytes, taken, deployed):
    answer = deployed.get("/_stcore/upload_file/a/b", "PUT", body=bytes(megabytes * 1_000_000))
    assert (answer.status != 413) == taken
    if not taken:
        assert "20 MB" in answer.content.decode()
        assert "report" in answer.content.decode()


@needs_nginx
def test_attempts_to_sign_in_are_bounded_and_looks_at_the_form_are_not(deployed):
    looks = [deployed.get("/dang-nhap").status for _ in range(40)]
    attempts = [deployed.get("/dang-nhap", "POST", body=b"x=1") for _ in range(40)]
    assert 429 not in looks
    assert 429 not in [each.status for each in attempts[:15]]  # an office that comes in the morning
    assert attempts[-1].status == 429
    assert "chờ một phút" in attempts[-1].content.decode()


@needs_nginx
def test_only_this_machine_hears_of_health(deployed):
    assert deployed.get("/healthz", source="127.0.0.1").status != 403
    assert deployed.get("/healthz", source="127.0.0.2").status == 403
    assert deployed.get("/_stcore/metrics").status == 403


def _routes(answer: http.client.HTTPResponse) -> list[str]:
    """The cookies that keep a browser on its process; the program sets others."""
    cookies = answer.headers.get_all("Set-Cookie") or []
    return [each.split(";")[0] for each in cookies if each.startswith("kpi_route=")]


@needs_nginx
def test_browsers_are_spread_and_each_stays_where_it_is(deployed):
    seen = set()
    for _ in range(12):
        (cookie,) = _routes(deployed.get("/_stcore/health"))
        mine = set()
        for _ in range(5):
            answer = deployed.get("/_stcore/host-config", Cookie=cookie)
            assert _routes(answer) == []
            mine.add(deployed.went_to()[-1][1])
        assert len(mine) == 1
        seen |= mine
    assert seen == set(deployed.ports[2:])


@needs_nginx
def test_what_comes_by_another_name_is_not_served(deployed):
    trust = ssl.create_default_context(cafile=str(trusted(deployed.folder)))
    trust.check_hostname = False
    place = ("127.0.0.1", deployed.ports[1])
    with socket.create_connection(place, timeout=10) as plain, pytest.raises(ssl.SSLError):
        trust.wrap_socket(plain, server_hostname="elsewhere.example")
    with pytest.raises(http.client.RemoteDisconnected):
        deployed.get("/", Host="elsewhere.example")


@needs_nginx
def test_the_log_of_the_proxy_holds_no_words_of_an_address(deployed):
    deployed.get("/tu-dien?search=ong.ba%40example.vn")
    assert "ong.ba" not in (deployed.folder / "access.log").read_text()


def test_the_scripts_that_are_allowed_are_those_that_are_there():
    page = (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    scripts = re.findall(r"<script(?![^>]*\ssrc)[^>]*>(.*?)</script>", page, re.DOTALL)
    scripts += [f"document.documentElement.lang = '{language}'" for language in LANGUAGES]
    sums = {f"'sha256-{base64.b64encode(hashlib.sha256(each.encode()).digest()).decode()}'" for each in scripts}
    assert set(re.findall(r"'sha256-[^']*'", CONF.read_text(encoding="utf-8"))) == sums


# In a browser


class Trusting:
    """A browser that takes the certificate, which nobody has signed."""

    def __init__(self, browser):
        self.browser = browser

    def new_page(self, **options: object):
        return self.browser.new_page(ignore_https_errors=True, **options)


@pytest.fixture(scope="module")
def kept_tab(browser, deployed) -> Iterator[Tab]:
    opened = Tab(Trusting(browser), deployed.address)
    yield opened
    opened.page.close()


@needs_nginx
@needs_browser
@pytest.mark.browser
@pytest.mark.parametrize("path", ["", "ban-do", "mot-chi-tieu", "kham-pha", "tinh-trang-he-thong"])
def test_pages_draw_through_the_proxy_and_nothing_is_refused_by_the_policy(path, tab):
    sockets = []
    tab.page.on("websocket", lambda each: sockets.append(each.url))
    tab.open(path).is_sound()
    if path in ("", "ban-do"):
        tab.page.wait_for_selector(".js-plotly-plot .trace", timeout=30_000)
    assert sockets
    assert all(each.startswith("wss://") for each in sockets)
    assert tab.page.evaluate("document.documentElement.lang") == "vi"
    tab.is_sound()


@needs_nginx
@needs_browser
@pytest.mark.browser
def test_a_script_from_a_cell_would_not_run(tab):
    tab.open("")
    tab.errors.clear()
    tab.page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.ran = 1\">')")
    tab.page.evaluate(
        "document.body.appendChild(Object.assign(document.createElement('script'), {text: 'window.ran = 1'}))"
    )
    tab.page.wait_for_timeout(500)
    assert tab.page.evaluate("window.ran") is None
    assert "Content Security Policy" in " ".join(tab.errors)


@needs_nginx
@needs_browser
@pytest.mark.browser
def test_a_browser_stays_on_its_process_and_comes_back_on_the_other_when_that_is_killed(tab, deployed):
    before = len(deployed.went_to())
    tab.open("xep-hang?unit=724")
    mine = {port for _, port in deployed.went_to()[before:]}
    assert len(mine) == 1
    (port,) = mine
    deployed.running[port].send_signal(signal.SIGKILL)
    deployed.running[port].wait()
    other = next(each for each in deployed.ports[2:] if each != port)
    _wait_for(lambda: ("/_stcore/host-config", other) in deployed.went_to()[before:])  # it connects again by itself
    tab.page.wait_for_timeout(1000)
    tab.page.get_by_text("EN", exact=True).click()
    tab.page.wait_for_selector("text=communes below the target", timeout=60_000)
    tab.page.wait_for_url(lambda url: "unit=724" in url and "lang=en" in url, timeout=60_000)
    tab.page.reload()
    tab.page.wait_for_selector("text=communes below the target", timeout=60_000)
    assert {each for _, each in deployed.went_to()[-5:]} == {other}
    deployed.serve(port)
    _wait_for(lambda: _is_up(port))


@needs_nginx
def test_with_no_process_there_is_a_page_that_opens_again_by_itself(sample, tmp_path):
    alone = Deployed(tmp_path, sample)
    alone.running["nginx"] = proxy.serve(tmp_path, alone.ports)
    try:
        _wait_for(lambda: alone.get("/").status == 503)
        assert "khởi động lại" in alone.get("/").content.decode()
    finally:
        alone.stop()


# What stands beside it

UNITS = ("kpi@.service", "kpi-backup.service", "kpi-backup.timer")


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd is installed here")
def test_the_units_are_understood(tmp_path):
    for name in UNITS:
        text = (DEPLOY / name).read_text(encoding="utf-8")
        text = text.replace("/opt/kpi/current/.venv/bin/python", sys.executable).replace("/opt/kpi/current", "/")
        (tmp_path / name.replace("@.", "@8501.")).write_text(text, encoding="utf-8")
    files = [str(tmp_path / name.replace("@.", "@8501.")) for name in UNITS]
    done = subprocess.run(["systemd-analyze", "verify", *files], capture_output=True, text=True)
    assert (done.returncode, [line for line in done.stderr.splitlines() if str(tmp_path) in line]) == (0, [])


@pytest.mark.parametrize("name", UNITS[:2])
def test_a_process_may_do_only_what_it_needs(name):
    lines = set((DEPLOY / name).read_text(encoding="utf-8").splitlines())
    asked = {"User=kpi", "NoNewPrivileges=true", "ProtectSystem=strict", "PrivateTmp=true", "CapabilityBoundingSet="}
    assert asked <= lines
    assert any(line.startswith("MemoryMax=") for line in lines)


def test_every_command_that_is_named_exists():
    text = "".join(path.read_text(encoding="utf-8") for path in DEPLOY.iterdir())
    parsers = {"warehouse": warehouse, "data_ingest": intake}
    named = {each for each in re.findall(r"python -m (\w+) (\w+)", text) if each[0] in parsers}
    assert {
        ("warehouse", "backup"),
        ("warehouse", "restore"),
        ("warehouse", "verify"),
        ("data_ingest", "build"),
    } <= named
    for program, verb in named:
        verbs = next(action.choices for action in parsers[program]()._actions if action.dest == "verb")
        assert verb in verbs


def test_ports_and_folders_are_the_same_in_all_files():
    conf, env, unit = ((DEPLOY / name).read_text("utf-8") for name in ("nginx.conf", "kpi.env", "kpi@.service"))
    guide = (DEPLOY / "README.md").read_text("utf-8")
    for port in re.findall(r"server 127\.0\.0\.1:(\d+)", conf):
        assert f"kpi@{port}" in guide
    data = re.search(r"^KPI_DATA=(.*)$", env, re.MULTILINE)[1]
    assert f"ReadWritePaths={data} " in unit
    assert data in guide
    assert all(name in guide for name in re.findall(r"server_name (\S+);", conf))
