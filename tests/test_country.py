"""A country is the sum of its provinces by the same laws, and what is asked of a part of it is what the whole tells."""

import shutil
from datetime import datetime
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from benchmarks.nation.country import fill, make
from benchmarks.nation.one_report import write
from benchmarks.nation.register import COUNTRY, register
from data_ingest import growing
from data_ingest.commands import Arrivals, load
from metrics import INDICATORS
from metrics.core.calculate import COLUMNS, PLACES
from metrics.core.ledger import Ledger
from views.unit_map import shapes_around
from warehouse.fields import LEVELS
from warehouse.period import Period
from warehouse.store import Engine, attach, create, current

PERIOD = Period.parse("2025-to-12")
IDS = tuple(INDICATORS)


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    """Two provinces with two districts of three communes each."""
    units = register(2)
    kept = {COUNTRY}
    for level, most in (("province", 2), ("district", 2), ("commune", 3), ("hamlet", 99)):
        mine = units[(units.level == level) & units.parent.isin(kept)]
        kept |= set(mine.groupby("parent").head(most).unit)
    con = duckdb.connect()
    create(con)
    fill(con, units[units.unit.isin(kept)].reset_index(drop=True))
    return Ledger(Engine(con))


@pytest.fixture(scope="module")
def whole(ledger) -> pd.DataFrame:
    return ledger.results(PERIOD)


def same(found: pd.DataFrame, told: pd.DataFrame, columns: list[str]) -> None:
    keys = ["indicator", "unit"]
    one, other = (each[columns].sort_values(keys, ignore_index=True) for each in (found, told))
    pd.testing.assert_frame_equal(one, other, check_dtype=False, rtol=1e-12)


def test_the_country_is_the_sum_of_its_provinces(whole):
    additive = whole[whole.indicator.isin([id for id, each in INDICATORS.items() if each.additive])]
    provinces = additive[additive.level == "province"].groupby("indicator")
    country = additive[additive.level == "country"].set_index("indicator")
    for part in ("numerator", "denominator"):
        of = [id for id in country.index if INDICATORS[id].denominator != "1" or part == "numerator"]
        sums = provinces[part].sum(min_count=1)[of]
        pd.testing.assert_series_equal(sums.sort_index(), country[part][of].sort_index(), check_names=False)
    assert (provinces.size() == 2).all() and country.reports.sum() > 0


def some(level: str) -> tuple[str, ...]:
    """Every fifth indicator, of each level others: it is units that are chosen here."""
    return IDS[LEVELS.index(level) :: len(LEVELS)]


@pytest.mark.parametrize("hamlets", [False, True])
@pytest.mark.parametrize("level", LEVELS)
def test_what_a_page_draws_from_is_what_the_whole_register_tells(ledger, whole, level, hamlets):
    unit = whole[whole.level == level].unit.iloc[-1]
    found = ledger.near(unit, (PERIOD,), some(level), hamlets)
    told = whole[whole.unit.isin(set(found.unit)) & whole.indicator.isin(some(level))]
    if level != "country":
        placeless = told[PLACES].astype("Int64").where(told.level != "province")
        told = told.assign(**placeless)
    same(found, told, COLUMNS)
    levels = {"country", "province", "district"} if level == "country" else {"province", "district", "commune"}
    assert set(found.level) == (levels | {"hamlet"} if hamlets and level != "country" else levels)
    assert level == "country" or found[found.level == "province"].unit.nunique() == 1


@pytest.mark.parametrize("level", LEVELS)
def test_what_is_asked_of_some_units_is_what_the_whole_register_tells_of_them(ledger, whole, level):
    ledger.forget()
    units = tuple(whole[whole.level == level].unit.unique()[-2:])
    found = ledger.over((PERIOD,), some(level), units)
    told = whole[whole.unit.isin(units) & whole.indicator.isin(some(level))]
    same(found, told, [each for each in COLUMNS if each not in PLACES])


def test_a_place_is_that_within_a_province(whole):
    units = whole[["unit", "parent"]].drop_duplicates().set_index("unit").parent
    placed = whole[(whole.level == "commune") & whole["rank"].notna()]
    counts = placed.groupby(["indicator", placed.parent.map(units)]).agg(ranked=("ranked", "first"), n=("unit", "size"))
    assert (counts.ranked == counts.n).all() and counts.n.max() <= 6
    provinces = whole[(whole.level == "province") & whole["rank"].notna()]
    assert provinces.ranked.max() == 2


def test_a_map_of_the_country_draws_its_provinces_and_of_one_province_its_communes(ledger, tmp_path):
    from benchmarks.nation.shapes import keep

    units = ledger.units(PERIOD)
    keep(units, tmp_path / "boundaries")
    country, inside = (shapes_around(tmp_path, unit, PERIOD, ledger) for unit in (COUNTRY, "001"))
    assert country.levels == ("district", "province")
    assert country.drawn == set(units.unit[units.level.isin(["province", "district"])])
    assert inside.levels == ("commune", "district")
    assert {units.level[each] for each in inside.drawn} == {"commune", "district"}
    assert {ledger.whole_of(each, PERIOD) for each in inside.drawn} == {"01"}


@pytest.fixture(scope="module")
def three(tmp_path_factory) -> tuple[Path, pd.DataFrame]:
    """Three provinces, whole, as a data folder and as a register."""
    data = tmp_path_factory.mktemp("three") / "data"
    return data, make(data, 3)


@pytest.mark.parametrize("least", [growing.LEAST, 0], ids=["added to a copy", "written whole"])
def test_a_report_more_leaves_every_other_fact_as_it_was(least, three, tmp_path, monkeypatch):
    """Of more rows than the database keeps in one group, which it reads in another way."""
    monkeypatch.setattr(growing, "LEAST", least)
    monkeypatch.setattr(growing, "SHARE", 0)
    (made, units), period = three, Period.parse("2025-12")
    data = Path(shutil.copytree(made, tmp_path / "data"))
    before = current(data)
    communes = list(units.unit[units.level == "commune"])[:1]
    done = load(data, write(tmp_path / "sent", units, communes, period), Arrivals(datetime(2026, 1, 5)))
    (read,) = done.built.told
    assert read.reading.accepted
    with duckdb.connect(str(current(data)), read_only=True) as con:
        attach(con, before, "last")
        many, lost = (
            con.execute(f"select count(*) from ({sql})").fetchone()[0]
            for sql in ("select distinct unit, last_month from last.facts", "from last.facts except all from facts")
        )
        assert many > 122_880
        assert lost == 0
        more = "select report, count(*) from (from facts except all from last.facts) group by all"
        assert con.execute(more).fetchall() == [(read.report, len(read.reading.rows))]
