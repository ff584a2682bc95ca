"""The requirements of the plan, and where each is answered: indicator, calendar, checklist, narrative or figure."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, get_args

from language import Language, Text, day
from metrics import INDICATORS
from metrics.core.indicator import Indicator
from warehouse.fields import FIELDS, Field
from warehouse.period import PLAN_LAST, Kind, Period
from warehouse.schedule import DUTIES, Duty

Nature = Literal["indicator", "calendar", "checklist", "narrative", "figure"]
NATURES: dict[Nature, Text] = {
    "indicator": Text("chỉ tiêu", "indicator"),
    "calendar": Text("lịch báo cáo", "calendar"),
    "checklist": Text("mục có/không", "checklist"),
    "narrative": Text("phần viết", "narrative"),
    "figure": Text("số liệu", "figure"),
}
OF_KIND: dict[str, Nature] = {"flag": "checklist", "text": "narrative", "stock": "figure", "flow": "figure"}
GROUPS = {  # by the first letter of a requirement
    "A": Text("A. Chỉ tiêu có số", "A. Numbers"),
    "B": Text("B. Thời hạn và báo cáo", "B. Dates and reports"),
    "C": Text("C. Bộ máy phải có", "C. What has to be set up"),
    "D": Text("D. Hoạt động", "D. Activities"),
    "E": Text("E. Nội dung của báo cáo", "E. What reports must be able to carry"),
    "F": Text("F. Tình nguyện viên", "F. Volunteers"),
}
KIND_NAMES: dict[Kind, Text] = {
    "month": Text("tháng", "month"),
    "quarter": Text("quý", "quarter"),
    "half": Text("6 tháng", "half-year"),
    "year": Text("năm", "year"),
    "plan": Text("cả giai đoạn", "whole plan"),
}


@dataclass(frozen=True, kw_only=True)
class Requirement:
    """What the plan asks for in one place; ValueError when it is declared in words that nobody knows."""

    id: str  # A5
    section: str
    name: Text
    answered_as: tuple[Nature, ...]  # what must answer it at least
    asks: tuple[Kind, ...] = ()  # the periods whose reports it asks for
    dated: tuple[Kind, ...] = ()  # those of them for which the plan names the day

    def __post_init__(self):
        unknown = set(self.answered_as) - set(get_args(Nature)) | set(self.asks) - KIND_NAMES.keys()
        if unknown or not self.answered_as or self.id[0] not in GROUPS or not set(self.dated) <= set(self.asks):
            raise ValueError(
                f"requirement {self.id}: got {self.answered_as}, asks {self.asks}, dated {self.dated};"
                f" expected one of the groups {[*GROUPS]}, natures of {[*NATURES]}, and dated among asks"
            )


@cache
def requirements() -> dict[str, Requirement]:
    """Every requirement by its id, in the order of the register (requirements.toml)."""
    told = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    return {id: _read(id, dict(each)) for id, each in told.items()}


def _read(id: str, told: dict[str, object]) -> Requirement:
    name = Text(told.pop("vi", ""), told.pop("en", ""))
    lists = {key: tuple(value) if isinstance(value, list) else value for key, value in told.items()}
    return Requirement(id=id, name=name, **lists)


def answers(id: str) -> dict[Nature, list[Indicator | Duty | Field]]:
    """What answers a requirement, by nature: whatever declares that it does."""
    found: dict[Nature, list] = {nature: [] for nature in NATURES}
    found["indicator"] = [each for each in INDICATORS.values() if id in each.requirement.split()]
    found["calendar"] = [each for each in DUTIES if id in each.requirement.split()]
    for field in FIELDS.values():
        if id in field.requirement.split():
            found[OF_KIND[field.kind]].append(field)
    return found


# The table of requirements

_TITLE = Text("Bảng yêu cầu của kế hoạch", "Table of requirements")
_INTRO = Text(
    "Mỗi yêu cầu của Kế hoạch 5681/KH-UBND được trả lời ở đâu: bằng chỉ tiêu, bằng lịch báo cáo, bằng mục có/không,"
    " bằng phần viết hay bằng số liệu khác trong báo cáo. Mã (A1, B1…) do dự án đặt; mục là mục của kế hoạch.",
    "Where each requirement of plan 5681/KH-UBND is answered: by an indicator, the calendar of reports, a yes/no item,"
    " a narrative or another reported figure. The ids (A1, B1…) are the project's, the sections are the plan's.",
)
_HEADINGS = Text(
    "yêu cầu | mục | nội dung | trả lời bằng | chỉ tiêu | trong báo cáo | báo cáo và ngày cuối còn đúng hạn",
    "requirement | section | what it asks | answered by | indicators | in reports | reports and last day on time",
)
_NOT_DATED = Text("ngày do cơ quan đặt, kế hoạch không ghi", "day set by the department; the plan names none")
_MADE_OF = Text("tổng hợp từ các báo cáo trên", "made of the reports above")
_NOWHERE = Text("CHƯA ĐƯỢC TRẢ LỜI", "NOT ANSWERED")
_EACH_MONTH = Text("ngày {day} hằng tháng", "day {day} of each month")


def table(language: Language) -> str:
    """Every requirement with what answers it, as Markdown."""
    command = f"python -m metrics requirements --language {language}"
    said = Text(f"Do chương trình viết: `{command}`.", f"Written by the program: `{command}`.")
    lines = [f"# {_TITLE[language]}", "", said[language], "", _INTRO[language], ""]
    headings = _HEADINGS[language].split(" | ")
    for letter, name in GROUPS.items():
        rows = [_row(each, language) for each in requirements().values() if each.id.startswith(letter)]
        lines += [f"## {name[language]}", "", *map(_line, [headings, ["---"] * len(headings), *rows]), ""]
    return "\n".join(lines)


def _row(requirement: Requirement, language: Language) -> list[str]:
    found = answers(requirement.id)
    reported = [
        f"{NATURES[nature][language]}: {_ids(found[nature])}"
        for nature in ("checklist", "narrative", "figure")
        if found[nature]
    ]
    return [
        requirement.id,
        requirement.section,
        requirement.name[language],
        ", ".join(name[language] for nature, name in NATURES.items() if found[nature]) or _NOWHERE[language],
        _ids(found["indicator"]),
        "<br>".join(reported),
        "<br>".join(line for duty in found["calendar"] for line in due_days(requirement, duty, language)),
    ]


def due_days(requirement: Requirement, duty: Duty, language: Language) -> list[str]:
    """The reports that a requirement asks of those who have a duty, each with the last day on which it is on time."""
    lines = [f"**{duty.name[language]}**"]
    asked = requirement.asks or duty.kinds
    for kind in duty.kinds:
        if kind in asked:
            said = "" if kind in requirement.dated else f" ({_NOT_DATED[language]})"
            lines.append(f"{KIND_NAMES[kind][language]}: {_last_days(kind, language)}{said}")
    longer = [KIND_NAMES[kind][language] for kind in asked if kind not in duty.kinds]
    return lines + ([f"{', '.join(longer)}: {_MADE_OF[language]}"] if longer else [])


def _last_days(kind: Kind, language: Language) -> str:
    """As they fall in each year; of the plan as a whole, the day itself."""
    year = PLAN_LAST[0]
    if kind == "plan":
        return day(Period("plan").due)
    if kind == "month":
        return _EACH_MONTH[language].format(day=Period("month", year, 1).due.day)
    numbers = {"quarter": range(1, 5), "half": range(1, 2), "year": range(0, 1)}[kind]
    dues = [Period(kind, year, number).due for number in numbers]
    return ", ".join(f"{due.day}/{due.month}" for due in dues)


def _ids(things: list[Indicator | Field]) -> str:
    return ", ".join(f"`{each.id}`" for each in things)


def _line(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"
