"""How wide words are when they are set, near enough to know what fits a slide: no font file is asked."""

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

# Of Arial, in parts of its size; what is not named is as wide as most small letters.
_WIDTHS = {
    **dict.fromkeys("ijl'|", 0.24), **dict.fromkeys("ftI.,:;!/\\ ()[]-r", 0.32), **dict.fromkeys("kvxyzcsJ", 0.5),
    **dict.fromkeys("mMW%@", 0.87), "w": 0.73, **dict.fromkeys("ABEKPSVXYĐ&", 0.68),
    **dict.fromkeys("CDHNRUTZFL", 0.7), **dict.fromkeys("GOQ", 0.78), **dict.fromkeys("✔▲▼○●◐✕⚠≈▶→↗↘", 0.9),
    "ư": 0.65, "ơ": 0.62, "\u00a0": 0.28, "–": 0.56, "−": 0.58,
}  # fmt: skip
_OTHER = 0.556
BOLD = 1.08  # bold letters beside plain ones
LINE = 1.18  # from line to line, in parts of the size


@lru_cache(maxsize=20_000)
def width(text: str, size: float, bold: bool = False) -> float:
    """Inches that a line takes at a size in points."""
    letters = (each for each in unicodedata.normalize("NFC", text))
    total = sum(_WIDTHS.get(each) or _WIDTHS.get(_bare(each), _OTHER) for each in letters)
    return total * size / 72 * (BOLD if bold else 1)


@lru_cache(maxsize=1_000)
def _bare(letter: str) -> str:
    """A letter without its marks: 'ấ' is as wide as 'a'."""
    return unicodedata.normalize("NFD", letter)[0]


@lru_cache(maxsize=20_000)
def lines(text: str, size: float, room: float, bold: bool = False) -> int:
    """How many lines a text takes in a room so many inches wide, broken between words."""
    count = 0
    for paragraph in text.split("\n"):
        count, used = count + 1, 0.0
        for word in paragraph.split(" "):
            own = width(word, size, bold)
            if used and used + own > room + 0.005:
                count, used = count + 1, 0.0
            used += own + width(" ", size, bold)
    return count


def height(texts: Iterable[str], size: float, room: float, bold: bool = False) -> float:
    """Inches from top to bottom of paragraphs one below the other."""
    return sum(lines(each, size, room, bold) for each in texts) * size * LINE / 72
