"""What waits to be accepted, as tables: the files, their problems by cell, their figures, what they would change."""

from collections.abc import Sequence

import pandas as pd

from language import Language, Text, word, written
from views.view import Column, View
from warehouse.fields import FIELDS


def waiting_list(rows: Sequence[dict[str, object]], language: Language) -> View:
    """A row per file: receipt, unit_name, period_name, form_name, received_at, late, state, state_said, file."""
    table = pd.DataFrame(rows)
    if table.empty:
        return View("waiting", word("receive_nothing", language))
    count = {state: int((table.state == state).sum()) for state in ("good", "noted", "blocked")}
    columns = {
        "unit_name": Column(Text("Đơn vị", "Unit"), "prose"),
        "period_name": Column(Text("Kỳ", "Period")),
        "form_name": Column(Text("Mẫu", "Form"), "prose"),
        "received_at": Column(Text("Ngày đến", "Came on"), "day"),
        "late": Column(Text("Hạn", "Due")),
        "state_said": Column(Text("Tình trạng", "State")),
        "file": Column(Text("Tệp", "File"), "prose"),
    }
    told = {name: written(number, language) for name, number in count.items()}
    return View(
        "waiting", word("receive_waiting", language, count=written(len(table), language), **told), table, columns
    )


def problem_table(rows: Sequence[dict[str, object]], language: Language) -> View:
    """A row per problem: blocks, file, sheet, cell, what, do; those that block first."""
    if not rows:
        return View("waiting_problems", word("receive_no_problems", language))
    table = pd.DataFrame(rows).sort_values("blocks", ascending=False, kind="stable", ignore_index=True)
    table["sign"] = table.blocks.map({True: "✕", False: "•"})
    blocked = int(table.blocks.sum())
    columns = {
        "sign": Column(Text("Loại", "Kind")),
        "file": Column(Text("Tệp", "File"), "prose", on_screen=False),
        "sheet": Column(Text("Trang", "Sheet"), "prose"),
        "cell": Column(Text("Ô", "Cell")),
        "what": Column(Text("Điều gì", "What"), "prose"),
        "do": Column(Text("Cần làm gì", "What to do"), "prose"),
    }
    told = {"blocked": written(blocked, language), "noted": written(len(table) - blocked, language)}
    return View("waiting_problems", word("receive_problems", language, **told), table, columns)


def figures(taken: pd.DataFrame, unit_name: str, period_name: str, blocked: bool, language: Language) -> View:
    """Every figure, one a row, for the files: unit, unit_name, level, group, field, value, sheet, cell."""
    if taken.empty:
        return View("waiting_figures", word("receive_no_figures", language))
    table = taken[taken.value.notna()].copy()
    table["figure"] = [FIELDS[each].name[language] for each in table.field]
    table["measure"] = [FIELDS[each].measured_in[language] for each in table.field]
    columns = {
        "unit_name": Column(Text("Đơn vị", "Unit")),
        "group": Column(Text("Mục", "Part")),
        "figure": Column(Text("Số liệu", "Figure"), "prose"),
        "measure": Column(Text("Đơn vị tính", "Measured in")),
        "value": Column(Text("Giá trị", "Value"), "text"),
        "sheet": Column(Text("Trang", "Sheet")),
        "cell": Column(Text("Ô", "Cell")),
    }
    title = word("receive_figures_read" if blocked else "receive_figures", language, unit=unit_name, period=period_name)
    return View("waiting_figures", title, table, columns)


def own_figures(taken: pd.DataFrame, unit: str, unit_name: str, language: Language) -> View:
    """What a unit told of itself, one a line, under the headings of its form; its words last."""
    own = taken[(taken.unit == unit) & taken.value.notna()]
    rows = [
        {
            "section": row.group if language == "vi" else f"“{row.group}”", "figure": FIELDS[row.field].name[language],
            "measure": "" if FIELDS[row.field].kind == "text" else FIELDS[row.field].measured_in[language],
            "value": said(row.value, row.field, language), "cell": row.cell,
        }
        for row in own.itertuples()
    ]  # fmt: skip
    columns = {
        "figure": Column(Text("Số liệu", "Figure"), "prose"),
        "value": Column(Text("Giá trị", "Value"), "prose"),
        "measure": Column(Text("Đơn vị tính", "Measured in")),
        "cell": Column(Text("Ô", "Cell")),
    }
    return View("waiting_own", word("receive_own", language, unit=unit_name), pd.DataFrame(rows), columns)


def by_part(taken: pd.DataFrame, unit: str, language: Language) -> list[View]:
    """For each heading of the form's table: a row per khu/ấp, a column per figure, and what they add up to."""
    parts = taken[taken.unit != unit]
    views = []
    for number, (group, found) in enumerate(parts.groupby("group", sort=False)):
        fields = list(dict.fromkeys(found.field))
        names = dict(zip(found.unit, found.unit_name, strict=True))
        told = {(row.unit, row.field): row.value for row in found.itertuples()}
        rows = [{"unit_name": name, **{each: told.get((one, each)) for each in fields}} for one, name in names.items()]
        table = pd.DataFrame(rows).assign(chosen=False)
        for each in fields:
            table[each] = pd.to_numeric(table[each], errors="coerce")
        sums = {each: table[each].sum(min_count=1) for each in fields}
        total = pd.DataFrame([{"unit_name": word("receive_total", language), **sums, "chosen": True}])
        columns = {"unit_name": Column(Text("Khu/ấp", "Khu/ấp"))}
        columns |= {each: Column(_heading(each), "number") for each in fields}
        title = group if language == "vi" else f"“{group}”"  # the form's own words
        views.append(View(f"waiting_part_{number}", title, pd.concat([table, total], ignore_index=True), columns))
    return views


def _heading(field: str) -> Text:
    name, measure = FIELDS[field].name, FIELDS[field].measured_in
    return Text(f"{name.vi} ({measure.vi})", f"{name.en} ({measure.en})")


def change_table(rows: Sequence[dict[str, object]], title: str, language: Language) -> View:
    """Cell by cell what changes: unit_name, field, sheet, cell, before, after. Without rows only its title."""
    table = pd.DataFrame(
        [
            {
                **row, "figure": FIELDS[str(row["field"])].name[language],
                "before": said(row["before"], str(row["field"]), language),
                "after": said(row["after"], str(row["field"]), language),
            }
            for row in rows
        ]
    )  # fmt: skip
    columns = {
        "unit_name": Column(Text("Đơn vị", "Unit"), "prose"),
        "figure": Column(Text("Số liệu", "Figure"), "prose"),
        "before": Column(Text("Trước", "Before"), "prose"),
        "after": Column(Text("Sau", "After"), "prose"),
        "sheet": Column(Text("Trang", "Sheet"), "prose"),
        "cell": Column(Text("Ô", "Cell")),
    }
    return View("waiting_changes", title, table, columns)


def said(value: object, field: str, language: Language) -> str:
    """A value of a field as it is read: numbers written, yes and no, words."""
    if value is None or value != value:
        return word("receive_blank", language)
    kind = FIELDS[field].kind
    if kind == "flag":
        return {1: Text("Có", "Yes"), 0: Text("Không", "No")}.get(int(float(str(value))), Text("–", "–"))[language]
    if kind == "text" or isinstance(value, str):
        return str(value)
    return written(value, language, 0 if float(value).is_integer() else 1)
