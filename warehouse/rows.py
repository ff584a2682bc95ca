"""Rows of a table one by one, where no step over whole columns does what is wanted."""

from collections.abc import Callable, Iterator

import pandas as pd


def rows(table: pd.DataFrame, *columns: str) -> Iterator[tuple]:
    """Each row as a named tuple of some columns, or of all, as itertuples gives it without the index.

    A column of texts is taken out at once and not cell by cell: a third of the time of a long table.
    """
    return (table[list(columns)] if columns else table).astype(object).itertuples(index=False)


def each_once(column: pd.Series, told: Callable[[object], object]) -> pd.Series:
    """What is told of each value of a column, told once of those that are the same; blanks stay."""
    return column.map({each: told(each) for each in column.dropna().unique()})
