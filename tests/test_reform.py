"""Through the reform: any period in the units of any day; nothing is lost, and what is estimated says so."""

import io
import zipfile
from datetime import date

import duckdb
import openpyxl
import pandas as pd
import pytest
import shapely
from opening import open_at, text

from data_ingest import commands
from data_ingest.reshaped import reshaped
from data_ingest.standing import SHIPPED
from exports.package import package
from language import LANGUAGES
from metrics import INDICATORS
from metrics.core.calculate import results
from metrics.core.indicator import Indicator
from metrics.core.ledger import Ledger
from views.agenda import agendas
from views.geography import geography
from views.other_units import told_in_others
from views.pack import pack
from views.staffing_gaps import TIERS, staffing_gaps, tiers
from views.view import Choice
from warehouse.lineage import breaks, heirs
from warehouse.period import Period
from warehouse.schedule import expected
from warehouse.store import current
from warehouse.units import alive, read_units

REFORM = date(2025, 7, 1)
PERIODS = [Period.parse(each) for each in ("2025-to-06", "2024", "2025-Q1", "2024-03")]
DAYS = [None, date(2024, 5, 1), REFORM]  # the first days of the spans between which units change
ADDITIVE = [each for each in INDICATORS.values() if each.additive]
SHARE = INDICATORS["e_wallet_household_share"]


@pytest.fixture(scope="module")
def register() -> pd.DataFrame:
    return pd.concat([read_units(each) for each in SHIPPED], ignore_index=True)


@pytest.fixture(scope="module")
def new(sample) -> Ledger:
    return Ledger.open(current(sample), units_of=REFORM)


# What became of whom


@pytest.mark.parametrize("since", DAYS, ids=str)
def test_on_every_day_every_unit_of_another_day_is_shown_whole_as_units_of_that_day(register, since):
    found = heirs(register)
    found = found[found.seen_since.isna() if since is None else found.seen_since == since]
    there = set(alive(register, since or date(2023, 11, 3)).unit)
    assert set(found.unit) == set(register.unit) - there
    assert set(found.heir) <= there
    assert (found.groupby("unit").share.sum() == 1).all()
    assert (found.share > 0).all()
    assert (found.kind.isna() == (found.share == 1)).all()


def test_each_hamlet_goes_whole_to_one_commune_and_stays_its_part(register):
    found = heirs(register).merge(register[["unit", "level"]].drop_duplicates(), on="unit")
    found = found[(found.level == "hamlet") & (found.seen_since == REFORM)]
    assert len(found) == 587
    assert (found.share == 1).all()
    assert found.as_part.all()


def test_a_new_name_is_no_reform(register):
    assert breaks(heirs(register)) == [REFORM]


def _split(**people: int | None) -> pd.DataFrame:
    """A commune that was split three to one by area, with a khu/ấp of so many people in each part."""
    rows = [
        ("P", "province", None, None, None, None, None),
        ("C", "commune", "P", None, REFORM, "X:0.75 Y:0.25", 900),
        *((f"C-{to}", "hamlet", "C", None, REFORM, f"{to}:1", count) for to, count in people.items()),
        *((each, "commune", "P", REFORM, None, None, None) for each in "XY"),
    ]
    columns = ["unit", "level", "parent", "since", "until", "became", "people_2019"]
    return pd.DataFrame(rows, columns=columns).assign(area_km2=None).astype(object)


@pytest.mark.parametrize(
    ("people", "kind", "share"),
    [({"X": 300, "Y": 600}, "people", 1 / 3), ({"X": 300, "Y": None}, "area", 0.75), ({}, "area", 0.75)],
)
def test_a_split_commune_is_shared_out_by_people_and_where_they_are_not_known_by_area(people, kind, share):
    found = heirs(_split(**people))
    found = found[(found.unit == "C") & (found.heir == "X")].iloc[0]
    assert found.kind == kind
    assert found.share == pytest.approx(share, abs=1e-6)


# Nothing is lost


@pytest.mark.parametrize("period", PERIODS, ids=str)
def test_the_total_before_is_the_total_after(period, ledger, new):
    before, after = (each.results(period).set_index(["unit", "indicator"]) for each in (ledger, new))
    for column in ("numerator", "denominator", "value", "reports", "reports_due", "status"):
        told, shown = before.loc["74", column], after.loc["79", column]
        assert shown.index.tolist() == told.index.tolist()
        assert [None if pd.isna(a) else a for a in told] == [None if pd.isna(b) else b for b in shown], column


