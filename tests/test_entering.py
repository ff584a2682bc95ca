"""Difficulties, commitments and what officers enter about them; who lacks how many people, as the indicators say."""

from datetime import date, datetime, timedelta

import pandas as pd
import pytest
from conftest import World
from opening import ROOT, open_at, text
from streamlit.testing.v1 import AppTest

from language import LANGUAGES, words
from metrics import INDICATORS
from metrics.core.commitments import faults
from metrics.core.ledger import Ledger
from pages.difficulties import said_anew, standing_alike
from views import commitments as promised
from views import difficulties as told
from views.staffing_gaps import TIERS, gaps_by_part, held_against_floor, staffing_gaps, tiers
from views.view import Choice
from warehouse.entries import Entries, EntryError, difficulty_id
from warehouse.fields import FIELDS
from warehouse.period import Period
from warehouse.store import current

SHARE = "e_wallet_household_share"
UNITS = pytest.mark.parametrize("unit", ["74", "718", "25942", "25865"])
PERIODS = pytest.mark.parametrize("period", ["2025-to-06", "2023-11", "2024-Q3", "plan"])
EVERY_TIER = pytest.mark.parametrize("tier", TIERS)
EVERY_LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)


def choice(unit: str = "74", period: str = "2025-to-06", language: str = "vi", **more) -> Choice:
    return Choice(language=language, period=Period.parse(period), unit=unit, indicator=INDICATORS[SHARE], **more)


# Who lacks how many people


def _indicator(ledger: Ledger, asked: Choice, id: str) -> pd.Series:
    results = ledger.one(asked.period, INDICATORS[id])
    return results[results.unit == asked.unit].iloc[0]


@PERIODS
@UNITS
@pytest.mark.parametrize("tier", ["hamlet", "commune", "district"])
def test_the_people_lacking_by_name_add_up_to_the_indicators(tier, unit, period, ledger):
    asked = choice(unit, period)
    if tier not in tiers(asked, ledger):
        pytest.skip("there is no such tier below this unit")
    held, told_of = held_against_floor(asked, ledger, tier), TIERS[tier].indicator
    compliance, coverage = (told_of.replace("shortfall", each) for each in ("compliance", "coverage"))
    lacking, enough, there = (_indicator(ledger, asked, each) for each in (told_of, compliance, coverage))
    assert held.lacks.sum() == (0 if pd.isna(lacking.value) else lacking.value)
    if not pd.isna(enough.numerator):
        assert (held.state == "enough").sum() == enough.numerator
        assert held.state.isin(["enough", "short"]).sum() == there.numerator
        assert len(held) == enough.denominator == there.denominator


@UNITS
def test_the_groups_lacking_are_what_the_indicator_leaves_open(unit, ledger):
    asked = choice(unit)
    held, whole = held_against_floor(asked, ledger, "group"), _indicator(ledger, asked, "neighbourhood_group_coverage")
    assert held.lacks.sum() == (0 if pd.isna(whole.value) else whole.denominator - whole.numerator)


@PERIODS
@pytest.mark.parametrize("field", ["hamlet_team_members", "commune_team_members", "formation_members"])
def test_figures_below_the_indicators_add_up_to_them(field, period, ledger):
    asked = Period.parse(period)
    figures = ledger.figures(asked, (field, "hamlet_team_trained", "commune_team_trained", "formation_trained"))
    whole = _indicator(ledger, choice(period=period), "team_members_trained_share")
    trained = figures[["hamlet_team_trained", "commune_team_trained", "formation_trained"]].sum().sum()
    assert trained == (0 if pd.isna(whole.numerator) else whole.numerator)
    assert len(figures) == len(ledger.units(asked))


def test_of_a_stock_the_last_month_counts_and_a_flow_adds_up_in_figures_too(world: World):
    for month, members in (("2024-01", 5), ("2024-02", 8)):
        world.report("A1", month, {"A1-1": {"hamlet_team_members": members, "guided_mooc": members}}, f"{month}-19")
    figures = Ledger(world.engine).figures(Period.parse("2024-Q1"), ("hamlet_team_members", "guided_mooc"))
    found = figures.set_index("unit")
    assert found.hamlet_team_members["A1-1"] == 8
    assert found.guided_mooc["A1-1"] == 13
    assert found.loc["B1-1", ["hamlet_team_members", "guided_mooc"]].isna().all()


