"""View: something to see, drawn on a page or written to a file; Choice: what its reader looks at."""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

import pandas as pd
import plotly.graph_objects as go

from language import Language, Text
from metrics.core.indicator import Indicator
from warehouse.fields import LEVELS, Level
from warehouse.period import Period


@dataclass(frozen=True)
class Choice:
    """What the reader looks at. Everything in it stands in the address."""

    language: Language
    period: Period
    unit: str  # the province, a district or a commune: whose parts are shown
    indicator: Indicator
    level: Level = "commune"
    as_of: date | None = None
    units_of: date | None = None  # every period in the units of this day; None: each in those of its own
    view: Literal["map", "tiles"] = "map"
    colouring: Literal["target", "quantile"] = "target"

    def at(self, level: Level) -> "Choice":
        """The same choice at a level, or at the lowest above it at which the indicator can be said."""
        return self.but(level=min(level, self.indicator.finest, key=LEVELS.index))

    def but(self, **changes: object) -> "Choice":
        """The same choice with something else in it."""
        return replace(self, **changes)


@dataclass(frozen=True)
class Column:
    """How a column of a table is headed and written. The unit of measure stands in the heading, not in each cell."""

    name: Text
    kind: Literal[
        "text", "prose", "day", "number", "status", "sign", "change", "place_change", "fraction", "interval", "bracket",
        "judgement", "trend", "line", "bar", "report",
    ] = "text"  # fmt: skip
    digits: int = 0
    on_screen: bool = True
    in_files: bool = True


@dataclass(frozen=True)
class View:
    """What there is to see: `table` holds plain values (numbers as numbers), `columns` says how to write them."""

    id: str
    title: str  # a question or a finding, in the reader's language
    table: pd.DataFrame = field(default_factory=pd.DataFrame)
    columns: dict[str, Column] = field(default_factory=dict)  # the table's columns that are shown, in order
    chart: go.Figure | None = None
    alt: str = ""  # the chart in words
    note: str = ""  # source day and completeness
    hint: str = ""  # how to read or use it on a screen: nothing for paper
    axis: tuple[float, float, float | None] = (0, 1, None)  # of columns drawn as intervals: start, end, target

    @property
    def drawn(self) -> dict[str, Column]:
        """The columns that are shown on a screen."""
        return {name: column for name, column in self.columns.items() if column.on_screen}

    @property
    def filed(self) -> dict[str, Column]:
        """The columns that are written to a file."""
        return {name: column for name, column in self.columns.items() if column.in_files}
