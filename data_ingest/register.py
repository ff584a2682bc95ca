"""Lists of units as offices have them: the statistics office's list, or a province's own khu/ấp."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

import pandas as pd

from data_ingest.names import Names
from data_ingest.numerals import number
from data_ingest.sheet import Sheet, UnreadableError, at, read_workbook
from data_ingest.template import key
from language import Text
from warehouse.units import COLUMNS, check, read_units, typed

# The headings that a column may bear, by what it holds; keys of template.key().
ADMIN = {
    "province": ("tinh thanh pho", "tinh / thanh pho", "tinh/thanh pho", "ten tinh", "tinh"),
    "province_code": ("ma tp", "ma tinh", "ma tinh/thanh pho"),
    "district": ("quan huyen", "quan/huyen", "huyen", "ten huyen"),
    "district_code": ("ma qh", "ma huyen", "ma quan huyen", "ma quan/huyen"),
    "commune": ("phuong xa", "phuong/xa", "xa", "ten xa", "xa/phuong"),
    "commune_code": ("ma px", "ma xa", "ma phuong xa", "ma phuong/xa"),
}
HAMLETS = {
    "commune": ("xa", "ten xa", "phuong xa", "phuong/xa", "xa/phuong", "xa, phuong, thi tran", "ma xa", "ma px"),
    "district": ("huyen", "ten huyen", "quan huyen", "quan/huyen", "thuoc huyen"),
    "hamlet": ("khu/ap", "khu ap", "khu pho, ap", "ten khu/ap", "khu pho/ap", "ap", "khu pho", "ten khu ap"),
    "households": ("so ho", "tong so ho", "ho"),
    "people": ("so dan", "so nhan khau", "nhan khau", "dan so"),
}
_TYPES = ("Thành phố", "Thị xã", "Thị trấn", "Tỉnh", "Quận", "Huyện", "Phường", "Xã", "Khu phố", "Ấp", "Thôn", "Bản")
_DIGITS = {"province_code": 2, "district_code": 3, "commune_code": 5}
_HEAD_WITHIN = 30  # rows from the top in which the headings are looked for


class RegisterError(ValueError):
    """The list cannot be taken; `lines` says everything that is wrong, in both languages."""

    def __init__(self, *lines: Text):
        super().__init__("; ".join(line.en for line in lines))
        self.lines = list(lines)


@dataclass(frozen=True)
class Register:
    """Units in the columns of warehouse.units, and whether they stand for all units or only for the khu/ấp."""

    units: pd.DataFrame
    replaces: Literal["all", "hamlets"]
    notes: tuple[Text, ...] = field(default=())


@dataclass(frozen=True)
class _List:
    """The rows below the headings: each a dict of what was found, with its place in the sheet."""

    sheet: Sheet
    head: int
    columns: dict[str, int]

    def rows(self) -> Iterator[tuple[int, dict[str, str]]]:
        for row in range(self.head + 1, len(self.sheet.rows)):
            told = {name: _text(self.sheet.value(row, column)) for name, column in self.columns.items()}
            if any(told.values()):
                yield row, told

    def where(self, row: int, name: str) -> str:
        return f"{self.sheet.name} › {at(row, self.columns[name])}".removeprefix(" › ")


def read_register(
    path: Path, province: str | None, units: pd.DataFrame | None = None, checked: bool = False
) -> Register:
    """Read a list of units: `province` picks one of several, `units` is the present register (for khu/ấp).

    `checked`: it has proved sound before. Raises RegisterError with every line that is wrong; then nothing is taken.
    """
    if _in_own_columns(path):
        return _own(path, checked)
    try:
        sheets = read_workbook(path).sheets
    except UnreadableError as error:
        raise RegisterError(Text(f"Không mở được tệp: {error.why.vi}.", f"Cannot be opened: {error.why.en}.")) from None
    if found := _find(sheets, ADMIN, ("province", "province_code", "commune", "commune_code")):
        return _administrative(found, province)
    if found := _find(sheets, HAMLETS, ("commune", "hamlet")):
        return _khu_ap(found, units)
    raise RegisterError(
        Text(
            "Không thấy danh sách đơn vị. Đã tìm các cột: Tỉnh, Mã TP, Phường Xã, Mã PX; hoặc: Xã, Khu/ấp.",
            "No list of units. Looked for the columns: Tỉnh, Mã TP, Phường Xã, Mã PX; or: Xã, Khu/ấp.",
        )
    )


def _in_own_columns(path: Path) -> bool:
    """Whether it is a csv in the columns of the register itself, whole, of one province or of many."""
    with path.open("rb") as file:
        return file.readline().strip() == ",".join(COLUMNS).encode()


def _own(path: Path, checked: bool) -> Register:
    try:
        units = read_units(path)
    except ValueError as error:  # a day or a number that is none
        raise RegisterError(Text(f"Danh sách có mâu thuẫn: {error}", f"The list contradicts itself: {error}")) from None
    if not checked:
        _sound(units)
    return Register(units, "all")


def _find(sheets: list[Sheet], headings: dict[str, tuple[str, ...]], needed: tuple[str, ...]) -> _List | None:
    """The first row that bears the headings needed, wherever it stands."""
    for sheet in sheets:
        for row, line in enumerate(sheet.rows[:_HEAD_WITHIN]):
            printed = {key(value): column for column, value in reversed(list(enumerate(line))) if value is not None}
            columns = {
                name: next(printed[word] for word in words if word in printed)
                for name, words in headings.items()
                if any(word in printed for word in words)
            }
            if all(name in columns for name in needed):
                return _List(sheet, row, columns)
    return None


def _text(value: object) -> str:
    if isinstance(value, float) and value == int(value):
        value = int(value)
    return " ".join(str(value).split()) if value is not None else ""


def _administrative(found: _List, province: str | None) -> Register:
    """Province, districts and communes of the statistics office's list, with its codes in their full length."""
    rows = [{name: _padded(name, value) for name, value in told.items()} for _, told in found.rows()]
    rows = [row for row in rows if row["province_code"].isdigit()]
    there = {row["province_code"]: row["province"] for row in rows}
    chosen = province or (next(iter(there)) if len(there) == 1 else None)
    if chosen not in there:
        names = ", ".join(f"{code} {name}" for code, name in sorted(there.items()))
        raise RegisterError(
            Text(
                f"Cần chọn tỉnh bằng --province. Trong tệp có: {names}.",
                f"Choose by --province. The list has: {names}.",
            )
        )
    units = typed(pd.DataFrame(_units([row for row in rows if row["province_code"] == chosen]), columns=COLUMNS))
    _sound(units)
    note = Text(
        "Danh sách không có số hộ và số dân của tổng điều tra; các cột này để trống.",
        "The list holds no census figures; these columns stay empty.",
    )
    return Register(units, "all", (note,))


