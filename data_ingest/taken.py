"""The figures of a report as they would be taken, one a row, for who has to decide about it."""

import pandas as pd

from data_ingest.names import Day
from data_ingest.reading import Reading
from data_ingest.template import Template, all_templates
from warehouse.fields import FIELDS

COLUMNS = ["unit", "unit_name", "level", "group", "field", "value", "sheet", "cell"]


def taken(reading: Reading, day: Day, mapped: list[Template]) -> pd.DataFrame:
    """COLUMNS: each figure or text of a reading in the order of its form, under the heading that it has there."""
    template = next((each for each in (*all_templates(), *mapped) if each.id == reading.template), None)
    if template is None:
        return pd.DataFrame(columns=COLUMNS)
    groups = {field: group.title for part in template.part for group in part.group for field in group.fields}
    rows = [
        (row.unit, day.full_name.get(row.unit, row.unit), row.level, groups.get(field, ""), field, row.values[field],
         row.sheet, row.cell(field))
        for row in reading.rows
        for field in groups
        if field in row.values and field in FIELDS
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS).astype({"value": object})
