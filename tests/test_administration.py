"""What an administrator sets counts at once and is written down; nobody else can, also not by a click made earlier."""

import shutil
from datetime import date
from pathlib import Path

import pytest
import streamlit as st
from opening import open_at, text

from access.accounts import Accounts
from access.guard import Guard
from access.reader import ROLE_NAMES, Reader
from data_ingest import commands
from data_ingest.archive import Archive
from data_ingest.commands import CommandError
from metrics.core.ledger import Ledger
from pages import who
from pages.administration import PARTS
from warehouse import calendar
from warehouse.audit import Audit
from warehouse.calendar import CalendarError
from warehouse.period import Period
from warehouse.store import current

ADMINISTRATOR = Reader("so-tttt.quan-tri", "administrator")


@pytest.fixture(autouse=True)
def shipped_calendar():
    yield
    calendar.use("")


@pytest.fixture
def data(sample, tmp_path, monkeypatch) -> Path:
    """A copy of the sample that may be changed, and is served."""
    data = Path(shutil.copytree(sample, tmp_path / "data", ignore=shutil.ignore_patterns("branches")))
    monkeypatch.setenv("KPI_DATA", str(data))
    return data


def sign_in(monkeypatch, reader: Reader) -> None:
    def recognised() -> Reader:
        st.session_state["reader"] = reader
        return reader

    monkeypatch.setattr(who, "recognise", recognised)


def pressed(app, label: str):
    return next(each for each in app.button if each.label == label).click().run()


@pytest.mark.parametrize("role", ROLE_NAMES)
@pytest.mark.parametrize("part", PARTS)
def test_only_an_administrator_sees_it(part, role, data, monkeypatch):
    sign_in(monkeypatch, Reader("a", role))
    app = open_at("administration", part=part)
    assert not app.exception
    mays = role == "administrator"
    assert any("không được làm việc này" in each.value for each in app.caption) != mays
    assert bool(app.get("segmented_control") or app.get("button_group")) or not mays
    assert ("Quản trị" in text(app)) == mays or not mays


def test_an_account_is_made_and_its_password_shown_once(data, monkeypatch):
    sign_in(monkeypatch, ADMINISTRATOR)
    app = open_at("administration")
    app.text_input[0].set_value("di-an.xem")
    next(each for each in app.selectbox if each.label == "Được xem").set_value("724")
    app = pressed(app, "Lập tài khoản")
    drawn = app.code[0].value
    assert Accounts(data).of_password("di-an.xem", drawn).reader == Reader("di-an.xem", "viewer", "724")
    told = [(each.who, each.did, each.of.get("account")) for each in Audit(data).all()]
    assert ("so-tttt.quan-tri", "account", "di-an.xem") in told
    assert [each.value for each in app.run().code] == []


@pytest.mark.parametrize("name", ["Nguyễn Văn An", "0912345678", "so-tttt.quan-tri"])
def test_an_account_that_cannot_be_is_refused_with_a_reason(name, data, monkeypatch):
    Guard.of(data).accounts.add("so-tttt.quan-tri", "administrator")
    sign_in(monkeypatch, ADMINISTRATOR)
    app = open_at("administration")
    app.text_input[0].set_value(name)
    app = pressed(app, "Lập tài khoản")
    assert app.error
    assert set(Accounts(data).all()) == {"so-tttt.quan-tri"}


def test_nobody_closes_the_account_in_use(data, monkeypatch):
    Guard.of(data).accounts.add("so-tttt.quan-tri", "administrator")
    sign_in(monkeypatch, ADMINISTRATOR)
    app = open_at("administration")
    next(each for each in app.checkbox if each.label == "Đang mở").uncheck()
    app = pressed(app, "Lưu")
    assert "nhờ một quản trị khác" in app.error[0].value
    assert Accounts(data).all()["so-tttt.quan-tri"].active


def test_a_click_of_who_may_no_longer_does_nothing(data, monkeypatch):
    sign_in(monkeypatch, ADMINISTRATOR)
    app = open_at("administration")
    app.text_input[0].set_value("di-an.xem")
    sign_in(monkeypatch, Reader("so-tttt.quan-tri", "officer"))
    pressed(app, "Lập tài khoản")
    assert Accounts(data).all() == {}


# The calendar


def test_a_calendar_that_is_set_counts_everywhere_and_a_rebuild_keeps_it(data, monkeypatch):
    sign_in(monkeypatch, ADMINISTRATOR)
    before = current(data)
    app = open_at("administration", part="calendar")
    next(each for each in app.number_input if "trước ngày" in each.label).set_value(21)
    app = pressed(app, "Lưu")
    assert not app.exception
    assert current(data) != before
    for snapshot in (current(data), rebuilt(data)):
        calendar.use("")
        ledger = Ledger.open(snapshot)
        owed = ledger.reporting(Period.parse("2025-03"))
        assert set(owed[owed.form == "monthly"].due.map(lambda day: day.day)) == {20}
        assert Period.parse("2025-03").due == date(2025, 3, 20)
    *_, last = Audit(data).all()
    assert (last.who, last.did, last.of) == ("so-tttt.quan-tri", "calendar", {"changed": ["monthly_day"]})


def rebuilt(data: Path) -> Path:
    for each in data.glob("warehouse-*"):
        each.unlink()
    return commands.build(data).snapshot


def test_the_calendar_before_can_be_set_again(data):
    for day in (21, 25, 21):
        commands.set_calendar(data, f"monthly_day = {day}\n")
        assert commands.standing_calendar(data)["monthly_day"] == day
    assert sum(each.kind == "calendar" for each in Archive(data).receipts()) == 3


@pytest.mark.parametrize(
    "text",
    [
        "monthly_day = 0", "monthly_day = 29", "monthly_day = 18.5", "monthly_day = true", "strict = 1",
        "cut_off_day = -1",
        "plan_due = '2025-12-20'", "year_closes = '13-01'", "year_closes = '2-3'", "unknown = 1", "monthly_day =",
    ],
)  # fmt: skip
def test_a_calendar_that_cannot_be_is_refused_whole(text, data):
    before = Archive(data).receipts()
    with pytest.raises((CalendarError, CommandError)) as told:
        commands.set_calendar(data, text)
    assert told.value.text.vi != told.value.text.en
    assert Archive(data).receipts() == before


def test_what_is_written_is_read_as_the_same():
    told = calendar.read('monthly_day = 21\nyear_closes = ""\nstrict = false\n')
    assert calendar.read(calendar.written(told)) == told
