"""python -m exports data: the package for analysts, written to a zip."""

import argparse
import sys
from datetime import date
from pathlib import Path

from exports.whole_file import write_whole
from metrics.core.ledger import Ledger
from views.geography import geography
from warehouse.period import Period
from warehouse.store import current, data_folder

HELP = "results, figures, boundaries and their description as one zip for analysts"


def add_data_verb(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """python -m exports data --period P [P2 …] [--unit U] [--as-of DAY] [--units-of DAY] [--data DIR] OUT.zip"""
    verb = verbs.add_parser("data", help=HELP, description=HELP)
    verb.set_defaults(run=run)
    written = "2024-06, 2025-Q2, 2025-H1, 2025, 2025-to-06, plan; may be given more than once"
    verb.add_argument("--period", type=Period.parse, action="append", required=True, help=written)
    verb.add_argument("--unit", help="code of a unit: only it and what is below it; else the whole province")
    verb.add_argument("--as-of", type=date.fromisoformat, help="as it stood at the end of that day; else today")
    told = "in the units of that day, such as 2025-07-01, of before or after a reform; else in those of each period"
    verb.add_argument("--units-of", type=date.fromisoformat, help=told)
    verb.add_argument("--data", type=Path, default=data_folder())
    verb.add_argument("out", type=Path, metavar="OUT.zip")


def run(options: argparse.Namespace) -> int:
    """0: the file was written and its path printed; 1: it was not, told on the error output."""
    from exports.package import package  # takes time to load, and the other verb is without

    snapshot = current(options.data)
    if snapshot is None:
        print("Chưa có kho số liệu / No warehouse yet: python -m data_ingest build", file=sys.stderr)
        return 1
    ledger = Ledger.open(snapshot, options.as_of or date.today(), units_of=options.units_of)
    periods = list(dict.fromkeys(options.period))
    units = ledger.units(periods[0])
    unit = options.unit or next(iter(units.unit[units.level == "province"]), "–")
    for each in periods:
        if unit not in ledger.units(each).index:
            print(f"Không có đơn vị này / There is no such unit: {unit}, {each}", file=sys.stderr)
            return 1
    made = package(ledger, periods, unit, geography(options.data, ledger.day(periods[-1])))
    try:
        write_whole(options.out, made)
    except OSError as wrong:
        print(f"Không ghi được / Could not be written: {options.out} ({wrong.strerror})", file=sys.stderr)
        return 1
    print(options.out)
    return 0
