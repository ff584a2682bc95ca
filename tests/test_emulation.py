"""The emulation shortlist: points worked out by hand, what is unknown is not ranked, how firm the order is."""

import io
import re

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from exports import WRITERS
from language import LANGUAGES, Text
from metrics import INDICATORS
from metrics.__main__ import main
from metrics.core.emulation import (
    FILE,
    CriteriaSet,
    Criterion,
    criteria,
    head,
    levels,
    moved_weights,
    scores,
    sensitivity,
    shortlist,
)
from pages import emulation as emulation_page
from views.emulation import emulation, evidence, the_list, types
from views.view import Choice
from warehouse.fields import LEVELS
from warehouse.period import Period

PART, BASIS = Text("Phần", "Part"), Text("Đề xuất", "Proposal")
WALLET, VISITED, MISSING = "e_wallet_household_share", "household_visit_coverage", "hamlet_team_shortfall"
YEAR = Period.parse("2025-to-06")


def criterion(id: str = WALLET, weight: float = 100, score: str = "target", **more) -> Criterion:
    return Criterion(id=id, part=PART, weight=weight, score=score, **more)


def a_set(*those: Criterion) -> CriteriaSet:
    return CriteriaSet("commune", those, BASIS)


TWO = a_set(criterion(WALLET, 60), criterion(VISITED, 40, "place"))


def results(values: dict[str, dict[str, float | None]], enough: bool = True, **more) -> pd.DataFrame:
    """Ledger.results of invented communes: results({"A": {WALLET: 15}})."""
    rows = [
        {
            "indicator": id, "unit": unit, "unit_name": f"Xã {unit}", "level": "commune", "parent": "P", "value": value,
            "target": INDICATORS[id].target, "enough": enough and value is not None, "numerator": value,
            "denominator": 100, "reports": 6, "reports_due": 6, **more,
        }
        for unit, each in values.items() for id, value in each.items()
    ]  # fmt: skip
    return pd.DataFrame(rows).astype({"value": float, "target": float})


# A: half of the target of 30 % and first of four; B: past it and last; C and D: at 24 %, level with each other
FOUR = results({
    "A": {WALLET: 15, VISITED: 90}, "B": {WALLET: 45, VISITED: 10},
    "C": {WALLET: 24, VISITED: 50}, "D": {WALLET: 24, VISITED: 50},
})  # fmt: skip


def test_points_are_those_worked_out_by_hand():
    found = scores(FOUR, TWO).pivot(index="unit", columns="criterion", values=["score", "points"])
    assert list(found["score"][WALLET]) == pytest.approx([50, 100, 80, 80])
    assert list(found["score"][VISITED]) == pytest.approx([100, 0, 50, 50])  # places 1, 4 and twice 2.5 of 4
    assert list(found["points"][WALLET]) == pytest.approx([30, 60, 48, 48])
    assert list(found["points"][VISITED]) == pytest.approx([40, 0, 20, 20])


@pytest.mark.parametrize(("value", "score"), [(0, 0), (3, 10), (28.5, 95), (30, 100), (60, 100)])
def test_a_score_is_the_share_of_the_target_reached_and_never_more_than_all(value, score):
    assert scores(results({"A": {WALLET: value}}), a_set(criterion())).score[0] == pytest.approx(score)


def test_who_has_the_same_points_shares_a_place():
    found = shortlist(scores(FOUR, TWO))
    assert list(found.unit) == ["A", "C", "D", "B"]
    assert list(found.total) == pytest.approx([70, 68, 68, 60])
    assert list(found["rank"]) == [1, 2, 2, 4]
    assert found.complete.all()


