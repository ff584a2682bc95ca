"""The doors: signing in and out. Small pages of their own, which need neither a session nor a script."""

from collections.abc import Callable
from html import escape
from pathlib import Path
from urllib.parse import quote, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from access.guard import Guard
from access.settings import Settings
from language import Language, Text, word
from warehouse.store import data_folder

IN, OUT, PROVIDER = "/dang-nhap", "/dang-xuat", "/dang-nhap/tai-khoan-tinh"
NOT_WITHOUT_ACCOUNTS = Text(
    "Không có access.toml nên chương trình chỉ phục vụ máy này (127.0.0.1). Muốn mở cho máy khác: lập access.toml và"
    " tài khoản (python -m access add …), xem deploy/.",
    "Without access.toml the program serves only this machine (127.0.0.1). To open it to others write access.toml and"
    " make accounts (python -m access add …), see deploy/.",
)
_FRAME = Path(__file__).with_name("door.html")
_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; frame-ancestors 'none';"
    " base-uri 'none'"
)
_LONGEST = 4_000  # bytes of a form


def routes(provider_address: Callable[[], str]) -> list[Route]:
    """The routes of the doors; `provider_address()` is where the framework begins to ask the identity provider."""

    async def to_provider(request: Request) -> Response:
        settings = _guard().settings
        if settings.oidc is None:
            return RedirectResponse(IN, 303)
        answer = RedirectResponse(provider_address(), 303)
        back = next_of(request.query_params.get("next", "/"))
        told = {"httponly": True, "samesite": "lax", "secure": settings.https, "path": "/"}
        answer.set_cookie("kpi_next", back, max_age=600, **told)
        return answer

    return [
        Route(IN, sign_in, methods=["GET", "POST"]),
        Route(PROVIDER, to_provider, methods=["GET"]),
        Route(OUT, sign_out, methods=["GET", "POST"]),
    ]


async def sign_in(request: Request) -> Response:
    """The form, and what was put into it."""
    guard = _guard()
    if not guard.settings.on:
        return RedirectResponse("/", 303)
    if request.method == "GET":
        return _form(request, guard, next_of(request.query_params.get("next", "/")))
    if not is_own(request) or int(request.headers.get("content-length") or _LONGEST + 1) > _LONGEST:
        return notice("form_refused", request, 403)
    told = await request.form()
    name, password, back = (str(told.get(each, "")) for each in ("account", "password", "next"))
    address = request.client.host if request.client else ""
    token, wait = await run_in_threadpool(guard.sign_in, name.strip().lower(), password, address)
    back = next_of(back)
    if not token:
        said = word("sign_in_wait", language_of(request), seconds=round(wait + 0.5)) if wait else ""
        wrong = said or word("sign_in_wrong", language_of(request))
        return _form(request, guard, back, wrong, name, 429 if wait else 401)
    answer = RedirectResponse(back, 303)
    guard.sessions.end(request.cookies.get(guard.settings.cookie))
    set_cookie(answer, guard.settings, token)
    return answer


async def sign_out(request: Request) -> Response:
    """Ask once, then end the session: a link on some other page must not sign anybody out."""
    guard, language = _guard(), language_of(request)
    if not guard.settings.on:
        return RedirectResponse("/", 303)
    if request.method == "GET":
        button = f"<button type='submit'>{escape(word('sign_out', language))}</button>"
        back = f"<p><a href='/'>{escape(word('back_to_pages', language))}</a></p>"
        asked = f"<p>{escape(word('sign_out_ask', language))}</p>"
        return _page(request, word("sign_out", language), f"<form method='post'>{asked}{button}{back}</form>")
    if not is_own(request):
        return notice("form_refused", request, 403)
    guard.sign_out(request.cookies.get(guard.settings.cookie))
    answer = RedirectResponse(IN, 303)
    answer.delete_cookie(guard.settings.cookie, path="/", secure=guard.settings.https, httponly=True, samesite="lax")
    return answer


