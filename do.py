"""One command for everything: make the environment, load the reports, serve the pages, run the tests.

    python3 do.py run [--port N] [--no-browser] [--data DIR]    serve the dashboard
    python3 do.py test [pytest arguments]                       run the tests
    python3 do.py lint                                          check the style
    python3 do.py setup [--engines]                             only make the environment; with ClickHouse and Spark
    python3 do.py wheels                                        fetch all packages into wheels/ for a closed network
    python3 do.py lock [uv arguments]                           renew the lock files (needs uv)

Standard library only, and in the grammar of Python 3.6 (annotations in quotes), so that an old Python can still read
the file and say which one it needs.
"""

import argparse
import glob
import hashlib
import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import webbrowser
from typing import BinaryIO

OLDEST = (3, 11)
ROOT = os.path.dirname(os.path.abspath(__file__))
VENV = os.path.join(ROOT, ".venv")
WHEELS = os.path.join(ROOT, "wheels")
RUN_LOCK = "requirements.txt"
TEST_LOCK = "requirements-test.txt"
ENGINES_LOCK = "requirements-engines.txt"
AS_SOURCE = "pyspark"  # of which there are no wheels
WINDOWS = os.name == "nt"
ADDRESS = "127.0.0.1"  # this machine only; a proxy with a login stands before it where others shall see it

