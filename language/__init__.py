"""THE TWO LANGUAGES: every word of the screens in Vietnamese and English, and how numbers are written."""

from language.numbers import day, written
from language.spelling import capital, order, plain, printable, same, small
from language.text import LANGUAGES, Language, Text, TextError
from language.words import word, words

__all__ = [
    "LANGUAGES", "Language", "Text", "TextError", "capital", "day", "order", "plain", "printable", "same", "small",
    "word", "words", "written",
]  # fmt: skip
