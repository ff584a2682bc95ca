"""Checks of the numbers of one report against each other: one function a rule, all problems at once."""

from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import PurePath

from data_ingest.names import Day
from data_ingest.problems import Problem, digits
from data_ingest.spoken import periods_in
from data_ingest.template import Template
from language import written
from warehouse.fields import FIELDS

_ANY_OF = {  # III.2.b, III.2.c: a figure that counts each once, and the kinds that it may have
    "households_e_payment_any": ("households_e_payment_account", "households_e_wallet", "households_mobile_money"),
    "sellers_any": ("sellers_voso", "sellers_postmart", "sellers_binhduongtrade"),
}
# In the census of 2019 the largest commune had 140,000 people, the largest district 596,000.
_MOST = {"hamlet": 200_000, "commune": 1_000_000, "district": 6_000_000, "province": 30_000_000, "country": 200_000_000}


def rows(file: str, template: Template, rows: list) -> Iterator[Problem]:
    """Every problem of every row (reading.Row: values, cells, sheet)."""
    for row in rows:
        for check in CHECKS:
            yield from check(file, template, row)


def file_name(reading: object, day: Day) -> None:
    """What the file is called must not speak of another unit or another month than the report in it."""
    stem = PurePath(reading.file).stem.replace("_", " ")
    codes = {word for word in stem.split() if word in day.level}
    above = {reading.unit, day.parent.get(reading.unit), reading.told_by}
    if reading.unit and codes and not codes & above:
        told = ", ".join(day.title(code) for code in sorted(codes))
        reading.problem("file_name_differs", given=reading.file, named=told, told=day.title(reading.unit))
    named = [str(period) for period in periods_in(stem)]
    if reading.period and len(named) == 1 and named[0] != reading.period:
        reading.problem("file_name_differs", given=reading.file, named=named[0], told=reading.period)


def part_within_whole(file: str, template: Template, row: object) -> Iterator[Problem]:
    """A part is never more than its whole (Field.part_of)."""
    for id, whole_id in _parts(tuple(row.values)):
        value, whole = row.values[id], row.values[whole_id]
        if value is not None and whole is not None and value > whole:
            parts = {
                "label": template.fields[id],
                "whole_label": template.fields[whole_id],
                "whole": digits(whole),
                "share": written(100 * value / whole, "vi", 1) if whole else "–",
            }
            yield Problem("part_above_whole", file, row.sheet, row.cell(id), str(value), parts)


@lru_cache(maxsize=256)
def _parts(fields: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Of the fields of a row those that are part of another there, with that other."""
    figures = [FIELDS[id] for id in fields if FIELDS[id].kind != "text"]
    return tuple((each.id, each.part_of) for each in figures if each.part_of in fields)


@lru_cache(maxsize=256)
def _counts(fields: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(id for id in fields if FIELDS[id].kind in ("stock", "flow") and FIELDS[id].whole)


def any_fits_its_kinds(file: str, template: Template, row: object) -> Iterator[Problem]:
    """Those with any of several kinds are at least those with one of them, and at most all of them together."""
    for any_id, kind_ids in _ANY_OF.items():
        having = row.values.get(any_id)
        if having is None:
            continue
        kinds = {id: row.values.get(id) for id in kind_ids}
        above = None not in kinds.values() and having > sum(kinds.values())
        if not above and all((count or 0) <= having for count in kinds.values()):
            continue
        parts = {"label": template.fields[any_id]}
        where = (file, row.sheet, row.cell(any_id), str(having))
        for id, count in kinds.items():
            if (count or 0) > having:
                told = {**parts, "kind_label": template.fields[id], "kind": str(count)}
                yield Problem("any_below_kind", *where, told)
        if above:
            yield Problem("any_above_kinds", *where, {**parts, "sum": str(sum(kinds.values()))})


def within_range(file: str, template: Template, row: object) -> Iterator[Problem]:
    """No count of a khu/ấp, a commune or a district is as large as a slip of the hand makes it."""
    most = _MOST[row.level]
    for id in _counts(tuple(row.values)):
        value = row.values[id]
        if value is not None and value > most:
            parts = {"label": template.fields[id], "most": written(most, "vi", 0)}
            yield Problem("too_large", file, row.sheet, row.cell(id), str(value), parts)


CHECKS: tuple[Callable[..., Iterator[Problem]], ...] = (part_within_whole, any_fits_its_kinds, within_range)
