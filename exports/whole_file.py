"""A file is written whole under its name, or not at all: whoever waits for it never sees half of it."""

import os
from contextlib import suppress
from pathlib import Path


def write_whole(path: Path, data: bytes) -> None:
    """Write a file, and the folders above it where there are none. OSError where that cannot be; no draft is left."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(data)
        os.replace(draft, path)
    except OSError:
        with suppress(OSError):  # where there is no such folder, there is no draft
            draft.unlink()
        raise
