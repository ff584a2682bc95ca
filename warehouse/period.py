"""Period: a stretch of months that is reported on or looked at, with the days that the plan sets for it."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

from language import Language, Text
from warehouse.calendar import calendar

Kind = Literal["month", "quarter", "half", "year", "so_far", "plan"]

PLAN_FIRST, PLAN_LAST = (2023, 11), (2025, 12)
_LENGTH = {"month": 1, "quarter": 3, "half": 6, "year": 12}
_WRITTEN = {
    "month": re.compile(r"(?P<year>\d{4})-(?P<number>0[1-9]|1[0-2])"),
    "quarter": re.compile(r"(?P<year>\d{4})-Q(?P<number>[1-4])"),
    "half": re.compile(r"(?P<year>\d{4})-H(?P<number>[12])"),
    "year": re.compile(r"(?P<year>\d{4})(?P<number>)"),
    "so_far": re.compile(r"(?P<year>\d{4})-to-(?P<number>0[1-9]|1[0-2])"),
    "plan": re.compile(r"plan(?P<year>)(?P<number>)"),
}
_ROMAN = ("", "I", "II", "III", "IV")


@dataclass(frozen=True, order=True)
class Period:
    """A kind, a year and a number in it: Period('quarter', 2025, 2). Written as 2025-Q2 (`Period.parse`, `str`).

    Months are whole calendar months, counted from year 0 (`first_month`, `last_month`), so that periods compare.
    """

    kind: Kind
    year: int = 0
    number: int = 0

    @classmethod
    def parse(cls, text: str) -> "Period":
        """From 2024-06, 2025-Q2, 2025-H1, 2025, 2025-to-06 or plan; ValueError says what was expected."""
        if found := _read(str(text).strip()):
            return found
        raise ValueError(f"{text!r} is no period; expected one like 2024-06, 2025-Q2, 2025-H1, 2025, 2025-to-06, plan")

    def __str__(self) -> str:
        return {
            "month": f"{self.year}-{self.number:02}",
            "quarter": f"{self.year}-Q{self.number}",
            "half": f"{self.year}-H{self.number}",
            "year": f"{self.year}",
            "so_far": f"{self.year}-to-{self.number:02}",
            "plan": "plan",
        }[self.kind]

    @property
    def first_month(self) -> int:
        if self.kind == "plan":
            return _count(*PLAN_FIRST)
        if self.kind == "so_far":
            return _count(self.year, 1)
        return _count(self.year, 1) + _LENGTH[self.kind] * (max(self.number, 1) - 1)

    @property
    def last_month(self) -> int:
        if self.kind == "plan":
            return _count(*PLAN_LAST)
        if self.kind == "so_far":
            return _count(self.year, self.number)
        return self.first_month + _LENGTH[self.kind] - 1

    @property
    def reports_from(self) -> int:
        """The first month of a report that counts in it.

        The plan began in the middle of a year and of a quarter: reports on what is left of them belong to it.
        """
        return _count(PLAN_FIRST[0], 1) if self.kind == "plan" else self.first_month

    @property
    def months(self) -> list["Period"]:
        """The months it is made of, in order."""
        return [month(count) for count in range(self.first_month, self.last_month + 1)]

    @property
    def first_day(self) -> date:
        return _first_day(self.first_month)

    @property
    def last_day(self) -> date:
        return _first_day(self.last_month + 1) - timedelta(days=1)

    @property
    def due(self) -> date:
        """The last day on which its report is on time (VII.7; days that the plan does not name are settings).

        The plan writes "before the 20th": strictly that is the 19th.
        """
        last, told = month(self.last_month), calendar()
        day = {"month": told["monthly_day"], "year": 5}.get(self.kind, 20)
        before = told["plan_due"] if self.kind == "plan" else date(last.year, last.number, day)
        return before - timedelta(days=1 if told["strict"] else 0)

    @property
    def window(self) -> tuple[date, date]:
        """The first and the last day that its figures count, as the department has set.

        Reports are due before their month ends, so the window closes earlier: from the 15th of the month before it
        begins to the 14th of its last month (Decree 09/2019/NĐ-CP, art. 12), or the calendar's own days.
        """
        day = calendar()["cut_off_day"]
        if not day:
            return self.first_day, self.last_day
        before, last = month(self.first_month - 1), month(self.last_month)
        return date(before.year, before.number, day) + timedelta(days=1), date(last.year, last.number, day)

    @property
    def cut_off(self) -> date:
        """The last day that its figures count (`window`)."""
        return self.window[1]

    @property
    def report_closes(self) -> date:
        """The last day that a report on it counts: a year's report is due before the year's window ends (VII.7)."""
        if self.kind != "year" or not (told := calendar()["year_closes"]):
            return self.cut_off
        return min(self.cut_off, date.fromisoformat(f"{self.year}-{told}"))

    @property
    def year_before(self) -> "Period | None":
        """The same stretch a year earlier; None where the plan had not begun, or there is none like it."""
        if self.kind == "plan":
            return None
        before = Period(self.kind, self.year - 1, self.number)
        return before if before.last_month >= _count(*PLAN_FIRST) else None

    @property
    def previous(self) -> "Period | None":
        """The period before it of the same kind; of a year so far, the one that ends a month earlier."""
        if self.kind == "plan" or (self.kind == "so_far" and self.number == 1):
            return None
        if self.kind == "so_far":
            return Period("so_far", self.year, self.number - 1)
        if self.kind == "year":
            return Period("year", self.year - 1)
        of_year = 12 // _LENGTH[self.kind]
        place = self.year * of_year + self.number - 2
        return Period(self.kind, place // of_year, place % of_year + 1)

    def name(self, language: Language) -> str:
        """As it is said in a meeting: 'Quý II/2025', 'Lũy kế đến tháng 6/2025'."""
        year, number = self.year, self.number
        return {
            "month": Text(f"Tháng {number}/{year}", f"{number}/{year}"),
            "quarter": Text(f"Quý {_ROMAN[min(number, 4)]}/{year}", f"Q{number}/{year}"),
            "half": Text(f"6 tháng {'đầu' if number < 2 else 'cuối'} năm {year}", f"H{number}/{year}"),
            "year": Text(f"Năm {year}", f"Year {year}"),
            "so_far": Text(f"Lũy kế năm đến tháng {number}/{year}", f"Year to {number}/{year}"),
            "plan": Text("Cả giai đoạn 2023–2025", "Whole plan 2023–2025"),
        }[self.kind][language]

    def short(self) -> str:
        """For axes, the same in both languages: T6/2025, QII/2025, 2025."""
        if self.kind in ("month", "so_far"):
            return f"T{self.number}/{self.year}"
        return f"Q{_ROMAN[self.number]}/{self.year}" if self.kind == "quarter" else str(self)


def month(count: int) -> Period:
    """The month that is `count` months after January of year 0."""
    return Period("month", count // 12, count % 12 + 1)


def _count(year: int, number: int) -> int:
    return year * 12 + number - 1


def _first_day(count: int) -> date:
    return date(count // 12, count % 12 + 1, 1)


@lru_cache(maxsize=512)  # the same few periods stand in every row of a table
def _read(text: str) -> Period | None:
    for kind, form in _WRITTEN.items():
        if match := form.fullmatch(text):
            return Period(kind, int(match["year"] or 0), int(match["number"] or 0))
    return None
