"""Which columns of a table fit a slide beside each other, and how wide each is."""

from exports.text_width import width
from language import Language
from views.told import WORDS, printed, told
from views.view import Column, View

SIZES = (16, 14, 13, 12, 11)  # points, the largest that fits; never smaller
BESIDE = 0.07  # inches within a cell at its sides
LONGEST = {"prose": 8.5, "text": 3.4}  # inches of a column of words, before they are broken into lines
EASY = 12  # points; a larger size may not break words that it can leave whole
HEADED = 1.3  # inches of a heading, before it is broken into lines
NARROWEST = {"prose": 1.5, "text": 2.2}  # inches that words are broken at, at least
STRETCHED = 1.5  # so much wider than its words a table is at most: else a row is hard to follow
# What is left out first where a table is too wide for its place: the first so that the letters can be larger, the
# others only where nothing else helps; then from the right.
HARDLY_MISSED = ("denominator", "numerator", "trained", "blocked", "meeting_day", "by", "how", "behind", "reports")
DISPENSABLE = ("last", "since", "change_said", "when", "text", "district", "period_name")
MARKED = ("status", "sign")  # kinds of columns in the colour of what they say, bold
KEPT = 2  # the first columns say who and what
SAFETY = 1.03  # letters that are wider than thought


def wanted(view: View, language: Language) -> float:
    """Inches at which no number and no name of the table is broken, at a middle size."""
    return sum(best(view, name, column, language, SIZES[2]) for name, column in printed(view).items())


def that_fit(view: View, language: Language, room: float) -> dict[str, Column]:
    """The columns that can stand beside each other: at an easy size, or all that matter at the smallest."""
    columns = printed(view)
    others = [*DISPENSABLE, *reversed([each for each in columns if each not in DISPENSABLE])]
    for size, dispensable in ((EASY, HARDLY_MISSED), (SIZES[-1], others)):
        needed = {name: least(view, name, column, language, size) for name, column in columns.items()}
        for name in dispensable:
            if sum(needed[each] for each in columns) <= room or len(columns) <= KEPT:
                break
            if name in list(columns)[KEPT:]:
                columns = {each: column for each, column in columns.items() if each != name}
    return columns


def _words(view: View, name: str, column: Column, language: Language) -> list[str]:
    return [told(each, column, language) for each in view.table[name]]


def least(view: View, name: str, column: Column, language: Language, size: float) -> float:
    """Inches that a column cannot do without: a number is never broken, words only between them."""
    words, heading = _words(view, name, column, language), column.name[language]
    longest = _in_two_lines(heading, size)
    if column.kind in NARROWEST:
        broken = max((width(part, size) for each in words for part in each.split(" ")), default=0)
        full = max((width(each, size) for each in words), default=0)
        return max(longest, broken, min(full, NARROWEST[column.kind])) * SAFETY + 2 * BESIDE
    bold = column.kind in MARKED
    return max([longest, *(width(each, size, bold) for each in words)]) * SAFETY + 2 * BESIDE


def _in_two_lines(heading: str, size: float) -> float:
    """Inches that a heading needs to take no more than two lines."""
    parts = heading.split(" ")
    cuts = [(" ".join(parts[:at]), " ".join(parts[at:])) for at in range(1, len(parts))] or [(heading, "")]
    return min(max(width(each, size, True) for each in cut) for cut in cuts)


def best(view: View, name: str, column: Column, language: Language, size: float) -> float:
    """Inches at which no word of a column is broken, as far as that is sensible."""
    full = max((width(each, size) for each in _words(view, name, column, language)), default=0)
    heading = width(column.name[language], size, True)
    own = max(min(full, LONGEST.get(column.kind, full)), min(heading, HEADED)) * SAFETY + 2 * BESIDE
    return max(own, least(view, name, column, language, size))


def shared(needed: list[float], wished: list[float], room: float) -> list[float]:
    """What each column gets: at least what it needs; what is left goes to those that want more, then to all."""
    if sum(wished) <= room:
        grown = min(room / sum(wished), STRETCHED)
        return [each * grown for each in wished]
    more, left = sum(wished) - sum(needed), max(room - sum(needed), 0)
    got = [low + (high - low) * (left / more if more else 0) for low, high in zip(needed, wished, strict=True)]
    return [each * room / sum(got) for each in got]


def is_words(column: Column) -> bool:
    """Whether a column is written from the left."""
    return column.kind in (*WORDS, *MARKED)
