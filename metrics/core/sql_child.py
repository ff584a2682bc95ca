"""The process that runs one question that a reader has written in SQL, apart from everything else.

Told the file, the memory and the rows in its arguments and the question on its input, it answers with one line of JSON.
It can read the tables of that one file and nothing else; a question that takes all memory, or never ends, harms nobody
but this process (see sql_box.py).
"""

import json
import math
import re
import sys

import duckdb

# In this order: each makes the next one final. The file itself is already open, for reading only.
SHUT = (
    "set memory_limit = '{memory}MB'",
    "set threads = 1",
    "set temp_directory = ''",
    "set python_enable_replacements = false",  # else a name may be a variable of this process
    "set allow_community_extensions = false",
    "set enable_external_access = false",
    "set lock_configuration = true",
)
TEXT_MOST = 2_000  # letters of one cell
KINDS = (  # which refusal an error of the database stands for, the narrower one first
    (duckdb.PermissionException, "forbidden"),
    (duckdb.OutOfMemoryException, "memory"),
    (MemoryError, "memory"),
    (duckdb.ParserException, "syntax"),
    (duckdb.CatalogException, "unknown"),
    (duckdb.BinderException, "unknown"),
    (Exception, "failed"),
)


def answer(path: str, question: str, memory: int, most: int) -> dict[str, object]:
    """The columns and rows of a question, or why it is not answered."""
    try:
        con = _opened(path, memory)
        statements = con.extract_statements(question)
        if len(statements) != 1:
            return {"refused": "several" if statements else "empty", "detail": ""}
        if statements[0].type != duckdb.StatementType.SELECT:
            return {"refused": "no_question", "detail": str(statements[0].type).rpartition(".")[2]}
        con.execute("begin transaction read only")
        # Taken as a part of a question of ours, it stops after the rows that are shown.
        found = con.execute(f"select * from (\n{statements[0].query.strip().rstrip(';')}\n) limit {most + 1}")
        columns = [(name, str(kind)) for name, kind, *_ in found.description]
        rows = [[_plain(each) for each in row] for row in found.fetchall()]
    except Exception as error:
        kind = next(kind for type_, kind in KINDS if isinstance(error, type_))
        return {"refused": kind, "detail": _own_lines(str(error))}
    return {"columns": columns, "rows": rows[:most], "cut": len(rows) > most}


def _opened(path: str, memory: int) -> duckdb.DuckDBPyConnection:
    none = dict.fromkeys(
        ["autoinstall_known_extensions", "autoload_known_extensions", "allow_persistent_secrets"], "false"
    )
    con = duckdb.connect(path, read_only=True, config=none)
    for each in SHUT:
        con.execute(each.format(memory=memory // 4))
    return con


def _own_lines(said: str) -> str:
    """The lines of a question as its author counts them: the first is ours."""
    return re.sub(r"LINE (\d+):", lambda found: f"LINE {max(1, int(found[1]) - 1)}:", said)


def _plain(value: object) -> object:
    """What JSON can carry: numbers, truth and nothing as they are, all else as words."""
    if value is None or isinstance(value, bool | int):
        return value
    if type(value).__name__ == "Decimal":
        value = float(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    return str(value)[:TEXT_MOST]


def _limit(memory: int) -> None:
    """No more memory than this, in millions of bytes, where the system can hold a process to it (not on Windows)."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory * 1_000_000, memory * 1_000_000))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    file, memory, most = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    _limit(memory)
    told = answer(file, sys.stdin.buffer.read().decode("utf-8", "replace"), memory, most)
    sys.stdout.buffer.write(json.dumps(told).encode())
