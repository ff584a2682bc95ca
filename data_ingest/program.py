"""The program as it is: which of its files readings and tables depend on, and what tells them from others."""

import hashlib
from pathlib import Path

REGISTER = ("data_ingest/*.py", "language/*.py", "warehouse/units.py")  # lists of units are read with these
READER = (
    "data_ingest/*.py",
    "data_ingest/*.toml",
    "data_ingest/templates/*.toml",
    "language/*.py",
    "warehouse/fields.py",
    "warehouse/period.py",
    "warehouse/tables.sql",
)
WRITER = ("warehouse/*.py",)  # what is owed, what units became: written anew when the program does so in another way


def fingerprint(patterns: tuple[str, ...], more: bytes = b"") -> str:
    """Of the files of the program that match, and of what else counts."""
    root, digest = Path(__file__).parent.parent, hashlib.sha256(more)
    for path in sorted(path for pattern in patterns for path in root.glob(pattern)):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
