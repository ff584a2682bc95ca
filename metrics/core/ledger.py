"""Ledger: every question that a reader may ask of the warehouse, at a moment (`as_of`)."""

from bisect import bisect
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import cache, cached_property
from pathlib import Path

import pandas as pd

from metrics import INDICATORS
from metrics.core import received
from metrics.core.among import Among
from metrics.core.answers import Answers, Question, in_order
from metrics.core.calculate import figures, moment, results
from metrics.core.commitments import judged
from metrics.core.indicator import Indicator
from metrics.core.lives import Lives
from metrics.core.memory import remembered
from metrics.core.other_day import Shown
from metrics.core.pace import MONTHS, paced
from metrics.core.restatements import restatements
from metrics.core.standing import KNOWN
from metrics.core.trace import trace
from metrics.core.trend import POINTS, Trend, trend_of
from metrics.core.whole_and_part import compared, contributions
from warehouse import calendar
from warehouse.branch import branch, tree_around
from warehouse.engines import opened
from warehouse.entries import Entries, Entry, Kind, nothing
from warehouse.fields import OF_A_PROVINCE
from warehouse.period import Period, month
from warehouse.store import Engine, current, data_folder
from warehouse.units import within

AT_ONCE = 16  # indicators that one question about a whole country is about


class Ledger:
    """The warehouse as it stands, or as it stood at the end of the day `as_of`. Safe to share between readers."""

    def __init__(
        self,
        engine: Engine,
        as_of: date | None = None,
        entries: Entries | None = None,
        snapshot: Path | None = None,
        units_of: date | None = None,
    ):
        self.engine, self.as_of, self.entries, self.snapshot = engine, as_of, entries, snapshot
        self.units_of = units_of  # every period in the units of this day; None: each in those of its own
        # A reader returns to the same few periods, and a new snapshot brings a new ledger.
        self._answers = Answers(self._ask)
        self.at = remembered(self._at)
        self.trends = remembered(self._trends)
        self.reporting = remembered(self._reporting)
        self.figures = remembered(self._figures)
        self.narratives = remembered(self._narratives)
        self.problems = remembered(self._problems)
        self._promised = remembered(self._commitments)
        self.restatements = remembered(self._restatements)
        self.received = remembered(self._received)

    @classmethod
    def open(cls, snapshot: Path, as_of: date | None = None, unit: str = "", units_of: date | None = None) -> "Ledger":
        """The ledger of a snapshot, or of one unit's branch of it: that knows nothing of other units (branch.branch).

        It asks the engine that KPI_ENGINE names. Raises branch.NoSuchUnitError, engines.EngineError.
        """
        path = branch(snapshot, unit) if unit else snapshot
        told = tree_around(snapshot, unit) if unit else ()
        found = cls(opened(path), as_of, Entries(snapshot.parent, *told), path, units_of)
        calendar.use(found.about.get("calendar") or "")
        return found

    @classmethod
    def serving(
        cls, data: str | Path | None = None, as_of: date | None = None, units_of: date | None = None
    ) -> "Ledger":
        """The ledger of a data folder, else of KPI_DATA, else of data/ beside the program: for notebooks."""
        snapshot = current(data_folder(data))
        if snapshot is None:
            raise FileNotFoundError(f"no warehouse in {data_folder(data)}; expected one built by: python3 do.py run")
        return cls.open(snapshot, as_of, units_of=units_of)

    @cached_property
    def lives(self) -> Lives:
        """The register: who lives on which day, and what has become of whom."""
        return Lives(self.engine, "branch" in self.about)

    @cached_property
    def in_own_units(self) -> "Ledger":
        """The same, with each period in the units that told of it."""
        return Ledger(self.engine, self.as_of, self.entries, self.snapshot) if self.units_of else self

    @property
    def today(self) -> date:
        """The day that is looked at: `as_of`, else today."""
        return self.as_of or date.today()

    @cached_property
    def about(self) -> dict[str, str]:
        """What the snapshot says of itself: snapshot, built_at, sample ('1' when it holds invented reports)."""
        return dict(self.engine.query("select key, value from about").itertuples(index=False))

    @cached_property
    def receipts(self) -> pd.DataFrame:
        """Every file received: receipt, sha256 (blank: not to be handed out), file, received_at, sender."""
        return self.engine.query("select * from receipts order by receipt")

    @cached_property
    def months(self) -> list[Period]:
        """The months on which anyone has reported, in order."""
        found = self.engine.query(
            f"select distinct last_month from facts f join reports r using (report) where {KNOWN} < $moment"
            " and f.adds_up order by last_month",
            {"moment": self._moment},
        )
        return [month(count) for count in found.last_month]

    @cached_property
    def _counts(self) -> list[int]:
        """The same as counts of months: asked on every page, many times."""
        return [each.last_month for each in self.months]

    @cached_property
    def latest(self) -> Period:
        """What to open on: the year so far, up to the last month of which anyone has reported.

        A month alone is no good start: over a month's flow lies a stock (stack: a share of it says little).
        """
        if not self.months:
            return Period("plan")
        return Period("so_far", self.months[-1].year, self.months[-1].number)

    @cached_property
    def periods(self) -> list[Period]:
        """The periods that hold reported months: years so far, quarters, halves, years, months; latest first."""
        found: dict[Period, None] = {}
        for each in reversed(self.months):
            found[Period("so_far", each.year, each.number)] = None
        for kind, length in (("month", 1), ("quarter", 3), ("half", 6), ("year", 12)):
            for each in reversed(self.months):
                found[Period(kind, each.year, 0 if kind == "year" else (each.number - 1) // length + 1)] = None
        return [*found, Period("plan")] if found else []

    def day(self, period: Period) -> date:
        """The day whose units are shown: `units_of`, else the one whose units told."""
        return self.units_of or self.told_on(period)

    def told_on(self, period: Period) -> date:
        """The day whose units told: the last of the period's reported months, else the period's own last day."""
        first, last = (bisect(self._counts, count) for count in (period.first_month - 1, period.last_month))
        return self.months[last - 1].last_day if last > first else period.last_day

    def data_until(self, period: Period) -> date:
        """Up to which day the figures of a period count: the cut-off of its last reported month."""
        told_on = self.told_on(period)
        return Period("month", told_on.year, told_on.month).cut_off

    def results(self, period: Period) -> pd.DataFrame:
        """Every unit's every result in a period: the one table that views draw from (calculate.COLUMNS)."""
        return self.over((period,), tuple(INDICATORS))

    def one(self, period: Period, indicator: Indicator) -> pd.DataFrame:
        """Every unit's result of one indicator in a period: a tenth of the work of all of them."""
        return self.over((period,), (indicator.id,))

    def near(
        self, unit: str, periods: tuple[Period, ...], indicators: tuple[str, ...], hamlets: bool = False
    ) -> pd.DataFrame:
        """What a page about a unit draws from: results of some indicators (ids) of the units around and below it.

        In a register of one province those of all units. Of a country: about the country itself, its provinces and
        districts; about any other unit, all of its province, its khu/ấp only if asked for. A province has its place
        only in what is drawn about the country.
        """
        if not self.is_country:
            return self.over(periods, indicators)
        return self.over(periods, indicators, None, self.whole_of(unit, periods[-1]), hamlets)

    def forget(self) -> None:
        """Forget the results that have been asked for: a benchmark asks the same anew."""
        self._answers = Answers(self._ask)

    @cached_property
    def is_country(self) -> bool:
        """Whether the register holds more than one province."""
        return self._there_is("units where level = 'country'")

    def whole_of(self, unit: str, period: Period) -> str:
        """The province that a unit lies in; of the country itself, and of what is no more, the country."""
        units = self.units(period)
        level, parent = units.level, units.parent
        while unit in parent.index and level[unit] != "province" and parent[unit] in parent.index:
            unit = parent[unit]
        return unit if unit in parent.index else next(iter(units.unit[units.level == "country"]))

    def _among(self, asked: Question) -> Among:
        """Which units a question is about, and whose facts it takes to answer it."""
        about = self._about(asked)
        in_one = self._lie_in_one(about, asked.periods)
        return replace(about, has_sums=self._has_sums, has_targets=self._has_targets, in_one=in_one)

    def _lie_in_one(self, about: Among, periods: tuple[Period, ...]) -> bool:
        """Whether all of a question's units below a province lie in one, which need not be looked for then."""
        if self.is_country:
            return about.of_a_province
        return about.placed and all((self.units(each).level == "province").sum() <= 1 for each in periods)

    @cached_property
    def _has_sums(self) -> bool:
        """Whether there is a row of a table that tells of a commune, or of a unit above, in one sum."""
        return self._there_is("facts where level <> 'hamlet' and row_number is not null")

    @cached_property
    def _has_targets(self) -> bool:
        """Whether any unit was assigned a target of its own (III.3)."""
        return self._there_is("targets")

    def _there_is(self, row: str) -> bool:
        """Whether a table has such a row (SQL)."""
        return not self.engine.query(f"select 1 from {row} limit 1").empty

    def _about(self, asked: Question) -> Among:
        if asked.within and self.units(asked.periods[-1]).level[asked.within] == "country":
            return Among(("country", "province", "district"), has_hamlets=False)
        if asked.within:
            levels = OF_A_PROVINCE if asked.hamlets else OF_A_PROVINCE[:-1]
            return Among(levels, branch=self._branch((asked.within,), asked.periods, 1), has_hamlets=asked.hamlets)
        if asked.units is None:
            return Among()
        hamlets = self._hamlets
        has_hamlets = any(each in hamlets for each in asked.units)
        return Among((), asked.units, self._branch(asked.units, asked.periods), has_hamlets)

    def _branch(
        self, tops: tuple[str, ...], periods: tuple[Period, ...], most_of_it: float = 0.5
    ) -> tuple[str, ...] | None:
        """Units with all below them on the days of some periods, and of a khu/ấp its commune.

        None where that is more than a share of the register: then it takes less to look at all; and of periods that
        other units told than those shown.
        """
        if any(map(self.moved_to, periods)):
            return None
        found: dict[str, None] = {}
        most = 0
        for units in {id(each): each for each in map(self.units, periods)}.values():
            most = max(most, len(units))
            found |= dict.fromkeys(sorted(set().union(*(within(top, units) for top in tops))))
            found |= dict.fromkeys(units.parent[top] for top in tops if units.level.get(top) == "hamlet")
        return tuple(found) if len(found) <= most_of_it * most else None

    @cached_property
    def _hamlets(self) -> frozenset[str]:
        """Every khu/ấp that has ever lived."""
        return frozenset(self.engine.query("select distinct unit from units where level = 'hamlet'").unit)

    def over(
        self,
        periods: tuple[Period, ...],
        indicators: tuple[str, ...],
        units: tuple[str, ...] | None = None,
        within: str = "",
        hamlets: bool = True,
    ) -> pd.DataFrame:
        """The results of some indicators (ids) over several periods, in the order given.

        Of some units only it is a part of the work; then nothing is said of their places among the others.
        """
        return self._answers.to(Question(periods, indicators, units, within, hamlets))

    def _ask(self, asked: Question) -> pd.DataFrame:
        told, among = [INDICATORS[id] for id in asked.indicators], self._among(asked)
        periods = [self.shown(each) for each in asked.periods]
        if self.is_country and among.branch is None:  # bit by bit: all at once would be too much to have in hand
            at_once = AT_ONCE if asked.units is None else AT_ONCE // 4  # thousands of units have a row for each
            bits = [told[first : first + at_once] for first in range(0, len(told), at_once)]
            found = [results(self.engine, [each], bit, self.as_of, among) for each in periods for bit in bits]
            return in_order(pd.concat(found).sort_values(["period", "indicator"], kind="stable"), asked.periods)
        return results(self.engine, periods, told, self.as_of, among)

    def shown(self, period: Period) -> Shown:
        """A period with the day whose units told of it, and that whose units are shown where those are others."""
        return Shown(period, self.told_on(period), self.moved_to(period))

    def senders(self, period: Period, units: set[str]) -> set[str]:
        """Those that told what is shown as the units of a period: themselves, or in units of another day others."""
        shown = self.shown(period)
        if not shown.seen:
            return units
        found = self.lives.moves(shown)
        return set(found.sender[found.unit.isin(units)])

    def moved_to(self, period: Period) -> date | None:
        """The day in whose units a period is shown that was told, wholly or in part, by others; None: by the same."""
        days = month(period.reports_from).first_day, self.told_on(period), self.day(period)
        return self.day(period) if any(min(days) < each <= max(days) for each in self.lives.breaks) else None

    def split(self, period: Period) -> pd.DataFrame:
        """The units that told and are shown as several: sender, unit, share, kind; none where nothing is moved."""
        shown = self.shown(period)
        if not shown.seen:
            return pd.DataFrame(columns=["sender", "unit", "share", "kind"])
        found = self.lives.moves(shown)
        return found[found.share < 1].reset_index(drop=True)

    def units(self, period: Period) -> pd.DataFrame:
        """The units that are shown, with their census figures, indexed by unit: those of the period's day; told in
        units of another day also khu/ấp of its own day that are parts of them.
        """
        return self.lives.on(self.day(period), self.told_on(period) if self.moved_to(period) else None)

    @property
    def register(self) -> pd.DataFrame:
        """Every unit that has ever lived, as it was last, indexed by unit: also those that are no more."""
        return self.lives.register

    def _reporting(self, period: Period) -> pd.DataFrame:
        """Each report owed in a period: form, unit, period, due, due_by_now, adds_up, received_at (NaT: nothing
        accepted), days_late. What falls due on the day looked at is due by now, as in the rates.
        """
        inside = (self._owed.first_month >= period.reports_from) & (self._owed.last_month <= period.last_month)
        return self._owed[inside].drop(columns=["first_month", "last_month"]).reset_index(drop=True)

    @cached_property
    def _owed(self) -> pd.DataFrame:
        """Each report that is owed at any time: the periods of a plan are few, and asked about on every page."""
        return received.owed(self.engine, self._moment)

    def unexpected(self, period: Period) -> pd.DataFrame:
        """Accepted reports that nobody expected, in a period: form, unit, period, received_at, file. Counted apart."""
        return self.engine.query(
            f"""
            select r.form, r.unit, r.period, r.received_at, c.file
            from reports r
            join receipts c on c.receipt = r.receipt
            where r.accepted and {KNOWN} < $moment
              and exists (select 1 from facts f where f.report = r.report
                          and f.first_month >= $first and f.last_month <= $last)
              and not exists (select 1 from expected e
                              where e.form = r.form and e.unit = r.unit and e.period = r.period)
            order by r.form, r.unit, r.period
            """,
            {"moment": self._moment, "first": period.reports_from, "last": period.last_month},
        )

    def pace(
        self, period: Period, indicators: tuple[str, ...] = (), units: tuple[str, ...] | None = None
    ) -> pd.DataFrame:
        """How far and how fast to the target of some indicators (ids), or of all; of some units (pace.COLUMNS).

        Of states, since six months before.
        """
        since, asked = _months_before(period, MONTHS), indicators or tuple(INDICATORS)
        now, before = (self.over((each,), asked, units) for each in (period, since))
        return paced(now, before, period, since, INDICATORS)

    def contributions(self, indicator: Indicator, unit: str, period: Period) -> pd.DataFrame:
        """Which parts make up the gap of a unit to its target (whole_and_part.contributions)."""
        return contributions(self.near(unit, (period,), (indicator.id,), hamlets=True), indicator, unit)

    def compared(self, period: Period, other: Period) -> pd.DataFrame:
        """Every result of a period beside that of another one, a year before say (whole_and_part.compared)."""
        return compared(self.results(period), self.results(other))

    def _restatements(self, since: date) -> pd.DataFrame:
        """Which figures published by a day have changed since, and by which submission (restatements.COLUMNS)."""
        periods = [(each, self.told_on(each)) for each in self.periods if each.kind != "so_far"]
        return restatements(self.engine, periods, list(INDICATORS.values()), since, self.as_of)

    def entered(self, kind: Kind) -> pd.DataFrame:
        """What people have entered, as it stands (Entries.standing). Read anew each time: it needs no build."""
        return self.entries.standing(kind, self.as_of) if self.entries else nothing(kind)

    def entered_of(self, kind: Kind) -> list[Entry]:
        """Everything that was entered of a kind, one after the other: the history of its things."""
        return [each for each in self.entries.all(self.as_of) if each.kind == kind] if self.entries else []

    def _received(self, period: Period, unit: str = "", only_refused: bool = False) -> pd.DataFrame:
        """Every report that has come for a period, of all or of one unit, each version of it (received.reports)."""
        return received.reports(self.engine, period, self._moment, unit, only_refused)

    def _figures(self, period: Period, fields: tuple[str, ...]) -> pd.DataFrame:
        """What each unit told of some fields in a period: the figures below the indicators (calculate.figures)."""
        return figures(self.engine, self.shown(period), fields, self.as_of, self._has_sums)

    def _narratives(self, period: Period) -> pd.DataFrame:
        """What the standing reports of a period say in words (received.narratives)."""
        return received.narratives(self.engine, period, self._moment)

    def _problems(self, period: Period) -> pd.DataFrame:
        """Everything found wrong with the reports that came for a period (received.problems)."""
        return received.problems(self.engine, period, self._moment)

    def filled(self, period: Period) -> pd.DataFrame:
        """How many cells of each figure the standing reports of a period have filled in (received.filled)."""
        return received.filled(self.engine, period, self._moment)

    def commitments(self) -> pd.DataFrame:
        """Every commitment of a meeting with what has become of it (commitments.COLUMNS).

        Whoever promised did so as the unit that it was, whatever others it is shown as.
        """
        return self.in_own_units._promised(self.entries.size if self.entries else 0, self.today)

    def _commitments(self, size: int, today: date) -> pd.DataFrame:
        """The commitments by the entries of that size on that day."""
        entered = self.entered("commitment")
        indicators = tuple(each for each in INDICATORS if each in set(entered.indicator))
        units = tuple(sorted(set(entered.unit)))

        @cache
        def values(period: Period, as_of: date) -> dict[tuple[str, str], float]:
            """One question for all commitments of a day."""
            found = self.at(period, indicators, as_of, units).dropna(subset="value")
            return dict(zip(zip(found.unit, found.indicator, strict=True), found.value, strict=True))

        def value_of(unit: str, indicator: str, period: Period, as_of: date) -> float | None:
            found = values(period, as_of).get((unit, indicator))
            return None if found is None else float(found)

        return judged(entered, INDICATORS, today, self.latest, value_of)

    @property
    def last_meeting(self) -> date | None:
        """The last meeting of the province that lies before the day looked at."""
        return max(self._met, default=None)

    def meeting_before(self, period: Period) -> date | None:
        """The last of them that a period's figures can be held against: it met in the period, or before."""
        end = period.last_day
        return max((day for day in self._met if day <= end), default=None)

    @property
    def _met(self) -> list[date]:
        days = (date.fromisoformat(str(day)[:10]) for day in self.entered("meeting").day)
        return [day for day in days if day < self.today]

    def _at(
        self, period: Period, indicators: tuple[str, ...], as_of: date, units: tuple[str, ...] | None = None
    ) -> pd.DataFrame:
        """Some indicators (ids) of some units, or of all, as they stood on another day than the ledger's."""
        among = self._among(Question((period,), indicators, units))
        return results(self.engine, [self.shown(period)], [INDICATORS[id] for id in indicators], as_of, among)

    def trace(self, indicator: Indicator, unit: str, period: Period) -> pd.DataFrame:
        """Every cell behind a number (trace.COLUMNS): those listed reproduce its numerator and denominator."""
        return trace(self.engine, indicator, unit, self.shown(period), self.as_of)

    @cached_property
    def last_received(self) -> date | None:
        """The day on which the last file that counts here came."""
        found = self.engine.query(
            f"select max(received_at) as day from reports r where {KNOWN} < $moment", {"moment": self._moment}
        )
        return None if pd.isna(found.day[0]) else found.day[0].date()

    def before(self, period: Period) -> Period | None:
        """The period before, of the same kind, where the plan has one."""
        before = _before(period)
        return before if before and before.last_month >= Period("plan").first_month else None

    def trend(
        self, period: Period, indicators: Sequence[Indicator], length: int = 12, units: tuple[str, ...] | None = None
    ) -> pd.DataFrame:
        """The same results over the last periods of the same kind, oldest first; of a year so far, its months' ends."""
        return self.over(self._chain(period, length), tuple(each.id for each in indicators), units)

    def _chain(self, period: Period, length: int) -> tuple[Period, ...]:
        """So many periods of one kind up to this one, oldest first."""
        chain = [period]
        while len(chain) < length and (before := self.before(chain[-1])):
            chain.append(before)
        return tuple(reversed(chain))

    def _trends(self, period: Period, id: str, near: str, hamlets: bool) -> dict[str, Trend]:
        """Each unit near one (Ledger.near) → whether a flow (an indicator's id) rises or falls over the last periods
        of this kind, where all came.

        Of a stock nothing is said, nor of a year so far, which holds the months before it.
        """
        indicator = INDICATORS[id]
        if not indicator.accumulates or period.kind not in ("month", "quarter"):
            return {}
        found = self.near(near, self._chain(period, POINTS), (id,), hamlets)
        found = found[found.enough]
        return {
            unit: trend_of(indicator, list(zip(rows.numerator, rows.denominator, strict=True)))
            for unit, rows in found.groupby("unit")
            if len(rows) == POINTS
        }

    @property
    def _moment(self) -> datetime:
        return moment(self.as_of)


def _months_before(period: Period, months: int) -> Period:
    """The year so far that ended so many months before a period did: of a state, what stood then."""
    before = month(max(period.last_month - months, Period("plan").first_month))
    return Period("so_far", before.year, before.number)


def _before(period: Period) -> Period | None:
    """The period before; before the January of a year so far comes the December of the year before."""
    if period.kind == "so_far" and period.number == 1:
        return Period("so_far", period.year - 1, 12)
    return period.previous