def test_moving_a_weight_moves_the_place_it_should():
    found = sensitivity(scores(FOUR, TWO), 0.1, top=1).set_index("unit")
    # e-wallets 60 → 66, visits 40 → 34: A 0.66·50 + 0.34·100 = 67.0, C and D 0.66·80 + 0.34·50 = 69.8, B 66.0
    # visits 40 → 36, e-wallets 60 → 64: A 68.0, C and D 69.2, B 64.0; both the other way: A remains the first
    assert list(found.loc["A", ["rank", "rank_best", "rank_worst"]]) == [1, 1, 3]
    assert list(found.loc["C", ["rank", "rank_best", "rank_worst"]]) == [2, 1, 2]
    assert list(found.loc["B", ["rank", "rank_best", "rank_worst"]]) == [4, 4, 4]
    assert list(found.in_top) == [True, False, False, False]
    assert dict(found.stays) == {"A": False, "C": False, "D": False, "B": True}
    assert found.loc["A", "crosses"] == f"{WALLET} {VISITED}"
    assert found.loc["A", "moved_by"] == WALLET  # as far as the other, and first in the set
    assert (found.loc["B", "moved_by"], found.loc["B", "crosses"]) == ("", "")


def test_weights_that_do_not_move_move_nobody():
    found = sensitivity(scores(FOUR, TWO), 0)
    assert (found.rank_best == found["rank"]).all() and (found.rank_worst == found["rank"]).all()
    assert found.stays.all()


@pytest.mark.parametrize("weights", [[60, 40], [5, 15, 30, 50], [100], [95, 5], [0.5, 99.5]], ids=str)
@pytest.mark.parametrize("by", [0.1, 0.5])
def test_a_moved_weight_leaves_the_sum_at_100(weights, by):
    weights = pd.Series(weights, index=[f"c{each}" for each in range(len(weights))], dtype=float)
    varied = moved_weights(weights, by)
    assert varied.sum(axis=1).to_numpy() == pytest.approx(100)
    assert (varied >= 0).all(axis=None)
    assert len(varied) == 2 * len(weights)
    if len(weights) == 1:
        return
    for direction, id in varied.index:
        row = varied.loc[(direction, id)]
        assert row[id] == pytest.approx(min(100, weights[id] * (1 + direction * by)))
        others = weights.index.drop(id)
        shares = [each / each.sum() for each in (weights[others], row[others])]
        assert row[others].sum() == pytest.approx(0, abs=1e-9) or shares[1].to_numpy() == pytest.approx(shares[0])


def test_the_order_of_units_changes_nothing(ledger):
    found = ledger.results(YEAR)
    mixed = found.sample(frac=1, random_state=7)
    for asked in levels():
        once, again = (scores(each, criteria(asked)) for each in (found, mixed))
        pd.testing.assert_frame_equal(shortlist(once), shortlist(again))
        pd.testing.assert_frame_equal(sensitivity(once), sensitivity(again))


@pytest.mark.parametrize("how", ["nothing is known", "not enough reports", "no row"])
def test_a_unit_with_an_unknown_criterion_is_not_ranked_and_not_zero(how):
    found = FOUR.copy()
    one = (found.unit == "A") & (found.indicator == VISITED)
    if how == "nothing is known":
        found.loc[one, ["value", "numerator"]] = np.nan
    elif how == "not enough reports":
        found.loc[one, "enough"] = False
    else:
        found = found[~one]
    told = scores(found, TWO)
    blank = told[(told.unit == "A") & (told.criterion == VISITED)].iloc[0]
    assert pd.isna(blank.score) and pd.isna(blank.points) and pd.isna(blank.place) and not blank.known
    order = shortlist(told).set_index("unit")
    assert pd.isna(order.total["A"]) and pd.isna(order["rank"]["A"]) and not order.complete["A"]
    assert order.unknown["A"] == VISITED
    assert list(order["rank"].dropna()) == [1, 1, 3]
    assert "A" not in set(sensitivity(told).unit)
    # and the others are compared among themselves: now C and D are level in front of B
    assert list(told[told.known & (told.criterion == VISITED)].score) == pytest.approx([0, 75, 75])


