"""How names, counts and clauses are written inside a sentence."""

from language import Language, Text, small, word, written
from warehouse.fields import MEASURES, Level

NAMED = 3  # units named in a sentence; of more it says how many
_TYPES = ("Tỉnh", "Thành phố", "Thị xã", "Thị trấn", "Huyện", "Phường", "Xã", "Khu phố", "Ấp")
_OWN_NAMES = ("Đội", "Tổ", "Nhóm")  # the plan writes them with a capital wherever they stand
_ONE = {"people": "person", "businesses": "business", "classes": "class", "points": "point"}
LEVEL_SAID: dict[Level, Text] = {  # towns and rural districts are both of one level, and are called by it
    "country": Text("cả nước", "countries"),
    "province": Text("tỉnh", "provinces"),
    "district": Text("đơn vị cấp huyện", "districts"),
    "commune": Text("đơn vị cấp xã", "communes"),
    "hamlet": Text("khu/ấp", "khu/ấp"),
}


def inside(text: str, language: Language) -> str:
    """Words that began a heading, within a sentence: 'tỷ lệ hộ …'; 'Đội', 'VNeID' and 'Q2/2025' stay as they are."""
    first = text.split(" ", 1)[0]
    if first in _OWN_NAMES or any(each.isupper() or each.isdigit() for each in first[1:]):
        return text
    return small(text)


def unit(name: str, language: Language) -> str:
    """A unit within a Vietnamese sentence has a small type and a large name: 'xã An Thái' (Decree 30, appendix II)."""
    typed = language == "vi" and name.startswith(tuple(f"{each} " for each in _TYPES))
    return small(name) if typed else name


def ended(text: str) -> str:
    """A sentence ends with a mark."""
    return text if text.endswith((".", "!", "?", ":")) else f"{text}."


def counted(count: float, measure: str, language: Language, digits: int = 0) -> str:
    """'2.988 hộ', '18 Đội', and in English '1 team' beside '2 teams'."""
    what = MEASURES[measure][language]
    if language == "en" and count == 1:
        what = _ONE.get(what, what.removesuffix("s"))
    return f"{written(count, language, digits)} {what}"


def of_level(count: int, level: Level, language: Language) -> str:
    """'55 đơn vị cấp xã', '1 commune'."""
    what = LEVEL_SAID[level][language]
    return f"{written(count, language)} {what.removesuffix('s') if count == 1 else what}"


def some(names: list[str], language: Language, between: str = "; ") -> str:
    """The first few of a list, and how many more there are."""
    first = between.join(names[:NAMED])
    more = len(names) - NAMED
    return word("say_and_more", language, names=first, count=written(more, language)) if more > 0 else first
