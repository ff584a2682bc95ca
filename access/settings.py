"""How readers are recognised: one file `access.toml` in the data folder; without it only this machine is served."""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

from language import Text, TextError

NAME = "access.toml"
OWN_HOSTS = ("localhost", "127.0.0.1", "[::1]")
_TABLES = {"sessions": ("idle_minutes", "hours"), "oidc": None}


class SettingsError(TextError):
    """The file cannot be followed; `text` says why in both languages. Nothing is served then."""


@dataclass(frozen=True)
class Provider:
    """An OpenID Connect provider. `claim` is what an account is tied to; it is kept only as a hash."""

    client_id: str
    client_secret: str
    server_metadata_url: str
    redirect_uri: str  # the address of this program as browsers see it, ending in /oauth2callback
    claim: str = "email"
    scope: str = "openid email"
    name_vi: str = "Đăng nhập bằng tài khoản của tỉnh"
    name_en: str = "Sign in with the province's account"

    @property
    def origin(self) -> str:
        return self.redirect_uri.removesuffix("/oauth2callback")


@dataclass(frozen=True)
class Settings:
    """What the file says. `on` is False where there is none."""

    on: bool = False
    hosts: tuple[str, ...] = OWN_HOSTS  # names under which browsers reach the program
    https: bool = True  # TLS ends here or at the proxy in front: the cookie travels over nothing else
    idle_minutes: float = 30  # a session ends when nothing has been done for so long
    hours: float = 10  # and in any case so long after signing in
    oidc: Provider | None = field(default=None)

    @property
    def cookie(self) -> str:
        """The prefix makes browsers refuse it from another host, another path or without TLS."""
        return "__Host-kpi" if self.https else "kpi"


def settings_file(data: Path) -> Path:
    """KPI_ACCESS, else access.toml in the data folder."""
    return Path(os.environ.get("KPI_ACCESS") or data / NAME)


def read_settings(data: Path) -> Settings:
    """The settings of a data folder. Raises SettingsError: a file that is there but wrong opens nothing."""
    file = settings_file(data)
    if not file.exists():
        if os.environ.get("KPI_ACCESS"):
            raise SettingsError(Text(f"Không có tệp {file} (KPI_ACCESS).", f"There is no file {file} (KPI_ACCESS)."))
        return Settings()
    try:
        told = tomllib.loads(file.read_text(encoding="utf-8"))
        return _settings(told)
    except (OSError, ValueError, TypeError) as error:
        raise SettingsError(
            Text(f"Không hiểu tệp cấu hình {file}: {error}", f"The settings {file} cannot be followed: {error}")
        ) from None


def _settings(told: Mapping[str, object]) -> Settings:
    plain = {key: value for key, value in told.items() if key not in _TABLES}
    plain |= dict(told.get("sessions", {}))
    known = {each.name for each in fields(Settings)} - {"on", "oidc"}
    if unknown := sorted(set(plain) - known):
        raise ValueError(f"{', '.join(unknown)}; known are {', '.join(sorted(known))}, [sessions], [oidc]")
    plain["hosts"] = _hosts(plain.get("hosts", OWN_HOSTS))
    for name in ("idle_minutes", "hours"):
        if name in plain and not float(plain[name]) > 0:
            raise ValueError(f"{name} = {plain[name]}; expected a number above 0")
    if not isinstance(plain.get("https", True), bool):
        raise ValueError(f"https = {plain['https']!r}; expected true or false")
    oidc = Provider(**told["oidc"]) if "oidc" in told else None
    if oidc and not oidc.redirect_uri.endswith("/oauth2callback"):
        raise ValueError(f"redirect_uri = {oidc.redirect_uri}; expected an address that ends in /oauth2callback")
    return Settings(on=True, oidc=oidc, **plain)


def _hosts(told: object) -> tuple[str, ...]:
    if not isinstance(told, list | tuple) or not told or not all(isinstance(each, str) and each for each in told):
        raise ValueError(f'hosts = {told!r}; expected a list of names such as ["kpi.binhduong.gov.vn"]')
    return tuple(each.lower() for each in told)
