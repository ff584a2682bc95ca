"""Who may sign in, which units there are, what was assigned to them?"""

from importlib import import_module

from language import Text, word
from metrics.core.ledger import Ledger
from pages import frame
from pages.address import asked
from pages.who import may
from views.view import Choice, View

TITLE = Text("Quản trị", "Administration")
ADDRESS = "quan-tri"
NEEDS = "administer"
PARTS = {
    "accounts": "manage_accounts",
    "units": "manage_units",
    "targets": "manage_targets",
    "calendar": "manage_calendar",
}


def show(choice: Choice, ledger: Ledger) -> list[View]:
    """One of its parts, each in a module of its own."""
    language = choice.language
    if not may(NEEDS, language):
        return []
    part = asked().get("part") if asked().get("part") in PARTS else next(iter(PARTS))
    names = {each: word(f"manage_{each}", language) for each in PARTS}
    frame.segments("part", word("manage_what", language), names, part, quiet=True)
    return import_module(f"pages.{PARTS[part]}").show(choice, ledger)


if __name__ == "__main__":
    frame.guard()
