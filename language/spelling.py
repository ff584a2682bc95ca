"""When two spellings mean the same words, in which order Vietnamese words stand, and how a first letter is written."""

import re
import unicodedata
from functools import lru_cache

# Letters in dictionary order; tone marks decide only between words that are otherwise the same.
_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}


def same(text: object) -> str:
    """What is left of a text when case, spacing and Unicode form are set aside; accents stay."""
    return " ".join(unicodedata.normalize("NFC", str(text)).casefold().split())


def plain(text: object) -> str:
    """What is left when the diacritics are set aside too: 'Dĩ An' and 'di an' are one. For searching and matching."""
    return _plain(str(text))


@lru_cache(maxsize=20_000)  # the same few labels and names stand in every report
def _plain(text: str) -> str:
    if text.isascii():
        return " ".join(text.casefold().split())
    return " ".join(unicodedata.normalize("NFD", text.casefold().replace("đ", "d")).translate(_WITHOUT_MARKS).split())


class _WithoutMarks(dict[int, int | None]):
    """What becomes of each letter when marks over, under or through letters are left out; filled as letters come."""

    def __missing__(self, code: int) -> int | None:
        self[code] = None if unicodedata.combining(chr(code)) else code
        return self[code]


_WITHOUT_MARKS = _WithoutMarks()
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]")


def printable(text: str) -> str:
    """The text with a space for each control character but ends of lines: office files can hold none of them."""
    return _CONTROL.sub(" ", text)


def capital(text: str) -> str:
    """The text with a capital first letter; the others stay, unlike str.capitalize: 'MOOC' is a name."""
    return text[:1].upper() + text[1:]


def small(text: str) -> str:
    """The text with a small first letter, as inside a sentence."""
    return text[:1].lower() + text[1:]


def order(text: object) -> tuple:
    """Sort key: Vietnamese letters (An, ăn, Ân; D before Đ), and numbers by size (Ấp 2 before Ấp 10)."""
    return _order(str(text))


@lru_cache(maxsize=32_768)  # the same names are put in order on every page; a country has 11,000 communes
def _order(text: str) -> tuple:
    return tuple(
        (0, int(part), ()) if part.isdigit() else (1, *_letters_and_tones(part))
        for part in re.findall(r"\d+|\D+", text.casefold())
    )


def _letters_and_tones(part: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    letters, tones = [], []
    for each in unicodedata.normalize("NFD", part):
        if each in _TONES:
            tones[-1:] = [_TONES[each]]
        else:
            letters.append(each)
            tones.append(0)
    composed = unicodedata.normalize("NFC", "".join(letters))
    places = tuple(_LETTERS.find(each) + 1 or ord(each) + 1000 if each != " " else 0 for each in composed)
    return places, tuple(tones)