@pytest.mark.parametrize("period", PERIODS, ids=str)
@pytest.mark.parametrize("level", ["commune", "hamlet"])
def test_the_new_units_add_up_to_what_the_old_ones_did(level, period, ledger, new):
    before, after = (each.results(period) for each in (ledger, new))
    before, after = (each[each.level == level].groupby("indicator") for each in (before, after))
    for each in ADDITIVE:
        for column in ("numerator", *(["denominator"] if each.denominator != "1" else [])):
            told, shown = (each_[column].sum().get(each.id, 0) for each_ in (before, after))
            assert shown == told, (each.id, column)


def test_what_hamlets_told_is_exact_and_what_a_split_commune_told_in_one_sum_is_marked(new):
    found = new.results(PERIODS[0])
    marked = found[found.estimated.notna()]
    assert set(marked.estimated) == {"people"}
    assert set(marked.level) == {"commune"}
    split = set(new.split(PERIODS[0]).unit)
    assert set(marked.unit) == split
    finest = {INDICATORS[each].finest for each in set(marked.indicator)}
    assert "hamlet" not in finest - {"hamlet"} and "e_wallet_household_share" not in set(marked.indicator)
    of_communes = found[(found.indicator == "outreach_events") & found.unit.isin(split)]
    assert of_communes.estimated.notna().all()


def test_a_commune_made_of_whole_ones_is_their_sum(ledger, new, register):
    made_of: dict[str, set[str]] = {}
    for row in register[(register.level == "commune") & (register.until == REFORM)].itertuples():
        for part in row.became.split():
            made_of.setdefault(part.partition(":")[0], set()).add(row.unit if part.endswith(":1.0000") else "")
    whole = {heir: old for heir, old in made_of.items() if "" not in old}
    assert len(whole) > 10
    before, after = (each.one(PERIODS[0], SHARE).set_index("unit") for each in (ledger, new))
    for heir, old in whole.items():
        assert after.numerator[heir] == before.numerator.reindex(sorted(old)).sum(), heir
        assert after.reports_due[heir] == before.reports_due[sorted(old)].sum()


@pytest.mark.parametrize("id", ["outreach_events", "commune_team_compliance", "resident_learners"])
def test_the_cells_behind_a_number_and_their_shares_give_it(id, new):
    indicator, unit = INDICATORS[id], new.split(PERIODS[0]).unit.iloc[0]
    cells = new.trace(indicator, unit, PERIODS[0])
    own = new.one(PERIODS[0], indicator).set_index("unit").loc[unit]
    if id == "commune_team_compliance":
        assert (cells.share * (cells.value >= 20)).sum() == pytest.approx(own.numerator)
    else:
        assert (cells.share * cells.value.astype(float)).sum() == pytest.approx(own.numerator)
    assert (cells.share < 1).any()


# After it


@pytest.fixture
def reformed(world):
    """A1 was split three to two into N and M, A2 became a part of N, B1 of M; the districts ended with the province."""
    told = {"A1": "N:0.6 M:0.4", "A2": "N:1", "B1": "M:1", "P": "Q:1"}
    for unit in ("P", "A", "B", *told, *(f"{c}-{n}" for c in ("A1", "A2", "B1") for n in (1, 2))):
        became = told.get(unit, f"{'N' if unit[:2] in ('A1', 'A2') else 'M'}:1" if "-" in unit else None)
        world.con.execute("update units set until = ?, became = ? where unit = ?", [REFORM, became, unit])
    for unit, level, parent in (("Q", "province", None), ("N", "commune", "Q"), ("M", "commune", "Q")):
        row = [unit, level, unit, unit, parent, REFORM]
        world.con.execute(
            "insert into units (unit, level, name, full_name, parent, since) values (?, ?, ?, ?, ?, ?)", row
        )
    units = world.con.execute("select * from units").df()
    for column in ("since", "until"):
        units[column] = [None if pd.isna(each) else each.date() for each in units[column]]
    found, owed = heirs(units), expected(units)  # noqa: F841, read by the next lines
    world.con.execute("insert into heirs by name select * from found")
    world.con.execute("delete from expected")
    world.con.execute("insert into expected by name select * from owed")
    return world


def _flow(indicator: str = "outreach_events") -> Indicator:
    return INDICATORS[indicator]


def _told(world, sender: str, period: str, **values: int) -> None:
    world.con.execute("insert into receipts values (?, 'x', 'x', '2025-12-01', '')", [world.reports + 1])
    level = {"A1": "commune", "A2": "commune", "B1": "commune", "N": "commune", "M": "commune"}[sender]
    p = Period.parse(period)
    world.reports += 1
    number = world.reports
    world.con.execute(
        "insert into reports (report, receipt, form, unit, period, received_at, accepted)"
        " values (?, ?, 'monthly', ?, ?, '2025-12-01', true)", [number, number, sender, period],
    )  # fmt: skip
    row = {"report": number, "unit": sender, "level": level, "sheet": "1", "first_month": p.first_month,
           "last_month": p.last_month, "recency": p.last_month, "adds_up": True, **values}  # fmt: skip
    marks = ", ".join("?" * len(row))
    world.con.execute(f"insert into facts ({', '.join(row)}) values ({marks})", list(row.values()))


