"""An identity provider of the tests' own: it vouches for whoever is set as `who`, by OpenID Connect."""

import secrets
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse
from starlette.routing import Route

CLIENT, SECRET = "kpi", "a secret of the tests, long enough to be one"


class Identity:
    """The provider: `who` are the claims of whoever comes to its door next."""

    def __init__(self, port: int):
        self.address, self.who = f"http://127.0.0.1:{port}", {"email": "ai.do@binhduong.gov.vn", "email_verified": True}
        self._key = RSAKey.generate_key(2048, {"kid": "1"})
        self._asked: dict[str, str] = {}  # code → nonce

    @property
    def routes(self) -> list[Route]:
        return [
            Route("/.well-known/openid-configuration", self._about),
            Route("/authorize", self._authorize),
            Route("/token", self._token, methods=["POST"]),
            Route("/keys", self._keys),
        ]

    async def _about(self, request: Request) -> JSONResponse:
        told = {name: f"{self.address}/{name}" for name in ("authorize", "token", "keys")}
        return JSONResponse(
            {
                "issuer": self.address, "authorization_endpoint": told["authorize"], "token_endpoint": told["token"],
                "jwks_uri": told["keys"], "response_types_supported": ["code"], "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"], "code_challenge_methods_supported": ["S256"],
            }
        )  # fmt: skip

    async def _authorize(self, request: Request) -> RedirectResponse:
        asked, code = request.query_params, secrets.token_hex(8)
        assert asked["client_id"] == CLIENT
        self._asked[code] = asked.get("nonce", "")
        return RedirectResponse(f"{asked['redirect_uri']}?code={code}&state={asked['state']}", 303)

    async def _token(self, request: Request) -> JSONResponse:
        told = await request.form()
        now = int(time.time())
        claims = {"iss": self.address, "aud": CLIENT, "sub": "1", "iat": now, "exp": now + 300, **self.who}
        claims["nonce"] = self._asked.pop(str(told["code"]))
        token = jwt.encode({"alg": "RS256", "kid": "1"}, claims, self._key)
        return JSONResponse({"access_token": "x", "token_type": "Bearer", "expires_in": 300, "id_token": token})

    async def _keys(self, request: Request) -> JSONResponse:
        return JSONResponse({"keys": [self._key.as_dict(private=False)]})


@contextmanager
def identity() -> Iterator[Identity]:
    """The provider, serving on this machine."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    provider = Identity(port)
    config = uvicorn.Config(Starlette(routes=provider.routes), "127.0.0.1", port, log_level="error")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    try:
        yield provider
    finally:
        server.should_exit = True
        thread.join()
