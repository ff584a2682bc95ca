"""What the program did, for whoever runs the server: one line of JSON an event, and nothing of anybody's in it.

A line holds the words declared here, codes, counts and times. Of an error it tells the kind and the places in the
program, never its message: that may repeat a cell of a report. Where it goes, KPI_LOG says: nothing set, only warnings
and errors go to the error output; `journal`, everything does; another name, also into data/logs/<name>.jsonl.
"""

import json
import logging
import math
import os
import re
import sys
import traceback
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Literal, TextIO, get_args

from warehouse.folder import data_folder

Event = Literal[
    "started", "page", "failed", "damaged", "fallen_back", "asked_again", "loaded", "built", "backup", "restored",
    "other",
]  # fmt: skip
EVENTS: tuple[Event, ...] = get_args(Event)
LEVELS: dict[str, int] = {
    "failed": logging.ERROR, "damaged": logging.ERROR, "fallen_back": logging.WARNING, "asked_again": logging.WARNING
}  # fmt: skip
COUNTS = {"ms", "read", "reused", "files", "blocked", "receipts", "bytes", "problems", "port"}  # whole numbers
CODES = {"page", "who", "snapshot", "damaged", "logger", "version"}  # of letters, digits and . _ -
ROOT = Path(__file__).parent.parent
JOURNAL = "journal"
_CODE = re.compile(r"[A-Za-z0-9._-]{0,80}")
_TELEPHONE = re.compile(r"(?<![0-9a-f])[0-9]{9,15}(?![0-9a-f])")
_FILE_SIZE, _FILES = 5_000_000, 5
_LOG = logging.getLogger("kpi")


class ErrorOutput(logging.StreamHandler):
    """The error output as it is at the moment of writing: who redirects it later is followed."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:
        return sys.stderr


class Line(logging.Formatter):
    """A record as one line of JSON. Of records that are not our own, only who wrote them and how grave they are."""

    def format(self, record: logging.LogRecord) -> str:
        own = getattr(record, "event", None)
        told = {"time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")}
        told |= {"level": record.levelname.lower(), "event": own or ("failed" if record.exc_info else "other")}
        told |= record.told if own else {"logger": _code(record.name)}
        if record.exc_info and record.exc_info[1]:
            told["error"] = error_of(record.exc_info[1])
        return json.dumps(told, ensure_ascii=False)


def error_of(error: BaseException) -> dict[str, object]:
    """The kind of an error and where in the program it arose, innermost last; of what caused it the same."""
    frames = traceback.extract_tb(error.__traceback__)
    places = [f"{_place(each.filename)}:{each.lineno} {each.name}" for each in frames]
    told: dict[str, object] = {"kind": type(error).__name__, "at": places}
    if error.__cause__:
        told["because"] = error_of(error.__cause__)
    return told


def _place(file: str) -> str:
    """A file of the program by its path in it, one of a library by its last two names."""
    path = Path(file)
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else "/".join(path.parts[-2:])


def event(name: Event, error: BaseException | None = None, /, **told: object) -> None:
    """Write an event down. What is not declared here, or does not look as it should, is left out, never an error."""
    handlers()
    level = LEVELS.get(name, logging.INFO)
    fields = {
        key: value for key, value in ((key, _clean(key, each)) for key, each in told.items()) if value is not None
    }
    # Handed over as a whole: the names of fields must not meet those of a record.
    info = (type(error), error, error.__traceback__) if error else None
    _LOG.log(level, name, exc_info=info, extra={"event": name, "told": fields})


@cache
def once(name: Event, /, **told: str) -> None:
    """The same, but once in the life of this process: what lasts would else be told with every page."""
    event(name, **told)


def _clean(key: str, value: object) -> object:
    if key in COUNTS and isinstance(value, int | float) and math.isfinite(value):
        return round(value)
    return _code(str(value)) if key in CODES else None


def _code(text: str) -> str:
    return text if _CODE.fullmatch(text) and not _TELEPHONE.search(text) else "?"


@cache
def handlers() -> tuple[logging.Handler, ...]:
    """Where lines go, set up once."""
    where = os.environ.get("KPI_LOG", "")
    found: list[logging.Handler] = [ErrorOutput()]
    if where not in ("", JOURNAL) and _CODE.fullmatch(where):
        folder = data_folder() / "logs"
        folder.mkdir(parents=True, exist_ok=True)
        file = RotatingFileHandler(folder / f"{where}.jsonl", maxBytes=_FILE_SIZE, backupCount=_FILES, encoding="utf-8")
        found.append(file)
    for each in found:
        each.setFormatter(Line())
        each.setLevel(logging.INFO if where else logging.WARNING)
        _LOG.addHandler(each)
    _LOG.setLevel(logging.INFO)
    _LOG.propagate = False
    return tuple(found)


def take_over(names: Iterable[str]) -> None:
    """Have other libraries' loggers write our lines: theirs carry the text of errors and with it what was in a cell."""
    for name in names:
        other = logging.getLogger(name)
        other.handlers, other.propagate = list(handlers()), False