def test_whoever_has_no_team_lacks_all_of_it_and_half_told_groups_are_unknown(world: World):
    rows = {
        "A1-1": {"hamlet_teams": 0, "neighbourhoods": 4, "groups": 1},
        "A1-2": {"hamlet_teams": 1, "hamlet_team_members": 7, "neighbourhoods": 4},
    }
    world.report("A1", "2024-01", rows)
    ledger, asked = Ledger(world.engine), choice("A1", "2024-01")
    teams, groups = (held_against_floor(asked, ledger, each).set_index("unit") for each in ("hamlet", "group"))
    assert (teams.lacks["A1-1"], teams.state["A1-1"]) == (10, "without")
    assert (teams.lacks["A1-2"], teams.state["A1-2"]) == (3, "short")
    assert (groups.lacks["A1-1"], groups.state["A1-1"]) == (3, "short")
    assert groups.state["A1-2"] == "unknown"
    assert pd.isna(groups.lacks["A1-2"])


def test_what_is_not_reported_is_unknown_and_not_zero(ledger):
    view = staffing_gaps(choice("25865"), ledger, "hamlet")
    assert set(view.table.state) == {"unknown"}
    assert view.table[["members", "lacks"]].isna().all(axis=None)
    assert "chưa báo cáo" in view.title
    assert "thiếu" not in view.title


def test_the_heading_says_the_finding_and_the_silent_stand_last(ledger):
    view = staffing_gaps(choice(), ledger, "hamlet")
    assert view.title == "57 Tổ chưa đủ 10 người, 13 khu/ấp chưa có Tổ, thiếu 216 người; 11 khu/ấp chưa báo cáo"
    assert list(view.table.state.drop_duplicates()) == ["without", "short", "unknown"]
    assert (view.table[view.table.state == "short"].lacks.diff().dropna() <= 0).all()


@EVERY_LANGUAGE
@UNITS
@EVERY_TIER
def test_the_bars_add_up_to_the_table_and_say_themselves_in_words(tier, unit, language, ledger):
    asked = choice(unit, language=language)
    if tier not in tiers(asked, ledger):
        pytest.skip("there is no such tier below this unit")
    parts = gaps_by_part(asked, ledger, tier)
    if parts is None:
        return
    assert parts.table.lacks.sum() == held_against_floor(asked, ledger, tier).lacks.sum()
    assert parts.table.unknown.sum() == (held_against_floor(asked, ledger, tier).state == "unknown").sum()
    assert all(name in parts.alt for name in parts.table.unit_name)
    assert "http" not in parts.chart.to_json()


# What units say


def test_every_text_of_the_forms_is_read_under_one_heading():
    read = [field for about in told.ABOUT.values() for field in about.fields]
    assert sorted(read) == sorted(each.id for each in FIELDS.values() if each.kind == "text")


@EVERY_LANGUAGE
@pytest.mark.parametrize("about", ["", *told.ABOUT])
@UNITS
def test_every_saying_is_gathered_once(unit, about, language, ledger):
    asked = choice(unit, language=language)
    found = told.sayings(asked, ledger, about=about)
    view = told.gathered(found, asked, about)
    assert view.table.times.sum() == len(found)
    assert view.title
    assert list(view.table.units) == sorted(view.table.units, reverse=True)


@pytest.mark.parametrize("search", ["máy tính", "MAY TINH", "may  tinh"])
def test_a_search_in_what_is_said_passes_over_accents_and_case(search, ledger):
    found = told.sayings(choice(), ledger, search=search)
    assert len(found) > 0
    assert found.text.str.contains("máy tính").all()


def test_only_the_chosen_unit_and_those_below_it_are_heard(ledger):
    units = ledger.units(Period.parse("2025-to-06"))
    found = told.sayings(choice("724"), ledger)
    assert set(found.unit) <= {"724", *units.index[units.parent == "724"]}
    assert told.sayings(choice("25865"), ledger).empty


def test_the_same_words_are_one_thing_whoever_says_them_and_however_they_are_written(world: World):
    world.con.execute(
        "insert into receipts (receipt, sha256, file, received_at) select n, n, n, '2024-01-01' from range(1, 4) t(n)"
    )
    for unit, said in (("A1", "Thiếu máy tính."), ("A2", "thiếu  máy tính"), ("B1", "Thiếu người")):
        world.report(unit, "2024-01", {unit: {"text_difficulties": said}})
    ledger, asked = Ledger(world.engine), choice("P", "2024-01")
    view = told.gathered(told.sayings(asked, ledger), asked)
    assert list(view.table.units) == [2, 1]
    assert list(view.table.who)[0] == "2 xã"


@pytest.fixture
def office(sample, tmp_path):
    """The sample's snapshot with entries of its own: Entries, and a ledger of any day."""
    entries = Entries(tmp_path)
    shared = Ledger.open(current(sample)).engine
    return entries, lambda as_of=None: Ledger(shared, as_of, entries)


