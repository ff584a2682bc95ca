"""Who has received, accepted, changed, exported what, and when?"""

from datetime import date, timedelta

import streamlit as st

from language import Text, word
from metrics.core.ledger import Ledger
from pages import frame
from pages.address import ask, asked
from pages.draw import draw
from pages.who import may
from views.deeds import NAMES, deeds, who
from views.view import Choice, View
from warehouse.audit import Audit
from warehouse.store import data_folder

TITLE = Text("Nhật ký", "Log")
ADDRESS = "nhat-ky"
NEEDS = "receive"
DAYS = {"1": 1, "7": 7, "31": 31, "all": 0}


def show(choice: Choice, ledger: Ledger) -> list[View]:
    """The deeds of the last days, of one account and kind or of all; the file has all that were chosen."""
    language = choice.language
    if not may(NEEDS, language):
        return []
    audit, told = Audit(data_folder()), asked()
    days = told.get("days") if told.get("days") in DAYS else "31"
    found = list(audit.all(date.today() - timedelta(days=DAYS[days] - 1) if DAYS[days] else None))
    when, kind, account = st.columns([2.2, 2, 2], vertical_alignment="bottom")
    with when:
        names = {each: word(f"days_{each}", language) for each in DAYS}
        frame.segments("days", word("period", language), names, days)
    with kind:
        did = told.get("did") if told.get("did") in NAMES else ""
        frame.select("did", language, ["", *NAMES], did, _named(language))
    with account:
        accounts = sorted({each.who for each in found})
        chosen = told.get("account") if told.get("account") in accounts else ""
        frame.select("account", language, ["", *accounts], chosen, _called(language))
    found = [each for each in found if did in ("", each.did) and chosen in ("", each.who)]
    names = dict(zip(ledger.register.unit, ledger.register.full_name, strict=True))
    broken = audit.broken()
    if broken:
        st.error(word("deeds_broken_at", language, number=broken))
    view = deeds(choice, found, names, broken is None)
    draw(view, language, 520)
    if not found and (did or chosen):
        st.button(word("deeds_clear", language), on_click=lambda: ask(did=None, account=None))
    return [view]


def _named(language: str) -> object:
    return lambda did: NAMES[did][language] if did else word("any_deed", language)


def _called(language: str) -> object:
    return lambda account: who(account, language) if account else word("any_account", language)


if __name__ == "__main__":
    frame.guard()
