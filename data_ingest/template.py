"""Template: one version of a form, as data (templates/*.toml): which field stands beside which printed label."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Literal

from language import plain
from warehouse.fields import FIELDS, Level
from warehouse.period import Kind, Period

FOLDER = Path(__file__).with_name("templates")


def key(text: object) -> str:
    """What is left of a printed label when accents, case, spacing and punctuation at its ends are set aside."""
    return plain(text).strip(" .:;*-–()").strip()


@dataclass(frozen=True)
class Group:
    """Fields under one heading, each with its printed label."""

    title: str
    fields: dict[str, str]


@dataclass(frozen=True)
class Part:
    """A part of the form: a list (one field a line), a table (one unit a row, one field a column) or texts."""

    kind: Literal["list", "table", "text"]
    sheet: str
    title: str
    columns: dict[str, str]  # what stands in the heading: number, label, measure, value, note
    group: tuple[Group, ...]
    total: str = ""

    @property
    def fields(self) -> dict[str, str]:
        """Every field of the part with its label, in printed order."""
        return {field: label for group in self.group for field, label in group.fields.items()}


@dataclass(frozen=True)
class Template:
    """A version of a form. `mark` is printed on it and tells it from other versions; `since` is its first month."""

    id: str
    form: str
    level: Level
    kinds: tuple[Kind, ...]
    since: str
    mark: str
    title: str
    subtitle: str
    letterhead: dict[str, list[str]]
    head: dict[str, str]
    signature: dict[str, str]
    part: tuple[Part, ...]
    rows: Level | None = None

    def __post_init__(self):
        if unknown := set(self.fields) - set(FIELDS):
            raise ValueError(f"templates/{self.id}.toml names unknown fields {sorted(unknown)}")
        labels = [key(label) for label in self.fields.values()]
        if twice := {label for label in labels if labels.count(label) > 1}:
            raise ValueError(f"templates/{self.id}.toml prints the same label twice: {sorted(twice)}")

    @cached_property
    def fields(self) -> dict[str, str]:
        """Every field of the form with its printed label."""
        return {field: label for part in self.part for field, label in part.fields.items()}

    @cached_property
    def by_label(self) -> dict[str, str]:
        """The field of each label's key."""
        return {key(label): field for field, label in self.fields.items()}

    @classmethod
    def read(cls, path: Path) -> "Template":
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        parts = tuple(
            Part(**{**part, "group": tuple(Group(**group) for group in part["group"])}) for part in table.pop("part")
        )
        return cls(id=path.stem, part=parts, kinds=tuple(table.pop("kinds")), **table)


@cache
def all_templates() -> tuple[Template, ...]:
    """Every version of every form, oldest first within a form."""
    return tuple(sorted(map(Template.read, FOLDER.glob("*.toml")), key=lambda each: (each.form, each.since, each.id)))


def template_for(name: str, period: Period) -> Template:
    """By its id (monthly_2024), or the version of a form (monthly) in use then. ValueError names what there is."""
    named = [each for each in all_templates() if each.id == name]
    versions = [each for each in all_templates() if each.form == name]
    in_use = [each for each in versions if Period.parse(each.since).first_month <= period.last_month]
    chosen = (named or in_use or versions)[-1:]
    if not chosen:
        raise ValueError(f"no form {name!r}; there are {[each.id for each in all_templates()]}")
    if period.kind not in chosen[0].kinds:
        raise ValueError(f"{chosen[0].id} is for {' or '.join(chosen[0].kinds)}, not for {period}")
    return chosen[0]


_NUMBER = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_SPOKEN: tuple[tuple[str, str], ...] = (  # how periods are written on forms, after plain()
    (r"(?:thang )?(?P<n>\d{1,2})\s*(?:[/-]|nam)\s*(?P<y>\d{4})", "month"),
    (r"(?P<y>\d{4})-(?P<n>\d{2})", "month"),
    (r"quy (?P<n>iv|iii|ii|i|[1-4])\s*(?:[/-]|nam|\s)?\s*(?P<y>\d{4})", "quarter"),
    (r"(?:6|06|sau) thang (?P<n>dau|cuoi) (?:nam )?(?P<y>\d{4})", "half"),
    (r"(?:bao cao )?nam (?P<y>\d{4})", "year"),
    (r"(?:ca )?giai doan 2023\s*[-–]\s*2025", "plan"),
)


def spoken_period(text: object) -> Period | None:
    """The period meant by 'Tháng 06/2024', 'Quý II/2024', '6 tháng đầu năm 2024', 'Năm 2024' or its code, if any."""
    told = " ".join(plain(text).replace("nam nam", "nam").split()).strip(" .:")
    for form, kind in _SPOKEN:
        if match := re.fullmatch(form, told):
            found = match.groupdict()
            number = {"dau": 1, "cuoi": 2}.get(found.get("n", ""), _NUMBER.get(found.get("n", ""), 0))
            if kind == "month":
                number = int(found["n"])
                return Period("month", int(found["y"]), number) if 1 <= number <= 12 else None
            return Period(kind, int(found.get("y", 0) or 0), number)
    try:
        return Period.parse(str(text))
    except ValueError:
        return None