def test_what_an_officer_enters_shows_at_once_and_not_on_earlier_days(office):
    entries, ledger = office
    asked = choice()
    row = told.sayings(asked, ledger()).iloc[0]
    assert (row.status, row.overdue) == ("new", False)
    said = {"unit": row.unit, "period": row.period, "field": row.field, "status": "in_progress", "due": "2025-07-01"}
    entries.add("difficulty", {**said, "owner": "718"}, row.id, at=datetime(2025, 6, 29, 9))
    now = told.sayings(asked, ledger()).set_index("id").loc[row.id]
    assert (now.status, now.owner, now.due, now.overdue) == ("in_progress", "718", date(2025, 7, 1), True)
    before = told.sayings(asked, ledger(date(2025, 6, 28))).set_index("id").loc[row.id]
    assert (before.status, before.owner, before.due) == ("new", "", None)
    assert not told.sayings(asked, ledger(date(2025, 7, 1))).set_index("id").overdue[row.id]
    assert list(told.sayings(asked, ledger(), state="overdue").id) == [row.id]
    history = told.changes_of(told.sayings(asked, ledger()), {"718": "Thành phố Thủ Dầu Một"}, asked, ledger())
    assert "Đang xử lý" in history.table.said[0]
    assert "Thành phố Thủ Dầu Một" in history.table.said[0]
    assert told.changes_of(told.sayings(asked, ledger()), {}, asked, ledger(date(2025, 6, 28))).table.empty


def test_what_was_entered_of_several_at_once_is_one_line_of_the_history(office):
    entries, ledger = office
    rows = told.sayings(choice(), ledger()).head(3)
    for row in rows.itertuples():
        said = {"unit": row.unit, "period": row.period, "field": row.field, "status": "closed"}
        entries.add("difficulty", said, row.id)
    assert len(told.changes_of(rows, {}, choice(), ledger()).table) == 1


STANDS = {"status": "in_progress", "due": date(2025, 7, 1), "owner": "718", "answer": ""}


def test_only_what_has_changed_is_entered():
    assert said_anew(STANDS, STANDS, STANDS) == {}
    assert said_anew(STANDS, STANDS, {**STANDS, "due": None}) == {"due": ""}
    assert said_anew(STANDS, STANDS, {**STANDS, "due": date(2025, 8, 1)}) == {"due": "2025-08-01"}


def test_where_the_chosen_differ_a_field_left_blank_changes_nothing():
    rows = pd.DataFrame([STANDS, {**STANDS, "owner": "724", "answer": "Đã làm."}])
    was = standing_alike(rows)
    assert was == {**STANDS, "owner": "", "answer": ""}
    assert said_anew(rows.iloc[1].to_dict(), was, {**was, "status": "closed"}) == {"status": "closed"}


def test_what_is_answered_has_an_answer():
    with pytest.raises(EntryError) as refused:
        said_anew(STANDS, STANDS, {**STANDS, "status": "answered", "answer": "  "})
    assert refused.value.text.en


# What was promised


@pytest.mark.parametrize(
    ("indicator", "level", "goal", "due", "wrong"),
    [
        (SHARE, "commune", 30, "2025-06-19", 0),
        (SHARE, "hamlet", 0, "2025-06-19", 0),
        (SHARE, "commune", 130, "2025-06-19", 1),
        (SHARE, "commune", -1, "2025-06-19", 1),
        (SHARE, "commune", None, "2025-06-19", 1),
        (SHARE, "commune", 30, "2025-03-20", 1),
        (SHARE, "commune", None, None, 2),
        ("district_formation_coverage", "commune", 100, "2025-06-19", 1),
        ("hamlet_team_shortfall", "commune", 130, "2025-06-19", 0),
        ("hamlet_team_shortfall", "commune", -5, "2025-06-19", 1),
    ],
)
def test_a_commitment_is_held_against_its_indicator(indicator, level, goal, due, wrong):
    day = date.fromisoformat(due) if due else None
    assert len(list(faults(INDICATORS[indicator], level, goal, day, date(2025, 3, 20)))) == wrong


@EVERY_LANGUAGE
def test_commitments_stand_by_their_state_with_counts_in_the_heading(language, sample):
    ledger = Ledger.open(current(sample), date(2025, 6, 10))
    view = promised.commitments(choice(period="2025-to-05", language=language), ledger)
    counts = view.table.state.value_counts()
    assert [each for each in view.table.state.drop_duplicates()] == ["overdue", "open", "met"]
    assert all(str(counts[each]) in view.title for each in counts.index)
    assert all(f"({counts[row.state]})" in row.section for row in view.table.itertuples())


def test_only_the_commitments_of_the_chosen_unit_and_of_those_below_it_are_shown(ledger):
    assert set(promised.commitments(choice("724"), ledger).table.unit) == {"724"}
    assert set(promised.commitments(choice("722"), ledger).table.unit) == {"722", "25865"}
    assert promised.commitments(choice("25942"), ledger).table.empty


