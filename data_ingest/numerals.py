"""Numbers as people type them: 1.234,5 · 1,234.5 · 1 234 · 12,5 % · with stray spaces; a blank is not a zero."""

import re
from typing import NamedTuple

MOST = 1e15  # no count of anything here is more; and beyond, a number is not kept exactly
_SPACES = dict.fromkeys(map(ord, " \u00a0\u2007\u2009\u202f\t\r\n'’"))
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*")
_BROKEN = re.compile(r"(?P<head>[+-]?(?:\d+|\d{1,3}(?:(?P<mark>[.,])\d{3})+))(?P<decimal>[.,])(?P<tail>\d+)")
# What stands for 'nothing to tell' in real reports: no zero, and no mistake.
_BLANKS = {"", "-", "–", "—", "...", "…", "..", "x", "n/a", "na", "khôngcó", "chưacó", "chưacódữliệu", "chưacósốliệu"}


class Number(NamedTuple):
    """What a cell says: `value` is None for a blank, `kind` names a problem ('' when there is none)."""

    value: int | float | None
    kind: str = ""


_BLANK = Number(None)


def is_count(given: object) -> bool:
    """Whether a cell holds a plain whole number as spreadsheets keep it, as most do: there is nothing to ask then."""
    return type(given) is float and 0 <= given < MOST and given.is_integer()


def number(given: object, whole: bool) -> Number:
    """Read a cell's value. A count is never broken, so its dots and commas part the thousands (`read_as`).

    Problems: not_a_number, not_whole, negative, percentage, formula_error, not_computed, and read_as, which is only
    noted.
    """
    if given is None:
        return _BLANK
    if is_count(given):
        return Number(int(given) if whole else given)
    if isinstance(given, bool):
        return Number(None, "not_a_number")
    if isinstance(given, int | float):
        return _checked(given, whole)
    text = str(given).translate(_SPACES)
    if text.lower() in _BLANKS:
        return Number(None)
    if text.startswith(("#", "Err:")):
        return Number(None, "formula_error")
    if text.startswith("="):
        return Number(None, "not_computed")
    return _of_text(text, str(given), whole)


def _of_text(text: str, given: str, whole: bool) -> Number:
    share = text.endswith("%")
    value = _typed(text.rstrip("%"), whole and not share)
    if value is None:
        return Number(None, "not_a_number")
    if share and whole:
        return Number(None, "percentage")
    found = _checked(value, whole)
    plain_digits = given.strip().isdigit()
    return found if found.kind or plain_digits else Number(found.value, "read_as")


def _checked(value: int | float, whole: bool) -> Number:
    if value != value or value in (float("inf"), float("-inf")):
        return Number(None, "not_a_number")
    if value < 0:
        return Number(None, "negative")
    if whole and value != int(value):
        return Number(None, "not_whole")
    if value >= MOST:
        return Number(None, "not_a_number")
    return Number(int(value) if whole else float(value))


def _typed(text: str, whole: bool) -> float | int | None:
    """The number that a text without spaces stands for, or None."""
    if re.fullmatch(r"[+-]?\d{1,18}", text):
        return int(text)
    if _GROUPED.fullmatch(text) and (whole or len(re.findall("[.,]", text)) > 1 or "." in text):
        return int(re.sub("[.,]", "", text))
    broken = _BROKEN.fullmatch(text)
    if broken and broken["mark"] != broken["decimal"]:
        return float(f"{re.sub('[.,]', '', broken['head'])}.{broken['tail']}")
    return None
