"""How does the system do: does it serve the newest figures, is there room, is all kept and backed up?"""

import pandas as pd

from language import Text, word
from metrics.core.ledger import Ledger
from pages import frame
from pages.draw import draw
from pages.who import may
from views.view import Choice, Column, View
from warehouse.health import SIGNS, STATES, signs
from warehouse.store import data_folder

TITLE = Text("Tình trạng hệ thống", "System health")
ADDRESS = "tinh-trang-he-thong"
NEEDS = "receive"  # what a reader must be allowed to do to see it
COLUMNS = {
    "state": Column(Text("Tình trạng", "State")),
    "name": Column(Text("Nội dung", "What")),
    "told": Column(Text("Hiện nay", "Now"), "prose"),
    "do": Column(Text("Việc cần làm", "What to do"), "prose"),
}


def show(choice: Choice, ledger: Ledger) -> list[View]:
    """Every sign with its state and what to do, for whoever receives reports or administers."""
    language = choice.language
    if not may(NEEDS, language):
        return []
    found = signs(data_folder())
    table = pd.DataFrame(
        {
            "state": [f"{SIGNS[each.state]} {STATES[each.state][language]}" for each in found],
            "name": [each.name[language] for each in found],
            "told": [each.told[language] for each in found],
            "do": [each.do[language] for each in found],
        }
    )
    bad = sum(each.state != "good" for each in found)
    title = word("health_look", language, count=bad, of=len(found)) if bad else word("health_good", language)
    note = word("health_note", language)
    return [draw(View("health", title, table, COLUMNS, note=note), language)]


if __name__ == "__main__":
    frame.guard()
