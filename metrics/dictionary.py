"""The dictionary of indicators, written from their declarations: formula, source, target, worked example, traps."""

from language import Language, Text, written
from metrics import TOPICS
from metrics.core.indicator import Indicator

_TITLE = Text("Từ điển chỉ tiêu", "Dictionary of indicators")
_LABELS = {
    "formula": Text("Công thức", "Formula"),
    "numerator": Text("Tử số", "Numerator"),
    "denominator": Text("Mẫu số", "Denominator"),
    "measured": Text("Đơn vị tính", "Measured in"),
    "better": Text("Tốt hơn khi", "Better when"),
    "target": Text("Mục tiêu", "Target"),
    "source": Text("Mục của kế hoạch", "Section of the plan"),
    "example": Text("Ví dụ", "Example"),
    "note": Text("Lưu ý", "Mind"),
}
_BETTER = {"higher": Text("cao hơn", "higher"), "lower": Text("thấp hơn", "lower")}
_INFERRED = Text("suy từ chữ “mỗi”, kế hoạch không ghi số", "inferred from “each”; the plan gives no number")


def dictionary(language: Language) -> str:
    """Every indicator under its topic, as Markdown."""
    command = f"python -m metrics dictionary --language {language}"
    said = Text(f"Do chương trình viết: `{command}`.", f"Written by the program: `{command}`.")
    lines = [f"# {_TITLE[language]}", "", said[language], ""]
    for topic in TOPICS:
        lines += [f"## {topic.NAME[language]}", ""]
        for indicator in topic.INDICATORS:
            lines += [f"### {indicator.name[language]}", "", *_entry(indicator, language), ""]
    return "\n".join(lines)


def _entry(indicator: Indicator, language: Language) -> list[str]:
    told = {
        "formula": indicator.formula[language],
        "numerator": f"`{indicator.numerator}`",
        "denominator": f"`{indicator.denominator}`",
        "measured": indicator.unit_of_measure[language],
        "better": _BETTER[indicator.better][language],
        "target": _target(indicator, language),
        "source": f"{indicator.source} ({indicator.requirement})",
        "example": _example(indicator, language),
        "note": indicator.note[language] if indicator.note else "",
    }
    return [f"`{indicator.id}`", "", *(f"- {_LABELS[key][language]}: {value}" for key, value in told.items() if value)]


def _target(indicator: Indicator, language: Language) -> str:
    if indicator.target is None:
        return "–"
    number = f"{written(indicator.target, language)} {indicator.unit_of_measure[language]}"
    return f"{number} ({_INFERRED[language]})" if indicator.inferred else number


def _example(indicator: Indicator, language: Language) -> str:
    rows, value = indicator.example
    said = "; ".join(", ".join(f"{key} = {'–' if v is None else v}" for key, v in row.items()) for row in rows)
    return f"{said} → {written(value, language, indicator.digits)}"
