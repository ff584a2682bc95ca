"""Tables that the reader puts together, and answers to questions that the reader writes."""

from dataclasses import dataclass
from typing import Literal

import pandas as pd

from language import Language, Text, order, word, written
from metrics import INDICATORS
from metrics.core.indicator import Indicator
from metrics.core.ledger import Ledger
from metrics.core.sql_box import ROWS, SECONDS, Answer, box
from views.shown import behind, heading, within
from views.view import Choice, Column, View
from warehouse.fields import LEVELS, Level
from warehouse.period import Period

What = Literal["value", "numerator", "denominator", "status", "behind"]
WHATS: dict[What, Text] = {
    "value": Text("Giá trị", "Value"),
    "numerator": Text("Tử số", "Numerator"),
    "denominator": Text("Mẫu số", "Denominator"),
    "status": Text("Đánh giá", "Status"),
    "behind": Text("Báo cáo", "Reports"),
}
SHAPES = ("crossed", "tidy")
MOST = 60  # indicators × periods in one table: more takes the server's memory


@dataclass(frozen=True)
class Built:
    """What a table is put together from. Everything in it stands in the address."""

    indicators: tuple[str, ...]
    periods: tuple[Period, ...]
    level: Level
    whats: tuple[What, ...] = ("value",)
    shape: Literal["crossed", "tidy"] = "crossed"


def built(choice: Choice, asked: Built, ledger: Ledger) -> View:
    """Indicators × units × periods: a row for each unit (crossed), or for each unit, indicator and period (tidy)."""
    language = choice.language
    if len(asked.indicators) * len(asked.periods) > MOST:
        return View("explore", word("explore_much", language, most=MOST))
    found = _results(choice, asked, ledger)
    if found.empty:
        return View("explore", word("explore_nothing", language))
    table, columns = (_crossed if asked.shape == "crossed" else _tidy)(found, asked, language)
    told = {"units": written(found.unit.nunique(), language), "what": word(f"{asked.level}s_lower", language)}
    told |= {"indicators": found.indicator.nunique(), "periods": found.period.nunique()}
    return View("explore", word("explore_title", language, **told), table, columns, note=_note(found, asked, language))


def _results(choice: Choice, asked: Built, ledger: Ledger) -> pd.DataFrame:
    """The results that are asked for, units in their order within the one above them."""
    if not (asked.indicators and asked.periods and asked.whats):
        return pd.DataFrame(columns=["unit", "indicator", "period"])
    found = ledger.near(choice.unit, asked.periods, asked.indicators, asked.level == "hamlet")
    units = ledger.units(asked.periods[0])
    inside = found[(found.level == asked.level) & found.unit.isin(within(choice.unit, units))].copy()
    inside["district"] = inside.parent.map(units.full_name).fillna("")
    inside["behind"] = [behind(row) for row in inside.itertuples()]
    inside["by"] = [(order(row.district), order(row.unit_name), row.unit) for row in inside.itertuples()]
    return inside.sort_values("by", kind="stable", ignore_index=True)


def _who() -> dict[str, Column]:
    return {
        "unit": Column(Text("Mã", "Code"), on_screen=False),
        "unit_name": Column(Text("Đơn vị", "Unit")),
        "district": Column(Text("Thuộc", "Belongs to")),
    }


def _column(what: What, indicator: Indicator, name: Text) -> Column:
    if what in ("status", "behind"):
        return Column(name, "status" if what == "status" else "fraction")
    return Column(name, "number", indicator.digits if what == "value" else 0)


def _crossed(found: pd.DataFrame, asked: Built, language: Language) -> tuple[pd.DataFrame, dict[str, Column]]:
    """A column for each indicator, period and thing told of it."""
    table = found.drop_duplicates("unit").set_index("unit")[["unit_name", "district"]]
    columns = _who()
    for id in asked.indicators:
        for period in asked.periods:
            rows = found[(found.indicator == id) & (found.period == str(period))].set_index("unit")
            for what in asked.whats if len(rows) else ():
                key = f"{id} {period} {what}"
                blank = "not_applicable" if what == "status" else None  # the unit did not live then
                table[key] = [rows[what].get(unit, blank) for unit in table.index]
                columns[key] = _column(what, INDICATORS[id], _headed(what, INDICATORS[id], period, asked))
    return table.reset_index(), columns


def _headed(what: What, indicator: Indicator, period: Period, asked: Built) -> Text:
    """What stands above a column: whatever differs between columns, and the indicator always."""
    name = heading(indicator) if what == "value" else indicator.short
    parts = [name]
    if what != "value":
        parts.append(WHATS[what])
    if len(asked.periods) > 1:
        parts.append(Text(period.short(), period.short()))
    return Text(" · ".join(each.vi for each in parts), " · ".join(each.en for each in parts))


