"""The frame around every page: the reader's choice, the line on top, the downloads."""

import gc
from collections.abc import Callable, Collection
from datetime import date
from functools import partial
from html import escape
from pathlib import Path
from types import ModuleType
from urllib.parse import urlencode, urlsplit

import streamlit as st

from access.doors import IN, OUT
from access.reader import OWN_MACHINE, ROLE_NAMES, Reader
from exports import WRITERS
from language import LANGUAGES, Language, day, order, word
from metrics import INDICATORS
from metrics.core import memory
from metrics.core.ledger import Ledger
from metrics.core.memory import remembered
from pages import fallen_back
from pages.address import DEFAULT_INDICATOR, ask, asked, language_asked
from pages.heading import head
from pages.who import exported
from views import look
from views.other_units import told_in_others, units_of_said, with_units
from views.overview import completeness
from views.shown import is_whole, one, parts_to_choose, root
from views.view import Choice, View
from warehouse.fields import LEVEL_NAMES, LEVELS, Level
from warehouse.period import Period
from warehouse.store import current, data_folder

_opened = {"snapshot": ""}  # of which ledgers were opened last, for all readers of this process
STYLE = Path(__file__).with_name("style.css")
STANDS = "lists"  # in a session's state: the part of the choice → the list that it was last taken from


def guard() -> None:
    """Never let a page's file run on its own: on a fresh server its file name in the address would skip app.py.

    Pages are functions that app.py calls; run as a script such a file shows nothing, and this leads to the frame.
    """
    if "frame" not in st.session_state:
        st.switch_page("app.py")


@st.cache_resource(max_entries=16, show_spinner=False)
def open_ledger(snapshot: str, as_of: date | None, today: date, unit: str = "", units_of: date | None = None) -> Ledger:
    """One ledger for all readers of a snapshot; a new snapshot has a new name, so it is noticed by itself.

    And one for each day: what it remembers depends on what is due by now. And one for each branch that is all that
    some readers may see, and for each day in whose units the periods are shown.
    """
    return Ledger.open(Path(snapshot), as_of, unit, units_of)


def ledger_or_none(as_of: date | None, unit: str = "", units_of: date | None = None) -> Ledger | None:
    """The ledger that serves, of a reader's branch (`unit`) if that is all the reader may see."""
    snapshot = current(data_folder())
    if snapshot is None:
        return None
    if _opened["snapshot"] != str(snapshot):
        _let_go(str(snapshot))
    return open_ledger(str(snapshot), as_of, date.today(), unit, units_of)


def _let_go(snapshot: str) -> None:
    """Forget ledgers of snapshots that serve no more; who is drawing a page of one still has it in hand.

    A ledger refers to itself by what it remembers, so that only the collector frees it, and left alone that comes by
    after hundreds of MB.
    """
    _opened["snapshot"] = snapshot
    open_ledger.clear()
    memory.forget()
    gc.collect()


def session_over(language: Language) -> None:
    """Nobody is signed in any more: nothing is shown but the way to the door."""
    here = urlencode(
        {"next": urlsplit(st.context.url or "/")._replace(scheme="", netloc="").geturl(), "lang": language}
    )
    door = f"<a class='door' href='{escape(f'{IN}?{here}', quote=True)}' target='_self'>"
    say_instead(word("session_over", language), f"<p>{door}{escape(word('sign_in', language))}</a></p>")


def say_instead(told: str, below: str = "") -> None:
    """One sentence in the place of any page, whatever the address; the table of contents is not shown."""

    def said() -> None:
        style()
        st.title(word("app", language_asked()))
        st.write(told)
        if below:
            st.html(below)

    from pages.contents import CONTENTS  # which names the pages, and they this frame

    title = word("app", language_asked())
    pages = [
        st.Page(said, title=title, url_path=page.ADDRESS, default=not page.ADDRESS)
        for part in CONTENTS.values()
        for page in part
    ]
    st.navigation(pages, position="hidden").run()


def who_looks(reader: Reader, ledger: Ledger | None, language: Language) -> None:
    """Below the table of contents: by which account, what it may do, and the way out."""
    if reader == OWN_MACHINE:
        st.sidebar.caption(word("own_machine", language))
        return
    told = word("signed_in_as", language, account=reader.account, role=ROLE_NAMES[reader.role][language])
    if reader.unit and ledger:
        told += " · " + word("sees_branch", language, unit=ledger.register.full_name[reader.unit])
    out = f"<a href='{OUT}?lang={language}' target='_self'>{escape(word('sign_out', language))}</a>"
    st.sidebar.html(f"<p class='wholooks'>{escape(told)}<br>{out}</p>")


