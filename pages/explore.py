"""What would you like to know? A table put together at will, or a question in SQL."""

from collections.abc import Iterable
from functools import partial
from html import escape

import streamlit as st

from language import Language, Text, word, written
from metrics import INDICATORS
from metrics.core.ledger import Ledger
from metrics.core.sql_box import ROWS, SECONDS, columns, documented
from pages import frame
from pages.address import ask, asked
from pages.draw import Links, draw
from pages.leads import to_profile, to_sources
from views.explore import EXAMPLES, SHAPES, WHATS, Built, answered, built, level_for
from views.view import Choice, View

TITLE = Text("Khám phá", "Explore")
ADDRESS = "kham-pha"
IN_ADDRESS = 1_500  # letters of a question that still go into the address
FIRST = ("e_wallet_household_share", "online_service_account_person_share", "hamlet_team_compliance")


def show(choice: Choice, ledger: Ledger) -> list[View]:
    """One of the two ways."""
    language = choice.language
    ways = {"table": word("explore_table", language), "sql": word("explore_sql", language)}
    way = asked().get("way") if asked().get("way") in ways else "table"
    frame.segments("way", word("explore_way", language), ways, way, quiet=True)
    return _sql(choice, ledger) if way == "sql" else _table(choice, ledger)


# The table


def _table(choice: Choice, ledger: Ledger) -> list[View]:
    language, wanted = choice.language, _wanted(choice, ledger)
    which, when = st.columns([3, 2], vertical_alignment="bottom")
    with which:
        names = {each.id: each.short[language] for each in INDICATORS.values()}
        _several("indicators", names, wanted.indicators, language)
    with when:
        same = [each for each in ledger.periods if each.kind == choice.period.kind]
        names = {str(each): each.name(language) for each in same} | {
            str(each): each.name(language) for each in wanted.periods
        }
        _several("periods", names, [str(each) for each in wanted.periods], language)
    level, what, shape = st.columns([1.5, 3, 1.7], vertical_alignment="bottom")
    with level:
        names = frame.level_names(choice, ledger)
        frame.segments("level", word("level", language), names, wanted.level)
    with what:
        _several("what", {key: each[language] for key, each in WHATS.items()}, wanted.whats, language)
    with shape:
        frame.segments("shape", word("shape", language), {each: word(each, language) for each in SHAPES}, wanted.shape)
    view = built(choice, wanted, ledger)
    if view.table.empty:
        st.info(view.title)
        return []
    with st.container(key="explored"):
        draw(view, language, 420, _links(view, wanted))
    return [view]


def _links(view: View, wanted: Built) -> Links:
    """Each unit leads to its profile, each value to what it is made of."""
    leads: Links = {"unit_name": lambda row: None if wanted.level == "hamlet" else to_profile(row["unit"])}
    if wanted.shape == "tidy":
        return leads | {"value": lambda row: to_sources(row["unit"], row["indicator"], row["period"])}
    for name in view.columns:
        if name.endswith(" value"):
            indicator, period, _ = name.split(" ")
            leads[name] = partial(_to_cell, indicator, period)
    return leads


def _to_cell(indicator: str, period: str, row: dict[str, object]) -> str | None:
    return to_sources(row["unit"], indicator, period)


def _wanted(choice: Choice, ledger: Ledger) -> Built:
    """What the address asks for; what cannot be read there falls back to where the reader came from."""
    first = tuple(dict.fromkeys([choice.indicator.id, *FIRST]))[: len(FIRST)]
    indicators = _told("indicators", INDICATORS) if "indicators" in asked() else first
    periods = {str(each): each for each in ledger.periods}
    whats = _told("what", WHATS) or ("value",)
    return Built(
        indicators=tuple(indicators),
        periods=tuple(periods[each] for each in _told("periods", periods)) or (choice.period,),
        level=level_for(choice, ledger, asked().get("level")),
        whats=tuple(whats),
        shape=asked()["shape"] if asked().get("shape") in SHAPES else SHAPES[0],
    )


def _told(key: str, allowed: Iterable[str]) -> tuple[str, ...]:
    known = set(allowed)
    return tuple(dict.fromkeys(each for each in asked().get(key, "").split(",") if each in known))


def _several(key: str, names: dict[str, str], chosen: Iterable[str], language: Language) -> None:
    """A list of which several may be taken; they go into the address. Its key stays, so that it stays open."""
    widget = f"several-{key}-{language}"
    st.session_state[widget] = [each for each in chosen if each in names]

    def taken() -> None:
        ask(**{key: ",".join(st.session_state[widget])})

    st.multiselect(
        word(key, language), list(names), format_func=names.get, key=widget, on_change=taken,
        placeholder=word("choose_several", language), select_all=False, wrap=True,
    )  # fmt: skip


# Questions in SQL


def _sql(choice: Choice, ledger: Ledger) -> list[View]:
    language = choice.language
    question = asked().get("sql") or st.session_state.get("long_sql") or next(iter(EXAMPLES.values()))[1]
    left, right = st.columns([2.1, 1], gap="medium")
    with left:
        _examples(language)
        _ask(question, language)
        view, told = answered(choice, ledger, question)
        if told.refused:
            st.error(view.title)
            if told.detail and told.refused != "forbidden":
                st.caption(word("sql_detail", language))
                st.code(told.detail, language=None, wrap_lines=True)
        elif view.table.empty:
            st.info(word("sql_no_rows", language))
        else:
            draw(view, language, 340)
    with right:
        _schema(choice)
    return [] if told.refused else [view]


def _examples(language: Language) -> None:
    """Questions to begin with; a click puts one into the box and answers it."""
    st.caption(word("sql_examples", language))
    with st.container(horizontal=True, gap="small"):
        for key, (name, question) in EXAMPLES.items():
            st.button(name[language], key=f"example-{key}", on_click=_take, args=(question,))


def _ask(question: str, language: Language) -> None:
    widget = f"question-{hash(question)}"

    def taken() -> None:
        _take(st.session_state[widget])

    limits = {"seconds": written(SECONDS, language), "rows": written(ROWS, language)}
    with st.form("sql-form", border=False):
        st.text_area(word("sql_question", language), question, height=165, key=widget)
        run, said = st.columns([1, 6], vertical_alignment="center")
        run.form_submit_button(word("sql_run", language), type="primary", on_click=taken, width="stretch")
        said.caption(word("sql_limits", language, **limits))


def _take(question: str) -> None:
    """A short question goes into the address; a long one stays with this reader."""
    short = len(question) <= IN_ADDRESS
    st.session_state["long_sql"] = None if short else question
    ask(sql=question if short else None)


def _schema(choice: Choice) -> None:
    """The tables with what each column holds, to open one by one."""
    language, parts = choice.language, []
    for name, row in documented().items():
        listed = "".join(
            f"<div><dt><code>{escape(column)}</code></dt><dd>{escape(said[language])}</dd></div>"
            for column, said in columns(name).items()
        )
        parts.append(
            f"<details><summary><code>{escape(name)}</code> {escape(row[language])}</summary>"
            f"<dl class='columns'>{listed}</dl></details>"
        )
    title = escape(word("sql_tables", language, period=choice.period.name(language)))
    st.html(f"<h2 class='view'>{title}</h2><section class='entries schema'>{''.join(parts)}</section>")


if __name__ == "__main__":
    frame.guard()
