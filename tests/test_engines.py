"""The same metrics on another engine: ClickHouse, within the program and behind an address, and a Spark cluster."""

import ast
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from importlib.util import find_spec
from pathlib import Path

import pandas as pd
import pytest
from spark_cluster import LOCAL, cluster
from test_independent import AT_ONCE, batched, compared, program

from benchmarks.holding.proxy import free_port
from exports.package_tables import heirs, lives
from language import Text
from metrics import INDICATORS
from metrics.core import extract
from metrics.core.ledger import Ledger
from metrics.core.sql_box import _standing
from warehouse.__main__ import main as warehouse
from warehouse.engines import Chosen, EngineError, opened
from warehouse.engines.chosen import PASSWORD, VARIABLE
from warehouse.fields import OF_A_PROVINCE
from warehouse.period import Period
from warehouse.store import Engine, current

ROOT = Path(__file__).parent.parent
ALIKE = 1e-9  # relative, of broken numbers only: sums of the same figures in another order
PACKAGES = {"clickhouse": "chdb", "server": "chdb", "spark": "pyspark"}
SECRET = "not in any message"
QUARTER, PLAN, SINCE = Period.parse("2025-Q2"), Period("plan"), date(2025, 3, 20)
SHARE, FLOW, IN_TIME = (
    INDICATORS[each] for each in ("e_wallet_household_share", "training_sessions", "monthly_on_time_rate")
)
UNITS = ["720", "721", "25741", "25750"]
# Everything that the program asks a snapshot. Where a text leaves the order open, the rows are compared in any.
QUESTIONS: dict[str, Callable[[Ledger], object]] = {
    "about": lambda ledger: pd.Series(ledger.about).sort_index().to_frame(),
    "receipts": lambda ledger: ledger.receipts,
    "months": lambda ledger: ledger.months,
    "reforms": lambda ledger: ledger.lives.breaks,
    "units of another day": lambda ledger: moved(ledger).units(QUARTER).sort_values("unit"),
    "in units of another day": lambda ledger: moved(ledger).results(QUARTER),
    "figures of another day": lambda ledger: moved(ledger).figures(QUARTER, ("households", "training_sessions")),
    "split units": lambda ledger: moved(ledger).split(QUARTER),
    "trace in units of another day": lambda ledger: moved(ledger).trace(FLOW, "25750.2025", QUARTER),
    "heir": lambda ledger: ledger.lives.heir("25741", date(2025, 7, 1)),
    "units": lambda ledger: ledger.units(QUARTER).sort_values("unit"),
    "register": lambda ledger: ledger.register.sort_values("unit"),
    "last received": lambda ledger: ledger.last_received,
    "reporting": lambda ledger: ledger.reporting(PLAN),
    "unexpected": lambda ledger: ledger.unexpected(PLAN),
    "received": lambda ledger: ledger.received(QUARTER),
    "received of one unit": lambda ledger: ledger.received(QUARTER, "25942"),
    "refused": lambda ledger: ledger.received(QUARTER, only_refused=True),
    "narratives": lambda ledger: ledger.narratives(QUARTER),
    "problems": lambda ledger: ledger.problems(PLAN),
    "filled": lambda ledger: ledger.filled(QUARTER),
    "figures": lambda ledger: ledger.figures(QUARTER, ("households", "training_sessions", "funds_mobilised")),
    "of some units": lambda ledger: ledger.over((QUARTER,), (SHARE.id, FLOW.id), tuple(UNITS)),
    "the province alone": lambda ledger: ledger.over((QUARTER,), (SHARE.id,), ("74",)),
    "trace of a state": lambda ledger: ledger.trace(SHARE, "720", QUARTER),
    "trace of a flow": lambda ledger: ledger.trace(FLOW, "720", QUARTER),
    "trace of a reporting rate": lambda ledger: ledger.trace(IN_TIME, "720", QUARTER),
    "restatements": lambda ledger: ledger.restatements(SINCE),
    "reports for analysts": lambda ledger: extract.reports(ledger.engine, [QUARTER], UNITS, ledger._moment),
    "facts for analysts": lambda ledger: extract.facts(ledger.engine, [QUARTER], UNITS, ledger._moment),
    "targets for analysts": lambda ledger: extract.targets(ledger.engine, UNITS, ledger._moment),
    "lives for analysts": lives,
    "heirs for analysts": heirs,
    "facts for questions in SQL": lambda ledger: _standing(ledger).sort_values(["report", "unit"]),
}