def _tidy(found: pd.DataFrame, asked: Built, language: Language) -> tuple[pd.DataFrame, dict[str, Column]]:
    """A row for each unit, indicator and period: what a spreadsheet or a program filters best."""
    table = found.assign(
        indicator_name=[INDICATORS[id].short[language] for id in found.indicator],
        measure=[INDICATORS[id].unit_of_measure[language] for id in found.indicator],
        period_name=[Period.parse(each).name(language) for each in found.period],
    )
    columns = {
        **_who(),
        "indicator": Column(Text("Mã chỉ tiêu", "Indicator id"), on_screen=False),
        "indicator_name": Column(Text("Chỉ tiêu", "Indicator")),
        "period": Column(Text("Mã kỳ", "Period id"), on_screen=False),
        "period_name": Column(Text("Kỳ", "Period")),
        "measure": Column(Text("Đơn vị tính", "Measured in")),
    }
    digits = max(INDICATORS[id].digits for id in asked.indicators)
    for what in asked.whats:
        column = _column(what, INDICATORS[asked.indicators[0]], WHATS[what])
        columns[what] = Column(column.name, column.kind, digits if what == "value" else 0)
    return table, columns


def _note(found: pd.DataFrame, asked: Built, language: Language) -> str:
    """What could not be told at this level; that a blank is not zero."""
    said = [word("explore_blank", language)]
    if coarse := [INDICATORS[id].short[language] for id in asked.indicators if id not in set(found.indicator)]:
        said.append(word("explore_coarse", language, names=", ".join(coarse)))
    return " ".join(said)


def level_for(choice: Choice, ledger: Ledger, level: str | None) -> Level:
    """The level asked for, or the unit's own where that lies deeper."""
    own = ledger.units(choice.period).level[choice.unit]
    asked = level if level in LEVELS[1:] else "commune"
    return max(asked, own, key=LEVELS.index)


# Questions in SQL


def answered(choice: Choice, ledger: Ledger, question: str) -> tuple[View, Answer]:
    """The answer to a question as a table; where it is refused, an empty one and the refusal."""
    language = choice.language
    told = box(ledger, choice.period).ask(question)
    if told.refused:
        said = {"seconds": written(SECONDS, language)}
        return View("sql", word(f"sql_{told.refused}", language, **said)), told
    table, columns = _typed(told.table)
    rows = written(len(table), language)
    title = word("sql_cut" if told.cut else "sql_rows", language, rows=rows, most=written(ROWS, language))
    return View("sql", title, table, columns), told


def _typed(table: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, Column]]:
    """Numbers as numbers, whole ones without decimals; all else as words."""
    columns, table = {}, table.copy()
    for name in table.columns:
        label = name if name.strip() else "?"
        if pd.api.types.is_numeric_dtype(table[name]) and not pd.api.types.is_bool_dtype(table[name]):
            told = table[name].dropna()
            columns[name] = Column(Text(label, label), "number", _digits(told))
        else:
            table[name] = [None if each is None or pd.isna(each) else str(each) for each in table[name]]
            columns[name] = Column(Text(label, label))
    return table, columns


def _digits(told: pd.Series) -> int:
    """As many decimals as the numbers have, up to four."""
    return next((each for each in range(4) if (told.round(each) == told).all()), 4)


EXAMPLES: dict[str, tuple[Text, str]] = {
    "pace": (
        Text("Xã còn thiếu nhiều hộ nhất", "Communes that lack most households"),
        """select unit_name, round(value, 1) as value, missing, reports, reports_due
from results
where indicator = 'e_wallet_household_share' and level = 'commune' and missing > 0
order by missing desc
limit 20""",
    ),
    "late": (
        Text("Ai hay nộp trễ", "Who is often late"),
        """select u.full_name, count(*) as owed, count(e.received_at) as received,
       count(*) filter (where e.days_late > 0) as late, max(e.days_late) as most_days_late
from expected e join units u on u.unit = e.unit
where e.due_by_now
group by u.full_name, u.unit
order by late desc, received, u.full_name
limit 20""",
    ),
    "problems": (
        Text("Lỗi nào gặp nhiều nhất", "Which problems are most frequent"),
        """select kind, blocks, count(*) as times, count(distinct unit) as units
from problems
group by kind, blocks
order by times desc""",
    ),
    "size": (
        Text("Số hộ báo cáo lệch tổng điều tra", "Households reported against the census"),
        """select r.unit_name, r.denominator as reported, u.households_2019 as census_2019,
       round(100.0 * r.denominator / u.households_2019 - 100, 1) as difference_percent
from results r join units u on u.unit = r.unit
where r.indicator = 'e_wallet_household_share' and r.level = 'commune' and r.reports > 0
order by abs(difference_percent) desc
limit 20""",
    ),
    "months": (
        Text("Lượt hướng dẫn theo tháng", "People guided, month by month"),
        """select period, count(distinct unit) as hamlets, sum(guided_online_services) as online_services,
       sum(guided_online_safety) as online_safety, sum(guided_mooc) as mooc
from facts
where level = 'hamlet' and adds_up
group by period
order by period""",
    ),
}
