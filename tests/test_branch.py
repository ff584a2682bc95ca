"""A viewer of one branch cannot reach another's rows: not by a page, an address, a download, SQL or a file."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pytest
from opening import PAGES, open_at, text

from access.reader import Reader
from metrics import INDICATORS
from metrics.core.ledger import Ledger
from metrics.core.sql_box import box, documented
from pages import frame, who
from warehouse.branch import NoRoomError, NoSuchUnitError, branch
from warehouse.entries import Entries
from warehouse.store import current

BRANCHES = ("724", "25747", "74")  # a city, a ward, all of it
SEEN = ("724", "25747")  # on the pages


@pytest.fixture(scope="module", params=BRANCHES)
def unit(request):
    return request.param


@pytest.fixture(scope="module")
def whole(sample) -> Path:
    return current(sample)


@pytest.fixture(scope="module")
def inside(whole, unit) -> set[str]:
    """The units of the branch, found another way than the branch is: upwards from each."""
    with duckdb.connect(str(whole), read_only=True) as con:
        rows = con.execute("select unit, parent from units").fetchall()
    parents: dict[str, set[str]] = {}
    for own, parent in rows:
        parents.setdefault(own, set()).add(parent)

    def up(own: str) -> set[str]:
        return {own}.union(*(up(each) for each in parents.get(own, ()) if each))

    return {own for own in parents if unit in up(own)}


@pytest.fixture(scope="module")
def others(whole, inside) -> set[str]:
    with duckdb.connect(str(whole), read_only=True) as con:
        return {own for (own,) in con.execute("select unit from units").fetchall()} - inside


@pytest.fixture(scope="module")
def rows(whole, unit) -> dict[str, list[tuple]]:
    """Every row of every table of the branch."""
    with duckdb.connect(str(branch(whole, unit)), read_only=True) as con:
        tables = [name for (name,) in con.execute("select table_name from duckdb_tables()").fetchall()]
        return {name: con.execute(f"select * from {name}").fetchall() for name in tables}


def ledger(whole: Path, unit: str, as_of: date | None = None) -> Ledger:
    return Ledger.open(whole, as_of, unit)


def test_no_row_tells_of_a_unit_outside(rows, others, unit):
    mine = [name for name in rows if name not in ("about", "receipts")]
    assert {"units", "facts", "reports", "expected", "problems", "targets"} <= set(mine)
    assert rows["facts"]
    for name in mine:
        told = {value for row in rows[name] for value in row if isinstance(value, str)}
        above = {"74"} if name == "units" else others  # whoever told of it from above may be named (told_by)
        assert told & others - (above if name == "reports" else set()) == set()


def test_nothing_of_the_branch_is_missing(rows, whole, inside):
    listed = ", ".join(f"'{each}'" for each in inside)
    with duckdb.connect(str(whole), read_only=True) as con:
        for table in ("units", "reports", "expected", "targets"):
            (count,) = con.execute(f"select count(*) from {table} where unit in ({listed})").fetchone()
            assert (table, len(rows[table])) == (table, count)


def test_a_file_that_tells_of_others_too_has_no_hash(rows, whole, inside):
    with duckdb.connect(str(whole), read_only=True) as con:
        told = con.execute("select receipt, unit from reports").fetchall()
    shared = {receipt for receipt, unit in told if unit not in inside}
    assert {receipt for receipt, sha256, *_ in rows["receipts"] if not sha256} == {
        receipt for receipt, *_ in rows["receipts"] if receipt in shared
    }


@pytest.mark.parametrize("as_of", [None, date(2025, 3, 20)])
def test_the_figures_are_those_of_the_whole(whole, unit, inside, as_of):
    """Only places among others, and what is said of the province, may differ."""
    mine, all_of_it = ledger(whole, unit, as_of), ledger(whole, "", as_of)
    period, columns = all_of_it.latest, ["unit", "indicator", "numerator", "denominator", "value", "target", "status"]
    asked = all_of_it.results(period)
    expected = asked[asked.unit.isin(inside)][columns].sort_values(["unit", "indicator"], ignore_index=True)
    found = mine.results(period)[columns].sort_values(["unit", "indicator"], ignore_index=True)
    assert set(found.unit) <= inside
    both = expected.merge(found, on=["unit", "indicator"], suffixes=("", "_found"))
    assert len(both) == len(found) > 0
    for column in ("numerator", "denominator", "value", "target"):
        assert both[column].astype("float64").round(9).equals(both[f"{column}_found"].astype("float64").round(9)), (
            column
        )
    assert both.status.equals(both.status_found)


def test_what_was_entered_of_others_is_not_told(whole, unit, inside, others):
    told = ledger(whole, unit).entries.all()
    assert {each.said["unit"] for each in told if each.kind != "meeting" and "unit" in each.said} <= inside
    everything = Entries(whole.parent).all()
    mine = {each.id for each in everything if each.kind != "meeting" and each.said.get("unit") in inside}
    assert mine <= {each.id for each in told}


def test_a_thing_that_was_once_anothers_stays_hidden(tmp_path):
    entries = Entries(tmp_path)
    said = {
        "unit": "718",
        "indicator": "e_wallet_household_share",
        "goal": 30,
        "due": "2025-06-19",
        "meeting": "2025-03-20",
    }
    id = entries.add("commitment", said)
    entries.add("commitment", {"unit": "724"}, id)
    assert Entries(tmp_path, frozenset({"724"})).all() == []
    mine = Entries(tmp_path, frozenset({"724"}))
    assert mine.add("commitment", {**said, "unit": "724"}) == "commitment-3"
    assert [each.number for each in entries.all()] == [1, 2, 3]


@pytest.fixture(scope="module")
def asked(whole, unit):
    mine = ledger(whole, unit)
    return box(mine, mine.latest)


@pytest.mark.parametrize("table", list(documented()))
def test_a_question_in_sql_finds_nothing_of_others(table, asked, others):
    answer = asked.ask(f"select * from {table}", rows=100_000, seconds=60)
    assert not answer.refused
    told = {value for column in answer.table for value in answer.table[column] if isinstance(value, str)}
    assert told & others == set()


@pytest.mark.parametrize("wrong", ["", "999", "../74", "74'; drop table units; --", "724 or 1=1"])
def test_a_unit_that_is_none_opens_nothing(wrong, whole):
    with pytest.raises(NoSuchUnitError):
        branch(whole, wrong)
    assert not list(whole.parent.glob("branches/*.part"))


# On the pages


@pytest.fixture
def viewer(unit, sample, monkeypatch):
    """A viewer of the branch has signed in."""
    monkeypatch.setenv("KPI_DATA", str(sample))
    monkeypatch.setattr(who, "recognise", lambda: signed_in(unit))
    return unit


def signed_in(unit: str) -> Reader:
    import streamlit as st

    st.session_state["reader"] = Reader("huyen.xem", "viewer", unit)
    return st.session_state["reader"]


@pytest.fixture(scope="module")
def foreign(whole, others, inside) -> list[str]:
    """Names of communes and districts that lie outside, and that nothing inside is called by."""
    with duckdb.connect(str(whole), read_only=True) as con:
        named = con.execute("select unit, full_name, level from units").fetchall()
    mine = " ".join(name for own, name, _ in named if own in inside)
    outside = {name for own, name, level in named if own in others and level in ("district", "commune")}
    return sorted(name for name in outside if name not in mine)


@pytest.mark.parametrize("unit", SEEN, indirect=True)
@pytest.mark.parametrize("page", PAGES)
def test_no_page_tells_of_another_unit(page, viewer, foreign):
    app = open_at(page, lang="en")
    assert not app.exception
    said = everything_on(app)
    assert [name for name in foreign if re.search(rf"{re.escape(name)}(?!\w)", said)] == []


@pytest.mark.parametrize("unit", SEEN, indirect=True)
@pytest.mark.parametrize("page", PAGES)
def test_an_address_that_names_another_unit_leads_to_no_row_of_it(page, viewer, foreign, others):
    other = next(iter(sorted(each for each in others if re.fullmatch(r"\d{5}", each))), "00000")
    told = {"unit": other, "of": other, "item": other, "file": "1", "see": "reports_behind", "level": "hamlet"}
    app = open_at(page, indicator=next(iter(INDICATORS)), **told)
    assert not app.exception
    said = everything_on(app)
    assert [name for name in foreign if re.search(rf"{re.escape(name)}(?!\w)", said)] == []


@pytest.mark.parametrize("unit", ["724"], indirect=True)
def test_a_pack_is_made_of_the_branch_alone(viewer, monkeypatch):
    opened, real = [], frame.ledger_or_none
    monkeypatch.setattr(frame, "ledger_or_none", lambda *told: opened.append(told) or real(*told))
    app = open_at("meeting_pack")
    assert not app.exception
    assert len(opened) == 2  # the frame's, and that of the pack's day
    assert {unit for _, unit, *_ in opened} == {viewer}


def test_viewers_who_come_at_the_same_moment_are_given_the_same_whole_branch(two_months):
    snapshot = current(two_months)
    unit = Ledger.open(snapshot).register.unit[lambda told: told.str.len() == 5].iloc[0]
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: branch(snapshot, unit), range(8)))
    assert len(found) == 1
    assert [each.name for each in (two_months / "branches").iterdir()] == [found.pop().name]


def test_on_a_full_disk_the_snapshot_counts_as_sound_and_the_viewer_is_told(two_months, monkeypatch):
    def full(draft: Path, snapshot: Path, unit: str) -> None:
        raise duckdb.TransactionException("Failed to commit: No space left on device")

    snapshot = current(two_months)
    monkeypatch.setattr("warehouse.branch._fill", full)
    with pytest.raises(duckdb.TransactionException):
        branch(snapshot, "724")
    monkeypatch.setattr("warehouse.branch.shutil.disk_usage", lambda _: SimpleNamespace(free=0))
    with pytest.raises(NoRoomError):
        branch(snapshot, "724")
    assert current(two_months) == snapshot
    assert list((two_months / "branches").iterdir()) == []


def test_a_viewer_for_whom_there_is_no_room_reads_so_in_words(sample, monkeypatch):
    def full(*_: object) -> None:
        raise NoRoomError

    monkeypatch.setenv("KPI_DATA", str(sample))
    monkeypatch.setattr("pages.frame.ledger_or_none", full)
    app = open_at("overview", lang="en")
    assert not app.exception
    assert "no room left" in everything_on(app)


def everything_on(app) -> str:
    """Every word of the page, its charts and its choices."""
    charts = [str(each.proto) for each in app.get("plotly_chart")]
    lists = [option for each in [*app.selectbox, *app.multiselect] for option in each.options]
    return " ".join([text(app), *charts, *lists, *(each.value for each in [*app.markdown, *app.info, *app.warning])])
