"""Memory: answers that this process remembers, those of all ledgers together bounded by how much they hold.

Not by their number: one answer of a country is as large as thousands of a commune.
"""

from collections.abc import Callable, Hashable
from contextlib import suppress
from threading import RLock
from typing import ParamSpec, TypeVar

import pandas as pd
from cachetools import LRUCache, cached
from cachetools.keys import hashkey

_P, _T = ParamSpec("_P"), TypeVar("_T")
MOST = 5_000_000  # cells, some 100 MB; the answer that nobody has needed for longest is forgotten first
LEAST = 500  # cells that an answer counts as: it takes room even if it is empty


def _cells(answer: object) -> int:
    if isinstance(answer, pd.DataFrame):
        return max(answer.size, LEAST)
    if isinstance(answer, tuple):
        return sum(map(_cells, answer))
    return max(10 * len(answer), LEAST) if isinstance(answer, dict) else LEAST


_lock = RLock()
_told: LRUCache = LRUCache(MOST, getsizeof=_cells)


def remembered(ask: Callable[_P, _T]) -> Callable[_P, _T]:
    """The same question with its answers remembered. Who asks it while another does, asks it too."""
    own = object()

    def key(*given: _P.args, **named: _P.kwargs) -> Hashable:
        return hashkey(own, *given, **named)

    return cached(_told, key, _lock)(ask)


def remember(key: Hashable, answer: object) -> None:
    """Keep an answer, if it is not larger than all there is room for."""
    with _lock, suppress(ValueError):
        _told[key] = answer


def forget() -> None:
    """Forget all: another snapshot serves."""
    with _lock:
        _told.clear()


def recall(key: Hashable) -> object | None:
    """The answer kept under a key, which is not forgotten soon then; None where there is none."""
    with _lock:
        return _told.get(key)