# Variables that would mix another Python's packages into ours, or let pip write elsewhere.
FOREIGN = {"PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "PYTHONSAFEPATH", "__PYVENV_LAUNCHER__"}
FOREIGN |= {"PIP_TARGET", "PIP_PREFIX", "PIP_NO_DEPS"}

# What pip says → what to do about it. The first that matches is shown.
REMEDIES = (
    (
        r"name ?resolution|getaddrinfo|new connection|timed out|ConnectTimeout|unreachable|ProxyError|SSLError",
        "Không có mạng. Trên máy có mạng chạy `python3 do.py wheels`, rồi chép thư mục wheels/ vào cạnh do.py.",
        "No network. Run `python3 do.py wheels` on a machine that has one, and copy the folder wheels/ beside do.py.",
    ),
    (
        r"DO NOT MATCH THE HASHES",
        "Gói tải về khác với tệp khóa: không dùng. Xóa thư mục wheels/ hoặc kiểm tra máy chủ gói, rồi chạy lại.",
        "A package differs from the lock file, so it is not used. Delete wheels/ or check the mirror, then try again.",
    ),
    (
        r"No space left|not enough space",
        "Hết chỗ trên đĩa: cần khoảng 1 GB.",
        "The disk is full: about 1 GB is needed.",
    ),
    (
        r"No matching distribution|Could not find a version",
        "Thiếu gói cho Python và hệ điều hành này. Nếu có thư mục wheels/: tạo lại bằng `python3 do.py wheels`, "
        "cùng hệ điều hành và cùng phiên bản Python.",
        "No package for this Python and system. If there is a folder wheels/: make it anew with "
        "`python3 do.py wheels`, on the same system and with the same Python.",
    ),
    (
        r"ensurepip|No module named .?venv",
        "Python này thiếu venv. Trên Debian/Ubuntu: `sudo apt install python3-venv`.",
        "This Python lacks venv. On Debian/Ubuntu: `sudo apt install python3-venv`.",
    ),
)


class StepError(Exception):
    """A step that went wrong, in words for the person at the keyboard."""


# ---- words -----------------------------------------------------------------------------------------------------------


def say(text: str, end: str = "\n") -> None:
    """Print at once, and never die of a console that cannot show a letter."""
    try:
        print(text, end=end, flush=True)
    except UnicodeEncodeError:
        print(text.encode("ascii", "replace").decode("ascii"), end=end, flush=True)


class Steps:
    """Numbered steps with the seconds that each took."""

    def __init__(self, total: int) -> None:
        self.total, self.number, self.began = total, 0, 0.0

    def begin(self, vi: str, en: str) -> None:
        self.number, self.began = self.number + 1, time.monotonic()
        say("{}/{} {} · {}".format(self.number, self.total, vi, en))

    def end(self, vi: str = "xong", en: str = "done") -> None:
        say("    {} · {} ({:.1f} s)".format(vi, en, time.monotonic() - self.began))


# ---- child processes -------------------------------------------------------------------------------------------------


def child_environment(data: "str | None" = None) -> "dict[str, str]":
    """The environment of every child: nothing of another Python leaks in, and a Windows console speaks UTF-8."""
    kept = {name: value for name, value in os.environ.items() if name.upper() not in FOREIGN}
    kept.update(PYTHONUTF8="1", PYTHONNOUSERSITE="1", PIP_USER="0", PIP_DISABLE_PIP_VERSION_CHECK="1", VIRTUAL_ENV=VENV)
    kept["PATH"] = os.path.dirname(venv_python()) + os.pathsep + kept.get("PATH", "")
    if data:
        kept["KPI_DATA"] = data
    return kept


def call(command: "list[str]", data: "str | None" = None) -> int:
    """Run a command in the project's folder, its output shown; its exit code."""
    child = subprocess.Popen(command, cwd=ROOT, env=child_environment(data))
    try:
        return child.wait()
    finally:
        stop(child)


def call_quietly(command: "list[str]") -> "tuple[int, str]":
    """Run a command with its output kept back (exit code, output); on a terminal the seconds tick meanwhile."""
    log = os.path.join(VENV, "last-command.log")
    began = time.monotonic()
    with open(log, "wb") as output:
        child = subprocess.Popen(
            command, cwd=ROOT, env=child_environment(), stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )
        try:
            while child.poll() is None:
                if sys.stdout.isatty():
                    say("\r    … {:.0f} s ".format(time.monotonic() - began), end="\r")
                time.sleep(0.1)
        finally:
            stop(child)
    with open(log, encoding="utf-8", errors="replace") as output:
        return child.returncode, output.read()


def stop(child: "subprocess.Popen[bytes]") -> None:
    """End a child that still runs: it has seen Ctrl-C as well, so first it gets time to end by itself."""
    for seconds, insist in ((2, child.terminate), (5, child.kill), (None, None)):
        try:
            child.wait(timeout=seconds)
            return
        except subprocess.TimeoutExpired:
            insist()
        except KeyboardInterrupt:  # impatient: a second Ctrl-C
            child.kill()


def explain(output: str) -> str:
    """The last lines of what a command said, and the remedy if it is a known trouble."""
    last = "\n".join("    | " + line for line in output.strip().splitlines()[-12:])
    for pattern, vi, en in REMEDIES:
        if re.search(pattern, output, re.IGNORECASE):
            return "{}\n{}\n{}".format(last, vi, en)
    return last


# ---- the environment -------------------------------------------------------------------------------------------------


def venv_python() -> str:
    return os.path.join(VENV, "Scripts", "python.exe") if WINDOWS else os.path.join(VENV, "bin", "python")


def python_of_venv() -> "str | None":
    """The version of the environment's Python, or None if it does not start (removed, or upgraded under our feet)."""
    command = [venv_python(), "-I", "-S", "-c", "import sys; print('%d.%d.%d' % sys.version_info[:3])"]
    try:
        return subprocess.check_output(command, stderr=subprocess.DEVNULL).decode().strip()
    except (OSError, subprocess.CalledProcessError):
        return None


def stamp_path() -> str:
    return os.path.join(VENV, "installed.stamp")


def marker_path() -> str:
    """Exists while pip writes: found at the start, it means that an install was killed half-way."""
    return os.path.join(VENV, "installing")


def read_stamp() -> "set[str]":
    try:
        with open(stamp_path(), encoding="utf-8") as file:
            return set(file.read().splitlines())
    except OSError:
        return set()


def wanted_stamp(locks: "list[str]", python: "str | None") -> "set[str]":
    """What the stamp must hold for these lock files: one line for the Python and one for each file."""
    lines = {"python {}".format(python)}
    for name in locks:
        with open(os.path.join(ROOT, name), "rb") as file:
            lines.add("{} {}".format(name, hashlib.sha256(file.read()).hexdigest()))
    return lines


def is_ready(locks: "list[str]") -> bool:
    """Whether the environment holds exactly these locks. No pip is asked, so it takes a few hundredths of a second."""
    stamp = read_stamp()
    python = python_of_venv() if stamp else None
    return python is not None and wanted_stamp(locks, python) <= stamp


def one_at_a_time() -> BinaryIO:
    """Wait for the lock that only one call may hold; the system frees it even if that call is killed."""
    os.makedirs(VENV, exist_ok=True)
    file = open(os.path.join(VENV, "do.lock"), "a+b")  # noqa: SIM115 - open as long as the lock is held
    told = False
    while not lock_file(file):
        if not told:
            say("    Một lệnh khác đang cài đặt, chờ · another call is installing, waiting")
            told = True
        time.sleep(0.2)
    return file


def lock_file(file: BinaryIO) -> bool:
    try:
        if WINDOWS:
            import msvcrt

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def make_venv() -> None:
    """A bare environment, unless a sound one is there. The lock file in the folder stays, as others may wait on it."""
    python = python_of_venv()
    built_with = [line for line in read_stamp() if line.startswith("python ")]
    moved = built_with and built_with[0].split(".")[:2] != "python {}".format(python).split(".")[:2]
    if python is not None and not moved and not os.path.exists(marker_path()) and has_pip():
        return
    for name in os.listdir(VENV):
        path = os.path.join(VENV, name)
        if os.path.isdir(path) and not os.path.islink(path):
            shutil.rmtree(path)
        elif name != "do.lock":
            os.remove(path)
    # Not sys.executable: that may be the very environment that was just cleared.
    base = getattr(sys, "_base_executable", None) or sys.executable
    code, output = call_quietly([base, "-m", "venv", VENV])
    if code:
        raise StepError("Không tạo được môi trường · the environment could not be made\n" + explain(output))


def has_pip() -> bool:
    return call_quietly([venv_python(), "-m", "pip", "--version"])[0] == 0


def pip_install(locks: "list[str]") -> "list[str]":
    """The command that installs. Wheels only: a build on the spot would run code that no hash vouches for."""
    command = [venv_python(), "-m", "pip", "install", "--no-input", "--require-hashes", "--only-binary=:all:"]
    if os.path.isdir(WHEELS) and any(name.endswith(".whl") for name in os.listdir(WHEELS)):
        command += ["--no-index", "--find-links", WHEELS]
    for name in locks:
        command += ["-r", name]
    return command


def pip_installs(locks: "list[str]") -> "list[list[str]]":
    """The commands that install some locks. What comes as source is built last, by what the lock holds, too."""
    if ENGINES_LOCK not in locks:
        return [pip_install(locks)]
    first = os.path.join(VENV, "wheels-only.txt")
    with open(first, "w", encoding="utf-8") as file:
        file.write("\n".join(sorted(each for each in pins(ENGINES_LOCK) if not each.startswith(AS_SOURCE + "=="))))
    wheels_only = pip_install([each for each in locks if each != ENGINES_LOCK] + [first])
    return [wheels_only, pip_install([ENGINES_LOCK]) + ["--no-binary=" + AS_SOURCE, "--no-build-isolation"]]


def prepare(locks: "list[str]") -> bool:
    """Make the environment hold these locks; whether anything had to be done."""
    if is_ready(locks):
        return False
    held = one_at_a_time()
    try:
        if is_ready(locks):  # the call we waited for has done it
            return False
        make_venv()
        install(locks)
        return True
    finally:
        held.close()


def install(locks: "list[str]") -> None:
    """Run pip between two signs: the stamp goes first and comes last, the marker stays if pip is killed."""
    if os.path.exists(stamp_path()):
        os.remove(stamp_path())
    with open(marker_path(), "w"):
        pass
    code, output = 0, ""
    for command in pip_installs(locks):
        code, output = call_quietly(command)
        if code:
            break
    if code < 0:  # killed by a signal: the marker stays and the next call begins from nothing
        raise StepError("Cài đặt bị ngắt · the installation was cut short\n" + explain(output))
    os.remove(marker_path())
    if code:
        raise StepError("Không cài được các gói · the packages could not be installed\n" + explain(output))
    with open(stamp_path() + ".new", "w", encoding="utf-8") as file:
        file.write("\n".join(sorted(wanted_stamp(locks, python_of_venv()))))
    os.replace(stamp_path() + ".new", stamp_path())


def environment_step(steps: Steps, locks: "list[str]") -> None:
    steps.begin("Môi trường Python", "Python environment")
    if read_stamp() == set():
        say("    Lần đầu mất khoảng một phút · the first time takes about a minute")
    done = prepare(locks)
    compile_sources()
    if done:
        steps.end()
    else:
        steps.end("đã có", "already there")


def compile_sources() -> None:
    """Compile the program once: processes that may not write where it lies, as in deploy/, would each do it anew."""
    folders = [each for each in os.listdir(ROOT) if glob.glob(os.path.join(ROOT, each, "*.py"))]
    call_quietly([venv_python(), "-m", "compileall", "-q", "app.py"] + sorted(folders))  # it works without, too


# ---- the server ------------------------------------------------------------------------------------------------------


def is_free(port: int) -> bool:
    """Whether nothing listens there. A port just left by a stopped server counts as free, hence the two ways."""
    with socket.socket() as probe:
        if WINDOWS:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            with socket.socket() as visitor:
                if visitor.connect_ex((ADDRESS, port)) == 0:
                    return False
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ADDRESS, port))
        except OSError:
            return False
    return True


