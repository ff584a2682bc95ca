"""What a whole country costs: python -m benchmarks.nation [--provinces 1 4 16 63] [--table FILE] [--plot FILE.png].

One run, one table: room, time and memory of 1 to 63 provinces; the figures beside SQL by hand on the same file, pandas
and SQLite; each page for the country, a province and a commune; one report more and a month more; what a map carries.
Nothing here is asserted but that all ways give the same figures: machines differ.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from math import isclose
from pathlib import Path

import duckdb

from benchmarks.nation import by_hand
from benchmarks.nation.parts import PERIOD, ROOT, times_of
from benchmarks.nation.plot import plot
from metrics import INDICATORS
from metrics.core.ledger import Ledger
from views.unit_map import shapes_around, unit_map
from views.view import Choice
from warehouse.period import Period
from warehouse.store import current

MONTH_UP_TO = 4  # provinces of which a whole month is loaded: of the country it is 10,600 workbooks
Line = tuple[object, ...]


def part(name: str, *given: object) -> dict:
    """One part in a process of its own."""
    call = [sys.executable, "-m", "benchmarks.nation.parts", name, *map(str, given)]
    done = subprocess.run(call, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{name}: {done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def choices(ledger: Ledger) -> dict[str, str]:
    """A unit of each level that pages are opened for; the country only where the register has one."""
    units = ledger.units(Period.parse(PERIOD))
    return {level: units.unit[units.level == level].iloc[0] for level in ("country", "province", "commune")}


def figures(data: Path, work: Path) -> Iterator[Line]:
    """Each question by each way: median ms, and the ratio to SQL by hand on the same file."""
    snapshot, period = current(data), Period.parse(PERIOD)
    span = period.reports_from, period.last_month
    con = duckdb.connect(str(snapshot), read_only=True)
    frames, lite = by_hand.Frames(con), by_hand.sqlite(snapshot, work / "country.sqlite")
    ledger = Ledger.open(snapshot)
    for level, unit in choices(ledger).items():
        for question in by_hand.QUESTIONS:
            if level == "commune" and question is by_hand.RATE:
                continue  # of a khu/ấp no report is owed
            whole = level == "country"
            sql, other = (by_hand.text(question, unit, span, each, whole) for each in ("duckdb", "sqlite"))
            ways = {
                "program": lambda u=unit, q=question: _asked(ledger, u, q.indicator, period),
                "sql": lambda s=sql: by_hand.answered(lambda text: con.execute(text).fetchall(), s),
                "pandas": lambda u=unit, q=question: frames.answer(q, u, span),
                "sqlite": lambda s=other: by_hand.answered(lambda text: lite.execute(text).fetchall(), s),
            }
            found = {name: way() for name, way in ways.items()}
            same = all(_alike(found["program"], each) for each in found.values())
            ms = {name: times_of(way, 3 if name == "sqlite" else 5) for name, way in ways.items()}
            times = [f"{ms[each]:.0f} ({ms[each] / ms['sql']:.1f})" for each in ways]
            yield level, question.indicator, *times, "yes" if same else "NO"


def _asked(ledger: Ledger, unit: str, indicator: str, period: Period) -> dict[str, float]:
    """The parts' values by the program, asked anew each time; khu/ấp only where these are the parts, as pages do."""
    ledger.forget()
    of_a_commune = ledger.units(period).level[unit] == "commune"
    found = ledger.near(unit, (period,), (indicator,), hamlets=of_a_commune)
    found = found[(found.parent == unit) & found.value.notna()]
    return dict(zip(found.unit, found.value.astype(float), strict=True))


def _alike(one: dict[str, float], other: dict[str, float]) -> bool:
    return one.keys() == other.keys() and all(isclose(value, other[key], rel_tol=1e-9) for key, value in one.items())


def maps(data: Path) -> Iterator[Line]:
    """What a browser fetches for a map: the drawing, and once a visit the shapes."""
    ledger, period = Ledger.open(current(data)), Period.parse(PERIOD)
    for level, unit in choices(ledger).items():
        choice = Choice("vi", period, unit, INDICATORS["e_wallet_household_share"])
        choice = choice.at("province" if level == "country" else "commune")
        shapes = shapes_around(data, unit, period, ledger)
        figure = unit_map(choice, ledger, shapes).chart
        fetched = shapes.files[0 if choice.level == shapes.levels[0] else 1].stat().st_size
        yield level, choice.level, f"{len(figure.to_json()) / 1000:.0f}", f"{fetched / 1000:.0f}"


def table(heads: Line, lines: Iterator[Line]) -> str:
    rows = [heads, tuple("---" for _ in heads), *lines]
    return "\n".join(f"| {' | '.join(map(str, row))} |" for row in rows) + "\n"


def grown(sizes: list[int], folder: Path) -> list[dict]:
    """Each size made and measured, and one report and, of small ones, a month added to it."""
    told = []
    for size in sizes:
        data = folder / str(size)
        made = part("made", data, size)
        ledger = Ledger.open(current(data))
        unit = choices(ledger)["country"]
        asked = times_of(
            lambda each=ledger, of=unit: _asked(each, of, "e_wallet_household_share", Period.parse(PERIOD))
        )
        more = {"one": part("loaded", data, size, 1, "2025-11")}
        if size <= MONTH_UP_TO:
            more["month"] = part("loaded", data, size, 100_000, "2025-10")
        told.append({"provinces": size, "figure": asked, **made, **more})
    return told


def size_line(told: dict) -> Line:
    month = f"{told['month']['seconds']:.0f} s, {told['month']['files']} files" if "month" in told else "–"
    return (
        told["provinces"], f"{told['snapshot'] / 1e6:.0f}", f"{told['receipts'] / 1e6:.1f}", f"{told['seconds']:.0f}",
        f"{told['cpu']:.0f}", told["memory"], f"{told['figure']:.0f}",
        f"{told['one']['seconds']:.1f} ({told['one']['cpu']:.1f})", month,
    )  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser("benchmarks.nation", description=__doc__)
    parser.add_argument("--provinces", type=int, nargs="+", default=[1, 4, 16, 63])
    parser.add_argument("--table", type=Path, help="where to write the table (Markdown)")
    parser.add_argument("--plot", type=Path, help="where to draw how cost grows (PNG)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        sizes = grown(options.provinces, Path(folder))
        data = Path(folder) / str(options.provinces[-1])
        opened = part("pages", data, *choices(Ledger.open(current(data))).values())
        heads = ("provinces", "snapshot, MB", "receipts, MB", "build, s", "CPU, s", "memory, MB", "figure, ms",
                 "one report, s (CPU)", "a month")  # fmt: skip
        texts = [
            table(heads, map(size_line, sizes)),
            table(("of", "indicator", "program, ms", "SQL", "pandas", "SQLite", "same"), figures(data, Path(folder))),
            table(("unit", "page", "opened, ms", "changed, ms", "of it in questions", "failed"), _pages(opened)),
            f"memory after all pages of each unit, MB: {opened['memory']}\n",
            table(("of", "draws", "drawing, kB", "shapes once, kB"), maps(data)),
        ]
    text = "\n".join(texts)
    print(text)
    if options.table:
        options.table.write_text(text, encoding="utf-8")
    if options.plot:
        plot(sizes, options.plot)


def _pages(opened: dict) -> Iterator[Line]:
    for each in opened["pages"]:
        times = [f"{each[name]:.0f}" for name in ("opened", "changed", "asking")]
        yield each["unit"], each["page"], *times, "FAILED" if each["failed"] else ""


if __name__ == "__main__":
    main()
