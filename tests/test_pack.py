"""A meeting's pack: every agenda whole, its sentences true to the figures, its id good for the same figures again."""

import re
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from conftest import choice_of

from language import LANGUAGES, word, written
from metrics import INDICATORS
from metrics.core.ledger import Ledger
from views import meeting
from views.agenda import agenda_for, agendas
from views.geography import geography
from views.meeting import ENDS, conclusions, leaders, movement
from views.pack import NAMES, VIEWS, Pack, pack, pack_id
from warehouse.store import current

MEETINGS = [each.id for each in agendas().values() if each.meets]


@pytest.fixture(scope="session")
def packs(pack_of) -> dict[tuple[str, str], Pack]:
    """Every agenda in Vietnamese, and the quarterly one in English too."""
    return {each: pack_of(*each) for each in [*((agenda, "vi") for agenda in MEETINGS), ("quarter", "en")]}


def test_each_kind_of_period_has_its_agenda():
    for id in MEETINGS:
        level = "district" if agendas()[id].district else "province"
        assert agenda_for(choice_of(id, "vi").period, level).id == id


def test_each_view_that_an_agenda_names_is_there_and_has_a_name_in_both_languages():
    named = {view for agenda in agendas().values() for part in agenda.parts for view in part.views}
    assert named <= VIEWS.keys()
    assert VIEWS.keys() == NAMES.keys()


@pytest.mark.parametrize("agenda", MEETINGS)
def test_a_pack_goes_through_its_agenda_in_order(packs, agenda):
    found, parts = packs[agenda, "vi"], [each.id for each in agendas()[agenda].parts]
    shown = list(dict.fromkeys(page.part.id for page in found.pages))
    assert shown == [each for each in parts if each in shown]
    # The period before has no movement on the first day of a plan; all else has something to show.
    assert set(parts) - set(shown) <= {"movement", "changes", "gaps", "emulation"}
    assert len({page.id for page in found.pages}) == len(found.pages)


@pytest.mark.parametrize("agenda", MEETINGS)
def test_each_page_says_something_and_how_complete_it_is(packs, agenda):
    found = packs[agenda, "vi"]
    for page in found.pages:
        assert page.sentences and all(each.strip().endswith((".", "!", "?")) for each in page.sentences), page.id
        assert page.notes[-1] == found.complete


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sentences_of_a_target_tell_the_figures_of_the_results(packs, dated, language):
    found = packs["quarter", language]
    for page in (each for each in found.pages if each.part.each and not each.part.data):
        row = dated.one(found.choice.period, page.choice.indicator).set_index("unit").loc["74"]
        said = " ".join(page.sentences)
        assert written(row.value, language, page.choice.indicator.digits) in said
        assert f"{written(row.numerator, language)}/{written(row.denominator, language)}" in said
        if not page.choice.indicator.scheduled:  # of those, numerator and denominator are the reports
            assert f"{row.reports:.0f}" in said and f"{row.reports_due:.0f}" in said
        if row.missing > 0:
            assert written(row.missing, language) in said


def test_no_sentence_claims_a_cause(packs):
    for (_, language), found in packs.items():
        claims = {"vi": r"\b(do|vì|bởi|nhờ|nguyên nhân là)\b", "en": r"\b(because|due to|thanks to|caused)\b"}[language]
        for page in found.pages:
            for each in page.sentences:
                assert not re.search(claims, each.lower()), each


def test_both_ends_of_a_ranking_are_those_of_the_leaderboard(dated):
    choice = choice_of("quarter", "vi").at("commune")
    table = leaders(choice, dated).table
    assert len(table) == 2 * ENDS
    assert list(table.place.head(ENDS)) == sorted(table.place.head(ENDS))
    ranked = dated.one(choice.period, choice.indicator)
    ranked = ranked[(ranked.level == "commune") & ranked.enough]
    assert table.value.max() == ranked.value.max() and table.value.min() == ranked.value.min()


def test_who_has_moved_most_stands_first_and_last(dated):
    table = movement(choice_of("quarter", "vi").at("commune"), dated).table
    assert list(table.moved) == sorted(table.moved, reverse=True)
    assert set(table.section) == {word("risen", "vi"), word("fallen", "vi")}
    assert (table.moved[table.section == word("risen", "vi")] > 0).all()


@pytest.mark.parametrize("key, sign", [("say_risen", 1), ("say_fallen", -1)])
def test_nobody_is_said_to_have_fallen_where_all_have_risen(dated, monkeypatch, key, sign):
    choice = choice_of("quarter", "vi").at("commune")
    whole = meeting.leaderboard(choice, dated)
    same_way = replace(whole, table=whole.table[whole.table.moved * sign > 0])
    monkeypatch.setattr(meeting, "leaderboard", lambda choice, ledger: same_way)
    told, other = movement(choice, dated), {"say_risen": "giảm bậc", "say_fallen": "tăng bậc"}[key]
    assert word(key, "vi", names="", count="")[:8] in told.title and other not in told.title
    assert (told.table.moved * sign > 0).all()


def test_a_conclusion_rests_on_the_figures(dated):
    choice = choice_of("quarter", "vi")
    found = conclusions(choice, dated).table
    row = dated.one(choice.period, choice.indicator).set_index("unit").loc["74"]
    assert any(written(row.missing, "vi") in text for text in found.text)
    overdue = dated.commitments()
    overdue = overdue[overdue.state == "overdue"]
    assert sum(
        word("conclude_overdue", "vi", indicator="", goal="").split(":")[0] in text for text in found.text
    ) == len(overdue)


def test_the_same_id_gives_the_same_figures(packs, dated, sample):
    first = packs["district", "vi"]
    again = pack(agendas()["district"], first.choice, dated, geography(sample))
    assert again.id == first.id
    for one, other in zip(first.pages, again.pages, strict=True):
        assert one.sentences == other.sentences
        for view, same in zip(one.views, other.views, strict=True):
            pd.testing.assert_frame_equal(view.table, same.table)


def test_another_day_unit_language_indicator_or_agenda_is_another_pack(dated):
    choice = choice_of("quarter", "vi")
    ids = {
        pack_id(agendas()[agenda], told, dated)
        for agenda in ("quarter", "month")
        for told in (
            choice,
            choice.but(language="en"),
            choice.but(unit="720"),
            choice.but(as_of=date(2025, 6, 19)),
            choice.but(indicator=INDICATORS["online_service_account_person_share"]),
        )
    }
    assert len(ids) == 10


def test_what_comes_later_leaves_a_pack_as_it_was(packs, dated, sample):
    """The warehouse has reports of after that day: none of them is in the pack."""
    later = Ledger.open(current(sample))
    choice = choice_of("quarter", "vi")
    assert (
        later.one(choice.period, choice.indicator).reports.sum()
        > dated.one(choice.period, choice.indicator).reports.sum()
    )
    with pytest.raises(ValueError, match="2025-06-20"):
        pack(agendas()["quarter"], choice, later, geography(sample))


def test_other_words_change_no_figure(packs):
    found = packs["quarter", "vi"]
    changed = found.but({"late": ("Câu của văn phòng.",)})
    assert next(page for page in changed.pages if page.id == "late").sentences == ("Câu của văn phòng.",)
    assert [page.views for page in changed.pages] == [page.views for page in found.pages]
    assert changed.id == found.id
