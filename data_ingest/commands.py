"""What the intake can do, without a command line around it: load, check, build, status, forms, lists of units."""

import csv
import hashlib
import tempfile
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from pathlib import Path

import duckdb

from data_ingest import against
from data_ingest.archive import Archive, called
from data_ingest.build import Built, Progress, Read, build, build_with, jobs_of
from data_ingest.guarded import Readers
from data_ingest.held import told_of_copies, told_of_held
from data_ingest.lists import receive
from data_ingest.looking import copies
from data_ingest.names import LAST_DAY
from data_ingest.problems import Problem
from data_ingest.reading import Reading
from data_ingest.register import RegisterError
from data_ingest.sheet import SUFFIXES
from data_ingest.standing import Standing, replaced
from data_ingest.template import Template, template_for
from data_ingest.versions import Version, versions_in
from language import LANGUAGES, Language, Text, TextError
from metrics import INDICATORS
from metrics.core.indicator import Indicator
from warehouse import calendar
from warehouse.decisions import undecided
from warehouse.fields import LEVEL_NAMES
from warehouse.lineage import breaks, heirs
from warehouse.log import event
from warehouse.packed import zipped
from warehouse.period import Period
from warehouse.receipts import Receipt, Receipts
from warehouse.store import Engine, copied, current
from warehouse.units import alive

__all__ = [
    "Arrivals", "CommandError", "Loaded", "as_dict", "boundaries", "build", "by_file", "changes", "check", "form",
    "forms", "load", "log", "problem_lines", "status", "targets", "targets_blank", "units",
]  # fmt: skip


class CommandError(TextError):
    """The call cannot be carried out; `text` says why in both languages."""


@dataclass(frozen=True)
class Arrivals:
    """When files came, and from whom: as a log says, else all at one moment, else now."""

    moment: datetime | None = None
    log: dict[str, tuple[datetime, str]] = field(default_factory=dict)

    def of(self, name: str, sender: str) -> tuple[datetime, str]:
        fallback = self.moment or datetime.now().replace(microsecond=0)
        at, who = self.log.get(name, (fallback, sender))
        return at, who or sender


@dataclass
class Loaded:
    """What a load did: the new receipts, the names of files that were there already, and the build after it."""

    new: list[Receipt]
    known: list[str]
    built: Built
    waiting: list[Receipt] = field(default_factory=list)  # of those known: what came through the page and waits


def load(
    data: Path,
    paths: list[Path],
    arrivals: Arrivals | None = None,
    sender: str = "",
    progress: Progress = lambda done, of: None,
    origin: str = "office",
) -> Loaded:
    """Archive files with their receipts, read and check them, and build. The same file twice is one receipt."""
    arrivals = arrivals or Arrivals()
    files = [(path, *arrivals.of(path.name, sender)) for path in files_of(paths)]
    files.sort(key=lambda each: (each[1], each[0].name))
    said = [(path, {"received_at": at, "sender": who, "origin": origin}) for path, at, who in files]
    archive = Archive(data)
    with archive.writing(), Readers() as readers, Readers() as lookers, copied(data) as copy:
        readers.start(len(files))  # they get ready while the register is read, and begin while the files are archived
        before = archive.receipts()
        standing = Standing.of(archive, before)
        names = standing.names
        readers.know(names, standing.mappings)
        lookers.know(names)
        begin = partial(_begin, readers, archive)
        new = archive.receive(said, begin, partial(copies, lookers), known=before)
        built = build_with(readers, archive, before + new, standing, progress, copy)
    event("loaded", files=len(files), receipts=len(new))
    fresh = {receipt.file for receipt in new}
    known = [path for path, _, _ in files if called(path) not in fresh]
    told = [called(path) for path in known]
    return Loaded(new, told, built, _waiting(archive, before, known))


def _begin(readers: Readers, archive: Archive, kept: list[Receipt]) -> None:
    """Have files read as soon as they are there."""
    readers.begin(jobs_of(archive, kept))


def _waiting(archive: Archive, receipts: Receipts, known: list[Path]) -> list[Receipt]:
    """Of files that were there already those that wait for a decision."""
    waiting = undecided(receipts, archive.decisions.all())
    if not (open_ := {sha: each for each in waiting for sha in (each.came, each.sha256)}):
        return []
    hashes = [hashlib.sha256(path.read_bytes()).hexdigest() for path in known]
    return [open_[each] for each in hashes if each in open_]


