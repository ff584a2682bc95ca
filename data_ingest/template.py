"""Template: one version of a form, as data (templates/*.toml): which field stands beside which printed label."""

import tomllib
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Literal

from language import plain
from warehouse.fields import FIELDS, Level
from warehouse.period import Kind, Period

# Printed on a form that bears figures of the last report; such a form sent back as it was is no report.
TO_CONFIRM = "Ô nền xanh: số đã báo cáo lần trước, đề nghị kiểm tra và sửa lại nếu đã thay đổi."
FOLDER = Path(__file__).with_name("templates")


@lru_cache(maxsize=20_000)
def key(text: str) -> str:
    """What is left of a printed label when accents, case, spacing and punctuation at its ends are set aside."""
    return plain(text).strip(" .:;*-–()").strip()


# Head and frame of a foreign table: it has no signature of ours, and its unit and period stand where they stand.
_HEAD = {"unit": "Đơn vị báo cáo", "code": "Mã đơn vị", "period": "Kỳ báo cáo"}


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
    """A version of a form. `mark` is printed on it and tells it from other versions; `since` is its first month.

    A mapping of a foreign table is a template too (`mapped`): labels as they are printed there, and no blank form.
    """

    id: str
    form: str
    level: Level
    kinds: tuple[Kind, ...]
    since: str
    mark: str
    title: str
    part: tuple[Part, ...]
    subtitle: str = ""
    letterhead: dict[str, list[str]] = field(default_factory=dict)
    head: dict[str, str] = field(default_factory=lambda: dict(_HEAD))
    signature: dict[str, str] = field(default_factory=dict)
    rows: Level | None = None
    mapped: bool = False
    unit: str = ""  # of a mapping: whose table it is, where neither head nor letterhead says so
    carried: tuple[str, ...] = ()  # what a blank form may be prefilled with from the last report, to be confirmed

    def __post_init__(self):
        if unknown := set(self.fields) - set(FIELDS):
            raise ValueError(f"templates/{self.id}.toml names unknown fields {sorted(unknown)}")
        if moves := {each for each in self.carried if each not in self.fields or not FIELDS[each].stays}:
            raise ValueError(f"templates/{self.id}.toml carries over what is no state of this form: {sorted(moves)}")
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
        return cls.of(path.stem, path.read_text(encoding="utf-8"))

    @classmethod
    def of(cls, id: str, text: str) -> "Template":
        """From TOML. TypeError, KeyError or ValueError say what is missing or unknown in it."""
        table = tomllib.loads(text)
        parts = tuple(
            Part(**{**part, "group": tuple(Group(**group) for group in part["group"])}) for part in table.pop("part")
        )
        kinds, carried = tuple(table.pop("kinds")), tuple(table.pop("carried", ()))
        return cls(id=id, part=parts, kinds=kinds, carried=carried, **table)


@cache
def all_templates() -> tuple[Template, ...]:
    """Every version of every form, oldest first within a form."""
    return tuple(sorted(map(Template.read, FOLDER.glob("*.toml")), key=lambda each: (each.form, each.since, each.id)))


@cache
def synonyms() -> dict[str, str]:
    """The field that a wording means, by the wording's key: of every form, of the fields' names, of synonyms.toml.

    A wording that would mean two fields means none.
    """
    told: dict[str, set[str]] = {}
    listed = tomllib.loads(Path(__file__).with_name("synonyms.toml").read_text(encoding="utf-8"))
    if unknown := set(listed) - set(FIELDS):
        raise ValueError(f"synonyms.toml names unknown fields {sorted(unknown)}")
    for each in FIELDS.values():
        printed = [template.fields[each.id] for template in all_templates() if each.id in template.fields]
        for words in (each.name.vi, each.name.en, *printed, *listed.get(each.id, ())):
            told.setdefault(key(words), set()).add(each.id)
    return {words: next(iter(fields)) for words, fields in told.items() if len(fields) == 1}


@cache
def wordings() -> dict[str, tuple[str, ...]]:
    """The wordings (keys) of each field, as in synonyms()."""
    told: dict[str, tuple[str, ...]] = {}
    for words, field_id in synonyms().items():
        told[field_id] = (*told.get(field_id, ()), words)
    return told


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
