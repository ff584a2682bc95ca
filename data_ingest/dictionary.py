"""The dictionary of what units report, written from fields and templates: label, where it stands, what it is."""

from data_ingest.template import all_templates
from language import Language, Text
from warehouse.fields import FIELDS, LEVEL_NAMES, Field

_KINDS = {
    "stock": Text("hiện có; kỳ dài lấy lần cuối", "a state; of a longer period the last counts"),
    "flow": Text("phát sinh; kỳ dài cộng lại", "adds up over a longer period"),
    "flag": Text("có/không; kỳ dài lấy lần cuối", "yes or no; of a longer period the last counts"),
    "text": Text("văn bản", "words"),
}
_TITLE = Text("Từ điển số liệu báo cáo", "Dictionary of reported figures")
_HEADINGS = Text(
    "mã | nội dung | của ai | đơn vị tính | tính chất | không vượt quá | mẫu và nhãn in trên mẫu | yêu cầu",
    "id | what it is | of whom | measured in | nature | never more than | form and printed label | requirement",
)


def dictionary(language: Language) -> str:
    """Every field as a Markdown table, in the order of the forms."""
    headings = _HEADINGS[language].split(" | ")
    lines = [f"# {_TITLE[language]}", "", _written_by(language), "", _line(headings), _line(["---"] * len(headings))]
    return "\n".join([*lines, *(_line(_row(field, language)) for field in FIELDS.values()), ""])


def _written_by(language: Language) -> str:
    command = f"python -m data_ingest --language {language} dictionary"
    return Text(f"Do chương trình viết: `{command}`.", f"Written by the program: `{command}`.")[language]


def _row(field: Field, language: Language) -> list[str]:
    labels = [f"{each.mark}: {each.fields[field.id]}" for each in all_templates() if field.id in each.fields]
    return [
        f"`{field.id}`",
        field.name[language],
        LEVEL_NAMES[field.level][language],
        field.measured_in[language],
        _KINDS[field.kind][language],
        f"`{field.part_of}`" if field.part_of else "",
        "<br>".join(labels),
        field.requirement,
    ]


def _line(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"
