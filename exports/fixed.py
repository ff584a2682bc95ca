"""An office file that is the same bytes whenever it is made: its days and its order are fixed."""

import io
import re
import zipfile
from datetime import date

from warehouse.packed import entry

FIRST = ("[Content_Types].xml", "_rels/.rels")  # where readers look first
_DAYS = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(?=<)")


def fixed(data: bytes, day: date) -> bytes:
    """The same office file with every timestamp set to `day`, its parts in order; workbooks within it likewise."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist(), key=lambda each: (each not in FIRST, each)):
            new.writestr(entry(name, day), _part(name, old.read(name), day))
    return out.getvalue()


def _part(name: str, content: bytes, day: date) -> bytes:
    if name == "docProps/core.xml":
        return _DAYS.sub(rf"\g<1>{day.isoformat()}T00:00:00Z".encode(), content)
    within = name.endswith((".xlsx", ".docx", ".pptx")) and content.startswith(b"PK")
    return fixed(content, day) if within else content
