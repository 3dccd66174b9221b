"""`python serve.py CONTENDER.py`: load what a contender needs, then answer requests, one JSON line each.

The contender's file has `PACKAGES`, whose versions are told, and `load()`, which returns its operations by
name. Loading (imports, models) is timed apart from the work, for all alike. Runs in the contender's own
environment, so it needs nothing but Python.
"""

import importlib.metadata
import json
import os
import resource
import runpy
import sys
import time
from pathlib import Path
from typing import Any


def main() -> None:
    answers = _keep_stdout()
    del sys.path[0]  # this folder, whose modules have names of the standard library's
    try:
        started = time.perf_counter()
        contender = runpy.run_path(sys.argv[1])
        operations = contender["load"]()
        seconds = time.perf_counter() - started
    except Exception as error:  # whatever it is, the bench says it and goes on without this contender
        _tell(answers, {"unavailable": f"{type(error).__name__}: {error}"})
        return
    versions = {name: importlib.metadata.version(name) for name in contender["PACKAGES"]}
    _tell(answers, {"load_seconds": seconds, "versions": versions})
    for line in sys.stdin:
        request = json.loads(line)
        try:
            _tell(answers, _answered(operations[request.pop("operation")], request))
        except Exception as error:  # as above
            _tell(answers, {"failed": f"{type(error).__name__}: {error}"})


def _answered(operation: Any, request: dict[str, Any]) -> dict[str, Any]:
    started = time.perf_counter()
    told = operation(**request)
    seconds = time.perf_counter() - started
    return {"seconds": seconds, "peak_mib": _peak_mib(), **told}


def _peak_mib() -> float:
    """Its own most (VmHWM, proc(5)), and that of its largest child so far, as if both were at once.

    A child's account, ru_maxrss, begins with what its parent had when it started it: an upper limit.
    """
    status = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    own = next(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))
    return (own + resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) / 1024


def _keep_stdout() -> Any:
    """Keep the way out for answers; what libraries print goes to stderr."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return answers


def _tell(answers: Any, value: dict[str, Any]) -> None:
    answers.write(json.dumps(value) + "\n")
    answers.flush()


if __name__ == "__main__":
    main()
