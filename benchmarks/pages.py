"""How long a page takes on the server: python -m benchmarks.pages [DATA]

One table, in one run: for every page the script's time when it is opened, and when a choice has changed to one that
nobody has asked for yet, beside an empty page of the same framework; the time of our own until the first page of a
fresh process. Other work on the same machine lengthens what a clock tells: beside it stands the time of the processor,
which it lengthens less. Nothing here is asserted: machines differ.
"""

import logging
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parent.parent
TIMES = 7
GOAL = 150  # ms of ours, over one and a half times an empty page
# Choices that differ in period, so that no answer is remembered from the one before.
CHANGES = ("2024-to-03", "2024-to-05", "2024-to-07", "2024-to-09", "2024-to-11", "2025-to-02", "2025-to-04")


def sample() -> Path:
    """A data folder with the sample: the one given, else a new one."""
    if len(sys.argv) > 1:
        return Path(sys.argv[1])
    folder = Path(tempfile.mkdtemp())
    subprocess.run([sys.executable, "-m", "sample_data", "--data", str(folder)], cwd=ROOT, check=True)
    return folder


def run(app: object) -> tuple[float, float]:
    """Milliseconds of the clock, and of the processor."""
    start, used = time.perf_counter(), time.process_time()
    app.run()
    took = time.perf_counter() - start, time.process_time() - used
    assert not app.exception, app.exception
    return 1000 * took[0], 1000 * took[1]


def empty_page() -> list[tuple[float, float]]:
    """A page with nothing on it but a line."""
    from streamlit.testing.v1 import AppTest

    app = AppTest.from_string("import streamlit as st\nst.caption('–')", default_timeout=60)
    run(app)
    return [run(app) for _ in range(TIMES)]


def changed(address: str) -> tuple[tuple[float, float], list[tuple[float, float]]]:
    """A page when it is first opened, and with each of the changed choices."""
    from streamlit.testing.v1 import AppTest
    from streamlit.util import calc_hash

    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    run(app)
    app._page_hash = calc_hash(address) if address else ""
    first, times = run(app), []
    for period in CHANGES:
        app.session_state["asked"] = {"period": period}
        app.session_state["written"] = app.query_params
        times.append(run(app))
    return first, times


def first_page() -> tuple[float, float]:
    """Seconds until the first page of a fresh process, and those that the framework's own import takes of them."""
    code = (
        "import time; a = time.perf_counter(); from streamlit.testing.v1 import AppTest; b = time.perf_counter();"
        "app = AppTest.from_file('app.py', default_timeout=120).run(); print(time.perf_counter() - a, b - a)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, env={**os.environ})
    whole, framework = map(float, done.stdout.split()[-2:])
    return whole, framework


def middle(times: list[tuple[float, float]]) -> tuple[float, float]:
    return median(each[0] for each in times), median(each[1] for each in times)


def main() -> None:
    logging.disable(logging.WARNING)  # the framework warns of each page that no browser has asked for
    os.environ["KPI_DATA"] = str(sample())
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    whole, framework = first_page()
    empty = middle(empty_page())
    print(f"first page of a fresh process: {whole:.2f} s, of which the framework's import {framework:.2f} s")
    heads = ("opened, ms", "changed, ms", "over 1.5 x empty", "by processor")
    print(f"| {'page':28} | {' | '.join(f'{each:>16}' for each in heads)} |")
    print(f"| {'empty':28} | {empty[0]:16.0f} | {'':16} | {'':16} | {'':16} |")
    from pages.contents import CONTENTS

    above = []
    for page in (page for each in CONTENTS.values() for page in each):
        first, times = changed(page.ADDRESS)
        taken = middle(times)
        over, used = (each - 1.5 * least for each, least in zip(taken, empty, strict=True))
        print(f"| {page.TITLE.en:28} | {first[0]:16.0f} | {taken[0]:16.0f} | {over:16.0f} | {used:16.0f} |", flush=True)
        if over > GOAL:
            above.append(f"{page.TITLE.en} ({over:.0f})")
    print(f"above {GOAL} ms: {', '.join(above) or 'none'}")


if __name__ == "__main__":
    main()
