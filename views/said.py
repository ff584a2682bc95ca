"""What is said of the figures in whole sentences, as an office writes them: what they are, never why."""

from language import capital, printable
from metrics.core.ledger import Ledger
from views import said_follow, said_standing
from views.agenda import Part
from views.said_target import of_target
from views.view import Choice, View
from views.wording import ended

_SAYS = {**said_standing.SAYS, **said_follow.SAYS}  # by the view's id


def sentences(part: Part, choice: Choice, ledger: Ledger, views: tuple[View, ...]) -> tuple[str, ...]:
    """The paragraphs of a page: of a target in full, of any other view what its table says, else its finding."""
    if part.each:
        return of_target(choice, ledger)
    said = [each for view in views for each in of_view(view, choice, ledger)]
    return tuple(dict.fromkeys(said))


def of_view(view: View, choice: Choice, ledger: Ledger) -> list[str]:
    """What is said of one view. An empty table says what its title says."""
    if view.id in _SAYS and len(view.table):
        return [capital(ended(printable(each))) for each in _SAYS[view.id](view, choice, ledger) if each]
    return [capital(ended(view.title))] if view.title else []
