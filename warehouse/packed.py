"""Zips that are the same bytes whenever they are made: no time of day in them, and no word of the system."""

import io
import zipfile
from datetime import date

OLDEST = date(1980, 1, 1)  # the first day that a zip can tell


def zipped(files: dict[str, bytes]) -> bytes:
    """Files as one zip, in the order given and without the time of day: the same files, the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in files.items():
            new.writestr(entry(name, OLDEST), content)
    return out.getvalue()


def entry(name: str, day: date) -> zipfile.ZipInfo:
    """A file in a zip, packed, of a day."""
    told = zipfile.ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0))
    told.compress_type = zipfile.ZIP_DEFLATED
    told.create_system = 0  # else it tells on which system it was written
    return told
