"""Every indicator once more, in plain pandas straight from the workbooks: written from docs/, sharing no code with it.

Only the law is common: docs/fields.en.md says which printed label is which figure, and the formulas below were written
by hand from docs/indicators.en.md. Every other line – reading, versions, periods, roll-up, verdict – is its own.
"""

import csv
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
from python_calamine import CalamineWorkbook

ROOT = Path(__file__).parent.parent
REGISTER = (ROOT / "sample_data" / "units.csv", ROOT / "sample_data" / "hamlets.csv")
TIERS = ("province", "district", "commune", "hamlet")
FORM_OF = {"province": "provincial", "district": "periodic", "commune": "monthly", "hamlet": "monthly"}
FORM_PRINTED = {"01": "monthly", "02": "periodic", "03": "provincial"}
# What is told for a span of time and adds up over its months. Everything else is a state, of which the last counts.
FLOWS = (
    "guided_online_services", "guided_online_shopping", "guided_online_safety", "guided_government_platforms",
    "guided_mooc", "accounts_opened_e_payment", "accounts_opened_e_wallet", "accounts_opened_mobile_money",
    "business_households_supported", "training_sessions", "app_installs", "guided_portal", "guided_1022",
    "files_submitted_with_help", "outreach_events", "outreach_attendees", "guided_daily_life", "resident_classes",
    "resident_learners", "guided_essential_services", "programmes_joined", "outings", "news_items", "support_requests",
    "support_requests_met", "inspections_planned", "inspections_done", "units_inspected", "findings",
    "findings_followed_up", "conferences", "commended_collectives", "commended_individuals",
    "training_sessions_district", "funds_state_budget", "funds_integrated", "funds_mobilised", "volunteer_support_paid",
)  # fmt: skip
# The kinds of report that follow on one another without telling anything twice.
ADDS_UP = {"monthly": ("month",), "periodic": ("quarter",), "provincial": ("half", "year")}
LENGTH = {"month": 0, "quarter": 1, "half": 2, "year": 3, "plan": 4}


# Figures and their labels, as the dictionary prints them.


@dataclass(frozen=True)
class Figures:
    """What can be reported: by form and printed label its field; of a field its tier; of a part its whole."""

    by_label: dict[tuple[str, str], str]
    tier: dict[str, str]
    whole: dict[str, str]


