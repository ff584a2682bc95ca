"""Parts of the benchmark that each need a process of their own, so that its memory is theirs alone."""

import json
import logging
import os
import resource
import sys
import time
from datetime import datetime
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parent.parent.parent
PERIOD, OTHER = "2025-to-12", "2025-to-10"


def used() -> float:
    """CPU seconds of this process and of those that it has waited for."""
    told = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in told)


def memory() -> int:
    """The greatest memory of this process so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def made(folder: str, provinces: str) -> dict[str, object]:
    """A country made: seconds, CPU seconds, memory and what it takes on the disk."""
    from benchmarks.nation.country import make

    data, start, cpu = Path(folder), time.perf_counter(), used()
    make(data, int(provinces))
    told = {"seconds": time.perf_counter() - start, "cpu": used() - cpu, "memory": memory()}
    return told | {
        "snapshot": sum(each.stat().st_size for each in data.glob("warehouse-*.duckdb")),
        "receipts": (data / "receipts.csv").stat().st_size,
    }


def loaded(folder: str, provinces: str, communes: str, period: str) -> dict[str, object]:
    """Reports of some communes through the program's own load: seconds, CPU seconds, memory."""
    from benchmarks.nation.one_report import write
    from benchmarks.nation.register import register
    from data_ingest.commands import Arrivals, load
    from warehouse.period import Period

    units = register(int(provinces))
    every = list(units.unit[units.level == "commune"])
    files = write(Path(folder) / "sample" / str(time.time_ns()), units, every[: int(communes)], Period.parse(period))
    del units
    start, cpu = time.perf_counter(), used()
    done = load(Path(folder), files, Arrivals(datetime(2026, 1, 5)))
    return {
        "seconds": time.perf_counter() - start, "cpu": used() - cpu, "memory": memory(), "files": len(files),
        "taken": sum(each.reading.accepted for each in done.built.told),
    }  # fmt: skip


def pages(folder: str, *units: str) -> dict[str, object]:
    """Each page for each unit: ms when opened and when the period changes, ms in questions; the memory after all."""
    logging.disable(logging.CRITICAL)
    os.environ["KPI_DATA"] = folder
    os.chdir(ROOT)
    from warehouse.store import Engine

    asking, real = [0.0], Engine.query

    def timed(self: Engine, *given: object) -> object:
        start = time.perf_counter()
        try:
            return real(self, *given)
        finally:
            asking[0] += time.perf_counter() - start

    Engine.query = timed
    from pages.contents import CONTENTS

    told, after = [], {}
    for unit in units:
        for page in (page for each in CONTENTS.values() for page in each):
            told.append({"unit": unit, "page": page.TITLE.en, **_opened(page.ADDRESS, unit, asking)})
        after[unit] = memory()
    return {"pages": told, "memory": after}


def _opened(address: str, unit: str, asking: list[float]) -> dict[str, object]:
    from streamlit.testing.v1 import AppTest
    from streamlit.util import calc_hash

    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=600)
    app._page_hash = calc_hash(address) if address else ""
    times = []
    for period in (PERIOD, OTHER):
        app.session_state["asked"] = {"unit": unit, "period": period}
        app.session_state["written"] = app.query_params
        asking[0], start = 0.0, time.perf_counter()
        app.run()
        times.append((1000 * (time.perf_counter() - start), 1000 * asking[0]))
    return {"opened": times[0][0], "changed": times[1][0], "asking": times[1][1], "failed": bool(app.exception)}


def times_of(work: object, times: int = 5) -> float:
    """The median of some runs, in ms."""
    told = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        told.append(1000 * (time.perf_counter() - start))
    return median(told)


if __name__ == "__main__":
    told = {"made": made, "loaded": loaded, "pages": pages}[sys.argv[1]](*sys.argv[2:])
    print(json.dumps(told))
