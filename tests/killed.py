"""Work that is killed at any moment: each round is a fork of a process in which all that it needs is loaded already.

Threads begin in the fork.
"""

import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType

ROUNDS = """
import os, sys, time
{work}
for line in sys.stdin:
    *told, after = line.rstrip("\\n").split("\\t")
    child = os.fork()
    if child == 0:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        work(*told)
        os._exit(0)
    if float(after) >= 0:
        time.sleep(float(after))
        os.kill(child, 9)
    print(os.waitpid(child, 0)[1], flush=True)
"""


class Rounds:
    """`work` is Python that defines `work(*texts)`: `with Rounds(work) as rounds: rounds.once("a", after=0.1)`."""

    def __init__(self, work: str):
        self._process = subprocess.Popen(
            [sys.executable, "-c", ROUNDS.format(work=work)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            text=True, cwd=Path(__file__).parent.parent, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def once(self, *told: object, after: float = -1) -> tuple[int, float]:
        """Do it, and kill it so many seconds later, if at all; how it ended (0, or the signal), and what it took."""
        start = time.monotonic()
        self._process.stdin.write("\t".join(map(str, (*told, after))) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline()), time.monotonic() - start

    def __enter__(self) -> "Rounds":
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._process.stdin.close()
        self._process.wait()