def _padded(name: str, value: str) -> str:
    return value.zfill(_DIGITS[name]) if name in _DIGITS and value else value


def _units(rows: list[dict[str, str]]) -> list[dict[str, object]]:
    """A row per unit. A district without communes (an island, say) is kept; where none is named, none is made."""
    found: dict[str, dict[str, object]] = {}
    for row in rows:
        above = None
        for level in ("province", "district", "commune"):
            code, name = row.get(f"{level}_code", ""), row.get(level, "")
            if code and name:
                found.setdefault(code, _unit(code, code, level, name, above, 0))
                above = code
    return list(found.values())


def _unit(
    unit: str, code: str | None, level: str, full_name: str, parent: str | None, invented: int
) -> dict[str, object]:
    type = next((each for each in _TYPES if full_name.lower().startswith(each.lower() + " ")), "")
    name = full_name[len(type) :].strip()
    return {
        "unit": unit, "code": code, "level": level, "type": type, "name": name or full_name, "full_name": full_name,
        "parent": parent, "invented": invented,
    }  # fmt: skip


def _sound(units: pd.DataFrame) -> None:
    try:
        check(units)
    except ValueError as error:
        raise RegisterError(Text(f"Danh sách có mâu thuẫn: {error}", f"The list contradicts itself: {error}")) from None


def _khu_ap(found: _List, units: pd.DataFrame | None) -> Register:
    """The province's own khu/ấp, each under its commune by code or name; all that cannot be placed is told at once."""
    if units is None:
        raise RegisterError(Text("Cần có danh mục xã trước.", "The register of communes must be there first."))
    communes = units[units.level == "commune"]
    day = Names.of(units).on(_latest_day(communes))
    rows, wrong, counts = [], [], {}
    for row, told in found.rows():
        commune = _commune(told, day)
        if isinstance(commune, Text):
            wrong.append(Text(*(f"{found.where(row, 'commune')}: {commune[each]}" for each in ("vi", "en"))))
            continue
        if not told["hamlet"]:
            place = found.where(row, "hamlet")
            wrong.append(Text(f"{place}: thiếu tên khu/ấp.", f"{place}: the khu/ấp has no name."))
            continue
        counts[commune] = counts.get(commune, 0) + 1
        unit = _unit(f"{commune}-{counts[commune]:02}", None, "hamlet", told["hamlet"], commune, 0)
        census = {"households_2019": told.get("households"), "people_2019": told.get("people")}
        rows.append(unit | {name: number(value, whole=True).value for name, value in census.items()})
    if wrong:
        raise RegisterError(*wrong)
    hamlets = typed(pd.DataFrame(rows, columns=COLUMNS))
    ends = communes[communes.unit.isin(counts)].groupby("unit").until.last()
    hamlets["until"] = hamlets.parent.map(ends).astype(object).where(lambda each: each.notna(), None)
    return Register(hamlets, "hamlets")


def _latest_day(communes: pd.DataFrame) -> date:
    """A day on which the communes that have khu/ấp live: the last before any of them ends."""
    ends = [day for day in communes.until if day is not None and not pd.isna(day)]
    return max(ends) - pd.Timedelta(days=1).to_pytimedelta() if ends else date.today()


def _commune(told: dict[str, str], day: object) -> str | Text:
    written = told["commune"]
    code = written.zfill(5)
    if written.isdigit() and day.level.get(code) == "commune":
        return code
    full = f"{written}, {told['district']}" if told.get("district") else written
    units = day.find(full, "commune")
    if len(units) == 1:
        return units[0]
    if units:
        names = ", ".join(day.title(unit) for unit in units)
        return Text(f"“{written}” có ở nhiều huyện: {names}.", f"“{written}” stands for several: {names}.")
    nearest = day.nearest(written, "commune")
    return Text(f"không có xã “{written}”; có phải {nearest}?", f"no commune “{written}”; is it {nearest}?")
