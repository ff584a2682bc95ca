"""Nothing that the plan asks for is left without an answer, and of every number it is written down what it means."""

import io
import re

import openpyxl
import pytest

from data_ingest.template import all_templates
from exports import WRITERS
from language import LANGUAGES
from metrics import INDICATORS
from metrics.__main__ import main
from metrics.core import traps
from metrics.dictionary import COLUMNS, LISTS, entries, topics
from metrics.dictionary import dictionary as written_dictionary
from metrics.requirements import Requirement, answers, due_days, requirements, table
from views.dictionary import dictionary
from views.view import Choice
from warehouse.fields import FIELDS
from warehouse.period import Period
from warehouse.schedule import DUTIES, DUTY_OF

HOW_MANY = {"A": 9, "B": 10, "C": 11, "D": 11, "E": 11}
EVERY = [f"{letter}{number}" for letter, last in HOW_MANY.items() for number in range(1, last + 1)]
DECLARED = [*INDICATORS.values(), *FIELDS.values(), *DUTIES]
EVERY_LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)


def test_the_register_holds_every_requirement_of_the_plan_and_what_volunteers_must_be():
    assert list(requirements()) == [*EVERY, "F"]


@pytest.mark.parametrize("id", EVERY)
def test_every_requirement_is_answered(id):
    found = answers(id)
    assert any(found[nature] for nature in ("indicator", "calendar", "checklist", "narrative"))
    assert [nature for nature in requirements()[id].answered_as if not found[nature]] == []


@pytest.mark.parametrize("id", [each for each in EVERY if each[0] == "A"])
def test_every_number_of_the_plan_is_an_indicator(id):
    assert "indicator" in requirements()[id].answered_as


@pytest.mark.parametrize("id", [each for each in EVERY if each[0] == "D"])
def test_every_activity_of_the_plan_is_reported_as_a_figure_and_summed(id):
    assert {"figure", "indicator"} <= set(requirements()[id].answered_as)


@pytest.mark.parametrize("each", DECLARED, ids=lambda each: getattr(each, "id", None) or each.form)
def test_whatever_answers_names_a_requirement_that_exists(each):
    assert each.requirement.split()
    assert set(each.requirement.split()) <= requirements().keys()


def test_a_field_that_answers_is_asked_for_in_a_form():
    asked = set().union(*(template.fields for template in all_templates()))
    assert [field for id in EVERY for field in _fields(id) if field.id not in asked] == []


def _fields(id: str) -> list:
    found = answers(id)
    return [*found["checklist"], *found["narrative"], *found["figure"]]


@pytest.mark.parametrize("id", [each.id for each in requirements().values() if each.asks])
def test_every_report_that_is_asked_for_is_owed_or_made_of_shorter_ones(id):
    asked = set(requirements()[id].asks)
    owed = {kind for duty in answers(id)["calendar"] for kind in duty.kinds}
    assert asked & owed
    assert not asked - owed or any("month" in duty.add_up for duty in answers(id)["calendar"])


def test_the_last_day_on_time_is_the_one_before_that_of_the_plan():
    days = due_days(requirements()["B2"], DUTY_OF["periodic"], "vi")
    assert days[1:] == ["quý: 19/3, 19/6, 19/9, 19/12", "6 tháng: 19/6", "năm: 4/12"]


def test_a_day_that_the_plan_does_not_name_is_said_to_be_set():
    *_, phase = due_days(requirements()["B3"], DUTY_OF["periodic"], "en")
    assert phase.startswith("whole plan: ")
    assert "the plan names none" in phase
    assert "the plan names none" in due_days(requirements()["B1"], DUTY_OF["monthly"], "en")[1]


@EVERY_LANGUAGE
def test_the_table_says_of_each_requirement_where_it_is_answered(language):
    rows = {line.split(" | ")[0].removeprefix("| "): line for line in table(language).splitlines() if line[:2] == "| "}
    for id in EVERY:
        found = answers(id)
        assert all(f"`{each.id}`" in rows[id] for each in [*found["indicator"], *_fields(id)])
        assert bool(rows[id].split(" | ")[-1].strip(" |")) == bool(found["calendar"])
    assert "CHƯA ĐƯỢC TRẢ LỜI" not in table("vi")


@pytest.mark.parametrize(
    "wrong", [{"answered_as": ("poem",)}, {"answered_as": ()}, {"asks": ("week",)}, {"dated": ("year",)}, {"id": "Z1"}]
)
def test_a_requirement_in_unknown_words_is_refused(wrong):
    sound = {"id": "A1", "section": "I", "name": requirements()["A1"].name, "answered_as": ("indicator",)}
    with pytest.raises(ValueError, match="expected one of"):
        Requirement(**{**sound, **wrong})


@EVERY_LANGUAGE
@pytest.mark.parametrize(("verb", "write"), [("requirements", table), ("dictionary", written_dictionary)])
def test_the_documents_are_printed_by_a_command(verb, write, language, capsys):
    assert main([verb, "--language", language]) == 0
    assert capsys.readouterr().out == write(language)


