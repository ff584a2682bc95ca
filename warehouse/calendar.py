"""When reports are due, and which days' figures a period counts: the department's settings, shipped or set since."""

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

from language import Text, TextError

Setting = int | bool | date | str
SHIPPED = Path(__file__).with_name("calendar.toml")
NAMES = {
    "monthly_day": Text("Báo cáo tháng của xã nộp trước ngày", "Monthly reports of communes before the"),
    "strict": Text("“Trước ngày 20” nghĩa là muộn nhất ngày 19", "“Before the 20th” means the 19th at the latest"),
    "plan_due": Text("Báo cáo tổng kết kế hoạch nộp trước ngày", "The report on the whole plan before"),
    "cut_off_day": Text("Số liệu tháng tính đến ngày (0: hết tháng)", "A month's figures up to the (0: its end)"),
    "year_closes": Text("Số liệu năm chốt vào (tháng-ngày)", "A year's figures close on (month-day)"),
}
_set: dict[str, Setting] = {}  # what has been set in the data folder that this process serves


class CalendarError(TextError):
    """The settings cannot be; `text` says which and why in both languages."""


def calendar() -> dict[str, Setting]:
    """`monthly_day`, `strict`, `plan_due`, `cut_off_day`, `year_closes`: what was set, else as shipped."""
    return _set or _shipped()


def use(text: str) -> None:
    """From now on these settings hold in this process (TOML; blank: those shipped). Raises CalendarError."""
    global _set
    _set = read(text) if text else {}


@cache
def _shipped() -> dict[str, Setting]:
    return tomllib.loads(SHIPPED.read_text(encoding="utf-8"))


@cache
def read(text: str) -> dict[str, Setting]:
    """Settings from TOML; what is not said is as shipped. Raises CalendarError."""
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CalendarError(Text(f"Không đọc được lịch: {error}", f"The calendar cannot be read: {error}")) from None
    return checked({**_shipped(), **told})


def checked(told: Mapping[str, object]) -> dict[str, Setting]:
    """The same settings, if they can be. Raises CalendarError that names the one that cannot."""
    for name, value in told.items():
        if name not in NAMES or not _can_be(name, value):
            called = NAMES.get(name, Text(name, name))
            raise CalendarError(Text(f"“{called.vi}” không thể là “{value}”.", f"“{called.en}” cannot be “{value}”."))
    return dict(told)


def _can_be(name: str, value: object) -> bool:
    if name == "strict":
        return isinstance(value, bool)
    if name == "plan_due":
        return type(value) is date
    if name == "year_closes":
        return value == "" or (isinstance(value, str) and _is_day(value))
    least = 1 if name == "monthly_day" else 0
    return type(value) is int and least <= value <= 28  # every month has these days


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(f"2024-{text}").strftime("%m-%d") == text
    except ValueError:
        return False


def written(told: Mapping[str, Setting]) -> str:
    """Settings as TOML, in the order of NAMES."""

    def said(value: Setting) -> str:
        if isinstance(value, bool):
            return str(value).lower()
        return f'"{value}"' if isinstance(value, str) else str(value)

    return "".join(f"{name} = {said(told[name])}\n" for name in NAMES)
