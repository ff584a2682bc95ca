"""Questions that a reader writes in SQL, over a few documented tables: answered by a process of its own.

The tables are copied into a file that holds nothing else. The process (sql_child.py) opens it for reading only, with
every way out shut, takes one question of the kind SELECT, and is ended when its time or its memory is over.
"""

import json
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from threading import BoundedSemaphore
from typing import Literal

import duckdb
import pandas as pd

from language import Text
from metrics import INDICATORS
from metrics.core.calculate import COLUMNS, moment
from metrics.core.ledger import Ledger
from metrics.core.standing import STANDING
from warehouse.fields import FIELDS
from warehouse.period import Period

SECONDS, ROWS, MEMORY = 5, 10_000, 1_000  # a question's time, the rows shown of its answer, its memory in MB
LONGEST = 20_000  # letters of a question
CHILD = Path(__file__).with_name("sql_child.py")
PLAN = Period("plan")
Refused = Literal[
    "empty", "several", "no_question", "syntax", "unknown", "forbidden", "memory", "time", "busy", "long", "failed"
]
REFUSALS: tuple[Refused, ...] = Refused.__args__
_turns = BoundedSemaphore(2)  # so many questions at once: they must not take the pages' processors


@dataclass(frozen=True)
class Answer:
    """What came of a question: a table, cut after ROWS or not; or why there is none, with the database's own words."""

    table: pd.DataFrame
    cut: bool = False
    refused: Refused | Literal[""] = ""
    detail: str = ""


class Box:
    """A file with the documented tables of a ledger and a period. It is removed with its box."""

    def __init__(self, tables: dict[str, pd.DataFrame]):
        self._folder = tempfile.TemporaryDirectory(prefix="questions-", ignore_cleanup_errors=True)
        self.path = Path(self._folder.name) / "tables.duckdb"
        con = duckdb.connect(str(self.path))
        for name, table in tables.items():
            con.register("given", table)
            con.execute(f"create table {name} as select * from given")
            con.unregister("given")
        con.close()

    def ask(self, question: str, seconds: float = SECONDS, rows: int = ROWS) -> Answer:
        """The answer to a question, after `seconds` at the latest."""
        if len(question) > LONGEST:
            return _refusal("long")
        if not _turns.acquire(timeout=seconds):
            return _refusal("busy")
        try:
            told = self._run(question, seconds, rows)
        finally:
            _turns.release()
        if "refused" in told:
            return _refusal(told["refused"], told["detail"])
        return Answer(_table(told), told["cut"])

    def _run(self, question: str, seconds: float, rows: int) -> dict[str, object]:
        # Isolated (-I): neither the environment nor the folder that it is called in can change what it runs.
        call = [sys.executable, "-I", str(CHILD), str(self.path), str(MEMORY), str(rows)]
        try:
            done = subprocess.run(call, input=question.encode(), capture_output=True, timeout=seconds, check=False)
        except subprocess.TimeoutExpired:  # by now it has been killed
            return {"refused": "time", "detail": ""}
        try:
            return json.loads(done.stdout)
        except ValueError:  # it died without a word: of memory
            return {"refused": "memory", "detail": ""}


def _refusal(kind: Refused, detail: str = "") -> Answer:
    return Answer(pd.DataFrame(), refused=kind, detail=detail)


def _table(told: dict[str, object]) -> pd.DataFrame:
    """The rows as a table; whole numbers stay whole beside gaps. Of equal names, later ones get a number."""
    names: list[str] = []
    for name, _ in told["columns"]:
        number, free = 1, name
        while free in names:
            number += 1
            free = f"{name}_{number}"
        names.append(free)
    table = pd.DataFrame(told["rows"], columns=names, dtype=object)
    for name in names:
        known = [each for each in table[name] if each is not None]
        if known and {type(each) for each in known} <= {int, float}:
            whole = all(isinstance(each, int) and abs(each) < 2**63 for each in known)
            table[name] = pd.array(table[name], dtype="Int64" if whole else "Float64")
    return table


# What is in the box


@lru_cache(maxsize=4)
def box(ledger: Ledger, period: Period) -> Box:
    """The box of a ledger and a period, made once."""
    return Box(tables(ledger, period))


def tables(ledger: Ledger, period: Period) -> dict[str, pd.DataFrame]:
    """Each documented table (`documented`): results and units of the period, all else of the whole plan.

    Neither the fingerprint of a file nor what stood in a wrong cell is among them.
    """
    found = {
        "results": ledger.results(period)[COLUMNS],
        "units": ledger.units(period),
        "indicators": _indicators(),
        "facts": _standing(ledger),
        "reports": ledger.received(PLAN),
        "expected": ledger.reporting(PLAN),
        "problems": ledger.problems(PLAN),
    }
    return {name: found[name][list(columns)] for name, columns in _columns().items()}


def _indicators() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "indicator": each.id, "name_vi": each.name.vi, "name_en": each.name.en, "measured_in": each.measured_in,
            "target": each.target, "better": each.better, "finest": each.finest, "requirement": each.requirement,
        }
        for each in INDICATORS.values()
    )  # fmt: skip


def _standing(ledger: Ledger) -> pd.DataFrame:
    """Every row of every report that counts, with the period that its report is for."""
    return ledger.engine.query(
        f"select s.*, r.period from ({STANDING}) s join reports r on r.report = s.report order by s.report, s.unit",
        {"moment": moment(ledger.as_of)},
    )


@cache
def _told() -> dict[str, dict[str, dict[str, str]]]:
    return tomllib.loads(Path(__file__).with_name("sql_box.toml").read_text(encoding="utf-8"))


def documented() -> dict[str, Text]:
    """Each table with what one of its rows is."""
    return {name: Text(**table["row"]) for name, table in _told().items()}


@cache
def _columns() -> dict[str, dict[str, Text]]:
    fields = {each.id: each.name for each in FIELDS.values()}
    return {
        name: {each: Text(**both) for each, both in table.items() if each != "row"}
        | (fields if name == "facts" else {})
        for name, table in _told().items()
    }


def columns(table: str) -> dict[str, Text]:
    """Each column of a table with what it holds; the fields of the forms are columns of `facts`."""
    return _columns()[table]
