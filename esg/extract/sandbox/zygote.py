"""Beside the sandbox: a process that has our code loaded, reads no document, and forks a parser for each.

Run as a program by `parser`, without site. Its control socket takes orders, one a message: which modules to
have loaded, with the three files of a parser (its input, result and log), or whom to reap. It runs no thread,
so what it forks is whole. It ends with the process that started it, its parsers with it.
"""

import contextlib
import gc
import importlib
import json
import os
import select
import socket
import sys
import traceback
from collections.abc import Sequence
from typing import Any, NoReturn

MOST_BYTES = 1 << 16  # of a message
FILES = 3  # of a parser: input, result, log


class _WithoutPandas:
    """Hides pandas: where that is installed pyarrow loads it for its first array, which takes 0.3 s."""

    @staticmethod
    def find_spec(name: str, path: object = None, target: object = None) -> None:
        if name == "pandas":
            raise ModuleNotFoundError(f"No module named '{name}'", name=name)


def main(control: socket.socket, parent: int) -> None:
    """Do what is ordered until nobody is there to order."""
    gc.disable()  # a parser reads one document and ends: looking for cycles took 8 % of it
    over = os.pidfd_open(parent)
    if os.getppid() != parent:
        return
    sys.path[:0] = json.loads(control.recv(MOST_BYTES))
    sys.meta_path.insert(0, _WithoutPandas)
    from esg.extract.sandbox import inside

    inside.be_called(inside.ZYGOTE)
    ready = select.poll()
    ready.register(control, select.POLLIN)
    ready.register(over, select.POLLIN)
    while over not in {descriptor for descriptor, _ in ready.poll()}:
        message, files, _, _ = socket.recv_fds(control, MOST_BYTES, FILES)
        if not message:
            return
        control.send(json.dumps(_done(json.loads(message), files, (control.fileno(), over))).encode())


def _done(order: dict[str, Any], files: Sequence[int], ours: Sequence[int]) -> dict[str, Any]:
    if "reap" in order:
        _, status, spent = os.wait4(order["reap"], 0)
        return {
            "code": os.waitstatus_to_exitcode(status),
            "cpu_seconds": spent.ru_utime + spent.ru_stime,
            "peak_kib": spent.ru_maxrss,
        }
    try:
        return {"pid": _fork(order["modules"], files, ours)}
    except OSError as error:  # no more processes, or no memory
        return {"error": error.strerror}
    finally:
        for file in files:
            os.close(file)


def _fork(modules: Sequence[str], files: Sequence[int], ours: Sequence[int]) -> int:
    """Start a parser that leads a group of its own, so that all of it can be killed."""
    for module in modules:
        with contextlib.suppress(Exception):  # who needs it imports it again, and says what is wrong
            importlib.import_module(module)
    gc.freeze()
    parent = os.getpid()
    pid = os.fork()
    if pid == 0:
        _parse(files, ours, parent)
    with contextlib.suppress(OSError):  # it has done so itself, or is over
        os.setpgid(pid, pid)
    return pid


def _parse(files: Sequence[int], ours: Sequence[int], parent: int) -> NoReturn:
    """Be a parser: nothing of this process's is left to it but its code."""
    from esg.extract.sandbox import inside

    code = inside.FAILED
    try:
        os.setpgid(0, 0)
        for target, file in enumerate(files):
            os.dup2(file, target)
        for file in (*files, *ours):
            os.close(file)
        with open(0, "rb", closefd=False) as inbox:  # a descriptor, no path
            code = inside.main(inbox, parent=parent)
        sys.stderr.flush()
    except BaseException:  # nothing may get back to where orders are taken
        traceback.print_exc()
    finally:
        os._exit(code)  # no finalisers: the result is written, and a broken library shall not undo that


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])), parent=int(sys.argv[2]))
