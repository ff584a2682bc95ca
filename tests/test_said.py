"""What a pack says: whole sentences, figures that equal the results, no cause, nothing shouted inside a sentence."""

import re

import pandas as pd
import pytest
from conftest import PACKS

from language import capital, words, written
from metrics import INDICATORS
from views import wording
from views.agenda import agendas
from views.pack import VIEWS
from views.shown import within
from warehouse.period import Period

CAUSES = re.compile(r"\b(vì|bởi vì|nguyên nhân là|because|caused by|due to)\b", re.IGNORECASE)


EVERY_CASE = pytest.mark.parametrize("case", PACKS, ids=str)


@EVERY_CASE
def test_every_page_says_something_in_whole_sentences(case, packs):
    for page in packs[case].pages:
        assert page.sentences, page.id
        for sentence in page.sentences:
            assert sentence[0] == capital(sentence)[0]
            assert sentence.endswith((".", ":", "!", "?")), sentence
            assert "nan" not in sentence.lower().split()
            assert not CAUSES.search(re.sub("“[^”]*”", "", sentence)), sentence


@EVERY_CASE
def test_names_of_targets_keep_their_capitals_inside_sentences(case, packs):
    told = " ".join(
        [*(s for page in packs[case].pages for s in page.sentences)]
        + [str(text) for page in packs[case].pages for view in page.views if view.id == "conclusions"
           for text in view.table.text]
    )  # fmt: skip
    assert "dvc" not in told and "vneid" not in told
    assert not re.search(r", (Tỷ lệ|Quý|Households|People)\b", told)


@EVERY_CASE
def test_what_is_said_of_a_target_equals_the_results(case, packs, dated):
    told = packs[case]
    language, period = told.choice.language, told.choice.period
    asked = [page for page in told.pages if page.part.each]
    assert asked
    for page in asked:
        indicator = page.choice.indicator
        row = dated.over((period,), (indicator.id,)).set_index("unit").loc[told.choice.unit]
        said = " ".join(page.sentences)
        assert written(row.value, language, indicator.digits) in said
        assert "/".join(written(each, language) for each in (row.numerator, row.denominator)) in said
        if row.status in ("near", "behind"):
            assert written(row.missing, language) in page.sentences[0]
        first = dated.contributions(indicator, told.choice.unit, period)
        for each in first[first.unit.notna() & (first.gap > 0)].head(wording.NAMED).itertuples():
            own = dated.over((period,), (indicator.id,)).set_index("unit").missing[each.unit]
            name = wording.unit(each.unit_name, language)
            assert f"{name} ({wording.counted(own, indicator.counts, language)})" in said
        pace = dated.pace(period, (indicator.id,)).set_index("unit").loc[told.choice.unit]
        if pace.state in ("accelerate", "limited", "backwards"):
            digits = 0 if abs(pace.pace_needed) >= 10 else 1
            assert written(pace.pace_needed, language, digits) in said


@EVERY_CASE
def test_what_is_said_of_the_scorecard_equals_the_results(case, packs, dated):
    told, language = packs[case], case[1]
    page = next(each for each in told.pages if each.part.id == "targets")
    targeted = tuple(each.id for each in INDICATORS.values() if each.target is not None)
    found = dated.over((told.choice.period,), targeted)
    status = found[found.unit == told.choice.unit].status.value_counts()
    numbers = [int(each) for each in re.findall(r"\d+", page.sentences[0].split(told.choice.period.name(language))[1])]
    judged = [int(status.get(each, 0)) for each in ("met", "near", "behind")]
    assert {judged[0], sum(judged), judged[1], judged[2]} <= set(numbers)


@EVERY_CASE
def test_what_is_said_of_late_reports_equals_the_ledger(case, packs, dated):
    told, page = packs[case], next(each for each in packs[case].pages if each.part.id == "late")
    language, year = told.choice.language, Period(kind="year", year=2025)
    if told.choice.period.kind == "plan":
        year = Period("plan")
    for id in ("reporting_rate", "on_time_rate"):
        row = dated.over((year,), (id,)).set_index("unit").loc[told.choice.unit]
        share = "/".join(written(each, language) for each in (row.numerator, row.denominator))
        assert share in page.sentences[0]
        assert written(row.value, language, 1) in page.sentences[0]


@EVERY_CASE
def test_the_map_counts_those_that_have_reached_the_target(case, packs, dated):
    told, page = packs[case], next(each for each in packs[case].pages if each.part.id == "map")
    found = dated.over((told.choice.period,), ("e_wallet_household_share",))
    units = dated.units(told.choice.period)
    inside = found[(found.level == "commune") & found.unit.isin(within(told.choice.unit, units))]
    assert str(int((inside.status == "met").sum())) in page.sentences[0]
    assert str(len(inside)) in page.sentences[0]


def test_a_handed_out_summary_is_chosen_for_no_meeting():
    from views.agenda import agenda_for

    chosen = {agenda_for(Period.parse(each), level).id
              for each in ("2025-06", "2025-Q2", "2025-H1", "2024", "plan", "2025-to-06")
              for level in ("province", "district")}  # fmt: skip
    assert "handout" not in chosen and "district" in chosen


def test_every_view_that_an_agenda_names_exists():
    assert {view for agenda in agendas().values() for part in agenda.parts for view in part.views} <= VIEWS.keys()


def test_a_unit_in_a_vietnamese_sentence_has_a_small_type_and_a_large_name():
    assert wording.unit("Xã An Thái", "vi") == "xã An Thái"
    assert wording.unit("Xã An Thái", "en") == "Xã An Thái"
    assert wording.inside("Đội hình ≥ 20 người", "vi") == "Đội hình ≥ 20 người"
    assert wording.inside("Q2/2025", "en") == "Q2/2025"
    assert wording.counted(1, "commune_team", "en") == "1 team"
    assert wording.counted(2988, "household", "vi") == "2.988 hộ"
    assert "{" not in words()["say_no_gaps"]["vi"].format(team="Tổ", what="khu/ấp", floor=10)


def test_parts_by_target_equal_the_results(handed, dated):
    made = handed[0]
    view = next(view for page in made.pages for view in page.views if view.id == "parts_by_target")
    found = dated.over((made.choice.period,), tuple(view.columns.keys() & INDICATORS.keys()))
    for row in view.table.to_dict("records"):
        own = found[found.unit == row["unit"]].set_index("indicator").value
        for id in view.columns.keys() & INDICATORS.keys():
            assert (pd.isna(row[id]) and pd.isna(own[id])) or row[id] == own[id]


def test_what_a_district_is_handed_speaks_of_that_district(handed):
    for made in handed:
        said = [sentence for page in made.pages for sentence in page.sentences]
        assert said and all(sentence.endswith((".", ":")) for sentence in said)
        assert made.agenda.id == "handout" and made.choice.unit in {"718", "719", *map(str, range(720, 727))}
