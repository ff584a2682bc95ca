"""How long a meeting's pack takes: python -m benchmarks.pack [DATA]

One table, in one run, each line a fresh process: all files of a quarter for the province and for one district, and the
package for analysts; seconds, CPU seconds, greatest memory, size of what was written. Nothing here is asserted.
"""

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.pages import ROOT, sample

WHEN = ("--period", "2025-Q2", "--as-of", "2025-06-20")
CALLS = {
    "pack of the province, all files": ("pack", *WHEN, "--unit", "74"),
    "pack of the province, in English": ("pack", *WHEN, "--unit", "74", "--language", "en"),
    "pack of one district": ("pack", *WHEN, "--unit", "720"),
    "package for analysts, one quarter": ("data", *WHEN),
}


def main() -> None:
    data = sample()
    print(f"| {'what':34} | {'seconds':>7} | {'CPU s':>6} | {'MB memory':>9} | {'kB written':>10} |")
    for what, told in CALLS.items():
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / ("out" if told[0] == "pack" else "out.zip")
            start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run(
                [sys.executable, "-m", "exports", *told, "--data", str(data), str(out)],
                cwd=ROOT, check=True, capture_output=True,
            )  # fmt: skip
            took, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
            cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            files = [out] if out.is_file() else list(out.iterdir())
            size = sum(path.stat().st_size for path in files) / 1000
            memory = after.ru_maxrss / 1024  # the greatest so far
            print(f"| {what:34} | {took:7.1f} | {cpu:6.1f} | {memory:9.0f} | {size:10.0f} |")


if __name__ == "__main__":
    main()
