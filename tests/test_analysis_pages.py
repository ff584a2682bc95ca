"""The pages of analysis: what is chosen there stands in the address, and an address brings it back."""

import pytest
from opening import text


def test_the_second_indicator_of_an_address_is_the_one_compared(opened):
    app = opened("one_indicator", other="digital_signature_share")
    assert not app.exception
    assert "digital_signature_share" in [each.value for each in app.selectbox]
    assert "Chữ ký số" in text(app) or "chữ ký số" in text(app)


@pytest.mark.parametrize("other", ["no_such_indicator", "e_wallet_household_share"])
def test_a_second_indicator_that_cannot_be_read_falls_back(other, opened):
    app = opened("one_indicator", other=other)
    assert not app.exception
    assert "online_service_account_person_share" in [each.value for each in app.selectbox]


def test_a_table_of_an_address_is_put_together_again(opened):
    app = opened(
        "explore", indicators="guided_mooc,nonsense,data_store_share", periods="2025-to-06,2025-to-05",
        level="district", what="value,behind", shape="tidy", lang="en",
    )  # fmt: skip
    assert not app.exception
    assert "districts: 9 · indicators: 2 · periods: 2" in text(app)
    assert [each.value for each in app.multiselect] == [
        ["guided_mooc", "data_store_share"], ["2025-to-06", "2025-to-05"], ["value", "behind"],
    ]  # fmt: skip


def test_what_is_taken_away_is_gone_from_the_address(opened):
    app = opened("explore")
    app.multiselect[0].set_value(["guided_mooc"]).run()
    assert app.query_params["indicators"] in ("guided_mooc", ["guided_mooc"])
    app.multiselect[0].set_value([]).run()
    assert "Hãy chọn ít nhất một chỉ tiêu" in app.info[0].value
    assert not app.exception


def test_a_question_of_an_address_is_answered(opened):
    app = opened("explore", way="sql", sql="select count(*) as communes from units where level = 'commune'")
    assert not app.exception
    assert ">91<" in text(app)


def test_a_refused_question_is_explained_in_the_readers_language(opened):
    app = opened("explore", way="sql", sql="drop table results", lang="en")
    assert not app.exception
    assert "Only statements that read" in app.error[0].value


def test_an_example_is_one_click_away(opened):
    app = opened("explore", way="sql")
    next(each for each in app.button if each.key == "example-problems").click().run()
    assert not app.exception
    assert "from problems" in app.text_area[0].value
    assert "sql" in app.query_params