def files_of(paths: list[Path]) -> list[Path]:
    """The files named, and of each folder the workbooks in it. A path that is not there is told at once."""
    if missing := [str(path) for path in paths if not path.exists()]:
        names = ", ".join(missing)
        raise CommandError(Text(f"Không có tệp hoặc thư mục: {names}", f"No such file or folder: {names}"))
    found = []
    for path in paths:
        inside = sorted(
            each for each in path.rglob("*") if each.suffix.lower() in SUFFIXES and each.name != "received.csv"
        )
        found += inside if path.is_dir() else [path]
    return found


def check(data: Path, paths: list[Path]) -> list[tuple[Path, list[Reading]]]:
    """Read and check files without keeping anything: each file with the readings of the units in it."""
    archive = Archive(data)
    files = files_of(paths)
    return list(zip(files, against.check(data, Standing.of(archive, archive.receipts()), files), strict=True))


def by_file(data: Path, told: list[Read]) -> list[tuple[Path, list[Reading]]]:
    """The readings of each file that a build has read, with where it is kept."""
    archive, files = Archive(data), {}
    for receipt, _, reading in told:
        files.setdefault(receipt.receipt, (archive.path(receipt), []))[1].append(reading)
    return list(files.values())


def problem_lines(readings: list[Reading], language: Language) -> list[str]:
    """Every problem of a file, a line each; of many alike in one column only the first, with how many more."""
    alike: dict[tuple[str, ...], list[Problem]] = {}
    for reading in readings:
        for each in reading.problems:
            place = each.parts.get("label", "") if not each.blocks else each.cell
            alike.setdefault((each.kind, each.sheet, place, "" if not each.blocks else each.given), []).append(each)
    lines = []
    for problems in alike.values():
        more = len(problems) - 1
        told = Text(f" (và {more} ô nữa như vậy)", f" (and {more} more cells like it)")[language] if more else ""
        lines.append(("✕ " if problems[0].blocks else "• ") + problems[0].says(language) + told)
    return lines


MOST_CHANGES = 20  # told after a load; the verb `versions` tells them all


def changes(data: Path, told: list[Read]) -> list[Text]:
    """What the reports just read have changed in those that stood before them, cell by cell."""
    lines = []
    with duckdb.connect(str(current(data)), read_only=True) as con:
        for receipt, _, reading in told[:MOST_CHANGES]:
            if reading.accepted:
                found = versions_in(con, reading.unit, reading.period)
                lines += [each for version in found if version.receipt == receipt.receipt for each in _changed(version)]
    return lines


def _changed(version: Version) -> list[Text]:
    """What a version has changed, a line each."""
    count = len(version.changes)
    if not count:
        return []
    head = Text(
        f"{version.file}: thay bản trước, {count} ô khác:",
        f"{version.file}: replaces the version before it, {count} cells differ:",
    )
    return [head, *(Text(f"  {each.says('vi')}", f"  {each.says('en')}") for each in version.changes[:MOST_CHANGES])]


def as_dict(reading: Reading) -> dict[str, object]:
    """A reading for other programs: what it is, whether it is taken, every problem in both languages."""
    told = {name: getattr(reading, name) for name in ("file", "template", "unit", "period", "accepted")}
    rows = [{"unit": row.unit, "sheet": row.sheet, "row": row.row, "values": row.values} for row in reading.rows]
    return {**told, "problems": [each.as_dict() for each in reading.problems], "rows": rows}


def status(data: Path, personal: bool = False) -> tuple[list[Text], bool]:
    """What archive and warehouse hold, a line each; and whether every file received is there as it was kept.

    With `personal` every file of the archive is looked through for personal data, which takes its time.
    """
    archive, serving = Archive(data), current(data)
    receipts = archive.receipts()
    lost = [receipt.file for receipt in receipts if not archive.is_whole(receipt)]
    lines = [Text(f"Kho lưu trữ: {len(receipts)} tệp đã nhận", f"Archive: {len(receipts)} files received")]
    if lost:
        names = ", ".join(lost)
        lines.append(
            Text(f"Bị mất hoặc bị thay đổi trong kho lưu trữ: {names}", f"Lost or altered in the archive: {names}")
        )
    if count := len(undecided(receipts, archive.decisions.all())):
        lines.append(
            Text(
                f"Chờ duyệt: {count} tệp (xem: python -m data_ingest waiting)",
                f"Waiting to be accepted: {count} files (see: python -m data_ingest waiting)",
            )
        )
    lines += told_of_copies(receipts) + (told_of_held(archive, receipts) if personal else [])
    if serving is None:
        run = "python -m data_ingest build"
        return [*lines, Text(f"Chưa có kho số liệu; chạy: {run}", f"No warehouse yet; run: {run}")], not lost
    (row,) = Engine.open(serving).query(_COUNTS).itertuples(index=False)
    told = [
        *lines,
        Text(f"Kho số liệu: {serving.name}", f"Warehouse: {serving.name}"),
        Text(
            f"Báo cáo: {row.standing} đang hiệu lực, {row.superseded} đã được thay, {row.blocked} bị chặn",
            f"Reports: {row.standing} standing, {row.superseded} superseded, {row.blocked} blocked",
        ),
        Text(
            f"Dòng số liệu: {row.facts}; lỗi: {row.problems}; đơn vị: {row.units}",
            f"Rows of facts: {row.facts}; problems: {row.problems}; units: {row.units}",
        ),
    ]
    return told, not lost


