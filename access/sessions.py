"""Sessions: who has signed in, for how long yet. A small file each, so that every process of the server knows them."""

import hashlib
import json
import os
import secrets
import time
from dataclasses import dataclass
from pathlib import Path

from access.accounts import Accounts
from access.reader import Reader
from access.settings import Settings

FOLDER = "access"  # in the data folder: what is known of sessions and attempts, nothing that a backup needs
_TOUCHED = 60  # seconds: a session that was seen so lately is not written to again


@dataclass(frozen=True)
class Session:
    """A session that holds: of which account, since when (seconds of the epoch)."""

    account: str
    started: float


class Sessions:
    """The folder `data/access/sessions/`. A file bears the hash of what a browser holds: to read it is no way in."""

    def __init__(self, data: Path, settings: Settings, accounts: Accounts):
        self.folder, self._settings, self._accounts = data / FOLDER / "sessions", settings, accounts

    def begin(self, account: str) -> str:
        """A new session; what the browser is to keep as a cookie."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._sweep()
        token = secrets.token_urlsafe(32)
        draft = self.folder / f"{secrets.token_hex(8)}.part"
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            json.dump({"account": account, "started": time.time()}, file)
        os.replace(draft, self._path(token))
        return token

    def reader(self, token: str | None) -> Reader | None:
        """Who has this session, if it still holds; it is then seen as in use."""
        session = self.find(token)
        if session is None:
            return None
        self._touch(self._path(token))
        return self._accounts.all()[session.account].reader

    def find(self, token: str | None) -> Session | None:
        """The session, if it holds: known, neither idle too long nor too old, its account open and unchanged since."""
        if not token or len(token) > 200:
            return None
        path, now = self._path(token), time.time()
        try:
            seen = path.stat().st_mtime
            session = Session(**json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None
        account = self._accounts.all().get(session.account)
        holds = (
            now - seen < self._settings.idle_minutes * 60
            and now - session.started < self._settings.hours * 3600
            and account is not None
            and account.active
            and (account.since is None or account.since.timestamp() <= session.started)
        )
        if not holds:
            path.unlink(missing_ok=True)
        return session if holds else None

    def end(self, token: str | None) -> str:
        """End a session; the account it was of, blank where it was none."""
        session = self.find(token)
        if token:
            self._path(token).unlink(missing_ok=True)
        return session.account if session else ""

    def _path(self, token: str) -> Path:
        return self.folder / hashlib.sha256(token.encode()).hexdigest()

    def _touch(self, path: Path) -> None:
        try:
            if time.time() - path.stat().st_mtime > _TOUCHED:
                os.utime(path)
        except OSError:  # ended a moment ago, or a disk that is full: it only ends sooner
            return

    def _sweep(self) -> None:
        """Take away what cannot hold any more."""
        for path in self.folder.iterdir():
            try:
                if time.time() - path.stat().st_mtime > self._settings.idle_minutes * 60:
                    path.unlink()
            except OSError:
                continue
