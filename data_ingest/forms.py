"""Blank forms to send out: for one unit, for the communes of a district, for everybody; prefilled where they say so."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from data_ingest.build import Progress
from data_ingest.carried import Values, last_told
from data_ingest.names import Day
from data_ingest.template import Template, template_for
from data_ingest.waiting import register
from language import plain
from warehouse.period import Period, month
from warehouse.received import received
from warehouse.schedule import DUTIES, expected
from warehouse.store import current


@dataclass(frozen=True)
class Wanted:
    """One form: of whom, for when."""

    form: str
    unit: str
    period: Period


class Blanks:
    """The forms that units owe, as workbooks."""

    def __init__(self, data: Path):
        known = register(data)  # the same that the files that wait are read with
        self._serving, self.names = current(data), known.names
        self._owed = expected(known.units)
        self._sample = received(data).has_samples

    def day(self, period: Period, unit: str = "") -> Day:
        """The units that report on a period, as the reader looks them up: those among which a unit is, if one is."""
        return self.names.for_period(period, unit)

    def months(self) -> list[Period]:
        """The months that anybody owes a report for, in order."""
        found = sorted(set(self._owed[self._owed.form == "monthly"].last_month))
        return [month(int(each)) for each in found]

    def periods(self, unit: str) -> list[Period]:
        """The periods that a unit owes reports for, in the order in which they fall due."""
        own = self._owed[self._owed.unit == unit].sort_values(["due", "period"])
        return [Period.parse(each) for each in own.period]

    def of_unit(self, unit: str, period: Period) -> list[Wanted]:
        """The one form of a unit."""
        return [each for each in self._wanted(period) if each.unit == unit]

    def of_district(self, district: str, period: Period) -> list[Wanted]:
        """The forms of a district's communes for a month."""
        inside = set(self.day(period).below.get(district, ()))
        return [each for each in self._wanted(period) if each.unit in inside]

    def of_all(self, of: Period) -> list[Wanted]:
        """Everybody's: of communes for a month, of districts for its quarter, of the province for its half or year."""
        return [each for duty in DUTIES for each in self.of_form(duty.form, period_of(duty.form, of))]

    def of_form(self, form: str, period: Period) -> list[Wanted]:
        """Those of everybody who owes a form for a period."""
        return [each for each in self._wanted(period) if each.form == form]

    def _wanted(self, period: Period) -> list[Wanted]:
        owed = self._owed[self._owed.period == str(period)].sort_values(["form", "unit"])
        known = (row for row in owed.itertuples() if row.unit in self.day(period, row.unit).level)
        return [Wanted(row.form, row.unit, period) for row in known]

    def made(
        self, wanted: Sequence[Wanted], prefilled: bool, progress: Progress = lambda done, of: None
    ) -> dict[str, bytes]:
        """The workbooks by their names; of several units in a folder for each district."""
        told = self._told(wanted) if prefilled else {}
        files: dict[str, bytes] = {}
        for done, each in enumerate(wanted, start=1):
            template = template_for(each.form, each.period)
            values = told.get((each.form, each.period), {})
            files[self._name(each, len(wanted) > 1)] = self.written(template, each.unit, each.period, values)
            progress(done, len(wanted))
        return files

    def last_told(self, template: Template, units: Sequence[str], period: Period) -> Values:
        """What units have reported before a period of what their form carries over."""
        return last_told(self._serving, template, units, period)

    def _told(self, wanted: Sequence[Wanted]) -> dict[tuple[str, Period], Values]:
        """What all of them have reported last, form by form."""
        asked: dict[tuple[str, Period], list[str]] = {}
        for each in wanted:
            asked.setdefault((each.form, each.period), []).append(each.unit)
        return {
            (form, period): self.last_told(template_for(form, period), units, period)
            for (form, period), units in asked.items()
        }

    def written(self, template: Template, unit: str, period: Period, values: Values) -> bytes:
        """A form of one unit with what it has reported last; without values it is blank."""
        from data_ingest.form import Filling, Row, write_form  # takes time to load, and a load of reports is without

        day = self.day(period, unit)
        below = day.below[unit] if template.rows else ()
        rows = tuple(Row(day.full_name[each], values.get(each, {})) for each in below)
        own, parent = values.get(unit, {}), day.full_name.get(day.parent[unit], "")
        told = bool(own) or any(row.values for row in rows)
        filling = Filling(
            day.title(unit), unit, parent, period, rows, own, invented=told and self._sample, to_confirm=told
        )
        out = io.BytesIO()
        write_form(template, filling, out)
        return out.getvalue()

    def _name(self, wanted: Wanted, foldered: bool) -> str:
        """Code, period and form, as reports are called when they come back; the folder bears the district's name."""
        name = f"{wanted.unit}_{wanted.period}_{wanted.form}.xlsx"
        day = self.day(wanted.period, wanted.unit)
        district = wanted.unit if day.level[wanted.unit] == "district" else day.parent[wanted.unit]
        if not foldered or district is None:
            return name
        folder = plain(day.full_name[district]).replace(" ", "-")
        return f"{folder}/{name}"


def period_of(form: str, of: Period) -> Period:
    """The period of a form in which a month lies."""
    if form == "monthly":
        return of
    if form == "periodic":
        return Period("quarter", of.year, (of.number + 2) // 3)
    return Period("half", of.year, 1) if of.number <= 6 and of.year > 2023 else Period("year", of.year)
