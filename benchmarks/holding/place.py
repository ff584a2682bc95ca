"""The place that is put to the test: a sample with accounts, two processes that are started again, a proxy before them.

The proxy is deploy/nginx.conf itself, with what differs from server to server put in. Without nginx the readers are
shared out to the two processes, as it would do.
"""

import asyncio
import http.client
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from access.guard import Guard
from benchmarks.holding.protocol import Place

ROOT = Path(__file__).parent.parent.parent
DEPLOY = ROOT / "deploy"
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
OPENSSL = shutil.which("openssl")
PASSWORD = "mật khẩu của bài đo 2025"
BRANCH = "724"  # what viewers of one district see
ACCOUNTS = {  # account → role, branch
    "tinh.xem": ("viewer", ""),
    "huyen.xem": ("viewer", BRANCH),
    "so-tttt.tong-hop": ("officer", ""),
    "so-tttt.xem": ("viewer", ""),
    "so-tttt.quan-tri": ("administrator", ""),
}
AROUND = """
{user}
worker_processes 2;
daemon off;
error_log {folder}/error.log;
pid {folder}/nginx.pid;
events {{ worker_connections 1024; }}
http {{
    include /etc/nginx/mime.types;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f;
    uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    include {folder}/kpi.conf;
}}
"""


def make_data(data: Path, sample: Path | None = None) -> None:
    """The invented sample, with accounts; copied where it has been made already."""
    if sample:
        shutil.copytree(sample, data, dirs_exist_ok=True, ignore=shutil.ignore_patterns("branches", "access*"))
    call = [sys.executable, "-m", "sample_data", "--data", str(data)]
    subprocess.run(call, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    text = 'hosts = ["localhost", "127.0.0.1"]\nhttps = false\n'
    (data / "access.toml").write_text(text, encoding="utf-8")
    accounts = Guard.of(data).accounts
    for name, (role, unit) in ACCOUNTS.items():
        accounts.add(name, role, unit)
        accounts.set_password(name, PASSWORD)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@dataclass
class Running:
    """Both processes and the proxy. `proxy` is False where there is none, or none is wanted."""

    folder: Path
    data: Path
    proxy: bool = bool(NGINX and OPENSSL)
    ports: list[int] = field(default_factory=lambda: [free_port() for _ in range(4)])  # http, https, first, second
    apps: dict[int, asyncio.subprocess.Process] = field(default_factory=dict)  # port → the process that is there now
    restarts: int = 0
    _nginx: subprocess.Popen | None = None
    _watched: list[asyncio.Task] = field(default_factory=list)

    def place(self, number: int) -> Place:
        """Where a reader calls."""
        if self.proxy:
            return Place(self.ports[1], str(self.folder / "certificate.pem"))
        return Place(self.ports[2 + number % 2])

    async def start(self) -> None:
        self._watched = [asyncio.create_task(self._keep_up(port)) for port in self.ports[2:]]
        if self.proxy:
            self._certificate()
            self._configure()
            self._nginx = subprocess.Popen([NGINX, "-p", str(self.folder), "-c", str(self.folder / "all.conf")])
        for port in self.ports[2:]:
            await until_up(port)

    async def _keep_up(self, port: int) -> None:
        """One process, as deploy/kpi@.service starts it, and starts it again two seconds after it has ended."""
        unit = (DEPLOY / "kpi@.service").read_text(encoding="utf-8")
        call = re.search(r"^ExecStart=\S+/python (.*)$", unit, re.MULTILINE)[1].replace("%i", str(port)).split()
        env = {**os.environ, "KPI_DATA": str(self.data), "KPI_LOG": f"app-{port}"}
        while True:
            with (self.folder / f"{port}.log").open("ab") as log:
                self.apps[port] = await asyncio.create_subprocess_exec(
                    sys.executable, *call, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=log
                )
            await self.apps[port].wait()
            self.restarts += 1
            await asyncio.sleep(2)

    def _certificate(self) -> None:
        call = [OPENSSL, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
        call += ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(self.folder / "key.pem")]
        subprocess.run([*call, "-out", str(self.folder / "certificate.pem")], check=True, capture_output=True)

    def _configure(self) -> None:
        text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
        web, tls, first, second = self.ports
        for old, new in {
            "listen 80": f"listen 127.0.0.1:{web}",
            "listen 443 ": f"listen 127.0.0.1:{tls} ",
            "server_name kpi.example.vn;": "server_name localhost;",
            "/etc/nginx/kpi/certificate.pem": f"{self.folder}/certificate.pem",
            "/etc/nginx/kpi/key.pem": f"{self.folder}/key.pem",
            "/var/log/nginx/kpi.log": f"{self.folder}/access.log",
            "127.0.0.1:8501": f"127.0.0.1:{first}",
            "127.0.0.1:8502": f"127.0.0.1:{second}",
        }.items():
            if old not in text:
                raise ValueError(f"deploy/nginx.conf has no {old!r}; expected it to be put in place here")
            text = text.replace(old, new)
        # Started by root, its workers would be another user, who may not write into a folder of ours.
        user = "user root;" if os.geteuid() == 0 else ""
        (self.folder / "kpi.conf").write_text(text, encoding="utf-8")
        (self.folder / "all.conf").write_text(AROUND.format(folder=self.folder, user=user), encoding="utf-8")

    @property
    def proxies(self) -> list[int]:
        """The proxy's process ids."""
        if not self._nginx:
            return []
        told = Path(f"/proc/{self._nginx.pid}/task/{self._nginx.pid}/children")
        return [self._nginx.pid, *map(int, told.read_text().split())] if told.exists() else []

    async def stop(self) -> None:
        for each in self._watched:
            each.cancel()
        for each in self.apps.values():
            if each.returncode is None:
                each.terminate()
        for each in self.apps.values():
            try:
                await asyncio.wait_for(each.wait(), 15)
            except TimeoutError:
                each.kill()
        if self._nginx:
            self._nginx.terminate()
            self._nginx.wait()


def is_up(port: int) -> bool:
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        asked.request("GET", "/_stcore/health")
        return asked.getresponse().status == 200
    except OSError:
        return False
    finally:
        asked.close()


async def until_up(port: int, seconds: float = 90) -> float:
    """Wait until a process answers; how long that took. Raises TimeoutError."""
    since = time.monotonic()
    async with asyncio.timeout(seconds):
        while not await asyncio.to_thread(is_up, port):
            await asyncio.sleep(0.2)
    return time.monotonic() - since
