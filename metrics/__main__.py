"""python -m metrics results --period 2025-Q2 --level commune [--indicator ID] [--as-of DATE] --format csv

python -m metrics trace --indicator ID --unit CODE --period 2025-Q2 [--as-of DATE] --format csv
python -m metrics dictionary [--language en]
"""

import argparse
import sys
from datetime import date
from pathlib import Path

import pandas as pd

from language import LANGUAGES
from metrics import INDICATORS
from metrics.core.ledger import Ledger
from metrics.dictionary import dictionary
from warehouse.fields import LEVELS
from warehouse.period import Period
from warehouse.store import current, data_folder

PRINTED = [
    "indicator", "unit_code", "unit_name", "period", "numerator", "denominator", "value", "target", "status", "rank",
    "reports", "reports_due",
]  # fmt: skip


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    if options.verb == "dictionary":
        print(dictionary(options.language), end="")
        return 0
    snapshot = current(options.data)
    if snapshot is None:
        print("Chưa có kho số liệu / No warehouse yet: python -m data_ingest build", file=sys.stderr)
        return 1
    ledger = Ledger.open(snapshot, options.as_of)
    if options.verb == "trace":
        return print_trace(ledger, options)
    write(printed(ledger.results(options.period), options.level, options.indicator), options.format)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("metrics", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    verb = verbs.add_parser("results", help="the results of a period, a row per indicator and unit")
    verb.add_argument("--period", type=Period.parse, required=True, help="2024-06, 2025-Q2, 2025-H1, 2025-to-06, plan")
    verb.add_argument("--level", choices=LEVELS, required=True)
    verb.add_argument("--indicator", choices=INDICATORS, metavar="ID", help="one of: " + ", ".join(INDICATORS))
    _common(verb)
    verb = verbs.add_parser("trace", help="file, sheet, cell, version and value of everything behind a number")
    verb.add_argument("--indicator", choices=INDICATORS, metavar="ID", required=True)
    verb.add_argument("--unit", required=True, help="code of the unit")
    verb.add_argument("--period", type=Period.parse, required=True)
    _common(verb)
    verb = verbs.add_parser("dictionary", help="what every indicator measures, as Markdown")
    verb.add_argument("--language", choices=LANGUAGES, default="vi")
    return parser


def _common(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--as-of", type=date.fromisoformat, help="as it stood at the end of that day")
    verb.add_argument("--format", choices=["csv", "json", "text"], default="csv")
    verb.add_argument("--data", type=Path, default=data_folder())


def write(found: pd.DataFrame, form: str) -> None:
    if form == "csv":
        found.to_csv(sys.stdout, index=False, lineterminator="\n")
    elif form == "json":
        print(found.to_json(orient="records", force_ascii=False, indent=1, date_format="iso"))
    else:
        print(found.to_string(index=False))


def print_trace(ledger: Ledger, options: argparse.Namespace) -> int:
    """The cells on the standard output; the number that they make on the error output."""
    found = ledger.results(options.period)
    found = found[(found.indicator == options.indicator) & (found.unit == options.unit)]
    if found.empty:
        told = f"{options.indicator}, {options.unit}, {options.period}"
        print(f"Không có số liệu này / There is no such number: {told}", file=sys.stderr)
        return 1
    row = found.iloc[0]
    cells = ledger.trace(INDICATORS[options.indicator], options.unit, options.period)
    write(cells, options.format)
    indicator = INDICATORS[options.indicator]
    print(
        f"{row.unit_name}: {row.numerator} / {row.denominator} = {row.value}; {len(cells)} ô / cells\n"
        f"numerator: {indicator.numerator}\ndenominator: {indicator.denominator}",
        file=sys.stderr,
    )
    return 0


def printed(results: pd.DataFrame, level: str, indicator: str | None) -> pd.DataFrame:
    """The rows of one level, in the plan's order of indicators, best first; the columns PRINTED."""
    found = results[results.level == level]
    if indicator:
        found = found[found.indicator == indicator]
    place = {id: number for number, id in enumerate(INDICATORS)}
    found = found.assign(place=found.indicator.map(place)).sort_values(["place", "rank", "unit"], kind="stable")
    return found.rename(columns={"unit": "unit_code"})[PRINTED]


if __name__ == "__main__":
    sys.exit(main())
