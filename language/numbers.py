"""Numbers and days as each language writes them: 1.234,5 and 1,234.5; 14/6/2025 in both."""

import math
from datetime import date

from language.text import Language

NOTHING = "–"


def written(number: float | None, language: Language, digits: int = 0, signed: bool = False) -> str:
    """A number with `digits` decimals; a dash where there is none."""
    if number is None or (isinstance(number, float) and math.isnan(number)):
        return NOTHING
    text = f"{number:{'+' if signed else ''},.{digits}f}"
    if not text.strip("+-0.,"):
        text = text.lstrip("+-")  # never "-0,0"
    text = text.replace("-", "−")
    return text.translate(str.maketrans(",.", ".,")) if language == "vi" else text


def day(value: date | None) -> str:
    """A day as it is written in Vietnamese offices: 14/6/2025. English pages keep the order of the reader's country."""
    return NOTHING if value is None else f"{value.day}/{value.month}/{value.year}"