def figures() -> Figures:
    by_label, tier, whole = {}, {}, {}
    for line in (ROOT / "docs" / "fields.en.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.split("|")[1:-1]]
        if len(cells) != 8 or not cells[0].startswith("`") or cells[4] == "words":
            continue
        field = cells[0].strip("`")
        tier[field] = "hamlet" if cells[2] == "khu/ấp" else cells[2]
        if cells[5]:
            whole[field] = cells[5].strip("`")
        for printed in cells[6].split("<br>"):
            form, label = printed.split(": ", 1)
            by_label[form, label] = field
    return Figures(by_label, tier, whole)


FIGURES = figures()


# Months are counted from year 0, so that spans are plain whole numbers.


def month_number(year: int, month: int) -> int:
    return 12 * year + month - 1


def last_day(month: int) -> date:
    year, index = divmod(month + 1, 12)
    return date(year, index + 1, 1) - timedelta(days=1)


def span(period: str) -> tuple[int, int]:
    """First and last month of a period: 2025-06, 2025-Q2, 2025-H1, 2025, 2025-to-06, or plan."""
    if period == "plan":
        return month_number(2023, 1), month_number(2025, 12)
    year, _, part = period.partition("-")
    january = month_number(int(year), 1)
    if not part:
        return january, january + 11
    if part.startswith("to-"):
        return january, january + int(part[3:]) - 1
    length = {"Q": 3, "H": 6}.get(part[0], 1)
    number = int(part.lstrip("QH"))
    return january + length * (number - 1), january + length * number - 1


# Reading


def plain(cell: object) -> str:
    return unicodedata.normalize("NFC", str(cell)).strip()


def number(cell: object) -> float:
    """A figure, a figure typed as text with dots or commas between thousands, or yes and no; a blank is no figure."""
    if isinstance(cell, int | float):
        return float(cell)
    text = plain(cell)
    if text in ("", "Có", "Không"):
        return {"": np.nan, "Có": 1.0, "Không": 0.0}[text]
    return float(re.sub(r"[.,]", "", text) if re.fullmatch(r"\d{1,3}([.,]\d{3})+", text) else text)


def spelled_period(text: str) -> str:
    """`Tháng 3/2024`, `Quý I/2024`, `6 tháng đầu năm 2024` or `Năm 2024`, as the other files write periods."""
    year = text[-4:]
    if text.startswith("Tháng"):
        return f"{year}-{int(text.split()[1].split('/')[0]):02}"
    if text.startswith("Quý"):
        return f"{year}-Q{('I', 'II', 'III', 'IV').index(text.split()[1].split('/')[0]) + 1}"
    return f"{year}-H1" if text.startswith("6 tháng") else year


def kind_of(period: str) -> str:
    part = period.partition("-")[2]
    return {"": "year", "Q": "quarter", "H": "half"}.get(part[:1], "month")


class Register:
    """The units of the sample's time; a name or a rank that changes ends one life and begins another of one unit."""

    def __init__(self) -> None:
        lives = pd.concat([pd.read_csv(path, dtype=str, keep_default_na=False) for path in REGISTER])
        self.lives = lives.assign(since=lives.since.replace("", "0000"), until=lives.until.replace("", "9999"))
        self.parent = dict(zip(lives.unit, lives.parent, strict=True))
        self.tier = dict(zip(lives.unit, lives.level, strict=True))
        self.name = dict(zip(lives.unit, lives.full_name, strict=True))
        self.hamlets = {
            (each.parent, each.full_name): each.unit for each in lives.itertuples() if each.level == "hamlet"
        }
        self.named = {
            f"{each.full_name}, {full_name}": each.unit
            for each in lives.itertuples()
            for full_name in lives.full_name[lives.unit == each.parent]
            if each.level == "commune"
        }

    def alive(self, day: date) -> set[str]:
        lives, on = self.lives, day.isoformat()
        return set(lives.unit[(lives.since <= on) & (on < lives.until)])

    def line(self, unit: str) -> list[str]:
        """The unit, its parent, and so on up to the province."""
        return [unit, *self.line(self.parent[unit])] if self.parent.get(unit) else [unit]


@dataclass(frozen=True)
class Report:
    """One workbook that can be taken: who reports on what, when it came, and by unit the figures it tells."""

    form: str
    unit: str
    period: str
    came: datetime
    told: dict[str, dict[str, float]]


def read(path: Path, came: datetime, register: Register) -> Report | None:
    """The report in a workbook, or None where it cannot be taken: nobody known sends it, or a part passes its whole."""
    book = CalamineWorkbook.from_path(path)
    sheets = [
        [list(map(plain_or_figure, row)) for row in book.get_sheet_by_name(s).to_python()] for s in book.sheet_names
    ]
    head = dict(asides(sheets[0]))
    printed = next(cell for row in sheets[0] for cell in row if re.fullmatch(r"Mẫu \d\d-TNTN/\d{4}", str(cell)))
    unit = head.get("Mã đơn vị:") or register.named.get(head["Đơn vị báo cáo:"])
    if unit is None:
        return None
    told = {unit: {}}
    for rows in sheets:
        told[unit] |= dict(listed(rows, printed))
        told |= dict(tabled(rows, printed, unit, register))
    if any(passes_its_whole(values) for values in told.values()):
        return None
    return Report(FORM_PRINTED[printed[4:6]], unit, spelled_period(head["Kỳ báo cáo:"]), came, told)


def plain_or_figure(cell: object) -> object:
    return plain(cell) if isinstance(cell, str) else cell


def asides(rows: list[list]) -> Iterator[tuple[str, str]]:
    """`Kỳ báo cáo:` and its like, with what stands beside them."""
    for row in rows:
        cells = [cell for cell in row if cell != ""]
        if len(cells) == 2 and str(cells[0]).endswith(":"):
            yield cells[0], str(cells[1])


def listed(rows: list[list], printed: str) -> Iterator[tuple[str, float]]:
    """Figures of the sender itself: the label stands in the second column, the figure in the fourth."""
    for row in rows:
        field = FIGURES.by_label.get((printed, row[1])) if len(row) > 3 else None
        if field and FIGURES.tier[field] != "hamlet":
            yield field, number(row[3])


def tabled(rows: list[list], printed: str, unit: str, register: Register) -> Iterator[tuple[str, dict[str, float]]]:
    """Figures of khu/ấp, a row each; sums and everything else that is no khu/ấp of this commune are left out."""
    columns: dict[int, str] = {}
    for row in rows:
        fields = {at: FIGURES.by_label.get((printed, cell)) for at, cell in enumerate(row)}
        fields = {at: field for at, field in fields.items() if field and FIGURES.tier[field] == "hamlet"}
        columns = fields or columns
        hamlet = register.hamlets.get((unit, row[1])) if columns else None
        if hamlet:
            yield hamlet, {field: number(row[at]) for at, field in columns.items()}


def passes_its_whole(values: dict[str, float]) -> bool:
    return any(values.get(part, np.nan) > values.get(whole, np.nan) for part, whole in FIGURES.whole.items())


def reports(folder: Path, register: Register) -> list[Report]:
    """All reports that can be taken, in the order in which they came."""
    with (folder / "received.csv").open(encoding="utf-8", newline="") as file:
        arrived = sorted((datetime.fromisoformat(line["received_at"]), line["file"]) for line in csv.DictReader(file))
    return [report for came, file in arrived if (report := read(folder / file, came, register))]


# What is owed


def owed(register: Register) -> pd.DataFrame:
    """Every report that the plan asks for while the unit lives, with the last day on which it is in time."""
    months = [f"{m // 12}-{m % 12 + 1:02}" for m in range(month_number(2023, 11), month_number(2025, 12) + 1)]
    quarters = ["2023-Q4", *(f"{year}-Q{n}" for year in (2024, 2025) for n in (1, 2, 3, 4))]
    longer = ["2024-H1", "2025-H1", "2023", "2024", "2025", "plan"]
    duties = {"commune": months, "district": [*quarters, *longer], "province": longer}
    rows = [
        (unit, FORM_OF[tier], period, "plan" if period == "plan" else kind_of(period), *span(period), due(period))
        for tier, periods in duties.items()
        for period in periods
        for unit in register.alive(last_day(span(period)[1]))
        if register.tier[unit] == tier
    ]
    return pd.DataFrame(rows, columns=["unit", "form", "period", "kind", "first", "last", "due"])


def due(period: str) -> date:
    if period == "plan":
        return date(2025, 12, 19)
    kind, end = kind_of(period), last_day(span(period)[1])
    if kind == "year":
        return date(end.year, 12, 4)
    return end.replace(day=17 if kind == "month" else 19)


# What each indicator is: contributions of one unit to numerator and denominator.

Column = Callable[[pd.DataFrame], pd.Series]


@dataclass(frozen=True)
class Defined:
    """An indicator as docs/indicators.en.md defines it; `tiers` are those whose reports it needs."""

    numerator: Column
    denominator: Column | None
    tiers: tuple[str, ...]
    target: float | None = None
    scale: float = 1
    lower: bool = False
    silence_is_zero: bool = False
    anew: bool = False  # worked out at every unit from the sums of its two figures, and no ratio

    @property
    def forms(self) -> set[str]:
        return {FORM_OF[tier] for tier in self.tiers}


def total(field: str) -> Defined:
    return Defined(lambda u: u[field], None, (FIGURES.tier[field],))


def share(part: str, whole: str, target: float | None = None, scale: float = 100, lower: bool = False) -> Defined:
    """Of units that told both figures."""
    return Defined(
        lambda u: u[part].where(u[whole].notna()),
        lambda u: u[whole].where(u[part].notna()),
        (FIGURES.tier[part],), target, scale, lower,
    )  # fmt: skip


def coverage(target: float = 100, **floors: tuple[str, float]) -> Defined:
    """Units whose figure reaches its floor, of all units of those tiers in the register: `commune=("outings", 1)`."""
    tiers = tuple(floors)
    return Defined(
        lambda u: sum((u.tier == tier) & (u[field] >= least) for tier, (field, least) in floors.items()).astype(float),
        lambda u: sum(u.tier == tier for tier in tiers).astype(float),
        tiers, target, 100,
    )  # fmt: skip


def shortfall(teams: str, members: str, floor: int) -> Defined:
    return Defined(
        lambda u: (floor - u[members].fillna(0)).clip(lower=0).where(u[teams].notna() | u[members].notna()),
        None, (FIGURES.tier[teams],), 0, lower=True,
    )  # fmt: skip


def rate(done: str, *tiers: str) -> Defined:
    """Reports that came, or came in time, of those owed; who is silent stands at 0."""
    forms = [FORM_OF[tier] for tier in tiers]
    return Defined(
        lambda u: u[[f"{form}_{done}" for form in forms]].sum(axis=1),
        lambda u: u[[f"{form}_owed" for form in forms]].sum(axis=1),
        tiers, 100, 100, silence_is_zero=True,
    )  # fmt: skip


def added(u: pd.DataFrame, *fields: str) -> pd.Series:
    """A figure left blank counts as none where another is told."""
    return u[list(fields)].sum(axis=1, min_count=1)


def lacking(u: pd.DataFrame) -> pd.Series:
    return (np.ceil(30 * u.households / 100) - u.households_e_payment_any).clip(lower=0)


FUNDS = ("funds_state_budget", "funds_integrated", "funds_mobilised")
TRAINED = ("hamlet_team_trained", "commune_team_trained", "formation_trained")
MEMBERS = ("hamlet_team_members", "commune_team_members", "formation_members")
BUSINESSES = ("business_households", "enterprises")
SKILLS = ("online_services", "online_shopping", "online_safety", "government_platforms", "mooc")
TOTALS = (
    "training_sessions", "training_sessions_district", "training_sessions_province", "accounts_opened_e_payment",
    "accounts_opened_e_wallet", "accounts_opened_mobile_money", "sellers_voso", "sellers_postmart",
    "sellers_binhduongtrade", "business_households_supported", "guided_portal", "guided_1022", "app_installs",
    "files_submitted_with_help", "guided_essential_services", "resident_classes", "resident_learners",
    "outreach_events", "outreach_attendees", "guided_daily_life", "programmes_joined", "support_points", "outings",
    "news_items", "member_lists_received", "district_lists_received", "universities", "seconded_volunteers",
    "units_inspected", "conferences", "provincial_conferences", "commended_collectives", "commended_individuals",
    "joint_evaluations", "funds_state_budget", "funds_integrated", "funds_mobilised", "volunteer_support_paid",
)  # fmt: skip

DEFINED: dict[str, Defined] = {
    **{field: total(field) for field in TOTALS},
    **{f"guided_{skill}": total(f"guided_{skill}") for skill in SKILLS},
    **{f"guided_{skill}_per_1000_adults": share(f"guided_{skill}", "adults", scale=1000) for skill in SKILLS},
    # coverage
    "district_formation_coverage": coverage(district=("formations", 1)),
    "commune_team_coverage": coverage(commune=("commune_teams", 1)),
    "hamlet_team_coverage": coverage(hamlet=("hamlet_teams", 1)),
    "neighbourhood_group_coverage": Defined(
        lambda u: np.minimum(u.groups, u.neighbourhoods),
        lambda u: u.neighbourhoods.where(u.groups.notna()),
        ("hamlet",), 100, 100,
    ),
    "household_assignment_coverage": share("households_assigned", "households", 100),
    "household_visit_coverage": share("households_visited", "households"),
    # staffing
    "district_formation_compliance": coverage(district=("formation_members", 20)),
    "commune_team_compliance": coverage(commune=("commune_team_members", 20)),
    "hamlet_team_compliance": coverage(hamlet=("hamlet_team_members", 10)),
    "district_formation_shortfall": shortfall("formations", "formation_members", 20),
    "commune_team_shortfall": shortfall("commune_teams", "commune_team_members", 20),
    "hamlet_team_shortfall": shortfall("hamlet_teams", "hamlet_team_members", 10),
    "team_members_trained_share": Defined(
        lambda u: sum(u[t].where(u[m].notna()).fillna(0) for t, m in zip(TRAINED, MEMBERS, strict=True)),
        lambda u: sum(u[m].where(u[t].notna()).fillna(0) for t, m in zip(TRAINED, MEMBERS, strict=True)),
        ("hamlet", "commune", "district"), None, 100,
    ),
    "team_members_basic_it_share": share("members_basic_it", "commune_team_members"),
    "households_per_volunteer": share("households", "hamlet_team_members", scale=1, lower=True),
    # e-wallets and businesses
    "e_wallet_household_share": share("households_e_payment_any", "households", 30),
    "e_payment_account_share": share("households_e_payment_account", "households"),
    "e_wallet_only_share": share("households_e_wallet", "households"),
    "mobile_money_share": share("households_mobile_money", "households"),
    "hamlets_at_e_wallet_target_share": Defined(
        lambda u: ((u.households > 0) & (100 * u.households_e_payment_any >= 30 * u.households)).astype(float),
        lambda u: ((u.households > 0) & u.households_e_payment_any.notna()).astype(float),
        ("hamlet",), 100, 100,
    ),
    "households_missing_to_e_wallet_target": Defined(lacking, None, ("hamlet",), 0, lower=True),
    "households_missing_to_e_wallet_target_as_a_whole": Defined(
        lambda u: u.households_e_payment_any.where(u.households.notna()),
        lambda u: u.households.where(u.households_e_payment_any.notna()),
        ("hamlet",), 0, lower=True, anew=True,
    ),
    "commerce_floor_share": Defined(
        lambda u: u.sellers_any.where(added(u, *BUSINESSES).notna()),
        lambda u: added(u, *BUSINESSES).where(u.sellers_any.notna()),
        ("commune",), None, 100,
    ),
    "business_e_payment_share": share("business_households_e_payment", "business_households"),
    "business_cashless_share": share("business_households_cashless", "business_households"),
    # accounts of people
    "online_service_account_person_share": share("people_online_service_account", "adults", 100),
    "online_service_account_household_share": share("households_online_service_account", "households", 100),
    "digital_signature_share": share("people_digital_signature", "adults", 100),
    "data_store_share": share("people_data_store", "adults", 100),
    "payment_account_person_share": share("people_payment_account", "adults", 100),
    # organisation and supervision
    "provincial_committee_coverage": coverage(province=("provincial_committee", 1)),
    "organising_committee_coverage": coverage(commune=("organising_committee", 1), district=("district_committee", 1)),
    "district_committee_coverage": coverage(district=("district_committee", 1)),
    "commune_committee_coverage": coverage(commune=("organising_committee", 1)),
    "helper_team_coverage": coverage(district=("helper_team", 1), province=("provincial_helper_team", 1)),
    "district_plan_coverage": coverage(district=("district_plan_issued", 1)),
    "member_list_coverage": coverage(commune=("member_list_sent", 1)),
    "online_group_coverage": coverage(commune=("online_group", 1)),
    "communication_channel_done": coverage(province=("communication_channel", 1)),
    "management_tool_done": coverage(province=("management_tool", 1)),
    "criteria_issued_done": coverage(province=("criteria_issued", 1)),
    "budget_in_estimate_done": coverage(province=("budget_in_estimate", 1)),
    "support_norms_issued_done": coverage(province=("support_norms_issued", 1)),
    "assigned_targets_share": Defined(
        lambda u: u.teams_with_assigned_targets.where(u.below_hamlet_teams.notna()),
        lambda u: u.below_hamlet_teams.where(u.teams_with_assigned_targets.notna()),
        ("commune",), 100, 100,
    ),
    "reinforcement_met_share": share("support_requests_met", "support_requests"),
    "inspection_plan_coverage": coverage(district=("inspection_plan_issued", 1)),
    "inspection_completion": share("inspections_done", "inspections_planned", 100),
    "findings_followed_up_share": share("findings_followed_up", "findings"),
    # funding
    "funds_total": Defined(lambda u: added(u, *FUNDS), None, ("district",)),
    "mobilised_funds_share": Defined(
        lambda u: u.funds_mobilised,
        lambda u: added(u, *FUNDS).where(u.funds_mobilised.notna()),
        ("district",), None, 100,
    ),
    # reporting
    "reporting_rate": rate("came", "commune", "district", "province"),
    "on_time_rate": rate("in_time", "commune", "district", "province"),
    "monthly_reporting_rate": rate("came", "commune"),
    "periodic_reporting_rate": rate("came", "district"),
    "provincial_reporting_rate": rate("came", "province"),
    "monthly_on_time_rate": rate("in_time", "commune"),
    "periodic_on_time_rate": rate("in_time", "district"),
    "provincial_on_time_rate": rate("in_time", "province"),
}  # fmt: skip


# From reports to results


class Sample:
    """All that the sample's workbooks tell; `results(period)` is what follows from it for every unit."""

    def __init__(self, folder: Path) -> None:
        self.register = Register()
        taken = reports(folder, self.register)
        first_came = {(each.unit, each.form, each.period): each.came for each in reversed(taken)}
        standing = {(each.unit, each.form, each.period): each for each in taken}.values()
        self.facts = pd.DataFrame([row for each in standing for row in self._rows(each)])
        for field in set(FIGURES.tier) - set(self.facts):
            self.facts[field] = np.nan
        self.owed = owed(self.register)
        came = [first_came.get(key) for key in zip(self.owed.unit, self.owed.form, self.owed.period, strict=True)]
        self.owed["came"] = [day is not None for day in came]
        self.owed["in_time"] = [
            day is not None and day.date() <= due for day, due in zip(came, self.owed.due, strict=True)
        ]
        self.owed["adds_up"] = [
            kind in ADDS_UP[form] for kind, form in zip(self.owed.kind, self.owed.form, strict=True)
        ]

    def _rows(self, report: Report) -> Iterator[dict]:
        first, last = span(report.period)
        kind = kind_of(report.period)
        for unit, values in report.told.items():
            adds_up = kind in ADDS_UP[report.form]
            key = {"unit": unit, "first": first, "last": last, "length": LENGTH[kind], "adds_up": adds_up}
            yield key | values

    def results(self, period: str) -> pd.DataFrame:
        """A row per indicator and unit: contributions summed over each unit and all those below it, then judged."""
        units = self.units(*span(period))
        given = pd.concat({name: contributions(each, units) for name, each in DEFINED.items()}, axis=1)
        below, above = zip(*((unit, each) for unit in units.index for each in self.register.line(unit)), strict=True)
        summed = given.loc[list(below)].groupby(np.array(above)).sum(min_count=1)
        rows = summed.rename_axis(index="unit", columns=["indicator", None]).stack(level=0).reset_index()
        rows = rows.merge(RULES, left_on="indicator", right_index=True)
        rows["level"] = rows.unit.map(units.tier)
        rows = rows[rows.level.cat.codes <= rows.lowest].copy()
        hamlets = rows.level == "hamlet"  # owes nothing itself: owed are its commune's reports, and some tell of it
        rows.loc[hamlets, "reports"] = rows.unit.map(units.told)
        rows.loc[hamlets, "reports_due"] = rows.unit.map(units.parent).map(units.monthly_reports_due)
        return judged(rows)

    def units(self, first: int, last: int) -> pd.DataFrame:
        """A row per unit alive at the period's end: its figures in the period, its reports that came or are owed."""
        facts = self.facts[(self.facts["first"] >= first) & (self.facts["last"] <= last)]
        alive = self.register.alive(last_day(int(facts["last"].max()) if len(facts) else last))
        units = pd.DataFrame(index=pd.Index(sorted(alive), name="unit"))
        units["tier"] = pd.Categorical(units.index.map(self.register.tier), TIERS)
        units["parent"] = units.index.map(self.register.parent)
        by_unit = facts.sort_values(["last", "length"]).groupby("unit")
        stocks = [field for field in FIGURES.tier if field not in FLOWS]
        units = units.join(by_unit[stocks].last())
        units = units.join(facts[facts.adds_up].groupby("unit")[list(FLOWS)].sum(min_count=1))
        below = units[units.tier == "hamlet"].groupby("parent").hamlet_teams.sum(min_count=1)
        units["below_hamlet_teams"] = below.reindex(units.index)
        return self._with_duties(units, facts, first, last)

    def _with_duties(self, units: pd.DataFrame, facts: pd.DataFrame, first: int, last: int) -> pd.DataFrame:
        duties = self.owed[(self.owed["first"] >= first) & (self.owed["last"] <= last)]
        for form in ADDS_UP:
            of_form = duties[duties.form == form]
            counted = {
                f"{form}_owed": of_form.groupby("unit").size(),
                f"{form}_came": of_form[of_form.came].groupby("unit").size(),
                f"{form}_in_time": of_form[of_form.in_time].groupby("unit").size(),
                f"{form}_reports": of_form[of_form.came & of_form.adds_up].groupby("unit").size(),
                f"{form}_reports_due": of_form[of_form.adds_up].groupby("unit").size(),
            }
            for name, count in counted.items():
                units[name] = count.reindex(units.index).fillna(0)
        return units.assign(
            told=facts[facts.adds_up].groupby("unit").size().reindex(units.index).fillna(0),
            heard=units.index.isin(facts.unit),
        )


def contributions(defined: Defined, units: pd.DataFrame) -> pd.DataFrame:
    """What each unit by itself adds to an indicator: to both figures, to the reports, and whether it was heard."""
    told = {"numerator": defined.numerator(units)}
    told["denominator"] = defined.denominator(units) if defined.denominator else pd.Series(np.nan, units.index)
    for count in ("reports", "reports_due"):
        told[count] = sum(units[f"{form}_{count}"] for form in defined.forms)
    told["heard"] = sum((units.tier == tier) & units.heard for tier in defined.tiers).astype(float)
    return pd.DataFrame(told)


RULES = pd.DataFrame(
    {
        name: {
            "lowest": max(map(TIERS.index, each.tiers)),
            "a_sum": each.denominator is None or each.anew,
            "anew": each.anew,
            "target": np.nan if each.target is None else float(each.target),
            "scale": each.scale,
            "lower": each.lower,
            "silence_is_zero": each.silence_is_zero,
        }
        for name, each in DEFINED.items()
    }
).T.astype(
    {
        "lowest": int,
        "a_sum": bool,
        "anew": bool,
        "target": float,
        "scale": float,
        "lower": bool,
        "silence_is_zero": bool,
    }
)


def judged(rows: pd.DataFrame) -> pd.DataFrame:
    """Value, what is missing to the target, and the verdict; nothing is rounded before it is compared."""
    lacking_as_a_whole = (np.ceil(30 * rows.denominator / 100) - rows.numerator).clip(lower=0)
    rows["numerator"] = rows.numerator.mask(rows.anew, lacking_as_a_whole)
    rows["denominator"] = rows.denominator.mask(rows.a_sum)
    rows["numerator"] = rows.numerator.where((rows.heard > 0) | rows.silence_is_zero)
    ratio = rows.scale * rows.numerator / rows.denominator.where(rows.denominator > 0)
    rows["value"] = ratio.mask(rows.a_sum, rows.numerator)
    to_reach = np.ceil(rows.target * rows.denominator / rows.scale) - rows.numerator
    missing = to_reach.mask(rows.lower, rows.value - rows.target).clip(lower=0)
    return rows.assign(missing=missing.where(rows.value.notna()), status=verdict(rows))


def verdict(rows: pd.DataFrame) -> np.ndarray:
    gap = (rows.target - rows.value).mask(rows.lower, rows.value - rows.target)
    silent = rows.reports == 0
    cases = {
        "not_applicable": (silent & (rows.reports_due == 0)) | (rows.value.isna() & (~silent | rows.silence_is_zero)),
        "no_report": silent & ~rows.silence_is_zero,
        "no_target": rows.target.isna(),
        "met": gap <= 0,
        "near": gap <= rows.target / 10,
    }
    return np.select(list(cases.values()), list(cases), "behind")
