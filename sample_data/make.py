"""Make the invented reports by filling in our own forms: lifelike, awkward on purpose, the same every time."""

import csv
import hashlib
import multiprocessing
import os
import random
import sys
import unicodedata
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path

import pandas as pd

from data_ingest.form import Filling, Row, write_form
from data_ingest.names import Names
from data_ingest.standing import SHIPPED
from data_ingest.template import Template, all_templates, template_for
from sample_data import story
from warehouse.fields import FIELDS
from warehouse.period import Period, month
from warehouse.units import read_units

FIRST, LAST = Period("month", 2023, 11), Period("month", 2025, 6)
LOG = "received.csv"  # when each file came: file, received_at, sender
STAMP = "MADE"
_MADE_FROM = (
    "sample_data/make.py", "sample_data/story.py", "sample_data/units.csv", "sample_data/hamlets.csv",
    "data_ingest/form.py", "data_ingest/template.py", "data_ingest/templates/*.toml", "warehouse/fields.py",
    "warehouse/calendar.toml",
)  # fmt: skip


@dataclass(frozen=True)
class Sent:
    """One file that a unit sends: what it is called, when it comes, and what stands in it."""

    file: str
    received_at: datetime
    sender: str
    template: Template
    filling: Filling


def make(folder: Path, progress: Callable[[int, int], None] = lambda done, of: None) -> bool:
    """Write every report and the log of receipts into `folder`; False when they already stand there as they should."""
    fingerprint = _fingerprint()
    stamp = folder / STAMP
    if stamp.exists() and stamp.read_text(encoding="utf-8") == fingerprint:
        return False
    folder.mkdir(parents=True, exist_ok=True)
    stamp.unlink(missing_ok=True)
    units = pd.concat([read_units(path) for path in SHIPPED], ignore_index=True)
    senders = [each for each in story.senders(units) if each.unit not in story.SILENT]
    log: list[tuple[str, str, str]] = []
    # Not forked: a process that asks a warehouse holds threads, and a copy of it made in their midst may crash.
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(os.cpu_count(), fresh, initializer=_start, initargs=(units,)) as pool:
        for done, sent in enumerate(pool.map(partial(_write, folder), senders, chunksize=2), start=1):
            log += sent
            progress(done, len(senders))
    with (folder / LOG).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([("file", "received_at", "sender"), *sorted(log, key=_arrival)])
    stamp.write_text(fingerprint, encoding="utf-8")
    return True


def _arrival(line: tuple[str, str, str]) -> tuple[str, str]:
    return line[1], line[0]


def _fingerprint() -> str:
    root, digest = Path(__file__).parent.parent, hashlib.sha256()
    for path in (path for pattern in _MADE_FROM for path in sorted(root.glob(pattern))):
        digest.update(path.read_bytes())
    return digest.hexdigest()


_names: Names | None = None  # of a writing process, set once when it starts


def _start(units: pd.DataFrame) -> None:
    global _names
    _names = Names.of(units)


def _write(folder: Path, sender: story.Sender) -> list[tuple[str, str, str]]:
    """All files of one sender; the lines for the log."""
    log = []
    for sent in reports(sender, _names):
        write_form(sent.template, sent.filling, folder / sent.file)
        log.append((sent.file, sent.received_at.isoformat(sep=" "), sent.sender))
    return log


def reports(sender: story.Sender, names: Names) -> list[Sent]:
    """Everything that one unit sends over the sample's months, its mistakes and corrections among it."""
    numbers = random.Random(f"reports of {sender.unit}")
    sent: list[Sent] = []
    for period in _periods(sender):
        told = sender.tell(period)
        if told is None:
            continue
        day = names.on(min(period.last_day, date(2025, 6, 30)))
        template = template_for(sender.form, period)
        filling = Filling(
            unit_name=day.title(sender.unit),
            unit_code=sender.unit,
            parent_name=day.full_name.get(day.parent[sender.unit], ""),
            period=period,
            rows=tuple(Row(day.full_name[unit], values) for unit, values in told.rows.items()),
            values=told.values,
            invented=True,
        )
        name = f"{sender.unit}_{period}_{template.form}.xlsx"
        plain = Sent(name, _came(period, numbers, sender), day.full_name[sender.unit], template, filling)
        sent += MISHAPS.get((sender.unit, str(period)), _as_it_is)(plain)
    return sent


def _periods(sender: story.Sender) -> list[Period]:
    if sender.form == "monthly":
        return [month(count) for count in range(FIRST.first_month, LAST.last_month + 1)]
    quarters = [Period("quarter", year, number) for year in (2023, 2024, 2025) for number in (1, 2, 3, 4)]
    quarters = quarters if sender.form == "periodic" else []
    others = [Period("half", 2024, 1), Period("year", 2023), Period("year", 2024), Period("half", 2025, 1)]
    last = LAST.last_month
    return [each for each in [*quarters, *others] if FIRST.last_month < each.last_month <= last]


