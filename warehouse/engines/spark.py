"""Spark: a snapshot's tables as files that every worker reads; the driver is this program, the workers elsewhere."""

import contextlib
import os
import shutil
import warnings
from datetime import date, datetime
from functools import cache
from pathlib import Path
from threading import Lock
from uuid import uuid4

import pyarrow as pa

from language import Text
from warehouse.engines.chosen import VARIABLE, Chosen, EngineError, not_installed
from warehouse.engines.elsewhere import Elsewhere, hand_over, name_of, superfluous, told
from warehouse.store import BRANCHES

FOLDER = "engines"  # in the data folder, unless KPI_ENGINE_FOLDER names another that all workers see
MEMORY = "KPI_ENGINE_MEMORY"  # of this program's part of Spark, e.g. 8g
_DRAFT = ".part"
# The questions are long and their tables narrow beside them: to compile code for each step takes many times as long as
# to carry it out, and to plan anew after each step as well. docs/growing.md holds the figures.
_SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
}
_one_at_a_time = Lock()


class Spark(Elsewhere):
    """A session for each snapshot, in which its tables bear their names; workers keep in memory what they hold."""

    dialect = "spark"
    kinds = {
        str: "string", int: "bigint", float: "double", date: "date", datetime: "timestamp_ntz", list: "array<string>",
    }  # fmt: skip

    def __init__(self, snapshot: Path, chosen: Chosen):
        super().__init__(snapshot)
        with _one_at_a_time:
            folder = _handed_over(snapshot)
            first = _first(chosen.address)
            self._session = first.newSession()
            # As many parts as there are processors: of the 200 that are usual most would be empty.
            parts = max(2, first.sparkContext.defaultParallelism)
            self._session.conf.set("spark.sql.shuffle.partitions", str(parts))
            for path in sorted(folder.glob("*.parquet")):
                self._session.read.parquet(str(path)).createOrReplaceTempView(path.stem)
                self._session.catalog.cacheTable(path.stem)

    def _answer(self, text: str, params: dict[str, object]) -> pa.Table:
        given = {name: value if isinstance(value, list) else told(value) for name, value in params.items()}
        try:
            return self._session.sql(text, args=given).toArrow()
        except Exception as error:  # noqa: BLE001, of Java and of Python, and of no common kind
            line = str(error).strip().partition("\n")[0][:500]
            raise EngineError(Text(f"Spark không trả lời được: {line}", f"Spark could not answer: {line}")) from error


@cache
def _first(address: str) -> object:
    """The session from which all others come: a program has one driver."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # of pandas, which is not asked
            from pyspark.sql import SparkSession
    except ModuleNotFoundError:
        raise not_installed("pyspark") from None
    named = SparkSession.builder.appName("kpi").master(address or "local[*]")
    for name, value in {**_SETTINGS, "spark.driver.memory": os.environ.get(MEMORY, "2g")}.items():
        named = named.config(name, value)
    if not address:
        named = named.config("spark.driver.host", "127.0.0.1").config("spark.driver.bindAddress", "127.0.0.1")
    try:
        return named.getOrCreate()
    except Exception as error:  # noqa: BLE001, of Java and of Python, and of no common kind
        where = address or "Java"
        raise EngineError(
            Text(
                f"Không khởi động được Spark ({where}): {error}. Cần Java 17 trở lên và, nếu {VARIABLE} có địa chỉ,"
                f" máy chủ Spark đang chạy ở đó; hoặc bỏ {VARIABLE} để dùng DuckDB.",
                f"Spark could not be started ({where}): {error}. Java 17 or newer is needed and, where {VARIABLE} has"
                f" an address, a Spark master that runs there; or leave {VARIABLE} out to use DuckDB.",
            )
        ) from error


def _handed_over(snapshot: Path) -> Path:
    """The folder with the tables of a snapshot, which is there as a whole or not at all; made where it is not."""
    data = snapshot.parent.parent if snapshot.parent.name == BRANCHES else snapshot.parent
    shelf = Path(os.environ.get("KPI_ENGINE_FOLDER") or data / FOLDER).absolute()
    folder = shelf / name_of(snapshot)
    if not folder.exists():
        draft = shelf / f"{folder.name}.{uuid4().hex[:8]}{_DRAFT}"
        draft.mkdir(parents=True)
        try:
            hand_over(snapshot, draft)
            with contextlib.suppress(OSError):  # another program was faster
                os.rename(draft, folder)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        there = sorted((each for each in shelf.iterdir() if each.suffix != _DRAFT), key=_age, reverse=True)
        for name in superfluous([each.name for each in there], folder.name):
            shutil.rmtree(shelf / name, ignore_errors=True)
    return folder


def _age(path: Path) -> float:
    return path.stat().st_mtime if path.exists() else 0.0
