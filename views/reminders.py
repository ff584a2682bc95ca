"""What to write to a unit that owes reports: a letter, and a message short enough for a telephone."""

from dataclasses import dataclass

import pandas as pd

from language import Language, Text, day, small, word
from metrics.core.ledger import Ledger
from views.reports import OPEN, by_unit, listed, owed
from views.view import Choice, Column, View
from warehouse.period import Period

LONGEST = 350  # characters of a message
_BODY = {
    "commune": Text("Ủy ban nhân dân", "People's Committee of"),
    "district": Text("Ủy ban nhân dân", "People's Committee of"),
    "province": Text("Cơ quan tổng hợp báo cáo", "Office in charge of the report of"),
}


@dataclass(frozen=True)
class Reminder:
    """To a unit, never to a person."""

    unit: str
    letter: str
    message: str  # at most LONGEST characters


def reminder(choice: Choice, ledger: Ledger, unit: str) -> Reminder | None:
    """What to write to a unit; None where nothing of its own is open."""
    found = owed(choice.but(unit=unit), ledger)
    found = found[(found.unit == unit) & found.state.isin(OPEN)].sort_values(["due", "period"])
    if found.empty:
        return None
    return _written(by_unit(found)[unit], unit, choice, ledger)


def reminders(choice: Choice, ledger: Ledger, form: str) -> View:
    """All reminders of a form within the chosen unit, a row each, to take away."""
    found = owed(choice, ledger, form)
    found = found[found.state.isin(OPEN)].sort_values(["due", "period"])
    rows = []
    for unit, open_ones in by_unit(found).items():
        told, first = _written(open_ones, unit, choice, ledger), open_ones[0]
        rows.append({
            "unit": unit, "unit_name": first.unit_name, "district": first.district, "count": len(open_ones),
            "message": told.message, "letter": told.letter,
        })  # fmt: skip
    columns = {
        "unit_name": Column(Text("Đơn vị", "Unit")),
        "district": Column(Text("Thuộc", "Belongs to")),
        "count": Column(Text("Còn thiếu", "Missing"), "number"),
        "message": Column(Text("Tin nhắn", "Message"), "prose"),
        "letter": Column(Text("Thư, công văn", "Letter"), "prose"),
    }
    title = word("reminders", choice.language, count=len(rows))
    return View(f"reminders_{form}", title, pd.DataFrame(rows), columns)


def _written(found: list, unit: str, choice: Choice, ledger: Ledger) -> Reminder:
    """From the rows of `owed` that are open, in the order in which they were due."""
    language = choice.language
    missing, blocked = ([row for row in found if row.state == state] for state in ("missing", "blocked"))
    to, short_to = _addressed(unit, ledger, language)
    letter = [word("letter_to", language, to=to), ""]
    if missing:
        letter.append(word("letter_missing", language, day=day(ledger.today), count=len(missing)))
        letter += [_line(row, choice) for row in missing]
        letter.append("")
    if blocked:
        letter.append(word("letter_blocked", language, day=day(ledger.today), count=len(blocked)))
        letter += [_line(row, choice) for row in blocked]
        letter.append("")
    letter += [word("letter_please", language), word("letter_end", language)]
    return Reminder(unit, "\n".join(letter), _message(missing, blocked, short_to, choice, ledger))


def _line(row: object, choice: Choice) -> str:
    """One report with its due day; one that came and was not taken also says when and in which file."""
    language = choice.language
    period = _lower(Period.parse(row.period).name(language), language)
    if row.state == "blocked":
        return word(
            "letter_line_blocked", language,
            period=period, due=day(row.due), came=day(row.blocked_at), file=row.file,
        )  # fmt: skip
    return word("letter_line", language, period=period, due=day(row.due))


def _message(missing: list, blocked: list, to: str, choice: Choice, ledger: Ledger) -> str:
    """The whole of it in LONGEST characters; of more than can be named, the last ones and how many there are."""
    language, said = choice.language, ""
    for kept in range(len(missing), -1, -1):
        parts = [word("message_start", language, to=to, day=day(ledger.today))]
        if kept:
            which = _which(missing[-kept:], language)
            parts.append(word("message_missing", language, count=len(missing), which=which))
        if len(missing) > kept:
            parts.append(word("message_more", language, count=len(missing) - kept))
        if blocked:
            parts.append(word("message_blocked", language, count=len(blocked), which=_which(blocked, language)))
        said = " ".join([*parts, word("message_end", language)])
        if len(said) <= LONGEST:
            return said
    return said[: LONGEST - 1] + "…"


def _which(rows: list, language: Language) -> str:
    """The periods, and the day or the days on which they were due."""
    dues = [row.due for row in rows]
    first, last = day(min(dues)), day(max(dues))
    key = "due_on" if first == last else "due_between"
    return f"{listed([row.period for row in rows], language)} ({word(key, language, first=first, last=last)})"


def _addressed(unit: str, ledger: Ledger, language: Language) -> tuple[str, str]:
    """Whom it goes to, in full and short; of a unit that is no more, where most of it has gone is said too."""
    units = ledger.register
    level, parent = units.at[unit, "level"], units.at[unit, "parent"]
    name, body = _lower(units.at[unit, "full_name"], language), _BODY[level][language]
    full = f"{body} {name}"
    if level == "commune" and units.level.get(parent) == "district":
        full += f", {_lower(units.at[parent, 'full_name'], language)}"
    short = f"{'UBND' if level != 'province' and language == 'vi' else body} {name}"
    heir = _heir(unit, ledger)
    told = f" ({word('now_part_of', language, unit=_lower(heir, language))})" if heir else ""
    return full + told, short + told


def _lower(name: str, language: Language) -> str:
    """Inside a sentence the type of a unit is written small: xã An Thái."""
    return small(name) if language == "vi" else name


def _heir(unit: str, ledger: Ledger) -> str:
    """The unit that most of one that is no more belongs to now."""
    until, became = ledger.register.at[unit, "until"], ledger.register.at[unit, "became"]
    if pd.isna(until) or pd.Timestamp(until).date() > ledger.today or pd.isna(became) or not became:
        return ""
    shares = dict(each.split(":") for each in str(became).split())
    heir = max(shares, key=lambda each: float(shares[each]))
    return str(ledger.register.full_name.get(heir, ""))
