"""python -m data_ingest …: report files into the warehouse, and blank forms out of it."""

import argparse
import json
import sys
from datetime import datetime
from functools import partial
from pathlib import Path

import duckdb

from data_ingest import commands, corrections, deciding
from data_ingest.dictionary import dictionary
from data_ingest.versions import versions
from language import LANGUAGES, Text, TextError
from warehouse import calendar
from warehouse.audit import COMMAND_LINE, Audit, Did
from warehouse.progress import Bar
from warehouse.store import current, data_folder

OK, PROBLEMS, WRONG_CALL, NO_ROOM = 0, 1, 2, 3
MOST_NOTED = 50  # receipts that a line of the log names


def main(arguments: list[str] | None = None) -> int:
    """0: all went well; 1: there were problems, told on the error output; 2: a wrong call; 3: no place to write."""
    options = _parser().parse_args(arguments)
    try:
        return options.run(options)
    except TextError as error:
        print(error.text[options.language], file=sys.stderr)
        return WRONG_CALL
    except (OSError, duckdb.IOException, duckdb.TransactionException, duckdb.FatalException) as error:
        _say_unwritable(options, error)
        return NO_ROOM


def _say_unwritable(options: argparse.Namespace, error: Exception) -> None:
    told = Text(
        f"Không ghi được vào {options.data}: {error}. Những gì đã có vẫn giữ nguyên; kiểm tra chỗ trống và quyền ghi"
        " rồi chạy lại.",
        f"Cannot write to {options.data}: {error}. What was there is unchanged; look to its free space and permissions,"
        " then run this again.",
    )
    print(told[options.language], file=sys.stderr)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("data_ingest", description=__doc__)
    parser.add_argument("--data", type=Path, default=data_folder(), help="data folder (default: KPI_DATA or data/)")
    parser.add_argument("--language", choices=LANGUAGES, default="vi", help="language of the messages")
    verbs = parser.add_subparsers(dest="verb", required=True)

    verb = _verb(verbs, "load", _load, "archive files, read and check them, build the warehouse")
    verb.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="files, or folders of files")
    verb.add_argument("--received", help="when they came: a day, or a csv of file,received_at,sender")
    verb.add_argument("--sender", default="", help="from whom: a unit or a mailbox, never a person")
    _returns(verb)

    verb = _verb(verbs, "check", _check, "read and check files without keeping them")
    verb.add_argument("paths", nargs="+", type=Path, metavar="FILE")
    verb.add_argument("--json", action="store_true", help="one JSON document on the standard output")
    _returns(verb)

    _verb(verbs, "build", _build, "build the warehouse from the archive")
    verb = _verb(verbs, "status", _status, "say what is in archive and warehouse")
    verb.add_argument("--personal", action="store_true", help="look through every archived file for personal data")

    deciding.add(partial(_verb, verbs))

    verb = _verb(verbs, "form", _form, "write a blank form for a unit and a period, or a zip of those of many units")
    verb.add_argument("name", help="monthly, periodic, or a version such as monthly_2024")
    whose = verb.add_mutually_exclusive_group(required=True)
    whose.add_argument("--unit", help="code of the unit")
    whose.add_argument("--district", help="code of a district, for all its communes: OUT is a zip")
    whose.add_argument("--all", action="store_true", help="for everybody who owes the form: OUT is a zip")
    verb.add_argument("--period", required=True, help="2024-06, 2024-Q2, 2024-H1, 2024 or plan")
    verb.add_argument("--prefilled", action="store_true", help="with what was reported last, to be confirmed")
    verb.add_argument("out", type=Path, metavar="OUT.xlsx")

    verb = _verb(
        verbs, "versions", _versions, "every version of a unit's report, and what changed from one to the next"
    )
    verb.add_argument("--unit", required=True, help="code of the unit")
    verb.add_argument("--period", required=True, help="2024-06, 2024-Q2, …")

    verb = _verb(verbs, "spelling", _spelling, "remember that a way of writing means a unit")
    verb.add_argument("written", help="the name as it was written")
    verb.add_argument("--unit", required=True, help="code of the unit that it means")

    verb = _verb(
        verbs, "map", _map, "take in a table that is no form of ours: propose a mapping, or keep a confirmed one"
    )
    verb.add_argument("file", type=Path, metavar="FILE", help="the table; or with --confirm the mapping")
    verb.add_argument("--out", type=Path, help="where to write the proposal (default: FILE.toml here)")
    verb.add_argument("--confirm", action="store_true", help="keep the mapping FILE, which somebody has looked through")

    _verb(verbs, "dictionary", _dictionary, "every figure that units report, as Markdown")

    verb = _verb(verbs, "units", _units, "put a list of units in the register's place")
    verb.add_argument("file", type=Path)
    verb.add_argument("--province", help="code of the province, when the list holds several")

    verb = _verb(verbs, "calendar", _calendar, "say when reports are due, or set it")
    verb.add_argument("file", type=Path, nargs="?", metavar="FILE.toml", help="settings as in warehouse/calendar.toml")

    verb = _verb(verbs, "targets", _targets, "take a sheet of targets assigned to units, or write a blank one")
    verb.add_argument("file", type=Path, metavar="FILE.xlsx")
    verb.add_argument("--blank", action="store_true", help="write a blank sheet instead, for the parts of --unit")
    verb.add_argument("--unit", help="code of the unit whose parts stand in the blank sheet")
    verb.add_argument("--indicator", action="append", default=[], metavar="ID", help="a column of the blank sheet")
    verb.add_argument("--period", help="for which period: 2025, 2025-Q2, …")

    verb = _verb(verbs, "boundaries", _boundaries, "put real boundaries in the schematic map's place")
    verb.add_argument("file", type=Path)
    return parser


