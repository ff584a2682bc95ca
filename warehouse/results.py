"""What a snapshot holds, held against another one: table by table, row by row."""

from pathlib import Path

import duckdb

from warehouse.store import asking, attach

_OF_ITS_BUILD = ("about",)  # when it was built and under which name


def results_of(snapshot: Path) -> dict[str, object]:
    """From what it was built, and of each table how many rows it has and their sum as this database makes it."""
    with asking(snapshot), duckdb.connect(str(snapshot), read_only=True) as con:
        tables = {
            name: list(con.execute(f"select count(*), sum(hash(t)::hugeint)::varchar from {name} t").fetchone())
            for name in _tables(con, con.execute("select current_database()").fetchone()[0])
        }
        return {**about(con), "database": duckdb.__version__, "tables": tables}


def about(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """From what it was built: the files received (inputs) and the program that read them (reader)."""
    told = con.execute("select key, value from about where key in ('inputs', 'reader')")
    return dict(told.fetchall())


def differences(one: Path, other: Path) -> dict[str, tuple[int, int]]:
    """Table → how many rows only the one has, and how many only the other; nothing where they are the same."""
    with asking(one), duckdb.connect() as con:
        attach(con, one, "a")
        attach(con, other, "b")
        names = {each: _tables(con, each) for each in ("a", "b")}
        found = {name: (int(name in names["a"]), int(name in names["b"])) for name in names["a"] ^ names["b"]}
        for name in sorted(names["a"] & names["b"]):
            only = tuple(_only(con, name, *pair) for pair in (("a", "b"), ("b", "a")))
            if any(only):
                found[name] = only
        return found


def _only(con: duckdb.DuckDBPyConnection, table: str, one: str, other: str) -> int:
    """Rows of the one that the other has not, or not as often. By name: columns may stand in another order."""
    described = "select column_name, column_type from (describe {}.{})"
    ours, theirs = (dict(con.execute(described.format(each, table)).fetchall()) for each in (one, other))
    if ours != theirs:
        return con.execute(f"select greatest(count(*), 1) from {one}.{table}").fetchone()[0]
    columns = ", ".join(f'"{name}"' for name in ours)
    sql = f"select count(*) from (select {columns} from {one}.{table} except all select {columns} from {other}.{table})"
    return con.execute(sql).fetchone()[0]


def _tables(con: duckdb.DuckDBPyConnection, database: str) -> set[str]:
    asked = "select table_name from information_schema.tables where table_catalog = ?"
    return {name for (name,) in con.execute(asked, [database]).fetchall()} - set(_OF_ITS_BUILD)