def test_zero_is_known_and_ranked():
    found = shortlist(scores(results({"A": {WALLET: 0, VISITED: 0}, "B": {WALLET: 30, VISITED: 1}}), TWO))
    assert dict(zip(found.unit, found.total, strict=True)) == pytest.approx({"B": 100, "A": 0})
    assert found.complete.all()


def test_who_is_alone_or_level_with_all_is_in_the_middle():
    assert list(scores(results({"A": {VISITED: 3}}), a_set(criterion(VISITED, score="place"))).score) == [50]
    level = results({each: {VISITED: 3} for each in "ABC"})
    assert list(scores(level, a_set(criterion(VISITED, score="place"))).score) == [50, 50, 50]


def test_where_less_is_better_the_least_is_first_and_half_of_the_way_counts_half():
    found = results({"A": {MISSING: 20}, "B": {MISSING: 10}, "C": {MISSING: 0}})
    by_target = a_set(criterion(MISSING, target=10))
    assert list(scores(found, by_target).score) == pytest.approx([50, 100, 100])
    assert list(scores(found, a_set(criterion(MISSING, score="place"))).score) == pytest.approx([0, 50, 100])


def test_the_targets_go_in_their_order_file_assigned_plan():
    found = results({"A": {WALLET: 12}})
    assert scores(found, a_set(criterion())).target[0] == 30
    assert scores(found.assign(target=24.0), a_set(criterion())).score[0] == pytest.approx(50)
    assert scores(found.assign(target=24.0), a_set(criterion(target=48))).score[0] == pytest.approx(25)


@pytest.mark.parametrize(("ranked", "listed"), [(0, 1), (1, 1), (4, 1), (9, 3), (29, 9), (87, 10)])
def test_a_third_is_shortlisted_at_most_and_no_more_than_ten(ranked, listed):
    assert head(ranked) == listed


# What is declared


@pytest.mark.parametrize("level", ["commune", "district"])
def test_the_shipped_sets_sum_to_100_and_are_shares_and_rates_told_at_their_level(level):
    chosen = criteria(level)
    assert sum(each.weight for each in chosen.criteria) == pytest.approx(100)
    for each in chosen.criteria:
        assert each.indicator.is_share or each.indicator.per > 1, "by a count the largest unit wins"
        assert LEVELS.index(each.indicator.finest) >= LEVELS.index(level)
    assert "VII.2" in chosen.basis.vi and "VII.2" in chosen.basis.en


def test_there_is_a_set_for_districts_and_one_for_communes():
    assert levels() == ("district", "commune")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda: criterion("no_such_thing"), "no such indicator"),
        (lambda: criterion(score="guess"), "got score 'guess'"),
        (lambda: criterion(weight=0), "weight above 0"),
        (lambda: criterion(VISITED), "scored by target, got the target None"),
        (lambda: criterion(MISSING), "got the target 0"),
        (lambda: criterion(score="place", target=5), "is scored by place"),
        (lambda: a_set(criterion(weight=60)), "sum to 60; expected 100"),
        (lambda: a_set(criterion(weight=50), criterion(weight=50)), "each once"),
        (lambda: a_set(criterion("district_plan_coverage")), r"\['district_plan_coverage'\]; expected what is told at"),
    ],
)
def test_a_set_that_cannot_be_used_is_refused_with_the_reason(wrong, said):
    with pytest.raises(ValueError, match=said):
        wrong()


@pytest.mark.parametrize(
    ("was", "put", "said"),
    [
        ("e_wallet_household_share ", "e_walet_household_share ", "criterion e_walet_household_share"),
        ("weight = 15", "weight = 16", "sum to 101"),
        ("weight = 15", "wieght = 15", "wieght"),
        ('part = "training"', 'part = "trainings"', "trainings"),
        ("[commune]", "[communes]", "no 'commune'"),
        ("basis =", "basis", "Expected '='"),
    ],
)
def test_a_mistake_in_the_file_is_told_with_file_and_level(was, put, said, tmp_path):
    file = tmp_path / "emulation.toml"
    text = FILE.read_text(encoding="utf-8")
    assert was in text
    file.write_text(text.replace(was, put), encoding="utf-8")
    with pytest.raises(ValueError, match=re.escape("emulation.toml: [commune]")) as told:
        criteria("commune", file)
    assert said in str(told.value)


