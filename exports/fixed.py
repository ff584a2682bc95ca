"""An office file that is the same bytes whenever it is made: its days and its order are fixed."""

import io
import re
import zipfile
from datetime import date

OLDEST = date(1980, 1, 1)  # the first day that a zip can tell
FIRST = ("[Content_Types].xml", "_rels/.rels")  # where readers look first
_DAYS = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(?=<)")


def fixed(data: bytes, day: date) -> bytes:
    """The same office file with every timestamp set to `day`, its parts in order; workbooks within it likewise."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist(), key=lambda each: (each not in FIRST, each)):
            new.writestr(_entry(name, day), _part(name, old.read(name), day))
    return out.getvalue()


def zipped(files: dict[str, bytes]) -> bytes:
    """Files as one zip, in the order given and without the time of day: the same files, the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in files.items():
            new.writestr(_entry(name, OLDEST), content)
    return out.getvalue()


def _entry(name: str, day: date) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 0  # else it tells on which system it was written
    return entry


def _part(name: str, content: bytes, day: date) -> bytes:
    if name == "docProps/core.xml":
        return _DAYS.sub(rf"\g<1>{day.isoformat()}T00:00:00Z".encode(), content)
    within = name.endswith((".xlsx", ".docx", ".pptx")) and content.startswith(b"PK")
    return fixed(content, day) if within else content