def test_a_year_over_the_reform_is_told_in_the_new_units_and_holds_what_the_old_ones_told(reformed):
    _told(reformed, "A1", "2025-05", outreach_events=10)
    _told(reformed, "A2", "2025-06", outreach_events=5)
    _told(reformed, "N", "2025-07", outreach_events=100)
    ledger = Ledger(reformed.engine)
    found = ledger.one(Period.parse("2025-to-07"), _flow()).set_index("unit")
    assert found.numerator["Q"] == 115
    assert found.numerator["N"] == pytest.approx(0.6 * 10 + 5 + 100, abs=1e-4)
    assert found.numerator["N"] + found.numerator["M"] == 115
    assert (found.estimated["N"], pd.isna(found.estimated["Q"])) == ("area", True)


def test_of_a_state_only_those_that_live_at_the_end_tell(reformed):
    _told(reformed, "A1", "2025-06", business_households=50, sellers_any=10)
    _told(reformed, "N", "2025-07", business_households=70, sellers_any=14)
    found = Ledger(reformed.engine).one(Period.parse("2025-to-07"), _flow("commerce_floor_share")).set_index("unit")
    assert (found.numerator["Q"], found.denominator["Q"]) == (14, 70)


def test_what_the_new_units_told_is_shown_in_the_old_ones(reformed):
    _told(reformed, "N", "2025-07", outreach_events=100)
    ledger = Ledger(reformed.engine, units_of=date(2025, 6, 30))
    found = ledger.one(Period.parse("2025-07"), _flow()).set_index("unit")
    assert set(found.level) == {"province", "district", "commune"}
    assert found.numerator["P"] == found.numerator["A"] == 100
    assert found.numerator["A1"] + found.numerator["A2"] == 100
    assert set(found.estimated[["A1", "A2"]]) == {"area"}


def test_who_must_report_to_whom_and_by_when_is_dated(reformed):
    ledger = Ledger(reformed.engine)
    before, after = (ledger.reporting(Period.parse(each)) for each in ("2025-06", "2025-07"))
    assert set(before.unit) == {"A1", "A2", "B1"}
    assert set(after.unit) == {"N", "M"}
    assert set(ledger.reporting(Period.parse("2025-Q2")).unit) == {"A", "B", "A1", "A2", "B1"}
    assert set(ledger.reporting(Period.parse("2025-Q3")).unit) == {"N", "M"}


def test_where_nothing_was_split_or_moved_the_ways_give_the_same(ledger):
    period = PERIODS[0]
    plain = ledger.shown(period)
    told = list(INDICATORS.values())
    first, second = (results(ledger.engine, [each], told) for each in (plain, plain._replace(seen=plain.told_on)))
    pd.testing.assert_frame_equal(first, second.assign(estimated=None), check_dtype=False)


# What a reader sees


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_says_in_whose_units_it_is(language, sample, monkeypatch, new):
    monkeypatch.setenv("KPI_DATA", str(sample))
    choice = Choice(language, PERIODS[0], "79", SHARE, units_of=REFORM)
    said = told_in_others(choice, new)
    assert "36" in said and "91" in said and "≈" in said
    for page in ("overview", "unit_map", "leaderboard", "unit_profile", "reports", "data_quality", "staffing_gaps",
                 "difficulties", "one_indicator", "explore", "emulation", "commitments", "sources"):  # fmt: skip
        app = open_at(page, lang=language, units_of=str(REFORM))
        assert not app.exception, page
        assert said in text(app), page


def test_what_was_promised_is_judged_as_the_unit_that_promised(ledger, sample):
    since = Ledger.open(current(sample), units_of=REFORM)
    first, second = (each.commitments() for each in (Ledger.open(current(sample)), since))
    assert first.value.notna().any()
    pd.testing.assert_frame_equal(first, second)


@pytest.mark.parametrize("tier", TIERS)
def test_gaps_name_no_district_where_there_is_none(tier, new):
    choice = Choice("en", PERIODS[0], "79", SHARE, units_of=REFORM)
    assert "top" not in staffing_gaps(choice, new, tier).drawn
    assert tiers(choice, new).keys() == TIERS.keys() - {"district"}


def test_a_profile_tells_which_units_are_shown_as_it_and_how_much_of_each(sample, monkeypatch, new):
    monkeypatch.setenv("KPI_DATA", str(sample))
    app = open_at("unit_profile", unit="25747.2025", units_of=str(REFORM), section="parts")
    assert not app.exception
    moved = new.lives.moves(new.shown(new.latest))
    for row in moved[(moved.unit == "25747.2025") & (moved.sender != moved.unit)].itertuples():
        assert new.register.full_name[row.sender] in text(app)
    assert "28,38" in text(app)


