"""What units say in words, gathered where they say the same: difficulties, proposals, and what became of them."""

from dataclasses import dataclass
from hashlib import sha256

import pandas as pd

from language import Language, Text, day, order, plain, word, written
from metrics.core.ledger import Ledger
from views.entered import STATUS_NAMES, day_of, history, short, units_of
from views.shown import behind_unit, within
from views.view import Choice, Column, View
from warehouse.entries import STATUSES, difficulty_id
from warehouse.fields import LEVEL_NAMES, LEVELS, Level
from warehouse.period import Period
from warehouse.rows import each_once, rows

OPEN = ("new", "in_progress")  # nobody has answered yet


@dataclass(frozen=True)
class About:
    """A part of the reports that is told in words; what is `asked` there wants an answer."""

    name: Text
    fields: tuple[str, ...]
    asked: bool = False


ABOUT = {
    "difficulties": About(
        Text("Khó khăn", "Difficulty"),
        ("text_difficulties", "text_difficulties_district", "text_opinions_received"), asked=True,
    ),
    "proposals": About(Text("Kiến nghị", "Proposal"), ("text_proposals", "text_proposals_district"), asked=True),
    "results": About(Text("Kết quả nổi bật", "Main results"), ("text_results", "text_results_province")),
    "advantages": About(Text("Thuận lợi", "Advantages"), ("text_advantages",)),
    "limits": About(Text("Hạn chế", "Limits"), ("text_limits",)),
    "models": About(Text("Mô hình, cách làm hay", "Good practice"), ("text_models",)),
    "cooperation": About(Text("Phối hợp", "Co-operation"), ("text_cooperation",)),
    "inspection": About(Text("Kiểm tra, giám sát", "Inspection"), ("text_inspection",)),
    "next": About(Text("Phương hướng", "Next steps"), ("text_next", "text_next_district", "text_next_province")),
}  # fmt: skip
ASKED = [each for each, about in ABOUT.items() if about.asked]
STATES = (*STATUSES, "overdue")


def sayings(choice: Choice, ledger: Ledger, search: str = "", about: str = "", state: str = "") -> pd.DataFrame:
    """A row per text of a report, of the chosen unit and those below it, with what was done about it; latest first.

    `search` passes over accents and case; `about` is one of ABOUT, else whatever wants an answer; `state` one of
    STATES. `item` is the same for texts that say the same.
    """
    kinds = {field: each for each in ([about] if about else ASKED) for field in ABOUT[each].fields}
    found = ledger.narratives(choice.period)
    found = found[found.field.isin(kinds)].reset_index(drop=True)
    units = units_of(choice, ledger, zip(found.unit, found.period, strict=True))
    found = found[found.unit.isin(within(choice.unit, units) | behind_unit(choice, ledger))]
    # Where nobody said anything, an empty list would choose no columns instead of no rows.
    texts = [each for each in found.text.unique() if plain(search) in plain(each)]  # many say the same
    found = found[found.text.isin(texts)].reset_index(drop=True)
    found["about"] = found.field.map(kinds)
    told = found[["about", "text"]].drop_duplicates()
    items = {each: _item(*each) for each in told.itertuples(index=False, name=None)}
    found["item"] = [items[each] for each in rows(found, "about", "text")]
    found["unit_name"], found["level"] = found.unit.map(units.full_name), found.unit.map(units.level)
    found["last_month"] = each_once(found.period, lambda each: Period.parse(each).last_month)
    found = _with_entries(found, ledger)
    if state:
        found = found[found.overdue if state == "overdue" else found.status == state]
    found["by_name"] = found.unit_name.map(order)
    return found.sort_values(["last_month", "by_name", "id"], ascending=[False, True, True], ignore_index=True)


def _item(about: str, text: str) -> str:
    """Short enough for an address, the same for all who say the same, with accents and case set aside."""
    return sha256(f"{about} {plain(text).rstrip('.')}".encode()).hexdigest()[:8]


def _with_entries(found: pd.DataFrame, ledger: Ledger) -> pd.DataFrame:
    """Adds whether anything was entered, and status, owner, due, answer as far as they were; what is new has none."""
    entered = ledger.entered("difficulty").set_index("id")
    found["id"] = [difficulty_id(*each) for each in rows(found, "unit", "period", "field")]
    found["entered"] = found.id.isin(entered.index)
    for column in ("status", "owner", "due", "answer"):
        found[column] = found.id.map(entered[column]).astype(object)
    found[["owner", "answer"]] = found[["owner", "answer"]].fillna("")
    found["status"] = found.status.fillna("new")
    found["due"] = [day_of(each) for each in found.due]
    found["overdue"] = [
        due is not None and due < ledger.today and status in OPEN
        for due, status in zip(found.due, found.status, strict=True)
    ]
    return found


def gathered(found: pd.DataFrame, choice: Choice, about: str = "") -> View:
    """A row per thing that is said, what most units say first: how many say it, and what became of it."""
    language = choice.language
    lines = [_row(each, language) for _, each in found.groupby("item", sort=False)]
    table = pd.DataFrame(lines, columns=["item", *_COLUMNS])
    table = table.sort_values(["units", "times", "text"], ascending=[False, False, True], ignore_index=True)
    asked = not about or ABOUT[about].asked
    columns = {name: each for name, each in _COLUMNS.items() if asked or name not in ("state", *_ONLY_ASKED)}
    return View("difficulties", _finding(found, table, about, language), table, columns)


