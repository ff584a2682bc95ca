"""What every page is asked: whether it is sound, and everybody can read and reach what stands on it.

Contrast and keyboard are the same in both languages, and asked of the Vietnamese pages.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from test_browser import ADDRESSES, Tab, pytestmark  # noqa: F401, a mark is taken by its name

from pages.contents import CONTENTS

TITLES = {page.ADDRESS: page.TITLE["en"] for each in CONTENTS.values() for page in each}
TOO_FAINT = (Path(__file__).parent / "contrast.js").read_text(encoding="utf-8").split("\n", 1)[1]
MAPS = ["ban-do?view=tiles", "ban-do?level=hamlet&unit=724", "ban-do?beside=year", "ban-do?zoom=wards"]
STATES = [
    "ban-do?colours=quantile",
    "ho-so?section=history&unit=25942",
    "kham-pha?way=sql&sql=select+1+from+nowhere",
    "?as_of=2025-03-20",
]


def drawn(tab: Tab, path: str, language: str = "vi") -> Tab:
    """The page with its charts."""
    tab.open(f"{path}{'&' if '?' in path else '?'}lang={language}")
    charted(tab)
    return tab


def charted(tab: Tab) -> None:
    if tab.page.locator("[data-testid=stPlotlyChart]").count():
        tab.page.wait_for_selector(".js-plotly-plot .trace, .choroplethlayer path", timeout=20_000)
    tab.page.wait_for_load_state("networkidle")  # what the framework loads late, it puts in the place of something


# What is asked of fewer is asked of the first of them, so that each is opened but once.
BY_KEYBOARD = [(path, "vi") for path in (*ADDRESSES, "ho-so?section=parts&unit=25942", "kham-pha?way=sql")]
IN_VIETNAMESE = BY_KEYBOARD + [(path, "vi") for path in (*MAPS, *STATES)]
SEEN = IN_VIETNAMESE + [(path, "en") for path in (*ADDRESSES, *MAPS)]


@pytest.fixture(scope="module")
def pages_tab(browser, served) -> Iterator[Tab]:
    opened = Tab(browser, served)
    yield opened
    opened.page.close()


@pytest.fixture(scope="module", params=SEEN, ids=str)
def page(request, pages_tab) -> Tab:
    """Every page in both languages, and some states of them, opened once for all that is asked of it."""
    path, language = request.param
    opened, link = pages_tab.forget(), f"[data-testid=stSidebarNavLink][href$='/{path}']"
    if "lang=en" in opened.page.url and language == "en" and path in ADDRESSES:  # by the table of contents
        opened.page.locator(link).click()
        opened.page.locator("h1.page", has_text=TITLES[path]).wait_for(timeout=60_000)
        opened.settle()
        charted(opened)
    else:
        drawn(opened, path, language)
    opened.page.add_style_tag(content="*, ::before, ::after { transition: none !important }")
    return opened


def test_every_page_draws_and_is_sound_with_no_request_to_the_outside(page, request):
    path, _ = request.node.callspec.params["page"]
    assert path not in ("", *MAPS) or page.page.locator(".js-plotly-plot .trace").count()
    page.is_sound()


SAID = """
    () => {
    // The framework's English words are replaced by ours in the style sheet, which screen readers read out, too.
    const written = each => getComputedStyle(each, '::after').content.replace(/^(none|normal|"")$/, '')
    return {
        language: document.documentElement.lang,
        first: [...document.querySelectorAll('h1')].map(each => each.innerText),
        headings: [...document.querySelectorAll('h1, h2, h3, h4')].map(each => +each.tagName[1]),
        captions: [...document.querySelectorAll('table.view')].map(each => each.caption.textContent.trim()),
        scopes: [...document.querySelectorAll('table.view th')].map(each => each.scope),
        charts: [...document.querySelectorAll('[data-testid=stPlotlyChart]')]
            .map(each => each.role === 'figure' && each.ariaLabel),
        nameless: [...document.querySelectorAll('.stApp :is(a, button, input, textarea, select)')]
            .filter(each => each.offsetParent && !each.closest('[aria-hidden=true], details:not([open]) :not(summary)'))
            .filter(each => !(each.innerText || each.ariaLabel || each.title || each.labels?.length
                || each.getAttribute('aria-labelledby') || written(each) || '').toString().trim())
            .map(each => each.outerHTML.slice(0, 120)),
    }}
