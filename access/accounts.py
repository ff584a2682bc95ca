"""Accounts: who may sign in, as what. A file that only grows; no person's name, only what the office calls the post."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from filelock import FileLock

from access.reader import ROLE_NAMES, Reader, Role
from language import Text, TextError
from warehouse.audit import Audit
from warehouse.lines import append, whole_lines

SHORTEST, LONGEST = 12, 256  # letters of a password
_NAME = re.compile(r"[a-z][a-z0-9]*(?:[.-][a-z0-9]+)*")
_LOOKS_PERSONAL = re.compile(r"\d{9,}|@")


class AccountError(TextError):
    """The account cannot be made or changed so; `text` says why in both languages."""


@dataclass(frozen=True)
class Account:
    """One account as it stands. `password` is an argon2id hash, `login` a hash of what the provider calls its owner."""

    name: str
    role: Role
    unit: str = ""
    password: str = ""
    login: str = ""
    active: bool = True
    since: datetime | None = None  # sessions from before are over: a password or a role was changed then

    @property
    def reader(self) -> Reader:
        return Reader(self.name, self.role, self.unit)


class Accounts:
    """The file `data/accounts.jsonl`: each line says what has changed of an account, when, and who said so."""

    def __init__(self, data: Path):
        self.file, self._lock, self._data = data / "accounts.jsonl", data / ".accounts.lock", data
        self._known: tuple[tuple[int, int], dict[str, Account]] = (-1, -1), {}

    def all(self) -> dict[str, Account]:
        """Every account as it stands, also those closed; read anew when the file has grown."""
        found = self.file.stat() if self.file.exists() else None
        mark = (found.st_size, found.st_mtime_ns) if found else (0, 0)
        if self._known[0] != mark:
            standing: dict[str, Account] = {}
            for line in whole_lines(self.file).split("\n")[:-1]:
                _apply(standing, json.loads(line))
            self._known = mark, standing
        return self._known[1]

    def add(self, name: str, role: Role, unit: str = "", by: str = "") -> None:
        """A new account, which nobody can use before it has a password or a login. Raises AccountError."""
        if not _NAME.fullmatch(name) or len(name) > 40 or _LOOKS_PERSONAL.search(name):
            raise AccountError(
                Text(
                    f"Tên tài khoản “{name}” không hợp lệ: dùng chữ thường không dấu, số, dấu chấm, gạch nối, đặt theo"
                    " vị trí công tác (ví dụ: so-tttt.tong-hop), không dùng tên, số điện thoại của người.",
                    f"Account name “{name}” is not allowed: small letters a-z, figures, dots and dashes, after the post"
                    " (so-tttt.tong-hop, say), never after a person or a telephone number.",
                )
            )
        if name in self.all():
            raise AccountError(Text(f"Đã có tài khoản “{name}”.", f"There is an account “{name}” already."))
        self._say(name, {"role": role, "unit": unit}, by)

    def change(self, name: str, by: str = "", **said: object) -> None:
        """Change role, unit or active. Raises AccountError."""
        if unknown := set(said) - {"role", "unit", "active"}:
            raise ValueError(f"{', '.join(sorted(unknown))}; expected role, unit or active")
        self._known_account(name)
        self._say(name, said, by)

    def set_password(self, name: str, password: str, by: str = "") -> None:
        """A new password; sessions from before are over. Raises AccountError."""
        self._known_account(name)
        if not SHORTEST <= len(password) <= LONGEST or name in password.lower() or len(set(password)) < 5:
            raise AccountError(
                Text(
                    f"Mật khẩu cần từ {SHORTEST} đến {LONGEST} ký tự, không chứa tên tài khoản, không lặp vài ký tự.",
                    f"A password has {SHORTEST} to {LONGEST} letters, not the account's name, not a few letters over"
                    " and over.",
                )
            )
        self._say(name, {"password": _hasher().hash(password)}, by)

    def tie(self, name: str, login: str, by: str = "") -> None:
        """Tie an account to what the identity provider calls its owner; only a hash of it is kept."""
        self._known_account(name)
        mark = login_mark(login)
        if other := next((each.name for each in self.all().values() if each.login == mark and each.name != name), ""):
            raise AccountError(
                Text(f"Đăng nhập này đã gắn với “{other}”.", f"This login is tied to the account “{other}” already.")
            )
        self._say(name, {"login": mark}, by)

    def of_password(self, name: str, password: str) -> Account | None:
        """The account, if this is its password. Takes as long for an account that does not exist."""
        account = self.all().get(name)
        try:
            _hasher().verify(account.password if account and account.password else _nobody(), password[:LONGEST])
        except (VerificationError, InvalidHashError):
            return None
        if not account or not account.password or not account.active:
            return None
        if _hasher().check_needs_rehash(account.password):  # the library's advice has become stricter since
            self._say(name, {"password": _hasher().hash(password), "rehash": True}, name)
        return account

    def of_login(self, login: str) -> Account | None:
        """The account tied to what the identity provider calls somebody."""
        mark = login_mark(login)
        return next((each for each in self.all().values() if each.login == mark and each.active), None)

    def _known_account(self, name: str) -> Account:
        if name not in self.all():
            raise AccountError(Text(f"Không có tài khoản “{name}”.", f"There is no account “{name}”."))
        return self.all()[name]

    def _say(self, name: str, said: Mapping[str, object], by: str) -> None:
        """Write a change down, if the account is still a sound one after it; and that it was made into the log."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(self._lock):
            line = {"at": datetime.now(UTC).isoformat(timespec="microseconds"), "account": name, **said}
            after = dict(self.all())
            try:
                _apply(after, line)
            except ValueError:
                raise AccountError(
                    Text(
                        "Chỉ người xem mới được giới hạn trong một đơn vị; vai trò phải là "
                        + ", ".join(ROLE_NAMES)
                        + ".",
                        "Only a viewer is kept to one unit; a role is one of " + ", ".join(ROLE_NAMES) + ".",
                    )
                ) from None
            append(self.file, json.dumps(line, ensure_ascii=False) + "\n")
            self.file.chmod(0o600)
        if "rehash" not in said:
            told = {key: ("changed" if key in ("password", "login") else value) for key, value in said.items()}
            Audit(self._data).note(by or name, "account", account=name, **told)


def _apply(standing: dict[str, Account], line: Mapping[str, object]) -> None:
    """Change one account as a line says. Raises ValueError for a role or a unit that cannot be."""
    said = {key: value for key, value in line.items() if key in ("role", "unit", "password", "login", "active")}
    if said.get("role", "viewer") not in ROLE_NAMES:
        raise ValueError(f"role {said['role']!r}; expected one of {', '.join(ROLE_NAMES)}")
    name, at = str(line["account"]), datetime.fromisoformat(str(line["at"]))
    account = replace(standing[name], **said) if name in standing else Account(name, **said)
    _ = account.reader  # a role and a unit that do not go together are told here
    standing[name] = account if "rehash" in line else replace(account, since=at)


def login_mark(login: str) -> str:
    """What is kept of an identity provider's name for somebody: enough to know it again, not to read it."""
    return hashlib.sha256(f"login:{login.strip().casefold()}".encode()).hexdigest()


@cache
def _hasher() -> PasswordHasher:
    """Argon2id as the library advises (RFC 9106)."""
    return PasswordHasher()


@cache
def _nobody() -> str:
    return _hasher().hash("nobody has this password")