def read_choice(ledger: Ledger) -> tuple[Choice, list[str]]:
    """The choice, and the parts of the address that could not be read."""
    told, wrong = asked(), []

    def part(key: str, default: object, allowed: dict[str, object]) -> object:
        text = told.get(key)
        if text is not None and text not in allowed:
            wrong.append(f"{key}={text}")
        return allowed.get(text, default)

    periods = {str(each): each for each in ledger.periods}
    period = part("period", ledger.latest, periods)
    units = ledger.units(period)
    above = units[units.level != "hamlet"]
    there = {unit: unit for unit in above.unit}
    chosen = told.get("unit")
    if chosen and chosen not in there and (heir := ledger.lives.heir(chosen, ledger.day(period))) in there:
        there[chosen] = heir  # in the units of another day
    choice = Choice(
        language=language_asked(),
        period=period,
        unit=part("unit", root(units), there),
        indicator=part("indicator", INDICATORS[DEFAULT_INDICATOR], INDICATORS),
        level=part("level", "commune", {each: each for each in parts_to_choose(units)}),
        as_of=ledger.as_of,
        units_of=ledger.units_of,
        view=part("view", "map", {"map": "map", "tiles": "tiles"}),
        colouring=part("colours", "target", {"target": "target", "quantile": "quantile"}),
    )
    if choice.level == "district" and "district" not in set(units.level):
        choice = choice.but(level="commune")
    return choice.at(choice.level), wrong


# The line on top


def style() -> None:
    """The rules of style.css, which each page draws by."""
    st.html(f"<style>{STYLE.read_text(encoding='utf-8')}</style>")


def top(choice: Choice, ledger: Ledger, page: ModuleType) -> st.delta_generator.DeltaGenerator:
    """Where, when, as of, language; returns the place for the downloads, which come last."""
    style()
    paths = _paths(ledger, choice.period)
    where_it_is = paths.get(choice.unit, choice.unit)
    head(page.TITLE[choice.language], page.ADDRESS, where_it_is, choice, ledger.about.get("sample") == "1")
    several = bool(ledger.lives.days_to_choose)
    widths = [3.3, 2.6, 1.9, 1.6, 1.2, 1.4] if several else [3.8, 2.9, 1.7, 1.2, 1.5]
    where, when, *whose, as_of, speech, files = st.columns(widths, vertical_alignment="bottom")
    with where:
        _choose_unit(choice, paths)
    with when:
        _choose_period(choice, ledger)
    for place in whose:
        with place:
            _choose_units_of(choice, ledger)
    with as_of:
        _choose_day(choice)
    with speech:
        _choose_language(choice)
    fallen_back.band(ledger, choice.language)
    st.html(f"<div class='completeness'>{escape(completeness(choice, ledger))}</div>")
    if told := told_in_others(choice, ledger):
        st.html(f"<div class='asofband'>{escape(told)}</div>")
    if choice.as_of:
        st.html(f"<div class='asofband'>{escape(word('as_of_band', choice.language, day=day(choice.as_of)))}</div>")
    return files.container()


def _choose_unit(choice: Choice, paths: dict[str, str]) -> None:
    """One list of places in their order, each with its path: the breadcrumb, and the way to any other place."""
    select("unit", choice.language, list(paths), choice.unit, paths.get)


@remembered  # of a country it takes longer than all else above a page
def _paths(ledger: Ledger, period: Period) -> dict[str, str]:
    return unit_paths(ledger.units(period))


def unit_paths(units: object) -> dict[str, str]:
    """unit → 'Tỉnh Bình Dương ▸ Thành phố Dĩ An ▸ Phường Tân Bình', parents before their parts."""
    names = dict(zip(units.unit.tolist(), units.full_name.tolist(), strict=True))
    parent = dict(zip(units.unit.tolist(), units.parent.tolist(), strict=True))

    def path(unit: str) -> list[str]:
        return [*(path(parent[unit]) if parent[unit] in names else []), names[unit]]

    shown = units.unit[units.level != "hamlet"]
    full = {unit: path(unit) for unit in shown.tolist()}
    return {
        unit: " ▸ ".join(full[unit]) for unit in sorted(full, key=lambda unit: [order(part) for part in full[unit]])
    }


def _choose_period(choice: Choice, ledger: Ledger) -> None:
    names = {str(each): each.name(choice.language) for each in ledger.periods} or {"plan": Period("plan").name("vi")}
    select("period", choice.language, list(names), str(choice.period), names.get)


def _choose_units_of(choice: Choice, ledger: Ledger) -> None:
    """In the units of which day: of each period's own, or of one side of a reform."""
    names = {"": word("units_of_period", choice.language)}
    days = {*ledger.lives.days_to_choose, *([choice.units_of] if choice.units_of else [])}
    names |= {str(each): units_of_said(each, ledger, choice.language) for each in sorted(days)}
    select("units_of", choice.language, list(names), str(choice.units_of or ""), names.get)


def select(key: str, language: Language, options: list[str], chosen: str, name: Callable[[str], str]) -> None:
    """A list whose choice goes into the address. Its key carries the choice, so that an address can move it."""
    widget = f"{key}-{chosen}-{language}"

    def taken() -> None:
        # Of a browser that comes from another process, or saw another list, the framework may give a label instead.
        if (asked_for := st.session_state[widget]) in options:
            ask(**{key: asked_for})

    first = _stands(key, widget)
    place = options.index(chosen) if chosen in options else 0
    st.selectbox(
        word(key, language), options, place, format_func=name, key=widget, on_change=taken,
        placeholder=word("choose_one", language),
    )  # fmt: skip
    if first and chosen in options and st.session_state[widget] in options:
        _catch_up(widget, chosen, taken)


