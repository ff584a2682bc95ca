"""Both languages, always; numbers as each writes them; Vietnamese order."""

import re
from pathlib import Path

import pytest

from language import LANGUAGES, Text, order, plain, same, word, words, written
from metrics import INDICATORS
from metrics.core.fair_comparison import SIZES
from metrics.core.sql_box import REFUSALS
from pages.administration import PARTS
from pages.deeds import DAYS
from pages.unit_map import BESIDE, ZOOMS
from views.leaderboard import SORTS
from warehouse.fields import FIELDS, LEVELS, MEASURES

SAYERS = ("access", "pages", "views", "exports")


@pytest.mark.parametrize(
    ("number", "digits", "vi", "en"),
    [
        (1234.5, 1, "1.234,5", "1,234.5"),
        (1234567, 0, "1.234.567", "1,234,567"),
        (-0.04, 1, "0,0", "0.0"),
        (-2.5, 1, "−2,5", "−2.5"),
        (None, 1, "–", "–"),
        (float("nan"), 1, "–", "–"),
    ],
)
def test_numbers_are_written_as_the_language_writes_them(number, digits, vi, en):
    assert (written(number, "vi", digits), written(number, "en", digits)) == (vi, en)


def test_a_text_without_its_other_language_is_refused():
    with pytest.raises(ValueError, match="both languages"):
        Text("có", "")


@pytest.mark.parametrize("key", words())
def test_every_word_has_the_same_blanks_in_both_languages(key):
    blanks = [set(re.findall(r"{(\w*)", words()[key][language])) for language in LANGUAGES]
    assert blanks[0] == blanks[1]


@pytest.mark.parametrize(
    "text", [*(f.name for f in FIELDS.values()), *(i.name for i in INDICATORS.values()), *MEASURES.values()]
)
def test_no_vietnamese_word_stands_where_english_should(text):
    loan = ("tổ", "khu", "ấp", "đội", "hình", "nhóm", "dân", "phố", "tổ)", "(tổ", "(đội", "(nhóm)")
    words_en = text.en.lower().replace("(", " ").replace(")", " ").replace("/", " ").split()
    assert [w for w in words_en if any(ord(c) > 0x7F for c in w) and w not in loan] == []


def test_vietnamese_order_puts_marks_after_letters_and_numbers_by_size():
    expected = ["An", "ăn", "Ân", "Ấp 2", "Ấp 10", "Dân", "Đức", "Ôn", "Ơn", "Uyên", "Ưu"]
    assert sorted(reversed(expected), key=order) == expected


def test_composed_and_decomposed_letters_are_the_same():
    assert same("Hòa Lợi") == same("Ho\u0300a Lo\u031b\u0323i")
    assert plain("Thị trấn Dầu Tiếng") == plain("thi tran dau tieng") == "thi tran dau tieng"


def test_every_word_is_said_somewhere():
    root = Path(__file__).parent.parent
    sayers = [root / "app.py", *(path for part in SAYERS for path in (root / part).rglob("*.py"))]
    said = "".join(path.read_text(encoding="utf-8") for path in sayers)
    made_up = {f"by_{each}" for each in SORTS} | {f"{level}s_lower" for level in LEVELS[1:]} | set(SIZES)
    made_up |= {"sign_in_account", "sign_in_password", *(f"days_{each}" for each in DAYS)}
    made_up |= {f"account_{each}" for each in ("add", "change", "password")} | {f"manage_{each}" for each in PARTS}
    made_up |= {"way_password", "way_login", "unit_new", "unit_gone", "unit_changed"}
    made_up |= {f"sql_{each}" for each in REFUSALS}
    made_up |= {"by_people", "by_area"}
    made_up |= {f"beside_{each}" for each in BESIDE} | {f"zoom_{each}" for each in ZOOMS}
    assert [key for key in words() if not re.search(rf"[\"']{key}[\"']", said) and key not in made_up] == []


@pytest.mark.parametrize(("language", "count"), [("vi", "12.345"), ("en", "12,345")])
def test_a_count_in_a_sentence_is_written_as_the_language_writes_it(language, count):
    assert count in word("reminders", language, count=12345)
    assert "2025" in word("first_half", language, year=2025)