def set_cookie(answer: Response, settings: Settings, token: str) -> None:
    """What the browser keeps: no script reads it, no other site sends it along, it goes with the browser."""
    answer.set_cookie(settings.cookie, token, httponly=True, samesite="lax", secure=settings.https, path="/")


def next_of(asked: str) -> str:
    """Where to go after signing in: an address of this program, and nowhere else."""
    parts = urlsplit(asked)
    outside = parts.scheme or parts.netloc or not asked.startswith("/") or asked.startswith(("//", "/\\"))
    if outside or any(ord(each) < 32 for each in asked) or "\\" in asked:
        return "/"
    return quote(asked, safe="/?=&%-._~+,:;@")


def is_own(request: Request) -> bool:
    """Whether a form was sent from a page of this program: the browser says from where."""
    if site := request.headers.get("sec-fetch-site"):
        return site == "same-origin"
    origin = request.headers.get("origin") or request.headers.get("referer", "")
    return urlsplit(origin).netloc == request.headers.get("host")


def language_of(request: Request) -> Language:
    return "en" if request.query_params.get("lang") == "en" else "vi"


def notice(key: str, request: Request, status: int) -> Response:
    """A page that says one thing, and leads back to the door."""
    language = language_of(request)
    told = f"<p role='alert'>{escape(word(key, language))}</p>"
    back = f"<p><a href='{IN}'>{escape(word('sign_in', language))}</a></p>"
    return _page(request, word("sign_in", language), told + back, status)


def _form(request: Request, guard: Guard, back: str, wrong: str = "", account: str = "", status: int = 200) -> Response:
    language = language_of(request)
    told = f"<p role='alert'>{escape(wrong)}</p>" if wrong else ""
    if not any(each.active for each in guard.accounts.all().values()):
        told = f"<p role='alert'>{escape(word('no_accounts', language))}</p><pre>python -m access add …</pre>"
    names = [("account", "text", "username", account), ("password", "password", "current-password", "")]
    fields = "".join(
        f"<label>{escape(word(f'sign_in_{name}', language))}<input name='{name}' type='{kind}' required"
        f" autocomplete='{remembers}' value='{escape(value, quote=True)}'"
        f"{' autofocus' if name == 'account' else ''} maxlength='256'></label>"
        for name, kind, remembers, value in names
    )
    hidden = f"<input type='hidden' name='next' value='{escape(back, quote=True)}'>"
    button = f"<button type='submit'>{escape(word('sign_in', language))}</button>"
    other = _provider_link(guard.settings, back, language)
    return _page(
        request, word("sign_in", language), f"<form method='post'>{told}{fields}{hidden}{button}</form>{other}", status
    )


def _provider_link(settings: Settings, back: str, language: Language) -> str:
    if settings.oidc is None:
        return ""
    name = settings.oidc.name_vi if language == "vi" else settings.oidc.name_en
    return f"<p class='or'><a class='button' href='{PROVIDER}?next={quote(back, safe='')}'>{escape(name)}</a></p>"


def _page(request: Request, title: str, inside: str, status: int = 200) -> Response:
    language = language_of(request)
    other = "en" if language == "vi" else "vi"
    asked = request.url.include_query_params(lang=other)
    told = {
        "language": language, "title": escape(title), "app": escape(word("app", language)), "inside": inside,
        "other": f"{request.url.path}?{asked.query}", "other_name": {"vi": "Tiếng Việt", "en": "English"}[other],
        "other_language": other,
    }  # fmt: skip
    text = _FRAME.read_text(encoding="utf-8")
    for key, value in told.items():
        text = text.replace(f"{{{{{key}}}}}", escape(value, quote=True) if key == "other" else value)
    return HTMLResponse(text, status, {"content-security-policy": _POLICY, "cache-control": "no-store"})


def _guard() -> Guard:
    return Guard.of(data_folder())
