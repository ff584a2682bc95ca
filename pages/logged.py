"""Served pages and errors as lines of the log (warehouse/log.py): which page, how long, whose account; no address."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

import streamlit as st
from streamlit.logger import _loggers as framework
from streamlit.runtime.scriptrunner import RerunException, StopException

from pages.who import reader
from warehouse import log


def start() -> None:
    """As loggers come with use, at each run: the framework's lines, which tell what an error said, are ours."""
    log.take_over(framework)
    log.once("started", version=st.__version__)


@contextmanager
def page(address: str) -> Iterator[None]:
    """Note a page when it has been drawn, or what broke it."""
    since = monotonic()
    try:
        yield
    except (RerunException, StopException):  # how the framework ends a run early: no error
        raise
    except Exception as error:
        log.event("failed", error, page=address or "start", who=reader().account)
        raise
    log.event("page", page=address or "start", ms=1000 * (monotonic() - since), who=reader().account)
