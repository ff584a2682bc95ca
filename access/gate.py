"""The gate before every address: without a session nobody gets past it, to no page, file, upload or socket."""

import re
from collections.abc import Callable
from urllib.parse import urlencode

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection, Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from access.doors import IN, OUT, PROVIDER, next_of, notice, set_cookie
from access.guard import Guard

# The framework's own sign-in, and its word that it lives. All else is behind the gate.
OPEN = frozenset({IN, PROVIDER, "/healthz", "/_stcore/health", "/auth/login", "/oauth2callback"})
HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
Told = Callable[[Request], str | None]  # what the identity provider has said of who asks, if it has
Forget = Callable[[Request, Response], None]


class Gate:
    """Wraps the whole program. `guard` is asked anew each time, so that settings and accounts count at once."""

    def __init__(self, app: ASGIApp, guard: Callable[[], Guard], told: Told, forget: Forget):
        self._app, self._guard, self._told, self._forget = app, guard, told, forget

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        answer = self._refusal(self._guard(), HTTPConnection(scope))
        if answer is None:
            await self._app(scope, receive, _guarded(send) if scope["type"] == "http" else send)
        elif scope["type"] == "http":
            await answer(scope, receive, _guarded(send))
        else:
            await send({"type": "websocket.close", "code": 4401})

    def _refusal(self, guard: Guard, asked: HTTPConnection) -> Response | None:
        """What is answered instead; None where the request may pass."""
        if not _is_host(asked.headers.get("host", ""), guard.settings.hosts):
            return PlainTextResponse("unknown host", 421)
        if not guard.settings.on or asked.scope["path"] in OPEN:
            return None
        if guard.reader(asked.cookies.get(guard.settings.cookie)):
            return None
        if asked.scope["type"] == "websocket":
            return PlainTextResponse("", 401)
        request = Request(asked.scope)
        if guard.settings.oidc and (login := self._told(request)):
            return self._let_in(guard, login, request)
        return _to_the_door(request)

    def _let_in(self, guard: Guard, login: str, request: Request) -> Response:
        """Whom the identity provider vouches for gets a session of ours, which ends when ours do."""
        account = guard.accounts.of_login(login)
        if account is None:
            guard.audit.note("unknown", "refused", why="login")
            answer = notice("not_an_account", request, 403)
        else:
            answer = RedirectResponse(next_of(request.cookies.get("kpi_next", "/")), 303)
            answer.delete_cookie("kpi_next", path="/")
            set_cookie(answer, guard.settings, guard.let_in(account.name, "provider"))
        self._forget(request, answer)
        return answer


def _to_the_door(request: Request) -> Response:
    """A page leads to the door and from there back; anything else is refused."""
    page = request.method == "GET" and "text/html" in request.headers.get("accept", "")
    if not page:
        return PlainTextResponse("sign in first", 401)
    back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    asked = {"next": back} if back not in ("/", OUT) else {}
    if request.query_params.get("lang") == "en":
        asked["lang"] = "en"
    return RedirectResponse(f"{IN}?{urlencode(asked)}" if asked else IN, 303)


def _is_host(host: str, allowed: tuple[str, ...]) -> bool:
    """Whether a request was meant for this server: a name that somebody else points here is none of ours."""
    name = re.sub(r":\d+$", "", host.lower()).rstrip(".")
    return name in allowed


def _guarded(send: Send) -> Send:
    """The same answer with headers that keep browsers from guessing, framing and telling on."""

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return sent