# On the sample


def choice(language: str = "vi", **more) -> Choice:
    return Choice(**{"language": language, "period": YEAR, "unit": "74", "indicator": INDICATORS[WALLET], **more})


@pytest.mark.parametrize("level", levels())
def test_the_evidence_adds_up_to_the_total_and_the_numbers_are_the_ledgers(level, ledger):
    results = ledger.results(YEAR)
    told = scores(results, criteria(level))
    order = shortlist(told).set_index("unit")
    sums = told.groupby("unit").points.sum(skipna=False)
    assert sums[order.index].to_numpy() == pytest.approx(order.total.to_numpy(), nan_ok=True)
    assert order.total.dropna().between(0, 100).all()
    assert told.score.dropna().between(0, 100).all()
    ledgers = results.set_index(["unit", "indicator"]).value
    assert told.value.to_numpy() == pytest.approx(
        ledgers.loc[pd.MultiIndex.from_frame(told[["unit", "criterion"]])].to_numpy(), nan_ok=True
    )


def test_the_silent_communes_are_not_ranked(ledger):
    order = shortlist(scores(ledger.results(YEAR), criteria("commune"))).set_index("unit")
    assert len(order) == 91
    assert not order.complete[["25865", "25777"]].any()
    assert order["rank"].isna().equals(~order.complete)


def test_a_place_lies_within_its_range(ledger):
    found = sensitivity(scores(ledger.results(YEAR), criteria("commune")))
    assert (found.rank_best <= found["rank"]).all() and (found["rank"] <= found.rank_worst).all()
    assert ((found.rank_best < found.rank_worst) == (found.moved_by != "")).all()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "more",
    [{}, {"level": "district"}, {"unit": "724"}, {"unit": "25865"}, {"level": "district", "unit": "718"},
     {"level": "district", "period": Period.parse("2025-05")}, {"period": Period.parse("2023-11")}],
    ids=str,
)  # fmt: skip
def test_list_and_evidence_stand_complete_in_both_languages(more, language, ledger):
    listed, one = emulation(choice(language, **more), ledger)
    assert listed.title and listed.note and one.title and one.note
    assert criteria(choice(**more).level).basis[language] in listed.note
    for view in (listed, one):
        assert set(view.columns) <= set(view.table.columns)
        for write in WRITERS.values():
            assert write(view, language, True)
    ranked = listed.table[listed.table.complete]
    assert list(ranked.total) == sorted(ranked.total, reverse=True)
    assert listed.table.complete.is_monotonic_decreasing
    assert (listed.table.lacks != "").equals(~listed.table.complete)
    assert one.table.points.iloc[-1] == pytest.approx(one.table.points.iloc[:-1].sum(skipna=False), nan_ok=True)


@pytest.mark.parametrize(("language", "said"), [("vi", "10 xã dẫn đầu"), ("en", "Leading communes: 10")])
def test_the_heading_is_what_was_found(language, said, ledger):
    view = the_list(choice(language), ledger)
    assert view.title.startswith(said)
    assert (view.table.in_top.eq(True)).sum() == 10


def test_the_points_of_the_parts_are_those_of_their_criteria(ledger):
    view = the_list(choice(), ledger)
    parts = [name for name in view.columns if name.startswith("part_")]
    ids = [each.id for each in criteria("commune").criteria]
    table = view.table[view.table.complete]
    assert table[parts].sum(axis=1).to_numpy() == pytest.approx(table.total.to_numpy())
    assert table[ids].sum(axis=1).to_numpy() == pytest.approx(table.total.to_numpy())
    assert set(parts) <= set(view.drawn) and set(ids) <= set(view.filed)


