"""work_off for many homes: a process that has loaded all once, and works off each home in a fork of its own.

It opens nothing itself, so that no fork inherits a connection, a session or a thread.
"""

import atexit
import json
import os
import subprocess
import sys
import traceback
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from threading import Lock

ROOT = Path(__file__).parents[2]
_turn = Lock()


def work_off(
    home: Path, limit: int = 1000, *, environment: Mapping[str, str] | None = None, folder: Path = ROOT
) -> None:
    """Do the open work of a home, without a broker, by this process's environment and `environment`."""
    told = {**os.environ, "ESG_HOME": str(home), **(environment or {})}
    with _turn:
        status = _ask(json.dumps([told, str(folder), limit]))
    assert status == "0", f"work_off ended with {status or 'its workshop'}; its traceback is in stderr"


def _ask(order: str) -> str:
    """A test that runs out of time here leaves no workshop whose next answer would be that of this order."""
    workshop = _workshop()
    assert workshop.stdin is not None
    assert workshop.stdout is not None
    try:
        workshop.stdin.write(order + "\n")
        workshop.stdin.flush()
        return workshop.stdout.readline().strip()
    except BaseException:
        workshop.kill()
        _workshop.cache_clear()
        raise


@cache
def _workshop() -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.fakes.workshop"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    atexit.register(process.communicate)  # it ends with its input
    return process


def _serve() -> None:
    import onnxruntime  # loaded here, opened in the forks  # noqa: F401

    from tests.fakes import work_off as work

    for line in sys.stdin:
        environment, folder, limit = json.loads(line)
        child = os.fork()
        if child == 0:
            try:
                os.dup2(2, 1)  # standard output is the workshop's
                os.environ.clear()
                os.environ.update(environment)
                os.chdir(folder)
                work.main(limit)
                os._exit(0)
            except BaseException:
                traceback.print_exc()
                os._exit(1)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


if __name__ == "__main__":
    _serve()
