"""The place that is put to the test: a sample with accounts, two processes that are started again, a proxy before them.

The proxy is deploy/nginx.conf itself, with what differs from server to server put in. Without nginx the readers are
shared out to the two processes, as it would do.
"""

import asyncio
import http.client
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from access.guard import Guard
from benchmarks.holding.protocol import Place
from benchmarks.holding.proxy import NGINX, OPENSSL, call_of, free_ports, serve, trusted

ROOT = Path(__file__).parent.parent.parent
PASSWORD = "mật khẩu của bài đo 2025"
BRANCH = "724"  # what viewers of one district see
ACCOUNTS = {  # account → role, branch
    "tinh.xem": ("viewer", ""),
    "huyen.xem": ("viewer", BRANCH),
    "so-tttt.tong-hop": ("officer", ""),
    "so-tttt.xem": ("viewer", ""),
    "so-tttt.quan-tri": ("administrator", ""),
}


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


@dataclass
class Running:
    """Both processes and the proxy. `proxy` is False where there is none, or none is wanted."""

    folder: Path
    data: Path
    proxy: bool = bool(NGINX and OPENSSL)
    ports: list[int] = field(default_factory=free_ports)
    apps: dict[int, asyncio.subprocess.Process] = field(default_factory=dict)  # port → the process that is there now
    restarts: int = 0
    _nginx: subprocess.Popen | None = None
    _watched: list[asyncio.Task] = field(default_factory=list)

    def place(self, number: int) -> Place:
        """Where a reader calls."""
        if self.proxy:
            return Place(self.ports[1], str(trusted(self.folder)))
        return Place(self.ports[2 + number % 2])

    async def start(self) -> None:
        self._watched = [asyncio.create_task(self._keep_up(port)) for port in self.ports[2:]]
        if self.proxy:
            self._nginx = serve(self.folder, self.ports)
        for port in self.ports[2:]:
            await until_up(port)

    async def _keep_up(self, port: int) -> None:
        """One process, as deploy/kpi@.service starts it, and starts it again two seconds after it has ended."""
        env = {**os.environ, "KPI_DATA": str(self.data), "KPI_LOG": f"app-{port}"}
        while True:
            with (self.folder / f"{port}.log").open("ab") as log:
                self.apps[port] = await asyncio.create_subprocess_exec(
                    *call_of(port), cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=log
                )
            await self.apps[port].wait()
            self.restarts += 1
            await asyncio.sleep(2)

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
