"""Cells of a sheet that hold personal data: beside a heading that says so, by their values, or inside a text."""

import re
import tomllib
from collections.abc import Callable
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal, NamedTuple

from data_ingest.template import all_templates, key, synonyms
from language.persons import composed, is_name, masked, spans
from language.spelling import plain

What = Literal["name", "phone", "identity", "birth", "mail", "account", "address"]
Place = tuple[int, int]  # row and column, from 0
Cells = dict[Place, object]

LONGEST_HEADING = 80
SHORTEST = 6  # letters of a mail address or of a number
SIGNS_WITHIN = 10  # rows below a signature's title in which the name stands
NUMBER_ALONE = 3  # values in a column that tell by themselves what they are
MOST = 0.6  # share of them
HALF = 0.5  # share of values under a telling heading
_NUMBER = re.compile(r"[A-Z]{0,2}\d{8,15}")
_PHONE = re.compile(r"(?:\+?84|0)[235789]\d{7,9}")
_LATER_CODE = re.compile(r"\d{5}\.20\d\d")  # of a unit that a reform has made: 25741.2025
_DAY = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-](?:\d{2}|\d{4})(?: .*)?|(?:19|20)\d\d(?:-\d\d-\d\d.*)?")
_WORDS = re.compile(r"[^\W\d_]+(?:[ .'’-]+[^\W\d_]+){1,5}\.?")
_PLACES = re.compile(
    r"^(?:khu|ap|phuong|xa|thi tran|thi xa|huyen|tinh|thanh pho|tp|tx|to|kp|thon|doi|nhom|tong|cong|ban|ubnd)\b"
)


class Group(NamedTuple):
    """Cells to be emptied, or where `texts` are given, to say these: what they hold, and the heading that says so.

    `what` is one kind; of texts all that stand in them.
    """

    what: str
    cells: tuple[Place, ...]
    heading: Place | None = None
    texts: tuple[str, ...] = ()


def look(cells: Cells, turned: Callable[[str], str] = str) -> list[Group]:
    """What is personal on a sheet; `turned` makes a text typed in an old encoding Unicode."""
    told = {place: _told(value, turned) for place, value in sorted(cells.items())}
    columns: dict[int, list[Place]] = {}
    for place in told:
        columns.setdefault(place[1], []).append(place)
    found = [each for each in (*_headed(told, columns), *_beside(told), *_signed(told, columns)) if each.cells]
    known = {place for each in found for place in each.cells}
    found += [each for column in columns.values() for each in _by_values(told, column, known)]
    known |= {place for each in found for place in each.cells}
    if not any(each.what in ("name", "phone", "identity", "birth") for each in found):
        found = [each for each in found if each.what != "address"]  # of a shop or a point of support
        known = {place for each in found for place in each.cells}
    return [*found, *_in_texts(told, cells, known, turned)]


def _told(value: object, turned: Callable[[str], str]) -> object:
    if isinstance(value, str):
        return composed(turned(value)).strip()
    return int(value) if isinstance(value, float) and value.is_integer() else value


# Headings


@cache
def _listed() -> tuple[dict[str, re.Pattern], dict[str, re.Pattern]]:
    told = tomllib.loads(Path(__file__).with_name("personal.toml").read_text(encoding="utf-8"))
    headings, other = ({name: re.compile(text) for name, text in told[each].items()} for each in ("headings", "other"))
    return headings, other


@lru_cache(maxsize=20_000)
def announces(text: str) -> What | None:
    """What a heading or label announces; None for one that counts, or says nothing of it."""
    if len(text) > LONGEST_HEADING or "@" in text:
        return None
    words = key(text)
    headings, other = _listed()
    if other["count"].search(words) or words in synonyms():
        return None
    return next((what for what, says in headings.items() if says.search(words)), None)


@lru_cache(maxsize=20_000)
def signs(text: str) -> bool:
    """Whether a name may stand below this: the title of who signs."""
    return len(text) <= LONGEST_HEADING and bool(_listed()[1]["signature"].search(plain(text)))


def _headed(told: Cells, columns: dict[int, list[Place]]) -> list[Group]:
    """Columns under a heading that announces something, as far as they hold it."""
    found = []
    for column in columns.values():
        for number, place in enumerate(column):
            what = announces(told[place]) if isinstance(told[place], str) else None
            if what:
                found.append(Group(what, _below(told, column[number + 1 :], what), place))
    return found


def _below(told: Cells, column: list[Place], what: What) -> tuple[Place, ...]:
    """The cells below a heading that hold what it announces; none where too few of them do."""
    under: list[Place] = []
    for place in column:
        value = told[place]
        if isinstance(value, str) and (announces(value) or signs(value)):
            break
        under.append(place)
    holding = [place for place in under if holds(told[place], what)]
    if len(holding) < HALF * len([place for place in under if not _is_numbering(told[place])]):
        return ()
    if what == "name":
        sure = sum(is_name(str(told[place]).title()) for place in holding)  # typed in small letters, too
        return tuple(holding) if sure and sure >= len(holding) / 3 else ()
    return tuple(holding)


def _is_numbering(value: object) -> bool:
    return bool(re.fullmatch(r"\(?\d{1,2}\)?", str(value)))


def _beside(told: Cells) -> list[Group]:
    """Values right of a label, in the next filled cell of its row."""
    found = []
    rows: dict[int, list[Place]] = {}
    for place in told:
        rows.setdefault(place[0], []).append(place)
    for row in rows.values():
        for label, value in zip(row, row[1:], strict=False):
            what = _names_unit(told[label]) or (announces(told[label]) if isinstance(told[label], str) else None)
            if what not in (None, "address") and holds(told[value], what) and (what != "name" or is_name(told[value])):
                found.append(Group(what, (value,), label))
    return found


