"""What has been asked once is not asked again, and what is taken from a wider answer is what would have been told."""

import pandas as pd
import pytest
from cachetools import LRUCache

from metrics import INDICATORS
from metrics.core import memory
from metrics.core.answers import Answers, Question
from metrics.core.calculate import COLUMNS, PLACES
from warehouse.period import Period

IDS = ("e_wallet_household_share", "hamlet_team_compliance", "on_time_rate")
QUARTERS = tuple(Period.parse(each) for each in ("2024-Q1", "2024-Q2", "2024-Q3", "2024-Q4", "2025-Q1"))
SOME = ("724", "25750", "74")


@pytest.fixture
def counted(ledger):
    """Answers that write down what was really asked."""
    asked = []

    def ask(question: Question) -> pd.DataFrame:
        asked.append(question)
        return ledger._ask(question)

    return Answers(ask), asked


@pytest.mark.parametrize("units", [None, SOME, ("74",)], ids=["all", "some", "one"])
@pytest.mark.parametrize("known", [QUARTERS[:1], QUARTERS[1:4:2], QUARTERS], ids=["first", "two", "every"])
def test_an_answer_in_pieces_is_the_whole_answer(counted, ledger, known, units):
    answers, asked = counted
    answers.to(Question(known, (*IDS, "team_members_trained_share")))
    found = answers.to(Question(QUARTERS, IDS, units))
    whole = Answers(ledger._ask).to(Question(QUARTERS, IDS, units))
    pd.testing.assert_frame_equal(found, whole)
    left = tuple(each for each in QUARTERS if each not in known)
    assert [each.periods for each in asked[1:]] == ([left] if left else [])


def test_the_same_is_asked_once(counted):
    answers, asked = counted
    for _ in range(2):
        answers.to(Question(QUARTERS, IDS, SOME))
    answers.to(Question(QUARTERS[2:3], IDS[:1], SOME[:1]))
    assert len(asked) == 1


def test_of_some_units_nothing_is_said_of_their_places(ledger):
    asked = (QUARTERS[-1:], IDS)
    some, every = ledger.over(*asked, SOME), ledger.over(*asked)
    assert list(some.columns) == [each for each in COLUMNS if each not in PLACES]
    assert set(some.unit) == set(SOME) and list(every.columns) == COLUMNS
    assert ledger.over(*asked, ()).empty


def test_a_part_cannot_answer_for_the_whole(counted):
    answers, asked = counted
    answers.to(Question(QUARTERS[:1], IDS, SOME))
    answers.to(Question(QUARTERS[:1], IDS))
    answers.to(Question(QUARTERS[:1], tuple(INDICATORS)[:5]))
    assert len(asked) == 3


@pytest.fixture
def small(monkeypatch):
    """A process that remembers no more than three empty answers."""
    monkeypatch.setattr(memory, "_told", LRUCache(3 * memory.LEAST, getsizeof=memory._cells))


def test_what_was_forgotten_is_asked_anew_and_answered_alike(ledger, small):
    asked = []

    def ask(question: Question) -> pd.DataFrame:
        asked.append(question)
        return ledger._ask(question)

    answers = Answers(ask)
    question = Question(QUARTERS[:1], IDS[:1], ("74",))
    first = answers.to(question)
    for each in QUARTERS[1:]:  # each is as small as an answer can be
        answers.to(Question((each,), IDS[:1], ("74",)))
    pd.testing.assert_frame_equal(answers.to(question), first)
    assert [each.periods for each in asked].count(QUARTERS[:1]) == 2


@pytest.mark.parametrize(
    ("answer", "asked"),
    [
        (pd.DataFrame({"value": range(10)}), 1),
        (pd.DataFrame({"value": range(4 * memory.LEAST)}), 2),  # larger than all there is room for
        ({str(number): number for number in range(memory.LEAST)}, 2),
        ((pd.DataFrame({"value": range(4 * memory.LEAST)}), 3), 2),
        (None, 1),
    ],
    ids=["table", "long table", "long dictionary", "long table in a pair", "nothing"],
)
def test_an_answer_is_remembered_if_there_is_room_for_it(small, answer, asked):
    told = []

    @memory.remembered
    def ask(of: str) -> object:
        told.append(of)
        return answer

    assert ask("a") is answer and ask("a") is answer
    assert len(told) == asked


def test_two_questions_never_take_each_others_answer(small):
    one, other = memory.remembered(lambda of: f"one {of}"), memory.remembered(lambda of: f"other {of}")
    assert [one(1), other(1), one(1), other(1)] == ["one 1", "other 1", "one 1", "other 1"]


def test_when_all_is_forgotten_all_is_asked_anew(small):
    told = []
    ask = memory.remembered(told.append)
    for forgets in (False, True, False):
        if forgets:
            memory.forget()
        ask(1)
    assert told == [1, 1]


def test_the_units_of_a_day_are_those_that_live_on_it(ledger):
    for period in (Period("month", 2023, 11), Period("so_far", 2025, 6), Period("plan")):
        found = ledger.engine.query(
            "select unit from units where (since is null or since <= $day) and (until is null or until > $day)",
            {"day": ledger.day(period)},
        )
        assert list(ledger.units(period).unit) == list(found.unit)
