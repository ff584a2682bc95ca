"""python -m metrics results --period 2025-Q2 --level commune [--indicator ID] [--as-of DATE] --format csv

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
    print_results(Ledger.open(snapshot, options.as_of), options)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("metrics", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    verb = verbs.add_parser("results", help="the results of a period, a row per indicator and unit")
    verb.add_argument("--period", type=Period.parse, required=True, help="2024-06, 2025-Q2, 2025-H1, 2025-to-06, plan")
    verb.add_argument("--level", choices=LEVELS, required=True)
    verb.add_argument("--indicator", choices=INDICATORS, metavar="ID", help="one of: " + ", ".join(INDICATORS))
    verb.add_argument("--as-of", type=date.fromisoformat, help="as it stood at the end of that day")
    verb.add_argument("--format", choices=["csv", "json", "text"], default="csv")
    verb.add_argument("--data", type=Path, default=data_folder())
    verb = verbs.add_parser("dictionary", help="what every indicator measures, as Markdown")
    verb.add_argument("--language", choices=LANGUAGES, default="vi")
    return parser


def print_results(ledger: Ledger, options: argparse.Namespace) -> None:
    found = printed(ledger.results(options.period), options.level, options.indicator)
    if options.format == "csv":
        found.to_csv(sys.stdout, index=False, lineterminator="\n")
    elif options.format == "json":
        print(found.to_json(orient="records", force_ascii=False, indent=1))
    else:
        print(found.to_string(index=False))


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
