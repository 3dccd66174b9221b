"""Inside the sandbox: give up what a parser does not need, then call one function.

What `zygote` has forked does this. Standard input holds one line of JSON that says what to do, then the data;
the result is standard output; what C libraries print goes to standard error.
"""

import ctypes
import errno
import importlib
import json
import os
import resource
import signal
import sys
import traceback
from functools import partial
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    from esg.errors import Rejected

REJECTED = 65  # EX_DATAERR; standard output holds the reason as JSON
OUT_OF_MEMORY = 66
OUTPUT_TOO_BIG = 67
DISK_FULL = 68
FAILED = 70  # EX_SOFTWARE; standard error holds the traceback

PARSER, ZYGOTE = "esg-parser", "esg-zygote"  # as these processes are called
MAX_OPEN_FILES = 64
_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_PR_SET_NAME = 15
_PR_SET_NO_NEW_PRIVS = 38


def main(inbox: BinaryIO, *, parent: int) -> int:
    """Do what is ordered; return the exit code."""
    order = json.loads(inbox.readline())
    die_with(parent)
    be_called(PARSER)
    _limit(order["memory_bytes"], order["cpu_seconds"], order["output_bytes"])
    outbox = _take_stdout()
    try:
        sys.path[:0] = order["path"]
        code, output = _call(order, inbox)
        _write(outbox, output)
    except MemoryError:
        return OUT_OF_MEMORY
    except OSError as error:
        traceback.print_exc()
        return {errno.EFBIG: OUTPUT_TOO_BIG, errno.ENOSPC: DISK_FULL}.get(error.errno or 0, FAILED)
    except Exception:  # a bug in a parser ends this process, with its traceback in the caller's log
        traceback.print_exc()
        return FAILED
    return code


def _call(order: dict[str, Any], inbox: BinaryIO) -> tuple[int, bytes]:
    from esg.errors import Rejected
    from esg.extract.sandbox.landlock import confine_files
    from esg.extract.sandbox.seccomp import confine
    from esg.extract.sandbox.team import split

    module, _, name = order["entry"].partition(":")
    function = getattr(importlib.import_module(module), name)
    data, arguments = inbox.read(), order["arguments"]
    team = split(order["processes"]) if order["processes"] else None
    confine_files(order["path"])
    confine()
    if team:
        arguments["team"] = team
        if not team.leads:
            team.serve(partial(function, data, **arguments))
    try:
        return 0, function(data, **arguments)
    except Rejected as reason:
        return REJECTED, told(reason)


def told(reason: "Rejected") -> bytes:
    """A rejection as it leaves the process; `as_rejected` makes it one again."""
    return json.dumps(
        {"message": reason.message, "code": reason.code, "next_step": reason.next_step}
    ).encode()


def as_rejected(said: bytes) -> "Rejected":
    from esg.errors import Rejected

    reason = json.loads(said)
    return Rejected(reason["message"], code=reason["code"], next_step=reason["next_step"])


def be_called(name: str) -> None:
    """Be told apart in `ps -o comm` and `top`; at most 15 letters."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_NAME, name.encode(), 0, 0, 0)


def die_with(parent: int) -> None:
    """Be killed when the parent is; it may have died before this line."""
    if sys.platform == "linux":
        prctl = ctypes.CDLL(None, use_errno=True).prctl
        prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
        prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(FAILED)


def _limit(memory_bytes: int, cpu_seconds: float, output_bytes: int) -> None:
    seconds = int(cpu_seconds) + 1
    _set(resource.RLIMIT_AS, memory_bytes)
    _set(resource.RLIMIT_CPU, seconds, grace=5)  # SIGXCPU first, SIGKILL after the grace
    _set(resource.RLIMIT_CORE, 0)
    _set(resource.RLIMIT_FSIZE, output_bytes)
    _set(resource.RLIMIT_NOFILE, MAX_OPEN_FILES)


def _set(kind: int, value: int, *, grace: int = 0) -> None:
    """Lower a limit; never above what this process was given."""
    hard = resource.getrlimit(kind)[1]
    limit = value if hard == resource.RLIM_INFINITY else min(value, hard)
    ceiling = limit + grace if hard == resource.RLIM_INFINITY else min(limit + grace, hard)
    resource.setrlimit(kind, (limit, ceiling))


def _take_stdout() -> int:
    """Keep the result's file for the result: anything else that prints goes to standard error."""
    outbox = os.dup(1)
    os.dup2(2, 1)
    return outbox


def _write(outbox: int, output: bytes) -> None:
    with os.fdopen(outbox, "wb") as file:
        file.write(output)
