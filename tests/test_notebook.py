"""The metrics as a library: the README's lines give the results, without the dashboard's framework."""

import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from metrics.__main__ import main
from metrics.core.ledger import Ledger

ROOT = Path(__file__).parent.parent
BLOCKED = "import sys; sys.modules['streamlit'] = None  # an import of it raises ImportError\n"
PRINT = "\nprint(ledger.latest); print(results.to_csv(index=False))"


@pytest.fixture(scope="module")
def lines() -> str:
    """The Python that stands in the README."""
    (found,) = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert len([line for line in found.splitlines() if line]) == 3
    return found


def test_three_lines_of_the_readme_give_the_results_of_the_command_without_streamlit(lines, sample, capsys):
    where = {**os.environ, "KPI_DATA": str(sample), "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    run = {"env": where, "cwd": ROOT, "capture_output": True, "encoding": "utf-8", "check": True}
    period, _, table = subprocess.run([sys.executable, "-c", BLOCKED + lines + PRINT], **run).stdout.partition("\n")
    own = pd.read_csv(io.StringIO(table), dtype=str, keep_default_na=False)
    main(["results", "--period", period, "--level", "commune", "--data", str(sample)])
    said = pd.read_csv(io.StringIO(capsys.readouterr().out), dtype=str, keep_default_na=False)
    own = own[own.level == "commune"].rename(columns={"unit": "unit_code"})
    both = said.merge(own, on=["indicator", "unit_code", "period"], suffixes=("", "_own"))
    assert len(both) == len(said) == len(own) > 1000
    for column in ("unit_name", "numerator", "denominator", "value", "target", "status", "rank", "reports"):
        assert (both[column] == both[f"{column}_own"]).all(), column


def test_a_folder_without_a_warehouse_is_said_with_what_to_run(tmp_path):
    with pytest.raises(FileNotFoundError, match="do.py run"):
        Ledger.serving(tmp_path)
