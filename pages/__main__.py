"""python -m pages [--server.port N …]: serve the dashboard, every address of it behind the gate from the first on."""

import os
import sys
from functools import partial
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from streamlit.runtime.pages_manager import PagesManager

from access import doors, healthz
from access.gate import Gate
from access.guard import Guard
from access.secret import cookie_secret
from access.settings import Settings, SettingsError
from pages import provider
from warehouse.store import data_folder

# A folder named pages/ beside app.py is also the framework's old way to find pages: until somebody has opened the
# first page, an address would run a file of that folder without app.py, and so without frame and guard.
PagesManager.uses_pages_directory = False
APP = Path(__file__).parent.parent / "app.py"
LOOPBACK = ("127.0.0.1", "localhost", "::1")


def main(arguments: list[str]) -> int:
    """Serve until stopped; 2: the settings cannot be followed, or would open the pages to everybody."""
    try:
        guard = Guard.of(data_folder())
        config = flags(arguments)
        settings = guard.settings
        told = config.get("server.address") or st.config.get_option("server.address")
        if not settings.on and told not in LOOPBACK:
            raise SettingsError(doors.NOT_WITHOUT_ACCOUNTS)
    except SettingsError as error:
        print(f"{error.text.vi}\n{error.text.en}", file=sys.stderr)
        return 2
    secret = cookie_secret(guard.data) if settings.on else ""
    if secret:
        os.environ["STREAMLIT_SERVER_COOKIE_SECRET"] = secret
    sys.argv = [str(APP)]  # the framework looks for its own settings beside it
    application(settings, secret).run(config=config)
    return 0


def application(settings: Settings, secret: str) -> st.App:
    """The pages behind their gate; `secret` signs what the framework keeps in the browser."""
    gate = Middleware(
        Gate,
        guard=lambda: Guard.of(data_folder()),
        told=partial(provider.told, provider=settings.oidc),
        forget=provider.forget,
    )
    return st.App(
        APP,
        routes=[*doors.routes(provider.address), *healthz.routes()],
        middleware=[gate],
        secrets=provider.secrets(settings.oidc, secret) if settings.oidc else None,
    )


def flags(arguments: list[str]) -> dict[str, object]:
    """--server.port 8502 or --server.port=8502, as the framework's command takes them."""
    found: dict[str, object] = {}
    rest = [part for each in arguments for part in (each.split("=", 1) if each.startswith("--") else [each])]
    for name, value in zip(rest[::2], rest[1::2], strict=False):
        plain = {"true": True, "false": False}.get(value.lower(), value)
        found[name.removeprefix("--")] = int(value) if value.isdigit() else plain
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
