"""python -m metrics VERB …: every question that the warehouse answers, as a table on the standard output.

python -m metrics results --period 2025-Q2 --level commune [--indicator ID]
python -m metrics trace --indicator ID --unit CODE --period 2025-Q2
python -m metrics pace --period 2025-to-06 --level district
python -m metrics gaps --indicator ID --unit 74 --period 2025-to-06
python -m metrics compare --period 2025-Q2 [--with 2024-Q2] --level district
python -m metrics restatements --since 2025-03-20 [--level commune]
python -m metrics reporting --period 2025-Q2 [--missing | --unexpected]
python -m metrics emulation --period 2025-to-06 --level commune [--kind Phường] [--evidence CODE]
python -m metrics dictionary [--language en]
python -m metrics requirements [--language en]

Each takes --as-of DATE, --format csv|json|text and --data DIR.
"""

import argparse
import os
import sys
from datetime import date
from pathlib import Path

import pandas as pd

from language import LANGUAGES
from metrics import INDICATORS
from metrics.core.emulation import criteria, scores, sensitivity, shortlist
from metrics.core.ledger import Ledger
from metrics.dictionary import dictionary
from metrics.requirements import table
from warehouse.engines import EngineError
from warehouse.fields import LEVELS
from warehouse.period import Period
from warehouse.store import current, data_folder

PRINTED = [
    "indicator", "unit_code", "unit_name", "period", "numerator", "denominator", "value", "target", "assigned",
    "status", "rank", "reports", "reports_due", "estimated", "data_until",
]  # fmt: skip

DOCUMENTS = {  # written from the declarations alone, without a warehouse
    "dictionary": (dictionary, "what every indicator measures, as Markdown"),
    "requirements": (table, "where each requirement of the plan is answered, as Markdown"),
}


def main(arguments: list[str] | None = None) -> int:
    """0: a table was printed; 1: there is nothing to say, told on the error output."""
    options = _parser().parse_args(arguments)
    if options.verb in DOCUMENTS:
        print(DOCUMENTS[options.verb][0](options.language), end="")
        return 0
    snapshot = current(options.data)
    if snapshot is None:
        print("Chưa có kho số liệu / No warehouse yet: python -m data_ingest build", file=sys.stderr)
        return 1
    try:
        found = options.ask(Ledger.open(snapshot, options.as_of, units_of=options.units_of), options)
    except EngineError as error:
        print(f"{error.text.vi} / {error.text.en}", file=sys.stderr)
        return 1
    if found is None:
        return 1
    try:
        write(found, options.format)
        sys.stdout.flush()
    except BrokenPipeError:  # whoever reads has seen enough (… | head)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "metrics", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    verbs = parser.add_subparsers(dest="verb", required=True)
    verb = _verb(verbs, "results", results, "the results of a period, a row per indicator and unit", "period level")
    _indicator(verb, False)
    verb = _verb(verbs, "trace", trace, "file, sheet, cell, version and value behind a number", "period unit")
    _indicator(verb, True)
    verb = _verb(
        verbs, "pace", pace, "what is missing to each target, the pace needed and the present one", "period level"
    )
    _indicator(verb, False)
    verb = _verb(verbs, "gaps", gaps, "which parts make up the gap between a unit and its target", "period unit")
    _indicator(verb, True)
    verb = _verb(verbs, "compare", compare, "the results of two periods side by side", "period level")
    verb.add_argument("--with", dest="other", type=Period.parse, help="another period; else the same a year before")
    _indicator(verb, False)
    verb = _verb(
        verbs, "restatements", restatements, "published figures that have changed since a day, and by what", ""
    )
    verb.add_argument("--since", type=date.fromisoformat, required=True)
    verb.add_argument("--level", choices=LEVELS)
    verb = _verb(verbs, "reporting", reporting, "each report owed: due, received, days late", "period")
    which = verb.add_mutually_exclusive_group()
    which.add_argument("--missing", action="store_true", help="only those that are due and have not come")
    which.add_argument("--unexpected", action="store_true", help="those that nobody expected, which are counted apart")
    help = "who may be proposed for commendation: points, rank, and its range when weights move by 10 %%"
    verb = _verb(verbs, "emulation", emulation, help, "period level")
    verb.add_argument("--kind", help="compare only units of this type, such as Phường")
    verb.add_argument("--evidence", metavar="CODE", help="the criteria of one unit, with what its points are made of")
    for name, (_, help) in DOCUMENTS.items():
        verb = verbs.add_parser(name, help=help, description=help)
        verb.add_argument("--language", choices=LANGUAGES, default="vi")
    return parser


def _verb(verbs: object, name: str, ask: object, help: str, needs: str) -> argparse.ArgumentParser:
    """A verb that asks the ledger; `needs` names which of period, level and unit it cannot do without."""
    verb = verbs.add_parser(name, help=help, description=help)
    verb.set_defaults(ask=ask)
    if "period" in needs:
        written = "2024-06, 2025-Q2, 2025-H1, 2025, 2025-to-06, plan"
        verb.add_argument("--period", type=Period.parse, required=True, help=written)
    if "level" in needs:
        verb.add_argument("--level", choices=LEVELS, required=True)
    if "unit" in needs:
        verb.add_argument("--unit", required=True, help="code of the unit")
    verb.add_argument("--as-of", type=date.fromisoformat, help="as it stood at the end of that day")
    verb.add_argument(
        "--units-of",
        type=date.fromisoformat,
        help="in the units of that day, such as 2025-07-01, of before or after a reform",
    )
    verb.add_argument("--format", choices=["csv", "json", "text"], default="csv")
    verb.add_argument("--data", type=Path, default=data_folder())
    return verb