# The dictionary


@EVERY_LANGUAGE
def test_the_dictionary_tells_all_there_is_to_tell_of_every_indicator(language):
    found = {each["id"]: each for each in entries(language)}
    assert list(found) == list(INDICATORS)
    for id, entry in found.items():
        indicator = INDICATORS[id]
        assert list(entry) == list(COLUMNS)
        assert all(entry.values())
        assert [f for f in (*indicator.fields, *indicator.scheduled) if f"({f};" not in " ".join(entry["fields"])] == []
        assert len(entry["example"]) == len(indicator.example[0]) + 1
        assert all(trap.endswith(".") for trap in entry["traps"])


def test_where_there_is_no_trap_it_is_said(monkeypatch):
    monkeypatch.setattr(traps, "TRAPS", ())
    bare = next(each for each in entries("en") if INDICATORS[each["id"]].note is None)
    assert bare["traps"] == ["No known trap."]


@pytest.mark.parametrize("trap", [said for _, said in traps.TRAPS], ids=lambda said: said.en[:40])
def test_every_trap_is_set_by_some_indicators_and_not_by_all(trap):
    caught = [each for each in INDICATORS.values() if trap in traps.traps(each)]
    assert 0 < len(caught) < len(INDICATORS)


@pytest.mark.parametrize(
    ("indicator", "said", "is_said"),
    [
        ("hamlet_team_coverage", "stays in the denominator", True),
        ("e_wallet_household_share", "stays in the denominator", False),
        ("digital_signature_share", "may pass 100 %", True),
        ("inspection_completion", "may pass 100 %; then", True),
        ("e_wallet_household_share", "may pass 100 %", False),
        ("neighbourhood_group_coverage", "may pass 100 %", False),
        ("mobilised_funds_share", "may pass 100 %", False),
        ("households_missing_to_e_wallet_target_as_a_whole", "It does not add up", True),
        ("households_missing_to_e_wallet_target", "It does not add up", False),
        ("funds_total", "In millions of VND", True),
        ("guided_mooc", "not different people", True),
        ("guided_mooc", "compare only periods of the same length", True),
        ("reinforcement_met_share", "compare only periods of the same length", False),
        ("team_members_trained_share", "counted in both", True),
        ("commune_team_shortfall", "do not add up to people", True),
        ("conferences", "by quarter, not by month", True),
        ("provincial_conferences", "of a month or a quarter", True),
        ("guided_mooc", "no figure", False),
        ("monthly_on_time_rate", "the calendar as set", True),
        ("monthly_reporting_rate", "the calendar as set", False),
    ],
)
def test_traps_follow_from_how_an_indicator_is_made(indicator, said, is_said):
    assert (said in " ".join(trap.en for trap in traps.traps(INDICATORS[indicator]))) == is_said


def _view(language="vi", **asked):
    choice = Choice(language, Period.parse("2025-to-06"), "74", INDICATORS["e_wallet_household_share"])
    return dictionary(choice, None, **asked)


@EVERY_LANGUAGE
def test_the_sheet_reads_back_with_a_row_for_every_indicator(language):
    view = _view(language)
    sheet = openpyxl.load_workbook(io.BytesIO(WRITERS["xlsx"](view, language, False))).active
    heading, *rows = sheet.iter_rows(min_row=4, max_row=4 + len(INDICATORS), values_only=True)
    assert heading == tuple(label[language] for label in COLUMNS.values())
    assert [row[0] for row in rows] == list(INDICATORS)
    assert all(all(row) for row in rows)
    for row, entry in zip(rows, entries(language), strict=True):
        told = dict(zip(COLUMNS, row, strict=True))
        assert all(line in told[name] for name in LISTS for line in entry[name])


@pytest.mark.parametrize("search", ["Chữ ký số", "chu ky so", "CHU KY SO", "chữ ký người A6", "digital_signature"])
def test_the_search_passes_over_accents_and_case_and_then_goes_word_by_word(search):
    assert "digital_signature_share" in set(_view(search=search).table.id)
    assert len(_view(search=search).table) < 12


def test_the_search_finds_nothing_where_nothing_is():
    view = _view(search="no such thing")
    assert view.table.empty
    assert view.title.startswith("0/")


@pytest.mark.parametrize("topic", topics("vi"))
def test_a_topic_narrows_the_dictionary_to_itself(topic):
    found = _view(topic=topic).table
    assert len(found)
    assert set(found.topic) == {topics("vi")[topic]}


def test_no_entry_in_english_keeps_a_vietnamese_sentence():
    loan = re.compile(r"[tT]ổ|[kK]hu/ấp|Đội|hình|Nhóm|dân|phố|NĐ|Bình|Dương|số")
    for entry in entries("en"):
        for name in ("formula", "target", "interval", "example", "traps", "fields"):
            said = entry[name] if isinstance(entry[name], str) else " ".join(entry[name])
            assert [word for word in said.split() if re.search(r"[ạ-ỹđơưă]", loan.sub("", word))] == [], entry["id"]
