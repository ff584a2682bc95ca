"""One commune's report, or those of all for a month, as workbooks: what comes in at the country's size."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from data_ingest.form import Filling, Row, write_form
from data_ingest.template import template_for
from sample_data.story import Hamlet, Sender
from warehouse.period import Period


def write(folder: Path, units: pd.DataFrame, communes: Sequence[str], period: Period) -> list[Path]:
    """The monthly reports of some communes as workbooks in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    known = units.set_index("unit", drop=False)
    of = units[units.parent.isin(communes)].groupby("parent")
    template, files = template_for("monthly", period), []
    for commune, hamlets in of:
        row = known.loc[commune]
        below = tuple(_hamlet(each) for each in hamlets.itertuples())
        told = Sender(commune, "monthly", row.type, int(row.households_2019), below).tell(period)
        if told is None:  # it forgets this month; so do some in the story
            continue
        filling = Filling(
            unit_name=row.full_name, unit_code=commune, parent_name=known.full_name[row.parent], period=period,
            rows=tuple(Row(known.full_name[unit], values) for unit, values in told.rows.items()),
            values=told.values, invented=True,
        )  # fmt: skip
        files.append(folder / f"{commune}_{period}.xlsx")
        write_form(template, filling, files[-1])
    return files


def _hamlet(row: object) -> Hamlet:
    return Hamlet(row.unit, int(row.households_2019), int(row.people_2019), 0.33, 9.0, -4, 12)
