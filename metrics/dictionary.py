"""The dictionary of indicators, written from their declarations; one set of entries for document, screen and sheet."""

from language import Language, Text, capital, written
from metrics import TOPICS
from metrics.core.fair_comparison import SMALL_COUNT
from metrics.core.indicator import BELOW, Indicator
from metrics.core.traps import traps
from warehouse.fields import FIELDS, LEVEL_NAMES, Field
from warehouse.schedule import DUTY_OF

COLUMNS = {  # of an entry, in the order in which they are shown
    "id": Text("Mã", "Id"),
    "topic": Text("Chủ đề", "Topic"),
    "name": Text("Chỉ tiêu", "Indicator"),
    "formula": Text("Công thức", "Formula"),
    "numerator": Text("Tử số", "Numerator"),
    "denominator": Text("Mẫu số", "Denominator"),
    "fields": Text("Số liệu dùng", "Fields"),
    "measured": Text("Đơn vị tính", "Measured in"),
    "level": Text("Cấp thấp nhất", "Lowest level"),
    "source": Text("Mục của kế hoạch", "Section of the plan"),
    "requirement": Text("Yêu cầu", "Requirement"),
    "better": Text("Tốt hơn khi", "Better when"),
    "target": Text("Mục tiêu", "Target"),
    "interval": Text("Khoảng tin cậy", "Interval"),
    "example": Text("Ví dụ", "Example"),
    "traps": Text("Dễ hiểu sai", "Known traps"),
}
Entry = dict[str, str | list[str]]
LISTS = ("fields", "example", "traps")  # several lines each
CODE = ("numerator", "denominator")  # as they are calculated

_TITLE = Text("Từ điển chỉ tiêu", "Dictionary of indicators")
_BETTER = {"higher": Text("cao hơn", "higher"), "lower": Text("thấp hơn", "lower")}
_TARGET = Text("theo kế hoạch", "of the plan")
_INFERRED = Text("suy từ chữ “mỗi”, kế hoạch không ghi số", "inferred from “each”; the plan gives no number")
_NO_TARGET = Text("kế hoạch không đặt mục tiêu", "the plan sets no target")
_INTERVAL = {
    "share": Text("95 %, theo Wilson", "95 %, by Wilson"),
    "rate": Text(
        f"95 %, theo Byar; số đếm dưới {SMALL_COUNT} thì tính chính xác theo Poisson",
        f"95 %, by Byar; exact (Poisson) for counts below {SMALL_COUNT}",
    ),
    "": Text("không tính", "none"),
}
_NO_DENOMINATOR = Text("không có: là một tổng", "none: it is a sum")
_NATURES = {
    "stock": Text("số hiện có, lấy lần cuối", "a state, the last counts"),
    "cumulative": Text("số hiện có, lũy kế, lấy lần cuối", "a running total, the last counts"),
    "flow": Text("phát sinh, cộng lại", "adds up"),
    "flag": Text("có/không, lấy lần cuối", "yes or no, the last counts"),
}
_OF_SCHEDULE = {
    "expected": Text("{form}: số phải nộp", "{form}: expected"),
    "accepted": Text("{form}: số được chấp nhận", "{form}: accepted"),
    "on_time": Text("{form}: số được chấp nhận đúng hạn", "{form}: accepted in time"),
}
_BY_CALENDAR = Text("theo lịch báo cáo", "from the calendar of reports")
_SUM_BELOW = Text("tổng các khu/ấp của xã", "sum of the commune's khu/ấp")
_YES_NO = {1: Text("có", "yes"), 0: Text("không", "no")}
_SILENT = Text("chưa báo cáo", "not reported")
_OWES_NOTHING = Text("không phải nộp báo cáo nào", "no report expected")
_RESULT = Text("Kết quả", "Result")
_NO_TRAP = Text("Chưa thấy điểm dễ hiểu sai.", "No known trap.")


def topics(language: Language) -> dict[str, str]:
    """The topics by their short names, in the plan's order."""
    return {topic.__name__.split(".")[-1]: topic.NAME[language] for topic in TOPICS}


def entries(language: Language, topic: str = "") -> list[Entry]:
    """One entry (COLUMNS) per indicator, of all topics or of one; those of LISTS are lists of lines."""
    return [
        _entry(indicator, each.NAME, language)
        for name, each in zip(topics(language), TOPICS, strict=True)
        for indicator in each.INDICATORS
        if topic in ("", name)
    ]


