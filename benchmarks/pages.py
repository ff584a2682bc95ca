"""How long a page takes on the server: python -m benchmarks.pages [DATA]

One table, in one run: for every page the script's time when it is opened, and when a choice has changed to one that
nobody has asked for yet, beside an empty page of the same framework; the time of our own until the first page of a
fresh process; how many bytes of geometry a redraw of the map carries. Nothing here is asserted: machines differ.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parent.parent
TIMES = 7
# Choices that differ in period, so that no answer is remembered from the one before.
CHANGES = ("2024-to-03", "2024-to-05", "2024-to-07", "2024-to-09", "2024-to-11", "2025-to-02", "2025-to-04")


def sample() -> Path:
    """A data folder with the sample: the one given, else a new one."""
    if len(sys.argv) > 1:
        return Path(sys.argv[1])
    folder = Path(tempfile.mkdtemp())
    subprocess.run([sys.executable, "-m", "sample_data", "--data", str(folder)], cwd=ROOT, check=True)
    return folder


def run(app: object) -> float:
    start = time.perf_counter()
    app.run()
    took = time.perf_counter() - start
    assert not app.exception, app.exception
    return 1000 * took


def empty_page() -> list[float]:
    """Milliseconds of a page with nothing on it but a line."""
    from streamlit.testing.v1 import AppTest

    app = AppTest.from_string("import streamlit as st\nst.caption('–')", default_timeout=60)
    run(app)
    return [run(app) for _ in range(TIMES)]


def changed(address: str) -> tuple[float, list[float]]:
    """Milliseconds of a page when it is first opened, and with each of the changed choices."""
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


def main() -> None:
    os.environ["KPI_DATA"] = str(sample())
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    whole, framework = first_page()
    empty = median(empty_page())
    print(f"first page of a fresh process: {whole:.2f} s, of which the framework's import {framework:.2f} s")
    print(f"| {'page':28} | {'opened, ms':>10} | {'changed, ms':>11} | {'over 1.5 x empty':>16} |")
    print(f"| {'empty':28} | {empty:10.0f} | {'':11} | {'':16} |")
    from pages.contents import CONTENTS

    for page in (page for each in CONTENTS.values() for page in each):
        first, times = changed(page.ADDRESS)
        over = median(times) - 1.5 * empty
        print(f"| {page.TITLE.en:28} | {first:10.0f} | {median(times):11.0f} | {over:16.0f} |")


if __name__ == "__main__":
    main()
