"""Accounts: who may sign in, as what. Made, changed, closed; a password is set here and never shown again."""

import secrets
from collections.abc import Callable

import streamlit as st

from access.accounts import Account, Accounts
from access.guard import Guard
from access.reader import ROLE_NAMES
from access.settings import settings_file
from language import Language, order, word, words
from metrics.core.ledger import Ledger
from pages import who
from pages.draw import draw
from pages.entering import answer, kept
from views.accounts import accounts
from views.view import Choice, View
from warehouse.audit import Audit
from warehouse.entries import EntryError
from warehouse.store import data_folder


def show(choice: Choice, ledger: Ledger) -> list[View]:
    """The table; below it the forms."""
    language, guard = choice.language, Guard.of(data_folder())
    answer("account", language)
    fresh = st.session_state.pop("fresh-password", None)
    if fresh:
        st.warning(word("password_once", language, account=fresh[0]))
        st.code(fresh[1], language=None)
    if not guard.settings.on:
        st.info(word("access_off", language, file=settings_file(guard.data).name))
    units = {row.unit: row.full_name for row in ledger.units(choice.period).itertuples() if row.level != "hamlet"}
    found = guard.accounts.all()
    view = draw(accounts(choice, found, units, Audit(guard.data).all()), language, 300)
    add, change, password = st.tabs([word(f"account_{each}", language) for each in ("add", "change", "password")])
    version = guard.accounts.file.stat().st_size if guard.accounts.file.exists() else 0
    with add:
        _add(units, version, language)
    with change:
        _change(found, units, version, language)
    with password:
        _password(found, version, language)
    return [view]


def _add(units: dict[str, str], version: int, language: Language) -> None:
    key = f"account-add-{version}-{language}"
    with st.form(key):
        name, role, sees = st.columns([1.4, 1, 1.6])
        name.text_input(
            word("account_name", language), key=f"{key}-name", max_chars=40, help=word("account_name_help", language),
            placeholder="so-tttt.tong-hop",
        )  # fmt: skip
        _role_and_unit(role, sees, Account("", "viewer"), units, key, language)
        st.form_submit_button(word("account_add", language), on_click=lambda: _do(lambda it: _new(it, key)))


def _role_and_unit(
    role: object, sees: object, was: Account, units: dict[str, str], key: str, language: Language
) -> None:
    place = list(ROLE_NAMES).index(was.role)
    role.selectbox(
        word("role", language), list(ROLE_NAMES), place, format_func=lambda each: ROLE_NAMES[each][language],
        key=f"{key}-role", help=word("role_help", language), placeholder=word("choose_one", language),
    )  # fmt: skip
    among = ["", *sorted(units, key=lambda unit: (len(unit), order(units[unit])))]
    if was.unit and was.unit not in among:
        among.append(was.unit)
    sees.selectbox(
        word("account_sees", language), among, among.index(was.unit), key=f"{key}-unit",
        format_func=lambda unit: units.get(unit, unit) or word("whole_province", language),
        help=word("account_sees_help", language), placeholder=word("choose_one", language),
    )  # fmt: skip


def _change(found: dict[str, Account], units: dict[str, str], version: int, language: Language) -> None:
    name = _which(found, f"account-which-{version}-{language}", language)
    if name is None:
        return
    key = f"account-change-{name}-{version}-{language}"
    with st.form(key):
        role, sees, state = st.columns([1, 1.6, 1], vertical_alignment="bottom")
        _role_and_unit(role, sees, found[name], units, key, language)
        state.checkbox(word("account_is_open", language), found[name].active, key=f"{key}-active")
        st.text_input(word("account_login", language), key=f"{key}-login", help=word("account_login_help", language))
        st.form_submit_button(word("save", language), on_click=lambda: _do(lambda it: _changed(it, found[name], key)))


def _password(found: dict[str, Account], version: int, language: Language) -> None:
    name = _which(found, f"account-whose-{version}-{language}", language)
    if name is None:
        return
    st.caption(word("password_new_help", language))
    st.button(
        word("password_new", language),
        key=f"password-{name}-{version}",
        on_click=lambda: _do(lambda it: _fresh(it, name)),
    )


def _which(found: dict[str, Account], key: str, language: Language) -> str | None:
    if not found:
        st.caption(word("no_account_yet", language))
        return None
    return st.selectbox(
        word("account_which", language), sorted(found), key=key, placeholder=word("choose_one", language)
    )


# What the forms do


def _do(what: Callable[[Accounts], None]) -> None:
    """Change accounts, if the reader may; say what became of it."""

    def asked() -> int:
        what(Guard.of(data_folder()).accounts)
        return 1

    kept("account", asked, "administer")


def _new(it: Accounts, key: str) -> None:
    name = st.session_state[f"{key}-name"].strip()
    it.add(name, st.session_state[f"{key}-role"], st.session_state[f"{key}-unit"], who.reader().account)
    _fresh(it, name)


def _changed(it: Accounts, was: Account, key: str) -> None:
    now = {part: st.session_state[f"{key}-{part}"] for part in ("role", "unit", "active")}
    anew = {part: value for part, value in now.items() if value != getattr(was, part)}
    administers = now["role"] == "administrator" and now["active"]
    if was.name == who.reader().account and not administers:
        raise EntryError(words()["account_own"])
    if anew:
        it.change(was.name, who.reader().account, **anew)
    if login := st.session_state[f"{key}-login"].strip():
        it.tie(was.name, login, who.reader().account)


def _fresh(it: Accounts, name: str) -> None:
    """A password drawn by lot, shown once."""
    drawn = "-".join(secrets.token_hex(2) for _ in range(5))
    it.set_password(name, drawn, who.reader().account)
    st.session_state["fresh-password"] = (name, drawn)
