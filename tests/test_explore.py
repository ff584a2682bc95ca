"""Explore: tables put together at will hold the ledger's results; questions in SQL can read, and nothing else."""

import time
from datetime import date
from threading import BoundedSemaphore

import pandas as pd
import pytest

from exports import WRITERS
from language import LANGUAGES, words
from metrics import INDICATORS
from metrics.core import sql_box
from metrics.core.calculate import COLUMNS
from metrics.core.ledger import Ledger
from metrics.core.sql_box import REFUSALS, box, columns, documented, tables
from views.explore import EXAMPLES, MOST, WHATS, Built, answered, built, level_for
from views.view import Choice
from warehouse.period import Period
from warehouse.store import current

PERIOD = Period.parse("2025-to-06")
EARLIER = Period.parse("2025-to-05")
TWO = ("e_wallet_household_share", "guided_mooc")


def choice(**more) -> Choice:
    told = {"language": "vi", "period": PERIOD, "unit": "74", "indicator": INDICATORS[TWO[0]], **more}
    return Choice(**told)


# Tables


@pytest.mark.parametrize("level", ["district", "commune", "hamlet"])
def test_both_forms_hold_the_results_of_the_ledger(level, ledger):
    asked = Built(TWO, (PERIOD, EARLIER), level, tuple(WHATS))
    crossed = built(choice(), asked, ledger).table.set_index("unit")
    tidy = built(choice(), Built(TWO, (PERIOD, EARLIER), level, tuple(WHATS), "tidy"), ledger).table
    for period in (PERIOD, EARLIER):
        results = ledger.results(period)
        for id in TWO:
            told = results[(results.indicator == id) & (results.level == level)].set_index("unit")
            assert set(crossed.index) >= set(told.index)
            rows = tidy[(tidy.indicator == id) & (tidy.period == str(period))].set_index("unit")
            for what in ("value", "numerator", "denominator", "status"):
                for table in (crossed[f"{id} {period} {what}"], rows[what]):
                    assert [_none(each) for each in table.loc[told.index]] == [_none(each) for each in told[what]]


def _none(value: object) -> object:
    return None if pd.isna(value) else value


def test_a_silent_unit_has_its_row_and_no_figure(ledger):
    table = built(choice(), Built(TWO[:1], (PERIOD,), "commune", ("value", "behind")), ledger).table.set_index("unit")
    assert pd.isna(table.loc["25865", f"{TWO[0]} {PERIOD} value"])
    assert table.loc["25865", f"{TWO[0]} {PERIOD} behind"] == "0/6"


def test_only_units_within_the_chosen_one_are_told(ledger):
    assert len(built(choice(unit="724"), Built(TWO, (PERIOD,), "commune"), ledger).table) == 7
    assert level_for(choice(unit="25942"), ledger, "district") == "commune"


def test_what_cannot_be_said_at_a_level_is_named_and_not_left_out_in_silence(ledger):
    view = built(choice(), Built((*TWO, "district_formation_coverage"), (PERIOD,), "commune"), ledger)
    assert INDICATORS["district_formation_coverage"].short.vi in view.note
    assert built(choice(), Built(("district_formation_coverage",), (PERIOD,), "commune"), ledger).table.empty


