"""Attempts to sign in are slowed: after a few wrong ones each must wait longer than the one before."""

import hashlib
import json
import os
import time
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

    def begin(self, account: str, address: str) -> float:
        """Take one attempt for an account, from an address; seconds to wait where it comes too soon, else 0.

        It counts as a wrong one until `succeeded` says otherwise: many at the same moment are no way round.
        """
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with FileLock(self.folder / ".lock"):
            told = [(kind, self._path(kind, what)) for kind, what in (("account", account), ("address", address))]
            wait = max(self._wait(kind, path) for kind, path in told)
            if not wait:
                for _, path in told:
                    self._keep(path, self._known(path)[0] + 1)
        return wait

    def succeeded(self, account: str, address: str) -> None:
        """The attempt was right. Those from the address before it stay: who tries others may know one account."""
        with FileLock(self.folder / ".lock"):
            self._path("account", account).unlink(missing_ok=True)
            count, _ = self._known(path := self._path("address", address))
            self._keep(path, max(count - 1, 0))

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