def _came(period: Period, numbers: random.Random, sender: story.Sender) -> datetime:
    """Most come in the last days before they are due; some senders are often late."""
    late = numbers.random() < sender.lateness
    days = numbers.choice((1, 1, 2, 3, 5, 9)) if late else -numbers.choice((0, 0, 1, 1, 2, 3, 4))
    return datetime.combine(period.due + timedelta(days=days), time(numbers.randint(7, 16), numbers.randint(0, 59)))


# What goes wrong, and where: each is a thing that a real office receives.


def _as_it_is(sent: Sent) -> list[Sent]:
    return [sent]


def _misspelt(sent: Sent) -> list[Sent]:
    """Retyped by hand: the name without its code, and with a slip. The right one comes nine days later."""
    slip = sent.filling.unit_name.replace("Hiệp", "Hiệpp", 1)
    wrong = replace(sent.filling, unit_name=slip, unit_code="")
    return [replace(sent, filling=wrong), _again(sent, days=9)]


def _above_the_whole(sent: Sent) -> list[Sent]:
    """More households with e-wallets than households; corrected four days later."""
    first = sent.filling.rows[0]
    wrong = {**first.values, "households_e_payment_any": int(first.values["households"] * 1.13)}
    rows = (replace(first, values=wrong), *sent.filling.rows[1:])
    return [replace(sent, filling=replace(sent.filling, rows=rows)), _again(sent, days=4)]


def _still_above_the_whole(sent: Sent) -> list[Sent]:
    """The same mistake, never corrected: this month stays out."""
    return _above_the_whole(sent)[:1]


def _corrected(sent: Sent) -> list[Sent]:
    """Sent, then sent again with one number mended: the later version stands."""
    first = sent.filling.rows[0]
    was = {**first.values, "households_e_payment_any": first.values["households_e_wallet"]}
    rows = (replace(first, values=was), *sent.filling.rows[1:])
    return [replace(sent, filling=replace(sent.filling, rows=rows)), _again(sent, days=12)]


def _as_text(sent: Sent) -> list[Sent]:
    """Numbers typed as text with dots, commas and stray spaces."""
    rows = tuple(replace(row, values={k: _typed(v, k) for k, v in row.values.items()}) for row in sent.filling.rows)
    return [replace(sent, filling=replace(sent.filling, rows=rows))]


def _typed(value: object, field: str) -> object:
    if not isinstance(value, int) or FIELDS[field].kind == "flag":
        return value
    return f" {value:,} ".replace(",", ".") if len(field) % 2 else f"{value:,}"


def _decomposed(sent: Sent) -> list[Sent]:
    """Typed on a machine that writes accents as separate signs (NFD)."""
    return [replace(sent, filling=replace(sent.filling, printed=partial(unicodedata.normalize, "NFD")))]


def _with_subtotal(sent: Sent) -> list[Sent]:
    """A line that adds up the first rows, put in between them."""
    rows = sent.filling.rows
    half = rows[: len(rows) // 2]
    fields = half[0].values
    sums = {field: sum(row.values.get(field) or 0 for row in half) for field in fields}
    total = Row(f"Cộng {len(half)} khu/ấp đầu", sums)
    return [replace(sent, filling=replace(sent.filling, rows=(*half, total, *rows[len(half) :])))]


def _without_some(sent: Sent) -> list[Sent]:
    """Two khu/ấp have not reported to their commune this month."""
    return [replace(sent, filling=replace(sent.filling, rows=sent.filling.rows[:-2]))]


def _old_form(sent: Sent) -> list[Sent]:
    """Filled into last year's version of the form."""
    old = next(each for each in all_templates() if each.id == "monthly_2023")
    return [replace(sent, template=old)]


def _again(sent: Sent, days: int) -> Sent:
    stem = sent.file.removesuffix(".xlsx")
    return replace(sent, file=f"{stem}_sua.xlsx", received_at=sent.received_at + timedelta(days=days))


MISHAPS: dict[tuple[str, str], Callable[[Sent], list[Sent]]] = {
    ("25741", "2024-03"): _misspelt,
    ("25747", "2024-02"): _old_form,
    ("25810", "2024-01"): _old_form,
    ("25810", "2024-02"): _old_form,
    ("25975", "2024-07"): _as_text,
    ("25942", "2025-02"): _as_text,
    ("25951", "2024-08"): _above_the_whole,
    ("25864", "2025-06"): _still_above_the_whole,
    ("25744", "2024-09"): _corrected,
    ("25750", "2025-05"): _corrected,
    ("25756", "2024-10"): _decomposed,
    ("25948", "2025-01"): _with_subtotal,
    ("25945", "2024-11"): _without_some,
    ("25813", "2025-04"): _without_some,
}


def main() -> int:
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent / "reports")
    made = make(folder, lambda done, of: print(f"\r{done}/{of}", end="", file=sys.stderr))
    print(f"\n{folder}: {'made' if made else 'already there'}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
