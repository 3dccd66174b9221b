"""A watched folder → submissions: each file once it has stopped growing, once for each of its contents."""

import hashlib
import time
from pathlib import Path

from esg.errors import NotFound
from esg.fetch import expand
from esg.state import State

SETTLED_SECONDS = 5.0  # a file that was written to this lately may still be on its way


def collect(folder: Path | None, state: State) -> int:
    """Submit what is new in `folder`; returns how many files that are. No folder set: nothing to do."""
    if folder is None or not folder.is_dir():
        return 0
    settled = [path for path in map(Path, expand(str(folder))) if is_settled(path)]
    fresh = [path for path in settled if not is_known(state, job_id(path))]
    for path in fresh:
        state.submit(str(path), job_id=job_id(path))
    return len(fresh)


def is_known(state: State, job: str) -> bool:
    try:
        state.job(job)
    except NotFound:
        return False
    return True


def is_settled(path: Path) -> bool:
    return time.time() - path.stat().st_mtime > SETTLED_SECONDS


def job_id(path: Path) -> str:
    """Name a file by its path and state: written again it is submitted again, seen again it is not."""
    found = path.stat()
    key = f"{path.resolve()}\n{found.st_size}\n{found.st_mtime_ns}"
    return hashlib.sha256(key.encode()).hexdigest()[:32]
