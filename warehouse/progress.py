"""Progress of long work: a count and the time left, on one line of the error output."""

import sys
import time


class Bar:
    """Call it with how many are done, of how many. Drawn only where somebody watches; else once, at the end."""

    def __init__(self, what: str = ""):
        self.what = f"{what}: " if what else ""
        self.start = time.monotonic()

    def __call__(self, done: int, of: int) -> None:
        if not sys.stderr.isatty() and done < of:
            return
        left = (time.monotonic() - self.start) * (of - done) / max(done, 1)
        rest = f" · còn / left {left:.0f} s   " if done < of else " " * 24
        print(f"\r  {self.what}{done}/{of}{rest}", end="\n" if done == of else "", file=sys.stderr, flush=True)
