"""The frame: the reader's choice, the table of contents, the page, the downloads."""

from functools import partial
from pathlib import Path

import streamlit as st

from language import word
from metrics.core.ledger import Ledger
from pages import address, fallen_back, frame, logged, overview, who
from pages.contents import CONTENTS
from views.view import Choice
from warehouse.branch import NoRoomError, NoSuchUnitError
from warehouse.engines import EngineError
from warehouse.store import DamagedError

ICON = Path(__file__).parent / "static" / "icon.png"


def open_page(page: object, choice: Choice | None, ledger: Ledger | None) -> None:
    """Show one page in the frame, and offer what it showed as files."""
    if choice is None or ledger is None:
        frame.no_warehouse(address.language_asked())
        if hasattr(page, "first"):  # receives the first reports of all
            page.first(address.language_asked())
        return
    place = frame.top(choice, ledger, page)
    views = page.show(choice, ledger)
    frame.downloads(place, views, choice, ledger)


def main() -> None:
    reader = who.recognise()
    language = address.language_asked()
    st.session_state.frame = True
    if reader is None:
        frame.session_over(language)
        return
    (as_of, readable), (units_of, known) = address.day_asked("as_of"), address.day_asked("units_of")
    try:
        ledger = frame.ledger_or_none(as_of, reader.unit, units_of)
    except NoSuchUnitError:
        frame.say_instead(word("no_such_branch", language))
        return
    except NoRoomError:
        frame.say_instead(word("no_room_for_branch", language))
        return
    except EngineError as error:
        frame.say_instead(error.text[language])
        return
    choice, wrong = frame.read_choice(ledger) if ledger and ledger.months else (None, [])
    pages = {
        part[language]: [
            st.Page(
                partial(open_page, page, choice, ledger),
                title=page.TITLE[language],
                url_path=page.ADDRESS,
                visibility="visible" if reader.may(getattr(page, "NEEDS", "look")) else "hidden",
                default=page is overview,
            )
            for page in each
        ]
        for part, each in CONTENTS.items()
    }
    chosen = st.navigation(pages, expanded=True)
    # Pages bear no symbol: the framework would make it the tab's icon, and the browser fetch that from outside.
    st.set_page_config(word("app", language), ICON, layout="wide", initial_sidebar_state="expanded")
    lost = [key for key, told in (("as_of", readable), ("units_of", known)) if not told]
    if wrong := wrong + [f"{key}={address.asked()[key]}" for key in lost]:
        st.warning(word("bad_address", language, what=", ".join(wrong)))
    frame.who_looks(reader, ledger, language)
    with logged.page(chosen.url_path):
        chosen.run()
    address.write_address()


logged.start()
try:
    main()
except EngineError as error:  # which has gone away while a page was drawn
    st.error(error.text[address.language_asked()])
except DamagedError:
    frame.open_ledger.clear()
    fallen_back.not_drawn(address.language_asked())
