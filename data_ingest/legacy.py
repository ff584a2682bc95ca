"""Vietnamese text that is not Unicode: TCVN3 and VNI fonts, the code page 1258; which one a text is written in."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import cache, lru_cache

from data_ingest.template import all_templates
from warehouse.fields import FIELDS

# TCVN 5712:1993, its places 0xA0 to 0xFF: what a text in a font like .VnTime shows as § ® ¹ µ.
_TCVN3 = str.maketrans(
    {
        0xA0 + place: letter
        for place, letter in enumerate(
            "\u00a0ĂÂÊÔƠƯĐăâêôơưđẰ\u0300\u0309\u0303\u0301\u0323àảãáạẲằẳẵắẴ"
            "ẮẦẨẪẤỀặầẩẫấậèỂẻẽéẹềểễếệìỉỄẾỒĩíịò"
            "ỔỏõóọồổỗốộờởỡớợùỖủũúụừửữứựỳỷỹýỵỐ"
        )
    }
)
# VNI writes a mark as a letter of its own behind the vowel: 'Ñoäi' is 'Đội'.
_CIRCUMFLEX, _BREVE = "\u0302", "\u0306"
_GRAVE, _ACUTE, _HOOK, _TILDE, _DOT = "\u0300", "\u0301", "\u0309", "\u0303", "\u0323"
_VNI_MARKS = {
    "ø": _GRAVE, "ù": _ACUTE, "û": _HOOK, "õ": _TILDE, "ï": _DOT,
    "â": _CIRCUMFLEX, "à": _CIRCUMFLEX + _GRAVE, "á": _CIRCUMFLEX + _ACUTE, "å": _CIRCUMFLEX + _HOOK,
    "ã": _CIRCUMFLEX + _TILDE, "ä": _CIRCUMFLEX + _DOT,
    "ê": _BREVE, "è": _BREVE + _GRAVE, "é": _BREVE + _ACUTE, "ú": _BREVE + _HOOK, "ü": _BREVE + _TILDE,
    "ë": _BREVE + _DOT,
}  # fmt: skip
_VNI_LETTERS = {"ô": "ơ", "ö": "ư", "ñ": "đ", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ", "í": "í", "ì": "ì"}
_VNI = re.compile(f"([aeouyôö])([{''.join(_VNI_MARKS)}])|([{''.join(_VNI_LETTERS)}])", re.IGNORECASE)


def tcvn3(text: str) -> str:
    """A text typed in a TCVN3 (ABC) font, as Unicode. Capital fonts use the codes of small letters."""
    return unicodedata.normalize("NFC", text.translate(_TCVN3))


def vni(text: str) -> str:
    """A text typed in a VNI font, as Unicode."""

    def letter(found: re.Match) -> str:
        vowel, mark, alone = found.groups()
        if alone:
            told = _VNI_LETTERS[alone.lower()]
            return told.upper() if alone.isupper() else told
        base = _VNI_LETTERS.get(vowel.lower(), vowel.lower())
        told = unicodedata.normalize("NFC", base + _VNI_MARKS[mark.lower()])
        return told.upper() if vowel.isupper() else told

    return _VNI.sub(letter, text)


_ENOUGH = 8  # words of ours at the start of a text that make it Unicode beyond doubt
LEGACY: dict[str, Callable[[str], str]] = {"TCVN3": tcvn3, "VNI": vni}


@cache
def _known_words() -> frozenset[str]:
    """Words with Vietnamese letters that our forms print: a text that holds them is read rightly."""
    labels = [label for template in all_templates() for label in template.fields.values()]
    names = [field.name["vi"] for field in FIELDS.values()]
    heads = (
        "phường xã thị trấn huyện tỉnh khu phố ấp tháng quý năm báo cáo tổng cộng bình dương độc lập tự do hạnh phúc"
    )
    words = unicodedata.normalize("NFC", " ".join([*labels, *names, heads]).lower())
    return frozenset(word for word in re.findall(r"\w+", words) if not word.isascii())


def familiar(text: str) -> int:
    """How many words of a text are Vietnamese words that our forms print."""
    known = _known_words()
    return sum(word in known for word in re.findall(r"\w+", unicodedata.normalize("NFC", text).lower()))


_familiar_again = lru_cache(maxsize=5_000)(familiar)  # the same headings stand on report after report


def _begin_familiar(texts: list[str]) -> bool:
    """Whether the first texts, up to a thousand letters, hold words of ours enough to be Unicode beyond doubt."""
    letters = found = 0
    for text in texts:
        letters += len(text) + 1
        if found >= _ENOUGH or letters > 1000:
            break
        found += _familiar_again(text)
    return found >= _ENOUGH


def written_in(texts: Iterable[str]) -> str:
    """'TCVN3' or 'VNI' when these texts are words only so; '' when they are Unicode, or cannot be told."""
    not_ascii = [text for text in texts if not text.isascii()]
    if _begin_familiar(not_ascii):
        return ""
    told = "\n".join(not_ascii)[:20_000]
    if not told or familiar(told[:1000]) >= _ENOUGH:
        return ""
    found = {name: familiar(turned(told)) for name, turned in LEGACY.items()}
    best = max(found, key=found.__getitem__)
    return best if found[best] > 2 * familiar(told) + 1 else ""


def decode(data: bytes) -> tuple[str, str]:
    """A text file's words and the encoding they were in. Bytes that fit nowhere become U+FFFD, each with its place.

    UnicodeDecodeError where it is no text in any of them.
    """
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace"), "UTF-16"
    sample = data[:2000]
    if sample.count(0) * 3 > len(sample):
        wide = "utf-16-le" if sample[1::2].count(0) >= sample[::2].count(0) else "utf-16-be"
        return data.decode(wide, "replace"), wide.upper()
    if 0 in sample:
        raise UnicodeDecodeError("text", data, 0, 1, "holds zero bytes")
    try:
        return data.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError:
        pass
    mended = data.decode("utf-8-sig", "replace")
    wide_letters = sum(each > "\x7f" for each in mended) - mended.count("\ufffd")
    if mended.count("\ufffd") * 10 < wide_letters:
        return mended, "UTF-8"
    return _one_byte(data)


def _one_byte(data: bytes) -> tuple[str, str]:
    """The one-byte encoding in which a text has most words that we know; Windows-1258 where none has any."""
    western = data.decode("cp1252", "replace")
    tries = {
        "Windows-1258": unicodedata.normalize("NFC", data.decode("cp1258", "replace")),
        "TCVN3": tcvn3(data.decode("latin-1")),
        "VNI": vni(western),
        "Windows-1252": western,
    }
    best = max(tries, key=lambda name: familiar(tries[name]))
    if not familiar(tries[best]):
        best = "Windows-1252"
    return tries[best], best