def test_a_meeting_narrows_the_commitments_to_its_own(ledger):
    every, one = (promised.commitments(choice(), ledger, each).table for each in ("", "2024-12-24"))
    assert 0 < len(one) < len(every)
    assert {str(each)[:10] for each in one.meeting} == {"2024-12-24"}


def test_the_overview_is_told_of_what_is_overdue_or_soon_due_only(sample):
    ledger = Ledger.open(current(sample), date(2025, 6, 10))
    found = promised.commitments_due(choice(period="2025-to-05"), ledger).table
    assert set(found.state) == {"overdue", "open"}
    assert (found[found.state == "open"].days <= promised.SOON).all()
    every = promised.commitments(choice(period="2025-to-05"), ledger).table
    assert len(found) < (every.state != "met").sum()


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_not_quite_reached_is_never_said_to_be_zero_away(language):
    near = promised._distance(0.02, INDICATORS[SHARE], language)
    assert "0,02" in near or "0.02" in near
    assert promised._distance(float("nan"), INDICATORS[SHARE], language) == words()["not_told"][language]


# The pages


@pytest.fixture
def office_app(sample, tmp_path, monkeypatch):
    """The app over the sample's snapshot, with a file of entries that the test may write to."""
    snapshot = current(sample)
    for path in (snapshot, sample / "CURRENT", sample / "entries.jsonl"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    monkeypatch.setenv("KPI_DATA", str(tmp_path))
    monkeypatch.chdir(ROOT)

    return open_at, Entries(tmp_path)


def _widget(app: AppTest, kind: str, label: str):
    return next(each for each in app.get(kind) if each.label == label)


def test_the_form_keeps_an_answer_and_refuses_a_persons_number(office_app):
    open_at, entries = office_app
    app, before = open_at("difficulties"), len(entries.all())
    app.text_area[0].set_value("Gọi 0912 345 678")
    _widget(app, "button", "Lưu").click().run()
    assert "0912 345 678" in app.error[0].value
    assert len(entries.all()) == before
    app.text_area[0].set_value("Đã bố trí trong dự toán.")
    _widget(app, "selectbox", "Đơn vị xử lý").set_value("724")
    app.selectbox[-2].set_value("answered")
    _widget(app, "button", "Lưu").click().run()
    assert not app.exception
    assert not app.error
    added = entries.all()[before:]
    assert len(added) > 1
    assert {(each.said["status"], each.said["owner"]) for each in added} == {("answered", "724")}
    assert all(each.id == difficulty_id(*(each.said[part] for part in ("unit", "period", "field"))) for each in added)


def test_a_commitment_is_added_checked_changed_and_withdrawn(office_app):
    open_at, entries = office_app
    app = open_at("commitments", unit="724")
    goals = [each for each in app.number_input]
    goals[0].set_value(130.0)
    app.button[0].click().run()
    assert "100" in app.error[0].value
    app.number_input[0].set_value(35.0)
    _widget(app, "date_input", "Hạn").set_value(date(2025, 12, 1))
    app.button[0].click().run()
    assert not app.error
    mine = [each for each in entries.all() if each.origin == "office"]
    assert mine[-1].said["goal"] == 35
    which = _widget(app, "selectbox", "Cam kết")
    which.set_value(mine[-1].id).run()
    app.number_input[1].set_value(36.0)
    app.button[1].click().run()
    assert entries.all()[-1].said == {"goal": 36}
    which = _widget(app, "selectbox", "Cam kết")
    which.set_value(mine[-1].id).run()
    _widget(app, "button", "Rút lại").click().run()
    assert mine[-1].id not in set(entries.standing("commitment").id)
    assert not app.exception


@pytest.mark.parametrize("page", ["difficulties", "commitments"])
def test_on_an_earlier_day_nothing_can_be_entered(page, office_app):
    open_at, _ = office_app
    app = open_at(page, as_of=(date.today() - timedelta(days=1)).isoformat())
    assert words()["only_looked_at"]["vi"] in [each.value for each in app.caption]
    assert not [each for each in app.button if each.label == "Lưu"]


@pytest.mark.parametrize(
    ("page", "address", "said"),
    [
        ("difficulties", {"words": "may tinh", "about": "difficulties", "state": "new"}, "Thiếu máy tính"),
        ("difficulties", {"about": "models"}, "Chợ không tiền mặt"),
        ("commitments", {"meeting": "2024-12-24"}, "Cả tỉnh đạt chỉ tiêu"),
        ("staffing_gaps", {"tier": "commune"}, "Đội chưa đủ 20 người"),
        ("staffing_gaps", {"tier": "no such"}, "Tổ chưa đủ 10 người"),
    ],
)
def test_the_address_carries_words_filters_and_tier(page, address, said, opened):
    assert said in text(opened(page, **address))