def moved(ledger: Ledger) -> Ledger:
    """The same, with every period in the units since the reform of 2025."""
    return Ledger(ledger.engine, ledger.as_of, units_of=date(2025, 7, 1))


def needed(engine: str) -> None:
    """Skip where the engine's package is not installed, unless the engines are required."""
    missing = [each for each in ("sqlglot", PACKAGES[engine]) if find_spec(each) is None]
    if missing and not os.environ.get("KPI_ENGINES_REQUIRED"):
        pytest.skip(f"{', '.join(missing)} not installed: python3 do.py setup --engines")


@contextmanager
def stand_in() -> Iterator[str]:
    """The address of what answers as a ClickHouse server would (clickhouse_stand_in.py)."""
    port = free_port()
    server = subprocess.Popen([sys.executable, str(ROOT / "tests" / "clickhouse_stand_in.py"), str(port), SECRET])
    address = f"clickhouse://kpi@127.0.0.1:{port}/tried"
    try:
        for _ in range(300):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield address
    finally:
        server.terminate()
        server.wait(20)


@pytest.fixture(scope="module", params=PACKAGES)
def named(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Each engine by its KPI_ENGINE, its server or cluster running."""
    needed(request.param)
    folder = tmp_path_factory.mktemp("engine")
    with ExitStack() as running, pytest.MonkeyPatch.context() as environment:
        address = {"clickhouse": lambda: "clickhouse"}
        address["server"] = lambda: running.enter_context(stand_in())
        address["spark"] = lambda: running.enter_context(cluster(folder))
        for name, value in {**LOCAL, PASSWORD: SECRET, "KPI_ENGINE_FOLDER": str(folder / "handed")}.items():
            environment.setenv(name, value)
        environment.setenv(VARIABLE, address[request.param]())
        yield request.param


@pytest.fixture(scope="module")
def elsewhere(named: str, sample: Path) -> Ledger:
    """A ledger that asks another engine."""
    return Ledger.open(current(sample))


def here(sample: Path) -> Ledger:
    """A ledger that asks DuckDB, whatever the environment says."""
    return Ledger(Engine.open(current(sample)))


def periods_for(engine: str, ledger: Ledger) -> list[Period]:
    """Many; of a server that is none, and of a cluster on two processors, the last of each kind."""
    found = compared(ledger)
    if engine == "clickhouse" or os.environ.get("KPI_EVERY_PERIOD"):
        return found
    return list({each.kind: each for each in reversed(found)}.values())


def test_every_indicator_at_every_level_in_every_period_is_the_same(named: str, elsewhere: Ledger, sample: Path):
    ledger, seen = here(sample), []
    for several in batched(periods_for(named, ledger), AT_ONCE):
        ours, theirs = program(ledger, several), program(elsewhere, several)
        pd.testing.assert_frame_equal(theirs, ours, rtol=ALIKE, atol=0)
        seen.append(ours)
    found = pd.concat(seen)
    assert set(found.indicator) == set(INDICATORS)
    assert set(found.level) == set(OF_A_PROVINCE)
    assert found.value.notna().sum() > 1000


@pytest.mark.parametrize("question", QUESTIONS)
def test_whatever_a_ledger_is_asked_is_answered_the_same(question: str, elsewhere: Ledger, sample: Path):
    ours, theirs = QUESTIONS[question](here(sample)), QUESTIONS[question](elsewhere)
    if isinstance(ours, pd.DataFrame):
        pd.testing.assert_frame_equal(theirs, ours, rtol=ALIKE, atol=0)
    else:
        assert theirs == ours


def test_as_it_stood_on_an_earlier_day_it_is_the_same(elsewhere: Ledger, sample: Path):
    day, some = date(2024, 9, 1), (SHARE.id, FLOW.id, IN_TIME.id)
    asked = Period.parse("2024-to-08")
    theirs = Ledger(elsewhere.engine, day).over((asked,), some)
    pd.testing.assert_frame_equal(theirs, Ledger(here(sample).engine, day).over((asked,), some), rtol=ALIKE, atol=0)


def test_no_question_is_left_out(sample: Path):
    """Wherever the program asks a ledger's snapshot, QUESTIONS come by."""
    asking: set[tuple[str, str]] = set()

    class Watched(Engine):
        def query(self, sql: str, params: dict[str, object] | None = None) -> pd.DataFrame:
            code = sys._getframe(1).f_code
            asking.add((Path(code.co_filename).name, code.co_name))
            return super().query(sql, params)

    ledger = Ledger(Watched.open(current(sample)))
    for ask in QUESTIONS.values():
        ask(ledger)
    assert asking == {place for path in asking_files() for place in places_that_ask(path)}


def asking_files() -> list[Path]:
    return [path for floor in ("metrics", "views", "exports", "pages") for path in (ROOT / floor).rglob("*.py")]


def places_that_ask(path: Path) -> set[tuple[str, str]]:
    """Each function of a file that calls `.query(…)`."""
    return {
        (path.name, function.name)
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "query"
    }


def test_letters_that_a_language_of_databases_minds_come_through(elsewhere: Ledger):
    given = 'it\'s 100 % \\ "Ấp Bến Cát"\n;--'
    told = elsewhere.engine.query("select $given as told, $given = $other as alike", {"given": given, "other": given})
    assert told.to_dict("records") == [{"told": given, "alike": True}]
    many = elsewhere.engine.query("select unit from units where unit in (select unnest($units::varchar[]))", {
        "units": ["74", "'", "\\"]})  # fmt: skip
    assert set(many.unit) == {"74"}


def test_a_new_snapshot_is_handed_over_anew_and_readers_of_the_old_go_on(
    named: str, two_months: Path, monkeypatch: pytest.MonkeyPatch
):
    one, other = sorted(two_months.glob("warehouse-*.duckdb"), key=lambda path: path.stat().st_mtime)
    engines = [opened(one), opened(other)]
    asked = "select count(*) as rows, max(last_month) as last from facts"
    for engine, snapshot in zip(engines, (one, other), strict=True):
        assert engine.query(asked).equals(Engine.open(snapshot).query(asked))
    assert not engines[0].query(asked).equals(engines[1].query(asked))


def test_a_viewer_of_a_branch_asks_tables_that_hold_the_branch_alone(named: str, sample: Path, tmp_path: Path):
    whole, part = current(sample), Ledger.open(current(sample), unit="720")
    assert set(part.units(QUARTER).query("level == 'district'").unit) == {"720"}
    told = part.one(QUARTER, SHARE).set_index("unit").value
    all_of_it = here(sample).one(QUARTER, SHARE).set_index("unit").value
    assert len(told) > 1
    assert told.equals(all_of_it[told.index])
    assert whole.exists()


def test_what_was_cut_off_while_it_was_handed_over_leaves_nothing(two_months: Path, monkeypatch: pytest.MonkeyPatch):
    needed("clickhouse")
    from warehouse.engines.clickhouse_places import Embedded, place_of
    from warehouse.engines.elsewhere import name_of

    def full(place: Embedded, table: str, path: Path) -> None:
        if path.stem == "problems":
            raise EngineError(Text("Đĩa đầy", "The disk is full"))

    monkeypatch.setenv(VARIABLE, "clickhouse")
    place, snapshot = place_of(Chosen("clickhouse")), current(two_months)
    place.do(f"drop database if exists kpi_{name_of(snapshot)}")
    before = set(place.databases("kpi_"))
    with monkeypatch.context() as broken:
        broken.setattr(Embedded, "insert", full)
        with pytest.raises(EngineError, match="The disk is full"):
            opened(snapshot)
    assert set(place.databases("kpi_")) == before
    assert opened(snapshot).query("select count(*) as rows from facts").rows[0] > 0


def test_a_database_that_somebody_took_away_is_handed_over_again(two_months: Path, monkeypatch: pytest.MonkeyPatch):
    needed("clickhouse")
    from warehouse.engines.clickhouse_places import place_of
    from warehouse.engines.elsewhere import name_of

    monkeypatch.setenv(VARIABLE, "clickhouse")
    engine = opened(current(two_months))
    place_of(Chosen("clickhouse")).do(f"drop database kpi_{name_of(current(two_months))}")
    assert engine.query("select count(*) as rows from facts").rows[0] > 0


def test_of_what_was_handed_over_the_last_few_stay_with_their_branches():
    needed("clickhouse")
    from warehouse.engines.elsewhere import superfluous

    latest_first = ["d_of_720", "d", "c", "b_of_721", "b", "a", "a_of_720"]
    assert superfluous(latest_first, "d") == ["a", "a_of_720"]
    assert superfluous(latest_first, "a") == ["b_of_721", "b"]  # what is asked for now is needed, however old


@pytest.mark.parametrize(
    ("name", "chosen"),
    [
        ("", Chosen("duckdb")),
        ("clickhouse", Chosen("clickhouse")),
        (
            "clickhouse://reader@data.example:9123/year",
            Chosen("clickhouse", "http://data.example:9123", "reader", "year"),
        ),
        ("clickhouse+https://data.example", Chosen("clickhouse", "https://data.example:8443")),
        ("spark", Chosen("spark")),
        ("spark://data.example:7077", Chosen("spark", "spark://data.example:7077")),
    ],
)
def test_an_engine_is_chosen_by_its_name_or_address(name: str, chosen: Chosen):
    assert Chosen.read(name) == chosen


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("oracle", "there is no engine “oracle”"),
        ("clickhouse://data.example:port", "there is no engine"),
        ("clickhouse://data.example/a; drop", "there is no engine"),
        (f"clickhouse://kpi:{SECRET}@data.example", "must not hold a password"),
        (f"mysql://kpi:{SECRET}@data.example", "must not hold a password"),
    ],
)
def test_an_engine_that_there_is_not_is_refused_without_telling_a_password(name: str, told: str):
    with pytest.raises(EngineError, match=told) as refused:
        Chosen.read(name)
    assert SECRET not in refused.value.text.vi + refused.value.text.en


