"""Attempts to sign in are slowed: after a few wrong ones each must wait longer than the one before."""

import hashlib
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock

from access.sessions import FOLDER

FREE = {"account": 4, "address": 20}  # wrong attempts without a wait; many officers may share one address
LONGEST = 900  # seconds, the longest wait
FORGOTTEN = 86_400  # seconds after the last wrong attempt


class Attempts:
    """The folder `data/access/attempts/`, known to every process of the server. Names in it are hashes."""

    def __init__(self, data: Path):
        self.folder = data / FOLDER / "attempts"

    @contextmanager
    def turn(self) -> Iterator[None]:
        """One attempt after the other, of all processes: so many at the same moment are no way round the waits, and
        right ones at the same moment are not taken for wrong ones. Each takes a tenth of a second."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with FileLock(self.folder / ".lock"):
            yield

    def wait(self, account: str, address: str) -> float:
        """Seconds until the next attempt for an account, or from an address; 0: at once."""
        return max(self._wait(kind, path) for kind, path in self._paths(account, address))

    def failed(self, account: str, address: str) -> None:
        """Note a wrong attempt."""
        for _, path in self._paths(account, address):
            self._keep(path, self._known(path)[0] + 1)

    def succeeded(self, account: str) -> None:
        """Forget the wrong attempts for an account. Those from the address stay: who tries others may know one."""
        self._path("account", account).unlink(missing_ok=True)

    def _paths(self, account: str, address: str) -> list[tuple[str, Path]]:
        return [(kind, self._path(kind, what)) for kind, what in (("account", account), ("address", address))]

    def _keep(self, path: Path, count: int) -> None:
        draft = path.with_suffix(f".{os.getpid()}")
        draft.write_text(json.dumps([count, time.time()]), encoding="utf-8")
        os.replace(draft, path)

    def _wait(self, kind: str, path: Path) -> float:
        count, last = self._known(path)
        if count < FREE[kind]:
            return 0
        return max(last + min(2.0 ** (count - FREE[kind]), LONGEST) - time.time(), 0)

    def _known(self, path: Path) -> tuple[int, float]:
        """How many wrong attempts, and when the last was."""
        try:
            count, last = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return 0, 0.0
        return (count, last) if time.time() - last < FORGOTTEN else (0, 0.0)

    def _path(self, kind: str, what: str) -> Path:
        return self.folder / hashlib.sha256(f"{kind}:{what}".encode()).hexdigest()