def _indicator(verb: argparse.ArgumentParser, required: bool) -> None:
    one_of = "one of: " + ", ".join(INDICATORS)
    verb.add_argument("--indicator", choices=INDICATORS, metavar="ID", required=required, help=one_of)


def write(found: pd.DataFrame, form: str) -> None:
    if form == "csv":
        found.to_csv(sys.stdout, index=False, lineterminator="\n")
    elif form == "json":
        print(found.to_json(orient="records", force_ascii=False, indent=1, date_format="iso"))
    else:
        print(found.to_string(index=False))


# The verbs: (ledger, options) → a table, or None when there is nothing to say


def results(ledger: Ledger, options: argparse.Namespace) -> pd.DataFrame:
    """The rows of one level, in the plan's order of indicators, best first; the columns PRINTED."""
    wanted = (options.indicator,) if options.indicator else tuple(INDICATORS)
    found = _asked(ledger.over((options.period,), wanted), options)
    found = _in_order(found, ["rank", "unit"]).rename(columns={"unit": "unit_code"})
    return found.assign(data_until=ledger.data_until(options.period))[PRINTED]


def trace(ledger: Ledger, options: argparse.Namespace) -> pd.DataFrame | None:
    """The cells on the standard output; the number that they make on the error output."""
    indicator = INDICATORS[options.indicator]
    found = ledger.one(options.period, indicator)
    found = found[found.unit == options.unit]
    if found.empty:
        return _nothing(options)
    row = found.iloc[0]
    cells = ledger.trace(indicator, options.unit, options.period)
    print(
        f"{row.unit_name}: {row.numerator} / {row.denominator} = {row.value}; {len(cells)} ô / cells\n"
        f"numerator: {indicator.numerator}\ndenominator: {indicator.denominator}",
        file=sys.stderr,
    )
    return cells


def pace(ledger: Ledger, options: argparse.Namespace) -> pd.DataFrame:
    return _in_order(_asked(ledger.pace(options.period), options), ["unit"])


def gaps(ledger: Ledger, options: argparse.Namespace) -> pd.DataFrame | None:
    found = ledger.contributions(INDICATORS[options.indicator], options.unit, options.period)
    return _nothing(options) if found.empty else found


def compare(ledger: Ledger, options: argparse.Namespace) -> pd.DataFrame | None:
    other = options.other or options.period.year_before
    if other is None:
        print(f"Không có kỳ trước / There is no period before {options.period}", file=sys.stderr)
        return None
    return _in_order(_asked(ledger.compared(options.period, other), options), ["unit"])


def restatements(ledger: Ledger, options: argparse.Namespace) -> pd.DataFrame:
    found = ledger.restatements(options.since)
    return found[found.level == options.level] if options.level else found


def reporting(ledger: Ledger, options: argparse.Namespace) -> pd.DataFrame:
    if options.unexpected:
        return ledger.unexpected(options.period)
    owed = ledger.reporting(options.period)
    if options.missing:
        owed = owed[owed.received_at.isna() & owed.due_by_now]
    return owed.drop(columns=["due_by_now", "adds_up"])


def emulation(ledger: Ledger, options: argparse.Namespace) -> pd.DataFrame | None:
    found, types = ledger.results(options.period), ledger.units(options.period).type
    if options.kind:
        found = found[found.unit.map(types) == options.kind]
    try:
        evidence = scores(found, criteria(options.level))
    except ValueError as wrong:  # no set for this level, or one that cannot be used
        print(wrong, file=sys.stderr)
        return None
    if options.evidence:
        evidence = evidence[evidence.unit == options.evidence]
    if evidence.empty:
        asked = ", ".join(filter(None, [options.level, options.kind, options.evidence]))
        print(f"Không có đơn vị này / There is no such unit: {asked}, {options.period}", file=sys.stderr)
        return None
    return evidence if options.evidence else shortlist(evidence).merge(sensitivity(evidence), how="left")


def _asked(found: pd.DataFrame, options: argparse.Namespace) -> pd.DataFrame:
    """The rows of the level and the indicator asked for."""
    found = found[found.level == options.level]
    return found[found.indicator == options.indicator] if options.indicator else found


def _in_order(found: pd.DataFrame, then: list[str]) -> pd.DataFrame:
    """In the plan's order of indicators."""
    place = {id: number for number, id in enumerate(INDICATORS)}
    found = found.assign(place=found.indicator.map(place)).sort_values(["place", *then], kind="stable")
    return found.drop(columns="place")


def _nothing(options: argparse.Namespace) -> None:
    told = f"{options.indicator}, {options.unit}, {options.period}"
    print(f"Không có số liệu này / There is no such number: {told}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