def free_port(wanted: int) -> int:
    for port in range(wanted, min(wanted + 50, 65536)):
        if is_free(port):
            return port
    raise StepError("Không còn cổng trống từ {0} · no free port from {0} upwards".format(wanted))


def is_healthy(port: int) -> bool:
    connection = http.client.HTTPConnection(ADDRESS, port, timeout=2)  # asks directly, whatever proxy is configured
    try:
        connection.request("GET", "/_stcore/health")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def server_command(port: int) -> "list[str]":
    """Always headless: we open the browser ourselves, once there is something to see."""
    options = {"server.port": port, "server.address": ADDRESS, "browser.serverAddress": ADDRESS}
    options.update({"server.headless": "true", "logger.hideWelcomeMessage": "true"})
    command = [venv_python(), "-m", "pages"]
    return command + ["--{}={}".format(name, value) for name, value in options.items()]


def open_browser(url: str) -> None:
    """Only with a screen: on a bare Linux console a text browser would take the terminal."""
    if WINDOWS or sys.platform == "darwin" or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        webbrowser.open(url)


# So that a server gives back what the largest question took: with glibc all threads share their places in memory, and
# what is large has a place of its own, also what pyarrow asks for.
MEMORY = {"MALLOC_ARENA_MAX": "2", "MALLOC_MMAP_THRESHOLD_": "131072", "ARROW_DEFAULT_MEMORY_POOL": "system"}


