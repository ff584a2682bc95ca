"""Colours, signs and how values are written: calm, official, and never colour alone."""

import pandas as pd

from language import Language, Text, written
from metrics.core.indicator import Indicator

ACCENT, INK, SECOND_INK, LINE, GROUND, PANEL = "#0B4A8F", "#1B2430", "#5B6776", "#E3E8EE", "#FFFFFF", "#F6F8FA"
# Where a page turns dark, pages/style.css turns those above in its charts as well; what lies on a colour must stay.
ON_LIGHT, ON_DARK = "#141C26", "#FFFFFF"
EDGE = "#8A97A6"  # around tiles, and around what is hollow
SEQUENCE = ("#DCE8F5", "#A9C8E6", "#6FA3D2", "#3475B5", "#0B4A8F")  # one hue, light to dark, five classes
STATUS_COLOUR = {  # any two can be told apart in the three kinds of colour blindness (tests/test_look.py)
    "met": "#00796B",
    "near": "#E08A00",
    "behind": "#B5301F",
    "no_target": "#96A2B0",
    "no_report": "#FFFFFF",  # hollow: nothing is known, which is not zero
    "not_applicable": "#EDF0F3",
}
STATUS_SIGN = {"met": "✔", "near": "▲", "behind": "▼", "no_target": "–", "no_report": "○", "not_applicable": "·"}
STATUS_NAME = {
    "met": Text("Đạt", "Met"),
    "near": Text("Gần đạt", "Near"),
    "behind": Text("Chưa đạt", "Behind"),
    "no_target": Text("Không có mục tiêu", "No target"),
    "no_report": Text("Chưa báo cáo", "No report"),
    "not_applicable": Text("Không áp dụng", "Not applicable"),
}
STATUSES = tuple(STATUS_SIGN)
JUDGEMENTS = {  # against a benchmark (fair_comparison.against)
    "better": ("▲", Text("Tốt hơn", "Better")),
    "similar": ("≈", Text("Tương đương", "Similar")),
    "worse": ("▼", Text("Kém hơn", "Worse")),
    "": ("", None),
}
REPORTS = {  # what became of a report that is owed
    "on_time": ("●", Text("Đúng hạn", "On time")),
    "late": ("◐", Text("Trễ (số ngày)", "Late (days)")),
    "missing": ("✕", Text("Chưa nộp", "Missing")),
    "blocked": ("⚠", Text("Đã nhận, còn lỗi", "Received, blocked")),
    "not_due": ("◌", Text("Chưa đến hạn", "Not due yet")),
    "not_owed": ("–", Text("Không phải nộp", "Not owed")),
}
REPORT_OF = {sign: state for state, (sign, _) in REPORTS.items()}
TRENDS = {  # of a flow (trend.trend_of)
    "increasing": ("↗", Text("tăng", "rising")),
    "decreasing": ("↘", Text("giảm", "falling")),
    "no_change": ("→", Text("chưa rõ", "not clear")),
    "cannot_be_calculated": ("·", Text("không tính được", "cannot tell")),
}


def value_of(value: float | None, indicator: Indicator, language: Language) -> str:
    """A result with its per cent sign or without: 27,4 % or 38."""
    number = written(None if pd.isna(value) else value, language, indicator.digits)
    return f"{number}\u00a0%" if indicator.is_share and not pd.isna(value) else number


def value_with_measure(value: float | None, indicator: Indicator, language: Language) -> str:
    """A result with what it counts: 33,3 % or 195 người."""
    told = value_of(value, indicator, language)
    return told if indicator.is_share or pd.isna(value) else f"{told} {indicator.unit_of_measure[language]}"


def target_of(indicator: Indicator, target: float | None, language: Language) -> str:
    """A target without needless decimals: 30 %."""
    if target is None or pd.isna(target):
        return "–"
    return written(target, language, 0 if target == int(target) else 1) + ("\u00a0%" if indicator.is_share else "")


def ink_on(colour: str) -> str:
    """The ink that can be read on a colour: dark on light, white on dark; on what is hollow, the page's own."""
    if colour == GROUND:
        return INK
    red, green, blue = (int(colour[k : k + 2], 16) for k in (1, 3, 5))
    return ON_LIGHT if 0.3 * red + 0.59 * green + 0.11 * blue > 140 else ON_DARK