def test_a_table_that_would_take_the_servers_memory_is_refused(ledger):
    periods = (PERIOD, EARLIER)
    view = built(choice(), Built(tuple(INDICATORS)[: MOST // 2 + 1], periods, "commune"), ledger)
    assert view.table.empty
    assert str(MOST) in view.title


def test_of_no_choice_it_is_said_what_to_choose(ledger):
    for asked in (Built((), (PERIOD,), "commune"), Built(TWO, (), "commune"), Built(TWO, (PERIOD,), "commune", ())):
        assert built(choice(), asked, ledger).title == words()["explore_nothing"]["vi"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("shape", ["crossed", "tidy"])
def test_every_table_can_be_written_to_every_file(shape, language, ledger):
    view = built(choice(language=language), Built(TWO, (PERIOD, EARLIER), "commune", tuple(WHATS), shape), ledger)
    names = [column.name[language] for column in view.columns.values()]
    assert len(set(names)) == len(names)
    for write in WRITERS.values():
        assert write(view, language, True)


# Questions in SQL


@pytest.fixture(scope="module")
def asked(ledger):
    return box(ledger, PERIOD).ask


def test_results_are_those_of_the_ledger(asked, ledger):
    found = asked("select * from results", rows=100_000).table
    expected = ledger.results(PERIOD)
    assert list(found.columns) == COLUMNS
    assert len(found) == len(expected)
    for name in COLUMNS:
        assert [_none(each) for each in found[name]] == [_none(each) for each in expected[name]], name


def test_the_tables_hold_what_is_documented_and_nothing_else(asked):
    told = asked("select table_name, column_name from information_schema.columns order by ordinal_position").table
    assert {name: list(rows.column_name) for name, rows in told.groupby("table_name")} == {
        name: list(columns(name)) for name in documented()
    }
    held = {column for name in documented() for column in columns(name)}
    assert not held & {"sha256", "sender", "receipt", "given", "parts", "note"}


def test_on_an_earlier_day_the_tables_stand_as_they_stood(sample):
    told = tables(Ledger.open(current(sample), date(2024, 6, 20)), Period.parse("2024-to-05"))
    assert told["reports"].received_at.max() < pd.Timestamp("2024-06-21")
    due = told["expected"].set_index("due_by_now").due
    assert pd.to_datetime(due[True]).max() < pd.Timestamp("2024-06-20") <= pd.to_datetime(due[False]).min()
    assert set(told["facts"].report) <= set(told["reports"].report[told["reports"].standing])


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_has_an_answer(example, ledger):
    view, told = answered(choice(), ledger, EXAMPLES[example][1])
    assert told.refused == ""
    assert len(view.table) > 0


ATTACKS = {
    "insert into units (unit) values ('x')": "no_question",
    "delete from results": "no_question",
    "update results set value = 100": "no_question",
    "drop table results": "no_question",
    "create table mine as select 1": "no_question",
    "copy results to 'stolen.csv'": "no_question",
    "copy results from '/etc/passwd'": "no_question",
    "attach 'other.duckdb'": "no_question",
    "attach ':memory:' as m": "no_question",
    "export database 'out'": "no_question",
    "install httpfs": "no_question",
    "load httpfs": "no_question",
    "set threads = 64": "no_question",
    "set enable_external_access = true": "no_question",
    "reset enable_external_access": "no_question",
    "pragma database_list": "no_question",
    "pragma enable_profiling": "no_question",
    "call pragma_version()": "no_question",
    "begin": "no_question",
    "prepare p as select 1": "no_question",
    "explain analyze select 1": "no_question",
    "checkpoint": "no_question",
    "select 1; drop table results": "several",
    "select 1; select 2": "several",
    "select 1) x; drop table results; select * from (select 1": "syntax",
    "": "empty",
    "-- nothing": "empty",
    "selec 1": "syntax",
    "select * from read_csv('/etc/passwd')": "forbidden",
    "select * from read_text('/etc/passwd')": "forbidden",
    "select * from read_blob('/etc/passwd')": "forbidden",
    "select * from read_json('/etc/passwd')": "forbidden",
    "select * from read_parquet('x.parquet')": "forbidden",
    "select * from sniff_csv('/etc/passwd')": "forbidden",
    "select * from glob('/*')": "forbidden",
    "select * from 'https://example.org/x.csv'": "forbidden",
    "select * from query('copy results to ''x''')": "syntax",
    "with gone as (delete from units returning *) select * from gone": "unknown",
    "select getenv('HOME')": "unknown",
    "select * from con": "unknown",
    "select * from question": "unknown",
    "select * from sniffed.main.secrets": "unknown",
    "select nothing_like_it from units": "unknown",
    "select * from enable_logging('QueryLog', storage = 'file', storage_config = {'path': 'log'})": "failed",
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_whatever_does_more_than_read_the_tables_is_refused(attack, asked, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    told = asked(attack)
    assert told.refused == ATTACKS[attack]
    assert told.table.empty
    assert list(tmp_path.iterdir()) == []


def test_after_all_attacks_the_tables_are_as_they_were(asked, ledger):
    for attack in ATTACKS:
        if ATTACKS[attack] == "no_question":
            asked(attack)
    assert asked("select count(*) as n from results").table.n[0] == len(ledger.results(PERIOD))


ENDLESS = {
    "select count(*) from range(1000000000000)": {"time"},
    "with recursive r as (select 1 as a union all select a + 1 from r) select max(a) from r": {"time"},
    "select list_sum(range(200000000))": {"memory", "time"},
    "select length(repeat('x', 1000000000))": {"memory", "time"},
    "select lpad('x', 900000000, 'y')": {"memory", "time"},
    "select string_agg(a.unit_name, '') from results a, results b, results c": {"memory", "time"},
}


@pytest.mark.parametrize("question", ENDLESS)
def test_a_question_that_takes_all_time_or_memory_is_ended(question, asked):
    began = time.monotonic()
    assert asked(question, seconds=2).refused in ENDLESS[question]
    assert time.monotonic() - began < 6
    assert asked("select 1 as one", seconds=10).table.one[0] == 1


def test_many_questions_at_once_wait_for_their_turn_and_are_told_so(asked, monkeypatch):
    monkeypatch.setattr(sql_box, "_turns", BoundedSemaphore(1))
    with sql_box._turns:
        assert asked("select 1", seconds=0.1).refused == "busy"
    assert asked("select 1 as one", seconds=10).refused == ""


def test_a_question_of_endless_length_is_refused(asked):
    assert asked(f"select 1 -- {'x' * sql_box.LONGEST}").refused == "long"


def test_an_answer_that_is_too_long_is_cut_and_said_so(asked, ledger):
    told = asked("select * from range(1000000)", rows=100)
    assert (len(told.table), told.cut) == (100, True)
    assert asked("select * from range(1000000000000)", rows=10).cut  # it stops there, and does not run to the end
    view, _ = answered(choice(), ledger, "select * from results")
    assert (len(view.table), view.title) == (10_000, words()["sql_cut"]["vi"].format(most="10.000"))


def test_the_order_that_was_asked_for_stays(asked):
    told = asked("select range as n from range(50000) order by n desc", rows=100).table
    assert list(told.n) == list(range(49_999, 49_899, -1))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("refused", REFUSALS)
def test_every_refusal_is_said_in_both_languages(refused, language):
    assert words()[f"sql_{refused}"][language].strip()


def test_odd_values_can_be_shown_and_written(ledger):
    question = """select 1/0 as endless, 0.5::decimal(4,2) as broken, true as sound, [1, 2] as several, null as blank,
        date '2025-01-01' as day, 2::hugeint as huge, 1 as twice, 2 as twice, '=1+1' as formula, 12345678901234567890123
        as beyond"""
    view, told = answered(choice(), ledger, question)
    assert told.refused == ""
    for write in WRITERS.values():
        assert write(view, "vi", True)


def test_the_line_of_an_error_is_counted_as_its_author_does(asked):
    assert "LINE 2:" in asked("select *\nfrom nowhere").detail
