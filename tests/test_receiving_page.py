"""The page that receives: what it says of each file, what it lets an officer do, and what it refuses."""

from datetime import date, timedelta

import dropped
import pytest
from opening import open_at, text
from streamlit.testing.v1 import AppTest

from access.reader import Reader
from data_ingest import waiting
from data_ingest.archive import Archive
from language import LANGUAGES, words
from warehouse.audit import Audit
from warehouse.decisions import Decisions
from warehouse.store import current

EVERY_LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)


@pytest.fixture
def data(sample, tmp_path, monkeypatch, request):
    """An office of one's own over the sample, with the app opened on it; with the files of `waits` if it is asked."""
    folder = dropped.office(
        request.getfixturevalue("four") if "waits" in request.fixturenames else sample, tmp_path / "data"
    )
    monkeypatch.setenv("KPI_DATA", str(folder))
    return folder


@pytest.fixture(scope="module")
def four(sample, tmp_path_factory):
    """An office to which four files came."""
    folder = dropped.office(sample, tmp_path_factory.mktemp("four") / "data")
    waiting.receive(folder, [each(sample) for each in (dropped.good, dropped.noted, dropped.blocked, dropped.misspelt)])
    return folder


@pytest.fixture
def waits(data):
    """Four files that wait: without problems, with notes, blocked, and of a unit that is not recognised."""
    return {each.file: each.receipt for each in waiting.receipts(data)}


def receiving(**address: str) -> AppTest:
    return open_at("receive", **{key: str(value) for key, value in address.items()})


def number(waits: dict[str, int], part: str) -> int:
    return next(receipt for file, receipt in waits.items() if part in file)


def said(app: AppTest) -> str:
    return " ".join(
        [text(app), *(each.value for kind in ("success", "info", "warning", "error") for each in app.get(kind))]
    )


def upload(app: AppTest, *files: tuple[str, bytes]) -> AppTest:
    app.get("file_uploader")[0].set_value([(name, content, "application/octet-stream") for name, content in files])
    return app.run(timeout=120)


def press(app: AppTest, key: str) -> AppTest:
    return next(each for each in app.button if each.key == key).click().run(timeout=120)


@EVERY_LANGUAGE
def test_with_nothing_to_decide_it_says_what_happens_to_what_is_dropped(data, language):
    app = receiving(lang=language)
    assert not app.exception
    assert words()["receive_nothing"][language] in said(app)
    assert not app.button


@EVERY_LANGUAGE
def test_dropped_files_are_kept_read_and_wait(data, sample, language):
    before = current(data)
    bundle = ("all.zip", dropped.zipped(**{dropped.noted(sample)[0]: dropped.noted(sample)[1], "x.zip": b"PK"}))
    good = dropped.good(sample)
    app = upload(receiving(lang=language), good, bundle)
    assert not app.exception
    assert words()["receive_came_in"][language].format(count=2) in said(app)
    assert "all.zip › x.zip" in said(app)
    assert len(waiting.receipts(data)) == 2
    assert current(data) == before
    (deed,) = Audit(data).all()
    assert (deed.did, deed.of["files"]) == ("received", 2)
    again = upload(app, good)
    assert words()["receive_none_came"][language] in said(again)


@EVERY_LANGUAGE
@pytest.mark.parametrize("part", ["sua", "giam", "loi", "annn"])
def test_each_state_of_a_file_is_shown_in_both_languages(waits, language, part):
    app = receiving(lang=language, receipt=number(waits, part))
    assert not app.exception
    assert not app.warning
    shown = said(app)
    assert all(file in shown for file in waits)
    keys = [each.key for each in app.button]
    accepted = f"accept-{number(waits, part)}"
    assert (accepted in keys) == (part in ("sua", "giam"))
    other = "en" if language == "vi" else "vi"
    assert words()["receive_reject"][other] not in [each.label for each in app.button]


def test_problems_stand_by_cell_with_what_to_do(waits):
    shown = text(receiving(receipt=number(waits, "loi"), lang="en"))
    for told in ("N16", "N17", "Khu ấp", "is not a number", "Correct this cell", "Errors to correct: 2"):
        assert told in shown
    names = [each.proto.label for each in receiving(receipt=number(waits, "loi")).get("download_button")]
    assert words()["receive_marked"]["vi"] in names
    assert words()["receive_as_it_came"]["vi"] in names


def test_figures_have_units_of_measure_and_sums_and_changes_are_before_and_after(waits):
    shown = text(receiving(receipt=number(waits, "sua")))
    assert "Số hộ có ví điện tử (hộ)" in shown
    assert words()["receive_total"]["vi"] in shown
    assert "1 ô khác bản đang hiệu lực" in shown
    assert ">533<" in shown
    assert ">544<" in shown


def test_accepting_one_changes_the_figures_and_leads_on(waits, data):
    before = current(data)
    app = press(receiving(receipt=number(waits, "giam")), f"accept-{number(waits, 'giam')}")
    assert not app.exception
    shown = said(app)
    assert words()["receive_accepted"]["vi"].format(count=1) in shown
    assert "139 → 79" in shown
    assert "/ho-so?unit=25756" in shown
    assert "/lich-bao-cao?" in shown
    assert current(data) != before
    assert [each.did for each in Audit(data).all()] == ["accepted"]
    assert Decisions(data).all()[number(waits, "giam")].by == "own_machine"


