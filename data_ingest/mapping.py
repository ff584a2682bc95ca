"""A foreign table taken in: which heading means which figure is proposed here, and confirmed by a person."""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from data_ingest.layout import NAME_HEADS, Found, alike, headings
from data_ingest.names import Day, Names
from data_ingest.sheet import Sheet, read_workbook
from data_ingest.template import key, synonyms
from warehouse.fields import FIELDS, OF_A_PROVINCE, Level

SURE, POSSIBLE = 0.84, 0.5  # how alike a heading and a known wording must be, from 0 to 1


@dataclass(frozen=True)
class Proposal:
    """A mapping as TOML, with what it is sure of and what a person has to decide; '' where there is no table."""

    toml: str
    sure: int
    open: int


def propose(path: Path, name: str, names: Names) -> Proposal:
    """Propose, for the largest table of a file, a field for each heading. Raises sniff.UnreadableError."""
    tables = [(sheet, found) for sheet in read_workbook(path).sheets if (found := headings(sheet))]
    if not tables:
        return Proposal("", 0, 0)
    sheet, (found, over) = max(tables, key=lambda each: len(each[1][1]))
    day = names.on(date.today())
    day = day if day.find("Bình Dương", "province") else names.last_day
    return _written(name, sheet, found, over, day)


def _written(name: str, sheet: Sheet, found: Found, over: dict[int, str], day: Day) -> Proposal:
    rows = _level_of_rows(sheet, found, day)
    level: Level = "district" if rows == "district" else "commune"
    sure, left = [], []
    taken: set[str] = set()
    for heading in over.values():
        best = _best(heading, level)
        field_id, score = best[0] if best else ("", 0.0)
        if score >= SURE and field_id not in taken:
            taken.add(field_id)
            sure.append(f"{field_id} = {_quoted(heading)}  # {FIELDS[field_id].name.vi}")
        else:
            near = ", ".join(f"{id} ({FIELDS[id].name.vi})" for id, score in best[:3] if score >= POSSIBLE)
            left.append(f"# ??? = {_quoted(heading)}  # {near or 'không có số liệu nào gần nghĩa / nothing near it'}")
    label = next(iter(_name_heading(sheet, found)), "Đơn vị")
    kinds = ["month"] if level == "commune" else ["quarter", "half", "year", "plan"]
    root = next((unit for unit, each in day.level.items() if each == "province"), "")
    lines = [
        f'# Ánh xạ cho các tệp có cùng tiêu đề với “{name}”. Kiểm tra từng dòng: số liệu = "tiêu đề trong tệp".',
        "# Dòng bắt đầu bằng # không được nạp; thay ??? bằng mã số liệu và bỏ dấu # để nạp.",
        "# Rồi chạy / then run: python -m data_ingest map --confirm TỆP-NÀY.toml",
        f'form = "{"monthly" if level == "commune" else "periodic"}"',
        f'level = "{level}"  # cấp của báo cáo / whose reports they are',
        f'rows = "{rows}"  # mỗi dòng là một / each row is a: {", ".join(OF_A_PROVINCE[1:])}',
        f"kinds = {json.dumps(kinds)}",
        'since = "2023-11"',
        'mark = ""',
        f"title = {_quoted(_title(sheet))}",
        "mapped = true",
        f'unit = "{root}"  # khi trong tệp không ghi đơn vị / whose table it is, where it does not say',
        "",
        "[[part]]",
        'kind = "table"',
        f"sheet = {_quoted(sheet.name)}",
        'title = ""',
        f'columns = {{ number = "STT", label = {_quoted(label)} }}',
        'total = "Tổng cộng"',
        "[[part.group]]",
        'title = ""',
        "[part.group.fields]",
        *sure,
        *left,
    ]
    return Proposal("\n".join(lines) + "\n", len(sure), len(left))


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _best(heading: str, level: Level) -> list[tuple[str, float]]:
    """Fields by how near a wording of theirs is to a heading, the nearest first."""
    scores: dict[str, float] = {}
    for words, field_id in synonyms().items():
        if FIELDS[field_id].kind == "text" or (FIELDS[field_id].level == "district") != (level == "district"):
            continue
        near = max(alike(words, heading), alike(words, heading.rpartition(" – ")[2]))
        scores[field_id] = max(scores.get(field_id, 0.0), near)
    return sorted(((id, score) for id, score in scores.items() if score >= POSSIBLE), key=lambda each: -each[1])


def _level_of_rows(sheet: Sheet, found: Found, day: Day) -> Level:
    """The level at which most names of the rows are units; khu/ấp where none is known."""
    written = [sheet.value(row, found.name) for row in range(found.first, len(sheet.rows))]
    told = [str(value) for value in written if isinstance(value, str)]
    hits = {level: sum(bool(day.find(name, level)) for name in told) for level in ("commune", "district")}
    best = max(hits, key=hits.__getitem__)
    return best if hits[best] * 2 >= max(1, len(told)) else "hamlet"


def _name_heading(sheet: Sheet, found: Found) -> list[str]:
    heads = [sheet.value(row, found.name) for row in range(max(0, found.first - 4), found.first)]
    told = [str(value) for value in heads if isinstance(value, str)]
    return [value for value in told if key(value) in NAME_HEADS] or told[:1]


def _title(sheet: Sheet) -> str:
    """The longest text over the table: what the sheet is about."""
    texts = [value for _, _, value in Sheet("", sheet.rows[:10]).cells() if isinstance(value, str)]
    return " ".join(max(texts, key=len, default="").split())[:120]