def test_of_hamlets_with_one_name_each_says_of_which_commune_it_was(new):
    units = new.units(PERIODS[0])
    hamlets = units[units.level == "hamlet"]
    assert not hamlets.duplicated(["parent", "full_name"]).any()
    results = new.one(PERIODS[0], SHARE).set_index("unit")
    assert results.unit_name[hamlets.unit].tolist() == hamlets.full_name.tolist()


def test_a_unit_of_before_leads_to_what_it_became(sample, monkeypatch):
    monkeypatch.setenv("KPI_DATA", str(sample))
    app = open_at("unit_profile", unit="25741", units_of=str(REFORM))
    assert "Phú Lợi" in text(app)
    assert not app.warning


def test_reports_are_asked_of_those_that_owed_them(sample, monkeypatch):
    monkeypatch.setenv("KPI_DATA", str(sample))
    app = open_at("reports", units_of=str(REFORM))
    assert "Thị trấn Lai Uyên" in text(app)


def test_the_map_draws_every_new_commune(sample, new):
    shapes = geography(sample, new.day(PERIODS[0]))
    found = new.one(PERIODS[0], SHARE)
    assert set(found.unit[found.level == "commune"]) <= shapes.drawn
    assert set(geography(sample, date(2025, 6, 30)).drawn).isdisjoint(shapes.drawn)


def test_a_package_in_new_units_makes_its_results_again(sample):
    ledger = Ledger.open(current(sample), date(2025, 6, 20), units_of=REFORM)
    data = package(ledger, [PERIODS[2]], "79", geography(sample, REFORM))
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        con = duckdb.connect()
        for table in ("results", "facts", "units", "heirs", "reports", "expected", "targets"):
            name = next(each for each in opened.namelist() if each.endswith(f"parquet/{table}.parquet"))
            rows = pd.read_parquet(io.BytesIO(opened.read(name)))  # noqa: F841, read by the next line
            con.execute(f"create table {table} as select * from rows")
        again = con.execute(opened.read("results.sql").decode()).df()
        held = con.execute("select * from results").df()
    key = ["indicator", "unit"]
    again, held = (each.sort_values(key, ignore_index=True) for each in (again, held))
    assert again[key].equals(held[key])
    for column in ("numerator", "denominator", "value", "reports", "reports_due"):
        assert again[column].fillna(-1).tolist() == held[column].fillna(-1).tolist(), column
    assert set(held.estimated.dropna()) == {"people"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_pack_says_in_whose_units_it_is_and_has_another_id(language, sample):
    ledger = Ledger.open(current(sample), date(2025, 6, 20), units_of=REFORM)
    choice = Choice(language, Period.parse("2025-Q2"), "79", SHARE, as_of=date(2025, 6, 20), units_of=REFORM)
    made = pack(agendas()["quarter"], choice, ledger, geography(sample, REFORM))
    assert told_in_others(choice, ledger) in made.complete
    assert made.id != pack(agendas()["quarter"], choice.but(units_of=None), ledger, geography(sample, REFORM)).id


# Shapes


def test_a_split_commune_is_cut_by_its_shares_and_nothing_is_lost(register):
    units = register[(register.level == "commune") & (register.until == REFORM)]
    squares = {unit: shapely.box(k % 10, k // 10, k % 10 + 1, k // 10 + 1) for k, unit in enumerate(units.unit)}
    found = reshaped(squares, units, REFORM)
    assert len(found) == 36
    assert sum(each.area for each in found.values()) == pytest.approx(len(squares), rel=1e-3)
    areas: dict[str, float] = {}
    for became in units.became:
        for part in became.split():
            heir, _, share = part.partition(":")
            areas[heir] = areas.get(heir, 0) + float(share)
    for heir, shape in found.items():
        assert shape.area == pytest.approx(areas[heir], rel=0.01), heir


@pytest.mark.parametrize(("unit", "period"), [("79", "2025"), ("79", "plan"), ("74", "2025-H1"), ("74", "2024")])
def test_the_form_of_whoever_owes_it_comes_back_as_its_report(unit, period, tmp_path):
    out = tmp_path / "form.xlsx"
    commands.form(tmp_path, "provincial", unit, period, out)
    book = openpyxl.load_workbook(out)
    cells = (cell for sheet in book.worksheets for row in sheet for cell in row)
    empty = next(cell for cell in cells if cell.value is None and not cell.protection.locked)
    empty.value = 1
    book.save(out)
    ((_, (reading,)),) = commands.check(tmp_path, [out])
    assert (reading.unit, reading.period) == (unit, period)
    assert not [each.says("en") for each in reading.problems if each.blocks]
