"""One command starts everything: what do.py promises about the environment, the lock files and the server."""

import ast
import importlib.util
import os
import re
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ["requirements.txt", "requirements-test.txt"]
ENGINES = "requirements-engines.txt"  # wanted by few
HERE = f"{sys.version_info[0]}.{sys.version_info[1]}.{sys.version_info[2]}"


def load_do() -> ModuleType:
    spec = importlib.util.spec_from_file_location("do", ROOT / "do.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Machine:
    """A copy of do.py in an empty folder, in which commands are noted and not run."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.do, self.commands = folder, load_do(), []
        self.pip_code, self.pip_output = 0, ""
        self.python: str | None = None
        for name in LOCKS:
            (folder / name).write_text(f"pretend-{name}==1.0\n")
        self.do.ROOT, self.do.VENV, self.do.WHEELS = str(folder), str(folder / ".venv"), str(folder / "wheels")
        self.do.python_of_venv = lambda: self.python
        self.do.call_quietly = self.note

    def note(self, command: list[str]) -> tuple[int, str]:
        self.commands.append(command)
        if "venv" in command:
            self.python = HERE
        if "install" in command:
            return self.pip_code, self.pip_output
        return 0, ""

    @property
    def installs(self) -> list[list[str]]:
        return [command for command in self.commands if "install" in command]

    @property
    def made(self) -> int:
        return sum("venv" in command for command in self.commands)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


@pytest.fixture
def listener() -> Iterator[int]:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


# ---- the file itself -------------------------------------------------------------------------------------------------


def test_an_old_python_can_read_the_file() -> None:
    ast.parse((ROOT / "do.py").read_text(encoding="utf-8"), feature_version=(3, 6))


def test_no_annotation_asks_an_old_python_for_new_types() -> None:
    tree = ast.parse((ROOT / "do.py").read_text(encoding="utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    arguments = [each.annotation for f in functions for each in f.args.args]
    evaluated = [each for each in [f.returns for f in functions] + arguments if each is not None]
    assert [ast.unparse(each) for each in evaluated if isinstance(each, ast.Subscript | ast.BinOp)] == []


def test_only_the_standard_library_is_imported() -> None:
    tree = ast.parse((ROOT / "do.py").read_text(encoding="utf-8"))
    names = {each.name for node in ast.walk(tree) if isinstance(node, ast.Import) for each in node.names}
    names |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names


@pytest.mark.parametrize("version", [(3, 6, 9), (3, 10, 14)])
def test_an_old_python_is_told_which_one_is_needed(version: tuple[int, ...]) -> None:
    said = load_do().refuse_old_python(version)
    assert "3.11" in said
    assert f"{version[0]}.{version[1]}" in said


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 14, 1), (4, 0, 0)])
def test_a_python_from_3_11_on_is_taken(version: tuple[int, ...]) -> None:
    assert load_do().refuse_old_python(version) is None


# ---- the environment -------------------------------------------------------------------------------------------------


def test_the_first_call_makes_and_fills_the_environment(machine: Machine) -> None:
    assert machine.do.prepare(LOCKS[:1])
    assert (machine.made, len(machine.installs)) == (1, 1)


def test_the_second_call_runs_nothing(machine: Machine) -> None:
    machine.do.prepare(LOCKS[:1])
    machine.commands.clear()
    assert not machine.do.prepare(LOCKS[:1])
    assert machine.commands == []


def test_a_changed_lock_is_installed_into_the_same_environment(machine: Machine) -> None:
    machine.do.prepare(LOCKS[:1])
    (machine.folder / LOCKS[0]).write_text("pretend==2.0\n")
    assert machine.do.prepare(LOCKS[:1])
    assert (machine.made, len(machine.installs)) == (1, 2)


def test_what_the_tests_need_is_added_and_serves_the_dashboard_too(machine: Machine) -> None:
    machine.do.prepare(LOCKS[:1])
    assert machine.do.prepare(LOCKS)
    assert machine.installs[-1][-4:] == ["-r", LOCKS[0], "-r", LOCKS[1]]
    assert not machine.do.prepare(LOCKS[:1])


@pytest.mark.parametrize("lost", [None, "3.99.0"])
def test_an_environment_whose_python_went_or_changed_is_made_anew(machine: Machine, lost: str | None) -> None:
    machine.do.prepare(LOCKS[:1])
    (machine.folder / ".venv" / "lib").mkdir()
    machine.python = lost
    assert machine.do.prepare(LOCKS[:1])
    assert machine.made == 2
    assert not (machine.folder / ".venv" / "lib").exists()


def test_an_install_killed_half_way_is_begun_from_nothing(machine: Machine) -> None:
    def killed(command: list[str]) -> tuple[int, str]:
        if "install" in command:
            raise KeyboardInterrupt
        return machine.note(command)

    machine.do.call_quietly = killed
    with pytest.raises(KeyboardInterrupt):
        machine.do.prepare(LOCKS[:1])
    assert not machine.do.is_ready(LOCKS[:1])
    machine.do.call_quietly = machine.note
    assert machine.do.prepare(LOCKS[:1])
    assert machine.made == 2
    assert machine.do.is_ready(LOCKS[:1])


def test_a_failed_install_leaves_no_stamp_and_keeps_what_is_there(machine: Machine) -> None:
    machine.pip_code, machine.pip_output = 1, "ERROR: no luck"
    for _ in range(2):
        with pytest.raises(machine.do.StepError, match="no luck"):
            machine.do.prepare(LOCKS[:1])
    assert machine.made == 1
    assert not machine.do.is_ready(LOCKS[:1])


def test_two_calls_at_once_install_once(machine: Machine) -> None:
    begun, may_end = threading.Event(), threading.Event()

    def slow(command: list[str]) -> tuple[int, str]:
        if "install" in command:
            begun.set()
            may_end.wait(10)
        return machine.note(command)

    machine.do.call_quietly = slow
    done: list[bool] = []
    calls = [threading.Thread(target=lambda: done.append(machine.do.prepare(LOCKS[:1]))) for _ in range(2)]
    calls[0].start()
    assert begun.wait(10)
    calls[1].start()
    may_end.set()
    for each in calls:
        each.join(10)
    assert sorted(done) == [False, True]
    assert len(machine.installs) == 1


# ---- pip -------------------------------------------------------------------------------------------------------------


def test_pip_installs_nothing_without_a_hash_and_builds_nothing(machine: Machine) -> None:
    command = machine.do.pip_install(LOCKS)
    assert "--require-hashes" in command
    assert "--only-binary=:all:" in command
    assert "--no-index" not in command


def test_of_the_engines_what_comes_as_source_is_built_last_by_what_is_pinned(machine: Machine) -> None:
    (machine.folder / ENGINES).write_text("chdb==1.0\npyspark==1.0\nsetuptools==1.0\n")
    machine.do.prepare([*LOCKS, ENGINES])
    wheels_only, source = machine.installs
    assert "--only-binary=:all:" in wheels_only
    assert Path(wheels_only[-1]).read_text().split() == ["chdb==1.0", "setuptools==1.0"]
    assert source[-2:] == ["--no-binary=pyspark", "--no-build-isolation"]
    assert "--require-hashes" in source
    assert not machine.do.prepare(LOCKS)


@pytest.mark.parametrize(("files", "offline"), [([], False), (["README"], False), (["a-1.0-py3-none-any.whl"], True)])
def test_a_folder_of_wheels_keeps_pip_off_the_network(machine: Machine, files: list[str], offline: bool) -> None:
    (machine.folder / "wheels").mkdir()
    for name in files:
        (machine.folder / "wheels" / name).touch()
    command = machine.do.pip_install(LOCKS)
    assert ("--no-index" in command) is offline
    assert (str(machine.folder / "wheels") in command) is offline


@pytest.mark.parametrize(
    ("output", "remedy"),
    [
        ("NewConnectionError: Failed to establish a new connection: [Errno 101]", "do.py wheels"),
        ("Temporary failure in name resolution\nERROR: No matching distribution found for x", "No network"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE", "lock file"),
        ("OSError: [Errno 28] No space left on device", "disk"),
        ("ERROR: No matching distribution found for x==1", "same Python"),
        ("… because ensurepip is not available", "python3-venv"),
    ],
)
def test_a_known_trouble_comes_with_its_remedy(output: str, remedy: str) -> None:
    said = load_do().explain(output)
    assert output.splitlines()[-1] in said
    assert remedy in said


def test_another_pythons_packages_do_not_leak_in(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PYTHONPATH", "PYTHONHOME", "PIP_TARGET"):
        monkeypatch.setenv(name, "elsewhere")
    environment = machine.do.child_environment("reports")
    assert "elsewhere" not in environment.values()
    assert environment["PYTHONUTF8"] == "1"
    assert environment["KPI_DATA"] == "reports"
    assert environment["PATH"].startswith(str(machine.folder))


# ---- the lock files --------------------------------------------------------------------------------------------------


def requirements(name: str) -> dict[str, str]:
    """Every requirement of a lock file (`name==version ; marker`) with its hashes."""
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    return {line.split(" --hash")[0].strip(): line for line in lines}


@pytest.mark.parametrize("name", [*LOCKS, ENGINES])
def test_every_requirement_is_pinned_and_hashed(name: str) -> None:
    for requirement, line in requirements(name).items():
        assert re.match(r"[a-z0-9._-]+==[^\s;]+( ; .+)?$", requirement), requirement
        assert re.search(r"--hash=sha256:[0-9a-f]{64}(\s|$)", line), requirement


@pytest.mark.parametrize("name", [*LOCKS, ENGINES])
def test_a_lock_names_no_index_and_no_host(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in text
    assert " @ " not in text
    assert not re.search(r"^\s*-", re.sub(r"^\s+--hash=.*$", "", text, flags=re.MULTILINE), re.MULTILINE)


def test_the_locks_share_no_package_with_the_first() -> None:
    names = [{each.split("==")[0] for each in requirements(name)} for name in (*LOCKS, ENGINES)]
    assert names[0] & (names[1] | names[2]) == set()


@pytest.mark.parametrize("package", ["sqlglot", "chdb", "pyspark"])
def test_no_other_engine_is_a_requirement_of_the_default_install(package: str) -> None:
    assert any(each.startswith(package + "==") for each in requirements(ENGINES))
    assert not any(each.startswith(package + "==") for name in LOCKS for each in requirements(name))


@pytest.mark.parametrize("package", ["streamlit", "pandas", "plotly", "duckdb", "geopandas", "pytest"])
def test_the_named_packages_are_in_the_lock(package: str) -> None:
    assert any(each.startswith(package + "==") for each in requirements("requirements.txt"))


def test_renewing_reads_a_lock_requirement_by_requirement(machine: Machine) -> None:
    text = (
        "# head\nb==1 \\\n    --hash=sha256:1 \\\n    --hash=sha256:2\n    # via a\na==2 ; x \\\n    --hash=sha256:3\n"
    )
    (machine.folder / LOCKS[0]).write_text(text)
    pins = machine.do.pins(LOCKS[0])
    assert pins == {"b==1 \\\n    --hash=sha256:1 \\\n    --hash=sha256:2", "a==2 ; x \\\n    --hash=sha256:3"}
    machine.do.write_lock(LOCKS[0], "a test", pins)
    assert machine.do.pins(LOCKS[0]) == pins


# ---- the server ------------------------------------------------------------------------------------------------------


def test_a_taken_port_gives_way_to_the_next(listener: int) -> None:
    assert not load_do().is_free(listener)
    assert listener < load_do().free_port(listener) < listener + 50


def test_a_free_port_is_taken_as_wanted(listener: int) -> None:
    free = load_do().free_port(listener)
    assert load_do().free_port(free) == free


def test_the_last_port_has_no_next() -> None:
    do = load_do()
    do.is_free = lambda _port: False
    with pytest.raises(do.StepError, match="65535"):
        do.free_port(65535)


def test_the_server_listens_on_this_machine_only(machine: Machine) -> None:
    command = machine.do.server_command(8600)
    assert "--server.port=8600" in command
    assert "--server.address=127.0.0.1" in command


def test_a_server_gives_memory_back_unless_it_is_said_otherwise(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in machine.do.MEMORY:
        monkeypatch.delenv(name, raising=False)
    assert machine.do.server_environment("reports").items() >= machine.do.MEMORY.items()
    monkeypatch.setenv("MALLOC_ARENA_MAX", "8")
    assert machine.do.server_environment("reports")["MALLOC_ARENA_MAX"] == "8"


def test_a_deployed_server_gives_memory_back_as_one_on_a_desk_does(machine: Machine) -> None:
    unit = (ROOT / "deploy" / "kpi@.service").read_text(encoding="utf-8")
    assert "Environment=" + " ".join("{}={}".format(*each) for each in machine.do.MEMORY.items()) in unit


def test_the_options_of_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KPI_DATA", raising=False)
    monkeypatch.chdir(tmp_path)
    options: Callable = load_do().run_options
    assert (options([]).port, options([]).browser, options([]).data) == (8501, True, str(ROOT / "data"))
    given = options(["--port", "9000", "--no-browser", "--data", "mine"])
    assert (given.port, given.browser, given.data) == (9000, False, os.path.abspath("mine"))
    monkeypatch.setenv("KPI_DATA", str(tmp_path / "theirs"))
    assert options([]).data == str(tmp_path / "theirs")
    assert options(["--data", "mine"]).data == os.path.abspath("mine")


@pytest.mark.parametrize("arguments", [["--port", "0"], ["--port", "70000"], ["--port", "x"], ["--unknown"]])
def test_a_wrong_option_is_refused(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as refused:
        load_do().run_options(arguments)
    assert refused.value.code == 2


@pytest.mark.parametrize(("arguments", "code"), [([], 2), (["dance"], 2), (["--help"], 0), (["setup", "more"], 1)])
def test_what_is_no_command_says_what_is(arguments: list[str], code: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert load_do().main(arguments) == code
    assert "setup" in capsys.readouterr().out


def test_the_tests_get_their_arguments_and_give_back_their_code(machine: Machine) -> None:
    machine.do.prepare(LOCKS)
    called: list[list[str]] = []
    machine.do.call = lambda command: called.append(command) or 5
    assert machine.do.main(["test", "-k", "promise", "--lf"]) == 5
    assert called[0][1:3] == ["-m", "pytest"]
    assert called[0][-3:] == ["-k", "promise", "--lf"]


def test_the_server_does_not_start_on_data_that_could_not_be_loaded(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    machine.do.prepare(LOCKS[:1])
    machine.do.call = lambda _command, _data: 3
    machine.do.serve = lambda *_: pytest.fail("served")
    assert machine.do.main(["run", "--no-browser"]) == 1
    assert "could not be loaded" in capsys.readouterr().out


def test_the_sources_are_compiled_and_nothing_else_is_looked_through(machine):
    for name in ("app.py", "warehouse/store.py", "data/archive/a.xlsx", ".venv/lib/other.py"):
        (machine.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (machine.folder / name).touch()
    machine.do.environment_step(machine.do.Steps(1), LOCKS[:1])
    assert machine.commands[-1][1:] == ["-m", "compileall", "-q", "app.py", "warehouse"]