def server_environment(data: str) -> "dict[str, str]":
    return {**MEMORY, **child_environment(data)}


def serve(steps: Steps, port: int, data: str, browser: bool) -> int:
    """Serve until Ctrl-C, which is the ordinary end and so no failure."""
    url = "http://{}:{}".format(ADDRESS, port)
    child = subprocess.Popen(server_command(port), cwd=ROOT, env=server_environment(data))
    try:
        while child.poll() is None and not is_healthy(port):
            time.sleep(0.05)
        if child.poll() is None:
            steps.end("sẵn sàng", "ready")
            say("\n    Mở trang · open   {}\n    Dừng · stop       Ctrl-C\n".format(url))
            if browser:
                open_browser(url)
        code = child.wait()
        if code:
            raise StepError("Máy chủ dừng vì lỗi ở trên · the server ended with the error above ({})".format(code))
        return code
    except KeyboardInterrupt:
        stop(child)
        say("\nĐã dừng · stopped")
        return 0
    finally:
        stop(child)


# ---- the commands ----------------------------------------------------------------------------------------------------


def run(arguments: "list[str]") -> int:
    options = run_options(arguments)
    steps = Steps(3)
    environment_step(steps, [RUN_LOCK])
    steps.begin("Số liệu", "data")
    if call([venv_python(), "-m", "sample_data", "--data", options.data], options.data):
        raise StepError("Không nạp được số liệu, lý do ở trên · the data could not be loaded, the reason stands above")
    steps.end()
    steps.begin("Mở trang web", "server")
    port = free_port(options.port)
    if port != options.port:
        say("    Cổng {0} đang dùng, lấy cổng {1} · port {0} is taken, using {1}".format(options.port, port))
    return serve(steps, port, options.data, options.browser)


