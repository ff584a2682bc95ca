"""python -m exports pack: every file of a meeting into a folder, with the sentences to be edited beside them."""

import argparse
import json
import sys
import tomllib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from exports.whole_file import write_whole
from language import LANGUAGES, Text, TextError
from metrics import INDICATORS
from metrics.core.ledger import Ledger
from views.agenda import Agenda, agenda_for, agendas
from views.geography import geography
from views.overview import CARDS
from views.pack import Pack
from views.view import Choice
from warehouse.period import Period
from warehouse.store import current, data_folder

WORDS = "sentences.toml"


def add_verb(verbs: argparse._SubParsersAction) -> None:
    """The verb with its options."""
    verb = verbs.add_parser("pack", help="slides, report, workbook, handouts and a page for a phone")
    verb.set_defaults(run=run)
    verb.add_argument("--data", type=Path, default=data_folder(), help="data folder (default: KPI_DATA or data/)")
    verb.add_argument("--period", required=True, help="2025-06, 2025-Q2, 2025-H1, 2025, 2025-to-06, plan")
    verb.add_argument("--unit", default="", help="the province (default) or one district, by its code")
    verb.add_argument("--as-of", help="as it stood at the end of this day (default: today)")
    verb.add_argument("--units-of", help="in the units of that day, such as 2025-07-01, of before or after a reform")
    verb.add_argument("--language", choices=LANGUAGES, default="vi")
    verb.add_argument("--agenda", help=f"one of {', '.join(agendas())} (default: the one that fits)")
    verb.add_argument("--indicator", default=CARDS[0], help="of the map and the ranking")
    verb.add_argument("--sentences", type=Path, help=f"a {WORDS} of an earlier call, edited")
    verb.add_argument("out", type=Path, metavar="OUT", help="folder to write to")


def run(options: argparse.Namespace) -> int:
    """Write the files; each path on the standard output, progress on the error output."""
    from exports.made import Made  # the office writers take time to load: a wrong call is told before

    ledger, choice, agenda = _asked(options)
    edited = read_sentences(options.sentences) if options.sentences else {}
    with _writing(options.out):
        options.out.mkdir(parents=True, exist_ok=True)
    made = Made.of(agenda, choice, ledger, geography(options.data, ledger.day(choice.period)), _said)
    if edited:
        made = made.but(fitting(edited, options.sentences.name, made.pack))
    files = made.files(_said) | {WORDS: sentences_file(made.pack)}
    for name, data in files.items():
        path = options.out / name
        with _writing(path):
            write_whole(path, data)
        print(path)
    return 0


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as wrong:
        why = wrong.strerror
        raise TextError(Text(f"Không ghi được {path}: {why}", f"{path} could not be written: {why}")) from None


def _asked(options: argparse.Namespace) -> tuple[Ledger, Choice, Agenda]:
    """What was asked for; TextError says what there is where it cannot be."""
    snapshot = current(options.data)
    if snapshot is None:
        raise TextError(Text("Chưa có kho số liệu; chạy: python -m data_ingest build",
                             "No warehouse yet; run: python -m data_ingest build"))  # fmt: skip
    try:
        period = Period.parse(options.period)
        as_of = date.fromisoformat(options.as_of) if options.as_of else date.today()
        units_of = date.fromisoformat(options.units_of) if options.units_of else None
    except ValueError as wrong:
        raise TextError(Text(f"Không hiểu kỳ hoặc ngày: {wrong}", f"No such period or day: {wrong}")) from None
    ledger = Ledger.open(snapshot, as_of, units_of=units_of)
    units = ledger.units(period)
    unit = options.unit or next(iter(units.unit[units.level == "province"]), "–")
    if unit not in units.index or units.level[unit] not in ("province", "district"):
        raise TextError(Text(f"{period}: “{unit}” không phải tỉnh hoặc huyện.",
                             f"{period}: “{unit}” is no province and no district."))  # fmt: skip
    _known(options.agenda, agendas(), Text("chương trình họp", "agenda"))
    _known(options.indicator, INDICATORS, Text("chỉ tiêu", "indicator"))
    agenda = agendas()[options.agenda] if options.agenda else agenda_for(period, units.level[unit])
    indicator = INDICATORS[options.indicator]
    return ledger, Choice(options.language, period, unit, indicator, as_of=as_of, units_of=units_of), agenda


def _known(given: str | None, there: Collection[str], what: Text) -> None:
    if given and given not in there:
        names = ", ".join(there)
        raise TextError(Text(f"Không có {what.vi} “{given}”: {names}", f"No {what.en} “{given}”: {names}"))


def _said(done: int, of: int, title: str) -> None:
    """A line for each step, overwritten where somebody watches."""
    if sys.stderr.isatty():
        print(f"\r  {done}/{of} {title[:90]:<92}", end="\n" if done == of else "", file=sys.stderr, flush=True)


# Sentences in a file, to be edited


def sentences_file(pack: Pack) -> bytes:
    """What the pack says of its pages, as TOML: a list of paragraphs for each."""
    lines = [f"# {pack.title} · {pack.subtitle} · {pack.id}\n"]
    for page in pack.pages:
        if page.sentences and not page.part.data:
            told = "".join(f"    {json.dumps(each, ensure_ascii=False)},\n" for each in page.sentences)
            lines.append(f"\n# {page.title}\n{json.dumps(page.id)} = [\n{told}]\n")
    return "".join(lines).encode()


def read_sentences(path: Path) -> dict[str, tuple[str, ...]]:
    """The edited paragraphs by page; TextError for a file that is none."""
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as wrong:
        raise TextError(Text(f"Không đọc được {path.name}: {wrong}", f"Cannot read {path.name}: {wrong}")) from None
    listed = {
        key for key, value in told.items() if isinstance(value, list) and all(type(each) is str for each in value)
    }
    _all_of(told, listed, path.name)
    return {key: tuple(value) for key, value in told.items()}


def fitting(edited: dict[str, tuple[str, ...]], file: str, pack: Pack) -> dict[str, tuple[str, ...]]:
    """The same; TextError where they speak of pages that the pack has not."""
    _all_of(edited, {page.id for page in pack.pages}, file)
    return edited


def _all_of(given: Collection[str], known: Collection[str], file: str) -> None:
    if unknown := [key for key in given if key not in known]:
        names = ", ".join(unknown)
        raise TextError(Text(f"{file}: không hiểu phần {names}", f"{file}: cannot use {names}"))
