"""Every indicator, at every level and in every kind of period, agrees with a calculation that shares no code."""

import ast
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from independent import DEFINED, RULES, Sample

from metrics import INDICATORS
from metrics.core.calculate import results
from metrics.core.ledger import Ledger
from warehouse.fields import OF_A_PROVINCE
from warehouse.period import Period

FIGURES = ("numerator", "denominator", "value", "target", "missing", "reports", "reports_due")
ALIKE = 1e-9  # relative: sums of the same figures in another order
LINE = ["period", "indicator", "unit", "figure", "program", "second"]
AT_ONCE = 11  # periods
OTHERS = {"numpy", "pandas", "python_calamine"}


@pytest.fixture(scope="module")
def second(sample: Path) -> Sample:
    return Sample(sample / "reports")


@pytest.fixture(scope="module")
def differences(ledger: Ledger, second: Sample) -> pd.DataFrame:
    """Wherever the program and the second calculation disagree: a line per period, indicator, unit and figure."""
    found = [
        differing(str(period), rows, second.results(str(period)))
        for several in batched(compared(ledger), AT_ONCE)
        for period, rows in program(ledger, several).groupby("period")
    ]
    assert len(found) == len(compared(ledger))
    return pd.concat(found, ignore_index=True)


def compared(ledger: Ledger) -> list[Period]:
    """Of each kind of period the last and every third before it; with KPI_EVERY_PERIOD set, all of them."""
    step = 1 if os.environ.get("KPI_EVERY_PERIOD") else 3
    kinds = dict.fromkeys(each.kind for each in ledger.periods)
    return [each for kind in kinds for each in [one for one in ledger.periods if one.kind == kind][::step]]


def batched(periods: list[Period], length: int) -> Iterator[list[Period]]:
    yield from (periods[at : at + length] for at in range(0, len(periods), length))


def program(ledger: Ledger, periods: list[Period]) -> pd.DataFrame:
    """What `ledger.results` tells, of several periods in one go, and kept nowhere: a third of the time."""
    return results(ledger.engine, [(each, ledger.day(each)) for each in periods], list(INDICATORS.values()))


def differing(period: str, first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """The lines of one period; `row` stands for a unit that only one of the two has."""
    both = first.merge(second, "outer", ["indicator", "unit"], suffixes=("", "_second"), indicator="row")
    found = {"row": both.row != "both", "level": both.level.ne(both.level_second.astype(str))}
    found["status"] = both.status.ne(both.status_second)
    for figure in FIGURES:
        one, other = (both[name].to_numpy(dtype=float, na_value=np.nan) for name in (figure, f"{figure}_second"))
        found[figure] = ~np.isclose(one, other, rtol=ALIKE, atol=ALIKE, equal_nan=True)
    found["denominator"] &= ~both.indicator.map(RULES.a_sum)  # a sum stands over nothing: kept as 1 by the program
    both["period"] = period
    lines = []
    for figure, differs in found.items():
        columns = {figure: "program", f"{figure}_second": "second"}
        lines.append(both[differs].rename(columns=columns).assign(figure=figure).reindex(columns=LINE).astype(object))
    return pd.concat(lines)


@pytest.mark.parametrize("indicator", INDICATORS)
def test_an_indicator_agrees_with_the_second_calculation_everywhere(indicator: str, differences: pd.DataFrame):
    found = differences[differences.indicator == indicator]
    assert found.empty, f"{len(found)} differences\n{found.head(10).to_string()}"


def test_the_second_calculation_leaves_no_indicator_out():
    assert set(DEFINED) == set(INDICATORS)


def test_what_agrees_is_more_than_blanks(ledger: Ledger, second: Sample):
    """Two calculations that both know nothing would agree too."""
    plan = second.results("plan").groupby("indicator").value.agg(lambda values: values.notna().any())
    assert plan.all(), plan[~plan].index.to_list()
    told = second.results(str(ledger.latest)).query("numerator > 0")
    assert set(told.level) == set(OF_A_PROVINCE)
    assert set(told.status) >= {"met", "near", "behind", "no_target"}


def test_the_second_calculation_shares_no_code_with_the_program():
    tree = ast.parse((Path(__file__).parent / "independent.py").read_text(encoding="utf-8"))
    named = {each.name for node in ast.walk(tree) if isinstance(node, ast.Import) for each in node.names}
    named |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {each.split(".")[0] for each in named} <= OTHERS | sys.stdlib_module_names
