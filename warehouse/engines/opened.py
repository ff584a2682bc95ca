"""The engine that KPI_ENGINE names, over a snapshot whose tables are handed over when first opened, or beforehand."""

from pathlib import Path

from warehouse.engines.chosen import Chosen
from warehouse.store import Engine


def opened(snapshot: Path) -> Engine:
    """The engine to ask of a snapshot. Raises EngineError, store.DamagedError."""
    chosen = Chosen.now()
    if chosen.kind == "duckdb":
        return Engine.open(snapshot)
    # Only whoever chooses an engine needs its packages.
    if chosen.kind == "spark":
        from warehouse.engines.spark import Spark

        return Spark(snapshot, chosen)
    from warehouse.engines.clickhouse import ClickHouse

    return ClickHouse(snapshot, chosen)


def push(snapshot: Path) -> bool:
    """Hand the tables of a snapshot to the engine before a reader asks; False where DuckDB reads the file itself."""
    opened(snapshot)
    return Chosen.now().kind != "duckdb"
