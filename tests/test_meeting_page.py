"""The page that makes a meeting's files: what it promises before the click, and what it gives after it."""

import io
import zipfile

import docx
import pytest
from opening import text

from language import LANGUAGES, words
from views.agenda import agendas


@pytest.fixture
def at_meeting(opened):
    """The page for a district, whose pack is soon made."""
    return lambda **address: opened("meeting_pack", **{"period": "2025-Q2", "as_of": "2025-06-20"} | address)


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_says_what_the_pack_will_hold(at_meeting, language):
    app = at_meeting(lang=language)
    said = text(app)
    assert agendas()["quarter"].name(_quarter(), language) in said
    for part in agendas()["quarter"].parts:
        assert (part.title[language] in said) != part.data
    assert app.button(key="pack-make").label == words()["pack_make"][language]


def test_a_commune_is_sent_to_its_district(at_meeting):
    app = at_meeting(unit="25750")
    assert app.info[0].value == words()["pack_whose"]["vi"]
    assert not [each for each in app.button if each.key == "pack-make"]


def test_one_click_gives_every_file_and_words_can_be_changed(at_meeting):
    app = at_meeting(unit="720")
    app.button(key="pack-make").click().run(timeout=120)
    assert not app.exception
    _, made, files = app.session_state["pack"]
    assert {name.rpartition(".")[2] for name in files} == {"pptx", "docx", "xlsx", "html"}
    assert made.pack.id in text(app)
    box = next(each for each in app.text_area if each.key.endswith("-late"))
    box.set_value("Câu của văn phòng.").run()
    app.button(key="pack-again").click().run(timeout=120)
    _, again, anew = app.session_state["pack"]
    report = docx.Document(io.BytesIO(anew[f"{again.pack.id}.docx"]))
    assert "Câu của văn phòng." in [each.text for each in report.paragraphs]
    assert again.pack.id == made.pack.id
    # Figures stay: the workbook holds none of the words, and is the same file.
    assert anew[f"{again.pack.id}.xlsx"] == files[f"{made.pack.id}.xlsx"]


def test_all_files_as_one_are_the_same_each_time(at_meeting):
    from warehouse.packed import zipped

    files = {"a.txt": b"1", "b.txt": b"2"}
    assert zipped(files) == zipped(dict(files))
    assert zipfile.ZipFile(io.BytesIO(zipped(files))).namelist() == list(files)


def _quarter():
    from warehouse.period import Period

    return Period.parse("2025-Q2")