def run_options(arguments: "list[str]") -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="do.py run", description="Mở bảng điều khiển · serve the dashboard")
    parser.add_argument("--port", type=int, default=8501, help="cổng · port (8501)")
    parser.add_argument(
        "--no-browser", dest="browser", action="store_false", help="không mở trình duyệt · do not open a browser"
    )
    parser.add_argument("--data", metavar="DIR", help="thư mục số liệu · data folder (KPI_DATA, else data/)")
    options = parser.parse_args(arguments)
    if not 1 <= options.port <= 65535:
        parser.error("--port: 1 … 65535, got {}".format(options.port))
    # A relative folder means the folder as seen by whoever typed it.
    options.data = os.path.abspath(options.data or os.environ.get("KPI_DATA") or os.path.join(ROOT, "data"))
    return options


def test(arguments: "list[str]") -> int:
    steps = Steps(2)
    environment_step(steps, [RUN_LOCK, TEST_LOCK])
    steps.begin("Kiểm thử", "tests")
    # On all cores, what belongs together on one of them: tests/conftest.py says what, and in which order.
    spread = ["-n", "auto", "--dist", "loadscope", "--no-loadscope-reorder"]
    return call([venv_python(), "-m", "pytest"] + spread + arguments)


def lint(arguments: "list[str]") -> int:
    steps = Steps(2)
    environment_step(steps, [RUN_LOCK, TEST_LOCK])
    steps.begin("Phong cách mã", "style")
    return call([venv_python(), "-m", "ruff", "check"] + (arguments or ["."]))


def setup(arguments: "list[str]") -> int:
    """Without arguments what `run` needs; the environment of the tests is made by `test`. With the engines both."""
    if arguments == ["--engines"]:
        environment_step(Steps(1), [RUN_LOCK, TEST_LOCK, ENGINES_LOCK])
        return 0
    nothing_more("setup", arguments)
    environment_step(Steps(1), [RUN_LOCK])
    return 0


def wheels(arguments: "list[str]") -> int:
    """Fetch aside and move at the end: half a folder would count as the whole and break every later install."""
    nothing_more("wheels", arguments)
    steps = Steps(1)
    steps.begin("Tải các gói vào wheels/", "fetching the packages into wheels/")
    aside = os.path.join(VENV, "wheels.part")
    held = one_at_a_time()
    try:
        make_venv()
        shutil.rmtree(aside, ignore_errors=True)
        command = [venv_python(), "-m", "pip", "download", "--no-input", "--require-hashes", "--only-binary=:all:"]
        code, output = call_quietly(command + ["-d", aside, "-r", RUN_LOCK, "-r", TEST_LOCK])
        if code:
            raise StepError("Không tải được · could not be fetched\n" + explain(output))
        shutil.rmtree(WHEELS, ignore_errors=True)
        os.replace(aside, WHEELS)
    finally:
        held.close()
    steps.end()
    note = "    Chỉ dùng cho hệ điều hành này và Python {0}.{1} · for this system and Python {0}.{1} only"
    say(note.format(*(python_of_venv() or "?.?").split(".")))
    return 0


