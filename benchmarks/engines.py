"""How long the same questions take on each engine: python -m benchmarks.engines [SNAPSHOT] [--engines ENGINE …]

One table, in one run: for each engine what it takes to hand a snapshot over, and for each question the first time and
the median of those that follow. Beside the clock stands the time of the processors, the engine's own included, which
other work on the same machine lengthens less. An engine whose package is missing is left out. Nothing is asserted:
machines differ.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from metrics import INDICATORS
from metrics.core.calculate import figures, results
from metrics.core.ledger import Ledger
from warehouse.engines import EngineError, opened
from warehouse.engines.chosen import VARIABLE
from warehouse.period import Period
from warehouse.store import Engine, current

ROOT = Path(__file__).parent.parent
ENGINES = ("duckdb", "clickhouse", "spark")
PERIODS = [Period.parse(each) for each in ("2025-Q2", "2025-Q1", "2024-Q4", "2024-Q3")]
SHARE = INDICATORS["e_wallet_household_share"]
QUESTIONS: dict[str, Callable[[Ledger], object]] = {
    "one indicator, a quarter": lambda ledger: _results(ledger, PERIODS[:1], [SHARE]),
    "all indicators, a quarter": lambda ledger: _results(ledger, PERIODS[:1], list(INDICATORS.values())),
    "all indicators, four quarters": lambda ledger: _results(ledger, PERIODS, list(INDICATORS.values())),
    "three figures, a quarter": lambda ledger: figures(
        ledger.engine, (PERIODS[0], ledger.day(PERIODS[0])), ("households", "people", "training_sessions")
    ),
    "cells behind a number of the province": lambda ledger: ledger.trace(SHARE, "74", PERIODS[0]),
}


def _results(ledger: Ledger, periods: list[Period], indicators: list) -> object:
    return results(ledger.engine, [(each, ledger.day(each)) for each in periods], indicators)


def main() -> None:
    parser = argparse.ArgumentParser("benchmarks.engines", description=__doc__.partition("\n")[0])
    parser.add_argument("snapshot", type=Path, nargs="?", help="a .duckdb file (default: the sample, made anew)")
    parser.add_argument("--engines", nargs="+", default=ENGINES)
    parser.add_argument("--times", type=int, default=3, help="how often each question is asked after the first time")
    parser.add_argument("--questions", type=int, default=len(QUESTIONS), help="only the first so many of them")
    options = parser.parse_args()
    snapshot = options.snapshot or _sample()
    facts, units = (
        Engine.open(snapshot).query("select (select count(*) from facts), (select count(*) from units)").iloc[0]
    )
    print(f"{snapshot.name}: {snapshot.stat().st_size / 1e6:.1f} MB, {facts:,} facts, {units:,} units\n")
    print(f"{'engine':<34}{'question':<40}{'first s':>9}{'then s':>9}{'CPU s':>9}")
    for engine in options.engines:
        os.environ[VARIABLE] = engine
        _measure(engine, snapshot, options.times, options.questions)


def _measure(engine: str, snapshot: Path, times: int, questions: int) -> None:
    try:
        start = _clocks()
        ledger = Ledger(opened(snapshot))
        _line(engine, "open, and hand over", [_since(start)])
    except EngineError as error:
        print(f"{engine:<34}{error.text.en}")
        return
    ledger.months  # noqa: B018, which every question needs
    for name, ask in list(QUESTIONS.items())[:questions]:
        took = []
        for _ in range(1 + times):
            start = _clocks()
            ask(ledger)
            took.append(_since(start))
        _line(engine, name, took)


def _line(engine: str, name: str, took: list[tuple[float, float]]) -> None:
    then = [each for each, _ in took[1:]] or [took[0][0]]
    used = [each for _, each in took[1:]] or [took[0][1]]
    print(f"{engine:<34}{name:<40}{took[0][0]:>9.2f}{median(then):>9.2f}{median(used):>9.2f}", flush=True)


def _clocks() -> tuple[float, float]:
    return time.perf_counter(), time.process_time() + _java()


def _since(start: tuple[float, float]) -> tuple[float, float]:
    now = _clocks()
    return now[0] - start[0], now[1] - start[1]


def _java() -> float:
    """Seconds that Spark's own process has used: it is a child, which counts only when it has ended."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, rest = stat.read_text().partition("(")[2].rpartition(")")
        except OSError:
            continue
        told = rest.split()
        if name == "java" and int(told[3]) == os.getsid(0):
            ticks += int(told[11]) + int(told[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _sample() -> Path:
    folder = Path(tempfile.mkdtemp())
    subprocess.run([sys.executable, "-m", "sample_data", "--data", str(folder)], cwd=ROOT, check=True)
    return current(folder)


if __name__ == "__main__":
    main()
