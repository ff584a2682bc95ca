"""The register of units: how many there are of each kind, and what a new list would change."""

from datetime import date

import pandas as pd

from language import Language, Text, capital, day, order, word, written
from language.persons import masked
from views.view import Choice, Column, View
from warehouse.fields import LEVEL_NAMES, LEVELS
from warehouse.units import alive

SHOWN = {  # what would change of a unit, and what that is called
    "full_name": Text("tên", "name"),
    "level": Text("cấp", "level"),
    "parent": Text("thuộc", "belongs to"),
    "since": Text("từ ngày", "since"),
    "until": Text("đến ngày", "until"),
    "households_2019": Text("số hộ năm 2019", "households in 2019"),
    "people_2019": Text("số dân năm 2019", "people in 2019"),
}


def registered(units: pd.DataFrame, choice: Choice) -> View:
    """How many units live on the period's last day and today, and how many have ended."""
    language, today = choice.language, date.today()
    then = alive(units, min(choice.period.last_day, today)).level.value_counts()
    now = alive(units, today).level.value_counts()
    ended = units[units.until.notna() & (units.until.map(lambda day: day or date.max) <= today)].level.value_counts()
    table = pd.DataFrame(
        {
            "level": capital(LEVEL_NAMES[level][language]),
            "then": int(then.get(level, 0)),
            "now": int(now.get(level, 0)),
            "ended": int(ended.get(level, 0)),
        }
        for level in LEVELS
    )
    columns = {
        "level": Column(Text("Cấp", "Level")),
        "then": Column(Text("Cuối kỳ đang xem", "End of the period"), "number"),
        "now": Column(Text("Hôm nay", "Today"), "number"),
        "ended": Column(Text("Đã kết thúc", "Ended"), "number"),
    }
    return View("registered", word("units_title", language, count=written(len(units), language)), table, columns)


def changes(before: pd.DataFrame, after: pd.DataFrame, choice: Choice) -> View:
    """Each unit that would be new, be gone or be another: what it was and would be, but for what names a person."""
    language = choice.language
    was, now = ({(row["unit"], str(row["since"])): row for row in each.to_dict("records")} for each in (before, after))
    rows = []
    for key in {**now, **was}:
        old, new = was.get(key), now.get(key)
        told = [part for part in SHOWN if old and new and _told(old[part]) != _told(new[part])]
        if old and new and not told:
            continue
        kind = "new" if not old else "gone" if not new else "changed"
        said = "; ".join(
            f"{SHOWN[part][language]}: {_text(part, old[part], language)} → {_text(part, new[part], language)}"
            for part in told
        )
        name = masked((new or old)["full_name"])
        rows.append({"section": word(f"unit_{kind}", language), "unit": key[0], "name": name, "said": said})
    rows.sort(key=lambda row: (row["section"], order(row["name"])))
    columns = {
        "unit": Column(Text("Mã", "Code")),
        "name": Column(Text("Đơn vị", "Unit")),
        "said": Column(Text("Thay đổi", "Change"), "prose"),
    }
    title = word("units_would_change" if rows else "units_same", language, count=written(len(rows), language))
    return View("unit_changes", title, pd.DataFrame(rows, columns=["section", *columns]), columns)


def _told(value: object) -> object:
    return None if pd.isna(value) else value


def _text(part: str, value: object, language: Language) -> str:
    if _told(value) is None:
        return "–"
    if part == "level" and value in LEVEL_NAMES:
        return LEVEL_NAMES[value][language]
    if isinstance(value, date):
        return day(value)
    return written(value, language) if isinstance(value, int) else masked(str(value))
