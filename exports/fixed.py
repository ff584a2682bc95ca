"""The same office file for the same content: its parts in order, every time in it the day of the pack."""

import io
import re
import zipfile
from datetime import date

_TIMES = re.compile(rb"(<dcterms:(created|modified)\b[^>]*>)[^<]*(</dcterms:\2>)")
_FIRST = "[Content_Types].xml"  # office programs expect it first


def fixed(data: bytes, day: date) -> bytes:
    """An office file packed again: constant times, sorted names, the workbooks embedded in it too."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as given, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as kept:
        for name in sorted(given.namelist(), key=lambda name: (name != _FIRST, name)):
            part = zipfile.ZipInfo(name, date_time=(max(day.year, 1980), day.month, day.day, 0, 0, 0))
            part.compress_type, part.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            part.create_system = 3  # as on any machine
            kept.writestr(part, _part(name, given.read(name), day))
    return out.getvalue()


def _part(name: str, data: bytes, day: date) -> bytes:
    if name.endswith((".xlsx", ".docx", ".pptx")):
        return fixed(data, day)
    if name == "docProps/core.xml":
        return _TIMES.sub(rb"\g<1>" + f"{day.isoformat()}T00:00:00Z".encode() + rb"\g<3>", data)
    return data
