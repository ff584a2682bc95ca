"""Periods as forms write them: 'Tháng 06/2024', 'Quý II năm 2024', '6 tháng đầu năm 2024', a date, a title."""

import re
from datetime import date, datetime, timedelta

from language import plain
from warehouse.period import Period

_NUMBER = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4, "dau": 1, "cuoi": 2}
_MONTHS = {
    "gieng": 1, "mot": 1, "hai": 2, "ba": 3, "tu": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9, "muoi": 10,
    "muoi mot": 11, "muoi hai": 12, "chap": 12,
}  # fmt: skip
_YEAR = r"\s*(?:[/-]|nam|,)?\s*(?P<y>20\d\d)"
_SPOKEN: tuple[tuple[str, str], ...] = (  # after plain(); the longer way of saying goes before the shorter
    (r"(?:6|06|sau) thang (?P<n>dau|cuoi)(?: nam)?" + _YEAR, "half"),
    (r"(?:ca )?giai doan 2023\s*[-–]\s*2025", "plan"),
    (r"(?:quy|q)\s*(?P<n>iv|iii|ii|i|[1-4])" + _YEAR, "quarter"),
    (r"(?:thang|t)\s*(?P<n>\d{1,2})" + _YEAR, "month"),
    (rf"thang (?P<n>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})" + _YEAR, "month"),
    (r"(?P<n>0?[1-9]|1[0-2])\s*[/-]\s*(?P<y>20\d\d)", "month"),
    (r"(?P<y>20\d\d)-(?P<n>\d{2})", "month"),
    (r"(?:bao cao |ca )?nam (?P<y>20\d\d)", "year"),
)
_INSIDE = [(re.compile(rf"(?<![\w/]){form}(?!\w|\s*-\s*20)"), kind) for form, kind in _SPOKEN]
_DAY = re.compile(r"(?P<d>\d{1,2})[/.-](?P<m>\d{1,2})[/.-](?P<y>20\d\d)(?: 00:00:00)?")
_UNTIL = re.compile(r"tu (?:ngay )?.*\bden (?:het )?(?:ngay )?(?P<day>\S+)")


def spoken_period(given: object) -> Period | None:
    """The period that the whole of a cell means, if any: words, a code such as 2024-Q2, or a month's first day."""
    if isinstance(given, date):
        return _of_day(given.date() if isinstance(given, datetime) else given)
    told = _folded(given)
    for form, kind in _SPOKEN:
        if match := re.fullmatch(form, told):
            return _period(kind, match.groupdict())
    if until := _UNTIL.fullmatch(told):
        day = _day(until["day"])
        return Period("month", day.year, day.month) if day else None
    if day := _day(told):
        return _of_day(day)
    try:
        return Period.parse(str(given))
    except ValueError:
        return None


def periods_in(text: object) -> list[Period]:
    """The periods that a title speaks of: 'BÁO CÁO Kết quả … tháng 6 năm 2024'. A day of signing is none."""
    told, found = _folded(text), []
    if "20" not in told:  # each of them has a year
        return found
    told = re.sub(r"ngay \S+ thang \S+ nam \S+", " ", told)
    for form, kind in _INSIDE:
        for match in form.finditer(told):
            if (period := _period(kind, match.groupdict())) and period not in found:
                found.append(period)
            told = told[: match.start()] + " " * len(match[0]) + told[match.end() :]
    return found


def _folded(text: object) -> str:
    return " ".join(plain(text).replace("nam nam", "nam").split()).strip(" .:()")


def _period(kind: str, found: dict[str, str]) -> Period | None:
    year, told = int(found.get("y") or 0), found.get("n") or ""
    if kind == "month":
        number = int(told) if told.isdigit() else _MONTHS[told]
        return Period("month", year, number) if 1 <= number <= 12 else None
    return Period(kind, year, _NUMBER.get(told, 0))


def _day(text: str) -> date | None:
    if not (match := _DAY.fullmatch(text)):
        return None
    try:
        return date(int(match["y"]), int(match["m"]), int(match["d"]))
    except ValueError:
        return None


def _of_day(day: date) -> Period | None:
    """The first or last day of a month stands for it (a spreadsheet turns 6/2024 into 1 June); any other is a day."""
    if day.day == 1 or (day + timedelta(days=1)).day == 1:
        return Period("month", day.year, day.month)
    return None
