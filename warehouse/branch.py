"""One branch of the tree as a snapshot of its own: whoever may see no more is asked of nothing else.

Nothing of other units is in the file, so no page, address, download or question can bring it to light.
"""

import os
import re
import shutil
from pathlib import Path
from threading import Lock

import duckdb

from warehouse.store import BRANCHES, asking, attach, create

_UNIT = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*")
_KEPT = 200  # files of branches: more than units that have viewers; the oldest go first
_BELOW = """
    with recursive below as (
        select distinct unit from units where unit = $unit
        union select u.unit from units u join below b on u.parent = b.unit)
    select unit from below
"""
_ABOVE = """
    with recursive above as (
        select distinct parent as unit from units where unit = $unit
        union select u.parent from units u join above a on u.unit = a.unit)
    select unit from above
"""
# The tables in an order in which each step knows what it asks for. The top has nobody above it, as the province has.
_STEPS = """
    insert into about select * from whole.about;
    insert into about values ('branch', $unit);
    insert into units select * replace (case when unit = $unit then null else parent end as parent)
        from whole.units where unit in (select unit from inside);
    insert into reports select * from whole.reports where unit in (select unit from inside);
    insert into facts select * from whole.facts
        where unit in (select unit from inside) and report in (select report from reports)
        order by last_month, unit, report;
    insert into problems select * from whole.problems where report in (select report from reports);
    insert into targets select * from whole.targets where unit in (select unit from inside);
    insert into expected select * from whole.expected where unit in (select unit from inside);
    create temp table shared as
        select distinct receipt from whole.reports where unit is null or unit not in (select unit from inside);
    insert into receipts select * replace (
            case when receipt in (select receipt from shared) then '' else sha256 end as sha256)
        from whole.receipts where receipt in (select receipt from reports);
"""


_one_at_a_time = Lock()  # after a build several viewers of a branch come at once; a draft bears the process's number


class NoRoomError(OSError):
    """The disk is full: the branch cannot be made, though the snapshot is sound."""


class NoSuchUnitError(ValueError):
    """The unit is not in the register of this snapshot, so there is no branch below it."""


def branch(snapshot: Path, unit: str) -> Path:
    """The snapshot of a unit and all below it; made when first asked for. Raises NoSuchUnitError, NoRoomError,
    and store.DamagedError where the snapshot cannot be read.

    A file that tells of other units, too, is in it without its hash: it can be neither found nor handed out.
    """
    if not _UNIT.fullmatch(unit):
        raise NoSuchUnitError(f"unit {unit!r}; expected a code")
    folder = snapshot.parent / BRANCHES
    path = folder / f"{unit}-{snapshot.name}"
    with _one_at_a_time:
        if not path.exists():
            _make(path, snapshot, unit)
    return path


def _make(path: Path, snapshot: Path, unit: str) -> None:
    folder = path.parent
    folder.mkdir(exist_ok=True)
    _prune(folder, {each.name for each in snapshot.parent.glob("warehouse-*.duckdb")})
    draft = folder / f"{path.name}.{os.getpid()}.part"
    try:
        with asking(snapshot):
            try:
                _fill(draft, snapshot, unit)
            except duckdb.Error as error:  # of a full disk the database raises what it raises of a damaged file, too
                if snapshot.exists() and shutil.disk_usage(folder).free < snapshot.stat().st_size:
                    raise NoRoomError(f"no room for {path.name}") from error
                raise
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def tree_around(snapshot: Path, unit: str) -> tuple[frozenset[str], frozenset[str]]:
    """The units of a branch, and those above it, in all their lives."""
    with asking(snapshot), duckdb.connect(str(snapshot), read_only=True) as con:
        found = [con.execute(sql, {"unit": unit}).fetchall() for sql in (_BELOW, _ABOVE)]
    below, above = (frozenset(each for (each,) in rows if each) for rows in found)
    return below, above - below


def _fill(draft: Path, snapshot: Path, unit: str) -> None:
    draft.unlink(missing_ok=True)
    with duckdb.connect(str(draft)) as con:
        create(con)
        attach(con, snapshot, "whole")
        con.execute("insert into units select * from whole.units")  # first all of them, to find those of the branch
        con.execute(f"create temp table inside as {_BELOW}", {"unit": unit})
        con.execute("delete from units")
        for step in _STEPS.split(";"):
            if step.strip():
                con.execute(step, {"unit": unit} if "$unit" in step else {})
        (count,) = con.execute("select count(*) from units").fetchone()
        if not count:
            raise NoSuchUnitError(f"unit {unit!r} is not in the register of {snapshot.name}")
        con.execute("detach whole")
        con.execute("checkpoint")


def _prune(folder: Path, snapshots: set[str]) -> None:
    """Take away branches of snapshots that are no more, and of too many the oldest."""
    there = sorted(folder.glob("*-warehouse-*.duckdb"), key=_age, reverse=True)
    for number, path in enumerate(there):
        if number >= _KEPT or path.name[path.name.index("warehouse-") :] not in snapshots:
            try:
                path.unlink(missing_ok=True)
            except OSError:  # somebody has it open, on a system that minds
                continue


def _age(path: Path) -> float:
    return path.stat().st_mtime if path.exists() else 0.0