_COUNTS = """
    select (select count(*) from reports where accepted and superseded_at is null) as standing,
           (select count(*) from reports where superseded_at is not null) as superseded,
           (select count(*) from reports where not accepted) as blocked,
           (select count(*) from facts) as facts, (select count(*) from problems) as problems,
           (select count(distinct unit) from units) as units
"""


def form(data: Path, name: str, unit: str, period_text: str, out: Path, prefilled: bool = False) -> None:
    """Write a blank form with unit, period and khu/ấp; prefilled with what the unit told last, to be confirmed."""
    from data_ingest.forms import Blanks  # takes time to load, and a load of reports is without

    period, template = _asked(name, period_text)
    blanks = Blanks(data)
    if blanks.day(period, unit).level.get(unit) != template.level:
        raise CommandError(
            Text(
                f"Mẫu {template.mark} dành cho cấp {LEVEL_NAMES[template.level].vi}; “{unit}” không phải.",
                f"Form {template.mark} is for a {LEVEL_NAMES[template.level].en}; “{unit}” is none.",
            )
        )
    values = blanks.last_told(template, [unit], period) if prefilled else {}
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(blanks.written(template, unit, period, values))


def forms(
    data: Path, name: str, district: str, period_text: str, out: Path, prefilled: bool, progress: Progress
) -> int:
    """Write a zip of the forms of all who owe one, or of a district's communes; how many they are."""
    from data_ingest.forms import Blanks

    period, template = _asked(name, period_text)
    blanks = Blanks(data)
    wanted = blanks.of_district(district, period) if district else blanks.of_form(template.form, period)
    wanted = [each for each in wanted if each.form == template.form]
    if not wanted:
        raise CommandError(Text("Không có đơn vị nào phải nộp mẫu này.", "No unit owes this form for that period."))
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(zipped(blanks.made(wanted, prefilled, progress)))
    return len(wanted)


def _asked(name: str, period_text: str) -> tuple[Period, Template]:
    try:
        period = Period.parse(period_text)
        return period, template_for(name, period)
    except ValueError as error:
        raise CommandError(Text(f"Không lập được mẫu: {error}", f"No form: {error}")) from None


def units(data: Path, file: Path, province: str | None) -> list[Text]:
    """Put a list of units in the register's place, once it has proved readable; says what it holds."""
    archive = Archive(data)
    files_of([file])
    before = Standing.of(archive, archive.receipts()).units
    try:
        after = replaced(before, file, province)
    except RegisterError as error:
        lines = Text("\n".join(line.vi for line in error.lines), "\n".join(line.en for line in error.lines))
        raise CommandError(lines) from None
    receive(archive, file, "units", province or "", lambda copy: replaced(before, copy, province).equals(after))
    build(data)
    counts = alive(after, date.today()).level.value_counts()
    told = {level: int(counts.get(level, 0)) for level in ("province", "district", "commune", "hamlet")}
    return [
        Text(
            "Danh mục mới: {province} tỉnh, {district} huyện, {commune} xã, {hamlet} khu/ấp".format(**told),
            "New register: {province} provinces, {district} districts, {commune} communes, {hamlet} khu/ấp".format(
                **told
            ),
        )
    ]


def set_calendar(data: Path, text: str) -> list[Text]:
    """Put settings of due days (TOML) in the place of those that hold; says when the next reports are due by them."""
    try:
        told = calendar.read(text)
    except calendar.CalendarError as error:
        raise CommandError(error.text) from None
    with tempfile.TemporaryDirectory(prefix="calendar-") as folder:
        file = Path(folder) / "calendar.toml"
        file.write_text(calendar.written(told), encoding="utf-8")
        receive(Archive(data), file, "calendar", "")
    build(data)
    return [Text(f"{name.vi}: {told[key]}", f"{name.en}: {told[key]}") for key, name in calendar.NAMES.items()]