def test_a_server_that_cannot_be_reached_is_told_of_with_what_to_do(sample: Path, monkeypatch, capsys):
    needed("clickhouse")
    address = f"127.0.0.1:{free_port()}"
    monkeypatch.setenv(VARIABLE, f"clickhouse://kpi@{address}")
    monkeypatch.setenv(PASSWORD, SECRET)
    assert warehouse(["push", "--data", str(sample), "--language", "en"]) == 3
    told = capsys.readouterr().err
    assert f"http://{address} cannot be reached" in told
    assert "leave KPI_ENGINE out to use DuckDB" in told
    assert SECRET not in told


def test_a_password_that_is_refused_is_told_of(two_months: Path, monkeypatch):
    needed("server")
    with stand_in() as address:
        monkeypatch.setenv(VARIABLE, address.replace("/tried", "/refused"))
        monkeypatch.setenv(PASSWORD, "wrong")
        with pytest.raises(EngineError, match="refuses the user or the password"):
            opened(current(two_months))


def test_a_package_that_is_not_installed_is_named_with_the_command_that_installs_it(two_months: Path):
    """In a program of its own, in which there is none."""
    program = (
        "import sys; sys.modules['sqlglot'] = None\n"
        "from warehouse.__main__ import main\n"
        f"sys.exit(main(['push', '--data', {str(two_months)!r}, '--language', 'en']))"
    )
    env = {**os.environ, VARIABLE: "clickhouse", "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", program], env=env, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 3
    assert "sqlglot" in done.stderr
    assert "python3 do.py setup --engines" in done.stderr


def test_with_duckdb_there_is_nothing_to_hand_over(two_months: Path, monkeypatch, capsys):
    monkeypatch.delenv(VARIABLE, raising=False)
    assert warehouse(["push", "--data", str(two_months), "--language", "en"]) == 0
    assert "nothing to hand over" in capsys.readouterr().out


def test_a_page_says_why_the_engine_cannot_be_asked(opened_page_of_no_server):
    said = " ".join(each.value for each in opened_page_of_no_server.markdown)
    assert "leave KPI_ENGINE out" in said
    assert not opened_page_of_no_server.exception


@pytest.fixture
def opened_page_of_no_server(opened, monkeypatch):
    needed("clickhouse")
    from pages.frame import open_ledger

    open_ledger.clear()
    monkeypatch.setenv(VARIABLE, f"clickhouse://kpi@127.0.0.1:{free_port()}")
    yield opened("overview", lang="en")
    open_ledger.clear()
