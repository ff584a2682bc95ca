"""Engines: where a snapshot's questions are answered: DuckDB within the program, or ClickHouse or Spark (KPI_ENGINE).

The texts of the questions are the same.
"""

from warehouse.engines.chosen import Chosen, EngineError
from warehouse.engines.opened import opened, push

__all__ = ["Chosen", "EngineError", "opened", "push"]
