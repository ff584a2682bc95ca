"""The words of the screens, kept in words.toml."""

import tomllib
from functools import cache
from pathlib import Path

from language.numbers import written
from language.text import Language, Text


@cache
def words() -> dict[str, Text]:
    """Every word by its key."""
    table = tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))
    return {key: Text(**both) for key, both in table.items()}


def word(key: str, language: Language, **parts: object) -> str:
    """The word for `key` with {parts} filled in: word("reported", "en", reports=85, due=91).

    Whole numbers are written as the language writes them, 1.234 and 1,234; but for a `year`.
    """
    told = {name: written(part, language) if _is_count(name, part) else part for name, part in parts.items()}
    return words()[key][language].format(**told)


def _is_count(name: str, part: object) -> bool:
    return type(part) is int and name != "year"
