"""How the system does: what serves, what waits, room on the disk, archive, log, backups, versions."""

import shutil
import sys
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal

from language import Text, day, written
from warehouse.audit import Audit
from warehouse.decisions import Decisions, not_counting, undecided
from warehouse.findings import BUILD, BUILD_ANEW
from warehouse.receipts import blocks_in
from warehouse.received import received
from warehouse.store import DamagedError, Engine, serving
from warehouse.truth import ARCHIVE, in_archive

State = Literal["good", "look", "bad"]
SIGNS: dict[State, str] = {"good": "✔", "look": "▲", "bad": "✕"}
STATES: dict[State, Text] = {
    "good": Text("Tốt", "Good"), "look": Text("Cần xem", "Look at it"), "bad": Text("Hỏng", "Broken"),
}  # fmt: skip
LOW_DISK = 2_000_000_000  # bytes: some hundred builds of a province, or a year of its reports
OLD_BACKUP = timedelta(hours=50)  # two nights without one
LIBRARIES = ("streamlit", "duckdb", "pandas", "plotly")
VERIFY = "python -m warehouse verify"


@dataclass(frozen=True)
class Sign:
    """One thing to know of the system: how it stands, and what to do where it does not stand well."""

    name: Text
    state: State
    told: Text
    do: Text = Text("–", "–")


def signs(data: Path, now: datetime | None = None) -> list[Sign]:
    """Every sign. Cheap enough for a page: files are counted, not read; sums are for `verify`."""
    moment = now or datetime.now()
    asked: tuple[Callable[[Path, datetime], Sign], ...] = (
        _served, _received, _last_report, _disk, _archive, _log, _backed_up, _versions,
    )  # fmt: skip
    return [each(data, moment) for each in asked]


def _served(data: Path, now: datetime) -> Sign:
    name, found = Text("Số liệu đang phục vụ", "Figures that serve"), serving(data)
    if found is None:
        return Sign(name, "bad", Text("không có bản nào dùng được", "none that can be read"), BUILD_ANEW)
    built = datetime.fromtimestamp(found.snapshot.stat().st_mtime)
    told = Text(*(f"{found.snapshot.name}, {_when(built, now)[each]}" for each in ("vi", "en")))
    if found.damaged:
        vi, en = f"{found.damaged} bị hỏng; thay bằng", f"{found.damaged} is damaged; in its place"
        said = Text(f"{vi} {told.vi}", f"{en} {told.en}")
        return Sign(name, "bad", said, BUILD_ANEW)
    return Sign(name, "good", told)


def _received(data: Path, now: datetime) -> Sign:
    """Receipts that wait for an officer, and those that the figures do not hold yet: a load was cut off, say."""
    told, found, name = received(data), serving(data), Text("Tệp đã nhận", "Files received")
    decided = Decisions(data).all()
    waiting = len(undecided(told.through_the_page, decided))
    behind = told.count - len(not_counting(told.through_the_page, decided))
    behind -= _built_in(found.snapshot) if found else 0
    said = _counted(told.count, "tệp", "files")
    if behind:
        more = _counted(behind, "chờ nạp", "not in the figures yet")
        said = Text(f"{said.vi}, {more.vi}", f"{said.en}, {more.en}")
    if waiting:
        more = _counted(waiting, "chờ duyệt", "to be accepted")
        said = Text(f"{said.vi}, {more.vi}", f"{said.en}, {more.en}")
    if behind:
        do = Text(f"Nếu không có lượt nạp nào đang chạy: {BUILD}", f"If no load runs: {BUILD}")
        return Sign(name, "look", said, do)
    if waiting:
        do = Text("Duyệt trên trang Nhận báo cáo", "Accept or reject them on the page Receive reports")
        return Sign(name, "look", said, do)
    return Sign(name, "good", said)


def _counted(count: int, vi: str, en: str) -> Text:
    return Text(f"{written(count, 'vi')} {vi}", f"{written(count, 'en')} {en}")


@lru_cache(maxsize=2)
def _built_in(snapshot: Path) -> int:
    try:
        return int(Engine.open(snapshot).query("select count(*) as count from receipts")["count"][0])
    except DamagedError:
        return 0


def _last_report(data: Path, now: datetime) -> Sign:
    name = Text("Báo cáo nhận gần nhất", "Last report received")
    last = received(data).last_report
    return Sign(name, "good" if last else "look", _when(last, now) if last else Text("chưa có", "none yet"))