def dictionary(language: Language) -> str:
    """Every indicator under its topic, as Markdown."""
    command = f"python -m metrics dictionary --language {language}"
    said = Text(f"Do chương trình viết: `{command}`.", f"Written by the program: `{command}`.")
    lines = [f"# {_TITLE[language]}", "", said[language], ""]
    for topic, name in topics(language).items():
        lines += [f"## {name}", ""]
        for entry in entries(language, topic):
            lines += [f"### {entry['name']}", "", f"`{entry['id']}`", "", *_items(entry, language), ""]
    return "\n".join(lines)


def _items(entry: Entry, language: Language) -> list[str]:
    """An entry as a Markdown list."""
    lines = []
    for key, label in COLUMNS.items():
        if key in LISTS:
            lines += [f"- {label[language]}:", *(f"  - {line}" for line in entry[key])]
        elif key in CODE and entry[key] != _NO_DENOMINATOR[language]:
            lines.append(f"- {label[language]}: `{entry[key]}`")
        elif key not in ("id", "topic", "name"):
            lines.append(f"- {label[language]}: {entry[key]}")
    return lines


def _entry(indicator: Indicator, topic: Text, language: Language) -> Entry:
    return {
        "id": indicator.id,
        "topic": topic[language],
        "name": indicator.name[language],
        "formula": indicator.formula[language],
        "numerator": indicator.numerator,
        "denominator": indicator.denominator if indicator.denominator != "1" else _NO_DENOMINATOR[language],
        "fields": _fields(indicator, language),
        "measured": indicator.unit_of_measure[language],
        "level": LEVEL_NAMES[indicator.finest][language],
        "source": indicator.source,
        "requirement": ", ".join(indicator.requirement.split()),
        "better": _BETTER[indicator.better][language],
        "target": _target(indicator, language),
        "interval": _INTERVAL[indicator.interval][language],
        "example": _example(indicator, language),
        "traps": [trap[language] for trap in traps(indicator)] or [_NO_TRAP[language]],
    }


def _target(indicator: Indicator, language: Language) -> str:
    if indicator.target is None:
        return _NO_TARGET[language]
    origin = _INFERRED if indicator.inferred else _TARGET
    return f"{written(indicator.target, language)} {indicator.unit_of_measure[language]} ({origin[language]})"


def _fields(indicator: Indicator, language: Language) -> list[str]:
    """Each thing that it is built from: what it is, its id, of whom, and how its months are taken."""
    lines = []
    for id in indicator.fields:
        field = FIELDS[id]
        of = (_SUM_BELOW if id in indicator.below else LEVEL_NAMES[field.level])[language]
        lines.append(f"{field.name[language]} ({id}; {of}; {_nature(field)[language]})")
    named = [f"{_named(each, language)} ({each}; {_BY_CALENDAR[language]})" for each in indicator.scheduled]
    return lines + [capital(line) for line in named]


def _nature(field: Field) -> Text:
    return _NATURES["cumulative" if field.cumulative else field.kind]


def _named(key: str, language: Language) -> str:
    """A field, or what the calendar knows, in words."""
    id = key.removeprefix(BELOW)
    if id in FIELDS:
        return FIELDS[id].name[language] + ("" if key == id else f" ({_SUM_BELOW[language]})")
    form, what = id.split("_", 1)
    return _OF_SCHEDULE[what][language].format(form=DUTY_OF[form].name[language])


def _example(indicator: Indicator, language: Language) -> list[str]:
    """A line for each unit, and the result."""
    rows, value = indicator.example
    result = f"{written(value, language, indicator.digits)} {indicator.unit_of_measure[language]}"
    return [*(_told(row, language) for row in rows), f"{_RESULT[language]}: {result}"]


def _told(row: dict[str, object], language: Language) -> str:
    figures = ", ".join(
        f"{_named(key, language)} = {_figure(key, value, language)}" for key, value in row.items() if key != "level"
    )
    of = f"[{LEVEL_NAMES[row['level']][language]}] " if "level" in row else ""
    return of + (figures or _OWES_NOTHING[language])


def _figure(key: str, value: float | None, language: Language) -> str:
    if value is None:
        return _SILENT[language]
    if key in FIELDS and FIELDS[key].kind == "flag":
        return _YES_NO[value][language]
    return written(value, language, 0 if float(value).is_integer() else 1)
