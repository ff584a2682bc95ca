"""Checks of the numbers of one report against each other: one function a rule, all problems at once."""

from collections.abc import Callable, Iterator
from pathlib import PurePath

from data_ingest.names import Day
from data_ingest.problems import Problem
from data_ingest.spoken import periods_in
from data_ingest.template import Template
from language import written
from warehouse.fields import FIELDS

_KINDS = ("households_e_payment_account", "households_e_wallet", "households_mobile_money")


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
    for id, value in row.values.items():
        whole = row.values.get(FIELDS[id].part_of)
        if value is not None and whole is not None and FIELDS[id].kind != "text" and value > whole:
            parts = {
                "label": template.fields[id],
                "whole_label": template.fields[FIELDS[id].part_of],
                "whole": f"{whole:g}",
                "share": written(100 * value / whole, "vi", 1) if whole else "–",
            }
            yield Problem("part_above_whole", file, row.sheet, row.cells.get(id, ""), str(value), parts)


def any_covers_each_kind(file: str, template: Template, row: object) -> Iterator[Problem]:
    """Households with any of the three kinds are at least those with one of them (III.2.b)."""
    having = row.values.get("households_e_payment_any")
    for id in _KINDS:
        if having is not None and (row.values.get(id) or 0) > having:
            parts = {
                "label": template.fields["households_e_payment_any"],
                "kind_label": template.fields[id],
                "kind": str(row.values[id]),
            }
            cell = row.cells["households_e_payment_any"]
            yield Problem("any_below_kind", file, row.sheet, cell, str(having), parts)


CHECKS: tuple[Callable[..., Iterator[Problem]], ...] = (part_within_whole, any_covers_each_kind)
