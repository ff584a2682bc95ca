"""The benchmark of many readers: its client reads what the views say, and what is wrong is told."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from test_browser import serve

from benchmarks.holding.deeds import Deed, batches
from benchmarks.holding.figures import Views, seen
from benchmarks.holding.judged import judged, told_otherwise
from benchmarks.holding.protocol import Browser, Place
from benchmarks.holding.reader import Redraw
from benchmarks.holding.watch import Served, Snapshots
from language import word
from warehouse.period import Period
from warehouse.store import current

ASKED = {"period": "2025-Q1", "unit": "724"}


@pytest.fixture(scope="module")
def served(sample) -> Iterator[str]:
    yield from serve(sample)


async def look_at_two_pages(port: int) -> list[tuple[str, dict[str, str], dict[str, str]]]:
    """Open the overview, take another period by its list, go on to the leaderboard."""
    browser, told = Browser(Place(port), "127.0.0.1"), []
    await browser.open("", ASKED)
    await browser.choose(word("period", "vi"), Period.parse("2024-Q4").name("vi"))
    told.append(("", browser.asked(), seen(browser.screen.html)))
    await browser.go_to("xep-hang")
    told.append(("xep-hang", browser.asked(), seen(browser.screen.html)))
    assert not browser.screen.broken
    await browser.close()
    return told


def test_the_client_reads_on_two_pages_what_their_views_say(served, sample):
    views = Views(current(sample), sample)
    told = asyncio.run(look_at_two_pages(urlsplit(served).port))
    for page, asked, found in told:
        assert asked == {**ASKED, "period": "2024-Q4"}
        should = views.say(page, tuple(asked.items()), "")
        assert len(should) >= 2
        assert told_otherwise(found, should) == ""
    assert told[0][2]["figures"].count("\t") == 5  # the six cards
    other = views.say("", tuple(ASKED.items()), "")
    assert told_otherwise(told[0][2], other).startswith(("completeness", "figures"))


def test_links_and_badges_do_not_count_but_words_do():
    page = "<table class='view'><caption>A</caption><tr><td>{}</td></tr></table><h2 class='view'>B &nbsp;<b>C</b></h2>"
    linked, plain, other = (seen([page.format(each)]) for each in ("<a href='/x'>1,5</a>", "1,5", "1,6"))
    assert linked == plain
    assert set(plain) == {"table A", "heading B"}
    assert told_otherwise(other, plain).startswith("table A")


# How a run is judged


@pytest.fixture
def kept(sample, tmp_path) -> Snapshots:
    """One snapshot, which served from second 10 on, and from second 100 on in the place of a damaged one."""
    snapshots = Snapshots(sample, tmp_path / "kept")
    name = snapshots.look().name
    snapshots.seen = [Served(10, name, False), Served(100, name, True)]
    return snapshots


def redraw(sample, **changes: object) -> Redraw:
    asked = tuple(sorted(ASKED.items()))
    told = Views(current(sample), sample).say("tu-dien", asked, "")
    return replace(Redraw(1, "tu-dien", "changed", asked, "", sent=20, ended=21, told=told), **changes)


def test_a_right_figure_passes_and_a_wrong_one_is_told(sample, kept):
    right = redraw(sample)
    wrong = redraw(sample, told={**right.told, "completeness": "0 of 0"})
    found = judged([right, wrong], kept, [], sample)
    assert (found.checked, found.errors) == (2, [])
    assert len(found.wrong) == 1
    assert "0 of 0" in found.wrong[0]


def test_the_band_must_stand_exactly_while_older_figures_do(sample, kept):
    late = {"sent": 110, "ended": 111}
    good = [redraw(sample), redraw(sample, band=True, **late)]
    bad = [redraw(sample, band=True), redraw(sample, **late)]
    assert judged(good, kept, [], sample).wrong == []
    assert len(judged(bad, kept, [], sample).wrong) == 2


def test_only_its_own_fault_excuses_an_error(sample, kept):
    fault = Deed("harm", start=19, end=30, excuses="not drawn")
    told = [redraw(sample, wrong="not drawn"), redraw(sample, wrong="exception")]
    told.append(redraw(sample, wrong="not drawn", sent=40, ended=41))
    found = judged(told, kept, [fault], sample)
    assert found.excused == {"not drawn": 1}
    assert len(found.errors) == 2


def test_a_batch_holds_other_figures_of_months_that_are_there_and_one_report_that_never_came(tmp_path):
    (batch,) = batches(tmp_path / "made", 1)
    names = sorted(each.name for each in batch.iterdir())
    assert len(names) == 7
    assert sum("25865" in each for each in names) == 1