_ONLY_ASKED = ("open", "overdue")
_COLUMNS = {
    "about": Column(Text("Loại", "Kind")),
    "text": Column(Text("Nội dung", "What they say"), "prose"),
    "who": Column(Text("Đơn vị nêu", "Said by"), in_files=False),
    "units": Column(Text("Số đơn vị nêu", "Units that say it"), "number", on_screen=False),
    "times": Column(Text("Số lượt nêu", "Times said"), "number", on_screen=False),
    "last": Column(Text("Gần nhất", "Last")),
    "state": Column(Text("Xử lý", "Handled"), "prose"),
    "open": Column(Text("Chưa trả lời", "Unanswered"), "number", on_screen=False),
    "overdue": Column(Text("Quá hạn", "Overdue"), "number", on_screen=False),
}


def _row(said: pd.DataFrame, language: Language) -> dict[str, object]:
    first, counts = said.iloc[0], said.status.value_counts()
    told = [f"{STATUS_NAMES[each][language]}: {written(counts[each], language)}" for each in STATUSES if each in counts]
    if overdue := int(said.overdue.sum()):
        told.append(word("of_them_overdue", language, count=overdue))
    return {
        "item": first["item"], "about": ABOUT[first["about"]].name[language], "text": first["text"],
        "who": who(said, language), "units": said.unit.nunique(), "times": len(said),
        "last": short(first["period"], language), "state": " · ".join(told),
        "open": int(said.status.isin(OPEN).sum()), "overdue": overdue,
    }  # fmt: skip


def who(said: pd.DataFrame, language: Language) -> str:
    """One unit by its name; of several how many there are of each level: 46 xã, 5 huyện."""
    if said.unit.nunique() == 1:
        return str(said.unit_name.iloc[0])
    counts = said.groupby("level").unit.nunique()
    levels = [each for each in reversed(LEVELS) if each in counts]
    return ", ".join(f"{written(counts[each], language)} {_level(each, counts[each], language)}" for each in levels)


def _level(level: Level, count: int, language: Language) -> str:
    return LEVEL_NAMES[level][language] if count == 1 else word(f"{level}s_lower", language)


def _finding(found: pd.DataFrame, table: pd.DataFrame, about: str, language: Language) -> str:
    what = ABOUT[about].name[language].lower() if about else word("difficulties_lower", language)
    told = {"count": written(len(table), language), "what": what, "units": who(found, language)}
    if found.empty:
        return word("nothing_said", language, what=what)
    if about and not ABOUT[about].asked:
        return word("said_finding", language, **told)
    unanswered, overdue = int(found.status.isin(OPEN).sum()), int(found.overdue.sum())
    told |= {"open": written(unanswered, language), "of": written(len(found), language)}
    return word("difficulties_overdue" if overdue else "difficulties_finding", language, overdue=overdue, **told)


def said_by(found: pd.DataFrame, item: str, names: dict[str, str], choice: Choice) -> View:
    """Who says one thing, when, in which cell of which report, and what was done about it."""
    language, table = choice.language, found[found["item"] == item].reset_index(drop=True)
    table["period_name"] = each_once(table.period, lambda each: short(each, language))
    table["handled"] = [_handled(row, language) for row in rows(table, "overdue", "status", "due", "answer")]
    table["status_name"] = [
        word("overdue_said", language) if row.overdue else STATUS_NAMES[row.status][language]
        for row in rows(table, "overdue", "status")
    ]
    table["owner_name"] = table.owner.map(lambda unit: names.get(unit, unit))
    columns = {
        "unit_name": Column(Text("Đơn vị", "Unit")),
        "period_name": Column(Text("Kỳ", "Period")),
        "text": Column(Text("Nội dung", "What they say"), "prose", on_screen=False),
        "handled": Column(Text("Xử lý", "Handled"), "prose", in_files=False),
        "status_name": Column(Text("Tình trạng", "Status"), on_screen=False),
        "owner_name": Column(Text("Đơn vị xử lý", "In charge"), on_screen=False),
        "due": Column(Text("Hạn", "Due"), "day", on_screen=False),
        "answer": Column(Text("Trả lời", "Answer"), "prose", on_screen=False),
        "file": Column(Text("Tệp", "File"), on_screen=False),
        "sheet": Column(Text("Trang tính", "Sheet"), on_screen=False),
        "cell": Column(Text("Ô", "Cell"), on_screen=False),
    }
    if not table.about.map(lambda each: ABOUT[each].asked).all():
        columns = {
            name: each
            for name, each in columns.items()
            if name not in ("handled", "status_name", "owner_name", "due", "answer")
        }
        columns["cell"] = Column(Text("Ô", "Cell"))
    return View("said_by", "", table, columns, alt=str(table.text.iloc[0]) if len(table) else "")


def _handled(row: object, language: Language) -> str:
    """What was done about one saying, in a line: the status, the day while nobody has answered, the answer."""
    status = word("overdue_said", language) if row.overdue else STATUS_NAMES[row.status][language]
    due = f" ({word('handled_by', language, day=day(row.due))})" if row.due and row.status in OPEN else ""
    return f"{status}{due}" + (f": {row.answer}" if row.answer else "")


def saying(said: pd.DataFrame, language: Language) -> dict[str, str]:
    """Who said it, and when, of each saying."""
    told = said.assign(when=each_once(said.period, lambda each: short(each, language)))
    return {row.id: f"{row.unit_name}, {row.when}" for row in rows(told, "id", "unit_name", "when")}


def changes_of(said: pd.DataFrame, names: dict[str, str], choice: Choice, ledger: Ledger) -> View:
    """What was entered about some sayings, the last first."""
    ids = saying(said, choice.language)
    entries = [each for each in ledger.entered_of("difficulty") if each.id in ids]
    return history(entries, lambda each: ids[each.id], names, choice.language)
