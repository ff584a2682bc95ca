"""From a fact back to the cell it was read from: file, sheet and cell of any number follow from what a report keeps."""

import json


def cell_of(columns: str | None, field_id: str, row: float | None) -> str:
    """The cell of a field, or '' where it is not known.

    `columns` is what a report keeps (json: field → [sheet, column or cell]); `row` is the row of a fact in a table.
    """
    place = json.loads(columns or "{}").get(field_id, ["", ""])[1]
    return place if not place or row is None or row != row else f"{place}{int(row)}"
