"""The house: who may use whom, where each library lives, and what no file may say."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FLOORS = {  # each may use what stands here, and itself
    "language": set(),
    "warehouse": {"language"},
    "metrics": {"language", "warehouse"},
    "data_ingest": {"language", "warehouse", "metrics"},  # what is measured: a sheet of targets names indicators
    "views": {"language", "warehouse", "metrics", "access"},
    "exports": {"language", "warehouse", "metrics", "views"},
    "access": {"language", "warehouse"},
    "pages": {"language", "warehouse", "metrics", "views", "exports", "data_ingest", "access"},
    "sample_data": {"language", "warehouse", "data_ingest"},
}
HOMES = {
    "streamlit": {"app.py", "pages"},
    "plotly": {"views"},
    "geopandas": {"data_ingest", "views", "exports", "sample_data"},
    "duckdb": {"warehouse", "metrics", "data_ingest"},
    "python_calamine": {"data_ingest"},
    "openpyxl": {"data_ingest", "exports"},
    "xlsxwriter": {"data_ingest", "exports"},
    "pptx": {"exports"},
    "docx": {"exports"},
    "matplotlib": {"exports"},
    "starlette": {"access", "pages"},
    "argon2": {"access"},
    "cachetools": {"metrics"},
    "sqlglot": {"warehouse"},
    "chdb": {"warehouse"},
    "pyspark": {"warehouse"},
}
ENGINES = {"sqlglot", "chdb", "pyspark", "httpx"}  # one folder knows that there are others than DuckDB
SOURCES = sorted(
    path
    for path in (
        ROOT / name
        for name in subprocess.check_output(
            ["git", "ls-files", "-co", "--exclude-standard", "*.py"], cwd=ROOT, text=True
        ).split()
    )
    if path.exists()
)


def imports(path: Path) -> set[str]:
    """The top-level names that a file imports, also inside functions."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


def floor(path: Path) -> str:
    return path.relative_to(ROOT).parts[0]


@pytest.mark.parametrize("path", [p for p in SOURCES if floor(p) in FLOORS], ids=lambda p: str(p.relative_to(ROOT)))
def test_each_floor_uses_only_the_floors_below_it(path):
    inside = imports(path) & FLOORS.keys()
    assert inside - FLOORS[floor(path)] - {floor(path)} == set()


def test_of_what_is_measured_the_intake_asks_only_for_the_declarations():
    asked = {
        node.module
        for path in SOURCES
        if floor(path) == "data_ingest"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("metrics")
    }
    assert asked == {"metrics", "metrics.core.indicator"}


@pytest.mark.parametrize(
    "path",
    [p for p in SOURCES if floor(p) not in ("tests", "do.py", "benchmarks")],
    ids=lambda p: str(p.relative_to(ROOT)),
)
def test_each_library_stays_at_home(path):
    strayed = {library for library in imports(path) & HOMES.keys() if floor(path) not in HOMES[library]}
    assert strayed == set()


def test_of_other_engines_one_folder_knows():
    knowing = {
        path.parent for path in SOURCES if imports(path) & ENGINES and floor(path) not in ("tests", "benchmarks")
    }
    assert knowing == {ROOT / "warehouse" / "engines"}


@pytest.mark.parametrize(
    "path", [p for p in SOURCES if floor(p) != "tests" and p.stat().st_size], ids=lambda p: str(p.relative_to(ROOT))
)
def test_each_file_begins_with_a_sentence_that_says_what_it_is_for(path):
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_no_file_knows_the_machine_it_was_written_on(path):
    text = path.read_text(encoding="utf-8")
    assert re.findall(r"(?<![\w.])/(?:home|root|work|Users)/\w+", text.replace(r"(?:home|root|work|Users)", "")) == []


def test_what_leads_to_a_page_knows_its_address():
    from pages import commitments, leads, reports, sources, unit_profile

    told = (leads.PROFILE, leads.SOURCES, leads.COMMITMENTS, leads.REPORTS)
    assert told == (unit_profile.ADDRESS, sources.ADDRESS, commitments.ADDRESS, reports.ADDRESS)
