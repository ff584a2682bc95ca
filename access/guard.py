"""Who stands behind a request: the one place where gate, pages and doors ask."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from access.accounts import Accounts
from access.attempts import Attempts
from access.reader import OWN_MACHINE, Reader
from access.sessions import Sessions
from access.settings import Settings, read_settings, settings_file
from warehouse.audit import Audit


@dataclass(frozen=True)
class Guard:
    """Settings, accounts, sessions, attempts and the log of one data folder."""

    data: Path
    settings: Settings
    accounts: Accounts
    sessions: Sessions
    attempts: Attempts
    audit: Audit

    @classmethod
    def of(cls, data: Path) -> "Guard":
        """The guard of a data folder; the same one until its settings change. Raises settings.SettingsError."""
        file = settings_file(data)
        found = file.stat() if file.exists() else None
        return _guard(data, (found.st_size, found.st_mtime_ns) if found else None)

    def reader(self, token: str | None) -> Reader | None:
        """Who holds a session, None where nobody does; without settings everybody is at their own machine."""
        return self.sessions.reader(token) if self.settings.on else OWN_MACHINE

    def sign_in(self, name: str, password: str, address: str) -> tuple[str, float]:
        """Try a password: what the browser is to keep (blank: wrong); seconds to wait where it came too soon."""
        with self.attempts.turn():
            if wait := self.attempts.wait(name, address):
                return "", wait
            account = self.accounts.of_password(name, password)
            if account:
                self.attempts.succeeded(name)
            else:
                self.attempts.failed(name, address)
        if account is None:
            self.audit.note(name if name in self.accounts.all() else "unknown", "refused", why="password")
            return "", 0
        return self.let_in(account.name, "password"), 0

    def let_in(self, account: str, by: str) -> str:
        """Begin a session of somebody who has proved to be its owner; what the browser is to keep."""
        token = self.sessions.begin(account)
        self.audit.note(account, "signed_in", by=by)
        return token

    def sign_out(self, token: str | None) -> None:
        if account := self.sessions.end(token):
            self.audit.note(account, "signed_out")


@lru_cache(maxsize=4)
def _guard(data: Path, changed: tuple[int, int] | None) -> Guard:
    settings, accounts = read_settings(data), Accounts(data)
    return Guard(data, settings, accounts, Sessions(data, settings, accounts), Attempts(data), Audit(data))
