"""The key that signs the framework's cookies: drawn once for a data folder, the same for all its processes."""

import os
import secrets
from pathlib import Path

from filelock import FileLock

from access.sessions import FOLDER


def cookie_secret(data: Path) -> str:
    """The key; a new one where there is none, readable for this program alone."""
    folder = data / FOLDER
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / "secret"
    with FileLock(folder / ".lock"):
        if not path.exists():
            with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
                file.write(secrets.token_hex(32))
        return path.read_text(encoding="utf-8")
