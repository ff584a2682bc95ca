"""The calendar of reports and the reminders: who owes what, what became of it, and what is written to whom."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from opening import text

from language import LANGUAGES, day
from metrics import INDICATORS
from metrics.__main__ import main
from metrics.core.ledger import Ledger
from tests.conftest import World
from views import look
from views.overview import owed_below
from views.reminders import LONGEST, reminder, reminders
from views.report_history import history, unexpected
from views.reports import OPEN, PLAN, YEARS, calendar, forms, listed, missing_now, owed, year_of
from views.view import Choice
from warehouse.period import Period
from warehouse.schedule import FORMS

EVERY_LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)
EVERY_FORM = pytest.mark.parametrize("form", FORMS)
EVERY_YEAR = pytest.mark.parametrize("year", YEARS)
SIGNS = {state: sign for state, (sign, _) in look.REPORTS.items()}


def choice(unit: str = "74", language: str = "vi", period: str = "2025-to-06") -> Choice:
    return Choice(language, Period.parse(period), unit, INDICATORS["e_wallet_household_share"])


@pytest.fixture(scope="module")
def june(ledger) -> Ledger:
    """The same warehouse as it stood on 20 June 2024."""
    return Ledger(ledger.engine, date(2024, 6, 20))


@EVERY_FORM
@pytest.mark.parametrize("before", [1, 0], ids=["the_day_before", "on_its_last_day"])
def test_a_report_is_due_from_its_last_day_on_wherever_it_is_counted(before, form, ledger, sample, capsys):
    dues = ledger.reporting(Period(PLAN))
    due = dues[(dues.form == form) & dues.received_at.notna()].due.iloc[0]
    day = (pd.Timestamp(due) - pd.Timedelta(days=before)).date()
    then = Ledger(ledger.engine, day)
    listed = then.reporting(Period(PLAN))
    assert set(listed.due_by_now[listed.due == due]) == {not before}
    counted = int((listed.due_by_now | listed.received_at.notna()).sum())
    rates = then.over((Period(PLAN),), ("reporting_rate",))
    assert counted == int(rates[rates.unit == "74"].denominator.iloc[0])
    missing = int((listed.due_by_now & listed.received_at.isna()).sum())
    asked = replace(choice(period=PLAN), as_of=day)
    assert len(owed_below(asked, then)) == int(listed.due_by_now.sum())
    assert owed(asked, then).state.isin(OPEN).sum() == missing
    main(["reporting", "--period", PLAN, "--missing", "--as-of", str(day), "--data", str(sample)])
    assert len(capsys.readouterr().out.splitlines()) == 1 + missing


@EVERY_YEAR
@EVERY_FORM
@pytest.mark.parametrize("when", ["now", "june"])
def test_the_signs_of_each_unit_count_up_to_its_rates(when, form, year, ledger, june):
    asked = {"now": ledger, "june": june}[when]
    table = calendar(choice(), asked, form, year).table
    ids = {"received": f"{form}_reporting_rate", "on_time": f"{form}_on_time_rate"}
    found = asked.over((Period.parse(year),), tuple(ids.values())).set_index(["indicator", "unit"])
    for row in table.to_dict("records"):
        signs = [str(row[name])[0] for name in row if name[:2] == "20" or name == PLAN]
        due = sum(each not in (SIGNS["not_due"], SIGNS["not_owed"]) for each in signs)
        good = {"on_time": signs.count(SIGNS["on_time"])}
        good["received"] = good["on_time"] + signs.count(SIGNS["late"])
        for name, id in ids.items():
            rate = found.loc[(id, row["unit"])] if (id, row["unit"]) in found.index else None
            told = (0, 0) if rate is None or pd.isna(rate.value) else (rate.numerator, rate.denominator)
            assert told == (good[name], due)


@EVERY_FORM
def test_each_report_that_is_owed_has_one_cell_and_no_other_has_a_sign(form, ledger):
    table = calendar(choice(), ledger, form, "2025").table.set_index("unit")
    due = owed(choice(), ledger, form)
    due = due[[Period.parse(each).year == 2025 for each in due.period]]
    periods = [name for name in table.columns if name[:2] == "20"]
    signs = table[periods].stack()
    assert set(signs[signs != SIGNS["not_owed"]].index) == set(zip(due.unit, due.period, strict=True))


@pytest.mark.parametrize(
    ("received", "as_of", "state", "late"),
    [
        (None, "2024-02-16", "not_due", 0),
        (None, "2024-02-17", "missing", 0),  # the 17th is the last day on time: at its end nothing had come
        ("2024-02-17 23:59", "2024-02-20", "on_time", 0),
        ("2024-02-18 00:01", "2024-02-20", "late", 1),
        ("2024-02-18 00:01", "2024-02-17", "missing", 0),
    ],
)
def test_a_report_is_judged_by_its_due_day(received, as_of, state, late, world):
    if received:
        world.report("A1", "2024-02", {"A1-1": {"households": 1}}, received=received)
    found = owed(choice("P"), Ledger(world.engine, date.fromisoformat(as_of)), "monthly")
    row = found[(found.unit == "A1") & (found.period == "2024-02")].iloc[0]
    assert row.state == state
    assert (row.days_late if state == "late" else 0) == late


def blocked(world: World, unit: str, period: str, received: str) -> None:
    world.report(unit, period, {}, received=received)
    world.con.execute("update reports set accepted = false where report = ?", [world.reports])
    world.con.execute(
        "insert into receipts (receipt, sha256, file, received_at) values (?, 'x', 'bad.xlsx', ?)",
        [world.reports, received],
    )


def test_what_came_with_errors_is_blocked_until_a_good_one_comes(world):
    blocked(world, "A1", "2024-02", "2024-02-10")
    first = Ledger(world.engine, date(2024, 3, 1))
    found = owed(choice("P"), first, "monthly").set_index(["unit", "period"])
    assert found.state[("A1", "2024-02")] == "blocked"
    told = reminder(choice("P"), first, "A1")
    assert "bad.xlsx" in told.letter
    world.report("A1", "2024-02", {"A1-1": {"households": 1}}, received="2024-02-20")
    found = owed(choice("P"), Ledger(world.engine, date(2024, 3, 1)), "monthly").set_index(["unit", "period"])
    assert found.state[("A1", "2024-02")] == "late"
    assert found.days_late[("A1", "2024-02")] == 3


def test_a_correction_after_the_due_day_makes_nothing_late(world):
    world.report("A1", "2024-02", {"A1-1": {"households": 1}}, received="2024-02-10", late="2024-03-01")
    world.report("A1", "2024-02", {"A1-1": {"households": 2}}, received="2024-03-01")
    found = owed(choice("P"), Ledger(world.engine, date(2024, 4, 1)), "monthly").set_index(["unit", "period"])
    assert found.state[("A1", "2024-02")] == "on_time"


@pytest.mark.parametrize("unit", ["74", "724", "25942", "25865"])
@EVERY_YEAR
def test_the_calendar_holds_the_chosen_unit_and_what_is_below_it(unit, year, ledger):
    asked = choice(unit)
    for form in forms(asked, ledger):
        table = calendar(asked, ledger, form, year).table
        assert set(table.unit) <= {unit, *ledger.register.index[ledger.register.parent == unit]} or unit == "74"
    counts = {"74": 3, "724": 2}
    assert len(forms(asked, ledger)) == counts.get(unit, 1)


def test_a_silent_unit_has_no_sign_of_a_report(ledger):
    row = calendar(choice(), ledger, "monthly", "2024").table.set_index("unit").loc["25865"]
    assert {row[name] for name in row.index if name[:2] == "20"} == {SIGNS["missing"]}
    assert row.received == 0


@EVERY_FORM
def test_of_the_whole_plan_only_what_has_fallen_due_has_a_column(form, june):
    table = calendar(choice(), june, form, PLAN).table
    due = owed(choice(), june, form).groupby("period").due.min()
    periods = [name for name in table.columns if name[:2] == "20" or name == PLAN]
    assert periods
    assert all(pd.Timestamp(due[each]).date() <= date(2024, 6, 20) for each in periods)


def test_the_year_is_that_of_the_period():
    assert [year_of(choice(period=each)) for each in ("2023-11", "2025-to-06", "plan")] == ["2023", "2025", "plan"]


@EVERY_FORM
def test_who_is_missing_is_counted_like_the_open_signs(form, ledger):
    found = owed(choice(), ledger, form)
    table = missing_now(choice(), ledger, form).table
    still = found[found.state.isin(OPEN)]
    assert (int(table["count"].sum()) if len(table) else 0) == len(still)
    assert (set(table.unit) if len(table) else set()) == set(still.unit)


# Reminders


@EVERY_LANGUAGE
@pytest.mark.parametrize("when", ["now", "june"])
def test_every_reminder_names_each_missing_report_with_its_day_and_fits_a_telephone(when, language, ledger, june):
    asked = {"now": ledger, "june": june}[when]
    every = owed(choice(), asked)
    still = every[every.state.isin(OPEN)]
    for unit, rows in still.groupby("unit"):
        told = reminder(choice(language=language), asked, unit)
        lines = [line for line in told.letter.splitlines() if line.startswith("- ")]
        assert len(lines) == len(rows)
        for row in rows.itertuples():
            name = Period.parse(row.period).name(language)
            assert any(name[1:] in line and day(row.due) in line for line in lines)
        assert len(told.message) <= LONGEST
        assert listed(list(rows[rows.state == "missing"].period), language) in told.message
        own = asked.register.full_name[unit]
        assert own[1:] in told.letter.splitlines()[0]
        assert own[1:] in told.message


def test_a_message_of_too_many_reports_names_the_last_and_how_many_more(world):
    for number in range(2, 26, 2):  # every second month is missing: no run shortens the list
        period = Period.parse("2023-11").first_month + number - 1
        world.report("A1", str(Period("month", period // 12, period % 12 + 1)), {"A1-1": {"households": 1}})
    world.con.execute("update units set full_name = ? where unit = 'A1'", ["Phường " + "Tên Dài " * 8])
    told = reminder(choice("P"), Ledger(world.engine, date(2026, 3, 1)), "A1")
    assert len(told.message) <= LONGEST
    assert "14" in told.message
    assert "12/2025" in told.message
    assert "11/2023" not in told.message
    assert "trước đó cũng chưa nộp" in told.message
    assert told.message.endswith("Trân trọng.")
    assert told.letter.count("\n- ") == 14


@EVERY_LANGUAGE
def test_who_owes_nothing_gets_no_reminder(language, ledger):
    every = owed(choice(), ledger)
    quiet = set(every.unit) - set(every[every.state.isin(OPEN)].unit)
    assert quiet
    assert all(reminder(choice(language=language), ledger, unit) is None for unit in sorted(quiet)[:5])


def test_all_reminders_are_one_table_with_a_row_per_unit_that_owes(ledger):
    table = reminders(choice(), ledger, "monthly").table
    assert list(table.unit) == sorted(missing_now(choice(), ledger, "monthly").table.unit)
    assert table.letter.str.startswith("Kính gửi: Ủy ban nhân dân").all()


def test_a_unit_that_is_no_more_is_told_with_its_heir_and_only_then(ledger, june):
    assert "nay thuộc xã Phước Thành" in reminder(choice(), ledger, "25865").message
    assert "nay thuộc" not in reminder(choice(), june, "25865").message


@pytest.mark.parametrize(
    ("periods", "said"),
    [
        (["2025-04"], "tháng 4/2025"),
        (["2025-04", "2025-05", "2025-06"], "tháng 4–6/2025"),
        (["2025-01", "2024-12", "2024-11"], "tháng 11/2024–1/2025"),
        (["2024-01", "2024-03", "2024-04"], "tháng 1/2024, 3–4/2024"),
        (["2024-Q4", "2024"], "Quý IV/2024, Năm 2024"),
    ],
)
def test_months_that_follow_each_other_are_one_run(periods, said):
    assert sorted(listed(periods, "vi").split(", ")) == sorted(said.split(", "))


# What has come


def test_each_version_is_told_and_what_a_later_one_changed(ledger):
    told = {}

    def changes(unit: str, period: str) -> dict[int, list[str]]:
        told[period] = unit
        return {}

    view = history(choice(), ledger, "25951", "2024", changes)
    came = ledger.received(Period.parse("2024"))
    assert len(view.table) == (came.unit == "25951").sum()
    twice = came[(came.unit == "25951") & came.accepted].period.value_counts()
    assert set(told) == set(twice[twice > 1].index)


def test_a_correction_has_no_days_late(ledger):
    table = history(choice(), ledger, "25750", "2025", lambda unit, period: {}).table
    twice = table[table.period == "2025-05"]
    assert list(twice.version) == [1, 2]
    assert twice.late.iloc[0] == 0
    assert pd.isna(twice.late.iloc[1])


def test_what_nobody_was_to_send_is_counted_apart(world):
    world.con.execute("delete from expected where unit = 'B1'")
    world.report("B1", "2024-02", {"B1-1": {"households": 1}})
    world.con.execute("insert into receipts (receipt, sha256, file, received_at) values (1, 'x', 'f', '2024-01-01')")
    found = Ledger(world.engine, date(2024, 4, 1))
    assert list(unexpected(choice("P"), found).table.unit) == ["B1"]
    assert "B1" not in set(calendar(choice("P"), found, "monthly", "2024").table.unit)
    assert len(unexpected(choice("A"), found).table) == 0


# The page


@EVERY_LANGUAGE
@pytest.mark.parametrize("form", FORMS)
def test_the_page_shows_what_the_address_asks_for(form, language, opened):
    app = opened("reports", form=form, year="plan", row="25864", lang=language)
    assert not app.exception
    assert not app.warning
    if form == "monthly":
        assert "Phước Sang" in " ".join(each.value for each in app.code)


def test_what_the_page_cannot_read_falls_back_to_its_default(opened):
    app = opened("reports", form="x", year="1999", row="nobody")
    assert not app.exception
    assert "517/546" in text(app)
