"""Formulas put together in other ways say the same: over shares of rows, and over the sums of parts."""

from collections.abc import Iterator

import duckdb
import pytest

from metrics import INDICATORS
from metrics.core.formulas import aggregates, of_parts, shared
from metrics.core.indicator import Indicator

ALL = pytest.mark.parametrize("indicator", INDICATORS.values(), ids=lambda each: each.id)


@pytest.fixture(scope="module")
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"threads": 1}) as con:
        yield con


@pytest.fixture
def told(indicator: Indicator, database: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """The table `told`: forty units of all levels, each with a value or none of whatever the indicator is made of."""
    names = [*indicator.fields, *(f"below_{each}" for each in indicator.below), *indicator.scheduled]
    columns = ", ".join(
        f"(case when i % 3 > 0 then i * {n + 2} % 41 end)::double as {each}" for n, each in enumerate(names)
    )
    levels = "case i % 4 when 0 then 'province' when 1 then 'district' when 2 then 'commune' else 'hamlet' end as level"
    database.execute(
        f"create or replace table told as select {columns}, {levels}, 1.0::double as share, i from range(40) as r(i)"
    )
    return database


@ALL
def test_a_formula_over_shares_is_the_formula_where_all_shares_are_whole(indicator, told):
    """Both are asked of the same rows, in one question each."""
    for formula in (indicator.numerator, indicator.denominator):
        plain, weighted = (told.execute(f"select {each} from told").fetchone() for each in (formula, shared(formula)))
        assert weighted == pytest.approx(plain)
        told.execute("update told set share = 0.5")
        if indicator.additive and formula != "1":
            (half,) = told.execute(f"select {shared(formula)} from told").fetchone()
            assert half == pytest.approx(plain[0] / 2)
        told.execute("update told set share = 1")


@ALL
@pytest.mark.parametrize("parts", [1, 3, 50])
def test_a_formula_over_the_sums_of_parts_is_the_formula(indicator, parts, told):
    """Also where some parts have no rows, or none that tells anything."""
    for formula in (indicator.numerator, indicator.denominator):
        names = aggregates([formula])
        sums = "".join(f", {each} as {name}" for each, name in names.items())
        told.execute(f"create or replace table sums as select part{sums} from (from told select *, i % {parts} as part)"
                     f" right join range({parts}) as r(part) using (part) group by part")  # fmt: skip
        (plain,) = told.execute(f"select {formula} from told").fetchone()
        (of_sums,) = told.execute(f"select {of_parts(formula, names)} from sums").fetchone()
        assert of_sums == (None if plain is None else pytest.approx(plain))


def test_what_several_formulas_have_in_common_is_named_once():
    one, other = "sum(a) filter (where b > (1))", "coalesce(sum(a) filter (where b > (1)), 0) + count(*)"
    assert aggregates([one, other]) == {"sum(a) filter (where b > (1))": "a0", "count(*)": "a1"}
    assert of_parts(other, aggregates([one, other])) == "coalesce(sum(a0), 0) + sum(a1)"
