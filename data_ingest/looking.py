"""Files looked through before they are kept, and what is kept of one that holds personal data: made by the readers."""

import base64
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from data_ingest.guarded import Job, Readers
from data_ingest.sniff import UnreadableError
from language.persons import values_masked


class Copy(NamedTuple):
    """What is kept in the place of a file: a copy without personal data, or (not whole) only what was said of it."""

    data: bytes
    whole: bool


def copies(readers: Readers, files: Sequence[tuple[Path, str]]) -> list[Copy | None]:
    """The copies of files (path and hash of each); None for one that holds nothing personal."""
    jobs = [Job(str(path.resolve()), values_masked(path.name), sha, task="clean") for path, sha in files]
    return [_copy(job, told) for job, told in zip(jobs, readers.do_all(jobs), strict=True)]


def _copy(job: Job, told: dict | UnreadableError) -> Copy | None:
    if isinstance(told, UnreadableError):  # the process ended over it, or had to be stopped
        from data_ingest.clean import not_kept

        return Copy(not_kept(job.name, job.sha256, told.why), False)
    return told["copy"] and Copy(base64.b64decode(told["copy"]), told["whole"])