@cache
def _heads() -> frozenset[str]:
    return frozenset(key(each.head["unit"]) for each in all_templates())


def _names_unit(label: object) -> What | None:
    """A person's name beside the label of the unit is one that reports in its own name."""
    return "name" if isinstance(label, str) and key(label) in _heads() else None


# Values


def holds(value: object, what: What) -> bool:
    """Whether a value may be what a heading announces."""
    if isinstance(value, bool) or value is None:
        return False
    text = str(value)
    close = re.sub(r"[ .()-]", "", text)
    match what:
        case "name":
            return isinstance(value, str) and bool(_WORDS.fullmatch(text)) and not _PLACES.match(plain(text))
        case "phone":
            return bool(_PHONE.fullmatch(close)) or bool(re.fullmatch(r"[235789]\d{8,9}", close))
        case "identity" | "account":
            return bool(_NUMBER.fullmatch(close.upper()))
        case "birth":
            return isinstance(value, date | datetime) or bool(_DAY.fullmatch(text)) or _may_be_a_day(value)
        case "mail":
            return isinstance(value, str) and "@" in value
        case _:
            return isinstance(value, str) and len(text) > 5 and any(map(str.isalpha, text))


def _may_be_a_day(value: object) -> bool:
    """A day as a spreadsheet counts them, of the last hundred years."""
    return isinstance(value, int | float) and not isinstance(value, bool) and 7_000 < value < 55_000


def _by_values(told: Cells, column: list[Place], known: set[Place]) -> list[Group]:
    """A column in which most values are telephones, identity numbers or mail addresses, whatever its heading says."""
    open_ = [place for place in column if place not in known]
    found: dict[str, list[Place]] = {}
    for place in open_:
        if kind := _alone(told[place]):
            found.setdefault(kind, []).append(place)
    hits = [place for places in found.values() for place in places]
    if len(hits) < NUMBER_ALONE:
        return []
    over = [told[place] for place in column if place < hits[0] and isinstance(told[place], str)]
    below = [place for place in open_ if min(hits) <= place <= max(hits)]
    numbers = [told[place] for place in hits if isinstance(told[place], int)]
    money = sum(number % 1000 == 0 for number in numbers) * 4 > len(numbers) > 0
    if len(hits) < MOST * len(below) or (numbers and (money or any(map(_is_figure, over)))):
        return []
    return [Group(kind, tuple(places)) for kind, places in found.items()]


def _alone(value: object) -> str:
    """What a value is by itself: a text that is one, or a number that may be one without its first 0."""
    if isinstance(value, int) and not isinstance(value, bool):
        if value < 100_000_000:
            return ""
        if re.fullmatch(r"[35789]\d{8}", str(value)):
            return "phone"
        return "identity" if re.fullmatch(r"[1-9]\d{8}|[1-9]\d{9,11}", str(value)) else ""
    if not isinstance(value, str) or len(value) < SHORTEST:
        return ""
    close = re.sub(r"[ .()-]", "", value)
    if _PHONE.fullmatch(close) or re.fullmatch(r"[35789]\d{8}", close):
        return "phone"
    if re.fullmatch(r"\d{9}|0\d{11}", close) and not _LATER_CODE.fullmatch(value):
        return "identity"
    return "mail" if re.fullmatch(r"[\w.+-]+@[\w.-]+", value) else ""


def _is_figure(text: str) -> bool:
    """Whether a heading is that of a figure of ours, or of money."""
    return key(text) in synonyms() or bool(_listed()[1]["money"].search(plain(text)))


# Signatures and texts


def _signed(told: Cells, columns: dict[int, list[Place]]) -> list[Group]:
    """The names below the titles of those who sign, in the same columns or beside."""
    found = []
    titles = [place for place, value in told.items() if isinstance(value, str) and signs(value)]
    for row, column in titles:
        for at in range(max(column - 2, 0), column + 3):
            under = [place for place in columns.get(at, ()) if row < place[0] <= row + SIGNS_WITHIN]
            names = [place for place in under if isinstance(told[place], str) and is_name(told[place])]
            taken = {place for each in found for place in each.cells}
            found += [Group("signature", (place,), (row, column)) for place in names[:1] if place not in taken]
    return found


def _in_texts(told: Cells, cells: Cells, known: set[Place], turned: Callable[[str], str]) -> list[Group]:
    """Texts that hold something personal among other words, with it masked."""
    found: dict[str, tuple[list[Place], list[str]]] = {}
    for place, value in told.items():
        if place not in known and isinstance(value, str) and (inside := spans(value)):
            kinds = " ".join(sorted({each.kind for each in inside}))
            places, texts = found.setdefault(kinds, ([], []))
            places.append(place)
            texts.append(_masked_as_typed(cells[place], turned))
    return [Group(what, tuple(places), None, tuple(texts)) for what, (places, texts) in found.items()]


def _masked_as_typed(text: str, turned: Callable[[str], str]) -> str:
    """A text masked; one in an old encoding stays in it, word by word."""
    read = composed(turned(text))
    if read == composed(text):
        return masked(text)
    told, spaces = text.split(), read.split()
    if len(told) != len(spaces):
        return masked(text)
    end, hidden = 0, spans(read)
    for number, word in enumerate(spaces):
        start = read.index(word, end)
        end = start + len(word)
        if any(each.start < end and start < each.end for each in hidden):
            told[number] = "•••"
    return " ".join(told)