def lock(arguments: "list[str]") -> int:
    """Renew the locks from pyproject.toml; what is pinned stays unless told otherwise, e.g. `lock --upgrade`."""
    if not shutil.which("uv"):
        raise StepError("Cần uv để khóa phiên bản · uv is needed to renew the locks; to run or test it is not")
    compile_lock(RUN_LOCK, arguments)
    write_lock(RUN_LOCK, "what the dashboard needs", pins(RUN_LOCK))
    # The tests' own packages: resolve everything, held to the first lock, and leave out what that one has.
    shared = pins(RUN_LOCK)
    compile_lock(TEST_LOCK, ["--extra", "test", "-c", RUN_LOCK] + arguments)
    write_lock(TEST_LOCK, "what the tests need beyond " + RUN_LOCK, pins(TEST_LOCK) - shared)
    compile_lock(ENGINES_LOCK, ["--extra", "engines", "-c", RUN_LOCK] + arguments)
    write_lock(ENGINES_LOCK, "what other engines need beyond " + RUN_LOCK, pins(ENGINES_LOCK) - shared)
    return 0


def compile_lock(target: str, arguments: "list[str]") -> None:
    """Universal: one file for every system and Python. No index is named, so that a mirror serves as well."""
    command = ["uv", "pip", "compile", "--quiet", "--universal", "--python-version", "3.11", "--generate-hashes"]
    command += ["--no-emit-index-url", "--no-header", "--no-annotate", "pyproject.toml", "-o", target]
    if call(command + arguments):
        raise StepError("uv không giải được phiên bản, lý do ở trên · uv found no solution, the reason stands above")


def pins(name: str) -> "set[str]":
    """The requirements of a lock file, each with its hashes as one text."""
    with open(os.path.join(ROOT, name), encoding="utf-8") as file:
        lines = [line for line in file.read().splitlines() if line.strip() and not line.lstrip().startswith("#")]
    return set(re.split(r"\n(?=\S)", "\n".join(lines)))


def write_lock(name: str, purpose: str, requirements: "set[str]") -> None:
    head = "# The lock of {}: exact versions and their hashes, written by `python3 do.py lock`.\n".format(purpose)
    with open(os.path.join(ROOT, name), "w", encoding="utf-8", newline="\n") as file:
        file.write(head + "\n".join(sorted(requirements)) + "\n")


def nothing_more(command: str, arguments: "list[str]") -> None:
    if arguments:
        raise StepError("`{}`: không có tham số · takes no arguments, got {}".format(command, " ".join(arguments)))


COMMANDS = {"run": run, "test": test, "lint": lint, "setup": setup, "wheels": wheels, "lock": lock}


def refuse_old_python(version: "tuple[int, ...]") -> "str | None":
    """What to say to a Python that is too old, with a newer one if this machine has it."""
    if version[:2] >= OLDEST:
        return None
    newer = [name for name in ("python3.{}".format(n) for n in range(20, 10, -1)) if shutil.which(name)]
    return "Cần Python 3.11 trở lên, đây là {0}.{1}. · Python 3.11 or newer is needed, this is {0}.{1}.\n".format(
        *version
    ) + "Thử · try:  {} do.py …".format(newer[0] if newer else "py -3.11" if WINDOWS else "python3.11")


def interrupt(*_: object) -> None:
    """A polite kill ends us as Ctrl-C does, so that no child is left behind."""
    raise KeyboardInterrupt


def main(arguments: "list[str]") -> int:
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")  # Windows consoles start in a code page
    complaint = refuse_old_python(tuple(sys.version_info))
    if complaint:
        say(complaint)
        return 2
    if not arguments or arguments[0] not in COMMANDS:
        say(__doc__)
        return 0 if arguments[:1] in (["-h"], ["--help"]) else 2
    try:
        return COMMANDS[arguments[0]](arguments[1:])
    except StepError as failure:
        say("\n" + str(failure))
        return 1
    except KeyboardInterrupt:
        say("\nĐã dừng · stopped")
        return 130


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, interrupt)
    sys.exit(main(sys.argv[1:]))