def _verb(verbs: object, name: str, run: object, help: str) -> argparse.ArgumentParser:
    verb = verbs.add_parser(name, help=help, description=help)
    verb.set_defaults(run=run)
    # Accepted behind the verb too; SUPPRESS keeps what was said before it.
    verb.add_argument("--data", type=Path, default=argparse.SUPPRESS, help=argparse.SUPPRESS)
    verb.add_argument("--language", choices=LANGUAGES, default=argparse.SUPPRESS, help=argparse.SUPPRESS)
    return verb


def _returns(verb: argparse.ArgumentParser) -> None:
    verb.add_argument(
        "--return", dest="returned", type=Path, metavar="DIR", help="write the files with problems there, marked"
    )


def _say(options: argparse.Namespace, vi: str, en: str) -> None:
    print(Text(vi, en)[options.language])


def _note(options: argparse.Namespace, did: Did, **of: object) -> None:
    """Write into the log of deeds what was done here."""
    Audit(options.data).note(COMMAND_LINE, did, **of)


def _load(options: argparse.Namespace) -> int:
    done = commands.load(options.data, options.paths, _arrivals(options.received), options.sender, Bar())
    _note(options, "loaded", files=len(done.new), receipts=[each.receipt for each in done.new[:MOST_NOTED]])
    for name in done.known:
        _say(options, f"{name}: đã nhận từ trước, không nạp lại.", f"{name}: already received, not loaded again.")
    for each in done.waiting:
        _say(
            options,
            f"{each.file}: đang chờ duyệt; chấp nhận bằng: python -m data_ingest accept {each.receipt}",
            f"{each.file}: it waits for a decision; accept it by: python -m data_ingest accept {each.receipt}",
        )
    _tell(options, commands.by_file(options.data, done.built.told))
    new = {each.receipt for each in done.new}  # others may have been read again, say by another program
    told = [each for each in done.built.told if each.receipt.receipt in new]
    blocked = _blocked(commands.by_file(options.data, told))
    for line in commands.changes(options.data, done.built.told):
        print(line[options.language])
    taken = len(done.new) - blocked
    _say(
        options,
        f"Nhận {len(done.new)} tệp: {taken} được nạp, {blocked} có lỗi phải sửa. Kho: {done.built.snapshot.name}",
        f"{len(done.new)} files received: {taken} loaded, {blocked} blocked. Warehouse: {done.built.snapshot.name}",
    )
    return PROBLEMS if blocked else OK


def _check(options: argparse.Namespace) -> int:
    files = commands.check(options.data, options.paths)
    if options.json:
        told = [reading for _, readings in files for reading in readings]
        print(json.dumps([commands.as_dict(each) for each in told], ensure_ascii=False, indent=1))
    _tell(options, files, silent=options.json)
    blocked = _blocked(files)
    if not options.json:
        _say(
            options,
            f"Đọc {len(files)} tệp: {len(files) - blocked} dùng được, {blocked} có lỗi phải sửa.",
            f"{len(files)} files read: {len(files) - blocked} usable, {blocked} blocked.",
        )
    return PROBLEMS if blocked else OK


def _tell(options: argparse.Namespace, files: list, silent: bool = False) -> None:
    """Tell every problem, and send the files back marked if that is asked."""
    if not silent:
        for _, readings in files:
            for line in commands.problem_lines(readings, options.language):
                print(line, file=sys.stderr)
    if options.returned:
        for line in corrections.send_back(options.data, files, options.returned):
            print(line[options.language], file=sys.stderr if silent else sys.stdout)


def _blocked(files: list) -> int:
    """How many files are not taken."""
    return sum(not all(each.accepted for each in readings) for _, readings in files)