"""


def test_who_hears_the_page_is_told_its_language_headings_tables_and_charts(page):
    said = page.page.evaluate(SAID)
    assert said["language"] == ("en" if "lang=en" in page.page.url else "vi")
    assert len(said["first"]) == 1
    assert said["headings"][0] == 1
    assert all(after <= before + 1 for before, after in zip(said["headings"], said["headings"][1:], strict=False))
    assert all(said["captions"])
    assert set(said["scopes"]) <= {"col"}
    assert all(said["charts"])
    assert said["nameless"] == []


def themed(tab: Tab, theme: str) -> None:
    is_it = "theme => getComputedStyle(document.querySelector('.stApp')).colorScheme === theme"
    if not tab.page.evaluate(is_it, theme):
        tab.page.emulate_media(color_scheme=theme)
        tab.page.wait_for_function(is_it, arg=theme)
        tab.settle()  # charts are drawn anew


@pytest.mark.parametrize("page", IN_VIETNAMESE, indirect=True, ids=str)
def test_every_word_can_be_read_on_the_light_and_on_the_dark_page(page):
    found = {}
    for theme in ("light", "dark"):
        themed(page, theme)
        found[theme] = page.page.evaluate(TOO_FAINT)
    assert found == {"light": [], "dark": []}


def test_the_measure_of_contrast_finds_what_is_too_faint(tab):
    drawn(tab, "")
    tab.page.add_style_tag(content=".card .figure { color: #999 !important } .gtitle, text { fill: #ccc !important }")
    assert any(".card" in each or "figure" in each for each in tab.page.evaluate(TOO_FAINT))


# What can be pressed or typed into. Alternatives side by side are one stop, between which the arrows lead; a day is
# several. Each gets a number in the order of the page, and how it looks while nothing has the keyboard is kept.
TO_REACH = """
    () => {
        document.querySelectorAll('table.view tbody tr:nth-child(n + 4)').forEach(row => row.remove());
        window.look = each => { const told = getComputedStyle(each);
            return [told.outline, told.boxShadow, told.borderColor, told.backgroundColor].join() };
        window.quiet = new Map([...document.querySelectorAll('.stApp *')].map(each => [each, window.look(each)]));
        const all = '.stApp :is(a[href], button, input, textarea, summary, [role=spinbutton], [tabindex="0"])';
        const told = [...document.querySelectorAll(all)].filter(each => each.getClientRects().length
            && getComputedStyle(each).visibility !== 'hidden' && each.getBoundingClientRect().width > 1
            && !each.disabled && (each.tabIndex >= 0 || each.role === 'radio')
            && !each.closest('[aria-hidden=true], details:not([open]) :not(summary)'));
        const groups = new Map();
        for (const each of told) {
            const group = each.closest('[data-testid=stButtonGroup], [role=tablist]') || each;
            if (!groups.has(group)) groups.set(group, groups.size);
            each.dataset.stop = groups.get(group);
        }
        return [...groups.keys()].map(each => each.outerHTML.slice(0, 150));
    }
"""
HERE = """
    () => {
        const here = document.activeElement, around = [];
        for (let each = here; each && around.length < 5; each = each.parentElement) around.push(each);
        return {
            stop: here.dataset.stop, left: here === document.body, what: here.outerHTML.slice(0, 150),
            seen: around.some(each => window.quiet.has(each) && window.look(each) !== window.quiet.get(each)),
        };
    }
"""


def walk(tab: Tab) -> list[dict]:
    """What the keyboard meets, one Tab after the other, until it leaves the page."""
    met = []
    for _ in range(300):
        tab.page.keyboard.press("Tab")
        met.append(tab.page.evaluate(HERE))
        if met[-1]["left"] or len(met) > 1 and met[-1]["what"] == met[0]["what"]:
            break
    return [each for each in met[:-1] if not each["left"]]


@pytest.mark.parametrize("page", BY_KEYBOARD, indirect=True, ids=str)
def test_the_keyboard_reaches_everything_in_order_and_shows_where_it_is(page):
    themed(page, "light")
    to_reach = page.page.evaluate(TO_REACH)
    met = walk(page)
    stops = [int(each["stop"]) for each in met if each["stop"]]
    assert [to_reach[each] for each in sorted(set(range(len(to_reach))) - set(stops))] == []
    assert [each["what"] for each in met if not each["seen"]] == []
    first = list(dict.fromkeys(stops))
    assert first == sorted(first)


def test_the_map_is_entered_and_left_without_a_mouse(tab):
    drawn(tab, "ban-do?level=district")
    tab.page.locator("table.view a", has_text="xem").first.focus()
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_url(lambda url: "unit=7" in url, timeout=20_000)
    tab.page.get_by_role("button", name="Lên Tỉnh Bình Dương").focus()
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_url(lambda url: "unit=74" in url or "unit" not in url, timeout=20_000)
    tab.is_sound()


ON_PAPER = """
    () => {
        const seen = each => each.getClientRects().length > 0 && getComputedStyle(each).visibility !== 'hidden';
        const all = name => [...document.querySelectorAll(name)].filter(seen);
        return {
            pressed: all('.stApp :is(button, input, textarea, [role=tab], [data-testid=stSidebar])').length,
            told: all('.printed, h1, .sampleband, .completeness').map(each => each.innerText).join(' | '),
            repeated: all('table.view thead').every(each => getComputedStyle(each).display === 'table-header-group'),
            torn: all('table.view tr, .card').some(each => getComputedStyle(each).breakInside !== 'avoid'),
            hidden: all('.tablebox').some(each => each.scrollHeight > each.clientHeight + 2),
            wide: all('table.view, .card, .main-svg, h2')
                .filter(each => each.getBoundingClientRect().right > innerWidth + 1)
                .map(each => each.outerHTML.slice(0, 80)),
        };
    }
"""
SHEETS = {
    "landscape": {"width": 1047, "height": 700},
    "portrait": {"width": 718, "height": 1030},
}  # A4, less its margins


@pytest.mark.parametrize("path", ["", "xep-hang", "ho-so", "lich-bao-cao", "mot-chi-tieu", "thi-dua"])
def test_a_page_on_paper_says_what_it_shows_and_nothing_is_cut_off(path, tab):
    drawn(tab, f"{path}?unit=724&period=2025-Q1")
    tab.page.emulate_media(media="print")
    for sheet in SHEETS.values():
        tab.page.set_viewport_size(sheet)
        tab.settle()
        found = tab.page.evaluate(ON_PAPER)
        for part in ("Thành phố Dĩ An", "Quý I/2025", f"/{path}?unit=724", "Số liệu minh họa", "xã đã báo cáo"):
            assert part in found["told"]
        assert (found["pressed"], found["wide"]) == (0, [])
        assert found["repeated"] and not found["torn"] and not found["hidden"]
