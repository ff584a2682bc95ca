"""Signing in at an identity provider, through the framework: where it begins, and whom the provider has vouched for."""

from starlette.requests import Request
from starlette.responses import Response
from streamlit.auth_util import encode_provider_token
from streamlit.web.server.starlette import starlette_auth_routes, starlette_websocket
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from access.settings import Provider


def secrets(provider: Provider, cookie_secret: str) -> dict[str, object]:
    """What the framework wants to know of a provider."""
    return {
        "auth": {
            "redirect_uri": provider.redirect_uri,
            "cookie_secret": cookie_secret,
            "client_id": provider.client_id,
            "client_secret": provider.client_secret,
            "server_metadata_url": provider.server_metadata_url,
            "client_kwargs": {"scope": provider.scope},
        }
    }


def address() -> str:
    """Where the framework begins to ask the provider; good for two minutes."""
    return f"/auth/login?provider={encode_provider_token('default')}"


def told(request: Request, provider: Provider) -> str | None:
    """What the provider calls who asks, out of the framework's signed cookie; None where it vouches for nobody.

    A mail address that the provider has not verified is none.
    """
    cookie = starlette_websocket._get_signed_cookie_with_chunks(dict(request.cookies), USER_COOKIE_NAME)
    if cookie is None:
        return None
    user = starlette_websocket._parse_decoded_user_cookie(cookie, provider.origin)
    if not user.get("is_logged_in") or (provider.claim == "email" and user.get("email_verified") is False):
        return None
    login = user.get(provider.claim)
    return login if isinstance(login, str) and login.strip() else None


def forget(request: Request, answer: Response) -> None:
    """Take the framework's cookie back: it would hold for a month, our session ends sooner."""
    starlette_auth_routes._clear_auth_cookie(answer, request)
