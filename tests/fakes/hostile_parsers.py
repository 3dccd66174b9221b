"""Parsers that misbehave, for the sandbox to survive."""

import ctypes
import errno
import json
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from itertools import chain
from pathlib import Path
from typing import Any

from esg.errors import Rejected
from esg.extract.sandbox.team import Team


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


def wait_for_a_signal(data: bytes) -> bytes:
    signal.pause()
    return data


def attempt(data: bytes, *, deed: str, folder: str) -> bytes:
    """Try what a parser that was taken over would try."""
    try:
        _DEEDS[deed](Path(folder))
    except PermissionError:
        return b"refused"
    return b"done"


def _start_a_thread(_: Path) -> None:
    thread = threading.Thread(target=int)
    thread.start()
    thread.join()


_DEEDS: dict[str, Callable[[Path], Any]] = {
    "open_a_socket": lambda _: socket.socket(),
    "start_a_program": lambda _: os.execv("/bin/true", ["true"]),
    "fork": lambda _: os.fork(),
    "write_a_file": lambda folder: (folder / "new").write_text("x"),
    "remove_a_file": lambda folder: (folder / "precious").unlink(),
    "signal_the_worker": lambda _: os.kill(os.getppid(), 0),
    "start_a_thread": _start_a_thread,
    "read_its_code": lambda _: Path(__file__).read_text(),
    "read_a_file": lambda folder: (folder / "precious").read_text(),
    "read_a_home": lambda _: Path(__file__).parents[2].joinpath("README.md").read_text(),
    "list_a_folder": lambda folder: list(folder.iterdir()),
    "read_the_workers_environment": lambda _: Path(f"/proc/{os.getppid()}/environ").read_bytes(),
    "list_the_processes": lambda _: list(Path("/proc").iterdir()),
    "read_the_users": lambda _: Path("/etc/passwd").read_text(),
}


def environment(data: bytes) -> bytes:
    return repr(
        (sorted(os.environ), sys.stdin.fileno(), str(Path.cwd()), os.getsid(0) == os.getpid())
    ).encode()


def open_files(data: bytes) -> bytes:
    return " ".join(sorted(os.listdir("/proc/self/fd"))).encode()  # noqa: PTH208


_calls: list[int] = []


def count_calls(data: bytes) -> bytes:
    """Tell what another parser would have left behind, and where this one is from."""
    _calls.append(1)
    found = {
        "calls": len(_calls),
        "pid": os.getpid(),
        "parent": os.getppid(),
        "has_wave": "wave" in sys.modules,
    }
    return json.dumps(found).encode()


def modules(data: bytes, *, imported: str) -> bytes:
    __import__(imported)
    return "\n".join(sys.modules).encode()


def never_bytes(data: bytes) -> Any:
    return {"not": "bytes"}


def on_a_full_disk(data: bytes) -> bytes:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def as_a_team(data: bytes, *, team: Team, trouble: str = "", whose: int = 1) -> bytes:
    """Read numbers, each member its share, and get into trouble on the way where that is asked for."""
    mine = [int(number) for number in data.split()]
    mine = [mine[i] for i in team.share(len(mine))]
    if trouble and team.number == whose:
        return _TROUBLES[trouble](data)
    total = sum(chain.from_iterable(team.gather(mine)))
    if not team.leads:
        return json.dumps([team.number, mine, total]).encode()
    handed_in = [json.loads(result) for result in team.results()]
    return json.dumps([[0, mine, total], *handed_in]).encode()


def members_attempt(data: bytes, *, team: Team, deed: str, folder: str) -> bytes:
    done = attempt(data, deed=deed, folder=folder)
    return done if not team.leads else b" ".join([done, *team.results()])


def members_wait(data: bytes, *, team: Team) -> bytes:
    time.sleep(60)
    return data


_TROUBLES: dict[str, Callable[[bytes], bytes]] = {
    parser.__name__: parser
    for parser in (reject, raise_error, sleep, hog, hog_natively, segfault, abort, die)
}
