"""Translated: a question written for DuckDB as ClickHouse or Spark understand it.

sqlglot turns words and functions; here is only what it leaves: every column is named with its table, for the engines
differ in what a bare name means; steps that a recursion repeats are written out, as often as there are levels of units;
an aggregate that takes the value at the greatest of another passes over blanks, as in DuckDB.
"""

from collections import Counter
from functools import lru_cache

from sqlglot import exp, parse_one
from sqlglot.optimizer.pushdown_projections import pushdown_projections
from sqlglot.optimizer.qualify import qualify

from warehouse.engines.typed import schema
from warehouse.fields import LEVELS

Dialect = str  # clickhouse, spark
Kinds = tuple[tuple[str, str], ...]  # each parameter with its type, in the words of the engine


@lru_cache(maxsize=128)
def translated(sql: str, kinds: Kinds, dialect: Dialect) -> str:
    """The text of a question in another dialect, its $parameters open in that dialect's way and typed.

    ClickHouse computes a step anew at each use unless it is told to keep it.
    """
    tree = _unrolled(parse_one(sql, read="duckdb"))
    for step in tree.find_all(exp.CTE):
        step.set("materialized", None)  # what DuckDB is told of keeping a step is of no use to others
    if dialect == "clickhouse":
        _without_values(tree)
    tree = qualify(tree, dialect="duckdb", schema=schema(), quote_identifiers=False)
    tree = pushdown_projections(tree)  # steps tell no more than is asked of them
    _passing_over_blanks(tree)
    _with_types(tree, dict(kinds), dialect)
    if dialect == "clickhouse":
        _kept_once_made(tree)
    return tree.sql(dialect)


def _unrolled(tree: exp.Expression) -> exp.Expression:
    """Each recursive step as a chain of plain ones: of those who live in it each lies deeper than the one before."""
    steps = tree.args.get("with_")
    if steps is None or not steps.args.get("recursive"):
        return tree
    written = [plain for step in steps.expressions for plain in _chain(step)]
    steps.set("expressions", written)
    steps.set("recursive", False)
    return tree


def _chain(step: exp.CTE) -> list[exp.CTE]:
    """A step that asks itself, as one per level and the sum of all; any other as it is."""
    name, union = step.alias, step.this
    if all(table.name != name for table in union.find_all(exp.Table)):
        return [step]
    columns = [each.alias_or_name for each in union.left.expressions]
    chain = [_named(f"{name}_0", union.left)]
    for depth in range(1, len(LEVELS)):
        chain.append(_named(f"{name}_{depth}", _next(union.right, name, f"{name}_{depth - 1}", columns)))
    parts = [exp.select(*columns).from_(each.alias) for each in chain]
    return [*chain, _named(name, _union(parts, distinct=bool(union.args.get("distinct"))))]


def _next(query: exp.Expression, name: str, before: str, columns: list[str]) -> exp.Expression:
    """What a recursion adds, asked of the step before, its columns named as those of the first."""
    query = query.copy()
    for table in query.find_all(exp.Table):
        if table.name == name:
            table.set("this", exp.to_identifier(before))
    told = [exp.alias_(each.unalias(), column) for each, column in zip(query.expressions, columns, strict=True)]
    query.set("expressions", told)
    return query


def _named(name: str, query: exp.Expression) -> exp.CTE:
    return exp.CTE(this=query, alias=exp.TableAlias(this=exp.to_identifier(name)))


def _union(parts: list[exp.Expression], distinct: bool = False) -> exp.Expression:
    found = parts[0]
    for each in parts[1:]:
        found = exp.Union(this=found, expression=each, distinct=distinct)
    return found


def _without_values(tree: exp.Expression) -> None:
    """Rows written out as selects, one by one: ClickHouse wants the types of others beforehand."""
    for rows in list(tree.find_all(exp.Values)):
        names = [each.name for each in rows.args["alias"].columns]
        selects = [
            exp.select(*(exp.alias_(each.copy(), name) for each, name in zip(row.expressions, names, strict=True)))
            for row in rows.expressions
        ]
        rows.replace(exp.Subquery(this=_union(selects), alias=exp.TableAlias(this=rows.args["alias"].this)))


def _passing_over_blanks(tree: exp.Expression) -> None:
    """Of the last that was told, the last that was not blank: the engines differ in whether a blank counts."""
    for found in list(tree.find_all(exp.ArgMax, exp.ArgMin)):
        told = exp.Not(this=exp.Is(this=found.this.copy(), expression=exp.Null()))
        around = found.parent
        if isinstance(around, exp.Filter):
            where = around.expression
            where.set("this", exp.and_(where.this, told))
        else:
            found.replace(exp.Filter(this=found.copy(), expression=exp.Where(this=told)))


def _with_types(tree: exp.Expression, kinds: dict[str, str], dialect: Dialect) -> None:
    for blank in list(tree.find_all(exp.Placeholder)):
        kind = exp.DataType.build(kinds[blank.name], dialect=dialect)
        if dialect == "clickhouse":
            blank.set("kind", kind)
        else:
            blank.replace(exp.Cast(this=blank.copy(), to=kind))


def _kept_once_made(tree: exp.Expression) -> None:
    """Keep each step that is used twice, but one that only puts tables together: to keep that means to copy them."""
    uses = Counter(table.name for table in tree.find_all(exp.Table))
    for step in tree.find_all(exp.CTE):
        asked = {table.name for table in step.this.find_all(exp.Table)}
        if uses[step.alias] > 1 and not asked <= schema().keys():
            step.set("materialized", True)
