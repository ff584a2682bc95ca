"""Every page in both languages, its address, and what it shows when there is nothing to show."""

import pytest
from opening import PAGES, go, open_at, text

from language import LANGUAGES, word, words
from metrics import INDICATORS, funding
from pages import who

EVERY_LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)


@EVERY_LANGUAGE
@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_complete_in_both_languages(page, language, opened):
    app = opened(page, lang=language)
    assert not app.exception
    assert words()["sample_band"][language] in text(app)
    assert "84" in text(app)
    assert "/91 xã" in text(app) or "of 91 communes" in text(app)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    "address",
    [
        {"unit": "724", "level": "hamlet"},
        {"unit": "25942", "indicator": "district_formation_coverage", "view": "tiles"},
        {"unit": "25865", "indicator": "provincial_committee_coverage", "period": "2023-11"},
        {"indicator": "guided_mooc_per_1000_adults", "period": "2025-Q2", "lang": "en"},
        {"indicator": "district_formation_coverage", "level": "district", "view": "tiles", "colours": "quantile"},
        {"period": "2024-Q3", "as_of": "2024-10-01", "unit": "718"},
        {"indicator": "households_per_volunteer", "colours": "quantile", "period": "plan", "lang": "en"},
    ],
    ids=str,
)
def test_every_choice_can_be_shown_on_every_page(page, address, opened):
    app = opened(page, **address)
    assert not app.exception
    assert not app.warning
    assert app.get("html")


@EVERY_LANGUAGE
def test_no_word_of_the_other_language_stands_in_the_frame(language, opened):
    labels = {each.label for each in opened(lang=language).selectbox}
    assert labels == {words()[key][language] for key in ("unit", "period", "units_of")}


def test_the_choice_in_the_address_is_what_is_shown(opened):
    app = opened(unit="724", period="2024-Q4", lang="en", indicator="data_store_share")
    shown = {each.label: each.value for each in app.selectbox}
    assert (shown["Unit"], shown["Period"]) == ("724", "2024-Q4")


@EVERY_LANGUAGE
@pytest.mark.parametrize("part", ["unit", "period", "indicator", "level", "as_of", "view", "colours"])
def test_an_address_that_cannot_be_read_is_said_and_the_default_is_shown(part, language, opened):
    app = opened(**{part: "no such thing", "lang": language})
    assert not app.exception
    assert "no such thing" in app.warning[0].value


def test_a_choice_goes_into_the_address_and_stays_there(opened):
    app = opened()
    app.selectbox[0].set_value("724").run()
    assert app.query_params["unit"] in ("724", ["724"])
    app = go(app, "leaderboard")
    assert next(each.value for each in app.selectbox if each.label == "Đơn vị") == "724"


def test_a_list_drawn_anew_forgets_what_was_chosen_in_it_before(opened):
    app = opened()
    app.session_state["unit-724-vi"] = "718"  # as a run that was cut off leaves it behind
    app.selectbox[0].set_value("724").run()
    assert app.selectbox[0].value == "724"
    assert app.query_params["unit"] in ("724", ["724"])


def test_a_day_in_the_past_is_shown_as_it_stood_and_said(opened):
    app = opened(as_of="2024-06-20")
    assert not app.exception
    assert "20/6/2024" in text(app)


@EVERY_LANGUAGE
def test_without_a_warehouse_it_says_what_to_run(language, tmp_path, monkeypatch):
    monkeypatch.setenv("KPI_DATA", str(tmp_path))
    app = open_at(lang=language)
    assert not app.exception
    assert app.title[0].value == words()["no_warehouse"][language]
    assert "do.py run" in app.code[0].value


def test_search_on_the_leaderboard_narrows_it(opened):
    app = opened("leaderboard")
    app.text_input[0].set_value("di an").run()
    assert "Phường Dĩ An" in text(app)
    assert "Phường Hiệp Thành" not in text(app)


def test_search_in_the_dictionary_narrows_it_and_opens_what_it_found(opened):
    app = opened("dictionary", indicator="data_store_share")
    assert text(app).count("<details") == len(INDICATORS)
    assert text(app).count("<details open") == 1
    app.text_input[0].set_value("chu ky so").run()
    assert text(app).count("<details") == text(app).count("<details open") == 1
    assert "digital_signature_share" in text(app)
    app.text_input[0].set_value("no such thing").run()
    assert app.info[0].value == words()["no_indicator_found"]["vi"]


def test_a_topic_narrows_the_dictionary_to_its_own(opened):
    app = opened("dictionary", lang="en")
    app.selectbox[-1].set_value("funding").run()
    assert text(app).count("<details") == len(funding.INDICATORS)


@pytest.mark.parametrize("beside", ["before", "year", "indicator"])
@pytest.mark.parametrize("level", ["district", "commune", "hamlet"])
def test_two_maps_side_by_side_download_both(beside, level, opened):
    app = opened("unit_map", beside=beside, level=level, other="guided_mooc", unit="724")
    assert not app.exception
    assert len({each.proto.id for each in app.get("download_button")}) == 6


@pytest.mark.parametrize("page", PAGES)
def test_who_is_no_longer_signed_in_is_told_so_at_every_address(page, sample, monkeypatch):
    monkeypatch.setenv("KPI_DATA", str(sample))
    monkeypatch.setattr(who, "recognise", lambda: None)
    app = open_at(page)
    assert not app.exception
    assert [each.value for each in app.title] == [word("app", "vi")]
    assert any(word("session_over", "vi") in each.value for each in app.markdown)
    assert not app.get("plotly_chart")