def _stands(key: str, widget: str) -> bool:
    """Note which list stands here; whether it is the first of the session.

    A later one may have stood here before, and begins with what the address says, not with what was chosen then.
    """
    stands = st.session_state.setdefault(STANDS, {})
    if key in stands and stands[key] != widget:
        st.session_state.pop(widget, None)
    first = key not in stands
    stands[key] = widget
    return first


def _catch_up(widget: str, chosen: str, taken: Callable[[], None]) -> None:
    """Take a choice of which no callback has told: the first one after a browser has come over from another process."""
    if (st.session_state[widget] or chosen) != chosen:
        taken()
        st.rerun()


def segments(key: str, label: str, names: dict[str, str], chosen: str, quiet: bool = False) -> None:
    """A few alternatives side by side; the one taken goes into the address. `quiet`: its label is only read out."""
    widget = f"{key}-{chosen}-{label}"

    def taken() -> None:
        ask(**{key: st.session_state[widget] or chosen})

    first, seen = _stands(key, widget), "collapsed" if quiet else "visible"
    told = {"default": chosen, "format_func": names.get, "key": widget, "on_change": taken, "label_visibility": seen}
    st.segmented_control(label, list(names), **told)
    if first and chosen in names:
        _catch_up(widget, chosen, taken)


def level_names(choice: Choice, ledger: Ledger, among: Collection[Level] = ()) -> dict[Level, str]:
    """The levels that can be chosen: after the reform of 2025 there are no districts."""
    units = ledger.units(choice.period)
    there = set(units.level) | {choice.level}
    return {each: word(each, choice.language) for each in among or parts_to_choose(units) if each in there}


def choose_indicator(choice: Choice) -> None:
    """Every indicator, in the plan's order."""
    names = {each.id: each.name[choice.language] for each in INDICATORS.values()}
    select("indicator", choice.language, list(names), choice.indicator.id, names.get)


def can_be_parted(choice: Choice, ledger: Ledger) -> bool:
    """Whether the indicator can be said of parts of the province, or of the branch that the reader sees."""
    units = ledger.units(choice.period)
    return LEVELS.index(choice.indicator.finest) > LEVELS.index(units.level[root(units)])


def has_parts_to_show(choice: Choice, ledger: Ledger) -> bool:
    """The same; where it cannot, its one value is shown here, or that it is told of units above only."""
    if can_be_parted(choice, ledger):
        return True
    language, name = choice.language, choice.indicator.name[choice.language]
    results = one(choice, ledger)
    units = ledger.units(choice.period)
    own = results[results.unit == root(units)]
    if own.empty:
        st.info(word("above_only", language, indicator=name, level=LEVEL_NAMES[choice.indicator.finest][language]))
        return False
    (own,) = own.itertuples()
    value = look.value_of(own.value, choice.indicator, language)
    key = "province_only" if is_whole(own.unit, units) and own.level == "province" else "top_only"
    st.info(word(key, language, indicator=name, value=value, unit=own.unit_name))
    st.caption(f"{look.STATUS_SIGN[own.status]} {look.STATUS_NAME[own.status][language]}")
    return False


def _choose_day(choice: Choice) -> None:
    widget = f"as_of-{choice.as_of}-{choice.language}"

    def taken() -> None:
        chosen = st.session_state[widget]
        ask(as_of=chosen.isoformat() if chosen else None)

    st.date_input(
        word("as_of", choice.language), choice.as_of, key=widget, on_change=taken, format="DD/MM/YYYY",
        min_value=date(2023, 11, 3), max_value=date.today(),
    )  # fmt: skip


def _choose_language(choice: Choice) -> None:
    segments("lang", word("language", choice.language), {each: each.upper() for each in LANGUAGES}, choice.language)


def downloads(place: st.delta_generator.DeltaGenerator, views: list[View], choice: Choice, ledger: Ledger) -> None:
    """Every table that the page showed, in every format there is."""
    language, sample = choice.language, ledger.about.get("sample") == "1"
    which = f"{choice.unit}_{choice.period}" + (f"_units-{choice.units_of}" if choice.units_of else "")
    with place.popover(word("download", language), icon=":material/download:", width="stretch"):
        tables = with_units([view for view in views if len(view.table) and view.columns], choice, ledger)
        if not tables:
            st.caption(word("nothing_to_load", language))
        for view in tables:
            st.caption(view.title)
            for suffix, write in WRITERS.items():
                name = f"{view.id}_{which}.{suffix}"
                data = exported(name, partial(write, view, language, sample))
                st.download_button(name, data, name, key=f"file-{view.id}-{suffix}", on_click="ignore")


def no_warehouse(language: Language) -> None:
    """What to run when nothing has been built yet."""
    style()
    st.title(word("no_warehouse", language))
    st.write(word("no_warehouse_do", language))
    st.code(
        "python3 do.py run\npython -m data_ingest build\npython -m data_ingest load PATH --data DIR", language="bash"
    )
