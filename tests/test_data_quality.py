"""What is said of the quality of figures: every problem once, in words, with its place; blank is not zero."""

from datetime import date

import pytest
from opening import text

from data_ingest.problem_names import NAMES
from data_ingest.problems import KINDS, Problem, told
from language import LANGUAGES
from metrics import INDICATORS
from metrics.core.ledger import Ledger
from pages.data_quality import PARTS
from views.data_quality import by_kind, by_unit, faults, indicator_of, listed
from views.doubtful import OUTLIERS, SUMS, blanks, outliers, sums
from views.restated import restated
from views.view import Choice
from warehouse.period import Period

EVERY_LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)
EVERYWHERE = pytest.mark.parametrize("unit", ["74", "724", "25942", "25865"])
EVER = pytest.mark.parametrize("period", ["2025-to-06", "2023-11", "2024-Q3", "2024", "plan"])


def choice(unit: str = "74", language: str = "vi", period: str = "2025-to-06") -> Choice:
    return Choice(language, Period.parse(period), unit, INDICATORS["e_wallet_household_share"])


def name_of(kind: str, language: str) -> str:
    return NAMES[kind][language]


def test_every_kind_of_problem_has_a_name():
    assert NAMES.keys() == KINDS.keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_kept_problem_of_an_unknown_kind_is_told_by_its_name(language):
    assert told("of_a_later_version", "12", {}, language) == "of_a_later_version"
    assert Problem("of_a_later_version", "a.xlsx", "1", "C12").says(language) == "a.xlsx › 1 › C12: of_a_later_version"


@EVER
@EVERYWHERE
def test_by_kind_by_unit_and_one_by_one_they_are_the_same_problems(unit, period, ledger):
    asked = choice(unit, period=period)
    found, _ = faults(asked, ledger)
    kinds, units, every = (
        by_kind(asked, ledger, name_of),
        by_unit(asked, ledger, name_of),
        listed(asked, ledger, name_of, told),
    )
    assert len(every.table) == len(found)
    if len(found):
        assert kinds.table.problems.sum() == units.table["count"].sum() == len(found)
        assert units.table.blocking.sum() == found.blocks.sum()
    assert kinds.title


def test_of_a_unit_that_sent_nothing_it_is_not_said_that_all_is_well(ledger):
    silent, quiet = choice("25865"), choice("25741")
    for view in (lambda each: by_kind(each, ledger, name_of), lambda each: outliers(each, ledger, name_of)):
        assert "Chưa nhận được" in view(silent).title
        assert "Chưa nhận được" not in view(quiet).title


@EVERY_LANGUAGE
def test_each_problem_is_told_in_words_with_its_file(language, ledger):
    table = listed(choice(language=language, period="plan"), ledger, name_of, told).table
    assert len(table) > 100
    assert table.told.str.len().min() > 20
    assert not table.told.str.contains("{", regex=False).any()
    assert table.file.str.len().min() > 4


def test_what_a_better_version_has_settled_is_not_counted(ledger):
    every = ledger.problems(Period("plan"))
    bad = every[every.blocks & (every.unit == "25951") & (every.period == "2024-08")]
    assert len(bad)
    found, settled = faults(choice(period="plan"), ledger)
    assert not set(bad.report) & set(found.report)
    assert len(found) + settled == len(every)


def test_a_file_of_which_nobody_knows_whose_it_is_belongs_to_the_province_only(ledger):
    whole, _ = faults(choice(period="plan"), ledger)
    assert "unknown_unit" in set(whole.kind)
    assert "unknown_unit" not in set(faults(choice("718", period="plan"), ledger)[0].kind)


def test_outliers_and_sums_are_those_kinds_with_the_difference_worked_out(ledger):
    asked = choice(period="plan")
    found, _ = faults(asked, ledger)
    for view, kinds in ((outliers(asked, ledger, name_of), OUTLIERS), (sums(asked, ledger), SUMS)):
        assert len(view.table) == found.kind.isin(kinds).sum() > 0
        assert (view.table.given_number - view.table.other - view.table.change).abs().max() == 0
        assert view.table.label.str.len().min() > 3
    share = sums(asked, ledger).table["share"].abs()
    assert share.is_monotonic_decreasing
    assert share.min() > 0.5


def test_a_blank_cell_is_counted_and_a_zero_is_not(world):
    world.report("A1", "2024-02", {"A1-1": {"households": 0, "people": 5}, "A1-2": {"households": 9}})
    table = blanks(choice("P", period="2024"), Ledger(world.engine, date(2024, 4, 1))).table.set_index("field")
    assert (table.cells["households"], table.blank["households"]) == (2, 0)
    assert (table.cells["people"], table.blank["people"]) == (2, 1)
    assert table["share"]["people"] == 50


def test_blanks_are_counted_in_the_reports_that_stand(world):
    world.report("A1", "2024-02", {"A1-1": {"households": None}}, late="2024-03-01")
    world.report("A1", "2024-02", {"A1-1": {"households": 7}}, received="2024-03-01")

    def blank(as_of: date) -> int:
        table = blanks(choice("P", period="2024"), Ledger(world.engine, as_of)).table.set_index("field")
        return int(table.blank["households"])

    assert (blank(date(2024, 2, 20)), blank(date(2024, 3, 20))) == (1, 0)


def test_what_has_been_restated_is_the_ledgers_and_tells_its_files(ledger):
    since = ledger.last_meeting
    every = ledger.restatements(since)
    own = restated(choice(), ledger, since).table
    assert len(own) == (every.unit == "74").sum() > 0
    assert own.files.str.len().min() > 4
    parts = restated(choice(), ledger, since, parts=True).table
    assert set(parts.level) == {"district"}


def test_nothing_has_changed_since_the_last_report_came(ledger):
    view = restated(choice(), ledger, ledger.last_received)
    assert view.table.empty
    assert view.title


@pytest.mark.parametrize("field", ["households", "households_total_reported", "people_digital_signature"])
def test_a_figure_leads_to_an_indicator_that_it_goes_into(field):
    assert INDICATORS[indicator_of(field)]
    assert indicator_of("") is None


@pytest.mark.parametrize(
    "address",
    [
        {},
        {"lang": "en"},
        {"unit": "724"},
        {"unit": "25865", "period": "2023-11", "lang": "en"},
        {"as_of": "2024-06-20"},
    ],
    ids=str,
)
@pytest.mark.parametrize("part", PARTS)
def test_every_part_of_the_page_opens(part, address, opened):
    app = opened("data_quality", part=part, **address)
    assert not app.exception
    assert not app.warning


def test_what_the_page_cannot_read_falls_back_to_its_default(opened):
    app = opened("data_quality", part="x", fault="y", since="yesterday")
    assert not app.exception
    assert "157" in text(app)