def test_of_a_part_that_is_not_all_known_no_sum_is_told_and_what_is_missing_is_named(ledger):
    view = the_list(choice(level="district", period=Period.parse("2025-05")), ledger)
    assert view.table.commune_team_compliance.notna().all()
    assert view.table.part_Teams.isna().all()  # the formations are told of by the quarter
    assert view.table.part_Training.notna().all()
    assert INDICATORS["district_formation_compliance"].short.vi in view.note


def test_like_is_compared_with_like(ledger):
    assert types(choice(), ledger) == ["Phường", "Thị trấn", "Xã"]
    wards = the_list(choice(), ledger, "Phường").table
    assert set(wards.kind) == {"Phường"} and wards["rank"].min() == 1
    own = evidence(choice(), ledger, "Phường").table
    assert own.compared.max() <= len(wards)
    inside = the_list(choice(unit="724"), ledger).table
    assert set(inside.district) == {"Dĩ An"}


def test_a_type_that_no_unit_has_is_said_and_nothing_is_drawn(ledger):
    listed, one = emulation(choice(), ledger, "Bang")
    assert listed.title == "Không có đơn vị nào khớp."
    assert listed.table.empty and one.table.empty


def test_the_evidence_is_the_chosen_units_else_the_firsts(ledger):
    first = the_list(choice(), ledger).table.unit_name[0]
    assert first in evidence(choice(), ledger).title
    assert "Xã An Thái" in evidence(choice(unit="25865"), ledger).title
    assert "Phường Dĩ An" in evidence(choice(), ledger, unit="25942").title


def test_a_unit_that_may_leave_the_list_is_named_with_the_criterion(ledger):
    for period in ledger.periods:
        view = the_list(choice(period=period), ledger)
        edge = view.table[view.table.stays.eq(False)]
        if len(edge):
            assert all(name in view.note for name in edge.unit_name)
            assert "Sát ngưỡng" in view.note
            return
    pytest.fail("no unit of the sample is ever on the edge")


def asked(capsys, *words: str) -> tuple[int, str]:
    code = main(["emulation", "--period", "2025-to-06", *words])
    return code, capsys.readouterr().out


def test_the_command_prints_list_and_evidence(sample, capsys):
    data = ["--data", str(sample)]
    code, out = asked(capsys, "--level", "commune", "--kind", "Phường", *data)
    listed = pd.read_csv(io.StringIO(out))
    assert code == 0 and listed.unit_name.str.startswith("Phường").all()
    assert {"total", "rank", "rank_best", "rank_worst", "complete", "unknown"} <= set(listed.columns)
    code, out = asked(capsys, "--level", "district", "--evidence", "718", *data)
    told = pd.read_csv(io.StringIO(out))
    assert code == 0 and list(told.criterion) == [each.id for each in criteria("district").criteria]
    assert asked(capsys, "--level", "hamlet", *data)[0] == 1
    assert asked(capsys, "--level", "commune", "--kind", "Bang", *data)[0] == 1


def test_the_page_takes_its_level_from_the_address_whatever_the_indicator_and_shows_the_unit_asked_for(
    sample, monkeypatch
):
    monkeypatch.setenv("KPI_DATA", str(sample))
    monkeypatch.chdir(FILE.parent.parent)
    app = AppTest.from_file(str(FILE.parent.parent / "app.py"), default_timeout=60)
    app.query_params["indicator"] = "district_formation_coverage"
    app.run()
    app._page_hash = calc_hash(emulation_page.ADDRESS)
    app.run()
    text = " ".join(each.proto.body for each in app.get("html"))
    assert "10 xã dẫn đầu" in text
    app.selectbox[-1].set_value("25942").run()
    assert "Phường Dĩ An" in " ".join(each.proto.body for each in app.get("html") if "Căn cứ" in each.proto.body)
    app.selectbox[-2].set_value("Thị trấn").run()
    assert not app.exception
    assert "thị trấn dẫn đầu" in " ".join(each.proto.body for each in app.get("html"))
