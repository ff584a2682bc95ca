"""When reports are due by the calendar that holds: each kind of report with its days of a year."""

import pandas as pd

from language import Text, day, word
from views.view import Choice, Column, View
from warehouse.period import PLAN_FIRST, PLAN_LAST
from warehouse.schedule import DUTIES, periods_of


def due_days(choice: Choice) -> View:
    """The reports of the period's year: which one, the last day on time, and the days whose figures it counts."""
    language = choice.language
    year = choice.period.last_day.year
    year = min(max(year, PLAN_FIRST[0]), PLAN_LAST[0])
    rows = []
    for duty in DUTIES:
        for kind in duty.kinds:
            for each in (one for one in periods_of(kind) if one.last_day.year == year):
                first, last = each.window
                rows.append(
                    {
                        "section": duty.name[language],
                        "period": each.name(language),
                        "due": day(each.due),
                        "from": day(first),
                        "to": day(min(last, each.report_closes)),
                    }
                )
    columns = {
        "period": Column(Text("Kỳ", "Period")),
        "due": Column(Text("Muộn nhất", "At the latest")),
        "from": Column(Text("Số liệu từ", "Figures from")),
        "to": Column(Text("đến", "to")),
    }
    title = word("due_title", language, year=year)
    return View("due_days", title, pd.DataFrame(rows, columns=["section", *columns]), columns)