def test_accepting_all_takes_only_those_without_problems(waits, data):
    app = press(receiving(), "accept-all")
    assert not app.exception
    assert set(Decisions(data).all()) == {number(waits, "sua")}
    assert not [each for each in app.button if each.key == "accept-all"]


def test_rejecting_needs_a_reason_that_names_nobody(waits, data):
    receipt = number(waits, "giam")
    app = receiving(receipt=receipt)

    def reject(reason: str) -> AppTest:
        next(each for each in app.text_input if each.key.startswith(f"reason-{receipt}")).set_value(reason)
        return (
            next(each for each in app.button if "FormSubmitter" in str(each.key) and "reject" in each.key).click().run()
        )

    reject("")
    assert words()["receive_needs_reason"]["vi"] in said(app)
    reject("gọi 0912 345 678")
    assert "0912 345 678" in said(app)
    assert Decisions(data).all() == {}
    reject("Sai kỳ")
    assert Decisions(data).all()[receipt].reason == "Sai kỳ"
    (deed,) = Audit(data).all()
    assert (deed.did, deed.of) == ("rejected", {"receipt": receipt})
    assert Archive(data).is_whole(next(each for each in Archive(data).receipts() if each.receipt == receipt))


def test_who_comes_second_is_told_what_the_first_decided(waits, data):
    receipt = number(waits, "giam")
    app = receiving(receipt=receipt)
    waiting.reject(data, receipt, "so-tttt", "x")
    press(app, f"accept-{receipt}")
    assert "so-tttt" in said(app)
    assert Decisions(data).all()[receipt].decided == "rejected"
    assert not list(Audit(data).all())


def test_a_spelling_is_confirmed_where_it_is_seen(waits, data):
    receipt = number(waits, "annn")
    app = receiving(receipt=receipt)
    next(each for each in app.selectbox if str(each.key).startswith("meant-")).set_value("25951")
    next(each for each in app.button if "FormSubmitter" in str(each.key) and "spelling" in each.key).click().run(
        timeout=120
    )
    assert not app.exception
    assert Archive(data).spellings()[-1].unit == "25951"
    assert [each.state for each in waiting.waiting(data) if each.receipt.receipt == receipt] != ["blocked"]
    (deed,) = Audit(data).all()
    assert (deed.did, deed.of) == ("spelling", {"unit": "25951"})
    assert "accept-" in " ".join(str(each.key) for each in app.button)


def test_what_was_accepted_before_a_build_was_cut_off_is_made_up_for(waits, data, monkeypatch):
    with pytest.raises(OSError, match="full"), monkeypatch.context() as cut:
        cut.setattr(waiting, "_build", lambda *_: (_ for _ in ()).throw(OSError("full")))
        waiting.accept(data, [number(waits, "sua")], "a")
    assert waiting.is_behind(data)
    assert not receiving().exception
    assert not waiting.is_behind(data)


def test_a_viewer_may_not_and_an_earlier_day_is_only_looked_at(waits, monkeypatch):
    yesterday = (date.today() - timedelta(days=1)).isoformat()
    app = receiving(as_of=yesterday)
    assert words()["only_looked_at"]["vi"] in said(app)
    assert not app.get("file_uploader")
    monkeypatch.setattr("access.guard.OWN_MACHINE", Reader("huyen", "viewer"))
    app = receiving()
    assert words()["may_not"]["vi"] in said(app)
    assert not app.get("file_uploader")
    assert not app.button


@EVERY_LANGUAGE
def test_the_first_report_of_all_can_be_received_where_there_is_no_warehouse(tmp_path, monkeypatch, sample, language):
    monkeypatch.setenv("KPI_DATA", str(tmp_path / "new"))
    app = upload(receiving(lang=language), dropped.good(sample))
    assert not app.exception
    (receipt,) = waiting.receipts(tmp_path / "new")
    press(app, next(each.key for each in app.button if str(each.key).startswith("accept-")))
    assert not app.exception
    assert current(tmp_path / "new")
    assert receipt.origin == "page"


@EVERY_LANGUAGE
def test_blank_forms_are_made_for_a_district(data, language):
    app = receiving(task="forms", lang=language)
    assert not app.exception
    next(each for each in app.selectbox if str(each.key).startswith("forms-whose")).set_value("district:724").run()
    next(each for each in app.selectbox if str(each.key).startswith("forms-when")).set_value("2025-06").run()
    press(app, "forms-make")
    asked, name, content = app.session_state["forms-made"]
    assert name == "bieu-mau_724_2025-06.zip"
    assert content.startswith(b"PK")
    assert not app.exception


def test_one_form_is_a_workbook(data):
    app = receiving(task="forms")
    next(each for each in app.selectbox if str(each.key).startswith("forms-whose")).set_value("74").run()
    press(app, "forms-make")
    assert app.session_state["forms-made"][1] == "74_2025-H1_provincial.xlsx"