def _versions(options: argparse.Namespace) -> int:
    snapshot = current(options.data)
    found = versions(snapshot, options.unit, options.period) if snapshot else []
    for number, each in enumerate(found, start=1):
        when = each.received_at.strftime("%d/%m/%Y %H:%M")
        print(f"{number}. {each.file} · {when} · {each.status[options.language]}")
        for change in each.changes:
            print(f"   {change.says(options.language)}")
    if not found:
        _say(options, "Chưa có báo cáo nào.", "There is no report.")
    return OK if found else PROBLEMS


def _spelling(options: argparse.Namespace) -> int:
    built = corrections.confirm_spelling(options.data, options.written, options.unit, Bar())
    _note(options, "spelling", unit=options.unit)
    _say(
        options,
        f"Đã nhớ: “{options.written}” là {options.unit}. Kho: {built.snapshot.name}",
        f"Remembered: “{options.written}” is {options.unit}. Warehouse: {built.snapshot.name}",
    )
    return OK


def _map(options: argparse.Namespace) -> int:
    if options.confirm:
        built = corrections.confirm_mapping(options.data, options.file, Bar())
        _note(options, "mapping", file=options.file.name)
        _say(options, f"Đã nhận ánh xạ. Kho: {built.snapshot.name}", f"Mapping kept. Warehouse: {built.snapshot.name}")
        return OK
    found = corrections.propose_mapping(options.data, options.file)
    out = options.out or Path(f"{options.file.stem}.toml")
    out.write_text(found["toml"], encoding="utf-8")
    _say(
        options,
        f"Đã ghi {out}: {found['sure']} cột khớp, {found['open']} cột cần người xem. Sửa rồi chạy với --confirm.",
        f"Written {out}: {found['sure']} columns match, {found['open']} need somebody to look. Then use --confirm.",
    )
    return OK


def _build(options: argparse.Namespace) -> int:
    built = commands.build(options.data, Bar())
    _say(
        options,
        f"{built.snapshot.name}: đọc mới {built.read} tệp, dùng lại {built.reused}.",
        f"{built.snapshot.name}: {built.read} files read anew, {built.reused} reused.",
    )
    return OK


def _status(options: argparse.Namespace) -> int:
    lines, whole = commands.status(options.data, options.personal)
    for line in lines:
        print(line[options.language])
    return OK if whole else PROBLEMS


def _form(options: argparse.Namespace) -> int:
    asked = (options.period, options.out, options.prefilled)
    if options.unit:
        commands.form(options.data, options.name, options.unit, *asked)
    else:
        commands.forms(options.data, options.name, options.district or "", *asked, Bar())
    _say(options, f"Đã ghi {options.out}", f"Written: {options.out}")
    return OK


def _dictionary(options: argparse.Namespace) -> int:
    print(dictionary(options.language), end="")
    return OK


def _calendar(options: argparse.Namespace) -> int:
    if options.file is None:
        print(calendar.written(commands.standing_calendar(options.data)), end="")
        return OK
    commands.files_of([options.file])
    for line in commands.set_calendar(options.data, options.file.read_text(encoding="utf-8")):
        print(line[options.language])
    _note(options, "calendar", file=options.file.name)
    return OK


def _units(options: argparse.Namespace) -> int:
    lines = commands.units(options.data, options.file, options.province)
    _note(options, "units", file=options.file.name)
    for line in lines:
        print(line[options.language])
    return OK


def _targets(options: argparse.Namespace) -> int:
    if options.blank:
        if not options.unit:
            raise commands.CommandError(Text("Cần --unit MÃ.", "--unit CODE is needed."))
        commands.targets_blank(options.data, options.file, options.unit, options.indicator, options.period)
        _say(options, f"Đã ghi {options.file}", f"Written: {options.file}")
        return OK
    lines, taken = commands.targets(options.data, options.file)
    if taken:
        _note(options, "targets", file=options.file.name)
    for line in lines:
        print(line[options.language], file=sys.stdout if taken else sys.stderr)
    return OK if taken else PROBLEMS


def _boundaries(options: argparse.Namespace) -> int:
    lines, whole = commands.boundaries(options.data, options.file)
    _note(options, "boundaries", file=options.file.name)
    for line in lines:
        print(line[options.language])
    return OK if whole else PROBLEMS


def _arrivals(received: str | None) -> commands.Arrivals:
    """When files came: now, on a day, or as a log says."""
    if not received:
        return commands.Arrivals()
    if Path(received).suffix.lower() == ".csv":
        return commands.log(Path(received))
    try:
        return commands.Arrivals(datetime.fromisoformat(received))
    except ValueError:
        raise commands.CommandError(
            Text(f"Không hiểu ngày “{received}”; ghi như 2024-06-17.", f"No day: {received}; write it as 2024-06-17.")
        ) from None


if __name__ == "__main__":
    sys.exit(main())
