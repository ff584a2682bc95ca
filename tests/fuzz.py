"""Reports damaged at random, the same for the same seed. Longer than in the tests: python tests/fuzz.py 5000 [SEED]."""

import io
import json
import random
import re
import sys
import tempfile
import zipfile
from pathlib import Path

from made import MONTHLY, NAMES, values, written

from data_ingest.guarded import Job, Readers
from data_ingest.reading import Reading
from warehouse.cells import cell_of

CELL = re.compile(rb'<c r="([A-Z]+\d+)"[^>/]*>.*?</c>|<c r="([A-Z]+\d+)"[^>]*/>', re.DOTALL)
NASTY = (
    b"<v>-1</v>", b"<v>1e308</v>", b"<v>NaN</v>", b"<v>12.5</v>", b"<v>99999999999999999999</v>", b"<v></v>",
    b"<f>A1</f>", b"<v>1</v><v>2</v>", b"<v>0x10</v>", b"<v> 7 </v>", b"<is><t>7</t></is>", b"<v>&lt;</v>",
    b"<v>\xff</v>",
)  # fmt: skip
TYPES = (b"", b' t="s"', b' t="e"', b' t="b"', b' t="str"', b' t="inlineStr"', b' t="d"', b' t="?"')


def damaged(good: bytes, chance: random.Random) -> tuple[bytes, set[str]]:
    """A damaged copy of a workbook, and the cells whose meaning was changed on purpose ({'*'}: any)."""
    how = chance.choice((flip, cut, repeat, cells, cells, cells, rows, strings))
    return how(good, chance)


def flip(good: bytes, chance: random.Random) -> tuple[bytes, set[str]]:
    data = bytearray(good)
    for _ in range(chance.randint(1, 6)):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return bytes(data), set()


def cut(good: bytes, chance: random.Random) -> tuple[bytes, set[str]]:
    return good[: chance.randrange(1, len(good))], set()


def repeat(good: bytes, chance: random.Random) -> tuple[bytes, set[str]]:
    start = chance.randrange(len(good))
    end = min(len(good), start + chance.randint(1, 400))
    return good[:end] + good[start:end] + good[end:], set()


def cells(good: bytes, chance: random.Random) -> tuple[bytes, set[str]]:
    """Some cells hold something else, or nothing."""
    changed: set[str] = set()

    def change(sheet: bytes) -> bytes:
        found = list(CELL.finditer(sheet))
        for match in sorted(chance.sample(found, min(len(found), chance.randint(1, 5))), key=lambda m: -m.start()):
            place = (match[1] or match[2]).decode()
            changed.add(place)
            told = b'<c r="%s"%s>%s</c>' % (place.encode(), chance.choice(TYPES), chance.choice(NASTY))
            sheet = sheet[: match.start()] + (told if chance.random() < 0.8 else b"") + sheet[match.end() :]
        return sheet

    return _with_sheet(good, chance, change), changed


def rows(good: bytes, chance: random.Random) -> tuple[bytes, set[str]]:
    """Rows gone, twice, or under another number."""

    def change(sheet: bytes) -> bytes:
        found = list(re.finditer(rb"<row .*?</row>", sheet, re.DOTALL))
        match = chance.choice(found)
        instead = chance.choice((b"", match[0] * 2, re.sub(rb'<row r="\d+"', b'<row r="3"', match[0])))
        return sheet[: match.start()] + instead + sheet[match.end() :]

    return _with_sheet(good, chance, change), {"*"}


def strings(good: bytes, chance: random.Random) -> tuple[bytes, set[str]]:
    """Printed texts changed, emptied or swapped."""

    def change(part: bytes) -> bytes:
        found = list(re.finditer(rb"<t[^>]*>(.*?)</t>", part, re.DOTALL))
        one, other = chance.choice(found), chance.choice(found)
        return part[: one.start(1)] + chance.choice((b"", b"???", other[1])) + part[one.end(1) :]

    return _with_part(good, "xl/sharedStrings.xml", change), {"*"}


def _with_sheet(good: bytes, chance: random.Random, change: object) -> bytes:
    return _with_part(good, f"xl/worksheets/sheet{chance.randint(1, 2)}.xml", change)


def _with_part(good: bytes, name: str, change: object) -> bytes:
    out, book = io.BytesIO(), zipfile.ZipFile(io.BytesIO(good))
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as to:
        for each in book.namelist():
            part = book.read(each)
            to.writestr(each, change(part) if each == name else part)
    return out.getvalue()


def wrong(readings: list[Reading], changed: set[str], was: dict[tuple[str, str], object]) -> str:
    """Why a reading of a damaged file breaks a promise; '' when it does not."""
    for reading in readings:
        if not reading.accepted:
            continue
        if not reading.unit or not reading.period or not reading.rows:
            return "taken without unit, period or rows"
        if "*" in changed:
            continue
        columns = json.dumps(reading.columns)
        for row in reading.rows:
            for field, value in row.values.items():
                cell = cell_of(columns, field, row.row)
                if was.get((row.unit, field)) != value and cell not in changed:
                    return f"{row.unit} {field} became {value} though {cell} was not touched"
    return ""


def run(cases: int, seed: int, folder: Path) -> list[str]:
    """Read so many damaged copies; what broke a promise, a line each."""
    good = written(MONTHLY, folder).read_bytes()
    jobs, touched = [], []
    for number in range(cases):
        data, changed = damaged(good, random.Random(f"{seed} {number}"))
        path = folder / f"{number}.xlsx"
        path.write_bytes(data)
        jobs.append(Job(str(path), path.name))
        touched.append(changed)
    told: list[str] = []
    with Readers(NAMES) as readers:
        (fine,) = next(readers.read([Job(str(folder / "report.xlsx"), "report.xlsx")]))
        was = {(unit, field): value for unit, fields in values(fine).items() for field, value in fields.items()}
        texts = {(row.unit, f): v for row in fine.rows for f, v in row.values.items()}
        for number, readings in enumerate(readers.read(jobs)):
            if why := wrong(readings, touched[number], texts | was):
                told.append(f"case {number} of seed {seed}: {why}")
    return told


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        broken = run(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1, Path(place))
    print("\n".join(broken) or "every promise was kept")
    sys.exit(bool(broken))
