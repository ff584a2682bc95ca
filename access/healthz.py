"""/healthz: whether this process can serve, for a proxy or a watchman on the same machine. No figures, no names.

200 where something whole serves, also an older snapshot in the place of a damaged one; 503 where nothing does.
"""

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from warehouse.store import data_folder, serving

PATH = "/healthz"


def healthz(request: Request) -> JSONResponse:
    """Looks at the pointer and the file's size and age: a snapshot is read through once, when it is new.

    No coroutine: the server calls it in a thread of its own, so that nobody waits for that one time.
    """
    try:
        found = serving(data_folder())
    except OSError:
        found = None
    if found is None:
        return _answer({"status": "none", "snapshot": None}, 503)
    return _answer({"status": "fallen_back" if found.damaged else "ok", "snapshot": found.snapshot.stem}, 200)


def _answer(told: dict[str, str | None], status: int) -> JSONResponse:
    return JSONResponse(told, status, headers={"Cache-Control": "no-store"})


def routes() -> list[Route]:
    return [Route(PATH, healthz, methods=["GET"])]