def _disk(data: Path, now: datetime) -> Sign:
    room = shutil.disk_usage(data)
    free, of = room.free / 1e9, room.total / 1e9
    told = Text(*(f"{written(free, each, 1)} / {written(of, each, 1)} GB" for each in ("vi", "en")))
    name = Text("Đĩa còn trống", "Free on the disk")
    if room.free < LOW_DISK:
        do = Text("Dọn đĩa; đừng xóa gì trong thư mục số liệu.", "Make room; delete nothing in the data folder.")
        return Sign(name, "bad", told, do)
    return Sign(name, "good", told)


def _archive(data: Path, now: datetime) -> Sign:
    name = Text("Kho lưu trữ", "Archive")
    try:
        named = {each for some in blocks_in(data) for each in some.archived()}
        lost = named - in_archive(data)  # listed last: a file lies there before its receipt does
        for each in list(named - lost)[:1]:  # that it can be read, not only listed
            (data / ARCHIVE / each).open("rb").close()
    except OSError:
        do = Text("Xem quyền đọc của thư mục số liệu.", "Look to the permissions of the data folder.")
        return Sign(name, "bad", Text("không đọc được", "cannot be read"), do)
    if lost:
        told = Text(f"thiếu {written(len(lost), 'vi')} tệp", f"{written(len(lost), 'en')} files missing")
        return Sign(name, "bad", told, Text(f"Chạy: {VERIFY}", f"Run: {VERIFY}"))
    return Sign(name, "good", Text(f"đủ {written(len(named), 'vi')} tệp", f"all {written(len(named), 'en')} files"))


def _log(data: Path, now: datetime) -> Sign:
    name, file = Text("Nhật ký thao tác", "Log of deeds"), Audit(data).file
    broken = _broken(data, file.stat().st_size, file.stat().st_mtime_ns) if file.exists() else None
    if broken is not None:
        told = Text(f"bị sửa từ dòng {broken}", f"altered from line {broken} on")
        return Sign(name, "bad", told, Text(f"Chạy: {VERIFY}", f"Run: {VERIFY}"))
    return Sign(name, "good", Text("liền mạch, chưa bị sửa", "sealed, not altered"))


@lru_cache(maxsize=2)
def _broken(data: Path, size: int, written_at: int) -> int | None:
    return Audit(data).broken()


def _backed_up(data: Path, now: datetime) -> Sign:
    name = Text("Sao lưu gần nhất", "Last backup")
    do = Text("Chạy: python -m warehouse backup NƠI_LƯU", "Run: python -m warehouse backup PLACE")
    try:
        last = max((each.at for each in Audit(data).all() if each.did == "backup"), default=None)
    except (ValueError, TypeError, KeyError):  # an altered log, of which its own sign tells
        last = None
    if last is None:
        return Sign(name, "look", Text("chưa có", "none yet"), do)
    if now - last > OLD_BACKUP:
        return Sign(name, "look", _when(last, now), do)
    return Sign(name, "good", _when(last, now))


def _versions(data: Path, now: datetime) -> Sign:
    python = ".".join(map(str, sys.version_info[:3]))
    told = ", ".join([f"Python {python}", *(f"{each} {_version(each)}" for each in LIBRARIES)])
    return Sign(Text("Phiên bản", "Versions"), "good", Text(f"{program()}; {told}", f"{program()}; {told}"))


@cache
def program() -> str:
    """The version of the program."""
    text = (Path(__file__).parent.parent / "pyproject.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)["project"]["version"]


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return "–"


def _when(moment: datetime, now: datetime) -> Text:
    """A moment by the office's clock, and how long ago that was."""
    hours = max((now - moment) / timedelta(hours=1), 0)
    ago = Text(f"{hours:.0f} giờ trước", f"{hours:.0f} h ago")
    if hours < 1:
        ago = Text(f"{hours * 60:.0f} phút trước", f"{hours * 60:.0f} min ago")
    elif hours >= 48:
        ago = Text(f"{hours / 24:.0f} ngày trước", f"{hours / 24:.0f} days ago")
    at = f"{moment:%H:%M} {day(moment.date())}"
    return Text(f"{at} ({ago.vi})", f"{at} ({ago.en})")
