"""What in a text names or reaches a person: telephone, identity number, mail address, name behind a form of address."""

import re
import tomllib
import unicodedata
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal, NamedTuple

from language.spelling import plain

Personal = Literal["phone", "identity", "mail", "name"]
MASK = "•••"

# A telephone: of Vietnam, with or without separators. Behind 02 that of a household or an office, else a mobile one.
_PHONE = r"(?:(?:\(?\+84\)?|(?<![\w+])\(?84\)?)[ .-]?|(?<![\d.,/-])\(?0(?=[235789]))(?:\d[ .)-]{0,2}){8,9}\d(?![\d/-])"
# A citizen's number: province (0…), sex and century, year. Another of 9 or 12 digits only behind a word that says so.
_IDENTITY = r"(?<![\d.,])0\d{2}[ .]?\d{3}[ .]?\d{6}(?!\d)|(?<=[ :.])(?<!\d)\d{9}(?:\d{3})?(?!\d)"
_SAYS_IDENTITY = re.compile(
    r"(?:c\W?c\W?c\W?d|c\W?m\W?n\W?d|c\W?m\W?t|can cuoc|chung minh|dinh danh|ho chieu)[^\d]{0,30}$"
)
_MAIL = r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
_VALUES = re.compile(f"(?P<mail>{_MAIL})|(?P<identity>{_IDENTITY})|(?P<phone>{_PHONE})")
_MAY_HOLD = re.compile(r"@|\d(?:[ .()-]{0,2}\d){8}")  # cheap: nothing above is found where this is not
_BEFORE = 60  # letters looked back over for a word that says what a number is


class Span(NamedTuple):
    """A piece of a text, from its first letter to behind its last, and what it is."""

    start: int
    end: int
    kind: Personal


def composed(text: str) -> str:
    """The text as spans() counts its letters: composed (NFC)."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


@lru_cache(maxsize=5_000)  # the same labels stand in every report
def spans(text: str) -> tuple[Span, ...]:
    """Every personal value in a composed text, in order; none overlaps another."""
    found = _values(text) if _MAY_HOLD.search(text) else []
    apart: list[Span] = []
    for each in sorted([*found, *_names(text)]):
        if apart and each.start < apart[-1].end:
            each = Span(apart[-1].start, max(each.end, apart.pop().end), each.kind)
        apart.append(each)
    return tuple(apart)


def masked(text: str) -> str:
    """The text with MASK in the place of each personal value; the same text where there is none."""
    told = composed(text)
    found = spans(told)
    for each in reversed(found):
        told = told[: each.start] + MASK + told[each.end :]
    return told if found else text


def values_masked(text: str) -> str:
    """The same for numbers and addresses alone: what a file is called may hold names of places."""
    return _VALUES.sub(lambda found: MASK if _is_value(found) else found[0], text)


def is_name(text: str) -> bool:
    """Whether a text is a person's name and nothing else: a family name and one to four more, in capitals."""
    told = composed(text).strip()
    return bool(_whole_name().fullmatch(told)) and not plain(told).replace(" ", "_").startswith(_no_names())


def _values(text: str) -> list[Span]:
    return [Span(*found.span(), found.lastgroup) for found in _VALUES.finditer(text) if _is_value(found)]


def _is_value(found: re.Match) -> bool:
    """A bare number of 9 or 12 digits may count money; with a word before it that says so, it is a citizen's."""
    if found.lastgroup != "identity" or (found[0].startswith("0") and sum(map(str.isdigit, found[0])) == 12):
        return True
    return bool(_SAYS_IDENTITY.search(plain(found.string[max(found.start() - _BEFORE, 0) : found.start()])))


def _names(text: str) -> list[Span]:
    """Names behind a form of address or a label, but for those of places."""
    found = []
    for match in _addressed().finditer(text):
        before = text[: match.start()].split()
        if not before or before[-1].casefold() not in _words()["place"]:
            found.append(Span(*match.span("name"), "name"))
    return found


@cache
def _words() -> dict[str, frozenset[str]]:
    told = tomllib.loads(Path(__file__).with_name("persons.toml").read_text(encoding="utf-8"))
    return {key: frozenset(value.split() if isinstance(value, str) else value) for key, value in told.items()}


@cache
def _no_names() -> tuple[str, ...]:
    return tuple(_words()["no_name"])


def _any(words: frozenset[str]) -> str:
    return "|".join(re.escape(each) for each in sorted(words, key=len, reverse=True))


@cache
def _letters() -> str:
    """The capital letters of Vietnamese, as inside a class of letters."""
    latin = (chr(code) for code in (*range(0x41, 0x5B), *range(0xC0, 0x1B0), *range(0x1EA0, 0x1EFA)))
    return "".join(each for each in latin if each.isupper())


@cache
def _family() -> str:
    """Family names as they begin a name: Nguyễn, NGUYỄN, Nguyen, NGUYEN."""
    names = {each.title() for each in _words()["family"]}
    names |= {plain(each).title() for each in names}
    return _any(frozenset(names | {each.upper() for each in names}))


@cache
def _name() -> str:
    """A family name with up to three more; all in small letters only where Văn or Thị stands in it."""
    more = rf"[ \u00a0]+[{_letters()}]\w*(?!\w)"
    small = _any(_words()["family"])
    return rf"(?:(?:{_family()})(?:{more}){{1,3}}|(?:{small}) (?:văn|thị|van|thi) \w+)"


@cache
def _whole_name() -> re.Pattern:
    return re.compile(rf"(?:{_family()})(?:\s+[{_letters()}]\w*){{1,4}}\.?")


@cache
def _addressed() -> re.Pattern:
    words = _words()
    post = rf"(?:(?:{_any(words['post'])})[ ,:]+){{0,2}}"
    address = rf"(?:{_any(words['address'])})\.?:?\s+{post}"
    label = rf"(?:{_any(words['label'])})\s*[:–-]\s*(?:(?:{_any(words['address'])})\.?\s+)?"
    # Without accents 'chi' may be a branch and 'ba' the number three: then the name has none either, and is no Đoàn.
    bare = rf"(?:{_any(words['address_plain'])})\.?:?\s+(?=[A-Za-z ]+(?![^\x00-\x7f]))(?!doan\b)"
    return re.compile(rf"(?<![\w/])(?:(?i:{address})|(?i:{label})|(?i:{bare}))(?P<name>{_name()})")