def standing_calendar(data: Path) -> dict[str, calendar.Setting]:
    """The settings of due days that hold."""
    archive = Archive(data)
    return calendar.read(Standing.of(archive, archive.receipts()).calendar)


def targets(data: Path, file: Path) -> tuple[list[Text], bool]:
    """Take a sheet of assigned targets (III.3), whole or not at all: what was taken, or everything wrong with it."""
    from data_ingest.targets import read_targets

    archive = Archive(data)
    files_of([file])
    names = Standing.of(archive, archive.receipts()).names
    read = partial(read_targets, name=file.name, names=names, received=date.today())
    found = read(file)
    lines = [
        Text(*(("✕ " if each.blocks else "• ") + each.says(language) for language in LANGUAGES))
        for each in found.problems
    ]
    if not found.accepted:
        return lines, False
    receive(archive, file, "targets", "", lambda copy: read(copy).targets == found.targets)
    build(data)
    count, given = len(found.targets), len({each.unit for each in found.targets})
    return [
        *lines,
        Text(f"Đã nhận {count} chỉ tiêu giao cho {given} đơn vị.", f"{count} targets of {given} units taken."),
    ], True


def targets_blank(data: Path, file: Path, unit: str, ids: list[str], period_text: str | None) -> None:
    """Write a blank sheet of targets for the parts of a unit: the indicators named, else those with a target."""
    from data_ingest.targets import write_blank

    archive = Archive(data)
    if unknown := [each for each in ids if each not in INDICATORS]:
        raise CommandError(Text(f"Không có chỉ tiêu {', '.join(unknown)}", f"No such indicator: {', '.join(unknown)}"))
    try:
        period = Period.parse(period_text) if period_text else None
    except ValueError as error:
        raise CommandError(Text(f"Không hiểu kỳ: {error}", f"No period: {error}")) from None
    day = Standing.of(archive, archive.receipts()).names.on(min(period.first_day if period else date.today(), LAST_DAY))
    if not day.below.get(unit):
        raise CommandError(Text(f"Không có đơn vị nào thuộc “{unit}”.", f"No unit belongs to “{unit}”."))
    asked = [INDICATORS[each] for each in ids] or [each for each in INDICATORS.values() if _may_be_assigned(each)]
    file.parent.mkdir(parents=True, exist_ok=True)
    write_blank(file, unit, day, asked, period)


def _may_be_assigned(indicator: Indicator) -> bool:
    """Of a blank sheet's columns: what the plan itself has set a number for and communes can be held to."""
    return indicator.target is not None and indicator.finest in ("commune", "hamlet") and not indicator.scheduled


def boundaries(data: Path, file: Path) -> tuple[list[Text], bool]:
    """Put a boundary file in the schematic map's place; tells what matched and what is left over, on both sides."""
    from data_ingest import boundaries as boundary_files  # takes time to load, and a load of reports is without

    archive = Archive(data)
    files_of([file])
    standing = Standing.of(archive, archive.receipts()).units
    reforms = breaks(heirs(standing))
    try:
        days = [LAST_DAY, *(day for day in reforms if day > LAST_DAY)]
        tried = {day: boundary_files.read_boundaries(file, alive(standing, day)) for day in days}
    except boundary_files.BoundaryFileError as error:
        raise CommandError(error.text) from None
    # Of before a reform or of after it: the communes that it leaves the fewest features and units over of.
    day = min(days, key=lambda each: len(tried[each].units_left) + len(tried[each].features_left))
    found, communes = tried[day], alive(standing, day)
    if not found.matched:
        none = "Không đơn vị nào khớp; giữ bản đồ cũ.", "No unit matches; the present map stays."
        return [Text(*none)], False
    receive(archive, file, "boundaries", "")
    boundary_files.keep(found, communes, data / "boundaries", day if day in reforms else None)
    for after in (each for each in reforms if each > day):
        boundary_files.keep_reshaped(found, standing, after, data / "boundaries")
    return boundary_files.told(found, communes), not found.units_left and not found.features_left


def log(path: Path) -> Arrivals:
    """When files came, from a csv of file,received_at,sender: the office's book of incoming mail."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return Arrivals(log={row["file"]: (datetime.fromisoformat(row["received_at"]), row["sender"]) for row in rows})
