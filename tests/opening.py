"""Pages opened for the tests as a reader opens them: at an address, in the frame."""

from pathlib import Path

from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from pages.contents import CONTENTS

ROOT = Path(__file__).parent.parent
PAGES = {page.__name__.rpartition(".")[2]: page for part in CONTENTS.values() for page in part}


def open_at(page: str = "overview", **address: str) -> AppTest:
    """A page (its module's name) with the words of its address; the warehouse is that of KPI_DATA."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for key, value in address.items():
        app.query_params[key] = value
    return go(app, page)


def go(app: AppTest, page: str) -> AppTest:
    """A click in the navigation: the page's hash is what the browser sends."""
    address = PAGES[page].ADDRESS
    app._page_hash = calc_hash(address) if address else ""
    return app.run()


def text(app: AppTest) -> str:
    """All that stands on the page in words of our own."""
    return " ".join([*(each.proto.body for each in app.get("html")), *(each.value for each in app.caption)])
