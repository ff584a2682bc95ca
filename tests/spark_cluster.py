"""A Spark cluster for tests, as one would stand in a machine room: a master and workers, each a process of its own."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.holding.proxy import free_port

LOCAL = {"SPARK_LOCAL_IP": "127.0.0.1"}


@contextmanager
def cluster(folder: Path, workers: int = 2) -> Iterator[str]:
    """The address of a master with so many workers of one core each; what they say goes into a folder."""
    import pyspark

    home = Path(pyspark.__file__).parent
    port = free_port()
    address = f"spark://127.0.0.1:{port}"
    role = "org.apache.spark.deploy"
    calls = [[f"{role}.master.Master", "--host", "127.0.0.1", "--port", str(port), "--webui-port", str(free_port())]]
    calls += [
        [f"{role}.worker.Worker", "--cores", "1", "--memory", "1g", "--work-dir", str(folder / f"work-{number}")]
        + ["--webui-port", str(free_port()), address]
        for number in range(workers)
    ]
    env = {**os.environ, **LOCAL, "SPARK_HOME": str(home)}
    log = folder / "cluster.log"
    processes = []
    try:
        with log.open("wb") as told:
            for call in calls:
                processes.append(
                    subprocess.Popen([str(home / "bin" / "spark-class"), *call], env=env, stdout=told, stderr=told)
                )
        _wait_for(log, workers)
        yield address
    finally:
        for each in reversed(processes):
            each.terminate()
        for each in processes:
            each.wait(20)


def _wait_for(log: Path, workers: int) -> None:
    for _ in range(600):
        if log.read_text(errors="replace").count("Registering worker") >= workers:
            return
        time.sleep(0.1)
    raise TimeoutError(f"no {workers} workers in a minute:\n{log.read_text(errors='replace')[-2000:]}")
