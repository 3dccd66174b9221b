"""Parsers that misbehave, for the sandbox to survive."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from esg.errors import Rejected


def echo(data: bytes, *, prefix: str = "") -> bytes:
    return prefix.encode() + data


def print_then_echo(data: bytes) -> bytes:
    print("a library says hello")
    os.write(1, b"and so does C")
    return data


def reject(data: bytes) -> bytes:
    raise Rejected("It is a joke.", code="joke", next_step="Laugh.")


def raise_error(data: bytes) -> bytes:
    raise KeyError("xref")


def sleep(data: bytes) -> bytes:
    time.sleep(60)
    return data


def spin(data: bytes) -> bytes:
    while True:
        pass


def hog(data: bytes) -> bytes:
    held: list[bytes] = []
    while True:
        held.append(bytes(1 << 24))


def hog_natively(data: bytes) -> bytes:
    """Do what a C library does that checks nothing: touch memory until there is none, then crash."""
    libc = ctypes.CDLL(None)
    libc.malloc.restype = ctypes.c_void_p
    while True:
        block = libc.malloc(ctypes.c_size_t(1 << 24))
        ctypes.memset(block or 0, 1, 1 << 24)


def segfault(data: bytes) -> bytes:
    ctypes.string_at(0)
    return data


def abort(data: bytes) -> bytes:
    os.abort()


def die(data: bytes) -> bytes:
    os._exit(1)


def flood(data: bytes) -> bytes:
    return bytes(2 * 1024**3)


def dump_core(data: bytes) -> bytes:
    signal.raise_signal(signal.SIGQUIT)
    return data


def leave_a_child(data: bytes) -> bytes:
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    return str(child.pid).encode()


def wait_for_a_file(data: bytes, *, path: str) -> bytes:
    """Say which process this is, then hang."""
    Path(path).write_text(str(os.getpid()))
    return sleep(data)


def environment(data: bytes) -> bytes:
    return repr(
        (sorted(os.environ), sys.stdin.fileno(), str(Path.cwd()), os.getsid(0) == os.getpid())
    ).encode()


def open_files(data: bytes) -> bytes:
    return " ".join(sorted(os.listdir("/proc/self/fd"))).encode()  # noqa: PTH208


def modules(data: bytes, *, imported: str) -> bytes:
    __import__(imported)
    return "\n".join(sys.modules).encode()


def never_bytes(data: bytes) -> Any:
    return {"not": "bytes"}
