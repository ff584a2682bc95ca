"""The one table of a run."""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from statistics import quantiles

from benchmarks.holding.deeds import Deed
from benchmarks.holding.judged import Judged
from benchmarks.holding.place import Running
from benchmarks.holding.reader import PAGES, Cut, Redraw
from benchmarks.holding.watch import Snapshots, Usage, around
from pages.contents import CONTENTS

NAMES = {page.ADDRESS: page.TITLE.en for each in CONTENTS.values() for page in each}
FLAT = 10  # per cent: memory that has grown by no more than this is called flat
MOST = 8  # lines told of each kind of mistake


def percentiles(times: list[float]) -> tuple[float, float, float]:
    """The middle, and what 95 and 99 of a hundred do not exceed, in ms."""
    cut = quantiles(times, n=100, method="inclusive") if len(times) > 1 else [*times] * 99
    return 1000 * cut[49], 1000 * cut[94], 1000 * cut[98]


def times(redraws: list[Redraw], seconds: float) -> list[str]:
    """Redraws by page and by what was done."""
    good = [each for each in redraws if not each.wrong]
    lines = [f"| {'redraws':34} | {'count':>6} | {'p50 ms':>7} | {'p95 ms':>7} | {'p99 ms':>7} |"]

    def line(name: str, fits: Callable[[Redraw], bool]) -> None:
        if told := [each.ended - each.sent for each in good if fits(each)]:
            cells = " | ".join(f"{each:7.0f}" for each in percentiles(told))
            lines.append(f"| {name:34} | {len(told):6} | {cells} |")

    line("all", lambda each: True)
    for how in ("changed", "gone to", "opened", "came back"):
        line(f"  {how}", lambda each, how=how: each.how == how)
    for address in PAGES:
        line(NAMES[address], lambda each, address=address: each.page == address)
    return [*lines, f"{len(redraws) / seconds:.2f} redraws a second over {seconds:.0f} s"]


def counts(found: Judged, cuts: list[Cut], deeds: list[Deed], snapshots: Snapshots, running: Running) -> list[str]:
    back = [each.back - each.at for each in cuts if each.back]
    never = sum(not each.back for each in cuts)
    lasted = f"the slowest after {max(back):.1f} s" if back else "–"
    loads = [each for each in deeds if each.what == "load"]
    took = sorted(each.end - each.start for each in loads)
    excused = ", ".join(f"{key} {count}" for key, count in found.excused.items()) or "none"
    return [
        f"errors: {len(found.errors)}; told of a fault on purpose: {excused}",
        f"wrong figures: {len(found.wrong)}, in {found.parts} parts of {found.checked} redraws; in {found.moved} of"
        " them the figures had changed since the start",
        f"connections lost: {len(cuts)}, back: {len(back)}, {lasted}; never back: {never};"
        f" restarts: {running.restarts}",
        f"snapshots that served: {len(snapshots.names)}; loads: {len(loads)},"
        + (f" {took[0]:.1f} to {took[-1]:.1f} s each," if took else "")
        + f" not taken: {sum(not each.sound for each in loads)}; redraws with the band: {found.bands}",
    ]


def faults(deeds: list[Deed], start: float) -> list[str]:
    """What was done on purpose, and loads that were not taken."""
    return [
        f"  {each.start - start:5.0f}–{each.end - start:.0f} s  {each.what}: {each.told}"
        f"  {'as it should be' if each.sound else 'NOT AS IT SHOULD BE'}"
        for each in deeds
        if each.what != "load" or not each.sound
    ]


def memory(usage: Usage, seconds: float) -> list[str]:
    """Of each process at the start, after a minute, at the end; flat: the last minute beside the second one."""
    told = ["memory, MB:"]
    minute = min(60.0, seconds / 4)  # of a short run, parts of it
    for (port, pid), series in usage.memory.items():
        began, ended = series[0][0], series[-1][0]
        second, last = (around(series, began + minute, began + 2 * minute), around(series, ended - minute, ended))
        after = around(series, began + minute, began + minute + 6)
        line = f"  port {port}, process {pid}: {series[0][1]:.0f}"
        if second and last and ended - began > 3 * minute:
            grown = 100 * (last / second - 1)
            line += f" at the start, {after or 0:.0f} after {minute:.0f} s, {series[-1][1]:.0f} at the end; middle of"
            line += f" the second {minute:.0f} s {second:.0f}, of the last {last:.0f}: {grown:+.1f} %"
            line += f" ({'flat' if grown <= FLAT else 'NOT FLAT'})"
        else:
            line += f" → {series[-1][1]:.0f} in {ended - began:.0f} s: too short to say"
        told.append(line)
    return told


def processor(usage: Usage, loads: float) -> str:
    told = [f"{what} {100 * share:.1f} %" for what, share in usage.shares().items()]
    return f"processor, of one core: {', '.join(told)}, loads {100 * loads:.1f} %"


def mistakes(found: Judged, cuts: list[Cut]) -> list[str]:
    """The first few of each kind, and why connections were lost."""
    lines = [f"  error: {each}" for each in found.errors[:MOST]] + [f"  wrong: {each}" for each in found.wrong[:MOST]]
    why = Counter(each.why for each in cuts)
    return lines + [f"  lost {count} times: {each}" for each, count in why.most_common(MOST)]


def failures(folder: Path, ports: list[int]) -> list[str]:
    """What the processes wrote into their logs of errors: the kind, and the innermost place in the program."""
    told = Counter()
    for line in (line for port in ports for line in (folder / f"{port}.log").read_text(errors="replace").splitlines()):
        found = json.loads(line) if line.startswith("{") else {}
        if found.get("level") in ("warning", "error"):
            error, innermost = found.get("error") or {}, ""
            while error:
                innermost = f"{innermost} {error['kind']} at {' < '.join(error['at'][-1:-4:-1])}"
                error = error.get("because") or {}
            told[f"{found['event']}{innermost or ' ' + found.get('damaged', found.get('logger', ''))}"] += 1
        elif found == {} and "Error" in line:
            told[line[:160]] += 1
    return [f"  log, {count} times: {each}" for each, count in told.most_common(MOST)]
